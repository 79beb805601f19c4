//! What a template may read: one typed context per kind of page.
//!
//! 1. Every page is a [`Page`]: its head, the frame around it (shared by all pages of one language,
//!    depth and category), the theme's strings, and what is special to its kind.
//! 2. Addresses are written as they stand in the HTML, relative to the page.
//! 3. Fields called `html` or `…_html` hold safe HTML; all others are plain text that the
//!    templates escape.
//! 4. What many pages share is a [`Prepared`] part: serialized once, handed to each page for the
//!    price of a reference count.
//!
//! Contexts borrow from the snapshot where they can: a page is written once and forgotten.

use std::borrow::Cow;
use std::marker::PhantomData;

use serde::{Serialize, Serializer};

/// The whole context of one page; its fields are the names that a template starts from.
#[derive(Serialize)]
pub struct Page<'a, P> {
    pub head: Head<'a>,
    pub frame: &'a Prepared<Frame>,
    /// The theme's texts in the page's language, `t.group.key`.
    pub t: &'a Prepared<crate::theme::Strings>,
    /// The categories and the own category's articles, from `nav.html`.
    pub nav_html: Html,
    /// This page in the portal's languages, the page's own among them; empty with one language.
    pub languages: Vec<LanguageLink<'a>>,
    pub page: P,
}

/// A part of a context, serialized once and shared by many pages.
pub struct Prepared<T> {
    value: tera::Value,
    hash: blake3::Hash,
    of: PhantomData<fn() -> T>,
}

impl<T: Serialize> Prepared<T> {
    pub fn new(part: &T) -> Prepared<T> {
        // What serializes to a value for templates serializes to JSON. The value itself would not do:
        // its maps have no order.
        let hash = blake3::hash(&serde_json::to_vec(part).unwrap_or_default());
        Prepared { value: tera::Value::from_serializable(part), hash, of: PhantomData }
    }

    /// Tells parts apart.
    pub fn hash(&self) -> &blake3::Hash {
        &self.hash
    }

    pub fn value(&self) -> &tera::Value {
        &self.value
    }
}

impl<T> Serialize for Prepared<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

/// Safe HTML. A template writes it as it is, with the filter `safe`, which copies it, or without.
#[derive(Clone, Debug)]
pub struct Html(tera::Value);

impl<T: AsRef<str>> From<T> for Html {
    fn from(html: T) -> Html {
        Html(tera::Value::safe_string(html.as_ref()))
    }
}

impl Serialize for Html {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

#[derive(Serialize)]
pub struct Link<'a> {
    pub url: Cow<'a, str>,
    pub title: Cow<'a, str>,
}

/// What goes into `<head>`, and onto `<html>`.
#[derive(Serialize)]
pub struct Head<'a> {
    /// Which kind of page this is, for styles and scripts: `article`, `home`, `search`, …
    pub kind: &'static str,
    /// The page's own title, without the portal's.
    pub title: Cow<'a, str>,
    pub description: Option<Cow<'a, str>>,
    /// Absolute; needs `site_url`.
    pub canonical: Option<String>,
    /// The same page in each language, absolute; needs `site_url`.
    pub alternates: Vec<Alternate<'a>>,
    /// Search engines shall not list this page (search results, print, 404).
    pub noindex: bool,
    /// The page's markdown, relative.
    pub markdown: Option<Cow<'a, str>>,
}

/// `<link rel="alternate" hreflang>`.
#[derive(Serialize)]
pub struct Alternate<'a> {
    pub lang: &'a str,
    pub url: String,
}

/// The language switcher's entry.
#[derive(Serialize)]
pub struct LanguageLink<'a> {
    pub lang: &'a str,
    /// The language's name in itself: "Suomi".
    pub name: Cow<'a, str>,
    /// This page in that language, else that language's home page.
    pub url: String,
    pub current: bool,
    /// This very page is translated, and `url` does not merely lead home.
    pub translated: bool,
}

