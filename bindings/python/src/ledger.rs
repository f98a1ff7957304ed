//! The ledger.

use std::path::PathBuf;

use allonge::{
    Calendar, Checkpoint, Clock, ConnectOptions, Currency, Error, OpenOptions, Page, PartyId, RecordId,
    SimulateOptions, Statement, Timestamp,
};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::boundary::released;
use crate::network::SimulatedNetwork;
use crate::outcome::{Outcome, Submission};
use crate::pending::{Answer, Pending};
use crate::receipt::{Receipt, Trust};
use crate::session::Session;
use crate::signer::Signer;
use crate::stream::Subscription;
use crate::wire::{from_python, from_text, to_python};

/// An open ledger.
#[pyclass(frozen, module = "allonge._native")]
pub struct Ledger(allonge::Ledger);

impl From<allonge::Ledger> for Ledger {
    fn from(ledger: allonge::Ledger) -> Self {
        Ledger(ledger)
    }
}

/// What may be said of a new ledger in a directory; the core knows what holds otherwise.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Opened {
    clock: Option<Clock>,
    start: Option<Timestamp>,
    name: Option<String>,
    operator: Option<PartyId>,
    currencies: Option<Vec<Currency>>,
    calendars: Option<Vec<Calendar>>,
}

impl From<Opened> for OpenOptions {
    fn from(given: Opened) -> Self {
        let standard = OpenOptions::default();
        OpenOptions {
            name: given.name.unwrap_or(standard.name),
            clock: given.clock.unwrap_or(standard.clock),
            start: given.start.or(standard.start),
            operator: given.operator.unwrap_or(standard.operator),
            currencies: given.currencies.unwrap_or(standard.currencies),
            calendars: given.calendars.unwrap_or(standard.calendars),
        }
    }
}

/// What may be said of a simulated network; the core knows what holds otherwise.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Simulated {
    banks: Option<Vec<PartyId>>,
    validators: Option<usize>,
    seed: Option<u64>,
    name: Option<String>,
    start: Option<Timestamp>,
    operator: Option<PartyId>,
    currencies: Option<Vec<Currency>>,
    calendars: Option<Vec<Calendar>>,
}

impl From<Simulated> for SimulateOptions {
    fn from(given: Simulated) -> Self {
        let standard = SimulateOptions::default();
        SimulateOptions {
            banks: given.banks.unwrap_or(standard.banks),
            validators: given.validators.unwrap_or(standard.validators),
            seed: given.seed.unwrap_or(standard.seed),
            ledger: OpenOptions {
                name: given.name.unwrap_or(standard.ledger.name),
                start: given.start.or(standard.ledger.start),
                operator: given.operator.unwrap_or(standard.ledger.operator),
                currencies: given.currencies.unwrap_or(standard.ledger.currencies),
                calendars: given.calendars.unwrap_or(standard.ledger.calendars),
                clock: standard.ledger.clock,
            },
        }
    }
}

#[pymethods]
impl Ledger {
    #[staticmethod]
    fn open(py: Python<'_>, path: PathBuf, options: &Bound<'_, PyAny>) -> PyResult<Self> {
        let options: Opened = from_python(options, "options")?;
        released(py, || allonge::Ledger::open(path, options.into())).map(Ledger)
    }

    #[staticmethod]
    fn simulate(py: Python<'_>, options: &Bound<'_, PyAny>) -> PyResult<Self> {
        let options: Simulated = from_python(options, "options")?;
        released(py, || allonge::Ledger::simulate(options.into())).map(Ledger)
    }

    #[staticmethod]
    fn connect(
        py: Python<'_>,
        urls: Vec<String>,
        trust: &Trust,
        state_dir: PathBuf,
        files: (Option<PathBuf>, Option<PathBuf>, Option<PathBuf>),
        checkpoint: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        let trust = trust.core().clone();
        let checkpoint: Option<Checkpoint> = from_python(checkpoint, "checkpoint")?;
        released(py, || {
            let (roots, certificate, key) = files;
            let options =
                ConnectOptions { checkpoint, ..ConnectOptions::from_files(roots, certificate, key)? };
            allonge::Ledger::connect_with(&urls, trust, state_dir, &options).map(Ledger)
        })
    }

