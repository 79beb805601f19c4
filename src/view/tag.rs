//! Tags of the articles that the reader may see; a tag of hidden articles alone does not exist.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::path::UrlPath;
use crate::site::{LanguageId, PageId};
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
    let mut found: Vec<(LanguageId, String, Tag)> = Vec::new();
    // Most stand at many articles, in the same words.
    let mut by_title: FxHashMap<(LanguageId, &str), usize> = FxHashMap::default();
    let mut by_slug: FxHashMap<(LanguageId, String), usize> = FxHashMap::default();
    for page in view.articles() {
        let language = page.language();
        for title in &page.front().tags {
            let known = by_title.entry((language, title)).or_insert_with(|| {
                let slug = slug_or(title, "tag");
                *by_slug.entry((language, slug)).or_insert_with_key(|(_, slug)| {
                    let url = UrlPath::new(format!("{}tags/{slug}/", view.prefix(language)));
                    let tag = Tag { title: title.clone(), url, articles: Vec::new() };
                    found.push((language, slug.clone(), tag));
                    found.len() - 1
                })
            });
            let articles = &mut found[*known].2.articles;
            if articles.last() != Some(&page.id()) {
                articles.push(page.id());
            }
        }
    }
    for (language, slug, tag) in found {
        tags[language.index()].insert(slug, tag);
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
