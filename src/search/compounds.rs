//! Parts of compounds: `laskutus` inside `massalaskutus`, `katsaus` inside `yleiskatsaus`.
//!
//! 1. A word is split where both parts are words of the manual; the second may be another form of
//!    one (`palkkatapahtumista`, where there is only `tapahtuma`).
//! 2. A first part that is no word of its own (`yleis-`, `esi-`) counts where it stands before
//!    several words of the manual.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::grouping::Stems;
use super::language::Lexicon;

/// Shorter parts are mostly endings by another name.
const MIN_FIRST: usize = 4;
const MIN_SECOND: usize = 4;
/// A second part that is found by its stem, and that stem.
const MIN_OTHER_FORM: usize = 5;
const MIN_STEM: usize = 4;
/// First parts that are no words of their own, and words that follow them.
const MIN_BOUND: usize = 3;
const MIN_AFTER_BOUND: usize = 5;
/// Before so many words a first part has to stand.
const SEVERAL: usize = 3;

/// What may be parts of compounds, and compounds: the words of the manual but for codes, by number.
pub struct Parts<'a> {
    pub stems: &'a Stems<'a>,
    pub group_of: &'a [u32],
    /// Whether more than one article has a form of its group.
    pub often: &'a [bool],
    pub stop: &'a [bool],
}

/// By form: the compounds that it is a part of.
pub fn parts(words: &Parts<'_>) -> Vec<Vec<u32>> {
    let Parts { stems, group_of, often, stop } = words;
    let (texts, lexicon) = (stems.forms(), stems.lexicon());
    let known: FxHashMap<&str, u32> = texts
        .iter()
        .enumerate()
        .filter(|&(place, text)| often[place] && text.chars().count() >= MIN_FIRST)
        .map(|(place, text)| (*text, place as u32))
        .collect();
    let other_forms = OtherForms::new(words, &known);
    let found: Vec<Found<'_>> = (0..texts.len())
        .into_par_iter()
        .with_min_len(1_000)
        .fold(
            || (lexicon.clone(), Found::default()),
            |(mut lexicon, mut found), place| {
                found.split(words, place, &known, |form| other_forms.word(form, &mut lexicon));
                (lexicon, found)
            },
        )
        .map(|(_, found)| found)
        .collect();

    let mut compounds = vec![Vec::new(); texts.len()];
    let mut bound: FxHashMap<&str, Vec<(u32, u32)>> = FxHashMap::default();
    for found in found {
        for (part, place) in found.parts {
            // A stop word tells where to split, but isn't what the compound is about.
            if !stop[part as usize] {
                compounds[part as usize].push(place);
            }
        }
        for (first, after, place) in found.bound {
            bound.entry(first).or_default().push((after, place));
        }
    }
    for after in bound.into_values() {
        let different: FxHashSet<u32> = after.iter().map(|x| group_of[x.0 as usize]).collect();
        if different.len() < SEVERAL {
            continue;
        }
        for (second, place) in after {
            if !stop[second as usize] && group_of[second as usize] != group_of[place as usize] {
                compounds[second as usize].push(place);
            }
        }
    }
    for list in &mut compounds {
        list.sort_unstable();
        list.dedup();
    }
    compounds
}

/// The splits of some words.
#[derive(Default)]
struct Found<'a> {
    /// A part, and the whole.
    parts: Vec<(u32, u32)>,
    /// What stands before a known word, that word, and the whole.
    bound: Vec<(&'a str, u32, u32)>,
}

impl<'a> Found<'a> {
    fn split(
        &mut self,
        words: &Parts<'a>,
        place: usize,
        known: &FxHashMap<&str, u32>,
        mut other_form: impl FnMut(&str) -> Option<u32>,
    ) {
        let (text, group_of) = (words.stems.forms()[place], words.group_of);
        let letters: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let mut split = false;
        for i in MIN_BOUND..=letters.len().saturating_sub(MIN_SECOND) {
            let (first, second) = text.split_at(letters[i]);
            let word = || known.get(first).or_else(|| known.get(first.strip_suffix(['s', '-'])?));
            let word = if i >= MIN_FIRST { word().copied() } else { None };
            let rest = letters.len() - i;
            let after = known.get(second).copied();
            let after = after.or_else(|| {
                // The first part of a word's own form is that word.
                let first = word.filter(|&first| group_of[first as usize] != group_of[place])?;
                let second = (rest >= MIN_OTHER_FORM).then(|| other_form(second))??;
                (second != first).then_some(second)
            });
            let Some(after) = after else { continue };
            if let Some(first) = word {
                split = true;
                self.parts.extend([(first, place as u32), (after, place as u32)]);
            } else if !split && rest >= MIN_AFTER_BOUND {
                self.bound.push((first, after, place as u32));
            }
        }
    }
}

/// Words by the stem that their forms share.
struct OtherForms<'a>(FxHashMap<&'a str, u32>);

impl<'a> OtherForms<'a> {
    fn new(words: &Parts<'a>, known: &FxHashMap<&str, u32>) -> OtherForms<'a> {
        let texts = words.stems.forms();
        let mut by_stem: FxHashMap<&str, u32> = FxHashMap::default();
        for (place, stem) in words.stems.all().iter().enumerate() {
            if words.stop[place] || !known.contains_key(texts[place]) {
                continue;
            }
            // The shortest stands for the rest.
            let own = by_stem.entry(stem.as_str()).or_insert(place as u32);
            if texts[place].len() < texts[*own as usize].len() {
                *own = place as u32;
            }
        }
        OtherForms(by_stem)
    }

    fn word(&self, form: &str, lexicon: &mut Lexicon) -> Option<u32> {
        let mut stem = String::new();
        lexicon.stem(form, &mut stem);
        let long = stem.chars().count() >= MIN_STEM;
        self.0.get(stem.as_str()).copied().filter(|_| long)
    }
}
