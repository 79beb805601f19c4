//! Text as it may stand in HTML, in attributes too.

/// Appends `text` with what means something in HTML escaped. A NUL, which HTML can't hold, becomes
/// the replacement character.
pub fn push_escaped(html: &mut String, text: &str) {
    let bytes = text.as_bytes();
    let (mut copied, mut at) = (0, 0);
    while let Some(skip) = first_special(&bytes[at..]) {
        at += skip;
        html.push_str(&text[copied..at]);
        html.push_str(escape(bytes[at]));
        at += 1;
        copied = at;
    }
    html.push_str(&text[copied..]);
}

/// Nearly all texts have nothing to escape, which many bytes at once are asked for.
fn first_special(bytes: &[u8]) -> Option<usize> {
    let (chunks, rest) = bytes.as_chunks::<16>();
    let has_special =
        |chunk: &[u8; 16]| chunk.iter().fold(false, |found, &b| found | is_special(b));
    let start = 16 * chunks.iter().position(has_special).unwrap_or(chunks.len());
    let chunk = match bytes.get(start..start + 16) {
        Some(chunk) => chunk,
        // Of what is less than a chunk, together with what was looked at before.
        None if bytes.last_chunk().is_some_and(|chunk| !has_special(chunk)) => return None,
        None => rest,
    };
    chunk.iter().position(|&b| SPECIAL[usize::from(b)]).map(|at| start + at)
}

const fn is_special(byte: u8) -> bool {
    (byte == b'&') | (byte == b'<') | (byte == b'>') | (byte == b'"') | (byte == 0)
}

const SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        special[byte] = is_special(byte as u8);
        byte += 1;
    }
    special
};

fn escape(special: u8) -> &'static str {
    match special {
        b'&' => "&amp;",
        b'<' => "&lt;",
        b'>' => "&gt;",
        b'"' => "&quot;",
        _ => "\u{fffd}",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn each_sign_is_escaped_wherever_it_stands(text in "[a&<>\"\0ä]{0,50}|[a-zä]{0,40}[&<>\"\0][a-z]{0,40}") {
            let expected: String = text
                .chars()
                .map(|c| match u8::try_from(c).map(is_special) {
                    Ok(true) => escape(c as u8).to_owned(),
                    _ => c.to_string(),
                })
                .collect();
            let mut html = String::from("x");
            push_escaped(&mut html, &text);
            proptest::prop_assert_eq!(html, format!("x{expected}"));
        }
    }
}
