//! A company's portal on its vendor's manual, in several languages: what is added, hidden, told of
//! as changed, and what stands in for a missing translation.

mod desk;

use desk::Desk;

fn vendor_and_company() -> Desk {
    let desk = Desk::empty();
    desk.write("vendor/opas.toml", "title = \"Vendor\"\nlanguages = [\"en\", \"fi\", \"sv\"]\n");
    desk.write("vendor/content/en/sales/_index.md", "---\ntitle: Sales\n---\n");
    desk.write(
        "vendor/content/en/sales/invoice.md",
        "---\ntitle: Send an invoice\n---\n\nStart.\n\n## Before you send\n\nCheck it.\n\n\
         ## Legacy screens\n\nOld vendorish words.\n\n### Deeper legacy\n\nMore.\n\n## After\n\nDone.\n",
    );
    desk.write("vendor/content/en/sales/refund.md", "---\ntitle: Refund\n---\n\nVendor refund.\n");
    desk.write("vendor/content/fi/sales/_index.md", "---\ntitle: Myynti\n---\n");
    desk.write(
        "vendor/content/fi/sales/invoice.md",
        "---\ntitle: Lähetä lasku\nslug: lahetalasku\n---\n\nAlku.\n",
    );
    desk.write(
        "company/opas.toml",
        "title = \"Company\"\nlanguages = [\"en\", \"fi\", \"sv\"]\nfallback = \"show\"\n\
         layers = [\"../vendor\", \".\"]\nsite_url = \"https://help.example.com/\"\n",
    );
    desk.write(
        "company/content/en/own/invoice-rules.md",
        "---\ntitle: Our rules\nextends: sales/invoice.md\nafter: \"#before-you-send\"\n\
         hides: [\"#legacy-screens\"]\n---\n\nAsk [Maria](../process/approve.md) first.\n",
    );
    desk.write("company/content/en/process/_index.md", "---\ntitle: Our process\n---\n");
    desk.write(
        "company/content/en/process/approve.md",
        "---\ntitle: Approve\n---\n\nThen [send it](../sales/invoice.md#after).\n",
    );
    desk.write(
        "company/content/en/sales/refund.md",
        "---\ntitle: Refund\n---\n\nCompany refund.\n",
    );
    desk
}

#[test]
fn a_company_adds_to_its_vendors_manual_without_forking_it() {
    let desk = vendor_and_company();
    desk.opas("build --root company --out out --color never").expect(0, &[]);
    let page = desk.read("out/sales/invoice/index.html");
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("no {text} in {page}"));
    assert!(place("Check it.") < place("<aside class=\"own\">"));
    assert!(place("How we do it") < place("</aside>"));
    assert!(place("How we do it") < place("href=\"../../process/approve/\""));
    assert!(place("href=\"../../process/approve/\"") < place("Done."));
    // What is hidden is nowhere, below its heading neither, and not in the search.
    for (path, bytes) in desk.tree("out") {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("vendorish") && !text.contains("Deeper legacy"), "{path}");
    }
    // A file of the same path replaces, a new category joins, an extension is no page.
    assert!(desk.read("out/sales/refund/index.html").contains("Company refund."));
    assert!(desk.read("out/process/approve/index.html").contains("../../sales/invoice/#"));
    assert!(!desk.tree("out").contains_key("own/invoice-rules/index.html"));
    desk.opas("layers --root company").expect(0, &["1 in place of an earlier layer's"]);
}

