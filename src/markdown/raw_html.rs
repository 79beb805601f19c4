//! Raw HTML, made harmless.
//!
//! Nothing is passed through: tags are read by a strict reader, and those of a list of harmless
//! elements are written anew with the attributes of another list, properly nested among the
//! document's own blocks. Elements that could act are left out with what they hold; what only looks
//! like a tag (`<customer name>`) is text. Links and images become the document's own, so that they
//! are resolved, checked and hidden like all others.

use std::ops::Range;

use crate::audience::Visibility;
use crate::markdown::builder::{Builder, Origin};
use crate::markdown::document::*;
use crate::markdown::escape::push_escaped;
use crate::markdown::rules;

/// Elements deeper than this are left out; what they hold stays.
const MAX_OPEN: usize = 40;
/// After so many tags that have no end, a block has none any more.
const MAX_UNCLOSED: usize = 100;

/// Harmless elements.
const ALLOWED: &[&str] = &[
    "a",
    "abbr",
    "article",
    "aside",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "nav",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
    "wbr",
];
/// Elements that go with all that they hold.
const REMOVED: &[&str] = &[
    "applet",
    "audio",
    "canvas",
    "embed",
    "form",
    "frame",
    "frameset",
    "iframe",
    "math",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "plaintext",
    "script",
    "select",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
    "video",
    "xmp",
];
/// Elements that go alone: their content stays.
const UNWRAPPED: &[&str] = &[
    "address", "area", "base", "big", "blink", "body", "button", "center", "datalist", "dialog",
    "fieldset", "font", "head", "html", "input", "label", "legend", "link", "main", "map",
    "marquee", "menu", "meta", "meter", "nobr", "optgroup", "option", "output", "param", "picture",
    "progress", "search", "slot", "source", "strike", "track", "tt",
];
/// Elements without an end.
const VOID: &[&str] = &["br", "col", "hr", "img", "wbr"];
const ATTRIBUTES: &[&str] = &[
    "class", "colspan", "datetime", "dir", "headers", "id", "lang", "open", "reversed", "rowspan",
    "scope", "span", "start", "title", "value",
];

/// The lines of an HTML block.
#[derive(Default)]
pub(super) struct HtmlBuffer {
    html: String,
    range: Range<usize>,
    /// Whether `html` is the file's text at `range`.
    contiguous: bool,
}

impl HtmlBuffer {
    pub fn begin(&mut self, range: Range<usize>) {
        self.html.clear();
        self.range = range.start..range.start;
        self.contiguous = true;
    }

    pub fn push(&mut self, html: &str, range: Range<usize>) {
        if self.html.is_empty() {
            self.range = range.clone();
        }
        self.contiguous &= range.start == self.range.end || self.html.is_empty();
        self.contiguous &= range.len() == html.len();
        self.range.end = range.end;
        self.html.push_str(html);
    }

    /// Whether the block holds its text as it is, markup of other kinds among it.
    pub fn is_verbatim(&self) -> bool {
        let start = self.html.trim_start().as_bytes();
        let begins = |tag: &str| {
            start.len() >= tag.len() && start[..tag.len()].eq_ignore_ascii_case(tag.as_bytes())
        };
        ["<!", "<?", "<pre", "<script", "<style", "<textarea"].into_iter().any(begins)
    }

    pub fn take(&mut self) -> Option<(String, Range<usize>, bool)> {
        let html = std::mem::take(&mut self.html);
        (!html.is_empty()).then(|| (html, self.range.clone(), self.contiguous))
    }
}

