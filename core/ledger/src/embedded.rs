//! The embedded ledger: a network of one, durable in a directory.
//!
//! A commit orders, executes, certifies and logs one block; when it returns, a power cut does not undo it.
//! The order is: execute over the state, hash, certify, append to the log with one `fdatasync`, then
//! update the store. The store may lag behind the log and is caught up when the ledger is opened.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use allonge_crypto::{Hash, HashSuite, PublicKey, Signature, Signer, merkle};
use allonge_finance::Timestamp;
use borsh::{BorshDeserialize, BorshSerialize};

use crate::block::{
    Executed, HEADER_VERSION, Header, MAX_BLOCK_BYTES, TransactionResult, list_root, list_tree,
};
use crate::certificate::{Certificate, Proposal, ValidatorKey, Vote};
use crate::error::{Error, Phase};
use crate::execution::Execution;
use crate::genesis::Genesis;
use crate::log::{Log, Place};
use crate::receipt::{RECEIPT_MAGIC, RECEIPT_VERSION_1, Receipt, Trust};
use crate::registry::{
    BLOCK_FULL, BLOCK_UNKNOWN, CLOCK_BACKWARDS, GENESIS_INVALID, STORE_EXISTS, STORE_FAILED, STORE_LOCKED,
    damaged, io_failed,
};
use crate::rules::{BlockContext, Rules};
use crate::state::{StateReader, Stored, canonical, decode_record, from_canonical, read_record};
use crate::store::{Position, Store};
use crate::transaction::SignedTransaction;
use crate::tree::{StateProof, StateTree};

const LOG: &str = "blocks.log";
const STORE: &str = "state";
const LOCK: &str = "lock";

/// What a frame of the log holds.
#[derive(BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
enum Entry {
    /// The first frame.
    Genesis(Box<Genesis>) = 0,
    /// Every other one.
    Block(Arc<Block>) = 1,
}

/// A block as the log keeps it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Block {
    /// The header.
    pub header: Header,
    /// What makes it final.
    pub certificate: Certificate,
    /// The bytes of the signed transactions.
    pub transactions: Vec<Vec<u8>>,
    /// The canonical bytes of their results.
    pub results: Vec<Vec<u8>>,
}

/// The embedded ledger, open for one writer.
pub struct Embedded<R: Rules> {
    rules: R,
    trust: Trust,
    suite: HashSuite,
    signer: Box<dyn Signer>,
    log: Log,
    log_path: PathBuf,
    store: Store,
    tree: StateTree,
    chain: Chain,
    /// Those of the block committed last; none since opening.
    newest: Option<Arc<Receipts>>,
    failed: Option<String>,
    /// Held for as long as the ledger is open.
    _lock: Lock,
}

