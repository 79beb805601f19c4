//! Why an article was found: for each word of the query, the form of the manual that stands for it
//! there, how, where, and what it weighs.

use super::super::words::{fold, words};
use super::ask::Answer;
use super::lookup::{Candidate, Found, How};
use super::rank::Hit;
use super::shards::{Library, Listing};

/// What one word of the query found in an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub word: String,
    /// None if nothing in the article answers to the word.
    pub matched: Option<Matched>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matched {
    pub form: String,
    pub how: How,
    /// 64 for the word itself.
    pub quality: u32,
    /// 1 to 31: how much the article is about the form.
    pub weight: u8,
    /// The form's part of the title (or of a query in `find_by`), in 64ths.
    pub share: u8,
    /// In how many sections' headings, and in how many sections at all.
    pub headings: u32,
    pub sections: u32,
    pub stands: Stands,
}

/// How the form itself stands in the article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stands {
    Alone,
    /// As a part of this word.
    Within(String),
    /// In none of the texts that readers see: in `find_by`, a tag, or a link's text elsewhere.
    Outside,
}

/// A reason for each word of the answer's query.
pub fn explain(library: &Library, answer: &Answer, hit: &Hit) -> Vec<Reason> {
    let texts = words_of(library, hit.doc);
    let reason = |(word, found): (&String, &Found)| Reason {
        word: word.clone(),
        matched: best(library, found, hit.doc)
            .map(|(candidate, listing)| matched(library, &texts, candidate, listing)),
    };
    answer.words.iter().zip(&answer.found).map(reason).collect()
}

/// Of the forms found for a word, the one that counts most in the article.
fn best(library: &Library, found: &Found, doc: u32) -> Option<(Candidate, Listing)> {
    let in_doc = found.candidates.iter().filter_map(|&candidate| {
        let words = library.words(candidate.form.0);
        let listings = words.listings(candidate.form.1);
        let at = listings.binary_search_by_key(&doc, |listing| listing.doc).ok()?;
        Some((candidate, listings[at]))
    });
    // The first of those that count alike, as the candidates are in order.
    in_doc
        .min_by_key(|(c, l)| u32::MAX - c.quality * (28 + u32::from(l.weight) + u32::from(l.share)))
}

fn matched(library: &Library, texts: &[String], candidate: Candidate, listing: Listing) -> Matched {
    let shard = library.words(candidate.form.0);
    let form = shard.forms[candidate.form.1].clone();
    let key = fold(&form);
    // One of the forms away stands for all of them.
    let forms = shard.members(shard.first[candidate.form.1]);
    let other = || forms.iter().map(|&form| &shard.forms[form]).find(|form| texts.contains(form));
    let form = match texts.contains(&form) || candidate.how != How::Form {
        true => form,
        false => other().unwrap_or(&form).clone(),
    };
    let within = || texts.iter().find(|word| fold(word).contains(&key));
    let stands = match texts.contains(&form) {
        true => Stands::Alone,
        false => within().map_or(Stands::Outside, |word| Stands::Within(word.clone())),
    };
    Matched {
        form,
        how: candidate.how,
        quality: candidate.quality,
        weight: listing.weight,
        share: listing.share,
        headings: listing.headings.count_ones(),
        sections: listing.sections.count_ones(),
        stands,
    }
}

/// The words of an article's texts, each once.
fn words_of(library: &Library, doc: u32) -> Vec<String> {
    let (records, at) = library.record(doc);
    let title = records.titles.get(at).cloned().unwrap_or_default();
    let sections = library.text(&records, at).into_iter();
    let texts = sections.flat_map(|section| [section.0, section.1]);
    let mut list: Vec<String> =
        std::iter::once(title).chain(texts).flat_map(|text| words(&text)).collect();
    list.sort();
    list.dedup();
    list
}
