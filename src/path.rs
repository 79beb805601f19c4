//! Three kinds of path that can't be mixed up: where a text comes from, what a reader's address
//! bar shows, and which file of the output holds it.

use std::borrow::Borrow;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A file of the portal, relative to the portal's root, with `/` between its parts whatever the
/// machine: `content/invoicing/mass-invoicing.md`. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SourcePath(Arc<str>);

impl SourcePath {
    pub fn new(path: impl Into<Arc<str>>) -> SourcePath {
        SourcePath(path.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The place on this machine.
    pub fn on_disk(&self, root: &Path) -> PathBuf {
        root.join(&*self.0)
    }

    /// The folder, without a slash at its end; empty for a file at the root.
    pub fn folder(&self) -> &str {
        self.0.rfind('/').map_or("", |i| &self.0[..i])
    }

    /// The file's name with its extension.
    pub fn file_name(&self) -> &str {
        self.0.rfind('/').map_or(&self.0, |i| &self.0[i + 1..])
    }

    /// What follows the last dot of the file's name, lower-case; empty without one.
    pub fn extension(&self) -> String {
        let name = self.file_name();
        name.rfind('.').filter(|&i| i > 0).map_or(String::new(), |i| name[i + 1..].to_lowercase())
    }

    /// `link`, a relative path as a writer types it, seen from this file's folder. `None` where it
    /// leaves the portal by `..`. A `/` at the start means the portal's root.
    pub fn join(&self, link: &str) -> Option<SourcePath> {
        self.joined(link).map(SourcePath::new)
    }

    /// The same as a plain text, for a look-up.
    pub fn joined(&self, link: &str) -> Option<String> {
        let (folder, rest) = match link.strip_prefix('/') {
            Some(rest) => ("", rest),
            None => (self.folder(), link),
        };
        let mut joined = String::with_capacity(folder.len() + 1 + rest.len());
        for part in folder.split('/').chain(rest.split('/')) {
            match part {
                "" | "." => {}
                ".." if joined.is_empty() => return None,
                ".." => joined.truncate(joined.rfind('/').unwrap_or(0)),
                part => {
                    if !joined.is_empty() {
                        joined.push('/');
                    }
                    joined.push_str(part);
                }
            }
        }
        Some(joined)
    }
}

impl fmt::Display for SourcePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Files are looked up by what they are called.
impl Borrow<str> for SourcePath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// The address of something on the site, relative to the site's root, without a slash at its
/// start: `invoicing/mass-invoicing/`, `assets/theme.css`; the home page is the empty path.
/// Holds `[A-Za-z0-9._~/-]` only (a file of `static/` is percent-encoded), so it can stand in HTML as it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UrlPath(Arc<str>);

impl UrlPath {
    pub fn new(path: impl Into<Arc<str>>) -> UrlPath {
        UrlPath(path.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// This address as a relative link on the page `from`, without query or fragment.
    ///
    /// A page linked to from itself or from a sibling never becomes an empty link: `./`.
    pub fn relative_from(&self, from: &UrlPath) -> String {
        let mut link = String::new();
        self.push_relative(&mut link, from);
        link
    }

    /// Appends the same to a text.
    pub fn push_relative(&self, link: &mut String, from: &UrlPath) {
        let (from, to) = (from.0.as_bytes(), self.0.as_bytes());
        // Most addresses end with a slash, and most links lead to another folder.
        let folder = from.iter().rposition(|&b| b == b'/').map_or(0, |i| i + 1);
        let same = from[..folder].iter().zip(to).take_while(|(a, b)| a == b).count();
        let common = to[..same].iter().rposition(|&b| b == b'/').map_or(0, |i| i + 1);
        let ups = from[common..folder].iter().filter(|&&b| b == b'/').count();
        let rest = &self.0[common..];
        link.reserve(ups * 3 + rest.len() + 2);
        for _ in 0..ups {
            link.push_str("../");
        }
        link.push_str(if ups == 0 && rest.is_empty() { "./" } else { rest });
    }

    /// The file that a web server sends for this address.
    pub fn output(&self) -> OutputPath {
        let decoded = percent_encoding::percent_decode_str(&self.0).decode_utf8_lossy();
        if decoded.is_empty() || decoded.ends_with('/') {
            OutputPath::new(format!("{decoded}index.html"))
        } else {
            OutputPath::new(decoded.as_ref())
        }
    }
}

impl fmt::Display for UrlPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A file of the output, relative to the output folder, with `/` between its parts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OutputPath(Arc<str>);

impl OutputPath {
    pub fn new(path: impl Into<Arc<str>>) -> OutputPath {
        OutputPath(path.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn on_disk(&self, out: &Path) -> PathBuf {
        out.join(&*self.0)
    }
}

impl fmt::Display for OutputPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_seen_from_its_file() {
        let file = SourcePath::new("content/sales/invoice.md");
        let join = |link| file.join(link).map(|p| p.to_string());
        assert_eq!(join("new.md").as_deref(), Some("content/sales/new.md"));
        assert_eq!(join("./../stock/a.md").as_deref(), Some("content/stock/a.md"));
        assert_eq!(join("/static/x.pdf").as_deref(), Some("static/x.pdf"));
        assert_eq!(join("../../../etc/passwd"), None);
    }

    #[test]
    fn relative_links_work_at_any_depth() {
        let cases = [
            ("", "a/b/", "a/b/"),
            ("a/b/", "", "../../"),
            ("a/b/", "a/c/", "../c/"),
            ("a/b/", "a/b/", "./"),
            ("a/b/", "assets/x.css", "../../assets/x.css"),
            ("a/", "a/b/", "b/"),
            ("ab/", "abc/", "../abc/"),
            ("404.html", "a/", "a/"),
        ];
        for (from, to, link) in cases {
            assert_eq!(UrlPath::new(to).relative_from(&UrlPath::new(from)), link, "{from} -> {to}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_relative_link_leads_there(
            from in "([ab]{1,2}/){0,3}([ab]{1,2})?", to in "([ab]{1,2}/){0,3}([ab]{1,2})?"
        ) {
            let link = UrlPath::new(to.as_str()).relative_from(&UrlPath::new(from.as_str()));
            let page = url::Url::parse(&format!("https://example.org/{from}")).unwrap();
            let there = page.join(&link).unwrap();
            proptest::prop_assert_eq!(there.path(), format!("/{to}"), "{} on {}", link, from);
        }
    }

    #[test]
    fn an_address_names_its_file() {
        assert_eq!(UrlPath::new("").output().as_str(), "index.html");
        assert_eq!(UrlPath::new("a/b/").output().as_str(), "a/b/index.html");
        assert_eq!(UrlPath::new("a%20b.pdf").output().as_str(), "a b.pdf");
    }
}
