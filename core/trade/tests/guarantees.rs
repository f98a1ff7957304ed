//! Demand guarantees, counter-guarantees and standbys: what the scenarios of `tests/conformance/guarantees.toml` leave open,
//! and what holds whatever parties try.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests stand outside test functions.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use allonge_finance::{Currency, Date, Money, PartyId};
use allonge_ledger::{Indexed, LedgerOperation, Operation};
use allonge_trade::*;
use common::*;
use proptest::prelude::*;

const GUARANTOR: &str = "SYNHHKHHXXX";
const COUNTER: &str = "SYNBCNBJXXX";
const CONTRACTOR: &str = "contractor";
const EMPLOYER: &str = "employer";
const SUCCESSOR: &str = "successor";
const PARTIES: [&str; 5] = [GUARANTOR, COUNTER, CONTRACTOR, EMPLOYER, SUCCESSOR];

fn guarantee() -> GuaranteeId {
    format!("{GUARANTOR}/G-1").parse().unwrap()
}

fn demand(sequence: u32) -> DemandId {
    DemandId::new(guarantee(), sequence).unwrap()
}

fn amendment(sequence: u32) -> GuaranteeAmendmentId {
    GuaranteeAmendmentId::new(guarantee(), sequence).unwrap()
}

fn terms() -> GuaranteeTerms {
    let named = |name: &str, party: &str| NamedParty {
        name_and_address: vec![name.into()],
        account: None,
        party: Some(self::party(party)),
    };
    GuaranteeTerms {
        form: UndertakingForm::DemandGuarantee,
        purpose: GuaranteePurpose::Undertaking,
        rules: GuaranteeRules::Urdg758,
        guarantor: party(GUARANTOR),
        advising_party: None,
        applicant: named("SAMPLE CONTRACTOR CO LTD", CONTRACTOR),
        beneficiary: named("SAMPLE EMPLOYER LTD", EMPLOYER),
        amount: usd("1000.00"),
        underlying: "CONTRACT 7".into(),
        expiry: GuaranteeExpiry::Fixed { date: date("2026-06-30") },
        place: "BEIJING".into(),
        calendar: "CN".parse().unwrap(),
        breach_statement: BreachStatement::ByRules,
        documents_required: vec![],
        wording: vec![],
        partial_demands: None,
        multiple_demands: None,
        transferable: true,
        reductions: vec![],
        automatic_extension: None,
    }
}

/// A market in which everybody has 10,000 dollars.
fn market() -> Market {
    let dollars = Currency::parse("USD").unwrap();
    let parties = PARTIES.map(|id| (id, id));
    let mut market = Market::of(beijing("2026-03-02 10:00"), &parties, &[dollars], vec![cn(1, "2026-12-31")]);
    for owner in PARTIES {
        let open = LedgerOperation::OpenAccount { account: account(owner), ceiling: None };
        market.submit(owner, vec![Operation::Ledger(open)]).unwrap();
        let transfer = LedgerOperation::Transfer {
            from: format!("{OFFICE}/USD/issue").parse().unwrap(),
            to: account(owner),
            amount: usd("10000.00"),
            value_date: None,
            reference: String::new(),
        };
        market.submit(OFFICE, vec![Operation::Ledger(transfer)]).unwrap();
    }
    market
}

fn instruct(number: &str, act: InstructedAct) -> TradeOperation {
    TradeOperation::InstructGuarantee {
        number: number.into(),
        guarantor: party(GUARANTOR),
        act: Box::new(act),
        expires_at: beijing("2026-05-29 10:00"),
    }
}

fn instruction(number: &str) -> Option<GuaranteeInstructionId> {
    Some(format!("{CONTRACTOR}/{number}").parse().unwrap())
}

fn issue(terms: GuaranteeTerms, instruction: Option<GuaranteeInstructionId>) -> TradeOperation {
    let (number, terms) = ("G-1".into(), Box::new(terms));
    TradeOperation::IssueGuarantee { number, terms, instruction, counter_guarantee: None }
}

/// A market in which the contractor instructed a guarantee, and it is issued.
fn instructed(terms: GuaranteeTerms) -> Market {
    let mut market = market();
    market.does(CONTRACTOR, instruct("I-1", InstructedAct::Issue { terms: Box::new(terms.clone()) }));
    market.does(GUARANTOR, issue(terms, instruction("I-1")));
    market
}

