//! Marks in braces: `{for=admin}`, `{module=crm}`.
//!
//! 1. Right behind an image they are the image's, an id among them: `{#total for=admin}`.
//! 2. At the start of a list item, and so of a step, they are the whole item's.
//! 3. Anywhere else they mark nothing, headings included. Somebody meant to hide something: so the
//!    rest of the file is for those readers, and a finding says where the mark belongs.

use std::ops::Range;

use crate::markdown::builder::Builder;
use crate::markdown::document::*;
use crate::markdown::marks::{Marks, is_mark};

/// The mend for a mark that is nobody's.
const WHERE: &str = "put it right behind an image or at the start of a list item, or the text between `:::only for=…` and `:::`";

impl Builder<'_> {
    /// Reads the marks that a run of text begins with, if they are an image's or an item's. Returns
    /// their length.
    pub fn marks_in_front(&mut self, text: &str, range: &Range<usize>) -> usize {
        if !text.starts_with('{') || text.starts_with("{{") {
            return 0;
        }
        match self.attributes_of_image(text, range) {
            0 => self.marks_of_item(text, range),
            length => length,
        }
    }

    /// `{#id for=admin}` right behind an image belongs to it. Returns its length.
    fn attributes_of_image(&mut self, text: &str, range: &Range<usize>) -> usize {
        let Some(&Event { kind: EventKind::Image(image) }) = self.flow.events.last() else {
            return 0;
        };
        let Some(span) = self.flow.spans.last() else { return 0 };
        let Some(end) = text.find('}').filter(|_| span.end as usize == range.start) else {
            return 0;
        };
        let inner = &text[1..end];
        let id = inner.split_whitespace().find_map(|word| word.strip_prefix('#'));
        let rest: Vec<&str> =
            inner.split_whitespace().filter(|word| !word.starts_with('#')).collect();
        let rest = rest.join(" ");
        let marks = Marks::alone(&rest);
        if marks.is_none() && (id.is_none() || !rest.is_empty()) {
            return 0;
        }
        if let Some(id) = id.filter(|id| !id.is_empty()) {
            let visibility = self.visibility;
            self.document.anchors.push(Anchor { id: id.to_owned(), span, visibility });
            self.document.images[image as usize].id = Some(id.to_owned());
        }
        if let Some(marks) = marks {
            let own = self.marked(&marks, range.clone());
            let visibility = self.visibility.and(own);
            self.document.images[image as usize].visibility = visibility;
            if !own.is_everybody() {
                let event = self.next_event() - 1;
                let events = event..event + 1;
                self.document.restrictions.push(Restriction { events, visibility });
                for anchor in self.document.anchors.iter_mut().filter(|a| a.span == span) {
                    anchor.visibility = visibility;
                }
            }
        }
        end + 1
    }

    /// `{for=admin}` where the text of a list item begins marks the item. Returns its length, with
    /// the spaces behind it.
    fn marks_of_item(&mut self, text: &str, range: &Range<usize>) -> usize {
        let Some(end) = text.find('}') else { return 0 };
        let Some(marks) = Marks::alone(&text[1..end]) else { return 0 };
        let [.., item, paragraph] = self.open.as_slice() else { return 0 };
        let begins = self.flow.events[item.event as usize..].iter().all(|event| {
            let start =
                matches!(event.kind, EventKind::Start(Tag::Item | Tag::Paragraph | Tag::Tight));
            start || matches!(event.kind, EventKind::Task { .. })
        });
        if item.tag != Tag::Item || !matches!(paragraph.tag, Tag::Paragraph | Tag::Tight) || !begins
        {
            return 0;
        }
        let own = self.marked(&marks, range.clone());
        self.restrict_outer(own);
        let behind = &text[end + 1..];
        end + 1 + (behind.len() - behind.trim_start().len())
    }

    /// Marks that are nobody's.
    pub fn stray_marks(&mut self, marks: &Marks<'_>, original: &str, range: Range<usize>) {
        let own = self.marked(marks, range.clone());
        self.misplaced(range, original, own, WHERE);
    }

    /// Marks among a heading's attributes, which CommonMark's parser takes out of its text.
    pub fn heading_marks(&mut self, line: &str, range: Range<usize>) {
        let Some(inner) = line.rfind('{').map(|open| &line[open + 1..]) else { return };
        let inner = inner.split('}').next().unwrap_or("");
        let words: Vec<&str> = inner.split_whitespace().collect();
        let Some(first) = words.iter().position(|word| is_mark(word)) else { return };
        let kept = words[first..].iter().filter(|word| !word.starts_with(['#', '.']));
        let marks = kept.copied().collect::<Vec<&str>>().join(" ");
        self.stray_marks(&Marks::parse(&marks), &format!("{{{inner}}}"), range);
    }
}

