//! Notarised documents: who issued a file, when, and whether it still holds.

use allonge_crypto::{Hash, HashSuite};
use allonge_finance::Timestamp;
use allonge_ledger::{Error, Stored};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::identifier::DocumentId;
use crate::presentation::{MAX_MEDIA_TYPE_LENGTH, MAX_TITLE_LENGTH};
use crate::registry::DOCUMENT_NOT_VALID;
use crate::terms::check_line;

/// Characters of a reason.
pub const MAX_REASON_LENGTH: usize = 140;

/// A file, known by the hash of its content.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DocumentContent {
    /// What it is called, at most 140 characters: `CERTIFICATE OF ORIGIN`.
    pub title: String,
    /// SHA-256 of its content, as `sha256sum` prints it.
    pub sha256: Hash,
    /// The length of its content in bytes.
    pub length: u64,
    /// Its media type, at most 127 characters: `application/pdf`.
    pub media_type: String,
}

impl DocumentContent {
    /// Whether a file is this one. With a receipt of the record nothing else is needed: no network is asked.
    ///
    /// ```
    /// use allonge_crypto::HashSuite;
    /// use allonge_trade::DocumentContent;
    ///
    /// let mut hasher = HashSuite::Sha256.document_hasher();
    /// hasher.update(b"1000 kg of copper cathodes");
    /// let content = DocumentContent {
    ///     title: "WEIGHT NOTE".into(),
    ///     sha256: hasher.finish(),
    ///     length: 26,
    ///     media_type: "text/plain".into(),
    /// };
    /// assert!(content.is(b"1000 kg of copper cathodes"));
    /// assert!(!content.is(b"1000 kg of copper cathodez"));
    /// ```
    pub fn is(&self, file: &[u8]) -> bool {
        // Whatever suite a network has, documents are hashed with plain SHA-256.
        let mut hasher = HashSuite::Sha256.document_hasher();
        hasher.update(file);
        u64::try_from(file.len()) == Ok(self.length) && hasher.finish() == self.sha256
    }

    pub(crate) fn validate(&self) -> Result<(), Error> {
        check_line("title", &self.title, MAX_TITLE_LENGTH)?;
        check_line("media_type", &self.media_type, MAX_MEDIA_TYPE_LENGTH)
    }
}

/// A document that its issuer vouches for. What the file says stays with those who have it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NotarisedDocument {
    /// Which document.
    pub id: DocumentId,
    /// Whether it still holds.
    pub status: DocumentStatus,
    /// The file.
    pub content: DocumentContent,
    /// When it was notarised.
    pub notarised_at: Timestamp,
    /// The document that it takes the place of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<DocumentId>,
}

impl Stored for NotarisedDocument {
    type Id = DocumentId;
    const KIND: u8 = 0x5c;
}

/// Whether a notarised document still holds.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum DocumentStatus {
    /// It does.
    Valid = 0,
    /// Another took its place.
    Superseded {
        /// Which document.
        by: DocumentId,
        /// When.
        at: Timestamp,
    } = 1,
    /// Its issuer took it back.
    Revoked {
        /// Why, at most 140 characters.
        reason: String,
        /// When.
        at: Timestamp,
    } = 2,
}

impl NotarisedDocument {
    /// Another takes its place.
    pub(crate) fn supersede(mut self, by: DocumentId, now: Timestamp) -> Result<Self, Error> {
        self.check_valid()?;
        self.status = DocumentStatus::Superseded { by, at: now };
        Ok(self)
    }

    /// Its issuer takes it back.
    pub(crate) fn revoke(mut self, reason: String, now: Timestamp) -> Result<Self, Error> {
        self.check_valid()?;
        self.status = DocumentStatus::Revoked { reason, at: now };
        Ok(self)
    }

    fn check_valid(&self) -> Result<(), Error> {
        DOCUMENT_NOT_VALID
            .unless(self.status == DocumentStatus::Valid, |refusal| refusal.with("document", &self.id))
    }
}
