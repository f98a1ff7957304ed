//! A party acting on a ledger.

use std::future::Future;
use std::sync::Arc;

use allonge_crypto::{PublicKey, Signer, SignerError};
use allonge_finance::{PartyId, Timestamp};
use allonge_ledger::registry::{TRANSACTION_WRONG_AUTHOR, TRANSACTION_WRONG_NETWORK};
use allonge_ledger::{Error, IdempotencyKey, MAX_APPROVALS, MAX_VALIDITY_MS, SignedTransaction, Transaction};
use allonge_protocol::TraceParent;
use allonge_trade::TradeOperation;

use crate::explanation::RuleFinding;
use crate::ledger::Ledger;
use crate::outcome::{Outcome, Preview};
use crate::receipt::split_verdict;
use crate::records::{Operation, invalid};
use crate::registry::{INTERNAL, SIGNER_FAILED, SIGNER_PIN_WRONG};
use crate::submission::Submission;
use crate::writer::next_time;

/// How long calls wait where nobody says otherwise, in milliseconds.
pub const DEFAULT_DEADLINE_MS: u64 = 30_000;

/// How a transaction is submitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubmitOptions {
    /// Repeats with the same key are answered with the first outcome; by default a fresh one.
    pub key: Option<IdempotencyKey>,
    /// For how long after the newest block the transaction may enter one, at most 7 days; by default 1 day.
    pub valid_for_ms: i64,
    /// How long [`Session::submit`] waits, in milliseconds; by default 30 seconds.
    pub deadline_ms: u64,
    /// The trace that the submission is part of: on a network the logs of the validators that it is handed over to say it
    /// with what becomes of it. It is not signed, and not kept on disk; elsewhere than on a network nobody hears of it.
    pub trace: Option<TraceParent>,
}

impl Default for SubmitOptions {
    fn default() -> Self {
        SubmitOptions {
            key: None,
            valid_for_ms: MAX_VALIDITY_MS / 7,
            deadline_ms: DEFAULT_DEADLINE_MS,
            trace: None,
        }
    }
}

/// A party acting on a ledger, with its signer, or several that sign together.
#[derive(Clone)]
pub struct Session {
    ledger: Ledger,
    party: PartyId,
    first: Arc<dyn Signer>,
    /// Of other keys than the first, each once.
    others: Vec<Arc<dyn Signer>>,
}

impl Session {
    pub(crate) fn new(ledger: Ledger, party: PartyId, signer: Arc<dyn Signer>) -> Self {
        Session { ledger, party, first: signer, others: Vec::new() }
    }

    /// The same party with one more signer: from here on each transaction carries the signatures of all. A key that
    /// signs already counts once.
    ///
    /// Errors: `input.invalid` for more than 16 keys, which is what a transaction can carry.
    pub fn with_signer(mut self, signer: Arc<dyn Signer>) -> Result<Self, Error> {
        if self.public_keys().contains(&signer.public_key()) {
            return Ok(self);
        }
        self.others.push(signer);
        if self.signers().len() > MAX_APPROVALS {
            return Err(invalid("signers", "", format_args!("there are more than {MAX_APPROVALS} keys")));
        }
        Ok(self)
    }

    /// Who acts.
    pub fn party(&self) -> &PartyId {
        &self.party
    }

    /// The key that signs; of several, the first that was given.
    pub fn public_key(&self) -> PublicKey {
        self.first.public_key()
    }

    /// All keys that sign, in the order in which they were given.
    pub fn public_keys(&self) -> Vec<PublicKey> {
        self.signers().iter().map(|signer| signer.public_key()).collect()
    }

    /// The ledger.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Submits operations that take effect together or not at all, and waits for the outcome.
    ///
    /// An outcome is a fact that stands in the ledger, or [`Outcome::Unknown`] once the deadline has passed: the
    /// submission goes on, and the handle resolves it. An error means that it was refused before it came into a block.
    ///
    /// Errors: `transaction.*`, `signature.*`, `party.unknown`, `store.*`, `submission.refused`, `process.forked`,
    /// `ledger.closed`, `ledger.busy`.
    pub fn submit(&self, operations: Vec<Operation>, options: SubmitOptions) -> Result<Outcome, Error> {
        self.hand_over(operations, options)?.outcome(options.deadline_ms)
    }

    /// Signs operations and hands them over, without waiting: the stages of the submission can be awaited one by one.
    /// Once this returns it is in the outbox of a connected ledger, on disk, and nothing but its time ends it.
    ///
    /// Errors: `transaction.*`, `signer.failed`, `file.io`, `process.forked`, `ledger.closed`, `ledger.busy`.
    pub fn start(&self, operations: Vec<Operation>, options: SubmitOptions) -> Result<Submission, Error> {
        self.hand_over(operations, options)?.kept()
    }

    fn hand_over(&self, operations: Vec<Operation>, options: SubmitOptions) -> Result<Submission, Error> {
        self.ledger.hand_over(self.sign(operations, options)?, options.trace)
    }

    /// As [`Session::submit`], without blocking the caller. The transaction is signed and handed over
    /// before this returns; dropping the future does not take it back.
    pub fn submit_async(
        &self,
        operations: Vec<Operation>,
        options: SubmitOptions,
    ) -> impl Future<Output = Result<Outcome, Error>> + Send + use<> {
        let started = self.hand_over(operations, options);
        async move { started?.outcome_async().await }
    }

    /// The signed transaction as bytes, to be submitted later by [`Ledger::submit`], by whomever: until it expires,
    /// and once. A key that `options` does not name is fresh.
    ///
    /// Errors: `transaction.*`, `signer.failed`.
    pub fn prepare(&self, operations: Vec<Operation>, options: SubmitOptions) -> Result<Vec<u8>, Error> {
        Ok(self.sign(operations, options)?.to_bytes())
    }

