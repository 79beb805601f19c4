//! Pictures, videos and files to download: what they are called in the output.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Place};
use crate::image::format::{Format, is_picture};
use crate::image::metadata::without;
use crate::image::probe::{LARGE_PICTURE, Limits, Picture, probe};
use crate::path::UrlPath;
use crate::slug::slug_or;
use crate::source::{SourceFile, UNREADABLE};

use super::recall::Recall;

/// A file of `content/` that is no markdown.
#[derive(Clone, Debug)]
pub struct Asset {
    pub file: SourceFile,
    /// blake3 of the content.
    pub hash: blake3::Hash,
    /// The name says what it is, the hash which state of it: `assets/media/invoice-1f2e3d4c5b.png`.
    pub url: UrlPath,
    /// What the file shows, if it is a picture that can be shown.
    pub picture: Option<Picture>,
    /// The file says more than it shows; it is published without that.
    pub talks: bool,
    /// blake3 of what is published.
    pub published: blake3::Hash,
    /// What is wrong with it.
    pub findings: Vec<Diagnostic>,
}

/// What a later build need not look for in the file again.
#[derive(Serialize, Deserialize)]
struct Kept<'a> {
    picture: Cow<'a, Option<Picture>>,
    talks: bool,
    published: [u8; 32],
}

/// What is to be written for an asset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssetContent<'a> {
    /// The file as it is.
    File(&'a Path),
    /// These bytes in its place.
    Bytes(&'a Arc<[u8]>),
    /// The file without its metadata: [`quiet_copy`].
    Quiet(&'a Path, Format),
}

/// A picture's file without what it says besides the picture.
///
/// # Errors
///
/// The file can't be read.
pub fn quiet_copy(file: &Path, format: Format) -> std::io::Result<Vec<u8>> {
    let bytes = std::fs::read(file)?;
    Ok(match without(format, &bytes) {
        Some(parts) => parts.concat(),
        None => bytes,
    })
}

impl Asset {
    /// What is to be kept of it for later builds: nothing where something is wrong with it, which is to
    /// be found again.
    pub fn pack(&self) -> Option<Vec<u8>> {
        let Asset { picture, talks, published, findings, .. } = self;
        let picture = Cow::Borrowed(picture);
        let kept = Kept { picture, talks: *talks, published: *published.as_bytes() };
        findings.is_empty().then(|| postcard::to_stdvec(&kept).ok())?
    }

    /// The file's asset from what [`Asset::pack`] made of one of this hash.
    pub fn unpack(bytes: &[u8], file: &SourceFile, hash: blake3::Hash) -> Option<Asset> {
        let Kept { picture, talks, published } = postcard::from_bytes(bytes).ok()?;
        let (picture, published) = (picture.into_owned(), published.into());
        let url = url_of(file, &published, picture.as_ref());
        let (file, findings) = (file.clone(), Vec::new());
        Some(Asset { file, hash, url, picture, talks, published, findings })
    }

    /// Whether it is meant to be a picture, but can't be shown as one.
    pub fn is_refused(&self) -> bool {
        self.picture.is_none() && is_picture(&self.file.path.extension())
    }

    pub fn content(&self) -> AssetContent<'_> {
        match &self.picture {
            Some(Picture { safe_copy: Some(bytes), .. }) => AssetContent::Bytes(bytes),
            Some(picture) if self.talks => AssetContent::Quiet(&self.file.on_disk, picture.format),
            _ => AssetContent::File(&self.file.on_disk),
        }
    }
}

/// How much of the hash stands in a name: 40 bits, as hexadecimal digits.
const HASH_DIGITS: usize = 10;

/// Files of pictures that are longer are not looked into.
const LONGEST_PICTURE: u64 = 256 << 20;

/// Reads the files that an earlier build has not kept, and names them by their content. What can't be
/// read is a finding.
pub fn read_assets(
    files: Vec<SourceFile>,
    limits: Limits,
    recall: Option<&Recall>,
    findings: &mut Vec<Diagnostic>,
) -> Vec<Asset> {
    let read = files.into_par_iter().map(|file| {
        if let Some(asset) = recall.and_then(|recall| recall.find_asset(&file, limits)) {
            return Ok(asset);
        }
        let asset = read_asset(file, limits)?;
        if let Some(recall) = recall {
            recall.keep_asset(&asset, limits);
        }
        Ok(asset)
    });
    let read: Vec<Result<Asset, Box<Diagnostic>>> = read.collect();
    let mut assets = Vec::with_capacity(read.len());
    for asset in read {
        match asset {
            Ok(asset) => assets.push(asset),
            Err(finding) => findings.push(*finding),
        }
    }
    assets
}

fn read_asset(file: SourceFile, limits: Limits) -> Result<Asset, Box<Diagnostic>> {
    let unreadable = |error: std::io::Error| {
        let message = format!("the file can't be read: {error}");
        Box::new(Diagnostic::new(UNREADABLE, Place::file(file.path.clone()), message))
    };
    let mut findings = Vec::new();
    let mut picture = None;
    let mut published = None;
    let mut talks = false;
    let hash = if is_picture(&file.path.extension()) && file.size <= LONGEST_PICTURE {
        let bytes = std::fs::read(&file.on_disk).map_err(unreadable)?;
        picture = probe(&file.path, &bytes, limits, &mut findings);
        if let Some(Picture { safe_copy, format, .. }) = &picture {
            let quiet = without(*format, &bytes);
            talks = quiet.is_some();
            published = match (safe_copy, quiet) {
                (Some(copy), _) => Some(blake3::hash(copy)),
                (None, Some(parts)) => {
                    let mut hasher = blake3::Hasher::new();
                    for part in &parts {
                        hasher.update(part);
                    }
                    Some(hasher.finalize())
                }
                (None, None) => None,
            };
        }
        blake3::hash(&bytes)
    } else {
        if is_picture(&file.path.extension()) {
            let message = format!("the picture's file has {} MB", file.size >> 20);
            let finding = Diagnostic::new(LARGE_PICTURE, Place::file(file.path.clone()), message);
            findings.push(finding.help("256 MB are possible; scale it down"));
        }
        let mut hasher = blake3::Hasher::new();
        std::fs::File::open(&file.on_disk)
            .and_then(|opened| hasher.update_reader(opened).map(|_| ()))
            .map_err(unreadable)?;
        hasher.finalize()
    };
    let published = published.unwrap_or(hash);
    let url = url_of(&file, &published, picture.as_ref());
    Ok(Asset { file, hash, url, picture, talks, published, findings })
}

/// Web servers tell the format by the extension, so a picture gets that of its bytes; and the name
/// changes with what is served, so `published` is the hash of that.
fn url_of(file: &SourceFile, published: &blake3::Hash, picture: Option<&Picture>) -> UrlPath {
    let name = file.path.file_name();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    match picture {
        Some(picture) => asset_url(stem, published, None, picture.format.extension()),
        None => asset_url(stem, published, None, &file.path.extension()),
    }
}

/// The address of a file of the name (without its extension) and content; a variant of a picture
/// also has its width.
pub fn asset_url(stem: &str, hash: &blake3::Hash, width: Option<u32>, extension: &str) -> UrlPath {
    let digits = &hash.to_hex()[..HASH_DIGITS];
    let extension: String = extension.chars().filter(char::is_ascii_alphanumeric).collect();
    let dot = if extension.is_empty() { "" } else { "." };
    let width = width.map_or(String::new(), |width| format!("-{width}"));
    let name = slug_or(stem, "file");
    UrlPath::new(format!("assets/media/{name}-{digits}{width}{dot}{extension}"))
}
