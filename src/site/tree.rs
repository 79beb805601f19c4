//! Categories: the folders that hold markdown, as a tree for each language.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::article::Article;
use crate::audience::Visibility;
use crate::config::{Config, Fallback};
use crate::diagnostic::{Diagnostic, Place, Rule};
use crate::path::{SourcePath, UrlPath};

use super::address::{Register, segment};
use super::{Category, CategoryId, LanguageId};

pub const NO_LANGUAGE: Rule =
    Rule::warning("no-language", "An article outside of the languages' folders; it is left out.");

/// Where the languages' articles lie, and how their addresses start.
pub struct Roots {
    /// By language: `content`, or `content/fi`.
    pub folders: Vec<String>,
    /// By language: empty for the default one, else `en/`.
    pub prefixes: Vec<String>,
}

impl Roots {
    pub fn new(config: &Config) -> Roots {
        let one = config.languages.len() == 1;
        let folder = |l: &String| if one { "content".to_owned() } else { format!("content/{l}") };
        let prefix = |(i, l): (usize, &String)| {
            if i == 0 { String::new() } else { format!("{l}/") }
        };
        Roots {
            folders: config.languages.iter().map(folder).collect(),
            prefixes: config.languages.iter().enumerate().map(prefix).collect(),
        }
    }

    /// The language of a file, and its folder below the language's own: `invoicing/mass`.
    pub fn locate<'a>(&self, path: &'a SourcePath) -> Option<(LanguageId, &'a str)> {
        let folder = path.folder();
        self.folders.iter().enumerate().find_map(|(i, root)| {
            let rest = folder.strip_prefix(root.as_str())?;
            let inner = rest.strip_prefix('/').or(rest.is_empty().then_some(""))?;
            Some((LanguageId(i as u8), inner))
        })
    }

    pub fn folder_path(&self, language: LanguageId, inner: &str) -> SourcePath {
        let root = &self.folders[language.index()];
        match inner {
            "" => SourcePath::new(root.as_str()),
            inner => SourcePath::new(format!("{root}/{inner}")),
        }
    }
}

/// The categories of all languages, parents before children, without their articles yet.
pub struct Tree {
    pub categories: Vec<Category>,
    pub roots: Vec<CategoryId>,
    by_folder: BTreeMap<(LanguageId, String), CategoryId>,
}

impl Tree {
    pub fn category_of(&self, language: LanguageId, inner: &str) -> Option<CategoryId> {
        self.by_folder.get(&(language, inner.to_owned())).copied()
    }
}

/// Builds the tree from the folders of `articles` (indexes among them). A folder whose `_index.md`
/// is in `broken` is shown to nobody: its mark can't be known.
pub fn build(
    config: &Config,
    roots: &Roots,
    articles: &[Arc<Article>],
    broken: &BTreeSet<SourcePath>,
    register: &mut Register,
    findings: &mut Vec<Diagnostic>,
) -> Tree {
    let mut folders: BTreeSet<(LanguageId, String)> = BTreeSet::new();
    for i in 0..config.languages.len() {
        folders.insert((LanguageId(i as u8), String::new()));
    }
    let mut indexes: BTreeMap<&SourcePath, &Article> = BTreeMap::new();
    let show_fallback = config.fallback == Fallback::Show;
    let mut last = None;
    for article in articles {
        let Some((language, inner)) = roots.locate(&article.path) else { continue };
        if article.path.file_name() == "_index.md" {
            indexes.insert(&article.path, article);
        }
        // They come folder by folder.
        if last.replace((language, inner)) == Some((language, inner)) {
            continue;
        }
        if show_fallback && language == LanguageId::DEFAULT {
            for i in 1..config.languages.len() {
                insert_chain(&mut folders, LanguageId(i as u8), inner);
            }
        }
        insert_chain(&mut folders, language, inner);
    }

    let mut tree = Tree { categories: Vec::new(), roots: Vec::new(), by_folder: BTreeMap::new() };
    // A parent's name is a prefix of its children's, so it comes before them.
    for (language, inner) in folders {
        let folder = roots.folder_path(language, &inner);
        let index_path = SourcePath::new(format!("{folder}/_index.md"));
        let own_index = indexes.get(&index_path).copied();
        let original_path = SourcePath::new(format!(
            "{}/_index.md",
            roots.folder_path(LanguageId::DEFAULT, &inner)
        ));
        let original = indexes.get(&original_path).copied();
        let index = own_index.or(original.filter(|_| show_fallback));
        let parent = parent_of(&tree, language, &inner);
        let id = CategoryId(tree.categories.len() as u32);
        let name = inner.rsplit('/').next().unwrap_or("");
        let prefix = &roots.prefixes[language.index()];
        let url = match parent {
            None => UrlPath::new(prefix.as_str()),
            Some(parent) => {
                let parent = &tree.categories[parent.index()];
                let slug = index.and_then(|i| i.front.slug.as_ref());
                UrlPath::new(format!("{}{}/", parent.url, segment(name, slug, findings)))
            }
        };
        if parent.is_some() {
            register.claim(&url, prefix, &index_path, findings);
        }
        let above = parent
            .map_or(Visibility::EVERYBODY, |parent| tree.categories[parent.index()].visibility);
        let own = match index {
            Some(index) => index.front.visibility,
            None if broken.contains(&index_path) => Visibility::NOBODY,
            None => Visibility::EVERYBODY,
        };
        let given = index.and_then(|i| i.front.title.as_ref().map(|t| t.value.clone()));
        let heading = || index.and_then(|i| i.document.title().map(str::to_owned));
        let title = given.or_else(heading).unwrap_or_else(|| match parent {
            None => {
                config.text(&config.title, &config.languages[language.index()]).unwrap_or("").into()
            }
            Some(_) => title_of_name(name),
        });
        tree.categories.push(Category {
            language,
            folder,
            url,
            title,
            index: None,
            parent,
            children: Vec::new(),
            articles: Vec::new(),
            visibility: above.and(own),
            order: index.and_then(|i| i.front.order),
        });
        match parent {
            None => tree.roots.push(id),
            Some(parent) => tree.categories[parent.index()].children.push(id),
        }
        tree.by_folder.insert((language, inner), id);
    }
    tree
}

/// Adds a folder and all above it.
fn insert_chain(folders: &mut BTreeSet<(LanguageId, String)>, language: LanguageId, inner: &str) {
    let mut inner = inner;
    while !inner.is_empty() && folders.insert((language, inner.to_owned())) {
        inner = inner.rfind('/').map_or("", |i| &inner[..i]);
    }
}

fn parent_of(tree: &Tree, language: LanguageId, inner: &str) -> Option<CategoryId> {
    if inner.is_empty() {
        return None;
    }
    let above = inner.rfind('/').map_or("", |i| &inner[..i]);
    tree.category_of(language, above)
}

/// A title for what has none: the file's or folder's name as words.
pub fn title_of_name(name: &str) -> String {
    let words = name.replace(['-', '_'], " ");
    let words = words.trim();
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// The finding for an article that lies in no language's folder.
pub fn no_language(path: &SourcePath, config: &Config) -> Diagnostic {
    let message = "the article lies outside of the languages' folders and is left out";
    let first = config.default_language();
    Diagnostic::new(NO_LANGUAGE, Place::file(path.clone()), message)
        .help(format!("move it below `content/{first}/` or another language's folder"))
}
