//! The portal of the suite: written, built and served.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread;

use crate::desk::Desk;

/// Where the built files lie on their host.
const BELOW: &str = "/some/sub/path/";

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; media-src 'self'; connect-src 'self'; font-src 'self'; \
    base-uri 'none'; form-action 'self'";

/// One of each type of page.
pub const PAGES: &[&str] = &[
    "",
    "en/",
    "myynti/",
    "myynti/lasku/",
    "myynti/hyvityslasku/",
    "tyoaika/kirjaus/",
    "asetukset/kayttajat/",
    "tiedotteet/2026-05-04-kalenteri/",
    "contents/",
    "a-z/",
    "tags/",
    "tags/laskut/",
    "search/",
    "search/?q=lasku",
    "search/?q=statements",
    "print/",
];

/// Ends its servers when dropped.
pub struct Site {
    pub desk: Desk,
    /// The origin of `opas serve`.
    pub served: String,
    /// The origin of the built files.
    pub host: String,
    server: Child,
}

impl Site {
    pub fn new() -> Site {
        let desk = Desk::copy_of("browser/portal");
        for (name, width, height) in
            [("kuvake", 24, 24), ("luettelo", 900, 500), ("esikatselu", 640, 400)]
        {
            desk.write(&format!("content/fi/myynti/{name}.png"), png(width, height));
        }
        let style = "themes/default/css/utilities.css";
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join(style);
        desk.write(style, fs::read(own).unwrap());
        desk.opas("build --root . --out public").expect(0, &["built"]);

        let host = host(&desk.path("public"));
        let mut server = desk.command(["serve", "--root", ".", "--port", "0"]);
        let mut server = server.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let served = announced_origin(&mut server);
        Site { desk, served, host, server }
    }

    /// A page of `opas serve`.
    pub fn live(&self, path: &str) -> String {
        format!("{}/{path}", self.served)
    }

    /// A page of the built files, on a host that allows nothing from elsewhere.
    pub fn hosted(&self, path: &str) -> String {
        hosted(&self.host, path)
    }

    /// A file of the built files.
    pub fn on_disk(&self, path: &str) -> String {
        let file = self.desk.path("public").canonicalize().unwrap();
        format!("file://{}/{path}", file.display())
    }

    /// Replaces a part of a source file.
    #[track_caller]
    pub fn edit(&self, path: &str, old: &str, new: &str) {
        let text = self.desk.read(path);
        assert!(text.contains(old), "{path} lacks {old:?}");
        self.desk.write(path, text.replacen(old, new, 1));
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if let Err(error) = self.server.kill().and_then(|()| self.server.wait()) {
            eprintln!("opas serve did not end: {error}");
        }
    }
}

/// A picture in which neighbours differ, so that it is no small file.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(width, height, |x, y| {
        image::Rgb([(x * 3 % 256) as u8, (y * 5 % 256) as u8, 120])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// The address that `opas serve` prints, on whichever stream.
fn announced_origin(server: &mut Child) -> String {
    let (sender, lines) = std::sync::mpsc::channel();
    let streams: [Box<dyn Read + Send>; 2] =
        [Box::new(server.stdout.take().unwrap()), Box::new(server.stderr.take().unwrap())];
    for stream in streams {
        let sender = sender.clone();
        thread::spawn(move || {
            // To the end, even when nobody listens: a full pipe would block the server.
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                drop(sender.send(line));
            }
        });
    }
    drop(sender);
    let mut heard = Vec::new();
    for line in lines {
        if let Some(at) = line.find("http://127.0.0.1:") {
            let address = line[at..].split_whitespace().next().unwrap_or_default();
            return address.trim_end_matches('/').to_owned();
        }
        heard.push(line);
    }
    panic!("opas serve names no address: {heard:#?}");
}

/// Serves a folder below a path, with the strict policy, until the tests end; gives the origin.
pub fn host(root: &Path) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let root = root.to_owned();
    thread::spawn(move || serve_files(&listener, &root));
    origin
}

/// The address of a page of such a host.
pub fn hosted(origin: &str, page: &str) -> String {
    format!("{origin}{BELOW}{page}")
}

/// A plain static host.
fn serve_files(listener: &TcpListener, root: &Path) {
    for stream in listener.incoming().map_while(Result::ok) {
        let root = root.to_owned();
        // The browser may close a connection at any time.
        thread::spawn(move || drop(answer(stream, &root)));
    }
}

fn answer(mut stream: TcpStream, root: &Path) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    for header in lines {
        if header?.is_empty() {
            break;
        }
    }
    let target = request.split(' ').nth(1).unwrap_or_default();
    let path = target.split('?').next().unwrap_or_default();
    let file = path.strip_prefix(BELOW).filter(|path| !path.contains("..")).map(|p| root.join(p));
    let (status, extra, file) = match file {
        Some(file) if file.is_dir() && !path.ends_with('/') => {
            ("301 Moved Permanently", format!("Location: {path}/\r\n"), PathBuf::new())
        }
        Some(file) if file.is_dir() => ("200 OK", String::new(), file.join("index.html")),
        Some(file) if file.is_file() => ("200 OK", String::new(), file),
        _ => ("404 Not Found", String::new(), root.join("404.html")),
    };
    let body = fs::read(&file).unwrap_or_default();
    let kind = media_type(&file);
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{extra}\
         Content-Security-Policy: {POLICY}\r\nX-Content-Type-Options: nosniff\r\n\
         Cache-Control: no-store\r\nConnection: close\r\n\r\n"
    )?;
    stream.write_all(&body)
}

fn media_type(file: &Path) -> &'static str {
    match file.extension().and_then(|e| e.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" => "image/jpeg",
        "webp" => "image/webp",
        "md" | "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
