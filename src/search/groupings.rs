//! Groups and compounds of a language's words, kept for an index of the very same words: most edits
//! bring no new ones.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::compounds::{self, Parts};
use super::grouping::{self, Stems};
use super::shards::Key;
use crate::cache::{Cache, half};

/// By form: the compounds that it is a part of.
pub type Compounds = Arc<Vec<Vec<u32>>>;

#[derive(Clone, Default)]
pub struct Groupings {
    groups: Option<(Key, Vec<u32>)>,
    compounds: Option<(Key, Compounds)>,
    /// What earlier builds knew, with the language's name.
    disk: Option<(Arc<Cache>, String)>,
}

impl Groupings {
    /// The same with what earlier builds knew of the language.
    #[must_use]
    pub fn with_disk(self, disk: Option<Arc<Cache>>, language: &str) -> Groupings {
        Groupings { disk: disk.map(|disk| (disk, language.to_owned())), ..self }
    }

    /// As [`grouping::group`].
    pub fn groups(&mut self, stems: &Stems<'_>) -> Vec<u32> {
        let key = key_of(stems.forms());
        match &self.groups {
            Some((of, groups)) if *of == key => groups.clone(),
            _ => {
                let groups = self.stored(key, "groups", || grouping::group(stems));
                self.groups = Some((key, groups.clone()));
                groups
            }
        }
    }

    /// As [`compounds::parts`].
    pub fn compounds(&mut self, words: &Parts<'_>) -> Compounds {
        let mut hasher = blake3::Hasher::new();
        hasher.update(key_of(words.stems.forms()).as_bytes());
        // The groups follow from the texts.
        let marks = |place: usize| u8::from(words.often[place]) + 2 * u8::from(words.stop[place]);
        let marks: Vec<u8> = (0..words.group_of.len()).map(marks).collect();
        let key = hasher.update(&marks).finalize();
        match &self.compounds {
            Some((of, compounds)) if *of == key => Arc::clone(compounds),
            _ => {
                let make = || compounds::parts(words);
                let compounds = Arc::new(self.stored(key, "compounds", make));
                self.compounds = Some((key, Arc::clone(&compounds)));
                compounds
            }
        }
    }

    /// As an earlier build made it of the same, else made now.
    fn stored<T>(&self, key: Key, what: &str, make: impl FnOnce() -> Vec<T>) -> Vec<T>
    where
        Vec<T>: Serialize + DeserializeOwned,
    {
        let Some((disk, language)) = &self.disk else { return make() };
        let parts = [what.as_bytes(), key.as_bytes(), language.as_bytes()];
        let key = half(blake3::hash(&parts.concat()));
        let known = disk.get(key).and_then(|bytes| postcard::from_bytes(&bytes).ok());
        known.unwrap_or_else(|| {
            let made = make();
            if let Ok(bytes) = postcard::to_stdvec(&made) {
                disk.put(key, &bytes);
            }
            made
        })
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
