//! What a participant paid, and its part of what was recovered since.

use std::num::NonZeroU64;

use allonge_finance::{Money, Rounding};
use allonge_ledger::Error;
use allonge_ledger::registry::AMOUNT_OVERFLOW;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::minus;
use crate::deadline::Deadline;

/// What a participant paid, and what it got back of it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Outlay {
    /// What it paid.
    pub paid: Money,
    /// Of how much that was at risk.
    pub of: Money,
    /// What had been recovered then: its part of that is none.
    pub recovered: Money,
    /// Its part of what was recovered since.
    pub allotted: Money,
    /// How much of its part was turned over.
    pub turned_over: Money,
    /// By when the seller turns over the rest of its part, where there is a rest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Deadline>,
}

impl Outlay {
    /// What is to be turned over now.
    pub fn owed(&self) -> Result<Money, Error> {
        minus(self.allotted, self.turned_over)
    }

    /// What the participant paid and its part of recoveries has not covered.
    pub fn uncovered(&self) -> Result<Money, Error> {
        minus(self.paid, self.allotted)
    }

    /// Its part of all that was recovered so far. Participation art. 7.
    pub(super) fn allot(
        mut self,
        recovered: Money,
        deadline: impl FnOnce() -> Result<Deadline, Error>,
    ) -> Result<Self, Error> {
        let since = minus(recovered, self.recovered)?;
        let overflow = || AMOUNT_OVERFLOW.error();
        let paid = u64::try_from(self.paid.minor_units()).map_err(|_| overflow())?;
        let of = u64::try_from(self.of.minor_units()).ok().and_then(NonZeroU64::new).ok_or_else(overflow)?;
        let allotted = since.scaled(paid, of, Rounding::Down).map_err(|source| overflow().because(source))?;
        let more = minus(allotted, self.allotted)?.is_positive();
        self.allotted = allotted;
        if more && self.deadline.is_none() {
            self.deadline = Some(deadline()?);
        }
        Ok(self)
    }
}
