//! How well a set of queries finds what it should: hit@1, hit@5 and the mean reciprocal rank.

use super::ask::{Answer, Options, ask};
use super::shards::Library;

/// A query and the articles of which it should find one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    pub query: String,
    /// Paths from the site's root, or their last parts.
    pub expected: Vec<String>,
}

/// What came of one case.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// From 1; none if not among the first ten.
    pub rank: Option<usize>,
    pub total: usize,
    /// The best article's path, if any was found.
    pub first: Option<String>,
}

/// Shares of all cases, in parts of 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    pub cases: usize,
    pub hit_1: f64,
    pub hit_5: f64,
    pub mrr: f64,
    pub nothing: f64,
}

/// Asks each case's query, as while it is typed: the last word may be the beginning of one.
pub fn outcomes(library: &Library, cases: &[Case], options: &Options) -> Vec<Outcome> {
    let options = Options { limit: 10, ..options.clone() };
    cases.iter().map(|case| outcome(case, &ask(library, &case.query, &options))).collect()
}

fn outcome(case: &Case, answer: &Answer) -> Outcome {
    let path = |address: &str| address.split('#').next().unwrap_or_default().to_owned();
    let paths: Vec<String> = answer.results.iter().map(|r| path(&r.address)).collect();
    let rank = paths.iter().position(|path| case.expected.iter().any(|e| leads_to(e, path)));
    Outcome { rank: rank.map(|i| i + 1), total: answer.total, first: paths.into_iter().next() }
}

impl Library<'_> {
    /// Whether there is an article that an expectation may mean.
    pub fn has(&self, expected: &str) -> bool {
        (0..self.entry.count).any(|doc| {
            let (records, at) = self.record(doc);
            records.paths.get(at).is_some_and(|path| leads_to(expected, path))
        })
    }
}

fn leads_to(expected: &str, path: &str) -> bool {
    let (expected, path) = (expected.trim_matches('/'), path.trim_matches('/'));
    path == expected || path.rsplit('/').next() == Some(expected)
}

pub fn figures(outcomes: &[Outcome]) -> Figures {
    let count = outcomes.len().max(1) as f64;
    let share = |test: &dyn Fn(&Outcome) -> bool| {
        outcomes.iter().filter(|o| test(o)).count() as f64 / count
    };
    Figures {
        cases: outcomes.len(),
        hit_1: share(&|o| o.rank == Some(1)),
        hit_5: share(&|o| o.rank.is_some_and(|rank| rank <= 5)),
        mrr: outcomes.iter().filter_map(|o| o.rank).map(|r| 1.0 / r as f64).sum::<f64>() / count,
        nothing: share(&|o| o.total == 0),
    }
}
