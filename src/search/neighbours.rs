//! Which words stand next to each other, stop words between them left out.
//!
//! A pair is noted with the rarer of its forms, under a key of the other. As with the postings,
//! pairs are counted first and then put where they belong.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::analyse::{BREAK, Running};
use super::merge::{Form, Listing};
use super::wire::{Side, neighbour_key};

/// The pairs of all forms.
#[derive(Debug, Default)]
pub struct Pairs {
    /// By form, where its pairs start; one more at the end.
    starts: Vec<u32>,
    keys: Vec<u16>,
    /// Articles, ascending by form.
    docs: Vec<u32>,
}

/// The pairs of some articles in their order.
struct Found {
    forms: Vec<u32>,
    keys: Vec<u16>,
    /// By article.
    ends: Vec<u32>,
}

/// What one thread fills: the pairs of a range of forms.
struct Share<'a> {
    forms: Range<usize>,
    keys: &'a mut [u16],
    docs: &'a mut [u32],
}

impl Pairs {
    /// `rows` has by article the numbers of its forms in `forms`.
    pub fn new(articles: &[Arc<Running>], rows: &[Vec<u32>], forms: &[Form]) -> Pairs {
        let keys: Vec<[u16; 2]> = forms
            .par_iter()
            .map(|f| [Side::Before, Side::After].map(|side| neighbour_key(&f.text, side) as u16))
            .collect();
        let found: Vec<Found> = articles
            .par_chunks(256)
            .zip(rows.par_chunks(256))
            .map(|(articles, rows)| Found::new(articles, rows, forms, &keys))
            .collect();
        let mut starts = vec![0u32; forms.len() + 1];
        for found in &found {
            found.forms.iter().for_each(|&form| starts[form as usize + 1] += 1);
        }
        let mut all = 0;
        for start in &mut starts {
            all += *start;
            *start = all;
        }
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
            shares.push(Share { forms: from..to, keys: own_keys, docs: own_docs });
            from = to;
        }
        shares.into_par_iter().for_each(|share| share.fill(&found, &starts));
        Pairs { starts, keys, docs }
    }

    /// The neighbours of a form by key, with places in its `listings`, ascending. What holds wherever
    /// the word occurs tells its articles apart from none, and is left out.
    pub fn of(&self, form: usize, listings: &[Listing]) -> Vec<(u32, Vec<u32>)> {
        let range = self.starts[form] as usize..self.starts[form + 1] as usize;
        let (keys, docs) = (&self.keys[range.clone()], &self.docs[range]);
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

impl Found {
    fn new(articles: &[Arc<Running>], rows: &[Vec<u32>], all: &[Form], keys: &[[u16; 2]]) -> Found {
        let mut found = Found { forms: Vec::new(), keys: Vec::new(), ends: Vec::new() };
        for (article, row) in articles.iter().zip(rows) {
            let mut before = None;
            for &local in &article.stream {
                if local == BREAK {
                    before = None;
                    continue;
                }
                let right = row[usize::from(local)];
                if all[right as usize].stop {
                    continue;
                }
                let Some(left) = before.replace(right) else { continue };
                let often = |form: u32| all[form as usize].often;
                let (l, r) = (often(left), often(right));
                if left == right || l.min(r) < 2 {
                    continue;
                }
                let (form, key) = match (l, left) < (r, right) {
                    true => (left, keys[right as usize][1]),
                    false => (right, keys[left as usize][0]),
                };
                found.forms.push(form);
                found.keys.push(key);
            }
            found.ends.push(found.forms.len() as u32);
        }
        // Copies, for what grew has room to spare.
        Found { forms: found.forms.as_slice().into(), keys: found.keys.as_slice().into(), ..found }
    }
}

impl Share<'_> {
    fn fill(self, found: &[Found], starts: &[u32]) {
        let Range { start: first, end } = self.forms;
        let mut next: Vec<u32> = starts[first..end].iter().map(|s| s - starts[first]).collect();
        let mut doc = 0;
        for found in found {
            let mut at = 0;
            for &article_end in &found.ends {
                for i in at..article_end as usize {
                    let form = found.forms[i] as usize;
                    if (first..end).contains(&form) {
                        let to = next[form - first] as usize;
                        next[form - first] += 1;
                        self.keys[to] = found.keys[i];
                        self.docs[to] = doc;
                    }
                }
                at = article_end as usize;
                doc += 1;
            }
        }
    }
}
