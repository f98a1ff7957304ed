//! Amounts and currencies: exact in, exact out, nothing guessed.
#![allow(clippy::unwrap_used)]

use std::num::NonZeroU64;

use allonge_finance::{Currency, CurrencyError, Date, Money, MoneyError, Rounding};
use proptest::prelude::*;

fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

fn money(amount: &str, code: &str) -> Money {
    Money::parse(amount, currency(code)).unwrap()
}

#[test]
fn minor_units_follow_iso_4217() {
    for (code, minor_units, numeric) in [
        ("USD", 2, 840),
        ("EUR", 2, 978),
        ("CNY", 2, 156),
        ("JPY", 0, 392),
        ("KRW", 0, 410),
        ("ISK", 0, 352),
        ("XOF", 0, 952),
        ("UYI", 0, 940),
        ("BHD", 3, 48),
        ("KWD", 3, 414),
        ("TND", 3, 788),
        ("CLF", 4, 990),
        ("UYW", 4, 927),
        ("XCG", 2, 532),
        ("VES", 2, 928),
    ] {
        let parsed = currency(code);
        assert_eq!((parsed.minor_units(), parsed.numeric()), (minor_units, numeric), "{code}");
        assert_eq!(parsed.withdrawn_on(), None, "{code}");
    }
}

#[test]
fn withdrawn_codes_are_read_and_flagged() {
    for (code, last_day, first_day_without) in [
        ("ANG", "2025-06-30", "2025-07-01"),
        ("BGN", "2025-12-31", "2026-01-01"),
        ("HRK", "2022-12-31", "2023-01-01"),
        ("LTL", "2014-12-31", "2015-01-01"),
        ("VEF", "2018-08-19", "2018-08-20"),
        ("ZWL", "2024-08-31", "2024-09-01"),
        ("DEM", "2002-02-28", "2002-03-01"),
    ] {
        let code = currency(code);
        assert!(code.is_current_on(Date::parse(last_day).unwrap()), "{code}");
        assert!(!code.is_current_on(Date::parse(first_day_without).unwrap()), "{code}");
    }
    assert_eq!(currency("ITL").minor_units(), 0);
    assert!(currency("USD").is_current_on(Date::MAX));
}

#[test]
fn a_code_without_a_minor_unit_is_no_currency_of_payment() {
    for code in ["XAU", "XAG", "XPT", "XPD", "XDR", "XXX", "XTS", "XBA"] {
        assert_eq!(Currency::parse(code), Err(CurrencyError::NoMinorUnit), "{code}");
    }
}

#[test]
fn what_is_not_a_currency_code_is_refused() {
    for (text, error) in [
        ("usd", CurrencyError::Format),
        ("US", CurrencyError::Format),
        ("USDX", CurrencyError::Format),
        ("U D", CurrencyError::Format),
        ("", CurrencyError::Format),
        ("€", CurrencyError::Format),
        ("AAA", CurrencyError::Unknown),
        ("ZZZ", CurrencyError::Unknown),
    ] {
        assert_eq!(Currency::parse(text), Err(error), "{text}");
    }
}

#[test]
fn amounts_are_read_exactly() {
    for (text, code, minor_units, written) in [
        ("1234.50", "USD", 123_450, "1234.50"),
        ("1234.5", "USD", 123_450, "1234.50"),
        ("1234", "USD", 123_400, "1234.00"),
        ("0.01", "USD", 1, "0.01"),
        ("-0.01", "USD", -1, "-0.01"),
        ("-0.00", "USD", 0, "0.00"),
        ("007.5", "USD", 750, "7.50"),
        ("100", "JPY", 100, "100"),
        ("1.234", "BHD", 1_234, "1.234"),
        ("0.0001", "CLF", 1, "0.0001"),
        ("123456789012345678.99", "USD", 12_345_678_901_234_567_899, "123456789012345678.99"),
        (
            "170141183460469231731687303715884105727",
            "JPY",
            i128::MAX,
            "170141183460469231731687303715884105727",
        ),
        (
            "-170141183460469231731687303715884105728",
            "JPY",
            i128::MIN,
            "-170141183460469231731687303715884105728",
        ),
    ] {
        let parsed = money(text, code);
        assert_eq!((parsed.minor_units(), parsed.amount().as_str()), (minor_units, written));
        assert_eq!(parsed.to_string(), format!("{code} {written}"));
    }
}

