//! The wire format: what the shards under `search/` hold, in one place for both ends.
//!
//! Every file but `search.js` is a classic script that makes one call, so that a page opened from
//! disk can load it too: `opas.shard(NAME,JSON);` and a line break. NAME is the file's path below
//! `search/` without `.js`.
//!
//! | file | JSON | when |
//! | --- | --- | --- |
//! | `LANG.js` | [`Entry`] | at the first query |
//! | `w/HASH.js` | a list of [`WordShard`] | the words from one bound of the entry to the next, in each |
//! | `b/HASH.js` | [`WordShard`] | of a beginning that very many words share: the best places of each |
//! | `s/HASH.js` | a list of forms, front coded | to find what a mistyped beginning stands for |
//! | `r/HASH.js` | [`RecordShard`] | [`Entry::chunk`] articles: what a hit shows |
//! | `f/HASH.js` | [`FacetShard`] | for filters and counts |
//! | `t/PATH.HASH.js` | [`TextShard`] | an article's texts, for its excerpt |
//!
//! HASH is of the content, so a shard may be cached for ever. A text's name is its article's path,
//! slashes and the `#` of a place turned
//! into dots, and three characters of hash, which the article's record holds.
//!
//! **Numbers** are digits of base 91: the characters `#` to `~` without the backslash. A number
//! below 80 is one digit. Otherwise the first digit tells: 80 to 89, one more follows and the
//! number is 80 + 91 · (first − 80) + second; 90, three follow, the greatest first. Numbers of a
//! kind stand together in a string of their own, where gzip's Huffman codes fit them best.
//!
//! **Front coding**: each form is one digit-like capital letter, `A` for 0 characters (UTF-16
//! units, at most 25) shared with the form before, and its further characters, none of which is an
//! ASCII capital.
//!
//! **Articles** are numbered in the order of their paths, **forms** sorted by their folded key and
//! then themselves, both as UTF-16 units.

use serde::{Deserialize, Serialize};

/// Changes whenever a client of before would misread the shards.
pub const VERSION: u32 = 1;

pub const DIGITS: u32 = 91;

/// What a client knows of one language before it loads anything else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub version: u32,
    pub lang: String,
    /// The number of articles.
    pub count: u32,
    /// Front coded: the folded key with which each word shard starts; the first is empty.
    pub bounds: String,
    /// By word shard: the HASH of its file, or a dot if it follows the one before in the same file.
    pub words: String,
    /// As `bounds`, of the spelling shards, by keys read backwards.
    pub backwards: String,
    /// Seven characters per spelling shard: the HASH of its name. So are `records` and `facets`.
    pub spelling: String,
    /// Articles per record shard.
    pub chunk: u32,
    pub records: String,
    pub facets: String,
    /// By article, a digit each: its standing, 0 to 8; 4 is usual.
    pub standing: String,
    /// Ids and titles.
    pub categories: Vec<(String, String)>,
    /// By category: the number of its first article, and how many lie in it and below.
    #[serde(default)]
    pub within: String,
    pub kinds: Vec<(String, String)>,
    /// What readers type and what it means too, as folded words.
    pub synonyms: Vec<(String, String)>,
    /// Articles to offer after no hit, the best first.
    pub popular: Vec<u32>,
    /// Versions of the product with the sections that are for them alone. Numbers: articles since the
    /// last, the first counts from -1; how many sections; by section the number since the last,
    /// likewise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<(String, String)>,
}

/// Words with their postings; the strings run in parallel over forms, postings or places.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordShard(
    /// 0. The forms, front coded.
    pub String,
    /// 1. By form: how many forms before it the last one of its group stands, 0 if it is the first.
    pub String,
    /// 2. By form: the step of its group's inverse document frequency, plus 40 for a stop word.
    pub String,
    /// 3. By form: the number of its postings.
    pub String,
    /// 4. By posting: articles since the form's last one; the first counts from -1.
    pub String,
    /// 5. By posting: its weight, plus 32 where field 6 has a number for it.
    pub String,
    /// 6. By marked posting: the share of the title that the form is, in 64ths.
    pub String,
    /// 7. By posting its places: 4 · sections since the last, + 2 in its heading, + 1 if more
    ///    follow. The first counts from -1, so that a number below 4 means no place at all. The
    ///    forms of a group share their places in an article: they stand with the first of them
    ///    that occurs there, and none with the others.
    pub String,
    /// 8. By form: how many neighbours it has; by neighbour: its key in two digits, then articles:
    ///    2 · gap in the form's own list of articles, + 1 if more follow.
    pub String,
    /// 9. Lines of a beginning with which more words start than two shards hold, a space, and the
    ///    HASH of the beginning's own shard. Each line is in the shard where the beginning itself
    ///    would stand.
    pub String,
);

