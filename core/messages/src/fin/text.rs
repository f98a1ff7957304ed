//! The fields of a text block.

use std::ops::Range;

use super::fault::{FaultCode, Faults};
use super::source::{Source, lines};
use super::{MAX_FIELD_LINES, MAX_FIELDS};

/// A field as it stands in the text.
#[derive(Debug, Clone)]
pub(crate) struct RawField<'a> {
    pub tag: &'a str,
    /// Offset of the first colon.
    pub start: usize,
    /// What follows the second colon, up to the last line break of the field.
    pub content: Range<usize>,
}

/// Cuts the content of block 4 into fields.
pub(crate) fn fields<'a>(source: &'a Source, block: Range<usize>, faults: &mut Faults) -> Vec<RawField<'a>> {
    let text = source.slice(block.clone());
    let mut fields: Vec<RawField<'a>> = Vec::new();
    let mut field_lines = 0_usize;
    let body = text.strip_suffix('\n').map_or(text, |body| body.strip_suffix('\r').unwrap_or(body));
    for (index, (start, line)) in lines(body, block.start).enumerate() {
        let at = source.position(start);
        if let Some((tag, content)) = tagged(line) {
            if fields.len() == MAX_FIELDS {
                let reason = format!("the message has more than {MAX_FIELDS} fields");
                faults.add(at, FaultCode::M50, reason, "split the message");
                break;
            }
            if index == 0 {
                let remedy = "begin the first field on a new line after {4:";
                faults.in_field(
                    at,
                    tag,
                    FaultCode::T13,
                    "the text block begins without a line break",
                    remedy,
                );
            }
            field_lines = 1;
            fields.push(RawField {
                tag,
                start,
                content: start + line.len() - content.len()..start + line.len(),
            });
            continue;
        }
        let Some(field) = fields.last_mut() else {
            if !line.is_empty() || index > 0 {
                let remedy = "begin the text with a field such as :27:";
                faults.add(at, FaultCode::T13, "there is text before the first field", remedy);
            }
            continue;
        };
        field_lines += 1;
        if field_lines > MAX_FIELD_LINES {
            if field_lines == MAX_FIELD_LINES + 1 {
                let reason = format!("the field has more than {MAX_FIELD_LINES} lines");
                faults.in_field(at, field.tag, FaultCode::M50, reason, "shorten the field");
            }
            continue;
        }
        if let Some(sign @ (':' | '-')) = line.chars().next() {
            let reason =
                format!("a line of text begins with “{sign}”, which begins a field or ends the text");
            faults.in_field(
                at,
                field.tag,
                FaultCode::T13,
                reason,
                "put another character first, such as + or .",
            );
        }
        field.content.end = start + line.len();
    }
    fields
}

/// `:31D:…`: two digits and perhaps a capital letter between colons.
fn tagged(line: &str) -> Option<(&str, &str)> {
    let (tag, content) = line.strip_prefix(':')?.split_once(':')?;
    let letter = match tag.as_bytes() {
        [a, b] if a.is_ascii_digit() && b.is_ascii_digit() => return Some((tag, content)),
        [a, b, letter] if a.is_ascii_digit() && b.is_ascii_digit() => letter,
        _ => return None,
    };
    letter.is_ascii_uppercase().then_some((tag, content))
}
