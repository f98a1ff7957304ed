//! What the fuzz targets share: seeds from the frozen vectors, and the property of a strict decoder.
//!
//! Each target is one decoder, or one family of them. `cargo fuzz run -s none <target>` writes the seeds of the
//! target into its corpus before it begins, so none of them is kept twice or grows old.

mod sample;
mod vectors;

pub use sample::{Sample, VALIDATOR, signer};
pub use vectors::{Vectors, bytes};

use std::fmt::Debug;
use std::path::PathBuf;

use allonge_crypto::HashSuite;
use allonge_ledger::{Error, canonical, from_canonical};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The only suite so far.
pub const SUITE: HashSuite = HashSuite::Sha256;

/// Writes seeds into the corpus: the first folder that libFuzzer was given, which it reads next. With an input to
/// be tried again instead of a folder there is nothing to do.
pub fn seed(seeds: impl IntoIterator<Item = Vec<u8>>) {
    let Some(corpus) = std::env::args().skip(1).map(PathBuf::from).find(|path| path.is_dir()) else { return };
    for (number, bytes) in seeds.into_iter().enumerate() {
        std::fs::write(corpus.join(format!("seed-{number:03}")), bytes).unwrap();
    }
}

/// What a strict decoder takes is what the value encodes to.
pub fn strict<T: BorshSerialize + BorshDeserialize>(bytes: &[u8]) -> Option<T> {
    let value: T = from_canonical(bytes).ok()?;
    assert_eq!(canonical(&value), bytes);
    Some(value)
}

/// What a record says as JSON leads back to it, and to the same JSON.
pub fn survives_json<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let json = serde_json::to_string(value).unwrap();
    let again: T = serde_json::from_str(&json).unwrap();
    assert_eq!(&again, value, "{json}");
    assert_eq!(serde_json::to_string(&again).unwrap(), json);
}

/// An error says what happened in words, and its code is one of these, or begins with one that ends in a dot.
pub fn expect_code(error: &Error, codes: &[&str]) {
    let code = error.code();
    assert!(
        codes.iter().any(|known| code == *known || known.ends_with('.') && code.starts_with(known)),
        "{code}"
    );
    assert!(!error.to_string().is_empty());
}
