//! What a validator answers its clients over HTTP.

use std::net::TcpListener;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use allonge_ledger::registry::{INPUT_TOO_LARGE, REQUEST_INVALID, VALIDATOR_BUSY};
use allonge_ledger::{Error, MAX_TRANSACTION_BYTES, Phase, Rules, canonical};
use allonge_protocol::{
    Accepted, BLOCKS, BlocksQuery, FinalBlock, GENESIS, MAX_BLOCKS, MAX_BLOCKS_BYTES, MAX_UNCERTIFIED_BYTES,
    MAX_WAIT_MS, METRICS, NodeStatus, Problem, STATUS, TRANSACTIONS,
};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, serve as serve_on};
use serde::Serialize;
use tokio::sync::mpsc;

use super::{Encode, invalid, spawn};
use crate::node::Node;
use crate::replica::Copy;

/// So many requests are answered at once; more wait.
const MAX_THREADS: usize = 32;

/// What the handlers share.
struct Served<R: Rules> {
    copy: Arc<Copy<R>>,
    node: Arc<Node>,
    submit: mpsc::UnboundedSender<Vec<u8>>,
    metrics: Encode,
}

type Shared<R> = State<Arc<Served<R>>>;

/// Answers on a listener until the validator stops.
pub(super) fn serve<R: Rules>(
    listener: TcpListener,
    copy: Arc<Copy<R>>,
    node: Arc<Node>,
    submit: mpsc::UnboundedSender<Vec<u8>>,
    metrics: Encode,
) -> Result<JoinHandle<()>, Error> {
    listener.set_nonblocking(true).map_err(|error| invalid(&error).because(error))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(MAX_THREADS)
        .build()
        .map_err(|error| invalid(&error).because(error))?;
    let stopping = Arc::clone(&node);
    let served = Arc::new(Served { copy, node, submit, metrics });
    let router = Router::new()
        .route(STATUS, get(status::<R>))
        .route(GENESIS, get(genesis::<R>))
        .route(TRANSACTIONS, post(submit_transaction::<R>))
        .route(BLOCKS, get(blocks::<R>))
        .route(METRICS, get(counted::<R>))
        .fallback(unknown)
        .with_state(served);
    spawn("allonge-api", move || {
        runtime.block_on(async move {
            let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
            tokio::select! {
                // What fails on one connection ends that one.
                _ = serve_on(listener, router).into_future() => {},
                () = stopping.stopped() => {},
            }
        });
        runtime.shutdown_timeout(Duration::from_secs(1));
    })
}

/// An error as the status and the body of an answer.
struct Failure(Error);

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let Failure(error) = self;
        let status = match error.entry().phase {
            _ if error.code() == VALIDATOR_BUSY.code => StatusCode::TOO_MANY_REQUESTS,
            _ if error.code() == INPUT_TOO_LARGE.code => StatusCode::PAYLOAD_TOO_LARGE,
            Phase::Storage | Phase::Process => StatusCode::SERVICE_UNAVAILABLE,
            Phase::Admission | Phase::Execution => StatusCode::UNPROCESSABLE_ENTITY,
            Phase::Input | Phase::Proof => StatusCode::BAD_REQUEST,
        };
        (status, json(&Problem::from(&error))).into_response()
    }
}

fn json(value: &impl Serialize) -> Response {
    let bytes = serde_json::to_vec(value).unwrap_or_default();
    ([(header::CONTENT_TYPE, "application/json")], bytes).into_response()
}

/// Does what may take long beside the thread that listens.
async fn beside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Failure> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => Ok(done?),
        Err(error) => Err(Failure(invalid(error))),
    }
}

async fn status<R: Rules>(State(served): Shared<R>) -> Result<Response, Failure> {
    served.node.check_running()?;
    let network = served.copy.trust().network();
    let (height, time) = served.copy.read(|ledger| (ledger.height(), ledger.time()));
    Ok(json(&NodeStatus { network, height, time, version: env!("CARGO_PKG_VERSION").to_owned() }))
}

