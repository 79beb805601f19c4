//! What the commands that work on a portal have in common: its root, its configuration, and how its
//! findings are said.

use std::path::{Path, PathBuf};

use super::failure::{Failure, Outcome};
use super::root;
use super::terminal::Terminal;
use crate::config::{Config, ConfigError};
use crate::diagnostic::Diagnostic;
use crate::path::SourcePath;
use crate::report::{Format, Report, Tally};
use crate::source;

/// The portal that is meant, with its configuration.
///
/// # Errors
///
/// There is none, or its configuration is wrong; its findings have been said then.
pub fn configured(given: Option<&Path>, terminal: &Terminal) -> Result<(PathBuf, Config), Failure> {
    let root = root::find(given)?;
    match Config::load(&root) {
        Ok((config, _)) => Ok((root, config)),
        Err(ConfigError::Findings(findings)) => {
            let error = ConfigError::Findings(Vec::new()).to_string();
            say_findings(&root, findings, terminal)?;
            Err(Failure::Usage(error))
        }
        Err(error @ ConfigError::Missing(_)) => Err(Failure::Usage(error.to_string())),
        Err(error @ ConfigError::Unreadable { .. }) => Err(Failure::Io(error.to_string())),
    }
}

/// Says findings on the standard error, for a command that was asked for something else.
pub fn say_findings(
    root: &Path,
    mut findings: Vec<Diagnostic>,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    findings.sort();
    if findings.is_empty() {
        return Ok(Outcome::Good);
    }
    let prefix = root::prefix(root)?;
    let report = Report { findings: &findings, source: &|path| text(root, path), prefix: &prefix };
    terminal.say(|out| report.write(Format::Human, out));
    match Tally::of(&findings).errors {
        0 => Ok(Outcome::Good),
        _ => Ok(Outcome::BadContent),
    }
}

/// The text of a file of the portal, for showing a line of it.
pub fn text(root: &Path, path: &SourcePath) -> Option<String> {
    let bytes = std::fs::read(path.on_disk(root)).ok()?;
    source::decode(path, bytes).ok()
}
