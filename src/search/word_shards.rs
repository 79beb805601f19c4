//! Word shards: the forms from one bound to the next with all that is known of them. A file holds one
//! or a few.

use std::ops::Range;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use twox_hash::XxHash3_128;

use super::columns::Columns;
use super::guests::{self, Guests};
use super::kept::Kept;
use super::listing::Listing;
use super::merge::{Form, Imprint, Merged};
use super::neighbours;
use super::shards::{Names, Shard};
use super::wire::{digit, push_digit, push_front, push_number};

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
        let room = || Room { seen: vec![(0, 0); self.articles], ..Room::default() };
        let known = &*names;
        let guests = Guests::new(self.merged, files.iter().flat_map(Range::clone));
        let shards = files.par_iter().map_init(room, |room, numbers| {
            let places: Vec<Places> =
                numbers.clone().map(|number| places(self.merged, number)).collect();
            let key = self.key(numbers.clone(), &places, lines, &mut room.of_key);
            if let Some((kept, key)) = key
                && let Some(file) = kept.shard("w", key).filter(|file| known.is_there(file))
            {
                return file;
            }
            let file = self.make(numbers.clone(), &places, lines, &guests, room);
            match key {
                Some((kept, key)) => kept.keep_shard(key, file),
                None => file,
            }
        });
        let shards = shards.collect();
        names.add(shards, &|wanted| {
            let again = wanted.par_iter().map_init(room, |room, &at| {
                let numbers = files[at].clone();
                let places: Vec<Places> =
                    numbers.clone().map(|number| places(self.merged, number)).collect();
                self.make(numbers, &places, lines, &guests, room)
            });
            Ok(again.collect())
        })
    }

    fn make(
        &self,
        numbers: Range<usize>,
        places: &[Places],
        lines: &[String],
        guests: &Guests<'_>,
        room: &mut Room,
    ) -> Shard {
        let mut file = std::mem::take(&mut room.file);
        let shard = Shard::made("w", &mut file, |json| {
            let first = numbers.start;
            for (number, places) in numbers.zip(places) {
                json.push(if number == first { b'[' } else { b',' });
                word_shard(self.merged, number, places, guests, room);
                room.shard.lines.push_str(&lines[number]);
                room.shard.push_json(json);
            }
            json.push(b']');
        });
        room.file = file;
        shard
    }

    /// A hash of all that goes into the shards of a file; `bytes` is room for that.
    fn key(
        &self,
        numbers: Range<usize>,
        places: &[Places],
        lines: &[String],
        bytes: &mut Vec<u8>,
    ) -> Option<(&'a Kept, u128)> {
        let (kept, imprints) = self.kept?;
        bytes.clear();
        for (number, places) in numbers.zip(places) {
            let (own, lines) = (&self.merged.shards[number], &lines[number]);
            for length in [places.len(), lines.len()] {
                bytes.extend((length as u64).to_le_bytes());
            }
            bytes.extend(lines.as_bytes());
            for &(place, back) in places {
                bytes.push(u8::from(own.contains(&place)));
                bytes.extend((back as u32).to_le_bytes());
                hash_form(self.merged, place, imprints, bytes);
            }
        }
        Some((kept, XxHash3_128::oneshot(bytes)))
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

/// What shards are made in, one after another.
#[derive(Default)]
struct Room {
    /// By article, sections and those in whose headings; all zero between shards.
    seen: Vec<(u64, u64)>,
    united: guests::Room,
    beside: neighbours::Room,
    lists: Lists,
    shard: Columns,
    file: Vec<u8>,
    /// What a key is a hash of.
    of_key: Vec<u8>,
}

/// The listings of a shard's forms, one behind the other.
#[derive(Default)]
struct Lists {
    all: Vec<Listing>,
    /// By form, where its listings end.
    ends: Vec<usize>,
}

impl Lists {
    fn clear(&mut self) {
        self.all.clear();
        self.ends.clear();
    }

    /// Where those of the form at a place stand.
    fn range(&self, at: usize) -> Range<usize> {
        at.checked_sub(1).map_or(0, |before| self.ends[before])..self.ends[at]
    }
}

/// The forms of a shard and its guests, as `room.shard`: of a word's forms elsewhere, the one that
/// occurs most stands for all, the rest are only named.
fn word_shard(
    merged: &Merged,
    number: usize,
    places: &[(usize, usize)],
    guests: &Guests<'_>,
    room: &mut Room,
) {
    let Room { seen, united, beside, lists, shard, .. } = room;
    let own = merged.shards[number].clone();
    let shown = shown(merged, &merged.guests[number]);
    lists.clear();
    for &(place, _) in places {
        let all = &mut lists.all;
        if own.contains(&place) {
            match guests.own(place, united) {
                Some(known) => all.extend_from_slice(known),
                None => merged.listings(place, &mut united.uniter, all),
            }
        } else if shown.binary_search(&(place as u32)).is_ok() {
            guests.add(merged.forms[place].group, number, united, all);
        }
        lists.ends.push(all.len());
    }
    share_places(places, lists, seen);

    shard.clear();
    let mut last = "";
    for (at, &(place, back)) in places.iter().enumerate() {
        let (form, list) = (&merged.forms[place], &lists.all[lists.range(at)]);
        push_word(shard, last, form, back, list.iter());
        last = &form.text;
        match own.contains(&place) {
            true => {
                push_neighbours(merged.pairs().of(place, list, beside), &mut shard.neighbours);
            }
            false => push_number(&mut shard.neighbours, 0),
        }
    }
}

/// Of each group, the most frequent of its guests, ascending.
fn shown(merged: &Merged, guests: &[u32]) -> Vec<u32> {
    let mut most: FxHashMap<u32, u32> = FxHashMap::default();
    for &guest in guests {
        let Form { group, often, .. } = merged.forms[guest as usize];
        let most = most.entry(group).or_insert(guest);
        if merged.forms[*most as usize].often < often {
            *most = guest;
        }
    }
    let mut shown: Vec<u32> = most.into_values().collect();
    shown.sort_unstable();
    shown
}

/// Gives the sections of all of a group's forms in an article to the first of them, and none to the
/// others. `seen` is all zero, before and after.
fn share_places(places: &[(usize, usize)], lists: &mut Lists, seen: &mut [(u64, u64)]) {
    let mut is_done = vec![false; places.len()];
    let mut group = Vec::new();
    for last in (0..places.len()).rev() {
        if std::mem::replace(&mut is_done[last], true) || places[last].1 == 0 {
            continue;
        }
        group.clear();
        group.push(last);
        let mut at = last;
        while places[at].1 > 0 {
            at -= places[at].1;
            is_done[at] = true;
            group.push(at);
        }
        for listing in group.iter().flat_map(|&at| &lists.all[lists.range(at)]) {
            let all = &mut seen[listing.doc as usize];
            all.0 |= listing.sections;
            all.1 |= listing.headings;
        }
        for &at in group.iter().rev() {
            let range = lists.range(at);
            for listing in &mut lists.all[range] {
                let all = std::mem::take(&mut seen[listing.doc as usize]);
                (listing.sections, listing.headings) = all;
            }
        }
    }
}

/// The shard of a beginning. Its words stand each for itself: what belongs to them is in their own
/// shards.
pub fn beginning_shard(merged: &Merged, listings: &[(usize, Listing)]) -> Shard {
    let mut shard = Columns::default();
    let mut last = "";
    for list in listings.chunk_by(|a, b| a.0 == b.0) {
        let form = &merged.forms[list[0].0];
        push_word(&mut shard, last, form, 0, list.iter().map(|(_, listing)| listing));
        last = &form.text;
    }
    Shard::made("b", &mut Vec::new(), |json| shard.push_json(json))
}

fn push_word<'a>(
    shard: &mut Columns,
    last: &str,
    form: &Form,
    back: usize,
    listings: impl ExactSizeIterator<Item = &'a Listing> + Clone,
) {
    push_front(&mut shard.forms, last, &form.text);
    push_number(&mut shard.backs, back as u32);
    push_digit(&mut shard.steps, u32::from(form.step) + if form.stop { 40 } else { 0 });
    push_number(&mut shard.counts, listings.len() as u32);
    // Column by column: each is a run of its own.
    let mut next = 0;
    for listing in listings.clone() {
        push_number(&mut shard.docs, listing.doc - next);
        next = listing.doc + 1;
    }
    let weight =
        |listing: &Listing| u32::from(listing.weight) + if listing.share > 0 { 32 } else { 0 };
    shard.weights.extend(listings.clone().map(|listing| digit(weight(listing))));
    let shares = listings.clone().map(|listing| u32::from(listing.share));
    shard.shares.extend(shares.filter(|&share| share > 0).map(digit));
    listings.for_each(|listing| push_places(listing, &mut shard.places));
}

fn push_places(listing: &Listing, to: &mut Vec<u8>) {
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

fn push_neighbours(
    list: impl Iterator<Item = (u32, impl Iterator<Item = u32>)> + Clone,
    to: &mut Vec<u8>,
) {
    push_number(to, list.clone().count() as u32);
    for (key, places) in list {
        push_digit(to, key / 91);
        push_digit(to, key % 91);
        let mut places = places.peekable();
        let mut next = 0;
        while let Some(place) = places.next() {
            push_number(to, 2 * (place - next) + u32::from(places.peek().is_some()));
            next = place + 1;
        }
    }
}
