//! Which words stand next to each other, stop words between them left out.
//!
//! A pair is noted with the rarer of its forms, under a key of the other. Pairs are found text by
//! text and then put where they belong, and those of an earlier build are joined with
//! new ones: a form that has become more or less rare may take over pairs in all of its articles.

use std::ops::Range;

use rayon::prelude::*;

use super::analyse::BREAK;
use super::inverted::Changes;
use super::listing::Listing;
use super::merge::Form;
use super::postings::{From, GONE, Postings};
use super::streams::{BLOCK, Block, Streams};
use super::wire::{Side, neighbour_key};

/// The standing of stop words, which are no neighbours.
const STOP: u32 = u32::MAX;
/// The standing of what occurs but once: a pair with it tells no more than the word does.
const ONCE: u32 = 1;

/// The pairs of all forms.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Pairs {
    /// By form, where its pairs start; one more at the end.
    starts: Vec<u32>,
    keys: Vec<u16>,
    /// Articles, ascending by form.
    docs: Vec<u32>,
}

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
    pub fn new(streams: Streams, forms: &[Form]) -> Pairs {
        let standings = standings(forms);
        let keys_of: Vec<[u16; 2]> = forms
            .par_iter()
            .map(|f| [Side::Before, Side::After].map(|side| neighbour_key(&f.text, side) as u16))
            .collect();
        let ranges = ranges(&standings);
        let bounds: Vec<u32> = ranges.iter().skip(1).map(|range| range.start as u32).collect();
        // A text is let go when its pairs are known.
        let find = |block| find(&block, &standings, &keys_of, &bounds);
        let found: Vec<Vec<Found>> = streams.blocks.into_par_iter().map(find).collect();
        let of_thread = |number: usize| found.iter().map(move |all| &all[number]);
        let count = |(number, range): (usize, &Range<usize>)| {
            let mut counts = vec![0; range.len()];
            for form in of_thread(number).flat_map(|found| &found.forms) {
                counts[*form as usize - range.start] += 1;
            }
            counts
        };
        let mut starts: Vec<u32> = vec![0];
        starts.par_extend(ranges.par_iter().enumerate().flat_map_iter(count));
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let all = sum as usize;
        let (mut keys, mut docs) = (vec![0; all], vec![0; all]);
        let mut rest = (&mut keys[..], &mut docs[..]);
        let mut shares = Vec::new();
        for forms in ranges {
            let first = starts[forms.start];
            let own = (starts[forms.end] - first) as usize;
            let (own_keys, keys) = rest.0.split_at_mut(own);
            let (own_docs, docs) = rest.1.split_at_mut(own);
            rest = (keys, docs);
            let next = starts[forms.clone()].iter().map(|start| start - first).collect();
            shares.push(Share { forms, next, keys: own_keys, docs: own_docs });
        }
        let shares = shares.into_par_iter().enumerate();
        shares.for_each(|(number, mut share)| share.take(of_thread(number)));
        Pairs { starts, keys, docs }
    }

    /// Those of a base, whose forms have these `standings`, but for articles that are new or have a pair
    /// of which now the other form is the rarer one.
    pub fn since(
        (base, standings): (&Pairs, &[u32]),
        Changes { now, docs, from }: &Changes,
        postings: &Postings,
        streams: &Streams,
        forms: &[Form],
    ) -> Pairs {
        let old = |from: &From| from.base.map_or(0, |form| standings[form]);
        let old: Vec<u32> = from.iter().map(old).collect();
        let new = self::standings(forms);
        let count: usize = streams.blocks.iter().map(Block::len).sum();
        let mut has_changed = vec![false; count];
        for (form, _) in old.iter().zip(&new).enumerate().filter(|(_, (old, new))| old != new) {
            postings.docs(form).iter().for_each(|&doc| has_changed[doc as usize] = true);
        }
        let mut is_anew = vec![false; count];
        is_anew.par_iter_mut().zip(&has_changed).enumerate().with_min_len(BLOCK).for_each_init(
            Vec::new,
            |changes, (doc, (is_anew, has_changed))| {
                *is_anew = *has_changed && {
                    let (block, at) = streams.place(doc);
                    takes_over(block, at, (&old, &new), changes)
                }
            },
        );
        docs.iter().for_each(|&doc| is_anew[doc as usize] = true);
        let anew: Vec<usize> = (0..count).filter(|&doc| is_anew[doc]).collect();
        let pairs = |&doc: &usize| {
            let (block, at) = streams.place(doc);
            let mut found: Vec<(u32, u32, u16)> = Vec::new();
            each_pair(block, at, &new, &mut Vec::new(), |form, other, side| {
                let key = neighbour_key(&forms[other as usize].text, side) as u16;
                found.push((form, doc as u32, key));
            });
            found
        };
        let mut found: Vec<(u32, u32, u16)> = anew.par_iter().flat_map_iter(pairs).collect();
        // Pairs of a form in an article stay as the text has them.
        found.par_sort_by_key(|&(form, doc, _)| (form, doc));
        let stays = |&doc: &u32| if doc != GONE && !is_anew[doc as usize] { doc } else { GONE };
        let now: Vec<u32> = now.iter().map(stays).collect();
        base.joined(&now, &found, from)
    }

    /// These with the articles' numbers `now`, and more of (form, article, key), by form.
    fn joined(&self, now: &[u32], more: &[(u32, u32, u16)], from: &[From]) -> Pairs {
        let count = self.docs.len() + more.len();
        let mut all = Pairs {
            starts: Vec::with_capacity(from.len() + 1),
            keys: Vec::with_capacity(count),
            docs: Vec::with_capacity(count),
        };
        let in_order = now.iter().filter(|&&doc| doc != GONE).is_sorted();
        let mut more = more.chunk_by(|a, b| a.0 == b.0).peekable();
        let mut list: Vec<(u32, u16)> = Vec::new();
        for (form, from) in (0..).zip(from) {
            all.starts.push(all.docs.len() as u32);
            let own = more.next_if(|pairs| pairs[0].0 == form).unwrap_or_default();
            let (keys, docs) = from.base.map(|form| self.raw(form..form + 1)).unwrap_or_default();
            let before = all.docs.len();
            all.docs.extend(docs.iter().map(|&doc| now[doc as usize]));
            if in_order && own.is_empty() && !all.docs[before..].contains(&GONE) {
                all.keys.extend_from_slice(keys);
                continue;
            }
            let moved = all.docs.drain(before..).zip(keys.iter().copied());
            list.extend(moved.filter(|&(doc, _)| doc != GONE));
            list.extend(own.iter().map(|&(_, doc, key)| (doc, key)));
            list.sort_by_key(|pair| pair.0);
            all.keys.extend(list.iter().map(|pair| pair.1));
            all.docs.extend(list.drain(..).map(|pair| pair.0));
        }
        all.starts.push(all.docs.len() as u32);
        all
    }

    /// All lists as they are, for [`Pairs::from_raw`]: starts, keys and articles.
    pub fn all(&self) -> (&[u32], &[u16], &[u32]) {
        (&self.starts, &self.keys, &self.docs)
    }

    /// The same again; `None` where they do not fit together.
    pub fn from_raw(starts: Vec<u32>, keys: Vec<u16>, docs: Vec<u32>) -> Option<Pairs> {
        let fits = starts.is_sorted()
            && starts.last().is_some_and(|&end| end as usize == docs.len())
            && docs.len() == keys.len();
        fits.then_some(Pairs { starts, keys, docs })
    }

    /// How many forms there are.
    pub fn forms(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// What [`Pairs::of`] knows of some forms in a row, as keys and articles.
    pub fn raw(&self, forms: Range<usize>) -> (&[u16], &[u32]) {
        let range = self.starts[forms.start] as usize..self.starts[forms.end] as usize;
        (&self.keys[range.clone()], &self.docs[range])
    }

    /// The neighbours of a form by key, with places in its `listings`, ascending. What holds wherever
    /// the word occurs tells its articles apart from none, and is left out.
    pub fn of<'r>(
        &self,
        form: usize,
        listings: &[Listing],
        Room { pairs, places }: &'r mut Room,
    ) -> impl Iterator<Item = (u32, impl Iterator<Item = u32> + use<'r>)> + Clone + use<'r> {
        pairs.clear();
        let count = listings.len();
        if count > 1 {
            let (keys, docs) = self.raw(form..form + 1);
            let pair = |(&key, &doc): (&u16, &u32)| u64::from(key) << 32 | u64::from(doc);
            pairs.extend(keys.iter().zip(docs).map(pair));
            pairs.sort_unstable();
            pairs.dedup();
            for (place, listing) in (0..).zip(listings) {
                let doc = listing.doc as usize;
                if doc >= places.len() {
                    places.resize(doc + 1, 0);
                }
                places[doc] = place;
            }
        }
        let (pairs, places) = (&*pairs, &*places);
        let of_key = pairs.chunk_by(|a, b| a >> 32 == b >> 32).filter(move |of| of.len() < count);
        // A form is listed wherever it has a neighbour.
        of_key
            .map(move |of| ((of[0] >> 32) as u32, of.iter().map(|&of| places[of as u32 as usize])))
    }
}

