//! What a letter of credit says: the terms, as an MT700 carries them, each in its own type.

mod availability;
mod bounds;
mod party;
mod shipment;
mod validation;

pub use availability::{Availability, AvailableBy, AvailableWith, MAX_TENOR_DAYS, Tenor};
pub use bounds::{
    MAX_ACCOUNT_LENGTH, MAX_LINE_LENGTH, MAX_NAME_LINES, MAX_NARRATIVE_LINE_LENGTH, MAX_NARRATIVE_LINES,
    MAX_PLACE_LENGTH,
};
pub use party::{Bank, NamedParty};
pub use shipment::{LatestShipment, Permission, ShipmentPlaces};

pub(crate) use bounds::{check_line, check_lines};

use allonge_finance::{CalendarId, Date, Money, PartyId};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

/// Terms as the ledger stores them.
///
/// Today all terms are open to whoever holds the ledger. Terms sealed from the validators come later, as
/// a second variant; whoever matches must therefore expect one.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Stored{T}"))]
#[repr(u8)]
pub enum Terms<T> {
    /// Terms that every host of the ledger reads and enforces.
    Open {
        /// The terms.
        content: T,
    } = 0,
}

impl<T> Terms<T> {
    /// The terms, where this host may see them.
    pub fn open(&self) -> Option<&T> {
        match self {
            Terms::Open { content } => Some(content),
        }
    }
}

/// The terms of a letter of credit: all that an MT700 carries (field tags of SWIFT SR 2025 in brackets).
///
/// Lines of text hold no control characters and are never empty; `messages` checks SWIFT's character sets.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LetterOfCreditTerms {
    /// Whether it can be transferred (40A). Every credit is irrevocable: UCP 600 art. 3.
    pub form: CreditForm,
    /// The rules that it is subject to (40E).
    pub applicable_rules: ApplicableRules,
    /// The bank that issues it and is bound by it (52a, or the sender of the MT700).
    pub issuing_bank: PartyId,
    /// The bank that advises it to the beneficiary (the receiver of the MT700).
    pub advising_bank: PartyId,
    /// The applicant's own bank, when another than the issuing bank (51a).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applicant_bank: Option<Bank>,
    /// On whose request it is issued (50).
    pub applicant: NamedParty,
    /// In whose favour it is issued (59).
    pub beneficiary: NamedParty,
    /// The amount, above zero (32B).
    pub amount: Money,
    /// By how much drawings may differ from the amount (39A).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<Tolerance>,
    /// Amounts covered beside the amount, in words: at most 4 lines of 35 (39C). The ledger's ceiling for
    /// drawings does not contain them, since words cannot be added up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub additional_amounts: Vec<String>,
    /// When it is issued, a date at the issuing bank (31C).
    pub date_of_issue: Date,
    /// Until when, where and by whose banking days documents can be presented (31D).
    pub expiry: Expiry,
    /// With whom and how it is available (41a, and 42C or 42P for the tenor).
    pub availability: Availability,
    /// The credit's own words for drafts or deferred payment, at most 4 lines of 35 (42C, 42P). The tenor
    /// in `availability` decides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payment_details: Vec<String>,
    /// On whom drafts are drawn (42a).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawee: Option<Bank>,
    /// Whether it can be drawn in part (43P); absent means allowed: UCP 600 art. 31(a).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partial_shipments: Option<Permission>,
    /// Whether goods may be transhipped (43T).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transhipment: Option<Permission>,
    /// From where to where goods travel (44A, 44E, 44F, 44B).
    #[serde(default, skip_serializing_if = "ShipmentPlaces::is_empty")]
    pub shipment_places: ShipmentPlaces,
    /// Until when, or in which period, goods are shipped (44C or 44D).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest_shipment: Option<LatestShipment>,
    /// In which instalments it is drawn, at most 100, one after the other, together the amount: UCP 600 art. 32. An MT700 says it
    /// in words (47A), which the issuing bank puts into this form.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instalments: Vec<Instalment>,
    /// The goods or services, at most 800 lines of 65 (45A and its MT701 continuations).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub goods: Vec<String>,
    /// The documents to present, at most 800 lines of 65 (46A and its MT701 continuations).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents_required: Vec<String>,
    /// Further conditions, at most 800 lines of 65 (47A and its MT701 continuations).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub additional_conditions: Vec<String>,
    /// Special payment conditions for the beneficiary, at most 800 lines of 65 (49G).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payment_conditions_for_beneficiary: Vec<String>,
    /// Special payment conditions for banks only, at most 800 lines of 65 (49H).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payment_conditions_for_bank: Vec<String>,
    /// Who bears which charges, at most 6 lines of 35 (71D); none means all are the applicant's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charges: Vec<String>,
    /// Within how many days documents are presented (48); absent means 21 days after shipment, where the
    /// credit is under UCP 600: art. 14(c).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presentation_period: Option<PresentationPeriod>,
    /// Whether the advising bank is asked to add its confirmation (49).
    pub confirmation: ConfirmationInstruction,
    /// Who is asked to confirm (58a).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_confirmation_party: Option<Bank>,
    /// Who reimburses the nominated bank for the issuing bank (53a).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reimbursing_bank: Option<Bank>,
    /// Instructions to the paying or accepting bank, at most 12 lines of 65 (78).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instructions_to_nominated_bank: Vec<String>,
    /// The second bank through which it is advised (57a).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advise_through_bank: Option<Bank>,
    /// Information from sender to receiver, at most 6 lines of 35 (72Z).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sender_to_receiver: Vec<String>,
    /// The banking days of the place where the issuing bank examines documents. MT700 has no field for it:
    /// the issuing bank names it.
    pub examination_calendar: CalendarId,
    /// The banking days of the place where the issuing bank pays. MT700 has no field for it: the issuing
    /// bank names it.
    pub payment_calendar: CalendarId,
}

