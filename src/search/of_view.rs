//! The search of a portal as one audience may see it: the only place where `search` meets the site.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::analyse::Analyser;
use super::base::{Ground, is_worthwhile};
use super::client::shards::Source;
use super::input::{
    Anchor, ArticleInput, LanguageInput, SectionInput, Standing, Synonym, TitledId,
};
use super::kept::Kept;
use super::record::{Prepared, text_shard};
use super::shards::{Files, Key, Put};
use super::vocabulary::Forms;
use super::wire::utf16_order;
use super::{SearchError, SearchIndex, Text, collect};
use crate::article::kind::Kind;
use crate::cache::half;
use crate::cache::program;
use crate::markdown::plain::Section;
use crate::path::UrlPath;
use crate::site::{LanguageId, PageId};
use crate::view::imprint::{Parts, text_imprint};
use crate::view::{CategoryView, Href, PageView, SiteView};

/// The kind that terms of the glossary have in place of an article's.
const TERM: &str = "term";

/// What the search needs besides the articles.
pub struct Words<'a> {
    /// A kind's name in a language.
    pub kind: &'a (dyn Fn(LanguageId, Kind) -> String + Sync),
    /// What a term of the glossary is called where articles have their kind.
    pub term: &'a (dyn Fn(LanguageId) -> String + Sync),
    /// The house's own synonyms, by language.
    pub synonyms: &'a (dyn Fn(LanguageId) -> Vec<Synonym> + Sync),
}

/// An index on its way: the articles are prepared, and all threads had work. Merging them is the
/// work of few.
pub struct Unmerged {
    index: SearchIndex,
    languages: Vec<(LanguageInput, Vec<Prepared>, Ground)>,
    /// By language and article, the page that it is.
    pages: Vec<Vec<Option<PageId>>>,
}

impl Unmerged {
    /// What would be [`SearchIndex::texts`], for whoever writes them meanwhile.
    pub fn take_texts(&mut self) -> BTreeMap<String, Text> {
        std::mem::take(&mut self.index.texts)
    }

    /// Merges the articles of each language. What `kept` knows of their words is not found out again.
    pub fn merge(self, kept: Option<&mut Kept>) -> Begun {
        let Unmerged { index, languages, pages } = self;
        let languages = super::Begun::all(languages, kept);
        Begun { index, languages, pages }
    }
}

/// An index on its way: the articles' words are merged, the shards are still to be made.
pub struct Begun {
    index: SearchIndex,
    languages: Vec<super::Begun>,
    /// By language and article, the page that it is.
    pages: Vec<Vec<Option<PageId>>>,
}

impl Begun {
    /// By article, those most like it, the best first.
    pub fn similar(&self) -> BTreeMap<PageId, Vec<PageId>> {
        let of_language = |(language, pages): (&super::Begun, &Vec<Option<PageId>>)| {
            let lists = &language.related.lists;
            let list =
                |list: &Vec<u32>| list.iter().filter_map(|&doc| pages[doc as usize]).collect();
            let all = pages.iter().zip(lists).filter_map(|(page, of)| Some(((*page)?, list(of))));
            all.collect::<Vec<_>>()
        };
        self.languages.iter().zip(&self.pages).flat_map(of_language).collect()
    }

    /// Makes the shards. What `kept` has of them is not made again; afterwards it has just these.
    ///
    /// # Errors
    ///
    /// See [`SearchError`].
    pub fn finish(self, kept: Option<&mut Kept>) -> Result<SearchIndex, SearchError> {
        let mut index = SearchIndex::default();
        let files = collect(|put| self.finish_to(kept, put).map(|made| index = made))?;
        index.files = files;
        Ok(index)
    }

    /// The same, with all files but the articles' texts handed to `put` as they are made: they would
    /// fill much memory.
    ///
    /// # Errors
    ///
    /// See [`SearchError`].
    pub fn finish_to(
        mut self,
        kept: Option<&mut Kept>,
        put: Put<'_>,
    ) -> Result<SearchIndex, SearchError> {
        for (path, file) in std::mem::take(&mut self.index.files) {
            put.put(path, file, None);
        }
        self.index.add(self.languages, kept, put)?;
        Ok(self.index)
    }
}

