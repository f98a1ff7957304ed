//! Blocks 1, 2, 3 and 5: who sends what to whom.
//!
//! Source: the layout of FIN headers and trailers in SWIFT's FIN operations guide (recalled), and public
//! samples. Trailers are kept as they are: the interface that sends a message computes them.

use std::ops::Range;

use allonge_finance::Bic;
use serde::{Deserialize, Serialize};

use super::charset::Charset;
use super::fault::{FaultCode, Faults};
use super::source::Source;
use super::value::{parse_bic, parse_date};

/// Block 1: the application, the service and our own logical terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "FinBasicHeader"))]
#[serde(deny_unknown_fields)]
pub struct BasicHeader {
    /// `F` for FIN.
    pub application_id: String,
    /// `01` for a message.
    pub service_id: String,
    /// Twelve characters: BIC8, terminal letter, branch.
    pub logical_terminal: String,
    /// Four digits.
    pub session_number: String,
    /// Six digits.
    pub sequence_number: String,
}

/// Block 2: the message type and the other party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "FinApplicationHeader"))]
#[serde(tag = "direction", rename_all = "snake_case", deny_unknown_fields)]
pub enum ApplicationHeader {
    /// On its way from the sender to the network.
    Input {
        /// Three digits, such as `700`.
        message_type: String,
        /// The receiver's twelve-character address.
        receiver: String,
        /// `S`, `U` or `N`, if given.
        priority: Option<String>,
        /// `1`, `2` or `3`, if given.
        delivery_monitoring: Option<String>,
        /// Three digits, if given.
        obsolescence_period: Option<String>,
    },
    /// On its way from the network to the receiver.
    Output {
        /// Three digits, such as `700`.
        message_type: String,
        /// HHMM, local to the sender.
        input_time: String,
        /// YYMMDD, local to the sender.
        input_date: String,
        /// The sender's twelve-character address.
        sender: String,
        /// The sender's session, four digits.
        session_number: String,
        /// The sender's sequence number, six digits.
        sequence_number: String,
        /// YYMMDD, local to the receiver.
        output_date: String,
        /// HHMM, local to the receiver.
        output_time: String,
        /// `S`, `U` or `N`, if given.
        priority: Option<String>,
    },
}

impl ApplicationHeader {
    /// Three digits, such as `700`.
    pub fn message_type(&self) -> &str {
        let (Self::Input { message_type, .. } | Self::Output { message_type, .. }) = self;
        message_type
    }

    /// The twelve-character address of the other party.
    pub(crate) fn address(&self) -> &str {
        match self {
            Self::Input { receiver, .. } => receiver,
            Self::Output { sender, .. } => sender,
        }
    }

    fn write(&self) -> String {
        let or_none = |text: &Option<String>| text.clone().unwrap_or_default();
        match self {
            Self::Input { message_type, receiver, priority, delivery_monitoring, obsolescence_period } => {
                let (priority, delivery) = (or_none(priority), or_none(delivery_monitoring));
                format!("I{message_type}{receiver}{priority}{delivery}{}", or_none(obsolescence_period))
            }
            Self::Output {
                message_type,
                input_time,
                input_date,
                sender,
                session_number,
                sequence_number,
                output_date,
                output_time,
                priority,
            } => format!(
                "O{message_type}{input_time}{input_date}{sender}{session_number}{sequence_number}{output_date}{output_time}{}",
                or_none(priority)
            ),
        }
    }
}

/// One tag of block 3, 5 or S, such as `{108:REFERENCE}` or `{CHK:123456789ABC}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "FinHeaderTag"))]
#[serde(deny_unknown_fields)]
pub struct HeaderTag {
    /// What stands before the colon.
    pub tag: String,
    /// What stands after it, possibly nothing.
    pub value: String,
}

/// The bank behind a twelve-character address.
pub(crate) fn bank(address: &str) -> Result<Bic, String> {
    let part = |range| address.get(range).unwrap_or("");
    if address.len() != 12 || !address.bytes().all(|b| Charset::C.contains(b.into())) {
        return Err("an address is twelve capital letters and digits".to_owned());
    }
    parse_bic(&format!("{}{}", part(0..8), part(9..12)))
}

/// The address of a bank's terminal: `A` for our own, `X` for a correspondent's.
pub(crate) fn address(bank: &Bic, terminal: char) -> String {
    format!("{}{terminal}{}", bank.bic8(), bank.branch())
}

