//! A ledger in memory, where each transaction is a block of its own.

use allonge_crypto::{Hash, Signer};
use allonge_finance::{PartyId, Timestamp};
use allonge_ledger::{
    Account, AccountId, Answers, BlockContext, Error, Event, Execution, Genesis, Hold, HoldId,
    LedgerOperation, MemoryState, Operation, Refusal, Rules, SettlementAgent, Stored, Transaction, Verdict,
    Verifier, decode_record, read_record,
};

use crate::world::*;

pub struct Memory<R: Rules> {
    rules: R,
    genesis: Genesis,
    state: MemoryState,
    height: u64,
    pub now: Timestamp,
    /// The id of the newest transaction.
    pub newest: Hash,
}

/// What became of a transaction by an author.
pub type Answered<R> = Result<Vec<Event<<R as Rules>::Event>>, Refusal>;

impl<R: Rules> Memory<R> {
    /// A ledger in which the agent issues euros too.
    pub fn create(rules: R) -> Self {
        let mut genesis = genesis(1);
        let euro = SettlementAgent { currency: currency("EUR"), party: party(AGENT) };
        genesis.authorities.settlement_agents.insert(0, euro);
        let mut state = MemoryState::default();
        state.merge(&genesis.initial_state().unwrap(), &Answers::default());
        Memory { rules, genesis, state, height: 0, now: start(), newest: Hash::default() }
    }

    pub fn submit(&mut self, author: u8, operations: Vec<Operation<R::Operation>>) -> Answered<R> {
        self.submit_by(author, &[author], operations).unwrap()
    }

    /// As `submit`, signed by keys of these seeds; an error keeps the transaction out of the block.
    pub fn submit_by(
        &mut self,
        author: u8,
        seeds: &[u8],
        operations: Vec<Operation<R::Operation>>,
    ) -> Result<Answered<R>, Error> {
        self.height += 1;
        let transaction = Transaction {
            network: self.genesis.network(),
            author: party(author),
            key: idempotency_key(self.height),
            valid_until: self.now,
            operations,
        };
        let signers: Vec<_> = seeds.iter().map(|seed| signer(*seed)).collect();
        let signers: Vec<&dyn Signer> = signers.iter().map(|signer| signer as &dyn Signer).collect();
        let signed = transaction.sign(SUITE, &signers).unwrap();
        let block = BlockContext {
            network: transaction.network,
            suite: SUITE,
            height: self.height,
            time: self.now,
            rules_version: R::VERSION,
            epoch: 0,
        };
        let mut execution = Execution::new(&self.rules, &self.state, block);
        let verified = Verifier::new(SUITE, block.network).verify_one(&signed).unwrap();
        let verdict = execution.push(&verified)?.verdict;
        self.newest = verified.id();
        let effects = execution.finish();
        if matches!(verdict, Verdict::Rejected { .. }) {
            assert!(effects.changes.is_empty(), "a refusal changes nothing but the answer to its key");
        }
        self.state.merge(&effects.changes, &effects.answers);
        let results = effects.transactions.iter().zip(&effects.results);
        self.state.remember((self.height, self.now), signed.to_bytes().len(), results);
        Ok(match verdict {
            Verdict::Committed { events } => Ok(events),
            Verdict::Rejected { refusal } => Err(refusal),
        })
    }

    /// The author does it.
    pub fn does(&mut self, author: u8, operation: LedgerOperation) -> Vec<Event<R::Event>> {
        let shown = format!("{operation:?}");
        match self.submit(author, vec![Operation::Ledger(operation)]) {
            Ok(events) => events,
            Err(refusal) => panic!("{shown} was refused: {refusal:?}"),
        }
    }

    /// The author tries it, and the code with which it is refused.
    pub fn refuses(&mut self, author: u8, operation: LedgerOperation) -> String {
        let shown = format!("{operation:?}");
        match self.submit(author, vec![Operation::Ledger(operation)]) {
            Ok(events) => panic!("{shown} came through: {events:?}"),
            Err(refusal) => refusal.code,
        }
    }

    pub fn opens(&mut self, account: &AccountId) {
        self.does(
            seed_of(account.owner()),
            LedgerOperation::OpenAccount { account: account.clone(), ceiling: None },
        );
    }

    /// The agent issues money into an account.
    pub fn funds(&mut self, to: &AccountId, minor_units: i128) {
        let issue = AccountId::new(party(AGENT), to.currency(), "issue").unwrap();
        if self.find::<Account>(&issue).is_none() {
            self.opens(&issue);
        }
        self.does(AGENT, pay(&issue, to, minor_units));
    }

    pub fn find<T: Stored>(&self, id: &T::Id) -> Option<T> {
        read_record(&self.state, id).unwrap()
    }

    pub fn account(&self, id: &AccountId) -> Account {
        self.find(id).unwrap()
    }

    pub fn balance(&self, id: &AccountId) -> i128 {
        self.account(id).balance.minor_units()
    }

    pub fn hold(&self, id: &HoldId) -> Hold {
        self.find(id).unwrap()
    }

    pub fn all<T: Stored>(&self) -> Vec<T> {
        self.state
            .iter()
            .filter(|(key, _)| key.first() == Some(&T::KIND))
            .map(|(_, value)| decode_record(value).unwrap())
            .collect()
    }

    pub fn passes(&mut self, seconds: i64) {
        self.now = self.now.plus_millis(seconds * 1_000).unwrap();
    }
}

/// A transfer of so many minor units.
pub fn pay(from: &AccountId, to: &AccountId, minor_units: i128) -> LedgerOperation {
    LedgerOperation::Transfer {
        from: from.clone(),
        to: to.clone(),
        amount: money(from, minor_units),
        value_date: None,
        reference: String::new(),
    }
}

/// So much in the currency of an account.
pub fn money(account: &AccountId, minor_units: i128) -> allonge_finance::Money {
    allonge_finance::Money::from_minor_units(minor_units, account.currency())
}

pub fn account_in(owner: u8, code: &str, purpose: &str) -> AccountId {
    AccountId::new(party(owner), currency(code), purpose).unwrap()
}

pub fn hold_id(payer: u8, number: &str) -> HoldId {
    HoldId::new(party(payer), number).unwrap()
}

pub fn seed_of(party: &PartyId) -> u8 {
    [AGENT, ALICE, BOB, SUPERVISOR].into_iter().find(|seed| self::party(*seed) == *party).unwrap()
}
