//! The inverted index: every word form of a language with the articles and sections it occurs in.
//!
//! 1. A tokenizer of our own hands tantivy each analysed article's distinct forms. A form's first
//!    position in an article is its weight there; the further ones are its places.
//! 2. Tantivy sorts and compresses them in one pass into a single segment in memory.
//! 3. The segment's dictionary and postings are read back in order: [`Postings`].

use std::sync::Arc;

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
    let tokenizers = TokenizerManager::default();
    let count = articles.len();
    tokenizers.register(TOKENIZER, Analysed { articles, token: Token::default() });
    let settings =
        IndexSettings { docstore_compress_dedicated_thread: false, ..IndexSettings::default() };
    let mut writer = Index::builder()
        .schema(schema.build())
        .tokenizers(tokenizers)
        .settings(settings)
        .single_segment_index_writer(RamDirectory::create(), MEMORY)?;
    for number in 0..count {
        let mut document = TantivyDocument::default();
        document.add_text(field, number.to_string());
        writer.add_document(document)?;
    }
    read(&writer.finalize()?, field)
}

fn read(index: &Index, field: Field) -> tantivy::Result<Postings> {
    let mut all = Postings::default();
    let mut positions = Vec::new();
    let searcher = index.reader()?.searcher();
    for segment in searcher.segment_readers() {
        let inverted = segment.inverted_index(field)?;
        let mut terms = inverted.terms().stream()?;
        while terms.advance() {
            all.text.push_str(&String::from_utf8_lossy(terms.key()));
            all.ends.push(all.text.len() as u32);
            let mut list = inverted.read_postings_from_terminfo(
                terms.value(),
                IndexRecordOption::WithFreqsAndPositions,
            )?;
            while list.doc() != TERMINATED {
                list.positions(&mut positions);
                let (weight, places) = positions.split_first().unwrap_or((&1, &[]));
                let start = all.places.len() as u32;
                all.places.extend(places.iter().map(|place| (place - FIRST_PLACE) as u8));
                all.postings.push(Posting {
                    doc: list.doc(),
                    weight: *weight as u8,
                    places: (start, places.len() as u8),
                });
                list.advance();
            }
            all.posting_ends.push(all.postings.len() as u32);
        }
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
