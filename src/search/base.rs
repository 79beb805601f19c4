//! All articles of a language as an earlier build left them, inverted: where few have changed since,
//! the others need not be read one by one.
//!
//! 1. A base is kept under a hash of its articles' keys. Which one was the last is noted.
//! 2. A build takes from it what has a key that is the base's, and prepares the rest.
//! 3. It is left for later builds as long as those have little to prepare, which they keep article by
//!    article; else a new one takes its place.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytemuck::{Pod, cast_slice};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::analyse::AnalysedArticle;
use super::inverted::{Changes, Inverted};
use super::merge::Form;
use super::neighbours::{Pairs, standings};
use super::postings::Postings;
use super::record::{Prepared, Record};
use super::streams::{BLOCK, Block, Streams};
use super::vocabulary::{Forms, WordList};
use crate::cache::{Cache, half};

/// So many articles may be others than the base's, and one in so many.
const FEW: usize = 16;
const SHARE: usize = 64;
/// Records that are kept together.
const RECORDS: usize = 1_024;

/// The numbers of its articles are those that they had then.
#[derive(Debug, Default)]
pub struct Base {
    /// By article.
    pub keys: Vec<u128>,
    pub words: WordList,
    pub postings: Postings,
    pub streams: Streams,
    /// With the standing of each form in them.
    pairs: Option<(Pairs, Vec<u32>)>,
    records: Vec<Arc<Record>>,
    /// By key.
    articles: FxHashMap<u128, u32>,
    /// By article, whether somebody has it already: twins are no reason to have one of them twice.
    taken: Vec<AtomicBool>,
}

impl Base {
    /// The article of this key.
    pub fn article(&self, key: u128) -> Option<Prepared> {
        let number = *self.articles.get(&key)?;
        if self.taken[number as usize].swap(true, Ordering::Relaxed) {
            return None;
        }
        let record = Arc::clone(&self.records[number as usize]);
        let forms = Forms::Known(number);
        Some(Prepared { record, words: AnalysedArticle { forms, ..AnalysedArticle::default() } })
    }

    pub fn has(&self, key: u128) -> bool {
        self.articles.contains_key(&key)
    }

    /// How many of its articles nobody has asked for.
    fn left(&self) -> usize {
        self.taken.iter().filter(|taken| !taken.load(Ordering::Relaxed)).count()
    }
}

/// Whether a base is still worth its while if so many articles of all are others.
pub fn is_worthwhile(others: usize, all: usize) -> bool {
    others <= FEW + all / SHARE
}

/// The base of a language, if there is one, and the place for the next.
#[derive(Default)]
pub struct Ground {
    pub base: Option<Base>,
    /// By article, its key, in the order in which they are numbered.
    pub keys: Vec<u128>,
    /// The cache, and what the last base is noted under.
    place: Option<(Arc<Cache>, u128)>,
    /// What is new, once the articles are inverted.
    changes: Option<Changes>,
    /// Whether this build leaves a base.
    renews: bool,
}

impl Ground {
    /// That of the portal that `name` tells from others of the same cache.
    pub fn open(cache: Arc<Cache>, name: &str) -> Ground {
        let name = half(blake3::hash(format!("base {name}").as_bytes()));
        let base = cache.noted(name).and_then(|id| Entries { cache: &cache, id }.base());
        Ground { base, place: Some((cache, name)), ..Ground::default() }
    }

    /// All that is known of the words of the articles, of which the base has some.
    pub fn invert(&mut self, articles: Vec<AnalysedArticle>, records: &[Arc<Record>]) -> Inverted {
        let new = articles.iter().filter(|article| !matches!(article.forms, Forms::Known(_)));
        let others = self.base.as_ref().map(|base| base.left().max(new.count()));
        let inverted = match &mut self.base {
            Some(base) => {
                let (inverted, changes) = Inverted::since(base, articles);
                self.changes = Some(changes);
                inverted
            }
            None => Inverted::new(articles),
        };
        self.renews = others.is_none_or(|others| !is_worthwhile(others, records.len()))
            && self.keys.len() == records.len();
        if let Some((entries, name)) = self.renewed()
            && entries.put_base(&self.keys, records, &inverted).is_some()
        {
            entries.cache.note(name, entries.id);
        }
        inverted
    }

