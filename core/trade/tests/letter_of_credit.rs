//! One letter of credit from issue to close, and every wrong step refused with its article.

mod common;

use allonge_trade::*;
use common::*;

/// Issued and advised on 2 March; documents presented on Monday 16 March for goods shipped on 10 March.
fn presented() -> Market {
    let mut market = Market::with_credit(terms());
    market.at("2026-03-16 11:00").does(ADVISING, present("100000.00", "2026-03-10"));
    market
}

fn accepted() -> Market {
    let mut market = presented();
    market.at("2026-03-20 15:00").does(ISSUING, accept(1));
    market
}

fn articles(events: &[TradeEvent]) -> Vec<String> {
    let article = |event: &TradeEvent| event.article().map_or_else(String::new, |found| found.to_string());
    events.iter().map(|event| format!("{}: {}", event.step(), article(event))).collect()
}

#[test]
fn one_letter_of_credit_from_issue_to_close() {
    let mut market = Market::open();
    let mut timeline = market.does(ISSUING, issue(terms()));
    timeline.extend(market.at("2026-03-03 09:30").does(ADVISING, advise()));
    timeline.extend(market.at("2026-03-16 11:00").does(ADVISING, present("100000.00", "2026-03-10")));
    timeline.extend(market.at("2026-03-20 15:00").does(ISSUING, accept(1)));

    let claim = market.claim(1);
    assert_eq!(claim.holder_of_record, party(ADVISING));
    assert_eq!(claim.obligor, party(ISSUING));
    assert_eq!(claim.origin, ClaimOrigin::DeferredPayment);
    // 90 days after 10 March, that day excluded: Monday 8 June.
    assert_eq!(claim.due.date(), date("2026-06-08"));
    assert_eq!(market.balance(ADVISING), usd("0.00"));

    timeline.extend(market.at("2026-06-08 09:00").does(ISSUING, pay(1, ADVISING, "100000.00")));
    assert_eq!(market.balance(ADVISING), usd("100000.00"));
    assert_eq!(market.balance(ISSUING), usd("900000.00"));
    timeline.extend(market.at("2026-06-08 09:01").does(ISSUING, close()));

    let credit = market.credit();
    let reason = ClosingReason::FullyDrawn;
    assert_eq!(credit.state, LetterOfCreditState::Closed { reason, at: beijing("2026-06-08 09:01") });
    assert_eq!((credit.drawn, credit.paid, credit.unsettled), (usd("100000.00"), usd("100000.00"), 0));
    assert!(matches!(market.presentation(1).state, PresentationState::Accepted { .. }));
    assert!(matches!(market.claim(1).state, ClaimState::Paid { .. }));
    assert_eq!(
        articles(&timeline),
        [
            "credit_issued: UCP 600 art. 7(b)",
            "credit_advised: UCP 600 art. 9(b), 9(f)",
            "documents_presented: UCP 600 art. 6(d), 14(c)",
            "presentation_accepted: UCP 600 art. 7(a), 15(a)",
            "claim_created: UCP 600 art. 7(a)",
            "claim_paid: UCP 600 art. 7(a)",
            "credit_closed: ",
        ]
    );
}

#[test]
fn a_sight_credit_is_honoured_by_payment_at_once() {
    let mut market = Market::with_credit(sight_terms());
    market.at("2026-03-16 11:00").does(ADVISING, present("60000.00", "2026-03-10"));
    market.refuses(ISSUING, accept(1), "letter_of_credit.availability_mismatch");
    market.at("2026-03-18 11:00").does(ISSUING, honour(1));
    assert_eq!(market.balance(ADVISING), usd("60000.00"));
    assert!(matches!(market.presentation(1).state, PresentationState::Honoured { .. }));
    market.refuses(ISSUING, honour(1), "presentation.decided");
    // USD 40,000.00 can still be drawn until 30 June.
    market.refuses(ISSUING, close(), "letter_of_credit.closing_too_early");
    market.at("2026-07-01 09:00").does(ISSUING, close());
    assert!(matches!(
        market.credit().state,
        LetterOfCreditState::Closed { reason: ClosingReason::Expired, .. }
    ));
}

#[test]
fn a_usance_credit_is_not_honoured_by_payment_at_sight() {
    presented().refuses(ISSUING, honour(1), "letter_of_credit.availability_mismatch");
}

