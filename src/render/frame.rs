//! What surrounds every page: prepared once for each language and depth.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Serialize;

use crate::config::AdminMode;
use crate::diagnostic::Diagnostic;
use crate::path::UrlPath;
use crate::route::Places;
use crate::site::{CategoryId, LanguageId};
use crate::theme::{Strings, Template, Templates, Theme};
use crate::view::{CategoryView, PageView, SiteView};

use super::context::{
    Alternate, Assets, Footer, Frame, Head, LanguageLink, Link, Logo, NavCategory, Prepared,
};
use super::nav::Rendered;
use super::root_of;

/// Where a page is, and in which language.
pub struct Place {
    pub language: LanguageId,
    pub url: UrlPath,
    /// From the page to the root of the output; of `404.html` from the root of the server.
    pub root: String,
}

impl Place {
    pub fn new(language: LanguageId, url: UrlPath) -> Place {
        let root = root_of(&url);
        Place { language, url, root }
    }

    /// The pages for paper.
    pub fn print(
        view: &SiteView,
        language: LanguageId,
        category: Option<CategoryView<'_>>,
    ) -> Place {
        let places = Places::new(view, language);
        let url = category.map_or_else(|| places.print(), |c| places.print_category(c.url()));
        Place::new(language, url)
    }

    /// `404.html`, which is shown at any depth.
    pub fn not_found(view: &SiteView) -> Place {
        let base = view.config().site_url.as_ref().map_or("/", |url| url.path());
        let slash = if base.ends_with('/') { "" } else { "/" };
        let root = format!("{base}{slash}");
        Place { language: LanguageId::DEFAULT, url: UrlPath::new("404.html"), root }
    }

    /// The way from this page to another by way of the root: the same for all pages of one depth.
    pub fn from_root(&self, url: &UrlPath) -> String {
        format!("{}{url}", self.root)
    }

    /// The shortest way from this page to another.
    pub fn to(&self, url: &UrlPath) -> String {
        let mut link = String::new();
        self.push_to(&mut link, url);
        link
    }

    /// Appends the same to a text.
    pub fn push_to(&self, link: &mut String, url: &UrlPath) {
        if self.root.starts_with('/') {
            link.push_str(&self.root);
            link.push_str(url.as_str());
        } else {
            url.push_relative(link, &self.url);
        }
    }
}

/// The frames by language and root, and the texts by language.
pub struct Frames {
    strings: Vec<Prepared<Strings>>,
    frames: Vec<BTreeMap<String, Shared>>,
}

struct Shared {
    frame: Prepared<Frame>,
    /// Made when the first of very many pages wants them.
    templates: OnceLock<Option<Templates>>,
    /// The top categories' entries in the navigation while they are closed.
    closed: OnceLock<BTreeMap<CategoryId, Prepared<NavCategory<'static>>>>,
    /// The navigation of pages that belong to no category.
    nav: Rendered,
}

impl Shared {
    fn new(frame: &Frame) -> Shared {
        let (templates, closed, nav) = Default::default();
        Shared { frame: Prepared::new(frame), templates, closed, nav }
    }
}

impl Frames {
    pub fn new(view: &SiteView, theme: &Theme) -> Frames {
        let pages = view.articles().map(|page| page.url().clone());
        let categories = view.categories().map(|category| category.url().clone());
        let deepest =
            pages.chain(categories).map(|url| url.as_str().matches('/').count()).max().unwrap_or(0);
        // Below a category there is its print page; below a language `tags/name/`.
        let depths = deepest.max(3) + 1;
        let mut frames = Vec::new();
        let mut strings = Vec::new();
        for language in view.languages() {
            let texts = theme.strings(view.code(language));
            strings.push(Prepared::new(texts));
            let mut by_root = BTreeMap::new();
            for depth in 0..=depths {
                let root = "../".repeat(depth);
                let frame = frame(view, theme, language, texts, &root);
                by_root.insert(root, Shared::new(&frame));
            }
            let root = Place::not_found(view).root;
            let absolute = frame(view, theme, language, texts, &root);
            by_root.insert(root, Shared::new(&absolute));
            frames.push(by_root);
        }
        Frames { strings, frames }
    }

