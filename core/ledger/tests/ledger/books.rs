//! The books as a whole: what holds after every transaction, whatever parties try, and a second ledger made of
//! plain maps that must agree with the real one on every step.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use allonge_crypto::Hash;
use allonge_finance::{Currency, Date, Money, PartyId};
use allonge_ledger::{
    Account, AccountId, Against, Hold, HoldId, HoldState, LedgerOperation, Operation, Reversal, Side,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::memory::*;
use crate::world::*;

/// How many operations the real ledger and the model are given. `ALLONGE_MODEL_OPERATIONS` takes its place.
const MODEL_OPERATIONS: usize = 20_000;

/// A step, with numbers that are resolved to accounts and holds when its turn comes.
#[derive(Clone, Debug)]
enum Step {
    Open {
        account: usize,
        ceiling: Option<i128>,
    },
    SetCeiling {
        account: usize,
        ceiling: Option<i128>,
    },
    Transfer {
        from: usize,
        to: usize,
        amount: Amount,
        days: Option<i32>,
    },
    Hold {
        from: usize,
        to: usize,
        amount: Amount,
        poster: Option<usize>,
        against: Option<(usize, Amount)>,
        seconds: i64,
        again: bool,
    },
    Post {
        hold: usize,
        part: Option<Amount>,
        pay_from: Option<usize>,
    },
    Void {
        hold: usize,
        by_payer: bool,
    },
    Reverse {
        transaction: usize,
        days: Option<i32>,
        flaw: Option<Flaw>,
    },
}

/// What can be wrong with a reversal, beside what it reverses and who does it.
#[derive(Clone, Copy, Debug)]
enum Flaw {
    Unknown,
    Amounts,
    Reason,
}

/// An amount, now and then in the wrong currency.
#[derive(Clone, Copy, Debug)]
struct Amount {
    minor_units: i128,
    odd_currency: bool,
}

#[derive(Clone, Debug)]
struct Attempt {
    steps: Vec<Step>,
    /// Somebody else than the party whose business the first step is.
    stranger: Option<usize>,
    seconds: i64,
}

const PARTIES: [u8; 4] = [AGENT, ALICE, BOB, SUPERVISOR];

/// The agent's two issue accounts, and two more accounts for everybody.
fn accounts() -> Vec<AccountId> {
    let issue = ["EUR", "USD"].map(|code| account_in(AGENT, code, "issue"));
    let others =
        PARTIES.into_iter().flat_map(|owner| ["EUR", "USD"].map(|code| account_in(owner, code, "one")));
    issue.into_iter().chain(others).collect()
}

fn amount() -> impl Strategy<Value = Amount> {
    let minor_units = prop_oneof![
        1 => -1_i128..=0,
        12 => 1_i128..100,
        12 => 1_i128..100_000,
        1 => (i128::MAX - 1_000)..=i128::MAX,
    ];
    (minor_units, 0..40).prop_map(|(minor_units, odd)| Amount { minor_units, odd_currency: odd == 0 })
}

fn step() -> impl Strategy<Value = Step> {
    let account = || 0..10_usize;
    let party = || 0..4_usize;
    let ceiling = || proptest::option::of(prop_oneof![1 => -1_i128..1_000, 3 => 1_000_i128..1_000_000]);
    let days = proptest::option::weighted(0.2, prop_oneof![Just(-367), -366..=366, Just(367)]);
    let reversal_days = days.clone();
    let flaw = prop::sample::select(&[Flaw::Unknown, Flaw::Amounts, Flaw::Reason]);
    let flaw = proptest::option::weighted(0.1, flaw);
    let seconds = prop_oneof![1 => Just(0_i64), 20 => 1_i64..2_000, 1 => Just(366 * 86_400), 1 => Just(366 * 86_400 + 1)];
    let against = proptest::option::weighted(0.3, (account(), amount()));
    prop_oneof![
        2 => (account(), ceiling()).prop_map(|(account, ceiling)| Step::Open { account, ceiling }),
        1 => (account(), ceiling()).prop_map(|(account, ceiling)| Step::SetCeiling { account, ceiling }),
        8 => (account(), account(), amount(), days)
            .prop_map(|(from, to, amount, days)| Step::Transfer { from, to, amount, days }),
        6 => (account(), account(), amount(), proptest::option::weighted(0.2, party()), against, seconds, 0..20)
            .prop_map(|(from, to, amount, poster, against, seconds, again)| {
                Step::Hold { from, to, amount, poster, against, seconds, again: again == 0 }
            }),
        6 => (0..12_usize, proptest::option::of(amount()), proptest::option::weighted(0.3, account()))
            .prop_map(|(hold, part, pay_from)| Step::Post { hold, part, pay_from }),
        3 => (0..12_usize, any::<bool>()).prop_map(|(hold, by_payer)| Step::Void { hold, by_payer }),
        3 => (0..8_usize, reversal_days, flaw)
            .prop_map(|(transaction, days, flaw)| Step::Reverse { transaction, days, flaw }),
    ]
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let steps =
        prop_oneof![4 => proptest::collection::vec(step(), 1), 1 => proptest::collection::vec(step(), 2..4)];
    let stranger = proptest::option::weighted(0.05, 0..4_usize);
    let seconds = prop_oneof![3 => Just(0_i64), 2 => 1_i64..200];
    (steps, stranger, seconds).prop_map(|(steps, stranger, seconds)| Attempt { steps, stranger, seconds })
}

/// Makes operations of steps.
struct Resolver {
    accounts: Vec<AccountId>,
    /// The holds that were asked for, with those who would post them; the newest last.
    holds: Vec<(HoldId, PartyId)>,
    /// The transactions that would have transferred something, or reversed another; the newest last.
    sent: Vec<(Hash, Vec<LedgerOperation>)>,
}

impl Resolver {
    fn new() -> Self {
        let holds = vec![(hold_id(ALICE, "none"), party(ALICE))];
        Resolver { accounts: accounts(), holds, sent: Vec::new() }
    }

    /// A transaction was submitted.
    fn sends(&mut self, transaction: Hash, operations: Vec<LedgerOperation>) {
        let moves = |operation: &LedgerOperation| {
            matches!(operation, LedgerOperation::Transfer { .. } | LedgerOperation::ReverseTransaction { .. })
        };
        if operations.iter().any(moves) {
            self.sent.push((transaction, operations));
        }
    }

    /// The reversal of one of the newest transactions, by the first whom it paid.
    fn reverse(
        &self,
        back: usize,
        value_date: Option<Date>,
        flaw: Option<Flaw>,
    ) -> (PartyId, LedgerOperation) {
        let sent = self.sent.iter().rev().nth(back % self.sent.len().max(1));
        let (mut transaction, operations) = sent.cloned().unwrap_or_default();
        let mut sums = BTreeMap::<Currency, i128>::new();
        let mut author = party(ALICE);
        for operation in operations.iter().rev() {
            if let LedgerOperation::Transfer { to, amount, .. } = operation {
                let sum = sums.entry(amount.currency()).or_default();
                *sum = sum.saturating_add(amount.minor_units());
                author = to.owner().clone();
            }
        }
        let mut reason = "storno".to_owned();
        match flaw {
            Some(Flaw::Unknown) => transaction = Hash::default(),
            Some(Flaw::Amounts) => *sums.entry(currency("USD")).or_default() -= 1,
            Some(Flaw::Reason) => reason.clear(),
            None => {}
        }
        let amounts =
            sums.into_iter().map(|(currency, sum)| Money::from_minor_units(sum, currency)).collect();
        (author, LedgerOperation::ReverseTransaction { transaction, amounts, value_date, reason })
    }

    fn money(&self, account: &AccountId, amount: Amount) -> Money {
        let codes = if amount.odd_currency { ["USD", "EUR"] } else { ["EUR", "USD"] };
        let code = if account.currency() == currency("EUR") { codes[0] } else { codes[1] };
        Money::from_minor_units(amount.minor_units, currency(code))
    }

    /// An account of the same currency, which other strategies would rarely hit.
    fn same_currency(&self, account: &AccountId, other: usize) -> AccountId {
        let shift = usize::from(account.currency() == currency("USD"));
        self.accounts[other / 2 * 2 + shift].clone()
    }

    fn hold(&self, back: usize) -> &(HoldId, PartyId) {
        &self.holds[self.holds.len() - 1 - back % self.holds.len()]
    }

    /// The operation, and the party whose business it is.
    fn resolve(&mut self, step: &Step, now: allonge_finance::Timestamp) -> (PartyId, LedgerOperation) {
        let account = |number: &usize| self.accounts[*number].clone();
        let ceiling = |account: &AccountId, ceiling: &Option<i128>| {
            ceiling.map(|minor_units| money(account, minor_units))
        };
        match step {
            Step::Open { account: number, ceiling: limit } => {
                let account = account(number);
                let ceiling = ceiling(&account, limit);
                (account.owner().clone(), LedgerOperation::OpenAccount { account, ceiling })
            }
            Step::SetCeiling { account: number, ceiling: limit } => {
                let account = account(number);
                let ceiling = ceiling(&account, limit);
                (account.owner().clone(), LedgerOperation::SetCeiling { account, ceiling })
            }
            Step::Transfer { from, to, amount, days } => {
                let from = account(from);
                let (to, amount) = (self.same_currency(&from, *to), self.money(&from, *amount));
                let value_date = days.map(|days| now.utc_date().plus_days(days).unwrap());
                let author = from.owner().clone();
                let reference = String::new();
                (author, LedgerOperation::Transfer { from, to, amount, value_date, reference })
            }
            Step::Hold { from, to, amount, poster, against, seconds, again } => {
                let from = account(from);
                let (to, amount) = (self.same_currency(&from, *to), self.money(&from, *amount));
                let poster = poster.map(|poster| party(PARTIES[poster]));
                let against = against.map(|(number, amount)| {
                    let account = account(&number);
                    Against { amount: self.money(&account, amount), account }
                });
                let payer = from.owner().clone();
                let hold = if *again {
                    self.hold(0).0.clone()
                } else {
                    HoldId::new(payer.clone(), self.holds.len().to_string()).unwrap()
                };
                self.holds.push((hold.clone(), poster.as_ref().unwrap_or(to.owner()).clone()));
                let (expires_at, reference) = (now.plus_millis(seconds * 1_000).unwrap(), String::new());
                let hold = LedgerOperation::HoldFunds {
                    hold,
                    from,
                    to,
                    amount,
                    poster,
                    against,
                    expires_at,
                    reference,
                };
                (payer, hold)
            }
            Step::Post { hold, part, pay_from } => {
                let (hold, poster) = self.hold(*hold).clone();
                let amount = part.map(|part| self.money(&self.accounts[1], part));
                let pay_from = pay_from.map(|number| account(&number));
                (poster, LedgerOperation::PostHold { hold, amount, pay_from })
            }
            Step::Void { hold, by_payer } => {
                let (hold, poster) = self.hold(*hold).clone();
                let author = if *by_payer { hold.payer().clone() } else { poster };
                (author, LedgerOperation::VoidHold { hold })
            }
            Step::Reverse { transaction, days, flaw } => {
                let value_date = days.map(|days| now.utc_date().plus_days(days).unwrap());
                self.reverse(*transaction, value_date, *flaw)
            }
        }
    }

    fn resolve_all(
        &mut self,
        attempt: &Attempt,
        now: allonge_finance::Timestamp,
    ) -> (u8, Vec<LedgerOperation>) {
        let resolved: Vec<_> = attempt.steps.iter().map(|step| self.resolve(step, now)).collect();
        let author = attempt.stranger.map_or_else(|| seed_of(&resolved[0].0), |stranger| PARTIES[stranger]);
        (author, resolved.into_iter().map(|(_, operation)| operation).collect())
    }
}

fn as_operations(operations: Vec<LedgerOperation>) -> Vec<Operation<NoteOperation>> {
    operations.into_iter().map(Operation::Ledger).collect()
}

/// What holds at every height.
fn check_books(accounts: &[Account], holds: &[Hold]) -> Result<(), TestCaseError> {
    let mut sums: HashMap<Currency, i128> = HashMap::new();
    let mut positive: HashMap<Currency, i128> = HashMap::new();
    for account in accounts {
        // Not one sum: the issuer's debt and all that is owned may both be as large as a number can be.
        let side = if account.balance.is_negative() { &mut sums } else { &mut positive };
        let sum = side.entry(account.balance.currency()).or_default();
        *sum = sum.checked_add(account.balance.minor_units()).unwrap();

        let of_account = |hold: &&Hold| hold.from == account.id && hold.state == HoldState::Open;
        let remaining: i128 = holds.iter().filter(of_account).map(|hold| hold.remaining.minor_units()).sum();
        prop_assert_eq!(account.held.minor_units(), remaining, "{}", &account.id);
        let available = account.available().unwrap();
        match account.side {
            Side::Asset => {
                prop_assert!(!account.balance.is_negative() && !available.is_negative(), "{account:?}");
            }
            Side::Liability => prop_assert!(!account.balance.is_positive(), "{account:?}"),
        }
        if let Some(ceiling) = account.ceiling {
            let reached = match account.side {
                Side::Asset => account.balance.minor_units(),
                Side::Liability => -available.minor_units(),
            };
            prop_assert!(reached <= ceiling.minor_units(), "{account:?}");
        }
    }
    for (currency, owned) in positive {
        let owed = sums.get(&currency).copied().unwrap_or_default();
        prop_assert_eq!(owed + owned, 0, "the books in {} balance", currency);
    }
    for hold in holds {
        let (amount, posted) = (hold.amount.minor_units(), hold.posted.minor_units());
        let remaining = hold.remaining.minor_units();
        prop_assert!(posted >= 0 && remaining >= 0 && posted <= amount - remaining, "{hold:?}");
        match hold.state {
            HoldState::Open => prop_assert!(remaining > 0 && posted + remaining == amount, "{hold:?}"),
            HoldState::Posted => prop_assert!(remaining == 0 && posted == amount, "{hold:?}"),
            HoldState::Voided | HoldState::Expired => {
                prop_assert!(remaining == 0 && posted < amount, "{hold:?}")
            }
        }
        if hold.against.is_some() {
            prop_assert!(posted == 0 || posted == amount, "an exchange is whole: {hold:?}");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, ..ProptestConfig::default() })]
    #[test]
    fn the_books_balance_at_every_height(attempts in proptest::collection::vec(attempt(), 1..120)) {
        let (mut ledger, mut resolver) = (Memory::create(Notes), Resolver::new());
        for account in &resolver.accounts {
            ledger.opens(account);
        }
        for account in resolver.accounts.iter().filter(|account| account.purpose() != "issue") {
            ledger.funds(account, 50_000);
            let (account, ceiling) = (account.clone(), Some(money(account, 90_000)));
            ledger.does(seed_of(account.owner()), LedgerOperation::SetCeiling { account, ceiling });
        }
        for attempt in attempts {
            ledger.passes(attempt.seconds);
            let (author, operations) = resolver.resolve_all(&attempt, ledger.now);
            let (accounts, holds) = (ledger.all::<Account>(), ledger.all::<Hold>());
            if ledger.submit(author, as_operations(operations.clone())).is_err() {
                prop_assert_eq!((accounts, holds), (ledger.all(), ledger.all()));
            } else {
                check_books(&ledger.all(), &ledger.all())?;
            }
            resolver.sends(ledger.newest, operations);
        }
    }
}

