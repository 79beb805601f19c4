//! Runs of text: what writers type in them beyond CommonMark.
//!
//! CommonMark hands text over in shreds. They are joined to runs, then read once: roles
//! (`{icon:…}`, `{key:…}`, `{ui:…}`), variables (`{{name}}`), bare addresses, quotes and dashes of
//! the language. A character that is escaped, or written as an entity, means itself.

use std::ops::Range;

use crate::diagnostic::nearest;
use crate::icon;
use crate::markdown::builder::{Builder, Origin};
use crate::markdown::document::*;
use crate::markdown::marks::Marks;
use crate::markdown::rules;
use crate::markdown::scan;
use crate::markdown::typography::Quotes;

/// Text that is not yet an event.
pub(super) struct Run {
    text: String,
    range: Range<usize>,
    /// The character before, in the same block; quotes depend on it.
    before: Option<char>,
    quotes: Quotes,
}

impl Run {
    pub fn new(language: &str) -> Run {
        Run { text: String::new(), range: 0..0, before: None, quotes: Quotes::of(language) }
    }

    /// A block begins or ends: what is before it matters to no quote.
    pub fn break_context(&mut self, tag: Tag) {
        if !matches!(
            tag,
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link(_) | Tag::HtmlBlock
        ) {
            self.before = None;
        }
    }

    pub fn follows(&mut self, c: char) {
        self.before = Some(c);
    }
}

/// Whether a byte may mean more than itself. Most stops, hyphens and colons are told from those that
/// do by what follows.
const fn is_special(b: u8, next: u8) -> bool {
    (b == b'"')
        | (b == b'\'')
        | (b == b'{')
        | (((b == b'.') | (b == b'-')) & (b == next))
        | ((b == b':') & (next == b'/'))
}

