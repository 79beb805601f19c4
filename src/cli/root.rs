//! Which portal is meant.

use std::io;
use std::path::{Component, Path, PathBuf};

use super::failure::Failure;
use crate::config;

/// The folder that `--root` names, or else the nearest one with an `opas.toml`, from the working
/// directory upwards.
pub fn find(given: Option<&Path>) -> Result<PathBuf, Failure> {
    let here = here()?;
    if let Some(given) = given {
        let root = here.join(given);
        if root.join(config::FILE_NAME).is_file() {
            return Ok(root);
        }
        let given = given.display();
        return Err(Failure::usage(match root.is_dir() {
            true => format!(
                "`{given}` is no portal: it has no {}; `opas init {given}` makes one",
                config::FILE_NAME
            ),
            false => format!("there is no folder `{given}`"),
        }));
    }
    let portal = here.ancestors().find(|folder| folder.join(config::FILE_NAME).is_file());
    portal.map(Path::to_owned).ok_or_else(|| {
        Failure::usage(format!(
            "there is no {} in `{}` or a folder above it; name the portal with --root, or make one \
             with `opas init`",
            config::FILE_NAME,
            here.display()
        ))
    })
}

/// The working directory.
pub fn here() -> Result<PathBuf, Failure> {
    std::env::current_dir().map_err(|e: io::Error| Failure::io(Path::new("."), &e))
}

/// What leads from the working directory to `root`: empty, or a path with a slash at its end.
pub fn prefix(root: &Path) -> Result<String, Failure> {
    let real = |path: &Path| path.canonicalize().map_err(|e| Failure::io(path, &e));
    Ok(relative(&real(&here()?)?, &real(root)?))
}

fn relative(from: &Path, to: &Path) -> String {
    let common = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(common).map(|_| Component::ParentDir);
    let parts = up.chain(to.components().skip(common));
    parts.map(|part| format!("{}/", part.as_os_str().to_string_lossy())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_leads_from_here_to_the_portal() {
        let cases = [
            ("/a/b", "/a/b", ""),
            ("/a/b", "/a/b/docs", "docs/"),
            ("/a/b/content/x", "/a/b", "../../"),
            ("/a/b", "/a/c", "../c/"),
        ];
        for (from, to, prefix) in cases {
            assert_eq!(relative(Path::new(from), Path::new(to)), prefix, "{from} -> {to}");
        }
    }
}
