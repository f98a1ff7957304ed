//! FIN messages: what is read is written as the same bytes; it is built anew from its content, survives JSON, and
//! is a credit or not representable.

#![no_main]

use allonge::messages::fin::FinMessage;
use allonge::messages::mapping::MappingOptions;
use allonge::{format_fin, letter_of_credit_from_fin, parse_fin};
use allonge_fuzz::{expect_code, seed, strict, survives_json};
use allonge_ledger::canonical;
use libfuzzer_sys::fuzz_target;

fn seeds() -> Vec<Vec<u8>> {
    let usance = include_bytes!("../../vectors/fin/mt700_usance.fin").as_slice();
    let faults = include_bytes!("../../vectors/fin/mt700_faults.fin").as_slice();
    vec![usance.to_vec(), faults.to_vec()]
}

fuzz_target!(init: seed(seeds()), |bytes: &[u8]| {
    let message = match parse_fin(bytes) {
        Ok(message) => message,
        Err(error) => return expect_code(&error, &["message.fin_invalid"]),
    };
    assert_eq!(message.format(), bytes);
    assert_eq!(format_fin(message.to_record()).unwrap(), bytes);
    assert_eq!(FinMessage::from_json(&message.to_json()).as_ref(), Ok(&message));
    let built = message.content().build().unwrap();
    assert_eq!(built.fields(), message.fields());
    assert_eq!(built.content().build().as_ref(), Ok(&built), "the canonical form is its own");

    match letter_of_credit_from_fin(message.to_record(), &MappingOptions::default()) {
        Ok(credit) => {
            survives_json(&credit);
            assert_eq!(strict(&canonical(&credit.terms)).as_ref(), Some(&credit.terms));
            assert_eq!(letter_of_credit_from_fin(built.to_record(), &MappingOptions::default()).unwrap().terms, credit.terms);
        }
        Err(error) => expect_code(&error, &["message.not_representable"]),
    }
});