/// What this validator counts, and then what its engine does.
async fn counted<R: Rules>(State(served): Shared<R>) -> Response {
    let (height, time) = served.copy.read(|ledger| (ledger.height(), ledger.time()));
    let (waiting, bytes) = served.node.pool.load();
    let up = u8::from(served.node.check_running().is_ok());
    let own = [
        ("allonge_up", "Whether this validator executes what is ordered.", i64::from(up)),
        ("allonge_height", "The height of the newest executed block.", number(height)),
        (
            "allonge_block_time_ms",
            "The time of the newest executed block, in milliseconds since 1970.",
            time.millis(),
        ),
        ("allonge_pool_transactions", "Transactions that wait to be ordered.", number(waiting)),
        ("allonge_pool_bytes", "The bytes of the transactions that wait to be ordered.", number(bytes)),
    ];
    let lines =
        own.map(|(name, help, value)| format!("# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n"));
    let text = lines.concat() + &(served.metrics)();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}

fn number(value: impl TryInto<i64>) -> i64 {
    value.try_into().unwrap_or(i64::MAX)
}

async fn unknown() -> Failure {
    Failure(REQUEST_INVALID.error().with("reason", "there is no such route"))
}

async fn genesis<R: Rules>(State(served): Shared<R>) -> Response {
    json(served.copy.trust().genesis())
}

async fn submit_transaction<R: Rules>(
    State(served): Shared<R>,
    request: Request<Body>,
) -> Result<Response, Failure> {
    let body = to_bytes(request.into_body(), MAX_TRANSACTION_BYTES).await;
    let body: Bytes = body.map_err(|_| INPUT_TOO_LARGE.error().with("limit", MAX_TRANSACTION_BYTES))?;
    let bytes = body.to_vec();
    let transaction = beside(move || {
        // Nobody writes who is not of the network: the author's keys must have signed.
        served.copy.read(|ledger| {
            let signed = allonge_ledger::SignedTransaction::from_bytes(&bytes)?;
            ledger.admits(&signed)
        })?;
        let (id, new) = served.node.admit(bytes.clone())?;
        if new {
            // A validator that stops passes nothing on: whoever submitted hears nothing of it in a block.
            drop(served.submit.send(bytes));
        }
        Ok(id)
    });
    let accepted = json(&Accepted { transaction: transaction.await? });
    Ok((StatusCode::ACCEPTED, accepted).into_response())
}

async fn blocks<R: Rules>(
    State(served): Shared<R>,
    query: Result<Query<BlocksQuery>, QueryRejection>,
) -> Result<Response, Failure> {
    served.node.check_running()?;
    let query = query.map_err(|error| REQUEST_INVALID.error().with("reason", error.body_text()))?;
    let Query(BlocksQuery { after, wait_ms }) = query;
    let wait = Duration::from_millis(wait_ms.min(MAX_WAIT_MS));
    // Nothing new in time is an answer, too.
    drop(tokio::time::timeout(wait, served.node.executed_above(after)).await);
    let bytes = beside(move || {
        let mut found: Vec<FinalBlock> = Vec::new();
        let mut bytes = 0_usize;
        let newest = served.copy.read(|ledger| ledger.height());
        for height in after.saturating_add(1)..=newest {
            // An answer ends with what makes it final, where there is such a block.
            let whole = found.last().is_some_and(|last| last.certificate.is_some());
            let full = found.len() >= MAX_BLOCKS || bytes > MAX_BLOCKS_BYTES;
            if full && (whole || bytes > MAX_UNCERTIFIED_BYTES) {
                break;
            }
            let block = served.copy.read(|ledger| ledger.block(height))?;
            bytes = bytes.saturating_add(block.transactions.iter().map(Vec::len).sum());
            found.push(FinalBlock {
                header: block.header.clone(),
                certificate: block.certificate.clone(),
                transactions: block.transactions.clone(),
            });
        }
        Ok(canonical(&found))
    });
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], bytes.await?).into_response())
}
