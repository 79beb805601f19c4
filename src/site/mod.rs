//! The site: every article, category, link and picture, resolved; an immutable snapshot.
//!
//! 1. [`load`] reads and parses what changed since the last time, and [`compose`] puts articles
//!    together that are spread over several files.
//! 2. [`assemble`] hangs the articles into [`tree`]s of categories, gives each its address
//!    ([`address`]), and finds out where each link and picture leads ([`resolve`]).
//! 3. The result is a [`Site`]. It holds everything for everybody: what follows takes a
//!    [`SiteView`](crate::view::SiteView), which is the site as one audience may see it.

pub mod address;
pub mod aliases;
pub mod assemble;
pub mod asset;
pub mod brand;
pub mod companion;
pub mod compose;
pub mod drift;
pub mod glossary;
pub mod languages;
pub mod load;
pub mod nearest;
pub mod order;
pub mod recall;
pub mod resolve;
pub mod retouch;
pub mod tree;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::article::Article;
use crate::article::kind::Kind;
use crate::audience::Visibility;
use crate::config::Config;
use crate::diagnostic::Place;
use crate::markdown::document::Span;
use crate::path::{SourcePath, UrlPath};
use crate::value::text::Located;

use asset::Asset;
use companion::Companions;
use glossary::Glossary;
use resolve::{ImageTarget, LinkTarget};

/// A page that comes from a markdown file, by its place in [`Site::pages`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageId(pub(crate) u32);

/// A category, by its place in [`Site::categories`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CategoryId(pub(crate) u32);

/// A picture, video or file to download, by its place in [`Site::assets`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AssetId(pub(crate) u32);

/// A language, by its place in [`Config::languages`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LanguageId(pub(crate) u8);

impl PageId {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

impl CategoryId {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

impl AssetId {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

impl LanguageId {
    pub const DEFAULT: LanguageId = LanguageId(0);

    pub(crate) fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// What a markdown file is to the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Article,
    /// The own text of its category; of the home page if the category has no parent.
    Index,
    /// The terms of `glossary.toml`; in no category's list.
    Glossary,
}

/// A markdown file with its place on the site.
#[derive(Clone, Debug)]
pub struct Page {
    pub article: Arc<Article>,
    pub role: Role,
    /// As its front matter says, else by where it lies.
    pub kind: Kind,
    pub language: LanguageId,
    /// The category that holds the article; of an index, the category that it introduces.
    pub category: CategoryId,
    pub title: String,
    pub url: UrlPath,
    /// Its own mark and those of all categories above, and its module.
    pub visibility: Visibility,
    /// Where each link of the document leads, in the document's order.
    pub links: Arc<[LinkTarget]>,
    /// What each picture of the document shows, in the document's order.
    pub images: Arc<[ImageTarget]>,
    /// Pages picked by hand as related, without those that lead nowhere.
    pub related: Vec<PageId>,
    /// The same article in other languages, itself left out.
    pub translations: Vec<PageId>,
    /// Set where the page stands in for a translation that does not exist: the page of the default
    /// language whose article it shows.
    pub original: Option<PageId>,
}

/// A folder with markdown in it or below.
#[derive(Clone, Debug)]
pub struct Category {
    pub language: LanguageId,
    /// `content/invoicing`.
    pub folder: SourcePath,
    pub url: UrlPath,
    pub title: String,
    /// The page of its `_index.md`.
    pub index: Option<PageId>,
    pub parent: Option<CategoryId>,
    /// In the writers' order.
    pub children: Vec<CategoryId>,
    /// The articles right in it, in the writers' order.
    pub articles: Vec<PageId>,
    pub visibility: Visibility,
    pub order: Option<f64>,
}

/// A link from one page to another, for the list of what links there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backlink {
    pub from: PageId,
    /// Who may see one of the links, and so learn that there is one.
    pub visibility: Visibility,
}

/// An old address that leads to a page.
#[derive(Clone, Debug)]
pub struct Redirect {
    pub from: UrlPath,
    pub to: PageId,
}

/// A snapshot of the whole portal. Sees everything; never pass it to what makes output.
#[derive(Clone, Debug)]
pub struct Site {
    pub config: Arc<Config>,
    /// By address.
    pub pages: Vec<Page>,
    /// A language's root category first, then by address.
    pub categories: Vec<Category>,
    /// By language: the category of its home page.
    pub roots: Vec<CategoryId>,
    pub assets: Vec<Asset>,
    /// What belongs to pictures and videos by name.
    pub companions: BTreeMap<AssetId, Companions>,
    pub statics: Vec<crate::source::SourceFile>,
    /// By page: what links there from elsewhere, in page order.
    pub backlinks: Vec<Vec<Backlink>>,
    pub redirects: Vec<Redirect>,
    /// Screen ids of the product, each with its page.
    pub contexts: BTreeMap<(LanguageId, String), PageId>,
    /// Pictures of the brand, and others that the configuration names.
    pub brand: BTreeMap<&'static str, AssetId>,
    pub snippets: Vec<Snippet>,
    /// By language.
    pub glossaries: Vec<Option<Glossary>>,
}

/// A text for reuse.
#[derive(Clone, Debug)]
pub struct Snippet {
    pub path: SourcePath,
    pub text: Arc<str>,
    /// Some page includes it.
    pub used: bool,
}

impl Site {
    pub fn page(&self, id: PageId) -> &Page {
        &self.pages[id.index()]
    }

    pub fn category(&self, id: CategoryId) -> &Category {
        &self.categories[id.index()]
    }

    pub fn asset(&self, id: AssetId) -> &Asset {
        &self.assets[id.index()]
    }

    /// The place of a span of a page's document, be it in the article's file or in a snippet's.
    pub fn place(&self, page: &Page, span: Span) -> Place {
        self.place_in(page, span, &OnceCell::new())
    }

    /// The same for one of many spans of the page, whose file's text is read once.
    pub fn place_in<'p>(&self, page: &'p Page, span: Span, text: &OnceCell<Cow<'p, str>>) -> Place {
        let path = page.article.document.source_of(span);
        if page.role == Role::Glossary
            && let Some(glossary) = &self.glossaries[page.language.index()]
            && let Some(place) = glossary.place(span)
        {
            return place.clone();
        }
        let range = span.start as usize..span.end as usize;
        if *path == page.article.path {
            let text = text.get_or_init(|| page.article.text.read());
            return Place::of_range(path.clone(), text, range);
        }
        match self.snippets.iter().find(|snippet| snippet.path == *path) {
            Some(snippet) => Place::of_range(path.clone(), &snippet.text, range),
            None => Place::file(path.clone()),
        }
    }

    pub fn language(&self, id: LanguageId) -> &str {
        &self.config.languages[id.index()]
    }

    pub fn page_ids(&self) -> impl Iterator<Item = PageId> + use<> {
        (0..self.pages.len() as u32).map(PageId)
    }

    pub fn category_ids(&self) -> impl Iterator<Item = CategoryId> + use<> {
        (0..self.categories.len() as u32).map(CategoryId)
    }
}

/// A text of front matter that names a page, for messages.
pub type Reference = Located<String>;
