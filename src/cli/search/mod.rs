//! `opas search`: the portal's own search, asked without a browser.

mod eval;
mod explain;

use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::failure::{Failure, Outcome};
use super::new::today;
use super::portal;
use super::terminal::Terminal;
use crate::build::search;
use crate::portal::Request;
use crate::search::client::ask::{Answer, Answered, Options, Typos, ask};
use crate::search::client::lookup::How;
use crate::search::client::shards::Library;
use crate::search::of_view::WithTexts;

#[derive(clap::Args)]
pub struct Arguments {
    /// What a reader would type: words, "phrases", -exclusions
    #[arg(required_unless_present = "eval")]
    query: Option<String>,
    /// How many articles to print
    #[arg(long, default_value_t = 10, value_name = "N")]
    limit: usize,
    /// The language to search in [default: the portal's first]
    #[arg(long, value_name = "LANGUAGE")]
    lang: Option<String>,
    /// For whose portal to search
    #[arg(long, value_name = "NAME")]
    audience: Option<String>,
    /// Only articles of this category, by its path: invoicing/reminders
    #[arg(long, value_name = "PATH")]
    category: Option<String>,
    /// Only articles of this kind
    #[arg(long)]
    kind: Option<String>,
    /// Only articles with this tag; may be given more than once
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// Only articles of this module
    #[arg(long)]
    module: Option<String>,
    /// As asked on this page or in this category, whose own articles come a little earlier
    #[arg(long, value_name = "PATH")]
    near: Option<String>,
    /// Print the answer as JSON, as the script in the browser gives it
    #[arg(long, conflicts_with_all = ["explain", "eval"])]
    json: bool,
    /// Say of each article which word found it how, where, and what it weighed
    #[arg(long, conflicts_with = "eval")]
    explain: bool,
    /// Ask all queries of a file, lines like `query => article`, and tell how well they find
    #[arg(long, value_name = "FILE", conflicts_with = "query")]
    eval: Option<PathBuf>,
    /// End with status 1 if the mean reciprocal rank is lower: 0.9
    #[arg(long, value_name = "SHARE", requires = "eval", value_parser = share)]
    min_mrr: Option<f64>,
    /// End with status 1 if fewer queries find their article among the first five: 0.95
    #[arg(long, value_name = "SHARE", requires = "eval", value_parser = share)]
    min_hit5: Option<f64>,
}

fn share(text: &str) -> Result<f64, String> {
    let share: Option<f64> = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "a share from 0 to 1 is needed".to_owned())
}

pub fn run(
    arguments: &Arguments,
    root: Option<&Path>,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    // A file that can't be read shouldn't wait for the index.
    let cases = arguments.eval.as_deref().map(eval::read).transpose()?;
    let request = Request { audience: arguments.audience.clone(), drafts: false };
    let mut portal = portal::open(root, &request, terminal)?;
    let languages = portal.config().languages.clone();
    let lang = match &arguments.lang {
        Some(lang) if !languages.contains(lang) => {
            return Err(Failure::usage(format!(
                "the portal has no language `{lang}`; it has {}",
                languages.join(", ")
            )));
        }
        Some(lang) => lang.clone(),
        None => portal.config().default_language().to_owned(),
    };
    let view = portal.load(today()).view;
    let (theme, _) = portal.theme();
    let index = search(&view, &theme).map_err(|error| Failure::Io(error.to_string()))?;
    let options = Options {
        limit: arguments.limit,
        category: arguments.category.clone(),
        kind: arguments.kind.clone(),
        tags: arguments.tags.clone(),
        module: arguments.module.clone(),
        near: arguments.near.clone(),
        ..Options::default()
    };
    let source = WithTexts::new(&index, &view);
    let library = Library::open(&source, &lang);
    if let Some(cases) = cases {
        let library = library.ok_or_else(|| Failure::usage("there is nothing to search in"))?;
        return eval::run(arguments, &cases, &library, &options, terminal);
    }
    let query = arguments.query.as_deref().unwrap_or_default();
    let answer = library.as_ref().map(|library| ask(library, query, &options)).unwrap_or_default();
    terminal.print(|out| match arguments.json {
        true => {
            serde_json::to_writer_pretty(&mut *out, &Shown::new(query, &answer))?;
            writeln!(out)
        }
        false => {
            let strings = theme.strings(&lang);
            let mut count = strings.count("search", "found", answer.total);
            if let Some(query) = &answer.corrected {
                let corrected = strings.get("search", "corrected").replace("{query}", query);
                count = format!("{corrected} {count}");
            }
            let library = library.as_ref().filter(|_| arguments.explain);
            print(&answer, &count, library, out)?;
            if answer.total > 0 {
                return Ok(());
            }
            for other in languages.iter().filter(|other| **other != lang) {
                let library = Library::open(&source, other);
                let found = library.map_or(0, |library| found_elsewhere(&library, query, &options));
                if found > 0 {
                    let strings = theme.strings(other);
                    let count = strings.count("search", "elsewhere", found);
                    let count = count.replace("{language}", strings.get("language", "name"));
                    writeln!(out, "{count}: --lang {other}")?;
                }
            }
            Ok(())
        }
    })?;
    Ok(Outcome::Good)
}

