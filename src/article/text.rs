//! The text of an article's file once it is parsed.
//!
//! A document holds all that pages say. The file's text is asked for where a finding needs a line
//! of it or a translation its original's state, and is read again then: kept, the texts of a large
//! manual would take as much memory as all its documents.

use std::borrow::Cow;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use crate::path::SourcePath;
use crate::source::{Read, decode};

#[derive(Clone, Debug)]
pub struct Text {
    on_disk: Arc<Path>,
    head: blake3::Hash,
    hash: blake3::Hash,
    held: OnceLock<Box<str>>,
}

impl Text {
    /// The text of the file at `on_disk`, whose body begins at byte `body`. Holds it.
    pub fn new(on_disk: Arc<Path>, read: Read, body: usize) -> Text {
        let Read { text, hash } = read;
        let head = blake3::hash(text.get(..body).unwrap_or_default().as_bytes());
        Text { on_disk, head, hash, held: OnceLock::from(text.into_boxed_str()) }
    }

    /// The same where somebody else has read it. Holds nothing.
    pub fn unread(on_disk: Arc<Path>, head: blake3::Hash, hash: blake3::Hash) -> Text {
        Text { on_disk, head, hash, held: OnceLock::new() }
    }

    /// BLAKE3 of what stands above the body.
    pub fn head(&self) -> &blake3::Hash {
        &self.head
    }

    /// BLAKE3 of the file.
    pub fn hash(&self) -> &blake3::Hash {
        &self.hash
    }

    /// From now on it is read when it is asked for.
    pub fn let_go(&mut self) {
        self.held = OnceLock::new();
    }

    /// The whole, as the file has it now if it is not held; empty where the file is gone.
    pub fn read(&self) -> Cow<'_, str> {
        match self.held.get() {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(self.load()),
        }
    }

    /// The same, held from now on.
    pub fn hold(&self) -> &str {
        self.held.get_or_init(|| self.load().into_boxed_str())
    }

    fn load(&self) -> String {
        let bytes = std::fs::read(&self.on_disk).unwrap_or_default();
        decode(&SourcePath::new(""), &bytes).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_again_when_it_is_asked_for() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a.md");
        std::fs::write(&file, "\u{feff}head\r\nbody").unwrap();
        let hash = blake3::hash(b"file");
        let read = Read { text: "head\nbody".to_owned(), hash };
        let mut text = Text::new(file.as_path().into(), read, 5);
        text.let_go();
        assert_eq!(*text.head(), blake3::hash(b"head\n"));
        assert_eq!(&*text.read(), "head\nbody");
        assert_eq!(text.hold(), "head\nbody");
        text.let_go();
        std::fs::remove_file(&file).unwrap();
        assert_eq!((&*text.read(), *text.hash()), ("", hash));
    }
}
