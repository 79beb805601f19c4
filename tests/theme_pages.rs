//! Every page type of the default theme, from contexts made by hand: what each page must hold
//! whatever its content. `OPAS_PAGES_DIR=dir cargo test --test theme_pages` writes them to look at.

use std::collections::BTreeMap;
use std::path::Path;

use opas::render::context::*;
use opas::theme::{Brand, Template, Theme};

const ARTICLE: &str = include_str!("theme_pages/article.html");

struct Pages {
    theme: Theme,
    written: BTreeMap<&'static str, String>,
}

impl Pages {
    fn new() -> Pages {
        let languages = ["fi".to_owned(), "en".to_owned()];
        let mut findings = Vec::new();
        let theme = Theme::load(
            Path::new("/nonexistent"),
            "default",
            &languages,
            Brand::default(),
            &mut findings,
        );
        assert_eq!(findings, []);
        let mut pages = Pages { theme, written: BTreeMap::new() };
        pages.write_all();
        pages
    }

    fn page<P: serde::Serialize>(
        &mut self,
        at: &'static str,
        template: Template,
        kind: &'static str,
        title: &str,
        page: P,
    ) {
        let root = "../".repeat(at.matches('/').count());
        let root = if template == Template::NotFound { "/" } else { &root };
        let bundles = self.theme.bundles();
        let asset = |url: &opas::path::UrlPath| format!("{root}{url}");
        let t = Prepared::new(self.theme.strings("fi"));
        let frame = Prepared::new(&Frame {
            lang: "fi".into(),
            dir: "ltr".into(),
            root: root.to_owned(),
            home: if root.is_empty() { "./".into() } else { root.to_owned() },
            portal: "Laskuverkon ohjeet".into(),
            logo: None,
            favicon: bundles.favicon().map(asset),
            assets: Assets {
                css: asset(bundles.css()),
                scheme_js: asset(bundles.scheme()),
                js: asset(bundles.script("fi")),
                search_js: asset(bundles.search_page()),
                engine_js: format!("{root}search/search.js"),
            },
            feed: None,
            has_tags: true,
            has_glossary: true,
            has_print: true,
            support: Some(link("../#contact", "Ota yhteyttä tukeen")),
            footer: Footer {
                text: Some("© Laskuverkko Oy".into()),
                links: vec![link("#", "Tietosuojaseloste"), link("#", "Saavutettavuusseloste")],
            },
            audience_switch: true,
        });
        let open = !matches!(kind, "home" | "contents" | "a-z" | "search" | "tags" | "missing");
        let nav = self
            .theme
            .render(
                Template::Nav,
                &Nav {
                    t: &t,
                    frame: &frame,
                    categories: nav(root, open).into_iter().map(TopCategory::Open).collect(),
                    more_before: false,
                    more_after: false,
                },
            )
            .unwrap();
        let own = format!(r#"<a href="{root}{}""#, at.trim_end_matches("index.html"));
        let nav = String::from_utf8(nav).unwrap();
        let nav = nav.replace(&own, &format!(r#"{own} aria-current="page""#));
        let context = Page {
            head: Head {
                kind,
                title: title.into(),
                description: Some("Näin laskutat monta asiakasta kerralla.".into()),
                canonical: None,
                alternates: vec![],
                noindex: false,
                markdown: (kind == "article").then(|| "article.md".into()),
            },
            frame: &frame,
            t: &t,
            nav_html: nav.into(),
            languages: vec![
                LanguageLink {
                    lang: "fi",
                    name: "Suomi".into(),
                    url: "./".into(),
                    current: true,
                    translated: true,
                },
                LanguageLink {
                    lang: "en",
                    name: "English".into(),
                    url: "en/".into(),
                    current: false,
                    translated: kind != "article",
                },
            ],
            page,
        };
        let html = self.theme.render(template, &context).unwrap();
        self.written.insert(at, String::from_utf8(html).unwrap());
    }

    fn write_all(&mut self) {
        let home = HomePage {
            title: None,
            description: Some("Ohjeet myyntiin, laskutukseen ja työajan kirjaamiseen.".into()),
            html: None,
            categories: cards(""),
            paths: vec![
                card(
                    "Pääkäyttäjän koulutus",
                    "Kahdeksan vaihetta käyttöönottoon.",
                    "8 oppituntia",
                    "shield",
                ),
                card(
                    "Laskuttajan koulutus",
                    "Ensimmäisestä laskusta maksumuistutukseen.",
                    "5 oppituntia",
                    "file-text",
                ),
            ],
            pinned: vec![],
            announcements: vec![
                dated(
                    "Uusi kalenterinäkymä",
                    "Kuukausinäkymä on nyt oletus.",
                    "4. toukokuuta 2026",
                ),
                dated(
                    "Huoltokatko sunnuntaina",
                    "Palvelu on poissa käytöstä klo 6–8.",
                    "20. huhtikuuta 2026",
                ),
            ],
            announcements_url: Some("tiedotteet/".into()),
            tips: vec![
                item(
                    "Pikanäppäimet laskulla",
                    "Tallenna ja siirry seuraavaan laskuun hiireen koskematta.",
                    None,
                ),
                item(
                    "Suodata lista muistiin",
                    "Tallennettu suodatin löytyy seuraavallakin kerralla.",
                    None,
                ),
            ],
            contacts: vec![
                ContactCard {
                    title: "Asiakastuki".into(),
                    text: Some("Autamme ohjelman käytössä.".into()),
                    hours: vec!["ma–pe 8–16".into()],
                    links: vec![
                        link("mailto:tuki@example.org", "tuki@example.org"),
                        link("tel:+358123", "09 123 4567"),
                    ],
                },
                ContactCard {
                    title: "Koulutus".into(),
                    text: Some("Varaa koulutus tiimillesi.".into()),
                    hours: vec![],
                    links: vec![link("https://example.org", "Varaa aika")],
                },
            ],
        };
        self.page("index.html", Template::Home, "home", "Etusivu", home);

        let toc = [
            (2, "ennen", "Ennen kuin aloitat"),
            (2, "valitse", "Valitse laskutettavat asiakkaat"),
            (3, "rajaa", "Rajaa Asiakkaat-painikkeella"),
            (2, "vaihtoehdot", "Näkymän vaihtoehdot"),
            (2, "tarkista", "Tarkista ja hyväksy"),
            (2, "virheet", "Tavallisimmat virheet"),
        ];
        let article = ArticlePage {
            title: "Monen asiakkaan laskutus kerralla".into(),
            breadcrumb: vec![link("../../laskutus/", "Laskutus")],
            kind: Kind { id: "guide", title: "Ohje".into() },
            notice: None,
            body_lang: None,
            marks: vec![],
            date: None,
            updated: Some(date("4. toukokuuta 2026")),
            version: Some("2026.4".into()),
            module: Some("Myynti".into()),
            tags: vec![link("#", "massalaskutus"), link("#", "sopimukset")],
            html: ARTICLE.into(),
            toc: toc
                .into_iter()
                .map(|(level, id, title)| TocEntry { level, id: id.into(), title: title.into() })
                .collect(),
            related: vec![
                item(
                    "Hyvityslaskun tekeminen",
                    "Kun lasku pitää perua osittain tai kokonaan.",
                    Some(("guide", "Ohje")),
                ),
                item(
                    "Lasku ei lähde",
                    "Mitä tehdä, kun verkkolasku palautuu.",
                    Some(("troubleshooting", "Vianetsintä")),
                ),
            ],
            backlinks: vec![link("#", "Laskutuksen kuukausikierto"), link("#", "Sopimuslaskutus")],
            previous: Some(link("#", "Laskun tekeminen")),
            next: Some(link("#", "Hyvityslaskun tekeminen")),
            edit_url: Some("#".into()),
            feedback: Some(Feedback {
                action: "/feedback".into(),
                mail: false,
                article: "laskutus/massalaskutus/".into(),
            }),
            extra: &serde_json::Value::Null,
        };
        self.page(
            "laskutus/massalaskutus/index.html",
            Template::Article,
            "article",
            "Monen asiakkaan laskutus kerralla",
            article,
        );

        let category = CategoryPage {
            title: "Laskutus".into(),
            description: Some("Laskun tekemisestä maksumuistutukseen.".into()),
            breadcrumb: vec![],
            icon_html: None,
            marks: vec![],
            html: None,
            count: "14 ohjetta".into(),
            categories: cards("../")[..2]
                .iter()
                .map(|c| card(&c.title, "Kaikki aiheesta.", "3 ohjetta", "folder"))
                .collect(),
            articles: vec![
                item("Laskun tekeminen", "Yksittäisen laskun vaiheet alusta loppuun.", None),
                item(
                    "Monen asiakkaan laskutus kerralla",
                    "Laskuta sopimukset tai projektit yhdellä kertaa.",
                    None,
                ),
                ArticleItem {
                    marks: vec!["Pääkäyttäjälle".into()],
                    ..item(
                        "Laskupohjien asetukset",
                        "Pohjat, logot ja maksuehdot.",
                        Some(("reference", "Viite")),
                    )
                },
                item(
                    "Lasku ei lähde",
                    "Mitä tehdä, kun verkkolasku palautuu.",
                    Some(("troubleshooting", "Vianetsintä")),
                ),
            ],
            print_url: Some("../print/laskutus/".into()),
            edit_url: None,
        };
        self.page("laskutus/index.html", Template::Category, "category", "Laskutus", category);

        let section = |level, id: &'static str, title: &'static str| ContentsSection {
            id: id.into(),
            level,
            url: "#".into(),
            title: title.into(),
            count: "4 ohjetta".into(),
            articles: vec![
                item("Laskun tekeminen", "", None),
                item("Monen asiakkaan laskutus kerralla", "", None),
                item("Lasku ei lähde", "", Some(("troubleshooting", "Vianetsintä"))),
            ],
        };
        let contents = ContentsPage {
            sections: vec![
                section(2, "s1", "Aloittaminen"),
                section(2, "s2", "Laskutus"),
                section(3, "s3", "Verkkolaskut"),
                section(2, "s4", "Työaika"),
            ],
            count: "214 ohjetta".into(),
            print_url: Some("../print/".into()),
        };
        self.page("contents/index.html", Template::Contents, "contents", "Sisältö", contents);

        let letter = |letter: &'static str| Letter {
            letter: letter.into(),
            id: format!("l-{letter}"),
            articles: vec![
                ArticleItem {
                    category: Some("Laskutus".into()),
                    ..item("Laskun tekeminen", "", None)
                },
                ArticleItem { category: Some("Työaika".into()), ..item("Lounastauko", "", None) },
            ],
        };
        let a_z = AToZPage {
            groups: ["A", "H", "L", "Ä", "Ö"].map(letter).into(),
            count: "214 ohjetta".into(),
        };
        self.page("a-z/index.html", Template::AToZ, "a-z", "A–Ö", a_z);

        let categories =
            || vec![link("#", "Laskutus"), link("#", "Työaika"), link("#", "Asetukset")];
        self.page(
            "search/index.html",
            Template::Search,
            "search",
            "Haku",
            SearchPage { categories: categories() },
        );
        self.page(
            "404.html",
            Template::NotFound,
            "missing",
            "Sivua ei löytynyt",
            NotFoundPage { categories: categories() },
        );
        let tags = vec![TagItem { url: "#".into(), title: "massalaskutus".into(), count: 3 }];
        self.page("tags/index.html", Template::Tags, "tags", "Avainsanat", TagsPage { tags });
        let tag = TagPage {
            title: "massalaskutus".into(),
            count: "1 ohje".into(),
            articles: vec![item("Laskun tekeminen", "Vaiheet.", None)],
        };
        self.page("tags/massalaskutus/index.html", Template::Tag, "tag", "massalaskutus", tag);
        let chapter =
            |number: &str, level, id: &'static str, title: &'static str, html: &'static str| {
                Chapter {
                    number: number.into(),
                    level,
                    holds_others: level == 1,
                    id: id.into(),
                    title: title.into(),
                    marks: vec![],
                    html: html.into(),
                }
            };
        let print = PrintPage {
            title: "Laskutus".into(),
            subtitle: Some("Versio 2026.4".into()),
            chapters: vec![
                chapter("1", 1, "c1", "Laskutus", ""),
                chapter("1.1", 2, "c1-1", "Monen asiakkaan laskutus kerralla", ARTICLE),
            ],
        };
        self.page("print/index.html", Template::Print, "print", "Laskutus", print);
    }
}

fn link<'a>(url: &'a str, title: &'a str) -> Link<'a> {
    Link { url: url.into(), title: title.into() }
}

fn date(text: &str) -> Date {
    Date { iso: "2026-05-04".into(), text: text.into() }
}

fn item<'a>(
    title: &'a str,
    text: &'a str,
    kind: Option<(&'static str, &'a str)>,
) -> ArticleItem<'a> {
    ArticleItem {
        url: "#".into(),
        title: title.into(),
        description: (!text.is_empty()).then(|| text.into()),
        kind: kind.map(|(id, title)| Kind { id, title: title.into() }),
        date: None,
        marks: vec![],
        category: None,
        alphabetical: 0,
    }
}

