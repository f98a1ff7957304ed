//! The same history gives the same roots, whatever the threads, the batches of verification, the disk and the
//! interruptions; and, where that can be, whatever the boundaries of its blocks.

use std::collections::BTreeMap;
use std::ops::Range;

use allonge_finance::{PartyId, Timestamp};
use allonge_ledger::{
    Account, Authorities, Block, BucketRoot, Embedded, Error, Event, Hold, HoldId, LedgerEvent,
    LedgerOperation, Operation, Party, Settings, SignedTransaction, Stored, TransactionResult, Verdict,
    Verified, Verifier, Workers, canonical, from_canonical, replay_log,
};
use tempfile::TempDir;

use crate::memory::*;
use crate::reversals::reverse;
use crate::world::*;

/// Each has another history; the test that fails names its own.
pub const SEEDS: Range<u64> = 1..3;

/// The candidates of one block, and its time in seconds.
pub type Candidates = (i64, Vec<SignedTransaction>);

/// xorshift64*, so that a seed replays.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16) % bound
    }

    pub fn one_of<T: Copy>(&mut self, things: &[T]) -> T {
        things[self.below(things.len() as u64) as usize]
    }
}

/// Makes candidates: good ones, ones that are refused, and ones that may not enter a block.
struct Author {
    random: Random,
    key: u64,
    /// The holds that were asked for, with their payers and payees.
    holds: Vec<(HoldId, u8, u8)>,
    /// What was made so far, some of it to be submitted again.
    made: Vec<SignedTransaction>,
    /// Keys that Alice registers one after the other; the last that counts is the newest but one.
    keys: Option<u8>,
}

pub const OWNERS: [u8; 3] = [ALICE, BOB, SUPERVISOR];
const PURPOSES: [&str; 2] = ["one", "two"];

impl Author {
    fn new(seed: u64) -> Self {
        let random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        Author { random, key: 0, holds: Vec::new(), made: Vec::new(), keys: None }
    }

    /// So many candidates of a block at this time.
    fn candidates(&mut self, seconds: i64, count: u64) -> Vec<SignedTransaction> {
        (0..count).map(|_| self.candidate(seconds)).collect()
    }

    fn candidate(&mut self, seconds: i64) -> SignedTransaction {
        if !self.made.is_empty() && self.random.below(12) == 0 {
            let repeated = self.random.below(self.made.len() as u64) as usize;
            return self.made[repeated].clone();
        }
        let author = self.random.one_of(&OWNERS);
        let count = 1 + self.random.below(3) * self.random.below(2);
        let operations: Vec<_> = (0..count).map(|_| self.operation(author, seconds)).collect();
        let mut seeds = vec![author];
        // Now and then the key of an older transaction, which may or may not be the same author's.
        let key = if self.random.below(20) == 0 { self.random.below(self.key + 1) } else { self.next_key() };
        let valid_for = match self.random.below(20) {
            0 => -1,
            1 => 8 * 86_400,
            _ => self.random.one_of(&[0, 5, 600, 4_000, 90_000]),
        };
        if self.random.below(30) == 0 {
            seeds = vec![self.random.one_of(&[STRANGER, ALICE, BOB])];
        } else if self.random.below(30) == 0 {
            seeds.push(STRANGER);
        }
        let draft = Draft { valid_until: at(seconds + valid_for), ..draft(author, key, operations) };
        let mut made = signed(&draft, &seeds);
        if self.random.below(40) == 0 {
            let allonge_crypto::Signature::Ed25519(bytes) = &mut made.approvals[0].signature;
            bytes[self.random.below(64) as usize] ^= 1;
        }
        self.made.push(made.clone());
        made
    }

    fn next_key(&mut self) -> u64 {
        self.key += 1;
        self.key
    }

    fn operation(&mut self, author: u8, seconds: i64) -> Operation<NoteOperation> {
        let own = account(author, self.random.one_of(&PURPOSES));
        let payee = self.random.one_of(&OWNERS);
        let other = account(payee, self.random.one_of(&PURPOSES));
        let amount = self.random.one_of(&[1, 7, 30, 900, 900, 2_000, 40_000, 3_000_000, 0]);
        Operation::Ledger(match self.random.below(10) {
            0 => return note(&format!("note {seconds}")),
            1 => return refused_note("never"),
            2 | 3 => {
                let hold = hold_id(author, &self.holds.len().to_string());
                self.holds.push((hold.clone(), author, payee));
                LedgerOperation::HoldFunds {
                    hold,
                    from: own,
                    to: other,
                    amount: usd(amount),
                    poster: None,
                    against: None,
                    expires_at: at(seconds + self.random.one_of(&[1, 60, 86_400])),
                    reference: String::new(),
                }
            }
            4 => {
                let hold = self.hold(|_, payee| payee == author);
                LedgerOperation::PostHold { hold, amount: None, pay_from: None }
            }
            5 => LedgerOperation::VoidHold {
                hold: self.hold(|payer, payee| author == payer || author == payee),
            },
            6 => LedgerOperation::SetCeiling { account: own, ceiling: Some(usd(100_000 + amount)) },
            7 => self.reversal(author),
            _ => pay(&own, &other, amount),
        })
    }

