//! Finds what CommonMark does not know at the starts of lines, and covers it up with bytes of equal
//! length that keep its place in the structure:
//!
//! 1. a fence line (`:::details Title`) becomes `<?>` and spaces, which is an HTML block of its own,
//!    ends any paragraph, and lies in the list item or quote that its indentation says;
//! 2. a callout's mark (`> [!NOTE] Title`) and `{{include …}}` become letters, which stay in the
//!    paragraph, so that a lazily continued line still belongs to the quote.
//!
//! The parser knows them again by their offsets. Covers that turn up elsewhere, in code or raw HTML,
//! are read from the original text.

use std::borrow::Cow;
use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// `:::name …`, or a bare `:::`; the number of colons.
    Fence(u32),
    /// `[!WORD …] title` behind a `>`.
    Callout,
    /// `[!WORD …]` at the start of a line without a `>`.
    BareCallout,
    Include,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub kind: MarkKind,
    /// Bytes of the masked text.
    pub range: Range<usize>,
}

pub struct Masked<'t> {
    pub text: Cow<'t, str>,
    /// By place.
    pub marks: Vec<Mark>,
}

/// Masks a text; lengths and line ends stay.
pub fn mask(text: &str) -> Masked<'_> {
    let marks = find(text);
    if marks.is_empty() {
        return Masked { text: Cow::Borrowed(text), marks };
    }
    let mut masked = String::with_capacity(text.len());
    let mut copied = 0;
    for Mark { kind, range } in &marks {
        masked.push_str(&text[copied..range.start]);
        let (start, fill) = match kind {
            MarkKind::Fence(_) => ("<?>", ' '),
            _ => ("", 'x'),
        };
        masked.push_str(start);
        masked.extend(std::iter::repeat_n(fill, range.len() - start.len()));
        copied = range.end;
    }
    masked.push_str(&text[copied..]);
    Masked { text: Cow::Owned(masked), marks }
}

fn find(text: &str) -> Vec<Mark> {
    let bytes = text.as_bytes();
    let mut marks = Vec::new();
    let mut line = 0;
    let ends = memchr::memchr_iter(b'\n', bytes).map(|end| end + 1);
    for next in ends.chain([bytes.len()]) {
        let mut end = next;
        while end > line && matches!(bytes[end - 1], b'\n' | b'\r') {
            end -= 1;
        }
        let mut at = line;
        let mut last = b'\0';
        while at < end && is_prefix(bytes[at]) && !bytes[at..end].starts_with(b":::") {
            if !matches!(bytes[at], b' ' | b'\t') {
                last = bytes[at];
            }
            at += 1;
        }
        if let Some(mark) = mark_at(text, at, end, last) {
            marks.push(mark);
        }
        line = next;
    }
    marks
}

/// What may stand before a block on its line: quote and list marks, numbers, boxes, indentation.
fn is_prefix(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'>' | b'-' | b'+' | b'*' | b'.' | b')' | b':' | b'0'..=b'9')
}

fn mark_at(text: &str, at: usize, end: usize, last: u8) -> Option<Mark> {
    let rest = &text[at..end];
    if rest.starts_with(":::") {
        let colons = rest.bytes().take_while(|&b| b == b':').count();
        return Some(Mark { kind: MarkKind::Fence(colons as u32), range: at..end });
    }
    if let Some(word) = rest.strip_prefix("[!") {
        let letters = word.bytes().take_while(u8::is_ascii_alphabetic).count();
        let behind = word.as_bytes().get(letters).copied().unwrap_or(b'\n');
        let is_mark = letters > 0
            && matches!(behind, b']' | b' ' | b'\t' | b'\n' | b'-' | b'_' | b'0'..=b'9');
        let kind = if last == b'>' { MarkKind::Callout } else { MarkKind::BareCallout };
        return is_mark.then_some(Mark { kind, range: at..end });
    }
    if rest.starts_with("{{include") {
        let length = rest.find("}}")? + 2;
        return Some(Mark { kind: MarkKind::Include, range: at..at + length });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_keep_lengths_and_line_ends() {
        let text = "a\r\n:::details Ä x\r\n> [!NOTE] ö\n- {{include a.md}} b\n10. ::: \n:::";
        let masked = mask(text);
        assert_eq!(
            masked.text,
            "a\r\n<?>            \r\n> xxxxxxxxxx\n- xxxxxxxxxxxxxxxx b\n10. <?> \n<?>"
        );
        assert_eq!(masked.marks.len(), 5);
        assert_eq!(masked.marks[3].kind, MarkKind::Fence(3));
    }

    #[test]
    fn a_linked_image_is_no_mark() {
        assert!(mask("> [![a](b)](c)\n[!](x)\n: a:::\n").marks.is_empty());
        assert_eq!(mask("[!ADMIN] x").marks[0].kind, MarkKind::BareCallout);
    }
}
