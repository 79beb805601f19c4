//! How readers go about finding, on a portal with many hits: narrowing, coming back, asking again.

use std::thread::sleep;
use std::time::Duration;

use thirtyfour::Key;

use crate::desk::Desk;
use crate::driver::Browser;
use crate::site::{Site, host, hosted};

const HITS: &str = "document.querySelectorAll('[data-search-hits] .hit').length";
const RECENT: &str =
    "[...document.querySelectorAll('.finder [data-query]')].map((o) => o.dataset.query).join()";

fn portal() -> (Desk, String) {
    let desk = Desk::empty();
    desk.write("opas.toml", "title = 'Ohjeet'\nlanguages = ['fi']\n");
    for number in 0..30 {
        let module = if number % 3 == 0 { "Kassa" } else { "Varasto" };
        let tag = if number % 5 == 0 { "uusi" } else { "vanha" };
        let folder = if number < 20 { "myynti" } else { "osto" };
        let text = format!(
            "---\ntitle: Kuitti {number}\nmodule: {module}\ntags: [{tag}]\n---\n\nTulosta kuitti.\n"
        );
        desk.write(&format!("content/{folder}/kuitti-{number}.md"), text);
    }
    for (folder, title) in [("myynti", "Myynti"), ("osto", "Osto")] {
        desk.write(&format!("content/{folder}/_index.md"), format!("---\ntitle: {title}\n---\n"));
    }
    desk.opas("build --root . --out public").expect(0, &["built"]);
    let origin = host(&desk.path("public"));
    (desk, origin)
}

/// Chooses a value of a filter and waits for so many hits.
fn choose(browser: &Browser, value: &str, hits: usize) {
    let chosen = format!(
        "(() => {{ const select = document.querySelector('select:has(option[value=\"{value}\"])'); \
         select.value = {value:?}; select.dispatchEvent(new Event('change')); return true; }})()"
    );
    browser.js(&chosen);
    browser.until(&format!("{HITS} === {hits}"));
}

fn has_option(text: &str) -> String {
    format!("[...document.querySelectorAll('option')].some((o) => o.textContent === {text:?})")
}

pub fn narrowing(browser: &Browser, _site: &Site) {
    let (_desk, origin) = portal();
    browser.open(&hosted(&origin, "search/?q=kuitti"));
    browser.until(
        "document.querySelector('[data-search-status]').innerText === 'Löysimme 30 tulosta'",
    );
    for option in ["Kassa (10)", "Varasto (20)", "uusi (6)", "Myynti (20)", "Osto (10)"] {
        browser.until(&has_option(option));
    }
    choose(browser, "uusi", 6);
    // The counts are those of what is left.
    browser.until(&has_option("Kassa (2)"));
    choose(browser, "Kassa", 2);
    assert!(browser.url().contains("tags=uusi") && browser.url().contains("module=Kassa"));
    browser.click("[data-search-filters] button");
    browser.until(&format!("{HITS} === 20"));
}

pub fn coming_back(browser: &Browser, _site: &Site) {
    let (_desk, origin) = portal();
    browser.open(&hosted(&origin, "search/?q=kuitti"));
    browser.until(&format!("{HITS} === 20"));
    browser.click("[data-search-more]");
    browser.until(&format!("{HITS} === 30"));
    browser
        .until("document.activeElement.closest('.hit') === document.querySelectorAll('.hit')[20]");
    let link = ".hit:nth-child(27) a";
    browser.js(&format!(
        "document.querySelector({link:?}).scrollIntoView({{ block: 'center' }}) ?? 1"
    ));
    let place = browser.js("scrollY").as_f64().unwrap();
    assert!(place > 500.0, "{place}");
    browser.click(link);
    browser.until("document.querySelector('[data-article]')");
    browser.back();
    browser.until(&format!("{HITS} === 30"));
    browser.until(&format!("Math.abs(scrollY - {place}) < 80"));
}

pub fn asking_again(browser: &Browser, _site: &Site) {
    let (_desk, origin) = portal();
    let open = || {
        browser.open(&hosted(&origin, "osto/"));
        browser.press("/");
        browser.until("document.activeElement.closest('dialog.finder[open]')");
    };
    open();
    browser.press("kuitti");
    // All else being equal, where the reader is comes first.
    browser.until("document.querySelector('.finder [role=option]')?.href.includes('/osto/')");
    browser.js("(window.open = (url) => { window.opened = url; }) && 1");
    browser.press(Key::Down);
    browser.press_with_control('\u{e007}');
    browser.until("window.opened?.includes('/osto/kuitti-')");
    assert!(browser.url().ends_with("/osto/"), "the page stays");

    open();
    browser.until(&format!("{RECENT} === 'kuitti'"));
    browser.press(Key::Down);
    browser.press(Key::Enter);
    browser.until("document.querySelector('.finder input').value === 'kuitti'");
    browser.until("document.querySelectorAll('.finder [role=option]').length === 8");

    open();
    browser.until(&format!("{RECENT} === 'kuitti'"));
    browser.click(".recent-head button");
    browser.until(&format!("{RECENT} === ''"));
    browser.press("tulosta");
    browser.until("document.querySelector('.finder .option-title')");
    browser.press(Key::Enter);
    browser.until("location.pathname.endsWith('/search/')");
    open();
    sleep(Duration::from_millis(300));
    assert_eq!(browser.text(RECENT), "", "none is kept");
    browser.click(".recent-head button");
    browser.press("tulosta");
    browser.press(Key::Enter);
    browser.until("location.pathname.endsWith('/search/')");
    open();
    browser.until(&format!("{RECENT} === 'tulosta'"));
}

/// A whole page in the field is a query like others: its first words count.
pub fn at_length(browser: &Browser, _site: &Site) {
    let (_desk, origin) = portal();
    browser.open(&hosted(&origin, "osto/"));
    browser.press("/");
    browser.until("document.activeElement.closest('dialog.finder[open]')");
    for text in ["'kuitti '.repeat(1500)", "'x'.repeat(10000)", "'𝒳\\u200b<b>'.repeat(2500)"] {
        browser.js(&format!(
            "(() => {{ const field = document.querySelector('.finder input'); \
             document.querySelector('.finder-status').textContent = ''; field.value = {text}; \
             field.dispatchEvent(new Event('input')); return true; }})()"
        ));
        browser.until(
            "/Löysimme|ei löytynyt/.test(document.querySelector('.finder-status').textContent)",
        );
    }
    let errors = browser.traffic().errors;
    assert!(errors.is_empty(), "{errors:?}");
}
