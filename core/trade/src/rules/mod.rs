//! The trade rules over the ledger: who may do what, and which records a step reads and writes.
//!
//! The state machines themselves are pure and know no ledger; see [`LetterOfCredit`](crate::LetterOfCredit),
//! [`Presentation`](crate::Presentation) and [`Claim`](crate::Claim).

mod amendment;
mod bill;
mod claim;
mod credit;
mod demand;
mod document;
mod exposure;
mod factoring;
mod financing;
mod guarantee;
mod market;
mod participation;
mod position;
mod presentation;
mod supervision;
mod transferable;
mod unit_certificate;
mod voucher;

use allonge_ledger::{AccountId, Context, Entry, Error, IndexTerms, Rules, Stored, index_terms};

use crate::amendment::CreditAmendment;
use crate::bill::{Bill, BillPart};
use crate::claim::{Claim, Debt};
use crate::document::NotarisedDocument;
use crate::event::TradeEvent;
use crate::exposure::Exposure;
use crate::factoring::{CreditApproval, Receivable};
use crate::financing::Financing;
use crate::guarantee::{Demand, DemandLodgement, Guarantee, GuaranteeAmendment, GuaranteeInstruction};
use crate::letter_of_credit::LetterOfCredit;
use crate::market::{Listing, Quote, Trade};
use crate::operation::TradeOperation;
use crate::participation::{Participation, ParticipationAgreement, Underlying};
use crate::position::{Line, Position};
use crate::presentation::{Lodgement, Presentation};
use crate::supervision::FreezeOrder;
use crate::transferable::TransferableRecord;
use crate::unit_certificate::{UnitCertificate, UnitHolding};
use crate::voucher::Voucher;

/// The rules of trade finance, for a ledger to execute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TradeRules;

impl Rules for TradeRules {
    type Operation = TradeOperation;
    type Event = TradeEvent;

    const VERSION: u32 = 1;

