//! Puts other texts into links: the title of what a wikilink leads to, where its writer gave an
//! address or a heading's id instead of a text.

use rustc_hash::FxHashSet;

use super::document::{Document, Event, EventKind, Str, Tag};

/// The document with new texts in some of its links, by their indices. A link that holds more than
/// text stays as it is; so do the ids of headings.
pub fn retitle(document: &Document, titles: &[(usize, String)]) -> Document {
    let mut retitled = document.clone();
    let mut touched = FxHashSet::default();
    for (index, title) in titles {
        let Some(link) = document.links.get(*index) else { continue };
        let range = link.events.start as usize..link.events.end as usize;
        let flow = retitled.flow_mut();
        let events = &flow.events[range.clone()];
        let is_text = |event: &Event| matches!(event.kind, EventKind::Text(_));
        if events.is_empty() || !events.iter().all(is_text) {
            continue;
        }
        let Str { start, end } = flow.add(title);
        for (i, event) in flow.events[range.clone()].iter_mut().enumerate() {
            // Events stay in number, for ranges of others count them.
            event.kind = EventKind::Text(Str { start: if i == 0 { start } else { end }, end });
        }
        touched.insert(range.start as u32);
    }
    reread_headings(&mut retitled, &touched);
    retitled
}

/// Headings say what the links in them say.
fn reread_headings(document: &mut Document, touched: &FxHashSet<u32>) {
    for i in 0..document.headings.len() {
        let start = document.headings[i].event;
        let is_end = |event: &&Event| event.kind == EventKind::End(Tag::Heading(i as u32));
        let behind = &document.flow().events[start as usize..];
        let length = behind.iter().take_while(|event| !is_end(event)).count();
        if (start..start + length as u32).any(|at| touched.contains(&at)) {
            let text = document.plain_in(start as usize..start as usize + length);
            document.headings[i].text = text.trim().to_owned();
        }
    }
}
