//! Dates: block time, the place, and the banking days that a published calendar gives it.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests stand outside test functions.

mod common;

use allonge_trade::*;
use common::*;

/// A credit on these terms, with documents presented at this time for goods shipped on this day.
fn presented_at(time: &str, shipped_on: &str, terms: LetterOfCreditTerms) -> Market {
    let mut market = Market::with_credit(terms);
    market.at(time).does(ADVISING, present("100000.00", shipped_on));
    market
}

fn deadline(market: &Market) -> Deadline {
    match market.presentation(1).state {
        PresentationState::Examining { deadline } => deadline,
        decided => panic!("{decided:?}"),
    }
}

#[test]
fn refusal_after_the_fifth_banking_day_is_precluded() {
    // Received on Friday; Monday and Tuesday are holidays: Wed, Thu, Fri, Mon, Tue.
    let mut market = presented_at("2026-04-03 11:00", "2026-03-30", terms());
    let Deadline::Fixed { at, date: day, .. } = deadline(&market) else { panic!("it is published") };
    assert_eq!((day, at), (date("2026-04-14"), beijing("2026-04-14 17:00")));

    market.at("2026-04-14 23:59");
    let refusal = market.refuses(ISSUING, refuse(1, &["LATE SHIPMENT"]), "presentation.refusal_precluded");
    assert!(refusal.details.iter().any(|detail| detail.value == "2026-04-14"), "{refusal:?}");
}

#[test]
fn refusal_at_the_very_close_of_the_fifth_banking_day_is_in_time() {
    let mut market = presented_at("2026-04-03 11:00", "2026-03-30", terms());
    market.at("2026-04-14 17:00").does(ISSUING, refuse(1, &["LATE SHIPMENT"]));

    let mut market = presented_at("2026-04-03 11:00", "2026-03-30", terms());
    let late = refuse(1, &["LATE SHIPMENT"]);
    market.at("2026-04-14 17:00:00.001").refuses(ISSUING, late, "presentation.refusal_precluded");
}

#[test]
fn a_bank_that_gave_no_notice_in_time_can_neither_refuse_nor_accept_and_owes() {
    let mut market = presented_at("2026-04-03 11:00", "2026-03-30", terms());
    market.at("2026-04-14 17:00").refuses(ADVISING, preclude(1), "presentation.examination_open");
    market.at("2026-04-15 09:00");
    market.refuses(ISSUING, accept(1), "letter_of_credit.examination_over");
    for author in [STRANGER, BENEFICIARY] {
        market.refuses(author, preclude(1), "presentation.not_presenter");
    }
    market.does(ADVISING, preclude(1));
    market.refuses(ISSUING, accept(1), "letter_of_credit.examination_over");
    market.refuses(ISSUING, refuse(1, &["LATE SHIPMENT"]), "presentation.refusal_precluded");
    market.refuses(ADVISING, preclude(1), "presentation.decided");

    let claim = market.claim(1);
    assert_eq!((claim.origin, claim.due.date()), (ClaimOrigin::Preclusion, date("2026-06-29")));
    assert_eq!(claim.holder_of_record, party(ADVISING));
    market.at("2026-06-29 09:00").does(ISSUING, pay(1, ADVISING, "100000.00"));
    market.does(ISSUING, close());
}

#[test]
fn preclusion_under_a_sight_credit_makes_a_claim_that_is_due_at_once() {
    let mut market = presented_at("2026-04-03 11:00", "2026-03-30", sight_terms());
    market.at("2026-04-14 17:01").refuses(ISSUING, honour(1), "letter_of_credit.examination_over");
    // The issuing bank may invoke it too: it wants to pay what it owes.
    market.does(ISSUING, preclude(1));
    assert_eq!(market.claim(1).due.date(), date("2026-04-14"));
    market.does(ISSUING, pay(1, ADVISING, "100000.00"));
    assert_eq!(market.balance(ADVISING), usd("100000.00"));
}

#[test]
fn only_one_notice_counts_and_nothing_is_added_to_it() {
    let mut market = presented_at("2026-04-03 11:00", "2026-03-30", terms());
    market.at("2026-04-08 11:00").does(ISSUING, refuse(1, &["INVOICE NOT SIGNED", "B/L NOT ENDORSED"]));
    let third = refuse(1, &["INSURANCE MISSING"]);
    market.at("2026-04-09 11:00").refuses(ISSUING, third, "presentation.notice_already_given");
    let PresentationState::Refused { notice } = market.presentation(1).state else {
        panic!("it was refused")
    };
    assert_eq!(notice.discrepancies, ["INVOICE NOT SIGNED", "B/L NOT ENDORSED"]);
    market.refuses(ISSUING, accept(1), "presentation.refused");
    // A refusal in time leaves nothing to preclude.
    market.at("2026-04-15 09:00").refuses(ADVISING, preclude(1), "presentation.refused");
}