    /// A recent hold, mostly of the right payer and payee.
    fn hold(&mut self, right: impl Fn(u8, u8) -> bool) -> HoldId {
        let any = self.random.below(6) == 0;
        let back = self.random.below(4) as usize;
        let mut holds = self.holds.iter().rev().filter(|(_, payer, payee)| any || right(*payer, *payee));
        holds.nth(back).map_or_else(|| hold_id(ALICE, "none"), |(hold, ..)| hold.clone())
    }

    /// The reversal of a recent transaction, mostly of one that paid the author.
    fn reversal(&mut self, author: u8) -> LedgerOperation {
        let any = self.random.below(6) == 0;
        let back = self.random.below(4) as usize;
        let paid = |made: &SignedTransaction| {
            let mut sum = 0;
            for operation in made.transaction::<NoteOperation>().unwrap().operations {
                match operation {
                    Operation::Ledger(LedgerOperation::Transfer { to, amount, .. })
                        if any || *to.owner() == party(author) =>
                    {
                        sum += amount.minor_units();
                    }
                    _ if any => {}
                    _ => return None,
                }
            }
            Some((made.id(SUITE), sum))
        };
        let found = self.made.iter().rev().take(60).filter_map(paid).nth(back);
        let (transaction, sum) = found.unwrap_or_default();
        reverse(transaction, &[usd(sum)])
    }

    /// Alice registers another key and revokes the one before; from the next time on the new one counts.
    fn rotate(&mut self, seconds: i64) -> Vec<SignedTransaction> {
        let (old, new) = (self.keys.unwrap_or(99), self.keys.map_or(100, |key| key + 1));
        let mut operations = vec![Operation::Ledger(add_key(party(ALICE), public_key(new)))];
        if old >= 100 {
            let key = public_key(old);
            operations.push(Operation::Ledger(LedgerOperation::RevokeKey { party: party(ALICE), key }));
        }
        self.keys = Some(new);
        let draft = Draft { valid_until: at(seconds + 60), ..draft(ALICE, self.next_key(), operations) };
        vec![signed(&draft, &[ALICE])]
    }
}

/// The accounts are opened and funded.
fn opening(author: &mut Author) -> Candidates {
    let mut candidates = vec![transaction(AGENT, author.next_key(), [open_account(AGENT, "issue")])];
    for (owner, purpose) in OWNERS.into_iter().flat_map(|owner| PURPOSES.map(|purpose| (owner, purpose))) {
        candidates.push(transaction(owner, author.next_key(), [open_account(owner, purpose)]));
        let funds = transfer(account(AGENT, "issue"), account(owner, purpose), usd(100_000));
        candidates.push(transaction(AGENT, author.next_key(), [funds]));
    }
    (0, candidates)
}

/// A history of blocks of every size, from none at all to more than all threads verify at once.
pub fn history(seed: u64) -> Vec<Candidates> {
    long_history(seed, 40, 0)
}

/// As `history`, of so many blocks, at least so many seconds apart.
pub fn long_history(seed: u64, count: u64, apart: i64) -> Vec<Candidates> {
    let mut author = Author::new(seed);
    let mut blocks = vec![opening(&mut author)];
    let mut seconds = 0;
    for number in 0..count {
        seconds += apart + author.random.one_of(&[0, 1, 30, 1_000, 5_000]);
        let count = match number {
            20 => 350,
            _ => author.random.one_of(&[0, 1, 1, 2, 5, 9, 40]),
        };
        let mut candidates = author.candidates(seconds, count);
        if number % 7 == 3 {
            candidates.extend(author.rotate(seconds));
        }
        blocks.push((seconds, candidates));
    }
    blocks
}

/// What a history came to: every block, and what was answered to every candidate.
#[derive(Debug, PartialEq)]
struct Told {
    blocks: Vec<Block>,
    answers: Vec<String>,
}

