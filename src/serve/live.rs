//! The newest snapshot, in the hands of those who answer requests.
//!
//! Loading publishes, answering reads; neither waits for the other. Requests that come before the
//! first snapshot wait for it.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::diagnostic::Diagnostic;
use crate::path::OutputPath;

use super::kept::Kept;
use super::overlay::Shown;
use super::portal::Snapshot;
use super::streams::{Message, Streams, Update};

/// A snapshot and what is wrong with it.
pub struct Current {
    pub generation: u64,
    pub snapshot: Arc<dyn Snapshot>,
    /// Why the latest load gave no snapshot, so that this is an older one.
    pub stuck: Vec<Diagnostic>,
    /// Pages that could not be rendered, as far as somebody asked for them.
    failed: Mutex<Vec<(OutputPath, Diagnostic)>>,
}

impl Current {
    pub fn shown(&self) -> Shown {
        let failed = lock(&self.failed);
        let failed = failed.iter().map(|(_, finding)| finding);
        Shown::of(self.stuck.iter().chain(failed).chain(self.snapshot.findings()))
    }
}

/// What the threads of the server share.
#[derive(Default)]
pub struct Live {
    current: Mutex<Option<Arc<Current>>>,
    first: Condvar,
    pub kept: Kept,
    pub streams: Streams,
}

impl Live {
    /// The newest snapshot; waits for the first.
    pub fn current(&self) -> Arc<Current> {
        let mut current = lock(&self.current);
        loop {
            if let Some(current) = &*current {
                return Arc::clone(current);
            }
            current = self.first.wait(current).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Takes what a load gave and tells all open pages. `css` says that stylesheets may have
    /// changed. A load that failed leaves the snapshot before in place; `false` where there is none.
    pub fn publish(&self, loaded: Result<Arc<dyn Snapshot>, Vec<Diagnostic>>, css: bool) -> bool {
        let mut current = lock(&self.current);
        let (snapshot, stuck) = match (loaded, &*current) {
            (Ok(snapshot), _) => (snapshot, Vec::new()),
            (Err(findings), Some(before)) => (Arc::clone(&before.snapshot), findings),
            (Err(_), None) => return false,
        };
        let before = current.as_ref().map(|c| c.shown());
        let generation = current.as_ref().map_or(1, |c| c.generation + 1);
        let next = Arc::new(Current { generation, snapshot, stuck, failed: Mutex::default() });
        *current = Some(Arc::clone(&next));
        drop(current);
        self.first.notify_all();
        self.streams.send(Message::Change(Update { generation, css }));
        let shown = next.shown();
        if before.as_ref() != Some(&shown) {
            self.streams.send(Message::Findings(&shown));
        }
        true
    }

    /// Takes note of a page that could not be rendered; `true` if that is news.
    pub fn page_failed(&self, current: &Current, path: &OutputPath, finding: &Diagnostic) -> bool {
        let mut failed = lock(&current.failed);
        if failed.iter().any(|(known, _)| known == path) {
            return false;
        }
        // One broken template fails every page in the same way; once is enough to read.
        let news = !failed.iter().any(|(_, known)| known == finding);
        if news {
            failed.push((path.clone(), finding.clone()));
        }
        drop(failed);
        if news {
            self.streams.send(Message::Findings(&current.shown()));
        }
        news
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
