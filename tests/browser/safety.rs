//! Trust: nothing from elsewhere, nothing forbidden, nothing that jumps.

use serde_json::Value;

use crate::driver::Browser;
use crate::site::{PAGES, Site};

/// The host sends the strict policy, so what it forbids is a complaint in the console.
pub fn requests(browser: &Browser, site: &Site) {
    let mut asked = 0;
    for page in PAGES {
        browser.open(&site.hosted(page));
        browser.press("/");
        browser.until("document.querySelector('dialog.finder[open], #query')");
        let traffic = browser.traffic();
        let foreign = |url: &&String| !url.starts_with(&site.host) && !url.starts_with("data:");
        assert_eq!(traffic.requests.iter().find(foreign), None, "/{page}");
        assert!(traffic.errors.is_empty(), "/{page}: {:?}", traffic.errors);
        assert_eq!(browser.js("document.cookie"), "", "/{page}");
        asked += traffic.requests.len();
    }
    assert!(asked > 3 * PAGES.len(), "the log of requests is empty");

    // The log does see what the policy forbids.
    browser.js("fetch('http://127.0.0.1:9/').catch(() => null)");
    assert!(!browser.traffic().errors.is_empty(), "the policy is not in force");

    browser.open(&site.live("no/such/page"));
    let traffic = browser.traffic();
    let foreign = |url: &&String| !url.starts_with(&site.served) && !url.starts_with("data:");
    assert_eq!(traffic.requests.iter().find(foreign), None);
    let own = |error: &&String| !error.contains("no/such/page");
    assert_eq!(traffic.errors.iter().find(own), None);
}

pub fn pictures(browser: &Browser, site: &Site) {
    let bare = "[...document.images].filter((i) => !(i.getAttribute('width') > 0 && \
        i.getAttribute('height') > 0)).map((i) => i.outerHTML)";
    let mut seen = 0;
    for page in PAGES {
        browser.open(&site.hosted(page));
        assert_eq!(browser.js(bare), Value::Array(Vec::new()), "/{page}");
        seen += browser.count("img");
    }
    assert!(seen >= 4, "the pictures are gone");

    browser.screen(390, 844);
    browser.open(&site.hosted("myynti/lasku/"));
    browser.js("document.querySelectorAll('img').forEach((i) => (i.loading = 'eager'))");
    browser.until("[...document.images].every((i) => i.complete && i.naturalWidth > 0)");
    let shifts = browser.js(
        "new Promise((done) => new PerformanceObserver((list) => done(list.getEntries().map((e) => \
         [e.value, ...e.sources.map((s) => s.node?.outerHTML?.slice(0, 80))]))) \
         .observe({ type: 'layout-shift', buffered: true }) || setTimeout(() => done([]), 500))",
    );
    let all = shifts.as_array().unwrap().iter().map(|shift| shift[0].as_f64().unwrap());
    assert!(all.sum::<f64>() < 0.01, "the page jumps: {shifts}");
}
