//! `opas search`: the portal's own search, asked without a browser.

use std::io::Write;
use std::path::Path;

use super::failure::{Failure, Outcome};
use super::new::today;
use super::portal;
use super::terminal::Terminal;
use crate::build::search;
use crate::portal::Request;
use crate::search::client::answer::{Answer, Wanted, answer};
use crate::search::client::shards::Library;

#[derive(clap::Args)]
pub struct Arguments {
    /// What a reader would type: words, "phrases", -exclusions
    query: String,
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
    /// Print the answer as JSON, as the script in the browser gives it
    #[arg(long)]
    json: bool,
}

pub fn run(
    arguments: &Arguments,
    root: Option<&Path>,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let request = Request { audience: arguments.audience.clone(), drafts: false };
    let mut portal = portal::open(root, &request, terminal)?;
    let languages = &portal.config().languages;
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
    let wanted = Wanted {
        category: arguments.category.as_deref(),
        kind: arguments.kind.as_deref(),
        limit: arguments.limit,
    };
    let nothing = Answer { total: 0, results: Vec::new() };
    let answer = Library::open(index.files(), &lang)
        .map_or(nothing, |library| answer(&library, &arguments.query, &wanted));
    terminal.print(|out| match arguments.json {
        true => {
            serde_json::to_writer_pretty(&mut *out, &answer)?;
            writeln!(out)
        }
        false => {
            let count = theme.strings(&lang).count("search", "found", answer.total);
            print(&answer, &count, out)
        }
    })?;
    Ok(Outcome::Good)
}

fn print(answer: &Answer, count: &str, out: &mut dyn Write) -> std::io::Result<()> {
    let (bold, dim, plain) =
        (anstyle::Style::new().bold(), anstyle::Style::new().dimmed(), anstyle::Reset);
    writeln!(out, "{count}")?;
    for hit in &answer.results {
        let labels = [hit.kind_title.as_str(), hit.category_title.as_str()];
        let labels: Vec<&str> = labels.into_iter().filter(|label| !label.is_empty()).collect();
        writeln!(out, "\n{bold}{}{plain}  {dim}{}{plain}", hit.title, labels.join(" · "))?;
        writeln!(out, "  {}", hit.url)?;
        if !hit.summary.is_empty() {
            writeln!(out, "  {}", hit.summary)?;
        }
    }
    Ok(())
}
