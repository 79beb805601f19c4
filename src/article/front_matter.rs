//! Front matter: the table between `---` (YAML) or `+++` (TOML) lines at the start of a file.
//!
//! 1. [`split`] finds the fence and where the body starts.
//! 2. [`FrontMatter::parse`] reads every key, each with its place where a later check may complain.
//!
//! Fails closed: what can't be read is an error, and the caller leaves the article out.

use serde::{Deserialize, Serialize};

use crate::article::kind::Kind;
use crate::audience::{Audiences, Visibility};
use crate::diagnostic::{Diagnostic, Place, Rule, nearest};
use crate::markdown::options::Options;
use crate::path::SourcePath;
use crate::value::fields::Fields;
use crate::value::plain::parse_plain;
use crate::value::text::Located;
use crate::value::toml::parse_toml;
use crate::value::yaml::parse_yaml;

pub const BROKEN: Rule =
    Rule::error("broken-front-matter", "Front matter that can't be read; the article is left out.");
pub const UNKNOWN_AUDIENCE: Rule =
    Rule::error("unknown-audience", "An audience that the portal does not have.");
pub const UNKNOWN_KIND: Rule = Rule::warning("unknown-kind", "A kind that Opas does not know.");
/// All of these but the one that leaves the article out.
pub const RULES: &[Rule] = &[UNKNOWN_AUDIENCE, UNKNOWN_KIND];

/// An end of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Edge {
    Top,
    End,
}

/// All that the front matter of an article or a category can say.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FrontMatter {
    pub title: Option<Located<String>>,
    pub description: Option<String>,
    pub kind: Option<Kind>,
    pub order: Option<f64>,
    /// Who may see it by its `audience` and `module`; what contains the article may restrict it
    /// further.
    pub visibility: Visibility,
    pub tags: Vec<String>,
    pub module: Option<String>,
    pub aliases: Vec<Located<String>>,
    pub contexts: Vec<Located<String>>,
    pub date: Option<jiff::civil::Date>,
    pub updated: Option<jiff::civil::Date>,
    pub review_by: Option<Located<jiff::civil::Date>>,
    pub find_by: Vec<Located<String>>,
    pub related: Vec<Located<String>>,
    pub slug: Option<Located<String>>,
    pub key: Option<Located<String>>,
    pub draft: bool,
    pub pinned: bool,
    /// The state of the original that this translation translates, as `opas translate mark` wrote it.
    pub source_hash: Option<Located<String>>,
    /// The article that this one adds to, in place of being one itself.
    pub extends: Option<Located<String>>,
    /// Where it adds: behind the text of this heading, else at the top or the end.
    pub after: Option<Located<String>>,
    pub at: Edge,
    /// Headings of the extended article whose sections are left out.
    pub hides: Vec<Located<String>>,
    /// A Lucide icon, for categories.
    pub icon: Option<Located<String>>,
    /// The theme's own, as JSON.
    #[serde(with = "as_text")]
    pub extra: serde_json::Value,
}

impl Default for FrontMatter {
    fn default() -> FrontMatter {
        FrontMatter {
            title: None,
            description: None,
            kind: None,
            order: None,
            visibility: Visibility::EVERYBODY,
            tags: Vec::new(),
            module: None,
            aliases: Vec::new(),
            contexts: Vec::new(),
            date: None,
            updated: None,
            review_by: None,
            find_by: Vec::new(),
            related: Vec::new(),
            slug: None,
            key: None,
            draft: false,
            pinned: false,
            source_hash: None,
            extends: None,
            after: None,
            at: Edge::End,
            hides: Vec::new(),
            icon: None,
            extra: serde_json::Value::Null,
        }
    }
}

/// JSON as a text, for formats that have to know beforehand what comes.
mod as_text {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
    use serde_json::Value;

