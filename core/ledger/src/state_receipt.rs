//! State receipts: one file that proves what the state has under a key, or that it has nothing.

use allonge_crypto::Hash;
use allonge_finance::Timestamp;
use borsh::{BorshDeserialize, BorshSerialize};

use crate::block::Header;
use crate::certificate::Certificate;
use crate::embedded::{Certified, Embedded};
use crate::envelope::{Envelope, invalid};
use crate::error::Error;
use crate::handover::Handover;
use crate::receipt::Trust;
use crate::registry::PROOF_TOO_OLD;
use crate::rules::Rules;
use crate::state::{Stored, canonical, decode_record};
use crate::tree::StateProof;

/// What a state receipt's file begins with.
pub const STATE_RECEIPT_MAGIC: [u8; 8] = *b"ALLONGES";
/// The format of state receipts.
pub const STATE_RECEIPT_VERSION_1: u16 = 1;
/// A state receipt has at most this many bytes: more than any record with its proof.
pub const MAX_STATE_RECEIPT_BYTES: usize = 8 << 20;

const ENVELOPE: Envelope =
    Envelope { magic: STATE_RECEIPT_MAGIC, version: STATE_RECEIPT_VERSION_1, limit: MAX_STATE_RECEIPT_BYTES };

/// Proves from nothing but the genesis what the state of a height has under one key, or that it has nothing.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct StateReceipt {
    /// [`STATE_RECEIPT_MAGIC`].
    pub magic: [u8; 8],
    /// [`STATE_RECEIPT_VERSION_1`].
    pub version: u16,
    /// The network.
    pub network: Hash,
    /// The key: the record's kind and the canonical bytes of its id.
    pub key: Vec<u8>,
    /// The canonical bytes of the record, if there is one.
    pub value: Option<Vec<u8>>,
    /// That the state has it, or nothing.
    pub proof: StateProof,
    /// The header that has the root of the state.
    pub header: Header,
    /// What makes the header final.
    pub certificate: Certificate,
    /// From the genesis to the roster that certified it; none in the first epoch.
    pub handovers: Vec<Handover>,
}

/// What a state receipt proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvenRecord<T> {
    /// The record, if there is one.
    pub record: Option<T>,
    /// After the block of which height.
    pub height: u64,
    /// The time of that block.
    pub time: Timestamp,
}

impl StateReceipt {
    /// The bytes of the receipt's file.
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical(self)
    }

    /// Reads a state receipt strictly. What it says is proved only by [`StateReceipt::verify`].
    ///
    /// Errors: `receipt.malformed`, `receipt.version`.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        ENVELOPE.read(bytes)
    }

    /// Proves what the state has under an id, from the genesis alone.
    ///
    /// Errors: `receipt.wrong_network`, `receipt.invalid`.
    pub fn verify<T: Stored>(&self, trust: &Trust, id: &T::Id) -> Result<ProvenRecord<T>, Error> {
        trust.verify_file(&self.network, &self.header, &self.certificate, &self.handovers)?;
        if self.key != T::key(id) {
            return Err(invalid("key, which is of another record,"));
        }
        self.proof
            .verify(
                trust.genesis().hash_suite,
                &self.header.executed.state_root,
                &self.key,
                self.value.as_deref(),
            )
            .map_err(|source| invalid("state proof").because(source))?;
        Ok(ProvenRecord {
            record: self.value.as_deref().map(decode_record).transpose()?,
            height: self.header.executed.height,
            time: self.header.time,
        })
    }
}

impl<R: Rules> Embedded<R> {
    /// A receipt of what the newest proven state has under an id, or that it has nothing.
    ///
    /// Errors: `block.unknown` before the first block; `proof.not_certified`, `store.*`.
    pub fn state_receipt<T: Stored>(&self, id: &T::Id) -> Result<StateReceipt, Error> {
        self.state_receipt_at::<T>(self.proven_height()?, id)
    }

    /// A receipt of what the state of a recent height has under an id, or that it has nothing.
    ///
    /// Errors: `block.unknown`; `proof.not_certified`; `proof.too_old` below [`RECENT_HEIGHTS`](crate::RECENT_HEIGHTS) blocks or since the
    /// ledger was opened; `store.*`.
    pub fn state_receipt_at<T: Stored>(&self, height: u64, id: &T::Id) -> Result<StateReceipt, Error> {
        self.state_receipt_of_key(height, T::key(id))
    }

    /// A receipt of what the state of a recent height has under a key, whatever kind of record that names: see the table of
    /// kinds in `docs/format.md`.
    ///
    /// Errors: as of `state_receipt_at`.
    pub fn state_receipt_of_key(&self, height: u64, key: Vec<u8>) -> Result<StateReceipt, Error> {
        let Certified { header, certificate, handovers } = self.certified_state(height)?;
        Ok(StateReceipt {
            magic: STATE_RECEIPT_MAGIC,
            version: STATE_RECEIPT_VERSION_1,
            network: self.trust().network(),
            proof: self.prove_key_at(height, &key)?,
            value: self.read_at(height, &key)?,
            key,
            header,
            certificate,
            handovers,
        })
    }

    /// The value that was under a key at a recent height.
    pub(crate) fn read_at(&self, height: u64, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        let newest = self.height();
        let too_old = || PROOF_TOO_OLD.error().with("height", height).with("newest", newest);
        let blocks = newest.checked_sub(height).and_then(|blocks| usize::try_from(blocks).ok());
        self.store().read_before(blocks.ok_or_else(too_old)?, key)?.ok_or_else(too_old)
    }
}
