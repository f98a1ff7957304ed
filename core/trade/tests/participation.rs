//! Risk participation: shares of a risk, never more than all of it, and money that is paid and turned over to the cent.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests stand outside test functions.

mod common;

use std::collections::BTreeMap;

use allonge_crypto::Hash;
use allonge_finance::{Currency, Date, Money, Rate, Timestamp};
use allonge_ledger::Indexed;
use allonge_trade::*;
use common::*;
use proptest::prelude::*;

/// The seller is the issuing bank, the participants are the advising bank and the stranger.
const UNDERLYING: &str = "SYNBCNBJXXX/LOAN-1";

fn agreement(with: &str) -> ParticipationAgreementId {
    format!("{ISSUING}/MPA-{with}").parse().unwrap()
}

fn underlying() -> UnderlyingId {
    UNDERLYING.parse().unwrap()
}

fn participation(number: &str) -> ParticipationId {
    format!("{ISSUING}/{number}").parse().unwrap()
}

fn share(text: &str) -> Proportion {
    text.parse().unwrap()
}

fn offer_agreement(with: &str) -> TradeOperation {
    TradeOperation::OfferParticipationAgreement {
        number: format!("MPA-{with}"),
        counterparty: party(with),
        terms: AgreementTerms {
            form: AgreementForm::Baft2018,
            governing_law: "English law".into(),
            sha256: Hash::new([7; 32]),
            calendar: "CN".parse().unwrap(),
            payment_days: 3,
            turnover_days: 2,
        },
        expires_at: beijing("2026-03-20 10:00"),
    }
}

fn accept_agreement(with: &str) -> TradeOperation {
    TradeOperation::AcceptParticipationAgreement { agreement: agreement(with) }
}

fn register(exposure: &str) -> TradeOperation {
    TradeOperation::RegisterUnderlying {
        reference: "LOAN-1".into(),
        obligor: NamedParty {
            name_and_address: vec!["SAMPLE IMPORTS CO LTD".into(), "BEIJING".into()],
            account: None,
            party: Some(party(APPLICANT)),
        },
        risk: RiskType::TradeLoan,
        exposure: usd(exposure),
        maturity: date("2026-08-31"),
    }
}

fn terms_of(part: &str, funding: Funding) -> ParticipationTerms {
    ParticipationTerms {
        share: share(part),
        cap: None,
        funding,
        fee: Rate::from_percent("1.2").unwrap(),
        expiry: date("2026-09-30"),
        disclosure: Disclosure::Silent,
        representations: vec![Representation::NotSanctioned, Representation::NoKnownDefault],
        account: account(ISSUING),
    }
}

fn funded() -> Funding {
    Funding::Funded { settlement: date("2026-03-09") }
}

fn offer_terms(number: &str, with: &str, terms: ParticipationTerms) -> TradeOperation {
    TradeOperation::OfferParticipation {
        number: number.into(),
        agreement: agreement(with),
        underlying: underlying(),
        terms: Box::new(terms),
        expires_at: beijing("2026-03-20 10:00"),
    }
}

fn offer(number: &str, with: &str, part: &str, funding: Funding) -> TradeOperation {
    offer_terms(number, with, terms_of(part, funding))
}

fn take(number: &str, by: &str) -> TradeOperation {
    TradeOperation::AcceptParticipation { participation: participation(number), account: account(by) }
}

fn fund(number: &str, by: &str) -> TradeOperation {
    TradeOperation::FundParticipation { participation: participation(number), from: account(by) }
}

fn pay_fee(number: &str) -> TradeOperation {
    TradeOperation::PayParticipationFee { participation: participation(number), from: account(ISSUING) }
}

fn default() -> TradeOperation {
    TradeOperation::DeclareObligorDefault {
        underlying: underlying(),
        statement: "NOT PAID AT MATURITY".into(),
    }
}

fn demand(number: &str) -> TradeOperation {
    TradeOperation::DemandParticipation {
        participation: participation(number),
        statement: "THE OBLIGOR DEFAULTED; PAY YOUR SHARE".into(),
    }
}

fn pay_share(number: &str, by: &str) -> TradeOperation {
    TradeOperation::PayParticipation { participation: participation(number), from: account(by) }
}

fn recover(amount: &str) -> TradeOperation {
    TradeOperation::ReportRecovery { underlying: underlying(), amount: usd(amount) }
}

fn turn_over(number: &str) -> TradeOperation {
    TradeOperation::TurnOverRecovery { participation: participation(number), from: account(ISSUING) }
}

fn ask(number: &str, change: ParticipationChange, until: Timestamp) -> TradeOperation {
    TradeOperation::RequestParticipationChange {
        participation: participation(number),
        change,
        expires_at: until,
    }
}

fn answer(number: &str, agreed: bool) -> TradeOperation {
    TradeOperation::AnswerParticipationChange { participation: participation(number), agreed }
}