impl Builder<'_> {
    /// Writes what is harmless of `html`, which is the text at `range` where `contiguous`.
    pub fn raw_html(&mut self, html: &str, range: Range<usize>, contiguous: bool) {
        let mut rest = html;
        let mut unclosed = 0;
        while !rest.is_empty() {
            let at = html.len() - rest.len();
            let place = |length: usize| match contiguous {
                true => range.start + at..range.start + at + length,
                false => range.clone(),
            };
            // Each look for an end that is not there reads all that is left.
            let tag = if unclosed < MAX_UNCLOSED { Tagged::read(rest) } else { None };
            let Some(tag) = tag else {
                unclosed += usize::from(Tagged::begins(rest));
                // The text up to the next `<`, of which the first may be one that is no tag's.
                let first = rest.chars().next().map_or(1, char::len_utf8);
                let next = rest[first..].find('<').map_or(rest.len(), |i| i + first);
                self.html_text(&rest[..next], place(next));
                rest = &rest[next..];
                continue;
            };
            let length = tag.length;
            self.html_tag(&rest[..length], tag, place(length));
            rest = &rest[length..];
        }
    }

    fn html_text(&mut self, text: &str, range: Range<usize>) {
        let start = self.flow.arena.len() as u32;
        push_escaped_text(&mut self.flow.arena, text);
        let html = Str { start, end: self.flow.arena.len() as u32 };
        let span = self.span(&range);
        self.push(EventKind::Html(html), span);
    }

    fn html_tag(&mut self, whole: &str, tag: Tagged<'_>, range: Range<usize>) {
        let lower = tag.name.to_ascii_lowercase();
        let one_of = |list: &'static [&'static str]| list.iter().copied().find(|n| *n == lower);
        if tag.name.is_empty() || one_of(UNWRAPPED).is_some() {
            return;
        }
        if let Some(name) = one_of(REMOVED) {
            if tag.closes {
                self.close_element(name, range.end);
            } else {
                let message = format!("`<{name}>` is left out");
                let help = "set html = \"allow\" in opas.toml if you trust all who write";
                self.find(rules::REMOVED_HTML, range.clone(), message, help);
                let is_empty = tag.closed || matches!(name, "embed" | "frame");
                if !is_empty && self.may_open() {
                    self.start(Tag::HtmlBlock, Origin::Removed(name), range, Visibility::EVERYBODY);
                }
            }
            return;
        }
        let Some(name) = one_of(ALLOWED) else {
            return self.html_text(whole, range);
        };
        if tag.closes {
            // `</br>` is what browsers take for a line break.
            return if name == "br" {
                self.html_open(name, &[], range)
            } else {
                self.close_element(name, range.end)
            };
        }
        let attributes = attributes(tag.attributes);
        let value = |wanted: &str| {
            attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone())
        };
        if let Some(id) = value("id").filter(|id| !id.is_empty()) {
            let (span, visibility) = (self.span(&range), self.visibility);
            self.document.anchors.push(Anchor { id, span, visibility });
        }
        match name {
            "img" => {
                let dest = self.fill(&value("src").unwrap_or_default(), &range);
                let alt = value("alt").unwrap_or_default();
                self.image(dest, alt, value("title").unwrap_or_default(), range);
            }
            "a" if value("href").is_some() => {
                if !self.may_open() || self.open.iter().any(|o| matches!(o.tag, Tag::Link(_))) {
                    return;
                }
                let dest = self.fill(&value("href").unwrap_or_default(), &range);
                let is_mail = dest.starts_with("mailto:");
                let index = self.document.links.len() as u32;
                self.document.links.push(Link {
                    kind: if is_mail { LinkKind::Email } else { LinkKind::Inline },
                    dest,
                    title: value("title").unwrap_or_default(),
                    span: self.span(&range),
                    visibility: self.visibility,
                    events: 0..0,
                    bare: false,
                });
                self.start(Tag::Link(index), Origin::Element("a"), range, Visibility::EVERYBODY);
            }
            name if VOID.contains(&name) => self.html_open(name, &attributes, range),
            name => {
                let mut attributes = attributes.clone();
                if name == "a"
                    && value("id").is_none()
                    && let Some(id) = value("name").filter(|id| !id.is_empty())
                {
                    let (span, visibility) = (self.span(&range), self.visibility);
                    self.document.anchors.push(Anchor { id: id.clone(), span, visibility });
                    attributes.push(("id".to_owned(), id));
                }
                if !self.may_open() {
                    return;
                }
                self.html_open(name, &attributes, range.clone());
                self.start(
                    Tag::HtmlBlock,
                    Origin::Element(name),
                    range.clone(),
                    Visibility::EVERYBODY,
                );
                if tag.closed {
                    self.close_element(name, range.end);
                }
            }
        }
    }

    fn may_open(&self) -> bool {
        self.open.iter().rev().take_while(|o| o.is_html()).count() < MAX_OPEN
    }

    fn html_open(&mut self, name: &str, attributes: &[(String, String)], range: Range<usize>) {
        let start = self.flow.arena.len() as u32;
        let arena = &mut self.flow.arena;
        arena.push('<');
        arena.push_str(name);
        for (name, value) in attributes {
            let align = match (name.as_str(), value.to_ascii_lowercase().as_str()) {
                ("align", "left") => "align-left",
                ("align", "center" | "middle") => "align-center",
                ("align", "right") => "align-right",
                _ => "",
            };
            if !align.is_empty() {
                if !attributes.iter().any(|(name, _)| name == "class") {
                    arena.push_str(&format!(" class=\"{align}\""));
                }
                continue;
            }
            if !ATTRIBUTES.contains(&name.as_str()) && !name.starts_with("aria-") {
                continue;
            }
            arena.push(' ');
            arena.push_str(name);
            arena.push_str("=\"");
            push_escaped(arena, value);
            arena.push('"');
        }
        arena.push('>');
        let html = Str { start, end: arena.len() as u32 };
        let span = self.span(&range);
        self.push(EventKind::Html(html), span);
    }

    /// Ends the innermost element of this name, unless a block or container began in it.
    fn close_element(&mut self, name: &'static str, at: usize) {
        let found = self.open.iter().enumerate().rev().take_while(|(_, o)| o.is_html()).find(
            |(_, o)| matches!(o.origin, Origin::Element(n) | Origin::Removed(n) if n == name),
        );
        if let Some((index, _)) = found {
            self.end_down_to(index, at, false);
        }
    }
}

