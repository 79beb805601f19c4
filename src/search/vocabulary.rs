//! Every word form of a language once, in the order of the shards.
//!
//! 1. Articles that were analysed together list their forms in one [`Part`].
//! 2. The parts are joined.
//! 3. The forms are put in the order of their folded keys, which numbers them anew: how the work
//!    was shared out does not show.

use std::cmp::Ordering;
use std::mem;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::analyse::FormList;
use super::form_table::FormTable;
use super::wire::{utf16_order, utf16_start};
use super::words::fold;

/// Articles of a part.
pub const PART: usize = 512;

/// Which forms an article has, by its own numbers of them.
#[derive(Clone, Debug)]
pub enum Forms {
    /// As the article lists them.
    Own(Arc<FormList>),
    /// By their numbers in a part.
    Of(Arc<Part>, Vec<u32>),
    /// As the article of this number in a [`super::base::Base`] has them.
    Known(u32),
}

impl Default for Forms {
    fn default() -> Forms {
        Forms::Own(Arc::default())
    }
}

/// The different forms of some articles.
#[derive(Debug, Default)]
pub struct Part {
    text: String,
    ends: Vec<u32>,
}

impl Part {
    /// The forms one behind the other, and where each ends.
    pub fn raw(&self) -> (&str, &[u32]) {
        (&self.text, &self.ends)
    }

    /// The same again; `None` where the ends do not fit the text.
    pub fn from_raw(text: String, ends: Vec<u32>) -> Option<Part> {
        let fits = ends.is_sorted() && ends.iter().all(|&end| text.is_char_boundary(end as usize));
        fits.then_some(Part { text, ends })
    }

    fn form(&self, number: usize) -> &str {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start as usize..self.ends[number] as usize]
    }

    fn push(&mut self, form: &str) {
        self.text.push_str(form);
        self.ends.push(self.text.len() as u32);
    }

    fn forms(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.text[start as usize..end as usize])
    }
}

/// Lists the forms of some articles together, which takes a tenth of the room.
pub fn list_together<'a>(articles: impl Iterator<Item = &'a mut Forms>) {
    let mut own: Vec<(&mut Forms, Arc<FormList>)> = articles
        .filter_map(|forms| match forms {
            Forms::Own(list) => {
                let list = Arc::clone(list);
                Some((forms, list))
            }
            Forms::Of(..) | Forms::Known(_) => None,
        })
        .collect();
    let mut numbers: FxHashMap<&str, u32> = FxHashMap::default();
    let mut part = Part::default();
    let mut number = |form| {
        *numbers.entry(form).or_insert_with(|| {
            part.push(form);
            part.ends.len() as u32 - 1
        })
    };
    let rows: Vec<Vec<u32>> =
        own.iter().map(|(_, list)| list.iter().map(&mut number).collect()).collect();
    let part =
        Arc::new(Part { text: part.text.as_str().into(), ends: part.ends.as_slice().into() });
    for ((forms, _), row) in own.iter_mut().zip(rows) {
        **forms = Forms::Of(Arc::clone(&part), row);
    }
}

/// The forms of a language, numbered in the order of their keys and then themselves.
#[derive(Debug, Default)]
pub struct Vocabulary {
    pub forms: Vec<Word>,
    /// By article: the number here of each form, by its number in the article.
    pub rows: Vec<Vec<u32>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    /// The text without diacritics.
    pub key: String,
}

/// Words in order, in little room.
#[derive(Debug, Default)]
pub struct WordList {
    texts: Part,
    keys: Part,
}

impl WordList {
    pub fn new(words: &[Word]) -> WordList {
        let mut list = WordList::default();
        for Word { text, key } in words {
            list.texts.push(text);
            list.keys.push(key);
        }
        list
    }

    /// Of texts and keys, as of a [`Part`].
    pub fn raw(&self) -> [(&str, &[u32]); 2] {
        [self.texts.raw(), self.keys.raw()]
    }

    /// The same again; `None` where these are no such lists.
    pub fn from_raw(texts: (String, Vec<u32>), keys: (String, Vec<u32>)) -> Option<WordList> {
        let (texts, keys) = (Part::from_raw(texts.0, texts.1)?, Part::from_raw(keys.0, keys.1)?);
        (texts.ends.len() == keys.ends.len()).then_some(WordList { texts, keys })
    }

    pub fn len(&self) -> usize {
        self.texts.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.texts.ends.is_empty()
    }

    pub fn word(&self, number: usize) -> Word {
        Word { text: self.texts.form(number).to_owned(), key: self.keys.form(number).to_owned() }
    }

    /// Where a word that does not come before the place `from` stands or would stand, and whether it
    /// does.
    pub fn place(&self, word: &Word, from: usize) -> (usize, bool) {
        let (mut low, mut high) = (from, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let by_key = utf16_order(self.keys.form(middle), &word.key);
            match by_key.then_with(|| utf16_order(self.texts.form(middle), &word.text)) {
                Ordering::Less => low = middle + 1,
                Ordering::Equal => return (middle, true),
                Ordering::Greater => high = middle,
            }
        }
        (low, false)
    }
}

