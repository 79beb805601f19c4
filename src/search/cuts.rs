//! Where the ordered forms are cut into shards.
//!
//! Of all ways to cut, the one with the least cost: a shard costs more the more its size is off
//! [`SHARD_SIZE`], a cut through a word what its one part has to hold of the other.
//!
//! Then shards that few readers need share a file with their neighbours. What is in a shard decides
//! what is found; what is in a file, only how often a reader waits for one and what else comes along.

use std::ops::Range;

/// What a shard should hold, in a measure of its bytes: gzipped, some 3 kB.
const SHARD_SIZE: u64 = 2_400;
/// No shard but that of a single form is larger.
const LARGEST: u64 = 6 * SHARD_SIZE;
/// More than any shards cost.
const NEVER: u64 = u64::MAX / 4;
/// What a posting costs, in the same measure, that a cut through its word makes a guest elsewhere.
const GUEST: u64 = 10;

/// Ranges of forms, in their order. `often` are the articles of each form; no cut is made before a
/// form that is `joined` to the one before, for they have one key and are looked up in one shard.
pub fn cut(
    sizes: &[usize],
    often: &[u32],
    group_of: &[u32],
    joined: impl Fn(usize) -> bool,
) -> Vec<Range<usize>> {
    let lost = lost(often, group_of);
    let mut ends: Vec<u64> = Vec::with_capacity(sizes.len() + 1);
    ends.push(0);
    for own in sizes {
        ends.push(ends[ends.len() - 1] + *own as u64);
    }
    // By place: the least cost of all before it, and where the last shard of them starts.
    let mut least: Vec<(u64, usize)> = vec![(0, 0)];
    // By place: what a shard that starts there costs with all before it, but for its size.
    let mut fixed: Vec<u64> = Vec::with_capacity(sizes.len());
    for end in 1..=sizes.len() {
        let place = end - 1;
        fixed.push(match joined(place) {
            true => NEVER,
            false => least[place].0 + SHARD_SIZE + GUEST * lost[place],
        });
        let all = ends[end];
        let (mut best, mut largest) = ((NEVER, place), u64::MAX);
        for (start, (&fixed, &before)) in fixed.iter().zip(&ends).enumerate().rev() {
            let own = all - before;
            if own > largest {
                break;
            }
            let cost = own * own / SHARD_SIZE + fixed;
            if cost < NEVER && cost <= best.0 {
                best = (cost, start);
                largest = worthwhile(cost - least[start].0, own).min(LARGEST);
            }
        }
        least.push(best);
    }
    ranges(&least)
}

/// How large a shard may be that ends where one of the size `last` does and costs less than that, with
/// all before each: `cost` is what the last one adds. What is before the last one costs no more than what
/// ends with a shard from the larger one's start to there, so the larger one adds at least what its size
/// costs beyond that of the other part.
fn worthwhile(cost: u64, last: u64) -> u64 {
    match last {
        0 => u64::MAX,
        _ => ((cost + 1) * SHARD_SIZE / last + last) / 2 + 1,
    }
}

/// A shard and how much it is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Weight {
    pub size: u64,
    /// How many words of titles it holds, each time that one stands in a title: readers type those.
    pub titled: u64,
}

/// What a shard without words of titles counts as, in such words.
const ASKED: u64 = 5;

/// Ranges of shards, a file each, with the least cost: a file costs its size as often as any of it is
/// asked for, and 7/4 of what the mean shard does for being one more to wait for.
pub fn files(shards: &[Weight]) -> Vec<Range<usize>> {
    let asked = |shard: &Weight| shard.titled + ASKED;
    let all: u64 = shards.iter().map(|shard| shard.size * asked(shard)).sum();
    let one_more = all * 7 / 4 / shards.len().max(1) as u64;
    let mut least: Vec<(u64, usize)> = vec![(0, 0)];
    for end in 1..=shards.len() {
        let mut best = (u64::MAX, end - 1);
        let (mut size, mut often) = (0, 0);
        for start in (0..end).rev() {
            size += shards[start].size;
            often += asked(&shards[start]);
            let cost = size * often + one_more;
            if cost > best.0 {
                break;
            }
            best = best.min((least[start].0 + cost, start));
        }
        least.push(best);
    }
    ranges(&least)
}

