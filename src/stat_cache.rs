//! Which files hold what they held when they were hashed last, by what the file system says of them:
//! the same length, times and inode, as git's index does it.
//!
//! The time of the last change of a file (`ctime`) can't be set by programs, so a file whose time of
//! modification was put back is seen. One that was written shortly before it was hashed could have
//! been written again within the same tick of the clock: its hash is not kept. Where the system has no
//! such time, none is.
//!
//! Kept in `.opas/cache` of the portal, for it differs from machine to machine; in a fresh checkout all
//! files are hashed. Without the file, or with a bad one, too.

use std::fs::{self, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

const NAME: &str = ".opas/cache/stat";
/// Of the file, before the BLAKE3 hash of all that follows.
const HEADER: &[u8] = b"opas stat 1\n";
/// The coarsest tick of a file system's clock (that of FAT).
const TICK: Duration = Duration::from_secs(2);

/// What the file system says of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stat {
    len: u64,
    /// Nanoseconds since 1970, as the next one.
    modified: i128,
    changed: i128,
    inode: u64,
    device: u64,
}

impl Stat {
    /// `None` where the system does not say enough.
    #[cfg(unix)]
    pub fn of(meta: &Metadata) -> Option<Stat> {
        use std::os::unix::fs::MetadataExt as _;
        let time = |seconds: i64, rest: i64| i128::from(seconds) * 1_000_000_000 + i128::from(rest);
        Some(Stat {
            len: meta.len(),
            modified: time(meta.mtime(), meta.mtime_nsec()),
            changed: time(meta.ctime(), meta.ctime_nsec()),
            inode: meta.ino(),
            device: meta.dev(),
        })
    }

    #[cfg(not(unix))]
    pub fn of(_: &Metadata) -> Option<Stat> {
        None
    }

    /// Whether a file that was hashed after `time` can't have been written since without showing it.
    fn is_settled(&self, time: SystemTime) -> bool {
        let latest = time.checked_sub(TICK).and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        latest.is_some_and(|latest| self.changed < latest.as_nanos() as i128)
    }
}

/// Hashes by path.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct StatCache {
    known: FxHashMap<PathBuf, (Stat, blake3::Hash)>,
}

impl StatCache {
    pub fn load(portal: &Path) -> StatCache {
        let bytes = fs::read(portal.join(NAME)).unwrap_or_default();
        parse(&bytes).unwrap_or_default()
    }

    /// The BLAKE3 hash of what the file holds, if it is as it was when it was hashed.
    pub fn hash(&self, path: &Path, stat: Option<Stat>) -> Option<blake3::Hash> {
        let &(known, hash) = self.known.get(path)?;
        (Some(known) == stat).then_some(hash)
    }

    /// Replaces the cache by what these files held when they were hashed after `time`, unless it is
    /// that already.
    ///
    /// # Errors
    ///
    /// The cache can't be written to.
    pub fn save<'a>(
        &self,
        portal: &Path,
        time: SystemTime,
        files: impl Iterator<Item = (&'a Path, Stat, blake3::Hash)>,
    ) -> io::Result<()> {
        let mut list = Vec::new();
        let mut news = false;
        for (path, stat, hash) in files.filter(|(_, stat, _)| stat.is_settled(time)) {
            let Some(name) = path.to_str() else { continue };
            news |= self.hash(path, Some(stat)) != Some(hash);
            list.push((name, stat, *hash.as_bytes()));
        }
        if !news && list.len() == self.known.len() {
            return Ok(());
        }
        let list = postcard::to_stdvec(&list).map_err(io::Error::other)?;
        let place = portal.join(NAME);
        let folder = place.parent().unwrap_or(portal);
        fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        for part in [HEADER, blake3::hash(&list).as_bytes(), &list] {
            file.write_all(part)?;
        }
        file.persist(&place).map(|_| ()).map_err(|error| error.error)
    }
}

fn parse(bytes: &[u8]) -> Option<StatCache> {
    let (sum, list) = bytes.strip_prefix(HEADER)?.split_first_chunk::<32>()?;
    if blake3::hash(list).as_bytes() != sum {
        return None;
    }
    let list: Vec<(&str, Stat, [u8; 32])> = postcard::from_bytes(list).ok()?;
    let known = list.into_iter().map(|(path, stat, hash)| (path.into(), (stat, hash.into())));
    Some(StatCache { known: known.collect() })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    struct Desk {
        dir: tempfile::TempDir,
        file: PathBuf,
    }

    impl Desk {
        fn new() -> Desk {
            let dir = tempfile::tempdir().unwrap();
            let file = dir.path().join("a.md");
            fs::write(&file, "one").unwrap();
            Desk { dir, file }
        }

        fn stat(&self) -> Stat {
            Stat::of(&fs::metadata(&self.file).unwrap()).unwrap()
        }

        fn save(&self, age: Duration) {
            let files = [(&*self.file, self.stat(), blake3::hash(b"one"))].into_iter();
            let cache = StatCache::load(self.dir.path());
            cache.save(self.dir.path(), SystemTime::now() + age, files).unwrap();
        }

        fn known(&self) -> Option<blake3::Hash> {
            StatCache::load(self.dir.path()).hash(&self.file, Some(self.stat()))
        }
    }

    const LATER: Duration = Duration::from_secs(60);

    #[test]
    fn a_file_that_nobody_wrote_to_is_known() {
        let desk = Desk::new();
        assert_eq!(desk.known(), None);
        desk.save(LATER);
        assert_eq!(desk.known(), Some(blake3::hash(b"one")));
        desk.save(LATER);
        assert_eq!(desk.known(), Some(blake3::hash(b"one")));
    }

    #[test]
    fn times_that_were_put_back_deceive_nobody() {
        let desk = Desk::new();
        let modified = fs::metadata(&desk.file).unwrap().modified().unwrap();
        desk.save(LATER);
        std::thread::sleep(Duration::from_millis(20));
        fs::write(&desk.file, "two").unwrap();
        fs::File::options().write(true).open(&desk.file).unwrap().set_modified(modified).unwrap();
        assert_eq!(desk.known(), None);
    }

    #[test]
    fn another_file_in_its_place_is_seen() {
        let desk = Desk::new();
        desk.save(LATER);
        let other = desk.dir.path().join("b.md");
        fs::write(&other, "two").unwrap();
        fs::rename(&other, &desk.file).unwrap();
        assert_eq!(desk.known(), None);
    }

    #[test]
    fn what_was_written_just_now_is_not_kept() {
        let desk = Desk::new();
        desk.save(Duration::ZERO);
        assert_eq!(desk.known(), None);
    }

    #[test]
    fn a_spoiled_cache_is_none() {
        let desk = Desk::new();
        desk.save(LATER);
        let place = desk.dir.path().join(NAME);
        let whole = fs::read(&place).unwrap();
        for at in 0..whole.len() {
            let mut spoiled = whole.clone();
            spoiled[at] ^= 1;
            fs::write(&place, &spoiled).unwrap();
            assert_eq!(desk.known(), None, "byte {at}");
            fs::write(&place, &whole[..at]).unwrap();
            assert_eq!(desk.known(), None, "cut at {at}");
        }
    }
}
