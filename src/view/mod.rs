//! The site as one audience may see it: the only input of all that makes output.
//!
//! 1. [`SiteView::new`] decides once which pages, categories and files this reader sees.
//! 2. [`PageView`], [`CategoryView`] and [`TagView`] hand out what is left; none of them gives the
//!    [`Site`] away, so that a leak would not type-check.
//! 3. [`imprint`] says of a page whether it would be as it was.
//! 4. [`PageView::href`] says where a link leads for this reader, or that only its text stays.

mod category;
mod glossary;
pub mod imprint;
mod page;
mod synonyms;
mod tag;

pub use category::CategoryView;
pub use glossary::{GlossaryView, TermView};
pub use page::{Href, PageView, Picture};
pub use tag::TagView;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::audience::{Reader, Visibility};
use crate::config::{AdminMode, Config, Print};
use crate::markdown::document::Document;
use crate::markdown::mute::mute;
use crate::markdown::retitle::retitle;
use crate::path::UrlPath;
use crate::site::asset::Asset;
use crate::site::companion::Companions;
use crate::site::resolve::{ImageTarget, LinkTarget};
use crate::site::{AssetId, CategoryId, LanguageId, Page, PageId, Role, Site};
use crate::source::SourceFile;

use tag::Tag;

/// The site as one audience may see it. Cheap to share, never changes.
pub struct SiteView {
    site: Arc<Site>,
    reader: Reader,
    /// By page.
    pages: Vec<bool>,
    /// By category.
    categories: Vec<bool>,
    /// By category: the articles in it and below.
    counts: Vec<usize>,
    assets: BTreeSet<AssetId>,
    /// Documents some of whose links read otherwise than their writers typed: without texts that
    /// would name what is hidden, and with the titles of what wikilinks lead to.
    reworded: FxHashMap<PageId, Document>,
    tags: Vec<BTreeMap<String, Tag>>,
}

