//! Hash, sign and prove: the cryptography under the ledger, with nothing of banking in it.
//!
//! To sign a message and check it:
//!
//! ```
//! use allonge_crypto::{Signer, SoftwareSigner};
//!
//! let signer = SoftwareSigner::generate()?;
//! let signature = signer.sign(b"one letter of credit")?;
//! signer.public_key().verify(b"one letter of credit", &signature)?;
//! assert!(signer.public_key().verify(b"two letters of credit", &signature).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - [`HashSuite`] hashes with a domain tag, so that bytes signed or hashed for one purpose never count
//!   for another;
//! - [`merkle`] proves that an item stands in a list, and that a list has only grown (RFC 6962);
//! - [`fingerprint`] turns what is secret but easy to guess into tokens that only many registrars together can make;
//! - [`PublicKey`] and [`Signature`] carry their scheme; [`Signer`] is who can sign.

mod ed25519;
pub mod fingerprint;
mod hash;
pub mod merkle;
#[cfg(feature = "pkcs11")]
mod pkcs11;
mod signature;
mod signer;

pub use ed25519::{MAX_BATCH, SignatureClaim, verify_batch, verify_each, vet_ed25519};
pub use hash::{Hash, HashSuite, Hasher, ParseHashError};
#[cfg(feature = "pkcs11")]
pub use pkcs11::{Pkcs11Key, Pkcs11Signer};
pub use signature::{KeyError, ParseKeyError, PublicKey, Signature, SignatureError};
pub use signer::{Signer, SignerError, SoftwareSigner};
