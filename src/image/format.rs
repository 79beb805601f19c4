//! What a file is, by its first bytes.

use serde::{Deserialize, Serialize};

/// A format of pictures that browsers show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Format {
    Png,
    Jpeg,
    Gif,
    WebP,
    Avif,
    Bmp,
    Ico,
    Svg,
}

impl Format {
    /// Every format, for tables and tests.
    pub const ALL: [Format; 8] = [
        Format::Png,
        Format::Jpeg,
        Format::Gif,
        Format::WebP,
        Format::Avif,
        Format::Bmp,
        Format::Ico,
        Format::Svg,
    ];

    /// The extension that web servers know the format by.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Png => "png",
            Format::Jpeg => "jpg",
            Format::Gif => "gif",
            Format::WebP => "webp",
            Format::Avif => "avif",
            Format::Bmp => "bmp",
            Format::Ico => "ico",
            Format::Svg => "svg",
        }
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Format::Png => "PNG",
            Format::Jpeg => "JPEG",
            Format::Gif => "GIF",
            Format::WebP => "WebP",
            Format::Avif => "AVIF",
            Format::Bmp => "BMP",
            Format::Ico => "ICO",
            Format::Svg => "SVG",
        }
    }

    /// The format that a file of this extension (lower-case, without a dot) should have.
    pub fn of_extension(extension: &str) -> Option<Format> {
        match extension {
            "png" | "apng" => Some(Format::Png),
            "jpg" | "jpeg" | "jpe" | "jfif" => Some(Format::Jpeg),
            "gif" => Some(Format::Gif),
            "webp" => Some(Format::WebP),
            "avif" => Some(Format::Avif),
            "bmp" => Some(Format::Bmp),
            "ico" => Some(Format::Ico),
            "svg" => Some(Format::Svg),
            _ => None,
        }
    }
}

/// Extensions of pictures that no browser, or not every one, shows.
const UNSHOWN: [&str; 11] =
    ["tif", "tiff", "heic", "heif", "jxl", "psd", "svgz", "emf", "wmf", "tga", "pcx"];

/// Whether a file of this extension (lower-case, without a dot) is meant to be a picture.
pub fn is_picture(extension: &str) -> bool {
    Format::of_extension(extension).is_some() || UNSHOWN.contains(&extension)
}

/// What the bytes of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sniffed {
    Picture(Format),
    /// Something else, in a word for the message, and what to do about it.
    Other(&'static str, &'static str),
    Unknown,
}

const CONVERT: &str = "save it as PNG, JPEG, WebP or SVG";

/// The format by the first bytes; an SVG only looks like one until it is read.
pub fn sniff(bytes: &[u8]) -> Sniffed {
    use Sniffed::{Other, Picture};
    let at = |offset: usize, what: &[u8]| bytes.get(offset..).is_some_and(|b| b.starts_with(what));
    let brand = |brands: &[&[u8]]| at(4, b"ftyp") && brands.iter().any(|b| at(8, b));
    let known: &[(bool, Sniffed)] = &[
        (at(0, b"\x89PNG\r\n\x1a\n"), Picture(Format::Png)),
        (at(0, b"\xff\xd8\xff"), Picture(Format::Jpeg)),
        (at(0, b"GIF87a") || at(0, b"GIF89a"), Picture(Format::Gif)),
        (at(0, b"RIFF") && at(8, b"WEBP"), Picture(Format::WebP)),
        (brand(&[b"avif", b"avis"]), Picture(Format::Avif)),
        (brand(&[b"heic", b"heix", b"hevc", b"mif1", b"heif"]), Other("a HEIC picture", CONVERT)),
        (at(4, b"ftyp"), Other("a video", "link it as one: `![…](file.mp4)`")),
        (at(0, b"BM"), Picture(Format::Bmp)),
        (at(0, b"\0\0\x01\0"), Picture(Format::Ico)),
        (at(0, b"II*\0") || at(0, b"MM\0*"), Other("a TIFF picture", CONVERT)),
        (at(0, b"8BPS"), Other("a Photoshop file", CONVERT)),
        (at(0, b"\xff\x0a") || at(4, b"JXL "), Other("a JPEG XL picture", CONVERT)),
        (at(0, b"%PDF"), Other("a PDF", "link to it, or save a page of it as a picture")),
        (at(0, b"PK\x03\x04"), Other("a ZIP archive or an office file", CONVERT)),
        (
            at(0, b"\x1f\x8b"),
            Other("a compressed file", "unpack it; a web server compresses an SVG by itself"),
        ),
        (
            at(0, b"version https://git-lfs"),
            Other("a pointer of Git LFS", "fetch the pictures: git lfs pull"),
        ),
        (looks_like_svg(bytes), Picture(Format::Svg)),
        (looks_like_html(bytes), Other("a web page", "was it saved from a link that is gone?")),
    ];
    known.iter().find(|(is, _)| *is).map_or(Sniffed::Unknown, |(_, what)| *what)
}

/// How much of a file may come before the root of an SVG: comments and a document type.
const PROLOGUE: usize = 16 << 10;

fn head(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes[..bytes.len().min(PROLOGUE)].trim_ascii_start()
}

fn looks_like_svg(bytes: &[u8]) -> bool {
    let head = head(bytes);
    let named = |n: &[u8]| head.windows(n.len()).any(|w| w == n);
    head.starts_with(b"<") && !looks_like_html(bytes) && (named(b"<svg") || named(b":svg"))
}

fn looks_like_html(bytes: &[u8]) -> bool {
    let head = head(bytes);
    let start = head[..head.len().min(14)].to_ascii_lowercase();
    start.starts_with(b"<!doctype html") || start.starts_with(b"<html")
}
