//! What tantivy knows of a language: its stemmer and its stop words.

use super::gradation;
use tantivy::tokenizer::{
    Language, RawTokenizer, Stemmer, StopWordFilter, TextAnalyzer, TokenStream as _,
};

/// Stems and stop words of one language; a clone for each thread. A language that tantivy doesn't know has neither.
#[derive(Clone)]
pub struct Lexicon {
    stem: Option<TextAnalyzer>,
    stop: Option<TextAnalyzer>,
    root: Option<fn(&mut String)>,
}

impl Lexicon {
    pub fn new(code: &str) -> Lexicon {
        let language = language(code);
        let raw = || TextAnalyzer::builder(RawTokenizer::default());
        Lexicon {
            stem: language.map(|l| raw().filter(Stemmer::new(l)).build()),
            root: matches!(language, Some(Language::Finnish))
                .then_some(gradation::root as fn(&mut String)),
            stop: language.and_then(StopWordFilter::new).map(|f| raw().filter(f).build()),
        }
    }

    /// The stem of a form, in languages whose stems change the root of them; the form itself in an unknown language.
    pub fn stem(&mut self, form: &str, stem: &mut String) {
        stem.clear();
        let Some(analyzer) = &mut self.stem else {
            stem.push_str(form);
            return;
        };
        let mut stream = analyzer.token_stream(form);
        while stream.advance() {
            stem.push_str(&stream.token().text);
        }
        if let Some(root) = self.root {
            root(stem);
        }
    }

    /// Words that say how a sentence is built, not what it is about.
    pub fn is_stop_word(&mut self, form: &str) -> bool {
        self.stop.as_mut().is_some_and(|analyzer| !analyzer.token_stream(form).advance())
    }
}

fn language(code: &str) -> Option<Language> {
    let primary = code.split(['-', '_']).next().unwrap_or(code);
    Some(match primary.to_ascii_lowercase().as_str() {
        "ar" => Language::Arabic,
        "da" => Language::Danish,
        "de" => Language::German,
        "el" => Language::Greek,
        "en" => Language::English,
        "es" => Language::Spanish,
        "fi" => Language::Finnish,
        "fr" => Language::French,
        "hu" => Language::Hungarian,
        "it" => Language::Italian,
        "nb" | "nn" | "no" => Language::Norwegian,
        "nl" => Language::Dutch,
        "pt" => Language::Portuguese,
        "ro" => Language::Romanian,
        "ru" => Language::Russian,
        "sv" => Language::Swedish,
        "ta" => Language::Tamil,
        "tr" => Language::Turkish,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_and_stop_words_come_from_the_language() {
        let mut stem = String::new();
        let mut english = Lexicon::new("en-GB");
        english.stem("invoices", &mut stem);
        assert_eq!(stem, "invoic");
        assert!(english.is_stop_word("the") && !english.is_stop_word("invoice"));
        let mut unknown = Lexicon::new("xx");
        unknown.stem("invoices", &mut stem);
        assert_eq!(stem, "invoices");
        assert!(!unknown.is_stop_word("the"));
    }
}
