//! From the articles' words to what the shards hold: forms in order, groups, weights, neighbours.
//!
//! 1. Tantivy's index gives each form's articles ([`super::postings`]).
//! 2. Forms are put in the order of their folded keys and grouped ([`super::grouping`]).
//! 3. The order is cut into shards, between groups where it can be; a group that a cut splits is
//!    two groups from then on.
//! 4. A group's rarity, counted in coarse steps, weighs the words of the titles.
//! 5. A compound's parts inherit its postings at a lower weight ([`super::compounds`]).
//! 6. Words that stand next to each other, stop words between them left out, are remembered with
//!    the rarer of the two.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::analyse::{AnalysedArticle, BREAK, Place};
use super::compounds;
use super::grouping;
use super::language::Lexicon;
use super::postings::{self, Postings};
use super::wire::{Side, bound, neighbour_key, push_number, rarity, utf16_order, within};
use super::words::fold;

/// What a shard should hold at most, in a measure of its bytes: gzipped, some 3 kB.
const SHARD_SIZE: usize = 2_400;
/// A word in so large a part of the articles says as little as a stop word: 1 in 2.
const COMMON: u32 = 2;

/// One language's index, ready to be written.
#[derive(Default)]
pub struct Merged {
    pub count: u32,
    /// In shard order.
    pub forms: Vec<Form>,
    pub groups: Vec<Group>,
    /// Ranges of `forms`.
    pub shards: Vec<Range<usize>>,
    /// The folded key from which on each shard's forms stand.
    pub bounds: Vec<String>,
    /// By the shard's first form: what field 9 of a word shard holds.
    pub completions: FxHashMap<usize, String>,
}

pub struct Form {
    pub text: String,
    pub key: String,
    pub group: u32,
    pub stop: bool,
    pub listings: Vec<Listing>,
    /// By key: places in `listings`, ascending.
    pub neighbours: Vec<(u32, Vec<u32>)>,
    /// Stands in a title or heading, or in more than one article.
    pub notable: bool,
}

/// A form in an article.
#[derive(Clone, Copy, Debug, Default)]
pub struct Listing {
    pub doc: u32,
    pub weight: u8,
    /// The share of the article's title that the form is, in 64ths.
    pub share: u8,
    /// The sections in which it occurs, and in whose headings: a bit each.
    pub sections: u64,
    pub headings: u64,
}

#[derive(Default)]
pub struct Group {
    /// In `Merged::forms`, ascending.
    pub members: Vec<u32>,
    /// Articles of all members, ascending.
    pub docs: Vec<u32>,
    pub step: u8,
}

/// Merges the articles of a language, which are numbered by their place in the list.
///
/// # Errors
///
/// What tantivy reports.
pub fn merge(articles: &Arc<Vec<Arc<AnalysedArticle>>>, code: &str) -> tantivy::Result<Merged> {
    let postings = postings::index(Arc::clone(articles))?;
    let mut lexicon = Lexicon::new(code);
    let count = articles.len() as u32;

    let mut order: Vec<(String, u32)> = (0..postings.len())
        .into_par_iter()
        .map(|id| (fold(postings.form(id)), id as u32))
        .collect();
    order.par_sort_by(|a, b| {
        utf16_order(&a.0, &b.0)
            .then_with(|| utf16_order(postings.form(a.1 as usize), postings.form(b.1 as usize)))
    });
    let texts: Vec<&str> = order.iter().map(|&(_, id)| postings.form(id as usize)).collect();
    let mut group_of = grouping::group(&texts, &mut lexicon);
    let sizes: Vec<usize> =
        order.iter().map(|(key, id)| key.len() + 3 + 5 * postings.of(*id as usize).len()).collect();
    let shards = cut(&sizes, &mut group_of);

    let place_of: FxHashMap<&str, u32> = texts.iter().copied().zip(0..).collect();
    let locals: Vec<Vec<u32>> = articles
        .par_iter()
        .map(|article| {
            let place = |i| place_of.get(article.form(i)).copied().unwrap_or(0);
            (0..article.len()).map(place).collect()
        })
        .collect();
    drop(place_of);

    let mut groups: Vec<Group> = Vec::new();
    for (place, &group) in group_of.iter().enumerate() {
        if group as usize == groups.len() {
            groups.push(Group::default());
        }
        groups[group as usize].members.push(place as u32);
    }
    groups.par_iter_mut().for_each(|group| {
        for &member in &group.members {
            let list = postings.of(order[member as usize].1 as usize);
            group.docs.extend(list.iter().map(|p| p.doc));
        }
        group.docs.sort_unstable();
        group.docs.dedup();
        group.step = rarity(count, group.docs.len() as u32);
    });
    let stop: Vec<bool> = texts
        .iter()
        .zip(&group_of)
        .map(|(text, &group)| {
            let common = groups[group as usize].docs.len() as u32 * COMMON > count && count > 20;
            common || lexicon.is_stop_word(text)
        })
        .collect();

    let shares = title_shares(articles, &locals, &group_of, &groups, &stop);
    let parts = compounds::parts(&texts, &group_of, &groups, &stop);
    let mut listings = listings(&order, &postings, &shares, &parts);
    let mut forms: Vec<Form> = order
        .into_iter()
        .enumerate()
        .map(|(place, (key, id))| {
            let list = std::mem::take(&mut listings[place]);
            let heading = |l: &Listing| l.share > 0 || l.headings != 0;
            Form {
                text: postings.form(id as usize).to_owned(),
                key,
                group: group_of[place],
                stop: stop[place],
                notable: list.len() > 1 || list.iter().any(heading),
                listings: list,
                neighbours: Vec::new(),
            }
        })
        .collect();
    neighbours(articles, &locals, &mut forms);
    let bounds: Vec<String> = shards
        .iter()
        .map(|shard| match shard.start.checked_sub(1) {
            Some(last) => bound(&forms[last].key, &forms[shard.start].key).to_owned(),
            None => String::new(),
        })
        .collect();
    let completions = completions(&forms, &shards, &bounds);
    Ok(Merged { count, forms, groups, shards, bounds, completions })
}

