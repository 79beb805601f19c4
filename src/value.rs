//! What a writer typed into a YAML or TOML table, with the place of each value.
//!
//! 1. [`parse_yaml`] and [`parse_toml`] read both formats into one tree of [`Node`]s.
//! 2. [`Fields`] hands the values of a table out by key and type; a wrong type is a finding at the
//!    value's place, and [`Fields::finish`] reports the keys that nobody asked for.

use std::collections::BTreeMap;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use crate::diagnostic::{Diagnostic, Place, Rule, nearest};
use crate::path::SourcePath;

pub const UNKNOWN_KEY: Rule = Rule::warning("unknown-key", "A key that Opas does not know.");
pub const WRONG_VALUE: Rule =
    Rule::error("wrong-value", "A value of the wrong type or outside of what is possible.");

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub value: Value,
    pub line: u32,
    pub column: u32,
    pub length: u32,
}

/// The value of a [`Node`]. Dates are texts; scalars keep the spelling that was typed.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    /// As typed, and as a number.
    Number(String, f64),
    Text(String),
    List(Vec<Node>),
    Table(Vec<(Node, Node)>),
}

impl Value {
    fn kind(&self) -> &'static str {
        match self {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Number(..) => "a number",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }
}

impl Node {
    pub fn place(&self, path: &SourcePath) -> Place {
        let (line, column, length) = (self.line, self.column, self.length);
        Place { path: path.clone(), line, column, length }
    }

    /// As JSON, for what the theme gets untouched.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(b) => (*b).into(),
            Value::Number(text, number) => {
                text.parse::<i64>().map_or_else(|_| (*number).into(), Into::into)
            }
            Value::Text(text) => text.as_str().into(),
            Value::List(items) => items.iter().map(Node::to_json).collect(),
            Value::Table(entries) => entries
                .iter()
                .map(|(key, value)| (key.text().unwrap_or_default(), value.to_json()))
                .collect(),
        }
    }

    /// A scalar as the text that was typed.
    pub fn text(&self) -> Option<String> {
        match &self.value {
            Value::Text(text) | Value::Number(text, _) => Some(text.clone()),
            Value::Bool(b) => Some(b.to_string()),
            _ => None,
        }
    }
}

/// Why a text is no YAML or TOML: what, and the byte range or line and column.
#[derive(Clone, Debug)]
pub struct SyntaxError {
    pub message: String,
    pub line: u32,
    pub column: u32,
}

impl SyntaxError {
    pub fn place(&self, path: &SourcePath) -> Place {
        let length = u32::from(self.column > 0);
        Place { path: path.clone(), line: self.line, column: self.column, length }
    }
}

/// Reads YAML. `first_line` is the number of the text's first line within its file.
///
/// # Errors
///
/// What is no YAML, holds a key twice, or is out of all measure (aliases that explode).
pub fn parse_yaml(text: &str, first_line: u32) -> Result<Node, SyntaxError> {
    let shift = first_line.saturating_sub(1);
    let at = |location: &serde_saphyr::Location| {
        (location.line() as u32 + shift, location.column() as u32)
    };
    let options = serde_saphyr::options! { strict_booleans: true };
    match serde_saphyr::from_str_with_options::<Option<Yaml>>(text, options) {
        Ok(None) => {
            Ok(Node { value: Value::Table(Vec::new()), line: first_line, column: 0, length: 0 })
        }
        Ok(Some(yaml)) => Ok(yaml.into_node(text, &at)),
        Err(error) => {
            let (line, column) = error.location().as_ref().map_or((first_line, 0), at);
            let message = error.without_snippet().to_string();
            let message = message.lines().next().unwrap_or("unreadable").to_owned();
            Err(SyntaxError { message, line, column })
        }
    }
}

/// Reads TOML. `first_line` as for [`parse_yaml`].
///
/// # Errors
///
/// What is no TOML.
pub fn parse_toml(text: &str, first_line: u32) -> Result<Node, SyntaxError> {
    let lines = Lines::new(text, first_line);
    match toml::de::DeTable::parse(text) {
        Ok(table) => Ok(lines.table(table.get_ref(), table.span())),
        Err(error) => {
            let (line, column, _) = lines.at(error.span().unwrap_or(0..0));
            Err(SyntaxError { message: error.message().to_owned(), line, column })
        }
    }
}