impl SiteView {
    /// The reader whom a portal's output is for: everybody at once where admin text is only marked,
    /// else the audience named, else the public.
    ///
    /// # Errors
    ///
    /// The name when it is no audience of the portal.
    pub fn reader_for<'a>(config: &Config, audience: Option<&'a str>) -> Result<Reader, &'a str> {
        let named = match audience {
            Some(name) => Some(config.audiences.id(name).ok_or(name)?),
            None => None,
        };
        Ok(match config.admin {
            AdminMode::Marked => named.map_or(Reader::All, Reader::One),
            AdminMode::Separate => Reader::One(named.unwrap_or(config.audiences.public())),
        })
    }

    pub fn new(site: Arc<Site>, reader: Reader) -> SiteView {
        let seen = |page: &Page| {
            // A glossary of hidden terms would tell that there are some.
            let shows =
                page.role != Role::Glossary || !page.article.document.read(reader).is_empty();
            page.visibility.seen_by(reader) && shows
        };
        let pages: Vec<bool> = site.pages.iter().map(seen).collect();
        let mut view = SiteView {
            categories: vec![false; site.categories.len()],
            counts: vec![0; site.categories.len()],
            assets: BTreeSet::new(),
            reworded: FxHashMap::default(),
            tags: Vec::new(),
            site,
            reader,
            pages,
        };
        view.find_categories();
        view.reworded = view.mute();
        let retitled = view.retitle();
        view.reworded.extend(retitled);
        (view.assets, view.tags) = rayon::join(|| view.find_assets(), || tag::collect(&view));
        view
    }

    /// A category shows if its reader may see it and there is something in it to see: else its
    /// title would tell what is hidden.
    fn find_categories(&mut self) {
        let site = self.site.clone();
        for id in site.category_ids().collect::<Vec<_>>().into_iter().rev() {
            let category = site.category(id);
            let articles = category.articles.iter().filter(|p| self.pages[p.index()]).count();
            let below: usize = category.children.iter().map(|c| self.counts[c.index()]).sum();
            let count = articles + below;
            let has_text = category.index.is_some_and(|index| {
                self.pages[index.index()]
                    && !site.page(index).article.document.read(self.reader).is_empty()
            });
            let children = category.children.iter().any(|c| self.categories[c.index()]);
            let seen = category.visibility.seen_by(self.reader);
            self.counts[id.index()] = count;
            self.categories[id.index()] =
                seen && (count > 0 || has_text || children) || category.parent.is_none();
            if let Some(index) = category.index {
                self.pages[index.index()] &= self.categories[id.index()];
            }
        }
    }

    /// The files that a visible text refers to; all others stay at home.
    fn find_assets(&self) -> BTreeSet<AssetId> {
        let of_pages = self.page_ids().collect::<Vec<_>>().into_par_iter().flat_map_iter(|id| {
            let page = self.site.page(id);
            let seen = |visibility: Visibility| visibility.seen_by(self.reader);
            let links = page.article.document.links().iter().zip(page.links.iter());
            let links = links.filter_map(move |(link, target)| match target {
                LinkTarget::Asset(id) if seen(link.visibility) => Some(*id),
                _ => None,
            });
            let images = page.article.document.images().iter().zip(page.images.iter());
            let images = images.filter_map(move |(image, target)| match target {
                ImageTarget::Asset(id) if seen(image.visibility) => {
                    Some(*id).filter(|&id| !self.site.asset(id).is_refused())
                }
                _ => None,
            });
            links.chain(images)
        });
        let mut assets: BTreeSet<AssetId> = of_pages.collect();
        assets.extend(self.site.brand.values().copied());
        let companions = assets.iter().filter_map(|id| self.site.companions.get(id));
        let companions: Vec<AssetId> = companions.flat_map(Companions::ids).collect();
        assets.extend(companions);
        assets
    }

    /// A link to something hidden whose text is its title would tell it in excerpts and hits.
    fn mute(&self) -> FxHashMap<PageId, Document> {
        if self.pages.iter().all(|seen| *seen) && self.categories.iter().all(|seen| *seen) {
            return FxHashMap::default();
        }
        let muted = self.page_ids().collect::<Vec<_>>().into_par_iter().filter_map(|id| {
            let page = PageView { view: self, id };
            let document = &self.site.page(id).article.document;
            let reading = document.read(self.reader);
            let links: Vec<usize> = reading
                .links()
                .filter(|(index, link)| {
                    let names = |text: &str| {
                        matches!(page.href(*index, text), Href::Hidden | Href::LeftOut)
                    };
                    // Most lead to what is seen, and their texts need not be read.
                    names("") && (link.bare || names(&reading.link_text(*index)))
                })
                .map(|(index, _)| index)
                .collect();
            (!links.is_empty()).then(|| (id, mute(document, &links)))
        });
        muted.collect()
    }

    /// A wikilink that names an address or a heading's id reads like what it leads to. Comes
    /// behind [`SiteView::mute`], for headings may hold what that takes out.
    fn retitle(&self) -> FxHashMap<PageId, Document> {
        let retitled = self.page_ids().collect::<Vec<_>>().into_par_iter().filter_map(|id| {
            let page = PageView { view: self, id };
            let links = self.site.page(id).article.document.links().iter().enumerate();
            let titles: Vec<(usize, String)> = links
                .filter(|(_, link)| link.bare && link.visibility.seen_by(self.reader))
                .filter_map(|(index, link)| Some((index, page.wikilink_title(index, &link.dest)?)))
                .collect();
            let document = || {
                let muted = self.reworded.get(&id);
                muted.unwrap_or(&self.site.page(id).article.document)
            };
            (!titles.is_empty()).then(|| (id, retitle(document(), &titles)))
        });
        retitled.collect()
    }

    pub fn config(&self) -> &Config {
        &self.site.config
    }

    pub fn reader(&self) -> Reader {
        self.reader
    }

    pub fn languages(&self) -> impl Iterator<Item = LanguageId> + use<> {
        (0..self.site.config.languages.len() as u8).map(LanguageId)
    }

    /// `fi`, `pt-BR`.
    pub fn code(&self, language: LanguageId) -> &str {
        self.site.language(language)
    }

    /// A text of the configuration in a language.
    pub fn text<'a>(
        &'a self,
        text: &'a crate::value::text::LocalText,
        language: LanguageId,
    ) -> Option<&'a str> {
        self.site.config.text(text, self.code(language))
    }

    /// The category that is the language's home page.
    pub fn home(&self, language: LanguageId) -> CategoryView<'_> {
        CategoryView { view: self, id: self.site.roots[language.index()] }
    }

    fn page_ids(&self) -> impl Iterator<Item = PageId> {
        self.site.page_ids().filter(|id| self.pages[id.index()])
    }

    /// All articles, by language and address; the categories' own texts are not among them.
    pub fn articles(&self) -> impl Iterator<Item = PageView<'_>> {
        self.page_ids()
            .map(|id| PageView { view: self, id })
            .filter(|page| page.role() == Role::Article)
    }

    /// A page, if this reader may see it.
    pub fn page(&self, id: PageId) -> Option<PageView<'_>> {
        self.pages.get(id.index()).copied().unwrap_or(false).then_some(PageView { view: self, id })
    }

    /// The terms of a language, if the reader may see one.
    pub fn glossary(&self, language: LanguageId) -> Option<GlossaryView<'_>> {
        let glossary = self.site.glossaries.get(language.index())?.as_ref()?;
        self.page(glossary.page).map(|_| GlossaryView { view: self, glossary })
    }

    /// All categories but the home pages, parents before children.
    pub fn categories(&self) -> impl Iterator<Item = CategoryView<'_>> {
        self.site
            .category_ids()
            .filter_map(|id| self.category(id))
            .filter(|category| category.parent().is_some())
    }

    pub fn category(&self, id: CategoryId) -> Option<CategoryView<'_>> {
        let seen = self.categories.get(id.index()).copied().unwrap_or(false);
        seen.then_some(CategoryView { view: self, id })
    }

    /// The files of `content/` that visible texts refer to.
    pub fn assets(&self) -> impl Iterator<Item = (AssetId, &Asset)> {
        self.assets.iter().map(|&id| (id, self.site.asset(id)))
    }

    pub fn asset(&self, id: AssetId) -> Option<&Asset> {
        self.assets.contains(&id).then(|| self.site.asset(id))
    }

    /// What belongs to a picture or video: its dark twin, poster, captions.
    pub fn companions(&self, id: AssetId) -> Option<&Companions> {
        self.asset(id).and_then(|_| self.site.companions.get(&id))
    }

    /// Whom a file is for: everybody whom some text that shows it is for.
    pub fn asset_marks(&self, id: AssetId) -> Vec<&str> {
        let mut seen = Visibility::NOBODY;
        for page in &self.site.pages {
            let document = &page.article.document;
            let links = document.links().iter().zip(page.links.iter());
            let links = links.filter(|(_, to)| **to == LinkTarget::Asset(id));
            let images = document.images().iter().zip(page.images.iter());
            let images = images.filter(|(_, shown)| **shown == ImageTarget::Asset(id));
            let marks = links.map(|(link, _)| link.visibility);
            for mark in marks.chain(images.map(|(image, _)| image.visibility)) {
                seen = seen.or(page.visibility.and(mark));
            }
        }
        if self.site.brand.values().any(|brand| *brand == id) {
            seen = Visibility::EVERYBODY;
        }
        self.marks(seen)
    }

    /// A picture of `[brand]`: `logo`, `logo_dark`, `favicon`.
    pub fn brand(&self, name: &str) -> Option<&Asset> {
        self.site.brand.get(name).map(|&id| self.site.asset(id))
    }

    /// Files of `static/`. They are for everybody: a writer puts them there to be published.
    pub fn statics(&self) -> impl Iterator<Item = (&SourceFile, UrlPath)> {
        self.site.statics.iter().map(|file| (file, crate::site::assemble::static_url(file)))
    }

    /// Old addresses of visible pages.
    pub fn redirects(&self) -> impl Iterator<Item = (&UrlPath, PageView<'_>)> {
        self.site.redirects.iter().filter_map(|r| Some((&r.from, self.page(r.to)?)))
    }

    /// Screens of the product with the visible pages that explain them.
    pub fn contexts(&self) -> impl Iterator<Item = (LanguageId, &str, PageView<'_>)> {
        self.site
            .contexts
            .iter()
            .filter_map(|((language, id), page)| Some((*language, id.as_str(), self.page(*page)?)))
    }

    /// The tags of a language's visible articles, by title.
    pub fn tags(&self, language: LanguageId) -> impl Iterator<Item = TagView<'_>> {
        self.tags[language.index()].iter().map(|(slug, tag)| TagView { view: self, slug, tag })
    }

    pub fn tag(&self, language: LanguageId, slug: &str) -> Option<TagView<'_>> {
        let (slug, tag) = self.tags[language.index()].get_key_value(slug)?;
        Some(TagView { view: self, slug, tag })
    }

    /// The category of another language that is nearest to a page without a translation: the twin of
    /// its own, or of one above it.
    pub fn nearest(&self, url: &UrlPath, language: LanguageId) -> CategoryView<'_> {
        let around =
            |category: &CategoryView<'_>| url.as_str().starts_with(category.url().as_str());
        let mut at = self.categories().filter(around).max_by_key(|c| c.url().as_str().len());
        while let Some(category) = at {
            if let Some(twin) = category.in_language(language) {
                return twin;
            }
            at = category.parent().filter(|parent| parent.parent().is_some());
        }
        self.home(language)
    }

    /// Whether there are pages that hold many articles at once, for paper.
    pub fn has_print(&self) -> bool {
        const MOST: usize = 2_000;
        match self.config().print {
            Print::On => true,
            Print::Off => false,
            Print::Auto => self.site.pages.len() <= MOST,
        }
    }

    /// The start of all addresses of a language: empty or `en/`.
    pub fn prefix(&self, language: LanguageId) -> &str {
        self.site.category(self.site.roots[language.index()]).url.as_str()
    }

    /// Names of the least audiences that may see a thing, empty where everybody may.
    fn marks(&self, visibility: Visibility) -> Vec<&str> {
        self.site.config.audiences.marks(visibility)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::markdown::tests::Echo;
    use crate::site::load::{Drafts, Loader};

    use super::*;

    #[test]
    fn wikilinks_read_like_what_they_lead_to() {
        let dir = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let file = dir.path().join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        };
        write("opas.toml", "title = \"T\"\nadmin = \"separate\"\n");
        write(
            "content/write.md",
            "# Write an article\n\n## Say *what* it is {#what}\n\n> [!ADMIN]\n> ## Secret {#secret}\n\n## See [[hidden]] {#see}\n",
        );
        write("content/hidden.md", "---\ntitle: Quite hidden\naudience: [admin]\n---\n\nx\n");
        write(
            "content/from.md",
            "# From\n\n[[Write an article#what]] [[write]] [[write an article]] [[write#what|so]] [[#end]] \
             [[write#secret]] [[hidden#x]] [[nowhere#x]] [[write#see]]\n\n## Of [[write#what]]\n\n## The end {#end}\n",
        );
        let root = dir.path().canonicalize().unwrap();
        let (config, _) = Config::load(&root).unwrap();
        let reader = SiteView::reader_for(&config, None).unwrap();
        let (site, _) = Loader::new(Arc::new(config), vec![root.into()], Drafts::LeaveOut).load();
        let view = SiteView::new(site, reader);
        let page = view.articles().find(|page| page.title() == "From").unwrap();
        let reading = page.reading();
        let said = "Write an article › Say what it is";
        assert_eq!(
            reading.plain_text(),
            format!(
                "From\n{said} Write an article write an article so The end Write an article … nowhere#x Write an article › See …\nOf {said}\nThe end"
            )
        );
        assert_eq!(
            reading.headings().nth(1).map(|(_, h)| h.text.clone()),
            Some(format!("Of {said}"))
        );
        let document = &view.site.page(page.id()).article.document;
        assert!(!reading.markdown(&Echo(document)).contains("Quite hidden"));
    }
}
