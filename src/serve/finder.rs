//! The search of the served portal: brought up to date beside the pages, never in their way.
//!
//! A browser loads the index's entry and then its shards. Both have to be of one state, so an index
//! comes as a whole, and the one before stays for those who have its entry already.

use std::collections::BTreeMap;
use std::io;
use std::num::NonZero;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::build::begin_search;
use crate::path::OutputPath;
use crate::render::Similar;
use crate::search::kept::Kept;
use crate::site::PageId;
use crate::theme::Theme;
use crate::tree::{SearchFile, search_files, search_text};
use crate::view::SiteView;

use super::latest::Latest;

/// After the last of several saves in a row.
const REST: Duration = Duration::from_millis(60);

/// Half of the processors, but two where there are two: a page is sent long before the work on its
/// save begins, and one that is asked for meanwhile takes its turn within milliseconds.
fn threads() -> usize {
    let all = thread::available_parallelism().map_or(1, NonZero::get);
    (all / 2).max(2).min(all)
}

type Files = BTreeMap<OutputPath, Held>;

/// A file of an index.
#[derive(Clone)]
enum Held {
    Bytes(Arc<[u8]>),
    /// The texts of an article, in the state of the portal that the index is of.
    Text(Arc<SiteView>, PageId),
}

/// The files of the search.
pub struct Finder {
    indexes: Arc<Indexes>,
    work: Latest<State>,
}

#[derive(Default)]
struct Indexes {
    /// The newest first; none before the first is made.
    made: Mutex<Vec<Files>>,
    first: Condvar,
}

/// What an index is made of, and who waits for what it knows.
type State = (Arc<SiteView>, Arc<Theme>, Similar);

impl Finder {
    /// # Errors
    ///
    /// The system gives no thread.
    pub fn start() -> io::Result<Finder> {
        let indexes = Arc::new(Indexes::default());
        let inside = Arc::clone(&indexes);
        let mut kept = Kept::in_memory();
        let make = move |(view, theme, similar): State| {
            let begun = begin_search(&view, &theme, Some(&mut kept), None).merge(Some(&mut kept));
            similar.tell(begun.similar());
            // An index that can't be made is a fault of this program; the one before stays.
            let files = match begun.finish(Some(&mut kept)) {
                Ok(index) => {
                    let held = |file| match file {
                        SearchFile::Bytes(bytes) => Held::Bytes(bytes),
                        SearchFile::Text(text) => Held::Text(Arc::clone(&view), text.page),
                    };
                    search_files(&theme, index).map(|(path, file)| (path, held(file))).collect()
                }
                Err(_) => Files::new(),
            };
            inside.add(files);
        };
        Ok(Finder { indexes, work: Latest::start("search", REST, threads(), make)? })
    }

    /// Has the index brought up to this state, and `similar` told who is like whom in it.
    pub fn follow(&self, view: Arc<SiteView>, theme: Arc<Theme>, similar: Similar) {
        self.work.put((view, theme, similar));
    }

    /// A file of the search. Waits for the first index if there is none yet.
    pub fn file(&self, path: &OutputPath) -> Option<Arc<[u8]>> {
        if !path.as_str().starts_with("search/") {
            return None;
        }
        let mut made = self.indexes.lock();
        while made.is_empty() {
            made = self.indexes.first.wait(made).unwrap_or_else(PoisonError::into_inner);
        }
        let file = made.iter().find_map(|files| files.get(path).cloned())?;
        drop(made);
        match file {
            Held::Bytes(bytes) => Some(bytes),
            Held::Text(view, page) => search_text(&view, path, page).map(Arc::from),
        }
    }
}

impl Indexes {
    fn lock(&self) -> MutexGuard<'_, Vec<Files>> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, files: Files) {
        let mut made = self.lock();
        if files.is_empty() && !made.is_empty() {
            return;
        }
        made.insert(0, files);
        made.truncate(2);
        drop(made);
        self.first.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(entry: &str, shard: &str) -> Files {
        let file = |name: &str, text: &str| {
            (OutputPath::new(name), Held::Bytes(Arc::from(text.as_bytes())))
        };
        Files::from([file("search/fi.js", entry), file(&format!("search/{shard}.js"), shard)])
    }

    #[test]
    fn an_entry_finds_its_shards_though_a_newer_index_has_come() {
        let indexes = Arc::new(Indexes::default());
        let work = Latest::start("test", Duration::ZERO, 1, |_| ()).unwrap();
        let finder = Finder { indexes: Arc::clone(&indexes), work };
        let get = |name: &str| {
            let file = finder.file(&OutputPath::new(name));
            file.map(|bytes| String::from_utf8(bytes.to_vec()).unwrap())
        };
        indexes.add(files("one", "a"));
        indexes.add(files("two", "b"));
        assert_eq!(get("search/fi.js").as_deref(), Some("two"));
        assert_eq!(get("search/a.js").as_deref(), Some("a"));
        indexes.add(files("three", "c"));
        assert_eq!(get("search/a.js"), None);
        indexes.add(Files::new());
        assert_eq!(get("search/fi.js").as_deref(), Some("three"));
        assert_eq!(get("sales/index.html"), None);
    }
}
