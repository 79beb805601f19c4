//! `glossary.toml`: the words of the trade and of the house, explained.
//!
//! ```toml
//! [[term]]                             # for all languages
//! term = "IBAN"
//! text = "The international number of a bank account."
//!
//! [[en.term]]                          # for one language
//! term = "mass invoicing"
//! forms = ["batch invoicing"]
//! text = "Makes **all** invoices of a period at once."
//! link = "invoicing/mass-invoicing.md"
//! audience = ["admin"]
//! module = "invoicing"
//! ```
//!
//! Each layer may have one. Of terms of the same name the later layer's counts, and a language's own
//! before that for all. Fails closed, as front matter does: a mark that can't be read hides its term.

use std::collections::BTreeMap;

use crate::article::front_matter::read_visibility;
use crate::audience::Visibility;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place, Rule};
use crate::layer::Layer;
use crate::path::SourcePath;
use crate::source::decode;
use crate::value::fields::{Fields, WRONG_VALUE};
use crate::value::node::{Node, Value};
use crate::value::text::Located;
use crate::value::toml::parse_toml;

pub const FILE_NAME: &str = "glossary.toml";

pub const BROKEN_GLOSSARY: Rule = Rule::error("broken-glossary", "The glossary can't be read.");
pub const DUPLICATE_TERM: Rule =
    Rule::warning("duplicate-term", "A word that the glossary explains twice.");

/// A word with its explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    pub name: Located<String>,
    /// Other words for the same.
    pub forms: Vec<String>,
    /// Markdown.
    pub text: Located<String>,
    /// An article that says more: a file, title or address.
    pub link: Option<Located<String>>,
    pub visibility: Visibility,
}

/// The terms of all layers.
#[derive(Clone, Debug, Default)]
pub struct Glossary {
    all: Vec<Term>,
    by_language: BTreeMap<String, Vec<Term>>,
}

impl Glossary {
    /// Reads the files of `layers`, those of later ones over those of earlier ones.
    pub fn load(layers: &[Layer], config: &Config, findings: &mut Vec<Diagnostic>) -> Glossary {
        let mut glossary = Glossary::default();
        for layer in layers {
            let path = name_of(layer);
            let text = match std::fs::read(layer.root.join(FILE_NAME)) {
                Ok(bytes) => decode(&path, &bytes).map_err(|finding| *finding),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(error) => Err(Diagnostic::new(
                    BROKEN_GLOSSARY,
                    Place::file(path.clone()),
                    format!("the file can't be read: {error}"),
                )),
            };
            match text {
                Ok(text) => glossary.add(&path, &text, config, findings),
                Err(finding) => findings.push(finding),
            }
        }
        glossary
    }

    fn add(
        &mut self,
        path: &SourcePath,
        text: &str,
        config: &Config,
        findings: &mut Vec<Diagnostic>,
    ) {
        let node = match parse_toml(text, 1) {
            Ok(node) => node,
            Err(error) => {
                let message = error.message.clone();
                findings.push(Diagnostic::new(BROKEN_GLOSSARY, error.place(path), message));
                return;
            }
        };
        let Value::Table(entries) = &node.value else { return };
        let mut own = Vec::new();
        for (key, value) in entries {
            match key.text().filter(|key| config.languages.contains(key)) {
                Some(language) => {
                    let terms = terms(value.clone(), path, config, findings);
                    let known = self.by_language.entry(language).or_default();
                    *known = over(std::mem::take(known), terms);
                }
                None => own.push((key.clone(), value.clone())),
            }
        }
        let terms = terms(Node { value: Value::Table(own), ..node }, path, config, findings);
        self.all = over(std::mem::take(&mut self.all), terms);
    }

    /// The terms of a language, in the order of the files.
    pub fn of(&self, language: &str) -> Vec<Term> {
        let own = self.by_language.get(language).cloned().unwrap_or_default();
        over(self.all.clone(), own)
    }
}

/// What findings call a layer's file: by the folder as `layers` names it.
fn name_of(layer: &Layer) -> SourcePath {
    match layer.name.trim_end_matches('/') {
        "." => SourcePath::new(FILE_NAME),
        name => SourcePath::new(format!("{name}/{FILE_NAME}")),
    }
}

