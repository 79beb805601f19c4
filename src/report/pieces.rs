//! The report for people by files, so that a build need not say anew what the last one said.
//!
//! What is said of a file depends on what was found in it, on its text and on where it lies. All
//! that is in the piece's key.

use std::borrow::Cow;
use std::ops::Range;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::{Report, Tally, human};
use crate::diagnostic::Diagnostic;
use crate::path::SourcePath;

/// The first half of a hash of all that a piece is made from.
type Key = u128;

/// A report for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pieces {
    text: String,
    /// Of files whose content was known.
    pieces: Vec<(Key, Range<u32>)>,
}

/// As many bytes has a piece in a file, besides its text.
const ENTRY: usize = 24;

impl Pieces {
    /// The report, of which `last` may have said a part. `content` knows hashes of files.
    pub fn of(
        report: &Report<'_>,
        content: &(dyn Fn(&SourcePath) -> Option<blake3::Hash> + Sync),
        last: &Pieces,
    ) -> Pieces {
        let known: FxHashMap<Key, &str> = last.known().collect();
        let files: Vec<&[Diagnostic]> =
            report.findings.chunk_by(|a, b| a.place.path == b.place.path).collect();
        let said: Vec<(Option<Key>, Cow<'_, str>)> = files
            .par_iter()
            .map(|findings| {
                let source = &findings[0].place.path;
                let path = (report.place)(source);
                let key = content(source).map(|hash| key(&path, &hash, findings));
                match key.and_then(|key| known.get(&key)) {
                    Some(text) => (key, Cow::Borrowed(*text)),
                    None => (key, Cow::Owned(human::of_file(report, &path, findings))),
                }
            })
            .collect();
        let mut all = Pieces::default();
        all.text.reserve(said.iter().map(|(_, text)| text.len()).sum::<usize>() + 100);
        for (key, text) in said {
            let start = u32::try_from(all.text.len());
            all.text.push_str(&text);
            if let (Some(key), Ok(start), Ok(end)) = (key, start, u32::try_from(all.text.len())) {
                all.pieces.push((key, start..end));
            }
        }
        all.text.push_str(&human::end(Tally::of(report.findings)));
        all
    }

    /// The whole report, with ANSI sequences.
    pub fn text(&self) -> &str {
        &self.text
    }

    fn known(&self) -> impl Iterator<Item = (Key, &str)> {
        let text = |range: &Range<u32>| self.text.get(range.start as usize..range.end as usize);
        self.pieces.iter().filter_map(move |(key, range)| Some((*key, text(range)?)))
    }

    /// For a file that [`Pieces::from_bytes`] reads.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(4 + self.pieces.len() * ENTRY + self.text.len());
        bytes.extend((self.pieces.len() as u32).to_le_bytes());
        for (key, range) in &self.pieces {
            bytes.extend(key.to_le_bytes());
            bytes.extend(range.start.to_le_bytes());
            bytes.extend(range.end.to_le_bytes());
        }
        bytes.extend_from_slice(self.text.as_bytes());
        bytes
    }

    /// `None` for what [`Pieces::to_bytes`] did not write.
    pub fn from_bytes(bytes: &[u8]) -> Option<Pieces> {
        let (count, rest) = bytes.split_first_chunk()?;
        let entries = (u32::from_le_bytes(*count) as usize).checked_mul(ENTRY)?;
        let (entries, text) = rest.split_at_checked(entries)?;
        let entry = |entry: &[u8]| {
            let (key, range) = entry.split_first_chunk()?;
            let (start, end) = range.split_first_chunk()?;
            let range = u32::from_le_bytes(*start)..u32::from_le_bytes(end.try_into().ok()?);
            Some((Key::from_le_bytes(*key), range))
        };
        let pieces = entries.chunks_exact(ENTRY).map(entry).collect::<Option<_>>()?;
        Some(Pieces { text: std::str::from_utf8(text).ok()?.to_owned(), pieces })
    }
}

fn key(path: &str, content: &blake3::Hash, findings: &[Diagnostic]) -> Key {
    let mut parts = content.as_bytes().to_vec();
    let text = |parts: &mut Vec<u8>, text: &str| {
        parts.extend((text.len() as u64).to_le_bytes());
        parts.extend_from_slice(text.as_bytes());
    };
    text(&mut parts, path);
    for Diagnostic { rule, severity, message, place, help } in findings {
        for number in [place.line, place.column, place.length] {
            parts.extend(number.to_le_bytes());
        }
        for said in [rule.id, severity.name(), message.as_str()] {
            text(&mut parts, said);
        }
        parts.push(help.is_some().into());
        text(&mut parts, help.as_deref().unwrap_or_default());
    }
    let mut half = [0; 16];
    half.copy_from_slice(&blake3::hash(&parts).as_bytes()[..16]);
    Key::from_le_bytes(half)
}
