//! A browser of a few lines: one request for each connection, and event streams.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

pub struct Answer {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

pub fn connect(port: u16, method: &str, target: &str, headers: &[(&str, &str)]) -> TcpStream {
    let mut connection = TcpStream::connect(("127.0.0.1", port)).unwrap();
    connection.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut text = format!("{method} {target} HTTP/1.1\r\n");
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    connection.write_all((text + "\r\n").as_bytes()).unwrap();
    connection
}

pub fn request(port: u16, method: &str, target: &str, headers: &[(&str, &str)]) -> Answer {
    let mut headers = headers.to_vec();
    headers.push(("Connection", "close"));
    let mut reader = BufReader::new(connect(port, method, target, &headers));
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let status = line.split(' ').nth(1).and_then(|s| s.parse().ok());
    let mut answer = Answer { status: status.expect(&line), headers: Vec::new(), body: Vec::new() };
    loop {
        line.clear();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        answer.headers.push((name.to_owned(), value.to_owned()));
    }
    reader.read_to_end(&mut answer.body).unwrap();
    answer
}

/// An open page: its event stream.
pub struct Page {
    reader: BufReader<TcpStream>,
}

/// One event.
#[derive(Debug)]
pub struct Event {
    pub name: String,
    pub data: serde_json::Value,
}

impl Page {
    pub fn open(port: u16) -> Page {
        let headers = [("Host", "localhost"), ("Accept", "text/event-stream")];
        Page { reader: BufReader::new(connect(port, "GET", "/_opas/events", &headers)) }
    }

    /// The next event of this name; others are passed over.
    pub fn until(&mut self, name: &str) -> Event {
        loop {
            let event = self.next().expect("the stream goes on");
            if event.name == name {
                return event;
            }
        }
    }

    /// The next findings with this many errors.
    pub fn until_errors(&mut self, errors: u64) -> Event {
        loop {
            let event = self.until("opas:findings");
            if event.data["errors"] == errors {
                return event;
            }
        }
    }

    fn next(&mut self) -> Option<Event> {
        let mut name = String::new();
        loop {
            let mut line = String::new();
            if self.reader.read_line(&mut line).unwrap() == 0 {
                return None;
            }
            if let Some(value) = line.strip_prefix("event: ") {
                name = value.trim_end().to_owned();
            } else if let Some(value) = line.strip_prefix("data: ") {
                return Some(Event { name, data: serde_json::from_str(value).unwrap() });
            } else if line == "0\r\n" {
                return None;
            }
        }
    }

    /// Whether the server ends the stream.
    pub fn ends(&mut self) -> bool {
        while self.next().is_some() {}
        true
    }
}
