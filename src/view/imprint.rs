//! What a page is made from, as a hash: two views that give it the same imprint say the same on it,
//! so that it need not be rendered to know.
//!
//! 1. The outline is a hash of all that pages show of one another without their texts: who is there
//!    and who sees it, addresses, titles, front matter, the tree, the files. One change in there
//!    changes every imprint; it is the bodies that are edited all day.
//! 2. An article, or a category's own text, adds its own text, the places in others that its links
//!    name, who links to it, its snippets, and its translations' texts.
//! 3. A list adds the summaries of what it lists: the one thing of a body that others show.
//!
//! It errs on the side of a difference. Hashes tell nothing of what is hidden, so that hidden
//! things go in too.

use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::path::SourcePath;
use crate::site::resolve::{Anchor, ImageTarget, LinkTarget};
use crate::site::{Page, PageId, Role};

use super::{CategoryView, PageView, SiteView};

/// The imprints of one view.
pub struct Imprints {
    outline: blake3::Hash,
    /// By page: what links can name in it, once somebody asked.
    places: Places,
    /// By page: what lists say of it that its front matter does not.
    summaries: Vec<blake3::Hash>,
    snippets: FxHashMap<SourcePath, blake3::Hash>,
    /// By page: its imprint, likewise. A page is a part of several files.
    pages: Vec<OnceLock<Option<blake3::Hash>>>,
}

/// By page: a hash of what [`places_in`] it, once somebody asked.
struct Places(Vec<OnceLock<blake3::Hash>>);

impl Places {
    fn of(&self, page: PageView<'_>) -> &blake3::Hash {
        self.0[page.id.index()].get_or_init(|| places_in(page))
    }
}

/// What a hash is made of, put together so that no two lists of parts read alike.
///
/// Most parts are small: hashed as a whole they cost a tenth of what they cost one by one.
#[derive(Default)]
pub struct Parts(Vec<u8>);

impl Parts {
    pub fn number(&mut self, number: usize) {
        self.0.extend_from_slice(&(number as u64).to_le_bytes());
    }

    pub fn text(&mut self, text: &str) {
        self.number(text.len());
        self.0.extend_from_slice(text.as_bytes());
    }

    pub fn hash(&mut self, hash: &blake3::Hash) {
        self.0.extend_from_slice(hash.as_bytes());
    }

    pub fn page(&mut self, id: PageId) {
        self.number(id.index());
    }

    pub fn finish(&self) -> blake3::Hash {
        blake3::hash(&self.0)
    }
}

impl Imprints {
    pub fn new(view: &SiteView) -> Imprints {
        let pages = view.site.page_ids().collect::<Vec<_>>().into_par_iter();
        let summaries = pages.map(|id| summary(PageView { view, id })).collect();
        let places = Places(view.site.pages.iter().map(|_| OnceLock::new()).collect());
        let mut parts = Parts::default();
        parts.hash(&outline(view));
        // Its terms are explained wherever they are used.
        for page in view.site.pages.iter().filter(|page| page.role == Role::Glossary) {
            link_targets(view, page, &places, &mut parts);
            for snippet in &view.site.snippets {
                parts.text(&snippet.text);
            }
        }
        let snippets = view.site.snippets.iter();
        let snippets =
            snippets.map(|snippet| (snippet.path.clone(), blake3::hash(snippet.text.as_bytes())));
        let (outline, snippets) = (parts.finish(), snippets.collect());
        let pages = view.site.pages.iter().map(|_| OnceLock::new()).collect();
        Imprints { outline, places, summaries, snippets, pages }
    }

    /// Of what shows nothing of any text.
    pub fn outline(&self) -> &blake3::Hash {
        &self.outline
    }

    /// The imprint of an article or a category's own text; `None` where other articles add to it, and
    /// of a glossary, which is in the outline.
    pub fn of(&self, page: PageView<'_>) -> Option<blake3::Hash> {
        *self.pages[page.id.index()].get_or_init(|| self.make(page))
    }

