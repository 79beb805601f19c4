//! Restricting a part of a document once it is there.

use std::ops::Range;

use crate::audience::Visibility;

use super::document::{Document, EventKind, Restriction, Span, Tag};

impl Document {
    /// Shows these events to nobody but those of `visibility`, and their links, pictures, headings,
    /// anchors and snippets with them. Whoever calls it sorts the restrictions in the end.
    pub(super) fn restrict(&mut self, events: Range<u32>, visibility: Visibility) {
        let within = events.start as usize..events.end as usize;
        for at in within.clone() {
            let seen = match self.flow().events[at].kind {
                EventKind::Start(Tag::Heading(i)) => &mut self.headings[i as usize].visibility,
                EventKind::Start(Tag::Link(i)) => &mut self.links[i as usize].visibility,
                EventKind::Start(Tag::Callout(i)) => {
                    &mut self.flow_mut().callouts[i as usize].visibility
                }
                EventKind::Start(Tag::Container(i)) => {
                    &mut self.flow_mut().containers[i as usize].visibility
                }
                EventKind::Image(i) => &mut self.images[i as usize].visibility,
                EventKind::Include(i) => &mut self.includes[i as usize].visibility,
                _ => continue,
            };
            *seen = seen.and(visibility);
        }
        if !self.anchors.is_empty() {
            let spans = self.flow().spans().into_owned();
            let inside = |span: Span| {
                let covers = |s: &Span| {
                    s.source == span.source && s.start <= span.start && span.end <= s.end
                };
                spans[within.clone()].iter().any(covers)
            };
            for anchor in &mut self.anchors {
                if inside(anchor.span) {
                    anchor.visibility = anchor.visibility.and(visibility);
                }
            }
        }
        self.restrictions.push(Restriction { events, visibility });
    }

    /// A footnote is for those who read a reference to it; one that nobody refers to, for all.
    pub(super) fn restrict_footnotes(&mut self) {
        if self.flow().footnotes.is_empty() || self.restrictions.is_empty() {
            return;
        }
        let mut readers: Vec<Option<Visibility>> = vec![None; self.flow().footnotes.len()];
        for (at, event) in self.flow().events.iter().enumerate() {
            if let EventKind::FootnoteReference(i) = event.kind {
                let around = self.restrictions.iter().filter(|r| r.events.contains(&(at as u32)));
                let seen = around.fold(Visibility::EVERYBODY, |seen, r| seen.and(r.visibility));
                let all = readers[i as usize].get_or_insert(Visibility::NOBODY);
                *all = all.or(seen);
            }
        }
        for (i, readers) in readers.into_iter().enumerate() {
            let events = self.flow().footnotes[i].events.clone();
            match readers {
                Some(readers) if !readers.is_everybody() && !events.is_empty() => {
                    self.restrict(events, readers);
                }
                _ => {}
            }
        }
    }
}
