//! Blocks as server-sent events: one event a block, its id the height, so that whoever connects again with the last id
//! that it saw goes on with no gap and no repeat.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use allonge_finance::Timestamp;
use allonge_ledger::registry::REQUEST_INVALID;
use allonge_ledger::{Error, Rules, TransactionResult, from_canonical};
use allonge_protocol::{EVENTS_KEEP_ALIVE_MS, EventsQuery, LAST_EVENT_ID};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures::stream::{Stream, unfold};
use serde::Serialize;
use tokio::sync::OwnedSemaphorePermit;

use crate::node::Progress;

use super::api::{Failure, Served, Shared, beside};

/// What one event says of a block.
#[derive(Serialize)]
struct BlockEvent<E> {
    height: u64,
    time: Timestamp,
    transactions: Vec<TransactionResult<E>>,
}

pub(super) async fn events<R: Rules>(
    State(served): Shared<R>,
    headers: HeaderMap,
    query: Result<Query<EventsQuery>, QueryRejection>,
) -> Result<Response, Failure> {
    served.node.check_running()?;
    let Query(query) = query.map_err(|error| REQUEST_INVALID.error().with("reason", error.body_text()))?;
    let (newest, _) = served.copy.newest();
    let after = match headers.get(LAST_EVENT_ID) {
        Some(last) => last.to_str().ok().and_then(|last| last.parse().ok()).ok_or_else(|| {
            REQUEST_INVALID.error().with("reason", format_args!("{LAST_EVENT_ID} is no height"))
        })?,
        None => query.after.unwrap_or(newest),
    };
    let held = served.gate.stream()?;
    let alive = KeepAlive::new().interval(Duration::from_millis(EVENTS_KEEP_ALIVE_MS));
    Ok(Sse::new(blocks_above(served, after, held)).keep_alive(alive).into_response())
}

/// One event for each block above a height, for ever. It ends when a block cannot be read, or this validator executes no
/// more: whoever listens connects again, and hears why.
fn blocks_above<R: Rules>(
    served: Arc<Served<R>>,
    after: u64,
    held: OwnedSemaphorePermit,
) -> impl Stream<Item = Result<Event, Infallible>> {
    unfold((served, after, held), |(served, after, held)| async move {
        let progress = &served.node.progress;
        let seen = |progress: &Progress| match progress.executed > after {
            true => Some(true),
            false => progress.failed.is_some().then_some(false),
        };
        if !progress.until(seen).await {
            return None;
        }
        let height = after.checked_add(1)?;
        let reads = Arc::clone(&served);
        let json = beside(move || event_of(&reads, height)).await.ok()?;
        let event = Event::default().id(height.to_string()).event("block").data(json);
        Some((Ok(event), (served, height, held)))
    })
}

/// A block as JSON, on one line.
fn event_of<R: Rules>(served: &Served<R>, height: u64) -> Result<String, Error> {
    let block = served.copy.read(|ledger| ledger.block(height))?;
    let unreadable = |reason: &dyn std::fmt::Display| super::invalid(reason);
    let results = block.results.iter().map(|bytes| from_canonical::<TransactionResult<R::Event>>(bytes));
    let transactions = results.collect::<Result<Vec<_>, _>>().map_err(|error| unreadable(&error))?;
    let event = BlockEvent { height, time: block.header.time, transactions };
    serde_json::to_string(&event).map_err(|error| unreadable(&error))
}
