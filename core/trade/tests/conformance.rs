//! The scenarios of `tests/conformance`: given what happened, when a party does this, then that comes of it, and which
//! article says so. Every step is a signed transaction in a block of its own.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests stand outside test functions.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use allonge_finance::{Calendar, Currency, Money, Timestamp};
use allonge_ledger::{AccountId, Event, LedgerOperation, Operation, Stored};
use allonge_trade::*;
use common::{Market, OFFICE};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    ledger: Opening,
    parties: Vec<Named>,
    #[serde(default)]
    accounts: Vec<Opened>,
    #[serde(default)]
    calendars: Vec<Calendar>,
    #[serde(default)]
    given: Vec<Given>,
    scenario: Vec<Scenario>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Opening {
    start: String,
    currencies: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    id: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Opened {
    id: String,
    funded: Option<String>,
}

/// What happened before.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    name: String,
    after: Option<String>,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    name: String,
    article: String,
    given: Option<String>,
    steps: Vec<Step>,
    #[serde(default)]
    then: Vec<Then>,
}

/// What a party does, and when; and the code with which it is refused, or what comes of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    at: Option<String>,
    author: String,
    operation: Option<Value>,
    #[serde(default)]
    operations: Vec<Value>,
    refused: Option<String>,
    events: Option<Vec<String>>,
}

/// What a record has at the end.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Then {
    record: String,
    id: String,
    is: Value,
}

#[test]
fn every_scenario_comes_out_as_its_article_says() {
    let mut failed = Vec::new();
    let mut names = BTreeSet::new();
    for path in files() {
        let text = fs::read_to_string(&path).unwrap();
        let table: toml::Table = text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        if !table.contains_key("scenario") {
            continue; // A story of one ledger, which `allonge run` plays.
        }
        let file: File = serde_json::from_value(plain(toml::Value::Table(table)))
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for scenario in &file.scenario {
            assert!(names.insert(scenario.name.clone()), "two scenarios are called {}", scenario.name);
            assert!(!scenario.article.is_empty() && !scenario.steps.is_empty(), "{}", scenario.name);
            if let Err(reason) = play(&file, scenario) {
                failed.push(format!("{}: {}: {reason}", path.display(), scenario.name));
            }
        }
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
    println!("{} scenarios", names.len());
}

fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance");
    let mut files: Vec<_> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    files
}

/// TOML as JSON; a time or a date is its text.
fn plain(value: toml::Value) -> Value {
    match value {
        toml::Value::Datetime(time) => Value::String(time.to_string()),
        toml::Value::Array(values) => values.into_iter().map(plain).collect(),
        toml::Value::Table(table) => table.into_iter().map(|(name, value)| (name, plain(value))).collect(),
        other => serde_json::to_value(other).unwrap(),
    }
}

fn play(file: &File, scenario: &Scenario) -> Result<(), String> {
    let mut market = open(file);
    for step in before(file, scenario.given.as_deref()) {
        take(&mut market, step).map_err(|reason| format!("given: {reason}"))?;
    }
    for step in &scenario.steps {
        take(&mut market, step)?;
    }
    for Then { record, id, is } in &scenario.then {
        let found = find(&market, record, id).ok_or_else(|| format!("there is no {record} {id}"))?;
        if !has(&found, is) {
            return Err(format!("{record} {id} is {found}, and not {is}"));
        }
    }
    Ok(())
}

/// The steps that a scenario stands on, the first first.
fn before<'a>(file: &'a File, given: Option<&str>) -> Vec<&'a Step> {
    let Some(name) = given else { return Vec::new() };
    let found = file.given.iter().find(|given| given.name == name);
    let given = found.unwrap_or_else(|| panic!("nothing is given as {name}"));
    let mut steps = before(file, given.after.as_deref());
    steps.extend(&given.steps);
    steps
}

fn open(file: &File) -> Market {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../client/calendars");
    let mut calendars = file.calendars.clone();
    for entry in fs::read_dir(shipped).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            calendars.push(serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap());
        }
    }
    calendars.sort_by(|one, other| one.id().cmp(other.id()));
    calendars.dedup_by(|one, other| one.id() == other.id());
    let parties: Vec<_> = file.parties.iter().map(|party| (party.id.as_str(), party.name.as_str())).collect();
    let currencies: Vec<_> =
        file.ledger.currencies.iter().map(|code| Currency::parse(code).unwrap()).collect();
    let start = Timestamp::parse(&file.ledger.start).unwrap();
    let mut market = Market::of(start, &parties, &currencies, calendars);
    for Opened { id, funded } in &file.accounts {
        let account: AccountId = id.parse().unwrap();
        let open = LedgerOperation::OpenAccount { account: account.clone(), ceiling: None };
        market.submit(account.owner().as_str(), vec![Operation::Ledger(open)]).unwrap();
        if let Some(amount) = funded {
            let currency = account.currency();
            let transfer = LedgerOperation::Transfer {
                from: format!("{OFFICE}/{currency}/issue").parse().unwrap(),
                to: account,
                amount: Money::parse(amount, currency).unwrap(),
                value_date: None,
                reference: String::new(),
            };
            market.submit(OFFICE, vec![Operation::Ledger(transfer)]).unwrap();
        }
    }
    market
}

