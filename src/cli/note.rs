//! Notes in an article's file which state of another one its writer has seen.

use std::io::{self, Write};
use std::path::Path;

use super::failure::Failure;
use crate::translation::mark::marked;

/// Writes `source_hash` into the file's front matter; all else stays as it is.
///
/// # Errors
///
/// The file has no front matter, or the disk fails; the file is whole either way.
pub fn note(file: &Path, state: &str) -> Result<(), Failure> {
    let failed = |error: &io::Error| Failure::io(file, error);
    let text = std::fs::read_to_string(file).map_err(|error| failed(&error))?;
    let Some(noted) = marked(&text, state) else {
        let file = file.display();
        let message = format!("`{file}` has no front matter to note it in; add one with a title");
        return Err(Failure::usage(message));
    };
    if noted == text {
        return Ok(());
    }
    write(file, &noted)
}

/// Writes a file beside its place and renames it: a full disk must not eat an article.
///
/// # Errors
///
/// The disk fails; a file that was there is whole.
pub fn write(file: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error: &io::Error| Failure::io(file, error);
    let folder = file.parent().unwrap_or(Path::new("."));
    let mut beside = tempfile::NamedTempFile::new_in(folder).map_err(|error| failed(&error))?;
    beside.write_all(text.as_bytes()).map_err(|error| failed(&error))?;
    if let Ok(metadata) = std::fs::metadata(file) {
        let permissions = metadata.permissions();
        std::fs::set_permissions(beside.path(), permissions).map_err(|error| failed(&error))?;
    }
    beside.persist(file).map_err(|error| failed(&error.error))?;
    Ok(())
}
