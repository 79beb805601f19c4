//! The list that an auditor signs off: each page and file of a built portal with whom it is for.
//!
//! It names what is hidden from others, so it never lies in the output: it is written to
//! `.opas/audience-report-NAME.json` in the portal's own folder.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::audience::Reader;
use crate::config::Config;
use crate::route::Route;
use crate::tree::Tree;

#[derive(Serialize)]
struct Report<'a> {
    /// Whose portal it is.
    audience: &'a str,
    /// By file: the least audiences that may see it; empty where everybody may.
    files: BTreeMap<String, Vec<&'a str>>,
    /// By page: the audiences that notes and other parts of it are for.
    parts: BTreeMap<String, BTreeSet<&'a str>>,
    /// The files of the search, which are made of all that this audience may read.
    search: Vec<String>,
}

/// Where the report on what `reader` sees lies.
pub fn place(portal: &Path, config: &Config, reader: Reader) -> PathBuf {
    portal
        .join(".opas")
        .join(format!("audience-report-{}.json", config.audiences.reader_name(reader)))
}

/// Writes the report on what `tree` shows.
///
/// # Errors
///
/// The file that can't be written, and why.
pub fn write(tree: &Tree, portal: &Path) -> Result<(), (PathBuf, io::Error)> {
    let view = tree.view();
    let audience = view.config().audiences.reader_name(view.reader());
    let marks = |route: &Route| match route {
        Route::Article(id) | Route::Markdown(id) | Route::Redirect { to: id, .. } => {
            view.page(*id).map_or(Vec::new(), |page| page.marks())
        }
        Route::Category(id) | Route::PrintCategory(id) => {
            view.category(*id).map_or(Vec::new(), |category| category.marks())
        }
        Route::Glossary(language) => {
            view.glossary(*language).map_or(Vec::new(), |glossary| glossary.marks())
        }
        Route::Asset(id) | Route::Variant(id, _) => view.asset_marks(*id),
        _ => Vec::new(),
    };
    let mut report =
        Report { audience, files: BTreeMap::new(), parts: BTreeMap::new(), search: Vec::new() };
    for path in tree.paths() {
        let name = path.to_string();
        let route = tree.route(path);
        if let Some(Route::Article(id)) = route
            && let Some(parts) = view.page(*id).map(|page| page.part_marks())
            && !parts.is_empty()
        {
            report.parts.insert(name.clone(), parts);
        }
        match route {
            None if name.starts_with("search/") => report.search.push(name),
            None => drop(report.files.insert(name, Vec::new())),
            Some(route) => drop(report.files.insert(name, marks(route))),
        }
    }
    let file = place(portal, view.config(), view.reader());
    let written = std::fs::create_dir_all(portal.join(".opas"))
        .and_then(|()| serde_json::to_vec_pretty(&report).map_err(io::Error::from))
        .and_then(|json| std::fs::write(&file, json));
    written.map_err(|error| (file, error))
}
