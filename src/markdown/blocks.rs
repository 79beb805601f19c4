//! Containers between fences, callouts, includes: the marks that [`mask`](super::mask) covered up.
//!
//! Each mark is consumed where CommonMark's events reach its offset. What restricts readers fails
//! closed: a mark that came to lie where it marks nothing hides the rest of the file, and says so.

use std::ops::Range;

use crate::audience::{Reader, Visibility};
use crate::diagnostic::nearest;
use crate::markdown::builder::{Builder, Origin};
use crate::markdown::document::*;
use crate::markdown::marks::{Fault, Marks, is_mark};
use crate::markdown::mask::{Mark, MarkKind};
use crate::markdown::medium;
use crate::markdown::parse::Driver;
use crate::markdown::rules;

const CALLOUTS: [(&str, CalloutKind); 6] = [
    ("note", CalloutKind::Note),
    ("tip", CalloutKind::Tip),
    ("important", CalloutKind::Important),
    ("warning", CalloutKind::Warning),
    ("caution", CalloutKind::Caution),
    ("admin", CalloutKind::Admin),
];
const CONTAINERS: [(&str, ContainerKind); 8] = [
    ("steps", ContainerKind::Steps),
    ("tabs", ContainerKind::Tabs),
    ("tab", ContainerKind::Tab),
    ("details", ContainerKind::Details),
    ("cards", ContainerKind::Cards),
    ("card", ContainerKind::Card),
    ("variant", ContainerKind::Variant),
    ("only", ContainerKind::Only),
];

/// The mend for marks that open a block.
const OWN_LINE: &str = "put it at the start of a line of its own";

impl Driver<'_, '_> {
    /// Text, some of which may be covered up.
    pub fn visible_text(&mut self, text: &str, range: Range<usize>) {
        if !self.covered.touches(&range) || text.len() != range.len() {
            return self.builder.text(text, range);
        }
        let mut at = range.start;
        let touched: Vec<usize> = self.covered.within(&range).collect();
        for i in touched {
            let Mark { kind, range: mark } = self.covered.marks[i].clone();
            if at < mark.start {
                self.builder
                    .text(&text[at - range.start..mark.start - range.start], at..mark.start);
            }
            at = mark.end;
            match kind {
                _ if std::mem::replace(&mut self.covered.consumed[i], true) => {}
                MarkKind::Include => self.include(mark),
                MarkKind::Callout => self.callout_amid(mark),
                MarkKind::BareCallout => self.callout_without_quote(mark),
                MarkKind::Fence(_) => self.misplaced_fence(mark),
            }
        }
        if at < range.end {
            self.builder.text(&text[at - range.start..], at..range.end);
        }
    }

    pub fn quote(&mut self, range: Range<usize>) {
        let Some(mark) = self.covered.callout_of(range.start, self.builder.text) else {
            return self.builder.start(Tag::Quote, Origin::Mark, range, Visibility::EVERYBODY);
        };
        self.start_callout(mark, range, Origin::Mark);
    }

    fn start_callout(&mut self, mark: Range<usize>, range: Range<usize>, origin: Origin) {
        let (kind, own, title) = self.read_callout(&mark);
        let index = self.builder.flow.callouts.len() as u32;
        let visibility = self.builder.visibility.and(own);
        let span = self.builder.span(&range);
        self.builder.flow.callouts.push(Callout { kind, visibility, span });
        self.builder.start(Tag::Callout(index), origin, range, own);
        self.title(Tag::CalloutTitle, title);
    }

    /// A title with markdown in it, as the first child of what is open.
    fn title(&mut self, tag: Tag, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        self.builder.start(tag, Origin::Mark, range.clone(), Visibility::EVERYBODY);
        self.inline(range.clone());
        self.builder.end_mark(range.end);
    }

