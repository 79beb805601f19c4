//! Related articles: those that share the dozen words that matter most in an article.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::merge::Merged;

/// Words that stand for an article.
const WORDS: usize = 12;
/// A word of more articles than this relates nothing, and costs much.
const COMMON: usize = 200;
const MOST: usize = 6;

/// By article: the most related ones, the best first. Integers and ties by number: the same on
/// every machine.
pub fn related(merged: &Merged) -> Vec<Vec<u32>> {
    let mut telling: Vec<Vec<(u32, u32)>> = vec![Vec::new(); merged.count as usize];
    for (place, form) in merged.forms.iter().enumerate() {
        let often = form.often as usize;
        if form.stop || !(2..=COMMON.min(merged.count as usize / 3 + 2)).contains(&often) {
            continue;
        }
        let step = u32::from(merged.groups[form.group as usize].step);
        for listing in merged.listings(place) {
            let worth = step * (u32::from(listing.weight) + u32::from(listing.share));
            let own = &mut telling[listing.doc as usize];
            own.push((u32::MAX - worth, place as u32));
            if own.len() >= 4 * WORDS {
                own.sort_unstable();
                own.truncate(WORDS);
            }
        }
    }
    telling
        .into_par_iter()
        .enumerate()
        .map(|(doc, mut own)| {
            own.sort_unstable();
            own.truncate(WORDS);
            let mut scores: FxHashMap<u32, u64> = FxHashMap::default();
            for (worth, place) in own {
                for listing in merged.listings(place as usize) {
                    let there = u64::from(listing.weight) + u64::from(listing.share);
                    *scores.entry(listing.doc).or_default() += u64::from(u32::MAX - worth) * there;
                }
            }
            scores.remove(&(doc as u32));
            let mut list: Vec<(u64, u32)> =
                scores.into_iter().map(|(doc, score)| (u64::MAX - score, doc)).collect();
            list.sort_unstable();
            list.truncate(MOST);
            list.into_iter().map(|(_, doc)| doc).collect()
        })
        .collect()
}
