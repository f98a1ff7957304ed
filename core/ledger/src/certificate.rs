//! What a committee signs to make a block final, and how anybody checks it.
//!
//! A certificate has exactly the bytes of a Commonware 2026.10 simplex `Finalization` with ed25519, so
//! the consensus engine's certificates are checked here without the engine, and a network of one makes
//! the same with its single key:
//!
//! ```
//! use allonge_crypto::{Hash, PublicKey, Signature, Signer, SoftwareSigner};
//! use allonge_ledger::{Certificate, Proposal, Roster, ValidatorKey, Vote, certificate_namespace};
//!
//! let signer = SoftwareSigner::from_seed([7; 32]);
//! let PublicKey::Ed25519(key) = signer.public_key();
//! let roster = Roster::new(vec![ValidatorKey::new(key)?])?;
//! let namespace = certificate_namespace(&Hash::new([1; 32]));
//!
//! let proposal = Proposal::new(0, 1, 0, Hash::new([2; 32]))?;
//! let Signature::Ed25519(signature) = signer.sign(&proposal.signed_message(&namespace))?;
//! let certificate = Certificate::assemble(proposal, &roster, [Vote { signer: 0, signature }])?;
//!
//! let bytes = certificate.encode();
//! assert_eq!(bytes.len(), 109);
//! Certificate::decode(&bytes, roster.len())?.verify(&namespace, &roster)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The form is written down in `docs/format.md`, and frozen by `tests/vectors/certificates.json`, which
//! the engine itself made.

use std::io;

use allonge_crypto::{Hash, KeyError, PublicKey, verify_batch, vet_ed25519};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

/// The largest committee. It bounds a certificate, and keeps every count in one byte.
pub const MAX_VALIDATORS: usize = 100;

/// The most that stands before the signatures: three varints, the payload, the bitmap and a count.
const MAX_HEAD_LENGTH: usize = 3 * 10 + 32 + 8 + 13 + 1;

/// The longest certificate: all of the largest committee signed it.
const MAX_CERTIFICATE_LENGTH: usize = MAX_HEAD_LENGTH + MAX_VALIDATORS * 64;

/// What the engine appends to a network's namespace for votes that finalise
/// (`commonware-consensus`, `simplex/scheme/mod.rs`, `FINALIZE_SUFFIX`).
const FINALIZE_SUFFIX: &[u8] = b"_FINALIZE";

/// The namespace under which a network's validators vote: what the engine is given as its own.
pub fn certificate_namespace(network: &Hash) -> Vec<u8> {
    [b"allonge/".as_slice(), network.as_ref()].concat()
}

/// What a committee votes on: that the block whose header has the hash `payload` is final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Proposal {
    epoch: u64,
    view: u64,
    parent_view: u64,
    payload: Hash,
}

impl Proposal {
    /// A proposal of round (`epoch`, `view`) that builds on the one of `parent_view` in the same epoch.
    ///
    /// View 0 is where every epoch starts from, so the first proposal of an epoch has view 1 or later.
    pub fn new(epoch: u64, view: u64, parent_view: u64, payload: Hash) -> Result<Self, CertificateError> {
        // No honest validator votes otherwise (simplex/actors/voter/state.rs, `ensure_parent_precedes`).
        if parent_view >= view {
            return Err(CertificateError::ParentNotEarlier { view, parent_view });
        }
        Ok(Proposal { epoch, view, parent_view, payload })
    }

    /// The epoch, which says whose roster the validators are counted in.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// The view: which attempt of the epoch to agree on a block.
    pub fn view(&self) -> u64 {
        self.view
    }

    /// The view of the proposal that this one builds on.
    pub fn parent_view(&self) -> u64 {
        self.parent_view
    }

    /// The hash of the header.
    pub fn payload(&self) -> &Hash {
        &self.payload
    }