    /// The word, the readers and the place of the title of `[!WORD …] title`.
    fn read_callout(&mut self, mark: &Range<usize>) -> (CalloutKind, Visibility, Range<usize>) {
        let builder = &mut *self.builder;
        let whole = &builder.text[mark.clone()];
        let close = whole.find(']').unwrap_or(whole.len());
        let inner = &whole[2..close];
        let letters = inner
            .bytes()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
            .count();
        let (word, rest) = inner.split_at(letters);
        let behind = whole.get(close + 1..).unwrap_or("");
        // Folding marks, as some editors type them: `[!NOTE]-`.
        let title = behind.trim_start_matches(['-', '+', ':']).trim();
        let start = mark.end - (whole.len() - whole.rfind(title).unwrap_or(whole.len()));
        let title = start..start + title.len();
        let known = CALLOUTS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word));
        let mut own = builder.marked(&Marks::parse(rest), mark.clone());
        let kind = match known {
            Some((_, kind)) => *kind,
            None => {
                let near = nearest(word, CALLOUTS.iter().map(|(known, _)| *known));
                let help = match near {
                    Some(near) => format!("did you mean `[!{}]`?", near.to_uppercase()),
                    None => {
                        "the words are NOTE, TIP, IMPORTANT, WARNING, CAUTION and ADMIN".to_owned()
                    }
                };
                let message = format!("there is no callout `[!{word}]`");
                let mut rule = rules::UNKNOWN_CALLOUT;
                if builder.separate() {
                    rule.severity = crate::diagnostic::Severity::Error;
                    own = Visibility::NOBODY;
                }
                builder.find(rule, mark.clone(), message, &help);
                CalloutKind::Unknown
            }
        };
        if kind == CalloutKind::Admin && Marks::parse(rest).audiences.is_none() {
            own = own.and(builder.options.admin);
        }
        (kind, own, title)
    }

    /// A callout's mark in the midst of a quote: from here to its end, if the mark restricts.
    fn callout_amid(&mut self, mark: Range<usize>) {
        let (kind, own, _) = self.read_callout(&mark);
        let amid_paragraph = |b: &Builder<'_>| {
            let mut open = b.open.iter().rev();
            matches!(open.next(), Some(o) if o.tag == Tag::Paragraph)
                && matches!(open.next(), Some(o) if matches!(o.tag, Tag::Quote | Tag::Callout(_)))
        };
        let original = self.builder.text[mark.clone()].to_owned();
        if kind != CalloutKind::Unknown
            && let Some(callout) = self.builder.callout_around_text()
        {
            return self.next_callout(callout, mark);
        }
        if own.is_everybody() {
            if kind != CalloutKind::Unknown {
                let message = format!("`{}` does not open its quote", short(&original));
                let help = "put an empty line before the quote that it shall open";
                self.builder.find(rules::CALLOUT_PLACE, mark.clone(), message, help);
            }
            return self.builder.text(&original, mark);
        }
        if amid_paragraph(self.builder) {
            self.builder.end_mark(mark.start);
            let quote_end = self.builder.open.last().map_or(mark.end, |o| o.span.end as usize);
            let range = mark.start..quote_end.max(mark.end);
            self.start_callout(mark, range.clone(), Origin::AmidQuote);
            self.builder.start(Tag::Paragraph, Origin::Mark, range, Visibility::EVERYBODY);
            return;
        }
        self.builder.misplaced(mark, &original, own, OWN_LINE);
    }

    /// One callout right behind another, without an empty line between them: CommonMark sees one quote,
    /// its writer two. The parser's ends of what lay in the first are those of the second.
    fn next_callout(&mut self, callout: usize, mark: Range<usize>) {
        let open = &self.builder.open[callout..];
        let range = mark.start..(open[0].span.end as usize).max(mark.end);
        let within: Vec<Tag> = open[1..].iter().map(|o| o.tag).collect();
        self.builder.end_down_to(callout, mark.start, true);
        self.start_callout(mark, range.clone(), Origin::Mark);
        for tag in within {
            match tag {
                // The parser knows of none.
                Tag::Tight => {}
                Tag::Paragraph => {
                    let range = range.clone();
                    self.builder.start(tag, Origin::Mark, range, Visibility::EVERYBODY);
                }
                tag => self.builder.start_silently(tag, &range),
            }
        }
    }

    fn callout_without_quote(&mut self, mark: Range<usize>) {
        let original = self.builder.text[mark.clone()].to_owned();
        let word = original[2..].split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
        let known = CALLOUTS.iter().any(|(known, _)| known.eq_ignore_ascii_case(word));
        if !known && !original.split_whitespace().any(is_mark) {
            return self.builder.text(&original, mark);
        }
        let (_, own, _) = self.read_callout(&mark);
        let message = format!("`{}` stands outside of a quote", short(&original));
        let help = "begin its line, and each that belongs to it, with `> `";
        let shown = !self.builder.separate() && own.seen_by(Reader::All);
        if own.is_everybody() || shown {
            self.builder.find(rules::CALLOUT_PLACE, mark.clone(), message, help);
            return self.builder.text(&original, mark);
        }
        self.builder.misplaced(mark, &original, own, OWN_LINE);
    }

    /// A fence in the midst of a paragraph, where it is none.
    pub fn misplaced_fence(&mut self, range: Range<usize>) {
        self.check_misplaced(range.clone());
        let original = self.builder.text[range.clone()].to_owned();
        self.builder.text(&original, range);
    }

    /// Hides the rest of the file if this fence, which opens nothing, was to restrict readers.
    pub fn check_misplaced(&mut self, range: Range<usize>) {
        let original = self.builder.text[range.clone()].to_owned();
        let own = self.own_of_fence(&original, &range);
        if !own.is_everybody() {
            self.builder.misplaced(range, original.trim(), own, OWN_LINE);
        }
    }

    fn own_of_fence(&mut self, fence: &str, range: &Range<usize>) -> Visibility {
        let rest = fence.trim().trim_start_matches(':').trim_start();
        let name = rest.split_whitespace().next().unwrap_or("");
        let own = self.builder.marked(&Marks::parse(&rest[name.len()..]), range.clone());
        if name.eq_ignore_ascii_case("admin") { own.and(self.builder.options.admin) } else { own }
    }

    fn include(&mut self, mark: Range<usize>) {
        let original = self.builder.text[mark.clone()].to_owned();
        let inner = original.trim_start_matches("{{include").trim_end_matches("}}");
        let path = inner.trim().trim_matches(['"', '\'']).to_owned();
        if path.is_empty() || !inner.starts_with(char::is_whitespace) {
            // `{{includes}}` may be a variable.
            return self.builder.text(&original, mark);
        }
        self.builder.flush();
        let top = self.builder.open.last().map(|o| o.tag);
        let amid = match top {
            Some(tag @ (Tag::Paragraph | Tag::Tight)) => Some(tag),
            None | Some(Tag::Item | Tag::Definition) => None,
            _ => {
                let message = format!("`{}` stands inside a sentence or a cell", short(&original));
                let help = "give it a line of its own";
                return self.builder.find(rules::BROKEN_INCLUDE, mark, message, help);
            }
        };
        if amid.is_some() {
            if let Some(Event { kind: EventKind::SoftBreak }) = self.builder.flow.events.last() {
                let last = self.builder.next_event() - 1;
                self.builder.truncate(last);
            }
            self.builder.end_mark(mark.start);
        }
        let index = self.builder.document.includes.len() as u32;
        let span = self.builder.span(&mark);
        let visibility = self.builder.visibility;
        self.builder.document.includes.push(Include { path, span, visibility });
        self.builder.push(EventKind::Include(index), span);
        if amid == Some(Tag::Paragraph) {
            self.builder.start(
                Tag::Paragraph,
                Origin::Mark,
                mark.end..mark.end,
                Visibility::EVERYBODY,
            );
        }
    }

    /// A fence line as a block of its own.
    pub fn fence(&mut self, (colons, range): (u32, Range<usize>)) {
        self.builder.end_tight(range.start);
        let original = self.builder.text[range.clone()].to_owned();
        let rest = original.trim_start_matches(':').trim();
        if rest.is_empty() { self.close(colons, range) } else { self.open(colons, range, rest) }
    }

    fn close(&mut self, colons: u32, range: Range<usize>) {
        let open = &self.builder.open;
        let floor = open
            .iter()
            .rposition(|o| matches!(o.origin, Origin::Mark | Origin::TooDeep))
            .map_or(0, |i| i + 1);
        let fence = |wanted: &dyn Fn(u32) -> bool| {
            (floor..open.len())
                .rev()
                .find(|&i| matches!(open[i].origin, Origin::Fence(n) if wanted(n)))
        };
        match fence(&|n| n == colons).or_else(|| fence(&|n| n < colons)) {
            Some(index) => self.builder.end_down_to(index, range.end, false),
            None => {
                let message = format!("`{}` closes nothing", ":".repeat(colons.min(20) as usize));
                let help = "a container ends with as many colons as it began with, indented as far";
                self.builder.find(rules::STRAY_FENCE, range, message, help);
            }
        }
    }

    fn open(&mut self, colons: u32, range: Range<usize>, rest: &str) {
        let name = rest.split(|c: char| c.is_whitespace()).next().unwrap_or("");
        let marks = Marks::parse(&rest[name.len()..]);
        let mut own = self.builder.marked(&marks, range.clone());
        let title_start = offset_in(self.builder.text, &range, marks.title);
        let title = title_start..title_start + marks.title.len();
        let lower = name.to_ascii_lowercase();
        if let Some((_, kind)) = CALLOUTS.iter().find(|(known, _)| *known == lower) {
            if *kind == CalloutKind::Admin && marks.audiences.is_none() {
                own = own.and(self.builder.options.admin);
            }
            let index = self.builder.flow.callouts.len() as u32;
            let visibility = self.builder.visibility.and(own);
            let span = self.builder.span(&range);
            self.builder.flow.callouts.push(Callout { kind: *kind, visibility, span });
            self.builder.start(Tag::Callout(index), Origin::Fence(colons), range, own);
            return self.title(Tag::CalloutTitle, title);
        }
        let kind = match CONTAINERS.iter().find(|(known, _)| *known == lower) {
            Some((_, kind)) => *kind,
            None => {
                own = own.and(self.unknown_container(name, &range));
                ContainerKind::Only
            }
        };
        let mut title = title;
        let name = match kind {
            ContainerKind::Variant => {
                let words = &self.builder.text[title.clone()];
                let first = words.split_whitespace().next().unwrap_or("");
                let behind = words[first.len()..].trim().trim_matches('"');
                let name = first.trim_matches('"').to_lowercase();
                let start = offset_in(self.builder.text, &title, behind);
                title = start..start + behind.len();
                name
            }
            ContainerKind::Tabs
            | ContainerKind::Steps
            | ContainerKind::Cards
            | ContainerKind::Only => {
                let name = self.builder.text[title.clone()].to_owned();
                title = title.start..title.start;
                name
            }
            _ => String::new(),
        };
        let index = self.builder.flow.containers.len() as u32;
        let visibility = self.builder.visibility.and(own);
        let span = self.builder.span(&range);
        self.builder.flow.containers.push(Container { kind, name, visibility, span });
        self.builder.start(Tag::Container(index), Origin::Fence(colons), range, own);
        self.title(Tag::ContainerTitle, title);
    }

    fn unknown_container(&mut self, name: &str, range: &Range<usize>) -> Visibility {
        let known = CONTAINERS
            .iter()
            .map(|(known, _)| *known)
            .chain(CALLOUTS.iter().map(|(known, _)| *known));
        let help = match nearest(name, known) {
            Some(near) => format!("did you mean `:::{near}`?"),
            None => {
                "the names are steps, tabs, tab, details, cards, card, variant and only".to_owned()
            }
        };
        let message = format!("there is no container `:::{}`", short(name));
        let mut rule = rules::UNKNOWN_CONTAINER;
        let separate = self.builder.separate();
        if separate {
            rule.severity = crate::diagnostic::Severity::Error;
        }
        self.builder.find(rule, range.clone(), message, &help);
        if separate { Visibility::NOBODY } else { Visibility::EVERYBODY }
    }
}

