//! The ledger in a directory, durable: a network of one, or a validator's copy (see `replica.rs`).
//!
//! A commit orders, executes, certifies and logs one block; when it returns, a power cut does not undo it.
//! The order is: execute over the state, hash, certify, append to the log with one `fdatasync`, then
//! update the store. The store may lag behind the log and is caught up when the ledger is opened.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use allonge_crypto::{Hash, HashSuite, PublicKey, Signature, Signer, merkle};
use allonge_finance::{PartyId, Timestamp};
use borsh::{BorshDeserialize, BorshSerialize};

use crate::account::{Account, AccountId};
use crate::answers::{Answer, AnswerProof, OpenBuckets};
use crate::block::{Executed, Header, MAX_BLOCK_BYTES, TransactionResult, list_root, list_tree};
use crate::certificate::{Certificate, Proposal, ValidatorKey, Vote};
use crate::chain::Chain;
use crate::disk::{Disk, RealDisk};
use crate::error::{Error, Phase};
use crate::execution::{Effects, Execution};
use crate::findings::Finding;
use crate::genesis::Genesis;
use crate::handover::Handover;
use crate::log::{Log, LogReader, Place};
use crate::machine::Machine;
use crate::past::{Archive, PastResult, ResultReader};
use crate::receipt::{MAX_RECEIPT_HEADERS, RECEIPT_MAGIC, RECEIPT_VERSION_1, Receipt, Trust};
use crate::recovery::{Recovered, recover};
use crate::registry::{
    BLOCK_FULL, BLOCK_PRUNED, BLOCK_UNKNOWN, CLOCK_BACKWARDS, GENESIS_INVALID, PROOF_NOT_CERTIFIED,
    PROOF_TOO_OLD, STORE_EXISTS, STORE_FAILED, STORE_LOCKED, damaged, io_failed,
};
use crate::rules::{BlockContext, Rules};
use crate::snapshot::{Base, OpenBase};
use crate::state::{StateReader, Stored, append, canonical, decode_record, from_canonical, read_record};
use crate::store::{Position, Settings, Store};
use crate::transaction::{IdempotencyKey, SignedTransaction};
use crate::tree::StateProof;
use crate::upgrade::version_in_force;
use crate::verification::{Verified, Verifier};
use crate::workers::Workers;

pub(crate) const LOG: &str = "blocks.log";
pub(crate) const STORE: &str = "state";
const LOCK: &str = "lock";

/// What a frame of the log holds.
#[derive(BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub(crate) enum LogEntry {
    /// The first frame.
    Genesis(Box<Genesis>) = 0,
    /// Every other one.
    Block(Arc<Block>) = 1,
    /// The first frame of a ledger that begins at a snapshot.
    Base(Box<Base>) = 2,
}

/// A block as the log keeps it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Block {
    /// The header.
    pub header: Header,
    /// What makes it final; nothing where the certificate of a later block does.
    pub certificate: Option<Certificate>,
    /// The bytes of the signed transactions.
    pub transactions: Vec<Vec<u8>>,
    /// The canonical bytes of their results.
    pub results: Vec<Vec<u8>>,
    /// The root of the state after it. Its own header says so in a network of one, elsewhere a later one does.
    pub state_root: Hash,
}

impl Block {
    /// What executing it came to.
    pub fn executed(&self, suite: HashSuite) -> Executed {
        let results_root = list_root(suite, &list_tree(suite, &self.results));
        Executed { height: self.header.height, state_root: self.state_root, results_root }
    }
}

/// The ledger of a directory, open for one writer.
pub struct Embedded<R: Rules> {
    rules: R,
    trust: Trust,
    suite: HashSuite,
    /// Certifies blocks in a network of one; a validator's copy gets its blocks with their certificates.
    signer: Option<Box<dyn Signer>>,
    log: Log,
    log_path: PathBuf,
    /// Where it begins, if not at its genesis.
    base: Option<OpenBase>,
    machine: Machine,
    /// Those of the block committed last; none since opening.
    newest: Option<Arc<Receipts>>,
    /// Those that were asked for, from the genesis on.
    handovers: Mutex<Vec<Handover>>,
    failed: Option<String>,
    /// Held for as long as the ledger is open.
    lock: Lock,
}

