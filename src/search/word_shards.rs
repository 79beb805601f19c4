//! Word shards: the forms from one bound to the next with all that is known of them. A file holds one
//! or a few.

use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::kept::Kept;
use super::listing::{Listing, Uniter};
use super::merge::{Form, Imprint, Merged};
use super::shards::{Key, Names, Shard};
use super::wire::{WordShard, push_digit, push_front, push_number};

/// Makes the files of an index's word shards, but for those that an index before had too.
pub struct WordShards<'a> {
    merged: &'a Merged,
    articles: usize,
    kept: Option<(&'a Kept, &'a [Imprint])>,
}

impl<'a> WordShards<'a> {
    /// Beside what was made before, those want the imprints of all forms.
    pub fn new(
        merged: &'a Merged,
        articles: usize,
        kept: Option<(&'a Kept, &'a [Imprint])>,
    ) -> WordShards<'a> {
        WordShards { merged, articles, kept }
    }

    /// Hands the files with the shards of these numbers over, and gives their names. `lines` has by
    /// shard its field 9.
    ///
    /// # Errors
    ///
    /// What serde_json reports.
    pub fn add(
        &self,
        files: &[Range<usize>],
        lines: &[String],
        names: &mut Names<'_>,
    ) -> serde_json::Result<Vec<String>> {
        let room = || (vec![(0, 0); self.articles], Uniter::default());
        let known = &*names;
        let shards = files.par_iter().map_init(room, |room, numbers| {
            let places: Vec<Places> =
                numbers.clone().map(|number| places(self.merged, number)).collect();
            let key = self.key(numbers.clone(), &places, lines);
            if let Some((kept, key)) = &key
                && let Some(file) = kept.shard("w", key).filter(|file| known.is_there(file))
            {
                return Ok(file);
            }
            let file = self.make(numbers.clone(), &places, lines, room)?;
            Ok(match key {
                Some((kept, key)) => kept.keep_shard(&key, file),
                None => file,
            })
        });
        let shards = shards.collect::<serde_json::Result<_>>()?;
        names.add(shards, &|wanted| {
            let again = wanted.par_iter().map_init(room, |room, &at| {
                let numbers = files[at].clone();
                let places: Vec<Places> =
                    numbers.clone().map(|number| places(self.merged, number)).collect();
                self.make(numbers, &places, lines, room)
            });
            again.collect()
        })
    }

    fn make(
        &self,
        numbers: Range<usize>,
        places: &[Places],
        lines: &[String],
        room: &mut (Seen, Uniter),
    ) -> serde_json::Result<Shard> {
        let shards = numbers.zip(places).map(|(number, places)| {
            let shard = word_shard(self.merged, number, places, room);
            WordShard { 9: lines[number].clone(), ..shard }
        });
        Shard::new("w", &shards.collect::<Vec<_>>())
    }

    /// A hash of all that goes into the shards of a file.
    fn key(
        &self,
        numbers: Range<usize>,
        places: &[Places],
        lines: &[String],
    ) -> Option<(&'a Kept, Key)> {
        let (kept, imprints) = self.kept.as_ref()?;
        let mut hasher = blake3::Hasher::new();
        for (number, places) in numbers.zip(places) {
            self.hash(number, places, &lines[number], imprints, &mut hasher);
        }
        Some((*kept, hasher.finalize()))
    }

    /// Hashes all that goes into a shard.
    fn hash(
        &self,
        number: usize,
        places: &[(usize, usize)],
        lines: &str,
        imprints: &[Imprint],
        hasher: &mut blake3::Hasher,
    ) {
        let own = &self.merged.shards[number];
        hasher.update(&(places.len() as u64).to_le_bytes());
        hasher.update(&(lines.len() as u64).to_le_bytes());
        hasher.update(lines.as_bytes());
        let mut bytes = Vec::new();
        for &(place, back) in places {
            bytes.clear();
            bytes.push(u8::from(own.contains(&place)));
            bytes.extend((back as u32).to_le_bytes());
            hash_form(self.merged, place, imprints, &mut bytes);
            hasher.update(&bytes);
        }
    }
}

/// Adds all that a form and its listings are made of, given the imprints of all.
pub fn hash_form(merged: &Merged, place: usize, imprints: &[Imprint], bytes: &mut Vec<u8>) {
    let form = &merged.forms[place];
    let compounds = merged.compounds(place);
    bytes.extend([u8::from(form.stop), form.step]);
    for number in [form.text.len(), compounds.len()] {
        bytes.extend((number as u32).to_le_bytes());
    }
    bytes.extend(form.text.as_bytes());
    bytes.extend(imprints[place]);
    for &compound in compounds {
        bytes.extend(imprints[compound as usize]);
    }
}

/// The forms of a shard and its guests, ascending, each with how many forms before it the last one of
/// its group stands, 0 if it is the first.
type Places = Vec<(usize, usize)>;

fn places(merged: &Merged, number: usize) -> Places {
    let guests = merged.guests[number].iter().map(|&form| form as usize);
    let mut places: Vec<usize> = merged.shards[number].clone().chain(guests).collect();
    places.sort_unstable();
    let mut last_of: FxHashMap<u32, usize> = FxHashMap::default();
    let back = |(at, place): (usize, usize)| {
        let last = last_of.insert(merged.forms[place].group, at);
        (place, last.map_or(0, |last| at - last))
    };
    places.into_iter().enumerate().map(back).collect()
}

