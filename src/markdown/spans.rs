//! Where the events of a document stand in their files.
//!
//! They are as large as the events themselves, and only what adds to a text or hides a part of it
//! asks for them. So a finished document holds them packed: four bytes for an event, none for an
//! `End`, which stands where its `Start` does.

use std::borrow::Cow;

use super::document::{Event, EventKind, Span};

/// The spans of a document's events, in their order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Spans {
    /// Empty once they are packed.
    plain: Vec<Span>,
    packed: Option<Packed>,
}

#[derive(Clone, Debug, PartialEq)]
struct Packed {
    /// Of all events but `End`s: how far behind the one before it each begins, and its length.
    near: Box<[(i16, u16)]>,
    /// Those that are not like that, in whose place there is [`FAR`].
    far: Box<[Span]>,
}

const FAR: (i16, u16) = (i16::MIN, u16::MAX);

impl Spans {
    pub fn with_capacity(events: usize) -> Spans {
        Spans { plain: Vec::with_capacity(events), packed: None }
    }

    pub fn push(&mut self, span: Span) {
        self.plain.push(span);
    }

    pub fn truncate(&mut self, events: usize) {
        self.plain.truncate(events);
    }

    /// The last one, while they are not packed.
    pub fn last(&self) -> Option<Span> {
        self.plain.last().copied()
    }

    /// Of one event, while they are not packed.
    pub fn set(&mut self, event: usize, span: Span) {
        if let Some(place) = self.plain.get_mut(event) {
            *place = span;
        }
    }

    /// Puts `count` times `span` in before an event.
    pub fn insert(&mut self, event: usize, span: Span, count: usize) {
        self.plain.splice(event..event, std::iter::repeat_n(span, count));
    }

    /// All of them; `events` are those of the document.
    pub fn all(&self, events: &[Event]) -> Cow<'_, [Span]> {
        match &self.packed {
            None => Cow::Borrowed(&self.plain),
            Some(packed) => Cow::Owned(packed.unpack(events)),
        }
    }

    pub fn unpack(&mut self, events: &[Event]) {
        if let Some(packed) = self.packed.take() {
            self.plain = packed.unpack(events);
        }
    }

    pub fn pack(&mut self, events: &[Event]) {
        if self.packed.is_none()
            && let Some(packed) = Packed::new(events, &self.plain)
        {
            *self = Spans { plain: Vec::new(), packed: Some(packed) };
        }
    }
}

impl Packed {
    /// `None` where an `End` stands elsewhere than its `Start`.
    fn new(events: &[Event], spans: &[Span]) -> Option<Packed> {
        let mut near = Vec::with_capacity(events.len());
        let mut far = Vec::new();
        let mut open = Vec::new();
        let mut before = 0u32;
        for (event, &span) in events.iter().zip(spans) {
            match event.kind {
                EventKind::End(_) if open.pop() == Some(span) => continue,
                EventKind::End(_) => return None,
                EventKind::Start(_) => open.push(span),
                _ => {}
            }
            near.push(match Packed::near(before, span) {
                Some(near) => near,
                None => {
                    far.push(span);
                    FAR
                }
            });
            before = span.start;
        }
        Some(Packed { near: near.as_slice().into(), far: far.into() })
    }

    fn near(before: u32, span: Span) -> Option<(i16, u16)> {
        let behind = i16::try_from(i64::from(span.start) - i64::from(before)).ok()?;
        let length = u16::try_from(span.end.checked_sub(span.start)?).ok()?;
        (span.source == 0 && behind != i16::MIN).then_some((behind, length))
    }

    fn unpack(&self, events: &[Event]) -> Vec<Span> {
        let (mut near, mut far) = (self.near.iter(), self.far.iter());
        let mut open: Vec<Span> = Vec::new();
        let mut last = Span { source: 0, start: 0, end: 0 };
        let spans = events.iter().map(|event| {
            if matches!(event.kind, EventKind::End(_)) {
                return open.pop().unwrap_or(last);
            }
            last = match near.next() {
                Some(&FAR) => far.next().copied().unwrap_or(last),
                Some(&(behind, length)) => {
                    let start = last.start.wrapping_add_signed(behind.into());
                    Span { source: 0, start, end: start + u32::from(length) }
                }
                None => last,
            };
            if matches!(event.kind, EventKind::Start(_)) {
                open.push(last);
            }
            last
        });
        spans.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::document::Tag;

    #[test]
    fn they_come_out_of_the_pack_as_they_went_in() {
        let span = |source, start, end| Span { source, start, end };
        let events = [
            (EventKind::Start(Tag::Paragraph), span(0, 7, 90_000)),
            (EventKind::SoftBreak, span(0, 8, 9)),
            (EventKind::Start(Tag::Emphasis), span(0, 70_000, 70_010)),
            (EventKind::HardBreak, span(3, 1, 2)),
            (EventKind::Rule, span(0, 70_002, 70_001)),
            (EventKind::End(Tag::Emphasis), span(0, 70_000, 70_010)),
            (EventKind::Rule, span(0, 5, 6)),
            (EventKind::End(Tag::Paragraph), span(0, 7, 90_000)),
        ];
        let mut spans = Spans::default();
        events.iter().for_each(|(_, span)| spans.push(*span));
        let plain = spans.clone();
        let events = events.map(|(kind, _)| Event { kind });
        spans.pack(&events);
        assert!(spans.packed.is_some() && spans.last().is_none());
        assert_eq!(spans.all(&events), plain.all(&events));
        spans.unpack(&events);
        assert_eq!(spans, plain);
        spans.set(7, span(0, 0, 1));
        let moved = spans.clone();
        spans.pack(&events);
        assert_eq!(spans, moved, "an end elsewhere");
    }
}
