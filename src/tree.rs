//! Every file of the output, whether it is rendered, comes with the theme or belongs to the search.
//!
//! `build` writes all of them, `serve` sends the one that is asked for; both take them from here, so
//! that what a writer sees is what is published.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::path::{OutputPath, UrlPath};
use crate::render::key::{Key, Keys};
use crate::render::shared::Twin;
use crate::render::{Content, Renderer};
use crate::route::{Route, routes};
use crate::search::{SearchIndex, Text, of_view, script};
use crate::site::PageId;
use crate::theme::Theme;
use crate::view::SiteView;

/// The folder of the search.
pub const SEARCH: &str = "search/";

/// What a file of the output is made from.
#[derive(Clone, Debug)]
enum Origin {
    Route(Route),
    /// A file of the theme, at the address where it lies.
    Theme,
    /// The texts of an article, for the search.
    SearchText(Text),
    Bytes(Arc<[u8]>),
    /// Whoever made it has written it.
    Written,
}

/// What a file of the output holds, ready to be written or sent.
#[derive(Clone, Debug)]
pub enum File {
    /// Made for whoever asked.
    Rendered(Vec<u8>),
    /// Kept by the snapshot.
    Shared(Arc<[u8]>),
    /// The same as this file on disk.
    Copy(PathBuf),
}

/// The files of one snapshot of a portal.
pub struct Tree {
    renderer: Renderer,
    theme: Arc<Theme>,
    files: BTreeMap<OutputPath, Origin>,
}

/// A file of a tree, found already: there are very many.
#[derive(Clone, Copy)]
pub struct Leaf<'t> {
    pub path: &'t OutputPath,
    origin: &'t Origin,
}

impl<'t> Leaf<'t> {
    /// Whether it is an article's page, which names articles like it.
    pub fn is_article(&self) -> bool {
        matches!(self.origin, Origin::Route(Route::Article(_)))
    }

    /// Whether it holds the texts of an article, for the search.
    pub fn is_text(&self) -> bool {
        matches!(self.origin, Origin::SearchText(_))
    }

    pub fn is_written(&self) -> bool {
        matches!(self.origin, Origin::Written)
    }

    /// What it is rendered from, if it is rendered.
    pub fn route(&self) -> Option<&'t Route> {
        match self.origin {
            Origin::Route(route) => Some(route),
            _ => None,
        }
    }
}

/// A file of the search.
#[derive(Clone, Debug)]
pub enum SearchFile {
    Bytes(Arc<[u8]>),
    /// The texts of an article.
    Text(Text),
}

/// The files of the search.
pub fn search_files(
    theme: &Theme,
    index: SearchIndex,
) -> impl Iterator<Item = (OutputPath, SearchFile)> {
    let paths = theme.files().below("js/search/").filter(|path| path.ends_with(".js"));
    let sources: Vec<_> =
        paths.filter_map(|path| theme.files().bytes(path)).map(String::from_utf8_lossy).collect();
    let script = script(sources.iter().map(|source| &**source), index.languages()).into_bytes();
    let (files, texts) = index.into_parts();
    let bytes = |(name, bytes): (String, Arc<[u8]>)| (name, SearchFile::Bytes(bytes));
    let text = |(name, text)| (name, SearchFile::Text(text));
    std::iter::once(bytes(("search.js".to_owned(), script.into())))
        .chain(files.into_iter().map(bytes))
        .chain(texts.into_iter().map(text))
        .map(|(name, file)| (OutputPath::new(format!("{SEARCH}{name}")), file))
}

/// The file of the search at `path` that holds the texts of a page of `view`.
pub fn search_text(view: &SiteView, path: &OutputPath, page: PageId) -> Option<Vec<u8>> {
    let name = path.as_str().strip_prefix(SEARCH)?;
    Some(of_view::text(view.page(page)?, name))
}

impl Tree {
    /// The files of the site and of the theme. Where two have the same path the site's page counts.
    pub fn new(renderer: Renderer, theme: Arc<Theme>) -> Tree {
        let mut files: BTreeMap<OutputPath, Origin> = routes(renderer.view())
            .into_iter()
            .chain(renderer.variants())
            .map(|(path, route)| (path, Origin::Route(route)))
            .collect();
        for asset in theme.bundles().assets() {
            files.entry(asset.url.output()).or_insert(Origin::Theme);
        }
        Tree { renderer, theme, files }
    }

