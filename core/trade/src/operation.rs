//! What parties can do.

use allonge_crypto::Hash;
use allonge_finance::{CalendarId, Currency, Date, DiscountTerms, Money, PartyId, Rate, Timestamp};
use allonge_ledger::{AccountId, Amount, Governed, HoldId};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::amendment::{AmendedItem, AmendmentId};
use crate::bill::{BillAct, BillTerms};
use crate::document::DocumentContent;
use crate::factoring::Registration;
use crate::financing::{FinancedDocument, Fingerprint, ReleaseReason};
use crate::guarantee::{
    GuaranteeAnswer, GuaranteeChanges, GuaranteeTerms, InstructedAct, ReduceBy, RightsRequest,
};
use crate::identifier::{
    ApprovalId, BillId, BillPartId, CertificateId, ClaimId, CreditId, DemandId, DocumentId, ExposureId,
    FinancingId, GuaranteeAmendmentId, GuaranteeId, GuaranteeInstructionId, ListingId,
    ParticipationAgreementId, ParticipationId, PresentationId, QuoteId, ReceivableId, TradeId,
    TransferableRecordId, UnderlyingId, VoucherId,
};
use crate::letter_of_credit::Authenticity;
use crate::market::{Criteria, FirmOffer, QuoteSubject, RecourseGround};
use crate::participation::{
    AgreementTerms, ParticipationChange, ParticipationTerms, RiskType, UnderlyingChange,
};
use crate::presentation::{Disposal, Document, Shipment};
use crate::supervision::FrozenSubject;
use crate::terms::{LetterOfCreditTerms, NamedParty};
use crate::transferable::{RecordOffer, TransferableKind};
use crate::units::Units;
use crate::voucher::PayableBackground;

