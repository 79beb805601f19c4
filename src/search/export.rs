//! Writes a merged index as shards.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::beginnings::best;
use super::input::{LanguageInput, TitledId};
use super::merge::{Form, Listing, Merged, united};
use super::record::Record;
use super::wire::{
    Entry, FacetShard, RecordShard, VERSION, WordShard, bound, file, file_of, push_digit,
    push_front, push_number, short, utf16_order,
};
use super::words::fold;

/// Up to so many articles have their records in one shard: one request, and each later query has
/// them. Beyond, small ones cost less than they save.
const ONE_CHUNK: usize = 1_200;
const SMALL_CHUNK: usize = 8;
const SPELLING_SHARD: usize = 6_000;
const POPULAR: usize = 6;

/// Files by their path below `search/`.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The shards of one language but for its texts. `articles` are in the order of their numbers.
///
/// # Errors
///
/// What serde_json reports.
pub fn export(
    language: &LanguageInput,
    articles: &[&Record],
    merged: &Merged,
) -> serde_json::Result<Files> {
    let mut files = Files::new();
    let mut entry = Entry {
        version: VERSION,
        lang: language.code.clone(),
        count: articles.len() as u32,
        standing: articles.iter().map(|a| standing(a)).fold(String::new(), |mut text, value| {
            push_digit(&mut text, value);
            text
        }),
        categories: pairs(&language.categories),
        within: within(&language.categories, articles),
        kinds: pairs(&language.kinds),
        synonyms: synonyms(language, merged),
        popular: popular(articles),
        variants: variants(articles),
        ..Entry::default()
    };

    let ahead = best(merged, &|beginning, listings| {
        let shard = Content::new(&beginning_shard(merged, listings))?;
        Ok((beginning.home, beginning.start.clone(), shard))
    });
    let mut lines = vec![String::new(); merged.shards.len()];
    for (home, start, shard) in ahead.into_iter().collect::<serde_json::Result<Vec<_>>>()? {
        lines[home].push_str(&format!("{start} {}\n", shard.add(&mut files, "b")));
    }
    let shard = |seen: &mut Seen, (number, lines)| {
        Content::new(&WordShard { 9: lines, ..word_shard(merged, number, seen) })
    };
    let seen = || vec![(0, 0); articles.len()];
    let shards = lines.into_par_iter().enumerate().map_init(seen, shard);
    let (shards, spelling) =
        rayon::join(|| shards.collect::<serde_json::Result<Vec<Content>>>(), || spelling(merged));
    let (shards, spelling) = (shards?, spelling?);
    let mut last = "";
    for (key, shard) in merged.bounds.iter().zip(shards) {
        push_front(&mut entry.bounds, last, key);
        last = key;
        entry.words.push_str(&shard.add(&mut files, "w"));
    }
    let mut last = String::new();
    for (key, shard) in spelling {
        push_front(&mut entry.backwards, &last, &key);
        last = key;
        entry.spelling.push_str(&shard.add(&mut files, "s"));
    }

    let (kinds, categories) = (places(&language.kinds), places(&language.categories));
    let chunk = if articles.len() <= ONE_CHUNK { articles.len().max(1) } else { SMALL_CHUNK };
    entry.chunk = chunk as u32;
    for articles in articles.chunks(chunk) {
        let shard = Content::new(&records(articles, &categories, &kinds))?;
        entry.records.push_str(&shard.add(&mut files, "r"));
    }
    entry.facets = Content::new(&facets(articles, &categories, &kinds))?.add(&mut files, "f");
    files.insert(format!("{}.js", language.code), file(&language.code, &entry)?);
    Ok(files)
}

/// A shard's JSON with its hash.
struct Content {
    json: Box<[u8]>,
    hash: blake3::Hash,
}

impl Content {
    fn new<T: serde::Serialize>(shard: &T) -> serde_json::Result<Content> {
        let json = serde_json::to_vec(shard)?;
        // A copy, for what grew has room to spare, and all shards are here at once.
        Ok(Content { hash: blake3::hash(&json), json: json.as_slice().into() })
    }