pub(crate) fn write_basic(header: &BasicHeader) -> String {
    let BasicHeader { application_id, service_id, logical_terminal, session_number, sequence_number } =
        header;
    format!("{{1:{application_id}{service_id}{logical_terminal}{session_number}{sequence_number}}}")
}

pub(crate) fn write_application(header: &ApplicationHeader) -> String {
    format!("{{2:{}}}", header.write())
}

pub(crate) fn write_user(tags: &[HeaderTag]) -> String {
    let tags: String = tags.iter().map(|HeaderTag { tag, value }| format!("{{{tag}:{value}}}")).collect();
    format!("{{3:{tags}}}")
}

/// Reads fixed parts one after another, each with its set, and reports the first that does not fit.
struct Parts<'a, 'f> {
    source: &'a Source,
    at: usize,
    end: usize,
    faults: &'f mut Faults,
}

impl Parts<'_, '_> {
    fn left(&self) -> usize {
        self.end - self.at
    }

    fn take(&mut self, length: usize, set: Charset, code: FaultCode, what: &str) -> String {
        let start = self.at;
        self.at = self.end.min(start + length);
        let text = self.source.slice(start..self.at);
        if text.len() < length || !text.bytes().all(|b| set.contains(b.into())) {
            self.fault(start, code, format!("the {what} is not {length} {set}"));
        }
        text.to_owned()
    }

    fn check(&mut self, at: usize, holds: bool, code: FaultCode, reason: &str) {
        if !holds {
            self.fault(at, code, reason.to_owned());
        }
    }

    fn fault(&mut self, at: usize, code: FaultCode, reason: String) {
        self.faults.add(self.source.position(at), code, reason, "correct the header");
    }

    fn address(&mut self, code: FaultCode, what: &str) -> String {
        let start = self.at;
        self.at = self.end.min(start + 12);
        let text = self.source.slice(start..self.at).to_owned();
        if let Err(reason) = bank(&text) {
            self.fault(start, code, format!("“{text}” is no address of {what}: {reason}"));
        }
        text
    }

    fn time(&mut self, what: &str) -> String {
        let start = self.at;
        let text = self.take(4, Charset::N, FaultCode::H25, what);
        let hours = text.get(0..2).is_some_and(|h| h < "24");
        let minutes = text.get(2..4).is_some_and(|m| m < "60");
        self.check(start, hours && minutes, FaultCode::H25, &format!("the {what} is no time of day"));
        text
    }

    fn date(&mut self, what: &str) -> String {
        let start = self.at;
        let text = self.take(6, Charset::N, FaultCode::H25, what);
        self.check(start, parse_date(&text).is_some(), FaultCode::H25, &format!("the {what} is no date"));
        text
    }

    fn priority(&mut self) -> Option<String> {
        if self.left() == 0 {
            return None;
        }
        let start = self.at;
        let text = self.take(1, Charset::A, FaultCode::H40, "priority");
        self.check(start, "SUN".contains(&text), FaultCode::H40, "the priority is not S, U or N");
        Some(text)
    }

    fn end(&mut self, code: FaultCode) {
        self.check(self.at, self.left() == 0, code, "the block is longer than its layout");
    }
}

pub(crate) fn read_basic(
    source: &Source,
    block: Option<Range<usize>>,
    faults: &mut Faults,
) -> Option<BasicHeader> {
    let Some(block) = block else {
        faults.add(
            (1, 1),
            FaultCode::H01,
            "block 1 is missing",
            "begin the message with its basic header, {1:…}",
        );
        return None;
    };
    let mut parts = Parts { source, at: block.start, end: block.end, faults };
    let application_id = parts.take(1, Charset::A, FaultCode::H02, "application identifier");
    parts.check(
        block.start,
        application_id == "F",
        FaultCode::H02,
        "the application identifier is not F (FIN)",
    );
    let at = parts.at;
    let service_id = parts.take(2, Charset::N, FaultCode::H03, "service identifier");
    parts.check(at, service_id == "01", FaultCode::H03, "the service identifier is not 01 (a message)");
    let logical_terminal = parts.address(FaultCode::H10, "a logical terminal");
    let session_number = parts.take(4, Charset::N, FaultCode::H15, "session number");
    let sequence_number = parts.take(6, Charset::N, FaultCode::H20, "sequence number");
    parts.end(FaultCode::H01);
    Some(BasicHeader { application_id, service_id, logical_terminal, session_number, sequence_number })
}

