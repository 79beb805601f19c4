//! All files of a portal to disk, or none of them.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use crate::diagnostic::Diagnostic;
use crate::leak::Guard;
use crate::output::{Output, OutputError};
use crate::path::OutputPath;
use crate::search::input::Synonym;
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
        synonyms: &|language| {
            let pairs = view.config().synonyms.of(view.code(language));
            pairs.map(|(from, to)| Synonym { from: from.clone(), to: to.clone() }).collect()
        },
    };
    crate::search::build(&input(view, &words))
}

/// Renders every file and hands it to `output`, each in one of rayon's threads; `step` is called after
/// each. What `guard` finds is an error. The caller finishes the output, or leaves it as it was.
///
/// # Errors
///
/// What is wrong with any template, a leak, or the first failure of the disk.
pub fn build(
    tree: &Tree,
    guard: Option<&Guard>,
    output: &Output,
    step: &(dyn Fn() + Sync),
) -> Result<(), BuildError> {
    let findings = Mutex::new(Vec::new());
    let paths: Vec<&OutputPath> = tree.paths().collect();
    paths.par_iter().try_for_each(|path| {
        let add = |found: Vec<Diagnostic>| {
            findings.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
        };
        match tree.file(path) {
            Ok(None) => {}
            Ok(Some(File::Bytes(bytes))) => {
                add(guard.map_or(Vec::new(), |guard| guard.look_at(path.as_str(), &bytes)));
                output.write(path, &bytes)?;
            }
            Ok(Some(File::Copy(from, hash))) => {
                let failed = |source| unreadable(&from, source);
                if let Some(guard) = guard {
                    add(guard.look_at(path.as_str(), &fs::read(&from).map_err(failed)?));
                }
                let hash = hash.map_or_else(|| hash_of(&from), Ok).map_err(failed)?;
                output.copy(path, &from, hash)?;
            }
            Err(finding) => add(vec![*finding]),
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
