use proptest::prelude::*;

use super::*;

fn svg(inside: &str) -> String {
    format!(
        "<svg xmlns=\"{SVG}\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"10\" \
         height=\"20\">{inside}</svg>"
    )
}

#[test]
fn a_plain_drawing_passes_as_it_is() {
    let cases = [
        "<path d=\"M0 0h1\" fill=\"url(#a)\"/><use xlink:href=\"#a\"/>",
        "<image xlink:href=\"data:image/png;base64, iVBO\"/>",
        "<style>.a{fill:url('#b')} .c{font:12px sans-serif}</style>",
        "<style><![CDATA[ .a > b {fill:#fff} ]]></style>",
        "<a href=\"https://example.com/\"><text>one &amp; two</text></a>",
        "<x:foreignData xmlns:x=\"urn:visio\" onward=\"1\"/>",
        "<foreignObject><p xmlns=\"http://www.w3.org/1999/xhtml\">text<br/></p></foreignObject>",
        "<animate attributeName=\"x\" to=\"5\"/>",
        "<!-- comment --><title>A script for javascript lovers</title>",
    ];
    for inside in cases.map(svg) {
        let read = read_svg(inside.as_bytes()).unwrap();
        assert_eq!((read.removed.as_slice(), read.safe_copy), ([].as_slice(), None), "{inside}");
        assert_eq!((read.width, read.height), (10, 20));
    }
}

#[test]
fn what_runs_or_loads_is_left_out_and_named() {
    // (inside, what the message names, what the copy must not hold)
    let cases = [
        ("<script>alert(1)</script><g/>", "<script>", "alert"),
        ("<SCRIPT>alert(1)</SCRIPT>", "<SCRIPT>", "alert"),
        ("<g><script href=\"x.js\"/></g>", "<script>", "x.js"),
        ("<g onclick=\"alert(1)\" id=\"k\"/>", "onclick", "alert"),
        ("<g ONLOAD='alert(1)'/>", "ONLOAD", "alert"),
        ("<a href=\"javascript:alert(1)\"><g/></a>", "a script", "alert"),
        ("<a xlink:href=\" java&#10;script:alert(1)\"><g/></a>", "a script", "alert"),
        ("<a href=\"java&#x73;cript:alert(1)\"/>", "a script", "alert"),
        ("<a><set attributeName=\"href\" to=\"javascript:alert(1)\"/></a>", "<set>", "alert"),
        (
            "<animate attributeName=\"xlink:href\" values=\"javascript:alert(1)\"/>",
            "animate",
            "alert",
        ),
        ("<set attributeName=\"onclick\" to=\"alert(1)\"/>", "<set>", "alert"),
        ("<image href=\"https://spy.example/x.png\"/>", "another file", "spy"),
        ("<image href=\"neighbour.png\"/>", "another file", "neighbour"),
        ("<use href=\"data:image/svg+xml,evil\"/>", "data", "evil"),
        ("<use href=\"https://spy.example/x.svg#a\"/>", "another file", "spy"),
        ("<style>@import url(https://spy.example/a.css);</style>", "style", "spy"),
        ("<style>.a{fill:u\\72l(https://spy.example)}</style>", "style", "spy"),
        ("<style>.a{background:u/**/rl(//spy)}</style>", "style", "spy"),
        ("<rect style=\"fill:url(https://spy.example/x)\"/>", "style", "spy"),
        ("<rect fill=\"url( 'https://spy.example/x#a' )\"/>", "fill", "spy"),
        (
            "<foreignObject><iframe xmlns=\"http://www.w3.org/1999/xhtml\" src=\"evil\"/></foreignObject>",
            "<iframe>",
            "evil",
        ),
        (
            "<h:script xmlns:h=\"http://www.w3.org/1999/xhtml\">alert(1)</h:script>",
            "<script>",
            "alert",
        ),
        (
            "<s:script xmlns:s=\"http://www.w3.org/2000/svg\">alert(1)</s:script>",
            "<script>",
            "alert",
        ),
        (
            "<h:p xmlns:h=\"http://www.w3.org/1999/xhtml\" onmouseover=\"alert(1)\">t</h:p>",
            "onmouseover",
            "alert",
        ),
        ("<g xml:base=\"https://spy.example/\"/>", "xml:base", "spy"),
    ];
    for (inside, named, gone) in cases {
        let text = svg(inside);
        let read = read_svg(text.as_bytes()).unwrap();
        assert!(read.removed.iter().any(|r| r.contains(named)), "{inside}: {:?}", read.removed);
        let copy = String::from_utf8(read.safe_copy.unwrap()).unwrap();
        assert!(!copy.contains(gone), "{inside}: {copy}");
        let again = read_svg(copy.as_bytes()).unwrap();
        assert_eq!((again.removed, again.safe_copy), (vec![], None), "{copy}");
    }
    let kept = read_svg(svg("<g onclick=\"a\" id=\"k\"/><path d=\"M1 1\"/>").as_bytes()).unwrap();
    let copy = String::from_utf8(kept.safe_copy.unwrap()).unwrap();
    assert!(copy.contains("<g id=\"k\"/><path d=\"M1 1\"/>"), "{copy}");
}