    pub fn view(&self) -> &SiteView {
        self.renderer.view()
    }

    /// Adds the texts of the search, by their paths below its folder.
    pub fn add_texts<'a>(&mut self, texts: impl IntoIterator<Item = (&'a String, &'a Text)>) {
        let path = |name| OutputPath::new(format!("{SEARCH}{name}"));
        self.files.extend(texts.into_iter().map(|(name, t)| (path(name), Origin::SearchText(*t))));
    }

    /// Adds the search: its shards, those texts that are not there yet, and the script at its stable
    /// address.
    pub fn add_search(&mut self, index: SearchIndex) {
        for (path, file) in search_files(&self.theme, index) {
            match file {
                SearchFile::Bytes(bytes) => {
                    self.files.insert(path, Origin::Bytes(bytes));
                }
                SearchFile::Text(text) => {
                    self.files.entry(path).or_insert(Origin::SearchText(text));
                }
            }
        }
    }

    /// Adds files that are written already.
    pub fn add_written(&mut self, paths: impl IntoIterator<Item = OutputPath>) {
        self.files.extend(paths.into_iter().map(|path| (path, Origin::Written)));
    }

    /// Adds a file that some stage has made.
    pub fn add(&mut self, url: &UrlPath, bytes: Arc<[u8]>) {
        self.files.insert(url.output(), Origin::Bytes(bytes));
    }

    pub fn paths(&self) -> impl ExactSizeIterator<Item = &OutputPath> {
        self.files.keys()
    }

    /// All files, sorted by path.
    pub fn leaves(&self) -> impl Iterator<Item = Leaf<'_>> {
        self.files.iter().map(|(path, origin)| Leaf { path, origin })
    }

    fn leaf(&self, path: &OutputPath) -> Option<Leaf<'_>> {
        self.files.get_key_value(path).map(|(path, origin)| Leaf { path, origin })
    }

    pub fn has(&self, path: &OutputPath) -> bool {
        self.files.contains_key(path)
    }

    /// What the file at `path` is rendered from, if it is rendered.
    pub fn route(&self, path: &OutputPath) -> Option<&Route> {
        self.leaf(path)?.route()
    }

    /// What [`Tree::key`] needs; for `settings` see [`Renderer::keys`].
    pub fn keys(&self, settings: blake3::Hash) -> Keys {
        self.renderer.keys(settings)
    }

    /// Of all that a file is made from, where that is known: with the same key it has the same bytes.
    pub fn key(&self, keys: &Keys, leaf: Leaf<'_>) -> Option<Key> {
        match leaf.origin {
            Origin::Route(route) => self.renderer.key(keys, route),
            Origin::SearchText(text) => text.key,
            Origin::Theme | Origin::Bytes(_) | Origin::Written => None,
        }
    }

    /// As [`Renderer::twin`].
    pub fn twin(&self, leaf: Leaf<'_>) -> Option<Twin> {
        self.renderer.twin(leaf.route()?)
    }

    /// The file at `path`; `None` where there is none, or it is written already.
    ///
    /// # Errors
    ///
    /// A template that fails.
    pub fn file(&self, path: &OutputPath) -> Result<Option<File>, Box<Diagnostic>> {
        self.leaf(path).map_or(Ok(None), |leaf| self.make(leaf))
    }

    /// The same of a file of this tree.
    ///
    /// # Errors
    ///
    /// As [`Tree::file`].
    pub fn make(&self, leaf: Leaf<'_>) -> Result<Option<File>, Box<Diagnostic>> {
        Ok(match leaf.origin {
            Origin::Written => None,
            Origin::Bytes(bytes) => Some(File::Shared(bytes.clone())),
            Origin::SearchText(text) => {
                search_text(self.view(), leaf.path, text.page).map(File::Rendered)
            }
            Origin::Theme => {
                let asset = self.theme.bundles().asset(leaf.path);
                asset.map(|asset| File::Rendered(asset.bytes.clone()))
            }
            Origin::Route(route) => self.renderer.render(route)?.map(|content| match content {
                Content::Bytes(bytes) => File::Rendered(bytes),
                Content::Copy(from) => File::Copy(from),
            }),
        })
    }
}