fn present(amount: &str, extend_to: Option<&str>) -> TradeOperation {
    present_into(EMPLOYER, usd(amount), extend_to.map(date))
}

fn present_into(owner: &str, amount: Money, extend_to: Option<Date>) -> TradeOperation {
    TradeOperation::PresentDemand {
        guarantee: guarantee(),
        amount,
        account: account(owner),
        statement: Some("WORKS UNFINISHED".into()),
        documents: vec![],
        extend_to,
        local_demand: None,
    }
}

fn pay(sequence: u32) -> TradeOperation {
    TradeOperation::PayDemand { demand: demand(sequence), from: account(GUARANTOR) }
}

fn steps<T: NextSteps>(record: &T, party: &str, now: &str) -> Vec<&'static str> {
    let steps = record.next_steps(&self::party(party), beijing(now));
    steps.into_iter().map(|step| step.operation).collect()
}

#[test]
fn terms_that_are_not_clear_are_not_issued() {
    type Spoil = fn(&mut GuaranteeTerms);
    let wrong: [(Spoil, &str); 8] = [
        (|terms| terms.amount = usd("0.00"), "guarantee.terms_invalid"),
        (|terms| terms.beneficiary.party = None, "guarantee.terms_invalid"),
        (|terms| terms.beneficiary.party = Some(party(GUARANTOR)), "guarantee.terms_invalid"),
        (
            |terms| {
                let cause = ReductionCause::OnDate { date: date("2026-04-01") };
                terms.reductions = vec![Reduction { cause, by: usd("1000.01") }];
            },
            "guarantee.terms_invalid",
        ),
        (
            |terms| {
                terms.expiry = GuaranteeExpiry::Open;
                let period = ExtensionPeriod::Year;
                terms.automatic_extension =
                    Some(AutomaticExtension { period, notice_days: 30, final_date: None });
            },
            "guarantee.terms_invalid",
        ),
        (|terms| terms.expiry = GuaranteeExpiry::Fixed { date: date("2026-02-27") }, "guarantee.expired"),
        (|terms| terms.underlying = String::new(), "text.invalid"),
        (|terms| terms.guarantor = party(COUNTER), "guarantee.not_guarantor"),
    ];
    let mut market = market();
    for (spoil, code) in wrong {
        let mut terms = terms();
        spoil(&mut terms);
        market.refuses(GUARANTOR, issue(terms, None), code);
    }
    market.does(GUARANTOR, issue(terms(), None));
    market.refuses(GUARANTOR, issue(terms(), None), "guarantee.already_issued");
}

#[test]
fn an_advising_party_stands_for_a_beneficiary_that_is_not_on_the_ledger() {
    let mut market = market();
    let mut terms = terms();
    terms.beneficiary.party = None;
    terms.advising_party = Some(party(COUNTER));
    market.does(GUARANTOR, issue(terms, None));
    market.refuses(EMPLOYER, present("1.00", None), "guarantee.not_beneficiary");
    market.does(COUNTER, present_into(COUNTER, usd("1.00"), None));
}

#[test]
fn an_increase_that_nobody_instructed_is_at_the_guarantors_own_risk() {
    let changes = GuaranteeChanges {
        amount: Some(AmountChange::Increase { by: usd("500.00") }),
        ..GuaranteeChanges::default()
    };
    let amend = |instruction| TradeOperation::AmendGuarantee {
        guarantee: guarantee(),
        changes: Box::new(changes.clone()),
        instruction,
    };
    let accept = |sequence| TradeOperation::AnswerGuaranteeAmendment {
        amendment: amendment(sequence),
        answer: GuaranteeAnswer::Accept,
    };
    let mut market = instructed(terms());
    market.does(GUARANTOR, amend(None));
    market.does(EMPLOYER, accept(1));
    let reimbursed = |market: &Market| {
        let guarantee: Guarantee = market.record(&guarantee());
        (guarantee.amount, guarantee.reimbursement.unwrap().amount)
    };
    assert_eq!(reimbursed(&market), (usd("1500.00"), usd("1000.00")));

    let act = InstructedAct::Amend { guarantee: guarantee(), changes: Box::new(changes.clone()) };
    market.refuses(EMPLOYER, instruct("I-2", act.clone()), "guarantee_instruction.not_reimbursing");
    market.does(CONTRACTOR, instruct("I-2", act));
    market.does(GUARANTOR, amend(instruction("I-2")));
    market.does(EMPLOYER, accept(2));
    assert_eq!(reimbursed(&market), (usd("2000.00"), usd("1500.00")));
}

