//! The native half of the npm package `allonge`.
//!
//! It translates and does nothing else: records cross as JSON text, errors as JSON in the reason of a plain
//! error, and the handles below as classes. What an application sees is the TypeScript of `node/src`; nothing
//! here is its API.
//!
//! Every export catches panics: one that reached Node would end the process. Nothing blocks Node's event
//! loop: see [`promise`].

// Under `cfg(test)` napi registers no exports, so nothing seems to use them. `node/test` is the test.
#![cfg_attr(test, allow(dead_code))]

mod audit;
mod document;
mod error;
mod evidence;
mod fin;
mod ledger;
mod light;
mod network;
mod outcome;
mod promise;
mod receipt;
mod registry;
mod session;
mod signer;
mod subscription;
#[cfg(feature = "test-hooks")]
mod test_hooks;
mod text;
mod trust;
