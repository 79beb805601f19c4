//! Puts snippets in where a text includes them, as blocks, and gives headings their ids.
//!
//! A snippet lies in the article as if it had been written there in full: what restricts the place
//! of its include restricts all of it.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::audience::Visibility;
use crate::diagnostic::{Diagnostic, Place, Rule};
use crate::markdown::Snippet;
use crate::markdown::document::*;
use crate::markdown::flow::Flow;
use crate::markdown::rules;
use crate::path::SourcePath;
use crate::slug;
use crate::source::OUTSIDE;

/// Snippets within snippets, and events of all together; beyond these somebody made a bomb.
const MAX_DEPTH: usize = 16;
const MAX_EVENTS: usize = 4_000_000;
const MAX_SNIPPETS: usize = 10_000;

pub(super) type Lookup<'l, 'a> = &'l dyn Fn(&str) -> Option<Snippet<'a>>;

pub(super) struct Splicer<'l, 'a> {
    pub lookup: Lookup<'l, 'a>,
    pub findings: &'l mut Vec<Diagnostic>,
    out: Document,
    within: Vec<&'a Document>,
}

impl<'l, 'a> Splicer<'l, 'a> {
    pub fn new(
        document: &Document,
        lookup: Lookup<'l, 'a>,
        findings: &'l mut Vec<Diagnostic>,
    ) -> Splicer<'l, 'a> {
        let flow = Flow::with_capacity(document.flow().arena.len());
        let mut out = Document::empty(document.sources[0].clone(), flow);
        out.sources.clear();
        out.body = document.body;
        Splicer { lookup, findings, out, within: Vec::new() }
    }

    pub fn splice(mut self, document: &'a Document, text: &'a str) -> Document {
        self.append(document, text, Visibility::EVERYBODY);
        self.out.restrictions.sort_by_key(|r| (r.events.start, std::cmp::Reverse(r.events.end)));
        self.out
    }

