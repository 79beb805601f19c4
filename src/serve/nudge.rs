//! Sees to it that no connection is forgotten.
//!
//! The server library has a pool of threads, one for each connection. It hands a connection to an
//! idle thread; when several come at once, as from every browser, it may count on one idle thread
//! for two of them. The second then waits until any other connection ends, and browsers keep theirs
//! for minutes. A connection that comes and goes at once leaves behind an idle thread, which takes
//! up the forgotten one; so a few such are made after each burst of requests, and now and then.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::Duration;

/// Pauses after a request, in milliseconds; after each comes [`MANY`].
const BURST: [u64; 5] = [2, 8, 30, 100, 300];
/// As many connections as a browser opens at once may be forgotten, and each of these finds one.
const MANY: usize = 8;
/// Without any request: a browser opens connections ahead, and those hold threads too.
const IDLE: Duration = Duration::from_millis(500);
const FEW: usize = 3;

/// A thread that makes these connections.
pub struct Nudge {
    requests: SyncSender<()>,
}

impl Nudge {
    /// For the server that listens on `address`.
    ///
    /// # Errors
    ///
    /// The system gives no thread.
    pub fn start(address: SocketAddr) -> io::Result<Nudge> {
        let (requests, waiting) = sync_channel(1);
        let address = reachable(address);
        thread::Builder::new()
            .name("nudge".to_owned())
            .stack_size(64 << 10)
            .spawn(move || run(address, &waiting))?;
        Ok(Nudge { requests })
    }

    /// A request came.
    pub fn request(&self) {
        match self.requests.try_send(()) {
            // Full: it is told already.
            Ok(()) | Err(TrySendError::Full(())) | Err(TrySendError::Disconnected(())) => {}
        }
    }
}

fn run(address: SocketAddr, requests: &Receiver<()>) {
    loop {
        match requests.recv_timeout(IDLE) {
            Ok(()) => {
                for pause in BURST {
                    thread::sleep(Duration::from_millis(pause));
                    touch(address, MANY);
                }
            }
            Err(RecvTimeoutError::Timeout) => touch(address, FEW),
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// Comes several times at once and goes. If nobody listens any more, the end is near.
fn touch(address: SocketAddr, times: usize) {
    let connect = || TcpStream::connect_timeout(&address, Duration::from_secs(1));
    drop((0..times).map(|_| connect()).collect::<Vec<_>>());
}

/// An address that listens everywhere listens here too.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}
