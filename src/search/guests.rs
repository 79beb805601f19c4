//! What the shards of a word show of its forms that stand in other shards.
//!
//! A frequent word may run through dozens of shards. What is elsewhere is nearly the same for each of
//! them, so it is put together once: by article the greatest weight of the word's forms, and the
//! greatest that those of any other shard have there. A shard takes the one that is not its own.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::listing::{Listing, Uniter};
use super::merge::Merged;

/// The words that a cut runs through, of some shards. They are put together when they are asked for.
pub struct Guests<'a> {
    merged: &'a Merged,
    words: FxHashMap<u32, OnceLock<Vec<Entry>>>,
}

/// A word in an article.
#[derive(Clone, Copy, Default)]
struct Entry {
    doc: u32,
    weight: Greatest,
    share: Greatest,
    sections: u64,
    headings: u64,
}

/// The greatest of some numbers, and the greatest of those that have another origin.
#[derive(Clone, Copy, Default)]
struct Greatest {
    value: u8,
    other: u8,
    origin: u32,
}

impl Greatest {
    fn add(&mut self, value: u8, origin: u32) {
        if value <= self.value {
            if origin != self.origin {
                self.other = self.other.max(value);
            }
            return;
        }
        if origin != self.origin {
            self.other = self.value;
        }
        (self.value, self.origin) = (value, origin);
    }

    /// The greatest that is not from there.
    fn elsewhere(self, origin: u32) -> u8 {
        if origin == self.origin { self.other } else { self.value }
    }
}

impl<'a> Guests<'a> {
    /// For the shards of these numbers.
    pub fn new(merged: &'a Merged, shards: impl Iterator<Item = usize>) -> Guests<'a> {
        let guests = shards.flat_map(|shard| &merged.guests[shard]);
        let groups: BTreeSet<u32> = guests.map(|&form| merged.forms[form as usize].group).collect();
        let words = groups.into_iter().map(|group| (group, OnceLock::new())).collect();
        Guests { merged, words }
    }

    /// What other shards than this one have of a group, with all places of the group in each article.
    pub fn of(&self, group: u32, shard: usize, room: &mut Room) -> Vec<Listing> {
        let Some(word) = self.words.get(&group) else { return Vec::new() };
        let elsewhere = |entry: &Entry| {
            let Entry { doc, weight, share, sections, headings } = *entry;
            let (weight, share) = (weight.elsewhere(shard as u32), share.elsewhere(shard as u32));
            // No form weighs nothing where it stands.
            (weight > 0).then_some(Listing { doc, weight, share, sections, headings })
        };
        let word = word.get_or_init(|| self.word(group, room));
        let mut list = Vec::with_capacity(word.len());
        list.extend(word.iter().filter_map(elsewhere));
        list
    }

    /// A group by article.
    fn word(&self, group: u32, Room { places, uniter }: &mut Room) -> Vec<Entry> {
        let merged = self.merged;
        places.clear();
        places.resize(merged.count as usize, 0);
        let mut entries: Vec<Entry> = Vec::new();
        let mut shard = 0;
        for &form in &merged.groups[group as usize].members {
            while merged.shards[shard].end <= form as usize {
                shard += 1;
            }
            for listing in merged.listings(form as usize, uniter) {
                let place = &mut places[listing.doc as usize];
                if *place == 0 {
                    entries.push(Entry { doc: listing.doc, ..Entry::default() });
                    *place = entries.len() as u32;
                }
                let entry = &mut entries[*place as usize - 1];
                entry.weight.add(listing.weight, shard as u32);
                entry.share.add(listing.share, shard as u32);
                entry.sections |= listing.sections;
                entry.headings |= listing.headings;
            }
        }
        // Such words are in so many articles that they need not be sorted.
        let by_doc = places.iter().filter(|&&place| place > 0);
        by_doc.map(|&place| entries[place as usize - 1]).collect()
    }
}

/// Where groups are put together.
#[derive(Default)]
pub struct Room {
    /// By article: 1 + its place in a list, 0 if it is not there.
    places: Vec<u32>,
    pub uniter: Uniter,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shard_is_told_the_greatest_of_the_others() {
        proptest::proptest!(|(numbers in proptest::collection::vec((0..32u8, 0..4u32), 0..12))| {
            let mut greatest = Greatest::default();
            numbers.iter().for_each(|&(value, origin)| greatest.add(value, origin));
            for shard in 0..4 {
                let others = numbers.iter().filter(|(_, origin)| *origin != shard);
                let expected = others.map(|(value, _)| *value).max().unwrap_or_default();
                proptest::prop_assert_eq!(greatest.elsewhere(shard), expected);
            }
        });
    }
}
