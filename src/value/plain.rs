//! The YAML that most front matter is made of, read without a YAML parser: keys at the start of the
//! line, each with a text or whole number behind it, or with a list of such below.
//!
//! What could mean anything more is not read here at all, so that nothing is ever read differently
//! from [`parse_yaml`](super::yaml::parse_yaml), which reads the rest.

use super::node::{Node, Value};

/// Longer tables are left to the parser, which has limits of its own.
const LONGEST: usize = 1 << 12;
const LONGEST_KEY: usize = 64;
/// Whole numbers of as many digits are exact.
const DIGITS: usize = 15;

/// The table, exactly as the YAML parser gives it; `None` for what is not as plain as that.
pub fn parse_plain(text: &str, first_line: u32) -> Option<Node> {
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    let mut entries: Vec<(Node, Node)> = Vec::new();
    let mut lines = (first_line..).zip(text.strip_suffix('\n').unwrap_or(text).split('\n'));
    let mut next = lines.next();
    while let Some((line, content)) = next {
        let (key, rest) = content.split_once(':')?;
        let key = key_of(key, line).filter(|key| entries.iter().all(|(k, _)| k.value != key.value));
        let key = key?;
        next = lines.next();
        let value = match rest.strip_prefix(' ') {
            Some(rest) => scalar(rest, line, key.length + 3)?,
            None if rest.is_empty() => {
                let (start, first) = next?;
                let indent = if first.starts_with("- ") { "" } else { "  " };
                let mut items = Vec::new();
                while let Some((line, content)) = next {
                    let item = content.strip_prefix(indent).and_then(|c| c.strip_prefix("- "));
                    let Some(item) = item else { break };
                    items.push(scalar(item, line, indent.len() as u32 + 3)?);
                    next = lines.next();
                }
                // Where the dashes are not indented, the parser gives the first item's place.
                let column = if items.is_empty() { return None } else { 3 };
                Node { value: Value::List(items), line: start, column, length: 1 }
            }
            None => return None,
        };
        entries.push((key, value));
    }
    Some(Node { value: Value::Table(entries), line: first_line, column: 1, length: 1 })
}

fn key_of(key: &str, line: u32) -> Option<Node> {
    let is_plain = !key.is_empty()
        && key.len() <= LONGEST_KEY
        && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        && !means_more(key);
    let length = key.len() as u32;
    is_plain.then(|| Node { value: Value::Text(key.to_owned()), line, column: 1, length })
}

fn scalar(text: &str, line: u32, column: u32) -> Option<Node> {
    let first = text.chars().next()?;
    let value = match first {
        '1'..='9' if text.len() <= DIGITS && text.bytes().all(|b| b.is_ascii_digit()) => {
            Value::Number(text.to_owned(), text.parse().ok()?)
        }
        '0'..='9' if is_date(text) => Value::Text(text.to_owned()),
        '\'' | '"' => Value::Text(quoted(text, first)?.to_owned()),
        first if first.is_alphabetic() && is_text(text) => Value::Text(text.to_owned()),
        _ => return None,
    };
    let length = text.chars().count().min(200) as u32;
    Some(Node { value, line, column, length })
}

fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| match i {
            4 | 7 => b == b'-',
            _ => b.is_ascii_digit(),
        })
}

/// Whether a text that begins with a letter is nothing but that text.
fn is_text(text: &str) -> bool {
    let mut before = ' ';
    for c in text.chars() {
        let is_plain = match c {
            '#' => false,
            ' ' => before != ':',
            c => is_letter_or_sign(c),
        };
        if !is_plain {
            return false;
        }
        before = c;
    }
    !matches!(before, ' ' | ':') && !means_more(text)
}

/// What stands between quotes, if nothing in it is more than itself.
fn quoted(text: &str, quote: char) -> Option<&str> {
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    let is_plain = |c: char| c != quote && c != '\\' && is_letter_or_sign(c);
    let is_fitting = !inner.is_empty() && !inner.starts_with(' ') && !inner.ends_with(' ');
    (is_fitting && inner.chars().all(is_plain)).then_some(inner)
}

fn is_letter_or_sign(c: char) -> bool {
    match c.is_ascii() {
        true => !c.is_ascii_control(),
        false => c.is_alphanumeric() || "–—…“”„‘’«»·€".contains(c),
    }
}

