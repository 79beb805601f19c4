//! `SiteView` and `Route` to bytes.
//!
//! 1. [`Renderer::new`] prepares for one snapshot what many pages share: the frames and texts of each
//!    language, the words that bodies need.
//! 2. [`Renderer::render`] maps one route to a typed [`context`] and lets the theme make a page of
//!    it: [`article`], [`home`], [`lists`], [`print`](mod@print), [`small`]. Bodies come from the one parse,
//!    with addresses by [`body`].
//! 3. [`nav`] writes a category's navigation once for all of its articles.
//! 4. A [`key`] says of an article's page whether it would come out as it did before.
//! 5. What portals of several audiences have in common is [`shared`].
//! 6. [`feed`], [`sitemap`] and [`headers`] are for programs.
//!
//! A route's bytes depend on the snapshot, the theme and the pictures alone, so that any number of
//! threads may render in any order.

pub mod article;
pub mod body;
pub mod context;
pub mod feed;
pub mod frame;
pub mod glossary;
pub mod headers;
pub mod home;
pub mod item;
pub mod key;
pub mod letter;
pub mod lists;
pub mod nav;
pub mod pictures;
pub mod print;
pub mod shared;
pub mod sitemap;
pub mod small;
pub mod terms;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use crate::diagnostic::Diagnostic;
use crate::path::{OutputPath, UrlPath};
use crate::route::Route;
use crate::site::asset::{AssetContent, quiet_copy};
use crate::site::{LanguageId, PageId};
use crate::theme::{Strings, Theme};
use crate::view::SiteView;

use body::Body;
use frame::{Frames, Place};
use nav::Navs;
use pictures::Pictures;
use shared::Shared;

/// What a file of the output holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    Bytes(Vec<u8>),
    /// The same as this file on disk.
    Copy(PathBuf),
}

/// Articles like an article, the most like it first, for those with few related ones by hand. Its
/// clones are one, to which the search tells them once it knows.
#[derive(Clone, Debug, Default)]
pub struct Similar(Arc<OnceLock<BTreeMap<PageId, Vec<PageId>>>>);

impl Similar {
    /// Only the first telling counts.
    pub fn tell(&self, similar: BTreeMap<PageId, Vec<PageId>>) {
        self.0.get_or_init(|| similar);
    }

    /// None, too, as long as nothing was told.
    fn of(&self, page: PageId) -> Option<&[PageId]> {
        self.0.get()?.get(&page).map(Vec::as_slice)
    }
}

/// Renders any route of one snapshot, from any thread.
pub struct Renderer {
    view: Arc<SiteView>,
    theme: Arc<Theme>,
    similar: Similar,
    frames: Frames,
    navs: Navs,
    body: Body,
    shared: Option<Arc<Shared>>,
}

impl Renderer {
    pub fn new(
        view: Arc<SiteView>,
        theme: Arc<Theme>,
        pictures: Pictures,
        similar: Similar,
    ) -> Renderer {
        Renderer {
            frames: Frames::new(&view, &theme),
            navs: Navs::new(&view),
            body: Body::new(&view, &theme, pictures),
            view,
            theme,
            similar,
            shared: None,
        }
    }

    /// The pictures' variants, each with its file.
    pub fn variants(&self) -> impl Iterator<Item = (OutputPath, Route)> {
        self.body.pictures.routes()
    }

    pub fn view(&self) -> &SiteView {
        &self.view
    }

    fn strings(&self, language: LanguageId) -> &Strings {
        self.theme.strings(self.view.code(language))
    }

    /// The file of a route; `None` where the view no longer has what the route names.
    ///
    /// # Errors
    ///
    /// A template that fails.
    pub fn render(&self, route: &Route) -> Result<Option<Content>, Box<Diagnostic>> {
        let site_url = self.view.config().site_url.as_ref();
        let page = match route {
            Route::Home(language) => Some(self.home(*language)?),
            Route::Category(id) => self.view.category(*id).map(|c| self.category(c)).transpose()?,
            Route::Article(id) => self.view.page(*id).map(|p| self.article(p)).transpose()?,
            Route::Contents(language) => Some(self.contents(*language)?),
            Route::AToZ(language) => Some(self.a_to_z(*language)?),
            Route::Glossary(language) => {
                let glossary = self.view.glossary(*language);
                glossary.map(|glossary| self.glossary(*language, glossary)).transpose()?
            }
            Route::Search(language) => Some(self.search(*language)?),
            Route::Tags(language) => Some(self.tags(*language)?),
            Route::Tag(language, slug) => {
                self.view.tag(*language, slug).map(|tag| self.tag(*language, tag)).transpose()?
            }
            Route::PrintAll(language) => {
                let home = self.view.home(*language);
                Some(self.print(home, &Place::print(&self.view, *language, None))?)
            }
            Route::PrintCategory(id) => self
                .view
                .category(*id)
                .map(|c| self.print(c, &Place::print(&self.view, c.language(), Some(c))))
                .transpose()?,
            Route::NotFound => Some(self.not_found()?),
            Route::Redirect { from, to } => {
                self.view.page(*to).map(|page| self.redirect(from, page)).transpose()?
            }
            Route::Markdown(id) => self.view.page(*id).map(|page| self.markdown(page).into_bytes()),
            Route::Feed(language) => {
                let feed = site_url.map(|url| feed::feed(&self.view, *language, url));
                return Ok(feed.map(Content::Bytes));
            }
            Route::Sitemap => {
                let sitemap = site_url.map(|url| sitemap::sitemap(&self.view, url));
                return Ok(sitemap.map(Content::Bytes));
            }
            Route::Headers => return Ok(Some(Content::Bytes(headers::headers(&self.view)))),
            Route::Robots => return Ok(Some(Content::Bytes(sitemap::robots(site_url)))),
            Route::Llms => return Ok(Some(Content::Bytes(sitemap::llms(&self.view)))),
            Route::Asset(id) => {
                let Some(asset) = self.view.asset(*id) else { return Ok(None) };
                return Ok(Some(match asset.content() {
                    AssetContent::Bytes(bytes) => Content::Bytes(bytes.to_vec()),
                    AssetContent::File(file) => Content::Copy(file.to_owned()),
                    AssetContent::Quiet(file, format) => {
                        let lost = |error: std::io::Error| pictures::lost(&asset.file.path, &error);
                        Content::Bytes(quiet_copy(file, format).map_err(lost)?)
                    }
                }));
            }
            Route::Variant(id, index) => {
                let bytes = self.body.pictures.bytes(*id, *index)?;
                return Ok(bytes.map(Content::Bytes));
            }
            Route::Static(index) => {
                let mut statics = self.view.statics();
                return Ok(statics
                    .nth(*index)
                    .map(|(f, _)| Content::Copy(f.on_disk.to_path_buf())));
            }
        };
        Ok(page.map(Content::Bytes))
    }
}

/// `../../` for `a/b/`.
pub(crate) fn root_of(url: &UrlPath) -> String {
    "../".repeat(url.as_str().matches('/').count())
}
