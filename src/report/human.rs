//! For a person at a terminal: each finding with its source line, the place underlined, the mend
//! below, and the count at the end.
//!
//! The findings come sorted, so the text of one file is read once and its lines are walked once,
//! however many findings it has. The renderer cuts a long line to what surrounds the place.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use rayon::prelude::*;

use super::{Report, Tally};
use crate::diagnostic::{Diagnostic, Place, Severity};

/// A longer line, in bytes, is no line that somebody reads: the place stands alone.
const LONGEST: usize = 20_000;

pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let tally = format!("{}", Tally::of(report.findings));
    out.write_all(text(report, &tally).as_bytes())
}

/// The findings, and `end` below them.
pub fn text(report: &Report<'_>, end: &str) -> String {
    let files = report.findings.par_chunk_by(|a, b| a.place.path == b.place.path);
    let of_files: Vec<String> = files
        .map(|findings| of_file(report, &(report.place)(&findings[0].place.path), findings))
        .collect();
    let styles = (anstyle::Style::new().bold(), anstyle::Reset);
    format!("{}{}{end}{}\n", of_files.concat(), styles.0, styles.1)
}

/// What the report says of one file; `path` is how it calls it.
fn of_file(report: &Report<'_>, path: &str, findings: &[Diagnostic]) -> String {
    let renderer = Renderer::styled();
    let shows_line = findings.iter().find(|finding| finding.place.line > 0);
    let text = shows_line.and_then(|finding| (report.source)(&finding.place.path));
    let mut lines = Lines { text: text.as_deref(), line: 1, offset: 0 };
    let path = plain(path);
    let mut out = String::new();
    for finding in findings {
        let shown = lines.at(&finding.place);
        let title = plain(&finding.message);
        let text = renderer.render(&[group(finding, &title, &path, shown)]);
        // Writing to a string can't fail.
        let _ = writeln!(out, "{text}\n");
    }
    out
}

fn group<'a>(
    finding: &'a Diagnostic,
    title: &'a str,
    path: &'a str,
    shown: Option<Shown>,
) -> Group<'a> {
    let place = &finding.place;
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = Group::with_title(level.primary_title(title).id(finding.rule.id));
    group = match shown {
        Some(Shown { text, span }) => group.element(
            Snippet::source(text)
                .path(path)
                .line_start(place.line as usize)
                .annotation(AnnotationKind::Primary.span(span)),
        ),
        None => group.element(origin(place, path)),
    };
    match &finding.help {
        Some(help) => group.element(Level::HELP.message(plain(help))),
        None => group,
    }
}

/// The place alone, where there is no line to show.
fn origin<'a>(place: &Place, path: &'a str) -> Origin<'a> {
    let mut origin = Origin::path(path);
    if place.line > 0 {
        origin = origin.line(place.line as usize);
        if place.column > 0 {
            origin = origin.char_column(place.column as usize);
        }
    }
    origin
}

/// A line, and the bytes of it that the finding is about.
struct Shown {
    text: String,
    span: Range<usize>,
}

/// The lines of a file, forward only unless a place lies before the last one.
struct Lines<'a> {
    /// `None` where there is none to show.
    text: Option<&'a str>,
    /// The number of the line that starts at `offset`.
    line: u32,
    offset: usize,
}

impl Lines<'_> {
    fn at(&mut self, place: &Place) -> Option<Shown> {
        if place.line == 0 {
            return None;
        }
        let text = self.text?;
        if place.line < self.line {
            (self.line, self.offset) = (1, 0);
        }
        while self.line < place.line {
            self.offset += text[self.offset..].find('\n')? + 1;
            self.line += 1;
        }
        let rest = &text[self.offset..];
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        (line.len() <= LONGEST).then(|| shown(line.trim_end_matches('\r'), place))
    }
}

/// The line as the terminal gets it: characters that would act on the terminal are replaced, so the
/// span counts in what is shown.
fn shown(line: &str, place: &Place) -> Shown {
    let text = plain(line);
    let byte = |chars: usize| text.char_indices().nth(chars).map_or(text.len(), |(i, _)| i);
    let span = match place.column as usize {
        0 => 0..text.len(),
        column => byte(column - 1)..byte(column - 1 + place.length as usize),
    };
    Shown { text, span }
}

fn plain(text: &str) -> String {
    text.chars().map(|c| if c == '\n' { c } else { shown_char(c) }).collect()
}

fn shown_char(c: char) -> char {
    match c {
        '\t' => ' ',
        c if c.is_control() => '\u{fffd}',
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => '\u{fffd}',
        c => c,
    }
}
