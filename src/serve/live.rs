//! The newest snapshot, in the hands of those who answer requests.
//!
//! Loading publishes, answering reads; neither waits for the other. Requests that come before the
//! first snapshot wait for it.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::diagnostic::Diagnostic;

use super::kept::Kept;
use super::overlay::Shown;
use super::portal::Snapshot;
use super::streams::{Message, Streams, Update};

/// A snapshot and what is wrong with it.
pub struct Current {
    pub generation: u64,
    pub snapshot: Arc<dyn Snapshot>,
    /// Why the latest load gave no snapshot, so that this is an older one.
    stuck: Vec<Diagnostic>,
    late: Mutex<Late>,
}

/// What shows after the snapshot.
#[derive(Clone, Default)]
struct Late {
    /// By the checks; those of the snapshot before until they are done.
    checked: Vec<Diagnostic>,
    /// Pages that could not be rendered, as far as somebody asked for them.
    failed: Vec<Diagnostic>,
}

impl Current {
    /// All that is wrong as far as it is known, in the order of the reports.
    pub fn findings(&self) -> Vec<Diagnostic> {
        let late = lock(&self.late);
        let known = [&*self.stuck, self.snapshot.findings(), &late.checked, &late.failed];
        let mut findings = known.concat();
        findings.sort();
        findings.dedup();
        findings
    }

    pub fn shown(&self) -> Shown {
        Shown::of(self.findings().iter())
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
    /// changed. A load that failed leaves the snapshot before in place.
    ///
    /// # Errors
    ///
    /// It failed, and there is no snapshot before.
    pub fn publish(
        &self,
        loaded: Result<Arc<dyn Snapshot>, Vec<Diagnostic>>,
        css: bool,
    ) -> Result<Arc<Current>, Vec<Diagnostic>> {
        let mut current = lock(&self.current);
        let (snapshot, stuck) = match (loaded, &*current) {
            (Ok(snapshot), _) => (snapshot, Vec::new()),
            (Err(findings), Some(before)) => (Arc::clone(&before.snapshot), findings),
            (Err(findings), None) => return Err(findings),
        };
        let generation = current.as_ref().map_or(1, |c| c.generation + 1);
        let checked = current.as_ref().map(|c| lock(&c.late).checked.clone());
        let late = Late { checked: checked.unwrap_or_default(), failed: Vec::new() };
        let next = Arc::new(Current { generation, snapshot, stuck, late: Mutex::new(late) });
        let before = current.replace(Arc::clone(&next));
        drop(current);
        self.first.notify_all();
        self.streams.send(Message::Change(Update { generation, css }));
        if before.is_some_and(|before| before.shown() != next.shown()) {
            self.streams.send(Message::Findings(&next.shown()));
        }
        Ok(next)
    }

    /// Takes what the checks found; `false` if a newer snapshot has come meanwhile.
    pub fn checked(&self, current: &Current, findings: Vec<Diagnostic>) -> bool {
        if self.current().generation != current.generation {
            return false;
        }
        self.change(current, |late| late.checked = findings);
        true
    }

    /// Takes note of a page that could not be rendered; `true` if that is news. One broken
    /// template fails every page in the same way.
    pub fn page_failed(&self, current: &Current, finding: &Diagnostic) -> bool {
        if lock(&current.late).failed.contains(finding) {
            return false;
        }
        self.change(current, |late| late.failed.push(finding.clone()));
        true
    }

    fn change(&self, current: &Current, change: impl FnOnce(&mut Late)) {
        let before = current.shown();
        change(&mut lock(&current.late));
        let now = current.shown();
        if before != now {
            self.streams.send(Message::Findings(&now));
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
