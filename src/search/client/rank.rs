//! The order of the articles: one integer formula over what the shards hold.

use std::collections::BTreeMap;

use super::super::wire::{Numbers, Side, neighbour_key};
use super::lookup::Found;
use super::shards::Library;

/// What each kind of evidence adds, in 64ths.
#[derive(Clone, Debug)]
pub struct Params {
    pub matched: [u64; 3],
    pub title_query: u64,
    pub title_cover: u64,
    pub section: u64,
    pub heading: u64,
    pub pair: u64,
    pub standing: u64,
    pub total: u64,
    pub weight_floor: u64,
}

impl Default for Params {
    fn default() -> Params {
        Params {
            matched: [8, 24, 32],
            title_query: 64,
            title_cover: 64,
            section: 32,
            heading: 24,
            pair: 48,
            standing: 1,
            total: 24,
            weight_floor: 4,
        }
    }
}

/// An article found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    pub doc: u32,
    pub score: u64,
    /// The section that holds the most of the query.
    pub section: u32,
}

/// What one word of the query found in one article.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evidence {
    /// Quality times weight of the best form.
    pub score: u64,
    pub quality: u64,
    /// The best share of the title, and the quality with which the word stands in it.
    pub share: u64,
    pub titled: u64,
    pub sections: u64,
    pub headings: u64,
}

/// All articles that match enough, the best first.
pub fn rank(library: &Library, found: &[Found], params: &Params) -> Vec<Hit> {
    let mut docs: BTreeMap<u32, Vec<Evidence>> = BTreeMap::new();
    let mut steps = Vec::new();
    for (at, word) in found.iter().enumerate() {
        steps.push(step(library, word));
        for candidate in &word.candidates {
            let (shard, place) = candidate.form;
            let words = library.words(shard);
            let quality = u64::from(candidate.quality);
            for listing in words.listings(place) {
                let all = docs
                    .entry(listing.doc)
                    .or_insert_with(|| vec![Evidence::default(); found.len()]);
                let own = &mut all[at];
                own.score =
                    own.score.max(quality * (params.weight_floor + u64::from(listing.weight)));
                own.quality = own.quality.max(quality);
                if listing.share > 0 {
                    own.share = own.share.max(quality * u64::from(listing.share) / 64);
                    own.titled = own.titled.max(quality);
                }
                own.sections |= listing.sections;
                own.headings |= listing.headings;
            }
        }
    }
    let total: u64 = steps.iter().sum::<u64>().max(1);
    let pairs = pairs(library, found, &steps);
    let pair_total: u64 = pairs.iter().map(|p| p.0).sum::<u64>().max(1);
    let mut standing = Numbers::new(&library.entry.standing);
    let standing: Vec<u64> = (0..library.entry.count).map(|_| standing.digit().into()).collect();

    let mut hits = Vec::with_capacity(docs.len());
    for (doc, evidence) in docs {
        let sum = |of: &dyn Fn(&Evidence) -> u64| -> u64 {
            evidence.iter().zip(&steps).map(|(e, step)| of(e) * step).sum()
        };
        let base = sum(&|e| e.score);
        // All in 64ths.
        let matched = sum(&|e| e.quality) / total;
        let titled = sum(&|e| e.titled) / total;
        let cover: u64 = evidence.iter().map(|e| e.share).sum::<u64>().min(64);
        let mut best = (0, 0, 0);
        let mut rest = evidence.iter().fold(0, |all, e| all | e.sections);
        while rest != 0 {
            let section = rest.trailing_zeros();
            rest &= rest - 1;
            let within = |mask: u64| mask >> section & 1;
            let together = sum(&|e| e.quality * within(e.sections)) / total;
            let heading = sum(&|e| e.quality * within(e.headings)) / total;
            let value = params.section * together + params.heading * heading;
            if value > best.0 {
                best = (value, section, together);
            }
        }
        let beside: u64 =
            pairs.iter().filter(|p| p.1.binary_search(&doc).is_ok()).map(|p| 64 * p.0).sum::<u64>()
                / pair_total;

        let [flat, linear, square] = params.matched;
        let mut score =
            base * (flat * 64 * 64 + linear * matched * 64 + square * matched * matched) / 4096;
        score = score
            * (4096
                + params.title_query * titled * titled / 64
                + params.title_cover * titled * cover / 64)
            / 4096;
        score = score * (4096 + best.0) / 4096;
        score = score * (4096 + params.pair * beside) / 4096;
        score = score * (64 + params.standing * standing[doc as usize]) / 64;
        hits.push((Hit { doc, score, section: best.1 }, matched));
    }
    let most = hits.iter().map(|h| h.1).max().unwrap_or(0);
    hits.retain(|h| h.1 * 64 >= most * params.total);
    let mut hits: Vec<Hit> = hits.into_iter().map(|h| h.0).collect();
    hits.sort_by_key(|hit| (u64::MAX - hit.score, hit.doc));
    hits
}

/// What a word counts: the rarity of its best form.
fn step(library: &Library, found: &Found) -> u64 {
    let Some(best) = found.candidates.first() else { return 8 };
    let (shard, place) = best.form;
    let words = library.words(shard);
    let step = u64::from(words.step[place]);
    if words.stop[place] { 1 + step / 8 } else { 2 + step }
}

/// Neighbours in the query that stand beside each other somewhere: their weight and the articles.
fn pairs(library: &Library, found: &[Found], steps: &[u64]) -> Vec<(u64, Vec<u32>)> {
    const FORMS: usize = 3;
    let groups = |word: &Found| {
        let mut list: Vec<(usize, usize)> = Vec::new();
        for candidate in &word.candidates {
            let (shard, place) = candidate.form;
            let first = (shard, library.words(shard).first[place]);
            if !list.contains(&first) && list.len() < FORMS {
                list.push(first);
            }
        }
        list
    };
    let stop = |word: &Found| {
        word.candidates.first().is_some_and(|c| library.words(c.form.0).stop[c.form.1])
    };
    let content: Vec<usize> = (0..found.len()).filter(|&i| !stop(&found[i])).collect();
    let mut pairs = Vec::new();
    for two in content.windows(2) {
        let mut docs = Vec::new();
        for &(ls, lf) in &groups(&found[two[0]]) {
            for &(rs, rf) in &groups(&found[two[1]]) {
                let (left, right) = (library.words(ls), library.words(rs));
                docs.extend(left.beside(lf, neighbour_key(&right.forms[rf], Side::After)));
                docs.extend(right.beside(rf, neighbour_key(&left.forms[lf], Side::Before)));
            }
        }
        docs.sort_unstable();
        docs.dedup();
        pairs.push((steps[two[0]].min(steps[two[1]]), docs));
    }
    pairs
}
