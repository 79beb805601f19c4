//! Entities that a document type declares: simple texts are put in their place, the rest refused.
//!
//! Illustrator names its namespaces by entities, so they can't all be refused; entities within
//! entities are how a small file grows to gigabytes.

use std::borrow::Cow;

use super::{Unreadable, unreadable};

/// How much entities may add to a file.
const GROWTH: usize = 1 << 20;

/// The text without an internal subset of its document type, and with the entities of that subset
/// replaced.
///
/// # Errors
///
/// An entity that names another or an outer file, or texts that grow beyond reason.
pub fn expand(text: &str) -> Result<Cow<'_, str>, Unreadable> {
    let Some(doctype) = text.find("<!DOCTYPE") else { return Ok(Cow::Borrowed(text)) };
    let after = &text[doctype..];
    let end_of_plain = after.find('>').unwrap_or(after.len());
    let Some(open) = after[..end_of_plain].find('[') else { return Ok(Cow::Borrowed(text)) };
    let Some((close, end)) = end_of_subset(&after[open..]) else {
        return Err(unreadable("its document type has no end"));
    };
    let entities = declared(&after[open + 1..open + close])?;
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..doctype]);
    let limit = text.len() + GROWTH;
    let mut rest = &after[open + end..];
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = entities.iter().find_map(|(name, value)| {
            let reference = rest[1..].strip_prefix(name)?.strip_prefix(';')?;
            Some((value, reference))
        });
        match known {
            Some((value, after)) => {
                out.push_str(value);
                rest = after;
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
        if out.len() > limit {
            return Err(unreadable("its entities make it too large"));
        }
    }
    out.push_str(rest);
    Ok(Cow::Owned(out))
}

/// Where the subset that starts with `[` has its `]`, and where what follows the `>` begins.
fn end_of_subset(text: &str) -> Option<(usize, usize)> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b']') => {
                let close = text[at..].find('>')?;
                return Some((at, at + close + 1));
            }
            _ => {}
        }
    }
    None
}

fn declared(subset: &str) -> Result<Vec<(&str, &str)>, Unreadable> {
    let mut entities = Vec::new();
    for declaration in subset.split("<!ENTITY").skip(1) {
        let declaration = declaration.trim_start();
        let name_end = declaration.find(char::is_whitespace).unwrap_or(declaration.len());
        let (name, value) = declaration.split_at(name_end);
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let text = quote.and_then(|quote| value[1..].split_once(quote)).map(|(text, _)| text);
        match text {
            Some(text) if !text.contains(['&', '%']) && name != "%" => entities.push((name, text)),
            _ => return Err(unreadable("its entities are more than simple texts")),
        }
    }
    Ok(entities)
}
