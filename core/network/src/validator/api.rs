//! What a validator answers its clients over HTTP.

use std::net::TcpListener;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use allonge_crypto::Hash;
use allonge_finance::PartyId;
use allonge_ledger::registry::{
    INPUT_TOO_LARGE, REQUEST_INVALID, REQUEST_RATE, REQUEST_TIMEOUT, SNAPSHOT_NONE, TRANSACTION_UNKNOWN,
    VALIDATOR_BEHIND, VALIDATOR_BUSY,
};
use allonge_ledger::{Error, IdempotencyKey, LightHeader, Phase, Rules, canonical};
use allonge_protocol::{
    BATCHES, BLOCKS, BlocksQuery, EVENTS, FinalBlock, GENESIS, HEADERS, HeadersQuery, MAX_BEHIND_MS,
    MAX_BLOCKS, MAX_BLOCKS_BYTES, MAX_HEADERS, MAX_KEY_BYTES, MAX_UNCERTIFIED_BYTES, MAX_UNCERTIFIED_HEADERS,
    MAX_WAIT_MS, METRICS, NodeReady, NodeStatus, OUTCOME, Problem, READY, SNAPSHOT, STATE, STATUS,
    TRANSACTION, TRANSACTIONS, Waiting,
};
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{Request, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{Extension, Router};
use serde::Serialize;
use tokio::sync::mpsc;

use super::connections::{Peer, accept};
use super::events::events;
use super::limits::Gate;
use super::snapshots::snapshot;
use super::submissions::{submit_batch, submit_one};
use super::tls::Tls;
use super::traces::{Traces, follow};
use super::{Encode, invalid, spawn};
use crate::node::Node;
use crate::replica::Copy;

/// So many requests are answered at once; more wait.
const MAX_THREADS: usize = 32;

/// What the handlers share.
pub(super) struct Served<R: Rules> {
    pub(super) copy: Arc<Copy<R>>,
    pub(super) node: Arc<Node>,
    pub(super) gate: Arc<Gate>,
    pub(super) submit: mpsc::UnboundedSender<Vec<u8>>,
    pub(super) traces: Traces,
    metrics: Encode,
    tls: Option<Arc<Tls>>,
}

pub(super) type Shared<R> = State<Arc<Served<R>>>;

/// The method and the path of a route, and what answers it.
type Route<R> = (&'static str, &'static str, MethodRouter<Arc<Served<R>>>);

fn routes<R: Rules>() -> [Route<R>; 13] {
    [
        ("get", STATUS, get(status::<R>)),
        ("get", GENESIS, get(genesis::<R>)),
        ("post", TRANSACTIONS, post(submit_one::<R>)),
        ("post", BATCHES, post(submit_batch::<R>)),
        ("get", BLOCKS, get(blocks::<R>)),
        ("get", METRICS, get(counted::<R>)),
        ("get", READY, get(ready::<R>)),
        ("get", TRANSACTION, get(transaction::<R>)),
        ("get", OUTCOME, get(outcome::<R>)),
        ("get", STATE, get(state::<R>)),
        ("get", HEADERS, get(headers::<R>)),
        ("get", SNAPSHOT, get(snapshot::<R>)),
        ("get", EVENTS, get(events::<R>)),
    ]
}

/// The method, in lower case, and the path of each route that a validator answers.
pub fn api_routes<R: Rules>() -> Vec<(&'static str, &'static str)> {
    routes::<R>().into_iter().map(|(method, path, _)| (method, path)).collect()
}

/// Answers on a listener until the validator stops.
pub(super) fn serve<R: Rules>(
    listener: TcpListener,
    copy: Arc<Copy<R>>,
    node: Arc<Node>,
    submit: mpsc::UnboundedSender<Vec<u8>>,
    metrics: Encode,
    gate: Arc<Gate>,
    tls: Option<Arc<Tls>>,
) -> Result<JoinHandle<()>, Error> {
    listener.set_nonblocking(true).map_err(|error| invalid(&error).because(error))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(MAX_THREADS)
        .build()
        .map_err(|error| invalid(&error).because(error))?;
    let stopping = Arc::clone(&node);
    let (traces, held) = (Traces::default(), Arc::clone(&gate));
    let served = Arc::new(Served { copy, node, gate: held, submit, traces, metrics, tls: tls.clone() });
    let follows = Arc::clone(&served);
    let router = routes::<R>()
        .into_iter()
        .fold(Router::new(), |router, (_, path, answer)| router.route(path, answer))
        .method_not_allowed_fallback(unknown)
        .fallback(unknown)
        .layer(from_fn_with_state(Arc::clone(&served), within_limits::<R>))
        .with_state(served);
    spawn("allonge-api", move || {
        runtime.block_on(async move {
            let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
            tokio::select! {
                () = accept(listener, router, gate, tls) => {},
                () = follow(follows) => {},
                () = stopping.stopped() => {},
            }
        });
        runtime.shutdown_timeout(Duration::from_secs(1));
    })
}

/// An error as the status and the body of an answer.
pub(super) struct Failure(Error);

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
            _ if error.code() == REQUEST_RATE.code => StatusCode::TOO_MANY_REQUESTS,
            _ if error.code() == REQUEST_TIMEOUT.code => StatusCode::REQUEST_TIMEOUT,
            _ if error.code() == SNAPSHOT_NONE.code => StatusCode::NOT_FOUND,
            _ if error.code() == TRANSACTION_UNKNOWN.code => StatusCode::NOT_FOUND,
            _ if error.code() == INPUT_TOO_LARGE.code => StatusCode::PAYLOAD_TOO_LARGE,
            Phase::Storage | Phase::Process => StatusCode::SERVICE_UNAVAILABLE,
            Phase::Admission | Phase::Execution => StatusCode::UNPROCESSABLE_ENTITY,
            Phase::Input | Phase::Proof => StatusCode::BAD_REQUEST,
        };
        (status, json(&Problem::from(&error))).into_response()
    }
}

