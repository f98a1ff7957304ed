//! The ledger from the outside, with small rules of its own.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests stand outside test functions.

mod crashes;
mod embedded;
mod format;
mod receipts;
mod refusals;
mod storage;
mod vectors;
mod world;
