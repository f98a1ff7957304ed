//! The ledger from the outside, with small rules of its own.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests stand outside test functions.

mod accounts;
mod audits;
mod books;
mod crashes;
mod determinism;
mod embedded;
mod epochs;
mod explain;
mod format;
mod history;
mod holds;
mod idempotency;
mod keys;
mod memory;
mod policies;
mod proposals;
mod queries;
mod receipts;
mod refusals;
mod replica;
mod reversals;
mod rosters;
mod snapshots;
mod state_receipts;
mod statements;
mod storage;
mod upgrades;
mod vectors;
mod world;
