//! A value that others wait for. Those who wait are woken in the order in which they came, so that a simulation from
//! one seed has one course; channels of tokio wake them in an order of their own.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// A value that changes.
#[derive(Debug, Default)]
pub(crate) struct Watch<T> {
    value: Mutex<T>,
    changed: Notify,
}

impl<T> Watch<T> {
    pub(crate) fn new(value: T) -> Self {
        Watch { value: Mutex::new(value), changed: Notify::new() }
    }

    fn lock(&self) -> MutexGuard<'_, T> {
        self.value.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at the value.
    pub(crate) fn look<U>(&self, look: impl FnOnce(&T) -> U) -> U {
        look(&self.lock())
    }

    /// Changes the value, and wakes those who wait.
    pub(crate) fn change(&self, change: impl FnOnce(&mut T)) {
        change(&mut self.lock());
        self.changed.notify_waiters();
    }

    /// Waits until something can be seen in the value.
    pub(crate) async fn until<U>(&self, mut see: impl FnMut(&T) -> Option<U>) -> U {
        loop {
            let changed = self.changed.notified();
            let mut changed = std::pin::pin!(changed);
            // From here on no change is missed.
            changed.as_mut().enable();
            if let Some(seen) = self.look(&mut see) {
                return seen;
            }
            changed.await;
        }
    }
}
