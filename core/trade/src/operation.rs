//! What parties can do.

use allonge_finance::Money;
use allonge_ledger::{AccountId, Amount, Governed};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::identifier::{ClaimId, CreditId, PresentationId};
use crate::letter_of_credit::Authenticity;
use crate::presentation::{Disposal, Document, Shipment};
use crate::terms::LetterOfCreditTerms;

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
            | TradeOperation::CloseCredit { .. } => Amount::None,
        }
    }
}
