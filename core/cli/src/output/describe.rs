//! What happened, in a line.
//!
//! The words come from the record itself, so that a new kind of event needs no line here.

use allonge::{ErrorRecord, EventRecord, Timestamp};

use super::record::Node;

/// What an event is about: the first of these that it has.
const SUBJECTS: [&str; 7] = ["presentation", "claim", "credit", "account", "hold", "party", "calendar"];
/// What else is worth a word.
const PARTICULARS: [(&str, &str); 6] = [
    ("expiry", ", expires"),
    ("deadline", ", deadline"),
    ("due", ", due"),
    ("from", " from"),
    ("to", " to"),
    ("reason", ":"),
];

/// What happened, under which article, and how much money it was about.
pub(crate) fn describe_event(record: &EventRecord) -> [String; 3] {
    let event = Node::of(&record.event);
    let text = |name: &str| event.field(name).and_then(Node::text);
    let mut what = text("type").unwrap_or_default().replace('_', " ");
    if let Some(subject) = SUBJECTS.into_iter().find_map(text) {
        what = format!("{what} {subject}");
    }
    for (name, word) in PARTICULARS {
        if let Some(value) = event.field(name).and_then(particular) {
            what = format!("{what}{word} {value}");
        }
    }
    let amount = event.field("amount").and_then(Node::money);
    [what, article(record.rule.as_deref(), record.article.as_deref()), amount.unwrap_or_default()]
}

/// A refusal, and under which article.
pub(crate) fn describe_refusal(error: &ErrorRecord) -> [String; 3] {
    let what = format!("refused, {}: {}", error.code, error.message);
    [what, article(error.rule.as_deref(), error.article.as_deref()), String::new()]
}

/// The article of a rule.
pub(crate) fn article(rule: Option<&str>, article: Option<&str>) -> String {
    match (rule, article) {
        (Some(rule), Some(article)) => format!("{rule} art. {article}"),
        _ => String::new(),
    }
}

/// A time in UTC, in two words; whole seconds stand without their milliseconds.
pub(crate) fn describe_time(time: Timestamp) -> String {
    time.to_string().replacen('T', " ", 1).replace(".000Z", "Z")
}

/// A scalar, or of a deadline or due date its day.
fn particular(node: &Node) -> Option<String> {
    if let Some(word) = node.text() {
        return Some(word.replace('_', " "));
    }
    if let Some(date) = node.field("date").and_then(Node::text) {
        return Some(date.to_owned());
    }
    let counted_from = node.field("maturity").or_else(|| node.field("from"))?.text()?;
    Some(format!("{counted_from} (provisional)"))
}