#[test]
fn anything_but_a_plain_decimal_is_refused() {
    for text in [
        "",
        "-",
        "+",
        ".",
        "1.",
        ".5",
        "+1",
        "--1",
        "- 1",
        "1e5",
        "1E5",
        " 1",
        "1 ",
        "1 000",
        "1,000.00",
        "1,5",
        "1.2.3",
        "1_000",
        "0x10",
        "NaN",
        "inf",
        "Infinity",
        "١٢",
        "1\u{a0}000",
        "1\n",
    ] {
        assert_eq!(Money::parse(text, currency("USD")), Err(MoneyError::Format), "{text:?}");
    }
    assert_eq!(Money::parse(&"0".repeat(65), currency("USD")), Err(MoneyError::Format));
}

#[test]
fn more_decimals_than_the_currency_has_are_refused_even_zeros() {
    for (text, code) in [("100.50", "JPY"), ("100.00", "JPY"), ("1.234", "USD"), ("1.2345", "BHD")] {
        let currency = currency(code);
        assert_eq!(Money::parse(text, currency), Err(MoneyError::TooManyDecimals { currency }), "{text}");
    }
}

#[test]
fn an_amount_beyond_the_integer_is_refused() {
    for text in ["170141183460469231731687303715884105728", "999999999999999999999999999999999999999999"] {
        assert_eq!(Money::parse(text, currency("JPY")), Err(MoneyError::Overflow));
    }
}

#[test]
fn two_currencies_never_mix() {
    let (dollar, yen) = (money("1", "USD"), money("1", "JPY"));
    let mismatch = MoneyError::CurrencyMismatch { left: currency("USD"), right: currency("JPY") };
    assert_eq!(dollar.checked_add(yen), Err(mismatch));
    assert_eq!(dollar.checked_sub(yen), Err(mismatch));
    assert_eq!(dollar.checked_cmp(yen), Err(mismatch));
}

#[test]
fn sums_that_do_not_fit_are_refused() {
    let most = Money::from_minor_units(i128::MAX, currency("USD"));
    let least = Money::from_minor_units(i128::MIN, currency("USD"));
    let one = money("0.01", "USD");
    assert_eq!(most.checked_add(one), Err(MoneyError::Overflow));
    assert_eq!(least.checked_sub(one), Err(MoneyError::Overflow));
    assert_eq!(most.scaled_percent(101, Rounding::Down), Err(MoneyError::Overflow));
    assert_eq!(most.scaled_percent(100, Rounding::Up), Ok(most));
    assert_eq!(least.scaled_percent(100, Rounding::Up), Ok(least));
}

#[test]
fn rounding_is_the_one_that_was_named() {
    use Rounding::{Down, HalfEven, HalfUp, Up};
    // 50 % of an odd number of cents leaves exactly half a cent; 33 % of one leaves less, 67 % more.
    for (amount, percent, rounding, expected) in [
        ("0.01", 50, Down, "0.00"),
        ("0.01", 50, Up, "0.01"),
        ("0.01", 50, HalfUp, "0.01"),
        ("0.01", 50, HalfEven, "0.00"),
        ("0.03", 50, HalfEven, "0.02"),
        ("-0.01", 50, Down, "0.00"),
        ("-0.01", 50, Up, "-0.01"),
        ("-0.01", 50, HalfUp, "-0.01"),
        ("-0.03", 50, HalfEven, "-0.02"),
        ("0.01", 33, HalfUp, "0.00"),
        ("0.01", 33, HalfEven, "0.00"),
        ("0.01", 33, Up, "0.01"),
        ("0.01", 67, HalfUp, "0.01"),
        ("0.01", 67, HalfEven, "0.01"),
        ("0.01", 67, Down, "0.00"),
        ("100.00", 0, Up, "0.00"),
        ("100.00", 110, HalfEven, "110.00"),
        ("100.00", 95, HalfEven, "95.00"),
    ] {
        let scaled = money(amount, "USD").scaled_percent(percent, rounding).unwrap();
        assert_eq!(scaled.amount(), expected, "{percent} % of {amount}, {rounding:?}");
    }
}

#[test]
fn a_ratio_is_rounded_once_after_exact_arithmetic() {
    // CNY 10,000,000.00 at 2.45 % for 178 days over 360: 121,138.888… of discount.
    let year = NonZeroU64::new(10_000 * 360).unwrap();
    let discount = money("10000000.00", "CNY").scaled(245 * 178, year, Rounding::HalfUp).unwrap();
    assert_eq!(discount.amount(), "121138.89");
    let largest = NonZeroU64::new(u64::MAX).unwrap();
    let most = Money::from_minor_units(i128::MAX, currency("CNY"));
    assert_eq!(most.scaled(u64::MAX, largest, Rounding::Up), Ok(most));
}

