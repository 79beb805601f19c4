//! A reading as markdown again: the `article.md` beside a page.
//!
//! It is written from the visible events, never cut out of the source, so that nothing can stay
//! behind of what a reader may not see: no comment, no unused reference, no address of a hidden
//! article.

use crate::audience::Visibility;
use crate::markdown::document::*;
use crate::markdown::flow::Flow;
use crate::markdown::html::{ImageHtml, LinkHtml, Resolver};
use crate::markdown::reading::Reading;
use crate::markdown::scan;

impl Reading<'_> {
    /// The body in CommonMark with tables, footnotes and callouts. Links and images are as the
    /// resolver gives them.
    pub fn markdown(&self, resolver: &dyn Resolver) -> String {
        let flow = self.document.flow();
        let mut writer = Writer::new(self, resolver);
        let mut at = self.visible_from(0);
        while let Some(event) = flow.events.get(at) {
            writer.event(at, event);
            at = self.visible_from((at + 1).max(writer.skip_to));
        }
        let mut out = writer.out;
        out.truncate(out.trim_end().len());
        if !out.is_empty() {
            out.push('\n');
        }
        out
    }
}

/// Whether a character of a text would mean more than itself wherever it stands.
const fn is_sign(b: u8) -> bool {
    (b.wrapping_sub(b'[') < 3)
        | (b == b'_')
        | (b == b'`')
        | (b == b'*')
        | (b == b'<')
        | (b == b'|')
        | (b == b'~')
        | (b == b'$')
}

/// The same at the start of a line.
const fn is_sign_of_line(b: u8) -> bool {
    matches!(b, b'#' | b'+' | b'-' | b'>' | b':' | b'=')
}

struct Writer<'w> {
    reading: &'w Reading<'w>,
    document: &'w Document,
    flow: &'w Flow,
    resolver: &'w dyn Resolver,
    out: String,
    /// What stands before each line.
    prefix: String,
    /// The open lists: the number of the next item, if numbered, and the width of the last mark.
    items: Vec<(Option<u32>, usize)>,
    /// The open links, and where they lead.
    links: Vec<(u32, LinkHtml)>,
    pending: Pending,
    skip_to: usize,
    /// The alignments of the table at hand.
    cells: Vec<Align>,
}

/// The mark that the next line begins with, in place of so many bytes of the prefix, and what
/// stands behind it.
#[derive(Default)]
struct Pending {
    mark: String,
    width: usize,
}

impl<'w> Writer<'w> {
    fn new(reading: &'w Reading<'w>, resolver: &'w dyn Resolver) -> Writer<'w> {
        let document = reading.document;
        let flow = document.flow();
        let likely_size = flow.arena.len() * 5 / 4 + document.links.len() * 64 + 256;
        Writer {
            reading,
            document,
            flow,
            resolver,
            out: String::with_capacity(likely_size),
            prefix: String::new(),
            items: Vec::new(),
            links: Vec::new(),
            pending: Pending::default(),
            skip_to: 0,
            cells: Vec::new(),
        }
    }

    /// Begins a block: an empty line before it, unless it is the first of an item or quote.
    fn block(&mut self) {
        if self.pending.mark.is_empty() {
            self.separate();
            self.out.push_str(&self.prefix);
            return;
        }
        self.end_line();
        let kept = self.prefix.len().saturating_sub(self.pending.width);
        let kept = self.prefix.floor_char_boundary(kept);
        self.out.push_str(&self.prefix[..kept]);
        self.out.push_str(&self.pending.mark);
        self.pending.mark.clear();
        self.pending.width = 0;
    }

    /// An empty line after what is written.
    fn separate(&mut self) {
        self.end_line();
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push_str(self.prefix.trim_end());
            self.out.push('\n');
        }
    }

    /// The next block begins with `mark`, and its further lines with `indent`.
    fn mark(&mut self, mark: &str, indent: &str) {
        self.prefix.push_str(indent);
        self.pending.mark.push_str(mark);
        self.pending.width += indent.len();
    }

    /// The same with an indent as wide as the mark.
    fn item(&mut self, mark: &str) {
        self.prefix.extend(std::iter::repeat_n(' ', mark.len()));
        self.pending.mark.push_str(mark);
        self.pending.width += mark.len();
    }

