//! The inverted index: every word form of a language with the articles and sections it occurs in.
//!
//! 1. A tokenizer of our own hands tantivy each analysed article's distinct forms. A form's first
//!    position in an article is its weight there; the further ones are its places.
//! 2. Tantivy sorts and compresses them in one pass, a part of the articles on each thread into a
//!    segment in memory.
//! 3. The segments' dictionaries and postings are read back in order and joined: [`Postings`].

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use tantivy::directory::RamDirectory;
use tantivy::postings::Postings as _;
use tantivy::schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};
use tantivy::{DocSet as _, Index, IndexSettings, TERMINATED, TantivyDocument};

use super::analyse::AnalysedArticle;

/// Places follow the weight, above all weights.
const FIRST_PLACE: u32 = 64;
const TOKENIZER: &str = "analysed";
const MEMORY: usize = 64 << 20;
/// Fewer articles are not worth a thread of their own.
const SMALLEST_SEGMENT: usize = 256;

/// One form in one article.
#[derive(Clone, Copy, Debug)]
pub struct Posting {
    pub doc: u32,
    pub weight: u8,
    places: (u32, u8),
}

/// All forms of a language in byte order, with their postings by article.
#[derive(Default)]
pub struct Postings {
    text: String,
    ends: Vec<u32>,
    posting_ends: Vec<u32>,
    postings: Vec<Posting>,
    places: Vec<u8>,
}

impl Postings {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub fn form(&self, id: usize) -> &str {
        let start = id.checked_sub(1).map_or(0, |i| self.ends[i] as usize);
        &self.text[start..self.ends[id] as usize]
    }

    pub fn find(&self, form: &str) -> Option<usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = (low + high) / 2;
            match self.form(middle).cmp(form) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(middle),
            }
        }
        None
    }

    /// By article, ascending.
    pub fn of(&self, id: usize) -> &[Posting] {
        let start = id.checked_sub(1).map_or(0, |i| self.posting_ends[i] as usize);
        &self.postings[start..self.posting_ends[id] as usize]
    }

    /// Codes of places, ascending.
    pub fn places(&self, posting: &Posting) -> &[u8] {
        let (start, count) = posting.places;
        &self.places[start as usize..start as usize + usize::from(count)]
    }
}

/// Indexes articles under their place in the list.
///
/// # Errors
///
/// What tantivy reports; its index is in memory, so that is a bug here or there.
pub fn index(articles: Arc<Vec<Arc<AnalysedArticle>>>) -> tantivy::Result<Postings> {
    let mut schema = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(TOKENIZER)
        .set_fieldnorms(false)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let field =
        schema.add_text_field("forms", TextOptions::default().set_indexing_options(indexing));
    let schema = schema.build();
    let size = articles.len().div_ceil(rayon::current_num_threads()).max(SMALLEST_SEGMENT);
    let starts: Vec<usize> = (0..articles.len()).step_by(size).collect();
    let segments: Vec<Index> = starts
        .par_iter()
        .map(|&start| {
            let end = articles.len().min(start + size);
            segment(&articles, start..end, &schema, field)
        })
        .collect::<tantivy::Result<_>>()?;
    read(&segments, &starts, field)
}

/// An index of some of the articles, in one segment; they are numbered from 0 in it.
fn segment(
    articles: &Arc<Vec<Arc<AnalysedArticle>>>,
    range: Range<usize>,
    schema: &Schema,
    field: Field,
) -> tantivy::Result<Index> {
    let tokenizers = TokenizerManager::default();
    let articles = Arc::clone(articles);
    tokenizers.register(TOKENIZER, Analysed { articles, token: Token::default() });
    let settings =
        IndexSettings { docstore_compress_dedicated_thread: false, ..IndexSettings::default() };
    let mut writer = Index::builder()
        .schema(schema.clone())
        .tokenizers(tokenizers)
        .settings(settings)
        .single_segment_index_writer(RamDirectory::create(), MEMORY)?;
    for number in range {
        let mut document = TantivyDocument::default();
        document.add_text(field, number.to_string());
        writer.add_document(document)?;
    }
    writer.finalize()
}

