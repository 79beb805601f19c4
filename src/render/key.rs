//! Keys of pages: two renderers that give a page the same key render the same bytes.
//!
//! A page has in its key what [`Imprints`] say of all that it shows; that, and the settings, is all
//! that it is made from.

use crate::route::Route;
use crate::view::imprint::{Imprints, Parts};

use super::Renderer;

/// The first half of a hash of all that a page is made from.
pub type Key = u128;

/// The keys of one renderer's pages.
pub struct Keys {
    settings: blake3::Hash,
    imprints: Imprints,
}

fn half(parts: &Parts) -> Key {
    let mut half = [0; 16];
    half.copy_from_slice(&parts.finish().as_bytes()[..16]);
    Key::from_be_bytes(half)
}

impl Renderer {
    /// `settings` is a hash of all that pages are made from besides the texts: this program, the
    /// configuration, the theme, the pictures.
    pub fn keys(&self, settings: blake3::Hash) -> Keys {
        Keys { settings, imprints: Imprints::new(&self.view) }
    }

    /// The key of a route's file, if it has one.
    pub fn key(&self, keys: &Keys, route: &Route) -> Option<Key> {
        let Keys { settings, imprints } = keys;
        let view = &*self.view;
        let mut parts = Parts::default();
        parts.hash(settings);
        let mut list = |kind: &str| {
            parts.text(kind);
            parts.hash(imprints.outline());
        };
        match route {
            Route::Article(id) => {
                let page = view.page(*id)?;
                parts.hash(&imprints.of(page)?);
                for other in self.related(page) {
                    parts.page(other.id());
                    imprints.list([other], &mut parts);
                }
            }
            Route::Markdown(id) => parts.hash(&imprints.of(view.page(*id)?)?),
            Route::Home(language) => {
                list("home");
                let home = view.home(*language);
                imprints.category(home, &mut parts)?;
                // Any article can be pinned, a tip or news.
                imprints.list(view.articles(), &mut parts);
            }
            Route::Category(id) => {
                list("category");
                imprints.category(view.category(*id)?, &mut parts)?;
            }
            Route::Tag(language, slug) => {
                list("tag");
                parts.text(slug);
                imprints.list(view.tag(*language, slug)?.articles(), &mut parts);
            }
            Route::PrintAll(language) => {
                list("print");
                imprints.book(view.home(*language), &mut parts)?;
            }
            Route::PrintCategory(id) => {
                list("print");
                imprints.book(view.category(*id)?, &mut parts)?;
            }
            Route::Feed(_) | Route::Llms => {
                list("summaries");
                imprints.list(view.articles(), &mut parts);
            }
            Route::Contents(_) => list("contents"),
            Route::AToZ(_) => list("a-z"),
            Route::Glossary(_) => list("glossary"),
            Route::Search(_) => list("search"),
            Route::Tags(_) => list("tags"),
            Route::NotFound => list("missing"),
            Route::Sitemap => list("sitemap"),
            Route::Redirect { to, .. } => {
                list("redirect");
                parts.page(*to);
            }
            // Few and quickly made, or known by their content.
            Route::Robots
            | Route::Headers
            | Route::Asset(_)
            | Route::Variant(..)
            | Route::Static(_) => return None,
        }
        Some(half(&parts))
    }

    /// The hash of what the file of a route holds, where that is known without making it.
    pub fn content(&self, route: &Route) -> Option<blake3::Hash> {
        match route {
            Route::Asset(id) => self.view.asset(*id).map(|asset| asset.published),
            Route::Variant(id, index) => self.body.pictures.hash(*id, *index),
            _ => None,
        }
    }
}