/// The ranges that lead to the last of the places: by place, where the range before it starts.
fn ranges(least: &[(u64, usize)]) -> Vec<Range<usize>> {
    let mut list = Vec::new();
    let mut end = least.len() - 1;
    while end > 0 {
        let start = least[end].1;
        list.push(start..end);
        end = start;
    }
    list.reverse();
    list
}

/// By place: the postings, of the words that a cut before it runs through, on the lesser side.
fn lost(often: &[u32], group_of: &[u32]) -> Vec<u64> {
    let count = group_of.iter().max().map_or(0, |&group| group as usize + 1);
    let mut totals = vec![0u64; count];
    for (&group, &often) in group_of.iter().zip(often) {
        totals[group as usize] += u64::from(often);
    }
    let mut before = vec![0u64; count];
    let (mut open, mut lost) = (0, Vec::with_capacity(often.len()));
    for (&group, &often) in group_of.iter().zip(often) {
        lost.push(open);
        let (before, total) = (&mut before[group as usize], totals[group as usize]);
        open -= (*before).min(total - *before);
        *before += u64::from(often);
        open += (*before).min(total - *before);
    }
    lost
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_way_to_cut_costs_less(
            forms in prop::collection::vec((0..5_000usize, 0..300u32, 0..4u32, prop::bool::weighted(0.1)), 0..60),
        ) {
            let sizes: Vec<usize> = forms.iter().map(|form| form.0).collect();
            let often: Vec<u32> = forms.iter().map(|form| form.1).collect();
            let groups: Vec<u32> = (0..).zip(&forms).map(|(at, form)| at / 3 + form.2).collect();
            let joined = |place: usize| place > 0 && forms[place].3;
            let lost = lost(&often, &groups);
            let size = |shard: &Range<usize>| sizes[shard.clone()].iter().sum::<usize>() as u64;
            let cost = |shard: &Range<usize>| {
                size(shard).pow(2) / SHARD_SIZE + SHARD_SIZE + GUEST * lost[shard.start]
            };
            let mut least = vec![0; sizes.len() + 1];
            for end in 1..=sizes.len() {
                let shards = (0..end).rev().filter(|&start| !joined(start)).map(|start| start..end);
                let first = shards.clone().next().unwrap();
                let fits = |shard: &Range<usize>| size(shard) <= LARGEST || *shard == first;
                let costs = shards.filter(fits).map(|shard| least[shard.start] + cost(&shard));
                least[end] = costs.min().unwrap();
            }
            let shards = cut(&sizes, &often, &groups, joined);
            prop_assert_eq!(shards.iter().map(cost).sum::<u64>(), least[sizes.len()]);
        }
    }

    #[test]
    fn words_stay_whole_where_they_can() {
        // Twelve forms of 800 each; the middle four are one word, met often.
        let sizes = [800; 12];
        let groups = [0, 1, 2, 3, 4, 4, 4, 4, 5, 6, 7, 8];
        let often = [1, 1, 1, 1, 90, 90, 90, 90, 1, 1, 1, 1];
        let shards = cut(&sizes, &often, &groups, |_| false);
        assert!(shards.iter().any(|shard| shard.start <= 4 && shard.end >= 8), "{shards:?}");
        assert!(shards.len() >= 3, "{shards:?}");
        assert!(cut(&[], &[], &[], |_| false).is_empty());
        let whole = |length| std::iter::once(0..length).collect::<Vec<_>>();
        assert_eq!(cut(&[90_000, 90_000], &[5, 5], &[0, 1], |place| place == 1), whole(2));
        assert_eq!(cut(&[1_000_000], &[5], &[0], |_| false), whole(1));
    }

    #[test]
    fn what_few_ask_for_shares_a_file() {
        let shard = |titled| Weight { size: 2_400, titled };
        let shards = [100, 0, 0, 100, 100, 0, 0].map(shard);
        let found = files(&shards);
        assert_eq!(found, [0..1, 1..3, 3..4, 4..5, 5..7]);
        assert!(files(&[]).is_empty());
        assert_eq!(files(&[shard(0)]).len(), 1);
    }

    #[test]
    fn an_endless_word_is_cut_all_the_same() {
        let shards = cut(&[2_000; 100], &[400; 100], &[0; 100], |_| false);
        assert!(shards.iter().all(|shard| shard.len() as u64 * 2_000 <= LARGEST), "{shards:?}");
    }
}
