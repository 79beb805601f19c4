//! Tags of the articles that the reader may see; a tag of hidden articles alone does not exist.

use std::collections::BTreeMap;

use crate::path::UrlPath;
use crate::site::PageId;
use crate::slug::slug_or;

use super::{PageView, SiteView};

/// A tag with its articles. Tags whose addresses are the same are one tag.
pub(super) struct Tag {
    title: String,
    url: UrlPath,
    articles: Vec<PageId>,
}

/// By language: the tags by the last part of their address.
pub(super) fn collect(view: &SiteView) -> Vec<BTreeMap<String, Tag>> {
    let mut tags: Vec<BTreeMap<String, Tag>> = Vec::new();
    tags.resize_with(view.languages().count(), BTreeMap::new);
    for page in view.articles() {
        for title in &page.front().tags {
            let slug = slug_or(title, "tag");
            let url = || UrlPath::new(format!("{}tags/{slug}/", view.prefix(page.language())));
            let tag = tags[page.language().index()].entry(slug.clone()).or_insert_with(|| Tag {
                title: title.clone(),
                url: url(),
                articles: Vec::new(),
            });
            if tag.articles.last() != Some(&page.id()) {
                tag.articles.push(page.id());
            }
        }
    }
    tags
}

/// A tag of at least one visible article.
#[derive(Clone, Copy)]
pub struct TagView<'a> {
    pub(super) view: &'a SiteView,
    pub(super) slug: &'a str,
    pub(super) tag: &'a Tag,
}

impl<'a> TagView<'a> {
    pub fn title(&self) -> &'a str {
        &self.tag.title
    }

    /// The last part of its address.
    pub fn slug(&self) -> &'a str {
        self.slug
    }

    pub fn url(&self) -> &'a UrlPath {
        &self.tag.url
    }

    pub fn articles(&self) -> impl Iterator<Item = PageView<'a>> + use<'a> {
        let view = self.view;
        self.tag.articles.iter().filter_map(move |&id| view.page(id))
    }

    pub fn count(&self) -> usize {
        self.tag.articles.len()
    }
}
