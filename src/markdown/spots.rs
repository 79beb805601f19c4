//! Annotated pictures.
//!
//! ````text
//! ```spots invoice.png "The invoice" "Shown under the picture"
//! 12% 34%: The **customer**
//! 80% 10%: Send
//! ```
//! ````
//!
//! The first quoted text is the alternative text, the second the caption. A line has the place
//! from the left and from the top, in per cent of the picture, and a text with markdown in it; a
//! line that begins with white space continues the text before.

use std::ops::Range;

use pulldown_cmark::{Event as Mark, Parser};

use crate::audience::Visibility;
use crate::markdown::builder::Origin;
use crate::markdown::document::*;
use crate::markdown::parse::{Code, Driver, is_inline_mark};
use crate::markdown::rules;

impl Driver<'_, '_> {
    pub fn spots(&mut self, code: Code) {
        let info = code.info.clone();
        let (dest, texts) = picture(&info);
        let range = code.range.clone();
        if dest.is_empty() {
            let message = "annotated spots name no picture".to_owned();
            let help = "write the picture behind the word: ```spots invoice.png";
            self.builder.find(rules::BROKEN_SPOTS, range.clone(), message, help);
        }
        let index = self.builder.flow.spots.len() as u32;
        let spots = Spots { image: self.builder.document.images.len() as u32, places: Vec::new() };
        self.builder.flow.spots.push(spots);
        self.builder.start(Tag::Spots(index), Origin::Mark, range.clone(), Visibility::EVERYBODY);
        let first_line = self.builder.text[range.clone()].lines().next().unwrap_or("").len();
        let image_range = range.start..range.start + first_line;
        let dest = self.builder.fill(dest, &image_range);
        let [alt, title] = texts.map(str::to_owned);
        let image = self.spots_image(dest, alt, title, image_range);
        self.builder.document.images[image as usize].placement = Placement::Figure;
        let mut start = 0;
        for whole in code.text.split_inclusive('\n') {
            let line = whole.trim_end();
            let piece = code.lines.partition_point(|(at, _)| *at <= start).saturating_sub(1);
            let (at, offset) = code.lines.get(piece).copied().unwrap_or((start, range.start));
            let offset = (offset + start - at).min(range.end);
            start += whole.len();
            if line.trim().is_empty() {
                continue;
            }
            let place = offset..(offset + line.len()).min(range.end);
            if line.starts_with([' ', '\t'])
                && matches!(self.builder.open.last(), Some(o) if matches!(o.tag, Tag::Spot(_)))
            {
                let indent = line.len() - line.trim_start().len();
                let span = self.builder.span(&place);
                self.builder.flush();
                self.builder.push(EventKind::SoftBreak, span);
                self.inline(place.start + indent..place.end);
                continue;
            }
            self.end_spot(place.start);
            match spot(line) {
                Some((x, y, text)) if x <= 1000 && y <= 1000 => {
                    let places = &mut self.builder.flow.spots[index as usize].places;
                    let number = places.len() as u32;
                    places.push((x as u16, y as u16));
                    self.builder.start(
                        Tag::Spot(number),
                        Origin::Mark,
                        place.clone(),
                        Visibility::EVERYBODY,
                    );
                    self.inline(place.end.saturating_sub(text.len()).max(place.start)..place.end);
                }
                Some(_) => {
                    let message = "the spot lies outside of the picture".to_owned();
                    let help = "both numbers are per cent of the picture, from 0 to 100";
                    self.builder.find(rules::BROKEN_SPOTS, place, message, help);
                }
                None => {
                    let message = "this is no spot".to_owned();
                    let help = "write the place from the left and from the top, and a text: `12% 34%: The customer`";
                    self.builder.find(rules::BROKEN_SPOTS, place, message, help);
                }
            }
        }
        self.end_spot(range.end);
        self.builder.end_mark(range.end);
    }

    fn end_spot(&mut self, at: usize) {
        if matches!(self.builder.open.last(), Some(o) if matches!(o.tag, Tag::Spot(_))) {
            self.builder.end_mark(at);
        }
    }

    fn spots_image(
        &mut self,
        dest: String,
        alt: String,
        title: String,
        range: Range<usize>,
    ) -> u32 {
        let index = self.builder.document.images.len() as u32;
        let (span, visibility) = (self.builder.span(&range), self.builder.visibility);
        self.builder.document.images.push(Image {
            medium: Medium::Picture,
            placement: Placement::Figure,
            id: None,
            dest,
            alt,
            title,
            span,
            visibility,
        });
        self.builder.push(EventKind::Image(index), span);
        index
    }

    /// Reads a part of one line as text with markdown in it, into what is open.
    pub fn inline(&mut self, range: Range<usize>) {
        // A leading mark keeps numbers, hyphens and the like from becoming blocks.
        let line = format!(".{}", &self.builder.text[range.clone()]);
        let open = self.builder.open.len();
        // The line may lie under a cover that is already consumed.
        let covered = std::mem::take(&mut self.covered);
        for (mark, at) in Parser::new_ext(&line, super::parse::EXTENSIONS).into_offset_iter() {
            let at = (at.start + range.start).saturating_sub(1)
                ..(at.end + range.start).saturating_sub(1);
            match mark {
                Mark::Text(text) if at.start < range.start => {
                    let text = text.strip_prefix('.').unwrap_or(&text);
                    self.builder.text(text, range.start..at.end);
                }
                mark if is_inline_mark(&mark) => self.mark(mark, at.start.max(range.start)..at.end),
                _ => {}
            }
        }
        self.covered = covered;
        self.builder.flush();
        if self.builder.open.len() > open {
            self.builder.end_down_to(open, range.end, false);
        }
    }
}

/// The address, the alternative text and the caption of an info string.
fn picture(info: &str) -> (&str, [&str; 2]) {
    let rest = info.trim_start().get("spots".len()..).unwrap_or("").trim_start();
    let end = match rest.strip_prefix('<') {
        Some(inner) => inner.find('>').map_or(rest.len(), |i| i + 2),
        None => rest.find(char::is_whitespace).unwrap_or(rest.len()),
    };
    let dest = rest[..end].trim_start_matches('<').trim_end_matches('>');
    let mut quoted = rest[end..].split('"').skip(1).step_by(2);
    (dest, [quoted.next().unwrap_or(""), quoted.next().unwrap_or("")])
}

/// The place in per mille, and the text, of `12% 34.5%: text`.
fn spot(line: &str) -> Option<(u32, u32, &str)> {
    let (x, rest) = per_cent(line)?;
    let (y, rest) = per_cent(rest.trim_start_matches([',', ';']))?;
    let text = rest.trim_start().trim_start_matches([':', '–', '-']).trim_start();
    (!text.is_empty()).then_some((x, y, text))
}

fn per_cent(text: &str) -> Option<(u32, &str)> {
    let text = text.trim_start();
    let length =
        text.bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-')).count();
    let number: f64 = text[..length].parse().ok()?;
    let rest = text[length..].trim_start();
    let rest = rest.strip_prefix('%').unwrap_or(rest);
    let in_range = (0.0..=100.0).contains(&number);
    Some((if in_range { (number * 10.0).round() as u32 } else { u32::MAX }, rest))
}
