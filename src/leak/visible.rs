//! All that one reader may know of a portal. Whatever stands here is no secret.

use std::sync::Arc;

use rayon::prelude::*;

use crate::audience::Reader;
use crate::config::Config;
use crate::markdown::reading::Reading;
use crate::site::assemble::static_url;
use crate::site::resolve::LinkTarget;
use crate::site::{Page, PageId, Site};
use crate::slug::slug_or;
use crate::view::{CategoryView, SiteView};

pub struct Visible {
    site: Arc<Site>,
    view: SiteView,
    /// Texts that belong to no page's own.
    common: Vec<String>,
}

impl Visible {
    /// `known` are texts that everybody sees though no article holds them.
    pub fn new(site: &Arc<Site>, reader: Reader, known: &[&str]) -> Visible {
        let view = SiteView::new(site.clone(), reader);
        let mut common: Vec<String> = known.iter().map(|text| (*text).to_owned()).collect();
        common.extend(config_texts(&site.config));
        common.extend(site.statics.iter().map(|file| static_url(file).as_str().to_owned()));
        let categories = site.categories.iter().filter(|c| c.visibility.seen_by(reader));
        common.extend(categories.map(|category| category.title.clone()));
        let homes = view.languages().map(|language| view.home(language));
        common.extend(view.categories().chain(homes).map(|category| listed(&category)));
        let terms = site.glossaries.iter().flatten().flat_map(|glossary| &glossary.terms);
        let terms = terms.filter(|term| term.visibility.seen_by(reader));
        common.extend(terms.flat_map(|term| term.forms.iter().cloned()));
        Visible { site: site.clone(), view, common }
    }

    pub fn add(&mut self, texts: impl IntoIterator<Item = String>) {
        self.common.extend(texts);
    }

    /// What `look` sees in each text. They are made one by one: kept together they would fill the
    /// memory.
    pub fn each<T: Send>(
        &self,
        look: impl Fn(&str) -> T + Sync + Send + Copy,
    ) -> impl ParallelIterator<Item = T> {
        let common = self.common.par_iter().map(move |text| look(text));
        let pages = (0..self.site.pages.len() as u32).into_par_iter().flat_map_iter(move |i| {
            let texts = texts_of_page(&self.site, &self.view, PageId(i));
            texts.into_iter().map(move |text| look(&text))
        });
        common.chain(pages)
    }
}

/// Whatever of the configuration is written into pages is written into everybody's.
fn config_texts(config: &Config) -> Vec<String> {
    let parts: [&dyn std::fmt::Debug; 12] = [
        &config.title,
        &config.description,
        &config.languages,
        &config.site_url,
        &config.edit_url,
        &config.product_version,
        &config.brand,
        &config.footer_text,
        &config.footer_links,
        &config.contacts,
        &config.feedback,
        &config.theme,
    ];
    parts.iter().map(|part| format!("{part:?}")).collect()
}

/// All that the reader may know of a page.
fn texts_of_page(site: &Site, view: &SiteView, id: PageId) -> Vec<String> {
    let page = site.page(id);
    if !page.visibility.seen_by(view.reader()) {
        return Vec::new();
    }
    let mut texts = metadata_of(page);
    // A tag's address is as visible as the tag.
    texts.extend(page.article.front.tags.iter().map(|tag| slug_or(tag, "tag")));
    if let Some(shown) = view.page(id) {
        let reading = shown.reading();
        // Pages and cards begin with the title, addresses end with a heading's id.
        texts.push(format!("{}\n{}", page.title, reading.plain_text()));
        texts.extend(shown.summary().map(|summary| format!("{}\n{summary}", page.title)));
        texts.extend(reading.headings().map(|(_, h)| format!("{}#{}", page.url.as_str(), h.id)));
        texts.extend(texts_of(&reading));
        // Where a link leads within the site, the page that it leads to says or hides.
        let outward = reading.links().filter(|(index, _)| {
            !matches!(
                page.links.get(*index),
                Some(
                    LinkTarget::Page { .. }
                        | LinkTarget::Category(_)
                        | LinkTarget::Asset(_)
                        | LinkTarget::Dead(_)
                )
            )
        });
        texts.extend(outward.map(|(_, link)| link.dest.clone()));
    }
    texts
}

/// What a category's page and the navigation have one behind the other.
fn listed(category: &CategoryView<'_>) -> String {
    let below = category.children().map(|child| child.title());
    let articles = category.articles().map(|page| page.title());
    [category.title()].into_iter().chain(below).chain(articles).collect::<Vec<_>>().join("\n")
}

/// What a page's body says besides its lines.
pub fn texts_of(reading: &Reading<'_>) -> Vec<String> {
    let mut texts = Vec::new();
    for (_, image) in reading.images() {
        texts.extend([image.alt.clone(), image.title.clone(), image.dest.clone()]);
    }
    for (index, link) in reading.links() {
        texts.extend([link.title.clone(), reading.link_text(index)]);
    }
    texts.extend(reading.headings().flat_map(|(_, h)| [h.id.clone(), h.text.clone()]));
    texts.extend(reading.unread());
    texts
}

/// What a page says of itself besides its body.
pub fn metadata_of(page: &Page) -> Vec<String> {
    let front = &page.article.front;
    let mut texts = vec![page.title.clone(), page.url.as_str().to_owned()];
    texts.extend(front.description.clone());
    texts.extend(front.module.clone());
    texts.extend(front.tags.iter().cloned());
    let located = [&front.aliases, &front.contexts, &front.find_by];
    texts.extend(located.into_iter().flatten().map(|text| text.value.clone()));
    texts.extend(front.slug.iter().chain(&front.key).map(|text| text.value.clone()));
    texts.push(front.extra.to_string());
    texts
}
