//! Day counts, rates and discounts, against published figures.
#![allow(clippy::unwrap_used)]

use allonge_finance::*;
use proptest::prelude::*;

fn money(amount: &str, currency: &str) -> Money {
    Money::parse(amount, Currency::parse(currency).unwrap()).unwrap()
}

fn usd(amount: &str) -> Money {
    money(amount, "USD")
}

fn rate(text: &str) -> Rate {
    Rate::parse(text).unwrap()
}

fn terms(method: DiscountMethod, text: &str) -> DiscountTerms {
    DiscountTerms {
        method,
        rate: rate(text),
        day_count: DayCount::Actual360,
        grace_days: 0,
        rounding: RoundingPolicy::EXACT,
    }
}

fn net(terms: &DiscountTerms, face: Money, days: u32) -> String {
    terms.discount_over_days(face, days).unwrap().net.amount()
}

#[test]
fn a_straight_discount_and_one_to_yield_are_as_a_published_course_has_them() {
    let face = usd("1000000.00");
    assert_eq!(net(&terms(DiscountMethod::Straight, "0.03"), face, 183), "984750.00");
    assert_eq!(net(&terms(DiscountMethod::ToYield, "0.03"), face, 183), "984979.07");
    let fraction = YearFraction { numerator: 183, denominator: 360 };
    assert_eq!(effective_yield(face, usd("984750.00"), fraction).unwrap(), rate("0.03046458"));
}

#[test]
fn two_years_compounded_by_half_years_differ_by_18_cents_with_where_figures_are_rounded() {
    let face = usd("1000000.00");
    let mut terms = terms(DiscountMethod::ToYieldSemiAnnually, "0.08");
    assert_eq!(net(&terms, face, 730), "852980.14");
    let six_decimals =
        RoundingPolicy { factor_decimals: Some(6), each_period: true, ..RoundingPolicy::EXACT };
    terms.rounding = six_decimals;
    let chain = [(183, "960922.18"), (365, "923569.34"), (548, "887478.26"), (730, "852980.32")];
    for (days, expected) in chain {
        assert_eq!(net(&terms, face, days), expected, "{days} days");
    }
}

#[test]
fn a_chinese_usance_credit_is_discounted_as_banks_there_do() {
    let face = money("10000000.00", "CNY");
    let straight = terms(DiscountMethod::Straight, "0.0245").discount_over_days(face, 178).unwrap();
    assert_eq!(
        (straight.discount.amount(), straight.net.amount()),
        ("121138.89".into(), "9878861.11".into())
    );
    assert_eq!(net(&terms(DiscountMethod::ToYield, "0.0245"), face, 178), "9880311.01");
    let by_365 =
        DiscountTerms { day_count: DayCount::Actual365Fixed, ..terms(DiscountMethod::Straight, "0.0245") };
    assert_eq!(by_365.discount_over_days(face, 178).unwrap().discount.amount(), "119479.45");
}

/// Figures of a table that is read where it exists.
#[test]
fn the_table_of_discounts_is_reproduced() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/finance_vectors.json");
    let Ok(text) = std::fs::read_to_string(path) else { return };
    let table: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut compared = 0;
    for row in table["discount"].as_array().unwrap() {
        let field = |name: &str| row[name].as_str();
        let (Some(days), Some(expected)) = (row["days"].as_u64(), field("net")) else { continue };
        let method = match field("method").unwrap() {
            "straight" => DiscountMethod::Straight,
            "simple_discount_to_yield" => DiscountMethod::ToYield,
            _ => continue,
        };
        let terms = terms(method, field("rate").unwrap());
        let days = u32::try_from(days).unwrap();
        assert_eq!(net(&terms, usd(field("face").unwrap()), days), expected, "{row}");
        compared += 1;
    }
    assert!(compared >= 3);
}

