//! Whether a build would only make once more what lies there already.
//!
//! 1. [`Files::of`] knows the hashes of all files that a portal is made from: it reads those that the
//!    file system does not prove to be as they were ([`stat_cache`](crate::stat_cache)). A [`Seal`] is
//!    that with whatever else the result depends on.
//! 2. A build that ends well leaves a [`Record`] under `.opas/cache`: its seal, the tree it wrote,
//!    and what it had to say.
//! 3. A later build of the same seal, whose tree is still the same, says that again and is done.
//!
//! A record that is missing, cut off or spoiled costs the time of a whole build, nothing else.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use walkdir::WalkDir;

use crate::cache::program;
use crate::source::{Scan, SourceFile};
use crate::stat_cache::{Stat, StatCache};

/// Where texts lie among a portal's sources.
const CONTENT: &str = "content";
/// A folder that a portal is made from besides its sources; beside it lie files of settings.
const THEMES: &str = "themes";
/// Portals are built into a few folders, one for each audience.
const MOST_RECORDS: usize = 16;

/// All files that a portal is made from, with hashes of what they held.
#[derive(Debug)]
pub struct Files {
    list: Vec<File>,
    /// What is wrong with the sources as a whole: files that are left out.
    findings: String,
    /// When the first of them was hashed.
    time: SystemTime,
    /// The texts that were read for their hashes, so that nobody has to read them again.
    held: Held,
}

/// What files hold, by where they lie. From any thread.
#[derive(Debug, Default)]
pub struct Held {
    texts: Mutex<FxHashMap<Arc<Path>, Vec<u8>>>,
}

impl Held {
    fn put(&self, on_disk: &Arc<Path>, text: Vec<u8>) {
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        texts.insert(Arc::clone(on_disk), text);
    }

    /// Gives it away.
    pub fn take(&self, on_disk: &Path) -> Option<Vec<u8>> {
        self.texts.lock().unwrap_or_else(PoisonError::into_inner).remove(on_disk)
    }
}

/// As many bytes of texts are held at once.
const MOST_HELD: u64 = 256 << 20;

#[derive(Debug)]
struct File {
    /// The number of its layer.
    layer: usize,
    /// Below the layer's folder.
    path: PathBuf,
    on_disk: Arc<Path>,
    stat: Option<Stat>,
    hash: blake3::Hash,
}

impl Files {
    /// Those of a portal of these layers, given what lies in its folders of sources, and what was known
    /// of them before.
    ///
    /// # Errors
    ///
    /// A file that can't be read. The build itself finds better words for it.
    pub fn of(layers: &[PathBuf], sources: &Scan, known: &StatCache) -> io::Result<Files> {
        let time = SystemTime::now();
        let source = |file: &SourceFile| {
            let path = PathBuf::from(file.path.as_str());
            Found { layer: file.layer, path, on_disk: file.on_disk.clone(), stat: file.stat }
        };
        let mut files: Vec<_> = sources.files.iter().map(source).collect();
        for (number, layer) in layers.iter().enumerate() {
            list(layer, number, &mut files)?;
        }
        let held = Held::default();
        let room = AtomicU64::new(MOST_HELD);
        let files = files.into_par_iter().map(|Found { layer, path, on_disk, stat }| {
            let hash = match known.hash(&on_disk, stat) {
                Some(hash) => hash,
                None if is_text(&path) => {
                    let text = fs::read(&on_disk)?;
                    let hash = blake3::hash(&text);
                    let len = text.len() as u64;
                    let left = |room: u64| room.checked_sub(len);
                    if room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, left).is_ok() {
                        held.put(&on_disk, text);
                    }
                    hash
                }
                None => {
                    let mut hasher = blake3::Hasher::new();
                    hasher.update_reader(fs::File::open(&on_disk)?)?;
                    hasher.finalize()
                }
            };
            Ok(File { layer, path, on_disk, stat, hash })
        });
        let list = files.collect::<io::Result<_>>()?;
        Ok(Files { list, findings: format!("{:?}", sources.findings), time, held })
    }

    /// What was read of the texts.
    pub fn take_held(&mut self) -> Held {
        std::mem::take(&mut self.held)
    }

    /// Keeps the hashes for the next build.
    ///
    /// # Errors
    ///
    /// The cache can't be written to.
    pub fn keep(&self, portal: &Path, known: &StatCache) -> io::Result<()> {
        let files = self.list.iter();
        let files = files.filter_map(|file| Some((&*file.on_disk, file.stat?, file.hash)));
        known.save(portal, self.time, files)
    }

    /// Where each file lies, and BLAKE3 of it.
    pub fn hashes(&self) -> impl Iterator<Item = (&Arc<Path>, blake3::Hash)> {
        self.list.iter().map(|file| (&file.on_disk, file.hash))
    }
}