/// A ledger of plain maps, for nothing but to disagree.
#[derive(Clone, Default)]
struct Model {
    accounts: BTreeMap<String, ModelAccount>,
    holds: HashMap<String, ModelHold>,
    transactions: HashMap<Hash, ModelTransaction>,
    /// The transactions that were reversed.
    reversed: BTreeSet<Hash>,
    /// Whether the transaction at hand reversed one, or tried to.
    reverses: bool,
    now: i64,
    /// What the transaction at hand wrote, to be undone.
    undo: Vec<Undo>,
}

#[derive(Clone)]
enum Undo {
    Account(String, Option<ModelAccount>),
    Hold(String, Option<ModelHold>),
    Reversed(Hash),
}

/// What a transaction transferred, unless it was refused or did anything else: from, to, how much, and the day from
/// which on it counts.
type ModelTransaction = Option<Vec<(String, String, (i128, String), i32)>>;

#[derive(Clone, Debug, PartialEq)]
struct ModelAccount {
    owner: String,
    currency: String,
    issues: bool,
    balance: i128,
    held: i128,
    ceiling: Option<i128>,
    entries: u64,
}

#[derive(Clone, Debug, PartialEq)]
struct ModelHold {
    payer: String,
    poster: String,
    from: String,
    to: String,
    amount: i128,
    posted: i128,
    remaining: i128,
    against: Option<(String, i128, String)>,
    expires: i64,
    state: &'static str,
}