fn change(change: UnderlyingChange) -> TradeOperation {
    TradeOperation::ChangeUnderlying { underlying: underlying(), change }
}

fn expire(number: &str) -> TradeOperation {
    TradeOperation::ExpireParticipation { participation: participation(number) }
}

/// Two agreements in force, a transaction of 100,000.00, and money with every bank.
fn market() -> Market {
    let mut market = Market::open();
    for with in [ADVISING, STRANGER] {
        market.gives(with, "200000.00");
        market.does(ISSUING, offer_agreement(with));
        market.does(with, accept_agreement(with));
    }
    market.does(ISSUING, register("100000.00"));
    market
}

/// A market in which this share is taken.
fn with_share(part: &str, funding: Funding) -> Market {
    let mut market = market();
    market.does(ISSUING, offer("RP-1", ADVISING, part, funding));
    market.does(ADVISING, take("RP-1", ADVISING));
    market
}

fn state(market: &Market, number: &str) -> ParticipationState {
    market.record::<Participation>(&participation(number)).state
}

fn outlay(market: &Market, number: &str) -> Outlay {
    market.record::<Participation>(&participation(number)).outlay().unwrap().clone()
}

/// What one party is liable for to another, by nature, over all months.
fn position(market: &Market, debtor: &str, creditor: &str, nature: Nature) -> Money {
    let months = (1..=12).map(|month| Some(Date::new(2026, month, 1).unwrap())).chain([None]);
    let positions = months.filter_map(|month| {
        market.find::<Position>(&PositionId {
            creditor: party(creditor),
            debtor: party(debtor),
            nature,
            currency: Currency::parse("USD").unwrap(),
            month,
        })
    });
    positions.fold(usd("0.00"), |sum, position| sum.checked_add(position.amount).unwrap())
}

#[test]
fn a_funded_participant_pays_once_on_the_settlement_date_and_gets_all_back() {
    let mut market = with_share("0.4", funded());
    assert_eq!(position(&market, ADVISING, ISSUING, Nature::Definite), usd("40000.00"));
    market.refuses(ADVISING, fund("RP-1", ADVISING), "participation.not_due");
    market.at("2026-03-09 10:00").refuses(STRANGER, fund("RP-1", STRANGER), "participation.not_participant");
    market.does(ADVISING, fund("RP-1", ADVISING));
    market.refuses(ADVISING, fund("RP-1", ADVISING), "participation.state");
    assert_eq!(market.balance(ADVISING), usd("160000.00"));
    assert_eq!(position(&market, ADVISING, ISSUING, Nature::Definite), usd("0.00"));
    assert_eq!(position(&market, ISSUING, ADVISING, Nature::Contingent), usd("40000.00"));
    market.refuses(ISSUING, turn_over("RP-1"), "participation.nothing_owed");

    // Friday 15:00: two banking days are Monday and Tuesday.
    market.at("2026-04-17 15:00").does(ISSUING, recover("33333.33"));
    let due = outlay(&market, "RP-1");
    assert_eq!(due.allotted, usd("13333.33"));
    assert_eq!(due.deadline.unwrap().date(), date("2026-04-21"));
    assert_eq!(position(&market, ISSUING, ADVISING, Nature::Definite), usd("13333.33"));
    let events = market.at("2026-04-22 09:00").does(ISSUING, turn_over("RP-1"));
    assert!(matches!(&events[..], [TradeEvent::RecoveryTurnedOver { late: true, .. }]));
    assert!(matches!(state(&market, "RP-1"), ParticipationState::RecoveryShared { .. }));

    market.does(ISSUING, recover("66666.67"));
    let events = market.does(ISSUING, turn_over("RP-1"));
    assert!(matches!(&events[0], TradeEvent::RecoveryTurnedOver { late: false, amount, .. }
        if *amount == usd("26666.67")));
    assert!(matches!(
        &events[1],
        TradeEvent::ParticipationTerminated { reason: TerminationReason::Recovered, .. }
    ));
    assert_eq!(market.balance(ADVISING), usd("200000.00"));
    assert!(market.record::<Underlying>(&underlying()).shares.is_empty());
    for nature in [Nature::Contingent, Nature::Definite] {
        assert_eq!(position(&market, ISSUING, ADVISING, nature), usd("0.00"));
    }
}