/// One thing that a party does with an instrument.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum TradeOperation {
    /// The issuing bank issues a letter of credit and is bound. UCP 600 art. 7(b).
    IssueCredit {
        /// The documentary credit number, at most 16 characters of SWIFT's set x; unique for the bank (20).
        number: String,
        /// What the credit says.
        terms: Box<LetterOfCreditTerms>,
    } = 0,
    /// The advising bank advises a letter of credit to the beneficiary. UCP 600 art. 9.
    AdviseCredit {
        /// Which credit.
        credit: CreditId,
        /// Whether it could satisfy itself that the credit is genuine.
        authenticity: Authenticity,
    } = 1,
    /// A presenter presents documents and draws. UCP 600 art. 6, 14(c), 29, 30, 31.
    PresentDocuments {
        /// Under which credit.
        credit: CreditId,
        /// How much is drawn, above zero, in the credit's currency.
        amount: Money,
        /// The account to pay: the presenter's own, in the credit's currency.
        account: AccountId,
        /// The reference of the covering schedule, 1 to 35 characters.
        covering_reference: String,
        /// When and how goods were shipped. It must be there when the credit counts days from shipment, or
        /// names a latest date of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shipment: Option<Shipment>,
        /// The documents, 1 to 200.
        documents: Vec<Document>,
        /// The numbers of amendments that nobody answered and with which the presentation complies: presenting is their
        /// acceptance. UCP 600 art. 10(c).
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        amendments: Vec<u32>,
    } = 2,
    /// The issuing bank finds that a presentation complies and undertakes to pay at maturity; a claim comes
    /// into being. For credits by deferred payment or acceptance. UCP 600 art. 7(a), 14(b), 15(a).
    AcceptPresentation {
        /// Which presentation.
        presentation: PresentationId,
    } = 3,
    /// The issuing bank finds that a presentation complies and pays it. For credits by sight payment.
    /// UCP 600 art. 7(a), 14(b), 15(a).
    HonourPresentation {
        /// Which presentation.
        presentation: PresentationId,
        /// The issuing bank's account that pays.
        from: AccountId,
    } = 4,
    /// The issuing bank refuses, in a single notice with every discrepancy. UCP 600 art. 16(c), 16(d).
    RefusePresentation {
        /// Which presentation.
        presentation: PresentationId,
        /// Every discrepancy, 1 to 70 of at most 350 characters.
        discrepancies: Vec<String>,
        /// What happens to the documents.
        disposal: Disposal,
    } = 5,
    /// The presenter, or the issuing bank, states that no notice was given in time: the presentation counts
    /// as complying, and a claim comes into being. UCP 600 art. 16(f).
    InvokePreclusion {
        /// Which presentation.
        presentation: PresentationId,
    } = 6,
    /// The obligor pays a claim to its holder of record. UCP 600 art. 7(a).
    PayClaim {
        /// Which claim.
        claim: ClaimId,
        /// The obligor's account that pays.
        from: AccountId,
        /// The account to pay: one of the holder of record.
        to: AccountId,
        /// How much: exactly what is owed.
        amount: Money,
    } = 7,
    /// The issuing bank closes a credit under which nothing more can happen.
    CloseCredit {
        /// Which credit.
        credit: CreditId,
    } = 8,
    /// The issuing bank amends a credit, and is bound. UCP 600 art. 10(b).
    AmendCredit {
        /// Which credit.
        credit: CreditId,
        /// What it changes, 1 to 50 items.
        items: Vec<AmendedItem>,
    } = 9,
    /// The beneficiary, or the advising bank for it, answers an amendment. Accepting a part of it rejects it. UCP 600 art. 10.
    AnswerAmendment {
        /// Which amendment.
        amendment: AmendmentId,
        /// The items that are accepted, by their place from 0, ascending: all to accept, none to reject.
        accepted: Vec<u16>,
    } = 10,
    /// The bank that the credit asks adds its confirmation. UCP 600 art. 8.
    ConfirmCredit {
        /// Which credit.
        credit: CreditId,
    } = 11,
    /// The confirming bank says whether it extends its confirmation to an amendment. UCP 600 art. 10(b).
    ExtendConfirmation {
        /// Which amendment.
        amendment: AmendmentId,
        /// Whether it does.
        extend: bool,
    } = 12,
    /// One of those without whom a credit is not cancelled consents: the issuing bank, the confirming bank, and the
    /// beneficiary or the advising bank for it. With the last it is cancelled. UCP 600 art. 10(a).
    ConsentToCancellation {
        /// Which credit.
        credit: CreditId,
    } = 13,
    /// The issuing bank asks the applicant to waive discrepancies, inside the time that it has. UCP 600 art. 16(b).
    SeekWaiver {
        /// Which presentation.
        presentation: PresentationId,
        /// What is to be waived, 1 to 70 of at most 350 characters.
        discrepancies: Vec<String>,
    } = 14,
    /// The applicant waives what it was asked to. The issuing bank still decides by itself. UCP 600 art. 16(b).
    WaiveDiscrepancies {
        /// Which presentation.
        presentation: PresentationId,
    } = 15,

    /// The registrar adopts a key of fingerprints, which follows the one in force. Financing registry art. 1.
    AdoptFingerprintKey {
        /// The key's id. The key itself stays in the registrar's service.
        key_id: Hash,
        /// Until when the key in force so far remains so, for banks to fingerprint anew what they have financed. A
        /// time that has passed takes a key that became known out of force at once. It says nothing for the first key.
        previous_until: Timestamp,
    } = 80,
    /// A bank reserves an amount of a document, and is told whether others have registered it. Financing registry
    /// art. 2 to 5.
    ReserveFinancing {
        /// The bank's own number for it, 1 to 35 characters of SWIFT's set x.
        number: String,
        /// What is to be financed.
        document: FinancedDocument,
        /// The amount of the document.
        face: Money,
        /// How much is reserved: above zero, and at most the face.
        amount: Money,
        /// The last time at which the bank can say that it financed, at most 90 days ahead.
        expires_at: Timestamp,
        /// The document's fingerprints under each key in force, ascending, at most 64.
        fingerprints: Vec<Fingerprint>,
    } = 81,
    /// The bank financed what it had reserved, or less. Financing registry art. 3, 4.
    ConfirmFinancing {
        /// Which financing.
        financing: FinancingId,
        /// How much: above zero, and at most what is reserved.
        amount: Money,
    } = 82,
    /// The bank releases a part of what it financed, or the rest. Financing registry art. 6.
    ReleaseFinancing {
        /// Which financing.
        financing: FinancingId,
        /// How much: above zero, and at most what is left.
        amount: Money,
        /// Why.
        reason: ReleaseReason,
    } = 83,
    /// The bank says that it did not finance after all. Financing registry art. 6.
    VoidFinancing {
        /// Which financing: one of which nothing was released.
        financing: FinancingId,
        /// Why, at most 140 characters.
        reason: String,
    } = 84,
    /// The bank gives a financing the fingerprints of the keys in force. Financing registry art. 1, 2.
    RefingerprintFinancing {
        /// Which financing: one that takes a part of the face.
        financing: FinancingId,
        /// The document's fingerprints under each key in force, of the same tiers as before.
        fingerprints: Vec<Fingerprint>,
    } = 85,
    /// A debtor consents that a lender states its exposure.
    ConsentToExposure {
        /// The debtor's own number for it, 1 to 35 characters of SWIFT's set x.
        number: String,
        /// Which lender.
        lender: PartyId,
        /// The last time at which the consent holds, at most 366 days ahead.
        expires_at: Timestamp,
    } = 86,
    /// The lender states how much the debtor owes it, or states it anew.
    StateExposure {
        /// Under which consent.
        exposure: ExposureId,
        /// How much, zero or above.
        amount: Money,
        /// As of which day.
        as_of: Date,
    } = 87,
    /// The debtor withdraws its consent, or the lender has nothing more to state.
    EndExposure {
        /// Which consent.
        exposure: ExposureId,
    } = 88,
    /// An issuer vouches for a file.
    NotariseDocument {
        /// The issuer's own number for it, 1 to 35 characters of SWIFT's set x.
        number: String,
        /// The file.
        content: DocumentContent,
        /// A valid document of the same issuer, whose place it takes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        supersedes: Option<DocumentId>,
    } = 90,
    /// An issuer takes a document back.
    RevokeDocument {
        /// Which document.
        document: DocumentId,
        /// Why, at most 140 characters.
        reason: String,
    } = 91,
    /// A party issues a transferable record, and is its first controller. MLETR art. 10, 17.
    IssueTransferable {
        /// The issuer's own number for it, 1 to 35 characters of SWIFT's set x, used once for ever.
        number: String,
        /// What paper would be called so.
        kind: TransferableKind,
        /// What it says.
        content: DocumentContent,
        /// Where it takes the place of paper: the statement of it, at most 350 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replaces_paper: Option<String>,
    } = 92,
    /// The controller offers control, the record against performance, or an amendment. MLETR art. 11, 15, 16.
    OfferTransferable {
        /// Which record.
        record: TransferableRecordId,
        /// What is offered.
        offer: RecordOffer,
        /// The last time at which it can be accepted, at most 30 days ahead. Until then the record is bound.
        expires_at: Timestamp,
    } = 93,
    /// The controller takes its offer back.
    WithdrawTransferableOffer {
        /// Which record.
        record: TransferableRecordId,
    } = 94,
    /// The party to whom it is offered accepts: the named one control, the issuer surrender or an amendment. MLETR
    /// art. 11, 15, 16.
    AcceptTransferable {
        /// Which record.
        record: TransferableRecordId,
        /// What is accepted: the offer as it stands.
        offer: RecordOffer,
    } = 95,
    /// The controller lets paper take the place of a record, which ends. MLETR art. 18.
    SwitchToPaper {
        /// Which record.
        record: TransferableRecordId,
        /// The statement of it, at most 350 characters.
        statement: String,
    } = 96,
    /// An issuer certifies units, and holds them at first.
    IssueUnits {
        /// The issuer's own number for it, 1 to 35 characters of SWIFT's set x.
        number: String,
        /// What a unit is, at most 16 characters: `kWh`.
        unit: String,
        /// What is certified, at most 140 characters.
        description: String,
        /// SHA-256 of the document behind it, as `sha256sum` prints it.
        sha256: Hash,
        /// How many units, above zero.
        quantity: u64,
    } = 97,
    /// A holder gives units to another party.
    TransferUnits {
        /// Of which certificate.
        certificate: CertificateId,
        /// To whom.
        to: PartyId,
        /// How many units, above zero.
        quantity: u64,
    } = 98,
    /// A holder retires units for a beneficiary.
    RetireUnits {
        /// Of which certificate.
        certificate: CertificateId,
        /// How many units, above zero.
        quantity: u64,
        /// For whom, at most 140 characters.
        beneficiary: String,
        /// What for, at most 140 characters.
        reason: String,
    } = 99,
    // Claims and the forfaiting market.
    /// The holder of a claim divides it into parts, each of which is a claim.
    DivideClaim {
        /// Which claim.
        claim: ClaimId,
        /// The amounts of the parts in their order, 1 to 99; what remains is the last part.
        amounts: Vec<Money>,
    } = 40,
    /// The holder of parts that follow each other joins them into one claim.
    MergeClaims {
        /// The parts in their order, 2 to 100.
        claims: Vec<ClaimId>,
    } = 41,
    /// The holder of a claim pledges it.
    PledgeClaim {
        /// Which claim.
        claim: ClaimId,
        /// To whom.
        to: PartyId,
        /// What it secures, at most 140 characters.
        secures: String,
    } = 42,
    /// The pledgee releases a claim.
    ReleasePledge {
        /// Which claim.
        claim: ClaimId,
    } = 43,
    /// The holder of a claim offers it to another party, for nothing that the ledger sees.
    OfferClaim {
        /// Which claim.
        claim: ClaimId,
        /// To whom.
        to: PartyId,
        /// The last time at which it can be accepted, at most 90 days ahead. Until then the claim is bound.
        expires_at: Timestamp,
    } = 44,
    /// The holder of a claim takes its offer back.
    WithdrawClaimOffer {
        /// Which claim.
        claim: ClaimId,
    } = 45,
    /// The party to whom a claim is offered accepts it, and holds it.
    AcceptClaim {
        /// Which claim.
        claim: ClaimId,
    } = 46,
    /// The holder of a claim gives the obligor notice that it holds it, and where it is to be paid. URF 800 art. 14.
    NotifyAssignment {
        /// Which claim.
        claim: ClaimId,
        /// The holder's account to pay, in the claim's currency.
        account: AccountId,
    } = 47,
    /// The obligor acknowledges an assignment, and is bound to pay the holder there.
    AcknowledgeAssignment {
        /// Which claim.
        claim: ClaimId,
        /// The account of which it was notified.
        account: AccountId,
    } = 48,
    /// The obligor reports that it paid somebody else than the holder, outside this ledger. The claim stays open.
    ReportMisdirectedPayment {
        /// Which claim.
        claim: ClaimId,
        /// Whom it paid.
        paid_to: PartyId,
        /// The reference of that payment, at most 140 characters.
        reference: String,
    } = 49,
    /// The holder of a claim states that it was not paid on the day on which it was due. URF 800 art. 4, 13.
    DeclareUnpaid {
        /// Which claim.
        claim: ClaimId,
    } = 50,
    /// The holder of a claim lists it for sale.
    PublishAsset {
        /// The holder's own number for it, 1 to 35 characters of SWIFT's set x.
        number: String,
        /// Which claim: one that nothing binds.
        claim: ClaimId,
        /// The rate that it has in mind, which binds nobody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        indicative_rate: Option<Rate>,
        /// What it is bound to, where it is: whoever takes the claim first has it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        firm: Option<Box<FirmOffer>>,
        /// The last time at which it stands, at most 90 days ahead.
        valid_until: Timestamp,
    } = 51,
    /// A holder asks for quotes for a claim that it does not name.
    RequestQuotes {
        /// The holder's own number for it, 1 to 35 characters of SWIFT's set x.
        number: String,
        /// What the claim is like.
        criteria: Criteria,
        /// Who may quote, ascending, at most 50; everybody where there is none.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        invited: Vec<PartyId>,
        /// The last time at which it stands, at most 90 days ahead.
        valid_until: Timestamp,
    } = 52,
    /// A buyer bids for all claims of a kind.
    PlaceBid {
        /// The buyer's own number for it, 1 to 35 characters of SWIFT's set x.
        number: String,
        /// What it buys.
        criteria: Criteria,
        /// On which terms, and from which account.
        firm: Box<FirmOffer>,
        /// How much of face amounts it buys in all.
        capacity: Money,
        /// The last time at which it stands, at most 90 days ahead.
        valid_until: Timestamp,
    } = 53,
    /// Its publisher takes a listing back.
    WithdrawListing {
        /// Which listing.
        listing: ListingId,
    } = 54,
    /// A buyer quotes firmly for a claim, or to an enquiry. URF 800 art. 5.
    QuotePrice {
        /// The buyer's own number for it, 1 to 35 characters of SWIFT's set x.
        number: String,
        /// For what.
        subject: QuoteSubject,
        /// On which terms, and from which account.
        firm: Box<FirmOffer>,
        /// The last time at which it stands, at most 90 days ahead.
        valid_until: Timestamp,
    } = 55,
    /// The buyer takes a quote back.
    WithdrawQuote {
        /// Which quote.
        quote: QuoteId,
    } = 56,
    /// The holder of a claim accepts a quote: the trade date. URF 800 art. 2, 5.
    AcceptQuote {
        /// The holder's own number for the trade, 1 to 35 characters of SWIFT's set x.
        number: String,
        /// Which quote.
        quote: QuoteId,
        /// Which claim it sells.
        claim: ClaimId,
        /// Its account to pay into.
        account: AccountId,
    } = 57,
    /// A buyer takes a claim that is firmly for sale: the trade date.
    TakeAsset {
        /// The buyer's own number for the trade, 1 to 35 characters of SWIFT's set x.
        number: String,
        /// Which listing.
        listing: ListingId,
        /// Its account to pay from.
        account: AccountId,
    } = 58,
    /// The holder of a claim sells it to a standing bid: the trade date.
    HitBid {
        /// The holder's own number for the trade, 1 to 35 characters of SWIFT's set x.
        number: String,
        /// Which bid.
        listing: ListingId,
        /// Which claim it sells.
        claim: ClaimId,
        /// Its account to pay into.
        account: AccountId,
    } = 59,
    /// A party to a trade confirms it. URF 800 art. 8.
    ConfirmTrade {
        /// Which trade.
        trade: TradeId,
    } = 60,
    /// The seller delivers the documents of a trade, by the availability date. URF 800 art. 7, 10.
    DeliverTradeDocuments {
        /// Which trade.
        trade: TradeId,
        /// The documents, 1 to 50.
        documents: Vec<Document>,
    } = 61,
    /// The buyer is satisfied with the documents.
    AcceptTradeDocuments {
        /// Which trade.
        trade: TradeId,
    } = 62,
    /// The buyer refuses the documents, once and with every reason.
    RefuseTradeDocuments {
        /// Which trade.
        trade: TradeId,
        /// Every reason, 1 to 20 of at most 350 characters.
        reasons: Vec<String>,
    } = 63,
    /// The buyer states that a condition is met, or does without it.
    SatisfyCondition {
        /// Which trade.
        trade: TradeId,
        /// Which condition, by its place in the terms, from 0.
        condition: u16,
    } = 64,
    /// The buyer pays the price, and the claim passes to it in the same step. URF 800 art. 11, 12.
    SettleTrade {
        /// Which trade.
        trade: TradeId,
        /// Where documents or conditions are outstanding: until when they are awaited, and both go back if they do not come.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reserve_until: Option<Timestamp>,
    } = 65,
    /// The buyer lifts its reserve. URF 800 art. 12.
    LiftReserve {
        /// Which trade.
        trade: TradeId,
    } = 66,
    /// The seller pays back, with interest, what was paid under reserve, and the claim is its own again. URF 800 art. 12.
    RepayReserved {
        /// Which trade.
        trade: TradeId,
    } = 67,
    /// A trade that cannot be settled ends, and the claim is free.
    LapseTrade {
        /// Which trade.
        trade: TradeId,
    } = 68,
    /// The seller pays the commitment fee of a trade that lapsed.
    PayCommitmentFee {
        /// Which trade.
        trade: TradeId,
    } = 69,
    /// The buyer proposes to undo a trade.
    ProposeUnwinding {
        /// Which trade.
        trade: TradeId,
        /// Why, or by which court's order, at most 350 characters.
        reason: String,
        /// What the seller pays back.
        amount: Money,
    } = 70,
    /// The seller undoes a trade, as the buyer proposed.
    UnwindTrade {
        /// Which trade.
        trade: TradeId,
    } = 71,
    /// The buyer comes back to the seller on a ground that the terms except. URF 800 art. 4, 13.
    ClaimRecourse {
        /// Which trade.
        trade: TradeId,
        /// On which ground.
        ground: RecourseGround,
        /// What it states, at most 350 characters.
        statement: String,
    } = 72,

    // Demand guarantees and standbys.
    /// An applicant, or a counter-guarantor, instructs a guarantor, and is bound to reimburse it once it acts. URDG 758
    /// art. 8(a).
    InstructGuarantee {
        /// The instructing party's own number for it, 1 to 35 characters of SWIFT's set x.
        number: String,
        /// Whom it instructs.
        guarantor: PartyId,
        /// What the guarantor is to do.
        act: Box<InstructedAct>,
        /// The last time at which the guarantor can act on it, at most 90 days ahead.
        expires_at: Timestamp,
    } = 100,
    /// The instructing party takes an instruction back that nobody acted on.
    WithdrawGuaranteeInstruction {
        /// Which instruction.
        instruction: GuaranteeInstructionId,
    } = 101,
    /// The guarantor issues a guarantee, a counter-guarantee or a standby, and is bound. URDG 758 art. 4(b), 5.
    IssueGuarantee {
        /// The guarantor's own number for it, 1 to 35 characters of SWIFT's set x.
        number: String,
        /// What it says.
        terms: Box<GuaranteeTerms>,
        /// The instruction that it carries out, with the same terms: whoever gave it reimburses the guarantor.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        instruction: Option<GuaranteeInstructionId>,
        /// The counter-guarantee behind it, of which the guarantor is the beneficiary.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        counter_guarantee: Option<GuaranteeId>,
    } = 102,
    /// The advising party advises it to the beneficiary. URDG 758 art. 10.
    AdviseGuarantee {
        /// Which guarantee.
        guarantee: GuaranteeId,
        /// Whether it could satisfy itself that it is genuine.
        authenticity: Authenticity,
    } = 103,
    /// The guarantor issues an amendment, and is bound by it. URDG 758 art. 11.
    AmendGuarantee {
        /// Which guarantee.
        guarantee: GuaranteeId,
        /// What changes.
        changes: Box<GuaranteeChanges>,
        /// The instruction that it carries out, with the same changes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        instruction: Option<GuaranteeInstructionId>,
    } = 104,
    /// The beneficiary answers an amendment: consent to a part of it is rejection. URDG 758 art. 11(c), 11(e).
    AnswerGuaranteeAmendment {
        /// Which amendment.
        amendment: GuaranteeAmendmentId,
        /// What it says.
        answer: GuaranteeAnswer,
    } = 105,
    /// The beneficiary asks for a transfer, or for an assignment of the proceeds. What it asked before falls. URDG 758 art.
    /// 33.
    RequestGuaranteeTransfer {
        /// Which guarantee.
        guarantee: GuaranteeId,
        /// What it asks.
        request: RightsRequest,
        /// The last time at which the guarantor can consent, at most 90 days ahead.
        expires_at: Timestamp,
    } = 106,
    /// The guarantor consents to what the beneficiary asks. URDG 758 art. 33(b), 33(g).
    ConsentToGuaranteeTransfer {
        /// Which guarantee.
        guarantee: GuaranteeId,
        /// What it consents to: the request as it stands.
        request: RightsRequest,
    } = 107,
    /// The beneficiary demands payment, or an extension instead. URDG 758 art. 14, 15, 17, 23.
    PresentDemand {
        /// Under which guarantee.
        guarantee: GuaranteeId,
        /// How much, above zero.
        amount: Money,
        /// The account to pay: the beneficiary's own, or that of the assigned proceeds.
        account: AccountId,
        /// In which respect the applicant is in breach, at most 1,000 characters; under a counter-guarantee, that a
        /// complying demand was received.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        statement: Option<String>,
        /// The documents beside it, at most 200.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        documents: Vec<Document>,
        /// The expiry that it would have instead of payment.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        extend_to: Option<Date>,
        /// Under a counter-guarantee: the demand that was received under the guarantee that it supports.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        local_demand: Option<DemandId>,
    } = 108,
    /// The guarantor finds that a demand complies, and owes it. URDG 758 art. 20(b).
    AcceptDemand {
        /// Which demand.
        demand: DemandId,
    } = 109,
    /// The guarantor refuses, in a single notice with every discrepancy. URDG 758 art. 24(d), 24(e).
    RefuseDemand {
        /// Which demand.
        demand: DemandId,
        /// Every discrepancy, 1 to 70 of at most 350 characters.
        discrepancies: Vec<String>,
    } = 110,
    /// Whoever demanded, or the guarantor, states that no notice was given in time. URDG 758 art. 24(f).
    InvokeDemandPreclusion {
        /// Which demand.
        demand: DemandId,
    } = 111,
    /// The guarantor finds that a demand complies, and suspends payment while the extension that it asks for is considered.
    /// URDG 758 art. 23(a), 23(b).
    SuspendDemand {
        /// Which demand.
        demand: DemandId,
        /// The last day of the suspension.
        until: Date,
    } = 112,
    /// The guarantor grants the extension that a demand asks for, and the demand counts as withdrawn. URDG 758 art. 23(d).
    ExtendForDemand {
        /// Which demand.
        demand: DemandId,
        /// The instruction that it carries out: without one, later demands are at the guarantor's own risk.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        instruction: Option<GuaranteeInstructionId>,
    } = 113,
    /// The guarantor pays a demand. URDG 758 art. 20(b), 23(d).
    PayDemand {
        /// Which demand.
        demand: DemandId,
        /// The guarantor's account that pays.
        from: AccountId,
    } = 114,
    /// Whoever demanded withdraws the demand. URDG 758 art. 18(a).
    WithdrawDemand {
        /// Which demand.
        demand: DemandId,
    } = 115,
    /// The instructing party reimburses the guarantor for a demand that it paid.
    ReimburseGuarantor {
        /// Which demand.
        demand: DemandId,
        /// The instructing party's account that pays.
        from: AccountId,
        /// The guarantor's account to pay.
        to: AccountId,
    } = 116,
    /// The guarantor gives notice that it extends no more. The terms say until when.
    GiveNonExtensionNotice {
        /// Which guarantee.
        guarantee: GuaranteeId,
    } = 117,
    /// Anybody has the ledger write what time alone brought about: extensions without notice, reductions by date, dates that a
    /// calendar published since decides. Every other step does so too.
    UpdateGuarantee {
        /// Which guarantee.
        guarantee: GuaranteeId,
    } = 118,
    /// The amount reduces: by the guarantor for a document that the terms foresee, or by the beneficiary. URDG 758 art. 13.
    ReduceGuarantee {
        /// Which guarantee.
        guarantee: GuaranteeId,
        /// What reduces it.
        reduction: ReduceBy,
    } = 119,
    /// The beneficiary releases the guarantor. URDG 758 art. 25(b)(iii).
    ReleaseGuarantee {
        /// Which guarantee.
        guarantee: GuaranteeId,
    } = 120,
    /// The guarantor states that it was presented the document that shows the event of expiry. URDG 758 art. 2.
    StateExpiryEvent {
        /// Which guarantee.
        guarantee: GuaranteeId,
        /// The document.
        document: Document,
    } = 121,
    /// The guarantor states that force majeure closed its place for presentation. URDG 758 art. 26, ISP98 3.14.
    StateClosure {
        /// Which guarantee.
        guarantee: GuaranteeId,
        /// The first day of it.
        from: Date,
        /// The last day of it, at most 30 days later.
        until: Date,
        /// What closed it, at most 350 characters.
        ground: String,
    } = 122,
    /// The guarantor closes a guarantee that expired, or under which nothing remains payable. URDG 758 art. 25(b).
    CloseGuarantee {
        /// Which guarantee.
        guarantee: GuaranteeId,
    } = 123,

    // Bills of exchange.
    /// A drawer draws a bill with all its particulars, and orders its drawee to pay. Negotiable Instruments Law art. 20, 22.
    DrawBill {
        /// The drawer's own number for it, 1 to 35 characters of SWIFT's set x.
        number: String,
        /// What it says.
        terms: Box<BillTerms>,
    } = 130,
    /// The drawer presents it to its drawee for acceptance. Negotiable Instruments Law art. 39.
    PresentBillForAcceptance {
        /// Which bill.
        bill: BillId,
    } = 131,
    /// The drawee accepts, and owes it. An acceptance on a condition is a refusal. Negotiable Instruments Law art. 43, 44.
    AcceptBill {
        /// Which bill.
        bill: BillId,
        /// What the drawee would make its acceptance depend on, each at most 140 characters: with any of them it refuses.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        conditions: Vec<String>,
        /// The drawer's money that is held for the drawee until the bill is due.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        margin: Option<HoldId>,
    } = 132,
    /// The drawee does not accept. Negotiable Instruments Law art. 41.
    RefuseBill {
        /// Which bill.
        bill: BillId,
        /// Why, at most 140 characters.
        reason: String,
    } = 133,
    /// The drawer cancels a bill that it has not delivered.
    CancelBill {
        /// Which bill.
        bill: BillId,
    } = 134,
    /// A party offers an act on a part of a bill to another: to deliver, endorse, pledge, release, discount, rediscount, or to
    /// stand for it. Bills art. 2.
    OfferBill {
        /// Which part, as it stands on the ledger, or as it stood before it was divided.
        part: BillPartId,
        /// Which of its units; all of them where none are named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        units: Option<Units>,
        /// To whom.
        to: PartyId,
        /// What takes effect when it signs.
        act: BillAct,
        /// The last time at which it can sign, at most 90 days ahead.
        expires_at: Timestamp,
    } = 135,
    /// The party to whom it is offered signs, and the act takes effect. A buyer pays in the same step. Bills art. 2, 4.
    SignBill {
        /// Which part.
        part: BillPartId,
        /// Which of its units, as they were offered; all of them where none are named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        units: Option<Units>,
        /// The buyer's own account that pays, for a sale.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<AccountId>,
        /// The price that the buyer expects, for a sale; where it is given, no other is paid.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        price: Option<Money>,
    } = 136,
    /// The party to whom it is offered rejects it. Bills art. 2.
    RejectBill {
        /// Which part.
        part: BillPartId,
        /// Which of its units, as they were offered; all of them where none are named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        units: Option<Units>,
    } = 137,
    /// Whoever offered it takes the offer back. Bills art. 2.
    WithdrawBillOffer {
        /// Which part.
        part: BillPartId,
        /// Which of its units, as they were offered; all of them where none are named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        units: Option<Units>,
    } = 138,
    /// The drawer or the endorser that wrote that a part may not be passed on revokes it. Negotiable Instruments Law art. 27.
    RevokeNonTransferable {
        /// Which part.
        part: BillPartId,
    } = 139,
    /// The bank that sold a part until a day pays the agreed price, and holds it again. Bills art. 4.
    RepurchaseBill {
        /// Which part.
        part: BillPartId,
        /// The seller's own account that pays.
        from: AccountId,
    } = 140,
    /// The bank that bought a part until a day keeps it, since the day passed. Bills art. 4.
    CloseOutRepurchase {
        /// Which part.
        part: BillPartId,
    } = 141,
    /// The holder, or the pledgee in its place, presents a part for payment. Negotiable Instruments Law art. 53.
    PresentBillForPayment {
        /// Which part.
        part: BillPartId,
        /// Its own account, where it is to be paid.
        account: AccountId,
    } = 142,
    /// The acceptor pays a part. Negotiable Instruments Law art. 54, 60.
    PayBill {
        /// Which part.
        part: BillPartId,
        /// The acceptor's own account that pays.
        from: AccountId,
        /// The account that is paid: where it was presented for, or one of whoever collects it.
        to: AccountId,
    } = 143,
    /// The acceptor refuses payment, or it gave no answer in time and whoever presented the part says so. Negotiable
    /// Instruments Law art. 61, 62.
    DishonourBill {
        /// Which part.
        part: BillPartId,
        /// Why, at most 140 characters.
        reason: String,
    } = 144,
    /// Whoever collects a dishonoured part claims it from one of those who are liable. Negotiable Instruments Law art. 61, 66,
    /// 68.
    GiveRecourseNotice {
        /// Which part.
        part: BillPartId,
        /// From whom.
        against: PartyId,
        /// Its own account, where it is to be paid.
        account: AccountId,
        /// The rate a year of the interest from the due date on, where interest is claimed: of actual days over 360.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        interest: Option<Rate>,
    } = 145,
    /// A party that was given notice pays, and takes the holder's place in what it paid. Negotiable Instruments Law art. 70, 71.
    SettleRecourse {
        /// Which part.
        part: BillPartId,
        /// Which of its units; all of them where none are named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        units: Option<Units>,
        /// Its own account that pays.
        from: AccountId,
    } = 146,
    /// The acceptor enters a court's order on a part. Negotiable Instruments Law art. 15; Bills art. 6.
    FreezeBill {
        /// Which part.
        part: BillPartId,
        /// Which court, at most 140 characters.
        court: String,
        /// The number of its order, at most 140 characters.
        order: String,
    } = 147,
    /// The acceptor enters the release of a court's order. Bills art. 6.
    ReleaseBillFreeze {
        /// Which part.
        part: BillPartId,
        /// The number of the order that is released.
        order: String,
    } = 148,

    // Factoring and payables.
    /// The buyer of goods or services approves what it owes, irrevocably: the debt comes into being.
    ApprovePayable {
        /// The buyer's own number for it, 1 to 35 characters of SWIFT's set x.
        number: String,
        /// To whom it is owed.
        supplier: PartyId,
        /// How much, above zero.
        amount: Money,
        /// The day on which it falls due; when banks are closed then, the first banking day following.
        maturity: Date,
        /// The banking days of the place of payment.
        calendar: CalendarId,
        /// What it is for.
        background: PayableBackground,
        /// Why it runs for longer than six months, where it does, at most 140 characters; a year at most.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tenor_reason: Option<String>,
    } = 160,
    /// The buyer offers a voucher of what it owes to the supplier.
    IssueVoucher {
        /// The buyer's own number for it, 1 to 35 characters of SWIFT's set x.
        number: String,
        /// To whom it is owed.
        supplier: PartyId,
        /// How much, above zero.
        amount: Money,
        /// The day on which it falls due; when banks are closed then, the first banking day following.
        maturity: Date,
        /// The banking days of the place of payment.
        calendar: CalendarId,
        /// What it is for.
        background: PayableBackground,
        /// Why it runs for longer than six months, where it does, at most 140 characters; a year at most.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tenor_reason: Option<String>,
        /// The last time at which the supplier can accept it, at most 90 days ahead.
        expires_at: Timestamp,
    } = 161,
    /// The supplier accepts a voucher: the debt comes into being.
    AcceptVoucher {
        /// Which voucher.
        voucher: VoucherId,
    } = 162,
    /// The supplier rejects a voucher.
    RejectVoucher {
        /// Which voucher.
        voucher: VoucherId,
    } = 163,
    /// The buyer takes a voucher back that nobody accepted.
    WithdrawVoucher {
        /// Which voucher.
        voucher: VoucherId,
    } = 164,
    /// The export factor asks the import factor to cover a debtor. GRIF art. 14.
    RequestApproval {
        /// The export factor's own number for it, 1 to 35 characters of SWIFT's set x.
        number: String,
        /// Who is asked.
        import_factor: PartyId,
        /// Who sells.
        seller: PartyId,
        /// Who owes.
        debtor: PartyId,
        /// How much, above zero.
        amount: Money,
    } = 165,
    /// The import factor approves an amount, or declines. GRIF art. 14.
    AnswerApproval {
        /// Which approval.
        approval: ApprovalId,
        /// How much is covered; none declines.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<Money>,
        /// The last day of assignments that it covers.
        valid_until: Date,
    } = 166,
    /// The import factor reduces its approval for assignments that come later, or ends it. GRIF art. 18.
    ReduceApproval {
        /// Which approval.
        approval: ApprovalId,
        /// To how much; none ends it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<Money>,
    } = 167,
    /// The export factor assigns a receivable of its seller to the import factor. GRIF art. 12.
    AssignReceivable {
        /// The export factor's own number for it, 1 to 35 characters of SWIFT's set x.
        number: String,
        /// The approval under which it is assigned: the author's own.
        approval: ApprovalId,
        /// The number of the invoice, at most 140 characters.
        invoice: String,
        /// What the invoice says, above zero.
        amount: Money,
        /// The day on which it falls due; when banks are closed then, the first banking day following.
        maturity: Date,
        /// The banking days of the place of payment.
        calendar: CalendarId,
        /// Where the assignment is registered for priority.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        registration: Option<Registration>,
    } = 168,
    /// The owner of a receivable advances a part of it to the seller.
    FinanceReceivable {
        /// Which receivable.
        receivable: ReceivableId,
        /// How much, above zero and at most what is outstanding.
        amount: Money,
        /// Whether the seller pays it back if the debtor does not pay.
        recourse: bool,
        /// The author's own live financing of the invoice in the registry, of at least the amount.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        financing: Option<FinancingId>,
        /// The account that pays: the author's own.
        from: AccountId,
        /// The account that is paid.
        to: AccountId,
    } = 169,
    /// The seller or the export factor credits the debtor: dilution.
    CreditReceivable {
        /// Which receivable.
        receivable: ReceivableId,
        /// How much, above zero.
        amount: Money,
        /// Why, at most 140 characters.
        reason: String,
    } = 170,
    /// The import factor remits to the owner what it collected.
    RemitCollection {
        /// Which receivable.
        receivable: ReceivableId,
        /// How much, above zero.
        amount: Money,
        /// The account that pays: the author's own.
        from: AccountId,
        /// The account that is paid.
        to: AccountId,
    } = 171,
    /// The export factor reports what the debtor paid it directly.
    ReportDirectReceipt {
        /// Which receivable.
        receivable: ReceivableId,
        /// How much, above zero.
        amount: Money,
        /// The reference of that payment, at most 140 characters.
        reference: String,
    } = 172,
    /// A factor, the seller or the debtor gives notice of a dispute, which suspends the cover. GRIF art. 27.
    DisputeReceivable {
        /// Which receivable.
        receivable: ReceivableId,
        /// Why, at most 140 characters.
        reason: String,
    } = 173,
    /// Whoever gave notice of a dispute says that it is settled.
    SettleDispute {
        /// Which receivable.
        receivable: ReceivableId,
    } = 174,
    /// The import factor pays what it covers, from the ninetieth day after the due date on, and owns the receivable. GRIF art. 24.
    PayUnderGuarantee {
        /// Which receivable.
        receivable: ReceivableId,
        /// The account that pays: the author's own.
        from: AccountId,
        /// The account that is paid.
        to: AccountId,
    } = 175,
    /// The import factor proposes to give a receivable back.
    ProposeReassignment {
        /// Which receivable.
        receivable: ReceivableId,
        /// Why, at most 140 characters.
        cause: String,
    } = 176,
    /// The export factor consents to a reassignment, or the import factor completes it after thirty days of silence.
    ReassignReceivable {
        /// Which receivable.
        receivable: ReceivableId,
    } = 177,
    /// The owner of a receivable offers it to a bank.
    OfferReceivable {
        /// Which receivable.
        receivable: ReceivableId,
        /// To whom.
        to: PartyId,
        /// How it is discounted, from the day of acceptance to the day on which it is due.
        discount: DiscountTerms,
        /// Where the owner is paid.
        account: AccountId,
        /// The last time at which it can be accepted, at most 90 days ahead.
        expires_at: Timestamp,
    } = 178,
    /// The bank accepts a receivable, and pays its price in the same step.
    AcceptReceivable {
        /// Which receivable.
        receivable: ReceivableId,
        /// The account that pays: the author's own.
        from: AccountId,
    } = 179,

    // Risk participation.
    /// A party signs a master agreement of risk participation, and offers it to another. Participation art. 1.
    OfferParticipationAgreement {
        /// The party's own number for it, 1 to 35 characters of SWIFT's set x.
        number: String,
        /// To whom.
        counterparty: PartyId,
        /// What it says.
        terms: AgreementTerms,
        /// The last time at which it can be accepted, at most 30 days ahead.
        expires_at: Timestamp,
    } = 190,
    /// The other party signs it. Participation art. 1.
    AcceptParticipationAgreement {
        /// Which agreement.
        agreement: ParticipationAgreementId,
    } = 191,
    /// Either party ends it, for what is new.
    EndParticipationAgreement {
        /// Which agreement.
        agreement: ParticipationAgreementId,
    } = 192,
    /// A seller registers a transaction whose risk it would share.
    RegisterUnderlying {
        /// The seller's own reference of it, 1 to 35 characters of SWIFT's set x.
        reference: String,
        /// Whose risk it is.
        obligor: NamedParty,
        /// What kind of transaction it is.
        risk: RiskType,
        /// How much is at risk in all, above zero.
        exposure: Money,
        /// When the obligor is to pay, or when its undertaking expires.
        maturity: Date,
    } = 193,
    /// The seller offers a share of the risk under a master agreement. Participation art. 2, 3.
    OfferParticipation {
        /// The seller's own number for it, 1 to 35 characters of SWIFT's set x.
        number: String,
        /// Under which agreement: its other party is the participant.
        agreement: ParticipationAgreementId,
        /// In which transaction.
        underlying: UnderlyingId,
        /// What is offered.
        terms: Box<ParticipationTerms>,
        /// The last time at which it can be accepted, at most 30 days ahead. Until then the share is kept.
        expires_at: Timestamp,
    } = 194,
    /// The seller takes its offer back.
    WithdrawParticipation {
        /// Which participation.
        participation: ParticipationId,
    } = 195,
    /// The participant accepts the offer as it stands. Participation art. 2.
    AcceptParticipation {
        /// Which participation.
        participation: ParticipationId,
        /// The account into which it is paid: its own, in the currency of the transaction.
        account: AccountId,
    } = 196,
    /// A funded participant pays its share of what is at risk, from the settlement date on. Participation art. 4.
    FundParticipation {
        /// Which participation.
        participation: ParticipationId,
        /// The account that pays: the author's own.
        from: AccountId,
    } = 197,
    /// The seller pays the fee that has accrued. Participation art. 6.
    PayParticipationFee {
        /// Which participation.
        participation: ParticipationId,
        /// The account that pays: the author's own.
        from: AccountId,
    } = 198,
    /// The seller states that the obligor failed to pay. Participation art. 5.
    DeclareObligorDefault {
        /// Which transaction.
        underlying: UnderlyingId,
        /// What it states, 1 to 350 characters.
        statement: String,
    } = 199,
    /// The seller demands payment of an unfunded participant in writing. Participation art. 5.
    DemandParticipation {
        /// Which participation.
        participation: ParticipationId,
        /// The demand, 1 to 350 characters.
        statement: String,
    } = 200,
    /// An unfunded participant pays what was demanded. Participation art. 5.
    PayParticipation {
        /// Which participation.
        participation: ParticipationId,
        /// The account that pays: the author's own.
        from: AccountId,
    } = 201,
    /// The seller reports what it received of a transaction. Participation art. 7.
    ReportRecovery {
        /// Which transaction.
        underlying: UnderlyingId,
        /// How much of the whole transaction, above zero; what elevated shares receive directly is part of it.
        amount: Money,
    } = 202,
    /// The seller turns over to a participant its part of recoveries. Participation art. 7.
    TurnOverRecovery {
        /// Which participation.
        participation: ParticipationId,
        /// The account that pays: the author's own.
        from: AccountId,
    } = 203,
    /// One party of a participation asks the other to agree to a change. Participation art. 8, 9.
    RequestParticipationChange {
        /// Which participation.
        participation: ParticipationId,
        /// What it asks.
        change: ParticipationChange,
        /// The last time at which the other can agree, at most 30 days ahead.
        expires_at: Timestamp,
    } = 204,
    /// The other party answers; where it agrees, the change takes effect. Participation art. 8, 9.
    AnswerParticipationChange {
        /// Which participation.
        participation: ParticipationId,
        /// Whether it agrees.
        agreed: bool,
    } = 205,
    /// The seller changes material terms of a transaction with the consent of each participant. Participation art. 8.
    ChangeUnderlying {
        /// Which transaction.
        underlying: UnderlyingId,
        /// What it changes: to what each participant agreed.
        change: UnderlyingChange,
    } = 206,
    /// Either party states that an unfunded participation expired without a demand. Participation art. 5.
    ExpireParticipation {
        /// Which participation.
        participation: ParticipationId,
    } = 207,

    // Supervision and limits.
    /// The supervisor freezes a party, an account or an instrument: nothing of it settles. Supervision art. 1, 2, 3.
    Freeze {
        /// What it freezes: `claim:SYNBCNBJXXX/LC2026001/1`.
        subject: FrozenSubject,
        /// The order's own number, 1 to 35 characters.
        order: String,
        /// The provision that it rests on, 1 to 350 characters.
        legal_basis: String,
        /// The last time at which it stands; none where it stands until it is released.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
        /// Whether the affected parties may be told of it. Where not, they are told only that settlement is held.
        disclosed: bool,
    } = 210,
    /// The supervisor releases what it froze. Supervision art. 5.
    ReleaseFreeze {
        /// What is frozen.
        subject: FrozenSubject,
        /// The number of the order that releases it, 1 to 35 characters.
        order: String,
        /// The provision that this one rests on, 1 to 350 characters.
        legal_basis: String,
    } = 211,
    /// A bank sets the limit that its own acts keep towards a debtor, or takes it away.
    SetLimit {
        /// Whose liabilities it limits.
        debtor: PartyId,
        /// In which currency.
        currency: Currency,
        /// How much, zero or above; none takes the limit away.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<Money>,
    } = 215,
}

