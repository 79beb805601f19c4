//! `_headers`: the headers that a web server should send with the portal, in the format that Netlify,
//! Cloudflare Pages and others read by themselves. For the rest the manual shows how to copy them.

use std::collections::BTreeSet;

use crate::markdown::document::Medium;
use crate::view::SiteView;

/// The Content-Security-Policy that holds on every page of a portal that asks nobody else for
/// anything.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; media-src 'self'; connect-src 'self'; font-src 'self'; \
    base-uri 'none'; form-action 'self'";

const YOUTUBE: &str = "https://www.youtube-nocookie.com";
const VIMEO: &str = "https://player.vimeo.com";

/// Files whose names change with their content.
const FOR_EVER: [&str; 8] = [
    "/assets/media/*",
    "/assets/opas-*",
    "/search/b/*",
    "/search/f/*",
    "/search/r/*",
    "/search/s/*",
    "/search/t/*",
    "/search/w/*",
];

/// The file's bytes: the policy that fits this portal, and what may be kept for ever.
pub fn headers(view: &SiteView) -> Vec<u8> {
    let policy = policy(&players(view), feedback_host(view).as_deref());
    let mut text = format!(
        "/*\n  Content-Security-Policy: {policy}\n  X-Content-Type-Options: nosniff\n  \
         Referrer-Policy: strict-origin-when-cross-origin\n"
    );
    for path in FOR_EVER {
        text.push_str(&format!("{path}\n  Cache-Control: public, max-age=31536000, immutable\n"));
    }
    text.into_bytes()
}

/// The policy of a portal that is still being written: any film may be looked at.
pub fn while_writing() -> String {
    policy(&BTreeSet::from([VIMEO, YOUTUBE]), None)
}

/// [`POLICY`], widened by what a reader's click may ask for.
fn policy(players: &BTreeSet<&str>, feedback: Option<&str>) -> String {
    let mut policy = POLICY.to_owned();
    if let Some(host) = feedback {
        for directive in ["connect-src 'self'", "form-action 'self'"] {
            policy = policy.replace(directive, &format!("{directive} {host}"));
        }
    }
    if !players.is_empty() {
        let hosts: Vec<&str> = players.iter().copied().collect();
        policy.push_str(&format!("; frame-src {}", hosts.join(" ")));
    }
    policy
}

/// Where the films come from that visible texts show a card for.
fn players(view: &SiteView) -> BTreeSet<&'static str> {
    let indexes = view.categories().filter_map(|category| category.index());
    let homes = view.languages().filter_map(|language| view.home(language).index());
    let pages = view.articles().chain(indexes).chain(homes);
    let mut hosts = BTreeSet::new();
    for page in pages {
        let reading = page.reading();
        hosts.extend(reading.images().filter_map(|(_, image)| match image.medium {
            Medium::YouTube(_) => Some(YOUTUBE),
            Medium::Vimeo(_) => Some(VIMEO),
            Medium::Picture | Medium::Video => None,
        }));
    }
    hosts
}

/// The origin of the feedback's endpoint, if that is on another host than the portal.
fn feedback_host(view: &SiteView) -> Option<String> {
    let config = view.config();
    let endpoint = config.feedback.endpoint.as_ref()?;
    let origin = url::Url::parse(&endpoint.value).ok()?.origin();
    let own = config.site_url.as_ref().is_some_and(|url| url.origin() == origin);
    (origin.is_tuple() && !own).then(|| origin.ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_is_as_strict_as_the_portal_lets_it_be() {
        assert_eq!(policy(&BTreeSet::new(), None), POLICY);
        let players = BTreeSet::from([YOUTUBE]);
        let wide = policy(&players, Some("https://answers.example.com"));
        assert!(wide.ends_with("; frame-src https://www.youtube-nocookie.com"), "{wide}");
        assert!(wide.contains("connect-src 'self' https://answers.example.com;"), "{wide}");
        assert!(wide.contains("form-action 'self' https://answers.example.com;"), "{wide}");
        assert!(!wide.contains("unsafe") && wide.contains("script-src 'self';"), "{wide}");
    }
}
