//! Finding: the overlay, the page, and what happens when the words are wrong.

use thirtyfour::Key;

use crate::driver::Browser;
use crate::site::Site;

const STATUS: &str = "document.querySelector('[data-search-status]').innerText";
const FIRST_HIT: &str = "document.querySelector('.hit a')?.innerText";

pub fn overlay(browser: &Browser, site: &Site) {
    browser.open(&site.hosted(""));
    browser.press("/");
    browser.until("document.activeElement.closest('dialog.finder[open]')");
    browser.press("lasku");
    browser.until("document.querySelectorAll('.finder [role=option]').length > 1");
    browser.until(
        "/^Löysimme \\d+ tulosta$/.test(document.querySelector('.finder-status').innerText)",
    );
    browser.press(Key::Down);
    browser.press(Key::Down);
    browser.press(Key::Up);
    let active =
        "document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))";
    assert_eq!(browser.js(&format!("{active}.ariaSelected")), "true");
    assert_eq!(browser.js(&format!("{active} === document.querySelector('[role=option]')")), true);
    let address = browser.text(&format!("{active}.href"));
    let title = browser.text(&format!("{active}.querySelector('.option-title').innerText"));
    browser.press(Key::Enter);
    browser.until(&format!("document.querySelector('h1')?.innerText === {title:?}"));
    assert_eq!(browser.url(), address);
    browser.until("document.querySelectorAll('[data-article] mark').length > 0");
    browser.click(".found button");
    assert_eq!(browser.count("mark"), 0);

    browser.focus("[rel=next], [rel=prev]");
    browser.press_with_control('k');
    browser.until("document.querySelector('dialog.finder[open]')");
    browser.press("tunnit");
    browser.until("document.querySelector('.finder [role=option]')");
    // The page of all hits is told where they were asked for.
    let all = "new URLSearchParams(document.querySelector('.finder-foot a').search)";
    browser.until(&format!("location.pathname.endsWith(`/${{{all}.get('near')}}`)"));
    browser.press(Key::Escape);
    browser.until("!document.querySelector('dialog[open]')");
    browser.until("document.activeElement.matches('[rel=next], [rel=prev]')");

    // Typing into the home page's field goes on in the overlay; Enter leads to the page of hits.
    browser.open(&site.hosted(""));
    browser.focus("#hero-query");
    browser.press("hyvitys");
    browser.until("document.querySelector('.finder input')?.value === 'hyvitys'");
    browser.press(Key::Enter);
    browser.until("location.pathname.endsWith('/search/') && document.querySelector('.hit')");
    assert!(browser.url().ends_with("?q=hyvitys"));
}

pub fn page(browser: &Browser, site: &Site) {
    browser.open(&site.hosted("search/?q=pankkiyhteys"));
    browser.until(&format!("{STATUS} === 'Löysimme 1 tuloksen'"));
    assert_eq!(browser.read(".hit .hit-title"), "Avaa pankkiyhteys");
    assert_eq!(browser.read(".hit .badge"), "Ohje");
    assert!(browser.read(".hit").contains("Myynti ja laskutus"));
    browser
        .until("document.querySelector('.hit mark')?.innerText.toLowerCase() === 'pankkiyhteys'");
    browser.click(".hit a");
    browser.until("document.querySelector('h1')?.innerText === 'Avaa pankkiyhteys'");

    browser.open(&site.hosted("search/?q=lasku"));
    browser.until("document.querySelectorAll('.hit').length > 1");
    let hits = browser.count(".hit");
    assert_eq!(browser.text(STATUS), format!("Löysimme {hits} tulosta"));
    browser.until("document.querySelector('[data-search-filters] option[value=troubleshooting]')");
    let choose = "(() => { \
        const select = document.querySelector('select:has([value=troubleshooting])'); \
        select.value = 'troubleshooting'; \
        select.dispatchEvent(new Event('change')); \
        return true; })()";
    browser.js(choose);
    browser.until(&format!("{STATUS} === 'Löysimme 1 tuloksen'"));
    assert_eq!(browser.text(FIRST_HIT), "Hyvitä väärä lasku");
    assert!(browser.url().contains("kind=troubleshooting"));
    browser.back();
    browser.until(&format!("document.querySelectorAll('.hit').length === {hits}"));

    // The field asks anew, and the address says what was asked.
    browser.focus("#query");
    browser.js("document.querySelector('#query').select()");
    browser.press("poissaolot");
    browser.press(Key::Enter);
    browser.until(&format!("{FIRST_HIT} === 'Merkitse poissaolot'"));
    assert!(browser.url().ends_with("?q=poissaolot"));
}

