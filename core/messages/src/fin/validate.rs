//! From raw fields to typed ones: order and presence, formats, code words, and the rules between fields.

use super::fault::{Certainty, FaultCode, Faults};
use super::matching;
use super::message::Field;
use super::source::Source;
use super::tables::{
    Check, Condition, FieldOption, FieldRow, MessageTable, Presence, Relation, Rule, Sequence,
    StandardsRelease,
};
use super::text::RawField;
use super::value::{Component, Value};

/// A field in its place, with its components where its format could be read.
struct Placed<'t> {
    tag: &'t str,
    start: usize,
    row: &'static FieldRow,
    sequence: &'static Sequence,
    components: Option<Vec<Component>>,
}

/// Reads all fields of a message by its table; what is wrong goes to `faults`.
///
/// `end` is where the text ends: where a missing last field was expected.
pub(crate) fn fields(
    source: &Source,
    table: &'static MessageTable,
    release: StandardsRelease,
    raw: &[RawField<'_>],
    end: usize,
    faults: &mut Faults,
) -> Vec<Field> {
    let placed = place(source, table, release, raw, end, faults);
    for rule in table.rules {
        check_rule(source, rule, &placed, end, faults);
    }
    let typed = placed.into_iter().filter_map(|field| {
        Some(Field {
            tag: field.tag.to_owned(),
            sequence: named(field.sequence),
            name: field.row.name.to_owned(),
            components: field.components?,
        })
    });
    typed.collect()
}

fn named(sequence: &Sequence) -> Option<String> {
    (!sequence.name.is_empty()).then(|| sequence.name.to_owned())
}

/// Walks the fields along the table: every field once, in order, none unknown, none missing.
fn place<'t>(
    source: &Source,
    table: &'static MessageTable,
    release: StandardsRelease,
    raw: &[RawField<'t>],
    end: usize,
    faults: &mut Faults,
) -> Vec<Placed<'t>> {
    let mut placed: Vec<Placed<'t>> = Vec::with_capacity(raw.len());
    let mut walks: Vec<Walk> = table.sequences.iter().map(Walk::new).collect();
    let mut current = 0;
    for field in raw {
        let at = source.position(field.start);
        let from = faults.list.len();
        if let Some(opened) = walks.iter().position(|walk| walk.opens_with(field.tag)) {
            if opened < current {
                faults.in_field(at, field.tag, FaultCode::T13, "the sequence is out of order", "move it up");
            }
            current = current.max(opened);
        }
        let Some(walk) = walks.get_mut(current) else { break };
        let Some((index, option)) = walk.find(field.tag) else {
            unknown(at, table, walk.sequence, field.tag, faults);
            faults.in_sequence(from, walk.sequence.name);
            continue;
        };
        let Some(row) = walk.sequence.fields.get(index) else { break };
        walk.visit(at, row, index, field.tag, faults);
        let components = components(source, release, row, option, field, faults);
        faults.in_sequence(from, walk.sequence.name);
        placed.push(Placed { tag: field.tag, start: field.start, row, sequence: walk.sequence, components });
    }
    for walk in &walks {
        walk.report_missing(source, &placed, end, faults);
    }
    placed
}

/// How far a sequence of the table has been walked.
struct Walk {
    sequence: &'static Sequence,
    seen: Vec<bool>,
    reached: usize,
}

impl Walk {
    fn new(sequence: &'static Sequence) -> Self {
        Walk { sequence, seen: vec![false; sequence.fields.len()], reached: 0 }
    }

    /// Sequences beyond a plain message begin with their own empty field, 15A, 15B, ….
    fn opens_with(&self, tag: &str) -> bool {
        !self.sequence.name.is_empty()
            && self.sequence.fields.first().is_some_and(|row| row.option(tag).is_some())
    }

    fn find(&self, tag: &str) -> Option<(usize, &'static FieldOption)> {
        self.sequence.fields.iter().enumerate().find_map(|(index, row)| Some((index, row.option(tag)?)))
    }

