//! How much text fits where: SWIFT's field lengths, and one way to check them.

use allonge_ledger::Error;

use crate::registry::TEXT_INVALID;

/// Lines of a name and address.
pub const MAX_NAME_LINES: usize = 4;
/// Characters of a short line: names, charges, sender to receiver.
pub const MAX_LINE_LENGTH: usize = 35;
/// Characters of an account number.
pub const MAX_ACCOUNT_LENGTH: usize = 34;
/// Characters of a place of shipment.
pub const MAX_PLACE_LENGTH: usize = 140;
/// Lines of a long narrative: 100 in the MT700 and in each of seven MT701.
pub const MAX_NARRATIVE_LINES: usize = 800;
/// Characters of a line of a long narrative.
pub const MAX_NARRATIVE_LINE_LENGTH: usize = 65;

/// Checks one text: 1 to `most` characters, none of them a control character.
pub(crate) fn check_line(field: &'static str, text: &str, most: usize) -> Result<(), Error> {
    let refuse = |reason: &str| {
        Err(TEXT_INVALID.error().with("field", field).with("reason", reason).with("limit", most))
    };
    if text.is_empty() {
        return refuse("empty");
    }
    if text.chars().count() > most {
        return refuse("too_long");
    }
    if text.chars().any(char::is_control) {
        return refuse("control_character");
    }
    Ok(())
}

/// Checks a list of texts: at most `most_lines`, each of 1 to `most` characters.
pub(crate) fn check_lines(
    field: &'static str,
    lines: &[String],
    most_lines: usize,
    most: usize,
) -> Result<(), Error> {
    if lines.len() > most_lines {
        return Err(TEXT_INVALID
            .error()
            .with("field", field)
            .with("reason", "too_many_lines")
            .with("limit", most_lines));
    }
    lines.iter().try_for_each(|line| check_line(field, line, most))
}
