//! Puts a document together: the stack of what is open, who may see what, and findings.
//!
//! Three kinds of things are open at a time, properly nested: blocks and inlines of CommonMark,
//! containers between fences, and raw HTML elements. A container or element ends with its own mark,
//! or, forced, with the block that it lies in.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::audience::Visibility;
use crate::config::AdminMode;
use crate::diagnostic::{Diagnostic, Place, Rule};
use crate::markdown::document::*;
use crate::markdown::flow::Flow;
use crate::markdown::options::Options;
use crate::markdown::rules;
use crate::markdown::text::Run;
use crate::path::SourcePath;

/// Quotes and lists deeper than this lose their structure, not their text.
const MAX_DEPTH: usize = 80;
/// A file's findings beyond these say nothing new.
const MAX_FINDINGS: usize = 200;

/// Where an open thing came from, which says how it ends.
#[derive(Debug)]
pub(super) enum Origin {
    /// A tag of the CommonMark parser.
    Mark,
    /// Like that, but too deep to be kept.
    TooDeep,
    /// Between fences of so many colons.
    Fence(u32),
    /// A callout that began amid a quote; ends with the quote.
    AmidQuote,
    /// A raw HTML element, with its name.
    Element(&'static str),
    /// One that is left out with all that it holds.
    Removed(&'static str),
}

#[derive(Debug)]
pub(super) struct Open {
    pub tag: Tag,
    pub origin: Origin,
    /// Index of its `Start` event, or of the first event in it.
    pub event: u32,
    /// What held around it.
    outer: Visibility,
    /// What holds for it alone.
    own: Visibility,
    /// The builder's floor where it began: its end is hidden with its start.
    floor: Visibility,
    pub span: Span,
    links: usize,
    images: usize,
}

impl Open {
    pub fn is_html(&self) -> bool {
        matches!(self.origin, Origin::Element(_) | Origin::Removed(_))
    }
}

pub(super) struct Builder<'a> {
    /// The whole file.
    pub text: &'a str,
    pub path: &'a SourcePath,
    pub options: &'a Options<'a>,
    pub findings: &'a mut Vec<Diagnostic>,
    found: usize,
    pub document: Document,
    /// What the document says so far; becomes its own in the end.
    pub flow: Flow,
    pub open: Vec<Open>,
    depth: usize,
    pub visibility: Visibility,
    /// What holds from some place on to the end of the file, and the event from which on it is not
    /// yet among the restrictions.
    floor: Visibility,
    floor_event: u32,
    pub run: Run,
    pub footnotes: FxHashMap<String, u32>,
    warned_deep: bool,
}

impl<'a> Builder<'a> {
    pub fn new(
        path: &'a SourcePath,
        text: &'a str,
        body: usize,
        options: &'a Options<'a>,
        findings: &'a mut Vec<Diagnostic>,
    ) -> Builder<'a> {
        let mut document = Document::empty(path.clone(), Flow::default());
        document.body = body as u32;
        Builder {
            text,
            path,
            options,
            findings,
            found: 0,
            document,
            flow: Flow::with_capacity(text.len() - body),
            open: Vec::new(),
            depth: 0,
            visibility: Visibility::EVERYBODY,
            floor: Visibility::EVERYBODY,
            floor_event: 0,
            run: Run::new(options.language),
            footnotes: FxHashMap::default(),
            warned_deep: false,
        }
    }

    pub fn separate(&self) -> bool {
        self.options.mode == AdminMode::Separate
    }

    pub fn find(&mut self, rule: Rule, range: Range<usize>, message: String, help: &str) {
        self.found += 1;
        if self.found <= MAX_FINDINGS {
            let place = Place::of_range(self.path.clone(), self.text, range);
            self.findings.push(Diagnostic::new(rule, place, message).help(help));
        }
    }

    pub fn span(&self, range: &Range<usize>) -> Span {
        Span { source: 0, start: range.start as u32, end: range.end as u32 }
    }

    pub fn str(&mut self, text: &str) -> Str {
        self.flow.add(text)
    }