    fn make(&self, page: PageView<'_>) -> Option<blake3::Hash> {
        let data = page.data();
        let document = &data.article.document;
        if data.role == Role::Glossary || document.has_includes() {
            return None;
        }
        let mut parts = Parts::default();
        parts.hash(&self.outline);
        parts.page(page.id);
        parts.hash(data.article.text.hash());
        // Its places follow from its text, if that is what it says.
        if page.view.reworded.contains_key(&page.id) {
            parts.hash(self.places.of(page));
        }
        for snippet in document.sources().iter().skip(1) {
            parts.text(snippet.as_str());
            parts.hash(self.snippets.get(snippet)?);
        }
        link_targets(page.view, data, &self.places, &mut parts);
        for id in data.translations.iter().chain(&data.original) {
            parts.page(*id);
            parts.hash(page.view.site.page(*id).article.text.hash());
        }
        let backlinks = page.backlinks();
        parts.number(backlinks.len());
        for other in backlinks {
            parts.page(other.id);
        }
        Some(parts.finish())
    }

    /// What a list says of pages, besides what is in the outline.
    pub fn list<'a>(&self, pages: impl IntoIterator<Item = PageView<'a>>, parts: &mut Parts) {
        pages.into_iter().for_each(|page| parts.hash(&self.summaries[page.id.index()]));
    }

    /// What the page of a category says; `None` as for [`Imprints::of`] of its text.
    pub fn category(&self, category: CategoryView<'_>, parts: &mut Parts) -> Option<()> {
        if let Some(index) = category.index() {
            parts.hash(&self.of(index)?);
            self.list([index], parts);
        }
        self.list(category.articles(), parts);
        // Those without a description name their first articles, whose titles are in the outline.
        self.list(category.children().filter_map(|child| child.index()), parts);
        Some(())
    }

    /// What a book of the category's texts says; `None` as for [`Imprints::of`] of one of them.
    pub fn book(&self, category: CategoryView<'_>, parts: &mut Parts) -> Option<()> {
        for page in category.index().into_iter().chain(category.articles()) {
            parts.hash(&self.of(page)?);
        }
        category.children().try_for_each(|child| self.book(child, parts).ok_or(())).ok()
    }
}

/// A hash of all that an article's text tells its reader, as long as the portal's settings are the
/// same; `None` where the text is spread over several files, or is not quite its file's.
pub fn text_imprint(page: PageView<'_>) -> Option<blake3::Hash> {
    let article = &page.data().article;
    let document = &article.document;
    let reworded = page.view.reworded.contains_key(&page.id);
    if document.sources().len() > 1 || document.has_includes() || reworded {
        return None;
    }
    let mut parts = Parts::default();
    parts.text(article.path.as_str());
    parts.hash(article.text.hash());
    parts.number(document.event_count());
    for restriction in &document.restrictions {
        parts.number(restriction.events.start as usize);
        parts.number(restriction.events.end as usize);
        parts.number(restriction.visibility.seen_by(page.view.reader).into());
    }
    Some(parts.finish())
}

/// What a view shows of a page's text: two views of one and the same site for which this feeds alike
/// show the same text, with the same links and pictures. `false` where that can't be told.
pub fn shows(page: PageView<'_>, parts: &mut Parts) -> bool {
    let (view, data) = (page.view, page.data());
    if view.reworded.contains_key(&page.id) {
        return false;
    }
    // For as long as the site lives, its address is its own.
    parts.number(Arc::as_ptr(&view.site) as usize);
    parts.page(page.id);
    let mut seen = |seen: bool| parts.number(seen.into());
    for restriction in &data.article.document.restrictions {
        seen(restriction.visibility.seen_by(view.reader));
    }
    for target in data.links.iter() {
        match target {
            LinkTarget::Page { id, anchor } => {
                let other = view.page(*id);
                seen(other.is_some());
                if let (Some(other), Anchor::Heading(anchor)) = (other, anchor)
                    && !other.data().article.document.restrictions.is_empty()
                {
                    seen(other.reading().has_anchor(anchor));
                }
            }
            LinkTarget::Category(id) => seen(view.category(*id).is_some()),
            LinkTarget::Asset(id) => seen(view.asset(*id).is_some()),
            _ => {}
        }
    }
    for target in data.images.iter() {
        let ImageTarget::Asset(id) = target else { continue };
        seen(view.asset(*id).is_some());
        if let Some(companions) = view.companions(*id) {
            let tracks = companions.tracks.iter().map(|track| track.file);
            for file in tracks.chain(companions.dark).chain(companions.poster) {
                seen(view.asset(file).is_some());
            }
        }
    }
    true
}