impl Builder<'_> {
    /// Who may see what has these marks; nobody, with a finding, where they can't be read.
    pub fn marked(&mut self, marks: &Marks<'_>, range: Range<usize>) -> Visibility {
        let fault = match marks.visibility(self.options) {
            Ok(visibility) => return visibility,
            Err(fault) => fault,
        };
        let (message, help) = match fault {
            Fault::Audience(name) => {
                let names: Vec<&str> = self.options.audiences.names().collect();
                let help = match nearest(name, names.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the audiences are {}", names.join(", ")),
                };
                (format!("there is no audience `{}`", short(name)), help)
            }
            Fault::NoModule => {
                let help = "name one, as `modules` of opas.toml does: `module=crm`";
                ("`module=` names no module".to_owned(), help.to_owned())
            }
        };
        self.find(rules::UNKNOWN_AUDIENCE, range, message, &help);
        Visibility::NOBODY
    }

    /// A mark where it can mark nothing. If it restricts, the rest of the file is for its readers.
    pub fn misplaced(&mut self, mark: Range<usize>, original: &str, own: Visibility, help: &str) {
        let message = format!("`{}` stands where it marks nothing", short(original));
        let mut rule = rules::CALLOUT_PLACE;
        if self.separate() && !own.is_everybody() || !own.seen_by(Reader::All) {
            rule.severity = crate::diagnostic::Severity::Error;
        }
        let help = match own.is_everybody() {
            true => help.to_owned(),
            false => format!("{help}; until then all that follows is for its readers only"),
        };
        self.find(rule, mark, message, &help);
        if !own.is_everybody() {
            self.flush();
            let visibility = self.visibility.and(own);
            self.lower_floor(visibility);
        }
    }

    pub fn image(&mut self, dest: String, alt: String, title: String, range: Range<usize>) -> u32 {
        self.ensure_textual(&range);
        let index = self.document.images.len() as u32;
        let span = self.span(&range);
        let medium = medium::of(&dest);
        let visibility = self.visibility;
        let placement = Placement::Inline;
        self.document.images.push(Image {
            dest,
            alt,
            title,
            placement,
            medium,
            id: None,
            span,
            visibility,
        });
        self.push(EventKind::Image(index), span);
        self.run.follows('x');
        index
    }
}

fn short(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Where `part`, a slice of an equal text, begins in the file: its last place within `range`.
fn offset_in(text: &str, range: &Range<usize>, part: &str) -> usize {
    text[range.clone()].rfind(part).map_or(range.end, |i| range.start + i)
}