type Judged<T = ()> = Result<T, &'static str>;

fn parts(money: &Money) -> (i128, String) {
    (money.minor_units(), money.currency().to_string())
}

impl Model {
    /// All of the operations, or the place of the first that is refused and why.
    fn submit(&mut self, author: &str, operations: &[LedgerOperation]) -> Result<(), (u16, &'static str)> {
        self.undo.clear();
        self.reverses = false;
        for (place, operation) in (0..).zip(operations) {
            if let Err(code) = self.apply(author, operation) {
                for undo in std::mem::take(&mut self.undo).into_iter().rev() {
                    match undo {
                        Undo::Account(id, Some(account)) => drop(self.accounts.insert(id, account)),
                        Undo::Account(id, None) => drop(self.accounts.remove(&id)),
                        Undo::Hold(id, Some(hold)) => drop(self.holds.insert(id, hold)),
                        Undo::Hold(id, None) => drop(self.holds.remove(&id)),
                        Undo::Reversed(id) => drop(self.reversed.remove(&id)),
                    }
                }
                return Err((place, code));
            }
        }
        Ok(())
    }

    fn apply(&mut self, author: &str, operation: &LedgerOperation) -> Judged {
        match operation {
            LedgerOperation::OpenAccount { account, ceiling } => {
                let (id, owner) = (account.to_string(), account.owner().to_string());
                if owner != author {
                    return Err("account.not_yours");
                }
                if self.accounts.contains_key(&id) {
                    return Err("account.exists");
                }
                let (currency, issues) =
                    (account.currency().to_string(), id.starts_with("AGNT") && id.ends_with("/issue"));
                let new =
                    ModelAccount { owner, currency, issues, balance: 0, held: 0, ceiling: None, entries: 0 };
                self.write(&id, limited(new, ceiling)?);
            }
            LedgerOperation::SetCeiling { account, ceiling } => {
                self.owned(author, account)?;
                let id = account.to_string();
                let account = limited(self.account(&id)?, ceiling)?;
                self.write(&id, account);
            }
            LedgerOperation::Transfer { from, to, amount, value_date, .. } => {
                self.owned(author, from)?;
                self.counts_from(*value_date, self.today())?;
                self.moves(&from.to_string(), &to.to_string(), &parts(amount), 0)?;
            }
            LedgerOperation::HoldFunds { .. } => self.places(author, operation)?,
            LedgerOperation::PostHold { hold, amount, pay_from } => {
                self.posts(author, &hold.to_string(), amount.as_ref().map(parts), pay_from.as_ref())?;
            }
            LedgerOperation::VoidHold { hold } => self.voids(author, &hold.to_string())?,
            LedgerOperation::ReverseTransaction { transaction, amounts, value_date, reason } => {
                self.gives_back(author, *transaction, amounts, *value_date, reason)?;
            }
            other => panic!("{other:?} is not modelled"),
        }
        Ok(())
    }