/// A file before it is hashed.
struct Found {
    layer: usize,
    path: PathBuf,
    on_disk: Arc<Path>,
    stat: Option<Stat>,
}

/// All that a build's result depends on, as a hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    whole: blake3::Hash,
    /// The same without the texts, and without what only the findings depend on.
    pub settings: blake3::Hash,
}

/// What a build depends on besides the portal's files.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// What the pages depend on.
    pub of_pages: &'a [&'a str],
    /// What the findings depend on alone.
    pub of_findings: &'a [&'a str],
}

/// What a build that ended well leaves behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    seal: String,
    /// The hash of the manifest of the tree.
    pub tree: String,
    pub articles: usize,
    pub pictures: usize,
    pub errors: usize,
    pub warnings: usize,
    /// The findings as they were printed, with their colours.
    pub report: String,
}

impl Seal {
    pub fn of(files: &Files, circumstances: Circumstances<'_>) -> Seal {
        let add = |all: &mut blake3::Hasher, bytes: &[u8]| {
            all.update(&(bytes.len() as u64).to_le_bytes());
            all.update(bytes);
        };
        let mut settings = blake3::Hasher::new();
        add(&mut settings, program().as_bytes());
        for circumstance in circumstances.of_pages {
            add(&mut settings, circumstance.as_bytes());
        }
        let mut texts = blake3::Hasher::new();
        for circumstance in circumstances.of_findings {
            add(&mut texts, circumstance.as_bytes());
        }
        add(&mut texts, files.findings.as_bytes());
        for File { layer, path, hash, .. } in &files.list {
            let all = if is_text(path) { &mut texts } else { &mut settings };
            add(all, &layer.to_le_bytes());
            add(all, path.as_os_str().as_encoded_bytes());
            add(all, hash.as_bytes());
        }
        let settings = settings.finalize();
        texts.update(settings.as_bytes());
        Seal { whole: texts.finalize(), settings }
    }

    /// What the last build into `out` left, if it was of this very seal.
    pub fn recall(&self, portal: &Path, out: &Path) -> Option<Record> {
        let bytes = fs::read(place(portal, out)).ok()?;
        let (hash, rest) = bytes.split_first_chunk::<32>()?;
        if blake3::hash(rest).as_bytes() != hash {
            return None;
        }
        let record: Record = serde_json::from_slice(rest).ok()?;
        self.is_of(&record).then_some(record)
    }

    fn is_of(&self, record: &Record) -> bool {
        record.seal == self.whole.to_hex().as_str()
    }

    /// Keeps what a build into `out` left for the next one.
    ///
    /// # Errors
    ///
    /// The cache can't be written to.
    pub fn keep(&self, portal: &Path, out: &Path, mut record: Record) -> io::Result<()> {
        record.seal = self.whole.to_hex().to_string();
        let json = serde_json::to_vec(&record)?;
        let place = place(portal, out);
        let folder = place.parent().unwrap_or(portal);
        fs::create_dir_all(folder)?;
        // Builds at once leave one record or the other, never half of one.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(blake3::hash(&json).as_bytes())?;
        file.write_all(&json)?;
        file.persist(&place).map_err(|error| error.error)?;
        trim(folder)
    }
}

impl Record {
    /// A record of a tree of articles and pictures, with errors and warnings; [`Seal::keep`]
    /// completes it.
    pub fn new(
        tree: blake3::Hash,
        (articles, pictures): (usize, usize),
        (errors, warnings): (usize, usize),
        report: String,
    ) -> Record {
        let (tree, seal) = (tree.to_hex().to_string(), String::new());
        Record { seal, tree, articles, pictures, errors, warnings, report }
    }
}

/// Markdown below `content/`.
fn is_text(path: &Path) -> bool {
    path.starts_with(CONTENT) && path.extension().is_some_and(|extension| extension == "md")
}

fn place(portal: &Path, out: &Path) -> PathBuf {
    let name = blake3::hash(out.as_os_str().as_encoded_bytes()).to_hex();
    portal.join(".opas/cache/seals").join(&name[..16])
}

/// Files of a layer besides its sources, by path, those in symlinked folders too.
fn list(layer: &Path, number: usize, files: &mut Vec<Found>) -> io::Result<()> {
    let found = |on_disk: PathBuf| {
        let path = on_disk.strip_prefix(layer).unwrap_or(&on_disk).to_owned();
        let stat = fs::metadata(&on_disk).ok().as_ref().and_then(Stat::of);
        Found { layer: number, path, on_disk: on_disk.into(), stat }
    };
    let folder = layer.join(THEMES);
    if folder.exists() {
        for entry in WalkDir::new(folder).follow_links(true).sort_by_file_name() {
            let entry = entry?;
            if entry.file_type().is_file() {
                files.push(found(entry.into_path()));
            }
        }
    }
    let mut settings = Vec::new();
    for entry in fs::read_dir(layer)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") && path.is_file() {
            settings.push(path);
        }
    }
    settings.sort();
    files.extend(settings.into_iter().map(found));
    Ok(())
}

