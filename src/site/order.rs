//! The order of titles: the writers' numbers first, then the language's collation.

use std::cmp::Ordering;

use icu_collator::options::{AlternateHandling, CollatorOptions};
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale::Locale;

/// Compares texts as a dictionary of the language does: å, ä, ö after z in Finnish. An unknown
/// language has the root collation.
pub struct TitleOrder(CollatorBorrowed<'static>);

impl TitleOrder {
    pub fn new(language: &str) -> TitleOrder {
        let locale = language.parse::<Locale>().unwrap_or(Locale::UNKNOWN);
        let mut options = CollatorOptions::default();
        options.alternate_handling = Some(AlternateHandling::Shifted);
        let collator = Collator::try_new(locale.into(), options)
            .or_else(|_| Collator::try_new(Locale::UNKNOWN.into(), CollatorOptions::default()));
        match collator {
            Ok(collator) => TitleOrder(collator),
            // The data is compiled in: the root collation is always there.
            Err(error) => unreachable!("no root collation: {error}"),
        }
    }

    /// Equal only for equal texts, so that the order never depends on where things started.
    pub fn compare(&self, a: &str, b: &str) -> Ordering {
        self.0.compare(a, b).then_with(|| a.cmp(b))
    }

    /// Low numbers first, what has none last, ties by title.
    pub fn compare_ordered(&self, a: (Option<f64>, &str), b: (Option<f64>, &str)) -> Ordering {
        let number = |order: Option<f64>| order.unwrap_or(f64::INFINITY);
        number(a.0).total_cmp(&number(b.0)).then_with(|| self.compare(a.1, b.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(language: &str, mut titles: Vec<&'static str>) -> Vec<&'static str> {
        let order = TitleOrder::new(language);
        titles.sort_by(|a, b| order.compare(a, b));
        titles
    }

    #[test]
    fn each_language_has_its_own_alphabet() {
        assert_eq!(
            sorted("fi", vec!["Öljy", "Auto", "Åland", "Zen", "Äiti"])[..2],
            ["Auto", "Zen"]
        );
        assert_eq!(
            sorted("fi", vec!["Öljy", "Åland", "Äiti", "Zen"]),
            ["Zen", "Åland", "Äiti", "Öljy"]
        );
        assert_eq!(sorted("de", vec!["Zoo", "Ärger", "Auto"]), ["Ärger", "Auto", "Zoo"]);
        assert_eq!(sorted("xx", vec!["b", "a"]), ["a", "b"]);
    }

    #[test]
    fn numbers_come_before_titles() {
        let order = TitleOrder::new("en");
        let less = |a, b| order.compare_ordered(a, b) == Ordering::Less;
        assert!(less((Some(1.0), "Z"), (Some(2.0), "A")));
        assert!(less((Some(2.0), "Z"), (None, "A")));
        assert!(less((None, "A"), (None, "B")));
    }
}