/// Cuts the forms into shards and splits the groups that a cut runs through, numbering them anew
/// by their first form.
fn cut(sizes: &[usize], group_of: &mut [u32]) -> Vec<Range<usize>> {
    let mut last_of: FxHashMap<u32, usize> = FxHashMap::default();
    for (place, &group) in group_of.iter().enumerate() {
        last_of.insert(group, place);
    }
    let mut shards = Vec::new();
    let (mut start, mut size, mut open_until) = (0, 0, 0);
    for place in 0..sizes.len() {
        let clean = open_until <= place;
        if size > 0 && ((clean && size + sizes[place] / 2 > SHARD_SIZE) || size > 2 * SHARD_SIZE) {
            shards.push(start..place);
            (start, size) = (place, 0);
        }
        size += sizes[place];
        open_until = open_until.max(last_of[&group_of[place]] + 1);
    }
    if start < sizes.len() {
        shards.push(start..sizes.len());
    }
    let mut next = 0;
    for shard in &shards {
        let mut numbers: FxHashMap<u32, u32> = FxHashMap::default();
        for group in &mut group_of[shard.clone()] {
            *group = *numbers.entry(*group).or_insert_with(|| {
                next += 1;
                next - 1
            });
        }
    }
    shards
}

/// By form: articles with the share of the title that it is, in 64ths.
fn title_shares(
    articles: &[Arc<AnalysedArticle>],
    locals: &[Vec<u32>],
    group_of: &[u32],
    groups: &[Group],
    stop: &[bool],
) -> FxHashMap<(u32, u32), u8> {
    let mut shares: FxHashMap<(u32, u32), u8> = FxHashMap::default();
    for (doc, article) in articles.iter().enumerate() {
        for title in &article.titles {
            let mut forms: Vec<u32> =
                title.forms.iter().map(|&l| locals[doc][usize::from(l)]).collect();
            forms.sort_unstable();
            forms.dedup();
            let weight = |form: u32| {
                let step = u32::from(groups[group_of[form as usize] as usize].step);
                if stop[form as usize] { 1 + step / 8 } else { 2 + step }
            };
            let total: u32 = forms.iter().map(|&f| weight(f)).sum();
            for form in forms {
                let share = (u32::from(title.worth) * weight(form) / total.max(1)).max(1) as u8;
                let known = shares.entry((form, doc as u32)).or_default();
                *known = share.max(*known);
            }
        }
    }
    shares
}

/// Each form's articles, its compounds' among them.
fn listings(
    order: &[(String, u32)],
    postings: &Postings,
    shares: &FxHashMap<(u32, u32), u8>,
    parts: &[Vec<u32>],
) -> Vec<Vec<Listing>> {
    let own = |place: u32| {
        postings.of(order[place as usize].1 as usize).iter().map(move |posting| {
            let share = shares.get(&(place, posting.doc)).copied().unwrap_or(0);
            let mut listing =
                Listing { doc: posting.doc, weight: posting.weight, share, ..Listing::default() };
            for &code in postings.places(posting) {
                let place = Place::from_code(code.into());
                listing.sections |= 1 << place.section;
                listing.headings |= u64::from(place.heading) << place.section;
            }
            listing
        })
    };
    (0..order.len() as u32)
        .into_par_iter()
        .map(|place| {
            let mut list: Vec<Listing> = own(place).collect();
            let compounds = &parts[place as usize];
            if compounds.is_empty() {
                return list;
            }
            for &compound in compounds {
                list.extend(own(compound).map(|l| Listing {
                    weight: (l.weight / 2).max(1),
                    share: l.share.div_ceil(2),
                    ..l
                }));
            }
            list.sort_by_key(|l| l.doc);
            list.dedup_by(|next, kept| {
                let same = next.doc == kept.doc;
                if same {
                    kept.weight = kept.weight.max(next.weight);
                    kept.share = kept.share.max(next.share);
                    kept.sections |= next.sections;
                    kept.headings |= next.headings;
                }
                same
            });
            list
        })
        .collect()
}