#[test]
fn an_unfunded_participant_pays_only_on_a_demand_after_default() {
    let mut market = with_share("0.4", Funding::Unfunded);
    assert_eq!(position(&market, ADVISING, ISSUING, Nature::Contingent), usd("40000.00"));
    market.refuses(ADVISING, fund("RP-1", ADVISING), "participation.state");
    market.refuses(ISSUING, demand("RP-1"), "participation.no_default");
    market.refuses(ADVISING, default(), "participation.not_seller");
    market.at("2026-09-01 10:00").does(ISSUING, default());
    market.refuses(ISSUING, default(), "participation.underlying_defaulted");
    market.refuses(ADVISING, pay_share("RP-1", ADVISING), "participation.state");
    market.refuses(ADVISING, demand("RP-1"), "participation.not_seller");
    market.does(ISSUING, demand("RP-1"));
    assert!(matches!(state(&market, "RP-1"), ParticipationState::Demanded { deadline, .. }
        if deadline.date() == date("2026-09-04")));
    assert_eq!(position(&market, ADVISING, ISSUING, Nature::Contingent), usd("0.00"));
    assert_eq!(position(&market, ADVISING, ISSUING, Nature::Definite), usd("40000.00"));

    // What is recovered before the participant paid, it shares once it has.
    market.does(ISSUING, recover("10000.00"));
    let events = market.at("2026-09-04 17:00").does(ADVISING, pay_share("RP-1", ADVISING));
    assert!(matches!(&events[..], [TradeEvent::ParticipationPaid { late: false, .. }]));
    assert_eq!(outlay(&market, "RP-1").owed().unwrap(), usd("4000.00"));
    market.does(ISSUING, turn_over("RP-1"));
    assert_eq!(market.balance(ADVISING), usd("164000.00"));
}

#[test]
fn a_demand_comes_before_the_participation_expires_and_its_end_after() {
    let mut market = with_share("0.4", Funding::Unfunded);
    market.at("2026-09-30 17:00").refuses(ISSUING, expire("RP-1"), "participation.not_expired");
    market.does(ISSUING, default());
    market.at("2026-09-30 17:00:01").refuses(ISSUING, demand("RP-1"), "participation.expired");
    market.refuses(STRANGER, expire("RP-1"), "participation.not_party");
    let unused: Participation = market.record(&participation("RP-1"));
    let next = unused.next_steps(&party(ADVISING), beijing("2026-09-30 17:00:01"));
    assert_eq!(next.first().map(|step| step.operation), Some("expire_participation"));
    market.does(ADVISING, expire("RP-1"));
    assert_eq!(position(&market, ADVISING, ISSUING, Nature::Contingent), usd("0.00"));
    assert!(market.record::<Underlying>(&underlying()).shares.is_empty());
}

#[test]
fn shares_that_are_offered_are_kept_until_the_offer_expires() {
    let mut market = with_share("0.6", Funding::Unfunded);
    market.refuses(ISSUING, offer("RP-2", STRANGER, "0.40000001", funded()), "participation.shares_exceeded");
    market.does(ISSUING, offer("RP-2", STRANGER, "0.4", funded()));
    market.refuses(ISSUING, offer("RP-3", ADVISING, "0.00000001", funded()), "participation.nothing_at_risk");
    market.refuses(ISSUING, offer("RP-3", ADVISING, "0.0001", funded()), "participation.shares_exceeded");
    market.at("2026-03-20 10:01").refuses(STRANGER, take("RP-2", STRANGER), "participation.offer_expired");
    let late = match offer("RP-3", STRANGER, "0.4", Funding::Unfunded) {
        TradeOperation::OfferParticipation { number, agreement, underlying, terms, .. } => {
            let expires_at = beijing("2026-04-01 10:00");
            TradeOperation::OfferParticipation { number, agreement, underlying, terms, expires_at }
        }
        other => other,
    };
    market.does(ISSUING, late);
    market.does(ISSUING, TradeOperation::WithdrawParticipation { participation: participation("RP-3") });
    market.refuses(STRANGER, take("RP-3", STRANGER), "participation.state");
    assert_eq!(market.record::<Underlying>(&underlying()).shared(), 60_000_000);
}

#[test]
fn an_agreement_is_signed_by_both_before_anything_is_offered_under_it() {
    let mut market = Market::open();
    market.does(ISSUING, register("100000.00"));
    let unsigned = offer("RP-1", ADVISING, "0.4", funded());
    market.refuses(ISSUING, unsigned.clone(), "participation.agreement_unknown");
    market.does(ISSUING, offer_agreement(ADVISING));
    market.refuses(ISSUING, unsigned.clone(), "participation.agreement_not_in_force");
    market.refuses(STRANGER, accept_agreement(ADVISING), "participation.agreement_not_offered_to");
    market.refuses(ISSUING, accept_agreement(ADVISING), "participation.agreement_not_offered_to");
    market.does(ADVISING, accept_agreement(ADVISING));
    market.does(ISSUING, unsigned);
    let end = TradeOperation::EndParticipationAgreement { agreement: agreement(ADVISING) };
    market.refuses(STRANGER, end.clone(), "participation.agreement_not_party");
    market.does(ADVISING, end);
    market.refuses(ADVISING, take("RP-1", ADVISING), "participation.agreement_not_in_force");
}

