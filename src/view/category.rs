//! A category as one audience may see it.

use std::borrow::Cow;

use crate::config::Config;
use crate::path::UrlPath;
use crate::site::{Category, CategoryId, LanguageId};

use super::{PageView, SiteView};

/// A category that the reader may see.
#[derive(Clone, Copy)]
pub struct CategoryView<'a> {
    pub(super) view: &'a SiteView,
    pub(super) id: CategoryId,
}

impl<'a> CategoryView<'a> {
    fn category(&self) -> &'a Category {
        self.view.site.category(self.id)
    }

    pub fn id(&self) -> CategoryId {
        self.id
    }

    pub fn language(&self) -> LanguageId {
        self.category().language
    }

    pub fn title(&self) -> &'a str {
        &self.category().title
    }

    pub fn url(&self) -> &'a UrlPath {
        &self.category().url
    }

    /// The path that search filters by: the address without a slash at its end.
    pub fn path(&self) -> &'a str {
        self.category().url.as_str().trim_end_matches('/')
    }

    /// The page of its `_index.md`: its own text, description and icon.
    pub fn index(&self) -> Option<PageView<'a>> {
        self.view.page(self.category().index?)
    }

    /// As given in the front matter, else the first paragraph of its text.
    pub fn description(&self) -> Option<Cow<'a, str>> {
        self.index().and_then(|index| index.summary())
    }

    /// The name of a Lucide icon.
    pub fn icon(&self) -> Option<&'a str> {
        self.index().and_then(|index| index.front().icon.as_ref()).map(|icon| icon.value.as_str())
    }

    /// The category in another language: of the article that translates its own text, else of the
    /// same folder.
    pub fn in_language(&self, language: LanguageId) -> Option<CategoryView<'a>> {
        if self.language() == language {
            return Some(*self);
        }
        let texts = self.index().into_iter().flat_map(|index| index.translations());
        let of_text = texts.filter(|text| text.language() == language).map(|t| t.category()).next();
        of_text.or_else(|| {
            let folder = self.path_of_folder();
            let mut categories = self.view.categories();
            categories.find(|c| c.language() == language && c.path_of_folder() == folder)
        })
    }

    /// Its folder below that of its language.
    fn path_of_folder(&self) -> &'a str {
        let root = self.view.home(self.language()).category().folder.as_str().len();
        &self.category().folder.as_str()[root..]
    }

    pub fn parent(&self) -> Option<CategoryView<'a>> {
        // A parent is at least as visible as what is below it.
        self.category().parent.map(|id| CategoryView { view: self.view, id })
    }

    /// From the top category to this one; empty for a home page.
    pub fn trail(&self) -> Vec<CategoryView<'a>> {
        let mut trail = Vec::new();
        let mut at = Some(*self);
        while let Some(category) = at {
            at = category.parent();
            if at.is_some() {
                trail.push(category);
            }
        }
        trail.reverse();
        trail
    }

    /// Subcategories in the writers' order.
    pub fn children(&self) -> impl Iterator<Item = CategoryView<'a>> + use<'a> {
        let view = self.view;
        self.category().children.iter().filter_map(move |&id| view.category(id))
    }

    /// The articles right in it, in the writers' order.
    pub fn articles(&self) -> impl Iterator<Item = PageView<'a>> + use<'a> {
        let view = self.view;
        self.category().articles.iter().filter_map(move |&id| view.page(id))
    }

    /// How many articles are in it and below.
    pub fn count(&self) -> usize {
        self.view.counts[self.id.index()]
    }

    /// Whom it is for: names of audiences, empty for everybody.
    pub fn marks(&self) -> Vec<&'a str> {
        self.view.marks(self.category().visibility)
    }

    pub fn config(&self) -> &'a Config {
        self.view.config()
    }
}
