//! What each language asks for: order, dates, plurals, quotes. And what is wrong with languages.

mod desk;

use desk::Desk;

/// By language: the order of titles, a date, the counts of one and of eight articles, quotes.
const CASES: [(&str, &str, &str, [&str; 2], &str); 8] = [
    ("fi", "Ax Ox Õx Zx Åx Äx Öx Ыx", "4. toukokuuta 2026", ["1 ohje", "8 ohjetta"], "”a ’b’”"),
    ("sv", "Ax Ox Õx Zx Åx Äx Öx Ыx", "4 maj 2026", ["1 guide", "8 guider"], "”a ’b’”"),
    ("en", "Ax Åx Äx Ox Öx Õx Zx Ыx", "4 May 2026", ["1 article", "8 articles"], "“a ‘b’”"),
    ("ru", "Ыx Ax Åx Äx Ox Öx Õx Zx", "4 мая 2026", ["1 статья", "8 статей"], "«a „b“»"),
    ("de", "Ax Åx Äx Ox Öx Õx Zx Ыx", "4. Mai 2026", ["1 Anleitung", "8 Anleitungen"], "„a ‚b‘“"),
    ("et", "Ax Åx Ox Zx Õx Äx Öx Ыx", "4. mai 2026", ["1 juhend", "8 juhendit"], "„a ‚b‘“"),
    ("nb", "Ax Ox Õx Zx Äx Öx Åx Ыx", "4. mai 2026", ["1 veiledning", "8 veiledninger"], "«a ‘b’»"),
    ("da", "Ax Ox Õx Zx Äx Öx Åx Ыx", "4. maj 2026", ["1 vejledning", "8 vejledninger"], "”a ’b’”"),
];

#[test]
fn order_dates_counts_and_quotes_are_the_languages_own() {
    for (language, order, date, [one, eight], quotes) in CASES {
        let desk = Desk::empty();
        desk.write("opas.toml", format!("title = \"T\"\nlanguages = [\"{language}\"]\n"));
        desk.write("content/a/_index.md", "---\ntitle: Aa\n---\nx\n");
        for (i, title) in ["Zx", "Äx", "Åx", "Öx", "Õx", "Ax", "Ox", "Ыx"].iter().enumerate() {
            let text = format!("---\ntitle: {title}\n---\nx \"a 'b'\"\n");
            desk.write(&format!("content/a/f{i}.md"), text);
        }
        desk.write("content/announcements/2026-05-04-n.md", "---\ntitle: News\n---\nx\n");
        desk.opas("build --color never").expect(0, &[]);
        let category = desk.read("public/a/index.html");
        let titles = category.split("<a href=\"../a/f").skip(1);
        let titles: Vec<&str> =
            titles.filter_map(|part| part.split_once('>')?.1.split('<').next()).collect();
        assert!(titles.join(" ").contains(order), "{language}: {titles:?}");
        assert!(category.contains(eight) && category.contains(quotes), "{language}: {category}");
        let announcements = desk.read("public/announcements/index.html");
        assert!(announcements.contains(one), "{language}: {announcements}");
        let news = desk.read("public/announcements/2026-05-04-n/index.html");
        assert!(news.contains(date), "{language}: {news}");
        assert!(news.contains(&format!("lang=\"{language}\"")));
    }
}

#[test]
fn what_is_wrong_with_translations_is_told() {
    let desk = Desk::empty();
    desk.write("opas.toml", "title = \"T\"\nlanguages = [\"en\", \"fi\"]\n");
    desk.write("content/en/a.md", "---\ntitle: A\nkey: one\n---\nx\n");
    desk.write("content/en/b.md", "---\ntitle: B\nkey: one\n---\nx\n");
    desk.write("content/fi/c.md", "---\ntitle: C\nkey: one\n---\nx\n");
    desk.write("content/fi/gone.md", "---\ntitle: D\nsource_hash: \"123456\"\n---\nx\n");
    desk.write("content/stray.md", "x\n");
    desk.opas("check --color never").expect(
        0,
        &[
            "warning[duplicate-key]: `content/en/a.md` has the key `one` already",
            "content/en/b.md:3",
            "warning[orphaned-translation]: the article that this translates is gone",
            "content/fi/gone.md",
            "warning[no-language]",
            "content/stray.md",
            "`fi` lacks 1 of 2 articles",
        ],
    );
    desk.opas("translate status").expect(0, &["orphaned", "content/fi/gone.md"]);
    desk.opas("translate mark content/fi/gone.md").expect(2, &["gone.md"]);
}

