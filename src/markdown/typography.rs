//! Quotes, dashes and dots as they are set in the text's language.

/// The marks of a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotes {
    pub outer: (char, char),
    pub inner: (char, char),
}

impl Quotes {
    /// By the language's first subtag; English for languages not listed.
    pub fn of(language: &str) -> Quotes {
        let primary = language.split(['-', '_']).next().unwrap_or("");
        let (outer, inner) = match primary {
            "fi" | "sv" => (('”', '”'), ('’', '’')),
            "ru" | "uk" | "be" => (('«', '»'), ('„', '“')),
            "de" | "cs" | "sk" | "sl" => (('„', '“'), ('‚', '‘')),
            "et" | "lt" | "is" => (('„', '“'), ('‚', '‘')),
            "lv" | "pl" | "hu" | "ro" => (('„', '”'), ('‚', '’')),
            "nb" | "nn" | "no" => (('«', '»'), ('‘', '’')),
            "da" => (('”', '”'), ('’', '’')),
            "fr" => (('«', '»'), ('“', '”')),
            "es" | "it" | "pt" | "el" => (('«', '»'), ('“', '”')),
            _ => (('“', '”'), ('‘', '’')),
        };
        Quotes { outer, inner }
    }

    /// The mark for a straight quote between two characters; `None` is the end of a text.
    pub fn mark(&self, straight: char, before: Option<char>, after: Option<char>) -> char {
        let opens = match before {
            None => true,
            Some(c) => {
                c.is_whitespace()
                    || "([{<–—-/«„“‘‚".contains(c) && after.is_some_and(|a| !a.is_whitespace())
            }
        };
        let opens = opens && after.is_none_or(|a| !a.is_whitespace());
        match (straight, opens) {
            ('"', true) => self.outer.0,
            ('"', false) => self.outer.1,
            // An apostrophe is the same everywhere; so is the mark of minutes and feet.
            (_, true) => self.inner.0,
            (_, false) => match before {
                Some(c) if c.is_alphanumeric() && after.is_some_and(char::is_alphanumeric) => '’',
                _ => self.inner.1,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(language: &str, text: &str) -> String {
        let quotes = Quotes::of(language);
        let chars: Vec<char> = text.chars().collect();
        (0..chars.len())
            .map(|i| match chars[i] {
                c @ ('"' | '\'') => {
                    quotes.mark(c, i.checked_sub(1).map(|j| chars[j]), chars.get(i + 1).copied())
                }
                c => c,
            })
            .collect()
    }

    #[test]
    fn quotes_follow_the_language() {
        let cases = [
            ("fi", "sano \"hei\"!", "sano ”hei”!"),
            ("sv", "\"hej\"", "”hej”"),
            ("ru", "нажмите \"ОК\".", "нажмите «ОК»."),
            ("de-AT", "(\"ja\")", "(„ja“)"),
            ("en", "the \"big\" user's 'x'", "the “big” user’s ‘x’"),
            ("et", "\"jah\"", "„jah“"),
            ("nb", "\"ja\"", "«ja»"),
        ];
        for (language, text, expected) in cases {
            assert_eq!(set(language, text), expected);
        }
    }
}
