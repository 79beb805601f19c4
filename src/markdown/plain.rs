//! A reading as plain text: excerpts and what the search indexes.

use std::ops::Range;

use crate::markdown::document::{ContainerKind, Document, EventKind, Placement, Tag};
use crate::markdown::reading::Reading;
use crate::markdown::untag::push_without_tags;

/// A heading with what follows it up to the next one; the first has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// Index among the document's headings.
    pub heading: Option<usize>,
    /// Empty for the text before the first heading.
    pub title: String,
    /// Blocks are joined by line feeds.
    pub text: String,
    /// What is strong, or names a thing of the product's interface: bytes of `text`, in order.
    pub strong: Vec<Range<usize>>,
    /// The version of the product that the heading stands in a part for.
    pub variant: Option<String>,
    /// Parts for one version of the product: bytes of `text`, in order, and the version.
    pub variants: Vec<(Range<usize>, String)>,
}

impl Section {
    /// Begins a line of its own.
    fn line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    fn push_strong(&mut self, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        self.strong.push(start..self.text.len());
    }

    /// Notes the part that is innermost open, from the byte `from` on.
    fn end_part(&mut self, open: &[&str], from: usize) {
        if let Some(variant) = open.last() {
            self.variants.push((from..self.text.len(), (*variant).to_owned()));
        }
    }

    /// Gives the section, and begins the next one in its room.
    fn close(&mut self) -> Section {
        let text = self.text.trim_end().to_owned();
        self.text.clear();
        let room = std::mem::take(&mut self.text);
        let mut closed = std::mem::replace(self, Section { text: room, ..Section::default() });
        closed.strong.retain(|r| r.end <= text.len() && !r.is_empty());
        closed.variants.iter_mut().for_each(|(part, _)| part.end = part.end.min(text.len()));
        closed.variants.retain(|(part, _)| !part.is_empty());
        Section { text, ..closed }
    }
}

fn is_variant(document: &Document, container: u32) -> bool {
    document.flow().containers[container as usize].kind == ContainerKind::Variant
}