    fn today(&self) -> i32 {
        i32::try_from(self.now / 86_400_000).unwrap()
    }

    fn counts_from(&self, date: Option<Date>, otherwise: i32) -> Judged<i32> {
        let day = date.map_or(otherwise, |date| date.epoch_days());
        if (day - self.today()).abs() > 366 { Err("transfer.value_date") } else { Ok(day) }
    }

    /// What a transaction came to, for those that would reverse it.
    fn remembers(&mut self, id: Hash, operations: &[LedgerOperation], committed: bool) {
        let transfers = operations.iter().map(|operation| match operation {
            LedgerOperation::Transfer { from, to, amount, value_date, .. } => {
                let day = value_date.map_or(self.today(), |date| date.epoch_days());
                Some((from.to_string(), to.to_string(), parts(amount), day))
            }
            _ => None,
        });
        let transfers = transfers.collect::<Option<Vec<_>>>().filter(|_| committed);
        self.transactions.insert(id, transfers);
    }

    fn gives_back(
        &mut self,
        author: &str,
        id: Hash,
        amounts: &[Money],
        value_date: Option<Date>,
        reason: &str,
    ) -> Judged {
        if reason.is_empty() {
            return Err("reversal.reason");
        }
        if self.reverses {
            return Err("reversal.second");
        }
        self.reverses = true;
        if self.reversed.contains(&id) {
            return Err("reversal.repeated");
        }
        let transfers = self.transactions.get(&id).cloned().ok_or("reversal.unknown")?;
        let transfers = transfers.ok_or("reversal.not_transfers")?;
        let mut sums = BTreeMap::<String, i128>::new();
        for (_, to, (amount, currency), _) in &transfers {
            if self.account(to)?.owner != author {
                return Err("reversal.not_yours");
            }
            let sum = sums.entry(currency.clone()).or_default();
            *sum = sum.checked_add(*amount).ok_or("amount.overflow")?;
        }
        if amounts.iter().map(parts).ne(sums.into_iter().map(|(currency, sum)| (sum, currency))) {
            return Err("reversal.amounts");
        }
        for (from, to, amount, day) in transfers.into_iter().rev() {
            self.counts_from(value_date, day)?;
            self.moves(&to, &from, &amount, 0)?;
        }
        self.reversed.insert(id);
        self.undo.push(Undo::Reversed(id));
        Ok(())
    }

