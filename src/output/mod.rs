//! The output folder: what a build leaves behind, and the only code that writes or removes there.
//!
//! A tree that visitors read must never be half of one build and half of another, and a typing
//! mistake in `--out` must never cost anybody a file. So:
//!
//! 1. [`Output::open`] refuses a folder that is, holds or lies in a source of the portal, that
//!    opas did not make, that holds another audience's portal, or that another build is writing to.
//! 2. [`Output::write`] compares a file with what lies there. Equal: it is left alone. Else its
//!    bytes go to the same path under `.opas-staging`, on the same disk, from any thread.
//! 3. [`Output::finish`] puts the manifest of the new tree into the staging folder as a journal,
//!    renames the files into their places (a new folder in one go), removes what the earlier build
//!    wrote and this one did not, and moves the manifest to its place last.
//! 4. Dropped before that, all that was staged is removed and the old tree is as it was. Killed in
//!    the middle of step 3, the next build finds the journal and knows all the files that are its own.
//!
//! Only paths in the manifest are ever removed, and no symbolic link is followed on the way there.

mod error;
mod folders;
mod lock;
mod look;
mod manifest;
mod place;
mod staging;
mod stamps;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use crate::path::OutputPath;
pub use error::OutputError;
use folders::{Folder, Folders};
use lock::Lock;
use look::{Found, Place};
pub use manifest::Hash;
use manifest::{MANIFEST, Manifest};
use place::Created;
use staging::Staging;
use stamps::{Known, Stamp, Stamps};

/// For whom and from where a folder is written.
pub struct Options<'a> {
    /// The audience, named in the manifest. A folder that names another is refused.
    pub audience: &'a str,
    /// The portal's root. The folder may lie in it, but not be it or hold it.
    pub portal: &'a Path,
    /// The folders that the portal is made from, which the output can't overlap at all. Those that
    /// are relative start at the portal's root.
    pub sources: &'a [PathBuf],
}

/// What a build did to the folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub written: usize,
    pub unchanged: usize,
    pub removed: usize,
    /// Of all files of the tree, without the manifest.
    pub bytes: u64,
    pub bytes_written: u64,
    /// Why the next build can't tell the unchanged files without reading them, if it can't.
    pub slow_next: Option<String>,
}

/// An output folder that is being written. Nothing shows in it before [`Output::finish`].
pub struct Output {
    out: PathBuf,
    place: Place,
    /// What lies there from earlier builds; none in a new folder.
    old: Option<Manifest>,
    audience: String,
    folders: Folders,
    staging: Staging,
    stamps: Stamps,
    entries: Mutex<Vec<Entry>>,
    created: Created,
    finished: bool,
    _lock: Lock,
}

struct Entry {
    path: OutputPath,
    hash: Hash,
    stamp: Stamp,
    /// Of all that it was made from, where that is known.
    key: Option<u128>,
    staged: bool,
    /// As in [`Stamps::find`], if the last build had it too.
    order: Option<usize>,
}

impl Output {
    /// Takes a folder for writing. Makes it if it is not there.
    ///
    /// # Errors
    ///
    /// A folder that must not be written to, by the rules of this module; it is then untouched.
    pub fn open(dir: &Path, options: &Options<'_>) -> Result<Output, OutputError> {
        let out = place::resolve(dir)?;
        place::check(&out, options)?;
        place::check_ours(&out)?;
        let created = Created::with(&out)?;
        let lock = Lock::take(&out)?;
        let old = Manifest::of_folder(&out, options.audience)?;
        let staging = Staging::new(&out);
        staging.recover(old.as_ref())?;
        // The manifest and the stamps lie apart, and only together are they believed.
        let nothing = Manifest::default();
        let hashes = old.as_ref().unwrap_or(&nothing).hashes();
        let stamps = Stamps::load(options.portal, &out, hashes);
        Ok(Output {
            folders: Folders::new(&out),
            place: Place::new(&out),
            out,
            old,
            audience: options.audience.to_owned(),
            staging,
            stamps,
            entries: Mutex::default(),
            created,
            finished: false,
            _lock: lock,
        })
    }

    /// The folder, without symbolic links on the way there.
    pub fn folder(&self) -> &Path {
        &self.out
    }

