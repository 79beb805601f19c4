//! Full-text search that needs no server: an index built here, read by a script in the browser.
//!
//! 1. [`input`] is all that goes in: the texts that one audience may read.
//! 2. [`analyse`] cuts an article into [`words`] and weighs them; one article at a time.
//! 3. [`merge`] lets tantivy invert them ([`postings`]), groups the forms of each word
//!    ([`grouping`]), splits compounds ([`compounds`]) and notes which words are neighbours.
//! 4. [`export`] writes small shards in the format of [`wire`].
//! 5. [`client`] asks these shards, step by step as the theme's `search.js` does in the browser.

pub mod analyse;
pub mod client;
pub mod compounds;
pub mod export;
pub mod find_by;
pub mod gradation;
pub mod grouping;
pub mod input;
pub mod language;
pub mod merge;
pub mod of_view;
pub mod postings;
pub mod related;
mod script;
pub mod wire;
pub mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

pub use script::script;

use input::{ArticleInput, LanguageInput, SearchInput};

/// Why an index could not be made: a fault in this program, never in the articles.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    #[error("the search index of `{0}` could not be built: {1}")]
    Index(String, tantivy::TantivyError),
    #[error("the search index of `{0}` could not be written: {1}")]
    Export(String, serde_json::Error),
}

/// The index of a portal for one audience, as files.
#[derive(Default)]
pub struct SearchIndex {
    files: BTreeMap<String, Vec<u8>>,
    languages: Vec<String>,
    related: BTreeMap<String, Vec<String>>,
}

impl SearchIndex {
    /// By path below `search/`: everything but `search.js`.
    pub fn files(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.files
    }

    /// The articles most like the one at a path, the best first; by path, of the same language.
    pub fn related(&self, path: &str) -> &[String] {
        self.related.get(path).map_or(&[], Vec::as_slice)
    }

    /// The shards of a language, ready to be asked; `None` for one that the portal doesn't have.
    pub fn library(&self, code: &str) -> Option<client::shards::Library<'_>> {
        client::shards::Library::open(&self.files, code)
    }

    /// Codes, the default first.
    pub fn languages(&self) -> &[String] {
        &self.languages
    }
}

/// Builds the index. The same input gives the same bytes on any number of threads.
///
/// # Errors
///
/// See [`SearchError`].
pub fn build(input: &SearchInput) -> Result<SearchIndex, SearchError> {
    let mut index = SearchIndex::default();
    for language in &input.languages {
        let articles = numbered(language);
        let analysed = articles.par_iter().map(|a| Arc::new(analyse::analyse(a))).collect();
        let merged = merge::merge(&Arc::new(analysed), &language.code)
            .map_err(|e| SearchError::Index(language.code.clone(), e))?;
        let files = export::export(language, &articles, &merged)
            .map_err(|e| SearchError::Export(language.code.clone(), e))?;
        for (article, list) in articles.iter().zip(related::related(&merged)) {
            let list = list.iter().map(|&doc| articles[doc as usize].path.clone()).collect();
            index.related.insert(article.path.clone(), list);
        }
        index.files.extend(files);
        index.languages.push(language.code.clone());
    }
    Ok(index)
}

/// The articles in the order of their paths, which numbers them.
fn numbered(language: &LanguageInput) -> Vec<&ArticleInput> {
    let mut articles: Vec<&ArticleInput> = language.articles.iter().collect();
    articles.sort_by(|a, b| wire::utf16_order(&a.path, &b.path));
    articles
}
