//! One article's texts, cut into words and weighed: all that the index needs of it.
//!
//! It depends on nothing but the article, so a server may keep it and analyse again only what was
//! edited; merging is another step.

use std::hash::{Hash as _, Hasher as _};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHasher};
use serde::{Deserialize, Serialize};

use super::input::ArticleInput;
use super::vocabulary;
use super::words::each_word;

/// What a word's occurrence counts in each field, before the field's length evens it out.
mod field {
    pub const TITLE: f32 = 6.0;
    pub const FIND_BY: f32 = 5.0;
    pub const LINK: f32 = 1.5;
    pub const HEADING: f32 = 1.6;
    pub const SUMMARY: f32 = 1.2;
    pub const TAG: f32 = 0.8;
    pub const BODY: f32 = 1.0;
    /// On top, for the names of the product's interface.
    pub const STRONG: f32 = 0.4;
}

/// Lengths, in words, at which a field counts as it stands. They are fixed: a mean over the manual
/// would move every weight with every edit.
const USUAL_BODY: f32 = 400.0;
const USUAL_HEADINGS: f32 = 24.0;
/// The weighted frequency that makes half of the greatest weight.
const SATURATION: f32 = 3.0;
/// The greatest weight of a word in an article.
pub const MAX_WEIGHT: u8 = 31;
/// Sections are told apart up to this number; the rest count as the last.
pub const MAX_SECTION: u8 = 61;
/// Between two texts whose words are no neighbours.
pub const BREAK: u16 = u16::MAX;
const MAX_FORMS: usize = u16::MAX as usize - 1;

/// An article's words by local numbers, in the order of their first occurrence. Each part is let go
/// where it has been used.
#[derive(Clone, Debug, Default)]
pub struct AnalysedArticle {
    pub forms: vocabulary::Forms,
    pub occurrences: Arc<Occurrences>,
    pub running: Arc<Running>,
}

/// The forms in an article.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormList {
    text: String,
    lengths: Vec<u8>,
}

/// How much the forms matter in an article, and where they stand in it.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occurrences {
    /// By form, 0 to [`MAX_WEIGHT`].
    pub weights: Vec<u8>,
    /// By form, how many of `places` are its.
    pub counts: Vec<u8>,
    /// Codes of [`Place`], by form ascending, one per section.
    pub places: Vec<u8>,
}

/// The texts of an article as lists of forms.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// Summary, headings and body, [`BREAK`] between blocks.
    pub stream: Vec<u16>,
    /// The title, and what serves as one: find-by queries, texts of links that lead here.
    pub titles: Vec<TitleWords>,
}

/// A title's words and its worth as a title, in 64ths.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TitleWords {
    pub forms: Vec<u16>,
    pub worth: u8,
}

/// Where in the article a form occurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub section: u8,
    pub heading: bool,
}

impl Place {
    pub fn code(self) -> u8 {
        self.section * 2 + u8::from(self.heading)
    }

    pub fn from_code(code: u8) -> Place {
        Place { section: code / 2, heading: code % 2 == 1 }
    }
}

impl FormList {
    pub fn len(&self) -> usize {
        self.lengths.len()
    }

    pub fn is_empty(&self) -> bool {
        self.lengths.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let mut rest = self.text.as_str();
        self.lengths.iter().map(move |&length| {
            let form;
            (form, rest) = rest.split_at(usize::from(length));
            form
        })
    }
}

/// Weighs the words of an article.
pub fn analyse(article: &ArticleInput) -> AnalysedArticle {
    Analyser::default().analyse(article)
}

/// Weighs the words of one article after another, in the same room.
#[derive(Default)]
pub struct Analyser {
    forms: Forms,
    stream: Vec<u16>,
    body_words: Vec<u16>,
    strong: Vec<u16>,
}

impl Analyser {
    pub fn analyse(&mut self, article: &ArticleInput) -> AnalysedArticle {
        let Analyser { forms, stream, body_words, strong } = self;
        forms.clear();
        for list in [&mut *stream, &mut *body_words, &mut *strong] {
            list.clear();
        }
        let titles = weigh(article, forms, stream, body_words, strong);
        forms.finish(stream, titles)
    }
}

