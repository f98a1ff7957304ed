//! The rulebook: what each rule says and where it stands, which articles are behind each step, and the periods that
//! articles set, as data.
//!
//! A rule is a small function that gives one refusal, and is known by its code: see [`rulebook`].
//!
//! The ICC's texts are copyrighted: a row names the article and says in our own words what it asks.
//! Rows marked [`Provenance::Recalled`] were written from memory and not checked against the official text.

use allonge_finance::{Date, MonthEnd, Timestamp};
use allonge_ledger::Entry;
use serde::Serialize;

use crate::event::TradeEvent;
use crate::operation::TradeOperation;
use crate::registry::ERRORS;

const DAY_MS: i64 = 86_400_000;

/// Where a rule stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Article {
    /// The set of rules: `UCP 600`.
    pub rule: &'static str,
    /// Its article: `14(b)`.
    pub article: &'static str,
}

impl std::fmt::Display for Article {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} art. {}", self.rule, self.article)
    }
}

/// Whether a row was checked against the official text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Provenance {
    /// Written from memory.
    Recalled,
    /// Compared with the official text.
    Checked,
}

/// The rules behind one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The operation or event, as its `type` is written.
    pub step: &'static str,
    /// Where the rule stands.
    pub article: Article,
    /// What it asks, in our words.
    pub says: &'static str,
    /// Whether the row was checked.
    pub provenance: Provenance,
}

/// A period that an article sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Period {
    /// What it is called here.
    pub name: &'static str,
    /// How many days.
    pub days: u8,
    /// Whether banking days count, or calendar days.
    pub banking_days: bool,
    /// Where it stands.
    pub article: Article,
    /// Whether the row was checked.
    pub provenance: Provenance,
}

/// How long a bank may examine: banking days following the day of presentation.
pub const EXAMINATION: Period = Period {
    name: "examination",
    days: 5,
    banking_days: true,
    article: ucp("14(b)"),
    provenance: Provenance::Recalled,
};

/// How long after shipment documents may be presented when the credit is silent.
pub const PRESENTATION: Period = Period {
    name: "presentation",
    days: 21,
    banking_days: false,
    article: ucp("14(c)"),
    provenance: Provenance::Recalled,
};

/// How long after shipment documents may be presented under China's measures of 2016 when the credit is silent.
pub const DOMESTIC_PRESENTATION: Period = Period {
    name: "domestic_presentation",
    days: 15,
    banking_days: false,
    article: domestic("44"),
    provenance: Provenance::Recalled,
};

/// The longest usance under China's measures of 2016: a year. Recalled, not checked.
pub const DOMESTIC_TENOR_DAYS: i32 = 365;

/// An article of China's measures of 2016 for domestic credits.
const fn domestic(article: &'static str) -> Article {
    Article { rule: "China domestic LC measures 2016", article }
}

/// How long a reservation in the financing registry lasts at most.
pub const RESERVATION: Period = Period {
    name: "reservation",
    days: 90,
    banking_days: false,
    article: financing_registry("4"),
    provenance: Provenance::Checked,
};

/// How long an offer of a transferable record stands at most. The Model Law sets no period; this one is ours.
pub const CONTROL_OFFER: Period = Period {
    name: "control_offer",
    days: 30,
    banking_days: false,
    article: mletr("11"),
    provenance: Provenance::Recalled,
};

/// How long an offer of a claim, a listing or a quote on the market stands at most. This period is ours.
pub const CLAIM_OFFER: Period = Period {
    name: "claim_offer",
    days: 90,
    banking_days: false,
    article: market("1"),
    provenance: Provenance::Checked,
};

/// The last day for documents and conditions of a trade that says "immediately available": business days after the trade date.
pub const AVAILABILITY: Period = Period {
    name: "availability",
    days: 10,
    banking_days: true,
    article: urf("2"),
    provenance: Provenance::Recalled,
};

/// Within how many business days after the trade date a trade is confirmed.
pub const TRADE_CONFIRMATION: Period = Period {
    name: "trade_confirmation",
    days: 2,
    banking_days: true,
    article: urf("8"),
    provenance: Provenance::Recalled,
};

/// How long a buyer's payable runs usually, and at most where its issuer says why, in months. Recalled, not checked: Yinfa
/// (2025) No. 77.
pub const VOUCHER_MONTHS_USUAL: u8 = 6;
/// The most months that a payable runs.
pub const VOUCHER_MONTHS_LONG: u8 = 12;

/// How long an import factor has to answer.
pub const APPROVAL_ANSWER: Period = Period {
    name: "approval_answer",
    days: 14,
    banking_days: false,
    article: grif("14"),
    provenance: Provenance::Recalled,
};

/// From how many days after the due date on an import factor pays what it covers.
pub const COVER_PAYMENT: Period = Period {
    name: "cover_payment",
    days: 90,
    banking_days: false,
    article: grif("24"),
    provenance: Provenance::Recalled,
};

/// How long an export factor may be silent on a reassignment before it counts as consenting.
pub const REASSIGNMENT_SILENCE: Period = Period {
    name: "reassignment_silence",
    days: 30,
    banking_days: false,
    article: grif("15"),
    provenance: Provenance::Recalled,
};

// Demand guarantees and standbys.
/// How long a guarantor examines a demand: business days following the day of presentation, not shortened by expiry.
pub const DEMAND_EXAMINATION: Period = Period {
    name: "demand_examination",
    days: 5,
    banking_days: true,
    article: urdg("20(a), 24(e)"),
    provenance: Provenance::Recalled,
};

/// Within how many business days a notice under a standby is never unreasonable.
pub const STANDBY_EXAMINATION_SAFE: Period = Period {
    name: "standby_examination_safe",
    days: 3,
    banking_days: true,
    article: isp("5.01(a)"),
    provenance: Provenance::Recalled,
};

/// After how many business days a notice under a standby is unreasonable.
pub const STANDBY_EXAMINATION: Period = Period {
    name: "standby_examination",
    days: 7,
    banking_days: true,
    article: isp("5.01(a)"),
    provenance: Provenance::Recalled,
};

/// How long payment may be suspended for a demand that asks for an extension instead: calendar days following its receipt.
pub const SUSPENSION: Period = Period {
    name: "suspension",
    days: 30,
    banking_days: false,
    article: urdg("23(a)"),
    provenance: Provenance::Recalled,
};

/// How many calendar days less than under the guarantee payment may be suspended under the counter-guarantee.
pub const COUNTER_SUSPENSION: Period = Period {
    name: "counter_suspension",
    days: 4,
    banking_days: false,
    article: urdg("23(b)"),
    provenance: Provenance::Recalled,
};

/// How long after the guarantee a counter-guarantee ends that states no expiry.
pub const COUNTER_EXPIRY: Period = Period {
    name: "counter_expiry",
    days: 30,
    banking_days: false,
    article: urdg("25(c)"),
    provenance: Provenance::Recalled,
};

/// By how long a guarantee is extended that would expire during force majeure. One statement covers no more days either.
pub const FORCE_MAJEURE: Period = Period {
    name: "force_majeure",
    days: 30,
    banking_days: false,
    article: urdg("26(b)(i)"),
    provenance: Provenance::Recalled,
};

/// How long after the place opens again a standby ends that would have ended while it was closed.
pub const STANDBY_CLOSURE: Period = Period {
    name: "standby_closure",
    days: 30,
    banking_days: false,
    article: isp("3.14"),
    provenance: Provenance::Recalled,
};

/// Within how many calendar days of its end a closure is stated. The rules say as soon as practicable; this period is ours.
pub const CLOSURE_STATEMENT: Period = Period {
    name: "closure_statement",
    days: 5,
    banking_days: false,
    article: urdg("26(b)(i)"),
    provenance: Provenance::Recalled,
};

/// How long an instruction to a guarantor, or a request for its consent, stands at most. The rules set none; this is ours.
pub const GUARANTEE_REQUEST: Period = Period {
    name: "guarantee_request",
    days: 90,
    banking_days: false,
    article: urdg("8, 33"),
    provenance: Provenance::Recalled,
};

/// A period in years that an article sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct YearsPeriod {
    /// What it is called here.
    pub name: &'static str,
    /// How many years.
    pub years: u8,
    /// Where it stands.
    pub article: Article,
    /// Whether the row was checked.
    pub provenance: Provenance,
}

/// How long after its issue a guarantee ends that states neither a date nor an event of expiry.
pub const OPEN_ENDED: YearsPeriod =
    YearsPeriod { name: "open_ended", years: 3, article: urdg("25(c)"), provenance: Provenance::Recalled };

/// An article of the ICC's Uniform Rules for Demand Guarantees.
const fn urdg(article: &'static str) -> Article {
    Article { rule: "URDG 758", article }
}

/// A rule of the International Standby Practices.
const fn isp(article: &'static str) -> Article {
    Article { rule: "ISP98", article }
}

const fn urdg_step(step: &'static str, article: &'static str, says: &'static str) -> Step {
    Step { step, article: urdg(article), says, provenance: Provenance::Recalled }
}

// Bills of exchange.
/// How long a drawee has to accept or to refuse. Where banks are closed on the last day, the first banking day following counts.
pub const BILL_ACCEPTANCE: Period = Period {
    name: "bill_acceptance",
    days: 3,
    banking_days: false,
    article: nil("41"),
    provenance: Provenance::Recalled,
};

/// How long after its due date a bill is presented in time.
pub const BILL_PRESENTATION: Period = Period {
    name: "bill_presentation",
    days: 10,
    banking_days: false,
    article: nil("53"),
    provenance: Provenance::Recalled,
};

/// How long an acceptor has to answer a presentation for payment.
pub const BILL_PAYMENT_ANSWER: Period = Period {
    name: "bill_payment_answer",
    days: 1,
    banking_days: true,
    article: nil("54"),
    provenance: Provenance::Recalled,
};