/// What hits show, by article: texts are separated by line breaks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordShard(
    /// 0. Paths: a number of UTF-16 units shared with the path before as a capital, the rest.
    pub String,
    /// 1. Titles.
    pub String,
    /// 2. Summaries.
    pub String,
    /// 3. Categories: 1 + the place in the entry's list, 0 for none.
    pub String,
    /// 4. Kinds, likewise.
    pub String,
    /// 5. Sections' anchors, apart by spaces; an empty one is `s.N` (of section 0: the article's top),
    ///    a dot the top, an empty line all of the former.
    pub String,
    /// 6. Three characters each: the hash of the text shard's name.
    pub String,
);

/// What filters and counts need, by article.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacetShard(
    /// 0. Categories, as in the records.
    pub String,
    /// 1. Kinds.
    pub String,
    /// 2. Modules: 1 + the place in field 4, 0 for none.
    pub String,
    /// 3. Tags: how many, then their places in field 5.
    pub String,
    /// 4. The modules' names.
    pub Vec<String>,
    /// 5. The tags' names.
    pub Vec<String>,
);

/// An article's texts by section.
pub type TextShard = Vec<Text<String>>;

/// A section's heading, its text, and parts of the text for one version of the product: UTF-16 units
/// from and to, and the version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text<S>(
    pub S,
    pub S,
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")] pub Vec<(u32, u32, S)>,
);

/// What digits are appended to.
pub trait Digits {
    fn push_ascii(&mut self, code: u8);
}

impl Digits for Vec<u8> {
    #[inline]
    fn push_ascii(&mut self, code: u8) {
        self.push(code);
    }
}

impl Digits for String {
    fn push_ascii(&mut self, code: u8) {
        self.push(char::from(code));
    }
}

/// The digit of a value below 91.
#[inline]
pub fn digit(value: u32) -> u8 {
    debug_assert!(value < DIGITS);
    (35 + value + u32::from(value >= 57)) as u8
}

/// Appends a digit.
#[inline]
pub fn push_digit(to: &mut impl Digits, value: u32) {
    to.push_ascii(digit(value));
}

/// Appends a number; those above 753,570 count as that.
#[inline]
pub fn push_number(to: &mut impl Digits, number: u32) {
    if number < 80 {
        push_digit(to, number);
    } else {
        push_large(to, number);
    }
}

fn push_large(to: &mut impl Digits, number: u32) {
    if number < 80 + 10 * DIGITS {
        push_digit(to, 80 + (number - 80) / DIGITS);
        push_digit(to, (number - 80) % DIGITS);
    } else {
        let number = number.min(DIGITS * DIGITS * DIGITS - 1);
        push_digit(to, 90);
        push_digit(to, number / (DIGITS * DIGITS));
        push_digit(to, number / DIGITS % DIGITS);
        push_digit(to, number % DIGITS);
    }
}

/// Reads numbers one after another; past the end, and for what is no digit, it gives 0.
pub struct Numbers<'a> {
    bytes: std::slice::Iter<'a, u8>,
}

impl<'a> Numbers<'a> {
    pub fn new(text: &'a str) -> Numbers<'a> {
        Numbers { bytes: text.as_bytes().iter() }
    }

    pub fn is_empty(&self) -> bool {
        self.bytes.as_slice().is_empty()
    }

    pub fn digit(&mut self) -> u32 {
        match self.bytes.next() {
            Some(&code @ 35..=126) => u32::from(code) - 35 - u32::from(code > 92),
            _ => 0,
        }
    }

    pub fn number(&mut self) -> u32 {
        match self.digit() {
            small @ 0..80 => small,
            90 => (self.digit() * DIGITS + self.digit()) * DIGITS + self.digit(),
            lead => 80 + (lead - 80) * DIGITS + self.digit(),
        }
    }
}

/// Appends `form`, front coded after `last`.
pub fn push_front(to: &mut String, last: &str, form: &str) {
    let mut shared = 0;
    let mut bytes = 0;
    for (a, b) in last.chars().zip(form.chars()) {
        if a != b || shared + a.len_utf16() > 25 {
            break;
        }
        shared += a.len_utf16();
        bytes += a.len_utf8();
    }
    to.push(char::from(b'A' + shared as u8));
    to.push_str(&form[bytes..]);
}

/// The forms of a front coded list.
pub fn front_coded(text: &str) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(capital) = rest.next() {
        let shared = (capital as usize).saturating_sub('A' as usize);
        let mut form = String::new();
        let mut units = 0;
        for c in list.last().map(String::as_str).unwrap_or_default().chars() {
            if units >= shared {
                break;
            }
            units += c.len_utf16();
            form.push(c);
        }
        while let Some(c) = rest.next_if(|c| !c.is_ascii_uppercase()) {
            form.push(c);
        }
        list.push(form);
    }
    list
}

/// The order of forms and paths: by UTF-16 units, as JavaScript compares strings.
pub fn utf16_order(a: &str, b: &str) -> std::cmp::Ordering {
    match a.bytes().zip(b.bytes()).find(|(x, y)| x != y) {
        Some((x, y)) => rank(x).cmp(&rank(y)),
        None => a.len().cmp(&b.len()),
    }
}

/// UTF-8 sorts alike but for what takes two units, which come before the last of those that take one.
fn rank(byte: u8) -> u8 {
    match byte {
        0xEE | 0xEF => byte + 0x10,
        0xF0.. => byte - 2,
        _ => byte,
    }
}

