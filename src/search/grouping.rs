//! Which word forms are forms of one word, so that the browser needs no stemmer.
//!
//! 1. Forms of one stem, by tantivy's stemmer for the language, are a group.

use std::sync::OnceLock;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::language::Lexicon;
use super::words::is_code;

/// The stems of forms, found out when they are first asked for.
pub struct Stems<'a> {
    forms: &'a [&'a str],
    lexicon: &'a Lexicon,
    found: OnceLock<Vec<Option<String>>>,
}

impl<'a> Stems<'a> {
    pub fn new(forms: &'a [&'a str], lexicon: &'a Lexicon) -> Stems<'a> {
        Stems { forms, lexicon, found: OnceLock::new() }
    }

    pub fn forms(&self) -> &'a [&'a str] {
        self.forms
    }

    pub fn lexicon(&self) -> &'a Lexicon {
        self.lexicon
    }

    /// By form; none for codes.
    pub fn all(&self) -> &[Option<String>] {
        self.found.get_or_init(|| {
            let stem = |lexicon: &mut Lexicon, form: &&str| {
                (!is_code(form)).then(|| {
                    let mut stem = String::new();
                    lexicon.stem(form, &mut stem);
                    stem
                })
            };
            let forms = self.forms.par_iter().with_min_len(1_000);
            forms.map_init(|| self.lexicon.clone(), stem).collect()
        })
    }
}

/// A group's number by form; groups are numbered by their first form.
pub fn group(stems: &Stems<'_>) -> Vec<u32> {
    let mut by_stem: FxHashMap<&str, u32> = FxHashMap::default();
    let mut next = 0;
    let mut number = || {
        next += 1;
        next - 1
    };
    let stems = stems.all().iter().map(Option::as_deref);
    let group = stems.map(|stem| match stem {
        Some(stem) => *by_stem.entry(stem).or_insert_with(&mut number),
        None => number(),
    });
    group.collect()
}