#[test]
fn a_vendors_change_is_told_to_whoever_extended_the_article() {
    let desk = vendor_and_company();
    let own = "company/content/en/own/invoice-rules.md";
    desk.opas("check --root company --color never")
        .expect(0, &["warning[unmarked-extension]", "own/invoice-rules.md:3", "layers mark"]);
    desk.opas(&format!("layers mark {own} --root company")).expect(0, &["fits"]);
    assert!(desk.read("company/extended/en/own/invoice-rules.md").contains("Check it."));
    let quiet = desk.opas("check --root company --color never").text();
    assert!(!quiet.contains("extended-changed") && !quiet.contains("unmarked"), "{quiet}");

    let vendor = "vendor/content/en/sales/invoice.md";
    let text = desk.read(vendor);
    desk.write(vendor, text.replace("Check it.", "Check it twice."));
    desk.opas("check --root company --color never")
        .expect(0, &["extended-changed", "Before you send", "opas layers mark"])
        .expect(0, &["\"Check it.\" is now \"Check it twice.\""]);
    // The copy goes nowhere but into this message, and who has none is told where to look.
    desk.opas("build --root company --out out --color never").expect(0, &[]);
    assert!(!desk.tree("out").keys().any(|path| path.contains("extended")));
    std::fs::remove_dir_all(desk.path("company/extended")).unwrap();
    let run = desk.opas("check --root company --color never");
    run.expect(0, &["has changed since: \"Before you send\"\n"]);
    desk.opas(&format!("layers mark {own} --root company")).expect(0, &["fits"]);
    desk.write(vendor, desk.read(vendor) + "\nAnd more.\n");
    desk.opas("check --root company --color never").expect(0, &["\"And more.\" is new"]);

    desk.write(vendor, text.replace("## Before you send", "## Before sending"));
    desk.opas("check --root company --color never")
        .expect(1, &["dead-extends", "#before-you-send", "did you mean `#before-sending`?"]);
    desk.write(own, desk.read(own).replace("sales/invoice.md", "sales/invoices.md"));
    desk.opas("check --root company --color never")
        .expect(1, &["dead-extends", "did you mean `sales/invoice.md`?"]);
}

#[test]
fn the_original_stands_in_for_a_missing_translation_and_says_so() {
    let desk = vendor_and_company();
    desk.opas("build --root company --out out --color never").expect(0, &[]);
    let finnish = desk.read("out/fi/sales/lahetalasku/index.html");
    assert!(finnish.contains("Alku.") && !finnish.contains("class=\"notice\""));
    assert!(finnish.contains("hreflang=\"en\""));
    let stand_in = desk.read("out/sv/sales/invoice/index.html");
    assert!(stand_in.contains("class=\"notice\"") && stand_in.contains("lang=\"en\""));
    assert!(stand_in.contains("Done."));
    // It leads on within its language.
    let approve = desk.read("out/sv/process/approve/index.html");
    assert!(approve.contains("href=\"../../sales/invoice/#after\""), "{approve}");
}

#[test]
fn a_translation_that_lags_behind_is_told_to_writers_and_readers() {
    let desk = vendor_and_company();
    let finnish = "vendor/content/fi/sales/invoice.md";
    desk.opas(&format!("translate mark {finnish} --root vendor")).expect(0, &["as it is now"]);
    desk.opas("translate status --root vendor").expect(0, &["fi: 1 current, 0 unmarked, 0 stale"]);
    let english = "vendor/content/en/sales/invoice.md";
    desk.write(english, desk.read(english).replace("Check it.", "Check it twice."));
    desk.opas("translate status --root vendor").expect(0, &["stale", "Before you send"]);
    desk.opas("build --root vendor --out out --color never").expect(0, &["stale-translation"]);
    let page = desk.read("out/fi/sales/lahetalasku/index.html");
    assert!(page.contains("class=\"notice\"") && page.contains("../../../sales/invoice/"));
    desk.opas(&format!("translate minor {english} --root vendor"))
        .expect(0, &["fi/sales/invoice.md translates", "passed over: Before you send"]);
    desk.opas("translate status --root vendor").expect(0, &["fi: 1 current"]);
}

#[test]
fn folders_may_be_named_in_their_language() {
    let desk = Desk::empty();
    desk.write(
        "opas.toml",
        "title = \"T\"\nlanguages = [\"en\", \"fi\"]\nsite_url = \"https://a.fi/\"\n",
    );
    desk.write("content/en/sales/invoice.md", "---\ntitle: Invoice\n---\nA.\n");
    desk.write("content/en/sales/overview.md", "---\ntitle: Sales\n---\nA.\n");
    desk.write("content/en/stock/overview.md", "---\ntitle: Stock\n---\nA.\n");
    desk.write("content/fi/myynti/invoice.md", "---\ntitle: Lasku\n---\nB.\n");
    desk.write("content/fi/myynti/overview.md", "---\ntitle: Myynti\n---\nB.\n");
    let run = desk.opas("translate status");
    // Two overviews in English: which of them is translated, nobody can tell by the name.
    run.expect(0, &["fi: 0 current, 1 unmarked, 0 stale, 2 missing"]);
    desk.opas("build --out out").expect(0, &[]);
    let page = desk.read("out/fi/myynti/invoice/index.html");
    assert!(page.contains("hreflang=\"en\" href=\"https://a.fi/sales/invoice/\""), "{page}");
}

