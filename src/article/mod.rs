//! A source file as an article: front matter and document, immutable.

pub mod front_matter;
pub mod kind;
