//! What a page must know of its pictures, found out when a page first shows them.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use crate::image::probe::{Limits, Picture, probe};
use crate::render::body::{Pictures, Shown};
use crate::site::asset::Asset;

/// Pictures as they are on the disk, in the one size that they have.
pub struct Probed {
    limits: Limits,
    known: Mutex<FxHashMap<blake3::Hash, Option<Arc<Picture>>>>,
}

impl Probed {
    pub fn new(limits: Limits) -> Probed {
        Probed { limits, known: Mutex::default() }
    }

    fn picture(&self, asset: &Asset) -> Option<Arc<Picture>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(picture) = known.get(&asset.hash) {
            return picture.clone();
        }
        let bytes = std::fs::read(&asset.file.on_disk).ok()?;
        // What is wrong with pictures is found by the checks.
        let picture = probe(&asset.file.path, &bytes, self.limits, &mut Vec::new()).map(Arc::new);
        known.insert(asset.hash, picture.clone());
        picture
    }
}

impl Pictures for Probed {
    fn shown(&self, asset: &Asset) -> Option<Shown> {
        let picture = self.picture(asset)?;
        Some(Shown { size: Some((picture.width, picture.height)), variants: Vec::new() })
    }

    fn safe_copy(&self, asset: &Asset) -> Option<Arc<[u8]>> {
        self.picture(asset)?.safe_copy.clone()
    }
}