#[test]
fn a_forgotten_mark_in_one_language_lets_nothing_out() {
    let desk = vendor_and_company();
    desk.write(
        "vendor/opas.toml",
        "title = \"Vendor\"\nlanguages = [\"en\", \"fi\"]\nadmin = \"separate\"\n",
    );
    desk.write(
        "vendor/content/en/sales/keys.md",
        "---\ntitle: The keys\naudience: admin\n---\n\nSecret.\n",
    );
    desk.write("vendor/content/fi/sales/keys.md", "---\ntitle: Avaimet\n---\n\nSalaisuus.\n");
    let run = desk.opas("build --root vendor --out out --color never");
    run.expect(0, &["audience-differs"]);
    for (path, bytes) in desk.tree("out") {
        assert!(!String::from_utf8_lossy(&bytes).contains("Salaisuus"), "{path}");
    }
}

#[test]
fn layers_that_cannot_be_are_refused() {
    let desk = vendor_and_company();
    let config = desk.read("company/opas.toml");
    for (layers, word) in [("[\"../nix\", \".\"]", "../nix"), ("[\".\", \".\"]", "named twice")] {
        let changed = config.replace("[\"../vendor\", \".\"]", layers);
        desk.write("company/opas.toml", changed);
        desk.opas("check --root company --color never").expect(2, &["missing-layer", word]);
    }
}

/// A company that writes Finnish only, without a folder for it, on the manual in three languages.
#[test]
fn a_company_of_one_language_builds_on_a_manual_in_three() {
    let desk = vendor_and_company();
    desk.write("company/content/en/own/invoice-rules.md", "");
    std::fs::remove_dir_all(desk.path("company/content")).unwrap();
    desk.write(
        "company/opas.toml",
        "title = \"Yhtiö\"\nlanguages = [\"fi\"]\nlayers = [\"../vendor\", \".\"]\n",
    );
    desk.write("vendor/content/media/a.txt", "Shared.");
    desk.write(
        "vendor/content/fi/sales/refund.md",
        "---\ntitle: Hyvitys\n---\nHyvitä. [Tiedosto](../../media/a.txt), [sama](/media/a.txt).\n\n## Lopuksi\n",
    );
    desk.write(
        "company/content/sales/meilla.md",
        "---\nextends: sales/refund.md\n---\nKysy [ensin](../prosessi/lupa.md).\n",
    );
    desk.write("company/content/prosessi/lupa.md", "---\ntitle: Lupa\n---\n[[Hyvitys]]\n");
    let run = desk.opas("build --root company --out out --color never");
    run.expect(0, &[]);
    for finding in ["no-language", "dead-link", "dead-image"] {
        assert!(!run.text().contains(finding), "{}", run.text());
    }
    let tree = desk.tree("out");
    assert!(tree.contains_key("sales/lahetalasku/index.html"));
    assert!(tree.contains_key("prosessi/lupa/index.html"));
    assert!(!tree.keys().any(|path| path.starts_with("fi/") || path.starts_with("en/")));
    assert!(!tree.contains_key("sales/invoice/index.html"));
    let page = desk.read("out/sales/refund/index.html");
    assert!(page.contains("class=\"own\"") && page.contains("../../prosessi/lupa/"), "{page}");
    // A finding in the vendor's text shows its line.
    std::fs::write(desk.path("vendor/content/fi/sales/refund.md"), "[x](nowhere.md)\n").unwrap();
    desk.opas("check --root company --color never")
        .expect(0, &["vendor/content/fi/sales/refund.md:1:1", "[x](nowhere.md)"]);
    desk.opas("layers --root company --files").expect(0, &["content/sales/refund.md"]);
}

