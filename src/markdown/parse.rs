//! Drives CommonMark's parser over the masked text and hands what it finds to the [`Builder`].

use std::ops::Range;

use pulldown_cmark as cmark;
use pulldown_cmark::{Alignment, CodeBlockKind, Event as Mark, LinkType, Parser, Tag as Begin};

use crate::audience::Visibility;
use crate::config::HtmlPolicy;
use crate::markdown::builder::{Builder, Origin};
use crate::markdown::covered::Covered;
use crate::markdown::document::*;
use crate::markdown::raw_html::HtmlBuffer;

pub(super) const EXTENSIONS: cmark::Options = cmark::Options::ENABLE_TABLES
    .union(cmark::Options::ENABLE_FOOTNOTES)
    .union(cmark::Options::ENABLE_STRIKETHROUGH)
    .union(cmark::Options::ENABLE_TASKLISTS)
    .union(cmark::Options::ENABLE_HEADING_ATTRIBUTES)
    .union(cmark::Options::ENABLE_DEFINITION_LIST)
    .union(cmark::Options::ENABLE_WIKILINKS);

/// What the parser is in the midst of.
pub(super) struct Driver<'b, 'a> {
    pub builder: &'b mut Builder<'a>,
    pub covered: Covered,
    /// Where the parsed slice begins in the file.
    offset: usize,
    images: Vec<OpenImage>,
    code: Option<Code>,
    html: HtmlBuffer,
    /// By column, of the table at hand.
    column: usize,
}

struct OpenImage {
    kind: LinkType,
    dest: String,
    title: String,
    event: u32,
    links: usize,
    images: usize,
}

/// A code block that is being read.
pub(super) struct Code {
    pub info: String,
    pub text: String,
    /// Where lines of `text` begin: there, and in the file.
    pub lines: Vec<(usize, usize)>,
    pub range: Range<usize>,
    is_fenced: bool,
}

impl<'b, 'a> Driver<'b, 'a> {
    pub fn new(builder: &'b mut Builder<'a>, covered: Covered, offset: usize) -> Driver<'b, 'a> {
        Driver {
            builder,
            covered,
            offset,
            images: Vec::new(),
            code: None,
            html: HtmlBuffer::default(),
            column: 0,
        }
    }

    /// Reads a masked text that begins at the driver's offset.
    pub fn blocks(&mut self, masked: &str) {
        for (mark, range) in Parser::new_ext(masked, EXTENSIONS).into_offset_iter() {
            let range = range.start + self.offset..range.end + self.offset;
            self.mark(mark, range);
        }
    }

    pub fn mark(&mut self, mark: Mark<'_>, range: Range<usize>) {
        match mark {
            Mark::Start(tag) => self.begin(tag, range),
            Mark::End(tag) => self.end(tag, range),
            Mark::Text(text) => match &mut self.code {
                Some(code) => {
                    let original = &self.builder.text[range.clone()];
                    code.lines.push((code.text.len(), range.start));
                    code.text.push_str(if range.len() == text.len() { original } else { &text });
                }
                None => self.visible_text(&text, range),
            },
            Mark::Code(code) => {
                self.builder.flush();
                self.builder.ensure_textual(&range);
                let code = if self.covered.touches(&range) {
                    let original = self.builder.text[range.clone()].trim_matches('`').trim();
                    self.builder.str(original)
                } else {
                    self.builder.str(&code)
                };
                let span = self.builder.span(&range);
                self.builder.push(EventKind::Code(code), span);
                self.builder.run.follows('x');
            }
            Mark::Html(html) => self.html_of_block(&html, range),
            Mark::InlineHtml(html) => self.inline_html(&html, range),
            Mark::FootnoteReference(label) => {
                self.builder.flush();
                self.builder.ensure_textual(&range);
                let footnote = self.footnote(&label);
                let span = self.builder.span(&range);
                self.builder.push(EventKind::FootnoteReference(footnote), span);
            }
            Mark::SoftBreak => self.line_break(EventKind::SoftBreak, range),
            Mark::HardBreak => self.line_break(EventKind::HardBreak, range),
            Mark::Rule => {
                self.builder.end_tight(range.start);
                let span = self.builder.span(&range);
                self.builder.push(EventKind::Rule, span);
            }
            Mark::TaskListMarker(checked) => {
                let index = self.builder.flow.tasks;
                self.builder.flow.tasks += 1;
                let span = self.builder.span(&range);
                self.builder.push(EventKind::Task { index, checked }, span);
            }
            Mark::InlineMath(text) | Mark::DisplayMath(text) => self.visible_text(&text, range),
        }
    }

