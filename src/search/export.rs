//! Writes a merged index as shards.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::beginnings::{Beginning, best, keys};
use super::input::{LanguageInput, TitledId};
use super::kept::Kept;
use super::listing::Listing;
use super::merge::{Form, Imprint, Merged, ONE_CHUNK};
use super::record::Record;
use super::shards::{Names, Shard};
use super::wire::{
    Entry, FacetShard, RecordShard, VERSION, bound, file, push_digit, push_front, push_number,
    utf16_order, utf16_start,
};
use super::word_shards::{WordShards, beginning_shard, hash_form};
use super::words::fold;

const SMALL_CHUNK: usize = 8;
const SPELLING_SHARD: usize = 6_000;
const POPULAR: usize = 6;
/// Files of word shards that are in memory at once.
const AT_ONCE: usize = 256;

/// Hands the shards of one language but for its texts over to `names`. `articles` are in the order of their
/// numbers; what `kept` has of the shards is not made again.
///
/// # Errors
///
/// What serde_json reports.
pub fn export(
    language: &LanguageInput,
    articles: &[&Record],
    merged: &Merged,
    kept: Option<&Kept>,
    names: &mut Names<'_>,
) -> serde_json::Result<()> {
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

    let imprints = kept.map(|_| merged.imprints());
    let kept = kept.zip(imprints.as_deref());
    let ahead = beginnings(merged, kept, names);
    let ahead = names.add(ahead, &|numbers| {
        let mut wanted = vec![false; merged.beginnings.len()];
        numbers.iter().for_each(|&number| wanted[number] = true);
        let made = best(merged, &wanted, &|_, listings| beginning_shard(merged, listings));
        Ok(made.into_iter().flatten().collect())
    })?;
    let mut lines = vec![String::new(); merged.shards.len()];
    for (Beginning { home, start, .. }, name) in merged.beginnings.iter().zip(ahead) {
        lines[*home].push_str(&format!("{start} {name}\n"));
    }
    let mut last = "";
    for key in &merged.bounds {
        push_front(&mut entry.bounds, last, key);
        last = key;
    }
    let maker = WordShards::new(merged, articles.len(), kept);
    for files in merged.files.chunks(AT_ONCE) {
        for (name, file) in maker.add(files, &lines, names)?.into_iter().zip(files) {
            entry.words.push_str(&name);
            entry.words.extend(file.clone().skip(1).map(|_| '.'));
        }
    }

    let (keys, spelling): (Vec<String>, Vec<Shard>) = spelling(merged)?.into_iter().unzip();
    let mut last = String::new();
    for key in keys {
        push_front(&mut entry.backwards, &last, &key);
        last = key;
    }
    entry.spelling.extend(names.add_made(spelling)?);

    let (kinds, categories) = (places(&language.kinds), places(&language.categories));
    let chunk = if articles.len() <= ONE_CHUNK { articles.len().max(1) } else { SMALL_CHUNK };
    entry.chunk = chunk as u32;
    let shard = |articles| Shard::new("r", &records(articles, &categories, &kinds));
    let (shards, facets) = rayon::join(
        || articles.par_chunks(chunk).map(shard).collect::<serde_json::Result<Vec<_>>>(),
        || Shard::new("f", &facets(articles, &categories, &kinds)),
    );
    entry.records.extend(names.add_made(shards?)?);
    entry.facets.extend(names.add_made(vec![facets?])?);
    names.put(format!("{}.js", language.code), file(&language.code, &entry)?);
    Ok(())
}