/// A block that was executed.
struct Ran {
    /// For each candidate its id, or why it may not enter the block.
    answers: Vec<Result<Hash, Error>>,
    /// The bytes of those that did.
    transactions: Vec<Vec<u8>>,
    effects: Effects,
}

/// Whether what the rules find is kept.
#[derive(Clone, Copy)]
enum Explain {
    Yes,
    No,
}

/// What a block would come to.
#[derive(Debug)]
pub struct Preview<E> {
    /// The height that it would have.
    pub height: u64,
    /// Its time.
    pub time: Timestamp,
    /// For each candidate what would become of it, or why it may not enter the block.
    pub results: Vec<Result<TransactionResult<E>, Error>>,
    /// What the rules found, of all candidates one after the other.
    pub findings: Vec<Finding>,
    /// The state root that it would lead to.
    pub state_root: Hash,
}

impl<R: Rules> Embedded<R> {
    /// Whether a directory holds a ledger. What a crash leaves of a creation is none.
    pub fn exists(directory: &Path) -> bool {
        directory.join(LOG).exists()
    }

    /// Creates a ledger in a directory that exists and holds none.
    ///
    /// Errors: `genesis.invalid`, `store.*`.
    pub fn create(
        directory: &Path,
        genesis: Genesis,
        rules: R,
        signer: Box<dyn Signer>,
        settings: Settings,
    ) -> Result<Self, Error> {
        Self::create_on(&RealDisk, directory, genesis, rules, signer, settings)
    }

    /// As [`create`](Embedded::create), with the log on a disk of the caller's. The lock and the store, which is a
    /// cache, are the operating system's.
    ///
    /// Errors: as of `create`.
    pub fn create_on(
        disk: &dyn Disk,
        directory: &Path,
        genesis: Genesis,
        rules: R,
        signer: Box<dyn Signer>,
        settings: Settings,
    ) -> Result<Self, Error> {
        check_sole_validator(&genesis, signer.as_ref())?;
        Self::create_with(disk, directory, genesis, rules, Some(signer), settings)
    }

    pub(crate) fn create_with(
        disk: &dyn Disk,
        directory: &Path,
        genesis: Genesis,
        rules: R,
        signer: Option<Box<dyn Signer>>,
        settings: Settings,
    ) -> Result<Self, Error> {
        let lock = lock(directory)?;
        genesis.initial_state()?;
        let log_path = directory.join(LOG);
        if disk.exists(&log_path).map_err(|error| io_failed(log_path.display(), "looked for", error))? {
            return Err(STORE_EXISTS.error().with("path", directory.display()));
        }
        // A store without a log is a cache of nothing.
        let store_path = directory.join(STORE);
        remove_directory(&store_path)?;
        let log = Log::create(disk, &log_path, &canonical(&LogEntry::Genesis(Box::new(genesis.clone()))))?;
        let trust = Trust::new(genesis);
        let workers = Arc::new(Workers::with_threads(settings.threads));
        let (tree, store) = Machine::first::<R>(&trust, Store::open(&store_path, settings)?, &workers)?;
        let chain = Chain::new(&trust, tree.root());
        let machine = Machine::new(&trust, store, tree, OpenBuckets::default(), chain, workers);
        let recovered = Recovered { trust, base: None, log, log_path, machine, newest: None };
        Ok(Embedded::of(rules, signer, recovered, lock))
    }

    /// Opens the ledger of a directory: brings the state up to the log, and checks whatever it reads on the way.
    ///
    /// Errors: `store.*`, `genesis.invalid`.
    pub fn open(
        directory: &Path,
        rules: R,
        signer: Box<dyn Signer>,
        settings: Settings,
    ) -> Result<Self, Error> {
        Self::open_on(&RealDisk, directory, rules, signer, settings)
    }

    /// As [`open`](Embedded::open), with the log on a disk of the caller's. The lock and the store, which is a cache,
    /// are the operating system's.
    ///
    /// Errors: as of `open`.
    pub fn open_on(
        disk: &dyn Disk,
        directory: &Path,
        rules: R,
        signer: Box<dyn Signer>,
        settings: Settings,
    ) -> Result<Self, Error> {
        Self::open_with(disk, directory, rules, Some(signer), settings)
    }

