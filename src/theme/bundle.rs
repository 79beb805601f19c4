//! The theme's styles as one file, its scripts as one file for each language.
//!
//! 1. Styles: the cascade layers in their order, then whatever else `css/` holds, then the brand.
//!    `icon(NAME)` becomes the drawing itself.
//! 2. Scripts: the language's texts first, then the files of `js/` in their order, each closed in
//!    itself. What few pages or other programs need stays apart.
//! 3. The embedded files lose their comments and indentation. The portal's own stay as they are:
//!    no guess about somebody else's code.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::brand::Brand;
use super::files::{Origin, ThemeFiles};
use super::icon;
use super::strings::Strings;
use crate::path::{OutputPath, UrlPath};

/// The order of the cascade, by the first part of the path below `css/`.
const LAYERS: [&str; 7] = ["reset", "tokens", "base", "layout", "components", "utilities", "print"];

/// Scripts that others build on.
const FIRST: [&str; 2] = ["js/opas.js", "js/hits.js"];

/// Scripts that are not part of the common bundle.
const APART: [&str; 3] = ["js/scheme.js", "js/search-page.js", "js/reload.js"];

/// The search, which other programs may include too.
const SEARCH: &str = "js/search/";

/// The groups of texts that scripts use.
const SCRIPT_GROUPS: [&str; 3] = ["script", "search", "number"];

/// A file of the theme as it is written out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    pub url: UrlPath,
    pub bytes: Vec<u8>,
}

pub struct Bundles {
    css: Asset,
    scheme: Asset,
    search_page: Asset,
    scripts: BTreeMap<String, Asset>,
    files: Vec<Asset>,
}

impl Bundles {
    pub fn new(files: &ThemeFiles, all: &BTreeMap<String, Strings>, brand: &Brand) -> Bundles {
        let code = script(files, common(files));
        let scripts = all
            .iter()
            .map(|(lang, strings)| {
                let text = texts(strings, all) + code.as_str();
                (lang.clone(), named(&format!("opas-{lang}"), "js", text))
            })
            .collect();
        Bundles {
            css: named("opas", "css", styles(files, brand)),
            scheme: named("scheme", "js", script(files, vec!["js/scheme.js"])),
            search_page: named("search-page", "js", script(files, vec!["js/search-page.js"])),
            scripts,
            files: plain(files),
        }
    }

    pub fn css(&self) -> &UrlPath {
        &self.css.url
    }

    pub fn scheme(&self) -> &UrlPath {
        &self.scheme.url
    }

    pub fn search_page(&self) -> &UrlPath {
        &self.search_page.url
    }

    /// The common scripts with the texts of `lang`, one of the theme's languages.
    ///
    /// # Panics
    ///
    /// For any other language.
    pub fn script(&self, lang: &str) -> &UrlPath {
        &self.scripts[lang].url
    }

    /// The theme's own, for portals without one.
    pub fn favicon(&self) -> Option<&UrlPath> {
        let named = |asset: &&Asset| asset.url.as_str().starts_with("assets/favicon.");
        self.files.iter().find(named).map(|asset| &asset.url)
    }

    /// All files to write.
    pub fn assets(&self) -> impl Iterator<Item = &Asset> {
        [&self.css, &self.scheme, &self.search_page]
            .into_iter()
            .chain(self.scripts.values())
            .chain(&self.files)
    }

    /// The one file to write at an address.
    pub fn asset(&self, output: &OutputPath) -> Option<&Asset> {
        self.assets().find(|asset| asset.url.output() == *output)
    }
}

fn named(stem: &str, extension: &str, text: String) -> Asset {
    let hash = blake3::hash(text.as_bytes()).to_hex();
    let url = UrlPath::new(format!("assets/{stem}-{}.{extension}", &hash[..10]));
    Asset { url, bytes: text.into_bytes() }
}

/// Fonts and pictures of a theme: `files/…` keeps its name below `assets/`.
fn plain(files: &ThemeFiles) -> Vec<Asset> {
    files
        .below("files/")
        .filter_map(|path| {
            let url = UrlPath::new(format!("assets/{}", &path["files/".len()..]));
            Some(Asset { url, bytes: files.bytes(path)?.to_vec() })
        })
        .collect()
}

fn styles(files: &ThemeFiles, brand: &Brand) -> String {
    let rank = |path: &str| {
        let first = path["css/".len()..].split(['/', '.']).next().unwrap_or("");
        LAYERS.iter().position(|layer| *layer == first).unwrap_or(LAYERS.len())
    };
    let own = |path: &&str| path.ends_with(".css") && *path != "css/reload.css";
    let mut paths: Vec<&str> = files.below("css/").filter(own).collect();
    paths.sort_by_key(|path| (rank(path), *path));
    let mut css = format!("@layer {};\n", LAYERS.join(","));
    for path in paths {
        let text = String::from_utf8_lossy(files.bytes(path).unwrap_or_default());
        let text = draw_icons(&text);
        css.push_str(&match files.origin(path) {
            Some(Origin::Embedded) => squeeze_css(&text),
            _ => text,
        });
        css.push('\n');
    }
    css.push_str(&brand.css());
    css
}