/// Whether a credit can be made available to a second beneficiary. UCP 600 art. 3, 38.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum CreditForm {
    /// It cannot be transferred.
    Irrevocable = 0,
    /// It can be transferred by a bank that the credit authorises.
    IrrevocableTransferable = 1,
}

/// The rules that a credit is subject to (40E).
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ApplicableRules {
    /// The ICC's Uniform Customs and Practice, latest version.
    UcpLatestVersion = 0,
    /// The same with its supplement for electronic presentation.
    EucpLatestVersion = 1,
    /// UCP, and the ICC's rules for bank-to-bank reimbursement, latest versions.
    UcpurrLatestVersion = 2,
    /// The same with the supplement for electronic presentation.
    EucpurrLatestVersion = 3,
    /// Other rules, which the ledger does not know.
    Other {
        /// Which rules, at most 35 characters.
        narrative: String,
    } = 4,
    /// China's measures of 2016 for domestic credits.
    ChinaDomestic2016 = 5,
}

impl ApplicableRules {
    /// Whether UCP 600 governs, alone or with a supplement.
    pub fn is_ucp(&self) -> bool {
        !matches!(self, ApplicableRules::Other { .. } | ApplicableRules::ChinaDomestic2016)
    }
}

/// By how much drawings may differ from the amount (39A).
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tolerance {
    /// How much more, in hundredths of the amount, 0 to 99.
    pub plus_percent: u8,
    /// How much less, in hundredths of the amount, 0 to 99.
    pub minus_percent: u8,
}

/// One instalment of a credit: how much is shipped and drawn from when to when. UCP 600 art. 32.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Instalment {
    /// How much.
    pub amount: Money,
    /// The first day of shipment.
    pub from: Date,
    /// The last day of shipment.
    pub until: Date,
}

/// Until when, and where, documents can be presented (31D). UCP 600 art. 6(d).
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Expiry {
    /// The last day, a date at the place; when banks there are closed it becomes the first following
    /// banking day: art. 29(a).
    pub date: Date,
    /// The place in words, at most 29 characters.
    pub place: String,
    /// The place's banking days.
    pub calendar: CalendarId,
}

/// Within how many days documents are presented (48). UCP 600 art. 14(c).
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PresentationPeriod {
    /// How many calendar days, 0 to 999; the day from which they count is excluded.
    pub days: u16,
    /// After what, at most 35 characters, when it is not the date of shipment. The ledger cannot date
    /// such an event; the examining bank judges the period then, and the ledger judges expiry alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
}

/// Whether the advising bank is asked to add its confirmation (49). UCP 600 art. 8(d).
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ConfirmationInstruction {
    /// It is asked to.
    Confirm = 0,
    /// It may, on the beneficiary's request.
    MayAdd = 1,
    /// It is not asked.
    Without = 2,
}
