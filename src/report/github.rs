//! GitHub's workflow commands: `::error file=a.md,line=3,col=5,title=dead-link::message`.
//!
//! A message reaches its end at a line break, and a property at a comma or colon, so these are
//! escaped the way the runner unescapes them.

use std::io::{self, Write};

use super::Report;

pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    for finding in report.findings {
        let place = &finding.place;
        write!(out, "::{} file={}", finding.severity.name(), property(&report.path_of(finding)))?;
        if place.line > 0 {
            write!(out, ",line={}", place.line)?;
            if place.column > 0 {
                write!(out, ",col={},endColumn={}", place.column, place.column + place.length)?;
            }
        }
        write!(out, ",title={}::{}", property(finding.rule.id), data(&finding.message))?;
        if let Some(help) = &finding.help {
            write!(out, "%0A{}", data(help))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
