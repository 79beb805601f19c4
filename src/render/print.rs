//! A category, or a language's whole manual, on one page for paper.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Diagnostic;
use crate::path::UrlPath;
use crate::route::Places;
use crate::theme::Template;
use crate::view::{CategoryView, PageView, TermView};

use super::Renderer;
use super::context::{Chapter, PrintPage};
use super::frame::Place;
use super::item::marks;
use super::shared::book_of;

/// The start of all ids of the glossary's chapter.
const GLOSSARY: &str = "g-";

/// What stands under one number.
enum Part<'a> {
    Category(CategoryView<'a>),
    Article(PageView<'a>),
}

struct Numbered<'a> {
    number: String,
    level: u8,
    /// The start of all ids of the chapter: `c2.3-`.
    prefix: String,
    part: Part<'a>,
}

impl Renderer {
    pub(super) fn print(
        &self,
        category: CategoryView<'_>,
        place: &Place,
    ) -> Result<Vec<u8>, Box<Diagnostic>> {
        let mut parts = Vec::new();
        number(category, "", 1, &mut parts);
        let mut chapters: BTreeMap<&UrlPath, String> = BTreeMap::new();
        for numbered in &parts {
            let url = match &numbered.part {
                Part::Category(category) => category.url(),
                Part::Article(page) => page.url(),
            };
            chapters.insert(url, numbered.prefix.clone());
        }
        let glossary = self.view.glossary(place.language);
        if let Some(glossary) = &glossary {
            chapters.insert(glossary.page().url(), GLOSSARY.to_owned());
        }
        let book = book_of(place, &chapters);
        // The whole manual has the whole glossary, a part of it the terms that it uses.
        let is_whole = category.parent().is_none();
        let mut used: BTreeSet<usize> = BTreeSet::new();
        let next = 1 + parts.iter().filter(|part| part.level == 1).count();
        let strings = self.strings(place.language);
        let version = self.view.text(&self.view.config().product_version, place.language);
        let mut chapters_of_parts: Vec<Chapter<'_>> = parts
            .into_iter()
            .map(|Numbered { number, level, prefix, part }| {
                let holds_others = matches!(part, Part::Category(_));
                let (title, marked, text) = match part {
                    Part::Category(category) => {
                        (category.title(), category.marks(), category.index())
                    }
                    Part::Article(page) => (page.title(), page.marks(), Some(page)),
                };
                let html = text.map_or("".into(), |page| {
                    let terms = self.body.terms_of(page);
                    used.extend(terms.iter().map(|found| found.term));
                    let make =
                        || self.body.chapter(place, page, strings, &prefix, &chapters, &terms);
                    self.shared_chapter(&book, page, &prefix, make)
                });
                Chapter {
                    number,
                    level,
                    holds_others,
                    id: prefix.into(),
                    title: title.into(),
                    marks: marks(strings, marked),
                    html,
                }
            })
            .collect();
        let terms = glossary.into_iter().flat_map(|glossary| glossary.terms()).enumerate();
        let terms: Vec<TermView<'_>> = terms
            .filter(|(number, _)| is_whole || used.contains(number))
            .map(|(_, term)| term)
            .collect();
        if !terms.is_empty() {
            chapters_of_parts.push(Chapter {
                number: next.to_string(),
                level: 1,
                holds_others: true,
                id: GLOSSARY.into(),
                title: strings.get("glossary", "title").into(),
                marks: Vec::new(),
                html: self.glossary_list(place, &terms, GLOSSARY, &chapters).into(),
            });
        }
        let page = PrintPage {
            title: category.title().into(),
            subtitle: version
                .map(|version| strings.get("page", "version").replace("{version}", version).into()),
            chapters: chapters_of_parts,
        };
        self.plain(Template::Print, "print", category.title(), place, page, Places::print)
    }
}

/// Articles first, then subcategories, as on the pages.
fn number<'a>(category: CategoryView<'a>, above: &str, level: u8, to: &mut Vec<Numbered<'a>>) {
    let mut next = 0;
    let mut numbered = |part| {
        next += 1;
        let number = match above {
            "" => next.to_string(),
            above => format!("{above}.{next}"),
        };
        let prefix = format!("c{number}-");
        Numbered { number, level, prefix, part }
    };
    for page in category.articles() {
        to.push(numbered(Part::Article(page)));
    }
    for child in category.children() {
        let chapter = numbered(Part::Category(child));
        let number = chapter.number.clone();
        to.push(chapter);
        self::number(child, &number, (level + 1).min(6), to);
    }
}
