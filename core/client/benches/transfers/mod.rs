//! Transfers, prepared: what benchmarks submit.
#![allow(clippy::expect_used)]

use allonge::records::operations_from_value;
use allonge::{Operation, Session, SubmitOptions};
use serde_json::{Value, json};

/// The money goes to so many accounts.
const DESKS: usize = 100;

/// Opens the accounts between which money moves.
pub fn open_accounts(operator: &Session) {
    let accounts = (0..DESKS).map(|desk| format!("desk-{desk}")).chain(["issue".to_owned()]);
    let open = accounts.map(|name| json!({ "type": "open_account", "account": account(&name) })).collect();
    let opened = operator.submit(read(open), SubmitOptions::default()).expect("an outcome");
    opened.committed().expect("accounts");
}

/// A transaction of so many transfers, signed.
pub fn prepare(operator: &Session, transfers: usize) -> Vec<u8> {
    let transfer = |number: usize| {
        json!({
            "type": "transfer", "from": account("issue"), "to": account(&format!("desk-{}", number % DESKS)),
            "amount": { "amount": "0.01", "currency": "USD" }, "reference": format!("invoice {number}"),
        })
    };
    let operations = read((0..transfers).map(transfer).collect());
    operator.prepare(operations, SubmitOptions::default()).expect("a transaction")
}

pub fn account(name: &str) -> String {
    format!("operator/USD/{name}")
}

fn read(operations: Vec<Value>) -> Vec<Operation> {
    operations_from_value(Value::Array(operations)).expect("operations")
}
