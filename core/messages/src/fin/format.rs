//! SWIFT's notation for the format of a field, compiled.
//!
//! | notation | meaning |
//! |---|---|
//! | `35x`, `4!c` | at most 35, exactly 4 characters of a set |
//! | `[...]` | optional; `[...]0-3` up to three times |
//! | `$` | line break |
//! | `35x[$35x]0-3` | one to four lines of at most 35 characters |
//! | `<DATE2>` | YYMMDD |
//! | `<CUR><AMOUNT>15` or `3!a15d` | currency and amount with a decimal comma, 15 characters with it |
//! | `<BIC>`, `<DC>`, `<CC>`, `<MT>` | BIC, debit or credit mark, country code, message type |
//!
//! Any other character stands for itself. Compilation cannot fail, so no table can make the engine fail;
//! a test renders every compiled format back and compares it with its row.

use std::iter::Peekable;
use std::str::Chars;

use super::charset::Charset;

/// A component that carries a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Text { set: Charset, max: usize, fixed: bool, stop: Option<char> },
    Date,
    Money { max: usize },
    Bic,
    Mark,
    Country,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Item {
    Literal(char),
    Break,
    Value {
        slot: usize,
        kind: Kind,
    },
    /// `min` to `max` lines; with `follows`, each is preceded by a line break.
    Lines {
        slot: usize,
        set: Charset,
        width: usize,
        min: usize,
        max: usize,
        follows: bool,
    },
    Group {
        items: Vec<Item>,
        min: usize,
        max: usize,
    },
}

/// A compiled format and the number of components it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Format {
    pub items: Vec<Item>,
    pub slots: usize,
}

impl Format {
    pub fn compile(notation: &str) -> Self {
        let mut items = sequence(&mut notation.chars().peekable());
        join_lines(&mut items);
        stop_at_slashes(&mut items);
        let mut slots = 0;
        number(&mut items, &mut slots);
        Format { items, slots }
    }
}

/// Whether the whole of these items may be absent.
pub(crate) fn all_optional(items: &[Item]) -> bool {
    items.iter().all(|item| match item {
        Item::Group { min, .. } => *min == 0,
        Item::Lines { min, follows, .. } => *min == 0 && *follows,
        _ => false,
    })
}

fn sequence(input: &mut Peekable<Chars<'_>>) -> Vec<Item> {
    let mut items = Vec::new();
    while let Some(c) = input.next() {
        match c {
            ']' => break,
            '[' => {
                let inner = sequence(input);
                let (min, max) = repetition(input);
                items.push(Item::Group { items: inner, min, max });
            }
            '$' => items.push(Item::Break),
            '<' => named(input, &mut items),
            c if c.is_ascii_digit() => {
                let max = decimal(c, input);
                let fixed = input.next_if_eq(&'!').is_some();
                match input.next() {
                    Some('d') => money(max, &mut items),
                    Some(letter) => match Charset::from_letter(letter) {
                        Some(set) => items.push(value(Kind::Text { set, max, fixed, stop: None })),
                        None => items.push(Item::Literal(letter)),
                    },
                    None => {}
                }
            }
            c => items.push(Item::Literal(c)),
        }
    }
    items
}

fn named(input: &mut Peekable<Chars<'_>>, items: &mut Vec<Item>) {
    let name: String = input.by_ref().take_while(|&c| c != '>').collect();
    match name.as_str() {
        "DATE2" => items.push(value(Kind::Date)),
        "CUR" => items.push(value(Kind::Text { set: Charset::A, max: 3, fixed: true, stop: None })),
        "AMOUNT" => {
            let max = input.next().map_or(15, |c| decimal(c, input));
            money(max, items);
        }
        "BIC" => items.push(value(Kind::Bic)),
        "DC" => items.push(value(Kind::Mark)),
        "CC" => items.push(value(Kind::Country)),
        "MT" => items.push(value(Kind::Text { set: Charset::N, max: 3, fixed: true, stop: None })),
        _ => items.extend(name.chars().map(Item::Literal)),
    }
}

/// An amount takes the currency before it: the two are one value.
fn money(max: usize, items: &mut Vec<Item>) {
    items.pop();
    items.push(value(Kind::Money { max }));
}

fn value(kind: Kind) -> Item {
    Item::Value { slot: 0, kind }
}

