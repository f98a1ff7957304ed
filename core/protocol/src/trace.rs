//! The trace that a submission is part of, as W3C Trace Context writes it.

use std::fmt;
use std::str::FromStr;

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

/// The header in which the trace of a request stands.
pub const TRACEPARENT: &str = "traceparent";

/// How long one of version 00 is, and the part that every version begins with.
const LENGTH: usize = 55;

/// The trace that a submission is part of: the `traceparent` of W3C Trace Context, version 00. It is not signed, and
/// concerns nobody but those who follow a call through their logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct TraceParent {
    trace: [u8; 16],
    parent: [u8; 8],
    flags: u8,
}

impl TraceParent {
    /// Whether the caller may have recorded it.
    pub fn is_sampled(&self) -> bool {
        self.flags & 1 == 1
    }
}

impl FromStr for TraceParent {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const MALFORMED: &str =
            "a traceparent is 00-, 32 digits, -, 16 digits, -, and 2 digits, all of them of 0-9a-f";
        let (begin, rest) = text.split_at_checked(LENGTH).ok_or(MALFORMED)?;
        let mut parts = begin.split('-');
        let [version] = hex_of(parts.next()).ok_or(MALFORMED)?;
        // A later version may go on after a hyphen.
        let ends = if version == 0 { rest.is_empty() } else { rest.is_empty() || rest.starts_with('-') };
        if version == u8::MAX || !ends {
            return Err(MALFORMED);
        }
        let trace: [u8; 16] = hex_of(parts.next()).ok_or(MALFORMED)?;
        let parent: [u8; 8] = hex_of(parts.next()).ok_or(MALFORMED)?;
        let [flags] = hex_of(parts.next()).ok_or(MALFORMED)?;
        if trace == [0; 16] || parent == [0; 8] {
            return Err("a traceparent names a trace and a parent, which are not zero");
        }
        Ok(TraceParent { trace, parent, flags })
    }
}

impl From<TraceParent> for String {
    fn from(trace: TraceParent) -> Self {
        trace.to_string()
    }
}

impl TryFrom<String> for TraceParent {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for TraceParent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (trace, parent) = (hex::encode(self.trace), hex::encode(self.parent));
        write!(f, "00-{trace}-{parent}-{:02x}", self.flags)
    }
}

/// So many bytes from twice as many digits, none of them a capital.
fn hex_of<const N: usize>(digits: Option<&str>) -> Option<[u8; N]> {
    let digits = digits.filter(|digits| !digits.bytes().any(|digit| digit.is_ascii_uppercase()))?;
    let mut bytes = [0; N];
    hex::decode_to_slice(digits, &mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn a_traceparent_is_read_and_written_alike() {
        let trace: TraceParent = KNOWN.parse().unwrap();
        assert_eq!(trace.to_string(), KNOWN);
        assert!(trace.is_sampled());
        assert!(!KNOWN.replace("-01", "-00").parse::<TraceParent>().unwrap().is_sampled());
    }

    #[test]
    fn a_later_version_is_read_as_far_as_it_is_known() {
        let later = KNOWN.replacen("00", "cc", 1);
        for text in [later.clone(), format!("{later}-what-the-future-will-be-like")] {
            assert_eq!(text.parse::<TraceParent>().unwrap().to_string(), KNOWN);
        }
        assert!(format!("{later}.what").parse::<TraceParent>().is_err());
    }

    #[test]
    fn anything_else_is_none() {
        let spoiled = [
            String::new(),
            KNOWN[..54].to_owned(),
            format!("{KNOWN}-more"),
            KNOWN.to_uppercase(),
            KNOWN.replacen("00", "ff", 1),
            KNOWN.replace("0af7651916cd43dd8448eb211c80319c", &"0".repeat(32)),
            KNOWN.replace("b7ad6b7169203331", &"0".repeat(16)),
            KNOWN.replacen('-', "_", 1),
            KNOWN.replace("b7ad6b7169203331-01", "b7ad6b716920333-101"),
            "é".repeat(40),
        ];
        for text in spoiled {
            assert!(text.parse::<TraceParent>().is_err(), "{text}");
        }
    }
}
