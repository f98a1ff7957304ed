//! The bank's side: a document becomes fingerprints that can be registered.

use std::collections::BTreeSet;
use std::sync::Arc;

use allonge_crypto::Hash;
use allonge_crypto::fingerprint::{
    Blinding, FingerprintCommitments, FingerprintError, FingerprintKeyId, KeyedToken, ShareEvaluation,
};
use allonge_finance::{FingerprintInput, FingerprintInputs, TradeDocument};
use allonge_ledger::Error;
use allonge_trade::registry::FINGERPRINT_NO_KEY;
use allonge_trade::{Fingerprint, FingerprintKeys, FingerprintToken, Tier};

use super::{EvaluationAnswer, FingerprintServer};
use crate::ledger::Ledger;
use crate::records::invalid;
use crate::registry::{
    FINGERPRINT_DOCUMENT, FINGERPRINT_NO_EXACT_TIER, FINGERPRINT_PROOF_REFUSED, FINGERPRINT_UNAVAILABLE,
    INTERNAL,
};

/// So many servers at most: as many as a key has shares.
pub const MAX_SERVERS: usize = 64;

/// Makes fingerprints of documents, with whatever servers hold the keys or shares of them.
pub struct Fingerprinter {
    servers: Vec<Arc<dyn FingerprintServer>>,
}

/// The fingerprints of a document, and what went wrong on the way to them.
#[derive(Debug)]
pub struct Fingerprinted {
    /// Under each key, in ascending order: as [`TradeOperation::ReserveFinancing`](crate::TradeOperation) takes them.
    pub fingerprints: Vec<Fingerprint>,
    /// Servers that failed, or whose answers did not hold, where others gave what was missing.
    pub faults: Vec<ServerFault>,
}

/// A server that gave nothing that holds.
#[derive(Debug)]
pub struct ServerFault {
    /// Its name.
    pub server: String,
    /// `fingerprint.proof_refused` for one that answered something else than was asked; or what it failed with.
    pub error: Error,
}

impl Fingerprinter {
    /// Asks these servers, in this order, until enough have answered what holds.
    ///
    /// Errors: `input.invalid`.
    pub fn new(servers: Vec<Arc<dyn FingerprintServer>>) -> Result<Self, Error> {
        if !(1..=MAX_SERVERS).contains(&servers.len()) {
            return Err(invalid("servers", "", format_args!("give from 1 to {MAX_SERVERS}")));
        }
        Ok(Fingerprinter { servers })
    }

    /// The fingerprints of a document under each of these keys: those in force, of which
    /// [`Ledger::fingerprint_keys`] has the ids.
    ///
    /// What the document says is blinded before it leaves, and anew for each key. Every answer is checked against the id
    /// of the key; one that does not hold is left out, and told of in [`Fingerprinted::faults`].
    ///
    /// Errors: `fingerprint.document`, `fingerprint.no_exact_tier`; where too few servers answered, the error of one:
    /// `fingerprint.proof_refused`, `fingerprint.rate_limited` or another; or `fingerprint.unavailable` with how many
    /// it takes.
    pub fn fingerprint(
        &self,
        document: &TradeDocument,
        keys: &BTreeSet<Hash>,
    ) -> Result<Fingerprinted, Error> {
        let inputs = document.inputs();
        let inputs =
            inputs.map_err(|error| FINGERPRINT_DOCUMENT.error().with("reason", error).because(error))?;
        if inputs.e1.is_none() && inputs.e2.is_none() {
            return Err(FINGERPRINT_NO_EXACT_TIER.error());
        }
        let (mut fingerprints, mut faults) = (BTreeSet::new(), Vec::new());
        for key_id in keys {
            let tokens =
                self.tokens(&inputs, &FingerprintKeyId::from_bytes(*key_id.as_bytes()), &mut faults)?;
            for ((tier, _), token) in tiers(&inputs).zip(tokens) {
                let token = FingerprintToken { key_id: *key_id, token: Hash::new(*token.as_bytes()) };
                fingerprints.insert(Fingerprint { tier, token });
            }
        }
        Ok(Fingerprinted { fingerprints: fingerprints.into_iter().collect(), faults })
    }

