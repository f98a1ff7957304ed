//! Lists: what records say, page by page, as of now or of any height.
//!
//! Each list has a query: a struct of filters, of which those that are left out let everything through. What is
//! listed by a date or a time includes both ends. A page carries a cursor until the list ends; the pages behind it are
//! as of the same height as the first, whatever comes in meanwhile. A page can have fewer items than asked for, or
//! none, when it had to pass over many: the list ends where there is no cursor.
//!
//! That a list is complete is not proven. Each item is: [`Ledger::prove`] proves a record at the newest height, and
//! the receipt of a transaction proves it.

use allonge_finance::{Date, PartyId, Timestamp};
use allonge_ledger::{
    Account, Error, Filter, Hold, HoldState, Indexed, Page, Paging, Party, ProposalStatus, Stored,
    TransactionEntry, TransactionFilter,
};
use allonge_trade::{
    Claim, ClaimStatus, CreditId, CreditStatus, LetterOfCredit, Presentation, PresentationStatus,
};
use serde::Deserialize;

use crate::ledger::Ledger;
use crate::records::Proposal;

/// A page has at most this many items where the query does not say.
pub const DEFAULT_PAGE: u32 = 100;

/// Which letters of credit. They are listed by the date of expiry, or by the time of issue if only that is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreditQuery {
    /// Those whose terms identify this party, in whatever part.
    pub party: Option<PartyId>,
    /// Those of this status.
    pub status: Option<CreditStatus>,
    /// Those that expire on this date or later, a date at the place of expiry.
    pub expires_from: Option<Date>,
    /// Those that expire on this date or earlier.
    pub expires_until: Option<Date>,
    /// Those issued on the ledger at this time or later.
    pub issued_from: Option<Timestamp>,
    /// Those issued on the ledger at this time or earlier.
    pub issued_until: Option<Timestamp>,
    /// As things stood after the block of this height, 0 for the genesis; by default the newest.
    pub height: Option<u64>,
    /// That of the page before.
    pub cursor: Option<String>,
    /// At most so many, 1 to 1,000; by default 100.
    pub limit: Option<u32>,
}

/// Which presentations. They are listed by the time of presentation, or by the deadline if that is asked for alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PresentationQuery {
    /// Those under this letter of credit.
    pub credit: Option<CreditId>,
    /// Those of which this party is the presenter or the issuing bank.
    pub party: Option<PartyId>,
    /// Those of this status.
    pub status: Option<PresentationStatus>,
    /// Those presented at this time or later.
    pub presented_from: Option<Timestamp>,
    /// Those presented at this time or earlier.
    pub presented_until: Option<Timestamp>,
    /// Those with a deadline for examining on this date or later, a date at the issuing bank. The ones that are
    /// decided have none.
    pub deadline_from: Option<Date>,
    /// Those with a deadline for examining on this date or earlier.
    pub deadline_until: Option<Date>,
    /// As things stood after the block of this height, 0 for the genesis; by default the newest.
    pub height: Option<u64>,
    /// That of the page before.
    pub cursor: Option<String>,
    /// At most so many, 1 to 1,000; by default 100.
    pub limit: Option<u32>,
}

/// Which claims. They are listed by due date, or by the time at which they came into being if only that is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClaimQuery {
    /// Those that this party owes or is owed.
    pub party: Option<PartyId>,
    /// Those that this party owes.
    pub obligor: Option<PartyId>,
    /// Those of which this party is the holder of record.
    pub holder: Option<PartyId>,
    /// Those of this status.
    pub status: Option<ClaimStatus>,
    /// Those due on this date or later, a date at the place of payment.
    pub due_from: Option<Date>,
    /// Those due on this date or earlier.
    pub due_until: Option<Date>,
    /// Those that came into being at this time or later.
    pub created_from: Option<Timestamp>,
    /// Those that came into being at this time or earlier.
    pub created_until: Option<Timestamp>,
    /// As things stood after the block of this height, 0 for the genesis; by default the newest.
    pub height: Option<u64>,
    /// That of the page before.
    pub cursor: Option<String>,
    /// At most so many, 1 to 1,000; by default 100.
    pub limit: Option<u32>,
}

/// Which holds. They are listed by expiry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HoldQuery {
    /// Those of which this party is the payer, the payee, the poster, or who is paid in return.
    pub party: Option<PartyId>,
    /// Those of this state. Whether an open one has expired, the time says.
    pub status: Option<HoldState>,
    /// Those that expire at this time or later.
    pub expires_from: Option<Timestamp>,
    /// Those that expire at this time or earlier.
    pub expires_until: Option<Timestamp>,
    /// As things stood after the block of this height, 0 for the genesis; by default the newest.
    pub height: Option<u64>,
    /// That of the page before.
    pub cursor: Option<String>,
    /// At most so many, 1 to 1,000; by default 100.
    pub limit: Option<u32>,
}

