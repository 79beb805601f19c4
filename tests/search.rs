//! The index as files, asked from Rust and by the script that browsers run.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use opas::search::client::ask::{Options, ask};
use opas::search::client::eval::{Case, Figures, figures, outcomes};
use opas::search::client::explain::{Stands, explain};
use opas::search::client::lookup::How;
use opas::search::input::{
    Anchor, ArticleInput, LanguageInput, SearchInput, SectionInput, Standing, Synonym, TitledId,
};
use opas::search::{SearchIndex, build, script};

const SUBJECTS: [&str; 12] = [
    "lasku",
    "asiakas",
    "tilaus",
    "varasto",
    "suodatin",
    "käyttäjä",
    "raportti",
    "projekti",
    "maksu",
    "toimittaja",
    "kausi",
    "hinta",
];
const GENITIVES: [&str; 12] = [
    "laskun",
    "asiakkaan",
    "tilauksen",
    "varaston",
    "suodattimen",
    "käyttäjän",
    "raportin",
    "projektin",
    "maksun",
    "toimittajan",
    "kauden",
    "hinnan",
];
const DOINGS: [&str; 6] =
    ["luominen", "poistaminen", "kirjaaminen", "tulostaminen", "hyväksyminen", "lähettäminen"];

fn portal() -> SearchInput {
    let mut articles = Vec::new();
    for (i, genitive) in GENITIVES.iter().enumerate() {
        for (j, doing) in DOINGS.iter().enumerate() {
            let other = GENITIVES[(i + j + 1) % 12];
            articles.push(ArticleInput {
                path: format!("ohje/{}-{j}/", opas::search::words::fold(SUBJECTS[i])),
                title: format!("{genitive} {doing}"),
                summary: format!("Näin sujuu {genitive} {doing}."),
                category: "ohje".into(),
                kind: if j == 0 { "tip" } else { "guide" }.into(),
                tags: vec![SUBJECTS[i].to_owned()],
                standing: Standing { inbound: j as u32, ..Standing::default() },
                sections: vec![
                    SectionInput {
                        text: format!("Avaa {} ja valitse {genitive} kohdalla OK.", SUBJECTS[i]),
                        ..SectionInput::default()
                    },
                    SectionInput {
                        anchor: Anchor::Numbered,
                        heading: format!("{other} tarkistaminen"),
                        text: format!(
                            "Massa{} näkyy listassa.\nALV:n kanta {}.",
                            SUBJECTS[i],
                            10 + j
                        ),
                        ..SectionInput::default()
                    },
                ],
                ..ArticleInput::default()
            });
        }
    }
    articles[7].module = Some("Talous".into());
    articles[9].find_by = vec!["reskontran täsmäytys".into()];
    articles[20].sections.push(SectionInput {
        anchor: Anchor::Id("oma-kohta".into()),
        heading: "C#, § 19 ja 1099-MISC".into(),
        text: "请求管理系统 <img src=x onerror=alert(1)> \u{1F600} kahvinkeitin pitää puhdistaa"
            .into(),
        ..SectionInput::default()
    });
    let titled = |id: &str| TitledId { id: id.into(), title: id.to_uppercase() };
    SearchInput {
        languages: vec![LanguageInput {
            code: "fi".into(),
            categories: vec![titled("ohje")],
            kinds: vec![titled("guide"), titled("tip")],
            synonyms: [
                ("faktura", "lasku"),
                ("Musta Aukko", "kahvinkeitin"),
                ("kk", "kahvinkeitin puhdistaa"),
            ]
            .map(|(from, to)| Synonym { from: from.into(), to: to.into() })
            .into(),
            articles,
        }],
    }
}

fn first(index: &SearchIndex, query: &str) -> Option<String> {
    let library = index.library("fi").expect("Finnish is there");
    let answer = ask(&library, query, &Options { limit: 1, ..Options::default() });
    answer.results.into_iter().next().map(|r| r.address)
}