/// Joins the segments: form by form, the articles of the first, then those of the next. The result
/// does not tell how many there were.
fn read(segments: &[Index], starts: &[usize], field: Field) -> tantivy::Result<Postings> {
    let mut all = Postings::default();
    let mut positions = Vec::new();
    let mut inverted = Vec::new();
    for (segment, &start) in segments.iter().zip(starts) {
        for reader in segment.reader()?.searcher().segment_readers() {
            inverted.push((reader.inverted_index(field)?, start as u32));
        }
    }
    let mut streams = Vec::new();
    for (index, start) in &inverted {
        let mut terms = index.terms().stream()?;
        if terms.advance() {
            streams.push((terms, index, *start));
        }
    }
    let mut form = Vec::new();
    while let Some(least) = streams.iter().map(|(terms, ..)| terms.key()).min() {
        form.clear();
        form.extend_from_slice(least);
        all.text.push_str(&String::from_utf8_lossy(&form));
        all.ends.push(all.text.len() as u32);
        let mut at = 0;
        while at < streams.len() {
            let (terms, index, start) = &mut streams[at];
            if terms.key() != form {
                at += 1;
                continue;
            }
            let option = IndexRecordOption::WithFreqsAndPositions;
            let mut list = index.read_postings_from_terminfo(terms.value(), option)?;
            while list.doc() != TERMINATED {
                list.positions(&mut positions);
                let (weight, places) = positions.split_first().unwrap_or((&1, &[]));
                let first = all.places.len() as u32;
                all.places.extend(places.iter().map(|place| (place - FIRST_PLACE) as u8));
                all.postings.push(Posting {
                    doc: *start + list.doc(),
                    weight: *weight as u8,
                    places: (first, places.len() as u8),
                });
                list.advance();
            }
            if terms.advance() {
                at += 1;
            } else {
                // The order of the rest is the articles'.
                streams.remove(at);
            }
        }
        all.posting_ends.push(all.postings.len() as u32);
    }
    Ok(all)
}

/// Reads a document's text as an article's number and gives that article's forms.
#[derive(Clone)]
struct Analysed {
    articles: Arc<Vec<Arc<AnalysedArticle>>>,
    token: Token,
}

impl Tokenizer for Analysed {
    type TokenStream<'a> = Forms<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Forms<'a> {
        let article = text.parse().ok().and_then(|number: usize| self.articles.get(number));
        Forms { article: article.map(Arc::as_ref), next: (0, 0), token: &mut self.token }
    }
}

struct Forms<'a> {
    article: Option<&'a AnalysedArticle>,
    /// Form, and how many of its positions are done.
    next: (usize, usize),
    token: &'a mut Token,
}

impl TokenStream for Forms<'_> {
    fn advance(&mut self) -> bool {
        let Some(article) = self.article else { return false };
        let (form, done) = self.next;
        if form >= article.len() {
            return false;
        }
        let places = article.places(form);
        self.token.position_length = 0;
        if done == 0 {
            self.token.text.clear();
            self.token.text.push_str(article.form(form));
            self.token.position = usize::from(article.weights[form]);
        } else {
            self.token.position = FIRST_PLACE as usize + usize::from(places[done - 1]);
        }
        self.next = if done < places.len() { (form, done + 1) } else { (form + 1, 0) };
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::analyse::analyse;
    use crate::search::input::ArticleInput;

    #[test]
    fn the_number_of_threads_does_not_show() {
        let article = |number: usize| {
            let title = format!("lasku {} {}", number % 7, number % 100);
            let summary = format!("ohje {number}");
            Arc::new(analyse(&ArticleInput { title, summary, ..ArticleInput::default() }))
        };
        let articles: Arc<Vec<_>> = Arc::new((0..3 * SMALLEST_SEGMENT).map(article).collect());
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let all = pool.install(|| index(Arc::clone(&articles))).unwrap();
            let lists = (0..all.len()).map(|id| {
                let list = all.of(id).iter().map(|p| (p.doc, p.weight, all.places(p).to_vec()));
                (all.form(id).to_owned(), list.collect::<Vec<_>>())
            });
            lists.collect::<Vec<_>>()
        };
        let alone = on(1);
        assert_eq!(alone.iter().find(|(form, _)| form == "lasku").unwrap().1.len(), articles.len());
        assert_eq!(on(3), alone);
        assert_eq!(on(2), alone);
    }
}
