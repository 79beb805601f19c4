//! What one build remembers for the next: bytes under keys, in `.opas/cache` of the portal.
//!
//! A key is a hash of all that the bytes were made from, so nothing here is ever out of date, on any
//! machine: CI may keep the folder between checkouts. It may be deleted at any time.
//!
//! 1. A cache is a folder of segments. A segment is written once, as the entries come, and then only
//!    read or removed; it gets its name when it is complete. So builds at once, or one that is killed,
//!    spoil nothing.
//! 2. [`Cache::get`] believes only bytes whose hash is right.
//! 3. [`Cache::note`] says which of the entries of a kind was the last, by a file of its own. It may
//!    name one that is not there.
//! 4. [`Cache::save`] writes the entries that are in use into one segment when the rest outweighs them
//!    or some are damaged, those of small segments when there are many, and removes what other versions
//!    of Opas have left.

mod segment;

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use bytemuck::Pod;
use rustc_hash::FxHashMap;
use tempfile::NamedTempFile;
use twox_hash::XxHash3_128;

use segment::{EXTENSION, Segment, Writer};

const NOTE: &str = "note";
/// Entries of which so many times as many bytes lie idle as are in use are sorted out. Builds for
/// several audiences take turns, and each leaves the others' idle.
const MOST_IDLE: u64 = 3;
const MOST_SEGMENTS: usize = 24;
/// What has one in so many bytes of all is a large segment.
const LARGE: u64 = 8;
/// When a file that a build left half written belongs to none any more.
const ABANDONED: Duration = Duration::from_secs(24 * 60 * 60);

/// Bytes under keys that were there before, and those that are added.
pub struct Cache {
    folder: PathBuf,
    version: blake3::Hash,
    segments: Vec<Segment>,
    /// By key, the segment and the number of the entry in it.
    places: FxHashMap<u128, (usize, usize)>,
    /// Segments that nobody of this version can read.
    foreign: Vec<PathBuf>,
    new: Mutex<New>,
}

/// The entries of this build.
#[derive(Default)]
struct New {
    writer: Option<Writer>,
    failure: Option<io::Error>,
    notes: Vec<(u128, u128)>,
}