impl Reading<'_> {
    /// In reading order. Footnotes stand in the section that defines them.
    pub fn sections(&self) -> Vec<Section> {
        let document = self.document;
        let mut sections = Vec::new();
        // Its room serves all sections.
        let room = String::with_capacity(document.flow().arena.len() + 64);
        let mut section = Section { text: room, ..Section::default() };
        let mut strong = None;
        let mut in_heading = false;
        // The versions whose parts are open, and where the innermost's text begins in the section.
        let mut open: Vec<&str> = Vec::new();
        let mut from = 0;
        for (_, event) in self.events() {
            match event.kind {
                EventKind::Start(Tag::Heading(i)) => {
                    let heading = &document.headings[i as usize];
                    section.end_part(&open, from);
                    from = 0;
                    sections.push(section.close());
                    section.heading = Some(i as usize);
                    section.title.clone_from(&heading.text);
                    section.variant = open.last().map(|variant| (*variant).to_owned());
                    in_heading = true;
                    strong = None;
                }
                EventKind::End(Tag::Heading(_)) => in_heading = false,
                _ if in_heading => {}
                EventKind::Start(Tag::Container(i)) if is_variant(document, i) => {
                    section.line();
                    section.end_part(&open, from);
                    from = section.text.len();
                    open.push(&document.flow().containers[i as usize].name);
                }
                EventKind::End(Tag::Container(i)) if is_variant(document, i) => {
                    section.line();
                    section.end_part(&open, from);
                    from = section.text.len();
                    open.pop();
                }
                EventKind::Start(Tag::Strong) => strong = Some(section.text.len()),
                EventKind::End(Tag::Strong) => {
                    if let Some(start) = strong.take().filter(|s| *s < section.text.len()) {
                        section.strong.push(start..section.text.len());
                    }
                }
                EventKind::Start(Tag::Emphasis | Tag::Strikethrough | Tag::Link(_))
                | EventKind::End(Tag::Emphasis | Tag::Strikethrough | Tag::Link(_)) => {}
                EventKind::End(Tag::TableCell(_)) => section.text.push(' '),
                EventKind::Start(Tag::TableCell(_)) => {}
                EventKind::Start(_) | EventKind::End(_) | EventKind::Rule => section.line(),
                EventKind::Text(s) | EventKind::Code(s) => section.text.push_str(document.str(s)),
                EventKind::Key(s) | EventKind::Ui(s) if strong.is_none() => {
                    section.push_strong(document.str(s));
                }
                EventKind::Key(s) | EventKind::Ui(s) => section.text.push_str(document.str(s)),
                EventKind::Html(s) => push_without_tags(&mut section.text, document.str(s)),
                EventKind::SoftBreak | EventKind::HardBreak => section.text.push(' '),
                EventKind::CodeBlock(i) => {
                    section.line();
                    let code = &document.flow().code_blocks[i as usize];
                    if !code.title.is_empty() {
                        section.text.push_str(&code.title);
                        section.text.push('\n');
                    }
                    section.text.push_str(document.str(code.text));
                    section.line();
                }
                EventKind::Image(i) => {
                    let image = &document.images[i as usize];
                    section.text.push_str(&image.alt);
                    if image.placement == Placement::Figure && !image.title.is_empty() {
                        section.line();
                        section.text.push_str(&image.title);
                    }
                }
                EventKind::Icon(_)
                | EventKind::Task { .. }
                | EventKind::FootnoteReference(_)
                | EventKind::Include(_) => {}
            }
        }
        section.end_part(&open, from);
        sections.push(section.close());
        if sections.first().is_some_and(|s| s.heading.is_none() && s.text.is_empty()) {
            sections.remove(0);
        }
        sections
    }

    /// All of it, without markup.
    pub fn plain_text(&self) -> String {
        let mut text = String::new();
        for section in self.sections() {
            for part in [&section.title, &section.text] {
                if !text.is_empty() && !part.is_empty() {
                    text.push('\n');
                }
                text.push_str(part);
            }
        }
        text
    }

    /// The first paragraph outside of lists, quotes and callouts; empty if there is none.
    pub fn first_paragraph(&self) -> String {
        let document = self.document;
        let gist = document.gist().filter(|_| !self.hides_some());
        if let Some(noted) = gist.and_then(|gist| gist.first_paragraph.as_deref()) {
            return noted.to_owned();
        }
        let mut depth = 0usize;
        let mut events = Vec::new();
        let mut within = false;
        for (_, event) in self.events() {
            match event.kind {
                EventKind::Start(Tag::Paragraph) if depth == 0 => within = true,
                EventKind::End(Tag::Paragraph) if depth == 0 => {
                    let text = document.plain(&events);
                    if !text.trim().is_empty() {
                        return text.trim().to_owned();
                    }
                    events.clear();
                    within = false;
                }
                _ if within => events.push(*event),
                EventKind::Start(tag) if !matches!(tag, Tag::Container(_)) => depth += 1,
                EventKind::End(tag) if !matches!(tag, Tag::Container(_)) => depth -= 1,
                _ => {}
            }
        }
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use crate::markdown::tests::Portal;

    #[test]
    fn sections_know_which_version_their_parts_are_for() {
        let portal = Portal::new();
        let (document, _) = portal.document(
            "For all.\n\n:::variant old Old view\nClick *here*.\n:::\n\n:::variant new\nTap.\n\n\
             ## Then\n\nSwipe.\n:::\n\nDone.\n\n## End\n\nAll.\n",
        );
        let sections = document.read(portal.public()).sections();
        let told: Vec<String> = sections
            .iter()
            .map(|section| {
                let parts = section.variants.iter();
                let parts: Vec<String> = parts
                    .map(|(part, of)| format!("{of}={}", section.text[part.clone()].trim()))
                    .collect();
                format!("{} {:?} {}", section.title, section.variant.as_deref(), parts.join("|"))
            })
            .collect();
        assert_eq!(
            told,
            [
                " None old=Old view\nClick here.|new=Tap.",
                "Then Some(\"new\") new=Swipe.",
                "End None "
            ]
        );
    }
}
