//! From a typed word to forms of the manual, each with a quality.

use std::collections::BTreeMap;

use super::super::wire::within;
use super::super::words::{fold, is_code};
use super::shards::Library;
use super::typo::{likelier, nearest};

/// How a form answers to a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    Exact,
    /// But for diacritics.
    Folded,
    /// Another form of the same word.
    Form,
    /// The word is its beginning.
    Beginning,
    /// They begin alike and end in different endings.
    Alike,
    Synonym,
    /// The word is taken for a typo.
    Typo,
}

/// A form of the manual: its word shard and its place there.
pub type FormId = (usize, usize);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub form: FormId,
    /// 64 for the word itself.
    pub quality: u32,
    pub how: How,
}

/// What stands for one word of the query.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// One per form, the best first.
    pub candidates: Vec<Candidate>,
    /// The form that a typo was taken for.
    pub corrected: Option<String>,
}

pub mod quality {
    pub const EXACT: u32 = 64;
    pub const FOLDED: u32 = 60;
    /// The typed word has diacritics, other ones.
    pub const REFOLDED: u32 = 48;
    pub const FORM: u32 = 50;
    pub const BEGINNING: u32 = 50;
    /// Of a word that is followed by others.
    pub const UNFINISHED: u32 = 44;
    pub const ALIKE: u32 = 36;
    /// Of a compound that the manual doesn't have.
    pub const PART: u32 = 40;
    pub const SYNONYM: u32 = 46;
    pub const TYPO: u32 = 52;
    /// A far more frequent form that a rare one may have been typed for.
    pub const LIKELIER: u32 = 40;
    /// What remains, in 64ths, of a form's quality for the other forms of its word, before their
    /// unlike letters, at most `UNLIKE`, are taken off.
    pub const FORM_OF: u32 = 50;
    pub const UNLIKE: u32 = 10;
}

const MOST: usize = 128;
/// Shorter parts of a typed compound are not looked for.
const MIN_SPLIT: usize = 3;
/// Shards that are loaded for either part of one.
const SPLITS: usize = 3;
/// Shorter words that are rare may well be meant.
const MIN_RARE: usize = 5;

/// What each of these words means too, by the house's synonyms. One of several words holds for each of
/// them where they stand in a row.
pub fn meanings<'l>(library: &'l Library, words: &[String]) -> Vec<Vec<&'l str>> {
    let keys: Vec<String> = words.iter().map(|word| fold(word)).collect();
    let mut meanings = vec![Vec::new(); keys.len()];
    for (from, to) in &library.entry.synonyms {
        let length = from.split(' ').count();
        for start in 0..(keys.len() + 1).saturating_sub(length) {
            if keys[start..start + length].iter().eq(from.split(' ')) {
                for meant in &mut meanings[start..start + length] {
                    meant.extend(to.split(' '));
                }
            }
        }
    }
    meanings
}

/// Finds what stands for `word`, which `means` these too; `prefix` if it may be only the beginning of one.
pub fn lookup(library: &Library, word: &str, means: &[&str], prefix: bool, correct: bool) -> Found {
    let key = fold(word);
    let first = within(&library.bounds, &key, 1).start;
    let home = if prefix { beginning_shards(library, &key, first) } else { vec![first] };
    let mut found = Candidates::default();
    for shard in home {
        let words = library.words(shard);
        let range = words.starting(&key);
        for place in range {
            let form = &words.forms[place];
            if form == word {
                found.add((shard, place), quality::EXACT, How::Exact);
            } else if words.keys[place] == key {
                let bare = key == word;
                let q = if bare { quality::FOLDED } else { quality::REFOLDED };
                found.add((shard, place), q, How::Folded);
            } else if prefix {
                let more = (words.keys[place].chars().count() - key.chars().count()) as u32;
                found.add((shard, place), quality::BEGINNING - more.min(12), How::Beginning);
            }
        }
    }
    let known = found.best() >= quality::REFOLDED;
    found.add_groups(library);
    for word in means {
        found.add_word(library, word, quality::SYNONYM, How::Synonym);
    }
    let length = key.chars().count();
    if correct && found.is_rare(library) && !is_code(word) && length >= MIN_RARE {
        for (place, cost) in likelier(&library.words(first), &key) {
            found.add((first, place), quality::LIKELIER - cost, How::Typo);
        }
    }
    if !known && !prefix && length >= 4 {
        beginnings(library, &key, &mut found);
    }
    if !known && !is_code(word) && length >= 4 {
        if correct && found.is_empty() {
            let near = nearest(library, &key);
            if let Some((form, _)) = near.first() {
                found.corrected = Some(form.clone());
            }
            for (form, cost) in near {
                found.add_word(library, &form, quality::TYPO - cost, How::Typo);
            }
        }
        if found.is_empty() || !prefix {
            alike(library, &key, first, &mut found);
        }
        if found.is_empty() {
            split(library, &key, &mut found);
        }
    }
    found.finish()
}

/// Where the words stand that start with a key: their shards, or if they are many that of the key
/// itself and the beginning's own.
fn beginning_shards(library: &Library, key: &str, first: usize) -> Vec<usize> {
    match library.words(first).beginnings.get(key) {
        Some(hash) => vec![first, library.beginning(hash)],
        None => within(&library.bounds, key, 2).collect(),
    }
}

