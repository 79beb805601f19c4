//! Runs of five words of hidden texts, and which of them may turn up by chance.
//!
//! Pages put many texts one behind the other: a title and a summary, an entry of a list and the
//! next. Any two of them may meet as they do in what is hidden. So a run that goes over the end of a
//! block, in the hidden texts or in the output, tells nothing where each side of that end is
//! visible as it stands. Where five words follow one another within a block in both, they tell.

use rustc_hash::{FxHashMap, FxHashSet};

use super::text::each_word;
use super::window::{Shape, Window, hash, run_of};

/// Runs of words by their hash.
#[derive(Default)]
pub struct Runs(FxHashMap<u64, Run>);

struct Run {
    /// Joined by spaces.
    words: String,
    shapes: Shapes,
}

/// The shapes of one run in several places, a bit for each.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Shapes(u16);

impl Shapes {
    pub fn add(&mut self, shape: Shape) {
        self.0 |= 1 << shape;
    }

    pub fn and(&mut self, other: Shapes) {
        self.0 |= other.0;
    }

    fn each(self) -> impl Iterator<Item = Shape> {
        (0..1 << (Window::LENGTH - 1)).filter(move |shape: &Shape| self.0 & (1 << shape) != 0)
    }
}

impl Runs {
    /// Adds the runs of a text whose blocks end with line feeds.
    pub fn add(&mut self, text: &str) {
        let mut window = Window::default();
        let mut words: Vec<String> = Vec::new();
        for line in text.split('\n') {
            let mut begins = true;
            each_word(line, |word| {
                words.push(word.to_owned());
                let pushed = window.push(hash(word), std::mem::take(&mut begins));
                let Some((run, shape)) = pushed else { return };
                let last = &words[words.len() - Window::LENGTH..];
                let new = || Run { words: last.join(" "), shapes: Shapes::default() };
                self.0.entry(run).or_insert_with(new).shapes.add(shape);
            });
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn has(&self, run: u64) -> bool {
        self.0.contains_key(&run)
    }

    /// These are no secrets after all.
    pub fn forget<V>(&mut self, seen: &FxHashMap<u64, V>) {
        self.0.retain(|run, _| !seen.contains_key(run));
    }

    pub fn words(&self, run: u64) -> Option<&str> {
        self.0.get(&run).map(|run| run.words.as_str())
    }

    /// What may stand on either side of the end of a block.
    pub fn sides(&self) -> FxHashSet<u64> {
        self.0.values().flat_map(|run| run.sides().into_iter().flatten()).collect()
    }

    /// Whether a run that an output has in these shapes may be there by chance, by the sides that are
    /// visible.
    pub fn is_chance(&self, run: u64, found: Shapes, visible: &FxHashSet<u64>) -> bool {
        self.0.get(&run).is_some_and(|run| {
            let sides = run.sides();
            let visible = |end: &usize| sides[*end].iter().all(|side| visible.contains(side));
            let ends: Shape = (0..sides.len()).filter(visible).fold(0, |ends, i| ends | 1 << i);
            let all_meet = |shapes: Shapes| shapes.each().all(|shape| shape & ends != 0);
            all_meet(run.shapes) || all_meet(found)
        })
    }
}

impl Run {
    /// By the bit of a shape, both sides of the end of the block.
    fn sides(&self) -> [[u64; 2]; Window::LENGTH - 1] {
        let words: Vec<u64> = self.words.split(' ').map(hash).collect();
        std::array::from_fn(|bit| {
            let (before, behind) = words.split_at(Window::LENGTH - 1 - bit);
            [run_of(before), run_of(behind)]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The runs of up to five words of some texts.
    fn short(texts: &[&str]) -> FxHashSet<u64> {
        let mut short = FxHashSet::default();
        for text in texts {
            let mut words = Vec::new();
            each_word(text, |word| words.push(hash(word)));
            for length in 1..=Window::LENGTH {
                short.extend(words.windows(length).map(run_of));
            }
        }
        short
    }

    #[test]
    fn two_visible_texts_may_meet_and_nothing_else() {
        let both: &[&str] = &["open the filter", "send it"];
        // Hidden, in the output, visible; the runs of the first that tell in the second.
        let cases: [(&str, &str, &[&str], usize); 11] = [
            ("open the filter\nsend it", "open the filter send it", &[], 1),
            ("open the filter\nsend it", "open the filter\nsend it", &["open the filter"], 1),
            ("open the filter\nsend it", "open the filter send it", both, 0),
            ("open the filter send it", "open the filter\nsend it", both, 0),
            // The ends of blocks are not where both sides are known.
            ("open the filter send it", "open the\nfilter send it", both, 1),
            ("open the filter send it", "open the filter send it", both, 1),
            // In one place two texts, in another a sentence.
            (
                "open the filter\nsend it",
                "open the filter\nsend it. Open the filter, send it",
                both,
                0,
            ),
            (
                "open the filter send it",
                "open the filter\nsend it. Open the filter, send it",
                both,
                1,
            ),
            (
                "open the filter\nsend it\nopen the filter send it",
                "open the filter send it",
                both,
                1,
            ),
            // A list whose entries are known, but not in this order.
            ("anna\nber\ncid\ndan\neve", "anna\nber\ncid\ndan\neve", &["eve dan cid ber anna"], 1),
            (
                "anna\nber\ncid\ndan\neve",
                "anna\nber\ncid\ndan\neve",
                &["anna", "ber cid dan eve"],
                0,
            ),
        ];
        for (hidden, output, visible, count) in cases {
            let mut runs = Runs::default();
            runs.add(hidden);
            let mut found = Runs::default();
            found.add(output);
            let visible = short(visible);
            let tells = found.0.iter().filter(|(hash, run)| {
                runs.has(**hash) && !runs.is_chance(**hash, run.shapes, &visible)
            });
            assert_eq!(tells.count(), count, "{hidden:?} in {output:?}");
        }
    }
}
