//! Comparing the copy with what each validator shows, one after the other, while another is followed: so that a second
//! history is seen by whoever is shown only one, and so that a validator that failed is tried again.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use allonge_crypto::Hash;
use allonge_ledger::{Error, LightHeader, canonical};

use super::Shared;
use super::follower::keep_evidence;
use super::health::{Purpose, chance, of_chance};
use super::nodes::{ANSWER, Failure, Nodes};
use crate::registry::{HISTORY_FORKED, NETWORK_WRONG};

/// Between two checks, and up to as much more, as chance has it.
const BETWEEN: Duration = Duration::from_secs(1);
/// So often it is seen to that the ledger is not closed meanwhile.
const LOOK_UP: Duration = Duration::from_millis(50);

/// Checks until the ledger is closed, or nothing can be believed any more.
pub(super) fn run(shared: &Shared) {
    while !shared.stopping.load(Ordering::Acquire) {
        if let Some(url) = shared.nodes.next_to_check()
            && let Err(error) = check(shared, &url)
        {
            shared.fail(error);
            return;
        }
        let waits = BETWEEN.saturating_add(of_chance(BETWEEN, chance()));
        let began = Instant::now();
        while began.elapsed() < waits && !shared.stopping.load(Ordering::Acquire) {
            std::thread::sleep(LOOK_UP);
        }
    }
}

/// Compares the newest block that both have.
fn check(shared: &Shared, url: &str) -> Result<(), Error> {
    let (network, own) = (shared.trust.network(), shared.read(|copy| Ok(copy.height()))?);
    let ask = move |nodes: &Nodes, url: &str| {
        let height = nodes.check(url, &network)?.height.min(own);
        // Of the genesis it has said already that it is the same.
        let below = height.checked_sub(1).ok_or(Failure::Nothing)?;
        nodes.headers(url, below)
    };
    let failed = |url: &str, failure| {
        if let Failure::Refused(error) = failure
            && error.code() == NETWORK_WRONG.code
        {
            shared.nodes.quarantine(url);
        }
    };
    let urls = [url.to_owned()];
    let answer = shared.nodes.first_of(Purpose::Check, &urls, ANSWER, &shared.stopping, ask, failed);
    let Some((url, headers)) = answer else { return Ok(()) };
    match compare(shared, &headers) {
        Ok(None) => Ok(()),
        Ok(Some(fork)) => {
            keep_evidence(shared, &url, "a second history is certified", &canonical(&headers))?;
            Err(fork)
        }
        Err(reason) => {
            shared.nodes.quarantine(&url);
            keep_evidence(shared, &url, reason, &canonical(&headers)).map(|_| ())
        }
    }
}

/// The error of a second history, if these headers are certified and the copy has others; or why they do not hold.
fn compare(shared: &Shared, headers: &[LightHeader]) -> Result<Option<Error>, &'static str> {
    let suite = shared.trust.genesis().hash_suite;
    let Ok(epochs) = shared.read(|copy| Ok(copy.epochs().clone())) else { return Ok(None) };
    let mut certified = 0_usize;
    let mut below: Option<(u64, Hash)> = None;
    let mut epoch = 0_u64;
    for (count, LightHeader { header, certificate, .. }) in (1_usize..).zip(headers) {
        if below.is_some_and(|(height, digest)| {
            Some(header.height) != height.checked_add(1) || header.parent != digest
        }) {
            return Err("a header does not follow from the one below");
        }
        if header.epoch < epoch {
            return Err("a header goes back to an epoch that is over");
        }
        epoch = header.epoch;
        below = Some((header.height, header.digest(suite)));
        // Who certifies what comes later is not known here yet.
        let Some(known) = epochs.get(epoch) else { break };
        if let Some(certificate) = certificate {
            let verified = shared.trust.verify_by(&known.roster, header, certificate);
            verified.map_err(|_| "a certificate does not hold")?;
            certified = count;
        }
    }
    for LightHeader { header, .. } in headers.iter().take(certified) {
        let own = match shared.read(|copy| copy.block(header.height)) {
            Ok(block) => block,
            // The copy does not have it, or was closed meanwhile.
            Err(_) => return Ok(None),
        };
        let (given, kept) = (header.digest(suite), own.header.digest(suite));
        if given != kept {
            // Those who are not in office any more can sign what they like.
            if header.epoch != own.header.epoch {
                return Err("a header is of another epoch");
            }
            let forked = HISTORY_FORKED.error().with("height", header.height);
            return Ok(Some(forked.with("given", given).with("kept", kept)));
        }
    }
    Ok(None)
}