#[test]
fn an_extension_that_nobody_instructed_leaves_later_demands_to_the_guarantor() {
    for instructs in [false, true] {
        let mut market = instructed(terms());
        market.at("2026-05-25 10:00").does(EMPLOYER, present("400.00", Some("2026-08-31")));
        let act = InstructedAct::Extend { demand: demand(1) };
        market.does(CONTRACTOR, instruct("I-2", act));
        let instruction = instruction("I-2").filter(|_| instructs);
        market.does(GUARANTOR, TradeOperation::ExtendForDemand { demand: demand(1), instruction });
        market.at("2026-08-31 10:00").does(EMPLOYER, present("400.00", None));
        market.does(GUARANTOR, pay(2));
        let paid: Demand = market.record(&demand(2));
        assert_eq!(paid.reimbursement.map(|due| due.amount), instructs.then(|| usd("400.00")));
    }
}

#[test]
fn a_guarantor_keeps_the_limit_that_it_set_itself_for_whoever_reimburses_it() {
    let mut market = market();
    let limit = |limit: &str| TradeOperation::SetLimit {
        debtor: party(CONTRACTOR),
        currency: Currency::parse("USD").unwrap(),
        limit: Some(usd(limit)),
    };
    market.does(GUARANTOR, limit("999.99"));
    market.does(CONTRACTOR, instruct("I-1", InstructedAct::Issue { terms: Box::new(terms()) }));
    market.refuses(GUARANTOR, issue(terms(), instruction("I-1")), "limit.exceeded");
    market.does(GUARANTOR, limit("1000.00"));
    market.does(GUARANTOR, issue(terms(), instruction("I-1")));

    // What it owes already, no limit keeps it from paying.
    market.does(GUARANTOR, limit("0.00"));
    market.does(EMPLOYER, present("400.00", None));
    market.does(GUARANTOR, pay(1));
}

#[test]
fn a_claim_on_a_counter_guarantee_is_the_counter_guarantors_and_no_reimbursement_beside_it() {
    let mut market = market();
    let mut counter = terms();
    counter.guarantor = party(COUNTER);
    counter.purpose = GuaranteePurpose::CounterUndertaking;
    counter.beneficiary.party = Some(party(GUARANTOR));
    counter.transferable = true;
    let issue_counter = TradeOperation::IssueGuarantee {
        number: "CG-1".into(),
        terms: Box::new(counter),
        instruction: None,
        counter_guarantee: None,
    };
    market.does(COUNTER, issue_counter);
    let id: GuaranteeId = format!("{COUNTER}/CG-1").parse().unwrap();
    let issue = TradeOperation::IssueGuarantee {
        number: "G-1".into(),
        terms: Box::new(terms()),
        instruction: None,
        counter_guarantee: Some(id.clone()),
    };
    market.does(GUARANTOR, issue);
    let local: Guarantee = market.record(&guarantee());
    assert_eq!((local.reimbursement, local.counter_guarantee), (None, Some(id.clone())));

    // A counter-guarantee says what it says, and is not transferable.
    let request = RightsRequest::Transfer { to: party(SUCCESSOR), statement: Some("TAKEN OVER".into()) };
    let request = TradeOperation::RequestGuaranteeTransfer {
        guarantee: id,
        request,
        expires_at: beijing("2026-03-20 10:00"),
    };
    market.refuses(GUARANTOR, request, "guarantee.not_transferable");
}