/// Fills `forms` and the lists, and gives the titles.
fn weigh(
    article: &ArticleInput,
    forms: &mut Forms,
    stream: &mut Vec<u16>,
    body_words: &mut Vec<u16>,
    strong: &mut Vec<u16>,
) -> Vec<TitleWords> {
    let mut titles = Vec::new();

    let title = forms.all(&article.title);
    forms.count(&title, field::TITLE / evened(title.len(), 6.0, 0.3), Some((0, false)));
    stream.extend(&title);
    stream.push(BREAK);
    titles.push(TitleWords { forms: title, worth: 64 });
    for query in &article.find_by {
        let list = forms.all(query);
        forms.count(&list, field::FIND_BY, None);
        stream.extend(&list);
        stream.push(BREAK);
        titles.push(TitleWords { forms: list, worth: 64 });
    }
    let mut links: FxHashMap<&str, u32> = FxHashMap::default();
    for text in &article.link_texts {
        *links.entry(text.as_str()).or_default() += 1;
    }
    let mut links: Vec<(&str, u32)> = links.into_iter().collect();
    links.sort_unstable();
    for (text, times) in links {
        let list = forms.all(text);
        // Once, twice, four times: the bits of the count.
        let often = (u32::BITS - times.leading_zeros()) as f32;
        forms.count(&list, field::LINK * often.min(4.0), None);
        stream.extend(&list);
        stream.push(BREAK);
        titles.push(TitleWords { forms: list, worth: 56 });
    }
    for tag in article.tags.iter().chain(&article.module) {
        let list = forms.all(tag);
        forms.count(&list, field::TAG, None);
    }
    let summary = forms.all(&article.summary);
    forms.count(&summary, field::SUMMARY / evened(summary.len(), 20.0, 0.5), Some((0, false)));
    stream.extend(&summary);
    stream.push(BREAK);

    let headings: Vec<Vec<u16>> = article.sections.iter().map(|s| forms.all(&s.heading)).collect();
    let heading_words: usize = headings.iter().map(Vec::len).sum();
    let heading_weight = field::HEADING / evened(heading_words, USUAL_HEADINGS, 0.6);
    for (index, section) in article.sections.iter().enumerate() {
        let number = index.min(usize::from(MAX_SECTION)) as u8;
        forms.count(&headings[index], heading_weight, Some((number, true)));
        stream.extend(&headings[index]);
        stream.push(BREAK);
        let mut names = section.strong.iter().peekable();
        let mut line_end = 0;
        each_word(&section.text, |form, range| {
            let local = forms.number(form);
            if range.start >= line_end {
                if line_end > 0 {
                    stream.push(BREAK);
                }
                line_end =
                    section.text[range.start..].find('\n').map_or(usize::MAX, |i| range.start + i);
            }
            while names.peek().is_some_and(|name| name.end <= range.start) {
                names.next();
            }
            if names.peek().is_some_and(|name| name.start <= range.start) {
                strong.push(local);
            }
            stream.push(local);
            body_words.push(local);
            forms.place(local, number, false);
        });
        stream.push(BREAK);
    }
    let weight = field::BODY / evened(body_words.len(), USUAL_BODY, 0.6);
    forms.count(body_words, weight, None);
    forms.count(strong, field::STRONG * weight, None);
    titles
}

/// How much longer than usual a field is, as the divisor of its weights; `share` of it counts.
fn evened(length: usize, usual: f32, share: f32) -> f32 {
    1.0 - share + share * (length as f32 / usual)
}

/// A slot of the table that holds no form.
const FREE: u16 = u16::MAX;

/// The forms met so far, with a hash table of their numbers.
struct Forms {
    slots: Vec<u16>,
    text: String,
    ends: Vec<u32>,
    score: Vec<f32>,
    /// (form, place) of each occurrence, repeats of the last place left out.
    placed: Vec<(u16, u8)>,
    last: Vec<u8>,
}