    fn errors() -> &'static [&'static Entry] {
        crate::registry::ERRORS
    }

    fn index(kind: u8, value: &[u8]) -> Result<Option<IndexTerms>, Error> {
        match kind {
            LetterOfCredit::KIND => index_terms::<LetterOfCredit>(value),
            Presentation::KIND => index_terms::<Presentation>(value),
            CreditAmendment::KIND => index_terms::<CreditAmendment>(value),
            Claim::KIND => index_terms::<Claim>(value),
            Financing::KIND => index_terms::<Financing>(value),
            NotarisedDocument::KIND => index_terms::<NotarisedDocument>(value),
            TransferableRecord::KIND => index_terms::<TransferableRecord>(value),
            UnitCertificate::KIND => index_terms::<UnitCertificate>(value),
            UnitHolding::KIND => index_terms::<UnitHolding>(value),
            Exposure::KIND => index_terms::<Exposure>(value),

            // Claims and the forfaiting market.
            Debt::KIND => index_terms::<Debt>(value),
            Listing::KIND => index_terms::<Listing>(value),
            Quote::KIND => index_terms::<Quote>(value),
            Trade::KIND => index_terms::<Trade>(value),

            // Demand guarantees and standbys.
            Guarantee::KIND => index_terms::<Guarantee>(value),
            Demand::KIND => index_terms::<Demand>(value),
            GuaranteeAmendment::KIND => index_terms::<GuaranteeAmendment>(value),
            GuaranteeInstruction::KIND => index_terms::<GuaranteeInstruction>(value),

            // Bills of exchange.
            Bill::KIND => index_terms::<Bill>(value),
            BillPart::KIND => index_terms::<BillPart>(value),

            // Factoring and payables.
            Voucher::KIND => index_terms::<Voucher>(value),
            CreditApproval::KIND => index_terms::<CreditApproval>(value),
            Receivable::KIND => index_terms::<Receivable>(value),

            // Risk participation.
            ParticipationAgreement::KIND => index_terms::<ParticipationAgreement>(value),
            Underlying::KIND => index_terms::<Underlying>(value),
            Participation::KIND => index_terms::<Participation>(value),

            // Supervision and limits.
            FreezeOrder::KIND => index_terms::<FreezeOrder>(value),
            Position::KIND => index_terms::<Position>(value),
            Line::KIND => index_terms::<Line>(value),
            _ => Ok(None),
        }
    }

    fn may_move(
        &self,
        context: &mut Context<'_, TradeEvent>,
        from: &AccountId,
        to: &AccountId,
    ) -> Result<(), Error> {
        supervision::may_move(context, from, to)
    }

    fn apply(&self, context: &mut Context<'_, TradeEvent>, operation: &TradeOperation) -> Result<(), Error> {
        match operation.clone() {
            TradeOperation::IssueCredit { number, terms } => credit::issue(context, number, *terms),
            TradeOperation::AdviseCredit { credit, authenticity } => {
                credit::advise(context, &credit, authenticity)
            }
            TradeOperation::PresentDocuments {
                credit,
                amount,
                account,
                covering_reference,
                shipment,
                documents,
                amendments,
            } => {
                let presenter = context.author().clone();
                let lodgement =
                    Lodgement { presenter, amount, account, covering_reference, shipment, documents };
                presentation::present(context, &credit, lodgement, &amendments)
            }
            TradeOperation::AcceptPresentation { presentation } => {
                presentation::accept(context, &presentation)
            }
            TradeOperation::HonourPresentation { presentation, from } => {
                presentation::honour(context, &presentation, from)
            }
            TradeOperation::RefusePresentation { presentation, discrepancies, disposal } => {
                presentation::refuse(context, &presentation, discrepancies, disposal)
            }
            TradeOperation::InvokePreclusion { presentation } => {
                presentation::invoke_preclusion(context, &presentation)
            }
            TradeOperation::PayClaim { claim, from, to, amount } => {
                claim::pay(context, &claim, from, to, amount)
            }
            TradeOperation::CloseCredit { credit } => credit::close(context, &credit),
            TradeOperation::AmendCredit { credit, items } => amendment::amend(context, &credit, items),
            TradeOperation::AnswerAmendment { amendment, accepted } => {
                amendment::answer(context, &amendment, &accepted)
            }
            TradeOperation::ConfirmCredit { credit } => amendment::confirm(context, &credit),
            TradeOperation::ExtendConfirmation { amendment, extend } => {
                amendment::extend_confirmation(context, &amendment, extend)
            }
            TradeOperation::ConsentToCancellation { credit } => {
                amendment::consent_to_cancellation(context, &credit)
            }
            TradeOperation::SeekWaiver { presentation, discrepancies } => {
                presentation::seek_waiver(context, &presentation, discrepancies)
            }
            TradeOperation::WaiveDiscrepancies { presentation } => {
                presentation::waive(context, &presentation)
            }

            TradeOperation::AdoptFingerprintKey { key_id, previous_until } => {
                financing::adopt_key(context, key_id, previous_until)
            }
            TradeOperation::ReserveFinancing { number, document, face, amount, expires_at, fingerprints } => {
                let registration =
                    financing::Registration { document, face, amount, expires_at, fingerprints };
                financing::reserve(context, number, registration)
            }
            TradeOperation::ConfirmFinancing { financing, amount } => {
                financing::confirm(context, &financing, amount)
            }
            TradeOperation::ReleaseFinancing { financing, amount, reason } => {
                financing::release(context, &financing, amount, reason)
            }
            TradeOperation::VoidFinancing { financing, reason } => {
                financing::void(context, &financing, reason)
            }
            TradeOperation::RefingerprintFinancing { financing, fingerprints } => {
                financing::refingerprint(context, &financing, fingerprints)
            }
            TradeOperation::ConsentToExposure { number, lender, expires_at } => {
                exposure::consent(context, number, lender, expires_at)
            }
            TradeOperation::StateExposure { exposure, amount, as_of } => {
                exposure::state(context, &exposure, amount, as_of)
            }
            TradeOperation::EndExposure { exposure } => exposure::end(context, &exposure),
            TradeOperation::NotariseDocument { number, content, supersedes } => {
                document::notarise(context, number, content, supersedes)
            }
            TradeOperation::RevokeDocument { document, reason } => {
                document::revoke(context, &document, reason)
            }
            TradeOperation::IssueTransferable { number, kind, content, replaces_paper } => {
                transferable::issue(context, number, kind, content, replaces_paper)
            }
            TradeOperation::OfferTransferable { record, offer, expires_at } => {
                transferable::offer(context, &record, offer, expires_at)
            }
            TradeOperation::WithdrawTransferableOffer { record } => transferable::withdraw(context, &record),
            TradeOperation::AcceptTransferable { record, offer } => {
                transferable::accept(context, &record, &offer)
            }
            TradeOperation::SwitchToPaper { record, statement } => {
                transferable::switch_to_paper(context, &record, statement)
            }
            TradeOperation::IssueUnits { number, unit, description, sha256, quantity } => {
                let certified = unit_certificate::Certified { unit, description, sha256, quantity };
                unit_certificate::issue(context, number, certified)
            }
            TradeOperation::TransferUnits { certificate, to, quantity } => {
                unit_certificate::transfer(context, &certificate, to, quantity)
            }
            TradeOperation::RetireUnits { certificate, quantity, beneficiary, reason } => {
                unit_certificate::retire(context, &certificate, quantity, beneficiary, reason)
            }

            // Claims and the forfaiting market.
            TradeOperation::DivideClaim { claim, amounts } => claim::divide(context, &claim, &amounts),
            TradeOperation::MergeClaims { claims } => claim::merge(context, &claims),
            TradeOperation::PledgeClaim { claim, to, secures } => claim::pledge(context, &claim, to, secures),
            TradeOperation::ReleasePledge { claim } => claim::release(context, &claim),
            TradeOperation::OfferClaim { claim, to, expires_at } => {
                claim::offer(context, &claim, to, expires_at)
            }
            TradeOperation::WithdrawClaimOffer { claim } => claim::withdraw(context, &claim),
            TradeOperation::AcceptClaim { claim } => claim::accept(context, &claim),
            TradeOperation::NotifyAssignment { claim, account } => claim::notify(context, &claim, account),
            TradeOperation::AcknowledgeAssignment { claim, account } => {
                claim::acknowledge(context, &claim, &account)
            }
            TradeOperation::ReportMisdirectedPayment { claim, paid_to, reference } => {
                claim::misdirect(context, &claim, paid_to, reference)
            }
            TradeOperation::DeclareUnpaid { claim } => claim::declare_unpaid(context, &claim),
            TradeOperation::PublishAsset { number, claim, indicative_rate, firm, valid_until } => {
                market::publish_asset(context, number, &claim, indicative_rate, firm, valid_until)
            }
            TradeOperation::RequestQuotes { number, criteria, invited, valid_until } => {
                market::request_quotes(context, number, criteria, invited, valid_until)
            }
            TradeOperation::PlaceBid { number, criteria, firm, capacity, valid_until } => {
                market::place_bid(context, number, criteria, firm, capacity, valid_until)
            }
            TradeOperation::WithdrawListing { listing } => market::withdraw_listing(context, &listing),
            TradeOperation::QuotePrice { number, subject, firm, valid_until } => {
                market::quote(context, number, subject, *firm, valid_until)
            }
            TradeOperation::WithdrawQuote { quote } => market::withdraw_quote(context, &quote),
            TradeOperation::AcceptQuote { number, quote, claim, account } => {
                market::accept_quote(context, number, &quote, &claim, account)
            }
            TradeOperation::TakeAsset { number, listing, account } => {
                market::take_asset(context, number, &listing, account)
            }
            TradeOperation::HitBid { number, listing, claim, account } => {
                market::hit_bid(context, number, &listing, &claim, account)
            }
            TradeOperation::ConfirmTrade { trade } => market::confirm(context, &trade),
            TradeOperation::DeliverTradeDocuments { trade, documents } => {
                market::deliver(context, &trade, documents)
            }
            TradeOperation::AcceptTradeDocuments { trade } => market::accept_documents(context, &trade),
            TradeOperation::RefuseTradeDocuments { trade, reasons } => {
                market::refuse_documents(context, &trade, reasons)
            }
            TradeOperation::SatisfyCondition { trade, condition } => {
                market::satisfy(context, &trade, condition)
            }
            TradeOperation::SettleTrade { trade, reserve_until } => {
                market::settle(context, &trade, reserve_until)
            }
            TradeOperation::LiftReserve { trade } => market::lift(context, &trade),
            TradeOperation::RepayReserved { trade } => market::repay(context, &trade),
            TradeOperation::LapseTrade { trade } => market::lapse(context, &trade),
            TradeOperation::PayCommitmentFee { trade } => market::pay_fee(context, &trade),
            TradeOperation::ProposeUnwinding { trade, reason, amount } => {
                market::propose_unwinding(context, &trade, reason, amount)
            }
            TradeOperation::UnwindTrade { trade } => market::unwind(context, &trade),
            TradeOperation::ClaimRecourse { trade, ground, statement } => {
                market::claim_recourse(context, &trade, ground, statement)
            }

            // Demand guarantees and standbys.
            TradeOperation::InstructGuarantee { number, guarantor, act, expires_at } => {
                guarantee::instruct(context, number, guarantor, *act, expires_at)
            }
            TradeOperation::WithdrawGuaranteeInstruction { instruction } => {
                guarantee::withdraw_instruction(context, &instruction)
            }
            TradeOperation::IssueGuarantee { number, terms, instruction, counter_guarantee } => {
                guarantee::issue(context, number, *terms, instruction, counter_guarantee)
            }
            TradeOperation::AdviseGuarantee { guarantee, authenticity } => {
                guarantee::advise(context, &guarantee, authenticity)
            }
            TradeOperation::AmendGuarantee { guarantee, changes, instruction } => {
                guarantee::amend(context, &guarantee, *changes, instruction)
            }
            TradeOperation::AnswerGuaranteeAmendment { amendment, answer } => {
                guarantee::answer(context, &amendment, &answer)
            }
            TradeOperation::RequestGuaranteeTransfer { guarantee, request, expires_at } => {
                guarantee::request(context, &guarantee, request, expires_at)
            }
            TradeOperation::ConsentToGuaranteeTransfer { guarantee, request } => {
                guarantee::consent(context, &guarantee, &request)
            }
            TradeOperation::PresentDemand {
                guarantee,
                amount,
                account,
                statement,
                documents,
                extend_to,
                local_demand,
            } => {
                let presented_by = context.author().clone();
                let lodgement = DemandLodgement {
                    presented_by,
                    amount,
                    account,
                    statement,
                    documents,
                    extend_to,
                    local_demand,
                };
                demand::present(context, &guarantee, lodgement)
            }
            TradeOperation::AcceptDemand { demand } => demand::accept(context, &demand),
            TradeOperation::RefuseDemand { demand, discrepancies } => {
                demand::refuse(context, &demand, discrepancies)
            }
            TradeOperation::InvokeDemandPreclusion { demand } => demand::invoke_preclusion(context, &demand),
            TradeOperation::SuspendDemand { demand, until } => demand::suspend(context, &demand, until),
            TradeOperation::ExtendForDemand { demand, instruction } => {
                demand::extend(context, &demand, instruction.as_ref())
            }
            TradeOperation::PayDemand { demand, from } => demand::pay(context, &demand, from),
            TradeOperation::WithdrawDemand { demand } => demand::withdraw(context, &demand),
            TradeOperation::ReimburseGuarantor { demand, from, to } => {
                demand::reimburse(context, &demand, from, to)
            }
            TradeOperation::GiveNonExtensionNotice { guarantee } => {
                guarantee::give_non_extension_notice(context, &guarantee)
            }
            TradeOperation::UpdateGuarantee { guarantee } => guarantee::update(context, &guarantee),
            TradeOperation::ReduceGuarantee { guarantee, reduction } => {
                guarantee::reduce(context, &guarantee, reduction)
            }
            TradeOperation::ReleaseGuarantee { guarantee } => guarantee::release(context, &guarantee),
            TradeOperation::StateExpiryEvent { guarantee, document } => {
                guarantee::state_expiry_event(context, &guarantee, document)
            }
            TradeOperation::StateClosure { guarantee, from, until, ground } => {
                guarantee::state_closure(context, &guarantee, from, until, ground)
            }
            TradeOperation::CloseGuarantee { guarantee } => guarantee::close(context, &guarantee),

            // Bills of exchange.
            TradeOperation::DrawBill { number, terms } => bill::draw(context, number, *terms),
            TradeOperation::PresentBillForAcceptance { bill } => bill::present_for_acceptance(context, &bill),
            TradeOperation::AcceptBill { bill, conditions, margin } => {
                bill::accept(context, &bill, &conditions, margin)
            }
            TradeOperation::RefuseBill { bill, reason } => bill::refuse(context, &bill, reason),
            TradeOperation::CancelBill { bill } => bill::cancel(context, &bill),
            TradeOperation::OfferBill { part, units, to, act, expires_at } => {
                bill::offer(context, &part, units, to, act, expires_at)
            }
            TradeOperation::SignBill { part, units, account, price } => {
                bill::sign(context, &part, units, account, price)
            }
            TradeOperation::RejectBill { part, units } => bill::reject(context, &part, units),
            TradeOperation::WithdrawBillOffer { part, units } => bill::withdraw(context, &part, units),
            TradeOperation::RevokeNonTransferable { part } => bill::revoke_restriction(context, &part),
            TradeOperation::RepurchaseBill { part, from } => bill::repurchase(context, &part, &from),
            TradeOperation::CloseOutRepurchase { part } => bill::close_out(context, &part),
            TradeOperation::PresentBillForPayment { part, account } => {
                bill::present_for_payment(context, &part, account)
            }
            TradeOperation::PayBill { part, from, to } => bill::pay(context, &part, from, to),
            TradeOperation::DishonourBill { part, reason } => bill::dishonour(context, &part, reason),
            TradeOperation::GiveRecourseNotice { part, against, account, interest } => {
                bill::notify(context, &part, against, account, interest)
            }
            TradeOperation::SettleRecourse { part, units, from } => {
                bill::settle(context, &part, units, &from)
            }
            TradeOperation::FreezeBill { part, court, order } => bill::freeze(context, &part, court, order),
            TradeOperation::ReleaseBillFreeze { part, order } => bill::release_freeze(context, &part, order),

            // Factoring and payables.
            TradeOperation::ApprovePayable {
                number,
                supplier,
                amount,
                maturity,
                calendar,
                background,
                tenor_reason,
            } => {
                let payable =
                    voucher::Payable { supplier, amount, maturity, calendar, background, tenor_reason };
                voucher::approve(context, number, payable)
            }
            TradeOperation::IssueVoucher {
                number,
                supplier,
                amount,
                maturity,
                calendar,
                background,
                tenor_reason,
                expires_at,
            } => {
                let payable =
                    voucher::Payable { supplier, amount, maturity, calendar, background, tenor_reason };
                voucher::offer(context, number, payable, expires_at)
            }
            TradeOperation::AcceptVoucher { voucher } => voucher::accept(context, &voucher),
            TradeOperation::RejectVoucher { voucher } => voucher::reject(context, &voucher),
            TradeOperation::WithdrawVoucher { voucher } => voucher::withdraw(context, &voucher),
            TradeOperation::RequestApproval { number, import_factor, seller, debtor, amount } => {
                factoring::request(context, number, import_factor, seller, debtor, amount)
            }
            TradeOperation::AnswerApproval { approval, amount, valid_until } => {
                factoring::answer(context, &approval, amount, valid_until)
            }
            TradeOperation::ReduceApproval { approval, amount } => {
                factoring::reduce(context, &approval, amount)
            }
            TradeOperation::AssignReceivable {
                number,
                approval,
                invoice,
                amount,
                maturity,
                calendar,
                registration,
            } => {
                let assigned =
                    factoring::Assigned { approval, invoice, amount, maturity, calendar, registration };
                factoring::assign(context, number, assigned)
            }
            TradeOperation::FinanceReceivable { receivable, amount, recourse, financing, from, to } => {
                factoring::finance(context, &receivable, amount, recourse, financing, &from, &to)
            }
            TradeOperation::CreditReceivable { receivable, amount, reason } => {
                factoring::credit_note(context, &receivable, amount, reason)
            }
            TradeOperation::RemitCollection { receivable, amount, from, to } => {
                factoring::remit(context, &receivable, amount, &from, &to)
            }
            TradeOperation::ReportDirectReceipt { receivable, amount, reference } => {
                factoring::report_direct(context, &receivable, amount, reference)
            }
            TradeOperation::DisputeReceivable { receivable, reason } => {
                factoring::dispute(context, &receivable, reason)
            }
            TradeOperation::SettleDispute { receivable } => factoring::settle_dispute(context, &receivable),
            TradeOperation::PayUnderGuarantee { receivable, from, to } => {
                factoring::pay_cover(context, &receivable, &from, &to)
            }
            TradeOperation::ProposeReassignment { receivable, cause } => {
                factoring::propose_reassignment(context, &receivable, cause)
            }
            TradeOperation::ReassignReceivable { receivable } => factoring::reassign(context, &receivable),
            TradeOperation::OfferReceivable { receivable, to, discount, account, expires_at } => {
                factoring::offer(context, &receivable, to, discount, account, expires_at)
            }
            TradeOperation::AcceptReceivable { receivable, from } => {
                factoring::accept(context, &receivable, &from)
            }

            // Risk participation.
            TradeOperation::OfferParticipationAgreement { number, counterparty, terms, expires_at } => {
                participation::offer_agreement(context, number, counterparty, terms, expires_at)
            }
            TradeOperation::AcceptParticipationAgreement { agreement } => {
                participation::accept_agreement(context, &agreement)
            }
            TradeOperation::EndParticipationAgreement { agreement } => {
                participation::end_agreement(context, &agreement)
            }
            TradeOperation::RegisterUnderlying { reference, obligor, risk, exposure, maturity } => {
                let registration = participation::Registration { obligor, risk, exposure, maturity };
                participation::register(context, reference, registration)
            }
            TradeOperation::OfferParticipation { number, agreement, underlying, terms, expires_at } => {
                participation::offer(context, number, agreement, underlying, *terms, expires_at)
            }
            TradeOperation::WithdrawParticipation { participation } => {
                participation::withdraw(context, &participation)
            }
            TradeOperation::AcceptParticipation { participation, account } => {
                participation::accept(context, &participation, account)
            }
            TradeOperation::FundParticipation { participation, from } => {
                participation::fund(context, &participation, &from)
            }
            TradeOperation::PayParticipationFee { participation, from } => {
                participation::pay_fee(context, &participation, &from)
            }
            TradeOperation::DeclareObligorDefault { underlying, statement } => {
                participation::declare_default(context, &underlying, statement)
            }
            TradeOperation::DemandParticipation { participation, statement } => {
                participation::demand(context, &participation, statement)
            }
            TradeOperation::PayParticipation { participation, from } => {
                participation::pay(context, &participation, &from)
            }
            TradeOperation::ReportRecovery { underlying, amount } => {
                participation::report_recovery(context, &underlying, amount)
            }
            TradeOperation::TurnOverRecovery { participation, from } => {
                participation::turn_over(context, &participation, &from)
            }
            TradeOperation::RequestParticipationChange { participation, change, expires_at } => {
                participation::ask(context, &participation, change, expires_at)
            }
            TradeOperation::AnswerParticipationChange { participation, agreed } => {
                participation::answer(context, &participation, agreed)
            }
            TradeOperation::ChangeUnderlying { underlying, change } => {
                participation::change_underlying(context, &underlying, change)
            }
            TradeOperation::ExpireParticipation { participation } => {
                participation::expire(context, &participation)
            }

            // Supervision and limits.
            TradeOperation::Freeze { subject, order, legal_basis, until, disclosed } => {
                let order = supervision::Order { order, legal_basis, until, disclosed };
                supervision::freeze(context, subject, order)
            }
            TradeOperation::ReleaseFreeze { subject, order, legal_basis } => {
                supervision::release(context, &subject, order, legal_basis)
            }
            TradeOperation::SetLimit { debtor, currency, limit } => {
                position::set_limit(context, debtor, currency, limit)
            }
        }
    }
}
