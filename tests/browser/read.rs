//! Reading: the way through the portal, and what makes it comfortable.

use serde_json::json;
use thirtyfour::Key;

use crate::driver::Browser;
use crate::site::Site;

pub fn browsing(browser: &Browser, site: &Site) {
    browser.open(&site.hosted(""));
    assert_eq!(browser.read("h1"), "Miten voimme auttaa?");
    assert!(browser.read(".news-list").contains("Uusi kalenteri on käytössä"));
    assert!(browser.read("#contact").contains("tuki@example.com"));

    browser.click(".cards a[href$='myynti/']");
    browser.until("document.querySelector('h1')?.innerText === 'Myynti ja laskutus'");
    assert_eq!(browser.url(), site.hosted("myynti/"));
    assert_eq!(browser.read(".article-list li:first-child a"), "Lähetä lasku");
    browser.click("[data-order] label:has([value=a-z])");
    assert_eq!(browser.read(".article-list li:first-child a"), "Avaa pankkiyhteys");
    browser.click("[data-order] label:has([value=written])");

    browser.click(".article-list a");
    browser.until("document.querySelector('h1')?.innerText === 'Lähetä lasku'");
    let links = "[...document.querySelectorAll('.breadcrumb a')].map((a) => a.innerText)";
    assert_eq!(browser.js(links), json!(["Etusivu", "Myynti ja laskutus"]));
    assert_eq!(browser.read("#nav [aria-current=page]"), "Lähetä lasku");
    assert!(browser.read(".article-header").contains("Ohje"));

    browser.click(".toc a[href='#tee-lasku']");
    let top = browser.js("document.getElementById('tee-lasku').getBoundingClientRect().top");
    assert!((0.0..200.0).contains(&top.as_f64().unwrap()), "{top}");
    browser.until("document.querySelector('.toc [aria-current]')?.hash === '#tee-lasku'");

    browser.click("[rel=next]");
    browser.until("document.querySelector('h1')?.innerText === 'Hyvitä väärä lasku'");
    browser.click("[rel=prev]");
    browser.until("document.querySelector('h1')?.innerText === 'Lähetä lasku'");

    browser.click(".language-button");
    browser.click("#languages a[hreflang=en]");
    browser.until("document.documentElement.lang === 'en'");
    assert_eq!(browser.read("h1"), "Send an invoice");
    assert_eq!(browser.url(), site.hosted("en/myynti/lasku/"));
    browser.click(".breadcrumb li:first-child a");
    browser.until("document.querySelector('h1')?.innerText === 'How can we help?'");
}

pub fn choices(browser: &Browser, site: &Site) {
    let chosen = "document.querySelector('[role=tab][aria-selected=true]').innerText";
    browser.open(&site.hosted("myynti/pankki/"));
    assert_eq!(browser.js(chosen), "Windows");
    assert!(!browser.read(".tabs").contains("Cmd"));
    browser.focus("[role=tab][aria-selected=true]");
    browser.press(Key::Right);
    assert_eq!(browser.js(chosen), "macOS");
    assert!(browser.read(".tabs").contains("Cmd"));
    browser.open(&site.hosted("tyoaika/kirjaus/"));
    assert_eq!(browser.js(chosen), "macOS", "the choice holds on another page");

    browser.open(&site.hosted("myynti/hyvityslasku/"));
    assert!(!browser.read(".prose").contains("Valitse valikosta"));
    browser.click(".variant-chooser label:has([value=legacy])");
    assert!(browser.read(".prose").contains("Valitse valikosta"));
    browser.open(&site.hosted("myynti/hyvityslasku/"));
    assert!(browser.read(".prose").contains("Valitse valikosta"), "the answer is remembered");
    assert!(!browser.read(".prose").contains("oikean yläkulman"));

    browser.open(&site.hosted("myynti/lasku/"));
    let ticked = "document.querySelectorAll('[data-task]:checked').length";
    assert_eq!(browser.js(ticked), 1);
    assert!(browser.read(".task-bar").contains("1/3 tehty"));
    browser.click("[data-task]");
    assert!(browser.read(".task-bar").contains("2/3 tehty"));
    browser.open(&site.hosted("myynti/lasku/"));
    assert_eq!(browser.js(ticked), 2, "ticks are kept");
    browser.click(".task-bar button");
    assert_eq!(browser.js(ticked), 0);

    browser.click("summary");
    browser.until("document.querySelector('.prose details').open");
}

