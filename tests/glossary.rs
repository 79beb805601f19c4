//! Words that `glossary.toml` explains: where they are known, what readers get, and that hidden
//! ones stay hidden.

mod desk;

use desk::Desk;

const GLOSSARY: &str = r#"
[[term]]
term = "IBAN"
text = "The number of an *account*, as {{product}} knows it."

[[fi.term]]
term = "massalaskutus"
forms = ["erälaskutus"]
text = """Monta laskua kerralla.

{{include snippets/more.md}}"""
link = "laskutus/massa.md"

[[fi.term]]
term = "keskeneräinen lasku"
text = "Lasku, jota ei ole maksettu."

[[fi.term]]
term = "IT"
text = "Tietotekniikka."
"#;

/// Words that a stemmer takes for forms of one, and hyphens.
#[test]
fn another_word_of_the_same_stem_is_not_explained() {
    let desk = Desk::portal();
    desk.write(
        "glossary.toml",
        "[[term]]\nterm = \"finding\"\ntext = \"x\"\n[[term]]\nterm = \"add-on\"\ntext = \"y\"\n\
         [[term]]\nterm = \"price list\"\ntext = \"z\"\n",
    );
    desk.write(
        "content/a.md",
        "# A\n\nFind it, he finds findings. Add on an add-on. Price-lists, price, lists.\n",
    );
    build(&desk);
    let page = desk.read("public/a/index.html");
    let words: Vec<String> = explained(&page).into_iter().map(|(word, _)| word).collect();
    assert_eq!(words, ["findings", "add-on", "Price-lists"]);
}

fn portal() -> Desk {
    let desk = Desk::empty();
    desk.write(
        "opas.toml",
        "title = \"P\"\nlanguages = [\"fi\", \"en\"]\nsite_url = \"https://h.example/\"\n\
         admin = \"separate\"\n[variables]\nproduct = \"Kassa\"\n",
    );
    desk.write("glossary.toml", GLOSSARY);
    desk.write("content/snippets/more.md", "Säästää *aikaa*.\n");
    desk.write("content/fi/_index.md", "# Koti\n");
    desk.write("content/fi/laskutus/_index.md", "# Laskut\n");
    desk.write("content/fi/laskutus/massa.md", "# Massan teko\n\nTee ne.\n");
    desk.write("content/en/_index.md", "# Home\n");
    desk
}

/// The words of the article's body that are explained, with their places in the glossary.
fn explained(html: &str) -> Vec<(String, String)> {
    let body = html.split("data-article").nth(1).unwrap();
    let words = body.split("<a class=\"term\" href=\"").skip(1).map(|rest| {
        let (href, rest) = rest.split_once('"').unwrap();
        let (_, rest) = rest.split_once('>').unwrap();
        let (word, _) = rest.split_once("</a>").unwrap();
        (word.to_owned(), href.to_owned())
    });
    words.collect()
}

fn build(desk: &Desk) {
    desk.opas("build --out public --color never").expect(0, &[]);
}

#[test]
fn a_word_is_explained_at_its_first_use_in_any_form() {
    let desk = portal();
    let cases: &[(&str, &[&str])] = &[
        ("Massalaskutuksen alku, massalaskutuksessa.", &["Massalaskutuksen"]),
        ("Erälaskutuksella.", &["Erälaskutuksella"]),
        ("**Massalaskutus** ja massalaskutus.", &["Massalaskutus"]),
        ("Keskeneräiset laskut\nja keskeneräisiä\nlaskuja.", &["Keskeneräiset laskut"]),
        ("Keskeneräisiä\nlaskuja on.", &["Keskeneräisiä\nlaskuja"]),
        ("IBAN:n vai iban?", &["IBAN"]),
        ("iban, it ja It eivät ole lyhenteitä, IT on.", &["IT"]),
        ("# Massalaskutus\n\n## Massalaskutus", &[]),
        (
            "[massalaskutus](massa.md) `massalaskutus` {ui:Massalaskutus} <b>Keskeneräinen</b> lasku",
            &[],
        ),
        ("> [!NOTE] Massalaskutus\n> Muu.", &[]),
        ("**massa**laskutus, esimassalaskutus", &[]),
        ("{ui:Massalaskutus} on massalaskutuksia.", &["massalaskutuksia"]),
        ("- a\n- massalaskutus\n\n| x |\n|---|\n| IBAN |", &["massalaskutus", "IBAN"]),
    ];
    for (i, (text, _)) in cases.iter().enumerate() {
        desk.write(
            &format!("content/fi/laskutus/a{i}.md"),
            format!("---\ntitle: A{i}\n---\n{text}\n"),
        );
    }
    build(&desk);
    for (i, (text, expected)) in cases.iter().enumerate() {
        let html = desk.read(&format!("public/laskutus/a{i}/index.html"));
        let words: Vec<String> = explained(&html).into_iter().map(|(word, _)| word).collect();
        assert_eq!(words, *expected, "{text}");
    }
}

