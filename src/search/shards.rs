//! Shards as files: named after their content, handed over as soon as they are made, and not made
//! again where an index before had the same.

use std::collections::BTreeMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::Serialize;

use super::wire::{FOOT, head_of, short};

/// Files by their path below `search/`.
pub type Files = BTreeMap<String, Arc<[u8]>>;

/// Where the files of an index go, by their paths below `search/`, from any thread.
pub trait Sink: Sync {
    /// Takes a finished file. Its key is a hash of all that it was made from, where that is known.
    fn put(&self, name: String, bytes: Arc<[u8]>, key: Option<u128>);

    /// The same for bytes that nobody shares.
    fn put_own(&self, name: String, bytes: Vec<u8>, key: Option<u128>) {
        self.put(name, bytes.into(), key);
    }

    /// Whether the last index left a file made under this key there; somebody may have taken it away.
    fn had(&self, name: &str, key: u128) -> bool;

    /// Whether the file that was once made under this key is there and stays.
    fn keep(&self, name: &str, key: u128) -> bool;
}

impl<F: Fn(String, Arc<[u8]>) + Sync> Sink for F {
    fn put(&self, name: String, bytes: Arc<[u8]>, _: Option<u128>) {
        self(name, bytes);
    }

    fn had(&self, _: &str, _: u128) -> bool {
        false
    }

    fn keep(&self, _: &str, _: u128) -> bool {
        false
    }
}

pub type Put<'a> = &'a dyn Sink;

/// Characters of a hash in a shard's name.
const NAME_HASH: usize = 7;

/// A hash of all that something is made from.
pub type Key = blake3::Hash;

/// A shard: its whole file, or what is known of it.
#[derive(Clone, Debug)]
pub struct Shard {
    /// None if nobody has made it yet: it may lie where it belongs.
    file: Option<Arc<[u8]>>,
    /// Of its JSON.
    hash: blake3::Hash,
    folder: &'static str,
    key: Option<u128>,
}

impl Shard {
    /// A shard for a folder of `search/`.
    ///
    /// # Errors
    ///
    /// What serde_json reports.
    pub fn new<T: Serialize>(folder: &'static str, value: &T) -> serde_json::Result<Shard> {
        let json = serde_json::to_vec(value)?;
        Ok(Shard::made(folder, &mut Vec::new(), |file| file.extend_from_slice(&json)))
    }

    /// A shard of the JSON that `push` appends. The file is put together in `room`.
    pub fn made(
        folder: &'static str,
        room: &mut Vec<u8>,
        push: impl FnOnce(&mut Vec<u8>),
    ) -> Shard {
        room.clear();
        room.extend_from_slice(&head(folder, &"?".repeat(NAME_HASH)));
        let start = room.len();
        push(room);
        let hash = blake3::hash(&room[start..]);
        room[..start].copy_from_slice(&head(folder, &short(&hash, NAME_HASH)));
        room.extend_from_slice(FOOT);
        Shard { file: Some(room.as_slice().into()), hash, folder, key: None }
    }

    /// One that was made before under this key, and its JSON's hash.
    pub fn known(folder: &'static str, hash: blake3::Hash, key: u128) -> Shard {
        Shard { file: None, hash, folder, key: Some(key) }
    }

    /// Under a hash of all that it was made from.
    #[must_use]
    pub fn with_key(self, key: u128) -> Shard {
        Shard { key: Some(key), ..self }
    }

    /// The hash of its JSON.
    pub fn hash(&self) -> &blake3::Hash {
        &self.hash
    }

    fn json(&self) -> &[u8] {
        let file = self.file.as_deref().unwrap_or_default();
        file.get(head(self.folder, "").len() + NAME_HASH..file.len().saturating_sub(FOOT.len()))
            .unwrap_or_default()
    }

    /// Gives the file another name than its hash would.
    fn rename(&mut self, name: &str) {
        self.file = Some([&head(self.folder, name), self.json(), FOOT].concat().into());
    }
}

fn head(folder: &str, hash: &str) -> Vec<u8> {
    head_of(&[folder, "/", hash].concat())
}

/// Makes the files of the shards at some places of a list that are known by their hashes alone.
pub type Remake<'a> = &'a (dyn Fn(&[usize]) -> serde_json::Result<Vec<Shard>> + Sync);

/// The names that the shards of an index have got.
pub struct Names<'a> {
    taken: FxHashMap<(&'static str, String), blake3::Hash>,
    put: Put<'a>,
}