/// Which proposals. They are listed by expiry, or by the time of proposal if only that is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProposalQuery {
    /// Those of this party.
    pub party: Option<PartyId>,
    /// Those of this status. Whether an open one has expired, the time says.
    pub status: Option<ProposalStatus>,
    /// Those that expire at this time or later.
    pub expires_from: Option<Timestamp>,
    /// Those that expire at this time or earlier.
    pub expires_until: Option<Timestamp>,
    /// Those proposed at this time or later.
    pub proposed_from: Option<Timestamp>,
    /// Those proposed at this time or earlier.
    pub proposed_until: Option<Timestamp>,
    /// As things stood after the block of this height, 0 for the genesis; by default the newest.
    pub height: Option<u64>,
    /// That of the page before.
    pub cursor: Option<String>,
    /// At most so many, 1 to 1,000; by default 100.
    pub limit: Option<u32>,
}

/// Which accounts. They are listed by id, each page as of now: accounts are never closed, so that none is skipped or
/// repeated. What one held at a height, its balance says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountQuery {
    /// Those of this party.
    pub party: Option<PartyId>,
    /// That of the page before.
    pub cursor: Option<String>,
    /// At most so many, 1 to 1,000; by default 100.
    pub limit: Option<u32>,
}

/// Which parties: all. They are listed by id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PartyQuery {
    /// As things stood after the block of this height, 0 for the genesis; by default the newest.
    pub height: Option<u64>,
    /// That of the page before.
    pub cursor: Option<String>,
    /// At most so many, 1 to 1,000; by default 100.
    pub limit: Option<u32>,
}

/// Which transactions. They are listed in the order of the ledger, refused ones too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TransactionQuery {
    /// Those that this party submitted.
    pub party: Option<PartyId>,
    /// Those in blocks of this time or later.
    pub time_from: Option<Timestamp>,
    /// Those in blocks of this time or earlier.
    pub time_until: Option<Timestamp>,
    /// Those up to this height; by default the newest.
    pub height: Option<u64>,
    /// That of the page before.
    pub cursor: Option<String>,
    /// At most so many, 1 to 1,000; by default 100.
    pub limit: Option<u32>,
}

/// From where to where in an order of a kind, where that is asked for.
struct Range {
    order: u8,
    from: Option<i64>,
    until: Option<i64>,
}

impl Range {
    fn of_dates(order: u8, from: Option<Date>, until: Option<Date>) -> Self {
        let days = |date: Date| i64::from(date.epoch_days());
        Range { order, from: from.map(days), until: until.map(days) }
    }

    fn of_times(order: u8, from: Option<Timestamp>, until: Option<Timestamp>) -> Self {
        Range { order, from: from.map(Timestamp::millis), until: until.map(Timestamp::millis) }
    }

    fn is_asked_for(&self) -> bool {
        self.from.is_some() || self.until.is_some()
    }

    fn ends(&self) -> (u8, i64, i64) {
        (self.order, self.from.unwrap_or(i64::MIN), self.until.unwrap_or(i64::MAX))
    }
}

/// Any part that a party has in a record.
const ANY_PART: u8 = u8::MAX;

/// What lets through records with one of the statuses up to `last`, or the one that is asked for, and within all
/// ranges. The first range that is asked for gives the list its order, or else `ranges.0`.
fn filter(status: Option<u8>, last: u8, ranges: (Range, Option<Range>)) -> Filter {
    let (first, second) = ranges;
    let (order, other) = match second {
        Some(second) if second.is_asked_for() && !first.is_asked_for() => (second, None),
        Some(second) if second.is_asked_for() => (first, Some(second)),
        _ => (first, None),
    };
    Filter {
        parties: Vec::new(),
        belongs_to: None,
        statuses: status.map_or_else(|| (0..=last).collect(), |status| vec![status]),
        order: order.ends(),
        ranges: other.iter().map(Range::ends).collect(),
    }
}

/// A party, if one is asked for, with its parts.
fn named(party: &Option<PartyId>, parts: u8) -> impl Iterator<Item = (PartyId, u8)> + '_ {
    party.iter().map(move |party| (party.clone(), parts))
}

pub(crate) fn paging(height: Option<u64>, cursor: Option<&String>, limit: Option<u32>) -> Paging<'_> {
    let limit = usize::try_from(limit.unwrap_or(DEFAULT_PAGE)).unwrap_or(usize::MAX);
    Paging { height, cursor: cursor.map(String::as_str), limit }
}

impl Ledger {
    /// Letters of credit.
    ///
    /// Errors: `query.*`, `block.unknown`, `store.*`.
    pub fn credits(&self, query: &CreditQuery) -> Result<Page<LetterOfCredit>, Error> {
        let expiry = Range::of_dates(LetterOfCredit::BY_EXPIRY, query.expires_from, query.expires_until);
        let issue = Range::of_times(LetterOfCredit::BY_ISSUE, query.issued_from, query.issued_until);
        let status = query.status.map(|status| status as u8);
        let filter = Filter {
            parties: named(&query.party, ANY_PART).collect(),
            ..filter(status, CreditStatus::Closed as u8, (expiry, Some(issue)))
        };
        self.find(&filter, paging(query.height, query.cursor.as_ref(), query.limit))
    }

