//! What a reader typed: words, "phrases" and -exclusions.

use super::super::words::{is_word_char, words};

/// More words than anybody types on purpose are left out.
pub const MAX_WORDS: usize = 24;
const MAX_CHARS: usize = 2_000;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// In the order typed, each once.
    pub words: Vec<String>,
    /// Whether the last word may be only the beginning of one.
    pub prefix: bool,
    pub phrases: Vec<Vec<String>>,
    /// No article found may have all the words of one of these in one place.
    pub excluded: Vec<Vec<String>>,
}

/// `lang` is the language of the index: in Finnish a minus may go on a name.
pub fn parse(typed: &str, lang: &str) -> Query {
    let finnish = lang.split('-').next().is_some_and(|lang| lang.eq_ignore_ascii_case("fi"));
    let typed: String = typed.chars().take(MAX_CHARS).collect();
    let mut query = Query::default();
    let mut rest = typed.as_str();
    let mut before = ' ';
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        if c.is_whitespace() {
            (before, rest) = (c, after);
            continue;
        }
        let starts = before.is_whitespace();
        let minus = starts
            && c == '-'
            && !(finnish && goes_on_a_name(&typed[..typed.len() - rest.len()]))
            && after.chars().next().is_some_and(|n| is_quote(n) || is_word_char(n));
        let opening = if minus { after } else { rest };
        let quoted = opening.strip_prefix(is_quote).and_then(|inner| {
            let end = inner.find(is_quote)?;
            let close = inner[end..].chars().next().map_or(0, char::len_utf8);
            Some((&inner[..end], &inner[end + close..]))
        });
        let (text, next) = match quoted {
            Some(parts) => parts,
            None => {
                let text = if minus { after } else { rest };
                let first = text.chars().next().map_or(0, char::len_utf8);
                let end = text[first..]
                    .find(|c: char| c.is_whitespace() || is_quote(c))
                    .map_or(text.len(), |i| i + first);
                (&text[..end], &text[end..])
            }
        };
        let list = words(text);
        if minus && !list.is_empty() {
            query.excluded.push(list);
        } else {
            query.prefix = quoted.is_none()
                && next.is_empty()
                && text.chars().next_back().is_some_and(is_word_char)
                && !list.is_empty();
            for word in &list {
                if !query.words.contains(word) && query.words.len() < MAX_WORDS {
                    query.words.push(word.clone());
                }
            }
            if quoted.is_some() && list.len() > 1 {
                query.phrases.push(list);
            }
        }
        before = rest[..rest.len() - next.len()].chars().next_back().unwrap_or(' ');
        rest = next;
    }
    query
}

/// Whether what stands before a minus is a name of several words, which Finnish goes on with
/// ` -` in a compound: `Power BI -raportit`, `Kerro, mitä haluat tehdä -toiminto`. Then it excludes
/// nothing. Who quotes knows the signs and means to exclude.
fn goes_on_a_name(before: &str) -> bool {
    if before.contains(is_quote) {
        return false;
    }
    let mut words = before.split_whitespace().rev();
    let capital = words.next().is_some_and(|word| word.starts_with(char::is_uppercase));
    (capital && words.next().is_some()) || words.nth(1).is_some()
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_words_phrases_and_exclusions() {
        let of = |list: &[&str]| list.iter().map(|w| w.to_string()).collect::<Vec<_>>();
        let query = parse("laskun \"uusi asiakas\" -vanha -\"ei tämä\" 1099-MISC lask", "en");
        assert_eq!(query.words, of(&["laskun", "uusi", "asiakas", "1099", "misc", "lask"]));
        assert_eq!(query.phrases, [of(&["uusi", "asiakas"])]);
        assert_eq!(query.excluded, [of(&["vanha"]), of(&["ei", "tämä"])]);
        assert!(query.prefix);
        assert_eq!(parse("Power BI -raportit", "en").excluded, [of(&["raportit"])]);
        for name in ["Power BI -raportit", "Kerro, mitä haluat -raportit"] {
            assert_eq!(parse(name, "fi").words.last().unwrap(), "raportit", "{name}");
        }
        for excluding in ["Raportit -bi", "raportit tänään -bi"] {
            assert_eq!(parse(excluding, "fi").excluded, [of(&["bi"])], "{excluding}");
        }
        for whole in
            ["lasku ", "lasku?", "\"uusi lasku\"", "", "  ", "-", "\"", "-\"", "uusi -vanha"]
        {
            assert!(!parse(whole, "fi").prefix, "{whole}");
        }
        assert!(parse("\"uusi lasku", "fi").prefix);
        assert!(parse(&"a".repeat(10_000), "fi").words[0].len() <= 40);
    }
}
