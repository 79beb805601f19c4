//! Articles that somebody meant to look at again by now.

use crate::diagnostic::{Diagnostic, Rule};
use crate::site::Site;

pub const REVIEW_DUE: Rule =
    Rule::warning("review-due", "An article whose `review_by` date has passed.");

pub fn check(site: &Site, today: jiff::civil::Date, findings: &mut Vec<Diagnostic>) {
    for page in &site.pages {
        let due = page.article.front.review_by.as_ref();
        if let Some(due) = due.filter(|due| due.value < today) {
            let message = format!("the article was to be reviewed by {}", due.value);
            let help = "read it again, mend it, and set a new date";
            findings.push(Diagnostic::new(REVIEW_DUE, due.place.clone(), message).help(help));
        }
    }
}
