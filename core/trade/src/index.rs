//! What the records of trade are found by: the parties that they name, their statuses, their dates.
//!
//! Dates are counted in days since 1970, times in milliseconds.

use allonge_finance::PartyId;
use allonge_ledger::{IndexTerms, Indexed, Stored};
use serde::{Deserialize, Serialize};

use crate::amendment::{CreditAmendment, CreditAmendmentState};
use crate::bill::{Bill, BillEncumbrance, BillPart, BillState, PartState};
use crate::claim::{Claim, ClaimState, Debt, Encumbrance};
use crate::document::{DocumentStatus, NotarisedDocument};
use crate::exposure::{Exposure, ExposureState};
use crate::factoring::{ApprovalState, CreditApproval, Receivable, ReceivableState};
use crate::financing::{Financing, FinancingState};
use crate::guarantee::{
    AmendmentState, Demand, DemandState, Guarantee, GuaranteeAmendment, GuaranteeInstruction, GuaranteeState,
    InstructionState,
};
use crate::letter_of_credit::{LetterOfCredit, LetterOfCreditState};
use crate::market::{Listing, ListingKind, ListingState, Quote, QuoteState, QuoteSubject, Trade, TradeState};
use crate::participation::{
    AgreementState, Participation, ParticipationAgreement, ParticipationState, Underlying, UnderlyingState,
};
use crate::position::{Line, Position};
use crate::presentation::{Presentation, PresentationState};
use crate::supervision::{FreezeOrder, FreezeState};
use crate::terms::{AvailableWith, Bank, LetterOfCreditTerms};
use crate::transferable::{RecordOffer, TransferableRecord, TransferableState};
use crate::unit_certificate::{UnitCertificate, UnitHolding};
use crate::voucher::{Voucher, VoucherState};

/// The status of a letter of credit: its state, without the particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum CreditStatus {
    /// The issuing bank is bound.
    Issued = 0,
    /// The advising bank has told the beneficiary.
    Advised = 1,
    /// Nothing more can happen under it.
    Closed = 2,
}

/// The status of a presentation: its state, without the particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum PresentationStatus {
    /// The issuing bank examines the documents.
    Examining = 0,
    /// The issuing bank refused.
    Refused = 1,
    /// The issuing bank undertook to pay at maturity.
    Accepted = 2,
    /// The issuing bank gave no notice in time, so it counts as complying.
    DeemedComplying = 3,
    /// The issuing bank paid at sight.
    Honoured = 4,
}

/// The status of a claim: its state, without the particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ClaimStatus {
    /// It is owed.
    Outstanding = 0,
    /// It was paid.
    Paid = 1,
    /// Parts took its place.
    Divided = 2,
    /// It was joined with others.
    Merged = 3,
    /// It is owed, and was not paid when it was due.
    Unpaid = 4,
}

impl LetterOfCredit {
    /// The number of the order by the date of expiry.
    pub const BY_EXPIRY: u8 = 0;
    /// The number of the order by the time of issue on the ledger.
    pub const BY_ISSUE: u8 = 1;

    /// How far it has come.
    pub fn status(&self) -> CreditStatus {
        match self.state {
            LetterOfCreditState::Issued => CreditStatus::Issued,
            LetterOfCreditState::Advised { .. } => CreditStatus::Advised,
            LetterOfCreditState::Closed { .. } => CreditStatus::Closed,
        }
    }
}

impl Presentation {
    /// The number of the order by the time of presentation.
    pub const BY_PRESENTATION: u8 = 0;
    /// The number of the order by the date of the deadline for examining: those stand in it that have one, which are
    /// examined or count as complying because it passed.
    pub const BY_DEADLINE: u8 = 1;

    /// What became of it.
    pub fn status(&self) -> PresentationStatus {
        match self.state {
            PresentationState::Examining { .. } => PresentationStatus::Examining,
            PresentationState::Refused { .. } => PresentationStatus::Refused,
            PresentationState::Accepted { .. } => PresentationStatus::Accepted,
            PresentationState::DeemedComplying { .. } => PresentationStatus::DeemedComplying,
            PresentationState::Honoured { .. } => PresentationStatus::Honoured,
        }
    }
}

impl Claim {
    /// The number of the order by the due date.
    pub const BY_DUE_DATE: u8 = 0;
    /// The number of the order by the time at which it came into being.
    pub const BY_CREATION: u8 = 1;
    /// The part of who owes.
    pub const OBLIGOR: u8 = 1;
    /// The part of whom it is owed to.
    pub const HOLDER: u8 = 2;
    /// The part of whom it is pledged or offered to.
    pub const PLEDGEE: u8 = 4;

    /// What became of it.
    pub fn status(&self) -> ClaimStatus {
        match self.state {
            ClaimState::Outstanding => ClaimStatus::Outstanding,
            ClaimState::Paid { .. } => ClaimStatus::Paid,
            ClaimState::Divided { .. } => ClaimStatus::Divided,
            ClaimState::Merged { .. } => ClaimStatus::Merged,
            ClaimState::Unpaid { .. } => ClaimStatus::Unpaid,
        }
    }
}

impl Indexed for LetterOfCredit {
    /// Its parties are all that its terms identify; its orders are by expiry and by issue.
    fn terms(&self) -> IndexTerms {
        let expiry = i64::from(self.expiry.date().epoch_days());
        let orders = vec![Some(expiry), Some(self.issued_at.millis())];
        let terms = IndexTerms { status: self.status() as u8, orders, ..IndexTerms::default() };
        let terms = terms.party(self.id.issuing_bank(), 1);
        let named = self.terms.open().map(parties).unwrap_or_default();
        named.into_iter().fold(terms, |terms, party| terms.party(party, 1))
    }
}

