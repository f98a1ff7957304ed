//! The log as a stream, pulled in batches.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use futures_channel::oneshot;
use napi::bindgen_prelude::Object;
use napi::{Env, Result};
use napi_derive::napi;

use crate::error::{invalid, thrown};
use crate::promise::promise;
use crate::text::json;

/// A subscription. It waits for one batch at a time.
#[napi]
pub struct Subscription {
    stream: Arc<Mutex<Option<allonge::Subscription>>>,
    cancel: Mutex<Option<oneshot::Sender<()>>>,
}

impl Subscription {
    pub(crate) fn new(stream: allonge::Subscription) -> Self {
        Subscription { stream: Arc::new(Mutex::new(Some(stream))), cancel: Mutex::default() }
    }
}

#[napi]
impl Subscription {
    /// The next entries as a JSON array; empty when the ledger was closed or the wait cancelled.
    #[napi(catch_unwind, ts_return_type = "Promise<string>")]
    pub fn next_batch<'env>(&self, env: &'env Env, max: u32) -> Result<Object<'env>> {
        let max = usize::try_from(max).unwrap_or(usize::MAX);
        let taken = lock(&self.stream).take();
        let mut stream = taken.ok_or_else(|| invalid("subscription", "it waits for a batch already"))?;
        let (cancel, cancelled) = oneshot::channel();
        *lock(&self.cancel) = Some(cancel);
        let home = Arc::clone(&self.stream);
        promise(env, async move {
            let entries = until(cancelled, stream.next_batch(max)).await;
            *lock(&home) = Some(stream);
            json(&entries.unwrap_or_else(|| Ok(Vec::new())).map_err(thrown)?)
        })
    }

    /// Ends the wait for the next batch.
    #[napi(catch_unwind)]
    pub fn cancel(&self) {
        drop(lock(&self.cancel).take());
    }
}

/// What the future answers, or nothing once the other end of `cancelled` is gone.
async fn until<T>(mut cancelled: oneshot::Receiver<()>, future: impl Future<Output = T>) -> Option<T> {
    let mut future = std::pin::pin!(future);
    std::future::poll_fn(move |context| {
        if std::pin::Pin::new(&mut cancelled).poll(context).is_ready() {
            return Poll::Ready(None);
        }
        future.as_mut().poll(context).map(Some)
    })
    .await
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