/// Which pages and categories a view shows.
pub fn shown(view: &SiteView, parts: &mut Parts) {
    view.pages.iter().chain(&view.categories).for_each(|seen| parts.number((*seen).into()));
}

/// The pages that a page's links lead to, with what the links name in them.
fn link_targets(view: &SiteView, page: &Page, places: &Places, parts: &mut Parts) {
    for target in page.links.iter() {
        let LinkTarget::Page { id, anchor } = target else { continue };
        parts.page(*id);
        match anchor {
            Anchor::None => parts.number(0),
            Anchor::Heading(_) | Anchor::Dead(_) => {
                parts.hash(places.of(PageView { view, id: *id }));
            }
        }
    }
}

/// What the reader finds of a page's headings and other places.
fn places_in(page: PageView<'_>) -> blake3::Hash {
    let mut parts = Parts::default();
    let reading = page.reading();
    for (index, heading) in reading.headings() {
        parts.number(index);
        parts.number(heading.level.into());
        parts.text(&heading.id);
        parts.text(&heading.text);
    }
    for anchor in reading.anchors() {
        parts.text(anchor);
    }
    parts.finish()
}

fn summary(page: PageView<'_>) -> blake3::Hash {
    match page.front().description {
        Some(_) => blake3::hash(&[]),
        None => blake3::hash(page.summary().unwrap_or_default().as_bytes()),
    }
}

fn outline(view: &SiteView) -> blake3::Hash {
    let site = &view.site;
    let mut parts = Parts::default();
    parts.number(site.pages.len());
    for (page, seen) in site.pages.iter().zip(&view.pages) {
        outline_page(page, *seen, &mut parts);
    }
    parts.number(site.categories.len());
    for (i, category) in site.categories.iter().enumerate() {
        parts.number(view.categories[i].into());
        parts.number(view.counts[i]);
        parts.number(category.language.index());
        parts.text(category.folder.as_str());
        parts.text(category.url.as_str());
        parts.text(&category.title);
        parts.number(category.parent.map_or(usize::MAX, |id| id.index()));
        parts.number(category.visibility.bits() as usize);
        for ids in [&category.articles[..], category.index.as_slice()] {
            parts.number(ids.len());
            ids.iter().for_each(|id| parts.page(*id));
        }
        parts.number(category.children.len());
        category.children.iter().for_each(|id| parts.number(id.index()));
    }
    parts.number(site.assets.len());
    for asset in &site.assets {
        parts.text(asset.file.path.as_str());
        parts.hash(&asset.hash);
    }
    parts.number(view.assets.len());
    for id in &view.assets {
        parts.number(id.index());
    }
    for file in &site.statics {
        parts.text(file.path.as_str());
    }
    parts.finish()
}

fn outline_page(page: &Page, seen: bool, parts: &mut Parts) {
    parts.number(seen.into());
    parts.number(page.language.index());
    parts.number(page.role as usize);
    parts.number(page.category.index());
    parts.number(page.visibility.bits() as usize);
    parts.text(page.article.path.as_str());
    parts.number(page.article.layer);
    parts.text(page.url.as_str());
    parts.text(&page.title);
    // Whatever the front matter says.
    parts.hash(page.article.text.head());
    for ids in [&page.translations[..], &page.related, page.original.as_slice()] {
        parts.number(ids.len());
        ids.iter().for_each(|id| parts.page(*id));
    }
}