impl Cache {
    /// The cache of this name of a portal. What was written under another version is not there, nor
    /// is what can't be read.
    pub fn open(portal: &Path, name: &str, version: &blake3::Hash) -> Cache {
        let folder = portal.join(".opas/cache").join(name);
        let mut cache = Cache {
            folder,
            version: *version,
            segments: Vec::new(),
            places: FxHashMap::default(),
            foreign: Vec::new(),
            new: Mutex::default(),
        };
        let mut paths: Vec<PathBuf> = fs::read_dir(&cache.folder)
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == EXTENSION))
            .collect();
        paths.sort();
        for path in paths {
            match Segment::open(&path, version) {
                Ok(segment) => {
                    let number = cache.segments.len();
                    let entries = segment.entries.iter().enumerate();
                    cache.places.extend(entries.map(|(at, entry)| (entry.key, (number, at))));
                    cache.segments.push(segment);
                }
                Err(_) => cache.foreign.push(path),
            }
        }
        cache
    }

    /// What was put under this key by an earlier build. From any thread.
    pub fn get(&self, key: u128) -> Option<Vec<u8>> {
        self.list(key)
    }

    /// The same as numbers, which stand there in the order of the machine.
    pub fn list<T: Pod>(&self, key: u128) -> Option<Vec<T>> {
        let &(segment, entry) = self.places.get(&key)?;
        self.segments[segment].read(entry)
    }

    /// Whether [`Cache::get`] would find it, which then counts as in use.
    pub fn has(&self, key: u128) -> bool {
        let Some(&(segment, entry)) = self.places.get(&key) else { return false };
        let segment = &self.segments[segment];
        let is_sound = !segment.damaged[entry].load(Ordering::Relaxed);
        segment.used[entry].store(is_sound, Ordering::Relaxed);
        is_sound
    }

    /// Keeps bytes for later builds. From any thread. A disk that is full is told by
    /// [`Cache::save`].
    pub fn put(&self, key: u128, bytes: &[u8]) {
        if self.has(key) {
            return;
        }
        let hash = XxHash3_128::oneshot(bytes);
        let mut new = self.added();
        if new.failure.is_some() {
            return;
        }
        if let Err(error) = new.add(&self.folder, &self.version, key, bytes, hash) {
            *new = New { failure: Some(error), ..New::default() };
        }
    }

    /// What was noted under this name in the build before.
    pub fn noted(&self, name: u128) -> Option<u128> {
        let bytes = fs::read(self.note_place(name)).ok()?;
        Some(u128::from_le_bytes(bytes.try_into().ok()?))
    }

    /// Notes it for the next build.
    pub fn note(&self, name: u128, key: u128) {
        self.added().notes.push((name, key));
    }

    fn note_place(&self, name: u128) -> PathBuf {
        self.folder.join(format!("{name:032x}")).with_extension(NOTE)
    }

    /// Makes what was put last.
    ///
    /// # Errors
    ///
    /// The cache can't be written to. What was there before still is.
    pub fn save(&self) -> io::Result<()> {
        self.write().map_err(|error| {
            io::Error::new(error.kind(), format!("`{}`: {error}", self.folder.display()))
        })
    }

    fn write(&self) -> io::Result<()> {
        let mut new = self.added();
        if let Some(error) = new.failure.take() {
            return Err(error);
        }
        let mut gone: Vec<&Path> = self.foreign.iter().map(PathBuf::as_path).collect();
        for segment in self.cluttered(new.writer.as_ref()) {
            for (number, entry) in segment.entries.iter().enumerate() {
                let Some(bytes) = segment.in_use(number).then(|| segment.read(number)) else {
                    continue;
                };
                if let Some(bytes) = bytes {
                    new.add(&self.folder, &self.version, entry.key, &bytes, entry.hash)?;
                }
            }
            gone.push(&segment.path);
        }
        let kept = match new.writer.take() {
            Some(writer) => Some(writer.finish(&self.folder, &self.version)?),
            None => None,
        };
        for path in gone.into_iter().filter(|path| kept.as_deref() != Some(path)) {
            remove(path)?;
        }
        for (name, key) in new.notes.drain(..) {
            let mut file = NamedTempFile::new_in(&self.folder)?;
            file.write_all(&key.to_le_bytes())?;
            file.persist(self.note_place(name)).map_err(|error| error.error)?;
        }
        self.tidy()
    }

    /// The segments of which what is in use is to be written anew.
    fn cluttered(&self, new: Option<&Writer>) -> Vec<&Segment> {
        let (mut used, mut idle) = (new.map_or(0, |writer| writer.at), 0);
        for segment in &self.segments {
            for (number, entry) in segment.entries.iter().enumerate() {
                *if segment.in_use(number) { &mut used } else { &mut idle } += u64::from(entry.len);
            }
        }
        let is_damaged = |segment: &Segment| {
            segment.damaged.iter().any(|damaged| damaged.load(Ordering::Relaxed))
        };
        if idle > used * MOST_IDLE || self.segments.iter().any(is_damaged) {
            return self.segments.iter().collect();
        }
        if self.segments.len() < MOST_SEGMENTS {
            return Vec::new();
        }
        // What is large need not move: there are few of them.
        let is_small = |segment: &&Segment| segment.size() <= (used + idle) / LARGE;
        self.segments.iter().filter(is_small).collect()
    }

    /// Removes what killed builds have left.
    fn tidy(&self) -> io::Result<()> {
        let Ok(list) = fs::read_dir(&self.folder) else { return Ok(()) };
        for entry in list {
            let entry = entry?;
            let path = entry.path();
            if path.extension().is_some_and(|own| own == EXTENSION || own == NOTE) {
                continue;
            }
            let modified = entry.metadata().and_then(|meta| meta.modified());
            let age = modified.map(|at| SystemTime::now().duration_since(at).unwrap_or_default());
            if age.is_ok_and(|age| age > ABANDONED) {
                remove(&path)?;
            }
        }
        Ok(())
    }

    fn added(&self) -> MutexGuard<'_, New> {
        self.new.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl New {
    fn add(
        &mut self,
        folder: &Path,
        version: &blake3::Hash,
        key: u128,
        bytes: &[u8],
        hash: u128,
    ) -> io::Result<()> {
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => none.insert(Writer::new(folder, version)?),
        };
        writer.add(key, bytes, hash)
    }
}

/// Which Opas this is: versions in the making share their number.
pub fn program() -> blake3::Hash {
    let program = [env!("CARGO_PKG_VERSION"), env!("OPAS_SOURCES")];
    blake3::hash(program.join(" ").as_bytes())
}

/// The first half of a hash: enough to tell things apart that nobody forges.
pub fn half(hash: blake3::Hash) -> u128 {
    let mut half = [0; 16];
    half.copy_from_slice(&hash.as_bytes()[..16]);
    u128::from_le_bytes(half)
}

