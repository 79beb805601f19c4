//! Where a build's time goes, stage by stage: `cargo bench`.
//!
//! The portals are made up here, in any number of articles, so that the figures need no corpus; a
//! real one beside the project is measured too where it is there. Only comparisons on one machine
//! mean anything.

mod portals;

use std::sync::Arc;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use opas::article::Article;
use opas::build::{begin_search, search as make_search};
use opas::markdown::options::Options;
use opas::portal::{Portal, Request};
use opas::render::pictures::Pictures;
use opas::render::{Renderer, Similar};
use opas::search::analyse::{AnalysedArticle, Analyser};
use opas::search::base::Ground;
use opas::search::export;
use opas::search::input::LanguageInput;
use opas::search::inverted::Inverted;
use opas::search::kept::Kept;
use opas::search::merge::{self, Merged};
use opas::search::record::Prepared;
use opas::search::shards::Names;
use opas::source::{SourceKind, scan};
use opas::tree::{File, Tree};

use portals::{MADE_UP, NAMES, SEARCHED, at};

fn main() {
    divan::main();
}

fn today() -> jiff::civil::Date {
    jiff::civil::date(2026, 1, 1)
}

fn open(root: &std::path::Path) -> Portal {
    Portal::open(root, &Request::default()).unwrap_or_else(|e| panic!("{}: {e}", root.display()))
}

/// Every article's text to its document, on one thread.
#[divan::bench(args = NAMES, sample_count = 10)]
fn parse(bencher: Bencher<'_, '_>, name: &str) {
    let Some(root) = at(name) else { return };
    let portal = open(&root);
    let config = portal.config();
    let mut findings = Vec::new();
    let files = scan(&[root.into()], &config.languages, &mut findings);
    let texts: Vec<_> = files
        .into_iter()
        .filter(|file| file.kind == SourceKind::Article)
        .filter_map(|file| Some((file.text().ok()?, file)))
        .collect();
    let options = Options::new(config, 0);
    let bytes: usize = texts.iter().map(|(read, _)| read.text.len()).sum();
    bencher.counter(BytesCount::new(bytes)).bench_local(|| {
        let mut findings = Vec::new();
        for (read, file) in &texts {
            let article = Article::parse(file, read.clone(), &options, &mut findings);
            divan::black_box(article.is_ok());
        }
    });
}

/// From the disk to a checked site.
#[divan::bench(args = NAMES, sample_count = 10)]
fn load(bencher: Bencher<'_, '_>, name: &str) {
    let Some(root) = at(name) else { return };
    bencher.bench_local(|| open(&root).load(today()).findings.len());
}

/// The pages of all articles, one after another on one thread, without their pictures' sizes.
#[divan::bench(args = NAMES, sample_count = 10)]
fn render(bencher: Bencher<'_, '_>, name: &str) {
    let Some(root) = at(name) else { return };
    let mut portal = open(&root);
    let (view, theme) = (portal.load(today()).view, Arc::new(portal.theme().0));
    let articles = view.articles().count();
    bencher.counter(ItemsCount::new(articles)).bench_local(|| {
        let pictures = Pictures::default();
        let renderer = Renderer::new(view.clone(), theme.clone(), pictures, Similar::default());
        let tree = Tree::new(renderer, theme.clone());
        let pages = tree.leaves().filter(|leaf| leaf.is_article());
        let bytes = pages.map(|leaf| match tree.make(leaf) {
            Ok(Some(File::Rendered(bytes))) => bytes.len(),
            _ => 0,
        });
        bytes.sum::<usize>()
    });
}

/// From a site to the whole of its search, on all threads.
#[divan::bench(args = SEARCHED, sample_count = 10)]
fn search(bencher: Bencher<'_, '_>, name: &str) {
    let Some(root) = at(name) else { return };
    let mut portal = open(&root);
    let (view, theme) = (portal.load(today()).view, portal.theme().0);
    bencher.bench_local(|| make_search(&view, &theme).is_ok());
}

/// The same where nothing is new, as after an edit.
#[divan::bench(args = SEARCHED, sample_count = 10)]
fn search_again(bencher: Bencher<'_, '_>, name: &str) {
    let Some(root) = at(name) else { return };
    let mut portal = open(&root);
    let (view, theme) = (portal.load(today()).view, portal.theme().0);
    let mut kept = Kept::in_memory();
    let make = |kept: &mut Kept| {
        let unmerged = begin_search(&view, &theme, Some(kept), None);
        unmerged.merge(Some(kept)).finish(Some(kept)).is_ok()
    };
    make(&mut kept);
    bencher.bench_local(|| make(&mut kept));
}

/// Words and weights of every article, on one thread.
#[divan::bench(args = MADE_UP, sample_count = 10)]
fn analyse(bencher: Bencher<'_, '_>, name: &str) {
    let Some(language) = portals::search_input(name) else { return };
    bencher
        .counter(ItemsCount::new(language.articles.len()))
        .bench_local(|| prepared(&language).len());
}

fn merged(articles: Vec<AnalysedArticle>, code: &str) -> Merged {
    let count = articles.len() as u32;
    merge::merge(Inverted::new(articles), count, code, &Ground::default(), None)
}

/// Analysed articles to the merged index.
#[divan::bench(args = MADE_UP, sample_count = 10)]
fn index(bencher: Bencher<'_, '_>, name: &str) {
    let Some(language) = portals::search_input(name) else { return };
    let words: Vec<_> = prepared(&language).into_iter().map(|p| p.words).collect();
    bencher.bench_local(|| merged(words.clone(), &language.code).forms.len());
}

/// The merged index to its shards.
#[divan::bench(args = MADE_UP, sample_count = 10)]
fn export(bencher: Bencher<'_, '_>, name: &str) {
    let Some(language) = portals::search_input(name) else { return };
    let prepared = prepared(&language);
    let words = prepared.iter().map(|p| p.words.clone()).collect();
    let merged = merged(words, &language.code);
    let records: Vec<_> = prepared.iter().map(|p| p.record.as_ref()).collect();
    let put = |_, _| ();
    bencher.bench_local(|| {
        export::export(&language, &records, &merged, None, &mut Names::new(&put)).is_ok()
    });
}

fn prepared(language: &LanguageInput) -> Vec<Prepared> {
    let mut analyser = Analyser::default();
    language.articles.iter().map(|article| Prepared::new(article, &mut analyser).0).collect()
}