    pub fn next_event(&self) -> u32 {
        self.flow.events.len() as u32
    }

    pub fn push(&mut self, kind: EventKind, span: Span) {
        self.flow.push(kind, span);
    }

    /// Whether text may stand in what is innermost open.
    fn takes_text(&self) -> bool {
        let holds = |o: &&Open| is_textual(o.tag) || !o.is_html();
        self.open.iter().rev().find(holds).is_some_and(|o| is_textual(o.tag))
    }

    /// Forgets the events from `event` on.
    pub fn truncate(&mut self, event: u32) {
        self.flow.events.truncate(event as usize);
        self.flow.spans.truncate(event as usize);
        self.floor_event = self.floor_event.min(event);
        // What was restricted in there comes last; left behind, it would hide what follows.
        let restrictions = &mut self.document.restrictions;
        while restrictions.last().is_some_and(|r| r.events.end > event) {
            let Some(mut cut) = restrictions.pop() else { break };
            if cut.events.start < event {
                cut.events.end = event;
                restrictions.push(cut);
                break;
            }
        }
    }

    /// Opens the paragraph that CommonMark leaves out in tight lists, where a text begins.
    pub fn ensure_textual(&mut self, range: &Range<usize>) {
        if !self.takes_text() {
            self.start(Tag::Tight, Origin::Mark, range.clone(), Visibility::EVERYBODY);
        }
    }

    /// Ends the paragraph of a tight list, where a block begins or its item ends.
    pub fn end_tight(&mut self, at: usize) {
        self.flush();
        let tight = self.open.iter().rposition(|o| !o.is_html());
        if tight.is_some_and(|i| {
            self.open[i].tag == Tag::Tight && matches!(self.open[i].origin, Origin::Mark)
        }) {
            self.end_mark(at);
        }
    }

    pub fn start(&mut self, tag: Tag, origin: Origin, range: Range<usize>, own: Visibility) {
        self.run.break_context(tag);
        let span = self.span(&range);
        let mut origin = origin;
        if nests(tag) {
            self.depth += 1;
            if self.depth > MAX_DEPTH {
                origin = Origin::TooDeep;
            }
        }
        if tag == Tag::Item
            && matches!(self.open.last(), Some(o) if matches!(o.origin, Origin::TooDeep))
        {
            origin = Origin::TooDeep;
        }
        if matches!(origin, Origin::TooDeep) && !std::mem::replace(&mut self.warned_deep, true) {
            let message = format!("quotes and lists are nested more than {MAX_DEPTH} deep");
            self.find(
                rules::TOO_DEEP,
                range,
                message,
                "what lies deeper is shown without its nesting",
            );
        }
        self.open.push(Open {
            tag,
            event: self.next_event(),
            outer: self.visibility,
            own,
            floor: self.floor,
            span,
            links: self.document.links.len(),
            images: self.document.images.len(),
            origin,
        });
        self.visibility = self.visibility.and(own);
        if !matches!(
            self.open.last(),
            Some(Open { origin: Origin::TooDeep | Origin::Removed(_), .. })
        ) && tag != Tag::HtmlBlock
        {
            self.push(EventKind::Start(tag), span);
        }
    }

    /// Restricts what is open around the innermost, and with it the innermost.
    pub fn restrict_outer(&mut self, own: Visibility) {
        if let [.., outer, innermost] = self.open.as_mut_slice() {
            outer.own = outer.own.and(own);
            innermost.outer = innermost.outer.and(own);
            self.visibility = self.visibility.and(own);
        }
    }

    /// The innermost callout that everybody sees, if nothing lies in it but lists and a line of text:
    /// its place among what is open.
    pub fn callout_around_text(&self) -> Option<usize> {
        let index = self.open.iter().rposition(|o| matches!(o.tag, Tag::Callout(_)))?;
        let holds_text = |o: &Open| {
            matches!(o.origin, Origin::Mark)
                && matches!(o.tag, Tag::Paragraph | Tag::Tight | Tag::Item | Tag::List(_))
        };
        let callout = &self.open[index];
        let simple = matches!(callout.origin, Origin::Mark) && callout.own.is_everybody();
        (simple && self.open[index + 1..].iter().all(holds_text)).then_some(index)
    }

