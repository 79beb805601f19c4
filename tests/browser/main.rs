//! The portal as its readers have it: Chromium, driven through chromedriver.
//!
//! 1. [`driver`] starts one Chromium, and ends it whatever happens.
//! 2. [`site`] writes a portal, builds it with the real binary, and serves it twice: by `opas
//!    serve`, and as files below a path with the strict content security policy.
//! 3. The chapters, from [`read`] to [`live`], each begin as a new reader. One that fails does
//!    not keep the others from being read; all that failed is told at the end.
//!
//! Without Chromium and chromedriver the suite is left out and says so; where `CI` or `OPAS_BROWSER`
//! is set, that is a failure. `OPAS_BROWSER_CHAPTER` picks chapters by a part of their name.

mod access;
mod comfort;
#[path = "../desk/mod.rs"]
mod desk;
mod driver;
mod elsewhere;
mod habits;
mod live;
mod look;
mod read;
mod safety;
mod search;
mod site;
mod tour;

use std::env;
use std::io::{Write, stderr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use driver::{Browser, Tools};
use site::Site;

type Chapter = (&'static str, fn(&Browser, &Site));

const CHAPTERS: &[Chapter] = &[
    ("browsing", read::browsing),
    ("choices are remembered", read::choices),
    ("pictures zoom", read::zoom),
    ("code is copied", read::copy),
    ("words are explained", comfort::terms),
    ("annotated pictures zoom", comfort::annotated),
    ("films", comfort::films),
    ("help by people", comfort::help),
    ("versions in the search", comfort::versions),
    ("comfort for everybody", comfort::for_everybody),
    ("without scripts", read::without_scripts),
    ("the overlay finds", search::overlay),
    ("the search page finds", search::page),
    ("mistakes are mended", search::mistakes),
    ("search from disk", search::from_disk),
    ("narrowing down", habits::narrowing),
    ("coming back to the hits", habits::coming_back),
    ("asking again", habits::asking_again),
    ("queries at length", habits::at_length),
    ("hits of other languages", elsewhere::page),
    ("hits enough", elsewhere::enough),
    ("the overlay leads to other languages", elsewhere::overlay),
    ("a dead link", search::dead_link),
    ("phones", look::phones),
    ("the menu", look::menu),
    ("light and dark", look::schemes),
    ("notes for admins", look::admin_notes),
    ("nothing from elsewhere", safety::requests),
    ("nothing jumps", safety::pictures),
    ("for everybody", access::axe),
    ("the own manual", tour::own_manual),
    ("real portals", tour::real_portals),
    ("a changed text", live::text),
    ("a changed style", live::style),
    ("a broken file", live::broken),
    ("a publish meanwhile", search::publish),
    ("a part of the search is missing", search::missing),
];

#[test]
fn the_portal_in_a_browser() {
    let Some(tools) = Tools::find() else {
        let left_out = "the browser suite was left out: no Chromium/chromedriver found";
        let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        assert!(!set("CI") && !set("OPAS_BROWSER"), "{left_out}");
        tell(left_out);
        return;
    };
    let site = Site::new();
    let browser = Browser::start(&tools);
    let only = env::var("OPAS_BROWSER_CHAPTER").unwrap_or_default();
    let mut failed = Vec::new();
    for (name, chapter) in CHAPTERS.iter().filter(|(name, _)| name.contains(&only)) {
        let start = Instant::now();
        let run = catch_unwind(AssertUnwindSafe(|| {
            browser.fresh(&[&site.served, &site.host]);
            chapter(&browser, &site);
        }));
        println!("{name}: {:.1} s", start.elapsed().as_secs_f32());
        if run.is_err() {
            failed.push(*name);
        }
    }
    assert!(failed.is_empty(), "failed: {failed:?}; what and where is said above");
}

/// Says it even where the test passes, which keeps what `eprintln!` says to itself.
fn tell(line: &str) {
    let mut out = stderr();
    writeln!(out, "{line}").unwrap();
}