    /// Says in a paragraph of its own whom the next block is for, if that is not everybody.
    fn audience(&mut self, visibility: Visibility) {
        if let Some(label) = self.resolver.audience(visibility) {
            self.block();
            self.label(&label);
        }
    }

    fn label(&mut self, label: &str) {
        self.out.push('*');
        self.text(label);
        self.out.push('*');
    }

    fn end_line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    fn new_line(&mut self) {
        self.out.push('\n');
        self.out.push_str(&self.prefix);
    }

    fn outdent(&mut self, by: usize) {
        self.prefix.truncate(self.prefix.len().saturating_sub(by));
    }

    /// Text that means itself.
    fn text(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let (mut copied, mut at) = (0, 0);
        loop {
            // Between a line's start and its first sign stands nothing else.
            while let Some(&b) = bytes.get(at) {
                if is_sign_of_line(b) {
                    self.out.push_str(&text[copied..at]);
                    copied = at;
                    if self.is_at_line_start() {
                        self.out.push('\\');
                    }
                }
                if !matches!(b, b' ' | b'>') {
                    break;
                }
                at += 1;
            }
            loop {
                let Some(skip) = scan::find(&bytes[at..], |b| is_sign(b) | (b == b'\n')) else {
                    return self.out.push_str(&text[copied..]);
                };
                at += skip + 1;
                if bytes[at - 1] == b'\n' {
                    break;
                }
                self.out.push_str(&text[copied..at - 1]);
                self.out.push('\\');
                copied = at - 1;
            }
        }
    }

    fn is_at_line_start(&self) -> bool {
        let before = self.out.strip_suffix(self.prefix.as_str());
        before.is_some_and(|before| before.is_empty() || before.ends_with('\n'))
    }

    fn event(&mut self, index: usize, event: &Event) {
        let document = self.document;
        match event.kind {
            EventKind::Text(s) => self.text(self.flow.str(s)),
            EventKind::Start(tag) => self.start(index, tag),
            EventKind::End(tag) => self.end(tag),
            EventKind::Code(s) => {
                let code = self.flow.str(s);
                let fence = "`".repeat(longest_run(code) + 1);
                let space = if code.starts_with('`') || code.ends_with('`') { " " } else { "" };
                for part in [&fence, space, code, space, &fence] {
                    self.out.push_str(part);
                }
            }
            EventKind::SoftBreak => self.new_line(),
            EventKind::HardBreak => {
                self.out.push('\\');
                self.new_line();
            }
            EventKind::Rule => {
                self.block();
                self.out.push_str("---");
            }
            EventKind::Image(i) => {
                if let Some(label) = self.resolver.audience(document.own_visibility(index)) {
                    self.label(&label);
                    self.out.push(' ');
                }
                self.image(i as usize);
            }
            EventKind::CodeBlock(i) => {
                let code = &self.flow.code_blocks[i as usize];
                self.fenced(&code.language, self.flow.str(code.text));
            }
            EventKind::FootnoteReference(i) => {
                let footnote = &self.flow.footnotes[i as usize];
                if !footnote.events.is_empty() && !self.reading.is_hidden(footnote.events.start) {
                    self.out.push_str(&format!("[^{}]", footnote.label));
                }
            }
            EventKind::Task { checked, .. } => self.task(checked),
            EventKind::Html(s) => {
                if self.out.is_empty() || self.out.ends_with('\n') {
                    self.out.push_str(&self.prefix);
                }
                // Amid a block, a new line must stay in it.
                let mut lines = self.flow.str(s).split('\n');
                self.out.push_str(lines.next().unwrap_or_default());
                for line in lines {
                    self.new_line();
                    self.out.push_str(line);
                }
            }
            EventKind::Key(s) | EventKind::Ui(s) => {
                self.out.push_str("**");
                self.text(self.flow.str(s));
                self.out.push_str("**");
            }
            EventKind::Icon(_) | EventKind::Include(_) => {}
        }
    }

    fn task(&mut self, checked: bool) {
        let mark = if checked { "[x] " } else { "[ ] " };
        match self.pending.mark.is_empty() {
            false => self.pending.mark.push_str(mark),
            true => self.out.push_str(mark),
        }
    }