#[test]
fn what_is_offered_says_what_an_offer_says() {
    let mut market = market();
    let mut wrong = |code: &str, change: &dyn Fn(&mut ParticipationTerms)| {
        let mut terms = terms_of("0.4", Funding::Unfunded);
        change(&mut terms);
        market.refuses(ISSUING, offer_terms("RP-1", ADVISING, terms), code);
    };
    wrong("participation.representations", &|terms| terms.representations.clear());
    wrong("participation.representations", &|terms| terms.representations.reverse());
    wrong("participation.fee", &|terms| terms.fee = Rate::from_percent("-1").unwrap());
    wrong("participation.fee", &|terms| terms.cap = Some(usd("0.00")));
    wrong("participation.account", &|terms| terms.account = account(ADVISING));
    wrong("participation.expired", &|terms| terms.expiry = date("2026-02-27"));
    let mut terms = terms_of("0.4", Funding::Unfunded);
    terms.cap = Some(usd("25000.00"));
    market.does(ISSUING, offer_terms("RP-1", ADVISING, terms));
    assert_eq!(market.record::<Participation>(&participation("RP-1")).amount, usd("25000.00"));
}

#[test]
fn a_fee_accrues_by_the_day_over_360_on_what_is_at_risk() {
    let mut market = with_share("0.4", Funding::Unfunded);
    market.refuses(ISSUING, pay_fee("RP-1"), "participation.nothing_owed");
    // 30 days on 40,000.00, then 30 on 20,000.00, at 1.2 per cent.
    market.at("2026-04-01 10:00").does(ISSUING, recover("50000.00"));
    market.at("2026-05-06 10:00").refuses(ADVISING, pay_fee("RP-1"), "participation.not_seller");
    let events = market.does(ISSUING, pay_fee("RP-1"));
    assert!(
        matches!(&events[..], [TradeEvent::ParticipationFeePaid { fee, until, .. }]
        if *fee == usd("63.33") && *until == date("2026-05-06")),
        "{events:?}"
    );
    assert_eq!(market.balance(ADVISING), usd("200063.33"));
    market.refuses(ISSUING, pay_fee("RP-1"), "participation.nothing_owed");
    // Cover that expired on 30 September earns nothing afterwards: 147 days on 20,000.00.
    let events = market.at("2026-11-30 10:00").does(ISSUING, pay_fee("RP-1"));
    assert!(matches!(&events[..], [TradeEvent::ParticipationFeePaid { fee, .. }] if *fee == usd("98.00")));
}

#[test]
fn material_terms_are_changed_with_the_consent_of_each_participant() {
    let mut market = with_share("0.4", Funding::Unfunded);
    market.does(ISSUING, offer("RP-2", STRANGER, "0.3", Funding::Unfunded));
    market.does(STRANGER, take("RP-2", STRANGER));
    let extend = || UnderlyingChange::Extend { until: date("2026-11-30") };
    let until = beijing("2026-03-20 10:00");
    let asked = || ParticipationChange::Underlying { change: extend() };
    market.refuses(ISSUING, change(extend()), "participation.no_consent");
    market.refuses(ADVISING, ask("RP-1", asked(), until), "participation.change_invalid");
    let back = UnderlyingChange::Extend { until: date("2026-08-31") };
    market.refuses(ISSUING, change(back), "participation.underlying_change_invalid");
    for number in ["RP-1", "RP-2"] {
        market.does(ISSUING, ask(number, asked(), until));
    }
    market.refuses(ISSUING, answer("RP-1", true), "participation.change_own");
    market.does(ADVISING, answer("RP-1", true));
    market.refuses(ISSUING, change(extend()), "participation.no_consent");
    market.does(STRANGER, answer("RP-2", true));
    let other = UnderlyingChange::Waive { what: "THE INSPECTION CERTIFICATE".into() };
    market.refuses(ISSUING, change(other), "participation.no_consent");
    market.does(ISSUING, change(extend()));
    assert_eq!(market.record::<Underlying>(&underlying()).maturity, date("2026-11-30"));
    assert_eq!(market.record::<Participation>(&participation("RP-1")).expiry.date(), date("2026-11-30"));
    assert_eq!(position(&market, ADVISING, ISSUING, Nature::Contingent), usd("40000.00"));
    let again = UnderlyingChange::Extend { until: date("2026-12-15") };
    market.refuses(ISSUING, change(again), "participation.no_consent");
}