/// The other way round: a plain folder, or a manual in one language, below a portal in several.
#[test]
fn a_manual_of_one_language_belongs_to_that_language_of_the_portal() {
    let desk = Desk::empty();
    for (config, language) in [("title = \"V\"\nlanguages = [\"en\"]\n", "en"), ("", "fi")] {
        if config.is_empty() {
            std::fs::remove_file(desk.path("vendor/opas.toml")).unwrap();
        } else {
            desk.write("vendor/opas.toml", config);
        }
        desk.write("vendor/content/sales/refund.md", "---\ntitle: Refund\n---\nBack.\n");
        desk.write(
            "company/opas.toml",
            "title = \"C\"\nlanguages = [\"fi\", \"en\"]\nlayers = [\"../vendor\"]\n",
        );
        desk.write("company/content/fi/lupa.md", "---\ntitle: Lupa\n---\nx\n");
        desk.write("company/content/en/permit.md", "---\ntitle: Permit\n---\nx\n");
        let out = format!("out-{language}");
        desk.opas(&format!("build --root company --out {out} --color never")).expect(0, &[]);
        let prefix = if language == "en" { "en/" } else { "" };
        let tree = desk.tree(&out);
        assert!(
            tree.contains_key(&format!("{prefix}sales/refund/index.html")),
            "{:?}",
            tree.keys()
        );
        // Its own folder counts though the list does not name it.
        assert!(tree.contains_key("lupa/index.html") && tree.contains_key("en/permit/index.html"));
    }
}

#[test]
fn how_texts_are_read_is_inherited_and_can_be_changed() {
    let desk = Desk::empty();
    desk.write(
        "vendor/opas.toml",
        "title = \"Vendor\"\nlanguages = [\"en\", \"fi\"]\nadmin = \"separate\"\nsite_url = \"https://v.example/\"\n\
         [audiences]\nuser = []\nkey-user = [\"user\"]\n[variables]\nproduct = \"Nimbus\"\nphone = \"1\"\n",
    );
    desk.write("vendor/synonyms.toml", "[means]\nbill = [\"invoice\"]\n");
    desk.write(
        "vendor/content/en/a.md",
        "---\ntitle: A\n---\n{{product}} {{phone}} invoice\n\n> [!NOTE for=key-user]\n> Wibblestock.\n",
    );
    desk.write("vendor/content/fi/a.md", "---\ntitle: A\n---\nx\n");
    desk.write(
        "company/opas.toml",
        "title = \"Company\"\nlayers = [\"../vendor\", \".\"]\n[variables]\nphone = \"2\"\n",
    );
    desk.write("company/content/en/b.md", "---\ntitle: B\n---\nx\n");
    desk.opas("build --root company --out out --color never").expect(0, &[]);
    let page = desk.read("out/a/index.html");
    assert!(page.contains("Nimbus 2 invoice") && !page.contains("Wibblestock"), "{page}");
    assert!(page.contains("Company") && !page.contains("v.example"));
    assert!(desk.tree("out").contains_key("fi/a/index.html"));
    desk.opas("search bill --root company").expect(0, &["A"]);
    desk.opas("build --root company --out key --audience key-user --color never").expect(0, &[]);
    assert!(desk.read("key/a/index.html").contains("Wibblestock"));
    // The company's own word counts.
    let own = desk.read("company/opas.toml");
    desk.write("company/opas.toml", format!("admin = \"marked\"\n{own}"));
    desk.opas("build --root company --out marked --color never").expect(0, &[]);
    assert!(desk.read("marked/a/index.html").contains("Wibblestock"));
}

#[test]
fn what_layers_cannot_be_is_told_with_the_reason() {
    let desk = Desk::empty();
    let config = |layers: &str| format!("title = \"T\"\nlanguages = [\"en\"]\nlayers = {layers}\n");
    desk.write("a/content/x.md", "x\n");
    desk.write("a/content/b/content/y.md", "y\n");
    desk.write("b/content/x.md", "x\n");
    desk.write("c/content/x.md", "x\n");
    desk.write("c/opas.toml", "languages = [\"sv\", \"de\"]\n");
    desk.write("d/content/x.md", "x\n");
    desk.write("d/opas.toml", "[audiences]\nx = [\"y\"]\ny = [\"x\"]\n");
    #[cfg(unix)]
    std::os::unix::fs::symlink(desk.path("b"), desk.path("link")).unwrap();
    let cases = [
        ("[\"../nix\"]", "missing-layer", "no folder with a `content/`"),
        ("[\"../b\", \"../b\"]", "missing-layer", "named twice"),
        #[cfg(unix)]
        ("[\"../b\", \"../link\"]", "missing-layer", "`../link` is named twice"),
        ("[\"content/b\", \".\"]", "circular-layer", "lies among the sources"),
        ("[\"../c\", \".\"]", "layer-languages", "is in `sv`, `de`; the portal is in `en`"),
        ("[\"../d\", \".\"]", "layer-config", "includes itself"),
    ];
    for (layers, rule, words) in cases {
        desk.write("a/opas.toml", config(layers));
        desk.opas("check --root a --color never").expect(2, &[rule, words, "opas.toml:3"]);
    }
    // By way of others, and of a link to one of them.
    desk.write("a/opas.toml", config("[\"../b\", \".\"]"));
    desk.write("e/content/z.md", "z\n");
    for (back, words) in [
        ("../a", ["circular-layer", "contains itself: . → ../b → ../a"]),
        #[cfg(unix)]
        ("../link", ["missing-layer", "`.` is named twice"]),
    ] {
        desk.write("b/opas.toml", config(&format!("[\"../e\", \"{back}\", \".\"]")));
        desk.opas("check --root a --color never").expect(2, &words);
    }
    // A layer's layers are the portal's.
    desk.write("b/opas.toml", config("[\"../e\", \".\"]"));
    desk.opas("build --root a --out out --color never").expect(0, &[]);
    assert!(desk.tree("out").contains_key("z/index.html"));
    desk.opas("layers --root a").expect(0, &["3 "]);
}

