//! Takes the texts of some links out of a document: those that would name what a reader may not
//! see.

use std::ops::Range;

use crate::audience::Visibility;
use crate::slug::slug_or;

use super::document::{Document, Event, EventKind, Restriction, Tag};

/// What a link reads whose text is taken out.
pub const GAP: &str = "…";

/// The document without what stands between the brackets of `links`. The links themselves stay, so
/// that something else can be written in their place; headings are named and numbered anew.
pub fn mute(document: &Document, links: &[usize]) -> Document {
    let mut muted = document.clone();
    let ranges: Vec<Range<u32>> =
        links.iter().filter_map(|&i| document.links.get(i)).map(|l| l.events.clone()).collect();
    for events in &ranges {
        // In excerpts and lists a gap stands for it, as the theme's words do on pages.
        let mut hidden = events.clone();
        let is_text =
            |at: u32| matches!(document.flow().events[at as usize].kind, EventKind::Text(_));
        if !hidden.is_empty() && is_text(hidden.start) {
            let gap = muted.flow_mut().add(GAP);
            muted.flow_mut().events[hidden.start as usize].kind = EventKind::Text(gap);
            hidden.start += 1;
        }
        if !hidden.is_empty() {
            muted.restrictions.push(Restriction { events: hidden, visibility: Visibility::NOBODY });
        }
        for event in &document.flow().events[events.start as usize..events.end as usize] {
            if let EventKind::Image(image) = event.kind {
                muted.images[image as usize].visibility = Visibility::NOBODY;
            }
        }
    }
    muted.restrictions.sort_by_key(|r| (r.events.start, std::cmp::Reverse(r.events.end)));
    for &i in links {
        if let Some(link) = muted.links.get_mut(i) {
            link.dest.clear();
            link.title.clear();
        }
    }
    rename_headings(&mut muted, &ranges);
    muted
}

/// A heading that names something hidden has an id that does so too, unless its writer gave it one.
fn rename_headings(document: &mut Document, muted: &[Range<u32>]) {
    for i in 0..document.headings.len() {
        let start = document.headings[i].event as usize;
        let is_end = |event: &Event| event.kind == EventKind::End(Tag::Heading(i as u32));
        let length = document.flow().events[start..].iter().position(is_end).unwrap_or(0);
        let within = start as u32..(start + length) as u32;
        let hides = |at: &u32| muted.iter().any(|range| range.contains(at));
        if !within.into_iter().any(|at| hides(&at)) {
            continue;
        }
        let text = document.plain_in(start..start + length).trim().to_owned();
        let wanted = slug_or(&text, "section");
        let taken = |id: &str| document.has_anchor(id);
        let id = match taken(&wanted) {
            false => wanted,
            true => {
                let numbered = (2..).map(|n| format!("{wanted}-{n}"));
                numbered.into_iter().find(|id| !taken(id)).unwrap_or(wanted)
            }
        };
        let heading = &mut document.headings[i];
        heading.text = text;
        if !heading.named {
            heading.id = id;
        }
    }
}