    /// The simulated network that the ledger lives on; None for one in a directory.
    fn network(&self) -> Option<SimulatedNetwork> {
        self.0.network().map(SimulatedNetwork::from)
    }

    fn status<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &released(py, || self.0.status())?)
    }

    fn validators<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &released(py, || self.0.validators())?)
    }

    fn trust(&self) -> Trust {
        Trust::from(self.0.trust().clone())
    }

    fn operator(&self, py: Python<'_>) -> PyResult<Session> {
        released(py, || self.0.operator()).map(Session::from)
    }

    fn admit(&self, py: Python<'_>, party: &str, name: &str) -> PyResult<Session> {
        released(py, || self.0.admit(from_text(party, "party")?, name)).map(Session::from)
    }

    fn session(&self, py: Python<'_>, party: &str, signers: Vec<Py<Signer>>) -> PyResult<Session> {
        let signers: Vec<_> = signers.iter().map(|signer| signer.get().share()).collect();
        let session = released(py, || {
            let party: PartyId = from_text(party, "party")?;
            if signers.is_empty() { self.0.session(party) } else { self.0.session_of(party, signers) }
        })?;
        Ok(Session::from(session))
    }

    fn advance_to(&self, py: Python<'_>, time: &str) -> PyResult<Pending> {
        released(py, || {
            let time: Timestamp = from_text(time, "time")?;
            let status = self.0.advance_to_async(time);
            Ok(Pending::new(async move { status.await.map(Answer::Status) }))
        })
    }

    fn submit(&self, py: Python<'_>, signed: &[u8]) -> PyResult<Pending> {
        released(py, || self.0.start_signed(signed)).map(Pending::outcome)
    }

    fn start(&self, py: Python<'_>, signed: &[u8]) -> PyResult<Submission> {
        released(py, || self.0.start_signed(signed)).map(Submission)
    }

    fn pending(&self, py: Python<'_>) -> PyResult<Vec<Outcome>> {
        let pending = released(py, || self.0.pending())?;
        Ok(pending.into_iter().map(allonge::Outcome::Unknown).map(Outcome::from).collect())
    }

    fn outcome(&self, py: Python<'_>, party: &str, key: &str) -> PyResult<Option<Outcome>> {
        let outcome = released(py, || self.0.outcome(&from_text(party, "party")?, from_text(key, "key")?))?;
        Ok(outcome.map(Outcome::from))
    }

    fn receipt(&self, py: Python<'_>, transaction: &str) -> PyResult<Receipt> {
        released(py, || self.0.receipt(&from_text(transaction, "transaction")?)).map(Receipt::from)
    }

    /// A record of a kind, now or as it stood after the block of a height.
    #[pyo3(signature = (kind, id, height=None))]
    fn record<'py>(
        &self,
        py: Python<'py>,
        kind: &str,
        id: &str,
        height: Option<u64>,
    ) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &released(py, || self.0.record(&RecordId::parse(kind, id)?, height))?)
    }

    fn records<'py>(
        &self,
        py: Python<'py>,
        kind: &str,
        query: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        page(py, query, |query| self.0.records(kind, query))
    }

    fn next_steps<'py>(
        &self,
        py: Python<'py>,
        kind: &str,
        id: &str,
        party: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        let steps =
            released(py, || self.0.next_steps(&RecordId::parse(kind, id)?, &from_text(party, "party")?))?;
        to_python(py, &steps)
    }

    fn explain<'py>(&self, py: Python<'py>, transaction: &str) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &released(py, || self.0.explain(&from_text(transaction, "transaction")?))?)
    }

    #[pyo3(signature = (account, height=None, value_date=None))]
    fn balance<'py>(
        &self,
        py: Python<'py>,
        account: &str,
        height: Option<u64>,
        value_date: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let balance = released(py, || {
            let value_date = value_date.map(|date| from_text(date, "value_date")).transpose()?;
            self.0.balance(&from_text(account, "account")?, height, value_date)
        })?;
        to_python(py, &balance)
    }

    fn entries<'py>(
        &self,
        py: Python<'py>,
        account: &str,
        after: u64,
        limit: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &released(py, || self.0.entries(&from_text(account, "account")?, after, limit))?)
    }

    fn statement<'py>(
        &self,
        py: Python<'py>,
        account: &str,
        first: &str,
        last: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &released(py, || self.statement_of(account, first, last))?)
    }

    fn statement_csv(&self, py: Python<'_>, account: &str, first: &str, last: &str) -> PyResult<String> {
        released(py, || self.statement_of(account, first, last).map(|made| allonge::statement_csv(&made)))
    }

    #[pyo3(signature = (account, height=None))]
    fn prove_account<'py>(
        &self,
        py: Python<'py>,
        account: &str,
        height: Option<u64>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let file = released(py, || {
            let account = from_text(account, "account")?;
            match height {
                Some(height) => self.0.prove_account_at(&account, height),
                None => self.0.prove_account(&account),
            }
        })?;
        Ok(PyBytes::new(py, &file))
    }

    fn prove_answer<'py>(
        &self,
        py: Python<'py>,
        party: &str,
        key: &str,
        valid_until: &str,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let file = released(py, || {
            let (party, key) = (from_text(party, "party")?, from_text(key, "key")?);
            self.0.prove_answer(&party, key, from_text(valid_until, "valid_until")?)
        })?;
        Ok(PyBytes::new(py, &file))
    }

    fn checkpoint<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &released(py, || self.0.checkpoint())?)
    }

    #[pyo3(signature = (older, newer=None))]
    fn prove_history<'py>(
        &self,
        py: Python<'py>,
        older: u64,
        newer: Option<u64>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let file = released(py, || self.0.prove_history(older, newer))?;
        Ok(PyBytes::new(py, &file))
    }

    #[pyo3(signature = (after=0, limit=None))]
    fn headers<'py>(
        &self,
        py: Python<'py>,
        after: u64,
        limit: Option<usize>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let headers = released(py, || self.0.headers(after, limit))?;
        Ok(PyBytes::new(py, &headers))
    }

    fn prove<'py>(&self, py: Python<'py>, kind: &str, id: &str) -> PyResult<Bound<'py, PyBytes>> {
        let file = released(py, || self.0.prove(&RecordId::parse(kind, id)?))?;
        Ok(PyBytes::new(py, &file))
    }

    fn backup<'py>(&self, py: Python<'py>, path: PathBuf) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &released(py, || self.0.backup(path))?)
    }

    fn credits<'py>(&self, py: Python<'py>, query: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        page(py, query, |query| self.0.credits(query))
    }

    fn presentations<'py>(&self, py: Python<'py>, query: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        page(py, query, |query| self.0.presentations(query))
    }

    fn claims<'py>(&self, py: Python<'py>, query: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        page(py, query, |query| self.0.claims(query))
    }

    fn holds<'py>(&self, py: Python<'py>, query: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        page(py, query, |query| self.0.holds(query))
    }

    fn proposals<'py>(&self, py: Python<'py>, query: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        page(py, query, |query| self.0.proposals(query))
    }

    fn accounts<'py>(&self, py: Python<'py>, query: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        page(py, query, |query| self.0.accounts(query))
    }

    fn parties<'py>(&self, py: Python<'py>, query: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        page(py, query, |query| self.0.parties(query))
    }

    fn transactions<'py>(&self, py: Python<'py>, query: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        page(py, query, |query| self.0.transactions(query))
    }

    #[pyo3(signature = (after=None))]
    fn subscribe(&self, py: Python<'_>, after: Option<&str>) -> PyResult<Subscription> {
        released(py, || self.0.subscribe(after)).map(Subscription::from)
    }

    fn close(&self, py: Python<'_>) -> PyResult<()> {
        released(py, || {
            self.0.close();
            Ok(())
        })
    }
}

impl Ledger {
    fn statement_of(&self, account: &str, first: &str, last: &str) -> Result<Statement, Error> {
        let (first, last) = (from_text(first, "first")?, from_text(last, "last")?);
        self.0.statement(&from_text(account, "account")?, first, last)
    }
}

/// A page of a list.
fn page<'py, Q: DeserializeOwned + Sync, T: Serialize + Send>(
    py: Python<'py>,
    query: &Bound<'py, PyAny>,
    read: impl FnOnce(&Q) -> Result<Page<T>, Error> + Send,
) -> PyResult<Bound<'py, PyAny>> {
    let query: Q = from_python(query, "query")?;
    to_python(py, &released(py, || read(&query))?)
}