impl<'a> Names<'a> {
    pub fn new(put: Put<'a>) -> Names<'a> {
        Names { taken: FxHashMap::default(), put }
    }

    /// Whether the shard need not be made: it is, or its file should be there.
    pub fn is_there(&self, shard: &Shard) -> bool {
        let had = |key| {
            let name = short(&shard.hash, NAME_HASH);
            self.put.had(&format!("{}/{name}.js", shard.folder), key)
        };
        shard.file.is_some() || shard.key.is_some_and(had)
    }

    /// Hands the shards over under the hashes of their content, and gives the hashes. Shards have to
    /// come in an order that is always the same.
    ///
    /// # Errors
    ///
    /// What `remake` reports.
    pub fn add(
        &mut self,
        shards: Vec<Shard>,
        remake: Remake<'_>,
    ) -> serde_json::Result<Vec<String>> {
        let mut names = Vec::with_capacity(shards.len());
        let mut files = Vec::new();
        for (number, mut shard) in shards.into_iter().enumerate() {
            let again = || Ok(remake(&[number])?.into_iter().next());
            let (name, is_new) = self.name(&mut shard, &again)?;
            if is_new {
                files.push((number, format!("{}/{name}.js", shard.folder), shard));
            }
            names.push(name);
        }
        let missing = files.into_par_iter().filter_map(|(number, path, shard)| {
            match (shard.file, shard.key) {
                (None, Some(key)) if self.put.keep(&path, key) => None,
                (None, key) => Some((number, (path, key))),
                (Some(file), key) => {
                    self.put.put(path, file, key);
                    None
                }
            }
        });
        let (numbers, places): (Vec<usize>, Vec<(String, Option<u128>)>) = missing.unzip();
        if !numbers.is_empty() {
            let made = places.into_par_iter().zip(remake(&numbers)?);
            made.for_each(|((path, key), shard)| {
                if let Some(file) = shard.file {
                    self.put.put(path, file, key);
                }
            });
        }
        Ok(names)
    }

    /// The same for shards that are all made.
    ///
    /// # Errors
    ///
    /// As [`Names::add`].
    pub fn add_made(&mut self, shards: Vec<Shard>) -> serde_json::Result<Vec<String>> {
        let again = shards.clone();
        self.add(shards, &|numbers| {
            Ok(numbers.iter().map(|&number| again[number].clone()).collect())
        })
    }

    /// The shard's name, and whether it is new.
    fn name(
        &mut self,
        shard: &mut Shard,
        remake: &dyn Fn() -> serde_json::Result<Option<Shard>>,
    ) -> serde_json::Result<(String, bool)> {
        let (mut long, mut salt) = (shard.hash, 0u32);
        loop {
            let name = short(&long, NAME_HASH);
            match self.taken.entry((shard.folder, name.clone())) {
                Entry::Occupied(other) if *other.get() == shard.hash => return Ok((name, false)),
                // Two different shards of one hash would be one in ten thousand builds.
                Entry::Occupied(_) => {
                    if shard.file.is_none()
                        && let Some(made) = remake()?
                    {
                        *shard = made;
                    }
                    salt += 1;
                    let mut hasher = blake3::Hasher::new();
                    hasher.update(shard.json()).update(&salt.to_le_bytes());
                    long = hasher.finalize();
                }
                Entry::Vacant(place) => {
                    place.insert(shard.hash);
                    if salt > 0 {
                        shard.rename(&name);
                    }
                    return Ok((name, true));
                }
            }
        }
    }

    /// Hands over a file whose name is its own.
    pub fn put(&self, path: String, file: Vec<u8>) {
        self.put.put(path, file.into(), None);
    }
}

/// What was made for one index, kept for the next; just what that asked for.
#[derive(Debug)]
pub struct Store<V> {
    known: FxHashMap<u128, V>,
    next: Mutex<FxHashMap<u128, V>>,
}

impl<V> Default for Store<V> {
    fn default() -> Store<V> {
        Store { known: FxHashMap::default(), next: Mutex::default() }
    }
}

impl<V: Clone> Store<V> {
    pub fn get(&self, key: u128) -> Option<V> {
        self.known.get(&key).cloned()
    }

    /// Keeps it for the next index. From any thread.
    pub fn keep(&self, key: u128, value: V) {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        next.insert(key, value);
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
        let name = names.add_made(vec![a.clone()]).unwrap().remove(0);
        assert_eq!(names.add_made(vec![a.clone(), a.clone()]).unwrap(), [name.as_str(), &name]);
        // Another content that would get the same name.
        names.taken.insert(("s", short(&b.hash, NAME_HASH)), a.hash);
        // Nobody has made it in this build.
        let known = Shard::known("s", *b.hash(), 7);
        let other = names.add(vec![known], &|_| Ok(vec![b.clone()])).unwrap().remove(0);
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