    fn line_break(&mut self, kind: EventKind, range: Range<usize>) {
        self.builder.flush();
        let last = self.builder.flow.events.last().map(|e| e.kind);
        let begins = matches!(
            last,
            None | Some(EventKind::Start(
                Tag::Paragraph | Tag::Tight | Tag::Heading(_) | Tag::Term
            )) | Some(EventKind::End(Tag::CalloutTitle) | EventKind::Include(_))
        );
        if begins || !self.images.is_empty() && kind == EventKind::HardBreak {
            return;
        }
        self.builder.ensure_textual(&range);
        let span = self.builder.span(&range);
        self.builder.push(kind, span);
        self.builder.run.follows(' ');
    }

    fn begin(&mut self, tag: Begin<'_>, range: Range<usize>) {
        let is_inline = is_inline(&tag);
        if is_inline {
            self.builder.flush();
            self.builder.ensure_textual(&range);
        } else {
            self.builder.end_tight(range.start);
        }
        let ours = match tag {
            Begin::Paragraph => Tag::Paragraph,
            Begin::Heading { level, id, attrs, .. } => {
                if attrs.iter().any(|(key, _)| matches!(&**key, "for" | "audience" | "module")) {
                    let line = self.builder.text[range.clone()].to_owned();
                    self.builder.heading_marks(&line, range.clone());
                }
                let index = self.builder.document.headings.len() as u32;
                self.builder.document.headings.push(Heading {
                    level: level as u8,
                    named: id.is_some(),
                    id: id.map(|id| id.to_string()).unwrap_or_default(),
                    text: String::new(),
                    span: self.builder.span(&range),
                    visibility: self.builder.visibility,
                    event: self.builder.next_event(),
                });
                Tag::Heading(index)
            }
            Begin::BlockQuote(_) => return self.quote(range),
            Begin::CodeBlock(kind) => {
                let (info, is_fenced) = match kind {
                    CodeBlockKind::Fenced(info) => (info.to_string(), true),
                    CodeBlockKind::Indented => (String::new(), false),
                };
                let lines = Vec::new();
                self.code = Some(Code { info, text: String::new(), lines, range, is_fenced });
                return;
            }
            Begin::HtmlBlock => return self.html.begin(range),
            Begin::List(first) => Tag::List(first.map(|n| u32::try_from(n).unwrap_or(u32::MAX))),
            Begin::Item => Tag::Item,
            Begin::FootnoteDefinition(label) => Tag::Footnote(self.footnote(&label)),
            Begin::DefinitionList => Tag::DefinitionList,
            Begin::DefinitionListTitle => Tag::Term,
            Begin::DefinitionListDefinition => Tag::Definition,
            Begin::Table(alignments) => {
                let alignments = alignments.iter().map(|a| align(*a)).collect();
                let index = self.builder.flow.tables.len() as u32;
                self.builder.flow.tables.push(Table { alignments });
                Tag::Table(index)
            }
            Begin::TableHead => {
                self.column = 0;
                Tag::TableHead
            }
            Begin::TableRow => {
                self.column = 0;
                Tag::TableRow
            }
            Begin::TableCell => {
                let table = self.builder.flow.tables.last();
                let align = table.and_then(|t| t.alignments.get(self.column).copied());
                self.column += 1;
                Tag::TableCell(align.unwrap_or(Align::None))
            }
            Begin::Emphasis | Begin::Superscript | Begin::Subscript => Tag::Emphasis,
            Begin::Strong => Tag::Strong,
            Begin::Strikethrough => Tag::Strikethrough,
            Begin::Link { link_type, dest_url, title, .. } => {
                let link = self.link(link_type, &dest_url, &title, &range);
                return self.builder.start_link(link, range);
            }
            Begin::Image { link_type, dest_url, title, .. } => {
                let dest = self.builder.fill(dest_url.trim_end_matches('\\'), &range);
                self.images.push(OpenImage {
                    kind: link_type,
                    dest,
                    title: title.to_string(),
                    event: self.builder.next_event(),
                    links: self.builder.document.links.len(),
                    images: self.builder.document.images.len(),
                });
                return;
            }
            Begin::MetadataBlock(_) => Tag::Paragraph,
        };
        self.builder.start(ours, Origin::Mark, range, Visibility::EVERYBODY);
    }

