//! The ledger as an application opens it.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use allonge_crypto::{Hash, HashSuite, PublicKey, Signer};
use allonge_finance::{Calendar, Currency, Date, PartyId, Timestamp};
use allonge_ledger::registry::{
    CLOCK_NOT_MANUAL, GENESIS_INVALID, PARTY_ALREADY_ADMITTED, TRANSACTION_UNKNOWN,
};
use allonge_ledger::{
    Account, AccountEntry, AccountId, Authorities, Clock, Embedded, Entry, Error, GENESIS_VERSION, Genesis,
    GenesisParty, Hold, HoldId, LedgerOperation, Party, Policy, ProposalId, Reversal, Roster, Rules,
    Settings, SettlementAgent, Statement, ValidatorKey,
};
use allonge_trade::{Claim, ClaimId, CreditId, LetterOfCredit, Presentation, PresentationId, TradeRules};

use crate::audit::BackupRecord;
use crate::calendars;
use crate::host::Host;
use crate::keys::{Keys, VALIDATOR, sync_directory};
use crate::receipt::{Receipt, Trust};
use crate::records::{Operation, Proposal, Status, invalid};
use crate::registry::{INTERNAL, LEDGER_CLOSED, file_failed};
use crate::session::{DEFAULT_DEADLINE_MS, Session, SubmitOptions};
use crate::statement::Balance;
use crate::stream::Subscription;
use crate::wait::wait;
use crate::writer::{Head, Pending, Shared, system_time};

/// How a new ledger is to be; an existing one is as its genesis says.
#[derive(Clone, Debug)]
pub struct OpenOptions {
    /// What people call the network.
    pub name: String,
    /// Where block time comes from.
    pub clock: Clock,
    /// The time before the first block; by default the system's.
    pub start: Option<Timestamp>,
    /// The party that holds every office: it admits parties, publishes calendars and issues money.
    pub operator: PartyId,
    /// The currencies in which the operator issues money.
    pub currencies: Vec<Currency>,
    /// The calendars published from the start.
    pub calendars: Vec<Calendar>,
}

impl Default for OpenOptions {
    /// The system's clock, the operator `operator`, the calendars that ship, and money in CNY, EUR, GBP,
    /// HKD, JPY and USD.
    fn default() -> Self {
        let currencies = ["CNY", "EUR", "GBP", "HKD", "JPY", "USD"];
        OpenOptions {
            name: "embedded".to_owned(),
            clock: Clock::System,
            start: None,
            operator: calendars::operator(),
            currencies: currencies.iter().filter_map(|code| Currency::parse(code).ok()).collect(),
            calendars: calendars::shipped().to_vec(),
        }
    }
}

/// An open ledger. Clones are handles to the same one.
#[derive(Clone)]
pub struct Ledger {
    pub(crate) shared: Host,
    pub(crate) trust: Arc<Trust>,
    keys: Keys,
    directory: PathBuf,
}

impl Ledger {
    /// Opens the ledger in a directory; where there is none, creates one with fresh keys.
    ///
    /// Errors: `store.*`, `key.*`, `file.io`, `genesis.invalid`.
    pub fn open(directory: impl AsRef<Path>, options: OpenOptions) -> Result<Self, Error> {
        let directory = directory.as_ref();
        create_directory(directory).map_err(|error| file_failed(directory, "created", error))?;
        let keys = Keys::of(directory);
        let ledger = if Embedded::<TradeRules>::exists(directory) {
            let validator = keys.existing(VALIDATOR)?;
            Embedded::open(directory, TradeRules, Box::new(validator), Settings::default())?
        } else {
            let validator = keys.load_or_generate(VALIDATOR)?;
            let party = options.operator.to_string();
            let operator = keys.load_or_generate(&party)?;
            let genesis =
                genesis(options, roster([validator.public_key()], &GENESIS_INVALID)?, operator.public_key())?;
            // Before anything is written: options that make no ledger leave no trace.
            genesis.initial_state()?;
            let [validator, _] = keys.keep([(VALIDATOR, validator), (&party, operator)])?;
            Embedded::create(directory, genesis, TradeRules, Box::new(validator), Settings::default())?
        };
        let trust = Trust::new(ledger.trust().genesis().clone());
        write_genesis(directory, &trust)?;
        Ok(Ledger {
            shared: Host::Embedded(Shared::start(ledger)?),
            trust: Arc::new(trust),
            keys,
            directory: directory.to_owned(),
        })
    }

