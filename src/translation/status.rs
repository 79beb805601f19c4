//! What is translated, what is not, and what was translated from an older state.

use serde::Serialize;

use crate::audience::Visibility;
use crate::path::SourcePath;
use crate::site::{LanguageId, Page, Role, Site};

use crate::article::state::{changes, state};

/// How a translation stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase", tag = "state")]
pub enum State {
    /// Marked with the original's present state.
    Current,
    /// There, but it does not say which state it translates.
    Unmarked,
    /// The original changed: headings of its new or changed sections, and how many are gone.
    Stale {
        changed: Vec<String>,
        gone: usize,
    },
    Missing,
    /// Marked as a translation, and its original is gone.
    Orphaned,
}

/// An article in a language that is not the default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub language: String,
    /// The original, or the orphan's own file.
    pub original: SourcePath,
    pub translation: Option<SourcePath>,
    #[serde(flatten)]
    pub state: State,
}

/// All translations by language and original.
pub fn status(site: &Site) -> Vec<Entry> {
    let mut entries = Vec::new();
    for i in 1..site.config.languages.len() {
        let language = LanguageId(i as u8);
        let code = site.language(language).to_owned();
        // What is for nobody, as the portal lacks its module, nobody has to translate.
        let counts =
            |page: &&Page| page.role == Role::Article && page.visibility != Visibility::NOBODY;
        for page in site.pages.iter().filter(counts) {
            if page.language == LanguageId::DEFAULT {
                let twin = twin(site, page, language);
                entries.push(Entry {
                    language: code.clone(),
                    original: page.article.path.clone(),
                    translation: twin.map(|twin| twin.article.path.clone()),
                    state: twin.map_or(State::Missing, |twin| state_of(twin, page)),
                });
            } else if page.language == language
                && page.original.is_none()
                && page.article.front.source_hash.is_some()
                && twin(site, page, LanguageId::DEFAULT).is_none()
            {
                entries.push(Entry {
                    language: code.clone(),
                    original: page.article.path.clone(),
                    translation: Some(page.article.path.clone()),
                    state: State::Orphaned,
                });
            }
        }
    }
    entries
}

/// The real page in another language, no stand-in.
fn twin<'a>(site: &'a Site, page: &Page, language: LanguageId) -> Option<&'a Page> {
    let pages = page.translations.iter().map(|id| site.page(*id));
    pages.filter(|page| page.original.is_none()).find(|page| page.language == language)
}

/// How a translation stands to its original.
pub fn state_of(translation: &Page, original: &Page) -> State {
    let Some(marked) = &translation.article.front.source_hash else { return State::Unmarked };
    if marked.value == state(&original.article) {
        return State::Current;
    }
    let (changed, gone) = changes(&marked.value, &original.article);
    State::Stale { changed, gone }
}