#[test]
fn a_counter_guarantee_is_what_the_guarantor_counts_on_until_it_is_paid() {
    let mut market = market();
    let mut counter = terms();
    counter.guarantor = party(COUNTER);
    counter.purpose = GuaranteePurpose::CounterUndertaking;
    counter.beneficiary.party = Some(party(GUARANTOR));
    let (number, terms_of_counter) = ("CG-1".into(), Box::new(counter));
    market.does(
        COUNTER,
        TradeOperation::IssueGuarantee {
            number,
            terms: terms_of_counter,
            instruction: None,
            counter_guarantee: None,
        },
    );
    let counter_guarantee: GuaranteeId = format!("{COUNTER}/CG-1").parse().unwrap();
    market.does(
        GUARANTOR,
        TradeOperation::IssueGuarantee {
            number: "G-1".into(),
            terms: Box::new(terms()),
            instruction: None,
            counter_guarantee: Some(counter_guarantee.clone()),
        },
    );
    let owed = |market: &Market, debtor: &str, creditor: &str, nature, month: &str| {
        let id = PositionId {
            creditor: party(creditor),
            debtor: party(debtor),
            nature,
            currency: Currency::parse("USD").unwrap(),
            month: Some(date(month)),
        };
        market.find::<Position>(&id).map_or(usd("0.00"), |position| position.amount)
    };
    let contingent =
        |market: &Market, debtor, creditor| owed(market, debtor, creditor, Nature::Contingent, "2026-06-01");
    assert_eq!(contingent(&market, GUARANTOR, EMPLOYER), usd("1000.00"));
    assert_eq!(contingent(&market, COUNTER, GUARANTOR), usd("1000.00"));

    market.does(EMPLOYER, present("400.00", None));
    market.does(GUARANTOR, TradeOperation::AcceptDemand { demand: demand(1) });
    let definite =
        |market: &Market, debtor, creditor| owed(market, debtor, creditor, Nature::Definite, "2026-03-01");
    assert_eq!(contingent(&market, GUARANTOR, EMPLOYER), usd("600.00"));
    assert_eq!(definite(&market, GUARANTOR, EMPLOYER), usd("400.00"));
    market.does(GUARANTOR, pay(1));
    assert_eq!(definite(&market, GUARANTOR, EMPLOYER), usd("0.00"));

    market.does(
        GUARANTOR,
        TradeOperation::PresentDemand {
            guarantee: counter_guarantee.clone(),
            amount: usd("400.00"),
            account: account(GUARANTOR),
            statement: Some("WE RECEIVED A COMPLYING DEMAND".into()),
            documents: vec![],
            extend_to: None,
            local_demand: Some(demand(1)),
        },
    );
    let under_counter = DemandId::new(counter_guarantee, 1).unwrap();
    market.does(COUNTER, TradeOperation::AcceptDemand { demand: under_counter.clone() });
    assert_eq!(contingent(&market, COUNTER, GUARANTOR), usd("600.00"));
    assert_eq!(definite(&market, COUNTER, GUARANTOR), usd("400.00"));
    market.does(COUNTER, TradeOperation::PayDemand { demand: under_counter, from: account(COUNTER) });
    assert_eq!(definite(&market, COUNTER, GUARANTOR), usd("0.00"));
}

#[test]
fn an_expiry_beyond_the_calendar_is_decided_when_one_is_published() {
    let mut market = market();
    let mut terms = terms();
    terms.expiry = GuaranteeExpiry::Fixed { date: date("2027-01-01") };
    market.does(GUARANTOR, issue(terms, None));
    let expiry = |market: &Market| market.record::<Guarantee>(&guarantee()).expiry.unwrap();
    assert!(matches!(expiry(&market).last, Deadline::Provisional { .. }));
    market.at("2026-12-30 10:00").publishes(cn(2, "2027-12-31"));
    let events = market.does(SUCCESSOR, TradeOperation::UpdateGuarantee { guarantee: guarantee() });
    assert!(matches!(&events[..], [TradeEvent::GuaranteeExpiryDecided { .. }]));
    assert_eq!(expiry(&market).last.date(), date("2027-01-04"), "New Year's Day is a Friday, and closed");
}

#[test]
fn two_demands_for_all_of_it_in_one_block_are_one_demand() {
    let mut market = instructed(terms());
    let steps = vec![(EMPLOYER, present("1000.00", None)), (EMPLOYER, present("1000.00", None))];
    let codes: Vec<_> = market
        .try_in_one_block(steps)
        .into_iter()
        .map(|result| result.map(|_| ()).map_err(|refusal| refusal.code.to_string()))
        .collect();
    assert_eq!(codes, [Ok(()), Err("demand.overdrawn".to_owned())]);
}

