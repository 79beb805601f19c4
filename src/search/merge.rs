//! From the articles' words to what the shards hold: forms in order, groups, weights, neighbours.
//!
//! 1. Forms are put in the order of their folded keys ([`super::vocabulary`]); their articles are
//!    listed ([`super::postings`], both by [`super::inverted`]); they are grouped
//!    ([`super::grouping`]).
//! 2. The order is cut into shards ([`super::cuts`]), between groups where it can be; where a cut
//!    splits a group, each shard also holds what the others have of it, as guests. Shards that few
//!    ask for share a file.
//! 3. The rarity of group and form, counted in coarse steps, weighs the words of the titles.
//! 4. A compound's parts inherit its postings at a lower weight ([`super::compounds`]).
//! 5. Words that stand next to each other are remembered with the rarer of the two
//!    ([`super::neighbours`]).
//! 6. Beginnings of very many words get shards of their own ([`super::beginnings`]).
//!
//! What would fill much memory is worked out where a shard asks for it: [`Merged::listings`],
//! [`Merged::pairs`].

use std::ops::Range;
use std::sync::Arc;

use bytemuck::cast_slice;
use rayon::prelude::*;
use twox_hash::XxHash3_128;

use super::analyse::Place;
use super::base::Ground;
use super::beginnings::{Beginning, beginnings};
use super::compounds::{self, Parts};
use super::cuts;
use super::grouping::{self, Letters, Stems};
use super::groupings::Groupings;
use super::inverted::Inverted;
use super::language::Lexicon;
use super::listing::{Listing, Uniter, as_part, part_share, part_weight};
use super::neighbours::Pairs;
use super::postings::Postings;
use super::streams::{BLOCK, Block, Streams};
use super::vocabulary::Word;
use super::wire::{bound, rarity};

/// Up to so many articles have their records in one shard, and share files of words: one request, and
/// each later query has them. Beyond, small ones cost less than they save.
pub const ONE_CHUNK: usize = 1_200;
/// A word in so large a part of the articles says as little as a stop word: 1 in 2.
const COMMON: u32 = 2;

/// A hash that tells things apart which nobody forges.
pub type Imprint = [u8; 16];

/// One language's index, ready to be written.
#[derive(Default)]
pub struct Merged {
    pub count: u32,
    /// In shard order.
    pub forms: Vec<Form>,
    pub groups: Vec<Group>,
    /// Ranges of `forms`.
    pub shards: Vec<Range<usize>>,
    /// Ranges of `shards`, a file each.
    pub files: Vec<Range<usize>>,
    /// The folded key from which on each shard's forms stand.
    pub bounds: Vec<String>,
    /// By shard: forms of its words that stand in other shards, ascending.
    pub guests: Vec<Vec<u32>>,
    pub beginnings: Vec<Beginning>,
    postings: Postings,
    shares: Shares,
    compounds: Vec<Vec<u32>>,
    pairs: Pairs,
}

#[derive(Debug)]
pub struct Form {
    pub text: String,
    pub key: String,
    pub group: u32,
    pub stop: bool,
    /// How rare it is.
    pub step: u8,
    /// The number of its listings.
    pub often: u32,
    /// Stands in a title or heading, or in more than one article.
    pub notable: bool,
}

#[derive(Debug, Default)]
pub struct Group {
    /// In `Merged::forms`, ascending.
    pub members: Vec<u32>,
    /// The number of articles that have any of them.
    pub often: u32,
    pub step: u8,
}

