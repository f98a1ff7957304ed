//! Verification: everything about a transaction that needs no state. It is where most of the work is, and it can
//! be done on any thread, long before the transaction's turn.

use allonge_crypto::{Hash, HashSuite, MAX_BATCH, PublicKey, SignatureClaim, verify_each};

use crate::account::AccountId;
use crate::error::Error;
use crate::operation::{LedgerOperation, Operation};
use crate::registry::TRANSACTION_WRONG_NETWORK;
use crate::rules::Record;
use crate::transaction::{SignedTransaction, Transaction, check_verdicts};
use crate::workers::Workers;

pub(crate) const OPERATIONS_DOMAIN: &str = "allonge/operations/1";
/// How many transactions a thread reads at a time.
const GRAIN: usize = 32;
/// Fewer signatures are verified by one thread: halves of a batch cost more than the whole.
const MIN_PARALLEL: usize = 64;

/// A transaction that is canonical, within the limits, of this network, and whose signatures hold. Whether their
/// keys count is judged by the state.
#[derive(Clone, Debug)]
pub struct Verified<O> {
    /// The bytes of the signed transaction.
    pub(crate) bytes: Vec<u8>,
    pub(crate) id: Hash,
    /// A hash of its operations, so that a repeat can be told from a mistake.
    pub(crate) operations: Hash,
    pub(crate) transaction: Transaction<O>,
    /// The keys that signed it.
    pub(crate) keys: Vec<PublicKey>,
}

impl<O> Verified<O> {
    /// The transaction's id.
    pub fn id(&self) -> Hash {
        self.id
    }

    /// The accounts that it transfers between.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = &AccountId> + Clone {
        let transfers = self.transaction.operations.iter().filter_map(|operation| match operation {
            Operation::Ledger(LedgerOperation::Transfer { from, to, .. }) => Some([from, to]),
            _ => None,
        });
        transfers.flatten()
    }

    /// The transaction.
    pub fn transaction(&self) -> &Transaction<O> {
        &self.transaction
    }
}

/// Verifies the transactions of one network.
#[derive(Clone, Copy, Debug)]
pub struct Verifier {
    suite: HashSuite,
    network: Hash,
}

impl Verifier {
    /// For a network and its hashes.
    pub fn new(suite: HashSuite, network: Hash) -> Self {
        Verifier { suite, network }
    }

    /// Verifies each transaction: all are read first, then their signatures are verified in batches, those of
    /// one key side by side. What is answered does not depend on the batches or the threads.
    ///
    /// Errors, for each: `transaction.*`, `signature.missing`, `signature.invalid`.
    pub fn verify<O: Record>(
        &self,
        workers: &Workers,
        candidates: &[SignedTransaction],
    ) -> Vec<Result<Verified<O>, Error>> {
        verify_all(workers, candidates, |candidate| self.claim(candidate, candidate.to_bytes()))
    }

    /// Verifies each transaction as it came from elsewhere, in its [bytes](SignedTransaction::to_bytes).
    ///
    /// Errors, for each: as [`verify`](Self::verify).
    pub fn verify_bytes<O: Record>(
        &self,
        workers: &Workers,
        candidates: &[Vec<u8>],
    ) -> Vec<Result<Verified<O>, Error>> {
        verify_all(workers, candidates, |bytes| {
            self.claim(&SignedTransaction::from_bytes(bytes)?, bytes.clone())
        })
    }

    /// Verifies one transaction.
    pub fn verify_one<O: Record>(&self, candidate: &SignedTransaction) -> Result<Verified<O>, Error> {
        let mut claimed = self.claim(candidate, candidate.to_bytes())?;
        verify_each(&mut claimed.claims.iter_mut().collect::<Vec<_>>());
        claimed.judged()
    }

    /// Takes a transaction of a certified block for verified: whoever certified the block has verified it.
    pub(crate) fn trust<O: Record>(&self, certified: &SignedTransaction) -> Result<Verified<O>, Error> {
        self.read(certified, certified.to_bytes())
    }

    /// Everything but whether the signatures hold.
    fn claim<O: Record>(&self, candidate: &SignedTransaction, bytes: Vec<u8>) -> Result<Claimed<O>, Error> {
        let verified = self.read(candidate, bytes)?;
        let claims = candidate.claims(&self.network, &verified.id, &verified.transaction.author)?;
        Ok(Claimed { verified, claims })
    }

    /// Everything but the signatures.
    fn read<O: Record>(&self, candidate: &SignedTransaction, bytes: Vec<u8>) -> Result<Verified<O>, Error> {
        candidate.check_limits()?;
        let transaction: Transaction<O> = candidate.transaction()?;
        if transaction.network != self.network {
            return Err(TRANSACTION_WRONG_NETWORK
                .error()
                .with("given", transaction.network)
                .with("expected", self.network));
        }
        Ok(Verified {
            bytes,
            id: candidate.id(self.suite),
            operations: self.suite.hash(OPERATIONS_DOMAIN, candidate.operation_bytes(&transaction)),
            transaction,
            keys: candidate.approvals.iter().map(|approval| approval.key).collect(),
        })
    }
}

