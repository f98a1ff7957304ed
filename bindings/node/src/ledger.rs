//! The ledger handle.

use std::path::PathBuf;

use allonge::records::{from_json, from_value};
use allonge::{
    Calendar, Checkpoint, Clock, ConnectOptions, Currency, MAX_PAGE, OpenOptions, PartyId, RecordId,
    SimulateOptions, Statement, Timestamp,
};
use napi::bindgen_prelude::{AsyncTask, Buffer, ClassInstance, Object};
use napi::{Env, Result};
use napi_derive::napi;
use serde::Deserialize;

use crate::error::thrown;
use crate::network::SimulatedNetwork;
use crate::outcome::{HandOver, Outcome, Submission};
use crate::promise::{Blocking, blocking, promise};
use crate::receipt::Receipt;
use crate::session::Session;
use crate::signer::Signer;
use crate::subscription::Subscription;
use crate::text::{json, read, read_number, read_optional};
use crate::trust::Trust;

/// An open ledger.
#[napi]
pub struct Ledger {
    ledger: allonge::Ledger,
}

/// What may be said of a new ledger; the core knows what holds otherwise.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    name: Option<String>,
    clock: Option<Clock>,
    start: Option<Timestamp>,
    operator: Option<PartyId>,
    currencies: Option<Vec<Currency>>,
    calendars: Option<Vec<Calendar>>,
}

/// What may be said of a simulated network.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Simulated {
    banks: Option<Vec<PartyId>>,
    validators: Option<usize>,
    name: Option<String>,
    start: Option<Timestamp>,
    operator: Option<PartyId>,
    currencies: Option<Vec<Currency>>,
    calendars: Option<Vec<Calendar>>,
}

impl Ledger {
    pub(crate) fn new(ledger: allonge::Ledger) -> Self {
        Ledger { ledger }
    }
}

#[napi]
impl Ledger {
    /// Opens a ledger; the options are JSON.
    #[napi(catch_unwind, ts_return_type = "Promise<Ledger>")]
    pub fn open(path: String, options: String) -> AsyncTask<Blocking<Ledger>> {
        blocking(move || {
            let options = open_options(&options)?;
            let ledger = allonge::Ledger::open(path, options).map_err(thrown)?;
            Ok(Ledger { ledger })
        })
    }

    /// A network of banks in the process; the options and the seed are JSON.
    #[napi(catch_unwind, ts_return_type = "Promise<Ledger>")]
    pub fn simulate(options: String, seed: Option<String>) -> AsyncTask<Blocking<Ledger>> {
        blocking(move || {
            let options = simulate_options(&options, seed)?;
            let ledger = allonge::Ledger::simulate(options).map_err(thrown)?;
            Ok(Ledger { ledger })
        })
    }

    /// Opens a ledger on a network of validators; the checkpoint is JSON.
    #[napi(catch_unwind, ts_return_type = "Promise<Ledger>")]
    pub fn connect(
        urls: Vec<String>,
        trust: &Trust,
        directory: String,
        roots: Option<String>,
        certificate: Option<String>,
        key: Option<String>,
        checkpoint: Option<String>,
    ) -> AsyncTask<Blocking<Ledger>> {
        let trust = trust.core().clone();
        let [roots, certificate, key] = [roots, certificate, key].map(|path| path.map(PathBuf::from));
        blocking(move || {
            let checkpoint = checkpoint.map(|json| from_json::<Checkpoint>(&json, "checkpoint"));
            let checkpoint = checkpoint.transpose().map_err(thrown)?;
            let files = ConnectOptions::from_files(roots, certificate, key).map_err(thrown)?;
            let options = ConnectOptions { checkpoint, ..files };
            let ledger = allonge::Ledger::connect_with(&urls, trust, directory, &options).map_err(thrown)?;
            Ok(Ledger { ledger })
        })
    }

    /// The simulated network that the ledger lives on; none for one in a directory.
    #[napi(catch_unwind, getter)]
    pub fn network(&self) -> Option<SimulatedNetwork> {
        self.ledger.network().map(SimulatedNetwork::new)
    }