/// All parties that the terms of a credit identify.
fn parties(terms: &LetterOfCreditTerms) -> Vec<&PartyId> {
    let banks = [
        &terms.applicant_bank,
        &terms.drawee,
        &terms.requested_confirmation_party,
        &terms.reimbursing_bank,
        &terms.advise_through_bank,
    ];
    let banks = banks.into_iter().flatten().filter_map(|bank| match bank {
        Bank::Identified { party, .. } => Some(party),
        Bank::Named { .. } => None,
    });
    let nominated = match &terms.availability.with {
        AvailableWith::Bank { party } => Some(party),
        AvailableWith::AnyBank | AvailableWith::Named { .. } => None,
    };
    let named = [terms.applicant.party.as_ref(), terms.beneficiary.party.as_ref(), nominated];
    [&terms.issuing_bank, &terms.advising_bank]
        .into_iter()
        .chain(named.into_iter().flatten())
        .chain(banks)
        .collect()
}

impl Indexed for Presentation {
    /// Its parties are the presenter and the issuing bank; it belongs to its credit; its orders are by presentation and
    /// by the deadline.
    fn terms(&self) -> IndexTerms {
        let deadline = match &self.state {
            PresentationState::Examining { deadline }
            | PresentationState::DeemedComplying { deadline, .. } => {
                Some(i64::from(deadline.date().epoch_days()))
            }
            PresentationState::Refused { .. }
            | PresentationState::Accepted { .. }
            | PresentationState::Honoured { .. } => None,
        };
        let terms = IndexTerms {
            belongs_to: Some(LetterOfCredit::key(self.id.credit())),
            status: self.status() as u8,
            orders: vec![Some(self.presented_at.millis()), deadline],
            ..IndexTerms::default()
        };
        terms.party(&self.presenter, 1).party(self.id.credit().issuing_bank(), 1)
    }
}

/// The status of an amendment of a credit: its state, without the particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum CreditAmendmentStatus {
    /// The beneficiary has not said.
    Open = 0,
    /// It took effect.
    Effective = 1,
    /// It was rejected.
    Rejected = 2,
}

impl CreditAmendment {
    /// The number of the order by the time of issue.
    pub const BY_TIME: u8 = 0;

    /// How far it has come.
    pub fn status(&self) -> CreditAmendmentStatus {
        match self.state {
            CreditAmendmentState::Open => CreditAmendmentStatus::Open,
            CreditAmendmentState::Effective { .. } => CreditAmendmentStatus::Effective,
            CreditAmendmentState::Rejected { .. } => CreditAmendmentStatus::Rejected,
        }
    }
}

impl Indexed for CreditAmendment {
    /// Its party is the issuing bank; it belongs to its credit; its order is by issue.
    fn terms(&self) -> IndexTerms {
        let terms = IndexTerms {
            belongs_to: Some(LetterOfCredit::key(self.id.credit())),
            status: self.status() as u8,
            orders: vec![Some(self.issued_at.millis())],
            ..IndexTerms::default()
        };
        terms.party(self.id.credit().issuing_bank(), 1)
    }
}

impl Indexed for Claim {
    /// Its parties are the obligor and the holder of record; its orders are by due date and by creation.
    fn terms(&self) -> IndexTerms {
        let due = i64::from(self.due.date().epoch_days());
        let orders = vec![Some(due), Some(self.created_at.millis())];
        let terms = IndexTerms { status: self.status() as u8, orders, ..IndexTerms::default() };
        let terms = terms.party(&self.obligor, Self::OBLIGOR).party(&self.holder_of_record, Self::HOLDER);
        match &self.encumbrance {
            Some(Encumbrance::Pledged { to, .. } | Encumbrance::Offered { to, .. }) => {
                terms.party(to, Self::PLEDGEE)
            }
            _ => terms,
        }
    }
}

/// The status of a financing: its state, without the particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum FinancingStatus {
    /// The amount is kept for the bank, until it expires.
    Reserved = 0,
    /// The bank financed it.
    Financed = 1,
    /// A part was released.
    PartiallyReleased = 2,
    /// All was released.
    Released = 3,
    /// It counts as never made.
    Void = 4,
}

impl Financing {
    /// The number of the order by the time of registration.
    pub const BY_REGISTRATION: u8 = 0;
    /// The number of the order by the time at which the reservation expires: those stand in it that are reserved.
    pub const BY_EXPIRY: u8 = 1;

    /// How far it has come.
    pub fn status(&self) -> FinancingStatus {
        match self.state {
            FinancingState::Reserved { .. } => FinancingStatus::Reserved,
            FinancingState::Financed { .. } => FinancingStatus::Financed,
            FinancingState::PartiallyReleased { .. } => FinancingStatus::PartiallyReleased,
            FinancingState::Released { .. } => FinancingStatus::Released,
            FinancingState::Void { .. } => FinancingStatus::Void,
        }
    }
}

impl Indexed for Financing {
    /// Its party is the bank; its orders are by registration and by expiry.
    fn terms(&self) -> IndexTerms {
        let expiry = self.expires_at().map(|expires_at| expires_at.millis());
        let orders = vec![Some(self.registered_at.millis()), expiry];
        let terms = IndexTerms { status: self.status() as u8, orders, ..IndexTerms::default() };
        terms.party(self.id.bank(), 1)
    }
}

/// The status of a notarised document, without the particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum NotarisedStatus {
    /// It holds.
    Valid = 0,
    /// Another took its place.
    Superseded = 1,
    /// Its issuer took it back.
    Revoked = 2,
}

