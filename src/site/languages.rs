//! What articles are to each other across languages.
//!
//! 1. Articles of the same path, or of the same `key`, are translations of each other; so are those
//!    of the same name where folders have names in their own language.
//! 2. A translation is never for more readers than its original in the default language.
//! 3. Where the portal wants it, a page of the default language stands in for a missing translation.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::audience::Visibility;
use crate::config::{Config, Fallback};
use crate::diagnostic::{Diagnostic, Rule};
use crate::path::{SourcePath, UrlPath};
use crate::value::text::Located;

use super::address::Register;
use super::resolve::LinkTarget;
use super::tree::{Roots, Tree};
use super::{LanguageId, Page, PageId, Role};

pub const DUPLICATE_KEY: Rule =
    Rule::warning("duplicate-key", "A translation key that two articles of a language have.");
pub const AUDIENCE_DIFFERS: Rule = Rule::warning(
    "audience-differs",
    "A translation that is marked for more readers than its original; it is shown to those of both.",
);

/// What translations have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum GroupKey {
    /// As the front matter names it.
    Key(String),
    /// The path below the language's folder.
    Path(String),
    /// The file's name alone, for folders that are named in their language: only where no article
    /// has the same path, and the name is the only one of its language.
    Name(String),
}

/// The key of each page, stand-ins having that of their original.
fn group_keys(pages: &[Page], roots: &Roots) -> Vec<GroupKey> {
    let inner = |page: &Page| {
        let root = &roots.folders[page.language.index()];
        page.article.path.as_str()[root.len()..].to_owned()
    };
    let real = |page: &&Page| page.original.is_none();
    let mut languages: BTreeMap<String, BTreeSet<LanguageId>> = BTreeMap::new();
    let mut names: BTreeMap<(LanguageId, &str), usize> = BTreeMap::new();
    for page in pages.iter().filter(real) {
        languages.entry(inner(page)).or_default().insert(page.language);
        *names.entry((page.language, page.article.path.file_name())).or_default() += 1;
    }
    let own = |page: &Page| {
        if let Some(key) = &page.article.front.key {
            return GroupKey::Key(key.value.clone());
        }
        let path = inner(page);
        let name = page.article.path.file_name();
        let alone = languages.get(&path).is_none_or(|found| found.len() < 2);
        let only = names.get(&(page.language, name)).is_some_and(|count| *count == 1);
        match alone && only && page.role == Role::Article {
            true => GroupKey::Name(name.to_owned()),
            false => GroupKey::Path(path),
        }
    };
    let known: BTreeMap<&SourcePath, GroupKey> =
        pages.iter().filter(real).map(|page| (&page.article.path, own(page))).collect();
    pages
        .iter()
        .map(|page| known.get(&page.article.path).cloned().unwrap_or_else(|| own(page)))
        .collect()
}

/// Pages of the default language that stand in where another language has no translation.
pub fn stand_ins(
    config: &Config,
    roots: &Roots,
    tree: &Tree,
    pages: &[Page],
    register: &mut Register,
) -> Vec<Page> {
    if config.fallback != Fallback::Show || roots.folders.len() < 2 {
        return Vec::new();
    }
    let keys = group_keys(pages, roots);
    let there: BTreeSet<(LanguageId, &GroupKey)> =
        pages.iter().zip(&keys).map(|(page, key)| (page.language, key)).collect();
    let mut added = Vec::new();
    let originals = pages.iter().zip(&keys);
    let originals = originals.filter(|(page, _)| page.language == LanguageId::DEFAULT);
    for (page, key) in originals.filter(|(page, _)| page.role != Role::Glossary) {
        let Some((_, inner)) = roots.locate(&page.article.path) else { continue };
        for i in 1..roots.folders.len() {
            let language = LanguageId(i as u8);
            if there.contains(&(language, key)) {
                continue;
            }
            let Some(id) = tree.category_of(language, inner) else { continue };
            let category = &tree.categories[id.index()];
            let slug = page.url.as_str().trim_end_matches('/').rsplit('/').next().unwrap_or("");
            let url = match page.role {
                Role::Index => category.url.clone(),
                Role::Article | Role::Glossary => UrlPath::new(format!("{}{slug}/", category.url)),
            };
            // An article of the language's own keeps the address.
            let mut taken = Vec::new();
            let prefix = &roots.prefixes[i];
            if page.role == Role::Article
                && !register.claim(&url, prefix, &page.article.path, &mut taken)
            {
                continue;
            }
            added.push(Page {
                language,
                category: id,
                url,
                visibility: page.visibility.and(category.visibility),
                // Which page it is, is known once all are numbered.
                original: Some(PageId(u32::MAX)),
                ..page.clone()
            });
        }
    }
    added
}