    pub fn strings(&self, language: LanguageId) -> &Prepared<Strings> {
        &self.strings[language.index()]
    }

    /// The frame of a page; there is one for every depth that a page can have.
    pub fn at(&self, place: &Place) -> &Prepared<Frame> {
        &self.shared(place).frame
    }

    /// The navigation of pages of this place that belong to no category.
    pub fn nav(&self, place: &Place) -> &Rendered {
        &self.shared(place).nav
    }

    fn shared(&self, place: &Place) -> &Shared {
        &self.frames[place.language.index()][&place.root]
    }

    /// A top category's entry in the navigation of a page while it is closed.
    pub fn closed(
        &self,
        place: &Place,
        category: CategoryView<'_>,
    ) -> Option<&Prepared<NavCategory<'static>>> {
        let entries = self.shared(place).closed.get_or_init(|| {
            let top = category.parent().unwrap_or(category).children();
            let entry = |top: CategoryView<'_>| NavCategory {
                url: place.from_root(top.url()).into(),
                title: top.title().to_owned().into(),
                icon_html: None,
                open: false,
                articles: Vec::new(),
                more_before: false,
                more_after: false,
                categories: Vec::new(),
            };
            top.map(|top| (top.id(), Prepared::new(&entry(top)))).collect()
        });
        entries.get(&category.id())
    }

    /// The page of an article, of which a portal has very many.
    ///
    /// # Errors
    ///
    /// As [`Theme::render`].
    pub fn render_article(
        &self,
        theme: &Theme,
        place: &Place,
        context: &impl Serialize,
    ) -> Result<Vec<u8>, Box<Diagnostic>> {
        let shared = self.shared(place);
        let texts = self.strings(place.language).value();
        let parts = [("frame", shared.frame.value()), ("t", texts)];
        match shared.templates.get_or_init(|| theme.templates_with(&parts)) {
            Some(templates) => templates.render(theme.files(), Template::Article, context),
            None => theme.render(Template::Article, context),
        }
    }
}

fn frame(
    view: &SiteView,
    theme: &Theme,
    language: LanguageId,
    texts: &Strings,
    root: &str,
) -> Frame {
    let config = view.config();
    let lang = view.code(language);
    let bundles = theme.bundles();
    let places = Places::new(view, language);
    let at = |url: &UrlPath| format!("{root}{url}");
    let brand = |name| view.brand(name).map(|asset| at(&asset.url));
    let home = match at(&places.home()) {
        home if home.is_empty() => "./".to_owned(),
        home => home,
    };
    Frame {
        lang: lang.to_owned(),
        dir: texts.get("language", "direction").to_owned(),
        root: root.to_owned(),
        portal: view
            .text(&config.title, language)
            .unwrap_or_else(|| view.home(language).title())
            .to_owned(),
        logo: view.brand("logo").map(|logo| Logo {
            src: at(&logo.url),
            dark: brand("logo_dark"),
            width: logo.picture.as_ref().map(|picture| picture.width),
            height: logo.picture.as_ref().map(|picture| picture.height),
            with_name: !config.brand.logo_has_name,
        }),
        favicon: brand("favicon").or_else(|| bundles.favicon().map(at)),
        assets: Assets {
            css: at(bundles.css()),
            scheme_js: at(bundles.scheme()),
            js: at(bundles.script(lang)),
            search_js: at(bundles.search_page()),
            engine_js: format!("{root}search/search.js"),
        },
        feed: config.site_url.as_ref().map(|_| at(&places.feed())),
        has_glossary: view.glossary(language).is_some(),
        has_tags: view.tags(language).next().is_some(),
        has_print: view.has_print(),
        support: (!config.contacts.is_empty()).then(|| Link {
            url: format!("{home}#contact").into(),
            title: texts.get("home", "contact").to_owned().into(),
        }),
        footer: footer(view, language, root),
        audience_switch: config.admin == AdminMode::Marked,
        home,
    }
}

