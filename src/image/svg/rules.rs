//! What of an SVG may stay: everything that draws, nothing that runs or loads.

use quick_xml::events::BytesStart;
use quick_xml::events::attributes::Attribute;

use super::Space;

/// A kind of thing that was left out, in the words of a message.
pub struct Removed(pub String);

/// An element, by vocabulary and local name.
#[derive(Clone, Copy)]
pub struct Element<'a> {
    pub space: Space,
    pub name: &'a str,
}

pub enum Verdict {
    Keep,
    /// Keep it with these attributes, as markup with a space before each.
    Rewrite(String),
    /// Leave it out with all in it.
    Drop,
}

/// Elements of SVG (also of its never finished versions) that run or embed something.
const ACTIVE: [&str; 10] = [
    "script", "handler", "listener", "iframe", "audio", "video", "canvas", "embed", "object",
    "link",
];

/// Elements of HTML that may stand in a `foreignObject`: drawing programs set texts with them.
const TEXT: [&str; 32] = [
    "b",
    "blockquote",
    "body",
    "br",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "hr",
    "i",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tr",
    "u",
];

const ANIMATIONS: [&str; 5] =
    ["animate", "set", "animateMotion", "animateTransform", "animateColor"];

/// Whether the element may stay, and with which attributes; what it loses is added to `removed`.
pub fn judge(element: Element<'_>, tag: &BytesStart<'_>, removed: &mut Vec<Removed>) -> Verdict {
    let Element { space, name } = element;
    let lower = name.to_ascii_lowercase();
    let allowed = match space {
        Space::Svg | Space::None => !ACTIVE.contains(&lower.as_str()),
        Space::Html => TEXT.contains(&lower.as_str()),
        Space::Math => false,
        Space::Other => true,
    };
    if !allowed {
        removed.push(Removed(format!("<{}>", short(name))));
        return Verdict::Drop;
    }
    if ANIMATIONS.contains(&name) && animates_more_than_looks(tag) {
        removed.push(Removed(format!("<{name}> of a link")));
        return Verdict::Drop;
    }
    let mut kept = String::new();
    let mut lost = false;
    for attribute in tag.attributes().with_checks(false) {
        let Ok(attribute) = attribute else {
            lost = true;
            removed.push(Removed("a broken attribute".to_owned()));
            break;
        };
        match reason_to_drop(element, &attribute) {
            None => write(&attribute, &mut kept),
            Some(reason) => {
                lost = true;
                removed.push(Removed(reason));
            }
        }
    }
    if lost { Verdict::Rewrite(kept) } else { Verdict::Keep }
}

fn write(attribute: &Attribute<'_>, out: &mut String) {
    let quote = if attribute.value.contains('"') { '\'' } else { '"' };
    out.push(' ');
    out.push_str(attribute.key.as_ref());
    out.push('=');
    out.push(quote);
    out.push_str(&attribute.value);
    out.push(quote);
}

/// An animation can set a link or a handler as well as a colour.
fn animates_more_than_looks(tag: &BytesStart<'_>) -> bool {
    tag.attributes().with_checks(false).flatten().any(|attribute| {
        let name = attribute.key.as_ref();
        let value = plain(&attribute.value).unwrap_or_default();
        name == "attributeName"
            && (value == "href" || value.ends_with(":href") || value.starts_with("on"))
    })
}

/// Whether the name of a vocabulary is written so that this reader and a browser would disagree.
pub fn hides_its_namespace(tag: &BytesStart<'_>) -> bool {
    tag.attributes_raw().contains("xmlns")
        && tag.attributes().with_checks(false).flatten().any(|attribute| {
            let key = attribute.key.as_ref();
            (key == "xmlns" || key.starts_with("xmlns:")) && attribute.value.contains('&')
        })
}

fn reason_to_drop(element: Element<'_>, attribute: &Attribute<'_>) -> Option<String> {
    let key = attribute.key.as_ref();
    let local = attribute.key.local_name();
    let local = local.as_ref().to_ascii_lowercase();
    if key == "xmlns" || key.starts_with("xmlns:") {
        return None;
    }
    if local.starts_with("on") && key.len() == local.len() && element.space != Space::Other {
        return Some(short(key).to_owned());
    }
    if key == "xml:base" {
        return Some("xml:base".to_owned());
    }
    let Some(value) = plain(&attribute.value) else {
        return Some(format!("{} with an unknown entity", short(key)));
    };
    match local.as_str() {
        "href" | "src" | "data" | "action" | "formaction" | "srcdoc" | "ping" | "poster"
        | "background"
            if element.space != Space::Other =>
        {
            (!link_is_safe(element, &value))
                .then(|| format!("a link of <{}> to {}", short(element.name), kind_of_link(&value)))
        }
        _ if value.contains("javascript:") => Some(format!("{} with a script", short(key))),
        _ if (local == "style" || value.contains("url(") || value.contains('\\'))
            && element.space != Space::Other
            && !css_is_safe(&value) =>
        {
            Some(format!("{} that loads something", short(key)))
        }
        _ => None,
    }
}

/// The value as the browser takes it, for comparison: lower-case, without white space and control
/// characters. `None` where an entity is unknown.
fn plain(value: &str) -> Option<String> {
    let text = quick_xml::escape::unescape(value).ok()?;
    let kept = text.chars().filter(|c| !c.is_whitespace() && !c.is_control());
    Some(kept.collect::<String>().to_ascii_lowercase())
}

fn link_is_safe(element: Element<'_>, value: &str) -> bool {
    if value.is_empty() || value.starts_with('#') {
        return true;
    }
    let shows = matches!(element.name, "image" | "feImage");
    match element.name {
        "a" => ["http:", "https:", "mailto:"].iter().any(|scheme| value.starts_with(scheme)),
        _ => still_picture(value) || (shows && value.starts_with("data:image/svg+xml")),
    }
}

/// A data address of a picture that is only pixels.
fn still_picture(value: &str) -> bool {
    let kinds = ["png", "jpeg", "jpg", "pjpeg", "gif", "webp", "avif", "bmp", "x-icon"];
    value.strip_prefix("data:image/").is_some_and(|rest| {
        kinds
            .iter()
            .any(|kind| rest.strip_prefix(kind).is_some_and(|after| after.starts_with([';', ','])))
    })
}

fn kind_of_link(value: &str) -> &'static str {
    if value.starts_with("javascript:") || value.starts_with("vbscript:") {
        "a script"
    } else if value.starts_with("data:") {
        "data"
    } else {
        "another file"
    }
}

/// Whether CSS loads nothing but pictures and fonts that it holds itself.
pub fn css_is_safe(css: &str) -> bool {
    let Some(css) = plain(css.trim_start_matches("<![CDATA[").trim_end_matches("]]>"))
        .or_else(|| plain(&css.replace('&', "")))
    else {
        return false;
    };
    // An escape can spell any of the words below, and a comment can split them.
    if css.contains('\\') || css.contains("@import") || css.contains("/**/") {
        return false;
    }
    let words = ["javascript:", "expression(", "-moz-binding", "behavior:", "image-set("];
    if words.iter().any(|word| css.contains(word)) {
        return false;
    }
    css.split("url(").skip(1).all(|address| {
        let address = address.trim_start_matches(['"', '\'']);
        address.starts_with('#')
            || address.starts_with("data:font/")
            || address.starts_with("data:application/font")
            || address.starts_with("data:application/x-font")
            || still_picture(address)
    })
}

/// A name for a message: a hostile one may be of any length.
fn short(name: &str) -> &str {
    name.char_indices().nth(40).map_or(name, |(end, _)| &name[..end])
}
