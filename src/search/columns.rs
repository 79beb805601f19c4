//! A shard of words while it is written.

use super::json::push_string;

/// A [`super::wire::WordShard`] that is being written, its fields by what they hold. All but the first and the last
/// are digits, which JSON has as they are.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    pub forms: String,
    pub backs: Vec<u8>,
    pub steps: Vec<u8>,
    pub counts: Vec<u8>,
    pub docs: Vec<u8>,
    pub weights: Vec<u8>,
    pub shares: Vec<u8>,
    pub places: Vec<u8>,
    pub neighbours: Vec<u8>,
    pub lines: String,
}

impl Columns {
    /// Leaves none of it but the room.
    pub fn clear(&mut self) {
        let Columns { forms, backs, steps, counts, docs, weights, shares, places, .. } = self;
        let digits = [backs, steps, counts, docs, weights, shares, places, &mut self.neighbours];
        digits.into_iter().for_each(Vec::clear);
        forms.clear();
        self.lines.clear();
    }

    /// Appends the shard's JSON.
    pub fn push_json(&self, to: &mut Vec<u8>) {
        let Columns { forms, backs, steps, counts, docs, weights, shares, places, .. } = self;
        to.push(b'[');
        push_string(to, forms);
        for digits in [backs, steps, counts, docs, weights, shares, places, &self.neighbours] {
            to.extend_from_slice(b",\"");
            to.extend_from_slice(digits);
            to.push(b'"');
        }
        to.push(b',');
        push_string(to, &self.lines);
        to.push(b']');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::wire::{DIGITS, WordShard, digit, push_number};

    #[test]
    fn word_shards_come_back() {
        let text = |digits: &[u8]| String::from_utf8(digits.to_vec()).unwrap();
        let number = |number: u32| {
            let mut digits: Vec<u8> = (0..DIGITS).map(digit).collect();
            push_number(&mut digits, number);
            digits
        };
        let mut columns = Columns {
            forms: "Aa\"\\Bä".to_owned(),
            backs: number(1),
            steps: number(2),
            counts: number(3),
            docs: number(4),
            weights: number(5),
            shares: number(6),
            places: number(700),
            neighbours: number(80_000),
            lines: "a 0\nb 1\n".to_owned(),
        };
        let mut json = Vec::new();
        columns.push_json(&mut json);
        let Columns { forms, backs, steps, counts, docs, weights, shares, .. } = columns.clone();
        let shard = WordShard(
            forms,
            text(&backs),
            text(&steps),
            text(&counts),
            text(&docs),
            text(&weights),
            text(&shares),
            text(&columns.places),
            text(&columns.neighbours),
            columns.lines.clone(),
        );
        assert_eq!(String::from_utf8(json).unwrap(), serde_json::to_string(&shard).unwrap());
        columns.clear();
        json = Vec::new();
        columns.push_json(&mut json);
        assert_eq!(json, serde_json::to_vec(&WordShard::default()).unwrap());
    }
}
