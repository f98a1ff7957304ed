//! The blocks of a message: `{1:…}{2:…}{3:…}{4:…-}{5:…}`, and `{S:…}` that some interfaces append.

use std::ops::Range;

use super::fault::{FaultCode, Faults};
use super::source::Source;

/// Where the content of each block stands.
#[derive(Debug, Default)]
pub(crate) struct Blocks {
    pub basic_header: Option<Range<usize>>,
    pub application_header: Option<Range<usize>>,
    pub user_header: Option<Range<usize>>,
    pub text: Option<Range<usize>>,
    pub trailer: Option<Range<usize>>,
    pub system_trailer: Option<Range<usize>>,
}

/// The order in which blocks must stand.
const ORDER: &str = "12345S";

const WHOLE_MESSAGE: &str = "give exactly one message, blocks 1, 2, 3, 4 and 5 in this order";

pub(crate) fn split(source: &Source, faults: &mut Faults) -> Blocks {
    let mut blocks = Blocks::default();
    let mut at = 0;
    let mut reached = 0;
    while let Some(start) = next_block(source, at, faults) {
        let head = source.slice(start..start + 3);
        let id = head.get(1..2).unwrap_or("");
        let rank = if head.ends_with(':') { ORDER.find(id).filter(|_| !id.is_empty()) } else { None };
        let Some(rank) = rank else {
            faults.add(
                source.position(start),
                FaultCode::H98,
                "“{” opens no block of a FIN message",
                WHOLE_MESSAGE,
            );
            at = start + 1;
            continue;
        };
        let (content, end) =
            if id == "4" { text_block(source, start, faults) } else { block(source, start, faults) };
        if rank < reached {
            let reason = format!("block {id} is repeated or out of order");
            faults.add(source.position(start), FaultCode::H98, reason, WHOLE_MESSAGE);
        } else {
            reached = rank + 1;
            *blocks.slot(rank) = Some(content);
        }
        at = end;
    }
    blocks
}

impl Blocks {
    fn slot(&mut self, rank: usize) -> &mut Option<Range<usize>> {
        match rank {
            0 => &mut self.basic_header,
            1 => &mut self.application_header,
            2 => &mut self.user_header,
            3 => &mut self.text,
            4 => &mut self.trailer,
            _ => &mut self.system_trailer,
        }
    }
}

/// The next opening brace; anything before it but spaces, line breaks and file framing is a fault.
fn next_block(source: &Source, from: usize, faults: &mut Faults) -> Option<usize> {
    let rest = source.text().get(from..)?;
    let stray = rest.find(|c: char| !matches!(c, ' ' | '\r' | '\n' | '\u{1}' | '\u{3}'))?;
    let brace = rest.find('{');
    if brace != Some(stray) {
        let at = source.position(from + stray);
        faults.add(at, FaultCode::H98, "there is text outside the blocks of the message", WHOLE_MESSAGE);
    }
    brace.map(|brace| from + brace)
}

/// A block with balanced braces.
fn block(source: &Source, start: usize, faults: &mut Faults) -> (Range<usize>, usize) {
    let content = start + 3;
    let rest = source.text().get(content..).unwrap_or("");
    let mut depth = 1_usize;
    for (offset, byte) in rest.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (content..content + offset, content + offset + 1);
        }
    }
    faults.add(source.position(start), FaultCode::H98, "the block is not closed", "close it with }");
    (content..source.text().len(), source.text().len())
}

/// The text block ends with `-}` at the start of a line; a brace within it is only a character.
fn text_block(source: &Source, start: usize, faults: &mut Faults) -> (Range<usize>, usize) {
    let content = start + 3;
    let rest = source.text().get(content..).unwrap_or("");
    if let Some(end) = rest.find("\n-}") {
        return (content..content + end + 1, content + end + 3);
    }
    let end = rest.find('}').unwrap_or(rest.len());
    faults.add(
        source.position(content + end),
        FaultCode::T13,
        "the text block has no end of text",
        "end it with -} on a line of its own",
    );
    (content..content + end, (content + end + 1).min(source.text().len()))
}