    fn visit(&mut self, at: (u32, u32), row: &FieldRow, index: usize, tag: &str, faults: &mut Faults) {
        let seen = self.seen.get_mut(index).is_some_and(|seen| std::mem::replace(seen, true));
        if seen && !row.repeats {
            let reason = format!("{} stands more than once", row.name);
            faults.in_field(at, tag, FaultCode::T13, reason, "keep one of the two");
        } else if index < self.reached {
            let after = self.sequence.fields.get(self.reached).map_or("", |row| row.tag);
            let reason = format!("{} is out of order: it belongs before {after}", row.name);
            faults.in_field(at, tag, FaultCode::T13, reason, format!("move it before {after}"));
        }
        self.reached = self.reached.max(index);
    }

    /// A missing field is reported where the next one stands.
    fn report_missing(&self, source: &Source, placed: &[Placed<'_>], end: usize, faults: &mut Faults) {
        if self.sequence.presence == Presence::Optional && !self.seen.contains(&true) {
            return;
        }
        for (index, row) in self.sequence.fields.iter().enumerate() {
            if row.presence == Presence::Optional || self.seen.get(index).copied().unwrap_or(true) {
                continue;
            }
            let later = self.sequence.fields.get(index..).unwrap_or(&[]);
            let next = placed.iter().find(|field| {
                std::ptr::eq(field.sequence, self.sequence)
                    && later.iter().any(|row| std::ptr::eq(row, field.row))
            });
            let at = source.position(next.map_or(end, |field| field.start));
            let reason = format!("the mandatory field {} is missing", row.name);
            let forms: Vec<String> = row.options.iter().map(|option| example(option)).collect();
            let remedy = format!("add it here, for example {}", forms.join(" or "));
            let from = faults.list.len();
            faults.in_field(at, row.tag, FaultCode::T13, reason, remedy);
            faults.in_sequence(from, self.sequence.name);
        }
    }
}

fn example(option: &FieldOption) -> String {
    format!(":{}:{}", option.tag, option.example.replace('\n', " / "))
}

fn unknown(at: (u32, u32), table: &MessageTable, sequence: &Sequence, tag: &str, faults: &mut Faults) {
    let cousin = sequence.fields.iter().find(|row| row.tag.get(..2) == tag.get(..2) && row.options.len() > 1);
    let remedy = match cousin {
        Some(row) => {
            let options: Vec<&str> = row.options.iter().map(|option| option.tag).collect();
            format!("for {} use one of {}", row.name, options.join(", "))
        }
        None => "remove it".to_owned(),
    };
    let reason = format!("MT {} ({}) has no field {tag}", table.message_type, table.title);
    faults.in_field(at, tag, FaultCode::T13, reason, remedy);
}

/// Reads one field by its format and checks its content.
fn components(
    source: &Source,
    release: StandardsRelease,
    row: &FieldRow,
    option: &'static FieldOption,
    field: &RawField<'_>,
    faults: &mut Faults,
) -> Option<Vec<Component>> {
    let text = source.slice(field.content.clone());
    let remedy = || format!("{} is written {}, for example {}", row.name, option.format, example(option));
    let format = option.compiled();
    if text.is_empty() && !format.items.is_empty() && option.format != "$" {
        let at = source.position(field.content.start);
        faults.in_field(at, field.tag, FaultCode::T34, "the field is empty", remedy());
        return None;
    }
    let matched = matching::read(format, text, release);
    for flaw in &matched.flaws {
        let at = source.position(field.content.start + flaw.offset);
        faults.in_field(at, field.tag, flaw.code, flaw.reason.clone(), remedy());
    }
    let components: Vec<Component> = matched
        .values
        .into_iter()
        .filter_map(|(slot, value)| {
            option.components.get(slot).map(|name| Component { name: (*name).to_owned(), value })
        })
        .collect();
    let sound = matched.flaws.is_empty();
    if sound {
        let at = source.position(field.content.start);
        for check in option.checks {
            if let Some((code, reason, remedy)) = broken(check, &components) {
                faults.in_field(at, field.tag, code, reason, remedy);
            }
        }
    }
    (sound || !components.is_empty()).then_some(components)
}

fn text_of<'c>(components: &'c [Component], name: &str) -> Option<&'c str> {
    components.iter().find(|component| component.name == name).and_then(|component| match &component.value {
        Value::Text(text) => Some(text.as_str()),
        _ => None,
    })
}

fn number_of(components: &[Component], name: &str) -> Option<u32> {
    components.iter().find(|component| component.name == name).and_then(|component| match component.value {
        Value::Number(number) => Some(number),
        _ => None,
    })
}

