//! The icons of the theme itself: Lucide's drawings by the names that templates and styles use.

use icondata_core::Icon;

const ICONS: &[(&str, Icon)] = &[
    ("arrow-left", icondata_lu::LuArrowLeft),
    ("arrow-right", icondata_lu::LuArrowRight),
    ("arrow-up-right", icondata_lu::LuArrowUpRight),
    ("book-open", icondata_lu::LuBookOpen),
    ("bookmark", icondata_lu::LuBookmark),
    ("calendar", icondata_lu::LuCalendar),
    ("check", icondata_lu::LuCheck),
    ("chevron-down", icondata_lu::LuChevronDown),
    ("chevron-left", icondata_lu::LuChevronLeft),
    ("chevron-right", icondata_lu::LuChevronRight),
    ("circle-alert", icondata_lu::LuCircleAlert),
    ("circle-help", icondata_lu::LuCircleHelp),
    ("clock", icondata_lu::LuClock),
    ("copy", icondata_lu::LuCopy),
    ("download", icondata_lu::LuDownload),
    ("eye", icondata_lu::LuEye),
    ("eye-off", icondata_lu::LuEyeOff),
    ("file-text", icondata_lu::LuFileText),
    ("folder", icondata_lu::LuFolder),
    ("graduation-cap", icondata_lu::LuGraduationCap),
    ("hash", icondata_lu::LuHash),
    ("info", icondata_lu::LuInfo),
    ("languages", icondata_lu::LuLanguages),
    ("lightbulb", icondata_lu::LuLightbulb),
    ("link", icondata_lu::LuLink),
    ("list", icondata_lu::LuList),
    ("mail", icondata_lu::LuMail),
    ("maximize", icondata_lu::LuMaximize),
    ("megaphone", icondata_lu::LuMegaphone),
    ("menu", icondata_lu::LuMenu),
    ("minus", icondata_lu::LuMinus),
    ("monitor", icondata_lu::LuMonitor),
    ("moon", icondata_lu::LuMoon),
    ("octagon-alert", icondata_lu::LuOctagonAlert),
    ("pencil", icondata_lu::LuPencil),
    ("phone", icondata_lu::LuPhone),
    ("play", icondata_lu::LuPlay),
    ("plus", icondata_lu::LuPlus),
    ("printer", icondata_lu::LuPrinter),
    ("refresh", icondata_lu::LuRefreshCw),
    ("search", icondata_lu::LuSearch),
    ("shield", icondata_lu::LuShieldCheck),
    ("sun", icondata_lu::LuSun),
    ("tag", icondata_lu::LuTag),
    ("triangle-alert", icondata_lu::LuTriangleAlert),
    ("x", icondata_lu::LuX),
    ("zoom-in", icondata_lu::LuZoomIn),
];

fn find(name: &str) -> Option<Icon> {
    ICONS.iter().find(|(known, _)| *known == name).map(|(_, icon)| *icon)
}

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
    fn icons_are_sorted_and_drawn_with_strokes() {
        assert!(ICONS.is_sorted_by(|a, b| a.0 < b.0));
        for (name, icon) in ICONS {
            assert_eq!(icon.view_box, Some("0 0 24 24"), "{name}");
        }
        assert!(data_url("search").unwrap().contains("%3Cpath"));
        assert_eq!(svg("no such icon"), None);
    }
}
