//! What identifies each instrument: mostly who numbered it, and the number.

use std::fmt;
use std::str::FromStr;

use allonge_finance::PartyId;
use allonge_ledger::is_swift_number;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::amendment::AmendmentId;
use crate::participation::Proportion;
use crate::supervision::FrozenSubject;
use crate::units::Units;

/// The longest documentary credit number: SWIFT's 16x.
pub const MAX_NUMBER_LENGTH: usize = 16;

/// A text that identifies no instrument.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseIdError {
    /// The number is not one that SWIFT would carry.
    #[error(
        "a documentary credit number has 1 to 16 characters of SWIFT's set x, no space or slash at either \
         end, and no two slashes together: LC2026001"
    )]
    Number,
    /// The text does not name a credit.
    #[error("write a credit as issuing bank/number: SYNBCNBJXXX/LC2026001")]
    Credit,
    /// The text does not name a presentation or its claim.
    #[error("write a presentation, or its claim, as credit/sequence from 1: SYNBCNBJXXX/LC2026001/1")]
    Presentation,
    /// The text does not name an amendment.
    #[error("write an amendment as credit#A and its number from 1: SYNBCNBJXXX/LC2026001#A1")]
    Amendment,
    /// The text is no range of units.
    #[error("write units as first-last, from 1: 1-333333333")]
    Units,
    /// The text is no part of a whole.
    #[error("write a part of a whole with at most eight decimals, above 0 and up to 1: 0.25 for a quarter")]
    Proportion,
    /// The text names nothing that the supervisor can freeze.
    #[error(
        "write what is frozen as its kind, a colon and its id: party:SYNBCNBJXXX, account:SYNBCNBJXXX/USD/settlement, \
         claim:SYNBCNBJXXX/LC2026001/1"
    )]
    Subject,
    /// The text does not name a demand under a guarantee, or an amendment of one.
    #[error("write a demand, or an amendment, as guarantee/sequence from 1: SYNGSGSGXXX/G-1/1")]
    Guarantee,
    /// The text does not name an entry of a register.
    #[error(
        "write an entry of a register as party/number, the number in 1 to 35 characters of SWIFT's set x, no space \
         or slash at either end, and no two slashes together: SYNBCNBJXXX/FIN-1"
    )]
    Register,
}

/// A letter of credit: who issued it, under which number. Written `SYNBCNBJXXX/LC2026001`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize)]
pub struct CreditId {
    issuing_bank: PartyId,
    number: String,
}

impl CreditId {
    /// The credit that `issuing_bank` numbered `number`.
    ///
    /// # Errors
    /// [`ParseIdError::Number`].
    pub fn new(issuing_bank: PartyId, number: impl Into<String>) -> Result<Self, ParseIdError> {
        let number = number.into();
        if !is_swift_number(&number, MAX_NUMBER_LENGTH) {
            return Err(ParseIdError::Number);
        }
        Ok(CreditId { issuing_bank, number })
    }

    /// The bank that issued it.
    pub fn issuing_bank(&self) -> &PartyId {
        &self.issuing_bank
    }

    /// The documentary credit number.
    pub fn number(&self) -> &str {
        &self.number
    }
}

impl fmt::Display for CreditId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.issuing_bank, self.number)
    }
}

impl FromStr for CreditId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        let (bank, number) = text.split_once('/').ok_or(ParseIdError::Credit)?;
        // One credit has one text, so only the canonical spelling of the bank is taken.
        let issuing_bank = PartyId::parse(bank).map_err(|_| ParseIdError::Credit)?;
        if issuing_bank.as_str() != bank {
            return Err(ParseIdError::Credit);
        }
        CreditId::new(issuing_bank, number)
    }
}

impl BorshDeserialize for CreditId {
    fn deserialize_reader<R: std::io::Read>(reader: &mut R) -> std::io::Result<Self> {
        let issuing_bank = PartyId::deserialize_reader(reader)?;
        CreditId::new(issuing_bank, String::deserialize_reader(reader)?).map_err(invalid)
    }
}

/// A presentation: under which credit, and the how manyth. Written `SYNBCNBJXXX/LC2026001/1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize)]
pub struct PresentationId {
    credit: CreditId,
    sequence: u32,
}

impl PresentationId {
    /// The presentation under `credit` with this place in the order of presentations, from 1.
    ///
    /// # Errors
    /// [`ParseIdError::Presentation`] for 0.
    pub fn new(credit: CreditId, sequence: u32) -> Result<Self, ParseIdError> {
        if sequence == 0 {
            return Err(ParseIdError::Presentation);
        }
        Ok(PresentationId { credit, sequence })
    }

