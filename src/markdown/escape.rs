//! Text as it may stand in HTML, in attributes too.

/// Appends `text` with what means something in HTML escaped. A NUL, which HTML can't hold, becomes
/// the replacement character.
pub fn push_escaped(html: &mut String, text: &str) {
    let mut copied = 0;
    let mut start = 0;
    for chunk in text.as_bytes().chunks(CHUNK) {
        // Nearly all have nothing to escape, which many bytes at once are asked for.
        if chunk.iter().fold(false, |found, &byte| found | is_special(byte)) {
            for (at, &byte) in (start..).zip(chunk) {
                if let Some(escape) = escape(byte) {
                    html.push_str(&text[copied..at]);
                    html.push_str(escape);
                    copied = at + 1;
                }
            }
        }
        start += chunk.len();
    }
    html.push_str(&text[copied..]);
}

/// As many bytes are looked at together.
const CHUNK: usize = 32;

fn is_special(byte: u8) -> bool {
    (byte == b'&') | (byte == b'<') | (byte == b'>') | (byte == b'"') | (byte == 0)
}

fn escape(byte: u8) -> Option<&'static str> {
    Some(match byte {
        b'&' => "&amp;",
        b'<' => "&lt;",
        b'>' => "&gt;",
        b'"' => "&quot;",
        b'\0' => "\u{fffd}",
        _ => return None,
    })
}