    /// A ledger that is not embedded.
    pub(crate) fn elsewhere(shared: Host, trust: Arc<Trust>, keys: Keys, directory: PathBuf) -> Self {
        Ledger { shared, trust, keys, directory }
    }

    /// Whether a directory holds a ledger.
    pub fn exists(directory: impl AsRef<Path>) -> bool {
        Embedded::<TradeRules>::exists(directory.as_ref())
    }

    /// The directory; empty for a ledger that is in none.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The genesis, to verify receipts against.
    pub fn trust(&self) -> &Trust {
        &self.trust
    }

    /// Where the ledger stands.
    pub fn status(&self) -> Result<Status, Error> {
        self.shared.read(|ledger| Ok(self.status_at(Head::of(ledger))))
    }

    fn status_at(&self, Head { height, time, state_root }: Head) -> Status {
        let genesis = self.trust.genesis();
        let (name, clock) = (genesis.name.clone(), genesis.clock);
        Status { network: self.trust.network(), name, clock, height, time, state_root }
    }

    /// The session of the party that holds the offices, with the key kept in this directory.
    ///
    /// Errors: `key.file_missing`.
    pub fn operator(&self) -> Result<Session, Error> {
        self.session(self.trust.genesis().authorities.registrar.clone())
    }

    /// The session of a party whose key is kept in this directory.
    ///
    /// Errors: `key.file_missing`.
    pub fn session(&self, party: PartyId) -> Result<Session, Error> {
        let signer = self.keys.existing(&party.to_string())?;
        Ok(self.session_with(party, Arc::new(signer)))
    }

    /// The session of a party with a signer of its own.
    pub fn session_with(&self, party: PartyId, signer: Arc<dyn Signer>) -> Session {
        Session::new(self.clone(), party, signer)
    }

    /// The session of a party whose signers sign together: each transaction carries the signatures of all. Of equal
    /// keys one counts.
    ///
    /// Errors: `input.invalid` for no signer, or more than 16 keys.
    pub fn session_of(
        &self,
        party: PartyId,
        signers: impl IntoIterator<Item = Arc<dyn Signer>>,
    ) -> Result<Session, Error> {
        let mut signers = signers.into_iter();
        let first = signers.next().ok_or_else(|| invalid("signers", "", "there is none"))?;
        signers.try_fold(self.session_with(party, first), Session::with_signer)
    }

    /// Admits a party with a fresh key kept in this directory, and opens its session. If the party was
    /// admitted with that key before, only opens its session.
    ///
    /// Errors: `party.*`, `key.*`, `authority.required`.
    pub fn admit(&self, party: PartyId, name: &str) -> Result<Session, Error> {
        let name_of_key = party.to_string();
        let known = self.party(&party)?;
        let signer = match &known {
            None => {
                let key = self.keys.load_or_generate(&name_of_key)?;
                let [key] = self.keys.keep([(&name_of_key, key)])?;
                key
            }
            // Whose key is elsewhere, acts with its own signer.
            Some(_) => self.keys.existing(&name_of_key)?,
        };
        let key = signer.public_key();
        let session = self.session_with(party.clone(), Arc::new(signer));
        if known.is_some_and(|known| known.keys.iter().any(|known| known.key == key)) {
            return Ok(session);
        }
        let admit = LedgerOperation::AdmitParty { party, name: name.to_owned(), keys: vec![key] };
        // Two that admit one party at once use the same key: whoever is second finds it admitted.
        match self.operator()?.submit(vec![Operation::Ledger(admit)], SubmitOptions::default())?.committed() {
            Err(error) if error.code() == PARTY_ALREADY_ADMITTED.code => {}
            admitted => drop(admitted?),
        }
        Ok(session)
    }

