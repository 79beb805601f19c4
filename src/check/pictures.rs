//! Pictures without words, and pictures that would be loaded from another host.

use crate::diagnostic::{Diagnostic, Rule};
use crate::markdown::document::Medium;
use crate::site::Site;
use crate::site::resolve::ImageTarget;

pub const MISSING_ALT: Rule =
    Rule::warning("missing-alt", "A picture without an alternative text.");
pub const FOREIGN_IMAGE: Rule =
    Rule::warning("foreign-image", "A picture on another host; it is linked to, not shown.");

pub fn check(site: &Site, findings: &mut Vec<Diagnostic>) {
    for page in &site.pages {
        let images = page.article.document.images().iter().zip(page.images.iter());
        for (image, target) in images {
            if let ImageTarget::Foreign(url) = target
                && matches!(image.medium, Medium::Picture)
            {
                let place = site.place(page, image.span);
                let message = format!("the picture `{url}` is on another host");
                let help = "put a copy into the portal: a page asks no other host for anything";
                findings.push(Diagnostic::new(FOREIGN_IMAGE, place, message).help(help));
            }
            if image.alt.trim().is_empty() {
                let place = site.place(page, image.span);
                let message = format!("the picture `{}` has no alternative text", image.dest);
                let help = "say in the brackets what it shows: ![The invoice's totals](…)";
                findings.push(Diagnostic::new(MISSING_ALT, place, message).help(help));
            }
        }
    }
}
