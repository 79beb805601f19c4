//! The running text of a reading: where words may be looked up. What already has a meaning of its
//! own is left out: headings and other titles, links, code, keys, labels of the interface.

use crate::markdown::document::{Event, EventKind, Tag};
use crate::markdown::reading::Reading;

/// Text without any markup in it.
#[derive(Debug, Default)]
pub struct Stretch {
    pub text: String,
    /// What comes before it without a space belongs to its first word.
    pub glued: bool,
    /// Where the text of each event begins.
    pieces: Vec<(usize, u32)>,
}

/// A byte of a text event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    pub event: u32,
    pub byte: usize,
}

impl Stretch {
    /// Where the character at `byte` of the stretch begins.
    pub fn start(&self, byte: usize) -> At {
        self.within(self.pieces.partition_point(|(start, _)| *start <= byte), byte)
    }

    /// Where the character before `byte` of the stretch ends.
    pub fn end(&self, byte: usize) -> At {
        self.within(self.pieces.partition_point(|(start, _)| *start < byte), byte)
    }

    fn within(&self, behind: usize, byte: usize) -> At {
        let (start, event) = self.pieces.get(behind.wrapping_sub(1)).copied().unwrap_or_default();
        At { event, byte: byte - start }
    }
}

/// Elements of raw HTML whose text means itself.
const QUIET: [&str; 20] = [
    "a", "abbr", "button", "code", "dfn", "h1", "h2", "h3", "h4", "h5", "h6", "kbd", "label",
    "option", "pre", "samp", "script", "style", "summary", "var",
];

impl Reading<'_> {
    /// Calls `found` with each stretch, in reading order. Footnotes are left out.
    pub fn each_stretch(&self, mut found: impl FnMut(&Stretch)) {
        let mut stretch = Stretch::default();
        let mut quiet = 0usize;
        let mut quiet_html = 0usize;
        let mut before: Option<char> = None;
        for (index, event) in self.events() {
            match event.kind {
                EventKind::Text(s) if quiet == 0 && quiet_html == 0 => {
                    let text = self.document.str(s);
                    if stretch.text.is_empty() {
                        stretch.glued = before.is_some_and(char::is_alphanumeric)
                            && text.starts_with(char::is_alphanumeric);
                    }
                    stretch.pieces.push((stretch.text.len(), index as u32));
                    stretch.text.push_str(text);
                    before = text.chars().next_back();
                    continue;
                }
                EventKind::SoftBreak if !stretch.text.is_empty() => {
                    stretch.text.push(' ');
                    before = None;
                    continue;
                }
                _ => {}
            }
            if !stretch.text.is_empty() {
                found(&stretch);
                stretch.text.clear();
                stretch.pieces.clear();
            }
            before = if joins(event) { before } else { None };
            match event.kind {
                EventKind::Start(tag) if is_quiet(tag) => quiet += 1,
                EventKind::End(tag) if is_quiet(tag) => quiet = quiet.saturating_sub(1),
                EventKind::Code(_) | EventKind::Key(_) | EventKind::Ui(_) => before = Some('x'),
                EventKind::Html(s) => count(self.document.str(s), &mut quiet_html),
                _ => {}
            }
        }
        if !stretch.text.is_empty() {
            found(&stretch);
        }
    }
}

/// Whether a word may go on behind the event.
fn joins(event: &Event) -> bool {
    matches!(
        event.kind,
        EventKind::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link(_))
            | EventKind::End(Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link(_))
            | EventKind::Html(_)
    )
}

fn is_quiet(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Heading(_)
            | Tag::Link(_)
            | Tag::CalloutTitle
            | Tag::ContainerTitle
            | Tag::TableHead
            | Tag::Term
            | Tag::Footnote(_)
    )
}

/// Counts the quiet elements that HTML leaves open.
fn count(html: &str, open: &mut usize) {
    for tag in html.split('<').skip(1) {
        let (ends, name) = match tag.strip_prefix('/') {
            Some(name) => (true, name),
            None => (false, tag),
        };
        let length = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
        if !QUIET.contains(&name[..length].to_ascii_lowercase().as_str()) {
            continue;
        }
        *open = if ends { open.saturating_sub(1) } else { *open + 1 };
    }
}

#[cfg(test)]
mod tests {
    use crate::markdown::tests::Portal;

    fn stretches(text: &str) -> Vec<String> {
        let portal = Portal::new();
        let (document, _) = portal.document(text);
        let mut list = Vec::new();
        document.read(portal.public()).each_stretch(|stretch| {
            let mark = if stretch.glued { "+" } else { "" };
            list.push(format!("{mark}{}", stretch.text));
            for (at, c) in stretch.text.char_indices().filter(|(_, c)| *c != ' ') {
                let start = stretch.start(at);
                let end = stretch.end(at + c.len_utf8());
                assert_eq!(start.event, end.event);
                assert_eq!(end.byte - start.byte, c.len_utf8());
            }
        });
        list
    }

    #[test]
    fn running_text_is_what_has_no_meaning_of_its_own() {
        let cases: &[(&str, &[&str])] = &[
            ("one\ntwo **three** four", &["one two ", "three", " four"]),
            ("# head\n\n> [!NOTE] title\n> text", &["text"]),
            ("a [link](b.md) `code` {ui:Menu > Item} {key:A} b", &["a ", " ", " ", " ", " b"]),
            ("**mass**invoicing", &["mass", "+invoicing"]),
            ("| head |\n|---|\n| cell |", &["cell"]),
            ("Term\n: meaning", &["meaning"]),
            ("x[^1] y\n\n[^1]: note", &["x", " y"]),
            ("<a href=\"x\">in</a> out <code>c</code>", &[" out "]),
            (":::details Title\n\nbody\n\n:::", &["body"]),
        ];
        for (text, expected) in cases {
            assert_eq!(stretches(text), *expected, "{text}");
        }
    }
}