    /// Moves a manual clock forward, in a block of its own.
    ///
    /// Errors: `clock.not_manual`, `clock.backwards`, `deadline.exceeded`.
    pub fn advance_to(&self, time: Timestamp) -> Result<Status, Error> {
        wait(self.advance_to_async(time), Duration::from_millis(DEFAULT_DEADLINE_MS))
    }

    /// Moves a manual clock forward, in a block of its own, without blocking the caller.
    ///
    /// Errors: `clock.not_manual`, `clock.backwards`.
    pub fn advance_to_async(
        &self,
        time: Timestamp,
    ) -> impl Future<Output = Result<Status, Error>> + Send + use<> {
        let ledger = self.clone();
        let pending = match self.trust.genesis().clock {
            Clock::Manual => self.shared.advance(time),
            Clock::System => Err(CLOCK_NOT_MANUAL.error()),
        };
        async move { Ok(ledger.status_at(settled(pending?).await?)) }
    }

    /// The receipt of a transaction.
    ///
    /// Errors: `transaction.unknown`, `store.*`.
    pub fn receipt(&self, transaction: &Hash) -> Result<Receipt, Error> {
        self.shared
            .read(|ledger| ledger.receipt(transaction))?
            .map(Receipt::new)
            .ok_or_else(|| TRANSACTION_UNKNOWN.error().with("transaction", transaction))
    }

    /// A letter of credit.
    pub fn credit(&self, id: &CreditId) -> Result<Option<LetterOfCredit>, Error> {
        self.shared.read(|ledger| ledger.get(id))
    }

    /// A letter of credit as it stood after the block of a height, 0 for the genesis.
    ///
    /// Errors: `block.unknown`, `store.*`.
    pub fn credit_at(&self, id: &CreditId, height: u64) -> Result<Option<LetterOfCredit>, Error> {
        self.shared.read(|ledger| ledger.get_at(id, height))
    }

    /// A presentation under a letter of credit.
    pub fn presentation(&self, id: &PresentationId) -> Result<Option<Presentation>, Error> {
        self.shared.read(|ledger| ledger.get(id))
    }

    /// A presentation as it stood after the block of a height, 0 for the genesis.
    ///
    /// Errors: `block.unknown`, `store.*`.
    pub fn presentation_at(&self, id: &PresentationId, height: u64) -> Result<Option<Presentation>, Error> {
        self.shared.read(|ledger| ledger.get_at(id, height))
    }

    /// A claim.
    pub fn claim(&self, id: &ClaimId) -> Result<Option<Claim>, Error> {
        self.shared.read(|ledger| ledger.get(id))
    }

    /// A claim as it stood after the block of a height, 0 for the genesis.
    ///
    /// Errors: `block.unknown`, `store.*`.
    pub fn claim_at(&self, id: &ClaimId, height: u64) -> Result<Option<Claim>, Error> {
        self.shared.read(|ledger| ledger.get_at(id, height))
    }

    /// An account.
    pub fn account(&self, id: &AccountId) -> Result<Option<Account>, Error> {
        self.shared.read(|ledger| ledger.get(id))
    }

    /// A hold.
    pub fn hold(&self, id: &HoldId) -> Result<Option<Hold>, Error> {
        self.shared.read(|ledger| ledger.get(id))
    }

    /// A hold as it stood after the block of a height, 0 for the genesis.
    ///
    /// Errors: `block.unknown`, `store.*`.
    pub fn hold_at(&self, id: &HoldId, height: u64) -> Result<Option<Hold>, Error> {
        self.shared.read(|ledger| ledger.get_at(id, height))
    }

    /// A party's policy; none if it never set one.
    pub fn policy(&self, party: &PartyId) -> Result<Option<Policy>, Error> {
        self.shared.read(|ledger| ledger.get(party))
    }

