//! Shards, decoded.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use super::super::shards::Files;
use super::super::wire::{
    self, DIGITS, Entry, FacetShard, Numbers, RecordShard, TextShard, WordShard, front_coded,
    utf16_order,
};
use super::super::words::fold;

/// Where shards come from, by their path below `search/`.
pub trait Source {
    /// The file's content; `None` if it is missing.
    fn load(&self, path: &str) -> Option<Vec<u8>>;
}

impl Source for Files {
    fn load(&self, path: &str) -> Option<Vec<u8>> {
        self.get(path).map(|file| file.to_vec())
    }
}

/// A word shard, ready to be asked.
#[derive(Default)]
pub struct Words {
    pub forms: Vec<String>,
    pub keys: Vec<String>,
    /// By form: the first form of its group.
    pub first: Vec<usize>,
    pub step: Vec<u8>,
    pub stop: Vec<bool>,
    starts: Vec<usize>,
    listings: Vec<Listing>,
    /// By form.
    neighbours: BTreeMap<usize, BTreeMap<u32, Vec<u32>>>,
    /// By beginning: the hash of its shard.
    pub beginnings: BTreeMap<String, String>,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Listing {
    pub doc: u32,
    pub weight: u8,
    pub share: u8,
    pub sections: u64,
    pub headings: u64,
}

impl Words {
    fn new(shard: &WordShard) -> Words {
        let forms = front_coded(&shard.0);
        let mut words =
            Words { keys: forms.iter().map(|f| fold(f)).collect(), forms, ..Words::default() };
        let (mut backs, mut steps) = (Numbers::new(&shard.1), Numbers::new(&shard.2));
        let (mut counts, mut gaps) = (Numbers::new(&shard.3), Numbers::new(&shard.4));
        let (mut weights, mut shares) = (Numbers::new(&shard.5), Numbers::new(&shard.6));
        let mut places = Numbers::new(&shard.7);
        // By group and article, from the first form on that has them.
        let mut shared: BTreeMap<(usize, u32), (u64, u64)> = BTreeMap::new();
        for place in 0..words.forms.len() {
            let back = backs.number() as usize;
            let first = if back == 0 || back > place { place } else { words.first[place - back] };
            words.first.push(first);
            let step = steps.digit();
            words.step.push((step % 40) as u8);
            words.stop.push(step >= 40);
            words.starts.push(words.listings.len());
            let mut doc = 0;
            for _ in 0..counts.number() {
                doc += gaps.number();
                let weight = weights.digit();
                let share = if weight >= 32 { shares.digit() } else { 0 };
                let (mut sections, mut headings) = (0u64, 0u64);
                let mut section = -1;
                loop {
                    let code = places.number();
                    section += (code >> 2) as i32;
                    if code >= 4 && section < 62 {
                        sections |= 1 << section;
                        headings |= u64::from(code >> 1 & 1) << section;
                    }
                    if code & 1 == 0 {
                        break;
                    }
                }
                if sections == 0 {
                    (sections, headings) = shared.get(&(first, doc)).copied().unwrap_or_default();
                } else {
                    shared.insert((first, doc), (sections, headings));
                }
                let (weight, share) = ((weight % 32) as u8, share as u8);
                words.listings.push(Listing { doc, weight, share, sections, headings });
                doc += 1;
            }
        }
        words.starts.push(words.listings.len());
        words.read_neighbours(&shard.8);
        let lines = shard.9.lines().filter_map(|line| line.split_once(' '));
        words.beginnings = lines.map(|(start, hash)| (start.to_owned(), hash.to_owned())).collect();
        words
    }

    fn read_neighbours(&mut self, text: &str) {
        let mut numbers = Numbers::new(text);
        for place in 0..self.forms.len() {
            let count = numbers.number();
            if count == 0 {
                continue;
            }
            let docs: Vec<u32> = self.listings(place).iter().map(|l| l.doc).collect();
            let mut by_key = BTreeMap::new();
            for _ in 0..count {
                let key = numbers.digit() * DIGITS + numbers.digit();
                let mut list = Vec::new();
                let mut at = 0;
                loop {
                    let code = numbers.number();
                    at += (code >> 1) as usize;
                    list.extend(docs.get(at));
                    at += 1;
                    if code & 1 == 0 {
                        break;
                    }
                }
                by_key.insert(key, list);
            }
            self.neighbours.insert(place, by_key);
        }
    }

    pub fn listings(&self, place: usize) -> &[Listing] {
        &self.listings[self.starts[place]..self.starts[place + 1]]
    }