    /// What a build would say that has nothing to change, if every file that the manifest names
    /// lies there as the last build left it.
    pub fn untouched(&self) -> Option<Summary> {
        let files: Vec<(&str, Option<Hash>)> = self.old.as_ref()?.hashes().collect();
        let bytes = files
            .par_iter()
            .map(|&(path, hash)| {
                let known = self.stamps.of(path).filter(|known| Some(known.hash) == hash)?;
                Some(self.as_left(path, &known)?.len)
            })
            .sum::<Option<u64>>()?;
        Some(Summary { unchanged: files.len(), bytes, ..Summary::default() })
    }

    /// Adds a file to the new tree. From any thread.
    ///
    /// # Errors
    ///
    /// I/O; a path that is no path of the tree, was written before, or passes through a symbolic link.
    pub fn write(&self, path: &OutputPath, bytes: &[u8]) -> Result<(), OutputError> {
        self.write_keyed(path, bytes, None)
    }

    /// The same for a file that is known by a key: whoever has the same key would write the same.
    ///
    /// # Errors
    ///
    /// As [`Output::write`].
    pub fn write_keyed(
        &self,
        path: &OutputPath,
        bytes: &[u8],
        key: Option<u128>,
    ) -> Result<(), OutputError> {
        self.write_hashed(path, bytes, Hash::of(bytes), key)
    }

    /// The same where the hash of `bytes` is known.
    ///
    /// # Errors
    ///
    /// As [`Output::write`].
    pub fn write_hashed(
        &self,
        path: &OutputPath,
        bytes: &[u8],
        hash: Hash,
        key: Option<u128>,
    ) -> Result<(), OutputError> {
        let len = bytes.len() as u64;
        self.add(path, len, hash, key, || self.staging.write(path, bytes))
    }

    /// Adds the file that lies at `path`, if the last build wrote it under this key and nobody has
    /// changed it since. Says whether it is.
    ///
    /// # Errors
    ///
    /// As [`Output::write`].
    pub fn keep(&self, path: &OutputPath, key: u128) -> Result<bool, OutputError> {
        let known = self.stamps.find(path.as_str());
        let Some((known, order)) = known.filter(|(known, _)| known.key == Some(key)) else {
            return Ok(false);
        };
        let Known { hash, stamp, key } = known;
        let Some(stamp) = self.unchanged(path, stamp.len, hash, Some(known))? else {
            return Ok(false);
        };
        let (path, order) = (path.clone(), Some(order));
        self.enter(Entry { path, hash, stamp, key, staged: false, order });
        Ok(true)
    }

    /// Whether the last build wrote the file under this key; it may be gone since.
    pub fn wrote(&self, path: &OutputPath, key: u128) -> bool {
        self.stamps.of(path.as_str()).is_some_and(|known| known.key == Some(key))
    }

    fn enter(&self, entry: Entry) {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
    }

    /// Adds a copy of the file at `from`, whose content is known by a key.
    ///
    /// # Errors
    ///
    /// As [`Output::write`], and where the file can't be read.
    pub fn copy(
        &self,
        path: &OutputPath,
        from: &Path,
        key: Option<u128>,
    ) -> Result<(), OutputError> {
        let known = fs::metadata(from).and_then(|meta| Ok((meta.len(), Hash::of_file(from)?)));
        let (len, hash) = known.map_err(|e| OutputError::io(from, e))?;
        self.add(path, len, hash, key, || self.staging.copy(path, from))
    }

    fn add(
        &self,
        path: &OutputPath,
        len: u64,
        hash: Hash,
        key: Option<u128>,
        stage: impl FnOnce() -> Result<Stamp, OutputError>,
    ) -> Result<(), OutputError> {
        // What is known of the last build is of the tree.
        let known = self.stamps.of(path.as_str());
        if known.is_none() && !place::is_path_of_tree(path.as_str()) {
            return Err(OutputError::Path(path.clone()));
        }
        let (stamp, staged) = match self.unchanged(path, len, hash, known)? {
            Some(stamp) => (stamp, false),
            None => (stage()?, true),
        };
        self.enter(Entry { path: path.clone(), hash, stamp, key, staged, order: None });
        Ok(())
    }

    /// The stamp of the file that lies at `path` if it does as the last build left it. Then nothing is in
    /// its way either.
    fn as_left(&self, path: &str, known: &Known) -> Option<Stamp> {
        let Found::File(stamp) = self.place.at(path).ok()? else { return None };
        self.stamps.vouch_for(known, stamp).then_some(stamp)
    }

