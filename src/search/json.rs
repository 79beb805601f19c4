//! Strings as JSON has them. Nearly all that the search writes is strings, and most of them are long
//! runs of bytes that stand for themselves.

use memchr::memchr3_iter;

/// Appends a text in quotation marks.
pub fn push_string(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    out.push(b'"');
    let mut start = 0;
    let mut escape = |at: usize| {
        out.extend_from_slice(&bytes[start..at]);
        start = at + 1;
        push_escaped(out, bytes[at]);
    };
    // Without an end in between, which makes it many bytes at once.
    let rare = |any, &byte: &u8| any | (byte < b' ') & (byte != b'\n');
    if bytes.iter().fold(false, rare) {
        let special = |&at: &usize| bytes[at] < b' ' || matches!(bytes[at], b'"' | b'\\');
        (0..bytes.len()).filter(special).for_each(&mut escape);
    } else {
        memchr3_iter(b'"', b'\\', b'\n', bytes).for_each(&mut escape);
    }
    out.extend_from_slice(&bytes[start..]);
    out.push(b'"');
}

fn push_escaped(out: &mut Vec<u8>, byte: u8) {
    match byte {
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\t' => out.extend_from_slice(b"\\t"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
        _ => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_come_back() {
        proptest::proptest!(|(text in "[a-zäö東\"\\\\\n]{0,40}[\u{0}-\u{7F}]{0,20}")| {
            let mut json = Vec::new();
            push_string(&mut json, &text);
            let again: String = serde_json::from_slice(&json).unwrap();
            proptest::prop_assert_eq!(again, text);
        });
    }
}
