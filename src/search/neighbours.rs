//! Which words stand next to each other, stop words between them left out.
//!
//! A pair is noted with the rarer of its forms, under a key of the other. As with the postings,
//! pairs are counted first and then put where they belong.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::analyse::{BREAK, Running};
use super::listing::Listing;
use super::merge::Form;
use super::wire::{Side, neighbour_key};

/// The rank of stop words, which are no neighbours.
const STOP: u32 = u32::MAX;
/// The rank of what occurs but once: a pair with it tells no more than the word does.
const ONCE: u32 = 0;

/// The pairs of all forms.
#[derive(Debug, Default)]
pub struct Pairs {
    /// By form, where its pairs start; one more at the end.
    starts: Vec<u32>,
    keys: Vec<u16>,
    /// Articles, ascending by form.
    docs: Vec<u32>,
}

/// Articles whose pairs are noted at once.
const BLOCK: usize = 2_048;
/// Articles that a thread looks through.
const PIECE: usize = 128;

/// The pairs of some articles in their order, for the forms of one thread.
#[derive(Default)]
struct Found {
    forms: Vec<u32>,
    keys: Vec<u16>,
    /// By article.
    ends: Vec<u32>,
}

/// What one thread fills: the pairs of a range of forms.
struct Share<'a> {
    forms: Range<usize>,
    /// By form, where its next pair goes.
    next: Vec<u32>,
    keys: &'a mut [u16],
    docs: &'a mut [u32],
}

impl Pairs {
    /// `rows` has by article the numbers of its forms in `forms`.
    pub fn new(articles: &[Arc<Running>], rows: &[Vec<u32>], forms: &[Form]) -> Pairs {
        let ranks = ranks(forms);
        let starts = starts(articles, rows, &ranks);
        let all = starts[forms.len()];
        let mut keys = vec![0; all as usize];
        let mut docs = vec![0; all as usize];
        let mut rest = (&mut keys[..], &mut docs[..]);
        let mut shares = Vec::new();
        let threads = rayon::current_num_threads() as u64;
        let mut from = 0;
        for part in 1..=threads {
            let to = match part == threads {
                true => forms.len(),
                false => {
                    let end = u64::from(all) * part / threads;
                    starts.partition_point(|&start| u64::from(start) < end)
                }
            };
            let own = (starts[to] - starts[from]) as usize;
            let (own_keys, keys) = rest.0.split_at_mut(own);
            let (own_docs, docs) = rest.1.split_at_mut(own);
            rest = (keys, docs);
            let next = starts[from..to].iter().map(|start| start - starts[from]).collect();
            shares.push(Share { forms: from..to, next, keys: own_keys, docs: own_docs });
            from = to;
        }
        let keys_of: Vec<[u16; 2]> = forms
            .par_iter()
            .map(|f| [Side::Before, Side::After].map(|side| neighbour_key(&f.text, side) as u16))
            .collect();
        let bounds: Vec<u32> =
            shares.iter().skip(1).map(|share| share.forms.start as u32).collect();
        let mut first = 0;
        for (articles, rows) in articles.chunks(BLOCK).zip(rows.chunks(BLOCK)) {
            let pieces = articles.par_chunks(PIECE).zip(rows.par_chunks(PIECE));
            let found: Vec<Vec<Found>> = pieces
                .map(|(articles, rows)| find(articles, rows, &ranks, &keys_of, &bounds))
                .collect();
            let each = shares.par_iter_mut().enumerate();
            each.for_each(|(number, share)| {
                share.take(found.iter().map(|all| &all[number]), first)
            });
            first += articles.len() as u32;
        }
        Pairs { starts, keys, docs }
    }

    /// What [`Pairs::of`] knows of some forms in a row, as keys and articles.
    pub fn raw(&self, forms: Range<usize>) -> (&[u16], &[u32]) {
        let range = self.starts[forms.start] as usize..self.starts[forms.end] as usize;
        (&self.keys[range.clone()], &self.docs[range])
    }

