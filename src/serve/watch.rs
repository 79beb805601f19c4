//! Looks at the portal's folders and tells of each save once.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::{Config, Event, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

use super::change::{Burst, Change, FOLDERS, Watched};

/// How often a disk is looked at that can't tell by itself.
const POLL: Duration = Duration::from_millis(700);
/// After a folder came: files that came into it before it was watched are found by a second look.
const SECOND_LOOK: Duration = Duration::from_millis(120);

/// How changes are noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// The system tells.
    Told,
    /// The system can't (a network disk, too many watches); the files are looked at every so often.
    Polled,
}

/// A watch over a portal. Dropping it ends it.
pub struct Watch {
    watcher: Box<dyn Watcher + Send>,
    events: Receiver<notify::Result<Event>>,
    watched: Watched,
    pub means: Means,
}

impl Watch {
    /// Starts to look.
    ///
    /// # Errors
    ///
    /// Neither way of looking works.
    pub fn new(watched: Watched) -> notify::Result<Watch> {
        let watched = Watched {
            // Events name real paths; a root may be called by another.
            roots: watched.roots.iter().map(|r| r.canonicalize().unwrap_or(r.clone())).collect(),
        };
        let (sender, events) = channel();
        let told = RecommendedWatcher::new(sender.clone(), Config::default()).and_then(|watcher| {
            let mut watcher: Box<dyn Watcher + Send> = Box::new(watcher);
            cover(&mut *watcher, &watched).map(|()| watcher)
        });
        if let Ok(watcher) = told {
            return Ok(Watch { watcher, events, watched, means: Means::Told });
        }
        let config = Config::default().with_poll_interval(POLL);
        let mut watcher: Box<dyn Watcher + Send> = Box::new(PollWatcher::new(sender, config)?);
        cover(&mut *watcher, &watched)?;
        Ok(Watch { watcher, events, watched, means: Means::Polled })
    }

    /// Calls `tell` with every change, until it says `false`.
    pub fn run(mut self, tell: &mut dyn FnMut(Change) -> bool) {
        let mut second_look: Option<(Instant, BTreeSet<PathBuf>)> = None;
        loop {
            let event = match &second_look {
                None => self.events.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some((at, _)) => {
                    self.events.recv_timeout(at.saturating_duration_since(Instant::now()))
                }
            };
            let change = match event {
                Ok(event) => {
                    let Some(burst) = self.gather(event) else { continue };
                    let folders = burst.had_folders();
                    let change = burst.change(&self.watched);
                    if folders {
                        self.cover_again();
                        if let Change::Content(paths) = &change {
                            second_look = Some((Instant::now() + SECOND_LOOK, paths.clone()));
                        }
                    }
                    change
                }
                Err(RecvTimeoutError::Timeout) => match second_look.take() {
                    Some((_, paths)) => Change::Content(paths),
                    None => continue,
                },
                Err(RecvTimeoutError::Disconnected) => return,
            };
            if !tell(change) {
                return;
            }
        }
    }

    /// The save that starts with `event`, once it has come to rest.
    fn gather(&self, event: notify::Result<Event>) -> Option<Burst> {
        let mut burst = Burst::new(Instant::now());
        let mut next = Some(event);
        loop {
            let now = Instant::now();
            // An error is one of looking: what changed is not known.
            if let Some(event) = next.take() {
                let signals = match &event {
                    Ok(event) => self.watched.signals(event),
                    Err(_) => vec![super::change::Signal::Lost],
                };
                for signal in signals {
                    burst.add(signal, now);
                }
            }
            if burst.is_empty() {
                return None;
            }
            match self.events.recv_timeout(burst.rests_at().saturating_duration_since(now)) {
                Ok(event) => next = Some(event),
                Err(_) => return Some(burst),
            }
            if burst.rests_at() <= Instant::now() {
                return Some(burst);
            }
        }
    }

    /// Looks at folders that came anew.
    fn cover_again(&mut self) {
        // What can't be watched now was deleted again; its coming back is told by its parent.
        drop(cover(&mut *self.watcher, &self.watched));
    }
}

fn cover(watcher: &mut dyn Watcher, watched: &Watched) -> notify::Result<()> {
    for root in &watched.roots {
        watcher.watch(root, RecursiveMode::NonRecursive)?;
        for folder in FOLDERS.map(|folder| root.join(folder)) {
            if Path::is_dir(&folder) {
                watcher.watch(&folder, RecursiveMode::Recursive)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::mpsc::channel;
    use std::thread;

    use super::*;

    fn watched_portal() -> (tempfile::TempDir, PathBuf, Receiver<Change>) {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("content/sales")).unwrap();
        fs::write(root.join("content/sales/a.md"), "a").unwrap();
        let watch = Watch::new(Watched { roots: vec![root.clone()] }).unwrap();
        let (sender, changes) = channel();
        thread::spawn(move || watch.run(&mut |change| sender.send(change).is_ok()));
        (dir, root, changes)
    }

    /// All content paths that are told until one ends in `wanted`.
    fn until(changes: &Receiver<Change>, wanted: &str) -> BTreeSet<PathBuf> {
        let mut all = BTreeSet::new();
        while !all.iter().any(|p: &PathBuf| p.ends_with(wanted)) {
            match changes.recv_timeout(Duration::from_secs(10)).expect("a change is told") {
                Change::Content(paths) => all.extend(paths),
                other => panic!("{other:?}"),
            }
        }
        all
    }

    #[test]
    fn a_save_in_place_is_one_change() {
        let (_dir, root, changes) = watched_portal();
        fs::write(root.join("content/sales/a.md"), "b").unwrap();
        until(&changes, "sales/a.md");
        assert!(changes.recv_timeout(Duration::from_millis(200)).is_err());
    }

    #[test]
    fn a_save_beside_and_renamed_over_is_seen() {
        let (_dir, root, changes) = watched_portal();
        fs::write(root.join("content/sales/.a.md.tmp"), "b").unwrap();
        fs::rename(root.join("content/sales/.a.md.tmp"), root.join("content/sales/a.md")).unwrap();
        let paths = until(&changes, "sales/a.md");
        assert_eq!(paths.len(), 1, "{paths:?}");
    }

    #[test]
    fn files_under_new_renamed_and_returned_folders_are_seen() {
        let (_dir, root, changes) = watched_portal();
        fs::create_dir_all(root.join("content/new/deep")).unwrap();
        fs::write(root.join("content/new/deep/b.md"), "b").unwrap();
        until(&changes, "content/new");
        thread::sleep(SECOND_LOOK * 2);
        fs::write(root.join("content/new/deep/c.md"), "c").unwrap();
        until(&changes, "deep/c.md");
        fs::rename(root.join("content/new"), root.join("content/moved")).unwrap();
        until(&changes, "content/moved");
        fs::write(root.join("content/moved/deep/d.md"), "d").unwrap();
        until(&changes, "moved/deep/d.md");
        fs::rename(root.join("content"), root.join("away")).unwrap();
        until(&changes, "content");
        fs::rename(root.join("away"), root.join("content")).unwrap();
        until(&changes, "content");
        thread::sleep(SECOND_LOOK * 2);
        fs::write(root.join("content/moved/deep/e.md"), "e").unwrap();
        until(&changes, "moved/deep/e.md");
    }
}