/// Forgets the oldest records of folders that nobody builds into any more.
fn trim(folder: &Path) -> io::Result<()> {
    let mut records = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // Another build may have forgotten it in the meantime.
        if let Ok(modified) = entry.metadata().and_then(|meta| meta.modified()) {
            records.push((modified, entry.path()));
        }
    }
    records.sort();
    let surplus = records.len().saturating_sub(MOST_RECORDS);
    for (_, path) in records.drain(..surplus) {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::scan;

    fn portal() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("content/a")).unwrap();
        fs::write(root.path().join("opas.toml"), "title = \"A\"").unwrap();
        fs::write(root.path().join("content/a/b.md"), "text").unwrap();
        root
    }

    fn seal_on(root: &Path, day: &str) -> Seal {
        let circumstances = Circumstances { of_pages: &["public"], of_findings: &[day] };
        let mut findings = Vec::new();
        let files = scan(&[root.to_owned().into()], &[], &mut findings);
        let (sources, known) = (Scan { files, findings }, StatCache::default());
        let files = Files::of(&[root.to_owned()], &sources, &known).unwrap();
        Seal::of(&files, circumstances)
    }

    fn seal(root: &Path) -> Seal {
        seal_on(root, "today")
    }

    #[test]
    fn whatever_a_build_reads_breaks_the_seal() {
        let root = portal();
        let root = root.path();
        let whole = seal(root);
        assert_eq!(seal(root), whole);
        assert_ne!(seal_on(root, "tomorrow"), whole);
        fs::write(root.join("content/a/b.md"), "tex.").unwrap();
        assert_ne!(seal(root), whole);
        fs::write(root.join("content/a/b.md"), "text").unwrap();
        assert_eq!(seal(root), whole);
        fs::rename(root.join("content/a/b.md"), root.join("content/a/c.md")).unwrap();
        assert_ne!(seal(root), whole);
        fs::rename(root.join("content/a/c.md"), root.join("content/a/b.md")).unwrap();
        fs::write(root.join("synonyms.toml"), "").unwrap();
        assert_ne!(seal(root), whole);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_left_out_of_the_sources_breaks_the_seal() {
        let root = portal();
        let whole = seal(root.path());
        std::os::unix::fs::symlink("/", root.path().join("content/out")).unwrap();
        assert_ne!(seal(root.path()), whole, "the build says so");
    }

    #[test]
    fn a_text_and_the_day_are_no_settings() {
        let root = portal();
        let root = root.path();
        let settings = seal(root).settings;
        fs::write(root.join("content/a/b.md"), "other").unwrap();
        assert_eq!(seal_on(root, "tomorrow").settings, settings);
        fs::write(root.join("content/a/b.png"), "picture").unwrap();
        assert_ne!(seal(root).settings, settings);
        fs::remove_file(root.join("content/a/b.png")).unwrap();
        assert_eq!(seal(root).settings, settings);
        fs::write(root.join("opas.toml"), "title = \"B\"").unwrap();
        assert_ne!(seal(root).settings, settings);
    }

    #[test]
    fn a_record_comes_back_whole_or_not_at_all() {
        let root = portal();
        let (root, out) = (root.path(), root.path().join("public"));
        let seal = seal(root);
        assert_eq!(seal.recall(root, &out), None);
        let record = Record::new(blake3::hash(b"tree"), (3, 1), (0, 2), "said".to_owned());
        seal.keep(root, &out, record.clone()).unwrap();
        let kept = seal.recall(root, &out).unwrap();
        assert_eq!(seal_on(root, "tomorrow").recall(root, &out), None);
        assert_eq!((kept.tree, kept.report), (record.tree, record.report));
        assert_eq!(seal.recall(root, &root.join("other")), None);
        let place = place(root, &out);
        let mut bytes = fs::read(&place).unwrap();
        let last = bytes.len() - 3;
        bytes[last] ^= 1;
        fs::write(&place, bytes).unwrap();
        assert_eq!(seal.recall(root, &out), None);
    }

    #[test]
    fn old_records_are_forgotten() {
        let root = portal();
        let seal = seal(root.path());
        for number in 0..2 * MOST_RECORDS {
            let out = root.path().join(number.to_string());
            let record = Record::new(blake3::hash(b"tree"), (3, 1), (0, 0), String::new());
            seal.keep(root.path(), &out, record).unwrap();
        }
        let folder = root.path().join(".opas/cache/seals");
        assert_eq!(fs::read_dir(folder).unwrap().count(), MOST_RECORDS);
    }
}
