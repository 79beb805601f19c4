//! A look at what lies in the output folder. Tens of thousands of files are looked at in a build that
//! changes one of them, so the way to the folder is gone once, not each time.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::stamps::Stamp;

/// The output folder, for looking into it.
pub struct Place {
    out: PathBuf,
    /// `None` where the folder can't be opened: then each look starts at the root of the disk.
    #[cfg(unix)]
    folder: Option<fs::File>,
}

/// What lies at a path. A symbolic link is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    File(Stamp),
    Folder,
    Other,
}

impl Place {
    pub fn new(out: &Path) -> Place {
        Place {
            out: out.to_owned(),
            #[cfg(unix)]
            folder: fs::File::open(out).ok(),
        }
    }

    /// # Errors
    ///
    /// I/O; there is nothing.
    pub fn at(&self, path: &str) -> io::Result<Found> {
        #[cfg(unix)]
        if let Some(folder) = &self.folder {
            return at(folder, path);
        }
        let meta = fs::symlink_metadata(self.out.join(path))?;
        Ok(match meta.file_type() {
            kind if kind.is_file() => Found::File(Stamp::of(&meta)),
            kind if kind.is_dir() => Found::Folder,
            _ => Found::Other,
        })
    }
}

#[cfg(unix)]
fn at(folder: &fs::File, path: &str) -> io::Result<Found> {
    use rustix::fs::{AtFlags, FileType, statat};
    let stat = statat(folder, path, AtFlags::SYMLINK_NOFOLLOW)?;
    Ok(match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => Found::File(Stamp::of_stat(&stat)),
        FileType::Directory => Found::Folder,
        _ => Found::Other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_the_same_from_either_side() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("a/b")).unwrap();
        fs::write(dir.path().join("a/b/c"), "text").unwrap();
        let place = Place::new(dir.path());
        let meta = fs::symlink_metadata(dir.path().join("a/b/c")).unwrap();
        assert_eq!(place.at("a/b/c").unwrap(), Found::File(Stamp::of(&meta)));
        assert_eq!(place.at("a").unwrap(), Found::Folder);
        assert_eq!(place.at("a/x").unwrap_err().kind(), io::ErrorKind::NotFound);
        assert_eq!(place.at("a/b/c/d").unwrap_err().kind(), io::ErrorKind::NotADirectory);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a"), "text").unwrap();
        std::os::unix::fs::symlink("a", dir.path().join("b")).unwrap();
        assert_eq!(Place::new(dir.path()).at("b").unwrap(), Found::Other);
    }
}