    /// Adds the shard under the hash of its content and gives the hash.
    fn add(self, files: &mut Files, folder: &str) -> String {
        let mut long = self.hash;
        let mut salt = 0u32;
        loop {
            let hash = short(&long, 7);
            let name = format!("{folder}/{hash}");
            let bytes = file_of(&name, &self.json);
            let path = format!("{name}.js");
            // Two different shards of one hash would be one in a million builds.
            if files.get(&path).is_none_or(|other| *other == bytes) {
                files.insert(path, bytes);
                return hash;
            }
            salt += 1;
            let mut hasher = blake3::Hasher::new();
            hasher.update(&self.json).update(&salt.to_le_bytes());
            long = hasher.finalize();
        }
    }
}

fn pairs(list: &[super::input::TitledId]) -> Vec<(String, String)> {
    list.iter().map(|x| (x.id.clone(), x.title.clone())).collect()
}

fn places(list: &[super::input::TitledId]) -> BTreeMap<&str, u32> {
    list.iter().zip(1..).map(|(x, place)| (x.id.as_str(), place)).collect()
}

/// The house's words, as far as they lead to words of the index: one that leads nowhere helps nobody,
/// and might carry a word out that these readers must not see.
fn synonyms(language: &LanguageInput, merged: &Merged) -> Vec<(String, String)> {
    let key = |text: &str| super::words::words(text).join(" ");
    let is_known = |word: &str| {
        let word = fold(word);
        merged.forms.binary_search_by(|form| utf16_order(&form.key, &word)).is_ok()
    };
    let mut list: Vec<(String, String)> = language
        .synonyms
        .iter()
        .map(|s| (fold(&key(&s.from)), key(&s.to)))
        .filter(|(from, to)| !from.is_empty() && !to.is_empty() && to.split(' ').all(is_known))
        .collect();
    list.sort();
    list.dedup();
    list
}

/// 0 to 8: how an article stands whatever the query.
fn standing(article: &Record) -> u32 {
    let s = article.standing;
    let linked = (u32::BITS - s.inbound.leading_zeros()).div_ceil(2).min(3);
    let own_page = u32::from(s.pinned);
    (if s.passing { 1 } else { 4 } + linked + own_page).min(8)
}

/// Articles are in the order of their addresses, so those of a category stand in a row.
fn within(categories: &[TitledId], articles: &[&Record]) -> String {
    let mut text = String::new();
    for category in categories {
        let start = format!("{}/", category.id);
        let first = articles.partition_point(|a| utf16_order(&a.path, &start) == Ordering::Less);
        let below = articles[first..].iter().take_while(|a| a.path.starts_with(&start));
        let count = below.count();
        push_number(&mut text, first as u32);
        push_number(&mut text, count as u32);
    }
    text
}

fn popular(articles: &[&Record]) -> Vec<u32> {
    let mut list: Vec<u32> = (0..articles.len() as u32).collect();
    list.retain(|&doc| !articles[doc as usize].standing.passing);
    list.sort_by_key(|&doc| {
        let standing = articles[doc as usize].standing;
        (!standing.pinned, u32::MAX - standing.inbound)
    });
    list.truncate(POPULAR);
    list
}

/// The sections that are for one version of the product alone, by version.
fn variants(articles: &[&Record]) -> Vec<(String, String)> {
    let mut by_variant: BTreeMap<&str, Vec<(u32, Vec<u32>)>> = BTreeMap::new();
    for (doc, article) in (0u32..).zip(articles) {
        for (section, variant) in &article.variants {
            let of = by_variant.entry(variant).or_default();
            match of.last_mut() {
                Some((last, sections)) if *last == doc => sections.push(*section),
                _ => of.push((doc, vec![*section])),
            }
        }
    }
    let coded = by_variant.into_iter().map(|(variant, of)| {
        let mut coded = String::new();
        let mut next = 0;
        for (doc, sections) in of {
            push_number(&mut coded, doc - next);
            next = doc + 1;
            push_number(&mut coded, sections.len() as u32);
            let mut next = 0;
            for section in sections {
                push_number(&mut coded, section - next);
                next = section + 1;
            }
        }
        (variant.to_owned(), coded)
    });
    coded.collect()
}

