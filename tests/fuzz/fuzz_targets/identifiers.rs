//! Identifiers, amounts and times as text: each has one canonical text, JSON and bytes.

#![no_main]

use std::fmt::{Debug, Display};

use allonge_crypto::{Hash, PublicKey, Signature};
use allonge_finance::{
    Bic, CalendarId, Cnaps, CountryCode, Currency, Date, Iban, Lei, Money, PartyId, Timestamp, Uscc,
};
use allonge_fuzz::{Vectors, seed, strict, survives_json};
use allonge_ledger::{AccountId, HoldId, IdempotencyKey, ProposalId, canonical};
use allonge_trade::{ClaimId, CreditId, PresentationId};
use borsh::{BorshDeserialize, BorshSerialize};
use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use serde::de::DeserializeOwned;

fn seeds() -> Vec<Vec<u8>> {
    let finance = Vectors::read().finance;
    let mut texts = Vec::new();
    for (name, section) in finance.as_object().unwrap() {
        for case in Vectors::cases(&section["valid"]).iter().chain(Vectors::cases(&section["invalid"])) {
            let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
            texts.push(match name.as_str() {
                "money" => format!("{} {}", text(&case["amount"]), text(&case["currency"])),
                _ => case.as_str().map_or_else(|| text(&case["text"]), str::to_owned),
            });
        }
    }
    texts.extend(
        [
            "SYNBCNBJXXX/USD/settlement",
            "SYNBCNBJXXX/PAY-7",
            "SYNBCNBJXXX/LC2026001",
            "SYNBCNBJXXX/LC2026001/1",
            "CN",
            "abababab-abab-abab-abab-abababababab",
        ]
        .map(str::to_owned),
    );
    texts.push(format!("ed25519:{}", "43".repeat(32)));
    texts.push(format!("ed25519:{}", "43".repeat(64)));
    texts.push("43".repeat(32));
    texts.into_iter().map(String::into_bytes).collect()
}

/// Checks what a text was read as, if it was.
fn check<T, E>(read: impl Fn(&str) -> Result<T, E>, text: &str)
where
    T: Display + PartialEq + Debug + Serialize + DeserializeOwned + BorshSerialize + BorshDeserialize,
    E: Debug + Display,
{
    match read(text) {
        Ok(value) => {
            let written = value.to_string();
            assert_eq!(read(&written).unwrap(), value, "{text} is {written}");
            survives_json(&value);
            assert_eq!(strict::<T>(&canonical(&value)), Some(value));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

fuzz_target!(init: seed(seeds()), |bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    check(Bic::parse, text);
    check(Lei::parse, text);
    check(Iban::parse, text);
    check(Cnaps::parse, text);
    check(Uscc::parse, text);
    check(CountryCode::parse, text);
    check(PartyId::parse, text);
    check(Currency::parse, text);
    check(CalendarId::parse, text);
    check(Date::parse, text);
    check(Timestamp::parse, text);
    check(str::parse::<AccountId>, text);
    check(str::parse::<HoldId>, text);
    check(str::parse::<ProposalId>, text);
    check(str::parse::<CreditId>, text);
    check(str::parse::<PresentationId>, text);
    check(str::parse::<ClaimId>, text);
    check(str::parse::<IdempotencyKey>, text);
    check(str::parse::<Hash>, text);
    check(str::parse::<PublicKey>, text);
    check(str::parse::<Signature>, text);
    if let Some((amount, currency)) = text.split_once(' ')
        && let Ok(currency) = Currency::parse(currency)
        && let Ok(money) = Money::parse(amount, currency)
    {
        survives_json(&money);
        assert_eq!(Money::from_minor_units(money.minor_units(), currency), money);
        assert_eq!(strict::<Money>(&canonical(&money)), Some(money));
    }
});
