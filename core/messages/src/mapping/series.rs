//! The messages of one credit: an MT 700 and the MT 701 that continue it.

use allonge_finance::Bic;

use super::problem::{MappingProblem, MappingProblemKind};
use crate::fin::mt700::Mt700;
use crate::fin::{Field, FinMessage, Value};

/// The whole of a credit, in the order of its messages.
#[derive(Debug)]
pub(crate) struct Series<'a> {
    /// The MT 700, and its continuations after it.
    pub messages: Vec<&'a FinMessage>,
    /// The MT 700.
    pub first: &'a FinMessage,
    /// What the MT 700 says, its narratives continued by those of the MT 701.
    pub credit: Mt700,
    pub sender: Bic,
    pub receiver: Bic,
}

impl<'a> Series<'a> {
    /// Puts messages in order, whatever order they come in.
    ///
    /// Where they are not one whole credit it says so in `problems`; nothing is read without an MT 700.
    pub fn assemble(messages: &'a [FinMessage], problems: &mut Vec<MappingProblem>) -> Option<Self> {
        let mut sorted: Vec<&FinMessage> = messages.iter().collect();
        sorted.sort_by_key(|message| (message.message_type() != "700", number(message)));
        let read = sorted.first().and_then(|first| {
            let credit = Mt700::from_message(first).ok()?;
            Some((credit, *first, first.sender()?, first.receiver()?))
        });
        let Some((mut credit, first, sender, receiver)) = read else {
            let line = sorted.first().map_or(1, |message| line_of(message, "27"));
            let types: Vec<&str> = messages.iter().map(FinMessage::message_type).collect();
            let reason = match types.as_slice() {
                [] => "there is no message".to_owned(),
                types => format!("there is no MT 700, only MT {}", types.join(", ")),
            };
            problems.push(fault(1, "27", line, reason, "give the MT 700, and its MT 701 after it"));
            return None;
        };
        let total = credit.sequence.total;
        for (expected, message) in (1..).zip(&sorted).skip(1) {
            check(message, expected, total, first, problems);
            continue_narratives(&mut credit, message);
        }
        let given = u32::try_from(sorted.len()).unwrap_or(u32::MAX);
        if given != total {
            let reason = format!("the credit has {total} messages (27), and {given} are given");
            let remedy = "give the MT 700 together with all of its MT 701, each once";
            problems.push(fault(1, "27", line_of(first, "27"), reason, remedy));
        }
        Some(Series { messages: sorted, first, credit, sender, receiver })
    }
}

/// Checks that a message is the `expected`-th of the series that `first` begins.
fn check(
    message: &FinMessage,
    expected: u32,
    total: u32,
    first: &FinMessage,
    problems: &mut Vec<MappingProblem>,
) {
    let mut add = |tag: &str, reason: String, remedy: &str| {
        problems.push(fault(expected, tag, line_of(message, tag), reason, remedy));
    };
    if message.message_type() != "701" {
        let reason = format!("an MT {} does not continue a credit", message.message_type());
        return add("27", reason, "give one MT 700 and its MT 701 only");
    }
    let sequence = message.field("27");
    let part = |name| sequence.and_then(|field| component_number(field, name)).unwrap_or(0);
    if (part("number"), part("total")) != (expected, total) {
        let reason = format!(
            "this is message {} of {}, where message {expected} of {total} belongs",
            part("number"),
            part("total")
        );
        add("27", reason, "give every message of the series once");
    }
    let same =
        |tag: &str| message.field(tag).map(|f| &f.components) == first.field(tag).map(|f| &f.components);
    if !same("20") {
        add("20", "the credit number is not that of the MT 700".to_owned(), "give the MT 701 of this credit");
    }
    if (message.sender(), message.receiver()) != (first.sender(), first.receiver()) {
        let reason = "sender and receiver are not those of the MT 700".to_owned();
        add("1", reason, "give the MT 701 of this credit");
    }
}

fn continue_narratives(credit: &mut Mt700, message: &FinMessage) {
    let narratives = [
        ("45A", &mut credit.goods),
        ("46A", &mut credit.documents),
        ("47A", &mut credit.conditions),
        ("49G", &mut credit.conditions_for_beneficiary),
        ("49H", &mut credit.conditions_for_bank),
    ];
    for (tag, narrative) in narratives {
        if let Some(Value::Lines(lines)) = message.field(tag).and_then(|field| field.component("lines")) {
            narrative.extend_from_slice(lines);
        }
    }
}

/// The tag of the field that stands for `tag`: `41D` for `41a`. A header, or a field that is not there, keeps
/// its own.
pub(crate) fn tag_in(message: &FinMessage, tag: &str) -> String {
    message.field(tag).map_or(tag, |field| &field.tag).to_owned()
}

/// The line of a message on which a field begins, from 1; for headers, and for a field that is not there, 1.
///
/// No other line of a valid message begins with a colon, so the search finds nothing else.
pub(crate) fn line_of(message: &FinMessage, tag: &str) -> u32 {
    let start = format!(":{tag}:");
    let line = (1..).zip(message.as_str().split('\n')).find(|(_, line)| line.starts_with(&start));
    line.map_or(1, |(number, _)| number)
}

fn number(message: &FinMessage) -> u32 {
    message.field("27").and_then(|field| component_number(field, "number")).unwrap_or(0)
}

fn component_number(field: &Field, name: &str) -> Option<u32> {
    match field.component(name)? {
        Value::Number(number) => Some(*number),
        _ => None,
    }
}

fn fault(message: u32, tag: &str, line: u32, reason: String, remedy: &str) -> MappingProblem {
    MappingProblem {
        message,
        tag: tag.to_owned(),
        line,
        kind: MappingProblemKind::Series,
        code: None,
        reason,
        remedy: remedy.to_owned(),
    }
}
