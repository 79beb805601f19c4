//! A writer sees the page a blink after saving: `opas serve`.
//!
//! 1. [`listen`] takes a port; requests that come before the first load wait for it.
//! 2. [`portal`] loads a snapshot; [`live`] publishes it.
//! 3. [`answer`] sends the one file that a browser asks for, from the newest snapshot, with the
//!    script element of [`inject`] in pages.
//! 4. [`watch`] makes one [`change`] of the many events of a save; the portal is loaded again.
//! 5. [`streams`] tells the open pages, which fetch themselves anew. The script is
//!    `themes/default/js/reload.js`.
//! 6. What pages need not wait for follows behind, by way of [`latest`]: the checks, the search of
//!    [`finder`], the smaller variants of pictures.

pub mod answer;
pub mod change;
pub mod finder;
pub mod host;
pub mod inject;
pub mod kept;
pub mod latest;
pub mod listen;
pub mod live;
pub mod media_type;
pub mod nudge;
pub mod overlay;
pub mod portal;
pub mod range;
pub mod reply;
pub mod site;
pub mod streams;
pub mod target;
pub mod terminal;
pub mod watch;

use std::io;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use answer::Answerer;
use change::Change;
use host::Hosts;
use latest::Latest;
use live::{Current, Live};
use portal::Portal;
use terminal::Terminal;
use watch::{Means, Watch};

use crate::diagnostic::Diagnostic;

/// Where a portal is served.
#[derive(Clone, Debug)]
pub struct Place {
    pub host: String,
    pub port: u16,
}

/// Why serving did not start, or ended.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("can't listen on {host}:{port}: {error}")]
    Listen { host: String, port: u16, error: io::Error },
    #[error("can't watch the portal's files: {0}")]
    Watch(#[from] notify::Error),
    #[error("can't take note of Ctrl+C: {0}")]
    Signal(#[from] ctrlc::Error),
    #[error("can't start a thread: {0}")]
    Thread(#[from] io::Error),
    /// Nothing can be shown; the findings say why.
    #[error("the portal can't be loaded")]
    Portal(Vec<Diagnostic>),
}

enum News {
    Changed(Change),
    Stop,
}

/// Serves until Ctrl+C. `at_start` gets the address once the first page can be answered.
///
/// # Errors
///
/// The port or the files can't be had, or there is nothing to show.
pub fn serve(
    mut portal: impl Portal,
    place: &Place,
    terminal: Arc<Terminal>,
    at_start: impl FnOnce(&str),
) -> Result<(), ServeError> {
    let Place { host, port } = place;
    let listen = |error| ServeError::Listen { host: host.clone(), port: *port, error };
    let listener = listen::bind(host, *port).map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    let live = Arc::new(Live::default());
    let answerer = Arc::new(Answerer {
        live: Arc::clone(&live),
        hosts: Hosts::new(host),
        terminal: Arc::clone(&terminal),
    });
    thread::Builder::new()
        .name("listen".to_owned())
        .spawn(move || listen::run(&listener, &answerer))?;

    let (sender, news) = channel();
    let stop = sender.clone();
    ctrlc::set_handler(move || {
        // Nobody listens any more only when the end has come anyway.
        drop(stop.send(News::Stop));
    })?;
    let watch = Watch::new(portal.watched())?;
    let means = watch.means;
    thread::Builder::new().name("watch".to_owned()).spawn(move || {
        watch.run(&mut |change| sender.send(News::Changed(change)).is_ok());
    })?;

    let first = live.publish(portal.load(&Change::Config), false).map_err(ServeError::Portal)?;
    if address.port() != *port && *port != 0 {
        terminal.line(&format!("port {port} is taken, so this is {}", address.port()));
    }
    let url = format!("http://{}/", named(host, address));
    terminal.line(&format!("serving {url} (Ctrl+C ends it)"));
    if means == Means::Polled {
        terminal.line("the system can't tell of changes here, so they show within a second");
    }
    at_start(&url);
    let checks = checks(&live, &terminal)?;
    checks.put(first);

    while let Ok(News::Changed(mut change)) = news.recv() {
        // What came while the last load was under way.
        let mut stop = false;
        while let Ok(more) = news.try_recv() {
            match more {
                News::Changed(more) => change = change.and(more),
                News::Stop => stop = true,
            }
        }
        if stop {
            break;
        }
        reload(&mut portal, &change, &live, &terminal, &checks);
    }
    live.streams.close();
    terminal.line("ended");
    Ok(())
}

/// The checks, which follow the snapshots.
fn checks(live: &Arc<Live>, terminal: &Arc<Terminal>) -> io::Result<Latest<Arc<Current>>> {
    let (live, terminal) = (Arc::clone(live), Arc::clone(terminal));
    Latest::start("checks", Duration::from_millis(100), 1, move |current: Arc<Current>| {
        let findings = current.snapshot.check();
        if live.checked(&current, findings) {
            terminal.state(&current.findings(), &*current.snapshot);
        }
    })
}

fn reload(
    portal: &mut impl Portal,
    change: &Change,
    live: &Live,
    terminal: &Terminal,
    checks: &Latest<Arc<Current>>,
) {
    let start = Instant::now();
    let loaded = portal.load(change);
    // There is a snapshot before: serving has begun.
    let Ok(current) = live.publish(loaded, !matches!(change, Change::Content(_))) else { return };
    terminal.line(&format!("{} ({} ms)", described(change), start.elapsed().as_millis()));
    checks.put(current);
}

fn described(change: &Change) -> String {
    match change {
        Change::Css => "style changed".to_owned(),
        Change::Theme => "theme changed".to_owned(),
        Change::Config => "configuration changed".to_owned(),
        Change::Content(paths) => {
            let name = paths.first().and_then(|p| p.file_name()).unwrap_or_default();
            let name = name.to_string_lossy();
            match paths.len() {
                0 | 1 => format!("{name} changed"),
                more => format!("{name} and {} more changed", more - 1),
            }
        }
    }
}

/// The host as the writer called it, with the port that it became.
fn named(host: &str, address: std::net::SocketAddr) -> String {
    let port = address.port();
    if address.ip().is_unspecified() {
        return format!("localhost:{port}");
    }
    match host::unbracketed(host) {
        host if host.contains(':') => format!("[{host}]:{port}"),
        host => format!("{host}:{port}"),
    }
}
