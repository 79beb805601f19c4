//! A portal in a temporary folder, and the real binary to work on it.

#![allow(dead_code, reason = "each test file takes what it needs")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub struct Desk {
    dir: tempfile::TempDir,
}

/// What a run of the binary came to.
pub struct Run {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    /// Everything that was printed, for finding words in it.
    pub fn text(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }

    /// Checks the status, and that each of `words` was printed. Nothing ever panics or shows Rust's
    /// own way of writing values.
    #[track_caller]
    pub fn expect(&self, status: i32, words: &[&str]) -> &Run {
        let text = self.text();
        assert_eq!(self.status, status, "{text}");
        assert!(!text.contains("panicked"), "{text}");
        for debug in ["Os {", "Error(", "kind:", "Some(", "PathBuf"] {
            assert!(!self.stderr.contains(debug), "{debug} in {text}");
        }
        for word in words {
            assert!(text.contains(word), "no {word:?} in {text}");
        }
        self
    }
}

impl Desk {
    pub fn empty() -> Desk {
        Desk { dir: tempfile::tempdir().unwrap() }
    }

    /// A portal of one article, to which tests add what they are about.
    pub fn portal() -> Desk {
        let desk = Desk::empty();
        desk.write("opas.toml", "title = \"Ohjeet\"\nsite_url = \"https://help.example.com/\"\n");
        desk.write("content/_index.md", "Tervetuloa.\n");
        desk.write("content/sales/_index.md", "---\ntitle: Sales\n---\n");
        desk.write("content/sales/invoice.md", "---\ntitle: Invoice\n---\n\nSend it.\n");
        desk
    }

    /// A copy of a folder below `tests/`.
    pub fn copy_of(folder: &str) -> Desk {
        let desk = Desk::empty();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
        for (path, bytes) in read(&from) {
            desk.write(&path, bytes);
        }
        desk
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let place = self.path(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, bytes).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    /// Runs the binary with arguments apart by spaces, in the desk's folder.
    pub fn opas(&self, arguments: &str) -> Run {
        self.run(arguments.split_whitespace(), &[])
    }

    pub fn run<'a>(
        &self,
        arguments: impl IntoIterator<Item = &'a str>,
        environment: &[(&str, &str)],
    ) -> Run {
        run(self.command(arguments).envs(environment.iter().copied()))
    }

    pub fn command<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = Command::new(binary());
        command.args(arguments).current_dir(self.dir.path()).stdin(Stdio::null());
        command.env("RUST_BACKTRACE", "0");
        command
    }

    /// The files of a folder, by path.
    pub fn tree(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        read(&self.path(folder))
    }
}

pub fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_opas"))
}

pub fn run(command: &mut Command) -> Run {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run {
        status: output.status.code().unwrap_or(-1),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

pub fn read(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
    let files = files.filter(|entry| !entry.file_type().is_dir());
    files
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap();
            (path.to_str().unwrap().to_owned(), fs::read(entry.path()).unwrap_or_default())
        })
        .collect()
}
