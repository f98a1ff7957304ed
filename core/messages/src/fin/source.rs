//! The text of a message with its line numbers.

use std::ops::Range;

use super::charset::REPORTED;
use super::fault::{FaultCode, Faults};

/// The input as ASCII of the same length: an offset here is an offset in the original bytes.
pub(crate) struct Source {
    text: String,
    line_starts: Vec<usize>,
}

impl Source {
    /// Reports every line that has a character of no SWIFT set, and puts a mark in its place.
    ///
    /// Line breaks are `\r\n` or `\n`. SOH and ETX are let through: PC files of SWIFT interfaces frame
    /// messages with them, and no field accepts them.
    pub fn new(input: &[u8], faults: &mut Faults) -> Self {
        let mut source = Source { text: String::with_capacity(input.len()), line_starts: vec![0] };
        let mut reported_in_line = false;
        for (offset, &byte) in input.iter().enumerate() {
            let next = input.get(offset + 1).copied();
            let allowed = match byte {
                b'\n' | 0x01 | 0x03 | 0x20..=0x7e => true,
                b'\r' => next == Some(b'\n'),
                _ => false,
            };
            source.text.push(if allowed { char::from(byte) } else { REPORTED });
            if !allowed && !reported_in_line {
                reported_in_line = true;
                faults.add(
                    source.position(offset),
                    FaultCode::M60,
                    format!("the byte 0x{byte:02X} stands for no SWIFT character"),
                    "use letters, digits and the signs of the SWIFT character sets",
                );
            }
            if byte == b'\n' {
                reported_in_line = false;
                source.line_starts.push(offset + 1);
            }
        }
        source
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The part of the text in a range, empty where the range leaves the text.
    pub fn slice(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or("")
    }

    /// Line and column of an offset, both from 1.
    pub fn position(&self, offset: usize) -> (u32, u32) {
        let line = self.line_starts.partition_point(|&start| start <= offset).max(1);
        let start = self.line_starts.get(line - 1).copied().unwrap_or(0);
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        (number(line), number(offset.saturating_sub(start) + 1))
    }
}

/// The lines of a range of text: each with its offset, without its line break.
pub(crate) fn lines(text: &str, base: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut offset = base;
    text.split('\n').map(move |line| {
        let start = offset;
        offset += line.len() + 1;
        (start, line.strip_suffix('\r').unwrap_or(line))
    })
}
