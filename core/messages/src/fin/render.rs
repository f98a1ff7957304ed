//! Typed content to canonical text.

use super::fault::{FaultCode, Faults, FinError};
use super::format::{Item, Kind};
use super::header;
use super::message::{Field, MessageContent};
use super::tables::{FieldOption, MessageTable};
use super::value::{Value, format_date};

/// The canonical text of a message, not yet checked.
pub(crate) fn message(content: &MessageContent) -> Result<String, FinError> {
    let mut faults = Faults::of(content.application_header.message_type());
    let mut text = header::write_basic(&content.basic_header);
    text.push_str(&header::write_application(&content.application_header));
    if let Some(tags) = &content.user_header {
        text.push_str(&header::write_user(tags));
    }
    text.push_str("{4:\r\n");
    match content.release.message(content.application_header.message_type()) {
        Some(table) => {
            for written in content.fields.iter().filter_map(|field| write(table, field, &mut faults)) {
                text.push_str(&written);
            }
        }
        None => faults.add(
            (1, 1),
            FaultCode::H30,
            "the message type has no table",
            "choose a message type known here",
        ),
    }
    text.push_str("-}");
    if faults.list.is_empty() { Ok(text) } else { Err(FinError::of(faults)) }
}

fn write(table: &MessageTable, field: &Field, faults: &mut Faults) -> Option<String> {
    let Some((_, option)) = table.option(field.sequence.as_deref(), &field.tag) else {
        let reason = format!("MT {} has no field {}", table.message_type, field.tag);
        faults.in_field(
            (1, 1),
            &field.tag,
            FaultCode::Json,
            reason,
            "remove it, or correct its tag or sequence",
        );
        return None;
    };
    match components(option, field) {
        Ok(text) => Some(format!(":{}:{text}\r\n", field.tag)),
        Err(reason) => {
            let remedy = format!("the components are {}", option.components.join(", "));
            faults.in_field((1, 1), &field.tag, FaultCode::Json, reason, remedy);
            None
        }
    }
}

fn components(option: &FieldOption, field: &Field) -> Result<String, String> {
    for (index, component) in field.components.iter().enumerate() {
        if !option.components.contains(&component.name.as_str()) {
            return Err(format!("“{}” is no component of this field", component.name));
        }
        let before = field.components.get(..index).unwrap_or(&[]);
        if before.iter().any(|other| other.name == component.name) {
            return Err(format!("the component {} stands twice", component.name));
        }
    }
    let values = Values { option, field };
    let mut text = String::new();
    values.write(&option.compiled().items, &mut text)?;
    // A line break that closes an optional first line stands only before something.
    text.truncate(text.trim_end_matches("\r\n").len());
    Ok(text)
}

struct Values<'a> {
    option: &'a FieldOption,
    field: &'a Field,
}

impl Values<'_> {
    fn write(&self, items: &[Item], text: &mut String) -> Result<(), String> {
        for item in items {
            match item {
                Item::Literal(c) => text.push(*c),
                Item::Break => text.push_str("\r\n"),
                Item::Value { slot, kind } => text.push_str(
                    &written(kind, self.needed(*slot)?)
                        .map_err(|reason| format!("the component {}: {reason}", self.name(*slot)))?,
                ),
                Item::Lines { slot, follows, .. } => match self.value(*slot) {
                    Some(Value::Lines(lines)) if !lines.is_empty() => {
                        if *follows {
                            text.push_str("\r\n");
                        }
                        text.push_str(&lines.join("\r\n"));
                    }
                    Some(_) => return Err(format!("the component {} must be lines", self.name(*slot))),
                    None if *follows => {}
                    None => return Err(format!("the component {} is missing", self.name(*slot))),
                },
                Item::Group { items, .. } => {
                    if self.any(items) {
                        self.write(items, text)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn name(&self, slot: usize) -> &'static str {
        self.option.components.get(slot).copied().unwrap_or("")
    }

    fn value(&self, slot: usize) -> Option<&Value> {
        self.field.component(self.name(slot))
    }

    fn needed(&self, slot: usize) -> Result<&Value, String> {
        self.value(slot).ok_or_else(|| format!("the component {} is missing", self.name(slot)))
    }

    fn any(&self, items: &[Item]) -> bool {
        items.iter().any(|item| match item {
            Item::Value { slot, .. } | Item::Lines { slot, .. } => self.value(*slot).is_some(),
            Item::Group { items, .. } => self.any(items),
            Item::Literal(_) | Item::Break => false,
        })
    }
}

fn written(kind: &Kind, value: &Value) -> Result<String, String> {
    match (kind, value) {
        (Kind::Text { max, fixed, .. }, Value::Number(number)) => {
            let width = if *fixed { *max } else { 1 };
            Ok(format!("{number:0width$}"))
        }
        (Kind::Text { .. } | Kind::Mark | Kind::Country, Value::Text(text)) => Ok(text.clone()),
        (Kind::Date, Value::Date(date)) => {
            format_date(*date).ok_or_else(|| "the year is not between 1980 and 2079".to_owned())
        }
        (Kind::Money { .. }, Value::Money(money)) => {
            let amount = money.amount();
            let (whole, decimals) = amount.split_once('.').unwrap_or((&amount, ""));
            Ok(format!("{}{whole},{}", money.currency(), decimals.trim_end_matches('0')))
        }
        (Kind::Bic, Value::Bic(bic)) => {
            Ok(bic.as_str().strip_suffix("XXX").unwrap_or(bic.as_str()).to_owned())
        }
        (kind, value) => Err(format!("it is {} and should be {}", value.kind(), wanted(kind))),
    }
}

fn wanted(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text { .. } => "text or a number",
        Kind::Mark | Kind::Country => "text",
        Kind::Date => "a date",
        Kind::Money { .. } => "money",
        Kind::Bic => "a bic",
    }
}
