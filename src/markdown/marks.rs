//! What follows a container's or a callout's name: a title, for whom it is, and of which module.

use crate::audience::Visibility;
use crate::markdown::options::Options;

/// `Title for=key-user,admin module=crm`, taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Marks<'t> {
    /// Without the quotes around it; a slice of what was parsed.
    pub title: &'t str,
    /// The values of `for=` or `audience=`; `None` for no such mark.
    pub audiences: Option<Vec<&'t str>>,
    /// The values of `module=`; `None` for no such mark.
    pub modules: Option<Vec<&'t str>>,
}

/// Why nobody may see what is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault<'t> {
    /// No audience of the portal; empty where none is named.
    Audience(&'t str),
    /// `module=` without a module.
    NoModule,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    Audience,
    Module,
}

const KEYS: [(&str, Key); 3] =
    [("for=", Key::Audience), ("audience=", Key::Audience), ("module=", Key::Module)];

/// Whether a text begins like a mark: `for=…`, `audience=…`, `module=…`.
pub fn is_mark(text: &str) -> bool {
    KEYS.iter().any(|(key, _)| text.starts_with(key))
}

impl<'t> Marks<'t> {
    /// Marks may stand before or behind the title. A title in quotes may hold anything else.
    pub fn parse(text: &'t str) -> Marks<'t> {
        let mut marks = Marks::default();
        let mut rest = text.trim();
        while let Some((key, value, length)) = leading(rest) {
            marks.add(key, value);
            rest = rest[length..].trim_start();
        }
        while let Some((at, key, value)) = trailing(rest) {
            marks.add(key, value);
            rest = rest[..at].trim_end();
        }
        let quoted = rest.strip_prefix('"').and_then(|r| r.strip_suffix('"'));
        if quoted.is_none() {
            // A mark amid a title was meant as one: better to show too little.
            let starts = rest.match_indices([' ', '\t']).map(|(i, _)| &rest[i + 1..]);
            starts.filter_map(leading).for_each(|(key, value, _)| marks.add(key, value));
        }
        marks.title = quoted.unwrap_or(rest);
        marks
    }

    /// Marks and nothing else: `for=admin module=crm`; `None` for any other text.
    pub fn alone(text: &'t str) -> Option<Marks<'t>> {
        let marks = Marks::parse(text);
        let marked = marks.audiences.is_some() || marks.modules.is_some();
        (marked && marks.title.is_empty()).then_some(marks)
    }

    fn add(&mut self, key: Key, value: &'t str) {
        let names = value.split([',', ' ']).map(str::trim).filter(|n| !n.is_empty());
        let all = match key {
            Key::Audience => &mut self.audiences,
            Key::Module => &mut self.modules,
        };
        all.get_or_insert_default().extend(names);
    }

    /// Who may see it: those of its audiences, where the portal has one of its modules.
    ///
    /// # Errors
    ///
    /// A name that is no audience, or a mark without a name: nobody may then see it.
    pub fn visibility(&self, options: &Options<'_>) -> Result<Visibility, Fault<'t>> {
        let audiences = match &self.audiences {
            None => Visibility::EVERYBODY,
            Some(names) if names.is_empty() => return Err(Fault::Audience("")),
            Some(names) => {
                options.audiences.visibility(names.iter().copied()).map_err(Fault::Audience)?
            }
        };
        let modules = match &self.modules {
            None => Visibility::EVERYBODY,
            Some(names) if names.is_empty() => return Err(Fault::NoModule),
            Some(names) => options.modules.visibility(names.iter().copied()),
        };
        Ok(audiences.and(modules))
    }
}

/// A mark at the start: its key, its value and its length.
fn leading(text: &str) -> Option<(Key, &str, usize)> {
    let (name, key) = *KEYS.iter().find(|(name, _)| text.starts_with(name))?;
    let rest = &text[name.len()..];
    for (open, close) in [('"', '"'), ('\'', '\''), ('[', ']')] {
        if let Some(inner) = rest.strip_prefix(open) {
            // What is not closed ends with the line.
            let end = inner.find(close).unwrap_or(inner.len());
            return Some((key, &inner[..end], (name.len() + 1 + end + 1).min(text.len())));
        }
    }
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    Some((key, &rest[..end], name.len() + end))
}

/// A mark at the end: where it begins, its key and its value.
fn trailing(text: &str) -> Option<(usize, Key, &str)> {
    let at = text.rmatch_indices([' ', '\t']).map(|(i, _)| i + 1).find(|&i| {
        leading(&text[i..]).is_some_and(|(_, _, length)| text[i + length..].trim().is_empty())
    })?;
    leading(&text[at..]).map(|(key, value, _)| (at, key, value))
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
            assert_eq!(marks.modules, None, "{text}");
        }
    }

    #[test]
    fn modules_stand_beside_audiences() {
        let marks = Marks::parse("module=crm Otsikko for=admin module=\"hr, pay\"");
        assert_eq!(marks.title, "Otsikko");
        assert_eq!(marks.audiences.as_deref(), Some(&["admin"][..]));
        assert_eq!(marks.modules.as_deref(), Some(&["crm", "hr", "pay"][..]));
        assert!(Marks::alone("for=admin module=crm").is_some());
        assert!(Marks::alone("admin for=admin").is_none() && Marks::alone("").is_none());
    }
}