    /// Takes note of a tag whose end will come, and writes nothing for it.
    pub fn start_silently(&mut self, tag: Tag, range: &Range<usize>) {
        if nests(tag) {
            self.depth += 1;
        }
        self.open.push(Open {
            tag,
            event: self.next_event(),
            outer: self.visibility,
            own: Visibility::EVERYBODY,
            floor: self.floor,
            span: self.span(range),
            links: self.document.links.len(),
            images: self.document.images.len(),
            origin: Origin::TooDeep,
        });
    }

    /// Ends the innermost open CommonMark tag, and all that was opened in it.
    pub fn end_mark(&mut self, at: usize) {
        self.flush();
        let of_mark = |o: &Open| matches!(o.origin, Origin::Mark | Origin::TooDeep);
        let Some(index) = self.open.iter().rposition(of_mark) else { return };
        self.end_down_to(index, at, true);
    }

    /// Ends what is open from `index` on; `forced` where containers in it lack their own ends.
    pub fn end_down_to(&mut self, index: usize, at: usize, forced: bool) {
        self.flush();
        while self.open.len() > index {
            let innermost = self.open.len() - 1;
            if let Origin::Fence(_) = self.open[innermost].origin
                && (forced || innermost > index)
            {
                self.unclosed(innermost);
            }
            self.end_innermost(at);
        }
    }

    fn unclosed(&mut self, index: usize) {
        let open = &self.open[index];
        let (range, own) = (open.span.range(), open.own);
        let line = self.text[range.clone()].lines().next().unwrap_or("").trim();
        let name = line.trim_start_matches(':').split_whitespace().next().unwrap_or("").to_owned();
        let shown: String = name.chars().take(40).collect();
        let message = format!("the container `{shown}` is not closed at its own depth");
        let help = if own.is_everybody() {
            "close it by a line of as many colons, as far indented as its first"
        } else {
            "all up to the end of the file is now for its readers only; close it by a line of as many colons"
        };
        self.find(rules::UNCLOSED_CONTAINER, range, message, help);
        if !own.is_everybody() {
            self.lower_floor(self.visibility);
        }
    }

    /// From here to the end of the file only `visibility` holds.
    pub fn lower_floor(&mut self, visibility: Visibility) {
        self.cut_floor_piece();
        self.floor = self.floor.and(visibility);
        self.visibility = self.visibility.and(visibility);
    }

    /// Restricts the events since the last piece, so that no restriction crosses an `End`.
    fn cut_floor_piece(&mut self) {
        let next = self.next_event();
        if !self.floor.is_everybody() && self.floor_event < next {
            let events = self.floor_event..next;
            self.document.restrictions.push(Restriction { events, visibility: self.floor });
        }
        self.floor_event = next;
    }

    fn end_innermost(&mut self, at: usize) {
        let Some(mut open) = self.open.pop() else { return };
        if nests(open.tag) {
            self.depth -= 1;
        }
        self.run.break_context(open.tag);
        // What was open when the floor came ends as visibly as it began.
        let ends_above = open.event < self.floor_event || open.floor != self.floor;
        if ends_above {
            self.cut_floor_piece();
        }
        open.span.end = open.span.end.max(at as u32);
        match open.origin {
            Origin::TooDeep => {}
            Origin::Removed(_) => {
                self.truncate(open.event);
                self.document.links.truncate(open.links);
                self.document.images.truncate(open.images);
                self.document.headings.retain(|heading| heading.event < open.event);
                for footnote in &mut self.flow.footnotes {
                    if footnote.events.end > open.event {
                        footnote.events = 0..0;
                    }
                }
            }
            Origin::Element(name) if open.tag == Tag::HtmlBlock => {
                let html = self.str("</");
                self.flow.arena.push_str(name);
                self.flow.arena.push('>');
                let html = Str { end: self.flow.arena.len() as u32, ..html };
                self.push(EventKind::Html(html), open.span);
            }
            _ => self.finish(&open),
        }
        if !open.own.is_everybody() && open.event < self.next_event() {
            let visibility = open.own.and(open.outer).and(self.floor);
            let events = open.event..self.next_event();
            self.document.restrictions.push(Restriction { events, visibility });
        }
        if !open.floor.is_everybody() && open.event < self.next_event() {
            let events = open.event..self.next_event();
            self.document.restrictions.push(Restriction { events, visibility: open.floor });
        }
        if ends_above {
            self.floor_event = self.next_event();
        }
        self.visibility = open.outer.and(self.floor);
    }