    fn end(&mut self, tag: cmark::TagEnd, range: Range<usize>) {
        match tag {
            cmark::TagEnd::CodeBlock => self.end_code(),
            cmark::TagEnd::HtmlBlock => self.flush_html(),
            cmark::TagEnd::Image => self.end_image(range),
            cmark::TagEnd::Emphasis
            | cmark::TagEnd::Strong
            | cmark::TagEnd::Strikethrough
            | cmark::TagEnd::Superscript
            | cmark::TagEnd::Subscript
            | cmark::TagEnd::Link
            | cmark::TagEnd::Paragraph
            | cmark::TagEnd::Heading(_)
            | cmark::TagEnd::TableCell
            | cmark::TagEnd::DefinitionListTitle => self.builder.end_mark(range.end),
            _ => {
                self.builder.end_tight(range.end);
                self.builder.end_mark(range.end);
            }
        }
    }

    fn footnote(&mut self, label: &str) -> u32 {
        if let Some(&index) = self.builder.footnotes.get(label) {
            return index;
        }
        let index = self.builder.flow.footnotes.len() as u32;
        let footnote = Footnote { label: label.to_owned(), events: 0..0 };
        self.builder.flow.footnotes.push(footnote);
        self.builder.footnotes.insert(label.to_owned(), index);
        index
    }

    fn link(&mut self, kind: LinkType, dest: &str, title: &str, range: &Range<usize>) -> Link {
        let (kind, bare) = match kind {
            LinkType::WikiLink { has_pothole } => (LinkKind::Wiki, !has_pothole),
            LinkType::Autolink => (LinkKind::Auto, false),
            LinkType::Email => (LinkKind::Email, false),
            _ if dest.starts_with("mailto:") => (LinkKind::Email, false),
            _ => (LinkKind::Inline, false),
        };
        let mut dest = self.builder.fill(dest, range);
        if kind == LinkKind::Wiki && dest.ends_with('\\') {
            // In a table the bar is escaped: `[[page\|text]]`.
            dest.pop();
        }
        if kind == LinkKind::Email && !dest.starts_with("mailto:") {
            dest.insert_str(0, "mailto:");
        }
        Link {
            kind,
            dest,
            title: title.to_owned(),
            span: self.builder.span(range),
            visibility: self.builder.visibility,
            events: 0..0,
            bare,
        }
    }

    fn end_image(&mut self, range: Range<usize>) {
        self.builder.flush();
        let Some(open) = self.images.pop() else { return };
        let builder = &mut *self.builder;
        let bare = open.kind == LinkType::WikiLink { has_pothole: false };
        let events = open.event as usize..builder.flow.events.len();
        let alt = builder.document.plain_of(&builder.flow, events);
        let alt = if bare { String::new() } else { alt.trim().to_owned() };
        builder.truncate(open.event);
        builder.document.links.truncate(open.links);
        builder.document.images.truncate(open.images);
        builder.image(open.dest, alt, open.title, range);
    }

    fn end_code(&mut self) {
        let Some(mut code) = self.code.take() else { return };
        let language = code.info.split([' ', '\t', ',', '{']).next().unwrap_or("").to_lowercase();
        let covers_callout = self.covered.is_callout_only(&code.range, self.builder.text);
        if covers_callout {
            // The code is but a callout's mark, indented too far.
            return;
        }
        let fences = self.covered.fences_in(&code.range);
        // Fenced, they are an example; indented, fences that lost their place.
        for fence in fences.into_iter().filter(|_| !code.is_fenced) {
            self.check_misplaced(fence);
        }
        if language == "spots" {
            return self.spots(code);
        }
        let title = title_of(&code.info);
        let code_range = std::mem::take(&mut code.range);
        let text = self.builder.str(&code.text);
        let index = self.builder.flow.code_blocks.len() as u32;
        self.builder.flow.code_blocks.push(CodeBlock { language, title, text });
        let span = self.builder.span(&code_range);
        self.builder.push(EventKind::CodeBlock(index), span);
    }