fn dated<'a>(title: &'a str, text: &'a str, day: &str) -> ArticleItem<'a> {
    ArticleItem { date: Some(date(day)), ..item(title, text, None) }
}

fn card<'a>(title: &str, text: &'a str, count: &str, icon: &str) -> CategoryCard<'a> {
    CategoryCard {
        url: "#".into(),
        title: title.to_owned().into(),
        description: (!text.is_empty()).then(|| text.into()),
        icon_html: opas::theme::icon::svg(icon).map(Into::into),
        count: count.into(),
        first: vec![
            link("#", "Laskun tekeminen"),
            link("#", "Hyvityslasku"),
            link("#", "Lasku ei lähde"),
        ],
        marks: vec![],
    }
}

fn cards(_root: &str) -> Vec<CategoryCard<'static>> {
    vec![
        card(
            "Aloittaminen",
            "Kirjautuminen, näkymät ja omat asetukset.",
            "12 ohjetta",
            "book-open",
        ),
        card("Laskutus", "Laskun tekemisestä maksumuistutukseen.", "32 ohjetta", "file-text"),
        card("Työaika", "", "1 ohje", "clock"),
        card("Raportit", "Valmiit raportit ja omat poiminnat.", "27 ohjetta", "list"),
        card("Asetukset", "Käyttäjät, oikeudet ja liittymät.", "41 ohjetta", "shield"),
    ]
}