/// The shards of all beginnings. What `kept` has is not made again.
fn beginnings(merged: &Merged, kept: Option<(&Kept, &[Imprint])>, names: &Names<'_>) -> Vec<Shard> {
    let make = |listings: &[(usize, Listing)]| beginning_shard(merged, listings);
    let Some((kept, imprints)) = kept else {
        let wanted = vec![true; merged.beginnings.len()];
        return best(merged, &wanted, &|_, listings| make(listings))
            .into_iter()
            .flatten()
            .collect();
    };
    let keys = keys(merged, &|form, bytes| hash_form(merged, form, imprints, bytes));
    let known = |&key| kept.shard("b", key).filter(|shard| names.is_there(shard));
    let known: Vec<Option<Shard>> = keys.par_iter().map(known).collect();
    let wanted: Vec<bool> = known.iter().map(Option::is_none).collect();
    let made =
        best(merged, &wanted, &|number, listings| kept.keep_shard(keys[number], make(listings)));
    known.into_iter().zip(made).filter_map(|(known, made)| known.or(made)).collect()
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

/// Forms worth a correction, sorted by their keys read backwards: a slip in a word's beginning
/// leads to another word shard, but leaves its end as it is. Each shard with the key that it starts at.
fn spelling<'m>(merged: &'m Merged) -> serde_json::Result<Vec<(String, Shard)>> {
    let notable = merged.forms.par_iter().filter(|f| f.notable && !super::words::is_code(&f.text));
    let backwards = |form: &'m Form| {
        let key: String = form.key.chars().rev().collect();
        (utf16_start(&key), key, form.text.as_str())
    };
    let mut list: Vec<(u64, String, &str)> = notable.map(backwards).collect();
    // Most differ where they start.
    list.par_sort_unstable_by(|a, b| {
        let by_key = a.0.cmp(&b.0).then_with(|| utf16_order(&a.1, &b.1));
        by_key.then_with(|| utf16_order(a.2, b.2))
    });
    let mut ranges = Vec::new();
    let mut start = 0;
    while start < list.len() {
        let mut size = 0;
        let mut end = start;
        while end < list.len() && size < SPELLING_SHARD {
            size += list[end].2.len() / 2 + 2;
            end += 1;
        }
        ranges.push(start..end);
        start = end;
    }
    let shards = ranges.into_par_iter().map(|range| {
        let key = match range.start.checked_sub(1) {
            Some(before) => bound(&list[before].1, &list[range.start].1),
            None => "",
        };
        let mut text = String::new();
        let mut last = String::new();
        for (.., form) in &list[range] {
            let backwards: String = form.chars().rev().collect();
            push_front(&mut text, &last, &backwards);
            last = backwards;
        }
        Ok((key.to_owned(), Shard::new("s", &text)?))
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
    let (modules, module_numbers) = numbered(articles.iter().filter_map(|a| a.module.as_deref()));
    let (tags, tag_numbers) = numbered(articles.iter().flat_map(|a| &a.tags).map(String::as_str));
    (shard.4, shard.5) = (modules, tags);
    let mut own: Vec<u32> = Vec::new();
    for article in articles {
        push_number(&mut shard.0, categories.get(article.category.as_str()).copied().unwrap_or(0));
        push_number(&mut shard.1, kinds.get(article.kind.as_str()).copied().unwrap_or(0));
        let module = article.module.as_deref().map_or(0, |m| 1 + module_numbers[m]);
        push_number(&mut shard.2, module);
        own.clear();
        own.extend(article.tags.iter().map(|tag| tag_numbers[tag.as_str()]));
        own.sort_unstable();
        own.dedup();
        push_number(&mut shard.3, own.len() as u32);
        own.iter().for_each(|tag| push_number(&mut shard.3, *tag));
    }
    shard
}

/// Each of these names once, in order, and by name its place there.
fn numbered<'a>(names: impl Iterator<Item = &'a str>) -> (Vec<String>, FxHashMap<&'a str, u32>) {
    let mut numbers: FxHashMap<&str, u32> = names.map(|name| (name, 0)).collect();
    let mut list: Vec<&str> = numbers.keys().copied().collect();
    list.sort_unstable();
    (0..).zip(&list).for_each(|(number, name)| *numbers.entry(name).or_default() = number);
    (list.into_iter().map(str::to_owned).collect(), numbers)
}