/// Within how many days of the dishonour, or of having paid in recourse, notice is given in time.
pub const BILL_NOTICE: Period = Period {
    name: "bill_notice",
    days: 3,
    banking_days: false,
    article: nil("66"),
    provenance: Provenance::Recalled,
};

/// How long an offer of a part of a bill stands at most. This period is ours.
pub const BILL_OFFER: Period = Period {
    name: "bill_offer",
    days: 90,
    banking_days: false,
    article: bills("2"),
    provenance: Provenance::Checked,
};

/// A period in months that an article sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct MonthsPeriod {
    /// What it is called here.
    pub name: &'static str,
    /// How many months.
    pub months: u8,
    /// Where it stands.
    pub article: Article,
    /// Whether the row was checked.
    pub provenance: Provenance,
}

impl MonthsPeriod {
    /// Its last day.
    pub(crate) fn last(&self, from: Date) -> Option<Date> {
        from.plus_months(i32::from(self.months), MonthEnd::SameDay)
    }
}

/// How long after its issue a bill falls due at most.
pub const BILL_TERM: MonthsPeriod = MonthsPeriod {
    name: "bill_term",
    months: 6,
    article: Article { rule: "PBC Order 2022 No. 4", article: "25" },
    provenance: Provenance::Recalled,
};

/// How long after the dishonour a holder has recourse against endorsers.
pub const BILL_RECOURSE: MonthsPeriod =
    MonthsPeriod { name: "bill_recourse", months: 6, article: nil("17"), provenance: Provenance::Recalled };

/// How long after paying in recourse whoever paid has recourse against endorsers before it.
pub const BILL_RE_RECOURSE: MonthsPeriod = MonthsPeriod {
    name: "bill_re_recourse",
    months: 3,
    article: nil("17"),
    provenance: Provenance::Recalled,
};

/// How long after the due date a holder has its rights against the drawer and the acceptor.
pub const BILL_ACTION: MonthsPeriod =
    MonthsPeriod { name: "bill_action", months: 24, article: nil("17"), provenance: Provenance::Recalled };

/// The periods in months that these rules apply to bills.
pub static BILL_MONTHS: &[MonthsPeriod] = &[BILL_TERM, BILL_RECOURSE, BILL_RE_RECOURSE, BILL_ACTION];

/// The largest sum of one bill in a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BillCeiling {
    /// The currency.
    pub currency: &'static str,
    /// The sum in minor units.
    pub minor_units: i128,
    /// Where it stands.
    pub article: Article,
    /// Whether the row was checked.
    pub provenance: Provenance,
}

/// The largest sums of single bills: a thousand million in renminbi, and none set in other currencies.
pub static BILL_CEILINGS: &[BillCeiling] = &[BillCeiling {
    currency: "CNY",
    minor_units: 100_000_000_000,
    article: bills("7"),
    provenance: Provenance::Recalled,
}];

/// An article of the Negotiable Instruments Law of the People's Republic of China.
const fn nil(article: &'static str) -> Article {
    Article { rule: "Negotiable Instruments Law", article }
}

const fn nil_step(step: &'static str, article: &'static str, says: &'static str) -> Step {
    Step { step, article: nil(article), says, provenance: Provenance::Recalled }
}

/// A rule of the bills of this ledger: see `bill.rs`.
const fn bills(article: &'static str) -> Article {
    Article { rule: "Bills", article }
}

const fn bills_step(step: &'static str, article: &'static str, says: &'static str) -> Step {
    Step { step, article: bills(article), says, provenance: Provenance::Checked }
}

/// How long an offer of a master agreement, of a participation or of a change to one stands at most. This period is ours.
pub const PARTICIPATION_OFFER: Period = Period {
    name: "participation_offer",
    days: 30,
    banking_days: false,
    article: participation("2"),
    provenance: Provenance::Checked,
};

/// Within how many banking days after a demand a master agreement lets a participant pay, at most.
pub const PARTICIPATION_PAYMENT: Period = Period {
    name: "participation_payment",
    days: 5,
    banking_days: true,
    article: participation("5"),
    provenance: Provenance::Recalled,
};

/// Within how many banking days after a recovery a master agreement lets a seller turn over the participants' parts, at most.
pub const RECOVERY_TURNOVER: Period = Period {
    name: "recovery_turnover",
    days: 5,
    banking_days: true,
    article: participation("7"),
    provenance: Provenance::Recalled,
};

/// The periods that these rules apply.
pub static PERIODS: &[Period] = &[
    EXAMINATION,
    PRESENTATION,
    DOMESTIC_PRESENTATION,
    RESERVATION,
    CONTROL_OFFER,
    CLAIM_OFFER,
    AVAILABILITY,
    TRADE_CONFIRMATION,
    APPROVAL_ANSWER,
    BILL_ACCEPTANCE,
    BILL_NOTICE,
    BILL_OFFER,
    BILL_PAYMENT_ANSWER,
    BILL_PRESENTATION,
    CLOSURE_STATEMENT,
    COUNTER_EXPIRY,
    COUNTER_SUSPENSION,
    COVER_PAYMENT,
    DEMAND_EXAMINATION,
    FORCE_MAJEURE,
    GUARANTEE_REQUEST,
    PARTICIPATION_OFFER,
    PARTICIPATION_PAYMENT,
    REASSIGNMENT_SILENCE,
    RECOVERY_TURNOVER,
    STANDBY_CLOSURE,
    STANDBY_EXAMINATION,
    STANDBY_EXAMINATION_SAFE,
    SUSPENSION,
];

impl Period {
    /// The last instant of so many calendar days after `now`.
    pub(crate) fn from(&self, now: Timestamp) -> Result<Timestamp, allonge_ledger::Error> {
        let end = now.plus_millis(DAY_MS.saturating_mul(i64::from(self.days)));
        end.ok_or_else(|| allonge_ledger::registry::AMOUNT_OVERFLOW.error())
    }

    /// Whether `until` is after `now`, and within so many calendar days of it.
    pub(crate) fn reaches(&self, now: Timestamp, until: Timestamp) -> bool {
        let last = now.plus_millis(DAY_MS.saturating_mul(i64::from(self.days)));
        until > now && last.is_some_and(|last| until <= last)
    }
}