#[test]
fn a_notice_without_disposal_cannot_be_given_and_so_the_bank_is_precluded() {
    let without = r#"{"type":"refuse_presentation","presentation":"SYNBCNBJXXX/LC2026001/1",
        "discrepancies":["INVOICE NOT SIGNED"]}"#;
    let error = serde_json::from_str::<TradeOperation>(without).unwrap_err();
    assert!(error.to_string().contains("disposal"), "{error}");

    let mut market = presented_at("2026-04-03 11:00", "2026-03-30", terms());
    market.refuses(ISSUING, refuse(1, &[]), "presentation.notice_empty");
    market.refuses(ISSUING, refuse(1, &["X"; 71]), "text.invalid");
    market.at("2026-04-14 17:01").does(ADVISING, preclude(1));
}

#[test]
fn a_make_up_working_weekend_counts_as_a_banking_day() {
    // Saturday 28 March is worked, Saturday 21 March is not.
    let table = [
        ("2026-03-16 11:00", "2026-03-23"),
        ("2026-03-23 11:00", "2026-03-28"),
        ("2026-03-28 11:00", "2026-04-03"),
        // Labour Day, 1 to 5 May, and Saturday 9 May worked for it.
        ("2026-04-30 11:00", "2026-05-11"),
    ];
    for (time, last) in table {
        let market = presented_at(time, "2026-03-12", periodless(terms()));
        assert_eq!(deadline(&market).date(), date(last), "presented at {time}");
    }
}

#[test]
fn documents_that_arrive_outside_banking_hours_count_as_received_on_the_next_banking_day() {
    let table = [
        ("2026-03-16 08:00", "2026-03-23"),
        ("2026-03-16 17:00", "2026-03-23"),
        ("2026-03-16 17:01", "2026-03-24"),
        // A Sunday: as received on Monday.
        ("2026-03-15 11:00", "2026-03-23"),
        ("2026-03-14 11:00", "2026-03-23"),
    ];
    for (time, last) in table {
        let market = presented_at(time, "2026-03-12", terms());
        assert_eq!(deadline(&market).date(), date(last), "presented at {time}");
    }
}

#[test]
fn an_expiry_on_a_sunday_moves_to_the_next_banking_day_and_shipment_does_not() {
    let mut sunday = periodless(terms());
    sunday.expiry.date = date("2026-06-14");
    let expired = "letter_of_credit.expired";
    assert_eq!(date("2026-06-14").weekday(), allonge_finance::Weekday::Sunday);

    let mut market = Market::with_credit(sunday.clone());
    assert_eq!(market.credit().expiry.date(), date("2026-06-15"));
    market.at("2026-06-15 17:00");
    // The latest date of shipment is the same Sunday, and stays.
    market.refuses(ADVISING, present("1.00", "2026-06-15"), "letter_of_credit.shipment_late");
    market.does(ADVISING, present("1.00", "2026-06-14"));
    market.at("2026-06-15 17:01").refuses(ADVISING, present("1.00", "2026-06-14"), expired);
    market.at("2026-06-16 10:00").refuses(ADVISING, present("1.00", "2026-06-14"), expired);
}

#[test]
fn presenting_after_expiry_is_refused() {
    let mut market = Market::with_credit(terms());
    let refusal = market.at("2026-07-01 10:00").refuses(
        ADVISING,
        present("100000.00", "2026-06-14"),
        "letter_of_credit.expired",
    );
    assert!(refusal.details.iter().any(|detail| detail.value == "2026-06-30"), "{refusal:?}");
}

#[test]
fn expiry_is_judged_at_its_own_place() {
    // Frankfurt, seven hours behind Beijing in these calendars, closes at midnight in Beijing.
    let mut abroad = periodless(terms());
    abroad.expiry.place = "FRANKFURT".into();
    abroad.expiry.calendar = "TARGET".parse().unwrap();
    let mut market = Market::with_credit(abroad);
    market.at("2026-07-01 00:00").does(ADVISING, present("1.00", "2026-06-14"));
    market.at("2026-07-01 00:01").refuses(
        ADVISING,
        present("1.00", "2026-06-14"),
        "letter_of_credit.expired",
    );
    // Examination counts at the issuing bank, where it was 1 July and not yet open.
    assert_eq!(deadline(&market).date(), date("2026-07-08"));
}

