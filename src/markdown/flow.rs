//! What a text says, in order: a flat list of events with spans, and one arena for all its strings.
//!
//! Flat, because a tree of ten thousand nested quotes overflows the stack when it is dropped; one
//! arena, because a text has thousands of small strings.

use std::borrow::Cow;

use super::document::{
    Callout, CodeBlock, Container, Event, EventKind, Footnote, Span, Spots, Str, Table,
};
use super::spans::Spans;

/// The events of a document, with what they alone refer to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Flow {
    pub arena: String,
    pub events: Vec<Event>,
    pub spans: Spans,
    pub callouts: Vec<Callout>,
    pub containers: Vec<Container>,
    pub code_blocks: Vec<CodeBlock>,
    pub tables: Vec<Table>,
    pub footnotes: Vec<Footnote>,
    pub spots: Vec<Spots>,
    /// How many task-list items there are.
    pub tasks: u32,
}

impl Flow {
    /// For a text of so many bytes.
    pub fn with_capacity(size: usize) -> Flow {
        Flow {
            arena: String::with_capacity(size + size / 8),
            events: Vec::with_capacity(size / 16),
            spans: Spans::with_capacity(size / 16),
            ..Flow::default()
        }
    }

    pub fn push(&mut self, kind: EventKind, span: Span) {
        self.events.push(Event { kind });
        self.spans.push(span);
    }

    /// Puts a string into the arena.
    pub fn add(&mut self, text: &str) -> Str {
        let start = self.arena.len() as u32;
        self.arena.push_str(text);
        Str { start, end: self.arena.len() as u32 }
    }

    pub fn str(&self, s: Str) -> &str {
        &self.arena[s.start as usize..s.end as usize]
    }

    /// Where each event stands.
    pub fn spans(&self) -> Cow<'_, [Span]> {
        self.spans.all(&self.events)
    }

    /// Makes the spans ready to be changed.
    pub fn unpack(&mut self) {
        self.spans.unpack(&self.events);
    }

    /// Gives back what was reserved and not needed.
    pub fn trim(&mut self) {
        self.arena = self.arena.as_str().to_owned();
        self.events = self.events.as_slice().to_vec();
        self.spans.pack(&self.events);
    }
}