/// Finds the words that stand side by side and notes each pair with the rarer form.
fn neighbours(articles: &[Arc<AnalysedArticle>], locals: &[Vec<u32>], forms: &mut [Form]) {
    let keys: Vec<[u32; 2]> = forms
        .par_iter()
        .map(|f| [neighbour_key(&f.text, Side::Before), neighbour_key(&f.text, Side::After)])
        .collect();
    let known: &[Form] = forms;
    let mut found: Vec<(u32, u32, u32)> = articles
        .par_iter()
        .enumerate()
        .flat_map_iter(|(doc, article)| {
            let mut pairs = Vec::new();
            let mut before = None;
            for &local in &article.stream {
                if local == BREAK {
                    before = None;
                    continue;
                }
                let right = locals[doc][usize::from(local)];
                if known[right as usize].stop {
                    continue;
                }
                if let Some(left) = before.replace(right) {
                    let often = |form: u32| known[form as usize].listings.len();
                    let (l, r) = (often(left), often(right));
                    if left == right || l.min(r) < 2 {
                        continue;
                    }
                    pairs.push(if (l, left) < (r, right) {
                        (left, keys[right as usize][1], doc as u32)
                    } else {
                        (right, keys[left as usize][0], doc as u32)
                    });
                }
            }
            pairs.sort_unstable();
            pairs.dedup();
            pairs
        })
        .collect();
    found.par_sort_unstable();
    for pairs in found.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let (form, key, _) = pairs[0];
        let form = &mut forms[form as usize];
        // What holds wherever the word occurs tells its articles apart from none.
        if pairs.len() == form.listings.len() {
            continue;
        }
        let place = |doc: u32| form.listings.binary_search_by_key(&doc, |l| l.doc).ok();
        let places = pairs.iter().filter_map(|p| place(p.2)).map(|place| place as u32).collect();
        form.neighbours.push((key, places));
    }
}

/// Longer beginnings than this are never those of too many words.
const LONGEST_BEGINNING: usize = 6;
/// Shards that a client loads for one beginning.
const COMPLETING: usize = 8;

/// For beginnings that more words share than two shards hold: the shards whose words stand in the
/// most articles, those in titles counted more.
fn completions(
    forms: &[Form],
    shards: &[Range<usize>],
    bounds: &[String],
) -> FxHashMap<usize, String> {
    let mut lines: FxHashMap<usize, String> = FxHashMap::default();
    let starts: Vec<usize> = shards.iter().map(|s| s.start).collect();
    let shard_of = |place: usize| starts.partition_point(|&s| s <= place) - 1;
    let worth: Vec<u32> = forms
        .par_iter()
        .map(|f| f.listings.iter().map(|l| 1 + u32::from(l.share / 4)).sum())
        .collect();
    for length in 1..=LONGEST_BEGINNING {
        let beginning = |key: &str| key.char_indices().nth(length).map_or(key.len(), |(at, _)| at);
        let mut from = 0;
        while from < forms.len() {
            let start = &forms[from].key[..beginning(&forms[from].key)];
            let to = from + forms[from..].iter().take_while(|f| f.key.starts_with(start)).count();
            let (first, last) = (within(bounds, start, 1).start, shard_of(to - 1));
            if start.chars().count() == length && last > first + 1 {
                let mut best: Vec<(u32, usize)> = (first..=last)
                    .map(|shard| {
                        let range = shards[shard].start.max(from)..shards[shard].end.min(to);
                        (worth[range].iter().sum(), shard - first)
                    })
                    .collect();
                best.sort_unstable_by_key(|&(worth, shard)| (u32::MAX - worth, shard));
                best.truncate(COMPLETING);
                best.sort_unstable_by_key(|&(_, shard)| shard);
                let line = lines.entry(shards[first].start).or_default();
                line.push_str(start);
                line.push(' ');
                for (_, shard) in best {
                    push_number(line, shard as u32);
                }
                line.push('\n');
            }
            from = to.max(from + 1);
        }
    }
    lines
}
