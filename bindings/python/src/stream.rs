//! The log in batches.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;

use crate::boundary::{error, released};
use crate::pending::{Answer, Pending};
use crate::wire::to_python;

/// The log from a place on.
#[pyclass(frozen, module = "allonge._native")]
pub struct Subscription(Arc<Mutex<Option<allonge::Subscription>>>);

impl From<allonge::Subscription> for Subscription {
    fn from(subscription: allonge::Subscription) -> Self {
        Subscription(Arc::new(Mutex::new(Some(subscription))))
    }
}

#[pymethods]
impl Subscription {
    /// What is there, at most `limit` entries.
    fn poll_batch<'py>(&self, py: Python<'py>, limit: usize) -> PyResult<Bound<'py, PyAny>> {
        let entries = released(py, || Lent::from(&self.0).get()?.poll_batch(limit))?;
        to_python(py, &entries)
    }

    /// What comes, at least one entry and at most `limit`; none when the ledger was closed.
    fn next_batch(&self, limit: usize) -> Pending {
        let place = self.0.clone();
        Pending::new(async move { Lent::from(&place).get()?.next_batch(limit).await.map(Answer::Entries) })
    }
}

/// The subscription while somebody reads it. It goes back when the reading ends, also when it is given up.
struct Lent<'a> {
    place: &'a Mutex<Option<allonge::Subscription>>,
    subscription: Option<allonge::Subscription>,
}

impl<'a> From<&'a Arc<Mutex<Option<allonge::Subscription>>>> for Lent<'a> {
    fn from(place: &'a Arc<Mutex<Option<allonge::Subscription>>>) -> Self {
        Lent { place, subscription: lock(place).take() }
    }
}

impl Lent<'_> {
    fn get(&mut self) -> Result<&mut allonge::Subscription, allonge::Error> {
        self.subscription.as_mut().ok_or_else(|| {
            error("input.invalid", "where", "subscription").with("reason", "two read it at once")
        })
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Some(subscription) = self.subscription.take() {
            *lock(self.place) = Some(subscription);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
