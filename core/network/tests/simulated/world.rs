//! A network of banks, and what they do.

use std::time::Duration;

use allonge_crypto::{Hash, HashSuite, Signer, SoftwareSigner};
use allonge_finance::{Currency, Money, PartyId, Timestamp};
use allonge_ledger::{
    Account, AccountId, Authorities, Clock, GENESIS_VERSION, Genesis, GenesisParty, IdempotencyKey,
    LedgerOperation, Operation, Receipt, Roster, Rules, SettlementAgent, SignedTransaction, Transaction,
    ValidatorKey, Verdict, roster_approval_message,
};
use allonge_network::{Link, SimulatedNetwork, Simulation};
use allonge_trade::{TradeEvent, TradeOperation, TradeRules};

pub const SUITE: HashSuite = HashSuite::Sha256;
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The seeds of the keys of validators begin here.
const VALIDATOR: u8 = 100;
/// The agent that issues money, and two banks.
pub const AGENT: u8 = 1;
pub const ALICE: u8 = 2;
pub const BOB: u8 = 3;

pub fn signer(seed: u8) -> SoftwareSigner {
    SoftwareSigner::from_seed([seed; 32])
}

pub fn party(seed: u8) -> PartyId {
    let text = match seed {
        AGENT => "AGNTUS33XXX",
        ALICE => "ALICCNBJXXX",
        _ => "BOBBDEFFXXX",
    };
    PartyId::parse(text).unwrap()
}

pub fn start() -> Timestamp {
    Timestamp::parse("2026-03-02T00:00:00Z").unwrap()
}

pub fn genesis(validators: u8) -> Genesis {
    let key = |place| ValidatorKey::try_from(signer(VALIDATOR + place).public_key()).unwrap();
    let mut keys: Vec<_> = (0..validators).map(key).collect();
    keys.sort();
    let one = |seed| GenesisParty {
        id: party(seed),
        name: format!("Party {seed}"),
        keys: vec![signer(seed).public_key()],
    };
    let mut parties = vec![one(AGENT), one(ALICE), one(BOB)];
    parties.sort_by(|one, next| one.id.cmp(&next.id));
    let agent = SettlementAgent { currency: Currency::parse("USD").unwrap(), party: party(AGENT) };
    Genesis {
        version: GENESIS_VERSION,
        name: "a simulated network".into(),
        created: start(),
        clock: Clock::Manual,
        hash_suite: SUITE,
        rules_version: TradeRules::VERSION,
        roster: Roster::new(keys).unwrap(),
        authorities: Authorities {
            registrar: party(AGENT),
            calendar_publisher: party(AGENT),
            supervisor: party(AGENT),
            settlement_agents: vec![agent],
        },
        parties,
        calendars: vec![],
    }
}

pub fn network(validators: u8, seed: u64) -> SimulatedNetwork {
    with_others(validators, 0, seed)
}

/// A network of so many validators, with others beside them that may follow them.
pub fn with_others(validators: u8, others: u8, seed: u64) -> SimulatedNetwork {
    let keys = (0..validators + others).map(|place| [VALIDATOR + place; 32]).collect();
    SimulatedNetwork { genesis: genesis(validators), keys, seed, link: Link::default() }
}

/// The roster of the validators of these numbers; those below four are of the first.
pub fn roster(numbers: &[u8]) -> Roster {
    let key = |number: &u8| ValidatorKey::try_from(signer(VALIDATOR + number).public_key()).unwrap();
    let mut keys: Vec<_> = numbers.iter().map(key).collect();
    keys.sort();
    Roster::new(keys).unwrap()
}

/// Where the simulation has the validator of a number below four: by the order of the keys.
pub fn place(number: u8) -> usize {
    let key = ValidatorKey::try_from(signer(VALIDATOR + number).public_key()).unwrap();
    genesis(4).roster.position(&key).unwrap().into()
}

/// Lets time go by until an epoch has begun at those of these validators that run, for it was decided.
pub fn begin(simulation: &Simulation<TradeRules>, validators: &[usize], epoch: u64) {
    let begun = |validator: &usize| {
        let next = simulation.read(*validator, |ledger| ledger.tip().next_epoch);
        next.map_or(true, |next| next >= epoch)
    };
    for _ in 0..200 {
        if validators.iter().all(begun) {
            return;
        }
        simulation.run_for(Duration::from_secs(1)).unwrap();
    }
    panic!("epoch {epoch} did not begin");
}

/// The validator of a number, by its key, approves a roster for the epoch after this one.
pub fn approval(number: u8, epoch: u64, roster: &Roster) -> LedgerOperation {
    let signer = signer(VALIDATOR + number);
    let valid_until = start().plus_millis(86_400_000).unwrap();
    let message = roster_approval_message(&genesis(4).network(), epoch, roster, valid_until);
    LedgerOperation::ApproveRoster {
        epoch,
        roster: roster.clone(),
        valid_until,
        validator: ValidatorKey::try_from(signer.public_key()).unwrap(),
        signature: signer.sign(&message).unwrap(),
    }
}

