//! What banks write to each other, read and written exactly: SWIFT MT category 7.
//!
//! For most cases start with [`fin::parse`]: it takes the bytes of a FIN message and answers either a
//! [`fin::FinMessage`], whose every field is typed, or **all** the faults of the message at once.
//!
//! To put a credit on the ledger go on with [`mapping::letter_of_credit_from_mt700`]: it turns the message
//! into terms, with a report of what became of every field.

pub mod fin;
pub mod mapping;
pub mod registry;
