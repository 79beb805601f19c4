//! All files of a portal to disk, or none of them.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rayon::prelude::*;

use crate::clock::Clock;
use crate::diagnostic::Diagnostic;
use crate::leak::Guard;
use crate::output::{Hash, Output, OutputError};
use crate::path::OutputPath;
use crate::render::key::{Key, Keys};
use crate::render::shared::Shared;
use crate::search::input::Synonym;
use crate::search::kept::Kept;
use crate::search::of_view::{self, Unmerged, Words};
use crate::search::shards::{Files, Put, Sink};
use crate::search::{SearchError, SearchIndex};
use crate::theme::Theme;
use crate::tree::{File, Leaf, SEARCH, Tree};
use crate::view::SiteView;

/// As many files one thread makes before another one may take over: else the last thread that has
/// work left keeps hundreds to itself while the others wait.
const AT_ONCE: usize = 16;

/// The search of what the readers of `view` may see.
///
/// # Errors
///
/// See [`SearchError`].
pub fn search(view: &SiteView, theme: &Theme) -> Result<SearchIndex, SearchError> {
    begin_search(view, theme, None, None).merge(None).finish(None)
}

/// The same on its way; see [`of_view::begin`].
pub fn begin_search(
    view: &SiteView,
    theme: &Theme,
    kept: Option<&mut Kept>,
    texts: Option<Put<'_>>,
) -> Unmerged {
    let words = Words {
        kind: &|language, kind| {
            theme.strings(view.code(language)).get("kind", kind.id()).to_owned()
        },
        term: &|language| theme.strings(view.code(language)).get("kind", "term").to_owned(),
        synonyms: &|language| {
            let pairs = view.synonyms(language).into_iter();
            pairs.map(|(from, to)| Synonym { from: from.to_owned(), to: to.to_owned() }).collect()
        },
    };
    of_view::begin(view, &words, kept, texts)
}

/// Takes the files of a build and hands them to the output, from any thread. What its guard finds is
/// an error, as is a template that fails; the caller finishes the output, or leaves it as it was.
pub struct Desk<'a> {
    output: &'a Output,
    guard: Option<&'a Guard>,
    /// The hash of all that pages are made from besides the texts, where it is known.
    settings: Option<blake3::Hash>,
    /// What the portals of other audiences have made, where there are any.
    shared: Option<&'a Shared>,
    keys: OnceLock<Keys>,
    findings: Mutex<Vec<Diagnostic>>,
    pub rendering: Clock,
    pub writing: Clock,
    /// Called after each file.
    step: &'a (dyn Fn() + Sync),
}

impl<'a> Desk<'a> {
    pub fn new(
        output: &'a Output,
        guard: Option<&'a Guard>,
        settings: Option<blake3::Hash>,
        shared: Option<&'a Shared>,
        step: &'a (dyn Fn() + Sync),
    ) -> Desk<'a> {
        Desk {
            output,
            guard,
            settings,
            shared,
            keys: OnceLock::new(),
            findings: Mutex::default(),
            rendering: Clock::default(),
            writing: Clock::default(),
            step,
        }
    }

    /// Renders the files that `wanted` picks, each in one of rayon's threads. Pages that the last
    /// build made from the very same things stay as they lie there.
    ///
    /// # Errors
    ///
    /// The first failure of the disk.
    pub fn build(
        &self,
        tree: &Tree,
        wanted: impl Fn(&Leaf<'_>) -> bool,
    ) -> Result<(), OutputError> {
        let leaves: Vec<Leaf<'_>> = tree.leaves().filter(|leaf| wanted(leaf)).collect();
        let keys = self.settings.map(|settings| self.keys.get_or_init(|| tree.keys(settings)));
        leaves.par_iter().with_max_len(AT_ONCE).try_for_each(|leaf| {
            let key = keys.and_then(|keys| tree.key(keys, *leaf));
            if !key.map_or(Ok(false), |key| self.keep(leaf.path, key))? {
                self.make(tree, *leaf, key)?;
            }
            (self.step)();
            Ok(())
        })
    }

    /// Takes the file as the tree has it, or from another audience's portal that shows the same there.
    fn make(&self, tree: &Tree, leaf: Leaf<'_>, key: Option<Key>) -> Result<(), OutputError> {
        let path = leaf.path;
        let twin = || self.shared.and_then(|shared| Some((shared, tree.twin(leaf)?)));
        let twin = self.rendering.run(twin);
        if let Some((bytes, hash)) = twin.and_then(|(shared, twin)| shared.bytes(path, &twin)) {
            self.look(path, &bytes);
            return self.writing.run(|| self.output.write_hashed(path, &bytes, hash, key));
        }
        let file = match self.rendering.run(|| tree.make(leaf)) {
            Ok(None) => return Ok(()),
            Ok(Some(file)) => file,
            Err(finding) => {
                self.find(vec![*finding]);
                return Ok(());
            }
        };
        let (Some((shared, twin)), File::Rendered(bytes)) = (twin, &file) else {
            return self.take(path, &file, key);
        };
        self.look(path, bytes);
        let hash = Hash::of(bytes);
        shared.note(path, twin, hash, path.on_disk(self.output.folder()));
        self.writing.run(|| self.output.write_hashed(path, bytes, hash, key))
    }

    /// Whether the file at `path` can stay, for it was made under this key.
    fn keep(&self, path: &OutputPath, key: Key) -> Result<bool, OutputError> {
        if !self.output.keep(path, key)? {
            return Ok(false);
        }
        if self.guard.is_some() {
            // What was for everybody may have become a secret since.
            let place = path.on_disk(self.output.folder());
            let bytes = fs::read(&place).map_err(|source| unreadable(&place, source))?;
            self.look(path, &bytes);
        }
        Ok(true)
    }

    fn look(&self, path: &OutputPath, bytes: &[u8]) {
        if let Some(guard) = self.guard {
            self.find(guard.look_at(path.as_str(), bytes));
        }
    }

    fn take(&self, path: &OutputPath, file: &File, key: Option<Key>) -> Result<(), OutputError> {
        let bytes = match file {
            File::Rendered(bytes) => bytes.as_slice(),
            File::Shared(bytes) => bytes,
            File::Copy(from) => {
                if self.guard.is_some() {
                    let bytes = fs::read(from).map_err(|source| unreadable(from, source))?;
                    self.look(path, &bytes);
                }
                return self.writing.run(|| self.output.copy(path, from, key));
            }
        };
        self.look(path, bytes);
        self.writing.run(|| self.output.write_keyed(path, bytes, key))
    }

    fn find(&self, found: Vec<Diagnostic>) {
        if !found.is_empty() {
            self.findings.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
        }
    }

    /// What is wrong with what was built, sorted; empty if all is well.
    pub fn findings(self) -> Vec<Diagnostic> {
        let mut findings = self.findings.into_inner().unwrap_or_else(PoisonError::into_inner);
        findings.sort();
        // A template that fails for one page fails for many.
        findings.dedup();
        findings
    }
}

