//! `opas serve`: the portal in the browser, kept up with every save.

use std::path::Path;
use std::sync::Arc;

use super::failure::{Failure, Outcome};
use super::new::today;
use super::portal;
use super::root;
use super::terminal::Terminal;
use crate::portal::Request;
use crate::serve::site::Site;
use crate::serve::{Place, ServeError, serve};

#[derive(clap::Args)]
pub struct Arguments {
    /// The port; the next free one if it is taken
    #[arg(long, default_value_t = 4000)]
    port: u16,
    /// The address to listen on; requests that name another host are refused
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    /// Open the portal in the browser
    #[arg(long)]
    open: bool,
    /// For whose portal it is
    #[arg(long, value_name = "NAME")]
    audience: Option<String>,
    /// Show drafts too
    #[arg(long)]
    drafts: bool,
}

pub fn run(
    arguments: &Arguments,
    root: Option<&Path>,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let request = Request { audience: arguments.audience.clone(), drafts: arguments.drafts };
    let source = portal::open(root, &request, terminal)?;
    let (folder, prefix) = (source.root().to_owned(), root::prefix(source.root())?);
    let site = Site::new(source, request, today)
        .map_err(|error| Failure::Io(format!("can't start a thread: {error}")))?;
    let place = Place { host: arguments.host.clone(), port: arguments.port };
    let log = Arc::new(terminal.log(prefix));
    let at_start = |url: &str| {
        if arguments.open
            && let Err(error) = webbrowser::open(url)
        {
            terminal.say(|out| writeln!(out, "the browser can't be opened: {error}"));
        }
    };
    match serve(site, &place, log, at_start) {
        Ok(()) => Ok(Outcome::Good),
        Err(ServeError::Portal(findings)) => {
            portal::say_findings(&[folder.clone().into()], &folder, &findings, terminal)?;
            Err(Failure::usage(ServeError::Portal(Vec::new()).to_string()))
        }
        Err(error @ ServeError::Listen { .. }) => Err(Failure::usage(error.to_string())),
        Err(error) => Err(Failure::Io(error.to_string())),
    }
}
