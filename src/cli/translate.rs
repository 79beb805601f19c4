//! `opas translate`: which translations are missing or stale, and marking those that are not.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Subcommand, ValueEnum};

use super::failure::{Failure, Outcome};
use super::note::note;
use super::portal;
use super::terminal::Terminal;
use crate::article::state::state;
use crate::portal::Request;
use crate::site::{LanguageId, Page, Site};
use crate::translation::status::{Entry, State, state_of, status};

#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List translations that are missing, stale or without their original
    Status {
        /// Only this language
        #[arg(long, value_name = "XX")]
        lang: Option<String>,
        #[arg(long, value_enum, default_value_t = Form::Human)]
        format: Form,
        /// List the translations that are up to date too
        #[arg(long)]
        all: bool,
    },
    /// Note in translations that they translate their original as it is now
    Mark {
        /// Translated articles
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Note in all translations of an original that its last change needs none in them
    Minor {
        /// Original articles
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Human,
    Json,
}

pub fn run(
    arguments: &Arguments,
    root: Option<&Path>,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let mut portal = portal::open(root, &Request { audience: None, drafts: true }, terminal)?;
    let site = portal.site();
    if site.config.languages.len() < 2 {
        let message = "the portal has one language only; name more under `languages` in opas.toml";
        return Err(Failure::usage(message));
    }
    match &arguments.command {
        Command::Status { lang, format, all } => {
            let mut entries = status(&site);
            if let Some(lang) = lang {
                if !site.config.languages.contains(lang) {
                    let known = site.config.languages.join(", ");
                    let message = format!("no language `{lang}`; the portal's are {known}");
                    return Err(Failure::usage(message));
                }
                entries.retain(|entry| entry.language == *lang);
            }
            terminal.print(|out| print(&entries, *format, *all, out))?;
        }
        Command::Mark { files } => {
            for file in files {
                mark_file(&site, find(&site, file)?, "", terminal)?;
            }
        }
        Command::Minor { files } => {
            for file in files {
                let page = find(&site, file)?;
                if page.language != LanguageId::DEFAULT {
                    let message = format!("`{}` is a translation, not an original", file.display());
                    return Err(Failure::usage(message));
                }
                let translations = page.translations.iter().map(|id| site.page(*id));
                let marked = |page: &&Page| {
                    page.original.is_none() && page.article.front.source_hash.is_some()
                };
                for translation in translations.filter(marked) {
                    let State::Stale { changed, gone } = state_of(translation, page) else {
                        continue;
                    };
                    // A translation may have lagged behind before: say what is passed over.
                    let passed = format!("; passed over: {}", what_changed(&changed, gone).trim());
                    mark_file(&site, translation, &passed, terminal)?;
                }
            }
        }
    }
    Ok(Outcome::Good)
}

/// The page of a file as the user typed its path.
fn find<'a>(site: &'a Arc<Site>, file: &Path) -> Result<&'a Page, Failure> {
    let real = file.canonicalize().map_err(|error| Failure::io(file, &error))?;
    site.pages
        .iter()
        .filter(|page| page.original.is_none())
        .find(|page| page.article.on_disk.canonicalize().is_ok_and(|path| path == real))
        .ok_or_else(|| Failure::usage(format!("`{}` is no article of the portal", file.display())))
}

/// `more` ends what is said of it.
fn mark_file(site: &Site, page: &Page, more: &str, terminal: &Terminal) -> Result<(), Failure> {
    let path = &page.article.path;
    let original = page.translations.iter().map(|id| site.page(*id));
    let original = original.into_iter().find(|page| page.language == LanguageId::DEFAULT);
    let Some(original) = original.filter(|_| page.language != LanguageId::DEFAULT) else {
        let language = site.config.default_language();
        let message =
            format!("`{path}` translates no article of the default language, `{language}`");
        return Err(Failure::usage(message));
    };
    note(&page.article.on_disk, &state(&original.article))?;
    terminal.line(&format!("{path} translates {} as it is now{more}", original.article.path))
}

fn print(entries: &[Entry], form: Form, all: bool, out: &mut dyn Write) -> io::Result<()> {
    if form == Form::Json {
        serde_json::to_writer_pretty(&mut *out, entries)?;
        return writeln!(out);
    }
    let mut counts: BTreeMap<&str, [usize; 5]> = BTreeMap::new();
    for entry in entries {
        let count = counts.entry(&entry.language).or_default();
        let file = entry.translation.as_ref().unwrap_or(&entry.original);
        let (column, word, detail) = match &entry.state {
            State::Current => (0, "current", String::new()),
            State::Unmarked => (1, "unmarked", String::new()),
            State::Stale { changed, gone } => (2, "stale", what_changed(changed, *gone)),
            State::Missing => (3, "missing", String::new()),
            State::Orphaned => (4, "orphaned", String::new()),
        };
        count[column] += 1;
        if all || column > 0 {
            writeln!(out, "{:<4} {word:<9} {file}{detail}", entry.language)?;
        }
    }
    for (language, [current, unmarked, stale, missing, orphaned]) in counts {
        writeln!(
            out,
            "{language}: {current} current, {unmarked} unmarked, {stale} stale, {missing} missing, \
             {orphaned} orphaned"
        )?;
    }
    Ok(())
}

/// The first changed sections, and how many more there are.
fn what_changed(changed: &[String], gone: usize) -> String {
    const SHOWN: usize = 4;
    let named = |heading: &String| match heading.as_str() {
        "" => "(start)".to_owned(),
        heading => heading.to_owned(),
    };
    let first: Vec<String> = changed.iter().take(SHOWN).map(named).collect();
    let more = changed.len().saturating_sub(SHOWN) + gone;
    match more {
        0 => format!("  {}", first.join(", ")),
        more => format!("  {} and {more} more", first.join(", ")),
    }
}