/// What a check finds wrong: code, reason and remedy.
fn broken(check: &Check, components: &[Component]) -> Option<(FaultCode, String, String)> {
    match check {
        Check::OneOf { component, codes, code } => {
            let text = text_of(components, component)?;
            (!codes.contains(&text)).then(|| {
                (
                    *code,
                    format!("“{text}” is not a code word of this field"),
                    format!("use {}", codes.join(", ")),
                )
            })
        }
        Check::OnlyBeside { component, beside, code_word, code } => {
            text_of(components, component)?;
            let found = text_of(components, beside)?;
            (found != *code_word).then(|| {
                let reason = format!("a {component} stands beside {found}");
                (*code, reason, format!("remove it, or use {code_word}"))
            })
        }
        Check::Reference { component } => {
            let text = text_of(components, component)?;
            (text.starts_with('/') || text.ends_with('/') || text.contains("//")).then(|| {
                let reason =
                    format!("the reference “{text}” begins or ends with a slash or has two together");
                (FaultCode::T26, reason, "use slashes only singly and inside the reference".to_owned())
            })
        }
        Check::Within { component, min, max, code } => {
            let number = number_of(components, component)?;
            (!(*min..=*max).contains(&number)).then(|| {
                let bounds = if min == max { format!("{min}") } else { format!("{min} to {max}") };
                (
                    *code,
                    format!("the {component} is {number}"),
                    format!("it must be {bounds} in this message type"),
                )
            })
        }
        Check::NotAbove { component, limit, code } => {
            let (number, most) = (number_of(components, component)?, number_of(components, limit)?);
            (number > most).then(|| {
                let reason = format!("the {component} {number} is above the {limit} {most}");
                (*code, reason, format!("number the messages up to their {limit}"))
            })
        }
    }
}

fn check_rule(source: &Source, rule: &Rule, placed: &[Placed<'_>], end: usize, faults: &mut Faults) {
    let find = |pattern: &str| placed.iter().find(|field| pattern == field.tag || pattern == field.row.tag);
    let holds = |when: &Condition| {
        let field = find(when.tag)?;
        let text = text_of(field.components.as_deref()?, when.component)?;
        when.codes.contains(&text).then(|| (field, text.to_owned()))
    };
    let broken: Option<(usize, String, String, String)> = match &rule.relation {
        Relation::BothOrNeither(a, b) => match (find(a), find(b)) {
            (Some(field), None) => Some((field, *a, *b)),
            (None, Some(field)) => Some((field, *b, *a)),
            _ => None,
        }
        .map(|(field, there, missing)| {
            let reason = format!("{there} stands without {missing}");
            (field.start, missing.to_owned(), reason, format!("add {missing} or remove {there}"))
        }),
        Relation::OneGroupOnly(groups) => {
            let mut present = groups.iter().filter_map(|group| group.iter().find_map(|tag| find(tag)));
            let first = present.next();
            first.zip(present.next()).map(|(first, second)| {
                let reason = format!("{} and {} exclude each other", first.tag, second.tag);
                (second.start, second.tag.to_owned(), reason, "keep only one of them".to_owned())
            })
        }
        Relation::RequiredWhen(when, tag) => {
            holds(when).filter(|_| find(tag).is_none()).map(|(field, text)| {
                let reason = format!("{} says {text}, and {tag} is missing", field.tag);
                let next =
                    placed.iter().find(|later| later.start > field.start).map_or(end, |later| later.start);
                (next, (*tag).to_owned(), reason, format!("add {tag} after {}, or change {0}", field.tag))
            })
        }
        Relation::ForbiddenWhen(when, tag) => holds(when).zip(find(tag)).map(|((field, text), unwanted)| {
            let reason = format!("{} stands although {} says {text}", unwanted.tag, field.tag);
            (unwanted.start, unwanted.tag.to_owned(), reason, format!("remove it, or change {}", field.tag))
        }),
    };
    let Some((offset, tag, reason, remedy)) = broken else { return };
    faults.in_field(source.position(offset), &tag, rule.code, reason, remedy);
    if let Some(fault) = faults.last() {
        fault.rule = Some(rule.name.to_owned());
        if rule.certainty == Certainty::Recalled {
            fault.certainty = rule.certainty;
        }
    }
}
