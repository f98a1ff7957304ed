//! Discounting: what a debt that is due later is worth today, to the cent that the contract says.
//!
//! Two banks that round at different places differ by cents on a million, and dispute them. So where figures are rounded is
//! data of the contract: a [`RoundingPolicy`]. Between those places arithmetic is exact.

use borsh::{BorshDeserialize, BorshSerialize};
use num_bigint::BigInt;
use serde::{Deserialize, Serialize};

use crate::date::Date;
use crate::day_count::{DayCount, YearFraction};
use crate::money::{Money, Rounding};
use crate::rate::{ONE, Rate};

/// The most periods that a discount compounds: forty years of half-years.
pub const MAX_PERIODS: usize = 80;
/// The most decimals to which a factor is rounded.
pub const MAX_FACTOR_DECIMALS: u8 = 18;

/// How a face amount is discounted.
#[derive(Clone, PartialEq, Eq, Debug, Hash, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DiscountTerms {
    /// By which formula.
    pub method: DiscountMethod,
    /// The rate a year.
    pub rate: Rate,
    /// How days become a part of a year.
    pub day_count: DayCount,
    /// Days that are added to those until maturity. They make the price, and are no right to pay later.
    pub grace_days: u16,
    /// Where figures are rounded.
    pub rounding: RoundingPolicy,
}

/// The formula of a discount, of a face F over a part t of a year at a rate r.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Hash, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum DiscountMethod {
    /// Straight discount: F · (1 - r·t).
    Straight = 0,
    /// Simple discount to yield: F / (1 + r·t).
    ToYield = 1,
    /// Discount to yield, compounded each year: F over a factor 1 + r·t for each whole year, and for the rest.
    ToYieldAnnually = 2,
    /// Discount to yield, compounded each half-year of 183 and 182 days in turn, and for the rest: what the forfaiting
    /// market does.
    ToYieldSemiAnnually = 3,
}

/// Where figures are rounded, and how.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Hash, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RoundingPolicy {
    /// To how many decimals a factor is rounded, 0 to 18; absent means that it stays exact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor_decimals: Option<u8>,
    /// How a factor is rounded.
    pub factor: Rounding,
    /// How money is rounded to its minor unit.
    pub money: Rounding,
    /// Whether money is rounded after each period, or once at the end.
    pub each_period: bool,
}

impl RoundingPolicy {
    /// All exact until the amount at the end, of which a half goes up.
    pub const EXACT: RoundingPolicy = RoundingPolicy {
        factor_decimals: None,
        factor: Rounding::HalfUp,
        money: Rounding::HalfUp,
        each_period: false,
    };
}

/// What a discount comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Discounted {
    /// What is paid today.
    pub net: Money,
    /// The face less that.
    pub discount: Money,
}

/// Why an amount cannot be discounted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum DiscountError {
    /// The face is not above zero.
    #[error("only an amount above zero is discounted")]
    Face,
    /// The debt is due before the day from which it is discounted, or too long after it.
    #[error("the debt is not due within forty years after the day from which it is discounted")]
    Dates,
    /// Nothing would be left.
    #[error(
        "the rate and the time leave nothing of the amount; a straight discount is for short times and low rates"
    )]
    NothingLeft,
    /// A factor is rounded to more than 18 decimals.
    #[error("a factor is rounded to 0 to 18 decimals")]
    FactorDecimals,
    /// The day count depends on the dates, and there are only days.
    #[error("this day count depends on which days they are; give the dates")]
    DayCount,
    /// A figure does not fit.
    #[error("the amount is too large")]
    Overflow,
}

