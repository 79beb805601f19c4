//! What is kept of an article from one build to the next: all but what its body says, which is read
//! again where somebody asks.
//!
//! Only what reads the same for all who may see it is kept, and lies in one file.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Article;
use super::front_matter::{self, FrontMatter};
use super::text::Text;
use crate::diagnostic::{Diagnostic, Place, Rule, Severity};
use crate::markdown::rules;
use crate::markdown::unread::{Location, Reread, Summary};
use crate::source::SourceFile;
use crate::value::fields;

#[derive(Serialize, Deserialize)]
struct Kept<'a> {
    front: Cow<'a, FrontMatter>,
    body_start: usize,
    /// See [`Text::head`].
    head: [u8; 32],
    #[serde(borrow)]
    document: Summary<'a>,
    #[serde(borrow)]
    findings: Vec<Finding<'a>>,
}

#[derive(Serialize, Deserialize)]
struct Finding<'a> {
    /// Its place among [`rules`].
    rule: usize,
    /// Where audiences are kept apart, more than by the rule is an error.
    is_error: bool,
    #[serde(borrow)]
    message: Cow<'a, str>,
    line: u32,
    column: u32,
    length: u32,
    #[serde(borrow)]
    help: Option<Cow<'a, str>>,
}

/// Of what is kept of most articles, in bytes.
const LIKELY_SIZE: usize = 1 << 12;

/// What is found in articles of one file.
fn rules() -> impl Iterator<Item = &'static Rule> {
    let front = [front_matter::RULES, fields::RULES].into_iter().flatten();
    rules::ALL.iter().chain(front)
}

impl<'a> Finding<'a> {
    fn of(diagnostic: &'a Diagnostic, article: &Article) -> Option<Finding<'a>> {
        let Diagnostic { rule, severity, message, place, help } = diagnostic;
        Some(Finding {
            rule: rules().position(|known| known == rule).filter(|_| place.path == article.path)?,
            is_error: *severity == Severity::Error,
            message: message.into(),
            line: place.line,
            column: place.column,
            length: place.length,
            help: help.as_ref().map(Into::into),
        })
    }

    fn read(self, file: &SourceFile) -> Option<Diagnostic> {
        let Finding { rule, is_error, message, line, column, length, help } = self;
        Some(Diagnostic {
            rule: *rules().nth(rule)?,
            severity: if is_error { Severity::Error } else { Severity::Warning },
            message: message.into_owned(),
            place: Place { path: file.path.clone(), line, column, length },
            help: help.map(Cow::into_owned),
        })
    }
}

/// What is to be kept of a finished article, and of what was found in it; `None` where nothing is.
pub fn pack(article: &Article, findings: &[Diagnostic]) -> Option<Vec<u8>> {
    if article.front.extends.is_some() {
        return None;
    }
    let mut document = article.document.summary()?;
    if article.front.description.is_none() {
        document.note_first_paragraph(&article.document);
    }
    let kept = Kept {
        front: Cow::Borrowed(&article.front),
        body_start: article.body_start,
        head: *article.text.head().as_bytes(),
        document,
        findings: findings.iter().map(|f| Finding::of(f, article)).collect::<Option<_>>()?,
    };
    postcard::to_extend(&kept, Vec::with_capacity(LIKELY_SIZE)).ok()
}

/// The article of a file as [`pack`] found it. `place` is where the file lies and how it was read.
pub fn unpack(
    bytes: &[u8],
    file: &SourceFile,
    place: Location,
    reread: &Arc<Reread>,
) -> Option<(Article, Vec<Diagnostic>)> {
    let Kept { front, body_start, head, document, findings } = postcard::from_bytes(bytes).ok()?;
    let path = file.path.clone();
    let findings = findings.into_iter().map(|f| f.read(file)).collect::<Option<_>>()?;
    let article = Article {
        layer: file.layer,
        on_disk: file.on_disk.clone(),
        front: front.into_owned(),
        text: Text::unread(file.on_disk.clone(), head.into(), place.hash),
        body_start,
        document: document.into_document(path.clone(), place, Arc::clone(reread)),
        path,
    };
    Some((article, findings))
}
