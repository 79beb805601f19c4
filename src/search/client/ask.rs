//! A whole query, as `opas.search` answers it in the browser.

use std::collections::{BTreeMap, BTreeSet};

use super::super::words::{fold, words};
use super::lookup::{Found, How, lookup, meanings};
use super::query::{Query, parse};
use super::rank::{Hit, rank};
use super::shards::{Library, Records};

/// Phrases are verified in the texts of so many of the best articles; the others are left out.
const VERIFIED: usize = 24;

/// What to look for besides the words.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub limit: usize,
    /// The path of a category; its subcategories belong to it.
    pub category: Option<String>,
    pub kind: Option<String>,
    /// Articles that bear all of them.
    pub tags: Vec<String>,
    pub module: Option<String>,
    /// The path of a page or a category: what is in the same category comes a little earlier.
    pub near: Option<String>,
    pub typos: Typos,
    pub last_word: LastWord,
}

/// What becomes of words that look mistyped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Typos {
    #[default]
    Correct,
    Keep,
}

/// What the last word is if nothing follows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LastWord {
    /// Perhaps the beginning of one, as while it is typed.
    #[default]
    Beginning,
    Whole,
}

#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// Articles found, of which `results` are the best.
    pub total: usize,
    pub results: Vec<Answered>,
    /// The query as searched, where it is not what was typed.
    pub corrected: Option<String>,
    pub words: Vec<String>,
    pub found: Vec<Found>,
}

/// An article found, with what a hit shows.
#[derive(Clone, Debug)]
pub struct Answered {
    pub hit: Hit,
    /// From the site's root, with the best section's `#anchor` where it is not the top.
    pub address: String,
    pub title: String,
    pub summary: String,
    pub category: (String, String),
    pub kind: (String, String),
}

/// Answers a query.
pub fn ask(library: &Library, typed: &str, options: &Options) -> Answer {
    let query = parse(typed, &library.entry.lang);
    let found = look_up_all(library, &query, options);
    let keep = filter(library, options);
    let excluded = sharing(library, &query.excluded);
    let mut hits = rank(library, &found, &library.near(options.near.as_deref()));
    hits.retain(|hit| keep(hit.doc) && !excluded.contains(&hit.doc));
    for phrase in &query.phrases {
        let docs = sharing(library, std::slice::from_ref(phrase));
        hits.retain(|hit| docs.contains(&hit.doc));
    }
    if !query.phrases.is_empty() {
        hits.truncate(VERIFIED);
        hits.retain(|hit| holds(library, hit.doc, &query.phrases));
    }
    Answer {
        total: hits.len(),
        results: hits.iter().take(options.limit).map(|hit| answered(library, *hit)).collect(),
        corrected: correction(typed, &query, &found),
        words: query.words,
        found,
    }
}

fn look_up_all(library: &Library, query: &Query, options: &Options) -> Vec<Found> {
    let last = query.words.len().saturating_sub(1);
    let means = meanings(library, &query.words);
    let words = query.words.iter().enumerate();
    let look_up = words.map(|(i, word)| {
        let prefix = query.prefix && options.last_word == LastWord::Beginning && i == last;
        lookup(library, word, &means[i], prefix, options.typos == Typos::Correct)
    });
    look_up.collect()
}

fn filter<'a>(library: &'a Library, options: &'a Options) -> impl Fn(u32) -> bool + 'a {
    let Options { category, kind, tags, module, .. } = options;
    let any = category.is_some() || kind.is_some() || !tags.is_empty() || module.is_some();
    let facets = any.then(|| library.facets());
    let entry = &library.entry;
    let id = |list: &'a [(String, String)], number: u32| {
        (number as usize).checked_sub(1).and_then(|i| list.get(i)).map_or("", |x| x.0.as_str())
    };
    move |doc| {
        let Some(facets) = &facets else { return true };
        let Some(own) = facets.docs.get(doc as usize) else { return false };
        let inside = |wanted: &String| {
            let own = id(&entry.categories, own.category);
            own == wanted || own.strip_prefix(wanted.as_str()).is_some_and(|r| r.starts_with('/'))
        };
        let named = |list: &[String], wanted: &str, number: usize| {
            list.get(number).is_some_and(|name| name == wanted)
        };
        category.as_ref().is_none_or(inside)
            && kind.as_ref().is_none_or(|kind| id(&entry.kinds, own.kind) == kind)
            && module.as_ref().is_none_or(|wanted| {
                own.module > 0 && named(&facets.modules, wanted, own.module as usize - 1)
            })
            && tags.iter().all(|tag| own.tags.iter().any(|&t| named(&facets.tags, tag, t as usize)))
    }
}

