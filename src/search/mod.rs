//! Full-text search that needs no server: an index built here, read by a script in the browser.
//!
//! 1. [`input`] is all that goes in: the texts that one audience may read.
//! 2. [`analyse`] cuts an article into [`words`] and weighs them; one article at a time. With its
//!    [`record`] that is all that is kept of it.
//! 3. They are [`inverted`] ([`vocabulary`], [`postings`], [`streams`]), as far as no earlier build has
//!    done so ([`base`]). [`merge`] groups the forms of each word
//!    ([`grouping`]) by tantivy's stemmers ([`language`]), splits compounds ([`compounds`]) and notes
//!    which words are neighbours ([`neighbours`]).
//! 4. [`export`] writes small shards in the format of [`wire`].
//! 5. [`client`] asks these shards, step by step as the theme's `js/search/` does in the browser.

pub mod analyse;
pub mod base;
pub mod beginnings;
pub mod client;
mod columns;
pub mod compounds;
pub mod cuts;
pub mod export;
pub mod find_by;
mod form_table;
pub mod gradation;
pub mod grouping;
pub mod groupings;
mod guests;
pub mod input;
pub mod inverted;
mod json;
pub mod kept;
pub mod language;
pub mod listing;
pub mod merge;
pub mod neighbours;
pub mod of_view;
pub mod postings;
pub mod record;
pub mod related;
mod script;
pub mod shards;
mod stored;
pub mod streams;
pub mod vocabulary;
pub mod wire;
pub mod word_shards;
pub mod words;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

pub use script::script;

use analyse::{AnalysedArticle, Analyser};
use base::Ground;
use groupings::Groupings;
use input::{ArticleInput, LanguageInput, SearchInput};
use kept::Kept;
use merge::Merged;
use record::{Prepared, Record};
use shards::{Files, Names, Put};

use crate::site::PageId;

/// Why an index could not be made: a fault in this program, never in the articles.
#[derive(Debug, thiserror::Error)]
#[error("the search index could not be written: {0}")]
pub struct SearchError(#[from] serde_json::Error);

/// Whose texts a file holds.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    pub page: PageId,
    /// A hash of all that it is made from, where somebody has asked for it.
    pub key: Option<u128>,
}

/// The index of a portal for one audience, as files.
#[derive(Default)]
pub struct SearchIndex {
    files: Files,
    texts: BTreeMap<String, Text>,
    languages: Vec<String>,
    related: Vec<Related>,
}

/// A language's articles, and by article those most like it.
#[derive(Default)]
struct Related {
    records: Vec<Arc<Record>>,
    lists: Vec<Vec<u32>>,
}

impl SearchIndex {
    /// By path below `search/`: everything but `search.js` and [`SearchIndex::texts`]. Empty where
    /// they were handed over.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// By path below `search/`: the files of articles' texts, which [`of_view::text`] makes. They are as
    /// many as the articles, and few are ever asked for at once.
    pub fn texts(&self) -> &BTreeMap<String, Text> {
        &self.texts
    }

    /// The files and the texts, for whoever holds on to them.
    pub fn into_parts(self) -> (Files, BTreeMap<String, Text>) {
        // So many small things take their time to go.
        let related = self.related;
        rayon::spawn(move || drop(related));
        (self.files, self.texts)
    }

