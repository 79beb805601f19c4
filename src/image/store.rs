//! What pictures are served as: asked for by everybody, made once.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, Place};
use crate::path::SourcePath;

use super::cache::{Cache, Outcome, Variant};
use super::probe::{BROKEN_PICTURE, Picture};
use super::variants::{is_worth_it, produce};

/// A picture to be served.
#[derive(Clone, Debug)]
pub struct Source {
    pub path: SourcePath,
    pub on_disk: PathBuf,
    /// blake3 of the file.
    pub hash: blake3::Hash,
    pub picture: Picture,
}

/// The variants of all pictures, in memory by the hash of the picture, behind that on disk.
#[derive(Debug)]
pub struct Store {
    cache: Option<Cache>,
    known: RwLock<FxHashMap<blake3::Hash, Outcome>>,
    /// Held while a large picture is decoded: two at once might not fit into memory.
    large: Mutex<()>,
    /// Something was put into the cache.
    grown: AtomicBool,
}

/// How much the cache on disk may hold.
const CACHE_BYTES: u64 = 1 << 30;

/// Pictures above this many pixels are decoded one at a time: 128 MB of pixels.
const LARGE: u64 = 32_000_000;

/// What [`Store::require`] did.
#[derive(Debug, Default)]
pub struct Required {
    /// Pictures that can't be decoded.
    pub findings: Vec<Diagnostic>,
    /// Pictures whose variants had to be made.
    pub made: usize,
    /// Why the cache could not keep something; the build goes on without it.
    pub cache_error: Option<std::io::Error>,
}

impl Store {
    /// A store over the cache of the portal at `root`.
    pub fn of_portal(root: &Path) -> Store {
        Store::new(Some(Cache::new(root.join(".opas/cache/images"))))
    }

    pub fn new(cache: Option<Cache>) -> Store {
        Store {
            cache,
            known: RwLock::default(),
            large: Mutex::new(()),
            grown: AtomicBool::new(false),
        }
    }

    /// The variants, by width, if they are made; never waits. A picture that has none gives an
    /// empty list, one that can't be decoded too.
    pub fn ready(&self, source: &blake3::Hash) -> Option<Arc<[Variant]>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.get(source).map(|outcome| outcome.clone().unwrap_or_default())
    }

    /// Sees to it that all of these are [`Store::ready`], in parallel: from the cache, or made.
    /// `step` is called after each.
    pub fn require(&self, sources: &[Source], step: &(dyn Fn() + Sync)) -> Required {
        let done: Vec<Required> = sources
            .par_iter()
            .map(|source| {
                let required = self.outcome(source);
                step();
                required
            })
            .collect();
        let made = done.iter().map(|one| one.made).sum();
        let cache_error = done.into_iter().find_map(|one| one.cache_error);
        Required { made, cache_error, findings: self.findings(sources) }
    }

    /// Those of the pictures that are known not to be decodable.
    pub fn findings(&self, sources: &[Source]) -> Vec<Diagnostic> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let bad = sources.iter().filter_map(|source| match known.get(&source.hash) {
            Some(Err(reason)) => Some((source, reason)),
            _ => None,
        });
        bad.map(|(source, reason)| {
            let place = Place::file(source.path.clone());
            let message = format!("the picture can't be decoded: {reason}");
            Diagnostic::new(BROKEN_PICTURE, place, message).help("copy or save it once more")
        })
        .collect()
    }

    /// Makes those ready that the cache on disk has; makes none. For who can't wait.
    pub fn recall(&self, sources: &[Source]) {
        sources.par_iter().for_each(|source| {
            if self.ready(&source.hash).is_some() {
                return;
            }
            let outcome = match is_worth_it(&source.picture) {
                true => self.cache.as_ref().and_then(|cache| cache.load(&source.hash)),
                false => Some(Ok(Arc::from([]))),
            };
            if let Some(outcome) = outcome {
                let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
                known.insert(source.hash, outcome);
            }
        });
    }

    fn outcome(&self, source: &Source) -> Required {
        if self.ready(&source.hash).is_some() {
            return Required::default();
        }
        let kept = self.cache.as_ref().filter(|_| is_worth_it(&source.picture));
        let (outcome, required) = match kept.and_then(|cache| cache.load(&source.hash)) {
            Some(outcome) => (outcome, Required::default()),
            None => self.make(source),
        };
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(source.hash, outcome);
        required
    }

    fn make(&self, source: &Source) -> (Outcome, Required) {
        let mut required = Required::default();
        if !is_worth_it(&source.picture) {
            return (Ok(Arc::from([])), required);
        }
        let pixels = u64::from(source.picture.width) * u64::from(source.picture.height);
        let large = self.large.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = if pixels > LARGE {
            Some(large)
        } else {
            drop(large);
            None
        };
        let bytes = std::fs::read(&source.on_disk);
        let unchanged = |bytes: &Vec<u8>| blake3::hash(bytes) == source.hash;
        // A file that was changed or removed meanwhile: the next snapshot has it right.
        let Some(bytes) = bytes.ok().filter(unchanged) else {
            return (Ok(Arc::from([])), required);
        };
        let made = produce(&bytes, &source.picture);
        drop(turn);
        required.made = 1;
        self.grown.store(true, Ordering::Relaxed);
        let outcome = match &self.cache {
            Some(cache) => cache.keep(&source.hash, made).unwrap_or_else(|(error, outcome)| {
                required.cache_error = Some(error);
                outcome
            }),
            None => made
                .map(|made| made.into_iter().map(Variant::in_memory).collect())
                .map_err(|reason| reason.as_str().into()),
        };
        (outcome, required)
    }

    /// The bytes of one of the picture's variants; made again if the cache has lost them.
    ///
    /// # Errors
    ///
    /// The source can't be read any more, or is another one now.
    pub fn bytes(&self, source: &Source, variant: &Variant) -> std::io::Result<Vec<u8>> {
        if let Some(bytes) = variant.bytes() {
            return Ok(bytes);
        }
        if let Some(cache) = &self.cache {
            cache.forget(&source.hash)?;
        }
        let (outcome, _) = self.make(source);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(source.hash, outcome.clone());
        drop(known);
        outcome
            .unwrap_or_default()
            .iter()
            .find(|v| v.hash == variant.hash)
            .and_then(Variant::bytes)
            .ok_or_else(|| {
                let message = format!("{}: the picture has changed meanwhile", source.path);
                std::io::Error::other(message)
            })
    }

    /// Tidies up the cache on disk, if something was added to it; for after a build.
    pub fn trim(&self) -> std::io::Result<()> {
        let cache = self.cache.as_ref().filter(|_| self.grown.load(Ordering::Relaxed));
        let Some(cache) = cache else { return Ok(()) };
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let used: std::collections::HashSet<String> =
            known.keys().map(|hash| hash.to_hex().to_string()).collect();
        drop(known);
        cache.trim(CACHE_BYTES, &|name| used.contains(name))
    }
}