    /// The bytes a validator signs to make this proposal final.
    pub fn signed_message(&self, namespace: &[u8]) -> Vec<u8> {
        let namespace = [namespace, FINALIZE_SUFFIX].concat();
        let mut message = Vec::with_capacity(namespace.len() + 72);
        put_varint(&mut message, u64::try_from(namespace.len()).unwrap_or(u64::MAX));
        message.extend_from_slice(&namespace);
        self.put(&mut message);
        message
    }

    fn put(&self, out: &mut Vec<u8>) {
        put_varint(out, self.epoch);
        put_varint(out, self.view);
        put_varint(out, self.parent_view);
        out.extend_from_slice(self.payload.as_bytes());
    }

    fn take(bytes: &mut &[u8]) -> Result<Self, CertificateError> {
        let (epoch, view, parent_view) = (take_varint(bytes)?, take_varint(bytes)?, take_varint(bytes)?);
        Proposal::new(epoch, view, parent_view, Hash::new(take(bytes)?))
    }
}

/// One validator's signature over a proposal's [`signed_message`](Proposal::signed_message).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Vote {
    /// The validator's place in the [`Roster`], from 0.
    pub signer: u8,
    /// The ed25519 signature (RFC 8032).
    pub signature: [u8; 64],
}

/// Proof that a quorum of a committee made a proposal final.
///
/// It always has at least a quorum of signatures, one each of distinct validators; only
/// [`verify`](Certificate::verify) says whether they hold. The caller compares the
/// [`proposal`](Certificate::proposal) with the header that it has, and its epoch with the roster's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Certificate {
    proposal: Proposal,
    /// How many validators the committee has.
    validators: u8,
    /// Bit `i` is set when validator `i` signed.
    signers: u128,
    /// In the order of the signers.
    signatures: Vec<[u8; 64]>,
}

impl Certificate {
    /// Puts the votes of a committee together, in whatever order they came. Signatures are not checked.
    ///
    /// A network of one calls it with one vote.
    pub fn assemble(
        proposal: Proposal,
        roster: &Roster,
        votes: impl IntoIterator<Item = Vote>,
    ) -> Result<Self, CertificateError> {
        let mut signers = 0_u128;
        let mut ordered = Vec::with_capacity(roster.len());
        for vote in votes {
            let Vote { signer, .. } = vote;
            roster.get(signer).ok_or(CertificateError::UnknownSigner { signer })?;
            let bit = 1 << signer;
            if signers & bit != 0 {
                return Err(CertificateError::DuplicateSigner { signer });
            }
            signers |= bit;
            ordered.push(vote);
        }
        ordered.sort_unstable_by_key(|vote| vote.signer);
        let signatures = ordered.into_iter().map(|vote| vote.signature).collect();
        Certificate { proposal, validators: roster.size(), signers, signatures }.with_quorum()
    }

    /// The proposal that is final.
    pub fn proposal(&self) -> &Proposal {
        &self.proposal
    }

    /// How many validators the committee has.
    pub fn validators(&self) -> u8 {
        self.validators
    }

    /// Who signed, and how, by place in the roster.
    pub fn votes(&self) -> impl Iterator<Item = Vote> {
        self.signers().zip(&self.signatures).map(|(signer, signature)| Vote { signer, signature: *signature })
    }

    /// Checks that a quorum of `roster` signed the proposal under `namespace`.
    ///
    /// All signatures are checked as one batch by ZIP-215, as the engine does.
    pub fn verify(&self, namespace: &[u8], roster: &Roster) -> Result<(), CertificateError> {
        expect_committee(self.validators, roster.len())?;
        let message = self.proposal.signed_message(namespace);
        let keys = self
            .signers()
            .map(|signer| roster.get(signer).ok_or(CertificateError::UnknownSigner { signer }))
            .collect::<Result<Vec<_>, _>>()?;
        let signed = keys.into_iter().zip(&self.signatures);
        verify_batch(signed.map(|(key, signature)| (key.as_bytes(), message.as_slice(), signature)))
            .map_err(|_| CertificateError::SignatureInvalid)
    }