fn footer(view: &SiteView, language: LanguageId, root: &str) -> Footer {
    let config = view.config();
    let text = |text| view.text(text, language).map(str::to_owned);
    let links = config.footer_links.iter().filter_map(|link| {
        let title = text(&link.title)?;
        let url = link.url.value.as_str();
        // What is no address of its own is one of this site.
        let elsewhere =
            url.contains("://") || url.starts_with("mailto:") || url.starts_with("tel:");
        let url = match elsewhere {
            true => url.to_owned(),
            false => format!("{root}{}", url.trim_start_matches('/')),
        };
        Some(Link { url: url.into(), title: title.into() })
    });
    Footer { text: text(&config.footer_text), links: links.collect() }
}

/// What goes into the `<head>` of a page that is no article.
pub fn head<'a>(view: &SiteView, place: &Place, kind: &'static str, title: &'a str) -> Head<'a> {
    Head {
        kind,
        title: title.into(),
        description: None,
        canonical: view.config().site_url.as_ref().map(|site| format!("{site}{}", place.url)),
        alternates: Vec::new(),
        noindex: false,
        markdown: None,
    }
}

/// The page's twins for search engines; needs `site_url`. A stand-in is none, and has none.
pub fn alternates<'a>(view: &'a SiteView, page: PageView<'a>) -> Vec<Alternate<'a>> {
    let Some(site) = &view.config().site_url else { return Vec::new() };
    let twins = page.translations().chain([page]).filter(|page| !page.stands_in());
    let mut twins: Vec<PageView<'a>> = twins.collect();
    if twins.len() < 2 || page.stands_in() {
        return Vec::new();
    }
    twins.sort_by_key(|page| page.language());
    twins
        .into_iter()
        .map(|page| Alternate {
            lang: view.code(page.language()),
            url: format!("{site}{}", page.url()),
        })
        .collect()
}

/// The same for a page that is no article, by its address in each language that has it.
pub fn alternates_at(
    view: &SiteView,
    twin: impl Fn(LanguageId) -> Option<UrlPath>,
) -> Vec<Alternate<'_>> {
    let Some(site) = &view.config().site_url else { return Vec::new() };
    let twins = view.languages().filter_map(|language| {
        Some(Alternate { lang: view.code(language), url: format!("{site}{}", twin(language)?) })
    });
    Some(twins.collect::<Vec<_>>()).filter(|twins| twins.len() > 1).unwrap_or_default()
}

/// The language switcher: the twin of this page in each language, where there is one.
pub fn languages<'a>(
    view: &'a SiteView,
    theme: &'a Theme,
    place: &Place,
    twin: impl Fn(LanguageId) -> Option<UrlPath>,
) -> Vec<LanguageLink<'a>> {
    let near = |language| view.nearest(&place.url, language).url().clone();
    switcher(view, theme, place, twin, near)
}

/// That of an article. Where a language has the original stand in for a translation, it leads there.
pub fn languages_of<'a>(
    view: &'a SiteView,
    theme: &'a Theme,
    place: &Place,
    page: PageView<'_>,
) -> Vec<LanguageLink<'a>> {
    let url = |page: PageView<'_>| page.url().clone();
    let twin = |language| page.in_language(language).filter(|twin| !twin.stands_in()).map(url);
    let near = |language| {
        let stand_in = page.in_language(language).map(url);
        stand_in.unwrap_or_else(|| view.nearest(&place.url, language).url().clone())
    };
    switcher(view, theme, place, twin, near)
}

fn switcher<'a>(
    view: &'a SiteView,
    theme: &'a Theme,
    place: &Place,
    twin: impl Fn(LanguageId) -> Option<UrlPath>,
    near: impl Fn(LanguageId) -> UrlPath,
) -> Vec<LanguageLink<'a>> {
    if view.languages().count() < 2 {
        return Vec::new();
    }
    view.languages()
        .map(|language| {
            let lang = view.code(language);
            let current = language == place.language;
            let twin = if current { Some(place.url.clone()) } else { twin(language) };
            LanguageLink {
                lang,
                name: theme.strings(lang).get("language", "name").into(),
                translated: twin.is_some(),
                url: place.to(&twin.unwrap_or_else(|| near(language))),
                current,
            }
        })
        .collect()
}
