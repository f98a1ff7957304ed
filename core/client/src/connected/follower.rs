//! Following the final blocks: each is checked against the one before and its certificate, executed, and compared with
//! what the validators say that it came to.

use std::path::PathBuf;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use allonge_ledger::registry::BLOCK_PRUNED;
use allonge_ledger::{Error, Roster, Tip, Trust, canonical};
use allonge_protocol::FinalBlock;

use super::health::{Purpose, chance, of_chance};
use super::nodes::{Failure, Nodes};
use super::snapshots::begin_anew;
use super::{Shared, check_kept};
use crate::registry::{HISTORY_FORKED, NETWORK_UNREACHABLE, file_failed};

/// How long a validator may wait for a block before it answers that there is none.
const WAIT: Duration = Duration::from_secs(1);
/// How long one round of asking may take: then those that do not rest any more are asked as well.
const WITHIN: Duration = Duration::from_secs(2);
/// Before the next is tried when every validator rests, and up to so much more, as chance has it.
const REST: Duration = Duration::from_millis(50);
const MORE_REST: Duration = Duration::from_millis(100);

/// So long nobody must have had the next blocks before the copy begins at a snapshot.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why blocks are not followed.
enum Refusal {
    /// They do not hold: whoever sent them lied, or is broken.
    Lie(&'static str),
    /// They hold, and belong to another history than this copy's, or than the block that was kept: validators signed two.
    Fork(Box<FinalBlock>, Error),
    /// They could not be executed here.
    Failed(Error),
}

/// Follows until the ledger is closed, or nothing can be believed any more.
pub(super) fn run(shared: &Shared) {
    let mut behind = Behind::default();
    while !shared.stopping.load(Ordering::Acquire) {
        if let Err(error) = follow_one(shared, &mut behind) {
            shared.fail(error);
            return;
        }
    }
}

/// Since when this copy was only told that the blocks that it needs are not kept any more.
#[derive(Default)]
struct Behind {
    since: Option<Instant>,
}

impl Behind {
    /// Nobody had the next blocks, and these keep only later ones: begins at a snapshot of one of them, once that was so for
    /// a while. Whoever answered that there are none is behind itself. A copy that begins at a snapshot keeps less.
    fn hear(&mut self, shared: &Shared, pruned: &[String]) -> Result<(), Error> {
        if pruned.is_empty() {
            self.since = None;
            return Ok(());
        }
        if self.since.get_or_insert_with(Instant::now).elapsed() < PATIENCE {
            std::thread::sleep(REST);
            return Ok(());
        }
        self.since = None;
        begin_anew(shared, pruned).map(|_| ())
    }
}

/// Asks for the next blocks: the healthiest validator first, and the next one too when it is late.
fn follow_one(shared: &Shared, behind: &mut Behind) -> Result<(), Error> {
    if shared.nodes.all_lied() {
        let reason = "every validator answered what does not hold";
        return Err(NETWORK_UNREACHABLE.error().with("reason", reason));
    }
    let tip = shared.read(|copy| Ok(copy.tip().clone()))?;
    let (urls, well) = shared.nodes.in_turn(Purpose::Follow);
    // When all rest, one is tried after a while; when some do not, they are left alone.
    let urls = urls.get(..well.max(1)).unwrap_or_default();
    if well == 0 {
        std::thread::sleep(REST.saturating_add(of_chance(MORE_REST, chance())));
    }
    let after = tip.height;
    let ask = move |nodes: &Nodes, url: &str| nodes.blocks(url, after, WAIT);
    let (mut kept, mut pruned) = (Ok(()), Vec::new());
    let failed = |url: &str, failure| match failure {
        // It may be the error page of something in between.
        Failure::Unreadable(bytes) => {
            kept = keep_evidence(shared, url, "it cannot be read", &bytes).map(|_| ());
        }
        Failure::Refused(error) if error.code() == BLOCK_PRUNED.code => pruned.push(url.to_owned()),
        Failure::Refused(_) | Failure::Unreachable(_) | Failure::Nothing => {}
    };
    let answer = shared.nodes.first_of(Purpose::Follow, urls, WITHIN, &shared.stopping, ask, failed);
    kept?;
    let Some((url, blocks)) = answer else { return behind.hear(shared, &pruned) };
    behind.since = None;
    match take(shared, &tip, &blocks) {
        Ok(()) => shared.settle(),
        Err(Refusal::Failed(error)) => Err(error),
        Err(Refusal::Lie(reason)) => {
            shared.nodes.quarantine(&url);
            keep_evidence(shared, &url, reason, &canonical(&blocks)).map(|_| ())
        }
        Err(Refusal::Fork(block, forked)) => {
            keep_evidence(shared, &url, "a second history is certified", &canonical(&vec![*block]))?;
            Err(forked)
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
                let forked = HISTORY_FORKED.error().with("height", above.height);
                let forked = forked.with("given", header.parent).with("kept", above.digest);
                return Err(Refusal::Fork(Box::new(block.clone()), forked));
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
        if let Some(kept) = shared.checkpoint.as_ref().filter(|kept| kept.height == header.height) {
            let given = header.digest(shared.trust.genesis().hash_suite);
            check_kept(kept, given).map_err(|forked| Refusal::Fork(Box::new(block.clone()), forked))?;
        }
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
pub(super) fn keep_evidence(
    shared: &Shared,
    url: &str,
    reason: &str,
    bytes: &[u8],
) -> Result<PathBuf, Error> {
    let directory = shared.directory.join("evidence");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let path = directory.join(format!("{now}.blocks"));
    let about = format!("{url}\n{reason}\n");
    let kept = std::fs::create_dir_all(&directory)
        .and_then(|()| std::fs::write(&path, bytes))
        .and_then(|()| std::fs::write(path.with_extension("txt"), about));
    kept.map_err(|error| file_failed(&path, "written", error))?;
    Ok(path)
}
