//! What an undertaking says: the terms, as an MT760 carries them.

use allonge_finance::{CalendarId, Date, Money, PartyId};
use allonge_ledger::{Error, Findings};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::presentation::{Document, MAX_DISCREPANCY_LENGTH, MAX_TITLE_LENGTH};
use crate::registry::{GUARANTEE_EXPIRY_MISSING, GUARANTEE_TERMS_INVALID};
use crate::terms::{
    MAX_ACCOUNT_LENGTH, MAX_LINE_LENGTH, MAX_NAME_LINES, MAX_NARRATIVE_LINE_LENGTH, MAX_NARRATIVE_LINES,
    MAX_PLACE_LENGTH, NamedParty, Permission, check_line, check_lines,
};

/// Reductions that the terms foresee, at most.
pub const MAX_REDUCTIONS: usize = 20;
/// Days of an automatic extension, of its notice, and behind an event of expiry, at most.
pub const MAX_EXTENSION_DAYS: u16 = 1_830;

/// The terms of a demand guarantee, a counter-guarantee or a standby (field tags of an MT760, SWIFT SR 2025, in brackets).
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GuaranteeTerms {
    /// What it is called (22D).
    pub form: UndertakingForm,
    /// Whether it stands for an obligation, or behind another undertaking (22A).
    pub purpose: GuaranteePurpose,
    /// The rules that it is subject to (40C).
    pub rules: GuaranteeRules,
    /// Who issues it and is bound by it (52a).
    pub guarantor: PartyId,
    /// Who advises it to the beneficiary (the receiver of the MT760, or 56a).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advising_party: Option<PartyId>,
    /// Whose obligation it supports (50).
    pub applicant: NamedParty,
    /// In whose favour it is issued (59). Where it is no party of the ledger, the advising party stands for it.
    pub beneficiary: NamedParty,
    /// The amount, above zero (32B).
    pub amount: Money,
    /// The contract or tender that it supports, at most 140 characters (45L). URDG 758 art. 8(c).
    pub underlying: String,
    /// When it ends (23B, 31E, 35G).
    pub expiry: GuaranteeExpiry,
    /// Where demands are presented, at most 140 characters. URDG 758 art. 14(a).
    pub place: String,
    /// The banking days of that place.
    pub calendar: CalendarId,
    /// Whether a demand is supported by a statement of the breach. URDG 758 art. 15.
    pub breach_statement: BreachStatement,
    /// The documents to present beside the demand, at most 800 lines of 65 (45C).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents_required: Vec<String>,
    /// The undertaking's own words, at most 800 lines of 65 (77U).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wording: Vec<String>,
    /// Whether less than the full amount can be demanded; absent means allowed. URDG 758 art. 17(a).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partial_demands: Option<Permission>,
    /// Whether more than one demand can be made; absent means allowed. URDG 758 art. 17(a), 17(c).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub multiple_demands: Option<Permission>,
    /// Whether it says that it is transferable (48D). URDG 758 art. 33(a).
    #[serde(default)]
    pub transferable: bool,
    /// By how much it reduces, and when. URDG 758 art. 13.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reductions: Vec<Reduction>,
    /// Whether it is extended unless the guarantor gives notice (23F, 26E, 31S).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automatic_extension: Option<AutomaticExtension>,
}

/// What an undertaking is called (22D).
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum UndertakingForm {
    /// A demand guarantee (`DGAR`).
    DemandGuarantee = 0,
    /// A standby letter of credit (`STBY`).
    Standby = 1,
}

/// What an undertaking is for (22A).
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum GuaranteePurpose {
    /// It supports the applicant's obligation (`ISSU`).
    Undertaking = 0,
    /// It supports the undertaking that its beneficiary issues: a counter-guarantee (`ISCO`). URDG 758 art. 2.
    CounterUndertaking = 1,
}

/// The rules that an undertaking is subject to (40C).
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum GuaranteeRules {
    /// The ICC's Uniform Rules for Demand Guarantees.
    Urdg758 = 0,
    /// The International Standby Practices.
    Isp98 = 1,
}

