//! The validators that a client asks, over HTTP.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use allonge_crypto::Hash;
use allonge_ledger::{Error, SignedTransaction, canonical, from_canonical};
use allonge_protocol::{
    Answered, BATCHES, BLOCKS, FinalBlock, MAX_ANSWER_BYTES, NodeStatus, Problem, STATUS, TRANSACTIONS,
};
use ureq::Agent;

use crate::registry::{self, NETWORK_UNREACHABLE, NETWORK_WRONG, VALIDATOR_LIED};

const CONNECT: Duration = Duration::from_secs(2);
/// How long an answer may take, beside the time that was asked for.
const ANSWER: Duration = Duration::from_secs(5);
/// Whoever failed is asked last for so long, and twice as long each time.
const REST: Duration = Duration::from_millis(50);
const LONGEST_REST: Duration = Duration::from_secs(5);

/// The validators, the healthiest first.
pub(super) struct Nodes {
    agent: Agent,
    nodes: Mutex<Vec<Node>>,
}

#[derive(Clone)]
struct Node {
    url: String,
    /// How often in a row it failed.
    failures: u32,
    /// It is not asked before.
    rests_until: Option<Instant>,
    /// It lied, and is asked no more.
    quarantined: bool,
}

/// Why a validator gave no answer that counts.
pub(super) enum Failure {
    /// It did not answer, or not in time: another may.
    Unreachable(Error),
    /// It answered that this is refused.
    Refused(Error),
    /// It answered what nobody can read: these bytes.
    Unreadable(Vec<u8>),
}

impl Nodes {
    pub(super) fn new(urls: &[String]) -> Self {
        let settings = Agent::config_builder()
            .timeout_connect(Some(CONNECT))
            .http_status_as_error(false)
            .max_redirects(0)
            .user_agent(concat!("allonge/", env!("CARGO_PKG_VERSION")))
            .build();
        let node = |url: &String| Node {
            url: url.trim_end_matches('/').to_owned(),
            failures: 0,
            rests_until: None,
            quarantined: false,
        };
        Nodes { agent: settings.into(), nodes: Mutex::new(urls.iter().map(node).collect()) }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Node>> {
        self.nodes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those that may be asked, those that did not fail lately first.
    pub(super) fn in_turn(&self) -> Vec<String> {
        let now = Instant::now();
        let mut nodes: Vec<Node> = self.lock().iter().filter(|node| !node.quarantined).cloned().collect();
        nodes.sort_by_key(|node| (node.rests_until.is_some_and(|until| until > now), node.failures));
        nodes.into_iter().map(|node| node.url).collect()
    }

    /// Whether every validator rests: then whoever asks waits, too.
    pub(super) fn all_rest(&self) -> bool {
        let now = Instant::now();
        self.lock().iter().all(|node| node.quarantined || node.rests_until.is_some_and(|until| until > now))
    }

    fn change(&self, url: &str, change: impl FnOnce(&mut Node)) {
        if let Some(node) = self.lock().iter_mut().find(|node| node.url == url) {
            change(node);
        }
    }

    pub(super) fn answered(&self, url: &str) {
        self.change(url, |node| (node.failures, node.rests_until) = (0, None));
    }

    /// It answered, and had nothing new: others are asked first.
    pub(super) fn stood_still(&self, url: &str) {
        self.change(url, |node| node.failures = node.failures.saturating_add(1));
    }

    pub(super) fn failed(&self, url: &str) {
        self.change(url, |node| {
            let rest = REST.saturating_mul(2_u32.saturating_pow(node.failures.min(10))).min(LONGEST_REST);
            node.failures = node.failures.saturating_add(1);
            node.rests_until = Instant::now().checked_add(rest);
        });
    }

    /// It is asked no more: what it answered does not hold.
    pub(super) fn quarantine(&self, url: &str) {
        self.change(url, |node| node.quarantined = true);
    }

    /// Checks that a validator is of this network.
    pub(super) fn check(&self, url: &str, network: &Hash) -> Result<NodeStatus, Failure> {
        let bytes = self.get(url, STATUS, Duration::ZERO)?;
        let status: NodeStatus = serde_json::from_slice(&bytes).map_err(|error| lied(url, &error))?;
        if status.network != *network {
            let error = NETWORK_WRONG.error().with("url", url);
            return Err(Failure::Refused(error.with("given", status.network).with("expected", network)));
        }
        Ok(status)
    }

    /// The final blocks above a height; waits for the first.
    pub(super) fn blocks(&self, url: &str, after: u64, wait: Duration) -> Result<Vec<FinalBlock>, Failure> {
        let route = format!("{BLOCKS}?after={after}&wait_ms={}", wait.as_millis());
        let bytes = self.get(url, &route, wait)?;
        from_canonical(&bytes).map_err(|_| Failure::Unreadable(bytes))
    }

    /// Submits a transaction.
    pub(super) fn submit(&self, url: &str, signed: &SignedTransaction) -> Result<(), Failure> {
        let request = self.agent.post(format!("{url}{TRANSACTIONS}"));
        let request = request.config().timeout_global(Some(ANSWER)).build();
        read(url, request.send(signed.to_bytes().as_slice())).map(|_| ())
    }

    /// Submits several; answers of each whether it was taken.
    pub(super) fn submit_batch(&self, url: &str, transactions: &[Vec<u8>]) -> Result<Vec<bool>, Failure> {
        let request = self.agent.post(format!("{url}{BATCHES}"));
        let request = request.config().timeout_global(Some(ANSWER)).build();
        let bytes = read(url, request.send(canonical(transactions).as_slice()))?;
        let answers: Vec<Answered> = serde_json::from_slice(&bytes).map_err(|error| lied(url, &error))?;
        if answers.len() != transactions.len() {
            return Err(lied(url, &"it answers another number of transactions"));
        }
        Ok(answers.iter().map(|answer| matches!(answer, Answered::Accepted(_))).collect())
    }

    fn get(&self, url: &str, route: &str, wait: Duration) -> Result<Vec<u8>, Failure> {
        let request = self.agent.get(format!("{url}{route}"));
        let request = request.config().timeout_global(Some(ANSWER.saturating_add(wait))).build();
        read(url, request.call())
    }
}

/// The body of an answer, or the problem that it is.
fn read(
    url: &str,
    answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
) -> Result<Vec<u8>, Failure> {
    let unreachable = |reason: &dyn std::fmt::Display| {
        Failure::Unreachable(NETWORK_UNREACHABLE.error().with("reason", format_args!("{url}: {reason}")))
    };
    let mut answer = answer.map_err(|error| unreachable(&error))?;
    let limit = u64::try_from(MAX_ANSWER_BYTES).unwrap_or(u64::MAX);
    let body = answer.body_mut().with_config().limit(limit).read_to_vec();
    let body = body.map_err(|error| unreachable(&error))?;
    if answer.status().is_success() {
        return Ok(body);
    }
    let Ok(problem) = serde_json::from_slice::<Problem>(&body) else {
        return Err(unreachable(&answer.status()));
    };
    let Some(entry) = registry::entry(&problem.code) else { return Err(unreachable(&problem.message)) };
    let error = problem.into_error(entry);
    // The validator's own trouble is no answer to what was asked.
    Err(if answer.status().is_server_error() || matches!(answer.status().as_u16(), 408 | 429) {
        Failure::Unreachable(error)
    } else {
        Failure::Refused(error)
    })
}

fn lied(url: &str, reason: &dyn std::fmt::Display) -> Failure {
    Failure::Unreachable(VALIDATOR_LIED.error().with("url", url).with("reason", reason))
}
