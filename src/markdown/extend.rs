//! Adds to a text what another one says in addition, and hides sections of it: a company's own
//! words on its vendor's manual.
//!
//! The places are found in the text as its readers know it, by the ids of its headings; the
//! additions become includes there, so that splicing treats them like any snippet.

use std::ops::Range;

use crate::audience::Visibility;

use super::document::{
    Container, ContainerKind, Document, Event, EventKind, Include, Restriction, Span, Tag,
};

/// Where an addition goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Position {
    /// Above everything but the title.
    Top,
    End,
    /// Behind the text of the section with this index among the document's own headings.
    Section(usize),
}

/// A text to add: where, the name by which the splice's lookup knows it, and whom it is for.
#[derive(Clone, Debug)]
pub struct Addition {
    pub position: Position,
    pub name: String,
    pub visibility: Visibility,
}

/// The unspliced document with includes for the additions, and with the sections hidden whose
/// headings' indices are in `hidden`.
pub fn extend(document: &Document, additions: &[Addition], hidden: &[usize]) -> Document {
    let mut extended = document.clone();
    extended.flow_mut().unpack();
    for &heading in hidden {
        let events = section(document, heading, Depth::WithSubsections);
        extended.restrict(events, Visibility::NOBODY);
    }
    let mut inserts: Vec<(u32, &Addition)> =
        additions.iter().map(|a| (place(document, &a.position), a)).collect();
    // From the end, so that the places before stay right; of one place the last comes first.
    inserts.sort_by_key(|(at, _)| *at);
    for (at, addition) in inserts.into_iter().rev() {
        insert(&mut extended, at, addition);
    }
    extended.restrictions.sort_by_key(|r| (r.events.start, std::cmp::Reverse(r.events.end)));
    extended
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    OwnText,
    WithSubsections,
}

fn place(document: &Document, position: &Position) -> u32 {
    match position {
        Position::End => document.flow().events.len() as u32,
        Position::Section(heading) => section(document, *heading, Depth::OwnText).end,
        Position::Top => match document.title_heading() {
            Some(title) if document.headings[title].event == 0 => end_of(document, 0),
            _ => 0,
        },
    }
}

/// Behind the `End` of what starts at `start`.
fn end_of(document: &Document, start: u32) -> u32 {
    let mut depth = 0u32;
    for (i, event) in document.flow().events.iter().enumerate().skip(start as usize) {
        match event.kind {
            EventKind::Start(_) => depth += 1,
            EventKind::End(_) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return i as u32 + 1;
        }
    }
    document.flow().events.len() as u32
}

/// The events of a heading's section. It ends where what contains it ends.
fn section(document: &Document, heading: usize, depth: Depth) -> Range<u32> {
    let Some(own) = document.headings.get(heading) else { return 0..0 };
    let mut at = end_of(document, own.event);
    while let Some(event) = document.flow().events.get(at as usize) {
        match event.kind {
            EventKind::End(_) => break,
            EventKind::Start(Tag::Heading(next)) => {
                let level = document.headings[next as usize].level;
                if depth == Depth::OwnText || level <= own.level {
                    break;
                }
                at = end_of(document, at);
            }
            _ => at = end_of(document, at),
        }
    }
    own.event..at
}

fn insert(document: &mut Document, at: u32, addition: &Addition) {
    let before =
        at.checked_sub(1).and_then(|before| document.flow().spans().get(before as usize).copied());
    let span = match before {
        Some(span) => Span { start: span.end, ..span },
        None => Span { source: 0, start: 0, end: 0 },
    };
    // Whom the place itself is for, those of the addition have to be among.
    let around = document.restrictions.iter().filter(|r| r.events.start < at && at < r.events.end);
    let visibility = around.fold(addition.visibility, |seen, r| seen.and(r.visibility));
    let include = document.includes.len() as u32;
    document.includes.push(Include { path: addition.name.clone(), span, visibility });
    let container = document.flow().containers.len() as u32;
    let (kind, name) = (ContainerKind::Own, String::new());
    document.flow_mut().containers.push(Container { kind, name, visibility, span });
    let tag = Tag::Container(container);
    let events = [EventKind::Start(tag), EventKind::Include(include), EventKind::End(tag)];
    let count = events.len() as u32;
    let range = at as usize..at as usize;
    document.flow_mut().events.splice(range, events.map(|kind| Event { kind }));
    document.flow_mut().spans.insert(at as usize, span, events.len());

    // A range that ends right here stays as it is: what is put behind a text is not part of it.
    let move_range = |events: &mut Range<u32>| {
        if events.start >= at {
            events.start += count;
        }
        if events.end > at {
            events.end += count;
        }
        events.end = events.end.max(events.start);
    };
    document.links.iter_mut().for_each(|link| move_range(&mut link.events));
    document.flow_mut().footnotes.iter_mut().for_each(|note| move_range(&mut note.events));
    document.restrictions.iter_mut().for_each(|r| move_range(&mut r.events));
    for heading in document.headings.iter_mut().filter(|heading| heading.event >= at) {
        heading.event += count;
    }
    if !visibility.is_everybody() {
        document.restrictions.push(Restriction { events: at..at + count, visibility });
    }
}
