//! The templates, compiled once, and what they may call.

use std::sync::{PoisonError, RwLock};

use rustc_hash::FxHashMap;
use serde::Serialize;
use tera::{Context, ErrorKind, Kwargs, State, Tera};

use super::files::{Origin, ThemeFiles};
use super::fold::{fold, reassigns};
use super::icon;
use crate::diagnostic::{Diagnostic, Place, Rule};
use crate::markdown::escape::write_escaped;

pub const TEMPLATE: Rule = Rule::error("template", "A template of the theme fails.");

/// The templates that pages are made of; a theme may have more, for its own includes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Template {
    Home,
    Category,
    Article,
    Contents,
    AToZ,
    Glossary,
    Search,
    Tags,
    Tag,
    NotFound,
    Print,
    Redirect,
    Nav,
}

impl Template {
    /// The file's name in `templates/`.
    pub fn file(self) -> &'static str {
        match self {
            Template::Home => "home.html",
            Template::Category => "category.html",
            Template::Article => "article.html",
            Template::Contents => "contents.html",
            Template::AToZ => "a-z.html",
            Template::Glossary => "glossary.html",
            Template::Search => "search.html",
            Template::Tags => "tags.html",
            Template::Tag => "tag.html",
            Template::NotFound => "not-found.html",
            Template::Print => "print.html",
            Template::Redirect => "redirect.html",
            Template::Nav => "nav.html",
        }
    }
}

/// Few pages are longer, in bytes.
const PAGE: usize = 1 << 16;

pub struct Templates {
    tera: Tera,
}

impl Templates {
    /// All templates of the theme. If the portal's own do not compile, the embedded ones stand in.
    pub fn compile(files: &ThemeFiles, findings: &mut Vec<Diagnostic>) -> Templates {
        match compile(files, &[]) {
            Ok(tera) => Templates { tera },
            Err(error) => {
                findings.push(finding(files, "", &error));
                let embedded = ThemeFiles::embedded("default");
                let tera = compile(&embedded, &[]).unwrap_or_else(|error| {
                    findings.push(finding(&embedded, "", &error));
                    Tera::default()
                });
                Templates { tera }
            }
        }
    }

    /// The same for pages that all have these parts in their contexts, by name: the texts of the
    /// parts are written in. `None` if the theme's templates do not compile.
    pub fn with(files: &ThemeFiles, parts: &[(&str, &tera::Value)]) -> Option<Templates> {
        compile(files, parts).ok().map(|tera| Templates { tera })
    }

    pub fn render(
        &self,
        files: &ThemeFiles,
        template: Template,
        context: &impl Serialize,
    ) -> Result<Vec<u8>, Box<Diagnostic>> {
        let name = template.file();
        let mut page = Vec::with_capacity(PAGE);
        Context::from_serialize(context)
            .and_then(|context| self.tera.render_to(name, &context, &mut page))
            .map(|()| page)
            .map_err(|error| Box::new(finding(files, name, &error)))
    }
}

fn compile(files: &ThemeFiles, parts: &[(&str, &tera::Value)]) -> tera::TeraResult<Tera> {
    let mut tera = Tera::default();
    tera.set_escape_fn(write_escaped);
    tera.register_function("icon", icon_function());
    let mut sources = Vec::new();
    for path in files.below("templates/") {
        let text = match std::str::from_utf8(files.bytes(path).unwrap_or_default()) {
            Ok(text) => text,
            Err(_) => return Err(tera::Error::message(format!("`{path}` is not UTF-8"))),
        };
        let text = match files.origin(path) {
            Some(Origin::Embedded) => unindent(text),
            _ => text.to_owned(),
        };
        sources.push((path["templates/".len()..].to_owned(), text));
    }
    let is_part = |name: &str| parts.iter().any(|(part, _)| *part == name);
    let is_fixed = !sources.iter().any(|(_, text)| reassigns(text, &is_part));
    for (_, text) in &mut sources {
        // A component's own parameters may have the names of parts.
        let fixed = if is_fixed && !text.contains("component ") { parts } else { &[] };
        *text = fold(text, &|name| icon_of(name).or_else(|| text_of(name, fixed)));
    }
    tera.add_raw_templates(sources)?;
    Ok(tera)
}

/// The same lines without their indentation and without those that are empty but for it: a tenth of
/// the page's bytes. Lines keep their number for messages.
fn unindent(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        out.push_str(line.trim_start());
        out.push('\n');
    }
    out
}