    /// The credit.
    pub fn credit(&self) -> &CreditId {
        &self.credit
    }

    /// The how manyth presentation under the credit it is, from 1.
    pub fn sequence(&self) -> u32 {
        self.sequence
    }
}

impl fmt::Display for PresentationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.credit, self.sequence)
    }
}

impl FromStr for PresentationId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        // The number of a credit may have slashes of its own; the sequence is what follows the last.
        let (credit, sequence) = text.rsplit_once('/').ok_or(ParseIdError::Presentation)?;
        let canonical = sequence.bytes().all(|c| c.is_ascii_digit()) && !sequence.starts_with('0');
        let sequence = sequence.parse().ok().filter(|_| canonical).ok_or(ParseIdError::Presentation)?;
        PresentationId::new(credit.parse().map_err(|_| ParseIdError::Presentation)?, sequence)
    }
}

impl BorshDeserialize for PresentationId {
    fn deserialize_reader<R: std::io::Read>(reader: &mut R) -> std::io::Result<Self> {
        let credit = CreditId::deserialize_reader(reader)?;
        PresentationId::new(credit, u32::deserialize_reader(reader)?).map_err(invalid)
    }
}

/// What a debt came of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum ClaimSource {
    /// A presentation that complied, under a credit. Written as the presentation is: `SYNBCNBJXXX/LC2026001/1`.
    Presentation(PresentationId) = 0,
    /// A voucher of a payable. Written `voucher:anchor/V-1`.
    Voucher(VoucherId) = 1,
}

const VOUCHER: &str = "voucher:";

impl fmt::Display for ClaimSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClaimSource::Presentation(presentation) => presentation.fmt(f),
            ClaimSource::Voucher(voucher) => write!(f, "{VOUCHER}{voucher}"),
        }
    }
}

impl FromStr for ClaimSource {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        // No party's name has a colon, so no presentation begins like a voucher.
        match text.strip_prefix(VOUCHER) {
            Some(voucher) => voucher.parse().map(ClaimSource::Voucher),
            None => text.parse().map(ClaimSource::Presentation),
        }
    }
}

/// A claim: what the debt came of, and which of its units it is, all of them where it names none. Written
/// `SYNBCNBJXXX/LC2026001/1`, and a part of it `SYNBCNBJXXX/LC2026001/1#1-333333333`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
pub struct ClaimId {
    source: ClaimSource,
    units: Option<Units>,
}

impl ClaimId {
    /// The whole claim that came of `presentation`.
    pub fn new(presentation: PresentationId) -> Self {
        ClaimId { source: ClaimSource::Presentation(presentation), units: None }
    }

    /// The whole claim that came of this.
    pub fn of(source: ClaimSource) -> Self {
        ClaimId { source, units: None }
    }

    /// A part of the same debt.
    pub fn part(&self, units: Units) -> Self {
        ClaimId { source: self.source.clone(), units: Some(units) }
    }

    /// The whole of the same debt.
    pub fn whole(&self) -> Self {
        ClaimId { source: self.source.clone(), units: None }
    }

    /// What the debt came of.
    pub fn source(&self) -> &ClaimSource {
        &self.source
    }

    /// Which units of the debt it is, where it is a part.
    pub fn units(&self) -> Option<Units> {
        self.units
    }

    /// The presentation that the debt came of, where it came of one.
    pub fn presentation(&self) -> Option<&PresentationId> {
        match &self.source {
            ClaimSource::Presentation(presentation) => Some(presentation),
            ClaimSource::Voucher(_) => None,
        }
    }
}

impl fmt::Display for ClaimId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)?;
        self.units.map_or(Ok(()), |units| write!(f, "#{units}"))
    }
}

impl FromStr for ClaimId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        // No number has a number sign.
        let (source, units) = match text.split_once('#') {
            Some((source, units)) => (source, Some(units.parse()?)),
            None => (text, None),
        };
        Ok(ClaimId { source: source.parse()?, units })
    }
}

fn invalid(error: ParseIdError) -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::InvalidData, error)
}

/// For people and languages an id is its text.
macro_rules! as_text {
    ($($id:ident: $description:literal;)*) => {$(
        impl Serialize for $id {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $id {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <String as Deserialize>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $id {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($id).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "description": $description })
            }
        }
    )*};
}

