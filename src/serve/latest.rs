//! Work that follows the newest state at its own pace, and keeps nobody waiting.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// A thread that works on the latest of what it is handed; what came between is passed over.
pub struct Latest<T> {
    desk: Arc<Desk<T>>,
}

struct Desk<T> {
    waiting: Mutex<Waiting<T>>,
    news: Condvar,
}

struct Waiting<T> {
    item: Option<T>,
    closed: bool,
}

impl<T: Send + 'static> Latest<T> {
    /// Starts the thread. It begins with an item when nothing newer has come for `rest`.
    ///
    /// The work uses at most `threads` of its own, whatever it could use: pages are not to wait for it.
    ///
    /// # Errors
    ///
    /// The system gives no thread.
    pub fn start(
        name: &str,
        rest: Duration,
        threads: usize,
        mut work: impl FnMut(T) + Send + 'static,
    ) -> io::Result<Latest<T>> {
        let waiting = Mutex::new(Waiting { item: None, closed: false });
        let desk = Arc::new(Desk { waiting, news: Condvar::new() });
        let inside = Arc::clone(&desk);
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|_| "background".to_owned())
            .build()
            .map_err(io::Error::other)?;
        thread::Builder::new().name(name.to_owned()).spawn(move || {
            while let Some(item) = inside.take(rest) {
                pool.install(|| work(item));
            }
        })?;
        Ok(Latest { desk })
    }

    /// Hands over the newest. Never waits.
    pub fn put(&self, item: T) {
        self.desk.lock().item = Some(item);
        self.desk.news.notify_all();
    }
}

impl<T> Desk<T> {
    fn lock(&self) -> MutexGuard<'_, Waiting<T>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next item; `None` when nobody will put one any more.
    fn take(&self, rest: Duration) -> Option<T> {
        let mut waiting = self.lock();
        loop {
            while waiting.item.is_none() {
                if waiting.closed {
                    return None;
                }
                waiting = self.news.wait(waiting).unwrap_or_else(PoisonError::into_inner);
            }
            let item = waiting.item.take();
            if !rest.is_zero() {
                let waited = self.news.wait_timeout(waiting, rest);
                waiting = waited.unwrap_or_else(PoisonError::into_inner).0;
                if waiting.item.is_some() {
                    continue;
                }
            }
            return item;
        }
    }
}

impl<T> Drop for Latest<T> {
    fn drop(&mut self) {
        self.desk.lock().closed = true;
        self.desk.news.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn what_came_meanwhile_is_passed_over() {
        let (started, start) = channel();
        let (go_on, gate) = channel::<()>();
        let latest = Latest::start("test", Duration::ZERO, 1, move |item: u32| {
            started.send(item).unwrap();
            gate.recv().unwrap_or_default();
        })
        .unwrap();
        latest.put(1);
        assert_eq!(start.recv(), Ok(1));
        for item in 2..=5 {
            latest.put(item);
        }
        go_on.send(()).unwrap();
        assert_eq!(start.recv(), Ok(5));
        drop(go_on);
        drop(latest);
        assert!(start.recv().is_err(), "the thread has ended");
    }
}