/// Words that some YAML takes for something else than a text.
fn means_more(word: &str) -> bool {
    const WORDS: [&str; 12] =
        ["null", "none", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf"];
    WORDS.iter().any(|known| word.eq_ignore_ascii_case(known))
        || word.len() >= 8 && word.as_bytes()[..8].eq_ignore_ascii_case(b"infinity")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::value::yaml::parse_yaml;

    #[test]
    fn usual_front_matter_is_plain() {
        let text = "title: Ensimmäinen – „lasku“, it's (new) [x]\norder: 12\ndate: 2024-04-29\n\
                    tags:\n- bi\n- power bi\naliases:\n  - old name\n  - 12\nkey: 'A: #1'\nslug: \"it's\"\ndescription: A: b\n";
        assert_eq!(parse_plain(text, 2), None);
        let text = text.replace("A: b", "a:b 10 % & more!");
        assert_eq!(parse_plain(&text, 2), Some(parse_yaml(&text, 2).unwrap()));
    }

    #[test]
    fn what_means_more_is_left_to_the_parser() {
        let cases = [
            "",
            "a",
            "a:",
            "a:\n",
            "a:b",
            "a:  b",
            "a: b ",
            "a: b #c",
            "a: 'b''c'",
            "a: \"b\\n\"",
            "a: ''",
            "a: ' b'",
            "a: 'b' c",
            "a: b\n\nc: d",
            "a: b\n c",
            "a: 1.5",
            "a: 007",
            "a: -1",
            "a: yes",
            "a: Null",
            "a: .5",
            "a: infinity",
            "a: [b]",
            "a: {b: c}",
            "a: |\n  b",
            "a: b: c",
            "a: b:",
            "a: 0x1F",
            "a: b\na: c",
            "- a",
            "a:\n- - b",
            "a:\n- b: c",
            "a:\n -b",
            "a:\n-",
            "a:\n- b\n  c",
            "a:\n- b\n  - c",
            "A: b",
            "a b: c",
            "true: b",
            "a: b\n---",
            "a: b\n...",
            "# a\nb: c",
            "a: b\tc",
            "a: &b c",
            "a: b\u{a0}c",
            "a: b\u{2028}c",
            "a: b\u{feff}",
            "a:\n  - b\n- c",
            "a:\n  - b\n    - c",
        ];
        for text in cases {
            assert_eq!(parse_plain(text, 1), None, "{text:?}");
        }
    }

    /// Values, of which about every other one is plain.
    fn value() -> impl Strategy<Value = String> {
        prop_oneof![
            4 => "[a-cäÄя][a-z0-9ä ,.()–“€'!-]{0,8}[a-z0-9)!,.]",
            1 => "[-0-9a-zäÄя .,:#'\"!&*%@`|>?~=/\\[\\]{}()–“€_]{0,6}",
            1 => "['\"][a-cä0-9:#'\\\\ ]{0,5}['\"]",
            1 => "[0-9]{1,16}",
            1 => "[0-9]{4}-[0-9]{2}-[0-9]{2}",
            1 => "(?i)(null|true|yes|no|on|off|nan|inf|infinity|none|y|n|e[0-9]|0x[0-9a-f])",
            1 => "\\PC{0,3}",
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn nothing_is_read_differently(
            lines in proptest::collection::vec(
                prop_oneof![
                    6 => ("[a-f]", Just(": "), value(), Just("\n")),
                    2 => ("[a-f]", Just(":\n- "), value(), Just("\n")),
                    1 => ("[a-f]", Just(":\n  - "), value(), Just("\n")),
                    1 => (Just(String::new()), Just("- "), value(), Just("\n")),
                    1 => (Just(String::new()), Just("  - "), value(), Just("\n")),
                    1 => (value(), Just(":"), value(), Just("")),
                ],
                0..5,
            )
        ) {
            let text: String =
                lines.into_iter().map(|(key, sign, value, end)| format!("{key}{sign}{value}{end}")).collect();
            if let Some(node) = parse_plain(&text, 2) {
                let parsed = parse_yaml(&text, 2);
                let is_same = parsed.as_ref().is_ok_and(|full| *full == node);
                prop_assert!(is_same, "{text:?}\n{node:?}\n{parsed:?}");
            }
        }
    }
}