#[test]
fn only_the_party_whose_step_it_is_may_take_it() {
    let mut market = Market::open();
    for author in [ADVISING, STRANGER, APPLICANT] {
        market.refuses(author, issue(terms()), "letter_of_credit.not_issuing_bank");
    }
    market.does(ISSUING, issue(terms()));
    for author in [ISSUING, STRANGER, BENEFICIARY] {
        market.refuses(author, advise(), "letter_of_credit.not_advising_bank");
    }
    market.does(ADVISING, advise());

    market.at("2026-03-16 11:00");
    for author in [ISSUING, STRANGER, APPLICANT] {
        let operation = present_into(author, "100000.00", shipped("2026-03-10"));
        market.refuses(author, operation, "presentation.not_entitled");
    }
    market.does(ADVISING, present("100000.00", "2026-03-10"));

    for author in [ADVISING, STRANGER, APPLICANT] {
        market.refuses(author, accept(1), "presentation.not_examining_bank");
        market.refuses(author, honour(1), "presentation.not_examining_bank");
        market.refuses(author, refuse(1, &["LATE"]), "presentation.not_examining_bank");
        market.refuses(author, close(), "letter_of_credit.not_issuing_bank");
    }
    market.does(ISSUING, accept(1));
    market.at("2026-06-08 09:00");
    for author in [ADVISING, STRANGER] {
        market.refuses(author, pay(1, ADVISING, "100000.00"), "claim.not_obligor");
    }
}

#[test]
fn the_beneficiary_may_present_and_any_bank_where_the_credit_says_so() {
    let mut market = Market::with_credit(terms());
    market.at("2026-03-16 11:00");
    market.does(BENEFICIARY, present_into(BENEFICIARY, "1000.00", shipped("2026-03-10")));

    let mut freely_available = terms();
    freely_available.availability.with = AvailableWith::AnyBank;
    let mut market = Market::with_credit(freely_available);
    market.at("2026-03-16 11:00");
    market.does(STRANGER, present_into(STRANGER, "1000.00", shipped("2026-03-10")));
    assert_eq!(market.presentation(1).presenter, party(STRANGER));
    // Any bank is not anybody: the applicant is no bank.
    let by_no_bank = present_into(APPLICANT, "1000.00", shipped("2026-03-10"));
    market.refuses(APPLICANT, by_no_bank, "presentation.not_entitled");

    let mut advised_through = terms();
    advised_through.advise_through_bank = Some(Bank::Identified { party: party(STRANGER), account: None });
    let mut market = Market::with_credit(advised_through);
    market.at("2026-03-16 11:00");
    market.does(STRANGER, present_into(STRANGER, "1000.00", shipped("2026-03-10")));
}

#[test]
fn what_does_not_exist_is_unknown() {
    let mut market = Market::open();
    market.refuses(ADVISING, advise(), "letter_of_credit.unknown");
    market.refuses(ADVISING, present("1.00", "2026-03-01"), "letter_of_credit.unknown");
    market.refuses(ISSUING, close(), "letter_of_credit.unknown");
    market.refuses(ISSUING, accept(1), "presentation.unknown");
    market.refuses(ISSUING, refuse(1, &["LATE"]), "presentation.unknown");
    market.refuses(ADVISING, preclude(1), "presentation.unknown");
    market.refuses(ISSUING, pay(1, ADVISING, "1.00"), "claim.unknown");
}

#[test]
fn a_credit_is_issued_once_and_advised_once() {
    let mut market = Market::with_credit(terms());
    market.refuses(ISSUING, issue(terms()), "letter_of_credit.already_issued");
    market.refuses(ADVISING, advise(), "letter_of_credit.already_advised");
}

#[test]
fn an_advising_bank_may_advise_what_it_could_not_verify_and_says_so() {
    let mut market = Market::open();
    market.does(ISSUING, issue(terms()));
    let authenticity = Authenticity::Unverified;
    market.does(ADVISING, TradeOperation::AdviseCredit { credit: credit(), authenticity });
    assert!(matches!(
        market.credit().state,
        LetterOfCreditState::Advised { authenticity: Authenticity::Unverified, .. }
    ));
}

#[test]
fn the_issuing_bank_is_bound_before_the_credit_is_advised() {
    let mut market = Market::open();
    market.does(ISSUING, issue(terms()));
    market.at("2026-03-16 11:00").does(ADVISING, present("100000.00", "2026-03-10"));
}

