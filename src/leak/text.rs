//! The words of a file, whatever its kind.

use memchr::{memchr, memchr3};

use crate::search::wire;

/// Between two texts that have nothing to do with each other: no sentence goes on behind it.
pub const APART: char = '\u{1e}';
/// Where a block of text ends and the next begins.
pub const BLOCK: char = '\u{1d}';

/// The texts that a file may hold, each a way to read it.
pub fn texts(name: &str, bytes: &[u8]) -> Vec<String> {
    let extension = name.rsplit('.').next().unwrap_or("");
    let binary = matches!(
        extension,
        "png" | "jpg" | "jpeg" | "gif" | "webp" | "avif" | "mp4" | "webm" | "pdf" | "zip" | "ico"
    );
    if binary {
        // A picture may carry a text in its metadata.
        return vec![printable(bytes)];
    }
    if name.starts_with("search/")
        && let Some(decoded) = shard(name, bytes)
    {
        return decoded;
    }
    let raw = String::from_utf8_lossy(bytes);
    // A tag inside a word or a sentence must not hide it.
    let tagless = matches!(extension, "html" | "xml" | "svg" | "md").then(|| without_tags(&raw));
    let tagless = tagless.map(unescaped);
    let tagless = tagless.map(|text| match extension {
        "md" => without_targets(&text).replace(MARKS, "").replace("\n\n", "\n\u{1d}\n"),
        _ => text,
    });
    [unescaped(raw.into_owned())].into_iter().chain(tagless).collect()
}

/// Lower-case runs of letters and digits, one after the other.
pub fn each_word(text: &str, mut word: impl FnMut(&str)) {
    let mut run = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            run.push(c.to_ascii_lowercase());
        } else if !c.is_ascii() && c.is_alphanumeric() {
            run.extend(c.to_lowercase());
        } else if c != '\u{ad}' && !run.is_empty() {
            word(&run);
            run.clear();
        }
    }
    if !run.is_empty() {
        word(&run);
    }
}

/// Runs of eight and more printable ASCII characters.
fn printable(bytes: &[u8]) -> String {
    let mut text = String::new();
    for run in bytes.split(|b| !(b' '..=b'~').contains(b)).filter(|run| run.len() >= 8) {
        text.push_str(&String::from_utf8_lossy(run));
        text.push('\n');
    }
    text
}

fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = memchr(b'<', rest.as_bytes()) {
        out.push_str(&rest[..open]);
        let Some(close) = memchr(b'>', &rest.as_bytes()[open..]) else { return out };
        if is_block(&rest[open + 1..open + close]) {
            out.push(BLOCK);
        }
        rest = &rest[open + close + 1..];
    }
    out.push_str(rest);
    out
}

/// What markdown can have inside a word without parting it.
const MARKS: [char; 3] = ['*', '`', '~'];

/// Markdown without the addresses of its links, which part the words of a sentence.
fn without_targets(text: &str) -> String {
    let mut parts = text.split("](");
    let mut out = parts.next().unwrap_or("").to_owned();
    for part in parts {
        out.push_str(part.split_once(')').map_or(part, |(_, behind)| behind));
    }
    out
}

/// Whether what stands between `<` and `>` begins or ends a block, an element that stands for itself.
fn is_block(tag: &str) -> bool {
    let name = tag.trim_start_matches('/');
    let end = name.bytes().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(name.len());
    const BLOCKS: [&str; 40] = [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "button",
        "caption",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "entry",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "td",
        "th",
        "title",
        "tr",
        "ul",
    ];
    BLOCKS.binary_search(&&name[..end]).is_ok()
}

