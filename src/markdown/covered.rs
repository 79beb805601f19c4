//! The marks that [`mask`](super::mask) covered up, each to be reached once.

use std::ops::Range;

use crate::markdown::mask::{Mark, MarkKind};

/// The marks of a text, in places of the whole file.
#[derive(Default)]
pub(super) struct Covered {
    pub(super) marks: Vec<Mark>,
    pub(super) consumed: Vec<bool>,
}

impl Covered {
    pub fn new(mut marks: Vec<Mark>, offset: usize) -> Covered {
        for mark in &mut marks {
            mark.range = mark.range.start + offset..mark.range.end + offset;
        }
        Covered { consumed: vec![false; marks.len()], marks }
    }

    /// The first mark that ends behind `at`.
    fn first_from(&self, at: usize) -> usize {
        self.marks.partition_point(|m| m.range.end <= at)
    }

    pub fn within(&self, range: &Range<usize>) -> impl Iterator<Item = usize> {
        let end = range.end;
        let marks = &self.marks;
        (self.first_from(range.start)..marks.len()).take_while(move |&i| marks[i].range.start < end)
    }

    pub fn touches(&self, range: &Range<usize>) -> bool {
        !self.marks.is_empty() && self.within(range).next().is_some()
    }

    pub fn touches_fence(&self, range: &Range<usize>) -> bool {
        let is_fence = |i: usize| matches!(self.marks[i].kind, MarkKind::Fence(_));
        !self.marks.is_empty() && self.within(range).any(is_fence)
    }

    /// The end of `range`, or of the mark that it ends in.
    pub fn end_of(&self, range: &Range<usize>) -> usize {
        self.within(range).last().map_or(range.end, |i| self.marks[i].range.end.max(range.end))
    }

    /// The first fence in `range` that was not yet reached; it is now.
    pub fn fence_in(&mut self, range: &Range<usize>) -> Option<(u32, Range<usize>)> {
        if self.marks.is_empty() {
            return None;
        }
        let found = self.within(range).find_map(|i| match self.marks[i].kind {
            MarkKind::Fence(colons) if !self.consumed[i] => Some((i, colons)),
            _ => None,
        });
        found.map(|(i, colons)| {
            self.consumed[i] = true;
            (colons, self.marks[i].range.clone())
        })
    }

    /// All fences in `range` that were not yet reached; they are now.
    pub fn fences_in(&mut self, range: &Range<usize>) -> Vec<Range<usize>> {
        if self.marks.is_empty() {
            return Vec::new();
        }
        let is_fence = |i: &usize| matches!(self.marks[*i].kind, MarkKind::Fence(_));
        let fences: Vec<usize> =
            self.within(range).filter(|i| is_fence(i) && !self.consumed[*i]).collect();
        fences.iter().for_each(|&i| self.consumed[i] = true);
        fences.into_iter().map(|i| self.marks[i].range.clone()).collect()
    }

    /// The callout's mark that opens the quote which begins at `start`.
    pub fn callout_of(&mut self, start: usize, text: &str) -> Option<Range<usize>> {
        let i = self.first_from(start);
        let mark = self.marks.get(i).filter(|m| m.kind == MarkKind::Callout)?;
        let between = text.get(start..mark.range.start)?;
        let opens =
            between.strip_prefix('>').is_some_and(|b| b.bytes().all(|b| b == b' ' || b == b'\t'));
        if opens {
            self.consumed[i] = true;
        }
        opens.then(|| mark.range.clone())
    }

    /// Whether code holds a consumed callout's mark and no more.
    pub fn is_callout_only(&self, range: &Range<usize>, text: &str) -> bool {
        if self.marks.is_empty() {
            return false;
        }
        let mut within = self.within(range);
        let Some(i) = within.next() else { return false };
        let mark = &self.marks[i];
        self.consumed[i]
            && mark.kind == MarkKind::Callout
            && text[range.clone()].trim() == text[mark.range.clone()].trim()
    }
}
