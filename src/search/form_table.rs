//! Numbers for forms as they are met: what every word of every article is looked up in.

use std::hash::Hasher as _;

use rustc_hash::FxHasher;

/// Different forms, in the order in which they were met.
pub struct FormTable {
    slots: Vec<Slot>,
    text: String,
    /// By number, where the form starts in `text`; one more at the end.
    starts: Vec<u32>,
    hashes: Vec<u64>,
}

/// A place of the table; free where the number is [`FREE`].
#[derive(Clone, Copy)]
struct Slot {
    /// The half of the form's hash that does not tell its place.
    tag: u32,
    number: u32,
}

const FREE: u32 = u32::MAX;
/// Places at the least.
const FEWEST: usize = 1 << 10;

impl Default for FormTable {
    fn default() -> FormTable {
        FormTable { slots: Vec::new(), text: String::new(), starts: vec![0], hashes: Vec::new() }
    }
}

impl FormTable {
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    pub fn clear(&mut self) {
        self.slots.fill(Slot { tag: 0, number: FREE });
        self.text.clear();
        self.starts.truncate(1);
        self.hashes.clear();
    }

    /// The form's number: that of before, or the next.
    #[inline]
    pub fn number(&mut self, form: &str) -> u32 {
        let mut hasher = FxHasher::default();
        hasher.write(form.as_bytes());
        self.number_of(form, hasher.finish())
    }

    /// The numbers here of all forms of another table.
    pub fn numbers(&mut self, other: &FormTable) -> Vec<u32> {
        let forms = other.starts.windows(2).zip(&other.hashes);
        let number = |(ends, &hash): (&[u32], &u64)| {
            self.number_of(&other.text[ends[0] as usize..ends[1] as usize], hash)
        };
        forms.map(number).collect()
    }

    #[inline]
    fn number_of(&mut self, form: &str, hash: u64) -> u32 {
        if self.starts.len() * 2 > self.slots.len() {
            self.grow();
        }
        let (mut place, tag) = self.place(hash);
        loop {
            let slot = self.slots[place];
            if slot.number == FREE {
                break;
            }
            if slot.tag == tag && self.form(slot.number) == form.as_bytes() {
                return slot.number;
            }
            place = (place + 1) & (self.slots.len() - 1);
        }
        let number = self.len() as u32;
        self.slots[place] = Slot { tag, number };
        self.text.push_str(form);
        self.starts.push(self.text.len() as u32);
        self.hashes.push(hash);
        number
    }

    /// The forms one behind the other, and where each ends. Copies, for what grew has room to spare.
    pub fn raw(&self) -> (String, Vec<u32>) {
        (self.text.as_str().to_owned(), self.starts[1..].to_vec())
    }

    #[inline]
    fn form(&self, number: u32) -> &[u8] {
        let number = number as usize;
        &self.text.as_bytes()[self.starts[number] as usize..self.starts[number + 1] as usize]
    }

    /// Where to look first, and the tag.
    #[inline]
    fn place(&self, hash: u64) -> (usize, u32) {
        (hash as usize & (self.slots.len() - 1), (hash >> 32) as u32)
    }

    #[cold]
    fn grow(&mut self) {
        let room = (self.slots.len() * 2).max(FEWEST);
        self.slots = vec![Slot { tag: 0, number: FREE }; room];
        for (number, &hash) in self.hashes.iter().enumerate() {
            let (mut place, tag) = self.place(hash);
            while self.slots[place].number != FREE {
                place = (place + 1) & (room - 1);
            }
            self.slots[place] = Slot { tag, number: number as u32 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_keep_their_numbers() {
        let (mut few, mut all) = (FormTable::default(), FormTable::default());
        let form = |number: u32| format!("ö{}", number % 20_000);
        for _ in 0..2 {
            few.clear();
            for number in (0..5_000).rev().chain(0..5_000) {
                assert_eq!(few.number(&form(number)), 4_999 - number);
            }
        }
        for number in 0..30_000 {
            assert_eq!(all.number(&form(number)), number % 20_000);
        }
        assert_eq!(all.numbers(&few), (0..5_000).rev().collect::<Vec<_>>());
        let (text, ends) = all.raw();
        assert_eq!((all.len(), ends.len(), ends[1], &text[..6]), (20_000, 20_000, 6, "ö0ö1"));
    }
}
