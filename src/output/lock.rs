//! One build at a time for a folder, whichever portal it comes from.
//!
//! The folder itself is locked, so that nothing stays behind in it; the system lets go when the
//! process ends, however it ends. Where a folder can't be locked (Windows, some network disks) a
//! file in the system's folder for temporary files stands for it.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;

use super::OutputError;

/// Held as long as it lives.
pub struct Lock(#[expect(dead_code, reason = "closing the file lets go of the lock")] File);

impl Lock {
    pub fn take(out: &Path) -> Result<Lock, OutputError> {
        match lock_folder(out) {
            Ok(lock) => Ok(lock),
            Err(TryLockError::WouldBlock) => Err(OutputError::Busy(out.to_owned())),
            Err(TryLockError::Error(_)) => Lock::of_stand_in(out),
        }
    }

    fn of_stand_in(out: &Path) -> Result<Lock, OutputError> {
        let folder = std::env::temp_dir().join("opas-locks");
        let name = blake3::hash(out.as_os_str().as_encoded_bytes()).to_hex();
        let path = folder.join(&name[..32]);
        let open = || {
            fs::create_dir_all(&folder)?;
            File::options().create(true).truncate(false).read(true).write(true).open(&path)
        };
        let file = open().map_err(|e| OutputError::io(&path, e))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock(file)),
            Err(TryLockError::WouldBlock) => Err(OutputError::Busy(out.to_owned())),
            Err(TryLockError::Error(e)) => Err(OutputError::io(&path, e)),
        }
    }
}

fn lock_folder(out: &Path) -> Result<Lock, TryLockError> {
    if cfg!(windows) {
        return Err(TryLockError::Error(io::ErrorKind::Unsupported.into()));
    }
    let folder = File::open(out).map_err(TryLockError::Error)?;
    folder.try_lock()?;
    // Removed and made anew between opening and locking, it is another folder.
    let handle = || same_file::Handle::from_file(folder.try_clone()?);
    let locked = handle().map_err(TryLockError::Error)?;
    let now = same_file::Handle::from_path(out).map_err(TryLockError::Error)?;
    if locked != now {
        return Err(TryLockError::WouldBlock);
    }
    Ok(Lock(folder))
}