/// Merges the articles of a language. `ground` inverted them, `known` is what an index before knew of
/// their words.
pub fn merge(
    Inverted { words, postings, streams }: Inverted,
    count: u32,
    code: &str,
    ground: &Ground,
    mut known: Option<&mut Groupings>,
) -> Merged {
    let lexicon = Lexicon::new(code);
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let letters = Letters::of(texts.iter().copied());
    let stems = Stems::new(&letters.texts, &lexicon);
    let own_groups = match &mut known {
        Some(known) => known.groups(&stems),
        None => grouping::group(&stems),
    };
    let group_of = letters.spread_groups(&own_groups);
    let size =
        |(place, word): (usize, &Word)| word.key.len() + 3 + 5 * postings.often(place) as usize;
    let sizes: Vec<usize> = words.iter().enumerate().map(size).collect();
    let often: Vec<u32> = (0..words.len()).map(|place| postings.often(place)).collect();
    let joined = words.par_windows(2).map(|pair| pair[0].key == pair[1].key);
    let joined: Vec<bool> = rayon::iter::once(false).chain(joined).collect();
    let cut = || cuts::cut(&sizes, &often, &group_of, |place| joined[place]);
    let weigh = || {
        let groups = groups(&group_of, &postings, count);
        let is_stop = |lexicon: &mut Lexicon, (text, often): (&&str, &u32)| {
            let common = often * COMMON > count && count > 20;
            common || lexicon.is_stop_word(text)
        };
        let forms = texts.par_iter().zip(&often).with_min_len(1_000);
        let stop: Vec<bool> = forms.map_init(|| lexicon.clone(), is_stop).collect();
        // Between the word's rarity and the form's.
        let step = |(&group, &often): (&u32, &u32)| {
            (groups[group as usize].step + rarity(count, often)) / 2
        };
        let steps: Vec<u8> = group_of.iter().zip(&often).map(step).collect();
        let shares = title_shares(&streams, &steps, &stop);
        let is_often = |place: &u32| groups[group_of[*place as usize] as usize].often > 1;
        let is_often: Vec<bool> = letters.places.iter().map(is_often).collect();
        let own_stop = letters.pick(&stop);
        let compounds =
            Parts { stems: &stems, group_of: &own_groups, often: &is_often, stop: &own_stop };
        let compounds = match &mut known {
            Some(known) => known.compounds(&compounds),
            None => Arc::new(compounds::parts(&compounds)),
        };
        (groups, stop, steps, shares, letters.spread_lists(&compounds))
    };
    let (shards, (groups, stop, steps, shares, compounds)) = rayon::join(cut, weigh);
    let guests = guests(&groups, &shards);
    let weight = |shard: &Range<usize>| cuts::Weight {
        size: sizes[shard.clone()].iter().map(|&size| size as u64).sum(),
        titled: shard.clone().map(|form| shares.of(form).len() as u64).sum(),
    };
    let files = match count as usize <= ONE_CHUNK {
        true => cuts::files(&shards.iter().map(weight).collect::<Vec<_>>()),
        // A query of a large manual loads much anyway, its records one by one.
        false => (0..shards.len()).map(|shard| shard..shard + 1).collect(),
    };

    let traits = group_of.into_iter().zip(stop).zip(steps);
    let forms = words.into_iter().zip(traits).map(|(word, ((group, stop), step))| Form {
        text: word.text,
        key: word.key,
        group,
        stop,
        step,
        often: 0,
        notable: false,
    });
    let forms: Vec<Form> = forms.collect();
    let pairs = Pairs::default();
    let mut merged = Merged {
        count,
        forms,
        groups,
        shards,
        files,
        guests,
        postings,
        shares,
        compounds,
        pairs,
        ..Merged::default()
    };
    let standing: Vec<(u32, bool)> = (0..merged.forms.len())
        .into_par_iter()
        .map_init(|| vec![u32::MAX; count as usize], |seen, place| merged.standing(place, seen))
        .collect();
    for (form, (often, notable)) in merged.forms.iter_mut().zip(standing) {
        (form.often, form.notable) = (often, notable);
    }
    merged.pairs = ground.pairs(&merged.postings, streams, &merged.forms);

    merged.bounds = merged
        .shards
        .iter()
        .map(|shard| match shard.start.checked_sub(1) {
            Some(last) => bound(&merged.forms[last].key, &merged.forms[shard.start].key).to_owned(),
            None => String::new(),
        })
        .collect();
    merged.beginnings = beginnings(&merged.forms, &merged.shards, &merged.bounds);
    merged
}

