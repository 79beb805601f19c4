//! What the files of a folder looked like from outside when opas last knew their content, so that the
//! next build need not read them to see that they are unchanged.
//!
//! Kept in `.opas/cache` of the portal, for it differs from machine to machine. A file that was
//! written in the same tick of the clock as the stamps could have been changed again within that
//! tick, so its stamp is not trusted (as git does with its index). Without stamps, or with bad ones,
//! files are read and compared: slower, never wrong.

use std::fs::{self, Metadata};
use std::hash::BuildHasher;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::manifest::Hash;

/// Of the file, before the hash of all that follows: for each file the length of its path as four
/// bytes, the path, and what is known of it, numbers in little-endian order.
const HEADER: &[u8] = b"opas stamps 4\n";

/// How long a tick of a file system's clock may last, and how many to wait for: a file from the
/// future is not worth more.
const TICK: Duration = Duration::from_millis(2);
const MOST_TICKS: usize = 5;

/// A file from outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    pub len: u64,
    /// Nanoseconds since 1970.
    modified: u64,
    /// What renaming over a file changes even where length and time stay; 0 on systems without.
    inode: u64,
}

impl Stamp {
    pub fn of(meta: &Metadata) -> Stamp {
        #[cfg(unix)]
        let inode = std::os::unix::fs::MetadataExt::ino(meta);
        #[cfg(not(unix))]
        let inode = 0;
        Stamp { len: meta.len(), modified: modified(meta), inode }
    }

    /// The same of an open file.
    pub fn of_file(file: &fs::File) -> io::Result<Stamp> {
        #[cfg(unix)]
        return Ok(Stamp::of_stat(&rustix::fs::fstat(file)?));
        #[cfg(not(unix))]
        return Ok(Stamp::of(&file.metadata()?));
    }

    /// The same from the system's own answer.
    #[cfg(unix)]
    #[allow(clippy::unnecessary_cast, reason = "the fields have other types on other systems")]
    pub fn of_stat(stat: &rustix::fs::Stat) -> Stamp {
        // Times before 1970 count as none.
        let seconds = u64::try_from(stat.st_mtime).unwrap_or(0);
        let nanoseconds = seconds * 1_000_000_000 + stat.st_mtime_nsec as u64;
        Stamp { len: stat.st_size as u64, modified: nanoseconds, inode: stat.st_ino as u64 }
    }
}

fn modified(meta: &Metadata) -> u64 {
    let since = |t: SystemTime| t.duration_since(UNIX_EPOCH).ok();
    meta.modified().ok().and_then(since).map_or(0, |d| d.as_nanos() as u64)
}

/// What is known of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    pub hash: Hash,
    pub stamp: Stamp,
    /// Of all that it was made from: who comes to the same key would make the same file.
    pub key: Option<u128>,
}

/// The stamps of one folder.
pub struct Stamps {
    path: PathBuf,
    /// All that was kept, as it lies on the disk.
    bytes: Vec<u8>,
    /// By hash of its path, where what is known of a file stands there. Of two with one hash only one is
    /// known: there are too few files for that.
    known: FxHashMap<u64, usize>,
    /// The tick in which they were saved.
    saved: u64,
}

impl Stamps {
    /// What is known of those files that have these hashes by the folder's manifest.
    pub fn load<'m>(
        portal: &Path,
        out: &Path,
        manifest: impl ExactSizeIterator<Item = (&'m str, Option<Hash>)>,
    ) -> Stamps {
        let name = blake3::hash(out.as_os_str().as_encoded_bytes()).to_hex();
        let path = portal.join(".opas/cache").join(format!("output-{}", &name[..16]));
        let bytes = fs::read(&path).unwrap_or_default();
        let known = parse(&bytes, manifest).unwrap_or_default();
        let saved = fs::metadata(&path).map_or(0, |meta| modified(&meta));
        Stamps { path, bytes, known, saved }
    }

    /// Whether a file that looks like `stamp` is sure to be the one that is known.
    pub fn vouch_for(&self, known: &Known, stamp: Stamp) -> bool {
        stamp.modified < self.saved && known.stamp == stamp
    }

    /// What is known of the file at a path.
    pub fn of(&self, path: &str) -> Option<Known> {
        self.find(path).map(|(known, _)| known)
    }

    /// The same with a number: what has a greater one comes later by path.
    pub fn find(&self, path: &str) -> Option<(Known, usize)> {
        let start = *self.known.get(&hash_of(path))?;
        let (other, known) = Known::read(&mut &self.bytes[start..])?;
        (other == path.as_bytes()).then_some((known, start))
    }