/// The status of a transferable record: its state, without the particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum TransferableStatus {
    /// It is in effect, and nothing is offered.
    Controlled = 0,
    /// It is in effect, and its controller offers something.
    Offered = 1,
    /// Its issuer performed.
    Performed = 2,
    /// Paper took its place.
    OnPaper = 3,
}

/// The status of an exposure record: its state, without the particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ExposureStatus {
    /// The debtor consents.
    Consented = 0,
    /// The lender stated it.
    Stated = 1,
    /// One of them ended it.
    Ended = 2,
}

impl NotarisedDocument {
    /// The number of the order by the time of notarising.
    pub const BY_TIME: u8 = 0;

    /// Whether it still holds.
    pub fn status(&self) -> NotarisedStatus {
        match self.status {
            DocumentStatus::Valid => NotarisedStatus::Valid,
            DocumentStatus::Superseded { .. } => NotarisedStatus::Superseded,
            DocumentStatus::Revoked { .. } => NotarisedStatus::Revoked,
        }
    }
}

impl Indexed for NotarisedDocument {
    /// Its party is the issuer; its order is by notarising.
    fn terms(&self) -> IndexTerms {
        let orders = vec![Some(self.notarised_at.millis())];
        let terms = IndexTerms { status: self.status() as u8, orders, ..IndexTerms::default() };
        terms.party(self.id.issuer(), 1)
    }
}

impl TransferableRecord {
    /// The number of the order by the time of issue.
    pub const BY_ISSUE: u8 = 0;
    /// The part of who issued it.
    pub const ISSUER: u8 = 1;
    /// The part of who controls it.
    pub const CONTROLLER: u8 = 2;
    /// The part of whom control is offered to.
    pub const OFFERED: u8 = 4;

    /// How far it has come.
    pub fn status(&self) -> TransferableStatus {
        match self.state {
            TransferableState::Controlled => TransferableStatus::Controlled,
            TransferableState::Offered { .. } => TransferableStatus::Offered,
            TransferableState::Performed { .. } => TransferableStatus::Performed,
            TransferableState::OnPaper { .. } => TransferableStatus::OnPaper,
        }
    }
}

impl Indexed for TransferableRecord {
    /// Its parties are the issuer, the controller and whom control is offered to; its order is by issue.
    fn terms(&self) -> IndexTerms {
        let orders = vec![Some(self.issued_at.millis())];
        let terms = IndexTerms { status: self.status() as u8, orders, ..IndexTerms::default() };
        let terms = terms.party(self.id.issuer(), Self::ISSUER).party(&self.controller, Self::CONTROLLER);
        match &self.state {
            TransferableState::Offered { offer: RecordOffer::Control { to }, .. } => {
                terms.party(to, Self::OFFERED)
            }
            _ => terms,
        }
    }
}

impl Indexed for UnitCertificate {
    /// Its party is the issuer; its order is by issue.
    fn terms(&self) -> IndexTerms {
        let orders = vec![Some(self.issued_at.millis())];
        IndexTerms { orders, ..IndexTerms::default() }.party(self.id.issuer(), 1)
    }
}

impl Indexed for UnitHolding {
    /// Its party is the holder; it belongs to its certificate; its order is none.
    fn terms(&self) -> IndexTerms {
        let belongs_to = Some(UnitCertificate::key(&self.id.certificate));
        IndexTerms { belongs_to, orders: vec![Some(0)], ..IndexTerms::default() }.party(&self.id.holder, 1)
    }
}

impl Exposure {
    /// The number of the order by the time at which the consent expires.
    pub const BY_EXPIRY: u8 = 0;
    /// The part of the debtor.
    pub const DEBTOR: u8 = 1;
    /// The part of the lender.
    pub const LENDER: u8 = 2;

    /// How far it has come.
    pub fn status(&self) -> ExposureStatus {
        match self.state {
            ExposureState::Consented => ExposureStatus::Consented,
            ExposureState::Stated { .. } => ExposureStatus::Stated,
            ExposureState::Ended { .. } => ExposureStatus::Ended,
        }
    }
}

impl Indexed for Exposure {
    /// Its parties are the debtor and the lender; its order is by expiry.
    fn terms(&self) -> IndexTerms {
        let orders = vec![Some(self.expires_at.millis())];
        let terms = IndexTerms { status: self.status() as u8, orders, ..IndexTerms::default() };
        terms.party(self.id.debtor(), Self::DEBTOR).party(&self.lender, Self::LENDER)
    }
}

// Claims and the forfaiting market.
/// The status of a listing: its state, without the particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ListingStatus {
    /// It stands, until its time is over.
    Open = 0,
    /// It was taken.
    Taken = 1,
    /// It was taken back.
    Withdrawn = 2,
}

/// The status of a quote: its state, without the particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum QuoteStatus {
    /// It stands, until its time is over.
    Open = 0,
    /// It was accepted.
    Accepted = 1,
    /// It was taken back.
    Withdrawn = 2,
}

/// The status of a trade: its state, without the particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum TradeStatus {
    /// It waits for the settlement.
    Agreed = 0,
    /// It is settled.
    Settled = 1,
    /// It is settled under reserve.
    UnderReserve = 2,
    /// It ended without settlement.
    Lapsed = 3,
    /// What was paid under reserve went back.
    Repaid = 4,
    /// Both undid it.
    Unwound = 5,
}

impl Listing {
    /// The number of the order by the time at which it was published.
    pub const BY_TIME: u8 = 0;
    /// The number of the order by the last time at which it stands.
    pub const BY_EXPIRY: u8 = 1;
    /// The part of who published it.
    pub const PUBLISHER: u8 = 1;
    /// The part of who is invited.
    pub const INVITED: u8 = 2;

