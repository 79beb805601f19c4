//! Hashes of words, and of so many words in a row.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

/// The hash of a word; the same in every run of the program.
pub fn hash(word: &str) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(word)
}

/// The last words of a text.
#[derive(Default)]
pub struct Window {
    last: [u64; Window::LENGTH],
    count: usize,
}

impl Window {
    /// How many words in a row tell a sentence.
    pub const LENGTH: usize = 5;

    /// Takes the hash of the next word; gives that of the run that it completes.
    pub fn push(&mut self, word: u64) -> Option<u64> {
        self.last[self.count % Window::LENGTH] = word;
        self.count += 1;
        if self.count < Window::LENGTH {
            return None;
        }
        let words = (0..Window::LENGTH).map(|i| self.last[(self.count + i) % Window::LENGTH]);
        Some(words.fold(0x9e37_79b9_7f4a_7c15, |run, word| {
            (run.rotate_left(23) ^ word).wrapping_mul(0xd6e8_feb8_6659_fd93)
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_known_wherever_it_stands() {
        let run_at_end = |text: &str| {
            let mut window = Window::default();
            text.split(' ').fold(None, |_, word| window.push(hash(word)))
        };
        assert_eq!(run_at_end("a b c d"), None);
        assert_eq!(run_at_end("a b c d e"), run_at_end("x y z a b c d e"));
        assert_ne!(run_at_end("a b c d e"), run_at_end("b a c d e"));
    }
}
