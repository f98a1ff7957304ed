//! Reading a field's text by its format.
//!
//! A format becomes a short program for a backtracking matcher without recursion: most formats need no
//! choice at all, and the longest has a dozen. Where the form cannot be matched, the fault is placed where
//! the matcher got furthest. Where the form matches and only the content is wrong (a date that does not
//! exist, a line too long in a narrative), reading goes on, so that one field can have several faults.

use allonge_finance::{Currency, Money};

use super::charset::Charset;
use super::fault::FaultCode;
use super::format::{Format, Item, Kind, all_optional};
use super::source::lines;
use super::tables::StandardsRelease;
use super::value::{Value, parse_bic, parse_date};

/// What a format made of a text: the value of each component that is present, or what is wrong.
#[derive(Debug, Default)]
pub(crate) struct Matched {
    /// By slot: the number of the component in its format.
    pub values: Vec<(usize, Value)>,
    pub flaws: Vec<Flaw>,
}

/// Something wrong at an offset of the field's text.
#[derive(Debug, Clone)]
pub(crate) struct Flaw {
    pub offset: usize,
    pub code: FaultCode,
    pub reason: String,
}

enum Op {
    Literal(char),
    Break,
    /// The line break of an optional first line, when nothing need follow it.
    BreakOrEnd,
    Value(usize, Kind),
    Line {
        slot: usize,
        set: Charset,
        width: usize,
    },
    Rest {
        slot: usize,
        set: Charset,
        width: usize,
        max: usize,
        follows: bool,
    },
    /// Try on; failing that, go to `other`. A present `commits_on` leaves no choice.
    Split {
        other: usize,
        commits_on: Option<char>,
    },
}

/// Reads `text`, a field without its tag and last line break.
pub(crate) fn read(format: &Format, text: &str, release: StandardsRelease) -> Matched {
    let mut program = Vec::new();
    emit(&format.items, true, &mut program);
    let mut matcher = Matcher { text, release, at: 0, values: Vec::new(), flaws: Vec::new(), furthest: None };
    if matcher.run(&program) {
        return Matched { values: merge_lines(matcher.values), flaws: matcher.flaws };
    }
    let flaw = matcher.furthest.map_or_else(
        || Flaw {
            offset: 0,
            code: FaultCode::T12,
            reason: "it does not have the form of the field".to_owned(),
        },
        |(_, flaw)| flaw,
    );
    Matched { values: Vec::new(), flaws: vec![flaw] }
}

fn emit(items: &[Item], last: bool, program: &mut Vec<Op>) {
    for (index, item) in items.iter().enumerate() {
        let rest = items.get(index + 1..).unwrap_or(&[]);
        let last = last && rest.is_empty();
        match item {
            Item::Literal(c) => program.push(Op::Literal(*c)),
            Item::Break => program.push(Op::Break),
            Item::Value { slot, kind } => program.push(Op::Value(*slot, kind.clone())),
            &Item::Lines { slot, set, width, max, follows, .. } if last => {
                program.push(Op::Rest { slot, set, width, max, follows });
            }
            &Item::Lines { slot, set, width, min, max, follows } => {
                let mut splits = Vec::new();
                for line in 0..max {
                    if line >= min {
                        splits.push(program.len());
                        program.push(Op::Split { other: 0, commits_on: None });
                    }
                    if line > 0 || follows {
                        program.push(Op::Break);
                    }
                    program.push(Op::Line { slot, set, width });
                }
                land(program, &splits);
            }
            Item::Group { items, min, max } => {
                let optional_line = *max == 1 && items.last() == Some(&Item::Break);
                let mut splits = Vec::new();
                for time in 0..*max {
                    if time >= *min {
                        splits.push(program.len());
                        let commits_on = if optional_line { first_literal(items) } else { None };
                        program.push(Op::Split { other: 0, commits_on });
                    }
                    emit(items, last && *max == 1, program);
                }
                if optional_line && all_optional(rest) && !rest.is_empty() {
                    program.pop();
                    program.push(Op::BreakOrEnd);
                }
                land(program, &splits);
            }
        }
    }
}

/// Lets splits jump to here.
fn land(program: &mut [Op], splits: &[usize]) {
    let here = program.len();
    for &split in splits {
        if let Some(Op::Split { other, .. }) = program.get_mut(split) {
            *other = here;
        }
    }
}

fn first_literal(items: &[Item]) -> Option<char> {
    match items.first()? {
        Item::Literal(c) => Some(*c),
        Item::Group { items, .. } => first_literal(items),
        _ => None,
    }
}

/// The lines of a component were read one by one.
fn merge_lines(values: Vec<(usize, Value)>) -> Vec<(usize, Value)> {
    let mut merged: Vec<(usize, Value)> = Vec::with_capacity(values.len());
    for (slot, value) in values {
        match (merged.last_mut(), value) {
            (Some((last, Value::Lines(lines))), Value::Lines(more)) if *last == slot => lines.extend(more),
            (_, value) => merged.push((slot, value)),
        }
    }
    merged
}