/// Turns byte ranges into lines and columns without walking the text anew for each.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
    first: u32,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str, first: u32) -> Lines<'a> {
        let starts =
            std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
        Lines { text, starts, first }
    }

    fn at(&self, range: std::ops::Range<usize>) -> (u32, u32, u32) {
        let start = self.text.floor_char_boundary(range.start);
        let end = self.text.floor_char_boundary(range.end).max(start);
        let line = self.starts.partition_point(|&s| s <= start).saturating_sub(1);
        let column = self.text[self.starts[line]..start].chars().count();
        let length = self.text[start..end].lines().next().unwrap_or("").chars().count();
        (line as u32 + self.first, column as u32 + 1, length.max(1) as u32)
    }

    fn node(&self, value: Value, span: std::ops::Range<usize>) -> Node {
        let (line, column, length) = self.at(span);
        Node { value, line, column, length }
    }

    fn table(&self, table: &toml::de::DeTable<'_>, span: std::ops::Range<usize>) -> Node {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let entries = entries
            .into_iter()
            .map(|(key, value)| {
                let text = Value::Text(key.get_ref().to_string());
                (self.node(text, key.span()), self.value(value))
            })
            .collect();
        self.node(Value::Table(entries), span)
    }

    fn value(&self, value: &toml::Spanned<toml::de::DeValue<'_>>) -> Node {
        use toml::de::DeValue as T;
        let span = value.span();
        let inner = match value.get_ref() {
            T::String(text) => Value::Text(text.to_string()),
            T::Integer(number) => {
                let typed = self.text.get(span.clone()).unwrap_or(number.as_str());
                match i64::from_str_radix(number.as_str(), number.radix()) {
                    Ok(parsed) => Value::Number(typed.to_owned(), parsed as f64),
                    Err(_) => Value::Text(typed.to_owned()),
                }
            }
            T::Float(number) => match number.as_str().parse() {
                Ok(parsed) => Value::Number(number.as_str().to_owned(), parsed),
                Err(_) => Value::Text(number.as_str().to_owned()),
            },
            T::Boolean(b) => Value::Bool(*b),
            T::Datetime(date) => Value::Text(date.to_string()),
            T::Array(items) => Value::List(items.iter().map(|i| self.value(i)).collect()),
            T::Table(table) => return self.table(table, span),
        };
        self.node(inner, span)
    }
}

/// A YAML value with its location, before it becomes a [`Node`].
struct Yaml(Spanned<Raw>);

enum Raw {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Yaml>),
    Table(Vec<(Spanned<String>, Yaml)>),
}

impl<'de> Deserialize<'de> for Yaml {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Yaml, D::Error> {
        Spanned::<Raw>::deserialize(deserializer).map(Yaml)
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Number(value as f64))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Raw, E> {
        Ok(Raw::Number(value as f64))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Raw, E> {
        Ok(Raw::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raw, A::Error> {
        let mut table = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            table.push(entry);
        }
        Ok(Raw::Table(table))
    }
}

impl Yaml {
    fn into_node(self, text: &str, at: &dyn Fn(&serde_saphyr::Location) -> (u32, u32)) -> Node {
        let location = self.0.referenced;
        let typed = || {
            let span = location.span();
            let start = span.byte_offset()? as usize;
            let end = start + span.byte_len()? as usize;
            text.get(start..end).map(|t| t.trim().to_owned())
        };
        let length = location.span().len().clamp(1, 200) as u32;
        let value = match self.0.value {
            Raw::Null => Value::Null,
            Raw::Bool(b) => Value::Bool(b),
            Raw::Number(n) => Value::Number(typed().unwrap_or_else(|| n.to_string()), n),
            Raw::Text(text) => Value::Text(text),
            Raw::List(items) => {
                Value::List(items.into_iter().map(|i| i.into_node(text, at)).collect())
            }
            Raw::Table(entries) => Value::Table(
                entries
                    .into_iter()
                    .map(|(key, value)| {
                        let (line, column) = at(&key.referenced);
                        let length = key.value.chars().count().max(1) as u32;
                        let key = Node { value: Value::Text(key.value), line, column, length };
                        (key, value.into_node(text, at))
                    })
                    .collect(),
            ),
        };
        let (line, column) = at(&location);
        Node { value, line, column, length }
    }
}

/// A text with its place, for what a later check may complain about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    pub value: T,
    pub place: Place,
}

/// A text for all languages, or one for each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocalText {
    all: Option<String>,
    by_language: BTreeMap<String, String>,
}

impl LocalText {
    pub fn one(text: impl Into<String>) -> LocalText {
        LocalText { all: Some(text.into()), by_language: BTreeMap::new() }
    }

    /// The language's text, else that for all, else the first of `languages` that has one.
    pub fn get<'a>(&'a self, language: &str, languages: &[String]) -> Option<&'a str> {
        self.by_language
            .get(language)
            .or(self.all.as_ref())
            .or_else(|| languages.iter().find_map(|l| self.by_language.get(l)))
            .map(String::as_str)
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_none() && self.by_language.is_empty()
    }
}

