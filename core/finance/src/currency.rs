//! ISO 4217 currencies, current and historic.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::date::Date;
use crate::text::{Ascii, borsh_as_fixed_ascii, display_as_str, human_form};

/// A currency of ISO 4217 that has a minor unit, current or withdrawn.
///
/// Codes without a minor unit (`XAU`, `XDR`, `XXX`, `XTS` and the like) are refused: nothing can be owed in
/// them to the cent. A withdrawn code is a currency, so that old instruments can be read;
/// [`Currency::is_current_on`] says whether a new one may use it. Borsh is the three letters.
///
/// ```
/// use allonge_finance::{Currency, Date};
///
/// assert_eq!(Currency::parse("BHD")?.minor_units(), 3);
/// let guilder = Currency::parse("ANG")?;
/// assert!(guilder.is_current_on(Date::new(2025, 6, 30)?));
/// assert!(!guilder.is_current_on(Date::new(2025, 7, 1)?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency {
    code: Ascii<3>,
    numeric: u16,
    minor_units: u8,
}

impl Currency {
    /// Reads a three-letter code in capitals.
    ///
    /// # Errors
    /// [`CurrencyError::Format`], [`CurrencyError::Unknown`], or [`CurrencyError::NoMinorUnit`].
    pub fn parse(code: &str) -> Result<Self, CurrencyError> {
        let slot = Recent::of(code);
        if let Some(known) = slot.and_then(|slot| slot.get(code)) {
            return Ok(known);
        }
        let currency = Self::look_up(code)?;
        if let Some(slot) = slot {
            slot.put(currency);
        }
        Ok(currency)
    }

    fn look_up(code: &str) -> Result<Self, CurrencyError> {
        let ascii = Ascii::new(code).ok_or(CurrencyError::Format)?;
        if !code.bytes().all(|c| c.is_ascii_uppercase()) {
            return Err(CurrencyError::Format);
        }
        if let Some(row) = withdrawn(code) {
            return Ok(Self { code: ascii, numeric: row.numeric, minor_units: row.minor_units });
        }
        let known = iso_currency::Currency::from_code(code).ok_or(CurrencyError::Unknown)?;
        let minor_units = known.exponent().and_then(|exponent| u8::try_from(exponent).ok());
        let minor_units = minor_units.ok_or(CurrencyError::NoMinorUnit)?;
        Ok(Self { code: ascii, numeric: known.numeric(), minor_units })
    }

    /// The three-letter code.
    pub fn code(&self) -> &str {
        self.code.as_str()
    }

    /// The numeric code; a withdrawn currency may share it with its successor (`ANG` and `XCG`).
    pub fn numeric(&self) -> u16 {
        self.numeric
    }

    /// How many decimals an amount has: 2 for `USD`, 0 for `JPY`, 3 for `BHD`, 4 for `CLF`.
    pub fn minor_units(&self) -> u8 {
        self.minor_units
    }

    /// The first day on which the code is no longer current; `None` for a current currency.
    pub fn withdrawn_on(&self) -> Option<Date> {
        let (year, month, day) = withdrawn(self.code())?.on;
        Date::new(year, month, day).ok()
    }

    /// Whether the code has not been withdrawn by `date`.
    pub fn is_current_on(&self, date: Date) -> bool {
        self.withdrawn_on().is_none_or(|withdrawn| date < withdrawn)
    }

    fn as_str(&self) -> &str {
        self.code()
    }
}

/// Currencies that were read lately, so that reading an amount costs no search: each in the one slot that its code may
/// have, packed into a number. Whoever comes second supersedes; a torn value cannot be.
struct Recent(AtomicU64);

static RECENT: [Recent; 64] = [const { Recent(AtomicU64::new(0)) }; 64];

