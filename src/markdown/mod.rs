//! Text to [`Document`](document::Document): the one parse that HTML, search, links and print read.

pub mod document;
pub mod html;
pub mod options;
pub mod plain;
pub mod reading;

use crate::audience::Visibility;
use crate::diagnostic::Diagnostic;
use crate::path::SourcePath;
use document::Document;
use options::Options;

/// Parses the text of a file from byte `body` on. Spans count from the start of the file.
pub fn parse(
    path: &SourcePath,
    text: &str,
    body: usize,
    options: &Options<'_>,
    findings: &mut Vec<Diagnostic>,
) -> Document {
    let _ = (path, text, body, options, findings);
    todo!()
}

/// A text that another includes.
#[derive(Clone, Copy)]
pub struct Snippet<'a> {
    /// As parsed, not spliced.
    pub document: &'a Document,
    /// The whole file's text, for places in findings.
    pub text: &'a str,
    /// Who may see it wherever it is included.
    pub visibility: Visibility,
}

/// Puts the snippets in that the text includes, and gives the headings their ids. Needed for every
/// document, also one without includes. `lookup` finds a snippet by its path as typed; `text` is
/// the whole file.
pub fn splice<'a>(
    document: &'a Document,
    text: &str,
    lookup: &dyn Fn(&str) -> Option<Snippet<'a>>,
    findings: &mut Vec<Diagnostic>,
) -> Document {
    let _ = (document, text, lookup, findings);
    todo!()
}
