//! A ledger.

use std::sync::Arc;

use allonge::records::from_json;
use allonge::{Clock, Currency, RecordId};

use crate::error::Failure;
use crate::json::{from_text, invalid, to_json, to_json_option};
use crate::network::SimulatedNetwork;
use crate::receipt::{Receipt, Trust};
use crate::session::Session;
use crate::signer::Signer;
use crate::submission::{Outcome, Submission};
use crate::subscription::Subscription;

/// How a new ledger is to be; what is absent is as the client chooses.
#[derive(Clone, Debug, Default, uniffi::Record)]
pub struct OpenOptions {
    /// What people call the network.
    #[uniffi(default)]
    pub name: Option<String>,
    /// Where block time comes from: `system` or `manual`.
    #[uniffi(default)]
    pub clock: Option<String>,
    /// The time before the first block, RFC 3339.
    #[uniffi(default)]
    pub start: Option<String>,
    /// The party that holds every office.
    #[uniffi(default)]
    pub operator: Option<String>,
    /// The currencies in which the operator issues money.
    #[uniffi(default)]
    pub currencies: Option<Vec<String>>,
    /// The calendars published from the start, as JSON.
    #[uniffi(default)]
    pub calendars_json: Option<String>,
}

impl TryFrom<OpenOptions> for allonge::OpenOptions {
    type Error = allonge::Error;

    fn try_from(given: OpenOptions) -> Result<Self, allonge::Error> {
        given.over(allonge::OpenOptions::default())
    }
}

impl OpenOptions {
    /// What is given, and what a ledger of this kind is otherwise.
    fn over(self, mut options: allonge::OpenOptions) -> Result<allonge::OpenOptions, allonge::Error> {
        let given = self;
        if let Some(name) = given.name {
            options.name = name;
        }
        if let Some(clock) = given.clock {
            options.clock = clock_of(&clock)?;
        }
        if let Some(start) = given.start {
            options.start = Some(from_text(&start, "start")?);
        }
        if let Some(operator) = given.operator {
            options.operator = from_text(&operator, "operator")?;
        }
        if let Some(currencies) = given.currencies {
            let read = |code: &String| from_text::<Currency>(code, "currencies");
            options.currencies = currencies.iter().map(read).collect::<Result<_, _>>()?;
        }
        if let Some(calendars) = given.calendars_json {
            options.calendars = from_json(&calendars, "calendars")?;
        }
        Ok(options)
    }
}

/// How a simulated network is to be; what is absent is as the client chooses.
#[derive(Clone, Debug, Default, uniffi::Record)]
pub struct SimulateOptions {
    /// The banks that are admitted from the start.
    #[uniffi(default)]
    pub banks: Option<Vec<String>>,
    /// How many validators there are.
    #[uniffi(default)]
    pub validators: Option<u32>,
    /// Decides over everything that is chance.
    #[uniffi(default)]
    pub seed: Option<u64>,
    /// The ledger itself. Its clock is manual, whatever is said here.
    pub ledger: OpenOptions,
}

impl TryFrom<SimulateOptions> for allonge::SimulateOptions {
    type Error = allonge::Error;

    fn try_from(given: SimulateOptions) -> Result<Self, allonge::Error> {
        let mut options = allonge::SimulateOptions::default();
        if let Some(banks) = given.banks {
            options.banks = banks.iter().map(|bank| from_text(bank, "banks")).collect::<Result<_, _>>()?;
        }
        if let Some(validators) = given.validators {
            options.validators = size(validators);
        }
        options.seed = given.seed.unwrap_or(options.seed);
        options.ledger = given.ledger.over(options.ledger)?;
        Ok(options)
    }
}