#[test]
fn what_is_next_follows_from_the_record() {
    let mut market = instructed(terms());
    let now = "2026-03-02 10:00";
    let issued: Guarantee = market.record(&guarantee());
    assert_eq!(
        steps(&issued, EMPLOYER, now),
        ["present_demand", "request_guarantee_transfer", "reduce_guarantee", "release_guarantee"]
    );
    assert_eq!(steps(&issued, GUARANTOR, now), ["amend_guarantee", "state_closure", "close_guarantee"]);
    assert!(steps(&issued, CONTRACTOR, now).is_empty());

    market.does(EMPLOYER, present("400.00", Some("2026-09-30")));
    let examined: Demand = market.record(&demand(1));
    assert_eq!(
        steps(&examined, GUARANTOR, now),
        ["accept_demand", "refuse_demand", "suspend_demand", "extend_for_demand", "pay_demand"]
    );
    assert_eq!(steps(&examined, EMPLOYER, now), ["withdraw_demand"]);
    assert_eq!(
        steps(&examined, EMPLOYER, "2026-03-09 17:01"),
        ["invoke_demand_preclusion", "withdraw_demand"]
    );
    assert_eq!(steps(&examined, GUARANTOR, "2026-03-09 17:01"), ["pay_demand", "invoke_demand_preclusion"]);

    let suspend = TradeOperation::SuspendDemand { demand: demand(1), until: date("2026-04-01") };
    market.does(GUARANTOR, suspend);
    let suspended: Demand = market.record(&demand(1));
    assert_eq!(steps(&suspended, GUARANTOR, "2026-04-01 23:59"), ["extend_for_demand", "pay_demand"]);
    assert_eq!(steps(&suspended, GUARANTOR, "2026-04-02 00:00"), ["pay_demand"]);

    market.does(GUARANTOR, pay(1));
    let paid: Demand = market.record(&demand(1));
    assert_eq!(steps(&paid, CONTRACTOR, now), ["reimburse_guarantor"]);
    assert!(steps(&paid, GUARANTOR, now).is_empty());
    market.does(EMPLOYER, TradeOperation::ReleaseGuarantee { guarantee: guarantee() });
    let closed: Guarantee = market.record(&guarantee());
    assert!(PARTIES.iter().all(|party| steps(&closed, party, now).is_empty()));
}

#[test]
fn guarantees_and_demands_are_found_by_whom_they_concern_and_by_their_clocks() {
    let mut market = instructed(terms());
    market.does(EMPLOYER, present("400.00", None));
    let issued: Guarantee = market.record(&guarantee());
    let found = issued.terms();
    assert_eq!(found.parties[&party(GUARANTOR)], Guarantee::GUARANTOR);
    assert_eq!(found.parties[&party(EMPLOYER)], Guarantee::BENEFICIARY);
    assert_eq!(found.parties[&party(CONTRACTOR)], Guarantee::INVOLVED);
    assert_eq!(
        found.orders[usize::from(Guarantee::BY_EXPIRY)],
        Some(i64::from(date("2026-06-30").epoch_days()))
    );
    let examined: Demand = market.record(&demand(1));
    let deadline = Some(i64::from(date("2026-03-09").epoch_days()));
    assert_eq!(examined.terms().orders[usize::from(Demand::BY_DEADLINE)], deadline);
    market.does(GUARANTOR, pay(1));
    let paid: Demand = market.record(&demand(1));
    assert_eq!(paid.terms().orders[usize::from(Demand::BY_DEADLINE)], None);
    assert_eq!(paid.terms().parties[&party(CONTRACTOR)], Guarantee::INVOLVED);
}

