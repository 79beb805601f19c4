//! What a picture is, and what is wrong with it, from its bytes.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Place, Rule};
use crate::path::SourcePath;

use super::container::{Frames, outline};
use super::format::{Format, Sniffed, sniff};
use super::svg::{Unreadable, read_svg};

pub const BROKEN_PICTURE: Rule =
    Rule::warning("broken-picture", "A picture that browsers can't show, or not all of it.");
pub const LARGE_PICTURE: Rule =
    Rule::warning("large-picture", "A picture of more pixels than the portal allows.");
pub const MISNAMED_PICTURE: Rule =
    Rule::warning("misnamed-picture", "A picture whose name promises another format.");
pub const UNSAFE_SVG: Rule =
    Rule::warning("unsafe-svg", "An SVG with parts that run something or load something.");

/// A picture that can be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    pub format: Format,
    /// As a browser shows it, so after a rotation by EXIF. Of an SVG, its own size, else that of
    /// its view box.
    pub width: u32,
    pub height: u32,
    pub animated: bool,
    /// The EXIF orientation that is to be applied to the pixels, 1 to 8; 1 is none.
    pub orientation: u8,
    /// Whether all browsers show the file alike; if not, an encoding that they do comes first.
    pub portable: bool,
    /// Whether the file reaches to its own end; if not, it is shown as far as it goes.
    pub whole: bool,
    /// What is served in place of the file: an SVG without what could run.
    pub safe_copy: Option<Arc<[u8]>>,
}

/// What a picture may have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Millions of pixels; what has more is refused and never decoded.
    pub max_megapixels: f64,
}

/// What the file is, by its bytes alone; `path` is for the findings.
///
/// `None` is a file that can't be shown; a finding says why. A picture with a finding is shown as
/// far as it goes.
pub fn probe(
    path: &SourcePath,
    bytes: &[u8],
    limits: Limits,
    findings: &mut Vec<Diagnostic>,
) -> Option<Picture> {
    let mut report = |rule, message: String, help: &str| {
        let place = Place::file(path.clone());
        findings.push(Diagnostic::new(rule, place, message).help(help));
    };
    if bytes.is_empty() {
        report(BROKEN_PICTURE, "the picture is an empty file".into(), "save it once more");
        return None;
    }
    let format = match sniff(bytes) {
        Sniffed::Picture(format) => format,
        Sniffed::Other(what, help) => {
            report(BROKEN_PICTURE, format!("this is {what}, not a picture to show"), help);
            return None;
        }
        Sniffed::Unknown => {
            let help = "save it once more as PNG, JPEG, WebP or SVG";
            report(BROKEN_PICTURE, "this is not a picture".into(), help);
            return None;
        }
    };
    let extension = path.extension();
    if Format::of_extension(&extension) != Some(format) {
        let name = format.name();
        let message = format!("the picture is called .{extension}, but its format is {name}");
        report(MISNAMED_PICTURE, message, &format!("call it .{}", format.extension()));
    }
    if format == Format::Svg {
        return probe_svg(bytes, &mut report);
    }
    let Some(outline) = outline(format, bytes).filter(|o| o.width > 0 && o.height > 0) else {
        let message = format!("the {} breaks off before its size, or has none", format.name());
        report(BROKEN_PICTURE, message, "save it once more");
        return None;
    };
    let megapixels = f64::from(outline.width) * f64::from(outline.height) / 1e6;
    if megapixels > limits.max_megapixels {
        let message = format!(
            "{} × {} pixels are {megapixels:.0} megapixels; {} are allowed",
            outline.width, outline.height, limits.max_megapixels
        );
        let raise = megapixels.ceil();
        report(LARGE_PICTURE, message, &format!("scale it down, or set max_megapixels = {raise}"));
        return None;
    }
    if !outline.whole {
        let message = format!("the {} breaks off before its end", format.name());
        report(BROKEN_PICTURE, message, "copy or save it once more");
    }
    let lies = outline.orientation >= 5;
    Some(Picture {
        format,
        width: if lies { outline.height } else { outline.width },
        height: if lies { outline.width } else { outline.height },
        animated: outline.frames == Frames::Many,
        orientation: outline.orientation,
        portable: !outline.cmyk && format != Format::Bmp,
        whole: outline.whole,
        safe_copy: None,
    })
}

fn probe_svg(bytes: &[u8], report: &mut impl FnMut(Rule, String, &str)) -> Option<Picture> {
    match read_svg(bytes) {
        Ok(svg) => {
            if !svg.removed.is_empty() {
                let message =
                    format!("the SVG is served without what could run: {}", svg.removed.join(", "));
                report(UNSAFE_SVG, message, "take it out of the file, or save it as plain SVG");
            }
            Some(Picture {
                format: Format::Svg,
                width: svg.width,
                height: svg.height,
                animated: false,
                orientation: 1,
                portable: true,
                whole: true,
                safe_copy: svg.safe_copy.map(Arc::from),
            })
        }
        Err(Unreadable { reason }) => {
            report(BROKEN_PICTURE, format!("the SVG can't be read: {reason}"), "save it once more");
            None
        }
    }
}
