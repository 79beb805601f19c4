//! What a picture file says besides the picture: where it was taken, with which device, by whom,
//! what it looked like before it was cut. Nobody publishes that on purpose.
//!
//! A file without it is the same file with some blocks left out; no pixel is encoded anew, and what
//! decides how pixels look (colour profiles, the way the camera was held) stays. A file whose
//! structure breaks off keeps what follows the break.

use std::borrow::Cow;
use std::ops::Range;

use super::container::orientation_of;
use super::format::Format;

/// The parts that the file without its metadata is made of; `None` where it has none, or the format
/// is none that can be read here.
pub fn without(format: Format, bytes: &[u8]) -> Option<Vec<Cow<'_, [u8]>>> {
    match format {
        Format::Jpeg => jpeg(bytes),
        Format::Png => png(bytes),
        Format::WebP => webp(bytes),
        _ => None,
    }
}

/// Parts of a file that are kept, neighbours as one.
struct Kept<'a> {
    bytes: &'a [u8],
    ranges: Vec<Range<usize>>,
    dropped: bool,
}

impl<'a> Kept<'a> {
    fn new(bytes: &'a [u8]) -> Kept<'a> {
        Kept { bytes, ranges: Vec::new(), dropped: false }
    }

    fn keep(&mut self, range: Range<usize>) {
        match self.ranges.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => self.ranges.push(range),
        }
    }

    /// What ends before the file does drops the rest.
    fn end(mut self, at: usize) -> Option<Vec<Cow<'a, [u8]>>> {
        self.dropped |= at < self.bytes.len();
        let parts = self.ranges.into_iter().map(|range| Cow::Borrowed(&self.bytes[range]));
        self.dropped.then(|| parts.collect())
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    let two = bytes.get(at..at.checked_add(2)?)?;
    Some(usize::from(two[0]) << 8 | usize::from(two[1]))
}

/// Segments of JPEG: JFIF, colour profiles and Adobe's mark of inks stay.
fn jpeg(bytes: &[u8]) -> Option<Vec<Cow<'_, [u8]>>> {
    let mut kept = Kept::new(bytes);
    let mut orientation = 1;
    let mut at = 2;
    kept.keep(0..2);
    let end = loop {
        let Some(marker) = u16_at(bytes, at).filter(|marker| marker >> 8 == 0xff) else {
            break bytes.len();
        };
        match marker {
            0xffff => {
                at += 1;
                continue;
            }
            0xffd9 => {
                kept.keep(at..at + 2);
                at += 2;
                break at;
            }
            // Marks without a length.
            0xffd0..=0xffd8 | 0xff01 => {
                kept.keep(at..at + 2);
                at += 2;
                continue;
            }
            _ => {}
        }
        let Some(next) = u16_at(bytes, at + 2)
            .map(|length| at + 2 + length.max(2))
            .filter(|next| *next <= bytes.len())
        else {
            break bytes.len();
        };
        let body = &bytes[(at + 4).min(next)..next];
        let drops = match marker {
            // Nothing but how the camera was held.
            0xffe1 if (2..=8).any(|held| exif_of(held)[4..] == *body) => false,
            0xffe1 => {
                if let Some(exif) = body.strip_prefix(b"Exif\0\0") {
                    orientation = orientation_of(exif).unwrap_or(orientation);
                }
                true
            }
            0xffe2 => !body.starts_with(b"ICC_PROFILE\0"),
            0xffe3..=0xffed | 0xffef | 0xfffe => true,
            _ => false,
        };
        if drops {
            kept.dropped = true;
        } else {
            kept.keep(at..next);
        }
        at = next;
        if marker == 0xffda {
            let scan = end_of_scan(bytes, at);
            kept.keep(at..scan);
            at = scan;
        }
    };
    if at < end {
        kept.keep(at..end);
    }
    let mut parts = kept.end(end)?;
    if (2..=8).contains(&orientation) {
        let first = match parts.remove(0) {
            Cow::Borrowed(first) => first,
            Cow::Owned(_) => return None,
        };
        let head = [&first[..2], &exif_of(orientation)].concat();
        parts.insert(0, Cow::Borrowed(&first[2..]));
        parts.insert(0, Cow::Owned(head));
    }
    Some(parts)
}

/// The data of a scan goes on up to a mark that is no restart and no escaped byte.
fn end_of_scan(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(skip) = bytes[at..].iter().position(|&byte| byte == 0xff) {
        at += skip;
        match bytes.get(at + 1) {
            Some(0x00 | 0xd0..=0xd7) => at += 2,
            Some(0xff) => at += 1,
            Some(_) => return at,
            None => break,
        }
    }
    bytes.len()
}

/// A segment that says nothing but how the camera was held.
fn exif_of(orientation: u8) -> Vec<u8> {
    let mut exif =
        b"\xff\xe1\0\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    exif
}

/// Chunks of PNG: those that the pixels need, and those that say how they look.
fn png(bytes: &[u8]) -> Option<Vec<Cow<'_, [u8]>>> {
    const LOOKS: [&[u8; 4]; 14] = [
        b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"mDCV", b"cLLI", b"sBIT", b"bKGD",
        b"pHYs", b"acTL", b"fcTL", b"fdAT",
    ];
    let mut kept = Kept::new(bytes);
    let mut at = 8;
    kept.keep(0..at.min(bytes.len()));
    let end = loop {
        let Some(head) = bytes.get(at..at + 8) else { break bytes.len() };
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let next = length.checked_add(12).and_then(|length| at.checked_add(length));
        let Some(next) = next.filter(|next| *next <= bytes.len()) else { break bytes.len() };
        let kind = &head[4..];
        if kind[0].is_ascii_uppercase() || LOOKS.iter().any(|known| *known == kind) {
            kept.keep(at..next);
        } else {
            kept.dropped = true;
        }
        at = next;
        if kind == b"IEND" {
            break at;
        }
    };
    if at < end {
        kept.keep(at..end);
    }
    kept.end(end)
}

/// Chunks of WebP; what the head says of them is corrected.
fn webp(bytes: &[u8]) -> Option<Vec<Cow<'_, [u8]>>> {
    let size = |at: usize| {
        let four = bytes.get(at..at.checked_add(4)?)?;
        Some(u32::from_le_bytes([four[0], four[1], four[2], four[3]]) as usize)
    };
    let end = size(4)?.checked_add(8).filter(|end| *end <= bytes.len())?;
    let mut kept = Kept::new(bytes);
    let mut at = 12;
    let mut flags = None;
    while at < end {
        let kind = bytes.get(at..at + 4)?;
        let length = size(at + 4)?;
        let next = at.checked_add(8)?.checked_add(length)?.checked_add(length & 1)?;
        // A last chunk of odd length may lack its filling byte.
        let next = if next == end + 1 { end } else { next };
        if next > end {
            return None;
        }
        if kind == b"EXIF" || kind == b"XMP " {
            kept.dropped = true;
        } else {
            if kind == b"VP8X" && length > 0 {
                flags = Some(at + 8);
            }
            kept.keep(at..next);
        }
        at = next;
    }
    let rest: usize = kept.ranges.iter().map(|range| range.len()).sum();
    let parts = kept.end(end)?;
    let mut head = bytes[..12].to_vec();
    head[4..8].copy_from_slice(&(rest as u32 + 4).to_le_bytes());
    let mut whole = head;
    parts.iter().for_each(|part| whole.extend_from_slice(part));
    if flags.is_some_and(|at| at == 20)
        && let Some(flags) = whole.get_mut(20)
    {
        *flags &= !(0x08 | 0x04);
    }
    Some(vec![Cow::Owned(whole)])
}