#[test]
fn what_is_wrong_with_audiences_is_told() {
    let desk = Desk::portal();
    let config = desk.read("opas.toml");
    for (table, words) in [
        ("a = [\"b\"]\nb = [\"c\"]\nc = [\"a\"]", "audience `a` includes itself by way of `c`"),
        ("a = [\"a\"]", "audience `a` includes itself"),
        ("a = [\"nobody\"]", "includes `nobody`, which is not an audience"),
    ] {
        desk.write("opas.toml", format!("{config}[audiences]\n{table}\n"));
        desk.opas("check --color never").expect(2, &[words, "opas.toml:4", "help: "]);
    }
    desk.write("opas.toml", format!("{config}admin = \"separate\"\n"));
    desk.opas("build --audience chief --out x").expect(2, &["no audience `chief`", "user, admin"]);
    for text in [
        "---\naudience: chief\n---\nSecret.\n",
        "> [!NOTE for=chief]\n> Secret.\n",
        ":::only for=chief\nSecret.\n:::\n",
        "- {for=chief} Secret.\n",
        "![Secret](x.png){for=chief}\n",
    ] {
        desk.write("content/sales/invoice.md", text);
        let run = desk.opas("build --out x --color never");
        run.expect(1, &["unknown-audience", "`chief`", "content/sales/invoice.md:"]);
        assert!(!desk.path("x").exists());
    }
}

#[test]
fn one_link_to_something_hidden_is_one_finding() {
    let desk = Desk::portal();
    desk.write("opas.toml", "title = \"T\"\nadmin = \"separate\"\nsite_url = \"https://x.fi/\"\n");
    desk.write(
        "content/sales/keys.md",
        "---\ntitle: Keys of the house\naudience: admin\n---\nText.\n",
    );
    let findings = |text: &str| {
        desk.write("content/sales/invoice.md", format!("---\ntitle: Invoice\n---\n\n{text}\n"));
        let said = desk.opas("check --color never").expect(0, &[]).text();
        let count = |rule: &str| said.matches(&format!("warning[{rule}]")).count();
        (count("link-to-hidden"), count("hidden-title"))
    };
    assert_eq!(findings("See [[Keys of the house]]."), (1, 0));
    assert_eq!(findings("See [keys of the House](keys.md)."), (1, 0));
    assert_eq!(findings("See the keys of the house."), (0, 1));
    // The one is not shown, the other is.
    assert_eq!(findings("See [[Keys of the house]], the keys of the house."), (1, 1));
    assert_eq!(findings("See [where the keys of the house are](keys.md)."), (1, 1));
}

