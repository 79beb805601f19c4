//! The findings as the overlay in the browser shows them.

use serde::Serialize;

use crate::diagnostic::Diagnostic;

/// As many as a person reads at a time; the terminal and `opas check` have them all.
const MOST: usize = 40;

/// What an open page is told of the portal's state. Errors come first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Shown {
    pub errors: usize,
    pub warnings: usize,
    pub findings: Vec<Finding>,
}

/// As `opas check --format json` prints one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub rule: &'static str,
    pub severity: &'static str,
    pub message: String,
    pub path: String,
    pub line: u32,
    pub column: u32,
    pub help: Option<String>,
}

impl Shown {
    /// The findings of a load, and of pages that failed since.
    pub fn of<'a>(findings: impl Iterator<Item = &'a Diagnostic> + Clone) -> Shown {
        let (errors, warnings) = findings.clone().fold((0, 0), |(errors, warnings), f| {
            if f.is_error() { (errors + 1, warnings) } else { (errors, warnings + 1) }
        });
        let first = findings.clone().filter(|f| f.is_error());
        let then = findings.filter(|f| !f.is_error());
        let findings = first.chain(then).take(MOST).map(Finding::of).collect();
        Shown { errors, warnings, findings }
    }
}

impl Finding {
    fn of(diagnostic: &Diagnostic) -> Finding {
        Finding {
            rule: diagnostic.rule.id,
            severity: diagnostic.severity.name(),
            message: diagnostic.message.clone(),
            path: diagnostic.place.path.to_string(),
            line: diagnostic.place.line,
            column: diagnostic.place.column,
            help: diagnostic.help.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::{Place, Rule};
    use crate::path::SourcePath;

    use super::*;

    #[test]
    fn errors_come_first_and_all_are_counted() {
        let place = |line| Place::line(SourcePath::new("content/a.md"), line);
        let warning = Rule::warning("dead-link", "");
        let error = Rule::error("unreadable", "");
        let mut findings: Vec<Diagnostic> =
            (1..60).map(|line| Diagnostic::new(warning, place(line), "dead")).collect();
        findings.push(Diagnostic::new(error, place(60), "broken"));
        let shown = Shown::of(findings.iter());
        assert_eq!((shown.errors, shown.warnings, shown.findings.len()), (1, 59, MOST));
        assert_eq!((shown.findings[0].rule, shown.findings[0].line), ("unreadable", 60));
    }
}