#[test]
fn a_consent_is_asked_in_time_and_can_be_refused() {
    let mut market = with_share("0.4", Funding::Unfunded);
    let reduce = || ParticipationChange::Reduce { to: share("0.25") };
    market.refuses(ADVISING, answer("RP-1", true), "participation.change_none");
    market.refuses(ISSUING, ask("RP-1", reduce(), beijing("2026-03-02 10:00")), "participation.offer_expiry");
    market.does(ISSUING, ask("RP-1", reduce(), beijing("2026-03-03 10:00")));
    market.at("2026-03-03 10:01").refuses(ADVISING, answer("RP-1", true), "participation.offer_expired");
    market.does(ISSUING, ask("RP-1", reduce(), beijing("2026-03-05 10:00")));
    market.does(ADVISING, answer("RP-1", false));
    market.refuses(ADVISING, answer("RP-1", true), "participation.change_none");
    market.does(ADVISING, ask("RP-1", reduce(), beijing("2026-03-05 10:00")));
    market.does(ISSUING, answer("RP-1", true));
    let reduced: Participation = market.record(&participation("RP-1"));
    assert_eq!(reduced.status(), ParticipationStatus::Reduced);
    assert_eq!(reduced.amount, usd("25000.00"));
    assert_eq!(position(&market, ADVISING, ISSUING, Nature::Contingent), usd("25000.00"));
    let back = ParticipationChange::Reduce { to: share("0.25") };
    market.refuses(ADVISING, ask("RP-1", back, beijing("2026-03-05 10:00")), "participation.change_invalid");
}

#[test]
fn a_split_participation_is_two_that_are_what_it_was() {
    let mut market = with_share("0.33333333", funded());
    market.at("2026-03-09 10:00").does(ADVISING, fund("RP-1", ADVISING));
    let paid = outlay(&market, "RP-1").paid;
    assert_eq!(paid, usd("33333.33"));
    let until = beijing("2026-03-20 10:00");
    let split = |number: &str| ParticipationChange::Split { share: share("0.1"), number: number.into() };
    market.refuses(ADVISING, ask("RP-1", split("RP-1"), until), "participation.exists");
    market.does(ADVISING, ask("RP-1", split("RP-2"), until));
    market.does(ISSUING, answer("RP-1", true));
    let (one, other) = (outlay(&market, "RP-1").paid, outlay(&market, "RP-2").paid);
    assert_eq!(one.checked_add(other).unwrap(), paid);
    let table: Underlying = market.record(&underlying());
    assert_eq!((table.shares.len(), table.shared()), (2, 33_333_333));
    assert_eq!(position(&market, ISSUING, ADVISING, Nature::Contingent), paid);
    market.does(ISSUING, recover("100000.00"));
    market.does(ISSUING, turn_over("RP-1"));
    market.does(ISSUING, turn_over("RP-2"));
    assert_eq!(market.balance(ADVISING), usd("200000.00"));
}

#[test]
fn an_elevated_participant_takes_the_sellers_place_and_its_share_stays_taken() {
    let mut market = with_share("0.4", funded());
    let until = beijing("2026-03-20 10:00");
    let elevate = || ask("RP-1", ParticipationChange::Elevate, until);
    market.refuses(ADVISING, elevate(), "participation.change_invalid");
    market.at("2026-03-09 10:00").does(ADVISING, fund("RP-1", ADVISING));
    let named = |market: &Market| {
        let underlying: Underlying = market.record(&underlying());
        underlying.terms().parties.contains_key(&party(APPLICANT))
    };
    assert!(!named(&market), "nobody tells the obligor of a silent participation");
    market.does(ADVISING, elevate());
    market.does(ISSUING, answer("RP-1", true));
    assert!(named(&market));
    assert!(matches!(state(&market, "RP-1"), ParticipationState::Elevated { .. }));
    assert_eq!(position(&market, ISSUING, ADVISING, Nature::Contingent), usd("0.00"));
    market.refuses(ISSUING, offer("RP-2", STRANGER, "0.7", funded()), "participation.shares_exceeded");
    market.does(ISSUING, recover("100000.00"));
    market.refuses(ISSUING, turn_over("RP-1"), "participation.nothing_owed");
}

#[test]
fn a_participation_for_which_nothing_was_paid_ends_when_both_agree_or_nothing_is_at_risk() {
    let until = beijing("2026-03-20 10:00");
    let mut market = with_share("0.4", Funding::Unfunded);
    market.does(ADVISING, ask("RP-1", ParticipationChange::Terminate, until));
    market.does(ISSUING, answer("RP-1", true));
    assert!(matches!(
        state(&market, "RP-1"),
        ParticipationState::Terminated { reason: TerminationReason::Agreed, .. }
    ));
    let mut market = with_share("0.4", Funding::Unfunded);
    market.refuses(ISSUING, recover("100000.01"), "participation.recovery_amount");
    market.does(ISSUING, recover("100000.00"));
    assert!(matches!(
        state(&market, "RP-1"),
        ParticipationState::Terminated { reason: TerminationReason::Repaid, .. }
    ));
    market.refuses(ISSUING, offer("RP-2", STRANGER, "0.1", funded()), "participation.underlying_repaid");
    assert_eq!(position(&market, ADVISING, ISSUING, Nature::Contingent), usd("0.00"));
}

