//! What the portals of several audiences have in common, so that it is made once: most pages show
//! the same to all of them.
//!
//! 1. A [`twin`](Renderer::twin) is a hash of all that a file shows, made without rendering it. It
//!    holds among renderers of one snapshot and theme.
//! 2. The first portal's files are noted with their twins; a later one takes the bytes of those that
//!    have the same.
//! 3. Books for paper hold all texts once more; their chapters are shared one by one.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::output::Hash;
use crate::path::{OutputPath, UrlPath};
use crate::route::Route;
use crate::view::imprint::{Parts, shown, shows};
use crate::view::{CategoryView, PageView};

use super::Renderer;
use super::context::Html;
use super::frame::Place;

/// A hash of all that something shows.
pub type Twin = blake3::Hash;

/// What was made so far for one of the audiences.
#[derive(Debug, Default)]
pub struct Shared {
    files: Mutex<FxHashMap<OutputPath, Made>>,
    chapters: Mutex<FxHashMap<Twin, Html>>,
}

#[derive(Clone, Debug)]
struct Made {
    twin: Twin,
    hash: Hash,
    place: PathBuf,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    /// Notes the file with this hash that lies, or will lie, at `place`.
    pub fn note(&self, path: &OutputPath, twin: Twin, hash: Hash, place: PathBuf) {
        locked(&self.files).insert(path.clone(), Made { twin, hash, place });
    }

    /// The bytes of the file with this twin, and their hash; `None` where there is none, or it has
    /// changed since.
    pub fn bytes(&self, path: &OutputPath, twin: &Twin) -> Option<(Vec<u8>, Hash)> {
        let made = locked(&self.files).get(path).filter(|made| made.twin == *twin)?.clone();
        let bytes = fs::read(&made.place).ok()?;
        (Hash::of(&bytes) == made.hash).then_some((bytes, made.hash))
    }

    /// A chapter, made by `make` if there is none.
    fn chapter(&self, twin: Twin, make: impl FnOnce() -> String) -> Html {
        let known = locked(&self.chapters).get(&twin).cloned();
        known.unwrap_or_else(|| {
            let chapter = Html::from(make());
            locked(&self.chapters).insert(twin, chapter.clone());
            chapter
        })
    }
}

impl Renderer {
    /// From now on, chapters of books are shared with other renderers.
    #[must_use]
    pub fn sharing(mut self, shared: Option<Arc<Shared>>) -> Renderer {
        self.shared = shared;
        self
    }

    /// A hash of all that the file of a route shows; `None` where only rendering it would tell.
    pub fn twin(&self, route: &Route) -> Option<Twin> {
        let mut parts = Parts::default();
        match route {
            Route::Article(id) => {
                let page = self.view.page(*id)?;
                parts.text("article");
                self.text_shows(page, &mut parts)?;
                let place = Place::new(page.language(), page.url().clone());
                let context = self.article_page(&place, page, String::new()).ok()?;
                parts.hash(context.frame.hash());
                parts.hash(context.t.hash());
                let rest = (&context.head, &context.nav_html, &context.languages, &context.page);
                add(&rest, &mut parts)?;
            }
            Route::Markdown(id) => {
                let page = self.view.page(*id)?;
                parts.text("markdown");
                self.text_shows(page, &mut parts)?;
            }
            Route::PrintAll(language) => {
                let place = Place::print(&self.view, *language, None);
                self.book_shows(self.view.home(*language), &place, &mut parts)?;
            }
            Route::PrintCategory(id) => {
                let category = self.view.category(*id)?;
                let place = Place::print(&self.view, category.language(), Some(category));
                self.book_shows(category, &place, &mut parts)?;
            }
            _ => return None,
        }
        Some(parts.finish())
    }

    /// What a page's text shows, and what it can show of the glossary.
    fn text_shows(&self, page: PageView<'_>, parts: &mut Parts) -> Option<()> {
        let glossary = self.view.glossary(page.body_language());
        parts.number(glossary.is_some().into());
        let pages = glossary.map(|glossary| glossary.page()).into_iter().chain([page]);
        pages.into_iter().all(|page| shows(page, parts)).then_some(())
    }

    fn book_shows(
        &self,
        category: CategoryView<'_>,
        place: &Place,
        parts: &mut Parts,
    ) -> Option<()> {
        parts.text("book");
        parts.text(place.url.as_str());
        parts.hash(self.frames.at(place).hash());
        parts.hash(self.frames.strings(place.language).hash());
        // Where nothing is left out, chapters have the same numbers and marks.
        shown(&self.view, parts);
        let mut below = vec![category];
        while let Some(category) = below.pop() {
            for page in category.index().into_iter().chain(category.articles()) {
                self.text_shows(page, parts)?;
            }
            below.extend(category.children());
        }
        Some(())
    }

    /// A chapter of a book, see [`book_of`].
    pub(super) fn shared_chapter(
        &self,
        book: &Twin,
        page: PageView<'_>,
        prefix: &str,
        make: impl FnOnce() -> String,
    ) -> Html {
        let twin = self.shared.as_ref().and_then(|shared| {
            let mut parts = Parts::default();
            parts.hash(book);
            parts.text(prefix);
            self.text_shows(page, &mut parts)?;
            Some((shared, parts.finish()))
        });
        match twin {
            Some((shared, twin)) => shared.chapter(twin, make),
            None => make().into(),
        }
    }
}

/// A hash of what a chapter's text has from its book: where that is, and where its links to other
/// chapters lead.
pub fn book_of(place: &Place, chapters: &BTreeMap<&UrlPath, String>) -> Twin {
    let mut parts = Parts::default();
    parts.text(place.url.as_str());
    for (url, prefix) in chapters {
        parts.text(url.as_str());
        parts.text(prefix);
    }
    parts.finish()
}

fn add(context: &impl Serialize, parts: &mut Parts) -> Option<()> {
    let json = serde_json::to_vec(context).ok()?;
    parts.hash(&blake3::hash(&json));
    Some(())
}
