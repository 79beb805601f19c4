//! Text as it may stand in HTML, in attributes too.

use crate::markdown::scan;

/// Appends `text` with what means something in HTML escaped. A NUL, which HTML can't hold, becomes
/// the replacement character.
pub fn push_escaped(html: &mut String, text: &str) {
    let bytes = text.as_bytes();
    let (mut copied, mut at) = (0, 0);
    while let Some(skip) = scan::find(&bytes[at..], is_special) {
        at += skip;
        html.push_str(&text[copied..at]);
        html.push_str(escape(bytes[at]));
        at += 1;
        copied = at;
    }
    html.push_str(&text[copied..]);
}

const fn is_special(byte: u8) -> bool {
    (byte == b'&') | (byte == b'<') | (byte == b'>') | (byte == b'"') | (byte == 0)
}

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