/// The rules behind each operation and each event, one row each, in the order of an instrument's life.
///
/// Closing a credit has no row, and neither have documents that are notarised, units and exposures: no article governs
/// them.
#[rustfmt::skip]
pub static STEPS: &[Step] = &[
    step("issue_credit", "7(b)", "the issuing bank is bound from the moment it issues"),
    step("credit_issued", "7(b)", "the issuing bank is bound from the moment it issues"),
    step("advise_credit", "9", "an advising bank satisfies itself of apparent authenticity, or says that it could not"),
    step("credit_advised", "9(b), 9(f)", "an advising bank satisfies itself of apparent authenticity, or says that it could not"),
    step("present_documents", "6(d), 14(c), 18(b), 29, 31", "documents are presented on or before expiry and within the presentation period, for no more than is available"),
    step("documents_presented", "6(d), 14(c)", "documents are presented on or before expiry and within the presentation period"),
    step("accept_presentation", "15(a)", "an issuing bank that finds a presentation complying must honour it"),
    step("presentation_accepted", "7(a), 15(a)", "honour under deferred payment or acceptance is an undertaking now and payment at maturity"),
    step("honour_presentation", "15(a)", "an issuing bank that finds a presentation complying must honour it"),
    step("presentation_honoured", "7(a), 15(a)", "honour under a sight credit is payment"),
    step("refuse_presentation", "16(c), 16(d)", "one notice states the refusal, every discrepancy and what happens to the documents, by close of the fifth banking day"),
    step("presentation_refused", "16(c), 16(d)", "one notice states the refusal, every discrepancy and what happens to the documents, by close of the fifth banking day"),
    step("invoke_preclusion", "16(f)", "a bank that did not act by the rules on refusal cannot claim that documents do not comply"),
    step("refusal_precluded", "16(f)", "a bank that did not act by the rules on refusal cannot claim that documents do not comply"),
    step("claim_created", "7(a)", "the undertaking to pay at maturity is a definite debt of the issuing bank"),
    step("pay_claim", "7(a)", "the issuing bank pays at maturity"),
    step("claim_paid", "7(a)", "the issuing bank pays at maturity"),
    step("expiry_decided", "29(a)", "an expiry on which the bank is closed moves to the first following banking day"),
    step("examination_deadline_decided", "14(b)", "examination ends on the fifth banking day following the day of presentation"),
    step("due_date_decided", "7(a)", "the issuing bank pays at maturity"),
    step("amend_credit", "10(b)", "the issuing bank is bound by an amendment from the time at which it issues it"),
    step("amendment_issued", "10(b)", "the issuing bank is bound by an amendment from the time at which it issues it"),
    step("answer_amendment", "10(c), 10(e)", "the beneficiary accepts an amendment as a whole, or rejects it; a part accepted is all rejected; silence is neither"),
    step("amendment_rejected", "10(c), 10(e)", "the beneficiary accepts an amendment as a whole, or rejects it; a part accepted is all rejected; silence is neither"),
    step("amendment_effective", "10(c)", "an accepted amendment takes effect, and so does one with which a presentation complies"),
    step("confirm_credit", "8", "a confirming bank adds its own definite undertaking"),
    step("credit_confirmed", "8", "a confirming bank adds its own definite undertaking"),
    step("extend_confirmation", "10(b)", "a confirming bank extends its confirmation to an amendment, or advises it without"),
    step("confirmation_extended", "10(b)", "a confirming bank extends its confirmation to an amendment, or advises it without"),
    step("consent_to_cancellation", "10(a)", "a credit is cancelled with the consent of the issuing bank, the confirming bank and the beneficiary"),
    step("cancellation_consented", "10(a)", "a credit is cancelled with the consent of the issuing bank, the confirming bank and the beneficiary"),
    step("credit_cancelled", "10(a)", "a credit is cancelled with the consent of the issuing bank, the confirming bank and the beneficiary"),
    step("seek_waiver", "16(b)", "the issuing bank may ask the applicant for a waiver, which does not lengthen the time for examining"),
    step("waiver_sought", "16(b)", "the issuing bank may ask the applicant for a waiver, which does not lengthen the time for examining"),
    step("waive_discrepancies", "16(b)", "the issuing bank may ask the applicant for a waiver, which does not lengthen the time for examining"),
    step("discrepancies_waived", "16(b)", "the issuing bank may ask the applicant for a waiver, which does not lengthen the time for examining"),

    registry_step("adopt_fingerprint_key", "1", "the registrar adopts the keys of fingerprints, one following another"),
    registry_step("fingerprint_key_adopted", "1", "the registrar adopts the keys of fingerprints, one following another"),
    registry_step("reserve_financing", "2, 3, 4, 5", "what is reserved and financed on one document never exceeds its face"),
    registry_step("financing_reserved", "5", "the answer is none, exact or partial, and never says by whom"),
    registry_step("confirm_financing", "3, 4", "a bank finances at most what it reserved, while the reservation lasts"),
    registry_step("financing_confirmed", "3, 4", "a bank finances at most what it reserved, while the reservation lasts"),
    registry_step("release_financing", "6", "what was financed is released in parts or whole"),
    registry_step("financing_released", "6", "what was financed is released in parts or whole"),
    registry_step("void_financing", "6", "what was not financed after all is voided with a reason"),
    registry_step("financing_voided", "6", "what was not financed after all is voided with a reason"),
    registry_step("refingerprint_financing", "1, 2", "when a key follows another, banks fingerprint their live financings anew"),
    registry_step("financing_refingerprinted", "1, 2", "when a key follows another, banks fingerprint their live financings anew"),

    mletr_step("issue_transferable", "10, 17", "a record is identified as the one, is controlled from its creation, and says so where it takes the place of paper"),
    mletr_step("transferable_issued", "10, 17", "a record is identified as the one, is controlled from its creation, and says so where it takes the place of paper"),
    mletr_step("offer_transferable", "11, 15, 16", "whoever has control may transfer it"),
    mletr_step("transferable_offered", "11, 15, 16", "whoever has control may transfer it"),
    mletr_step("withdraw_transferable_offer", "11", "whoever has control may transfer it"),
    mletr_step("transferable_offer_withdrawn", "11", "whoever has control may transfer it"),
    mletr_step("accept_transferable", "11, 15, 16", "control is exclusive, and passes from one identified person to another"),
    mletr_step("control_transferred", "11, 15", "control is exclusive, and passes from one identified person to another"),
    mletr_step("transferable_amended", "16", "what is amended is identified as amended"),
    mletr_step("switch_to_paper", "18", "a record that paper takes the place of has no effect any more, and the paper says so"),
    mletr_step("transferable_ended", "10, 18", "a record is subject to control until it ceases to have effect"),

    // Claims and the forfaiting market.
    market_step("divide_claim", "2", "a debt is divisible to the minor unit, and its parts add up to it"),
    market_step("claim_divided", "2", "a debt is divisible to the minor unit, and its parts add up to it"),
    market_step("merge_claims", "2", "a debt is divisible to the minor unit, and its parts add up to it"),
    market_step("claims_merged", "2", "a debt is divisible to the minor unit, and its parts add up to it"),
    civil_code_step("pledge_claim", "440, 445", "a claim is pledged by entry in a register, and is not disposed of without the pledgee"),
    civil_code_step("claim_pledged", "440, 445", "a claim is pledged by entry in a register, and is not disposed of without the pledgee"),
    civil_code_step("release_pledge", "445", "the pledgee releases what was pledged to it"),
    civil_code_step("pledge_released", "445", "the pledgee releases what was pledged to it"),
    civil_code_step("offer_claim", "545", "a creditor may assign its claim, in whole or in part"),
    civil_code_step("claim_offered", "545", "a creditor may assign its claim, in whole or in part"),
    civil_code_step("withdraw_claim_offer", "545", "a creditor may assign its claim, in whole or in part"),
    civil_code_step("claim_offer_withdrawn", "545", "a creditor may assign its claim, in whole or in part"),
    civil_code_step("accept_claim", "545", "a claim passes when the assignee takes it"),
    civil_code_step("claim_assigned", "545", "a claim passes when the assignee takes it"),
    civil_code_step("notify_assignment", "546", "an assignment binds the debtor once it is notified"),
    civil_code_step("assignment_notified", "546", "an assignment binds the debtor once it is notified"),
    civil_code_step("acknowledge_assignment", "546", "a debtor that acknowledged an assignment pays the assignee"),
    civil_code_step("assignment_acknowledged", "546", "a debtor that acknowledged an assignment pays the assignee"),
    civil_code_step("report_misdirected_payment", "546", "a debtor that pays anybody but the holder is not discharged"),
    civil_code_step("payment_misdirected", "546", "a debtor that pays anybody but the holder is not discharged"),
    urf_step("declare_unpaid", "4, 13", "the buyer bears the risk that a claim is not paid"),
    urf_step("claim_unpaid", "4, 13", "the buyer bears the risk that a claim is not paid"),
    market_step("publish_asset", "1, 4", "what is listed stands until a time, and names no customer"),
    market_step("request_quotes", "1, 4", "what is listed stands until a time, and names no customer"),
    market_step("place_bid", "1, 4", "what is listed stands until a time, and names no customer"),
    market_step("listing_published", "1, 4", "what is listed stands until a time, and names no customer"),
    market_step("withdraw_listing", "1, 4", "what is listed stands until a time, and names no customer"),
    market_step("listing_withdrawn", "1, 4", "what is listed stands until a time, and names no customer"),
    urf_step("quote_price", "5", "a firm offer to buy says all on which the price depends"),
    urf_step("quote_given", "5", "a firm offer to buy says all on which the price depends"),
    urf_step("withdraw_quote", "5", "a firm offer to buy says all on which the price depends"),
    urf_step("quote_withdrawn", "5", "a firm offer to buy says all on which the price depends"),
    urf_step("accept_quote", "2, 4", "the trade date is the day on which the parties agree; the sale is without recourse"),
    urf_step("take_asset", "2, 4", "the trade date is the day on which the parties agree; the sale is without recourse"),
    urf_step("hit_bid", "2, 4", "the trade date is the day on which the parties agree; the sale is without recourse"),
    urf_step("trade_agreed", "2, 4", "the trade date is the day on which the parties agree; the sale is without recourse"),
    urf_step("confirm_trade", "8", "the parties confirm what they agreed"),
    urf_step("trade_confirmed", "8", "the parties confirm what they agreed"),
    urf_step("deliver_trade_documents", "7, 10", "satisfactory documents come by the availability date, and are refused once with every reason"),
    urf_step("trade_documents_delivered", "7, 10", "satisfactory documents come by the availability date, and are refused once with every reason"),
    urf_step("accept_trade_documents", "7, 10", "satisfactory documents come by the availability date, and are refused once with every reason"),
    urf_step("trade_documents_accepted", "7, 10", "satisfactory documents come by the availability date, and are refused once with every reason"),
    urf_step("refuse_trade_documents", "7, 10", "satisfactory documents come by the availability date, and are refused once with every reason"),
    urf_step("trade_documents_refused", "7, 10", "satisfactory documents come by the availability date, and are refused once with every reason"),
    urf_step("satisfy_condition", "6, 9", "conditions are met by the availability date"),
    urf_step("condition_satisfied", "6, 9", "conditions are met by the availability date"),
    urf_step("settle_trade", "11, 12", "the price is paid when documents and conditions are there, or under reserve"),
    urf_step("trade_settled", "11, 12", "the price is paid when documents and conditions are there, or under reserve"),
    urf_step("lift_reserve", "12", "what is paid under reserve goes back with interest where what is outstanding does not come"),
    urf_step("reserve_lifted", "12", "what is paid under reserve goes back with interest where what is outstanding does not come"),
    urf_step("repay_reserved", "12", "what is paid under reserve goes back with interest where what is outstanding does not come"),
    urf_step("trade_repaid", "12", "what is paid under reserve goes back with interest where what is outstanding does not come"),
    urf_step("lapse_trade", "2, 11", "a claim that is not available by the availability date is not bought, and the commitment fee is owed"),
    urf_step("trade_lapsed", "2, 11", "a claim that is not available by the availability date is not bought, and the commitment fee is owed"),
    urf_step("pay_commitment_fee", "2, 11", "a claim that is not available by the availability date is not bought, and the commitment fee is owed"),
    urf_step("commitment_fee_paid", "2, 11", "a claim that is not available by the availability date is not bought, and the commitment fee is owed"),
    urf_step("propose_unwinding", "13", "both may undo what they agreed, and a court may"),
    urf_step("unwinding_proposed", "13", "both may undo what they agreed, and a court may"),
    urf_step("unwind_trade", "13", "both may undo what they agreed, and a court may"),
    urf_step("trade_unwound", "13", "both may undo what they agreed, and a court may"),
    urf_step("claim_recourse", "4, 13", "the sale is without recourse but for what the seller answers for"),
    urf_step("recourse_claimed", "4, 13", "the sale is without recourse but for what the seller answers for"),

    // Demand guarantees and standbys.
    urdg_step("instruct_guarantee", "8(a)", "whoever instructs a guarantor says clearly what it is to do"),
    urdg_step("withdraw_guarantee_instruction", "8(a)", "an instruction that nobody acted on can be taken back"),
    urdg_step("issue_guarantee", "4(b), 5", "a guarantee is irrevocable on issue, and independent of what it supports"),
    urdg_step("advise_guarantee", "10", "an advising party satisfies itself of apparent authenticity, or says that it could not"),
    urdg_step("amend_guarantee", "11(a), 11(b)", "the guarantor is bound by an amendment when it issues it, until the beneficiary rejects it"),
    urdg_step("answer_guarantee_amendment", "11(c), 11(e)", "a beneficiary consents to an amendment in whole; to consent to a part is to reject it, and silence is neither"),
    urdg_step("request_guarantee_transfer", "33", "a guarantee is transferred where it says so, in whole, with the guarantor's consent"),
    urdg_step("consent_to_guarantee_transfer", "33(b), 33(g)", "a guarantee is transferred where it says so, in whole, with the guarantor's consent"),
    urdg_step("present_demand", "14, 15, 17", "a demand is presented before expiry, with its statement of breach, for no more than is available"),
    urdg_step("accept_demand", "20(b)", "a guarantor that finds a demand complying pays"),
    urdg_step("refuse_demand", "24(d), 24(e)", "one notice states the refusal and every discrepancy, by close of the fifth business day"),
    urdg_step("invoke_demand_preclusion", "24(f)", "a guarantor that gave no notice in time cannot claim that the demand does not comply"),
    urdg_step("suspend_demand", "23(a), 23(b)", "payment of a complying demand that asks for an extension instead is suspended for at most thirty calendar days"),
    urdg_step("extend_for_demand", "23(d)", "an extension that is granted in time takes the place of the demand, which counts as withdrawn"),
    urdg_step("pay_demand", "20(b), 23(d)", "a guarantor that finds a demand complying pays"),
    urdg_step("withdraw_demand", "18(a)", "whoever withdraws a demand may make another in time"),
    urdg_step("reimburse_guarantor", "8(a)", "whoever instructed a guarantor reimburses what it paid"),
    urdg_step("give_non_extension_notice", "25", "an undertaking that extends itself does so unless the guarantor gives notice in time"),
    urdg_step("update_guarantee", "13, 25", "what the terms bring about by time alone takes effect by itself"),
    urdg_step("reduce_guarantee", "13, 25(b)", "an amount reduces as the terms foresee, or as the beneficiary says"),
    urdg_step("release_guarantee", "25(b)(iii)", "the beneficiary's release ends a guarantee"),
    urdg_step("state_expiry_event", "2, 25(b)(i)", "an event of expiry occurs when the document that shows it is presented to the guarantor"),
    urdg_step("state_closure", "26(b)", "a guarantee that would expire during force majeure is extended by thirty calendar days, and examination is suspended"),
    urdg_step("close_guarantee", "25(b)", "a guarantee ends when it expires, when nothing remains payable, or when it is released"),
    urdg_step("guarantee_instructed", "8(a)", "whoever instructs a guarantor says clearly what it is to do"),
    urdg_step("guarantee_instruction_withdrawn", "8(a)", "an instruction that nobody acted on can be taken back"),
    urdg_step("guarantee_issued", "4(b), 5", "a guarantee is irrevocable on issue, and independent of what it supports"),
    urdg_step("guarantee_advised", "10", "an advising party satisfies itself of apparent authenticity, or says that it could not"),
    urdg_step("guarantee_amendment_issued", "11(a), 11(b)", "the guarantor is bound by an amendment when it issues it, until the beneficiary rejects it"),
    urdg_step("guarantee_amendment_accepted", "11(c)", "a beneficiary consents to an amendment in whole"),
    urdg_step("guarantee_amendment_rejected", "11(e)", "to consent to a part of an amendment is to reject it"),
    urdg_step("guarantee_transfer_requested", "33", "a guarantee is transferred where it says so, in whole, with the guarantor's consent"),
    urdg_step("guarantee_transferred", "33", "a guarantee is transferred where it says so, in whole, with the guarantor's consent"),
    urdg_step("proceeds_assigned", "33(g)", "proceeds are paid to an assignee where the guarantor agreed"),
    urdg_step("demand_presented", "14, 15, 17", "a demand is presented before expiry, with its statement of breach, for no more than is available"),
    urdg_step("demand_accepted", "20(b)", "a guarantor that finds a demand complying pays"),
    urdg_step("demand_refused", "24(d), 24(e)", "one notice states the refusal and every discrepancy, by close of the fifth business day"),
    urdg_step("demand_refusal_precluded", "24(f)", "a guarantor that gave no notice in time cannot claim that the demand does not comply"),
    urdg_step("demand_suspended", "23(a), 23(c)", "payment is suspended for at most thirty calendar days, and the instructing party is informed"),
    urdg_step("demand_withdrawn", "18, 23(d)", "an extension that is granted in time takes the place of the demand, which counts as withdrawn"),
    urdg_step("demand_paid", "20(b)", "a guarantor that finds a demand complying pays"),
    urdg_step("guarantor_reimbursed", "8(a)", "whoever instructed a guarantor reimburses what it paid"),
    urdg_step("guarantee_expiry_moved", "11, 23(d), 25, 26", "an expiry moves by amendment, by what the terms say, by an extension instead of payment, or by force majeure"),
    urdg_step("non_extension_noticed", "25", "an undertaking that extends itself does so unless the guarantor gives notice in time"),
    urdg_step("guarantee_reduced", "13, 25(b)", "an amount reduces as the terms foresee, or as the beneficiary says"),
    urdg_step("expiry_event_stated", "2, 25(b)(i)", "an event of expiry occurs when the document that shows it is presented to the guarantor"),
    urdg_step("closure_stated", "26(b)", "a guarantee that would expire during force majeure is extended by thirty calendar days, and examination is suspended"),
    urdg_step("guarantee_closed", "25(b)", "a guarantee ends when it expires, when nothing remains payable, or when it is released"),
    urdg_step("guarantee_expiry_decided", "25(d)", "an expiry on which the place for presentation is closed moves to the first following business day"),
    urdg_step("demand_deadline_decided", "20(a), 26(b)(ii)", "examination ends on the fifth business day following presentation, and is suspended during force majeure"),

    // Bills of exchange.
    nil_step("draw_bill", "20, 22, 26", "a bill is void that lacks one of its seven particulars: its name, an unconditional order, a sum, a drawee, a payee, a date, a signature"),
    nil_step("present_bill_for_acceptance", "39, 41", "a drawee accepts or refuses within three days of the presentation"),
    nil_step("accept_bill", "41, 43, 44", "an acceptance is unconditional, on a condition it is a refusal, and the acceptor owes the bill when it is due"),
    nil_step("refuse_bill", "41, 43", "a drawee accepts or refuses within three days, and an acceptance on a condition is a refusal"),
    bills_step("cancel_bill", "5", "electronic bills are accepted before they are delivered, and nothing of them circulates before"),
    bills_step("offer_bill", "2, 3", "an act takes effect when the party to whom it is offered signs, on units of one part, none of them bound"),
    bills_step("sign_bill", "2, 4", "an act takes effect when the party to whom it is offered signs, and a sale moves the bill and the money together"),
    bills_step("reject_bill", "2", "an act takes effect when the party to whom it is offered signs, in time and as it was offered"),
    bills_step("withdraw_bill_offer", "2", "an act takes effect when the party to whom it is offered signs, in time and as it was offered"),
    nil_step("revoke_non_transferable", "27, 34", "a bill on which its drawer or endorser wrote that it is not transferable is not passed on"),
    bills_step("repurchase_bill", "4", "a sale between banks, and its return leg, move the bill and the money together or not at all"),
    bills_step("close_out_repurchase", "4", "a sale between banks, and its return leg, move the bill and the money together or not at all"),
    nil_step("present_bill_for_payment", "53", "a bill is presented for payment within ten days from its due date, or endorsers are free"),
    nil_step("pay_bill", "54, 60", "the acceptor pays in full when the bill is presented, and by paying frees all who are liable"),
    nil_step("dishonour_bill", "61, 62", "the holder of a bill that is not paid has recourse against all who signed it, and proves the refusal"),
    nil_step("give_recourse_notice", "17, 61, 66, 68", "the holder may claim from any of those who are liable, in any order, and gives notice within three days"),
    nil_step("settle_recourse", "70, 71, 72", "whoever pays in recourse takes the holder's place against those before it"),
    nil_step("freeze_bill", "15", "payment of a bill is stopped by a court's order, until it is released"),
    nil_step("release_bill_freeze", "15", "payment of a bill is stopped by a court's order, until it is released"),
    nil_step("bill_drawn", "20, 22, 26", "a bill is void that lacks one of its seven particulars: its name, an unconditional order, a sum, a drawee, a payee, a date, a signature"),
    nil_step("bill_presented_for_acceptance", "39, 41", "a drawee accepts or refuses within three days of the presentation"),
    nil_step("bill_accepted", "41, 43, 44", "an acceptance is unconditional, on a condition it is a refusal, and the acceptor owes the bill when it is due"),
    nil_step("bill_refused", "41, 43", "a drawee accepts or refuses within three days, and an acceptance on a condition is a refusal"),
    bills_step("bill_cancelled", "5", "electronic bills are accepted before they are delivered, and nothing of them circulates before"),
    bills_step("bill_offered", "2, 3", "an act takes effect when the party to whom it is offered signs, on units of one part, none of them bound"),
    bills_step("bill_offer_rejected", "2", "an act takes effect when the party to whom it is offered signs, in time and as it was offered"),
    bills_step("bill_offer_withdrawn", "2", "an act takes effect when the party to whom it is offered signs, in time and as it was offered"),
    bills_step("bill_divided", "3", "each minor unit of a bill is a unit of its own, and its parts add up to it"),
    nil_step("bill_transferred", "20, 31, 37", "holders follow each other in an unbroken chain, and whoever passed a bill on is liable to those after it"),
    nil_step("bill_pledged", "35", "a bill is pledged by an endorsement that says so, and the pledgee exercises its rights"),
    nil_step("bill_pledge_released", "35", "a bill is pledged by an endorsement that says so, and the pledgee exercises its rights"),
    nil_step("bill_avalled", "45, 46, 50", "whoever stands for another on a bill is liable beside it for all of it"),
    bills_step("bill_sold", "4", "a sale between banks, and its return leg, move the bill and the money together or not at all"),
    nil_step("non_transferable_revoked", "27, 34", "a bill on which its drawer or endorser wrote that it is not transferable is not passed on"),
    bills_step("bill_repurchased", "4", "a sale between banks, and its return leg, move the bill and the money together or not at all"),
    bills_step("repurchase_closed_out", "4", "a sale between banks, and its return leg, move the bill and the money together or not at all"),
    nil_step("bill_presented_for_payment", "53", "a bill is presented for payment within ten days from its due date, or endorsers are free"),
    nil_step("bill_paid", "54, 60", "the acceptor pays in full when the bill is presented, and by paying frees all who are liable"),
    nil_step("bill_dishonoured", "61, 62", "the holder of a bill that is not paid has recourse against all who signed it, and proves the refusal"),
    nil_step("recourse_notified", "17, 61, 66, 68", "the holder may claim from any of those who are liable, in any order, and gives notice within three days"),
    nil_step("recourse_settled", "70, 71, 72", "whoever pays in recourse takes the holder's place against those before it"),
    nil_step("bill_frozen", "15", "payment of a bill is stopped by a court's order, until it is released"),
    nil_step("bill_freeze_released", "15", "payment of a bill is stopped by a court's order, until it is released"),
    nil_step("bill_due_date_decided", "38, 53", "a bill falls due on its day, or on the first banking day following it"),

    // Factoring and payables.
    voucher_step("approve_payable", "1, 2", "a payable of a trade that took place is owed within six months, and within a year for a reason"),
    voucher_step("issue_voucher", "1, 2", "a payable of a trade that took place is owed within six months, and within a year for a reason"),
    voucher_step("voucher_issued", "1, 2", "a payable of a trade that took place is owed within six months, and within a year for a reason"),
    voucher_step("accept_voucher", "3", "a voucher is owed once its supplier accepts it"),
    voucher_step("voucher_accepted", "3", "a voucher is owed once its supplier accepts it"),
    voucher_step("reject_voucher", "3", "a voucher is owed once its supplier accepts it"),
    voucher_step("voucher_rejected", "3", "a voucher is owed once its supplier accepts it"),
    voucher_step("withdraw_voucher", "3", "a voucher is owed once its supplier accepts it"),
    voucher_step("voucher_withdrawn", "3", "a voucher is owed once its supplier accepts it"),
    grif_step("request_approval", "14", "the import factor answers within fourteen days how much it covers"),
    grif_step("approval_requested", "14", "the import factor answers within fourteen days how much it covers"),
    grif_step("answer_approval", "14", "the import factor answers within fourteen days how much it covers"),
    grif_step("approval_answered", "14", "the import factor answers within fourteen days how much it covers"),
    grif_step("reduce_approval", "18", "an approval is reduced or ended for what is assigned later"),
    grif_step("approval_reduced", "18", "an approval is reduced or ended for what is assigned later"),
    grif_step("assign_receivable", "12", "the export factor assigns what its seller assigned to it"),
    grif_step("receivable_assigned", "12", "the export factor assigns what its seller assigned to it"),
    grif_step("finance_receivable", "12", "whoever owns a receivable disposes of it"),
    grif_step("receivable_financed", "12", "whoever owns a receivable disposes of it"),
    grif_step("offer_receivable", "12", "whoever owns a receivable disposes of it"),
    grif_step("receivable_offered", "12", "whoever owns a receivable disposes of it"),
    grif_step("accept_receivable", "12", "whoever owns a receivable disposes of it"),
    grif_step("receivable_sold", "12", "whoever owns a receivable disposes of it"),
    grif_step("credit_receivable", "21", "a credit note reduces what is owed at once"),
    grif_step("receivable_credited", "21", "a credit note reduces what is owed at once"),
    grif_step("remit_collection", "22", "what is collected is remitted, and what was paid elsewhere is reported"),
    grif_step("collection_remitted", "22", "what is collected is remitted, and what was paid elsewhere is reported"),
    grif_step("report_direct_receipt", "22", "what is collected is remitted, and what was paid elsewhere is reported"),
    grif_step("direct_receipt_reported", "22", "what is collected is remitted, and what was paid elsewhere is reported"),
    grif_step("dispute_receivable", "27", "a dispute suspends the cover until it is settled"),
    grif_step("receivable_disputed", "27", "a dispute suspends the cover until it is settled"),
    grif_step("settle_dispute", "27", "a dispute suspends the cover until it is settled"),
    grif_step("dispute_settled", "27", "a dispute suspends the cover until it is settled"),
    grif_step("pay_under_guarantee", "24", "the import factor pays what it covers on the ninetieth day after the due date"),
    grif_step("cover_paid", "24", "the import factor pays what it covers on the ninetieth day after the due date"),
    grif_step("propose_reassignment", "15", "a receivable is given back with the export factor's consent, or after thirty days of silence"),
    grif_step("reassignment_proposed", "15", "a receivable is given back with the export factor's consent, or after thirty days of silence"),
    grif_step("reassign_receivable", "15", "a receivable is given back with the export factor's consent, or after thirty days of silence"),
    grif_step("receivable_reassigned", "15", "a receivable is given back with the export factor's consent, or after thirty days of silence"),

    // Risk participation.
    participation_step("offer_participation_agreement", "1", "a participation is agreed under a master agreement that both parties signed"),
    participation_step("accept_participation_agreement", "1", "a participation is agreed under a master agreement that both parties signed"),
    participation_step("end_participation_agreement", "1", "a participation is agreed under a master agreement that both parties signed"),
    participation_step("register_underlying", "3", "all shares of a transaction together never exceed the whole"),
    participation_step("offer_participation", "2, 3", "a share is offered with its terms and representations, and all shares together never exceed the whole"),
    participation_step("withdraw_participation", "2", "a participant accepts a share as it is offered, in time"),
    participation_step("accept_participation", "2", "a participant accepts a share as it is offered, in time"),
    participation_step("fund_participation", "4", "a funded participant pays its share on the settlement date, without recourse to the seller"),
    participation_step("pay_participation_fee", "6", "the fee accrues day by day over 360 on the amount of the participant"),
    participation_step("declare_obligor_default", "5", "an unfunded participant pays only on a written demand after the obligor defaulted, made before the participation expires"),
    participation_step("demand_participation", "5", "an unfunded participant pays only on a written demand after the obligor defaulted, made before the participation expires"),
    participation_step("pay_participation", "5", "an unfunded participant pays only on a written demand after the obligor defaulted, made before the participation expires"),
    participation_step("report_recovery", "7", "each participant that paid gets its part of every recovery within the agreed banking days"),
    participation_step("turn_over_recovery", "7", "each participant that paid gets its part of every recovery within the agreed banking days"),
    participation_step("request_participation_change", "8, 9", "what changes a participation or the material terms of its transaction is agreed by both parties"),
    participation_step("answer_participation_change", "8, 9", "what changes a participation or the material terms of its transaction is agreed by both parties"),
    participation_step("change_underlying", "8", "the seller extends, waives and amends material terms only with the consent of each participant"),
    participation_step("expire_participation", "5", "an unfunded participant pays only on a written demand after the obligor defaulted, made before the participation expires"),
    participation_step("participation_agreement_offered", "1", "a participation is agreed under a master agreement that both parties signed"),
    participation_step("participation_agreement_accepted", "1", "a participation is agreed under a master agreement that both parties signed"),
    participation_step("participation_agreement_ended", "1", "a participation is agreed under a master agreement that both parties signed"),
    participation_step("underlying_registered", "3", "all shares of a transaction together never exceed the whole"),
    participation_step("participation_offered", "2, 3", "a share is offered with its terms and representations, and all shares together never exceed the whole"),
    participation_step("participation_accepted", "2", "a participant accepts a share as it is offered, in time"),
    participation_step("participation_funded", "4", "a funded participant pays its share on the settlement date, without recourse to the seller"),
    participation_step("participation_fee_paid", "6", "the fee accrues day by day over 360 on the amount of the participant"),
    participation_step("obligor_defaulted", "5", "an unfunded participant pays only on a written demand after the obligor defaulted, made before the participation expires"),
    participation_step("participation_demanded", "5", "an unfunded participant pays only on a written demand after the obligor defaulted, made before the participation expires"),
    participation_step("participation_paid", "5", "an unfunded participant pays only on a written demand after the obligor defaulted, made before the participation expires"),
    participation_step("recovery_reported", "7", "each participant that paid gets its part of every recovery within the agreed banking days"),
    participation_step("recovery_turned_over", "7", "each participant that paid gets its part of every recovery within the agreed banking days"),
    participation_step("participation_change_requested", "8, 9", "what changes a participation or the material terms of its transaction is agreed by both parties"),
    participation_step("participation_change_answered", "8, 9", "what changes a participation or the material terms of its transaction is agreed by both parties"),
    participation_step("participation_changed", "3, 9", "a participation is reduced, split or elevated by both parties, and all shares together never exceed the whole"),
    participation_step("underlying_changed", "8", "the seller extends, waives and amends material terms only with the consent of each participant"),
    participation_step("participation_terminated", "5, 9", "a participation ends when it expires without a demand, is recovered, or both parties agree"),

    // Supervision and limits.
    supervision_step("freeze", "1, 2, 3", "by an order with its number and legal basis the supervisor holds the settlement of a party, an account or an instrument"),
    supervision_step("frozen", "3, 4", "what is frozen does not settle, and its parties are told where the order may be disclosed"),
    supervision_step("release_freeze", "5", "an order is released by another, with its own number and legal basis"),
    supervision_step("freeze_released", "5", "an order is released by another, with its own number and legal basis"),
];

