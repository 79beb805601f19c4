//! The theme's files: the portal's own where it has one, the embedded default otherwise.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;
use walkdir::WalkDir;

use crate::diagnostic::{Diagnostic, Place, Rule, nearest};
use crate::path::SourcePath;

#[derive(RustEmbed)]
#[folder = "themes/default/"]
struct Embedded;

pub const THEME_MISSING: Rule =
    Rule::error("theme-missing", "The theme named in `opas.toml` does not exist.");
pub const THEME_UNREADABLE: Rule =
    Rule::error("theme-unreadable", "A file of the theme can't be read.");

/// Every file of the theme by its path within it: `templates/article.html`.
pub struct ThemeFiles {
    name: String,
    files: BTreeMap<String, File>,
}

struct File {
    bytes: Cow<'static, [u8]>,
    origin: Origin,
}

/// Where a file of the theme comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The binary.
    Embedded,
    /// The portal's `themes/NAME/`.
    Portal,
}

impl ThemeFiles {
    /// The embedded files, overlaid with those below `root/themes/name/`.
    pub fn load(root: &Path, name: &str, findings: &mut Vec<Diagnostic>) -> ThemeFiles {
        let mut files = ThemeFiles::embedded(name);
        let folder = root.join("themes").join(name);
        if !folder.is_dir() {
            if name != "default" {
                findings.push(missing(root, name));
            }
            return files;
        }
        for entry in WalkDir::new(&folder).sort_by_file_name() {
            let read = entry.map_err(io::Error::from).and_then(|entry| {
                let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
                let file = entry.file_type().is_file() && !hidden;
                let bytes = if file { Some(fs::read(entry.path())?) } else { None };
                Ok(bytes.map(|bytes| (entry.into_path(), bytes)))
            });
            match read {
                Ok(None) => {}
                Ok(Some((path, bytes))) => {
                    files.files.insert(
                        relative(&folder, &path),
                        File { bytes: Cow::Owned(bytes), origin: Origin::Portal },
                    );
                }
                Err(error) => {
                    let place = Place::file(SourcePath::new(format!("themes/{name}")));
                    let message = format!("the theme can't be read: {error}");
                    findings.push(Diagnostic::new(THEME_UNREADABLE, place, message));
                }
            }
        }
        files
    }

    /// The default theme alone.
    pub fn embedded(name: &str) -> ThemeFiles {
        let files = Embedded::iter()
            .filter_map(|path| {
                let bytes = Embedded::get(&path)?.data;
                Some((path.into_owned(), File { bytes, origin: Origin::Embedded }))
            })
            .collect();
        ThemeFiles { name: name.to_owned(), files }
    }

    /// All paths with where they come from, sorted.
    pub fn list(&self) -> impl Iterator<Item = (&str, Origin)> {
        self.files.iter().map(|(path, file)| (path.as_str(), file.origin))
    }

    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(|file| &*file.bytes)
    }

    pub fn origin(&self, path: &str) -> Option<Origin> {
        self.files.get(path).map(|file| file.origin)
    }

    /// The default's version of a file, whatever the portal has in its place.
    pub fn embedded_bytes(path: &str) -> Option<Cow<'static, [u8]>> {
        Embedded::get(path).map(|file| file.data)
    }

    /// Paths in a folder of the theme, `folder` with its slash.
    pub fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a str> {
        self.files.keys().map(String::as_str).filter(move |path| path.starts_with(folder))
    }

    /// Where a writer finds the file (or would put it, to override).
    pub fn source(&self, path: &str) -> SourcePath {
        SourcePath::new(format!("themes/{}/{path}", self.name))
    }
}

/// Why a file of the theme could not be copied to the portal.
#[derive(Debug, thiserror::Error)]
pub enum EjectError {
    #[error("the theme has no file `{file}`{}", .near.as_ref().map(|n| format!(" (did you mean `{n}`?)")).unwrap_or_default())]
    Unknown { file: String, near: Option<String> },
    #[error("{0} exists already")]
    Exists(PathBuf),
    #[error("{0} can't be written: {1}")]
    Io(PathBuf, #[source] io::Error),
}

/// Copies the default's `file` to the portal's `themes/name/`, where it can be changed.
///
/// # Errors
///
/// An unknown file, one that is there already, or a folder that can't be written to.
pub fn eject(root: &Path, name: &str, file: &str) -> Result<PathBuf, EjectError> {
    let Some(bytes) = ThemeFiles::embedded_bytes(file) else {
        let all: Vec<_> = Embedded::iter().collect();
        let near = nearest(file, all.iter().map(|path| &**path)).map(str::to_owned);
        return Err(EjectError::Unknown { file: file.to_owned(), near });
    };
    let target = root.join("themes").join(name).join(file);
    let failed = |error| EjectError::Io(target.clone(), error);
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut out = match fs::File::create_new(&target) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(EjectError::Exists(target));
        }
        out => out.map_err(failed)?,
    };
    io::Write::write_all(&mut out, &bytes).map_err(failed)?;
    Ok(target)
}

fn relative(folder: &Path, path: &Path) -> String {
    let path = path.strip_prefix(folder).unwrap_or(path);
    let parts: Vec<_> = path.components().map(|c| c.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

fn missing(root: &Path, name: &str) -> Diagnostic {
    let place = Place::file(SourcePath::new("opas.toml"));
    let message = format!("there is no theme `{name}`: no folder `themes/{name}`");
    let names: Vec<String> = fs::read_dir(root.join("themes"))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .chain(["default".to_owned()])
        .collect();
    let near = nearest(name, names.iter().map(String::as_str));
    Diagnostic::new(THEME_MISSING, place, message)
        .maybe_help(near.map(|near| format!("did you mean `{near}`?")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portal_overrides_file_by_file() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("themes/default/templates");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("not-found.html"), "gone").unwrap();
        let mut findings = Vec::new();
        let files = ThemeFiles::load(root.path(), "default", &mut findings);
        assert_eq!(files.bytes("templates/not-found.html"), Some(&b"gone"[..]));
        assert_eq!(files.origin("templates/not-found.html"), Some(Origin::Portal));
        assert_eq!(files.origin("templates/article.html"), Some(Origin::Embedded));
        assert!(findings.is_empty());
    }

    #[test]
    fn a_missing_theme_is_a_finding_with_the_nearest_one() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("themes/company")).unwrap();
        let mut findings = Vec::new();
        ThemeFiles::load(root.path(), "compny", &mut findings);
        assert_eq!(findings[0].rule.id, "theme-missing");
        assert_eq!(findings[0].help.as_deref(), Some("did you mean `company`?"));
    }

    #[test]
    fn a_file_is_ejected_once_and_never_overwritten() {
        let root = tempfile::tempdir().unwrap();
        let path = eject(root.path(), "default", "templates/article.html").unwrap();
        assert!(path.is_file());
        let again = eject(root.path(), "default", "templates/article.html");
        assert!(matches!(again, Err(EjectError::Exists(_))));
        let typo = eject(root.path(), "default", "templates/artcle.html").unwrap_err();
        assert!(typo.to_string().contains("`templates/article.html`"), "{typo}");
    }
}