pub(crate) fn read_application(
    source: &Source,
    block: Option<Range<usize>>,
    faults: &mut Faults,
) -> Option<ApplicationHeader> {
    let Some(block) = block else {
        faults.add((1, 1), FaultCode::H25, "block 2 is missing", "give the application header, {2:…}");
        return None;
    };
    let mut parts = Parts { source, at: block.start, end: block.end, faults };
    let direction = parts.take(1, Charset::A, FaultCode::H26, "direction");
    let type_at = parts.at;
    let message_type = parts.take(3, Charset::N, FaultCode::H30, "message type");
    parts.faults.message_type = (parts.at - type_at == 3).then(|| message_type.clone());
    match direction.as_str() {
        "I" => {
            let receiver = parts.address(FaultCode::H50, "the receiver");
            let priority = parts.priority();
            let at = parts.at;
            let delivery_monitoring =
                (parts.left() > 0).then(|| parts.take(1, Charset::N, FaultCode::H80, "delivery monitoring"));
            let known = delivery_monitoring.as_deref().is_none_or(|option| "123".contains(option));
            parts.check(at, known, FaultCode::H80, "the delivery monitoring is not 1, 2 or 3");
            let obsolescence_period =
                (parts.left() > 0).then(|| parts.take(3, Charset::N, FaultCode::H80, "obsolescence period"));
            parts.end(FaultCode::H25);
            Some(ApplicationHeader::Input {
                message_type,
                receiver,
                priority,
                delivery_monitoring,
                obsolescence_period,
            })
        }
        "O" => {
            let input_time = parts.time("input time");
            let input_date = parts.date("input date");
            let sender = parts.address(FaultCode::H50, "the sender");
            let session_number = parts.take(4, Charset::N, FaultCode::H25, "session number");
            let sequence_number = parts.take(6, Charset::N, FaultCode::H25, "sequence number");
            let output_date = parts.date("output date");
            let output_time = parts.time("output time");
            let priority = parts.priority();
            parts.end(FaultCode::H25);
            Some(ApplicationHeader::Output {
                message_type,
                input_time,
                input_date,
                sender,
                session_number,
                sequence_number,
                output_date,
                output_time,
                priority,
            })
        }
        _ => {
            parts.fault(
                block.start,
                FaultCode::H26,
                "block 2 is neither input (I) nor output (O)".to_owned(),
            );
            None
        }
    }
}

/// Reads `{tag:value}` again and again.
pub(crate) fn read_tags(
    source: &Source,
    block: Option<Range<usize>>,
    code: FaultCode,
    faults: &mut Faults,
) -> Option<Vec<HeaderTag>> {
    let block = block?;
    let mut tags = Vec::new();
    let mut at = block.start;
    while at < block.end {
        let rest = source.slice(at..block.end);
        let entry = rest
            .strip_prefix('{')
            .and_then(|rest| rest.split_once('}'))
            .and_then(|(tag, _)| tag.split_once(':'));
        let sound = |(tag, value): &(&str, &str)| {
            (1..=4).contains(&tag.len())
                && tag.bytes().all(|b| Charset::C.contains(b.into()))
                && value.bytes().all(|b| (0x20..0x7f).contains(&b) && b != b'{')
        };
        let Some((tag, value)) = entry.filter(sound) else {
            let remedy = "write each tag as {tag:value}";
            faults.add(source.position(at), code, "a header or trailer tag is malformed", remedy);
            break;
        };
        if tag == "121" && code == FaultCode::U00 && !is_uetr(value) {
            let remedy = "give a version 4 UUID in lower case, such as 36dcd6fb-7e1f-4b0a-9a0f-0d3a3b0e8a11";
            faults.add(
                source.position(at),
                code,
                "tag 121 is no unique end-to-end transaction reference",
                remedy,
            );
        }
        at += tag.len() + value.len() + 3;
        tags.push(HeaderTag { tag: tag.to_owned(), value: value.to_owned() });
    }
    Some(tags)
}

/// A UUID of version 4 in lower case (RFC 9562).
fn is_uetr(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, b)| match index {
            8 | 13 | 18 | 23 => b == b'-',
            14 => b == b'4',
            19 => matches!(b, b'8' | b'9' | b'a' | b'b'),
            _ => matches!(b, b'0'..=b'9' | b'a'..=b'f'),
        })
}
