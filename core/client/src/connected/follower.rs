//! Following the final blocks: each is checked against the one before and its certificate, executed, and compared with
//! what the validators say that it came to.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use allonge_ledger::{Error, Roster, Tip, Trust, canonical};
use allonge_protocol::FinalBlock;

use super::Shared;
use super::nodes::Failure;
use crate::registry::{HISTORY_FORKED, NETWORK_UNREACHABLE, file_failed};

/// How long a validator may wait for a block before it answers that there is none.
const WAIT: Duration = Duration::from_secs(1);
/// Between two rounds in which no validator answered.
const REST: Duration = Duration::from_millis(50);

/// Why blocks are not followed.
enum Refusal {
    /// They do not hold: whoever sent them lied, or is broken.
    Lie(&'static str),
    /// They hold, and belong to another history than this copy's: validators signed two.
    Fork(Box<FinalBlock>),
    /// They could not be executed here.
    Failed(Error),
}

/// Follows until the ledger is closed, or nothing can be believed any more.
pub(super) fn run(shared: &Shared) {
    while !shared.stopping.load(Ordering::Acquire) {
        if let Err(error) = follow_one(shared) {
            shared.fail(error);
            return;
        }
        if shared.nodes.all_rest() {
            std::thread::sleep(REST);
        }
    }
}

/// Asks the healthiest validator for the next blocks.
fn follow_one(shared: &Shared) -> Result<(), Error> {
    let Some(url) = shared.nodes.in_turn().into_iter().next() else {
        let reason = "every validator answered what does not hold";
        return Err(NETWORK_UNREACHABLE.error().with("reason", reason));
    };
    let tip = shared.read(|copy| Ok(copy.tip().clone()))?;
    let blocks = match shared.nodes.blocks(&url, tip.height, WAIT) {
        Ok(blocks) => blocks,
        Err(Failure::Refused(_) | Failure::Unreachable(_)) => {
            shared.nodes.failed(&url);
            return Ok(());
        }
        // It may be the error page of something in between.
        Err(Failure::Unreadable(bytes)) => {
            shared.nodes.failed(&url);
            return keep_evidence(shared, &url, "it cannot be read", &bytes);
        }
    };
    if blocks.is_empty() {
        // Even with nothing to order there are blocks: another may have them.
        shared.nodes.stood_still(&url);
        return Ok(());
    }
    shared.nodes.answered(&url);
    match take(shared, &tip, &blocks) {
        Ok(()) => shared.settle(),
        Err(Refusal::Failed(error)) => Err(error),
        Err(Refusal::Lie(reason)) => {
            shared.nodes.quarantine(&url);
            keep_evidence(shared, &url, reason, &canonical(&blocks))
        }
        Err(Refusal::Fork(block)) => {
            keep_evidence(shared, &url, "a second history is certified", &canonical(&vec![*block]))?;
            Err(HISTORY_FORKED.error().with("height", tip.height))
        }
    }
}

/// Checks blocks and executes those that are final.
fn take(shared: &Shared, tip: &Tip, blocks: &[FinalBlock]) -> Result<(), Refusal> {
    let epochs = shared.read(|copy| Ok(copy.epochs().clone())).map_err(Refusal::Failed)?;
    // How many of them are final: up to the last that is certified.
    let mut last = 0_usize;
    let mut above = tip.clone();
    for (place, block) in (1_usize..).zip(blocks) {
        let header = &block.header;
        // Whose roster certifies what follows is known when the blocks so far are executed.
        let known = epochs.get(header.epoch);
        if header.epoch == above.next_epoch && known.is_none() {
            if last == 0 {
                return Err(Refusal::Lie("the last block of an epoch is not certified"));
            }
            break;
        }
        let roster = known.map(|epoch| &epoch.roster).ok_or(Refusal::Lie("a header is of another epoch"))?;
        let certified = holds(&shared.trust, roster, block).map_err(Refusal::Lie)?;
        if let Err(reason) = above.check_next(&shared.trust, header) {
            let other_history =
                header.height == above.height.saturating_add(1) && header.parent != above.digest;
            // Anybody can make up a block that is not certified: what follows from such a one tells of no fork.
            let from_certified = last.checked_add(1) == Some(place);
            if other_history && from_certified && certified {
                return Err(Refusal::Fork(Box::new(block.clone())));
            }
            return Err(Refusal::Lie(reason));
        }
        above = above.next(&shared.trust, header);
        if certified {
            last = place;
        }
    }
    for block in blocks.iter().take(last) {
        let FinalBlock { header, certificate, transactions } = block.clone();
        let mut copy = shared.copy.write().unwrap_or_else(PoisonError::into_inner);
        // Closed meanwhile.
        let Some(copy) = copy.as_mut() else { return Ok(()) };
        copy.execute(header, certificate, transactions).map_err(Refusal::Failed)?;
    }
    shared.watchers.tell();
    Ok(())
}

/// Whether a block is certified by itself, by the roster of its epoch, or why it does not hold, whatever stands below it.
pub(crate) fn holds(trust: &Trust, roster: &Roster, block: &FinalBlock) -> Result<bool, &'static str> {
    let FinalBlock { header, certificate, transactions } = block;
    if let Some(certificate) = certificate
        && trust.verify_by(roster, header, certificate).is_err()
    {
        return Err("a certificate does not hold");
    }
    if !header.is_of(trust.genesis().hash_suite, transactions) {
        return Err("a block has other transactions");
    }
    Ok(certificate.is_some())
}

/// What a validator sent that does not hold, in a file of its own.
fn keep_evidence(shared: &Shared, url: &str, reason: &str, bytes: &[u8]) -> Result<(), Error> {
    let directory = shared.directory.join("evidence");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let path = directory.join(format!("{now}.blocks"));
    let about = format!("{url}\n{reason}\n");
    let kept = std::fs::create_dir_all(&directory)
        .and_then(|()| std::fs::write(&path, bytes))
        .and_then(|()| std::fs::write(path.with_extension("txt"), about));
    kept.map_err(|error| file_failed(&path, "written", error))
}
