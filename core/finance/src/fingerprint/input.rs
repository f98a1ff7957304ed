//! The bytes themselves: a domain, a tier, a kind, and the parts, each with its length.

use std::fmt;

use crate::{Date, Money};

/// What all inputs begin with. Whoever changes what is canonical changes this.
pub const FINGERPRINT_DOMAIN: &str = "allonge/fingerprint-input/1";

/// What one fingerprint is made of. Keep it to yourself: whoever has it knows what the document says.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FingerprintInput(Vec<u8>);

impl FingerprintInput {
    pub(super) fn new(tier: &str, kind: &str) -> Self {
        FingerprintInput(Vec::new()).text(FINGERPRINT_DOMAIN).text(tier).text(kind)
    }

    /// The canonical bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// A part, behind its length in bytes as a little-endian `u32`, as Borsh writes it.
    pub(super) fn bytes(mut self, part: &[u8]) -> Self {
        // Every part is bounded far below.
        let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
        self.0.extend_from_slice(&length.to_le_bytes());
        self.0.extend_from_slice(part);
        self
    }

    pub(super) fn text(self, part: &str) -> Self {
        self.bytes(part.as_bytes())
    }

    pub(super) fn date(self, date: Date) -> Self {
        self.text(&date.to_string())
    }

    /// The currency, then the minor units.
    pub(super) fn money(self, money: Money) -> Self {
        self.text(money.currency().code()).text(&money.minor_units().to_string())
    }
}

impl AsRef<[u8]> for FingerprintInput {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl fmt::Debug for FingerprintInput {
    /// Not what it says: it is a customer's.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FingerprintInput({} bytes)", self.0.len())
    }
}