    pub(crate) fn open_with(
        disk: &dyn Disk,
        directory: &Path,
        rules: R,
        signer: Option<Box<dyn Signer>>,
        settings: Settings,
    ) -> Result<Self, Error> {
        let lock = lock(directory)?;
        let check = |trust: &Trust| match &signer {
            Some(signer) => check_sole_validator(trust.genesis(), signer.as_ref()),
            None => Ok(()),
        };
        let recovered = recover(disk, directory, &rules, check, settings)?;
        Ok(Embedded::of(rules, signer, recovered, lock))
    }

    pub(crate) fn of(rules: R, signer: Option<Box<dyn Signer>>, recovered: Recovered, lock: Lock) -> Self {
        let Recovered { trust, base, log, log_path, machine, .. } = recovered;
        let suite = trust.genesis().hash_suite;
        let handovers = base.as_ref().map(|base| base.head.handovers.clone()).unwrap_or_default();
        Embedded {
            rules,
            trust,
            suite,
            signer,
            log,
            log_path,
            base,
            machine,
            newest: None,
            handovers: Mutex::new(handovers),
            failed: None,
            lock,
        }
    }

    /// Lets go of everything on disk but the lock.
    pub(crate) fn close(self) -> (R, Option<Box<dyn Signer>>, Lock) {
        (self.rules, self.signer, self.lock)
    }

    /// The height of the oldest block that is kept; 1 unless others were pruned.
    pub fn oldest_height(&self) -> u64 {
        self.base.as_ref().map_or(1, |base| base.head.oldest)
    }

    /// The oldest height whose state is kept; 0, the genesis, unless the ledger begins at a snapshot.
    pub fn oldest_state(&self) -> u64 {
        self.base.as_ref().map_or(0, |base| base.head.height())
    }

    /// The error of what is not kept, of this height or below it.
    pub(crate) fn pruned(&self, height: u64, oldest: u64) -> Error {
        BLOCK_PRUNED.error().with("height", height).with("oldest", oldest)
    }

    /// The genesis, to verify receipts against.
    pub fn trust(&self) -> &Trust {
        &self.trust
    }

    /// What verifies transactions for this ledger, also while it commits others, and the threads for it.
    pub fn verifier(&self) -> (Verifier, Arc<Workers>) {
        (self.machine.verifier, Arc::clone(&self.machine.workers))
    }

    /// The newest height; 0 before the first block.
    pub fn height(&self) -> u64 {
        self.machine.chain.height()
    }

    /// The time of the newest block, or of the genesis.
    pub fn time(&self) -> Timestamp {
        self.machine.chain.head().map_or(self.trust.genesis().created, |head| head.time)
    }

    /// The root of the newest state.
    pub fn state_root(&self) -> Hash {
        // Not the tree's: that is ahead of the log once a commit failed.
        self.machine.chain.head().map_or_else(|| self.machine.tree.root(), |head| head.executed.state_root)
    }

    /// Commits one block of those candidates that may enter it, in their order, and answers each: the
    /// transaction is in the block, or why it is not. With no candidates the block only moves the time.
    ///
    /// Errors: `clock.backwards`, `store.*`. After `store.*` it may take no more until it is opened again, and then the
    /// log says whether the block is there; an error of executing changed nothing.
    pub fn commit(
        &mut self,
        time: Timestamp,
        candidates: &[SignedTransaction],
    ) -> Result<Vec<Result<Hash, Error>>, Error> {
        let verified = self.machine.verifier.verify(&self.machine.workers, candidates);
        self.commit_verified(time, verified)
    }

    /// As [`commit`](Embedded::commit), of what was verified elsewhere or refused there.
    ///
    /// Errors: as of `commit`.
    pub fn commit_verified(
        &mut self,
        time: Timestamp,
        candidates: Vec<Result<Verified<R::Operation>, Error>>,
    ) -> Result<Vec<Result<Hash, Error>>, Error> {
        if self.signer.is_none() {
            return Err(STORE_FAILED.error().with("reason", "it is one copy of several: the network orders"));
        }
        let context = self.next_context(time)?;
        let only_time = candidates.is_empty();
        let Ran { answers, transactions, effects } = self.run(context, candidates, Explain::No, |_, _| {})?;
        if transactions.is_empty() && !only_time {
            return Ok(answers);
        }

        self.write(context, effects, transactions, |ledger, body_root, executed| {
            let header = ledger.machine.chain.tip().next_header(
                &ledger.trust,
                context.time,
                context.rules_version,
                body_root,
                executed,
                ledger.machine.epochs.next_roster(context.height),
            );
            let certificate = ledger.certify(&header)?;
            Ok((header, Some(certificate)))
        })?;
        Ok(answers)
    }

