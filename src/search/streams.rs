//! The texts of all articles as lists of forms, in blocks of articles.

use std::sync::Arc;

use bytemuck::{cast_slice, pod_collect_to_vec};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::analyse::{self, Running};

/// Between two texts whose words are no neighbours.
pub const BREAK: u32 = u32::MAX;
/// Articles of a block; the last may have fewer.
pub const BLOCK: usize = 128;

/// In the order of the articles.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Streams {
    pub blocks: Vec<Block>,
}

/// The texts of some articles, and what serves them as titles. Lists stand one behind the other, each
/// with its end.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Block {
    texts: Vec<u32>,
    /// By article, where its text ends.
    text_ends: Vec<u32>,
    titles: Vec<u32>,
    /// By title, where its forms end.
    title_ends: Vec<u32>,
    /// By title.
    worths: Vec<u8>,
    /// By article, where its titles end.
    titled: Vec<u32>,
}

/// A title's forms and its worth, as of [`analyse::TitleWords`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Title<'a> {
    pub forms: &'a [u32],
    pub worth: u8,
}

impl Streams {
    /// `rows` has by article the numbers of its forms.
    pub fn new(articles: Vec<Arc<Running>>, rows: Vec<Vec<u32>>) -> Streams {
        let mut all: Vec<(Arc<Running>, Vec<u32>)> = articles.into_iter().zip(rows).collect();
        let block = |articles: &mut [(Arc<Running>, Vec<u32>)]| {
            let mut block = Block::default();
            for article in articles {
                let (running, row) = std::mem::take(article);
                block.push(&running, &row);
            }
            block.fit();
            block
        };
        Streams { blocks: all.par_chunks_mut(BLOCK).map(block).collect() }
    }

    /// The block of an article, and its place there.
    pub fn place(&self, doc: usize) -> (&Block, usize) {
        (&self.blocks[doc / BLOCK], doc % BLOCK)
    }
}

impl Block {
    pub fn len(&self) -> usize {
        self.text_ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.text_ends.is_empty()
    }

    /// The text of the article at a place.
    pub fn text(&self, at: usize) -> &[u32] {
        &self.texts[range(&self.text_ends, at)]
    }

    /// What serves it as titles.
    pub fn titles(&self, at: usize) -> impl Iterator<Item = Title<'_>> {
        range(&self.titled, at).map(|title| Title {
            forms: &self.titles[range(&self.title_ends, title)],
            worth: self.worths[title],
        })
    }

    /// Adds an article; `row` has the numbers of its forms.
    pub fn push(&mut self, article: &Running, row: &[u32]) {
        let form = |local: &u16| match *local {
            analyse::BREAK => BREAK,
            local => row[usize::from(local)],
        };
        self.texts.extend(article.stream.iter().map(form));
        for title in &article.titles {
            self.titles.extend(title.forms.iter().map(form));
            self.title_ends.push(self.titles.len() as u32);
            self.worths.push(title.worth);
        }
        self.end_article();
    }

    /// Adds the article at a place of another block, whose forms have got these numbers.
    pub fn push_from(&mut self, other: &Block, at: usize, numbers: &[u32]) {
        let form = |form: &u32| match *form {
            BREAK => BREAK,
            form => numbers[form as usize],
        };
        self.texts.extend(other.text(at).iter().map(form));
        for title in other.titles(at) {
            self.titles.extend(title.forms.iter().map(form));
            self.title_ends.push(self.titles.len() as u32);
            self.worths.push(title.worth);
        }
        self.end_article();
    }

    /// Gives the forms these numbers.
    pub fn renumber(&mut self, numbers: &[u32]) {
        for form in self.texts.iter_mut().chain(&mut self.titles).filter(|form| **form != BREAK) {
            *form = numbers[*form as usize];
        }
    }

    fn end_article(&mut self) {
        self.text_ends.push(self.texts.len() as u32);
        self.titled.push(self.worths.len() as u32);
    }

    /// Gives room to spare back: it stays for long.
    pub fn fit(&mut self) {
        for list in [&mut self.texts, &mut self.titles] {
            list.shrink_to_fit();
        }
    }

    /// As bytes; numbers stand in the order of the machine.
    pub fn write(&self) -> Option<Vec<u8>> {
        let lists = [&self.texts, &self.text_ends, &self.titles, &self.title_ends, &self.titled];
        let lists = lists.map(|list| cast_slice(list.as_slice()));
        postcard::to_stdvec(&Stored { lists, worths: &self.worths }).ok()
    }

    /// The same again.
    pub fn read(bytes: &[u8]) -> Option<Block> {
        let Stored { lists, worths } = postcard::from_bytes(bytes).ok()?;
        if lists.iter().any(|list| list.len() % 4 != 0) {
            return None;
        }
        let [texts, text_ends, titles, title_ends, titled] = lists.map(pod_collect_to_vec);
        let worths = worths.to_vec();
        Some(Block { texts, text_ends, titles, title_ends, worths, titled })
    }
}

#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    /// Of `u32`.
    #[serde(borrow)]
    lists: [&'a [u8]; 5],
    #[serde(borrow)]
    worths: &'a [u8],
}

fn range(ends: &[u32], at: usize) -> std::ops::Range<usize> {
    let start = at.checked_sub(1).map_or(0, |before| ends[before] as usize);
    start..ends[at] as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::analyse::TitleWords;

    #[test]
    fn texts_and_titles_come_back_from_blocks_and_bytes() {
        let article = |stream: &[u16], titles: &[&[u16]]| {
            let title = |forms: &&[u16]| TitleWords { forms: forms.to_vec(), worth: 56 };
            let titles = titles.iter().map(title).collect();
            Arc::new(Running { stream: stream.to_vec(), titles })
        };
        let articles = vec![
            article(&[0, 1, analyse::BREAK, 0], &[&[1], &[]]),
            article(&[], &[]),
            article(&[1], &[&[0, 1]]),
        ];
        let rows = vec![vec![7, 3], vec![], vec![3, 9]];
        let streams = Streams::new(articles, rows);
        let block = &streams.blocks[0];
        assert_eq!(
            (0..3).map(|at| block.text(at)).collect::<Vec<_>>(),
            [&[7, 3, BREAK, 7][..], &[], &[9]]
        );
        let titles = |at| block.titles(at).map(|title| title.forms).collect::<Vec<_>>();
        assert_eq!(
            [titles(0), titles(1), titles(2)],
            [vec![&[3][..], &[]], vec![], vec![&[3, 9][..]]]
        );
        assert_eq!(Block::read(&block.write().unwrap()).as_ref(), Some(block));
        let mut moved = Block::default();
        moved.push_from(block, 2, &[0, 0, 0, 30, 0, 0, 0, 70, 0, 90]);
        assert_eq!(moved.text(0), [90]);
        assert_eq!(moved.titles(0).next(), Some(Title { forms: &[30, 90], worth: 56 }));
    }
}
