//! The house's synonyms, as far as they tell the reader nothing.
//!
//! The list is for the whole portal, and the search of each audience gets it. A word that only
//! texts for others have would tell of them: with it, it is no use to this reader anyway.

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::audience::Reader;
use crate::site::{LanguageId, PageId};

use super::SiteView;

impl SiteView {
    /// Pairs of which whoever types the first means the second too.
    pub fn synonyms(&self, language: LanguageId) -> Vec<(&str, &str)> {
        let pairs: Vec<(&str, &str)> = self
            .config()
            .synonyms
            .of(self.code(language))
            .map(|(from, to)| (from.as_str(), to.as_str()))
            .collect();
        let hidden = self.hidden_among(pairs.iter().flat_map(|(from, _)| words(from)).collect());
        let tells = |text: &str| words(text).any(|word| hidden.contains(&word));
        pairs.into_iter().filter(|(from, _)| !tells(from)).collect()
    }

    /// Those of the words that hidden texts have and visible ones have not.
    fn hidden_among(&self, wanted: FxHashSet<String>) -> FxHashSet<String> {
        if wanted.is_empty() {
            return wanted;
        }
        let hides = |id: &PageId| {
            let page = self.site.page(*id);
            let mut parts = page.article.document.restrictions.iter();
            !self.pages[id.index()] || parts.any(|part| !part.visibility.seen_by(self.reader))
        };
        let hiding: Vec<PageId> = self.site.page_ids().filter(hides).collect();
        let mut hidden = found(&wanted, &hiding, &|id| {
            let page = self.site.page(id);
            let front = &page.article.front;
            let text = page.article.document.read(Reader::Auditor).plain_text();
            let description = front.description.clone().unwrap_or_default();
            [text, page.title.clone(), description, front.tags.join(" ")].join("\n")
        });
        if hidden.is_empty() {
            return hidden;
        }
        let visible: Vec<PageId> = self.page_ids().collect();
        let seen = found(&hidden, &visible, &|id| {
            let Some(page) = self.page(id) else { return String::new() };
            let summary = page.front().description.clone().unwrap_or_default();
            let tags = page.front().tags.join(" ");
            [page.reading().plain_text(), page.title().to_owned(), summary, tags].join("\n")
        });
        hidden.retain(|word| !seen.contains(word));
        hidden
    }
}

/// Those of the words that the pages have.
fn found(
    wanted: &FxHashSet<String>,
    pages: &[PageId],
    text: &(dyn Fn(PageId) -> String + Sync),
) -> FxHashSet<String> {
    let found = pages.par_iter().flat_map_iter(|id| {
        let text = text(*id);
        let found: FxHashSet<String> = words(&text).filter(|word| wanted.contains(word)).collect();
        found
    });
    found.collect()
}

/// Runs of letters and digits, in lower case.
fn words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '\u{ad}');
    words.filter(|word| !word.is_empty()).map(|word| word.replace('\u{ad}', "").to_lowercase())
}
