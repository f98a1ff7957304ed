//! State receipts: one file that proves what the state has under a key, or that it has nothing.

use allonge_crypto::Hash;
use allonge_finance::Timestamp;
use borsh::{BorshDeserialize, BorshSerialize};

use crate::block::Header;
use crate::certificate::Certificate;
use crate::embedded::Embedded;
use crate::error::Error;
use crate::receipt::Trust;
use crate::registry::{RECEIPT_INVALID, RECEIPT_MALFORMED, RECEIPT_VERSION, RECEIPT_WRONG_NETWORK};
use crate::rules::Rules;
use crate::state::{StateReader, Stored, canonical, decode_record, from_canonical};
use crate::tree::StateProof;

/// What a state receipt's file begins with.
pub const STATE_RECEIPT_MAGIC: [u8; 8] = *b"ALLONGES";
/// The format of state receipts.
pub const STATE_RECEIPT_VERSION_1: u16 = 1;
/// A state receipt has at most this many bytes: more than any record with its proof.
pub const MAX_STATE_RECEIPT_BYTES: usize = 8 << 20;

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
        let malformed = |reason: &str| RECEIPT_MALFORMED.error().with("reason", reason);
        if bytes.len() > MAX_STATE_RECEIPT_BYTES {
            return Err(malformed("it is longer than any receipt"));
        }
        let rest = bytes.strip_prefix(STATE_RECEIPT_MAGIC.as_slice());
        let rest = rest.ok_or_else(|| malformed("it does not begin as receipts do"))?;
        let version = rest.first_chunk::<2>().map(|version| u16::from_le_bytes(*version));
        if let Some(version) = version.filter(|version| *version != STATE_RECEIPT_VERSION_1) {
            return Err(RECEIPT_VERSION.error().with("version", version));
        }
        from_canonical(bytes)
            .map_err(|source| RECEIPT_MALFORMED.error().with("reason", &source).because(source))
    }

    /// Proves what the state has under an id, from the genesis alone.
    ///
    /// Errors: `receipt.wrong_network`, `receipt.invalid`.
    pub fn verify<T: Stored>(&self, trust: &Trust, id: &T::Id) -> Result<ProvenRecord<T>, Error> {
        let invalid = |part: &str| RECEIPT_INVALID.error().with("part", part);
        if self.network != trust.network() {
            let expected = trust.network();
            return Err(RECEIPT_WRONG_NETWORK.error().with("given", self.network).with("expected", expected));
        }
        if self.key != T::key(id) {
            return Err(invalid("key, which is of another record,"));
        }
        if self.header.network != trust.network() {
            return Err(invalid("header"));
        }
        trust.verify_header(&self.header, &self.certificate)?;
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
    /// A receipt of what the newest state has under an id, or that it has nothing.
    ///
    /// Errors: `block.unknown` before the first block; `store.*`.
    pub fn state_receipt<T: Stored>(&self, id: &T::Id) -> Result<StateReceipt, Error> {
        let block = self.block(self.height())?;
        let key = T::key(id);
        Ok(StateReceipt {
            magic: STATE_RECEIPT_MAGIC,
            version: STATE_RECEIPT_VERSION_1,
            network: self.trust().network(),
            value: self.read(&key)?,
            key,
            proof: self.prove::<T>(id)?,
            header: block.header.clone(),
            certificate: block.certificate.clone(),
        })
    }
}
