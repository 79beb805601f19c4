//! For everybody: axe-core's rules on each type of page, light and dark.
//!
//! axe-core comes from the npm registry (`npm ci --prefix tests/browser`); `AXE_CORE` may name another
//! `axe.min.js`.

use std::path::PathBuf;
use std::{env, fs};

use serde_json::{Value, json};

use crate::driver::Browser;
use crate::site::{PAGES, Site};

const RUN: &str = "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', \
    'wcag22aa', 'best-practice'] }).then(({ violations }) => violations.map((v) => \
    `${v.id}: ${v.nodes.map((n) => n.target).slice(0, 3).join(' | ')}`))";

/// The source of axe-core.
pub struct Axe(String);

impl Axe {
    /// `None`, said aloud, where it is not installed.
    pub fn find() -> Option<Axe> {
        let here = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
        let here = here.join("node_modules/axe-core/axe.min.js");
        let path = env::var_os("AXE_CORE").filter(|p| !p.is_empty()).map_or(here, PathBuf::from);
        let source = fs::read_to_string(&path);
        if source.is_err() {
            crate::tell(&format!("axe was left out: no {}", path.display()));
        }
        source.ok().map(Axe)
    }

    /// What is wrong with the page that is open, in light and in dark.
    pub fn violations(&self, browser: &Browser, page: &str) -> Vec<String> {
        browser.cdp("Runtime.evaluate", json!({ "expression": self.0 }));
        let mut wrong = Vec::new();
        for scheme in ["light", "dark"] {
            browser.scheme(scheme);
            let Value::Array(violations) = browser.js(RUN) else { panic!("axe says nothing") };
            wrong.extend(violations.iter().map(|v| format!("/{page} ({scheme}): {v}")));
        }
        browser.scheme("light");
        wrong
    }
}

pub fn axe(browser: &Browser, site: &Site) {
    let Some(axe) = Axe::find() else { return };
    let mut wrong = Vec::new();
    for page in PAGES {
        browser.open(&site.hosted(page));
        if page.contains("?q=") {
            browser.until("document.querySelector('.hit')");
        }
        wrong.extend(axe.violations(browser, page));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    // It does see what is wrong.
    browser.open(&site.hosted("myynti/lasku/"));
    browser.js("document.querySelector('figure img').removeAttribute('alt')");
    assert!(axe.violations(browser, "").join(" ").contains("image-alt"));
}
