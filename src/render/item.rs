//! Articles and categories as entries of lists.

use crate::site::LanguageId;
use crate::site::order::TitleOrder;
use crate::theme::Strings;
use crate::view::{CategoryView, PageView};

use super::Renderer;
use super::context::{ArticleItem, CategoryCard, Date, Kind, Link};
use super::frame::Place;

/// What a list shows of its articles, besides title and address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// Nothing more.
    Title,
    /// The kind where it is not the usual one.
    Kind,
    /// The summary too.
    Summary,
    /// The category too, for lists that cross them.
    Category,
    /// Summary and date.
    News,
}

/// How many articles stand for a category that does not describe itself.
const FIRST: usize = 3;

impl Renderer {
    pub(super) fn item<'a>(
        &'a self,
        place: &Place,
        page: PageView<'a>,
        show: Show,
    ) -> ArticleItem<'a> {
        let strings = self.strings(page.language());
        let tells_kind = !matches!(show, Show::Title | Show::News);
        let kind = tells_kind.then(|| page.kind());
        let news = Some(page).filter(|_| show == Show::News);
        let with_summary = matches!(show, Show::Summary | Show::Category | Show::News);
        ArticleItem {
            url: place.to(page.url()).into(),
            title: page.title().into(),
            description: if with_summary { page.summary() } else { None },
            kind: kind
                .filter(|kind| *kind != crate::article::kind::Kind::Guide)
                .map(|kind| self::kind(strings, kind)),
            date: news.and_then(|page| page.date()).map(|day| date(strings, day)),
            marks: marks(strings, page.marks()),
            category: (show == Show::Category).then(|| page.category().title().into()),
            alphabetical: 0,
        }
    }

    /// A list in the order given, each entry with its place from A to Z.
    pub(super) fn items<'a>(
        &'a self,
        place: &Place,
        pages: impl Iterator<Item = PageView<'a>>,
        show: Show,
    ) -> Vec<ArticleItem<'a>> {
        let mut items: Vec<_> = pages.map(|page| self.item(place, page, show)).collect();
        let order = TitleOrder::new(self.view.code(place.language));
        let mut sorted: Vec<usize> = (0..items.len()).collect();
        sorted.sort_by(|&a, &b| order.compare(&items[a].title, &items[b].title));
        for (rank, at) in sorted.into_iter().enumerate() {
            items[at].alphabetical = rank as u32;
        }
        items
    }

    pub(super) fn card<'a>(
        &'a self,
        place: &Place,
        category: CategoryView<'a>,
    ) -> CategoryCard<'a> {
        let strings = self.strings(category.language());
        let description = category.description();
        let first = match description {
            Some(_) => Vec::new(),
            None => below(category).take(FIRST).map(|page| link(place, page)).collect(),
        };
        CategoryCard {
            url: place.to(category.url()).into(),
            title: category.title().into(),
            description,
            icon_html: self.icon(category).map(Into::into),
            count: strings.count("count", "articles", category.count()),
            first,
            marks: marks(strings, category.marks()),
        }
    }

    pub(super) fn icon(&self, category: CategoryView<'_>) -> Option<String> {
        category.icon().and_then(crate::theme::icon::svg)
    }

    pub(super) fn count(&self, language: LanguageId, articles: usize) -> String {
        self.strings(language).count("count", "articles", articles)
    }
}

/// Articles in it, then in its subcategories.
fn below<'a>(category: CategoryView<'a>) -> impl Iterator<Item = PageView<'a>> {
    let children = category.children().flat_map(|child| child.articles());
    category.articles().chain(children)
}

pub fn link<'a>(place: &Place, page: PageView<'a>) -> Link<'a> {
    Link { url: place.to(page.url()).into(), title: page.title().into() }
}

pub fn category_link<'a>(place: &Place, category: CategoryView<'a>) -> Link<'a> {
    Link { url: place.to(category.url()).into(), title: category.title().into() }
}

pub fn kind(strings: &Strings, kind: crate::article::kind::Kind) -> Kind<'_> {
    Kind { id: kind.id(), title: strings.get("kind", kind.id()).into() }
}

pub fn date(strings: &Strings, day: jiff::civil::Date) -> Date {
    Date { iso: day.to_string(), text: strings.date(day) }
}

/// Whom something is for, in words: "For admins".
pub fn marks<'a>(strings: &'a Strings, audiences: Vec<&'a str>) -> Vec<std::borrow::Cow<'a, str>> {
    audiences.into_iter().map(|name| strings.audience(name)).collect()
}
