//! Text to [`Document`]: the one parse that HTML, search, links and print read.
//!
//! 1. [`mask`] covers up what CommonMark does not know at the starts of lines, at equal length.
//! 2. [`parse`](mod@parse) drives CommonMark's parser over it; [`blocks`] puts containers, callouts
//!    and includes back by their offsets, [`attributes`] reads marks in braces, [`text`] reads roles, variables and quotes, [`raw_html`]
//!    makes HTML harmless, [`spots`] reads annotated pictures, and [`builder`] keeps all of it
//!    properly nested and says who may see what.
//! 3. [`splice`](mod@splice) puts snippets in and gives headings their ids.
//! 4. [`spans`] packs what is seldom asked for.
//! 5. A [`Reading`](reading::Reading) is what one reader may see of it; [`html`], [`plain`] and
//!    [`source`] write that.

mod attributes;
mod blocks;
mod builder;
mod covered;
pub mod document;
pub mod escape;
pub mod extend;
mod flow;
pub mod highlight;
pub mod html;
mod marks;
mod mask;
mod medium;
pub mod mute;
pub mod options;
mod parse;
pub mod plain;
#[cfg(test)]
mod properties;
pub mod prose;
mod raw_html;
pub mod reading;
mod restrict;
pub mod retitle;
pub mod rules;
mod scan;
pub mod source;
mod spans;
mod splice;
mod spots;
#[cfg(test)]
pub(crate) mod tests;
mod text;
mod typography;
pub mod unread;
mod untag;

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
    let body = text.floor_char_boundary(body);
    let has_mark = body == 0 && text.starts_with('\u{feff}');
    let body = if has_mark { '\u{feff}'.len_utf8() } else { body };
    let masked = mask::mask(&text[body..]);
    let mut builder = builder::Builder::new(path, text, body, options, findings);
    let covered = covered::Covered::new(masked.marks, body);
    parse::Driver::new(&mut builder, covered, body).blocks(&masked.text);
    builder.into_document()
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

/// What [`splice`] makes of a document that includes nothing, in its own place.
pub fn finish(document: &mut Document, text: &str, findings: &mut Vec<Diagnostic>) {
    splice::give_ids(document, text, findings);
    document.trim();
}

/// Puts the snippets in that the text includes, and gives the headings their ids. Needed for every
/// document, also one without includes (see [`finish`]). `lookup` finds a snippet by its path as typed; `text` is
/// the whole file.
pub fn splice<'a>(
    document: &'a Document,
    text: &'a str,
    lookup: &dyn Fn(&str) -> Option<Snippet<'a>>,
    findings: &mut Vec<Diagnostic>,
) -> Document {
    let mut spliced = match document.has_includes() {
        true => splice::Splicer::new(document, lookup, findings).splice(document, text),
        false => document.clone(),
    };
    splice::give_ids(&mut spliced, text, findings);
    spliced
}

/// Whole texts one after the other as one document, with the events of each; snippets and ids as in
/// [`splice`]. The document's file is called `path`.
pub fn join<'a>(
    path: &SourcePath,
    parts: &[Snippet<'a>],
    lookup: &dyn Fn(&str) -> Option<Snippet<'a>>,
    findings: &mut Vec<Diagnostic>,
) -> (Document, Vec<std::ops::Range<u32>>) {
    let empty = Document::empty(path.clone(), flow::Flow::default());
    let (mut joined, places) = splice::Splicer::new(&empty, lookup, findings).join(parts);
    if joined.sources.is_empty() {
        joined.sources.push(path.clone());
    }
    splice::give_ids(&mut joined, "", findings);
    (joined, places)
}
