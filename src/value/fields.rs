//! The values of a table by key and type, with a finding for each that does not fit.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Rule, nearest};
use crate::path::SourcePath;

use super::node::{Node, Value};
use super::text::{LocalText, Located};

pub const UNKNOWN_KEY: Rule = Rule::warning("unknown-key", "A key that Opas does not know.");
pub const WRONG_VALUE: Rule =
    Rule::error("wrong-value", "A value of the wrong type or outside of what is possible.");
pub const RULES: &[Rule] = &[UNKNOWN_KEY, WRONG_VALUE];

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
    use crate::value::toml::parse_toml;
    use crate::value::yaml::parse_yaml;

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
