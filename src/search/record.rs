//! What the index keeps of an article besides its words: what hits show of it and filters ask for.

use super::analyse::{self, AnalysedArticle};
use super::input::{ArticleInput, SectionInput, Standing};
use super::wire;

/// Of a summary, in characters; the excerpt says more a moment later.
const SUMMARY_CHARS: usize = 54;
/// Characters of a hash in the name of a text shard.
pub const TEXT_HASH: usize = 3;

/// Stands for a section that has no place of its own to lead to.
const NO_ANCHOR: &str = ".";

/// An article without its texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
#[derive(Debug, Default)]
pub struct Prepared {
    pub record: Record,
    pub words: AnalysedArticle,
}

impl Prepared {
    /// # Errors
    ///
    /// What serde_json reports; none for these types.
    pub fn new(article: &ArticleInput) -> serde_json::Result<Prepared> {
        Ok(Prepared { record: Record::new(article)?, words: analyse::analyse(article) })
    }
}

impl Record {
    fn new(article: &ArticleInput) -> serde_json::Result<Record> {
        let content = serde_json::to_vec(&text_shard(&article.sections))?;
        Ok(Record {
            path: article.path.clone(),
            title: one_line(&article.title),
            summary: shortened(&one_line(&article.summary)),
            category: article.category.clone(),
            kind: article.kind.clone(),
            tags: article.tags.clone(),
            module: article.module.clone(),
            standing: article.standing,
            anchors: anchors(article),
            text: wire::short(&blake3::hash(&content), TEXT_HASH),
            variants: (0u32..)
                .zip(&article.sections)
                .filter_map(|(number, section)| Some((number, section.variant.clone()?)))
                .collect(),
        })
    }

    /// The name of its text shard.
    pub fn text_name(&self) -> String {
        format!("t/{}.{}", self.path.trim_matches('/').replace(['/', '#'], "."), self.text)
    }

    /// The file of its text shard, by its sections.
    ///
    /// # Errors
    ///
    /// What serde_json reports; none for these types.
    pub fn text_file(&self, sections: &[SectionInput]) -> serde_json::Result<Vec<u8>> {
        wire::file(&self.text_name(), &text_shard(sections))
    }
}

/// What is written as a [`wire::TextShard`].
fn text_shard(sections: &[SectionInput]) -> Vec<wire::Text<&str>> {
    sections.iter().map(|s| wire::Text(s.heading.trim(), s.text.trim(), parts(s))).collect()
}

/// The parts of a section's trimmed text for one version of the product.
fn parts(section: &SectionInput) -> Vec<(u32, u32, &str)> {
    let lead = section.text.len() - section.text.trim_start().len();
    let text = section.text.trim();
    let units = |byte: usize| {
        let byte = byte.saturating_sub(lead).min(text.len());
        text[..byte].encode_utf16().count() as u32
    };
    let parts = section.variants.iter();
    parts.map(|(part, of)| (units(part.start), units(part.end), of.as_str())).collect()
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
    let given = |i: usize, s: &SectionInput| match &s.anchor {
        Some(anchor) if *anchor == SectionInput::short_anchor(i) => String::new(),
        Some(anchor) => anchor.clone(),
        None if i == 0 => String::new(),
        None => NO_ANCHOR.to_owned(),
    };
    let list: Vec<String> = article.sections.iter().enumerate().map(|(i, s)| given(i, s)).collect();
    if list.iter().all(String::is_empty) { String::new() } else { list.join(" ") }
}
