//! The command, driven in this process; and the binary, by the examples of `docs/cli.md`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where its own steps fail")]

mod docs;
#[cfg(unix)]
mod epochs;
mod fin;
mod ledger;
#[cfg(unix)]
mod links;
#[cfg(unix)]
mod network;
mod output;
#[cfg(target_os = "linux")]
mod progress;
mod scenario;
mod support;
#[cfg(target_os = "linux")]
mod tokens;
#[cfg(unix)]
mod traces;
#[cfg(unix)]
mod trouble;
mod usage;
