//! The queries by which writers want their articles found, asked of the index that is published.

use std::collections::BTreeMap;

use super::client::ask::{Options, ask};
use super::client::shards::Library;
use super::of_view::WithTexts;
use crate::diagnostic::{Diagnostic, Rule};
use crate::view::SiteView;

pub const NOT_FOUND_BY: Rule = Rule::warning(
    "not-found-by",
    "An article is not among the first hits of a query that its `find_by` names.",
);

/// Among so many hits an article counts as found.
const FIRST: usize = 3;

/// Whether there is anything to [`check`].
pub fn any(view: &SiteView) -> bool {
    view.articles().any(|page| !page.front().find_by.is_empty())
}

/// A finding for each query of a visible article's `find_by` that does not find it.
pub fn check(view: &SiteView, source: &WithTexts<'_>) -> Vec<Diagnostic> {
    let mut libraries: BTreeMap<&str, Option<Library<'_>>> = BTreeMap::new();
    let mut findings = Vec::new();
    // What stands in for a translation is found in its own language.
    for page in view.articles().filter(|page| !page.stands_in()) {
        for query in &page.front().find_by {
            let code = view.code(page.language());
            let library = libraries.entry(code).or_insert_with(|| Library::open(source, code));
            let Some(library) = library else { continue };
            let options = Options { limit: FIRST, ..Options::default() };
            let found = ask(library, &query.value, &options);
            let url = page.url().as_str();
            if found.results.iter().any(|hit| hit.address.split('#').next() == Some(url)) {
                continue;
            }
            let message = format!("`{}` does not find this article", query.value);
            let titles: Vec<&str> = found.results.iter().map(|hit| hit.title.as_str()).collect();
            let help = match titles.is_empty() {
                true => "it finds nothing at all; do the words stand in the text?".to_owned(),
                false => format!("it finds first: {}", titles.join("; ")),
            };
            let finding = Diagnostic::new(NOT_FOUND_BY, query.place.clone(), message);
            findings.push(finding.help(help));
        }
    }
    findings
}
