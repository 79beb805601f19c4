//! The letters of the list from A to Z.

use std::cmp::Ordering;

use icu_collator::options::{CollatorOptions, Strength};
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale::Locale;
use unicode_normalization::UnicodeNormalization;

/// Knows which letters a language counts as its own.
pub struct Letters(Option<CollatorBorrowed<'static>>);

impl Letters {
    pub fn new(language: &str) -> Letters {
        let locale = language.parse::<Locale>().unwrap_or(Locale::UNKNOWN);
        let mut options = CollatorOptions::default();
        options.strength = Some(Strength::Primary);
        Letters(Collator::try_new(locale.into(), options).ok())
    }

    /// The letter under which a dictionary of the language lists a title: Ä is a letter of its own
    /// in Finnish, and an A in German. `#` for what does not start with a letter.
    pub fn of(&self, title: &str) -> String {
        let first = title.chars().find(|c| c.is_alphanumeric());
        let Some(first) = first.filter(|c| c.is_alphabetic()) else { return "#".to_owned() };
        let upper: String = first.to_uppercase().collect();
        let base: String = upper.nfd().take(1).collect();
        let same =
            |collator: &CollatorBorrowed<'_>| collator.compare(&upper, &base) == Ordering::Equal;
        if self.0.as_ref().is_some_and(same) { base } else { upper }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_has_letters_of_its_own() {
        let cases = [
            ("fi", "Äänestys", "Ä"),
            ("de", "Ärger", "A"),
            ("sv", "”åtgärd”", "Å"),
            ("ru", "йод", "Й"),
            ("fi", "Édith", "E"),
            ("fi", "3D-kuva", "#"),
            ("fi", "…", "#"),
        ];
        for (language, title, letter) in cases {
            assert_eq!(Letters::new(language).of(title), letter, "{language} {title}");
        }
    }
}