    /// Writes the `End`, and what can only be known there.
    fn finish(&mut self, open: &Open) {
        let start = open.event as usize;
        let Some(Event { kind: EventKind::Start(_) }) = self.flow.events.get(start) else {
            return;
        };
        self.flow.spans.set(start, open.span);
        let mut tag = open.tag;
        let holds_nothing = self.flow.events.len() == start + 1;
        let droppable = matches!(
            tag,
            Tag::Paragraph | Tag::Tight | Tag::Heading(_) | Tag::CalloutTitle | Tag::ContainerTitle
        );
        if holds_nothing && droppable {
            self.truncate(open.event);
            if let Tag::Heading(_) = tag {
                self.document.headings.pop();
            }
            return;
        }
        match tag {
            Tag::Paragraph | Tag::Tight if self.only_images(start + 1) => {
                tag = Tag::Figure;
                self.flow.events[start].kind = EventKind::Start(tag);
                for at in start + 1..self.flow.events.len() {
                    if let EventKind::Image(i) = self.flow.events[at].kind {
                        self.document.images[i as usize].placement = Placement::Figure;
                    }
                }
            }
            Tag::Heading(i) => {
                let text = self.document.plain_of(&self.flow, start + 1..self.flow.events.len());
                let heading = &mut self.document.headings[i as usize];
                heading.text = text.trim().to_owned();
                heading.span = open.span;
                heading.visibility = self.visibility;
            }
            Tag::Link(i) => {
                self.document.links[i as usize].events = open.event + 1..self.next_event();
            }
            Tag::Container(i) => self.flow.containers[i as usize].span = open.span,
            Tag::Footnote(i) => {
                let events = open.event..self.next_event() + 1;
                let footnote = &mut self.flow.footnotes[i as usize];
                // Of several definitions the first holds.
                if footnote.events.is_empty() {
                    footnote.events = events;
                }
            }
            _ => {}
        }
        self.push(EventKind::End(tag), open.span);
    }

    fn only_images(&self, from: usize) -> bool {
        let mut images = 0;
        for event in &self.flow.events[from..] {
            match event.kind {
                EventKind::Image(_) => images += 1,
                EventKind::SoftBreak
                | EventKind::HardBreak
                | EventKind::Start(Tag::Link(_))
                | EventKind::End(Tag::Link(_)) => {}
                EventKind::Text(s) if self.flow.str(s).trim().is_empty() => {}
                _ => return false,
            }
        }
        images > 0
    }

    /// The document, once all is read.
    pub fn into_document(mut self) -> Document {
        let end = self.text.len();
        self.end_down_to(0, end, true);
        self.cut_floor_piece();
        *self.document.flow_mut() = self.flow;
        self.document.restrict_footnotes();
        self.document
            .restrictions
            .sort_by_key(|r| (r.events.start, std::cmp::Reverse(r.events.end)));
        self.document
    }
}

fn is_textual(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Paragraph
            | Tag::Tight
            | Tag::Heading(_)
            | Tag::CalloutTitle
            | Tag::ContainerTitle
            | Tag::TableCell(_)
            | Tag::Term
            | Tag::Spot(_)
            | Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Link(_)
    )
}

/// What can hold its like.
fn nests(tag: Tag) -> bool {
    matches!(tag, Tag::Quote | Tag::List(_) | Tag::Emphasis | Tag::Strong | Tag::Strikethrough)
}