/// Another build may have removed it meanwhile.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::segment::HEAD;
    use super::*;

    fn open(root: &Path, version: &str) -> Cache {
        Cache::open(root, "test", &blake3::hash(version.as_bytes()))
    }

    fn fill(root: &Path, version: &str, entries: &[(u128, &[u8])]) {
        let cache = open(root, version);
        entries.iter().for_each(|(key, bytes)| cache.put(*key, bytes));
        cache.save().unwrap();
    }

    fn segments(root: &Path) -> Vec<PathBuf> {
        let list = fs::read_dir(root.join(".opas/cache/test")).unwrap();
        list.map(|entry| entry.unwrap().path()).collect()
    }

    #[test]
    fn the_next_build_finds_what_was_put() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        fill(root, "1", &[(1, b"one"), (2, b""), (1, b"never")]);
        fill(root, "1", &[(2, b"never"), (3, b"three")]);
        let cache = open(root, "1");
        let values = [1, 2, 3, 4].map(|key| cache.get(key));
        assert_eq!(
            values.map(|v| v.map(|v| String::from_utf8(v).unwrap())),
            [Some("one".to_owned()), Some(String::new()), Some("three".to_owned()), None]
        );
        assert_eq!(segments(root).len(), 2);
    }

    #[test]
    fn the_last_note_counts() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        for key in [1, 2] {
            let cache = open(root, "1");
            assert_eq!(cache.noted(7), (key > 1).then_some(key - 1));
            cache.put(key, b"this");
            cache.note(7, key);
            cache.save().unwrap();
        }
        let cache = open(root, "1");
        assert_eq!((cache.noted(7), cache.noted(8)), (Some(2), None));
    }

    #[test]
    fn what_is_damaged_is_put_anew() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        fill(root, "1", &[(1, b"one"), (2, b"two")]);
        let path = segments(root).remove(0);
        let mut bytes = fs::read(&path).unwrap();
        bytes[HEAD as usize] ^= 1;
        fs::write(&path, bytes).unwrap();
        let cache = open(root, "1");
        assert_eq!((cache.get(1), cache.get(2)), (None, Some(b"two".to_vec())));
        assert!(!cache.has(1));
        cache.put(1, b"one");
        cache.save().unwrap();
        let cache = open(root, "1");
        assert_eq!((cache.get(1), cache.get(2)), (Some(b"one".to_vec()), Some(b"two".to_vec())));
        assert_eq!(segments(root).len(), 1);
    }

    #[test]
    fn another_version_starts_anew_and_removes_the_old() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        fill(root, "1", &[(1, b"one")]);
        assert_eq!(open(root, "2").get(1), None);
        fill(root, "2", &[(1, b"other")]);
        assert_eq!(segments(root).len(), 1);
        assert_eq!(open(root, "2").get(1).unwrap(), b"other");
    }

    #[test]
    fn what_is_spoiled_is_not_there() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        fill(root, "1", &[(1, b"one"), (2, b"two")]);
        let path = &segments(root)[0];
        let whole = fs::read(path).unwrap();
        for at in 0..whole.len() {
            let mut spoiled = whole.clone();
            spoiled[at] ^= 0x10;
            fs::write(path, &spoiled).unwrap();
            let cache = open(root, "1");
            for (key, value) in [(1, b"one"), (2, b"two")] {
                assert!(cache.get(key).is_none_or(|found| found == value), "byte {at}");
            }
            fs::write(path, &whole[..at]).unwrap();
            assert_eq!(open(root, "1").get(1), None, "cut at {at}");
        }
    }

    #[test]
    fn what_nobody_uses_is_forgotten_in_time() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        let long = [7; 1000];
        fill(root, "1", &[(0, &long)]);
        for round in 1..200 {
            let cache = open(root, "1");
            assert_eq!(cache.get(0).unwrap(), long, "in use");
            cache.put(round, &[8; 900]);
            cache.save().unwrap();
            assert!(segments(root).len() <= MOST_SEGMENTS + 1);
            let size: u64 = segments(root).iter().map(|path| path.metadata().unwrap().len()).sum();
            assert!(size < 40_000, "{size}");
        }
    }

    #[test]
    fn builds_at_once_do_not_spoil_each_other() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        fill(root, "1", &[(1, b"one"), (2, &[1; 1000])]);
        let (a, b) = (open(root, "1"), open(root, "1"));
        a.put(3, b"three");
        b.put(3, b"three");
        b.put(4, b"four");
        // It sorts out what `b` still reads.
        a.save().unwrap();
        b.save().unwrap();
        let after = open(root, "1");
        assert_eq!(
            (after.get(3).unwrap(), after.get(4).unwrap()),
            (b"three".to_vec(), b"four".to_vec())
        );
        assert!(after.get(1).is_none_or(|found| found == b"one"));
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_told_when_it_is_saved() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join(".opas"), "a file").unwrap();
        let cache = open(root.path(), "1");
        cache.put(1, b"one");
        cache.put(2, b"two");
        let error = cache.save().unwrap_err().to_string();
        assert!(error.contains("cache"), "{error}");
    }
}