/// A tag, a comment or a declaration at the start of a text; the latter two have no name.
struct Tagged<'t> {
    name: &'t str,
    attributes: &'t str,
    closes: bool,
    /// `<x/>`
    closed: bool,
    length: usize,
}

impl<'t> Tagged<'t> {
    /// Whether the text begins like a tag that has a name, be there an end of it or not.
    fn begins(text: &str) -> bool {
        let inner = text.strip_prefix('<').map(|inner| inner.strip_prefix('/').unwrap_or(inner));
        inner.is_some_and(|inner| name_length(inner.as_bytes()).is_some())
    }

    fn read(text: &'t str) -> Option<Tagged<'t>> {
        let inner = text.strip_prefix('<')?;
        let nameless = |length| {
            Some(Tagged { name: "", attributes: "", closes: false, closed: false, length })
        };
        if inner.starts_with("!--") {
            return nameless(text.find("-->").map_or(text.len(), |i| i + 3));
        }
        if inner.starts_with(['!', '?']) {
            return nameless(text.find('>').map_or(text.len(), |i| i + 1));
        }
        let (inner, closes) = match inner.strip_prefix('/') {
            Some(inner) => (inner, true),
            None => (inner, false),
        };
        let bytes = inner.as_bytes();
        let name = name_length(bytes)?;
        let mut quote = None;
        let end = name
            + bytes[name..].iter().position(|&b| match quote {
                Some(q) => {
                    if b == q {
                        quote = None;
                    }
                    false
                }
                None => {
                    if matches!(b, b'"' | b'\'') {
                        quote = Some(b);
                    }
                    b == b'>'
                }
            })?;
        let attributes = inner[name..end].trim();
        Some(Tagged {
            name: &inner[..name],
            closed: attributes.ends_with('/'),
            attributes: attributes.trim_end_matches('/'),
            closes,
            length: text.len() - inner.len() + end + 1,
        })
    }
}

/// The length of a tag's name at the start of `inner`.
fn name_length(inner: &[u8]) -> Option<usize> {
    let is_name = |b: &&u8| b.is_ascii_alphanumeric() || **b == b'-';
    let length = inner.iter().take_while(is_name).count();
    let ends = matches!(inner.get(length)?, b' ' | b'\t' | b'\n' | b'\r' | b'/' | b'>');
    (inner[0].is_ascii_alphabetic() && ends).then_some(length)
}

/// Names in lower case and values, entities decoded as far as they are common; the first of a name.
fn attributes(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() && found.len() < 32 {
        let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = "";
        if let Some(behind) = rest.strip_prefix('=') {
            let behind = behind.trim_start();
            (value, rest) = match behind.chars().next() {
                Some(quote @ ('"' | '\'')) => {
                    let inner = &behind[1..];
                    let end = inner.find(quote).unwrap_or(inner.len());
                    (&inner[..end], inner.get(end + 1..).unwrap_or(""))
                }
                _ => behind.split_at(behind.find(char::is_whitespace).unwrap_or(behind.len())),
            };
        }
        rest = rest.trim_start();
        let is_name =
            name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') && !name.is_empty();
        if is_name && !found.iter().any(|(known, _)| *known == name) {
            found.push((name, decoded(value)));
        }
    }
    found
}

fn decoded(value: &str) -> String {
    if !value.contains('&') {
        return value.to_owned();
    }
    let value = value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">");
    value.replace("&#39;", "'").replace("&amp;", "&")
}

/// Text of an HTML block: entities stay as they are, all else is escaped.
fn push_escaped_text(html: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        push_escaped(html, &rest[..at]);
        let inner = &rest.as_bytes()[at + 1..];
        let name =
            inner.iter().take(32).take_while(|b| b.is_ascii_alphanumeric() || **b == b'#').count();
        let is_entity = name > 0 && inner.get(name) == Some(&b';');
        let length = if is_entity { name + 2 } else { 1 };
        if is_entity {
            html.push_str(&rest[at..at + length]);
        } else {
            html.push_str("&amp;");
        }
        rest = &rest[at + length..];
    }
    push_escaped(html, rest);
}
