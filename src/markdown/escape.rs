//! Text as it may stand in HTML, in attributes too.

use std::convert::Infallible;
use std::io;

use crate::markdown::scan;

/// Appends `text` with what means something in HTML escaped. A NUL, which HTML can't hold, becomes
/// the replacement character.
pub fn push_escaped(html: &mut String, text: &str) {
    let Ok(()) = each_part(text, is_special, |part| {
        html.push_str(part);
        Ok::<(), Infallible>(())
    });
}

/// Writes the same, apostrophes escaped too: a template may have an attribute between them.
///
/// # Errors
///
/// Those of `out`.
pub fn write_escaped(text: &str, out: &mut dyn io::Write) -> io::Result<()> {
    let is_special = |byte| is_special(byte) | (byte == b'\'');
    each_part(text, is_special, |part| out.write_all(part.as_bytes()))
}

fn each_part<E>(
    text: &str,
    is_special: impl Fn(u8) -> bool + Copy,
    mut put: impl FnMut(&str) -> Result<(), E>,
) -> Result<(), E> {
    let bytes = text.as_bytes();
    let (mut copied, mut at) = (0, 0);
    while let Some(skip) = scan::find(&bytes[at..], is_special) {
        at += skip;
        put(&text[copied..at])?;
        put(escape(bytes[at]))?;
        at += 1;
        copied = at;
    }
    put(&text[copied..])
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
        b'\'' => "&#39;",
        _ => "\u{fffd}",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn each_sign_is_escaped_wherever_it_stands(text in "[a&<>\"'\0ä]{0,50}|[a-zä]{0,40}[&<>\"'\0][a-z]{0,40}") {
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
            let mut written = Vec::new();
            write_escaped(&text, &mut written).unwrap();
            proptest::prop_assert_eq!(written, expected.replace('\'', "&#39;").into_bytes());
        }
    }
}