as_text! {
    Proportion: "A part of a whole, at most eight decimals, above 0 and up to 1: 0.25 is a quarter.";
    FrozenSubject: "What the supervisor freezes, written kind:id: claim:SYNBCNBJXXX/LC2026001/1.";
    AmendmentId: "An amendment of a credit, written credit#A and its number from 1: SYNBCNBJXXX/LC2026001#A1.";
    Units: "Units of a debt, written first-last, from 1: 1-333333333.";
    CreditId: "A letter of credit, written issuing bank/number: SYNBCNBJXXX/LC2026001.";
    PresentationId: "A presentation, written credit/sequence from 1: SYNBCNBJXXX/LC2026001/1.";
    ClaimId: "A claim, written as what it came of, a presentation SYNBCNBJXXX/LC2026001/1 or a voucher \
        voucher:anchor/V-1, and a part of it with its units behind: SYNBCNBJXXX/LC2026001/1#1-333333333.";
    ClaimSource: "What a debt came of: a presentation SYNBCNBJXXX/LC2026001/1, or a voucher voucher:anchor/V-1.";
}

/// What a party numbers itself in a register: the party, a slash, and a number of 1 to 35 characters.
macro_rules! register_ids {
    ($($(#[$doc:meta])* $id:ident of $party:ident: $description:literal;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize)]
            pub struct $id {
                $party: PartyId,
                number: String,
            }

            impl $id {
                /// What this party numbered so.
                ///
                /// # Errors
                /// [`ParseIdError::Register`].
                pub fn new($party: PartyId, number: impl Into<String>) -> Result<Self, ParseIdError> {
                    let number = number.into();
                    if !is_swift_number(&number, MAX_REGISTER_NUMBER_LENGTH) {
                        return Err(ParseIdError::Register);
                    }
                    Ok($id { $party, number })
                }

                /// The party that numbered it.
                pub fn $party(&self) -> &PartyId {
                    &self.$party
                }

                /// The number that the party gave it.
                pub fn number(&self) -> &str {
                    &self.number
                }
            }

            impl fmt::Display for $id {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    write!(f, "{}/{}", self.$party, self.number)
                }
            }

            impl FromStr for $id {
                type Err = ParseIdError;

                fn from_str(text: &str) -> Result<Self, ParseIdError> {
                    let (party, number) = text.split_once('/').ok_or(ParseIdError::Register)?;
                    let known = PartyId::parse(party).map_err(|_| ParseIdError::Register)?;
                    if known.as_str() != party {
                        return Err(ParseIdError::Register);
                    }
                    $id::new(known, number)
                }
            }

            impl BorshDeserialize for $id {
                fn deserialize_reader<R: std::io::Read>(reader: &mut R) -> std::io::Result<Self> {
                    let party = PartyId::deserialize_reader(reader)?;
                    $id::new(party, String::deserialize_reader(reader)?).map_err(invalid)
                }
            }
        )*
        as_text! { $($id: $description;)* }
    };
}

/// The longest number in a register, as references of ISO 20022 are.
pub const MAX_REGISTER_NUMBER_LENGTH: usize = 35;