/// What surrounds the page's own content, the same on all pages of one language and depth.
#[derive(Serialize)]
pub struct Frame {
    pub lang: String,
    /// `ltr` or `rtl`.
    pub dir: String,
    /// From the page to the root of the output: `../../`, or empty at the root.
    pub root: String,
    /// From the page to the root of its language: `../../en/`, and `./` on the home page.
    pub home: String,
    pub portal: String,
    pub logo: Option<Logo>,
    pub favicon: Option<String>,
    pub assets: Assets,
    /// The Atom feed of announcements, relative; needs `site_url`.
    pub feed: Option<String>,
    pub has_tags: bool,
    pub has_glossary: bool,
    pub has_print: bool,
    /// Where a reader gets help from people.
    pub support: Option<Link<'static>>,
    pub footer: Footer,
    /// Notes for some audience are shown and marked, and the reader can hide them.
    pub audience_switch: bool,
}

#[derive(Serialize)]
pub struct Logo {
    pub src: String,
    /// For the dark scheme.
    pub dark: Option<String>,
    pub width: Option<u32>,
    pub height: Option<u32>,
    /// The portal's name stands beside the logo; otherwise the logo says it.
    pub with_name: bool,
}

/// Addresses of the theme's bundles, relative to the page.
#[derive(Serialize)]
pub struct Assets {
    pub css: String,
    /// Sets the colour scheme the reader chose, before the first paint.
    pub scheme_js: String,
    /// All comfort of an ordinary page, with the language's texts.
    pub js: String,
    /// The search page's own.
    pub search_js: String,
    /// The engine, `search/search.js`; loaded when first needed.
    pub engine_js: String,
}

#[derive(Serialize, Default)]
pub struct Footer {
    pub text: Option<String>,
    pub links: Vec<Link<'static>>,
}

/// What `nav.html` is rendered from, once for each category and depth. The page's own entry gets
/// its `aria-current` afterwards.
#[derive(Serialize)]
pub struct Nav<'a> {
    pub t: &'a Prepared<crate::theme::Strings>,
    pub frame: &'a Prepared<Frame>,
    /// The top categories, of very many those around the page's; the one that the page lies in is
    /// open.
    pub categories: Vec<TopCategory<'a>>,
    /// Before and after `categories` there are more.
    pub more_before: bool,
    pub more_after: bool,
}

/// A category that is not open looks the same on all pages of one depth.
#[derive(Serialize)]
#[serde(untagged)]
pub enum TopCategory<'a> {
    Closed(&'a Prepared<NavCategory<'static>>),
    Open(NavCategory<'a>),
}

#[derive(Serialize)]
pub struct NavCategory<'a> {
    pub url: Cow<'a, str>,
    pub title: Cow<'a, str>,
    pub icon_html: Option<Html>,
    /// The page lies in it, or in a category below.
    pub open: bool,
    /// The own category's articles in the writers' order; of a large category those around the
    /// page.
    pub articles: Vec<Link<'a>>,
    /// Before and after `articles` there are more.
    pub more_before: bool,
    pub more_after: bool,
    pub categories: Vec<NavCategory<'a>>,
}

/// The kind of an article (`id` for styles and filters, `title` localized).
#[derive(Serialize)]
pub struct Kind<'a> {
    pub id: &'static str,
    pub title: Cow<'a, str>,
}

#[derive(Serialize)]
pub struct Date {
    /// `2026-05-04`.
    pub iso: String,
    /// As the language writes it: "4. toukokuuta 2026".
    pub text: String,
}

/// An article in a list.
#[derive(Serialize)]
pub struct ArticleItem<'a> {
    pub url: Cow<'a, str>,
    pub title: Cow<'a, str>,
    pub description: Option<Cow<'a, str>>,
    /// Left out for plain guides where a list holds nothing else.
    pub kind: Option<Kind<'a>>,
    pub date: Option<Date>,
    /// Whom it is for, localized; empty: everybody.
    pub marks: Vec<Cow<'a, str>>,
    /// The category, where a list crosses them.
    pub category: Option<Cow<'a, str>>,
    /// Its place in the list from A to Z, for the switch of the order.
    pub alphabetical: u32,
}

