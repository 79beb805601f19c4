//! Keys of pages: two renderers that give a page the same key render the same bytes.
//!
//! Only articles have keys. They are nearly all of a portal's pages, and each depends on little besides
//! its own text, while a list changes with anything.

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
        let (page, related) = match route {
            Route::Article(id) => self.view.page(*id).map(|page| (page, self.related(page)))?,
            Route::Markdown(id) => (self.view.page(*id)?, Vec::new()),
            _ => return None,
        };
        let mut parts = Parts::default();
        parts.hash(&keys.settings);
        parts.hash(&keys.imprints.of(page)?);
        for other in related {
            parts.page(other.id());
            parts.text(&other.summary().unwrap_or_default());
        }
        Some(half(&parts))
    }
}