impl Merged {
    /// By form, a hash of all that its own listings and neighbours are made of, but for the
    /// neighbours' places in the listings.
    pub fn imprints(&self) -> Vec<Imprint> {
        let forms = 0..self.forms.len();
        let of = |bytes: &mut Vec<u8>, form: usize| {
            bytes.clear();
            let (docs, lists) = self.postings.raw(form);
            let shares = self.shares.of(form);
            let (keys, beside) = self.pairs.raw(form..form + 1);
            for length in [docs.len(), lists[1].len(), shares.len()] {
                bytes.extend_from_slice(&(length as u32).to_le_bytes());
            }
            lists.iter().for_each(|list| bytes.extend_from_slice(list));
            [docs, beside].iter().for_each(|docs| bytes.extend_from_slice(cast_slice(docs)));
            bytes.extend_from_slice(cast_slice(keys));
            for (_, doc, share) in shares {
                bytes.extend_from_slice(&doc.to_le_bytes());
                bytes.push(*share);
            }
            XxHash3_128::oneshot(bytes).to_le_bytes()
        };
        forms.into_par_iter().with_min_len(1_000).map_init(Vec::new, of).collect()
    }

    /// By form, the greatest weight and share that it has in an article, by itself and with its
    /// compounds.
    pub fn most(&self) -> Vec<[(u8, u8); 2]> {
        let own = |form: usize| {
            let weight = self.postings.weights(form).map(|(_, weight)| weight).max();
            let share = self.shares.of(form).iter().map(|share| share.2).max();
            (weight.unwrap_or(0), share.unwrap_or(0))
        };
        let all = (0..self.forms.len()).into_par_iter().with_min_len(1_000).map(|form| {
            let own_most = own(form);
            let with_parts = self.compounds[form].iter().fold(own_most, |most, &compound| {
                let (weight, share) = own(compound as usize);
                (most.0.max(part_weight(weight)), most.1.max(part_share(share)))
            });
            [own_most, with_parts]
        });
        all.collect()
    }

    /// The compounds that a form is a part of.
    pub fn compounds(&self, form: usize) -> &[u32] {
        &self.compounds[form]
    }

    /// Appends a form's articles, its compounds' among them.
    pub fn listings(&self, form: usize, uniter: &mut Uniter, to: &mut Vec<Listing>) {
        match self.compounds[form].is_empty() {
            true => {
                to.reserve(self.postings.often(form) as usize);
                to.extend(self.own(form));
            }
            false => self.united(&[form as u32], uniter, to),
        }
    }

    /// Appends the same articles, each with the sum of weight and share alone.
    pub fn worths(&self, form: usize, uniter: &mut Uniter, to: &mut Vec<(u32, u32)>) {
        let compounds = &self.compounds[form];
        if compounds.is_empty() {
            let mut shares = self.shares.of(form).iter().peekable();
            let mut share = |doc: u32| shares.next_if(|x| x.1 == doc).map_or(0, |x| x.2);
            let own = self.postings.weights(form);
            to.extend(own.map(|(doc, weight)| (doc, u32::from(weight) + u32::from(share(doc)))));
            return;
        }
        uniter.make_room(self.count as usize);
        self.reach(form, compounds, &mut uniter.most);
        let forms = compounds.iter().map(|&compound| compound as usize).chain([form]);
        let start = to.len();
        for &doc in forms.flat_map(|one| self.postings.docs(one)) {
            let (weight, share) = std::mem::take(&mut uniter.most[doc as usize]);
            // Each article is met at least once, and has some weight.
            if weight > 0 {
                to.push((doc, u32::from(weight) + u32::from(share)));
            }
        }
        to[start..].sort_unstable();
    }

    /// By article, raises `most` to the greatest weight and share of a form and its compounds.
    fn reach(&self, form: usize, compounds: &[u32], most: &mut [(u8, u8)]) {
        let mut reach = |doc: u32, weight: u8, share: u8| {
            let most = &mut most[doc as usize];
            *most = (most.0.max(weight), most.1.max(share));
        };
        for (doc, weight) in self.postings.weights(form) {
            reach(doc, weight, 0);
        }
        for &(_, doc, share) in self.shares.of(form) {
            reach(doc, 0, share);
        }
        for &compound in compounds {
            for (doc, weight) in self.postings.weights(compound as usize) {
                reach(doc, part_weight(weight), 0);
            }
            for &(_, doc, share) in self.shares.of(compound as usize) {
                reach(doc, 0, part_share(share));
            }
        }
    }

