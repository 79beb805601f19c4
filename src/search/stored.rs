//! Prepared articles as bytes, for later builds.

use std::sync::Arc;

use super::analyse::{AnalysedArticle, FormList, Occurrences, Running};
use super::record::{Prepared, Record};
use super::vocabulary::Forms;

type Parts = (Arc<Record>, Arc<FormList>, Arc<Occurrences>, Arc<Running>);

/// The article as bytes; `None` where it does not list its forms itself.
pub fn write(article: &Prepared) -> Option<Vec<u8>> {
    let AnalysedArticle { forms: Forms::Own(forms), occurrences, running } = &article.words else {
        return None;
    };
    let record: &Record = &article.record;
    postcard::to_stdvec(&(record, forms, occurrences, running)).ok()
}

/// The article again; `None` for bytes that are none.
pub fn read(bytes: &[u8]) -> Option<Prepared> {
    let (record, forms, occurrences, running): Parts = postcard::from_bytes(bytes).ok()?;
    let words = AnalysedArticle { forms: Forms::Own(forms), occurrences, running };
    Some(Prepared { record, words })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::analyse::Analyser;
    use crate::search::input::{ArticleInput, SectionInput};

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
        for number in 0..3 {
            let article = Prepared::new(&article(number), &mut analyser).0;
            let bytes = write(&article).unwrap();
            assert_eq!(format!("{:?}", read(&bytes)), format!("{:?}", Some(article)));
            for end in 0..bytes.len() {
                assert!(read(&bytes[..end]).is_none(), "cut at {end}");
            }
        }
    }
}
