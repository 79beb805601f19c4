//! Which word forms are forms of one word, so that the browser needs no stemmer.
//!
//! 1. Forms of one stem, by tantivy's stemmer for the language, are a group.

use rustc_hash::FxHashMap;

use super::language::Lexicon;
use super::words::is_code;

/// A group's number by form; groups are numbered by their first form.
pub fn group(forms: &[&str], lexicon: &mut Lexicon) -> Vec<u32> {
    let mut by_stem: FxHashMap<String, u32> = FxHashMap::default();
    let mut stem = String::new();
    let mut next = 0;
    let mut number = || {
        next += 1;
        next - 1
    };
    let mut groups = Vec::with_capacity(forms.len());
    for form in forms {
        if is_code(form) {
            groups.push(number());
            continue;
        }
        lexicon.stem(form, &mut stem);
        if let Some(&group) = by_stem.get(stem.as_str()) {
            groups.push(group);
        } else {
            let group = number();
            by_stem.insert(stem.clone(), group);
            groups.push(group);
        }
    }
    groups
}
