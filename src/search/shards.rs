//! Shards as files: named after their content, handed over as soon as they are made, and not made
//! again where an index before had the same.

use std::collections::BTreeMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::Serialize;

use super::wire::short;

/// Files by their path below `search/`.
pub type Files = BTreeMap<String, Arc<[u8]>>;

/// Takes a finished file by its path below `search/`, from any thread.
pub type Put<'a> = &'a (dyn Fn(String, Arc<[u8]>) + Sync);

/// Characters of a hash in a shard's name.
const NAME_HASH: usize = 7;

/// A hash of all that something is made from.
pub type Key = blake3::Hash;

/// A shard's whole file.
#[derive(Clone, Debug)]
pub struct Shard {
    file: Arc<[u8]>,
    /// Of its JSON.
    hash: blake3::Hash,
    folder: &'static str,
}

impl Shard {
    /// A shard for a folder of `search/`.
    ///
    /// # Errors
    ///
    /// What serde_json reports.
    pub fn new<T: Serialize>(folder: &'static str, value: &T) -> serde_json::Result<Shard> {
        let mut file = head(folder, &"?".repeat(NAME_HASH));
        let start = file.len();
        serde_json::to_writer(&mut file, value)?;
        let hash = blake3::hash(&file[start..]);
        let name = short(&hash, NAME_HASH);
        file.splice(..start, head(folder, &name));
        file.extend_from_slice(b");\n");
        Ok(Shard { file: file.into(), hash, folder })
    }

    fn json(&self) -> &[u8] {
        &self.file[head(self.folder, "").len() + NAME_HASH..self.file.len() - 3]
    }
}

fn head(folder: &str, hash: &str) -> Vec<u8> {
    ["opas.shard(\"", folder, "/", hash, "\","].concat().into_bytes()
}

/// The names that the shards of an index have got.
pub struct Names<'a> {
    taken: FxHashMap<(&'static str, String), blake3::Hash>,
    put: Put<'a>,
}

impl<'a> Names<'a> {
    pub fn new(put: Put<'a>) -> Names<'a> {
        Names { taken: FxHashMap::default(), put }
    }

    /// Hands the shards over under the hashes of their content, and gives the hashes. Shards have to
    /// come in an order that is always the same.
    pub fn add(&mut self, shards: &[Shard]) -> Vec<String> {
        let mut files = Vec::new();
        let names = shards.iter().map(|shard| self.name(shard, &mut files)).collect();
        files.into_par_iter().for_each(|(path, file)| (self.put)(path, file));
        names
    }

    /// Hands over a file whose name is its own.
    pub fn put(&self, path: String, file: Vec<u8>) {
        (self.put)(path, file.into());
    }

    /// The shard's name; its file goes to `files` unless it has been there before.
    fn name(&mut self, shard: &Shard, files: &mut Vec<(String, Arc<[u8]>)>) -> String {
        let (mut long, mut salt) = (shard.hash, 0u32);
        loop {
            let name = short(&long, NAME_HASH);
            match self.taken.entry((shard.folder, name.clone())) {
                Entry::Occupied(other) if *other.get() == shard.hash => return name,
                // Two different shards of one hash would be one in ten thousand builds.
                Entry::Occupied(_) => {
                    salt += 1;
                    let mut hasher = blake3::Hasher::new();
                    hasher.update(shard.json()).update(&salt.to_le_bytes());
                    long = hasher.finalize();
                }
                Entry::Vacant(place) => {
                    place.insert(shard.hash);
                    let file = match salt {
                        0 => Arc::clone(&shard.file),
                        _ => [&head(shard.folder, &name), shard.json(), b");\n"].concat().into(),
                    };
                    files.push((format!("{}/{name}.js", shard.folder), file));
                    return name;
                }
            }
        }
    }
}

/// What was made for one index, kept for the next; just what that asked for.
#[derive(Debug)]
pub struct Store<V> {
    known: FxHashMap<[u8; 32], V>,
    next: Mutex<FxHashMap<[u8; 32], V>>,
}

impl<V> Default for Store<V> {
    fn default() -> Store<V> {
        Store { known: FxHashMap::default(), next: Mutex::default() }
    }
}

impl<V: Clone> Store<V> {
    pub fn get(&self, key: &Key) -> Option<V> {
        self.known.get(key.as_bytes()).cloned()
    }

    /// Keeps it for the next index. From any thread.
    pub fn keep(&self, key: &Key, value: V) {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        next.insert(*key.as_bytes(), value);
    }

    /// An index is complete: what it did not ask for is forgotten.
    pub fn turn(&mut self) {
        let next = self.next.get_mut().unwrap_or_else(PoisonError::into_inner);
        self.known = std::mem::take(next);
    }

    pub fn len(&self) -> usize {
        self.known.len()
    }

    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::wire;

    #[test]
    fn shards_are_named_after_their_content_and_never_share_a_name() {
        let made: Mutex<Files> = Mutex::default();
        let put = |path: String, file: Arc<[u8]>| {
            assert!(made.lock().unwrap().insert(path, file).is_none(), "handed over once");
        };
        let mut names = Names::new(&put);
        let shard = |text: &str| Shard::new("s", &text).unwrap();
        let (a, b) = (shard("a\"b"), shard("b"));
        let name = names.add(std::slice::from_ref(&a)).remove(0);
        assert_eq!(names.add(&[a.clone(), a.clone()]), [name.as_str(), name.as_str()]);
        // Another content that would get the same name.
        names.taken.insert(("s", short(&b.hash, NAME_HASH)), a.hash);
        let other = names.add(std::slice::from_ref(&b)).remove(0);
        assert_ne!(other, short(&b.hash, NAME_HASH));
        let made = made.into_inner().unwrap();
        assert_eq!(made.len(), 2);
        for (name, text) in [(name, "a\"b"), (other, "b")] {
            let file = &made[&format!("s/{name}.js")];
            assert!(file.starts_with(format!("opas.shard(\"s/{name}\",").as_bytes()));
            assert_eq!(wire::argument::<String>(file).as_deref(), Some(text));
        }
    }
}
