//! Proofs beyond receipts: that history was not forked, what an idempotency key was used for, and what an account was
//! at a recent height. Each is one file that is checked with nothing but the genesis.

use allonge_crypto::Hash;
use allonge_finance::{PartyId, Timestamp};
use allonge_ledger::registry::{PROOF_NOT_CERTIFIED, RECEIPT_INVALID, RECEIPT_WRONG_NETWORK};
use allonge_ledger::{
    Account, AccountId, AnswerReceipt, Error, Header, HistoryProof, HistoryReceipt, IdempotencyKey,
};
use serde::{Deserialize, Serialize};

use crate::ledger::Ledger;
use crate::receipt::Trust;
use crate::registry::{HISTORY_FORKED, INTERNAL};

/// So many headers are read at a time, so that the ledger never waits for whoever asks about a long history.
const HEADERS_AT_ONCE: u64 = 8_192;

/// A block to remember: whoever keeps one finds out later when the ledger was forked below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Checkpoint {
    /// The network's id.
    pub network: Hash,
    /// The block's height.
    pub height: u64,
    /// The time of the block.
    pub time: Timestamp,
    /// The digest of its header, which stands for the block and all below it.
    pub header: Hash,
}

impl Checkpoint {
    pub(crate) fn of(header: &Header, trust: &Trust) -> Self {
        let digest = header.digest(trust.genesis().hash_suite);
        Checkpoint { network: header.network, height: header.height, time: header.time, header: digest }
    }
}

/// What a history receipt proves: that the newer block is final and continues the history of the older one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProvenHistory {
    /// The older block.
    pub older: Checkpoint,
    /// The newer block: keep it for the next time.
    pub newer: Checkpoint,
}

/// What an answer receipt proves of an idempotency key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProvenAnswer {
    /// The transaction that used the key, whether it took effect or was refused; `None` when none did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction: Option<Hash>,
    /// Whether that stays so for ever. A key that was not used can still be until block time has passed the
    /// `valid_until` of its transaction.
    pub settled: bool,
    /// After the block of this height.
    pub height: u64,
    /// The time of that block.
    pub time: Timestamp,
}

/// Proves from the genesis alone that a ledger's newer block continues the history of an older one.
///
/// `file` are the bytes of a history receipt, as [`Ledger::prove_history`] makes it. With a `checkpoint`, the older
/// block must be the one that was kept.
///
/// Errors: `history.forked` when another block than the one that was kept stands at its height; `receipt.malformed`,
/// `receipt.version`, `receipt.wrong_network`; `receipt.invalid`, also for a checkpoint of another height than the
/// older block's.
pub fn verify_history(
    file: &[u8],
    trust: &Trust,
    checkpoint: Option<&Checkpoint>,
) -> Result<ProvenHistory, Error> {
    let receipt = HistoryReceipt::from_bytes(file)?;
    let (older, newer) = receipt.verify(trust.ledger())?;
    let (older, newer) = (Checkpoint::of(older, trust), Checkpoint::of(newer, trust));
    if let Some(kept) = checkpoint {
        if kept.network != older.network {
            let error = RECEIPT_WRONG_NETWORK.error();
            return Err(error.with("given", older.network).with("expected", kept.network));
        }
        if kept.height != older.height {
            return Err(RECEIPT_INVALID
                .error()
                .with("part", "older block, which is of another height than the checkpoint,"));
        }
        if kept.header != older.header {
            let error = HISTORY_FORKED.error().with("height", kept.height);
            return Err(error.with("given", older.header).with("kept", kept.header));
        }
    }
    Ok(ProvenHistory { older, newer })
}