/// The articles that the readers of `view` may find, each prepared by itself. What `kept` has of them
/// is not analysed again; afterwards it has just these.
///
/// An article's texts are read, used and let go one by one, so that they never lie in memory all at
/// once. Those that are read go to `texts`, if somebody takes them; [`text`] makes the files of the
/// others when they are wanted.
pub fn begin(
    view: &SiteView,
    words: &Words<'_>,
    kept: Option<&mut Kept>,
    texts: Option<Put<'_>>,
) -> Unmerged {
    let link_texts = link_texts(view);
    let mut unmerged =
        Unmerged { index: SearchIndex::default(), languages: Vec::new(), pages: Vec::new() };
    let index = &mut unmerged.index;
    for language in view.languages() {
        let before = kept.as_deref();
        let terms = terms(view, language);
        let about = about(view, language, words, !terms.is_empty());
        let pages: Vec<PageView<'_>> =
            view.articles().filter(|page| page.language() == language).collect();
        let preparer = Preparer::new(view, language, &link_texts, before, texts);
        let keys = preparer.keys(&pages);
        let preparer = preparer.sparing(&keys);
        let some = |some: Range<usize>| (some.start, preparer.prepare(&keys[some]));
        let mut prepared: Vec<(usize, Vec<_>)> =
            portions(keys.len()).into_iter().par_bridge().map(some).collect();
        prepared.sort_unstable_by_key(|(start, _)| *start);
        let prepared: Vec<(Option<Key>, Prepared)> =
            prepared.into_iter().flat_map(|(_, articles)| articles).collect();
        let text = |(page, (key, article)): (&PageView<'_>, &(Option<Key>, Prepared))| {
            (article.record.text_file(), Text { page: page.id(), key: key.map(half) })
        };
        let mut texts: Vec<_> = pages.par_iter().zip(&prepared).map(text).collect();
        texts.par_sort_by(|a, b| a.0.cmp(&b.0));
        index.texts.append(&mut texts.into_iter().collect());
        let mut articles: Vec<(Option<PageId>, Option<Key>, Prepared)> = pages
            .iter()
            .zip(prepared)
            .map(|(page, (key, article))| (Some(page.id()), key, article))
            .collect();
        let mut analyser = Analyser::default();
        for term in &terms {
            let (key, article) = preparer.term(term, &mut analyser);
            let text = article.record.text(&term.sections).into();
            index.files.insert(article.record.text_file(), text);
            articles.push((None, key, article));
        }
        articles.par_sort_by(|(.., a), (.., b)| utf16_order(&a.record.path, &b.record.path));
        let mut ground = preparer.ground;
        ground.keys = articles.iter().filter_map(|(_, key, _)| key.map(half)).collect();
        let (pages, articles) =
            articles.into_iter().map(|(page, _, article)| (page, article)).unzip();
        unmerged.pages.push(pages);
        unmerged.languages.push((about, articles, ground));
    }
    if let Some(kept) = kept {
        kept.turn_articles();
    }
    unmerged
}

/// Which of so many articles are prepared together: the more, the less often each form is listed. The
/// last are few, so that all threads come to an end at about the same time.
fn portions(articles: usize) -> Vec<Range<usize>> {
    let mut portions = Vec::new();
    let mut start = 0;
    while start < articles {
        let left = articles - start;
        let count = (left / (3 * rayon::current_num_threads())).clamp(64, 512).min(left);
        portions.push(start..start + count);
        start += count;
    }
    portions
}

/// A page with its key, where that is known without its texts.
type Keyed<'v> = (PageView<'v>, Option<Key>);

