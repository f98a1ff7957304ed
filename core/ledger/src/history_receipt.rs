//! History receipts: one file that proves that a newer block continues the history of an older one.

use allonge_crypto::Hash;
use borsh::{BorshDeserialize, BorshSerialize};

use crate::block::{HEADER_VERSION, Header};
use crate::certificate::Certificate;
use crate::envelope::{Envelope, invalid};
use crate::error::Error;
use crate::handover::Handover;
use crate::history::HistoryProof;
use crate::receipt::Trust;
use crate::state::canonical;

/// What a history receipt's file begins with.
pub const HISTORY_RECEIPT_MAGIC: [u8; 8] = *b"ALLONGEH";
/// The format of history receipts.
pub const HISTORY_RECEIPT_VERSION_1: u16 = 1;
/// A history receipt has at most this many bytes: a proof in the longest history fits, with the handovers of many epochs.
pub const MAX_HISTORY_RECEIPT_BYTES: usize = 4 << 20;

const ENVELOPE: Envelope = Envelope {
    magic: HISTORY_RECEIPT_MAGIC,
    version: HISTORY_RECEIPT_VERSION_1,
    limit: MAX_HISTORY_RECEIPT_BYTES,
};

/// Proves from nothing but the genesis that the history of a newer header has an older one in its place, so that
/// whoever kept an older one finds out when the log was forked.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct HistoryReceipt {
    /// [`HISTORY_RECEIPT_MAGIC`].
    pub magic: [u8; 8],
    /// [`HISTORY_RECEIPT_VERSION_1`].
    pub version: u16,
    /// The network.
    pub network: Hash,
    /// The older header.
    pub older: Header,
    /// That the newer one continues its history.
    pub proof: HistoryProof,
    /// The newer header.
    pub newer: Header,
    /// What makes the newer header final.
    pub certificate: Certificate,
    /// From the genesis to the roster that certified it; none in the first epoch.
    pub handovers: Vec<Handover>,
}

impl HistoryReceipt {
    /// Puts the parts together.
    pub fn new(
        older: Header,
        proof: HistoryProof,
        newer: Header,
        certificate: Certificate,
        handovers: Vec<Handover>,
    ) -> Self {
        HistoryReceipt {
            magic: HISTORY_RECEIPT_MAGIC,
            version: HISTORY_RECEIPT_VERSION_1,
            network: newer.network,
            older,
            proof,
            newer,
            certificate,
            handovers,
        }
    }

    /// The bytes of the receipt's file.
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical(self)
    }

    /// Reads a history receipt strictly. What it says is proved only by [`HistoryReceipt::verify`].
    ///
    /// Errors: `receipt.malformed`, `receipt.version`.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        ENVELOPE.read(bytes)
    }

    /// Proves from the genesis alone that the newer header is final and continues the history of the older one, and
    /// answers the two. Then compare the older one with what was kept of its height.
    ///
    /// Errors: `receipt.wrong_network`, `receipt.invalid`.
    pub fn verify(&self, trust: &Trust) -> Result<(&Header, &Header), Error> {
        trust.verify_file(&self.network, &self.newer, &self.certificate, &self.handovers)?;
        if self.older.version != HEADER_VERSION {
            return Err(invalid("header"));
        }
        self.proof
            .verify(trust.genesis().hash_suite, &self.older, &self.newer)
            .map_err(|source| invalid("history proof").because(source))?;
        Ok((&self.older, &self.newer))
    }
}