/// How many articles another language has for a query, if it knows all of its words: a typo of one
/// language is no word of another.
fn found_elsewhere(library: &Library<'_>, query: &str, options: &Options) -> usize {
    let options = Options { limit: 0, typos: Typos::Keep, ..options.clone() };
    let answer = ask(library, query, &options);
    let is_known = |how: How| !matches!(how, How::Alike | How::Typo);
    match answer.found.iter().all(|word| word.candidates.iter().any(|c| is_known(c.how))) {
        true => answer.total,
        false => 0,
    }
}

fn print(
    answer: &Answer,
    count: &str,
    explained_by: Option<&Library<'_>>,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let (bold, dim, plain) =
        (anstyle::Style::new().bold(), anstyle::Style::new().dimmed(), anstyle::Reset);
    writeln!(out, "{count}")?;
    for hit in &answer.results {
        let labels = [hit.kind.1.as_str(), hit.category.1.as_str()];
        let labels: Vec<&str> = labels.into_iter().filter(|label| !label.is_empty()).collect();
        writeln!(out, "\n{bold}{}{plain}  {dim}{}{plain}", hit.title, labels.join(" · "))?;
        writeln!(out, "  {}", hit.address)?;
        if !hit.summary.is_empty() {
            writeln!(out, "  {}", hit.summary)?;
        }
        if let Some(library) = explained_by {
            explain::print(library, answer, &hit.hit, out)?;
        }
    }
    Ok(())
}

/// An answer as the browser's script gives it.
#[derive(Serialize)]
struct Shown<'a> {
    total: usize,
    results: Vec<ShownHit<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    correction: Option<Correction<'a>>,
}

#[derive(Serialize)]
struct Correction<'a> {
    original: &'a str,
    query: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownHit<'a> {
    /// From the site's root, with the best section's anchor: `invoicing/credit/#how`.
    url: &'a str,
    title: &'a str,
    summary: &'a str,
    category: &'a str,
    kind: &'a str,
    category_title: &'a str,
    kind_title: &'a str,
}

impl<'a> Shown<'a> {
    fn new(original: &'a str, answer: &'a Answer) -> Shown<'a> {
        let correction = answer.corrected.as_deref();
        Shown {
            total: answer.total,
            results: answer.results.iter().map(ShownHit::new).collect(),
            correction: correction.map(|query| Correction { original, query }),
        }
    }
}

impl<'a> ShownHit<'a> {
    fn new(hit: &'a Answered) -> ShownHit<'a> {
        ShownHit {
            url: &hit.address,
            title: &hit.title,
            summary: &hit.summary,
            category: &hit.category.0,
            kind: &hit.kind.0,
            category_title: &hit.category.1,
            kind_title: &hit.kind.1,
        }
    }
}
