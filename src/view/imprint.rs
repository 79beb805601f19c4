//! What the page of an article is made from, as a hash: two views that give an article the same
//! imprint say the same on its page, so that it need not be rendered to know.
//!
//! 1. The outline is a hash of all that pages show of one another without their texts: who is there
//!    and who sees it, addresses, titles, front matter, the tree, the files. One change in there
//!    changes every imprint; it is the bodies that are edited all day.
//! 2. An article adds its own text, the places in it and in others that links can name, who links
//!    to it, and its translations' texts.
//!
//! It errs on the side of a difference. Hashes tell nothing of what is hidden, so that hidden
//! things go in too.

use rayon::prelude::*;

use crate::site::resolve::{Anchor, LinkTarget};
use crate::site::{Page, PageId, Role};

use super::{PageView, SiteView};

/// The imprints of one view.
pub struct Imprints {
    outline: blake3::Hash,
    /// By page: what links can name in it.
    places: Vec<blake3::Hash>,
}

/// Feeds a hash so that no two lists of parts read alike.
#[derive(Default)]
pub struct Parts(blake3::Hasher);

impl Parts {
    pub fn number(&mut self, number: usize) {
        self.0.update(&(number as u64).to_le_bytes());
    }

    pub fn text(&mut self, text: &str) {
        self.number(text.len());
        self.0.update(text.as_bytes());
    }

    pub fn hash(&mut self, hash: &blake3::Hash) {
        self.0.update(hash.as_bytes());
    }

    pub fn page(&mut self, id: PageId) {
        self.number(id.index());
    }

    pub fn finish(&self) -> blake3::Hash {
        self.0.finalize()
    }
}

impl Imprints {
    pub fn new(view: &SiteView) -> Imprints {
        let places = view.site.page_ids().collect::<Vec<_>>().into_par_iter();
        let places: Vec<blake3::Hash> = places.map(|id| places_in(PageView { view, id })).collect();
        let mut parts = Parts::default();
        parts.hash(&outline(view));
        // Its terms are explained wherever they are used.
        for page in view.site.pages.iter().filter(|page| page.role == Role::Glossary) {
            link_targets(page, &places, &mut parts);
            for snippet in &view.site.snippets {
                parts.text(&snippet.text);
            }
        }
        Imprints { outline: parts.finish(), places }
    }

    /// The imprint of an article; `None` where it is spread over several files.
    pub fn of(&self, page: PageView<'_>) -> Option<blake3::Hash> {
        let data = page.data();
        let document = &data.article.document;
        if data.role != Role::Article || document.sources().len() > 1 || document.has_includes() {
            return None;
        }
        let mut parts = Parts::default();
        parts.hash(&self.outline);
        parts.page(page.id);
        parts.hash(&self.places[page.id.index()]);
        parts.hash(data.article.text.hash());
        link_targets(data, &self.places, &mut parts);
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
}

/// The pages that a page's links lead to, with what the links name in them.
fn link_targets(page: &Page, places: &[blake3::Hash], parts: &mut Parts) {
    for target in page.links.iter() {
        let LinkTarget::Page { id, anchor } = target else { continue };
        parts.page(*id);
        match anchor {
            Anchor::None => parts.number(0),
            Anchor::Heading(_) | Anchor::Dead(_) => parts.hash(&places[id.index()]),
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
    parts.text(page.article.text.head());
    for ids in [&page.translations[..], &page.related, page.original.as_slice()] {
        parts.number(ids.len());
        ids.iter().for_each(|id| parts.page(*id));
    }
}
