//! SARIF 2.1.0, as code scanners read it: one run, the rules that were met, relative addresses.

use std::collections::BTreeMap;
use std::io::{self, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::Report;
use crate::diagnostic::{Diagnostic, Rule};

/// All but what a path may hold as it is.
const IN_PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let rules: BTreeMap<&str, Rule> = report.findings.iter().map(|f| (f.rule.id, f.rule)).collect();
    let ids: Vec<&str> = rules.keys().copied().collect();
    let results: Vec<Value> =
        report.findings.iter().map(|f| result(f, &ids, &report.path_of(f))).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "opas",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.values().map(rule).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

fn rule(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.summary },
        "defaultConfiguration": { "level": rule.severity.name() },
    })
}

fn result(finding: &Diagnostic, ids: &[&str], path: &str) -> Value {
    let place = &finding.place;
    let uri = utf8_percent_encode(path, IN_PATH).to_string();
    let mut location = json!({ "artifactLocation": { "uri": uri } });
    if place.line > 0 {
        let mut region = json!({ "startLine": place.line });
        if place.column > 0 {
            region["startColumn"] = place.column.into();
            region["endColumn"] = (place.column + place.length).into();
        }
        location["region"] = region;
    }
    let text = match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.clone(),
    };
    json!({
        "ruleId": finding.rule.id,
        "ruleIndex": ids.binary_search(&finding.rule.id).unwrap_or_default(),
        "level": finding.severity.name(),
        "message": { "text": text },
        "locations": [{ "physicalLocation": location }],
    })
}