    pub fn serialize<S: Serializer>(value: &Value, serializer: S) -> Result<S::Ok, S::Error> {
        let text = (!value.is_null()).then(|| serde_json::to_string(value)).transpose();
        text.map_err(ser::Error::custom)?.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        let text = Option::<&str>::deserialize(deserializer)?;
        text.map_or(Ok(Value::Null), |text| serde_json::from_str(text).map_err(de::Error::custom))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Yaml,
    Toml,
}

/// A file cut in two.
#[derive(Debug, PartialEq, Eq)]
struct Split<'a> {
    table: Option<(Format, &'a str)>,
    body_start: usize,
}

/// Cuts a text into front matter and body.
///
/// # Errors
///
/// A fence that is opened and never closed.
fn split(text: &str) -> Result<Split<'_>, &'static str> {
    for (fence, format) in [("---", Format::Yaml), ("+++", Format::Toml)] {
        let mut lines = text.split_inclusive('\n');
        let Some(first) = lines.next().filter(|line| line.trim_end() == fence) else { continue };
        let mut at = first.len();
        for line in lines {
            if line.trim_end() == fence {
                let table = Some((format, &text[first.len()..at]));
                return Ok(Split { table, body_start: at + line.len() });
            }
            at += line.len();
        }
        return Err(fence);
    }
    Ok(Split { table: None, body_start: 0 })
}

impl FrontMatter {
    /// Reads a file's front matter; with it comes the byte at which the body starts.
    ///
    /// # Errors
    ///
    /// The front matter is not closed or is no YAML or TOML: a finding, and the file must be left
    /// out, since nobody knows whom it is for. A value that is wrong is a finding in `findings`.
    pub fn parse(
        path: &SourcePath,
        text: &str,
        options: &Options<'_>,
        findings: &mut Vec<Diagnostic>,
    ) -> Result<(FrontMatter, usize), Box<Diagnostic>> {
        let split = split(text).map_err(|fence| {
            let message = format!("the front matter is not closed: no second line `{fence}`");
            let place = Place::line(path.clone(), 1);
            let help = format!("write a line `{fence}` between the keys and the text");
            Box::new(Diagnostic::new(BROKEN, place, message).help(help))
        })?;
        let Some((format, table)) = split.table else {
            return Ok((FrontMatter::default(), 0));
        };
        let node = match format {
            Format::Yaml => parse_plain(table, 2).map_or_else(|| parse_yaml(table, 2), Ok),
            Format::Toml => parse_toml(table, 2),
        };
        let node = node.map_err(|error| {
            let message = format!("the front matter can't be read: {}", error.message);
            let help = match format {
                Format::Yaml => "quote a value that holds `: `, `#` or starts with a sign",
                Format::Toml => "texts need quotes: title = \"…\"",
            };
            Box::new(Diagnostic::new(BROKEN, error.place(path), message).help(help))
        })?;
        let fields = Fields::new(node, path, "front matter", findings);
        let mut front = FrontMatter::read(fields, options.audiences);
        let modules = options.modules.visibility(front.module.as_deref());
        front.visibility = front.visibility.and(modules);
        Ok((front, split.body_start))
    }