#[test]
fn an_order_of_the_supervisor_holds_the_payment_and_the_demand_stands() {
    let mut market = with_share("0.4", Funding::Unfunded);
    market.does(ISSUING, default());
    let subject: FrozenSubject = "participation:SYNBCNBJXXX/RP-1".parse().unwrap();
    market.does(
        OFFICE,
        TradeOperation::Freeze {
            subject: subject.clone(),
            order: "CB-2026-17".into(),
            legal_basis: "Civil Procedure Law art. 103".into(),
            until: None,
            disclosed: true,
        },
    );
    market.does(ISSUING, demand("RP-1"));
    market.refuses(ADVISING, pay_share("RP-1", ADVISING), "supervision.frozen");
    market.does(
        OFFICE,
        TradeOperation::ReleaseFreeze {
            subject,
            order: "CB-2026-18".into(),
            legal_basis: "Civil Procedure Law art. 107".into(),
        },
    );
    market.does(ADVISING, pay_share("RP-1", ADVISING));
}

#[test]
fn a_limit_below_what_is_used_keeps_no_seller_from_demanding() {
    let mut market = with_share("0.4", Funding::Unfunded);
    let limit = TradeOperation::SetLimit {
        debtor: party(ADVISING),
        currency: Currency::parse("USD").unwrap(),
        limit: Some(usd("100.00")),
    };
    market.does(ISSUING, limit);
    market.does(ISSUING, default());
    market.does(ISSUING, demand("RP-1"));
}

#[test]
fn each_party_is_shown_what_it_can_do_next() {
    let mut market = market();
    let now = beijing("2026-03-02 10:00");
    let steps = |market: &Market, party: &str| -> Vec<_> {
        let participation: Participation = market.record(&participation("RP-1"));
        participation.next_steps(&common::party(party), now).into_iter().map(|step| step.operation).collect()
    };
    market.does(ISSUING, offer("RP-1", ADVISING, "0.4", Funding::Unfunded));
    assert_eq!(steps(&market, ISSUING), ["withdraw_participation"]);
    assert_eq!(steps(&market, ADVISING), ["accept_participation"]);
    assert!(steps(&market, STRANGER).is_empty());
    market.does(ADVISING, take("RP-1", ADVISING));
    assert_eq!(
        steps(&market, ISSUING),
        ["demand_participation", "pay_participation_fee", "request_participation_change"]
    );
    market.does(ISSUING, ask("RP-1", ParticipationChange::Terminate, beijing("2026-03-20 10:00")));
    assert_eq!(steps(&market, ADVISING), ["answer_participation_change"]);
    market.does(ADVISING, answer("RP-1", false));
    market.does(ISSUING, default());
    market.does(ISSUING, demand("RP-1"));
    assert_eq!(steps(&market, ADVISING), ["pay_participation", "request_participation_change"]);
    market.does(ADVISING, pay_share("RP-1", ADVISING));
    market.does(ISSUING, recover("1000.00"));
    assert_eq!(steps(&market, ISSUING), ["turn_over_recovery", "request_participation_change"]);
    let agreement: ParticipationAgreement = market.record(&agreement(ADVISING));
    let steps = agreement.next_steps(&party(ADVISING), now);
    assert_eq!(steps.len(), 2);
    let underlying: Underlying = market.record(&underlying());
    assert!(underlying.next_steps(&party(ADVISING), now).is_empty());
    assert_eq!(underlying.next_steps(&party(ISSUING), now).len(), 2);
}

#[derive(Clone, Debug)]
enum Attempt {
    Offer { to: usize, share: u32, funded: bool, cap: Option<i64> },
    Take { number: usize, by: By },
    Withdraw { number: usize },
    Fund { number: usize, by: By },
    Default,
    Demand { number: usize },
    Pay { number: usize, by: By },
    Recover { minor_units: i64 },
    TurnOver { number: usize },
    Fee { number: usize },
    Change { number: usize, by: By, change: u8, share: u32, agreed: bool },
    Extend,
    Expire { number: usize },
    NextWeek,
}

/// Who tries it.
#[derive(Clone, Copy, Debug)]
enum By {
    Seller,
    Participant,
    Stranger,
}

const BANKS: [&str; 3] = [ISSUING, ADVISING, STRANGER];

