//! Parties with accounts and money, and what they pay each other.

use std::path::Path;

use allonge_crypto::{Hash, HashSuite, Signer, SoftwareSigner};
use allonge_finance::{Currency, Money, PartyId, Timestamp};
use allonge_ledger::{
    Account, AccountId, Amount, Answer, Authorities, Clock, Context, Embedded, Entry, Error, GENESIS_VERSION,
    Genesis, GenesisParty, Governed, IdempotencyKey, LedgerOperation, Operation, Roster, Rules, Settings,
    SettlementAgent, Side, SignedTransaction, Stored, Transaction, TransactionResult, ValidatorKey, Verdict,
    Verified, canonical, from_canonical,
};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

pub const SUITE: HashSuite = HashSuite::Sha256;
/// Transactions of a block.
pub const BLOCK: usize = 8_192;
/// Operations of a large transaction, and how many of these make a block.
pub const LARGE: usize = 100;
pub const LARGE_BLOCK: usize = 256;

const PARTIES: u64 = 10_240;
const FEW: u64 = 64;
/// What each account has at first, in minor units.
const FUNDS: i128 = 1_000_000;
/// Seeds of keys below this are those of parties.
const VALIDATOR: u64 = 1 << 32;
const AGENT: u64 = VALIDATOR + 1;

/// A ledger with nothing but its own operations.
pub struct NoRules;

#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Nothing;

impl Governed for Nothing {
    const KINDS: &'static [&'static str] = &["nothing"];

    fn kind(&self) -> &'static str {
        "nothing"
    }

    fn amount(&self) -> Amount {
        Amount::None
    }
}

impl Rules for NoRules {
    type Operation = Nothing;
    type Event = Nothing;
    const VERSION: u32 = 1;

    fn errors() -> &'static [&'static Entry] {
        &[]
    }

    fn apply(&self, _: &mut Context<'_, Nothing>, _: &Nothing) -> Result<(), Error> {
        Ok(())
    }
}

/// Who signs the transactions of a block.
#[derive(Clone, Copy)]
pub enum Senders {
    /// 64 keys.
    Few,
    /// Each another key.
    Distinct,
}

/// A payment of one minor unit between accounts, by their numbers.
pub type Transfer = (u64, u64);

/// The same work for a ledger and for what it is compared with.
pub struct Work {
    pub transactions: Vec<SignedTransaction>,
    pub transfers: Vec<Transfer>,
    /// The keys of the state that the transfers touch, with values as long as theirs.
    pub touched: Vec<(Vec<u8>, Vec<u8>)>,
    /// Those of the idempotency keys.
    pub answers: Vec<(Vec<u8>, Vec<u8>)>,
}

/// Parties, each with a key and as many accounts, and a settlement agent.
pub struct World {
    each: u64,
    pub network: Hash,
    genesis: Genesis,
    signers: Vec<SoftwareSigner>,
    /// The transactions and transfers so far.
    number: u64,
}

impl World {
    /// With about so many accounts. Transactions are numbered from `first`; no two may have the same number.
    pub fn new(accounts: u64, first: u64) -> Self {
        let genesis = genesis();
        let signers = (0..PARTIES).map(signer).collect();
        let each = accounts.div_ceil(PARTIES).max(2);
        World { each, network: genesis.network(), genesis, signers, number: first.max(1 << 20) }
    }

    /// How many accounts of parties there are.
    pub fn accounts(&self) -> u64 {
        PARTIES * self.each
    }

    /// The number that the next transaction will have.
    pub fn next(&self) -> u64 {
        self.number
    }