    /// The genesis.
    #[napi(catch_unwind, getter)]
    pub fn trust(&self) -> Trust {
        Trust::new(self.ledger.trust().clone())
    }

    /// Where the ledger stands, as JSON.
    #[napi(catch_unwind, ts_return_type = "Promise<string>")]
    pub fn status<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let ledger = self.ledger.clone();
        promise(env, async move { json(&ledger.status().map_err(thrown)?) })
    }

    /// The session of the party that holds the offices.
    #[napi(catch_unwind)]
    pub fn operator(&self) -> Result<Session> {
        self.ledger.operator().map(Session::new).map_err(thrown)
    }

    /// The session of a party, with its own signers or the key of the directory.
    #[napi(catch_unwind)]
    pub fn session(&self, party: String, signers: Vec<ClassInstance<'_, Signer>>) -> Result<Session> {
        let party = read("party", party)?;
        let session = if signers.is_empty() {
            self.ledger.session(party)
        } else {
            self.ledger.session_of(party, signers.iter().map(|signer| signer.shared()))
        };
        session.map(Session::new).map_err(thrown)
    }

    /// Admits a party.
    #[napi(catch_unwind, ts_return_type = "Promise<Session>")]
    pub fn admit(&self, party: String, name: String) -> AsyncTask<Blocking<Session>> {
        let ledger = self.ledger.clone();
        blocking(move || ledger.admit(read("party", party)?, &name).map(Session::new).map_err(thrown))
    }

    /// Moves a manual clock forward; answers the status as JSON.
    #[napi(catch_unwind, ts_return_type = "Promise<string>")]
    pub fn advance_to<'env>(&self, env: &'env Env, time: String) -> Result<Object<'env>> {
        let ledger = self.ledger.clone();
        promise(env, async move {
            let time = read("time", time)?;
            json(&ledger.advance_to_async(time).await.map_err(thrown)?)
        })
    }

    /// Submits a transaction that was signed before. It is read and handed over in the order of the calls, beside
    /// the event loop.
    #[napi(catch_unwind, ts_return_type = "Promise<Outcome>")]
    pub fn submit<'env>(&self, env: &'env Env, signed: &[u8], hand_over: &HandOver) -> Result<Object<'env>> {
        let (ledger, signed, hand_over) = (self.ledger.clone(), signed.to_vec(), hand_over.clone());
        promise(env, async move { hand_over.outcome(ledger.start_signed(&signed).map_err(thrown)?).await })
    }

    /// As `submit`, and answers the submission once it is handed over.
    #[napi(catch_unwind, ts_return_type = "Promise<Submission>")]
    pub fn start<'env>(&self, env: &'env Env, signed: &[u8]) -> Result<Object<'env>> {
        let (ledger, signed) = (self.ledger.clone(), signed.to_vec());
        promise(env, async move { ledger.start_signed(&signed).map(Submission::new).map_err(thrown) })
    }

    /// What is in the outbox.
    #[napi(catch_unwind, ts_return_type = "Promise<Array<Outcome>>")]
    pub fn pending<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let ledger = self.ledger.clone();
        promise(env, async move {
            let pending = ledger.pending().map_err(thrown)?.into_iter();
            Ok(pending.map(allonge::Outcome::Unknown).map(Outcome::new).collect::<Vec<_>>())
        })
    }

    /// What became of the transaction that used an idempotency key.
    #[napi(catch_unwind, ts_return_type = "Promise<Outcome | null>")]
    pub fn outcome<'env>(&self, env: &'env Env, party: String, key: String) -> Result<Object<'env>> {
        let ledger = self.ledger.clone();
        promise(env, async move {
            let (party, key) = (read("party", party)?, read("key", key)?);
            Ok(ledger.outcome(&party, key).map_err(thrown)?.map(Outcome::new))
        })
    }

    /// The receipt of a transaction.
    #[napi(catch_unwind, ts_return_type = "Promise<Receipt>")]
    pub fn receipt<'env>(&self, env: &'env Env, transaction: String) -> Result<Object<'env>> {
        let ledger = self.ledger.clone();
        promise(env, async move {
            let transaction = read("transaction", transaction)?;
            ledger.receipt(&transaction).map(Receipt::new).map_err(thrown)
        })
    }

    /// One record as JSON, or `null`; with a height as it stood after that block.
    #[napi(catch_unwind, ts_return_type = "Promise<string>")]
    pub fn get<'env>(
        &self,
        env: &'env Env,
        kind: String,
        id: String,
        height: Option<f64>,
    ) -> Result<Object<'env>> {
        let ledger = self.ledger.clone();
        promise(env, async move {
            let height = height.map(|height| read_number("height", height)).transpose()?;
            let id = RecordId::parse(&kind, &id).map_err(thrown)?;
            json(&ledger.record(&id, height).map_err(thrown)?)
        })
    }

    /// A page of a list; the query is JSON, and so is the page.
    #[napi(catch_unwind, ts_return_type = "Promise<string>")]
    pub fn list(
        &self,
        #[napi(
            ts_arg_type = "'credit' | 'presentation' | 'claim' | 'hold' | 'proposal' | 'account' | 'party' | 'transaction'"
        )]
        kind: String,
        query: String,
    ) -> AsyncTask<Blocking<String>> {
        let ledger = self.ledger.clone();
        blocking(move || match kind.as_str() {
            "credit" => json(&ledger.credits(&from_json(&query, "query").map_err(thrown)?).map_err(thrown)?),
            "presentation" => {
                json(&ledger.presentations(&from_json(&query, "query").map_err(thrown)?).map_err(thrown)?)
            }
            "claim" => json(&ledger.claims(&from_json(&query, "query").map_err(thrown)?).map_err(thrown)?),
            "hold" => json(&ledger.holds(&from_json(&query, "query").map_err(thrown)?).map_err(thrown)?),
            "proposal" => {
                json(&ledger.proposals(&from_json(&query, "query").map_err(thrown)?).map_err(thrown)?)
            }
            "account" => {
                json(&ledger.accounts(&from_json(&query, "query").map_err(thrown)?).map_err(thrown)?)
            }
            "party" => json(&ledger.parties(&from_json(&query, "query").map_err(thrown)?).map_err(thrown)?),
            "transaction" => {
                json(&ledger.transactions(&from_json(&query, "query").map_err(thrown)?).map_err(thrown)?)
            }
            other => Err(unknown(other)),
        })
    }

    /// A page of records of a kind of trade; the query is JSON, and so is the page.
    #[napi(catch_unwind, ts_return_type = "Promise<string>")]
    pub fn records(&self, kind: String, query: String) -> AsyncTask<Blocking<String>> {
        let ledger = self.ledger.clone();
        blocking(move || {
            let query = from_json(&query, "query").map_err(thrown)?;
            json(&ledger.records(&kind, &query).map_err(thrown)?)
        })
    }

    /// What a party may do next with a record, as a JSON array.
    #[napi(catch_unwind, ts_return_type = "Promise<string>")]
    pub fn next_steps(&self, kind: String, id: String, party: String) -> AsyncTask<Blocking<String>> {
        let ledger = self.ledger.clone();
        blocking(move || {
            let id = RecordId::parse(&kind, &id).map_err(thrown)?;
            json(&ledger.next_steps(&id, &read("party", party)?).map_err(thrown)?)
        })
    }

    /// Why a transaction came out as it did; answers a record as JSON.
    #[napi(catch_unwind, ts_return_type = "Promise<string>")]
    pub fn explain(&self, transaction: String) -> AsyncTask<Blocking<String>> {
        let ledger = self.ledger.clone();
        blocking(move || json(&ledger.explain(&read("transaction", transaction)?).map_err(thrown)?))
    }

    /// A file that proves what a record is, or that there is none.
    #[napi(catch_unwind, ts_return_type = "Promise<Buffer>")]
    pub fn prove(&self, kind: String, id: String) -> AsyncTask<Blocking<Buffer>> {
        let ledger = self.ledger.clone();
        blocking(move || {
            let id = RecordId::parse(&kind, &id).map_err(thrown)?;
            ledger.prove(&id).map(Buffer::from).map_err(thrown)
        })
    }

    /// What an account held, as JSON.
    #[napi(catch_unwind, ts_return_type = "Promise<string>")]
    pub fn balance(
        &self,
        account: String,
        height: Option<f64>,
        value_date: Option<String>,
    ) -> AsyncTask<Blocking<String>> {
        let ledger = self.ledger.clone();
        blocking(move || {
            let height = height.map(|height| read_number("height", height)).transpose()?;
            let value_date = read_optional("valueDate", value_date)?;
            json(&ledger.balance(&read("account", account)?, height, value_date).map_err(thrown)?)
        })
    }

    /// Bookings of an account as a JSON array.
    #[napi(catch_unwind, ts_return_type = "Promise<string>")]
    pub fn entries(
        &self,
        account: String,
        after: Option<f64>,
        limit: Option<f64>,
    ) -> AsyncTask<Blocking<String>> {
        let ledger = self.ledger.clone();
        blocking(move || {
            let after = after.map_or(Ok(0), |after| read_number("after", after))?;
            let limit = limit.map_or(Ok(MAX_PAGE), |limit| read_number("limit", limit))?;
            json(&ledger.entries(&read("account", account)?, after, limit).map_err(thrown)?)
        })
    }

    /// What was booked to an account on some days, as JSON.
    #[napi(catch_unwind, ts_return_type = "Promise<string>")]
    pub fn statement(&self, account: String, first: String, last: String) -> AsyncTask<Blocking<String>> {
        let ledger = self.ledger.clone();
        blocking(move || json(&statement(&ledger, account, first, last)?))
    }

    /// The same as CSV.
    #[napi(catch_unwind, ts_return_type = "Promise<string>")]
    pub fn statement_csv(&self, account: String, first: String, last: String) -> AsyncTask<Blocking<String>> {
        let ledger = self.ledger.clone();
        blocking(move || Ok(allonge::statement_csv(&statement(&ledger, account, first, last)?)))
    }

    /// A file that proves what an account is.
    #[napi(catch_unwind, ts_return_type = "Promise<Buffer>")]
    pub fn prove_account(&self, account: String, height: Option<f64>) -> AsyncTask<Blocking<Buffer>> {
        let ledger = self.ledger.clone();
        blocking(move || {
            let account = read("account", account)?;
            let file = match height {
                Some(height) => ledger.prove_account_at(&account, read_number("height", height)?),
                None => ledger.prove_account(&account),
            };
            file.map(Buffer::from).map_err(thrown)
        })
    }

    /// A file that proves what an idempotency key was used for.
    #[napi(catch_unwind, ts_return_type = "Promise<Buffer>")]
    pub fn prove_answer(
        &self,
        party: String,
        key: String,
        valid_until: String,
    ) -> AsyncTask<Blocking<Buffer>> {
        let ledger = self.ledger.clone();
        blocking(move || {
            let (party, key) = (read("party", party)?, read("key", key)?);
            let valid_until = read("validUntil", valid_until)?;
            ledger.prove_answer(&party, key, valid_until).map(Buffer::from).map_err(thrown)
        })
    }

    /// The validators in office, as JSON.
    #[napi(catch_unwind, ts_return_type = "Promise<string>")]
    pub fn validators<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let ledger = self.ledger.clone();
        promise(env, async move { json(&ledger.validators().map_err(thrown)?) })
    }

    /// The newest block, as JSON.
    #[napi(catch_unwind, ts_return_type = "Promise<string>")]
    pub fn checkpoint<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let ledger = self.ledger.clone();
        promise(env, async move { json(&ledger.checkpoint().map_err(thrown)?) })
    }

    /// A file that proves that a newer block continues the history of an older one.
    #[napi(catch_unwind, ts_return_type = "Promise<Buffer>")]
    pub fn prove_history(&self, older: f64, newer: Option<f64>) -> AsyncTask<Blocking<Buffer>> {
        let ledger = self.ledger.clone();
        blocking(move || {
            let older = read_number("older", older)?;
            let newer = newer.map(|newer| read_number("newer", newer)).transpose()?;
            ledger.prove_history(older, newer).map(Buffer::from).map_err(thrown)
        })
    }

    /// The headers above a height with their certificates.
    #[napi(catch_unwind, ts_return_type = "Promise<Buffer>")]
    pub fn headers(&self, after: f64, limit: Option<f64>) -> AsyncTask<Blocking<Buffer>> {
        let ledger = self.ledger.clone();
        blocking(move || {
            let after = read_number("after", after)?;
            let limit: Option<u64> = limit.map(|limit| read_number("limit", limit)).transpose()?;
            let limit = limit.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX));
            ledger.headers(after, limit).map(Buffer::from).map_err(thrown)
        })
    }

    /// Writes everything committed so far to a file; answers a record as JSON.
    #[napi(catch_unwind, ts_return_type = "Promise<string>")]
    pub fn backup(&self, path: String) -> AsyncTask<Blocking<String>> {
        let ledger = self.ledger.clone();
        blocking(move || json(&ledger.backup(path).map_err(thrown)?))
    }

    /// The log from behind a cursor on.
    #[napi(catch_unwind)]
    pub fn subscribe(&self, after: Option<String>) -> Result<Subscription> {
        self.ledger.subscribe(after.as_deref()).map(Subscription::new).map_err(thrown)
    }

    /// Finishes what was submitted and releases the directory.
    #[napi(catch_unwind, ts_return_type = "Promise<void>")]
    pub fn close(&self) -> AsyncTask<Blocking<()>> {
        let ledger = self.ledger.clone();
        blocking(move || {
            ledger.close();
            Ok(())
        })
    }
}

