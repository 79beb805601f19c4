//! Every word form of a language once, in the order of the shards.
//!
//! 1. The forms of some articles are numbered on each thread.
//! 2. These lists are joined.
//! 3. The forms are put in the order of their folded keys, which numbers them anew: how the work
//!    was shared out does not show.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::analyse::FormList;
use super::wire::utf16_order;
use super::words::fold;

/// Fewer articles are not worth a thread of their own.
const SMALLEST: usize = 256;

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

impl Vocabulary {
    pub fn new(articles: &[Arc<FormList>]) -> Vocabulary {
        let size = articles.len().div_ceil(rayon::current_num_threads()).max(SMALLEST);
        let parts: Vec<Part<'_>> = articles.par_chunks(size).map(Part::new).collect();
        let (texts, numbers) = join(&parts);
        let mut forms: Vec<(Word, u32)> = texts
            .into_par_iter()
            .enumerate()
            .map(|(number, text)| (Word { text: text.to_owned(), key: fold(text) }, number as u32))
            .collect();
        forms.par_sort_unstable_by(|(a, _), (b, _)| {
            utf16_order(&a.key, &b.key).then_with(|| utf16_order(&a.text, &b.text))
        });
        let mut places = vec![0; forms.len()];
        for (place, (_, number)) in forms.iter().enumerate() {
            places[*number as usize] = place as u32;
        }
        let rows = parts
            .into_par_iter()
            .zip(numbers)
            .flat_map_iter(|(part, numbers)| {
                let places: Vec<u32> = numbers.iter().map(|&n| places[n as usize]).collect();
                part.rows.into_iter().map(move |mut row| {
                    row.iter_mut().for_each(|form| *form = places[*form as usize]);
                    row
                })
            })
            .collect();
        Vocabulary { forms: forms.into_iter().map(|(word, _)| word).collect(), rows }
    }
}

/// Forms of some articles, in the order of their first occurrence.
struct Part<'a> {
    forms: Vec<&'a str>,
    rows: Vec<Vec<u32>>,
}

impl<'a> Part<'a> {
    fn new(articles: &'a [Arc<FormList>]) -> Part<'a> {
        let mut numbers: FxHashMap<&str, u32> = FxHashMap::default();
        let mut forms = Vec::new();
        let rows = articles.iter().map(|article| {
            let row = article.iter().map(|form| {
                *numbers.entry(form).or_insert_with(|| {
                    forms.push(form);
                    forms.len() as u32 - 1
                })
            });
            row.collect()
        });
        let rows = rows.collect();
        Part { forms, rows }
    }
}

/// All forms, and by part the numbers that they have got.
fn join<'a>(parts: &[Part<'a>]) -> (Vec<&'a str>, Vec<Vec<u32>>) {
    let mut numbers: FxHashMap<&str, u32> = FxHashMap::default();
    let mut forms = Vec::new();
    let of_parts = parts.iter().map(|part| {
        let of_part = part.forms.iter().map(|&form| {
            *numbers.entry(form).or_insert_with(|| {
                forms.push(form);
                forms.len() as u32 - 1
            })
        });
        of_part.collect()
    });
    let of_parts = of_parts.collect();
    (forms, of_parts)
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
        let articles: Vec<_> = (0..3 * SMALLEST).map(article).collect();
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let all = pool.install(|| Vocabulary::new(&articles));
            (all.forms, all.rows)
        };
        let (forms, rows) = on(1);
        assert_eq!(forms.iter().filter(|word| word.text == "äly" && word.key == "aly").count(), 1);
        for (row, article) in rows.iter().zip(&articles) {
            let there = row.iter().map(|&form| forms[form as usize].text.as_str());
            assert!(there.eq(article.iter()));
        }
        assert_eq!(on(3), (forms.clone(), rows.clone()));
        assert_eq!(on(2), (forms, rows));
    }
}
