//! The open pages: each has an event stream, over which it hears that something changed.
//!
//! A stream is a connection that the server has handed over. Each has a thread of its own that
//! writes from a short queue, so a browser that does not read (stopped, asleep, far away) holds up
//! itself only; when its queue is full, the stream ends and the page asks for a new one when it can.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use serde::Serialize;

use super::overlay::Shown;

/// Events that wait for a slow page.
const QUEUE: usize = 16;
/// Pages that are told. A page keeps its stream while it is visible, so more are no person's.
const MOST: usize = 64;
/// How often an idle stream says that it is there; pages give one up that is silent for long.
const BEAT: Duration = Duration::from_secs(15);

const HEAD: &str = "HTTP/1.1 200 OK\r\n\
    Content-Type: text/event-stream\r\n\
    Cache-Control: no-store\r\n\
    X-Content-Type-Options: nosniff\r\n\
    Cross-Origin-Resource-Policy: same-origin\r\n\
    Transfer-Encoding: chunked\r\n\r\n";

/// What a page is told.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Update {
    /// Counts the loads of the portal, so that a page can tell an old event from a new one.
    pub generation: u64,
    /// Stylesheets may have changed under the same address.
    pub css: bool,
}

/// A message to all open pages.
#[derive(Clone, Copy, Debug)]
pub enum Message<'a> {
    Change(Update),
    Findings(&'a Shown),
    Beat,
}

impl Message<'_> {
    /// As it goes over the wire.
    fn text(self) -> Arc<str> {
        let (name, data) = match self {
            Message::Change(update) => ("opas:change", serde_json::json!(update)),
            Message::Findings(shown) => ("opas:findings", serde_json::json!(shown)),
            Message::Beat => ("opas:beat", serde_json::Value::Null),
        };
        // JSON has no raw line breaks, so one `data` line holds it.
        format!("event: {name}\ndata: {data}\n\n").into()
    }
}

/// All open event streams.
#[derive(Debug, Default)]
pub struct Streams {
    queues: Mutex<Vec<SyncSender<Arc<str>>>>,
}

impl Streams {
    /// Takes a connection over and sends it `first`.
    ///
    /// # Errors
    ///
    /// The system gives no thread.
    pub fn join(&self, writer: Box<dyn Write + Send>, first: &[Message<'_>]) -> io::Result<()> {
        let (queue, events) = sync_channel(QUEUE);
        for message in first {
            // The queue is new, empty and longer than the greeting.
            if queue.try_send(message.text()).is_err() {
                break;
            }
        }
        let build = thread::Builder::new().name("events".to_owned()).stack_size(128 << 10);
        // An error here is the page's leaving.
        build.spawn(move || drop(write_events(writer, &events)))?;
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        if queues.len() >= MOST {
            queues.remove(0);
        }
        queues.push(queue);
        Ok(())
    }

    /// Tells every page. Never waits.
    pub fn send(&self, message: Message<'_>) {
        let text = message.text();
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        queues.retain(|queue| queue.try_send(text.clone()).is_ok());
    }

    /// Ends all streams.
    pub fn close(&self) {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

fn write_events(mut writer: Box<dyn Write + Send>, events: &Receiver<Arc<str>>) -> io::Result<()> {
    writer.write_all(HEAD.as_bytes())?;
    write_chunk(&mut writer, "retry: 400\n\n")?;
    loop {
        match events.recv_timeout(BEAT) {
            Ok(text) => write_chunk(&mut writer, &text)?,
            Err(RecvTimeoutError::Timeout) => write_chunk(&mut writer, &Message::Beat.text())?,
            Err(RecvTimeoutError::Disconnected) => {
                writer.write_all(b"0\r\n\r\n")?;
                return writer.flush();
            }
        }
    }
}

fn write_chunk(writer: &mut impl Write, text: &str) -> io::Result<()> {
    write!(writer, "{:x}\r\n{text}\r\n", text.len())?;
    writer.flush()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};

    use super::*;

    /// A connection whose reader is in the test's hands.
    struct Pipe(Sender<Vec<u8>>);

    impl Write for Pipe {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.send(bytes.to_vec()).map_err(|_| io::ErrorKind::BrokenPipe)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// A connection that never takes a byte.
    struct Stopped(Receiver<()>);

    impl Write for Stopped {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            self.0.recv().map_err(|_| io::ErrorKind::BrokenPipe)?;
            Ok(0)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn until(pipe: &Receiver<Vec<u8>>, wanted: &str) -> String {
        let mut text = String::new();
        while !text.contains(wanted) {
            let bytes = pipe.recv_timeout(Duration::from_secs(10)).expect(&text);
            text.push_str(&String::from_utf8(bytes).unwrap());
        }
        text
    }

    const CHANGE: Message<'_> = Message::Change(Update { generation: 7, css: false });

    #[test]
    fn a_page_hears_of_changes_and_of_the_end() {
        let streams = Streams::default();
        let (sender, pipe) = channel();
        streams.join(Box::new(Pipe(sender)), &[]).unwrap();
        streams.send(CHANGE);
        let text = until(&pipe, "\"generation\":7");
        assert!(text.starts_with("HTTP/1.1 200 OK\r\n"));
        assert!(text.contains("event: opas:change\ndata: {"));
        streams.close();
        until(&pipe, "0\r\n\r\n");
    }

    #[test]
    fn a_stopped_browser_holds_up_nobody() {
        let streams = Streams::default();
        let (release, stopped) = channel();
        streams.join(Box::new(Stopped(stopped)), &[]).unwrap();
        for _ in 0..QUEUE + 2 {
            streams.send(CHANGE);
        }
        assert_eq!(streams.queues.lock().unwrap().len(), 0, "its stream is given up");
        let (sender, pipe) = channel();
        streams.join(Box::new(Pipe(sender)), &[]).unwrap();
        streams.send(CHANGE);
        until(&pipe, "\"generation\":7");
        drop(release);
    }

    #[test]
    fn pages_that_left_are_forgotten_and_too_many_are_not_kept() {
        let streams = Streams::default();
        for _ in 0..MOST + 5 {
            let (sender, pipe) = channel();
            // Kept open: these pages stay.
            std::mem::forget(pipe);
            streams.join(Box::new(Pipe(sender)), &[]).unwrap();
        }
        assert_eq!(streams.queues.lock().unwrap().len(), MOST);
    }
}