    /// The forms of the group whose first form is at `first`.
    pub fn members(&self, first: usize) -> Vec<usize> {
        (first..self.forms.len()).filter(|&i| self.first[i] == first).collect()
    }

    /// The articles in which the form stands beside the neighbour of this key.
    pub fn beside(&self, place: usize, key: u32) -> &[u32] {
        self.neighbours.get(&place).and_then(|own| own.get(&key)).map_or(&[], Vec::as_slice)
    }

    pub fn has(&self, key: &str) -> bool {
        self.keys.get(self.starting(key).start).is_some_and(|own| own == key)
    }

    /// The places of the keys from `from` on that start with it.
    pub fn starting(&self, from: &str) -> std::ops::Range<usize> {
        let start = self.keys.partition_point(|key| utf16_order(key, from).is_lt());
        let count = self.keys[start..].iter().take_while(|key| key.starts_with(from)).count();
        start..start + count
    }
}

/// One language's shards: the entry and what was asked of the rest.
pub struct Library<'a> {
    source: &'a dyn Source,
    pub entry: Entry,
    pub bounds: Vec<String>,
    pub backwards: Vec<String>,
    words: Vec<OnceCell<Rc<Words>>>,
    /// By word shard: the hash of its file, and its place there.
    files: Vec<(String, usize)>,
    /// By hash; they are numbered after the word shards.
    beginnings: RefCell<Vec<(String, Rc<Words>)>>,
    spelling: Vec<OnceCell<Rc<Vec<String>>>>,
    records: RefCell<BTreeMap<usize, Rc<Records>>>,
}

/// What hits show, of one record shard.
#[derive(Default)]
pub struct Records {
    pub paths: Vec<String>,
    pub titles: Vec<String>,
    pub summaries: Vec<String>,
    pub categories: Vec<u32>,
    pub kinds: Vec<u32>,
    pub anchors: Vec<String>,
    pub texts: Vec<String>,
}