/// Pairs the translations, and names the originals of stand-ins.
pub fn pair(pages: &mut [Page], roots: &Roots, findings: &mut Vec<Diagnostic>) {
    if roots.folders.len() < 2 {
        return;
    }
    let mut groups: BTreeMap<GroupKey, Vec<PageId>> = BTreeMap::new();
    for ((i, page), key) in pages.iter().enumerate().zip(group_keys(pages, roots)) {
        let group = groups.entry(key).or_default();
        let twin = group.iter().find(|id| pages[id.index()].language == page.language);
        match (twin, &page.article.front.key) {
            (Some(twin), Some(Located { value, place })) if page.original.is_none() => {
                let other = &pages[twin.index()].article.path;
                let message = format!("`{other}` has the key `{value}` already");
                findings.push(
                    Diagnostic::new(DUPLICATE_KEY, place.clone(), message)
                        .help("articles of one language need keys of their own"),
                );
            }
            _ => group.push(PageId(i as u32)),
        }
    }
    for group in groups.into_values().filter(|group| group.len() > 1) {
        let original =
            group.iter().copied().find(|id| pages[id.index()].language == LanguageId::DEFAULT);
        for id in &group {
            let page = &mut pages[id.index()];
            if page.original.is_some() {
                page.original = original;
            }
            page.translations = group.iter().copied().filter(|other| other != id).collect();
        }
        if let Some(original) = original {
            restrict(pages, original, &group, findings);
        }
    }
}

/// Whoever may not read the original may not read a translation: a mark that was forgotten in one
/// language must not let the text out.
fn restrict(
    pages: &mut [Page],
    original: PageId,
    group: &[PageId],
    findings: &mut Vec<Diagnostic>,
) {
    let bound = pages[original.index()].visibility;
    for id in group {
        let page = &mut pages[id.index()];
        let both: Visibility = page.visibility.and(bound);
        if both != page.visibility {
            page.visibility = both;
            let place = crate::diagnostic::Place::file(page.article.path.clone());
            let message = "the translation is marked for more readers than its original";
            findings.push(
                Diagnostic::new(AUDIENCE_DIFFERS, place, message)
                    .help("give it the original's `audience`, or widen the original's"),
            );
        }
    }
}

/// A stand-in's links stay within its language where there is a page to lead to.
pub fn lead_home(pages: &mut [Page]) {
    let twin = |id: PageId, language: LanguageId| {
        let page = pages.get(id.index())?;
        let others = page.translations.iter().copied();
        others.chain([id]).find(|other| pages[other.index()].language == language)
    };
    let mut moved = Vec::new();
    for (i, page) in pages.iter().enumerate().filter(|(_, page)| page.original.is_some()) {
        let links: Arc<[LinkTarget]> = page
            .links
            .iter()
            .map(|target| match target {
                LinkTarget::Page { id, anchor } => LinkTarget::Page {
                    id: twin(*id, page.language).unwrap_or(*id),
                    anchor: anchor.clone(),
                },
                target => target.clone(),
            })
            .collect();
        moved.push((i, links));
    }
    for (i, links) in moved {
        pages[i].links = links;
    }
}