/// Prepares the articles of a view in one language.
struct Preparer<'a> {
    link_texts: &'a LinkTexts<'a>,
    /// What is known from an index before, and the hash of the settings now.
    before: Option<(&'a Kept, Key)>,
    texts: Option<Put<'a>>,
    ground: Ground,
    /// Whether what is new is kept article by article.
    spares: bool,
}

impl<'a> Preparer<'a> {
    fn new(
        view: &SiteView,
        language: LanguageId,
        link_texts: &'a LinkTexts<'a>,
        before: Option<&'a Kept>,
        texts: Option<Put<'a>>,
    ) -> Preparer<'a> {
        let settings = || {
            let mut parts = Parts::default();
            parts.hash(&program());
            parts.text(&format!("{:?}", view.config()));
            parts.finish()
        };
        let name = || format!("{:?} {}", view.reader(), view.code(language));
        let ground = before.map(|before| before.ground(&name())).unwrap_or_default();
        let before = before.map(|before| (before, settings()));
        Preparer { link_texts, before, texts, ground, spares: false }
    }

    fn keys<'v>(&self, pages: &[PageView<'v>]) -> Vec<Keyed<'v>> {
        let key = |page| self.before.as_ref().and_then(|(_, settings)| self.key(page, settings));
        pages.par_iter().map(|page| (*page, key(*page))).collect()
    }

    /// Keeps what is new article by article if it is little.
    fn sparing(self, pages: &[Keyed<'_>]) -> Preparer<'a> {
        let spares = self.ground.base.as_ref().is_some_and(|base| {
            let is_new = |key: &Option<Key>| key.is_some_and(|key| !base.has(half(key)));
            is_worthwhile(pages.iter().filter(|(_, key)| is_new(key)).count(), pages.len())
        });
        Preparer { spares, ..self }
    }

    /// The articles, each with its key where there is one.
    fn prepare(&self, pages: &[Keyed<'_>]) -> Vec<(Option<Key>, Prepared)> {
        let mut analyser = Analyser::default();
        let mut rows = Vec::with_capacity(pages.len());
        let mut articles: Vec<(Option<Key>, Prepared)> = Vec::with_capacity(pages.len());
        for (page, key) in pages {
            let (key, article, row) = self.one(*page, *key, &mut analyser);
            articles.push((key, article));
            rows.push(row);
        }
        let list = Arc::new(analyser.list());
        for ((_, article), row) in articles.iter_mut().zip(rows) {
            if let Some(row) = row {
                article.words.forms = Forms::Of(Arc::clone(&list), row);
            }
        }
        if let Some((before, _)) = &self.before {
            for (key, article) in &articles {
                if let Some(key) = key {
                    before.keep_article(key, article);
                }
            }
        }
        articles
    }

    /// The article of this key, if one of before has it.
    fn known(&self, key: &Key) -> Option<Prepared> {
        let (before, _) = self.before.as_ref()?;
        let of_base = || self.ground.base.as_ref()?.article(half(*key));
        before.article(key).or_else(of_base).or_else(|| before.alone(key))
    }

    /// A page's article, under its key where those of before have one. If its forms are numbers in the
    /// analyser's list, those come last.
    fn one(
        &self,
        page: PageView<'_>,
        mut key: Option<Key>,
        analyser: &mut Analyser,
    ) -> (Option<Key>, Prepared, Option<Vec<u32>>) {
        let known = |key: &Option<Key>| self.known(key.as_ref()?);
        if let Some(article) = known(&key) {
            return (key, article, None);
        }
        let input = article(page, self.link_texts);
        if self.before.is_some() && key.is_none() {
            key = Some(input.hash());
            if let Some(article) = known(&key) {
                return (key, article, None);
            }
        }
        let (words, row) = match self.spares {
            true => (analyser.analyse(&input), None),
            false => {
                let (words, row) = analyser.analyse_with_others(&input);
                (words, Some(row))
            }
        };
        let (article, file) = Prepared::with_words(&input, words);
        if let Some(put) = self.texts {
            put.put_own(article.record.text_file(), file, key.map(half));
        }
        if let (Some((before, _)), Some(key), None) = (&self.before, &key, &row) {
            before.keep_alone(key, &article);
        }
        (key, article, row)
    }

    /// A term's article, with its key where anything is kept.
    fn term(&self, term: &ArticleInput, analyser: &mut Analyser) -> (Option<Key>, Prepared) {
        let Some((before, _)) = &self.before else {
            return (None, Prepared::new(term, analyser).0);
        };
        let key = term.hash();
        let article = self.known(&key).unwrap_or_else(|| Prepared::new(term, analyser).0);
        before.keep_article(&key, &article);
        (Some(key), article)
    }

    /// A hash of all that [`article`] makes of a page, without making it; `None` where nothing less
    /// would tell.
    fn key(&self, page: PageView<'_>, settings: &Key) -> Option<Key> {
        let mut parts = Parts::default();
        parts.hash(settings);
        parts.hash(&text_imprint(page)?);
        parts.text(page.view().code(page.language()));
        parts.text(page.url().as_str());
        parts.text(page.title());
        parts.text(&page.summary().unwrap_or_default());
        let category = page.category();
        parts.number(category.parent().is_some().into());
        parts.text(category.path());
        parts.text(page.kind().id());
        let front = page.front();
        parts.number(front.pinned.into());
        parts.text(front.module.as_deref().unwrap_or_default());
        parts.number(page.backlinks().len());
        let links = self.link_texts.get(page.url()).map_or(&[][..], Vec::as_slice);
        parts.number(front.tags.len());
        parts.number(front.find_by.len());
        let texts = front.tags.iter().chain(front.find_by.iter().map(|query| &query.value));
        texts.chain(links).for_each(|text| parts.text(text));
        Some(parts.finish())
    }
}

/// The file below `search/` that holds an article's texts; it has this name in the index of the same
/// view.
pub fn text(page: PageView<'_>, name: &str) -> Vec<u8> {
    text_shard(name, &sections(page))
}

/// The files of an index, and the texts of its view as they are asked for: phrases are verified in
/// texts.
pub struct WithTexts<'a> {
    pub files: &'a Files,
    /// As in [`SearchIndex::texts`].
    pub texts: &'a BTreeMap<String, Text>,
    pub view: &'a SiteView,
    /// The output folder, where files lie that were not made again.
    pub folder: Option<&'a Path>,
}

impl<'a> WithTexts<'a> {
    pub fn new(index: &'a SearchIndex, view: &'a SiteView) -> WithTexts<'a> {
        WithTexts { files: index.files(), texts: index.texts(), view, folder: None }
    }
}