/// The forms of a shard and its guests: of a word's forms elsewhere, the one that occurs most stands
/// for all, the rest are only named.
fn word_shard(merged: &Merged, number: usize, seen: &mut Seen) -> WordShard {
    let own = merged.shards[number].clone();
    let guests = &merged.guests[number];
    let mut places: Vec<usize> =
        own.clone().chain(guests.iter().map(|&form| form as usize)).collect();
    places.sort_unstable();
    let mut away = away(merged, guests);
    let mut lists: Vec<Vec<Listing>> = places
        .iter()
        .map(|place| match own.contains(place) {
            true => merged.listings(*place),
            false => away.remove(place).unwrap_or_default(),
        })
        .collect();
    let beside: Vec<_> = places
        .iter()
        .zip(&lists)
        .map(|(place, list)| match own.contains(place) {
            true => merged.neighbours(*place, list),
            false => Vec::new(),
        })
        .collect();
    share_places(merged, &places, &mut lists, seen);

    let mut shard = WordShard::default();
    let mut last = "";
    let mut last_of: FxHashMap<u32, usize> = FxHashMap::default();
    for (at, (&place, list)) in places.iter().zip(&lists).enumerate() {
        let form = &merged.forms[place];
        let back = last_of.insert(form.group, at).map_or(0, |last| at - last);
        push_word(&mut shard, last, form, back, list.iter().copied());
        last = &form.text;
        neighbours(&beside[at], &mut shard.8);
    }
    shard
}

/// Of each group, the listings of all its guests under the most frequent of them.
fn away(merged: &Merged, guests: &[u32]) -> FxHashMap<usize, Vec<Listing>> {
    let mut by_group: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for &guest in guests {
        by_group.entry(merged.forms[guest as usize].group).or_default().push(guest as usize);
    }
    let united = by_group.into_values().filter_map(|forms| {
        let most = *forms.iter().rev().max_by_key(|&&form| merged.forms[form].often)?;
        Some((most, united(forms.iter().flat_map(|&form| merged.listings(form)).collect())))
    });
    united.collect()
}

/// By article: sections, and those in whose headings.
type Seen = Vec<(u64, u64)>;

/// Gives the sections of all of a group's forms in an article to the first of them, and none to the
/// others. `seen` is all zero, before and after.
fn share_places(merged: &Merged, forms: &[usize], lists: &mut [Vec<Listing>], seen: &mut Seen) {
    let mut groups: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
    for (at, &form) in forms.iter().enumerate() {
        groups.entry(merged.forms[form].group).or_default().push(at);
    }
    for group in groups.into_values().filter(|group| group.len() > 1) {
        for listing in group.iter().flat_map(|&at| &lists[at]) {
            let all = &mut seen[listing.doc as usize];
            all.0 |= listing.sections;
            all.1 |= listing.headings;
        }
        for &at in &group {
            for listing in &mut lists[at] {
                let all = std::mem::take(&mut seen[listing.doc as usize]);
                (listing.sections, listing.headings) = all;
            }
        }
    }
}

/// Its words stand each for itself: what belongs to them is in their own shards.
fn beginning_shard(merged: &Merged, listings: &[(usize, Listing)]) -> WordShard {
    let mut shard = WordShard::default();
    let mut last = "";
    for list in listings.chunk_by(|a, b| a.0 == b.0) {
        let form = &merged.forms[list[0].0];
        push_word(&mut shard, last, form, 0, list.iter().map(|x| x.1));
        last = &form.text;
    }
    shard
}

fn push_word(
    shard: &mut WordShard,
    last: &str,
    form: &Form,
    back: usize,
    listings: impl ExactSizeIterator<Item = Listing>,
) {
    push_front(&mut shard.0, last, &form.text);
    push_number(&mut shard.1, back as u32);
    push_digit(&mut shard.2, u32::from(form.step) + if form.stop { 40 } else { 0 });
    push_number(&mut shard.3, listings.len() as u32);
    let mut next = 0;
    for listing in listings {
        push_number(&mut shard.4, listing.doc - next);
        next = listing.doc + 1;
        push_digit(
            &mut shard.5,
            u32::from(listing.weight) + if listing.share > 0 { 32 } else { 0 },
        );
        if listing.share > 0 {
            push_digit(&mut shard.6, u32::from(listing.share));
        }
        push_places(&listing, &mut shard.7);
    }
}

fn push_places(listing: &Listing, to: &mut String) {
    let mut rest = listing.sections;
    if rest == 0 {
        push_number(to, 0);
    }
    let mut last = -1;
    while rest != 0 {
        let section = rest.trailing_zeros();
        rest &= rest - 1;
        let gap = (section as i32 - last) as u32;
        last = section as i32;
        let heading = (listing.headings >> section & 1) as u32;
        push_number(to, 4 * gap + 2 * heading + u32::from(rest != 0));
    }
}

