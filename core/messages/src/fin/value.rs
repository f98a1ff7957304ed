//! The typed content of a field.

use allonge_finance::{Bic, Date, Money};
use serde::{Deserialize, Serialize};

/// One named component of a field, such as the `expiry_date` of 31D.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "FinComponent"))]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// The name, from the field's table row.
    pub name: String,
    /// The content.
    pub value: Value,
}

/// The content of a component. In JSON: `{"date": "2026-06-30"}`, `{"lines": ["…", "…"]}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "FinValue"))]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Characters of one line, exactly as in the message.
    Text(String),
    /// A narrative, a name and address: one or more lines, without their line breaks.
    Lines(Vec<String>),
    /// A number of up to nine digits.
    Number(u32),
    /// A calendar date.
    Date(Date),
    /// A currency and an amount.
    Money(Money),
    /// A bank identifier.
    Bic(Bic),
}

impl Value {
    /// What kind of value this is, for messages to people.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Text(_) => "text",
            Value::Lines(_) => "lines",
            Value::Number(_) => "number",
            Value::Date(_) => "date",
            Value::Money(_) => "money",
            Value::Bic(_) => "bic",
        }
    }
}

/// Reads YYMMDD: years 80 to 99 are of the twentieth century, all others of the twenty-first.
///
/// SWIFT's rule for six-digit dates (recalled): 80 to 99 mean 1980 to 1999, 00 to 79 mean 2000 to 2079.
pub(crate) fn parse_date(digits: &str) -> Option<Date> {
    if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part = |range: std::ops::Range<usize>| digits.get(range).and_then(|s: &str| s.parse::<u8>().ok());
    let (year, month, day) = (part(0..2)?, part(2..4)?, part(4..6)?);
    let century: u16 = if year >= 80 { 1900 } else { 2000 };
    Date::new(century + u16::from(year), month, day).ok()
}

/// Writes YYMMDD, if the year is within the window of [`parse_date`].
pub(crate) fn format_date(date: Date) -> Option<String> {
    let digits = format!("{:02}{:02}{:02}", date.year() % 100, date.month(), date.day());
    (parse_date(&digits) == Some(date)).then_some(digits)
}

/// Reads a BIC as FIN has it: ISO 9362 with four letters at its head (`4!a2!a2!c[3!c]`).
pub(crate) fn parse_bic(text: &str) -> Result<Bic, String> {
    let bic = Bic::parse(text).map_err(|error| error.to_string())?;
    if text.bytes().take(4).all(|b| b.is_ascii_uppercase()) {
        Ok(bic)
    } else {
        Err("its first four characters must be letters".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_digit_years_turn_the_century_at_eighty() {
        for (digits, year) in [("800101", 1980), ("991231", 1999), ("000101", 2000), ("791231", 2079)] {
            let date = parse_date(digits).expect(digits);
            assert_eq!(date.year(), year);
            assert_eq!(format_date(date).as_deref(), Some(digits));
        }
    }

    #[test]
    fn a_day_that_does_not_exist_is_no_date() {
        for digits in ["260230", "261301", "260100", "2603", "26O301", ""] {
            assert!(parse_date(digits).is_none(), "{digits}");
        }
    }
}
