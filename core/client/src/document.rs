//! Anchoring documents: a file is hashed as it streams by, in constant memory, whatever its size.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use allonge_crypto::{Hash, HashSuite};
use allonge_ledger::Error;
use serde::Serialize;

use crate::registry::file_failed;

/// A document's content, by hash and length.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DocumentDigest {
    /// SHA-256 of the content: what `sha256sum` prints.
    pub sha256: Hash,
    /// How many bytes the content has.
    pub length: u64,
}

/// Reads in pieces of this many bytes.
const PIECE: usize = 1 << 16;

/// Hashes the file at `path`.
///
/// Errors: `file.io`.
pub fn document_digest(path: impl AsRef<Path>) -> Result<DocumentDigest, Error> {
    let path = path.as_ref();
    File::open(path).and_then(digest_reader).map_err(|error| file_failed(path, "read", error))
}

/// Hashes everything that a reader gives.
pub fn digest_reader(mut reader: impl Read) -> std::io::Result<DocumentDigest> {
    let mut hasher = HashSuite::Sha256.document_hasher();
    let mut piece = vec![0; PIECE];
    let mut length = 0_u64;
    loop {
        let count = match reader.read(&mut piece) {
            Ok(0) => return Ok(DocumentDigest { sha256: hasher.finish(), length }),
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hasher.update(piece.get(..count).unwrap_or_default());
        length = length.saturating_add(u64::try_from(count).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_longer_than_a_piece_has_the_hash_of_its_whole_content() {
        let content = vec![b'x'; PIECE * 2 + 17];
        let mut whole = HashSuite::Sha256.document_hasher();
        whole.update(&content);
        let digest = digest_reader(content.as_slice()).unwrap();
        assert_eq!(digest, DocumentDigest { sha256: whole.finish(), length: content.len() as u64 });
    }

    #[test]
    fn a_missing_document_is_named() {
        let error = document_digest("/no/such/invoice.pdf").unwrap_err();
        assert_eq!(error.code(), "file.io");
        assert!(error.to_string().starts_with("/no/such/invoice.pdf could not be read"));
    }
}