impl Source for WithTexts<'_> {
    fn load(&self, path: &str) -> Option<Vec<u8>> {
        let made = || Some(text(self.view.page(self.texts.get(path)?.page)?, path));
        let lies = || std::fs::read(self.folder?.join("search").join(path)).ok();
        self.files.load(path).or_else(made).or_else(lies)
    }
}

/// A language without its articles.
fn about(
    view: &SiteView,
    language: LanguageId,
    words: &Words<'_>,
    has_terms: bool,
) -> LanguageInput {
    let mut categories = Vec::new();
    list_categories(view.home(language), &mut categories);
    let mut kinds = Kind::ALL
        .map(|kind| TitledId { id: kind.id().to_owned(), title: (words.kind)(language, kind) })
        .to_vec();
    if has_terms {
        kinds.push(TitledId { id: TERM.to_owned(), title: (words.term)(language) });
    }
    LanguageInput {
        code: view.code(language).to_owned(),
        categories,
        kinds,
        synonyms: (words.synonyms)(language),
        articles: Vec::new(),
    }
}

/// The categories below one, each before those in it, in the writers' order.
fn list_categories(category: CategoryView<'_>, list: &mut Vec<TitledId>) {
    for child in category.children() {
        list.push(TitledId { id: child.path().to_owned(), title: child.title().to_owned() });
        list_categories(child, list);
    }
}