    /// Whether it stands.
    pub fn status(&self) -> ListingStatus {
        match self.state {
            ListingState::Open => ListingStatus::Open,
            ListingState::Taken { .. } => ListingStatus::Taken,
            ListingState::Withdrawn { .. } => ListingStatus::Withdrawn,
        }
    }
}

impl Indexed for Listing {
    /// Its parties are its publisher and whom it invites; its orders are by publication and by expiry.
    fn terms(&self) -> IndexTerms {
        let orders = vec![Some(self.published_at.millis()), Some(self.valid_until.millis())];
        let terms = IndexTerms { status: self.status() as u8, orders, ..IndexTerms::default() };
        let terms = terms.party(self.id.party(), Self::PUBLISHER);
        match &self.kind {
            ListingKind::Enquiry { invited, .. } => {
                invited.iter().fold(terms, |terms, party| terms.party(party, Self::INVITED))
            }
            ListingKind::Asset { .. } | ListingKind::Bid { .. } => terms,
        }
    }
}

impl Quote {
    /// The number of the order by the time at which it was given.
    pub const BY_TIME: u8 = 0;
    /// The number of the order by the last time at which it stands.
    pub const BY_EXPIRY: u8 = 1;

    /// Whether it stands.
    pub fn status(&self) -> QuoteStatus {
        match self.state {
            QuoteState::Open => QuoteStatus::Open,
            QuoteState::Accepted { .. } => QuoteStatus::Accepted,
            QuoteState::Withdrawn { .. } => QuoteStatus::Withdrawn,
        }
    }
}

impl Indexed for Quote {
    /// Its party is the buyer; it belongs to its claim or enquiry; its orders are by time and by expiry.
    fn terms(&self) -> IndexTerms {
        let belongs_to = Some(match &self.subject {
            QuoteSubject::Claim { claim } => Claim::key(claim),
            QuoteSubject::Enquiry { listing } => Listing::key(listing),
        });
        let orders = vec![Some(self.given_at.millis()), Some(self.valid_until.millis())];
        IndexTerms { belongs_to, status: self.status() as u8, orders, ..IndexTerms::default() }
            .party(self.id.buyer(), 1)
    }
}

impl Trade {
    /// The number of the order by the trade date.
    pub const BY_TIME: u8 = 0;
    /// The number of the order by the value date.
    pub const BY_VALUE_DATE: u8 = 1;
    /// The part of who sells.
    pub const SELLER: u8 = 1;
    /// The part of who buys.
    pub const BUYER: u8 = 2;

    /// How far it has come.
    pub fn status(&self) -> TradeStatus {
        match self.state {
            TradeState::Agreed => TradeStatus::Agreed,
            TradeState::Settled { .. } => TradeStatus::Settled,
            TradeState::UnderReserve { .. } => TradeStatus::UnderReserve,
            TradeState::Lapsed { .. } => TradeStatus::Lapsed,
            TradeState::Repaid { .. } => TradeStatus::Repaid,
            TradeState::Unwound { .. } => TradeStatus::Unwound,
        }
    }
}

impl Indexed for Trade {
    /// Its parties are the seller and the buyer; it belongs to its claim; its orders are by trade date and value date.
    fn terms(&self) -> IndexTerms {
        let value = self.terms.open().map(|terms| i64::from(terms.value_date.epoch_days()));
        let terms = IndexTerms {
            belongs_to: Some(Claim::key(&self.claim)),
            status: self.status() as u8,
            orders: vec![Some(self.agreed_at.millis()), value],
            ..IndexTerms::default()
        };
        terms.party(&self.seller, Self::SELLER).party(&self.buyer, Self::BUYER)
    }
}

impl Indexed for Debt {
    /// It is found by its id alone; its order is none.
    fn terms(&self) -> IndexTerms {
        IndexTerms { orders: vec![Some(0)], ..IndexTerms::default() }
    }
}

// Demand guarantees and standbys.
/// The status of a guarantee: its state, without the particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum GuaranteeStatus {
    /// The guarantor is bound.
    Issued = 0,
    /// The advising party has told the beneficiary.
    Advised = 1,
    /// Nothing more can happen under it.
    Closed = 2,
}

/// The status of a demand: its state, without the particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum DemandStatus {
    /// The guarantor examines it.
    Examining = 0,
    /// The guarantor owes it.
    Complying = 1,
    /// No notice was given in time, so the guarantor owes it.
    DeemedComplying = 2,
    /// The guarantor owes it, and suspended payment.
    Suspended = 3,
    /// The guarantor refused.
    Refused = 4,
    /// It counts as never made.
    Withdrawn = 5,
    /// The guarantor paid it.
    Paid = 6,
}

/// The status of an amendment of a guarantee: its state, without the particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum GuaranteeAmendmentStatus {
    /// The beneficiary has not answered.
    Issued = 0,
    /// The beneficiary consented.
    Accepted = 1,
    /// The beneficiary rejected it.
    Rejected = 2,
}

/// The status of an instruction to a guarantor: its state, without the particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum GuaranteeInstructionStatus {
    /// The guarantor can act on it, until it expires.
    Standing = 0,
    /// The guarantor did.
    Executed = 1,
    /// The instructing party took it back.
    Withdrawn = 2,
}

impl Guarantee {
    /// The number of the order by the last day to present demands: those stand in it that have one.
    pub const BY_EXPIRY: u8 = 0;
    /// The number of the order by the time of issue.
    pub const BY_ISSUE: u8 = 1;
    /// The part of who is bound.
    pub const GUARANTOR: u8 = 1;
    /// The part of who has the beneficiary's rights.
    pub const BENEFICIARY: u8 = 2;
    /// The part of whoever advises, instructs or is the applicant.
    pub const INVOLVED: u8 = 4;