impl Vocabulary {
    pub fn new(mut articles: Vec<Forms>) -> Vocabulary {
        articles.par_chunks_mut(PART).for_each(|some| list_together(some.iter_mut()));
        let mut places_of: FxHashMap<*const Part, usize> = FxHashMap::default();
        let mut parts: Vec<Arc<Part>> = Vec::new();
        let mut rows = Vec::with_capacity(articles.len());
        for forms in articles {
            if let Forms::Of(part, row) = forms {
                let place = *places_of.entry(Arc::as_ptr(&part)).or_insert_with(|| {
                    parts.push(part);
                    parts.len() - 1
                });
                rows.push((place, row));
            }
        }
        let (forms, mut numbers) = join(&parts, &used(&parts, &rows));
        let word = |number: u32| {
            let text = forms.form(number);
            Word { text: text.to_owned(), key: fold(text) }
        };
        let mut words: Vec<Word> = (0..forms.len() as u32).into_par_iter().map(word).collect();
        // Most are told apart by how their keys start.
        let mut order: Vec<(u64, u32)> = words
            .par_iter()
            .map(|word| utf16_start(&word.key))
            .zip(0..words.len() as u32)
            .collect();
        order.par_sort_unstable_by(|(a_start, a), (b_start, b)| {
            let (a, b) = (&words[*a as usize], &words[*b as usize]);
            let by_key = || utf16_order(&a.key, &b.key);
            let by_text = || utf16_order(&a.text, &b.text);
            a_start.cmp(b_start).then_with(by_key).then_with(by_text)
        });
        let mut places = vec![0; words.len()];
        for (place, (_, number)) in order.iter().enumerate() {
            places[*number as usize] = place as u32;
        }
        let forms =
            order.iter().map(|(_, number)| mem::take(&mut words[*number as usize])).collect();
        let place = |number: &mut u32| {
            if *number != UNUSED {
                *number = places[*number as usize];
            }
        };
        numbers.par_iter_mut().flatten().for_each(place);
        let rows = rows.into_par_iter().map(|(part, mut row)| {
            row.iter_mut().for_each(|form| *form = numbers[part][*form as usize]);
            row
        });
        let rows = rows.collect();
        Vocabulary { forms, rows }
    }
}

/// In place of a number: no article has the form.
const UNUSED: u32 = u32::MAX;

/// By part, which of its forms any of these articles has. A part that was kept also lists what its
/// articles had before, or what stands only in those that others read.
fn used(parts: &[Arc<Part>], rows: &[(usize, Vec<u32>)]) -> Vec<Vec<bool>> {
    let mut used: Vec<Vec<bool>> = parts.iter().map(|part| vec![false; part.ends.len()]).collect();
    for (part, row) in rows {
        let used = &mut used[*part];
        row.iter().for_each(|&form| used[form as usize] = true);
    }
    used
}

/// All forms that are used, and by part the numbers that they have got.
fn join(parts: &[Arc<Part>], used: &[Vec<bool>]) -> (FormTable, Vec<Vec<u32>>) {
    let share = parts.len().div_ceil(rayon::current_num_threads()).max(1);
    let shares = parts.par_chunks(share).zip(used.par_chunks(share));
    let joined: Vec<(FormTable, Vec<Vec<u32>>)> = shares
        .map(|(parts, used)| {
            let mut forms = FormTable::default();
            let of_parts = parts.iter().zip(used).map(|(part, used)| {
                let number = |(form, &used): (&str, &bool)| match used {
                    true => forms.number(form),
                    false => UNUSED,
                };
                part.forms().zip(used).map(number).collect()
            });
            let of_parts = of_parts.collect();
            (forms, of_parts)
        })
        .collect();
    let mut joined = joined.into_iter();
    let (mut all, mut numbers) = joined.next().unwrap_or_default();
    for (forms, mut of_parts) in joined {
        let joined: Vec<u32> = forms.forms().map(|form| all.number(form)).collect();
        let number =
            |number: &mut u32| *number = joined.get(*number as usize).map_or(UNUSED, |n| *n);
        of_parts.par_iter_mut().flatten().for_each(number);
        numbers.append(&mut of_parts);
    }
    (all, numbers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::analyse::analyse;
    use crate::search::input::ArticleInput;

    #[test]
    fn the_number_of_threads_does_not_show() {
        let article = |number: usize| {
            let title = format!("lasku {} {} äly", number % 7, number % 100);
            let summary = format!("ohje {number}");
            analyse(&ArticleInput { title, summary, ..ArticleInput::default() }).forms
        };
        let articles: Vec<Forms> = (0..3 * PART).map(article).collect();
        let on = |threads, articles: Vec<Forms>| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let all = pool.install(|| Vocabulary::new(articles));
            (all.forms, all.rows)
        };
        let (forms, rows) = on(1, articles.clone());
        assert_eq!(forms.iter().filter(|word| word.text == "äly" && word.key == "aly").count(), 1);
        for (row, article) in rows.iter().zip(&articles) {
            let Forms::Own(article) = article else { panic!("nothing has listed them together") };
            let there = row.iter().map(|&form| forms[form as usize].text.as_str());
            assert!(there.eq(article.iter()));
        }
        let mut listed = articles.clone();
        listed.chunks_mut(70).step_by(2).for_each(|some| list_together(some.iter_mut()));
        assert_eq!(on(3, listed), (forms.clone(), rows.clone()));
        assert_eq!(on(2, articles), (forms, rows));
    }
}
