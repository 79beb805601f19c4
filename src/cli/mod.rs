//! The command line: what the user typed, led to the part of Opas that does it.
//!
//! 1. [`Cli`] is what was typed; clap turns wrong usage into help and status 2.
//! 2. [`Terminal`] is how the user wants to be talked to: quiet or in detail, with colours or without.
//! 3. Each command is a file of its own: its arguments, and a function that gives the [`Outcome`](failure::Outcome) or a
//!    [`Failure`](failure::Failure). Nothing but [`main`] turns these into an exit status.

mod build;
mod check;
mod failure;
mod init;
mod layers;
mod new;
mod note;
mod portal;
mod progress;
mod root;
mod search;
mod serve;
mod terminal;
mod theme;
mod timings;
mod translate;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use terminal::{Color, Terminal};

/// Turns a folder of markdown into a complete help portal
#[derive(Parser)]
#[command(name = "opas", version, about, max_term_width = 100, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// The options that every command takes.
#[derive(Args)]
struct Common {
    /// The portal's folder [default: the nearest that holds opas.toml, from here upwards]
    #[arg(long, global = true, value_name = "DIR")]
    root: Option<PathBuf>,
    /// Print nothing but errors and what was asked for
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Print more about what is done and how long it takes
    #[arg(short, long, global = true)]
    verbose: bool,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    color: Color,
}

#[derive(Subcommand)]
enum Command {
    /// Build the portal as plain files
    Build(build::Arguments),
    /// Find what is wrong with the portal
    Check(check::Arguments),
    /// Make a small portal to start from
    Init(init::Arguments),
    /// Show which folder provides what, for a portal made of several
    Layers(layers::Arguments),
    /// Make an article from a template
    New(new::Arguments),
    /// Show the portal in the browser, kept up with every save
    Serve(serve::Arguments),
    /// Ask the portal's search
    Search(search::Arguments),
    /// List the theme's files, or copy one to the portal to change it
    Theme(theme::Arguments),
    /// Keep translations up with their originals
    Translate(translate::Arguments),
}

/// Does what the process was called for. The exit status: 0 good; 1 errors in the content (warnings
/// too, if strict) or a failing disk; 2 wrong usage or configuration.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    let terminal = Terminal::new(cli.common.quiet, cli.common.verbose, cli.common.color);
    let root = cli.common.root.as_deref();
    let outcome = match cli.command {
        Command::Build(arguments) => build::run(&arguments, root, &terminal),
        Command::Check(arguments) => check::run(&arguments, root, &terminal),
        Command::Init(arguments) => init::run(&arguments, root, &terminal),
        Command::Layers(arguments) => layers::run(&arguments, root, &terminal),
        Command::New(arguments) => new::run(&arguments, root, &terminal),
        Command::Serve(arguments) => serve::run(&arguments, root, &terminal),
        Command::Search(arguments) => search::run(&arguments, root, &terminal),
        Command::Theme(arguments) => theme::run(&arguments, root, &terminal),
        Command::Translate(arguments) => translate::run(&arguments, root, &terminal),
    };
    match outcome {
        Ok(outcome) => outcome.into(),
        Err(failure) => {
            terminal.failure(&failure);
            failure.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_options_do_not_contradict_one_another() {
        Cli::command().debug_assert();
    }
}