/// A category as a card.
#[derive(Serialize)]
pub struct CategoryCard<'a> {
    pub url: Cow<'a, str>,
    pub title: Cow<'a, str>,
    pub description: Option<Cow<'a, str>>,
    pub icon_html: Option<Html>,
    /// "32 ohjetta", all below counted.
    pub count: String,
    /// The first articles, for categories without a description.
    pub first: Vec<Link<'a>>,
    pub marks: Vec<Cow<'a, str>>,
}

#[derive(Serialize)]
pub struct HomePage<'a> {
    /// The title that `_index.md` gives itself; otherwise the page asks how it can help.
    pub title: Option<Cow<'a, str>>,
    pub description: Option<Cow<'a, str>>,
    /// The text of `_index.md`.
    pub html: Option<Html>,
    pub categories: Vec<CategoryCard<'a>>,
    /// Paths for roles: training for admins, for time reporters.
    pub paths: Vec<CategoryCard<'a>>,
    pub pinned: Vec<ArticleItem<'a>>,
    pub announcements: Vec<ArticleItem<'a>>,
    /// All announcements.
    pub announcements_url: Option<Cow<'a, str>>,
    pub tips: Vec<ArticleItem<'a>>,
    pub contacts: Vec<ContactCard<'a>>,
}

/// Where a reader gets help from people.
#[derive(Serialize)]
pub struct ContactCard<'a> {
    pub title: Cow<'a, str>,
    pub text: Option<Cow<'a, str>>,
    /// Opening hours, a line each.
    pub hours: Vec<Cow<'a, str>>,
    /// `mailto:`, `tel:` and web addresses with what to show.
    pub links: Vec<Link<'a>>,
}

#[derive(Serialize)]
pub struct CategoryPage<'a> {
    pub title: Cow<'a, str>,
    pub description: Option<Cow<'a, str>>,
    pub breadcrumb: Vec<Link<'a>>,
    pub icon_html: Option<Html>,
    pub marks: Vec<Cow<'a, str>>,
    pub html: Option<Html>,
    pub count: String,
    pub categories: Vec<CategoryCard<'a>>,
    /// In the writers' order.
    pub articles: Vec<ArticleItem<'a>>,
    pub print_url: Option<Cow<'a, str>>,
    pub edit_url: Option<Cow<'a, str>>,
}

#[derive(Serialize)]
pub struct ArticlePage<'a> {
    pub title: Cow<'a, str>,
    /// From the top category to the article's own.
    pub breadcrumb: Vec<Link<'a>>,
    pub kind: Kind<'a>,
    pub marks: Vec<Cow<'a, str>>,
    /// What a reader should know of the translation.
    pub notice: Option<Notice<'a>>,
    /// The language that the body is written in, where it is not the page's.
    pub body_lang: Option<&'a str>,
    /// When it was published, for announcements.
    pub date: Option<Date>,
    pub updated: Option<Date>,
    /// The product's version that the article was written for.
    pub version: Option<Cow<'a, str>>,
    pub module: Option<Cow<'a, str>>,
    pub tags: Vec<Link<'a>>,
    pub html: Html,
    /// Empty where a list of headings would not help.
    pub toc: Vec<TocEntry<'a>>,
    pub related: Vec<ArticleItem<'a>>,
    pub backlinks: Vec<Link<'a>>,
    pub previous: Option<Link<'a>>,
    pub next: Option<Link<'a>>,
    pub edit_url: Option<Cow<'a, str>>,
    pub feedback: Option<Feedback<'a>>,
    /// The front matter's `extra`, untouched.
    pub extra: &'a serde_json::Value,
}

/// A word on a page that is no, or no current, translation; the link leads to the original.
#[derive(Serialize)]
pub struct Notice<'a> {
    pub text: String,
    pub link: Option<Link<'a>>,
}

