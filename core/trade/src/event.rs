//! What came of it: one event for each transition of each state machine.

use allonge_crypto::Hash;
use allonge_finance::{Date, Money, PartyId, Timestamp};
use allonge_ledger::AccountId;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::claim::ClaimOrigin;
use crate::deadline::{Deadline, DueDate};
use crate::financing::{Match, ReleaseReason, RetiringKey};
use crate::identifier::{ClaimId, CreditId, FinancingId, PresentationId};
use crate::letter_of_credit::{Authenticity, ClosingReason};
use crate::presentation::Disposal;

/// One thing that happened to an instrument.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum TradeEvent {
    /// A credit was issued.
    CreditIssued {
        /// Which credit.
        credit: CreditId,
        /// Who is bound.
        issuing_bank: PartyId,
        /// Who is to advise it.
        advising_bank: PartyId,
        /// The amount, without tolerance.
        amount: Money,
        /// The most that can be drawn: what the issuing bank is contingently liable for.
        ceiling: Money,
        /// The last moment to present documents.
        expiry: Deadline,
    } = 0,
    /// A credit was advised.
    CreditAdvised {
        /// Which credit.
        credit: CreditId,
        /// Who advised it.
        advising_bank: PartyId,
        /// Whether it found it genuine.
        authenticity: Authenticity,
    } = 1,
    /// Documents were presented.
    DocumentsPresented {
        /// Which presentation.
        presentation: PresentationId,
        /// Who presented.
        presenter: PartyId,
        /// How much is drawn.
        amount: Money,
        /// How many documents.
        documents: u16,
        /// The day of presentation, as a date at the issuing bank.
        presented_on: Date,
        /// By when the issuing bank must honour, accept or refuse.
        deadline: Deadline,
    } = 2,
    /// A presentation was found complying, and payment at maturity was undertaken.
    PresentationAccepted {
        /// Which presentation.
        presentation: PresentationId,
        /// Who accepted.
        issuing_bank: PartyId,
        /// How much.
        amount: Money,
    } = 3,
    /// A presentation was found complying and paid at sight.
    PresentationHonoured {
        /// Which presentation.
        presentation: PresentationId,
        /// Who paid.
        issuing_bank: PartyId,
        /// How much.
        amount: Money,
        /// The account that paid.
        from: AccountId,
        /// The account that was paid.
        to: AccountId,
    } = 4,
    /// A presentation was refused.
    PresentationRefused {
        /// Which presentation.
        presentation: PresentationId,
        /// Who refused.
        issuing_bank: PartyId,
        /// How much had been drawn, and can be drawn again.
        amount: Money,
        /// Every discrepancy.
        discrepancies: Vec<String>,
        /// What happens to the documents.
        disposal: Disposal,
    } = 5,
    /// No notice was given in time, so a presentation counts as complying.
    RefusalPrecluded {
        /// Which presentation.
        presentation: PresentationId,
        /// Who invoked it.
        invoked_by: PartyId,
        /// The deadline that had passed.
        deadline: Deadline,
    } = 6,
    /// A claim came into being.
    ClaimCreated {
        /// Which claim.
        claim: ClaimId,
        /// How it came into being.
        origin: ClaimOrigin,
        /// Who owes.
        obligor: PartyId,
        /// To whom it is owed.
        holder_of_record: PartyId,
        /// How much.
        amount: Money,
        /// From when it is due.
        due: DueDate,
    } = 7,
    /// A claim was paid.
    ClaimPaid {
        /// Which claim.
        claim: ClaimId,
        /// Who paid.
        obligor: PartyId,
        /// Who was paid.
        holder_of_record: PartyId,
        /// How much.
        amount: Money,
        /// The account that paid.
        from: AccountId,
        /// The account that was paid.
        to: AccountId,
    } = 8,
    /// A credit was closed.
    CreditClosed {
        /// Which credit.
        credit: CreditId,
        /// Who closed it.
        issuing_bank: PartyId,
        /// Why it could be closed.
        reason: ClosingReason,
        /// How much was drawn and paid under it.
        drawn: Money,
        /// How much was not drawn: the contingent liability that ends.
        undrawn: Money,
    } = 9,
    /// A later calendar decided the expiry of a credit.
    ExpiryDecided {
        /// Which credit.
        credit: CreditId,
        /// The last moment to present documents.
        expiry: Deadline,
    } = 10,
    /// A later calendar decided the deadline of an examination.
    ExaminationDeadlineDecided {
        /// Which presentation.
        presentation: PresentationId,
        /// By when the issuing bank must honour, accept or refuse.
        deadline: Deadline,
    } = 11,
    /// A later calendar decided the due date of a claim.
    DueDateDecided {
        /// Which claim.
        claim: ClaimId,
        /// From when it is due.
        due: DueDate,
    } = 12,

    /// A key of fingerprints was adopted.
    FingerprintKeyAdopted {
        /// Which key.
        key_id: Hash,
        /// The key before it, and until when that is in force.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retiring: Option<RetiringKey>,
    } = 80,
    /// An amount of a document was reserved.
    FinancingReserved {
        /// Which financing.
        financing: FinancingId,
        /// How much.
        amount: Money,
        /// The last time at which the bank can say that it financed.
        expires_at: Timestamp,
        /// Whether others had registered the document, or one like it.
        found: Match,
        /// Whether the bank itself had.
        own: bool,
    } = 81,
    /// A document was financed.
    FinancingConfirmed {
        /// Which financing.
        financing: FinancingId,
        /// How much.
        amount: Money,
    } = 82,
    /// A part of what was financed was released, or the rest.
    FinancingReleased {
        /// Which financing.
        financing: FinancingId,
        /// How much.
        amount: Money,
        /// How much is left of it.
        left: Money,
        /// Why.
        reason: ReleaseReason,
    } = 83,
    /// A financing counts as never made.
    FinancingVoided {
        /// Which financing.
        financing: FinancingId,
        /// Why.
        reason: String,
    } = 84,
    /// A financing was given the fingerprints of the keys in force.
    FinancingRefingerprinted {
        /// Which financing.
        financing: FinancingId,
    } = 85,
}