fn neighbours(list: &[(u32, Vec<u32>)], to: &mut String) {
    push_number(to, list.len() as u32);
    for (key, places) in list {
        push_digit(to, key / 91);
        push_digit(to, key % 91);
        let mut next = 0;
        for (i, &place) in places.iter().enumerate() {
            push_number(to, 2 * (place - next) + u32::from(i + 1 < places.len()));
            next = place + 1;
        }
    }
}

/// Forms worth a correction, sorted by their keys read backwards: a slip in a word's beginning
/// leads to another word shard, but leaves its end as it is. Each shard with the key that it starts at.
fn spelling(merged: &Merged) -> serde_json::Result<Vec<(String, Content)>> {
    let notable = merged.forms.par_iter().filter(|f| f.notable && !super::words::is_code(&f.text));
    let mut list: Vec<(String, &str)> =
        notable.map(|f| (f.key.chars().rev().collect(), f.text.as_str())).collect();
    list.par_sort_unstable_by(|a, b| utf16_order(&a.0, &b.0).then_with(|| utf16_order(a.1, b.1)));
    let mut ranges = Vec::new();
    let mut start = 0;
    while start < list.len() {
        let mut size = 0;
        let mut end = start;
        while end < list.len() && size < SPELLING_SHARD {
            size += list[end].1.len() / 2 + 2;
            end += 1;
        }
        ranges.push(start..end);
        start = end;
    }
    let shards = ranges.into_par_iter().map(|range| {
        let key = match range.start.checked_sub(1) {
            Some(before) => bound(&list[before].0, &list[range.start].0),
            None => "",
        };
        let mut text = String::new();
        let mut last = String::new();
        for (_, form) in &list[range] {
            let backwards: String = form.chars().rev().collect();
            push_front(&mut text, &last, &backwards);
            last = backwards;
        }
        Ok((key.to_owned(), Content::new(&text)?))
    });
    shards.collect()
}

fn records(
    articles: &[&Record],
    categories: &BTreeMap<&str, u32>,
    kinds: &BTreeMap<&str, u32>,
) -> RecordShard {
    let mut shard = RecordShard::default();
    let mut last = "";
    for (i, article) in articles.iter().enumerate() {
        if i > 0 {
            for column in [&mut shard.0, &mut shard.1, &mut shard.2, &mut shard.5] {
                column.push('\n');
            }
        }
        push_front(&mut shard.0, last, &article.path);
        last = &article.path;
        shard.1.push_str(&article.title);
        shard.2.push_str(&article.summary);
        push_number(&mut shard.3, categories.get(article.category.as_str()).copied().unwrap_or(0));
        push_number(&mut shard.4, kinds.get(article.kind.as_str()).copied().unwrap_or(0));
        shard.5.push_str(&article.anchors);
        shard.6.push_str(&article.text);
    }
    shard
}

fn facets(
    articles: &[&Record],
    categories: &BTreeMap<&str, u32>,
    kinds: &BTreeMap<&str, u32>,
) -> FacetShard {
    let mut shard = FacetShard::default();
    let modules: std::collections::BTreeSet<&str> =
        articles.iter().filter_map(|a| a.module.as_deref()).collect();
    let tags: std::collections::BTreeSet<&str> =
        articles.iter().flat_map(|a| a.tags.iter().map(String::as_str)).collect();
    shard.4 = modules.iter().map(|m| (*m).to_owned()).collect();
    shard.5 = tags.iter().map(|t| (*t).to_owned()).collect();
    let number = |list: &[String], name: &str| {
        list.binary_search_by(|x| x.as_str().cmp(name)).map_or(0, |i| i as u32)
    };
    for article in articles {
        push_number(&mut shard.0, categories.get(article.category.as_str()).copied().unwrap_or(0));
        push_number(&mut shard.1, kinds.get(article.kind.as_str()).copied().unwrap_or(0));
        let module = article.module.as_deref().map_or(0, |m| 1 + number(&shard.4, m));
        push_number(&mut shard.2, module);
        let own: std::collections::BTreeSet<&str> =
            article.tags.iter().map(String::as_str).collect();
        push_number(&mut shard.3, own.len() as u32);
        for tag in own {
            push_number(&mut shard.3, number(&shard.5, tag));
        }
    }
    shard
}
