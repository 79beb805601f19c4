//! What half a word leads to where very many words start with it.
//!
//! Their shards are too many to load at each key. So every such beginning has a shard of its own,
//! with the places where its words matter most: titles first, then headings, then texts.

use std::ops::Range;

use rayon::prelude::*;
use twox_hash::XxHash3_128;

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
/// More than any listing is worth.
const WORTHS: usize = 5 * u8::MAX as usize + HEADING as usize + 1;

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

/// The listings worth most, and some that may still go, in the order of forms and articles.
#[derive(Default)]
struct Best {
    all: Vec<Found>,
    /// What is worth less is not among them.
    least: u32,
}

impl Best {
    fn add(&mut self, form: usize, listing: Listing) {
        if worth(&listing) >= self.least {
            self.all.push((form, listing));
        }
        if self.all.len() >= 4 * MOST {
            self.cut();
        }
    }

    /// Keeps those worth most, of equals the first.
    fn cut(&mut self) {
        if self.all.len() <= MOST {
            return;
        }
        let (least, mut left) = least(&self.all);
        self.all.retain(|(_, listing)| {
            let worth = worth(listing);
            let stays = worth > least || worth == least && left > 0;
            left -= usize::from(stays && worth == least);
            stays
        });
        self.least = self.least.max(least);
    }
}

/// What the best of these are worth at least, and how many of those that are worth just that are among
/// them.
fn least<'f>(all: impl IntoIterator<Item = &'f Found>) -> (u32, usize) {
    let mut counts = [0; WORTHS];
    all.into_iter().for_each(|(_, listing)| counts[worth(listing) as usize] += 1);
    let mut left = MOST;
    for (worth, count) in (0..WORTHS as u32).zip(counts).rev() {
        if count >= left {
            return (worth, left);
        }
        left -= count;
    }
    (0, left)
}

/// Calls `found` with the number, the forms and the listings of each beginning's shard that `wanted`
/// marks, in the forms' order. None for the others.
pub fn best<T: Send>(
    merged: &Merged,
    wanted: &[bool],
    found: &(impl Fn(usize, &[Found]) -> T + Sync),
) -> Vec<Option<T>> {
    let all = &merged.beginnings;
    let families = families(all, 0..all.len());
    let worths = merged.most().into_iter().map(|[(weight, share), with_compounds]| {
        let least = u32::from(weight).max(4 * u32::from(share));
        (least, most_worth(with_compounds.0, with_compounds.1))
    });
    let search = Search { merged, wanted, found, worths: worths.collect() };
    let families = families.into_par_iter().map(|family| {
        let mut results = Vec::with_capacity(family.len());
        search.family(family, &mut Room::default(), &mut results);
        results
    });
    families.collect::<Vec<_>>().into_iter().flatten().collect()
}

/// By beginning, a hash of all that its shard is made from. `hash` adds what is known of a form.
pub fn keys(merged: &Merged, hash: &(impl Fn(usize, &mut Vec<u8>) + Sync)) -> Vec<u128> {
    let all = &merged.beginnings;
    let families = families(all, 0..all.len()).into_par_iter().map(|family| {
        let mut keys = Vec::with_capacity(family.len());
        family_key(all, family, hash, &mut keys);
        keys
    });
    families.collect::<Vec<_>>().concat()
}

/// Adds the keys of a family to the list, and gives that of its first.
fn family_key(
    all: &[Beginning],
    numbers: Range<usize>,
    hash: &impl Fn(usize, &mut Vec<u8>),
    keys: &mut Vec<u128>,
) -> u128 {
    let forms = all[numbers.start].forms.clone();
    let place = keys.len();
    let mut bytes = Vec::new();
    keys.push(0);
    let mut done = forms.start;
    for family in families(all, numbers.start + 1..numbers.end) {
        let own = &all[family.start].forms;
        (done..own.start).for_each(|form| hash(form, &mut bytes));
        done = own.end;
        bytes.extend_from_slice(&family_key(all, family, hash, keys).to_le_bytes());
    }
    (done..forms.end).for_each(|form| hash(form, &mut bytes));
    keys[place] = XxHash3_128::oneshot(&bytes);
    keys[place]
}

