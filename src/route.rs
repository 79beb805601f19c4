//! Every file of the output, and what it is made from.
//!
//! `build` renders all routes, `serve` the one that the browser asks for; both go by this list.

use rayon::prelude::*;

use crate::path::{OutputPath, UrlPath};
use crate::site::{AssetId, CategoryId, LanguageId, PageId};
use crate::view::{PageView, SiteView};

/// What one file of the output is made from. Files of the theme and of the search are added by
/// those who know them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Route {
    Home(LanguageId),
    Category(CategoryId),
    Article(PageId),
    /// `article.md`, the article's text beside its page.
    Markdown(PageId),
    Contents(LanguageId),
    AToZ(LanguageId),
    Glossary(LanguageId),
    Search(LanguageId),
    Tags(LanguageId),
    /// A tag, by the last part of its address.
    Tag(LanguageId, String),
    /// All of a language's articles on one page, for paper.
    PrintAll(LanguageId),
    PrintCategory(CategoryId),
    NotFound,
    /// An old address, leading to a page.
    Redirect {
        from: UrlPath,
        to: PageId,
    },
    Feed(LanguageId),
    Sitemap,
    Robots,
    /// `_headers`, what a web server should send along.
    Headers,
    Llms,
    Asset(AssetId),
    /// A smaller encoding of a picture, by its place among the variants; listed by the renderer.
    Variant(AssetId, usize),
    /// A file of `static/`, by its place in [`SiteView::statics`].
    Static(usize),
}

/// The addresses of pages that every language has.
pub struct Places {
    prefix: String,
}

impl Places {
    pub fn new(view: &SiteView, language: LanguageId) -> Places {
        Places { prefix: view.prefix(language).to_owned() }
    }

    fn at(&self, rest: &str) -> UrlPath {
        UrlPath::new(format!("{}{rest}", self.prefix))
    }

    pub fn home(&self) -> UrlPath {
        self.at("")
    }

    pub fn contents(&self) -> UrlPath {
        self.at("contents/")
    }

    pub fn a_to_z(&self) -> UrlPath {
        self.at("a-z/")
    }

    pub fn glossary(&self) -> UrlPath {
        self.at("glossary/")
    }

    pub fn search(&self) -> UrlPath {
        self.at("search/")
    }

    pub fn tags(&self) -> UrlPath {
        self.at("tags/")
    }

    pub fn print(&self) -> UrlPath {
        self.at("print/")
    }

    /// A category's address below the languages' own start is kept: `print/invoicing/`.
    pub fn print_category(&self, category: &UrlPath) -> UrlPath {
        self.at(&format!("print/{}", &category.as_str()[self.prefix.len()..]))
    }

    pub fn feed(&self) -> UrlPath {
        self.at("feeds/announcements.xml")
    }
}

/// The markdown beside an article's page.
pub fn markdown_url(page: &UrlPath) -> UrlPath {
    UrlPath::new(format!("{page}article.md"))
}

/// The routes of all that the view shows, sorted by their files.
pub fn routes(view: &SiteView) -> Vec<(OutputPath, Route)> {
    let articles: Vec<PageView<'_>> = view.articles().collect();
    let routes_of = |page: &PageView<'_>| {
        let markdown = markdown_url(page.url()).output();
        [(page.url().output(), Route::Article(page.id())), (markdown, Route::Markdown(page.id()))]
    };
    let of_articles: Vec<[_; 2]> = articles.par_iter().map(routes_of).collect();
    let mut routes = Vec::with_capacity(2 * of_articles.len());
    let mut add = |path: OutputPath, route: Route| routes.push((path, route));
    let has_site_url = view.config().site_url.is_some();
    for language in view.languages() {
        let places = Places::new(view, language);
        add(places.home().output(), Route::Home(language));
        add(places.contents().output(), Route::Contents(language));
        add(places.a_to_z().output(), Route::AToZ(language));
        add(places.search().output(), Route::Search(language));
        if view.glossary(language).is_some() {
            add(places.glossary().output(), Route::Glossary(language));
        }
        if view.has_print() {
            add(places.print().output(), Route::PrintAll(language));
        }
        let mut tags = view.tags(language).peekable();
        if tags.peek().is_some() {
            add(places.tags().output(), Route::Tags(language));
        }
        for tag in tags {
            add(tag.url().output(), Route::Tag(language, tag.slug().to_owned()));
        }
        if has_site_url {
            add(places.feed().output(), Route::Feed(language));
        }
    }
    for category in view.categories() {
        add(category.url().output(), Route::Category(category.id()));
        if view.has_print() {
            let print = Places::new(view, category.language()).print_category(category.url());
            add(print.output(), Route::PrintCategory(category.id()));
        }
    }
    for (path, route) in of_articles.into_iter().flatten() {
        add(path, route);
    }
    add(OutputPath::new("404.html"), Route::NotFound);
    add(OutputPath::new("llms.txt"), Route::Llms);
    if has_site_url {
        add(OutputPath::new("sitemap.xml"), Route::Sitemap);
    }
    for (id, asset) in view.assets() {
        add(asset.url.output(), Route::Asset(id));
    }
    for (from, page) in view.redirects() {
        add(from.output(), Route::Redirect { from: from.clone(), to: page.id() });
    }
    for (i, (_, url)) in view.statics().enumerate() {
        add(url.output(), Route::Static(i));
    }
    // Whoever writes a robots.txt of their own means it.
    add(OutputPath::new("robots.txt"), Route::Robots);
    // A portal that knows its server better has its own in `static/`.
    add(OutputPath::new("_headers"), Route::Headers);
    // What comes first keeps its file: a file of `static/` never takes a page's place.
    routes.sort_by(|a, b| a.0.cmp(&b.0));
    routes.dedup_by(|next, first| next.0 == first.0);
    routes
}