    fn read(mut fields: Fields<'_>, audiences: &Audiences) -> FrontMatter {
        let front = FrontMatter {
            title: fields.located_text("title").filter(|t| !t.value.trim().is_empty()),
            description: fields.text("description").filter(|t| !t.trim().is_empty()),
            kind: read_kind(&mut fields),
            order: fields.number("order"),
            visibility: read_visibility(&mut fields, audiences),
            tags: distinct(fields.texts("tags")),
            module: fields.text("module"),
            aliases: fields.located_texts("aliases"),
            contexts: fields.located_texts("contexts"),
            date: fields.date("date").map(|d| d.value),
            updated: fields.date("updated").map(|d| d.value),
            review_by: fields.date("review_by"),
            find_by: fields.located_texts("find_by"),
            related: fields.located_texts("related"),
            slug: fields.located_text("slug"),
            key: fields.located_text("key"),
            draft: fields.flag("draft").unwrap_or(false),
            pinned: fields.flag("pinned").unwrap_or(false),
            source_hash: fields.located_text("source_hash"),
            extends: fields.located_text("extends"),
            after: fields.located_text("after"),
            at: fields.choice("at", &[("top", Edge::Top), ("end", Edge::End)]).unwrap_or(Edge::End),
            hides: fields.located_texts("hides"),
            icon: fields.located_text("icon"),
            extra: fields.take("extra").map_or(serde_json::Value::Null, |n| n.to_json()),
        };
        fields.finish();
        front
    }
}

fn distinct(mut tags: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::BTreeSet::new();
    tags.retain(|tag| !tag.trim().is_empty() && seen.insert(tag.clone()));
    tags
}

fn read_kind(fields: &mut Fields<'_>) -> Option<Kind> {
    let Located { value, place } = fields.located_text("kind")?;
    let kind = Kind::from_id(&value);
    if kind.is_none() {
        let ids = Kind::ALL.map(Kind::id);
        let help = match nearest(&value, ids) {
            Some(id) => format!("did you mean `{id}`?"),
            None => format!("it is one of: {}", ids.join(", ")),
        };
        let message = format!("unknown kind `{value}`; the article counts as a guide");
        fields.findings.push(Diagnostic::new(UNKNOWN_KIND, place, message).help(help));
    }
    kind
}

/// The mark's visibility; a mark that is no audience hides the article from everybody.
pub fn read_visibility(fields: &mut Fields<'_>, audiences: &Audiences) -> Visibility {
    let errors = fields.findings.len();
    let marks = fields.located_texts("audience");
    if fields.findings.len() > errors {
        return Visibility::NOBODY;
    }
    match audiences.visibility(marks.iter().map(|m| m.value.as_str())) {
        Ok(visibility) => visibility,
        Err(unknown) => {
            let place = marks.iter().find(|m| m.value == unknown).map(|m| m.place.clone());
            if let Some(place) = place {
                let finding = unknown_audience(unknown, place, audiences);
                fields.findings.push(finding);
            }
            Visibility::NOBODY
        }
    }
}

/// The finding for a mark that is no audience.
pub fn unknown_audience(mark: &str, place: Place, audiences: &Audiences) -> Diagnostic {
    let message = format!("unknown audience `{mark}`; what it marks is shown to nobody");
    let help = match nearest(mark, audiences.names()) {
        Some(known) => format!("did you mean `{known}`?"),
        None => {
            let known: Vec<&str> = audiences.names().collect();
            format!("known audiences: {}", known.join(", "))
        }
    };
    Diagnostic::new(UNKNOWN_AUDIENCE, place, message).help(help)
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    use super::*;

    type Parsed = Result<(FrontMatter, usize), Box<Diagnostic>>;

    fn parse(text: &str) -> (Parsed, Vec<Diagnostic>) {
        let mut findings = Vec::new();
        let path = SourcePath::new("a.md");
        let config = Config::default();
        let front = FrontMatter::parse(&path, text, &Options::new(&config, 0), &mut findings);
        (front, findings)
    }

    #[test]
    fn every_key_is_read_from_both_formats() {
        let yaml = "---\ntitle: A\ndescription: B\nkind: tip\norder: 2\naudience: admin\n\
            tags: [x, y, x]\nmodule: crm\naliases: [/old/]\ncontexts: [S1]\ndate: 2026-05-04\n\
            updated: 2026-05-05\nreview_by: 2027-01-01\nfind_by: [hello]\nrelated: [b.md]\n\
            slug: aa\nkey: k\ndraft: true\npinned: true\nicon: star\nextra: {n: 1}\n---\nbody";
        let toml = "+++\ntitle = 'A'\ndescription = 'B'\nkind = 'tip'\norder = 2\naudience = ['admin']\n\
            tags = ['x', 'y']\nmodule = 'crm'\naliases = ['/old/']\ncontexts = ['S1']\ndate = 2026-05-04\n\
            updated = '2026-05-05'\nreview_by = 2027-01-01T10:00:00\nfind_by = ['hello']\nrelated = ['b.md']\n\
            slug = 'aa'\nkey = 'k'\ndraft = true\npinned = true\nicon = 'star'\nextra = { n = 1 }\n+++\nbody";
        for text in [yaml, toml] {
            let (front, findings) = parse(text);
            let (front, body) = front.unwrap();
            assert_eq!(findings, []);
            assert_eq!(&text[body..], "body");
            assert_eq!(front.kind, Some(Kind::Tip));
            assert_eq!(front.tags, ["x", "y"]);
            assert_eq!(front.review_by.unwrap().value.to_string(), "2027-01-01");
            assert_eq!(front.visibility, Audiences::default().visibility(["admin"]).unwrap());
            assert_eq!(front.extra, serde_json::json!({"n": 1}));
            assert!(front.draft && front.pinned);
        }
    }

    #[test]
    fn what_cannot_be_read_leaves_the_article_out() {
        for (text, line) in
            [("---\ntitle: x\nbody", 1), ("---\na: b: c\n---\n", 2), ("+++\na b\n+++\n", 2)]
        {
            let finding = parse(text).0.unwrap_err();
            assert_eq!((finding.rule, finding.place.line), (BROKEN, line), "{finding:?}");
        }
    }

    #[test]
    fn an_unknown_audience_is_an_error_and_hides() {
        for text in ["---\naudience: admni\n---\n", "---\naudience: [admin, {a: 1}]\n---\n"] {
            let (front, findings) = parse(text);
            assert_eq!(front.unwrap().0.visibility, Visibility::NOBODY);
            assert!(findings[0].is_error());
        }
    }

    #[test]
    fn a_rule_of_dashes_later_in_the_text_is_no_front_matter() {
        assert_eq!(split("text\n---\nmore").unwrap(), Split { table: None, body_start: 0 });
        assert_eq!(split("---\n---").unwrap().body_start, 7);
    }
}