    /// How far it has come.
    pub fn status(&self) -> GuaranteeStatus {
        match self.state {
            GuaranteeState::Issued => GuaranteeStatus::Issued,
            GuaranteeState::Advised { .. } => GuaranteeStatus::Advised,
            GuaranteeState::Closed { .. } => GuaranteeStatus::Closed,
        }
    }
}

impl Indexed for Guarantee {
    /// Its parties are the guarantor, the beneficiary and those involved; its orders are by expiry and by issue.
    fn terms(&self) -> IndexTerms {
        let expiry = self.expiry.as_ref().map(|expiry| i64::from(expiry.last.date().epoch_days()));
        let orders = vec![expiry, Some(self.issued_at.millis())];
        let terms = IndexTerms { status: self.status() as u8, orders, ..IndexTerms::default() };
        let terms =
            terms.party(self.id.guarantor(), Self::GUARANTOR).party(&self.beneficiary, Self::BENEFICIARY);
        let open = self.terms.open();
        let named = open.map(|open| [open.advising_party.as_ref(), open.applicant.party.as_ref()]);
        let instructing = self.reimbursement.as_ref().map(|reimbursement| &reimbursement.by);
        let involved = named.into_iter().flatten().flatten().chain(instructing);
        involved.fold(terms, |terms, party| terms.party(party, Self::INVOLVED))
    }
}

impl Demand {
    /// The number of the order by the time of presentation.
    pub const BY_PRESENTATION: u8 = 0;
    /// The number of the order by the day by which it is decided: those stand in it that are examined or suspended.
    pub const BY_DEADLINE: u8 = 1;

    /// What became of it.
    pub fn status(&self) -> DemandStatus {
        match self.state {
            DemandState::Examining { .. } => DemandStatus::Examining,
            DemandState::Complying { .. } => DemandStatus::Complying,
            DemandState::DeemedComplying { .. } => DemandStatus::DeemedComplying,
            DemandState::Suspended { .. } => DemandStatus::Suspended,
            DemandState::Refused { .. } => DemandStatus::Refused,
            DemandState::Withdrawn { .. } => DemandStatus::Withdrawn,
            DemandState::Paid { .. } => DemandStatus::Paid,
        }
    }
}

impl Indexed for Demand {
    /// Its parties are the guarantor, whoever demands and whoever reimburses; it belongs to its guarantee; its orders are by
    /// presentation and by the day by which it is decided.
    fn terms(&self) -> IndexTerms {
        let decided_by = match &self.state {
            DemandState::Examining { deadline, .. } => Some(deadline.date()),
            DemandState::Suspended { until, .. } => Some(*until),
            _ => None,
        };
        let decided_by = decided_by.map(|date| i64::from(date.epoch_days()));
        let terms = IndexTerms {
            belongs_to: Some(Guarantee::key(self.id.guarantee())),
            status: self.status() as u8,
            orders: vec![Some(self.presented_at.millis()), decided_by],
            ..IndexTerms::default()
        };
        let terms = terms
            .party(self.id.guarantee().guarantor(), Guarantee::GUARANTOR)
            .party(&self.presented_by, Guarantee::BENEFICIARY);
        let reimburses = self.reimbursement.as_ref();
        reimburses.into_iter().fold(terms, |terms, due| terms.party(&due.by, Guarantee::INVOLVED))
    }
}

impl GuaranteeAmendment {
    /// The number of the order by the time of issue.
    pub const BY_ISSUE: u8 = 0;

    /// What became of it.
    pub fn status(&self) -> GuaranteeAmendmentStatus {
        match self.state {
            AmendmentState::Issued => GuaranteeAmendmentStatus::Issued,
            AmendmentState::Accepted { .. } => GuaranteeAmendmentStatus::Accepted,
            AmendmentState::Rejected { .. } => GuaranteeAmendmentStatus::Rejected,
        }
    }
}

impl Indexed for GuaranteeAmendment {
    /// Its parties are the guarantor and the beneficiary; it belongs to its guarantee; its order is by issue.
    fn terms(&self) -> IndexTerms {
        let terms = IndexTerms {
            belongs_to: Some(Guarantee::key(self.id.guarantee())),
            status: self.status() as u8,
            orders: vec![Some(self.issued_at.millis())],
            ..IndexTerms::default()
        };
        terms
            .party(self.id.guarantee().guarantor(), Guarantee::GUARANTOR)
            .party(&self.beneficiary, Guarantee::BENEFICIARY)
    }
}

impl GuaranteeInstruction {
    /// The number of the order by the last time at which it can be acted on.
    pub const BY_EXPIRY: u8 = 0;

    /// Whether it stands, its last time aside.
    pub fn status(&self) -> GuaranteeInstructionStatus {
        match self.state {
            InstructionState::Standing => GuaranteeInstructionStatus::Standing,
            InstructionState::Executed { .. } => GuaranteeInstructionStatus::Executed,
            InstructionState::Withdrawn { .. } => GuaranteeInstructionStatus::Withdrawn,
        }
    }
}

impl Indexed for GuaranteeInstruction {
    /// Its parties are the guarantor and the instructing party; its order is by the last time at which it can be acted on.
    fn terms(&self) -> IndexTerms {
        let orders = vec![Some(self.expires_at.millis())];
        let terms = IndexTerms { status: self.status() as u8, orders, ..IndexTerms::default() };
        terms
            .party(&self.guarantor, Guarantee::GUARANTOR)
            .party(self.id.instructing_party(), Guarantee::INVOLVED)
    }
}

