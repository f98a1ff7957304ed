//! The error registry is frozen: codes are never renamed or reused, and what they say changes by decision.
//!
//! `tests/vectors/errors.json` has every row; `ALLONGE_UPDATE_VECTORS=1` writes it anew.
#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};

#[test]
fn the_registry_is_the_one_of_the_vectors() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/errors.json");
    let vector = json!({ "errors": allonge::registry() });
    if std::env::var_os("ALLONGE_UPDATE_VECTORS").is_some() {
        std::fs::write(path, serde_json::to_string_pretty(&vector).unwrap() + "\n").unwrap();
    }
    let frozen: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(vector == frozen, "the registry differs from tests/vectors/errors.json");
}
