//! Texts with a place, and texts by language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Place;

/// A text with its place, for what a later check may complain about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Located<T> {
    pub value: T,
    pub place: Place,
}

/// A text for all languages, or one for each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocalText {
    pub(super) all: Option<String>,
    pub(super) by_language: BTreeMap<String, String>,
}

impl LocalText {
    pub fn one(text: impl Into<String>) -> LocalText {
        LocalText { all: Some(text.into()), by_language: BTreeMap::new() }
    }

    /// The language's text, else that for all, else the first of `languages` that has one.
    pub fn get<'a>(&'a self, language: &str, languages: &[String]) -> Option<&'a str> {
        self.by_language
            .get(language)
            .or(self.all.as_ref())
            .or_else(|| languages.iter().find_map(|l| self.by_language.get(l)))
            .map(String::as_str)
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_none() && self.by_language.is_empty()
    }
}
