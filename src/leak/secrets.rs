//! What only hidden content has.
//!
//! 1. All that is hidden is gathered: the words and runs of words of hidden pages and of pages with
//!    hidden parts; titles, addresses and files of what is hidden as a whole.
//! 2. All that is visible is read once, and whatever of it turns up is no secret. So nothing has to
//!    be kept of a large manual but what it hides.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::audience::Reader;
use crate::markdown::reading::Reading;
use crate::path::SourcePath;
use crate::site::resolve::{ImageTarget, LinkTarget};
use crate::site::{AssetId, Page, Role, Site};
use crate::slug::slug_or;
use crate::view::SiteView;

use super::phrases::Phrases;
use super::runs::{Runs, Shapes};
use super::text::{APART, BLOCK, each_word};
use super::visible::{Visible, metadata_of, texts_of};
use super::window::{Window, each_hash, hash};

/// Shorter words are in every language and every file.
const SHORTEST: usize = 4;
/// Shorter numbers are sizes and places.
const SHORTEST_NUMBER: usize = 6;

/// What no file of the output may hold.
pub struct Secrets {
    /// By hash.
    words: FxHashMap<u64, String>,
    runs: Runs,
    phrases: Phrases,
    pub(super) files: FxHashMap<blake3::Hash, SourcePath>,
    /// Names of hidden pictures and other files, as their addresses begin.
    names: BTreeSet<String>,
    visible: Visible,
    /// Which of [`Runs::sides`] are visible; found out when a run turns up, which it hardly ever does.
    sides: OnceLock<FxHashSet<u64>>,
}

impl Secrets {
    /// `known` are texts that everybody sees though no article holds them.
    pub fn of(site: &Arc<Site>, reader: Reader, known: &[&str]) -> Secrets {
        // What is hidden reads as it does for those who may see it, with titles in the place of what
        // writers typed: else the address in a visible link would look like a secret.
        let whole = SiteView::new(site.clone(), Reader::Auditor);
        let mut secrets = Secrets {
            words: FxHashMap::default(),
            runs: Runs::default(),
            phrases: Phrases::default(),
            files: FxHashMap::default(),
            names: BTreeSet::new(),
            visible: Visible::new(site, reader, known),
            sides: OnceLock::new(),
        };
        let mut phrases = BTreeSet::new();
        for id in site.page_ids() {
            let page = site.page(id);
            let shown = whole.page(id).map(|page| page.reading());
            let body = shown.unwrap_or_else(|| page.article.document.read(Reader::Auditor));
            secrets.hide(site, page, &body, reader, &mut phrases);
        }
        let seen_urls = seen_urls(site, reader);
        for category in site.categories.iter().filter(|c| !c.visibility.seen_by(reader)) {
            secrets.add(&category.title);
            phrases.insert(category.title.clone());
            phrases.insert(category.url.as_str().to_owned());
        }
        // The other words for a term are written nowhere, whoever may see the term.
        let terms = site.glossaries.iter().flatten().flat_map(|glossary| &glossary.terms);
        for term in terms.filter(|term| !term.visibility.seen_by(reader)) {
            term.forms.iter().for_each(|form| secrets.add(form));
        }
        phrases.retain(|phrase| !seen_urls.contains(phrase.as_str()) && is_telling(phrase));
        let seen_assets = secrets.hide_assets(site, reader, &mut phrases);
        secrets.phrases = Phrases::new(phrases);

        let files = seen_assets.iter().map(|id| site.asset(*id).file.path.to_string());
        secrets.visible.add(files.chain(seen_urls));
        let looked = secrets.visible.each(|text| secrets.found_in(text));
        let seen = looked.reduce(Found::default, Found::and);
        secrets.words.retain(|hash, _| !seen.words.contains(hash));
        secrets.runs.forget(&seen.runs);
        secrets.phrases.forget(&seen.phrases);
        secrets
    }