    fn places(&mut self, author: &str, operation: &LedgerOperation) -> Judged {
        let LedgerOperation::HoldFunds { hold, from, to, amount, poster, against, expires_at, .. } =
            operation
        else {
            panic!("{operation:?} is no hold")
        };
        let (amount, expires) = (&parts(amount), expires_at.millis());
        let payer = hold.payer().to_string();
        if payer != author {
            return Err("hold.not_yours");
        }
        if self.holds.contains_key(&hold.to_string()) {
            return Err("hold.exists");
        }
        self.owned(author, from)?;
        if from == to {
            return Err("account.same");
        }
        fits(&self.account(&to.to_string())?, amount)?;
        if let Some(Against { account, amount }) = against {
            fits(&self.account(&account.to_string())?, &parts(amount))?;
        }
        if expires <= self.now || expires > self.now + 366 * 86_400_000 {
            return Err("hold.expiry_invalid");
        }
        let mut account = self.account(&from.to_string())?;
        may_leave(&account, amount)?;
        account.held = account.held.checked_add(amount.0).ok_or("amount.overflow")?;
        self.write(&from.to_string(), account);
        let placed = ModelHold {
            payer,
            poster: poster.as_ref().unwrap_or(to.owner()).to_string(),
            from: from.to_string(),
            to: to.to_string(),
            amount: amount.0,
            posted: 0,
            remaining: amount.0,
            against: against.as_ref().map(|against| {
                let (amount, currency) = parts(&against.amount);
                (against.account.to_string(), amount, currency)
            }),
            expires,
            state: "open",
        };
        self.write_hold(&hold.to_string(), placed);
        Ok(())
    }

