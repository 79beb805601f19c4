//! Text as it may stand in HTML, in attributes too.

/// Appends `text` with what means something in HTML escaped. A NUL, which HTML can't hold, becomes
/// the replacement character.
pub fn push_escaped(html: &mut String, text: &str) {
    let bytes = text.as_bytes();
    let mut copied = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if byte > b'>' {
            continue;
        }
        let escape = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\0' => "\u{fffd}",
            _ => continue,
        };
        html.push_str(&text[copied..at]);
        html.push_str(escape);
        copied = at + 1;
    }
    html.push_str(&text[copied..]);
}
