//! What changed on the disk: the noise of the system as a small enum.
//!
//! Editors save in many ways: they write in place, write beside and rename over, delete and write
//! anew, leave swap files and backups about; and the system tells each step, more than once.
//!
//! 1. [`Watched::signals`] makes one signal of an event, or none.
//! 2. [`Burst`] gathers signals until the saving has come to rest.
//! 3. [`Watched::classify`] says what the gathered paths mean for the portal.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind, RemoveKind};
use notify::{Event, EventKind};

/// What changed, from what costs least to show to what changes every page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Stylesheets of the theme, nothing else.
    Css,
    /// Articles, pictures, snippets, static files.
    Content(BTreeSet<PathBuf>),
    /// Templates, scripts or texts of the theme; content may have changed with them.
    Theme,
    /// `opas.toml` or a word list; or the system lost track of what changed.
    Config,
}

impl Change {
    /// Both changes at once.
    pub fn and(self, other: Change) -> Change {
        match (self, other) {
            (Change::Content(mut a), Change::Content(b)) => {
                a.extend(b);
                Change::Content(a)
            }
            (Change::Config, _) | (_, Change::Config) => Change::Config,
            (Change::Css, Change::Css) => Change::Css,
            _ => Change::Theme,
        }
    }
}

/// The folders of a portal that are looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watched {
    /// The portal's own folder first, then those of its layers.
    pub roots: Vec<PathBuf>,
}

/// The folders below a root in which everything counts.
pub const FOLDERS: [&str; 3] = ["content", "static", "themes"];

/// One event, told apart by what it means for a save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Somebody is writing: more follows.
    Writing(PathBuf),
    /// The file is whole, gone, or another.
    Settled(PathBuf),
    /// A folder came or went: files may have come before anybody looked.
    Folder(PathBuf),
    /// Events were lost.
    Lost,
}

impl Watched {
    /// What an event means: nothing if it tells of reading, or of files that nobody publishes.
    pub fn signals(&self, event: &Event) -> Vec<Signal> {
        if event.need_rescan() {
            return vec![Signal::Lost];
        }
        let signal: fn(PathBuf) -> Signal = match event.kind {
            // The system does not say what it renamed.
            EventKind::Modify(ModifyKind::Name(_)) => {
                |path| if path.is_dir() { Signal::Folder(path) } else { Signal::Settled(path) }
            }
            EventKind::Access(AccessKind::Close(AccessMode::Write)) => Signal::Settled,
            EventKind::Access(_) => return Vec::new(),
            EventKind::Create(CreateKind::Folder) | EventKind::Remove(RemoveKind::Folder) => {
                Signal::Folder
            }
            EventKind::Create(_) | EventKind::Modify(ModifyKind::Data(_)) => Signal::Writing,
            _ => Signal::Settled,
        };
        event.paths.iter().filter(|path| self.counts(path)).cloned().map(signal).collect()
    }

    fn counts(&self, path: &Path) -> bool {
        let Some(within) = self.within(path) else { return false };
        let mut parts = within.components().map(|c| c.as_os_str().to_string_lossy());
        let Some(top) = parts.next() else { return false };
        let is_file = within.components().count() == 1;
        if is_file && !FOLDERS.contains(&&*top) {
            return top.ends_with(".toml");
        }
        // `static/.well-known` is published; what an editor leaves behind is not.
        let in_static = top == "static";
        FOLDERS.contains(&&*top) && parts.all(|part| in_static || !is_litter(&part))
    }

    /// The path below the root that holds it; of two roots in one another, the inner.
    fn within<'a>(&self, path: &'a Path) -> Option<&'a Path> {
        let below = self.roots.iter().filter_map(|root| path.strip_prefix(root).ok());
        below.min_by_key(|rest| rest.as_os_str().len())
    }

    /// What the paths mean for the portal.
    pub fn classify(&self, paths: BTreeSet<PathBuf>) -> Change {
        let mut content = BTreeSet::new();
        let (mut theme, mut css) = (false, false);
        for path in paths {
            let Some(within) = self.within(&path) else { continue };
            let is_css = within.extension().is_some_and(|e| e.eq_ignore_ascii_case("css"));
            if within.starts_with("themes") {
                css |= is_css;
                theme |= !is_css;
            } else if within.starts_with("content") || within.starts_with("static") {
                content.insert(path);
            } else {
                return Change::Config;
            }
        }
        match (theme, content.is_empty()) {
            (true, _) => Change::Theme,
            (false, false) if css => Change::Theme,
            (false, false) => Change::Content(content),
            (false, true) => Change::Css,
        }
    }
}

/// What editors and systems leave about, as the scan of the content sees it.
fn is_litter(name: &str) -> bool {
    name.starts_with('.')
        || name.ends_with('~')
        || name == "4913" // Vim asks with it whether it may write
        || name == "Thumbs.db"
        || (name.starts_with('#') && name.ends_with('#'))
}

/// After the last signal of a file that is whole.
const REST: Duration = Duration::from_millis(6);
/// After a signal that more follows, and no word of the end: not every system tells the end.
const REST_OF_WRITING: Duration = Duration::from_millis(40);
/// However long somebody goes on writing.
const LONGEST: Duration = Duration::from_millis(250);

/// Signals of one save, or of many at once (a checkout, a paste of a folder).
#[derive(Debug)]
pub struct Burst {
    paths: BTreeSet<PathBuf>,
    writing: BTreeSet<PathBuf>,
    folders: bool,
    lost: bool,
    since: Instant,
    last: Instant,
}