    /// Presentations.
    ///
    /// Errors: `query.*`, `block.unknown`, `store.*`.
    pub fn presentations(&self, query: &PresentationQuery) -> Result<Page<Presentation>, Error> {
        let presented =
            Range::of_times(Presentation::BY_PRESENTATION, query.presented_from, query.presented_until);
        let deadline = Range::of_dates(Presentation::BY_DEADLINE, query.deadline_from, query.deadline_until);
        let status = query.status.map(|status| status as u8);
        let filter = Filter {
            parties: named(&query.party, ANY_PART).collect(),
            belongs_to: query.credit.as_ref().map(LetterOfCredit::key),
            ..filter(status, PresentationStatus::Honoured as u8, (presented, Some(deadline)))
        };
        self.find(&filter, paging(query.height, query.cursor.as_ref(), query.limit))
    }

    /// Claims.
    ///
    /// Errors: `query.*`, `block.unknown`, `store.*`.
    pub fn claims(&self, query: &ClaimQuery) -> Result<Page<Claim>, Error> {
        let due = Range::of_dates(Claim::BY_DUE_DATE, query.due_from, query.due_until);
        let created = Range::of_times(Claim::BY_CREATION, query.created_from, query.created_until);
        let parties = named(&query.obligor, Claim::OBLIGOR)
            .chain(named(&query.holder, Claim::HOLDER))
            .chain(named(&query.party, ANY_PART));
        let status = query.status.map(|status| status as u8);
        let filter = Filter {
            parties: parties.collect(),
            ..filter(status, ClaimStatus::Unpaid as u8, (due, Some(created)))
        };
        self.find(&filter, paging(query.height, query.cursor.as_ref(), query.limit))
    }

    /// Holds.
    ///
    /// Errors: `query.*`, `block.unknown`, `store.*`.
    pub fn holds(&self, query: &HoldQuery) -> Result<Page<Hold>, Error> {
        let expiry = Range::of_times(Hold::BY_EXPIRY, query.expires_from, query.expires_until);
        let status = query.status.map(|status| status as u8);
        let filter = Filter {
            parties: named(&query.party, ANY_PART).collect(),
            ..filter(status, HoldState::Expired as u8, (expiry, None))
        };
        self.find(&filter, paging(query.height, query.cursor.as_ref(), query.limit))
    }

    /// Proposals.
    ///
    /// Errors: `query.*`, `block.unknown`, `store.*`.
    pub fn proposals(&self, query: &ProposalQuery) -> Result<Page<Proposal>, Error> {
        let expiry = Range::of_times(Proposal::BY_EXPIRY, query.expires_from, query.expires_until);
        let proposed = Range::of_times(Proposal::BY_PROPOSAL, query.proposed_from, query.proposed_until);
        let status = query.status.map(|status| status as u8);
        let filter = Filter {
            parties: named(&query.party, ANY_PART).collect(),
            ..filter(status, ProposalStatus::Withdrawn as u8, (expiry, Some(proposed)))
        };
        self.find(&filter, paging(query.height, query.cursor.as_ref(), query.limit))
    }

    /// Accounts.
    ///
    /// Errors: `query.*`, `store.*`.
    pub fn accounts(&self, query: &AccountQuery) -> Result<Page<Account>, Error> {
        let Paging { cursor, limit, .. } = paging(None, query.cursor.as_ref(), query.limit);
        self.shared.read(|ledger| ledger.find_accounts(query.party.as_ref(), cursor, limit))
    }

    /// Parties.
    ///
    /// Errors: `query.*`, `block.unknown`, `store.*`.
    pub fn parties(&self, query: &PartyQuery) -> Result<Page<Party>, Error> {
        let all = Range { order: Party::BY_ID, from: None, until: None };
        self.find(&filter(None, 0, (all, None)), paging(query.height, query.cursor.as_ref(), query.limit))
    }

    /// Transactions.
    ///
    /// Errors: `query.*`, `block.unknown`, `store.*`.
    pub fn transactions(&self, query: &TransactionQuery) -> Result<Page<TransactionEntry>, Error> {
        let TransactionQuery { party, time_from, time_until, .. } = query;
        let filter = TransactionFilter { author: party.clone(), from: *time_from, until: *time_until };
        let paging = paging(query.height, query.cursor.as_ref(), query.limit);
        self.shared.read(|ledger| ledger.transactions(&filter, paging))
    }

    fn find<T: Indexed>(&self, filter: &Filter, paging: Paging<'_>) -> Result<Page<T>, Error> {
        self.shared.read(|ledger| ledger.find(filter, paging))
    }
}
