//! A light client: follows the headers of a network by their certificates, over every change of the roster, without the
//! transactions below them.
//!
//! A header commits to the one below, so the certificate of the last proves all of them; and the last header of each
//! epoch, certified, says who certifies the next.

use allonge_crypto::Hash;
use borsh::{BorshDeserialize, BorshSerialize};

use crate::block::Header;
use crate::certificate::{Certificate, Roster};
use crate::chain::Tip;
use crate::embedded::Embedded;
use crate::error::Error;
use crate::receipt::Trust;
use crate::registry::{HEADERS_INVALID, RECEIPT_WRONG_NETWORK};
use crate::rules::Rules;
use crate::state::{canonical, from_canonical};

/// A light client takes at most so many headers at once.
pub const MAX_HEADERS: usize = 4_096;
/// And at most so many bytes of them.
pub const MAX_HEADERS_BYTES: usize = 32 << 20;

/// A header as a light client hears of it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct LightHeader {
    /// The header.
    pub header: Header,
    /// What makes it final; nothing where the certificate of a later one does.
    pub certificate: Option<Certificate>,
    /// The roster that the last header of an epoch names.
    pub next_roster: Option<Roster>,
}

/// Who follows the headers of a network.
#[derive(Clone, Debug)]
pub struct LightClient {
    trust: Trust,
    tip: Tip,
    roster: Roster,
}

/// Where a light client stands, as it keeps it.
#[derive(BorshSerialize, BorshDeserialize)]
struct Kept {
    network: Hash,
    tip: Tip,
    roster: Roster,
}

impl LightClient {
    /// Begins at the genesis.
    ///
    /// Errors: `genesis.invalid`.
    pub fn new(trust: Trust) -> Result<Self, Error> {
        trust.genesis().initial_state()?;
        let tip = Tip::genesis(&trust, Hash::ZERO);
        let roster = trust.genesis().roster.clone();
        Ok(LightClient { tip, roster, trust })
    }

    /// Goes on from where one stood that was kept with [`to_bytes`](LightClient::to_bytes): these bytes are trusted as the
    /// genesis is.
    ///
    /// Errors: `headers.invalid`, `receipt.wrong_network`.
    pub fn from_bytes(trust: Trust, bytes: &[u8]) -> Result<Self, Error> {
        let kept = (bytes.len() <= MAX_HEADERS_BYTES).then(|| from_canonical::<Kept>(bytes));
        let kept = kept.and_then(Result::ok).ok_or_else(|| invalid(0, "what was kept cannot be read"))?;
        let Kept { network, tip, roster } = kept;
        if network != trust.network() {
            let error = RECEIPT_WRONG_NETWORK.error().with("given", network);
            return Err(error.with("expected", trust.network()));
        }
        Ok(LightClient { trust, tip, roster })
    }

    /// Where it stands: to be kept, and to be given to whoever trusts this client.
    pub fn to_bytes(&self) -> Vec<u8> {
        let (network, tip, roster) = (self.trust.network(), self.tip.clone(), self.roster.clone());
        canonical(&Kept { network, tip, roster })
    }

    /// The newest header that it knows to be final; the genesis before the first.
    pub fn tip(&self) -> &Tip {
        &self.tip
    }

    /// Who certifies the next header.
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// What it trusts.
    pub fn trust(&self) -> &Trust {
        &self.trust
    }

    /// Follows headers, the bytes of a list of [`LightHeader`] from the next height on, up to the last that is certified.
    /// Those behind it are to be asked for again. When one does not hold it stays where it was.
    ///
    /// Errors: `headers.invalid`.
    pub fn follow(&mut self, headers: &[u8]) -> Result<(), Error> {
        let height = self.tip.height;
        if headers.len() > MAX_HEADERS_BYTES {
            return Err(invalid(height, "they are too many"));
        }
        let headers: Vec<LightHeader> =
            from_canonical(headers).map_err(|error| invalid(height, "they cannot be read").because(error))?;
        if headers.len() > MAX_HEADERS {
            return Err(invalid(height, "they are too many"));
        }
        self.follow_headers(&headers)
    }

    /// As [`follow`](LightClient::follow).
    pub fn follow_headers(&mut self, headers: &[LightHeader]) -> Result<(), Error> {
        let below = self.tip.height;
        let last = headers.iter().rposition(|one| one.certificate.is_some());
        let Some(last) = last else {
            return if headers.is_empty() { Ok(()) } else { Err(invalid(below, "none is certified")) };
        };
        let (mut tip, mut roster) = (self.tip.clone(), self.roster.clone());
        for (place, one) in headers.iter().enumerate().take(last.saturating_add(1)) {
            let LightHeader { header, certificate, next_roster } = one;
            tip.check_next(&self.trust, header).map_err(|reason| invalid(below, reason))?;
            // The certificate of the last proves those below it, up to the last of the epoch before.
            if place == last || header.next_roster.is_some() {
                let certificate = certificate.as_ref();
                let certificate =
                    certificate.ok_or_else(|| invalid(below, "the last of an epoch is not certified"))?;
                self.trust
                    .verify_by(&roster, header, certificate)
                    .map_err(|error| invalid(below, "a certificate does not hold").because(error))?;
            }
            if let Some(named) = header.next_roster {
                let next = next_roster.as_ref();
                let next = next.filter(|next| next.hash(self.trust.genesis().hash_suite) == named);
                roster = next.cloned().ok_or_else(|| invalid(below, "the next roster is another"))?;
            }
            tip = tip.next(&self.trust, header);
        }
        (self.tip, self.roster) = (tip, roster);
        Ok(())
    }
}

fn invalid(height: u64, reason: &str) -> Error {
    HEADERS_INVALID.error().with("height", height).with("reason", reason)
}

impl<R: Rules> Embedded<R> {
    /// At most so many headers above a height, for a light client.
    ///
    /// Errors: `store.*`.
    pub fn light_headers(&self, after: u64, limit: usize) -> Result<Vec<LightHeader>, Error> {
        let above = (after.saturating_add(1)..=self.height()).take(limit.min(MAX_HEADERS));
        above.map(|height| self.light_header(height)).collect()
    }

    /// The header of a height, for a light client.
    ///
    /// Errors: `block.unknown`, `store.*`.
    pub fn light_header(&self, height: u64) -> Result<LightHeader, Error> {
        let block = self.block(height)?;
        let next = block.header.next_roster.and_then(|_| block.header.epoch.checked_add(1));
        let next_roster = next.and_then(|next| Some(self.epochs().get(next)?.roster.clone()));
        Ok(LightHeader { header: block.header.clone(), certificate: block.certificate.clone(), next_roster })
    }
}
