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
    words: FxHashMap<u32, OnceLock<Word>>,
}

struct Word {
    /// The listings of its forms by themselves, one behind the other.
    own: Vec<Listing>,
    /// By form, where its listings end.
    ends: Vec<usize>,
    /// By article.
    all: Vec<Entry>,
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

    /// The listings of a form, if its word is among these.
    pub fn own(&self, form: usize, room: &mut Room) -> Option<&[Listing]> {
        let group = self.merged.forms[form].group;
        let members = &self.merged.groups[group as usize].members;
        let place = members.binary_search(&(form as u32)).ok()?;
        Some(self.word(group, room)?.of(place))
    }

    /// Appends what other shards than this one have of a group, with all places of the group in each
    /// article.
    pub fn add(&self, group: u32, shard: usize, room: &mut Room, to: &mut Vec<Listing>) {
        let elsewhere = |entry: &Entry| {
            let Entry { doc, weight, share, sections, headings } = *entry;
            let (weight, share) = (weight.elsewhere(shard as u32), share.elsewhere(shard as u32));
            // No form weighs nothing where it stands.
            (weight > 0).then_some(Listing { doc, weight, share, sections, headings })
        };
        let all = self.word(group, room).map_or(&[][..], |word| &word.all);
        to.reserve(all.len());
        to.extend(all.iter().filter_map(elsewhere));
    }

    fn word(&self, group: u32, room: &mut Room) -> Option<&Word> {
        Some(self.words.get(&group)?.get_or_init(|| self.put_together(group, room)))
    }

    fn put_together(&self, group: u32, Room { places, uniter }: &mut Room) -> Word {
        let merged = self.merged;
        let members = &merged.groups[group as usize].members;
        let count = members.iter().map(|&form| merged.forms[form as usize].often as usize).sum();
        let (mut own, mut ends) = (Vec::with_capacity(count), Vec::with_capacity(members.len()));
        for &form in members {
            merged.listings(form as usize, uniter, &mut own);
            ends.push(own.len());
        }
        places.resize(merged.count as usize, 0);
        let mut entries: Vec<Entry> = Vec::with_capacity(count.min(places.len()));
        let mut shard = 0;
        let mut word = Word { own, ends, all: Vec::new() };
        for (place, &form) in members.iter().enumerate() {
            while merged.shards[shard].end <= form as usize {
                shard += 1;
            }
            for listing in word.of(place) {
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
        word.all.reserve(entries.len());
        let by_doc = places.iter_mut().filter(|place| **place > 0);
        word.all.extend(by_doc.map(|place| entries[std::mem::take(place) as usize - 1]));
        word
    }
}

impl Word {
    /// The listings of the form at a place of the group.
    fn of(&self, place: usize) -> &[Listing] {
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.own[start..self.ends[place]]
    }
}

/// Where groups are put together.
#[derive(Default)]
pub struct Room {
    /// By article: 1 + its place in a list, 0 if it is not there. All zero between words.
    places: Vec<u32>,
    pub uniter: Uniter,
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;
    use crate::search::analyse::analyse;
    use crate::search::base::Ground;
    use crate::search::input::{ArticleInput, SectionInput};
    use crate::search::inverted::Inverted;
    use crate::search::merge::merge;

    #[test]
    fn shards_are_told_of_a_word_what_the_others_have() {
        let endings = "n t a lla lta lle ssa sta ksi na tta ihin issa ista illa ilta ille ina iksi";
        let word = |number: usize| {
            let endings: Vec<&str> = endings.split(' ').collect();
            format!("lasku{} ", endings[number % endings.len()])
        };
        let article = |number: usize| ArticleInput {
            title: word(number * number),
            sections: vec![SectionInput {
                text: (0..16)
                    .filter(|i| !number.is_multiple_of(i + 3))
                    .map(|i| word(i + number / 7))
                    .collect(),
                ..SectionInput::default()
            }],
            ..ArticleInput::default()
        };
        let articles: Vec<_> = (0..400).map(|number| analyse(&article(number))).collect();
        let merged = merge(Inverted::new(articles), 400, "fi", &Ground::default(), None);
        let mut room = Room::default();
        let guests = Guests::new(&merged, 0..merged.shards.len());
        let told = |list: &[Listing]| -> Vec<_> {
            list.iter().map(|of| (of.doc, of.weight, of.share)).collect()
        };
        let (mut guest, mut all) = (Vec::new(), Vec::new());
        let mut seen = 0;
        for (shard, Range { start, end }) in merged.shards.iter().enumerate() {
            for list in merged.guests[shard]
                .chunk_by(|&a, &b| merged.forms[a as usize].group == merged.forms[b as usize].group)
            {
                let group = merged.forms[list[0] as usize].group;
                guest.clear();
                all.clear();
                merged.united(list, &mut room.uniter, &mut all);
                guests.add(group, shard, &mut room, &mut guest);
                assert_eq!(told(&guest), told(&all));
                seen += 1;
            }
            for form in *start..*end {
                all.clear();
                merged.listings(form, &mut room.uniter, &mut all);
                let own = guests.own(form, &mut room);
                assert!(own.is_none_or(|own| told(own) == told(&all)));
            }
        }
        assert!(seen > 1, "the word runs through several shards");
    }

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
