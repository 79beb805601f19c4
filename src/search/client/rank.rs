//! The order of the articles: one integer formula over what the shards hold.

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use super::super::wire::{Numbers, Side, neighbour_key, rarity};
use super::lookup::{Found, How};
use super::shards::{Library, Words};

/// What the evidence is worth.
mod worth {
    /// Of a form that stands in an article at all, on top of its weight there.
    pub const PRESENCE: u64 = 20;
    /// A query that stands in the title.
    pub const TITLED: u64 = 64;
    /// A query that is the title.
    pub const SAME: u64 = 16;
    /// The whole query in one section.
    pub const TOGETHER: u64 = 57;
    /// Its words next to each other.
    pub const BESIDE: u64 = 64;
    pub const STANDING: u64 = 1;
    /// The category that the reader is in.
    pub const NEAR: u64 = 12;
}

/// Articles that match less than this part, in 64ths, of what the best one matches are not found.
const LEAST: u64 = 24;

/// An article found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hit {
    pub doc: u32,
    pub score: u64,
    /// The section that holds the most of the query.
    pub section: u32,
    pub evidence: Evidence,
}

/// Why an article was found; all but `base` in 64ths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The words' weights, by their rarity.
    pub base: u64,
    /// The share of the query that occurs.
    pub matched: u64,
    /// The share of the query that stands in the title.
    pub titled: u64,
    /// The share of the title that is in the query.
    pub cover: u64,
    /// The share of the query that stands in one section.
    pub together: u64,
    /// How many, and how telling, neighbours of the query are neighbours here.
    pub beside: u64,
    pub standing: u64,
    /// Whether it is in the category that the reader is in.
    pub near: bool,
}

/// What one word of the query found in one article.
#[derive(Clone, Copy, Debug, Default)]
struct Trace {
    /// Quality times weight of the best form.
    score: u64,
    quality: u64,
    /// The best share of the title, and the quality with which the word stands in it.
    share: u64,
    titled: u64,
    sections: u64,
    headings: u64,
}

