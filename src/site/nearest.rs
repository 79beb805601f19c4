//! The nearest right answer to a dead link, without comparing it with every page there is.

use rustc_hash::FxHashMap;

/// Names that can be looked up by likeness: an index of their trigrams.
pub struct Nearest<'a> {
    names: Vec<&'a str>,
    by_trigram: FxHashMap<u64, Vec<u32>>,
}

/// How many of the likeliest names are compared letter by letter.
const COMPARED: usize = 24;
/// How like a name must be: a third of its letters may differ. A far-fetched hint is worse than none.
const LIKE: f64 = 0.66;

impl<'a> Nearest<'a> {
    pub fn new(names: impl IntoIterator<Item = &'a str>) -> Nearest<'a> {
        let names: Vec<&str> = names.into_iter().collect();
        let mut by_trigram: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
        for (i, name) in names.iter().enumerate() {
            for trigram in trigrams(name) {
                let list = by_trigram.entry(trigram).or_default();
                if list.last() != Some(&(i as u32)) {
                    list.push(i as u32);
                }
            }
        }
        Nearest { names, by_trigram }
    }

    /// The name that is most like `typed`, if one is like it at all. Ties go to the earlier name.
    pub fn find(&self, typed: &str) -> Option<&'a str> {
        let mut shared = vec![0u16; self.names.len()];
        for trigram in trigrams(typed) {
            // A trigram that most names share tells nothing.
            for &i in self.by_trigram.get(&trigram).into_iter().flatten().take(2_000) {
                shared[i as usize] = shared[i as usize].saturating_add(1);
            }
        }
        let mut likely: Vec<(u32, u16)> =
            (0..).zip(shared).filter(|&(_, count)| count > 0).collect();
        let order = |&(i, count): &(u32, u16)| (u16::MAX - count, i);
        if likely.len() > COMPARED {
            likely.select_nth_unstable_by_key(COMPARED, order);
            likely.truncate(COMPARED);
        }
        likely.sort_unstable_by_key(|&(i, _)| i);
        let typed = typed.to_lowercase();
        likely
            .iter()
            .map(|&(i, _)| self.names[i as usize])
            .map(|name| (likeness(&typed, &name.to_lowercase()), name))
            .filter(|(likeness, _)| *likeness >= LIKE)
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)))
            .map(|(_, name)| name)
    }
}

/// The normalized Damerau-Levenshtein likeness. Where both texts begin or end alike they need no
/// comparison, and what one has in excess is a difference at least.
fn likeness(a: &str, b: &str) -> f64 {
    let (a_chars, b_chars) = (a.chars().count(), b.chars().count());
    let longest = a_chars.max(b_chars);
    let like = |differences: usize| 1.0 - differences as f64 / longest as f64;
    if longest == 0 || like(a_chars.abs_diff(b_chars)) < LIKE {
        return if longest == 0 { 1.0 } else { 0.0 };
    }
    let same = |(a, b): &(char, char)| a == b;
    let start = a.chars().zip(b.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let (a, b): (&str, &str) = (&a[start..], &b[start..]);
    let end: usize =
        a.chars().rev().zip(b.chars().rev()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let (a, b) = (&a[..a.len() - end], &b[..b.len() - end]);
    match like(excess(a, b)) < LIKE {
        true => 0.0,
        false => like(strsim::damerau_levenshtein(a, b)),
    }
}

/// How many letters one of the texts has that the other has not, wherever they stand. No change of a
/// letter and no swap of two makes up for more than one of them.
fn excess(a: &str, b: &str) -> usize {
    let mut counts = [0isize; 64];
    a.chars().for_each(|c| counts[c as usize % 64] += 1);
    b.chars().for_each(|c| counts[c as usize % 64] -= 1);
    let more: isize = counts.iter().map(|count| count.max(&0)).sum();
    let fewer: isize = counts.iter().map(|count| count.min(&0)).sum();
    more.max(-fewer).unsigned_abs()
}

/// Three letters each, in 21 bits per letter.
fn trigrams(text: &str) -> impl Iterator<Item = u64> {
    let letters = text.chars().flat_map(char::to_lowercase);
    let letters = std::iter::once(' ').chain(letters).chain(std::iter::once(' '));
    let last = letters.scan(0, |last, letter| {
        *last = (*last << 21 | u64::from(letter)) & (u64::MAX >> 1);
        Some(*last)
    });
    last.skip(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn likeness_is_what_all_letters_say(a in "[abcä]{0,9}", b in "[abcä]{0,9}") {
            let whole = strsim::normalized_damerau_levenshtein(&a, &b);
            let likeness = likeness(&a, &b);
            proptest::prop_assert!(likeness == whole || likeness == 0.0 && whole < LIKE);
        }
    }

    #[test]
    fn the_likest_name_is_found() {
        let nearest = Nearest::new(["sales-how-to-invoice.md", "sales-invoice.md", "stock.md"]);
        assert_eq!(nearest.find("sales-invoces.md"), Some("sales-invoice.md"));
        assert_eq!(nearest.find("zzz"), None);
        assert_eq!(Nearest::new([]).find("a"), None);
    }
}