/// Takes the files of the search while they are made, from any thread: to the output, where there is
/// to be one, and for the checks that ask them.
pub struct Shelf<'a> {
    desk: Option<&'a Desk<'a>>,
    keeps: bool,
    taken: Mutex<Taken>,
}

/// What a shelf was given.
#[derive(Default)]
pub struct Taken {
    pub paths: Vec<OutputPath>,
    /// Empty unless the shelf keeps them.
    pub files: Files,
    failure: Option<OutputError>,
}

impl<'a> Shelf<'a> {
    pub fn new(desk: Option<&'a Desk<'a>>, keeps: bool) -> Shelf<'a> {
        Shelf { desk, keeps, taken: Mutex::default() }
    }

    /// Hands a file on to the output.
    fn pass(&self, name: String, file: File, key: Option<Key>) {
        let path = OutputPath::new(format!("{SEARCH}{name}"));
        let written = self.desk.map_or(Ok(()), |desk| {
            let written = desk.take(&path, &file, key);
            (desk.step)();
            written
        });
        match file {
            File::Shared(bytes) => self.take(name, path, Some(bytes), written),
            File::Rendered(_) | File::Copy(_) => self.take(name, path, None, written),
        }
    }

    fn take(
        &self,
        name: String,
        path: OutputPath,
        bytes: Option<Arc<[u8]>>,
        written: Result<(), OutputError>,
    ) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(failure) = written {
            taken.failure.get_or_insert(failure);
        }
        if self.desk.is_some() {
            taken.paths.push(path);
        }
        if let Some(bytes) = bytes.filter(|_| self.keeps) {
            taken.files.insert(name, bytes);
        }
    }

    /// What it was given.
    ///
    /// # Errors
    ///
    /// The first failure of the disk.
    pub fn into_taken(self) -> Result<Taken, OutputError> {
        let mut taken = self.taken.into_inner().unwrap_or_else(PoisonError::into_inner);
        taken.failure.take().map_or(Ok(taken), Err)
    }
}

impl Sink for Shelf<'_> {
    fn put(&self, name: String, bytes: Arc<[u8]>, key: Option<Key>) {
        self.pass(name, File::Shared(bytes), key);
    }

    fn put_own(&self, name: String, bytes: Vec<u8>, key: Option<Key>) {
        let file = if self.keeps { File::Shared(bytes.into()) } else { File::Rendered(bytes) };
        self.pass(name, file, key);
    }

    fn had(&self, name: &str, key: Key) -> bool {
        let path = || OutputPath::new(format!("{SEARCH}{name}"));
        self.desk.is_some_and(|desk| desk.output.wrote(&path(), key))
    }

    fn keep(&self, name: &str, key: Key) -> bool {
        let Some(desk) = self.desk else { return false };
        let path = OutputPath::new(format!("{SEARCH}{name}"));
        match desk.keep(&path, key) {
            Ok(false) => return false,
            Ok(true) => {
                (desk.step)();
                self.take(name.to_owned(), path, None, Ok(()));
            }
            Err(failure) => self.take(name.to_owned(), path, None, Err(failure)),
        }
        true
    }
}

fn unreadable(path: &Path, source: io::Error) -> OutputError {
    OutputError::Io { path: path.to_owned(), source }
}
