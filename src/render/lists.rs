//! Pages that lead to articles: categories, contents, A to Z, tags.

use crate::diagnostic::Diagnostic;
use crate::path::UrlPath;
use crate::route::Places;
use crate::site::LanguageId;
use crate::site::order::TitleOrder;
use crate::theme::Template;
use crate::view::{CategoryView, SiteView, TagView};

use super::Renderer;
use super::context::{
    AToZPage, CategoryPage, ContentsPage, ContentsSection, Letter, Page, TagItem, TagPage, TagsPage,
};
use super::frame::{Place, alternates_at, head, languages};
use super::item::{Show, category_link, marks};
use super::letter::Letters;

impl Renderer {
    pub(super) fn category(&self, category: CategoryView<'_>) -> Result<Vec<u8>, Box<Diagnostic>> {
        let view = &*self.view;
        let language = category.language();
        let place = Place::new(language, category.url().clone());
        let strings = self.strings(language);
        let index = category.index();
        let described = index.is_some_and(|page| page.front().description.is_some());
        let html = index
            .filter(|page| !page.reading().is_empty())
            .map(|page| self.body.html(&place, page, strings, page.title_heading()));
        let mut breadcrumb: Vec<_> =
            category.trail().into_iter().map(|c| category_link(&place, c)).collect();
        breadcrumb.pop();
        let places = Places::new(view, language);
        let print = places.print_category(category.url());
        let mut head = head(view, &place, "category", category.title());
        let description = category.description();
        head.description = description.clone();
        let twin = |language| category.in_language(language).map(|category| category.url().clone());
        head.alternates = alternates_at(view, twin);
        let context = Page {
            head,
            frame: self.frames.at(&place),
            t: self.frames.strings(language),
            nav_html: self.nav_of_category(&place, category)?,
            languages: languages(view, &self.theme, &place, twin),
            page: CategoryPage {
                title: category.title().into(),
                // The text itself follows below.
                description: description.filter(|_| described),
                breadcrumb,
                icon_html: self.icon(category).map(Into::into),
                marks: marks(strings, category.marks()),
                html: html.map(Into::into),
                count: self.count(language, category.count()),
                categories: category.children().map(|c| self.card(&place, c)).collect(),
                articles: self.items(&place, category.articles(), Show::Summary),
                print_url: view.has_print().then(|| place.to(&print).into()),
                edit_url: index.and_then(|page| self.edit_url(page)).map(Into::into),
            },
        };
        self.theme.render(Template::Category, &context)
    }

    pub(super) fn contents(&self, language: LanguageId) -> Result<Vec<u8>, Box<Diagnostic>> {
        let home = self.view.home(language);
        let mut sections = Vec::new();
        let place = Place::new(language, Places::new(&self.view, language).contents());
        let loose: Vec<_> = self.items(&place, home.articles(), Show::Kind);
        if !loose.is_empty() {
            sections.push(ContentsSection {
                id: "section-0".into(),
                level: 2,
                url: place.to(home.url()).into(),
                title: home.title().into(),
                count: self.count(language, loose.len()),
                articles: loose,
            });
        }
        for category in home.children() {
            self.section(&place, category, 2, &mut sections);
        }
        let print = Places::new(&self.view, language).print();
        let page = ContentsPage {
            sections,
            count: self.count(language, home.count()),
            print_url: self.view.has_print().then(|| place.to(&print).into()),
        };
        let title = self.strings(language).get("contents", "title");
        self.plain(Template::Contents, "contents", title, &place, page, Places::contents)
    }

    fn section<'a>(
        &'a self,
        place: &Place,
        category: CategoryView<'a>,
        level: u8,
        sections: &mut Vec<ContentsSection<'a>>,
    ) {
        sections.push(ContentsSection {
            id: format!("section-{}", sections.len() + 1).into(),
            level,
            url: place.to(category.url()).into(),
            title: category.title().into(),
            count: self.count(place.language, category.count()),
            articles: category.articles().map(|p| self.item(place, p, Show::Kind)).collect(),
        });
        for child in category.children() {
            self.section(place, child, (level + 1).min(6), sections);
        }
    }

    pub(super) fn a_to_z(&self, language: LanguageId) -> Result<Vec<u8>, Box<Diagnostic>> {
        let place = Place::new(language, Places::new(&self.view, language).a_to_z());
        let order = TitleOrder::new(self.view.code(language));
        let mut pages: Vec<_> =
            self.view.articles().filter(|page| page.language() == language).collect();
        pages
            .sort_by(|a, b| order.compare(a.title(), b.title()).then_with(|| a.url().cmp(b.url())));
        let count = self.count(language, pages.len());
        let letters = Letters::new(self.view.code(language));
        let mut groups: Vec<Letter<'_>> = Vec::new();
        for page in pages {
            let letter = letters.of(page.title());
            let mut item = self.item(&place, page, Show::Title);
            item.category = Some(page.category().title().into());
            match groups.last_mut() {
                Some(group) if group.letter == letter => group.articles.push(item),
                _ => groups.push(Letter {
                    id: format!("letter-{}", groups.len() + 1),
                    letter: letter.into(),
                    articles: vec![item],
                }),
            }
        }
        let title = self.strings(language).get("a_z", "title");
        let page = AToZPage { groups, count };
        self.plain(Template::AToZ, "a-z", title, &place, page, Places::a_to_z)
    }

    pub(super) fn tags(&self, language: LanguageId) -> Result<Vec<u8>, Box<Diagnostic>> {
        let place = Place::new(language, Places::new(&self.view, language).tags());
        let order = TitleOrder::new(self.view.code(language));
        let mut tags: Vec<TagItem<'_>> = self
            .view
            .tags(language)
            .map(|tag| TagItem {
                url: place.to(tag.url()).into(),
                title: tag.title().into(),
                count: tag.count(),
            })
            .collect();
        tags.sort_by(|a, b| order.compare(&a.title, &b.title).then_with(|| a.url.cmp(&b.url)));
        let title = self.strings(language).get("tags", "title");
        self.plain(Template::Tags, "tags", title, &place, TagsPage { tags }, Places::tags)
    }

    pub(super) fn tag(
        &self,
        language: LanguageId,
        tag: TagView<'_>,
    ) -> Result<Vec<u8>, Box<Diagnostic>> {
        let place = Place::new(language, tag.url().clone());
        let page = TagPage {
            title: tag.title().into(),
            count: self.count(language, tag.count()),
            articles: self.items(&place, tag.articles(), Show::Category),
        };
        let title = tag.title();
        self.plain(Template::Tag, "tag", title, &place, page, Places::tags)
    }

    /// A page that belongs to no category; `twin` is its place in another language.
    pub(super) fn plain<P: serde::Serialize>(
        &self,
        template: Template,
        kind: &'static str,
        title: &str,
        place: &Place,
        page: P,
        twin: fn(&Places) -> UrlPath,
    ) -> Result<Vec<u8>, Box<Diagnostic>> {
        let view: &SiteView = &self.view;
        let mut head = head(view, place, kind, title);
        head.noindex = matches!(template, Template::Search | Template::NotFound | Template::Print);
        let twin = |language| Some(twin(&Places::new(view, language)));
        if !head.noindex {
            head.alternates = alternates_at(view, twin);
        }
        let context = Page {
            head,
            frame: self.frames.at(place),
            t: self.frames.strings(place.language),
            nav_html: self.nav_closed(place)?.into(),
            languages: languages(view, &self.theme, place, twin),
            page,
        };
        self.theme.render(template, &context)
    }
}