register_ids! {
    /// A financing in the registry: which bank, under which number of its own. Written `SYNBCNBJXXX/FIN-1`.
    FinancingId of bank: "A financing in the registry, written bank/number: SYNBCNBJXXX/FIN-1.";
    /// A notarised document: who issued it, under which number. Written `SYNBCNBJXXX/DOC-1`.
    DocumentId of issuer: "A notarised document, written issuer/number: SYNBCNBJXXX/DOC-1.";
    /// A transferable record: who issued it, under which number. Written `carrier/BL-1`.
    TransferableRecordId of issuer: "A transferable record, written issuer/number: carrier/BL-1.";
    /// A unit certificate: who issued it, under which number. Written `registry/GEC-1`.
    CertificateId of issuer: "A unit certificate, written issuer/number: registry/GEC-1.";
    /// An exposure record: which debtor consented, under which number. Written `importer/CONSENT-1`.
    ExposureId of debtor: "An exposure record, written debtor/number: importer/CONSENT-1.";

    // Claims and the forfaiting market.
    /// A listing on the market: who published it, under which number. Written `SYNADEFFXXX/ASSET-1`.
    ListingId of party: "A listing on the market, written party/number: SYNADEFFXXX/ASSET-1.";
    /// A firm quote: who gave it, under which number. Written `SYNGSGSGXXX/Q-1`.
    QuoteId of buyer: "A firm quote, written buyer/number: SYNGSGSGXXX/Q-1.";
    /// A forfaiting trade: who concluded it, under which number. Written `SYNADEFFXXX/T-1`.
    TradeId of party: "A forfaiting trade, written party/number: SYNADEFFXXX/T-1.";
    /// An electronic voucher of a payable: who owes it, under which number. Written `anchor/V-1`.
    VoucherId of anchor: "An electronic voucher of a payable, written anchor/number: anchor/V-1.";

    // Demand guarantees and standbys.
    /// A demand guarantee, a counter-guarantee or a standby: who issued it, under which number. Written `SYNGSGSGXXX/G-1`.
    GuaranteeId of guarantor: "A demand guarantee, counter-guarantee or standby, written guarantor/number: SYNGSGSGXXX/G-1.";
    /// An instruction to a guarantor: who gave it, under which number. Written `importer/I-1`.
    GuaranteeInstructionId of instructing_party: "An instruction to a guarantor, written instructing party/number: importer/I-1.";

    // Bills of exchange.
    /// A bill of exchange: who drew it, under which number. Written `importer/B-1`.
    BillId of drawer: "A bill of exchange, written drawer/number: importer/B-1.";

    // Factoring and payables.
    /// An import factor's approval: which export factor asked, under which number. Written `EXPORTDEXXX/AP-1`.
    ApprovalId of export_factor: "An import factor's approval, written export factor/number: SYNADEFFXXX/AP-1.";
    /// A receivable: which export factor assigned it, under which number. Written `SYNADEFFXXX/R-1`.
    ReceivableId of export_factor: "A receivable in factoring, written export factor/number: SYNADEFFXXX/R-1.";

    // Risk participation.
    /// A master agreement of risk participation: who offered it, under which number. Written `SYNBCNBJXXX/MPA-1`.
    ParticipationAgreementId of proposer: "A master agreement of risk participation, written proposer/number: SYNBCNBJXXX/MPA-1.";
    /// A transaction whose risk is shared: its seller, and the seller's reference. Written `SYNBCNBJXXX/LC2026001`.
    UnderlyingId of seller: "A transaction whose risk is shared, written seller/reference: SYNBCNBJXXX/LC2026001.";
    /// A risk participation: who sold it, under which number. Written `SYNBCNBJXXX/RP-1`.
    ParticipationId of seller: "A risk participation, written seller/number: SYNBCNBJXXX/RP-1.";

    // Supervision and limits.
}

/// What is numbered from 1 under a guarantee: the guarantee, a slash, and the number.
macro_rules! guarantee_sequence_ids {
    ($($(#[$doc:meta])* $id:ident: $description:literal;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize)]
            pub struct $id {
                guarantee: GuaranteeId,
                sequence: u32,
            }

            impl $id {
                /// The one under `guarantee` with this place in their order, from 1.
                ///
                /// # Errors
                /// [`ParseIdError::Guarantee`] for 0.
                pub fn new(guarantee: GuaranteeId, sequence: u32) -> Result<Self, ParseIdError> {
                    if sequence == 0 {
                        return Err(ParseIdError::Guarantee);
                    }
                    Ok($id { guarantee, sequence })
                }

                /// The guarantee.
                pub fn guarantee(&self) -> &GuaranteeId {
                    &self.guarantee
                }

                /// The how manyth under the guarantee it is, from 1.
                pub fn sequence(&self) -> u32 {
                    self.sequence
                }
            }

            impl fmt::Display for $id {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    write!(f, "{}/{}", self.guarantee, self.sequence)
                }
            }

            impl FromStr for $id {
                type Err = ParseIdError;

                fn from_str(text: &str) -> Result<Self, ParseIdError> {
                    // The number of a guarantee may have slashes of its own; the sequence is what follows the last.
                    let (guarantee, sequence) = text.rsplit_once('/').ok_or(ParseIdError::Guarantee)?;
                    let canonical = sequence.bytes().all(|c| c.is_ascii_digit()) && !sequence.starts_with('0');
                    let sequence =
                        sequence.parse().ok().filter(|_| canonical).ok_or(ParseIdError::Guarantee)?;
                    $id::new(guarantee.parse().map_err(|_| ParseIdError::Guarantee)?, sequence)
                }
            }

            impl BorshDeserialize for $id {
                fn deserialize_reader<R: std::io::Read>(reader: &mut R) -> std::io::Result<Self> {
                    let guarantee = GuaranteeId::deserialize_reader(reader)?;
                    $id::new(guarantee, u32::deserialize_reader(reader)?).map_err(invalid)
                }
            }
        )*
        as_text! { $($id: $description;)* }
    };
}