/// A transaction that is verified if its signatures hold.
struct Claimed<O> {
    verified: Verified<O>,
    claims: Vec<SignatureClaim>,
}

impl<O> Claimed<O> {
    fn judged(self) -> Result<Verified<O>, Error> {
        check_verdicts(&self.claims).map(|()| self.verified)
    }
}

fn verify_all<C: Sync, O: Record>(
    workers: &Workers,
    candidates: &[C],
    read: impl Fn(&C) -> Result<Claimed<O>, Error> + Sync,
) -> Vec<Result<Verified<O>, Error>> {
    let mut pieces: Vec<_> = candidates.chunks(GRAIN).map(|piece| (piece, Vec::new())).collect();
    workers.for_each(&mut pieces, &|(piece, found)| found.extend(piece.iter().map(&read)));
    let claimed = pieces.iter_mut().flat_map(|(_, found)| found).flatten();
    verify_claims(workers, claimed.flat_map(|claimed| &mut claimed.claims).collect());
    let found = pieces.into_iter().flat_map(|(_, found)| found);
    found.map(|claimed| claimed.and_then(Claimed::judged)).collect()
}

/// Verifies signatures in batches of about the same size, as many for each thread.
fn verify_claims(workers: &Workers, mut claims: Vec<&mut SignatureClaim>) {
    claims.sort_unstable_by_key(|claim| *claim.key());
    let threads = if claims.len() < MIN_PARALLEL { 1 } else { workers.threads() };
    let count = claims.len().div_ceil(MAX_BATCH).next_multiple_of(threads);
    let size = claims.len().div_ceil(count.max(1)).max(1);
    let mut batches: Vec<_> = claims.chunks_mut(size).collect();
    workers.for_each(&mut batches, &|batch| verify_each(batch));
}

#[cfg(test)]
mod tests {
    use allonge_crypto::{Signature, SoftwareSigner};
    use allonge_finance::{PartyId, Timestamp};
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;
    use crate::state::canonical;
    use crate::transaction::{Approval, IdempotencyKey, MAX_APPROVALS};

    const SUITE: HashSuite = HashSuite::Sha256;
    const NETWORK: Hash = Hash::new([7; 32]);

    type Note = Transaction<String>;

    fn note(number: u8) -> Note {
        Transaction {
            network: NETWORK,
            author: PartyId::parse("harbour-bank").unwrap(),
            key: IdempotencyKey::new([number; 16]),
            valid_until: Timestamp::from_millis(1_800_000_000_000).unwrap(),
            operations: vec![Operation::Rules(format!("note {number}")); usize::from(number % 3) + 1],
        }
    }

    fn signed(note: &Note, seeds: &[u8]) -> SignedTransaction {
        let signers: Vec<_> = seeds.iter().map(|seed| SoftwareSigner::from_seed([*seed; 32])).collect();
        let signers: Vec<_> = signers.iter().map(|signer| signer as &dyn allonge_crypto::Signer).collect();
        note.sign(SUITE, &signers).unwrap()
    }

    #[derive(Clone, Copy, Debug)]
    enum Flaw {
        None,
        Signature(usize),
        SignatureOfAnother,
        Order,
        NoSignature,
        Network,
        NoOperation,
        Trailing,
        Body,
    }

    fn flawed(number: u8, seeds: &[u8], flaw: Flaw) -> SignedTransaction {
        let mut note = note(number);
        match flaw {
            Flaw::Network => note.network = Hash::ZERO,
            Flaw::NoOperation => note.operations.clear(),
            _ => {}
        }
        let mut signed = signed(&note, seeds);
        let count = signed.approvals.len();
        match flaw {
            Flaw::Signature(place) => {
                let Signature::Ed25519(bytes) = &mut signed.approvals[place % count].signature;
                bytes[place % 64] ^= 1;
            }
            Flaw::SignatureOfAnother => {
                signed.approvals[0].signature = self::signed(&note, &[99]).approvals[0].signature;
            }
            Flaw::Order => signed.approvals.insert(0, signed.approvals[count - 1]),
            Flaw::NoSignature => signed.approvals.clear(),
            Flaw::Trailing => signed.body.push(0),
            Flaw::Body => signed.body.truncate(signed.body.len() / 2),
            Flaw::None | Flaw::Network | Flaw::NoOperation => {}
        }
        signed
    }

    fn flaw() -> impl Strategy<Value = Flaw> {
        prop_oneof![
            8 => Just(Flaw::None),
            2 => any::<usize>().prop_map(Flaw::Signature),
            1 => prop::sample::select(vec![
                Flaw::SignatureOfAnother, Flaw::Order, Flaw::NoSignature, Flaw::Network, Flaw::NoOperation,
                Flaw::Trailing, Flaw::Body,
            ]),
        ]
    }

    fn candidate() -> impl Strategy<Value = SignedTransaction> {
        (any::<u8>(), prop::collection::vec(0..20_u8, 1..4), flaw())
            .prop_map(|(number, seeds, flaw)| flawed(number, &seeds, flaw))
    }

