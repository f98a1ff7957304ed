//! The validators that a client asks, over HTTP.

use std::collections::HashSet;
use std::io::Read;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use allonge_crypto::Hash;
use allonge_ledger::{Error, LightHeader, canonical, from_canonical};
use allonge_protocol::{
    Answered, BATCHES, BLOCKS, FinalBlock, HEADERS, Handed, MAX_ANSWER_BYTES, NodeStatus, Problem, SNAPSHOT,
    STATUS, TRACEPARENT, TRANSACTIONS, TraceParent,
};

use super::agents::Agents;
use super::health::{Health, Purpose, chance};
use super::tls::ConnectOptions;
use crate::registry::{self, NETWORK_UNREACHABLE, NETWORK_WRONG, VALIDATOR_LIED};

/// How long an answer may take, beside the time that was asked for.
pub(super) const ANSWER: Duration = Duration::from_secs(5);
/// How long a snapshot may be on its way.
const SNAPSHOT_WITHIN: Duration = Duration::from_secs(3_600);

/// The validators, the healthiest first.
pub(super) struct Nodes {
    agents: Agents,
    nodes: Mutex<Vec<Node>>,
}

struct Node {
    url: String,
    health: Health,
    /// For what it is asked now.
    asked: Vec<Purpose>,
    /// When it was last compared with the copy.
    checked: Option<Instant>,
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
    /// It answered that it has nothing new.
    Nothing,
}

