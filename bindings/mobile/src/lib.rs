//! Allonge for Kotlin and Swift: handles, bytes and JSON, carried by UniFFI.
//!
//! Nothing is decided here. A record crosses as the JSON that `allonge` writes and reads, an error as the
//! JSON of its [`allonge::ErrorRecord`]; the packages under `mobile/` turn both into types.

mod audit;
mod error;
mod evidence;
mod json;
mod ledger;
mod light;
mod messages;
mod network;
mod receipt;
mod session;
mod signer;
mod submission;
mod subscription;

pub use audit::{replay, restore, verify_account, verify_answer, verify_history, verify_record};
pub use error::{Failure, errors};
pub use evidence::{
    StateRecord, canonical_bytes, from_canonical_bytes, merkle_root, state_key, state_root, tagged_hash,
    verify_certificate, verify_inclusion, verify_signature, verify_state_proof, vet_key,
};
pub use ledger::{ConnectOptions, Ledger, OpenOptions, SimulateOptions};
pub use light::LightClient;
pub use messages::{format_fin, letter_of_credit_from_fin, parse_fin};
pub use network::{LinkOptions, SimulatedNetwork};
pub use receipt::{Receipt, Trust, document_digest};
pub use session::{Session, default_deadline_ms};
pub use signer::Signer;
pub use submission::{Outcome, Submission, Unknown};
pub use subscription::Subscription;

uniffi::setup_scaffolding!();
