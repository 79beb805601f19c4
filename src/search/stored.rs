//! Prepared articles as bytes, for later builds.

use std::borrow::Cow;
use std::sync::Arc;

use bytemuck::{cast_slice, pod_collect_to_vec};
use serde::{Deserialize, Serialize};

use super::analyse::{AnalysedArticle, Occurrences, Running, TitleWords};
use super::record::{Prepared, Record};
use super::vocabulary::{Forms, Part};

/// Articles whose forms are listed together. Numbers stand in the order of the machine.
#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    /// Tells machines apart that write numbers the other way round.
    #[serde(with = "serde_bytes")]
    order: &'a [u8],
    forms: &'a str,
    /// Of `u32`: where each form ends.
    #[serde(with = "serde_bytes")]
    ends: &'a [u8],
    #[serde(borrow)]
    articles: Vec<StoredArticle<'a>>,
}

#[derive(Serialize, Deserialize)]
struct StoredArticle<'a> {
    record: Arc<Record>,
    /// Of `u16`: the numbers of its forms.
    #[serde(with = "serde_bytes")]
    row: &'a [u8],
    #[serde(with = "serde_bytes")]
    weights: &'a [u8],
    #[serde(with = "serde_bytes")]
    counts: &'a [u8],
    #[serde(with = "serde_bytes")]
    places: &'a [u8],
    /// Of `u16`.
    #[serde(with = "serde_bytes")]
    stream: &'a [u8],
    titles: Cow<'a, [TitleWords]>,
}

const ORDER: [u16; 1] = [0x0102];

/// The articles as bytes; `None` where their forms are not listed together, or are too many.
pub fn write(articles: &[&Prepared]) -> Option<Vec<u8>> {
    let Forms::Of(part, _) = &articles.first()?.words.forms else { return None };
    let (forms, ends) = part.raw();
    let own = |article: &&Prepared| match &article.words.forms {
        Forms::Of(own, row) if Arc::ptr_eq(own, part) => {
            row.iter().map(|&form| u16::try_from(form).ok()).collect()
        }
        _ => None,
    };
    let rows: Vec<Vec<u16>> = articles.iter().map(own).collect::<Option<_>>()?;
    let articles: Vec<StoredArticle<'_>> =
        articles.iter().zip(&rows).map(|(article, row)| stored(article, row)).collect();
    let size = |article: &StoredArticle<'_>| {
        let StoredArticle { row, weights, counts, places, stream, .. } = article;
        let lists = [*row, *weights, *counts, *places, *stream];
        lists.map(<[u8]>::len).iter().sum::<usize>() + OTHERS
    };
    let size = forms.len() + 4 * ends.len() + articles.iter().map(size).sum::<usize>();
    let stored = Stored { order: cast_slice(&ORDER), forms, ends: cast_slice(ends), articles };
    postcard::to_extend(&stored, Vec::with_capacity(size)).ok()
}

fn stored<'a>(article: &'a Prepared, row: &'a [u16]) -> StoredArticle<'a> {
    let AnalysedArticle { occurrences, running, .. } = &article.words;
    StoredArticle {
        record: Arc::clone(&article.record),
        row: cast_slice(row),
        weights: &occurrences.weights,
        counts: &occurrences.counts,
        places: &occurrences.places,
        stream: cast_slice(&running.stream),
        titles: Cow::Borrowed(&running.titles),
    }
}

/// What an article takes besides its words, about.
const OTHERS: usize = 1_024;

/// The articles again; `None` for bytes that are none.
pub fn read(bytes: &[u8]) -> Option<Vec<Prepared>> {
    let Stored { order, forms, ends, articles } = postcard::from_bytes(bytes).ok()?;
    if order != cast_slice::<u16, u8>(&ORDER) {
        return None;
    }
    let part = Arc::new(Part::from_raw(forms.to_owned(), pod_collect_to_vec(ends))?);
    let article = |stored: StoredArticle<'_>| {
        let row: Vec<u16> = pod_collect_to_vec(stored.row);
        let forms = Forms::Of(Arc::clone(&part), row.into_iter().map(u32::from).collect());
        let occurrences = Arc::new(Occurrences {
            weights: stored.weights.to_vec(),
            counts: stored.counts.to_vec(),
            places: stored.places.to_vec(),
        });
        let stream = pod_collect_to_vec(stored.stream);
        let running = Arc::new(Running { stream, titles: stored.titles.into_owned() });
        Prepared { record: stored.record, words: AnalysedArticle { forms, occurrences, running } }
    };
    Some(articles.into_iter().map(article).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::analyse::Analyser;
    use crate::search::input::{ArticleInput, SectionInput};
    use crate::search::vocabulary::list_together;

    #[test]
    fn articles_come_back_as_they_were() {
        let article = |number: usize| ArticleInput {
            path: format!("ohje/{number}/"),
            title: format!("Lasku {number}"),
            tags: vec!["alv".to_owned()],
            module: (number == 1).then(|| "crm".to_owned()),
            find_by: vec!["mistä lasku".to_owned()],
            sections: vec![SectionInput {
                heading: "Öljy".to_owned(),
                text: format!("käyttäjä {number} laskuttaa"),
                variant: Some("pilvi".to_owned()),
                ..SectionInput::default()
            }],
            ..ArticleInput::default()
        };
        let mut analyser = Analyser::default();
        let mut articles: Vec<Prepared> =
            (0..3).map(|number| Prepared::new(&article(number), &mut analyser).0).collect();
        assert!(write(&articles.iter().collect::<Vec<_>>()).is_none(), "each lists its own");
        list_together(articles.iter_mut().map(|article| &mut article.words.forms));
        let bytes = write(&articles.iter().collect::<Vec<_>>()).unwrap();
        let again = read(&bytes).unwrap();
        assert_eq!(format!("{again:?}"), format!("{articles:?}"));
        for end in 0..bytes.len() {
            assert!(read(&bytes[..end]).is_none(), "cut at {end}");
        }
    }
}
