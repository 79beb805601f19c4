//! Articles become a site: addresses, translations, links both ways.
//!
//! 1. The tree of categories, then each article's category, title and address.
//! 2. The [`Book`] of all names that a link can use.
//! 3. Every link and picture is resolved, in parallel. Where the book is the same as in the
//!    previous site, the links of unchanged articles are taken over from there.
//! 4. What only shows from above: backlinks, old addresses, screens, translations.

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use crate::article::Article;
use crate::article::kind::Kind;
use crate::audience::Visibility;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Rule};
use crate::markdown::document::LinkKind;
use crate::path::{SourcePath, UrlPath};
use crate::source::SourceFile;

use super::address::{Register, segment};
use super::asset::Asset;
use super::companion;
use super::order::TitleOrder;
use super::resolve::{Book, Files, Found, ImageTarget, LinkTarget, title_key};
use super::tree::{self, Roots, Tree, title_of_name};
use super::{
    AssetId, Backlink, Category, CategoryId, LanguageId, Page, PageId, Role, Site, Snippet,
};
use super::{aliases, brand, glossary, languages};

pub const DEAD_RELATED: Rule =
    Rule::warning("dead-related", "An article named under `related` that does not exist.");

/// What a site is made of.
pub struct Parts {
    pub config: Arc<Config>,
    /// Spliced, without drafts, sorted by path.
    pub articles: Vec<Arc<Article>>,
    /// Files that could not be read; below a broken `_index.md` nothing is shown.
    pub broken: BTreeSet<SourcePath>,
    pub assets: Vec<Asset>,
    pub statics: Vec<SourceFile>,
    pub snippets: Vec<Snippet>,
    pub glossaries: Vec<glossary::Draft>,
}

/// A site, and what helps to build the next one like it.
pub struct Assembled {
    pub site: Arc<Site>,
    /// Equal for sites whose links resolve alike.
    shape: u64,
    pub book: Book,
}

/// Builds the site. `previous` saves work and never changes the result.
pub fn assemble(
    parts: Parts,
    previous: Option<&Assembled>,
    findings: &mut Vec<Diagnostic>,
) -> Assembled {
    let Parts { config, articles, broken, assets, statics, snippets, glossaries } = parts;
    let roots = Roots::new(&config);
    let mut register = Register::default();
    let mut tree = tree::build(&config, &roots, &articles, &broken, &mut register, findings);
    let mut pages = place_pages(&config, &roots, &tree, articles, &mut register, findings);
    pages.extend(languages::stand_ins(&config, &roots, &tree, &pages, &mut register));
    pages.extend(place_glossaries(&roots, &tree, &glossaries, &mut register, findings));
    pages.sort_by(|a, b| (a.language, &a.url).cmp(&(b.language, &b.url)));
    hang(&mut tree, &mut pages, &config);
    languages::pair(&mut pages, &roots, findings);

    let (book, shape) = rayon::join(
        || make_book(&config, &roots, &tree, &pages, &assets, &statics),
        || shape(&pages, &tree, &assets, &statics),
    );
    let same_book = previous.filter(|old| old.shape == shape).map(|old| &*old.site);
    resolve(&mut pages, &book, same_book);
    languages::lead_home(&mut pages);
    related(&mut pages, &book, findings);
    let (backlinks, (redirects, contexts, brand)) = rayon::join(
        || backlinks(&pages),
        || {
            let redirects = aliases::redirects(&pages, &roots, &register, findings);
            let contexts = aliases::contexts(&pages, findings);
            (redirects, contexts, brand::pictures(&config, &book, findings))
        },
    );
    let glossaries = own_pages(&config, glossaries, &pages);
    let site = Site {
        config,
        pages,
        categories: tree.categories,
        roots: tree.roots,
        companions: companion::find(&assets),
        assets,
        statics,
        backlinks,
        redirects,
        contexts,
        brand,
        snippets,
        glossaries,
    };
    Assembled { site: Arc::new(site), shape, book }
}

fn place_pages(
    config: &Config,
    roots: &Roots,
    tree: &Tree,
    articles: Vec<Arc<Article>>,
    register: &mut Register,
    findings: &mut Vec<Diagnostic>,
) -> Vec<Page> {
    let place = |article| {
        let mut found = Vec::new();
        let page = place_page(config, roots, tree, article, &mut found);
        (page, found)
    };
    let placed: Vec<_> = articles.into_par_iter().map(place).collect();
    let mut pages = Vec::with_capacity(placed.len());
    register.make_room(placed.len());
    for (page, found) in placed {
        findings.extend(found);
        let Some(page) = page else { continue };
        let prefix = &roots.prefixes[page.language.index()];
        let has_own = page.role == Role::Article;
        if !has_own || register.claim(&page.url, prefix, &page.article.path, findings) {
            pages.push(page);
        }
    }
    pages
}

