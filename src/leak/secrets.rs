//! What only hidden content has.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::audience::Reader;
use crate::markdown::reading::Reading;
use crate::path::SourcePath;
use crate::site::resolve::{ImageTarget, LinkTarget};
use crate::site::{AssetId, Page, PageId, Role, Site};
use crate::view::SiteView;

use super::text::words;

/// Shorter words are in every language and every file.
const SHORTEST: usize = 4;
/// How many words in a row tell a sentence.
pub(super) const RUN: usize = 5;

/// What no file of the output may hold.
#[derive(Default)]
pub struct Secrets {
    words: FxHashSet<String>,
    /// Runs of words, joined by spaces.
    runs: FxHashSet<String>,
    addresses: BTreeSet<String>,
    pub(super) files: FxHashMap<blake3::Hash, SourcePath>,
}

/// Texts, each with whether the reader may see it.
#[derive(Default)]
struct Corpus {
    visible: Vec<String>,
    hidden: Vec<String>,
}

impl Secrets {
    pub fn of(site: &Arc<Site>, reader: Reader, known: &[&str]) -> Secrets {
        let view = SiteView::new(site.clone(), reader);
        let mut corpus = Corpus::default();
        corpus.visible.extend(known.iter().map(|text| (*text).to_owned()));
        // Whatever the configuration says, it says to everybody.
        corpus.visible.push(format!("{:?}", site.config));
        let mut hidden_urls = BTreeSet::new();
        let mut seen_urls = BTreeSet::new();
        let mut seen_assets: BTreeSet<AssetId> = site.brand.values().copied().collect();
        let mut hidden_assets: BTreeSet<AssetId> = BTreeSet::new();
        for (i, page) in site.pages.iter().enumerate() {
            let seen = page.visibility.seen_by(reader);
            let everything = texts_of(&page.article.document.read(Reader::All));
            if seen {
                if let Some(shown) = view.page(PageId(i as u32)) {
                    corpus.visible.extend(texts_of(&shown.reading()));
                }
                corpus.visible.extend(metadata_of(page));
                // A tag's address is as visible as the tag.
                let tags = page.article.front.tags.iter();
                corpus.visible.extend(tags.map(|tag| crate::slug::slug_or(tag, "tag")));
                seen_urls.insert(page.url.as_str());
            } else {
                corpus.hidden.extend(metadata_of(page));
                corpus.hidden.extend(page.article.front.related.iter().map(|r| r.value.clone()));
                if page.role == Role::Article {
                    hidden_urls.insert(page.url.as_str());
                }
            }
            corpus.hidden.extend(everything);
            for (id, visible) in assets_of(page, reader) {
                if seen && visible { &mut seen_assets } else { &mut hidden_assets }.insert(id);
            }
        }
        // The other words for a term are written nowhere, whoever may see the term.
        for term in site.glossaries.iter().flatten().flat_map(|glossary| &glossary.terms) {
            let told = term.visibility.seen_by(reader);
            let words = if told { &mut corpus.visible } else { &mut corpus.hidden };
            words.extend(term.forms.iter().cloned());
        }
        for category in &site.categories {
            if category.visibility.seen_by(reader) {
                corpus.visible.push(category.title.clone());
                corpus.visible.push(category.url.as_str().to_owned());
                seen_urls.insert(category.url.as_str());
            } else {
                corpus.hidden.push(category.title.clone());
                hidden_urls.insert(category.url.as_str());
            }
        }
        corpus.visible.extend(site.statics.iter().map(|file| file.path.to_string()));
        let mut files = FxHashMap::default();
        for id in hidden_assets.difference(&seen_assets) {
            let asset = site.asset(*id);
            files.insert(asset.hash, asset.file.path.clone());
            let name = asset.url.as_str().rsplit('/').next().unwrap_or("");
            // The name without its ending: variants carry it too.
            hidden_urls.insert(name.split('.').next().unwrap_or(name));
        }
        for id in &seen_assets {
            files.remove(&site.asset(*id).hash);
            corpus.visible.push(site.asset(*id).file.path.to_string());
        }
        let addresses = hidden_urls
            .difference(&seen_urls)
            .filter(|url| !url.is_empty())
            .map(|url| (*url).to_owned())
            .collect();
        let (words, runs) = corpus.difference();
        Secrets { words, runs, addresses, files }
    }

