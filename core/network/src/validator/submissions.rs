//! What clients submit: one transaction, or many at once.

use std::time::{Duration, Instant};

use allonge_crypto::Hash;
use allonge_ledger::registry::{INPUT_TOO_LARGE, REQUEST_INVALID, REQUEST_TIMEOUT};
use allonge_ledger::{Error, MAX_TRANSACTION_BYTES, Rules, from_canonical};
use allonge_protocol::{
    Accepted, Answered, Handed, MAX_BATCH, MAX_BATCH_BYTES, Problem, TRACEPARENT, TraceParent,
};
use axum::Extension;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::{IntoResponse, Response};

use super::api::{Failure, Served, Shared, beside, json};
use super::connections::Peer;

/// Takes one transaction.
pub(super) async fn submit_one<R: Rules>(
    State(served): Shared<R>,
    request: Request<Body>,
) -> Result<Response, Failure> {
    let trace = trace_of(request.headers());
    let signed = body(&served, request, MAX_TRANSACTION_BYTES).await?.to_vec();
    let transaction = beside(move || served.take(Handed { signed, trace })).await?;
    Ok((StatusCode::ACCEPTED, json(&Accepted { transaction })).into_response())
}

/// Takes many, each for itself. They count against the rate of their address like as many requests.
pub(super) async fn submit_batch<R: Rules>(
    State(served): Shared<R>,
    Extension(Peer(address)): Extension<Peer>,
    request: Request<Body>,
) -> Result<Response, Failure> {
    let bytes = body(&served, request, MAX_BATCH_BYTES).await?;
    let transactions: Vec<Handed> =
        from_canonical(&bytes).map_err(|error| REQUEST_INVALID.error().with("reason", error))?;
    if transactions.is_empty() || transactions.len() > MAX_BATCH {
        let reason = format!("a batch has 1 to {MAX_BATCH} transactions");
        return Err(REQUEST_INVALID.error().with("reason", reason).into());
    }
    let now = Instant::now();
    transactions.iter().skip(1).try_for_each(|_| served.gate.take(address, now))?;
    let answers = beside(move || {
        let one = |handed| match served.take(handed) {
            Ok(transaction) => Answered::Accepted(Accepted { transaction }),
            Err(error) => Answered::Refused(Problem::from(&error)),
        };
        Ok(transactions.into_iter().map(one).collect::<Vec<Answered>>())
    });
    Ok(json(&answers.await?))
}

/// The trace that a request is part of. As W3C Trace Context has it, one that is malformed is none.
fn trace_of(headers: &HeaderMap) -> Option<TraceParent> {
    let mut given = headers.get_all(TRACEPARENT).iter();
    let (one, more) = (given.next()?, given.next());
    one.to_str().ok().filter(|_| more.is_none())?.parse().ok()
}

/// The body of a request, if it comes whole and in time.
async fn body<R: Rules>(served: &Served<R>, request: Request<Body>, limit: usize) -> Result<Bytes, Error> {
    let limit_ms = served.gate.limits.body_ms;
    let body =
        tokio::time::timeout(Duration::from_millis(limit_ms), to_bytes(request.into_body(), limit)).await;
    let body = body.map_err(|_| REQUEST_TIMEOUT.error().with("limit_ms", limit_ms))?;
    body.map_err(|_| INPUT_TOO_LARGE.error().with("limit", limit))
}

impl<R: Rules> Served<R> {
    /// Takes a transaction to be ordered, if its author's keys signed it; answers its id.
    fn take(&self, Handed { signed, trace }: Handed) -> Result<Hash, Error> {
        let admitted = self.node.admit(signed.clone());
        if let Some(trace) = trace {
            self.traces.admitted(trace, admitted.as_ref().map(|(id, _)| *id));
        }
        let (id, new) = admitted?;
        if new {
            // A validator that stops passes nothing on: whoever submitted hears nothing of it in a block.
            drop(self.submit.send(signed));
        }
        Ok(id)
    }
}
