//! `opas search --eval`: asks a file of queries and tells how well they find what they should.
//!
//! A line is `query => article[, article…]`, an article's address or its last part, or a JSON object
//! `{"q": "query", "targets": ["article"]}`. Empty lines and those that start with `# ` are skipped.

use std::path::Path;

use serde::Deserialize;

use super::Arguments;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::terminal::Terminal;
use crate::search::client::ask::Options;
use crate::search::client::eval::{Case, figures, outcomes};
use crate::search::client::shards::Library;

#[derive(Deserialize)]
struct Line {
    q: String,
    targets: Vec<String>,
}

/// # Errors
///
/// The file can't be read, or a line of it is neither form.
pub fn read(path: &Path) -> Result<Vec<Case>, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::io(path, &error))?;
    let cases = parse(&text).map_err(|(line, problem)| {
        Failure::usage(format!("{}:{line}: {problem}", path.display()))
    })?;
    match cases.is_empty() {
        true => Err(Failure::usage(format!(
            "{}: no queries; write them as `query => article`, one on each line",
            path.display()
        ))),
        false => Ok(cases),
    }
}

/// The cases; else the number of the first line that is none, and why.
fn parse(text: &str) -> Result<Vec<Case>, (usize, String)> {
    let lines = text.trim_start_matches('\u{FEFF}').lines().zip(1..);
    let lines = lines.map(|(line, number)| (line.trim(), number));
    lines
        .filter(|(line, _)| !line.is_empty() && *line != "#" && !line.starts_with("# "))
        .map(|(line, number)| case(line).map_err(|problem| (number, problem)))
        .collect()
}

fn case(line: &str) -> Result<Case, String> {
    let case = if line.starts_with('{') {
        let line: Line = serde_json::from_str(line)
            .map_err(|error| format!("not `{{\"q\": …, \"targets\": […]}}`: {error}"))?;
        Case { query: line.q, expected: line.targets }
    } else {
        let (query, articles) =
            line.rsplit_once("=>").ok_or("no `=>` between the query and its article")?;
        let articles = articles.split(',').map(str::trim).filter(|article| !article.is_empty());
        Case { query: query.trim().to_owned(), expected: articles.map(str::to_owned).collect() }
    };
    match (case.query.trim(), case.expected.is_empty()) {
        ("", _) => Err("no query".to_owned()),
        (_, true) => Err("no article that the query should find".to_owned()),
        _ => Ok(case),
    }
}

pub fn run(
    arguments: &Arguments,
    cases: &[Case],
    library: &Library<'_>,
    options: &Options,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let outcomes = outcomes(library, cases, options);
    let figures = figures(&outcomes);
    terminal.print(|out| {
        for (case, outcome) in cases.iter().zip(&outcomes) {
            let place = match outcome.rank {
                Some(rank) if rank <= 5 => continue,
                Some(rank) => format!("{rank}th"),
                None if !case.expected.iter().any(|e| library.has(e)) => "no such article".into(),
                None if outcome.total == 0 => "nothing found".into(),
                None => "not among the first ten".into(),
            };
            writeln!(out, "{} => {}: {place}", case.query, case.expected.join(", "))?;
            if let Some(first) = &outcome.first {
                writeln!(out, "    first: {first}")?;
            }
        }
        writeln!(
            out,
            "{} queries: hit@1 {:.3}, hit@5 {:.3}, MRR {:.3}, nothing found {:.3}",
            figures.cases, figures.hit_1, figures.hit_5, figures.mrr, figures.nothing
        )
    })?;
    let marks =
        [("MRR", figures.mrr, arguments.min_mrr), ("hit@5", figures.hit_5, arguments.min_hit5)];
    let mut outcome = Outcome::Good;
    for (name, value, least) in marks {
        if let Some(least) = least.filter(|least| value < *least) {
            terminal.line(&format!("{name} is {value:.3}, less than {least}"))?;
            outcome = Outcome::BadContent;
        }
    }
    Ok(outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_queries_with_their_articles() {
        let text = "# From the helpdesk\n\n money back => credit, invoicing/refund/ \n\
                    a => b => c\n{\"q\": \"lasku\", \"targets\": [\"x\"], \"kind\": \"title\"}\n";
        let cases = parse(text).unwrap();
        let case = |query: &str, expected: &[&str]| Case {
            query: query.into(),
            expected: expected.iter().map(|e| (*e).to_owned()).collect(),
        };
        let expected = [
            case("money back", &["credit", "invoicing/refund/"]),
            case("a => b", &["c"]),
            case("lasku", &["x"]),
        ];
        assert_eq!(cases, expected);
    }

    #[test]
    fn a_line_that_is_no_case_is_named() {
        for (text, line) in [("a => b\nnothing\n", 2), ("=> b", 1), ("a =>", 1), ("{\"q\": 1}", 1)]
        {
            assert_eq!(parse(text).map_err(|e| e.0), Err(line), "{text}");
        }
    }
}
