//! Colours for code, by classes alone.
//!
//! The syntaxes are loaded when the first block of code in a known language is written, so that a
//! portal without code pays nothing. Scopes of the grammars become few classes, which the theme
//! colours: `hl-comment`, `hl-string`, `hl-number`, `hl-constant`, `hl-keyword`, `hl-operator`,
//! `hl-function`, `hl-type`, `hl-tag`, `hl-attribute`, `hl-variable`, `hl-punctuation`,
//! `hl-heading`, `hl-inserted`, `hl-deleted`.

use std::sync::LazyLock;

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};
use syntect::util::LinesWithEndings;

use crate::markdown::escape::push_escaped;

/// Larger code stays plain: grammars are slow, and nobody reads that much.
const MAX_CODE: usize = 100_000;
const MAX_LINE: usize = 2_000;

/// Appends `code` with the elements that its language's grammar asks for; plain if it has none.
pub fn push_highlighted(html: &mut String, language: &str, code: &str) {
    let start = html.len();
    let is_large = code.len() > MAX_CODE || code.lines().any(|line| line.len() > MAX_LINE);
    let plain = language.is_empty() || matches!(language, "text" | "txt" | "plain" | "none");
    if plain || is_large || try_push(html, language, code).is_none() {
        html.truncate(start);
        push_escaped(html, code);
    }
}

struct Syntaxes {
    set: SyntaxSet,
    /// From a grammar's scope to a class; the longest prefix wins.
    classes: Vec<(Scope, &'static str)>,
}

fn syntaxes() -> &'static Syntaxes {
    static SYNTAXES: LazyLock<Syntaxes> = LazyLock::new(|| Syntaxes {
        set: two_face::syntax::extra_newlines(),
        classes: CLASSES
            .iter()
            .filter_map(|(scope, class)| Some((Scope::new(scope).ok()?, *class)))
            .collect(),
    });
    &SYNTAXES
}

const CLASSES: &[(&str, &str)] = &[
    ("comment", "hl-comment"),
    ("string", "hl-string"),
    ("constant.character.escape", "hl-constant"),
    ("constant.numeric", "hl-number"),
    ("constant", "hl-constant"),
    ("keyword.operator", "hl-operator"),
    ("keyword", "hl-keyword"),
    ("storage", "hl-keyword"),
    ("entity.name.function", "hl-function"),
    ("entity.name.tag", "hl-tag"),
    ("entity.name.section", "hl-heading"),
    ("entity.name", "hl-type"),
    ("entity.other.attribute-name", "hl-attribute"),
    ("entity.other.inherited-class", "hl-type"),
    ("support.function", "hl-function"),
    ("support.type.property-name", "hl-attribute"),
    ("support", "hl-type"),
    ("variable.function", "hl-function"),
    ("variable.language", "hl-keyword"),
    ("variable", "hl-variable"),
    ("punctuation.definition.comment", "hl-comment"),
    ("punctuation.definition.string", "hl-string"),
    ("punctuation.definition.tag", "hl-punctuation"),
    ("punctuation", "hl-punctuation"),
    ("markup.heading", "hl-heading"),
    ("markup.inserted", "hl-inserted"),
    ("markup.deleted", "hl-deleted"),
];

/// `None` where no grammar is known, or it fails.
fn try_push(html: &mut String, language: &str, code: &str) -> Option<()> {
    let syntaxes = syntaxes();
    let syntax = syntax(&syntaxes.set, language)?;
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    let mut class = "";
    for line in LinesWithEndings::from(code) {
        let operations = state.parse_line(line, &syntaxes.set).ok()?;
        let mut at = 0;
        for (place, operation) in operations {
            push_part(html, &mut class, class_of(&stack, &syntaxes.classes), &line[at..place]);
            at = place;
            stack.apply(&operation).ok()?;
        }
        push_part(html, &mut class, class_of(&stack, &syntaxes.classes), &line[at..]);
    }
    push_part(html, &mut class, "", "\n");
    html.pop();
    Some(())
}

/// Writers name languages by word or by extension; some by names that grammars do not have.
fn syntax<'s>(set: &'s SyntaxSet, language: &str) -> Option<&'s SyntaxReference> {
    let language = match language {
        "shell" | "console" | "sh-session" | "zsh" => "bash",
        "jsonc" | "json5" => "json",
        "ps" | "pwsh" => "powershell",
        other => other,
    };
    set.find_syntax_by_token(language)
}

/// The class of the innermost scope that has one.
fn class_of(stack: &ScopeStack, classes: &[(Scope, &'static str)]) -> &'static str {
    for scope in stack.as_slice().iter().rev() {
        let fits = classes.iter().filter(|(prefix, _)| prefix.is_prefix_of(*scope));
        if let Some((_, class)) = fits.max_by_key(|(prefix, _)| prefix.len()) {
            return class;
        }
    }
    ""
}

fn push_part(html: &mut String, open: &mut &'static str, class: &'static str, text: &str) {
    if text.is_empty() {
        return;
    }
    if *open != class {
        if !open.is_empty() {
            html.push_str("</span>");
        }
        if !class.is_empty() {
            html.push_str("<span class=\"");
            html.push_str(class);
            html.push_str("\">");
        }
        *open = class;
    }
    push_escaped(html, text);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn highlighted(language: &str, code: &str) -> String {
        let mut html = String::new();
        push_highlighted(&mut html, language, code);
        html
    }

    #[test]
    fn known_languages_get_classes_and_no_style() {
        let html = highlighted("toml", "title = \"a<b\" # c\n");
        assert!(html.contains("<span class=\"hl-string\">&quot;a&lt;b&quot;</span>"), "{html}");
        assert!(html.contains("hl-comment") && !html.contains("style"), "{html}");
        for language in ["json", "yaml", "sh", "shell", "xml", "sql", "typescript", "c#"] {
            assert!(syntax(&syntaxes().set, language).is_some(), "{language}");
        }
    }

    #[test]
    fn others_stay_plain() {
        assert_eq!(highlighted("al-perhaps", "a < b\n"), "a &lt; b\n");
        assert_eq!(highlighted("", "\"x\""), "&quot;x&quot;");
        let long = "x ".repeat(60_000);
        assert_eq!(highlighted("rust", &long), long);
    }
}
