//! What follows a container's or a callout's name: a title, and for whom it is.

use crate::audience::{Audiences, Visibility};

/// `Title for=key-user,admin`, taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Marks<'t> {
    /// Without the quotes around it; a slice of what was parsed.
    pub title: &'t str,
    /// The values of `for=` or `audience=`; `None` for no such mark.
    pub audiences: Option<Vec<&'t str>>,
}

impl<'t> Marks<'t> {
    /// `for=` may stand before or behind the title. A title in quotes may hold anything else.
    pub fn parse(text: &'t str) -> Marks<'t> {
        let mut marks = Marks::default();
        let mut rest = text.trim();
        while let Some((value, length)) = leading(rest) {
            marks.add(value);
            rest = rest[length..].trim_start();
        }
        while let Some((at, value)) = trailing(rest) {
            marks.add(value);
            rest = rest[..at].trim_end();
        }
        let quoted = rest.strip_prefix('"').and_then(|r| r.strip_suffix('"'));
        if quoted.is_none() {
            // A mark amid a title was meant as one: better to show too little.
            let starts = rest.match_indices([' ', '\t']).map(|(i, _)| &rest[i + 1..]);
            starts.filter_map(leading).for_each(|(value, _)| marks.add(value));
        }
        marks.title = quoted.unwrap_or(rest);
        marks
    }

    fn add(&mut self, value: &'t str) {
        let names = value.split([',', ' ']).map(str::trim).filter(|n| !n.is_empty());
        self.audiences.get_or_insert_default().extend(names);
    }

    /// Who may see it.
    ///
    /// # Errors
    ///
    /// A name that is no audience, or a mark without a name (empty): nobody may then see it.
    pub fn visibility(&self, audiences: &Audiences) -> Result<Visibility, &'t str> {
        match &self.audiences {
            None => Ok(Visibility::EVERYBODY),
            Some(names) if names.is_empty() => Err(""),
            Some(names) => audiences.visibility(names.iter().copied()),
        }
    }
}

fn key_length(text: &str) -> Option<usize> {
    ["for=", "audience="].iter().find(|k| text.starts_with(**k)).map(|k| k.len())
}

/// A mark at the start: its value and its length.
fn leading(text: &str) -> Option<(&str, usize)> {
    let key = key_length(text)?;
    let rest = &text[key..];
    for (open, close) in [('"', '"'), ('\'', '\''), ('[', ']')] {
        if let Some(inner) = rest.strip_prefix(open) {
            // What is not closed ends with the line.
            let end = inner.find(close).unwrap_or(inner.len());
            return Some((&inner[..end], (key + 1 + end + 1).min(text.len())));
        }
    }
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    Some((&rest[..end], key + end))
}

/// A mark at the end: where it begins, and its value.
fn trailing(text: &str) -> Option<(usize, &str)> {
    let at = text.rmatch_indices([' ', '\t']).map(|(i, _)| i + 1).find(|&i| {
        leading(&text[i..]).is_some_and(|(_, length)| text[i + length..].trim().is_empty())
    })?;
    leading(&text[at..]).map(|(value, _)| (at, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_and_its_audiences_are_told_apart() {
        let cases: [(&str, &str, Option<&[&str]>); 9] = [
            ("Otsikko tässä", "Otsikko tässä", None),
            ("Otsikko for=admin", "Otsikko", Some(&["admin"])),
            ("for=a,b Otsikko", "Otsikko", Some(&["a", "b"])),
            ("\"Otsikko\" audience=\"a, b\"", "Otsikko", Some(&["a", "b"])),
            ("for=[a, b]", "", Some(&["a", "b"])),
            ("for=", "", Some(&[])),
            ("for=\"a", "", Some(&["a"])),
            ("wait for=it now", "wait for=it now", Some(&["it"])),
            ("\"wait for=it now\"", "wait for=it now", None),
        ];
        for (text, title, audiences) in cases {
            let marks = Marks::parse(text);
            assert_eq!(marks.title, title, "{text}");
            assert_eq!(marks.audiences.as_deref(), audiences, "{text}");
        }
    }
}
