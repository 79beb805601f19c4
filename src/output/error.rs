//! Why an output folder can't be written, in words for the one who typed its name.

use std::io;
use std::path::{Path, PathBuf};

use crate::path::OutputPath;

#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    #[error(
        "`{}` can't be the output folder: it {how} `{}`, which the portal is made from; \
         give another with --out", out.display(), source_folder.display()
    )]
    Overlap { out: PathBuf, how: &'static str, source_folder: PathBuf },
    #[error("`{}` can't be the output folder: it is no folder", .0.display())]
    NoFolder(PathBuf),
    #[error(
        "`{}` is not empty and was not made by opas, so it is left as it is; give another folder \
         with --out, or empty this one yourself", .0.display()
    )]
    Foreign(PathBuf),
    #[error(
        "`{}` holds the portal of the audience `{holds}`, and that of `{wanted}` is not built into \
         it; give another folder with --out, or remove this one", out.display()
    )]
    Audience { out: PathBuf, holds: String, wanted: String },
    #[error(
        "`{}` can't be read ({why}), so it is not known which files of the folder opas wrote; \
         remove the folder and build again", path.display()
    )]
    Manifest { path: PathBuf, why: String },
    #[error("another build is writing to `{}` just now; wait for it, or give another folder", .0.display())]
    Busy(PathBuf),
    #[error("`{0}` can't be the path of a file in the output")]
    Path(OutputPath),
    #[error("two sources make the same file of the output, `{0}`")]
    Twice(OutputPath),
    #[error(
        "`{}` is {what} that opas did not make, in the place of the build's own {needed}; move it away",
        path.display()
    )]
    InTheWay { path: PathBuf, what: &'static str, needed: String },
    #[error("`{}`: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
}

impl OutputError {
    pub(super) fn io(path: &Path, source: io::Error) -> OutputError {
        OutputError::Io { path: path.to_owned(), source }
    }

    /// The caller asked for something that can't be had, as against a failure on the way.
    pub fn is_refusal(&self) -> bool {
        !matches!(self, OutputError::Io { .. } | OutputError::Twice(_) | OutputError::Path(_))
    }
}