#[derive(Serialize)]
pub struct TocEntry<'a> {
    /// 2 or 3.
    pub level: u8,
    pub id: Cow<'a, str>,
    pub title: Cow<'a, str>,
}

/// "Was this helpful?"; there only if the portal says where answers go.
#[derive(Serialize)]
pub struct Feedback<'a> {
    /// An address that takes a POST, or a `mailto:`.
    pub action: Cow<'a, str>,
    pub mail: bool,
    /// The article's address, relative to the root, as the answer names it.
    pub article: Cow<'a, str>,
}

#[derive(Serialize)]
pub struct ContentsPage<'a> {
    /// The tree in reading order, flattened.
    pub sections: Vec<ContentsSection<'a>>,
    pub count: String,
    pub print_url: Option<Cow<'a, str>>,
}

#[derive(Serialize)]
pub struct ContentsSection<'a> {
    /// Unique on the page; the anchor of the list at its side.
    pub id: Cow<'a, str>,
    /// 2 for a top category, 3 for one below, …, at most 6.
    pub level: u8,
    pub url: Cow<'a, str>,
    pub title: Cow<'a, str>,
    pub count: String,
    pub articles: Vec<ArticleItem<'a>>,
}

#[derive(Serialize)]
pub struct AToZPage<'a> {
    pub groups: Vec<Letter<'a>>,
    pub count: String,
}

#[derive(Serialize)]
pub struct Letter<'a> {
    pub letter: Cow<'a, str>,
    pub id: String,
    pub articles: Vec<ArticleItem<'a>>,
}

#[derive(Serialize)]
pub struct GlossaryPage<'a> {
    pub groups: Vec<GlossaryGroup<'a>>,
}

#[derive(Serialize)]
pub struct GlossaryGroup<'a> {
    pub letter: Cow<'a, str>,
    pub id: String,
    pub terms: Vec<GlossaryTerm<'a>>,
}

#[derive(Serialize)]
pub struct GlossaryTerm<'a> {
    pub id: Cow<'a, str>,
    pub name: Cow<'a, str>,
    pub marks: Vec<Cow<'a, str>>,
    pub html: Html,
}

/// `/search/`: an empty shell that the script fills from `?q=`.
#[derive(Serialize)]
pub struct SearchPage<'a> {
    /// Offered when nothing is found.
    pub categories: Vec<Link<'a>>,
}

#[derive(Serialize)]
pub struct TagsPage<'a> {
    pub tags: Vec<TagItem<'a>>,
}

#[derive(Serialize)]
pub struct TagItem<'a> {
    pub url: Cow<'a, str>,
    pub title: Cow<'a, str>,
    pub count: usize,
}

#[derive(Serialize)]
pub struct TagPage<'a> {
    pub title: Cow<'a, str>,
    pub count: String,
    pub articles: Vec<ArticleItem<'a>>,
}

/// `404.html`; its addresses start at the root of the server.
#[derive(Serialize)]
pub struct NotFoundPage<'a> {
    pub categories: Vec<Link<'a>>,
}

/// The whole manual, a category or a path on one page, for paper.
#[derive(Serialize)]
pub struct PrintPage<'a> {
    pub title: Cow<'a, str>,
    pub subtitle: Option<Cow<'a, str>>,
    pub chapters: Vec<Chapter<'a>>,
}

/// A category (without text of its own: only a heading) or an article, in reading order.
#[derive(Serialize)]
pub struct Chapter<'a> {
    /// "2.3".
    pub number: String,
    /// 1 for the outermost.
    pub level: u8,
    /// A category's; those below it are in it.
    pub holds_others: bool,
    pub id: Cow<'a, str>,
    pub title: Cow<'a, str>,
    pub marks: Vec<Cow<'a, str>>,
    pub html: Html,
}

/// An old address that leads to the new one.
#[derive(Serialize)]
pub struct Redirect<'a> {
    pub lang: &'a str,
    pub title: Cow<'a, str>,
    /// Relative.
    pub url: Cow<'a, str>,
    pub canonical: Option<String>,
}
