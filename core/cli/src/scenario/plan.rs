//! What a scenario will do, worked out in full before anything is submitted.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use allonge::messages::fin::MAX_MESSAGE_CHARACTERS;
use allonge::{
    AccountId, Clock, Currency, Error, Genesis, IdempotencyKey, LedgerOperation, Money, Operation, PartyId,
    Signer, SoftwareSigner, Timestamp, TradeOperation, digest_reader, document_digest,
    letter_of_credit_from_fin, parse_fin, records,
};
use serde_json::Value;

use super::file::{NewAccount, Scenario, Step};
use crate::registry::{SCENARIO_INVALID, known};

/// What a scenario will do.
pub(crate) struct Plan {
    pub name: String,
    pub parties: Vec<(PartyId, String)>,
    pub steps: Vec<Planned>,
}

/// The scenario's own keys, by name.
type Keys = BTreeMap<String, Arc<SoftwareSigner>>;

/// One step, ready to be done.
pub(crate) struct Planned {
    pub id: String,
    pub act: Act,
    /// How it is to end.
    pub expect: Expect,
}

/// What a step does.
pub(crate) enum Act {
    /// Moves the clock.
    Advance(Timestamp),
    /// Submits a transaction.
    Submit {
        author: PartyId,
        operations: Vec<Operation>,
        key: IdempotencyKey,
        signer: Option<Arc<SoftwareSigner>>,
    },
}

/// How a step is to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expect {
    /// It takes effect.
    Effect,
    /// It takes effect, or is refused with this code since it did before.
    EffectUnless(&'static str),
    /// It is refused with this code.
    Refusal(String),
    /// It is answered with the outcome of an earlier step.
    AnswerOf(String),
}

impl Plan {
    /// Works out every step. Files are named relative to the directory of the scenario's file.
    ///
    /// Errors: `scenario.invalid`, `input.invalid`, `file.io`, `message.*`.
    pub(crate) fn of(scenario: Scenario, directory: &Path, genesis: &Genesis) -> Result<Plan, Error> {
        let Scenario { name, parties, accounts, keys, steps, ledger: _ } = scenario;
        // Whoever reads the scenario can make its keys, so they open nothing that counts.
        if !keys.is_empty() && genesis.clock != Clock::Manual {
            return Err(invalid("keys", "only on a manual clock may a scenario bring keys of its own"));
        }
        let keys: Keys = keys.into_iter().map(|key| (key.clone(), Arc::new(signer(&name, &key)))).collect();
        let mut planner = Planner { name: &name, directory, genesis, keys: &keys, ids: BTreeSet::new() };
        let mut planned = planner.accounts(&accounts)?;
        for step in steps {
            planned.push(planner.step(step)?);
        }
        let parties = parties.into_iter().map(|party| (party.id, party.name)).collect();
        Ok(Plan { name, parties, steps: planned })
    }
}

struct Planner<'a> {
    name: &'a str,
    directory: &'a Path,
    genesis: &'a Genesis,
    keys: &'a Keys,
    /// The steps so far.
    ids: BTreeSet<String>,
}