/// Hands out the values of a table, each key once, and collects findings on the way.
pub struct Fields<'a> {
    path: &'a SourcePath,
    /// What the table is called in messages: `front matter`, `[brand]`.
    name: &'a str,
    entries: Vec<(Node, Option<Node>)>,
    asked: Vec<&'static str>,
    pub findings: &'a mut Vec<Diagnostic>,
}

impl<'a> Fields<'a> {
    /// A node that is no table is a finding, and then has no fields.
    pub fn new(
        node: Node,
        path: &'a SourcePath,
        name: &'a str,
        findings: &'a mut Vec<Diagnostic>,
    ) -> Fields<'a> {
        let place = node.place(path);
        let entries = match node.value {
            Value::Table(entries) => entries.into_iter().map(|(k, v)| (k, Some(v))).collect(),
            Value::Null => Vec::new(),
            other => {
                let message = format!("{name} must be a table, not {}", other.kind());
                findings.push(Diagnostic::new(WRONG_VALUE, place, message));
                Vec::new()
            }
        };
        Fields { path, name, entries, asked: Vec::new(), findings }
    }

    /// The value of a key, if it is there and not empty.
    pub fn take(&mut self, key: &'static str) -> Option<Node> {
        self.asked.push(key);
        let entry = self
            .entries
            .iter_mut()
            .find(|(k, v)| v.is_some() && matches!(&k.value, Value::Text(text) if text == key))?;
        entry.1.take().filter(|node| node.value != Value::Null)
    }

    fn wrong(&mut self, key: &str, node: &Node, wanted: &str) {
        let message = format!("`{key}` must be {wanted}, not {}", node.value.kind());
        self.findings.push(Diagnostic::new(WRONG_VALUE, node.place(self.path), message));
    }

    pub fn located_text(&mut self, key: &'static str) -> Option<Located<String>> {
        let node = self.take(key)?;
        match node.text() {
            Some(value) => Some(Located { value, place: node.place(self.path) }),
            None => {
                self.wrong(key, &node, "a text");
                None
            }
        }
    }

    pub fn text(&mut self, key: &'static str) -> Option<String> {
        self.located_text(key).map(|text| text.value)
    }

    /// A list of texts; one text alone is a list of one.
    pub fn located_texts(&mut self, key: &'static str) -> Vec<Located<String>> {
        let Some(node) = self.take(key) else { return Vec::new() };
        let items = match node.value {
            Value::List(items) => items,
            _ => vec![node],
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            match item.text() {
                Some(value) => texts.push(Located { value, place: item.place(self.path) }),
                None => self.wrong(key, &item, "a list of texts"),
            }
        }
        texts
    }

    pub fn texts(&mut self, key: &'static str) -> Vec<String> {
        self.located_texts(key).into_iter().map(|text| text.value).collect()
    }

    pub fn number(&mut self, key: &'static str) -> Option<f64> {
        let node = self.take(key)?;
        match node.value {
            Value::Number(_, number) if number.is_finite() => Some(number),
            _ => {
                self.wrong(key, &node, "a number");
                None
            }
        }
    }

    pub fn flag(&mut self, key: &'static str) -> Option<bool> {
        let node = self.take(key)?;
        match node.value {
            Value::Bool(b) => Some(b),
            _ => {
                self.wrong(key, &node, "true or false");
                None
            }
        }
    }

    /// An ISO date; of a date with a time, the date.
    pub fn date(&mut self, key: &'static str) -> Option<Located<jiff::civil::Date>> {
        let text = self.located_text(key)?;
        let day = text.value.get(..10).unwrap_or(&text.value);
        match day.parse() {
            Ok(value) => Some(Located { value, place: text.place }),
            Err(_) => {
                let message = format!("`{key}` is not a date: `{}`", text.value);
                let finding = Diagnostic::new(WRONG_VALUE, text.place, message);
                self.findings.push(finding.help("write it as year-month-day: 2026-05-04"));
                None
            }
        }
    }

    /// One of a few words; another one is a finding and `None`.
    pub fn choice<T: Copy>(&mut self, key: &'static str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.located_text(key)?;
        if let Some((_, choice)) = choices.iter().find(|(name, _)| *name == text.value) {
            return Some(*choice);
        }
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let message = format!("`{key}` can't be `{}`", text.value);
        let help = match nearest(&text.value, names.iter().copied()) {
            Some(name) => format!("did you mean `{name}`? It is one of: {}", names.join(", ")),
            None => format!("it is one of: {}", names.join(", ")),
        };
        self.findings.push(Diagnostic::new(WRONG_VALUE, text.place, message).help(help));
        None
    }

    /// A text, or a table of texts by language.
    pub fn local_text(&mut self, key: &'static str) -> LocalText {
        match self.take(key) {
            Some(node) => self.to_local_text(key, node),
            None => LocalText::default(),
        }
    }

    pub fn to_local_text(&mut self, key: &str, node: Node) -> LocalText {
        if let Some(text) = node.text() {
            return LocalText::one(text);
        }
        let Value::Table(entries) = &node.value else {
            self.wrong(key, &node, "a text, or a table of texts by language");
            return LocalText::default();
        };
        let mut by_language = BTreeMap::new();
        for (language, value) in entries {
            match (language.text(), value.text()) {
                (Some(language), Some(text)) => {
                    by_language.insert(language, text);
                }
                _ => self.wrong(key, value, "a text"),
            }
        }
        LocalText { all: None, by_language }
    }

    /// The entries of a table whose keys the writer chooses, in the order of the file.
    pub fn entries(&mut self, key: &'static str) -> Vec<(Located<String>, Node)> {
        let Some(node) = self.take(key) else { return Vec::new() };
        let Value::Table(entries) = node.value else {
            self.wrong(key, &node, "a table");
            return Vec::new();
        };
        let located =
            |key: &Node| Some(Located { value: key.text()?, place: key.place(self.path) });
        entries.into_iter().filter_map(|(key, value)| Some((located(&key)?, value))).collect()
    }

    /// A list of tables.
    pub fn tables(&mut self, key: &'static str) -> Vec<Node> {
        let Some(node) = self.take(key) else { return Vec::new() };
        match node.value {
            Value::List(items) => items,
            Value::Table(_) => vec![node],
            _ => {
                self.wrong(key, &node, "a list of tables");
                Vec::new()
            }
        }
    }

    /// Reports the keys that nobody asked for.
    pub fn finish(self) {
        for (key, value) in &self.entries {
            let (Some(_), Some(typed)) = (value, key.text()) else { continue };
            if self.asked.contains(&typed.as_str()) {
                continue;
            }
            let message = format!("unknown key `{typed}` in {}", self.name);
            let help = match nearest(&typed, self.asked.iter().copied()) {
                Some(known) => format!("did you mean `{known}`?"),
                None => format!("known keys: {}", self.asked.join(", ")),
            };
            self.findings
                .push(Diagnostic::new(UNKNOWN_KEY, key.place(self.path), message).help(help));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields_of(node: Node) -> (Option<String>, Vec<String>, Option<f64>, Vec<Diagnostic>) {
        let path = SourcePath::new("a.md");
        let mut findings = Vec::new();
        let mut fields = Fields::new(node, &path, "front matter", &mut findings);
        let taken = (fields.text("title"), fields.texts("tags"), fields.number("order"));
        fields.finish();
        (taken.0, taken.1, taken.2, findings)
    }

    #[test]
    fn yaml_and_toml_give_the_same_fields_and_places() {
        let yaml = "title: 1.10\ntags: [a, 2021-06-23]\norder: 3\ntitel: x\n";
        let toml = "title = \"1.10\"\ntags = [\"a\", 2021-06-23]\norder = 3\ntitel = \"x\"\n";
        for node in [parse_yaml(yaml, 2).unwrap(), parse_toml(toml, 2).unwrap()] {
            let (title, tags, order, findings) = fields_of(node);
            assert_eq!(title.as_deref(), Some("1.10"));
            assert_eq!(tags, ["a", "2021-06-23"]);
            assert_eq!(order, Some(3.0));
            assert_eq!(findings.len(), 1);
            assert_eq!(findings[0].place.to_string(), "a.md:5:1");
            assert_eq!(findings[0].help.as_deref(), Some("did you mean `title`?"));
        }
    }

    #[test]
    fn a_wrong_type_names_the_place_of_the_value() {
        let (_, _, order, findings) = fields_of(parse_yaml("order: first\n", 1).unwrap());
        assert_eq!(order, None);
        assert_eq!(findings[0].place.to_string(), "a.md:1:8");
        let (_, _, _, findings) = fields_of(parse_yaml("- a\n", 1).unwrap());
        assert!(findings[0].message.contains("must be a table"));
    }

    #[test]
    fn broken_text_is_an_error_with_its_line() {
        assert_eq!(parse_yaml("a: 1\nb: [\n", 2).unwrap_err().place(&SourcePath::new("x")).line, 3);
        assert_eq!(parse_toml("a = 1\nb = [\n", 2).unwrap_err().line, 3);
        assert!(parse_yaml("a: 1\na: 2\n", 1).is_err());
        assert_eq!(parse_yaml("", 1).unwrap().value, Value::Table(vec![]));
    }
}