    /// The tokens of all inputs under one key, in their order.
    fn tokens(
        &self,
        inputs: &FingerprintInputs,
        key_id: &FingerprintKeyId,
        faults: &mut Vec<ServerFault>,
    ) -> Result<Vec<KeyedToken>, Error> {
        let blinding = Blinding::new(tiers(inputs).map(|(_, input)| input)).map_err(unblinded)?;
        let first_fault = faults.len();
        let mut shares = Shares::default();
        for server in &self.servers {
            let answer = server.evaluate(key_id, blinding.elements());
            let refused = |source: FingerprintError| refused(server.as_ref(), key_id, source);
            let tokens = answer.and_then(|answer| {
                // The ledger has the id of the key: any other public half is a lie.
                if answer.key_id() != *key_id {
                    return Err(refused(FingerprintError::ProofRefused));
                }
                match answer {
                    EvaluationAnswer::Whole { public_key, evaluation } => {
                        blinding.finalize(&evaluation, &public_key).map(Some).map_err(refused)
                    }
                    EvaluationAnswer::Share { commitments, evaluation } => {
                        shares.add(&blinding, commitments, evaluation).map_err(refused)
                    }
                }
            });
            match tokens {
                Ok(Some(tokens)) => return Ok(tokens),
                Ok(None) => {}
                Err(error) => {
                    let (server, code) = (server.name(), error.code());
                    tracing::warn!(target: "allonge::fingerprints", server, %key_id, code, "a server is left out");
                    faults.push(ServerFault { server: server.to_owned(), error });
                }
            }
        }
        // A lie is worse than silence, so that it is what is told of.
        let mut faults = faults.split_off(first_fault);
        let lie = faults.iter().position(|fault| fault.error.code() == FINGERPRINT_PROOF_REFUSED.code);
        let place = lie.or((shares.is_empty() && !faults.is_empty()).then_some(0));
        Err(match place {
            Some(place) => faults.swap_remove(place).error,
            None => FINGERPRINT_UNAVAILABLE.error().with("reason", shares.missing()),
        })
    }
}

impl Ledger {
    /// The ids of the keys under which a registration bears fingerprints now: one, or two while one follows the other.
    ///
    /// Errors: `financing.no_key`, `store.*`.
    pub fn fingerprint_keys(&self) -> Result<BTreeSet<Hash>, Error> {
        let keys = self.shared.read(|ledger| Ok((ledger.get::<FingerprintKeys>(&())?, ledger.time())))?;
        match keys {
            (Some(keys), now) => Ok(keys.in_force(now)),
            (None, _) => Err(FINGERPRINT_NO_KEY.error()),
        }
    }
}

/// What the holders of shares have answered, each checked, by what they say that the dealer published. With commitments
/// that are false, enough answers that hold give the right tokens all the same: the public half is that of the key.
#[derive(Default)]
struct Shares(Vec<(FingerprintCommitments, Vec<ShareEvaluation>)>);

impl Shares {
    /// Adds an answer; the tokens, when it was the last one that it takes.
    fn add(
        &mut self,
        blinding: &Blinding,
        commitments: FingerprintCommitments,
        answer: ShareEvaluation,
    ) -> Result<Option<Vec<KeyedToken>>, FingerprintError> {
        answer.evaluation.verify(blinding.elements(), &commitments.share_key(answer.share)?)?;
        let place = self.0.iter().position(|(known, _)| *known == commitments);
        let place = place.unwrap_or_else(|| {
            self.0.push((commitments, Vec::new()));
            self.0.len() - 1
        });
        let Some((commitments, answers)) = self.0.get_mut(place) else { return Ok(None) };
        if answers.iter().any(|known| known.share == answer.share) {
            return Err(FingerprintError::ShareRepeated(answer.share));
        }
        answers.push(answer);
        if answers.len() < commitments.threshold() {
            return Ok(None);
        }
        blinding.combine(answers, commitments).map(Some)
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many answered of how many it takes, where most did.
    fn missing(&self) -> String {
        let most = self.0.iter().max_by_key(|(_, answers)| answers.len());
        let (given, threshold) =
            most.map_or((0, 1), |(commitments, answers)| (answers.len(), commitments.threshold()));
        FingerprintError::TooFewShares { threshold, given }.to_string()
    }
}

/// Each input with its tier.
fn tiers(inputs: &FingerprintInputs) -> impl Iterator<Item = (Tier, &FingerprintInput)> {
    let FingerprintInputs { e1, e2, e3, p1, p2, p3, p4 } = inputs;
    let tiers = [
        (Tier::E1, e1.as_slice()),
        (Tier::E2, e2.as_slice()),
        (Tier::E3, e3.as_slice()),
        (Tier::P1, p1),
        (Tier::P2, p2.as_slice()),
        (Tier::P3, p3),
        (Tier::P4, p4),
    ];
    tiers.into_iter().flat_map(|(tier, inputs)| inputs.iter().map(move |input| (tier, input)))
}

fn refused(server: &dyn FingerprintServer, key_id: &FingerprintKeyId, source: FingerprintError) -> Error {
    let error = FINGERPRINT_PROOF_REFUSED.error().with("server", server.name()).with("key", key_id);
    error.with("reason", &source).because(source)
}

fn unblinded(source: FingerprintError) -> Error {
    // The inputs are neither too many nor too long, so that nothing is left but randomness.
    INTERNAL.error().with("reason", &source).because(source)
}