pub fn mistakes(browser: &Browser, site: &Site) {
    browser.open(&site.hosted("search/?q=pnakkiyhteys"));
    browser.until("document.querySelector('.hit')");
    assert_eq!(browser.text(FIRST_HIT), "Avaa pankkiyhteys");
    let note = browser.read(".search-correction");
    assert!(note.contains("Näytämme tulokset haulle ”pankkiyhteys”"), "{note}");
    assert!(note.contains("pnakkiyhteys"), "{note}");
    browser.click(".search-correction button");
    browser.until(&format!("{STATUS}.includes('ei löytynyt ohjeita')"));
    assert_eq!(browser.count(".hit"), 0);

    browser.open(&site.hosted("search/?q=xqzwvk"));
    browser.until(&format!("{STATUS} === 'Haulla ”xqzwvk” ei löytynyt ohjeita'"));
    assert!(browser.read("[data-search-help]").contains("Työaika"), "the categories help");
    assert!(browser.read("[data-search-help] .support").contains("Tukemme"), "so do people");
    browser
        .until("document.querySelector('.search-correction').innerText.includes('kirjoitusasu')");

    let evil = "%3Cimg%20src%3Dx%20onerror%3D%22window.hurt%3D1%22%3E%3Cb%3Elasku%3C%2Fb%3E";
    let typed = r#"<img src=x onerror="window.hurt=1"><b>lasku</b>"#;
    browser.open(&site.hosted(&format!("search/?q={evil}")));
    browser.until(&format!("{STATUS} !== ''"));
    assert_eq!(browser.js("document.querySelector('#query').value"), typed);
    assert!(browser.text("document.title").starts_with(typed));
    assert_eq!(browser.count("main img, main b"), 0);
    assert_eq!(browser.js("window.hurt ?? null"), serde_json::Value::Null);
    let errors = browser.traffic().errors;
    assert!(errors.is_empty(), "{errors:?}");
}

pub fn from_disk(browser: &Browser, site: &Site) {
    for query in ["lasku", "hyvitys", "kalenteri"] {
        browser.open(&site.hosted(&format!("search/?q={query}")));
        browser.until("document.querySelector('.hit')");
        let hosted = browser.text(FIRST_HIT);
        browser.open(&site.on_disk(&format!("search/index.html?q={query}")));
        browser.until("document.querySelector('.hit')");
        assert_eq!(browser.text(FIRST_HIT), hosted);
        browser.click(".hit a");
        browser.until(&format!("document.querySelector('h1')?.innerText === {hosted:?}"));
    }
    browser.open(&site.on_disk("index.html"));
    browser.click(".cards a[href$='myynti/']");
    browser.until("document.querySelector('h1')?.innerText === 'Myynti ja laskutus'");
    browser.press("/");
    browser.until("document.querySelector('dialog.finder[open]')");
    browser.press("kalenteri");
    let all = "document.querySelectorAll('.finder [role=option]').length === 2";
    browser.until(&format!(
        "{all} && document.querySelector('.finder-status').innerText === 'Löysimme 2 tulosta'"
    ));
    browser.press(Key::Down);
    browser.press(Key::Enter);
    browser.until("document.querySelector('h1')?.innerText === 'Uusi kalenteri on käytössä'");
    let folder = site.on_disk("");
    let traffic = browser.traffic();
    let foreign = |url: &&String| {
        !url.starts_with(&folder) && !url.starts_with(&site.host) && !url.starts_with("data:")
    };
    assert_eq!(traffic.requests.iter().find(foreign), None);
    assert!(traffic.errors.is_empty(), "{:?}", traffic.errors);
}

pub fn dead_link(browser: &Browser, site: &Site) {
    browser.open(&site.live("myynti/vanha_lasku-2019.html"));
    assert_eq!(browser.js("fetch(location.href).then((answer) => answer.status)"), 404);
    assert_eq!(browser.read("h1"), "Sivua ei löytynyt");
    browser.until("document.querySelector('#query').value === 'vanha lasku 2019'");
    browser.open(&site.live("vanha/hyvityslasku"));
    browser.until("document.querySelector('#query').value === 'hyvityslasku'");
    browser.click("[data-missing] button");
    browser.until("document.querySelector('.hit')");
    assert_eq!(browser.url(), site.live("search/?q=hyvityslasku"));
    assert_eq!(browser.text(FIRST_HIT), "Hyvitä väärä lasku");
}

/// A reader's tab knows the index of before: at what is gone it asks for the new one.
pub fn publish(browser: &Browser, site: &Site) {
    browser.open(&site.hosted(""));
    browser.press("/");
    browser.until("document.activeElement.closest('dialog.finder[open]')");
    browser.press("lasku");
    browser.until("document.querySelectorAll('.finder [role=option]').length > 1");
    let text = "---\ntitle: Puhdista kahvinkeitin\n---\n\nHuuhtele laskun jälkeen.\n";
    site.desk.write("content/fi/asetukset/kahvi.md", text);
    site.desk.opas("build --root . --out public").expect(0, &["built"]);
    browser.js("document.activeElement.select()");
    browser.press("kahvinkeitin");
    let first = "document.querySelector('.finder .option-title')?.innerText";
    browser.until(&format!("{first} === 'Puhdista kahvinkeitin'"));
    assert_eq!(browser.count(".finder-note button"), 0, "nothing is missing");
}

pub fn missing(browser: &Browser, site: &Site) {
    let words = site.desk.path("public/search/w");
    let away = site.desk.path("public/search/away");
    std::fs::rename(&words, &away).unwrap();
    browser.open(&site.hosted("search/?q=lasku"));
    browser.until("document.querySelector('.search-correction')?.innerText.includes('Osaa')");
    // The spelling is there and knows the very word: nothing was corrected.
    let note = browser.read(".search-correction");
    assert!(!note.contains("Näytämme"), "{note}");
    std::fs::rename(&away, &words).unwrap();
    browser.click(".search-correction button");
    browser.until("document.querySelectorAll('.hit').length > 1");
    assert_eq!(browser.count(".search-correction button"), 0);
}
