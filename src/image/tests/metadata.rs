use std::io::Cursor;

use image::{ImageDecoder, ImageFormat, ImageReader};
use proptest::prelude::*;

use super::samples::*;
use crate::image::container::outline;
use crate::image::format::Format;
use crate::image::metadata::without;

/// What stands for the place where a picture was taken, in every sample.
const GPS: &[u8] = b"60.1699N 24.9384E";

fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0xff, marker];
    bytes.extend((body.len() as u16 + 2).to_be_bytes());
    bytes.extend(body);
    bytes
}

/// A JPEG as a phone writes it: EXIF with a place and an orientation, XMP, IPTC, a comment, a colour
/// profile, and a film behind the picture.
fn from_a_phone(orientation: u8) -> Vec<u8> {
    let held = turned(&jpeg(70, 60), orientation);
    let mut bytes = held[..2].to_vec();
    // Behind the orientation of `turned` lies the place.
    let exif = u16::from_be_bytes([held[4], held[5]]) as usize;
    bytes.extend(segment(0xe1, &[&held[6..4 + exif], GPS].concat()));
    bytes.extend(segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>", GPS].concat()));
    bytes.extend(segment(0xed, &[b"Photoshop 3.0\x008BIM", GPS].concat()));
    bytes.extend(segment(0xe2, b"ICC_PROFILE\0\x01\x01profile"));
    bytes.extend(segment(0xe2, &[b"MPF\0", GPS].concat()));
    bytes.extend(segment(0xfe, GPS));
    bytes.extend(&held[4 + exif..]);
    bytes.extend(GPS);
    bytes
}

fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut bytes = (body.len() as u32).to_be_bytes().to_vec();
    bytes.extend(kind);
    bytes.extend(body);
    // Nobody reads these chunks, nor their sums.
    bytes.extend([0; 4]);
    bytes
}

/// A PNG with texts, EXIF and a time, and what was cut off behind its end.
fn screenshot_of_a_desk() -> Vec<u8> {
    let plain = png(70, 60);
    let mut bytes = plain[..33].to_vec();
    bytes.extend(chunk(b"pHYs", &[0, 0, 0x0b, 0x13, 0, 0, 0x0b, 0x13, 1]));
    for kind in [b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"tIME", b"prVt"] {
        bytes.extend(chunk(kind, GPS));
    }
    bytes.extend(&plain[33..]);
    bytes.extend(GPS);
    bytes
}

fn webp_with(metadata: &[[u8; 4]]) -> Vec<u8> {
    let plain = encode(halves(70, 60), ImageFormat::WebP);
    let mut body = b"VP8X\x0a\0\0\0\x0c\0\0\0\x45\0\0\x3b\0\0".to_vec();
    body.extend(&plain[12..]);
    for kind in metadata {
        body.extend(kind);
        body.extend((GPS.len() as u32).to_le_bytes());
        body.extend(GPS);
        body.push(0);
    }
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((body.len() as u32 + 4).to_le_bytes());
    bytes.extend(b"WEBP");
    bytes.extend(body);
    bytes
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn pixels(bytes: &[u8]) -> image::RgbaImage {
    image::load_from_memory(bytes).unwrap().into_rgba8()
}

#[test]
fn no_place_and_no_name_is_published_and_no_pixel_differs() {
    let cases = [
        (Format::Jpeg, from_a_phone(1)),
        (Format::Jpeg, from_a_phone(6)),
        (Format::Png, screenshot_of_a_desk()),
        (Format::WebP, webp_with(&[*b"EXIF", *b"XMP "])),
    ];
    for (format, bytes) in cases {
        assert!(has(&bytes, GPS));
        let quiet = without(format, &bytes).unwrap().concat();
        assert!(!has(&quiet, GPS), "{format:?}");
        assert_eq!(pixels(&quiet), pixels(&bytes), "{format:?}");
        assert_eq!(outline(format, &quiet), outline(format, &bytes), "{format:?}");
        assert_eq!(without(format, &quiet), None, "{format:?}: it is quiet now");
    }
}

#[test]
fn what_says_how_the_picture_looks_stays() {
    let quiet = without(Format::Jpeg, &from_a_phone(6)).unwrap().concat();
    assert!(has(&quiet, b"ICC_PROFILE\0") && has(&quiet, b"Exif\0\0"));
    let mut decoder =
        ImageReader::with_format(Cursor::new(&quiet), ImageFormat::Jpeg).into_decoder().unwrap();
    assert_eq!(decoder.orientation().unwrap().to_exif(), 6);
    let quiet = without(Format::Jpeg, &from_a_phone(1)).unwrap().concat();
    assert!(!has(&quiet, b"Exif\0\0"), "an upright picture needs none");
    assert!(has(&without(Format::Png, &screenshot_of_a_desk()).unwrap().concat(), b"pHYs"));
    let webp = without(Format::WebP, &webp_with(&[*b"XMP "])).unwrap().concat();
    assert_eq!(webp[20] & 0x0c, 0, "the head names no metadata");
    for (format, bytes) in [
        (Format::Png, animated_png()),
        (Format::Jpeg, cmyk_jpeg()),
        (Format::WebP, animated_webp()),
        (Format::Gif, animated_gif()),
    ] {
        assert_eq!(without(format, &bytes), None, "{format:?} says nothing besides");
    }
}

proptest! {
    /// Neither cut off nor spoilt files make it panic, and a second time it finds nothing.
    #[test]
    fn any_bytes_are_taken(
        which in 0usize..3,
        cut in any::<prop::sample::Index>(),
        spoilt in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
    ) {
        let (format, mut bytes) = [
            (Format::Jpeg, from_a_phone(6)),
            (Format::Png, screenshot_of_a_desk()),
            (Format::WebP, webp_with(&[*b"EXIF"])),
        ][which].clone();
        for (at, byte) in spoilt {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(cut.index(bytes.len()));
        if let Some(parts) = without(format, &bytes) {
            prop_assert!(parts.concat().len() <= bytes.len() + 36);
        }
    }
}
