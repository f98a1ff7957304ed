//! Those who wait for the next block.

use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_channel::oneshot;

/// Each is told once, at the next block or when there will be no other.
pub(crate) struct Watchers {
    /// `None` once there will be no other block.
    waiting: Mutex<Option<Vec<oneshot::Sender<()>>>>,
}

impl Watchers {
    pub(crate) fn new() -> Self {
        Watchers { waiting: Mutex::new(Some(Vec::new())) }
    }

    /// Waits for the next block.
    pub(crate) fn next_block(&self) -> oneshot::Receiver<()> {
        let (told, watch) = oneshot::channel();
        if let Some(waiting) = self.lock().as_mut() {
            // Those who gave up waiting are forgotten.
            waiting.retain(|watcher| !watcher.is_canceled());
            waiting.push(told);
        }
        watch
    }

    /// Blocks may have come: whoever waits for one looks.
    pub(crate) fn tell(&self) {
        if let Some(waiting) = self.lock().as_mut() {
            waiting.drain(..).for_each(|watcher| {
                // Whoever watched may be gone.
                let _ = watcher.send(());
            });
        }
    }

    /// There will be no other block: nobody goes on waiting for one.
    pub(crate) fn close(&self) {
        drop(self.lock().take());
    }

    fn lock(&self) -> MutexGuard<'_, Option<Vec<oneshot::Sender<()>>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