impl DiscountTerms {
    /// Discounts a face from the day of payment to the maturity, which is rolled to a banking day already.
    ///
    /// ```
    /// use allonge_finance::*;
    ///
    /// let terms = DiscountTerms {
    ///     method: DiscountMethod::Straight,
    ///     rate: Rate::from_percent("2.45")?,
    ///     day_count: DayCount::Actual360,
    ///     grace_days: 0,
    ///     rounding: RoundingPolicy::EXACT,
    /// };
    /// let face = Money::parse("10000000.00", Currency::parse("CNY")?)?;
    /// let discounted = terms.discount(face, Date::new(2026, 1, 5)?, Date::new(2026, 7, 2)?)?;
    /// assert_eq!(discounted.net.amount(), "9878861.11");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`DiscountError`].
    pub fn discount(&self, face: Money, from: Date, maturity: Date) -> Result<Discounted, DiscountError> {
        let to = maturity.plus_days(i32::from(self.grace_days)).ok_or(DiscountError::Dates)?;
        let days = u32::try_from(from.days_until(to)).map_err(|_| DiscountError::Dates)?;
        let mut start = from;
        let mut fractions = Vec::new();
        for days in self.periods(days)? {
            let end = start.plus_days(days).ok_or(DiscountError::Dates)?;
            fractions.push(self.day_count.fraction(start, end));
            start = end;
        }
        self.over(face, &fractions)
    }

    /// Discounts a face over so many days, to which the grace days are added.
    ///
    /// # Errors
    /// [`DiscountError::DayCount`] where the day count is not one of actual days over a fixed year; as of
    /// [`discount`](Self::discount).
    pub fn discount_over_days(&self, face: Money, days: u32) -> Result<Discounted, DiscountError> {
        let days = days.checked_add(u32::from(self.grace_days)).ok_or(DiscountError::Dates)?;
        let fraction = |days| self.day_count.of_days(i64::from(days)).ok_or(DiscountError::DayCount);
        let fractions = self.periods(days)?.into_iter().map(fraction).collect::<Result<Vec<_>, _>>()?;
        self.over(face, &fractions)
    }

    /// The days of each period that compounds.
    fn periods(&self, days: u32) -> Result<Vec<i32>, DiscountError> {
        let mut left = i32::try_from(days).map_err(|_| DiscountError::Dates)?;
        let lengths: &[i32] = match self.method {
            DiscountMethod::Straight | DiscountMethod::ToYield => return Ok(vec![left]),
            DiscountMethod::ToYieldAnnually => &[365],
            DiscountMethod::ToYieldSemiAnnually => &[183, 182],
        };
        let mut periods = Vec::new();
        for length in lengths.iter().cycle().take(MAX_PERIODS) {
            if left <= *length {
                periods.push(left);
                return Ok(periods);
            }
            periods.push(*length);
            left -= length;
        }
        Err(DiscountError::Dates)
    }

    /// Discounts a face over parts of years, one after the other.
    fn over(&self, face: Money, fractions: &[YearFraction]) -> Result<Discounted, DiscountError> {
        if !face.is_positive() {
            return Err(DiscountError::Face);
        }
        let mut left = Ratio { numerator: face.minor_units().into(), denominator: 1.into() };
        for fraction in fractions {
            let interest = Ratio::of_rate(self.rate, *fraction);
            let factor = match self.method {
                DiscountMethod::Straight => interest.complement(),
                _ => interest.plus_one(),
            };
            let factor = self.rounded(factor)?;
            if factor.numerator <= BigInt::ZERO {
                return Err(DiscountError::NothingLeft);
            }
            left = match self.method {
                DiscountMethod::Straight => left.times(&factor),
                _ => left.over(&factor),
            };
            if self.rounding.each_period {
                left = Ratio { numerator: left.rounded(self.rounding.money), denominator: 1.into() };
            }
        }
        let net = left.rounded(self.rounding.money);
        let net = i128::try_from(net).map_err(|_| DiscountError::Overflow)?;
        let net = Money::from_minor_units(net, face.currency());
        let discount = face.checked_sub(net).map_err(|_| DiscountError::Overflow)?;
        Ok(Discounted { net, discount })
    }

