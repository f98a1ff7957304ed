//! Answer receipts: one file that proves what an idempotency key was used for, or that it was not.

use allonge_crypto::Hash;
use allonge_finance::{PartyId, Timestamp};
use borsh::{BorshDeserialize, BorshSerialize};

use crate::answers::{Answer, AnswerProof};
use crate::block::Header;
use crate::certificate::Certificate;
use crate::embedded::{Certified, Embedded};
use crate::envelope::{Envelope, invalid};
use crate::error::Error;
use crate::handover::Handover;
use crate::receipt::Trust;
use crate::rules::Rules;
use crate::state::canonical;
use crate::transaction::IdempotencyKey;

/// What an answer receipt's file begins with.
pub const ANSWER_RECEIPT_MAGIC: [u8; 8] = *b"ALLONGEA";
/// The format of answer receipts.
pub const ANSWER_RECEIPT_VERSION_1: u16 = 1;
/// An answer receipt has at most this many bytes: two proofs of the greatest depth fit, with the handovers of many epochs.
pub const MAX_ANSWER_RECEIPT_BYTES: usize = 4 << 20;

const ENVELOPE: Envelope = Envelope {
    magic: ANSWER_RECEIPT_MAGIC,
    version: ANSWER_RECEIPT_VERSION_1,
    limit: MAX_ANSWER_RECEIPT_BYTES,
};

/// Proves from nothing but the genesis what a party's idempotency key was used for by a transaction whose
/// `valid_until` lies in the same hour as one that is asked for, or that it was not used so.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct AnswerReceipt {
    /// [`ANSWER_RECEIPT_MAGIC`].
    pub magic: [u8; 8],
    /// [`ANSWER_RECEIPT_VERSION_1`].
    pub version: u16,
    /// The network.
    pub network: Hash,
    /// Whose key.
    pub author: PartyId,
    /// The key.
    pub key: IdempotencyKey,
    /// Until when the transaction was to be valid.
    pub valid_until: Timestamp,
    /// What the key was used for, if it was.
    pub answer: Option<Answer>,
    /// That the state says so.
    pub proof: AnswerProof,
    /// The header that has the root of the state.
    pub header: Header,
    /// What makes the header final.
    pub certificate: Certificate,
    /// From the genesis to the roster that certified it; none in the first epoch.
    pub handovers: Vec<Handover>,
}

/// What an answer receipt proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvenAnswer {
    /// What the key was used for, if it was.
    pub answer: Option<Answer>,
    /// Whether it stays so for ever. A key that was not used can still be until block time has passed `valid_until`.
    pub settled: bool,
    /// After the block of which height.
    pub height: u64,
    /// The time of that block.
    pub time: Timestamp,
}

impl AnswerReceipt {
    /// The bytes of the receipt's file.
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical(self)
    }

    /// Reads an answer receipt strictly. What it says is proved only by [`AnswerReceipt::verify`].
    ///
    /// Errors: `receipt.malformed`, `receipt.version`.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        ENVELOPE.read(bytes)
    }

    /// Proves from the genesis alone what a key was used for by a transaction with this `valid_until`, or that it was
    /// not used.
    ///
    /// Errors: `receipt.wrong_network`, `receipt.invalid`.
    pub fn verify(
        &self,
        trust: &Trust,
        (author, key): (&PartyId, IdempotencyKey),
        valid_until: Timestamp,
    ) -> Result<ProvenAnswer, Error> {
        let AnswerReceipt { header, answer, .. } = self;
        trust.verify_file(&self.network, header, &self.certificate, &self.handovers)?;
        if (&self.author, self.key, self.valid_until) != (author, key, valid_until) {
            return Err(invalid("key, which is another,"));
        }
        let (suite, root) = (trust.genesis().hash_suite, &header.executed.state_root);
        self.proof
            .verify(suite, root, (author, key), valid_until, answer.as_ref())
            .map_err(|source| invalid("answer proof").because(source))?;
        // A block that is not executed yet may use it, though it is older than the header.
        let too_late = header.executed.height == header.height && header.time > valid_until;
        Ok(ProvenAnswer {
            answer: answer.clone(),
            settled: answer.is_some() || too_late,
            height: header.executed.height,
            time: header.time,
        })
    }
}

impl<R: Rules> Embedded<R> {
    /// A receipt of what a party's idempotency key was used for by a transaction with this `valid_until`, or that it
    /// was not used, as of the newest block.
    ///
    /// Errors: `block.unknown` before the first block; `proof.not_certified` by a validator, whose newest state no header
    /// says yet; `store.*`.
    pub fn answer_receipt(
        &self,
        author: &PartyId,
        key: IdempotencyKey,
        valid_until: Timestamp,
    ) -> Result<AnswerReceipt, Error> {
        let Certified { header, certificate, handovers } = self.certified_state(self.height())?;
        let (answer, proof) = self.prove_answer(author, key, valid_until)?;
        Ok(AnswerReceipt {
            magic: ANSWER_RECEIPT_MAGIC,
            version: ANSWER_RECEIPT_VERSION_1,
            network: self.trust().network(),
            author: author.clone(),
            key,
            valid_until,
            answer,
            proof,
            header,
            certificate,
            handovers,
        })
    }
}