    /// The bytes of the engine's `Finalization`.
    pub fn encode(&self) -> Vec<u8> {
        let signatures = self.signatures.as_flattened();
        let mut out = Vec::with_capacity(MAX_HEAD_LENGTH + signatures.len());
        self.proposal.put(&mut out);
        // commonware-utils, bitmap/mod.rs: the number of bits, then the bits, the lowest first.
        out.extend_from_slice(&u64::from(self.validators).to_be_bytes());
        let bitmap = self.signers.to_le_bytes();
        out.extend(bitmap.iter().take(bitmap_length(self.validators)));
        put_varint(&mut out, u64::from(self.signers.count_ones()));
        out.extend_from_slice(signatures);
        out
    }

    /// Reads a certificate of a committee of `validators`. A certificate has one encoding; anything else
    /// is refused.
    pub fn decode(bytes: &[u8], validators: usize) -> Result<Self, CertificateError> {
        Self::decode_of(bytes, Some(validators))
    }

    fn decode_of(mut bytes: &[u8], expected: Option<usize>) -> Result<Self, CertificateError> {
        let bytes = &mut bytes;
        let proposal = Proposal::take(bytes)?;

        let found = u64::from_be_bytes(take(bytes)?);
        let validators = u8::try_from(found)
            .ok()
            .filter(|size| (1..=MAX_VALIDATORS).contains(&usize::from(*size)))
            .ok_or(CertificateError::CommitteeOutOfRange { found })?;
        if let Some(expected) = expected {
            expect_committee(validators, expected)?;
        }
        let mut bitmap = [0; 16];
        for (bits, byte) in bitmap.iter_mut().zip(take_slice(bytes, bitmap_length(validators))?) {
            *bits = *byte;
        }
        let signers = u128::from_le_bytes(bitmap);
        if signers >> validators != 0 {
            return Err(CertificateError::PaddingBit);
        }

        let count = take_varint(bytes)?;
        if count != u64::from(signers.count_ones()) {
            return Err(CertificateError::SignatureCount {
                signers: signers.count_ones(),
                signatures: count,
            });
        }
        let signatures = (0..count).map(|_| take(bytes)).collect::<Result<_, _>>()?;
        if !bytes.is_empty() {
            return Err(CertificateError::TrailingBytes);
        }
        Certificate { proposal, validators, signers, signatures }.with_quorum()
    }

    fn with_quorum(self) -> Result<Self, CertificateError> {
        let (signers, quorum) = (self.signers.count_ones(), quorum(self.validators));
        if signers < u32::from(quorum) {
            return Err(CertificateError::QuorumNotReached { signers, quorum });
        }
        Ok(self)
    }

    fn signers(&self) -> impl Iterator<Item = u8> {
        let signers = self.signers;
        (0..self.validators).filter(move |signer| (signers >> signer) & 1 == 1)
    }
}

/// The encoding, with its length before it. How large the committee is, is then for
/// [`verify`](Certificate::verify) to see.
impl BorshSerialize for Certificate {
    fn serialize<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        BorshSerialize::serialize(&self.encode(), writer)
    }
}

impl BorshDeserialize for Certificate {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        let length = u32::deserialize_reader(reader)?;
        let length = usize::try_from(length).ok().filter(|length| *length <= MAX_CERTIFICATE_LENGTH);
        let mut bytes = vec![0; length.ok_or_else(|| invalid_data(CertificateError::TrailingBytes))?];
        reader.read_exact(&mut bytes)?;
        Self::decode_of(&bytes, None).map_err(invalid_data)
    }
}

