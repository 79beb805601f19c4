//! Which state an article is in, by section: what translations and extensions note of their
//! original, so that a later change shows.

use super::Article;

/// How many hexadecimal digits of blake3 stand for a section. A change that goes unnoticed is
/// one in 16 million.
const DIGITS: usize = 6;

/// A section of an original: its heading, empty for what is above the first one, and its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub heading: String,
    pub hash: String,
}

/// The sections of an article as its file has them. White space at the ends of lines is no change.
pub fn sections(article: &Article) -> Vec<Section> {
    let own = article.document.headings().iter().filter(|heading| heading.span.source == 0);
    let whole = article.text.read();
    let mut cuts: Vec<(usize, &str)> = vec![(article.body_start, "")];
    cuts.extend(own.map(|heading| (heading.span.start as usize, heading.text.as_str())));
    let ends = cuts[1..].iter().map(|cut| cut.0).chain([whole.len()]);
    let mut sections = Vec::with_capacity(cuts.len());
    for ((start, heading), end) in cuts.iter().zip(ends) {
        let text = whole.get(*start..end).unwrap_or("");
        let mut hasher = blake3::Hasher::new();
        for line in text.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
            hasher.update(line.as_bytes());
            hasher.update(b"\n");
        }
        let hash = hasher.finalize().to_hex()[..DIGITS].to_owned();
        sections.push(Section { heading: (*heading).to_owned(), hash });
    }
    sections
}

/// The state of an original as it stands in `source_hash`: its sections' hashes in a row.
pub fn state(original: &Article) -> String {
    sections(original).into_iter().map(|section| section.hash).collect::<Vec<_>>().join(" ")
}

/// Whether the original changed since the translation was marked. One that was never marked is
/// not known to be stale.
pub fn is_stale(translation: &Article, original: &Article) -> bool {
    let marked = translation.front.source_hash.as_ref();
    marked.is_some_and(|marked| marked.value != state(original))
}

/// Headings of the original's sections that are new or changed since `marked`; and how many are
/// gone.
pub fn changes(marked: &str, original: &Article) -> (Vec<String>, usize) {
    let now = sections(original);
    let mut old: Vec<&str> = marked.split_whitespace().collect();
    let mut changed = Vec::new();
    for section in now {
        match old.iter().position(|hash| *hash == section.hash) {
            Some(at) => {
                old.remove(at);
            }
            None => changed.push(section.heading),
        }
    }
    let gone = old.len().saturating_sub(changed.len());
    (changed, gone)
}
