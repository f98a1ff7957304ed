//! MT 700, the issue of a documentary credit, with every field typed.

use allonge_finance::{Bic, Date, Money};
use serde::Serialize;

use super::fault::{FaultCode, Faults, FinError};
use super::message::{Field, FinMessage};
use super::value::Value;

/// The terms of a documentary credit as MT 700 carries them. Field tags stand beside each name; free text is
/// in lines, exactly as in the message, and an absent narrative has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Mt700 {
    /// 27: this message's number, always 1, of `total`.
    pub sequence: SequenceOfTotal,
    /// 40A.
    pub form: FormOfCredit,
    /// 20.
    pub credit_number: String,
    /// 23.
    pub pre_advice: Option<String>,
    /// 31C.
    pub date_of_issue: Date,
    /// 40E.
    pub applicable_rules: ApplicableRules,
    /// 31D, the latest date for presentation.
    pub expiry_date: Date,
    /// 31D, where documents may be presented.
    pub expiry_place: String,
    /// 51a, if it is not the issuing bank.
    pub applicant_bank: Option<Institution>,
    /// 50, one to four lines.
    pub applicant: Vec<String>,
    /// 59.
    pub beneficiary: Beneficiary,
    /// 32B.
    pub amount: Money,
    /// 39A.
    pub tolerance: Option<Tolerance>,
    /// 39C.
    pub additional_amounts: Vec<String>,
    /// 41a, with whom the credit is available.
    pub available_with: AvailableWith,
    /// 41a, how the credit is available.
    pub available_by: AvailableBy,
    /// 42C, the tenor of drafts.
    pub drafts_at: Vec<String>,
    /// 42a.
    pub drawee: Option<Institution>,
    /// 42M.
    pub mixed_payment: Vec<String>,
    /// 42P.
    pub deferred_payment: Vec<String>,
    /// 43P.
    pub partial_shipments: Option<Permission>,
    /// 43T.
    pub transhipment: Option<Permission>,
    /// 44A.
    pub place_of_receipt: Option<String>,
    /// 44E.
    pub port_of_loading: Option<String>,
    /// 44F.
    pub port_of_discharge: Option<String>,
    /// 44B.
    pub place_of_delivery: Option<String>,
    /// 44C.
    pub latest_shipment: Option<Date>,
    /// 44D.
    pub shipment_period: Vec<String>,
    /// 45A.
    pub goods: Vec<String>,
    /// 46A.
    pub documents: Vec<String>,
    /// 47A.
    pub conditions: Vec<String>,
    /// 49G.
    pub conditions_for_beneficiary: Vec<String>,
    /// 49H.
    pub conditions_for_bank: Vec<String>,
    /// 71D.
    pub charges: Vec<String>,
    /// 48.
    pub presentation_period: Option<PresentationPeriod>,
    /// 49.
    pub confirmation: Confirmation,
    /// 58a.
    pub confirming_bank: Option<Institution>,
    /// 53a.
    pub reimbursing_bank: Option<Institution>,
    /// 78.
    pub instructions: Vec<String>,
    /// 57a.
    pub advise_through: Option<Institution>,
    /// 72Z.
    pub sender_to_receiver: Vec<String>,
}

/// Which message of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Mt700SequenceOfTotal"))]
pub struct SequenceOfTotal {
    /// From 1.
    pub number: u32,
    /// At most 8.
    pub total: u32,
}

/// How far the amount may be exceeded or fall short, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Mt700Tolerance"))]
pub struct Tolerance {
    /// Above the amount.
    pub plus_percent: u32,
    /// Below the amount.
    pub minus_percent: u32,
}

/// The days within which documents must be presented.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Mt700PresentationPeriod"))]
pub struct PresentationPeriod {
    /// Calendar days.
    pub days: u32,
    /// From what, if not from the date of shipment.
    pub narrative: Option<String>,
}

/// A bank as a field names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Mt700Institution"))]
pub struct Institution {
    /// The account line, without its slash.
    pub account: Option<String>,
    /// Who it is.
    pub identity: InstitutionIdentity,
}

/// By which option a bank is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Mt700InstitutionIdentity"))]
#[serde(rename_all = "snake_case")]
pub enum InstitutionIdentity {
    /// Option A.
    Bic(Bic),
    /// Option B: a location, or none beside the account.
    Location(Option<String>),
    /// Option D, one to four lines.
    NameAndAddress(Vec<String>),
}