// Bills of exchange.
/// The status of a bill: its state, without the particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum BillStatus {
    /// Its drawer has it.
    Drawn = 0,
    /// Its drawee decides whether it accepts.
    Presented = 1,
    /// It is accepted, and not delivered yet.
    Accepted = 2,
    /// It circulates.
    Delivered = 3,
    /// It was not accepted.
    Refused = 4,
    /// Its drawer cancelled it.
    Cancelled = 5,
    /// All of it is paid.
    Settled = 6,
}

/// The status of a part of a bill: its state, without the particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum BillPartStatus {
    /// Its holder has it.
    Held = 0,
    /// It is presented for payment.
    Presented = 1,
    /// It was not paid.
    Dishonoured = 2,
    /// It was paid.
    Paid = 3,
    /// Parts took its place.
    Divided = 4,
    /// The bill was cancelled.
    Cancelled = 5,
}

impl Bill {
    /// The number of the order by the due date.
    pub const BY_DUE_DATE: u8 = 0;
    /// The number of the order by the time at which it was drawn.
    pub const BY_DRAWING: u8 = 1;
    /// The part of who drew it.
    pub const DRAWER: u8 = 1;
    /// The part of who is ordered to pay.
    pub const DRAWEE: u8 = 2;
    /// The part of whom it is delivered to.
    pub const PAYEE: u8 = 4;

    /// How far it has come.
    pub fn status(&self) -> BillStatus {
        match self.state {
            BillState::Drawn => BillStatus::Drawn,
            BillState::Presented { .. } => BillStatus::Presented,
            BillState::Accepted { .. } => BillStatus::Accepted,
            BillState::Delivered { .. } => BillStatus::Delivered,
            BillState::Refused { .. } => BillStatus::Refused,
            BillState::Cancelled { .. } => BillStatus::Cancelled,
            BillState::Settled { .. } => BillStatus::Settled,
        }
    }
}

impl Indexed for Bill {
    /// Its parties are the drawer, the drawee and the payee; its orders are by due date and by drawing.
    fn terms(&self) -> IndexTerms {
        let due = i64::from(self.due.date().epoch_days());
        let orders = vec![Some(due), Some(self.drawn_at.millis())];
        let terms = IndexTerms { status: self.status() as u8, orders, ..IndexTerms::default() };
        let open = self.open_terms();
        terms
            .party(self.id.drawer(), Self::DRAWER)
            .party(&open.drawee, Self::DRAWEE)
            .party(&open.payee, Self::PAYEE)
    }
}

impl BillPart {
    /// The number of the order by maturity.
    pub const BY_MATURITY: u8 = 0;
    /// The number of the order by the time at which it came into being.
    pub const BY_CREATION: u8 = 1;
    /// The part of who holds it.
    pub const HOLDER: u8 = 1;
    /// The part of who accepted it.
    pub const ACCEPTOR: u8 = 2;
    /// The part of whom it is pledged or offered to, and of who sold it and takes it back.
    pub const INVOLVED: u8 = 4;
    /// The part of who is liable if the acceptor does not pay.
    pub const LIABLE: u8 = 8;

    /// What became of it.
    pub fn status(&self) -> BillPartStatus {
        match self.state {
            PartState::Held => BillPartStatus::Held,
            PartState::Presented { .. } => BillPartStatus::Presented,
            PartState::Dishonoured { .. } => BillPartStatus::Dishonoured,
            PartState::Paid { .. } => BillPartStatus::Paid,
            PartState::Divided { .. } => BillPartStatus::Divided,
            PartState::Cancelled { .. } => BillPartStatus::Cancelled,
        }
    }
}

impl Indexed for BillPart {
    /// Its parties are the holder, the acceptor, those whom something is offered or pledged to, and those who are liable; it
    /// belongs to its bill; its orders are by maturity and by creation.
    fn terms(&self) -> IndexTerms {
        let maturity = i64::from(self.maturity.epoch_days());
        let terms = IndexTerms {
            belongs_to: Some(Bill::key(self.id.bill())),
            status: self.status() as u8,
            orders: vec![Some(maturity), Some(self.created_at.millis())],
            ..IndexTerms::default()
        };
        let terms = terms.party(&self.holder, Self::HOLDER).party(&self.acceptor, Self::ACCEPTOR);
        let bound = self.encumbrance.as_ref().map(|encumbrance| match encumbrance {
            BillEncumbrance::Pledged { to, .. } => to,
            BillEncumbrance::Repurchased { by, .. } => by,
        });
        let offered = self.offers.iter().map(|offer| &offer.to);
        let terms =
            bound.into_iter().chain(offered).fold(terms, |terms, party| terms.party(party, Self::INVOLVED));
        let liable = self.liable();
        let liable = liable.iter().filter(|liable| liable.party != self.acceptor);
        liable.fold(terms, |terms, liable| terms.party(&liable.party, Self::LIABLE))
    }
}

// Factoring and payables.
/// The status of a voucher: its state, without the particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum VoucherStatus {
    /// It is offered.
    Offered = 0,
    /// It is owed.
    Owed = 1,
    /// The supplier rejected it.
    Rejected = 2,
    /// It was taken back.
    Withdrawn = 3,
}

/// The status of an approval: its state, without the particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ApprovalStatus {
    /// It is asked for.
    Requested = 0,
    /// It stands.
    Approved = 1,
    /// It was declined.
    Declined = 2,
    /// It ended.
    Cancelled = 3,
}

/// The status of a receivable: its state, without the particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ReceivableStatus {
    /// It is owed.
    Outstanding = 0,
    /// It is disputed.
    Disputed = 1,
    /// It is to be given back.
    Reassigning = 2,
    /// It was given back.
    Reassigned = 3,
    /// It was collected or credited.
    Settled = 4,
    /// The import factor paid what it covers.
    PaidUnderGuarantee = 5,
}