pub(super) fn json(value: &impl Serialize) -> Response {
    let bytes = serde_json::to_vec(value).unwrap_or_default();
    ([(header::CONTENT_TYPE, "application/json")], bytes).into_response()
}

/// Does what may take long beside the thread that listens.
pub(super) async fn beside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Failure> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => Ok(done?),
        Err(error) => Err(Failure(invalid(error))),
    }
}

/// Lets a request through as far as the limits go. Whether the validator is well, it answers also when it is busy.
async fn within_limits<R: Rules>(
    State(served): Shared<R>,
    Extension(Peer(address)): Extension<Peer>,
    request: Request<Body>,
    next: Next,
) -> Result<Response, Failure> {
    served.gate.take(address, Instant::now())?;
    if [STATUS, READY, METRICS].contains(&request.uri().path()) {
        return Ok(next.run(request).await);
    }
    let _held = served.gate.begin()?;
    Ok(next.run(request).await)
}

async fn status<R: Rules>(State(served): Shared<R>) -> Result<Response, Failure> {
    served.node.check_running()?;
    let network = served.copy.trust().network();
    let (height, time) = served.copy.newest();
    Ok(json(&NodeStatus { network, height, time, version: env!("CARGO_PKG_VERSION").to_owned() }))
}

/// It executes, and its newest block is not old.
async fn ready<R: Rules>(State(served): Shared<R>) -> Result<Response, Failure> {
    served.node.check_running()?;
    let (height, time) = served.copy.newest();
    let behind_ms = served.node.now().millis().saturating_sub(time.millis()).max(0);
    if behind_ms > MAX_BEHIND_MS {
        return Err(VALIDATOR_BEHIND.error().with("behind_ms", behind_ms).into());
    }
    Ok(json(&NodeReady { height, behind_ms }))
}

/// What this validator counts, and then what its engine does.
async fn counted<R: Rules>(State(served): Shared<R>) -> Response {
    let (height, time) = served.copy.newest();
    let load = served.gate.load();
    let (waiting, bytes) = served.node.pool.load();
    let up = u8::from(served.node.check_running().is_ok());
    let own = [
        ("allonge_up", "Whether this validator executes what is ordered.", i64::from(up)),
        (
            "allonge_voting",
            "Whether this validator votes when it is in office; not while it cannot know how it voted before.",
            i64::from(served.node.voting.votes()),
        ),
        ("allonge_height", "The height of the newest executed block.", number(height)),
        (
            "allonge_block_time_ms",
            "The time of the newest executed block, in milliseconds since 1970.",
            time.millis(),
        ),
        ("allonge_pool_transactions", "Transactions that wait to be ordered.", number(waiting)),
        ("allonge_pool_bytes", "The bytes of the transactions that wait to be ordered.", number(bytes)),
        ("allonge_api_connections", "Connections of clients.", number(load.connections)),
        ("allonge_api_requests", "Requests that are being answered.", number(load.requests)),
        ("allonge_api_streams", "Streams of events.", number(load.streams)),
        ("allonge_api_requests_total", "Requests that came within their rate.", number(load.answered)),
        ("allonge_api_refused_total", "Requests and connections beyond a limit.", number(load.refused)),
    ];
    let secure = served.tls.as_ref().map(|tls| {
        [
            (
                "allonge_tls_certificate_expires_seconds",
                "When the certificate expires with which clients are answered, in seconds since 1970.",
                tls.expires().millis().div_euclid(1_000),
            ),
            (
                "allonge_tls_renewed",
                "Whether the newest files of the certificate could be used.",
                i64::from(tls.renewed()),
            ),
        ]
    });
    let lines = own.into_iter().chain(secure.into_iter().flatten()).map(|(name, help, value)| {
        let kind = if name.ends_with("_total") { "counter" } else { "gauge" };
        format!("# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n")
    });
    let text = lines.collect::<String>() + &(served.metrics)();
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
    Ok(octets(bytes.await?))
}

