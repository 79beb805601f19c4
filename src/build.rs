//! All files of a portal to disk, or none of them.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use crate::diagnostic::Diagnostic;
use crate::output::{Output, OutputError};
use crate::path::OutputPath;
use crate::search::of_view::{Words, input};
use crate::search::{SearchError, SearchIndex};
use crate::theme::Theme;
use crate::tree::{File, Tree};
use crate::view::SiteView;

/// Why a portal could not be built. The output folder is then as it was.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// Sorted; at least one.
    #[error("the portal can't be rendered")]
    Findings(Vec<Diagnostic>),
    #[error(transparent)]
    Output(#[from] OutputError),
    #[error(transparent)]
    Search(#[from] SearchError),
}

/// The search of what the readers of `view` may see.
///
/// # Errors
///
/// See [`SearchError`].
pub fn search(view: &SiteView, theme: &Theme) -> Result<SearchIndex, SearchError> {
    let words = Words {
        kind: &|language, kind| {
            theme.strings(view.code(language)).get("kind", kind.id()).to_owned()
        },
        synonyms: &|_| Vec::new(),
    };
    crate::search::build(&input(view, &words))
}

/// Renders every file and hands it to `output`, each in one of rayon's threads; `step` is called after
/// each. The caller finishes the output.
///
/// # Errors
///
/// What is wrong with any template, or the first failure of the disk.
pub fn build(tree: &Tree, output: &Output, step: &(dyn Fn() + Sync)) -> Result<(), BuildError> {
    let findings = Mutex::new(Vec::new());
    let paths: Vec<&OutputPath> = tree.paths().collect();
    paths.par_iter().try_for_each(|path| {
        match tree.file(path) {
            Ok(None) => {}
            Ok(Some(File::Bytes(bytes))) => output.write(path, &bytes)?,
            Ok(Some(File::Copy(from, Some(hash)))) => output.copy(path, &from, hash)?,
            Ok(Some(File::Copy(from, None))) => {
                let hash = hash_of(&from).map_err(|source| unreadable(&from, source))?;
                output.copy(path, &from, hash)?;
            }
            Err(finding) => {
                findings.lock().unwrap_or_else(PoisonError::into_inner).push(*finding);
            }
        }
        step();
        Ok::<(), OutputError>(())
    })?;
    let mut findings = findings.into_inner().unwrap_or_else(PoisonError::into_inner);
    findings.sort();
    // A template that fails for one page fails for many.
    findings.dedup();
    if findings.is_empty() { Ok(()) } else { Err(BuildError::Findings(findings)) }
}

fn hash_of(path: &Path) -> io::Result<blake3::Hash> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(fs::File::open(path)?)?;
    Ok(hasher.finalize())
}

fn unreadable(path: &Path, source: io::Error) -> OutputError {
    OutputError::Io { path: path.to_owned(), source }
}