/// Where the neighbours of one form after another are put in order.
#[derive(Default)]
pub struct Room {
    /// The key, then the article.
    pairs: Vec<u64>,
    /// By article, its place in the form's listings, if it is there.
    places: Vec<u32>,
}

/// By form, all that decides which pairs it has, but for its place among those that are as rare.
pub fn standings(forms: &[Form]) -> Vec<u32> {
    forms.iter().map(|form| if form.stop { STOP } else { form.often }).collect()
}

/// What a form of an article is by two lists of standings.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    /// A stop word by both.
    Stop,
    /// A stop word by one of them.
    Turned,
    /// More or less rare.
    Moved,
    Same,
}

impl Change {
    fn of(old: u32, new: u32) -> Change {
        match (old, new) {
            (STOP, STOP) => Change::Stop,
            (STOP, _) | (_, STOP) => Change::Turned,
            _ if old == new => Change::Same,
            _ => Change::Moved,
        }
    }
}

/// Whether other pairs are found in a text where forms have the standings `new` than where they have
/// `old` ones. `changes` is room for its forms: a text has three times as many words.
fn takes_over(
    block: &Block,
    at: usize,
    (old, new): (&[u32], &[u32]),
    changes: &mut Vec<Change>,
) -> bool {
    let row = block.row(at);
    let change = |&form: &u32| Change::of(old[form as usize], new[form as usize]);
    changes.clear();
    changes.extend(row.iter().map(change));
    let mut before = None;
    block.text(at).iter().any(|&local| {
        if local == BREAK {
            before = None;
            return false;
        }
        let local = usize::from(local);
        match changes[local] {
            Change::Stop => return false,
            Change::Turned => return true,
            Change::Moved | Change::Same => {}
        }
        let Some(left) = before.replace(local) else { return false };
        let rarer = |standings: &[u32]| rarer(row[left], row[local], standings);
        (changes[left] == Change::Moved || changes[local] == Change::Moved)
            && rarer(old) != rarer(new)
    })
}

