//! A parsed text: its links, pictures, headings and restrictions, and the [`Flow`] of what it says.
//!
//! A document is immutable. What a reader may see of it is a [`Reading`], and nobody but the parser
//! and the checks looks at its events directly.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::audience::{Reader, Visibility};
use crate::markdown::flow::Flow;
use crate::markdown::reading::Reading;
use crate::markdown::unread::{Gist, Unread};
use crate::markdown::untag::push_without_tags;
use crate::path::SourcePath;

/// A place in a source file of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Index into [`Document::sources`]: 0 is the article's own file, others are its snippets.
    pub source: u16,
    /// Bytes from the start of that file.
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A string in the document's arena.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Str {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Str {
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// Its place is among the spans of the document's [`Flow`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    pub kind: EventKind,
}

/// Every `Start` has its `End`, properly nested.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum EventKind {
    Start(Tag),
    End(Tag),
    Text(Str),
    /// Code in line with the text.
    Code(Str),
    SoftBreak,
    HardBreak,
    Rule,
    /// Index into [`Document::images`].
    Image(u32),
    /// Index into [`Flow::code_blocks`].
    CodeBlock(u32),
    /// Index into [`Flow::footnotes`].
    FootnoteReference(u32),
    /// The box of a task-list item; its index in the document.
    Task {
        index: u32,
        checked: bool,
    },
    /// HTML that may be written as it is: sanitized as the configuration asks.
    Html(Str),
    /// A Lucide icon by its known name.
    Icon(Str),
    /// Keys joined by `+`.
    Key(Str),
    /// A path through the product's menus, joined by ` > `.
    Ui(Str),
    /// Index into [`Document::includes`]; gone once the document is spliced.
    Include(u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    Paragraph,
    /// A paragraph of a tight list. Writes no element.
    Tight,
    /// Index into [`Document::headings`].
    Heading(u32),
    Quote,
    /// Index into [`Flow::callouts`].
    Callout(u32),
    /// The callout's own title, its first child.
    CalloutTitle,
    /// The number of the first item of an ordered list.
    List(Option<u32>),
    Item,
    /// Index into [`Flow::tables`].
    Table(u32),
    TableHead,
    TableRow,
    TableCell(Align),
    DefinitionList,
    Term,
    Definition,
    /// Index into [`Flow::footnotes`].
    Footnote(u32),
    /// Around images that stand alone.
    Figure,
    /// Index into [`Flow::spots`]: an annotated picture, its `Image` first, then `Spot`s.
    Spots(u32),
    /// A numbered text beside the picture: its place among the spots of its picture.
    Spot(u32),
    /// Index into [`Flow::containers`].
    Container(u32),
    /// The container's own title, its first child.
    ContainerTitle,
    Emphasis,
    Strong,
    Strikethrough,
    /// Index into [`Document::links`].
    Link(u32),
    /// Stands for a raw HTML element while it is open; never an event.
    HtmlBlock,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    None,
    Left,
    Center,
    Right,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkKind {
    /// `[text](dest)`, or by reference.
    Inline,
    /// `<https://…>`, or a bare address in the text.
    Auto,
    /// `[[Title]]`, `[[path|text]]`.
    Wiki,
    /// `[text](mailto:…)` or an address in angle brackets.
    Email,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    pub kind: LinkKind,
    /// As typed, variables filled in; not percent-decoded.
    pub dest: String,
    pub title: String,
    pub span: Span,
    pub visibility: Visibility,
    /// The events between the link's start and end.
    pub events: Range<u32>,
    /// A wikilink without a text of its own: its text is its destination.
    pub bare: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Placement {
    /// Alone in a paragraph: the title is its caption.
    Figure,
    /// In line with a text.
    Inline,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Medium {
    Picture,
    /// A film of the portal's own.
    Video,
    /// A film at somebody else's, by its id there.
    YouTube(String),
    Vimeo(String),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Image {
    /// As typed, variables filled in; not percent-decoded.
    pub dest: String,
    /// Plain text.
    pub alt: String,
    pub title: String,
    pub placement: Placement,
    pub medium: Medium,
    /// `{#id}` right behind the image: what links refer to it by.
    pub id: Option<String>,
    pub span: Span,
    pub visibility: Visibility,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heading {
    /// 1 to 6, as typed.
    pub level: u8,
    /// Unique in the document. Empty before the document is spliced, unless typed.
    pub id: String,
    /// The writer gave it its id.
    pub named: bool,
    /// Plain text, with the alternative texts of its icons.
    pub text: String,
    pub span: Span,
    pub visibility: Visibility,
    /// Index of its `Start` among the events.
    pub event: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CalloutKind {
    Note,
    Tip,
    Important,
    Warning,
    Caution,
    /// The note for those who run the product.
    Admin,
    /// No known word; shown like a note, or hidden where a typing error could show too much.
    Unknown,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Callout {
    pub kind: CalloutKind,
    pub visibility: Visibility,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContainerKind {
    Steps,
    Tabs,
    Tab,
    Details,
    Cards,
    Card,
    /// A part that holds for one version of the product; `name` says which.
    Variant,
    /// A part for an audience, without a look of its own.
    Only,
    /// What a later layer says in addition to an earlier one.
    Own,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Container {
    pub kind: ContainerKind,
    /// A variant's version, in lower case; a group's name for `tabs`.
    pub name: String,
    pub visibility: Visibility,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct CodeBlock {
    /// The first word behind the fence, lower-case; empty for none.
    pub language: String,
    pub title: String,
    pub text: Str,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    pub alignments: Vec<Align>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Footnote {
    pub label: String,
    /// The events of its definition, `Start` and `End` among them; empty if it has none.
    pub events: Range<u32>,
}

/// An annotated picture: places in per mille of its width and height.
#[derive(Clone, Debug, PartialEq)]
pub struct Spots {
    /// Index into [`Document::images`].
    pub image: u32,
    pub places: Vec<(u16, u16)>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Include {
    /// As typed.
    pub path: String,
    pub span: Span,
    pub visibility: Visibility,
}

/// Events that not everybody may see. Those of restrictions within others are already combined.
#[derive(Clone, Debug, PartialEq)]
pub struct Restriction {
    pub events: Range<u32>,
    pub visibility: Visibility,
}

/// An id that raw HTML, a figure or the like defines, so that links may lead there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Anchor {
    pub id: String,
    pub span: Span,
    pub visibility: Visibility,
}

/// Its marks and links are always there; what it says may be [`Unread`] yet.
pub struct Document {
    pub(crate) sources: Vec<SourcePath>,
    /// The byte of the article's file at which its body starts.
    pub(crate) body: u32,
    pub(crate) links: Vec<Link>,
    pub(crate) images: Vec<Image>,
    pub(crate) headings: Vec<Heading>,
    pub(crate) anchors: Vec<Anchor>,
    pub(crate) includes: Vec<Include>,
    /// By where they begin.
    pub(crate) restrictions: Vec<Restriction>,
    /// Empty while it is unread.
    flow: Flow,
    unread: Option<Box<Unread>>,
}

impl Document {
    pub(super) fn empty(path: SourcePath, flow: Flow) -> Document {
        Document::of(path, flow, None)
    }

    /// A document of no marks yet, whose text is read once it is asked for.
    pub(super) fn unread(path: SourcePath, unread: Unread) -> Document {
        Document::of(path, Flow::default(), Some(Box::new(unread)))
    }

    fn of(path: SourcePath, flow: Flow, unread: Option<Box<Unread>>) -> Document {
        Document {
            sources: vec![path],
            body: 0,
            links: Vec::new(),
            images: Vec::new(),
            headings: Vec::new(),
            anchors: Vec::new(),
            includes: Vec::new(),
            restrictions: Vec::new(),
            flow,
            unread,
        }
    }

    /// Gives back what the parser reserved and did not need. It lives as long as the site.
    pub(super) fn trim(&mut self) {
        self.flow_mut().trim();
        fit(&mut self.links);
        fit(&mut self.images);
        fit(&mut self.headings);
    }

    /// What it says.
    pub(crate) fn flow(&self) -> &Flow {
        self.unread.as_ref().map_or(&self.flow, |unread| unread.flow(self))
    }

    /// The same, to be changed: what was known of it without reading holds no longer.
    pub(super) fn flow_mut(&mut self) -> &mut Flow {
        if let Some(unread) = self.unread.take() {
            self.flow = unread.into_flow(self);
        }
        &mut self.flow
    }

    /// What is known of its text without reading it.
    pub(super) fn gist(&self) -> Option<&Gist> {
        self.unread.as_ref().map(|unread| unread.gist())
    }

    /// Whether nobody has asked yet what it says.
    pub fn is_unread(&self) -> bool {
        self.unread.as_ref().is_some_and(|unread| unread.is_untouched())
    }

    /// How many events there are.
    pub fn event_count(&self) -> usize {
        self.gist().map_or_else(|| self.flow.events.len(), |gist| gist.events as usize)
    }

    /// The article's file, then those of its snippets.
    pub fn sources(&self) -> &[SourcePath] {
        &self.sources
    }

    /// The file that a span lies in.
    pub fn source_of(&self, span: Span) -> &SourcePath {
        &self.sources[usize::from(span.source)]
    }

    pub fn events(&self) -> &[Event] {
        &self.flow().events
    }

    pub fn str(&self, s: Str) -> &str {
        self.flow().str(s)
    }

    pub fn links(&self) -> &[Link] {
        &self.links
    }

    pub fn images(&self) -> &[Image] {
        &self.images
    }

    pub fn headings(&self) -> &[Heading] {
        &self.headings
    }

    /// All that a link's `#…` may name, headings first.
    pub fn anchors(&self) -> impl Iterator<Item = &str> {
        let headings = self.headings.iter().map(|h| h.id.as_str());
        headings.chain(self.anchors.iter().map(|a| a.id.as_str()))
    }

    pub fn has_anchor(&self, id: &str) -> bool {
        self.anchors().any(|a| a == id)
    }

    /// What the text includes; empty once it is spliced.
    pub fn includes(&self) -> &[Include] {
        &self.includes
    }

    pub fn has_includes(&self) -> bool {
        !self.includes.is_empty()
    }

    /// Who may see the thing that starts at this event, as marked there and not around it.
    pub(crate) fn own_visibility(&self, event: usize) -> Visibility {
        let first = self.restrictions.partition_point(|r| (r.events.start as usize) < event);
        let own = self.restrictions[first..].iter();
        own.take_while(|r| r.events.start as usize == event)
            .fold(Visibility::EVERYBODY, |seen, r| seen.and(r.visibility))
    }

    /// Whom its restricted parts are for.
    pub fn visibilities(&self) -> impl Iterator<Item = Visibility> {
        self.restrictions.iter().map(|restriction| restriction.visibility)
    }

    /// What `reader` may see of it.
    pub fn read(&self, reader: Reader) -> Reading<'_> {
        Reading::new(self, reader)
    }

    /// The title of an article whose front matter has none.
    pub fn title(&self) -> Option<&str> {
        self.title_heading().map(|i| self.headings[i].text.as_str())
    }

    /// The first heading of level 1 that everybody may see, which is the title of an article whose
    /// front matter has none: its index among the headings.
    pub fn title_heading(&self) -> Option<usize> {
        self.headings.iter().position(|h| h.level == 1 && h.visibility.is_everybody())
    }

    /// The text of a range of events without markup, and without what in it is for fewer readers
    /// than the whole: it stands in lists and attributes that all of those read.
    pub(crate) fn plain_in(&self, range: Range<usize>) -> String {
        self.plain_of(self.flow(), range)
    }

    /// The same of a flow that the document has not got yet.
    pub(super) fn plain_of(&self, flow: &Flow, range: Range<usize>) -> String {
        let inner = |r: &&Restriction| {
            range.start <= r.events.start as usize && r.events.end as usize <= range.end
        };
        let inner: Vec<&Restriction> = self.restrictions.iter().filter(inner).collect();
        let is_left = |at: usize| !inner.iter().any(|r| r.events.contains(&(at as u32)));
        let mut text = String::new();
        for at in range.clone().filter(|at| is_left(*at)) {
            self.push_plain(&mut text, flow, flow.events[at]);
        }
        text
    }

    /// Text without markup: alternative texts stand for images, breaks are spaces.
    pub(crate) fn plain(&self, events: &[Event]) -> String {
        let mut text = String::new();
        events.iter().for_each(|event| self.push_plain(&mut text, self.flow(), *event));
        text
    }

    fn push_plain(&self, text: &mut String, flow: &Flow, event: Event) {
        match event.kind {
            EventKind::Text(s) | EventKind::Code(s) | EventKind::Key(s) | EventKind::Ui(s) => {
                text.push_str(flow.str(s))
            }
            EventKind::Html(s) => push_without_tags(text, flow.str(s)),
            EventKind::Image(i) => text.push_str(&self.images[i as usize].alt),
            EventKind::SoftBreak | EventKind::HardBreak => text.push(' '),
            _ => {}
        }
    }
}

/// Documents that say the same look the same, whether they are read or not.
impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("sources", &self.sources)
            .field("body", &self.body)
            .field("links", &self.links)
            .field("images", &self.images)
            .field("headings", &self.headings)
            .field("anchors", &self.anchors)
            .field("includes", &self.includes)
            .field("restrictions", &self.restrictions)
            .field("flow", self.flow())
            .finish()
    }
}

/// For changing it: what may be changed is read, and all that is known of it is what it says.
impl Clone for Document {
    fn clone(&self) -> Document {
        Document {
            sources: self.sources.clone(),
            body: self.body,
            links: self.links.clone(),
            images: self.images.clone(),
            headings: self.headings.clone(),
            anchors: self.anchors.clone(),
            includes: self.includes.clone(),
            restrictions: self.restrictions.clone(),
            flow: self.flow().clone(),
            unread: None,
        }
    }
}

/// To shrink in place would free nothing of what is small.
fn fit<T>(list: &mut Vec<T>) {
    let mut fitted = Vec::with_capacity(list.len());
    fitted.append(list);
    *list = fitted;
}
