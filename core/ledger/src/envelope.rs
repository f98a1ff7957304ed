//! What files of evidence have in common: how they begin, and the certified header from which they are proven.

use allonge_crypto::Hash;
use borsh::{BorshDeserialize, BorshSerialize};

use crate::block::{HEADER_VERSION, Header};
use crate::certificate::Certificate;
use crate::error::Error;
use crate::handover::Handover;
use crate::receipt::Trust;
use crate::registry::{RECEIPT_INVALID, RECEIPT_MALFORMED, RECEIPT_VERSION, RECEIPT_WRONG_NETWORK};
use crate::state::from_canonical;

/// How a kind of file begins, and how long it may be.
pub(crate) struct Envelope {
    pub(crate) magic: [u8; 8],
    pub(crate) version: u16,
    pub(crate) limit: usize,
}

impl Envelope {
    /// Reads a file strictly.
    ///
    /// Errors: `receipt.malformed`, `receipt.version`.
    pub(crate) fn read<T: BorshSerialize + BorshDeserialize>(&self, bytes: &[u8]) -> Result<T, Error> {
        let malformed = |reason: &str| RECEIPT_MALFORMED.error().with("reason", reason);
        if bytes.len() > self.limit {
            return Err(malformed("it is longer than any receipt"));
        }
        let rest = bytes.strip_prefix(self.magic.as_slice());
        let rest = rest.ok_or_else(|| malformed("it does not begin as receipts do"))?;
        let version = rest.first_chunk::<2>().map(|version| u16::from_le_bytes(*version));
        if let Some(version) = version.filter(|version| *version != self.version) {
            return Err(RECEIPT_VERSION.error().with("version", version));
        }
        from_canonical(bytes)
            .map_err(|source| RECEIPT_MALFORMED.error().with("reason", &source).because(source))
    }
}

impl Trust {
    /// Checks that a file is of this network, and that its header is certified.
    ///
    /// Errors: `receipt.wrong_network`, `receipt.invalid`.
    pub(crate) fn verify_file(
        &self,
        network: &Hash,
        header: &Header,
        certificate: &Certificate,
        handovers: &[Handover],
    ) -> Result<(), Error> {
        let expected = self.network();
        if *network != expected {
            return Err(RECEIPT_WRONG_NETWORK.error().with("given", network).with("expected", expected));
        }
        if header.network != expected || header.version != HEADER_VERSION {
            return Err(invalid("header"));
        }
        self.verify_header(header, certificate, handovers)
    }

    /// Checks that a file is of this network, that each of its headers is the parent of the next, and that the last is
    /// certified; answers the first and the last.
    ///
    /// Errors: `receipt.wrong_network`, `receipt.invalid`.
    pub(crate) fn verify_chain<'a>(
        &self,
        network: &Hash,
        headers: &'a [Header],
        certificate: &Certificate,
        handovers: &[Handover],
    ) -> Result<(&'a Header, &'a Header), Error> {
        let expected = self.network();
        if *network != expected {
            return Err(RECEIPT_WRONG_NETWORK.error().with("given", network).with("expected", expected));
        }
        let (Some(first), Some(last)) = (headers.first(), headers.last()) else {
            return Err(invalid("chain of headers"));
        };
        let suite = self.genesis().hash_suite;
        for (below, above) in headers.iter().zip(headers.iter().skip(1)) {
            let follows =
                above.parent == below.digest(suite) && below.height.checked_add(1) == Some(above.height);
            if below.network != expected || below.version != HEADER_VERSION {
                return Err(invalid("header"));
            }
            if !follows {
                return Err(invalid("chain of headers"));
            }
        }
        self.verify_file(network, last, certificate, handovers)?;
        Ok((first, last))
    }
}

/// A file of which one part does not hold.
pub(crate) fn invalid(part: &str) -> Error {
    RECEIPT_INVALID.error().with("part", part)
}
