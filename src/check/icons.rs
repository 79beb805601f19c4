//! Icons of categories that do not exist. Those in texts are found when the text is read.

use crate::diagnostic::{Diagnostic, nearest};
use crate::icon;
use crate::markdown::rules::UNKNOWN_ICON;
use crate::site::Site;

pub fn check(site: &Site, findings: &mut Vec<Diagnostic>) {
    for page in &site.pages {
        let Some(named) = &page.article.front.icon else { continue };
        if icon::find(&named.value).is_some() {
            continue;
        }
        let message = format!("there is no icon `{}`", named.value);
        let near = nearest(&named.value, icon::names().iter().map(String::as_str));
        findings.push(
            Diagnostic::new(UNKNOWN_ICON, named.place.clone(), message)
                .maybe_help(near.map(|near| format!("did you mean `{near}`?"))),
        );
    }
}
