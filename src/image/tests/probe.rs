use image::ImageFormat;
use proptest::prelude::*;

use super::samples::*;
use crate::diagnostic::{Diagnostic, Rule};
use crate::image::format::Format;
use crate::image::probe::*;
use crate::image::variants::produce;
use crate::path::SourcePath;

fn look(name: &str, bytes: &[u8], max_megapixels: f64) -> (Option<Picture>, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    let path = SourcePath::new(format!("content/{name}"));
    let picture = probe(&path, bytes, Limits { max_megapixels }, &mut findings);
    (picture, findings)
}

#[test]
fn a_good_picture_is_known_by_its_bytes() {
    let cases = [
        ("a.png", png(70, 60), Format::Png, (70, 60), false, 1),
        ("a.png", deep_png(70, 60), Format::Png, (70, 60), false, 1),
        ("a.png", animated_png(), Format::Png, (64, 64), true, 1),
        ("a.jpg", jpeg(70, 60), Format::Jpeg, (70, 60), false, 1),
        ("a.jpeg", turned(&jpeg(70, 60), 3), Format::Jpeg, (70, 60), false, 3),
        ("a.jpg", turned(&jpeg(70, 60), 6), Format::Jpeg, (60, 70), false, 6),
        ("a.gif", encode(halves(70, 60), ImageFormat::Gif), Format::Gif, (70, 60), false, 1),
        ("a.gif", animated_gif(), Format::Gif, (90, 80), true, 1),
        ("a.webp", encode(halves(70, 60), ImageFormat::WebP), Format::WebP, (70, 60), false, 1),
        ("a.webp", animated_webp(), Format::WebP, (100, 50), true, 1),
    ];
    for (name, bytes, format, (width, height), animated, orientation) in cases {
        let (picture, findings) = look(name, &bytes, 1.0);
        assert_eq!(findings, [], "{name}");
        let portable = true;
        let (whole, safe_copy) = (true, None);
        let expected =
            Picture { format, width, height, animated, orientation, portable, whole, safe_copy };
        assert_eq!(picture, Some(expected), "{name}");
    }
    for (name, bytes) in
        [("a.jpg", cmyk_jpeg()), ("a.bmp", encode(halves(70, 60), ImageFormat::Bmp))]
    {
        let (picture, findings) = look(name, &bytes, 1.0);
        assert_eq!((picture.map(|p| p.portable), findings), (Some(false), vec![]), "{name}");
    }
}

/// Whether a bad picture is shown at all.
#[derive(Debug, PartialEq)]
enum Fate {
    Shown,
    Refused,
}
use Fate::{Refused, Shown};