pub fn zoom(browser: &Browser, site: &Site) {
    browser.open(&site.hosted("myynti/lasku/"));
    let first = ".zoomable";
    browser.focus(first);
    browser.press(Key::Enter);
    browser.until("document.querySelector('dialog.zoom[open] img')?.naturalWidth > 0");
    assert!(browser.read("dialog.zoom").contains("Laskuluettelo"));
    let full = browser.text("document.querySelector('dialog.zoom img').src");
    browser.press(Key::Right);
    browser.press(Key::Right);
    browser.until("document.querySelector('dialog.zoom img').alt === 'Laskun esikatselu'");
    assert_ne!(browser.text("document.querySelector('dialog.zoom img').src"), full);
    browser.press("+");
    browser.until("document.querySelector('.zoom-frame').style.transform.includes('1.4')");
    browser.press(Key::Escape);
    browser.until("!document.querySelector('dialog[open]')");
    let back = format!("document.activeElement === document.querySelector({first:?})");
    assert_eq!(browser.js(&back), true, "the focus goes back to the picture");

    // Outside of the dialog the arrows belong to the page.
    let url = browser.url();
    browser.press(Key::Right);
    browser.press(Key::Left);
    assert_eq!(browser.url(), url);
    assert_eq!(browser.count("dialog[open]"), 0);
}

pub fn copy(browser: &Browser, site: &Site) {
    let allowed = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
    browser.cdp("Browser.grantPermissions", allowed);
    browser.open(&site.hosted("myynti/lasku/"));
    assert_eq!(browser.read(".code-title"), "finvoice.xml");
    assert_eq!(browser.count(".code .copy-button"), 1);
    browser.click(".copy-button");
    let said = "document.querySelector('.copy-button').getAttribute('aria-label') === 'Kopioitu'";
    browser.until(said);
    let copied = browser.text("navigator.clipboard.readText()");
    assert!(copied.starts_with("<Finvoice Version=\"3.0\""), "{copied}");
    assert!(copied.ends_with("/>"), "{copied}");
}

pub fn without_scripts(browser: &Browser, site: &Site) {
    browser.scripts(false);
    browser.open(&site.hosted("myynti/lasku/"));
    assert_eq!(browser.count(".zoomable, .copy-button"), 0, "scripts ran");
    let text = browser.read(".prose");
    for words in ["numeroi laskun itse", "Seuraava laskunumero", "etsii asiakkaita", "finvoice"] {
        assert!(text.contains(words), "{words}");
    }
    assert!(browser.read("#nav").contains("Hyvitä väärä lasku"));
    assert!(browser.read(".toc").contains("Tee lasku"));
    browser.click("summary");
    assert!(browser.read(".prose").contains("lähtee osoitteeseen"));

    browser.click("[rel=next]");
    browser.until("document.querySelector('h1')?.innerText === 'Hyvitä väärä lasku'");
    let both = browser.read(".prose");
    assert!(both.contains("Uusi näkymä") && both.contains("Vanha näkymä"), "{both}");
    browser.open(&site.hosted("myynti/pankki/"));
    let both = browser.read(".prose");
    for words in ["Windows", "Ctrl", "macOS", "Cmd"] {
        assert!(both.contains(words), "{words} in {both}");
    }

    browser.click("footer a[href$='contents/']");
    browser.until("document.querySelector('h1')?.innerText === 'Sisältö'");
    for title in ["Lähetä lasku", "Merkitse poissaolot", "Hae mistä tahansa"] {
        assert!(browser.read("main").contains(title), "{title}");
    }
    browser.click("footer a[href$='a-z/']");
    browser.until("document.querySelector('.letters')");
    assert!(browser.read("main").contains("Vaihda kieltä"));
    browser.click(".letter a[href$='kieli/']");
    browser.until("document.querySelector('h1')?.innerText === 'Vaihda kieltä'");
    browser.open(&site.hosted("search/"));
    assert!(browser.read("main").contains("Haku tarvitsee JavaScriptin"));
}
