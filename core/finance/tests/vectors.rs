//! The vectors that every language replays: what is read, how it is written, and its canonical bytes.
#![allow(clippy::unwrap_used)]

use std::fmt::{Debug, Display};
use std::str::FromStr;

use allonge_finance::{Bic, Cnaps, CountryCode, Currency, Date, Iban, Lei, Money, PartyId, Timestamp, Uscc};
use borsh::{BorshDeserialize, BorshSerialize};
use serde_json::Value;

const VECTORS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/finance.json"));

fn rows<'a>(vectors: &'a Value, group: &str, outcome: &str) -> &'a [Value] {
    let rows = vectors[group][outcome].as_array().unwrap();
    assert!(!rows.is_empty(), "{group} {outcome}");
    rows
}

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field].as_str().unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn replay<T>(vectors: &Value, group: &str)
where
    T: FromStr<Err: Debug> + Display + Debug + PartialEq + BorshSerialize + BorshDeserialize,
{
    for row in rows(vectors, group, "valid") {
        let value: T = text(row, "text").parse().unwrap();
        assert_eq!(value.to_string(), text(row, "canonical"), "{row}");
        let bytes = borsh::to_vec(&value).unwrap();
        assert_eq!(hex(&bytes), text(row, "borsh"), "{row}");
        assert_eq!(borsh::from_slice::<T>(&bytes).unwrap(), value, "{row}");
    }
    for row in rows(vectors, group, "invalid") {
        assert!(row.as_str().unwrap().parse::<T>().is_err(), "{group} {row}");
    }
}

#[test]
fn texts_are_read_written_and_encoded_as_published() {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    replay::<Date>(&vectors, "date");
    replay::<Timestamp>(&vectors, "timestamp");
    replay::<Bic>(&vectors, "bic");
    replay::<Lei>(&vectors, "lei");
    replay::<Iban>(&vectors, "iban");
    replay::<Cnaps>(&vectors, "cnaps");
    replay::<Uscc>(&vectors, "uscc");
    replay::<CountryCode>(&vectors, "country");
    replay::<PartyId>(&vectors, "party");
}

#[test]
fn amounts_are_read_written_and_encoded_as_published() {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    for row in rows(&vectors, "money", "valid") {
        let currency = Currency::parse(text(row, "currency")).unwrap();
        let money = Money::parse(text(row, "amount"), currency).unwrap();
        assert_eq!(money.minor_units().to_string(), text(row, "minor_units"), "{row}");
        assert_eq!(money.amount(), text(row, "canonical"), "{row}");
        let bytes = borsh::to_vec(&money).unwrap();
        assert_eq!(hex(&bytes), text(row, "borsh"), "{row}");
        assert_eq!(borsh::from_slice::<Money>(&bytes).unwrap(), money, "{row}");
    }
    for row in rows(&vectors, "money", "invalid") {
        let money = Currency::parse(text(row, "currency")).map(|c| Money::parse(text(row, "amount"), c));
        assert!(!matches!(money, Ok(Ok(_))), "{row}");
    }
}
