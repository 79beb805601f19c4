//! What makes search hard in one language and not in another: endings, compounds, letters, scripts.

use opas::search::build;
use opas::search::client::ask::{Answer, Options, ask};
use opas::search::input::{ArticleInput, LanguageInput, SearchInput, SectionInput};

/// Titles with what stands below them.
fn answer(code: &str, articles: &[(&str, &str)], query: &str) -> (Answer, Option<String>) {
    let articles = articles.iter().enumerate().map(|(number, (title, text))| ArticleInput {
        path: format!("a/{number}/"),
        title: (*title).to_owned(),
        sections: vec![SectionInput { text: (*text).to_owned(), ..SectionInput::default() }],
        ..ArticleInput::default()
    });
    let language = LanguageInput {
        code: code.into(),
        articles: articles.collect(),
        ..LanguageInput::default()
    };
    let index = build(&SearchInput { languages: vec![language] }, None).unwrap();
    let library = index.library(code).unwrap();
    let answer = ask(&library, query, &Options { limit: 10, ..Options::default() });
    let first = answer.results.first().map(|hit| hit.title.clone());
    (answer, first)
}

#[track_caller]
fn all_find(code: &str, articles: &[(&str, &str)], cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(query, title)| {
            let first = answer(code, articles, query).1;
            (first.as_deref() != Some(title)).then(|| format!("{query}: {first:?}, not {title}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn swedish() {
    let articles = [
        ("Skapa en faktura", "Öppna fakturan och välj kunden. Godkänn sedan beloppet."),
        (
            "Leverantörsfakturor",
            "Fakturor från en leverantör bokförs här. Leverantören får betalt.",
        ),
        ("Kundreskontra", "Här ser du en kund och vad kunderna är skyldiga."),
        ("Ansök om semester", "Semestern ska ansökas i god tid. En ansökan kan ändras."),
        ("Semesteransökningar att godkänna", "Chefen godkänner en ansökan eller avslår den."),
        ("Återställ lösenordet", "Ett nytt lösenord skickas till dig."),
        ("Årsbokslut", "Gör bokslutet när året är slut. Varje år görs ett bokslut."),
        ("Tidrapportering", "Varje rapport visar tiden. En rapport per vecka, och tid per dag."),
    ];
    all_find(
        "sv",
        &articles,
        &[
            ("fakturor skapa", "Skapa en faktura"),
            ("leverantörens faktura", "Leverantörsfakturor"),
            ("leverantörsfakturan", "Leverantörsfakturor"),
            ("kundreskontran", "Kundreskontra"),
            ("semesteransökan", "Semesteransökningar att godkänna"),
            ("aterstall losenord", "Återställ lösenordet"),
            ("lösnord", "Återställ lösenordet"),
            ("losenrdet", "Återställ lösenordet"),
            ("arsbokslutet", "Årsbokslut"),
            ("bokslutet för år", "Årsbokslut"),
            ("tidrap", "Tidrapportering"),
            ("tidsrapport", "Tidrapportering"),
        ],
    );
}

#[test]
fn finnish() {
    let articles = [
        ("Asiakkaan lisääminen", "Lisää asiakas luetteloon. Asiakkaat näkyvät heti."),
        ("Asiakirjojen tulostaminen", "Tulosta asiakirja tai asiakirjat."),
        ("Suodattimet", "Suodatin rajaa luetteloa."),
        ("Myynnin raportit", "Raportti myynnistä."),
        ("Palkkatapahtumien tuominen", "Tuo palkka ja tapahtuma. Palkka maksetaan."),
        ("Yleiskatsaus", "Katsaus palkkaan ja tapahtumaan. Yleiskuva, yleistiedot, yleisohje."),
        ("Kerro, mitä haluat tehdä -toiminto", "Toiminto etsii kuvan, tiedot tai ohjeen."),
        ("Katsaus tapahtumiin", "Ohje ja tiedot: kuva tapahtumasta."),
    ];
    all_find(
        "fi",
        &articles,
        &[
            ("asiakas", "Asiakkaan lisääminen"),
            ("asiakasta", "Asiakkaan lisääminen"),
            ("suodatinta", "Suodattimet"),
            ("myynti", "Myynnin raportit"),
            ("tapahtumat tuominen", "Palkkatapahtumien tuominen"),
            ("katsauksia yleis", "Yleiskatsaus"),
            ("Kerro, mitä haluat tehdä -toiminto", "Kerro, mitä haluat tehdä -toiminto"),
        ],
    );
}

#[test]
fn short_words_codes_and_other_scripts() {
    let articles = [
        ("ALV:n ilmoittaminen", "ALV 25,5 %. Katso § 19."),
        ("IBAN-numerot", "Tarkista IBAN ennen maksua."),
        ("3D-mallit ja C5", "Avaa 3D-malli. Koko C5."),
        ("1099-MISC", "Form 1099-MISC and 1099-NEC."),
        ("C# ja C++", "Rajapinta on C#."),
        ("库存管理", "打开库存管理页面。"),
        ("在庫の管理", "在庫を確認します。"),
    ];
    all_find(
        "fi",
        &articles,
        &[
            ("ALV", "ALV:n ilmoittaminen"),
            ("§ 19", "ALV:n ilmoittaminen"),
            ("iban", "IBAN-numerot"),
            ("3D", "3D-mallit ja C5"),
            ("C5", "3D-mallit ja C5"),
            ("1099-MISC", "1099-MISC"),
            ("C#", "C# ja C++"),
            ("库存", "库存管理"),
            ("在庫", "在庫の管理"),
        ],
    );
    assert_eq!(answer("fi", &articles, "C6").0.total, 0, "a code is never taken for another");
}

/// A word with so many forms and articles that no shard holds them all.
#[test]
fn a_word_is_found_by_all_its_forms_however_the_index_is_cut() {
    let forms = ["asiakas", "asiakasta", "asiakkaan", "asiakkaat", "asiakkaita"];
    let titles: Vec<(String, String)> = (0..1_200)
        .map(|i| {
            let compounds: Vec<String> =
                (0..4).map(|j| format!("asiakas{}{j}tieto", words(i * 4 + j))).collect();
            (words(i), format!("{} {}", forms[i % 5], compounds.join(" ")))
        })
        .collect();
    let articles: Vec<(&str, &str)> =
        titles.iter().map(|(title, text)| (title.as_str(), text.as_str())).collect();
    for query in ["asiakas ", "asiakkaat "] {
        assert_eq!(answer("fi", &articles, query).0.total, articles.len(), "{query}");
    }
}

/// A made-up word by number.
fn words(number: usize) -> String {
    const SYLLABLES: [&str; 8] = ["ka", "lo", "mi", "nu", "pe", "ro", "si", "tu"];
    (0..5).map(|i| SYLLABLES[number >> (3 * i) & 7]).collect()
}