impl Voucher {
    /// The number of the order by the time of issue.
    pub const BY_TIME: u8 = 0;

    /// Whether it is owed.
    pub fn status(&self) -> VoucherStatus {
        match self.state {
            VoucherState::Offered { .. } => VoucherStatus::Offered,
            VoucherState::Owed { .. } => VoucherStatus::Owed,
            VoucherState::Rejected { .. } => VoucherStatus::Rejected,
            VoucherState::Withdrawn { .. } => VoucherStatus::Withdrawn,
        }
    }
}

impl Indexed for Voucher {
    /// Its parties are the buyer and the supplier; its order is by issue.
    fn terms(&self) -> IndexTerms {
        let orders = vec![Some(self.issued_at.millis())];
        let terms = IndexTerms { status: self.status() as u8, orders, ..IndexTerms::default() };
        terms.party(self.id.anchor(), 1).party(&self.supplier, 2)
    }
}

impl CreditApproval {
    /// The number of the order by the time by which it is answered.
    pub const BY_ANSWER: u8 = 0;

    /// How far it has come.
    pub fn status(&self) -> ApprovalStatus {
        match self.state {
            ApprovalState::Requested => ApprovalStatus::Requested,
            ApprovalState::Approved { .. } => ApprovalStatus::Approved,
            ApprovalState::Declined { .. } => ApprovalStatus::Declined,
            ApprovalState::Cancelled { .. } => ApprovalStatus::Cancelled,
        }
    }
}

impl Indexed for CreditApproval {
    /// Its parties are the factors, the seller and the debtor; its order is by when it is to be answered.
    fn terms(&self) -> IndexTerms {
        let orders = vec![Some(self.answer_by.millis())];
        let terms = IndexTerms { status: self.status() as u8, orders, ..IndexTerms::default() };
        let terms = terms.party(self.id.export_factor(), 1).party(&self.import_factor, 2);
        terms.party(&self.seller, 4).party(&self.debtor, 8)
    }
}

impl Receivable {
    /// The number of the order by the time of assignment.
    pub const BY_TIME: u8 = 0;
    /// The number of the order by the due date.
    pub const BY_DUE_DATE: u8 = 1;

    /// How far it has come.
    pub fn status(&self) -> ReceivableStatus {
        match self.state {
            ReceivableState::Outstanding => ReceivableStatus::Outstanding,
            ReceivableState::Disputed { .. } => ReceivableStatus::Disputed,
            ReceivableState::Reassigning { .. } => ReceivableStatus::Reassigning,
            ReceivableState::Reassigned { .. } => ReceivableStatus::Reassigned,
            ReceivableState::Settled { .. } => ReceivableStatus::Settled,
            ReceivableState::PaidUnderGuarantee { .. } => ReceivableStatus::PaidUnderGuarantee,
        }
    }
}

impl Indexed for Receivable {
    /// Its parties are the factors, the seller, the debtor and the owner; it belongs to its approval; its orders are by
    /// assignment and by due date.
    fn terms(&self) -> IndexTerms {
        let due = i64::from(self.due.date().epoch_days());
        let terms = IndexTerms {
            belongs_to: Some(CreditApproval::key(&self.approval)),
            status: self.status() as u8,
            orders: vec![Some(self.assigned_at.millis()), Some(due)],
            ..IndexTerms::default()
        };
        let terms = terms.party(self.id.export_factor(), 1).party(&self.import_factor, 2);
        terms.party(&self.seller, 4).party(&self.debtor, 8).party(&self.owner, 16)
    }
}

// Risk participation.
/// The status of a master agreement of risk participation: its state, without the particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ParticipationAgreementStatus {
    /// One party signed it.
    Offered = 0,
    /// Both signed it.
    InForce = 1,
    /// Nothing new is agreed under it.
    Ended = 2,
}

/// The status of a transaction whose risk is shared: its state, without the particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum UnderlyingStatus {
    /// The obligor has not failed to pay.
    Performing = 0,
    /// The obligor failed to pay.
    Defaulted = 1,
    /// All of it was recovered.
    Repaid = 2,
}

/// The status of a risk participation: its state, without the particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ParticipationStatus {
    /// The seller offers it.
    Offered = 0,
    /// The participant is to pay its share at the start.
    Accepted = 1,
    /// The participant pays on a demand.
    Effective = 2,
    /// The same, and its share was reduced.
    Reduced = 3,
    /// The seller demanded payment.
    Demanded = 4,
    /// The participant paid its share at the start.
    Funded = 5,
    /// The participant paid on a demand.
    Paid = 6,
    /// The participant got a part of recoveries.
    RecoveryShared = 7,
    /// The participant took the seller's place.
    Elevated = 8,
    /// It is over.
    Terminated = 9,
}

impl ParticipationAgreement {
    /// How far it has come.
    pub fn status(&self) -> ParticipationAgreementStatus {
        match self.state {
            AgreementState::Offered { .. } => ParticipationAgreementStatus::Offered,
            AgreementState::InForce { .. } => ParticipationAgreementStatus::InForce,
            AgreementState::Ended { .. } => ParticipationAgreementStatus::Ended,
        }
    }
}

impl Indexed for ParticipationAgreement {
    /// Its parties are the two that it is between; its order is none.
    fn terms(&self) -> IndexTerms {
        let terms =
            IndexTerms { status: self.status() as u8, orders: vec![Some(0)], ..IndexTerms::default() };
        terms.party(self.id.proposer(), 1).party(&self.counterparty, 1)
    }
}

