//! Keys of pages: two renderers that give a page the same key render the same bytes.
//!
//! A page has in its key what [`Imprints`] say of all that it shows; that, and the settings, is all
//! that it is made from.

use crate::cache::half;
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
            // Whatever the settings, they are what they hold.
            Route::Asset(id) => return Some(half(view.asset(*id)?.published)),
            Route::Variant(id, index) => {
                return self.body.pictures.hash(*id, *index).map(half);
            }
            // Few and quickly made.
            Route::Robots | Route::Headers | Route::Static(_) => return None,
        }
        Some(half(parts.finish()))
    }
}
