//! Which words of a text the glossary explains.
//!
//! 1. A term and the words of a text are cut and stemmed as the search does it, so that an inflected
//!    word is known as what it is.
//! 2. Each term counts where a page uses it first.
//!    What a stemmer takes for the same though it is another word (`find`, `finding`) is told by how
//!    much of the term's word is there.
//! 3. What is written in capitals only, or holds digits, is meant to the letter: `IT` is not `it`.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::markdown::prose::{At, Stretch};
use crate::markdown::reading::Reading;
use crate::search::language::Lexicon;
use crate::search::words::{each_word, is_code};
use crate::view::GlossaryView;

/// The terms of one language, ready to be looked up.
pub struct Terms {
    language: String,
    /// By the key of the first word, the longest first.
    by_first: FxHashMap<Key, Vec<Entry>>,
    /// How the forms of first words begin: most words of a text need no stem.
    beginnings: FxHashSet<String>,
    count: usize,
}

struct Entry {
    words: Vec<Word>,
    term: usize,
}

/// A word of a term.
struct Word {
    key: Key,
    /// What each form of it starts with.
    start: String,
    /// A hyphen joins it to the word before.
    joined: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Stem(String),
    Letters(String),
}

/// A term at the place where a text first uses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    pub start: At,
    pub end: At,
    /// Its place among the visible terms.
    pub term: usize,
}

/// The words of a text with their places in it.
#[derive(Default)]
struct Words {
    forms: String,
    /// Where each form ends, and where its word stands.
    places: Vec<(usize, std::ops::Range<usize>)>,
}

/// As many characters of a word are looked at before it is stemmed; endings change later ones.
const BEGINNING: usize = 3;

impl Terms {
    pub fn new(glossary: &GlossaryView<'_>, language: &str) -> Terms {
        let mut lexicon = Lexicon::new(language);
        let mut terms = Terms {
            language: language.to_owned(),
            by_first: FxHashMap::default(),
            beginnings: FxHashSet::default(),
            count: 0,
        };
        for (number, term) in glossary.terms().enumerate() {
            terms.count = number + 1;
            for name in term.words() {
                let words = Words::of(name);
                let list = (0..words.places.len()).map(|i| Word {
                    key: words.key(i, name, &mut lexicon),
                    start: kept(words.form(i), language).to_owned(),
                    joined: i > 0 && matches!(words.gap(i, name), "-" | "\u{2011}"),
                });
                let list: Vec<Word> = list.collect();
                let Some(first) = list.first() else { continue };
                terms.beginnings.insert(beginning(words.form(0)).to_owned());
                let entries = terms.by_first.entry(first.key.clone()).or_default();
                entries.push(Entry { words: list, term: number });
            }
        }
        for entries in terms.by_first.values_mut() {
            entries.sort_by_key(|entry| std::cmp::Reverse(entry.words.len()));
        }
        terms
    }

    /// The first use of each term, in reading order.
    pub fn uses(&self, reading: &Reading<'_>) -> Vec<Found> {
        let mut found = Vec::new();
        let mut used = vec![false; self.count];
        let mut lexicon = None;
        reading.each_stretch(|stretch| self.look(stretch, &mut lexicon, &mut used, &mut found));
        found
    }

    fn look(
        &self,
        stretch: &Stretch,
        lexicon: &mut Option<Lexicon>,
        used: &mut [bool],
        found: &mut Vec<Found>,
    ) {
        let text = stretch.text.as_str();
        let words = Words::of(text);
        let mut at = usize::from(stretch.glued);
        while at < words.places.len() {
            let first = at;
            at += 1;
            if !self.beginnings.contains(beginning(words.form(first))) {
                continue;
            }
            let lexicon = lexicon.get_or_insert_with(|| Lexicon::new(&self.language));
            let Some(entry) = self.entry(&words, first, text, lexicon, used) else { continue };
            used[entry.term] = true;
            at = first + entry.words.len();
            found.push(Found {
                start: stretch.start(words.places[first].1.start),
                end: stretch.end(words.places[at - 1].1.end),
                term: entry.term,
            });
        }
    }

    /// The longest term that the text has from this word on, of those not yet used.
    fn entry(
        &self,
        words: &Words,
        first: usize,
        text: &str,
        lexicon: &mut Lexicon,
        used: &[bool],
    ) -> Option<&Entry> {
        let keys = [words.letters(first, text), words.stem(first, lexicon)];
        let entries = keys.iter().filter_map(|key| self.by_first.get(key)).flatten();
        let mut fitting = entries.filter(|entry| {
            entry.words.iter().zip(first..).all(|(word, i)| {
                let follows = i == first
                    || i < words.places.len()
                        && match words.gap(i, text) {
                            "-" | "\u{2011}" => true,
                            " " | "\u{A0}" => !word.joined,
                            _ => false,
                        };
                follows
                    && match &word.key {
                        key @ Key::Letters(_) => words.letters(i, text) == *key,
                        key @ Key::Stem(_) => {
                            words.form(i).starts_with(&word.start)
                                && (i == first || words.stem(i, lexicon) == *key)
                        }
                    }
            })
        });
        fitting.find(|entry| !used[entry.term])
    }
}

impl Words {
    fn of(text: &str) -> Words {
        let mut words = Words::default();
        each_word(text, |form, range| {
            words.forms.push_str(form);
            words.places.push((words.forms.len(), range));
        });
        words
    }

    fn form(&self, i: usize) -> &str {
        let start = i.checked_sub(1).map_or(0, |before| self.places[before].0);
        &self.forms[start..self.places[i].0]
    }

    /// What stands between a word and the one before.
    fn gap<'t>(&self, i: usize, text: &'t str) -> &'t str {
        let (before, own) = (self.places[i - 1].1.end, self.places[i].1.start);
        &text[before.min(own)..own]
    }

    /// What a word of a term is known by.
    fn key(&self, i: usize, text: &str, lexicon: &mut Lexicon) -> Key {
        let letters = &text[self.places[i].1.clone()];
        let capitals = letters.chars().filter(|c| c.is_uppercase()).count();
        let is_name = capitals > 1 && !letters.chars().any(char::is_lowercase);
        match is_name || is_code(self.form(i)) {
            true => self.letters(i, text),
            false => self.stem(i, lexicon),
        }
    }

    fn letters(&self, i: usize, text: &str) -> Key {
        Key::Letters(text[self.places[i].1.clone()].to_owned())
    }

    fn stem(&self, i: usize, lexicon: &mut Lexicon) -> Key {
        let mut stem = String::new();
        lexicon.stem(self.form(i), &mut stem);
        Key::Stem(stem)
    }
}

/// What forms of a word have in common at least: endings of Finnish change more of it.
fn kept<'f>(form: &'f str, language: &str) -> &'f str {
    let changed = if language.starts_with("fi") { 4 } else { 2 };
    let letters = form.chars().count();
    let kept = letters.saturating_sub(changed).max(letters.min(BEGINNING));
    form.char_indices().nth(kept).map_or(form, |(end, _)| &form[..end])
}

fn beginning(form: &str) -> &str {
    form.char_indices().nth(BEGINNING).map_or(form, |(end, _)| &form[..end])
}
