//! The socket, and the threads that answer.
//!
//! 1. [`bind`] takes the port, or the next free one.
//! 2. [`run`] gives each request a thread of its own for as long as its client takes to read the
//!    answer: one that reads slowly holds up nobody. One that does not read at all is given up.

use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use socket2::SockRef;
use tiny_http::{Request, Server};

use super::answer::Answerer;
use super::host::unbracketed;
use super::nudge::Nudge;

/// How far the next free port is looked for.
const PORTS: u16 = 100;
/// A client that takes nothing for so long is gone or stopped.
const PATIENCE: Duration = Duration::from_secs(10);
/// Answers under way. Browsers open six connections each, so this is many of them.
const MOST: usize = 256;

/// Listens on `host` and `port`, or on the next free port if that is taken. Port 0 is any.
///
/// # Errors
///
/// The host is none of this machine, or no port is free or permitted.
pub fn bind(host: &str, port: u16) -> io::Result<TcpListener> {
    let last = port.saturating_add(if port == 0 { 0 } else { PORTS });
    let mut taken = None;
    for port in port..=last {
        let addresses: Vec<SocketAddr> = (unbracketed(host), port).to_socket_addrs()?.collect();
        match TcpListener::bind(&*addresses) {
            Ok(listener) => return prepared(listener),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => taken = Some(error),
            Err(error) => return Err(error),
        }
    }
    Err(taken.unwrap_or_else(|| io::ErrorKind::AddrInUse.into()))
}

/// Connections inherit the options of the socket that accepts them, and the server library offers
/// no other way to set them.
fn prepared(listener: TcpListener) -> io::Result<TcpListener> {
    let socket = SockRef::from(&listener);
    // An answer leaves in two parts, head and body; the second must not wait for the first.
    socket.set_tcp_nodelay(true)?;
    socket.set_write_timeout(Some(PATIENCE))?;
    Ok(listener)
}

/// Answers requests until the process ends.
///
/// # Errors
///
/// The socket can't be used any more.
pub fn run(listener: &TcpListener, answerer: &Arc<Answerer>) -> io::Result<()> {
    let slots = Arc::new(Slots::default());
    let nudge = Nudge::start(listener.local_addr()?)?;
    loop {
        let server =
            Server::from_listener(listener.try_clone()?, None).map_err(io::Error::other)?;
        // An error ends the library's own accepting: out of file handles, usually. Those of
        // clients that leave come back.
        while let Ok(request) = server.recv() {
            nudge.request();
            dispatch(request, answerer, &slots);
        }
        drop(server);
        thread::sleep(Duration::from_millis(200));
    }
}

fn dispatch(request: Request, answerer: &Arc<Answerer>, slots: &Arc<Slots>) {
    let slot = Slots::take(slots);
    let answerer = Arc::clone(answerer);
    let work = move || {
        // What fails here is the connection, and with it nobody is left to tell.
        drop(answerer.answer(request));
        drop(slot);
    };
    let started = thread::Builder::new().name("answer".to_owned()).spawn(work);
    // Without a thread the request is dropped, which closes it.
    drop(started);
}

/// How many answers are under way.
#[derive(Default)]
struct Slots {
    taken: Mutex<usize>,
    free: Condvar,
}

impl Slots {
    fn take(slots: &Arc<Slots>) -> Slot {
        let mut taken = slots.taken.lock().unwrap_or_else(PoisonError::into_inner);
        while *taken >= MOST {
            taken = slots.free.wait(taken).unwrap_or_else(PoisonError::into_inner);
        }
        *taken += 1;
        Slot(Arc::clone(slots))
    }
}

struct Slot(Arc<Slots>);

impl Drop for Slot {
    fn drop(&mut self) {
        *self.0.taken.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.0.free.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_leads_to_the_next() {
        let first = bind("127.0.0.1", 0).unwrap();
        let port = first.local_addr().unwrap().port();
        let second = bind("127.0.0.1", port).unwrap();
        assert!(second.local_addr().unwrap().port() > port);
    }

    #[test]
    fn a_host_of_another_machine_is_an_error() {
        assert!(bind("192.0.2.1", 0).is_err());
        assert!(bind("[::1", 0).is_err());
    }
}