/// How a text starts: where two differ in this they sort by it.
pub fn utf16_start(text: &str) -> u64 {
    let mut start = [0; 8];
    start.iter_mut().zip(text.bytes()).for_each(|(to, byte)| *to = rank(byte));
    u64::from_be_bytes(start)
}

/// The shortest beginning of `key` that sorts after `before`; `key` itself at worst.
pub fn bound<'a>(before: &str, key: &'a str) -> &'a str {
    key.char_indices()
        .map(|(at, c)| &key[..at + c.len_utf8()])
        .find(|start| utf16_order(before, start).is_lt())
        .unwrap_or(key)
}

/// The shards between whose bounds keys that start with `key` may stand, at most `most`, that of
/// `key` itself first.
pub fn within(bounds: &[String], key: &str, most: usize) -> std::ops::Range<usize> {
    let after = bounds.partition_point(|bound| utf16_order(bound, key).is_le());
    let start = after.saturating_sub(1);
    let more = bounds[after..].iter().take_while(|bound| bound.starts_with(key)).count();
    start..(after + more).min(start + most)
}

/// How rare something is: steps of half a doubling, from 1 to 39.
///
/// Coarse, so that an edited article leaves most words of the others where they are.
pub fn rarity(articles: u32, with_it: u32) -> u8 {
    let ratio = |n: u32| u128::from(n.max(1)).pow(2);
    let steps = (ratio(articles + 1) / ratio(with_it)).max(1).ilog2();
    (1 + steps).min(39) as u8
}

/// The key of a neighbour in field 8 of a [`WordShard`]: of its form and the side on which it
/// stands. FNV-1a over UTF-16 units, folded to less than 8,281.
pub fn neighbour_key(form: &str, side: Side) -> u32 {
    let mut hash: u32 = match side {
        Side::After => 0x811C_9DC5,
        Side::Before => 0x9747_B28C,
    };
    for unit in form.encode_utf16() {
        hash = (hash ^ u32::from(unit)).wrapping_mul(0x0100_0193);
    }
    (hash ^ hash >> 16) % (DIGITS * DIGITS)
}

/// On which side of a word its neighbour stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Before,
    After,
}

/// The first `length` base-36 characters of a hash: lower case only, for file systems that don't
/// tell the cases apart.
pub fn short(hash: &blake3::Hash, length: usize) -> String {
    let mut number = u64::from_le_bytes(hash.as_bytes()[..8].try_into().unwrap_or_default());
    (0..length)
        .map(|_| {
            let digit = (number % 36) as u32;
            number /= 36;
            char::from_digit(digit, 36).unwrap_or('0')
        })
        .collect()
}

/// A shard's file: the call with `value` as its argument.
///
/// # Errors
///
/// What serde_json reports; none for the types of this module.
pub fn file<T: Serialize>(name: &str, value: &T) -> serde_json::Result<Vec<u8>> {
    Ok(file_of(name, &serde_json::to_vec(value)?))
}

/// The same of a value that is JSON already.
pub fn file_of(name: &str, json: &[u8]) -> Vec<u8> {
    [&head_of(name), json, FOOT].concat()
}

/// What stands before the value in the shard of this name.
pub fn head_of(name: &str) -> Vec<u8> {
    ["opas.shard(\"", name, "\","].concat().into_bytes()
}

/// What stands behind the value of each shard.
pub const FOOT: &[u8] = b");\n";

/// The argument of a shard's file; `None` if it is no whole shard.
pub fn argument<T: for<'de> Deserialize<'de>>(file: &[u8]) -> Option<T> {
    let text = std::str::from_utf8(file).ok()?;
    let call = text.trim_end().strip_prefix("opas.shard(\"")?.strip_suffix(");")?;
    let (_, value) = call.split_once("\",")?;
    serde_json::from_str(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back(list in prop::collection::vec(0u32..753_571, 0..50)) {
            let mut text = String::new();
            list.iter().for_each(|&n| push_number(&mut text, n));
            prop_assert!(!text.contains(['\\', '"']));
            let mut numbers = Numbers::new(&text);
            for n in list {
                prop_assert_eq!(numbers.number(), n);
            }
        }

        #[test]
        fn strings_sort_as_in_javascript(a in "[az\u{D7FF}\u{E000}\u{FFFF}\u{10000}\u{10FFFF}]{0,4}", b in "[az\u{D7FF}\u{E000}\u{FFFF}\u{10000}\u{10FFFF}]{0,4}") {
            prop_assert_eq!(utf16_order(&a, &b), a.encode_utf16().cmp(b.encode_utf16()));
        }

        #[test]
        fn front_coded_lists_come_back(mut list in prop::collection::vec("[a-zäö東\u{10400}]{0,40}", 0..30)) {
            list.sort();
            let (mut text, mut last) = (String::new(), "");
            for form in &list {
                push_front(&mut text, last, form);
                last = form;
            }
            prop_assert_eq!(front_coded(&text), list);
        }
    }
}
