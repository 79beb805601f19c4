//! What is served: a portal that can be loaded again and again, and what one load of it answers.
//!
//! Serving knows nothing of articles. It asks a [`Snapshot`] for the file behind an address, and a
//! [`Portal`] for the next snapshot when something changed on the disk.

use std::path::PathBuf;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::path::{OutputPath, SourcePath};

use super::change::{Change, Watched};

/// The bytes behind an address.
#[derive(Clone, Debug)]
pub enum Body {
    Bytes(Arc<[u8]>),
    /// A file of the portal, sent from the disk.
    File(PathBuf),
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Body {
        Body::Bytes(bytes.into())
    }
}

/// A portal on the disk.
pub trait Portal: Send {
    /// The portal as it is now. `change` tells what can't have changed since the last load and need
    /// not be looked at.
    ///
    /// # Errors
    ///
    /// Findings that leave nothing to show: `opas.toml` can't be read.
    fn load(&mut self, change: &Change) -> Result<Arc<dyn Snapshot>, Vec<Diagnostic>>;

    /// Where its files lie.
    fn watched(&self) -> Watched;
}

/// One state of a portal, never changing.
pub trait Snapshot: Send + Sync {
    /// The file that the build would write to `path`; `None` where it writes none. A page that
    /// can't be rendered is a finding.
    fn file(&self, path: &OutputPath) -> Option<Result<Body, Box<Diagnostic>>>;

    /// Whether the build would write a file to `path`.
    fn has(&self, path: &OutputPath) -> bool;

    /// The source that the page at `path` is made from.
    fn source(&self, path: &OutputPath) -> Option<SourcePath>;

    /// What is wrong as far as loading showed it, in the order of the reports.
    fn findings(&self) -> &[Diagnostic];

    /// What else is wrong. Takes its time.
    fn check(&self) -> Vec<Diagnostic>;

    /// A source's text as the findings count in it.
    fn text(&self, path: &SourcePath) -> Option<String>;
}
