//! Backup and audit: a copy of the log is a whole ledger, and executing it again shows whether it holds.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use allonge_crypto::Hash;
use allonge_finance::Timestamp;

use crate::answers::OpenBuckets;
use crate::block::Header;
use crate::chain::Chain;
use crate::disk::{RealDisk, draft_of};
use crate::embedded::{Block, Embedded, LOG, LogEntry, remove_directory};
use crate::error::Error;
use crate::log::{Frames, LogReader, Place};
use crate::machine::Machine;
use crate::receipt::Trust;
use crate::recovery::{Flaw, replay};
use crate::registry::{
    BLOCK_PRUNED, RECEIPT_WRONG_NETWORK, REPLAY_BAD_BLOCK, REPLAY_NOT_A_LOG, STORE_EXISTS, io_failed,
};
use crate::rules::Rules;
use crate::state::from_canonical;
use crate::store::{Settings, Store};
use crate::transaction::SignedTransaction;
use crate::workers::Workers;

/// What is to be copied of a ledger: everything that was committed when it was asked for.
#[derive(Clone, Debug)]
pub struct Backup {
    log: PathBuf,
    /// How many bytes it has.
    pub length: u64,
    /// The height of the newest block in it.
    pub height: u64,
    /// The oldest block of a ledger that begins at a snapshot: its log is no whole ledger.
    pruned: Option<u64>,
}

impl<R: Rules> Embedded<R> {
    /// A backup of everything committed so far. It is written without the ledger, which may go on meanwhile.
    pub fn backup(&self) -> Backup {
        let (log, length, height) = (self.log_path().to_owned(), self.log_length(), self.height());
        let pruned = Some(self.oldest_height()).filter(|_| self.oldest_state() > 0);
        Backup { log, length, height, pruned }
    }
}

impl Backup {
    /// Writes the backup to a file that is not there yet, as a whole and durably. It has the format of the log.
    ///
    /// Errors: `store.io`, `store.exists`; `block.pruned` of a ledger that begins at a snapshot: write another one.
    pub fn write(&self, path: &Path) -> Result<(), Error> {
        if let Some(oldest) = self.pruned {
            let below = oldest.saturating_sub(1);
            return Err(BLOCK_PRUNED.error().with("height", below).with("oldest", oldest));
        }
        copy_log(&self.log, self.length, path)
    }
}

/// Makes the ledger of a directory, which has none yet, of a backup. See to it first that the backup holds.
///
/// Errors: `store.io`, `store.exists`.
pub fn restore_log(backup: &Path, directory: &Path) -> Result<(), Error> {
    let length = std::fs::metadata(backup).map_err(|error| io_failed(backup.display(), "read", error))?.len();
    copy_log(backup, length, &directory.join(LOG))
}

fn copy_log(log: &Path, length: u64, path: &Path) -> Result<(), Error> {
    if path.exists() {
        return Err(STORE_EXISTS.error().with("path", path.display()));
    }
    let draft = draft_of(path);
    let copied = copy_bytes(log, length, &draft).and_then(|()| RealDisk.place(&draft, path));
    copied.map_err(|error| {
        // The error is what counts.
        drop(std::fs::remove_file(draft));
        io_failed(path.display(), "written", error)
    })
}

fn copy_bytes(log: &Path, length: u64, draft: &Path) -> io::Result<()> {
    let mut copy = File::create(draft)?;
    if io::copy(&mut File::open(log)?.take(length), &mut copy)? < length {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the log is shorter than it was"));
    }
    copy.sync_all()
}

/// What executing a log again came to: everything in it holds.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// Its genesis.
    pub trust: Trust,
    /// The height of its newest block.
    pub height: u64,
    /// The time of its newest block, or of the genesis.
    pub time: Timestamp,
    /// The root of its newest state.
    pub state_root: Hash,
    /// How many transactions it has.
    pub transactions: u64,
}

/// Executes a log or a backup again from its genesis: every signature, certificate, header, result and state root,
/// by the rules in force at each height. `progress` hears of each block that holds. Needs a directory of its own
/// beside the file, when the state is larger than memory; it is removed.
///
/// Errors: `replay.bad_block` with the first height that does not hold, `replay.not_a_log`, `store.io`.
pub fn replay_log<R: Rules>(
    path: &Path,
    rules: &R,
    settings: Settings,
    progress: impl FnMut(&Header),
) -> Result<Replayed, Error> {
    replay_checked(path, rules, settings, |_| Ok(()), progress)
}

/// As [`replay_log`], of the network with this id: the log of another is refused before anything of it is executed.
///
/// Errors: `receipt.wrong_network`, and those of `replay_log`.
pub fn replay_log_of<R: Rules>(
    network: &Hash,
    path: &Path,
    rules: &R,
    settings: Settings,
    progress: impl FnMut(&Header),
) -> Result<Replayed, Error> {
    let check = |trust: &Trust| {
        let given = trust.network();
        if given == *network {
            return Ok(());
        }
        Err(RECEIPT_WRONG_NETWORK.error().with("given", given).with("expected", network))
    };
    replay_checked(path, rules, settings, check, progress)
}