async fn transaction<R: Rules>(
    State(served): Shared<R>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let unknown = || Failure(TRANSACTION_UNKNOWN.error().with("transaction", &id));
    let hash: Hash = id.parse().map_err(|_| unknown())?;
    became_of(served, hash).await?.ok_or_else(unknown)
}

async fn outcome<R: Rules>(
    State(served): Shared<R>,
    Path((author, key)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let malformed = |what: &str| Failure(REQUEST_INVALID.error().with("reason", format_args!("no {what}")));
    let party = PartyId::parse(&author).map_err(|_| malformed("party has such an id"))?;
    let used: IdempotencyKey = key.parse().map_err(|_| malformed("idempotency key is like that"))?;
    let unknown = || {
        Failure(TRANSACTION_UNKNOWN.error().with("transaction", format_args!("of {author} with key {key}")))
    };
    let reads = Arc::clone(&served);
    let found = beside(move || {
        reads.copy.read(|ledger| {
            let id = ledger.used_by(&party, used)?;
            // A key that was used is never said to be unknown.
            id.iter().try_for_each(|id| ledger.check_kept(id))?;
            Ok(id)
        })
    });
    let id = found.await?;
    became_of(served, id.ok_or_else(unknown)?).await?.ok_or_else(unknown)
}

/// A receipt of what the newest certified state has under a key, or that it has nothing.
async fn state<R: Rules>(State(served): Shared<R>, Path(key): Path<String>) -> Result<Response, Failure> {
    served.node.check_running()?;
    let key = hex::decode(&key).ok().filter(|key| (1..=MAX_KEY_BYTES).contains(&key.len()));
    let malformed = || {
        let reason = format!("a key is 1 to {MAX_KEY_BYTES} bytes as hexadecimal digits");
        REQUEST_INVALID.error().with("reason", reason)
    };
    let key = key.ok_or_else(malformed)?;
    let receipt = beside(move || {
        served.copy.read(|ledger| Ok(ledger.state_receipt_of_key(ledger.proven_height()?, key)?.to_bytes()))
    });
    Ok(octets(receipt.await?))
}

/// The receipt of a transaction; that it waits; or nothing.
async fn became_of<R: Rules>(served: Arc<Served<R>>, id: Hash) -> Result<Option<Response>, Failure> {
    served.node.check_running()?;
    let reads = Arc::clone(&served);
    let (receipt, ordered) = beside(move || {
        reads.copy.read(|ledger| {
            Ok((ledger.receipt(&id)?.map(|receipt| receipt.to_bytes()), ledger.contains(&id)?))
        })
    })
    .await?;
    if let Some(receipt) = receipt {
        return Ok(Some(octets(receipt)));
    }
    let waits = ordered || served.node.pool.contains(&id);
    let waiting = || (StatusCode::ACCEPTED, json(&Waiting { transaction: id, ordered })).into_response();
    Ok(waits.then(waiting))
}

async fn headers<R: Rules>(
    State(served): Shared<R>,
    query: Result<Query<HeadersQuery>, QueryRejection>,
) -> Result<Response, Failure> {
    served.node.check_running()?;
    let query = query.map_err(|error| REQUEST_INVALID.error().with("reason", error.body_text()))?;
    let Query(HeadersQuery { after }) = query;
    let bytes = beside(move || {
        let mut found: Vec<LightHeader> = Vec::new();
        let (newest, _) = served.copy.newest();
        for height in after.saturating_add(1)..=newest {
            // An answer ends with what makes it final, where there is such a header.
            let whole = found.last().is_some_and(|last| last.certificate.is_some());
            let full = found.len() >= MAX_HEADERS;
            if full && (whole || found.len() >= MAX_UNCERTIFIED_HEADERS) {
                break;
            }
            found.push(served.copy.read(|ledger| ledger.light_header(height))?);
        }
        Ok(canonical(&found))
    });
    Ok(octets(bytes.await?))
}

fn octets(bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response()
}