/// How a history is carried out.
struct Run {
    settings: Settings,
    /// Verified in batches of this many, elsewhere.
    batch: Option<usize>,
    /// Closed and opened again before the blocks of these numbers.
    reopened: Vec<usize>,
}

fn in_memory(threads: usize) -> Settings {
    Settings { threads, ..Settings::default() }
}

impl Run {
    fn new(settings: Settings) -> Self {
        Run { settings, batch: None, reopened: Vec::new() }
    }

    fn of(&self, history: &[Candidates]) -> (TempDir, Embedded<Notes>, Told) {
        let directory = tempfile::tempdir().unwrap();
        let mut ledger = create_with(directory.path(), genesis(1), self.settings).unwrap();
        let mut answers = Vec::new();
        for (number, (seconds, candidates)) in history.iter().enumerate() {
            if self.reopened.contains(&number) {
                drop(ledger);
                ledger = open_with(directory.path(), self.settings).unwrap();
            }
            let answered = match self.batch {
                Some(size) => ledger.commit_verified(at(*seconds), self.verified(&ledger, candidates, size)),
                None => ledger.commit(at(*seconds), candidates),
            };
            answers.extend(answered.unwrap().into_iter().map(told));
        }
        let blocks = (1..=ledger.height()).map(|height| (*ledger.block(height).unwrap()).clone()).collect();
        (directory, ledger, Told { blocks, answers })
    }

    fn verified(
        &self,
        ledger: &Embedded<Notes>,
        candidates: &[SignedTransaction],
        size: usize,
    ) -> Vec<Result<Verified<NoteOperation>, Error>> {
        let workers = Workers::with_threads(self.settings.threads);
        let verifier = Verifier::new(SUITE, ledger.trust().network());
        candidates.chunks(size).flat_map(|batch| verifier.verify(&workers, batch)).collect()
    }
}

fn told(answer: Result<allonge_crypto::Hash, Error>) -> String {
    answer.map_or_else(|error| format!("{}: {error}", error.code()), |id| id.to_string())
}

fn results(block: &Block) -> Vec<TransactionResult<NoteEvent>> {
    block.results.iter().map(|result| from_canonical(result).unwrap()).collect()
}

/// The histories have what they are there for: whoever changes them sees that they still do.
fn check_variety(told: &[Told]) {
    let verdicts: Vec<_> = told.iter().flat_map(all_results).map(|result| result.verdict).collect();
    let mut seen = BTreeMap::<&str, usize>::new();
    for verdict in &verdicts {
        match verdict {
            Verdict::Committed { .. } => *seen.entry("committed").or_default() += 1,
            Verdict::Rejected { refusal } => *seen.entry(&refusal.code).or_default() += 1,
        }
    }
    for answer in told.iter().flat_map(|told| &told.answers) {
        if let Some((code, _)) = answer.split_once(':') {
            *seen.entry(code).or_default() += 1;
        }
    }
    for expected in [
        "committed",
        "note.refused",
        "account.insufficient_funds",
        "hold.unknown",
        "hold.closed",
        "hold.expired",
        "hold.not_expired",
        "reversal.unknown",
        "reversal.repeated",
        "reversal.not_yours",
        "reversal.not_transfers",
        "transaction.repeated",
        "transaction.key_conflict",
        "transaction.expired",
        "transaction.validity_too_long",
        "signature.invalid",
        "signature.unknown_key",
    ] {
        assert!(seen.contains_key(expected), "no {expected} in {seen:?}");
    }
    let events = verdicts.iter().flat_map(|verdict| match verdict {
        Verdict::Committed { events } => events.as_slice(),
        Verdict::Rejected { .. } => &[],
    });
    let (mut posted, mut reversed) = (0, 0);
    for event in events {
        posted += usize::from(matches!(event, Event::Ledger(LedgerEvent::HoldPosted { .. })));
        reversed += usize::from(matches!(event, Event::Ledger(LedgerEvent::TransactionReversed { .. })));
    }
    assert!(
        seen["committed"] > 100 && posted > 10 && reversed > 10,
        "{posted} holds were posted, {reversed} transactions reversed, and {seen:?}"
    );
}