/// The headers so far: where their blocks stand, and the history root.
struct Chain {
    places: Vec<Place>,
    history: merkle::Frontier,
    head: Option<Header>,
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
    ) -> Result<Self, Error> {
        let lock = lock(directory)?;
        let state = genesis.initial_state()?;
        check_sole_validator(&genesis, signer.as_ref())?;
        if Self::exists(directory) {
            return Err(STORE_EXISTS.error().with("path", directory.display()));
        }
        // A store without a log is a cache of nothing.
        let store_path = directory.join(STORE);
        remove_directory(&store_path)?;
        let log_path = directory.join(LOG);
        let log = Log::create(&log_path, &canonical(&Entry::Genesis(Box::new(genesis.clone()))))?;
        let mut store = Store::open(&store_path)?;
        store.apply(0, &state, [])?;
        let suite = genesis.hash_suite;
        let mut tree = StateTree::new(suite);
        tree.update(&state);
        Ok(Embedded {
            rules,
            trust: Trust::new(genesis),
            suite,
            signer,
            log,
            log_path,
            store,
            tree,
            chain: Chain::new(),
            newest: None,
            failed: None,
            _lock: lock,
        })
    }

    /// Opens the ledger of a directory: reads the whole log, checks that each header follows from the one
    /// below and fits its block, and that the last is certified, brings the store up to the log, and compares
    /// its root.
    ///
    /// Errors: `store.*`, `genesis.invalid`.
    pub fn open(directory: &Path, rules: R, signer: Box<dyn Signer>) -> Result<Self, Error> {
        let lock = lock(directory)?;
        let log_path = directory.join(LOG);
        let mut genesis = None;
        let mut chain = Chain::new();
        let mut newest: Option<Arc<Block>> = None;
        let mut log = Log::open(&log_path, |place, payload| {
            let entry = from_canonical(payload)
                .map_err(|error| damaged(&log_path, "a block cannot be read").because(error))?;
            match (entry, &genesis) {
                (Entry::Genesis(first), None) => genesis = Some(Trust::new(*first)),
                (Entry::Block(block), Some(trust)) => {
                    chain.check_next(&block, trust).map_err(|reason| damaged(&log_path, reason))?;
                    chain.push(trust.genesis().hash_suite, block.header.clone(), place);
                    newest = Some(block);
                }
                _ => return Err(damaged(&log_path, "the genesis is not its first entry")),
            }
            Ok(())
        })?;
        let trust = genesis.ok_or_else(|| damaged(&log_path, "it has no genesis"))?;
        check_sole_validator(trust.genesis(), signer.as_ref())?;
        if let Some(Block { header, certificate, .. }) = newest.as_deref() {
            trust
                .verify_header(header, certificate)
                .map_err(|error| damaged(&log_path, "its last block is not certified").because(error))?;
        }

        // Before the store or anybody hears of the newest block.
        log.persist_newest()?;
        let suite = trust.genesis().hash_suite;
        let source = Source { rules: &rules, trust: &trust, log: &log, log_path: &log_path, chain: &chain };
        let state = directory.join(STORE);
        // The store is a cache: whatever is wrong with it, the log has the truth. Only when it has applied
        // what the log no longer has, the log lost an acknowledged block, and stays as it was found.
        let (store, tree) = match source.catch_up(&state) {
            Ok(caught_up) => caught_up,
            Err(Lag::LogBehind(error)) => return Err(error),
            Err(Lag::Unusable(_)) => {
                remove_directory(&state)?;
                source.catch_up(&state).map_err(|(Lag::LogBehind(error) | Lag::Unusable(error))| error)?
            }
        };
        log.cut_unfinished()?;
        Ok(Embedded {
            rules,
            trust,
            suite,
            signer,
            log,
            log_path,
            store,
            tree,
            chain,
            newest: None,
            failed: None,
            _lock: lock,
        })
    }

    /// The genesis, to verify receipts against.
    pub fn trust(&self) -> &Trust {
        &self.trust
    }

    /// The newest height; 0 before the first block.
    pub fn height(&self) -> u64 {
        self.chain.height()
    }

    /// The time of the newest block, or of the genesis.
    pub fn time(&self) -> Timestamp {
        self.chain.head.as_ref().map_or(self.trust.genesis().created, |head| head.time)
    }

    /// The root of the newest state.
    pub fn state_root(&self) -> Hash {
        // Not the tree's: that is ahead of the log once a commit failed.
        self.chain.head.as_ref().map_or_else(|| self.tree.root(), |head| head.executed.state_root)
    }

    /// Commits one block of those candidates that may enter it, in their order, and answers each: the
    /// transaction is in the block, or why it is not. With no candidates the block only moves the time.
    ///
    /// Errors: `clock.backwards`, `store.*`. After `store.*` from here nothing more is committed until
    /// the ledger is opened again.
    pub fn commit(
        &mut self,
        time: Timestamp,
        candidates: &[SignedTransaction],
    ) -> Result<Vec<Result<Hash, Error>>, Error> {
        self.check_not_failed()?;
        if time < self.time() {
            return Err(CLOCK_BACKWARDS.error().with("time", self.time()).with("given", time));
        }
        let context = self.next_context(time);
        let mut execution = Execution::new(&self.rules, &self.store, context);
        let mut transactions = Vec::with_capacity(candidates.len());
        let mut room = MAX_BLOCK_BYTES;
        let mut answers = Vec::with_capacity(candidates.len());
        for candidate in candidates {
            let bytes = candidate.to_bytes();
            let answer: Result<_, Error> = match room.checked_sub(bytes.len()) {
                Some(left) => execution.push(candidate).map(|result| (result.transaction, left)),
                None => Err(BLOCK_FULL.error()),
            };
            answers.push(match answer {
                Ok((id, left)) => {
                    room = left;
                    transactions.push(bytes);
                    Ok(id)
                }
                // Nobody's fault but the disk's: the whole block is off, and nothing was written.
                Err(error) if error.entry().phase == Phase::Storage => return Err(error),
                refused => refused.map(|(id, _)| id),
            });
        }
        if transactions.is_empty() && !candidates.is_empty() {
            return Ok(answers);
        }

        let (results, changes) = execution.finish();
        let ids: Vec<Hash> = results.iter().map(|result| result.transaction).collect();
        let results: Vec<Vec<u8>> = results.iter().map(canonical).collect();
        self.tree.update(&changes);
        let trees = (list_tree(self.suite, &transactions), list_tree(self.suite, &results));
        let roots = (list_root(self.suite, &trees.0), list_root(self.suite, &trees.1));
        let header = self.chain.next_header(&self.trust, context, self.tree.root(), roots);
        // The tree is ahead of the log from here until the end: a failure leaves the ledger closed.
        let done = self.certify(&header).and_then(|certificate| {
            let block = Arc::new(Block { header: header.clone(), certificate, transactions, results });
            let place = self.log.append(&canonical(&Entry::Block(Arc::clone(&block))))?;
            self.chain.push(self.suite, header, place);
            self.newest = Some(Arc::new(Receipts { block, transactions: trees.0, results: trees.1 }));
            self.store.apply(context.height, &changes, ids)
        });
        if let Err(error) = done {
            self.failed = Some(error.to_string());
            return Err(error);
        }
        Ok(answers)
    }

    /// The receipts of the block that [`commit`](Embedded::commit) made last, since the ledger was opened.
    pub fn newest_receipts(&self) -> Option<Arc<Receipts>> {
        self.newest.clone()
    }

    /// The receipt of a transaction, if it is in the ledger.
    pub fn receipt(&self, transaction: &Hash) -> Result<Option<Receipt>, Error> {
        let Some(Position { height, index }) = self.store.position(transaction)? else { return Ok(None) };
        let receipt = Receipts::of(self.suite, self.block(height)?).receipt(&self.trust, index);
        receipt.map(Some).ok_or_else(|| damaged(&self.log_path, "a block lacks a transaction that it had"))
    }

    /// A block.
    ///
    /// Errors: `block.unknown`, `store.*`.
    pub fn block(&self, height: u64) -> Result<Arc<Block>, Error> {
        let place = self
            .chain
            .place(height)
            .ok_or_else(|| BLOCK_UNKNOWN.error().with("height", height).with("newest", self.height()))?;
        read_block(&self.log, &self.log_path, place)
    }

    /// Where a transaction stands.
    pub fn position(&self, transaction: &Hash) -> Result<Option<Position>, Error> {
        self.store.position(transaction)
    }

    /// Reads one record of the newest state.
    pub fn get<T: Stored>(&self, id: &T::Id) -> Result<Option<T>, Error> {
        read_record(&self.store, id)
    }

    /// Proves what the newest state has under an id, or that it has nothing.
    ///
    /// Errors: `store.failed`, once a commit failed.
    pub fn prove<T: Stored>(&self, id: &T::Id) -> Result<StateProof, Error> {
        self.check_not_failed()?;
        Ok(self.tree.prove(&T::key(id)))
    }

    /// At most `limit` records of a kind, by key, after the one of the id `after`.
    pub fn list<T: Stored>(&self, after: Option<&T::Id>, limit: usize) -> Result<Vec<T>, Error> {
        let after = after.map(|id| T::key(id));
        let mut records = Vec::new();
        self.store.page(&[T::KIND], after.as_deref(), |_, value| {
            if records.len() == limit {
                return false;
            }
            records.push(decode_record(value));
            true
        })?;
        records.into_iter().collect()
    }

    fn check_not_failed(&self) -> Result<(), Error> {
        match &self.failed {
            Some(reason) => Err(STORE_FAILED.error().with("reason", reason)),
            None => Ok(()),
        }
    }

    fn next_context(&self, time: Timestamp) -> BlockContext {
        let genesis = self.trust.genesis();
        BlockContext {
            network: self.trust.network(),
            suite: self.suite,
            height: self.height().saturating_add(1),
            time,
            rules_version: genesis.rules_version,
        }
    }

    /// Certifies a header as a network of one does: with its only validator's vote.
    fn certify(&self, header: &Header) -> Result<Certificate, Error> {
        let failed = |reason: String| STORE_FAILED.error().with("reason", reason);
        let payload = header.digest(self.suite);
        let parent = header.height.saturating_sub(1);
        let proposal = Proposal::new(header.epoch, header.height, parent, payload)
            .map_err(|error| failed(error.to_string()))?;
        let Signature::Ed25519(signature) = self
            .signer
            .sign(&proposal.signed_message(self.trust.namespace()))
            .map_err(|error| failed(error.to_string()))?;
        Certificate::assemble(proposal, &self.trust.genesis().roster, [Vote { signer: 0, signature }])
            .map_err(|error| failed(error.to_string()))
    }
}