/// An article of the ICC's Uniform Rules for Forfaiting.
const fn urf(article: &'static str) -> Article {
    Article { rule: "URF 800", article }
}

const fn urf_step(step: &'static str, article: &'static str, says: &'static str) -> Step {
    Step { step, article: urf(article), says, provenance: Provenance::Recalled }
}

/// An article of the market's own rules, which stand at [`Listing`](crate::Listing).
const fn market(article: &'static str) -> Article {
    Article { rule: "Market", article }
}

const fn market_step(step: &'static str, article: &'static str, says: &'static str) -> Step {
    Step { step, article: market(article), says, provenance: Provenance::Checked }
}

/// An article of China's Civil Code.
const fn civil_code_step(step: &'static str, article: &'static str, says: &'static str) -> Step {
    Step { step, article: Article { rule: "Civil Code", article }, says, provenance: Provenance::Recalled }
}

/// An article of the General Rules for International Factoring.
const fn grif(article: &'static str) -> Article {
    Article { rule: "GRIF", article }
}

const fn grif_step(step: &'static str, article: &'static str, says: &'static str) -> Step {
    Step { step, article: grif(article), says, provenance: Provenance::Recalled }
}

/// A rule on vouchers of payables, after the notice of 2025 on supply-chain finance: 1 a trade stands behind each; 2 they run
/// for six months usually and a year at most; 3 supplier and buyer agree; 4 nobody pools what is paid.
const fn voucher_step(step: &'static str, article: &'static str, says: &'static str) -> Step {
    Step { step, article: Article { rule: "Vouchers", article }, says, provenance: Provenance::Recalled }
}