#[derive(Clone, Debug)]
enum Attempt {
    Present { minor_units: i64, extend: bool },
    Accept(u32),
    Refuse(u32),
    Preclude(u32),
    Suspend(u32),
    Extend { sequence: u32, instructed: bool },
    Pay(u32),
    Withdraw(u32),
    Reimburse(u32),
    Amend { minor_units: i64, increase: bool, later: bool, instructed: bool },
    Answer { sequence: u32, accept: bool },
    GiveUp { minor_units: i64 },
    Transfer,
    Consent,
    CloseThePlace,
    Release,
    Close,
    Pass { days: u8 },
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let sequence = || 1_u32..4;
    let units = || 1_i64..40_000;
    prop_oneof![
        15 => (units(), any::<bool>()).prop_map(|(minor_units, extend)| Attempt::Present { minor_units, extend }),
        6 => sequence().prop_map(Attempt::Accept),
        3 => sequence().prop_map(Attempt::Refuse),
        6 => sequence().prop_map(Attempt::Preclude),
        9 => sequence().prop_map(Attempt::Suspend),
        6 => (sequence(), any::<bool>())
            .prop_map(|(sequence, instructed)| Attempt::Extend { sequence, instructed }),
        9 => sequence().prop_map(Attempt::Pay),
        3 => sequence().prop_map(Attempt::Withdraw),
        6 => sequence().prop_map(Attempt::Reimburse),
        9 => (units(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
            |(minor_units, increase, later, instructed)| Attempt::Amend { minor_units, increase, later, instructed }
        ),
        9 => (sequence(), any::<bool>()).prop_map(|(sequence, accept)| Attempt::Answer { sequence, accept }),
        3 => units().prop_map(|minor_units| Attempt::GiveUp { minor_units }),
        6 => Just(Attempt::Transfer),
        9 => Just(Attempt::Consent),
        3 => Just(Attempt::CloseThePlace),
        1 => Just(Attempt::Release),
        1 => Just(Attempt::Close),
        12 => (1_u8..20).prop_map(|days| Attempt::Pass { days }),
    ]
}

fn money(minor_units: i128) -> Money {
    Money::from_minor_units(minor_units, Currency::parse("USD").unwrap())
}

/// The walk so far: how many instructions were given, and what day it is.
struct Walk {
    market: Market,
    instructions: u32,
    today: Date,
}

impl Walk {
    /// What is tried, and who alone may do it.
    fn operation(&mut self, attempt: &Attempt) -> Option<(PartyId, TradeOperation)> {
        let market = &mut self.market;
        let record: Guarantee = market.record(&guarantee());
        let beneficiary = record.beneficiary.clone();
        let presenter = |sequence| {
            market.find::<Demand>(&demand(sequence)).map_or(beneficiary.clone(), |found| found.presented_by)
        };
        let guarantor = party(GUARANTOR);
        Some(match attempt.clone() {
            Attempt::Present { minor_units, extend } => {
                let expiry = record.expiry.as_ref().unwrap().date;
                let extend_to = expiry.plus_days(15).filter(|_| extend);
                let operation = present_into(beneficiary.as_str(), money(minor_units.into()), extend_to);
                (beneficiary, operation)
            }
            Attempt::Accept(sequence) => {
                (guarantor, TradeOperation::AcceptDemand { demand: demand(sequence) })
            }
            Attempt::Refuse(sequence) => {
                let discrepancies = vec!["NOT SIGNED".into()];
                (guarantor, TradeOperation::RefuseDemand { demand: demand(sequence), discrepancies })
            }
            Attempt::Preclude(sequence) => {
                (presenter(sequence), TradeOperation::InvokeDemandPreclusion { demand: demand(sequence) })
            }
            Attempt::Suspend(sequence) => {
                let until = market.find::<Demand>(&demand(sequence))?.presented_on.plus_days(30)?;
                (guarantor, TradeOperation::SuspendDemand { demand: demand(sequence), until })
            }
            Attempt::Extend { sequence, instructed } => {
                let act = InstructedAct::Extend { demand: demand(sequence) };
                let instruction = self.instruct(instructed, act);
                (guarantor, TradeOperation::ExtendForDemand { demand: demand(sequence), instruction })
            }
            Attempt::Pay(sequence) => (guarantor, pay(sequence)),
            Attempt::Withdraw(sequence) => {
                (presenter(sequence), TradeOperation::WithdrawDemand { demand: demand(sequence) })
            }
            Attempt::Reimburse(sequence) => {
                let (from, to) = (account(CONTRACTOR), account(GUARANTOR));
                let operation = TradeOperation::ReimburseGuarantor { demand: demand(sequence), from, to };
                (party(CONTRACTOR), operation)
            }
            Attempt::Amend { minor_units, increase, later, instructed } => {
                let by = money(minor_units.into());
                let expiry = record.expiry.as_ref().unwrap().date.plus_days(20).filter(|_| later);
                let changes = Box::new(GuaranteeChanges {
                    amount: Some(match increase {
                        true => AmountChange::Increase { by },
                        false => AmountChange::Decrease { by },
                    }),
                    expiry: expiry.map(|date| GuaranteeExpiry::Fixed { date }),
                    ..GuaranteeChanges::default()
                });
                let act = InstructedAct::Amend { guarantee: guarantee(), changes: changes.clone() };
                let instruction = self.instruct(instructed, act);
                (guarantor, TradeOperation::AmendGuarantee { guarantee: guarantee(), changes, instruction })
            }
            Attempt::Answer { sequence, accept } => {
                let part = GuaranteeAnswer::AcceptPart { items: vec!["AMOUNT".into()] };
                let answer = if accept { GuaranteeAnswer::Accept } else { part };
                let amendment = amendment(sequence);
                (beneficiary, TradeOperation::AnswerGuaranteeAmendment { amendment, answer })
            }
            Attempt::GiveUp { minor_units } => {
                let reduction = ReduceBy::Beneficiary { amount: money(minor_units.into()) };
                (beneficiary, TradeOperation::ReduceGuarantee { guarantee: guarantee(), reduction })
            }
            Attempt::Transfer => {
                let request =
                    RightsRequest::Transfer { to: party(SUCCESSOR), statement: Some("TAKEN OVER".into()) };
                let expires_at = beijing(&format!("{} 23:00", self.today));
                let operation =
                    TradeOperation::RequestGuaranteeTransfer { guarantee: guarantee(), request, expires_at };
                (beneficiary, operation)
            }
            Attempt::Consent => {
                let request = record.request?.request;
                (guarantor, TradeOperation::ConsentToGuaranteeTransfer { guarantee: guarantee(), request })
            }
            Attempt::CloseThePlace => {
                let (from, until) = (self.today.plus_days(-2)?, self.today);
                let operation = TradeOperation::StateClosure {
                    guarantee: guarantee(),
                    from,
                    until,
                    ground: "TYPHOON".into(),
                };
                (guarantor, operation)
            }
            Attempt::Release => (beneficiary, TradeOperation::ReleaseGuarantee { guarantee: guarantee() }),
            Attempt::Close => (guarantor, TradeOperation::CloseGuarantee { guarantee: guarantee() }),
            Attempt::Pass { days } => {
                self.today = self.today.plus_days(i32::from(days))?;
                self.market.at(&format!("{} 10:00", self.today));
                (party(SUCCESSOR), TradeOperation::UpdateGuarantee { guarantee: guarantee() })
            }
        })
    }

