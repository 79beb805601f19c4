//! Cutting a text into words, the same in Rust and in the browser.
//!
//! 1. A run of letters, digits and combining marks is a word; invisible characters inside it (soft
//!    hyphen, zero-width space and joiners) are dropped, compatibility forms unified (NFKC), and it
//!    is put in lower case. It is cut after [`MAX_CHARS`] characters.
//! 2. The ending after an abbreviation's colon is no word of its own: `ALV:n` is `alv`.
//! 3. One or two letters followed by `#` or `++` keep them (`C#`, `C++`); `§` is a word.
//! 4. Scripts without spaces between words become overlapping pairs of characters, by the script of
//!    the text, whatever the portal's language.
//!
//! `words.js` does the same with the same names; a test compares them.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longer words are cut; what shares so much is the same to a search.
pub const MAX_CHARS: usize = 40;

/// Calls `found` with each word's form and the byte range of the run that it comes from.
pub fn each_word(text: &str, mut found: impl FnMut(&str, std::ops::Range<usize>)) {
    let mut form = String::new();
    let mut at = 0;
    loop {
        if let Some((run, case)) = usual_run(text, at) {
            at = run.end;
            let word = &text[run.clone()];
            match case {
                Case::Lower => found(word, run),
                Case::Mixed => {
                    form.clear();
                    form.extend(word.chars().flat_map(char::to_lowercase));
                    found(&form, run);
                }
            }
            continue;
        }
        let Some((start, end, next)) = next_run(text, at) else { break };
        let run = &text[start..end];
        normalize(run, &mut form);
        // Nothing below U+0E00 is unspaced.
        if form.bytes().any(|byte| byte >= 0xE0) && form.chars().any(is_unspaced) {
            each_piece(&form, |piece| found(piece, start..end));
        } else if !form.is_empty() {
            found(&form, start..end);
        }
        at = next;
    }
}

/// The words of a text, for short ones.
pub fn words(text: &str) -> Vec<String> {
    let mut list = Vec::new();
    each_word(text, |form, _| list.push(form.to_owned()));
    list
}

enum Case {
    Lower,
    Mixed,
}

/// The next word from `at` on, if it is as nearly all are: a few letters of [`is_usual`] and digits,
/// nothing before it but ASCII and nothing behind it that might belong to it.
fn usual_run(text: &str, at: usize) -> Option<(std::ops::Range<usize>, Case)> {
    let bytes = text.as_bytes();
    let start = at + bytes[at..].iter().position(|b| b.is_ascii_alphanumeric() || *b >= 0x80)?;
    let mut case = Case::Lower;
    let mut end = start;
    loop {
        match *bytes.get(end).unwrap_or(&b' ') {
            b'a'..=b'z' | b'0'..=b'9' => end += 1,
            b'A'..=b'Z' => {
                case = Case::Mixed;
                end += 1;
            }
            b':' | b'#' | b'+' => return None,
            0..0x80 => break,
            lead => {
                match (lead, bytes[end + 1]) {
                    (0xC3, 0x97 | 0xB7) => return None,
                    (0xC3, 0x80..=0x9E) | (0xD0, 0x81 | 0x90..=0xAF) => case = Case::Mixed,
                    (0xC3, _) | (0xD0, 0xB0..) | (0xD1, 0x80..=0x8F | 0x91) => {}
                    _ => return None,
                }
                end += 2;
            }
        }
    }
    // So many bytes are no more characters.
    (start < end && end - start <= MAX_CHARS).then_some((start..end, case))
}

/// The next word from `at` on: its start, its end, and where to go on.
fn next_run(text: &str, at: usize) -> Option<(usize, usize, usize)> {
    let bytes = text.as_bytes();
    let mut start = at;
    loop {
        let byte = *bytes.get(start)?;
        if byte < 0x80 {
            if byte.is_ascii_alphanumeric() {
                break;
            }
            start += 1;
            continue;
        }
        let c = text[start..].chars().next()?;
        if c == '§' {
            let end = start + c.len_utf8();
            return Some((start, end, end));
        }
        if is_word_char(c) {
            break;
        }
        start += c.len_utf8();
    }
    let mut end = start;
    while let Some(&byte) = bytes.get(end) {
        if byte < 0x80 {
            if !byte.is_ascii_alphanumeric() {
                break;
            }
            end += 1;
        } else {
            let Some(c) = text[end..].chars().next().filter(|&c| is_word_char(c)) else { break };
            end += c.len_utf8();
        }
    }
    let (run, rest) = (&text[start..end], &text[end..]);
    match bytes.get(end) {
        Some(b'#' | b'+') if run.len() <= 2 && run.bytes().all(|b| b.is_ascii_alphabetic()) => {
            let sign = if rest.starts_with('#') { 1 } else { 2 };
            let after = rest.get(sign..).and_then(|r| r.chars().next());
            if (sign == 1 || rest.starts_with("++")) && !after.is_some_and(is_word_char) {
                return Some((start, end + sign, end + sign));
            }
        }
        Some(b':') => {
            let ending: usize =
                rest[1..].chars().take_while(|&c| is_word_char(c)).map(char::len_utf8).sum();
            let ending = &rest[1..1 + ending];
            let lower = !ending.is_empty() && ending.chars().all(char::is_lowercase);
            let short = ending.chars().count() <= 5;
            let abbreviation = run.chars().all(|c| c.is_uppercase() || c.is_numeric());
            if lower && short && abbreviation {
                return Some((start, end, end + 1 + ending.len()));
            }
        }
        _ => {}
    }
    Some((start, end, end))
}

