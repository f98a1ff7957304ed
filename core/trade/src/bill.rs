//! Bills of exchange: drawn, accepted, delivered, and passed on in whole or in ranges of units until they are paid. The
//! Negotiable Instruments Law of China, and the electronic bills of Order No. 4 of 2022.
//!
//! Two records, and never one status for both. The [`Bill`] says how far the undertaking has come. Each [`BillPart`] says who
//! holds some of its units, whom the holder can claim them from, and, in two parts as the clearing system has it, what became
//! of it ([`PartState`]) and whether it may circulate ([`Circulation`]). The parts of a bill never overlap, and add up to it.
//!
//! Whatever gives, takes or secures passes by a handshake: one party offers, the other signs, rejects, or lets the offer
//! lapse; until it signs, whoever offered can withdraw.
//!
//! What no law says, the rules that refusals and steps cite as "Bills" do:
//!
//! | art. | says |
//! |---|---|
//! | 1 | a bill is known by its drawer and the drawer's number; the number of its package is recorded, and used once |
//! | 2 | an act between two parties takes effect when the one to whom it is offered signs, in time and as it was offered |
//! | 3 | each minor unit of a bill is a unit of its own; an act names a range of them, all of one part, none of them bound |
//! | 4 | a sale between banks, and its return leg, move the bill and the money together or not at all |
//! | 5 | electronic bills are accepted before they are delivered, and nothing of them circulates before |
//! | 6 | a court's order, which the acceptor enters, stops all that would move a part, until the acceptor enters its release |
//! | 7 | a bill in renminbi is of a thousand million at most, as the clearing system takes them; banks are those whom a BIC or a CNAPS code identifies |

mod condition;
mod drawn;
mod offer;
mod part;
mod payment;
mod recourse;
mod terms;

pub use drawn::{Bill, BillPackage, BillState};
pub use offer::{BillAct, BillOffer, Guaranteed, MAX_EVIDENCE, MAX_OFFERS, MAX_SECURES_LENGTH, Repurchase};
pub(crate) use part::Cut;
pub use part::{
    Aval, BillEncumbrance, BillFreeze, BillPart, BillTransfer, Circulation, Liable, MAX_AVALS,
    MAX_BILL_TEXT_LENGTH, MAX_TRANSFERS, PartState, Rank, TransferKind,
};
pub use recourse::{RecourseNotice, Settlement};
pub(crate) use terms::is_another;

pub use terms::{BillKind, BillTerms, MAX_TITLE_CHARACTERS, PackageNumber, ParsePackageError};
