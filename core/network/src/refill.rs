//! The engine keeps final blocks for those that are behind, and the ledger keeps them for itself. What the engine does
//! not have, because its files were lost or the ledger began at a snapshot, it is given from the ledger.

use std::sync::Arc;

use allonge_crypto::HashSuite;
use allonge_ledger::{Block, Error};
use commonware_codec::Decode as _;
use commonware_consensus::simplex::types::Finalization;
use commonware_cryptography::{Digestible as _, sha256};
use commonware_runtime::IoBuf;
use commonware_storage::archive::{Archive, Identifier};

use crate::ordered::OrderedBlock;
use crate::replica::Replica;
use crate::voting::Scheme;

pub(crate) type Final = Finalization<Scheme, sha256::Digest>;

/// Why the engine cannot begin.
pub(crate) enum Refusal {
    /// The ledger cannot be read.
    Ledger(Error),
    /// The engine's files cannot be written.
    Engine,
}

/// How a block was made final, as the engine has it.
fn finalization(block: &Block, validators: usize) -> Option<Final> {
    let encoded = block.certificate.as_ref()?.encode();
    let found = Final::decode_cfg(IoBuf::from(encoded), &validators).ok()?;
    // One of a later view is of a descendant that repeats the block.
    (found.proposal.payload.0 == *block.header.digest(HashSuite::Sha256).as_bytes()).then_some(found)
}

/// Gives the engine the final blocks that it does not have and the ledger does. Where the ledger does not begin at the
/// genesis, neither can the engine: then with the oldest block from which it can go on.
pub(crate) async fn refill<F, B>(
    replica: &dyn Replica,
    mut finalizations: F,
    mut blocks: B,
) -> Result<(F, B, Option<Final>), Refusal>
where
    F: Archive<Key = sha256::Digest, Value = Final>,
    B: Archive<Key = sha256::Digest, Value = Arc<OrderedBlock>>,
{
    let (oldest, newest) = (replica.oldest(), replica.tip().height);
    let epochs = replica.epochs();
    let of = |block: &Block| {
        let roster = &epochs.get(block.header.epoch)?.roster;
        finalization(block, roster.len())
    };
    let mut floor = None;
    if oldest > 1 {
        for height in oldest..=newest {
            let block = replica.block(height).map_err(Refusal::Ledger)?;
            floor = of(&block);
            if floor.is_some() {
                break;
            }
        }
    }
    // What it dropped it does not take again.
    let mut height = oldest.max(blocks.first_index().unwrap_or(0)).max(1);
    let mut changed = false;
    while height <= newest {
        if let (Some(end), _) = blocks.next_gap(height) {
            height = end.saturating_add(1);
            continue;
        }
        let block = replica.block(height).map_err(Refusal::Ledger)?;
        let Block { header, transactions, .. } = block.as_ref();
        let ordered = OrderedBlock::new(HashSuite::Sha256, header.clone(), transactions.clone());
        let digest = ordered.digest();
        blocks = blocks.put(height, digest, &Arc::new(ordered)).await.map_err(|_| Refusal::Engine)?;
        let known = finalizations.has(Identifier::Index(height)).await.map_err(|_| Refusal::Engine)?;
        if let Some(found) = of(&block).filter(|_| !known) {
            finalizations = finalizations.put(height, digest, &found).await.map_err(|_| Refusal::Engine)?;
        }
        changed = true;
        height = height.saturating_add(1);
    }
    if changed {
        blocks = blocks.sync().await.map_err(|_| Refusal::Engine)?;
        finalizations = finalizations.sync().await.map_err(|_| Refusal::Engine)?;
    }
    Ok((finalizations, blocks, floor))
}
