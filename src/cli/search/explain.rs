//! `opas search --explain`: why each article was found.

use std::io::{Result, Write};

use crate::search::client::ask::Answer;
use crate::search::client::explain::{Matched, Stands, explain};
use crate::search::client::lookup::How;
use crate::search::client::rank::Hit;
use crate::search::client::shards::Library;

/// The reasons, a line for each word of the query, and what they add up to.
pub fn print(library: &Library<'_>, answer: &Answer, hit: &Hit, out: &mut dyn Write) -> Result<()> {
    for reason in explain(library, answer, hit) {
        match &reason.matched {
            Some(matched) => writeln!(out, "    {}: {}", reason.word, told(&reason.word, matched))?,
            None => writeln!(out, "    {}: not here", reason.word)?,
        }
    }
    let e = hit.evidence;
    let parts = [
        ("of the query", e.matched),
        ("in the title", e.titled),
        ("of the title", e.cover),
        ("in one section", e.together),
        ("side by side", e.beside),
    ];
    let parts: Vec<String> =
        parts.iter().map(|(name, part)| format!("{} % {name}", percent(*part))).collect();
    let (standing, near) = (e.standing, if e.near { "; in this category" } else { "" });
    writeln!(
        out,
        "    score {}: words {}; {}; standing {standing}{near}",
        hit.score,
        e.base,
        parts.join(", ")
    )
}

fn told(word: &str, matched: &Matched) -> String {
    let how = match matched.how {
        How::Exact => "as typed",
        How::Folded => "but for diacritics",
        How::Form => "another form",
        How::Beginning => "begins so",
        How::Alike => "begins alike",
        How::Synonym => "synonym",
        How::Typo => "typo",
    };
    let mut text = match matched.form == word {
        true => how.to_owned(),
        false => format!("`{}` ({how})", matched.form),
    };
    match &matched.stands {
        Stands::Alone => {}
        Stands::Within(compound) => text.push_str(&format!(" within `{compound}`")),
        Stands::Outside => text.push_str(" in find_by, tags or links"),
    }
    let mut places = Vec::new();
    if matched.share > 0 {
        places.push(format!("{} % of the title", percent(matched.share.into())));
    }
    match matched.headings {
        0 => {}
        1 => places.push("1 heading".to_owned()),
        many => places.push(format!("{many} headings")),
    }
    match matched.sections {
        0 => {}
        1 => places.push("1 section".to_owned()),
        many => places.push(format!("{many} sections")),
    }
    if !places.is_empty() {
        text.push_str(&format!(", {}", places.join(", ")));
    }
    format!("{text}; weight {} of 31, quality {} of 64", matched.weight, matched.quality)
}

fn percent(part: u64) -> u64 {
    (part * 100 + 32) / 64
}