guarantee_sequence_ids! {
    /// A demand under a guarantee, a counter-guarantee or a standby, and the how manyth. Written `SYNGSGSGXXX/G-1/1`.
    DemandId: "A demand under a guarantee, written guarantee/sequence from 1: SYNGSGSGXXX/G-1/1.";
    /// An amendment of a guarantee, a counter-guarantee or a standby, and the how manyth. Written `SYNGSGSGXXX/G-1/1`.
    GuaranteeAmendmentId: "An amendment of a guarantee, written guarantee/sequence from 1: SYNGSGSGXXX/G-1/1.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_text() {
        for text in ["SYNBCNBJXXX/LC2026001", "SYNBCNBJXXX/LC/2026/001", "bank-a/1"] {
            assert_eq!(text.parse::<CreditId>().unwrap().to_string(), text);
        }
        for text in ["SYNBCNBJXXX/LC/2026/001/12", "bank-a/1/4294967295"] {
            assert_eq!(text.parse::<PresentationId>().unwrap().to_string(), text);
            assert_eq!(text.parse::<ClaimId>().unwrap().to_string(), text);
        }
        for text in ["bank-a/1/2#1-100", "voucher:anchor/V-1", "voucher:anchor/V-1#5-5"] {
            assert_eq!(text.parse::<ClaimId>().unwrap().to_string(), text);
        }
        for text in
            ["bank-a/1/2#", "bank-a/1/2#2-1", "bank-a/1/2#1-2#3-4", "voucher:anchor", "Voucher:anchor/V-1"]
        {
            assert!(text.parse::<ClaimId>().is_err(), "{text}");
        }
        for text in
            ["SYNBCNBJ/LC1", "SYNBCNBJXXX", "SYNBCNBJXXX/", "SYNBCNBJXXX//1", "SYNBCNBJXXX/12345678901234567"]
        {
            assert!(text.parse::<CreditId>().is_err(), "{text}");
        }
        for text in
            ["bank-a/1/0", "bank-a/1/01", "bank-a/1/+1", "bank-a/1/4294967296", "bank-a/1", "bank-a/1/"]
        {
            assert!(text.parse::<PresentationId>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_demand_has_one_text() {
        for text in ["SYNBCNBJXXX/G-1/1", "SYNBCNBJXXX/G/1/4294967295"] {
            assert_eq!(text.parse::<DemandId>().unwrap().to_string(), text);
        }
        for text in ["SYNBCNBJXXX/G-1", "SYNBCNBJXXX/G-1/0", "SYNBCNBJXXX/G-1/01", "SYNBCNBJ/G-1/1"] {
            assert!(text.parse::<DemandId>().is_err(), "{text}");
        }
        let guarantee: GuaranteeId = "SYNBCNBJXXX/G-1".parse().unwrap();
        let bytes = borsh::to_vec(&(guarantee, 0_u32)).unwrap();
        assert!(borsh::from_slice::<DemandId>(&bytes).is_err());
    }

    #[test]
    fn bytes_that_spell_no_id_are_refused() {
        let bank = PartyId::parse("SYNBCNBJXXX").unwrap();
        let bytes = borsh::to_vec(&(bank.clone(), "a//b")).unwrap();
        assert!(borsh::from_slice::<CreditId>(&bytes).is_err());
        let bytes = borsh::to_vec(&(bank, "LC1", 0_u32)).unwrap();
        assert!(borsh::from_slice::<PresentationId>(&bytes).is_err());
    }
}

/// A part of a bill: which of the bill's units it is, the whole bill where it is all of them. Written
/// `importer/B-1#1-100000000`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
pub struct BillPartId {
    bill: BillId,
    units: Units,
}

impl BillPartId {
    /// These units of `bill`.
    pub fn new(bill: BillId, units: Units) -> Self {
        BillPartId { bill, units }
    }

    /// The bill.
    pub fn bill(&self) -> &BillId {
        &self.bill
    }

    /// Which of its units.
    pub fn units(&self) -> Units {
        self.units
    }
}

impl fmt::Display for BillPartId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.bill, self.units)
    }
}

impl FromStr for BillPartId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        // No number has a number sign.
        let (bill, units) = text.split_once('#').ok_or(ParseIdError::Units)?;
        Ok(BillPartId { bill: bill.parse()?, units: units.parse()? })
    }
}

as_text! {
    BillPartId: "A part of a bill, written bill#units: importer/B-1#1-100000000.";
}