#[test]
fn words_are_found_inflected_mistyped_half_typed_and_by_synonym() {
    let index = build(&portal(), None).unwrap();
    let cases = [
        ("laskun poistaminen", "ohje/lasku-1/"),
        ("kayttajan luominen", "ohje/kayttaja-0/"),
        ("käyttäjän luomienn", "ohje/kayttaja-0/"),
        ("varaston tulost", "ohje/varasto-3/"),
        ("fakturan reskontran täsmäytys", "ohje/asiakas-3/"),
        ("kahvinkeitin", "ohje/varasto-2/#oma-kohta"),
        ("musta aukko", "ohje/varasto-2/#oma-kohta"),
        ("kk", "ohje/varasto-2/#oma-kohta"),
        ("§ 19", "ohje/varasto-2/#oma-kohta"),
        ("C#", "ohje/varasto-2/#oma-kohta"),
        ("管理系统", "ohje/varasto-2/#oma-kohta"),
        ("\"pitää puhdistaa\"", "ohje/varasto-2/#oma-kohta"),
    ];
    for (query, expected) in cases {
        assert_eq!(first(&index, query).as_deref(), Some(expected), "{query}");
    }
    assert_eq!(first(&index, "\"puhdistaa pitää\""), None);
    assert_eq!(first(&index, "kahvinkeitin -puhdistaa"), None);
}

#[test]
fn the_number_of_threads_and_the_order_of_the_input_change_no_byte() {
    let portal = portal();
    let mut turned = portal.clone();
    turned.languages[0].articles.reverse();
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let many = rayon::ThreadPoolBuilder::new().num_threads(4).build().unwrap();
    let a = one.install(|| build(&portal, None)).unwrap();
    let b = many.install(|| build(&turned, None)).unwrap();
    assert_eq!(a.files(), b.files());
}

#[test]
fn a_synonym_carries_no_word_out_that_the_articles_do_not_have() {
    let mut portal = portal();
    let synonyms = &mut portal.languages[0].synonyms;
    synonyms.push(Synonym { from: "lasku".into(), to: "piilosana".into() });
    synonyms.push(Synonym { from: "lasku".into(), to: "kausi piilosana".into() });
    synonyms.push(Synonym { from: "Kvartaali".into(), to: "Kausi".into() });
    let index = build(&portal, None).unwrap();
    let kept = &index.library("fi").unwrap().entry.synonyms;
    let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    let of_portal = [pair("faktura", "lasku"), pair("kk", "kahvinkeitin puhdistaa")];
    let own = [pair("kvartaali", "kausi"), pair("musta aukko", "kahvinkeitin")];
    assert_eq!(*kept, [of_portal, own].concat());
    assert_eq!(first(&index, "kvartaali"), first(&index, "kausi "));
}

#[test]
fn related_articles_share_the_subject() {
    let index = build(&portal(), None).unwrap();
    let related = index.related("ohje/suodatin-2/");
    assert!(related.iter().filter(|p| p.starts_with("ohje/suodatin-")).count() >= 3, "{related:?}");
    assert!(!related.contains(&"ohje/suodatin-2/"));
}

#[test]
fn it_is_told_why_an_article_is_found() {
    let index = build(&portal(), None).unwrap();
    let library = index.library("fi").unwrap();
    let answer =
        ask(&library, "kayttajan tulostaminen", &Options { limit: 1, ..Options::default() });
    assert_eq!(answer.results[0].address, "ohje/kayttaja-3/");
    let reasons = explain(&library, &answer, &answer.results[0].hit);
    let [bare, typed] = reasons.as_slice() else { panic!("{reasons:?}") };
    let (bare, typed) = (bare.matched.as_ref().unwrap(), typed.matched.as_ref().unwrap());
    assert_eq!((bare.form.as_str(), bare.how), ("käyttäjän", How::Folded));
    assert_eq!((typed.form.as_str(), typed.how, typed.quality), ("tulostaminen", How::Exact, 64));
    assert!(typed.share > 0 && typed.stands == Stands::Alone);
    let answer = ask(&library, "massal puuttuvasana", &Options { limit: 1, ..Options::default() });
    let reasons = explain(&library, &answer, &answer.results[0].hit);
    assert_eq!(reasons[1].matched, None);
}

