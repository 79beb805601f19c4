//! What must hold for any text at all.

use proptest::prelude::*;

use super::tests::{Echo, Portal};
use crate::markdown::document::{Document, EventKind};

/// Parts of the syntax, to be put together at random.
const FRAGMENTS: &[&str] = &[
    "> [!ADMIN]\n",
    "> [!NOTE] otsikko\n",
    "> [!NOTE for=admin] x\n",
    "> ",
    "- ",
    "1. ",
    "  ",
    "    ",
    "\n",
    "\n\n",
    ":::",
    ":::\n",
    "::::\n",
    ":::details x\n",
    ":::only for=admin\n",
    "::::tabs\n",
    ":::tab y\n",
    ":::steps\n",
    "{{include s.md}}\n",
    "{{product}}",
    "{icon:x}",
    "{key:A+B}",
    "{ui:A > B}",
    "![a](b.png)",
    "![a](b.png){for=admin}",
    "[x](y.md)",
    "[[z]]",
    "[[z|w]]",
    "*",
    "**",
    "~~",
    "`",
    "```\n",
    "```spots a.png\n",
    "1% 2%: x\n",
    "| a | b |\n",
    "|---|--:|\n",
    "Ж",
    "ä",
    "—",
    "🎈",
    "<td>Ж</td>",
    "<div>",
    "</div>",
    "<b>",
    "</b>",
    "<script>",
    "</script>",
    "<br>\n",
    "<!--",
    "-->",
    "<a href=x>",
    "</a>",
    "# h\n",
    "## h {#i}\n",
    "[^1]",
    "[^1]: f\n",
    "- [ ] t\n",
    "Termi\n: m\n",
    "\"",
    "'",
    "--",
    "...",
    "https://a.fi",
    "\\",
    "&amp;",
    "ä",
    "\u{0}",
    "\r\n",
    "\t",
    "<",
    ">",
    "sana",
    " ",
];

fn check(text: &str) {
    for mut portal in [Portal::new(), Portal::separate()] {
        portal.snippets.insert("s.md", "yksi\n\n> [!ADMIN]\n> KAKSI\n\n- kolme\n".to_owned());
        let (document, _) = portal.document(text);
        spans_are_in_bounds(&document, text);
        for reader in [portal.public(), portal.admin()] {
            let html = portal.html_of(&document, reader);
            is_balanced(&html);
            let reading = document.read(reader);
            let _: Vec<_> = reading.sections();
            let _: String = reading.markdown(&Echo(&document));
            let _: String = reading.first_paragraph();
        }
    }
}

fn spans_are_in_bounds(document: &Document, text: &str) {
    let mut depth = 0i64;
    let mut packed = document.flow().spans.clone();
    packed.pack(document.events());
    let spans = document.flow().spans();
    assert_eq!(packed.all(document.events()), spans);
    assert_eq!(spans.len(), document.events().len());
    for (event, span) in document.events().iter().zip(&*spans) {
        if span.source == 0 {
            assert!(text.get(span.range()).is_some(), "{event:?} {span:?} of {text:?}");
        }
        match event.kind {
            EventKind::Start(_) => depth += 1,
            EventKind::End(_) => depth -= 1,
            _ => {}
        }
        assert!(depth >= 0);
    }
    assert_eq!(depth, 0);
}

/// Every element but the empty ones is closed, in order; no style and no script.
fn is_balanced(html: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        let end = rest.find('>').unwrap_or_else(|| panic!("an open tag in {html}"));
        let tag = &rest[1..end];
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or("");
        assert!(!matches!(name, "script" | "style"), "{html}");
        assert!(!tag.contains(" style=") && !tag.contains(" on"), "{html}");
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "{html}");
        } else if !tag.ends_with('/')
            && !matches!(name, "br" | "hr" | "img" | "input" | "wbr" | "col")
        {
            open.push(name);
        }
        rest = &rest[end..];
    }
    assert!(open.is_empty(), "{open:?} in {html}");
}

/// More by `PROPTEST_CASES`.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(120)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(text in "\\PC{0,200}") {
        check(&text);
    }

    #[test]
    fn any_syntax_is_read(parts in prop::collection::vec(prop::sample::select(FRAGMENTS), 0..40)) {
        check(&parts.concat());
    }

    /// Whatever stands around it, what is in an admin's container stays in it.
    #[test]
    fn what_is_restricted_stays_hidden(
        before in prop::collection::vec(prop::sample::select(FRAGMENTS), 0..20),
        within in prop::collection::vec(prop::sample::select(FRAGMENTS), 0..20),
    ) {
        // Code and raw HTML show a fence as it is, and so may what opened them.
        let before: String = before.concat().replace(['`', '~', '<', '\\'], "");
        let within: String = within.concat().replace(":::", "").replace(['`', '~', '<'], "");
        let text = format!("{before}\n\n:::only for=admin\n\nSALAISUUS {within}\n\nSALAISUUS\n");
        let portal = Portal::separate();
        let (document, _) = portal.document(&text);
        let reading = document.read(portal.public());
        let html = portal.html_of(&document, portal.public());
        for output in [html, reading.plain_text(), reading.markdown(&Echo(&document))] {
            prop_assert!(!output.contains("SALAISUUS"), "{text:?}\n{output}");
        }
    }
}

/// Sizes at which anything quadratic would take minutes.
#[test]
fn monsters_are_read_in_time() {
    let portal = Portal::new();
    let monsters = [
        ">".repeat(10_000) + "x",
        "- ".repeat(10_000) + "x",
        format!("| a | b |\n|---|---|\n{}", "| x **y** | z |\n".repeat(10_000)),
        "sana \"x\" ".repeat(60_000),
        "<b>".repeat(50_000),
        "<div>\n\n".repeat(20_000),
        ":::\n".repeat(50_000),
        ":::details x\n".repeat(20_000),
        "> [!ADMIN] x\n".repeat(20_000),
        "{{nope}} {icon:x} ".repeat(2_000),
        "# a\n".repeat(20_000),
        "![".repeat(50_000),
        "https://".repeat(20_000),
        format!("http://a{}", ")".repeat(200_000)),
        "{".repeat(100_000),
        format!("<p>{}", "<a b=\"".repeat(60_000)),
        format!("<p>{}", "<a b='x\" ".repeat(60_000)),
        "https://(".repeat(60_000),
        "{{a".repeat(60_000),
        format!("```\n{}```\n", ":::\n".repeat(60_000)),
        "[[a#".repeat(60_000),
    ];
    for text in monsters {
        let (document, _) = portal.document(&text);
        is_balanced(&portal.html_of(&document, portal.public()));
    }
}
