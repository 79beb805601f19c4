//! What was made from a picture, kept on disk under the hash of the picture.
//!
//! ```text
//! .opas/cache/images/v1/1f/1f2e3d….meta    what there is: a line for each variant, and a checksum
//! .opas/cache/images/v1/1f/1f2e3d….0.webp  a variant's bytes
//! ```
//!
//! Everything in it can be made again, so the folder may be deleted at any time. A file is written
//! beside its place and renamed, the `.meta` last: two builds at once write the same bytes, and one
//! that is stopped leaves nothing that looks whole. What does not match its checksum counts as
//! not there.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::format::Format;
use super::variants::{Made, SETTINGS};

/// An encoding that can be served.
#[derive(Clone, Debug)]
pub struct Variant {
    pub width: u32,
    pub height: u32,
    pub format: Format,
    /// Of the bytes.
    pub hash: blake3::Hash,
    /// In bytes.
    pub size: u64,
    held: Held,
}

#[derive(Clone, Debug)]
enum Held {
    Disk(PathBuf),
    Memory(Arc<[u8]>),
}

impl Variant {
    /// A variant that no cache keeps.
    pub fn in_memory(made: Made) -> Variant {
        let bytes: Arc<[u8]> = made.encoded.bytes.into();
        Variant {
            width: made.width,
            height: made.height,
            format: made.encoded.format,
            hash: blake3::hash(&bytes),
            size: bytes.len() as u64,
            held: Held::Memory(bytes),
        }
    }

    /// The bytes, or `None` if the cache has lost or damaged them.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        match &self.held {
            Held::Memory(bytes) => Some(bytes.to_vec()),
            Held::Disk(file) => std::fs::read(file).ok().filter(|b| blake3::hash(b) == self.hash),
        }
    }
}

/// What is known of a picture: its variants, or why it can't be decoded.
pub type Outcome = Result<Arc<[Variant]>, Arc<str>>;

/// The folder.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
}

/// Files that a stopped build left are removed after this time.
const LEFT_BEHIND: Duration = Duration::from_secs(3600);

const UNFINISHED: &str = ".unfinished-";

impl Cache {
    /// The cache in this folder, which is made when something is kept.
    pub fn new(folder: PathBuf) -> Cache {
        Cache { folder }
    }

    fn place(&self, source: &blake3::Hash) -> (PathBuf, String) {
        let name = source.to_hex().to_string();
        (self.folder.join(format!("v{SETTINGS}")).join(&name[..2]), name)
    }

    /// What was kept of the picture. Reads no variant.
    pub fn load(&self, source: &blake3::Hash) -> Option<Outcome> {
        let (folder, name) = self.place(source);
        let text = std::fs::read_to_string(folder.join(format!("{name}.meta"))).ok()?;
        let (checksum, body) = text.split_once('\n')?;
        if blake3::hash(body.as_bytes()).to_hex().as_str() != checksum {
            return None;
        }
        if let Some(reason) = body.strip_prefix("failure ") {
            return Some(Err(reason.trim_end().into()));
        }
        let variants: Option<Vec<Variant>> = body
            .lines()
            .enumerate()
            .map(|(i, line)| {
                let mut words = line.split(' ');
                let width = words.next()?.parse().ok()?;
                let height = words.next()?.parse().ok()?;
                let format = Format::of_extension(words.next()?)?;
                let size = words.next()?.parse().ok()?;
                let hash = blake3::Hash::from_hex(words.next()?).ok()?;
                let file = folder.join(format!("{name}.{i}.{}", format.extension()));
                Some(Variant { width, height, format, hash, size, held: Held::Disk(file) })
            })
            .collect();
        let variants = variants?;
        let there = |v: &Variant| match &v.held {
            Held::Disk(file) => std::fs::metadata(file).is_ok_and(|m| m.len() == v.size),
            Held::Memory(_) => true,
        };
        variants.iter().all(there).then(|| Ok(variants.into()))
    }