/// `icon(NAME)` in a style is the drawing as an address; an unknown name stays as it is.
fn draw_icons(css: &str) -> String {
    let mut out = String::with_capacity(css.len() * 2);
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("icon(") {
        out.push_str(before);
        let drawn = after.split_once(')').and_then(|(name, after)| {
            let url = icon::data_url(name.trim())?;
            Some((url, after))
        });
        match drawn {
            Some((url, after)) => {
                out.push_str(&url);
                rest = after;
            }
            None => {
                out.push_str("icon(");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Without comments, and with one space at most where there was white space.
fn squeeze_css(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    let mut space = false;
    while let Some(c) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, after)| after);
            space = true;
            continue;
        }
        if c.is_whitespace() {
            space = true;
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let glued = out.is_empty() || out.ends_with(['{', '}', ';', ',']);
        if space && !glued && !matches!(c, '{' | '}' | ';' | ',') {
            out.push(' ');
        }
        space = false;
        if c == '}' && out.ends_with(';') {
            out.pop();
        }
        let length = match c {
            '"' | '\'' => quoted(rest, c),
            c => c.len_utf8(),
        };
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out
}

/// The length of the string that starts `text`, with its quotes.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (i, c) in text.char_indices().skip(1) {
        match c {
            '\\' if !escaped => escaped = true,
            c if c == quote && !escaped => return i + 1,
            _ => escaped = false,
        }
    }
    text.len()
}

fn common(files: &ThemeFiles) -> Vec<&str> {
    let mut paths: Vec<&str> = files
        .below("js/")
        .filter(|path| path.ends_with(".js") && !APART.contains(path) && !path.starts_with(SEARCH))
        .collect();
    paths.sort_by_key(|path| {
        (FIRST.iter().position(|first| first == path).unwrap_or(FIRST.len()), *path)
    });
    paths
}

fn script(files: &ThemeFiles, paths: Vec<&str>) -> String {
    let mut out = String::new();
    for path in paths {
        let text = String::from_utf8_lossy(files.bytes(path).unwrap_or_default());
        match files.origin(path) {
            Some(Origin::Embedded) => squeeze_js(&text, &mut out),
            _ => out.push_str(&text),
        }
        out.push('\n');
    }
    out
}

/// Line by line: without indentation and without the lines that are comment only. The embedded
/// scripts keep comments on lines of their own and have no template over several lines.
fn squeeze_js(text: &str, out: &mut String) {
    let mut in_comment = false;
    for line in text.lines() {
        let line = line.trim();
        if in_comment || line.starts_with("/*") {
            in_comment = !line.ends_with("*/");
            continue;
        }
        if !line.is_empty() && !line.starts_with("//") {
            out.push_str(line);
            out.push('\n');
        }
    }
}

/// The texts that scripts show, as the script's first line; of `all` languages what leads there.
fn texts(strings: &Strings, all: &BTreeMap<String, Strings>) -> String {
    let groups = SCRIPT_GROUPS.iter().filter_map(|name| Some((*name, json!(strings.group(name)?))));
    let mut groups: BTreeMap<&str, Value> = groups.collect();
    let others = all.values().filter(|other| other.lang() != strings.lang());
    let others: BTreeMap<&str, Value> = others.map(|other| (other.lang(), way_to(other))).collect();
    if !others.is_empty() {
        groups.insert("languages", json!(others));
    }
    format!("(window.opas??={{}}).texts={};\n", json!(groups))
}

/// What a page of another language shows of this one.
fn way_to(strings: &Strings) -> Value {
    let elsewhere = strings.group("search").and_then(|texts| texts.get("elsewhere"));
    json!({
        "name": strings.get("language", "name"),
        "direction": strings.get("language", "direction"),
        "elsewhere": elsewhere,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundles(lang: &str) -> Bundles {
        let files = ThemeFiles::embedded("default");
        let strings = Strings::load(&files, lang, &mut Vec::new());
        Bundles::new(&files, &BTreeMap::from([(lang.to_owned(), strings)]), &Brand::default())
    }

    #[test]
    fn styles_lose_comments_and_space_but_no_meaning() {
        let css = "/* a */\n.a  >  .b :hover {\n  content: \" /* x */ \";\n  color: red;\n}\n";
        assert_eq!(squeeze_css(css), ".a > .b :hover{content: \" /* x */ \";color: red}");
    }

    #[test]
    fn icons_in_styles_are_drawn_and_unknown_ones_stay() {
        let css = draw_icons("a{mask:icon(search)}b{mask:icon(nope)}");
        assert!(css.contains("a{mask:url(\"data:image/svg+xml,%3Csvg"), "{css}");
        assert!(css.ends_with("b{mask:icon(nope)}"), "{css}");
    }

    #[test]
    fn scripts_lose_comment_lines_and_indentation() {
        let mut out = String::new();
        squeeze_js("/** A.\n * B */\nf(() => {\n  // c\n  g('//x');\n});\n", &mut out);
        assert_eq!(out, "f(() => {\ng('//x');\n});\n");
    }

    #[test]
    fn all_icons_that_the_styles_name_exist() {
        let css = String::from_utf8(bundles("en").css.bytes).unwrap();
        assert!(!css.contains(" icon("), "{}", &css[css.find(" icon(").unwrap()..][..40]);
    }

    #[test]
    fn a_page_knows_the_way_to_the_other_languages() {
        let files = ThemeFiles::embedded("default");
        let load = |lang: &str| (lang.to_owned(), Strings::load(&files, lang, &mut Vec::new()));
        let all = BTreeMap::from(["fi", "ru"].map(load));
        let line = texts(&all["fi"], &all);
        assert!(
            line.contains(r#""languages":{"ru":{"name":"Русский","direction":"ltr","#),
            "{line}"
        );
        assert!(!texts(&all["fi"], &BTreeMap::from([load("fi")])).contains("languages\":{"));
    }

    #[test]
    fn the_name_follows_the_content() {
        let (a, b) = (bundles("fi"), bundles("fi"));
        assert_eq!(a.script("fi"), b.script("fi"));
        assert_ne!(a.script("fi"), bundles("sv").script("sv"));
        assert!(a.css().as_str().starts_with("assets/opas-"));
    }
}
