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
            if case == Case::Lower {
                found(word, run);
                continue;
            }
            form.clear();
            if case == Case::Ascii {
                form.push_str(word);
                form.make_ascii_lowercase();
            } else {
                form.extend(word.chars().map(usual_lower));
            }
            found(&form, run);
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

#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    /// As it is in its form.
    Lower,
    /// Capitals of ASCII at most.
    Ascii,
    Mixed,
}

/// What a byte is in a usual word, in bits, so that those of its bytes can be put together.
mod class {
    /// Not part of a usual word.
    pub const END: u8 = 1;
    /// Of ASCII, and neither letter nor digit.
    pub const GAP: u8 = 2;
    pub const CAPITAL: u8 = 4;
    /// Begins a letter of Latin-1.
    pub const LATIN: u8 = 8;
    /// Begins a letter that may be one of basic Cyrillic.
    pub const CYRILLIC: u8 = 16;
    /// In Latin-1: ends a capital.
    pub const LATIN_CAPITAL: u8 = 32;
    /// In Latin-1: ends no letter but × or ÷.
    pub const LATIN_SIGN: u8 = 64;
}

const CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' | b'0'..=b'9' => 0,
            b'A'..=b'Z' => class::CAPITAL,
            0..0x80 => class::END | class::GAP,
            0x97 | 0xB7 => class::LATIN_SIGN,
            0x80..=0x9E => class::LATIN_CAPITAL,
            0x9F..=0xBF => 0,
            0xC3 => class::LATIN,
            0xD0 | 0xD1 => class::CYRILLIC,
            _ => class::END,
        };
        byte += 1;
    }
    classes
}

fn class(byte: u8) -> u8 {
    CLASSES[usize::from(byte)]
}

/// The next word from `at` on, if it is as nearly all are: a few letters of [`is_usual`] and digits,
/// and nothing behind it that might belong to it.
fn usual_run(text: &str, at: usize) -> Option<(std::ops::Range<usize>, Case)> {
    let bytes = text.as_bytes();
    let mut start = at;
    loop {
        start += bytes[start..].iter().position(|&byte| class(byte) & class::GAP == 0)?;
        if class(bytes[start]) & class::END == 0 {
            break;
        }
        let sign = text[start..].chars().next().filter(|&c| c != '§' && !is_word_char(c))?;
        start += sign.len_utf8();
    }
    let mut end = start;
    let mut seen = 0;
    while let Some(class) = bytes.get(end).map(|&byte| class(byte)).filter(|c| c & class::END == 0)
    {
        seen |= class;
        end += 1;
    }
    let goes_on = match bytes.get(end) {
        Some(b':' | b'#' | b'+') => true,
        Some(0x80..) => text[end..].chars().next().is_some_and(is_word_char),
        _ => false,
    };
    // So many bytes are no more characters.
    if goes_on || end - start > MAX_CHARS {
        return None;
    }
    let has = |class| seen & class != 0;
    let case = if has(class::CYRILLIC) || has(class::LATIN) && has(class::LATIN_SIGN) {
        let mut case = Case::Lower;
        for c in text[start..end].chars() {
            if !c.is_ascii() && !is_usual(c) {
                return None;
            }
            if usual_lower(c) != c {
                case = Case::Mixed;
            }
        }
        case
    } else if has(class::LATIN) && has(class::LATIN_CAPITAL) {
        Case::Mixed
    } else if has(class::CAPITAL) {
        Case::Ascii
    } else {
        Case::Lower
    };
    Some((start..end, case))
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
        form.extend(run.chars().take(MAX_CHARS).map(usual_lower));
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

/// The lower case of a letter of [`is_usual`] or of ASCII.
fn usual_lower(c: char) -> char {
    let to = match c {
        '\u{C0}'..='\u{DE}' | '\u{410}'..='\u{42F}' => u32::from(c) + 0x20,
        'Ё' => u32::from('ё'),
        _ => return c.to_ascii_lowercase(),
    };
    char::from_u32(to).unwrap_or(c)
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
            ("”Öljy” – ÄLÄ ЁЖ–ёж 3×4", &["öljy", "älä", "ёж", "ёж", "3", "4"]),
            ("", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(words(text), *expected, "{text}");
        }
    }

    #[test]
    fn usual_words_need_no_care() {
        let odd = "[a-zA-Z0-9äÄöÖßÞÿ÷×ёЁабзяАЗРЯѐђЂҐ :#+.,”—§é\u{301}\u{AD}\u{A0}–…東京ﬁ]{0,60}";
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
    fn usual_letters_have_one_of_each_case() {
        for c in ('\0'..'\u{500}').filter(|&c| c.is_ascii() || is_usual(c)) {
            assert_eq!(usual_lower(c).to_string(), c.to_lowercase().to_string());
        }
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
