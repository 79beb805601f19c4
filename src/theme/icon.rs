//! Icons of templates and styles: Lucide's drawings by their names at lucide.dev.

use crate::icon::find;

/// The icon in line with text, in the text's colour and size, hidden from screen readers.
pub fn svg(name: &str) -> Option<String> {
    let icon = find(name)?;
    Some(format!(
        r#"<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>"#,
        icon.data.replace('\n', "").replace(" />", "/>"),
    ))
}

/// The icon as an address for styles: a mask or a picture, black.
pub fn data_url(name: &str) -> Option<String> {
    let icon = find(name)?;
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='black' \
         stroke-width='2' stroke-linecap='round' stroke-linejoin='round'>{}</svg>",
        icon.data.replace('\n', "").replace('"', "'"),
    );
    let mut url = String::with_capacity(svg.len() + 64);
    url.push_str("url(\"data:image/svg+xml,");
    for c in svg.chars() {
        match c {
            '<' => url.push_str("%3C"),
            '>' => url.push_str("%3E"),
            '#' => url.push_str("%23"),
            c => url.push(c),
        }
    }
    url.push_str("\")");
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_icon_is_found_by_its_name() {
        assert!(data_url("search").unwrap().contains("%3Cpath"));
        assert!(svg("triangle-alert").unwrap().starts_with("<svg class=\"icon\""));
        assert_eq!(svg("no such icon"), None);
    }
}
