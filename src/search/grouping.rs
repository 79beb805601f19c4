//! Which word forms are forms of one word, so that the browser needs no stemmer.
//!
//! 1. Forms of one stem, by tantivy's stemmer for the language, are a group.
//! 2. Codes and numbers are each a group of their own, and asked for nothing else: an edit that brings
//!    a new number brings no new word.

use std::sync::OnceLock;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::language::Lexicon;
use super::words::is_code;

/// The forms of a language that are no codes, among all of them.
pub struct Letters<'a> {
    pub texts: Vec<&'a str>,
    /// By form here, its number among all.
    pub places: Vec<u32>,
    /// How many there are with codes.
    all: usize,
}

impl<'a> Letters<'a> {
    pub fn of(texts: impl ExactSizeIterator<Item = &'a str>) -> Letters<'a> {
        let all = texts.len();
        let letters = texts.zip(0..).filter(|(text, _)| !is_code(text));
        let (texts, places) = letters.unzip();
        Letters { texts, places, all }
    }

    /// A group's number by form, codes among them, given the groups of these; numbered by their first
    /// forms.
    pub fn spread_groups(&self, groups: &[u32]) -> Vec<u32> {
        let mut numbers = vec![None; groups.iter().max().map_or(0, |last| *last as usize + 1)];
        let mut next = 0;
        let mut number = || {
            next += 1;
            next - 1
        };
        let mut own = self.places.iter().zip(groups).peekable();
        let group = |place: usize| match own.next_if(|(own, _)| **own as usize == place) {
            Some((_, group)) => *numbers[*group as usize].get_or_insert_with(&mut number),
            None => number(),
        };
        (0..self.all).map(group).collect()
    }

    /// Lists of such forms, by form, as lists of all forms.
    pub fn spread_lists(&self, lists: &[Vec<u32>]) -> Vec<Vec<u32>> {
        let mut all = vec![Vec::new(); self.all];
        for (place, list) in self.places.iter().zip(lists) {
            all[*place as usize] = list.iter().map(|&own| self.places[own as usize]).collect();
        }
        all
    }

    /// Of all forms' marks, those of these.
    pub fn pick<T: Copy>(&self, all: &[T]) -> Vec<T> {
        self.places.iter().map(|&place| all[place as usize]).collect()
    }
}

/// The stems of forms, found out when they are first asked for.
pub struct Stems<'a> {
    forms: &'a [&'a str],
    lexicon: &'a Lexicon,
    found: OnceLock<Vec<String>>,
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

    /// By form.
    pub fn all(&self) -> &[String] {
        self.found.get_or_init(|| {
            let stem = |lexicon: &mut Lexicon, form: &&str| {
                let mut stem = String::new();
                lexicon.stem(form, &mut stem);
                stem
            };
            let forms = self.forms.par_iter().with_min_len(1_000);
            forms.map_init(|| self.lexicon.clone(), stem).collect()
        })
    }
}

/// A group's number by form; groups are numbered by their first form.
pub fn group(stems: &Stems<'_>) -> Vec<u32> {
    let mut by_stem: FxHashMap<&str, u32> = FxHashMap::default();
    let mut groups = Vec::with_capacity(stems.forms.len());
    for stem in stems.all() {
        let next = by_stem.len() as u32;
        groups.push(*by_stem.entry(stem).or_insert(next));
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_between_words_and_in_no_group() {
        let letters = Letters::of(["1099", "lasku", "laskun", "osto", "x2"].into_iter());
        assert_eq!(letters.texts, ["lasku", "laskun", "osto"]);
        assert_eq!(letters.spread_groups(&[0, 0, 1]), [0, 1, 1, 2, 3]);
        let lists = letters.spread_lists(&[vec![1, 2], vec![], vec![0]]);
        assert_eq!(lists, [vec![], vec![2, 3], vec![], vec![1], vec![]]);
        assert_eq!(letters.pick(&[1, 2, 3, 4, 5]), [2, 3, 4]);
    }
}
