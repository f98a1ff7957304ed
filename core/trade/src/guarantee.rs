//! Demand guarantees and standbys: independent undertakings to pay on demand, counter-guarantees among them. URDG 758,
//! ISP98.
//!
//! Four records, each with a state of its own: the [`Guarantee`] and what is left of it; each [`Demand`] under it; each
//! [`GuaranteeAmendment`]; and the [`GuaranteeInstruction`] by which an applicant or a counter-guarantor binds itself to
//! reimburse, before the guarantor is bound.

mod amendment;
mod demand;
mod instruction;
mod terms;
mod undertaking;

pub use amendment::{
    AmendmentState, AmountChange, GuaranteeAmendment, GuaranteeAnswer, GuaranteeChanges, MAX_AMENDMENT_ITEMS,
};
pub use demand::{
    Demand, DemandRefusal, DemandState, DemandWithdrawal, MAX_BREACH_STATEMENT_LENGTH, ReimbursementDue,
};
pub use instruction::{GuaranteeInstruction, InstructedAct, InstructionState};
pub use terms::{
    AutomaticExtension, BreachStatement, ExtensionPeriod, GuaranteeExpiry, GuaranteePurpose, GuaranteeRules,
    GuaranteeTerms, MAX_EXTENSION_DAYS, MAX_REDUCTIONS, ReduceBy, Reduction, ReductionCause, UndertakingForm,
};
pub use undertaking::{
    Closure, Expires, ExtensionCause, Guarantee, GuaranteeEnd, GuaranteeState, MAX_CLOSURES,
    MAX_OPEN_AMENDMENTS, OpenAmendment, ReductionReason, Reimbursement, RightsRequest, StandingRequest,
};

pub(crate) use demand::DemandLodgement;
pub(crate) use undertaking::{Development, Issue};