#[test]
fn grace_days_lower_the_price_and_are_counted_from_the_maturity() {
    let face = usd("1000000.00");
    let graced = DiscountTerms { grace_days: 5, ..terms(DiscountMethod::Straight, "0.03") };
    let dates = (Date::parse("2026-01-05").unwrap(), Date::parse("2026-07-02").unwrap());
    assert_eq!(graced.discount(face, dates.0, dates.1).unwrap().net.amount(), "984750.00");
    assert_eq!(graced.discount_over_days(face, 178).unwrap().net.amount(), "984750.00");
}

#[test]
fn a_commitment_fee_accrues_by_actual_days() {
    let fraction = DayCount::Actual360.of_days(45).unwrap();
    let fee = accrued(usd("5000000.00"), rate("0.01"), fraction, Rounding::HalfUp).unwrap();
    assert_eq!(fee.amount(), "6250.00");
    let fee =
        accrued(usd("-100.00"), rate("0.0001"), DayCount::Actual360.of_days(180).unwrap(), Rounding::HalfUp);
    assert_eq!(fee.unwrap().amount(), "-0.01", "a half goes away from zero, on either side");
}

#[test]
fn what_cannot_be_discounted_is_refused() {
    let straight = terms(DiscountMethod::Straight, "10");
    let of = |terms: &DiscountTerms, face: Money, days| terms.discount_over_days(face, days).unwrap_err();
    assert_eq!(of(&straight, usd("1.00"), 36), DiscountError::NothingLeft);
    assert_eq!(of(&straight, usd("0.00"), 1), DiscountError::Face);
    let compounded = terms(DiscountMethod::ToYieldSemiAnnually, "0.01");
    assert_eq!(of(&compounded, usd("1.00"), 15_000), DiscountError::Dates);
    let by_dates = DiscountTerms { day_count: DayCount::ActualActual, ..straight.clone() };
    assert_eq!(of(&by_dates, usd("1.00"), 1), DiscountError::DayCount);
    let mut fine = straight.clone();
    fine.rounding.factor_decimals = Some(19);
    assert_eq!(of(&fine, usd("1.00"), 1), DiscountError::FactorDecimals);
    let (later, earlier) = (Date::parse("2026-07-02").unwrap(), Date::parse("2026-01-05").unwrap());
    assert_eq!(straight.discount(usd("1.00"), later, earlier), Err(DiscountError::Dates));
}

/// The examples are those that the counts' definitions are known for.
#[test]
fn day_counts_give_the_parts_of_a_year_that_they_are_defined_by() {
    let rows = [
        // Across the end of a leap year: 1 day of 2023 and 30 days of 2024.
        (DayCount::ActualActual, "2023-12-31", "2024-01-31", 366 + 30 * 365, 365 * 366),
        (DayCount::ActualActual, "2024-01-01", "2025-01-01", 365 * 366, 365 * 366),
        (DayCount::ActualActual, "2023-01-01", "2024-01-01", 365 * 366, 365 * 366),
        (DayCount::Actual360, "2024-01-01", "2025-01-01", 366, 360),
        (DayCount::Actual365Fixed, "2024-01-01", "2025-01-01", 366, 365),
        (DayCount::Thirty360BondBasis, "2026-01-31", "2026-03-31", 60, 360),
        (DayCount::Thirty360BondBasis, "2026-01-30", "2026-03-31", 60, 360),
        (DayCount::Thirty360BondBasis, "2026-01-29", "2026-03-31", 62, 360),
        (DayCount::Thirty360Eurobond, "2026-01-29", "2026-03-31", 61, 360),
        (DayCount::Thirty360Eurobond, "2026-02-28", "2026-03-31", 32, 360),
        (DayCount::Thirty360BondBasis, "2026-02-28", "2026-03-31", 33, 360),
    ];
    for (count, from, to, numerator, denominator) in rows {
        let fraction = count.fraction(Date::parse(from).unwrap(), Date::parse(to).unwrap());
        assert_eq!(fraction, YearFraction { numerator, denominator }, "{count:?} {from} {to}");
    }
}

