//! Parts of compounds: `laskutus` inside `massalaskutus`, `katsaus` inside `yleiskatsaus`.
//!
//! 1. A word is split where both parts are words of the manual; the second may be another form of
//!    one (`palkkatapahtumista`, where there is only `tapahtuma`).
//! 2. A first part that is no word of its own (`yleis-`, `esi-`) counts where it stands before
//!    several words of the manual.

use rustc_hash::{FxHashMap, FxHashSet};

use super::language::Lexicon;
use super::merge::Group;
use super::words::is_code;

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

/// What may be parts of compounds, and compounds: the words of the manual, by number.
pub struct Parts<'a> {
    pub texts: &'a [&'a str],
    pub group_of: &'a [u32],
    pub groups: &'a [Group],
    pub stop: &'a [bool],
}

/// By form: the compounds that it is a part of.
pub fn parts(words: &Parts<'_>, lexicon: &mut Lexicon) -> Vec<Vec<u32>> {
    let Parts { texts, group_of, groups, stop } = words;
    let known: FxHashMap<&str, u32> = texts
        .iter()
        .enumerate()
        .filter(|&(place, text)| {
            let often = groups[group_of[place] as usize].often > 1;
            often && text.chars().count() >= MIN_FIRST && !is_code(text)
        })
        .map(|(place, text)| (*text, place as u32))
        .collect();
    let mut other_forms = OtherForms::new(words, &known, lexicon);
    let mut compounds = vec![Vec::new(); texts.len()];
    // By what stands before a known word: that word, and the whole.
    let mut bound: FxHashMap<&str, Vec<(u32, u32)>> = FxHashMap::default();
    for (place, text) in texts.iter().enumerate() {
        if is_code(text) {
            continue;
        }
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
                let second = (rest >= MIN_OTHER_FORM).then(|| other_forms.word(second))??;
                (second != first).then_some(second)
            });
            let Some(after) = after else { continue };
            if let Some(first) = word {
                split = true;
                for part in [first, after].map(|part| part as usize) {
                    // A stop word tells where to split, but isn't what the compound is about.
                    if !stop[part] {
                        compounds[part].push(place as u32);
                    }
                }
            } else if !split && rest >= MIN_AFTER_BOUND {
                bound.entry(first).or_default().push((after, place as u32));
            }
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

/// Words by the stem that their forms share.
struct OtherForms<'a> {
    by_stem: FxHashMap<String, u32>,
    lexicon: &'a mut Lexicon,
    stem: String,
}

impl<'a> OtherForms<'a> {
    fn new(
        words: &Parts<'_>,
        known: &FxHashMap<&str, u32>,
        lexicon: &'a mut Lexicon,
    ) -> OtherForms<'a> {
        let mut forms = OtherForms { by_stem: FxHashMap::default(), lexicon, stem: String::new() };
        for (place, text) in words.texts.iter().enumerate() {
            if words.stop[place] || !known.contains_key(text) {
                continue;
            }
            forms.lexicon.stem(text, &mut forms.stem);
            // The shortest stands for the rest.
            let own = forms.by_stem.entry(forms.stem.clone()).or_insert(place as u32);
            if text.len() < words.texts[*own as usize].len() {
                *own = place as u32;
            }
        }
        forms
    }

    fn word(&mut self, form: &str) -> Option<u32> {
        self.lexicon.stem(form, &mut self.stem);
        let long = self.stem.chars().count() >= MIN_STEM;
        self.by_stem.get(&self.stem).copied().filter(|_| long)
    }
}
