//! Parts of compounds: `laskutus` inside `massalaskutus`.

use rustc_hash::FxHashMap;

use super::merge::Group;
use super::words::is_code;

/// Shorter parts are mostly endings by another name.
const MIN_FIRST: usize = 4;
const MIN_SECOND: usize = 4;

/// By form: the compounds that it is a part of.
pub fn parts(texts: &[&str], group_of: &[u32], groups: &[Group], stop: &[bool]) -> Vec<Vec<u32>> {
    let known: FxHashMap<&str, u32> = texts
        .iter()
        .enumerate()
        .filter(|&(place, text)| {
            let often = groups[group_of[place] as usize].often > 1;
            often && text.chars().count() >= MIN_FIRST && !is_code(text)
        })
        .map(|(place, text)| (*text, place as u32))
        .collect();
    let mut compounds = vec![Vec::new(); texts.len()];
    for (place, text) in texts.iter().enumerate() {
        if is_code(text) {
            continue;
        }
        let letters: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        if letters.len() < MIN_FIRST + MIN_SECOND {
            continue;
        }
        let splits = (MIN_FIRST..=letters.len() - MIN_SECOND).filter_map(|i| {
            let (first, second) = text.split_at(letters[i]);
            let second = known.get(second)?;
            let first = known.get(first).or_else(|| known.get(first.strip_suffix(['s', '-'])?))?;
            Some((*first, *second))
        });
        for (first, second) in splits {
            for part in [first, second].map(|part| part as usize) {
                // A stop word tells where to split, but isn't what the compound is about.
                if !stop[part] {
                    compounds[part].push(place as u32);
                }
            }
        }
    }
    compounds
}
