//! The forms nearest to a mistyped word: by the beginning it shares with them, or by the end.

use std::collections::BTreeMap;

use super::super::wire::{utf16_order, within};
use super::super::words::fold;
use super::shards::{Library, Words};

/// The forms nearest to a mistyped key, with what the typo costs; the nearest first.
pub fn nearest(library: &Library, key: &str) -> Vec<(String, u32)> {
    let letters: Vec<char> = key.chars().collect();
    let limit = if letters.len() < 8 { 14 } else { 24 };
    let mut best: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    let start: String =
        letters[..letters.len().div_ceil(2).max(3).min(letters.len())].iter().collect();
    let home = within(&library.bounds, key, 1).start;
    let mut shards: Vec<usize> = within(&library.bounds, &start, 3).collect();
    shards.push(home);
    shards.sort_unstable();
    shards.dedup();
    for shard in shards {
        let words = library.words(shard);
        for (place, form) in words.forms.iter().enumerate() {
            if let Some(cost) = typo(&letters, &words.keys[place], limit) {
                let often = words.listings(place).len() as u32;
                let known = best.entry(form.clone()).or_insert((cost, often));
                known.1 = often.max(known.1);
            }
        }
    }
    let backwards: String = letters.iter().rev().collect();
    let end: String = letters[letters.len().div_ceil(2) + 1..].iter().rev().collect();
    let home = within(&library.backwards, &backwards, 1).start;
    let mut shards: Vec<usize> = within(&library.backwards, &end, 4).collect();
    shards.push(home);
    shards.sort_unstable();
    shards.dedup();
    for shard in shards {
        for backwards in library.spelling(shard).iter() {
            let form: String = backwards.chars().rev().collect();
            if let Some(cost) = typo(&letters, &fold(&form), limit) {
                best.entry(form).or_insert((cost, 1));
            }
        }
    }
    let mut list: Vec<(String, (u32, u32))> = best.into_iter().collect();
    list.sort_by(|a, b| {
        (a.1.0, u32::MAX - a.1.1)
            .cmp(&(b.1.0, u32::MAX - b.1.1))
            .then_with(|| utf16_order(&a.0, &b.0))
    });
    let least = list.first().map_or(0, |x| x.1.0);
    list.retain(|x| x.1.0 <= least + 4);
    list.truncate(6);
    list.into_iter().map(|(form, (cost, _))| (form, cost)).collect()
}

/// Articles in which a form has to stand so that a rare one may be a typo of it.
const OFTEN: usize = 8;
/// What such a typo may cost: one slip.
const ONE_SLIP: u32 = 10;

/// The places of frequent forms, in the same shard, that a rare key may have been typed for, with
/// what the typo costs.
pub fn likelier(words: &Words, key: &str) -> Vec<(usize, u32)> {
    let letters: Vec<char> = key.chars().collect();
    let often = (0..words.forms.len()).filter(|&place| words.listings(place).len() >= OFTEN);
    often.filter_map(|place| Some((place, typo(&letters, &words.keys[place], ONE_SLIP)?))).collect()
}

/// What it costs to have typed `typed` for `key`; `None` if more than `limit`.
pub fn typo(typed: &[char], key: &str, limit: u32) -> Option<u32> {
    let key: Vec<char> = key.chars().collect();
    if typed.len().abs_diff(key.len()) > 2 {
        return None;
    }
    let width = key.len() + 1;
    let mut before: Vec<u32> = vec![0; width];
    let mut last: Vec<u32> = (0..width as u32).map(|j| cost::MISSED * j).collect();
    for i in 1..=typed.len() {
        let mut next = vec![cost::EXTRA * i as u32; width];
        let mut least = next[0];
        for j in 1..width {
            let (t, k) = (typed[i - 1], key[j - 1]);
            let mut value = last[j - 1];
            if t != k {
                value += if beside(t, k) { cost::BESIDE } else { cost::OTHER };
                value += if i == 1 && j == 1 { cost::FIRST } else { 0 };
            }
            let doubled = i > 1 && typed[i - 2] == t;
            value = value.min(last[j] + if doubled { cost::DOUBLED } else { cost::EXTRA });
            let halved = j > 1 && key[j - 2] == k;
            value = value.min(next[j - 1] + if halved { cost::DOUBLED } else { cost::MISSED });
            if i > 1 && j > 1 && t == key[j - 2] && typed[i - 2] == k && t != k {
                value = value.min(before[j - 2] + cost::SWAP);
            }
            next[j] = value;
            least = least.min(value);
        }
        if least > limit {
            return None;
        }
        before = std::mem::replace(&mut last, next);
    }
    Some(last[key.len()]).filter(|&cost| cost <= limit)
}

mod cost {
    pub const SWAP: u32 = 8;
    pub const BESIDE: u32 = 9;
    pub const OTHER: u32 = 12;
    pub const EXTRA: u32 = 10;
    pub const MISSED: u32 = 10;
    pub const DOUBLED: u32 = 7;
    pub const FIRST: u32 = 2;
}

const KEYS: [&str; 6] =
    ["qwertyuiopa", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"];

/// Whether two letters are neighbours in a row of the keyboard.
fn beside(a: char, b: char) -> bool {
    KEYS.iter().any(|row| {
        let at = |c| row.chars().position(|x| x == c);
        at(a).zip(at(b)).is_some_and(|(i, j)| i.abs_diff(j) == 1)
    })
}