/// To whom the credit is issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Mt700Beneficiary"))]
pub struct Beneficiary {
    /// The account line, without its slash.
    pub account: Option<String>,
    /// One to four lines.
    pub name_and_address: Vec<String>,
}

/// With whom the credit is available.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Mt700AvailableWith"))]
#[serde(rename_all = "snake_case")]
pub enum AvailableWith {
    /// A nominated bank (41A).
    Bank(Bic),
    /// In words (41D), such as `ANY BANK`.
    Named(Vec<String>),
}

/// The rules a credit is subject to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Mt700ApplicableRules"))]
#[serde(rename_all = "snake_case")]
pub enum ApplicableRules {
    /// UCP, latest version.
    Ucp,
    /// eUCP, latest version.
    Eucp,
    /// UCP with reimbursement under URR, latest versions.
    Ucpurr,
    /// eUCP with reimbursement under URR, latest versions.
    Eucpurr,
    /// Others, perhaps named.
    Other(Option<String>),
}

macro_rules! code_words {
    ($(#[$doc:meta])* $name:ident ($schema:literal) { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = $schema))]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// The code word of the message.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }

            fn from_code_word(word: &str) -> Option<Self> {
                match word { $($word => Some($name::$variant),)* _ => None }
            }
        }
    };
}

code_words! {
    /// The form of a credit. Every credit is irrevocable (UCP 600 art. 3).
    FormOfCredit ("Mt700FormOfCredit") {
        /// It cannot be transferred.
        Irrevocable = "IRREVOCABLE",
        /// It can be transferred (UCP 600 art. 38).
        IrrevocableTransferable = "IRREVOCABLE TRANSFERABLE",
    }
}
code_words! {
    /// How a credit is available (UCP 600 art. 6(b)).
    AvailableBy ("Mt700AvailableBy") {
        /// By payment at sight.
        Payment = "BY PAYMENT",
        /// By acceptance of drafts.
        Acceptance = "BY ACCEPTANCE",
        /// By negotiation.
        Negotiation = "BY NEGOTIATION",
        /// By deferred payment.
        DeferredPayment = "BY DEF PAYMENT",
        /// By a mixture, told in 42M.
        MixedPayment = "BY MIXED PYMT",
    }
}
code_words! {
    /// Whether something is allowed.
    Permission ("Mt700Permission") {
        /// It is.
        Allowed = "ALLOWED",
        /// It is under conditions told elsewhere.
        Conditional = "CONDITIONAL",
        /// It is not.
        NotAllowed = "NOT ALLOWED",
    }
}
code_words! {
    /// What the receiver is asked about confirmation (UCP 600 art. 8).
    Confirmation ("Mt700Confirmation") {
        /// To confirm.
        Confirm = "CONFIRM",
        /// To confirm if the beneficiary asks.
        MayAdd = "MAY ADD",
        /// Not to confirm.
        Without = "WITHOUT",
    }
}

impl Mt700 {
    /// Reads the fields of a valid message.
    ///
    /// # Errors
    /// `H30` where the message is not an MT 700. A message that [`parse`](super::parse) made of type 700 is
    /// always read.
    pub fn from_message(message: &FinMessage) -> Result<Mt700, FinError> {
        let mut faults = Faults::of(message.message_type());
        if message.message_type() != "700" {
            let reason = format!("the message is an MT {}", message.message_type());
            faults.add((1, 1), FaultCode::H30, reason, "give an MT 700");
            return Err(FinError::of(faults));
        }
        read(message).ok_or_else(|| {
            faults.add((1, 1), FaultCode::T13, "a mandatory field has no value", "parse the message again");
            FinError::of(faults)
        })
    }
}

