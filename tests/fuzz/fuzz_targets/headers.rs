//! Headers for light clients, and where one stands: read strictly; and nothing but what was certified is followed.

#![no_main]

use std::sync::LazyLock;

use allonge_crypto::Hash;
use allonge_fuzz::{Vectors, expect_code, seed};
use allonge_ledger::{Genesis, LightClient, LightHeader, Trust, from_canonical};
use libfuzzer_sys::fuzz_target;

/// The genesis, headers over three changes of the roster with their digests, and where a light client stands after them.
static SAMPLE: LazyLock<(Trust, Vec<u8>, Vec<Hash>, Vec<u8>)> = LazyLock::new(|| {
    let light = Vectors::read().light;
    let genesis: Genesis = serde_json::from_value(light["genesis"].clone()).unwrap();
    let bytes = |name: &str| hex::decode(light[name].as_str().unwrap()).unwrap();
    let headers: Vec<LightHeader> = from_canonical(&bytes("headers")).unwrap();
    let digests = headers.iter().map(|one| one.header.digest(genesis.hash_suite)).collect();
    (Trust::new(genesis), bytes("headers"), digests, bytes("kept"))
});

fuzz_target!(init: seed([SAMPLE.1.clone(), SAMPLE.3.clone()]), |bytes: &[u8]| {
    let (trust, _, digests, _) = &*SAMPLE;
    let mut light = LightClient::new(trust.clone()).unwrap();
    match light.follow(bytes) {
        // Some of the headers that were certified, and no other.
        Ok(()) => assert!(light.tip().height == 0 || digests.contains(&light.tip().digest)),
        Err(error) => {
            expect_code(&error, &["headers.invalid"]);
            assert_eq!(light.tip().height, 0);
        }
    }
    match LightClient::from_bytes(trust.clone(), bytes) {
        Ok(light) => assert_eq!(light.to_bytes(), bytes),
        Err(error) => expect_code(&error, &["headers.invalid", "receipt.wrong_network"]),
    }
});
