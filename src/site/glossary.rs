//! The glossary as a page of each language that has terms.
//!
//! 1. Each term is a text of its own: its name as a heading, its explanation, a link to the article
//!    that says more. What restricts the term restricts all of that.
//! 2. The texts are joined from A to Z to one document, whose page is resolved, checked and cut to a
//!    reader's view like any other.

use std::path::Path;
use std::sync::Arc;

use crate::article::Article;
use crate::article::front_matter::FrontMatter;
use crate::article::text::Text;
use crate::audience::Visibility;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place};
use crate::glossary::{self, FILE_NAME};
use crate::markdown::document::{Document, EventKind, Span, Tag};
use crate::markdown::options::Options;
use crate::markdown::{self, Snippet};
use crate::path::SourcePath;
use crate::value::text::Located;

use super::order::TitleOrder;
use super::tree::Roots;
use super::{LanguageId, PageId};

/// A term with its place in the page's document.
#[derive(Clone, Debug)]
pub struct Term {
    pub name: String,
    /// Other words for the same.
    pub forms: Vec<String>,
    pub visibility: Visibility,
    /// The heading that says its name: index among the document's headings.
    pub heading: usize,
    /// The events of its explanation.
    pub events: std::ops::Range<u32>,
    /// The document's source that is its own text, and where that text stands.
    source: u16,
    place: Place,
}

/// The terms of a language, from A to Z.
#[derive(Clone, Debug)]
pub struct Glossary {
    pub page: PageId,
    pub terms: Vec<Term>,
}

impl Glossary {
    /// The place of a span of the page's document in the file that the term stands in; `None` where
    /// the span lies in a snippet.
    pub fn place(&self, span: Span) -> Option<&Place> {
        self.terms.iter().find(|term| term.source == span.source).map(|term| &term.place)
    }
}

/// A language's glossary before it has a page.
pub struct Draft {
    pub language: LanguageId,
    pub article: Arc<Article>,
    pub terms: Vec<Term>,
}

/// The glossaries of all languages with terms. `lookup` finds a snippet by its path as typed.
pub fn drafts<'a>(
    glossary: &glossary::Glossary,
    config: &Config,
    roots: &Roots,
    lookup: &dyn Fn(LanguageId, &str) -> Option<Snippet<'a>>,
    findings: &mut Vec<Diagnostic>,
) -> Vec<Draft> {
    let languages = config.languages.iter().enumerate();
    let drafts = languages.filter_map(|(i, code)| {
        let mut terms = glossary.of(code);
        if terms.is_empty() {
            return None;
        }
        let order = TitleOrder::new(code);
        terms.sort_by(|a, b| order.compare(&a.name.value, &b.name.value));
        let language = LanguageId(i as u8);
        // Links and pictures are seen from the start of the language's folder.
        let path = SourcePath::new(format!("{}/{FILE_NAME}", roots.folders[i]));
        let options = Options::new(config, i);
        Some(draft(language, path, &terms, &options, &|name| lookup(language, name), findings))
    });
    drafts.collect()
}

fn draft<'a>(
    language: LanguageId,
    path: SourcePath,
    terms: &[glossary::Term],
    options: &Options<'_>,
    lookup: &dyn Fn(&str) -> Option<Snippet<'a>>,
    findings: &mut Vec<Diagnostic>,
) -> Draft {
    let mut parsed: Vec<(String, Document)> = Vec::with_capacity(terms.len());
    for term in terms {
        let text = text_of(term);
        let mut found = Vec::new();
        let document = markdown::parse(&path, &text, 0, options, &mut found);
        findings
            .extend(found.into_iter().map(|f| Diagnostic { place: term.text.place.clone(), ..f }));
        parsed.push((text, document));
    }
    let parts: Vec<Snippet<'_>> = terms
        .iter()
        .zip(&parsed)
        .map(|(term, (text, document))| Snippet { document, text, visibility: term.visibility })
        .collect();
    let mut found = Vec::new();
    let (document, places) = markdown::join(&path, &parts, &|name| lookup(name), &mut found);
    let file = terms.first().map(|term| Place::file(term.text.place.path.clone()));
    findings.extend(found.into_iter().map(|finding| match &file {
        Some(file) if finding.place.path == path => Diagnostic { place: file.clone(), ..finding },
        _ => finding,
    }));
    let terms = terms.iter().zip(places).filter_map(|(term, events)| {
        let start = events.start as usize;
        let own = &document.events()[start..events.end as usize];
        let EventKind::Start(Tag::Heading(heading)) = own.first()?.kind else { return None };
        let is_end = |kind| kind == EventKind::End(Tag::Heading(heading));
        let body = own.iter().position(|event| is_end(event.kind))? + 1;
        Some(Term {
            name: document.headings()[heading as usize].text.clone(),
            forms: term.forms.clone(),
            visibility: term.visibility,
            heading: heading as usize,
            events: events.start + body as u32..events.end,
            source: document.flow().spans().get(start)?.source,
            place: term.text.place.clone(),
        })
    });
    let terms = terms.collect();
    let on_disk: Arc<Path> = Path::new(FILE_NAME).into();
    let article = Article {
        path,
        layer: 0,
        text: Text::unread(Arc::clone(&on_disk), blake3::hash(b""), blake3::hash(b"")),
        on_disk,
        front: FrontMatter::default(),
        body_start: 0,
        document,
    };
    Draft { language, article: Arc::new(article), terms }
}

/// The term's name, its explanation and its link, as markdown.
fn text_of(term: &glossary::Term) -> String {
    let mut text = String::from("## ");
    for c in term.name.value.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if c.is_ascii_punctuation() {
            text.push('\\');
        }
        text.push(c);
    }
    text.push_str("\n\n");
    text.push_str(term.text.value.trim());
    if let Some(Located { value, .. }) = &term.link {
        let link: String = value.chars().filter(|c| !"[]|\n".contains(*c)).collect();
        text.push_str(&format!("\n\n[[{link}]]"));
    }
    text.push('\n');
    text
}
