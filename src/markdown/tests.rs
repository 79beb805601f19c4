//! Small inputs and what becomes of them.

use std::collections::BTreeMap;

use crate::audience::{Audiences, Reader, Visibility};
use crate::config::{AdminMode, HtmlPolicy};
use crate::diagnostic::Diagnostic;
use crate::markdown::document::{CalloutKind, Document, Medium};
use crate::markdown::html::{self, ImageHtml, Labels, LinkHtml, Picture, Resolver};
use crate::markdown::options::Options;
use crate::markdown::{Snippet, parse, splice};
use crate::modules::Modules;
use crate::path::SourcePath;

pub struct Portal {
    pub audiences: Audiences,
    pub modules: Modules,
    pub mode: AdminMode,
    pub html: HtmlPolicy,
    pub language: &'static str,
    pub snippets: BTreeMap<&'static str, String>,
}

impl Portal {
    pub fn new() -> Portal {
        Portal {
            audiences: Audiences::default(),
            modules: Modules::default(),
            mode: AdminMode::Marked,
            html: HtmlPolicy::Sanitize,
            language: "fi",
            snippets: BTreeMap::new(),
        }
    }

    pub fn separate() -> Portal {
        Portal { mode: AdminMode::Separate, ..Portal::new() }
    }

    pub fn public(&self) -> Reader {
        Reader::One(self.audiences.public())
    }

    pub fn admin(&self) -> Reader {
        Reader::One(self.audiences.id("admin").unwrap())
    }

    pub fn document(&self, text: &str) -> (Document, Vec<Diagnostic>) {
        let options = Options {
            audiences: &self.audiences,
            admin: self.audiences.visibility(["admin"]).unwrap(),
            modules: &self.modules,
            mode: self.mode,
            html: self.html,
            language: self.language,
            variables: BTreeMap::from([("product", "Kassa"), ("url", "https://x.example")]),
        };
        let mut findings = Vec::new();
        let path = SourcePath::new("content/a.md");
        let document = parse(&path, text, 0, &options, &mut findings);
        let snippets: BTreeMap<&str, (Document, &str)> = self
            .snippets
            .iter()
            .map(|(name, text)| {
                let path = SourcePath::new(format!("content/{name}"));
                (*name, (parse(&path, text, 0, &options, &mut findings), text.as_str()))
            })
            .collect();
        let lookup = |path: &str| {
            let (document, text) = snippets.get(path)?;
            let visibility = Visibility::EVERYBODY;
            Some(Snippet { document, text, visibility })
        };
        let spliced = splice(&document, text, &lookup, &mut findings);
        (spliced, findings)
    }

    pub fn html(&self, text: &str, reader: Reader) -> String {
        let (document, _) = self.document(text);
        self.html_of(&document, reader)
    }

    pub fn html_of(&self, document: &Document, reader: Reader) -> String {
        let labels = Labels {
            callouts: BTreeMap::from([
                (CalloutKind::Note, "Huomautus".to_owned()),
                (CalloutKind::Admin, "Ylläpitäjälle".to_owned()),
            ]),
            ..Labels::default()
        };
        let options = html::Options {
            labels: &labels,
            audiences: &self.audiences,
            title_heading: None,
            id_prefix: "",
            terms: &[],
        };
        html::write(&document.read(reader), &Echo(document), &options)
    }
}

/// Links and images as typed.
pub struct Echo<'d>(pub &'d Document);

impl Resolver for Echo<'_> {
    fn link(&self, index: usize) -> LinkHtml {
        let link = &self.0.links()[index];
        match link.dest.contains("://") {
            true => LinkHtml::External(link.dest.clone()),
            false => LinkHtml::Internal(link.dest.clone()),
        }
    }

    fn image(&self, index: usize) -> ImageHtml {
        let image = &self.0.images()[index];
        match &image.medium {
            Medium::YouTube(id) => ImageHtml::Embed {
                player: format!("https://www.youtube-nocookie.com/embed/{id}"),
                page: image.dest.clone(),
            },
            Medium::Video => ImageHtml::Video {
                src: image.dest.clone(),
                poster: None,
                size: None,
                tracks: Vec::new(),
            },
            _ => ImageHtml::Picture(Picture { src: image.dest.clone(), ..Picture::default() }),
        }
    }
}

