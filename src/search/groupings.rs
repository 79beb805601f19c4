//! Groups and compounds of a language's words, kept for an index of the very same words: most edits
//! bring no new ones.

use std::sync::Arc;

use super::compounds::{self, Parts};
use super::grouping;
use super::language::Lexicon;
use super::shards::Key;

/// By form: the compounds that it is a part of.
pub type Compounds = Arc<Vec<Vec<u32>>>;

#[derive(Clone, Debug, Default)]
pub struct Groupings {
    groups: Option<(Key, Vec<u32>)>,
    compounds: Option<(Key, Compounds)>,
}

impl Groupings {
    /// As [`grouping::group`].
    pub fn groups(&mut self, texts: &[&str], lexicon: &Lexicon) -> Vec<u32> {
        let key = key_of(texts);
        match &self.groups {
            Some((of, groups)) if *of == key => groups.clone(),
            _ => {
                let groups = grouping::group(texts, lexicon);
                self.groups = Some((key, groups.clone()));
                groups
            }
        }
    }

    /// As [`compounds::parts`].
    pub fn compounds(&mut self, words: &Parts<'_>, lexicon: &Lexicon) -> Compounds {
        let mut hasher = blake3::Hasher::new();
        hasher.update(key_of(words.texts).as_bytes());
        // The groups follow from the texts; of how often they occur, compounds ask only this.
        let marks = |place: usize| {
            let often = words.groups[words.group_of[place] as usize].often > 1;
            u8::from(often) + 2 * u8::from(words.stop[place])
        };
        let marks: Vec<u8> = (0..words.texts.len()).map(marks).collect();
        let key = hasher.update(&marks).finalize();
        match &self.compounds {
            Some((of, compounds)) if *of == key => Arc::clone(compounds),
            _ => {
                let compounds = Arc::new(compounds::parts(words, lexicon));
                self.compounds = Some((key, Arc::clone(&compounds)));
                compounds
            }
        }
    }
}

fn key_of(texts: &[&str]) -> Key {
    // No word has a line break in it.
    let mut all = String::with_capacity(texts.iter().map(|text| text.len() + 1).sum());
    for text in texts {
        all.push_str(text);
        all.push('\n');
    }
    blake3::hash(all.as_bytes())
}