pub fn simulate(validators: u8, seed: u64) -> Simulation<TradeRules> {
    Simulation::start(network(validators, seed), TradeRules).unwrap()
}

pub fn account(owner: u8, purpose: &str) -> AccountId {
    AccountId::new(party(owner), Currency::parse("USD").unwrap(), purpose).unwrap()
}

/// A transaction in a network of so many, valid for a day.
pub fn transaction(
    validators: u8,
    author: u8,
    key: u64,
    operations: Vec<LedgerOperation>,
) -> SignedTransaction {
    let mut bytes = [0; 16];
    bytes[8..].copy_from_slice(&key.to_be_bytes());
    let transaction = Transaction::<TradeOperation> {
        network: genesis(validators).network(),
        author: party(author),
        key: IdempotencyKey::new(bytes),
        valid_until: start().plus_millis(86_400_000).unwrap(),
        operations: operations.into_iter().map(Operation::Ledger).collect(),
    };
    let signer = signer(author);
    transaction.sign(SUITE, &[&signer as &dyn Signer]).unwrap()
}

pub fn open(owner: u8, purpose: &str) -> LedgerOperation {
    LedgerOperation::OpenAccount { account: account(owner, purpose), ceiling: None }
}

/// Money that the agent issues to Alice.
pub fn issue(validators: u8, key: u64) -> SignedTransaction {
    let transfer = LedgerOperation::Transfer {
        from: account(AGENT, "issue"),
        to: account(ALICE, "settlement"),
        amount: Money::from_minor_units(100, Currency::parse("USD").unwrap()),
        value_date: None,
        reference: "issued".into(),
    };
    transaction(validators, AGENT, key, vec![transfer])
}

/// Submits a transaction to a validator and waits until that can prove what became of it: it must have taken effect.
pub fn settle(
    simulation: &Simulation<TradeRules>,
    validator: usize,
    transaction: &SignedTransaction,
) -> Receipt {
    let id = simulation.submit(validator, transaction.to_bytes()).unwrap();
    assert_eq!(id, transaction.id(SUITE));
    proven(simulation, validator, &id)
}

/// The receipt of a transaction that took effect.
pub fn proven(simulation: &Simulation<TradeRules>, validator: usize, id: &Hash) -> Receipt {
    let receipt = simulation.settle(validator, *id, PATIENCE).unwrap();
    let receipt = receipt.unwrap_or_else(|| panic!("it was not settled in time"));
    let trust = simulation.read(validator, |ledger| ledger.trust().clone()).unwrap();
    let proven = receipt.verify::<TradeOperation, TradeEvent>(&trust).unwrap();
    assert_eq!(proven.id, *id);
    assert!(matches!(proven.result.verdict, Verdict::Committed { .. }), "{:?}", proven.result.verdict);
    receipt
}

/// Opens the accounts between which money moves.
pub fn open_accounts(simulation: &Simulation<TradeRules>) {
    let validators = simulation.read(0, |ledger| ledger.trust().genesis().roster.len()).unwrap();
    let validators = u8::try_from(validators).unwrap();
    let issue = transaction(validators, AGENT, 1, vec![open(AGENT, "issue")]);
    let settlement = transaction(validators, ALICE, 1, vec![open(ALICE, "settlement")]);
    for transaction in [&issue, &settlement] {
        simulation.submit(0, transaction.to_bytes()).unwrap();
    }
    proven(simulation, 0, &issue.id(SUITE));
    proven(simulation, 0, &settlement.id(SUITE));
}

/// What Alice has, in minor units, at a validator.
pub fn balance(simulation: &Simulation<TradeRules>, validator: usize) -> i128 {
    let found = simulation.read(validator, |ledger| ledger.get::<Account>(&account(ALICE, "settlement")));
    found.unwrap().unwrap().map_or(0, |account| account.balance.minor_units())
}

/// That all running validators have one history, as far as each came.
pub fn assert_one_history(simulation: &Simulation<TradeRules>, running: &[usize]) {
    let digests = |validator: usize| {
        let all = simulation.read(validator, |ledger| {
            let blocks = (1..=ledger.height()).map(|height| ledger.block(height).unwrap());
            blocks.map(|block| (block.header.digest(SUITE), block.state_root)).collect::<Vec<_>>()
        });
        all.unwrap()
    };
    let all: Vec<_> = running.iter().map(|validator| digests(*validator)).collect();
    for (one, other) in all.iter().zip(all.iter().skip(1)) {
        let both = one.len().min(other.len());
        assert_eq!(one[..both], other[..both]);
    }
}