#[test]
fn a_credit_is_not_overdrawn() {
    let mut market = Market::with_credit(terms());
    market.at("2026-03-16 11:00");
    market.refuses(ADVISING, present("100000.01", "2026-03-10"), "letter_of_credit.overdrawn");
    market.does(ADVISING, present("60000.00", "2026-03-10"));
    let refusal = market.refuses(ADVISING, present("40000.01", "2026-03-10"), "letter_of_credit.overdrawn");
    assert!(refusal.details.iter().any(|detail| detail.value == "USD 40000.00"), "{refusal:?}");
    market.does(ADVISING, present("40000.00", "2026-03-10"));
    market.refuses(ADVISING, present("0.01", "2026-03-10"), "letter_of_credit.overdrawn");
    for amount in ["0.00", "-1.00"] {
        market.refuses(ADVISING, present(amount, "2026-03-10"), "amount.not_positive");
    }
}

#[test]
fn a_tolerance_raises_what_can_be_drawn_and_rounds_down() {
    let mut tolerant = terms();
    tolerant.amount = usd("99.99");
    tolerant.tolerance = Some(Tolerance { plus_percent: 5, minus_percent: 5 });
    let mut market = Market::with_credit(tolerant);
    // 104.9895
    assert_eq!(market.credit().ceiling, usd("104.98"));
    market.at("2026-03-16 11:00");
    market.refuses(ADVISING, present("104.99", "2026-03-10"), "letter_of_credit.overdrawn");
    market.does(ADVISING, present("104.98", "2026-03-10"));
}

#[test]
fn a_refused_drawing_is_available_again() {
    let mut market = presented();
    market.at("2026-03-17 11:00").does(ISSUING, refuse(1, &["INVOICE NOT SIGNED"]));
    assert_eq!((market.credit().drawn, market.credit().unsettled), (usd("0.00"), 0));
    market.at("2026-03-18 11:00").does(ADVISING, present("100000.00", "2026-03-10"));
    market.at("2026-03-19 11:00").does(ISSUING, accept(2));
    assert_eq!(market.credit().presentations, 2);
}

#[test]
fn a_credit_that_prohibits_partial_shipments_is_drawn_once() {
    let mut whole = terms();
    whole.partial_shipments = Some(Permission::NotAllowed);
    let mut market = Market::with_credit(whole);
    market.at("2026-03-16 11:00").does(ADVISING, present("95100.00", "2026-03-10"));
    let second = present("4900.00", "2026-03-10");
    market.refuses(ADVISING, second.clone(), "letter_of_credit.partial_drawing_not_allowed");
    market.does(ISSUING, refuse(1, &["INVOICE NOT SIGNED"]));
    market.does(ADVISING, present("95100.00", "2026-03-10"));
    market.does(ISSUING, accept(2));
    market.at("2026-06-08 09:00").does(ISSUING, pay(2, ADVISING, "95100.00"));
    // With a balance open the credit stands until it expires: UCP 600 art. 10(a).
    market.refuses(ISSUING, close(), "letter_of_credit.closing_too_early");
    market.at("2026-07-01 09:00").does(ISSUING, close());
    market.refuses(ADVISING, second, "letter_of_credit.closed");
    market.refuses(ISSUING, close(), "letter_of_credit.closed");
    market.refuses(ADVISING, advise(), "letter_of_credit.closed");
}

#[test]
fn a_presentation_names_an_open_account_of_the_presenter_in_the_currency_of_the_credit() {
    let mut market = Market::with_credit(terms());
    market.at("2026-03-16 11:00");
    let into = |account: &str, currency: &str| TradeOperation::PresentDocuments {
        credit: credit(),
        amount: allonge_finance::Money::parse("10", currency.parse().unwrap()).unwrap(),
        account: account.parse().unwrap(),
        covering_reference: "COVER-1".into(),
        shipment: shipped("2026-03-10"),
        documents: vec![document()],
        amendments: vec![],
    };
    let table = [
        (format!("{STRANGER}/USD/settlement"), "USD", "account.not_yours"),
        (format!("{ADVISING}/EUR/settlement"), "USD", "account.currency"),
        (format!("{ADVISING}/USD/other"), "USD", "account.unknown"),
        (format!("{ADVISING}/EUR/settlement"), "EUR", "presentation.currency"),
    ];
    for (account, currency, code) in table {
        market.refuses(ADVISING, into(&account, currency), code);
    }
}

