use image::{GenericImageView, ImageFormat, Rgba, RgbaImage};

use super::samples::*;
use crate::image::format::Format;
use crate::image::probe::{Limits, Picture, probe};
use crate::image::variants::{Made, produce};
use crate::path::SourcePath;

fn picture(bytes: &[u8]) -> Picture {
    let path = SourcePath::new("content/a.png");
    probe(&path, bytes, Limits { max_megapixels: 100.0 }, &mut Vec::new()).unwrap()
}

fn made(bytes: &[u8]) -> Vec<Made> {
    produce(bytes, &picture(bytes)).unwrap()
}

fn sizes(made: &[Made]) -> Vec<(u32, u32)> {
    made.iter().map(|m| (m.width, m.height)).collect()
}

fn decode(made: &Made) -> image::DynamicImage {
    let image = image::load_from_memory(&made.encoded.bytes).unwrap();
    assert_eq!((image.width(), image.height()), (made.width, made.height));
    image
}

#[test]
fn a_screenshot_gets_smaller_files_that_look_the_same() {
    let bytes = png(2400, 1000);
    let made = made(&bytes);
    assert_eq!(sizes(&made), [(800, 334), (1600, 667)]);
    let mut smaller = bytes.len();
    for one in made.iter().rev() {
        assert!(one.encoded.bytes.len() * 5 <= smaller * 4, "{} {smaller}", one.width);
        smaller = one.encoded.bytes.len();
        let image = decode(one).to_rgba8();
        // The flat areas have their colours to the last bit.
        assert_eq!(image.get_pixel(one.width - 1, one.height / 2), &Rgba([250, 249, 248, 255]));
        assert_eq!(image.get_pixel(one.width - 1, one.height / 16), &Rgba([0, 96, 168, 255]));
    }
    assert_eq!(made, produce(&bytes, &picture(&bytes)).unwrap());
}

#[test]
fn few_colours_lose_nothing() {
    let flat = RgbaImage::from_fn(700, 400, |x, y| {
        Rgba([(x / 100) as u8 * 30, (y / 100) as u8 * 60, 9, if x < 100 { 0 } else { 200 }])
    });
    // As some programs write them: hardly compressed.
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 700, 400);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_compression(png::Compression::NoCompression);
    encoder.write_header().unwrap().write_image_data(flat.as_raw()).unwrap();
    let made = made(&bytes);
    let own_size = made.last().unwrap();
    assert_eq!((own_size.width, own_size.height), (700, 400));
    let back = decode(own_size).to_rgba8();
    let same = flat.pixels().zip(back.pixels()).all(|(a, b)| a == b || (a[3] == 0 && b[3] == 0));
    assert!(same);
}

#[test]
fn a_photograph_stays_one_and_stands_upright() {
    let bytes = turned(&jpeg(2000, 1000), 6);
    let made = made(&bytes);
    assert_eq!(sizes(&made), [(480, 960), (800, 1600)]);
    for one in &made {
        assert_eq!(one.encoded.format, Format::Jpeg);
        let image = decode(one);
        let (top, bottom) = (image.get_pixel(9, 9), image.get_pixel(9, one.height - 9));
        assert!(top[0] > 150 && top[2] < 80, "{top:?}");
        assert!(bottom[2] > 150 && bottom[0] < 80, "{bottom:?}");
    }
}

#[test]
fn what_browsers_show_differently_is_converted() {
    let made_of_inks = made(&cmyk_jpeg());
    assert_eq!(sizes(&made_of_inks), [(8, 8)]);
    assert_eq!(made_of_inks[0].encoded.format, Format::Jpeg);
    assert_eq!(decode(&made_of_inks[0]).color(), image::ColorType::Rgb8);

    let made_of_bmp = made(&encode(halves(90, 80), ImageFormat::Bmp));
    assert_eq!(sizes(&made_of_bmp), [(90, 80)]);
    assert_eq!(decode(&made_of_bmp[0]).to_rgb8(), halves(90, 80));
}

#[test]
fn sixteen_bits_become_eight() {
    let made = made(&deep_png(1200, 500));
    assert_eq!(sizes(&made)[0], (480, 200));
    assert_eq!(decode(&made[0]).to_rgba8().get_pixel(479, 100), &Rgba([250, 249, 248, 255]));
}

#[test]
fn what_moves_is_tiny_or_cannot_win_stays_as_it_is() {
    for bytes in [animated_gif(), animated_png(), png(60, 60)] {
        assert_eq!(made(&bytes), []);
    }
    let optimal = made(&png(700, 400));
    let own = optimal.iter().find(|m| m.width == 700).unwrap();
    let again = made(&own.encoded.bytes);
    assert!(again.iter().all(|m| m.width < 700), "{:?}", sizes(&again));
}

#[test]
fn a_broken_stream_is_a_reason_not_a_panic() {
    let mut bytes = png(900, 700);
    let middle = bytes.len() / 2;
    bytes[middle..middle + 200].fill(0x55);
    assert!(!produce(&bytes, &picture(&bytes)).unwrap_err().is_empty());
}