#[test]
fn edit_this_page_leads_to_the_layer_that_has_the_text() {
    let desk = vendor_and_company();
    let edit = |folder: &str| format!("edit_url = \"https://git.example.com/{folder}/{{path}}\"\n");
    let settings = desk.read("company/opas.toml");
    desk.write("company/opas.toml", edit("company") + &settings);
    let leads = |page: &str| {
        desk.opas("build --root company --out out --color never").expect(0, &[]);
        let page = desk.read(&format!("out/{page}/index.html"));
        let link = page.split("\"https://git.example.com/").nth(1);
        link.map(|rest| rest.split('"').next().unwrap_or("").to_owned())
    };
    assert_eq!(leads("sales/refund").as_deref(), Some("company/content/en/sales/refund.md"));
    assert_eq!(leads("sales/invoice"), None, "the vendor says nothing");
    desk.write("vendor/opas.toml", edit("vendor") + &desk.read("vendor/opas.toml"));
    assert_eq!(leads("sales/invoice").as_deref(), Some("vendor/content/en/sales/invoice.md"));
    assert_eq!(leads("sales/refund").as_deref(), Some("company/content/en/sales/refund.md"));
    // A portal without an address of its own takes nobody else's.
    desk.write("company/opas.toml", &settings);
    assert_eq!(leads("sales/refund"), None);
    // A company with one language has the vendor's files in other places.
    desk.write(
        "one/opas.toml",
        "title = \"One\"\nlanguages = [\"en\"]\nlayers = [\"../vendor\"]\n",
    );
    desk.opas("build --root one --out out-one --color never").expect(0, &[]);
    let page = desk.read("out-one/sales/invoice/index.html");
    assert!(page.contains("https://git.example.com/vendor/content/en/sales/invoice.md"), "{page}");
}

#[test]
fn a_link_into_a_module_that_the_customer_lacks_says_so() {
    let desk = Desk::empty();
    let config = "title = \"T\"\nlanguages = [\"en\", \"fi\"]\nmodules = [\"crm\"]\n";
    desk.write("opas.toml", config);
    desk.write("content/en/wages.md", "---\ntitle: Pay wages\nmodule: hr\n---\nWibblestock.\n");
    desk.write("content/fi/wages.md", "---\ntitle: Maksa palkat\nmodule: hr\n---\nx\n");
    desk.write("content/en/a.md", "---\ntitle: A\nmodule: crm\n---\nFirst [[Pay wages]].\n");
    desk.write("content/fi/a.md", "---\ntitle: A\n---\nEnsin [[Maksa palkat]].\n");
    desk.opas("build --color never").expect(0, &[]);
    assert!(desk.read("public/a/index.html").contains("First guide that is not in this manual."));
    assert!(desk.read("public/fi/a/index.html").contains("ohje, joka ei ole tässä käsikirjassa."));
    for (path, bytes) in desk.tree("public") {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("Wibblestock") && !text.contains("Pay wages"), "{path}");
    }
    // Where the notes for admins are kept apart, it is still the module that is missing.
    desk.write("opas.toml", format!("admin = \"separate\"\n{config}"));
    for audience in ["user", "admin"] {
        desk.opas(&format!("build --audience {audience} --out {audience} --color never"))
            .expect(0, &[]);
        let page = desk.read(&format!("{audience}/a/index.html"));
        assert!(page.contains("First guide that is not in this manual."), "{page}");
    }
}
