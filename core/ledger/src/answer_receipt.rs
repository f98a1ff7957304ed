//! Answer receipts: one file that proves what an idempotency key was used for, or that it was not.

use allonge_crypto::Hash;
use allonge_finance::{PartyId, Timestamp};
use borsh::{BorshDeserialize, BorshSerialize};

use crate::answers::{Answer, AnswerProof, Bucket, BucketRoot};
use crate::block::Header;
use crate::certificate::Certificate;
use crate::embedded::{Certified, Embedded};
use crate::envelope::{Envelope, invalid};
use crate::error::Error;
use crate::handover::Handover;
use crate::receipt::{MAX_RECEIPT_HEADERS, Trust};
use crate::registry::RECEIPT_MALFORMED;
use crate::rules::Rules;
use crate::state::{Stored, canonical, decode_record};
use crate::transaction::IdempotencyKey;

/// What an answer receipt's file begins with.
pub const ANSWER_RECEIPT_MAGIC: [u8; 8] = *b"ALLONGEA";
/// The format of answer receipts.
pub const ANSWER_RECEIPT_VERSION_1: u16 = 1;
/// An answer receipt has at most this many bytes: two proofs of the greatest depth and 64 headers fit, with the handovers
/// of many epochs.
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
    /// From the header of the block that led to the state up to the certified one that says so, each the parent of the
    /// next. In a network of one both are the same.
    pub headers: Vec<Header>,
    /// What makes the last header final.
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
        let receipt: AnswerReceipt = ENVELOPE.read(bytes)?;
        if receipt.headers.is_empty() || receipt.headers.len() > MAX_RECEIPT_HEADERS {
            return Err(RECEIPT_MALFORMED.error().with("reason", "it has no header or more than 64"));
        }
        Ok(receipt)
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
        let AnswerReceipt { headers, answer, .. } = self;
        let (block, certified) =
            trust.verify_chain(&self.network, headers, &self.certificate, &self.handovers)?;
        if certified.executed.height != block.height {
            return Err(invalid("chain of headers, which begins at another block than the state's,"));
        }
        if (&self.author, self.key, self.valid_until) != (author, key, valid_until) {
            return Err(invalid("key, which is another,"));
        }
        let (suite, root) = (trust.genesis().hash_suite, &certified.executed.state_root);
        self.proof
            .verify(suite, root, (author, key), valid_until, answer.as_ref())
            .map_err(|source| invalid("answer proof").because(source))?;
        Ok(ProvenAnswer {
            answer: answer.clone(),
            settled: answer.is_some() || block.time > valid_until,
            height: block.height,
            time: block.time,
        })
    }
}

impl<R: Rules> Embedded<R> {
    /// A receipt of what a party's idempotency key was used for by a transaction with this `valid_until`, or that it
    /// was not used, as of the newest block whose state a certified header says.
    ///
    /// Errors: `block.unknown` before the first block; `proof.not_certified`; `proof.too_old` on a network, until it has
    /// certified what was executed since the ledger was opened; `store.*`.
    pub fn answer_receipt(
        &self,
        author: &PartyId,
        key: IdempotencyKey,
        valid_until: Timestamp,
    ) -> Result<AnswerReceipt, Error> {
        let height = self.proven_height()?;
        let Certified { header: certified, certificate, handovers } = self.certified_state(height)?;
        let (answer, proof) = self.prove_answer_at(height, author, key, valid_until)?;
        let headers = self.headers_up_to(height, &certified)?;
        Ok(AnswerReceipt {
            magic: ANSWER_RECEIPT_MAGIC,
            version: ANSWER_RECEIPT_VERSION_1,
            network: self.trust().network(),
            author: author.clone(),
            key,
            valid_until,
            answer,
            proof,
            headers,
            certificate,
            handovers,
        })
    }

    /// As [`prove_answer`](Embedded::prove_answer), of the state of a recent height. What entered the bucket later is
    /// left out.
    ///
    /// Takes time and memory in proportion to the keys of the bucket once one has entered it above that height.
    ///
    /// Errors: `block.unknown`; `proof.too_old` below [`RECENT_HEIGHTS`](crate::RECENT_HEIGHTS) blocks or since the
    /// ledger was opened; `store.*`.
    pub fn prove_answer_at(
        &self,
        height: u64,
        author: &PartyId,
        key: IdempotencyKey,
        valid_until: Timestamp,
    ) -> Result<(Option<Answer>, AnswerProof), Error> {
        let bucket = Bucket::of(valid_until);
        let state = self.prove_at::<BucketRoot>(height, &bucket)?;
        let Some(root) = self.read_at(height, &BucketRoot::key(&bucket))? else {
            return Ok((None, AnswerProof { bucket: None, state, key: None }));
        };
        let root: BucketRoot = decode_record(&root)?;
        let id = Answer::key(&(author.clone(), key));
        let grown = self.get::<BucketRoot>(&bucket)?.as_ref() != Some(&root);
        let proof = match self.machine().buckets.get(bucket) {
            Some(tree) if !grown => tree.prove(&id),
            _ => self.machine().bucket_at(bucket, height)?.prove(&id),
        };
        let answer = self.store().answer_in(bucket, &id, height)?;
        Ok((answer, AnswerProof { bucket: Some(root), state, key: Some(proof) }))
    }
}