#[test]
fn the_explanation_is_on_the_page_on_the_glossary_page_on_paper_and_in_the_search() {
    let desk = portal();
    desk.write("content/fi/laskutus/a.md", "# A\n\nMassalaskutuksen IBAN.\n");
    desk.write("content/en/sales/a.md", "# A\n\nAn IBAN.\n");
    build(&desk);
    let page = desk.read("public/laskutus/a/index.html");
    let to = |word: &str, href: &str| (word.to_owned(), href.to_owned());
    assert_eq!(
        explained(&page),
        [
            to("Massalaskutuksen", "../../glossary/#massalaskutus"),
            to("IBAN", "../../glossary/#iban")
        ]
    );
    assert!(page.contains("aria-describedby=\"term-massalaskutus\""), "{page}");
    assert!(page.contains("<dd id=\"term-massalaskutus\"><p>Monta laskua kerralla."), "{page}");
    assert!(page.contains("<a href=\"../massa/\">Massan teko</a>"), "{page}");
    // Other languages have what is for all, and their own address.
    let english = desk.read("public/en/sales/a/index.html");
    assert_eq!(explained(&english), [to("IBAN", "../../glossary/#iban")]);

    let glossary = desk.read("public/glossary/index.html");
    let at = |text: &str| glossary.find(text).unwrap_or_else(|| panic!("no {text} in {glossary}"));
    assert!(at("id=\"keskenerainen-lasku\"") < at("id=\"massalaskutus\""));
    assert!(at("id=\"iban\"") < at("id=\"keskenerainen-lasku\""));
    assert!(glossary.contains("<em>account</em>, as Kassa knows it"), "{glossary}");
    assert!(glossary.contains("Säästää <em>aikaa</em>"), "{glossary}");
    assert_eq!(explained(&page).len(), 2);
    assert!(page.contains("href=\"../../glossary/\""), "it is in the navigation");
    assert!(desk.read("public/sitemap.xml").contains("https://h.example/glossary/"));

    let print = desk.read("public/print/index.html");
    assert!(print.contains("<dt id=\"g-massalaskutus\">"), "{print}");
    assert!(print.contains("href=\"#g-massalaskutus\""), "{print}");
    assert!(print.contains("keskeneräinen lasku"), "the whole manual has the whole glossary");
    let part = desk.read("public/print/laskutus/index.html");
    assert!(part.contains("<dt id=\"g-iban\">") && !part.contains("keskeneräinen lasku"), "{part}");

    let hits = desk.run(["search", "erälaskutus", "--json"], &[]);
    hits.expect(0, &["glossary/#massalaskutus", "\"term\""]);
    desk.opas("check --color never").expect(0, &[]);
}

#[test]
fn a_portal_without_terms_has_no_glossary() {
    let desk = Desk::portal();
    desk.write("glossary.toml", "");
    build(&desk);
    assert!(!desk.path("public/glossary").exists());
    assert!(!desk.read("public/index.html").contains("glossary/"));
    // And the address is the writer's.
    desk.write("content/glossary.md", "# Words\n");
    build(&desk);
    desk.write("glossary.toml", "[[term]]\nterm = \"A\"\ntext = \"B\"\n");
    desk.opas("build --out public --color never").expect(1, &["duplicate-url", "glossary.toml"]);
}

#[test]
fn what_is_wrong_with_a_term_is_said_with_its_line() {
    let desk = portal();
    desk.write(
        "glossary.toml",
        "[[term]]\nterm = \"A\"\ntext = \"See [it](nowhere.md), {{product}} {{x}}.\"\nlink = \"none.md\"\n",
    );
    desk.opas("check --color never").expect(
        0,
        &["warning[dead-link]", "`nowhere.md`", "glossary.toml:3", "none.md", "unknown-variable"],
    );
    desk.write("glossary.toml", "[[term]]\nterm = \"A\"\ntext = \"x\"\naudience = \"admni\"\n");
    desk.opas("check --color never").expect(1, &["unknown-audience", "glossary.toml:4", "`admin`"]);
}

#[test]
fn a_change_of_a_term_is_a_change_of_the_portal() {
    let desk = portal();
    build(&desk);
    desk.write("glossary.toml", "[[term]]\nterm = \"IBAN\"\ntext = \"Another text.\"\n");
    build(&desk);
    assert!(desk.read("public/glossary/index.html").contains("Another text."));
}