impl Planner<'_> {
    /// Opens the accounts, then moves money to them from where it is issued.
    fn accounts(&mut self, accounts: &[NewAccount]) -> Result<Vec<Planned>, Error> {
        let mut steps = Vec::new();
        for account in accounts {
            let open = LedgerOperation::OpenAccount { account: account.id.clone(), ceiling: None };
            steps.push(self.ledger_step(format!("open {}", account.id), account.id.owner(), open));
        }
        for account in accounts {
            let Some(funded) = &account.funded else { continue };
            let (id, currency) = (&account.id, account.id.currency());
            let agent = self.settlement_agent(currency).ok_or_else(|| {
                invalid(&format!("accounts: {id}"), "nobody issues money in its currency on this ledger")
            })?;
            let from = AccountId::new(agent.clone(), currency, "issue")
                .map_err(|error| invalid(&format!("accounts: {id}"), error))?;
            let opening = format!("open {from}");
            if !self.ids.contains(&opening) {
                let open = LedgerOperation::OpenAccount { account: from.clone(), ceiling: None };
                steps.push(self.ledger_step(opening, &agent, open));
            }
            let amount =
                Money::parse(funded, currency).map_err(|error| invalid(&format!("accounts: {id}"), error))?;
            let (value_date, reference) = (None, "funding".to_owned());
            let fund = LedgerOperation::Transfer { from, to: id.clone(), amount, value_date, reference };
            steps.push(self.ledger_step(format!("fund {id}"), &agent, fund));
        }
        Ok(steps)
    }

    fn ledger_step(&mut self, id: String, author: &PartyId, operation: LedgerOperation) -> Planned {
        let expect = match operation {
            LedgerOperation::OpenAccount { .. } => Expect::EffectUnless("account.exists"),
            _ => Expect::Effect,
        };
        let act = Act::Submit {
            author: author.clone(),
            operations: vec![Operation::Ledger(operation)],
            key: idempotency_key(self.name, &id),
            signer: None,
        };
        self.ids.insert(id.clone());
        Planned { id, act, expect }
    }

    fn settlement_agent(&self, currency: Currency) -> Option<PartyId> {
        let agents = &self.genesis.authorities.settlement_agents;
        agents.iter().find(|agent| agent.currency == currency).map(|agent| agent.party.clone())
    }

    fn step(&mut self, step: Step) -> Result<Planned, Error> {
        let at = format!("step {}", step.id);
        let first = step.key_of.as_ref().unwrap_or(&step.id);
        if step.key_of.is_some() && !self.ids.contains(first) {
            return Err(invalid(&at, format_args!("key_of names {first}, which is no earlier step")));
        }
        let key = idempotency_key(self.name, first);
        let expect = match (&step.expect, &step.key_of) {
            (Some(code), _) if crate::registry::all().iter().any(|entry| entry.code == code) => {
                Expect::Refusal(code.clone())
            }
            (Some(code), _) => return Err(invalid(&at, format_args!("{code} is no code of an error"))),
            (None, Some(first)) => Expect::AnswerOf(first.clone()),
            (None, None) => Expect::Effect,
        };
        let act = match self.operations(&step, &at)? {
            None => Act::Advance(step.advance_to.ok_or_else(|| invalid(&at, ONE_OF))?),
            Some(_) if step.advance_to.is_some() => return Err(invalid(&at, ONE_OF)),
            Some(operations) => Act::Submit {
                author: step.author.clone().ok_or_else(|| invalid(&at, "it names no author"))?,
                operations,
                key,
                signer: step.signer.as_ref().map(|name| self.key(name, &at)).transpose()?,
            },
        };
        if !self.ids.insert(step.id.clone()) {
            return Err(invalid(&at, "two steps have this id"));
        }
        Ok(Planned { id: step.id, act, expect })
    }

    fn operations(&self, step: &Step, at: &str) -> Result<Option<Vec<Operation>>, Error> {
        let mut value = match (&step.operation, &step.operations, &step.mt700) {
            (None, None, None) => return Ok(None),
            (Some(operation), None, None) => operation.clone(),
            (None, Some(operations), None) => Value::Array(operations.clone()),
            (None, None, Some(file)) => return self.issue(step, file).map(Some),
            _ => return Err(invalid(at, ONE_OF)),
        };
        self.fill(&mut value)?;
        records::operations_from_value(value).map(Some).map_err(|error| invalid(at, &error).because(error))
    }

    /// Puts in what a file of data cannot say: what a document's file holds, and the scenario's keys.
    fn fill(&self, value: &mut Value) -> Result<(), Error> {
        match value {
            Value::Array(items) => items.iter_mut().try_for_each(|item| self.fill(item)),
            Value::Object(fields) => {
                if let Some(Value::String(file)) = fields.get("file").cloned() {
                    let digest = document_digest(self.directory.join(file))?;
                    fields.remove("file");
                    fields.insert("sha256".to_owned(), Value::String(digest.sha256.to_string()));
                    fields.insert("length".to_owned(), Value::from(digest.length));
                }
                if let Some(Value::String(name)) = fields.get("key")
                    && let Some(signer) = self.keys.get(name)
                {
                    fields.insert("key".to_owned(), Value::String(signer.public_key().to_string()));
                }
                fields.values_mut().try_for_each(|field| self.fill(field))
            }
            _ => Ok(()),
        }
    }

    /// The issue of the credit that a message states.
    fn issue(&self, step: &Step, file: &Path) -> Result<Vec<Operation>, Error> {
        let path = self.directory.join(file);
        let limit = u64::try_from(MAX_MESSAGE_CHARACTERS).unwrap_or(u64::MAX).saturating_add(1);
        let mut text = Vec::new();
        File::open(&path).and_then(|file| file.take(limit).read_to_end(&mut text)).map_err(|error| {
            let failed = known("file.io").with("path", path.display()).with("action", "read");
            failed.with("reason", &error).because(error)
        })?;
        let record = parse_fin(&text)?.to_record();
        let credit = letter_of_credit_from_fin(record, &step.mapping)?;
        let number = step.number.clone().unwrap_or(credit.number);
        Ok(vec![Operation::Rules(TradeOperation::IssueCredit { number, terms: Box::new(credit.terms) })])
    }

    fn key(&self, name: &str, at: &str) -> Result<Arc<SoftwareSigner>, Error> {
        let key = self.keys.get(name).cloned();
        key.ok_or_else(|| invalid(at, format_args!("{name} is not among the scenario's keys")))
    }
}

const ONE_OF: &str = "a step has exactly one of operation, operations, mt700 and advance_to";

fn invalid(place: &str, reason: impl std::fmt::Display) -> Error {
    SCENARIO_INVALID.error().with("where", place).with("reason", reason)
}

/// The same step of the same scenario has the same key in every run.
fn idempotency_key(scenario: &str, step: &str) -> IdempotencyKey {
    let hash = hash(["allonge/scenario/key/1", scenario, step]);
    IdempotencyKey::new(hash.first_chunk().copied().unwrap_or_default())
}

fn signer(scenario: &str, key: &str) -> SoftwareSigner {
    SoftwareSigner::from_seed(hash(["allonge/scenario/signer/1", scenario, key]))
}

/// SHA-256 of the texts as a JSON list, in which no two lists look alike.
fn hash(texts: [&str; 3]) -> [u8; 32] {
    let list = Value::from(texts.to_vec()).to_string();
    // Memory reads without errors.
    digest_reader(list.as_bytes()).map(|digest| *digest.sha256.as_bytes()).unwrap_or_default()
}
