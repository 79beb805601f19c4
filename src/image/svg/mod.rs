//! SVG: its size, and a copy of it that can't run anything.
//!
//! In an `<img>` a browser runs nothing of an SVG. Opened by itself, by a link or a copied address,
//! it is a document of the portal's own origin, and its scripts are the portal's. So:
//!
//! 1. [`entities`] puts the text of simple entities in their place and refuses those that grow.
//! 2. The text is read once, event by event. What [`rules`] lets pass is copied as it stands; what
//!    it does not is left out and named.
//! 3. A file of which nothing was left out is served byte for byte.

mod entities;
mod rules;

use std::borrow::Cow;

use quick_xml::NsReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};

use rules::{Element, Removed, Verdict};

/// An SVG as it is served.
#[derive(Debug, PartialEq, Eq)]
pub struct Svg {
    /// In CSS pixels, at least 1.
    pub width: u32,
    pub height: u32,
    /// What had to be left out, each kind once, in the words of a message.
    pub removed: Vec<String>,
    /// The bytes to serve where they differ from the file's.
    pub safe_copy: Option<Vec<u8>>,
}

/// Why an SVG can't be shown.
#[derive(Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub reason: String,
}

fn unreadable(reason: impl Into<String>) -> Unreadable {
    Unreadable { reason: reason.into() }
}

/// Deeper trees are refused: they cost time, and no drawing program makes them.
const DEEPEST: usize = 1_000;

const SVG: &str = "http://www.w3.org/2000/svg";

/// Reads the SVG to its end.
///
/// # Errors
///
/// The text is no UTF-8, no well-formed XML or no SVG, or its entities are more than simple texts.
pub fn read_svg(bytes: &[u8]) -> Result<Svg, Unreadable> {
    let text = str::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8"))?;
    let text = text.trim_start_matches('\u{feff}');
    let expanded = entities::expand(text)?;
    let changed = matches!(expanded, Cow::Owned(_));
    let mut copy = Copy::new(&expanded);
    let size = copy.run()?;
    let Copy { out, removed, .. } = copy;
    let mut kinds: Vec<String> = Vec::new();
    for Removed(kind) in removed {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let safe_copy = (changed || !kinds.is_empty()).then(|| out.into_bytes());
    Ok(Svg { width: size.0, height: size.1, removed: kinds, safe_copy })
}

/// The pass over the text that copies what may stay.
struct Copy<'t> {
    text: &'t str,
    reader: NsReader<&'t [u8]>,
    out: String,
    removed: Vec<Removed>,
    depth: usize,
    /// The depth of an element that is being left out with all in it.
    skipped_from: Option<usize>,
    /// The depth of a style element, whose text is CSS.
    style_from: Option<usize>,
}

