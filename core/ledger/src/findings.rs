//! What the rules found of a transaction, for whoever asks why.
//!
//! Nobody asks while a block is made, and then nothing is kept.

use crate::error::{Entry, Error};

/// What one rule found of one operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The operation of the transaction, from 0.
    pub operation: u16,
    /// The rule, by the refusal that it gives.
    pub rule: &'static Entry,
    /// Whether it was kept.
    pub satisfied: bool,
}

/// The findings of a transaction, in the order in which its rules were asked.
#[derive(Debug, Default)]
pub struct Findings {
    operation: u16,
    /// Nothing where nobody asked.
    kept: Option<Vec<Finding>>,
}

impl Findings {
    /// Findings that are kept.
    pub(crate) fn kept() -> Self {
        Findings { operation: 0, kept: Some(Vec::new()) }
    }

    /// From here on they are of this operation.
    pub(crate) fn begin(&mut self, operation: u16) {
        self.operation = operation;
    }

    /// Those since the last call.
    pub(crate) fn take(&mut self) -> Vec<Finding> {
        self.kept.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Notes what a rule says, and hands it on. A rule refuses by the entry that it is known by; another error means that
    /// it could not judge, and is no finding.
    ///
    /// ```
    /// # use allonge_ledger::{Findings, registry::AMOUNT_NOT_POSITIVE};
    /// # let (mut findings, amount) = (Findings::default(), 0);
    /// let positive = if amount > 0 { Ok(()) } else { Err(AMOUNT_NOT_POSITIVE.error().with("amount", amount)) };
    /// assert!(findings.judge(&AMOUNT_NOT_POSITIVE, positive).is_err());
    /// ```
    pub fn judge<T>(&mut self, rule: &'static Entry, judged: Result<T, Error>) -> Result<T, Error> {
        if let Some(kept) = &mut self.kept {
            let satisfied = judged.is_ok();
            if satisfied || judged.as_ref().is_err_and(|error| error.entry().code == rule.code) {
                kept.push(Finding { operation: self.operation, rule, satisfied });
            }
        }
        judged
    }
}