#[test]
fn queries_are_measured_against_the_articles_they_should_find() {
    let index = build(&portal(), None).unwrap();
    let library = index.library("fi").unwrap();
    let case =
        |query: &str, expected: &str| Case { query: query.into(), expected: vec![expected.into()] };
    let cases = [
        case("laskun poistaminen", "lasku-1"),
        case("laskun poistaminen", "/ohje/lasku-1/"),
        case("laskun poistaminen", "sku-1"),
        case("qwx", "lasku-1"),
    ];
    let outcomes = outcomes(&library, &cases, &Options::default());
    assert_eq!(outcomes.iter().map(|o| o.rank).collect::<Vec<_>>(), [Some(1), Some(1), None, None]);
    let Figures { cases, hit_1, hit_5, mrr, nothing } = figures(&outcomes);
    assert_eq!((cases, hit_1, hit_5, mrr, nothing), (4, 0.5, 0.5, 0.5, 0.25));
    assert!(library.has("lasku-1") && !library.has("sku-1"));
}

fn write(index: &SearchIndex, dir: &Path) {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/default/js/search");
    let mut paths: Vec<_> =
        std::fs::read_dir(scripts).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let sources: Vec<String> =
        paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    let mut files = index.files().clone();
    files.insert(
        "search.js".into(),
        script(sources.iter().map(String::as_str), index.languages()).into_bytes().into(),
    );
    for (path, bytes) in files {
        let path = dir.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

/// What the browser's script answers; `None` where there is no Node to run it.
fn browser(dir: &Path, queries: &[(&str, serde_json::Value)]) -> Option<Vec<serde_json::Value>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/search/browser.cjs");
    let mut command = Command::new("node");
    command.arg(script).arg(dir).arg("fi").stdin(Stdio::piped()).stdout(Stdio::piped());
    let Ok(mut child) = command.spawn() else {
        eprintln!("left out: the comparison with the browser's script needs node");
        return None;
    };
    let input = serde_json::to_vec(queries).unwrap();
    child.stdin.take().unwrap().write_all(&input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "the script failed");
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn the_browser_and_rust_answer_alike() {
    let index = build(&portal(), None).unwrap();
    let dir = tempfile::tempdir().unwrap();
    write(&index, dir.path());
    let long = "pitkä ".repeat(2_000);
    let run = "a".repeat(10_000);
    let typed = [
        "lasku",
        "laskun",
        "laskujen",
        "laskun l",
        "asiakkaan hyväksyminen",
        "kayttaja",
        "maksutilaus",
        "hinnanlaskut",
        "suodatinn",
        "tarkistminen",
        "hinta -laskun",
        "Hinta -laskun",
        "Maksun Hinta -laskun",
        "\"laskun poistaminen\"",
        "massalasku",
        "ALV:n kanta",
        "alv 12",
        "1099-misc",
        "C# § 19",
        "管理",
        "请求",
        "OK",
        "ja",
        "-",
        "\"",
        "",
        "   ",
        "?!",
        "\u{1F600}",
        "\u{200B}\u{200B}",
        "a\u{301}\u{302}",
        "\u{202E}שלום",
        "<img onerror>",
        ".*(",
        "faktura",
        "musta aukko",
        "laskun musta aukko",
        "tip",
        "maksun kauden hinnan tilauksen",
        &long,
        &run,
        "e\u{301}",
        "l",
        "la",
    ];
    let plain = serde_json::json!({ "limit": 20 });
    let mut queries: Vec<(&str, serde_json::Value)> =
        typed.iter().map(|q| (*q, plain.clone())).collect();
    queries.push(("laskun", serde_json::json!({ "limit": 20, "kind": "tip" })));
    queries.push(("laskun", serde_json::json!({ "limit": 20, "category": "ohj" })));
    queries.push(("laskun", serde_json::json!({ "limit": 20, "tags": ["hinta"] })));
    queries.push(("laskun", serde_json::json!({ "limit": 20, "near": "/ohje/" })));
    queries.push(("tarkistaminen", serde_json::json!({ "limit": 20, "near": "ohje/hinta-3/x" })));
    queries.push(("tarkistaminen", serde_json::json!({ "limit": 20, "near": "ohj" })));
    let Some(answers) = browser(dir.path(), &queries) else { return };
    let library = index.library("fi").unwrap();
    for ((query, options), mut answer) in queries.iter().zip(answers) {
        answer.as_object_mut().unwrap().remove("excerpts");
        let text = |key: &str| options[key].as_str().map(str::to_owned);
        let tags = options["tags"].as_array().into_iter().flatten();
        let options = Options {
            limit: 20,
            kind: text("kind"),
            category: text("category"),
            near: text("near"),
            tags: tags.filter_map(|t| t.as_str()).map(str::to_owned).collect(),
            ..Options::default()
        };
        let own = ask(&library, query, &options);
        let hits: Vec<&str> = own.results.iter().map(|r| r.address.as_str()).collect();
        let expected = serde_json::json!({
            "total": own.total, "hits": hits, "corrected": own.corrected, "problems": [],
        });
        assert_eq!(answer, expected, "{}", query.chars().take(60).collect::<String>());
    }
}

#[test]
fn what_lies_where_the_reader_is_comes_a_little_earlier() {
    let article = |path: &str| ArticleInput {
        path: path.into(),
        title: "Laskun hyvitys".into(),
        sections: vec![SectionInput { text: "Avaa lasku.".into(), ..SectionInput::default() }],
        ..ArticleInput::default()
    };
    let titled = |id: &str| TitledId { id: id.into(), title: id.into() };
    let language = LanguageInput {
        code: "fi".into(),
        categories: ["b", "b/c", "b-c"].map(titled).into(),
        articles: ["a/1/", "b-c/1/", "b/1/", "b/c/1/", "d/1/"].map(article).into(),
        ..LanguageInput::default()
    };
    let index = build(&SearchInput { languages: vec![language] }, None).unwrap();
    let library = index.library("fi").unwrap();
    let dir = tempfile::tempdir().unwrap();
    write(&index, dir.path());
    let cases = [
        ("", "a/1/"),
        ("d/1/", "a/1/"),
        ("b", "b/1/"),
        ("b/1/", "b/1/"),
        ("/b/c/1/", "b/c/1/"),
        ("b-c/", "b-c/1/"),
        ("b-cd/", "a/1/"),
    ];
    let queries = cases.map(|(near, _)| ("hyvitys", serde_json::json!({ "near": near })));
    let answers = browser(dir.path(), &queries);
    for (number, (near, first)) in cases.into_iter().enumerate() {
        let options = Options { limit: 1, near: Some(near.into()), ..Options::default() };
        assert_eq!(ask(&library, "hyvitys", &options).results[0].address, first, "{near}");
        if let Some(answers) = &answers {
            assert_eq!(answers[number]["hits"][0], first, "{near}");
        }
    }
}

#[test]
fn a_lost_or_cut_off_shard_is_told_and_the_rest_answers() {
    let index = build(&portal(), None).unwrap();
    let dir = tempfile::tempdir().unwrap();
    write(&index, dir.path());
    let spoilt: Vec<_> = index.files().keys().filter(|name| name.starts_with("w/")).collect();
    for (i, name) in spoilt.iter().enumerate() {
        let path = dir.path().join(name);
        if i % 2 == 0 {
            std::fs::remove_file(path).unwrap();
        } else {
            let half = index.files()[*name].len() / 2;
            std::fs::write(path, &index.files()[*name][..half]).unwrap();
        }
    }
    let queries = [("laskun poistaminen", serde_json::json!({}))];
    let Some(answers) = browser(dir.path(), &queries) else { return };
    assert_eq!(answers[0]["problems"], serde_json::json!(["shard"]));
}

/// A reader who chose a version of the product gets its parts, and others only where there are none.
#[test]
fn hits_and_excerpts_are_of_the_version_that_the_reader_chose() {
    let part = |text: &str, of: &str, whole: &str| {
        let start = whole.find(text).unwrap();
        (start..start + text.len(), of.to_owned())
    };
    let both = "Ä alku.\nAvaa valikko vasemmalta.\nNapauta valikko auki oikealta.";
    let section = |number: usize, variant: &str, text: &str| SectionInput {
        anchor: Anchor::Numbered,
        heading: format!("Kuitti {number}"),
        text: text.to_owned(),
        variant: Some(variant.to_owned()),
        variants: vec![(0..text.len(), variant.to_owned())],
        ..SectionInput::default()
    };
    let mut portal = portal();
    portal.languages[0].articles.push(ArticleInput {
        path: "ohje/zz/".into(),
        title: "Kaksi näkymää".into(),
        kind: "guide".into(),
        sections: vec![
            SectionInput {
                text: both.into(),
                variants: vec![
                    part("Avaa valikko vasemmalta.\n", "vanha", both),
                    part("Napauta valikko auki oikealta.", "uusi", both),
                ],
                ..SectionInput::default()
            },
            section(1, "vanha", "Tulosta kuitti paperille, paperi riittää."),
            section(2, "uusi", "Lähetä kuitti sähköpostilla."),
        ],
        ..ArticleInput::default()
    });
    let index = build(&portal, None).unwrap();
    let dir = tempfile::tempdir().unwrap();
    write(&index, dir.path());
    let asked =
        |query: &'static str, variant: &str| (query, serde_json::json!({ "variant": variant }));
    let Some(answers) = browser(
        dir.path(),
        &[
            asked("valikko", "uusi"),
            asked("valikko", "vanha"),
            asked("kuitti", "vanha"),
            asked("kuitti", "uusi"),
            asked("vasemmalta", "uusi"),
            asked("paperille", "uusi"),
            ("kuitti", serde_json::json!({})),
        ],
    ) else {
        return;
    };
    let told: Vec<(&str, &str)> = answers
        .iter()
        .map(|a| (a["hits"][0].as_str().unwrap(), a["excerpts"][0].as_str().unwrap()))
        .collect();
    assert_eq!(
        told,
        [
            ("ohje/zz/", "Ä alku. Napauta valikko auki oikealta."),
            ("ohje/zz/", "Ä alku. Avaa valikko vasemmalta."),
            ("ohje/zz/#s.1", "Tulosta kuitti paperille, paperi riittää."),
            ("ohje/zz/#s.2", "Lähetä kuitti sähköpostilla."),
            // What only the other version has is found all the same.
            ("ohje/zz/", "Ä alku. Avaa valikko vasemmalta. Napauta valikko auki oikealta."),
            ("ohje/zz/#s.1", "Tulosta kuitti paperille, paperi riittää."),
            ("ohje/zz/#s.1", "Tulosta kuitti paperille, paperi riittää."),
        ]
    );
}

#[test]
fn an_excerpt_keeps_the_items_of_a_list_apart() {
    let mut portal = portal();
    let text = "Tarvitset näitä:\nmittanauha\nkynä (lyijy)\nPaperia. Aloita sitten.\nLopuksi mittanauha pois";
    portal.languages[0].articles.push(ArticleInput {
        path: "ohje/zz/".into(),
        title: "Lista".into(),
        kind: "guide".into(),
        sections: vec![SectionInput { text: text.into(), ..SectionInput::default() }],
        ..ArticleInput::default()
    });
    let index = build(&portal, None).unwrap();
    let dir = tempfile::tempdir().unwrap();
    write(&index, dir.path());
    let queries = [("mittanauha", serde_json::json!({}))];
    let Some(answers) = browser(dir.path(), &queries) else { return };
    let wanted = "Tarvitset näitä: mittanauha · kynä (lyijy) · Paperia. Aloita sitten. Lopuksi mittanauha pois";
    assert_eq!(answers[0]["excerpts"][0], wanted);
}
