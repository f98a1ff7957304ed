//! What the ledger is put to: a history known in advance, and what must be there of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use allonge_crypto::Hash;
use allonge_finance::{Currency, Timestamp};
use allonge_ledger::{
    Account, Answer, Block, BlockContext, Bucket, BucketRoot, Embedded, Error, Event, Execution, LedgerEvent,
    LedgerOperation, MemoryState, Operation, Rules, Settings, SignedTransaction, StateReader, StateTree,
    Stored, Verdict, Verifier, Workers, canonical,
};

use crate::disk::{CrashDisk, Image};
use crate::world::*;

/// At these heights the ledger is closed and opened again. The last closes it.
pub const CLOSED_AT: [usize; 4] = [6, 14, 21, 24];
/// No store: only the log matters.
const SETTINGS: Settings = Settings { pending_bytes: 64 << 20, cached_bytes: 1 << 20, threads: 1 };
pub const LOG: &str = "blocks.log";
pub const MARK: &str = "blocks.mark";

/// Up to which height blocks were acknowledged, and up to which they were submitted. The genesis is height 0.
#[derive(Clone, Copy, Debug, Default)]
pub struct Witness {
    pub acknowledged: Option<usize>,
    pub submitted: usize,
}

/// The history, without any trouble.
pub struct Known {
    /// What is submitted for each height, from 1.
    candidates: Vec<Vec<SignedTransaction>>,
    blocks: Vec<Arc<Block>>,
    /// The receipts of each block, by the ids of its transactions.
    receipts: Vec<Vec<(Hash, Vec<u8>)>>,
    /// The state root at each height, from 0, as a replay without any of the ledger's shortcuts has it.
    roots: Vec<Hash>,
    keys: Vec<Vec<(Vec<u8>, Answer)>>,
}

pub static KNOWN: LazyLock<Known> = LazyLock::new(Known::new);

fn time(height: usize) -> Timestamp {
    at(height as i64)
}

/// What is submitted, block by block. There are some more blocks than the workload needs, to go on with.
fn candidates() -> Vec<Vec<SignedTransaction>> {
    let (alice, bob) = (account(ALICE, "settlement"), account(BOB, "settlement"));
    let mut key = 0;
    let mut by = |author, operations: Vec<_>| {
        key += 1;
        transaction(author, key, operations)
    };
    let pay = |amount| transfer(alice.clone(), bob.clone(), usd(amount));
    let back = |amount| transfer(bob.clone(), alice.clone(), usd(amount));
    let long = |length| note(&"x".repeat(length));
    let admit = Operation::Ledger(LedgerOperation::AdmitParty {
        party: party(STRANGER),
        name: "Stranger".into(),
        keys: vec![public_key(STRANGER)],
    });
    let issue = transfer(account(AGENT, "issue"), alice.clone(), usd(100_000));
    let mut blocks = vec![
        vec![by(REGISTRAR, vec![admit])],
        vec![
            by(ALICE, vec![open_account(ALICE, "settlement")]),
            by(BOB, vec![open_account(BOB, "settlement")]),
        ],
        vec![by(AGENT, vec![open_account(AGENT, "issue"), issue])],
        vec![],
        vec![by(ALICE, vec![pay(100)]), by(ALICE, vec![pay(1_000_000)]), by(BOB, vec![back(50)])],
        vec![by(ALICE, vec![refused_note("never")])],
        // Opened again.
        vec![by(STRANGER, vec![note("hello")]), by(ALICE, vec![pay(1)])],
        vec![by(ALICE, vec![long(400)])],
        vec![by(ALICE, vec![long(1_500), pay(7)])],
        vec![],
        vec![by(BOB, vec![long(7_000)]), by(BOB, vec![back(3), back(1_000_000)])],
        (0..10).map(|amount| by(ALICE, vec![pay(10 + amount)])).collect(),
        vec![by(ALICE, vec![pay(30)])],
        vec![by(BOB, vec![long(3)])],
        // Opened again.
        vec![by(ALICE, vec![pay(40), pay(41), pay(42)])],
        vec![],
        vec![by(BOB, vec![back(20)]), by(BOB, vec![refused_note("no")]), by(STRANGER, vec![long(600)])],
        vec![by(ALICE, vec![long(40_000)])],
        vec![by(ALICE, vec![pay(50)])],
        vec![by(BOB, vec![back(60)])],
        // More than the log has zeroed.
        vec![by(ALICE, vec![long(280_000), pay(5)])],
        // Opened again.
        vec![by(ALICE, vec![pay(70)])],
        vec![],
        vec![by(BOB, vec![back(80)]), by(ALICE, vec![pay(90)])],
    ];
    // What was paid before the ledger was opened again is given back, and what the same block has.
    for (place, (of, index), amount) in [(12, (4, 0), 100), (16, (14, 0), 123), (23, (23, 1), 90)] {
        let transaction = blocks[of][index].id(SUITE);
        let reason = "storno".into();
        let amounts = vec![usd(amount)];
        let back = LedgerOperation::ReverseTransaction { transaction, amounts, value_date: None, reason };
        blocks[place].push(by(BOB, vec![Operation::Ledger(back)]));
    }
    // Repeats enter no block.
    let repeated = blocks[4][0].clone();
    blocks[6].push(repeated);
    let mut late = draft(ALICE, 5_000, [pay(2)]);
    late.valid_until = at(7 * 3_600);
    blocks[7].push(signed(&late, &[ALICE]));
    assert_eq!(blocks.len(), CLOSED_AT[CLOSED_AT.len() - 1]);
    blocks.extend((0..8).map(|amount| vec![by(ALICE, vec![pay(200 + amount)])]));
    blocks
}