pub fn is_word_char(c: char) -> bool {
    is_usual(c) || c.is_alphanumeric() || is_invisible(c) || is_combining_mark(c)
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}')
}

/// The form of a run, into `form`.
fn normalize(run: &str, form: &mut String) {
    form.clear();
    if run.is_ascii() {
        form.push_str(&run[..run.len().min(MAX_CHARS)]);
        form.make_ascii_lowercase();
        return;
    }
    if run.chars().all(|c| c.is_ascii() || is_usual(c)) {
        form.extend(run.chars().take(MAX_CHARS).flat_map(char::to_lowercase));
        return;
    }
    let visible: String = run.chars().filter(|&c| !is_invisible(c)).nfkc().collect();
    form.extend(visible.to_lowercase().nfc().take(MAX_CHARS));
}

/// Letters beyond ASCII that normalization leaves alone and whose case is one to one: Latin-1 and
/// basic Cyrillic.
fn is_usual(c: char) -> bool {
    matches!(c, '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{FF}')
        || matches!(c, '\u{410}'..='\u{44F}' | 'ё' | 'Ё')
}

/// Han, kana, Hangul, Thai, Lao, Myanmar and Khmer.
fn is_unspaced(c: char) -> bool {
    matches!(c as u32,
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1100..=0x11FF | 0x1780..=0x17FF
        | 0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3040..=0x30FF | 0x31F0..=0x31FF
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF
        | 0x20000..=0x3FFFF)
}

/// Cuts a form that holds characters of unspaced scripts: those in pairs, the rest whole.
fn each_piece(form: &str, mut found: impl FnMut(&str)) {
    let chars: Vec<(usize, char)> = form.char_indices().collect();
    let end_of = |i: usize| chars.get(i).map_or(form.len(), |&(at, _)| at);
    let mut from = 0;
    while from < chars.len() {
        let unspaced = is_unspaced(chars[from].1);
        let mut to = from + 1;
        while to < chars.len() && is_unspaced(chars[to].1) == unspaced {
            to += 1;
        }
        if unspaced && to - from > 1 {
            for i in from..to - 1 {
                found(&form[chars[i].0..end_of(i + 2)]);
            }
        } else {
            found(&form[chars[from].0..end_of(to)]);
        }
        from = to;
    }
}

/// The key under which a form is sorted and found without its diacritics: `käyttäjä` and
/// `kayttaja` are both `kayttaja`.
pub fn fold(form: &str) -> String {
    if form.is_ascii() {
        return form.to_owned();
    }
    let mut bare = String::with_capacity(form.len());
    for c in form.nfd() {
        match c {
            '\u{300}'..='\u{36F}' => {}
            'ø' => bare.push('o'),
            'æ' => bare.push_str("ae"),
            'œ' => bare.push_str("oe"),
            'ß' => bare.push_str("ss"),
            'ł' => bare.push('l'),
            'đ' | 'ð' => bare.push('d'),
            'þ' => bare.push_str("th"),
            'ı' => bare.push('i'),
            _ => bare.push(c),
        }
    }
    bare.nfc().collect()
}

/// Codes, numbers and the like, which no typo correction may touch.
pub fn is_code(form: &str) -> bool {
    form.chars().any(|c| !c.is_ascii_lowercase() && (c.is_numeric() || !c.is_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_alike_whatever_surrounds_them() {
        let cases: &[(&str, &[&str])] = &[
            ("Massalaskutus (ALV:n kanssa)", &["massalaskutus", "alv", "kanssa"]),
            ("note:this 2024:n EU:ssa", &["note", "this", "2024", "eu"]),
            (
                "C# C++ F#m .NET 3D 1099-MISC § 19",
                &["c#", "c++", "f", "m", "net", "3d", "1099", "misc", "§", "19"],
            ),
            ("tie\u{AD}don\u{200B}hallinta", &["tiedonhallinta"]),
            ("e\u{301}te\u{301} \u{FF21}\u{FF22}", &["été", "ab"]),
            ("请求管理 ABC管理", &["请求", "求管", "管理", "abc", "管理"]),
            ("<img onerror=x> \u{1F600} \u{202E}", &["img", "onerror", "x"]),
            ("", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(words(text), *expected, "{text}");
        }
    }

    #[test]
    fn usual_words_need_no_care() {
        let odd = "[a-zA-Z0-9äÄöÖßÿ÷×ёЁабяАРЯѐ :#+.,§é\u{301}\u{AD}\u{A0}–…東京ﬁ]{0,60}";
        proptest::proptest!(|(text in odd)| {
            let mut found = Vec::new();
            each_word(&text, |form, range| found.push((form.to_owned(), range)));
            let (mut careful, mut form, mut at) = (Vec::new(), String::new(), 0);
            while let Some((start, end, next)) = next_run(&text, at) {
                normalize(&text[start..end], &mut form);
                if form.chars().any(is_unspaced) {
                    each_piece(&form, |piece| careful.push((piece.to_owned(), start..end)));
                } else if !form.is_empty() {
                    careful.push((form.clone(), start..end));
                }
                at = next;
            }
            proptest::prop_assert_eq!(found, careful);
        });
    }

    #[test]
    fn folding_drops_diacritics_only() {
        assert_eq!(fold("käyttäjä"), "kayttaja");
        assert_eq!(fold("ёлка"), "елка");
        assert_eq!(fold("straße"), "strasse");
        assert_eq!(fold("한국"), "한국");
        assert_eq!(fold("कि"), "कि");
    }
}