    fn posts(
        &mut self,
        author: &str,
        id: &str,
        amount: Option<(i128, String)>,
        pay_from: Option<&AccountId>,
    ) -> Judged {
        let mut hold = self.holds.get(id).cloned().ok_or("hold.unknown")?;
        if hold.poster != author {
            return Err("hold.not_yours");
        }
        if hold.state != "open" {
            return Err("hold.closed");
        }
        if self.now > hold.expires {
            return Err("hold.expired");
        }
        let payer = self.account(&hold.from)?;
        let amount = amount.unwrap_or((hold.remaining, payer.currency.clone()));
        fits(&payer, &amount)?;
        if amount.0 > hold.remaining {
            return Err("hold.exceeded");
        }
        if hold.against.is_some() && amount.0 != hold.remaining {
            return Err("hold.only_whole");
        }
        if hold.against.is_some() != pay_from.is_some() {
            return Err("hold.pay_from");
        }
        if let Some(account) = pay_from {
            self.owned(author, account)?;
        }
        self.moves(&hold.from, &hold.to, &amount, amount.0)?;
        if let (Some((account, amount, currency)), Some(pay_from)) = (hold.against.clone(), pay_from) {
            self.moves(&pay_from.to_string(), &account, &(amount, currency), 0)?;
        }
        hold.posted += amount.0;
        hold.remaining -= amount.0;
        if hold.remaining == 0 {
            hold.state = "posted";
        }
        self.write_hold(id, hold);
        Ok(())
    }