    /// Brings the trees to what a block came to, puts the block into the log under the header that `head` gives, and
    /// moves on to it. A failure leaves the ledger closed.
    pub(crate) fn write(
        &mut self,
        context: BlockContext,
        mut effects: Effects,
        transactions: Vec<Vec<u8>>,
        head: impl FnOnce(&Self, Hash, Executed) -> Result<(Header, Option<Certificate>), Error>,
    ) -> Result<(), Error> {
        // The trees are ahead of the log from here until the end.
        let done = self.machine.take_over(context, &effects.answers, &mut effects.changes).and_then(|root| {
            let results = std::mem::take(&mut effects.results);
            let writes = self.machine.writes::<R>(context, &mut effects)?;
            let trees = self
                .machine
                .workers
                .join(|| list_tree(self.suite, &transactions), || list_tree(self.suite, &results));
            let (body_root, results_root) =
                (list_root(self.suite, &trees.0), list_root(self.suite, &trees.1));
            let executed = Executed { height: context.height, state_root: root, results_root };
            let (header, certificate) = head(self, body_root, executed)?;
            let block =
                Block { header: header.clone(), certificate, transactions, results, state_root: root };
            let block = Arc::new(block);
            let entry = LogEntry::Block(Arc::clone(&block));
            let place = self.log.append_with(block.content_bytes(), |frame| append(frame, &entry))?;
            self.newest = Finality::of(&block).map(|finality| {
                Arc::new(Receipts { block, finality, transactions: trees.0, results: trees.1 })
            });
            self.machine.finish(&self.trust, header, executed, place, writes)
        });
        if let Err(error) = done {
            self.failed = Some(error.to_string());
            return Err(error);
        }
        Ok(())
    }

    /// What [`commit`](Embedded::commit) would come to: the result of each candidate that would enter the block, why
    /// another would not, and the state root. Nothing changes.
    ///
    /// Errors: as of `commit`.
    pub fn preview(
        &self,
        time: Timestamp,
        candidates: &[SignedTransaction],
    ) -> Result<Preview<R::Event>, Error> {
        let context = self.next_context(time)?;
        let candidates = self.machine.verifier.verify(&self.machine.workers, candidates);
        let mut results = Vec::with_capacity(candidates.len());
        let mut findings = Vec::new();
        let Ran { answers, effects, .. } = self.run(context, candidates, Explain::Yes, |result, found| {
            results.push(result);
            findings.extend(found);
        })?;
        let mut results = results.into_iter();
        let results = answers.into_iter().map(|answer| {
            // One result for each that entered the block, in their order.
            answer.and_then(|_| results.next().ok_or_else(|| BLOCK_FULL.error()))
        });
        let results = results.collect();
        let state_root = self.machine.preview(&effects.answers, effects.changes)?;
        Ok(Preview { height: context.height, time, results, findings, state_root })
    }

    /// Executes a block over the newest state; `told` hears what became of each transaction that enters it, and, where
    /// they are to be explained, what the rules found.
    fn run(
        &self,
        context: BlockContext,
        candidates: Vec<Result<Verified<R::Operation>, Error>>,
        explain: Explain,
        mut told: impl FnMut(TransactionResult<R::Event>, Vec<Finding>),
    ) -> Result<Ran, Error> {
        let accounts = candidates.iter().flatten().flat_map(Verified::accounts);
        let accounts = self.machine.store.fetch(&self.machine.workers, accounts)?;
        let archive = self.archive();
        let execution = Execution::with(&self.rules, &archive, accounts, context);
        let mut execution = match explain {
            Explain::Yes => execution.explaining(),
            Explain::No => execution,
        };
        let mut transactions = Vec::with_capacity(candidates.len());
        let mut room = MAX_BLOCK_BYTES;
        let mut answers = Vec::with_capacity(candidates.len());
        for candidate in candidates {
            let pushed = candidate.and_then(|verified| {
                let left = room.checked_sub(verified.bytes.len()).ok_or_else(|| BLOCK_FULL.error())?;
                let result = execution.push(&verified)?;
                told(result, execution.findings());
                room = left;
                transactions.push(verified.bytes);
                Ok(verified.id)
            });
            match pushed {
                // Nobody's fault but the disk's: the whole block is off, and nothing was written.
                Err(error) if error.entry().phase == Phase::Storage => return Err(error),
                answer => answers.push(answer),
            }
        }
        Ok(Ran { answers, transactions, effects: execution.finish() })
    }