    /// A party's policy as it stood after the block of a height, 0 for the genesis.
    ///
    /// Errors: `block.unknown`, `store.*`.
    pub fn policy_at(&self, id: &PartyId, height: u64) -> Result<Option<Policy>, Error> {
        self.shared.read(|ledger| ledger.get_at(id, height))
    }

    /// A proposal of a party.
    pub fn proposal(&self, id: &ProposalId) -> Result<Option<Proposal>, Error> {
        self.shared.read(|ledger| ledger.get(id))
    }

    /// A proposal as it stood after the block of a height, 0 for the genesis.
    ///
    /// Errors: `block.unknown`, `store.*`.
    pub fn proposal_at(&self, id: &ProposalId, height: u64) -> Result<Option<Proposal>, Error> {
        self.shared.read(|ledger| ledger.get_at(id, height))
    }

    /// That a transaction was reversed, and by which; none if it was not.
    pub fn reversal(&self, transaction: &Hash) -> Result<Option<Reversal>, Error> {
        self.shared.read(|ledger| ledger.get(transaction))
    }

    /// A party.
    pub fn party(&self, id: &PartyId) -> Result<Option<Party>, Error> {
        self.shared.read(|ledger| ledger.get(id))
    }

    /// A party as it stood after the block of a height, 0 for the genesis.
    ///
    /// Errors: `block.unknown`, `store.*`.
    pub fn party_at(&self, id: &PartyId, height: u64) -> Result<Option<Party>, Error> {
        self.shared.read(|ledger| ledger.get_at(id, height))
    }

    /// A published calendar, its newest version.
    pub fn calendar(&self, id: &allonge_finance::CalendarId) -> Result<Option<Calendar>, Error> {
        self.shared.read(|ledger| ledger.get(id))
    }

    /// A calendar as it stood after the block of a height, 0 for the genesis.
    ///
    /// Errors: `block.unknown`, `store.*`.
    pub fn calendar_at(
        &self,
        id: &allonge_finance::CalendarId,
        height: u64,
    ) -> Result<Option<Calendar>, Error> {
        self.shared.read(|ledger| ledger.get_at(id, height))
    }

    /// What an account held: now, or by what was recorded up to a height, or without what counts after a value date.
    ///
    /// Errors: `account.unknown`, `block.unknown`, `store.*`.
    pub fn balance(
        &self,
        account: &AccountId,
        height: Option<u64>,
        value_date: Option<Date>,
    ) -> Result<Balance, Error> {
        self.shared.read(|ledger| {
            let height = height.unwrap_or_else(|| ledger.height());
            let (mut balance, entries) = ledger.balance_at(account, height)?;
            if let Some(date) = value_date {
                balance = ledger.balance_by_value(account, height, date)?;
            }
            Ok(Balance { account: account.clone(), height, value_date, balance, entries })
        })
    }

    /// At most `limit` bookings of an account with numbers above `after`, in their order.
    ///
    /// Errors: `account.unknown`, `statement.invalid`, `store.*`.
    pub fn entries(&self, account: &AccountId, after: u64, limit: usize) -> Result<Vec<AccountEntry>, Error> {
        self.shared.read(|ledger| ledger.entries(account, after, limit))
    }

    /// What was booked to an account in blocks of these dates, by UTC, both included.
    ///
    /// Errors: `account.unknown`, `statement.too_long`, `store.*`.
    pub fn statement(&self, account: &AccountId, first: Date, last: Date) -> Result<Statement, Error> {
        self.shared.read(|ledger| ledger.statement(account, first, last))
    }

    /// One self-contained file that proves what an account is now, or that it is not open, from nothing but the
    /// genesis: [`verify_account`](crate::verify_account) checks it.
    ///
    /// Errors: `block.unknown` before the first block, `store.*`.
    pub fn prove_account(&self, account: &AccountId) -> Result<Vec<u8>, Error> {
        self.shared.read(|ledger| Ok(ledger.state_receipt::<Account>(account)?.to_bytes()))
    }

