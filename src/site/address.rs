//! Which address a file has: lower-case, transliterated, and no two the same.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, Place, Rule};
use crate::path::{SourcePath, UrlPath};
use crate::slug::slug_or;

pub const DUPLICATE_URL: Rule = Rule::error("duplicate-url", "Two sources for one address.");
pub const RESERVED_URL: Rule =
    Rule::error("reserved-url", "An address that Opas needs for a page of its own.");
pub const BAD_SLUG: Rule =
    Rule::warning("bad-slug", "A slug that can't stand in an address as it is.");

/// Taken at the top of every language.
pub const RESERVED: [&str; 9] =
    ["search", "tags", "contents", "a-z", "print", "go", "feeds", "assets", "404.html"];

/// The address part of a file or folder name: the `slug` if given, else made of the name.
pub fn segment(
    name: &str,
    given: Option<&crate::value::text::Located<String>>,
    findings: &mut Vec<Diagnostic>,
) -> String {
    let Some(given) = given else { return slug_or(name, "page") };
    let made = slug_or(&given.value, "page");
    if made != given.value {
        let message = format!("the slug `{}` becomes `{made}`", given.value);
        findings.push(
            Diagnostic::new(BAD_SLUG, given.place.clone(), message)
                .help("a slug holds lower-case letters a to z, digits and hyphens"),
        );
    }
    made
}

/// Who has which address. Whoever comes first keeps it.
#[derive(Default)]
pub struct Register {
    taken: FxHashMap<UrlPath, SourcePath>,
}

impl Register {
    /// Gives `url` to `path`; a collision is a finding and `false`.
    ///
    /// `prefix` is the language's own start of all addresses: empty or `en/`.
    pub fn claim(
        &mut self,
        url: &UrlPath,
        prefix: &str,
        path: &SourcePath,
        findings: &mut Vec<Diagnostic>,
    ) -> bool {
        let first = url.as_str()[prefix.len()..].split('/').next().unwrap_or("");
        if RESERVED.contains(&first) {
            let message = format!("the address `/{url}` is taken: `{first}` is Opas's own");
            let finding = Diagnostic::new(RESERVED_URL, Place::file(path.clone()), message);
            findings.push(finding.help("rename the file or folder, or give it a `slug`"));
            return false;
        }
        match self.taken.entry(url.clone()) {
            Entry::Vacant(place) => {
                place.insert(path.clone());
                true
            }
            Entry::Occupied(other) => {
                let other = other.get();
                let message = format!("`{other}` has the address `/{url}` already");
                let finding = Diagnostic::new(DUPLICATE_URL, Place::file(path.clone()), message);
                findings.push(finding.help("rename one of the two, or give it a `slug`"));
                false
            }
        }
    }

    /// For so many more.
    pub fn make_room(&mut self, addresses: usize) {
        self.taken.reserve(addresses);
    }

    pub fn holder(&self, url: &UrlPath) -> Option<&SourcePath> {
        self.taken.get(url)
    }
}
