//! A copy that is behind all blocks that the validators keep begins anew, at a snapshot of one of them. Of what it says
//! nothing is believed: it is proven from the genesis, and has the history that the copy has.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use allonge_crypto::Hash;
use allonge_ledger::registry::SNAPSHOT_INVALID;
use allonge_ledger::{Embedded, Error, Settings, Tip};
use allonge_trade::TradeRules;

use super::follower::keep_evidence;
use super::nodes::Nodes;
use super::{COPY, Shared, check_kept, spawn};
use crate::ledger::create_directory;
use crate::registry::{HISTORY_FORKED, file_failed};

/// A snapshot has at most this many bytes.
const MAX_BYTES: u64 = 64 << 30;
/// Where nothing of it comes for so long, it does not come.
const IDLE: Duration = Duration::from_secs(10);
/// So often it is seen to that the ledger is not closed meanwhile.
const LOOK_UP: Duration = Duration::from_millis(50);
/// So much of it is handed on at once.
const PIECE: usize = 256 << 10;
/// The file of a snapshot while it comes, and the ledger that is made of it, in the directory.
const ARRIVING: &str = "arriving.snapshot";
const NEXT: &str = "arriving";

/// What became of a snapshot.
enum Arrived {
    /// The copy begins at it.
    Taken,
    /// It did not come, or is not ahead of the copy.
    Not,
    /// It does not hold.
    Lie(Error),
    /// It is certified, and of another history than the copy, or than the block that was kept.
    Fork(Error),
}

/// Begins the copy at the snapshot of the first of these validators that has a good one; whether one had.
///
/// Errors: `history.forked`, and whatever keeps the copy from its disk.
pub(super) fn begin_anew(shared: &Shared, urls: &[String]) -> Result<bool, Error> {
    shared.begins_anew.store(true, Ordering::Release);
    let begun = urls.iter().try_fold(false, |begun, url| {
        if begun || shared.stopping.load(Ordering::Acquire) { Ok(begun) } else { begin_at(shared, url) }
    });
    shared.begins_anew.store(false, Ordering::Release);
    begun
}

fn begin_at(shared: &Shared, url: &str) -> Result<bool, Error> {
    let (file, next) = (shared.directory.join(ARRIVING), shared.directory.join(NEXT));
    clear(&file, &next)?;
    let arrived = match receive(shared, url, &file)? {
        true => take(shared, &file, &next)?,
        false => Arrived::Not,
    };
    match arrived {
        Arrived::Taken => {
            clear(&file, &next)?;
            shared.watchers.tell();
            shared.settle()?;
            return Ok(true);
        }
        Arrived::Not => shared.nodes.rest(url),
        Arrived::Lie(error) => {
            shared.nodes.quarantine(url);
            keep_evidence(shared, url, &error.to_string(), &[])?;
        }
        Arrived::Fork(error) => {
            let reason = "a second history is certified, by the snapshot beside this";
            let kept = keep_evidence(shared, url, reason, &[])?.with_extension("snapshot");
            fs::rename(&file, &kept).map_err(|error| file_failed(&kept, "written", error))?;
            return Err(error);
        }
    }
    clear(&file, &next)?;
    Ok(false)
}

/// Receives the snapshot of a validator in a file; whether it came to its end.
fn receive(shared: &Shared, url: &str, file: &Path) -> Result<bool, Error> {
    let failed = |error| file_failed(file, "written", error);
    let (hand, handed) = sync_channel(4);
    let (nodes, asked) = (Arc::clone(&shared.nodes), url.to_owned());
    spawn("allonge-snapshot", move || fetch(&nodes, &asked, &hand))?;
    let mut out = File::create(file).map_err(failed)?;
    let (mut bytes, mut since) = (0_u64, Instant::now());
    loop {
        if shared.stopping.load(Ordering::Acquire) || since.elapsed() > IDLE {
            return Ok(false);
        }
        match handed.recv_timeout(LOOK_UP) {
            Ok(Some(piece)) => {
                bytes = bytes.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
                if bytes > MAX_BYTES {
                    return Ok(false);
                }
                out.write_all(&piece).map_err(failed)?;
                since = Instant::now();
            }
            Ok(None) => return Ok(true),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(false),
        }
    }
}