    /// The stamp of the file that lies at `path` if it has just this content. `known` is what is known of
    /// it from the last build.
    fn unchanged(
        &self,
        path: &OutputPath,
        len: u64,
        hash: Hash,
        known: Option<Known>,
    ) -> Result<Option<Stamp>, OutputError> {
        let known = known.filter(|known| known.hash == hash);
        if let Some(stamp) = known.and_then(|known| self.as_left(path.as_str(), &known)) {
            return Ok(Some(stamp));
        }
        let folder = path.as_str().rfind('/').map_or("", |i| &path.as_str()[..i]);
        if self.folders.state(folder, self.old.as_ref())? == Folder::Missing {
            return Ok(None);
        }
        let place = path.on_disk(&self.out);
        let stamp = match self.place.at(path.as_str()) {
            Ok(Found::File(stamp)) if stamp.len == len => stamp,
            Ok(Found::File(_) | Found::Other) => return Ok(None),
            Ok(Found::Folder) => {
                self.folders.is_in_the_way(path.as_str());
                return Ok(None);
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(OutputError::io(&place, e)),
        };
        if !self.old.as_ref().is_some_and(|old| old.has(path.as_str())) {
            return Ok(None);
        }
        let there = Hash::of_file(&place).map_err(|e| OutputError::io(&place, e))?;
        Ok((there == hash).then_some(stamp))
    }

    /// Makes the folder show the new tree, and removes what belonged only to the old one.
    ///
    /// # Errors
    ///
    /// I/O. Unless that strikes while files are moved into their places, the old tree is as it was.
    pub fn finish(mut self) -> Result<Summary, OutputError> {
        let entries = self.entries.get_mut().unwrap_or_else(PoisonError::into_inner);
        let mut entries = std::mem::take(entries);
        entries.par_sort_unstable_by(|a, b| match (a.order, b.order) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => a.path.cmp(&b.path),
        });
        if let Some(twice) = entries.windows(2).find(|pair| pair[0].path == pair[1].path) {
            return Err(OutputError::Twice(twice[0].path.clone()));
        }
        let manifest =
            Manifest::new(&self.audience, entries.iter().map(|e| (e.path.as_str(), e.hash)));
        let staged: Vec<&OutputPath> =
            entries.iter().filter(|e| e.staged).map(|e| &e.path).collect();
        let stale = self.old.as_ref().map_or_else(Vec::new, |old| old.without(&manifest));
        self.folders.check_cleared(&stale)?;

        let stamps = entries
            .iter()
            .map(|e| (e.path.as_str(), Known { hash: e.hash, stamp: e.stamp, key: e.key }));
        let (placed, packed) =
            rayon::join(|| self.place(&manifest, &staged, &stale), || self.stamps.pack(stamps));
        placed?;
        // Last: what was written within the same tick of the clock would not be believed.
        let saved = packed.map_or(Ok(()), |packed| self.stamps.save(&packed));
        let slow_next = saved.err().map(|e| e.to_string());
        self.finished = true;
        self.created.keep();
        let bytes = entries.iter().map(|e| e.stamp.len).sum();
        let bytes_written = entries.iter().filter(|e| e.staged).map(|e| e.stamp.len).sum();
        let (written, removed) = (staged.len(), stale.len());
        let unchanged = entries.len() - written;
        Ok(Summary { written, unchanged, removed, bytes, bytes_written, slow_next })
    }

    /// Moves the staged files into their places and removes the stale ones, both sorted.
    fn place(
        &self,
        manifest: &Manifest,
        staged: &[&OutputPath],
        stale: &[&str],
    ) -> Result<(), OutputError> {
        if self.old.as_ref() == Some(manifest) {
            // Files that somebody changed or removed since, put back.
            self.staging.place(staged, &self.folders)?;
            return self.staging.remove();
        }
        self.staging.write_journal(manifest)?;
        let removed_first = self.folders.any_in_the_way();
        if removed_first {
            self.folders.remove(stale)?;
        }
        self.staging.place(staged, &self.folders)?;
        if !removed_first {
            self.folders.remove(stale)?;
        }
        self.staging.finish()
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        // The build's own failure is the one that its reader must see; what can't be removed here
        // is removed by the next build.
        if self.staging.abandon().is_err() {
            self.created.keep();
        }
    }
}

/// The hash of the manifest that lies in a folder: two trees of one hash are the same.
///
/// # Errors
///
/// There is none, or it can't be read.
pub fn tree_hash(out: &Path) -> io::Result<blake3::Hash> {
    fs::read(out.join(MANIFEST)).map(|bytes| blake3::hash(&bytes))
}

#[cfg(test)]
mod tests;