    /// Adds this session's signatures to a transaction of the same party that [`Session::prepare`] made elsewhere, and
    /// answers its bytes: for another to sign, or for [`Ledger::submit`]. A key that has signed already counts once.
    ///
    /// Whoever signs answers for it: [`from_canonical_bytes`](crate::evidence::from_canonical_bytes) of
    /// `signed_transaction` says what it does.
    ///
    /// Errors: `transaction.malformed`, `transaction.too_large`, `transaction.operations`,
    /// `transaction.wrong_network`, `transaction.wrong_author`; `signature.invalid` when a signature that it carries
    /// does not hold; `signer.failed`.
    pub fn cosign(&self, signed: &[u8]) -> Result<Vec<u8>, Error> {
        let trust = self.ledger.trust();
        let (suite, network) = (trust.genesis().hash_suite, trust.network());
        let signed = SignedTransaction::from_bytes(signed)?;
        let transaction: Transaction<TradeOperation> = signed.transaction()?;
        if transaction.network != network {
            let error = TRANSACTION_WRONG_NETWORK.error();
            return Err(error.with("given", transaction.network).with("expected", network));
        }
        if transaction.author != self.party {
            let error = TRANSACTION_WRONG_AUTHOR.error();
            return Err(error.with("given", transaction.author).with("expected", &self.party));
        }
        if !signed.approvals.is_empty() {
            signed.check_signatures(&network, &signed.id(suite), &transaction.author)?;
        }
        let signed = signed.cosign(suite, &network, &self.signers()).map_err(signer_failed)?;
        signed.check_limits()?;
        Ok(signed.to_bytes())
    }

    /// What submitting these operations now would come to: what would happen or why it would be refused, and the
    /// state root. Nothing is recorded, and the key of `options` is not used up.
    ///
    /// Errors: as of [`Session::submit`].
    pub fn preview(&self, operations: Vec<Operation>, options: SubmitOptions) -> Result<Preview, Error> {
        self.preview_at(operations, options, None)
    }

    /// What submitting these operations at a later time would come to, with the state of today: what would happen or why
    /// it would be refused, by which rules. Nothing is recorded.
    ///
    /// ```
    /// # use allonge::{Ledger, LedgerOperation, OpenOptions, Operation, Timestamp};
    /// # let folder = tempfile::tempdir()?;
    /// # let ledger = Ledger::open(folder.path(), OpenOptions::default())?;
    /// # let operator = ledger.operator()?;
    /// let open = LedgerOperation::OpenAccount { account: "operator/USD/issue".parse()?, ceiling: None };
    /// let later = Timestamp::parse("2036-03-02T09:00:00+08:00")?;
    /// let preview = operator.what_if(vec![Operation::Ledger(open)], later)?;
    /// assert!(preview.committed);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// Errors: as of [`Session::submit`]; `clock.backwards` for a time before the newest block.
    pub fn what_if(&self, operations: Vec<Operation>, at: Timestamp) -> Result<Preview, Error> {
        self.preview_at(operations, SubmitOptions::default(), Some(at))
    }

    fn preview_at(
        &self,
        operations: Vec<Operation>,
        options: SubmitOptions,
        at: Option<Timestamp>,
    ) -> Result<Preview, Error> {
        let signed = self.sign_at(operations, options, at)?;
        let trust = self.ledger.trust();
        self.ledger.shared.read(|ledger| {
            let time = at.unwrap_or_else(|| next_time(trust.genesis().clock, ledger.time()));
            let mut previewed = ledger.preview(time, &[signed])?;
            let missing = || Err(INTERNAL.error().with("reason", "a preview has no result"));
            let result = previewed.results.pop().unwrap_or_else(missing)?;
            let (committed, events, error) = split_verdict(&result.verdict);
            let (height, state_root) = (previewed.height, previewed.state_root);
            let findings = RuleFinding::all(&previewed.findings);
            Ok(Preview { height, time, state_root, committed, events, error, findings })
        })
    }

    fn sign(&self, operations: Vec<Operation>, options: SubmitOptions) -> Result<SignedTransaction, Error> {
        self.sign_at(operations, options, None)
    }

    /// Signs for a block of this time, or for the next one.
    fn sign_at(
        &self,
        operations: Vec<Operation>,
        options: SubmitOptions,
        at: Option<Timestamp>,
    ) -> Result<SignedTransaction, Error> {
        let trust = self.ledger.trust();
        let newest = self.ledger.shared.time()?;
        let time = at.unwrap_or_else(|| next_time(trust.genesis().clock, newest));
        let transaction = Transaction {
            network: trust.network(),
            author: self.party.clone(),
            key: options.key.map_or_else(fresh_key, Ok)?,
            valid_until: time.plus_millis(options.valid_for_ms.clamp(0, MAX_VALIDITY_MS)).unwrap_or(time),
            operations,
        };
        transaction.sign(trust.genesis().hash_suite, &self.signers()).map_err(signer_failed)
    }

    fn signers(&self) -> Vec<&dyn Signer> {
        std::iter::once(&self.first).chain(&self.others).map(AsRef::as_ref).collect()
    }
}

pub(crate) fn signer_failed(error: SignerError) -> Error {
    let entry = match error {
        SignerError::PinWrong | SignerError::PinLocked => &SIGNER_PIN_WRONG,
        _ => &SIGNER_FAILED,
    };
    entry.error().with("reason", &error).because(error)
}

fn fresh_key() -> Result<IdempotencyKey, Error> {
    let mut key = [0; 16];
    getrandom::fill(&mut key).map_err(|error| SIGNER_FAILED.error().with("reason", error))?;
    Ok(IdempotencyKey::new(key))
}
