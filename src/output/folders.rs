//! The folders of the tree as they lie on the disk: which are there, what is in their way, and how
//! files in them are removed without following a symbolic link out of the tree.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use super::OutputError;
use super::manifest::Manifest;

/// A folder that the new tree needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folder {
    /// It is there.
    Real,
    /// It is not, or a file of the old tree is there that goes away.
    Missing,
}

pub struct Folders {
    out: PathBuf,
    states: RwLock<FxHashMap<Box<str>, Folder>>,
    /// Old files where folders must be, and old folders where files must be.
    in_the_way: Mutex<BTreeSet<String>>,
}

impl Folders {
    pub fn new(out: &Path) -> Folders {
        let (states, in_the_way) = Default::default();
        Folders { out: out.to_owned(), states, in_the_way }
    }

    /// The state of a folder before this build; `""` is the output folder itself.
    ///
    /// # Errors
    ///
    /// A symbolic link or a foreign file in its place; I/O.
    pub fn state(&self, folder: &str, old: Option<&Manifest>) -> Result<Folder, OutputError> {
        if folder.is_empty() {
            return Ok(Folder::Real);
        }
        let known = |states: &FxHashMap<Box<str>, Folder>| states.get(folder).copied();
        if let Some(state) = known(&self.states.read().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(state);
        }
        let parent = folder.rfind('/').map_or("", |i| &folder[..i]);
        let state = match self.state(parent, old)? {
            Folder::Missing => Folder::Missing,
            Folder::Real => self.look(folder, old)?,
        };
        self.states.write().unwrap_or_else(PoisonError::into_inner).insert(folder.into(), state);
        Ok(state)
    }

    fn look(&self, folder: &str, old: Option<&Manifest>) -> Result<Folder, OutputError> {
        let place = self.out.join(folder);
        let foreign = |what| {
            let needed = format!("folder `{folder}/`");
            Err(OutputError::InTheWay { path: place.clone(), what, needed })
        };
        match fs::symlink_metadata(&place) {
            Ok(meta) if meta.is_dir() => Ok(Folder::Real),
            Ok(meta) if meta.is_symlink() => foreign("a symbolic link"),
            Ok(_) if old.is_some_and(|old| old.has(folder)) => {
                self.is_in_the_way(folder);
                Ok(Folder::Missing)
            }
            Ok(_) => foreign("a file"),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(Folder::Missing),
            Err(e) => Err(OutputError::io(&place, e)),
        }
    }

    /// A folder that is not there, as far as is known.
    pub fn is_missing(&self, folder: &str) -> bool {
        let states = self.states.read().unwrap_or_else(PoisonError::into_inner);
        states.get(folder) == Some(&Folder::Missing)
    }

    /// Notes that what lies at `path` must go before the new tree can be put in place.
    pub fn is_in_the_way(&self, path: &str) {
        self.in_the_way.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
    }

    pub fn any_in_the_way(&self) -> bool {
        !self.in_the_way.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Makes sure that removing `stale` (sorted) removes all that is in the way.
    pub fn check_cleared(&self, stale: &[&str]) -> Result<(), OutputError> {
        let in_the_way = self.in_the_way.lock().unwrap_or_else(PoisonError::into_inner);
        for blocked in &*in_the_way {
            let place = self.out.join(blocked);
            for entry in walkdir::WalkDir::new(&place) {
                let entry = entry.map_err(|e| OutputError::io(&place, e.into()))?;
                let path = entry.path().strip_prefix(&self.out).unwrap_or(entry.path());
                let is_stale = path.to_str().is_some_and(|p| {
                    // On Windows the walk gives other separators.
                    stale.binary_search(&p.replace(std::path::MAIN_SEPARATOR, "/").as_str()).is_ok()
                });
                if !entry.file_type().is_dir() && !is_stale {
                    let path = entry.path().to_owned();
                    let needed = format!("file `{blocked}`");
                    return Err(OutputError::InTheWay { path, what: "a file", needed });
                }
            }
        }
        Ok(())
    }

    /// Removes files of the old tree, and the folders that this leaves empty.
    pub fn remove(&self, stale: &[&str]) -> Result<(), OutputError> {
        let mut emptied = BTreeSet::new();
        let mut real = FxHashMap::default();
        for path in stale {
            let parents = || path.match_indices('/').map(|(i, _)| &path[..i]);
            let is_real = |folder| {
                *real.entry(folder).or_insert_with(|| {
                    fs::symlink_metadata(self.out.join(folder)).is_ok_and(|meta| meta.is_dir())
                })
            };
            if !parents().all(is_real) {
                continue;
            }
            let place = self.out.join(path);
            match fs::symlink_metadata(&place) {
                Ok(meta) if meta.is_dir() => continue,
                Ok(_) => fs::remove_file(&place).map_err(|e| OutputError::io(&place, e))?,
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => return Err(OutputError::io(&place, e)),
            }
            emptied.extend(parents());
        }
        let in_the_way = self.in_the_way.lock().unwrap_or_else(PoisonError::into_inner);
        for path in &*in_the_way {
            let inner = walkdir::WalkDir::new(self.out.join(path)).contents_first(true);
            for entry in inner.into_iter().filter_map(Result::ok) {
                fs::remove_dir(entry.path()).map_err(|e| OutputError::io(entry.path(), e))?;
            }
        }
        // The innermost first: a path sorts before those below it.
        for folder in emptied.into_iter().rev() {
            let place = self.out.join(folder);
            match fs::remove_dir(&place) {
                Ok(()) => {}
                Err(e) if e.kind() == io::ErrorKind::DirectoryNotEmpty => {}
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => return Err(OutputError::io(&place, e)),
            }
        }
        Ok(())
    }
}