/// Executes a log again if its genesis is `wanted`.
fn replay_checked<R: Rules>(
    path: &Path,
    rules: &R,
    settings: Settings,
    wanted: impl FnOnce(&Trust) -> Result<(), Error>,
    mut progress: impl FnMut(&Header),
) -> Result<Replayed, Error> {
    let unreadable = |error| io_failed(path.display(), "read", error);
    let file = File::open(path).map_err(|error| io_failed(path.display(), "opened", error))?;
    let length = file.metadata().map_err(unreadable)?.len();
    let not_a_log = |reason| REPLAY_NOT_A_LOG.error().with("path", path.display()).with("reason", reason);
    let frames = Frames::new(BufReader::with_capacity(1 << 20, file), length);
    let mut frames = match frames {
        Ok(Some(frames)) => frames,
        Ok(None) => return Err(not_a_log("it does not begin as a block log does")),
        Err(error) => return Err(not_a_log("it does not begin as a block log does").because(error)),
    };
    let genesis = match frames.next() {
        Ok(Some(payload)) => from_canonical(&payload),
        Ok(None) => return Err(not_a_log("it has no genesis")),
        Err(error) => Err(error),
    };
    let trust = match genesis {
        Ok(LogEntry::Genesis(genesis)) => Trust::new(*genesis),
        Ok(LogEntry::Base(_)) => return Err(not_a_log("it was pruned, and begins at a snapshot")),
        Ok(LogEntry::Block(_)) => return Err(not_a_log("a block stands where the genesis should")),
        Err(error) => return Err(not_a_log("its genesis cannot be read").because(error)),
    };
    wanted(&trust)?;

    let past = File::open(path).map_err(|error| io_failed(path.display(), "opened", error))?;
    let past = frames.reader(past, path);
    let scratch = Scratch::beside(path)?;
    let workers = Arc::new(Workers::with_threads(settings.threads));
    let (tree, store) = Machine::first::<R>(&trust, Store::open(&scratch.0, settings)?, &workers)?;
    let chain = Chain::new(&trust, tree.root());
    let mut machine = Machine::new(&trust, store, tree, OpenBuckets::default(), chain, workers);
    let mut transactions = 0_u64;
    loop {
        let height = machine.chain.height().saturating_add(1);
        let bad = |reason: &str| {
            let error = REPLAY_BAD_BLOCK.error().with("height", height).with("path", path.display());
            error.with("reason", reason)
        };
        let place = frames.place();
        let payload = match frames.next() {
            Ok(Some(payload)) => payload,
            Ok(None) => break,
            Err(error) => return Err(bad("it is damaged").because(error)),
        };
        let block = match from_canonical(&payload) {
            Ok(LogEntry::Block(block)) => block,
            Ok(_) => return Err(bad("a genesis stands in its place")),
            Err(error) => return Err(bad("it cannot be read").because(error)),
        };
        let why = |error: Error| {
            let reason = error.to_string();
            bad(&reason).because(error)
        };
        check(rules, &trust, &mut machine, &past, place, &block).map_err(|flaw| match flaw {
            Flaw::Differs(reason) => bad(reason),
            Flaw::Failed(error) => why(error),
        })?;
        transactions =
            transactions.saturating_add(u64::try_from(block.transactions.len()).unwrap_or(u64::MAX));
        progress(&block.header);
    }
    let head = machine.chain.head();
    Ok(Replayed {
        height: machine.chain.height(),
        time: head.map_or(trust.genesis().created, |head| head.time),
        state_root: machine.tree.root(),
        transactions,
        trust,
    })
}

/// Checks everything about one block, and moves on to it.
fn check<R: Rules>(
    rules: &R,
    trust: &Trust,
    machine: &mut Machine,
    past: &LogReader,
    place: Place,
    block: &Block,
) -> Result<(), Flaw> {
    if let Some(certificate) = &block.certificate {
        machine.verify_header(trust, &block.header, certificate)?;
    }
    let signed = block.transactions.iter().map(|bytes| SignedTransaction::from_bytes(bytes));
    let signed = signed.collect::<Result<Vec<_>, Error>>()?;
    let verified = machine.verifier.verify(&machine.workers, &signed);
    let verified = verified.into_iter().collect::<Result<Vec<_>, Error>>()?;
    replay(rules, trust, machine, past, place, block, &verified)
}

/// A directory for as long as a replay lasts.
struct Scratch(PathBuf);

impl Scratch {
    fn beside(path: &Path) -> Result<Self, Error> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".replay-{}", std::process::id()));
        let directory = path.with_file_name(name);
        remove_directory(&directory)?;
        Ok(Scratch(directory))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left behind harms nobody.
        drop(remove_directory(&self.0));
    }
}
