//! Articles that readers can't tell apart by their titles.

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, Place, Rule};
use crate::site::resolve::title_key;
use crate::site::{LanguageId, Page, Role, Site};

pub const DUPLICATE_TITLE: Rule =
    Rule::warning("duplicate-title", "A title that another article of the language has too.");

pub fn check(site: &Site, findings: &mut Vec<Diagnostic>) {
    let mut first: FxHashMap<(LanguageId, String), &Page> = FxHashMap::default();
    for page in site.pages.iter().filter(|page| page.role == Role::Article) {
        let key = (page.language, title_key(&page.title));
        let Some(other) = first.get(&key) else {
            first.insert(key, page);
            continue;
        };
        let place = match &page.article.front.title {
            Some(title) => title.place.clone(),
            None => Place::file(page.article.path.clone()),
        };
        let message = format!("`{}` has the title `{}` too", other.article.path, page.title);
        let help = "say in the title what sets this article apart";
        findings.push(Diagnostic::new(DUPLICATE_TITLE, place, message).help(help));
    }
}
