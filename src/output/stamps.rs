//! What the files of a folder looked like from outside when opas last knew their content, so that the
//! next build need not read them to see that they are unchanged.
//!
//! Kept in `.opas/cache` of the portal, for it differs from machine to machine. A file that was
//! written in the same tick of the clock as the stamps could have been changed again within that
//! tick, so its stamp is not trusted (as git does with its index). Without stamps, or with bad ones,
//! files are read and compared: slower, never wrong.

use std::fmt::Write as _;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustc_hash::FxHashMap;

use super::manifest::Hash;

const HEADER: &str = "opas stamps 2";

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
    known: FxHashMap<String, Known>,
    /// The tick in which they were saved.
    saved: u64,
}

impl Stamps {
    pub fn load(portal: &Path, out: &Path) -> Stamps {
        let name = blake3::hash(out.as_os_str().as_encoded_bytes()).to_hex();
        let path = portal.join(".opas/cache").join(format!("output-{}", &name[..16]));
        let known =
            fs::read_to_string(&path).ok().and_then(|text| parse(&text)).unwrap_or_default();
        let saved = fs::metadata(&path).map_or(0, |meta| modified(&meta));
        Stamps { path, known, saved }
    }

    /// Whether the file that looks like `stamp` is known to have this content.
    pub fn vouch_for(&self, path: &str, stamp: Stamp, hash: Hash) -> bool {
        let is_it = |known: &Known| (known.hash, known.stamp) == (hash, stamp);
        stamp.modified < self.saved && self.known.get(path).is_some_and(is_it)
    }

    /// Hash and length of the file that was made under this key.
    pub fn of_key(&self, path: &str, key: u128) -> Option<(Hash, u64)> {
        let known = self.known.get(path).filter(|known| known.key == Some(key))?;
        Some((known.hash, known.stamp.len))
    }

    /// Replaces the stamps, unless all of them are known and trusted.
    pub fn save<'a>(
        &self,
        files: impl ExactSizeIterator<Item = (&'a str, Known)> + Clone,
    ) -> io::Result<()> {
        let mut all = files.clone();
        let is_known = |(path, file): (&str, Known)| {
            file.stamp.modified < self.saved && self.known.get(path) == Some(&file)
        };
        if all.len() == self.known.len() && all.all(is_known) {
            return Ok(());
        }
        let newest = files.clone().map(|(_, file)| file.stamp.modified).max().unwrap_or(0);
        let mut text = String::with_capacity(files.len() * 160);
        for (path, Known { hash, stamp: Stamp { len, modified, inode }, key }) in files {
            if path.contains('\n') {
                continue;
            }
            // Writing to a string can't fail.
            let _ = match key {
                Some(key) => writeln!(text, "{hash} {len} {modified} {inode} {key:032x} {path}"),
                None => writeln!(text, "{hash} {len} {modified} {inode} - {path}"),
            };
        }
        let in_path =
            |e: io::Error| io::Error::new(e.kind(), format!("`{}`: {e}", self.path.display()));
        let write = || {
            if let Some(folder) = self.path.parent() {
                fs::create_dir_all(folder)?;
            }
            // A spoiled hash would be believed together with its key.
            let sum = blake3::hash(text.as_bytes()).to_hex();
            let text = format!("{HEADER} {sum}\n{text}");
            fs::write(&self.path, &text)?;
            // A small portal is written within one tick: the next one makes its stamps trusted.
            for _ in 0..MOST_TICKS {
                if modified(&fs::metadata(&self.path)?) > newest {
                    break;
                }
                thread::sleep(TICK);
                fs::write(&self.path, &text)?;
            }
            Ok(())
        };
        write().map_err(in_path)
    }
}

fn parse(text: &str) -> Option<FxHashMap<String, Known>> {
    let (head, text) = text.split_once('\n')?;
    let sum = head.strip_prefix(HEADER)?.strip_prefix(' ')?;
    if blake3::hash(text.as_bytes()).to_hex().as_str() != sum {
        return None;
    }
    let entry = |line: &str| {
        let mut parts = line.splitn(6, ' ');
        let hash = Hash(u128::from_str_radix(parts.next()?, 16).ok()?);
        let mut number = || parts.next()?.parse::<u64>().ok();
        let stamp = Stamp { len: number()?, modified: number()?, inode: number()? };
        let key = match parts.next()? {
            "-" => None,
            key => Some(u128::from_str_radix(key, 16).ok()?),
        };
        Some((parts.next()?.to_owned(), Known { hash, stamp, key }))
    };
    text.lines().map(entry).collect()
}