    /// The neighbours of a form by key, with places in its `listings`, ascending. What holds wherever
    /// the word occurs tells its articles apart from none, and is left out.
    pub fn of(&self, form: usize, listings: &[Listing]) -> Vec<(u32, Vec<u32>)> {
        let (keys, docs) = self.raw(form..form + 1);
        let mut pairs: Vec<(u16, u32)> = keys.iter().copied().zip(docs.iter().copied()).collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|pairs| pairs.len() < listings.len())
            .map(|pairs| {
                let place = |doc: u32| listings.binary_search_by_key(&doc, |l| l.doc).ok();
                let places = pairs.iter().filter_map(|pair| place(pair.1));
                (u32::from(pairs[0].0), places.map(|place| place as u32).collect())
            })
            .collect()
    }
}

/// By form: the rarer, the lower, the forms' order deciding between equals. All that the pairs ask of
/// a form, in so little room that it stays at hand.
fn ranks(forms: &[Form]) -> Vec<u32> {
    let mut order: Vec<(u32, u32)> = (0..).zip(forms).map(|(i, form)| (form.often, i)).collect();
    order.par_sort_unstable();
    let mut ranks = vec![ONCE; forms.len()];
    for (rank, (often, form)) in (1..).zip(order) {
        ranks[form as usize] = match often {
            _ if forms[form as usize].stop => STOP,
            0 | 1 => ONCE,
            _ => rank,
        };
    }
    ranks
}

/// By form, where its pairs start; one more at the end.
fn starts(articles: &[Arc<Running>], rows: &[Vec<u32>], ranks: &[u32]) -> Vec<u32> {
    let none = || vec![0u32; ranks.len() + 1];
    let mut starts = articles
        .par_iter()
        .zip(rows)
        .with_min_len(articles.len().div_ceil(rayon::current_num_threads()))
        .fold(
            || (none(), Vec::new()),
            |(mut counts, mut room), (article, row)| {
                let count = |form: u32, _, _| counts[form as usize + 1] += 1;
                each_pair(article, row, ranks, &mut room, count);
                (counts, room)
            },
        )
        .map(|(counts, _)| counts)
        .reduce_with(|mut a, b| {
            a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
            a
        })
        .unwrap_or_else(none);
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    starts
}

/// Calls `found` with each pair's rarer form, the other, and the side on which that stands. `forms` is
/// room for the article's forms and their ranks.
fn each_pair(
    article: &Running,
    row: &[u32],
    ranks: &[u32],
    forms: &mut Vec<(u32, u32)>,
    mut found: impl FnMut(u32, u32, Side),
) {
    forms.clear();
    forms.extend(row.iter().map(|&form| (form, ranks[form as usize])));
    let mut before = None;
    for &local in &article.stream {
        if local == BREAK {
            before = None;
            continue;
        }
        let (right, rank) = forms[usize::from(local)];
        if rank == STOP {
            continue;
        }
        let Some((left, left_rank)) = before.replace((right, rank)) else { continue };
        if left == right || left_rank == ONCE || rank == ONCE {
            continue;
        }
        match left_rank < rank {
            true => found(left, right, Side::After),
            false => found(right, left, Side::Before),
        }
    }
}

/// The pairs of some articles, by the thread that takes them: `bounds` are the first forms of all
/// threads but the first.
fn find(
    articles: &[Arc<Running>],
    rows: &[Vec<u32>],
    ranks: &[u32],
    keys: &[[u16; 2]],
    bounds: &[u32],
) -> Vec<Found> {
    let mut all: Vec<Found> = (0..=bounds.len()).map(|_| Found::default()).collect();
    let mut room = Vec::new();
    for (article, row) in articles.iter().zip(rows) {
        each_pair(article, row, ranks, &mut room, |form, other, side| {
            let thread = bounds.iter().filter(|&&bound| bound <= form).count();
            all[thread].forms.push(form);
            all[thread].keys.push(keys[other as usize][usize::from(side == Side::After)]);
        });
        for found in &mut all {
            found.ends.push(found.forms.len() as u32);
        }
    }
    all
}

impl Share<'_> {
    /// `first` is the number of the first article.
    fn take<'f>(&mut self, found: impl Iterator<Item = &'f Found>, first: u32) {
        let mut doc = first;
        for found in found {
            let mut at = 0;
            for &article_end in &found.ends {
                for i in at..article_end as usize {
                    let next = &mut self.next[found.forms[i] as usize - self.forms.start];
                    let to = *next as usize;
                    *next += 1;
                    self.keys[to] = found.keys[i];
                    self.docs[to] = doc;
                }
                at = article_end as usize;
                doc += 1;
            }
        }
    }
}
