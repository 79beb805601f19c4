//! Articles that are spread over several files: the snippets that they include, and what a later
//! layer says in addition.
//!
//! 1. Each article with additions gets an include at the place of each, found by its headings' ids.
//! 2. Snippets and additions are spliced in, in one go.
//! 3. What was put together from the same parts as the last time is taken from there, so that its
//!    links need no second look.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use crate::article::Article;
use crate::article::front_matter::Edge;
use crate::article::state::state;
use crate::diagnostic::{Diagnostic, Place, Rule, nearest};
use crate::markdown::extend::{Addition, Position, extend};
use crate::markdown::{self, Snippet as Part};
use crate::path::SourcePath;
use crate::source::{SourceFile, SourceKind};
use crate::value::text::Located;

use super::Snippet;
use super::drift::changed;
use super::nearest::Nearest;
use super::tree::Roots;

pub const DEAD_EXTENDS: Rule = Rule::error(
    "dead-extends",
    "An extension of an article or heading that does not exist; its text would be lost.",
);
pub const UNMARKED_EXTENSION: Rule = Rule::warning(
    "unmarked-extension",
    "An extension that does not say which state of its article it fits; no change would be told.",
);

/// Marks the name of an addition, so that no include that a writer types is one.
const ADDITION: char = '\u{1}';

/// What was put together the last time.
#[derive(Default)]
pub struct Composed {
    entries: BTreeMap<SourcePath, Entry>,
}

impl Composed {
    /// Whether the article is more than its own file.
    pub fn has(&self, path: &SourcePath) -> bool {
        self.entries.contains_key(path)
    }

    /// The article that the file extends, as it is on its own.
    pub fn extended_by(&self, file: &Path) -> Option<&Article> {
        self.entries.values().find_map(|entry| {
            let (base, parts) = entry.parts.split_first()?;
            let part = parts.iter().find(|part| *part.on_disk == *file)?;
            part.front.extends.as_ref()?;
            Some(base.as_ref())
        })
    }
}

struct Entry {
    parts: Vec<Arc<Article>>,
    article: Arc<Article>,
    findings: Vec<Diagnostic>,
}

/// What is put together now.
pub struct Composition {
    /// Those articles that are not simply their own file.
    pub articles: BTreeMap<SourcePath, Arc<Article>>,
    pub snippets: Vec<Snippet>,
}

/// Puts the articles of `files` together. `known` has the article of a file by its path, `copy` the
/// body of the article that an extension was written to, as it was then.
pub fn compose<'k>(
    files: &[(&SourceFile, &Arc<Article>)],
    known: &dyn Fn(&SourcePath) -> Option<&'k Arc<Article>>,
    copy: &dyn Fn(&Article) -> Option<String>,
    roots: &Roots,
    last: &mut Composed,
    findings: &mut Vec<Diagnostic>,
) -> Composition {
    let extensions = extensions(files, known, roots, findings);
    let mut used: BTreeSet<SourcePath> = BTreeSet::new();
    let mut entries = BTreeMap::new();
    for (file, article) in files.iter().filter(|(file, _)| file.kind != SourceKind::Snippet) {
        let added = extensions.get(&file.path).map_or(&[][..], Vec::as_slice);
        if added.is_empty() && !article.document.has_includes() {
            continue;
        }
        let folder = &roots.folders[roots.locate(&file.path).map_or(0, |(id, _)| id.index())];
        let parts = RefCell::new(vec![Arc::clone(article)]);
        let lookup = |name: &str| {
            let part = match name.strip_prefix(ADDITION) {
                Some(path) => known(&SourcePath::new(path)),
                // From the start of the content, then from the language's folder.
                None => ["content", folder.as_str()]
                    .iter()
                    .find_map(|folder| known(&SourcePath::new(format!("{folder}/{name}")))),
            }?;
            parts.borrow_mut().push(part.clone());
            Some(part.as_snippet())
        };
        let mut own_findings = Vec::new();
        let whole = match added {
            [] => article.splice(&lookup, &mut own_findings),
            added => extended(article, added, &lookup, copy, &mut own_findings),
        };
        let parts = parts.into_inner();
        let snippets = parts.iter().skip(1).filter(|part| part.front.extends.is_none());
        used.extend(snippets.map(|part| part.path.clone()));
        let same = last.entries.remove(&file.path).filter(|old| {
            old.parts.len() == parts.len()
                && old.parts.iter().zip(&parts).all(|(a, b)| Arc::ptr_eq(a, b))
        });
        let entry = same.unwrap_or_else(|| Entry {
            parts,
            article: Arc::new(whole),
            findings: own_findings,
        });
        findings.extend(entry.findings.iter().cloned());
        entries.insert(file.path.clone(), entry);
    }
    last.entries = entries;
    let snippet = |(file, article): &(&SourceFile, &Arc<Article>)| Snippet {
        path: file.path.clone(),
        text: article.text.hold().into(),
        used: used.contains(&file.path),
    };
    let additions = files.iter().filter(|(_, article)| article.front.extends.is_some());
    let snippets = files.iter().filter(|(file, _)| file.kind == SourceKind::Snippet);
    Composition {
        articles: last
            .entries
            .iter()
            .map(|(path, entry)| (path.clone(), entry.article.clone()))
            .collect(),
        snippets: snippets
            .map(snippet)
            // An addition is used by being there; the checks need its text.
            .chain(additions.map(snippet).map(|s| Snippet { used: true, ..s }))
            .collect(),
    }
}

