//! Bytes become an HTTP response: headers, parts of files, "you have it already".

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::sync::LazyLock;
use std::time::UNIX_EPOCH;

use tiny_http::{Header, Request, Response};

use crate::path::OutputPath;
use crate::render::headers::while_writing;

use super::media_type::media_type;
use super::portal::Body;
use super::range::{Wanted, wanted};

/// As strict as that of the build, so a writer's browser tells of what breaks it.
static POLICY: LazyLock<String> = LazyLock::new(while_writing);

/// A picture opened by itself must not run what it holds.
const PICTURE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// A response whose body may come from anywhere.
pub type Reply = Response<Box<dyn Read + Send>>;

/// What of a request a reply depends on.
#[derive(Debug, Default)]
pub struct Wish {
    if_none_match: Option<String>,
    range: Option<String>,
    if_range: Option<String>,
}

impl Wish {
    pub fn of(request: &Request) -> Wish {
        Wish {
            if_none_match: header(request, "If-None-Match"),
            range: header(request, "Range"),
            if_range: header(request, "If-Range"),
        }
    }

    fn has(&self, tag: &str) -> bool {
        self.if_none_match.as_deref().is_some_and(|known| {
            known.split(',').map(str::trim).any(|k| k == "*" || k.trim_start_matches("W/") == tag)
        })
    }

    /// The range, unless the file has changed since the first part.
    fn range(&self, tag: &str) -> Option<&str> {
        self.range.as_deref().filter(|_| self.if_range.as_deref().is_none_or(|known| known == tag))
    }
}

/// A header of the request, if it is there.
pub fn header(request: &Request, name: &'static str) -> Option<String> {
    let found = request.headers().iter().find(|h| h.field.equiv(name));
    found.map(|h| h.value.as_str().to_owned())
}

/// A file of the site.
///
/// # Errors
///
/// The file can't be read.
pub fn file(path: &OutputPath, body: Body, wish: &Wish) -> io::Result<Reply> {
    match body {
        Body::Bytes(bytes) => {
            let tag = quoted(&tag(&bytes));
            let size = bytes.len() as u64;
            send(path, 200, &tag, size, wish, Box::new(Cursor::new(bytes)))
        }
        Body::File(on_disk) => {
            let file = File::open(on_disk)?;
            let metadata = file.metadata()?;
            let modified = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
            let tag = format!("\"{:x}-{:x}\"", metadata.len(), modified.as_nanos());
            send(path, 200, &tag, metadata.len(), wish, Box::new(file))
        }
    }
}

/// A page, with another status where it stands in for one that is not there.
///
/// # Errors
///
/// None in practice: the bytes are at hand.
pub fn page(
    path: &OutputPath,
    status: u16,
    bytes: Vec<u8>,
    tag: &str,
    wish: &Wish,
) -> io::Result<Reply> {
    let size = bytes.len() as u64;
    send(path, status, &quoted(tag), size, wish, Box::new(Cursor::new(bytes)))
}

/// A line of text in place of what was asked for.
pub fn refusal(status: u16, message: &str) -> Reply {
    let text = format!("{message}\n").into_bytes();
    let size = text.len();
    let mut headers = common("text/plain; charset=utf-8", &POLICY);
    if status == 405 {
        headers.push(("Allow", "GET, HEAD".to_owned()));
    }
    response(status, headers, Box::new(Cursor::new(text)), size as u64)
}

/// The way to a folder's address.
pub fn redirect(location: &str) -> Reply {
    let mut headers = common("text/plain; charset=utf-8", &POLICY);
    headers.push(("Location", location.to_owned()));
    response(302, headers, Box::new(io::empty()), 0)
}

/// A hash by which equal bytes are known.
pub fn tag(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex()[..20].to_owned()
}

fn quoted(tag: &str) -> String {
    format!("\"{tag}\"")
}

/// A body that can be read from any place.
trait Source: Read + Seek + Send {}

impl<T: Read + Seek + Send> Source for T {}

fn send(
    path: &OutputPath,
    status: u16,
    tag: &str,
    size: u64,
    wish: &Wish,
    mut source: Box<dyn Source>,
) -> io::Result<Reply> {
    let media_type = media_type(path);
    let policy = if media_type == "image/svg+xml" { PICTURE_POLICY } else { &POLICY };
    let mut headers = common(media_type, policy);
    headers.push(("ETag", tag.to_owned()));
    headers.push(("Accept-Ranges", "bytes".to_owned()));
    if status == 200 && wish.has(tag) {
        return Ok(response(304, headers, Box::new(io::empty()), size));
    }
    let range = if status == 200 { wanted(wish.range(tag), size) } else { Wanted::Whole };
    Ok(match range {
        Wanted::Whole => response(status, headers, Box::new(source), size),
        Wanted::Part(part) => {
            source.seek(SeekFrom::Start(part.start))?;
            let last = part.end - 1;
            headers.push(("Content-Range", format!("bytes {}-{last}/{size}", part.start)));
            let length = part.end - part.start;
            response(206, headers, Box::new(source.take(length)), length)
        }
        Wanted::Beyond => {
            headers.push(("Content-Range", format!("bytes */{size}")));
            response(416, headers, Box::new(io::empty()), 0)
        }
    })
}

fn common(media_type: &str, policy: &str) -> Vec<(&'static str, String)> {
    [
        ("Content-Type", media_type),
        ("Cache-Control", "no-cache"),
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("Cross-Origin-Resource-Policy", "same-site"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .into()
}

fn response(
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Box<dyn Read + Send>,
    size: u64,
) -> Reply {
    let headers = headers
        .into_iter()
        // Only a value that is no ASCII fails, and none is.
        .filter_map(|(name, value)| Header::from_bytes(name, value).ok())
        .collect();
    let size = usize::try_from(size).ok();
    Response::new(status.into(), headers, body, size, None).with_chunked_threshold(usize::MAX)
}