impl Nodes {
    /// Errors: `network.insecure`, `file.io`.
    pub(super) fn new(urls: &[String], options: &ConnectOptions) -> Result<Self, Error> {
        urls.iter().try_for_each(|url| options.check(url))?;
        let mut urls: Vec<&str> = urls.iter().map(|url| url.trim_end_matches('/')).collect();
        // Each is asked once at a time, and as itself.
        let mut known = HashSet::new();
        urls.retain(|url| known.insert(*url));
        let node = |url: &str| Node {
            url: url.to_owned(),
            health: Health::default(),
            asked: Vec::new(),
            checked: None,
            quarantined: false,
        };
        let nodes = Mutex::new(urls.into_iter().map(node).collect());
        Ok(Nodes { agents: Agents::new(options)?, nodes })
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Node>> {
        self.nodes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those that may be asked for this, the healthiest first and those that rest last; and how many do not rest.
    pub(super) fn in_turn(&self, purpose: Purpose) -> (Vec<String>, usize) {
        let now = Instant::now();
        let nodes = self.lock();
        let free = nodes.iter().filter(|node| !node.quarantined && !node.asked.contains(&purpose));
        let mut free: Vec<_> =
            free.map(|node| (node.health.rests(now), node.health.cost(purpose), &node.url)).collect();
        free.sort_by_key(|(rests, cost, _)| (*rests, *cost));
        let well = free.iter().take_while(|(rests, ..)| rests.is_none()).count();
        (free.into_iter().map(|(.., url)| url.clone()).collect(), well)
    }

    /// Whether there is none left that may be asked, now or later.
    pub(super) fn all_lied(&self) -> bool {
        self.lock().iter().all(|node| node.quarantined)
    }

    fn change(&self, url: &str, change: impl FnOnce(&mut Node)) {
        if let Some(node) = self.lock().iter_mut().find(|node| node.url == url) {
            change(node);
        }
    }

    /// The one that was not compared with the copy for longest, of those that do not rest.
    pub(super) fn next_to_check(&self) -> Option<String> {
        let now = Instant::now();
        let mut nodes = self.lock();
        let well = |node: &&mut Node| {
            !node.quarantined && !node.asked.contains(&Purpose::Check) && node.health.rests(now).is_none()
        };
        let next = nodes.iter_mut().filter(well).min_by_key(|node| node.checked)?;
        next.checked = Some(now);
        Some(next.url.clone())
    }

    /// Notes that it is asked; not when it already is.
    pub(super) fn ask_one(&self, purpose: Purpose, url: &str) -> bool {
        let mut free = false;
        self.change(url, |node| {
            free = !node.quarantined && !node.asked.contains(&purpose);
            if free {
                node.asked.push(purpose);
            }
        });
        free
    }

    /// It is asked no longer.
    pub(super) fn free(&self, url: &str, purpose: Purpose) {
        self.change(url, |node| node.asked.retain(|asked| *asked != purpose));
    }

    /// After this time another is to be asked too.
    pub(super) fn late_after(&self, url: &str, purpose: Purpose) -> Duration {
        let mut late = Duration::ZERO;
        self.change(url, |node| late = node.health.late_after(purpose));
        late
    }

    /// It did not answer within its usual time: others are asked first from now on.
    pub(super) fn late(&self, url: &str, purpose: Purpose, waited: Duration) {
        self.change(url, |node| node.health.took(purpose, waited));
    }

    /// It answered, or failed, after this time.
    pub(super) fn learn(&self, url: &str, purpose: Purpose, took: Duration, failure: Option<&Failure>) {
        self.change(url, |node| match failure {
            None | Some(Failure::Refused(_)) => {
                node.health.took(purpose, took);
                node.health.answered();
            }
            Some(Failure::Nothing) => node.health.stood_still(),
            Some(Failure::Unreachable(_) | Failure::Unreadable(_)) => {
                node.health.failed(Instant::now(), chance());
            }
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

    /// The final blocks above a height, one at least; waits for the first.
    pub(super) fn blocks(&self, url: &str, after: u64, wait: Duration) -> Result<Vec<FinalBlock>, Failure> {
        let route = format!("{BLOCKS}?after={after}&wait_ms={}", wait.as_millis());
        let bytes = self.get(url, &route, wait)?;
        let blocks: Vec<FinalBlock> = from_canonical(&bytes).map_err(|_| Failure::Unreadable(bytes))?;
        if blocks.is_empty() { Err(Failure::Nothing) } else { Ok(blocks) }
    }

    /// The headers above a height, one at least.
    pub(super) fn headers(&self, url: &str, after: u64) -> Result<Vec<LightHeader>, Failure> {
        let bytes = self.get(url, &format!("{HEADERS}?after={after}"), Duration::ZERO)?;
        let headers: Vec<LightHeader> = from_canonical(&bytes).map_err(|_| Failure::Unreadable(bytes))?;
        if headers.is_empty() { Err(Failure::Nothing) } else { Ok(headers) }
    }

    /// The snapshot with which a validator begins, as it comes.
    pub(super) fn snapshot(&self, url: &str) -> Result<impl Read + use<>, Failure> {
        let request = self.agents.of(url).get(format!("{url}{SNAPSHOT}"));
        let request =
            request.config().timeout_recv_response(Some(ANSWER)).timeout_global(Some(SNAPSHOT_WITHIN));
        let answer = request.build().call().map_err(|error| lied(url, &error))?;
        if !answer.status().is_success() {
            return Err(lied(url, &answer.status()));
        }
        Ok(answer.into_body().into_reader())
    }

    /// It is asked again after others.
    pub(super) fn rest(&self, url: &str) {
        self.change(url, |node| node.health.failed(Instant::now(), chance()));
    }

    /// Submits a transaction, its bytes.
    pub(super) fn submit(&self, url: &str, Handed { signed, trace }: &Handed) -> Result<(), Failure> {
        self.post(url, TRANSACTIONS, *trace, signed).map(|_| ())
    }

    /// Submits several; answers of each whether it was taken.
    pub(super) fn submit_batch(&self, url: &str, transactions: &[Handed]) -> Result<Vec<bool>, Failure> {
        let bytes = self.post(url, BATCHES, None, &canonical(transactions))?;
        let answers: Vec<Answered> = serde_json::from_slice(&bytes).map_err(|error| lied(url, &error))?;
        if answers.len() != transactions.len() {
            return Err(lied(url, &"it answers another number of transactions"));
        }
        Ok(answers.iter().map(|answer| matches!(answer, Answered::Accepted(_))).collect())
    }

    fn post(
        &self,
        url: &str,
        route: &str,
        trace: Option<TraceParent>,
        body: &[u8],
    ) -> Result<Vec<u8>, Failure> {
        let request = self.agents.of(url).post(format!("{url}{route}"));
        let request =
            trace.into_iter().fold(request, |request, trace| request.header(TRACEPARENT, trace.to_string()));
        let request = request.config().timeout_global(Some(ANSWER)).build();
        read(url, request.send(body))
    }

    fn get(&self, url: &str, route: &str, wait: Duration) -> Result<Vec<u8>, Failure> {
        let request = self.agents.of(url).get(format!("{url}{route}"));
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
