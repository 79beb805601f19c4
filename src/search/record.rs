//! What the index keeps of an article besides its words: what hits show of it and filters ask for.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::analyse::{AnalysedArticle, Analyser};
use super::input::{Anchor, ArticleInput, SectionInput, Standing};
use super::json::push_string;
use super::wire;

/// Of a summary, in characters; the excerpt says more a moment later.
const SUMMARY_CHARS: usize = 44;
/// Characters of a hash in the name of a text shard.
pub const TEXT_HASH: usize = 3;

/// Stands for a section that has no place of its own to lead to.
const NO_ANCHOR: &str = ".";

/// An article without its texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    pub path: String,
    /// One line.
    pub title: String,
    /// One short line.
    pub summary: String,
    pub category: String,
    pub kind: String,
    pub tags: Vec<String>,
    pub module: Option<String>,
    pub standing: Standing,
    /// As in field 5 of a [`wire::RecordShard`].
    pub anchors: String,
    /// The hash in the name of its text shard.
    pub text: String,
    /// Sections for one version of the product alone, with that version.
    pub variants: Vec<(u32, String)>,
}

/// An article, ready to be merged with the others of its language.
#[derive(Clone, Debug, Default)]
pub struct Prepared {
    pub record: Arc<Record>,
    pub words: AnalysedArticle,
}

impl Prepared {
    /// The article, its forms listed by themselves, and the file of its text shard.
    pub fn new(article: &ArticleInput, analyser: &mut Analyser) -> (Prepared, Vec<u8>) {
        Prepared::with_words(article, analyser.analyse(article))
    }

    /// The article of these words, and the file of its text shard.
    pub fn with_words(article: &ArticleInput, words: AnalysedArticle) -> (Prepared, Vec<u8>) {
        let (text, file) = hashed_text(&text_place(&article.path), &article.sections);
        (Prepared { record: Arc::new(Record::new(article, text)), words }, file)
    }
}

impl Record {
    fn new(article: &ArticleInput, text: String) -> Record {
        Record {
            path: article.path.clone(),
            title: one_line(&article.title),
            summary: shortened(&one_line(&article.summary)),
            category: article.category.clone(),
            kind: article.kind.clone(),
            tags: article.tags.clone(),
            module: article.module.clone(),
            standing: article.standing,
            anchors: anchors(article),
            text,
            variants: (0u32..)
                .zip(&article.sections)
                .filter_map(|(number, section)| Some((number, section.variant.clone()?)))
                .collect(),
        }
    }

    /// The path of its text shard below `search/`.
    pub fn text_file(&self) -> String {
        text_place(&self.path) + self.text.as_str() + ".js"
    }

    /// The file of its text shard, given its sections.
    pub fn text(&self, sections: &[SectionInput]) -> Vec<u8> {
        text_shard(&self.text_file(), sections)
    }
}

/// The text shard for the file of this path below `search/`.
pub fn text_shard(file: &str, sections: &[SectionInput]) -> Vec<u8> {
    let mut json = Vec::with_capacity(size(sections));
    push_json(&mut json, sections);
    wire::file_of(file.trim_end_matches(".js"), &json)
}

/// How the path of an article's text shard begins: the hash follows.
fn text_place(path: &str) -> String {
    ["t/", &path.trim_matches('/').replace(['/', '#'], "."), "."].concat()
}

/// The hash in the name of a text shard, and its file, put together in one place.
fn hashed_text(place: &str, sections: &[SectionInput]) -> (String, Vec<u8>) {
    let head = wire::head_of(&[place, &"?".repeat(TEXT_HASH)].concat());
    let mut file = Vec::with_capacity(head.len() + size(sections));
    file.extend_from_slice(&head);
    push_json(&mut file, sections);
    let hash = wire::short(&blake3::hash(&file[head.len()..]), TEXT_HASH);
    file.splice(..head.len(), wire::head_of(&[place, &hash].concat()));
    file.extend_from_slice(wire::FOOT);
    (hash, file)
}

/// What the JSON of sections takes at most, but for very odd texts.
fn size(sections: &[SectionInput]) -> usize {
    let size = |section: &SectionInput| {
        let text = section.heading.len() + section.text.len();
        text + text / 16 + 16 + 64 * section.variants.len()
    };
    64 + sections.iter().map(size).sum::<usize>()
}

/// The JSON of a [`wire::TextShard`]. Half of all that the search writes is such texts, and they are
/// written by hand because that can't fail.
fn push_json(out: &mut Vec<u8>, sections: &[SectionInput]) {
    out.push(b'[');
    for (number, section) in sections.iter().enumerate() {
        out.extend_from_slice(if number > 0 { b",[" } else { b"[" });
        push_string(out, section.heading.trim());
        out.push(b',');
        push_string(out, section.text.trim());
        for (number, (from, to, of)) in parts(section).enumerate() {
            out.extend_from_slice(if number > 0 { b",[" } else { b",[[" });
            out.extend_from_slice(format!("{from},{to},").as_bytes());
            push_string(out, of);
            out.push(b']');
        }
        if !section.variants.is_empty() {
            out.push(b']');
        }
        out.push(b']');
    }
    out.push(b']');
}

/// The parts of a section's trimmed text for one version of the product.
fn parts(section: &SectionInput) -> impl Iterator<Item = (u32, u32, &str)> {
    let lead = section.text.len() - section.text.trim_start().len();
    let text = section.text.trim();
    let units = move |byte: usize| {
        let byte = byte.saturating_sub(lead).min(text.len());
        text[..byte].encode_utf16().count() as u32
    };
    let parts = section.variants.iter();
    parts.map(move |(part, of)| (units(part.start), units(part.end), of.as_str()))
}

fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// Cut after a whole word, with an ellipsis.
fn shortened(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(SUMMARY_CHARS) else { return text.to_owned() };
    let cut = text[..end].rfind(' ').filter(|&at| at > end / 2).unwrap_or(end);
    format!("{}…", text[..cut].trim_end_matches([' ', ',', ';', ':', '.', '-', '–']))
}

fn anchors(article: &ArticleInput) -> String {
    fn given(number: usize, anchor: &Anchor) -> &str {
        match anchor {
            Anchor::Id(id) => id,
            Anchor::Top if number > 0 => NO_ANCHOR,
            Anchor::Top | Anchor::Numbered => "",
        }
    }
    let sections = article.sections.iter().enumerate();
    let list: Vec<&str> =
        sections.map(|(number, section)| given(number, &section.anchor)).collect();
    if list.iter().all(|given| given.is_empty()) { String::new() } else { list.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_whatever_is_in_them() {
        let odd: String = (0..0x250).filter_map(char::from_u32).collect();
        let section = |heading: &str, text: &str| SectionInput {
            heading: heading.into(),
            text: text.into(),
            ..SectionInput::default()
        };
        let variants = vec![(2..4, "old \"A\"".to_owned()), (4..8, "new".to_owned())];
        let cases = [
            vec![],
            vec![section("", "a\nb")],
            vec![section(" \"H\\ ", "x"), section("東", &odd)],
            vec![SectionInput { variants, ..section("Ä", "\n ö𐐀x ") }],
        ];
        for sections in cases {
            let shard: wire::TextShard =
                wire::argument(&text_shard("t/a.b.js", &sections)).expect("it is a shard");
            let text = |s: &SectionInput| {
                let parts = parts(s).map(|(from, to, of)| (from, to, of.to_owned())).collect();
                wire::Text(s.heading.trim().to_owned(), s.text.trim().to_owned(), parts)
            };
            assert_eq!(shard, sections.iter().map(text).collect::<Vec<_>>());
        }
    }
}