/// When an undertaking ends (23B: `FIXD`, `COND`, `OPEN`).
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum GuaranteeExpiry {
    /// On a date.
    Fixed {
        /// The last day, at the place for presentation; when that is closed, the first following business day: URDG 758
        /// art. 25(d), ISP98 3.13.
        date: Date,
    } = 0,
    /// On an event, which a document shows to the guarantor. URDG 758 art. 2 ("expiry event").
    Conditional {
        /// Which event, at most 350 characters.
        event: String,
        /// How many days after the document is presented, 0 to 1,830.
        days_after: u16,
        /// The last day whatever happens, where there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        latest: Option<Date>,
    } = 1,
    /// It states neither: under URDG 758 three years after issue, and for a counter-guarantee thirty days after the
    /// guarantee that it supports. Art. 25(c).
    Open = 2,
}

/// Whether a demand must come with a statement of the breach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum BreachStatement {
    /// As the rules have it: required under URDG 758 art. 15(a) and 15(b), not required under ISP98.
    ByRules = 0,
    /// The terms exclude it: URDG 758 art. 15(c).
    Excluded = 1,
    /// The terms require it.
    Required = 2,
}

/// One reduction that the terms foresee. URDG 758 art. 13.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reduction {
    /// When.
    pub cause: ReductionCause,
    /// By how much, above zero. What is demanded already is not reduced.
    pub by: Money,
}

/// What reduces an amount. URDG 758 art. 13.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ReductionCause {
    /// A date: from the first instant of it.
    OnDate {
        /// Which.
        date: Date,
    } = 0,
    /// A document that is presented to the guarantor.
    OnDocument {
        /// What it is called, at most 140 characters.
        title: String,
    } = 1,
}

/// What reduces an amount now: time does so by itself.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ReduceBy {
    /// A document that the terms foresee was presented to the guarantor, which says so. URDG 758 art. 13.
    Document {
        /// Which reduction of the terms, from 0.
        reduction: u8,
        /// The document, called as the terms call it.
        document: Document,
    } = 0,
    /// The beneficiary gives up a part of what is available, as it says itself. URDG 758 art. 25(b).
    Beneficiary {
        /// By how much, above zero.
        amount: Money,
    } = 1,
}

/// An extension that happens unless the guarantor gives notice (23F).
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AutomaticExtension {
    /// By how much.
    pub period: ExtensionPeriod,
    /// How many calendar days before expiry notice is given at the latest, 0 to 1,830 (26E).
    pub notice_days: u16,
    /// The last day beyond which it is never extended (31S).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub final_date: Option<Date>,
}

/// By how much an undertaking is extended (23F: `DAYS`, `ONEY`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ExtensionPeriod {
    /// So many calendar days.
    Days {
        /// How many, 1 to 1,830.
        days: u16,
    } = 0,
    /// One year; 29 February becomes the 28th.
    Year = 1,
}

impl GuaranteeTerms {
    /// Checks everything that needs no ledger: texts, amounts, dates.
    ///
    /// Errors: `text.invalid`, `guarantee.terms_invalid`, `guarantee.expiry_missing`.
    pub fn validate(&self) -> Result<(), Error> {
        self.judge(&mut Findings::default())
    }

    /// As [`validate`](Self::validate), and notes what each rule found.
    pub(crate) fn judge(&self, findings: &mut Findings) -> Result<(), Error> {
        self.check_texts()?;
        findings.judge(&GUARANTEE_TERMS_INVALID, self.are_clear())?;
        findings.judge(&GUARANTEE_EXPIRY_MISSING, self.has_an_expiry_where_the_rules_ask_one())
    }

    /// The party of the ledger that has the beneficiary's rights: itself, or the advising party that stands for it.
    pub fn beneficiary_party(&self) -> Option<&PartyId> {
        self.beneficiary.party.as_ref().or(self.advising_party.as_ref())
    }

    /// Whether a demand is supported by a statement. URDG 758 art. 15.
    pub fn requires_statement(&self) -> bool {
        match self.breach_statement {
            BreachStatement::ByRules => self.rules == GuaranteeRules::Urdg758,
            BreachStatement::Excluded => false,
            BreachStatement::Required => true,
        }
    }

    /// Whether it is a counter-guarantee.
    pub fn is_counter(&self) -> bool {
        self.purpose == GuaranteePurpose::CounterUndertaking
    }