    /// Appends a form's listings but for those whose weight and share are not wanted. Whatever is wanted is so
    /// with more of either.
    pub fn listings_if(
        &self,
        form: usize,
        wanted: impl Fn(u8, u8) -> bool,
        uniter: &mut Uniter,
        to: &mut Vec<Listing>,
    ) {
        let compounds = &self.compounds[form];
        if compounds.is_empty() {
            to.extend(self.own_if(form, |_, weight, share| wanted(weight, share)));
            return;
        }
        // What an article comes to is known before it is looked up where in it the forms stand.
        uniter.make_room(self.count as usize);
        let mut most = std::mem::take(&mut uniter.most);
        self.reach(form, compounds, &mut most);
        let is_wanted = |doc: u32| wanted(most[doc as usize].0, most[doc as usize].1);
        self.own_if(form, |doc, _, _| is_wanted(doc)).for_each(|listing| uniter.add(listing));
        for &compound in compounds {
            let own = self.own_if(compound as usize, |doc, _, _| is_wanted(doc));
            own.for_each(|listing| uniter.add(as_part(listing)));
        }
        for &one in compounds.iter().chain([&(form as u32)]) {
            self.postings.docs(one as usize).iter().for_each(|&doc| most[doc as usize] = (0, 0));
        }
        uniter.most = most;
        uniter.take(to);
    }

    /// Appends the articles of several forms as those of one.
    pub fn united(&self, forms: &[u32], uniter: &mut Uniter, to: &mut Vec<Listing>) {
        uniter.make_room(self.count as usize);
        for &form in forms {
            self.own(form as usize).for_each(|listing| uniter.add(listing));
            for &compound in &self.compounds[form as usize] {
                self.own(compound as usize).for_each(|listing| uniter.add(as_part(listing)));
            }
        }
        uniter.take(to);
    }

    /// How many listings a form has, and whether it is notable. `seen` has by article the last form that
    /// it was counted for.
    fn standing(&self, form: usize, seen: &mut [u32]) -> (u32, bool) {
        let compounds = &self.compounds[form];
        if compounds.is_empty() {
            let often = self.postings.often(form);
            return (often, often > 1 || self.is_heading(form));
        }
        let forms = || compounds.iter().map(|&compound| compound as usize).chain([form]);
        let docs = forms().flat_map(|one| self.postings.docs(one));
        let new = docs
            .filter(|&&doc| std::mem::replace(&mut seen[doc as usize], form as u32) != form as u32);
        let often = new.count() as u32;
        (often, often > 1 || forms().any(|one| self.is_heading(one)))
    }

    /// Whether a form stands in any title or heading.
    fn is_heading(&self, form: usize) -> bool {
        let heading = |&code: &u8| Place::from_code(code).heading;
        !self.shares.of(form).is_empty() || self.postings.places(form).iter().any(heading)
    }

    /// The pairs of forms that are neighbours.
    pub fn pairs(&self) -> &Pairs {
        &self.pairs
    }

    fn own(&self, form: usize) -> impl Iterator<Item = Listing> {
        self.own_if(form, |_, _, _| true)
    }

    fn own_if(
        &self,
        form: usize,
        wanted: impl Fn(u32, u8, u8) -> bool,
    ) -> impl Iterator<Item = Listing> {
        let mut shares = self.shares.of(form).iter().peekable();
        self.postings.of(form).filter_map(move |posting| {
            let share = shares.next_if(|share| share.1 == posting.doc).map_or(0, |share| share.2);
            if !wanted(posting.doc, posting.weight, share) {
                return None;
            }
            let mut listing =
                Listing { doc: posting.doc, weight: posting.weight, share, ..Listing::default() };
            for &code in posting.places {
                let place = Place::from_code(code);
                listing.sections |= 1 << place.section;
                listing.headings |= u64::from(place.heading) << place.section;
            }
            Some(listing)
        })
    }
}

