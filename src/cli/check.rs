//! `opas check`: what is wrong with a portal, for a person or a program.

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::failure::{Failure, Outcome};
use super::new::today;
use super::portal::{self, Standard};
use super::root;
use super::terminal::Terminal;
use crate::build::search;
use crate::config::ConfigError;
use crate::image::store::Store;
use crate::portal::{Portal, PortalError, Request};
use crate::report::Format;
use crate::search::find_by;
use crate::search::of_view::WithTexts;

#[derive(clap::Args)]
pub struct Arguments {
    /// How to print the findings
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// For whose portal to check
    #[arg(long, value_name = "NAME")]
    audience: Option<String>,
    /// Let warnings fail the check as errors do
    #[arg(long)]
    strict: bool,
    /// Take this as today's date: for reviews that are due
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
    /// Check drafts too
    #[arg(long)]
    drafts: bool,
    /// Look through this built portal for what its readers may not see, and check nothing else
    #[arg(long, value_name = "DIR")]
    leaks: Option<PathBuf>,
}

pub fn run(
    arguments: &Arguments,
    root: Option<&Path>,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let root = root::find(root)?;
    let request = Request { audience: arguments.audience.clone(), drafts: arguments.drafts };
    let format = arguments.format;
    let mut portal = match Portal::open(&root, &request) {
        Ok(portal) => portal,
        // A program that reads the findings gets these too.
        Err(PortalError::Config(ConfigError::Findings(findings))) => {
            portal::print_findings(&[root.clone().into()], &root, &findings, format, terminal)?;
            let error = ConfigError::Findings(Vec::new());
            return Err(Failure::usage(error.to_string()));
        }
        Err(error) => return Err(portal::refused(&root, error, terminal)?),
    };
    let today = arguments.as_of.unwrap_or_else(today);
    let findings = match &arguments.leaks {
        Some(out) => portal.find_leaks(out, today).map_err(|error| Failure::io(out, &error))?,
        None => {
            let loaded = portal.load(today);
            let store = Store::of_portal(portal.root());
            let mut findings = loaded.findings;
            let (theme, theme_findings) = portal.theme();
            findings.extend(theme_findings);
            let progress = terminal.progress();
            findings.extend(portal::pictures(&store, &loaded.view, &progress, terminal));
            // The index is made only if somebody wants to be found by something.
            if find_by::any(&loaded.view) {
                let _phase = progress.phase("Making the search", 0);
                let index = search(&loaded.view, &theme);
                let index = index.map_err(|error| Failure::Io(error.to_string()))?;
                let source = WithTexts::new(&index, &loaded.view);
                findings.extend(find_by::check(&loaded.view, &source));
            }
            findings.sort();
            findings
        }
    };
    // Leaks lie in the built folder, all else in the portal's.
    let tally = match &arguments.leaks {
        Some(out) => {
            let built = [out.clone().into()];
            portal::print_findings(&built, out, &findings, format, terminal)?
        }
        None => portal::print_findings(portal.layers(), &root, &findings, format, terminal)?,
    };
    Ok(Standard::of(arguments.strict).judge(tally))
}