/// All articles that match enough, the best first; those numbered as in `near` a little earlier.
pub fn rank(library: &Library, found: &[Found], near: &Range<u32>) -> Vec<Hit> {
    let mut docs: BTreeMap<u32, Vec<Trace>> = BTreeMap::new();
    for (at, word) in found.iter().enumerate() {
        for candidate in &word.candidates {
            let (shard, place) = candidate.form;
            let words = library.words(shard);
            let quality = u64::from(candidate.quality);
            for listing in words.listings(place) {
                let all =
                    docs.entry(listing.doc).or_insert_with(|| vec![Trace::default(); found.len()]);
                let own = &mut all[at];
                let weight = worth::PRESENCE + u64::from(listing.weight);
                own.score = own.score.max(quality * weight);
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
    let mut wide = vec![0; found.len()];
    for traces in docs.values() {
        for (n, trace) in wide.iter_mut().zip(traces) {
            *n += u32::from(trace.quality > 0);
        }
    }
    let steps: Vec<u64> =
        found.iter().zip(wide).map(|(word, articles)| step(library, word, articles)).collect();
    let pairs = pairs(library, found);
    let mut standing = Numbers::new(&library.entry.standing);
    let standing: Vec<u64> = (0..library.entry.count).map(|_| standing.digit().into()).collect();
    let mut hits: Vec<Hit> = docs
        .into_iter()
        .map(|(doc, traces)| {
            let standing = standing.get(doc as usize).copied().unwrap_or(0);
            let (section, mut evidence) = weigh(doc, &traces, &steps, &pairs, standing);
            evidence.near = near.contains(&doc);
            Hit { doc, score: score(&evidence), section, evidence }
        })
        .collect();
    let most = hits.iter().map(|hit| hit.evidence.matched).max().unwrap_or(0);
    hits.retain(|hit| hit.evidence.matched * 64 >= most * LEAST);
    hits.sort_by_key(|hit| (u64::MAX - hit.score, hit.doc));
    hits
}

/// Adds up an article's traces; gives its best section too.
fn weigh(
    doc: u32,
    traces: &[Trace],
    steps: &[u64],
    pairs: &[Pair],
    standing: u64,
) -> (u32, Evidence) {
    let sum = |of: &dyn Fn(&Trace) -> u64| -> u64 {
        traces.iter().zip(steps).map(|(trace, step)| of(trace) * step).sum()
    };
    let total = steps.iter().sum::<u64>().max(1);
    let (mut together, mut best, mut section) = (0, 0, 0);
    let mut rest = traces.iter().fold(0, |all, trace| all | trace.sections);
    while rest != 0 {
        let at = rest.trailing_zeros();
        rest &= rest - 1;
        let within = sum(&|t| t.quality * (t.sections >> at & 1)) / total;
        let heading = sum(&|t| t.quality * (t.headings >> at & 1)) / total;
        together = within.max(together);
        if 2 * within + heading > best {
            (best, section) = (2 * within + heading, at);
        }
    }
    let beside: u64 = pairs.iter().filter_map(|p| Some(p.docs.get(&doc)? * p.rarity)).sum();
    let evidence = Evidence {
        base: sum(&|t| t.score),
        matched: sum(&|t| t.quality) / total,
        titled: sum(&|t| t.titled) / total,
        cover: traces.iter().map(|t| t.share).sum::<u64>().min(64),
        together,
        beside: beside / (16 * pairs.len().max(1) as u64),
        standing,
        near: false,
    };
    (section, evidence)
}

/// The formula.
fn score(e: &Evidence) -> u64 {
    let same = e.titled * e.cover / 64;
    let title = worth::TITLED * e.titled * e.titled / 64 + worth::SAME * same * same / 64;
    let mut score = e.base * e.matched * e.matched / 128;
    score = score * (4096 + title) / 4096;
    score = score * (4096 + worth::TOGETHER * e.together) / 4096;
    score = score * (4096 + worth::BESIDE * e.beside) / 4096;
    score * (512 + worth::STANDING * e.standing + worth::NEAR * u64::from(e.near)) / 512
}

/// What a word counts: the rarity of its best form, or of all that a beginning may stand for.
fn step(library: &Library, found: &Found, articles: u32) -> u64 {
    let Some(best) = found.candidates.first() else { return 8 };
    let (shard, place) = best.form;
    match best.how {
        How::Beginning => 2 + u64::from(rarity(library.entry.count, articles)),
        _ => 2 + u64::from(library.words(shard).step[place]),
    }
}

/// Forms of a word that are tried as neighbours.
const FORMS: usize = 8;

/// Two neighbours in the query.
struct Pair {
    rarity: u64,
    /// By article in which they are neighbours too: how well, 64 for the very forms.
    docs: BTreeMap<u32, u64>,
}

fn pairs(library: &Library, found: &[Found]) -> Vec<Pair> {
    let forms = |word: &Found, side: Side| -> Vec<(Rc<Words>, usize, u64, u32)> {
        let forms = word.candidates.iter().take(FORMS);
        forms
            .map(|c| {
                let words = library.words(c.form.0);
                let key = neighbour_key(&words.forms[c.form.1], side);
                (words, c.form.1, u64::from(c.quality), key)
            })
            .collect()
    };
    let stop = |word: &Found| {
        word.candidates.first().is_some_and(|c| library.words(c.form.0).stop[c.form.1])
    };
    let content: Vec<usize> = (0..found.len()).filter(|&i| !stop(&found[i])).collect();
    let mut pairs = Vec::new();
    for two in content.windows(2) {
        let mut docs = BTreeMap::new();
        let lefts = forms(&found[two[0]], Side::Before);
        let rights = forms(&found[two[1]], Side::After);
        for (left, l, lq, before) in &lefts {
            for (right, r, rq, after) in &rights {
                let quality = lq * rq / 64;
                for &doc in left.beside(*l, *after).iter().chain(right.beside(*r, *before)) {
                    let known = docs.entry(doc).or_insert(0);
                    *known = quality.max(*known);
                }
            }
        }
        let rarity = rarity(library.entry.count, docs.len() as u32).into();
        pairs.push(Pair { rarity, docs });
    }
    pairs
}
