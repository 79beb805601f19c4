//! The manifest: which files of the folder opas wrote, with their hashes, and for which audience.
//!
//! It holds nothing that differs from run to run, so it is part of the reproducible tree, and two of
//! them tell a publishing script what to upload. One file to a line, sorted.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::path::Path;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use twox_hash::XxHash3_128;
use twox_hash::xxhash3_128::Hasher;

use super::OutputError;
use super::place::is_path_of_tree;
use super::staging::JOURNAL;

/// The manifest's place in the output folder.
pub const MANIFEST: &str = ".opas-manifest.json";
const FORMAT: u32 = 1;
/// Bytes of a file that are read at once.
const PART: usize = 1 << 16;

/// XXH3 of a file's content, with 128 bits: <https://xxhash.com>. It tells one build's files from
/// another's; it proves nothing against somebody who makes two files for one hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hash(pub u128);

impl Hash {
    pub fn of(bytes: &[u8]) -> Hash {
        Hash(XxHash3_128::oneshot(bytes))
    }

    /// # Errors
    ///
    /// I/O.
    pub fn of_file(path: &Path) -> io::Result<Hash> {
        let mut file = fs::File::open(path)?;
        let mut hasher = Hasher::new();
        let mut part = vec![0; PART];
        loop {
            match file.read(&mut part) {
                Ok(0) => return Ok(Hash(hasher.finish_128())),
                Ok(length) => hasher.write(&part[..length]),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
    }

    /// 32 hexadecimal digits.
    fn digits(self) -> [u8; 32] {
        let mut digits = [0; 32];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(self.0.to_be_bytes()) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        digits
    }

    fn of_digits(digits: &str) -> Option<Hash> {
        let value = |digit: u8| char::from(digit).to_digit(16).map(u128::from);
        let of_length = digits.len() == 32;
        let add = |hash: u128, digit: u8| Some(hash << 4 | value(digit)?);
        digits.bytes().try_fold(0, add).filter(|_| of_length).map(Hash)
    }
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Digits that are no hash are the hash of nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Digits(Option<Hash>);

impl Serialize for Digits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let digits = self.0.map(Hash::digits);
        let digits = digits.as_ref().and_then(|digits| std::str::from_utf8(digits).ok());
        serializer.serialize_str(digits.unwrap_or_default())
    }
}

impl<'de> Deserialize<'de> for Digits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Digits, D::Error> {
        struct OfText;
        impl Visitor<'_> for OfText {
            type Value = Digits;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a hash")
            }

            fn visit_str<E>(self, digits: &str) -> Result<Digits, E> {
                Ok(Digits(Hash::of_digits(digits)))
            }
        }
        deserializer.deserialize_str(OfText)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    format: u32,
    audience: String,
    files: Files,
}

/// Paths with their hashes, sorted. There are tens of thousands, so the paths are one text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Files {
    paths: String,
    /// Where each path ends.
    ends: Vec<usize>,
    hashes: Vec<Digits>,
}

/// A path as JSON has it.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

impl Serialize for Files {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Files {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Files, D::Error> {
        struct OfMap;
        impl<'de> Visitor<'de> for OfMap {
            type Value = Files;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("paths with hashes")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Files, A::Error> {
                let mut files = Files::default();
                while let Some((Key(path), hash)) = map.next_entry()? {
                    files.push(&path, hash);
                }
                Ok(files.in_order())
            }
        }
        deserializer.deserialize_map(OfMap)
    }
}

impl Files {
    fn push(&mut self, path: &str, hash: Digits) {
        self.paths.push_str(path);
        self.ends.push(self.paths.len());
        self.hashes.push(hash);
    }

    fn path(&self, number: usize) -> &str {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.paths[start..self.ends[number]]
    }

    fn iter(&self) -> impl ExactSizeIterator<Item = (&str, Digits)> + Clone {
        self.hashes.iter().enumerate().map(|(number, hash)| (self.path(number), *hash))
    }

    /// Of two with the same path the later counts.
    fn in_order(self) -> Files {
        match self.iter().is_sorted_by(|a, b| a.0 < b.0) {
            true => self,
            false => self.iter().collect::<BTreeMap<_, _>>().into_iter().collect(),
        }
    }
}

impl<'a> FromIterator<(&'a str, Digits)> for Files {
    fn from_iter<I: IntoIterator<Item = (&'a str, Digits)>>(list: I) -> Files {
        let mut files = Files::default();
        list.into_iter().for_each(|(path, hash)| files.push(path, hash));
        files
    }
}

impl Manifest {
    /// Of files sorted by path.
    pub fn new<'a>(audience: &str, files: impl Iterator<Item = (&'a str, Hash)>) -> Manifest {
        let files = files.map(|(path, hash)| (path, Digits(Some(hash)))).collect::<Files>();
        let files = files.in_order();
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
                Some(found) => {
                    let both = found.files.iter().chain(manifest.files.iter());
                    found.files = both.collect::<Files>().in_order();
                }
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
        if !manifest.paths().all(is_path_of_tree) {
            let own = manifest.files.iter().filter(|(path, _)| is_path_of_tree(path));
            manifest.files = own.collect();
        }
        Ok(Some(manifest))
    }

    pub fn has(&self, path: &str) -> bool {
        let (mut low, mut high) = (0, self.files.hashes.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.files.path(middle).cmp(path) {
                Ordering::Less => low = middle + 1,
                Ordering::Equal => return true,
                Ordering::Greater => high = middle,
            }
        }
        false
    }

    /// Paths with their hashes, sorted; `None` where a hash is none.
    pub fn hashes(&self) -> impl ExactSizeIterator<Item = (&str, Option<Hash>)> + Clone {
        self.files.iter().map(|(path, hash)| (path, hash.0))
    }

    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|(path, _)| path)
    }

    /// The files of this one that are not in the other.
    pub fn without<'a>(&'a self, other: &Manifest) -> Vec<&'a str> {
        let mut others = other.paths().peekable();
        let is_missing = |path: &&str| {
            while others.next_if(|other| other < path).is_some() {}
            others.peek() != Some(path)
        };
        self.paths().filter(is_missing).collect()
    }

    pub fn to_bytes(&self) -> io::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}