    fn voids(&mut self, author: &str, id: &str) -> Judged {
        let mut hold = self.holds.get(id).cloned().ok_or("hold.unknown")?;
        if hold.state != "open" {
            return Err("hold.closed");
        }
        let expired = self.now > hold.expires;
        if author != hold.poster && author != hold.payer {
            return Err("hold.not_yours");
        }
        if author != hold.poster && !expired {
            return Err("hold.not_expired");
        }
        let mut payer = self.account(&hold.from)?;
        payer.held -= hold.remaining;
        self.write(&hold.from.clone(), payer);
        hold.remaining = 0;
        hold.state = if expired { "expired" } else { "voided" };
        self.write_hold(id, hold);
        Ok(())
    }

    fn moves(&mut self, from: &str, to: &str, amount: &(i128, String), released: i128) -> Judged {
        if from == to {
            return Err("account.same");
        }
        let mut payer = self.account(from)?;
        payer.held -= released;
        may_leave(&payer, amount)?;
        payer.balance = payer.balance.checked_sub(amount.0).ok_or("amount.overflow")?;
        payer.entries += 1;
        let mut payee = self.account(to)?;
        fits(&payee, amount)?;
        payee.balance = payee.balance.checked_add(amount.0).ok_or("amount.overflow")?;
        payee.entries += 1;
        if payee.issues && payee.balance > 0 {
            return Err("account.not_owed");
        }
        if !payee.issues && payee.ceiling.is_some_and(|ceiling| payee.balance > ceiling) {
            return Err("account.ceiling_exceeded");
        }
        self.write(from, payer);
        self.write(to, payee);
        Ok(())
    }

    fn account(&self, id: &str) -> Judged<ModelAccount> {
        self.accounts.get(id).cloned().ok_or("account.unknown")
    }

    fn owned(&self, author: &str, account: &AccountId) -> Judged {
        if account.owner().to_string() == author { Ok(()) } else { Err("account.not_yours") }
    }

    fn write(&mut self, id: &str, account: ModelAccount) {
        let before = self.accounts.insert(id.to_owned(), account);
        self.undo.push(Undo::Account(id.to_owned(), before));
    }

    fn write_hold(&mut self, id: &str, hold: ModelHold) {
        let before = self.holds.insert(id.to_owned(), hold);
        self.undo.push(Undo::Hold(id.to_owned(), before));
    }
}

fn limited(mut account: ModelAccount, ceiling: &Option<Money>) -> Judged<ModelAccount> {
    let Some((limit, currency)) = ceiling.as_ref().map(parts) else {
        account.ceiling = None;
        return Ok(account);
    };
    if currency != account.currency {
        return Err("account.currency");
    }
    let reached = if account.issues { account.held - account.balance } else { account.balance };
    if reached > limit {
        return Err("account.ceiling_exceeded");
    }
    account.ceiling = Some(limit);
    Ok(account)
}

fn fits(account: &ModelAccount, (amount, currency): &(i128, String)) -> Judged {
    if account.currency != *currency {
        Err("account.currency")
    } else if *amount <= 0 {
        Err("amount.not_positive")
    } else {
        Ok(())
    }
}

fn may_leave(account: &ModelAccount, amount: &(i128, String)) -> Judged {
    fits(account, amount)?;
    let left = account.balance - account.held;
    let left = left.checked_sub(amount.0).ok_or("amount.overflow")?;
    if account.issues {
        if account.ceiling.is_some_and(|ceiling| ceiling + left < 0) {
            return Err("account.ceiling_exceeded");
        }
    } else if left < 0 {
        return Err("account.insufficient_funds");
    }
    Ok(())
}

fn modelled(account: &Account) -> ModelAccount {
    ModelAccount {
        owner: account.id.owner().to_string(),
        currency: account.id.currency().to_string(),
        issues: account.side == Side::Liability,
        balance: account.balance.minor_units(),
        held: account.held.minor_units(),
        ceiling: account.ceiling.map(|ceiling| ceiling.minor_units()),
        entries: account.entries,
    }
}