/// Names are the same without regard to case and spaces.
pub fn key(name: &str) -> String {
    let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

/// All terms, those of `later` in place of others of their name.
fn over(earlier: Vec<Term>, later: Vec<Term>) -> Vec<Term> {
    let names: Vec<String> = later.iter().map(|term| key(&term.name.value)).collect();
    let mut terms = earlier;
    terms.retain(|term| !names.contains(&key(&term.name.value)));
    terms.extend(later);
    terms
}

fn terms(
    node: Node,
    path: &SourcePath,
    config: &Config,
    findings: &mut Vec<Diagnostic>,
) -> Vec<Term> {
    let mut fields = Fields::new(node, path, FILE_NAME, findings);
    let mut terms: Vec<Term> = Vec::new();
    let mut named: BTreeMap<String, u32> = BTreeMap::new();
    for node in fields.tables("term") {
        let Some(term) = term(node, path, config, fields.findings) else { continue };
        let place = &term.name.place;
        let mut is_first = true;
        for (i, name) in std::iter::once(&term.name.value).chain(&term.forms).enumerate() {
            match named.get(&key(name)) {
                Some(line) => {
                    is_first &= i > 0;
                    let message = format!("`{name}` is explained on line {line} already");
                    let help = "put both explanations into one, or name one of them otherwise";
                    let finding = Diagnostic::new(DUPLICATE_TERM, place.clone(), message);
                    fields.findings.push(finding.help(help));
                }
                None => {
                    named.insert(key(name), place.line);
                }
            }
        }
        if is_first {
            terms.push(term);
        }
    }
    fields.finish();
    terms
}

/// A term needs its name and its text; without them there is nothing to show.
fn term(
    node: Node,
    path: &SourcePath,
    config: &Config,
    findings: &mut Vec<Diagnostic>,
) -> Option<Term> {
    let place = node.place(path);
    let mut fields = Fields::new(node, path, "a term", findings);
    let filled = |text: &Located<String>| !text.value.trim().is_empty();
    let name = fields.located_text("term").filter(filled);
    let text = fields.located_text("text").filter(filled);
    let own = read_visibility(&mut fields, &config.audiences);
    let module = fields.located_text("module");
    let module = config.modules.visibility(module.as_ref().map(|module| module.value.as_str()));
    let forms = fields.texts("forms");
    let link = fields.located_text("link").filter(filled);
    let missing = match (&name, &text) {
        (None, _) => Some("a term needs its word: `term`".to_owned()),
        (Some(name), None) => Some(format!("`{}` needs its explanation: `text`", name.value)),
        (Some(_), Some(_)) => None,
    };
    if let Some(message) = missing {
        let place = name.as_ref().map_or(place, |name| name.place.clone());
        fields.findings.push(
            Diagnostic::new(WRONG_VALUE, place, message)
                .help("write term = \"IBAN\" and text = \"The number of a bank account.\""),
        );
    }
    fields.finish();
    Some(Term { name: name?, forms, text: text?, link, visibility: own.and(module) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(files: &[&str]) -> (Glossary, Vec<Diagnostic>) {
        let (config, _) = Config::parse("languages = [\"fi\", \"en\"]\nmodules = [\"crm\"]\n");
        let mut glossary = Glossary::default();
        let mut findings = Vec::new();
        for text in files {
            glossary.add(&SourcePath::new(FILE_NAME), text, &config, &mut findings);
        }
        (glossary, findings)
    }

    fn told(glossary: &Glossary, language: &str) -> String {
        let terms = glossary.of(language).into_iter();
        terms.map(|t| format!("{}={}", t.name.value, t.text.value)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn later_layers_and_a_language_of_its_own_count_first() {
        let vendor =
            "[[term]]\nterm = \"IBAN\"\ntext = \"a\"\n[[fi.term]]\nterm = \"Alv\"\ntext = \"b\"\n";
        let own =
            "[[fi.term]]\nterm = \"iban\"\ntext = \"c\"\n[[term]]\nterm = \"CRM\"\ntext = \"d\"\n";
        let (glossary, findings) = read(&[vendor, own]);
        assert_eq!(findings, []);
        assert_eq!(told(&glossary, "en"), "IBAN=a CRM=d");
        assert_eq!(told(&glossary, "fi"), "CRM=d Alv=b iban=c");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let term = "[[term]]\nterm = \"A\"\ntext = \"x\"\n";
        for (text, rule, line) in [
            ("[[terms]]\nterm = \"A\"", "unknown-key", 1),
            ("[[term]]\nterm = \"A\"\ntext = \"x\"\nform = \"B\"", "unknown-key", 4),
            ("[[term]]\nterm = \"A\"", "wrong-value", 2),
            ("[[term]]\ntext = \"x\"", "wrong-value", 1),
            ("[[term", "broken-glossary", 1),
            ("[[term]]\nterm = \"A\"\ntext = \"x\"\naudience = \"admni\"", "unknown-audience", 4),
            (&format!("{term}[[term]]\nterm = \"a\"\ntext = \"y\""), "duplicate-term", 5),
            (
                &format!("{term}[[term]]\nterm = \"B\"\nforms = [\"a\"]\ntext = \"y\""),
                "duplicate-term",
                5,
            ),
        ] {
            let (_, findings) = read(&[text]);
            assert_eq!(findings.len(), 1, "{text}: {findings:?}");
            assert_eq!((findings[0].rule.id, findings[0].place.line), (rule, line), "{text}");
        }
    }

    #[test]
    fn a_mark_hides_and_so_does_one_that_is_no_audience() {
        let term = |mark: &str| format!("[[term]]\nterm = \"A\"\ntext = \"x\"\n{mark}\n");
        let seen = |mark| read(&[&term(mark)]).0.of("fi")[0].visibility;
        assert!(seen("module = \"crm\"").is_everybody());
        assert_eq!(seen("module = \"stock\""), Visibility::NOBODY);
        assert_eq!(seen("audience = \"admni\""), Visibility::NOBODY);
        assert!(!seen("audience = [\"admin\"]").is_everybody());
    }
}
