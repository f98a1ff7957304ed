//! Trade-finance instruments as state machines, each rule with its article.
//!
//! To take a step, build a [`TradeOperation`] and submit it to a ledger whose rules are [`TradeRules`]; what
//! comes of it is a list of [`TradeEvent`]s. Both know the article that stands behind them:
//!
//! ```
//! use allonge_trade::{Disposal, PresentationId, TradeOperation};
//!
//! let operation = TradeOperation::RefusePresentation {
//!     presentation: "SYNBCNBJXXX/LC2026001/1".parse::<PresentationId>()?,
//!     discrepancies: vec!["INSURANCE CERTIFICATE NOT PRESENTED".into()],
//!     disposal: Disposal::Hold,
//! };
//! let article = operation.article().map(|article| article.to_string());
//! assert_eq!(article.as_deref(), Some("UCP 600 art. 16(c), 16(d)"));
//!
//! let json = serde_json::to_value(&operation)?;
//! assert_eq!(json["type"], "refuse_presentation");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Three state machines, and never one status for all:
//!
//! | record | its state says |
//! |---|---|
//! | [`LetterOfCredit`] | how far the undertaking has come: issued, advised, closed |
//! | [`Presentation`] | what became of the documents: examined, refused, accepted, honoured |
//! | [`Claim`] | whether the dated debt that came of them is owed or paid |
//!
//! A [`CreditAmendment`] has a machine of its own: it binds the issuing bank at once, and changes the credit when the
//! beneficiary accepts all of it.
//!
//! A claim is divisible to the minor unit, each part a claim, and is sold on a market: a [`Listing`] or a [`Quote`] becomes a
//! [`Trade`], which settles delivery against payment. Its own rules: what is listed or quoted stands until a time (1); a debt
//! is divisible, and its parts add up to it (2); what is pledged, offered or sold to one is not disposed of to another (3); a
//! listing names no customer (4); firm is firm, and the first in the order of the ledger has it (5).
//!
//! A factor covers a debtor by a [`CreditApproval`], under which each [`Receivable`] is assigned; what a buyer itself approves is a
//! [`Voucher`], whose debt is a claim. Of vouchers: a trade stands behind each (1); they run for six months usually and a year
//! at most (2); supplier and buyer agree (3); nobody pools what is paid (4).
//!
//! Whatever one party is liable for to another is a [`Position`], which the transitions post; a [`Line`] is their sum, and the
//! limit that a creditor sets its own acts.
//!
//! A guarantee, a counter-guarantee or a standby has four: the [`Guarantee`] says what is left of the undertaking and until
//! when, each [`Demand`] what became of it, each [`GuaranteeAmendment`] whether the beneficiary consented, and each
//! [`GuaranteeInstruction`] whether the guarantor acted on it.
//!
//! A bill of exchange has two: the [`Bill`] says whether its drawee accepted and how far it came, and each [`BillPart`] who
//! holds some of its units, and whom the holder can claim them from.
//!
//! Beside them stands the financing registry, in which a [`Financing`] takes a part of a document's face: by whomever
//! it is registered, the sum of all never exceeds the face.
//!
//! And there are registers of documents: a [`NotarisedDocument`], which its issuer vouches for; a
//! [`TransferableRecord`], of which one party has control at any height; a [`UnitCertificate`], whose units are retired
//! once; and an [`Exposure`], which is stated with consent.
//!
//! A bank shares the risk of a transaction, an [`Underlying`], by a [`Participation`] under a master agreement: the shares never
//! exceed the whole.
//!
//! Above them stands the supervisor, whose [`FreezeOrder`] holds the settlement of a party, an account or an instrument,
//! and leaves contracts alone.
//!
//! Dates are decided by block time, the instrument's place and its published calendar: a [`Deadline`] or
//! [`DueDate`] that the calendar does not reach yet is kept provisional. [`STEPS`] and [`PERIODS`] hold the
//! articles as data; the [`registry`] holds every refusal with its article and remedy, and [`rulebook`] those that are
//! rules, each with what it says.

mod amendment;
mod bill;
mod claim;
mod deadline;
mod document;
mod event;
mod exposure;
mod factoring;
mod financing;
mod guarantee;
mod identifier;
mod index;
mod letter_of_credit;
mod market;
mod next_step;
mod operation;
mod participation;
mod position;
mod presentation;
pub mod registry;
mod rulebook;
mod rules;
mod supervision;
mod terms;
mod transferable;
mod unit_certificate;
mod units;
mod voucher;

