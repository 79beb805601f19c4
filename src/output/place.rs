//! Where an output folder may lie, and which paths its files may have.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::manifest::MANIFEST;
use super::staging::{JOURNAL, STAGING};
use super::{Options, OutputError};

/// The folder's place without symbolic links, as far as it exists.
pub fn resolve(dir: &Path) -> Result<PathBuf, OutputError> {
    let dir = std::path::absolute(dir).map_err(|e| OutputError::io(dir, e))?;
    let mut existing = PathBuf::new();
    let mut parts = dir.components();
    for part in parts.by_ref() {
        // `..` goes up from where a link leads to, as the system does.
        let next = match part {
            Component::ParentDir => {
                existing.pop();
                continue;
            }
            part => existing.join(part),
        };
        match next.canonicalize() {
            Ok(real) => existing = real,
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                if next.is_symlink() {
                    return Err(OutputError::io(&next, e));
                }
                existing = next;
            }
            Err(e) if e.kind() == io::ErrorKind::NotADirectory => {
                return Err(OutputError::NoFolder(existing));
            }
            Err(e) => return Err(OutputError::io(&next, e)),
        }
    }
    Ok(existing)
}

/// Refuses a folder that overlaps what the portal is made from.
pub fn check(out: &Path, options: &Options<'_>) -> Result<(), OutputError> {
    let real = |path: &Path| match path.canonicalize() {
        Ok(real) => Ok(Some(real)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(OutputError::io(path, e)),
    };
    let overlap =
        |how, source_folder| Err(OutputError::Overlap { out: out.to_owned(), how, source_folder });
    let portal = real(options.portal)?.unwrap_or_else(|| options.portal.to_owned());
    if out == portal {
        return overlap("is", portal);
    }
    if portal.starts_with(out) {
        return overlap("holds", portal);
    }
    let never = [".git", ".opas"].map(Path::new);
    for source in options.sources.iter().map(PathBuf::as_path).chain(never) {
        let Some(source) = real(&portal.join(source))? else { continue };
        if out == source {
            return overlap("is", source);
        } else if source.starts_with(out) {
            return overlap("holds", source);
        } else if out.starts_with(&source) {
            return overlap("lies in", source);
        }
    }
    Ok(())
}

/// Refuses what is there and is neither empty nor made by an earlier build.
pub fn check_ours(out: &Path) -> Result<(), OutputError> {
    let entries = match fs::read_dir(out) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(e) if e.kind() == io::ErrorKind::NotADirectory => {
            return Err(OutputError::NoFolder(out.to_owned()));
        }
        Err(e) => return Err(OutputError::io(out, e)),
    };
    let mut foreign = false;
    for entry in entries {
        let name = entry.map_err(|e| OutputError::io(out, e))?.file_name();
        if name == MANIFEST {
            return Ok(());
        }
        foreign |= name != STAGING;
    }
    let ours = !foreign || out.join(JOURNAL).exists();
    if ours { Ok(()) } else { Err(OutputError::Foreign(out.to_owned())) }
}

/// The folders that a build had to make to have its output folder, outermost first. Removed again
/// when this is dropped, so far as they are empty, unless they are kept.
pub struct Created(Vec<PathBuf>);

impl Created {
    /// Makes the folder and those above it that are missing.
    pub fn with(out: &Path) -> Result<Created, OutputError> {
        let mut missing: Vec<&Path> = out.ancestors().take_while(|a| !a.exists()).collect();
        let mut created = Created(Vec::new());
        while let Some(folder) = missing.pop() {
            match fs::create_dir(folder) {
                Ok(()) => created.0.push(folder.to_owned()),
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(OutputError::io(folder, e)),
            }
        }
        Ok(created)
    }

    pub fn keep(&mut self) {
        self.0.clear();
    }
}

impl Drop for Created {
    fn drop(&mut self) {
        while let Some(folder) = self.0.pop() {
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
    }
}

/// A path that stays in the tree and is not one of the writer's own.
pub fn is_path_of_tree(path: &str) -> bool {
    let mut parts = path.split('/');
    let is_good = |part: &str| !matches!(part, "" | "." | "..");
    let is_ours =
        parts.next().is_some_and(|first| is_good(first) && first != MANIFEST && first != STAGING);
    let stays = || Path::new(path).components().all(|c| matches!(c, Component::Normal(_)));
    // Elsewhere there are other ways out than `/` and `..`.
    is_ours && parts.all(is_good) && !path.contains('\0') && (cfg!(unix) || stays())
}
