//! `opas theme`: which files the theme has, and a copy of one to change.

use std::path::Path;

use clap::Subcommand;

use super::failure::{Failure, Outcome};
use super::portal::{self, Standard};
use super::terminal::Terminal;
use crate::theme::ThemeFiles;
use crate::theme::files::{EjectError, Origin, eject};

#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the theme's files; those that the portal overrides are marked
    List,
    /// Copy a file of the default theme into the portal, where it can be changed
    Eject {
        /// A file as `opas theme list` names it: templates/article.html
        file: String,
    },
}

pub fn run(
    arguments: &Arguments,
    root: Option<&Path>,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let (root, config) = portal::configured(root, terminal)?;
    match &arguments.command {
        Command::List => {
            let mut findings = Vec::new();
            let files = ThemeFiles::load(&root, &config.theme, &mut findings);
            terminal.print(|out| {
                for (path, origin) in files.list() {
                    match origin {
                        Origin::Embedded => writeln!(out, "{path}")?,
                        Origin::Portal => writeln!(out, "{path} (themes/{}/)", config.theme)?,
                    }
                }
                Ok(())
            })?;
            let tally = portal::say_findings(&[root.clone().into()], &root, &findings, terminal)?;
            Ok(Standard::Errors.judge(tally))
        }
        Command::Eject { file } => match eject(&root, &config.theme, file) {
            Ok(path) => {
                let path = path.strip_prefix(&root).unwrap_or(&path);
                terminal.line(&format!("copied to {}", path.display()))?;
                Ok(Outcome::Good)
            }
            Err(error @ EjectError::Io(..)) => Err(Failure::Io(error.to_string())),
            Err(error) => Err(Failure::usage(error.to_string())),
        },
    }
}
