//! The texts of all articles as lists of forms, in blocks of articles. A text has its article's own
//! numbers of the forms, in half the room; what they are among all stands once for each article.

use std::sync::Arc;

use bytemuck::{Pod, cast_slice, pod_collect_to_vec};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_bytes::Bytes;

use super::analyse::Running;

/// Articles of a block; the last may have fewer.
pub const BLOCK: usize = 128;

/// In the order of the articles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Streams {
    pub blocks: Vec<Block>,
}

/// The texts of some articles, and what serves them as titles. Lists stand one behind the other, each
/// with its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// By article, the numbers of its forms among all.
    rows: Vec<u32>,
    row_ends: Vec<u32>,
    texts: Vec<u16>,
    /// By article, where its text ends.
    text_ends: Vec<u32>,
    titles: Vec<u16>,
    /// By title, where its forms end.
    title_ends: Vec<u32>,
    /// By title.
    worths: Vec<u8>,
    /// By article, where its titles end.
    titled: Vec<u32>,
}

/// A title's forms, by their numbers in the article, and its worth: as of
/// [`super::analyse::TitleWords`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Title<'a> {
    pub forms: &'a [u16],
    pub worth: u8,
}

impl Streams {
    /// `rows` has by article the numbers of its forms.
    pub fn new(articles: Vec<Arc<Running>>, rows: Vec<Vec<u32>>) -> Streams {
        let mut all: Vec<(Arc<Running>, Vec<u32>)> = articles.into_iter().zip(rows).collect();
        let block = |articles: &mut [(Arc<Running>, Vec<u32>)]| {
            let mut block = Block::default();
            block.rows.reserve_exact(articles.iter().map(|(_, row)| row.len()).sum());
            let texts = articles.iter().map(|(running, _)| running.stream.len()).sum();
            block.texts.reserve_exact(texts);
            for article in articles {
                let (running, row) = std::mem::take(article);
                block.push(&running, &row);
            }
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

    /// The forms of the article at a place, by its own numbers of them.
    pub fn row(&self, at: usize) -> &[u32] {
        &self.rows[range(&self.row_ends, at)]
    }

    /// Its text, [`super::analyse::BREAK`] between blocks.
    pub fn text(&self, at: usize) -> &[u16] {
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
        self.rows.extend_from_slice(row);
        self.texts.extend_from_slice(&article.stream);
        for title in &article.titles {
            self.push_title(&title.forms, title.worth);
        }
        self.end_article();
    }

    /// Adds the article at a place of another block, whose forms have got these numbers.
    pub fn push_from(&mut self, other: &Block, at: usize, numbers: &[u32]) {
        self.rows.extend(other.row(at).iter().map(|&form| numbers[form as usize]));
        self.texts.extend_from_slice(other.text(at));
        for title in other.titles(at) {
            self.push_title(title.forms, title.worth);
        }
        self.end_article();
    }

    /// Gives the forms these numbers.
    pub fn renumber(&mut self, numbers: &[u32]) {
        self.rows.iter_mut().for_each(|form| *form = numbers[*form as usize]);
    }

    fn push_title(&mut self, forms: &[u16], worth: u8) {
        self.titles.extend_from_slice(forms);
        self.title_ends.push(self.titles.len() as u32);
        self.worths.push(worth);
    }

    fn end_article(&mut self) {
        self.row_ends.push(self.rows.len() as u32);
        self.text_ends.push(self.texts.len() as u32);
        self.titled.push(self.worths.len() as u32);
    }

    /// Gives room to spare back: it stays for long.
    pub fn fit(&mut self) {
        self.rows.shrink_to_fit();
        self.texts.shrink_to_fit();
    }

    /// As bytes; numbers stand in the order of the machine.
    pub fn write(&self) -> Option<Vec<u8>> {
        fn bytes<T: Pod>(list: &[T]) -> &Bytes {
            Bytes::new(cast_slice(list))
        }
        let ends = [&self.row_ends, &self.text_ends, &self.title_ends, &self.titled];
        let stored = Stored {
            ends: ends.map(|list| bytes(list)),
            rows: bytes(&self.rows),
            texts: bytes(&self.texts),
            titles: bytes(&self.titles),
            worths: bytes(&self.worths),
        };
        postcard::to_stdvec(&stored).ok()
    }

    /// The same again.
    pub fn read(bytes: &[u8]) -> Option<Block> {
        fn numbers<T: Pod>(bytes: &Bytes) -> Option<Vec<T>> {
            bytes.len().is_multiple_of(size_of::<T>()).then(|| pod_collect_to_vec(bytes))
        }
        let Stored { ends, rows, texts, titles, worths } = postcard::from_bytes(bytes).ok()?;
        let [row_ends, text_ends, title_ends, titled] = ends.map(numbers);
        Some(Block {
            rows: numbers(rows)?,
            row_ends: row_ends?,
            texts: numbers(texts)?,
            text_ends: text_ends?,
            titles: numbers(titles)?,
            title_ends: title_ends?,
            worths: worths.to_vec(),
            titled: titled?,
        })
    }
}

#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    /// Of `u32`.
    #[serde(borrow)]
    ends: [&'a Bytes; 4],
    #[serde(borrow)]
    rows: &'a Bytes,
    /// Of `u16`.
    #[serde(borrow)]
    texts: &'a Bytes,
    #[serde(borrow)]
    titles: &'a Bytes,
    #[serde(borrow)]
    worths: &'a Bytes,
}

fn range(ends: &[u32], at: usize) -> std::ops::Range<usize> {
    let start = at.checked_sub(1).map_or(0, |before| ends[before] as usize);
    start..ends[at] as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::analyse::{BREAK, TitleWords};

    #[test]
    fn texts_and_titles_come_back_from_blocks_and_bytes() {
        let article = |stream: &[u16], titles: &[&[u16]]| {
            let title = |forms: &&[u16]| TitleWords { forms: forms.to_vec(), worth: 56 };
            let titles = titles.iter().map(title).collect();
            Arc::new(Running { stream: stream.to_vec(), titles })
        };
        let articles = vec![
            article(&[0, 1, BREAK, 0], &[&[1], &[]]),
            article(&[], &[]),
            article(&[1], &[&[0, 1]]),
        ];
        let rows = vec![vec![7, 3], vec![], vec![3, 9]];
        let streams = Streams::new(articles, rows.clone());
        let block = &streams.blocks[0];
        assert_eq!(
            (0..3).map(|at| block.text(at)).collect::<Vec<_>>(),
            [&[0, 1, BREAK, 0][..], &[], &[1]]
        );
        assert_eq!((0..3).map(|at| block.row(at)).collect::<Vec<_>>(), rows);
        let titles = |at| block.titles(at).map(|title| title.forms).collect::<Vec<_>>();
        assert_eq!(
            [titles(0), titles(1), titles(2)],
            [vec![&[1][..], &[]], vec![], vec![&[0, 1][..]]]
        );
        assert_eq!(Block::read(&block.write().unwrap()).as_ref(), Some(block));
        let mut moved = Block::default();
        moved.push_from(block, 2, &[0, 0, 0, 30, 0, 0, 0, 70, 0, 90]);
        assert_eq!((moved.row(0), moved.text(0)), (&[30, 90][..], &[1][..]));
        assert_eq!(moved.titles(0).next(), Some(Title { forms: &[0, 1], worth: 56 }));
        moved.renumber(&(0..100).rev().collect::<Vec<_>>());
        assert_eq!(moved.row(0), [69, 9]);
    }
}
