//! What a party may do next with an instrument, by when, and which article says so.

use allonge_finance::{Date, PartyId, Timestamp};
use serde::Serialize;

use crate::deadline::{Deadline, DueDate};
use crate::rulebook::{Article, article_of};

/// One operation that a party may submit now, as far as the instrument itself says.
///
/// It is a hint and no promise: what the operation carries can still be refused, and so can its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NextStep {
    /// The operation, as its `type` is written: `accept_presentation`.
    pub operation: &'static str,
    /// The last instant at which it is in time, where there is one that is decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// The date of that instant at the place that decides it; or from when on it can be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// The first instant at which it can be done, where it cannot be done before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// The article behind it, where one governs it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<Article>,
}

impl NextStep {
    /// An operation that may be submitted at any time.
    pub(crate) fn any_time(operation: &'static str) -> Self {
        NextStep { operation, until: None, date: None, from: None, article: article_of(operation) }
    }

    /// One that must come by a deadline.
    pub(crate) fn by(operation: &'static str, deadline: &Deadline) -> Self {
        let until = match deadline {
            Deadline::Fixed { at, .. } => Some(*at),
            Deadline::Provisional { .. } => None,
        };
        NextStep { until, date: Some(deadline.date()), ..Self::any_time(operation) }
    }

    /// One that must come by a time.
    pub(crate) fn until(operation: &'static str, until: Timestamp) -> Self {
        NextStep { until: Some(until), ..Self::any_time(operation) }
    }

    /// One that can come from a due date on.
    pub(crate) fn from_due(operation: &'static str, due: &DueDate) -> Self {
        let from = match due {
            DueDate::Fixed { from, .. } => Some(*from),
            DueDate::Provisional { .. } => None,
        };
        NextStep { from, date: Some(due.date()), ..Self::any_time(operation) }
    }
}

/// What a record says about who may do what next.
pub trait NextSteps {
    /// The operations that `party` may submit at `now`, in the order in which the instrument's life has them.
    fn next_steps(&self, party: &PartyId, now: Timestamp) -> Vec<NextStep>;
}