/// The forms of a shard and its guests: of a word's forms elsewhere, the one that occurs most stands
/// for all, the rest are only named.
fn word_shard(
    merged: &Merged,
    number: usize,
    places: &[(usize, usize)],
    (seen, uniter): &mut (Seen, Uniter),
) -> WordShard {
    let own = merged.shards[number].clone();
    let mut away = away(merged, &merged.guests[number], uniter);
    let mut lists: Vec<Vec<Listing>> = places
        .iter()
        .map(|(place, _)| match own.contains(place) {
            true => merged.listings(*place, uniter),
            false => away.remove(place).unwrap_or_default(),
        })
        .collect();
    let beside: Vec<_> = places
        .iter()
        .zip(&lists)
        .map(|((place, _), list)| match own.contains(place) {
            true => merged.neighbours(*place, list),
            false => Vec::new(),
        })
        .collect();
    share_places(merged, places, &mut lists, seen);

    let mut shard = WordShard::default();
    let mut last = "";
    for (at, (&(place, back), list)) in places.iter().zip(&lists).enumerate() {
        let form = &merged.forms[place];
        push_word(&mut shard, last, form, back, list.iter().copied());
        last = &form.text;
        neighbours(&beside[at], &mut shard.8);
    }
    shard
}

/// Of each group, the listings of all its guests under the most frequent of them.
fn away(merged: &Merged, guests: &[u32], uniter: &mut Uniter) -> FxHashMap<usize, Vec<Listing>> {
    let mut by_group: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for &guest in guests {
        by_group.entry(merged.forms[guest as usize].group).or_default().push(guest);
    }
    let united = by_group.into_values().filter_map(|forms| {
        let most = *forms.iter().rev().max_by_key(|&&form| merged.forms[form as usize].often)?;
        Some((most as usize, merged.united(&forms, uniter)))
    });
    united.collect()
}

/// By article: sections, and those in whose headings.
type Seen = Vec<(u64, u64)>;

/// Gives the sections of all of a group's forms in an article to the first of them, and none to the
/// others. `seen` is all zero, before and after.
fn share_places(
    merged: &Merged,
    places: &[(usize, usize)],
    lists: &mut [Vec<Listing>],
    seen: &mut Seen,
) {
    let mut groups: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
    for (at, &(form, _)) in places.iter().enumerate() {
        groups.entry(merged.forms[form].group).or_default().push(at);
    }
    for group in groups.into_values().filter(|group| group.len() > 1) {
        for listing in group.iter().flat_map(|&at| &lists[at]) {
            let all = &mut seen[listing.doc as usize];
            all.0 |= listing.sections;
            all.1 |= listing.headings;
        }
        for &at in &group {
            for listing in &mut lists[at] {
                let all = std::mem::take(&mut seen[listing.doc as usize]);
                (listing.sections, listing.headings) = all;
            }
        }
    }
}

/// Its words stand each for itself: what belongs to them is in their own shards.
pub fn beginning_shard(merged: &Merged, listings: &[(usize, Listing)]) -> WordShard {
    let mut shard = WordShard::default();
    let mut last = "";
    for list in listings.chunk_by(|a, b| a.0 == b.0) {
        let form = &merged.forms[list[0].0];
        push_word(&mut shard, last, form, 0, list.iter().map(|x| x.1));
        last = &form.text;
    }
    shard
}

fn push_word(
    shard: &mut WordShard,
    last: &str,
    form: &Form,
    back: usize,
    listings: impl ExactSizeIterator<Item = Listing>,
) {
    push_front(&mut shard.0, last, &form.text);
    push_number(&mut shard.1, back as u32);
    push_digit(&mut shard.2, u32::from(form.step) + if form.stop { 40 } else { 0 });
    push_number(&mut shard.3, listings.len() as u32);
    let mut next = 0;
    for listing in listings {
        push_number(&mut shard.4, listing.doc - next);
        next = listing.doc + 1;
        push_digit(
            &mut shard.5,
            u32::from(listing.weight) + if listing.share > 0 { 32 } else { 0 },
        );
        if listing.share > 0 {
            push_digit(&mut shard.6, u32::from(listing.share));
        }
        push_places(&listing, &mut shard.7);
    }
}

fn push_places(listing: &Listing, to: &mut String) {
    let mut rest = listing.sections;
    if rest == 0 {
        push_number(to, 0);
    }
    let mut last = -1;
    while rest != 0 {
        let section = rest.trailing_zeros();
        rest &= rest - 1;
        let gap = (section as i32 - last) as u32;
        last = section as i32;
        let heading = (listing.headings >> section & 1) as u32;
        push_number(to, 4 * gap + 2 * heading + u32::from(rest != 0));
    }
}

fn neighbours(list: &[(u32, Vec<u32>)], to: &mut String) {
    push_number(to, list.len() as u32);
    for (key, places) in list {
        push_digit(to, key / 91);
        push_digit(to, key % 91);
        let mut next = 0;
        for (i, &place) in places.iter().enumerate() {
            push_number(to, 2 * (place - next) + u32::from(i + 1 < places.len()));
            next = place + 1;
        }
    }
}