/// The drawing that `icon(name="search")` asks for. An unknown one is for the page to complain about.
fn icon_of(expression: &str) -> Option<String> {
    icon::svg(expression.strip_prefix("icon(name=\"")?.strip_suffix("\")")?)
}

/// The text at `part.key.key`, if it stands on pages as it is.
fn text_of(expression: &str, parts: &[(&str, &tera::Value)]) -> Option<String> {
    let (name, path) = expression.split_once('.')?;
    let (_, part) = parts.iter().find(|(part, _)| *part == name)?;
    let text = part.get_from_path(path)?.as_str()?;
    let is_plain = |c: char| !c.is_control() && !"&<>\"'{}%#".contains(c);
    (text.chars().all(is_plain) && text.trim() == text && !text.is_empty()).then(|| text.to_owned())
}

/// `{{ icon(name="search") }}`. Each page has the same few.
fn icon_function() -> impl Fn(Kwargs, &State) -> tera::TeraResult<tera::Value> + Send + Sync {
    let drawn: RwLock<FxHashMap<String, tera::Value>> = RwLock::default();
    move |arguments, _| {
        let name: &str = arguments.must_get("name")?;
        if let Some(icon) = drawn.read().unwrap_or_else(PoisonError::into_inner).get(name) {
            return Ok(icon.clone());
        }
        let Some(svg) = icon::svg(name) else {
            return Err(tera::Error::message(format!("the theme has no icon `{name}`")));
        };
        let icon = tera::Value::safe_string(&svg);
        let mut drawn = drawn.write().unwrap_or_else(PoisonError::into_inner);
        drawn.insert(name.to_owned(), icon.clone());
        Ok(icon)
    }
}

fn finding(files: &ThemeFiles, template: &str, error: &tera::Error) -> Diagnostic {
    let (place, message) = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let span = report.span();
            let line = u32::try_from(span.start_line).unwrap_or(0);
            let path = files.source(&format!("templates/{}", report.filename()));
            (Place::line(path, line), report.message().to_owned())
        }
        ErrorKind::MissingParent { current, parent } => {
            let path = files.source(&format!("templates/{current}"));
            (Place::file(path), format!("extends `{parent}`, which the theme does not have"))
        }
        _ => {
            let text = error.to_string();
            match named_place(&text).filter(|_| template.is_empty()) {
                Some((file, line)) => {
                    let path = files.source(&format!("templates/{file}"));
                    let message = text.lines().next().unwrap_or_default();
                    let message = message.strip_prefix("error: ").unwrap_or(message);
                    (Place::line(path, line), message.to_owned())
                }
                None => (Place::file(files.source(&format!("templates/{template}"))), text),
            }
        }
    };
    Diagnostic::new(TEMPLATE, place, message)
}

/// The place in an error that has it in its text alone: `--> article.html:1:12`.
fn named_place(text: &str) -> Option<(&str, u32)> {
    let (_, place) = text.split_once("--> ")?;
    let mut parts = place.lines().next()?.split(':');
    Some((parts.next()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn with_template(name: &str, text: &str) -> (ThemeFiles, Templates, Vec<Diagnostic>) {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("themes/own/templates");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(name), text).unwrap();
        let mut findings = Vec::new();
        let files = ThemeFiles::load(root.path(), "own", &mut findings);
        let templates = Templates::compile(&files, &mut findings);
        (files, templates, findings)
    }

    #[test]
    fn the_embedded_templates_compile() {
        let mut findings = Vec::new();
        Templates::compile(&ThemeFiles::embedded("default"), &mut findings);
        assert_eq!(findings, []);
    }

    #[test]
    fn a_template_that_does_not_parse_is_named_with_its_line() {
        let (_, _, findings) = with_template("tag.html", "<p>\n{% if %}\n");
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].place.to_string(), "themes/own/templates/tag.html:2");
    }

    #[test]
    fn an_include_of_nothing_is_named_with_its_line() {
        let (_, _, findings) = with_template("tag.html", "<p>\n{% include 'none.html' %}\n");
        assert_eq!(findings[0].place.to_string(), "themes/own/templates/tag.html:2");
        assert_eq!(findings[0].message, "Unknown template `none.html`");
    }

    #[test]
    fn a_template_that_fails_is_named_with_its_line() {
        let (files, templates, findings) = with_template("tag.html", "<p>\n\n{{ nothing.here }}\n");
        assert_eq!(findings, []);
        let error = templates.render(
            &files,
            Template::Tag,
            &std::collections::BTreeMap::<&str, &str>::new(),
        );
        assert_eq!(error.unwrap_err().place.to_string(), "themes/own/templates/tag.html:3");
    }
}