#[test]
fn documents_are_presented_within_21_days_after_shipment_or_as_the_credit_says() {
    let late = "letter_of_credit.presentation_late";
    // 21 days after 10 March is Tuesday 31 March.
    let mut market = Market::with_credit(terms());
    market.at("2026-03-31 17:00").does(ADVISING, present("1.00", "2026-03-10"));
    market.at("2026-04-01 09:00").refuses(ADVISING, present("1.00", "2026-03-10"), late);
    // 21 days after 14 March is Saturday 4 April; Monday and Tuesday are holidays: the last day is Wednesday.
    market.at("2026-04-08 17:00").does(ADVISING, present("1.00", "2026-03-14"));
    market.at("2026-04-09 09:00").refuses(ADVISING, present("1.00", "2026-03-14"), late);

    let mut short = terms();
    short.presentation_period = Some(PresentationPeriod { days: 10, event: None });
    let mut market = Market::with_credit(short);
    market.at("2026-03-20 17:00").does(ADVISING, present("1.00", "2026-03-10"));
    market.at("2026-03-21 09:00").refuses(ADVISING, present("1.00", "2026-03-10"), late);
    // In no event later than expiry.
    market.at("2026-07-01 09:00").refuses(
        ADVISING,
        present("1.00", "2026-06-14"),
        "letter_of_credit.expired",
    );
}

#[test]
fn a_period_after_another_event_is_left_to_the_examining_bank() {
    let mut other = terms();
    other.presentation_period = Some(PresentationPeriod { days: 5, event: Some("AFTER INSPECTION".into()) });
    let mut market = Market::with_credit(other);
    market.at("2026-04-20 11:00").does(ADVISING, present("1.00", "2026-03-10"));
}

#[test]
fn the_date_of_shipment_is_stated_where_the_credit_counts_on_it_and_never_lies_ahead() {
    let unstated = || present_into(ADVISING, "1.00", None);
    let mut market = Market::with_credit(terms());
    market.at("2026-03-16 11:00").refuses(ADVISING, unstated(), "presentation.shipment_missing");
    let ahead = present("1.00", "2026-03-17");
    market.refuses(ADVISING, ahead, "presentation.shipment_after_presentation");
    market.does(ADVISING, present("1.00", "2026-03-16"));

    // A credit for services has no shipment to state.
    let mut services = sight_terms();
    services.latest_shipment = None;
    let mut market = Market::with_credit(services);
    market.at("2026-06-30 16:00").does(ADVISING, unstated());
}

#[test]
fn a_tenor_excludes_the_day_from_which_it_counts_and_moves_to_a_banking_day() {
    let tenors = [
        // 90 days after 10 March: Monday 8 June.
        (Tenor::AfterShipment { days: 90 }, "2026-06-08"),
        // 52 days after 10 March: Friday 1 May, a holiday until Tuesday 5 May.
        (Tenor::AfterShipment { days: 52 }, "2026-05-06"),
        // 60 days after the presentation on 16 March: Friday 15 May.
        (Tenor::AfterSight { days: 60 }, "2026-05-15"),
        (Tenor::Fixed { date: date("2026-05-09") }, "2026-05-09"),
        (Tenor::Fixed { date: date("2026-05-10") }, "2026-05-11"),
    ];
    for (tenor, due) in tenors {
        let mut usance = terms();
        usance.availability.by = AvailableBy::Acceptance { tenor };
        let mut market = presented_at("2026-03-16 11:00", "2026-03-10", usance);
        market.does(ISSUING, accept(1));
        let claim = market.claim(1);
        assert_eq!((claim.due.date(), claim.origin), (date(due), ClaimOrigin::Acceptance), "{tenor:?}");
    }
}

#[test]
fn sight_is_the_day_on_which_documents_count_as_received() {
    let mut usance = terms();
    usance.availability.by = AvailableBy::DeferredPayment { tenor: Tenor::AfterSight { days: 30 } };
    // Presented on Saturday 14 March, so received on Monday 16 March: 30 days later is Wednesday 15 April.
    let mut market = presented_at("2026-03-14 11:00", "2026-03-10", usance);
    market.at("2026-03-17 11:00").does(ISSUING, accept(1));
    assert_eq!(market.claim(1).due.date(), date("2026-04-15"));
}