struct Matcher<'a> {
    text: &'a str,
    release: StandardsRelease,
    at: usize,
    values: Vec<(usize, Value)>,
    flaws: Vec<Flaw>,
    /// The furthest failure; one in the middle of the text tells more than one at its end.
    furthest: Option<((bool, usize), Flaw)>,
}

impl<'a> Matcher<'a> {
    fn run(&mut self, program: &[Op]) -> bool {
        let mut choices: Vec<(usize, usize, usize, usize)> = Vec::new();
        let mut pc = 0;
        loop {
            let ok = match program.get(pc) {
                None if self.left().is_empty() => return true,
                None => self.fail(FaultCode::T33, "there is more text than the field has room for"),
                Some(Op::Split { other, commits_on }) => {
                    if commits_on.is_none() || self.peek() != *commits_on {
                        choices.push((*other, self.at, self.values.len(), self.flaws.len()));
                    }
                    true
                }
                Some(op) => self.step(op),
            };
            if ok {
                pc += 1;
                continue;
            }
            let Some((other, at, values, flaws)) = choices.pop() else { return false };
            pc = other;
            self.at = at;
            self.values.truncate(values);
            self.flaws.truncate(flaws);
        }
    }

    fn step(&mut self, op: &Op) -> bool {
        match op {
            Op::Literal(c) => {
                if self.peek() == Some(*c) {
                    self.at += c.len_utf8();
                    true
                } else {
                    self.fail(FaultCode::T12, &format!("“{c}” is expected here"))
                }
            }
            Op::Break => self.line_break(),
            Op::BreakOrEnd => self.left().is_empty() || self.line_break(),
            Op::Value(slot, kind) => self.value(*slot, kind),
            Op::Line { slot, set, width } => match self.take(*set, *width, None) {
                Some(line) => self.keep(*slot, Value::Lines(vec![line.to_owned()])),
                None => false,
            },
            Op::Rest { slot, set, width, max, follows } => self.rest(*slot, *set, *width, *max, *follows),
            Op::Split { .. } => true,
        }
    }

    fn left(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.left().chars().next()
    }

    fn keep(&mut self, slot: usize, value: Value) -> bool {
        self.values.push((slot, value));
        true
    }

    fn flaw(&mut self, offset: usize, code: FaultCode, reason: String) {
        self.flaws.push(Flaw { offset, code, reason });
    }

    fn fail(&mut self, code: FaultCode, reason: &str) -> bool {
        self.note(self.at, code, reason);
        false
    }

    /// Remembers what to say should reading fail here in the end.
    fn note(&mut self, offset: usize, code: FaultCode, reason: &str) {
        let weight = (offset < self.text.len(), offset);
        if self.furthest.as_ref().is_none_or(|(furthest, _)| weight > *furthest) {
            self.furthest = Some((weight, Flaw { offset, code, reason: reason.to_owned() }));
        }
    }

    fn line_break(&mut self) -> bool {
        let left = self.left();
        match left.strip_prefix("\r\n").or_else(|| left.strip_prefix('\n')) {
            Some(after) => {
                self.at += left.len() - after.len();
                true
            }
            None if left.is_empty() => self.fail(FaultCode::T12, "another line is expected after this one"),
            None => self.fail(FaultCode::T12, "the line should end here"),
        }
    }