impl Recent {
    fn of(code: &str) -> Option<&'static Recent> {
        let &[a, b, c] = code.as_bytes() else { return None };
        RECENT.get(usize::from(a ^ b.rotate_left(2) ^ c.rotate_left(4)) % RECENT.len())
    }

    fn get(&self, code: &str) -> Option<Currency> {
        let [a, b, c, minor_units, low, high, ..] = self.0.load(Ordering::Relaxed).to_le_bytes();
        (code.as_bytes() == [a, b, c]).then_some(Currency {
            code: Ascii::from_bytes([a, b, c])?,
            numeric: u16::from_le_bytes([low, high]),
            minor_units,
        })
    }

    fn put(&self, currency: Currency) {
        let Currency { code, numeric, minor_units } = currency;
        let &[a, b, c] = code.as_bytes();
        let [low, high] = numeric.to_le_bytes();
        self.0.store(u64::from_le_bytes([a, b, c, minor_units, low, high, 0, 0]), Ordering::Relaxed);
    }
}

impl std::fmt::Debug for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Currency({self})")
    }
}

display_as_str!(Currency);
human_form!(Currency, CurrencyError, {
    "format": "currency",
    "pattern": "^[A-Z]{3}$",
    "description": "An ISO 4217 code of a currency that has a minor unit."
});
borsh_as_fixed_ascii!(Currency, 3);

/// Why a currency code was refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum CurrencyError {
    /// The text is not three capital letters.
    #[error("not a currency code; write the three capital letters of ISO 4217, for example USD")]
    Format,
    /// ISO 4217 has no such code.
    #[error("no such currency; use a code of ISO 4217")]
    Unknown,
    /// The code has no minor unit: a metal, a unit of account, a testing code.
    #[error("this code has no minor unit, so no exact amount exists in it; use the currency of payment")]
    NoMinorUnit,
}

struct Withdrawn {
    code: &'static str,
    numeric: u16,
    minor_units: u8,
    on: (u16, u8, u8),
}

fn withdrawn(code: &str) -> Option<&'static Withdrawn> {
    let at = WITHDRAWN.binary_search_by(|row| row.code.cmp(code)).ok()?;
    WITHDRAWN.get(at)
}

const fn row(code: &'static str, numeric: u16, minor_units: u8, on: (u16, u8, u8)) -> Withdrawn {
    Withdrawn { code, numeric, minor_units, on }
}

// ISO 4217 list three (historic codes), in order of code. The list names the month; the day is the first on
// which the replacement alone was in use, and 2002-03-01 for the euro's founders, whose notes ended in February.
// VES is absent on purpose: ISO lists VES and VED side by side as current.
const WITHDRAWN: &[Withdrawn] = &[
    row("ANG", 532, 2, (2025, 7, 1)),
    row("ATS", 40, 2, (2002, 3, 1)),
    row("BEF", 56, 0, (2002, 3, 1)),
    row("BGN", 975, 2, (2026, 1, 1)),
    row("BYR", 974, 0, (2017, 1, 1)),
    row("CUC", 931, 2, (2021, 7, 1)),
    row("CYP", 196, 2, (2008, 1, 1)),
    row("DEM", 276, 2, (2002, 3, 1)),
    row("EEK", 233, 2, (2011, 1, 1)),
    row("ESP", 724, 0, (2002, 3, 1)),
    row("FIM", 246, 2, (2002, 3, 1)),
    row("FRF", 250, 2, (2002, 3, 1)),
    row("GRD", 300, 0, (2002, 3, 1)),
    row("HRK", 191, 2, (2023, 1, 1)),
    row("IEP", 372, 2, (2002, 3, 1)),
    row("ITL", 380, 0, (2002, 3, 1)),
    row("LTL", 440, 2, (2015, 1, 1)),
    row("LUF", 442, 0, (2002, 3, 1)),
    row("LVL", 428, 2, (2014, 1, 1)),
    row("MRO", 478, 2, (2018, 1, 1)),
    row("MTL", 470, 2, (2008, 1, 1)),
    row("NLG", 528, 2, (2002, 3, 1)),
    row("PTE", 620, 0, (2002, 3, 1)),
    row("SIT", 705, 2, (2007, 1, 1)),
    row("SKK", 703, 2, (2009, 1, 1)),
    row("SLL", 694, 2, (2024, 1, 1)),
    row("STD", 678, 2, (2018, 1, 1)),
    row("VEF", 937, 2, (2018, 8, 20)),
    row("ZMK", 894, 2, (2013, 1, 1)),
    row("ZWL", 932, 2, (2024, 9, 1)),
];