#[test]
fn the_switcher_leads_to_the_article_or_near_it_and_says_which() {
    let desk = Desk::empty();
    let config = "title = \"T\"\nlanguages = [\"en\", \"fi\", \"sv\"]\nsite_url = \"https://x.fi/\"\n\
                  [variables]\nproduct = { en = \"Cloud\", fi = \"Pilvi\" }\nphone = \"112\"\n";
    desk.write("opas.toml", config);
    for (path, text) in [
        ("en/sales/_index.md", "---\ntitle: Sales\n---\n"),
        ("en/sales/bills/a.md", "---\ntitle: A\n---\n{{product}} {{phone}}.\n"),
        ("en/sales/bills/b.md", "---\ntitle: B\n---\nx\n"),
        ("en/stock/c.md", "---\ntitle: C\n---\nx\n"),
        ("fi/sales/_index.md", "---\ntitle: Myynti\nslug: myynti\n---\n"),
        ("fi/sales/bills/a.md", "---\ntitle: Äx\nslug: lasku\n---\n{{product}} {{phone}}.\n"),
        ("sv/sales/_index.md", "---\ntitle: Försäljning\n---\nText.\n"),
    ] {
        desk.write(&format!("content/{path}"), text);
    }
    desk.opas("build --color never").expect(0, &[]);
    // By page: where it leads in Finnish and Swedish, and whether it says that there is no translation.
    let cases = [
        ("sales/bills/a", "fi/myynti/bills/lasku/", false, "sv/sales/", true),
        ("sales/bills/b", "fi/myynti/bills/", true, "sv/sales/", true),
        ("stock/c", "fi/", true, "sv/", true),
        ("sales", "fi/myynti/", false, "sv/sales/", false),
        ("", "fi/", false, "sv/", false),
    ];
    for (page, finnish, not_finnish, swedish, not_swedish) in cases {
        let html = desk.read(&format!("public/{page}/index.html"));
        for (lang, url, missing) in [("fi", finnish, not_finnish), ("sv", swedish, not_swedish)] {
            let up = "../".repeat(page.split('/').filter(|part| !part.is_empty()).count());
            let link = format!("href=\"{up}{url}\" lang=\"{lang}\" hreflang=\"{lang}\"");
            let entry =
                html.split_once(&link).unwrap_or_else(|| panic!("{page}: {link} in {html}")).1;
            let entry = entry.split_once("</li>").unwrap().0;
            assert_eq!(entry.contains("not translated"), missing, "{page} {lang}: {entry}");
            let alternate = format!("hreflang=\"{lang}\" href=\"https://x.fi/{url}\"");
            assert_eq!(html.contains(&alternate), !missing, "{page} {lang}");
        }
    }
    // A text without a variant for the language is that of all.
    assert!(desk.read("public/sales/bills/a/index.html").contains("Cloud 112."));
    assert!(desk.read("public/fi/myynti/bills/lasku/index.html").contains("Pilvi 112."));
    // With stand-ins every article is in every language, and no stand-in counts as a translation.
    desk.write("opas.toml", format!("fallback = \"show\"\n{config}"));
    desk.opas("build --color never").expect(0, &[]);
    let page = desk.read("public/sales/bills/b/index.html");
    assert!(page.contains("href=\"../../../fi/myynti/bills/b/\""), "{page}");
    assert!(!page.contains("<link rel=\"alternate\" hreflang"), "{page}");
    assert!(
        page.contains("lang=\"fi\" hreflang=\"fi\">Suomi <small lang=\"en\">not translated"),
        "{page}"
    );
    let stand_in = desk.read("public/fi/myynti/bills/b/index.html");
    assert!(stand_in.contains("class=\"notice\""), "{stand_in}");
    let canonical = "rel=\"canonical\" href=\"https://x.fi/sales/bills/b/\"";
    assert!(stand_in.contains(canonical) && !stand_in.contains("rel=\"alternate\" hreflang"));
    let sitemap = desk.read("public/sitemap.xml");
    assert!(sitemap.contains("fi/myynti/bills/lasku/") && !sitemap.contains("fi/myynti/bills/b/"));
}

#[test]
fn a_portal_changes_the_themes_words() {
    let desk = Desk::portal();
    desk.write("opas.toml", "title = \"T\"\nlanguages = [\"fi\", \"xx\"]\ntheme = \"own\"\n");
    desk.write("content/fi/a.md", "---\ntitle: A\n---\nx\n");
    desk.write("content/xx/a.md", "---\ntitle: A\n---\nx\n");
    desk.write("themes/own/i18n/fi.toml", "[page]\ncontents = \"Kaikki ohjeet\"\n");
    desk.write("themes/own/i18n/xx.toml", "[page]\ncontents = \"Xontents\"\n");
    desk.opas("build --color never").expect(0, &[]);
    assert!(desk.read("public/a/index.html").contains("Kaikki ohjeet"));
    // A language that the theme does not know: its own words, English for the rest.
    let page = desk.read("public/xx/a/index.html");
    assert!(page.contains("Xontents") && page.contains("Search"), "{page}");
}

#[test]
fn a_page_as_markdown_says_whom_its_parts_are_for() {
    let desk = Desk::portal();
    desk.write(
        "content/sales/invoice.md",
        "---\ntitle: Invoice\n---\n- a\n  - [ ] b\n  - c\n\n1. x\n   1. {for=admin} y\n\n      more\n\n\
         :::only for=admin\nz\n:::\n\n> [!NOTE for=admin] Title\n> u\n\n> [!ADMIN]\n> v\n",
    );
    desk.write("content/sales/keys.md", "---\ntitle: Keys\naudience: admin\n---\nx\n");
    desk.opas("build --color never").expect(0, &[]);
    assert_eq!(
        desk.read("public/sales/invoice/article.md"),
        "# Invoice\n\n- a\n  - [ ] b\n  - c\n\n1. x\n   1. *For admins* y\n\n      more\n\n*For admins*\n\nz\n\n\
         *For admins*\n\n> [!NOTE] Title\n>\n> u\n\n> [!ADMIN]\n>\n> v\n"
    );
    assert_eq!(desk.read("public/sales/keys/article.md"), "# Keys\n\n*For admins*\n\nx\n");
    // Nobody is told what they do not see.
    desk.write("opas.toml", "title = \"T\"\nadmin = \"separate\"\n");
    desk.opas("build --out apart --color never").expect(0, &[]);
    let public = desk.read("apart/sales/invoice/article.md");
    assert_eq!(public, "# Invoice\n\n- a\n  - [ ] b\n  - c\n\n1. x\n");
}