#[test]
fn the_same_blocks_give_the_same_headers_whatever_the_threads_the_batches_and_the_disk() {
    let mut all_told = Vec::new();
    for seed in SEEDS {
        let history = history(seed);
        let (_directory, ledger, expected) = Run::new(in_memory(1)).of(&history);
        let mut random = Random(seed);
        let mut reopened = || (1..history.len()).filter(|_| random.below(4) == 0).collect::<Vec<_>>();
        let runs = [
            ("two threads", Run::new(in_memory(2))),
            ("eight threads", Run::new(in_memory(8))),
            ("verified one by one", Run { batch: Some(1), ..Run::new(in_memory(2)) }),
            ("verified by seven", Run { batch: Some(7), ..Run::new(in_memory(2)) }),
            ("verified by a thousand", Run { batch: Some(1_000), ..Run::new(in_memory(8)) }),
            ("on disk", Run::new(little_memory())),
            ("in memory, reopened", Run { reopened: reopened(), ..Run::new(in_memory(8)) }),
            ("on disk, reopened", Run { reopened: reopened(), ..Run::new(little_memory()) }),
        ];
        for (name, run) in runs {
            let (_directory, other, told) = run.of(&history);
            assert!(told == expected, "seed {seed}, {name}: {}", first_difference(&told, &expected));
            assert_eq!(other.state_root(), ledger.state_root());
        }
        all_told.push(expected);
    }
    check_variety(&all_told);
}

fn first_difference(told: &Told, expected: &Told) -> String {
    match told.blocks.iter().zip(&expected.blocks).find(|(one, other)| one != other) {
        Some((one, other)) => format!("{:?}, not {:?}", one.header, other.header),
        None => format!("{} blocks, not {}", told.blocks.len(), expected.blocks.len()),
    }
}

#[test]
fn a_log_executed_again_has_the_headers_that_it_had_whatever_the_threads_and_the_disk() {
    for seed in SEEDS {
        let (directory, ledger, expected) = Run::new(in_memory(2)).of(&history(seed));
        let copy = directory.path().join("copy");
        ledger.backup().write(&copy).unwrap();
        for settings in [in_memory(1), in_memory(8), little_memory()] {
            let mut headers = Vec::new();
            let replayed =
                replay_log(&copy, &Notes, settings, |header| headers.push(header.clone())).unwrap();
            assert!(headers.iter().eq(expected.blocks.iter().map(|block| &block.header)), "seed {seed}");
            assert_eq!((replayed.state_root, replayed.height), (ledger.state_root(), ledger.height()));
        }
    }
}

/// The candidates of each time, in order. Nothing in them depends on the height at which it stands.
fn timetable(seed: u64, with_keys: bool) -> Vec<Candidates> {
    let mut author = Author::new(seed);
    let mut times = vec![opening(&mut author)];
    for number in 0..15 {
        let seconds = 700 * (number + 1);
        let count = author.random.one_of(&[1, 3, 12, 40]);
        let mut candidates = author.candidates(seconds, count);
        if with_keys && number % 3 == 1 {
            // The key that counts since the time before signs beside its owner's first, before it is revoked.
            if let Some(newest) = author.keys {
                let draft = Draft {
                    valid_until: at(seconds),
                    ..draft(ALICE, author.next_key(), [note("by the newest key")])
                };
                candidates.push(signed(&draft, &[ALICE, newest]));
            }
            candidates.extend(author.rotate(seconds));
        }
        times.push((seconds, candidates));
    }
    times
}

/// The blocks of a timetable: all candidates of one time in one, each in one of its own, or as chance has it.
fn cut(times: &[Candidates], mut ends: impl FnMut() -> bool) -> Vec<Candidates> {
    let mut blocks = Vec::new();
    for (seconds, candidates) in times {
        let mut block = Vec::new();
        for candidate in candidates {
            block.push(candidate.clone());
            if ends() {
                blocks.push((*seconds, std::mem::take(&mut block)));
            }
        }
        if !block.is_empty() {
            blocks.push((*seconds, block));
        }
    }
    blocks
}

/// The timetable in blocks of three kinds.
fn cuts(seed: u64, times: &[Candidates]) -> [Vec<Candidates>; 3] {
    let mut random = Random(seed);
    let cuts = [cut(times, || false), cut(times, || true), cut(times, || random.below(4) == 0)];
    let lengths = cuts.each_ref().map(Vec::len);
    assert!(lengths[0] < lengths[2] && lengths[2] < lengths[1], "{lengths:?}");
    cuts
}

/// The newest state root at each time.
fn roots_by_time(told: &Told) -> BTreeMap<Timestamp, allonge_crypto::Hash> {
    told.blocks.iter().map(|block| (block.header.time, block.header.executed.state_root)).collect()
}

fn all_results(told: &Told) -> Vec<TransactionResult<NoteEvent>> {
    told.blocks.iter().flat_map(results).collect()
}