const fn ucp(article: &'static str) -> Article {
    Article { rule: "UCP 600", article }
}

const fn step(step: &'static str, article: &'static str, says: &'static str) -> Step {
    Step { step, article: ucp(article), says, provenance: Provenance::Recalled }
}

/// An article of the registry's own rules, which stand at [`Financing`](crate::Financing).
const fn financing_registry(article: &'static str) -> Article {
    Article { rule: "Financing registry", article }
}

const fn registry_step(step: &'static str, article: &'static str, says: &'static str) -> Step {
    Step { step, article: financing_registry(article), says, provenance: Provenance::Checked }
}

/// An article of the UNCITRAL Model Law on Electronic Transferable Records.
const fn mletr(article: &'static str) -> Article {
    Article { rule: "MLETR", article }
}

const fn mletr_step(step: &'static str, article: &'static str, says: &'static str) -> Step {
    Step { step, article: mletr(article), says, provenance: Provenance::Recalled }
}

/// An article of the rules of risk participation, which stand at [`Participation`](crate::Participation).
const fn participation(article: &'static str) -> Article {
    Article { rule: "Participation", article }
}

const fn participation_step(step: &'static str, article: &'static str, says: &'static str) -> Step {
    Step { step, article: participation(article), says, provenance: Provenance::Recalled }
}

