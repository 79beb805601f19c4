//! `synonyms.toml`: the house's own words, for the search.
//!
//! ```toml
//! same = [["lasku", "invoice"], ["alv", "arvonlisävero"]]   # each finds the others
//!
//! [means]
//! hyvitys = ["hyvityslasku"]                                # one way only
//!
//! [fi]                                                      # for one language alone
//! same = [["työaika", "tuntikirjaus"]]
//! ```

use std::collections::BTreeMap;
use std::path::Path;

use crate::diagnostic::{Diagnostic, Place, Rule};
use crate::path::SourcePath;
use crate::source::decode;
use crate::value::fields::{Fields, WRONG_VALUE};
use crate::value::node::{Node, Value};
use crate::value::toml::parse_toml;

pub const FILE_NAME: &str = "synonyms.toml";

pub const BROKEN_SYNONYMS: Rule =
    Rule::error("broken-synonyms", "The file of synonyms can't be read.");

/// Who types the first means the second too.
pub type Pair = (String, String);

/// The synonyms of a portal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Synonyms {
    all: Vec<Pair>,
    by_language: BTreeMap<String, Vec<Pair>>,
}

impl Synonyms {
    /// Reads the file in `root`; a portal without one has none.
    pub fn load(root: &Path, languages: &[String], findings: &mut Vec<Diagnostic>) -> Synonyms {
        let path = SourcePath::new(FILE_NAME);
        let text = match std::fs::read(root.join(FILE_NAME)) {
            Ok(bytes) => decode(&path, &bytes).map_err(|finding| *finding),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Synonyms::default();
            }
            Err(error) => Err(Diagnostic::new(
                BROKEN_SYNONYMS,
                Place::file(path.clone()),
                format!("the file can't be read: {error}"),
            )),
        };
        match text {
            Ok(text) => Synonyms::parse(&text, languages, findings),
            Err(finding) => {
                findings.push(finding);
                Synonyms::default()
            }
        }
    }

    fn parse(text: &str, languages: &[String], findings: &mut Vec<Diagnostic>) -> Synonyms {
        let path = SourcePath::new(FILE_NAME);
        let node = match parse_toml(text, 1) {
            Ok(node) => node,
            Err(error) => {
                findings.push(Diagnostic::new(BROKEN_SYNONYMS, error.place(&path), error.message));
                return Synonyms::default();
            }
        };
        let Value::Table(entries) = &node.value else { return Synonyms::default() };
        let mut own = Vec::new();
        let mut by_language = BTreeMap::new();
        for (key, value) in entries {
            match key.text().filter(|key| languages.contains(key)) {
                Some(language) => {
                    by_language.insert(language, pairs(value.clone(), &path, findings));
                }
                None => own.push((key.clone(), value.clone())),
            }
        }
        let all = pairs(Node { value: Value::Table(own), ..node }, &path, findings);
        Synonyms { all, by_language }
    }

    /// Adds those of another portal.
    pub fn add(&mut self, other: &Synonyms) {
        self.all.extend(other.all.iter().cloned());
        for (language, pairs) in &other.by_language {
            self.by_language.entry(language.clone()).or_default().extend(pairs.iter().cloned());
        }
    }

    /// Those of a language, with those of all.
    pub fn of<'a>(&'a self, language: &str) -> impl Iterator<Item = &'a Pair> {
        self.all.iter().chain(self.by_language.get(language).into_iter().flatten())
    }
}

/// The pairs of one table.
fn pairs(node: Node, path: &SourcePath, findings: &mut Vec<Diagnostic>) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut fields = Fields::new(node, path, FILE_NAME, findings);
    for group in fields.tables("same") {
        let words = texts(&group);
        if words.len() < 2 {
            let help = "write lists of lists: same = [[\"lasku\", \"invoice\"]]";
            let message = "`same` needs at least two words that mean the same";
            fields
                .findings
                .push(Diagnostic::new(WRONG_VALUE, group.place(path), message).help(help));
        }
        for from in &words {
            let others = words.iter().filter(|to| *to != from);
            pairs.extend(others.map(|to| (from.clone(), to.clone())));
        }
    }
    for (from, to) in fields.entries("means") {
        let words = texts(&to);
        if words.is_empty() {
            let message = format!("`{}` means nothing", from.value);
            fields.findings.push(
                Diagnostic::new(WRONG_VALUE, to.place(path), message)
                    .help("write a word or a list of words"),
            );
        }
        pairs.extend(words.into_iter().map(|to| (from.value.clone(), to)));
    }
    fields.finish();
    pairs
}

/// A text, or a list of texts.
fn texts(node: &Node) -> Vec<String> {
    match &node.value {
        Value::List(items) => items.iter().filter_map(Node::text).collect(),
        _ => node.text().into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn synonyms_go_one_way_or_both_and_for_a_language_or_all() {
        let text = "same = [[\"alv\", \"vero\"]]\n[means]\nhyvitys = \"lasku\"\n[fi]\nsame = [[\"a\", \"b\"]]\n";
        let mut findings = Vec::new();
        let synonyms = Synonyms::parse(text, &["fi".to_owned(), "en".to_owned()], &mut findings);
        assert_eq!(findings, []);
        let of = |language| {
            let pairs = synonyms.of(language);
            pairs.map(|(a, b)| format!("{a}>{b}")).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(of("en"), "alv>vero vero>alv hyvitys>lasku");
        assert_eq!(of("fi"), "alv>vero vero>alv hyvitys>lasku a>b b>a");
    }

    #[test]
    fn what_is_no_synonym_is_a_finding() {
        for text in ["same = [[\"a\"]]", "sames = []", "same = ["] {
            let mut findings = Vec::new();
            Synonyms::parse(text, &[], &mut findings);
            assert_eq!(findings.len(), 1, "{text}: {findings:?}");
        }
    }
}