    fn instruct(&mut self, instructed: bool, act: InstructedAct) -> Option<GuaranteeInstructionId> {
        if !instructed {
            return None;
        }
        self.instructions += 1;
        let number = format!("I-{}", self.instructions);
        let TradeOperation::InstructGuarantee { act, guarantor, .. } = instruct(&number, act) else {
            panic!("it is an instruction")
        };
        let expires_at = beijing(&format!("{} 23:00", self.today));
        let operation =
            TradeOperation::InstructGuarantee { number: number.clone(), guarantor, act, expires_at };
        let _either = self.market.tries(CONTRACTOR, operation);
        instruction(&number)
    }

    /// What everybody is liable for, as the records of the guarantee and its demands say.
    fn liabilities(&self) -> BTreeMap<PositionId, i128> {
        let mut all = BTreeMap::new();
        let mut add = |debtor: &PartyId, creditor: &PartyId, nature, amount: i128, day: Option<Date>| {
            let month = day.map(|day| Date::new(day.year(), day.month(), 1).unwrap());
            let (creditor, debtor) = (creditor.clone(), debtor.clone());
            let currency = Currency::parse("USD").unwrap();
            *all.entry(PositionId { creditor, debtor, nature, currency, month }).or_default() += amount;
        };
        let record: Guarantee = self.market.record(&guarantee());
        let (guarantor, contractor) = (party(GUARANTOR), party(CONTRACTOR));
        let mut contingent = record.amount.minor_units();
        contingent += record
            .open_amendments
            .iter()
            .filter_map(|open| open.increase)
            .map(|by| by.minor_units())
            .sum::<i128>();
        for sequence in 1..=record.demands {
            let found: Demand = self.market.record(&demand(sequence));
            let (amount, day) = (found.amount.minor_units(), Some(found.presented_on));
            match found.state {
                DemandState::Complying { .. }
                | DemandState::DeemedComplying { .. }
                | DemandState::Suspended { .. } => {
                    contingent -= amount;
                    add(&guarantor, &found.presented_by, Nature::Definite, amount, day);
                }
                DemandState::Paid { .. } => contingent -= amount,
                _ => {}
            }
            if let Some(due) = found.reimbursement.filter(|due| due.paid_at.is_none()) {
                add(&contractor, &guarantor, Nature::Definite, due.amount.minor_units(), day);
            }
        }
        if !matches!(record.state, GuaranteeState::Closed { .. }) {
            let day = record.expiry.map(|expiry| expiry.date);
            add(&guarantor, &record.beneficiary, Nature::Contingent, contingent, day);
            let reimbursed = record.reimbursement.unwrap();
            let amount = reimbursed.amount.minor_units();
            add(&contractor, &guarantor, Nature::Reimbursement, amount, reimbursed.until);
        }
        all
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn positions_are_what_the_records_say_and_nobody_acts_for_another(
        attempts in prop::collection::vec((attempt(), 0_usize..25), 20..80),
    ) {
        let mut terms = terms();
        let cause = ReductionCause::OnDate { date: date("2026-04-15") };
        terms.reductions = vec![Reduction { cause, by: usd("600.00") }];
        let market = instructed(terms);
        let mut walk = Walk { market, instructions: 10, today: date("2026-03-02") };
        let mut seen = BTreeSet::new();
        for (attempt, impostor) in attempts {
            if walk.today > date("2026-10-01") { break; }
            let Some((entitled, operation)) = walk.operation(&attempt) else { continue };
            // One in five comes from whoever happens along.
            let author = PARTIES.get(impostor).map_or(entitled.as_str().to_owned(), |id| (*id).to_owned());
            let done = walk.market.tries(&author, operation);
            let anybody = matches!(attempt, Attempt::Pass { .. });
            let both = matches!(attempt, Attempt::Preclude(_)) && author == GUARANTOR;
            if done.is_ok() && !anybody && !both {
                prop_assert_eq!(&author, entitled.as_str(), "{:?} was not its author's to do", attempt);
            }

            let record: Guarantee = walk.market.record(&guarantee());
            let available = record.available().unwrap();
            prop_assert!(!available.is_negative() && !record.contingent().unwrap().is_negative());
            prop_assert!(record.still_to_reduce.is_zero() || available.is_zero(), "what reduces is not available");
            let (mut demanded, mut honoured, mut paid, mut reimbursed, mut unsettled) = (0, 0, 0, 0, 0);
            let mut received = BTreeMap::<String, i128>::new();
            for sequence in 1..=record.demands {
                let found: Demand = walk.market.record(&demand(sequence));
                let amount = found.amount.minor_units();
                let over = matches!(found.state, DemandState::Refused { .. } | DemandState::Withdrawn { .. });
                if over { continue; }
                demanded += amount;
                if found.is_complying() { honoured += amount }
                if let DemandState::Paid { .. } = found.state {
                    paid += amount;
                    *received.entry(found.presented_by.as_str().to_owned()).or_default() += amount;
                } else {
                    unsettled += 1;
                }
                let due = found.reimbursement.filter(|due| due.paid_at.is_some());
                reimbursed += due.map_or(0, |due| due.amount.minor_units());
            }
            prop_assert_eq!(record.demanded, money(demanded));
            prop_assert_eq!((record.honoured, record.paid), (money(honoured), money(paid)));
            prop_assert_eq!(record.unsettled, unsettled);

            let increases = record.open_amendments.iter().filter_map(|open| open.increase);
            let bound = record.amount.minor_units() + increases.map(|by| by.minor_units()).sum::<i128>();
            let would_reimburse = record.reimbursement.as_ref().unwrap().amount;
            prop_assert!(would_reimburse.minor_units() <= bound - paid, "nobody reimburses what is never paid");
            prop_assert!(!would_reimburse.is_negative());

            let opening = 1_000_000;
            prop_assert_eq!(walk.market.balance(GUARANTOR), money(opening - paid + reimbursed));
            prop_assert_eq!(walk.market.balance(CONTRACTOR), money(opening - reimbursed));
            for owner in [EMPLOYER, SUCCESSOR] {
                let more = received.get(owner).copied().unwrap_or_default();
                prop_assert_eq!(walk.market.balance(owner), money(opening + more));
            }

            let expected = walk.liabilities();
            seen.extend(expected.keys().cloned());
            let mut used = BTreeMap::<LineId, i128>::new();
            for id in &seen {
                let posted = walk.market.find::<Position>(id).map_or(0, |found| found.amount.minor_units());
                prop_assert_eq!(posted, expected.get(id).copied().unwrap_or_default(), "{:?}", id);
                let PositionId { creditor, debtor, currency, .. } = id.clone();
                *used.entry(LineId { creditor, debtor, currency }).or_default() += posted;
            }
            // The lines say the same sums, so nothing was posted elsewhere.
            for (id, sum) in used {
                let line = walk.market.find::<Line>(&id).map_or(0, |line| line.used.minor_units());
                prop_assert_eq!(line, sum, "{:?}", id);
            }
        }
    }
}