/// A block with the trees over its lists, from which each of its receipts is made in logarithmic time.
#[derive(Clone, Debug)]
pub struct Receipts {
    block: Arc<Block>,
    transactions: merkle::Tree,
    results: merkle::Tree,
}

impl Receipts {
    /// Prepares the receipts of a block.
    pub fn of(suite: HashSuite, block: Arc<Block>) -> Self {
        let (transactions, results) =
            (list_tree(suite, &block.transactions), list_tree(suite, &block.results));
        Receipts { block, transactions, results }
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
            headers: vec![self.block.header.clone()],
            certificate: self.block.certificate.clone(),
        })
    }
}

impl Chain {
    fn new() -> Self {
        Chain { places: Vec::new(), history: merkle::Frontier::new(), head: None }
    }

    fn height(&self) -> u64 {
        self.head.as_ref().map_or(0, |head| head.height)
    }

    fn place(&self, height: u64) -> Option<Place> {
        let index = usize::try_from(height.checked_sub(1)?).ok()?;
        self.places.get(index).copied()
    }

    fn parent(&self, trust: &Trust) -> Hash {
        self.head.as_ref().map_or(trust.network(), |head| head.digest(trust.genesis().hash_suite))
    }

    fn next_header(
        &self,
        trust: &Trust,
        context: BlockContext,
        state_root: Hash,
        (body_root, results_root): (Hash, Hash),
    ) -> Header {
        Header {
            version: HEADER_VERSION,
            network: context.network,
            rules_version: context.rules_version,
            epoch: 0,
            height: context.height,
            parent: self.parent(trust),
            time: context.time,
            body_root,
            executed: Executed { height: context.height, state_root, results_root },
            history_root: self.history.root(context.suite),
            next_roster: None,
        }
    }