/// Icons are long and tables have wrappers: what does not matter to a case is left out.
fn short(html: &str) -> String {
    let mut short = String::new();
    let mut rest = html;
    while let Some(at) = rest.find("<svg class=\"icon\"") {
        short.push_str(&rest[..at]);
        let end = rest[at..].find("</svg>").unwrap();
        short.push_str("<svg/>");
        rest = &rest[at + end + 6..];
    }
    short.push_str(rest);
    let replaced = short
        .replace(" <a class=\"heading-link\"", "<a class=\"heading-link\"")
        .replace(" loading=\"lazy\" decoding=\"async\"", "")
        .replace("<div class=\"table\" role=\"group\" tabindex=\"0\" aria-label=\"\">", "");
    replaced.replace('\n', " ").trim().to_owned()
}

#[test]
fn what_writers_type_becomes_html() {
    let portal = Portal::new();
    let cases = [
        ("Hei **a**, \"b\" ja *c*.", "<p>Hei <strong>a</strong>, ”b” ja <em>c</em>.</p>"),
        (
            "> [!NOTE] Oma *otsikko*\n> a\nlaiska",
            "<aside role=\"note\" class=\"callout callout-note\"> <p class=\"callout-title\"><svg/>Oma <em>otsikko</em></p> <p>a laiska</p> </aside>",
        ),
        (
            "> [!NOTE]\n> a",
            "<aside role=\"note\" class=\"callout callout-note\"> <p class=\"callout-title\"><svg/>Huomautus</p> <p>a</p> </aside>",
        ),
        (
            ":::details A *b*\nx\n:::",
            "<details class=\"details\"> <summary>A <em>b</em></summary> <p>x</p> </details>",
        ),
        (
            "::::tabs os\n::: tab Mac *OS*\ny\n:::\n::::",
            "<div class=\"tabs\" data-group=\"os\"> <section class=\"tab\"> <p class=\"tab-title\">Mac <em>OS</em></p> <p>y</p> </section> </div>",
        ),
        (
            ":::variant legacy \"Vanha\"\nx\n:::",
            "<section class=\"variant\" data-variant=\"legacy\"> <p class=\"variant-title\">Vanha</p> <p>x</p> </section>",
        ),
        (
            ":::steps\n1. a\n\nväli\n\n2. b\n:::",
            "<div class=\"steps\"> <ol> <li>a</li> </ol> <p>väli</p> <ol start=\"2\"> <li>b</li> </ol> </div>",
        ),
        (
            "{key:Ctrl++} {ui:A>B} {icon:search}",
            "<p><kbd class=\"keys\"><kbd>Ctrl</kbd>+<kbd>+</kbd></kbd> <span class=\"ui\"><b>A</b> <span class=\"ui-then\">›</span> <b>B</b></span> <svg/></p>",
        ),
        (
            "{{product}} `{{product}}` \\{{product}} [x]({{url}}/y)",
            "<p>Kassa <code>{{product}}</code> {{product}} <a href=\"https://x.example/y\" class=\"external\" rel=\"noopener\">x</a></p>",
        ),
        (
            "| a |\n|--:|\n| [[x\\|y]] |",
            "<table> <thead><tr><th scope=\"col\" class=\"align-right\">a</th></tr></thead> <tbody> <tr><td class=\"align-right\"><a href=\"x\">y</a></td></tr> </tbody></table></div>",
        ),
        (
            "![a](b.png \"c\"){#kuva}",
            "<figure id=\"kuva\"><img src=\"b.png\" alt=\"a\"><figcaption>c</figcaption></figure>",
        ),
        ("x ![a](b.png) y", "<p>x <img class=\"inline\" src=\"b.png\" alt=\"a\"> y</p>"),
        ("- ![a](b.png)", "<ul> <li> <figure><img src=\"b.png\" alt=\"a\"></figure> </li> </ul>"),
        (
            "![](https://youtu.be/abc)",
            "<figure><span class=\"embed\" data-player=\"https://www.youtube-nocookie.com/embed/abc\"><a class=\"embed-link\" rel=\"noopener\" href=\"https://youtu.be/abc\"><svg/></a></span></figure>",
        ),
        (
            "![x](y.mp4)",
            "<figure><video controls preload=\"metadata\" src=\"y.mp4\" aria-label=\"x\"></video></figure>",
        ),
        (
            "a<br>b <kbd>x</kbd> <script>y</script> <b onclick=z style=q>c</b> <asiakas nimi>",
            "<p>a<br>b <kbd>x</kbd>  <b>c</b> &lt;asiakas nimi&gt;</p>",
        ),
        ("<td align=right style=x>1 &amp; <", "<td class=\"align-right\">1 &amp; &lt;</td>"),
        ("<a href=\"javascript:x\" onclick=y>z</a>", "<p><a href=\"javascript:x\">z</a></p>"),
        (
            "- [x] a",
            "<ul class=\"tasks\"> <li class=\"task\"><input type=\"checkbox\" id=\"task-1\" data-task=\"17762fddd969\" aria-label=\"a\" checked> a</li> </ul>",
        ),
        (
            "<a href=x>a [b](y) [[z]] https://c.fi</a> [d](e)",
            "<p><a href=\"x\">a b z https://c.fi</a> <a href=\"e\">d</a></p>",
        ),
        ("<td>1 < 2 <x <b", "<td>1 &lt; 2 &lt;x &lt;b</td>"),
        ("a\n: b", "<dl> <dt>a</dt> <dd>b</dd> </dl>"),
        (
            "```\n:::details\n> [!NOTE]\n{{product}}\n```",
            "<div class=\"code\" data-copy=\"\"><pre tabindex=\"0\"><code>:::details &gt; [!NOTE] {{product}} </code></pre></div>",
        ),
        (
            "```spots a.png \"b\"\n12% 34.5%: *c*\n d\n5 6: e\n```",
            "<figure class=\"spots\"><div class=\"spots-picture\"><img src=\"a.png\" alt=\"b\"><svg class=\"spots-marks\" width=\"100%\" height=\"100%\"><a href=\"#spot-1-1\" class=\"spot-mark\" data-spot=\"1\" aria-label=\"1\"><svg x=\"12.0%\" y=\"34.5%\" overflow=\"visible\"><circle r=\"14\"/><text text-anchor=\"middle\" dy=\"0.35em\">1</text></svg></a><a href=\"#spot-1-2\" class=\"spot-mark\" data-spot=\"2\" aria-label=\"2\"><svg x=\"5.0%\" y=\"6.0%\" overflow=\"visible\"><circle r=\"14\"/><text text-anchor=\"middle\" dy=\"0.35em\">2</text></svg></a></svg></div> <ol class=\"spots-legend\"> <li id=\"spot-1-1\"><em>c</em> d</li> <li id=\"spot-1-2\">e</li> </ol> </figure>",
        ),
        (
            "https://a.fi/b_c-d. 1--2 --flag ...",
            "<p><a href=\"https://a.fi/b_c-d\" class=\"external\" rel=\"noopener\">https://a.fi/b_c-d</a>. 1–2 --flag …</p>",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(short(&portal.html(text, portal.public())), expected, "{text}");
    }
}

#[test]
fn what_is_for_admins_leaves_nothing_behind() {
    let mut portal = Portal::separate();
    portal.snippets.insert("s.md", "salaisuus yksi\n\nsalaisuus kaksi\n".to_owned());
    let cases = [
        ("a\n\n> [!ADMIN] salaisuus\n> salaisuus\nsalaisuus\n\nb", "<p>a</p> <p>b</p>"),
        ("> [!ADMIN]\n> {{include s.md}}\n\nb", "<p>b</p>"),
        ("{{include s.md}}", "<p>salaisuus yksi</p> <p>salaisuus kaksi</p>"),
        ("- a\n- > [!ADMIN]\n  > salaisuus\n- b", "<ul> <li>a</li> <li>b</li> </ul>"),
        ("> [!NOTE for=admin]\n> salaisuus", ""),
        ("> [!NOTE for=admni]\n> salaisuus\n\nb", "<p>b</p>"),
        ("> [!ADMNI]\n> salaisuus\n\nb", "<p>b</p>"),
        (
            "> [!NOTE]\n> a\n> [!ADMIN]\n> salaisuus\n\nb",
            "<aside role=\"note\" class=\"callout callout-note\"> <p class=\"callout-title\"><svg/>Huomautus</p> <p>a </p> </aside> <p>b</p>",
        ),
        (":::details x for=admin\nsalaisuus\n:::\nb", "<p>b</p>"),
        (":::details x for=admin\nsalaisuus\n\n# salaisuus", ""),
        (
            "- a\n  :::only for=admin\n  salaisuus\n- salaisuus\n\nsalaisuus",
            "<ul> <li>a</li> </ul>",
        ),
        ("<br>\n:::only for=admin\nsalaisuus\n:::\n\nb", "<br> <p>b</p>"),
        ("    :::only for=admin\n    salaisuus\n\nsalaisuus", ""),
        ("a\n\n[!ADMIN]\nsalaisuus", "<p>a</p>"),
        (
            "> a\n>     :::details x\n>     :::only for=admin\n> salaisuus ?> salaisuus",
            "<blockquote> <p>a :::details x &gt;     </p> </blockquote>",
        ),
        ("a\n    :::only for=admin\n    salaisuus", "<p>a </p>"),
        ("a\n    :::only for=admin\n    salaisuus ?> salaisuus", "<p>a </p>"),
        (
            "a\n    :::details x\n    :::only for=admin\n    salaisuus ?> salaisuus\n\nsalaisuus",
            "<p>a :::details x     </p>",
        ),
        ("a ![b](salaisuus.png){for=admin} c", "<p>a  c</p>"),
        (
            "a[^1]\n\n> [!ADMIN]\n> salaisuus[^2]\n\n[^1]: b\n\n[^2]: c",
            "<p>a<sup class=\"footnote-reference\"><a href=\"#fn-1\" id=\"fnref-1\">1</a></sup></p> <section class=\"footnotes\" aria-label=\"\"> <ol> <li id=\"fn-1\"> <p>b <a class=\"footnote-back\" href=\"#fnref-1\" aria-label=\"\">↩</a></p></li> </ol> </section>",
        ),
        (":::admin\nsalaisuus\n:::\nb", "<p>b</p>"),
    ];
    for (text, expected) in cases {
        let (document, _) = portal.document(text);
        let reading = document.read(portal.public());
        assert_eq!(short(&portal.html_of(&document, portal.public())), expected, "{text}");
        if !expected.contains("salaisuus") {
            for output in [reading.plain_text(), reading.markdown(&Echo(&document))] {
                assert!(!output.contains("salaisuus"), "{text}: {output}");
            }
            assert!(reading.headings().all(|(_, h)| h.text != "salaisuus"), "{text}");
            assert!(reading.images().all(|(_, i)| !i.dest.contains("salaisuus")), "{text}");
        }
    }
}

#[test]
fn what_is_wrong_is_found() {
    let portal = Portal::new();
    let cases = [
        ("> [!NOET]\n> x", "unknown-callout"),
        ("> [!NOTE for=admni]\n> x", "unknown-audience"),
        (":::detials\nx\n:::", "unknown-container"),
        (":::details\nx", "unclosed-container"),
        (":::", "stray-fence"),
        ("{{include nope.md}}", "broken-include"),
        ("a {{include s.md}} b", "broken-include"),
        ("{{proudct}}", "unknown-variable"),
        ("{icon:serach}", "unknown-icon"),
        ("```spots a.png\n101 5: x\n```", "broken-spots"),
        ("```spots a.png\nx\n```", "broken-spots"),
        ("<script>x</script>", "removed-html"),
        ("# a {#x}\n\n# b {#x}", "duplicate-id"),
    ];
    for (text, rule) in cases {
        let (_, findings) = portal.document(text);
        let rules: Vec<&str> = findings.iter().map(|f| f.rule.id).collect();
        assert_eq!(rules, [rule], "{text}");
    }
    let mut portal = Portal::new();
    portal.snippets.insert("a.md", "{{include b.md}}".to_owned());
    portal.snippets.insert("b.md", "x\n\n{{include a.md}}".to_owned());
    let (document, findings) = portal.document("{{include b.md}}");
    assert_eq!(findings[0].rule.id, "circular-include");
    assert_eq!(document.read(portal.public()).plain_text(), "x");
}

#[test]
fn ids_are_stable_and_do_not_tell_of_what_is_hidden() {
    let portal = Portal::separate();
    let (document, _) = portal
        .document("> [!ADMIN]\n> ## Käyttö\n\n## Käyttö\n\n## Käyttö {#oma}\n\n## Ввод\n\n## !\n");
    let ids: Vec<&str> = document.headings().iter().map(|h| h.id.as_str()).collect();
    assert_eq!(ids, ["kaytto-2", "kaytto", "oma", "vvod", "section"]);
}

#[test]
fn texts_for_the_search_have_sections_and_strong_words() {
    let portal = Portal::new();
    let (document, _) =
        portal.document("eka ![nappi](a.png)\n\n# T\n\n**b** {ui:C > D}<br>e\n\n- f\n");
    let sections = document.read(portal.public()).sections();
    assert_eq!(sections.len(), 2);
    assert_eq!(sections[0].text, "eka nappi");
    assert_eq!(sections[1].title, "T");
    assert_eq!(sections[1].text, "b C > D e\nf");
    assert_eq!(sections[1].strong, [0..1, 2..7]);
    assert_eq!(document.read(portal.public()).first_paragraph(), "eka nappi");
    assert_eq!(document.title(), Some("T"));
}

#[test]
fn a_reading_can_be_written_as_markdown_again() {
    let portal = Portal::new();
    let text = "a **b** [c](d.md)\n\n> [!ADMIN] e\n>\n> f\n\n1. g\n2. h\n   - i\n\n| j |\n| --- |\n| k |\n";
    let (document, _) = portal.document(text);
    assert_eq!(document.read(portal.admin()).markdown(&Echo(&document)), text);
}

/// What each callout reads, those in others behind them; a plus is one that is not for everybody.
fn callouts(html: &str) -> Vec<String> {
    let parts = html.split("<aside ").skip(1);
    let parts = parts.map(|part| {
        let mark =
            if part.split('>').next().unwrap_or("").contains("data-audience") { "+" } else { "" };
        let mut text = String::new();
        crate::markdown::untag::push_without_tags(&mut text, &part[part.find('>').unwrap() + 1..]);
        format!("{mark}{}", text.split_whitespace().collect::<Vec<_>>().join(" "))
    });
    parts.collect()
}

#[test]
fn a_callout_right_behind_another_is_one_of_its_own() {
    let portal = Portal::separate();
    let cases: &[(&str, &[&str], usize)] = &[
        ("> [!NOTE] A\n> a\n> [!TIP] B\n> b\n\nc", &["A a", "B b c"], 0),
        ("> [!NOTE] A\n> - a\n> - b\n> [!TIP] B\n> c\n\nd", &["A a b", "B c d"], 0),
        ("> [!NOTE] A\n> - a\n>\n>   b\n> [!TIP] B\n> c", &["A a b", "B c"], 0),
        ("> [!NOTE] A\n> a\n> [!TIP] B\n> b\n> [!NOTE] C\n>\n> c", &["A a", "B b", "C c"], 0),
        ("- x\n  > [!NOTE] A\n  > a\n  > [!TIP] B\n  > b\n- y", &["A a", "B b y"], 0),
        ("> [!NOTE] A\n> a\n> [!ADMIN] B\n> b\n\nc", &["A a", "+B b c"], 0),
        // What follows a restriction without an empty line stays within it.
        ("> [!ADMIN] A\n> a\n> [!NOTE] B\n> b\n\nc", &["+A a [!NOTE] B b c"], 1),
        ("> a\n> [!NOTE] B\n> b", &[], 1),
        ("> [!NOTE] A\n> *a\n> [!TIP] B\n> b*", &["A a [!TIP] B b"], 1),
    ];
    for (text, expected, found) in cases {
        let (document, findings) = portal.document(text);
        assert_eq!(callouts(&portal.html_of(&document, portal.admin())), *expected, "{text}");
        assert_eq!(findings.len(), *found, "{text}: {findings:?}");
        let public = portal.html_of(&document, portal.public());
        assert!(!public.contains("data-audience"), "{text}");
    }
}

#[test]
fn what_is_left_out_leaves_nothing_behind() {
    let mut portal = Portal::separate();
    portal.snippets.insert("s.md", "yksi\n\n> [!ADMIN]\n> kaksi\n".to_owned());
    for text in [
        "> [!ADMIN]\n\n<!---->\n<script>\n\n{{include s.md}}\n# h\n",
        "{{include s.md}}\n\n<script>\n\n# h\n\n[^1]\n\n[^1]: f\n",
    ] {
        let (document, _) = portal.document(text);
        assert_eq!(document.headings().len(), 0, "{text}");
    }
    // What was open when a restriction came is closed for those who saw it open.
    let html = portal.html("<div><script>> [!ADMIN]\n:::{{include s.md}}\n", portal.public());
    assert_eq!(html.matches("<div>").count(), html.matches("</div>").count(), "{html}");
    let html = portal.html("<div><script>:::\n:::only for=admin\n", portal.public());
    assert_eq!(html.matches("<div>").count(), html.matches("</div>").count(), "{html}");
}