    /// What [`Stamps::save`] is to write of these files, sorted by path; `None` where all of it is known
    /// and trusted.
    pub fn pack<'a>(
        &self,
        files: impl ExactSizeIterator<Item = (&'a str, Known)> + Clone,
    ) -> Option<Packed> {
        let mut all = files.clone();
        let is_known = |(path, file): (&str, Known)| {
            file.stamp.modified < self.saved && self.of(path) == Some(file)
        };
        if all.len() == self.known.len() && all.all(is_known) {
            return None;
        }
        let newest = files.clone().map(|(_, file)| file.stamp.modified).max().unwrap_or(0);
        let start = HEADER.len() + blake3::OUT_LEN;
        let mut bytes = Vec::with_capacity(start + files.len() * 128);
        bytes.extend(HEADER);
        bytes.resize(start, 0);
        files.for_each(|(path, known)| known.write(path, &mut bytes));
        // A spoiled hash would be believed together with its key.
        let sum = blake3::hash(&bytes[start..]);
        bytes[HEADER.len()..start].copy_from_slice(sum.as_bytes());
        Some(Packed { bytes, newest })
    }

    /// Replaces the stamps.
    pub fn save(&self, Packed { bytes, newest }: &Packed) -> io::Result<()> {
        let in_path =
            |e: io::Error| io::Error::new(e.kind(), format!("`{}`: {e}", self.path.display()));
        let write = || {
            if let Some(folder) = self.path.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(&self.path, bytes)?;
            // A small portal is written within one tick: the next one makes its stamps trusted.
            for _ in 0..MOST_TICKS {
                if modified(&fs::metadata(&self.path)?) > *newest {
                    break;
                }
                thread::sleep(TICK);
                fs::write(&self.path, bytes)?;
            }
            Ok(())
        };
        write().map_err(in_path)
    }
}

/// Stamps as they lie on the disk.
pub struct Packed {
    bytes: Vec<u8>,
    /// When the last of the files was written.
    newest: u64,
}

impl Known {
    fn write(&self, path: &str, to: &mut Vec<u8>) {
        let Known { hash, stamp: Stamp { len, modified, inode }, key } = self;
        let Ok(length) = u32::try_from(path.len()) else { return };
        to.extend(length.to_le_bytes());
        to.extend(path.as_bytes());
        to.extend(hash.0.to_le_bytes());
        [len, modified, inode].into_iter().for_each(|number| to.extend(number.to_le_bytes()));
        to.push(key.is_some().into());
        to.extend(key.unwrap_or(0).to_le_bytes());
    }

    /// The next file of what is left of `bytes`.
    fn read<'b>(bytes: &mut &'b [u8]) -> Option<(&'b [u8], Known)> {
        let length = u32::from_le_bytes(take(bytes)?) as usize;
        let (path, rest) = bytes.split_at_checked(length)?;
        *bytes = rest;
        let hash = Hash(u128::from_le_bytes(take(bytes)?));
        let mut number = || take(bytes).map(u64::from_le_bytes);
        let stamp = Stamp { len: number()?, modified: number()?, inode: number()? };
        let [has_key] = take(bytes)?;
        let key = Some(u128::from_le_bytes(take(bytes)?)).filter(|_| has_key == 1);
        Some((path, Known { hash, stamp, key }))
    }
}

fn hash_of(path: &str) -> u64 {
    FxBuildHasher.hash_one(path)
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*taken)
}

/// Both lists are sorted by path.
fn parse<'m>(
    bytes: &[u8],
    manifest: impl ExactSizeIterator<Item = (&'m str, Option<Hash>)>,
) -> Option<FxHashMap<u64, usize>> {
    let (sum, mut entries) = bytes.strip_prefix(HEADER)?.split_first_chunk::<32>()?;
    if blake3::hash(entries).as_bytes() != sum {
        return None;
    }
    let mut known = FxHashMap::with_capacity_and_hasher(manifest.len(), FxBuildHasher);
    let mut manifest = manifest.peekable();
    while !entries.is_empty() {
        let start = bytes.len() - entries.len();
        let (path, file) = Known::read(&mut entries)?;
        while manifest.next_if(|(other, _)| other.as_bytes() < path).is_some() {}
        let is_it =
            |(other, hash): &(&str, _)| other.as_bytes() == path && *hash == Some(file.hash);
        if let Some((path, _)) = manifest.next_if(is_it) {
            known.insert(hash_of(path), start);
        }
    }
    Some(known)
}
