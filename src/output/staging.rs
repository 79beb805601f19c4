//! The staging folder: where the files of the new tree wait, on the same disk as their places, until
//! all of them are written.
//!
//! `.opas-staging/tree` mirrors the output. `.opas-staging/manifest.json` is the journal: there from
//! just before the first file is moved until after the last.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
#[cfg(unix)]
use std::sync::OnceLock;
use std::sync::{PoisonError, RwLock};

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::OutputError;
use super::folders::Folders;
use super::manifest::{MANIFEST, Manifest};
use super::stamps::Stamp;
use crate::path::OutputPath;

/// The folder's place in the output folder.
pub const STAGING: &str = ".opas-staging";
pub const JOURNAL: &str = ".opas-staging/manifest.json";
const TREE: &str = ".opas-staging/tree";

pub struct Staging {
    out: PathBuf,
    tree: PathBuf,
    /// `tree`, so that the way there is gone once, not for each file; `None` where it can't be opened.
    #[cfg(unix)]
    opened: OnceLock<Option<fs::File>>,
    /// Folders of `tree` that are made.
    made: RwLock<FxHashSet<Box<str>>>,
}

impl Staging {
    /// Touches nothing yet.
    pub fn new(out: &Path) -> Staging {
        Staging {
            out: out.to_owned(),
            tree: out.join(TREE),
            #[cfg(unix)]
            opened: OnceLock::new(),
            made: RwLock::default(),
        }
    }

