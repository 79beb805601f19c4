//! What was made for one index, kept for the next: after an edit, and in the portal of another
//! audience, nearly all is the same.
//!
//! A server keeps it in memory, a build on disk for later builds; one that is for several audiences
//! does both.

use std::collections::BTreeMap;
use std::mem;
use std::sync::Arc;

use super::analyse::Analyser;
use super::base::Ground;
use super::groupings::Groupings;
use super::input::ArticleInput;
use super::record::Prepared;
use super::shards::{Key, Shard, Store};
use super::stored;
use super::vocabulary::Forms;
use crate::cache::{Cache, half};

/// Prepared articles, shards and groups of words, each with the hash of all that went into it; in
/// memory just those of the last index.
pub struct Kept {
    memory: Option<Memory>,
    disk: Option<Arc<Cache>>,
}

#[derive(Default)]
struct Memory {
    articles: Store<Prepared>,
    shards: Store<Shard>,
    /// By language.
    groupings: BTreeMap<String, Groupings>,
}

impl Kept {
    /// For the next index of this process.
    pub fn in_memory() -> Kept {
        Kept { memory: Some(Memory::default()), disk: None }
    }

    /// For later builds.
    pub fn on_disk(cache: Arc<Cache>) -> Kept {
        Kept { memory: None, disk: Some(cache) }
    }

    /// For the next index of this process and for later ones.
    pub fn on_both(cache: Arc<Cache>) -> Kept {
        Kept { memory: Some(Memory::default()), disk: Some(cache) }
    }

    /// The article as it was prepared for the last index, else prepared now. From any thread.
    pub fn prepare(&self, article: &ArticleInput, analyser: &mut Analyser) -> Prepared {
        let key = article.hash();
        let prepared = self.article(&key).unwrap_or_else(|| Prepared::new(article, analyser).0);
        self.keep_article(&key, &prepared);
        prepared
    }

    /// The article of this key, if it is in memory.
    pub fn article(&self, key: &Key) -> Option<Prepared> {
        self.memory.as_ref()?.articles.get(half(*key))
    }

    pub fn keep_article(&self, key: &Key, article: &Prepared) {
        // A number in a base says nothing elsewhere.
        if let Some(memory) = &self.memory
            && !matches!(article.words.forms, Forms::Known(_))
        {
            memory.articles.keep(half(*key), article.clone());
        }
    }

    /// An article that an earlier build has kept by itself.
    pub fn alone(&self, key: &Key) -> Option<Prepared> {
        let bytes = self.disk.as_ref()?.get(alone(key))?;
        stored::read(&bytes)
    }

    pub fn keep_alone(&self, key: &Key, article: &Prepared) {
        if let Some(disk) = &self.disk
            && let Some(bytes) = stored::write(article)
        {
            disk.put(alone(key), &bytes);
        }
    }

    /// What earlier builds have left of all articles of a language, as `name` tells it from others.
    pub fn ground(&self, name: &str) -> Ground {
        self.disk.as_ref().map(|disk| Ground::open(Arc::clone(disk), name)).unwrap_or_default()
    }

    /// A shard for a folder of `search/`. One that the disk knows of has its file where it belongs, if
    /// nobody took it away.
    pub fn shard(&self, folder: &'static str, key: u128) -> Option<Shard> {
        let in_memory = self.memory.as_ref().and_then(|memory| memory.shards.get(key));
        if let Some(shard) = in_memory {
            return Some(self.keep_shard(key, shard));
        }
        let hash: [u8; 32] = self.disk.as_ref()?.get(key)?.try_into().ok()?;
        Some(Shard::known(folder, hash.into(), key))
    }

    /// Gives the shard back with its key.
    #[must_use]
    pub fn keep_shard(&self, key: u128, shard: Shard) -> Shard {
        let shard = shard.with_key(key);
        if let Some(memory) = &self.memory {
            memory.shards.keep(key, shard.clone());
        }
        if let Some(disk) = &self.disk {
            disk.put(key, shard.hash().as_bytes());
        }
        shard
    }

    /// What is known of a language's words; [`Kept::keep_groupings`] gives it back.
    pub fn take_groupings(&mut self, language: &str) -> Groupings {
        let known = self.memory.as_mut().and_then(|memory| memory.groupings.get_mut(language));
        known.map(mem::take).unwrap_or_default().with_disk(self.disk.clone(), language)
    }

    pub fn keep_groupings(&mut self, language: &str, groupings: Groupings) {
        if let Some(memory) = &mut self.memory {
            memory.groupings.insert(language.to_owned(), groupings);
        }
    }

    /// The articles of an index are complete: those that it did not ask for are forgotten.
    pub fn turn_articles(&mut self) {
        if let Some(memory) = &mut self.memory {
            memory.articles.turn();
        }
    }

    /// The same for its shards.
    pub fn turn_shards(&mut self) {
        if let Some(memory) = &mut self.memory {
            memory.shards.turn();
        }
    }
}

fn alone(key: &Key) -> u128 {
    half(blake3::hash(&[&b"article"[..], key.as_bytes()].concat()))
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
            let mut kept = Kept::in_memory();
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
                let memory = kept.memory.as_ref().unwrap();
                prop_assert_eq!(memory.articles.len(), different.len());
            }
        }
    }
}
