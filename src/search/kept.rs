//! What was made for one index, kept for the next: after an edit, and in the portal of another
//! audience, nearly all is the same.

use std::collections::BTreeMap;
use std::mem;

use super::analyse::Analyser;
use super::groupings::Groupings;
use super::input::ArticleInput;
use super::record::Prepared;
use super::shards::{Shard, Store};

/// Prepared articles, shards and groups of words, each with the hash of all that went into it; just
/// those of the last index.
#[derive(Debug, Default)]
pub struct Kept {
    pub articles: Store<Prepared>,
    pub shards: Store<Shard>,
    /// By language.
    groupings: BTreeMap<String, Groupings>,
}

impl Kept {
    /// The article as it was prepared for the last index, else prepared now. From any thread.
    pub fn prepare(&self, article: &ArticleInput, analyser: &mut Analyser) -> Prepared {
        let key = article.hash();
        let known = self.articles.get(&key);
        let prepared = known.unwrap_or_else(|| Prepared::new(article, analyser).0);
        self.articles.keep(&key, prepared.clone());
        prepared
    }

    /// What is known of a language's words; [`Kept::keep_groupings`] gives it back.
    pub fn take_groupings(&mut self, language: &str) -> Groupings {
        self.groupings.get_mut(language).map(mem::take).unwrap_or_default()
    }

    pub fn keep_groupings(&mut self, language: &str, groupings: Groupings) {
        self.groupings.insert(language.to_owned(), groupings);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::search::build;
    use crate::search::input::{LanguageInput, SearchInput, SectionInput};

    /// What an edit does to an article of a language.
    #[derive(Clone, Debug)]
    enum Edit {
        Add(Box<ArticleInput>),
        Remove(usize),
        Move(usize, String),
        Retitle(usize, String),
        Rewrite(usize, String),
        Heading(usize, String),
        Strong(usize),
        Tag(usize, String),
        Link(usize, String),
        Pin(usize),
        Synonym,
    }

    fn words() -> impl Strategy<Value = String> {
        let word = prop::sample::select(vec![
            "lasku",
            "laskun",
            "massalasku",
            "suodatin",
            "suodattimet",
            "ja",
            "on",
            "Öljy",
            "ALV:n",
            "C#",
            "§",
            "1099",
            "请求",
            "käyttäjä",
        ]);
        prop::collection::vec(word, 1..12).prop_map(|words| words.join(" "))
    }

    fn article() -> impl Strategy<Value = ArticleInput> {
        (words(), words(), words(), words(), 0..1_000_000u32).prop_map(
            |(title, summary, heading, text, number)| ArticleInput {
                path: format!("ohje/{number}/"),
                title,
                summary,
                sections: vec![
                    SectionInput { text: text.clone(), ..SectionInput::default() },
                    SectionInput { heading, text, ..SectionInput::default() },
                ],
                ..ArticleInput::default()
            },
        )
    }

    fn edit() -> impl Strategy<Value = (usize, Edit)> {
        let at = 0..1_000usize;
        let edit = prop_oneof![
            article().prop_map(|article| Edit::Add(Box::new(article))),
            at.clone().prop_map(Edit::Remove),
            (at.clone(), 0..1_000_000u32).prop_map(|(i, n)| Edit::Move(i, format!("uusi/{n}/"))),
            (at.clone(), words()).prop_map(|(i, text)| Edit::Retitle(i, text)),
            (at.clone(), words()).prop_map(|(i, text)| Edit::Rewrite(i, text)),
            (at.clone(), words()).prop_map(|(i, text)| Edit::Heading(i, text)),
            at.clone().prop_map(Edit::Strong),
            (at.clone(), words()).prop_map(|(i, text)| Edit::Tag(i, text)),
            (at.clone(), words()).prop_map(|(i, text)| Edit::Link(i, text)),
            at.prop_map(Edit::Pin),
            Just(Edit::Synonym),
        ];
        (0..2usize, edit)
    }

    fn with(language: &mut LanguageInput, i: usize, change: impl FnOnce(&mut ArticleInput)) {
        let count = language.articles.len().max(1);
        if let Some(article) = language.articles.get_mut(i % count) {
            change(article);
        }
    }

    fn apply(language: &mut LanguageInput, edit: Edit) {
        let count = language.articles.len().max(1);
        match edit {
            Edit::Add(article) => language.articles.push(*article),
            Edit::Remove(i) => {
                let mut number = 0..;
                language.articles.retain(|_| number.next() != Some(i % count));
            }
            Edit::Move(i, path) => with(language, i, |a| a.path = path),
            Edit::Retitle(i, text) => with(language, i, |a| a.title = text),
            Edit::Rewrite(i, text) => with(language, i, |a| a.sections[0].text = text),
            Edit::Heading(i, text) => with(language, i, |a| a.sections[1].heading = text),
            Edit::Strong(i) => {
                with(language, i, |a| a.sections[0].strong = std::iter::once(0..1).collect())
            }
            Edit::Tag(i, text) => with(language, i, |a| a.tags.push(text)),
            Edit::Link(i, text) => with(language, i, |a| a.link_texts.push(text)),
            Edit::Pin(i) => with(language, i, |a| a.standing.pinned = !a.standing.pinned),
            Edit::Synonym => language
                .synonyms
                .push(crate::search::input::Synonym { from: "faktura".into(), to: "lasku".into() }),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

        #[test]
        fn after_any_edits_the_index_is_that_of_a_new_start(
            articles in prop::collection::vec(article(), 0..30),
            edits in prop::collection::vec(prop::collection::vec(edit(), 0..4), 1..12),
        ) {
            let language = |code: &str| LanguageInput {
                code: code.into(),
                articles: articles.clone(),
                ..LanguageInput::default()
            };
            let mut portal = SearchInput { languages: vec![language("fi"), language("en")] };
            let mut kept = Kept::default();
            build(&portal, Some(&mut kept)).unwrap();
            for step in edits {
                for (language, edit) in step {
                    apply(&mut portal.languages[language], edit);
                }
                let index = build(&portal, Some(&mut kept)).unwrap();
                let clean = build(&portal, None).unwrap();
                prop_assert_eq!(index.files(), clean.files());
                let all = portal.languages.iter().flat_map(|l| &l.articles);
                let different: std::collections::BTreeSet<_> =
                    all.map(|a| *a.hash().as_bytes()).collect();
                prop_assert_eq!(kept.articles.len(), different.len());
            }
        }
    }
}