    /// The parts one after the other, with the events of each.
    pub fn join(mut self, parts: &[Snippet<'a>]) -> (Document, Vec<Range<u32>>) {
        let mut places = Vec::with_capacity(parts.len());
        for part in parts {
            let start = self.out.flow().events.len() as u32;
            self.append(part.document, part.text, part.visibility);
            let events = start..self.out.flow().events.len() as u32;
            if !part.visibility.is_everybody() {
                let visibility = part.visibility;
                self.out.restrictions.push(Restriction { events: events.clone(), visibility });
            }
            places.push(events);
        }
        self.out.restrictions.sort_by_key(|r| (r.events.start, std::cmp::Reverse(r.events.end)));
        (self.out, places)
    }

    /// Appends a document with its snippets; where it is put, `outer` holds.
    fn append(&mut self, document: &'a Document, text: &'a str, outer: Visibility) {
        self.within.push(document);
        let source = self.out.sources.len() as u16;
        self.out.sources.push(document.sources[0].clone());
        let arena = self.out.flow().arena.len() as u32;
        self.out.flow_mut().arena.push_str(&document.flow().arena);
        let base = Bases {
            source,
            arena,
            links: self.out.links.len() as u32,
            images: self.out.images.len() as u32,
            headings: self.out.headings.len() as u32,
            callouts: self.out.flow().callouts.len() as u32,
            containers: self.out.flow().containers.len() as u32,
            code_blocks: self.out.flow().code_blocks.len() as u32,
            tables: self.out.flow().tables.len() as u32,
            footnotes: self.out.flow().footnotes.len() as u32,
            spots: self.out.flow().spots.len() as u32,
            tasks: self.out.flow().tasks,
        };
        self.append_tables(document, &base, outer);
        // Where each event came to lie, and the end.
        let mut places = Vec::with_capacity(document.flow().events.len() + 1);
        for (event, span) in document.flow().events.iter().zip(&*document.flow().spans()) {
            places.push(self.out.flow().events.len() as u32);
            match event.kind {
                EventKind::Include(i) => {
                    self.include(&document.includes[i as usize], text, document, outer);
                }
                kind => self.out.flow_mut().push(base.kind(kind), base.span(*span)),
            }
        }
        places.push(self.out.flow().events.len() as u32);
        let placed =
            |events: &Range<u32>| places[events.start as usize]..places[events.end as usize];
        let (links, headings, footnotes) =
            (base.links as usize, base.headings as usize, base.footnotes as usize);
        for (new, old) in self.out.links[links..].iter_mut().zip(&document.links) {
            new.events = placed(&old.events);
        }
        for (new, old) in self.out.headings[headings..].iter_mut().zip(&document.headings) {
            new.event = places[old.event as usize];
        }
        for (new, old) in
            self.out.flow_mut().footnotes[footnotes..].iter_mut().zip(&document.flow().footnotes)
        {
            new.events = placed(&old.events);
        }
        for old in &document.restrictions {
            self.out.restrictions.push(Restriction {
                events: placed(&old.events),
                visibility: old.visibility.and(outer),
            });
        }
        self.within.pop();
    }

    fn append_tables(&mut self, document: &Document, base: &Bases, outer: Visibility) {
        let out = &mut self.out;
        let seen = |v: &mut Visibility, span: &mut Span| {
            *v = v.and(outer);
            *span = base.span(*span);
        };
        out.links.extend(document.links.iter().cloned());
        out.links[base.links as usize..]
            .iter_mut()
            .for_each(|l| seen(&mut l.visibility, &mut l.span));
        out.images.extend(document.images.iter().cloned());
        out.images[base.images as usize..]
            .iter_mut()
            .for_each(|i| seen(&mut i.visibility, &mut i.span));
        out.headings.extend(document.headings.iter().cloned());
        out.headings[base.headings as usize..]
            .iter_mut()
            .for_each(|h| seen(&mut h.visibility, &mut h.span));
        let anchors = out.anchors.len();
        out.anchors.extend(document.anchors.iter().cloned());
        out.anchors[anchors..].iter_mut().for_each(|a| seen(&mut a.visibility, &mut a.span));
        let (flow, from) = (out.flow_mut(), document.flow());
        flow.tasks += from.tasks;
        flow.callouts.extend(from.callouts.iter().cloned());
        flow.callouts[base.callouts as usize..]
            .iter_mut()
            .for_each(|c| seen(&mut c.visibility, &mut c.span));
        flow.containers.extend(from.containers.iter().cloned());
        flow.containers[base.containers as usize..]
            .iter_mut()
            .for_each(|c| seen(&mut c.visibility, &mut c.span));
        flow.code_blocks.extend(from.code_blocks.iter().cloned());
        flow.code_blocks[base.code_blocks as usize..]
            .iter_mut()
            .for_each(|c| c.text = base.str(c.text));
        flow.tables.extend(from.tables.iter().cloned());
        flow.footnotes.extend(from.footnotes.iter().cloned());
        flow.spots.extend(from.spots.iter().cloned());
        flow.spots[base.spots as usize..].iter_mut().for_each(|s| s.image += base.images);
    }

    fn include(&mut self, include: &Include, text: &str, document: &Document, outer: Visibility) {
        let place = || Place::of_range(document.sources[0].clone(), text, include.span.range());
        let mut report = |rule: Rule, message: String, help: &str| {
            self.findings.push(Diagnostic::new(rule, place(), message).help(help));
        };
        let Some(snippet) = (self.lookup)(&include.path) else {
            if SourcePath::new("content/x").join(&include.path).is_none() {
                let message = format!("`{}` leads out of the portal", include.path);
                return report(OUTSIDE, message, "snippets lie in the folder content/");
            }
            let message = format!("there is no snippet `{}`", include.path);
            return report(
                rules::BROKEN_INCLUDE,
                message,
                "its path starts at the folder content/",
            );
        };
        if self.within.iter().any(|d| {
            std::ptr::eq(*d, snippet.document) || d.sources[0] == snippet.document.sources[0]
        }) {
            let message = format!("`{}` includes itself", snippet.document.sources[0]);
            return report(
                rules::CIRCULAR_INCLUDE,
                message,
                "break the circle; this include is left out",
            );
        }
        let too_much = self.within.len() >= MAX_DEPTH
            || self.out.flow().events.len() + snippet.document.flow().events.len() > MAX_EVENTS
            || self.out.sources.len() > MAX_SNIPPETS;
        if too_much {
            let message = format!("including `{}` makes the article too large", include.path);
            return report(rules::CIRCULAR_INCLUDE, message, "this include is left out");
        }
        let start = self.out.flow().events.len() as u32;
        let visibility = outer.and(include.visibility).and(snippet.visibility);
        self.append(snippet.document, snippet.text, visibility);
        if !snippet.visibility.is_everybody() {
            let events = start..self.out.flow().events.len() as u32;
            self.out.restrictions.push(Restriction { events, visibility });
        }
    }
}

/// How far the indices of a document move when it is appended.
struct Bases {
    source: u16,
    arena: u32,
    links: u32,
    images: u32,
    headings: u32,
    callouts: u32,
    containers: u32,
    code_blocks: u32,
    tables: u32,
    footnotes: u32,
    spots: u32,
    tasks: u32,
}

impl Bases {
    fn span(&self, span: Span) -> Span {
        Span { source: self.source, ..span }
    }

