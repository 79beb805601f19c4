//! What one reader may see of a document. HTML, search, feeds and excerpts come from here only, so
//! that a leak would not type-check.
//!
//! 1. Restrictions that the reader does not pass become hidden ranges of events.
//! 2. What holds nothing visible any more is hidden too: no empty list item remains.

use std::ops::Range;

use crate::audience::Reader;
use crate::markdown::document::{Document, Event, EventKind, Heading, Image, Link, Tag};

/// A document as one reader may see it.
#[derive(Clone, Debug)]
pub struct Reading<'a> {
    pub(super) document: &'a Document,
    reader: Reader,
    /// Disjoint, sorted ranges of events.
    hidden: Vec<Range<u32>>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(document: &'a Document, reader: Reader) -> Reading<'a> {
        let mut hidden: Vec<Range<u32>> = Vec::new();
        for restriction in &document.restrictions {
            if restriction.visibility.seen_by(reader) {
                continue;
            }
            match hidden.last_mut() {
                Some(last) if restriction.events.start <= last.end => {
                    last.end = last.end.max(restriction.events.end);
                }
                _ => hidden.push(restriction.events.clone()),
            }
        }
        let mut reading = Reading { document, reader, hidden };
        if !reading.hidden.is_empty() {
            reading.hide_what_is_left_empty();
        }
        reading
    }

    pub fn reader(&self) -> Reader {
        self.reader
    }

    /// Whether nothing of it is visible.
    pub fn is_empty(&self) -> bool {
        match self.hides_some() {
            true => self.events().next().is_none(),
            false => self.document.event_count() == 0,
        }
    }

    /// Whether there is more than the reader sees.
    pub(super) fn hides_some(&self) -> bool {
        !self.hidden.is_empty()
    }

    /// The visible headings with their indices.
    pub fn headings(&self) -> impl Iterator<Item = (usize, &'a Heading)> {
        let reader = self.reader;
        let all = self.document.headings.iter().enumerate();
        all.filter(move |(_, h)| h.visibility.seen_by(reader))
    }

    /// A heading by its index, if it is visible.
    pub fn heading(&self, index: usize) -> Option<&'a Heading> {
        self.document.headings.get(index).filter(|heading| heading.visibility.seen_by(self.reader))
    }

    /// The visible links with their indices.
    pub fn links(&self) -> impl Iterator<Item = (usize, &'a Link)> {
        let reader = self.reader;
        let all = self.document.links.iter().enumerate();
        all.filter(move |(_, l)| l.visibility.seen_by(reader))
    }

    /// The visible images with their indices.
    pub fn images(&self) -> impl Iterator<Item = (usize, &'a Image)> {
        let reader = self.reader;
        let all = self.document.images.iter().enumerate();
        all.filter(move |(_, i)| i.visibility.seen_by(reader))
    }

    /// An image by its index, if it is visible.
    pub fn image(&self, index: usize) -> Option<&'a Image> {
        self.document.images.get(index).filter(|image| image.visibility.seen_by(self.reader))
    }

    /// The ids of visible places that are no headings.
    pub fn anchors(&self) -> impl Iterator<Item = &'a str> {
        let reader = self.reader;
        let all = self.document.anchors.iter();
        all.filter(move |a| a.visibility.seen_by(reader)).map(|a| a.id.as_str())
    }

    /// Whether a link's `#id` leads to something that the reader sees.
    pub fn has_anchor(&self, id: &str) -> bool {
        let anchors = self.document.anchors.iter();
        self.headings().any(|(_, h)| h.id == id)
            || anchors.filter(|a| a.visibility.seen_by(self.reader)).any(|a| a.id == id)
    }

    /// The plain text of a visible link, as a reader sees it; empty where the link is hidden.
    pub fn link_text(&self, index: usize) -> String {
        let link = &self.document.links[index];
        if !link.visibility.seen_by(self.reader) {
            return String::new();
        }
        if let Some(gist) = self.document.gist().filter(|_| !self.hides_some()) {
            return gist.link_texts.get(index).map_or_else(String::new, |text| text.to_string());
        }
        let events = link.events.start as usize..link.events.end as usize;
        self.document.plain_in(events)
    }

    /// Whether [`Reading::link_text`] is empty.
    pub fn is_link_empty(&self, index: usize) -> bool {
        let link = &self.document.links[index];
        let first = self.document.flow().events.get(link.events.start as usize);
        let begins_with_text = !link.events.is_empty()
            && matches!(first, Some(Event { kind: EventKind::Text(s) }) if !s.is_empty());
        // Nearly all do.
        let is_plain = self.document.restrictions.is_empty() && begins_with_text;
        !(is_plain && link.visibility.seen_by(self.reader)) && self.link_text(index).is_empty()
    }

    /// Visible texts that stand in attributes and frames, not among the lines: tabs' and groups'
    /// names, languages and titles of code.
    pub fn unread(&self) -> Vec<String> {
        let mut texts = Vec::new();
        for (_, event) in self.events() {
            match event.kind {
                EventKind::Start(Tag::Container(i)) => {
                    texts.push(self.document.flow().containers[i as usize].name.clone());
                }
                EventKind::CodeBlock(i) => {
                    let code = &self.document.flow().code_blocks[i as usize];
                    texts.extend([code.language.clone(), code.title.clone()]);
                }
                EventKind::Icon(s) | EventKind::Html(s) => {
                    texts.push(self.document.str(s).to_owned());
                }
                EventKind::Start(Tag::Footnote(i)) | EventKind::FootnoteReference(i) => {
                    texts.push(self.document.flow().footnotes[i as usize].label.clone());
                }
                _ => {}
            }
        }
        texts
    }

    /// The visible events with their indices, hidden ranges left out.
    pub(super) fn events(&self) -> impl Iterator<Item = (usize, &'a Event)> {
        let events = self.document.flow().events.as_slice();
        let hidden = self.hidden.as_slice();
        let (mut at, mut next) = (0, 0);
        std::iter::from_fn(move || {
            while let Some(h) = hidden.get(next)
                && at >= h.start as usize
            {
                at = at.max(h.end as usize);
                next += 1;
            }
            at += 1;
            Some((at - 1, events.get(at - 1)?))
        })
    }

    /// The first event from this one on that is not hidden.
    pub(super) fn visible_from(&self, event: usize) -> usize {
        // They never touch one another.
        let next = self.hidden.partition_point(|h| h.end as usize <= event);
        match self.hidden.get(next) {
            Some(hidden) if hidden.start as usize <= event => hidden.end as usize,
            _ => event,
        }
    }

    pub(super) fn is_hidden(&self, event: u32) -> bool {
        let next = self.hidden.partition_point(|h| h.end <= event);
        self.hidden.get(next).is_some_and(|h| h.contains(&event))
    }

    fn hide_what_is_left_empty(&mut self) {
        struct Open {
            start: u32,
            had_hidden: bool,
            has_visible: bool,
        }
        let events = &self.document.flow().events;
        let mut open: Vec<Open> = Vec::new();
        let mut emptied: Vec<Range<u32>> = Vec::new();
        let mut hidden = self.hidden.iter().peekable();
        let mut at = 0u32;
        while (at as usize) < events.len() {
            if let Some(h) = hidden.peek()
                && at >= h.start
            {
                at = at.max(h.end);
                hidden.next();
                if let Some(top) = open.last_mut() {
                    top.had_hidden = true;
                }
                continue;
            }
            match events[at as usize].kind {
                EventKind::Start(_) => {
                    open.push(Open { start: at, had_hidden: false, has_visible: false });
                }
                EventKind::End(tag) => {
                    let Some(closed) = open.pop() else { break };
                    let empty = closed.had_hidden && !closed.has_visible && !keeps_place(tag);
                    if empty {
                        emptied.push(closed.start..at + 1);
                    }
                    if let Some(outer) = open.last_mut() {
                        outer.had_hidden |= empty;
                        outer.has_visible |= !empty && !is_title(tag);
                    }
                }
                EventKind::SoftBreak | EventKind::HardBreak | EventKind::Task { .. } => {}
                _ => {
                    if let Some(top) = open.last_mut() {
                        top.has_visible = true;
                    }
                }
            }
            at += 1;
        }
        if emptied.is_empty() {
            return;
        }
        let mut all: Vec<Range<u32>> = self.hidden.drain(..).chain(emptied).collect();
        all.sort_by_key(|r| (r.start, std::cmp::Reverse(r.end)));
        for range in all {
            match self.hidden.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => self.hidden.push(range),
            }
        }
    }
}

/// A table's cells keep their columns, a link without its text may get another one, and what is a title does not fill what it entitles.
fn keeps_place(tag: Tag) -> bool {
    matches!(tag, Tag::TableCell(_) | Tag::TableRow | Tag::TableHead | Tag::Table(_) | Tag::Link(_))
}

fn is_title(tag: Tag) -> bool {
    matches!(tag, Tag::CalloutTitle | Tag::ContainerTitle)
}