pub use amendment::{
    AmendedItem, AmendmentId, CreditAmendment, CreditAmendmentState, MAX_AMENDED, MAX_AMENDED_LINE,
};
pub use bill::{
    Aval, Bill, BillAct, BillEncumbrance, BillFreeze, BillKind, BillOffer, BillPackage, BillPart, BillState,
    BillTerms, BillTransfer, Circulation, Guaranteed, Liable, MAX_AVALS, MAX_BILL_TEXT_LENGTH, MAX_EVIDENCE,
    MAX_OFFERS, MAX_SECURES_LENGTH, MAX_TITLE_CHARACTERS, MAX_TRANSFERS, PackageNumber, ParsePackageError,
    PartState, Rank, RecourseNotice, Repurchase, Settlement, TransferKind,
};
pub use claim::{
    Assignment, Claim, ClaimOrigin, ClaimState, Debt, Encumbrance, MAX_CLAIM_TEXT_LENGTH, MAX_DIVISION,
    MAX_PARTS,
};
pub use deadline::{Deadline, DueDate};
pub use document::{DocumentContent, DocumentStatus, MAX_REASON_LENGTH, NotarisedDocument};
pub use event::TradeEvent;
pub use exposure::{Exposure, ExposureState, MAX_CONSENT_DAYS};
pub use factoring::{
    Advance, ApprovalState, CreditApproval, MAX_FACTORING_TEXT_LENGTH, Receivable, ReceivableOffer,
    ReceivableState, Registration,
};
pub use financing::{
    FinancedAsset, FinancedDocument, Financing, FinancingState, Fingerprint, FingerprintKeys,
    FingerprintToken, MAX_FINGERPRINTS, MAX_SHARES, MAX_VOID_REASON_LENGTH, Match, ReleaseReason,
    RetiringKey, Share, Tier,
};
pub use guarantee::{
    AmendmentState, AmountChange, AutomaticExtension, BreachStatement, Closure, Demand, DemandRefusal,
    DemandState, DemandWithdrawal, Expires, ExtensionCause, ExtensionPeriod, Guarantee, GuaranteeAmendment,
    GuaranteeAnswer, GuaranteeChanges, GuaranteeEnd, GuaranteeExpiry, GuaranteeInstruction, GuaranteePurpose,
    GuaranteeRules, GuaranteeState, GuaranteeTerms, InstructedAct, InstructionState, MAX_AMENDMENT_ITEMS,
    MAX_BREACH_STATEMENT_LENGTH, MAX_CLOSURES, MAX_EXTENSION_DAYS, MAX_OPEN_AMENDMENTS, MAX_REDUCTIONS,
    OpenAmendment, ReduceBy, Reduction, ReductionCause, ReductionReason, Reimbursement, ReimbursementDue,
    RightsRequest, StandingRequest, UndertakingForm,
};
pub use identifier::{
    ApprovalId, BillId, BillPartId, CertificateId, ClaimId, ClaimSource, CreditId, DemandId, DocumentId,
    ExposureId, FinancingId, GuaranteeAmendmentId, GuaranteeId, GuaranteeInstructionId, ListingId,
    MAX_NUMBER_LENGTH, MAX_REGISTER_NUMBER_LENGTH, ParseIdError, ParticipationAgreementId, ParticipationId,
    PresentationId, QuoteId, ReceivableId, TradeId, TransferableRecordId, UnderlyingId, VoucherId,
};
pub use index::{
    ApprovalStatus, BillPartStatus, BillStatus, ClaimStatus, CreditAmendmentStatus, CreditStatus,
    DemandStatus, ExposureStatus, FinancingStatus, FreezeStatus, GuaranteeAmendmentStatus,
    GuaranteeInstructionStatus, GuaranteeStatus, ListingStatus, NotarisedStatus,
    ParticipationAgreementStatus, ParticipationStatus, PresentationStatus, QuoteStatus, ReceivableStatus,
    TradeStatus, TransferableStatus, UnderlyingStatus, VoucherStatus,
};
pub use letter_of_credit::{Authenticity, ClosingReason, Confirmation, LetterOfCredit, LetterOfCreditState};
pub use market::{
    Criteria, Firm, FirmOffer, ForfaitingTerms, LapseReason, Listing, ListingKind, ListingState,
    MAX_CONDITION_LENGTH, MAX_CONDITIONS, MAX_CRITERIA_PARTIES, MAX_REASONS, MAX_TRADE_DOCUMENTS,
    MAX_TRADE_TEXT_LENGTH, Price, Quote, QuoteState, QuoteSubject, Recourse, RecourseGround, Trade,
    TradeDocuments, TradeState, Unwinding,
};
pub use next_step::{NextStep, NextSteps};
pub use operation::TradeOperation;
pub use participation::{
    AgreementForm, AgreementState, AgreementTerms, ChangeRequest, Disclosure, Funding,
    MAX_GOVERNING_LAW_LENGTH, MAX_PARTICIPATION_TEXT_LENGTH, MAX_PARTICIPATIONS, Outlay, ParticipatedShare,
    Participation, ParticipationAgreement, ParticipationChange, ParticipationFee, ParticipationState,
    ParticipationTerms, Proportion, Representation, RiskType, TerminationReason, Underlying,
    UnderlyingChange, UnderlyingState,
};
pub use position::{Line, LineId, Nature, Position, PositionId};
pub use presentation::{
    Disposal, Document, MAX_COVERING_REFERENCE_LENGTH, MAX_DISCREPANCIES, MAX_DISCREPANCY_LENGTH,
    MAX_DOCUMENTS, MAX_MEDIA_TYPE_LENGTH, MAX_TITLE_LENGTH, Presentation, PresentationState, RefusalNotice,
    Shipment, ShipmentEvidence, Waiver,
};
pub use rulebook::{
    APPROVAL_ANSWER, AVAILABILITY, Article, BILL_ACCEPTANCE, BILL_ACTION, BILL_CEILINGS, BILL_MONTHS,
    BILL_NOTICE, BILL_OFFER, BILL_PAYMENT_ANSWER, BILL_PRESENTATION, BILL_RE_RECOURSE, BILL_RECOURSE,
    BILL_TERM, BillCeiling, CLAIM_OFFER, CLOSURE_STATEMENT, CONTROL_OFFER, COUNTER_EXPIRY,
    COUNTER_SUSPENSION, COVER_PAYMENT, DEMAND_EXAMINATION, DOMESTIC_PRESENTATION, DOMESTIC_TENOR_DAYS,
    EXAMINATION, FORCE_MAJEURE, GUARANTEE_REQUEST, MonthsPeriod, OPEN_ENDED, PARTICIPATION_OFFER,
    PARTICIPATION_PAYMENT, PERIODS, PRESENTATION, Period, Provenance, REASSIGNMENT_SILENCE,
    RECOVERY_TURNOVER, RESERVATION, STANDBY_CLOSURE, STANDBY_EXAMINATION, STANDBY_EXAMINATION_SAFE, STEPS,
    SUSPENSION, Step, TRADE_CONFIRMATION, VOUCHER_MONTHS_LONG, VOUCHER_MONTHS_USUAL, YearsPeriod, article_of,
    rulebook,
};
pub use rules::TradeRules;
pub use supervision::{
    FreezeCount, FreezeOrder, FreezeState, FrozenSubject, MAX_LEGAL_BASIS_LENGTH, MAX_ORDER_LENGTH,
};
pub use terms::{
    ApplicableRules, Availability, AvailableBy, AvailableWith, Bank, ConfirmationInstruction, CreditForm,
    Expiry, Instalment, LatestShipment, LetterOfCreditTerms, MAX_ACCOUNT_LENGTH, MAX_LINE_LENGTH,
    MAX_NAME_LINES, MAX_NARRATIVE_LINE_LENGTH, MAX_NARRATIVE_LINES, MAX_PLACE_LENGTH, MAX_TENOR_DAYS,
    NamedParty, Permission, PresentationPeriod, ShipmentPlaces, Tenor, Terms, Tolerance,
};
pub use transferable::{
    MAX_AMENDMENTS, MAX_STATEMENT_LENGTH, RecordAmendment, RecordOffer, TransferableKind, TransferableRecord,
    TransferableState,
};
pub use unit_certificate::{
    MAX_UNIT_LENGTH, MAX_UNIT_TEXT_LENGTH, UnitCertificate, UnitHolding, UnitHoldingId,
};
pub use units::Units;
pub use voucher::{MAX_VOUCHER_TEXT_LENGTH, PayableBackground, Voucher, VoucherState};