    fn check_texts(&self) -> Result<(), Error> {
        for (field, party) in [("applicant", &self.applicant), ("beneficiary", &self.beneficiary)] {
            check_line(field, party.name_and_address.first().map_or("", String::as_str), MAX_LINE_LENGTH)?;
            check_lines(field, &party.name_and_address, MAX_NAME_LINES, MAX_LINE_LENGTH)?;
            if let Some(account) = &party.account {
                check_line(field, account, MAX_ACCOUNT_LENGTH)?;
            }
        }
        check_line("underlying", &self.underlying, MAX_PLACE_LENGTH)?;
        check_line("place", &self.place, MAX_PLACE_LENGTH)?;
        for (field, lines) in [("documents_required", &self.documents_required), ("wording", &self.wording)] {
            check_lines(field, lines, MAX_NARRATIVE_LINES, MAX_NARRATIVE_LINE_LENGTH)?;
        }
        for reduction in &self.reductions {
            if let ReductionCause::OnDocument { title } = &reduction.cause {
                check_line("reductions.title", title, MAX_TITLE_LENGTH)?;
            }
        }
        self.expiry.check_texts()
    }

    /// URDG 758 art. 8: instructions and guarantees are clear and precise.
    fn are_clear(&self) -> Result<(), Error> {
        let refuse = |reason: &str| Err(GUARANTEE_TERMS_INVALID.error().with("reason", reason));
        if !self.amount.is_positive() {
            return refuse("the amount is not above zero");
        }
        if self.beneficiary_party().is_none() {
            return refuse("neither the beneficiary nor an advising party is a party of the ledger");
        }
        if self.beneficiary_party() == Some(&self.guarantor) {
            return refuse("the guarantor would owe itself");
        }
        let mut left = self.amount;
        for reduction in &self.reductions {
            match left.checked_sub(reduction.by) {
                Ok(rest) if reduction.by.is_positive() && !rest.is_negative() => left = rest,
                _ => return refuse("the reductions are not parts of the amount"),
            }
        }
        if self.reductions.len() > MAX_REDUCTIONS {
            return refuse("more than 20 reductions");
        }
        self.automatic_extension.map_or(Ok(()), |extension| {
            let days = match extension.period {
                ExtensionPeriod::Days { days } => days,
                ExtensionPeriod::Year => 1,
            };
            if !(1..=MAX_EXTENSION_DAYS).contains(&days) || extension.notice_days > MAX_EXTENSION_DAYS {
                return refuse("the automatic extension is not of 1 to 1830 days");
            }
            match &self.expiry {
                GuaranteeExpiry::Fixed { date } if extension.final_date.is_none_or(|last| last >= *date) => {
                    Ok(())
                }
                _ => refuse("only a date of expiry is extended, up to a later one"),
            }
        })
    }

    /// ISP98 9.01: a standby states when it ends.
    fn has_an_expiry_where_the_rules_ask_one(&self) -> Result<(), Error> {
        let open = self.expiry == GuaranteeExpiry::Open && self.rules == GuaranteeRules::Isp98;
        GUARANTEE_EXPIRY_MISSING.unless(!open, |refusal| refusal)
    }
}

impl GuaranteeExpiry {
    pub(crate) fn check_texts(&self) -> Result<(), Error> {
        let GuaranteeExpiry::Conditional { event, days_after, .. } = self else { return Ok(()) };
        check_line("expiry.event", event, MAX_DISCREPANCY_LENGTH)?;
        GUARANTEE_TERMS_INVALID.unless(*days_after <= MAX_EXTENSION_DAYS, |refusal| {
            refusal.with("reason", "more than 1830 days after the event of expiry")
        })
    }
}

impl ExtensionPeriod {
    /// The date so much later.
    pub(crate) fn after(self, date: Date) -> Option<Date> {
        match self {
            ExtensionPeriod::Days { days } => date.plus_days(i32::from(days)),
            ExtensionPeriod::Year => years_after(date, 1),
        }
    }
}

/// The same day so many years later; 29 February becomes the 28th where there is none.
pub(crate) fn years_after(date: Date, years: u8) -> Option<Date> {
    let year = date.year().checked_add(u16::from(years))?;
    Date::new(year, date.month(), date.day()).or_else(|_| Date::new(year, date.month(), 28)).ok()
}