/// Hands the snapshot of a validator on, piece by piece, and nothing at its end. Whoever is told stops listening when it
/// takes too long.
fn fetch(nodes: &Nodes, url: &str, hand: &SyncSender<Option<Vec<u8>>>) {
    let Ok(mut body) = nodes.snapshot(url) else { return };
    loop {
        let mut piece = Vec::new();
        let most = u64::try_from(PIECE).unwrap_or(u64::MAX);
        let Ok(read) = body.by_ref().take(most).read_to_end(&mut piece) else { return };
        if hand.send((read > 0).then_some(piece)).is_err() || read == 0 {
            return;
        }
    }
}

/// Verifies a snapshot, and puts it in the place of the copy.
fn take(shared: &Shared, file: &Path, next: &Path) -> Result<Arrived, Error> {
    // What is wrong with the snapshot is not wrong with the disk.
    let of_content = |error: Error| {
        let content = [SNAPSHOT_INVALID.code, "receipt.wrong_network"].contains(&error.code());
        if content { Ok(Arrived::Lie(error)) } else { Err(error) }
    };
    create_directory(next).map_err(|error| file_failed(next, "created", error))?;
    let settings = Settings::default();
    let restored = match Embedded::restore_snapshot(file, next, &shared.trust, None, &TradeRules, settings) {
        Ok(restored) => restored,
        Err(error) => return of_content(error),
    };
    let (tip, epochs) = shared.read(|copy| Ok((copy.tip().clone(), copy.epochs().clone())))?;
    if restored.height <= tip.height {
        return Ok(Arrived::Not);
    }
    let arrived = Embedded::open_replica(&allonge_ledger::RealDisk, next, TradeRules, Settings::default())?;
    // Those who were in office once can certify what they like.
    let (newest, _) = epochs.newest();
    if (0..=newest).any(|epoch| arrived.epochs().get(epoch) != epochs.get(epoch)) {
        return Ok(Arrived::Lie(
            SNAPSHOT_INVALID.error().with("reason", "it has other epochs than the copy"),
        ));
    }
    if let Err(forked) = same_history(shared, &arrived, &tip)? {
        return Ok(Arrived::Fork(forked));
    }
    let mut copy = shared.copy.write().unwrap_or_else(PoisonError::into_inner);
    // Closed meanwhile.
    let Some(before) = copy.take() else { return Ok(Arrived::Not) };
    drop(before);
    *copy = Some(arrived.take_place_of(&shared.directory.join(COPY))?);
    Ok(Arrived::Taken)
}

/// Whether a ledger has the newest block of the copy, and the block that was kept.
fn same_history(
    shared: &Shared,
    arrived: &Embedded<TradeRules>,
    tip: &Tip,
) -> Result<Result<(), Error>, Error> {
    let given = |height: u64| -> Result<Option<Hash>, Error> {
        Ok(arrived.header_digests(height, height.saturating_add(1))?.first().copied())
    };
    if tip.height > 0
        && let Some(given) = given(tip.height)?.filter(|given| *given != tip.digest)
    {
        let forked = HISTORY_FORKED.error().with("height", tip.height);
        return Ok(Err(forked.with("given", given).with("kept", tip.digest)));
    }
    let kept = shared.checkpoint.as_ref().filter(|kept| 0 < kept.height && kept.height <= arrived.height());
    match kept {
        Some(kept) => Ok(given(kept.height)?.map_or(Ok(()), |given| check_kept(kept, given))),
        None => Ok(Ok(())),
    }
}

/// Removes what an earlier attempt left.
fn clear(file: &Path, next: &Path) -> Result<(), Error> {
    let gone = |path: &Path, removed: std::io::Result<()>| match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(file_failed(path, "removed", error))
        }
        _ => Ok(()),
    };
    gone(file, fs::remove_file(file))?;
    gone(next, fs::remove_dir_all(next))
}
