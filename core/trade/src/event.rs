//! What came of it: one event for each transition of each state machine.

use allonge_crypto::Hash;
use allonge_finance::{Currency, Date, Money, PartyId, Timestamp};
use allonge_ledger::AccountId;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::amendment::{AmendedItem, AmendmentId};
use crate::bill::{BillAct, Circulation, Guaranteed, Repurchase, TransferKind};
use crate::claim::ClaimOrigin;
use crate::deadline::{Deadline, DueDate};
use crate::financing::{Match, ReleaseReason, RetiringKey};
use crate::guarantee::{
    Closure, DemandWithdrawal, Expires, ExtensionCause, GuaranteeChanges, GuaranteeEnd, ReductionReason,
    ReimbursementDue, RightsRequest,
};
use crate::identifier::{
    ApprovalId, BillId, BillPartId, CertificateId, ClaimId, CreditId, DemandId, DocumentId, ExposureId,
    FinancingId, GuaranteeAmendmentId, GuaranteeId, GuaranteeInstructionId, ListingId,
    ParticipationAgreementId, ParticipationId, PresentationId, QuoteId, ReceivableId, TradeId,
    TransferableRecordId, UnderlyingId, VoucherId,
};
use crate::letter_of_credit::{Authenticity, ClosingReason};
use crate::market::{LapseReason, ListingKind, Price, QuoteSubject, RecourseGround};
use crate::participation::{ParticipationChange, Proportion, RiskType, TerminationReason, UnderlyingChange};
use crate::presentation::{Disposal, Document};
use crate::supervision::FrozenSubject;
use crate::transferable::{RecordOffer, TransferableKind, TransferableState};
use crate::units::Units;

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
    /// An amendment was issued, and binds the issuing bank.
    AmendmentIssued {
        /// Which amendment.
        amendment: AmendmentId,
        /// What it changes.
        items: Vec<AmendedItem>,
    } = 13,
    /// An amendment took effect.
    AmendmentEffective {
        /// Which amendment.
        amendment: AmendmentId,
        /// Whether a presentation was its acceptance.
        by_presentation: bool,
        /// The most that can be drawn now.
        ceiling: Money,
        /// The last moment to present documents now.
        expiry: Deadline,
    } = 14,
    /// An amendment was rejected, in part or whole, which is the same.
    AmendmentRejected {
        /// Which amendment.
        amendment: AmendmentId,
        /// Whether a part of it was accepted.
        in_part: bool,
    } = 15,
    /// A bank added its confirmation.
    CreditConfirmed {
        /// Which credit.
        credit: CreditId,
        /// Which bank.
        by: PartyId,
        /// What it is bound to.
        amount: Money,
    } = 16,
    /// The confirming bank said whether it extends its confirmation.
    ConfirmationExtended {
        /// Which amendment.
        amendment: AmendmentId,
        /// Whether it does.
        extended: bool,
    } = 17,
    /// One of those without whom a credit is not cancelled consented.
    CancellationConsented {
        /// Which credit.
        credit: CreditId,
        /// Who.
        by: PartyId,
    } = 18,
    /// A credit was cancelled.
    CreditCancelled {
        /// Which credit.
        credit: CreditId,
    } = 19,
    /// The issuing bank asked the applicant for a waiver.
    WaiverSought {
        /// Which presentation.
        presentation: PresentationId,
        /// What is to be waived.
        discrepancies: Vec<String>,
    } = 20,
    /// The applicant waived.
    DiscrepanciesWaived {
        /// Which presentation.
        presentation: PresentationId,
    } = 21,

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
    /// A debtor consented that a lender states its exposure.
    ExposureConsented {
        /// Under which consent.
        exposure: ExposureId,
        /// Which lender.
        lender: PartyId,
        /// The last time at which the consent holds.
        expires_at: Timestamp,
    } = 86,
    /// A lender stated its exposure.
    ExposureStated {
        /// Under which consent.
        exposure: ExposureId,
        /// How much.
        amount: Money,
        /// As of which day.
        as_of: Date,
    } = 87,
    /// A consent ended, and what was stated under it.
    ExposureEnded {
        /// Which consent.
        exposure: ExposureId,
        /// Who ended it.
        by: PartyId,
    } = 88,
    /// A transferable record ended: its issuer performed, or paper took its place.
    TransferableEnded {
        /// Which record.
        record: TransferableRecordId,
        /// How.
        state: TransferableState,
    } = 89,
    /// An issuer vouched for a file.
    DocumentNotarised {
        /// Which document.
        document: DocumentId,
        /// SHA-256 of the file.
        sha256: Hash,
        /// The document whose place it took.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        supersedes: Option<DocumentId>,
    } = 90,
    /// An issuer took a document back.
    DocumentRevoked {
        /// Which document.
        document: DocumentId,
        /// Why.
        reason: String,
    } = 91,
    /// A transferable record was issued; its issuer controls it.
    TransferableIssued {
        /// Which record.
        record: TransferableRecordId,
        /// What paper would be called so.
        kind: TransferableKind,
        /// SHA-256 of what it says.
        sha256: Hash,
        /// The statement by which it took the place of paper.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replaces_paper: Option<String>,
    } = 92,
    /// The controller of a transferable record made an offer.
    TransferableOffered {
        /// Which record.
        record: TransferableRecordId,
        /// What is offered.
        offer: RecordOffer,
        /// The last time at which it can be accepted.
        expires_at: Timestamp,
    } = 93,
    /// The controller of a transferable record took its offer back.
    TransferableOfferWithdrawn {
        /// Which record.
        record: TransferableRecordId,
    } = 94,
    /// Control of a transferable record passed to whom it was offered.
    ControlTransferred {
        /// Which record.
        record: TransferableRecordId,
        /// Who controlled it.
        from: PartyId,
        /// Who controls it now.
        to: PartyId,
        /// The how manyth transfer it was, from 1.
        transfers: u32,
    } = 95,
    /// What a transferable record says was amended.
    TransferableAmended {
        /// Which record.
        record: TransferableRecordId,
        /// SHA-256 of what it said.
        before: Hash,
        /// SHA-256 of what it says now.
        after: Hash,
    } = 96,
    /// Units were certified.
    UnitsIssued {
        /// By which certificate.
        certificate: CertificateId,
        /// How many.
        quantity: u64,
        /// What a unit is.
        unit: String,
    } = 97,
    /// Units passed to another holder.
    UnitsTransferred {
        /// Of which certificate.
        certificate: CertificateId,
        /// Who held them.
        from: PartyId,
        /// Who holds them now.
        to: PartyId,
        /// How many.
        quantity: u64,
    } = 98,
    /// Units were retired.
    UnitsRetired {
        /// Of which certificate.
        certificate: CertificateId,
        /// The how manyth retirement under it, from 1.
        retirement: u32,
        /// Who held them.
        holder: PartyId,
        /// How many.
        quantity: u64,
        /// For whom.
        beneficiary: String,
        /// What for.
        reason: String,
    } = 99,
    // Claims and the forfaiting market.
    /// A claim was divided.
    ClaimDivided {
        /// Which claim.
        claim: ClaimId,
        /// The parts, which follow each other.
        into: Vec<ClaimId>,
    } = 40,
    /// Parts were joined.
    ClaimsMerged {
        /// Which parts.
        claims: Vec<ClaimId>,
        /// The claim that they are now.
        into: ClaimId,
    } = 41,
    /// A claim was pledged.
    ClaimPledged {
        /// Which claim.
        claim: ClaimId,
        /// To whom.
        to: PartyId,
    } = 42,
    /// A pledge ended.
    PledgeReleased {
        /// Which claim.
        claim: ClaimId,
        /// Who released it.
        by: PartyId,
    } = 43,
    /// A claim was offered.
    ClaimOffered {
        /// Which claim.
        claim: ClaimId,
        /// To whom.
        to: PartyId,
        /// The last time at which it can be accepted.
        expires_at: Timestamp,
    } = 44,
    /// An offer was taken back.
    ClaimOfferWithdrawn {
        /// Which claim.
        claim: ClaimId,
    } = 45,
    /// A claim passed to another holder.
    ClaimAssigned {
        /// Which claim.
        claim: ClaimId,
        /// Who held it.
        from: PartyId,
        /// Who holds it now.
        to: PartyId,
    } = 46,
    /// The obligor was given notice of an assignment.
    AssignmentNotified {
        /// Which claim.
        claim: ClaimId,
        /// Who owes it.
        obligor: PartyId,
        /// Where the holder wants to be paid.
        account: AccountId,
    } = 47,
    /// The obligor acknowledged an assignment.
    AssignmentAcknowledged {
        /// Which claim.
        claim: ClaimId,
        /// Whom it will pay.
        holder_of_record: PartyId,
        /// Where.
        account: AccountId,
    } = 48,
    /// The obligor paid somebody else, which discharges it of nothing.
    PaymentMisdirected {
        /// Which claim.
        claim: ClaimId,
        /// Whom it paid.
        paid_to: PartyId,
        /// The reference of that payment.
        reference: String,
    } = 49,
    /// A claim was not paid when it was due.
    ClaimUnpaid {
        /// Which claim.
        claim: ClaimId,
        /// Who owes it.
        obligor: PartyId,
    } = 50,
    /// Something was listed.
    ListingPublished {
        /// Which listing.
        listing: ListingId,
        /// What.
        kind: ListingKind,
        /// The last time at which it stands.
        valid_until: Timestamp,
    } = 51,
    /// A listing was taken back.
    ListingWithdrawn {
        /// Which listing.
        listing: ListingId,
    } = 52,
    /// A buyer quoted firmly.
    QuoteGiven {
        /// Which quote.
        quote: QuoteId,
        /// For what.
        subject: QuoteSubject,
        /// The last time at which it stands.
        valid_until: Timestamp,
    } = 53,
    /// A quote was taken back.
    QuoteWithdrawn {
        /// Which quote.
        quote: QuoteId,
    } = 54,
    /// A claim was sold, and waits for the settlement.
    TradeAgreed {
        /// Which trade.
        trade: TradeId,
        /// Which claim.
        claim: ClaimId,
        /// Who sells it.
        seller: PartyId,
        /// Who buys it.
        buyer: PartyId,
        /// What the obligor owes on it.
        face: Money,
    } = 55,
    /// A party confirmed a trade.
    TradeConfirmed {
        /// Which trade.
        trade: TradeId,
        /// Which party.
        by: PartyId,
    } = 56,
    /// The seller delivered documents.
    TradeDocumentsDelivered {
        /// Which trade.
        trade: TradeId,
        /// SHA-256 of each, in their order.
        documents: Vec<Hash>,
    } = 57,
    /// The buyer is satisfied with the documents.
    TradeDocumentsAccepted {
        /// Which trade.
        trade: TradeId,
    } = 58,
    /// The buyer refused the documents.
    TradeDocumentsRefused {
        /// Which trade.
        trade: TradeId,
        /// Every reason.
        reasons: Vec<String>,
    } = 59,
    /// A condition was met, or done without.
    ConditionSatisfied {
        /// Which trade.
        trade: TradeId,
        /// Which condition, by its place in the terms, from 0.
        condition: u16,
    } = 60,
    /// The price was paid and the claim passed, in one step.
    TradeSettled {
        /// Which trade.
        trade: TradeId,
        /// Which claim.
        claim: ClaimId,
        /// The price.
        price: Price,
        /// Until when what is outstanding is awaited, where it was paid under reserve.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reserve: Option<Timestamp>,
    } = 61,
    /// A reserve was lifted.
    ReserveLifted {
        /// Which trade.
        trade: TradeId,
    } = 62,
    /// What was paid under reserve went back, and so did the claim.
    TradeRepaid {
        /// Which trade.
        trade: TradeId,
        /// How much: the net and the interest.
        amount: Money,
    } = 63,
    /// A trade ended without settlement.
    TradeLapsed {
        /// Which trade.
        trade: TradeId,
        /// Why.
        reason: LapseReason,
    } = 64,
    /// The commitment fee of a trade that lapsed was paid.
    CommitmentFeePaid {
        /// Which trade.
        trade: TradeId,
        /// How much.
        amount: Money,
    } = 65,
    /// The buyer proposed to undo a trade.
    UnwindingProposed {
        /// Which trade.
        trade: TradeId,
        /// What the seller is to pay back.
        amount: Money,
    } = 66,
    /// A trade was undone.
    TradeUnwound {
        /// Which trade.
        trade: TradeId,
        /// What the seller paid back.
        amount: Money,
    } = 67,
    /// The buyer came back to the seller.
    RecourseClaimed {
        /// Which trade.
        trade: TradeId,
        /// On which ground.
        ground: RecourseGround,
    } = 68,

    // Demand guarantees and standbys.
    /// A guarantor was instructed.
    GuaranteeInstructed {
        /// By which instruction.
        instruction: GuaranteeInstructionId,
        /// Whom.
        guarantor: PartyId,
        /// The last time at which it can act on it.
        expires_at: Timestamp,
    } = 100,
    /// An instruction was taken back.
    GuaranteeInstructionWithdrawn {
        /// Which instruction.
        instruction: GuaranteeInstructionId,
    } = 101,
    /// A guarantee, a counter-guarantee or a standby was issued.
    GuaranteeIssued {
        /// Which.
        guarantee: GuaranteeId,
        /// Who has the beneficiary's rights.
        beneficiary: PartyId,
        /// The amount that the guarantor is contingently liable for.
        amount: Money,
        /// The last day to present demands, where there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expiry: Option<Expires>,
        /// The counter-guarantee behind it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        counter_guarantee: Option<GuaranteeId>,
    } = 102,
    /// It was advised to the beneficiary.
    GuaranteeAdvised {
        /// Which.
        guarantee: GuaranteeId,
        /// Who advised it.
        advising_party: PartyId,
        /// Whether it found it genuine.
        authenticity: Authenticity,
    } = 103,
    /// An amendment was issued; the guarantor is bound by it.
    GuaranteeAmendmentIssued {
        /// Which amendment.
        amendment: GuaranteeAmendmentId,
        /// Whose consent it needs.
        beneficiary: PartyId,
        /// What it changes.
        changes: Box<GuaranteeChanges>,
    } = 104,
    /// The beneficiary consented to an amendment.
    GuaranteeAmendmentAccepted {
        /// Which amendment.
        amendment: GuaranteeAmendmentId,
        /// The most that can be demanded now.
        amount: Money,
        /// The last day to present demands now, where there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expiry: Option<Expires>,
    } = 105,
    /// The beneficiary rejected an amendment.
    GuaranteeAmendmentRejected {
        /// Which amendment.
        amendment: GuaranteeAmendmentId,
        /// Whether it consented to a part of it.
        partly_accepted: bool,
    } = 106,
    /// The beneficiary asked for a transfer, or for an assignment of the proceeds.
    GuaranteeTransferRequested {
        /// Which guarantee.
        guarantee: GuaranteeId,
        /// What it asks.
        request: RightsRequest,
        /// The last time at which the guarantor can consent.
        expires_at: Timestamp,
    } = 107,
    /// Another party became the beneficiary.
    GuaranteeTransferred {
        /// Which guarantee.
        guarantee: GuaranteeId,
        /// Who was.
        from: PartyId,
        /// Who is.
        to: PartyId,
    } = 108,
    /// The guarantor agreed to pay all demands into an account.
    ProceedsAssigned {
        /// Under which guarantee.
        guarantee: GuaranteeId,
        /// Which account.
        account: AccountId,
    } = 109,
    /// A demand was presented.
    DemandPresented {
        /// Which demand.
        demand: DemandId,
        /// Who demands.
        presented_by: PartyId,
        /// How much.
        amount: Money,
        /// The expiry that it would have instead of payment.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        extend_to: Option<Date>,
        /// The day of presentation, as a date at the place for presentation.
        presented_on: Date,
        /// By when the guarantor must accept, pay or refuse.
        deadline: Deadline,
    } = 110,
    /// A demand was found complying, and is owed.
    DemandAccepted {
        /// Which demand.
        demand: DemandId,
        /// How much.
        amount: Money,
    } = 111,
    /// A demand was refused.
    DemandRefused {
        /// Which demand.
        demand: DemandId,
        /// How much was demanded, and can be demanded again.
        amount: Money,
        /// Every discrepancy.
        discrepancies: Vec<String>,
    } = 112,
    /// No notice was given in time, so a demand counts as complying.
    DemandRefusalPrecluded {
        /// Which demand.
        demand: DemandId,
        /// Who invoked it.
        invoked_by: PartyId,
        /// The deadline that had passed.
        deadline: Deadline,
    } = 113,
    /// A demand was found complying, and its payment suspended.
    DemandSuspended {
        /// Which demand.
        demand: DemandId,
        /// The last day of the suspension.
        until: Date,
        /// The expiry that it asks for instead of payment.
        extend_to: Date,
    } = 114,
    /// A demand counts as never made.
    DemandWithdrawn {
        /// Which demand.
        demand: DemandId,
        /// How it was withdrawn.
        reason: DemandWithdrawal,
    } = 115,
    /// A demand was paid.
    DemandPaid {
        /// Which demand.
        demand: DemandId,
        /// How much.
        amount: Money,
        /// The account that paid.
        from: AccountId,
        /// The account that was paid.
        to: AccountId,
        /// What the instructing party owes for it, where one does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reimbursement: Option<ReimbursementDue>,
    } = 116,
    /// The instructing party reimbursed the guarantor.
    GuarantorReimbursed {
        /// For which demand.
        demand: DemandId,
        /// Who did.
        by: PartyId,
        /// How much.
        amount: Money,
        /// The account that paid.
        from: AccountId,
        /// The account that was paid.
        to: AccountId,
    } = 117,
    /// The last day to present demands became another.
    GuaranteeExpiryMoved {
        /// Which guarantee.
        guarantee: GuaranteeId,
        /// The last day now, where there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expiry: Option<Expires>,
        /// Why.
        cause: ExtensionCause,
    } = 118,
    /// The guarantor gave notice that it extends no more.
    NonExtensionNoticed {
        /// Which guarantee.
        guarantee: GuaranteeId,
        /// The last day to present demands.
        expires: Date,
    } = 119,
    /// The amount was reduced.
    GuaranteeReduced {
        /// Which guarantee.
        guarantee: GuaranteeId,
        /// By how much.
        by: Money,
        /// The most that can be demanded now.
        amount: Money,
        /// Why.
        reason: ReductionReason,
    } = 120,
    /// The event of expiry was shown to the guarantor by a document.
    ExpiryEventStated {
        /// Of which guarantee.
        guarantee: GuaranteeId,
        /// The document.
        document: Document,
    } = 121,
    /// The guarantor stated that force majeure closed its place.
    ClosureStated {
        /// Under which guarantee.
        guarantee: GuaranteeId,
        /// When, and what closed it.
        closure: Closure,
    } = 122,
    /// An undertaking ended.
    GuaranteeClosed {
        /// Which.
        guarantee: GuaranteeId,
        /// Why.
        reason: GuaranteeEnd,
        /// How much was paid under it.
        paid: Money,
        /// The contingent liability that ends.
        unused: Money,
    } = 123,
    /// A later calendar decided the last day to present demands.
    GuaranteeExpiryDecided {
        /// Of which guarantee.
        guarantee: GuaranteeId,
        /// The last day.
        expiry: Expires,
    } = 124,
    /// A later calendar, or a closure, decided the deadline of an examination.
    DemandDeadlineDecided {
        /// Of which demand.
        demand: DemandId,
        /// By when the guarantor must accept, pay or refuse.
        deadline: Deadline,
    } = 125,

    // Bills of exchange.
    /// A bill was drawn.
    BillDrawn {
        /// Which bill.
        bill: BillId,
        /// Who is ordered to pay.
        drawee: PartyId,
        /// To whom it is to be delivered.
        payee: PartyId,
        /// Its sum.
        amount: Money,
        /// From when it is due.
        due: DueDate,
    } = 130,
    /// It was presented for acceptance.
    BillPresentedForAcceptance {
        /// Which bill.
        bill: BillId,
        /// By when its drawee answers.
        deadline: Deadline,
    } = 131,
    /// Its drawee accepted it.
    BillAccepted {
        /// Which bill.
        bill: BillId,
        /// Who owes it.
        acceptor: PartyId,
        /// How much.
        amount: Money,
        /// All of it, as the part that circulates.
        part: BillPartId,
    } = 132,
    /// Its drawee did not accept it.
    BillRefused {
        /// Which bill.
        bill: BillId,
        /// Why.
        reason: String,
    } = 133,
    /// Its drawer cancelled it.
    BillCancelled {
        /// Which bill.
        bill: BillId,
    } = 134,
    /// An act on a part was offered.
    BillOffered {
        /// Which part.
        part: BillPartId,
        /// Which of its units.
        units: Units,
        /// Who offers.
        by: PartyId,
        /// Who may sign.
        to: PartyId,
        /// What takes effect then.
        act: BillAct,
        /// The last time at which it can sign.
        expires_at: Timestamp,
    } = 135,
    /// An offer was rejected.
    BillOfferRejected {
        /// Which part.
        part: BillPartId,
        /// Which of its units.
        units: Units,
        /// Who rejected.
        by: PartyId,
    } = 136,
    /// An offer was taken back.
    BillOfferWithdrawn {
        /// Which part.
        part: BillPartId,
        /// Which of its units.
        units: Units,
        /// Who took it back.
        by: PartyId,
    } = 137,
    /// A part was divided.
    BillDivided {
        /// Which part.
        part: BillPartId,
        /// Into which, in the order of their units.
        into: Vec<BillPartId>,
    } = 138,
    /// A part passed to another holder: the bill was delivered, endorsed, discounted or rediscounted.
    BillTransferred {
        /// Which part.
        part: BillPartId,
        /// By which act.
        kind: TransferKind,
        /// From whom.
        from: PartyId,
        /// To whom.
        to: PartyId,
        /// Whether it may be passed on.
        circulation: Circulation,
    } = 139,
    /// A part was pledged.
    BillPledged {
        /// Which part.
        part: BillPartId,
        /// To whom.
        to: PartyId,
    } = 140,
    /// A pledge was released.
    BillPledgeReleased {
        /// Which part.
        part: BillPartId,
        /// Who released it.
        by: PartyId,
    } = 141,
    /// Somebody stands for what another owes on a part.
    BillAvalled {
        /// Which part.
        part: BillPartId,
        /// Who.
        guarantor: PartyId,
        /// For whom.
        stands_for: Guaranteed,
    } = 142,
    /// A part was paid for when it passed.
    BillSold {
        /// Which part.
        part: BillPartId,
        /// By whom.
        seller: PartyId,
        /// To whom.
        buyer: PartyId,
        /// What was paid.
        net: Money,
        /// The sum of the part less that.
        discount: Money,
        /// The return leg, where there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        repurchase: Option<Repurchase>,
        /// Whether the buyer is the central bank.
        central_bank: bool,
    } = 143,
    /// A part may be passed on again.
    NonTransferableRevoked {
        /// Which part.
        part: BillPartId,
        /// Who revoked.
        by: PartyId,
    } = 144,
    /// A part was bought back.
    BillRepurchased {
        /// Which part.
        part: BillPartId,
        /// Who holds it again.
        seller: PartyId,
        /// Who held it.
        buyer: PartyId,
        /// What was paid.
        price: Money,
    } = 145,
    /// A part was not bought back, and its buyer keeps it.
    RepurchaseClosedOut {
        /// Which part.
        part: BillPartId,
        /// Who sold it.
        seller: PartyId,
        /// Who keeps it.
        buyer: PartyId,
    } = 146,
    /// A part was presented for payment.
    BillPresentedForPayment {
        /// Which part.
        part: BillPartId,
        /// Where it is to be paid.
        account: AccountId,
        /// Whether it came after the time for it, so that endorsers are free.
        late: bool,
        /// By when the acceptor answers.
        deadline: Deadline,
    } = 147,
    /// The acceptor paid a part.
    BillPaid {
        /// Which part.
        part: BillPartId,
        /// Who paid.
        acceptor: PartyId,
        /// Whom.
        collector: PartyId,
        /// How much.
        amount: Money,
        /// Out of which account.
        from: AccountId,
        /// Into which account.
        to: AccountId,
    } = 148,
    /// A part was not paid, and recourse is open.
    BillDishonoured {
        /// Which part.
        part: BillPartId,
        /// Who said so.
        by: PartyId,
        /// Why.
        reason: String,
    } = 149,
    /// A part was claimed from one that is liable.
    RecourseNotified {
        /// Which part.
        part: BillPartId,
        /// By whom.
        by: PartyId,
        /// From whom.
        against: PartyId,
        /// Whether the notice came in time.
        in_time: bool,
    } = 150,
    /// One that was liable paid, and took the holder's place; or the acceptor paid, and nobody is liable any more.
    RecourseSettled {
        /// Which part.
        part: BillPartId,
        /// Who paid.
        by: PartyId,
        /// Whom.
        to: PartyId,
        /// How much, with interest.
        amount: Money,
    } = 151,
    /// A court's order stops a part.
    BillFrozen {
        /// Which part.
        part: BillPartId,
        /// Which court.
        court: String,
        /// The number of its order.
        order: String,
    } = 152,
    /// A court's order on a part was released.
    BillFreezeReleased {
        /// Which part.
        part: BillPartId,
        /// The number of the order.
        order: String,
    } = 153,
    /// A due date that the calendar did not reach is decided.
    BillDueDateDecided {
        /// Of which bill.
        bill: BillId,
        /// From when it is due.
        due: DueDate,
    } = 154,

    // Factoring and payables.
    /// A payable was approved, or a voucher of it offered.
    VoucherIssued {
        /// Which voucher.
        voucher: VoucherId,
        /// To whom it is owed.
        supplier: PartyId,
        /// How much.
        amount: Money,
        /// When it is due.
        due: DueDate,
    } = 160,
    /// The supplier accepted a voucher.
    VoucherAccepted {
        /// Which voucher.
        voucher: VoucherId,
    } = 161,
    /// The supplier rejected a voucher.
    VoucherRejected {
        /// Which voucher.
        voucher: VoucherId,
    } = 162,
    /// A voucher was taken back.
    VoucherWithdrawn {
        /// Which voucher.
        voucher: VoucherId,
    } = 163,
    /// Cover of a debtor was asked for.
    ApprovalRequested {
        /// Which approval.
        approval: ApprovalId,
        /// Who was asked.
        import_factor: PartyId,
        /// How much.
        amount: Money,
    } = 164,
    /// The import factor answered.
    ApprovalAnswered {
        /// Which approval.
        approval: ApprovalId,
        /// How much is covered; none where it declined.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<Money>,
    } = 165,
    /// An approval was reduced, or ended.
    ApprovalReduced {
        /// Which approval.
        approval: ApprovalId,
        /// To how much; none where it ended.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<Money>,
    } = 166,
    /// A receivable was assigned.
    ReceivableAssigned {
        /// Which receivable.
        receivable: ReceivableId,
        /// How much.
        amount: Money,
        /// How much of it is covered.
        covered: Money,
        /// When it is due.
        due: DueDate,
    } = 167,
    /// A part of a receivable was advanced.
    ReceivableFinanced {
        /// Which receivable.
        receivable: ReceivableId,
        /// How much.
        amount: Money,
        /// Whether the seller pays it back if the debtor does not pay.
        recourse: bool,
    } = 168,
    /// The debtor was credited.
    ReceivableCredited {
        /// Which receivable.
        receivable: ReceivableId,
        /// How much.
        amount: Money,
        /// Why.
        reason: String,
    } = 169,
    /// What was collected was remitted.
    CollectionRemitted {
        /// Which receivable.
        receivable: ReceivableId,
        /// How much.
        amount: Money,
    } = 170,
    /// The debtor paid the export factor directly.
    DirectReceiptReported {
        /// Which receivable.
        receivable: ReceivableId,
        /// How much.
        amount: Money,
        /// The reference of that payment.
        reference: String,
    } = 171,
    /// A receivable was disputed.
    ReceivableDisputed {
        /// Which receivable.
        receivable: ReceivableId,
        /// Who gave notice.
        by: PartyId,
        /// Why.
        reason: String,
    } = 172,
    /// A dispute was settled.
    DisputeSettled {
        /// Which receivable.
        receivable: ReceivableId,
    } = 173,
    /// The import factor paid what it covers.
    CoverPaid {
        /// Which receivable.
        receivable: ReceivableId,
        /// How much.
        amount: Money,
    } = 174,
    /// The import factor proposed to give a receivable back.
    ReassignmentProposed {
        /// Which receivable.
        receivable: ReceivableId,
        /// Why.
        cause: String,
    } = 175,
    /// A receivable was given back.
    ReceivableReassigned {
        /// Which receivable.
        receivable: ReceivableId,
    } = 176,
    /// A receivable was offered.
    ReceivableOffered {
        /// Which receivable.
        receivable: ReceivableId,
        /// To whom.
        to: PartyId,
        /// The last time at which it can be accepted.
        expires_at: Timestamp,
    } = 177,
    /// A receivable was sold and paid, in one step.
    ReceivableSold {
        /// Which receivable.
        receivable: ReceivableId,
        /// Who owned it.
        from: PartyId,
        /// Who owns it now.
        to: PartyId,
        /// What was paid.
        price: Money,
    } = 178,

    // Risk participation.
    /// A master agreement of risk participation was offered.
    ParticipationAgreementOffered {
        /// Which agreement.
        agreement: ParticipationAgreementId,
        /// To whom.
        counterparty: PartyId,
        /// The last time at which it can be accepted.
        expires_at: Timestamp,
    } = 190,
    /// A master agreement of risk participation came into force.
    ParticipationAgreementAccepted {
        /// Which agreement.
        agreement: ParticipationAgreementId,
    } = 191,
    /// Nothing new is agreed under a master agreement any more.
    ParticipationAgreementEnded {
        /// Which agreement.
        agreement: ParticipationAgreementId,
        /// Who ended it.
        by: PartyId,
    } = 192,
    /// A transaction was registered whose risk its seller would share.
    UnderlyingRegistered {
        /// Which transaction.
        underlying: UnderlyingId,
        /// What kind of transaction it is.
        risk: RiskType,
        /// How much is at risk in all.
        exposure: Money,
    } = 193,
    /// A share of a risk was offered.
    ParticipationOffered {
        /// Which participation.
        participation: ParticipationId,
        /// In which transaction.
        underlying: UnderlyingId,
        /// To whom.
        participant: PartyId,
        /// Which share.
        share: Proportion,
        /// What it comes to now.
        amount: Money,
        /// The last time at which it can be accepted.
        expires_at: Timestamp,
    } = 194,
    /// A participant accepted a share of a risk.
    ParticipationAccepted {
        /// Which participation.
        participation: ParticipationId,
        /// In which transaction.
        underlying: UnderlyingId,
        /// Who takes it.
        participant: PartyId,
        /// What the participant is liable for.
        amount: Money,
    } = 195,
    /// A funded participant paid its share.
    ParticipationFunded {
        /// Which participation.
        participation: ParticipationId,
        /// How much.
        amount: Money,
    } = 196,
    /// A seller paid the fee of a participation.
    ParticipationFeePaid {
        /// Which participation.
        participation: ParticipationId,
        /// How much.
        fee: Money,
        /// Until which day.
        until: Date,
    } = 197,
    /// The seller stated that an obligor failed to pay.
    ObligorDefaulted {
        /// Which transaction.
        underlying: UnderlyingId,
        /// How much is at risk.
        outstanding: Money,
    } = 198,
    /// The seller demanded payment of an unfunded participant.
    ParticipationDemanded {
        /// Which participation.
        participation: ParticipationId,
        /// How much.
        amount: Money,
        /// By when the participant pays.
        deadline: Deadline,
    } = 199,
    /// An unfunded participant paid what was demanded.
    ParticipationPaid {
        /// Which participation.
        participation: ParticipationId,
        /// How much.
        amount: Money,
        /// Whether it came after the last day for it.
        late: bool,
    } = 200,
    /// The seller received something of a transaction.
    RecoveryReported {
        /// Which transaction.
        underlying: UnderlyingId,
        /// How much.
        amount: Money,
        /// How much is at risk still.
        outstanding: Money,
    } = 201,
    /// The seller turned over to a participant its part of recoveries.
    RecoveryTurnedOver {
        /// Which participation.
        participation: ParticipationId,
        /// How much.
        amount: Money,
        /// Whether it came after the last day for it.
        late: bool,
    } = 202,
    /// One party of a participation asked the other for a change.
    ParticipationChangeRequested {
        /// Which participation.
        participation: ParticipationId,
        /// What it asked.
        change: ParticipationChange,
        /// Who asked.
        by: PartyId,
        /// The last time at which the other can agree.
        expires_at: Timestamp,
    } = 203,
    /// The other party of a participation answered.
    ParticipationChangeAnswered {
        /// Which participation.
        participation: ParticipationId,
        /// Who answered.
        by: PartyId,
        /// Whether it agreed.
        agreed: bool,
    } = 204,
    /// A participation was reduced, split or elevated.
    ParticipationChanged {
        /// Which participation.
        participation: ParticipationId,
        /// How.
        change: ParticipationChange,
        /// Its share from then on.
        share: Proportion,
        /// What it comes to.
        amount: Money,
    } = 205,
    /// The seller changed material terms of a transaction, with consent.
    UnderlyingChanged {
        /// Which transaction.
        underlying: UnderlyingId,
        /// What it changed.
        change: UnderlyingChange,
    } = 206,
    /// A participation is over.
    ParticipationTerminated {
        /// Which participation.
        participation: ParticipationId,
        /// Why.
        reason: TerminationReason,
    } = 207,

    // Supervision and limits.
    /// The supervisor froze a party, an account or an instrument.
    Frozen {
        /// What it froze.
        subject: FrozenSubject,
        /// The order's number.
        order: String,
        /// The last time at which it stands, where it has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
        /// The affected parties that are to be told: none where it is not disclosed.
        notified: Vec<PartyId>,
    } = 210,
    /// The supervisor released what it had frozen.
    FreezeReleased {
        /// What was frozen.
        subject: FrozenSubject,
        /// The number of the order that released it.
        order: String,
        /// The affected parties that are to be told: none where the freeze was not disclosed.
        notified: Vec<PartyId>,
    } = 211,
    /// A bank set a limit, or took one away.
    LimitSet {
        /// Whose limit.
        creditor: PartyId,
        /// Towards whom.
        debtor: PartyId,
        /// In which currency.
        currency: Currency,
        /// How much.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<Money>,
    } = 215,
}
