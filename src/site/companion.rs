//! Files that belong to a picture or a video by their names, and go where it goes.
//!
//! ```text
//! invoice.png   invoice.dark.png               the same picture for dark mode
//! tour.mp4      tour.jpg                       what the player shows before it runs
//!               tour.vtt, tour.fi.vtt          captions, in the page's language or the one named
//!               tour.chapters.vtt, tour.chapters.fi.vtt
//! ```

use std::collections::BTreeMap;

use crate::path::SourcePath;

use super::AssetId;
use super::asset::Asset;

/// What belongs to a picture or a video.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Companions {
    pub dark: Option<AssetId>,
    pub poster: Option<AssetId>,
    /// By kind and language; those without a language first.
    pub tracks: Vec<Track>,
}

/// A text that runs along with a video.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Track {
    pub kind: TrackKind,
    /// As the file's name has it: `fi`, `pt-br`. None is the language of the page.
    pub language: Option<String>,
    pub file: AssetId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TrackKind {
    Captions,
    Chapters,
}

impl Companions {
    /// All of them.
    pub fn ids(&self) -> impl Iterator<Item = AssetId> {
        let tracks = self.tracks.iter().map(|track| track.file);
        self.dark.into_iter().chain(self.poster).chain(tracks)
    }
}

/// Whether a file of this extension (lower-case) is a video that browsers play.
pub fn is_video(extension: &str) -> bool {
    matches!(extension, "mp4" | "webm" | "m4v" | "ogv" | "mov")
}

/// The companions of each file that has some.
pub fn find(assets: &[Asset]) -> BTreeMap<AssetId, Companions> {
    let ids: BTreeMap<&SourcePath, AssetId> =
        assets.iter().enumerate().map(|(i, asset)| (&asset.file.path, AssetId(i as u32))).collect();
    let picture = |path: String| {
        let id = *ids.get(&SourcePath::new(path))?;
        assets[id.index()].picture.is_some().then_some(id)
    };
    let mut found: BTreeMap<AssetId, Companions> = BTreeMap::new();
    for (path, &id) in &ids {
        let extension = path.extension();
        let Some(stem) = stem(path) else { continue };
        if assets[id.index()].picture.is_some() {
            let own = &path.as_str()[stem.len() + 1..];
            let extensions = std::iter::once(own).chain(["png", "svg", "webp", "jpg"]);
            let dark = extensions.map(|e| format!("{stem}.dark.{e}")).find_map(picture);
            if dark.is_some() {
                found.entry(id).or_default().dark = dark;
            }
        } else if is_video(&extension) {
            let extensions = ["jpg", "png", "webp", "jpeg", "avif"];
            let poster = extensions.map(|e| format!("{stem}.{e}")).into_iter().find_map(picture);
            if poster.is_some() {
                found.entry(id).or_default().poster = poster;
            }
        } else if extension == "vtt" {
            let (stem, kind, language) = track(stem);
            for video in ["mp4", "webm", "m4v", "ogv", "mov"] {
                if let Some(&video) = ids.get(&SourcePath::new(format!("{stem}.{video}"))) {
                    let track = Track { kind, language: language.clone(), file: id };
                    found.entry(video).or_default().tracks.push(track);
                }
            }
        }
    }
    for companions in found.values_mut() {
        companions.tracks.sort();
    }
    found
}

/// The path up to the last dot.
fn stem(path: &SourcePath) -> Option<&str> {
    let name = path.file_name();
    let dot = name.rfind('.').filter(|&dot| dot > 0)?;
    Some(&path.as_str()[..path.as_str().len() - name.len() + dot])
}

/// Takes `.chapters` and a language off the end, in either order.
fn track(stem: &str) -> (&str, TrackKind, Option<String>) {
    let (mut stem, mut kind, mut language) = (stem, TrackKind::Captions, None);
    while let Some((before, last)) = stem.rsplit_once('.').filter(|(_, last)| !last.contains('/')) {
        let code = last.split(['-', '_']).next().unwrap_or_default();
        if last == "chapters" && kind == TrackKind::Captions {
            kind = TrackKind::Chapters;
        } else if language.is_none()
            && (2..=3).contains(&code.len())
            && code.bytes().all(|b| b.is_ascii_lowercase())
        {
            language = Some(last.replace('_', "-"));
        } else {
            break;
        }
        stem = before;
    }
    (stem, kind, language)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::probe::Limits;
    use crate::site::asset::read_assets;
    use crate::source::scan;

    #[test]
    fn names_tell_what_belongs_together() {
        let dir = tempfile::tempdir().unwrap();
        let media = dir.path().join("content/media");
        std::fs::create_dir_all(&media).unwrap();
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
        let names = [
            "a.dark.svg",
            "a.svg",
            "b.svg",
            "tour.chapters.fi.vtt",
            "tour.fi.vtt",
            "tour.mp4",
            "tour.png",
            "tour.svg",
            "tour.sv.chapters.vtt",
            "tour.vtt",
            "tour.webm",
            "x.fi.vtt",
        ];
        for name in names {
            let bytes: &[u8] = if name.ends_with("svg") { svg } else { b"x" };
            std::fs::write(media.join(name), bytes).unwrap();
        }
        let files = scan(&[dir.path().to_owned().into()], &[], &mut Vec::new());
        let assets = read_assets(files, Limits { max_megapixels: 1.0 }, None, &mut Vec::new());
        let id = |name: &str| {
            AssetId(assets.iter().position(|a| a.file.path.file_name() == name).unwrap() as u32)
        };
        let found = find(&assets);
        let with: Vec<AssetId> = found.keys().copied().collect();
        assert_eq!(with, [id("a.svg"), id("tour.mp4"), id("tour.webm")]);
        assert_eq!(found[&id("a.svg")].dark, Some(id("a.dark.svg")));
        let tour = &found[&id("tour.mp4")];
        // The PNG is none, so it is no poster.
        assert_eq!(tour.poster, None);
        let tracks: Vec<_> =
            tour.tracks.iter().map(|t| (t.kind, t.language.as_deref(), t.file)).collect();
        assert_eq!(
            tracks,
            [
                (TrackKind::Captions, None, id("tour.vtt")),
                (TrackKind::Captions, Some("fi"), id("tour.fi.vtt")),
                (TrackKind::Chapters, Some("fi"), id("tour.chapters.fi.vtt")),
                (TrackKind::Chapters, Some("sv"), id("tour.sv.chapters.vtt")),
            ]
        );
        assert_eq!(tour.ids().count(), 4);
    }
}
