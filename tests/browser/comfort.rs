//! What makes reading comfortable, on a portal that has all of it.

use std::fs;

use serde_json::json;
use thirtyfour::Key;

use crate::access::Axe;
use crate::desk::Desk;
use crate::driver::Browser;
use crate::site::{Site, host, hosted, png};

const CONFIG: &str = r#"
title = "Nimbus"
languages = ["fi"]
site_url = "https://help.example.com/"
product_version = "2026.4"

[feedback]
endpoint = "https://help.example.com/feedback"

[[contact]]
title = "Tuki"
text = "Vastaamme arkisin."
hours = "ma–to 8–16; pe 8–15"
email = "tuki@example.com"
phone = "+358 9 123 456"
"#;

const ARTICLE: &str = r#"---
title: Laskuta monta kerralla
updated: 2026-11-02
pinned: true
---

Massalaskutuksen avulla laskutat kaikki. Massalaskutus on nopea.

```spots kuva.png "Laskuluettelo" "Mistä löytyy mitä"
12% 8%: **Haku** etsii
88% 20%: Uusi lasku
```

![Näin laskutat](filmi.mp4 "Minuutissa")

![Kevään uutiset](https://www.youtube.com/watch?v=aqz-KE-bpKQ)

## Tiedosto

Lataa [tuotteet](tuotteet.csv).

:::variant uusi Uusi näkymä
Avaa kuittivalikko oikealta.
:::

:::variant vanha Vanha näkymä
Avaa kuittivalikko vasemmalta.
:::
"#;

const GLOSSARY: &str = r#"
[[term]]
term = "massalaskutus"
text = "Kaikki laskut *kerralla*."
link = "laskutus/monta.md"
"#;

fn portal() -> (Desk, String) {
    let desk = Desk::empty();
    desk.write("opas.toml", CONFIG);
    desk.write("glossary.toml", GLOSSARY);
    desk.write("content/_index.md", "Tervetuloa.\n");
    desk.write("content/laskutus/_index.md", "---\ntitle: Laskutus\n---\n");
    desk.write("content/laskutus/monta.md", ARTICLE);
    desk.write("content/laskutus/toinen.md", "---\ntitle: Toinen\n---\n\nMuuta.\n");
    desk.write("content/paths/laskuttaja.md", "---\ntitle: Laskuttajalle\nrelated: [../laskutus/monta.md, ../laskutus/toinen.md]\n---\n\nLue nämä.\n");
    desk.write("content/laskutus/kuva.png", png(900, 500));
    desk.write("content/laskutus/filmi.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom");
    desk.write("content/laskutus/filmi.png", png(640, 360));
    desk.write("content/laskutus/filmi.vtt", "WEBVTT\n\n00:00.000 --> 00:02.000\nAvaa.\n");
    desk.write("content/laskutus/filmi.chapters.vtt", "WEBVTT\n\n00:00.000 --> 00:02.000\nAlku\n");
    desk.write("content/laskutus/tuotteet.csv", "a;b\n".repeat(600));
    desk.opas("build --root . --out public").expect(0, &["built"]);
    let origin = host(&desk.path("public"));
    (desk, origin)
}

pub fn terms(browser: &Browser, _site: &Site) {
    let (_desk, origin) = portal();
    browser.open(&hosted(&origin, "laskutus/toinen/"));
    assert_eq!(browser.count("a.term"), 0);
    browser.open(&hosted(&origin, "laskutus/monta/"));
    assert_eq!(browser.count("a.term"), 1, "the first use only");
    assert!(!browser.read(".prose").contains("Kaikki laskut"), "nothing is shown unasked");

    browser.focus(".article-header a");
    let word = "document.activeElement.matches('a.term')";
    for _ in 0..30 {
        if browser.js(word) == json!(true) {
            break;
        }
        browser.press(Key::Tab);
    }
    browser.until("document.querySelector('.term-tip:popover-open')");
    let said = browser.read(".term-tip");
    assert!(said.contains("massalaskutus") && said.contains("Kaikki laskut kerralla."), "{said}");
    let described = "document.getElementById(document.activeElement.getAttribute('aria-describedby')).textContent";
    assert!(browser.text(described).contains("Kaikki laskut kerralla."));
    let inside = "(({ left, top, right, bottom }) => left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight)(document.querySelector('.term-tip').getBoundingClientRect())";
    assert_eq!(browser.js(inside), true);
    browser.press(Key::Escape);
    browser.until("!document.querySelector('.term-tip:popover-open')");
    assert_eq!(browser.js(word), true, "the focus stays at the word");
    browser.press(Key::Enter);
    browser.until("location.pathname.endsWith('/glossary/')");
    assert_eq!(browser.text("location.hash"), "#massalaskutus");
    assert_eq!(browser.read(".glossary :target dt"), "massalaskutus");

    // A finger's first tap explains, the second leads on.
    browser.open(&hosted(&origin, "laskutus/monta/"));
    let tap = "document.querySelector('a.term').dispatchEvent(new PointerEvent('click', { pointerType: 'touch', bubbles: true, cancelable: true }))";
    assert_eq!(browser.js(tap), false);
    browser.until("document.querySelector('.term-tip:popover-open')");
    assert_eq!(browser.js(tap), true);
    browser.until("location.pathname.endsWith('/glossary/')");

    browser.open(&hosted(&origin, "search/?q=massalaskutus"));
    browser.until("[...document.querySelectorAll('.hit a')].some((a) => a.href.endsWith('/glossary/#massalaskutus'))");

    browser.scripts(false);
    browser.open(&hosted(&origin, "laskutus/monta/"));
    browser.click("a.term");
    browser.until("location.hash === '#massalaskutus'");
    browser.scripts(true);
}

pub fn annotated(browser: &Browser, _site: &Site) {
    let (_desk, origin) = portal();
    browser.open(&hosted(&origin, "laskutus/monta/"));
    browser.focus(".spots .zoomable");
    browser.press(Key::Enter);
    browser.until("document.querySelector('dialog.zoom[open] img')?.naturalWidth > 0");
    assert_eq!(browser.count(".zoom .spot-mark"), 2);
    assert_eq!(browser.read(".zoom-caption"), "Mistä löytyy mitä");
    // The marks lie over the picture, wherever it is, and do not grow with it.
    let place = "(() => { const [a, b] = ['img', '.spot-mark circle'].map((s) => document.querySelector('.zoom ' + s).getBoundingClientRect()); return [(b.x + b.width / 2 - a.x) / a.width, (b.y + b.height / 2 - a.y) / a.height, b.width]; })()";
    let near = |browser: &Browser| {
        let found = browser.js(place);
        let [x, y, width] = [0, 1, 2].map(|i| found[i].as_f64().unwrap());
        assert!((x - 0.12).abs() < 0.01 && (y - 0.08).abs() < 0.01, "{found}");
        width
    };
    let before = near(browser);
    browser.press("+");
    browser.until("document.querySelector('.zoom-frame').style.transform.includes('1.4')");
    let after = near(browser);
    assert!((after / before - 1.0).abs() < 0.1, "{before} {after}");
    browser.press(Key::Right);
    browser.until(
        "!document.querySelector('.zoom-frame').style.transform.startsWith('translate(0px')",
    );
    browser.press("0");
    browser.focus(".zoom .spot-mark:nth-of-type(2)");
    browser.until("document.querySelector('.zoom-caption').textContent === '2. Uusi lasku'");
    browser.press(Key::Enter);
    assert_eq!(browser.text("location.hash"), "", "a mark leads nowhere behind the dialog");
    browser.press(Key::Escape);
    browser.until("!document.querySelector('dialog[open]')");

    // On the page a mark and its text light up together, and the mark leads to the text.
    browser.focus("main .spot-mark:nth-of-type(2)");
    browser
        .until("document.querySelector('.spots-legend li:nth-child(2)').classList.contains('lit')");
    browser.press(Key::Enter);
    browser.until("document.querySelector('.spots-legend li:nth-child(2)').matches(':target')");
}

pub fn films(browser: &Browser, _site: &Site) {
    let (desk, origin) = portal();
    browser.open(&hosted(&origin, "laskutus/monta/"));
    let film = "main video";
    assert_eq!(browser.js(&format!("document.querySelector('{film}').preload")), "none");
    assert_eq!(browser.js(&format!("document.querySelector('{film}').width")), 640);
    assert!(browser.text(&format!("document.querySelector('{film}').poster")).contains("filmi"));
    assert_eq!(
        browser.js("[...document.querySelectorAll('main track')].map((t) => [t.kind, t.srclang])"),
        json!([["captions", "fi"], ["chapters", "fi"]])
    );
    assert_eq!(browser.read("main figure:has(video) figcaption"), "Minuutissa");

    assert_eq!(browser.count("iframe"), 0);
    assert!(browser.read(".embed").contains("Kevään uutiset"));
    assert!(browser.read(".embed").contains("youtube-nocookie.com"), "who would be asked");
    browser.click(".embed-link");
    browser.until("document.querySelector('.embed iframe')?.title === 'Kevään uutiset'");
    let headers = fs::read_to_string(desk.path("public/_headers")).unwrap();
    assert!(headers.contains("frame-src https://www.youtube-nocookie.com"), "{headers}");
    browser.scripts(false);
    browser.open(&hosted(&origin, "laskutus/monta/"));
    let page = browser.text("document.querySelector('.embed-link').href");
    assert_eq!(page, "https://www.youtube.com/watch?v=aqz-KE-bpKQ");
    browser.scripts(true);
}

pub fn help(browser: &Browser, _site: &Site) {
    let (_desk, origin) = portal();
    browser.open(&hosted(&origin, ""));
    assert!(browser.read(".home-pinned").contains("Laskuta monta kerralla"));
    assert!(browser.read("main").contains("Laskuttajalle"));
    assert!(browser.read("main").contains("2 oppituntia"), "{}", browser.read("main"));
    assert!(
        browser.read(".cards").contains("2 ohjetta") || browser.read("main").contains("2 ohjetta")
    );
    let contact = browser.read("#contact");
    for words in ["ma–to 8–16", "pe 8–15", "tuki@example.com", "+358 9 123 456"] {
        assert!(contact.contains(words), "{words} in {contact}");
    }
    assert_eq!(browser.count("#contact a[href='tel:+3589123456']"), 1);

    browser.open(&hosted(&origin, "laskutus/monta/"));
    let meta = browser.read(".article-meta");
    assert!(
        meta.contains("Päivitetty 2. marraskuuta 2026") && meta.contains("Versio 2026.4"),
        "{meta}"
    );
    let file = browser.read("p:has(.download)");
    assert!(file.contains("CSV, 3\u{a0}kt"), "{file}");
    assert_eq!(browser.count("a.download[download]"), 1);

    // The way on to people, and the question whether it helped.
    browser.click(".support a");
    browser.until("location.hash === '#contact'");
    browser.open(&hosted(&origin, "laskutus/monta/"));
    assert!(browser.read(".feedback").contains("Oliko tästä ohjeesta apua?"));
    browser.js("window.fetch = async (url, options) => { window.sent = [url, String(options.body)]; return { ok: true }; }");
    browser.click(".feedback label:has([value=no])");
    browser.focus(".feedback textarea");
    browser.press("Puuttui");
    browser.click(".feedback button");
    browser.until("window.sent && document.body.innerText.includes('Kiitos!')");
    assert_eq!(
        browser.js("window.sent"),
        json!([
            "https://help.example.com/feedback",
            "article=laskutus%2Fmonta%2F&helpful=no&comment=Puuttui"
        ])
    );

    let allowed = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
    browser.cdp("Browser.grantPermissions", allowed);
    browser.open(&hosted(&origin, "laskutus/monta/"));
    browser.focus("#tiedosto .heading-link");
    browser.press(Key::Enter);
    browser.until("document.querySelector('#tiedosto .heading-link').getAttribute('aria-label') === 'Kopioitu'");
    let copied = browser.text("navigator.clipboard.readText()");
    assert!(copied.ends_with("laskutus/monta/#tiedosto"), "{copied}");
}

pub fn versions(browser: &Browser, _site: &Site) {
    let (_desk, origin) = portal();
    let excerpt = "document.querySelector('.hit-text, .hit p:last-of-type')?.innerText ?? ''";
    let told =
        |words: &str| format!("document.querySelector('.hit')?.innerText.includes({words:?})");
    browser.open(&hosted(&origin, "laskutus/monta/"));
    browser.click(".variant-chooser label:has([value=vanha])");
    browser.open(&hosted(&origin, "search/?q=kuittivalikko"));
    browser.until(&told("vasemmalta"));
    assert!(!browser.text(excerpt).contains("oikealta"));
    browser.open(&hosted(&origin, "laskutus/monta/"));
    browser.click(".variant-chooser label:has([value=uusi])");
    browser.open(&hosted(&origin, "search/?q=kuittivalikko"));
    browser.until(&told("oikealta"));
    assert_eq!(browser.js(&told("vasemmalta")), false);
    // What only the other view has is found all the same.
    browser.open(&hosted(&origin, "search/?q=vasemmalta"));
    browser.until(&told("vasemmalta"));
}

pub fn for_everybody(browser: &Browser, _site: &Site) {
    let Some(axe) = Axe::find() else { return };
    let (_desk, origin) = portal();
    let mut wrong = Vec::new();
    for page in ["", "laskutus/monta/", "glossary/", "contents/", "print/"] {
        browser.open(&hosted(&origin, page));
        wrong.extend(axe.violations(browser, page));
    }
    browser.open(&hosted(&origin, "laskutus/monta/"));
    browser.js("document.querySelector('a.term').dispatchEvent(new PointerEvent('click', { pointerType: 'touch', bubbles: true, cancelable: true }))");
    browser.until("document.querySelector('.term-tip:popover-open')");
    wrong.extend(axe.violations(browser, "an explanation"));
    browser.open(&hosted(&origin, "laskutus/monta/"));
    browser.focus(".spots .zoomable");
    browser.press(Key::Enter);
    browser.until("document.querySelector('dialog.zoom[open] img')?.naturalWidth > 0");
    wrong.extend(axe.violations(browser, "an annotated picture"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