fn modelled_hold(hold: &Hold) -> ModelHold {
    ModelHold {
        payer: hold.id.payer().to_string(),
        poster: hold.poster.as_ref().unwrap().to_string(),
        from: hold.from.to_string(),
        to: hold.to.to_string(),
        amount: hold.amount.minor_units(),
        posted: hold.posted.minor_units(),
        remaining: hold.remaining.minor_units(),
        against: hold.against.as_ref().map(|against| {
            let (amount, currency) = parts(&against.amount);
            (against.account.to_string(), amount, currency)
        }),
        expires: hold.expires_at.millis(),
        state: match hold.state {
            HoldState::Open => "open",
            HoldState::Posted => "posted",
            HoldState::Voided => "voided",
            HoldState::Expired => "expired",
        },
    }
}

#[test]
fn the_ledger_agrees_with_a_ledger_of_plain_maps() {
    let wanted = std::env::var("ALLONGE_MODEL_OPERATIONS").ok();
    let wanted = wanted.map_or(MODEL_OPERATIONS, |count| count.parse().unwrap());
    let (mut ledger, mut model, mut resolver) = (Memory::create(Notes), Model::default(), Resolver::new());
    // The same steps on every run.
    let (mut runner, strategy) = (TestRunner::deterministic(), attempt());
    let (mut done, mut outcomes) = (0, BTreeMap::<String, usize>::new());
    while done < wanted {
        let attempt = strategy.new_tree(&mut runner).unwrap().current();
        ledger.passes(attempt.seconds);
        model.now = ledger.now.millis();
        let (author, operations) = resolver.resolve_all(&attempt, ledger.now);
        let expected = model.submit(party(author).as_str(), &operations);
        let shown = format!("after {done} operations, {author}: {operations:?}");
        done += operations.len();

        let answer = ledger.submit(author, as_operations(operations.clone()));
        model.remembers(ledger.newest, &operations, answer.is_ok());
        resolver.sends(ledger.newest, operations);
        let answer = answer.map(drop).map_err(|refusal| (refusal.operation.unwrap(), refusal.code));
        assert_eq!(answer, expected.map_err(|(place, code)| (place, code.to_owned())), "{shown}");
        *outcomes.entry(answer.err().map_or("committed".into(), |(_, code)| code)).or_default() += 1;

        let accounts: BTreeMap<_, _> = resolver
            .accounts
            .iter()
            .filter_map(|id| ledger.find::<Account>(id))
            .map(|account| (account.id.to_string(), modelled(&account)))
            .collect();
        assert_eq!(accounts, model.accounts, "{shown}");
    }
    let holds: HashMap<_, _> =
        ledger.all::<Hold>().iter().map(|hold| (hold.id.to_string(), modelled_hold(hold))).collect();
    assert_eq!(holds, model.holds);
    let reversed =
        ledger.all::<Reversal>().iter().map(|reversal| reversal.transaction).collect::<BTreeSet<_>>();
    assert_eq!(reversed, model.reversed);
    assert!(reversed.len() > 100, "{}", reversed.len());
    check_books(&ledger.all(), &[]).unwrap_err();
    check_books(&ledger.all(), &ledger.all()).unwrap();

    // Every refusal that parties can come to was come to, or nothing would have been compared.
    for code in [
        "committed",
        "account.not_yours",
        "account.exists",
        "account.unknown",
        "account.currency",
        "account.same",
        "account.insufficient_funds",
        "account.ceiling_exceeded",
        "amount.not_positive",
        "amount.overflow",
        "transfer.value_date",
        "hold.unknown",
        "hold.exists",
        "hold.not_yours",
        "hold.closed",
        "hold.expired",
        "hold.not_expired",
        "hold.expiry_invalid",
        "hold.exceeded",
        "hold.only_whole",
        "hold.pay_from",
        "reversal.unknown",
        "reversal.repeated",
        "reversal.second",
        "reversal.not_transfers",
        "reversal.not_yours",
        "reversal.amounts",
        "reversal.reason",
    ] {
        assert!(outcomes.contains_key(code), "{code} never happened: {outcomes:?}");
    }
}
