//! Which word forms are forms of one word, so that the browser needs no stemmer.
//!
//! 1. Forms of one stem, by tantivy's stemmer for the language, are a group.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::language::Lexicon;
use super::words::is_code;

/// A group's number by form; groups are numbered by their first form.
pub fn group(forms: &[&str], lexicon: &Lexicon) -> Vec<u32> {
    let stem = |lexicon: &mut Lexicon, form: &&str| {
        (!is_code(form)).then(|| {
            let mut stem = String::new();
            lexicon.stem(form, &mut stem);
            stem
        })
    };
    let stems = forms.par_iter().with_min_len(1_000).map_init(|| lexicon.clone(), stem);
    let stems: Vec<Option<String>> = stems.collect();
    let mut by_stem: FxHashMap<String, u32> = FxHashMap::default();
    let mut next = 0;
    let mut number = || {
        next += 1;
        next - 1
    };
    let group = |stem: Option<String>| match stem {
        Some(stem) => *by_stem.entry(stem).or_insert_with(&mut number),
        None => number(),
    };
    stems.into_iter().map(group).collect()
}