    /// The receipts of the block that [`commit`](Embedded::commit) made last, since the ledger was opened.
    pub fn newest_receipts(&self) -> Option<Arc<Receipts>> {
        self.newest.clone()
    }

    /// The receipt of a transaction, if it is in the ledger and what became of it is certified.
    pub fn receipt(&self, transaction: &Hash) -> Result<Option<Receipt>, Error> {
        let Some(Position { height, index }) = self.machine.store.position(transaction)? else {
            return Ok(None);
        };
        let Some(receipts) = self.receipts(height)? else { return Ok(None) };
        let receipt = receipts.receipt(&self.trust, index);
        receipt.map(Some).ok_or_else(|| damaged(&self.log_path, "a block lacks a transaction that it had"))
    }

    /// The receipts of a block, if what it came to is certified.
    ///
    /// Errors: `block.unknown`, `store.*`.
    pub fn receipts(&self, height: u64) -> Result<Option<Receipts>, Error> {
        let block = self.block(height)?;
        let finality = self.finality(&block)?;
        Ok(finality.map(|finality| Receipts::of(self.suite, block, finality)))
    }

    /// The certified header that says what the state of a height is.
    ///
    /// Errors: `block.unknown`, `proof.not_certified`, `store.*`.
    pub(crate) fn certified_state(&self, height: u64) -> Result<Certified, Error> {
        let mut next = self.block(height)?;
        loop {
            let executed = next.header.executed.height;
            if executed == height
                && let Some(certificate) = next.certificate.clone()
            {
                let handovers = self.handovers(next.header.epoch)?;
                return Ok(Certified { header: next.header.clone(), certificate, handovers });
            }
            let above = next.header.height.saturating_add(1);
            if executed > height || above > self.height() {
                return Err(PROOF_NOT_CERTIFIED.error().with("height", height));
            }
            next = self.block(above)?;
        }
    }

    /// From the header of a height up to the certified one that says its state, each the parent of the next.
    ///
    /// Errors: `block.unknown`, `store.*`.
    pub(crate) fn headers_up_to(&self, height: u64, certified: &Header) -> Result<Vec<Header>, Error> {
        let below = (height..certified.height).map(|height| Ok(self.block(height)?.header.clone()));
        below.chain([Ok(certified.clone())]).collect()
    }

    /// The newest height whose state a certified header says.
    ///
    /// Errors: `block.unknown` before the first block; `proof.not_certified`, `store.*`.
    pub fn proven_height(&self) -> Result<u64, Error> {
        let mut height = self.height();
        loop {
            let block = self.block(height)?;
            if block.certificate.is_some() && block.header.executed.height > 0 {
                return Ok(block.header.executed.height);
            }
            height = height.saturating_sub(1);
            if height == 0 {
                return Err(PROOF_NOT_CERTIFIED.error().with("height", self.height()));
            }
        }
    }

    /// From a block to a certified header that says, or whose descendants say, what the block came to.
    fn finality(&self, block: &Arc<Block>) -> Result<Option<Finality>, Error> {
        let height = block.header.height;
        let (mut headers, mut together) = (Vec::new(), Vec::new());
        // What the header below the one at hand knows of; that of the block itself cannot know it.
        let mut known = height.saturating_sub(1);
        for height in (height..=self.height()).take(MAX_RECEIPT_HEADERS) {
            let next = if height == block.header.height { Arc::clone(block) } else { self.block(height)? };
            let executed = next.header.executed.height;
            let says = known < block.header.height && block.header.height <= executed;
            if says && known.saturating_add(1) < executed {
                let root = |height| Ok(self.block(height)?.executed(self.suite).results_root);
                together = (known.saturating_add(1)..=executed).map(root).collect::<Result<_, Error>>()?;
            }
            known = executed;
            headers.push(next.header.clone());
            if block.header.height <= executed
                && let Some(certificate) = next.certificate.clone()
            {
                let handovers = self.handovers(next.header.epoch)?;
                return Ok(Some(Finality { headers, certificate, together, handovers }));
            }
        }
        Ok(None)
    }