/// The files, in PEM, by which validators are known, and this client to them.
#[derive(Clone, Debug, Default, uniffi::Record)]
pub struct ConnectOptions {
    /// The roots that the validators' certificates chain to.
    #[uniffi(default)]
    pub roots: Option<String>,
    /// This client's certificate, where validators ask for one.
    #[uniffi(default)]
    pub certificate: Option<String>,
    /// The certificate's private key.
    #[uniffi(default)]
    pub key: Option<String>,
    /// A block that was kept, as JSON.
    #[uniffi(default)]
    pub checkpoint_json: Option<String>,
}

impl TryFrom<ConnectOptions> for allonge::ConnectOptions {
    type Error = allonge::Error;

    fn try_from(given: ConnectOptions) -> Result<Self, allonge::Error> {
        let ConnectOptions { roots, certificate, key, checkpoint_json } = given;
        let [roots, certificate, key] = [roots, certificate, key].map(|path| path.map(Into::into));
        let checkpoint = checkpoint_json.map(|json| from_json(&json, "checkpoint")).transpose()?;
        let files = allonge::ConnectOptions::from_files(roots, certificate, key)?;
        Ok(allonge::ConnectOptions { checkpoint, ..files })
    }
}

fn clock_of(text: &str) -> Result<Clock, allonge::Error> {
    serde_json::from_value(text.into()).map_err(|error| invalid("clock", error))
}

/// An open ledger.
#[derive(uniffi::Object)]
pub struct Ledger(pub(crate) allonge::Ledger);

#[uniffi::export]
impl Ledger {
    /// Opens the ledger in a directory; where there is none, creates one.
    #[uniffi::constructor]
    pub fn open(directory: String, options: OpenOptions) -> Result<Self, Failure> {
        Ok(Ledger(allonge::Ledger::open(directory, options.try_into()?)?))
    }

    /// Starts a network of banks in the process; `unsupported_here` without the feature `network`.
    #[uniffi::constructor]
    pub fn simulate(options: SimulateOptions) -> Result<Self, Failure> {
        Ok(Ledger(allonge::Ledger::simulate(options.try_into()?)?))
    }

    /// Opens a ledger on a network of validators.
    #[uniffi::constructor]
    pub fn connect(
        urls: Vec<String>,
        trust: Arc<Trust>,
        directory: String,
        options: ConnectOptions,
    ) -> Result<Self, Failure> {
        let options = options.try_into()?;
        Ok(Ledger(allonge::Ledger::connect_with(&urls, trust.0.clone(), directory, &options)?))
    }

    /// The simulated network that the ledger lives on; none for one in a directory.
    pub fn network(&self) -> Option<Arc<SimulatedNetwork>> {
        self.0.network().map(|network| Arc::new(SimulatedNetwork(network)))
    }

    /// Where the ledger stands, as JSON.
    pub fn status(&self) -> Result<String, Failure> {
        Ok(to_json(&self.0.status()?))
    }

    /// The validators in office, as JSON.
    pub fn validators(&self) -> Result<String, Failure> {
        Ok(to_json(&self.0.validators()?))
    }

    /// The genesis, to verify receipts against.
    pub fn trust(&self) -> Trust {
        Trust(self.0.trust().clone())
    }

    /// The session of the party that holds the offices.
    pub fn operator(&self) -> Result<Session, Failure> {
        Ok(Session(self.0.operator()?))
    }

    /// The session of a party whose key is kept in this directory.
    pub fn session(&self, party: String) -> Result<Session, Failure> {
        Ok(Session(self.0.session(from_text(&party, "party")?)?))
    }

    /// The session of a party with signers of its own, which sign together.
    pub fn session_of(&self, party: String, signers: Vec<Arc<Signer>>) -> Result<Session, Failure> {
        let signers = signers.iter().map(|signer| signer.signer());
        Ok(Session(self.0.session_of(from_text(&party, "party")?, signers)?))
    }

    /// Admits a party with a fresh key kept in this directory, and opens its session.
    pub fn admit(&self, party: String, name: String) -> Result<Session, Failure> {
        Ok(Session(self.0.admit(from_text(&party, "party")?, &name)?))
    }

