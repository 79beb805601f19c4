//! A query's answer: from what was typed to the hits that a reader sees.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::super::words::{fold, words};
use super::lookup::{Found, How, lookup};
use super::query::parse;
use super::rank::{Hit, Params, rank};
use super::shards::{Library, Records};

/// Of the articles that have all words of a phrase, so many of the best are read for it.
const VERIFIED: usize = 24;

/// Which articles of all that match are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    /// A path; those of categories below it too.
    pub category: Option<&'a str>,
    pub kind: Option<&'a str>,
    pub limit: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// Articles that match, of which `results` are the best.
    pub total: usize,
    pub results: Vec<Shown>,
}

/// An article that was found, all in plain text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    /// From the site's root, with the best section's anchor: `invoicing/credit/#how`.
    pub url: String,
    pub title: String,
    pub summary: String,
    pub category: String,
    pub kind: String,
    pub category_title: String,
    pub kind_title: String,
}

/// The answer of a language's index to what somebody typed.
pub fn answer(library: &Library<'_>, typed: &str, wanted: &Wanted<'_>) -> Answer {
    let query = parse(typed);
    let last = query.words.len().saturating_sub(1);
    let found: Vec<Found> = query
        .words
        .iter()
        .enumerate()
        .map(|(i, word)| lookup(library, word, query.prefix && i == last, true))
        .collect();
    let excluded = sharing(library, &query.excluded);
    let mut hits = rank(library, &found, &Params::default());
    hits.retain(|hit| !excluded.contains(&hit.doc) && is_wanted(library, hit, wanted));
    let hits = with_phrases(library, hits, &query.phrases);
    let results = hits.iter().take(wanted.limit).map(|hit| shown(library, hit)).collect();
    Answer { total: hits.len(), results }
}

fn is_wanted(library: &Library<'_>, hit: &Hit, wanted: &Wanted<'_>) -> bool {
    if wanted.category.is_none() && wanted.kind.is_none() {
        return true;
    }
    let shown = shown(library, hit);
    let inside = |path: &str| {
        shown.category == path
            || shown.category.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
    };
    wanted.category.is_none_or(inside) && wanted.kind.is_none_or(|kind| shown.kind == kind)
}

/// Articles in which all the words of one of the lists stand in one section.
fn sharing(library: &Library<'_>, lists: &[Vec<String>]) -> BTreeSet<u32> {
    let mut docs = BTreeSet::new();
    for list in lists {
        let mut common: Option<BTreeMap<u32, u64>> = None;
        for word in list {
            let mut own: BTreeMap<u32, u64> = BTreeMap::new();
            for candidate in lookup(library, word, false, false).candidates {
                if !matches!(candidate.how, How::Exact | How::Folded | How::Form) {
                    continue;
                }
                let (shard, place) = candidate.form;
                for listing in library.words(shard).listings(place) {
                    *own.entry(listing.doc).or_default() |= listing.sections;
                }
            }
            common = Some(match common {
                None => own,
                Some(before) => before
                    .into_iter()
                    .filter_map(|(doc, sections)| Some((doc, sections & own.get(&doc)?)))
                    .filter(|(_, sections)| *sections != 0)
                    .collect(),
            });
        }
        docs.extend(common.into_iter().flat_map(BTreeMap::into_keys));
    }
    docs
}

/// Of the hits, those in whose texts the phrases stand word by word; only the best are looked at.
fn with_phrases(library: &Library<'_>, mut hits: Vec<Hit>, phrases: &[Vec<String>]) -> Vec<Hit> {
    if phrases.is_empty() {
        return hits;
    }
    for phrase in phrases {
        let docs = sharing(library, std::slice::from_ref(phrase));
        hits.retain(|hit| docs.contains(&hit.doc));
    }
    hits.truncate(VERIFIED);
    hits.retain(|hit| {
        let (records, at) = library.record(hit.doc);
        let sections = library.text(&records, at);
        let texts = sections.iter().flat_map(|(heading, text)| [heading, text]);
        let texts = texts.chain([&records.titles[at]]);
        let texts: Vec<Vec<String>> =
            texts.map(|text| words(text).iter().map(|word| fold(word)).collect()).collect();
        phrases.iter().all(|phrase| {
            let phrase: Vec<String> = phrase.iter().map(|word| fold(word)).collect();
            texts.iter().any(|text| text.windows(phrase.len()).any(|part| part == phrase))
        })
    });
    hits
}

fn shown(library: &Library<'_>, hit: &Hit) -> Shown {
    let (records, at) = library.record(hit.doc);
    let titled = |list: &[(String, String)], number: u32| {
        let place = (number as usize).checked_sub(1);
        place.and_then(|place| list.get(place)).cloned().unwrap_or_default()
    };
    let (category, category_title) = titled(&library.entry.categories, records.categories[at]);
    let (kind, kind_title) = titled(&library.entry.kinds, records.kinds[at]);
    let anchor = anchor(&records, at, hit.section);
    let hash = if anchor.is_empty() { "" } else { "#" };
    Shown {
        url: format!("{}{hash}{anchor}", records.paths[at]),
        title: records.titles[at].clone(),
        summary: records.summaries[at].clone(),
        category,
        kind,
        category_title,
        kind_title,
    }
}

fn anchor(records: &Records, at: usize, section: u32) -> String {
    let line = &records.anchors[at];
    let given = match line.is_empty() {
        true => "",
        false => line.split(' ').nth(section as usize).unwrap_or("."),
    };
    match given {
        "." => String::new(),
        "" if section > 0 => format!("s.{section}"),
        given => given.to_owned(),
    }
}