fn attempt() -> impl Strategy<Value = Attempt> {
    let number = || 0_usize..6;
    let by = || prop_oneof![6 => Just(By::Participant), 2 => Just(By::Seller), 1 => Just(By::Stranger)];
    let part = || prop_oneof![1 => 1_u32..=100_000_000, 4 => 5_000_000_u32..30_000_000];
    let cap = || prop_oneof![3 => Just(None), 1 => (1_i64..3_000_000).prop_map(Some)];
    prop_oneof![
        3 => (0_usize..2, part(), any::<bool>(), cap())
            .prop_map(|(to, share, funded, cap)| Attempt::Offer { to, share, funded, cap }),
        6 => (number(), by()).prop_map(|(number, by)| Attempt::Take { number, by }),
        1 => number().prop_map(|number| Attempt::Withdraw { number }),
        6 => (number(), by()).prop_map(|(number, by)| Attempt::Fund { number, by }),
        1 => Just(Attempt::Default),
        4 => number().prop_map(|number| Attempt::Demand { number }),
        5 => (number(), by()).prop_map(|(number, by)| Attempt::Pay { number, by }),
        2 => prop_oneof![4 => 1_i64..500_000, 1 => 1_i64..10_000_000]
            .prop_map(|minor_units| Attempt::Recover { minor_units }),
        4 => number().prop_map(|number| Attempt::TurnOver { number }),
        2 => number().prop_map(|number| Attempt::Fee { number }),
        6 => (number(), by(), 0_u8..5, part(), prop::bool::weighted(0.8)).prop_map(
            |(number, by, change, share, agreed)| Attempt::Change { number, by, change, share, agreed }
        ),
        1 => Just(Attempt::Extend),
        1 => number().prop_map(|number| Attempt::Expire { number }),
        2 => Just(Attempt::NextWeek),
    ]
}

fn extension() -> UnderlyingChange {
    UnderlyingChange::Extend { until: date("2026-10-30") }
}

/// Carries out an attempt, if the rules let it.
fn try_it(market: &mut Market, numbers: &mut Vec<String>, now: &mut Timestamp, attempt: Attempt) {
    let until = now.plus_millis(10 * 86_400_000).unwrap();
    let known = numbers.clone();
    let number = |place: usize| {
        let place = place.checked_rem(known.len()).unwrap_or(0);
        known.get(place).cloned().unwrap_or_else(|| "RP-0".to_owned())
    };
    let own = |market: &Market, place: usize, by: By| {
        let number = number(place);
        let taken: Option<Participation> = market.find(&participation(&number));
        let bank = match by {
            By::Seller => ISSUING.to_owned(),
            By::Stranger => STRANGER.to_owned(),
            By::Participant => taken.map_or(ADVISING.to_owned(), |taken| taken.participant.to_string()),
        };
        (bank, number)
    };
    let (author, operation) = match attempt {
        Attempt::Offer { to, share, funded, cap } => {
            let name = format!("RP-{}", numbers.len() + 1);
            let settlement = now.utc_date();
            let funding = if funded { Funding::Funded { settlement } } else { Funding::Unfunded };
            let mut terms = terms_of("0.1", funding);
            terms.share = Proportion::from_hundred_millionths(share).unwrap();
            terms.cap = cap.map(|cap| Money::from_minor_units(cap.into(), Currency::parse("USD").unwrap()));
            let operation = TradeOperation::OfferParticipation {
                number: name.clone(),
                agreement: agreement([ADVISING, STRANGER][to]),
                underlying: underlying(),
                terms: Box::new(terms),
                expires_at: until,
            };
            if market.tries(ISSUING, operation).is_ok() {
                numbers.push(name);
            }
            return;
        }
        Attempt::Take { number: place, by } => {
            let (bank, number) = own(market, place, by);
            (bank.clone(), take(&number, &bank))
        }
        Attempt::Withdraw { number: place } => {
            let participation = participation(&number(place));
            (ISSUING.to_owned(), TradeOperation::WithdrawParticipation { participation })
        }
        Attempt::Fund { number: place, by } => {
            let (bank, number) = own(market, place, by);
            (bank.clone(), fund(&number, &bank))
        }
        Attempt::Default => (ISSUING.to_owned(), default()),
        Attempt::Demand { number: place } => (ISSUING.to_owned(), demand(&number(place))),
        Attempt::Pay { number: place, by } => {
            let (bank, number) = own(market, place, by);
            (bank.clone(), pay_share(&number, &bank))
        }
        Attempt::Recover { minor_units } => {
            let amount = Money::from_minor_units(minor_units.into(), Currency::parse("USD").unwrap());
            (ISSUING.to_owned(), TradeOperation::ReportRecovery { underlying: underlying(), amount })
        }
        Attempt::TurnOver { number: place } => (ISSUING.to_owned(), turn_over(&number(place))),
        Attempt::Fee { number: place } => (ISSUING.to_owned(), pay_fee(&number(place))),
        Attempt::Change { number: place, by, change, share, agreed } => {
            let share = Proportion::from_hundred_millionths(share).unwrap();
            let name = format!("RP-{}", numbers.len() + 1);
            let change = match change {
                0 => ParticipationChange::Reduce { to: share },
                1 => ParticipationChange::Split { share, number: name.clone() },
                2 => ParticipationChange::Elevate,
                3 => ParticipationChange::Terminate,
                _ => ParticipationChange::Underlying { change: extension() },
            };
            let (asker, place) = own(market, place, by);
            if market.tries(&asker, ask(&place, change.clone(), until)).is_ok() {
                let other = market.record::<Participation>(&participation(&place)).participant;
                let other = if asker == ISSUING { other.to_string() } else { ISSUING.to_owned() };
                let answered = market.tries(&other, answer(&place, agreed)).is_ok();
                if answered && agreed && matches!(change, ParticipationChange::Split { .. }) {
                    numbers.push(name);
                }
            }
            return;
        }
        Attempt::Extend => (ISSUING.to_owned(), change(extension())),
        Attempt::Expire { number: place } => (ISSUING.to_owned(), expire(&number(place))),
        Attempt::NextWeek => {
            *now = now.plus_millis(7 * 86_400_000).unwrap();
            market.moves_to(*now);
            return;
        }
    };
    let _either = market.tries(&author, operation);
}

