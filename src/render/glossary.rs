//! The glossary: its page from A to Z, and its chapter at the end of what is printed.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::markdown::escape::push_escaped;
use crate::path::UrlPath;
use crate::route::Places;
use crate::site::LanguageId;
use crate::theme::Template;
use crate::view::{GlossaryView, TermView};

use super::Renderer;
use super::context::{GlossaryGroup, GlossaryPage, GlossaryTerm, Page};
use super::frame::{Place, alternates_at, head, languages};
use super::item::marks;
use super::letter::Letters;

impl Renderer {
    pub(super) fn glossary(
        &self,
        language: LanguageId,
        glossary: GlossaryView<'_>,
    ) -> Result<Vec<u8>, Box<Diagnostic>> {
        let view = &*self.view;
        let strings = self.strings(language);
        let place = Place::new(language, Places::new(view, language).glossary());
        let letters = Letters::new(view.code(language));
        let mut groups: Vec<GlossaryGroup<'_>> = Vec::new();
        for term in glossary.terms() {
            let letter = letters.of(term.name());
            let entry = GlossaryTerm {
                id: term.anchor().into(),
                name: term.name().into(),
                marks: marks(strings, term.marks()),
                html: self.body.explanation(&place, term, strings, None).into(),
            };
            match groups.last_mut() {
                Some(group) if group.letter == letter => group.terms.push(entry),
                _ => groups.push(GlossaryGroup {
                    id: format!("letter-{}", groups.len() + 1),
                    letter: letter.into(),
                    terms: vec![entry],
                }),
            }
        }
        let mut head = head(view, &place, "glossary", strings.get("glossary", "title"));
        let twin =
            |language| view.glossary(language).map(|_| Places::new(view, language).glossary());
        head.alternates = alternates_at(view, twin);
        let context = Page {
            head,
            frame: self.frames.at(&place),
            t: self.frames.strings(language),
            nav_html: self.nav_closed(&place)?.into(),
            languages: languages(view, &self.theme, &place, twin),
            page: GlossaryPage { groups },
        };
        self.theme.render(Template::Glossary, &context)
    }

    /// Terms with their explanations as the list of a book's last chapter; its ids start with
    /// `prefix`.
    pub(super) fn glossary_list(
        &self,
        place: &Place,
        terms: &[TermView<'_>],
        prefix: &str,
        chapters: &BTreeMap<&UrlPath, String>,
    ) -> String {
        let strings = self.strings(place.language);
        let mut html = String::from("<dl class=\"glossary\">\n");
        for term in terms {
            let id = format!("{prefix}{}", term.anchor());
            html.push_str(&format!("<dt id=\"{id}\">"));
            push_escaped(&mut html, term.name());
            html.push_str(&format!("</dt>\n<dd id=\"{id}-text\">"));
            html.push_str(&self.body.explanation(place, *term, strings, Some(chapters)));
            html.push_str("</dd>\n");
        }
        html.push_str("</dl>\n");
        html
    }
}
