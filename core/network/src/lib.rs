//! A validator, and networks of them that are simulated in the process.
//!
//! Blocks are ordered first, and executed once they are final. A header says what the newest blocks came to that were
//! executed when it was proposed, so that a receipt needs one more block than its own.
//!
//! | room | is for |
//! |---|---|
//! | `engine` | consensus: the only module that knows of what the engine is made |
//! | `application` | what to propose, and whether to vote for what others propose |
//! | `executor` | executing what is final |
//! | `refill` | final blocks that the ledger has and the engine lost |
//! | `keys`, `voting` | with which key a validator votes, and in which rounds |
//! | `pool`, `gossip` | transactions that wait to be ordered, on every validator |
//! | `validator` | one validator as a process: files, sockets, API |
//! | `simulated` | several validators in the process, on virtual time |
//! | `replica` | the ledger's side, whatever the rules are |

mod application;
mod committees;
mod engine;
mod executor;
mod gossip;
mod keys;
mod node;
mod orchestrator;
mod ordered;
mod pool;
mod refill;
mod replica;
mod simulated;
#[cfg(feature = "validator")]
mod validator;
mod voting;
mod watch;

pub use replica::Copy;
#[cfg(feature = "mocks")]
pub use simulated::Mock;
pub use simulated::{DiskFault, Lie, Link, MAX_SIMULATED, Reader, SimulatedNetwork, Simulation};
#[cfg(feature = "validator")]
pub use validator::{ApiLimits, TlsFiles, Validator, ValidatorConfig, api_routes};
