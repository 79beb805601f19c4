//! Which files a portal is made of.
//!
//! 1. [`scan`] walks `content/` and `static/` of each layer, follows symlinks that stay inside, and
//!    gives each file a [`SourceKind`] by its place and name.
//! 2. It gets the portal's path, if its layer has its languages elsewhere.
//! 3. A file of a later layer takes the place of one with the same path in an earlier layer.
//! 4. [`SourceFile::text`] reads a text and turns what is no text into a finding.

use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use rayon::prelude::*;
use walkdir::WalkDir;

use crate::diagnostic::{Diagnostic, Place, Rule};
use crate::layer::Layer;
use crate::path::SourcePath;
use crate::stat_cache::Stat;

pub const UNREADABLE: Rule = Rule::error("unreadable", "A file that can't be read as text.");
pub const OUTSIDE: Rule = Rule::error("outside-portal", "Something that leads out of the portal.");
pub const SYMLINK_LOOP: Rule = Rule::error("symlink-loop", "A symlink to a folder above itself.");
pub const UNUSABLE_NAME: Rule =
    Rule::warning("unusable-name", "A file whose name is no text and that is left out.");

/// The longest text that is read: spans count bytes in 32 bits, and no person writes this much.
const LONGEST_TEXT: u64 = 256 << 20;

/// What a file is, by its place and name alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceKind {
    /// A markdown file that becomes a page.
    Article,
    /// `_index.md`: the home page's or a category's own text.
    Index,
    /// Markdown below a folder `snippets` at the start of the content.
    Snippet,
    /// Anything else in `content/`: pictures, videos, files to download.
    Asset,
    /// A file of `static/`, copied as it is.
    Static,
}

/// One file of the portal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Relative to the root of the file's layer.
    pub path: SourcePath,
    pub kind: SourceKind,
    /// The place in the list of layers.
    pub layer: usize,
    /// Many things of a file know where it lies.
    pub on_disk: Arc<Path>,
    pub size: u64,
    /// When it was changed last.
    pub modified: Option<SystemTime>,
    pub stat: Option<Stat>,
    /// Reached by way of a symlink, so that the same file may be another one too.
    pub linked: bool,
}

/// What was read of a file.
#[derive(Clone, Debug)]
pub struct Read {
    pub text: String,
    /// BLAKE3 of the file's bytes.
    pub hash: blake3::Hash,
}

impl SourceFile {
    /// The file as it is now; `None` if it is gone, or no file any more.
    pub fn fresh(&self) -> Option<SourceFile> {
        let metadata = std::fs::metadata(&self.on_disk).ok().filter(std::fs::Metadata::is_file)?;
        let (modified, stat) = (metadata.modified().ok(), Stat::of(&metadata));
        Some(SourceFile { size: metadata.len(), modified, stat, ..self.clone() })
    }

    /// The file's text with `\n` line ends and without a byte-order mark.
    ///
    /// # Errors
    ///
    /// A finding: the file can't be read, is no UTF-8, holds a NUL or is larger than 256 MB.
    pub fn text(&self) -> Result<Read, Box<Diagnostic>> {
        let unreadable = |message: String| {
            Box::new(Diagnostic::new(UNREADABLE, Place::file(self.path.clone()), message))
        };
        if self.size > LONGEST_TEXT {
            return Err(unreadable(format!(
                "the file has {} MB; 256 are possible",
                self.size >> 20
            )));
        }
        let bytes = std::fs::read(&self.on_disk)
            .map_err(|error| unreadable(format!("the file can't be read: {error}")))?;
        let hash = blake3::hash(&bytes);
        self.text_of(bytes, hash)
    }

    /// The same of bytes that were read already, with their BLAKE3 hash.
    ///
    /// # Errors
    ///
    /// As [`SourceFile::text`].
    pub fn text_of(&self, bytes: Vec<u8>, hash: blake3::Hash) -> Result<Read, Box<Diagnostic>> {
        Ok(Read { hash, text: decode(&self.path, &bytes)? })
    }
}