#[test]
fn beyond_the_published_range_dates_are_provisional_until_a_later_version_fixes_them() {
    let mut market = Market::with_calendars(vec![cn(1, "2026-06-15"), target()]);
    let mut long = periodless(terms());
    long.expiry.date = date("2026-06-20");
    market.does(ISSUING, issue(long));
    assert!(matches!(market.credit().expiry, Deadline::Provisional { .. }));

    // Presented on Thursday 11 June; the calendar ends on Monday 15 June.
    market.at("2026-06-11 11:00").does(ADVISING, present("100000.00", "2026-03-17"));
    let provisional =
        Deadline::Provisional { from: date("2026-06-11"), banking_days: 5, calendar: "CN".parse().unwrap() };
    assert_eq!(deadline(&market), provisional);

    // Within the range it is certain that the deadline has not passed.
    market.at("2026-06-15 16:00").refuses(ADVISING, preclude(1), "presentation.examination_open");
    // Beyond it nothing is guessed.
    market.at("2026-06-16 10:00");
    for (author, operation) in
        [(ISSUING, accept(1)), (ISSUING, refuse(1, &["LATE"])), (ADVISING, preclude(1))]
    {
        market.refuses(author, operation, "calendar.not_published");
    }
    market.refuses(ADVISING, present("1.00", "2026-03-17"), "calendar.not_published");

    let events = market.publishes(cn(2, "2027-12-31")).does(ISSUING, accept(1));
    let fixed = |event: &TradeEvent| {
        matches!(
            event,
            TradeEvent::ExaminationDeadlineDecided { deadline, .. } if deadline.date() == date("2026-06-18")
        )
    };
    assert!(events.iter().any(fixed), "{events:?}");
    assert!(events.iter().any(|event| matches!(event, TradeEvent::ExpiryDecided { .. })), "{events:?}");
    assert!(matches!(market.credit().expiry, Deadline::Fixed { calendar_version: 2, .. }));
    assert_eq!(market.credit().expiry.date(), date("2026-06-22"));
}

#[test]
fn a_due_date_beyond_the_published_range_is_fixed_before_it_is_paid() {
    let mut long = terms();
    long.availability.by = AvailableBy::DeferredPayment { tenor: Tenor::Fixed { date: date("2027-01-01") } };
    let mut market = presented_at("2026-03-16 11:00", "2026-03-10", long);
    market.does(ISSUING, accept(1));
    assert!(matches!(market.claim(1).due, DueDate::Provisional { .. }));
    market.at("2026-12-31 10:00").refuses(ISSUING, pay(1, ADVISING, "100000.00"), "claim.not_due");
    market.at("2027-01-01 10:00").refuses(ISSUING, pay(1, ADVISING, "100000.00"), "calendar.not_published");
    // 1 January is a holiday, 2 and 3 January are a weekend.
    market.publishes(cn(2, "2027-12-31"));
    market.at("2027-01-03 23:59").refuses(ISSUING, pay(1, ADVISING, "100000.00"), "claim.not_due");
    let events = market.at("2027-01-04 00:00").does(ISSUING, pay(1, ADVISING, "100000.00"));
    assert!(
        matches!(events.first(), Some(TradeEvent::DueDateDecided { due, .. }) if due.date() == date("2027-01-04"))
    );
}

#[test]
fn a_deadline_once_fixed_is_not_moved_by_a_later_calendar() {
    let mut market = presented_at("2026-04-03 11:00", "2026-03-30", terms());
    let before = deadline(&market);
    market.publishes(cn(2, "2027-12-31"));
    market.at("2026-04-14 17:01").does(ADVISING, preclude(1));
    let PresentationState::DeemedComplying { deadline, .. } = market.presentation(1).state else {
        panic!("it counts as complying")
    };
    assert_eq!(deadline, before);
}

#[test]
fn a_calendar_that_no_longer_reaches_back_decides_nothing() {
    let mut table = cn(2, "2026-12-31").into_table();
    table.first = date("2026-07-01");
    table.holidays.clear();
    table.working_weekends.clear();
    let calendar = allonge_finance::Calendar::new(table).unwrap();
    let (before, now) = (date("2026-06-25"), beijing("2026-07-10 10:00"));
    let deadline = Deadline::after(before, 5, &calendar).unwrap();
    assert!(matches!(deadline, Deadline::Provisional { .. }));
    assert!(deadline.has_passed(now, &calendar).is_err());
    let due = DueDate::following(before, &calendar).unwrap();
    assert!(matches!(due, DueDate::Provisional { .. }));
    assert!(due.has_come(now, &calendar).is_err());
}

/// The same terms, with the longest presentation period, so that only expiry matters.
fn periodless(mut terms: LetterOfCreditTerms) -> LetterOfCreditTerms {
    terms.presentation_period = Some(PresentationPeriod { days: 999, event: None });
    terms
}