#[test]
fn a_rate_has_one_text_and_bounds() {
    for (text, canonical) in
        [("0.0245", "0.0245"), ("2", "2"), ("0.02450000", "0.0245"), ("-0.005", "-0.005"), ("0", "0")]
    {
        let rate = rate(text);
        assert_eq!(rate.to_string(), canonical);
        let bytes = borsh::to_vec(&rate).unwrap();
        assert_eq!(borsh::from_slice::<Rate>(&bytes).unwrap(), rate);
        assert_eq!(serde_json::to_value(rate).unwrap(), canonical);
    }
    for text in ["", ".5", "5.", "+1", "1e2", "0.123456789", "1,5", " 1", "--1"] {
        assert_eq!(Rate::parse(text), Err(RateError::Format), "{text}");
    }
    for text in ["-1", "10.00000001", "999999"] {
        assert_eq!(Rate::parse(text), Err(RateError::Bounds), "{text}");
    }
    assert_eq!(Rate::from_percent("2.45"), Ok(rate("0.0245")));
    assert!(borsh::from_slice::<Rate>(&i64::MAX.to_le_bytes()).is_err());
}

#[test]
fn terms_are_stored_and_shown_in_one_way() {
    let mut terms = terms(DiscountMethod::ToYieldSemiAnnually, "0.08");
    terms.rounding.factor_decimals = Some(6);
    let json = serde_json::json!({
        "method": "to_yield_semi_annually",
        "rate": "0.08",
        "day_count": "actual360",
        "grace_days": 0,
        "rounding": { "factor_decimals": 6, "factor": "half_up", "money": "half_up", "each_period": false },
    });
    assert_eq!(serde_json::to_value(&terms).unwrap(), json);
    assert_eq!(serde_json::from_value::<DiscountTerms>(json).unwrap(), terms);
    let bytes = [3, 0, 18, 122, 0, 0, 0, 0, 0, 0, 0, 0, 1, 6, 2, 2, 0];
    assert_eq!(borsh::to_vec(&terms).unwrap(), bytes);
    assert_eq!(borsh::from_slice::<DiscountTerms>(&bytes).unwrap(), terms);
}

fn methods() -> impl Strategy<Value = DiscountMethod> {
    prop_oneof![
        Just(DiscountMethod::Straight),
        Just(DiscountMethod::ToYield),
        Just(DiscountMethod::ToYieldAnnually),
        Just(DiscountMethod::ToYieldSemiAnnually),
    ]
}

proptest! {
    #[test]
    fn a_price_falls_with_time_and_rate_and_gives_the_face_with_its_discount(
        method in methods(), units in 0_i64..20_000_000, days in 0_u32..1_500, face in 1_i128..1_000_000_000_000_000,
    ) {
        let price = |units, days| {
            let mut terms = terms(method, "0");
            terms.rate = Rate::from_hundred_millionths(units).unwrap();
            let face = Money::from_minor_units(face, Currency::parse("USD").unwrap());
            terms.discount_over_days(face, days).unwrap()
        };
        let discounted = price(units, days);
        prop_assert_eq!(discounted.net.minor_units() + discounted.discount.minor_units(), face);
        prop_assert!(price(units + 1_000_000, days).net.minor_units() <= discounted.net.minor_units());
        prop_assert!(price(units, days + 1).net.minor_units() <= discounted.net.minor_units());
        prop_assert_eq!(price(0, days).net.minor_units(), face);
    }

    #[test]
    fn a_straight_discount_pays_no_more_than_one_to_yield(units in 0_i64..20_000_000, days in 0_u32..1_500) {
        let price = |method| {
            let mut terms = terms(method, "0");
            terms.rate = Rate::from_hundred_millionths(units).unwrap();
            terms.discount_over_days(usd("1000000.00"), days).unwrap().net.minor_units()
        };
        prop_assert!(price(DiscountMethod::Straight) <= price(DiscountMethod::ToYield));
    }
}
