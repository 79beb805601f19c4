//! What the commands that work on a portal have in common: the portal itself, and how its findings
//! are reported.

use std::path::{Path, PathBuf};

use super::failure::{Failure, Outcome};
use super::progress::Progress;
use super::root;
use super::terminal::Terminal;
use crate::config::{Config, ConfigError};
use crate::diagnostic::Diagnostic;
use crate::image::store::Store;
use crate::layer::Layer;
use crate::path::SourcePath;
use crate::portal::{Portal, PortalError, Request};
use crate::render::pictures::sources;
use crate::report::{Format, Report, Tally};
use crate::source;
use crate::view::SiteView;

/// More warnings than anybody reads while a portal is built.
const MOST_WARNINGS: usize = 100;

/// From which severity on findings spoil a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standard {
    Errors,
    /// `--strict`: warnings too.
    Warnings,
}

impl Standard {
    pub fn of(strict: bool) -> Standard {
        if strict { Standard::Warnings } else { Standard::Errors }
    }

    pub fn judge(self, tally: Tally) -> Outcome {
        match self {
            Standard::Errors if tally.errors == 0 => Outcome::Good,
            Standard::Warnings if tally.is_empty() => Outcome::Good,
            _ => Outcome::BadContent,
        }
    }
}

/// The portal that is meant, with its configuration.
///
/// # Errors
///
/// There is none, or its configuration is wrong; its findings have been said then.
pub fn configured(given: Option<&Path>, terminal: &Terminal) -> Result<(PathBuf, Config), Failure> {
    let root = root::find(given)?;
    match Config::load(&root) {
        Ok((config, _)) => Ok((root, config)),
        Err(error) => Err(refused(&root, error.into(), terminal)?),
    }
}

/// The portal that is meant, open for loading.
///
/// # Errors
///
/// As [`configured`]; or the audience is none of the portal's.
pub fn open(
    given: Option<&Path>,
    request: &Request,
    terminal: &Terminal,
) -> Result<Portal, Failure> {
    let root = root::find(given)?;
    match Portal::open(&root, request) {
        Ok(portal) => Ok(portal),
        Err(error) => Err(refused(&root, error, terminal)?),
    }
}

/// Says what is wrong with a configuration.
pub fn refused(root: &Path, error: PortalError, terminal: &Terminal) -> Result<Failure, Failure> {
    let message = error.to_string();
    Ok(match error {
        PortalError::Config(ConfigError::Findings(findings)) => {
            say_findings(&[root.to_owned().into()], root, &findings, terminal)?;
            Failure::Usage(message)
        }
        PortalError::Config(ConfigError::Unreadable { .. }) => Failure::Io(message),
        PortalError::Config(ConfigError::Missing(_)) | PortalError::UnknownAudience { .. } => {
            Failure::Usage(message)
        }
    })
}

/// Reports sorted findings on the standard error, for a command that was asked for something else.
pub fn say_findings(
    layers: &[Layer],
    root: &Path,
    findings: &[Diagnostic],
    terminal: &Terminal,
) -> Result<Tally, Failure> {
    let (tally, report) = report(layers, root, findings)?;
    terminal.say_styled(&report);
    Ok(tally)
}

/// A brief report for people on sorted findings, with colours; empty if there are none.
pub fn report(
    layers: &[Layer],
    root: &Path,
    findings: &[Diagnostic],
) -> Result<(Tally, String), Failure> {
    let tally = Tally::of(findings);
    if tally.is_empty() {
        return Ok((tally, String::new()));
    }
    let place = places(layers, root)?;
    let report = Report { findings, source: &|path| text(layers, path), place: &place };
    Ok((tally, report.brief(MOST_WARNINGS)))
}

/// Prints sorted findings, for a command that was asked for them.
pub fn print_findings(
    layers: &[Layer],
    root: &Path,
    findings: &[Diagnostic],
    format: Format,
    terminal: &Terminal,
) -> Result<Tally, Failure> {
    let place = places(layers, root)?;
    let report = Report { findings, source: &|path| text(layers, path), place: &place };
    terminal.print(|out| report.write(format, out))?;
    Ok(Tally::of(findings))
}

/// Where the files of the portal lie, seen from here: in the last of the layers that has them, what
/// is in none in the portal's own folder.
fn places(layers: &[Layer], root: &Path) -> Result<impl Fn(&SourcePath) -> String, Failure> {
    let prefix = root::prefix(root)?;
    let layers: Vec<(Layer, String)> = layers
        .iter()
        .map(|layer| Ok((layer.clone(), root::prefix(&layer.root)?)))
        .collect::<Result<_, Failure>>()?;
    Ok(move |path: &SourcePath| {
        let found = layers.iter().rev().find_map(|(layer, prefix)| {
            let file = layer.on_disk(path);
            let within = file.strip_prefix(&layer.root).ok().filter(|_| file.exists())?;
            Some(format!("{prefix}{}", within.to_string_lossy().replace('\\', "/")))
        });
        found.unwrap_or_else(|| format!("{prefix}{path}"))
    })
}

/// The text of a file, for showing a line of it.
fn text(layers: &[Layer], path: &SourcePath) -> Option<String> {
    let bytes = layers.iter().rev().find_map(|layer| std::fs::read(layer.on_disk(path)).ok())?;
    source::decode(path, &bytes).ok()
}

/// Has the smaller copies of all pictures made that the cache does not hold; what can't be decoded
/// is a finding.
pub fn pictures(
    store: &Store,
    view: &SiteView,
    progress: &Progress,
    terminal: &Terminal,
) -> Vec<Diagnostic> {
    let sources = sources(view);
    let phase = progress.phase("Preparing pictures", sources.len());
    let required = store.require(&sources, &|| phase.step());
    drop(phase);
    if let Some(error) = required.cache_error {
        terminal.detail(&format!("the next build has to make all pictures anew: {error}"));
    }
    required.findings
}
