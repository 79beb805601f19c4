//! What is wrong with a portal that can be built: one rule, or a few of one kind, per file.
//!
//! Rules on the writers' texts read the whole [`Site`], hidden parts too; what they find is for
//! writers. None of it goes into the output.

mod dead;
mod hidden;
mod icons;
mod leftovers;
mod pictures;
mod review;
mod titles;
mod translations;

use crate::audience::Reader;
use crate::diagnostic::Diagnostic;
use crate::site::Site;

pub use dead::{AMBIGUOUS_LINK, DEAD_ANCHOR, DEAD_IMAGE, DEAD_LINK, SERVER_LINK, UNSAFE_LINK};
pub use hidden::{HIDDEN_TITLE, LINK_TO_HIDDEN};
pub use leftovers::{NO_SITE_URL, NO_TITLE, UNREACHABLE, UNUSED_FILE, UNUSED_SNIPPET};
pub use pictures::{FOREIGN_IMAGE, MISSING_ALT};
pub use review::REVIEW_DUE;
pub use titles::DUPLICATE_TITLE;
pub use translations::{MISSING_TRANSLATION, ORPHANED_TRANSLATION, STALE_TRANSLATION};

/// What the checks need to know besides the site.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances {
    /// What counts as today.
    pub today: jiff::civil::Date,
    /// For whom the portal is about to be built.
    pub reader: Reader,
}

/// All findings on a site, sorted.
pub fn check(site: &Site, circumstances: &Circumstances) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    dead::check(site, &mut findings);
    icons::check(site, &mut findings);
    hidden::check(site, circumstances.reader, &mut findings);
    leftovers::check(site, &mut findings);
    pictures::check(site, &mut findings);
    review::check(site, circumstances.today, &mut findings);
    titles::check(site, &mut findings);
    translations::check(site, &mut findings);
    findings.sort();
    findings.dedup();
    findings
}
