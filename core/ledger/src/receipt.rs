//! Receipts: one self-contained file that proves a transaction and its result from nothing but the
//! genesis.

use allonge_crypto::{Hash, HashSuite, merkle};
use allonge_finance::Timestamp;
use borsh::{BorshDeserialize, BorshSerialize};

use crate::block::{Executed, Header, TransactionResult, counted, together};
use crate::certificate::{Certificate, certificate_namespace};
use crate::envelope::Envelope;
use crate::error::Error;
use crate::genesis::Genesis;
use crate::handover::Handover;
use crate::registry::{RECEIPT_INVALID, RECEIPT_MALFORMED};
use crate::rules::Record;
use crate::state::{canonical, from_canonical};
use crate::transaction::{MAX_TRANSACTION_BYTES, SignedTransaction, Transaction};

/// The format of receipts.
pub const RECEIPT_VERSION_1: u16 = 1;
/// What a receipt file begins with: a name for `file(1)` and people, then a byte that no text has.
pub const RECEIPT_MAGIC: [u8; 8] = *b"ALLONGE\x00";
/// A receipt has at most this many bytes: the largest transaction, a result as large, and the proof.
pub const MAX_RECEIPT_BYTES: usize = 3 * MAX_TRANSACTION_BYTES;
/// The chain of headers from the transaction's block to the certified one is at most this long.
pub const MAX_RECEIPT_HEADERS: usize = 64;

const ENVELOPE: Envelope =
    Envelope { magic: RECEIPT_MAGIC, version: RECEIPT_VERSION_1, limit: MAX_RECEIPT_BYTES };

/// Proof of one transaction and its result.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Receipt {
    /// [`RECEIPT_MAGIC`].
    pub magic: [u8; 8],
    /// The format, now 1.
    pub version: u16,
    /// The network.
    pub network: Hash,
    /// The signed transaction as it stands in the block.
    pub transaction: Vec<u8>,
    /// The canonical bytes of its [`TransactionResult`].
    pub result: Vec<u8>,
    /// Its place in the block, from 0.
    pub index: u32,
    /// How many transactions the block has.
    pub size: u32,
    /// From the transaction up to the body root.
    pub body_path: Vec<Hash>,
    /// From the result up to the results root of its block.
    pub result_path: Vec<Hash>,
    /// Where a header says together what several blocks came to, the results roots of them in their order: that of
    /// this transaction's block among them. Empty where it says it of this block alone.
    pub together: Vec<Hash>,
    /// From the header of the transaction's block to the certified one, each the parent of the next.
    pub headers: Vec<Header>,
    /// The certificate of the last header.
    pub certificate: Certificate,
    /// From the genesis to the roster that certified it; none in the first epoch.
    pub handovers: Vec<Handover>,
}

/// What a receipt has proved.
#[derive(Clone, Debug, PartialEq)]
pub struct Proven<O, E> {
    /// The transaction's id.
    pub id: Hash,
    /// What was to be done, by whom.
    pub transaction: Transaction<O>,
    /// The keys that signed it.
    pub keys: Vec<allonge_crypto::PublicKey>,
    /// What became of it.
    pub result: TransactionResult<E>,
    /// The height of its block.
    pub height: u64,
    /// The time of its block.
    pub time: Timestamp,
    /// The root of the state that its block led to, or the newest block of which the same header says what it came to.
    pub state_root: Hash,
}

/// A genesis to verify receipts against, with what takes longest to make of it made once.
#[derive(Clone, Debug)]
pub struct Trust {
    genesis: Genesis,
    network: Hash,
    namespace: Vec<u8>,
}

impl Trust {
    /// Trusts a genesis.
    pub fn new(genesis: Genesis) -> Self {
        let network = genesis.network();
        Trust { namespace: certificate_namespace(&network), genesis, network }
    }

    /// The genesis.
    pub fn genesis(&self) -> &Genesis {
        &self.genesis
    }

    /// The network's id.
    pub fn network(&self) -> Hash {
        self.network
    }

    /// What the validators of this network prefix their votes with.
    pub(crate) fn namespace(&self) -> &[u8] {
        &self.namespace
    }
}

