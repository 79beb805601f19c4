//! A file of a cache: entries under keys, written once.
//!
//! The head (magic, version), the entries' bytes, for each entry its key, place, length and XXH3 hash,
//! then how many there are and BLAKE3 of head and list. Numbers are little-endian.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use bytemuck::{Pod, cast_slice_mut, zeroed_vec};
use rustc_hash::FxHashSet;
use tempfile::NamedTempFile;
use twox_hash::XxHash3_128;

const MAGIC: &[u8; 16] = b"opas segment 1\r\n";
pub const HEAD: u64 = 16 + 32;
/// Key, place, length and hash of an entry.
const LINE: usize = 16 + 8 + 4 + 16;
const TAIL: u64 = 8 + 32;
pub const EXTENSION: &str = "segment";

/// One to read.
pub struct Segment {
    pub path: PathBuf,
    file: File,
    pub entries: Vec<Entry>,
    pub used: Vec<AtomicBool>,
    /// Whether an entry has been read in vain.
    pub damaged: Vec<AtomicBool>,
}

#[derive(Clone, Copy)]
pub struct Entry {
    pub key: u128,
    pub at: u64,
    pub len: u32,
    pub hash: u128,
}

/// One that is being written.
pub struct Writer {
    file: BufWriter<NamedTempFile>,
    /// Where the next entry begins.
    pub at: u64,
    pub entries: Vec<Entry>,
    pub keys: FxHashSet<u128>,
}

impl Writer {
    pub fn new(folder: &Path, version: &blake3::Hash) -> io::Result<Writer> {
        fs::create_dir_all(folder)?;
        let mut file = BufWriter::with_capacity(1 << 16, NamedTempFile::new_in(folder)?);
        file.write_all(&head(version))?;
        Ok(Writer { file, at: HEAD, entries: Vec::new(), keys: FxHashSet::default() })
    }

    /// Adds an entry with the XXH3 hash of its bytes, unless one of its key is there.
    pub fn add(&mut self, key: u128, bytes: &[u8], hash: u128) -> io::Result<()> {
        let len = u32::try_from(bytes.len()).map_err(io::Error::other)?;
        if self.keys.insert(key) {
            self.file.write_all(bytes)?;
            self.entries.push(Entry { key, at: self.at, len, hash });
            self.at += u64::from(len);
        }
        Ok(())
    }

    /// Gives the segment its name in the folder.
    pub fn finish(mut self, folder: &Path, version: &blake3::Hash) -> io::Result<PathBuf> {
        let mut list = Vec::with_capacity(self.entries.len() * LINE + TAIL as usize);
        for Entry { key, at, len, hash } in &self.entries {
            list.extend_from_slice(&key.to_le_bytes());
            list.extend_from_slice(&at.to_le_bytes());
            list.extend_from_slice(&len.to_le_bytes());
            list.extend_from_slice(&hash.to_le_bytes());
        }
        let hash = hash_of(&list, version);
        list.extend_from_slice(&(self.entries.len() as u64).to_le_bytes());
        list.extend_from_slice(hash.as_bytes());
        self.file.write_all(&list)?;
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        let path = folder.join(&hash.to_hex()[..16]).with_extension(EXTENSION);
        file.persist(&path).map_err(|error| error.error)?;
        Ok(path)
    }
}

impl Segment {
    /// One that is whole and of this version.
    pub fn open(path: &Path, version: &blake3::Hash) -> io::Result<Segment> {
        let broken = || io::Error::from(io::ErrorKind::InvalidData);
        let mut file = File::open(path)?;
        let size = file.metadata()?.len();
        let mut start = [0; HEAD as usize];
        file.read_exact(&mut start)?;
        if start != head(version) {
            return Err(broken());
        }
        let mut tail = [0; TAIL as usize];
        file.seek(SeekFrom::Start(size.checked_sub(TAIL).ok_or_else(broken)?))?;
        file.read_exact(&mut tail)?;
        let (count, hash) = tail.split_first_chunk::<8>().ok_or_else(broken)?;
        let count = u64::from_le_bytes(*count);
        let length = count.checked_mul(LINE as u64).ok_or_else(broken)?;
        let at = (size - TAIL).checked_sub(length).filter(|&at| at >= HEAD).ok_or_else(broken)?;
        file.seek(SeekFrom::Start(at))?;
        let mut list = vec![0; length as usize];
        file.read_exact(&mut list)?;
        if hash_of(&list, version).as_bytes() != hash {
            return Err(broken());
        }
        let entries = list.chunks_exact(LINE).map(entry).collect::<Option<Vec<_>>>();
        let entries = entries.ok_or_else(broken)?;
        let none = || entries.iter().map(|_| AtomicBool::new(false)).collect();
        let (used, damaged) = (none(), none());
        Ok(Segment { path: path.to_owned(), file, entries, used, damaged })
    }

    /// Of its entries.
    pub fn size(&self) -> u64 {
        self.entries.iter().map(|entry| u64::from(entry.len)).sum()
    }

    pub fn in_use(&self, number: usize) -> bool {
        self.used[number].load(Ordering::Relaxed)
    }

    /// The entry of this number; `None` if its bytes are not what they were, which is noted.
    pub fn read<T: Pod>(&self, number: usize) -> Option<Vec<T>> {
        let entry = self.entries[number];
        let length = entry.len as usize;
        if !length.is_multiple_of(size_of::<T>()) {
            return None;
        }
        let mut list = zeroed_vec::<T>(length / size_of::<T>());
        let bytes = cast_slice_mut(&mut list);
        let read = read_at(&self.file, bytes, entry.at);
        let is_sound = read.is_ok() && XxHash3_128::oneshot(bytes) == entry.hash;
        self.used[number].store(is_sound, Ordering::Relaxed);
        self.damaged[number].store(!is_sound, Ordering::Relaxed);
        is_sound.then_some(list)
    }
}

/// Fills `bytes` from the place `at` on, whoever else reads the file.
#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let read = std::os::windows::fs::FileExt::seek_read(file, bytes, at)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes = &mut bytes[read..];
        at += read as u64;
    }
    Ok(())
}

fn entry(line: &[u8]) -> Option<Entry> {
    let (key, line) = line.split_first_chunk()?;
    let (at, line) = line.split_first_chunk()?;
    let (len, line) = line.split_first_chunk()?;
    let (hash, _) = line.split_first_chunk()?;
    Some(Entry {
        key: u128::from_le_bytes(*key),
        at: u64::from_le_bytes(*at),
        len: u32::from_le_bytes(*len),
        hash: u128::from_le_bytes(*hash),
    })
}

fn head(version: &blake3::Hash) -> [u8; HEAD as usize] {
    let mut head = [0; HEAD as usize];
    head[..16].copy_from_slice(MAGIC);
    head[16..].copy_from_slice(version.as_bytes());
    head
}

fn hash_of(list: &[u8], version: &blake3::Hash) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&head(version)).update(list);
    hasher.finalize()
}
