//! Money, identifiers, banking-day calendars, day counts and discounting: pure values.
//!
//! To take an amount from a form or a message, name its currency and parse it exactly; to find the day and
//! the instant by which a bank must act, ask a published [`Calendar`]:
//!
//! ```
//! use allonge_finance::{Bic, Calendar, CalendarTable, Currency, Date, Money, UtcOffset, Timestamp, Weekday};
//!
//! let amount = Money::parse("1234.50", Currency::parse("USD")?)?;
//! assert_eq!(amount.minor_units(), 123_450);
//! assert!(Money::parse("100.50", Currency::parse("JPY")?).is_err());
//!
//! let bank = Bic::parse("DEUTDEFF")?;
//! assert_eq!(bank.as_str(), "DEUTDEFFXXX");
//!
//! let calendar = Calendar::new(CalendarTable {
//!     id: "CN".parse()?,
//!     version: 1,
//!     name: "Example".into(),
//!     first: Date::new(2026, 1, 1)?,
//!     last: Date::new(2026, 12, 31)?,
//!     weekend: vec![Weekday::Saturday, Weekday::Sunday],
//!     holidays: vec![Date::new(2026, 3, 2)?, Date::new(2026, 3, 3)?],
//!     working_weekends: vec![],
//!     utc_offsets: vec![UtcOffset { from: Timestamp::from_millis(0)?, minutes: 480 }],
//!     opens: 540,
//!     closes: 1020,
//! })?;
//! // UCP 600 art. 14(b): five banking days following the day of presentation.
//! let last_day = calendar.add_banking_days(Date::new(2026, 2, 27)?, 5)?;
//! assert_eq!(last_day.to_string(), "2026-03-10");
//! assert_eq!(calendar.close_of_business(last_day)?.to_string(), "2026-03-10T09:00:00.000Z");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Every value has one canonical Borsh encoding, decoded strictly: bytes that spell an invalid value, or a
//! valid one in another way, are refused. The serde form is for people and other languages: strings for
//! dates, amounts and identifiers. There is no float anywhere. The feature `schema` adds a JSON Schema to
//! every value.

mod calendar;
mod currency;
mod date;
mod day_count;
mod discount;
mod fingerprint;
mod identifier;
mod money;
mod rate;
mod schedule;
mod text;
mod timestamp;

pub use calendar::{
    BusinessDayConvention, Calendar, CalendarDefect, CalendarError, CalendarId, CalendarTable, MAX_HOLIDAYS,
    MAX_NAME_BYTES, MAX_UTC_OFFSETS, MAX_YEARS, UtcOffset,
};
pub use currency::{Currency, CurrencyError};
pub use date::{Date, DateError, Weekday};
pub use day_count::{DayCount, YearFraction};
pub use discount::{
    DiscountError, DiscountMethod, DiscountTerms, Discounted, MAX_FACTOR_DECIMALS, MAX_PERIODS,
    RoundingPolicy, accrued, effective_yield,
};
pub use fingerprint::{
    Company, FINGERPRINT_DOMAIN, FingerprintInput, FingerprintInputError, FingerprintInputs, Goods, LineItem,
    MAX_FIELD_BYTES, MAX_LINE_ITEMS, MAX_TEXT_BYTES, MIN_TEXT_CHARACTERS, TEXT_BANDS, TradeDocument,
    UniqueNumber, WINDOW_DAYS,
};
pub use identifier::{
    Bic, Cnaps, CountryCode, Iban, IdentifierError, IdentifierKind, Lei, LocalName, PartyId, Uscc,
};
pub use money::{Money, MoneyError, Rounding};
pub use rate::{Rate, RateError};
pub use schedule::{MonthEnd, Schedule};
pub use text::ShortText;
pub use timestamp::Timestamp;