    /// Creates a ledger, admits the parties, opens their accounts and issues them money.
    pub fn found(&self, directory: &Path) {
        std::fs::create_dir(directory).expect("a directory");
        let validator = Box::new(signer(VALIDATOR));
        let mut ledger =
            Embedded::create(directory, self.genesis.clone(), NoRules, validator, Settings::default())
                .expect("a ledger");
        let agent = signer(AGENT);
        let issue = account_id(agent_id(), "issue".to_owned());
        let mut number = 0;
        let mut sign = |author: PartyId, signer: &SoftwareSigner, operations: Vec<LedgerOperation>| {
            number += 1;
            self.sign(author, signer, number, operations)
        };

        let numbers: Vec<u64> = (0..PARTIES).collect();
        let admit = |number: &u64| LedgerOperation::AdmitParty {
            party: party_id(*number),
            name: format!("Party {number}"),
            keys: vec![signer(*number).public_key()],
        };
        let mut admitted: Vec<_> = (numbers.chunks(BLOCK / 2))
            .map(|some| sign(agent_id(), &agent, some.iter().map(admit).collect()))
            .collect();
        admitted.push(sign(agent_id(), &agent, vec![open(issue.clone())]));
        commit(&mut ledger, &admitted);

        for some in numbers.chunks(BLOCK.div_ceil(self.each as usize)) {
            let opened: Vec<_> = some
                .iter()
                .map(|party| {
                    let accounts =
                        (party * self.each..(party + 1) * self.each).map(|n| open(self.account(n)));
                    sign(party_id(*party), &self.signers[*party as usize], accounts.collect())
                })
                .collect();
            commit(&mut ledger, &opened);
        }
        let accounts: Vec<u64> = (0..self.accounts()).collect();
        for some in accounts.chunks(BLOCK) {
            let issued = some.iter().map(|to| transfer(issue.clone(), self.account(*to), FUNDS, 0));
            commit(&mut ledger, &[sign(agent_id(), &agent, issued.collect())]);
        }
    }

    /// Opens a copy of the ledger.
    pub fn open(&self, directory: &Path, threads: usize) -> Embedded<NoRules> {
        let settings = Settings { threads, ..Settings::default() };
        Embedded::open(directory, NoRules, Box::new(signer(VALIDATOR)), settings).expect("it opens")
    }

    /// So many transactions of so many transfers.
    pub fn work(&mut self, senders: Senders, transactions: usize, transfers: usize) -> Work {
        let mut made = Work { transactions: vec![], transfers: vec![], touched: vec![], answers: vec![] };
        for _ in 0..transactions {
            self.number += 1;
            let number = self.number;
            let sender = match senders {
                Senders::Few => number % FEW,
                Senders::Distinct => number % PARTIES,
            };
            let paid: Vec<Transfer> = (0..transfers as u64)
                .map(|place| {
                    let chance = mix(number << 20 | place);
                    let from = sender * self.each + chance % self.each;
                    let to = mix(chance) % self.accounts();
                    (from, if to == from { (to + 1) % self.accounts() } else { to })
                })
                .collect();
            let operations =
                paid.iter().map(|(from, to)| transfer(self.account(*from), self.account(*to), 1, number));
            let (author, key) = (party_id(sender), idempotency_key(number));
            let signer = &self.signers[sender as usize];
            made.transactions.push(self.sign(author.clone(), signer, number, operations.collect()));
            made.transfers.extend(paid);
            made.answers.push((Answer::key(&(author, key)), vec![7; 64]));
        }
        let mut touched: Vec<u64> = made.transfers.iter().flat_map(|(from, to)| [*from, *to]).collect();
        touched.sort_unstable();
        touched.dedup();
        made.touched = touched.into_iter().map(|number| self.record(number, made.transfers.len())).collect();
        made
    }

    /// An account's key in the state, and a value of the length of its own.
    pub fn record(&self, number: u64, seed: usize) -> (Vec<u8>, Vec<u8>) {
        let id = self.account(number);
        let mut account = Account::open(id.clone(), Side::Asset);
        account.entries = seed as u64;
        (Account::key(&id), canonical(&account))
    }

    pub fn account(&self, number: u64) -> AccountId {
        account_id(party_id(number / self.each), format!("current-{}", number % self.each))
    }