    pub fn words_in<'a>(&self, words: &'a [String]) -> BTreeSet<&'a str> {
        words.iter().map(String::as_str).filter(|word| self.words.contains(*word)).collect()
    }

    /// The first run that only hidden texts have.
    pub fn runs_in(&self, words: &[String]) -> Option<String> {
        if self.runs.is_empty() {
            return None;
        }
        words.windows(RUN).map(|run| run.join(" ")).find(|run| self.runs.contains(run))
    }

    pub fn addresses_in<'a>(&'a self, text: &str) -> impl Iterator<Item = &'a str> {
        self.addresses.iter().map(String::as_str).filter(move |a| text.contains(*a))
    }
}

impl Corpus {
    fn difference(&self) -> (FxHashSet<String>, FxHashSet<String>) {
        let mut seen_words = FxHashSet::default();
        let mut seen_runs = FxHashSet::default();
        for text in &self.visible {
            let words = words(text);
            seen_runs.extend(words.windows(RUN).map(|run| run.join(" ")));
            seen_words.extend(words);
        }
        let mut secret_words = FxHashSet::default();
        let mut secret_runs = FxHashSet::default();
        for text in &self.hidden {
            let words = words(text);
            let runs = words.windows(RUN).map(|run| run.join(" "));
            secret_runs.extend(runs.filter(|run| !seen_runs.contains(run)));
            secret_words.extend(words.into_iter().filter(|word| {
                word.chars().count() >= SHORTEST
                    && word.chars().any(char::is_alphabetic)
                    && !seen_words.contains(word)
            }));
        }
        (secret_words, secret_runs)
    }
}

/// All that a reading of a page's body says.
fn texts_of(reading: &Reading<'_>) -> Vec<String> {
    let mut texts = vec![reading.plain_text()];
    for (_, image) in reading.images() {
        texts.extend([image.alt.clone(), image.title.clone(), image.dest.clone()]);
    }
    for (index, link) in reading.links() {
        texts.extend([link.title.clone(), link.dest.clone(), reading.link_text(index)]);
    }
    texts.extend(reading.headings().flat_map(|(_, h)| [h.id.clone(), h.text.clone()]));
    texts
}

/// What a page says of itself besides its body.
fn metadata_of(page: &Page) -> Vec<String> {
    let front = &page.article.front;
    let mut texts = vec![page.title.clone(), page.url.as_str().to_owned()];
    texts.extend(front.description.clone());
    texts.extend(front.module.clone());
    texts.extend(front.tags.iter().cloned());
    let located = [&front.aliases, &front.contexts, &front.find_by];
    texts.extend(located.into_iter().flatten().map(|text| text.value.clone()));
    texts.extend(front.slug.iter().chain(&front.key).map(|text| text.value.clone()));
    texts.push(front.extra.to_string());
    texts
}

/// The files that a page refers to, with whether the reader sees where.
fn assets_of(page: &Page, reader: Reader) -> BTreeMap<AssetId, bool> {
    let document = &page.article.document;
    let links =
        document.links().iter().zip(page.links.iter()).filter_map(|(link, target)| match target {
            LinkTarget::Asset(id) => Some((*id, link.visibility.seen_by(reader))),
            _ => None,
        });
    let images =
        document.images().iter().zip(page.images.iter()).filter_map(
            |(image, target)| match target {
                ImageTarget::Asset(id) => Some((*id, image.visibility.seen_by(reader))),
                _ => None,
            },
        );
    let mut assets = BTreeMap::new();
    for (id, visible) in links.chain(images) {
        *assets.entry(id).or_insert(false) |= visible;
    }
    assets
}
