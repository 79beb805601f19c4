//! What a request asks for: its target as a file of the output.
//!
//! A target is looked up among the site's routes and never joined to a folder of the disk. What no
//! browser sends is refused all the same, before anything looks at it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::path::OutputPath;

/// The target of a request, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Without a slash at the start: `invoicing/`, `assets/a b.css`.
    path: String,
    /// What follows the path, with its `?`; empty without one.
    query: String,
}

/// A target that is nobody's honest question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hostile;

const KEPT: AsciiSet =
    NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'_').remove(b'-').remove(b'~');

impl Target {
    /// Reads the target of a request line.
    ///
    /// # Errors
    ///
    /// It does not start at the site's root, is no UTF-8 when decoded, or holds `.`, `..`, an empty
    /// part, an encoded slash, a backslash, a colon or a control character.
    pub fn parse(target: &str) -> Result<Target, Hostile> {
        let target = target.split('#').next().unwrap_or("");
        let (path, query) = target.split_at(target.find('?').unwrap_or(target.len()));
        let path = path.strip_prefix('/').ok_or(Hostile)?;
        let mut decoded = String::with_capacity(path.len());
        let mut parts = path.split('/').peekable();
        while let Some(part) = parts.next() {
            let part = percent_decode_str(part).decode_utf8().map_err(|_| Hostile)?;
            let last = parts.peek().is_none();
            if (part.is_empty() && !last) || !is_plain(&part) {
                return Err(Hostile);
            }
            decoded.push_str(&part);
            if !last {
                decoded.push('/');
            }
        }
        Ok(Target { path: decoded, query: query.to_owned() })
    }

    /// The path within the site, decoded.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The file of the output that holds what is asked for.
    pub fn output(&self) -> OutputPath {
        if self.path.is_empty() || self.path.ends_with('/') {
            OutputPath::new(format!("{}index.html", self.path))
        } else {
            OutputPath::new(self.path.as_str())
        }
    }

    /// For a path without a slash at its end, the same as a folder.
    pub fn as_folder(&self) -> Option<Target> {
        let is_file = !self.path.is_empty() && !self.path.ends_with('/');
        is_file.then(|| Target { path: format!("{}/", self.path), query: self.query.clone() })
    }

    /// An address on this site that leads here, whatever the path holds.
    pub fn location(&self) -> String {
        let query: String = self.query.chars().filter(|c| c.is_ascii_graphic()).collect();
        format!("/{}{query}", utf8_percent_encode(&self.path, &KEPT))
    }
}

fn is_plain(part: &str) -> bool {
    part != "." && part != ".." && !part.chars().any(|c| c.is_control() || "/\\:".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_names_its_file() {
        let cases = [
            ("/", "index.html"),
            ("/?q=a/../b", "index.html"),
            ("/invoicing/", "invoicing/index.html"),
            ("/invoicing", "invoicing"),
            ("/a%20b/%C3%A4.pdf", "a b/ä.pdf"),
            ("/..a/b..", "..a/b.."),
            ("/.well-known/x", ".well-known/x"),
            ("/a#b", "a"),
            ("/100%", "100%"),
        ];
        for (target, file) in cases {
            assert_eq!(Target::parse(target).unwrap().output().as_str(), file, "{target}");
        }
    }

    #[test]
    fn a_hostile_target_is_refused() {
        for target in [
            "",
            "*",
            "a",
            "http://evil.example/",
            "//evil.example/",
            "/a//b",
            "/..",
            "/../etc/passwd",
            "/a/../../etc/passwd",
            "/./a",
            "/%2e%2e/etc/passwd",
            "/%2E./etc/passwd",
            "/a/%2e%2e%2fetc/passwd",
            "/..%2f..%2fetc/passwd",
            "/..%5c..%5cwindows",
            "/..\\..\\windows",
            "/a%00.html",
            "/a%0d%0aSet-Cookie:%20x",
            "/C:/windows",
            "/%c0%ae%c0%ae/etc/passwd",
            "/%ff",
        ] {
            assert_eq!(Target::parse(target), Err(Hostile), "{target}");
        }
    }

    #[test]
    fn decoding_happens_once() {
        let target = Target::parse("/%252e%252e/x").unwrap();
        assert_eq!(target.output().as_str(), "%2e%2e/x");
    }

    #[test]
    fn a_folder_keeps_its_query_and_stays_on_the_site() {
        let folder = |target| Target::parse(target).unwrap().as_folder().map(|t| t.location());
        assert_eq!(folder("/search?q=a%20b").as_deref(), Some("/search/?q=a%20b"));
        assert_eq!(folder("/%C3%A4%20b").as_deref(), Some("/%C3%A4%20b/"));
        assert_eq!(folder("/a/"), None);
        assert_eq!(folder("/"), None);
    }
}
