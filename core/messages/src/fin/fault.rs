//! What is wrong with a message, said so that an operator can put it right.

use std::fmt;

use serde::Serialize;

/// How sure we are of a fact in our tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "FinCertainty"))]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Read in a published text of the standard, or in a table made from one.
    Checked,
    /// Recalled or drawn by analogy, and not yet checked against the standard.
    Recalled,
}

macro_rules! fault_codes {
    ($($code:ident $text:literal $certainty:ident $meaning:literal;)*) => {
        /// The code of a fault: SWIFT's own error code where one exists.
        ///
        /// `USAGE` marks a usage rule, which the network does not check but a correct message keeps;
        /// `JSON` marks edited content that cannot be written as a message at all.
        /// [`FaultCode::certainty`] says whether the code's number was checked or recalled.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "FinFaultCode"))]
        pub enum FaultCode {
            $(#[doc = $meaning] #[serde(rename = $text)] $code,)*
        }

        impl FaultCode {
            /// Every code this engine can answer.
            pub const ALL: &'static [FaultCode] = &[$(FaultCode::$code,)*];

            /// The code as it is written in a negative acknowledgement.
            pub fn as_str(self) -> &'static str {
                match self { $(FaultCode::$code => $text,)* }
            }

            /// What the code stands for, in our own words.
            pub fn meaning(self) -> &'static str {
                match self { $(FaultCode::$code => $meaning,)* }
            }

            /// Whether the number of this code was checked or recalled.
            pub fn certainty(self) -> Certainty {
                match self { $(FaultCode::$code => Certainty::$certainty,)* }
            }
        }
    };
}

fault_codes! {
    C03 "C03" Checked "an amount has more decimals than its currency";
    C90 "C90" Checked "drafts, mixed payment and deferred payment fields are combined wrongly";
    D06 "D06" Checked "a latest date and a period of shipment exclude each other";
    D81 "D81" Recalled "a narrative stands beside a code that takes none";
    H01 "H01" Recalled "block 1 (basic header) is missing or malformed";
    H02 "H02" Recalled "the application identifier of block 1 is not FIN";
    H03 "H03" Recalled "the service identifier of block 1 is not that of a message";
    H10 "H10" Recalled "the logical terminal address of block 1 is not valid";
    H15 "H15" Recalled "the session number of block 1 is not valid";
    H20 "H20" Recalled "the sequence number of block 1 is not valid";
    H25 "H25" Recalled "block 2 (application header) is missing or malformed";
    H26 "H26" Recalled "block 2 says neither input nor output";
    H30 "H30" Recalled "the message type is not known to this release";
    H40 "H40" Recalled "the message priority is not valid";
    H50 "H50" Recalled "the other party's address in block 2 is not valid";
    H80 "H80" Recalled "the delivery option or obsolescence period is not valid";
    H98 "H98" Recalled "the blocks of the message are malformed or out of order";
    M50 "M50" Checked "the message, or a part of it, is longer than allowed";
    M60 "M60" Checked "a character that no SWIFT set contains";
    T12 "T12" Checked "the content of a field or component is not allowed";
    T13 "T13" Checked "a field is missing, repeated, out of order or not part of the message";
    T26 "T26" Checked "a reference begins or ends with a slash or contains two together";
    T27 "T27" Checked "a BIC is not well formed";
    T30 "T30" Recalled "a field has too many lines";
    T33 "T33" Recalled "a line or component is too long";
    T34 "T34" Checked "a component is too short or has a character outside its set";
    T40 "T40" Checked "an amount has no digit before its comma";
    T43 "T43" Checked "an amount has no decimal comma or too many digits";
    T50 "T50" Checked "a date does not exist in the calendar";
    T52 "T52" Checked "a currency code is not in ISO 4217";
    T59 "T59" Checked "the applicable rules (40E) are not one of the codes";
    T60 "T60" Checked "the form of credit (40A) is not one of the codes";
    T64 "T64" Checked "partial shipments (43P) are not one of the codes";
    T65 "T65" Checked "transhipment (43T) is not one of the codes";
    T67 "T67" Checked "the confirmation instructions (49) are not one of the codes";
    T68 "T68" Checked "the availability code (41a) is not one of the codes";
    T73 "T73" Checked "a country code is not in ISO 3166";
    T75 "T75" Recalled "the sequence of total (27) does not fit the message";
    U00 "U00" Checked "block 3 (user header) is malformed";
    Z00 "Z00" Recalled "block 5 (trailers) is malformed";
    Usage "USAGE" Checked "a usage rule, which the network does not check, is broken";
    Json "JSON" Checked "the edited content cannot be written as a message";
}