    fn fenced(&mut self, info: &str, code: &str) {
        self.block();
        let fence = "`".repeat(longest_run(code).max(2) + 1);
        self.out.push_str(&fence);
        self.out.push_str(info);
        for line in code.lines() {
            self.new_line();
            self.out.push_str(line);
        }
        self.new_line();
        self.out.push_str(&fence);
    }

    fn image(&mut self, index: usize) {
        let image = &self.document.images[index];
        let dest = match self.resolver.image(index) {
            ImageHtml::Missing => return self.text(&image.alt),
            ImageHtml::Picture(picture) => picture.src,
            ImageHtml::Video { src, .. } => src,
            ImageHtml::Embed { page, .. } => page,
        };
        self.out.push_str("![");
        self.text(&image.alt);
        self.target(&dest);
        if image.placement == Placement::Figure && !image.title.is_empty() {
            self.new_line();
            self.out.push('*');
            self.text(&image.title);
            self.out.push('*');
        }
    }

    fn start(&mut self, index: usize, tag: Tag) {
        let document = self.document;
        match tag {
            Tag::Paragraph | Tag::Tight | Tag::Term | Tag::Figure | Tag::Spots(_) => self.block(),
            Tag::Heading(i) => {
                self.block();
                self.out.push_str(&"#".repeat(usize::from(document.headings[i as usize].level)));
                self.out.push(' ');
            }
            Tag::Container(i) => self.audience(self.flow.containers[i as usize].visibility),
            Tag::Quote | Tag::Callout(_) => {
                if let Tag::Callout(i) = tag {
                    let callout = &self.flow.callouts[i as usize];
                    // Of an admin note the word says it.
                    if callout.kind != CalloutKind::Admin {
                        self.audience(callout.visibility);
                    }
                }
                if self.pending.mark.is_empty() {
                    self.separate();
                }
                self.mark("> ", "> ");
                if let Tag::Callout(i) = tag {
                    self.block();
                    let kind = self.flow.callouts[i as usize].kind;
                    self.out.push_str(&format!("[!{}]", word(kind)));
                }
            }
            Tag::CalloutTitle => self.out.push(' '),
            Tag::ContainerTitle => {
                self.block();
                self.out.push_str("**");
            }
            Tag::List(first) => {
                if self.pending.mark.is_empty() && self.items.is_empty() {
                    self.separate();
                }
                self.items.push((first, 0));
            }
            Tag::Item => {
                match self.items.last_mut() {
                    Some((Some(number), width)) => {
                        let mark = format!("{number}. ");
                        *number = number.saturating_add(1);
                        *width = mark.len();
                        self.item(&mark);
                    }
                    Some((None, width)) => {
                        *width = 2;
                        self.item("- ");
                    }
                    None => self.item("- "),
                }
                if let Some(label) = self.resolver.audience(document.own_visibility(index)) {
                    self.pending.mark.push_str(&format!("*{label}* "));
                }
            }
            Tag::Spot(i) => {
                let mark = format!("{}. ", i + 1);
                if i == 0 {
                    self.separate();
                }
                self.item(&mark);
                self.block();
            }
            Tag::Definition => self.mark(": ", "  "),
            Tag::Footnote(i) => {
                self.separate();
                let mark = format!("[^{}]: ", self.flow.footnotes[i as usize].label);
                self.mark(&mark, "    ");
            }
            Tag::Table(i) => {
                self.cells = self.flow.tables[i as usize].alignments.clone();
                self.block();
                self.out.truncate(self.out.trim_end_matches(' ').len());
            }
            Tag::TableHead | Tag::TableRow => {
                self.end_line();
                self.out.push_str(&self.prefix);
                self.out.push('|');
            }
            Tag::TableCell(_) => self.out.push(' '),
            Tag::Emphasis => self.out.push('*'),
            Tag::Strong => self.out.push_str("**"),
            Tag::Strikethrough => self.out.push_str("~~"),
            Tag::Link(i) => match self.resolver.link(i as usize) {
                LinkHtml::Plain => self.links.push((i, LinkHtml::Plain)),
                LinkHtml::Replaced(text) => {
                    self.text(&text);
                    self.skip_link(i as usize);
                }
                LinkHtml::Titled { href, text } => {
                    self.out.push('[');
                    self.text(&text);
                    self.target(&href);
                    self.skip_link(i as usize);
                }
                link => {
                    self.out.push('[');
                    self.links.push((i, link));
                }
            },
            Tag::DefinitionList | Tag::HtmlBlock => {}
        }
    }