    fn html_of_block(&mut self, html: &str, range: Range<usize>) {
        let original = &self.builder.text[range.clone()];
        let same_length = original.len() == html.len();
        let fence = self.covered.fence_in(&range);
        if let Some(fence) = fence.filter(|_| !self.html.is_verbatim()) {
            self.flush_html();
            self.fence(fence);
            self.html.begin(range.end..range.end);
            return;
        }
        self.html.push(if same_length { original } else { html }, range);
    }

    pub fn flush_html(&mut self) {
        let Some((html, range, contiguous)) = self.html.take() else { return };
        match self.builder.options.html {
            HtmlPolicy::Escape => {
                self.builder.start(
                    Tag::Paragraph,
                    Origin::Mark,
                    range.clone(),
                    Visibility::EVERYBODY,
                );
                self.builder.literal(html.trim_end(), range.clone());
                self.builder.end_mark(range.end);
            }
            HtmlPolicy::Allow => {
                let text = self.builder.str(&html);
                let span = self.builder.span(&range);
                self.builder.push(EventKind::Html(text), span);
            }
            HtmlPolicy::Sanitize => self.builder.raw_html(&html, range, contiguous),
        }
    }

    fn inline_html(&mut self, html: &str, range: Range<usize>) {
        // The covers of two fences in a paragraph are `<?>…<?>`, which is HTML to CommonMark.
        if self.covered.touches_fence(&range) && !html.starts_with("<!--") {
            let range = range.start..self.covered.end_of(&range);
            let original = self.builder.text[range.clone()].to_owned();
            return self.visible_text(&original, range);
        }
        self.builder.flush();
        let before = self.builder.text[..range.start].chars().next_back();
        match self.builder.options.html {
            HtmlPolicy::Escape => self.builder.literal(html, range),
            HtmlPolicy::Allow => {
                self.builder.ensure_textual(&range);
                let text = self.builder.str(html);
                let span = self.builder.span(&range);
                self.builder.push(EventKind::Html(text), span);
            }
            HtmlPolicy::Sanitize => {
                self.builder.ensure_textual(&range);
                self.builder.raw_html(html, range, true);
            }
        }
        self.builder.run.follows(before.unwrap_or(' '));
    }
}

/// Whether a mark of the parser lies in a line of text.
pub(super) fn is_inline_mark(mark: &Mark<'_>) -> bool {
    use cmark::TagEnd as End;
    match mark {
        Mark::Start(tag) => is_inline(tag),
        Mark::End(tag) => matches!(
            tag,
            End::Emphasis
                | End::Strong
                | End::Strikethrough
                | End::Superscript
                | End::Subscript
                | End::Link
                | End::Image
        ),
        Mark::Text(_) | Mark::Code(_) | Mark::InlineHtml(_) | Mark::SoftBreak | Mark::HardBreak => {
            true
        }
        _ => false,
    }
}

fn is_inline(tag: &Begin<'_>) -> bool {
    matches!(
        tag,
        Begin::Emphasis
            | Begin::Strong
            | Begin::Strikethrough
            | Begin::Superscript
            | Begin::Subscript
            | Begin::Link { .. }
            | Begin::Image { .. }
    )
}

fn align(alignment: Alignment) -> Align {
    match alignment {
        Alignment::None => Align::None,
        Alignment::Left => Align::Left,
        Alignment::Center => Align::Center,
        Alignment::Right => Align::Right,
    }
}

/// `title="…"` of a fence's info string.
fn title_of(info: &str) -> String {
    let Some(at) = info.find("title=") else { return String::new() };
    let value = &info[at + 6..];
    let title = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value[1..].split(quote).next(),
        _ => value.split_whitespace().next(),
    };
    title.unwrap_or("").to_owned()
}
