//! Whole manuals, page by page: the one of this project, and whichever portals `OPAS_BROWSER_PORTALS`
//! names (folders, as in `PATH`), of which a sample is read.
//!
//! 1. The manual is built as it is; of another portal a sample is: articles from all over, with the
//!    pictures that they show.
//! 2. Each type of page, and articles from all over, are opened on a host with the strict policy:
//!    nothing from elsewhere, no complaint, no cookie, no sideways scrolling at 320 pixels, axe's rules
//!    in light and dark.
//! 3. Without scripts the same pages say what they have to say.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::access::Axe;
use crate::desk::Desk;
use crate::driver::Browser;
use crate::site::{Site, host, hosted};

/// How many articles of a portal are opened.
const ARTICLES: usize = 14;

/// How many articles of a portal outside are copied.
const COPIED: usize = 40;

/// What the writers of a manual answer for: headings that leave a level out, header cells of raw HTML
/// without a word, links one below the other, lists of raw HTML with more than items.
const OF_WRITERS: &[&str] = &["heading-order", "empty-table-header", "target-size", "list:"];

const LISTS: &[&str] =
    &["", "contents/", "a-z/", "tags/", "search/?q=a", "print/", "glossary/", "search/"];

pub fn own_manual(browser: &Browser, _site: &Site) {
    let desk = Desk::empty();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (path, bytes) in crate::desk::read(&root.join("content")) {
        desk.write(&format!("content/{path}"), bytes);
    }
    for settings in ["opas.toml", "synonyms.toml", "glossary.toml"] {
        desk.write(settings, fs::read(root.join(settings)).unwrap());
    }
    tour(browser, &desk, &[]);
}

pub fn real_portals(browser: &Browser, _site: &Site) {
    let portals = env::var_os("OPAS_BROWSER_PORTALS").unwrap_or_default();
    let portals: Vec<PathBuf> = env::split_paths(&portals).filter(|p| p.is_dir()).collect();
    if portals.is_empty() {
        crate::tell("no portal of somebody else was read: OPAS_BROWSER_PORTALS names none");
    }
    for portal in portals {
        tour(browser, &sample(&portal), OF_WRITERS);
    }
}

/// Articles from all over a portal, and what they show.
fn sample(portal: &Path) -> Desk {
    let desk = Desk::empty();
    let mut content = crate::desk::read(portal);
    content.retain(|path, _| !path.starts_with('.') && !path.contains("/."));
    let articles: Vec<&String> =
        content.keys().filter(|p| p.ends_with(".md") && !p.ends_with("_index.md")).collect();
    assert!(!articles.is_empty(), "no article in {}", portal.display());
    let step = articles.len().div_ceil(COPIED);
    let chosen: BTreeSet<&String> = articles.into_iter().step_by(step).collect();
    let texts: String =
        chosen.iter().map(|path| String::from_utf8_lossy(&content[*path])).collect();
    for (path, bytes) in &content {
        let name = path.rsplit('/').next().unwrap_or_default();
        let wanted = path.ends_with("_index.md") || path.ends_with(".toml");
        if wanted || chosen.contains(path) || texts.contains(name) {
            desk.write(path, bytes);
        }
    }
    desk
}

fn tour(browser: &Browser, desk: &Desk, ignored: &[&str]) {
    desk.opas("build --root . --out public").expect(0, &["built"]);
    let public = desk.path("public");
    let origin = host(&public);
    let pages = pages(&public);
    assert!(pages.len() > ARTICLES, "{pages:?}");
    let axe = Axe::find();
    let mut wrong = Vec::new();
    for page in &pages {
        browser.screen(1280, 900);
        browser.open(&hosted(&origin, page));
        if page.contains("?q=") {
            browser.until("document.querySelector('.hit')");
        }
        let traffic = browser.traffic();
        let foreign = |url: &&String| !url.starts_with(&origin) && !url.starts_with("data:");
        wrong.extend(traffic.requests.iter().filter(foreign).map(|u| format!("/{page} asks {u}")));
        wrong.extend(traffic.errors.iter().map(|error| format!("/{page}: {error}")));
        assert_eq!(browser.js("document.cookie"), "", "/{page}");
        if let Some(axe) = &axe {
            let violations = axe.violations(browser, page).into_iter();
            wrong.extend(violations.filter(|v| !ignored.iter().any(|rule| v.contains(rule))));
            // axe itself asks for what the policy forbids.
            browser.traffic();
        }
        browser.screen(320, 640);
        let wide = browser.js("document.documentElement.scrollWidth").as_u64().unwrap();
        if wide > 320 {
            wrong.push(format!("/{page} is {wide} wide at 320"));
        }
    }
    browser.screen(1280, 900);
    browser.scripts(false);
    for page in pages.iter().filter(|page| !page.contains('?')) {
        browser.open(&hosted(&origin, page));
        let said = browser.read("main").chars().count();
        let title = browser.read("h1");
        if title.is_empty() || said <= title.chars().count() {
            wrong.push(format!("/{page} says nothing without scripts"));
        }
        if browser.js("[...document.images].some((i) => i.src === '')") == true {
            wrong.push(format!("/{page} shows no pictures without scripts"));
        }
    }
    browser.scripts(true);
    browser.traffic();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The addresses of the lists that there are, and of articles and categories from all over.
fn pages(public: &Path) -> Vec<String> {
    let there = |page: &&&str| {
        let path = public.join(page.split('?').next().unwrap_or_default());
        path.is_file() || path.join("index.html").is_file()
    };
    let mut pages: Vec<String> = LISTS.iter().filter(there).map(|page| page.to_string()).collect();
    let files = walkdir::WalkDir::new(public).sort_by_file_name().into_iter().map(Result::unwrap);
    let articles: Vec<String> = files
        .filter(|entry| entry.file_name() == "index.html")
        .filter(|entry| {
            fs::read_to_string(entry.path()).is_ok_and(|html| html.contains("class=\"breadcrumb"))
        })
        .map(|entry| {
            let folder = entry.path().parent().unwrap().strip_prefix(public).unwrap();
            format!("{}/", folder.to_str().unwrap())
        })
        .collect();
    let step = articles.len().div_ceil(ARTICLES).max(1);
    pages.extend(articles.into_iter().step_by(step));
    pages
}
