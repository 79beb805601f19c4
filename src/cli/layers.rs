//! `opas layers`: who provides what of a portal that is made of several folders.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::failure::{Failure, Outcome};
use super::note::{note, write};
use super::portal;
use super::terminal::Terminal;
use crate::article::state::state;
use crate::path::SourcePath;
use crate::portal::{Portal, Request};
use crate::site::drift::copy_for;
use crate::source::scan;

#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// List every file with its layer
    #[arg(long)]
    files: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Note in extensions that they fit what they extend as it is now
    Mark {
        /// Articles with `extends` in their front matter
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

pub fn run(
    arguments: &Arguments,
    root: Option<&Path>,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let mut portal = portal::open(root, &Request { audience: None, drafts: true }, terminal)?;
    match &arguments.command {
        Some(Command::Mark { files }) => {
            for file in files {
                mark(&mut portal, file, terminal)?;
            }
        }
        None => {
            let shares = shares(&portal);
            terminal.print(|out| print(&portal, &shares, arguments.files, out))?;
        }
    }
    Ok(Outcome::Good)
}

/// What a layer provides: each of its files with the layer that has it too and comes before.
type Share = BTreeMap<SourcePath, Option<usize>>;

fn shares(portal: &Portal) -> Vec<Share> {
    let mut shares: Vec<Share> = Vec::new();
    for layer in portal.layers() {
        // What is wrong with the files, `check` says.
        let files = scan(std::slice::from_ref(layer), &portal.config().languages, &mut Vec::new());
        let replaced = |path: &SourcePath| shares.iter().rposition(|s| s.contains_key(path));
        let share = files.iter().map(|f| (f.path.clone(), replaced(&f.path))).collect();
        shares.push(share);
    }
    shares
}

fn print(portal: &Portal, shares: &[Share], files: bool, out: &mut dyn Write) -> io::Result<()> {
    for (i, (layer, share)) in portal.layers().iter().zip(shares).enumerate() {
        let replacing = share.values().filter(|replaced| replaced.is_some()).count();
        let later = &shares[i + 1..];
        let lost = share.keys().filter(|path| later.iter().any(|s| s.contains_key(*path))).count();
        writeln!(
            out,
            "{} {}: {} files, {replacing} in place of an earlier layer's, {lost} replaced by a later one",
            i + 1,
            layer.root.display(),
            share.len()
        )?;
        for (path, replaced) in share.iter().filter(|_| files) {
            match replaced {
                Some(earlier) => writeln!(out, "    {path}  (in place of layer {})", earlier + 1)?,
                None => writeln!(out, "    {path}")?,
            }
        }
    }
    Ok(())
}

fn mark(portal: &mut Portal, file: &Path, terminal: &Terminal) -> Result<(), Failure> {
    let real = file.canonicalize().map_err(|error| Failure::io(file, &error))?;
    let roots: Vec<PathBuf> = portal.layers().iter().map(|layer| layer.root.clone()).collect();
    let Some(base) = portal.extended_by(&real) else {
        let message = format!("`{}` extends no article of the portal", file.display());
        return Err(Failure::usage(message));
    };
    // What the next change of the article is compared with.
    if let Some(copy) = roots.iter().find_map(|root| copy_for(root, &real)) {
        let folder = copy.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(|error| Failure::io(folder, &error))?;
        write(&copy, base.text.read().get(base.body_start..).unwrap_or(""))?;
    }
    note(&real, &state(base))?;
    terminal.line(&format!("{} fits {} as it is now", file.display(), base.path))
}