#[test]
fn a_presentation_has_documents_and_a_reference_within_their_limits() {
    let mut market = Market::with_credit(terms());
    market.at("2026-03-16 11:00");
    let with = |reference: &str, documents: Vec<Document>| TradeOperation::PresentDocuments {
        credit: credit(),
        amount: usd("10.00"),
        account: account(ADVISING),
        covering_reference: reference.into(),
        shipment: shipped("2026-03-10"),
        documents,
        amendments: vec![],
    };
    let titled = |title: &str| vec![Document { title: title.into(), ..document() }];
    let neither = vec![Document { originals: 0, copies: 0, ..document() }];
    let table = [
        (with("COVER-1", vec![]), "presentation.documents_invalid"),
        (with("COVER-1", vec![document(); 201]), "presentation.documents_invalid"),
        (with("COVER-1", neither), "presentation.documents_invalid"),
        (with("COVER-1", titled("")), "text.invalid"),
        (with("COVER-1", titled(&"X".repeat(141))), "text.invalid"),
        (with("COVER-1", titled("IN\nVOICE")), "text.invalid"),
        (with("", vec![document()]), "text.invalid"),
        (with(&"X".repeat(36), vec![document()]), "text.invalid"),
    ];
    for (operation, code) in table {
        market.refuses(ADVISING, operation, code);
    }
    market.does(ADVISING, with(&"X".repeat(35), vec![document(); 200]));
}

#[test]
fn a_claim_is_paid_to_its_holder_of_record_and_to_nobody_else() {
    let mut market = accepted();
    market.at("2026-06-08 09:00");
    market.refuses(ISSUING, pay(1, STRANGER, "100000.00"), "claim.not_holder");
    market.refuses(ISSUING, pay(1, BENEFICIARY, "100000.00"), "claim.not_holder");
    assert_eq!(market.balance(STRANGER), usd("0.00"));
    market.does(ISSUING, pay(1, ADVISING, "100000.00"));
    market.refuses(ISSUING, pay(1, ADVISING, "100000.00"), "claim.paid");
    assert_eq!(market.balance(ADVISING), usd("100000.00"));
}

#[test]
fn a_claim_is_paid_exactly_and_not_before_it_is_due() {
    let mut market = accepted();
    market.at("2026-06-07 23:59").refuses(ISSUING, pay(1, ADVISING, "100000.00"), "claim.not_due");
    market.at("2026-06-08 00:00");
    for amount in ["99999.99", "100000.01"] {
        market.refuses(ISSUING, pay(1, ADVISING, amount), "claim.amount");
    }
    market.does(ISSUING, pay(1, ADVISING, "100000.00"));
}

#[test]
fn a_credit_is_not_closed_while_a_presentation_or_a_claim_is_open() {
    let mut market = presented();
    market.refuses(ISSUING, close(), "letter_of_credit.closing_too_early");
    market.at("2026-03-20 15:00").does(ISSUING, accept(1));
    market.at("2026-07-01 10:00").refuses(ISSUING, close(), "letter_of_credit.closing_too_early");
    market.does(ISSUING, pay(1, ADVISING, "100000.00"));
    market.does(ISSUING, close());
}

#[test]
fn a_payment_without_cover_leaves_claim_and_books_as_they_were() {
    let mut large = terms();
    large.amount = usd("2000000.00");
    let mut market = Market::with_credit(large);
    market.at("2026-03-16 11:00").does(ADVISING, present("2000000.00", "2026-03-10"));
    market.does(ISSUING, accept(1));
    market.at("2026-06-08 09:00");
    market.refuses(ISSUING, pay(1, ADVISING, "2000000.00"), "account.insufficient_funds");
    assert_eq!(market.claim(1).state, ClaimState::Outstanding);
    assert_eq!(market.balance(ISSUING), usd("1000000.00"));
}

#[test]
fn accounts_of_others_are_not_debited() {
    let mut market = accepted();
    market.at("2026-06-08 09:00");
    let operation = TradeOperation::PayClaim {
        claim: claim(1),
        from: account(STRANGER),
        to: account(ADVISING),
        amount: usd("100000.00"),
    };
    market.refuses(ISSUING, operation, "account.not_yours");
}