    /// Whether a block is the next one, and its header is of it.
    fn check_next(&self, block: &Block, trust: &Trust) -> Result<(), &'static str> {
        let Block { header, transactions, results, .. } = block;
        let genesis = trust.genesis();
        let suite = genesis.hash_suite;
        let root = |items: &[Vec<u8>]| list_root(suite, &list_tree(suite, items));
        let checks = [
            (header.version == HEADER_VERSION, "a header has an unknown format"),
            (header.network == trust.network(), "a header is of another network"),
            (Some(header.height) == self.height().checked_add(1), "a header has not the next height"),
            (header.executed.height == header.height, "a header is of a block that was not executed"),
            (header.parent == self.parent(trust), "a header does not follow from the one below"),
            (header.history_root == self.history.root(suite), "a header has another history"),
            (
                header.time >= self.head.as_ref().map_or(genesis.created, |head| head.time),
                "a header goes back in time",
            ),
            (header.body_root == root(transactions), "a block has other transactions"),
            (header.executed.results_root == root(results), "a block has other results"),
        ];
        checks.into_iter().try_for_each(|(holds, reason)| if holds { Ok(()) } else { Err(reason) })
    }

    fn push(&mut self, suite: HashSuite, header: Header, place: Place) {
        self.history.push(suite, merkle::leaf(suite, header.digest(suite).as_bytes()));
        self.places.push(place);
        self.head = Some(header);
    }
}

