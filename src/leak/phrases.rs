//! Titles and addresses, looked for all at once.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;

/// Texts to be found as they are, letter by letter, where they begin and end a word.
#[derive(Default)]
pub struct Phrases {
    list: Vec<String>,
    /// `None` where there is nothing to look for, or too much for one automaton.
    finder: Option<AhoCorasick>,
    forgotten: BTreeSet<usize>,
}

impl Phrases {
    pub fn new(phrases: BTreeSet<String>) -> Phrases {
        let list: Vec<String> = phrases.into_iter().filter(|phrase| !phrase.is_empty()).collect();
        let finder = AhoCorasick::new(&list).ok().filter(|_| !list.is_empty());
        Phrases { list, finder, forgotten: BTreeSet::new() }
    }

    pub fn get(&self, index: usize) -> &str {
        &self.list[index]
    }

    /// These are no secrets after all.
    pub fn forget(&mut self, phrases: &BTreeSet<usize>) {
        self.forgotten.extend(phrases);
    }

    /// Those that the text holds.
    pub fn found_in(&self, text: &str) -> BTreeSet<usize> {
        let found = match &self.finder {
            Some(finder) => finder
                .find_overlapping_iter(text)
                .map(|found| (found.pattern().as_usize(), found.start(), found.end()))
                .filter(|&(_, start, end)| is_whole(text, start, end))
                .map(|(index, ..)| index)
                .collect::<BTreeSet<usize>>(),
            None => (0..self.list.len())
                .filter(|&index| {
                    let mut places = text.match_indices(&self.list[index]);
                    places.any(|(start, phrase)| is_whole(text, start, start + phrase.len()))
                })
                .collect(),
        };
        found.difference(&self.forgotten).copied().collect()
    }
}

/// Whether no letter or digit goes on before or behind; a hyphen binds an address's parts together.
fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let binds = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let before = text[..start].chars().next_back();
    let behind = text[end..].chars().next();
    let ends_open = text[..end].ends_with('/');
    !before.is_some_and(binds) && (ends_open || !behind.is_some_and(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_found_whole() {
        let phrases = ["hall/keys/", "The keys", "pix-0123456789"].map(str::to_owned);
        let mut phrases = Phrases::new(BTreeSet::from(phrases));
        let cases = [
            ("href=\"../hall/keys/\"", 1),
            ("hall/keys/more", 1),
            ("big-hall/keys/ ahall/keys/", 0),
            ("<h1>The keys</h1>", 1),
            ("The keyset", 0),
            ("pix-0123456789-640.webp pix-01234567890.png", 1),
            ("", 0),
        ];
        for (text, count) in cases {
            assert_eq!(phrases.found_in(text).len(), count, "{text}");
        }
        phrases.forget(&BTreeSet::from([0]));
        assert!(phrases.found_in("The keys").is_empty());
    }
}