    /// A block.
    ///
    /// Errors: `block.unknown`, `block.pruned`, `store.*`.
    pub fn block(&self, height: u64) -> Result<Arc<Block>, Error> {
        if height > 0 && height < self.oldest_height() {
            return Err(self.pruned(height, self.oldest_height()));
        }
        let place = self
            .machine
            .store
            .place(height)?
            .filter(|_| height > 0)
            .ok_or_else(|| BLOCK_UNKNOWN.error().with("height", height).with("newest", self.height()))?;
        read_block(&self.log, &self.log_path, place)
    }

    /// Where a transaction stands.
    pub fn position(&self, transaction: &Hash) -> Result<Option<Position>, Error> {
        self.machine.store.position(transaction)
    }

    /// Reads one record of the newest state.
    pub fn get<T: Stored>(&self, id: &T::Id) -> Result<Option<T>, Error> {
        read_record(&self.machine.store, id)
    }

    /// Proves what the newest state has under an id, or that it has nothing.
    ///
    /// Errors: `store.failed`, once a commit failed.
    pub fn prove<T: Stored>(&self, id: &T::Id) -> Result<StateProof, Error> {
        self.check_not_failed()?;
        Ok(self.machine.tree.prove(&T::key(id)))
    }

    /// Proves what the state of a recent height has under an id, or that it had nothing.
    ///
    /// Errors: `block.unknown`, `proof.too_old` below [`RECENT_HEIGHTS`](crate::RECENT_HEIGHTS) blocks or since
    /// the ledger was opened, `store.failed`.
    pub fn prove_at<T: Stored>(&self, height: u64, id: &T::Id) -> Result<StateProof, Error> {
        self.prove_key_at(height, &T::key(id))
    }

    pub(crate) fn prove_key_at(&self, height: u64, key: &[u8]) -> Result<StateProof, Error> {
        self.check_not_failed()?;
        let newest = self.height();
        if height > newest {
            return Err(BLOCK_UNKNOWN.error().with("height", height).with("newest", newest));
        }
        let since = self.machine.since(height);
        let since =
            since.ok_or_else(|| PROOF_TOO_OLD.error().with("height", height).with("newest", newest))?;
        Ok(self.machine.tree.prove_at(key, &since))
    }

    /// What a party's idempotency key was used for by a transaction with this `valid_until`, with the proof of it,
    /// or of its absence: then no such transaction ever took effect, and once block time has passed
    /// `valid_until` none ever will.
    ///
    /// Errors: `store.*`.
    pub fn prove_answer(
        &self,
        author: &PartyId,
        key: IdempotencyKey,
        valid_until: Timestamp,
    ) -> Result<(Option<Answer>, AnswerProof), Error> {
        self.prove_answer_at(self.height(), author, key, valid_until)
    }

    /// Bytes of memory that the state tree and the trees of open buckets hold.
    pub fn tree_memory(&self) -> usize {
        self.machine.tree.memory().saturating_add(self.machine.buckets.memory())
    }

    /// At most `limit` records of a kind, by key, after the one of the id `after`.
    pub fn list<T: Stored>(&self, after: Option<&T::Id>, limit: usize) -> Result<Vec<T>, Error> {
        let after = after.map(|id| T::key(id));
        let mut records = Vec::new();
        self.machine.store.page(&[T::KIND], after.as_deref(), |_, value| {
            if records.len() == limit {
                return false;
            }
            records.push(decode_record(value));
            true
        })?;
        records.into_iter().collect()
    }

