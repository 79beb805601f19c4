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

    /// The form's number: that of before, or the next.
    #[inline]
    pub fn number(&mut self, form: &str) -> u32 {
        let mut hasher = FxHasher::default();
        hasher.write(form.as_bytes());
        let hash = hasher.finish();
        if self.starts.len() * 2 > self.slots.len() {
            self.grow();
        }
        let (mut place, tag) = self.place(hash);
        loop {
            let slot = self.slots[place];
            if slot.number == FREE {
                break;
            }
            if slot.tag == tag && is_same(self.bytes(slot.number), form.as_bytes()) {
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

    /// The form of a number.
    pub fn form(&self, number: u32) -> &str {
        let number = number as usize;
        &self.text[self.starts[number] as usize..self.starts[number + 1] as usize]
    }

    pub fn forms(&self) -> impl Iterator<Item = &str> {
        (0..self.len() as u32).map(|number| self.form(number))
    }

    #[inline]
    fn bytes(&self, number: u32) -> &[u8] {
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

/// Most forms are short: two looks at eight bytes each, which may overlap, take less time than a call.
#[inline]
fn is_same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    match (a.first_chunk::<8>(), b.first_chunk::<8>()) {
        (Some(a_first), Some(b_first)) if a.len() <= 16 => {
            a_first == b_first && a.last_chunk::<8>() == b.last_chunk::<8>()
        }
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_keep_their_numbers() {
        let mut table = FormTable::default();
        let form = |number: u32| match number % 3 {
            0 => format!("{number}"),
            1 => format!("ö{number}öljynsuodatin"),
            _ => format!("suodatin{number}"),
        };
        for number in (0..20_000).chain(0..20_000).chain(0..30_000) {
            assert_eq!(table.number(&form(number)), number);
        }
        let (text, ends) = table.raw();
        assert_eq!((table.len(), ends.len(), ends[0], &text[..6]), (30_000, 30_000, 1, "0ö1ö"));
        assert_eq!(table.form(29_999), "suodatin29999");
    }
}