    /// All neighbours of the articles' forms, which have got all but them.
    pub fn pairs(&self, postings: &Postings, streams: Streams, forms: &[Form]) -> Pairs {
        let since = || {
            let (pairs, standings) = self.base.as_ref()?.pairs.as_ref()?;
            let changes = self.changes.as_ref()?;
            Some(Pairs::since((pairs, standings), changes, postings, &streams, forms))
        };
        let pairs = since().unwrap_or_else(|| Pairs::new(streams, forms));
        if let Some((entries, _)) = self.renewed() {
            entries.put_pairs(&pairs, &standings(forms), self.keys.len());
        }
        pairs
    }

    /// Where this build leaves a base, if it does, and what that is noted under.
    fn renewed(&self) -> Option<(Entries<'_>, u128)> {
        let (cache, name) = self.place.as_ref().filter(|_| self.renews)?;
        let id = half(blake3::hash(cast_slice(&self.keys)));
        Some((Entries { cache, id }, *name))
    }
}

/// The entries of one base.
struct Entries<'a> {
    cache: &'a Cache,
    id: u128,
}

impl Entries<'_> {
    fn base(&self) -> Option<Base> {
        let keys: Vec<u128> = self.numbers("keys")?;
        let blocks = || {
            let blocks = (0..keys.len().div_ceil(BLOCK)).into_par_iter().map(|number| {
                let block = Block::read(&self.bytes(&format!("block {number}"))?)?;
                let length = BLOCK.min(keys.len() - number * BLOCK);
                (block.len() == length).then_some(block)
            });
            Some(Streams { blocks: blocks.collect::<Option<_>>()? })
        };
        let records = || {
            let parts = (0..keys.len().div_ceil(RECORDS)).into_par_iter().map(|number| {
                postcard::from_bytes(&self.bytes(&format!("records {number}"))?).ok()
            });
            let parts: Vec<Vec<Arc<Record>>> = parts.collect::<Option<_>>()?;
            Some(parts.concat()).filter(|records| records.len() == keys.len())
        };
        let ((words, postings), ((streams, pairs), records)) = rayon::join(
            || rayon::join(|| self.words(), || self.postings(keys.len())),
            || rayon::join(|| rayon::join(blocks, || self.pairs(keys.len())), records),
        );
        let (words, postings, streams, records) = (words?, postings?, streams?, records?);
        if postings.forms() != words.len() {
            return None;
        }
        let pairs = pairs.filter(|(pairs, standings)| {
            pairs.forms() == words.len() && standings.len() == words.len()
        });
        let articles: FxHashMap<u128, u32> = keys.iter().copied().zip(0..).collect();
        let taken = keys.iter().map(|_| AtomicBool::new(false)).collect();
        Some(Base { keys, words, postings, streams, pairs, records, articles, taken })
    }

    fn words(&self) -> Option<WordList> {
        let text = |what| String::from_utf8(self.bytes(what)?).ok();
        let texts = (text("texts")?, self.numbers("text ends")?);
        WordList::from_raw(texts, (text("folded")?, self.numbers("folded ends")?))
    }

    fn postings(&self, count: usize) -> Option<Postings> {
        let numbers = || Some((self.numbers("starts")?, self.numbers("place starts")?));
        let (docs, rest) = rayon::join(
            || self.docs("docs", count),
            || Some((numbers()?, self.numbers("marks")?, self.bytes("places")?)),
        );
        let ((starts, place_starts), marks, places) = rest?;
        Postings::from_raw(starts, docs?, marks, place_starts, places)
    }

    fn put_base(
        &self,
        keys: &[u128],
        records: &[Arc<Record>],
        Inverted { words, postings, streams }: &Inverted,
    ) -> Option<()> {
        let put = |what: &str, bytes: &[u8]| self.cache.put(self.key(what), bytes);
        put("keys", cast_slice(keys));
        let words = WordList::new(words);
        let [(texts, ends), (folded, folded_ends)] = words.raw();
        put("texts", texts.as_bytes());
        put("text ends", cast_slice(ends));
        put("folded", folded.as_bytes());
        put("folded ends", cast_slice(folded_ends));
        let ([starts, docs, place_starts], [marks, places]) = postings.all();
        put("starts", cast_slice(starts));
        self.put_docs("docs", docs, keys.len());
        put("place starts", cast_slice(place_starts));
        put("marks", marks);
        put("places", places);
        let blocks = streams.blocks.par_iter().enumerate();
        let blocks = blocks.map(|(number, block)| {
            put(&format!("block {number}"), &block.write()?);
            Some(())
        });
        let parts = records.par_chunks(RECORDS).enumerate().map(|(number, records)| {
            put(&format!("records {number}"), &postcard::to_stdvec(records).ok()?);
            Some(())
        });
        blocks.chain(parts).collect()
    }

    fn pairs(&self, count: usize) -> Option<(Pairs, Vec<u32>)> {
        let starts = self.numbers("pair starts")?;
        let docs = self.docs("pair docs", count)?;
        let pairs = Pairs::from_raw(starts, self.numbers("pairs")?, docs)?;
        Some((pairs, self.numbers("standings")?))
    }

    fn put_pairs(&self, pairs: &Pairs, standings: &[u32], count: usize) {
        let put = |what: &str, bytes: &[u8]| self.cache.put(self.key(what), bytes);
        let (starts, keys, docs) = pairs.all();
        put("pair starts", cast_slice(starts));
        put("pairs", cast_slice(keys));
        self.put_docs("pair docs", docs, count);
        put("standings", cast_slice(standings));
    }

    /// Puts numbers of articles, of which there are `count`: half of the room is enough for most portals.
    fn put_docs(&self, what: &str, docs: &[u32], count: usize) {
        let put = |bytes: &[u8]| self.cache.put(self.key(what), bytes);
        match u16::try_from(count) {
            Ok(_) => put(cast_slice(&docs.iter().map(|&doc| doc as u16).collect::<Vec<_>>())),
            Err(_) => put(cast_slice(docs)),
        }
    }

    fn docs(&self, what: &str, count: usize) -> Option<Vec<u32>> {
        match u16::try_from(count) {
            Ok(_) => Some(self.numbers::<u16>(what)?.into_iter().map(u32::from).collect()),
            Err(_) => self.numbers(what),
        }
    }

    /// Numbers stand in the order of the machine, so that is part of the key.
    fn key(&self, what: &str) -> u128 {
        let order = 0x0102u16.to_ne_bytes();
        half(blake3::hash(&[&self.id.to_le_bytes()[..], &order, what.as_bytes()].concat()))
    }

    fn bytes(&self, what: &str) -> Option<Vec<u8>> {
        self.cache.get(self.key(what))
    }

    fn numbers<T: Pod>(&self, what: &str) -> Option<Vec<T>> {
        self.cache.list(self.key(what))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;
    use crate::search::analyse::Analyser;
    use crate::search::input::{ArticleInput, SectionInput};
    use crate::search::vocabulary::{Word, list_together};

    /// Texts by path.
    type Texts = BTreeMap<u32, String>;

    fn texts() -> impl Strategy<Value = Texts> {
        let word = prop::sample::select(vec![
            "lasku", "laskun", "äly", "aly", "ja", "1099", "öljy", "请求", "C#", "x", "zz",
        ]);
        let word = prop_oneof![
            word.prop_map(str::to_owned),
            (0..200u32).prop_map(|number| format!("sana{number}")),
        ];
        let text = prop::collection::vec(word, 0..9).prop_map(|words| words.join(" "));
        prop::collection::btree_map(0..300u32, text, 0..200)
    }

    fn input((path, text): (&u32, &String)) -> ArticleInput {
        ArticleInput {
            path: format!("ohje/{path:03}/"),
            title: text.chars().take(9).collect(),
            find_by: vec![text.clone()],
            sections: vec![SectionInput { text: text.clone(), ..SectionInput::default() }],
            ..ArticleInput::default()
        }
    }

    fn open(root: &Path) -> Arc<Cache> {
        Arc::new(Cache::open(root, "test", &blake3::hash(b"this")))
    }

    /// Inverts the articles as a build does, and says how many were taken from its base.
    fn build(root: &Path, texts: &Texts) -> ((Inverted, Pairs), usize) {
        let cache = open(root);
        let mut ground = Ground::open(Arc::clone(&cache), "fi");
        let mut analyser = Analyser::default();
        let mut known = 0;
        let mut articles = Vec::new();
        for input in texts.iter().map(input) {
            let key = half(input.hash());
            let of_base = ground.base.as_ref().and_then(|base| base.article(key));
            known += usize::from(of_base.is_some());
            ground.keys.push(key);
            articles.push(of_base.unwrap_or_else(|| Prepared::new(&input, &mut analyser).0));
        }
        list_together(articles.iter_mut().step_by(2).map(|article| &mut article.words.forms));
        let (records, words): (Vec<_>, Vec<_>) =
            articles.into_iter().map(|article| (article.record, article.words)).unzip();
        let inverted = ground.invert(words, &records);
        let streams = inverted.streams.clone();
        let pairs = pairs(&inverted, |forms| ground.pairs(&inverted.postings, streams, forms));
        cache.save().unwrap();
        ((inverted, pairs), known)
    }

    fn pairs(inverted: &Inverted, pairs: impl FnOnce(&[Form]) -> Pairs) -> Pairs {
        let form = |(number, word): (usize, &Word)| Form {
            text: word.text.clone(),
            key: word.key.clone(),
            group: 0,
            stop: word.text == "ja",
            step: 0,
            often: inverted.postings.often(number),
            notable: false,
        };
        pairs(&inverted.words.iter().enumerate().map(form).collect::<Vec<_>>())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

        #[test]
        fn after_any_edits_it_is_what_it_would_be_from_nothing(
            mut texts in texts(),
            edits in prop::collection::vec((texts(), 0..12usize), 1..6),
        ) {
            let root = tempfile::tempdir().unwrap();
            build(root.path(), &texts);
            for (other, few) in edits {
                for (path, text) in other.into_iter().take(few) {
                    match text.len() % 4 {
                        0 => texts.remove(&path),
                        _ => texts.insert(path, text),
                    };
                }
                let ((inverted, own_pairs), known) = build(root.path(), &texts);
                let articles = texts.iter().map(input);
                let clean = articles.map(|a| Prepared::new(&a, &mut Analyser::default()).0.words);
                let clean = Inverted::new(clean.collect());
                prop_assert_eq!(own_pairs, pairs(&clean, |forms| Pairs::new(clean.streams.clone(), forms)));
                prop_assert_eq!(inverted, clean);
                prop_assert!(known + 2 * (FEW + texts.len() / SHARE) + 12 >= texts.len());
            }
        }
    }

    #[test]
    fn what_is_damaged_is_not_taken() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        let texts: Texts = (0..300).map(|path| (path, format!("lasku {path}"))).collect();
        build(root, &texts);
        assert_eq!(build(root, &texts).1, 300);
        for segment in std::fs::read_dir(root.join(".opas/cache/test")).unwrap() {
            let segment = segment.unwrap().path();
            let mut bytes = std::fs::read(&segment).unwrap();
            if bytes.len() > 100 {
                bytes[100] ^= 1;
                std::fs::write(&segment, bytes).unwrap();
            }
        }
        assert_eq!(build(root, &texts).1, 0);
        assert_eq!(build(root, &texts).1, 300);
    }
}