    pub(crate) fn known_handovers(&self) -> MutexGuard<'_, Vec<Handover>> {
        self.handovers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn archive(&self) -> Archive<'_> {
        Archive::new(&self.machine.store, self.log.reader())
    }

    pub(crate) fn rules(&self) -> &R {
        &self.rules
    }

    pub(crate) fn machine(&self) -> &Machine {
        &self.machine
    }

    pub(crate) fn log_reader(&self) -> LogReader {
        self.log.reader()
    }

    pub(crate) fn store(&self) -> &Store {
        &self.machine.store
    }

    pub(crate) fn base(&self) -> Option<&OpenBase> {
        self.base.as_ref()
    }

    pub(crate) fn directory(&self) -> &Path {
        self.log_path.parent().unwrap_or(Path::new("."))
    }

    pub(crate) fn log_length(&self) -> u64 {
        self.log.length()
    }

    pub(crate) fn log_path(&self) -> &Path {
        &self.log_path
    }

    pub(crate) fn check_not_failed(&self) -> Result<(), Error> {
        match &self.failed {
            Some(reason) => Err(STORE_FAILED.error().with("reason", reason)),
            None => Ok(()),
        }
    }

    /// What the next block is executed in, if it can come at this time.
    pub(crate) fn next_context(&self, time: Timestamp) -> Result<BlockContext, Error> {
        self.check_not_failed()?;
        if time < self.time() {
            return Err(CLOCK_BACKWARDS.error().with("time", self.time()).with("given", time));
        }
        let genesis = self.trust.genesis();
        let height = self.height().saturating_add(1);
        Ok(BlockContext {
            network: self.trust.network(),
            suite: self.suite,
            height,
            time,
            rules_version: version_in_force::<R>(&self.machine.store, genesis, height)?,
            epoch: self.machine.chain.tip().next_epoch,
        })
    }

    /// Certifies a header as a network of one does: with its only validator's vote.
    fn certify(&self, header: &Header) -> Result<Certificate, Error> {
        let failed = |reason: String| STORE_FAILED.error().with("reason", reason);
        let payload = header.digest(self.suite);
        let parent = header.height.saturating_sub(1);
        let proposal = Proposal::new(header.epoch, header.height, parent, payload)
            .map_err(|error| failed(error.to_string()))?;
        let signer = self.signer.as_ref().ok_or_else(|| failed("it is one copy of several".to_owned()))?;
        let Signature::Ed25519(signature) = signer
            .sign(&proposal.signed_message(self.trust.namespace()))
            .map_err(|error| failed(error.to_string()))?;
        Certificate::assemble(proposal, &self.trust.genesis().roster, [Vote { signer: 0, signature }])
            .map_err(|error| failed(error.to_string()))
    }
}

/// A header with all that proves it final.
pub(crate) struct Certified {
    pub(crate) header: Header,
    pub(crate) certificate: Certificate,
    /// From the genesis to the roster that certified it.
    pub(crate) handovers: Vec<Handover>,
}

/// A block with the trees over its lists, from which each of its receipts is made in logarithmic time.
#[derive(Clone, Debug)]
pub struct Receipts {
    block: Arc<Block>,
    finality: Finality,
    transactions: merkle::Tree,
    results: merkle::Tree,
}

/// From a block's header to a certified one.
#[derive(Clone, Debug)]
struct Finality {
    headers: Vec<Header>,
    certificate: Certificate,
    /// The results roots of the blocks of which a header among them says together what they came to.
    together: Vec<Hash>,
    /// From the genesis to the roster that certified it.
    handovers: Vec<Handover>,
}

impl Finality {
    /// That of a block whose own header is certified and says what the block came to.
    fn of(block: &Block) -> Option<Self> {
        let Block { header, certificate, .. } = block;
        // A network of one has one epoch.
        let own = header.executed.height == header.height && header.epoch == 0;
        let certificate = certificate.clone().filter(|_| own)?;
        let headers = vec![header.clone()];
        Some(Finality { headers, certificate, together: Vec::new(), handovers: Vec::new() })
    }
}

impl Receipts {
    /// Prepares the receipts of a block.
    fn of(suite: HashSuite, block: Arc<Block>, finality: Finality) -> Self {
        let (transactions, results) =
            (list_tree(suite, &block.transactions), list_tree(suite, &block.results));
        Receipts { block, finality, transactions, results }
    }

