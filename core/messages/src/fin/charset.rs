//! The character sets of FIN formats.
//!
//! Source: the sets x, y and z of the SWIFT FIN user handbook; n, a and c are subsets for components.

use std::fmt;

/// One of the letters that a format ends a length with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Charset {
    /// Digits.
    N,
    /// Capital letters.
    A,
    /// Capital letters and digits.
    C,
    /// The set of most text: letters, digits and a few signs.
    X,
    /// The EDIFACT level A set: capitals, digits and signs.
    Y,
    /// The widest set, for narratives.
    Z,
}

/// Stands in for a byte outside every set, which has been reported already (M60).
pub(crate) const REPORTED: char = '\u{1a}';

impl Charset {
    pub fn from_letter(letter: char) -> Option<Self> {
        Some(match letter {
            'n' => Charset::N,
            'a' => Charset::A,
            'c' => Charset::C,
            'x' => Charset::X,
            'y' => Charset::Y,
            'z' => Charset::Z,
            _ => return None,
        })
    }

    /// Whether a character other than a line break belongs to the set.
    pub fn contains(self, c: char) -> bool {
        if c == REPORTED {
            return true;
        }
        match self {
            Charset::N => c.is_ascii_digit(),
            Charset::A => c.is_ascii_uppercase(),
            Charset::C => c.is_ascii_uppercase() || c.is_ascii_digit(),
            Charset::X => c.is_ascii_alphanumeric() || " /-?:().,'+".contains(c),
            Charset::Y => c.is_ascii_uppercase() || c.is_ascii_digit() || " .,-()/='+:?!\"%&*<>;".contains(c),
            Charset::Z => c.is_ascii_alphanumeric() || " .,-()/='+:?!\"%&*<>;{@#_".contains(c),
        }
    }
}

impl fmt::Display for Charset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Charset::N => "digits",
            Charset::A => "capital letters",
            Charset::C => "capital letters and digits",
            Charset::X => "SWIFT set x (letters, digits, space and /-?:().,'+)",
            Charset::Y => "SWIFT set y (capitals, digits, space and .,-()/='+:?!\"%&*<>;)",
            Charset::Z => "SWIFT set z (letters, digits, space and .,-()/='+:?!\"%&*<>;{@#_)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_set_has_no_ampersand_and_the_narrative_set_has() {
        assert!(!Charset::X.contains('&'));
        assert!(Charset::Z.contains('&') && Charset::Y.contains('&'));
    }

    #[test]
    fn no_set_has_a_closing_brace_or_a_control_character() {
        for set in [Charset::N, Charset::A, Charset::C, Charset::X, Charset::Y, Charset::Z] {
            for c in ['}', '\t', '\r', '\n', '\u{1}', 'é', '^', '$'] {
                assert!(!set.contains(c), "{c:?} in {set:?}");
            }
        }
    }
}
