//! `allonge show`: the records that have an id.

use std::str::FromStr;

use allonge::{
    Account, Calendar, CalendarId, Claim, Error, Hash, Hold, Ledger, LetterOfCredit, Party, PartyId,
    Presentation, VerifiedReceipt,
};
use serde::Serialize;

use super::open_ledger;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::output::{record_table, write_json, write_table};
use crate::registry::{RECORD_UNKNOWN, usage};
use crate::syntax::{Given, LEDGER, Operand, Syntax};

pub(super) const SYNTAX: Syntax = Syntax {
    words: &["show"],
    purpose: "Show what has an id: credit, presentation, claim, account, hold, party, calendar or transaction.",
    operands: &[Operand { name: "ID", meaning: "the id; its shape says what it is of", required: true }],
    options: &[LEDGER],
    notes: "Shapes: credit SYNBCNBJXXX/LC2026001, presentation and its claim SYNBCNBJXXX/LC2026001/1, account\n\
            SYNBCNBJXXX/USD/settlement, hold SYNBCNBJXXX/PAY-7, party SYNBCNBJXXX, calendar TARGET, transaction\n\
            64 hexadecimal digits. Where a presentation has become a claim, both are shown.",
};

/// Every record that has the id.
#[derive(Default, Serialize)]
struct Found {
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction: Option<VerifiedReceipt>,
    #[serde(skip_serializing_if = "Option::is_none")]
    party: Option<Party>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<Account>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hold: Option<Hold>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<LetterOfCredit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    presentation: Option<Presentation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    claim: Option<Claim>,
    #[serde(skip_serializing_if = "Option::is_none")]
    calendar: Option<Calendar>,
}

pub(super) fn execute(given: &Given, environment: &mut Environment<'_>) -> Result<(), Failure> {
    let id = given.operand(0).and_then(|id| id.to_str()).ok_or_else(|| usage("the id is no text"))?;
    let ledger = open_ledger(given, environment)?;
    let found = find(&ledger, id)?;
    ledger.close();
    match given.json {
        true => write_json(&found, environment)?,
        false => write_table(&record_table(&found), environment)?,
    }
    Ok(())
}

/// Looks in every place where an id of this shape can be: an account, a credit and a hold may look alike.
fn find(ledger: &Ledger, id: &str) -> Result<Found, Error> {
    let found = Found {
        transaction: of_shape(id, |id: &Hash| transaction(ledger, id))?,
        party: match PartyId::parse(id) {
            Ok(id) => ledger.party(&id)?,
            Err(_) => None,
        },
        account: of_shape(id, |id| ledger.account(id))?,
        hold: of_shape(id, |id| ledger.hold(id))?,
        credit: of_shape(id, |id| ledger.credit(id))?,
        presentation: of_shape(id, |id| ledger.presentation(id))?,
        claim: of_shape(id, |id| ledger.claim(id))?,
        calendar: match CalendarId::parse(id) {
            Ok(id) => ledger.calendar(&id)?,
            Err(_) => None,
        },
    };
    match found {
        Found {
            transaction: None,
            party: None,
            account: None,
            hold: None,
            credit: None,
            presentation: None,
            claim: None,
            calendar: None,
        } => Err(RECORD_UNKNOWN.error().with("id", id)),
        found => Ok(found),
    }
}

fn of_shape<I: FromStr, T>(
    text: &str,
    look: impl FnOnce(&I) -> Result<Option<T>, Error>,
) -> Result<Option<T>, Error> {
    text.parse().map_or(Ok(None), |id| look(&id))
}

fn transaction(ledger: &Ledger, id: &Hash) -> Result<Option<VerifiedReceipt>, Error> {
    match ledger.receipt(id) {
        Ok(receipt) => receipt.verified(ledger.trust()).map(Some),
        Err(error) if error.code() == "transaction.unknown" => Ok(None),
        Err(error) => Err(error),
    }
}