    /// Keeps what was made.
    ///
    /// # Errors
    ///
    /// The folder can't be written; what was made is given back, to be held in memory.
    pub fn keep(
        &self,
        source: &blake3::Hash,
        made: Result<Vec<Made>, String>,
    ) -> Result<Outcome, (io::Error, Outcome)> {
        let (folder, name) = self.place(source);
        let meta = folder.join(format!("{name}.meta"));
        let made = match made {
            Ok(made) => made,
            Err(reason) => {
                let line = reason.replace('\n', " ");
                let outcome: Outcome = Err(line.as_str().into());
                return match write_meta(&folder, &meta, &format!("failure {line}\n")) {
                    Ok(()) => Ok(outcome),
                    Err(error) => Err((error, outcome)),
                };
            }
        };
        let mut variants: Vec<Variant> = made.into_iter().map(Variant::in_memory).collect();
        match write_all(&folder, &name, &meta, &variants) {
            Ok(files) => {
                for (variant, file) in variants.iter_mut().zip(files) {
                    variant.held = Held::Disk(file);
                }
                Ok(Ok(variants.into()))
            }
            Err(error) => Err((error, Ok(variants.into()))),
        }
    }

    /// Forgets a picture whose variants turned out damaged.
    pub fn forget(&self, source: &blake3::Hash) -> io::Result<()> {
        let (folder, name) = self.place(source);
        remove(&folder.join(format!("{name}.meta")))
    }

    /// Brings the folder down to nine tenths of `limit` bytes if it has more: what `used` does not
    /// name goes first, the oldest first; what it names stays, whatever its size.
    pub fn trim(&self, limit: u64, used: &dyn Fn(&str) -> bool) -> io::Result<()> {
        let current = self.folder.join(format!("v{SETTINGS}"));
        // By picture: all of its files.
        let mut pictures: BTreeMap<(PathBuf, String), (SystemTime, u64, Vec<PathBuf>)> =
            BTreeMap::new();
        let mut total = 0;
        for entry in walkdir::WalkDir::new(&self.folder) {
            let entry = match entry {
                Ok(entry) => entry,
                // Another build may tidy up at the same time, and there may be no folder yet.
                Err(error) if is_missing(error.io_error()) => continue,
                Err(error) => return Err(error.into()),
            };
            let Ok(about) = entry.metadata() else { continue };
            if !about.is_file() {
                continue;
            }
            let time = about.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            let file = entry.file_name().to_string_lossy().into_owned();
            if file.starts_with(UNFINISHED) {
                if time.elapsed().is_ok_and(|age| age > LEFT_BEHIND) {
                    remove(entry.path())?;
                }
                continue;
            }
            total += about.len();
            let name = file.split('.').next().unwrap_or_default().to_owned();
            let folder = entry.path().parent().map(Path::to_owned).unwrap_or_default();
            let picture = pictures.entry((folder, name)).or_insert((time, 0, Vec::new()));
            picture.0 = picture.0.max(time);
            picture.1 += about.len();
            picture.2.push(entry.into_path());
        }
        if total <= limit {
            return Ok(());
        }
        let mut spare: Vec<_> = pictures
            .into_iter()
            .filter(|((folder, name), _)| !(folder.starts_with(&current) && used(name)))
            .map(|(_, picture)| picture)
            .collect();
        spare.sort();
        for (_, size, mut files) in spare {
            if total <= limit / 10 * 9 {
                break;
            }
            // The `.meta` first: without it the others mean nothing.
            files.sort_by_key(|f| f.extension().is_none_or(|e| e != "meta"));
            files.iter().try_for_each(|file| remove(file))?;
            total -= size;
        }
        Ok(())
    }
}

fn is_missing(error: Option<&io::Error>) -> bool {
    error.is_some_and(|e| e.kind() == io::ErrorKind::NotFound)
}

/// Removes a file that may be gone already.
fn remove(file: &Path) -> io::Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn write_all(
    folder: &Path,
    name: &str,
    meta: &Path,
    variants: &[Variant],
) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut body = String::new();
    for (i, variant) in variants.iter().enumerate() {
        let Variant { width, height, format, hash, size, held } = variant;
        let extension = format.extension();
        body += &format!("{width} {height} {extension} {size} {}\n", hash.to_hex());
        let file = folder.join(format!("{name}.{i}.{extension}"));
        if let Held::Memory(bytes) = held {
            write(folder, &file, bytes)?;
        }
        files.push(file);
    }
    write_meta(folder, meta, &body)?;
    Ok(files)
}

fn write_meta(folder: &Path, meta: &Path, body: &str) -> io::Result<()> {
    let checksum = blake3::hash(body.as_bytes()).to_hex();
    write(folder, meta, format!("{checksum}\n{body}").as_bytes())
}

/// Writes beside the place, then renames.
fn write(folder: &Path, file: &Path, bytes: &[u8]) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut unfinished = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder)?;
    unfinished.write_all(bytes)?;
    unfinished.persist(file)?;
    Ok(())
}
