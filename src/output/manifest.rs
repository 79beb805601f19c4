//! The manifest: which files of the folder opas wrote, with their hashes, and for which audience.
//!
//! It holds nothing that differs from run to run, so it is part of the reproducible tree, and two of
//! them tell a publishing script what to upload. One file to a line, sorted.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::OutputError;
use super::place::is_path_of_tree;
use super::staging::JOURNAL;

/// The manifest's place in the output folder.
pub const MANIFEST: &str = ".opas-manifest.json";
const FORMAT: u32 = 1;

/// The first half of a file's BLAKE3 hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hash(pub u128);

impl Hash {
    pub fn of_file(path: &Path) -> io::Result<Hash> {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(fs::File::open(path)?)?;
        Ok(Hash::from(hasher.finalize()))
    }
}

impl From<blake3::Hash> for Hash {
    fn from(hash: blake3::Hash) -> Hash {
        let mut half = [0; 16];
        half.copy_from_slice(&hash.as_bytes()[..16]);
        Hash(u128::from_be_bytes(half))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    format: u32,
    audience: String,
    /// By path: the hash, 32 hexadecimal digits.
    files: BTreeMap<String, String>,
}

impl Manifest {
    pub fn new<'a>(audience: &str, files: impl Iterator<Item = (&'a str, Hash)>) -> Manifest {
        let files = files.map(|(path, hash)| (path.to_owned(), hash.to_string())).collect();
        Manifest { format: FORMAT, audience: audience.to_owned(), files }
    }

    /// What earlier builds wrote into the folder: its manifest, joined by the journal of one that was
    /// killed. `None` for a new folder.
    ///
    /// # Errors
    ///
    /// One that can't be read, or that is of another audience.
    pub fn of_folder(out: &Path, audience: &str) -> Result<Option<Manifest>, OutputError> {
        let mut found: Option<Manifest> = None;
        for path in [out.join(MANIFEST), out.join(JOURNAL)] {
            let Some(manifest) = Manifest::read(&path)? else { continue };
            if manifest.audience != audience {
                return Err(OutputError::Audience {
                    out: out.to_owned(),
                    holds: manifest.audience,
                    wanted: audience.to_owned(),
                });
            }
            match &mut found {
                Some(found) => found.files.extend(manifest.files),
                None => found = Some(manifest),
            }
        }
        Ok(found)
    }

    fn read(path: &Path) -> Result<Option<Manifest>, OutputError> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => {
                return Err(OutputError::Manifest { path: path.to_owned(), why: e.to_string() });
            }
        };
        let bad = |why: String| OutputError::Manifest { path: path.to_owned(), why };
        let mut manifest: Manifest = serde_json::from_str(&text).map_err(|e| bad(e.to_string()))?;
        if manifest.format != FORMAT {
            return Err(bad(format!("its format is {}, not {FORMAT}", manifest.format)));
        }
        manifest.files.retain(|path, _| is_path_of_tree(path));
        Ok(Some(manifest))
    }

    pub fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Paths with their hashes; `None` where a hash is none.
    pub fn hashes(&self) -> impl Iterator<Item = (&str, Option<Hash>)> {
        let hash = |digits: &String| u128::from_str_radix(digits, 16).ok().map(Hash);
        self.files.iter().map(move |(path, digits)| (path.as_str(), hash(digits)))
    }

    pub fn hash(&self, path: &str) -> Option<Hash> {
        u128::from_str_radix(self.files.get(path)?, 16).ok().map(Hash)
    }

    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    pub fn to_bytes(&self) -> io::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}
