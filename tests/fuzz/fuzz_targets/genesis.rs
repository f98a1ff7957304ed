//! A genesis from JSON: it has one canonical form, and a state or a reason why not.

#![no_main]

use allonge::records::from_json;
use allonge_fuzz::{Vectors, expect_code, seed, strict, survives_json};
use allonge_ledger::{Genesis, Trust, canonical};
use libfuzzer_sys::fuzz_target;

fn seeds() -> Vec<Vec<u8>> {
    let Vectors { receipts, trade, .. } = Vectors::read();
    let named = Vectors::cases(&receipts["genesis"]).iter().map(|genesis| &genesis["json"]);
    named.chain([&trade["genesis"]]).map(|json| json.to_string().into_bytes()).collect()
}

fuzz_target!(init: seed(seeds()), |bytes: &[u8]| {
    let Ok(json) = std::str::from_utf8(bytes) else { return };
    let genesis: Genesis = match from_json(json, "genesis") {
        Ok(genesis) => genesis,
        Err(error) => return expect_code(&error, &["input.invalid"]),
    };
    survives_json(&genesis);
    assert_eq!(strict::<Genesis>(&canonical(&genesis)).as_ref(), Some(&genesis));
    if let Err(error) = genesis.initial_state() {
        expect_code(&error, &["genesis.invalid"]);
    }
    assert_eq!(Trust::new(genesis.clone()).network(), genesis.network());
});
