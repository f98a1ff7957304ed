//! Where a ledger lives: in a directory, on a network of validators, or on a simulated one.

use std::sync::Arc;

use allonge_crypto::Hash;
use allonge_finance::Timestamp;
use allonge_ledger::{Embedded, Error, SignedTransaction};
use allonge_protocol::TraceParent;
use allonge_trade::TradeRules;
use futures_channel::oneshot;

use crate::connected::Connected;
use crate::registry::UNSUPPORTED_HERE;
use crate::simulated::Simulated;
use crate::writer::{Fate, Head, Pending, Shared};

/// What a ledger does, whatever it is made of. Clones are handles to the same.
#[derive(Clone)]
pub(crate) enum Host {
    /// One process and one directory.
    Embedded(Arc<Shared>),
    /// A copy that follows a network.
    Connected(Arc<Connected>),
    /// One validator of a simulated network.
    #[cfg_attr(not(feature = "network"), expect(dead_code, reason = "without the engine there is none"))]
    Simulated(Simulated),
}

impl Host {
    /// Reads the ledger between two blocks.
    ///
    /// Errors: `process.forked`, `ledger.closed`, `validator.down`, and those of `read`.
    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&Embedded<TradeRules>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        match self {
            Host::Embedded(shared) => shared.read(read),
            Host::Connected(connected) => connected.read(read),
            Host::Simulated(simulated) => simulated.read(read),
        }
    }

    /// The time of the newest block.
    pub(crate) fn time(&self) -> Result<Timestamp, Error> {
        match self {
            Host::Embedded(shared) => shared.time(),
            Host::Connected(connected) => connected.read(|ledger| Ok(ledger.time())),
            Host::Simulated(simulated) => simulated.read(|ledger| Ok(ledger.time())),
        }
    }

    /// Hands a transaction over. Validators that are other processes hear of its trace.
    ///
    /// Errors: `process.forked`, `ledger.closed`, `ledger.busy`.
    pub(crate) fn submit(
        &self,
        signed: SignedTransaction,
        trace: Option<TraceParent>,
    ) -> Result<Pending<Fate>, Error> {
        match self {
            Host::Embedded(shared) => shared.submit(signed),
            Host::Connected(connected) => connected.submit(signed, trace),
            Host::Simulated(simulated) => simulated.submit(signed),
        }
    }

    /// Waits until what was handed over is on disk, where there is an outbox: the writer of an embedded ledger answers for
    /// what it commits.
    ///
    /// Errors: `process.forked`, `ledger.closed`, `file.io`.
    pub(crate) fn keep(&self) -> Result<(), Error> {
        match self {
            Host::Embedded(_) | Host::Simulated(_) => Ok(()),
            Host::Connected(connected) => connected.keep(),
        }
    }

    /// Told once a validator took a transaction that was handed over, or dropped when it is settled; nothing where
    /// whoever it was handed over to has it at once.
    ///
    /// Errors: `process.forked`, `ledger.closed`.
    pub(crate) fn admitted(&self, id: &Hash) -> Result<Option<oneshot::Receiver<()>>, Error> {
        self.check_process()?;
        match self {
            Host::Embedded(_) | Host::Simulated(_) => Ok(None),
            Host::Connected(connected) => Ok(Some(connected.admitted(id))),
        }
    }

    /// What is in the outbox.
    pub(crate) fn unsettled(&self) -> Vec<SignedTransaction> {
        match self {
            Host::Embedded(_) | Host::Simulated(_) => Vec::new(),
            Host::Connected(connected) => connected.unsettled(),
        }
    }

    /// Moves a manual clock.
    ///
    /// Errors: `process.forked`, `ledger.closed`, `ledger.busy`.
    pub(crate) fn advance(&self, to: Timestamp) -> Result<Pending<Head>, Error> {
        match self {
            Host::Embedded(shared) => shared.advance(to),
            Host::Connected(connected) => connected.advance(),
            Host::Simulated(simulated) => simulated.advance(to),
        }
    }

    /// Told once, at the next block or when the ledger closes.
    pub(crate) fn next_block(&self) -> oneshot::Receiver<()> {
        match self {
            Host::Embedded(shared) => shared.next_block(),
            Host::Connected(connected) => connected.next_block(),
            Host::Simulated(simulated) => simulated.next_block(),
        }
    }

    /// Whether this is the process that opened the ledger.
    ///
    /// Errors: `process.forked`.
    pub(crate) fn check_process(&self) -> Result<(), Error> {
        match self {
            Host::Embedded(shared) => shared.check_process(),
            Host::Connected(connected) => connected.check_process(),
            Host::Simulated(simulated) => simulated.check_process(),
        }
    }

    /// Whether the ledger has a directory of its own.
    ///
    /// Errors: `unsupported_here`.
    pub(crate) fn check_directory(&self) -> Result<(), Error> {
        match self {
            Host::Embedded(_) | Host::Connected(_) => Ok(()),
            Host::Simulated(_) => {
                let error = UNSUPPORTED_HERE.error().with("what", "a copy in a file");
                Err(error.with("reason", "a simulated ledger is in memory"))
            }
        }
    }

    /// Finishes what was submitted, and lets go of everything.
    pub(crate) fn close(&self) {
        match self {
            Host::Embedded(shared) => shared.close(),
            Host::Connected(connected) => connected.close(),
            Host::Simulated(simulated) => simulated.close(),
        }
    }
}