/// What the participations say that each owes each.
fn owed(all: &[Participation]) -> BTreeMap<(String, String, Nature), i128> {
    let mut owed = BTreeMap::new();
    for one in all {
        let (seller, participant) = (one.seller().to_string(), one.participant.to_string());
        let mut add = |debtor: &String, creditor: &String, nature, amount: Money| {
            *owed.entry((debtor.clone(), creditor.clone(), nature)).or_insert(0) += amount.minor_units();
        };
        match &one.state {
            ParticipationState::Accepted { .. } | ParticipationState::Demanded { .. } => {
                add(&participant, &seller, Nature::Definite, one.amount);
            }
            ParticipationState::Effective { .. } => {
                add(&participant, &seller, Nature::Contingent, one.amount);
            }
            _ => {}
        }
        if let Some(outlay) = one.outlay() {
            add(&seller, &participant, Nature::Definite, outlay.owed().unwrap());
            add(&seller, &participant, Nature::Contingent, outlay.uncovered().unwrap());
        }
    }
    owed
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn shares_never_exceed_the_whole_and_money_is_conserved(
        attempts in prop::collection::vec(attempt(), 20..120),
    ) {
        let mut market = market();
        let (mut numbers, mut now) = (Vec::new(), beijing("2026-03-02 10:00"));
        for attempt in attempts {
            if now > beijing("2026-12-01 10:00") { break; }
            try_it(&mut market, &mut numbers, &mut now, attempt);

            let table: Underlying = market.record(&underlying());
            let all: Vec<Participation> =
                numbers.iter().map(|number| market.record(&participation(number))).collect();
            prop_assert!(table.shared() <= 100_000_000, "{:?}", table.shares);
            // The table has exactly the participations that have a part in the risk, each with its share.
            for one in &all {
                let listed = table.shares.iter().find(|share| share.participation == one.id);
                match &one.state {
                    ParticipationState::Terminated { .. } => prop_assert!(listed.is_none()),
                    ParticipationState::Offered { expires_at } if now > *expires_at => {}
                    _ => prop_assert_eq!(listed.map(|share| share.share), Some(one.share)),
                }
            }
            // What participants have at risk, have paid or are allotted never exceeds the whole of it.
            let outstanding = table.outstanding().unwrap().minor_units();
            let taken: i128 = all.iter().map(|one| match &one.state {
                ParticipationState::Accepted { .. } | ParticipationState::Effective { .. } => one.amount.minor_units(),
                _ => one.outlay().map_or(0, |outlay| outlay.uncovered().unwrap().minor_units()),
            }).sum();
            let shares = i128::try_from(table.shares.len()).unwrap();
            prop_assert!(taken <= outstanding + shares, "{} of {}", taken, outstanding);
            for outlay in all.iter().filter_map(Participation::outlay) {
                prop_assert!(!outlay.owed().unwrap().is_negative() && !outlay.uncovered().unwrap().is_negative());
                // To the minor unit, and all of it once all is recovered.
                let since = table.recovered.minor_units() - outlay.recovered.minor_units();
                let exact = since * outlay.paid.minor_units();
                let given = outlay.allotted.minor_units() * outlay.of.minor_units();
                prop_assert!(given <= exact && exact - given < outlay.of.minor_units());
                prop_assert!(outstanding > 0 || outlay.uncovered().unwrap().is_zero());
            }
            // Money neither comes nor goes.
            let total: i128 = BANKS.iter().map(|bank| market.balance(bank).minor_units()).sum();
            prop_assert_eq!(total, 100_000_000);
            // Positions are what the participations say.
            let owed = owed(&all);
            for (debtor, creditor) in [(ISSUING, ADVISING), (ADVISING, ISSUING), (ISSUING, STRANGER), (STRANGER, ISSUING)] {
                for nature in [Nature::Contingent, Nature::Definite] {
                    let key = (debtor.to_owned(), creditor.to_owned(), nature);
                    let says = owed.get(&key).copied().unwrap_or_default();
                    prop_assert_eq!(position(&market, debtor, creditor, nature).minor_units(), says, "{:?}", key);
                }
            }
        }
    }
}