impl<'t> Copy<'t> {
    fn new(text: &'t str) -> Copy<'t> {
        Copy {
            text,
            reader: NsReader::from_str(text),
            out: String::with_capacity(text.len()),
            removed: Vec::new(),
            depth: 0,
            skipped_from: None,
            style_from: None,
        }
    }

    fn run(&mut self) -> Result<(u32, u32), Unreadable> {
        let mut size = None;
        loop {
            let from = self.position();
            let event = self.reader.read_event().map_err(|error| unreadable(error.to_string()))?;
            let raw = &self.text[from..self.position()];
            match event {
                Event::Start(tag) => {
                    if self.depth == 0 {
                        size = Some(self.root(&tag, size.is_some())?);
                    }
                    self.depth += 1;
                    if self.depth > DEEPEST {
                        return Err(unreadable("its elements are nested too deeply"));
                    }
                    self.tag(&tag, raw, Tag::Opening)?;
                }
                Event::Empty(tag) => {
                    if self.depth == 0 {
                        size = Some(self.root(&tag, size.is_some())?);
                    }
                    self.tag(&tag, raw, Tag::Empty)?;
                }
                Event::End(_) => {
                    if self.skipped_from.is_none() {
                        self.out.push_str(raw);
                    }
                    for from in [&mut self.skipped_from, &mut self.style_from] {
                        if *from == Some(self.depth) {
                            *from = None;
                        }
                    }
                    self.depth = self.depth.saturating_sub(1);
                }
                Event::Text(_) | Event::CData(_) => self.characters(raw),
                Event::GeneralRef(reference) => {
                    let known = reference.is_char_ref()
                        || quick_xml::escape::resolve_predefined_entity(&reference).is_some();
                    if !known {
                        return Err(unreadable(format!("the entity `{raw}` is not declared")));
                    }
                    self.characters(raw);
                }
                Event::Decl(declaration) => {
                    check_encoding(declaration.encoding())?;
                    self.out.push_str(raw);
                }
                Event::PI(instruction) => {
                    if instruction.target().to_ascii_lowercase().starts_with("xml-") {
                        self.removed.push(Removed("a style sheet".to_owned()));
                    } else if self.skipped_from.is_none() {
                        self.out.push_str(raw);
                    }
                }
                // Those with entities are gone by now; this one would hide from the reader.
                Event::DocType(_) if raw.contains('[') => {
                    return Err(unreadable("its document type is not to be understood"));
                }
                Event::DocType(_) | Event::Comment(_) => {
                    if self.skipped_from.is_none() {
                        self.out.push_str(raw);
                    }
                }
                Event::Eof => break,
            }
        }
        if self.depth > 0 {
            return Err(unreadable("it breaks off before its end"));
        }
        size.ok_or_else(|| unreadable("it has no <svg>"))
    }

    fn position(&self) -> usize {
        (self.reader.buffer_position() as usize).min(self.text.len())
    }

    fn root(&self, tag: &BytesStart<'_>, again: bool) -> Result<(u32, u32), Unreadable> {
        if again {
            return Err(unreadable("it has more than one root"));
        }
        match (self.namespace(tag), tag.local_name().as_ref() == "svg") {
            (Space::Svg, true) => Ok(size(tag)),
            (Space::None, true) => Err(unreadable(format!("<svg> needs xmlns=\"{SVG}\""))),
            _ => Err(unreadable("it has no <svg>")),
        }
    }

    fn namespace(&self, tag: &BytesStart<'_>) -> Space {
        match self.reader.resolver().resolve_element(tag.name()).0 {
            ResolveResult::Bound(Namespace(SVG)) => Space::Svg,
            ResolveResult::Bound(Namespace("http://www.w3.org/1999/xhtml")) => Space::Html,
            ResolveResult::Bound(Namespace("http://www.w3.org/1998/Math/MathML")) => Space::Math,
            ResolveResult::Bound(_) => Space::Other,
            ResolveResult::Unbound | ResolveResult::Unknown(_) => Space::None,
        }
    }

    fn tag(&mut self, tag: &BytesStart<'_>, raw: &str, kind: Tag) -> Result<(), Unreadable> {
        if self.skipped_from.is_some() {
            return Ok(());
        }
        if rules::hides_its_namespace(tag) {
            return Err(unreadable("a namespace is spelt with references"));
        }
        let space = self.namespace(tag);
        let local = tag.local_name();
        let element = Element { space, name: local.as_ref() };
        match rules::judge(element, tag, &mut self.removed) {
            Verdict::Keep => self.out.push_str(raw),
            Verdict::Rewrite(attributes) => {
                self.out.push('<');
                self.out.push_str(tag.name().as_ref());
                self.out.push_str(&attributes);
                self.out.push_str(if kind == Tag::Empty { "/>" } else { ">" });
            }
            Verdict::Drop => {
                if kind == Tag::Opening {
                    self.skipped_from = Some(self.depth);
                }
                return Ok(());
            }
        }
        if kind == Tag::Opening && element.name == "style" {
            self.style_from.get_or_insert(self.depth);
        }
        Ok(())
    }

    fn characters(&mut self, raw: &str) {
        if self.skipped_from.is_some() {
            return;
        }
        if self.style_from.is_some() && !rules::css_is_safe(raw) {
            self.removed.push(Removed("a style that loads something".to_owned()));
            return;
        }
        self.out.push_str(raw);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tag {
    Opening,
    Empty,
}

/// The vocabulary that an element belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Space {
    Svg,
    Html,
    Math,
    /// A drawing program's own, which browsers ignore.
    Other,
    None,
}

/// Under another encoding the browser might read markup where this reader sees none.
fn check_encoding(
    declared: Option<Result<Cow<'_, str>, quick_xml::events::attributes::AttrError>>,
) -> Result<(), Unreadable> {
    let Some(declared) = declared else { return Ok(()) };
    let name = declared.map_err(|error| unreadable(error.to_string()))?.to_ascii_lowercase();
    let known = ["utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252"];
    if known.contains(&name.as_str()) {
        Ok(())
    } else {
        Err(unreadable(format!("its encoding is `{name}`; save it as UTF-8")))
    }
}

/// The size of the root: `width` and `height`, what is missing from the view box, else what
/// browsers take (CSS 2.2, 10.3.2: 300 × 150).
fn size(root: &BytesStart<'_>) -> (u32, u32) {
    let value = |name: &str| {
        let found = root.try_get_attribute(name).ok().flatten()?;
        Some(found.value.trim().to_owned())
    };
    let width = value("width").and_then(|v| pixels(&v));
    let height = value("height").and_then(|v| pixels(&v));
    let view_box = value("viewBox").and_then(|v| {
        let numbers: Vec<f64> = v
            .split(|c: char| c == ',' || c.is_whitespace())
            .filter(|part| !part.is_empty())
            .map_while(|part| part.parse().ok())
            .collect();
        match numbers[..] {
            [_, _, w, h] if w > 0.0 && h > 0.0 => Some((w, h)),
            _ => None,
        }
    });
    let (w, h) = match (width, height, view_box) {
        (Some(w), Some(h), _) => (w, h),
        (Some(w), None, Some((vw, vh))) => (w, w * vh / vw),
        (None, Some(h), Some((vw, vh))) => (h * vw / vh, h),
        (None, None, Some(sides)) => sides,
        (w, h, None) => (w.unwrap_or(300.0), h.unwrap_or(150.0)),
    };
    let whole = |side: f64| side.round().clamp(1.0, 100_000.0) as u32;
    (whole(w), whole(h))
}

/// A length of CSS in pixels; a share of something unknown is none.
fn pixels(length: &str) -> Option<f64> {
    let units = [
        ("px", 1.0),
        ("pt", 96.0 / 72.0),
        ("pc", 16.0),
        ("in", 96.0),
        ("cm", 96.0 / 2.54),
        ("mm", 96.0 / 25.4),
        ("em", 16.0),
        ("", 1.0),
    ];
    let (number, factor) =
        units.iter().find_map(|(unit, factor)| Some((length.strip_suffix(unit)?, factor)))?;
    number.trim().parse::<f64>().ok().map(|n| n * factor).filter(|n| *n > 0.0)
}

#[cfg(test)]
mod tests;