impl Governed for TradeOperation {
    const KINDS: &'static [&'static str] = &[
        "issue_credit",
        "advise_credit",
        "present_documents",
        "accept_presentation",
        "honour_presentation",
        "refuse_presentation",
        "invoke_preclusion",
        "pay_claim",
        "close_credit",
        "amend_credit",
        "answer_amendment",
        "confirm_credit",
        "extend_confirmation",
        "consent_to_cancellation",
        "seek_waiver",
        "waive_discrepancies",
        "adopt_fingerprint_key",
        "reserve_financing",
        "confirm_financing",
        "release_financing",
        "void_financing",
        "refingerprint_financing",
        "consent_to_exposure",
        "state_exposure",
        "end_exposure",
        "notarise_document",
        "revoke_document",
        "issue_transferable",
        "offer_transferable",
        "withdraw_transferable_offer",
        "accept_transferable",
        "switch_to_paper",
        "issue_units",
        "transfer_units",
        "retire_units",
        // Claims and the forfaiting market.
        "divide_claim",
        "merge_claims",
        "pledge_claim",
        "release_pledge",
        "offer_claim",
        "withdraw_claim_offer",
        "accept_claim",
        "notify_assignment",
        "acknowledge_assignment",
        "report_misdirected_payment",
        "declare_unpaid",
        "publish_asset",
        "request_quotes",
        "place_bid",
        "withdraw_listing",
        "quote_price",
        "withdraw_quote",
        "accept_quote",
        "take_asset",
        "hit_bid",
        "confirm_trade",
        "deliver_trade_documents",
        "accept_trade_documents",
        "refuse_trade_documents",
        "satisfy_condition",
        "settle_trade",
        "lift_reserve",
        "repay_reserved",
        "lapse_trade",
        "pay_commitment_fee",
        "propose_unwinding",
        "unwind_trade",
        "claim_recourse",
        // Demand guarantees and standbys.
        "instruct_guarantee",
        "withdraw_guarantee_instruction",
        "issue_guarantee",
        "advise_guarantee",
        "amend_guarantee",
        "answer_guarantee_amendment",
        "request_guarantee_transfer",
        "consent_to_guarantee_transfer",
        "present_demand",
        "accept_demand",
        "refuse_demand",
        "invoke_demand_preclusion",
        "suspend_demand",
        "extend_for_demand",
        "pay_demand",
        "withdraw_demand",
        "reimburse_guarantor",
        "give_non_extension_notice",
        "update_guarantee",
        "reduce_guarantee",
        "release_guarantee",
        "state_expiry_event",
        "state_closure",
        "close_guarantee",
        // Bills of exchange.
        "draw_bill",
        "present_bill_for_acceptance",
        "accept_bill",
        "refuse_bill",
        "cancel_bill",
        "offer_bill",
        "sign_bill",
        "reject_bill",
        "withdraw_bill_offer",
        "revoke_non_transferable",
        "repurchase_bill",
        "close_out_repurchase",
        "present_bill_for_payment",
        "pay_bill",
        "dishonour_bill",
        "give_recourse_notice",
        "settle_recourse",
        "freeze_bill",
        "release_bill_freeze",
        // Factoring and payables.
        "approve_payable",
        "issue_voucher",
        "accept_voucher",
        "reject_voucher",
        "withdraw_voucher",
        "request_approval",
        "answer_approval",
        "reduce_approval",
        "assign_receivable",
        "finance_receivable",
        "credit_receivable",
        "remit_collection",
        "report_direct_receipt",
        "dispute_receivable",
        "settle_dispute",
        "pay_under_guarantee",
        "propose_reassignment",
        "reassign_receivable",
        "offer_receivable",
        "accept_receivable",
        // Risk participation.
        "offer_participation_agreement",
        "accept_participation_agreement",
        "end_participation_agreement",
        "register_underlying",
        "offer_participation",
        "withdraw_participation",
        "accept_participation",
        "fund_participation",
        "pay_participation_fee",
        "declare_obligor_default",
        "demand_participation",
        "pay_participation",
        "report_recovery",
        "turn_over_recovery",
        "request_participation_change",
        "answer_participation_change",
        "change_underlying",
        "expire_participation",
        // Supervision and limits.
        "freeze",
        "release_freeze",
        "set_limit",
    ];

    fn kind(&self) -> &'static str {
        self.step()
    }

    fn amount(&self) -> Amount {
        match self {
            // What the bank will be bound to at most, with the tolerance.
            TradeOperation::IssueCredit { terms, .. } => terms.ceiling().map_or(Amount::Unstated, Amount::Of),
            TradeOperation::PresentDocuments { amount, .. } | TradeOperation::PayClaim { amount, .. } => {
                Amount::Of(*amount)
            }
            // What the presentation drew.
            TradeOperation::AcceptPresentation { .. }
            | TradeOperation::HonourPresentation { .. }
            | TradeOperation::InvokePreclusion { .. } => Amount::Unstated,
            TradeOperation::AdviseCredit { .. }
            | TradeOperation::RefusePresentation { .. }
            | TradeOperation::CloseCredit { .. }
            | TradeOperation::SeekWaiver { .. } => Amount::None,
            TradeOperation::AmendCredit { .. }
            | TradeOperation::AnswerAmendment { .. }
            | TradeOperation::ConfirmCredit { .. }
            | TradeOperation::ExtendConfirmation { .. }
            | TradeOperation::ConsentToCancellation { .. }
            | TradeOperation::WaiveDiscrepancies { .. } => Amount::Unstated,

            TradeOperation::ReserveFinancing { amount, .. }
            | TradeOperation::ConfirmFinancing { amount, .. }
            | TradeOperation::ReleaseFinancing { amount, .. } => Amount::Of(*amount),
            TradeOperation::VoidFinancing { .. } | TradeOperation::RefingerprintFinancing { .. } => {
                Amount::Unstated
            }
            TradeOperation::StateExposure { amount, .. } => Amount::Of(*amount),
            // What a record of title is worth, it does not say.
            TradeOperation::IssueTransferable { .. }
            | TradeOperation::OfferTransferable { .. }
            | TradeOperation::AcceptTransferable { .. }
            | TradeOperation::SwitchToPaper { .. } => Amount::Unstated,
            TradeOperation::AdoptFingerprintKey { .. }
            | TradeOperation::ConsentToExposure { .. }
            | TradeOperation::EndExposure { .. }
            | TradeOperation::NotariseDocument { .. }
            | TradeOperation::RevokeDocument { .. }
            | TradeOperation::WithdrawTransferableOffer { .. }
            | TradeOperation::IssueUnits { .. }
            | TradeOperation::TransferUnits { .. }
            | TradeOperation::RetireUnits { .. } => Amount::None,
            // Claims and the forfaiting market.
            // What a claim is for, the ledger knows.
            TradeOperation::DivideClaim { .. }
            | TradeOperation::MergeClaims { .. }
            | TradeOperation::PledgeClaim { .. }
            | TradeOperation::ReleasePledge { .. }
            | TradeOperation::OfferClaim { .. }
            | TradeOperation::AcceptClaim { .. } => Amount::Unstated,
            TradeOperation::WithdrawClaimOffer { .. }
            | TradeOperation::NotifyAssignment { .. }
            | TradeOperation::AcknowledgeAssignment { .. }
            | TradeOperation::ReportMisdirectedPayment { .. }
            | TradeOperation::DeclareUnpaid { .. } => Amount::None,
            TradeOperation::RequestQuotes { criteria, .. } => Amount::Of(criteria.most),
            TradeOperation::PlaceBid { capacity, .. } => Amount::Of(*capacity),
            TradeOperation::ProposeUnwinding { amount, .. } => Amount::Of(*amount),
            TradeOperation::PublishAsset { .. }
            | TradeOperation::AcceptQuote { .. }
            | TradeOperation::TakeAsset { .. }
            | TradeOperation::HitBid { .. }
            | TradeOperation::QuotePrice { .. }
            | TradeOperation::SettleTrade { .. }
            | TradeOperation::RepayReserved { .. }
            | TradeOperation::PayCommitmentFee { .. }
            | TradeOperation::UnwindTrade { .. }
            | TradeOperation::ConfirmTrade { .. } => Amount::Unstated,
            TradeOperation::WithdrawListing { .. }
            | TradeOperation::WithdrawQuote { .. }
            | TradeOperation::DeliverTradeDocuments { .. }
            | TradeOperation::AcceptTradeDocuments { .. }
            | TradeOperation::RefuseTradeDocuments { .. }
            | TradeOperation::SatisfyCondition { .. }
            | TradeOperation::LiftReserve { .. }
            | TradeOperation::LapseTrade { .. }
            | TradeOperation::ClaimRecourse { .. } => Amount::None,

            // Demand guarantees and standbys.
            TradeOperation::InstructGuarantee { act, .. } => match act.as_ref() {
                InstructedAct::Issue { terms } => Amount::Of(terms.amount),
                InstructedAct::Amend { changes, .. } => changes.increase().map_or(Amount::None, Amount::Of),
                InstructedAct::Extend { .. } => Amount::Unstated,
            },
            TradeOperation::IssueGuarantee { terms, .. } => Amount::Of(terms.amount),
            TradeOperation::AmendGuarantee { changes, .. } => {
                changes.increase().map_or(Amount::None, Amount::Of)
            }
            TradeOperation::PresentDemand { amount, .. } => Amount::Of(*amount),
            // What a demand is for, and what is left of a guarantee, the ledger knows.
            TradeOperation::AcceptDemand { .. }
            | TradeOperation::InvokeDemandPreclusion { .. }
            | TradeOperation::SuspendDemand { .. }
            | TradeOperation::ExtendForDemand { .. }
            | TradeOperation::PayDemand { .. }
            | TradeOperation::ReimburseGuarantor { .. }
            | TradeOperation::ConsentToGuaranteeTransfer { .. }
            | TradeOperation::RequestGuaranteeTransfer { .. }
            | TradeOperation::ReduceGuarantee { .. }
            | TradeOperation::ReleaseGuarantee { .. }
            | TradeOperation::AnswerGuaranteeAmendment { .. } => Amount::Unstated,
            TradeOperation::WithdrawGuaranteeInstruction { .. }
            | TradeOperation::AdviseGuarantee { .. }
            | TradeOperation::RefuseDemand { .. }
            | TradeOperation::WithdrawDemand { .. }
            | TradeOperation::GiveNonExtensionNotice { .. }
            | TradeOperation::UpdateGuarantee { .. }
            | TradeOperation::StateExpiryEvent { .. }
            | TradeOperation::StateClosure { .. }
            | TradeOperation::CloseGuarantee { .. } => Amount::None,

            // Bills of exchange.
            TradeOperation::DrawBill { terms, .. } => Amount::Of(terms.amount),
            // What a part is worth, the ledger knows.
            TradeOperation::SignBill { .. }
            | TradeOperation::OfferBill { .. }
            | TradeOperation::AcceptBill { .. }
            | TradeOperation::RepurchaseBill { .. }
            | TradeOperation::PayBill { .. }
            | TradeOperation::SettleRecourse { .. } => Amount::Unstated,
            TradeOperation::PresentBillForAcceptance { .. }
            | TradeOperation::RefuseBill { .. }
            | TradeOperation::CancelBill { .. }
            | TradeOperation::RejectBill { .. }
            | TradeOperation::WithdrawBillOffer { .. }
            | TradeOperation::RevokeNonTransferable { .. }
            | TradeOperation::CloseOutRepurchase { .. }
            | TradeOperation::PresentBillForPayment { .. }
            | TradeOperation::DishonourBill { .. }
            | TradeOperation::GiveRecourseNotice { .. }
            | TradeOperation::FreezeBill { .. }
            | TradeOperation::ReleaseBillFreeze { .. } => Amount::None,

            // Factoring and payables.
            TradeOperation::ApprovePayable { amount, .. }
            | TradeOperation::IssueVoucher { amount, .. }
            | TradeOperation::RequestApproval { amount, .. }
            | TradeOperation::AssignReceivable { amount, .. }
            | TradeOperation::FinanceReceivable { amount, .. }
            | TradeOperation::CreditReceivable { amount, .. }
            | TradeOperation::RemitCollection { amount, .. }
            | TradeOperation::ReportDirectReceipt { amount, .. } => Amount::Of(*amount),
            TradeOperation::AnswerApproval { amount, .. } | TradeOperation::ReduceApproval { amount, .. } => {
                amount.map_or(Amount::None, Amount::Of)
            }
            TradeOperation::AcceptVoucher { .. }
            | TradeOperation::PayUnderGuarantee { .. }
            | TradeOperation::OfferReceivable { .. }
            | TradeOperation::AcceptReceivable { .. }
            | TradeOperation::ReassignReceivable { .. } => Amount::Unstated,
            TradeOperation::RejectVoucher { .. }
            | TradeOperation::WithdrawVoucher { .. }
            | TradeOperation::DisputeReceivable { .. }
            | TradeOperation::SettleDispute { .. }
            | TradeOperation::ProposeReassignment { .. } => Amount::None,

            // Risk participation.
            TradeOperation::RegisterUnderlying { exposure, .. } => Amount::Of(*exposure),
            TradeOperation::ReportRecovery { amount, .. } => Amount::Of(*amount),
            // What a share comes to, the transaction says.
            TradeOperation::OfferParticipation { .. }
            | TradeOperation::AcceptParticipation { .. }
            | TradeOperation::FundParticipation { .. }
            | TradeOperation::PayParticipationFee { .. }
            | TradeOperation::DemandParticipation { .. }
            | TradeOperation::PayParticipation { .. }
            | TradeOperation::TurnOverRecovery { .. }
            | TradeOperation::RequestParticipationChange { .. }
            | TradeOperation::AnswerParticipationChange { .. }
            | TradeOperation::ChangeUnderlying { .. } => Amount::Unstated,
            TradeOperation::OfferParticipationAgreement { .. }
            | TradeOperation::AcceptParticipationAgreement { .. }
            | TradeOperation::EndParticipationAgreement { .. }
            | TradeOperation::WithdrawParticipation { .. }
            | TradeOperation::DeclareObligorDefault { .. }
            | TradeOperation::ExpireParticipation { .. } => Amount::None,

            // Supervision and limits.
            TradeOperation::Freeze { .. } | TradeOperation::ReleaseFreeze { .. } => Amount::None,
            TradeOperation::SetLimit { .. } => Amount::None,
        }
    }
}
