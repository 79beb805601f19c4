//! Where a form stands: its articles, and those of several forms as those of one, of a word and the
//! compounds that it is a part of.

use std::mem;

/// A form in an article.
#[derive(Clone, Copy, Debug, Default)]
pub struct Listing {
    pub doc: u32,
    pub weight: u8,
    /// The share of the article's title that the form is, in 64ths.
    pub share: u8,
    /// The sections in which it occurs, and in whose headings: a bit each.
    pub sections: u64,
    pub headings: u64,
}

/// Puts listings together by article; its room is used again and again.
#[derive(Default)]
pub struct Uniter {
    /// By article: 1 + its place in `list`, 0 if it is not there.
    places: Vec<u32>,
    list: Vec<Listing>,
    /// A bit for each article in it.
    there: Vec<u64>,
    /// By article: the greatest weight and share of a form in it; zero between calls.
    pub most: Vec<(u8, u8)>,
}

/// What a compound's weight counts for its part.
pub fn part_weight(weight: u8) -> u8 {
    (weight / 2).max(1)
}

pub fn part_share(share: u8) -> u8 {
    share.div_ceil(2)
}

pub fn as_part(listing: Listing) -> Listing {
    let (weight, share) = (part_weight(listing.weight), part_share(listing.share));
    Listing { weight, share, ..listing }
}

impl Uniter {
    pub fn make_room(&mut self, articles: usize) {
        self.places.resize(articles, 0);
        self.there.resize(articles.div_ceil(64), 0);
        self.most.resize(articles, (0, 0));
    }

    pub fn add(&mut self, listing: Listing) {
        let place = &mut self.places[listing.doc as usize];
        if *place == 0 {
            self.list.push(listing);
            *place = self.list.len() as u32;
            self.there[listing.doc as usize / 64] |= 1 << (listing.doc % 64);
            return;
        }
        let kept = &mut self.list[*place as usize - 1];
        kept.weight = kept.weight.max(listing.weight);
        kept.share = kept.share.max(listing.share);
        kept.sections |= listing.sections;
        kept.headings |= listing.headings;
    }

    /// Appends what was added, by article.
    pub fn take(&mut self, to: &mut Vec<Listing>) {
        let Uniter { places, list, there, .. } = self;
        to.reserve(list.len());
        for (number, bits) in there.iter_mut().enumerate() {
            let mut rest = mem::take(bits);
            while rest != 0 {
                let doc = 64 * number + rest.trailing_zeros() as usize;
                rest &= rest - 1;
                to.push(list[mem::take(&mut places[doc]) as usize - 1]);
            }
        }
        list.clear();
    }
}
