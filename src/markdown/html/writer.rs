//! The walk over a reading's events, and what lies in a line of text.

use std::ops::Range;

use crate::icon;
use crate::markdown::document::*;
use crate::markdown::escape::push_escaped;
use crate::markdown::flow::Flow;
use crate::markdown::html::{LinkHtml, Options, Resolver};
use crate::markdown::prose::At;
use crate::markdown::reading::Reading;

pub(super) struct Writer<'w> {
    pub reading: &'w Reading<'w>,
    pub document: &'w Document,
    pub flow: &'w Flow,
    pub resolver: &'w dyn Resolver,
    pub options: &'w Options<'w>,
    pub out: String,
    /// The blocks that are open, outermost first.
    pub blocks: Vec<Tag>,
    /// How far the numbers of the open `steps` have come, outermost first.
    pub steps: Vec<u32>,
    /// Whether cells are those of a table's head.
    pub in_head: bool,
    /// In a header cell, which no other cell can be in.
    pub in_header: bool,
    /// The footnotes referred to, in that order; a footnote's number is its place plus one.
    referred: Vec<u32>,
    /// By footnote: its number, or 0.
    numbers: Vec<u32>,
    /// The open link that is written as one; those in it are text, for links do not nest.
    in_link: Option<u32>,
    /// What is written behind the open link.
    reference: Option<String>,
    /// Images of the open figure, with their numbers among the page's figures.
    pub figure: Vec<(u32, Option<u32>)>,
    /// How many boxes of tasks are written.
    pub tasks: u32,
    /// The annotated picture at hand: its place among the visible ones, from 1.
    pub spots_number: u32,
    /// Its index in the document.
    pub spots: usize,
    /// The next of the words that the glossary explains.
    next_term: usize,
    /// Where the one ends that is open.
    term_end: Option<At>,
    /// By heading: its place among the visible ones, from 1; search leads to sections by it.
    pub section_numbers: Vec<u32>,
}