    fn told(answer: &Result<Verified<String>, Error>) -> String {
        match answer {
            Ok(verified) => format!("{verified:?}"),
            Err(error) => format!("{}: {error}", error.entry().code),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn together_each_transaction_is_answered_as_alone_whatever_the_threads(
            candidates in prop::collection::vec(candidate(), 0..150),
        ) {
            let verifier = Verifier::new(SUITE, NETWORK);
            let bytes: Vec<_> = candidates.iter().map(SignedTransaction::to_bytes).collect();
            let alone: Vec<_> = candidates.iter().map(|one| verifier.verify_one::<String>(one)).collect();
            let alone: Vec<_> = alone.iter().map(told).collect();
            for workers in [Workers::none(), Workers::with_threads(2), Workers::with_threads(3)] {
                let together = verifier.verify::<String>(&workers, &candidates);
                prop_assert_eq!(&together.iter().map(told).collect::<Vec<_>>(), &alone);
                let together = verifier.verify_bytes::<String>(&workers, &bytes);
                prop_assert_eq!(&together.iter().map(told).collect::<Vec<_>>(), &alone);
            }
        }
    }

    #[test]
    fn every_flaw_is_found() {
        let verifier = Verifier::new(SUITE, NETWORK);
        for (flaw, code) in [
            (Flaw::Signature(0), "signature.invalid"),
            (Flaw::Signature(1), "signature.invalid"),
            (Flaw::SignatureOfAnother, "signature.invalid"),
            (Flaw::Order, "transaction.malformed"),
            (Flaw::NoSignature, "signature.missing"),
            (Flaw::Network, "transaction.wrong_network"),
            (Flaw::NoOperation, "transaction.operations"),
            (Flaw::Trailing, "transaction.malformed"),
            (Flaw::Body, "transaction.malformed"),
        ] {
            let candidates = [flawed(1, &[1, 2], Flaw::None), flawed(2, &[1, 2], flaw)];
            let answers = verifier.verify::<String>(&Workers::none(), &candidates);
            assert!(answers[0].is_ok());
            assert_eq!(answers[1].as_ref().unwrap_err().entry().code, code, "{flaw:?}");
        }
    }

    #[test]
    fn what_is_verified_is_what_was_signed() {
        let verifier = Verifier::new(SUITE, NETWORK);
        for number in 0..6 {
            let candidate = signed(&note(number), &[1, 2]);
            let verified = verifier.verify_one::<String>(&candidate).unwrap();
            assert_eq!(verified.transaction, note(number));
            assert_eq!(verified.bytes, canonical(&candidate));
            assert_eq!(verified.id, candidate.id(SUITE));
            let operations = canonical(&note(number).operations);
            assert_eq!(verified.operations, SUITE.hash(OPERATIONS_DOMAIN, &operations));
        }
    }

    /// The signatures that every implementation must judge alike, and more than one batch of good ones.
    #[test]
    fn batches_of_every_size_judge_the_frozen_signatures_alike() {
        let vectors: Value =
            serde_json::from_str(include_str!("../../../tests/vectors/crypto.json")).unwrap();
        let cases = vectors["signatures"].as_array().unwrap();
        let text = |case: &Value, name: &str| case[name].as_str().unwrap().to_owned();
        let claims: Vec<(SignatureClaim, bool)> = cases
            .iter()
            .map(|case| {
                let key = text(case, "public_key").parse().unwrap();
                let message = hex::decode(text(case, "message")).unwrap();
                let signature = text(case, "signature").parse().unwrap();
                (SignatureClaim::new(&key, &message, &signature), case["valid"].as_bool().unwrap())
            })
            .collect();
        let good = claims[0].0.clone();
        for count in [0, 60, MAX_BATCH + 1] {
            for workers in [Workers::none(), Workers::with_threads(3)] {
                let mut judged = claims.clone();
                judged.extend(std::iter::repeat_n((good.clone(), true), count));
                verify_claims(&workers, judged.iter_mut().map(|(claim, _)| claim).collect());
                for (place, (claim, valid)) in judged.iter().enumerate() {
                    assert_eq!(claim.verdict().is_ok(), *valid, "{place}, with {count} good ones");
                }
            }
        }
    }

    #[test]
    fn every_signature_of_a_transaction_counts() {
        let seeds: Vec<u8> = (0..MAX_APPROVALS as u8).collect();
        let candidate = signed(&note(1), &seeds);
        let verifier = Verifier::new(SUITE, NETWORK);
        assert!(verifier.verify_one::<String>(&candidate).is_ok());
        for place in 0..MAX_APPROVALS {
            let flawed = flawed(1, &seeds, Flaw::Signature(place));
            let error = verifier.verify_one::<String>(&flawed).unwrap_err();
            assert_eq!(error.entry().code, "signature.invalid");
            let Approval { key, .. } = flawed.approvals[place];
            assert!(error.details().iter().any(|detail| detail.value == key.to_string()), "{error:?}");
        }
    }
}