    /// Writes everything committed so far to a file that is not there yet. The ledger goes on meanwhile. The file
    /// has no keys: they are kept in the ledger's directory alone.
    ///
    /// Errors: `store.exists`, `store.io`; `unsupported_here` for a simulated one.
    pub fn backup(&self, path: impl AsRef<Path>) -> Result<BackupRecord, Error> {
        self.shared.check_directory()?;
        let backup = self.shared.read(|ledger| Ok(ledger.backup()))?;
        backup.write(path.as_ref())?;
        Ok(BackupRecord { network: self.trust.network(), height: backup.height, bytes: backup.length })
    }

    /// The log from behind a cursor on, and then what comes. Without a cursor, from the first transaction.
    ///
    /// Errors: `input.invalid` for a cursor that is none.
    pub fn subscribe(&self, after: Option<&str>) -> Result<Subscription, Error> {
        Subscription::new(self.clone(), after)
    }

    /// Finishes what was submitted and releases the directory. Every later call says `ledger.closed`.
    pub fn close(&self) {
        self.shared.close();
    }
}

/// What the writer answered.
async fn settled<T>(pending: Pending<T>) -> Result<T, Error> {
    match pending.await {
        Ok(result) => result,
        Err(_) => Err(LEDGER_CLOSED.error()),
    }
}

/// The roster of the validators that have these keys.
///
/// Errors: `invalid`, with the reason.
pub(crate) fn roster(
    validators: impl IntoIterator<Item = PublicKey>,
    invalid: &'static Entry,
) -> Result<Roster, Error> {
    let invalid = |reason: String| invalid.error().with("reason", reason);
    let keys = validators.into_iter().map(ValidatorKey::try_from).collect::<Result<Vec<_>, _>>();
    let mut keys = keys.map_err(|error| invalid(error.to_string()))?;
    keys.sort();
    Roster::new(keys).map_err(|error| invalid(error.to_string()))
}

/// The genesis of a ledger as somebody wants it.
pub(crate) fn genesis(options: OpenOptions, roster: Roster, operator: PublicKey) -> Result<Genesis, Error> {
    let OpenOptions { name, clock, start, operator: party, mut currencies, mut calendars } = options;
    currencies.sort();
    currencies.dedup();
    calendars.sort_by(|one, other| one.id().cmp(other.id()));
    Ok(Genesis {
        version: GENESIS_VERSION,
        name,
        created: start.or_else(system_time).ok_or_else(|| {
            INTERNAL.error().with("reason", "the system's clock is outside the years 1970 to 2199")
        })?,
        clock,
        hash_suite: HashSuite::Sha256,
        rules_version: TradeRules::VERSION,
        roster,
        authorities: Authorities {
            registrar: party.clone(),
            calendar_publisher: party.clone(),
            supervisor: party.clone(),
            settlement_agents: currencies
                .into_iter()
                .map(|currency| SettlementAgent { currency, party: party.clone() })
                .collect(),
        },
        parties: vec![GenesisParty { id: party, name: "Operator".to_owned(), keys: vec![operator] }],
        calendars,
    })
}

/// Makes a directory that outlives a power cut: with it, each name that was new.
pub(crate) fn create_directory(directory: &Path) -> std::io::Result<()> {
    let absolute = std::path::absolute(directory)?;
    let missing: Vec<&Path> = absolute.ancestors().take_while(|above| !above.exists()).collect();
    std::fs::create_dir_all(&absolute)?;
    missing.iter().filter_map(|new| new.parent()).try_for_each(sync_directory)
}

/// A copy for people: the log has the genesis that counts. It is whole or absent, and mended when it differs.
fn write_genesis(directory: &Path, trust: &Trust) -> Result<(), Error> {
    let path = directory.join("genesis.json");
    let json = trust.to_json();
    if std::fs::read_to_string(&path).is_ok_and(|found| found == json) {
        return Ok(());
    }
    let draft = directory.join("genesis.new");
    std::fs::write(&draft, json)
        .and_then(|()| std::fs::rename(&draft, &path))
        .map_err(|error| file_failed(&path, "written", error))
}