fn read(message: &FinMessage) -> Option<Mt700> {
    let field = |tag: &str| message.field(tag);
    let lines = |tag: &str| field(tag).map(|field| field.lines("lines")).unwrap_or_default();
    let place = |tag: &str| field(tag)?.text("place");
    let permission = |tag: &str| Permission::from_code_word(&field(tag)?.text("code")?);
    let (total, expiry, available, beneficiary) = (field("27")?, field("31D")?, field("41a")?, field("59")?);
    Some(Mt700 {
        sequence: SequenceOfTotal { number: total.number("number")?, total: total.number("total")? },
        form: FormOfCredit::from_code_word(&field("40A")?.text("form")?)?,
        credit_number: field("20")?.text("reference")?,
        pre_advice: field("23").and_then(|field| field.text("reference")),
        date_of_issue: field("31C")?.date("date")?,
        applicable_rules: applicable_rules(field("40E")?)?,
        expiry_date: expiry.date("expiry_date")?,
        expiry_place: expiry.text("place")?,
        applicant_bank: field("51a").map(institution),
        applicant: field("50")?.lines("name_and_address"),
        beneficiary: Beneficiary {
            account: beneficiary.text("account"),
            name_and_address: beneficiary.lines("name_and_address"),
        },
        amount: match field("32B")?.component("amount")? {
            Value::Money(amount) => *amount,
            _ => return None,
        },
        tolerance: field("39A").and_then(|field| {
            let (plus_percent, minus_percent) =
                (field.number("plus_percent")?, field.number("minus_percent")?);
            Some(Tolerance { plus_percent, minus_percent })
        }),
        additional_amounts: lines("39C"),
        available_with: match available.component("bic") {
            Some(Value::Bic(bic)) => AvailableWith::Bank(*bic),
            _ => AvailableWith::Named(available.lines("name_and_address")),
        },
        available_by: AvailableBy::from_code_word(&available.text("code")?)?,
        drafts_at: lines("42C"),
        drawee: field("42a").map(institution),
        mixed_payment: lines("42M"),
        deferred_payment: lines("42P"),
        partial_shipments: permission("43P"),
        transhipment: permission("43T"),
        place_of_receipt: place("44A"),
        port_of_loading: place("44E"),
        port_of_discharge: place("44F"),
        place_of_delivery: place("44B"),
        latest_shipment: field("44C").and_then(|field| field.date("date")),
        shipment_period: lines("44D"),
        goods: lines("45A"),
        documents: lines("46A"),
        conditions: lines("47A"),
        conditions_for_beneficiary: lines("49G"),
        conditions_for_bank: lines("49H"),
        charges: lines("71D"),
        presentation_period: field("48").and_then(|field| {
            Some(PresentationPeriod { days: field.number("days")?, narrative: field.text("narrative") })
        }),
        confirmation: Confirmation::from_code_word(&field("49")?.text("instruction")?)?,
        confirming_bank: field("58a").map(institution),
        reimbursing_bank: field("53a").map(institution),
        instructions: lines("78"),
        advise_through: field("57a").map(institution),
        sender_to_receiver: lines("72Z"),
    })
}

fn institution(field: &Field) -> Institution {
    let identity = match (field.component("bic"), field.component("name_and_address")) {
        (Some(Value::Bic(bic)), _) => InstitutionIdentity::Bic(*bic),
        (_, Some(Value::Lines(lines))) => InstitutionIdentity::NameAndAddress(lines.clone()),
        _ => InstitutionIdentity::Location(field.text("location")),
    };
    Institution { account: field.text("account"), identity }
}

fn applicable_rules(field: &Field) -> Option<ApplicableRules> {
    Some(match field.text("rules")?.as_str() {
        "UCP LATEST VERSION" => ApplicableRules::Ucp,
        "EUCP LATEST VERSION" => ApplicableRules::Eucp,
        "UCPURR LATEST VERSION" => ApplicableRules::Ucpurr,
        "EUCPURR LATEST VERSION" => ApplicableRules::Eucpurr,
        _ => ApplicableRules::Other(field.text("narrative")),
    })
}

impl Field {
    fn text(&self, component: &str) -> Option<String> {
        match self.component(component)? {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }

    fn number(&self, component: &str) -> Option<u32> {
        match self.component(component)? {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    fn date(&self, component: &str) -> Option<Date> {
        match self.component(component)? {
            Value::Date(date) => Some(*date),
            _ => None,
        }
    }

    fn lines(&self, component: &str) -> Vec<String> {
        match self.component(component) {
            Some(Value::Lines(lines)) => lines.clone(),
            _ => Vec::new(),
        }
    }
}