    /// The articles most like the one at a path, the best first; by path, of the same language.
    pub fn related(&self, path: &str) -> Vec<&str> {
        let found = self.related.iter().find_map(|Related { records, lists }| {
            let order = |record: &Arc<Record>| wire::utf16_order(&record.path, path);
            let list = &lists[records.binary_search_by(order).ok()?];
            Some(list.iter().map(|&doc| records[doc as usize].path.as_str()).collect())
        });
        found.unwrap_or_default()
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

impl SearchIndex {
    /// Adds languages, whose shards go to `put`.
    fn add(
        &mut self,
        languages: Vec<Begun>,
        kept: Option<&mut Kept>,
        put: Put<'_>,
    ) -> serde_json::Result<()> {
        let mut names = Names::new(put);
        for Begun { language, related, merged } in languages {
            let records: Vec<&Record> = related.records.iter().map(Arc::as_ref).collect();
            export::export(&language, &records, &merged, kept.as_deref(), &mut names)?;
            rayon::spawn(move || drop(merged));
            self.related.push(related);
            self.languages.push(language.code);
        }
        if let Some(kept) = kept {
            kept.turn_shards();
        }
        Ok(())
    }
}

/// Has `make` hand its files over, and gives them.
fn collect<E>(make: impl FnOnce(Put<'_>) -> Result<(), E>) -> Result<Files, E> {
    let files: Mutex<Files> = Mutex::default();
    let put = |path, file| {
        files.lock().unwrap_or_else(PoisonError::into_inner).insert(path, file);
    };
    make(&put)?;
    Ok(files.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// A language whose words are merged: who is like whom is known, its shards are not made yet.
struct Begun {
    language: LanguageInput,
    merged: Merged,
    related: Related,
}

impl Begun {
    /// The languages with their articles in the order of their paths.
    fn all(
        languages: Vec<(LanguageInput, Vec<Prepared>, Ground)>,
        mut kept: Option<&mut Kept>,
    ) -> Vec<Begun> {
        let known = |(language, articles, ground): (LanguageInput, _, _)| {
            let known = kept.as_mut().map(|kept| kept.take_groupings(&language.code));
            (language, articles, ground, known)
        };
        let all: Vec<_> = languages.into_iter().map(known).collect();
        let begin = |(language, articles, ground, mut known): (_, _, _, Option<Groupings>)| {
            (Begun::new(language, articles, ground, known.as_mut()), known)
        };
        let all: Vec<(Begun, Option<Groupings>)> = all.into_par_iter().map(begin).collect();
        let keep = |(begun, known): (Begun, Option<Groupings>)| {
            if let (Some(kept), Some(known)) = (&mut kept, known) {
                kept.keep_groupings(&begun.language.code, known);
            }
            begun
        };
        all.into_iter().map(keep).collect()
    }

    /// `articles` are in the order of their paths.
    fn new(
        language: LanguageInput,
        articles: Vec<Prepared>,
        mut ground: Ground,
        known: Option<&mut Groupings>,
    ) -> Begun {
        let (records, words): (Vec<Arc<Record>>, Vec<AnalysedArticle>) =
            articles.into_iter().map(|prepared| (prepared.record, prepared.words)).unzip();
        let inverted = ground.invert(words, &records);
        let count = records.len() as u32;
        let merged = merge::merge(inverted, count, &language.code, &ground, known);
        drop(ground);
        let lists = related::related(&merged);
        Begun { language, merged, related: Related { records, lists } }
    }
}

/// Builds the index of a portal that is here as a whole, its texts among the files. The same input
/// gives the same bytes on any number of threads, and whatever `kept` has.
///
/// # Errors
///
/// See [`SearchError`].
pub fn build(input: &SearchInput, mut kept: Option<&mut Kept>) -> Result<SearchIndex, SearchError> {
    let mut index = SearchIndex::default();
    let mut languages = Vec::new();
    for language in &input.languages {
        let articles = numbered(language);
        let before = kept.as_deref();
        let prepare = |analyser: &mut Analyser, article: &&ArticleInput| match before {
            Some(before) => before.prepare(article, analyser),
            None => Prepared::new(article, analyser).0,
        };
        let prepared: Vec<Prepared> =
            articles.par_iter().map_init(Analyser::default, prepare).collect();
        for (article, Prepared { record, .. }) in articles.iter().zip(&prepared) {
            index.files.insert(record.text_file(), record.text(&article.sections).into());
        }
        languages.push((
            LanguageInput { articles: Vec::new(), ..language.clone() },
            prepared,
            Ground::default(),
        ));
    }
    if let Some(kept) = &mut kept {
        kept.turn_articles();
    }
    let languages = Begun::all(languages, kept.as_deref_mut());
    let files = collect(|put| index.add(languages, kept, put))?;
    index.files.extend(files);
    Ok(index)
}

/// The articles in the order of their paths, which numbers them.
fn numbered(language: &LanguageInput) -> Vec<&ArticleInput> {
    let mut articles: Vec<&ArticleInput> = language.articles.iter().collect();
    articles.sort_by(|a, b| wire::utf16_order(&a.path, &b.path));
    articles
}
