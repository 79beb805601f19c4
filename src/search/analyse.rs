//! One article's texts, cut into words and weighed: all that the index needs of it.
//!
//! It depends on nothing but the article, so a server may keep it and analyse again only what was
//! edited; merging is another step.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::form_table::FormTable;
use super::input::{ArticleInput, SectionInput};
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
    /// The forms of all articles that are listed together.
    known: FormTable,
    /// By such a form, where it was met last.
    met: Vec<Met>,
    /// Counts the articles.
    article: u32,
    /// By form of the article, its number among all.
    row: Vec<u32>,
    tallies: Vec<Tally>,
    places: Vec<u8>,
    stream: Vec<u16>,
    /// The words of its headings, and by section where they end.
    headings: (Vec<u16>, Vec<usize>),
}

/// An article that has a form, and the form's number in it.
#[derive(Clone, Copy, Default)]
struct Met {
    article: u32,
    number: u16,
}

/// How a form of an article occurs in it.
#[derive(Clone, Copy, Default)]
struct Tally {
    /// What it counts outside of the body.
    score: f32,
    /// How often it stands in the body, and as a name there.
    body: u32,
    strong: u32,
    /// The sections in which it occurs, and in whose headings: a bit each.
    sections: u64,
    headings: u64,
}

impl Tally {
    fn place(&mut self, section: u8, heading: bool) {
        self.sections |= 1 << section;
        self.headings |= u64::from(heading) << section;
    }
}

impl Analyser {
    /// The article, its forms listed by themselves.
    pub fn analyse(&mut self, article: &ArticleInput) -> AnalysedArticle {
        let words = self.words(article);
        let forms = || self.row.iter().map(|&form| self.known.form(form));
        let (text, lengths) = (forms().collect(), forms().map(|form| form.len() as u8).collect());
        AnalysedArticle {
            forms: vocabulary::Forms::Own(Arc::new(FormList { text, lengths })),
            ..words
        }
    }

    /// The article without its forms, and their numbers in the list of all.
    pub fn analyse_with_others(&mut self, article: &ArticleInput) -> (AnalysedArticle, Vec<u32>) {
        let words = self.words(article);
        (words, self.row.as_slice().into())
    }

    /// The forms of the articles that were analysed with others.
    pub fn list(&self) -> vocabulary::Part {
        let (text, ends) = self.known.raw();
        vocabulary::Part::from_raw(text, ends).unwrap_or_default()
    }

    fn words(&mut self, article: &ArticleInput) -> AnalysedArticle {
        self.article += 1;
        self.row.clear();
        self.tallies.clear();
        self.stream.clear();
        let titles = self.weigh(article);
        AnalysedArticle {
            forms: vocabulary::Forms::default(),
            occurrences: Arc::new(occurrences(&self.tallies, &mut self.places)),
            // A copy, for what grew has room to spare, and ten thousand articles are kept at once.
            running: Arc::new(Running { stream: self.stream.as_slice().into(), titles }),
        }
    }

    /// The form's number in the article; those of forms beyond [`MAX_FORMS`] are that of the first.
    #[inline]
    fn number(&mut self, form: &str) -> u16 {
        let form = self.known.number(form);
        if form as usize == self.met.len() {
            self.met.push(Met::default());
        }
        let met = &mut self.met[form as usize];
        if met.article != self.article {
            if self.row.len() == MAX_FORMS {
                return 0;
            }
            *met = Met { article: self.article, number: self.row.len() as u16 };
            self.row.push(form);
            self.tallies.push(Tally::default());
        }
        met.number
    }

    fn all(&mut self, text: &str) -> Vec<u16> {
        let mut list = Vec::new();
        each_word(text, |form, _| list.push(self.number(form)));
        list
    }

    fn count(&mut self, list: &[u16], weight: f32, place: Option<(u8, bool)>) {
        for &local in list {
            let tally = &mut self.tallies[usize::from(local)];
            tally.score += weight;
            if let Some((section, heading)) = place {
                tally.place(section, heading);
            }
        }
    }

    /// A text of which the words are neighbours.
    fn run(&mut self, list: &[u16]) {
        self.stream.extend_from_slice(list);
        self.stream.push(BREAK);
    }