fn take(market: &mut Market, step: &Step) -> Result<(), String> {
    if let Some(time) = &step.at {
        market.moves_to(Timestamp::parse(time).map_err(|error| format!("{time}: {error}"))?);
    }
    let operations = step.operation.iter().chain(&step.operations);
    let operations = operations.map(operation).collect::<Result<Vec<_>, _>>()?;
    let kinds: Vec<_> = operations.iter().map(kind).collect();
    let did = format!("{} by {}", kinds.join(", "), step.author);
    match (market.submit(&step.author, operations), &step.refused) {
        (Ok(events), None) => match &step.events {
            Some(expected) => {
                let events: Vec<_> = events.iter().filter_map(name).collect();
                if events == *expected { Ok(()) } else { Err(format!("{did} came to {events:?}")) }
            }
            None => Ok(()),
        },
        (Ok(events), Some(code)) => {
            let events: Vec<_> = events.iter().filter_map(name).collect();
            Err(format!("{did} came to {events:?}, and should be refused with {code}"))
        }
        (Err(refusal), Some(code)) if refusal.code == *code => Ok(()),
        (Err(refusal), _) => Err(format!("{did} was refused: {refusal:?}")),
    }
}

fn operation(json: &Value) -> Result<Operation<TradeOperation>, String> {
    let trade = serde_json::from_value(json.clone());
    trade.map(Operation::Rules).or_else(|of_trade| {
        let of_ledger = serde_json::from_value(json.clone()).map(Operation::Ledger);
        of_ledger.map_err(|of_ledger| format!("{json}: {of_trade}; {of_ledger}"))
    })
}

fn kind(operation: &Operation<TradeOperation>) -> String {
    match operation {
        Operation::Rules(operation) => operation.step().to_owned(),
        other => format!("{other:?}").chars().take(40).collect(),
    }
}

fn name(event: &Event<TradeEvent>) -> Option<String> {
    match event {
        Event::Rules(event) => Some(event.step().to_owned()),
        Event::Ledger(_) => None,
    }
}

/// A record as JSON, by the name of its kind.
fn find(market: &Market, record: &str, id: &str) -> Option<Value> {
    fn of<T>(market: &Market, id: &str) -> Option<Value>
    where
        T: Stored<Id: std::str::FromStr<Err: std::fmt::Debug>> + serde::Serialize,
    {
        market.find::<T>(&id.parse().unwrap()).map(|record| serde_json::to_value(record).unwrap())
    }
    match record {
        "account" => of::<allonge_ledger::Account>(market, id),
        "letter_of_credit" => of::<LetterOfCredit>(market, id),
        "presentation" => of::<Presentation>(market, id),
        "credit_amendment" => of::<CreditAmendment>(market, id),
        "claim" => of::<Claim>(market, id),
        "debt" => of::<Debt>(market, id),
        "listing" => of::<Listing>(market, id),
        "quote" => of::<Quote>(market, id),
        "trade" => of::<Trade>(market, id),
        "bill" => of::<Bill>(market, id),
        "bill_part" => of::<BillPart>(market, id),
        "voucher" => of::<Voucher>(market, id),
        "credit_approval" => of::<CreditApproval>(market, id),
        "receivable" => of::<Receivable>(market, id),
        "financing" => of::<Financing>(market, id),
        "notarised_document" => of::<NotarisedDocument>(market, id),
        "transferable_record" => of::<TransferableRecord>(market, id),
        "unit_certificate" => of::<UnitCertificate>(market, id),
        "exposure" => of::<Exposure>(market, id),
        "participation_agreement" => of::<ParticipationAgreement>(market, id),
        "underlying" => of::<Underlying>(market, id),
        "participation" => of::<Participation>(market, id),
        "freeze_order" => of::<FreezeOrder>(market, id),
        "guarantee" => of::<Guarantee>(market, id),
        "demand" => of::<Demand>(market, id),
        "guarantee_amendment" => of::<GuaranteeAmendment>(market, id),
        "guarantee_instruction" => of::<GuaranteeInstruction>(market, id),
        other => panic!("no record is a {other}"),
    }
}

/// Whether a value has all that is expected of it.
fn has(found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            expected.iter().all(|(name, value)| found.get(name).is_some_and(|found| has(found, value)))
        }
        _ => found == expected,
    }
}
