//! What articles are to each other across languages.
//!
//! 1. Articles of the same path, or of the same `key`, are translations of each other.
//! 2. A translation is never for more readers than its original in the default language.
//! 3. Where the portal wants it, a page of the default language stands in for a missing translation.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::audience::Visibility;
use crate::config::{Config, Fallback};
use crate::diagnostic::{Diagnostic, Rule};
use crate::path::UrlPath;
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

/// What translations have in common: their key, else their path below the language's folder.
type GroupKey = (bool, String);

fn group_key(page: &Page, roots: &Roots) -> GroupKey {
    match &page.article.front.key {
        Some(key) => (true, key.value.clone()),
        None => {
            let root = match page.original {
                Some(_) => &roots.folders[LanguageId::DEFAULT.index()],
                None => &roots.folders[page.language.index()],
            };
            (false, page.article.path.as_str()[root.len()..].to_owned())
        }
    }
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
    let mut there: BTreeSet<(LanguageId, GroupKey)> = BTreeSet::new();
    for page in pages {
        there.insert((page.language, group_key(page, roots)));
    }
    let mut added = Vec::new();
    for page in pages.iter().filter(|page| page.language == LanguageId::DEFAULT) {
        let Some((_, inner)) = roots.locate(&page.article.path) else { continue };
        for i in 1..roots.folders.len() {
            let language = LanguageId(i as u8);
            if there.contains(&(language, group_key(page, roots))) {
                continue;
            }
            let Some(id) = tree.category_of(language, inner) else { continue };
            let category = &tree.categories[id.index()];
            let slug = page.url.as_str().trim_end_matches('/').rsplit('/').next().unwrap_or("");
            let url = match page.role {
                Role::Index => category.url.clone(),
                Role::Article => UrlPath::new(format!("{}{slug}/", category.url)),
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
    for (i, page) in pages.iter().enumerate() {
        let group = groups.entry(group_key(page, roots)).or_default();
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
