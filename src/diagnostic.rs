//! A problem with a place: what is wrong, where, and how to mend it.
//!
//! Diagnostics are data. Every stage pushes them into a list on its way; `check`, `build` and the
//! browser overlay of `serve` print the same list through `report`.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::path::SourcePath;

/// How bad a finding is. An error keeps `build` from writing; a warning does so under `--strict` only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Warning,
    Error,
}

impl Severity {
    /// The word that the reports print.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// What a finding is an instance of. Declared as a constant beside the code that finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rule {
    /// Stable, lower-case words joined by hyphens: `dead-link`.
    pub id: &'static str,
    pub severity: Severity,
    /// One sentence on what the rule finds, for SARIF and the manual.
    pub summary: &'static str,
}

impl Rule {
    pub const fn error(id: &'static str, summary: &'static str) -> Rule {
        Rule { id, severity: Severity::Error, summary }
    }

    pub const fn warning(id: &'static str, summary: &'static str) -> Rule {
        Rule { id, severity: Severity::Warning, summary }
    }
}

/// A place in a source file. Lines and columns count from 1, columns in characters; line 0 means
/// the file as a whole, column 0 the line as a whole.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    pub path: SourcePath,
    pub line: u32,
    pub column: u32,
    /// Characters that the finding covers, at least 1 unless `column` is 0; a finding never covers
    /// more than its first line.
    pub length: u32,
}

impl Place {
    /// The file as a whole.
    pub fn file(path: SourcePath) -> Place {
        Place { path, line: 0, column: 0, length: 0 }
    }

    /// A whole line.
    pub fn line(path: SourcePath, line: u32) -> Place {
        Place { path, line, column: 0, length: 0 }
    }

    /// The place of a byte range of `text`, which is the whole content of the file.
    ///
    /// Offsets outside of the text or inside a character are moved to the nearest boundary before.
    pub fn of_range(path: SourcePath, text: &str, range: std::ops::Range<usize>) -> Place {
        let start = text.floor_char_boundary(range.start);
        let end = text.floor_char_boundary(range.end).max(start);
        let line_start = text[..start].rfind('\n').map_or(0, |i| i + 1);
        let line = text.as_bytes()[..start].iter().filter(|&&b| b == b'\n').count();
        let first_line = text[start..end].lines().next().unwrap_or("");
        Place {
            path,
            line: line as u32 + 1,
            column: text[line_start..start].chars().count() as u32 + 1,
            length: first_line.chars().count().max(1) as u32,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
            if self.column > 0 {
                write!(f, ":{}", self.column)?;
            }
        }
        Ok(())
    }
}

/// One finding. The order is that of the reports: by place, then rule, then message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub rule: Rule,
    pub severity: Severity,
    /// What is wrong, one sentence without a full stop at its end.
    pub message: String,
    pub place: Place,
    /// The mend: what to write instead, or where to look.
    pub help: Option<String>,
}

impl Diagnostic {
    pub fn new(rule: Rule, place: Place, message: impl Into<String>) -> Diagnostic {
        Diagnostic { rule, severity: rule.severity, message: message.into(), place, help: None }
    }

    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// Like [`Diagnostic::help`], for a mend that may not be known.
    pub fn maybe_help(mut self, help: Option<String>) -> Diagnostic {
        self.help = help;
        self
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    fn key(&self) -> (&Place, &str, &str) {
        (&self.place, self.rule.id, &self.message)
    }
}

impl PartialOrd for Diagnostic {
    fn partial_cmp(&self, other: &Diagnostic) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Diagnostic {
    fn cmp(&self, other: &Diagnostic) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

/// The candidate nearest to what was typed, if any is near enough to be worth a hint.
///
/// Compared without case; near enough is a Jaro-Winkler similarity of 0.75.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    known
        .into_iter()
        .map(|k| (strsim::jaro_winkler(&typed, &k.to_lowercase()), k))
        .filter(|(score, _)| *score >= 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)))
        .map(|(_, k)| k)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_characters_and_covers_one_line() {
        let text = "ensimmäinen\nä [x](y\nz) rivi";
        let start = text.find('[').unwrap();
        let place = Place::of_range(SourcePath::new("a.md"), text, start..text.len());
        assert_eq!((place.line, place.column, place.length), (2, 3, 5));
        assert_eq!(place.to_string(), "a.md:2:3");
    }

    #[test]
    fn a_range_outside_the_text_does_not_panic() {
        let place = Place::of_range(SourcePath::new("a.md"), "ä", 1..99);
        assert_eq!((place.line, place.column, place.length), (1, 1, 1));
    }

    #[test]
    fn the_nearest_candidate_is_offered_only_when_it_is_near() {
        let keys = ["title", "description", "audience"];
        assert_eq!(nearest("titel", keys), Some("title"));
        assert_eq!(nearest("qqq", keys), None);
    }
}