/// Why a store does not serve.
enum Lag {
    /// It has applied blocks that the log does not have.
    LogBehind(Error),
    /// It can be made anew.
    Unusable(Error),
}

impl From<Error> for Lag {
    fn from(error: Error) -> Self {
        Lag::Unusable(error)
    }
}

/// What the store is a cache of.
struct Source<'a, R> {
    rules: &'a R,
    trust: &'a Trust,
    log: &'a Log,
    log_path: &'a Path,
    chain: &'a Chain,
}

impl<R: Rules> Source<'_, R> {
    /// Opens the store, applies the blocks that it lacks, and builds the tree; its root must be the one of
    /// the newest header, or of the genesis.
    fn catch_up(&self, directory: &Path) -> Result<(Store, StateTree), Lag> {
        let genesis = self.trust.genesis();
        let mut store = Store::open(directory)?;
        let applied = match store.applied() {
            Some(height) if height > self.chain.height() => {
                let reason = "it lacks acknowledged blocks, which the state beside it has applied";
                return Err(Lag::LogBehind(damaged(self.log_path, reason)));
            }
            Some(height) => height,
            None => {
                store.apply(0, &genesis.initial_state()?, [])?;
                0
            }
        };
        for height in applied.saturating_add(1)..=self.chain.height() {
            let place =
                self.chain.place(height).ok_or_else(|| damaged(self.log_path, "a block is missing"))?;
            let block = read_block(self.log, self.log_path, place)?;
            self.replay(&mut store, &block)?;
        }
        let mut tree = StateTree::new(genesis.hash_suite);
        let mut records = crate::state::Changes::new();
        store.scan(|key, value| {
            records.insert(key.to_vec(), value.to_vec());
        })?;
        tree.update(&records);
        let expected = match &self.chain.head {
            Some(head) => head.executed.state_root,
            None => {
                let mut tree = StateTree::new(genesis.hash_suite);
                tree.update(&genesis.initial_state()?);
                tree.root()
            }
        };
        if tree.root() != expected {
            return Err(damaged(directory, "its root is not that of the newest block").into());
        }
        Ok((store, tree))
    }

    fn replay(&self, store: &mut Store, block: &Block) -> Result<(), Error> {
        let Block { header, transactions, results, .. } = block;
        let suite = self.trust.genesis().hash_suite;
        let context = BlockContext {
            network: self.trust.network(),
            suite,
            height: header.height,
            time: header.time,
            rules_version: header.rules_version,
        };
        let mut execution = Execution::new(self.rules, &*store, context);
        for bytes in transactions {
            execution.push(&SignedTransaction::from_bytes(bytes)?)?;
        }
        let (executed, changes) = execution.finish();
        let replayed: Vec<Vec<u8>> = executed.iter().map(canonical).collect();
        if &replayed != results {
            return Err(damaged(self.log_path, "replaying a block gives other results"));
        }
        let ids = executed.iter().map(|result: &TransactionResult<R::Event>| result.transaction);
        store.apply(header.height, &changes, ids)
    }
}

fn read_block(log: &Log, path: &Path, place: Place) -> Result<Arc<Block>, Error> {
    match from_canonical(&log.read(place)?) {
        Ok(Entry::Block(block)) => Ok(block),
        Ok(Entry::Genesis(_)) => Err(damaged(path, "the genesis stands where a block should")),
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
struct Lock {
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

fn lock(directory: &Path) -> Result<Lock, Error> {
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

fn remove_directory(path: &Path) -> Result<(), Error> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(io_failed(path.display(), "removed", error))
        }
        _ => Ok(()),
    }
}

impl<R: Rules> StateReader for Embedded<R> {
    fn read(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        self.store.read(key)
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
