//! TOML to nodes.

use super::node::{Node, SyntaxError, Value};

/// Reads TOML. `first_line` as for [`parse_yaml`](super::yaml::parse_yaml).
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