fn open_options(json: &str) -> Result<OpenOptions> {
    let given: Options = from_json(json, "options").map_err(thrown)?;
    let standard = OpenOptions::default();
    Ok(OpenOptions {
        name: given.name.unwrap_or(standard.name),
        clock: given.clock.unwrap_or(standard.clock),
        start: given.start.or(standard.start),
        operator: given.operator.unwrap_or(standard.operator),
        currencies: given.currencies.unwrap_or(standard.currencies),
        calendars: given.calendars.unwrap_or(standard.calendars),
    })
}

fn simulate_options(json: &str, seed: Option<String>) -> Result<SimulateOptions> {
    let given: Simulated = from_json(json, "options").map_err(thrown)?;
    let seed = seed.map(|seed| from_json(&seed, "seed").map_err(thrown)).transpose()?;
    let standard = SimulateOptions::default();
    Ok(SimulateOptions {
        banks: given.banks.unwrap_or(standard.banks),
        validators: given.validators.unwrap_or(standard.validators),
        seed: seed.unwrap_or(standard.seed),
        ledger: OpenOptions {
            name: given.name.unwrap_or(standard.ledger.name),
            start: given.start.or(standard.ledger.start),
            operator: given.operator.unwrap_or(standard.ledger.operator),
            currencies: given.currencies.unwrap_or(standard.ledger.currencies),
            calendars: given.calendars.unwrap_or(standard.ledger.calendars),
            clock: standard.ledger.clock,
        },
    })
}

fn statement(ledger: &allonge::Ledger, account: String, first: String, last: String) -> Result<Statement> {
    let (first, last) = (read("first", first)?, read("last", last)?);
    ledger.statement(&read("account", account)?, first, last).map_err(thrown)
}

/// TypeScript names the kinds, so this is for a caller that goes past it.
fn unknown(kind: &str) -> napi::Error {
    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {}
    match from_value::<Kind>(kind.into(), "kind") {
        Ok(never) => match never {},
        Err(error) => thrown(error),
    }
}