impl Builder<'_> {
    /// Text as CommonMark gives it.
    pub fn text(&mut self, text: &str, range: Range<usize>) {
        if text.is_empty() {
            return;
        }
        let escaped = range.start > self.run.range.end
            && self.text.as_bytes()[..range.start].last() == Some(&b'\\');
        let is_entity = range.len() != text.len();
        if escaped || is_entity {
            self.flush();
            let first = text.chars().next().map_or(0, char::len_utf8);
            let literal = if is_entity { text.len() } else { first };
            self.literal(&text[..literal], range.start..range.start + literal.min(range.len()));
            if literal == text.len() {
                return;
            }
            return self.text_part(&text[literal..], range.start + literal..range.end);
        }
        self.text_part(text, range);
    }

    fn text_part(&mut self, text: &str, range: Range<usize>) {
        if self.run.text.is_empty() {
            self.run.range = range;
        } else {
            self.run.range.end = range.end;
        }
        self.run.text.push_str(text);
    }

    /// Text that means itself.
    pub fn literal(&mut self, text: &str, range: Range<usize>) {
        if text.is_empty() {
            return;
        }
        self.ensure_textual(&range);
        self.run.range.end = range.end;
        self.run.before = text.chars().next_back();
        let text = self.str(text);
        let span = self.span(&range);
        self.push(EventKind::Text(text), span);
    }

    /// Makes events of the run.
    pub fn flush(&mut self) {
        if self.run.text.is_empty() {
            return;
        }
        let mut text = std::mem::take(&mut self.run.text);
        let range = self.run.range.clone();
        self.ensure_textual(&range);
        self.read_run(&text, range);
        text.clear();
        self.run.text = text;
    }

    fn read_run(&mut self, text: &str, range: Range<usize>) {
        let bytes = text.as_bytes();
        let mut at = self.marks_in_front(text, &range);
        let mut start = self.flow.arena.len() as u32;
        let mut copied = at;
        while let Some(skip) = scan::find_followed(&bytes[at..], is_special) {
            at += skip;
            let before = text[..at].chars().next_back().or(self.run.before);
            let after = text[at + 1..].chars().next();
            let (put, length): (&str, usize) = match bytes[at] {
                quote @ (b'"' | b'\'') => {
                    self.flow.arena.push_str(&text[copied..at]);
                    let mark = self.run.quotes.mark(quote as char, before, after);
                    self.flow.arena.push(mark);
                    ("", 1)
                }
                b'.' if text[at..].starts_with("...")
                    && !text[at + 3..].starts_with('.')
                    && before != Some('.') =>
                {
                    self.flow.arena.push_str(&text[copied..at]);
                    ("…", 3)
                }
                b'-' => match dash(&text[at..], before) {
                    Some((dash, length)) => {
                        self.flow.arena.push_str(&text[copied..at]);
                        (dash, length)
                    }
                    None => {
                        at += text[at..].bytes().take_while(|&b| b == b'-').count();
                        continue;
                    }
                },
                b'{' => match self.braces(&text[at..], &range) {
                    Some((found, length)) => {
                        self.flow.arena.push_str(&text[copied..at]);
                        if let Found::Event(..) = found {
                            self.text_event(start, &range);
                        }
                        match found {
                            Found::Text(value) => {
                                self.flow.arena.push_str(&value);
                            }
                            Found::Nothing => {}
                            Found::Event(role, value) => {
                                let value = self.str(&value);
                                let span = self.span(&range);
                                self.push(role(value), span);
                                start = self.flow.arena.len() as u32;
                            }
                        }
                        ("", length)
                    }
                    None => {
                        at += 1;
                        continue;
                    }
                },
                b':' if text[at..].starts_with("://") => match address(text, copied, at) {
                    Some(address) if !self.in_link() => {
                        self.flow.arena.push_str(&text[copied..address.start]);
                        self.text_event(start, &range);
                        self.bare_link(&text[address.clone()], &range);
                        start = self.flow.arena.len() as u32;
                        ("", address.end - at)
                    }
                    Some(address) => {
                        at = address.end;
                        continue;
                    }
                    None => {
                        at += 3;
                        continue;
                    }
                },
                _ => {
                    at += 1;
                    continue;
                }
            };
            self.flow.arena.push_str(put);
            at += length;
            copied = at;
        }
        self.flow.arena.push_str(&text[copied..]);
        self.text_event(start, &range);
        self.run.before = text.chars().next_back();
    }

    fn text_event(&mut self, start: u32, range: &Range<usize>) {
        let end = self.flow.arena.len() as u32;
        if start < end {
            let span = self.span(range);
            self.push(EventKind::Text(Str { start, end }), span);
        }
    }

    fn in_link(&self) -> bool {
        self.open.iter().rev().any(|o| matches!(o.tag, Tag::Link(_)))
    }

    fn bare_link(&mut self, address: &str, range: &Range<usize>) {
        let link = self.document.links.len() as u32;
        let span = self.span(range);
        let text = self.str(address);
        self.push(EventKind::Start(Tag::Link(link)), span);
        let event = self.next_event();
        self.push(EventKind::Text(text), span);
        self.push(EventKind::End(Tag::Link(link)), span);
        self.document.links.push(Link {
            kind: LinkKind::Auto,
            dest: address.to_owned(),
            title: String::new(),
            span,
            visibility: self.visibility,
            events: event..event + 1,
            bare: false,
        });
    }

    /// A role or a variable at the start of `text`, with its length.
    fn braces(&mut self, text: &str, range: &Range<usize>) -> Option<(Found, usize)> {
        if let Some(inner) = text.strip_prefix("{{") {
            let end = start_of(inner, 202).find("}}")?;
            let name = inner[..end].trim();
            let length = end + 4;
            if name.starts_with("include") && name[7..].starts_with(char::is_whitespace) {
                let message = format!("`{{{{{name}}}}}` stands inside a sentence");
                self.find(
                    rules::BROKEN_INCLUDE,
                    range.clone(),
                    message,
                    "give it a line of its own",
                );
                return Some((Found::Nothing, length));
            }
            return self.variable(name, range).map(|value| (Found::Text(value), length));
        }
        let end = start_of(text, 400).find('}')?;
        if let Some(marks) = Marks::alone(&text[1..end]) {
            self.stray_marks(&marks, &text[..=end], range.clone());
            return Some((Found::Nothing, end + 1));
        }
        let (role, value) = text[1..end].split_once(':')?;
        let value = value.trim();
        if value.is_empty() {
            return None;
        }
        let found = match role {
            "icon" => match icon::find(value) {
                Some(_) => Found::Event(EventKind::Icon, value.to_owned()),
                None => {
                    let message = format!("there is no icon `{value}`");
                    let near = nearest(value, icon::names().iter().map(String::as_str));
                    let help = near.map_or_else(
                        || "take a name from lucide.dev".to_owned(),
                        |near| format!("the nearest is `{near}`"),
                    );
                    self.find(rules::UNKNOWN_ICON, range.clone(), message, &help);
                    Found::Nothing
                }
            },
            "key" => Found::Event(EventKind::Key, value.to_owned()),
            "ui" => {
                let parts: Vec<&str> =
                    value.split('>').map(str::trim).filter(|p| !p.is_empty()).collect();
                Found::Event(EventKind::Ui, parts.join(" > "))
            }
            _ => return None,
        };
        Some((found, end + 1))
    }

    /// The value of a variable. One that the portal does not have stays as it was typed.
    pub fn variable(&mut self, name: &str, range: &Range<usize>) -> Option<String> {
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        if name.is_empty() || !name.chars().all(is_name) {
            return None;
        }
        let Some(value) = self.options.variables.get(name) else {
            let near = nearest(name, self.options.variables.keys().copied());
            let help = near.map_or_else(
                || {
                    "define it under [variables] in opas.toml, or write it in `code` to show it"
                        .to_owned()
                },
                |near| format!("the nearest is `{near}`"),
            );
            let message = format!("there is no variable `{name}`");
            self.find(rules::UNKNOWN_VARIABLE, range.clone(), message, &help);
            return None;
        };
        Some((*value).to_owned())
    }

    /// Variables of an address.
    pub fn fill(&mut self, text: &str, range: &Range<usize>) -> String {
        if !text.contains('{') {
            return text.to_owned();
        }
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find("{{") {
            let Some(length) = rest[at..].find("}}") else { break };
            filled.push_str(&rest[..at]);
            let whole = &rest[at..at + length + 2];
            match self.variable(whole[2..length].trim(), range) {
                Some(value) => filled.push_str(&value),
                None => filled.push_str(whole),
            }
            rest = &rest[at + length + 2..];
        }
        filled.push_str(rest);
        filled
    }

    /// What the author of a link opened; `range` is the whole link.
    pub fn start_link(&mut self, link: Link, range: Range<usize>) {
        self.flush();
        self.ensure_textual(&range);
        let index = self.document.links.len() as u32;
        self.document.links.push(link);
        self.start(Tag::Link(index), Origin::Mark, range, crate::audience::Visibility::EVERYBODY);
    }
}