#[test]
fn wherever_blocks_end_the_state_root_of_each_time_is_the_same() {
    for seed in SEEDS {
        let [expected, others @ ..] =
            cuts(seed, &timetable(seed, false)).map(|blocks| Run::new(in_memory(2)).of(&blocks).2);
        assert!(roots_by_time(&expected).len() > 10);
        for other in others {
            assert_eq!(other.answers, expected.answers, "seed {seed}");
            assert_eq!(all_results(&other), all_results(&expected), "seed {seed}");
            assert_eq!(roots_by_time(&other), roots_by_time(&expected), "seed {seed}");
            assert_ne!(other.blocks.last().unwrap().header, expected.blocks.last().unwrap().header);
        }
    }
}

/// All records of a kind.
fn all<T: Stored>(ledger: &Embedded<Notes>) -> Vec<Vec<u8>> {
    ledger.list::<T>(None, usize::MAX).unwrap().iter().map(canonical).collect()
}

/// What a height in a record says, free of heights: the time of the block below, after which a key counts or no
/// longer does.
fn since(ledger: &Embedded<Notes>, height: u64) -> Option<Timestamp> {
    height.checked_sub(1).filter(|below| *below > 0).map(|below| ledger.block(below).unwrap().header.time)
}

/// A party's keys: each, and the times since which it counts and no longer does.
type KeysInTime = Vec<(allonge_crypto::PublicKey, Option<Timestamp>, Option<Timestamp>)>;

fn parties_in_time(ledger: &Embedded<Notes>) -> Vec<(PartyId, String, KeysInTime)> {
    let parties = ledger.list::<Party>(None, usize::MAX).unwrap();
    let keys = |party: &Party| {
        let times = party.keys.iter().map(|key| {
            assert_eq!((key.valid_until, key.roles.len()), (None, 0));
            (key.key, since(ledger, key.valid_from), key.revoked_at.and_then(|end| since(ledger, end)))
        });
        times.collect()
    };
    parties.iter().map(|party| (party.id.clone(), party.name.clone(), keys(party))).collect()
}

/// The results, but for the height from which a new key counts.
fn results_but_heights(told: &Told) -> Vec<TransactionResult<NoteEvent>> {
    let mut results = all_results(told);
    for result in &mut results {
        if let Verdict::Committed { events } = &mut result.verdict {
            for event in events {
                if let Event::Ledger(LedgerEvent::KeyAdded { valid_from, .. }) = event {
                    *valid_from = 0;
                }
            }
        }
    }
    results
}

/// A key counts from the height behind the block that registered it on, until the one behind the block that revoked
/// it. So that is what differs, and all that does, as long as no key signs at the time at which it changes, and
/// nobody names a height.
#[test]
fn wherever_blocks_end_nothing_differs_but_the_heights_at_which_keys_begin_and_end() {
    for seed in SEEDS {
        let [expected, others @ ..] =
            cuts(seed, &timetable(seed, true)).map(|blocks| Run::new(in_memory(2)).of(&blocks));
        let (_directory, ledger, told) = &expected;
        let keys: usize = parties_in_time(ledger).iter().map(|(_, _, keys)| keys.len()).sum();
        assert_eq!(keys, 6 + 5, "five keys were registered");
        assert!(told.blocks.iter().flat_map(|block| &block.transactions).any(|bytes| {
            let signed = SignedTransaction::from_bytes(bytes).unwrap();
            signed.approvals.iter().any(|approval| approval.key == public_key(103))
        }));
        for (_directory, other, other_told) in &others {
            assert_eq!(other_told.answers, told.answers, "seed {seed}");
            assert_eq!(results_but_heights(other_told), results_but_heights(told), "seed {seed}");
            assert_eq!(parties_in_time(other), parties_in_time(ledger), "seed {seed}");
            for (kind, of_other, of_this) in [
                ("authorities", all::<Authorities>(other), all::<Authorities>(ledger)),
                ("account", all::<Account>(other), all::<Account>(ledger)),
                ("hold", all::<Hold>(other), all::<Hold>(ledger)),
                ("note", all::<Note>(other), all::<Note>(ledger)),
                ("bucket", all::<BucketRoot>(other), all::<BucketRoot>(ledger)),
            ] {
                assert!(!of_this.is_empty(), "{kind}");
                assert_eq!(of_other, of_this, "seed {seed}, {kind}");
            }
            assert_ne!(all::<Party>(other), all::<Party>(ledger));
            assert_ne!(other.state_root(), ledger.state_root());
        }
    }
}