    /// Takes one to `max` characters of a set from the line.
    fn take(&mut self, set: Charset, max: usize, stop: Option<char>) -> Option<&'a str> {
        let left = self.left();
        let length =
            left.bytes().take(max).take_while(|&b| set.contains(b.into()) && Some(b.into()) != stop).count();
        let end = self.at + length;
        match left.get(length..).and_then(|after| after.chars().next()) {
            None | Some('\r' | '\n') => {}
            next if next == stop => {}
            Some(next) if !set.contains(next) => {
                self.note(end, FaultCode::T34, &format!("“{next}” is not among {set}"));
            }
            Some(_) => self.note(end, FaultCode::T33, &format!("there are more than {max} characters")),
        }
        if length == 0 {
            self.fail(FaultCode::T34, &format!("one to {max} characters are missing: {set}"));
            return None;
        }
        self.at = end;
        left.get(..length)
    }

    fn value(&mut self, slot: usize, kind: &Kind) -> bool {
        let start = self.at;
        match kind {
            Kind::Text { set, max, fixed, stop } => {
                let Some(text) = self.take(*set, *max, *stop) else { return false };
                if *fixed && text.len() < *max {
                    return self.fail(FaultCode::T34, &format!("exactly {max} characters are needed: {set}"));
                }
                let number = if *set == Charset::N && *max <= 9 { text.parse().ok() } else { None };
                self.keep(slot, number.map_or_else(|| Value::Text(text.to_owned()), Value::Number))
            }
            Kind::Date => {
                let length = self.left().bytes().take(6).take_while(u8::is_ascii_digit).count();
                let digits = self.left().get(..length).unwrap_or("");
                if length < 6 {
                    return self.fail(FaultCode::T50, "a date is six digits, YYMMDD");
                }
                self.at += length;
                match parse_date(digits) {
                    Some(date) => self.keep(slot, Value::Date(date)),
                    None => {
                        self.flaw(start, FaultCode::T50, format!("{digits} is no date of the calendar"));
                        true
                    }
                }
            }
            Kind::Money { max } => self.money(slot, *max),
            Kind::Bic => {
                let end = self.left().find(['\r', '\n']).unwrap_or(self.left().len());
                let text = self.left().get(..end).unwrap_or("");
                self.at += end;
                match parse_bic(text) {
                    Ok(bic) => self.keep(slot, Value::Bic(bic)),
                    Err(reason) => {
                        self.flaw(start, FaultCode::T27, format!("“{text}” is no BIC: {reason}"));
                        true
                    }
                }
            }
            // The mark is optional wherever it stands: without it the slash begins the account.
            Kind::Mark => match self.peek() {
                Some(mark @ ('C' | 'D')) => {
                    self.at += 1;
                    self.keep(slot, Value::Text(mark.to_string()))
                }
                _ => false,
            },
            Kind::Country => match self.take(Charset::A, 2, None) {
                Some(country) if country.len() == 2 => self.keep(slot, Value::Text(country.to_owned())),
                _ => self.fail(FaultCode::T73, "a country code is two capital letters"),
            },
        }
    }

    /// The integer part needs a digit, the comma is mandatory and counts, and the currency bounds the
    /// decimals (T40, T43, C03).
    fn money(&mut self, slot: usize, max: usize) -> bool {
        let start = self.at;
        let letters = self.left().bytes().take(3).take_while(u8::is_ascii_uppercase).count();
        let code = self.left().get(..letters).unwrap_or("");
        self.at += letters;
        if code.len() < 3 {
            return self.fail(FaultCode::T52, "a currency code is three capital letters");
        }
        let currency = Currency::parse(code).ok().filter(|currency| self.release.allows(*currency));
        if currency.is_none() {
            self.flaw(start, FaultCode::T52, format!("{code} is no current currency code of ISO 4217"));
        }
        let from = self.at;
        let left = self.left();
        let length = left.bytes().take_while(|b| b.is_ascii_digit() || *b == b',').count();
        let amount = left.get(..length).unwrap_or("");
        self.at += length;
        let Some((whole, decimals)) = amount.split_once(',') else {
            self.note(self.at, FaultCode::T43, "the amount has no decimal comma");
            self.at = from;
            return self.fail(FaultCode::T43, "the amount has no decimal comma");
        };
        if decimals.contains(',') {
            self.at = from + whole.len() + 1 + decimals.find(',').unwrap_or(0);
            return self.fail(FaultCode::T43, "the amount has a second comma");
        }
        if whole.is_empty() {
            self.flaw(from, FaultCode::T40, "the amount has no digit before its comma".to_owned());
        }
        if length > max {
            self.flaw(
                from,
                FaultCode::T43,
                format!("the amount has more than {max} characters with its comma"),
            );
        }
        let Some(currency) = currency else { return true };
        let places = usize::from(currency.minor_units());
        if decimals.len() > places {
            let at = from + whole.len() + 1 + places;
            self.flaw(at, FaultCode::C03, format!("{code} has {places} decimals, not {}", decimals.len()));
            return true;
        }
        let minor_units = format!("{whole}{decimals:0<places$}").parse::<i128>();
        match minor_units {
            Ok(units) if !whole.is_empty() => {
                self.keep(slot, Value::Money(Money::from_minor_units(units, currency)))
            }
            _ => true,
        }
    }

    /// All the lines that are left, each judged by itself.
    fn rest(&mut self, slot: usize, set: Charset, width: usize, max: usize, follows: bool) -> bool {
        if follows {
            if self.left().is_empty() {
                return true;
            }
            if !self.line_break() {
                return false;
            }
        }
        let mut kept = Vec::new();
        for (offset, line) in lines(self.left(), self.at) {
            if kept.len() == max {
                self.flaw(offset, FaultCode::T30, format!("there are more than {max} lines"));
                break;
            }
            let stray = line.bytes().position(|b| !set.contains(b.into()));
            if line.is_empty() {
                self.flaw(offset, FaultCode::T34, "the line is empty".to_owned());
            } else if let Some(stray) = stray {
                let c = line.get(stray..).and_then(|s| s.chars().next()).unwrap_or(' ');
                self.flaw(offset + stray, FaultCode::T34, format!("“{c}” is not among {set}"));
            }
            if line.len() > width {
                self.flaw(offset + width, FaultCode::T33, format!("the line has {} characters", line.len()));
            }
            kept.push(line.to_owned());
        }
        self.at = self.text.len();
        self.keep(slot, Value::Lines(kept))
    }
}