    /// Clears what a killed build left. `known` is the manifest joined by that build's journal: it
    /// is put in the manifest's place before the journal goes.
    pub fn recover(&self, known: Option<&Manifest>) -> Result<(), OutputError> {
        let staging = self.out.join(STAGING);
        match fs::symlink_metadata(&staging) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(e) => return Err(OutputError::io(&staging, e)),
            Ok(meta) if meta.is_dir() => {}
            Ok(_) => {
                let what = "something";
                let needed = format!("folder `{STAGING}/`");
                return Err(OutputError::InTheWay { path: staging, what, needed });
            }
        }
        if let Some(known) = known.filter(|_| self.out.join(JOURNAL).exists()) {
            self.write_manifest("recovered.json", known)?;
            self.rename("recovered.json", MANIFEST)?;
        }
        self.remove()
    }

    /// Writes a file of the new tree.
    pub fn write(&self, path: &OutputPath, bytes: &[u8]) -> Result<Stamp, OutputError> {
        self.stage(path, |file| file.write_all(bytes))
    }

    /// Copies a file into the new tree.
    pub fn copy(&self, path: &OutputPath, from: &Path) -> Result<Stamp, OutputError> {
        let mut source = fs::File::open(from).map_err(|e| OutputError::io(from, e))?;
        self.stage(path, |file| io::copy(&mut source, file).map(|_| ()))
    }

    fn stage(
        &self,
        path: &OutputPath,
        fill: impl FnOnce(&mut fs::File) -> io::Result<()>,
    ) -> Result<Stamp, OutputError> {
        self.make(path.as_str().rfind('/').map(|i| &path.as_str()[..i]))?;
        let staged = self.create(path).and_then(|mut file| {
            fill(&mut file)?;
            Stamp::of_file(&file)
        });
        match staged {
            Ok(stamp) => Ok(stamp),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
                Err(OutputError::Twice(path.clone()))
            }
            Err(e) => Err(OutputError::io(&path.on_disk(&self.out), e)),
        }
    }

    /// A new file of the tree, whose folder is made.
    fn create(&self, path: &OutputPath) -> io::Result<fs::File> {
        #[cfg(unix)]
        if let Some(tree) = self.opened() {
            use rustix::fs::{Mode, OFlags, openat};
            let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
            let open = || openat(tree, path.as_str(), flags, Mode::from_raw_mode(0o666));
            return Ok(rustix::io::retry_on_intr(open)?.into());
        }
        fs::File::create_new(path.on_disk(&self.tree))
    }

    /// Makes a folder of the tree where that above it is made.
    fn create_folder(&self, folder: &str) -> io::Result<()> {
        #[cfg(unix)]
        if let Some(tree) = self.opened() {
            use rustix::fs::{Mode, mkdirat};
            return Ok(mkdirat(tree, folder, Mode::from_raw_mode(0o777))?);
        }
        fs::create_dir(self.tree.join(folder))
    }

    /// The tree, once it is made.
    #[cfg(unix)]
    fn opened(&self) -> Option<&fs::File> {
        self.opened.get_or_init(|| fs::File::open(&self.tree).ok()).as_ref()
    }

    /// Makes a folder of the tree; `None` is the tree itself.
    fn make(&self, folder: Option<&str>) -> Result<(), OutputError> {
        let key = folder.unwrap_or("");
        if self.made.read().unwrap_or_else(PoisonError::into_inner).contains(key) {
            return Ok(());
        }
        let made = match folder {
            Some(folder) => {
                self.make(folder.rfind('/').map(|i| &folder[..i]))?;
                self.create_folder(folder)
            }
            None => fs::create_dir_all(&self.tree),
        };
        match made {
            Ok(()) => {}
            // Another thread was faster.
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists && self.tree.join(key).is_dir() => {}
            Err(e) => return Err(OutputError::io(&self.out.join(key), e)),
        }
        self.made.write().unwrap_or_else(PoisonError::into_inner).insert(key.into());
        Ok(())
    }

    /// Writes the journal: from here on the build is under way.
    pub fn write_journal(&self, manifest: &Manifest) -> Result<(), OutputError> {
        self.make(None)?;
        self.write_manifest("journal.json", manifest)?;
        self.rename("journal.json", JOURNAL)
    }

    /// Moves the files `staged` (sorted) into their places. A folder that is missing there is moved whole.
    pub fn place(&self, staged: &[&OutputPath], folders: &Folders) -> Result<(), OutputError> {
        let mut moves: Vec<&str> = Vec::with_capacity(staged.len());
        for path in staged {
            let path = path.as_str();
            let rest = moves.last().and_then(|folder| path.strip_prefix(folder));
            if rest.is_some_and(|rest| rest.starts_with('/')) {
                continue;
            }
            let mut parents = path.match_indices('/').map(|(i, _)| &path[..i]);
            let part = parents.find(|folder| folders.is_missing(folder)).unwrap_or(path);
            // What is in a folder follows, but for files that sort between (`a-b` after `a`, before
            // `a/b`).
            moves.push(part);
        }
        moves.sort_unstable();
        moves.dedup();
        moves.par_iter().try_for_each(|part| {
            let place = self.out.join(part);
            fs::rename(self.tree.join(part), &place).map_err(|e| OutputError::io(&place, e))
        })
    }

    /// Makes the journal the manifest and removes the staging folder.
    pub fn finish(&self) -> Result<(), OutputError> {
        fs::rename(self.out.join(JOURNAL), self.out.join(MANIFEST))
            .map_err(|e| OutputError::io(&self.out.join(MANIFEST), e))?;
        self.remove()
    }

    /// Removes the staging folder, if it is there.
    pub fn remove(&self) -> Result<(), OutputError> {
        remove_all(&self.out.join(STAGING))
    }

    /// After a failure: removes what is staged. A journal stays for the next build to find.
    pub fn abandon(&self) -> Result<(), OutputError> {
        if self.out.join(JOURNAL).exists() { remove_all(&self.tree) } else { self.remove() }
    }

    fn write_manifest(&self, name: &str, manifest: &Manifest) -> Result<(), OutputError> {
        let place = self.out.join(STAGING).join(name);
        let written = manifest.to_bytes().and_then(|bytes| fs::write(&place, bytes));
        written.map_err(|e| OutputError::io(&place, e))
    }

    /// From a name in the staging folder to a path in the output folder.
    fn rename(&self, from: &str, to: &str) -> Result<(), OutputError> {
        let to = self.out.join(to);
        fs::rename(self.out.join(STAGING).join(from), &to).map_err(|e| OutputError::io(&to, e))
    }
}

fn remove_all(folder: &Path) -> Result<(), OutputError> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(OutputError::io(folder, e)),
        _ => Ok(()),
    }
}