/// An article of the rules of supervision, which stand at [`FreezeOrder`](crate::FreezeOrder).
const fn supervision(article: &'static str) -> Article {
    Article { rule: "Supervision", article }
}

const fn supervision_step(step: &'static str, article: &'static str, says: &'static str) -> Step {
    Step { step, article: supervision(article), says, provenance: Provenance::Checked }
}

/// The rules: each a refusal with its article, and with what it asks in English and Chinese.
pub fn rulebook() -> impl Iterator<Item = &'static Entry> {
    ERRORS.iter().copied().filter(|entry| entry.says.is_some())
}

/// The article behind a step, by the `type` of its operation or event.
pub fn article_of(step: &str) -> Option<Article> {
    STEPS.iter().find(|row| row.step == step).map(|row| row.article)
}

impl TradeOperation {
    /// The operation's `type`.
    pub fn step(&self) -> &'static str {
        match self {
            TradeOperation::IssueCredit { .. } => "issue_credit",
            TradeOperation::AdviseCredit { .. } => "advise_credit",
            TradeOperation::PresentDocuments { .. } => "present_documents",
            TradeOperation::AcceptPresentation { .. } => "accept_presentation",
            TradeOperation::HonourPresentation { .. } => "honour_presentation",
            TradeOperation::RefusePresentation { .. } => "refuse_presentation",
            TradeOperation::InvokePreclusion { .. } => "invoke_preclusion",
            TradeOperation::PayClaim { .. } => "pay_claim",
            TradeOperation::CloseCredit { .. } => "close_credit",
            TradeOperation::AmendCredit { .. } => "amend_credit",
            TradeOperation::AnswerAmendment { .. } => "answer_amendment",
            TradeOperation::ConfirmCredit { .. } => "confirm_credit",
            TradeOperation::ExtendConfirmation { .. } => "extend_confirmation",
            TradeOperation::ConsentToCancellation { .. } => "consent_to_cancellation",
            TradeOperation::SeekWaiver { .. } => "seek_waiver",
            TradeOperation::WaiveDiscrepancies { .. } => "waive_discrepancies",

            TradeOperation::AdoptFingerprintKey { .. } => "adopt_fingerprint_key",
            TradeOperation::ReserveFinancing { .. } => "reserve_financing",
            TradeOperation::ConfirmFinancing { .. } => "confirm_financing",
            TradeOperation::ReleaseFinancing { .. } => "release_financing",
            TradeOperation::VoidFinancing { .. } => "void_financing",
            TradeOperation::RefingerprintFinancing { .. } => "refingerprint_financing",
            TradeOperation::ConsentToExposure { .. } => "consent_to_exposure",
            TradeOperation::StateExposure { .. } => "state_exposure",
            TradeOperation::EndExposure { .. } => "end_exposure",
            TradeOperation::NotariseDocument { .. } => "notarise_document",
            TradeOperation::RevokeDocument { .. } => "revoke_document",
            TradeOperation::IssueTransferable { .. } => "issue_transferable",
            TradeOperation::OfferTransferable { .. } => "offer_transferable",
            TradeOperation::WithdrawTransferableOffer { .. } => "withdraw_transferable_offer",
            TradeOperation::AcceptTransferable { .. } => "accept_transferable",
            TradeOperation::SwitchToPaper { .. } => "switch_to_paper",
            TradeOperation::IssueUnits { .. } => "issue_units",
            TradeOperation::TransferUnits { .. } => "transfer_units",
            TradeOperation::RetireUnits { .. } => "retire_units",
            // Claims and the forfaiting market.
            TradeOperation::DivideClaim { .. } => "divide_claim",
            TradeOperation::MergeClaims { .. } => "merge_claims",
            TradeOperation::PledgeClaim { .. } => "pledge_claim",
            TradeOperation::ReleasePledge { .. } => "release_pledge",
            TradeOperation::OfferClaim { .. } => "offer_claim",
            TradeOperation::WithdrawClaimOffer { .. } => "withdraw_claim_offer",
            TradeOperation::AcceptClaim { .. } => "accept_claim",
            TradeOperation::NotifyAssignment { .. } => "notify_assignment",
            TradeOperation::AcknowledgeAssignment { .. } => "acknowledge_assignment",
            TradeOperation::ReportMisdirectedPayment { .. } => "report_misdirected_payment",
            TradeOperation::DeclareUnpaid { .. } => "declare_unpaid",
            TradeOperation::PublishAsset { .. } => "publish_asset",
            TradeOperation::RequestQuotes { .. } => "request_quotes",
            TradeOperation::PlaceBid { .. } => "place_bid",
            TradeOperation::WithdrawListing { .. } => "withdraw_listing",
            TradeOperation::QuotePrice { .. } => "quote_price",
            TradeOperation::WithdrawQuote { .. } => "withdraw_quote",
            TradeOperation::AcceptQuote { .. } => "accept_quote",
            TradeOperation::TakeAsset { .. } => "take_asset",
            TradeOperation::HitBid { .. } => "hit_bid",
            TradeOperation::ConfirmTrade { .. } => "confirm_trade",
            TradeOperation::DeliverTradeDocuments { .. } => "deliver_trade_documents",
            TradeOperation::AcceptTradeDocuments { .. } => "accept_trade_documents",
            TradeOperation::RefuseTradeDocuments { .. } => "refuse_trade_documents",
            TradeOperation::SatisfyCondition { .. } => "satisfy_condition",
            TradeOperation::SettleTrade { .. } => "settle_trade",
            TradeOperation::LiftReserve { .. } => "lift_reserve",
            TradeOperation::RepayReserved { .. } => "repay_reserved",
            TradeOperation::LapseTrade { .. } => "lapse_trade",
            TradeOperation::PayCommitmentFee { .. } => "pay_commitment_fee",
            TradeOperation::ProposeUnwinding { .. } => "propose_unwinding",
            TradeOperation::UnwindTrade { .. } => "unwind_trade",
            TradeOperation::ClaimRecourse { .. } => "claim_recourse",

            // Demand guarantees and standbys.
            TradeOperation::InstructGuarantee { .. } => "instruct_guarantee",
            TradeOperation::WithdrawGuaranteeInstruction { .. } => "withdraw_guarantee_instruction",
            TradeOperation::IssueGuarantee { .. } => "issue_guarantee",
            TradeOperation::AdviseGuarantee { .. } => "advise_guarantee",
            TradeOperation::AmendGuarantee { .. } => "amend_guarantee",
            TradeOperation::AnswerGuaranteeAmendment { .. } => "answer_guarantee_amendment",
            TradeOperation::RequestGuaranteeTransfer { .. } => "request_guarantee_transfer",
            TradeOperation::ConsentToGuaranteeTransfer { .. } => "consent_to_guarantee_transfer",
            TradeOperation::PresentDemand { .. } => "present_demand",
            TradeOperation::AcceptDemand { .. } => "accept_demand",
            TradeOperation::RefuseDemand { .. } => "refuse_demand",
            TradeOperation::InvokeDemandPreclusion { .. } => "invoke_demand_preclusion",
            TradeOperation::SuspendDemand { .. } => "suspend_demand",
            TradeOperation::ExtendForDemand { .. } => "extend_for_demand",
            TradeOperation::PayDemand { .. } => "pay_demand",
            TradeOperation::WithdrawDemand { .. } => "withdraw_demand",
            TradeOperation::ReimburseGuarantor { .. } => "reimburse_guarantor",
            TradeOperation::GiveNonExtensionNotice { .. } => "give_non_extension_notice",
            TradeOperation::UpdateGuarantee { .. } => "update_guarantee",
            TradeOperation::ReduceGuarantee { .. } => "reduce_guarantee",
            TradeOperation::ReleaseGuarantee { .. } => "release_guarantee",
            TradeOperation::StateExpiryEvent { .. } => "state_expiry_event",
            TradeOperation::StateClosure { .. } => "state_closure",
            TradeOperation::CloseGuarantee { .. } => "close_guarantee",

            // Bills of exchange.
            TradeOperation::DrawBill { .. } => "draw_bill",
            TradeOperation::PresentBillForAcceptance { .. } => "present_bill_for_acceptance",
            TradeOperation::AcceptBill { .. } => "accept_bill",
            TradeOperation::RefuseBill { .. } => "refuse_bill",
            TradeOperation::CancelBill { .. } => "cancel_bill",
            TradeOperation::OfferBill { .. } => "offer_bill",
            TradeOperation::SignBill { .. } => "sign_bill",
            TradeOperation::RejectBill { .. } => "reject_bill",
            TradeOperation::WithdrawBillOffer { .. } => "withdraw_bill_offer",
            TradeOperation::RevokeNonTransferable { .. } => "revoke_non_transferable",
            TradeOperation::RepurchaseBill { .. } => "repurchase_bill",
            TradeOperation::CloseOutRepurchase { .. } => "close_out_repurchase",
            TradeOperation::PresentBillForPayment { .. } => "present_bill_for_payment",
            TradeOperation::PayBill { .. } => "pay_bill",
            TradeOperation::DishonourBill { .. } => "dishonour_bill",
            TradeOperation::GiveRecourseNotice { .. } => "give_recourse_notice",
            TradeOperation::SettleRecourse { .. } => "settle_recourse",
            TradeOperation::FreezeBill { .. } => "freeze_bill",
            TradeOperation::ReleaseBillFreeze { .. } => "release_bill_freeze",

            // Factoring and payables.
            TradeOperation::ApprovePayable { .. } => "approve_payable",
            TradeOperation::IssueVoucher { .. } => "issue_voucher",
            TradeOperation::AcceptVoucher { .. } => "accept_voucher",
            TradeOperation::RejectVoucher { .. } => "reject_voucher",
            TradeOperation::WithdrawVoucher { .. } => "withdraw_voucher",
            TradeOperation::RequestApproval { .. } => "request_approval",
            TradeOperation::AnswerApproval { .. } => "answer_approval",
            TradeOperation::ReduceApproval { .. } => "reduce_approval",
            TradeOperation::AssignReceivable { .. } => "assign_receivable",
            TradeOperation::FinanceReceivable { .. } => "finance_receivable",
            TradeOperation::CreditReceivable { .. } => "credit_receivable",
            TradeOperation::RemitCollection { .. } => "remit_collection",
            TradeOperation::ReportDirectReceipt { .. } => "report_direct_receipt",
            TradeOperation::DisputeReceivable { .. } => "dispute_receivable",
            TradeOperation::SettleDispute { .. } => "settle_dispute",
            TradeOperation::PayUnderGuarantee { .. } => "pay_under_guarantee",
            TradeOperation::ProposeReassignment { .. } => "propose_reassignment",
            TradeOperation::ReassignReceivable { .. } => "reassign_receivable",
            TradeOperation::OfferReceivable { .. } => "offer_receivable",
            TradeOperation::AcceptReceivable { .. } => "accept_receivable",

            // Risk participation.
            TradeOperation::OfferParticipationAgreement { .. } => "offer_participation_agreement",
            TradeOperation::AcceptParticipationAgreement { .. } => "accept_participation_agreement",
            TradeOperation::EndParticipationAgreement { .. } => "end_participation_agreement",
            TradeOperation::RegisterUnderlying { .. } => "register_underlying",
            TradeOperation::OfferParticipation { .. } => "offer_participation",
            TradeOperation::WithdrawParticipation { .. } => "withdraw_participation",
            TradeOperation::AcceptParticipation { .. } => "accept_participation",
            TradeOperation::FundParticipation { .. } => "fund_participation",
            TradeOperation::PayParticipationFee { .. } => "pay_participation_fee",
            TradeOperation::DeclareObligorDefault { .. } => "declare_obligor_default",
            TradeOperation::DemandParticipation { .. } => "demand_participation",
            TradeOperation::PayParticipation { .. } => "pay_participation",
            TradeOperation::ReportRecovery { .. } => "report_recovery",
            TradeOperation::TurnOverRecovery { .. } => "turn_over_recovery",
            TradeOperation::RequestParticipationChange { .. } => "request_participation_change",
            TradeOperation::AnswerParticipationChange { .. } => "answer_participation_change",
            TradeOperation::ChangeUnderlying { .. } => "change_underlying",
            TradeOperation::ExpireParticipation { .. } => "expire_participation",

            // Supervision and limits.
            TradeOperation::Freeze { .. } => "freeze",
            TradeOperation::ReleaseFreeze { .. } => "release_freeze",
            TradeOperation::SetLimit { .. } => "set_limit",
        }
    }

    /// The article behind the operation, where one governs it.
    pub fn article(&self) -> Option<Article> {
        article_of(self.step())
    }
}

