//! Related articles: those that share the dozen words that matter most in an article.

use rayon::prelude::*;

use super::listing::Uniter;
use super::merge::{Form, Merged};

/// Words that stand for an article.
const WORDS: usize = 12;
/// A word of more articles than this relates nothing, and costs much.
const COMMON: u32 = 200;
const MOST: usize = 6;

/// By article: the most related ones, the best first. Integers and ties by number: the same on
/// every machine.
pub fn related(merged: &Merged) -> Vec<Vec<u32>> {
    let count = merged.count as usize;
    let usual = 2..=COMMON.min(merged.count / 3 + 2);
    // By form: its articles with its worth in them; none for one that tells nothing.
    let worths: Vec<Vec<(u32, u32)>> = (0..merged.forms.len())
        .into_par_iter()
        .map_init(Uniter::default, |uniter, form| {
            let Form { stop, often, .. } = &merged.forms[form];
            if *stop || !usual.contains(often) {
                return Vec::new();
            }
            let worths = merged.worths(form, uniter).into_iter();
            worths.map(|(doc, weight, share)| (doc, u32::from(weight) + u32::from(share))).collect()
        })
        .collect();
    let mut telling: Vec<Vec<(u32, u32)>> = vec![Vec::new(); count];
    let part = count.div_ceil(rayon::current_num_threads()).max(1);
    telling.par_chunks_mut(part).enumerate().for_each(|(number, telling)| {
        let start = number * part;
        for (form, worths) in worths.iter().enumerate().filter(|(_, worths)| !worths.is_empty()) {
            let step = u32::from(merged.groups[merged.forms[form].group as usize].step);
            let first = worths.partition_point(|worth| (worth.0 as usize) < start);
            for (doc, worth) in &worths[first..] {
                let Some(own) = telling.get_mut(*doc as usize - start) else { break };
                own.push((u32::MAX - step * worth, form as u32));
                if own.len() >= 4 * WORDS {
                    own.select_nth_unstable(WORDS);
                    own.truncate(WORDS);
                }
            }
        }
    });
    telling
        .into_par_iter()
        .enumerate()
        .map_init(
            || vec![0u64; count],
            |scores, (doc, mut own)| {
                own.sort_unstable();
                own.truncate(WORDS);
                let mut others = Vec::new();
                for (worth, form) in own {
                    for &(other, there) in &worths[form as usize] {
                        let score = &mut scores[other as usize];
                        if *score == 0 {
                            others.push(other);
                        }
                        *score += u64::from(u32::MAX - worth) * u64::from(there);
                    }
                }
                let mut list: Vec<(u64, u32)> = others
                    .into_iter()
                    .map(|other| (u64::MAX - std::mem::take(&mut scores[other as usize]), other))
                    .filter(|&(_, other)| other as usize != doc)
                    .collect();
                if list.len() > MOST {
                    list.select_nth_unstable(MOST);
                    list.truncate(MOST);
                }
                list.sort_unstable();
                list.into_iter().map(|(_, other)| other).collect()
            },
        )
        .collect()
}
