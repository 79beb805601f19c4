//! An article, or a category's own text, as one audience may see it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;

use crate::article::front_matter::FrontMatter;
use crate::article::kind::Kind;
use crate::audience::Visibility;
use crate::markdown::mute::GAP;
use crate::markdown::reading::Reading;
use crate::path::{SourcePath, UrlPath};
use crate::site::assemble::date_of;
use crate::site::asset::Asset;
use crate::site::resolve::{Anchor, ImageTarget, LinkTarget, title_key};
use crate::site::{AssetId, LanguageId, Page, PageId, Role};

use super::{CategoryView, SiteView};

/// A page that the reader may see.
#[derive(Clone, Copy)]
pub struct PageView<'a> {
    pub(super) view: &'a SiteView,
    pub(super) id: PageId,
}

/// Where a link leads for the reader.
#[derive(Clone, Debug)]
pub enum Href<'a> {
    /// Something of this site.
    Site { url: &'a UrlPath, anchor: Option<&'a str> },
    /// A file of `content/` to download.
    Asset(&'a Asset),
    /// Another site, or another part of the same server; to be written as it is.
    Elsewhere(&'a str),
    /// Nowhere: the link's text stays, and is no link.
    Text,
    /// Nowhere, and the text would name something hidden: the theme's words stand in its place.
    Hidden,
    /// The same, of something that is for nobody: the portal leaves its module out.
    LeftOut,
}

/// What a picture shows for the reader.
#[derive(Clone, Debug)]
pub enum Picture<'a> {
    /// A picture or a video of `content/`.
    Asset(AssetId, &'a Asset),
    /// A file of `static/`.
    Static(&'a UrlPath),
    /// On another host; never to be loaded without being asked for.
    Foreign(&'a str),
    /// Not there: its alternative text stands in its place.
    Missing,
}

impl<'a> PageView<'a> {
    pub(super) fn data(&self) -> &'a Page {
        self.view.site.page(self.id)
    }

    pub fn id(&self) -> PageId {
        self.id
    }

    pub fn role(&self) -> Role {
        self.data().role
    }

    pub fn language(&self) -> LanguageId {
        self.data().language
    }

    pub fn title(&self) -> &'a str {
        &self.data().title
    }

    pub fn url(&self) -> &'a UrlPath {
        &self.data().url
    }

    pub fn source(&self) -> &'a SourcePath {
        &self.data().article.path
    }

    /// The place in the list of layers of the one that has the page's text.
    pub fn layer(&self) -> usize {
        self.data().article.layer
    }

    /// The file that has the page's text.
    pub fn file(&self) -> &'a Path {
        &self.data().article.on_disk
    }

    pub fn front(&self) -> &'a FrontMatter {
        &self.data().article.front
    }

    pub fn kind(&self) -> Kind {
        self.data().kind
    }

    pub fn date(&self) -> Option<jiff::civil::Date> {
        date_of(self.data())
    }

    /// The body without what is hidden from the reader.
    pub fn reading(&self) -> Reading<'a> {
        let reworded = self.view.reworded.get(&self.id);
        reworded.unwrap_or(&self.data().article.document).read(self.view.reader)
    }

    /// The index of the heading that says the page's title: the first of its text, of the first level.
    pub fn title_heading(&self) -> Option<usize> {
        let reading = self.reading();
        let (index, heading) = reading.headings().next()?;
        (heading.level == 1).then_some(index)
    }

    /// The description, else the first paragraph that the reader may see.
    pub fn summary(&self) -> Option<Cow<'a, str>> {
        match &self.front().description {
            Some(description) => Some(description.into()),
            None => {
                let text = self.reading().first_paragraph();
                (!text.is_empty()).then_some(text.into())
            }
        }
    }

    pub fn category(&self) -> CategoryView<'a> {
        // Whoever sees an article sees its category.
        CategoryView { view: self.view, id: self.data().category }
    }

    /// Whom it is for: names of audiences, empty for everybody.
    pub fn marks(&self) -> Vec<&'a str> {
        self.view.marks(self.data().visibility)
    }

    /// Whom parts of its text are for: names of audiences, of those parts that the reader sees.
    pub fn part_marks(&self) -> BTreeSet<&'a str> {
        let parts = self.data().article.document.visibilities();
        let seen = parts.filter(|visibility| visibility.seen_by(self.view.reader));
        seen.flat_map(|visibility| self.view.marks(visibility)).collect()
    }

    /// Picked by hand.
    pub fn related(&self) -> impl Iterator<Item = PageView<'a>> + use<'a> {
        let view = self.view;
        self.data().related.iter().filter_map(move |&id| view.page(id))
    }

    /// Pages with a link to this one that the reader may see.
    pub fn backlinks(&self) -> Vec<PageView<'a>> {
        let mut from: Vec<PageView<'a>> = self.view.site.backlinks[self.id.index()]
            .iter()
            .filter(|link| link.visibility.seen_by(self.view.reader))
            .filter_map(|link| self.view.page(link.from))
            .collect();
        from.dedup_by_key(|page| page.id);
        from
    }

    /// Pages that visible links of this one lead to, each once.
    pub fn linked(&self) -> Vec<PageView<'a>> {
        let data = self.data();
        let links = data.article.document.links().iter().zip(data.links.iter());
        let mut linked: Vec<PageView<'a>> = links
            .filter(|(link, _)| link.visibility.seen_by(self.view.reader))
            .filter_map(|(_, target)| match target {
                LinkTarget::Page { id, .. } => self.view.page(*id),
                _ => None,
            })
            .collect();
        linked.sort_by_key(|page| page.id);
        linked.dedup_by_key(|page| page.id);
        linked
    }

    /// The same article in other languages.
    pub fn translations(&self) -> impl Iterator<Item = PageView<'a>> + use<'a> {
        let view = self.view;
        self.data().translations.iter().filter_map(move |&id| view.page(id))
    }

    /// The page in another language: a translation, or what stands in for one.
    pub fn in_language(&self, language: LanguageId) -> Option<PageView<'a>> {
        if self.language() == language {
            return Some(*self);
        }
        self.translations().find(|page| page.language() == language)
    }

    /// Whether the page shows the default language's article for want of a translation.
    pub fn stands_in(&self) -> bool {
        self.data().original.is_some()
    }

    /// The language that the body is written in.
    pub fn body_language(&self) -> LanguageId {
        if self.stands_in() { LanguageId::DEFAULT } else { self.language() }
    }

    /// The original, if it changed since this translation was made.
    pub fn outdated(&self) -> Option<PageView<'a>> {
        let original = self.in_language(LanguageId::DEFAULT).filter(|page| page.id != self.id)?;
        let stale = crate::article::state::is_stale(&self.data().article, &original.data().article);
        (stale && !self.stands_in()).then_some(original)
    }

    /// The articles before and after this one in its category, in the writers' order.
    pub fn neighbours(&self) -> (Option<PageView<'a>>, Option<PageView<'a>>) {
        let ids = &self.view.site.category(self.data().category).articles;
        let Some(at) = ids.iter().position(|&id| id == self.id) else { return (None, None) };
        let before = ids[..at].iter().rev().find_map(|&id| self.view.page(id));
        let after = ids[at + 1..].iter().find_map(|&id| self.view.page(id));
        (before, after)
    }

    /// Where the document's link of this number leads. `text` is what the link reads, empty for a
    /// wikilink without a text of its own.
    pub fn href(&self, link: usize, text: &str) -> Href<'a> {
        match self.data().links.get(link) {
            None | Some(LinkTarget::Dead(_)) => Href::Text,
            Some(LinkTarget::External(url) | LinkTarget::Server(url)) => Href::Elsewhere(url),
            Some(LinkTarget::Static(url)) => Href::Site { url, anchor: None },
            Some(LinkTarget::Asset(id)) => self.view.asset(*id).map_or(Href::Text, Href::Asset),
            Some(LinkTarget::Category(id)) => match self.view.category(*id) {
                Some(category) => Href::Site { url: category.url(), anchor: None },
                None => {
                    let category = self.view.site.category(*id);
                    hidden(category.visibility, [category.title.as_str()], text)
                }
            },
            Some(LinkTarget::Page { id, anchor }) => match self.view.page(*id) {
                Some(page) => Href::Site { url: page.url(), anchor: page.seen_anchor(anchor) },
                None => {
                    // In a stand-in the link's text is the original's title, its target the twin.
                    let page = self.view.site.page(*id);
                    let twins = page.translations.iter().map(|id| self.view.site.page(*id));
                    let titles = twins.chain([page]).map(|page| page.title.as_str());
                    hidden(page.visibility, titles, text)
                }
            },
        }
    }

    /// A heading that the reader may see; another one is dropped from the link.
    fn seen_anchor(&self, anchor: &'a Anchor) -> Option<&'a str> {
        match anchor {
            Anchor::Heading(anchor) if self.reading().has_anchor(anchor) => Some(anchor),
            _ => None,
        }
    }

    /// The title of the page or category that the link leads to, for a wikilink without a text.
    pub fn link_title(&self, link: usize) -> Option<&'a str> {
        match self.data().links.get(link)? {
            LinkTarget::Category(id) => self.view.category(*id).map(|c| c.title()),
            LinkTarget::Page { id, .. } => self.view.page(*id).map(|p| p.title()),
            _ => None,
        }
    }

    /// What a wikilink that reads `typed` should read instead: the title of the page or category
    /// that it leads to, with the heading's; a heading of this very page stands alone.
    pub(super) fn wikilink_title(&self, link: usize, typed: &str) -> Option<String> {
        let title = self.link_title(link)?;
        let heading = match self.data().links.get(link)? {
            LinkTarget::Page { id, anchor } => {
                self.view.page(*id).and_then(|page| page.heading(anchor))
            }
            _ => None,
        };
        match heading {
            Some((page, heading)) if page == self.id => Some(heading.to_owned()),
            Some((_, heading)) => Some(format!("{title} › {heading}")),
            None if title_key(typed) == title_key(title) => None,
            None => Some(title.to_owned()),
        }
    }

    /// The text of a heading that the reader may see; the page's title is none.
    fn heading(&self, anchor: &'a Anchor) -> Option<(PageId, &'a str)> {
        let id = self.seen_anchor(anchor)?;
        let (index, heading) = self.reading().headings().find(|(_, heading)| heading.id == id)?;
        let tells = self.title_heading() != Some(index) && !heading.text.is_empty();
        tells.then_some((self.id, heading.text.as_str()))
    }

    /// What the document's picture of this number shows.
    pub fn picture(&self, image: usize) -> Picture<'a> {
        match self.data().images.get(image) {
            None | Some(ImageTarget::Dead(_)) => Picture::Missing,
            Some(ImageTarget::Foreign(url)) => Picture::Foreign(url),
            Some(ImageTarget::Static(url)) => Picture::Static(url),
            Some(ImageTarget::Asset(id)) => {
                let asset = self.view.asset(*id).filter(|asset| !asset.is_refused());
                asset.map_or(Picture::Missing, |asset| Picture::Asset(*id, asset))
            }
        }
    }

    /// Texts of links from other visible pages to this one, with how they read; for the search.
    pub fn view(&self) -> &'a SiteView {
        self.view
    }
}

/// Where a link to something hidden leads, whatever its titles in all languages.
fn hidden<'t, 'a>(
    visibility: Visibility,
    titles: impl IntoIterator<Item = &'t str>,
    text: &str,
) -> Href<'a> {
    let key = title_key(text);
    let names_it =
        key.is_empty() || key == GAP || titles.into_iter().any(|title| title_key(title) == key);
    match names_it {
        true if visibility == Visibility::NOBODY => Href::LeftOut,
        true => Href::Hidden,
        false => Href::Text,
    }
}