    /// Fills the tallies and the stream, and gives the titles.
    fn weigh(&mut self, article: &ArticleInput) -> Vec<TitleWords> {
        let mut titles = Vec::new();
        let title = self.all(&article.title);
        self.count(&title, field::TITLE / evened(title.len(), 6.0, 0.3), Some((0, false)));
        self.run(&title);
        titles.push(TitleWords { forms: title, worth: 64 });
        for query in &article.find_by {
            let list = self.all(query);
            self.count(&list, field::FIND_BY, None);
            self.run(&list);
            titles.push(TitleWords { forms: list, worth: 64 });
        }
        let mut links: Vec<&str> = article.link_texts.iter().map(String::as_str).collect();
        links.sort_unstable();
        for same in links.chunk_by(|a, b| a == b) {
            let list = self.all(same[0]);
            // Once, twice, four times: the bits of the count.
            let often = (usize::BITS - same.len().leading_zeros()) as f32;
            self.count(&list, field::LINK * often.min(4.0), None);
            self.run(&list);
            titles.push(TitleWords { forms: list, worth: 56 });
        }
        for tag in article.tags.iter().chain(&article.module) {
            let list = self.all(tag);
            self.count(&list, field::TAG, None);
        }
        let summary = self.all(&article.summary);
        self.count(&summary, field::SUMMARY / evened(summary.len(), 20.0, 0.5), Some((0, false)));
        self.run(&summary);
        self.weigh_sections(&article.sections);
        titles
    }

    fn weigh_sections(&mut self, sections: &[SectionInput]) {
        // All headings first: how much a word in one counts depends on how many there are.
        let (mut words, mut ends) = std::mem::take(&mut self.headings);
        words.clear();
        ends.clear();
        for section in sections {
            each_word(&section.heading, |form, _| words.push(self.number(form)));
            ends.push(words.len());
        }
        let heading_weight = field::HEADING / evened(words.len(), USUAL_HEADINGS, 0.6);
        let mut body_words = 0;
        let mut start = 0;
        for (index, (section, &end)) in sections.iter().zip(&ends).enumerate() {
            let number = index.min(usize::from(MAX_SECTION)) as u8;
            let heading = &words[start..end];
            start = end;
            self.count(heading, heading_weight, Some((number, true)));
            self.run(heading);
            body_words += self.weigh_body(section, number);
        }
        self.headings = (words, ends);
        let weight = field::BODY / evened(body_words, USUAL_BODY, 0.6);
        let strong = field::STRONG * weight;
        // They are added one by one: a product would be rounded otherwise. By number, what so many are
        // that nothing stands before, as is most often so.
        let mut sums = vec![0.0];
        for tally in &mut self.tallies {
            if tally.score == 0.0 {
                while sums.len() <= tally.body as usize {
                    sums.push(sums[sums.len() - 1] + weight);
                }
                tally.score = sums[tally.body as usize];
            } else {
                (0..tally.body).for_each(|_| tally.score += weight);
            }
            (0..tally.strong).for_each(|_| tally.score += strong);
        }
    }

    /// Counts the words of a section's text, and gives how many they are.
    fn weigh_body(&mut self, section: &SectionInput, number: u8) -> usize {
        let mut names = section.strong.iter().peekable();
        let mut words = 0;
        let mut before = 0;
        each_word(&section.text, |form, range| {
            let local = self.number(form);
            let gap = &section.text.as_bytes()[before.min(range.start)..range.start];
            if words > 0 && gap.contains(&b'\n') {
                self.stream.push(BREAK);
            }
            before = range.end;
            while names.next_if(|name| name.end <= range.start).is_some() {}
            let tally = &mut self.tallies[usize::from(local)];
            tally.body += 1;
            tally.strong += u32::from(names.peek().is_some_and(|name| name.start <= range.start));
            tally.place(number, false);
            self.stream.push(local);
            words += 1;
        });
        self.stream.push(BREAK);
        words
    }
}

/// What the index needs of the tallies of an article. `places` is room for the places.
fn occurrences(tallies: &[Tally], places: &mut Vec<u8>) -> Occurrences {
    places.clear();
    let mut counts = Vec::with_capacity(tallies.len());
    for tally in tallies {
        let before = places.len();
        let mut rest = tally.sections;
        while rest != 0 {
            let section = rest.trailing_zeros() as u8;
            rest &= rest - 1;
            places.push(Place { section, heading: tally.headings >> section & 1 != 0 }.code());
        }
        counts.push((places.len() - before) as u8);
    }
    let quantize = |tally: &Tally| {
        let weight = f32::from(MAX_WEIGHT) * tally.score / (tally.score + SATURATION);
        ((weight + 0.5) as u8).max(1)
    };
    Occurrences {
        weights: tallies.iter().map(quantize).collect(),
        counts,
        places: places.as_slice().into(),
    }
}

/// How much longer than usual a field is, as the divisor of its weights; `share` of it counts.
fn evened(length: usize, usual: f32, share: f32) -> f32 {
    1.0 - share + share * (length as f32 / usual)
}