impl<'w> Writer<'w> {
    pub fn new(
        reading: &'w Reading<'w>,
        resolver: &'w dyn Resolver,
        options: &'w Options<'w>,
    ) -> Writer<'w> {
        let document = reading.document;
        let flow = document.flow();
        let mut section_numbers = vec![0; document.headings.len()];
        for ((heading, _), number) in reading.headings().zip(1..) {
            section_numbers[heading] = number;
        }
        Writer {
            reading,
            document,
            flow,
            resolver,
            options,
            out: String::with_capacity(likely_size(document, flow)),
            blocks: Vec::new(),
            steps: Vec::new(),
            in_head: false,
            in_header: false,
            referred: Vec::new(),
            numbers: vec![0; flow.footnotes.len()],
            in_link: None,
            reference: None,
            figure: Vec::new(),
            tasks: 0,
            spots: 0,
            spots_number: 0,
            next_term: 0,
            term_end: None,
            section_numbers,
        }
    }

    pub fn text(&mut self, text: &str) {
        push_escaped(&mut self.out, text);
    }

    pub fn str(&mut self, s: Str) {
        push_escaped(&mut self.out, self.flow.str(s));
    }

    /// ` name="value"`
    pub fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        push_escaped(&mut self.out, value);
        self.out.push('"');
    }

    pub fn number(&mut self, number: u32) {
        let mut digits = [0u8; 10];
        let mut at = digits.len();
        let mut rest = number;
        loop {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        digits[at..].iter().for_each(|&digit| self.out.push(digit as char));
    }

    pub fn line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    pub fn icon(&mut self, name: &str) {
        if let Some(icon) = icon::find(name) {
            icon::push_svg(&mut self.out, icon);
        }
    }

    /// Writes the visible events of a range, footnotes left for later.
    pub fn events(&mut self, range: Range<usize>) {
        let mut at = self.reading.visible_from(range.start);
        while at < range.end {
            let next = self.event(at, &self.flow.events[at]).unwrap_or(at + 1);
            at = self.reading.visible_from(next);
        }
    }

    /// Writes one event. Returns where to go on, if what is in it is already written or left out.
    fn event(&mut self, index: usize, event: &Event) -> Option<usize> {
        match event.kind {
            EventKind::Text(s) if self.options.terms.is_empty() => self.str(s),
            EventKind::Text(s) => self.explained(index as u32, s),
            EventKind::Start(Tag::Link(i)) => return self.start_link(i),
            EventKind::End(Tag::Link(i)) => {
                if self.in_link == Some(i) {
                    self.in_link = None;
                    self.out.push_str("</a>");
                    if let Some(reference) = self.reference.take() {
                        self.chapter_reference(&reference);
                    }
                }
            }
            EventKind::Start(Tag::Emphasis) => self.out.push_str("<em>"),
            EventKind::End(Tag::Emphasis) => self.out.push_str("</em>"),
            EventKind::Start(Tag::Strong) => self.out.push_str("<strong>"),
            EventKind::End(Tag::Strong) => self.out.push_str("</strong>"),
            EventKind::Start(Tag::Strikethrough) => self.out.push_str("<del>"),
            EventKind::End(Tag::Strikethrough) => self.out.push_str("</del>"),
            EventKind::Start(Tag::Heading(i)) if self.options.title_heading == Some(i as usize) => {
                return Some(self.end_of(index));
            }
            EventKind::Start(Tag::Footnote(_)) => return Some(self.end_of(index)),
            EventKind::Start(tag) => self.start_block(index, tag),
            EventKind::End(tag) => self.end_block(tag),
            EventKind::Code(s) => {
                self.out.push_str("<code>");
                self.str(s);
                self.out.push_str("</code>");
            }
            EventKind::SoftBreak => self.out.push('\n'),
            EventKind::HardBreak => self.out.push_str("<br>\n"),
            EventKind::Rule => {
                self.line();
                self.out.push_str("<hr>\n");
            }
            EventKind::Image(i) => self.image(index, i),
            EventKind::CodeBlock(i) => self.code_block(i as usize),
            EventKind::FootnoteReference(i) => self.footnote_reference(i),
            EventKind::Task { checked, .. } => self.task(index, checked),
            EventKind::Html(s) => self.raw_html(self.flow.str(s)),
            EventKind::Icon(s) => self.icon(self.flow.str(s)),
            EventKind::Key(s) => self.keys(self.flow.str(s)),
            EventKind::Ui(s) => self.menu_path(self.flow.str(s)),
            EventKind::Include(_) => {}
        }
        None
    }

    /// Text with its words linked that the glossary explains.
    fn explained(&mut self, event: u32, s: Str) {
        let (text, terms) = (self.flow.str(s), self.options.terms);
        let mut from = 0;
        loop {
            if let Some(end) = self.term_end {
                if end.event != event {
                    break;
                }
                self.text(&text[from..end.byte]);
                self.out.push_str("</a>");
                from = end.byte;
                self.term_end = None;
            }
            while terms.get(self.next_term).is_some_and(|term| term.start.event < event) {
                self.next_term += 1;
            }
            let Some(term) = terms.get(self.next_term).filter(|t| t.start.event == event) else {
                break;
            };
            self.next_term += 1;
            self.text(&text[from..term.start.byte]);
            self.out.push_str("<a class=\"term\"");
            self.attribute("href", &term.href);
            self.attribute("aria-describedby", &term.explained_by);
            self.out.push('>');
            from = term.start.byte;
            self.term_end = Some(term.end);
        }
        self.text(&text[from..]);
    }

    /// A tag or text of raw HTML. A table scrolls by itself, like those of markdown.
    fn raw_html(&mut self, html: &str) {
        if html.starts_with("<table") {
            self.out.push_str("<div class=\"table\" tabindex=\"0\">");
        }
        self.out.push_str(html);
        if html == "</table>" {
            self.out.push_str("</div>");
        }
    }

    /// Behind the `End` of what starts at `index`.
    fn end_of(&self, index: usize) -> usize {
        let mut depth = 0usize;
        for (at, event) in self.flow.events.iter().enumerate().skip(index) {
            match event.kind {
                EventKind::Start(_) => depth += 1,
                EventKind::End(_) => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return at + 1;
            }
        }
        self.flow.events.len()
    }

    fn start_link(&mut self, index: u32) -> Option<usize> {
        let link = &self.document.links[index as usize];
        let (href, class, rest) = match self.resolver.link(index as usize) {
            LinkHtml::Plain => return None,
            LinkHtml::Replaced(text) => {
                self.text(&text);
                return Some(link.events.end as usize + 1);
            }
            LinkHtml::Titled { text, .. } | LinkHtml::Chapter { text: Some(text), .. }
                if self.in_link.is_some() =>
            {
                self.text(&text);
                return Some(link.events.end as usize + 1);
            }
            _ if self.in_link.is_some() => return None,
            LinkHtml::Titled { href, text } => {
                self.anchor(&href, "", &link.title);
                self.text(&text);
                self.out.push_str("</a>");
                return Some(link.events.end as usize + 1);
            }
            LinkHtml::Chapter { href, text: Some(text), reference } => {
                self.anchor(&href, "", &link.title);
                self.text(&text);
                self.out.push_str("</a>");
                self.chapter_reference(&reference);
                return Some(link.events.end as usize + 1);
            }
            LinkHtml::Chapter { href, text: None, reference } => {
                self.reference = Some(reference);
                (href, "", None)
            }
            LinkHtml::Internal(href) => (href, "", None),
            LinkHtml::External(href) => (href, "external", None),
            LinkHtml::Download { href, note } => (href, "download", Some(note)),
        };
        self.anchor(&href, class, &link.title);
        if let Some(note) = rest {
            self.icon("download");
            let events = link.events.start as usize..link.events.end as usize;
            let text = self.document.plain_in(events);
            self.text(&text);
            self.out.push_str("</a> <small class=\"file-note\">");
            self.text(&note);
            self.out.push_str("</small>");
            return Some(link.events.end as usize + 1);
        }
        self.in_link = Some(index);
        None
    }

    fn chapter_reference(&mut self, reference: &str) {
        self.out.push_str(" <span class=\"chapter-reference\">(");
        self.text(reference);
        self.out.push_str(")</span>");
    }

    fn anchor(&mut self, href: &str, class: &str, title: &str) {
        self.out.push_str("<a");
        self.attribute("href", href);
        if !class.is_empty() {
            self.attribute("class", class);
        }
        match class {
            "external" => self.attribute("rel", "noopener"),
            "download" => self.out.push_str(" download"),
            _ => {}
        }
        if !title.is_empty() {
            self.attribute("title", title);
        }
        self.out.push('>');
    }

    fn keys(&mut self, keys: &str) {
        self.out.push_str("<kbd class=\"keys\">");
        let mut rest = keys;
        loop {
            // The plus key itself stands at the end or between two pluses.
            let end = rest.char_indices().skip(1).find(|(_, c)| *c == '+').map(|(i, _)| i);
            let key = rest[..end.unwrap_or(rest.len())].trim();
            self.out.push_str("<kbd>");
            self.text(key);
            self.out.push_str("</kbd>");
            match end.map(|i| &rest[i + 1..]).filter(|r| !r.is_empty()) {
                Some(next) => {
                    self.out.push('+');
                    rest = next;
                }
                None => break,
            }
        }
        self.out.push_str("</kbd>");
    }

    fn menu_path(&mut self, path: &str) {
        self.out.push_str("<span class=\"ui\">");
        for (i, part) in path.split(" > ").enumerate() {
            if i > 0 {
                self.out.push_str(" <span class=\"ui-then\">›</span> ");
            }
            self.out.push_str("<b>");
            self.text(part);
            self.out.push_str("</b>");
        }
        self.out.push_str("</span>");
    }

    fn footnote_reference(&mut self, footnote: u32) {
        let events = &self.flow.footnotes[footnote as usize].events;
        if events.is_empty() || self.reading.is_hidden(events.start) {
            return;
        }
        let known = self.numbers[footnote as usize];
        let number = match known {
            0 => {
                self.referred.push(footnote);
                self.numbers[footnote as usize] = self.referred.len() as u32;
                self.referred.len() as u32
            }
            known => known,
        };
        let prefix = self.options.id_prefix;
        self.out.push_str("<sup class=\"footnote-reference\"><a");
        self.attribute("href", &format!("#{prefix}fn-{number}"));
        if known == 0 {
            self.attribute("id", &format!("{prefix}fnref-{number}"));
        }
        self.out.push('>');
        self.number(number);
        self.out.push_str("</a></sup>");
    }

    /// The texts of the footnotes that were referred to.
    pub fn footnotes(&mut self) {
        if self.referred.is_empty() {
            return;
        }
        self.line();
        self.out.push_str("<section class=\"footnotes\"");
        self.attribute("aria-label", &self.options.labels.footnotes);
        self.out.push_str(">\n<ol>\n");
        let mut at = 0;
        while let Some(&footnote) = self.referred.get(at) {
            at += 1;
            let prefix = self.options.id_prefix;
            self.out.push_str("<li");
            self.attribute("id", &format!("{prefix}fn-{at}"));
            self.out.push('>');
            let events = &self.flow.footnotes[footnote as usize].events;
            self.events(events.start as usize + 1..events.end as usize - 1);
            while self.out.ends_with('\n') {
                self.out.pop();
            }
            let in_paragraph = self.out.ends_with("</p>");
            if in_paragraph {
                self.out.truncate(self.out.len() - "</p>".len());
            }
            self.out.push_str(" <a class=\"footnote-back\"");
            self.attribute("href", &format!("#{prefix}fnref-{at}"));
            self.attribute("aria-label", &self.options.labels.footnote_back);
            self.out.push_str(if in_paragraph { ">↩</a></p></li>\n" } else { ">↩</a></li>\n" });
        }
        self.out.push_str("</ol>\n</section>\n");
    }
}

/// How much HTML a text will likely be.
fn likely_size(document: &Document, flow: &Flow) -> usize {
    let marks = document.headings.len() * 160 + document.links.len() * 64;
    flow.arena.len() * 9 / 8 + flow.events.len() * 8 + marks + 256
}
