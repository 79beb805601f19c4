//! How many findings there are: the last line of a report, and what decides the exit status.

use std::fmt;

use crate::diagnostic::Diagnostic;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub errors: usize,
    pub warnings: usize,
    /// Files with any finding.
    pub files: usize,
}

impl Tally {
    /// Counts findings that are sorted by place.
    pub fn of(findings: &[Diagnostic]) -> Tally {
        let errors = findings.iter().filter(|f| f.is_error()).count();
        let files = findings.chunk_by(|a, b| a.place.path == b.place.path).count();
        Tally { errors, warnings: findings.len() - errors, files }
    }

    pub fn is_empty(self) -> bool {
        self.errors + self.warnings == 0
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |n: usize, noun: &str| format!("{n} {noun}{}", if n == 1 { "" } else { "s" });
        match (self.errors, self.warnings) {
            (0, 0) => return f.write_str("no findings"),
            (0, w) => write!(f, "{}", count(w, "warning"))?,
            (e, 0) => write!(f, "{}", count(e, "error"))?,
            (e, w) => write!(f, "{} and {}", count(e, "error"), count(w, "warning"))?,
        }
        write!(f, " in {}", count(self.files, "file"))
    }
}
