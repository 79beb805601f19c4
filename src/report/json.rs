//! `{"findings": [...]}`: every key is always there, line and column 0 where there is none.

use std::io::{self, Write};

use serde::Serialize;

use super::Report;

#[derive(Serialize)]
struct Findings<'a> {
    findings: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Finding<'a> {
    rule: &'a str,
    severity: &'a str,
    message: &'a str,
    /// From the portal's root.
    path: &'a str,
    line: u32,
    column: u32,
    /// `null` where no mend is known.
    help: Option<&'a str>,
}

pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let findings = report
        .findings
        .iter()
        .map(|f| Finding {
            rule: f.rule.id,
            severity: f.severity.name(),
            message: &f.message,
            path: f.place.path.as_str(),
            line: f.place.line,
            column: f.place.column,
            help: f.help.as_deref(),
        })
        .collect();
    serde_json::to_writer_pretty(&mut *out, &Findings { findings })?;
    writeln!(out)
}