impl Known {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let disk = CrashDisk::new();
        let genesis = genesis(1);
        let mut ledger =
            Embedded::create_on(&disk, place.path(), genesis, Notes, Box::new(signer(VALIDATOR)), SETTINGS)
                .unwrap();
        let mut known = Known {
            candidates: candidates(),
            blocks: Vec::new(),
            receipts: Vec::new(),
            roots: Vec::new(),
            keys: Vec::new(),
        };
        let (mut refused, mut reversed) = (0, 0);
        for (candidates, height) in known.candidates.iter().zip(1..) {
            ledger.commit(time(height), candidates).unwrap();
            let block = ledger.block(height as u64).unwrap();
            let transactions: Vec<_> = block
                .transactions
                .iter()
                .map(|bytes| SignedTransaction::from_bytes(bytes).unwrap())
                .collect();
            let receipts = transactions.iter().map(|transaction| {
                let id = transaction.id(SUITE);
                let receipt = receipt(&ledger, &id);
                let proven = receipt.verify::<NoteOperation, NoteEvent>(ledger.trust()).unwrap();
                refused += usize::from(matches!(proven.result.verdict, Verdict::Rejected { .. }));
                reversed += usize::from(reverses(&proven.result.verdict));
                (id, receipt.to_bytes())
            });
            known.receipts.push(receipts.collect());
            known.blocks.push(block);
        }
        assert_eq!((refused, reversed), (4, 3));
        known.replay();
        assert_eq!(known.roots.last(), Some(&ledger.state_root()));
        known
    }

    /// Executes the blocks over a map of records, and makes every tree anew for each.
    fn replay(&mut self) {
        let genesis = genesis(1);
        let (network, workers) = (genesis.network(), Workers::none());
        let root = |entries: &mut dyn Iterator<Item = (&Vec<u8>, &Vec<u8>)>| {
            let mut tree = StateTree::new(SUITE);
            tree.update(&workers, entries).unwrap();
            tree.root()
        };
        let mut state = MemoryState::default();
        let mut buckets = BTreeMap::<Bucket, BTreeMap<Vec<u8>, Vec<u8>>>::new();
        state.merge(&genesis.initial_state().unwrap(), &Default::default());
        self.roots.push(root(&mut state.iter()));
        for (block, height) in self.blocks.iter().zip(1..) {
            let rules_version = Notes::VERSION;
            let time = time(height);
            let context =
                BlockContext { network, suite: SUITE, height: height as u64, time, rules_version, epoch: 0 };
            let mut execution = Execution::new(&Notes, &state, context);
            for bytes in &block.transactions {
                let transaction = SignedTransaction::from_bytes(bytes).unwrap();
                execution.push(&Verifier::new(SUITE, network).verify_one(&transaction).unwrap()).unwrap();
            }
            let effects = execution.finish();
            let (mut changes, answers) = (effects.changes, effects.answers);
            for (key, bucket, answer) in answers.iter() {
                buckets.entry(bucket).or_default().insert(key.to_vec(), canonical(answer));
            }
            for (id, bucket) in &buckets {
                let record = BucketRoot { root: root(&mut bucket.iter()), keys: bucket.len() as u64 };
                changes.insert(BucketRoot::key(id), canonical(&record));
            }
            state.merge(&changes, &answers);
            let transaction_bytes = block.transactions.iter().map(Vec::len).sum();
            state.remember(
                (height as u64, time),
                transaction_bytes,
                effects.transactions.iter().zip(&effects.results),
            );
            self.keys.push(answers.iter().map(|(key, _, answer)| (key.to_vec(), answer.clone())).collect());
            self.roots.push(root(&mut state.iter()));
        }
    }

    /// Opens the ledger, or creates it if there is none yet, and checks it against what a witness saw; then commits
    /// what comes next, up to a height.
    pub fn go_on(
        &self,
        disk: &CrashDisk,
        place: &Path,
        witness: &mut Witness,
        until: usize,
    ) -> Result<Embedded<Notes>, Error> {
        let signer = || Box::new(signer(VALIDATOR));
        let exists = disk.image().has(LOG);
        assert!(exists || witness.acknowledged.is_none(), "the ledger is gone");
        let mut ledger = if exists {
            Embedded::open_on(disk, place, Notes, signer(), SETTINGS)?
        } else {
            Embedded::create_on(disk, place, genesis(1), Notes, signer(), SETTINGS)?
        };
        assert!(!place.join("state").exists());
        // What it answers for from now on is acknowledged.
        let height = ledger.height() as usize;
        let saw = *witness;
        witness.acknowledged = saw.acknowledged.max(Some(height));
        disk.note(*witness);
        self.check(&ledger, saw)?;
        for height in height + 1..=until {
            witness.submitted = witness.submitted.max(height);
            disk.note(*witness);
            let committed = ledger.commit(time(height), &self.candidates[height - 1]);
            if let Err(error) = committed {
                // It takes no more, unless it was the past that could not be read: then nothing was written.
                if let Err(more) = ledger.commit(time(height), &self.candidates[height - 1]) {
                    assert_eq!(more.code(), "store.failed");
                }
                return Err(error);
            }
            assert_eq!(ledger.state_root(), self.roots[height]);
            witness.acknowledged = Some(height);
            disk.note(*witness);
        }
        Ok(ledger)
    }

    /// All that was acknowledged is there, all that is there was submitted and is whole, and the books balance.
    fn check(&self, ledger: &Embedded<Notes>, saw: Witness) -> Result<(), Error> {
        let height = ledger.height() as usize;
        assert!(saw.acknowledged <= Some(height), "{height} of {saw:?}: acknowledged blocks are gone");
        assert!(height <= saw.submitted, "{height} of {saw:?}: nobody submitted that");
        assert_eq!(ledger.state_root(), self.roots[height]);
        for (index, block) in self.blocks.iter().enumerate() {
            let present = index < height;
            if present {
                assert_eq!(&ledger.block(index as u64 + 1)?, block);
            }
            for (key, answer) in &self.keys[index] {
                assert_eq!(ledger.answer(key)?.as_ref(), Some(answer).filter(|_| present));
            }
            // A receipt is made from its block alone: those of the newest blocks stand for the others.
            for (id, bytes) in &self.receipts[index] {
                assert_eq!(ledger.position(id)?.is_some(), present);
                if present && index + 3 > height {
                    assert_eq!(&ledger.receipt(id)?.unwrap().to_bytes(), bytes);
                }
            }
        }
        let mut books = BTreeMap::<Currency, i128>::new();
        for account in ledger.list::<Account>(None, 99)? {
            *books.entry(account.id.currency()).or_default() += account.balance.minor_units();
        }
        assert!(books.values().all(|sum| *sum == 0), "{books:?}");
        Ok(())
    }

    /// A closed ledger of so many blocks.
    pub fn closed(&self, place: &Path, height: usize) -> (Image, Witness) {
        let (disk, mut witness) = (CrashDisk::new(), Witness::default());
        drop(self.go_on(&disk, place, &mut witness, height).unwrap());
        (disk.image(), witness)
    }
}

fn reverses(verdict: &Verdict<NoteEvent>) -> bool {
    let Verdict::Committed { events } = verdict else { return false };
    events.iter().any(|event| matches!(event, Event::Ledger(LedgerEvent::TransactionReversed { .. })))
}

/// Goes through the workload on a disk, and answers what was acknowledged.
pub fn go_through(disk: &CrashDisk, place: &Path) -> Witness {
    let mut witness = Witness::default();
    for until in CLOSED_AT {
        drop(KNOWN.go_on(disk, place, &mut witness, until).unwrap());
    }
    witness
}
