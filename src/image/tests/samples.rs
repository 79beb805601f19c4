//! Picture files, good and bad, made by bytes.

use image::codecs::gif::GifEncoder;
use image::{DynamicImage, Frame, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

/// The left half red, the right half blue, with a fine pattern in green.
pub fn halves(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let green = if (x / 7 + y / 5) % 3 == 0 { 40 } else { 0 };
        if x < width / 2 { Rgb([220, green, 0]) } else { Rgb([0, green, 220]) }
    })
}

/// As a screenshot is: flat areas, and lines of smooth "text".
pub fn screenshot(width: u32, height: u32) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, y| {
        if y % 24 < 10 && x % 9 < 5 && x < width * 3 / 4 {
            let shade = ((x * x + y * y) % 97) as u8 * 2;
            Rgba([shade, shade.saturating_add(6), shade / 2 + 40, 255])
        } else if y < height / 8 {
            Rgba([0, 96, 168, 255])
        } else {
            Rgba([250, 249, 248, 255])
        }
    })
}

pub fn encode(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub fn png(width: u32, height: u32) -> Vec<u8> {
    encode(screenshot(width, height), ImageFormat::Png)
}

/// A PNG whose header says that it has this size.
pub fn png_claiming(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = png(20, 10);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    bytes
}

pub fn jpeg(width: u32, height: u32) -> Vec<u8> {
    encode(halves(width, height), ImageFormat::Jpeg)
}

/// The JPEG with an EXIF block that says how it was held.
pub fn turned(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    let mut bytes = jpeg[..2].to_vec();
    bytes.extend([0xff, 0xe1]);
    bytes.extend((exif.len() as u16 + 2).to_be_bytes());
    bytes.extend(exif);
    bytes.extend(&jpeg[2..]);
    bytes
}

/// One block of medium grey in four inks.
pub fn cmyk_jpeg() -> Vec<u8> {
    let mut bytes = b"\xff\xd8\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\0".to_vec();
    bytes.extend(b"\xff\xdb\0\x43\0");
    bytes.extend([1; 64]);
    bytes.extend(b"\xff\xc0\0\x14\x08\0\x08\0\x08\x04");
    bytes.extend((1..=4).flat_map(|component| [component, 0x11, 0]));
    for table in [0x00, 0x10] {
        bytes.extend([0xff, 0xc4, 0, 20, table, 1]);
        bytes.extend([0; 16]);
    }
    bytes.extend(b"\xff\xda\0\x0e\x04");
    bytes.extend((1..=4).flat_map(|component| [component, 0]));
    bytes.extend([0, 63, 0, 0x00, 0xff, 0xd9]);
    bytes
}

pub fn animated_gif() -> Vec<u8> {
    let mut bytes = Vec::new();
    {
        let mut encoder = GifEncoder::new(&mut bytes);
        let frame = |shade| Frame::new(RgbaImage::from_pixel(90, 80, Rgba([shade, 0, 0, 255])));
        encoder.encode_frames([frame(10), frame(200)]).unwrap();
    }
    bytes
}

pub fn animated_png() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 64, 64);
    encoder.set_animated(2, 0).unwrap();
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().unwrap();
    for shade in [0, 255] {
        writer.write_image_data(&[shade; 64 * 64]).unwrap();
    }
    writer.finish().unwrap();
    bytes
}

/// The header of a WebP that moves; there are no frames in it.
pub fn animated_webp() -> Vec<u8> {
    let mut bytes = b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0".to_vec();
    bytes.extend([99, 0, 0, 49, 0, 0]);
    bytes
}

pub fn deep_png(width: u32, height: u32) -> Vec<u8> {
    encode(DynamicImage::ImageRgba8(screenshot(width, height)).into_rgb16(), ImageFormat::Png)
}