impl Default for Forms {
    fn default() -> Forms {
        Forms {
            slots: vec![FREE; 1024],
            text: String::new(),
            ends: Vec::new(),
            score: Vec::new(),
            placed: Vec::new(),
            last: Vec::new(),
        }
    }
}

impl Forms {
    fn clear(&mut self) {
        self.slots.fill(FREE);
        self.text.clear();
        self.ends.clear();
        self.score.clear();
        self.placed.clear();
        self.last.clear();
    }

    fn form(&self, number: u16) -> &str {
        let number = usize::from(number);
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.text[start..self.ends[number] as usize]
    }

    /// Where a form stands in the table, or could stand.
    fn slot(&self, form: &str) -> usize {
        let mut hasher = FxHasher::default();
        form.hash(&mut hasher);
        let last = self.slots.len() - 1;
        let mut slot = hasher.finish() as usize & last;
        while self.slots[slot] != FREE && self.form(self.slots[slot]) != form {
            slot = (slot + 1) & last;
        }
        slot
    }

    fn number(&mut self, form: &str) -> u16 {
        let slot = self.slot(form);
        if self.slots[slot] != FREE {
            return self.slots[slot];
        }
        if self.ends.len() >= MAX_FORMS {
            return 0;
        }
        let number = self.ends.len() as u16;
        self.slots[slot] = number;
        self.text.push_str(form);
        self.ends.push(self.text.len() as u32);
        self.score.push(0.0);
        self.last.push(u8::MAX);
        if self.ends.len() * 2 > self.slots.len() {
            self.slots = vec![FREE; self.slots.len() * 2];
            for number in 0..self.ends.len() as u16 {
                let slot = self.slot(self.form(number));
                self.slots[slot] = number;
            }
        }
        number
    }

    fn all(&mut self, text: &str) -> Vec<u16> {
        let mut list = Vec::new();
        each_word(text, |form, _| list.push(self.number(form)));
        list
    }

    fn count(&mut self, list: &[u16], weight: f32, place: Option<(u8, bool)>) {
        for &local in list {
            self.score[usize::from(local)] += weight;
            if let Some((section, heading)) = place {
                self.place(local, section, heading);
            }
        }
    }

    fn place(&mut self, local: u16, section: u8, heading: bool) {
        let code = Place { section, heading }.code();
        if self.last[usize::from(local)] != code {
            self.last[usize::from(local)] = code;
            self.placed.push((local, code));
        }
    }

    fn finish(&mut self, stream: &[u16], titles: Vec<TitleWords>) -> AnalysedArticle {
        self.placed.sort_unstable();
        let mut places: Vec<u8> = Vec::with_capacity(self.placed.len());
        let mut counts = Vec::with_capacity(self.ends.len());
        let mut at = 0;
        for local in 0..self.ends.len() {
            let start = places.len();
            while let Some(&(_, code)) = self.placed.get(at).filter(|p| usize::from(p.0) == local) {
                match places[start..].last_mut() {
                    // The heading's own code follows its section's: it wins.
                    Some(last) if *last / 2 == code / 2 => *last = code,
                    _ => places.push(code),
                }
                at += 1;
            }
            counts.push((places.len() - start) as u8);
        }
        let quantize = |x: &f32| {
            let weight = f32::from(MAX_WEIGHT) * x / (x + SATURATION);
            (weight + 0.5) as u8
        };
        let weights = self.score.iter().map(quantize).map(|w| w.max(1)).collect();
        let starts = std::iter::once(&0).chain(&self.ends);
        let lengths = starts.zip(&self.ends).map(|(start, end)| (end - start) as u8).collect();
        // Copies, for what grew has room to spare, and ten thousand articles are kept at once.
        AnalysedArticle {
            forms: vocabulary::Forms::Own(Arc::new(FormList {
                text: self.text.as_str().into(),
                lengths,
            })),
            occurrences: Arc::new(Occurrences {
                weights,
                counts,
                places: places.as_slice().into(),
            }),
            running: Arc::new(Running { stream: stream.into(), titles }),
        }
    }
}