    /// Notes what the page hides from the reader.
    fn hide(
        &mut self,
        site: &Site,
        page: &Page,
        body: &Reading<'_>,
        reader: Reader,
        phrases: &mut BTreeSet<String>,
    ) {
        let document = &page.article.document;
        let seen = page.visibility.seen_by(reader);
        let has_hidden_parts = document.restrictions.iter().any(|r| !r.visibility.seen_by(reader));
        if !seen || has_hidden_parts {
            self.add(&body.plain_text());
            texts_of(body).iter().for_each(|text| self.add(text));
            for (_, link) in body.links() {
                self.add(&link.dest);
            }
        }
        if seen {
            return;
        }
        let front = &page.article.front;
        metadata_of(page).iter().for_each(|text| self.add(text));
        front.related.iter().for_each(|related| self.add(&related.value));
        phrases.insert(page.title.clone());
        if page.role == Role::Article {
            phrases.insert(page.url.as_str().to_owned());
        }
        phrases.extend(lesser_addresses(site, page));
    }

    /// Notes the files that no visible text refers to; gives those that one does.
    fn hide_assets(
        &mut self,
        site: &Site,
        reader: Reader,
        phrases: &mut BTreeSet<String>,
    ) -> BTreeSet<AssetId> {
        let mut seen: BTreeSet<AssetId> = site.brand.values().copied().collect();
        for page in site.pages.iter().filter(|page| page.visibility.seen_by(reader)) {
            seen.extend(assets_of(page, reader));
        }
        let companions: Vec<AssetId> =
            seen.iter().filter_map(|id| site.companions.get(id)).flat_map(|c| c.ids()).collect();
        seen.extend(companions);
        let stem = |name: &str| {
            let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
            slug_or(stem, "file")
        };
        let mut seen_names = BTreeSet::new();
        for (i, asset) in site.assets.iter().enumerate() {
            let name = asset.url.as_str().rsplit('/').next().unwrap_or("");
            if seen.contains(&AssetId(i as u32)) {
                seen_names.insert(stem(asset.file.path.file_name()));
            } else {
                self.files.insert(asset.hash, asset.file.path.clone());
                self.files.insert(asset.published, asset.file.path.clone());
                self.names.insert(stem(asset.file.path.file_name()));
                phrases.insert(name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned());
            }
        }
        self.names.retain(|name| !seen_names.contains(name));
        for id in &seen {
            let asset = site.asset(*id);
            self.files.remove(&asset.hash);
            self.files.remove(&asset.published);
            let name = asset.url.as_str().rsplit('/').next().unwrap_or("");
            phrases.remove(name.rsplit_once('.').map_or(name, |(stem, _)| stem));
        }
        seen
    }

    /// Adds a text's words and runs of words.
    fn add(&mut self, text: &str) {
        each_word(text, |word| {
            let long = word.chars().count();
            let is_number = !word.chars().any(char::is_alphabetic);
            if long >= if is_number { SHORTEST_NUMBER } else { SHORTEST } {
                self.words.entry(hash(word)).or_insert_with(|| word.to_owned());
            }
        });
        self.runs.add(text);
    }

    /// What of it is in a text.
    pub fn found_in(&self, text: &str) -> Found {
        let mut found = Found { phrases: self.phrases.found_in(text), ..Found::default() };
        if self.words.is_empty() && self.runs.is_empty() {
            return found;
        }
        for part in text.split(APART) {
            let mut window = Window::default();
            for block in part.split(BLOCK) {
                let mut begins = true;
                each_hash(block, |word| {
                    if self.words.contains_key(&word) {
                        found.words.insert(word);
                    }
                    let pushed = window.push(word, std::mem::take(&mut begins));
                    if let Some((run, shape)) = pushed.filter(|(run, _)| self.runs.has(*run)) {
                        found.runs.entry(run).or_default().add(shape);
                    }
                });
            }
        }
        found
    }

    /// The words, sentences and phrases that were found, as sentences on a file.
    pub fn say(&self, found: &Found) -> BTreeSet<String> {
        let mut said = BTreeSet::new();
        for hash in &found.words {
            if let Some(word) = self.words.get(hash) {
                said.insert(format!("`{word}`, a word of hidden texts only"));
            }
        }
        // Of a long text one run tells enough.
        let runs = found.runs.iter().filter(|(run, shapes)| self.tells(**run, **shapes));
        if let Some(run) = runs.filter_map(|(&run, _)| self.runs.words(run)).min() {
            said.insert(format!("`{run}`, a sentence of hidden texts only"));
        }
        let phrases = found.phrases.iter().map(|&i| self.phrases.get(i));
        said.extend(phrases.map(|phrase| format!("the hidden title or address `{phrase}`")));
        said
    }

