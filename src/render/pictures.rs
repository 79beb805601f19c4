//! The pictures of a view with the variants that are ready, and the choice that pages offer.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Place, Rule};
use crate::image::cache::Variant;
use crate::image::store::{Source, Store};
use crate::path::{OutputPath, SourcePath, UrlPath};
use crate::route::Route;
use crate::site::AssetId;
use crate::site::asset::{Asset, asset_url};
use crate::view::SiteView;

pub const LOST_PICTURE: Rule =
    Rule::error("lost-picture", "A picture that changed or went away while the portal was built.");

/// How wide the column of text is, in CSS pixels, where the window has room for it.
const COLUMN: u32 = 768;

/// The pictures that a view shows. Fixed once made, like the view: what becomes ready later shows
/// in the next one.
#[derive(Debug, Default)]
pub struct Pictures {
    store: Option<Arc<Store>>,
    pictures: BTreeMap<AssetId, Ready>,
}

#[derive(Debug)]
struct Ready {
    source: Source,
    /// By width.
    variants: Vec<(UrlPath, Variant)>,
}

/// The pictures of the view, for [`Store::require`].
pub fn sources(view: &SiteView) -> Vec<Source> {
    view.assets().filter_map(|(_, asset)| source(asset)).collect()
}

fn source(asset: &Asset) -> Option<Source> {
    Some(Source {
        path: asset.file.path.clone(),
        on_disk: asset.file.on_disk.to_path_buf(),
        hash: asset.hash,
        picture: asset.picture.clone()?,
    })
}

impl Pictures {
    /// The view's pictures with those variants that the store has by now.
    pub fn new(view: &SiteView, store: Arc<Store>) -> Pictures {
        let ready = view.assets().filter_map(|(id, asset)| {
            let variants = store.ready(&asset.hash)?;
            let name = asset.file.path.file_name();
            let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
            let variants = variants.iter().map(|variant| {
                let extension = variant.format.extension();
                (asset_url(stem, &variant.hash, Some(variant.width), extension), variant.clone())
            });
            let variants: Vec<_> = variants.collect();
            let source = source(asset).filter(|_| !variants.is_empty())?;
            Some((id, Ready { source, variants }))
        });
        let pictures = ready.collect();
        Pictures { store: Some(store), pictures }
    }

    /// How a page shows the picture.
    pub fn shown<'a>(&'a self, id: AssetId, asset: &'a Asset) -> Shown<'a> {
        let size = asset.picture.as_ref().map(|picture| (picture.width, picture.height));
        let width = size.map_or(0, |(width, _)| width);
        let Some(ready) = self.pictures.get(&id) else {
            return Shown { src: &asset.url, size, candidates: Vec::new() };
        };
        let mut candidates: Vec<(u32, &UrlPath)> =
            ready.variants.iter().map(|(url, variant)| (variant.width, url)).collect();
        if candidates.last().is_none_or(|&(widest, _)| widest < width) {
            candidates.push((width, &asset.url));
        }
        let src = candidates.last().map_or(&asset.url, |&(_, url)| url);
        Shown { src, size, candidates }
    }

    /// The files of all variants.
    pub fn routes(&self) -> impl Iterator<Item = (OutputPath, Route)> {
        self.pictures.iter().flat_map(|(&id, ready)| {
            let urls = ready.variants.iter().enumerate();
            urls.map(move |(i, (url, _))| (url.output(), Route::Variant(id, i)))
        })
    }

    /// The hash of a variant's bytes.
    pub fn hash(&self, id: AssetId, index: usize) -> Option<blake3::Hash> {
        let (_, variant) = self.pictures.get(&id)?.variants.get(index)?;
        Some(variant.hash)
    }

    /// The bytes of a variant; `None` if there is none of that number.
    ///
    /// # Errors
    ///
    /// The cache has lost them and the picture is gone or another one by now.
    pub fn bytes(&self, id: AssetId, index: usize) -> Result<Option<Vec<u8>>, Box<Diagnostic>> {
        let Some(ready) = self.pictures.get(&id) else { return Ok(None) };
        let Some(((_, variant), store)) = ready.variants.get(index).zip(self.store.as_ref()) else {
            return Ok(None);
        };
        store.bytes(&ready.source, variant).map(Some).map_err(|error| {
            let place = Place::file(ready.source.path.clone());
            let message = format!("a smaller copy of the picture can't be made: {error}");
            Box::new(Diagnostic::new(LOST_PICTURE, place, message).help("build once more"))
        })
    }
}

/// The finding for a picture that can't be read any more.
pub fn lost(path: &SourcePath, error: &std::io::Error) -> Box<Diagnostic> {
    let message = format!("the picture can't be read: {error}");
    let finding = Diagnostic::new(LOST_PICTURE, Place::file(path.clone()), message);
    Box::new(finding.help("build once more"))
}

/// The files that a browser may choose from for one picture.
pub struct Shown<'a> {
    /// For a browser that does not choose: the widest, in its smallest encoding.
    pub src: &'a UrlPath,
    pub size: Option<(u32, u32)>,
    /// By width.
    candidates: Vec<(u32, &'a UrlPath)>,
}

/// As wide as a player ever is on a page, at twice the density.
const POSTER: u32 = 1600;

impl Shown<'_> {
    /// A file for where a browser has no choice: not wider than a page needs.
    pub fn poster(&self) -> &UrlPath {
        let fits = self.candidates.iter().rev().find(|(width, _)| *width <= POSTER);
        fits.map_or(self.src, |&(_, url)| url)
    }

    /// The choice, if there is one; `to` writes an address as the page needs it.
    pub fn srcset(&self, to: &dyn Fn(&UrlPath) -> String) -> Option<String> {
        let list = self.candidates.iter().map(|(width, url)| format!("{} {width}w", to(url)));
        (self.candidates.len() > 1).then(|| list.collect::<Vec<_>>().join(", "))
    }

    /// How wide the picture will be, so that the browser can choose before there is a layout.
    pub fn sizes(&self) -> Option<String> {
        let (width, _) = self.size.filter(|_| self.candidates.len() > 1)?;
        let shown = width.min(COLUMN);
        let window = shown * 100 / 92 + 1;
        Some(format!("(min-width: {window}px) {shown}px, 92vw"))
    }
}