#[test]
fn a_bad_picture_is_named_with_the_mend() {
    let cut = |bytes: Vec<u8>| bytes[..bytes.len() * 2 / 3].to_vec();
    let gif = encode(halves(70, 60), ImageFormat::Gif);
    let webp = encode(halves(70, 60), ImageFormat::WebP);
    type Case = (&'static str, Vec<u8>, Rule, &'static str, &'static str, Fate);
    let cases: [Case; 20] = [
        ("a.png", vec![], BROKEN_PICTURE, "empty file", "save it", Refused),
        ("a.png", b"this is no picture".to_vec(), BROKEN_PICTURE, "not a picture", "PNG", Refused),
        ("a.png", cut(png(70, 60)), BROKEN_PICTURE, "PNG breaks off", "once more", Shown),
        ("a.png", png(70, 60)[..20].to_vec(), BROKEN_PICTURE, "before its size", "", Refused),
        ("a.png", png_claiming(0, 9), BROKEN_PICTURE, "before its size, or", "", Refused),
        ("a.jpg", cut(jpeg(170, 160)), BROKEN_PICTURE, "JPEG breaks off", "once more", Shown),
        ("a.gif", cut(gif), BROKEN_PICTURE, "GIF breaks off", "once more", Shown),
        ("a.webp", cut(webp), BROKEN_PICTURE, "WebP breaks off", "once more", Shown),
        (
            "a.png",
            png_claiming(60_000, 60_000),
            LARGE_PICTURE,
            "3600 megapixels; 100 are allowed",
            "max_megapixels = 3600",
            Refused,
        ),
        (
            "a.jpg",
            png(70, 60),
            MISNAMED_PICTURE,
            "called .jpg, but its format is PNG",
            ".png",
            Shown,
        ),
        ("a.tif", b"II*\0....".to_vec(), BROKEN_PICTURE, "TIFF", "PNG", Refused),
        ("a.png", b"\0\0\0\x18ftypheic".to_vec(), BROKEN_PICTURE, "HEIC", "PNG", Refused),
        ("a.png", b"%PDF-1.7".to_vec(), BROKEN_PICTURE, "a PDF", "link", Refused),
        ("a.png", b"<!DOCTYPE html><p>404".to_vec(), BROKEN_PICTURE, "web page", "", Refused),
        (
            "a.png",
            b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n".to_vec(),
            BROKEN_PICTURE,
            "Git LFS",
            "git lfs pull",
            Refused,
        ),
        ("a.svg", b"\x1f\x8b\x08".to_vec(), BROKEN_PICTURE, "compressed", "unpack", Refused),
        ("a.svg", b"<svg><g/></svg>".to_vec(), BROKEN_PICTURE, "xmlns", "", Refused),
        (
            "a.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg'>".to_vec(),
            BROKEN_PICTURE,
            "breaks off",
            "",
            Refused,
        ),
        (
            "a.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'><script/></svg>".to_vec(),
            UNSAFE_SVG,
            "onload, <script>",
            "plain SVG",
            Shown,
        ),
        ("a.svg", b"<svg xmlns='\xff'/>".to_vec(), BROKEN_PICTURE, "not UTF-8", "", Refused),
    ];
    for (name, bytes, rule, message, help, fate) in cases {
        let (picture, findings) = look(name, &bytes, 100.0);
        assert_eq!(findings.len(), 1, "{name} {message}: {findings:?}");
        let finding = &findings[0];
        assert_eq!(finding.rule, rule, "{finding:?}");
        assert!(finding.message.contains(message), "{finding:?} is not about {message}");
        assert!(finding.help.as_deref().unwrap_or("").contains(help), "{finding:?}: {help}");
        assert_eq!(finding.place.to_string(), format!("content/{name}"));
        assert_eq!(if picture.is_some() { Shown } else { Refused }, fate, "{finding:?}");
    }
}

#[test]
fn the_limit_can_be_raised() {
    let bytes = png_claiming(60_000, 60_000);
    let (picture, findings) = look("a.png", &bytes, 3600.0);
    assert_eq!((picture.map(|p| (p.width, p.height)), findings), (Some((60_000, 60_000)), vec![]));
}

/// Good files with some bytes changed or cut off, and any bytes.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let good = prop::sample::select(vec![
        png(90, 80),
        jpeg(90, 80),
        turned(&jpeg(90, 80), 8),
        cmyk_jpeg(),
        animated_gif(),
        animated_png(),
        animated_webp(),
        encode(halves(90, 80), ImageFormat::WebP),
        encode(halves(90, 80), ImageFormat::Bmp),
    ]);
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8);
    let damaged = (good, changes, any::<prop::sample::Index>(), any::<bool>()).prop_map(
        |(mut bytes, changes, cut, cuts)| {
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            if cuts {
                bytes.truncate(cut.index(bytes.len()));
            }
            bytes
        },
    );
    prop_oneof![4 => damaged, 1 => prop::collection::vec(any::<u8>(), 0..200)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_bytes_make_it_panic(bytes in damaged()) {
        let (picture, findings) = look("a.png", &bytes, 0.05);
        prop_assert!(picture.is_some() || !findings.is_empty());
        if let Some(picture) = picture {
            prop_assert!(f64::from(picture.width) * f64::from(picture.height) <= 50_000.0);
            // Whatever the header says, decoding ends in variants or in a reason.
            prop_assert!(produce(&bytes, &picture).map_or_else(|e| !e.is_empty(), |_| true));
        }
    }
}
