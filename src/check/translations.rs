//! Translations that are missing, that lag behind their original, or that have lost it.

use std::collections::BTreeMap;

use crate::config::FILE_NAME;
use crate::diagnostic::{Diagnostic, Place, Rule};
use crate::path::SourcePath;
use crate::site::Site;
use crate::translation::status::{State, status};

pub const MISSING_TRANSLATION: Rule =
    Rule::warning("missing-translation", "Articles that a language does not have.");
pub const STALE_TRANSLATION: Rule =
    Rule::warning("stale-translation", "A translation whose original has changed since.");
pub const ORPHANED_TRANSLATION: Rule =
    Rule::warning("orphaned-translation", "A translation whose original is gone.");

pub fn check(site: &Site, findings: &mut Vec<Diagnostic>) {
    let mut missing: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for entry in status(site) {
        let place = || Place::file(entry.translation.clone().unwrap_or(entry.original.clone()));
        let (lacking, all) = missing.entry(entry.language.clone()).or_default();
        *all += usize::from(entry.state != State::Orphaned);
        match &entry.state {
            State::Missing => *lacking += 1,
            State::Stale { changed, gone } => {
                let message =
                    format!("`{}` has changed since: {}", entry.original, what(changed, *gone));
                let help = "translate the change, then run `opas translate mark` on this file";
                findings.push(Diagnostic::new(STALE_TRANSLATION, place(), message).help(help));
            }
            State::Orphaned => {
                let message = "the article that this translates is gone";
                let help =
                    "remove the translation, or its `source_hash` if it stands by itself now";
                findings.push(Diagnostic::new(ORPHANED_TRANSLATION, place(), message).help(help));
            }
            State::Current | State::Unmarked => {}
        }
    }
    for (language, (lacking, all)) in missing {
        if lacking > 0 {
            let place = Place::file(SourcePath::new(FILE_NAME));
            let message = format!("`{language}` lacks {lacking} of {all} articles");
            let help = "`opas translate status` lists them";
            findings.push(Diagnostic::new(MISSING_TRANSLATION, place, message).help(help));
        }
    }
}

fn what(changed: &[String], gone: usize) -> String {
    let mut parts: Vec<String> = changed
        .iter()
        .map(|heading| match heading.as_str() {
            "" => "the text at its start".to_owned(),
            heading => format!("\"{heading}\""),
        })
        .collect();
    if gone > 0 {
        parts.push(format!("{gone} of its sections gone"));
    }
    if parts.is_empty() {
        parts.push("the order of its sections".to_owned());
    }
    parts.join(", ")
}