    /// Moves a manual clock forward; answers the status, as JSON.
    pub async fn advance_to(&self, time: String) -> Result<String, Failure> {
        let time = from_text(&time, "time")?;
        Ok(to_json(&self.0.advance_to_async(time).await?))
    }

    /// Hands a transaction over that was signed before.
    pub async fn start(&self, transaction: Vec<u8>) -> Result<Submission, Failure> {
        Ok(Submission(self.0.start_signed(&transaction)?))
    }

    /// What is in the outbox: outcomes that are not known yet.
    pub fn pending(&self) -> Result<Vec<Outcome>, Failure> {
        self.0.pending()?.into_iter().map(allonge::Outcome::Unknown).map(Outcome::try_from).collect()
    }

    /// What became of the transaction that used an idempotency key.
    pub fn outcome(&self, party: String, key: String) -> Result<Option<Outcome>, Failure> {
        let outcome = self.0.outcome(&from_text(&party, "party")?, from_text(&key, "key")?)?;
        outcome.map(Outcome::try_from).transpose()
    }

    /// The receipt of a transaction.
    pub fn receipt(&self, transaction: String) -> Result<Receipt, Failure> {
        Ok(Receipt(self.0.receipt(&from_text(&transaction, "transaction")?)?))
    }

    /// A record of a kind, as JSON; with a height as it stood after that block.
    pub fn record(&self, kind: String, id: String, height: Option<u64>) -> Result<Option<String>, Failure> {
        Ok(to_json_option(self.0.record(&RecordId::parse(&kind, &id)?, height)?))
    }

    /// A page of records of a kind of trade, as JSON; the query is JSON.
    pub fn records(&self, kind: String, query: String) -> Result<String, Failure> {
        Ok(to_json(&self.0.records(&kind, &from_json(&query, "query")?)?))
    }

    /// What a party may do next with a record, as a JSON array.
    pub fn next_steps(&self, kind: String, id: String, party: String) -> Result<String, Failure> {
        Ok(to_json(&self.0.next_steps(&RecordId::parse(&kind, &id)?, &from_text(&party, "party")?)?))
    }

    /// Why a transaction came out as it did, as JSON.
    pub fn explain(&self, transaction: String) -> Result<String, Failure> {
        Ok(to_json(&self.0.explain(&from_text(&transaction, "transaction")?)?))
    }

    /// What an account held, as JSON.
    pub fn balance(
        &self,
        account: String,
        height: Option<u64>,
        value_date: Option<String>,
    ) -> Result<String, Failure> {
        let value_date = value_date.map(|date| from_text(&date, "value_date")).transpose()?;
        Ok(to_json(&self.0.balance(&from_text(&account, "account")?, height, value_date)?))
    }

    /// Bookings of an account, as a JSON array.
    pub fn entries(&self, account: String, after: u64, limit: u32) -> Result<String, Failure> {
        Ok(to_json(&self.0.entries(&from_text(&account, "account")?, after, size(limit))?))
    }

    /// What was booked to an account on some days, as JSON.
    pub fn statement(&self, account: String, first: String, last: String) -> Result<String, Failure> {
        Ok(to_json(&self.statement_of(&account, &first, &last)?))
    }

    /// The same as CSV.
    pub fn statement_csv(&self, account: String, first: String, last: String) -> Result<String, Failure> {
        Ok(allonge::statement_csv(&self.statement_of(&account, &first, &last)?))
    }

    /// A file that proves what an account is, or was at a recent height.
    pub fn prove_account(&self, account: String, height: Option<u64>) -> Result<Vec<u8>, Failure> {
        let account = from_text(&account, "account")?;
        Ok(match height {
            Some(height) => self.0.prove_account_at(&account, height)?,
            None => self.0.prove_account(&account)?,
        })
    }