/// Why a certificate is not one, or does not prove what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// The bytes end too early.
    #[error("the certificate is cut short; fetch it again")]
    Truncated,
    /// Bytes follow the last signature.
    #[error("bytes follow the certificate; pass exactly its own")]
    TrailingBytes,
    /// A number is longer than it need be, or does not fit in 64 bits.
    #[error("a number is not encoded as the shortest varint of at most 64 bits")]
    Varint,
    /// A proposal says that it builds on itself or on a later one.
    #[error("view {view} cannot build on view {parent_view}")]
    ParentNotEarlier {
        /// The proposal's view.
        view: u64,
        /// The view it says it builds on.
        parent_view: u64,
    },
    /// The committee is empty or larger than [`MAX_VALIDATORS`].
    #[error("a committee has 1 to 100 validators, not {found}")]
    CommitteeOutOfRange {
        /// The size that the certificate gives.
        found: u64,
    },
    /// The certificate is of a committee of another size.
    #[error("the certificate is of a committee of {found}, not of {expected}; use the roster of its epoch")]
    OtherCommittee {
        /// The size that the certificate gives.
        found: u8,
        /// The size of the roster.
        expected: usize,
    },
    /// A bit is set behind the last validator's.
    #[error("the bitmap of signers names a validator that the committee does not have")]
    PaddingBit,
    /// There are more or fewer signatures than signers.
    #[error("{signers} validators signed, but there are {signatures} signatures")]
    SignatureCount {
        /// How many bits are set.
        signers: u32,
        /// How many signatures are announced.
        signatures: u64,
    },
    /// Fewer validators signed than a quorum.
    #[error("{signers} validators signed, and a quorum is {quorum}")]
    QuorumNotReached {
        /// How many signed.
        signers: u32,
        /// How many are needed.
        quorum: u8,
    },
    /// A vote is by nobody in the roster.
    #[error("the roster has no validator {signer}")]
    UnknownSigner {
        /// The place that the vote gives.
        signer: u8,
    },
    /// Two votes are by one validator.
    #[error("validator {signer} voted twice; keep one of the votes")]
    DuplicateSigner {
        /// The validator's place.
        signer: u8,
    },
    /// At least one signature does not hold for this proposal, namespace and roster.
    #[error("a signature does not hold; compare network, epoch and roster, or ask another node")]
    SignatureInvalid,
}

/// A validator's ed25519 key, vetted: canonical, and of the prime-order subgroup.
///
/// ZIP-215, by which signatures are judged, would let odd keys sign what nobody signed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, Serialize, Deserialize)]
#[serde(try_from = "PublicKey", into = "PublicKey")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "PublicKey"))]
pub struct ValidatorKey([u8; 32]);

impl ValidatorKey {
    /// Vets the 32 bytes of a key.
    pub fn new(key: [u8; 32]) -> Result<Self, KeyError> {
        vet_ed25519(&key)?;
        Ok(ValidatorKey(key))
    }

    /// The 32 bytes of the key.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl TryFrom<PublicKey> for ValidatorKey {
    type Error = KeyError;

    fn try_from(key: PublicKey) -> Result<Self, KeyError> {
        match key {
            PublicKey::Ed25519(key) => ValidatorKey::new(key),
        }
    }
}

impl From<ValidatorKey> for PublicKey {
    fn from(key: ValidatorKey) -> Self {
        PublicKey::Ed25519(key.0)
    }
}

impl std::fmt::Debug for ValidatorKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        PublicKey::from(*self).fmt(f)
    }
}

impl BorshDeserialize for ValidatorKey {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        ValidatorKey::new(BorshDeserialize::deserialize_reader(reader)?).map_err(invalid_data)
    }
}

/// The committee of an epoch: 1 to [`MAX_VALIDATORS`] distinct keys, ascending by their bytes, which is
/// how the engine orders and numbers its participants.
///
/// Reading one vets every key, which costs more than checking a certificate: read it once and keep it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, BorshSerialize, Serialize, Deserialize)]
#[serde(try_from = "Vec<ValidatorKey>", into = "Vec<ValidatorKey>")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "Vec<ValidatorKey>"))]
pub struct Roster(Vec<ValidatorKey>);

impl Roster {
    /// Takes keys that are in order.
    pub fn new(validators: Vec<ValidatorKey>) -> Result<Self, RosterError> {
        if !(1..=MAX_VALIDATORS).contains(&validators.len()) {
            return Err(RosterError::SizeOutOfRange { found: validators.len() });
        }
        if !validators.is_sorted_by(|a, b| a < b) {
            return Err(RosterError::NotAscending);
        }
        Ok(Roster(validators))
    }

