//! Readers whose words are those of another of the portal's languages.

use std::thread::sleep;
use std::time::Duration;

use thirtyfour::Key;

use crate::driver::Browser;
use crate::site::Site;

const STATUS: &str = "document.querySelector('[data-search-status]').textContent";
const SHOWN: &str = "document.querySelector('.elsewhere:not([hidden])')";

fn english_loaded(browser: &Browser) -> bool {
    browser.traffic().requests.iter().any(|url| url.ends_with("/search/en.js"))
}

/// Nothing found: the other language's hits, as texts of that language.
pub fn page(browser: &Browser, site: &Site) {
    for address in [site.hosted("search/"), site.on_disk("search/index.html")] {
        browser.open(&format!("{address}?q=statements"));
        browser.until(&format!("{SHOWN}?.querySelector('[lang=en][dir=ltr] .hit')"));
        assert_eq!(browser.read(".elsewhere h2"), "Muilla kielillä");
        assert_eq!(browser.read(".elsewhere h3"), "1 result in English");
        assert_eq!(browser.read(".elsewhere .hit-title"), "Connect your bank");
        assert_eq!(browser.read(".elsewhere .badge"), "Guide");
        let said = browser.text(STATUS);
        assert!(said.contains("ei löytynyt ohjeita 1 result in English"), "{said}");
        browser.click(".elsewhere .hit-title a");
        browser.until("document.documentElement.lang === 'en'");
        browser.until("document.querySelector('h1')?.innerText === 'Connect your bank'");
        browser.until("document.querySelector('[data-article] mark')");

        browser.open(&format!("{address}?q=statements"));
        browser.until(&format!("{SHOWN}?.querySelector('h3 a')"));
        browser.focus(".elsewhere h3 a");
        browser.press(Key::Enter);
        browser.until("document.documentElement.lang === 'en' && document.querySelector('.hit')");
        assert!(browser.url().ends_with("?q=statements"), "{}", browser.url());
    }

    // The one that has more of the words comes first; with as many, the page's language.
    browser.open(&site.hosted("search/?q=nimbus+statements"));
    browser.until("document.querySelector('.elsewhere:has(.hit) ~ [data-search-hits] .hit')");
    browser.open(&site.hosted("search/?q=lasku+statements"));
    browser.until("document.querySelector('[data-search-hits]:has(.hit) ~ .elsewhere .hit')");
    // Few hits, all words known: the count alone.
    browser.open(&site.hosted("search/?q=nimbus"));
    browser.until(&format!("{SHOWN}?.querySelector('.tag')"));
    assert_eq!(browser.read(".elsewhere .tag"), "1 result in English");
    assert_eq!(browser.count(".elsewhere .hit"), 0);
    // No language has it, or no other one knows it better: silence.
    for query in ["xqzwvk", "pnakkiyhteys"] {
        browser.open(&site.hosted(&format!("search/?q={query}")));
        browser.until("document.querySelector('.search-correction p')");
        sleep(Duration::from_millis(300));
        assert_eq!(browser.js(&format!("{SHOWN} === null")), true, "{query}");
    }
    let errors = browser.traffic().errors;
    assert!(errors.is_empty(), "{errors:?}");
}

/// Hits enough: the way is there, and nothing was loaded for it.
pub fn enough(browser: &Browser, site: &Site) {
    browser.open(&site.hosted("search/?q=lasku+tunti+käyttäjä"));
    browser.until(&format!("{SHOWN}?.querySelector('.tag')"));
    let hits = browser.count("[data-search-hits] .hit");
    assert!(hits >= 5, "{hits}");
    assert_eq!(browser.read(".elsewhere .tag"), "English");
    browser.until("document.querySelector('.hit mark')");
    assert!(!english_loaded(browser), "nobody asked for English");

    // Either way to the other language keeps the query.
    let switcher = "document.querySelector('#languages [hreflang=en]').href";
    let address = browser.text(switcher);
    assert_eq!(address, browser.text("document.querySelector('.elsewhere .tag').href"));
    browser.open(&address);
    browser.until("document.documentElement.lang === 'en'");
    browser.until(&format!("{SHOWN}?.querySelector('[lang=fi] .hit')"));
    assert_eq!(browser.js("document.querySelector('#query').value"), "lasku tunti käyttäjä");
    assert_eq!(browser.read(".elsewhere h3"), format!("{hits} tulosta suomeksi"));
}

pub fn overlay(browser: &Browser, site: &Site) {
    browser.open(&site.hosted("myynti/"));
    browser.press("/");
    browser.until("document.activeElement.closest('dialog.finder[open]')");
    browser.press("lasku");
    browser.until("document.querySelectorAll('.finder [role=option]').length > 1");
    sleep(Duration::from_millis(700));
    assert!(!english_loaded(browser), "the page's language answers");

    browser.js("document.activeElement.select()");
    browser.press("statem");
    let way = ".finder [role=option][hreflang=en][lang=en]";
    browser.until(&format!("document.querySelector('{way}')"));
    assert_eq!(browser.read(way), "1 result in English");
    let said = browser.text("document.querySelector('.finder-status').textContent");
    assert!(said.ends_with("1 result in English. "), "{said}");
    browser.press(Key::Down);
    assert_eq!(browser.js(&format!("document.querySelector('{way}').ariaSelected")), "true");
    browser.press(Key::Enter);
    browser.until("document.documentElement.lang === 'en' && document.querySelector('.hit')");
    assert!(browser.url().contains("/en/search/?q=statem"), "{}", browser.url());
}
