//! Documents that are read when somebody asks what they say, since an earlier build told what is asked
//! of most.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::document::{Anchor, Document, Event, EventKind, Heading, Image, Link, Span};
use super::flow::Flow;
use super::options::Options;
use crate::audience::Reader;
use crate::config::Config;
use crate::path::SourcePath;
use crate::source::decode;

/// All that is kept of a document: one file's, that says the same to all who may see it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Summary<'a> {
    body: u32,
    links: Cow<'a, [Link]>,
    images: Cow<'a, [Image]>,
    headings: Cow<'a, [Heading]>,
    anchors: Cow<'a, [Anchor]>,
    events: u32,
    #[serde(borrow)]
    first_paragraph: Option<Cow<'a, str>>,
    #[serde(borrow)]
    link_texts: Vec<Cow<'a, str>>,
}

/// What is known of a document's text.
#[derive(Clone, Debug)]
pub(super) struct Gist {
    pub events: u32,
    /// Where it was noted.
    pub first_paragraph: Option<Box<str>>,
    /// By link: what it reads.
    pub link_texts: Box<[Box<str>]>,
}

/// What the texts of one load are read with.
#[derive(Debug)]
pub struct Reread {
    config: Arc<Config>,
    /// One that is not what it was when the load began.
    changed: OnceLock<PathBuf>,
}

impl Reread {
    pub fn new(config: Arc<Config>) -> Reread {
        Reread { config, changed: OnceLock::new() }
    }

    /// A file whose text, when somebody asked for it, was another one than that of its summary. What
    /// was made since is of no state that there ever was, and has to be thrown away.
    pub fn changed(&self) -> Option<&Path> {
        self.changed.get().map(PathBuf::as_path)
    }
}

/// A text that is still to be read.
#[derive(Debug)]
pub struct Unread {
    gist: Gist,
    place: Location,
    reread: Arc<Reread>,
    flow: OnceLock<Flow>,
}

/// Where a text is found.
#[derive(Clone, Debug)]
pub struct Location {
    pub on_disk: Arc<Path>,
    /// BLAKE3 of the file.
    pub hash: blake3::Hash,
    /// The place of its language in the configuration.
    pub language: usize,
}

impl Unread {
    pub(super) fn gist(&self) -> &Gist {
        &self.gist
    }

    pub(super) fn is_untouched(&self) -> bool {
        self.flow.get().is_none()
    }

    pub(super) fn flow(&self, document: &Document) -> &Flow {
        self.flow.get_or_init(|| self.read(document))
    }

    pub(super) fn into_flow(mut self, document: &Document) -> Flow {
        self.flow.take().unwrap_or_else(|| self.read(document))
    }

    fn read(&self, document: &Document) -> Flow {
        let flow = self.parse(&document.sources[0], document.body as usize);
        flow.filter(|flow| flow.events.len() == self.gist.events as usize).unwrap_or_else(|| {
            self.reread.changed.get_or_init(|| self.place.on_disk.to_path_buf());
            silence(self.gist.events as usize)
        })
    }

    /// `None` where the file is another one by now.
    fn parse(&self, path: &SourcePath, body: usize) -> Option<Flow> {
        let Location { on_disk, hash, language } = &self.place;
        let bytes = std::fs::read(on_disk).ok().filter(|bytes| blake3::hash(bytes) == *hash)?;
        let text = decode(path, &bytes).ok()?;
        let options = Options::new(&self.reread.config, *language);
        // They were found when it was read for the first time.
        let mut document = super::parse(path, &text, body, &options, &mut Vec::new());
        document.trim();
        Some(std::mem::take(document.flow_mut()))
    }
}

/// As many events as whoever counts on them looks for, that say nothing.
fn silence(events: usize) -> Flow {
    let mut flow = Flow::default();
    (0..events).for_each(|_| flow.push(EventKind::SoftBreak, Span { source: 0, start: 0, end: 0 }));
    flow
}

impl Document {
    fn events_of(&self, link: &Link) -> &[Event] {
        &self.events()[link.events.start as usize..link.events.end as usize]
    }

    /// What is to be kept of it; `None` where parts of it are not for all readers, or other files'.
    pub fn summary(&self) -> Option<Summary<'_>> {
        if !self.restrictions.is_empty() || self.sources.len() != 1 || self.has_includes() {
            return None;
        }
        let all = self.read(Reader::Auditor);
        let link_text = |(at, link): (usize, &Link)| match self.events_of(link) {
            // Nearly all links.
            &[Event { kind: EventKind::Text(s) }] => Cow::Borrowed(self.str(s)),
            _ => Cow::Owned(all.link_text(at)),
        };
        Some(Summary {
            body: self.body,
            links: Cow::Borrowed(&self.links),
            images: Cow::Borrowed(&self.images),
            headings: Cow::Borrowed(&self.headings),
            anchors: Cow::Borrowed(&self.anchors),
            events: self.event_count() as u32,
            first_paragraph: None,
            link_texts: self.links.iter().enumerate().map(link_text).collect(),
        })
    }
}

impl Summary<'_> {
    /// Notes the first paragraph of the document that it is of, for articles that nothing else sums up.
    pub fn note_first_paragraph(&mut self, document: &Document) {
        let all = document.read(Reader::Auditor);
        self.first_paragraph = Some(all.first_paragraph().into());
    }

    /// The document of the file at `path`, which lies at `place`.
    pub fn into_document(self, path: SourcePath, place: Location, reread: Arc<Reread>) -> Document {
        let Summary { body, links, images, headings, anchors, events, first_paragraph, link_texts } =
            self;
        let boxed = |text: Cow<'_, str>| text.into_owned().into_boxed_str();
        let first_paragraph = first_paragraph.map(boxed);
        let link_texts = link_texts.into_iter().map(boxed).collect();
        let gist = Gist { events, first_paragraph, link_texts };
        let unread = Unread { gist, place, reread, flow: OnceLock::new() };
        let mut document = Document::unread(path, unread);
        document.body = body;
        document.links = links.into_owned();
        document.images = images.into_owned();
        document.headings = headings.into_owned();
        document.anchors = anchors.into_owned();
        document
    }
}
