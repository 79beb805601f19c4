//! For everybody: axe-core's rules on each type of page, light and dark.
//!
//! axe-core is no part of this project: `npm install axe-core` beside `Cargo.toml`, or `AXE_CORE`
//! with the path of `axe.min.js`, brings it in.

use std::path::PathBuf;
use std::{env, fs};

use serde_json::{Value, json};

use crate::driver::Browser;
use crate::site::{PAGES, Site};

const RUN: &str = "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', \
    'wcag22aa', 'best-practice'] }).then(({ violations }) => violations.map((v) => \
    `${v.id}: ${v.nodes.map((n) => n.target).slice(0, 3).join(' | ')}`))";

pub fn axe(browser: &Browser, site: &Site) {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("node_modules/axe-core/axe.min.js");
    let path = env::var_os("AXE_CORE").filter(|p| !p.is_empty()).map_or(beside, PathBuf::from);
    let Ok(source) = fs::read_to_string(&path) else {
        crate::tell(&format!("axe was left out: no {}", path.display()));
        return;
    };
    let mut wrong = Vec::new();
    for page in PAGES {
        browser.open(&site.hosted(page));
        if page.contains("?q=") {
            browser.until("document.querySelector('.hit')");
        }
        browser.cdp("Runtime.evaluate", json!({ "expression": source }));
        for scheme in ["light", "dark"] {
            browser.scheme(scheme);
            let Value::Array(violations) = browser.js(RUN) else { panic!("axe says nothing") };
            wrong.extend(violations.iter().map(|v| format!("/{page} ({scheme}): {v}")));
        }
        browser.scheme("light");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    // It does see what is wrong.
    browser.open(&site.hosted("myynti/lasku/"));
    browser.js("document.querySelector('figure img').removeAttribute('alt')");
    browser.cdp("Runtime.evaluate", json!({ "expression": source }));
    assert!(browser.js(RUN).to_string().contains("image-alt"));
}