    /// Whether a run that an output has in these shapes can't be there by chance.
    fn tells(&self, run: u64, shapes: Shapes) -> bool {
        let sides = self.sides.get_or_init(|| {
            let wanted = self.runs.sides();
            let of_text = |text: &str| {
                let mut sides = FxHashSet::default();
                let mut window = Window::default();
                each_hash(text, |word| {
                    window.push(word, false);
                    sides.extend(window.shorter().filter(|side| wanted.contains(side)));
                });
                sides
            };
            self.visible.each(of_text).flatten_iter().collect::<Vec<u64>>().into_iter().collect()
        });
        !self.runs.is_chance(run, shapes, sides)
    }

    /// The hidden file whose name this file of the output has.
    pub fn hidden_name<'n>(&self, path: &'n str) -> Option<&'n str> {
        let name = path.strip_prefix("assets/media/")?;
        // `stem-HASH.ext`, or `stem-HASH-WIDTH.ext`.
        let bare = name.rsplit_once('.').map_or(name, |(bare, _)| bare);
        let stem = bare.rsplit_once('-').map_or(bare, |(stem, _)| stem);
        let shorter = stem.rsplit_once('-').map_or(stem, |(stem, _)| stem);
        [stem, shorter].into_iter().find(|stem| self.names.contains(*stem))
    }
}

/// What a text holds of the secrets, by their hashes and numbers.
#[derive(Default)]
pub struct Found {
    words: FxHashSet<u64>,
    runs: FxHashMap<u64, Shapes>,
    phrases: BTreeSet<usize>,
}

impl Found {
    pub fn and(mut self, mut other: Found) -> Found {
        if self.words.len() < other.words.len() {
            std::mem::swap(&mut self, &mut other);
        }
        self.words.extend(other.words);
        for (run, shapes) in other.runs {
            self.runs.entry(run).or_default().and(shapes);
        }
        self.phrases.extend(other.phrases);
        self
    }
}

/// Titles of one word are words; shorter phrases stand in any text.
fn is_telling(phrase: &str) -> bool {
    phrase.contains('/') && phrase.len() > 2 || phrase.trim().contains(' ') && phrase.len() >= 8
}

fn seen_urls(site: &Site, reader: Reader) -> BTreeSet<String> {
    let pages = site.pages.iter().filter(|page| page.visibility.seen_by(reader));
    let categories = site.categories.iter().filter(|c| c.visibility.seen_by(reader));
    let mut seen: BTreeSet<String> = categories.map(|c| c.url.as_str().to_owned()).collect();
    for page in pages {
        seen.insert(page.url.as_str().to_owned());
        seen.extend(lesser_addresses(site, page));
    }
    seen
}

/// Addresses that are there for a page's sake: of its tags, and its old ones.
fn lesser_addresses(site: &Site, page: &Page) -> Vec<String> {
    let front = &page.article.front;
    let prefix = site.category(site.roots[page.language.index()]).url.as_str();
    let tags = front.tags.iter().map(|tag| format!("{prefix}tags/{}/", slug_or(tag, "tag")));
    let aliases = front.aliases.iter().map(|alias| format!("{}/", alias.value.trim_matches('/')));
    tags.chain(aliases).collect()
}

/// The files that a page shows its reader or links to.
fn assets_of(page: &Page, reader: Reader) -> BTreeSet<AssetId> {
    let document = &page.article.document;
    let links = document.links().iter().zip(page.links.iter());
    let links = links.filter_map(|(link, target)| match target {
        LinkTarget::Asset(id) if link.visibility.seen_by(reader) => Some(*id),
        _ => None,
    });
    let images = document.images().iter().zip(page.images.iter());
    let images = images.filter_map(|(image, target)| match target {
        ImageTarget::Asset(id) if image.visibility.seen_by(reader) => Some(*id),
        _ => None,
    });
    links.chain(images).collect()
}