/// The text of a file's bytes, as [`SourceFile::text`] gives it.
///
/// # Errors
///
/// A finding: no UTF-8, or a NUL.
pub fn decode(path: &SourcePath, bytes: &[u8]) -> Result<String, Box<Diagnostic>> {
    let finding = |text: &str, at: usize, message: &str, help: &str| {
        let place = Place::of_range(path.clone(), text, at..at + 1);
        Box::new(Diagnostic::new(UNREADABLE, place, message).help(help))
    };
    let Ok(text) = simdutf8::basic::from_utf8(bytes) else {
        let at = bytes.utf8_chunks().next().map_or(0, |chunk| chunk.valid().len());
        let text = String::from_utf8_lossy(bytes);
        let message = "the file is not UTF-8";
        return Err(finding(&text, at, message, "save it with the encoding UTF-8"));
    };
    // Nearly all texts have neither.
    let is_plain = memchr::memchr2(b'\0', b'\r', bytes).is_none();
    if !is_plain && let Some(at) = text.find('\0') {
        return Err(finding(text, at, "the file holds a NUL byte", "is it a text file?"));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match is_plain {
        true => Ok(text.to_owned()),
        false => Ok(text.replace("\r\n", "\n").replace('\r', "\n")),
    }
}

/// What lies in the layers, with what is wrong with it.
#[derive(Clone, Debug)]
pub struct Scan {
    pub files: Vec<SourceFile>,
    pub findings: Vec<Diagnostic>,
}

/// The files of the layers, sorted by path, each path once.
///
/// `languages` tells where snippets may lie: at the start of `content/` or of a language's folder.
pub fn scan(
    layers: &[Layer],
    languages: &[String],
    findings: &mut Vec<Diagnostic>,
) -> Vec<SourceFile> {
    let mut files: Vec<SourceFile> = Vec::new();
    for (number, layer) in layers.iter().enumerate() {
        for top in ["content", "static"] {
            for file in walk(&layer.root, top, number, findings) {
                let Some(path) = layer.place(file.path) else { continue };
                let kind = kind_of(&path, languages);
                files.push(SourceFile { path, kind, ..file });
            }
        }
    }
    // Each folder's are in order already.
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|later, earlier| {
        let is_same = later.path == earlier.path;
        if is_same {
            std::mem::swap(later, earlier);
        }
        is_same
    });
    files
}

fn walk(root: &Path, top: &str, layer: usize, findings: &mut Vec<Diagnostic>) -> Vec<SourceFile> {
    let start = root.join(top);
    if !start.exists() {
        return Vec::new();
    }
    let inside = match root.canonicalize() {
        Ok(inside) => inside,
        Err(error) => {
            let message = format!("the portal can't be read: {error}");
            findings.push(Diagnostic::new(UNREADABLE, Place::file(SourcePath::new(top)), message));
            return Vec::new();
        }
    };
    let mut found: Vec<(SourcePath, PathBuf, bool)> = Vec::new();
    let mut links: Vec<PathBuf> = Vec::new();
    let mut walker = WalkDir::new(&start).follow_links(true).sort_by_file_name().into_iter();
    while let Some(entry) = walker.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                findings.push(walk_error(root, &error));
                continue;
            }
        };
        let Some(path) = relative(root, entry.path()) else {
            let name = SourcePath::new(entry.path().to_string_lossy().as_ref());
            let message = "the file's name is no UTF-8; the file is left out";
            findings.push(Diagnostic::new(UNUSABLE_NAME, Place::file(name), message));
            continue;
        };
        if entry.depth() > 0 && is_hidden(path.file_name()) && top == "content" {
            if entry.file_type().is_dir() {
                walker.skip_current_dir();
            }
            continue;
        }
        if entry.path_is_symlink() && !leads_inside(entry.path(), &inside) {
            let message = "the symlink leads out of the portal";
            let help = "put a copy of the file into the portal";
            findings.push(Diagnostic::new(OUTSIDE, Place::file(path), message).help(help));
            if entry.file_type().is_dir() {
                walker.skip_current_dir();
            }
            continue;
        }
        if entry.path_is_symlink() {
            links.push(entry.path().to_owned());
        }
        if entry.file_type().is_file() {
            let linked = links.iter().any(|link| entry.path().starts_with(link));
            found.push((path, entry.into_path(), linked));
        }
    }
    let look = |(path, on_disk, linked): (SourcePath, PathBuf, bool)| {
        let metadata = std::fs::metadata(&on_disk).ok();
        let size = metadata.as_ref().map_or(0, |m| m.len());
        let stat = metadata.as_ref().and_then(Stat::of);
        let modified = metadata.and_then(|m| m.modified().ok());
        // Which it is shows once it has the portal's path.
        let kind = SourceKind::Asset;
        let on_disk = on_disk.into();
        SourceFile { path, kind, layer, on_disk, size, modified, stat, linked }
    };
    found.into_par_iter().map(look).collect()
}

fn leads_inside(link: &Path, root: &Path) -> bool {
    link.canonicalize().is_ok_and(|target| target.starts_with(root))
}

/// Files that editors and systems leave about.
fn is_hidden(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || name == "Thumbs.db"
}

fn relative(root: &Path, path: &Path) -> Option<SourcePath> {
    let path = path.strip_prefix(root).ok()?.to_str()?;
    Some(match MAIN_SEPARATOR {
        '/' => SourcePath::new(path),
        other => SourcePath::new(path.replace(other, "/")),
    })
}

