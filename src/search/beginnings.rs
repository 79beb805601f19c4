//! What half a word leads to where very many words start with it.
//!
//! Their shards are too many to load at each key. So every such beginning has a shard of its own,
//! with the places where its words matter most: titles first, then headings, then texts.

use std::ops::Range;

use rayon::prelude::*;

use super::listing::{Listing, Uniter};
use super::merge::{Form, Merged};
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
/// What a heading is worth.
const HEADING: u32 = 8;

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

/// A form in an article.
type Found = (usize, Listing);

/// The listings worth most, in the order of forms and articles, and some that may still go.
#[derive(Default)]
struct Best {
    all: Vec<Found>,
    /// What is worth less is not among them.
    least: u32,
}

impl Best {
    /// Adds what comes after all that was added.
    fn add(&mut self, form: usize, listing: Listing, keys: &mut Vec<u64>) {
        if worth(&listing) >= self.least {
            self.all.push((form, listing));
        }
        if self.all.len() >= 4 * MOST {
            self.cut(keys);
        }
    }

    /// Keeps those worth most, of equals the first. `keys` is room to work in.
    fn cut(&mut self, keys: &mut Vec<u64>) {
        if self.all.len() <= MOST {
            return;
        }
        let key = |(at, (_, listing)): (usize, &Found)| {
            u64::from(u32::MAX - worth(listing)) << 32 | at as u64
        };
        keys.clear();
        keys.extend(self.all.iter().enumerate().map(key));
        let last = *keys.select_nth_unstable(MOST - 1).1;
        let mut at = 0..;
        self.all.retain(|found| at.next().is_some_and(|at| key((at, found)) <= last));
        self.least = u32::MAX - (last >> 32) as u32;
    }
}

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
        family_best(merged, family, found, &mut Room::default(), &mut results);
        results
    });
    families.collect::<Vec<_>>().into_iter().flatten().collect()
}

/// How many of the list are `first`, which leads it, and those that go on from there.
fn family(list: &[Beginning], first: &Beginning) -> usize {
    list.partition_point(|beginning| beginning.forms.start < first.forms.end)
}

#[derive(Default)]
struct Room {
    uniter: Uniter,
    keys: Vec<u64>,
}

/// The best of a beginning are among the best of the longer ones, and the forms in none of them.
fn family_best<T>(
    merged: &Merged,
    list: &[Beginning],
    found: &impl Fn(&Beginning, &[Found]) -> T,
    room: &mut Room,
    results: &mut Vec<T>,
) -> Vec<Found> {
    let Some((own, mut rest)) = list.split_first() else { return Vec::new() };
    let mut best = Best::default();
    let add = |forms: Range<usize>, best: &mut Best, Room { uniter, keys }: &mut Room| {
        for form in forms {
            // What can't be worth enough need not be made.
            let enough = |weight: u8, share: u8| most_worth(weight, share) >= best.least;
            let listings = merged.listings_if(form, enough, uniter);
            listings.into_iter().for_each(|listing| best.add(form, listing, keys));
        }
    };
    let mut done = own.forms.start;
    let mut longer = Vec::new();
    while let Some(next) = rest.first() {
        let (family, others) = rest.split_at(family(rest, next));
        add(done..next.forms.start, &mut best, room);
        for (form, listing) in family_best(merged, family, found, room, &mut longer) {
            best.add(form, listing, &mut room.keys);
        }
        (done, rest) = (next.forms.end, others);
    }
    add(done..own.forms.end, &mut best, room);
    best.cut(&mut room.keys);
    results.push(found(own, &best.all));
    results.append(&mut longer);
    best.all
}

fn worth(listing: &Listing) -> u32 {
    let heading = if listing.headings != 0 { HEADING } else { 0 };
    4 * u32::from(listing.share) + heading + u32::from(listing.weight)
}

/// What a listing of this weight and share can be worth.
fn most_worth(weight: u8, share: u8) -> u32 {
    4 * u32::from(share) + HEADING + u32::from(weight)
}