    fn sign(
        &self,
        author: PartyId,
        signer: &SoftwareSigner,
        number: u64,
        operations: Vec<LedgerOperation>,
    ) -> SignedTransaction {
        let transaction = Transaction::<Nothing> {
            network: self.network,
            author,
            key: idempotency_key(number),
            valid_until: start().plus_millis(24 * 3_600_000).expect("a time"),
            operations: operations.into_iter().map(Operation::Ledger).collect(),
        };
        transaction.sign(SUITE, &[signer]).expect("signed")
    }
}

/// Commits a block, all of whose transactions enter it.
pub fn commit(ledger: &mut Embedded<NoRules>, transactions: &[SignedTransaction]) {
    let answers = ledger.commit(ledger.time(), transactions).expect("a block");
    let refused = answers.iter().find_map(|answer| answer.as_ref().err());
    assert!(refused.is_none(), "{refused:?}");
}

/// As [`commit`], of what was verified before.
pub fn commit_verified(ledger: &mut Embedded<NoRules>, block: Vec<Result<Verified<Nothing>, Error>>) {
    let answers = ledger.commit_verified(ledger.time(), block).expect("a block");
    assert!(answers.iter().all(Result::is_ok));
}

/// The bytes of the newest block, all of whose transactions took effect.
pub fn newest_bytes(ledger: &Embedded<NoRules>) -> usize {
    let block = ledger.block(ledger.height()).expect("a block");
    for result in &block.results {
        let result: TransactionResult<Nothing> = from_canonical(result).expect("a result");
        assert!(matches!(result.verdict, Verdict::Committed { .. }));
    }
    canonical(&*block).len()
}

fn genesis() -> Genesis {
    let agent = GenesisParty {
        id: agent_id(),
        name: "Settlement Agent".to_owned(),
        keys: vec![signer(AGENT).public_key()],
    };
    let validator = ValidatorKey::try_from(signer(VALIDATOR).public_key()).expect("a key");
    Genesis {
        version: GENESIS_VERSION,
        name: "a benchmark".to_owned(),
        created: start(),
        clock: Clock::Manual,
        hash_suite: SUITE,
        rules_version: NoRules::VERSION,
        roster: Roster::new(vec![validator]).expect("a roster"),
        authorities: Authorities {
            registrar: agent_id(),
            calendar_publisher: agent_id(),
            supervisor: agent_id(),
            settlement_agents: vec![SettlementAgent { currency: currency(), party: agent_id() }],
        },
        parties: vec![agent],
        calendars: vec![],
    }
}

fn signer(number: u64) -> SoftwareSigner {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number.to_le_bytes());
    SoftwareSigner::from_seed(seed)
}

/// As long as a BIC.
fn party_id(number: u64) -> PartyId {
    PartyId::parse(&format!("party-{number:05}")).expect("a name")
}

fn agent_id() -> PartyId {
    PartyId::parse("settlement").expect("a name")
}

fn account_id(owner: PartyId, purpose: String) -> AccountId {
    AccountId::new(owner, currency(), purpose).expect("an account")
}

fn currency() -> Currency {
    Currency::parse("USD").expect("a currency")
}

fn open(account: AccountId) -> LedgerOperation {
    LedgerOperation::OpenAccount { account, ceiling: None }
}

fn transfer(from: AccountId, to: AccountId, minor_units: i128, number: u64) -> LedgerOperation {
    let amount = Money::from_minor_units(minor_units, currency());
    LedgerOperation::Transfer { from, to, amount, value_date: None, reference: format!("invoice {number}") }
}

fn idempotency_key(number: u64) -> IdempotencyKey {
    let mut key = [0; 16];
    key[..8].copy_from_slice(&mix(number).to_le_bytes());
    key[8..].copy_from_slice(&number.to_le_bytes());
    IdempotencyKey::new(key)
}

fn start() -> Timestamp {
    Timestamp::parse("2026-03-02T00:00:00Z").expect("a time")
}

/// SplitMix64.
pub fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
