//! What half a word leads to where very many words start with it.
//!
//! Their shards are too many to load at each key. So every such beginning has a shard of its own,
//! with the places where its words matter most: titles first, then headings, then texts.

use std::ops::Range;

use rayon::prelude::*;

use super::merge::{Form, Listing, Merged, Uniter};
use super::wire::within;

/// A beginning of more words than two shards hold.
#[derive(Debug)]
pub struct Beginning {
    /// Folded.
    pub start: String,
    /// The shard in which a client looks for it.
    pub home: usize,
    /// The forms that start with it.
    pub forms: Range<usize>,
}

/// Longer beginnings are hardly those of too many words.
const LONGEST: usize = 12;
/// Shards whose words a client can as well load one by one.
const FEW: usize = 2;
/// Places that a beginning's shard holds.
const MOST: usize = 500;

/// All beginnings, each before the longer ones that start with it.
pub fn beginnings(forms: &[Form], shards: &[Range<usize>], bounds: &[String]) -> Vec<Beginning> {
    let starts = shards.iter().map(|shard| shard.start).collect();
    let mut finder = Finder { forms, starts, bounds, list: Vec::new() };
    finder.find(0..forms.len(), 1);
    finder.list
}

struct Finder<'a> {
    forms: &'a [Form],
    /// By shard, its first form.
    starts: Vec<usize>,
    bounds: &'a [String],
    list: Vec<Beginning>,
}

impl Finder<'_> {
    /// Finds the beginnings of `length` characters among the forms of a range, and the longer ones in
    /// those: what has too few words has no longer beginning of too many.
    fn find(&mut self, range: Range<usize>, length: usize) {
        let forms = self.forms;
        let mut from = range.start;
        while from < range.end {
            let key = &forms[from].key;
            let Some((end, _)) = key.char_indices().chain([(key.len(), ' ')]).nth(length) else {
                from += 1;
                continue;
            };
            let start = &key[..end];
            let rest = &forms[from..range.end];
            let to = from + rest.partition_point(|form| form.key.starts_with(start));
            let home = within(self.bounds, start, 1).start;
            let last = self.starts.partition_point(|&start| start < to) - 1;
            if last >= home + FEW {
                self.list.push(Beginning { start: start.to_owned(), home, forms: from..to });
                if length < LONGEST {
                    self.find(from..to, length + 1);
                }
            }
            from = to;
        }
    }
}

/// A form in an article, with its worth: the less, the more.
type Worth = (u32, usize, Listing);

/// Calls `found` with the forms and listings of each beginning's shard, in the forms' order.
pub fn best<T: Send>(
    merged: &Merged,
    found: &(impl Fn(&Beginning, &[(usize, Listing)]) -> T + Sync),
) -> Vec<T> {
    let mut families = Vec::new();
    let mut rest = merged.beginnings.as_slice();
    while let Some(first) = rest.first() {
        let (family, others) = rest.split_at(family(rest, first));
        families.push(family);
        rest = others;
    }
    let families = families.into_par_iter().map(|family| {
        let mut results = Vec::new();
        family_best(merged, family, found, &mut Uniter::default(), &mut results);
        results
    });
    families.collect::<Vec<_>>().into_iter().flatten().collect()
}

/// How many of the list are `first`, which leads it, and those that go on from there.
fn family(list: &[Beginning], first: &Beginning) -> usize {
    list.partition_point(|beginning| beginning.forms.start < first.forms.end)
}

/// The best of a beginning are among the best of the longer ones, and the forms in none of them.
fn family_best<T>(
    merged: &Merged,
    list: &[Beginning],
    found: &impl Fn(&Beginning, &[(usize, Listing)]) -> T,
    uniter: &mut Uniter,
    results: &mut Vec<T>,
) -> Vec<Worth> {
    let Some((own, mut rest)) = list.split_first() else { return Vec::new() };
    let mut all: Vec<Worth> = Vec::new();
    let add = |forms: Range<usize>, all: &mut Vec<Worth>, uniter: &mut Uniter| {
        for form in forms {
            let listings = merged.listings(form, uniter).into_iter();
            all.extend(listings.map(|listing| (worth(&listing), form, listing)));
        }
    };
    let mut done = own.forms.start;
    let mut longer = Vec::new();
    while let Some(next) = rest.first() {
        let (family, others) = rest.split_at(family(rest, next));
        add(done..next.forms.start, &mut all, uniter);
        all.extend(family_best(merged, family, found, uniter, &mut longer));
        (done, rest) = (next.forms.end, others);
    }
    add(done..own.forms.end, &mut all, uniter);
    let order = |a: &Worth, b: &Worth| (a.0, a.1, a.2.doc).cmp(&(b.0, b.1, b.2.doc));
    if all.len() > MOST {
        all.select_nth_unstable_by(MOST, order);
        all.truncate(MOST);
    }
    all.sort_unstable_by_key(|&(_, form, listing)| (form, listing.doc));
    let listings: Vec<(usize, Listing)> = all.iter().map(|x| (x.1, x.2)).collect();
    results.push(found(own, &listings));
    results.append(&mut longer);
    all
}

fn worth(listing: &Listing) -> u32 {
    let title = 4 * u32::from(listing.share);
    let heading = 8 * u32::from(listing.headings != 0);
    u32::MAX - title - heading - u32::from(listing.weight)
}
