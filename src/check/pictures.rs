//! Pictures without words, and pictures that would be loaded from another host.

use crate::diagnostic::{Diagnostic, Place, Rule};
use crate::markdown::document::Medium;
use crate::site::Site;
use crate::site::resolve::ImageTarget;

pub const MISSING_ALT: Rule =
    Rule::warning("missing-alt", "A picture without an alternative text.");
pub const FOREIGN_IMAGE: Rule =
    Rule::warning("foreign-image", "A picture on another host; it is linked to, not shown.");

pub const UNEVEN_PAIR: Rule = Rule::warning(
    "uneven-pair",
    "A picture for dark mode of another shape than the one for light mode.",
);

/// More findings of one page help nobody, and the line of each has to be looked for.
const MOST_OF_PAGE: usize = 200;

pub fn check(site: &Site, findings: &mut Vec<Diagnostic>) {
    uneven_pairs(site, findings);
    for page in &site.pages {
        let images = page.article.document.images().iter().zip(page.images.iter());
        let most = findings.len() + MOST_OF_PAGE;
        for (image, target) in images {
            if findings.len() >= most {
                break;
            }
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

/// The page has one width and height for both, so the dark picture would be squeezed.
fn uneven_pairs(site: &Site, findings: &mut Vec<Diagnostic>) {
    for (id, companions) in &site.companions {
        let Some(dark) = companions.dark else { continue };
        let (light, dark) = (site.asset(*id), site.asset(dark));
        let (Some(a), Some(b)) = (&light.picture, &dark.picture) else { continue };
        let (across, along) = (u64::from(a.width) * u64::from(b.height), u64::from(b.width));
        let along = along * u64::from(a.height);
        if across.abs_diff(along) * 50 > across.max(along) {
            let message = format!(
                "{} × {} pixels, but `{}` has {} × {}",
                b.width,
                b.height,
                light.file.path.file_name(),
                a.width,
                a.height
            );
            let place = Place::file(dark.file.path.clone());
            let help = "make both of the same shape: they take the same place on the page";
            findings.push(Diagnostic::new(UNEVEN_PAIR, place, message).help(help));
        }
    }
}