/// Articles in which all the words of one of the lists stand in one section.
fn sharing(library: &Library, lists: &[Vec<String>]) -> BTreeSet<u32> {
    let mut docs = BTreeSet::new();
    for list in lists {
        let mut common: Option<BTreeMap<u32, u64>> = None;
        for word in list {
            let mut own: BTreeMap<u32, u64> = BTreeMap::new();
            for candidate in lookup(library, word, &[], false, false).candidates {
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
                Some(common) => common
                    .into_iter()
                    .map(|(doc, mask)| (doc, mask & own.get(&doc).copied().unwrap_or(0)))
                    .filter(|&(_, mask)| mask != 0)
                    .collect(),
            });
        }
        docs.extend(common.unwrap_or_default().into_keys());
    }
    docs
}

/// Whether all phrases stand in an article, word by word.
fn holds(library: &Library, doc: u32, phrases: &[Vec<String>]) -> bool {
    let (records, at) = library.record(doc);
    let sections = library.text(&records, at);
    let title = records.titles.get(at).cloned().unwrap_or_default();
    let texts = sections.into_iter().flat_map(|section| [section.0, section.1]);
    let texts: Vec<Vec<String>> = std::iter::once(title)
        .chain(texts)
        .map(|text| words(&text).iter().map(|word| fold(word)).collect())
        .collect();
    phrases.iter().all(|phrase| {
        let phrase: Vec<String> = phrase.iter().map(|word| fold(word)).collect();
        texts.iter().any(|words| words.windows(phrase.len()).any(|w| w == phrase))
    })
}

fn answered(library: &Library, hit: Hit) -> Answered {
    let (records, at) = library.record(hit.doc);
    let text = |list: &[String]| list.get(at).cloned().unwrap_or_default();
    let named = |list: &[(String, String)], numbers: &[u32]| {
        let number = numbers.get(at).copied().unwrap_or(0) as usize;
        number.checked_sub(1).and_then(|i| list.get(i)).cloned().unwrap_or_default()
    };
    Answered {
        hit,
        address: address(&records, at, hit.section as usize),
        title: text(&records.titles),
        summary: text(&records.summaries),
        category: named(&library.entry.categories, &records.categories),
        kind: named(&library.entry.kinds, &records.kinds),
    }
}

fn address(records: &Records, at: usize, section: usize) -> String {
    let path = records.paths.get(at).map(String::as_str).unwrap_or_default();
    let line = records.anchors.get(at).map(String::as_str).unwrap_or_default();
    let given = if line.is_empty() { "" } else { line.split(' ').nth(section).unwrap_or(".") };
    match (given, section) {
        (".", _) | ("", 0) => path.to_owned(),
        ("", _) => format!("{path}#s.{section}"),
        _ => format!("{path}#{given}"),
    }
}

fn correction(typed: &str, query: &Query, found: &[Found]) -> Option<String> {
    let corrected: BTreeMap<&str, &str> = query
        .words
        .iter()
        .zip(found)
        .filter_map(|(word, found)| Some((word.as_str(), found.corrected.as_deref()?)))
        .collect();
    if corrected.is_empty() {
        return None;
    }
    let (mut text, mut at) = (String::new(), 0);
    super::super::words::each_word(typed, |form, range| {
        if let Some(instead) = corrected.get(form)
            && range.start >= at
        {
            text.push_str(&typed[at..range.start]);
            text.push_str(instead);
            at = range.end;
        }
    });
    Some(text + &typed[at..])
}