    /// Where the link leads that ends here.
    fn end_link(&mut self, link: u32) -> LinkHtml {
        match self.links.pop_if(|(open, _)| *open == link) {
            Some((_, resolved)) => resolved,
            None => self.resolver.link(link as usize),
        }
    }

    /// Ends the brackets around a link's text or a picture's name.
    fn target(&mut self, address: &str) {
        self.out.push_str("](");
        if address.bytes().any(|b| matches!(b, b' ' | b'(' | b')' | b'<' | b'>' | b'\n')) {
            self.out.push('<');
            self.out.push_str(&address.replace(['<', '>', '\n'], ""));
            self.out.push('>');
        } else {
            self.out.push_str(address);
        }
        self.out.push(')');
    }

    fn skip_link(&mut self, link: usize) {
        self.skip_to = self.document.links[link].events.end as usize + 1;
    }

    fn end(&mut self, tag: Tag) {
        match tag {
            Tag::Quote | Tag::Callout(_) => {
                self.outdent(2);
                self.pending = Pending::default();
            }
            Tag::List(_) => {
                self.items.pop();
            }
            Tag::Item => {
                self.outdent(self.items.last().map_or(2, |(_, width)| *width));
                self.pending = Pending::default();
            }
            Tag::Spot(i) => {
                self.outdent(format!("{}. ", i + 1).len());
                self.pending = Pending::default();
            }
            Tag::Definition => {
                self.outdent(2);
                self.pending = Pending::default();
            }
            Tag::Footnote(_) => {
                self.outdent(4);
                self.pending = Pending::default();
            }
            Tag::TableCell(_) => self.out.push_str(" |"),
            Tag::TableHead => {
                self.new_line();
                self.out.push('|');
                for align in std::mem::take(&mut self.cells) {
                    self.out.push_str(match align {
                        Align::None => " --- |",
                        Align::Left => " :-- |",
                        Align::Center => " :-: |",
                        Align::Right => " --: |",
                    });
                }
            }
            Tag::ContainerTitle | Tag::Strong => self.out.push_str("**"),
            Tag::Emphasis => self.out.push('*'),
            Tag::Strikethrough => self.out.push_str("~~"),
            Tag::Link(i) => match self.end_link(i) {
                LinkHtml::Internal(href) | LinkHtml::External(href) => self.target(&href),
                LinkHtml::Download { href, note } => {
                    self.target(&href);
                    self.out.push_str(&format!(" ({note})"));
                }
                _ => {}
            },
            _ => {}
        }
    }
}

fn word(kind: CalloutKind) -> &'static str {
    match kind {
        CalloutKind::Note | CalloutKind::Unknown => "NOTE",
        CalloutKind::Tip => "TIP",
        CalloutKind::Important => "IMPORTANT",
        CalloutKind::Warning => "WARNING",
        CalloutKind::Caution => "CAUTION",
        CalloutKind::Admin => "ADMIN",
    }
}

/// The longest run of backticks.
fn longest_run(code: &str) -> usize {
    code.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::tests::{Echo, Portal};

    proptest::proptest! {
        #[test]
        fn signs_are_escaped_where_they_mean_something(
            prefix in "(> |  ){0,2}",
            before in "|x|x\n",
            text in "[ >a#\n-]{0,9}|[a-c:*\\[ -]{0,50}",
        ) {
            let portal = Portal::new();
            let (document, _) = portal.document("");
            let (reading, resolver) = (document.read(portal.public()), Echo(&document));
            let mut writer = Writer::new(&reading, &resolver);
            (writer.out, writer.prefix) = (before.clone(), prefix.clone());
            writer.text(&text);
            let mut expected = before;
            for c in text.chars() {
                let line = expected.strip_suffix(prefix.as_str());
                let is_start = line.is_some_and(|line| line.is_empty() || line.ends_with('\n'));
                if "*[".contains(c) || is_start && "#>-:".contains(c) {
                    expected.push('\\');
                }
                expected.push(c);
            }
            proptest::prop_assert_eq!(writer.out, expected);
        }
    }
}