impl Burst {
    pub fn new(now: Instant) -> Burst {
        Burst {
            paths: BTreeSet::new(),
            writing: BTreeSet::new(),
            folders: false,
            lost: false,
            since: now,
            last: now,
        }
    }

    pub fn add(&mut self, signal: Signal, now: Instant) {
        self.last = now;
        match signal {
            Signal::Writing(path) => {
                self.writing.insert(path.clone());
                self.paths.insert(path);
            }
            Signal::Settled(path) => {
                self.writing.remove(&path);
                self.paths.insert(path);
            }
            Signal::Folder(path) => {
                self.folders = true;
                self.paths.insert(path);
            }
            Signal::Lost => self.lost = true,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.paths.is_empty() && !self.lost
    }

    /// When the burst is over if nothing else comes.
    pub fn rests_at(&self) -> Instant {
        let rest = if self.writing.is_empty() { REST } else { REST_OF_WRITING };
        (self.last + rest).min(self.since + LONGEST)
    }

    /// Whether a folder came or went, so that a second look is due a little later.
    pub fn had_folders(&self) -> bool {
        self.folders
    }

    /// What changed in all.
    pub fn change(self, watched: &Watched) -> Change {
        if self.lost { Change::Config } else { watched.classify(self.paths) }
    }
}

#[cfg(test)]
mod tests {
    use notify::event::{DataChange, Flag, RemoveKind, RenameMode};

    use super::*;

    fn watched() -> Watched {
        Watched { roots: vec!["/p".into(), "/p/vendor".into()] }
    }

    fn event(kind: EventKind, path: &str) -> Event {
        Event::new(kind).add_path(path.into())
    }

    const DATA: EventKind = EventKind::Modify(ModifyKind::Data(DataChange::Any));
    const CLOSED: EventKind = EventKind::Access(AccessKind::Close(AccessMode::Write));

    #[test]
    fn events_become_signals() {
        let watched = watched();
        let signal = |kind, path: &str| watched.signals(&event(kind, path)).pop();
        let article = "/p/content/a/b.md";
        assert_eq!(signal(DATA, article), Some(Signal::Writing(article.into())));
        assert_eq!(signal(CLOSED, article), Some(Signal::Settled(article.into())));
        let renamed = EventKind::Modify(ModifyKind::Name(RenameMode::To));
        assert_eq!(signal(renamed, article), Some(Signal::Settled(article.into())));
        let gone = EventKind::Remove(RemoveKind::Folder);
        assert_eq!(signal(gone, "/p/content/a"), Some(Signal::Folder("/p/content/a".into())));
        assert_eq!(signal(EventKind::Access(AccessKind::Open(AccessMode::Any)), article), None);
        let lost = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        assert_eq!(watched.signals(&lost), [Signal::Lost]);
    }

    #[test]
    fn what_nobody_publishes_is_not_seen() {
        let seen = |path: &str| !watched().signals(&event(CLOSED, path)).is_empty();
        for path in [
            "/p/content/a.md",
            "/p/content/a/media/x.png",
            "/p/static/.well-known/x",
            "/p/themes/house/css/a.css",
            "/p/opas.toml",
            "/p/synonyms.toml",
            "/p/vendor/content/a.md",
            "/p/vendor/opas.toml",
        ] {
            assert!(seen(path), "{path}");
        }
        for path in [
            "/p/content/.a.md.swp",
            "/p/content/a.md~",
            "/p/content/4913",
            "/p/content/#a.md#",
            "/p/content/.git/index",
            "/p/.opas/cache/x",
            "/p/public/index.html",
            "/p/README.md",
            "/elsewhere/content/a.md",
        ] {
            assert!(!seen(path), "{path}");
        }
    }

    #[test]
    fn paths_are_told_apart_by_what_they_change() {
        let of = |paths: &[&str]| watched().classify(paths.iter().map(PathBuf::from).collect());
        let content = |paths: &[&str]| Change::Content(paths.iter().map(PathBuf::from).collect());
        assert_eq!(of(&["/p/content/a.md"]), content(&["/p/content/a.md"]));
        assert_eq!(of(&["/p/vendor/static/x"]), content(&["/p/vendor/static/x"]));
        assert_eq!(of(&["/p/themes/x/css/a.css"]), Change::Css);
        assert_eq!(of(&["/p/themes/x/css/a.css", "/p/themes/x/templates/a.html"]), Change::Theme);
        assert_eq!(of(&["/p/themes/x/css/a.css", "/p/content/a.md"]), Change::Theme);
        assert_eq!(of(&["/p/opas.toml", "/p/content/a.md"]), Change::Config);
    }

    #[test]
    fn a_save_in_place_is_over_when_the_file_is_closed() {
        let start = Instant::now();
        let mut burst = Burst::new(start);
        burst.add(Signal::Writing("/p/content/a.md".into()), start);
        assert_eq!(burst.rests_at(), start + REST_OF_WRITING);
        let closed = start + Duration::from_millis(3);
        burst.add(Signal::Settled("/p/content/a.md".into()), closed);
        assert_eq!(burst.rests_at(), closed + REST);
    }

    #[test]
    fn a_save_beside_and_renamed_over_is_over_at_once() {
        let start = Instant::now();
        let mut burst = Burst::new(start);
        burst.add(Signal::Settled("/p/content/a.md".into()), start);
        assert_eq!(burst.rests_at(), start + REST);
    }

    #[test]
    fn endless_writing_is_shown_all_the_same() {
        let start = Instant::now();
        let mut burst = Burst::new(start);
        for ms in (0..1000).step_by(10) {
            burst.add(Signal::Writing("/p/content/a.md".into()), start + Duration::from_millis(ms));
        }
        assert_eq!(burst.rests_at(), start + LONGEST);
    }
}
