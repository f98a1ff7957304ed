//! Transactions: what one party does, all or nothing, and who signed it.

use std::fmt;
use std::str::FromStr;

use allonge_crypto::{
    Hash, HashSuite, PublicKey, Signature, SignatureClaim, Signer, SignerError, verify_each,
};
use allonge_finance::{PartyId, Timestamp};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::Error;
use crate::operation::Operation;
use crate::registry::{
    SIGNATURE_INVALID, SIGNATURE_MISSING, TRANSACTION_MALFORMED, TRANSACTION_OPERATIONS,
    TRANSACTION_TOO_LARGE,
};
use crate::rules::Record;
use crate::state::{canonical, from_canonical};

/// A transaction has at most this many operations.
pub const MAX_OPERATIONS: usize = 8_192;
/// A transaction has at most this many bytes, signatures included.
pub const MAX_TRANSACTION_BYTES: usize = 4 << 20;
/// A transaction carries at most this many signatures.
pub const MAX_APPROVALS: usize = 16;
/// `valid_until` lies at most this far after block time.
pub const MAX_VALIDITY_MS: i64 = 7 * 24 * 3_600 * 1_000;

const ID_DOMAIN: &str = "allonge/transaction/1";
const APPROVAL_DOMAIN: &[u8] = b"allonge/approval/1";
/// The canonical bytes of an [`Approval`].
const APPROVAL_BYTES: usize = 98;

/// A 128-bit key chosen by the caller: a second transaction of the same party with the same key is answered
/// with the result of the first. 32 hexadecimal digits for people.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
pub struct IdempotencyKey([u8; 16]);

impl IdempotencyKey {
    /// Takes 16 bytes as they are.
    pub const fn new(bytes: [u8; 16]) -> Self {
        IdempotencyKey(bytes)
    }
}

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text that is no idempotency key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an idempotency key is 32 hexadecimal digits, or a UUID")]
pub struct ParseIdempotencyKeyError;

impl FromStr for IdempotencyKey {
    type Err = ParseIdempotencyKeyError;

    fn from_str(text: &str) -> Result<Self, ParseIdempotencyKeyError> {
        let mut bytes = [0; 16];
        // A UUID, 8-4-4-4-12, or the digits alone.
        let hyphens: Vec<usize> = text.match_indices('-').map(|(place, _)| place).collect();
        if !hyphens.is_empty() && hyphens != [8, 13, 18, 23] {
            return Err(ParseIdempotencyKeyError);
        }
        hex::decode_to_slice(text.replace('-', ""), &mut bytes).map_err(|_| ParseIdempotencyKeyError)?;
        Ok(IdempotencyKey(bytes))
    }
}

impl Serialize for IdempotencyKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for IdempotencyKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <String as Deserialize>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for IdempotencyKey {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "IdempotencyKey".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[0-9a-f]{32}$" })
    }
}

/// What one party does, all or nothing.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Transaction<O> {
    /// The network it is for.
    pub network: Hash,
    /// The party that does it.
    pub author: PartyId,
    /// Repeats of it carry the same key.
    pub key: IdempotencyKey,
    /// The last block time at which it may enter a block.
    pub valid_until: Timestamp,
    /// What is done, in this order.
    pub operations: Vec<Operation<O>>,
}

impl<O: Record> Transaction<O> {
    /// The bytes that are hashed for its id.
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical(self)
    }

    /// Signs it with each signer. The order of the signers does not matter.
    pub fn sign(&self, suite: HashSuite, signers: &[&dyn Signer]) -> Result<SignedTransaction, SignerError> {
        let unsigned = SignedTransaction { body: self.to_bytes(), approvals: Vec::new() };
        unsigned.cosign(suite, &self.network, signers)
    }
}

/// One key's signature of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Approval {
    /// Whose signature.
    pub key: PublicKey,
    /// Over the [`approval_message`] of the transaction.
    pub signature: Signature,
}

/// A transaction's bytes and the signatures of them.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct SignedTransaction {
    /// The canonical bytes of a [`Transaction`].
    pub body: Vec<u8>,
    /// Signatures, strictly ordered by key.
    pub approvals: Vec<Approval>,
}

/// The id of a transaction: a hash of its body. Signatures never enter it, so that nobody can give one
/// transaction two ids.
pub fn transaction_id(suite: HashSuite, body: &[u8]) -> Hash {
    suite.hash(ID_DOMAIN, body)
}

/// What is signed: a domain tag with its length, the network and the transaction's id, 83 bytes in all.
pub fn approval_message(network: &Hash, transaction: &Hash) -> Vec<u8> {
    let mut message = Vec::with_capacity(1 + APPROVAL_DOMAIN.len() + 64);
    message.push(u8::try_from(APPROVAL_DOMAIN.len()).unwrap_or(u8::MAX));
    message.extend_from_slice(APPROVAL_DOMAIN);
    message.extend_from_slice(network.as_bytes());
    message.extend_from_slice(transaction.as_bytes());
    message
}