/// An article at the address that it would like to have.
fn place_page(
    config: &Config,
    roots: &Roots,
    tree: &Tree,
    article: Arc<Article>,
    findings: &mut Vec<Diagnostic>,
) -> Option<Page> {
    let Some((language, inner)) = roots.locate(&article.path) else {
        findings.push(tree::no_language(&article.path, config));
        return None;
    };
    let id = tree.category_of(language, inner)?;
    let category = &tree.categories[id.index()];
    let stem = article.path.file_name().trim_end_matches(".md");
    let (role, url, title) = match stem {
        "_index" => (Role::Index, category.url.clone(), category.title.clone()),
        stem => {
            let name = segment(stem, article.front.slug.as_ref(), findings);
            let given = article.front.title.as_ref().map(|t| t.value.trim().to_owned());
            let heading = || article.document.title().map(str::to_owned);
            let title = given.or_else(heading).unwrap_or_else(|| title_of_name(stem));
            (Role::Article, UrlPath::new(format!("{}{name}/", category.url)), title)
        }
    };
    Some(placed(article, role, (id, category), title, url))
}

/// A page at its place, whose links and pictures are not resolved yet.
fn placed(
    article: Arc<Article>,
    role: Role,
    (id, category): (CategoryId, &Category),
    title: String,
    url: UrlPath,
) -> Page {
    Page {
        visibility: category.visibility.and(article.front.visibility),
        kind: kind_of(&article),
        article,
        role,
        language: category.language,
        category: id,
        title,
        url,
        links: Arc::from([]),
        images: Arc::from([]),
        related: Vec::new(),
        translations: Vec::new(),
        original: None,
    }
}

/// The addresses of the glossaries. One whose address is taken is left out.
fn place_glossaries(
    roots: &Roots,
    tree: &Tree,
    drafts: &[glossary::Draft],
    register: &mut Register,
    findings: &mut Vec<Diagnostic>,
) -> Vec<Page> {
    let pages = drafts.iter().filter_map(|draft| {
        let language = draft.language;
        let prefix = &roots.prefixes[language.index()];
        let url = UrlPath::new(format!("{prefix}glossary/"));
        let file = SourcePath::new(crate::glossary::FILE_NAME);
        register.claim(&url, prefix, &file, findings).then(|| {
            let root = tree.roots[language.index()];
            let place = (root, &tree.categories[root.index()]);
            let title = "Glossary".to_owned();
            let page = placed(Arc::clone(&draft.article), Role::Glossary, place, title, url);
            // Each of its terms says who may see it.
            Page { visibility: Visibility::EVERYBODY, ..page }
        })
    });
    pages.collect()
}

/// Each language's glossary with the number that its page has got.
fn own_pages(
    config: &Config,
    drafts: Vec<glossary::Draft>,
    pages: &[Page],
) -> Vec<Option<glossary::Glossary>> {
    let mut glossaries: Vec<Option<glossary::Glossary>> = vec![None; config.languages.len()];
    for draft in drafts {
        let is_its = |page: &Page| page.role == Role::Glossary && page.language == draft.language;
        let page = pages.iter().position(is_its).map(|i| PageId(i as u32));
        glossaries[draft.language.index()] =
            page.map(|page| glossary::Glossary { page, terms: draft.terms });
    }
    glossaries
}