    /// A file that proves what an idempotency key was used for.
    pub fn prove_answer(&self, party: String, key: String, valid_until: String) -> Result<Vec<u8>, Failure> {
        let (party, key) = (from_text(&party, "party")?, from_text(&key, "key")?);
        Ok(self.0.prove_answer(&party, key, from_text(&valid_until, "valid_until")?)?)
    }

    /// The newest block, as JSON.
    pub fn checkpoint(&self) -> Result<String, Failure> {
        Ok(to_json(&self.0.checkpoint()?))
    }

    /// A file that proves that a newer block continues the history of an older one.
    pub fn prove_history(&self, older: u64, newer: Option<u64>) -> Result<Vec<u8>, Failure> {
        Ok(self.0.prove_history(older, newer)?)
    }

    /// The headers above a height with their certificates.
    pub fn headers(&self, after: u64, limit: Option<u32>) -> Result<Vec<u8>, Failure> {
        let limit = limit.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(self.0.headers(after, limit)?)
    }

    /// A file that proves what a record is, or that there is none.
    pub fn prove(&self, kind: String, id: String) -> Result<Vec<u8>, Failure> {
        Ok(self.0.prove(&RecordId::parse(&kind, &id)?)?)
    }

    /// Writes everything committed so far to a file; answers a `BackupRecord` as JSON.
    pub fn backup(&self, path: String) -> Result<String, Failure> {
        Ok(to_json(&self.0.backup(path)?))
    }

    /// A page of letters of credit, as JSON; the query is JSON.
    pub fn credits(&self, query: String) -> Result<String, Failure> {
        Ok(to_json(&self.0.credits(&from_json(&query, "query")?)?))
    }

    /// A page of presentations, as JSON; the query is JSON.
    pub fn presentations(&self, query: String) -> Result<String, Failure> {
        Ok(to_json(&self.0.presentations(&from_json(&query, "query")?)?))
    }

    /// A page of claims, as JSON; the query is JSON.
    pub fn claims(&self, query: String) -> Result<String, Failure> {
        Ok(to_json(&self.0.claims(&from_json(&query, "query")?)?))
    }

    /// A page of holds, as JSON; the query is JSON.
    pub fn holds(&self, query: String) -> Result<String, Failure> {
        Ok(to_json(&self.0.holds(&from_json(&query, "query")?)?))
    }

    /// A page of proposals, as JSON; the query is JSON.
    pub fn proposals(&self, query: String) -> Result<String, Failure> {
        Ok(to_json(&self.0.proposals(&from_json(&query, "query")?)?))
    }

    /// A page of accounts, as JSON; the query is JSON.
    pub fn accounts(&self, query: String) -> Result<String, Failure> {
        Ok(to_json(&self.0.accounts(&from_json(&query, "query")?)?))
    }

    /// A page of parties, as JSON; the query is JSON.
    pub fn parties(&self, query: String) -> Result<String, Failure> {
        Ok(to_json(&self.0.parties(&from_json(&query, "query")?)?))
    }

    /// A page of transactions, as JSON; the query is JSON.
    pub fn transactions(&self, query: String) -> Result<String, Failure> {
        Ok(to_json(&self.0.transactions(&from_json(&query, "query")?)?))
    }

    /// The log from behind a cursor on; without one, from the first transaction.
    pub fn subscribe(&self, after: Option<String>) -> Result<Arc<Subscription>, Failure> {
        Ok(Arc::new(Subscription::new(self.0.subscribe(after.as_deref())?)))
    }

    /// Finishes what was submitted and releases the directory. (`close` is the handle's own in Kotlin.)
    pub fn shutdown(&self) {
        self.0.close();
    }
}

impl Ledger {
    fn statement_of(
        &self,
        account: &str,
        first: &str,
        last: &str,
    ) -> Result<allonge::Statement, allonge::Error> {
        let (first, last) = (from_text(first, "first")?, from_text(last, "last")?);
        self.0.statement(&from_text(account, "account")?, first, last)
    }
}

/// The client bounds it further.
pub(crate) fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