#[test]
fn json_is_strings_only() {
    let read = |json: &str| serde_json::from_str::<Money>(json);
    let written = r#"{"amount":"1234.50","currency":"USD"}"#;
    assert_eq!(read(written).unwrap(), money("1234.50", "USD"));
    assert_eq!(serde_json::to_string(&money("1234.50", "USD")).unwrap(), written);
    assert_eq!(read(r#"{"minor_units":"123450","currency":"USD"}"#).unwrap(), money("1234.50", "USD"));
    assert_eq!(read(r#"{"minor_units":"-1","currency":"BHD"}"#).unwrap(), money("-0.001", "BHD"));
    for refused in [
        r#"{"amount":1234.50,"currency":"USD"}"#,
        r#"{"amount":1234,"currency":"USD"}"#,
        r#"{"minor_units":123450,"currency":"USD"}"#,
        r#"{"minor_units":"1234.50","currency":"USD"}"#,
        r#"{"minor_units":"","currency":"USD"}"#,
        r#"{"amount":"1.00","minor_units":"100","currency":"USD"}"#,
        r#"{"currency":"USD"}"#,
        r#"{"amount":"1.00"}"#,
        r#"{"amount":null,"currency":"USD"}"#,
        r#"{"amount":"1.00","currency":"USD","note":""}"#,
        r#"{"amount":"1.00","amount":"2.00","currency":"USD"}"#,
        r#"{"amount":"1.00","currency":"usd"}"#,
        r#"{"amount":"1.00","currency":840}"#,
        r#"1.00"#,
        r#""USD 1.00""#,
    ] {
        assert!(read(refused).is_err(), "{refused}");
    }
}

#[test]
fn borsh_is_the_integer_then_the_code() {
    let bytes = borsh::to_vec(&money("-0.01", "USD")).unwrap();
    assert_eq!(bytes, [&[0xff; 16][..], b"USD"].concat());
    let mut unknown = bytes.clone();
    unknown.splice(16.., *b"AAA");
    assert!(borsh::from_slice::<Money>(&unknown).is_err());
    assert!(borsh::from_slice::<Money>(&[&bytes[..], &[0]].concat()).is_err());
}

#[test]
fn errors_say_the_remedy() {
    let error = Money::parse("100.50", currency("JPY")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "too many decimals: JPY has 0; round the amount as agreed before passing it"
    );
}

fn any_currency() -> impl Strategy<Value = Currency> {
    proptest::sample::select(vec!["USD", "JPY", "BHD", "CLF", "ANG"]).prop_map(currency)
}

fn any_rounding() -> impl Strategy<Value = Rounding> {
    proptest::sample::select(vec![Rounding::Down, Rounding::Up, Rounding::HalfUp, Rounding::HalfEven])
}

proptest! {
    #[test]
    fn every_amount_round_trips_through_every_form(units: i128, currency in any_currency()) {
        let money = Money::from_minor_units(units, currency);
        prop_assert_eq!(Money::parse(&money.amount(), currency), Ok(money));
        let json = serde_json::to_string(&money).unwrap();
        prop_assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), money);
        prop_assert_eq!(borsh::from_slice::<Money>(&borsh::to_vec(&money).unwrap()).unwrap(), money);
    }

    #[test]
    fn parse_never_panics(text in ".{0,70}", currency in any_currency()) {
        let _ = Money::parse(&text, currency);
        let _ = Currency::parse(&text);
    }

    #[test]
    fn a_sum_can_be_taken_back(a in -(1i128 << 100)..1i128 << 100, b in -(1i128 << 100)..1i128 << 100) {
        let (a, b) = (Money::from_minor_units(a, currency("USD")), Money::from_minor_units(b, currency("USD")));
        prop_assert_eq!(a.checked_add(b).and_then(|sum| sum.checked_sub(b)), Ok(a));
    }

    #[test]
    fn rounding_errs_by_less_than_one_and_by_at_most_half_when_to_the_nearest(
        units in -(1i128 << 60)..1i128 << 60,
        numerator in 0u64..1 << 30,
        denominator in 1u64..1 << 30,
        rounding in any_rounding(),
    ) {
        let ratio = NonZeroU64::new(denominator).unwrap();
        let scaled = Money::from_minor_units(units, currency("USD")).scaled(numerator, ratio, rounding).unwrap();
        let error = (scaled.minor_units() * i128::from(denominator) - units * i128::from(numerator)).unsigned_abs();
        match rounding {
            Rounding::Down | Rounding::Up => prop_assert!(error < u128::from(denominator)),
            Rounding::HalfUp | Rounding::HalfEven => prop_assert!(error * 2 <= u128::from(denominator)),
        }
    }
}