/// Hangs the pages into their categories, in the writers' order.
fn hang(tree: &mut Tree, pages: &mut [Page], config: &Config) {
    for (i, page) in pages.iter().enumerate() {
        let category = &mut tree.categories[page.category.index()];
        match page.role {
            Role::Index => category.index = Some(PageId(i as u32)),
            Role::Article => category.articles.push(PageId(i as u32)),
            Role::Glossary => {}
        }
    }
    let orders: Vec<TitleOrder> = config.languages.iter().map(|l| TitleOrder::new(l)).collect();
    let keys: Vec<(Option<f64>, String)> =
        tree.categories.iter().map(|c| (c.order, c.title.clone())).collect();
    let pages = &*pages;
    tree.categories.par_iter_mut().for_each(|category| {
        let order = &orders[category.language.index()];
        category.articles.sort_by(|a, b| {
            let key = |id: &PageId| {
                let page = &pages[id.index()];
                (page.article.front.order, page.title.as_str())
            };
            // Announcements come newest first; all else has no say in dates.
            let newest = |id: &PageId| {
                let page = &pages[id.index()];
                let is_announced = page.kind == Kind::Announcement;
                is_announced.then(|| std::cmp::Reverse(date_of(page)))
            };
            let numbers = key(a).0.is_some() || key(b).0.is_some();
            match (newest(a), newest(b)) {
                (Some(a), Some(b)) if !numbers && a != b => a.cmp(&b),
                _ => order.compare_ordered(key(a), key(b)).then(a.cmp(b)),
            }
        });
        category.children.sort_by(|a, b| {
            let key = |id: &CategoryId| (keys[id.index()].0, keys[id.index()].1.as_str());
            order.compare_ordered(key(a), key(b)).then(a.cmp(b))
        });
    });
}

/// The kind that the front matter names; below a folder `announcements` the default is that.
fn kind_of(article: &Article) -> Kind {
    article.front.kind.unwrap_or_else(|| {
        let is_announced = article.path.folder().split('/').any(|part| part == "announcements");
        if is_announced { Kind::Announcement } else { Kind::Guide }
    })
}

/// The page's date: as given, else as the file's name starts with it (`2026-05-04-calendar.md`).
pub fn date_of(page: &Page) -> Option<jiff::civil::Date> {
    let name = page.article.path.file_name();
    let in_name =
        || name.get(..10).filter(|day| !day.starts_with(char::is_alphabetic))?.parse().ok();
    page.article.front.date.or_else(in_name)
}

fn make_book(
    config: &Config,
    roots: &Roots,
    tree: &Tree,
    pages: &[Page],
    assets: &[Asset],
    statics: &[SourceFile],
) -> Book {
    let mut book = Book {
        folders: roots.folders.clone(),
        prefixes: roots.prefixes.clone(),
        lifted: config.lifted,
        ..Book::default()
    };
    for (i, category) in tree.categories.iter().enumerate() {
        book.categories.insert(category.folder.clone(), CategoryId(i as u32));
    }
    let numbered = || pages.iter().enumerate().map(|(i, page)| (page, PageId(i as u32)));
    // What stands in for a translation is not what a writer means by the file.
    let originals = || numbered().filter(|(page, _)| page.original.is_none());
    let by_path = || {
        let mut files = Files::default();
        tree.categories.iter().for_each(|category| files.add_folder(category.folder.as_str()));
        for (page, id) in originals() {
            files.add(&page.article.path, Found::Page(id));
        }
        for (i, asset) in assets.iter().enumerate() {
            files.add(&asset.file.path, Found::Asset(AssetId(i as u32)));
        }
        for file in statics {
            files.add(&file.path, Found::Static(static_url(file)));
        }
        files
    };
    let by_url = || numbered().map(|(page, id)| (page.url.clone(), id)).collect();
    let by_title = || {
        let mut titles: FxHashMap<_, Vec<PageId>> = FxHashMap::default();
        for (page, id) in numbered() {
            titles.entry((page.language, title_key(&page.title))).or_default().push(id);
        }
        titles
    };
    let by_slug = || {
        let mut slugs: FxHashMap<_, Vec<PageId>> = FxHashMap::default();
        for (page, id) in numbered() {
            let slug = page.url.as_str().trim_end_matches('/').rsplit('/').next().unwrap_or("");
            slugs.entry((page.language, slug.to_owned())).or_default().push(id);
        }
        slugs
    };
    ((book.files, book.titles), (book.urls, book.slugs)) =
        rayon::join(|| (by_path(), by_title()), || (by_url(), by_slug()));
    book
}

/// The address of a file of `static/`.
pub fn static_url(file: &SourceFile) -> UrlPath {
    const KEPT: percent_encoding::AsciiSet = percent_encoding::NON_ALPHANUMERIC
        .remove(b'/')
        .remove(b'.')
        .remove(b'_')
        .remove(b'-')
        .remove(b'~');
    let path = file.path.as_str();
    let path = path.strip_prefix("static/").unwrap_or(path);
    UrlPath::new(percent_encoding::utf8_percent_encode(path, &KEPT).to_string())
}