/// With entities, JSON escapes and percent codes read as what they mean.
fn unescaped(text: String) -> String {
    let next = |rest: &str| memchr3(b'&', b'\\', b'%', rest.as_bytes());
    if next(&text).is_none() {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = next(rest) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (meant, length) = match rest.as_bytes()[0] {
            b'&' => entity(rest),
            b'\\' => escape(rest),
            _ => percent(rest),
        }
        .unwrap_or((String::from(&rest[..1]), 1));
        out.push_str(&meant);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

fn entity(text: &str) -> Option<(String, usize)> {
    let end = text.bytes().take(12).position(|b| b == b';')?;
    let name = &text[1..end];
    let meant = match name {
        "amp" => "&".to_owned(),
        "lt" => "<".to_owned(),
        "gt" => ">".to_owned(),
        "quot" => "\"".to_owned(),
        "apos" => "'".to_owned(),
        "nbsp" => " ".to_owned(),
        "shy" => String::new(),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?.to_string()
        }
    };
    Some((meant, end + 1))
}

fn escape(text: &str) -> Option<(String, usize)> {
    match text.as_bytes().get(1)? {
        b'u' => {
            let code = u32::from_str_radix(text.get(2..6)?, 16).ok()?;
            Some((char::from_u32(code)?.to_string(), 6))
        }
        b'n' | b't' | b'r' => Some((" ".to_owned(), 2)),
        _ => None,
    }
}

fn percent(text: &str) -> Option<(String, usize)> {
    let run = text.as_bytes().chunks(3).take_while(|c| {
        c.len() == 3 && c[0] == b'%' && c[1].is_ascii_hexdigit() && c[2].is_ascii_hexdigit()
    });
    let length = run.count() * 3;
    if length == 0 {
        return None;
    }
    let decoded = percent_encoding::percent_decode_str(&text[..length]).decode_utf8_lossy();
    Some((decoded.into_owned(), length))
}

/// The texts of a shard of the search; `None` if the file is none. Fields of numbers are left out:
/// their digits are letters, and would look like words by chance.
fn shard(name: &str, file: &[u8]) -> Option<Vec<String>> {
    let value: serde_json::Value = wire::argument(file)?;
    let field = |key: &str| value.get(key).cloned();
    let place = |i: usize| value.get(i).cloned();
    let kept: Vec<Option<serde_json::Value>> = match name.split('/').nth(1)? {
        "w" => vec![place(0)],
        "r" => vec![place(0), place(1), place(2), place(5)],
        "f" => vec![place(4), place(5)],
        entry if entry.ends_with(".js") => {
            ["bounds", "backwards", "categories", "kinds", "synonyms"].map(field).to_vec()
        }
        // Texts, spellings, and whatever else there may come to be.
        _ => vec![Some(value)],
    };
    let mut texts = Vec::new();
    kept.iter().flatten().for_each(|value| collect(value, &mut texts));
    // Titles and summaries stand line by line; the end of one and the start of the next say nothing.
    let mut out = vec![texts.join("\n").replace('\n', "\u{1e}")];
    out.extend(texts.iter().map(|text| wire::front_coded(text).join("\n")));
    Some(out)
}

fn collect(value: &serde_json::Value, texts: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => texts.push(text.clone()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        serde_json::Value::Object(entries) => {
            for (key, value) in entries {
                texts.push(key.clone());
                collect(value, texts);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words_of(name: &str, content: &str) -> Vec<String> {
        let mut words = Vec::new();
        for text in texts(name, content.as_bytes()) {
            each_word(&text, |word| words.push(word.to_owned()));
        }
        words
    }

    #[test]
    fn a_word_is_seen_through_markup_and_escapes() {
        let cases = [
            ("a.html", "<p>sal<b>ai</b>nen</p>"),
            ("a.html", "<p title=\"salainen\">"),
            ("a.html", "<!-- salainen -->"),
            ("a.html", "sa&#108;ainen"),
            ("a.html", "sal&shy;ainen"),
            ("a.json", "\"sa\\u006cainen\""),
            ("a.xml", "<loc>https://x.fi/%73alainen/</loc>"),
            ("a.md", "**sal**ainen"),
            ("a.md", "sal~~ai~~`ne`n"),
            ("a.js", "x=\"SALAINEN\""),
        ];
        for (name, content) in cases {
            let words = words_of(name, content);
            assert!(words.iter().any(|word| word == "salainen"), "{content}: {words:?}");
        }
    }

    #[test]
    fn blocks_end_words_and_other_tags_do_not() {
        let cases = [
            ("a.html", "<td>sa</td><td>lai</td>", "|sa||lai|"),
            ("a.html", "sa<br>lai<b>nen</b><h2 id=\"x\">x</h2>", "sa|lainen|x|"),
            ("a.html", "<p><em>sa</em> lai</p", "|sa lai"),
            ("a.md", "# sa\n\nlai", "# sa\n|\nlai"),
            ("a.md", "sa [lai](x/y.md) nen [x](z", "sa [lai nen [xz"),
        ];
        for (name, content, wanted) in cases {
            let tagless = texts(name, content.as_bytes())[1].replace(BLOCK, "|");
            assert_eq!(tagless, wanted, "{content}");
        }
    }

    #[test]
    fn text_in_a_picture_is_text() {
        let texts = texts("a.png", b"\x89PNG\0tEXtComment salainen\0\x01");
        assert!(texts[0].contains("salainen"));
    }
}
