//! What puts one article before another that says the same.

use opas::search::build;
use opas::search::client::ask::{Options, ask};
use opas::search::input::{
    Anchor, ArticleInput, LanguageInput, SearchInput, SectionInput, Standing,
};

const TEXT: &str = "Avaa kahvinkeitin ja paina nappia. Huuhtele suodatin lopuksi.";

fn plain() -> ArticleInput {
    ArticleInput {
        title: "Keitin".into(),
        sections: vec![SectionInput { text: TEXT.into(), ..SectionInput::default() }],
        ..ArticleInput::default()
    }
}

fn strong(word: &str) -> ArticleInput {
    let mut article = plain();
    let start = TEXT.find(word).expect("the word is in the text");
    article.sections[0].strong.push(start..start + word.len());
    article
}

fn standing(standing: Standing) -> ArticleInput {
    ArticleInput { standing, ..plain() }
}

/// Each article has to come before those that stand before it in the list, by whose paths it would
/// come after them if nothing told them apart.
#[track_caller]
fn later_is_better(query: &str, articles: Vec<ArticleInput>) {
    let count = articles.len();
    let articles = articles.into_iter().enumerate();
    let language = LanguageInput {
        code: "fi".into(),
        articles: articles.map(|(n, a)| ArticleInput { path: format!("{n}/"), ..a }).collect(),
        ..LanguageInput::default()
    };
    let index = build(&SearchInput { languages: vec![language] }, None).unwrap();
    let answer =
        ask(&index.library("fi").unwrap(), query, &Options { limit: count, ..Options::default() });
    let path = |address: &str| address.split('#').next().unwrap_or_default().to_owned();
    let found: Vec<String> = answer.results.iter().map(|hit| path(&hit.address)).collect();
    let wanted: Vec<String> = (0..count).rev().map(|n| format!("{n}/")).collect();
    assert_eq!(found, wanted);
}

#[test]
fn words_of_the_interface_and_bold_ones_weigh_more() {
    later_is_better("suodatin", vec![plain(), strong("suodatin")]);
    later_is_better("nappia", vec![strong("suodatin"), strong("nappia")]);
}

#[test]
fn what_many_link_to_and_what_is_pinned_comes_before_what_passes() {
    let news = Standing { passing: true, ..Standing::default() };
    let linked = |inbound| standing(Standing { inbound, ..Standing::default() });
    let pinned = standing(Standing { pinned: true, inbound: 40, ..Standing::default() });
    later_is_better("suodatin", vec![standing(news), plain(), linked(2), linked(40), pinned]);
}

#[test]
fn a_title_that_says_it_beats_any_standing() {
    let titled = ArticleInput { title: "Suodatin".into(), ..plain() };
    let pinned = standing(Standing { pinned: true, inbound: 1000, ..Standing::default() });
    later_is_better("suodatin", vec![pinned, titled]);
}

#[test]
fn words_together_beat_words_scattered() {
    let sections = |texts: &[&str]| ArticleInput {
        title: "Keitin".into(),
        sections: texts
            .iter()
            .map(|text| SectionInput {
                anchor: Anchor::Id("x".into()),
                text: (*text).into(),
                ..SectionInput::default()
            })
            .collect(),
        ..ArticleInput::default()
    };
    later_is_better(
        "musta suodatin",
        vec![
            sections(&["Tässä on musta kuppi.", "Tässä on uusi suodatin."]),
            sections(&["Tässä on suodatin ja kuppi, joka on musta.", "Tässä ei ole."]),
            sections(&["Tässä on se musta suodatin ja kuppi.", "Tässä ei ole."]),
        ],
    );
}