impl TradeEvent {
    /// The event's `type`.
    pub fn step(&self) -> &'static str {
        match self {
            TradeEvent::CreditIssued { .. } => "credit_issued",
            TradeEvent::CreditAdvised { .. } => "credit_advised",
            TradeEvent::DocumentsPresented { .. } => "documents_presented",
            TradeEvent::PresentationAccepted { .. } => "presentation_accepted",
            TradeEvent::PresentationHonoured { .. } => "presentation_honoured",
            TradeEvent::PresentationRefused { .. } => "presentation_refused",
            TradeEvent::RefusalPrecluded { .. } => "refusal_precluded",
            TradeEvent::ClaimCreated { .. } => "claim_created",
            TradeEvent::ClaimPaid { .. } => "claim_paid",
            TradeEvent::CreditClosed { .. } => "credit_closed",
            TradeEvent::ExpiryDecided { .. } => "expiry_decided",
            TradeEvent::ExaminationDeadlineDecided { .. } => "examination_deadline_decided",
            TradeEvent::DueDateDecided { .. } => "due_date_decided",
            TradeEvent::AmendmentIssued { .. } => "amendment_issued",
            TradeEvent::AmendmentEffective { .. } => "amendment_effective",
            TradeEvent::AmendmentRejected { .. } => "amendment_rejected",
            TradeEvent::CreditConfirmed { .. } => "credit_confirmed",
            TradeEvent::ConfirmationExtended { .. } => "confirmation_extended",
            TradeEvent::CancellationConsented { .. } => "cancellation_consented",
            TradeEvent::CreditCancelled { .. } => "credit_cancelled",
            TradeEvent::WaiverSought { .. } => "waiver_sought",
            TradeEvent::DiscrepanciesWaived { .. } => "discrepancies_waived",

            TradeEvent::FingerprintKeyAdopted { .. } => "fingerprint_key_adopted",
            TradeEvent::FinancingReserved { .. } => "financing_reserved",
            TradeEvent::FinancingConfirmed { .. } => "financing_confirmed",
            TradeEvent::FinancingReleased { .. } => "financing_released",
            TradeEvent::FinancingVoided { .. } => "financing_voided",
            TradeEvent::FinancingRefingerprinted { .. } => "financing_refingerprinted",
            TradeEvent::ExposureConsented { .. } => "exposure_consented",
            TradeEvent::ExposureStated { .. } => "exposure_stated",
            TradeEvent::ExposureEnded { .. } => "exposure_ended",
            TradeEvent::TransferableEnded { .. } => "transferable_ended",
            TradeEvent::DocumentNotarised { .. } => "document_notarised",
            TradeEvent::DocumentRevoked { .. } => "document_revoked",
            TradeEvent::TransferableIssued { .. } => "transferable_issued",
            TradeEvent::TransferableOffered { .. } => "transferable_offered",
            TradeEvent::TransferableOfferWithdrawn { .. } => "transferable_offer_withdrawn",
            TradeEvent::ControlTransferred { .. } => "control_transferred",
            TradeEvent::TransferableAmended { .. } => "transferable_amended",
            TradeEvent::UnitsIssued { .. } => "units_issued",
            TradeEvent::UnitsTransferred { .. } => "units_transferred",
            TradeEvent::UnitsRetired { .. } => "units_retired",
            // Claims and the forfaiting market.
            TradeEvent::ClaimDivided { .. } => "claim_divided",
            TradeEvent::ClaimsMerged { .. } => "claims_merged",
            TradeEvent::ClaimPledged { .. } => "claim_pledged",
            TradeEvent::PledgeReleased { .. } => "pledge_released",
            TradeEvent::ClaimOffered { .. } => "claim_offered",
            TradeEvent::ClaimOfferWithdrawn { .. } => "claim_offer_withdrawn",
            TradeEvent::ClaimAssigned { .. } => "claim_assigned",
            TradeEvent::AssignmentNotified { .. } => "assignment_notified",
            TradeEvent::AssignmentAcknowledged { .. } => "assignment_acknowledged",
            TradeEvent::PaymentMisdirected { .. } => "payment_misdirected",
            TradeEvent::ClaimUnpaid { .. } => "claim_unpaid",
            TradeEvent::ListingPublished { .. } => "listing_published",
            TradeEvent::ListingWithdrawn { .. } => "listing_withdrawn",
            TradeEvent::QuoteGiven { .. } => "quote_given",
            TradeEvent::QuoteWithdrawn { .. } => "quote_withdrawn",
            TradeEvent::TradeAgreed { .. } => "trade_agreed",
            TradeEvent::TradeConfirmed { .. } => "trade_confirmed",
            TradeEvent::TradeDocumentsDelivered { .. } => "trade_documents_delivered",
            TradeEvent::TradeDocumentsAccepted { .. } => "trade_documents_accepted",
            TradeEvent::TradeDocumentsRefused { .. } => "trade_documents_refused",
            TradeEvent::ConditionSatisfied { .. } => "condition_satisfied",
            TradeEvent::TradeSettled { .. } => "trade_settled",
            TradeEvent::ReserveLifted { .. } => "reserve_lifted",
            TradeEvent::TradeRepaid { .. } => "trade_repaid",
            TradeEvent::TradeLapsed { .. } => "trade_lapsed",
            TradeEvent::CommitmentFeePaid { .. } => "commitment_fee_paid",
            TradeEvent::UnwindingProposed { .. } => "unwinding_proposed",
            TradeEvent::TradeUnwound { .. } => "trade_unwound",
            TradeEvent::RecourseClaimed { .. } => "recourse_claimed",

            // Demand guarantees and standbys.
            TradeEvent::GuaranteeInstructed { .. } => "guarantee_instructed",
            TradeEvent::GuaranteeInstructionWithdrawn { .. } => "guarantee_instruction_withdrawn",
            TradeEvent::GuaranteeIssued { .. } => "guarantee_issued",
            TradeEvent::GuaranteeAdvised { .. } => "guarantee_advised",
            TradeEvent::GuaranteeAmendmentIssued { .. } => "guarantee_amendment_issued",
            TradeEvent::GuaranteeAmendmentAccepted { .. } => "guarantee_amendment_accepted",
            TradeEvent::GuaranteeAmendmentRejected { .. } => "guarantee_amendment_rejected",
            TradeEvent::GuaranteeTransferRequested { .. } => "guarantee_transfer_requested",
            TradeEvent::GuaranteeTransferred { .. } => "guarantee_transferred",
            TradeEvent::ProceedsAssigned { .. } => "proceeds_assigned",
            TradeEvent::DemandPresented { .. } => "demand_presented",
            TradeEvent::DemandAccepted { .. } => "demand_accepted",
            TradeEvent::DemandRefused { .. } => "demand_refused",
            TradeEvent::DemandRefusalPrecluded { .. } => "demand_refusal_precluded",
            TradeEvent::DemandSuspended { .. } => "demand_suspended",
            TradeEvent::DemandWithdrawn { .. } => "demand_withdrawn",
            TradeEvent::DemandPaid { .. } => "demand_paid",
            TradeEvent::GuarantorReimbursed { .. } => "guarantor_reimbursed",
            TradeEvent::GuaranteeExpiryMoved { .. } => "guarantee_expiry_moved",
            TradeEvent::NonExtensionNoticed { .. } => "non_extension_noticed",
            TradeEvent::GuaranteeReduced { .. } => "guarantee_reduced",
            TradeEvent::ExpiryEventStated { .. } => "expiry_event_stated",
            TradeEvent::ClosureStated { .. } => "closure_stated",
            TradeEvent::GuaranteeClosed { .. } => "guarantee_closed",
            TradeEvent::GuaranteeExpiryDecided { .. } => "guarantee_expiry_decided",
            TradeEvent::DemandDeadlineDecided { .. } => "demand_deadline_decided",

            // Bills of exchange.
            TradeEvent::BillDrawn { .. } => "bill_drawn",
            TradeEvent::BillPresentedForAcceptance { .. } => "bill_presented_for_acceptance",
            TradeEvent::BillAccepted { .. } => "bill_accepted",
            TradeEvent::BillRefused { .. } => "bill_refused",
            TradeEvent::BillCancelled { .. } => "bill_cancelled",
            TradeEvent::BillOffered { .. } => "bill_offered",
            TradeEvent::BillOfferRejected { .. } => "bill_offer_rejected",
            TradeEvent::BillOfferWithdrawn { .. } => "bill_offer_withdrawn",
            TradeEvent::BillDivided { .. } => "bill_divided",
            TradeEvent::BillTransferred { .. } => "bill_transferred",
            TradeEvent::BillPledged { .. } => "bill_pledged",
            TradeEvent::BillPledgeReleased { .. } => "bill_pledge_released",
            TradeEvent::BillAvalled { .. } => "bill_avalled",
            TradeEvent::BillSold { .. } => "bill_sold",
            TradeEvent::NonTransferableRevoked { .. } => "non_transferable_revoked",
            TradeEvent::BillRepurchased { .. } => "bill_repurchased",
            TradeEvent::RepurchaseClosedOut { .. } => "repurchase_closed_out",
            TradeEvent::BillPresentedForPayment { .. } => "bill_presented_for_payment",
            TradeEvent::BillPaid { .. } => "bill_paid",
            TradeEvent::BillDishonoured { .. } => "bill_dishonoured",
            TradeEvent::RecourseNotified { .. } => "recourse_notified",
            TradeEvent::RecourseSettled { .. } => "recourse_settled",
            TradeEvent::BillFrozen { .. } => "bill_frozen",
            TradeEvent::BillFreezeReleased { .. } => "bill_freeze_released",
            TradeEvent::BillDueDateDecided { .. } => "bill_due_date_decided",

            // Factoring and payables.
            TradeEvent::VoucherIssued { .. } => "voucher_issued",
            TradeEvent::VoucherAccepted { .. } => "voucher_accepted",
            TradeEvent::VoucherRejected { .. } => "voucher_rejected",
            TradeEvent::VoucherWithdrawn { .. } => "voucher_withdrawn",
            TradeEvent::ApprovalRequested { .. } => "approval_requested",
            TradeEvent::ApprovalAnswered { .. } => "approval_answered",
            TradeEvent::ApprovalReduced { .. } => "approval_reduced",
            TradeEvent::ReceivableAssigned { .. } => "receivable_assigned",
            TradeEvent::ReceivableFinanced { .. } => "receivable_financed",
            TradeEvent::ReceivableCredited { .. } => "receivable_credited",
            TradeEvent::CollectionRemitted { .. } => "collection_remitted",
            TradeEvent::DirectReceiptReported { .. } => "direct_receipt_reported",
            TradeEvent::ReceivableDisputed { .. } => "receivable_disputed",
            TradeEvent::DisputeSettled { .. } => "dispute_settled",
            TradeEvent::CoverPaid { .. } => "cover_paid",
            TradeEvent::ReassignmentProposed { .. } => "reassignment_proposed",
            TradeEvent::ReceivableReassigned { .. } => "receivable_reassigned",
            TradeEvent::ReceivableOffered { .. } => "receivable_offered",
            TradeEvent::ReceivableSold { .. } => "receivable_sold",

            // Risk participation.
            TradeEvent::ParticipationAgreementOffered { .. } => "participation_agreement_offered",
            TradeEvent::ParticipationAgreementAccepted { .. } => "participation_agreement_accepted",
            TradeEvent::ParticipationAgreementEnded { .. } => "participation_agreement_ended",
            TradeEvent::UnderlyingRegistered { .. } => "underlying_registered",
            TradeEvent::ParticipationOffered { .. } => "participation_offered",
            TradeEvent::ParticipationAccepted { .. } => "participation_accepted",
            TradeEvent::ParticipationFunded { .. } => "participation_funded",
            TradeEvent::ParticipationFeePaid { .. } => "participation_fee_paid",
            TradeEvent::ObligorDefaulted { .. } => "obligor_defaulted",
            TradeEvent::ParticipationDemanded { .. } => "participation_demanded",
            TradeEvent::ParticipationPaid { .. } => "participation_paid",
            TradeEvent::RecoveryReported { .. } => "recovery_reported",
            TradeEvent::RecoveryTurnedOver { .. } => "recovery_turned_over",
            TradeEvent::ParticipationChangeRequested { .. } => "participation_change_requested",
            TradeEvent::ParticipationChangeAnswered { .. } => "participation_change_answered",
            TradeEvent::ParticipationChanged { .. } => "participation_changed",
            TradeEvent::UnderlyingChanged { .. } => "underlying_changed",
            TradeEvent::ParticipationTerminated { .. } => "participation_terminated",

            // Supervision and limits.
            TradeEvent::Frozen { .. } => "frozen",
            TradeEvent::FreezeReleased { .. } => "freeze_released",
            TradeEvent::LimitSet { .. } => "limit_set",
        }
    }

    /// The article behind the event, where one governs it.
    pub fn article(&self) -> Option<Article> {
        article_of(self.step())
    }
}