impl<'a> Library<'a> {
    /// `None` if there is no index for the language.
    pub fn open(source: &'a dyn Source, lang: &str) -> Option<Library<'a>> {
        let entry: Entry = wire::argument(&source.load(&format!("{lang}.js"))?)?;
        let (bounds, backwards) = (front_coded(&entry.bounds), front_coded(&entry.backwards));
        Some(Library {
            source,
            words: (0..bounds.len()).map(|_| OnceCell::new()).collect(),
            files: files(&entry.words),
            beginnings: RefCell::default(),
            spelling: (0..backwards.len()).map(|_| OnceCell::new()).collect(),
            bounds,
            backwards,
            entry,
            records: RefCell::default(),
        })
    }

    fn read<T: for<'de> serde::Deserialize<'de> + Default>(
        &self,
        folder: &str,
        hashes: &str,
        number: usize,
    ) -> T {
        self.file(folder, hashes.get(7 * number..7 * number + 7).unwrap_or_default())
    }

    fn file<T: for<'de> serde::Deserialize<'de> + Default>(&self, folder: &str, hash: &str) -> T {
        let file = self.source.load(&format!("{folder}/{hash}.js"));
        file.and_then(|file| wire::argument(&file)).unwrap_or_default()
    }

    /// A word shard, or one of a beginning.
    pub fn words(&self, shard: usize) -> Rc<Words> {
        let Some(cell) = self.words.get(shard) else {
            let known = self.beginnings.borrow();
            return known
                .get(shard - self.words.len())
                .map(|x| Rc::clone(&x.1))
                .unwrap_or_default();
        };
        let read = || {
            let (hash, at) = self.files.get(shard)?;
            let file: Vec<WordShard> = self.file("w", hash);
            Some(Rc::new(Words::new(file.get(*at)?)))
        };
        Rc::clone(cell.get_or_init(|| read().unwrap_or_default()))
    }

    /// The number of a beginning's shard.
    pub fn beginning(&self, hash: &str) -> usize {
        let mut known = self.beginnings.borrow_mut();
        let place = known.iter().position(|x| x.0 == hash).unwrap_or_else(|| {
            let words = Words::new(&self.file::<WordShard>("b", hash));
            known.push((hash.to_owned(), Rc::new(words)));
            known.len() - 1
        });
        self.words.len() + place
    }

    /// Forms, read backwards.
    pub fn spelling(&self, shard: usize) -> Rc<Vec<String>> {
        let Some(cell) = self.spelling.get(shard) else { return Rc::default() };
        let read = || Rc::new(front_coded(&self.read::<String>("s", &self.entry.spelling, shard)));
        Rc::clone(cell.get_or_init(read))
    }

    pub fn facets(&self) -> Facets {
        Facets::new(&self.read("f", &self.entry.facets, 0), self.entry.count)
    }

    pub fn text(&self, records: &Records, at: usize) -> TextShard {
        let part = |list: &[String]| list.get(at).cloned().unwrap_or_default();
        let path = part(&records.paths).trim_matches('/').replace(['/', '#'], ".");
        let file = self.source.load(&format!("t/{path}.{}.js", part(&records.texts)));
        file.and_then(|file| wire::argument(&file)).unwrap_or_default()
    }

    /// The numbers of the articles in the innermost category that holds the page or category at
    /// `path`, such as `invoicing/credit`; none where no category does.
    pub fn near(&self, path: Option<&str>) -> Range<u32> {
        let path = path.unwrap_or_default().trim_matches('/');
        let mut numbers = Numbers::new(&self.entry.within);
        let mut best: (usize, Range<u32>) = (0, 0..0);
        for (category, _) in &self.entry.categories {
            let (first, count) = (numbers.number(), numbers.number());
            let rest = path.strip_prefix(category.as_str());
            if category.len() > best.0 && rest.is_some_and(|r| r.is_empty() || r.starts_with('/')) {
                best = (category.len(), first..first.saturating_add(count));
            }
        }
        best.1
    }

    /// The record shard that holds an article, and its place there.
    pub fn record(&self, doc: u32) -> (Rc<Records>, usize) {
        let chunk = self.entry.chunk.max(1) as usize;
        let number = doc as usize / chunk;
        let mut known = self.records.borrow_mut();
        let records = known
            .entry(number)
            .or_insert_with(|| Rc::new(Records::new(&self.read("r", &self.entry.records, number))));
        (Rc::clone(records), doc as usize % chunk)
    }
}

/// The files of the word shards, as [`Entry::words`] lists them.
fn files(mut coded: &str) -> Vec<(String, usize)> {
    let mut list: Vec<(String, usize)> = Vec::new();
    while !coded.is_empty() {
        match (coded.strip_prefix('.'), list.last().cloned()) {
            (Some(rest), Some((hash, at))) => {
                list.push((hash, at + 1));
                coded = rest;
            }
            _ => {
                let (hash, rest) = coded.split_at_checked(7).unwrap_or((coded, ""));
                list.push((hash.to_owned(), 0));
                coded = rest;
            }
        }
    }
    list
}

/// What filters ask, by article; numbers are those of the wire format.
#[derive(Default)]
pub struct Facets {
    pub docs: Vec<FacetsOf>,
    pub modules: Vec<String>,
    pub tags: Vec<String>,
}

pub struct FacetsOf {
    pub category: u32,
    pub kind: u32,
    pub module: u32,
    pub tags: Vec<u32>,
}

impl Facets {
    fn new(shard: &FacetShard, count: u32) -> Facets {
        let (mut categories, mut kinds) = (Numbers::new(&shard.0), Numbers::new(&shard.1));
        let (mut modules, mut tags) = (Numbers::new(&shard.2), Numbers::new(&shard.3));
        let docs = (0..count).map(|_| FacetsOf {
            category: categories.number(),
            kind: kinds.number(),
            module: modules.number(),
            tags: (0..tags.number()).map(|_| tags.number()).collect(),
        });
        Facets { docs: docs.collect(), modules: shard.4.clone(), tags: shard.5.clone() }
    }
}

impl Records {
    fn new(shard: &RecordShard) -> Records {
        let lines = |text: &str| text.split('\n').map(str::to_owned).collect::<Vec<_>>();
        let mut paths: Vec<String> = Vec::new();
        for line in shard.0.split('\n') {
            let shared = line.bytes().next().map_or(0, |b| usize::from(b.saturating_sub(b'A')));
            let last = paths.last().map(String::as_str).unwrap_or_default();
            let path = [last.get(..shared).unwrap_or_default(), line.get(1..).unwrap_or_default()];
            paths.push(path.concat());
        }
        let count = paths.len();
        let numbers = |text: &str| {
            let mut numbers = Numbers::new(text);
            (0..count).map(|_| numbers.number()).collect::<Vec<_>>()
        };
        let hashes =
            (0..count).map(|i| shard.6.get(3 * i..3 * i + 3).unwrap_or_default().to_owned());
        Records {
            titles: lines(&shard.1),
            summaries: lines(&shard.2),
            categories: numbers(&shard.3),
            kinds: numbers(&shard.4),
            anchors: lines(&shard.5),
            texts: hashes.collect(),
            paths,
        }
    }
}
