//! What stands for a simulated network where the consensus engine is not built in: there is none.

use std::convert::Infallible;

use allonge_finance::Timestamp;
use allonge_ledger::{Embedded, Error, SignedTransaction};
use allonge_trade::TradeRules;
use futures_channel::oneshot;

use crate::ledger::Ledger;
use crate::registry::UNSUPPORTED_HERE;
use crate::simulate::{Act, SimulateOptions};
use crate::writer::{Fate, Head, Pending};

/// One validator of a simulated network. There is none in this build.
#[derive(Clone)]
pub(crate) struct Simulated {
    never: Infallible,
}

/// Errors: `unsupported_here`.
pub(crate) fn start(_options: SimulateOptions) -> Result<Ledger, Error> {
    let error = UNSUPPORTED_HERE.error().with("what", "simulating a network");
    Err(error.with("reason", "the consensus engine is not part of this build"))
}

impl Simulated {
    pub(crate) fn validators(&self) -> usize {
        match self.never {}
    }

    pub(crate) fn at(&self, _validator: usize) -> Result<Ledger, Error> {
        match self.never {}
    }

    pub(crate) fn act(&self, _act: Act) -> Result<(), Error> {
        match self.never {}
    }

    pub(crate) fn fingerprint(&self) -> Result<String, Error> {
        match self.never {}
    }

    pub(crate) fn read<T>(
        &self,
        _read: impl FnOnce(&Embedded<TradeRules>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        match self.never {}
    }

    pub(crate) fn submit(&self, _signed: SignedTransaction) -> Result<Pending<Fate>, Error> {
        match self.never {}
    }

    pub(crate) fn advance(&self, _to: Timestamp) -> Result<Pending<Head>, Error> {
        match self.never {}
    }

    pub(crate) fn next_block(&self) -> oneshot::Receiver<()> {
        match self.never {}
    }

    pub(crate) fn check_process(&self) -> Result<(), Error> {
        match self.never {}
    }

    pub(crate) fn close(&self) {
        match self.never {}
    }
}