impl Underlying {
    /// The number of the order by maturity.
    pub const BY_MATURITY: u8 = 0;
    /// The part of the seller.
    pub const SELLER: u8 = 1;
    /// The part of the obligor, where a share is disclosed to it.
    pub const OBLIGOR: u8 = 2;

    /// How it goes.
    pub fn status(&self) -> UnderlyingStatus {
        match self.state {
            UnderlyingState::Performing => UnderlyingStatus::Performing,
            UnderlyingState::Defaulted { .. } => UnderlyingStatus::Defaulted,
            UnderlyingState::Repaid { .. } => UnderlyingStatus::Repaid,
        }
    }
}

impl Indexed for Underlying {
    /// Its parties are the seller, and the obligor where a share is disclosed to it; its order is by maturity.
    fn terms(&self) -> IndexTerms {
        let orders = vec![Some(i64::from(self.maturity.epoch_days()))];
        let terms = IndexTerms { status: self.status() as u8, orders, ..IndexTerms::default() };
        let terms = terms.party(self.id.seller(), Self::SELLER);
        match &self.obligor.party {
            Some(obligor) if self.shares.iter().any(|share| share.disclosed) => {
                terms.party(obligor, Self::OBLIGOR)
            }
            _ => terms,
        }
    }
}

impl Participation {
    /// The number of the order by expiry.
    pub const BY_EXPIRY: u8 = 0;
    /// The part of the seller.
    pub const SELLER: u8 = 1;
    /// The part of the participant.
    pub const PARTICIPANT: u8 = 2;

    /// How far it has come.
    pub fn status(&self) -> ParticipationStatus {
        match &self.state {
            ParticipationState::Offered { .. } => ParticipationStatus::Offered,
            ParticipationState::Accepted { .. } => ParticipationStatus::Accepted,
            ParticipationState::Effective { reduced_from: None } => ParticipationStatus::Effective,
            ParticipationState::Effective { reduced_from: Some(_) } => ParticipationStatus::Reduced,
            ParticipationState::Demanded { .. } => ParticipationStatus::Demanded,
            ParticipationState::Funded { .. } => ParticipationStatus::Funded,
            ParticipationState::Paid { .. } => ParticipationStatus::Paid,
            ParticipationState::RecoveryShared { .. } => ParticipationStatus::RecoveryShared,
            ParticipationState::Elevated { .. } => ParticipationStatus::Elevated,
            ParticipationState::Terminated { .. } => ParticipationStatus::Terminated,
        }
    }
}

impl Indexed for Participation {
    /// Its parties are the seller and the participant; it belongs to its transaction; its order is by expiry.
    fn terms(&self) -> IndexTerms {
        let terms = IndexTerms {
            belongs_to: Some(Underlying::key(&self.underlying)),
            status: self.status() as u8,
            orders: vec![Some(i64::from(self.expiry.date().epoch_days()))],
            ..IndexTerms::default()
        };
        terms.party(self.seller(), Self::SELLER).party(&self.participant, Self::PARTICIPANT)
    }
}

// Supervision and limits.
/// The status of a supervisor's order: its state, without the particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum FreezeStatus {
    /// Nobody released it.
    Standing = 0,
    /// Another order released it.
    Released = 1,
}

impl FreezeOrder {
    /// The number of the order by the time at which it was given.
    pub const BY_TIME: u8 = 0;
    /// The number of the order by the last time at which it stands: those stand in it that stand and have one.
    pub const BY_END: u8 = 1;
    /// The part of the supervisor.
    pub const SUPERVISOR: u8 = 1;
    /// The part of those that it affects and that may be told.
    pub const AFFECTED: u8 = 2;

    /// Whether it stands, its last time aside.
    pub fn status(&self) -> FreezeStatus {
        match self.state {
            FreezeState::Standing => FreezeStatus::Standing,
            FreezeState::Released { .. } => FreezeStatus::Released,
        }
    }
}

impl Indexed for FreezeOrder {
    /// Its parties are the supervisor, and those affected where it may be disclosed; its orders are by time and by end.
    fn terms(&self) -> IndexTerms {
        let standing = self.status() == FreezeStatus::Standing;
        let end = self.until.filter(|_| standing).map(|until| until.millis());
        let orders = vec![Some(self.ordered_at.millis()), end];
        let terms = IndexTerms { status: self.status() as u8, orders, ..IndexTerms::default() };
        let terms = terms.party(&self.ordered_by, Self::SUPERVISOR);
        self.notified().iter().fold(terms, |terms, party| terms.party(party, Self::AFFECTED))
    }
}

impl Position {
    /// The part of whom it is a liability to.
    pub const CREDITOR: u8 = 1;
    /// The part of who is liable.
    pub const DEBTOR: u8 = 2;
}

impl Indexed for Position {
    /// Its parties are the creditor and the debtor; its order is by the month, undated ones at the end.
    fn terms(&self) -> IndexTerms {
        let month = self.id.month.map_or(i64::MAX, |month| i64::from(month.epoch_days()));
        let terms =
            IndexTerms { status: self.id.nature as u8, orders: vec![Some(month)], ..IndexTerms::default() };
        terms.party(&self.id.creditor, Self::CREDITOR).party(&self.id.debtor, Self::DEBTOR)
    }
}

impl Indexed for Line {
    /// Its parties are the creditor and the debtor; its order is none.
    fn terms(&self) -> IndexTerms {
        let terms = IndexTerms { orders: vec![Some(0)], ..IndexTerms::default() };
        terms.party(&self.id.creditor, Position::CREDITOR).party(&self.id.debtor, Position::DEBTOR)
    }
}