/// The terms of the glossary, each as an article of its own that is but a place of a page.
fn terms(view: &SiteView, language: LanguageId) -> Vec<ArticleInput> {
    let Some(glossary) = view.glossary(language) else { return Vec::new() };
    let sections = glossary.page().reading().sections();
    let terms = glossary.terms().map(|term| {
        let own = sections.iter().skip_while(|section| section.heading != Some(term.heading()));
        let text = own.map(|section| section.text.as_str()).next().unwrap_or_default();
        ArticleInput {
            path: format!("{}#{}", glossary.page().url(), term.anchor()),
            title: term.name().to_owned(),
            summary: text.to_owned(),
            kind: TERM.to_owned(),
            find_by: term.words().skip(1).map(str::to_owned).collect(),
            // Whoever looks for a word mostly wants to do something with the thing.
            standing: Standing { passing: true, ..Standing::default() },
            sections: vec![SectionInput { text: text.to_owned(), ..SectionInput::default() }],
            ..ArticleInput::default()
        }
    });
    terms.collect()
}

fn article(page: PageView<'_>, texts: &LinkTexts<'_>) -> ArticleInput {
    let front = page.front();
    let category = page.category();
    ArticleInput {
        path: page.url().as_str().to_owned(),
        title: page.title().to_owned(),
        summary: page.summary().unwrap_or_default().into_owned(),
        category: match category.parent() {
            Some(_) => category.path().to_owned(),
            None => String::new(),
        },
        kind: page.kind().id().to_owned(),
        tags: front.tags.clone(),
        module: front.module.clone(),
        find_by: front.find_by.iter().map(|query| query.value.clone()).collect(),
        link_texts: texts.get(page.url()).cloned().unwrap_or_default(),
        standing: Standing {
            inbound: page.backlinks().len() as u32,
            pinned: front.pinned,
            passing: page.kind() == Kind::Announcement,
        },
        sections: sections(page),
    }
}

fn sections(page: PageView<'_>) -> Vec<SectionInput> {
    // The page shows that heading as its title, at its top and without its id.
    let title = page.title_heading();
    let mut sections = page.reading().sections();
    // The first heading is number 1 on the page, whether or not there is a text before it.
    if sections.first().is_none_or(|section| section.heading.is_some()) {
        sections.insert(0, Section::default());
    }
    let sections = sections.into_iter().map(|section| {
        let is_top = section.heading.is_none() || section.heading == title;
        SectionInput {
            anchor: if is_top { Anchor::Top } else { Anchor::Numbered },
            heading: if is_top { String::new() } else { section.title },
            text: section.text,
            strong: section.strong,
            variant: section.variant.filter(|_| !is_top),
            variants: section.variants,
        }
    });
    sections.collect()
}

type LinkTexts<'a> = FxHashMap<&'a UrlPath, Vec<String>>;

/// By address: how other visible articles' links to it read. Bare addresses tell nothing of it.
fn link_texts(view: &SiteView) -> LinkTexts<'_> {
    let pages: Vec<PageView<'_>> = view.articles().collect();
    let found: Vec<(&UrlPath, String)> = pages
        .into_par_iter()
        .flat_map_iter(|page| {
            let reading = page.reading();
            let links: Vec<usize> = reading.links().map(|(index, _)| index).collect();
            let texts = links.into_iter().filter_map(move |index| {
                // How it reads says where it leads only if that is nowhere.
                let Href::Site { url, .. } = page.href(index, "") else { return None };
                let text = (url != page.url()).then(|| reading.link_text(index))?;
                is_telling(&text).then_some((url, text))
            });
            texts.collect::<Vec<_>>()
        })
        .collect();
    let mut texts = LinkTexts::default();
    for (url, text) in found {
        texts.entry(url).or_default().push(text);
    }
    texts
}

fn is_telling(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains("://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_article_is_in_one_portion() {
        for articles in [0, 1, 64, 65, 10_000] {
            assert!(portions(articles).into_iter().flatten().eq(0..articles));
        }
    }
}
