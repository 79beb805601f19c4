//! The outermost structure of each format: enough to know its size, whether it moves and whether
//! it is whole, without decoding a pixel.
//!
//! Each reader walks from block to block by the lengths that the file gives; every access is
//! checked, so no bytes make it panic or read twice.

use super::format::Format;

/// What the blocks of a file say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outline {
    /// As stored, before any rotation.
    pub width: u32,
    pub height: u32,
    pub frames: Frames,
    /// The EXIF orientation, 1 to 8; 1 is upright.
    pub orientation: u8,
    /// Four inks: browsers differ in what they show.
    pub cmyk: bool,
    /// Whether the file reaches to its own end.
    pub whole: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frames {
    One,
    Many,
}

impl Outline {
    fn new(width: u32, height: u32) -> Outline {
        Outline { width, height, frames: Frames::One, orientation: 1, cmyk: false, whole: false }
    }
}

/// Reads the outline, if there is enough of the file to know its size. Not for SVG.
pub fn outline(format: Format, bytes: &[u8]) -> Option<Outline> {
    let bytes = Bytes(bytes);
    match format {
        Format::Png => png(bytes),
        Format::Jpeg => jpeg(bytes),
        Format::Gif => gif(bytes),
        Format::WebP => webp(bytes),
        Format::Bmp => other(bytes).map(|o| {
            let whole = bytes.u32_le(2).is_some_and(|size| size as usize <= bytes.0.len());
            Outline { whole, ..o }
        }),
        Format::Avif => other(bytes).map(|o| {
            let moving = bytes.0.get(8..12) == Some(b"avis");
            Outline { frames: if moving { Frames::Many } else { Frames::One }, whole: true, ..o }
        }),
        Format::Ico => other(bytes).map(|o| Outline { whole: true, ..o }),
        Format::Svg => None,
    }
}

/// Bytes with checked reads.
#[derive(Clone, Copy)]
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn u8(self, at: usize) -> Option<u8> {
        self.0.get(at).copied()
    }

    fn array<const N: usize>(self, at: usize) -> Option<[u8; N]> {
        self.0.get(at..at.checked_add(N)?)?.try_into().ok()
    }

    fn u16_be(self, at: usize) -> Option<u16> {
        self.array(at).map(u16::from_be_bytes)
    }

    fn u16_le(self, at: usize) -> Option<u16> {
        self.array(at).map(u16::from_le_bytes)
    }

    fn u24_le(self, at: usize) -> Option<u32> {
        self.array::<3>(at).map(|[a, b, c]| u32::from_le_bytes([a, b, c, 0]))
    }

    fn u32_be(self, at: usize) -> Option<u32> {
        self.array(at).map(u32::from_be_bytes)
    }

    fn u32_le(self, at: usize) -> Option<u32> {
        self.array(at).map(u32::from_le_bytes)
    }
}

fn png(bytes: Bytes<'_>) -> Option<Outline> {
    if bytes.array(12)? != *b"IHDR" {
        return None;
    }
    let mut outline = Outline::new(bytes.u32_be(16)?, bytes.u32_be(20)?);
    let mut at = 8;
    while let (Some(length), Some(kind)) = (bytes.u32_be(at), bytes.array::<4>(at + 4)) {
        let Some(next) = (length as usize).checked_add(12).and_then(|l| at.checked_add(l)) else {
            break;
        };
        match &kind {
            b"acTL" if bytes.u32_be(at + 8).is_some_and(|frames| frames > 1) => {
                outline.frames = Frames::Many;
            }
            b"IEND" => {
                outline.whole = next <= bytes.0.len();
                break;
            }
            _ => {}
        }
        at = next;
    }
    Some(outline)
}

fn jpeg(bytes: Bytes<'_>) -> Option<Outline> {
    let mut at = 2;
    let mut orientation = 1;
    let mut outline = None;
    while let Some(marker) = bytes.u16_be(at) {
        if marker == 0xffff {
            at += 1;
            continue;
        }
        if marker >> 8 != 0xff {
            break;
        }
        let Some(length) = bytes.u16_be(at + 2).map(usize::from) else { break };
        let body = at + 4;
        match marker {
            0xffc0..=0xffcf if !matches!(marker, 0xffc4 | 0xffc8 | 0xffcc) && outline.is_none() => {
                let (height, width) = (bytes.u16_be(body + 1)?, bytes.u16_be(body + 3)?);
                let cmyk = bytes.u8(body + 5)? == 4;
                outline = Some(Outline { cmyk, ..Outline::new(width.into(), height.into()) });
            }
            0xffe1 if bytes.array(body) == Some(*b"Exif\0\0") => {
                let exif = bytes.0.get(body + 6..at + 2 + length).unwrap_or(&[]);
                orientation = orientation_of(exif).unwrap_or(orientation);
            }
            0xffda => break,
            _ => {}
        }
        at = at + 2 + length.max(2);
    }
    let whole = bytes.0.get(at..).is_some_and(|rest| rest.windows(2).any(|w| w == [0xff, 0xd9]));
    outline.map(|o| Outline { orientation, whole, ..o })
}

/// How an EXIF block says that the camera was held, 1 to 8.
pub fn orientation_of(exif: &[u8]) -> Option<u8> {
    image::metadata::Orientation::from_exif_chunk(exif).map(image::metadata::Orientation::to_exif)
}

fn gif(bytes: Bytes<'_>) -> Option<Outline> {
    let (width, height) = (bytes.u16_le(6)?, bytes.u16_le(8)?);
    let mut outline = Outline::new(width.into(), height.into());
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let mut at = 13 + table(bytes.u8(10)?);
    let mut frames = 0;
    while let Some(block) = bytes.u8(at) {
        at = match block {
            0x21 => at + 2,
            0x2c => {
                frames += 1;
                let Some(flags) = bytes.u8(at + 9) else { break };
                at + 11 + table(flags)
            }
            // Programs that read GIFs forgive what stands between blocks.
            0x3b => {
                outline.whole = true;
                break;
            }
            _ => {
                at += 1;
                continue;
            }
        };
        while let Some(length @ 1..) = bytes.u8(at) {
            at += 1 + usize::from(length);
        }
        at += 1;
    }
    if frames > 1 {
        outline.frames = Frames::Many;
    }
    Some(outline)
}

fn webp(bytes: Bytes<'_>) -> Option<Outline> {
    let body = 20;
    let (width, height, flags) = match &bytes.array::<4>(12)? {
        b"VP8X" => (bytes.u24_le(body + 4)? + 1, bytes.u24_le(body + 7)? + 1, bytes.u8(body)?),
        b"VP8 " if bytes.array(body + 3)? == [0x9d, 0x01, 0x2a] => {
            let side = |at| bytes.u16_le(at).map(|side| u32::from(side) & 0x3fff);
            (side(body + 6)?, side(body + 8)?, 0)
        }
        b"VP8L" if bytes.u8(body)? == 0x2f => {
            let sides = bytes.u32_le(body + 1)?;
            ((sides & 0x3fff) + 1, (sides >> 14 & 0x3fff) + 1, 0)
        }
        _ => return None,
    };
    let frames = if flags & 0x02 == 0 { Frames::One } else { Frames::Many };
    let whole = bytes.u32_le(4)? as usize <= bytes.0.len().saturating_sub(8);
    Some(Outline { frames, whole, ..Outline::new(width, height) })
}

fn other(bytes: Bytes<'_>) -> Option<Outline> {
    let size = imagesize::blob_size(bytes.0).ok()?;
    Some(Outline::new(u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?))
}
