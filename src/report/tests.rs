//! One list of findings in every form, compared with the texts under `tests/golden/report`.

use snapbox::{assert_data_eq, file};

use super::*;
use crate::diagnostic::{Place, Rule};

const DEAD: Rule = Rule::warning("dead-link", "A link leads nowhere");
const FRONT: Rule = Rule::error("front-matter", "Front matter can't be read");

const INVOICES: &str = "# Laskut\n\nKatso [öljylaskut](oljy.md#maksu) ensin.\r\nToinen rivi.\n";

fn findings() -> Vec<Diagnostic> {
    let invoices = SourcePath::new("content/laskut, uudet/100 %: a.md");
    let link = INVOICES.find("[öljy").unwrap()..INVOICES.find(" ensin").unwrap();
    let other = SourcePath::new("content/rikki.md");
    vec![
        Diagnostic::new(
            DEAD,
            Place::of_range(invoices.clone(), INVOICES, link),
            "no file `oljy.md`",
        )
        .help("did you mean `öljy.md`?"),
        Diagnostic::new(DEAD, Place::line(invoices.clone(), 4), "100 %: two\nlines, \u{1b}[31mred"),
        Diagnostic::new(DEAD, Place::line(invoices, 99), "past the end of the text"),
        Diagnostic::new(FRONT, Place::file(other.clone()), "not UTF-8").help("save it as UTF-8"),
        Diagnostic::new(
            FRONT,
            Place { path: other, line: 1, column: 5001, length: 4 },
            "long line",
        ),
    ]
}

fn source(path: &SourcePath) -> Option<String> {
    match path.file_name() {
        "rikki.md" => Some(format!("{}here{}", "a".repeat(5000), "b".repeat(5000))),
        _ => Some(INVOICES.to_owned()),
    }
}

fn written(format: Format, findings: &[Diagnostic]) -> String {
    let mut styled = Vec::new();
    Report { findings, source: &source, place: &|path| format!("docs/{path}") }
        .write(format, &mut styled)
        .unwrap();
    anstream::adapter::strip_str(&String::from_utf8(styled).unwrap()).to_string()
}

#[test]
fn every_form_of_a_report() {
    let findings = findings();
    assert_data_eq!(
        written(Format::Human, &findings),
        file!["../../tests/golden/report/human.txt"]
    );
    assert_data_eq!(
        written(Format::Json, &findings),
        file!["../../tests/golden/report/findings.json"].raw()
    );
    assert_data_eq!(
        written(Format::Github, &findings),
        file!["../../tests/golden/report/github.txt"]
    );
    let sarif = written(Format::Sarif, &findings).replace(env!("CARGO_PKG_VERSION"), "VERSION");
    assert_data_eq!(sarif, file!["../../tests/golden/report/sarif.json"].raw());
}

#[test]
fn a_brief_report_has_all_errors_and_the_first_warnings() {
    let findings = findings();
    let place = |path: &SourcePath| path.to_string();
    let report = Report { findings: &findings, source: &source, place: &place };
    let brief = |most| anstream::adapter::strip_str(&report.brief(most)).to_string();
    let said = brief(1);
    let order = ["no file `oljy.md`", "not UTF-8", "long line", "the first 1 warnings"];
    let places: Vec<usize> = order.iter().map(|part| said.find(part).unwrap()).collect();
    assert!(places.is_sorted(), "{said}");
    assert!(!said.contains("two lines") && !said.contains("past the end"), "{said}");
    assert!(said.contains("2 errors and 3 warnings in 2 files; "), "the count is of all: {said}");
    assert_eq!(brief(3), written(Format::Human, &findings).replace("docs/", ""));
}

#[test]
fn no_findings_are_a_report_too() {
    assert_eq!(written(Format::Human, &[]), "no findings\n");
    assert_eq!(written(Format::Github, &[]), "");
    let json: serde_json::Value = serde_json::from_str(&written(Format::Json, &[])).unwrap();
    assert_eq!(json, serde_json::json!({ "findings": [] }));
}

#[test]
fn a_line_of_megabytes_is_not_printed() {
    let long = "å".repeat(5_000_000);
    let place = Place { path: SourcePath::new("a.md"), line: 1, column: 4_000_000, length: 9 };
    let finding = [Diagnostic::new(DEAD, place, "here")];
    let source = |_: &SourcePath| Some(long.clone());
    let mut out = Vec::new();
    Report { findings: &finding, source: &source, place: &|path| path.to_string() }
        .write(Format::Human, &mut out)
        .unwrap();
    assert!(out.len() < 5_000, "{} bytes", out.len());
    assert!(String::from_utf8(out).unwrap().contains("a.md:1:4000000"));
}