fn decimal(first: char, input: &mut Peekable<Chars<'_>>) -> usize {
    let mut number = first.to_digit(10).unwrap_or(0);
    while let Some(digit) = input.peek().and_then(|c| c.to_digit(10)) {
        number = number.saturating_mul(10).saturating_add(digit);
        input.next();
    }
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// `0-3` after a group; without it the group stands at most once.
fn repetition(input: &mut Peekable<Chars<'_>>) -> (usize, usize) {
    let mut ahead = input.clone();
    let Some(first) = ahead.next_if(char::is_ascii_digit) else { return (0, 1) };
    let min = decimal(first, &mut ahead);
    if ahead.next_if_eq(&'-').is_none() {
        return (0, 1);
    }
    let Some(first) = ahead.next_if(char::is_ascii_digit) else { return (0, 1) };
    let max = decimal(first, &mut ahead);
    *input = ahead;
    (min, max)
}

/// `35x[$35x]0-3` becomes one component of lines, and so does the tail of `4!c[$35x]0-6`.
fn join_lines(items: &mut Vec<Item>) {
    let mut joined: Vec<Item> = Vec::with_capacity(items.len());
    for mut item in items.drain(..) {
        if let Item::Group { items, min, max } = &mut item {
            if let [Item::Break, Item::Value { kind: Kind::Text { set, max: width, fixed: false, .. }, .. }] =
                items.as_slice()
            {
                let first = matches!(joined.last(), Some(Item::Value { kind: Kind::Text { set: s, max: w, fixed: false, .. }, .. })
                    if s == set && w == width);
                let lines =
                    |min, max, follows| Item::Lines { slot: 0, set: *set, width: *width, min, max, follows };
                if first {
                    joined.pop();
                    joined.push(lines(*min + 1, *max + 1, false));
                } else {
                    joined.push(lines(*min, *max, true));
                }
                continue;
            }
            join_lines(items);
        }
        joined.push(item);
    }
    *items = joined;
}

/// In `30x[/35x]` the slash belongs to set x, and still ends the first component.
fn stop_at_slashes(items: &mut [Item]) {
    for index in 0..items.len() {
        let next = items.get(index + 1).and_then(|item| match item {
            Item::Group { items, .. } => match items.first() {
                Some(Item::Literal(c)) => Some(*c),
                _ => None,
            },
            Item::Literal(c) => Some(*c),
            _ => None,
        });
        match items.get_mut(index) {
            Some(Item::Value { kind: Kind::Text { stop, .. }, .. }) => *stop = next,
            Some(Item::Group { items, .. }) => stop_at_slashes(items),
            _ => {}
        }
    }
}

fn number(items: &mut [Item], slots: &mut usize) {
    for item in items {
        match item {
            Item::Value { slot, .. } | Item::Lines { slot, .. } => {
                *slot = *slots;
                *slots += 1;
            }
            Item::Group { items, .. } => number(items, slots),
            Item::Literal(_) | Item::Break => {}
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The notation of compiled items, the amount in its long form.
    pub fn notation(items: &[Item]) -> String {
        items.iter().map(one).collect()
    }

    fn letter(set: Charset) -> char {
        "nacxyz".chars().find(|c| Charset::from_letter(*c) == Some(set)).expect("a set has a letter")
    }

    fn one(item: &Item) -> String {
        match item {
            Item::Literal(c) => c.to_string(),
            Item::Break => "$".to_owned(),
            Item::Value { kind, .. } => match kind {
                Kind::Text { set, max, fixed, .. } => {
                    format!("{max}{}{}", if *fixed { "!" } else { "" }, letter(*set))
                }
                Kind::Date => "<DATE2>".to_owned(),
                Kind::Money { max } => format!("<CUR><AMOUNT>{max}"),
                Kind::Bic => "<BIC>".to_owned(),
                Kind::Mark => "<DC>".to_owned(),
                Kind::Country => "<CC>".to_owned(),
            },
            Item::Lines { set, width, min, max, follows: true, .. } => {
                format!("[${width}{}]{min}-{max}", letter(*set))
            }
            Item::Lines { set, width, min, max, follows: false, .. } => {
                let letter = letter(*set);
                format!("{width}{letter}[${width}{letter}]{}-{}", min - 1, max - 1)
            }
            Item::Group { items, min: 0, max: 1 } => format!("[{}]", notation(items)),
            Item::Group { items, min, max } => format!("[{}]{min}-{max}", notation(items)),
        }
    }

    #[test]
    fn a_compiled_format_says_what_its_notation_said() {
        for text in [
            "16x",
            "4!c/65x",
            "1n/1n",
            "<DATE2>29x",
            "<CUR><AMOUNT>15",
            "[/34x$]35x[$35x]0-3",
            "[[/<DC>][/34x]$]<BIC>",
            "35x[$35x]0-3$14x",
            "4!c[$35x]0-6",
            "65z[$65z]0-149",
            "3n[/35x]",
            "<CC>[/35x][$/65x]",
            "<DATE2>[$4!n6!n]",
        ] {
            assert_eq!(notation(&Format::compile(text).items), text);
        }
    }

    #[test]
    fn both_notations_of_an_amount_are_one() {
        let long = Format::compile("<CUR><AMOUNT>15");
        assert_eq!(Format::compile("3!a15d"), long);
        assert_eq!(Format::compile("3!a<AMOUNT>15"), long);
        assert_eq!(long.slots, 1);
    }

    #[test]
    fn nonsense_compiles_to_something_and_never_fails() {
        for text in ["", "[", "]", "9", "9!", "<", "<X", "[$", "[x]9-", "99999999999x", "d", "15d"] {
            let _ = Format::compile(text);
        }
    }
}