/// A hash of all that links depend on. Two sites of the same shape number their pages alike and
/// resolve the same link to the same target.
fn shape(pages: &[Page], tree: &Tree, assets: &[Asset], statics: &[SourceFile]) -> u64 {
    let mut hasher = FxHasher::default();
    pages.len().hash(&mut hasher);
    for page in pages {
        page.article.path.hash(&mut hasher);
        page.url.hash(&mut hasher);
        page.title.hash(&mut hasher);
        for anchor in page.article.document.anchors() {
            anchor.hash(&mut hasher);
        }
    }
    for category in &tree.categories {
        category.folder.hash(&mut hasher);
    }
    for asset in assets {
        asset.file.path.hash(&mut hasher);
    }
    for file in statics {
        file.path.hash(&mut hasher);
    }
    hasher.finish()
}

type Resolved = (Arc<[LinkTarget]>, Arc<[ImageTarget]>);

fn resolve(pages: &mut [Page], book: &Book, same_book: Option<&Site>) {
    let seen: &[Page] = pages;
    let resolved: Vec<Resolved> = seen
        .par_iter()
        .enumerate()
        .map(|(i, page)| {
            if let Some(old) = same_book.map(|site| &site.pages[i])
                && Arc::ptr_eq(&old.article, &page.article)
            {
                return (old.links.clone(), old.images.clone());
            }
            resolve_page(seen, book, PageId(i as u32))
        })
        .collect();
    for (page, (links, images)) in pages.iter_mut().zip(resolved) {
        page.links = links;
        page.images = images;
    }
}

/// Where the links and pictures of one page lead.
pub fn resolve_page(pages: &[Page], book: &Book, id: PageId) -> Resolved {
    let page = &pages[id.index()];
    let has_anchor = |id: PageId, anchor: &str| {
        pages.get(id.index()).is_some_and(|page| page.article.document.has_anchor(anchor))
    };
    let document = &page.article.document;
    // A stand-in's text was written in the default language, and so were its links.
    let language = page.original.map_or(page.language, |_| LanguageId::DEFAULT);
    let links = document.links().iter().map(|link| {
        let from = document.source_of(link.span);
        let dest = link.dest.as_str();
        match link.kind {
            LinkKind::Wiki => book.wikilink(from, id, language, dest, &has_anchor),
            LinkKind::Email if !dest.starts_with("mailto:") => {
                LinkTarget::External(format!("mailto:{dest}"))
            }
            LinkKind::Inline | LinkKind::Auto | LinkKind::Email => {
                book.link(from, id, language, dest, &has_anchor)
            }
        }
    });
    let images = document.images().iter().map(|image| {
        let from = document.source_of(image.span);
        book.image(from, language, &image.dest)
    });
    (links.collect(), images.collect())
}

fn related(pages: &mut [Page], book: &Book, findings: &mut Vec<Diagnostic>) {
    for page in pages {
        let front = &page.article.front;
        let mut related = Vec::with_capacity(front.related.len());
        for name in &front.related {
            match book.reference(&page.article.path, page.language, &name.value) {
                Some(id) => related.push(id),
                None => findings.push(
                    Diagnostic::new(
                        DEAD_RELATED,
                        name.place.clone(),
                        format!("no article `{}`", name.value),
                    )
                    .help("name a file, an address or a title"),
                ),
            }
        }
        page.related = related;
    }
}

fn backlinks(pages: &[Page]) -> Vec<Vec<Backlink>> {
    let mut backlinks: Vec<Vec<Backlink>> = vec![Vec::new(); pages.len()];
    let ids = (0..pages.len()).into_par_iter().map(|i| PageId(i as u32));
    let links: Vec<_> = ids.map(|id| links_from(pages, id)).collect();
    for (to, link) in links.into_iter().flatten() {
        backlinks[to.index()].push(link);
    }
    backlinks
}

/// What a page adds to the lists of what links to others.
pub fn page_backlinks(site: &Site, from: PageId) -> Vec<(PageId, Backlink)> {
    links_from(&site.pages, from)
}

fn links_from(pages: &[Page], from: PageId) -> Vec<(PageId, Backlink)> {
    let page = &pages[from.index()];
    let mut found: Vec<(PageId, Backlink)> = Vec::new();
    // That a word is explained says nothing for the article that explains more.
    if page.role == Role::Glossary {
        return found;
    }
    let mut seen: FxHashSet<(PageId, Visibility)> = FxHashSet::default();
    for (link, target) in page.article.document.links().iter().zip(page.links.iter()) {
        let LinkTarget::Page { id, .. } = target else { continue };
        let visibility = page.visibility.and(link.visibility);
        if *id != from && seen.insert((*id, visibility)) {
            found.push((*id, Backlink { from, visibility }));
        }
    }
    found
}
