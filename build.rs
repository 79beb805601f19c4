//! Tells the program which sources it was made from: caches of another Opas are not believed, and
//! versions in the making share their number.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

/// All that ends up in the program.
const SOURCES: [&str; 6] = ["Cargo.lock", "Cargo.toml", "build.rs", "src", "starter", "themes"];

fn main() -> io::Result<()> {
    let mut hasher = DefaultHasher::new();
    for source in SOURCES {
        println!("cargo:rerun-if-changed={source}");
        add(Path::new(source), &mut hasher)?;
    }
    println!("cargo:rustc-env=OPAS_SOURCES={:016x}", hasher.finish());
    Ok(())
}

fn add(path: &Path, hasher: &mut DefaultHasher) -> io::Result<()> {
    if !path.is_dir() {
        // A package has no lock file where it is a library of another.
        if path.exists() {
            path.hash(hasher);
            fs::read(path)?.hash(hasher);
        }
        return Ok(());
    }
    let entries = fs::read_dir(path)?.map(|entry| Ok(entry?.path()));
    let mut paths = entries.collect::<io::Result<Vec<PathBuf>>>()?;
    paths.sort();
    paths.iter().try_for_each(|path| add(path, hasher))
}
