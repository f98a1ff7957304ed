use super::{IdentifierError, IdentifierKind};
use crate::text::{Ascii, borsh_as_fixed_ascii, display_as_str, human_form};

const KIND: IdentifierKind = IdentifierKind::Country;

/// A country: two letters of ISO 3166-1, or `XK` for Kosovo, which ISO 9362 and ISO 13616 use. Borsh is the
/// two letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CountryCode(Ascii<2>);

impl CountryCode {
    /// Reads two capital letters.
    ///
    /// # Errors
    /// [`IdentifierError::Length`], [`IdentifierError::Format`], [`IdentifierError::Country`].
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        if text.len() != 2 {
            return Err(IdentifierError::Length { kind: KIND, found: text.len() });
        }
        let [first @ b'A'..=b'Z', second @ b'A'..=b'Z'] = text.as_bytes() else {
            return Err(IdentifierError::Format { kind: KIND });
        };
        if !second_letters(*first).as_bytes().contains(second) {
            return Err(IdentifierError::Country { kind: KIND });
        }
        Ascii::new(text).map(Self).ok_or(IdentifierError::Format { kind: KIND })
    }

    /// The two letters.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

display_as_str!(CountryCode);
human_form!(CountryCode, IdentifierError, {
    "format": "country",
    "pattern": "^[A-Z]{2}$",
    "description": "A country code, ISO 3166-1 alpha-2."
});
borsh_as_fixed_ascii!(CountryCode, 2);

/// The second letters of the 249 codes of ISO 3166-1, and of `XK`, by their first letter.
fn second_letters(first: u8) -> &'static str {
    match first {
        b'A' => "DEFGILMOQRSTUWXZ",
        b'B' => "ABDEFGHIJLMNOQRSTVWYZ",
        b'C' => "ACDFGHIKLMNORUVWXYZ",
        b'D' => "EJKMOZ",
        b'E' => "CEGHRST",
        b'F' => "IJKMOR",
        b'G' => "ABDEFGHILMNPQRSTUWY",
        b'H' => "KMNRTU",
        b'I' => "DELMNOQRST",
        b'J' => "EMOP",
        b'K' => "EGHIMNPRWYZ",
        b'L' => "ABCIKRSTUVY",
        b'M' => "ACDEFGHKLMNOPQRSTUVWXYZ",
        b'N' => "ACEFGILOPRUZ",
        b'O' => "M",
        b'P' => "AEFGHKLMNRSTWY",
        b'Q' => "A",
        b'R' => "EOSUW",
        b'S' => "ABCDEGHIJKLMNORSTVXYZ",
        b'T' => "CDFGHJKLMNORTVWZ",
        b'U' => "AGMSYZ",
        b'V' => "ACEGINU",
        b'W' => "FS",
        b'X' => "K",
        b'Y' => "ET",
        b'Z' => "AMW",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_iso_3166_1_and_kosovo() {
        let mut known = 0;
        for first in 'A'..='Z' {
            for second in 'A'..='Z' {
                let code = format!("{first}{second}");
                let independent = code.parse::<iso_currency::Country>().is_ok() || code == "XK";
                assert_eq!(CountryCode::parse(&code).is_ok(), independent, "{code}");
                known += u32::from(independent);
            }
        }
        assert_eq!(known, 249 + 1);
    }
}