fn walk_error(root: &Path, error: &walkdir::Error) -> Diagnostic {
    let path = error.path().and_then(|p| relative(root, p));
    let place = Place::file(path.unwrap_or_else(|| SourcePath::new("content")));
    match error.loop_ancestor() {
        Some(_) => {
            Diagnostic::new(SYMLINK_LOOP, place, "the symlink leads to a folder above itself")
                .help("remove the link")
        }
        None => {
            let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
            Diagnostic::new(UNREADABLE, place, format!("it can't be read: {reason}"))
        }
    }
}

fn kind_of(path: &SourcePath, languages: &[String]) -> SourceKind {
    let Some(rest) = path.as_str().strip_prefix("content/") else { return SourceKind::Static };
    if path.extension() != "md" {
        return SourceKind::Asset;
    }
    let within = rest.split_once('/').map_or(rest, |(first, below)| {
        if languages.len() > 1 && languages.iter().any(|l| l == first) { below } else { rest }
    });
    if within.starts_with("snippets/") {
        SourceKind::Snippet
    } else if path.file_name() == "_index.md" {
        SourceKind::Index
    } else {
        SourceKind::Article
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn portal(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let file = dir.path().join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        dir
    }

    #[test]
    fn files_get_their_kind_by_place() {
        let dir = portal(&[
            ("content/_index.md", ""),
            ("content/fi/sales/invoice.md", ""),
            ("content/fi/snippets/a.md", ""),
            ("content/sales/snippets/b.md", ""),
            ("content/media/a.png", ""),
            ("content/.draft.md", ""),
            ("content/a.md~", ""),
            ("static/.well-known/x", ""),
            ("opas.toml", ""),
        ]);
        let mut findings = Vec::new();
        let languages = ["fi".to_owned(), "en".to_owned()];
        let files = scan(&[dir.path().to_owned().into()], &languages, &mut findings);
        let seen: Vec<_> = files.iter().map(|f| (f.path.as_str(), f.kind)).collect();
        assert_eq!(
            seen,
            [
                ("content/_index.md", SourceKind::Index),
                ("content/fi/sales/invoice.md", SourceKind::Article),
                ("content/fi/snippets/a.md", SourceKind::Snippet),
                ("content/media/a.png", SourceKind::Asset),
                ("content/sales/snippets/b.md", SourceKind::Article),
                ("static/.well-known/x", SourceKind::Static),
            ]
        );
        assert_eq!(findings, []);
    }

    #[test]
    fn a_later_layer_wins_file_by_file() {
        let vendor = portal(&[("content/a.md", "vendor"), ("content/b.md", "vendor")]);
        let company = portal(&[("content/b.md", "company")]);
        let layers = [vendor.path().to_owned().into(), company.path().to_owned().into()];
        let files = scan(&layers, &[], &mut Vec::new());
        let seen: Vec<_> = files.iter().map(|f| (f.path.as_str(), f.layer)).collect();
        assert_eq!(seen, [("content/a.md", 0), ("content/b.md", 1)]);
    }

    #[cfg(unix)]
    #[test]
    fn symlinks_stay_inside_and_loops_end() {
        use std::os::unix::fs::symlink;
        let outside = portal(&[("secret.md", "secret")]);
        let dir = portal(&[("content/a/x.md", "x")]);
        symlink(outside.path(), dir.path().join("content/out")).unwrap();
        symlink(outside.path().join("secret.md"), dir.path().join("content/s.md")).unwrap();
        symlink(dir.path().join("content/a"), dir.path().join("content/a/loop")).unwrap();
        symlink(dir.path().join("content/a/x.md"), dir.path().join("content/y.md")).unwrap();
        let mut findings = Vec::new();
        let files = scan(&[dir.path().to_owned().into()], &[], &mut findings);
        let seen: Vec<_> = files.iter().map(|f| f.path.as_str()).collect();
        assert_eq!(seen, ["content/a/x.md", "content/y.md"]);
        let mut rules: Vec<_> = findings.iter().map(|f| f.rule.id).collect();
        rules.sort_unstable();
        assert_eq!(rules, ["outside-portal", "outside-portal", "symlink-loop"]);
    }

    #[test]
    fn text_is_normalized_and_other_bytes_are_findings() {
        let path = SourcePath::new("a.md");
        assert_eq!(decode(&path, b"\xef\xbb\xbfa\r\nb\rc").unwrap(), "a\nb\nc");
        let finding = decode(&path, b"a\nb\xff").unwrap_err();
        assert_eq!((finding.place.line, finding.place.column), (2, 2));
        assert!(decode(&path, b"a\0").is_err());
    }
}
