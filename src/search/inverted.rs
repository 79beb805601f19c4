//! The words of all articles with where they stand: what follows from each article by itself.
//!
//! From nothing, all articles are gone through. After an edit, what an earlier build found in the
//! others is only numbered anew ([`Inverted::since`]); the result is the same.

use std::mem;
use std::sync::Arc;

use rayon::prelude::*;

use super::analyse::{AnalysedArticle, Occurrences, Running};
use super::base::Base;
use super::postings::{From, GONE, Postings};
use super::streams::{BLOCK, Block, Streams};
use super::vocabulary::{Forms, Vocabulary, Word};

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Inverted {
    /// In the order of their keys.
    pub words: Vec<Word>,
    pub postings: Postings,
    pub streams: Streams,
}

/// What has changed since a base was made.
#[derive(Debug)]
pub struct Changes {
    /// By article of the base, its number now; or it is gone.
    pub now: Vec<u32>,
    /// The numbers of the new articles.
    pub docs: Vec<u32>,
    /// By form, the numbers that it had.
    pub from: Vec<From>,
}

/// The parts of articles, each a list.
struct Lists {
    forms: Vec<Forms>,
    occurrences: Vec<Arc<Occurrences>>,
    running: Vec<Arc<Running>>,
}

impl Lists {
    fn of(articles: Vec<AnalysedArticle>) -> Lists {
        let mut lists = Lists { forms: Vec::new(), occurrences: Vec::new(), running: Vec::new() };
        for AnalysedArticle { forms, occurrences, running } in articles {
            lists.forms.push(forms);
            lists.occurrences.push(occurrences);
            lists.running.push(running);
        }
        lists
    }
}

impl Inverted {
    /// Of articles that are all here; they are numbered by their place in the list.
    pub fn new(articles: Vec<AnalysedArticle>) -> Inverted {
        let Lists { forms, occurrences, running } = Lists::of(articles);
        let Vocabulary { forms: words, rows } = Vocabulary::new(forms);
        let postings = Postings::new(&occurrences, &rows, words.len());
        drop(occurrences);
        Inverted { words, postings, streams: Streams::new(running, rows) }
    }

    /// Of articles of which an earlier build knew some: those whose forms are [`Forms::Known`]. Takes what
    /// it needs out of the base.
    pub fn since(base: &mut Base, articles: Vec<AnalysedArticle>) -> (Inverted, Changes) {
        let mut now = vec![GONE; base.keys.len()];
        // By article, what there is of it: a number of the base's, or of the new ones.
        let mut sources = Vec::with_capacity(articles.len());
        let (mut new, mut docs) = (Vec::new(), Vec::new());
        for (doc, article) in (0u32..).zip(articles) {
            if let Forms::Known(known) = article.forms {
                now[known as usize] = doc;
                sources.push(Source::Base(known as usize));
            } else {
                sources.push(Source::New(new.len()));
                docs.push(doc);
                new.push(article);
            }
        }
        let Lists { forms, occurrences, running } = Lists::of(new);
        let Vocabulary { forms: words, mut rows } = Vocabulary::new(forms);
        let own = Postings::new(&occurrences, &rows, words.len());
        let Joined { words, from, numbers, own_numbers } = join(base, words, &now);
        rows.iter_mut().flatten().for_each(|form| *form = own_numbers[*form as usize]);

        let (before, streams) = (mem::take(&mut base.postings), mem::take(&mut base.streams));
        let (postings, streams) = rayon::join(
            || Postings::joined(&before, &now, &own, &docs, &from),
            || joined(streams, &sources, &numbers, &running, &rows),
        );
        let inverted = Inverted { words, postings, streams };
        (inverted, Changes { now, docs, from })
    }
}

/// The texts of a base, whose forms have got these `numbers`, with those of new articles.
fn joined(
    mut base: Streams,
    sources: &[Source],
    numbers: &[u32],
    running: &[Arc<Running>],
    rows: &[Vec<u32>],
) -> Streams {
    // Most blocks have the articles that they had.
    let mut blocks: Vec<Block> = Vec::new();
    for (number, sources) in sources.chunks(BLOCK).enumerate() {
        let is_same = |(at, source): (usize, &Source)| matches!(*source, Source::Base(doc) if doc == number * BLOCK + at);
        let same = base.blocks.get_mut(number).filter(|block| {
            block.len() == sources.len() && sources.iter().enumerate().all(is_same)
        });
        blocks.push(same.map(mem::take).unwrap_or_default());
    }
    let fill = |(block, sources): (&mut Block, &[Source])| {
        if !block.is_empty() {
            block.renumber(numbers);
            return;
        }
        for source in sources {
            match *source {
                Source::Base(doc) => {
                    let (other, at) = base.place(doc);
                    block.push_from(other, at, numbers);
                }
                Source::New(number) => block.push(&running[number], &rows[number]),
            }
        }
        block.fit();
    };
    blocks.par_iter_mut().zip(sources.par_chunks(BLOCK)).for_each(fill);
    Streams { blocks }
}

/// Where an article comes from, with its number there.
enum Source {
    Base(usize),
    New(usize),
}

struct Joined {
    words: Vec<Word>,
    /// By form, the numbers that it had.
    from: Vec<From>,
    /// By form of the base, its number now.
    numbers: Vec<u32>,
    /// The same of the new articles' forms.
    own_numbers: Vec<u32>,
}

/// Puts the forms of new articles among those of a base, and leaves out what stands in none any more.
fn join(base: &Base, mut own: Vec<Word>, now: &[u32]) -> Joined {
    let count = base.words.len();
    let is_there =
        |form: usize| base.postings.docs(form).iter().any(|&doc| now[doc as usize] != GONE);
    let mut from = Vec::with_capacity(count + own.len());
    let (mut numbers, mut own_numbers) = (vec![GONE; count], Vec::with_capacity(own.len()));
    let mut next = 0;
    let old = |forms: std::ops::Range<usize>, from: &mut Vec<From>, numbers: &mut Vec<u32>| {
        for form in forms.filter(|&form| is_there(form)) {
            numbers[form] = from.len() as u32;
            from.push(From { base: Some(form), own: None });
        }
    };
    for (number, word) in own.iter().enumerate() {
        let (place, is_known) = base.words.place(word, next);
        old(next..place, &mut from, &mut numbers);
        next = place;
        own_numbers.push(from.len() as u32);
        let known = is_known.then_some(place);
        if known.is_some() {
            numbers[place] = from.len() as u32;
            next += 1;
        }
        from.push(From { base: known, own: Some(number) });
    }
    old(next..count, &mut from, &mut numbers);
    let mut words: Vec<Word> = from
        .par_iter()
        .with_min_len(1_000)
        .map(|from| from.base.map(|form| base.words.word(form)).unwrap_or_default())
        .collect();
    for (number, place) in own_numbers.iter().enumerate() {
        words[*place as usize] = mem::take(&mut own[number]);
    }
    Joined { words, from, numbers, own_numbers }
}
