//! Words as numbers: every file of the output is read word by word, so this is made for speed. Texts
//! are cut as [`each_word`](super::text::each_word) cuts them, and no word is copied.

use std::sync::OnceLock;

const SEED: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// Lower-case letters and digits by their code, 0 for all else; what takes two bytes at most.
static LOWER: OnceLock<[u16; 0x800]> = OnceLock::new();

fn lower() -> &'static [u16; 0x800] {
    LOWER.get_or_init(|| {
        let mut table = [0; 0x800];
        for (code, lower) in (0u32..).zip(&mut table) {
            if let Some(c) = char::from_u32(code).filter(|c| c.is_alphanumeric()) {
                let mut letters = c.to_lowercase();
                // What becomes two letters is left to the slow way.
                let one = letters.next().filter(|_| letters.next().is_none());
                *lower =
                    one.map_or(u16::MAX, |one| u16::try_from(u32::from(one)).unwrap_or(u16::MAX));
            }
        }
        table
    })
}

/// The hash of a lower-case word; the same in every run of the program.
pub fn hash(word: &str) -> u64 {
    word.chars().fold(SEED, |hash, c| mix(hash, u32::from(c)))
}

fn mix(hash: u64, code: u32) -> u64 {
    (hash ^ u64::from(code)).wrapping_mul(PRIME)
}

/// The hash of each word of a text, one after the other.
pub fn each_hash(text: &str, mut word: impl FnMut(u64)) {
    let lower = lower();
    let bytes = text.as_bytes();
    let mut hash = SEED;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let (code, length) = match byte {
            0..0x80 => (u32::from(byte), 1),
            0xc0..0xe0 => {
                let second = bytes.get(at + 1).copied().unwrap_or(0);
                (u32::from(byte & 0x1f) << 6 | u32::from(second & 0x3f), 2)
            }
            _ => {
                let c = text[at..].chars().next().unwrap_or(' ');
                (u32::from(c), c.len_utf8())
            }
        };
        at += length;
        match lower.get(code as usize).copied().unwrap_or(u16::MAX) {
            0 if code == 0xad => {}
            0 => {
                if hash != SEED {
                    word(hash);
                    hash = SEED;
                }
            }
            u16::MAX => match char::from_u32(code).filter(|c| c.is_alphanumeric()) {
                Some(c) => hash = c.to_lowercase().fold(hash, |hash, c| mix(hash, u32::from(c))),
                None if hash != SEED => {
                    word(hash);
                    hash = SEED;
                }
                None => {}
            },
            code => hash = mix(hash, u32::from(code)),
        }
    }
    if hash != SEED {
        word(hash);
    }
}

/// The last words of a text.
#[derive(Default)]
pub struct Window {
    last: [u64; Window::LENGTH],
    count: usize,
    shape: Shape,
}

/// Which ends of blocks a run of words goes over: bit 0 for that before its last word, and so on.
/// Of a run within one block it is 0.
pub type Shape = u8;

impl Window {
    /// How many words in a row tell a sentence.
    pub const LENGTH: usize = 5;

    /// Takes the hash of the next word, and whether a block begins with it; gives the hash and the
    /// shape of the run that it completes.
    pub fn push(&mut self, word: u64, begins: bool) -> Option<(u64, Shape)> {
        self.last[self.count % Window::LENGTH] = word;
        self.count += 1;
        self.shape = (self.shape << 1 | Shape::from(begins)) & ((1 << (Window::LENGTH - 1)) - 1);
        (self.count >= Window::LENGTH).then(|| (self.last_of(Window::LENGTH), self.shape))
    }

    /// The hashes of the shorter runs that end with the word pushed last, the word itself first.
    pub fn shorter(&self) -> impl Iterator<Item = u64> + '_ {
        (1..Window::LENGTH.min(self.count + 1)).map(|length| self.last_of(length))
    }

    fn last_of(&self, length: usize) -> u64 {
        let first = self.count + Window::LENGTH - length;
        (first..first + length).fold(RUN, |run, i| add(run, &self.last[i % Window::LENGTH]))
    }
}

const RUN: u64 = 0x9e37_79b9_7f4a_7c15;

/// The hash of a run of words, as a [`Window`] gives it.
pub fn run_of(words: &[u64]) -> u64 {
    words.iter().fold(RUN, add)
}

fn add(run: u64, word: &u64) -> u64 {
    (run.rotate_left(23) ^ word).wrapping_mul(0xd6e8_feb8_6659_fd93)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_as_elsewhere() {
        let text = "Äiti-ÖLJY İstanbul ſs 漢字 a\u{ad}b 12\u{a0}x ”Привет” ẞ ǅ \u{1d400}z &!";
        let mut words = Vec::new();
        crate::leak::text::each_word(text, |word| words.push(hash(word)));
        let mut hashes = Vec::new();
        each_hash(text, |hash| hashes.push(hash));
        assert_eq!(words, hashes);
        assert!(words.len() > 9);
    }

    #[test]
    fn a_run_is_known_wherever_it_stands() {
        let run_at_end = |text: &str| {
            let mut window = Window::default();
            text.split(' ').fold(None, |_, word| window.push(hash(word), false))
        };
        assert_eq!(run_at_end("a b c d"), None);
        assert_eq!(run_at_end("a b c d e"), run_at_end("x y z a b c d e"));
        assert_ne!(run_at_end("a b c d e"), run_at_end("b a c d e"));
    }

    #[test]
    fn shorter_runs_end_where_the_window_does() {
        let words = ["a", "b", "c", "d", "e", "f", "g"].map(hash);
        let mut window = Window::default();
        for end in 1..=words.len() {
            let run = window.push(words[end - 1], end == 3);
            let run = run.map(|(run, shape)| {
                assert_eq!(shape, [0b100, 0b1000, 0][end - 5]);
                run
            });
            assert_eq!(run, (end >= 5).then(|| run_of(&words[end.saturating_sub(5)..end])));
            let shorter: Vec<u64> = window.shorter().collect();
            let wanted: Vec<u64> =
                (1..=end.min(4)).map(|length| run_of(&words[end - length..end])).collect();
            assert_eq!(shorter, wanted);
        }
    }
}