    /// The receipt of the transaction at a place in the block, if there is one.
    pub fn receipt(&self, trust: &Trust, index: u32) -> Option<Receipt> {
        let place = usize::try_from(index).ok()?;
        let body = self.transactions.prove(index)?;
        Some(Receipt {
            magic: RECEIPT_MAGIC,
            version: RECEIPT_VERSION_1,
            network: trust.network(),
            transaction: self.block.transactions.get(place)?.clone(),
            result: self.block.results.get(place)?.clone(),
            index,
            size: body.size,
            body_path: body.path,
            result_path: self.results.prove(index)?.path,
            together: self.finality.together.clone(),
            headers: self.finality.headers.clone(),
            certificate: self.finality.certificate.clone(),
            handovers: self.finality.handovers.clone(),
        })
    }
}

pub(crate) fn read_block(log: &Log, path: &Path, place: Place) -> Result<Arc<Block>, Error> {
    decode_block(path, &log.read(place)?)
}

/// As `read_block`, also while the log is scanned.
pub(crate) fn read_block_from(log: &LogReader, place: Place) -> Result<Arc<Block>, Error> {
    decode_block(log.path(), &log.read(place)?)
}

fn decode_block(path: &Path, payload: &[u8]) -> Result<Arc<Block>, Error> {
    match from_canonical(payload) {
        Ok(LogEntry::Block(block)) => Ok(block),
        Ok(_) => Err(damaged(path, "the genesis stands where a block should")),
        Err(error) => Err(damaged(path, "a block cannot be read").because(error)),
    }
}

/// The key of a network of one is the whole roster.
fn check_sole_validator(genesis: &Genesis, signer: &dyn Signer) -> Result<(), Error> {
    let PublicKey::Ed25519(key) = signer.public_key();
    match (ValidatorKey::new(key), genesis.roster.validators()) {
        (Ok(key), [sole]) if key == *sole => Ok(()),
        _ => Err(GENESIS_INVALID.error().with("reason", "its roster is not the key of this ledger")),
    }
}

/// The lock of a directory.
pub(crate) struct Lock {
    file: File,
    process: u32,
}

impl Drop for Lock {
    /// Processes that were forked meanwhile share the lock. It must end with this ledger, not with the last
    /// of them; and not when one of them drops what it inherited.
    fn drop(&mut self) {
        if self.process == std::process::id() {
            // Closing the file, which follows, is the other way.
            let _ = self.file.unlock();
        }
    }
}

pub(crate) fn lock(directory: &Path) -> Result<Lock, Error> {
    let path = directory.join(LOCK);
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(|error| io_failed(path.display(), "opened", error))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock { file, process: std::process::id() }),
        Err(TryLockError::WouldBlock) => Err(STORE_LOCKED.error().with("path", directory.display())),
        Err(TryLockError::Error(error)) => Err(io_failed(path.display(), "locked", error)),
    }
}

pub(crate) fn remove_directory(path: &Path) -> Result<(), Error> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(io_failed(path.display(), "removed", error))
        }
        _ => Ok(()),
    }
}

impl<R: Rules> StateReader for Embedded<R> {
    fn read(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        self.machine.store.read(key)
    }

    fn answer(&self, key: &[u8]) -> Result<Option<Answer>, Error> {
        self.machine.store.answer(key)
    }

    fn account(&self, id: &AccountId) -> Result<Option<Account>, Error> {
        self.machine.store.account(id)
    }
}

impl<R: Rules> ResultReader for Embedded<R> {
    fn result(&self, transaction: &Hash, since: Timestamp) -> Result<Option<PastResult>, Error> {
        self.archive().result(transaction, since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forked_process_neither_keeps_the_lock_nor_gives_it_up() {
        let directory = tempfile::tempdir().unwrap();
        let held = lock(directory.path()).unwrap();
        // What a fork makes of it: another descriptor of the same open file, in another process.
        let inherited = held.file.try_clone().unwrap();
        let other_process = held.process.wrapping_add(1);
        drop(Lock { file: inherited.try_clone().unwrap(), process: other_process });
        assert_eq!(lock(directory.path()).map(|_| ()).unwrap_err().code(), "store.locked");
        drop(held);
        lock(directory.path()).unwrap();
        drop(inherited);
    }
}
