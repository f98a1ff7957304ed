//! Who certifies the blocks.

use allonge_crypto::PublicKey;
use allonge_ledger::{Error, Roster};
use serde::Serialize;

use crate::ledger::Ledger;

/// The validators in office, and those that follow them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Validators {
    /// The epoch of the next block.
    pub epoch: u64,
    /// The keys of those who certify it, in their order.
    pub roster: Vec<PublicKey>,
    /// The roster that a quorum has approved to follow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<NextRoster>,
}

/// A roster that will be in office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NextRoster {
    /// The first height that it certifies.
    pub from_height: u64,
    /// The keys, in their order.
    pub roster: Vec<PublicKey>,
}

impl Ledger {
    /// The validators in office, as of the newest block.
    ///
    /// Errors: `process.forked`, `ledger.closed`, `validator.down`.
    pub fn validators(&self) -> Result<Validators, Error> {
        let keys = |roster: &Roster| roster.validators().iter().map(|key| PublicKey::from(*key)).collect();
        self.shared.read(|ledger| {
            let (epochs, epoch) = (ledger.epochs(), ledger.tip().next_epoch);
            let next = epoch.checked_add(1).and_then(|next| epochs.get(next));
            let next =
                next.map(|next| NextRoster { from_height: next.from_height, roster: keys(&next.roster) });
            let roster = epochs.get(epoch).map(|epoch| keys(&epoch.roster)).unwrap_or_default();
            Ok(Validators { epoch, roster, next })
        })
    }
}