impl SignedTransaction {
    /// Adds the signature of each signer whose key has not signed yet. What is signed is not looked at: see first that
    /// it can be read, and is for this network.
    pub fn cosign(
        mut self,
        suite: HashSuite,
        network: &Hash,
        signers: &[&dyn Signer],
    ) -> Result<Self, SignerError> {
        let message = approval_message(network, &self.id(suite));
        for signer in signers {
            let key = signer.public_key();
            if let Err(place) = self.approvals.binary_search_by_key(&key, |approval| approval.key) {
                self.approvals.insert(place, Approval { key, signature: signer.sign(&message)? });
            }
        }
        Ok(self)
    }

    /// The bytes that stand in a block.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.byte_count());
        // Writing to memory cannot fail.
        let _ = self.serialize(&mut bytes);
        bytes
    }

    fn byte_count(&self) -> usize {
        // The two lengths stand before the body and the signatures.
        self.approvals.len().saturating_mul(APPROVAL_BYTES).saturating_add(8).saturating_add(self.body.len())
    }

    /// Reads a signed transaction strictly, within the limits.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        check_size(bytes.len())?;
        let signed: SignedTransaction = from_canonical(bytes).map_err(malformed)?;
        signed.check_limits()?;
        Ok(signed)
    }

    /// Checks what canonical bytes alone do not: the size, and that the signatures are few, each key's once
    /// and in order. A transaction that breaks a limit enters no block, or it could not be read from there.
    pub fn check_limits(&self) -> Result<(), Error> {
        check_size(self.byte_count())?;
        if self.approvals.len() > MAX_APPROVALS {
            return Err(TRANSACTION_MALFORMED.error().with("reason", "it has more than 16 signatures"));
        }
        if !self.approvals.is_sorted_by(|one, next| one.key < next.key) {
            return Err(TRANSACTION_MALFORMED
                .error()
                .with("reason", "its signatures are not strictly ordered by key"));
        }
        Ok(())
    }

    /// The transaction's id.
    pub fn id(&self, suite: HashSuite) -> Hash {
        transaction_id(suite, &self.body)
    }

    /// Reads the body strictly, within the limits.
    pub fn transaction<O: Record>(&self) -> Result<Transaction<O>, Error> {
        let transaction: Transaction<O> = from_canonical(&self.body).map_err(malformed)?;
        let count = transaction.operations.len();
        if count == 0 || count > MAX_OPERATIONS {
            return Err(TRANSACTION_OPERATIONS.error().with("count", count).with("limit", MAX_OPERATIONS));
        }
        Ok(transaction)
    }

    /// The canonical bytes of the operations of the transaction that was read from here: the end of the body.
    pub(crate) fn operation_bytes<O>(&self, transaction: &Transaction<O>) -> &[u8] {
        let Transaction { network, author, key, valid_until, operations: _ } = transaction;
        // Counting cannot fail.
        let before = borsh::object_length(&(network, author, key, valid_until)).unwrap_or_default();
        self.body.get(before..).unwrap_or_default()
    }

    /// Checks that there is a signature and that all hold. Whose keys they are is judged elsewhere.
    pub fn check_signatures(&self, network: &Hash, id: &Hash, author: &PartyId) -> Result<(), Error> {
        let mut claims = self.claims(network, id, author)?;
        verify_each(&mut claims.iter_mut().collect::<Vec<_>>());
        check_verdicts(&claims)
    }

    /// Its signatures, to be verified, if it has any.
    pub(crate) fn claims(
        &self,
        network: &Hash,
        id: &Hash,
        author: &PartyId,
    ) -> Result<Vec<SignatureClaim>, Error> {
        if self.approvals.is_empty() {
            return Err(SIGNATURE_MISSING.error().with("party", author));
        }
        let message = approval_message(network, id);
        let claim = |approval: &Approval| SignatureClaim::new(&approval.key, &message, &approval.signature);
        Ok(self.approvals.iter().map(claim).collect())
    }
}

/// Names the first signature that does not hold.
pub(crate) fn check_verdicts(claims: &[SignatureClaim]) -> Result<(), Error> {
    claims.iter().try_for_each(|claim| {
        let refuse = |source| SIGNATURE_INVALID.error().with("key", claim.key()).because(source);
        claim.verdict().map_err(refuse)
    })
}

fn check_size(bytes: usize) -> Result<(), Error> {
    if bytes <= MAX_TRANSACTION_BYTES {
        return Ok(());
    }
    Err(TRANSACTION_TOO_LARGE.error().with("bytes", bytes).with("limit", MAX_TRANSACTION_BYTES))
}

fn malformed(source: std::io::Error) -> Error {
    TRANSACTION_MALFORMED.error().with("reason", &source).because(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_idempotency_key_is_32_digits_or_a_uuid() {
        let key = IdempotencyKey::new([0xab; 16]);
        assert_eq!("ab".repeat(16).parse(), Ok(key));
        assert_eq!("abababab-abab-abab-abab-abababababab".parse(), Ok(key));
        for odd in ["", "ab", "-abababababababababababababababab", "abababababab-abab-abab-abab-abababababab"]
        {
            assert_eq!(odd.parse::<IdempotencyKey>(), Err(ParseIdempotencyKeyError), "{odd}");
        }
    }
}
