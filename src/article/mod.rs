//! A source file as an article: front matter and document, immutable.
//!
//! 1. [`front_matter`] reads the table at the top and finds where the body starts.
//! 2. The body is parsed by `markdown`, the one parse that everything later reads.
//! 3. [`Article::splice`] puts the snippets in that the body includes.
//! 4. [`kept`] is what a later build has to know of it not to parse it again.

pub mod front_matter;
pub mod kept;
pub mod kind;
pub mod state;
pub mod text;

use std::path::Path;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::markdown::document::Document;
use crate::markdown::options::Options;
use crate::markdown::{self, Snippet};
use crate::path::SourcePath;
use crate::source::{Read, SourceFile};

use front_matter::FrontMatter;
use text::Text;

/// A markdown file, read and parsed.
#[derive(Debug)]
pub struct Article {
    pub path: SourcePath,
    pub layer: usize,
    /// The file itself.
    pub on_disk: Arc<Path>,
    pub front: FrontMatter,
    /// The whole file, as [`SourceFile::text`](crate::source::SourceFile::text) gives it.
    pub text: Text,
    /// The byte of `text` at which the body starts.
    pub body_start: usize,
    pub document: Document,
}

impl Article {
    /// Parses a file's text. Findings go to `findings`. What the text includes is not in it yet.
    ///
    /// # Errors
    ///
    /// The front matter can't be read, and with it nobody knows whom the article is for.
    pub fn parse(
        file: &SourceFile,
        read: Read,
        options: &Options<'_>,
        findings: &mut Vec<Diagnostic>,
    ) -> Result<Article, Box<Diagnostic>> {
        let path = file.path.clone();
        let (front, body) = FrontMatter::parse(&path, &read.text, options, findings)?;
        let document = markdown::parse(&path, &read.text, body, options, findings);
        let (layer, on_disk) = (file.layer, file.on_disk.clone());
        let text = Text::new(Arc::clone(&on_disk), read, body);
        Ok(Article { path, layer, on_disk, front, text, body_start: body, document })
    }

    /// The article as it is if it includes nothing.
    #[must_use]
    pub fn finish(mut self, findings: &mut Vec<Diagnostic>) -> Article {
        markdown::finish(&mut self.document, self.text.hold(), findings);
        self.text.let_go();
        self
    }

    /// The article with the snippets in place that it includes.
    pub fn splice<'a>(
        &'a self,
        lookup: &dyn Fn(&str) -> Option<Snippet<'a>>,
        findings: &mut Vec<Diagnostic>,
    ) -> Article {
        self.with_document(markdown::splice(&self.document, self.text.hold(), lookup, findings))
    }

    /// The same file with another document made of it.
    pub fn with_document(&self, document: Document) -> Article {
        Article {
            path: self.path.clone(),
            layer: self.layer,
            on_disk: self.on_disk.clone(),
            front: self.front.clone(),
            text: self.text.clone(),
            body_start: self.body_start,
            document,
        }
    }

    /// The byte of `text` at which the body starts.
    pub fn body_start(&self) -> usize {
        self.document.body as usize
    }

    /// The article as a text that others include.
    pub fn as_snippet(&self) -> Snippet<'_> {
        Snippet {
            document: &self.document,
            text: self.text.hold(),
            visibility: self.front.visibility,
        }
    }
}
