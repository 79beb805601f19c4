//! Proves of a built folder that nothing in it is meant for other readers.
//!
//! 1. [`secrets`] collects what only hidden content has: words, runs of five words ([`runs`]),
//!    titles and addresses ([`phrases`]), files. What is [`visible`] somewhere is no secret.
//! 2. [`text`] turns each file of the output into words, whatever its kind: markup with and without
//!    its tags, scripts and JSON unescaped, the search's shards decoded.
//! 3. A [`Guard`] looks for the one in the other: at each file that a build is about to write, and
//!    through a folder that lies there already.
//!
//! It reads the output as a stranger would, and shares no code with what wrote it.

mod phrases;
mod runs;
mod secrets;
mod text;
mod visible;
mod window;

use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use walkdir::WalkDir;

use crate::audience::Reader;
use crate::diagnostic::{Diagnostic, Place, Rule};
use crate::path::SourcePath;
use crate::site::Site;

use secrets::Secrets;

pub const LEAK: Rule =
    Rule::error("leak", "A built portal holds something that its readers may not see.");

/// As many findings per file as help to find the cause.
const PER_FILE: usize = 5;

/// Looks at one file of an output after another for what its readers may not see.
pub struct Guard {
    secrets: Secrets,
}

impl Guard {
    /// The guard over what is made for `reader`; `None` where nothing is hidden from that reader.
    ///
    /// `known` are texts that everybody sees though no article holds them: the theme's strings,
    /// templates and scripts.
    pub fn new(site: &Arc<Site>, reader: Reader, known: &[&str]) -> Option<Guard> {
        let hides = site.pages.iter().any(|page| {
            let parts = page.article.document.restrictions.iter();
            !page.visibility.seen_by(reader)
                || parts.into_iter().any(|part| !part.visibility.seen_by(reader))
        });
        let hides = hides || site.categories.iter().any(|c| !c.visibility.seen_by(reader));
        hides.then(|| Guard { secrets: Secrets::of(site, reader, known) })
    }

    /// What the file holds that it must not, by its path in the output.
    pub fn look_at(&self, path: &str, bytes: &[u8]) -> Vec<Diagnostic> {
        self.secrets.leaks_of(path, bytes)
    }

    /// All files of the folder `out`.
    ///
    /// # Errors
    ///
    /// A folder or file that can't be read.
    pub fn look_through(&self, out: &Path) -> std::io::Result<Vec<Diagnostic>> {
        let mut files = Vec::new();
        for entry in WalkDir::new(out).sort_by_file_name() {
            let entry = entry?;
            if !entry.file_type().is_dir() {
                files.push(entry.into_path());
            }
        }
        let found: Vec<Vec<Diagnostic>> = files
            .par_iter()
            .map(|file| {
                let name = file.strip_prefix(out).unwrap_or(file);
                let name = name.to_string_lossy().replace('\\', "/");
                Ok(self.look_at(&name, &std::fs::read(file)?))
            })
            .collect::<std::io::Result<_>>()?;
        Ok(found.into_iter().flatten().collect())
    }
}

impl Secrets {
    fn leaks_of(&self, name: &str, bytes: &[u8]) -> Vec<Diagnostic> {
        let mut leaks = Vec::new();
        let mut leak =
            |what: String| {
                if leaks.len() < PER_FILE {
                    let place = Place::file(SourcePath::new(name));
                    leaks.push(Diagnostic::new(LEAK, place, what).help(
                        "do not publish this folder; this is a fault of Opas, please report it",
                    ));
                }
            };
        if let Some(path) = self.files.get(&blake3::hash(bytes)) {
            leak(format!("the file is `{path}`, which only hidden texts refer to"));
        }
        if let Some(hidden) = self.hidden_name(name) {
            leak(format!("the file's name begins with `{hidden}`, a hidden file's name"));
        }
        for what in self.say(&self.found_in(name)) {
            leak(format!("the file's name holds {what}"));
        }
        let texts = text::texts(name, bytes);
        let found = texts.iter().map(|text| self.found_in(text));
        for what in self.say(&found.fold(Default::default(), |all, found| all.and(found))) {
            leak(format!("it holds {what}"));
        }
        leaks
    }
}