    fn rounded(&self, factor: Ratio) -> Result<Ratio, DiscountError> {
        let Some(decimals) = self.rounding.factor_decimals else { return Ok(factor) };
        if decimals > MAX_FACTOR_DECIMALS {
            return Err(DiscountError::FactorDecimals);
        }
        let one = BigInt::from(10).pow(u32::from(decimals));
        let scaled = Ratio { numerator: factor.numerator * &one, denominator: factor.denominator };
        Ok(Ratio { numerator: scaled.rounded(self.rounding.factor), denominator: one })
    }
}

/// What accrues on an amount at a rate over a part of a year: interest, or a commitment fee, A · r · t.
///
/// # Errors
/// [`DiscountError::Overflow`].
pub fn accrued(
    amount: Money,
    rate: Rate,
    fraction: YearFraction,
    rounding: Rounding,
) -> Result<Money, DiscountError> {
    let interest = Ratio::of_rate(rate, fraction);
    let interest = Ratio { numerator: interest.numerator * amount.minor_units(), ..interest };
    let minor_units = i128::try_from(interest.rounded(rounding)).map_err(|_| DiscountError::Overflow)?;
    Ok(Money::from_minor_units(minor_units, amount.currency()))
}

/// The yield a year of paying `net` today for `face` after a part of a year, without compounding; to eight decimals, of
/// which a half goes up.
///
/// # Errors
/// [`DiscountError::Face`] where the net is not above zero, [`DiscountError::Dates`] where no time lies between,
/// [`DiscountError::Overflow`] where it is no [`Rate`] or the currencies differ.
pub fn effective_yield(face: Money, net: Money, fraction: YearFraction) -> Result<Rate, DiscountError> {
    if !net.is_positive() {
        return Err(DiscountError::Face);
    }
    if fraction.numerator <= 0 {
        return Err(DiscountError::Dates);
    }
    let gain = face.checked_sub(net).map_err(|_| DiscountError::Overflow)?;
    let yielded = Ratio {
        numerator: BigInt::from(gain.minor_units()) * fraction.denominator * ONE,
        denominator: BigInt::from(net.minor_units()) * fraction.numerator,
    };
    let units = i64::try_from(yielded.rounded(Rounding::HalfUp)).map_err(|_| DiscountError::Overflow)?;
    Rate::from_hundred_millionths(units).map_err(|_| DiscountError::Overflow)
}

/// A quotient of integers, the lower one above zero.
struct Ratio {
    numerator: BigInt,
    denominator: BigInt,
}

impl Ratio {
    /// r · t.
    fn of_rate(rate: Rate, fraction: YearFraction) -> Self {
        Ratio {
            numerator: BigInt::from(rate.hundred_millionths()) * fraction.numerator,
            denominator: BigInt::from(fraction.denominator) * ONE,
        }
    }

    fn plus_one(self) -> Self {
        Ratio { numerator: self.numerator + &self.denominator, denominator: self.denominator }
    }

    fn complement(self) -> Self {
        Ratio { numerator: &self.denominator - self.numerator, denominator: self.denominator }
    }

    fn times(self, other: &Ratio) -> Self {
        Ratio {
            numerator: self.numerator * &other.numerator,
            denominator: self.denominator * &other.denominator,
        }
    }

    fn over(self, other: &Ratio) -> Self {
        Ratio {
            numerator: self.numerator * &other.denominator,
            denominator: self.denominator * &other.numerator,
        }
    }

    /// The integer that it is rounded to.
    fn rounded(&self, rounding: Rounding) -> BigInt {
        let whole = &self.numerator / &self.denominator;
        let rest = (&self.numerator % &self.denominator).magnitude().clone();
        let missing = self.denominator.magnitude() - &rest;
        let away = match rounding {
            Rounding::Down => false,
            Rounding::Up => rest > num_bigint::BigUint::ZERO,
            Rounding::HalfUp => rest >= missing,
            Rounding::HalfEven => rest > missing || (rest == missing && whole.bit(0)),
        };
        if !away {
            whole
        } else if self.numerator < BigInt::ZERO {
            whole - 1
        } else {
            whole + 1
        }
    }
}