#[test]
fn a_style_sheet_instruction_is_left_out() {
    let text = format!("<?xml version=\"1.0\"?><?xml-stylesheet href=\"x.xsl\"?>{}", svg(""));
    let copy = read_svg(text.as_bytes()).unwrap().safe_copy.unwrap();
    assert_eq!(String::from_utf8(copy).unwrap(), format!("<?xml version=\"1.0\"?>{}", svg("")));
}

#[test]
fn entities_are_texts_or_refused() {
    let simple = format!(
        "<!DOCTYPE svg PUBLIC \"a\" \"b\" [ <!ENTITY ns \"{SVG}\"> <!ENTITY t 'x]>'> ]>\
         <svg xmlns=\"&ns;\" viewBox=\"0 0 4 2\"><text>&t;</text></svg>"
    );
    let read = read_svg(simple.as_bytes()).unwrap();
    assert_eq!((read.width, read.height, read.removed.len()), (4, 2, 0));
    let copy = String::from_utf8(read.safe_copy.unwrap()).unwrap();
    assert_eq!(copy, format!("<svg xmlns=\"{SVG}\" viewBox=\"0 0 4 2\"><text>x]></text></svg>"));

    let mut bomb = "<!DOCTYPE svg [<!ENTITY a \"haha\">".to_owned();
    for (name, inner) in ["b", "c", "d"].iter().zip(["a", "b", "c"]) {
        bomb += &format!("<!ENTITY {name} \"{}\">", format!("&{inner};").repeat(1000));
    }
    let bomb = format!("{bomb}]>{}", svg("<text>&d;</text>"));
    let flat = format!("<!DOCTYPE svg [<!ENTITY a \"{}\">]>", "x".repeat(100_000));
    let flat = format!("{flat}{}", svg(&"&a;".repeat(100)));
    let outer = "<!DOCTYPE svg [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>".to_owned();
    let cases = [
        (bomb, "more than simple texts"),
        (flat, "too large"),
        (format!("{outer}{}", svg("<text>&a;</text>")), "more than simple texts"),
        (svg("<text>&nope;</text>"), "not declared"),
        (
            svg("<script xmlns=\"http://www.w3.org/1999/xhtm&#108;\">alert(1)</script>"),
            "spelt with references",
        ),
        (
            format!("<!DOCTYPE svg PUBLIC \"a>b\" \"\" [<!ENTITY a \"b\">]>{}", svg("")),
            "document type",
        ),
        (svg("").replace("</svg>", ""), "breaks off"),
        ("<svg><g/></svg>".to_owned(), "xmlns"),
        (svg("<g></h>"), ""),
        (svg("").repeat(2), "more than one root"),
        (svg(&"<g>".repeat(200_000)), "nested too deeply"),
        (format!("<?xml version=\"1.0\" encoding=\"iso-2022-jp\"?>{}", svg("")), "encoding"),
    ];
    for (text, reason) in cases {
        let error = read_svg(text.as_bytes()).unwrap_err();
        assert!(error.reason.contains(reason), "{error:?} is not about {reason:?}");
    }
}

#[test]
fn the_size_is_what_a_browser_takes() {
    let cases = [
        ("width=\"96\" height=\"48\"", (96, 48)),
        ("width=\"1in\" height=\"2.54cm\"", (96, 96)),
        ("width=\"100%\" viewBox=\"0 0 40 30\"", (40, 30)),
        ("width=\"80\" viewBox=\"0,0,40,30\"", (80, 60)),
        ("height=\"60px\" viewBox=\"-5 -5 40 30\"", (80, 60)),
        ("viewBox=\"0 0 nonsense\"", (300, 150)),
        ("width=\"-4\" height=\"1e99\"", (300, 100_000)),
        ("", (300, 150)),
    ];
    for (attributes, size) in cases {
        let read = read_svg(format!("<svg xmlns=\"{SVG}\" {attributes}/>").as_bytes()).unwrap();
        assert_eq!((read.width, read.height), size, "{attributes}");
    }
}

/// Text made of the pieces that attacks are made of.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<svg xmlns=\"http://www.w3.org/2000/svg\">",
        "</svg>",
        "<script>",
        "</script>",
        "<g ",
        "/>",
        ">",
        "<",
        "onload=\"",
        "\"",
        "'",
        "href=",
        "javascript:",
        "&#x6a;",
        "&a;",
        "<!DOCTYPE svg [",
        "<!ENTITY a \"b\">",
        "]>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<?xml-stylesheet ",
        "?>",
        "<style>",
        "</style>",
        "url(",
        "é",
        "\u{0}",
        "xmlns:h=\"http://www.w3.org/1999/xhtml\"",
        " ",
        "<h:script",
        "<a ",
        "</a>",
        "\\",
        "@import",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_makes_it_panic_and_every_copy_is_clean(text in pieces()) {
        let whole = svg(&text);
        for text in [&text, &whole] {
            if let Ok(Svg { safe_copy: Some(copy), .. }) = read_svg(text.as_bytes())
                && let Ok(again) = read_svg(&copy)
            {
                prop_assert_eq!(again.removed, Vec::<String>::new());
            }
        }
    }
}