fn nav(root: &str, open: bool) -> Vec<NavCategory<'static>> {
    let top = |slug: &str, title: &'static str| NavCategory {
        url: format!("{root}{slug}/").into(),
        title: title.into(),
        icon_html: None,
        open: false,
        articles: vec![],
        more_before: false,
        more_after: false,
        categories: vec![],
    };
    let article = |slug: &str, title: &'static str| Link {
        url: format!("{root}laskutus/{slug}/").into(),
        title: title.into(),
    };
    let billing = NavCategory {
        open,
        articles: vec![
            article("lasku", "Laskun tekeminen"),
            article("massalaskutus", "Monen asiakkaan laskutus kerralla"),
            article("hyvitys", "Hyvityslaskun tekeminen"),
            article("ei-lahde", "Lasku ei lähde"),
        ],
        categories: vec![top("laskutus/verkkolaskut", "Verkkolaskut")],
        ..top("laskutus", "Laskutus")
    };
    vec![
        top("aloittaminen", "Aloittaminen"),
        billing,
        top("tyoaika", "Työaika"),
        top("raportit", "Raportit"),
        top("asetukset", "Asetukset"),
    ]
}

fn occurrences(text: &str, part: &str) -> usize {
    text.matches(part).count()
}

#[test]
fn every_page_keeps_the_strict_policy_and_has_one_heading_and_landmarks() {
    for (at, html) in &Pages::new().written {
        assert!(!html.contains(" style="), "{at} has a style attribute");
        assert!(!html.contains("<style"), "{at} has a style element");
        assert!(!html.contains("onclick="), "{at} has an inline handler");
        for script in html.split("<script").skip(1) {
            assert!(script.split('>').next().is_some_and(|tag| tag.contains("src=")), "{at}");
        }
        assert_eq!(occurrences(html, "<h1"), 1, "{at}");
        assert_eq!(occurrences(html, "<main"), 1, "{at}");
        assert!(html.contains(r##"href="#content""##) && html.contains(r#"id="content""#), "{at}");
        assert!(html.starts_with("<!doctype html>\n<html lang=\"fi\" dir=\"ltr\">"), "{at}");
        assert!(!html.contains("http://") && !html.contains("href=\"//"), "{at}");
    }
}

#[test]
fn ids_are_unique_and_references_find_their_target() {
    for (at, html) in &Pages::new().written {
        let ids: Vec<&str> =
            html.split(" id=\"").skip(1).filter_map(|s| s.split('"').next()).collect();
        let mut sorted = ids.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), ids.len(), "{at}: {ids:?}");
        for attribute in ["popovertarget=\"", "aria-labelledby=\"", "aria-controls=\"", " for=\""] {
            for target in html.split(attribute).skip(1).filter_map(|s| s.split('"').next()) {
                assert!(ids.contains(&target), "{at}: {attribute}{target}");
            }
        }
    }
}

#[test]
fn the_own_page_is_marked_in_the_navigation() {
    let pages = Pages::new();
    let article = &pages.written["laskutus/massalaskutus/index.html"];
    let marked = r#"<a href="../../laskutus/massalaskutus/" aria-current="page">"#;
    assert_eq!(occurrences(article, marked), 1);
}

#[test]
fn the_pages_can_be_written_out_to_look_at() {
    let Some(folder) = std::env::var_os("OPAS_PAGES_DIR") else { return };
    let pages = Pages::new();
    let write = |path: &str, bytes: &[u8]| {
        let path = Path::new(&folder).join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    for (at, html) in &pages.written {
        write(at, html.as_bytes());
    }
    for asset in pages.theme.bundles().assets() {
        write(asset.url.output().as_str(), &asset.bytes);
    }
}