enum Found {
    Text(String),
    Event(fn(Str) -> EventKind, String),
    Nothing,
}

/// A dash for hyphens at the start of `text`; none for those of a command's options.
fn dash(text: &str, before: Option<char>) -> Option<(&'static str, usize)> {
    let count = text.bytes().take_while(|&b| b == b'-').count();
    let after = text[count..].chars().next();
    let is_open = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    match count {
        2 if is_open(before) && is_open(after) || is_digit(before) && is_digit(after) => {
            Some(("–", 2))
        }
        3 if is_open(before) == is_open(after) => Some(("—", 3)),
        _ => None,
    }
}

/// The bare address whose `://` is at `colon`; it begins at `from` or later.
fn address(text: &str, from: usize, colon: usize) -> Option<Range<usize>> {
    let scheme = ["https", "http"].into_iter().find(|s| text[from..colon].ends_with(s))?;
    let start = colon - scheme.len();
    if text[from..start].chars().next_back().is_some_and(char::is_alphanumeric) {
        return None;
    }
    let rest = &text[colon + 3..];
    if !rest.starts_with(char::is_alphanumeric) {
        return None;
    }
    let length = rest
        .find(|c: char| c.is_whitespace() || matches!(c, '<' | '"' | '“' | '”' | '«' | '»'))
        .unwrap_or(rest.len());
    let mut end = colon + 3 + length;
    let mut unmatched = {
        let whole = &text[start..end];
        whole.matches(')').count().saturating_sub(whole.matches('(').count())
    };
    while let Some(c) = text[colon + 3..end].chars().next_back() {
        let drops = match c {
            ')' if unmatched > 0 => {
                unmatched -= 1;
                true
            }
            '?' | '!' | '.' | ',' | ':' | ';' | '*' | '_' | '~' | '\'' | ']' | '}' => true,
            _ => false,
        };
        if !drops {
            break;
        }
        end -= c.len_utf8();
    }
    Some(start..end)
}

/// The first bytes of a text, so that nobody looks for its end in a line of megabytes.
fn start_of(text: &str, length: usize) -> &str {
    &text[..text.floor_char_boundary(length)]
}
