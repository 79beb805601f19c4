//! The portal's accent colour: is it legible, and how the styles get it.

use crate::config;
use crate::diagnostic::{Diagnostic, Rule};
use crate::value::text::Located;

pub const BRAND_CONTRAST: Rule =
    Rule::warning("brand-contrast", "The accent colour is too pale or too dark to read.");
pub const BRAND_COLOUR: Rule =
    Rule::error("brand-colour", "The accent colour is not a colour that Opas understands.");

/// What `[brand]` says about colour; by default nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brand {
    accent: Option<Rgb>,
    accent_dark: Option<Rgb>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rgb([u8; 3]);

impl Brand {
    pub fn new(settings: &config::Brand, findings: &mut Vec<Diagnostic>) -> Brand {
        let mut read = |setting: &Option<Located<String>>, paper: Rgb, scheme: &str| {
            let Located { value: text, place } = setting.as_ref()?;
            let Some(colour) = Rgb::parse(text) else {
                let message = format!("`{text}` is not a colour");
                let diagnostic = Diagnostic::new(BRAND_COLOUR, place.clone(), message);
                findings.push(diagnostic.help("write it as `#rrggbb`"));
                return None;
            };
            let ratio = colour.contrast(paper);
            if ratio < 4.5 {
                let message = format!(
                    "the accent colour `{text}` has a contrast of {ratio:.1} on the {scheme} \
                     background; links need 4.5"
                );
                let diagnostic = Diagnostic::new(BRAND_CONTRAST, place.clone(), message);
                findings.push(diagnostic.help(colour.mended(paper)));
            }
            Some(colour)
        };
        Brand {
            accent: read(&settings.accent, Rgb([255, 255, 255]), "light"),
            accent_dark: read(&settings.accent_dark, Rgb([0x12, 0x16, 0x1c]), "dark"),
        }
    }

    /// The custom properties that the styles derive all tints from.
    pub fn css(&self) -> String {
        let mut css = String::new();
        if let Some(colour) = self.accent {
            css.push_str(&format!(":root{{--brand:{}}}\n", colour.hex()));
        }
        if let Some(colour) = self.accent_dark {
            css.push_str(&format!(":root{{--brand-dark:{}}}\n", colour.hex()));
        }
        css
    }
}

impl Rgb {
    fn parse(text: &str) -> Option<Rgb> {
        let digits = text.trim().strip_prefix('#')?;
        let wide = match digits.len() {
            3 => digits.chars().flat_map(|c| [c, c]).collect(),
            6 => digits.to_owned(),
            _ => return None,
        };
        let value = u32::from_str_radix(&wide, 16).ok()?;
        let [_, r, g, b] = value.to_be_bytes();
        Some(Rgb([r, g, b]))
    }

    fn hex(self) -> String {
        let [r, g, b] = self.0;
        format!("#{r:02x}{g:02x}{b:02x}")
    }

    /// Relative luminance, WCAG 2.2.
    fn luminance(self) -> f64 {
        let [r, g, b] = self.0.map(|c| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// Contrast ratio, WCAG 2.2.
    fn contrast(self, other: Rgb) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The nearest shade of this colour that can be read on `paper`.
    fn mended(self, paper: Rgb) -> String {
        let target = if paper.luminance() > 0.5 { 0.0 } else { 255.0 };
        let shade = |step: u32| {
            let part = f64::from(step) / 100.0;
            Rgb(self.0.map(|c| (f64::from(c) + (target - f64::from(c)) * part).round() as u8))
        };
        let nearest = (0..=100).map(shade).find(|shade| shade.contrast(paper) >= 4.5);
        format!("`{}` would do", nearest.unwrap_or(shade(100)).hex())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Place;
    use crate::path::SourcePath;

    fn brand(accent: &str) -> (Brand, Vec<Diagnostic>) {
        let mut findings = Vec::new();
        let place = Place::file(SourcePath::new("opas.toml"));
        let accent = Some(Located { value: accent.to_owned(), place });
        let settings = config::Brand { accent, ..config::Brand::default() };
        (Brand::new(&settings, &mut findings), findings)
    }

    #[test]
    fn a_legible_colour_reaches_the_styles() {
        let (brand, findings) = brand("#1459b3");
        assert_eq!(findings, []);
        assert_eq!(brand.css(), ":root{--brand:#1459b3}\n");
    }

    #[test]
    fn a_pale_colour_is_a_finding_with_a_shade_that_would_do() {
        let (_, findings) = brand("#fc0");
        assert_eq!(findings[0].rule, BRAND_CONTRAST);
        let help = findings[0].help.as_deref().unwrap();
        let shade = Rgb::parse(&help[1..8]).unwrap();
        assert!(shade.contrast(Rgb([255, 255, 255])) >= 4.5, "{help}");
    }

    #[test]
    fn what_is_no_colour_is_an_error() {
        for text in ["blue", "#12", "#12345é", "#gggggg", ""] {
            let (brand, findings) = brand(text);
            assert_eq!(findings[0].rule, BRAND_COLOUR, "{text}");
            assert_eq!(brand, Brand::default());
        }
    }
}
