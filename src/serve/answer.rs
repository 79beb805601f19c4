//! A request gets its answer.
//!
//! 1. Who asks: a foreign `Host` is refused before anything else is looked at.
//! 2. What is asked for: only reading, only within the site.
//! 3. The page, from the newest snapshot; where it can't be made right now, as it was last; a
//!    folder without its slash is led on; else the site's own 404 page.

use std::io;

use tiny_http::{Method, Request};

use crate::diagnostic::Diagnostic;
use crate::path::OutputPath;

use super::host::Hosts;
use super::inject::{EVENTS, SCRIPT, STYLE, with_script};
use super::live::{Current, Live};
use super::portal::Body;
use super::reply::{self, Reply, Wish};
use super::streams::{Message, Update};
use super::target::Target;
use super::terminal::Terminal;

const SCRIPT_FILE: &[u8] = include_bytes!("../../themes/default/js/reload.js");
const STYLE_FILE: &[u8] = include_bytes!("../../themes/default/css/reload.css");

/// Answers requests; shared by all threads.
pub struct Answerer {
    pub live: std::sync::Arc<Live>,
    pub hosts: Hosts,
    pub terminal: std::sync::Arc<Terminal>,
}

/// What becomes of a request.
enum Answer {
    Reply(Reply),
    /// The connection stays, for events.
    Stream,
}

impl Answerer {
    /// Answers one request. May take as long as the client takes to read.
    ///
    /// # Errors
    ///
    /// The connection's.
    pub fn answer(&self, request: Request) -> io::Result<()> {
        match self.decide(&request) {
            Answer::Reply(reply) => request.respond(reply),
            Answer::Stream => {
                let current = self.live.current();
                let update = Update { generation: current.generation, css: true };
                let shown = current.shown();
                let greeting = [Message::Change(update), Message::Findings(&shown)];
                self.live.streams.join(request.into_writer(), &greeting)
            }
        }
    }

    fn decide(&self, request: &Request) -> Answer {
        Answer::Reply(match self.allowed(request) {
            Err(refusal) => refusal,
            Ok(target) if target.path() == EVENTS && *request.method() == Method::Get => {
                return Answer::Stream;
            }
            Ok(target) => {
                let wish = Wish::of(request);
                self.file(&target, &wish).unwrap_or_else(|error| {
                    reply::refusal(500, &format!("/{}: {error}", target.path()))
                })
            }
        })
    }

    fn allowed(&self, request: &Request) -> Result<Target, Reply> {
        let mut hosts = request.headers().iter().filter(|h| h.field.equiv("Host"));
        let host = hosts.next().map(|h| h.value.as_str()).filter(|_| hosts.next().is_none());
        if !host.is_some_and(|host| self.hosts.allow(host)) {
            let message = "This host is not served here. Start with --host NAME to allow it.";
            return Err(reply::refusal(403, message));
        }
        if !matches!(request.method(), Method::Get | Method::Head) {
            return Err(reply::refusal(405, "Only reading is possible."));
        }
        Target::parse(request.url()).map_err(|_| reply::refusal(400, "No address of this site."))
    }

    fn file(&self, target: &Target, wish: &Wish) -> io::Result<Reply> {
        let path = target.output();
        match path.as_str() {
            SCRIPT => return reply::file(&path, SCRIPT_FILE.to_vec().into(), wish),
            STYLE => return reply::file(&path, STYLE_FILE.to_vec().into(), wish),
            _ => {}
        }
        let current = self.live.current();
        match current.snapshot.file(&path) {
            Some(Ok(Body::Bytes(bytes))) if is_page(&path) => {
                self.live.kept.keep(&path, bytes.clone(), current.snapshot.source(&path));
                let (bytes, tag) = with_script(&bytes);
                reply::page(&path, 200, bytes, &tag, wish)
            }
            Some(Ok(body)) => reply::file(&path, body, wish),
            Some(Err(finding)) => self.failed(&current, &path, &finding, wish),
            None => self.missing(&current, target, &path, wish),
        }
    }

    /// The page can't be rendered: a template is broken.
    fn failed(
        &self,
        current: &Current,
        path: &OutputPath,
        finding: &Diagnostic,
        wish: &Wish,
    ) -> io::Result<Reply> {
        if self.live.page_failed(current, finding) {
            self.terminal.findings(std::slice::from_ref(finding), &*current.snapshot);
        }
        match self.live.kept.last(path) {
            Some(bytes) => {
                let (bytes, tag) = with_script(&bytes);
                reply::page(path, 200, bytes, &tag, wish)
            }
            None if is_page(path) => {
                let (bytes, tag) = with_script(BARE_PAGE);
                reply::page(path, 500, bytes, &tag, wish)
            }
            None => Ok(reply::refusal(500, &format!("{}: {}", finding.place, finding.message))),
        }
    }

    fn missing(
        &self,
        current: &Current,
        target: &Target,
        path: &OutputPath,
        wish: &Wish,
    ) -> io::Result<Reply> {
        if let Some(bytes) = self.live.kept.broken(path, &current.findings()) {
            let (bytes, tag) = with_script(&bytes);
            return reply::page(path, 200, bytes, &tag, wish);
        }
        if let Some(folder) = target.as_folder()
            && current.snapshot.has(&folder.output())
        {
            return Ok(reply::redirect(&folder.location()));
        }
        let path = OutputPath::new("404.html");
        match current.snapshot.file(&path) {
            Some(Ok(Body::Bytes(bytes))) => {
                let (bytes, tag) = with_script(&bytes);
                reply::page(&path, 404, bytes, &tag, wish)
            }
            _ => {
                let (bytes, tag) = with_script(BARE_PAGE);
                reply::page(&path, 404, bytes, &tag, wish)
            }
        }
    }
}

/// Stands in where there is no page to show; the overlay comes over it.
const BARE_PAGE: &[u8] = b"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
    <title>Opas</title>\n</head>\n<body>\n<main>\n<p>This page can't be shown right now.</p>\n\
    </main>\n</body>\n</html>\n";

fn is_page(path: &OutputPath) -> bool {
    path.as_str().ends_with(".html")
}