/// The extensions of each article, by layer and path. Drafts extend nothing.
fn extensions<'k>(
    files: &[(&SourceFile, &Arc<Article>)],
    known: &dyn Fn(&SourcePath) -> Option<&'k Arc<Article>>,
    roots: &Roots,
    findings: &mut Vec<Diagnostic>,
) -> BTreeMap<SourcePath, Vec<Arc<Article>>> {
    let mut extensions: BTreeMap<SourcePath, Vec<Arc<Article>>> = BTreeMap::new();
    for (file, article) in files.iter().filter(|(_, article)| !article.front.draft) {
        let Some(Located { value, place }) = &article.front.extends else { continue };
        let folder = &roots.folders[roots.locate(&file.path).map_or(0, |(id, _)| id.index())];
        let below = |folder: &str| SourcePath::new(format!("{folder}/{value}"));
        let tries = [Some(below("content")), Some(below(folder)), file.path.join(value)];
        let base = tries.into_iter().flatten().find(|path| {
            *path != file.path && known(path).is_some_and(|base| base.front.extends.is_none())
        });
        match base {
            Some(base) => extensions.entry(base).or_default().push(Arc::clone(article)),
            None => {
                let start = format!("{folder}/");
                let names = files.iter().filter(|(file, _)| file.kind == SourceKind::Article);
                let names = names.filter_map(|(file, _)| file.path.as_str().strip_prefix(&start));
                let near = Nearest::new(names).find(value);
                findings.push(
                    Diagnostic::new(
                        DEAD_EXTENDS,
                        place.clone(),
                        format!("there is no article `{value}` to extend"),
                    )
                    .maybe_help(near.map(|near| format!("did you mean `{near}`?"))),
                );
            }
        }
    }
    for list in extensions.values_mut() {
        list.sort_by(|a, b| (a.layer, &a.path).cmp(&(b.layer, &b.path)));
    }
    extensions
}

/// An article with what others add to it.
fn extended<'a>(
    base: &'a Article,
    added: &[Arc<Article>],
    lookup: &dyn Fn(&str) -> Option<Part<'a>>,
    copy: &dyn Fn(&Article) -> Option<String>,
    findings: &mut Vec<Diagnostic>,
) -> Article {
    // Its headings get their ids by being spliced; those of its own file keep their order.
    let finished = base.splice(lookup, &mut Vec::new());
    let ids: Vec<&str> = finished
        .document
        .headings()
        .iter()
        .filter(|heading| heading.span.source == 0)
        .map(|heading| heading.id.as_str())
        .collect();
    let now = state(base);
    let mut additions = Vec::new();
    let mut hidden = Vec::new();
    for extension in added {
        let front = &extension.front;
        let mut find = |named: &Located<String>| {
            let id = named.value.trim_start_matches('#');
            let found = ids.iter().position(|known| *known == id);
            if found.is_none() {
                let message = format!("`{}` has no heading `#{id}`", base.path);
                let near = nearest(id, ids.iter().copied());
                findings.push(
                    Diagnostic::new(DEAD_EXTENDS, named.place.clone(), message)
                        .maybe_help(near.map(|near| format!("did you mean `#{near}`?"))),
                );
            }
            found
        };
        let position = match (&front.after, front.at) {
            (Some(after), _) => find(after).map_or(Position::End, Position::Section),
            (None, Edge::Top) => Position::Top,
            (None, Edge::End) => Position::End,
        };
        hidden.extend(front.hides.iter().filter_map(&mut find));
        additions.push(Addition {
            position,
            name: format!("{ADDITION}{}", extension.path),
            visibility: front.visibility,
        });
        match &front.source_hash {
            Some(seen) if seen.value == now => {}
            Some(seen) => findings.push(changed(base, seen, copy(extension).as_deref())),
            None => {
                let place = front.extends.as_ref().map(|extends| extends.place.clone());
                let message = format!("nobody would be told of a change of `{}`", base.path);
                findings.push(
                    Diagnostic::new(
                        UNMARKED_EXTENSION,
                        place.unwrap_or_else(|| Place::file(extension.path.clone())),
                        message,
                    )
                    .help("run `opas layers mark` on this file"),
                );
            }
        }
    }
    let document = extend(&base.document, &additions, &hidden);
    let lookup = |name: &str| lookup(name);
    base.with_document(markdown::splice(&document, base.text.hold(), &lookup, findings))
}
