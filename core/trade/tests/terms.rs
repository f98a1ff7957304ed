//! Which terms can be issued.

mod common;

use allonge_trade::*;
use common::*;

#[test]
fn terms_that_do_not_fit_are_refused_with_what_is_wrong() {
    type Change = fn(&mut LetterOfCreditTerms);
    let table: &[(&str, Change)] = &[
        ("letter_of_credit.expiry_before_issue", |terms| terms.expiry.date = date("2026-03-01")),
        ("letter_of_credit.expired", |terms| {
            terms.date_of_issue = date("2026-02-02");
            terms.latest_shipment = None;
            terms.expiry.date = date("2026-02-27");
        }),
        ("letter_of_credit.issued_in_future", |terms| terms.date_of_issue = date("2026-03-03")),
        ("letter_of_credit.shipment_after_expiry", |terms| {
            terms.latest_shipment = Some(LatestShipment::LatestDate { date: date("2026-07-01") });
        }),
        ("letter_of_credit.amount_invalid", |terms| terms.amount = usd("0.00")),
        ("letter_of_credit.amount_invalid", |terms| terms.amount = usd("-1.00")),
        ("letter_of_credit.amount_invalid", |terms| {
            terms.tolerance = Some(Tolerance { plus_percent: 100, minus_percent: 0 });
        }),
        ("letter_of_credit.amount_invalid", |terms| {
            let usd = terms.amount.currency();
            terms.amount = allonge_finance::Money::from_minor_units(i128::MAX, usd);
            terms.tolerance = Some(Tolerance { plus_percent: 1, minus_percent: 0 });
        }),
        ("letter_of_credit.amount_invalid", |terms| {
            // The German mark, until 2001.
            terms.amount = allonge_finance::Money::parse("1", "DEM".parse().unwrap()).unwrap();
        }),
        ("letter_of_credit.tenor_out_of_bounds", |terms| tenor(terms, Tenor::AfterShipment { days: 0 })),
        ("letter_of_credit.tenor_out_of_bounds", |terms| tenor(terms, Tenor::AfterSight { days: 3_651 })),
        ("letter_of_credit.tenor_out_of_bounds", |terms| {
            tenor(terms, Tenor::Fixed { date: date("2026-03-02") });
        }),
        ("letter_of_credit.presentation_period_out_of_bounds", |terms| {
            terms.presentation_period = Some(PresentationPeriod { days: 1_000, event: None });
        }),
        ("party.unknown", |terms| terms.advising_bank = party("SYNXFRPPXXX")),
        ("party.unknown", |terms| {
            terms.availability.with = AvailableWith::Bank { party: party("SYNXFRPPXXX") };
        }),
        ("party.unknown", |terms| terms.beneficiary.party = Some(party("nobody"))),
        ("calendar.unknown", |terms| terms.expiry.calendar = "XX".parse().unwrap()),
        ("calendar.unknown", |terms| terms.examination_calendar = "XX".parse().unwrap()),
        ("calendar.unknown", |terms| terms.payment_calendar = "XX".parse().unwrap()),
        ("text.invalid", |terms| terms.applicant.name_and_address.clear()),
        ("text.invalid", |terms| terms.applicant.name_and_address = vec!["X".into(); 5]),
        ("text.invalid", |terms| terms.beneficiary.account = Some("1".repeat(35))),
        ("text.invalid", |terms| terms.expiry.place = "X".repeat(30)),
        ("text.invalid", |terms| terms.goods = vec!["X".into(); 801]),
        ("text.invalid", |terms| terms.goods = vec!["X".repeat(66)]),
        ("text.invalid", |terms| terms.goods = vec![String::new()]),
        ("text.invalid", |terms| terms.charges = vec!["X\u{7}".into()]),
        ("text.invalid", |terms| terms.shipment_places.final_destination = Some("X".repeat(141))),
        ("text.invalid", |terms| terms.latest_shipment = Some(LatestShipment::Period { lines: vec![] })),
        ("text.invalid", |terms| {
            terms.applicable_rules = ApplicableRules::Other { narrative: String::new() };
        }),
        ("text.invalid", |terms| {
            terms.drawee = Some(Bank::Named { name_and_address: vec!["X".repeat(36)], account: None });
        }),
    ];
    for (code, change) in table {
        let mut changed = terms();
        change(&mut changed);
        Market::open().refuses(ISSUING, issue(changed), code);
    }
}

fn tenor(terms: &mut LetterOfCreditTerms, tenor: Tenor) {
    terms.availability.by = AvailableBy::DeferredPayment { tenor };
}

#[test]
fn texts_at_their_limits_are_issued() {
    let mut full = terms();
    full.goods = vec!["货".repeat(65); 800];
    full.applicant.name_and_address = vec!["X".repeat(35); 4];
    full.latest_shipment = Some(LatestShipment::Period { lines: vec!["X".repeat(65); 6] });
    full.availability.by = AvailableBy::DeferredPayment { tenor: Tenor::AfterShipment { days: 3_650 } };
    Market::open().does(ISSUING, issue(full));
}

#[test]
fn a_credit_has_a_number_that_swift_carries() {
    for number in ["", "/LC1", "LC1/", "LC//1", "12345678901234567", "LC_1", "信用证1"] {
        let operation = TradeOperation::IssueCredit { number: number.into(), terms: Box::new(terms()) };
        Market::open().refuses(ISSUING, operation, "letter_of_credit.number_invalid");
    }
}