/// Forms that a word which the manual doesn't have is the beginning of, of compounds mostly.
fn beginnings(library: &Library, key: &str, found: &mut Candidates) {
    let first = within(&library.bounds, key, 1).start;
    for shard in beginning_shards(library, key, first) {
        let words = library.words(shard);
        for place in words.starting(key) {
            let more = (words.keys[place].chars().count() - key.chars().count()) as u32;
            found.add((shard, place), quality::UNFINISHED - more.min(12), How::Beginning);
        }
    }
}

/// The parts of a compound that the manual doesn't have, if it has them as words. As few shards are
/// loaded as may be: those of the longest first parts.
fn split(library: &Library, key: &str, found: &mut Candidates) {
    let ends: Vec<usize> = key.char_indices().map(|(at, _)| at).collect();
    let mut homes: Vec<usize> = Vec::new();
    let mut tries = SPLITS;
    for at in (MIN_SPLIT..=ends.len().saturating_sub(MIN_SPLIT)).rev() {
        let (first, second) = key.split_at(ends[at]);
        let firsts = [Some(first), first.strip_suffix('s')].into_iter().flatten();
        let known = firsts.into_iter().find(|first| {
            let home = within(&library.bounds, first, 1).start;
            if !homes.contains(&home) {
                if homes.len() >= SPLITS {
                    return false;
                }
                homes.push(home);
            }
            library.words(home).has(first)
        });
        let Some(first) = known else { continue };
        if tries == 0 {
            return;
        }
        tries -= 1;
        let home = within(&library.bounds, second, 1).start;
        if library.words(home).has(second) {
            found.add_word(library, first, quality::PART, How::Alike);
            found.add_word(library, second, quality::PART, How::Alike);
            return;
        }
    }
}

/// Forms that share the word's beginning but for an ending.
fn alike(library: &Library, key: &str, shard: usize, found: &mut Candidates) {
    let letters: Vec<char> = key.chars().collect();
    let keep = letters.len().saturating_sub(2).max(4);
    if letters.len() < 5 {
        return;
    }
    let start: String = letters[..keep].iter().collect();
    let words = library.words(shard);
    for place in words.starting(&start) {
        if words.keys[place].chars().count() <= letters.len() + 4 {
            found.add((shard, place), quality::ALIKE, How::Alike);
        }
    }
}

/// The letters by which two forms differ after what they share.
pub fn unlike(a: &str, b: &str) -> u32 {
    let shared = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    (a.chars().count() + b.chars().count() - 2 * shared) as u32
}

#[derive(Default)]
struct Candidates {
    list: BTreeMap<FormId, (u32, How)>,
    corrected: Option<String>,
}

impl Candidates {
    fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether what was found stands in a single article and in no title.
    fn is_rare(&self, library: &Library) -> bool {
        let mut doc = None;
        let mut all = self
            .list
            .keys()
            .flat_map(|&(shard, place)| library.words(shard).listings(place).to_vec());
        let same =
            all.all(|l| l.share == 0 && l.headings == 0 && *doc.get_or_insert(l.doc) == l.doc);
        same && doc.is_some()
    }

    fn best(&self) -> u32 {
        self.list.values().map(|x| x.0).max().unwrap_or(0)
    }

    fn add(&mut self, form: FormId, quality: u32, how: How) {
        let known = self.list.entry(form).or_insert((quality, how));
        if quality > known.0 {
            *known = (quality, how);
        }
    }

    /// The other forms of the words found so far.
    fn add_groups(&mut self, library: &Library) {
        let found: Vec<(FormId, (u32, How))> = self.list.iter().map(|(k, v)| (*k, *v)).collect();
        for ((shard, place), (q, how)) in found {
            if how == How::Beginning {
                continue;
            }
            self.add_group(library, (shard, place), q, How::Form);
        }
    }

    fn add_group(&mut self, library: &Library, (shard, place): FormId, q: u32, how: How) {
        let words = library.words(shard);
        for member in words.members(words.first[place]) {
            let unlike = unlike(&words.keys[place], &words.keys[member]);
            self.add(
                (shard, member),
                q * (quality::FORM_OF - unlike.min(quality::UNLIKE)) / 64,
                how,
            );
        }
    }

    /// A form of the manual and the other forms of its word.
    fn add_word(&mut self, library: &Library, form: &str, q: u32, how: How) {
        let key = fold(form);
        let shard = within(&library.bounds, &key, 1).start;
        let words = library.words(shard);
        for place in words.starting(&key) {
            if words.keys[place] == key {
                self.add((shard, place), q, how);
                self.add_group(library, (shard, place), q, how);
            }
        }
    }

    fn finish(self) -> Found {
        let mut candidates: Vec<Candidate> = self
            .list
            .into_iter()
            .map(|(form, (quality, how))| Candidate { form, quality, how })
            .collect();
        candidates.sort_by_key(|c| (u32::MAX - c.quality, c.form));
        candidates.truncate(MOST);
        Found { candidates, corrected: self.corrected }
    }
}
