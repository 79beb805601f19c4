//! One article's texts, cut into words and weighed: all that the index needs of it.
//!
//! It depends on nothing but the article, so a server may keep it and analyse again only what was
//! edited; merging is another step.

use rustc_hash::FxHashMap;

use super::input::ArticleInput;
use super::words::{each_word, words};

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
pub const MAX_SECTION: u16 = 61;
/// Between two texts whose words are no neighbours.
pub const BREAK: u16 = u16::MAX;
const MAX_FORMS: usize = u16::MAX as usize - 1;

/// An article's words by local numbers, in the order of their first occurrence.
#[derive(Clone, Debug, Default)]
pub struct AnalysedArticle {
    text: String,
    ends: Vec<u32>,
    /// By form, 0 to [`MAX_WEIGHT`].
    pub weights: Vec<u8>,
    places: Vec<u16>,
    place_ends: Vec<u32>,
    /// The running text of summary, headings and body, [`BREAK`] between blocks.
    pub stream: Vec<u16>,
    /// The title, and what serves as one: find-by queries, texts of links that lead here.
    pub titles: Vec<TitleWords>,
}

/// A title's words and its worth as a title, in 64ths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TitleWords {
    pub forms: Vec<u16>,
    pub worth: u8,
}

/// Where in the article a form occurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub section: u16,
    pub heading: bool,
}

impl Place {
    pub fn code(self) -> u16 {
        self.section * 2 + u16::from(self.heading)
    }

    pub fn from_code(code: u16) -> Place {
        Place { section: code / 2, heading: code % 2 == 1 }
    }
}

impl AnalysedArticle {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub fn form(&self, local: usize) -> &str {
        let start = local.checked_sub(1).map_or(0, |i| self.ends[i] as usize);
        &self.text[start..self.ends[local] as usize]
    }

    /// Codes of [`Place`], ascending, one per section.
    pub fn places(&self, local: usize) -> &[u16] {
        let start = local.checked_sub(1).map_or(0, |i| self.place_ends[i] as usize);
        &self.places[start..self.place_ends[local] as usize]
    }
}

/// Weighs the words of an article.
pub fn analyse(article: &ArticleInput) -> AnalysedArticle {
    let mut forms = Forms::default();
    let mut titles = Vec::new();
    let mut stream = Vec::new();

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
    let mut body_words = Vec::new();
    let mut strong = Vec::new();
    for (index, section) in article.sections.iter().enumerate() {
        let number = (index as u16).min(MAX_SECTION);
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
    forms.count(&body_words, weight, None);
    forms.count(&strong, field::STRONG * weight, None);
    forms.finish(stream, titles)
}

/// How much longer than usual a field is, as the divisor of its weights; `share` of it counts.
fn evened(length: usize, usual: f32, share: f32) -> f32 {
    1.0 - share + share * (length as f32 / usual)
}

#[derive(Default)]
struct Forms {
    numbers: FxHashMap<Box<str>, u16>,
    text: String,
    ends: Vec<u32>,
    score: Vec<f32>,
    /// (form, place) of each occurrence, repeats of the last place left out.
    placed: Vec<(u16, u16)>,
    last: Vec<u16>,
}

impl Forms {
    fn number(&mut self, form: &str) -> u16 {
        if let Some(&number) = self.numbers.get(form) {
            return number;
        }
        if self.ends.len() >= MAX_FORMS {
            return 0;
        }
        let number = self.ends.len() as u16;
        self.numbers.insert(form.into(), number);
        self.text.push_str(form);
        self.ends.push(self.text.len() as u32);
        self.score.push(0.0);
        self.last.push(u16::MAX);
        number
    }

    fn all(&mut self, text: &str) -> Vec<u16> {
        words(text).iter().map(|form| self.number(form)).collect()
    }

    fn count(&mut self, list: &[u16], weight: f32, place: Option<(u16, bool)>) {
        for &local in list {
            self.score[usize::from(local)] += weight;
            if let Some((section, heading)) = place {
                self.place(local, section, heading);
            }
        }
    }

    fn place(&mut self, local: u16, section: u16, heading: bool) {
        let code = Place { section, heading }.code();
        if self.last[usize::from(local)] != code {
            self.last[usize::from(local)] = code;
            self.placed.push((local, code));
        }
    }

    fn finish(mut self, stream: Vec<u16>, titles: Vec<TitleWords>) -> AnalysedArticle {
        self.placed.sort_unstable();
        let mut places: Vec<u16> = Vec::with_capacity(self.placed.len());
        let mut place_ends = Vec::with_capacity(self.ends.len());
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
            place_ends.push(places.len() as u32);
        }
        let quantize = |x: &f32| {
            let weight = f32::from(MAX_WEIGHT) * x / (x + SATURATION);
            (weight + 0.5) as u8
        };
        let weights = self.score.iter().map(quantize).map(|w| w.max(1)).collect();
        AnalysedArticle {
            text: self.text,
            ends: self.ends,
            weights,
            places,
            place_ends,
            stream,
            titles,
        }
    }
}
