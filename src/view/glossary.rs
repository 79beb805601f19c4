//! The glossary of a language as one audience may see it.

use std::ops::Range;

use crate::audience::Visibility;
use crate::site::glossary::{Glossary, Term};

use super::{PageView, SiteView};

/// A glossary with at least one term that the reader may see.
#[derive(Clone, Copy)]
pub struct GlossaryView<'a> {
    pub(super) view: &'a SiteView,
    pub(super) glossary: &'a Glossary,
}

/// A term that the reader may see.
#[derive(Clone, Copy)]
pub struct TermView<'a> {
    view: &'a SiteView,
    page: PageView<'a>,
    term: &'a Term,
}

impl<'a> GlossaryView<'a> {
    /// The page that explains the terms.
    pub fn page(&self) -> PageView<'a> {
        PageView { view: self.view, id: self.glossary.page }
    }

    /// Whom it is for: everybody whom one of its terms is for.
    pub fn marks(&self) -> Vec<&'a str> {
        let terms = self.glossary.terms.iter().map(|term| term.visibility);
        self.view.marks(terms.fold(Visibility::NOBODY, Visibility::or))
    }

    /// From A to Z.
    pub fn terms(&self) -> impl Iterator<Item = TermView<'a>> + use<'a> {
        let (view, page) = (self.view, self.page());
        let seen = move |term: &&Term| term.visibility.seen_by(view.reader);
        let terms = self.glossary.terms.iter().filter(seen);
        terms.map(move |term| TermView { view, page, term })
    }
}

impl<'a> TermView<'a> {
    /// The page that explains it.
    pub fn page(&self) -> PageView<'a> {
        self.page
    }

    pub fn name(&self) -> &'a str {
        &self.term.name
    }

    /// Its name and the other words for the same.
    pub fn words(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let term = self.term;
        std::iter::once(term.name.as_str()).chain(term.forms.iter().map(String::as_str))
    }

    /// Its place on the glossary's page.
    pub fn anchor(&self) -> &'a str {
        self.page.reading().heading(self.term.heading).map_or("", |heading| heading.id.as_str())
    }

    /// The heading that says its name: its index in the reading of the page.
    pub fn heading(&self) -> usize {
        self.term.heading
    }

    /// The events of its explanation, in the reading of the page.
    pub fn events(&self) -> Range<usize> {
        self.term.events.start as usize..self.term.events.end as usize
    }

    /// Whom it is for: names of audiences, empty for everybody.
    pub fn marks(&self) -> Vec<&'a str> {
        self.view.marks(self.term.visibility)
    }
}
