//! The log as a stream.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::Failure;
use crate::json::{invalid, to_json};

/// The log from a cursor on.
#[derive(uniffi::Object)]
pub struct Subscription(Mutex<Option<allonge::Subscription>>);

#[uniffi::export]
impl Subscription {
    /// The next entries, at most `max`, as a JSON array; waits for the first. Empty only when the ledger
    /// was closed.
    pub async fn next_batch(&self, max: u32) -> Result<String, Failure> {
        let mut taken = self.take()?;
        let Some(subscription) = taken.subscription.as_mut() else {
            unreachable!("it was taken just now");
        };
        let max = usize::try_from(max).unwrap_or(usize::MAX);
        Ok(to_json(&subscription.next_batch(max).await?))
    }
}

/// A subscription in use; it is put back whichever way the call ends.
struct Taken<'a> {
    place: &'a Subscription,
    subscription: Option<allonge::Subscription>,
}

impl Subscription {
    pub(crate) fn new(subscription: allonge::Subscription) -> Self {
        Subscription(Mutex::new(Some(subscription)))
    }

    fn take(&self) -> Result<Taken<'_>, Failure> {
        let busy = || invalid("subscription", "another call waits for its next batch");
        let subscription = self.lock().take().ok_or_else(busy)?;
        Ok(Taken { place: self, subscription: Some(subscription) })
    }

    fn lock(&self) -> MutexGuard<'_, Option<allonge::Subscription>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        *self.place.lock() = self.subscription.take();
    }
}
