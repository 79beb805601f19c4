//! Pictures, videos and files to download: what they are called in the output.

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Place};
use crate::path::UrlPath;
use crate::slug::slug_or;
use crate::source::{SourceFile, UNREADABLE};

/// A file of `content/` that is no markdown.
#[derive(Clone, Debug)]
pub struct Asset {
    pub file: SourceFile,
    /// blake3 of the content.
    pub hash: blake3::Hash,
    /// The name says what it is, the hash which state of it: `assets/media/invoice-1f2e3d4c5b.png`.
    pub url: UrlPath,
}

/// How much of the hash stands in a name: 40 bits, as hexadecimal digits.
const HASH_DIGITS: usize = 10;

/// Reads the files and names them by their content. What can't be read is a finding.
pub fn read_assets(files: Vec<SourceFile>, findings: &mut Vec<Diagnostic>) -> Vec<Asset> {
    let read: Vec<Result<Asset, Box<Diagnostic>>> = files.into_par_iter().map(read_asset).collect();
    let mut assets = Vec::with_capacity(read.len());
    for asset in read {
        match asset {
            Ok(asset) => assets.push(asset),
            Err(finding) => findings.push(*finding),
        }
    }
    assets
}

fn read_asset(file: SourceFile) -> Result<Asset, Box<Diagnostic>> {
    let mut hasher = blake3::Hasher::new();
    std::fs::File::open(&file.on_disk)
        .and_then(|opened| hasher.update_reader(opened).map(|_| ()))
        .map_err(|error| {
            let message = format!("the file can't be read: {error}");
            Box::new(Diagnostic::new(UNREADABLE, Place::file(file.path.clone()), message))
        })?;
    let hash = hasher.finalize();
    let url = asset_url(file.path.file_name(), &hash);
    Ok(Asset { file, hash, url })
}

/// The address of a file of the name and content.
pub fn asset_url(file_name: &str, hash: &blake3::Hash) -> UrlPath {
    let (stem, extension) = file_name.rsplit_once('.').unwrap_or((file_name, ""));
    let digits = &hash.to_hex()[..HASH_DIGITS];
    let dot = if extension.is_empty() { "" } else { "." };
    let extension: String =
        extension.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    UrlPath::new(format!("assets/media/{}-{digits}{dot}{extension}", slug_or(stem, "file")))
}