impl fmt::Display for FaultCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One thing wrong with a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "FinFault"))]
pub struct Fault {
    /// The message type, such as `700`, as far as it could be read.
    pub message_type: Option<String>,
    /// The sequence (`A`, `B`, …) in message types that have any.
    pub sequence: Option<String>,
    /// The field, such as `32B`; a lower-case last letter (`58a`) stands for any option.
    pub tag: Option<String>,
    /// The line in the input, from 1. For a missing field: where it was expected.
    pub line: u32,
    /// The column in that line, from 1.
    pub column: u32,
    /// The code, SWIFT's own where there is one.
    pub code: FaultCode,
    /// Whether rule and code were checked against the standard or are recalled.
    pub certainty: Certainty,
    /// The rule between fields that is broken, such as `C1`, where it is one.
    pub rule: Option<String>,
    /// What is wrong.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.code)?;
        if let Some(tag) = &self.tag {
            write!(f, " in field {tag}")?;
        }
        write!(f, ": {}; {}", self.reason, self.remedy)
    }
}

/// All the faults of a message, at least one, in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FinError {
    faults: Vec<Fault>,
}

impl FinError {
    /// The faults, never none, ordered by line and column.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// All the faults gathered. A text of which nothing at all could be said is no message.
    pub(crate) fn of(mut faults: Faults) -> Self {
        if faults.list.is_empty() {
            faults.add(
                (1, 1),
                FaultCode::H98,
                "the text is not a FIN message",
                "give it whole, from {1: to -}",
            );
        }
        faults.list.sort_by_key(|fault| (fault.line, fault.column, fault.code));
        FinError { faults: faults.list }
    }
}

impl fmt::Display for FinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.faults.len();
        write!(f, "the message has {count} fault{}", if count == 1 { "" } else { "s" })?;
        self.faults.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
    }
}

impl std::error::Error for FinError {}

/// Where faults are gathered while a message is read.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    pub message_type: Option<String>,
    pub list: Vec<Fault>,
}

impl Faults {
    pub fn of(message_type: &str) -> Self {
        Faults { message_type: Some(message_type.to_owned()), list: Vec::new() }
    }

    pub fn add(
        &mut self,
        at: (u32, u32),
        code: FaultCode,
        reason: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.push(at, None, code, reason, remedy);
    }

    pub fn in_field(
        &mut self,
        at: (u32, u32),
        tag: &str,
        code: FaultCode,
        reason: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.push(at, Some(tag.to_owned()), code, reason, remedy);
    }

    fn push(
        &mut self,
        (line, column): (u32, u32),
        tag: Option<String>,
        code: FaultCode,
        reason: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.list.push(Fault {
            message_type: self.message_type.clone(),
            sequence: None,
            tag,
            line,
            column,
            code,
            certainty: code.certainty(),
            rule: None,
            reason: reason.into(),
            remedy: remedy.into(),
        });
    }

    /// Names the sequence of all faults added since `from`.
    pub fn in_sequence(&mut self, from: usize, name: &str) {
        if !name.is_empty() {
            self.list.iter_mut().skip(from).for_each(|fault| fault.sequence = Some(name.to_owned()));
        }
    }

    /// The fault added last, to say more about it.
    pub fn last(&mut self) -> Option<&mut Fault> {
        self.list.last_mut()
    }
}
