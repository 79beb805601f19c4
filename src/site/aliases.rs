//! Old addresses that lead to an article, and screens of the product that it explains.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Rule};
use crate::path::UrlPath;

use super::address::Register;
use super::tree::Roots;
use super::{LanguageId, Page, PageId, Redirect};

pub const DUPLICATE_ALIAS: Rule =
    Rule::warning("duplicate-alias", "An old address that something else has.");
pub const DUPLICATE_CONTEXT: Rule =
    Rule::warning("duplicate-context", "A screen that two articles say they explain.");

/// The old addresses, by address. One that is no address, or that something else has, is a finding.
pub fn redirects(
    pages: &[Page],
    roots: &Roots,
    register: &Register,
    findings: &mut Vec<Diagnostic>,
) -> Vec<Redirect> {
    let mut taken: BTreeMap<UrlPath, PageId> = BTreeMap::new();
    // What stands in for a translation has no old addresses of its own.
    for (i, page) in pages.iter().enumerate().filter(|(_, page)| page.original.is_none()) {
        for alias in &page.article.front.aliases {
            let problem = |message: String, help: &str| {
                Diagnostic::new(DUPLICATE_ALIAS, alias.place.clone(), message).help(help)
            };
            let Some(from) = alias_url(&alias.value) else {
                findings.push(problem(
                    format!("`{}` is no address within the portal", alias.value),
                    "write it as it stood behind the portal's address: /old/name/",
                ));
                continue;
            };
            let first = from.as_str().split('/').next().unwrap_or("");
            let own = first == "assets" || (first == "search" && roots.prefixes.len() == 1);
            let holder = register
                .holder(&from)
                .or_else(|| taken.get(&from).map(|id: &PageId| &pages[id.index()].article.path));
            if let Some(holder) = holder {
                let message = format!("`{holder}` has the address `/{from}` already");
                findings.push(problem(message, "take the alias out of one of the two"));
            } else if own || roots.prefixes.iter().any(|p| p == from.as_str()) {
                let message = format!("the address `/{from}` is Opas's own");
                findings.push(problem(message, "take the alias out"));
            } else {
                taken.insert(from, PageId(i as u32));
            }
        }
    }
    taken.into_iter().map(|(from, to)| Redirect { from, to }).collect()
}

/// An alias as an address: `/old/name.html` stays, a folder gets its slash. `None` where it can't
/// be a file of the output.
fn alias_url(alias: &str) -> Option<UrlPath> {
    let path = alias.trim().trim_start_matches('/');
    let path = path.split(['?', '#']).next().unwrap_or("");
    let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).collect();
    let plain = |part: &&str| {
        *part != "."
            && *part != ".."
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~%".contains(&b))
            && !percent_encoding::percent_decode_str(part).any(|b| b == b'/' || b < b' ')
    };
    if parts.is_empty() || !parts.iter().all(plain) {
        return None;
    }
    let file = parts.last().is_some_and(|last| last.ends_with(".html") || last.ends_with(".htm"));
    Some(UrlPath::new(format!("{}{}", parts.join("/"), if file { "" } else { "/" })))
}

/// The page of each screen, by language. A screen that two articles explain is a finding.
pub fn contexts(
    pages: &[Page],
    findings: &mut Vec<Diagnostic>,
) -> BTreeMap<(LanguageId, String), PageId> {
    let mut contexts: BTreeMap<(LanguageId, String), PageId> = BTreeMap::new();
    for (i, page) in pages.iter().enumerate() {
        for context in &page.article.front.contexts {
            let key = (page.language, context.value.clone());
            if let Some(other) = contexts.get(&key) {
                let other = &pages[other.index()].article.path;
                let message = format!("`{other}` explains the screen `{}` already", context.value);
                findings.push(
                    Diagnostic::new(DUPLICATE_CONTEXT, context.place.clone(), message)
                        .help("take the screen out of one of the two"),
                );
            } else {
                contexts.insert(key, PageId(i as u32));
            }
        }
    }
    contexts
}