impl Receipt {
    /// What a header says of the block of this height, whose results have this root.
    fn executed(&self, suite: HashSuite, height: u64, results_root: Hash) -> Result<&Executed, Error> {
        let invalid = |part: &str| RECEIPT_INVALID.error().with("part", part);
        let mut executed = self.headers.iter().map(|header| &header.executed);
        if self.together.is_empty() {
            let executed = executed.find(|executed| executed.height == height);
            let executed = executed
                .ok_or_else(|| invalid("chain of headers, which ends before the block was executed,"))?;
            if executed.results_root != results_root {
                return Err(invalid("result, which is not in the block,"));
            }
            return Ok(executed);
        }
        let root = together(suite, &self.together);
        let executed = executed.find(|executed| executed.results_root == root);
        let executed = executed
            .ok_or_else(|| invalid("list of blocks executed together, of which no header speaks,"))?;
        // The last of them is the newest block executed.
        let behind = executed.height.checked_sub(height).and_then(|behind| usize::try_from(behind).ok());
        let place = behind.and_then(|behind| self.together.len().checked_sub(1)?.checked_sub(behind));
        if self.together.len() < 2 || place.and_then(|place| self.together.get(place)) != Some(&results_root)
        {
            return Err(invalid("result, which is not in the block,"));
        }
        Ok(executed)
    }

    /// The bytes of the receipt's file.
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical(self)
    }

    /// Reads a receipt strictly. What it says is proved only by [`Receipt::verify`].
    ///
    /// Errors: `receipt.malformed`, `receipt.version`.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let receipt: Receipt = ENVELOPE.read(bytes)?;
        if receipt.headers.is_empty() || receipt.headers.len() > MAX_RECEIPT_HEADERS {
            return Err(RECEIPT_MALFORMED.error().with("reason", "it has no header or more than 64"));
        }
        if receipt.together.len() == 1 || receipt.together.len() > MAX_RECEIPT_HEADERS {
            return Err(RECEIPT_MALFORMED
                .error()
                .with("reason", "it lists one block or more than 64 together"));
        }
        Ok(receipt)
    }

    /// Proves the transaction and its result from the genesis alone.
    ///
    /// Errors: `receipt.wrong_network`, `receipt.invalid`.
    pub fn verify<O: Record, E: Record>(&self, trust: &Trust) -> Result<Proven<O, E>, Error> {
        let invalid = |part: &str| RECEIPT_INVALID.error().with("part", part);
        let suite = trust.genesis.hash_suite;
        let (first, _) =
            trust.verify_chain(&self.network, &self.headers, &self.certificate, &self.handovers)?;

        let path = |item: &[u8], path: &[Hash]| {
            let proof = merkle::InclusionProof { index: self.index, size: self.size, path: path.to_vec() };
            proof.root(suite, merkle::leaf(suite, item)).map(|root| counted(suite, self.size, &root))
        };
        if path(&self.transaction, &self.body_path) != Some(first.body_root) {
            return Err(invalid("transaction, which is not in the block,"));
        }
        let results_root = path(&self.result, &self.result_path)
            .ok_or_else(|| invalid("result, which is not in the block,"))?;
        let executed = self.executed(suite, first.height, results_root)?;

        let signed = SignedTransaction::from_bytes(&self.transaction)
            .map_err(|error| invalid("transaction").because(error))?;
        let id = signed.id(suite);
        let transaction: Transaction<O> =
            signed.transaction().map_err(|error| invalid("transaction").because(error))?;
        if transaction.network != trust.network {
            return Err(invalid("transaction, which is for another network,"));
        }
        signed
            .check_signatures(&trust.network, &id, &transaction.author)
            .map_err(|error| invalid("signature").because(error))?;
        let result: TransactionResult<E> =
            from_canonical(&self.result).map_err(|error| invalid("result").because(error))?;
        if result.transaction != id {
            return Err(invalid("result, which is of another transaction,"));
        }
        Ok(Proven {
            id,
            transaction,
            keys: signed.approvals.iter().map(|approval| approval.key).collect(),
            result,
            height: first.height,
            time: first.time,
            state_root: executed.state_root,
        })
    }
}
