//! Tier P4: documents whose texts are nearly the same, by MinHash with bands (Broder 1997; Leskovec, Rajaraman and
//! Ullman, Mining of Massive Datasets, ch. 3).

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::spelling::{fold, squeeze};
use super::{FingerprintInput, FingerprintInputError};

/// The longest text, in bytes of UTF-8.
pub const MAX_TEXT_BYTES: usize = 262_144;
/// A text with fewer letters and digits is refused.
pub const MIN_TEXT_CHARACTERS: usize = 200;
/// So many bands a text has.
pub const TEXT_BANDS: usize = 16;

/// Texts of which a part s of all shingles is common share a band with the probability 1 - (1 - s^20)^16: 0.9998 at
/// 0.96, 0.87 at 0.9, and 0.02 at 0.71, where different invoices on one form may lie.
const ROWS: usize = 20;
/// Letters and digits that follow each other.
const SHINGLE: usize = 5;
/// The prime 2^61 - 1, modulo which the permutations are.
const PRIME: u64 = (1 << 61) - 1;
const PERMUTATION_DOMAIN: &str = "allonge/fingerprint-minhash/1";

/// One input for each band.
pub(super) fn inputs(text: &str) -> Result<Vec<FingerprintInput>, FingerprintInputError> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(FingerprintInputError::TooLong { field: "text", limit: MAX_TEXT_BYTES });
    }
    let characters: Vec<char> = squeeze(&fold(text)).chars().collect();
    if characters.len() < MIN_TEXT_CHARACTERS {
        return Err(FingerprintInputError::TextTooShort);
    }
    let shingles = shingles(&characters);
    let band = |band: u32| {
        let rows = (0..).take(ROWS).map(|row| Permutation::new(band, row).least(&shingles).to_le_bytes());
        let input = FingerprintInput::new("P4", "band").text(&band.to_string());
        input.bytes(rows.collect::<Vec<_>>().as_flattened())
    };
    Ok((0..).take(TEXT_BANDS).map(band).collect())
}

/// Each shingle once, as a number below the prime.
fn shingles(characters: &[char]) -> BTreeSet<u64> {
    let hash = |shingle: &[char]| word(&Sha256::digest(shingle.iter().collect::<String>()), 0) % PRIME;
    characters.windows(SHINGLE).map(hash).collect()
}

/// h -> a·h + b modulo the prime.
struct Permutation {
    a: u64,
    b: u64,
}

impl Permutation {
    fn new(band: u32, row: u32) -> Self {
        let mut hasher = Sha256::new_with_prefix(PERMUTATION_DOMAIN);
        hasher.update(band.to_le_bytes());
        hasher.update(row.to_le_bytes());
        let bytes = hasher.finalize();
        Permutation { a: word(&bytes, 0) % (PRIME - 1) + 1, b: word(&bytes, 8) % PRIME }
    }

    fn least(&self, shingles: &BTreeSet<u64>) -> u64 {
        shingles.iter().map(|shingle| self.of(*shingle)).min().unwrap_or_default()
    }

    fn of(&self, shingle: u64) -> u64 {
        let value = u128::from(self.a) * u128::from(shingle) + u128::from(self.b);
        // 2^61 is 1 modulo the prime, so the upper bits are added to the lower.
        let prime = u128::from(PRIME);
        let once = (value & prime) + (value >> 61);
        let twice = (once & prime) + (once >> 61);
        u64::try_from(if twice >= prime { twice - prime } else { twice }).unwrap_or_default()
    }
}

/// Eight bytes at a place, little-endian.
fn word(bytes: &[u8], place: usize) -> u64 {
    let eight = bytes.get(place..).and_then(|rest| rest.first_chunk::<8>());
    eight.map_or(0, |eight| u64::from_le_bytes(*eight))
}
