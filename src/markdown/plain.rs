//! A reading as plain text: excerpts and what the search indexes.

use std::ops::Range;

use crate::markdown::reading::Reading;

/// A heading with what follows it up to the next one; the first has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// Index among the document's headings.
    pub heading: Option<usize>,
    /// Empty for the text before the first heading.
    pub anchor: String,
    pub title: String,
    /// Blocks are joined by line feeds.
    pub text: String,
    /// What is strong, or names a thing of the product's interface: bytes of `text`, in order.
    pub strong: Vec<Range<usize>>,
}

impl Reading<'_> {
    /// In reading order. Footnotes stand in the section that defines them.
    pub fn sections(&self) -> Vec<Section> {
        todo!()
    }

    /// All of it, without markup.
    pub fn plain_text(&self) -> String {
        todo!()
    }

    /// The first paragraph outside of lists, quotes and callouts; empty if there is none.
    pub fn first_paragraph(&self) -> String {
        todo!()
    }
}
