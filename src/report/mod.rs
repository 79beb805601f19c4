//! Findings in the form that their reader wants: a person, a script, GitHub, a code scanner.
//!
//! 1. The stages have collected the findings; the caller sorts them ([`Diagnostic`] has the order).
//! 2. [`Report`] adds what some forms need beside them: the source texts, and how the portal's
//!    root is called from where the reader stands.
//! 3. [`Report::write`] hands them to one of the small files beside this one.
//! 4. A build, which was asked for something else, says the first warnings only ([`Report::brief`]).

mod github;
mod human;
mod json;
mod sarif;
mod tally;

use std::io::{self, Write};

use crate::diagnostic::Diagnostic;
use crate::path::SourcePath;

pub use tally::Tally;

/// The forms of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// With the source line, for a terminal
    Human,
    /// One object with a list of findings
    Json,
    /// Workflow commands, which GitHub shows beside the changed lines
    Github,
    /// SARIF 2.1.0, for code scanners
    Sarif,
}

/// Where the human form takes the line that it shows: a file's text, `None` where there is none to
/// show (it is gone, or no text).
pub type SourceText<'a> = dyn Fn(&SourcePath) -> Option<String> + Sync + 'a;

/// What is reported.
pub struct Report<'a> {
    /// In the order in which they are printed.
    pub findings: &'a [Diagnostic],
    pub source: &'a SourceText<'a>,
    /// Where a file of the portal lies, seen from the reader's folder: `docs/content/a.md`. GitHub and
    /// terminals look for a file from there; the JSON form keeps the portal's own paths.
    pub place: &'a (dyn Fn(&SourcePath) -> String + Sync),
}

impl Report<'_> {
    /// Writes the report, styled with ANSI sequences in the human form; a writer that wants none
    /// strips them (`anstream`).
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write(&self, format: Format, out: &mut dyn Write) -> io::Result<()> {
        match format {
            Format::Human => human::write(self, out),
            Format::Json => json::write(self, out),
            Format::Github => github::write(self, out),
            Format::Sarif => sarif::write(self, out),
        }
    }

    /// The human form with all errors and no more than `most` warnings, and a word on where the others
    /// are to be seen.
    pub fn brief(&self, most: usize) -> String {
        let tally = Tally::of(self.findings);
        if tally.warnings <= most {
            return human::text(self, &tally.to_string());
        }
        let mut room = most;
        let is_shown = |finding: &&Diagnostic| {
            finding.is_error() || room.checked_sub(1).inspect(|left| room = *left).is_some()
        };
        let findings: Vec<Diagnostic> = self.findings.iter().filter(is_shown).cloned().collect();
        let end = format!("{tally}; the first {most} warnings are shown, `opas check` shows all");
        human::text(&Report { findings: &findings, ..*self }, &end)
    }

    fn path_of(&self, finding: &Diagnostic) -> String {
        (self.place)(&finding.place.path)
    }
}

#[cfg(test)]
mod tests;
