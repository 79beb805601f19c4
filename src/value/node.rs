//! A value with its place, whichever format it was typed in.

use crate::diagnostic::Place;
use crate::path::SourcePath;

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
    pub(super) fn kind(&self) -> &'static str {
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
