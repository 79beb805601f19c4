//! The navigation at a page's side: the categories, and what lies in the page's own.
//!
//! 1. `nav.html` is rendered once for a category's page and once for each [`CHUNK`] of its articles:
//!    neighbours share it, and no page carries the whole manual, nor all categories of a huge one.
//! 2. A page gets its navigation with its own entry marked as the current one.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::diagnostic::Diagnostic;
use crate::site::CategoryId;
use crate::theme::Template;
use crate::view::{CategoryView, PageView, SiteView};

use super::Renderer;
use super::context::{Html, Link, Nav, NavCategory, TopCategory};
use super::frame::Place;

/// As many articles of one category share a navigation.
const CHUNK: usize = 40;
/// Of the neighbouring chunks some are shown as well, so that no page is without neighbours.
const OVERLAP: usize = 5;

/// A portal of more top categories shows those around the own one; the contents page has them all.
const TOP: usize = 60;

/// A navigation, once somebody has asked for it.
pub type Rendered = OnceLock<Result<String, Box<Diagnostic>>>;

/// The navigations that were rendered so far.
pub struct Navs {
    categories: BTreeMap<CategoryId, Shared>,
}

struct Shared {
    own: Rendered,
    chunks: Vec<Rendered>,
}

impl Navs {
    pub fn new(view: &SiteView) -> Navs {
        let homes = view.languages().map(|language| view.home(language));
        let categories = view.categories().chain(homes).map(|category| {
            let chunks = category.articles().count().div_ceil(CHUNK).max(1);
            let chunks = (0..chunks).map(|_| OnceLock::new()).collect();
            (category.id(), Shared { own: OnceLock::new(), chunks })
        });
        Navs { categories: categories.collect() }
    }
}

impl Renderer {
    /// The navigation of a page that belongs to no category.
    pub(super) fn nav_closed(&self, place: &Place) -> Result<&str, Box<Diagnostic>> {
        let nav = self.frames.nav(place).get_or_init(|| self.render_nav(place, &[], None));
        nav.as_deref().map_err(Clone::clone)
    }

    /// The navigation of a category's own page, at `place`.
    pub(super) fn nav_of_category(
        &self,
        place: &Place,
        category: CategoryView<'_>,
    ) -> Result<Html, Box<Diagnostic>> {
        let trail = category.trail();
        let render = || self.render_nav(place, &trail, Some(0));
        match self.navs.categories.get(&category.id()) {
            Some(shared) => marked(shared.own.get_or_init(render), place),
            None => marked(&render(), place),
        }
    }

    /// The navigation of an article, at `place`, the `index`th of its category.
    pub(super) fn nav_of_article(
        &self,
        place: &Place,
        page: PageView<'_>,
        index: usize,
    ) -> Result<Html, Box<Diagnostic>> {
        let category = page.category();
        let chunk = index / CHUNK;
        let render = || {
            let mut trail = category.trail();
            if trail.is_empty() {
                trail.push(category);
            }
            self.render_nav(place, &trail, Some(chunk))
        };
        let shared = self.navs.categories.get(&category.id());
        match shared.and_then(|shared| shared.chunks.get(chunk)) {
            Some(chunk) => marked(chunk.get_or_init(render), place),
            None => marked(&render(), place),
        }
    }

    fn render_nav(
        &self,
        place: &Place,
        trail: &[CategoryView<'_>],
        chunk: Option<usize>,
    ) -> Result<String, Box<Diagnostic>> {
        let top: Vec<CategoryView<'_>> = self.view.home(place.language).children().collect();
        let own = trail.first().and_then(|own| top.iter().position(|c| c.id() == own.id()));
        let from = own.unwrap_or(0).saturating_sub(TOP / 2).min(top.len().saturating_sub(TOP));
        let to = top.len().min(from + TOP);
        let context = Nav {
            t: self.frames.strings(place.language),
            frame: self.frames.at(place),
            categories: top[from..to]
                .iter()
                .map(|c| self.top_entry(place, *c, trail, chunk))
                .collect(),
            more_before: from > 0,
            more_after: to < top.len(),
        };
        let nav = self.theme.render(Template::Nav, &context)?;
        Ok(String::from_utf8_lossy(&nav).into_owned())
    }

    fn top_entry<'a>(
        &'a self,
        place: &Place,
        category: CategoryView<'a>,
        trail: &[CategoryView<'_>],
        chunk: Option<usize>,
    ) -> TopCategory<'a> {
        let is_open = trail.first().is_some_and(|first| first.id() == category.id());
        match self.frames.closed(place, category).filter(|_| !is_open) {
            Some(closed) => TopCategory::Closed(closed),
            None => TopCategory::Open(self.entry(place, category, trail, chunk)),
        }
    }

    fn entry<'a>(
        &'a self,
        place: &Place,
        category: CategoryView<'a>,
        trail: &[CategoryView<'_>],
        chunk: Option<usize>,
    ) -> NavCategory<'a> {
        let open = trail.first().is_some_and(|first| first.id() == category.id());
        let mut entry = NavCategory {
            url: place.from_root(category.url()).into(),
            title: category.title().into(),
            icon_html: None,
            open,
            articles: Vec::new(),
            more_before: false,
            more_after: false,
            categories: Vec::new(),
        };
        if !open {
            return entry;
        }
        let trail = &trail[1..];
        entry.categories =
            category.children().map(|child| self.entry(place, child, trail, chunk)).collect();
        if let (true, Some(chunk)) = (trail.is_empty(), chunk) {
            let from = (chunk * CHUNK).saturating_sub(OVERLAP);
            let to = (chunk + 1) * CHUNK + OVERLAP;
            let mut articles = category.articles().skip(from);
            entry.more_before = from > 0;
            entry.articles =
                articles.by_ref().take(to - from).map(|page| link(place, page)).collect();
            entry.more_after = articles.next().is_some();
        }
        entry
    }
}

/// By way of the root, so that it holds for all pages of one depth.
fn link<'a>(place: &Place, page: PageView<'a>) -> Link<'a> {
    Link { url: place.from_root(page.url()).into(), title: page.title().into() }
}

fn marked(nav: &Result<String, Box<Diagnostic>>, place: &Place) -> Result<Html, Box<Diagnostic>> {
    nav.as_ref().map(|nav| mark_current(nav, place)).map_err(Clone::clone)
}

/// `aria-current` at the page's own entry.
fn mark_current(nav: &str, place: &Place) -> Html {
    let own = format!("href=\"{}\"", place.from_root(&place.url));
    let Some(at) = memchr::memmem::find(nav.as_bytes(), own.as_bytes()) else {
        return nav.into();
    };
    const MARK: &str = " aria-current=\"page\"";
    let (before, behind) = nav.split_at(at + own.len());
    let mut marked = String::with_capacity(nav.len() + MARK.len());
    marked.push_str(before);
    marked.push_str(MARK);
    marked.push_str(behind);
    marked.into()
}