/// Ranges of a range: each a beginning and those that go on from there.
fn families(all: &[Beginning], numbers: Range<usize>) -> Vec<Range<usize>> {
    let mut list = Vec::new();
    let mut start = numbers.start;
    while start < numbers.end {
        let last = all[start].forms.end;
        let rest = &all[start..numbers.end];
        let end = start + rest.partition_point(|beginning| beginning.forms.start < last);
        list.push(start..end);
        start = end;
    }
    list
}

/// Where the listings of one form after another are put together.
#[derive(Default)]
struct Room {
    uniter: Uniter,
    listings: Vec<Listing>,
}

struct Search<'a, F> {
    merged: &'a Merged,
    wanted: &'a [bool],
    found: &'a F,
    /// By form, what one of its listings at least is worth, and what none is worth more than.
    worths: Vec<(u32, u32)>,
}

impl<F> Search<'_, F> {
    /// What the best of these forms are worth at least: so many have a listing of that.
    fn least(&self, forms: Range<usize>) -> u32 {
        let mut least: Vec<u32> = self.worths[forms].iter().map(|worths| worths.0).collect();
        match least.len().checked_sub(MOST) {
            Some(last) => *least.select_nth_unstable(last).1,
            None => 0,
        }
    }

    /// The best of a beginning, if it is wanted: those among the best of the longer ones, and among the
    /// forms in none of them that is. Adds the results of all its family to the list.
    fn family<T>(
        &self,
        numbers: Range<usize>,
        room: &mut Room,
        results: &mut Vec<Option<T>>,
    ) -> Option<Vec<Found>>
    where
        F: Fn(usize, &[Found]) -> T,
    {
        if !self.wanted[numbers.clone()].contains(&true) {
            results.extend(numbers.map(|_| None));
            return None;
        }
        let all = &self.merged.beginnings;
        let (number, forms) = (numbers.start, all[numbers.start].forms.clone());
        let place = results.len();
        results.push(None);
        let mut inner = Vec::new();
        for family in families(all, number + 1..numbers.end) {
            let own = all[family.start].forms.clone();
            if let Some(found) = self.family(family, room, results) {
                inner.push((own, found));
            }
        }
        if !self.wanted[number] {
            return None;
        }
        let of_inner = least(inner.iter().flat_map(|(_, found)| found)).0;
        let mut best = Best { all: Vec::new(), least: self.least(forms.clone()).max(of_inner) };
        let mut done = forms.start;
        inner.push((forms.end..forms.end, Vec::new()));
        for (own, found) in inner {
            for form in done..own.start {
                // What can't be worth enough need not be made.
                if self.worths[form].1 >= best.least {
                    let least = best.least;
                    let enough = |weight: u8, share: u8| most_worth(weight, share) >= least;
                    self.merged.listings_if(form, enough, &mut room.uniter, &mut room.listings);
                    room.listings.drain(..).for_each(|listing| best.add(form, listing));
                }
            }
            found.into_iter().for_each(|(form, listing)| best.add(form, listing));
            done = own.end;
        }
        best.cut();
        let best = best.all;
        results[place] = Some((self.found)(number, &best));
        Some(best)
    }
}

fn worth(listing: &Listing) -> u32 {
    let heading = if listing.headings != 0 { HEADING } else { 0 };
    4 * u32::from(listing.share) + heading + u32::from(listing.weight)
}

/// What a listing of this weight and share can be worth.
fn most_worth(weight: u8, share: u8) -> u32 {
    4 * u32::from(share) + HEADING + u32::from(weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_worth_most_stay_and_of_equals_the_first() {
        let strategy = proptest::collection::vec((0..40u32, 0..9u8, 0..2u8), 0..6 * MOST);
        proptest::proptest!(proptest::test_runner::Config::with_cases(20), |(found in strategy)| {
            let mut found: Vec<Found> = (0..).zip(found).map(|(doc, (form, weight, share))| {
                (form as usize, Listing { doc, weight, share, ..Listing::default() })
            }).collect();
            found.sort_by_key(|(form, _)| *form);
            let mut best = Best::default();
            found.iter().for_each(|&(form, listing)| best.add(form, listing));
            best.cut();
            // A stable sort leaves equals in their order.
            found.sort_by_key(|(_, listing)| u32::MAX - worth(listing));
            found.truncate(MOST);
            found.sort_by_key(|(form, listing)| (*form, listing.doc));
            let place = |(form, listing): &Found| (*form, listing.doc);
            proptest::prop_assert!(best.all.iter().map(place).eq(found.iter().map(place)));
        });
    }
}
