//! The process that opened a ledger.

use allonge_ledger::Error;

use crate::registry::PROCESS_FORKED;

/// Who opened it: a fork has the memory of a process but not its threads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Process(u32);

impl Process {
    pub(crate) fn this() -> Self {
        Process(std::process::id())
    }

    /// Whether this is still that process. In a fork every wait would be for ever.
    ///
    /// Errors: `process.forked`.
    pub(crate) fn check(self) -> Result<(), Error> {
        let process = std::process::id();
        if process == self.0 {
            return Ok(());
        }
        Err(PROCESS_FORKED.error().with("opened_by", self.0).with("process", process))
    }
}
