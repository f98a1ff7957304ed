//! Backups of ledgers, and executing one again from its genesis.

use std::path::Path;

use allonge_crypto::Hash;
use allonge_finance::Timestamp;
use allonge_ledger::registry::STORE_EXISTS;
use allonge_ledger::{Embedded, Error, Header, Settings, replay_log, replay_log_of, restore_log};
use allonge_trade::TradeRules;
use serde::Serialize;

use crate::ledger::create_directory;
use crate::receipt::Trust;
use crate::registry::file_failed;

/// A backup that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BackupRecord {
    /// The network's id.
    pub network: Hash,
    /// The height of the newest block in it.
    pub height: u64,
    /// How many bytes it has.
    pub bytes: u64,
}

/// What executing a ledger again came to: everything in it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReplayRecord {
    /// The network's id.
    pub network: Hash,
    /// What people call the network.
    pub network_name: String,
    /// The height of its newest block.
    pub height: u64,
    /// The time of its newest block, or of the genesis.
    pub time: Timestamp,
    /// The root of its newest state.
    pub state_root: Hash,
    /// How many transactions it has.
    pub transactions: u64,
}

/// Executes a backup, or the `blocks.log` of a ledger, again from its genesis: every signature, certificate, header,
/// result and state root. With `trust` it must be the ledger of that genesis, or nothing of it is executed. `progress`
/// hears the height of each block that holds.
///
/// Errors: `replay.bad_block` with the first height that does not hold, `replay.not_a_log`,
/// `receipt.wrong_network`, `store.io`.
pub fn replay(
    path: impl AsRef<Path>,
    trust: Option<&Trust>,
    mut progress: impl FnMut(u64),
) -> Result<ReplayRecord, Error> {
    let (path, settings) = (path.as_ref(), Settings::default());
    let progress = |header: &Header| progress(header.height);
    let replayed = match trust {
        Some(trust) => replay_log_of(&trust.network(), path, &TradeRules, settings, progress)?,
        None => replay_log(path, &TradeRules, settings, progress)?,
    };
    Ok(ReplayRecord {
        network: replayed.trust.network(),
        network_name: replayed.trust.genesis().name.clone(),
        height: replayed.height,
        time: replayed.time,
        state_root: replayed.state_root,
        transactions: replayed.transactions,
    })
}

/// Makes a ledger in a directory of a backup that holds: it is executed again first, as by [`replay`]. Keys are not in
/// a backup: put the directory `keys` of the old ledger into the new one, then open it.
///
/// Errors: as of [`replay`]; `store.exists` when the directory holds a ledger.
pub fn restore(
    backup: impl AsRef<Path>,
    directory: impl AsRef<Path>,
    trust: Option<&Trust>,
    progress: impl FnMut(u64),
) -> Result<ReplayRecord, Error> {
    let (backup, directory) = (backup.as_ref(), directory.as_ref());
    if Embedded::<TradeRules>::exists(directory) {
        return Err(STORE_EXISTS.error().with("path", directory.display()));
    }
    let record = replay(backup, trust, progress)?;
    create_directory(directory).map_err(|error| file_failed(directory, "created", error))?;
    restore_log(backup, directory)?;
    Ok(record)
}