#[test]
fn later_layers_add_terms_and_put_theirs_in_place_of_earlier_ones() {
    let desk = Desk::empty();
    desk.write("vendor/content/a.md", "# A\n\nAn order and a batch and a claim.\n");
    desk.write(
        "vendor/glossary.toml",
        "[[term]]\nterm = \"order\"\ntext = \"Vendor's order.\"\n\
         [[term]]\nterm = \"batch\"\ntext = \"Vendor's [batch](x.md).\"\n",
    );
    desk.write("own/opas.toml", "title = \"O\"\nlayers = [\"../vendor\", \".\"]\n");
    desk.write("own/content/b.md", "# B\n");
    desk.write(
        "own/glossary.toml",
        "[[term]]\nterm = \"Order\"\ntext = \"Our order.\"\n\
         [[term]]\nterm = \"claim\"\ntext = \"Our claim.\"\n",
    );
    let run = desk.opas("build --root own --out public --color never");
    run.expect(0, &["../vendor/glossary.toml:6", "dead-link"]);
    let page = desk.read("public/a/index.html");
    let words: Vec<String> = explained(&page).into_iter().map(|(word, _)| word).collect();
    assert_eq!(words, ["order", "batch", "claim"]);
    assert!(page.contains("Our order.") && !page.contains("Vendor's order"));
}

#[test]
fn a_hidden_term_is_in_no_file_of_the_public_portal() {
    let desk = portal();
    // Each hides a made-up word in another way.
    desk.write(
        "glossary.toml",
        "[[fi.term]]\nterm = \"Qvackola\"\nforms = [\"zibbeltro\"]\n\
         text = \"Wummelfax ![drezzulin](salakuva.png) [x](laskutus/salainen.md).\"\naudience = \"admin\"\n\
         [[fi.term]]\nterm = \"Plonkavar\"\ntext = \"Hubbasnik.\"\nmodule = \"varasto\"\n\
         [[fi.term]]\nterm = \"lasku\"\ntext = \"Avoin. :::only for=admin\\n\\n:::\"\n\
         [[fi.term]]\nterm = \"maksu\"\ntext = \"\"\"Open.\n\n> [!ADMIN]\n> Grimbotta.\n\"\"\"\n\
         link = \"laskutus/salainen.md\"\n",
    );
    desk.write(
        "opas.toml",
        desk.read("opas.toml").replace("[variables]", "modules = [\"crm\"]\n[variables]"),
    );
    let pixel = image::RgbImage::from_pixel(2, 2, image::Rgb([1, 2, 3]));
    let mut png = Vec::new();
    pixel.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
    desk.write("content/fi/salakuva.png", &png);
    desk.write(
        "content/fi/laskutus/salainen.md",
        "---\ntitle: Skluntify brumwelda\naudience: admin\n---\n\nYerriglom.\n",
    );
    desk.write("content/fi/laskutus/a.md", "# A\n\nLasku, maksu ja muu.\n");
    desk.opas("build --out public --color never");
    desk.opas("build --audience admin --out admins --color never");
    let hidden = [
        "qvackola",
        "zibbeltro",
        "wummelfax",
        "drezzulin",
        "salakuva",
        "plonkavar",
        "hubbasnik",
        "grimbotta",
        "skluntify",
        "brumwelda",
        "salainen",
    ];
    let holds = |bytes: &[u8], path: &str, word: &str| {
        let text = String::from_utf8_lossy(bytes).to_lowercase();
        let front_coded = path.starts_with("search/") && text.contains(&word[3..]);
        text.contains(word) || path.contains(word) || front_coded
    };
    let public = desk.tree("public");
    for word in hidden {
        for (path, bytes) in &public {
            assert!(!holds(bytes, path, word), "{word} in {path}");
            assert_ne!(bytes, &png, "{path} is a hidden picture");
        }
    }
    let admins = desk.tree("admins");
    // What a module leaves out is in no portal, and a term's other words are written nowhere but in
    // the search.
    for word in hidden.iter().filter(|word| !["plonkavar", "hubbasnik"].contains(word)) {
        let told = admins.iter().any(|(path, bytes)| holds(bytes, path, word));
        assert!(told, "{word} is not even in the admins' portal");
    }
    desk.opas("check --leaks public --color never").expect(0, &[]);
    desk.opas("check --leaks admins --color never").expect(1, &["error[leak]", "qvackola"]);
    // One word of a term is enough for the check.
    let page = desk.read("public/laskutus/a/index.html");
    desk.write("public/laskutus/a/index.html", page.replace("muu", "zibbeltro"));
    desk.opas("check --leaks public --color never").expect(1, &["zibbeltro"]);

    // A glossary that shows nothing is not there at all, not even its name in the navigation.
    desk.write(
        "glossary.toml",
        "[[term]]\nterm = \"Qvackola\"\ntext = \"X.\"\naudience = \"admin\"\n",
    );
    build(&desk);
    assert!(!desk.path("public/glossary").exists());
    assert!(!desk.read("public/laskutus/a/index.html").contains("glossary"));
    desk.opas("build --audience admin --out admins --color never").expect(0, &[]);
    let report = desk.read(".opas/audience-report-admin.json");
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["files"]["glossary/index.html"], serde_json::json!(["admin"]));
}
