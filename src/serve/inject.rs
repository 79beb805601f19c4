//! The one element that serving adds to a page.

use super::reply::tag;

/// Where the script and its stylesheet are; no page of a portal starts with an underscore.
pub const SCRIPT: &str = "_opas/reload.js";
pub const STYLE: &str = "_opas/reload.css";
/// The event stream.
pub const EVENTS: &str = "_opas/events";

/// A page with the script element, and the tag of the page without it.
///
/// The element comes before the page's own scripts: deferred scripts run in their order, and this
/// one wants to see the page as the server sent it.
pub fn with_script(page: &[u8]) -> (Vec<u8>, String) {
    let tag = tag(page);
    let element = format!("<script defer src=\"/{SCRIPT}\" data-page=\"{tag}\"></script>\n");
    let places: [&[u8]; 4] = [b"<script", b"</head>", b"<body", b"</html>"];
    let at = places.iter().find_map(|place| find(page, place)).unwrap_or(page.len());
    let mut bytes = Vec::with_capacity(page.len() + element.len());
    bytes.extend_from_slice(&page[..at]);
    bytes.extend_from_slice(element.as_bytes());
    bytes.extend_from_slice(&page[at..]);
    (bytes, tag)
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_element_comes_first_and_the_rest_stays() {
        let page = b"<!doctype html><head><title>a</title><script src=x></script></head>";
        let (bytes, tag) = with_script(page);
        let text = String::from_utf8(bytes).unwrap();
        let element =
            format!("<script defer src=\"/_opas/reload.js\" data-page=\"{tag}\"></script>\n");
        assert_eq!(text.replace(&element, "").as_bytes(), page);
        assert!(text.contains(&format!("</title>{element}<script src=x>")));
        assert_ne!(with_script(b"<head></head>").1, tag);
    }

    #[test]
    fn a_page_without_a_head_gets_it_at_its_end() {
        let (bytes, _) = with_script(b"text");
        assert!(bytes.starts_with(b"text<script defer"));
    }
}
