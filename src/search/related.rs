//! Related articles: those that share the dozen words that matter most in an article.

use std::mem;

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
    let worths = Worths::new(merged, |Form { stop, often, .. }| !stop && usual.contains(often));
    let mut telling: Vec<Telling> = (0..count).map(|_| Telling::default()).collect();
    let part = count.div_ceil(rayon::current_num_threads()).max(1);
    telling.par_chunks_mut(part).enumerate().for_each(|(number, telling)| {
        let start = number * part;
        let forms = (0..merged.forms.len()).map(|form| (form as u32, worths.of(form)));
        for (form, worths) in forms.filter(|(_, worths)| !worths.is_empty()) {
            let step = u32::from(merged.groups[merged.forms[form as usize].group as usize].step);
            let first = worths.partition_point(|worth| (worth.0 as usize) < start);
            for (doc, worth) in &worths[first..] {
                let Some(own) = telling.get_mut(*doc as usize - start) else { break };
                own.add((u32::MAX - step * worth, form));
            }
        }
    });
    telling
        .into_par_iter()
        .enumerate()
        .map_init(
            || (vec![0u64; count], Vec::new()),
            |(scores, others), (doc, own)| {
                for (worth, form) in own.into_words() {
                    for &(other, there) in worths.of(form as usize) {
                        let score = &mut scores[other as usize];
                        if *score == 0 {
                            others.push(other);
                        }
                        *score += u64::from(u32::MAX - worth) * u64::from(there);
                    }
                }
                let mut list: Vec<(u64, u32)> = Vec::with_capacity(MOST + 1);
                for other in others.drain(..) {
                    let found = (u64::MAX - mem::take(&mut scores[other as usize]), other);
                    // Nearly all come after the last.
                    let comes_after = list.get(MOST - 1).is_some_and(|last| *last < found);
                    if !comes_after && other as usize != doc {
                        list.insert(list.partition_point(|better| *better < found), found);
                        list.truncate(MOST);
                    }
                }
                list.into_iter().map(|(_, other)| other).collect()
            },
        )
        .collect()
}

/// By form: its articles with its worth in them; none for one that tells nothing.
struct Worths(Vec<Part>);

/// Those of [`PART`] forms.
#[derive(Default)]
struct Part {
    /// By form, where its articles end.
    ends: Vec<usize>,
    all: Vec<(u32, u32)>,
}

/// Forms are so many that a list for each would take its time.
const PART: usize = 1_024;

impl Worths {
    fn new(merged: &Merged, tells: impl Fn(&Form) -> bool + Sync) -> Worths {
        let part = |uniter: &mut Uniter, (number, forms): (usize, &[Form])| {
            let mut part = Part::default();
            for (form, own) in (number * PART..).zip(forms) {
                if tells(own) {
                    merged.worths(form, uniter, &mut part.all);
                }
                part.ends.push(part.all.len());
            }
            part
        };
        let parts = merged.forms.par_chunks(PART).enumerate();
        Worths(parts.map_init(Uniter::default, part).collect())
    }

    fn of(&self, form: usize) -> &[(u32, u32)] {
        let (Part { ends, all }, at) = (&self.0[form / PART], form % PART);
        let start = at.checked_sub(1).map_or(0, |before| ends[before]);
        &all[start..ends[at]]
    }
}

/// The words that matter most in an article, the greatest worth (as its complement) and of equals the
/// first form first, and some that may still go.
#[derive(Default)]
struct Telling {
    words: Vec<(u32, u32)>,
    /// What does not come before this is not among them.
    end: Option<(u32, u32)>,
}

impl Telling {
    fn add(&mut self, word: (u32, u32)) {
        if self.end.is_some_and(|end| word >= end) {
            return;
        }
        self.words.push(word);
        if self.words.len() >= 4 * WORDS {
            self.end = Some(*self.words.select_nth_unstable(WORDS).1);
            self.words.truncate(WORDS);
        }
    }

    fn into_words(mut self) -> Vec<(u32, u32)> {
        self.words.sort_unstable();
        self.words.truncate(WORDS);
        self.words
    }
}