    fn str(&self, s: Str) -> Str {
        Str { start: s.start + self.arena, end: s.end + self.arena }
    }

    fn kind(&self, kind: EventKind) -> EventKind {
        match kind {
            EventKind::Start(tag) => EventKind::Start(self.tag(tag)),
            EventKind::End(tag) => EventKind::End(self.tag(tag)),
            EventKind::Text(s) => EventKind::Text(self.str(s)),
            EventKind::Code(s) => EventKind::Code(self.str(s)),
            EventKind::Html(s) => EventKind::Html(self.str(s)),
            EventKind::Icon(s) => EventKind::Icon(self.str(s)),
            EventKind::Key(s) => EventKind::Key(self.str(s)),
            EventKind::Ui(s) => EventKind::Ui(self.str(s)),
            EventKind::Image(i) => EventKind::Image(i + self.images),
            EventKind::CodeBlock(i) => EventKind::CodeBlock(i + self.code_blocks),
            EventKind::FootnoteReference(i) => EventKind::FootnoteReference(i + self.footnotes),
            EventKind::Task { index, checked } => {
                EventKind::Task { index: index + self.tasks, checked }
            }
            other @ (EventKind::SoftBreak
            | EventKind::HardBreak
            | EventKind::Rule
            | EventKind::Include(_)) => other,
        }
    }

    fn tag(&self, tag: Tag) -> Tag {
        match tag {
            Tag::Heading(i) => Tag::Heading(i + self.headings),
            Tag::Callout(i) => Tag::Callout(i + self.callouts),
            Tag::Container(i) => Tag::Container(i + self.containers),
            Tag::Table(i) => Tag::Table(i + self.tables),
            Tag::Footnote(i) => Tag::Footnote(i + self.footnotes),
            Tag::Spots(i) => Tag::Spots(i + self.spots),
            Tag::Link(i) => Tag::Link(i + self.links),
            other => other,
        }
    }
}

/// Gives every heading an id of its own: the typed one, else one made of its text.
///
/// Those that everybody sees come first, so that no id tells of headings that a reader may not see.
pub(super) fn give_ids(document: &mut Document, text: &str, findings: &mut Vec<Diagnostic>) {
    let mut taken: FxHashSet<String> = FxHashSet::default();
    let mut counts: FxHashMap<String, u32> = FxHashMap::default();
    for public in [true, false] {
        let anchors = document.anchors.iter().filter(|a| a.visibility.is_everybody() == public);
        taken.extend(anchors.map(|anchor| anchor.id.clone()));
        for typed in [true, false] {
            for heading in &mut document.headings {
                let has_typed = !heading.id.is_empty();
                let of_this_round = heading.visibility.is_everybody() == public
                    && if typed { has_typed } else { !has_typed };
                if !of_this_round {
                    continue;
                }
                let wanted = match typed {
                    true => std::mem::take(&mut heading.id),
                    false => slug::slug_or(&heading.text, "section"),
                };
                if typed && taken.contains(&wanted) && heading.span.source == 0 {
                    let place =
                        Place::of_range(document.sources[0].clone(), text, heading.span.range());
                    let message = format!("the id `{wanted}` is already taken on this page");
                    let help = "give one of them another id";
                    findings.push(Diagnostic::new(rules::DUPLICATE_ID, place, message).help(help));
                }
                heading.id = unique(wanted, &mut taken, &mut counts);
            }
        }
    }
}

fn unique(
    wanted: String,
    taken: &mut FxHashSet<String>,
    counts: &mut FxHashMap<String, u32>,
) -> String {
    if taken.insert(wanted.clone()) {
        return wanted;
    }
    let count = counts.entry(wanted.clone()).or_insert(1);
    loop {
        *count += 1;
        let id = format!("{wanted}-{count}");
        if taken.insert(id.clone()) {
            return id;
        }
    }
}
