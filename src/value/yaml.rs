//! YAML to nodes. Plain scalars keep the spelling that was typed: a version stays `1.10`.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use super::node::{Node, SyntaxError, Value};

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