/// Proves from the genesis alone which transaction used a party's idempotency key, or that none whose `valid_until`
/// lies in the same hour as this one did.
///
/// `file` are the bytes of an answer receipt, as [`Ledger::prove_answer`] makes it.
///
/// Errors: `receipt.malformed`, `receipt.version`, `receipt.wrong_network`, `receipt.invalid`.
pub fn verify_answer(
    file: &[u8],
    trust: &Trust,
    party: &PartyId,
    key: IdempotencyKey,
    valid_until: Timestamp,
) -> Result<ProvenAnswer, Error> {
    let proven = AnswerReceipt::from_bytes(file)?.verify(trust.ledger(), (party, key), valid_until)?;
    Ok(ProvenAnswer {
        transaction: proven.answer.map(|answer| answer.transaction),
        settled: proven.settled,
        height: proven.height,
        time: proven.time,
    })
}

impl Ledger {
    /// The newest block, to be kept.
    ///
    /// Errors: `block.unknown` before the first block, `store.*`.
    pub fn checkpoint(&self) -> Result<Checkpoint, Error> {
        let block = self.shared.read(|ledger| ledger.block(ledger.height()))?;
        Ok(Checkpoint::of(&block.header, self.trust()))
    }

    /// One self-contained file that proves, from nothing but the genesis, that a newer block, by default the newest,
    /// continues the history of an older one: [`verify_history`] checks it, with a [`Checkpoint`] that was kept.
    ///
    /// Takes time and memory in proportion to the newer height. The ledger goes on meanwhile.
    ///
    /// Errors: `block.unknown`, also when `older` is not below the newer height; `proof.not_certified`; `store.*`.
    pub fn prove_history(&self, older: u64, newer: Option<u64>) -> Result<Vec<u8>, Error> {
        let (old, new) = self.shared.read(|ledger| {
            let newer = newer.unwrap_or_else(|| ledger.height());
            ledger.check_heights(older, newer)?;
            Ok((ledger.block(older)?, ledger.block(newer)?))
        })?;
        let newer = new.header.height;
        let mut digests = Vec::new();
        let mut from = 1;
        while from < newer {
            let below = from.saturating_add(HEADERS_AT_ONCE).min(newer);
            digests.extend(self.shared.read(|ledger| ledger.header_digests(from, below))?);
            from = below;
        }
        let proof = HistoryProof::new(self.trust().genesis().hash_suite, &digests, older)
            .ok_or_else(|| INTERNAL.error().with("reason", "a history lacks a header"))?;
        let certificate = new.certificate.clone();
        let certificate = certificate.ok_or_else(|| PROOF_NOT_CERTIFIED.error().with("height", newer))?;
        let handovers = self.shared.read(|ledger| ledger.handovers(new.header.epoch))?;
        let (older, newer) = (old.header.clone(), new.header.clone());
        Ok(HistoryReceipt::new(older, proof, newer, certificate, handovers).to_bytes())
    }

    /// One self-contained file that proves, from nothing but the genesis, which transaction used a party's idempotency
    /// key, or that none whose `valid_until` lies in the same hour as this one did: [`verify_answer`] checks it.
    ///
    /// Takes time and memory in proportion to the keys of that hour once it is past; others wait meanwhile.
    ///
    /// Whoever prepared a transaction reads its `valid_until` from its bytes. Once block time has passed it, a file
    /// that says so proves that the transaction never takes effect.
    ///
    /// Errors: `block.unknown` before the first block, `store.*`.
    pub fn prove_answer(
        &self,
        party: &PartyId,
        key: IdempotencyKey,
        valid_until: Timestamp,
    ) -> Result<Vec<u8>, Error> {
        self.shared.read(|ledger| Ok(ledger.answer_receipt(party, key, valid_until)?.to_bytes()))
    }

    /// As [`Ledger::prove_account`], of the account as it was at a recent height: one of the newest 256 since the
    /// ledger was opened.
    ///
    /// Errors: `block.unknown`, `proof.too_old`, `store.*`.
    pub fn prove_account_at(&self, account: &AccountId, height: u64) -> Result<Vec<u8>, Error> {
        self.shared.read(|ledger| Ok(ledger.state_receipt_at::<Account>(height, account)?.to_bytes()))
    }
}