/// The groups by number, with how many articles have a form of each.
fn groups(group_of: &[u32], postings: &Postings, count: u32) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (place, &group) in group_of.iter().enumerate() {
        if group as usize == groups.len() {
            groups.push(Group::default());
        }
        groups[group as usize].members.push(place as u32);
    }
    // By article, the last group that it was counted for.
    let seen = || vec![u32::MAX; count as usize];
    groups.par_iter_mut().enumerate().for_each_init(seen, |seen, (number, group)| {
        group.often = match group.members.as_slice() {
            [only] => postings.often(*only as usize),
            members => {
                let docs = members.iter().flat_map(|&member| postings.docs(member as usize));
                let new = docs.filter(|&&doc| {
                    std::mem::replace(&mut seen[doc as usize], number as u32) != number as u32
                });
                new.count() as u32
            }
        };
        group.step = rarity(count, group.often);
    });
    groups
}

/// By shard, the forms in other shards of words that a cut runs through.
fn guests(groups: &[Group], shards: &[Range<usize>]) -> Vec<Vec<u32>> {
    let starts: Vec<usize> = shards.iter().map(|shard| shard.start).collect();
    let home = |form: u32| starts.partition_point(|&start| start <= form as usize) - 1;
    let mut guests = vec![Vec::new(); shards.len()];
    for group in groups {
        let (Some(&first), Some(&last)) = (group.members.first(), group.members.last()) else {
            continue;
        };
        if home(first) == home(last) {
            continue;
        }
        let mut homes: Vec<usize> = group.members.iter().map(|&form| home(form)).collect();
        homes.dedup();
        for shard in homes {
            guests[shard].extend(group.members.iter().filter(|&&form| home(form) != shard));
        }
    }
    guests.par_iter_mut().for_each(|list| list.sort_unstable());
    guests
}

/// Forms in titles: (form, article, the share of the title that the form is, in 64ths), sorted.
#[derive(Default)]
struct Shares {
    all: Vec<(u32, u32, u8)>,
    /// By form, where its own start; one more at the end.
    starts: Vec<u32>,
}

impl Shares {
    /// Of all articles in their order.
    fn new(by_article: &[(u32, u32, u8)], forms: usize) -> Shares {
        // Two behind the form, so that the one between tells where its next goes.
        let mut starts = vec![0; forms + 2];
        for share in by_article {
            starts[share.0 as usize + 2] += 1;
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut all = vec![(0, 0, 0); by_article.len()];
        for share in by_article {
            let next = &mut starts[share.0 as usize + 1];
            all[*next as usize] = *share;
            *next += 1;
        }
        starts.pop();
        Shares { all, starts }
    }

    fn of(&self, form: usize) -> &[(u32, u32, u8)] {
        &self.all[self.starts[form] as usize..self.starts[form + 1] as usize]
    }
}

fn title_shares(streams: &Streams, steps: &[u8], stop: &[bool]) -> Shares {
    let weight = |form: u32| {
        let step = u32::from(steps[form as usize]);
        if stop[form as usize] { 1 + step / 8 } else { 2 + step }
    };
    let of_block = |(number, block): (usize, &Block)| {
        let mut all: Vec<(u32, u32, u8)> = Vec::new();
        let mut forms: Vec<u32> = Vec::new();
        for at in 0..block.len() {
            let doc = (number * BLOCK + at) as u32;
            let row = block.row(at);
            let mut shares: Vec<(u32, u32, u8)> = Vec::new();
            for title in block.titles(at) {
                forms.clear();
                forms.extend(title.forms.iter().map(|&form| row[usize::from(form)]));
                forms.sort_unstable();
                forms.dedup();
                let total: u32 = forms.iter().map(|&f| weight(f)).sum();
                let worth = u32::from(title.worth);
                let share = |form| (worth * weight(form) / total.max(1)).max(1) as u8;
                shares.extend(forms.iter().map(|&form| (form, doc, share(form))));
            }
            // The greatest of a form comes first, and stays.
            shares.sort_unstable_by_key(|&(form, _, share)| (form, u8::MAX - share));
            shares.dedup_by_key(|share| share.0);
            all.append(&mut shares);
        }
        all
    };
    let all: Vec<_> = streams.blocks.par_iter().enumerate().flat_map_iter(of_block).collect();
    Shares::new(&all, stop.len())
}
