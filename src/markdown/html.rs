//! A reading as HTML: no style, no script, no address that the resolver did not give.

mod blocks;
mod media;
mod writer;

use std::collections::BTreeMap;

use crate::audience::{Audiences, Visibility};
use crate::markdown::document::CalloutKind;
use crate::markdown::prose::At;
use crate::markdown::reading::Reading;
use writer::Writer;

/// Turns a link or an image of the document into what stands in the page.
pub trait Resolver {
    /// `index` is that of [`Document::links`](crate::markdown::document::Document::links).
    fn link(&self, index: usize) -> LinkHtml;

    /// `index` is that of [`Document::images`](crate::markdown::document::Document::images).
    fn image(&self, index: usize) -> ImageHtml;

    /// Whom something is for, in words; `None` for everybody. HTML has its words from
    /// [`Labels`].
    fn audience(&self, _: Visibility) -> Option<String> {
        None
    }
}

/// What a link becomes. Texts and addresses are unescaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkHtml {
    /// To the portal's own.
    Internal(String),
    External(String),
    /// A file to download; `note` says its type and size.
    Download {
        href: String,
        note: String,
    },
    /// Inside of the portal, with this text in place of its own: the title behind a bare
    /// wikilink, the number of a figure.
    Titled {
        href: String,
        text: String,
    },
    /// To another chapter of the same book; paper shows the `reference`: "chapter 2.3". A `text`
    /// stands in place of the link's own.
    Chapter {
        href: String,
        text: Option<String>,
        reference: String,
    },
    /// The link's text alone.
    Plain,
    /// Another text, and no link.
    Replaced(String),
}

/// What an image becomes. Texts and addresses are unescaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageHtml {
    Picture(Picture),
    Video {
        src: String,
        poster: Option<String>,
        /// The poster's, so that nothing jumps when the film comes.
        size: Option<(u32, u32)>,
        tracks: Vec<Track>,
    },
    /// A film elsewhere: the address of its player, and of its page for readers without script.
    Embed {
        player: String,
        page: String,
    },
    /// Its alternative text alone.
    Missing,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    pub src: String,
    pub size: Option<(u32, u32)>,
    pub srcset: Option<String>,
    pub sizes: Option<String>,
    /// The same picture for dark mode.
    pub dark: Option<DarkPicture>,
    /// The whole picture, for the zoom.
    pub full: Option<String>,
    /// Its number among the page's figures, where the portal numbers them.
    pub number: Option<u32>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DarkPicture {
    pub src: String,
    pub srcset: Option<String>,
}

/// Captions or chapters of a video.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Track {
    pub src: String,
    /// `captions` or `chapters`.
    pub kind: &'static str,
    pub language: String,
}

/// The words that the writer adds, in the page's language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// The title of a callout that has none of its own.
    pub callouts: BTreeMap<CalloutKind, String>,
    /// By audience: "For admins".
    pub audiences: BTreeMap<String, String>,
    pub copy: String,
    pub heading_link: String,
    pub footnotes: String,
    pub footnote_back: String,
    /// The name of a film without one of its own.
    pub play: String,
    /// The name of a table, and the title of details without one of their own.
    pub table: String,
    pub details: String,
    /// What a later layer adds: "How we do it".
    pub own: String,
    /// "Figure {n}".
    pub figure: String,
}

pub struct Options<'a> {
    pub labels: &'a Labels,
    pub audiences: &'a Audiences,
    /// A heading that the page shows elsewhere, by its index.
    pub title_heading: Option<usize>,
    /// Put before every id, so that several articles fit on one page; usually empty.
    pub id_prefix: &'a str,
    /// Words of the text that the glossary explains, in reading order.
    pub terms: &'a [TermUse],
}

/// A word of the text that the glossary explains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermUse {
    pub start: At,
    pub end: At,
    /// To its place in the glossary.
    pub href: String,
    /// The id of the element on the same page that holds its explanation.
    pub explained_by: String,
}

/// A part of a reading, without what belongs to a whole page.
pub fn write_events(
    reading: &Reading<'_>,
    events: std::ops::Range<usize>,
    resolver: &dyn Resolver,
    options: &Options<'_>,
) -> String {
    let mut writer = Writer::new(reading, resolver, options);
    writer.events(events);
    writer.footnotes();
    writer.out
}

/// The body of a page.
pub fn write(reading: &Reading<'_>, resolver: &dyn Resolver, options: &Options<'_>) -> String {
    write_events(reading, 0..reading.document.flow().events.len(), resolver, options)
}
