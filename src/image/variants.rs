//! What a picture is served as beside its own file.
//!
//! 1. Decode, turn upright, scale down to each width of [`WIDTHS`] that is clearly smaller, and keep
//!    what is clearly smaller in bytes than the next larger one.
//! 2. A file that browsers show differently (four inks, BMP) gets an encoding of its own size first.
//! 3. What moves, what is drawn by lines and what is tiny stays as it is.

use std::io::Cursor;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader};

use super::encode::{Encoded, Matter, Raster, photo, smallest, smallest_exact};
use super::format::Format;
use super::probe::Picture;

/// Counts up whenever the same file would get other variants than before.
pub const SETTINGS: u32 = 1;

/// A phone of density 1; a phone of density 2 or a column of text on a screen; that column on a
/// screen of density 2.
pub const WIDTHS: [u32; 3] = [480, 800, 1600];

/// A picture of this width or less also gets a leaner encoding of its own size; a wider one does
/// not need it, as nobody sees it whole at that size but when zooming.
const WIDEST: u32 = 2_000;

/// Files and pictures that are not worth a second encoding.
const TINY_FILE: usize = 4 << 10;
const TINY_PIXELS: u64 = 4_000;

/// One made encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    pub width: u32,
    pub height: u32,
    pub encoded: Encoded,
}

/// Makes the variants, by width; the same on every machine.
///
/// # Errors
///
/// The pixels can't be decoded; the text says why.
pub fn produce(bytes: &[u8], picture: &Picture) -> Result<Vec<Made>, String> {
    let tiny = bytes.len() < TINY_FILE && picture.portable;
    if tiny || !is_worth_it(picture) {
        return Ok(Vec::new());
    }
    let raster = decode(bytes, picture)?;
    let mut kept: Vec<Made> = Vec::new();
    let mut rival = bytes.len();
    let matter = if picture.format == Format::Jpeg { Matter::Photo } else { Matter::Drawn };
    if !picture.portable {
        let encoded = match matter {
            Matter::Photo => photo(&raster),
            Matter::Drawn => smallest_exact(&raster),
        };
        let encoded = encoded.map_err(|e| e.to_string())?;
        rival = encoded.bytes.len();
        kept.push(Made { width: raster.width, height: raster.height, encoded });
    } else if raster.width <= WIDEST && matter == Matter::Drawn {
        keep_if_smaller(&raster, matter, &mut rival, &mut kept)?;
    }
    for width in WIDTHS.into_iter().rev().filter(|&w| w * 5 <= raster.width * 4) {
        keep_if_smaller(&scale(&raster, width)?, matter, &mut rival, &mut kept)?;
    }
    kept.reverse();
    Ok(kept)
}

fn keep_if_smaller(
    raster: &Raster,
    matter: Matter,
    rival: &mut usize,
    kept: &mut Vec<Made>,
) -> Result<(), String> {
    let encoded = smallest(raster, matter).map_err(|e| e.to_string())?;
    if encoded.bytes.len() * 5 <= *rival * 4 {
        *rival = encoded.bytes.len();
        kept.push(Made { width: raster.width, height: raster.height, encoded });
    }
    Ok(())
}

/// Whether the picture may have variants at all; by its header, so without reading it.
pub fn is_worth_it(picture: &Picture) -> bool {
    let decodable = matches!(
        picture.format,
        Format::Png | Format::Jpeg | Format::Gif | Format::WebP | Format::Bmp
    );
    let tiny = u64::from(picture.width) * u64::from(picture.height) < TINY_PIXELS;
    decodable && picture.whole && !picture.animated && (!tiny || !picture.portable)
}

fn decode(bytes: &[u8], picture: &Picture) -> Result<Raster, String> {
    let failed = |error: image::ImageError| error.to_string();
    let format = match picture.format {
        Format::Png => image::ImageFormat::Png,
        Format::Jpeg => image::ImageFormat::Jpeg,
        Format::Gif => image::ImageFormat::Gif,
        Format::WebP => image::ImageFormat::WebP,
        Format::Bmp => image::ImageFormat::Bmp,
        Format::Avif | Format::Ico | Format::Svg => return Err("it has no pixels to scale".into()),
    };
    let mut decoder =
        ImageReader::with_format(Cursor::new(bytes), format).into_decoder().map_err(failed)?;
    let mut limits = image::Limits::no_limits();
    let (longest, pixels) = (picture.width.max(picture.height), u64::from(picture.width));
    limits.max_image_width = Some(longest);
    limits.max_image_height = Some(longest);
    // 16 bits of four channels, twice, and something for tables.
    limits.max_alloc = Some(pixels * u64::from(picture.height) * 16 + (64 << 20));
    decoder.set_limits(limits).map_err(failed)?;
    let profile = decoder.icc_profile().ok().flatten().filter(|p| p.len() <= 16 << 10);
    let mut image = DynamicImage::from_decoder(decoder).map_err(failed)?;
    image.apply_orientation(
        Orientation::from_exif(picture.orientation).unwrap_or(Orientation::NoTransforms),
    );
    let (width, height) = (image.width(), image.height());
    Ok(Raster { width, height, pixels: image.into_rgba8().into_raw(), profile })
}

fn scale(raster: &Raster, width: u32) -> Result<Raster, String> {
    let height = (u64::from(raster.height) * u64::from(width)).div_ceil(u64::from(raster.width));
    let height = (height as u32).max(1);
    let source = ImageRef::new(raster.width, raster.height, &raster.pixels, PixelType::U8x4)
        .map_err(|e| e.to_string())?;
    let mut target = Image::new(width, height, PixelType::U8x4);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new().resize(&source, &mut target, &options).map_err(|e| e.to_string())?;
    let profile = raster.profile.clone();
    Ok(Raster { width, height, pixels: target.into_vec(), profile })
}
