//! Pixels to bytes: the smallest of the encodings that suit a picture.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder};

use super::format::Format;
use super::palette::{self, Indexed};

/// Pixels, RGBA, upright.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raster {
    pub width: u32,
    pub height: u32,
    pub pixels: Vec<u8>,
    /// The colour profile of the file, which goes into every encoding.
    pub profile: Option<Vec<u8>>,
}

/// What a picture is made of, as its file suggests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matter {
    /// Flat areas and text: screenshots, drawings.
    Drawn,
    /// A file that was lossy from the start.
    Photo,
}

/// Bytes in a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    pub format: Format,
    pub bytes: Vec<u8>,
}

/// An encoder refused; it does so for sizes only that no variant has.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct EncodeError(String);

fn refused(error: impl ToString) -> EncodeError {
    EncodeError(error.to_string())
}

const PHOTO_QUALITY: u8 = 82;

/// The greatest error (as [`Indexed::error`] counts) that nobody sees on a screenshot: 40 dB.
const UNSEEN: u64 = 6_500;

impl Raster {
    fn is_opaque(&self) -> bool {
        self.pixels.as_chunks::<4>().0.iter().all(|p| p[3] == 255)
    }

    fn rgb(&self) -> Vec<u8> {
        self.pixels.as_chunks::<4>().0.iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect()
    }
}

/// The smallest encoding in which the picture looks the same.
pub fn smallest(raster: &Raster, matter: Matter) -> Result<Encoded, EncodeError> {
    if matter == Matter::Photo && raster.is_opaque() {
        return photo(raster);
    }
    let indexed = palette::index(&raster.pixels);
    let few = if indexed.error <= UNSEEN { Some(indexed_png(raster, &indexed)?) } else { None };
    // The encoder for WebP is quick and knows no repetition: it wins where there is none.
    let candidate = match (&few, raster.is_opaque()) {
        (None, true) => photo(raster)?,
        _ => webp(raster)?,
    };
    Ok(match few {
        Some(few) if few.bytes.len() <= candidate.bytes.len() => few,
        _ => candidate,
    })
}

/// The smallest encoding of exactly these pixels.
pub fn smallest_exact(raster: &Raster) -> Result<Encoded, EncodeError> {
    let webp = webp(raster)?;
    let indexed = palette::index(&raster.pixels);
    if indexed.error > 0 {
        return Ok(webp);
    }
    let png = indexed_png(raster, &indexed)?;
    Ok(if png.bytes.len() <= webp.bytes.len() { png } else { webp })
}

/// A photograph, for the formats that not all browsers show alike.
pub fn photo(raster: &Raster) -> Result<Encoded, EncodeError> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, PHOTO_QUALITY);
    if let Some(profile) = &raster.profile {
        encoder.set_icc_profile(profile.clone()).map_err(refused)?;
    }
    encoder
        .write_image(&raster.rgb(), raster.width, raster.height, ExtendedColorType::Rgb8)
        .map_err(refused)?;
    Ok(Encoded { format: Format::Jpeg, bytes })
}

fn webp(raster: &Raster) -> Result<Encoded, EncodeError> {
    let mut bytes = Vec::new();
    let mut encoder = WebPEncoder::new_lossless(&mut bytes);
    if let Some(profile) = &raster.profile {
        encoder.set_icc_profile(profile.clone()).map_err(refused)?;
    }
    let (width, height) = (raster.width, raster.height);
    if raster.is_opaque() {
        encoder.write_image(&raster.rgb(), width, height, ExtendedColorType::Rgb8)
    } else {
        encoder.write_image(&raster.pixels, width, height, ExtendedColorType::Rgba8)
    }
    .map_err(refused)?;
    Ok(Encoded { format: Format::WebP, bytes })
}

fn indexed_png(raster: &Raster, indexed: &Indexed) -> Result<Encoded, EncodeError> {
    let mut info = png::Info::with_size(raster.width, raster.height);
    let depth = match indexed.palette.len() {
        0..=2 => png::BitDepth::One,
        3..=4 => png::BitDepth::Two,
        5..=16 => png::BitDepth::Four,
        _ => png::BitDepth::Eight,
    };
    info.color_type = png::ColorType::Indexed;
    info.bit_depth = depth;
    info.palette = Some(indexed.palette.iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect());
    let with_alpha = indexed.palette.iter().take_while(|c| c[3] < 255).map(|c| c[3]);
    let alpha: Vec<u8> = with_alpha.collect();
    info.trns = (!alpha.is_empty()).then(|| alpha.into());
    info.icc_profile = raster.profile.as_ref().map(|profile| profile.clone().into());
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::with_info(&mut bytes, info).map_err(refused)?;
    encoder.set_filter(png::Filter::NoFilter);
    encoder.set_deflate_compression(png::DeflateCompression::Level(9));
    let mut writer = encoder.write_header().map_err(refused)?;
    let packed = pack(&indexed.indices, raster.width as usize, depth as usize);
    writer.write_image_data(&packed).map_err(refused)?;
    writer.finish().map_err(refused)?;
    Ok(Encoded { format: Format::Png, bytes })
}

/// Places of `depth` bits each; every row starts with a whole byte.
fn pack(indices: &[u8], width: usize, depth: usize) -> Vec<u8> {
    if depth == 8 || width == 0 {
        return indices.to_vec();
    }
    let per_byte = 8 / depth;
    indices
        .chunks(width)
        .flat_map(|row| {
            row.chunks(per_byte).map(move |places| {
                places
                    .iter()
                    .enumerate()
                    .fold(0, |byte, (i, place)| byte | place << (8 - depth * (i + 1)))
            })
        })
        .collect()
}
