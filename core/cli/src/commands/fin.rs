//! `allonge fin`: SWIFT FIN messages to JSON and back.

use allonge::messages::fin::{FinMessage, MAX_MESSAGE_CHARACTERS};
use allonge::records::MAX_JSON_BYTES;

use super::{read_file, read_text};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::output::write_json;
use crate::syntax::{Given, Operand, Syntax};

pub(super) const PARSE: Syntax = Syntax {
    words: &["fin", "parse"],
    purpose: "Read a SWIFT FIN message and write it as JSON.",
    operands: &[Operand { name: "FILE", meaning: "the message; - is the standard input", required: true }],
    options: &[],
    notes: "The answer is JSON, with or without --json. A message that breaks the standard is refused with all\n\
            its faults, each with line, field, SWIFT code and remedy: as JSON, or on a terminal as a table.",
};

pub(super) const FORMAT: Syntax = Syntax {
    words: &["fin", "format"],
    purpose: "Write a message from the JSON of fin parse, perhaps edited since.",
    operands: &[Operand { name: "FILE", meaning: "the JSON; - is the standard input", required: true }],
    options: &[],
    notes: "Unedited JSON gives back the bytes of the original message and not one more. Edited JSON gives a\n\
            new message in canonical form, or its faults. With --json the message stands in {\"message\": …}.",
};

pub(super) fn parse(given: &Given, environment: &mut Environment<'_>) -> Result<(), Failure> {
    let text = read_file(&given.path(0), MAX_MESSAGE_CHARACTERS, environment)?;
    let message = allonge::parse_fin(&text)?;
    Ok(write_json(&message.to_record(), environment)?)
}

pub(super) fn format(given: &Given, environment: &mut Environment<'_>) -> Result<(), Failure> {
    let json = read_text(&given.path(0), MAX_JSON_BYTES, environment)?;
    let message = FinMessage::from_json(&json).map_err(allonge::Error::from)?;
    match given.json {
        true => write_json(&serde_json::json!({ "message": message.as_str() }), environment)?,
        false => environment.output.write_all(&message.format())?,
    }
    Ok(())
}