#[cfg(test)]
mod tests {
    use crate::audience::Reader;
    use crate::config::{AdminMode, Config};
    use crate::markdown::tests::Portal;

    /// What the public, the admins and everybody at once read.
    fn seen(portal: &Portal, text: &str) -> [String; 3] {
        let (document, _) = portal.document(text);
        [portal.public(), portal.admin(), Reader::All]
            .map(|reader| document.read(reader).plain_text().replace('\n', " ").trim().to_owned())
    }

    #[test]
    fn a_mark_opens_a_list_item_and_a_step() {
        let portal = Portal::separate();
        let cases = [
            ("1. one\n2. {for=admin} two\n3. three", "one three", "one two three"),
            ("- one\n\n- {for=admin}  two\n\n  more\n\n- three", "one three", "one two more three"),
            (":::steps\n1. {for=\"admin\"} one\n2. two\n:::", "two", "one two"),
            ("- [ ] {for=admin} one\n- [x] two", "two", "one two"),
            ("- {for=admin} one\n  - inner\n  - [link](x.md)\n- two", "two", "one inner link two"),
            ("- {for=user} one\n- two", "one two", "one two"),
        ];
        for (text, public, admin) in cases {
            assert_eq!(seen(&portal, text), [public, admin, admin].map(str::to_owned), "{text}");
        }
        let (document, findings) = portal.document("- {for=admni} one\n- two");
        assert_eq!(document.read(portal.admin()).plain_text().trim(), "two");
        assert!(findings[0].is_error() && findings[0].message.contains("admni"), "{findings:?}");
    }

    #[test]
    fn a_mark_anywhere_else_is_an_error_and_hides_what_follows() {
        let portal = Portal::separate();
        for text in [
            "Open.\n\n## Head {for=admin}\n\nmore",
            "Open.\n\n## Head {#id .class for=admin}\n\nmore",
            "Open.\n\n{for=admin} text\n\nmore",
            "Open.\n\ntext {audience=admin}\n\nmore",
            "Open.\n\n| a |\n|---|\n| {for=admin} b |\n\nmore",
            "Open.\n\n- text {for=admin}\n- more",
        ] {
            let (document, findings) = portal.document(text);
            let public = document.read(portal.public()).plain_text();
            assert!(public.contains("Open.") && !public.contains("more"), "{text}: {public}");
            assert!(document.read(portal.admin()).plain_text().contains("more"), "{text}");
            assert!(
                findings.iter().any(|f| f.is_error() && f.message.contains("for=admin")
                    || f.message.contains("audience=admin")),
                "{text}: {findings:?}"
            );
        }
        let (document, findings) = portal.document("`{for=admin}` and {for} and {form=x}");
        assert_eq!(
            document.read(portal.public()).plain_text().trim(),
            "{for=admin} and {for} and {form=x}"
        );
        assert_eq!(findings, []);
    }

    #[test]
    fn what_is_about_a_module_is_for_those_who_have_it() {
        let mut portal = Portal::new();
        portal.modules = Config::parse("modules = [\"crm\"]").0.modules;
        let marked = [
            "> [!NOTE module=hr]\n> gone\n",
            "> [!TIP module=hr] gone\n> gone\n",
            ":::details gone module=hr\ngone\n:::\n",
            "::::tabs\n:::tab One\nkept\n:::\n:::tab gone module=hr\ngone\n:::\n::::\n",
            ":::only module=\"hr, pay\"\ngone\n:::\n",
            "![gone](a.png){module=hr}\n",
            "1. kept\n2. {module=hr} gone\n",
            "> [!NOTE for=user module=hr]\n> gone\n",
        ];
        for text in marked {
            let text = format!("kept\n\n{text}\nkept\n");
            for seen in seen(&portal, &text) {
                assert!(!seen.contains("gone") && seen.contains("kept"), "{text}: {seen}");
            }
            let other = text.replace("=hr", "=crm").replace("\"hr", "\"crm");
            for seen in &seen(&portal, &other)[1..] {
                assert!(seen.contains("gone") || text.contains("!["), "{other}: {seen}");
            }
            let all = Portal { mode: AdminMode::Marked, ..Portal::new() };
            assert!(seen(&all, &text)[2].contains("gone") || text.contains("!["), "{text}");
        }
        let (_, findings) = portal.document("> [!NOTE module=]\n> gone\n");
        assert!(findings[0].is_error() && findings[0].message.contains("names no module"));
        // Where it can mark nothing, it is an error even if no audiences are kept apart.
        let (document, findings) = portal.document("kept {module=hr}\n\ngone\n");
        assert!(
            findings[0].is_error() && !document.read(Reader::All).plain_text().contains("gone")
        );
    }
}
