//! Identifiers of banks, companies, accounts and countries.

mod bic;
mod cnaps;
mod country;
mod error;
mod iban;
mod lei;
mod party;
mod uscc;

pub use bic::Bic;
pub use cnaps::Cnaps;
pub use country::CountryCode;
pub use error::{IdentifierError, IdentifierKind};
pub use iban::Iban;
pub use lei::Lei;
pub use party::{LocalName, PartyId};
pub use uscc::Uscc;
