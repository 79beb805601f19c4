//! Writing: the open page keeps up with the files.

use crate::driver::Browser;
use crate::site::Site;

const HOURS: &str = "content/fi/tyoaika/kirjaus.md";
const INVOICE: &str = "content/fi/myynti/lasku.md";

/// Opens a page and leaves a mark in it, which a reload would take away.
fn open(browser: &Browser, site: &Site, page: &str) {
    browser.open(&site.live(page));
    browser.until("document.documentElement.dataset.opasLive === 'open'");
    browser.until("document.documentElement.dataset.opasGeneration");
    browser.js("window.mark = 'still here'");
}

#[track_caller]
fn not_reloaded(browser: &Browser) {
    assert_eq!(browser.js("window.mark ?? 'reloaded'"), "still here");
}

pub fn text(browser: &Browser, site: &Site) {
    open(browser, site, "tyoaika/kirjaus/");
    browser.js("window.scrollTo({ top: 700, behavior: 'instant' })");
    browser.until("scrollY === 700");
    site.edit(HOURS, "vaihe numero 12.", "vaihe numero kaksitoista.");
    browser.until("document.querySelector('.prose').innerText.includes('numero kaksitoista')");
    not_reloaded(browser);
    assert_eq!(browser.js("scrollY"), 700);
    assert_eq!(browser.js("document.querySelectorAll('[role=tablist]').length"), 1);

    // What is new gets its buttons too, and once.
    open(browser, site, "myynti/lasku/");
    site.edit(INVOICE, "SellerOrganisationTaxCode", "SellerTaxCode");
    browser.until("document.querySelector('.code').innerText.includes('SellerTaxCode')");
    not_reloaded(browser);
    browser.until("document.querySelectorAll('.copy-button').length === 1");
    site.edit(INVOICE, ":::details", "```sh\nopas build\n```\n\n:::details");
    browser.until("document.querySelectorAll('.prose pre').length === 2");
    browser.until("document.querySelectorAll('.copy-button').length === 2");
    let buttons = "[...document.querySelectorAll('.code')]\
        .every((code) => code.querySelectorAll('button').length === 1)";
    assert_eq!(browser.js(buttons), true);

    // A new title changes more than the body; the page and its list show it all the same.
    site.edit(INVOICE, "title: Lähetä lasku", "title: Lähetä sähköinen lasku");
    browser.until("document.querySelector('h1')?.innerText === 'Lähetä sähköinen lasku'");
    browser.until("document.querySelector('#nav')?.innerText.includes('sähköinen')");
    site.edit(INVOICE, "title: Lähetä sähköinen lasku", "title: Lähetä lasku");
    browser.until("document.querySelector('h1')?.innerText === 'Lähetä lasku'");
}

pub fn style(browser: &Browser, site: &Site) {
    open(browser, site, "tyoaika/raportti/");
    let spacing = "getComputedStyle(document.querySelector('.prose p')).letterSpacing";
    assert_eq!(browser.js(spacing), "normal");
    let style = "themes/default/css/utilities.css";
    let own = site.desk.read(style);
    site.desk.write(style, format!("{own}\n.prose p {{ letter-spacing: 3px; }}\n"));
    browser.until(&format!("{spacing} === '3px'"));
    not_reloaded(browser);
    site.desk.write(style, own);
    browser.until(&format!("{spacing} === 'normal'"));
}

pub fn broken(browser: &Browser, site: &Site) {
    open(browser, site, "tyoaika/kirjaus/");
    let findings = "document.querySelector('opas-findings')?.shadowRoot";
    assert_eq!(browser.js(&format!("!!{findings}")), false);
    site.edit(HOURS, "order: 10", "order: [10");
    let place = format!("{findings}?.querySelector('.panel:not([hidden]) .place')?.innerText");
    browser.until(&format!("{place}?.startsWith('{HOURS}:')"));
    let line = browser.text(&place);
    let line: u32 = line.split(':').nth(1).and_then(|line| line.parse().ok()).unwrap_or(0);
    assert!((2..=5).contains(&line), "the front matter is in lines 2 to 4, not {line}");
    assert!(browser.read(".prose").contains("päivän päätteeksi"), "the last good page stays");

    site.edit(HOURS, "order: [10", "order: 10");
    browser.until("!document.querySelector('opas-findings')");
    assert!(browser.read(".prose").contains("päivän päätteeksi"));
}