    /// The keys, in order.
    pub fn validators(&self) -> &[ValidatorKey] {
        &self.0
    }

    /// How many validators there are: at least one.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// How many of them must sign: all but the third, rounded down, that may be faulty.
    pub fn quorum(&self) -> usize {
        usize::from(quorum(self.size()))
    }

    /// The key at a place, from 0.
    pub fn get(&self, signer: u8) -> Option<&ValidatorKey> {
        self.0.get(usize::from(signer))
    }

    /// The place of a key, which its votes carry.
    pub fn position(&self, key: &ValidatorKey) -> Option<u8> {
        self.0.binary_search(key).ok().and_then(|place| u8::try_from(place).ok())
    }

    fn size(&self) -> u8 {
        // `new` bounds it.
        u8::try_from(self.0.len()).unwrap_or(u8::MAX)
    }
}

impl TryFrom<Vec<ValidatorKey>> for Roster {
    type Error = RosterError;

    fn try_from(validators: Vec<ValidatorKey>) -> Result<Self, RosterError> {
        Roster::new(validators)
    }
}

impl From<Roster> for Vec<ValidatorKey> {
    fn from(roster: Roster) -> Self {
        roster.0
    }
}

impl BorshDeserialize for Roster {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        let length = usize::try_from(u32::deserialize_reader(reader)?).unwrap_or(usize::MAX);
        // Before any key is vetted: an announced length costs nothing.
        if length > MAX_VALIDATORS {
            return Err(invalid_data(RosterError::SizeOutOfRange { found: length }));
        }
        let validators = (0..length).map(|_| ValidatorKey::deserialize_reader(reader));
        Roster::new(validators.collect::<io::Result<_>>()?).map_err(invalid_data)
    }
}

/// Why keys make no committee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RosterError {
    /// The committee is empty or larger than [`MAX_VALIDATORS`].
    #[error("a committee has 1 to 100 validators, not {found}")]
    SizeOutOfRange {
        /// How many keys there are.
        found: usize,
    },
    /// A key stands before a lesser one, or twice.
    #[error("validators must stand once each, ascending by the bytes of their keys; sort them")]
    NotAscending,
}

fn expect_committee(found: u8, expected: usize) -> Result<(), CertificateError> {
    if usize::from(found) != expected {
        return Err(CertificateError::OtherCommittee { found, expected });
    }
    Ok(())
}

/// `n - f`, with `f = (n - 1) / 3` (commonware-utils, faults.rs, `N3f1`).
fn quorum(validators: u8) -> u8 {
    validators - validators.saturating_sub(1) / 3
}

fn bitmap_length(validators: u8) -> usize {
    usize::from(validators.div_ceil(8))
}

/// Unsigned LEB128, as commonware-codec's varint.rs writes `UInt`.
fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    loop {
        let [low, ..] = value.to_le_bytes();
        value >>= 7;
        if value == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

fn take_varint(bytes: &mut &[u8]) -> Result<u64, CertificateError> {
    let mut value = 0;
    for shift in (0..u64::BITS).step_by(7) {
        let [byte] = take(bytes)?;
        let longer_than_it_need_be = shift > 0 && byte == 0;
        let beyond_64_bits = shift == 63 && byte > 1;
        if longer_than_it_need_be || beyond_64_bits {
            return Err(CertificateError::Varint);
        }
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(value);
        }
    }
    Err(CertificateError::Varint)
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], CertificateError> {
    let (taken, rest) = bytes.split_first_chunk().ok_or(CertificateError::Truncated)?;
    *bytes = rest;
    Ok(*taken)
}

fn take_slice<'a>(bytes: &mut &'a [u8], length: usize) -> Result<&'a [u8], CertificateError> {
    let (taken, rest) = bytes.split_at_checked(length).ok_or(CertificateError::Truncated)?;
    *bytes = rest;
    Ok(taken)
}

fn invalid_data(error: impl std::error::Error + Send + Sync + 'static) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