/// The form of a pair with which it is noted; none if it is not. Between equals the forms' order
/// decides.
fn rarer(left: u32, right: u32, standings: &[u32]) -> Option<u32> {
    let standing = |form: u32| standings[form as usize];
    let noted = left != right && standing(left) > ONCE && standing(right) > ONCE;
    noted.then(|| if (standing(left), left) < (standing(right), right) { left } else { right })
}

/// Forms in a row for each thread, with about as many pairs.
fn ranges(standings: &[u32]) -> Vec<Range<usize>> {
    let is_noted = |standing: u32| standing != STOP && standing > ONCE;
    let weight = |&standing: &u32| if is_noted(standing) { u64::from(standing) } else { 0 };
    let all: u64 = standings.iter().map(weight).sum();
    let threads = rayon::current_num_threads() as u64;
    let (mut ranges, mut from, mut sum) = (Vec::new(), 0, 0);
    for (form, standing) in standings.iter().enumerate() {
        sum += weight(standing);
        let part = ranges.len() as u64 + 1;
        if part < threads && sum * threads >= all * part {
            ranges.push(from..form + 1);
            from = form + 1;
        }
    }
    ranges.push(from..standings.len());
    ranges
}

/// Calls `found` with each pair's rarer form, the other, and the side on which that stands, in the
/// article at a place. `ranks` is room for the standings of its forms.
fn each_pair(
    block: &Block,
    at: usize,
    standings: &[u32],
    ranks: &mut Vec<u64>,
    mut found: impl FnMut(u32, u32, Side),
) {
    // With the form behind it, the lesser one of two is the rarer.
    let rank = |&form: &u32| u64::from(standings[form as usize]) << 32 | u64::from(form);
    ranks.clear();
    ranks.extend(block.row(at).iter().map(rank));
    let standing = |rank: u64| (rank >> 32) as u32;
    let mut before = None;
    for &local in block.text(at) {
        if local == BREAK {
            before = None;
            continue;
        }
        let right = ranks[usize::from(local)];
        if standing(right) == STOP {
            continue;
        }
        let Some(left) = before.replace(right) else { continue };
        if left == right || standing(left.min(right)) <= ONCE {
            continue;
        }
        match left < right {
            true => found(left as u32, right as u32, Side::After),
            false => found(right as u32, left as u32, Side::Before),
        }
    }
}

/// The pairs of some articles, by the thread that takes them: `bounds` are the first forms of all
/// threads but the first.
fn find(block: &Block, standings: &[u32], keys: &[[u16; 2]], bounds: &[u32]) -> Vec<Found> {
    let mut all: Vec<Found> = (0..=bounds.len()).map(|_| Found::default()).collect();
    let mut ranks = Vec::new();
    for article in 0..block.len() {
        each_pair(block, article, standings, &mut ranks, |form, other, side| {
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
    fn take<'f>(&mut self, found: impl Iterator<Item = &'f Found>) {
        let mut doc = 0;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_share_all_forms() {
        for standings in [&[][..], &[STOP], &[5, STOP, 1, 5, 10, 0], &[9, 1, 1]] {
            for threads in 1..6 {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                let ranges = pool.install(|| ranges(standings));
                assert!(ranges.len() <= threads);
                assert!(ranges.into_iter().flatten().eq(0..standings.len()));
            }
        }
    }
}
