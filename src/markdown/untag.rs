//! HTML as the text that it shows.

/// The text of sanitized HTML: tags are left out, a line break is a space, the common entities are
/// characters.
pub fn push_without_tags(text: &mut String, html: &str) {
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('<') {
            let end = rest.find('>').map_or(rest.len(), |i| i + 1);
            if !is_inline(&rest[..end]) && !text.ends_with([' ', '\n']) && !text.is_empty() {
                text.push(' ');
            }
            rest = &rest[end..];
            continue;
        }
        let known =
            [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&nbsp;", " ")];
        let (entity, c) =
            known.into_iter().find(|(e, _)| rest.starts_with(e)).unwrap_or(("&", "&"));
        text.push_str(c);
        rest = &rest[entity.len()..];
    }
    text.push_str(rest);
}

/// Whether a tag's element lies in a line of text.
fn is_inline(tag: &str) -> bool {
    let name = tag.trim_start_matches(['<', '/']);
    let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
    const INLINE: [&str; 21] = [
        "a", "abbr", "b", "bdi", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark",
        "q", "s", "samp", "small", "span", "strong", "sub", "sup",
    ];
    matches!(name, "u" | "var" | "wbr") || INLINE.contains(&name)
}
