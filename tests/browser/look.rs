//! Looking: phones, light and dark, and what may be out of sight.

use serde_json::json;
use thirtyfour::Key;

use crate::driver::Browser;
use crate::site::{PAGES, Site};

/// What stands out at the right, but for what scrolls by itself.
const TOO_WIDE: &str = "(() => { const width = document.documentElement.clientWidth; \
    return [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility() && \
    e.getBoundingClientRect().right > width + 1 && !e.closest('.table, pre, svg')).slice(0, 5) \
    .map((e) => `${e.tagName}.${e.className}`).join(' '); })()";

pub fn phones(browser: &Browser, site: &Site) {
    for page in PAGES {
        browser.screen(390, 844);
        browser.open(&site.hosted(page));
        for width in [390, 320] {
            browser.screen(width, 700);
            browser.until(&format!("document.documentElement.clientWidth <= {width}"));
            let wide = browser.js("document.documentElement.scrollWidth").as_u64().unwrap();
            let culprits = browser.text(TOO_WIDE);
            assert!(wide <= width.into(), "/{page} at {width}: {wide} wide because of {culprits}");
        }
    }
}

pub fn menu(browser: &Browser, site: &Site) {
    browser.screen(390, 844);
    browser.open(&site.hosted("myynti/lasku/"));
    let shown = "document.querySelector('#nav').matches(':popover-open')";
    assert_eq!(browser.js(shown), false);
    browser.focus(".menu-button");
    browser.press(Key::Enter);
    browser.until(shown);
    assert!(browser.read("#nav").contains("Hyvitä väärä lasku"));
    browser.press(Key::Tab);
    let inside = "document.activeElement.closest('#nav') !== null";
    assert_eq!(browser.js(inside), true, "the next stop is in the menu");
    browser.press(Key::Escape);
    browser.until(&format!("!{shown}"));
    assert_eq!(browser.js("document.activeElement.matches('.menu-button')"), true);

    browser.click(".menu-button");
    browser.until(shown);
    browser.click("#nav [popovertargetaction=hide]");
    browser.until(&format!("!{shown}"));
    browser.click(".toc-button");
    browser.until("document.querySelector('#toc').matches(':popover-open')");
    browser.click("#toc a[href='#tee-lasku']");
    browser.until("!document.querySelector('#toc').matches(':popover-open')");
    browser.until("location.hash === '#tee-lasku'");
}

pub fn schemes(browser: &Browser, site: &Site) {
    let paper = "getComputedStyle(document.documentElement).backgroundColor";
    browser.open(&site.hosted("myynti/lasku/"));
    let light = browser.text(paper);
    let text = browser.text("getComputedStyle(document.body).color");
    browser.scheme("dark");
    let dark = browser.text(paper);
    assert_ne!(light, dark);
    assert_ne!(browser.text("getComputedStyle(document.body).color"), text);

    browser.scheme("light");
    assert_eq!(browser.text(paper), light);
    browser.click("[popovertarget=schemes]");
    browser.click("#schemes label:has([value=dark])");
    assert_eq!(browser.text(paper), dark);
    browser.open(&site.hosted(""));
    browser.until("document.documentElement.dataset.scheme === 'dark'");
    assert_eq!(browser.text(paper), dark, "the choice is remembered");

    // By keyboard back to what the system has.
    browser.focus("[popovertarget=schemes]");
    browser.press(Key::Enter);
    browser.until("document.activeElement.name === 'scheme'");
    browser.press(Key::Up);
    browser.press(Key::Up);
    browser.until("document.querySelector('[name=scheme][value=auto]').checked");
    assert_eq!(browser.text(paper), light);
}

pub fn admin_notes(browser: &Browser, site: &Site) {
    let note = "document.querySelector('.callout-admin').checkVisibility()";
    browser.open(&site.hosted("myynti/lasku/"));
    assert_eq!(browser.js(note), true);
    assert!(browser.read(".callout-admin").contains("numerosarjojen"));
    browser.click("[popovertarget=schemes]");
    browser.click(".switch");
    browser.until(&format!("!{note}"));
    assert!(!browser.read("main").contains("numerosarjojen"));
    browser.open(&site.hosted("myynti/hyvityslasku/"));
    browser.open(&site.hosted("myynti/lasku/"));
    browser.until("document.documentElement.classList.contains('audience-hidden')");
    assert_eq!(browser.js(note), false, "the choice is remembered");
    browser.click("[popovertarget=schemes]");
    browser.click(".switch");
    browser.until(note);

    browser.open(&site.hosted("asetukset/kayttajat/"));
    let marks =
        "[...document.querySelectorAll('.article-header .badge-mark')].map((e) => e.innerText)";
    assert_eq!(browser.js(marks), json!(["Pääkäyttäjälle"]));
}
