//! Handovers: how whoever trusts the genesis comes to trust the roster of a later epoch.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::block::{HEADER_VERSION, Header};
use crate::certificate::{Certificate, Roster};
use crate::embedded::Embedded;
use crate::error::Error;
use crate::receipt::Trust;
use crate::registry::{RECEIPT_INVALID, damaged};
use crate::rules::Rules;

/// The last header of an epoch, certified by its roster, with the roster that it names for the next.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Handover {
    /// The last header of the epoch.
    pub header: Header,
    /// What makes it final.
    pub certificate: Certificate,
    /// The roster of the next epoch.
    pub roster: Roster,
}

impl Trust {
    /// The roster that the handovers from the genesis on lead to.
    ///
    /// Errors: `receipt.invalid`.
    pub fn verify_handovers<'a>(&'a self, handovers: &'a [Handover]) -> Result<&'a Roster, Error> {
        let invalid = || RECEIPT_INVALID.error().with("part", "handover to the next roster");
        let genesis = self.genesis();
        let (mut roster, mut below) = (&genesis.roster, 0);
        for (epoch, Handover { header, certificate, roster: next }) in (0_u64..).zip(handovers) {
            let named = header.next_roster == Some(next.hash(genesis.hash_suite));
            let follows = header.epoch == epoch && header.height > below;
            let known = header.network == self.network() && header.version == HEADER_VERSION;
            if !(named && follows && known) {
                return Err(invalid());
            }
            self.verify_by(roster, header, certificate).map_err(|error| invalid().because(error))?;
            (roster, below) = (next, header.height);
        }
        Ok(roster)
    }

    /// Checks that a header of this network is certified by the roster of its epoch, to which the handovers lead.
    ///
    /// Errors: `receipt.invalid`.
    pub fn verify_header(
        &self,
        header: &Header,
        certificate: &Certificate,
        handovers: &[Handover],
    ) -> Result<(), Error> {
        let invalid = || RECEIPT_INVALID.error().with("part", "epoch");
        let epoch = u64::try_from(handovers.len()).map_err(|_| invalid())?;
        let below = handovers.last().map_or(0, |handover| handover.header.height);
        if header.epoch != epoch || header.height <= below {
            return Err(invalid());
        }
        self.verify_by(self.verify_handovers(handovers)?, header, certificate)
    }

    /// Checks that a header of this network is certified by this roster, which is that of its epoch.
    ///
    /// Errors: `receipt.invalid`.
    pub fn verify_by(
        &self,
        roster: &Roster,
        header: &Header,
        certificate: &Certificate,
    ) -> Result<(), Error> {
        let invalid = |part: &str| RECEIPT_INVALID.error().with("part", part);
        let proposal = certificate.proposal();
        if proposal.payload() != &header.digest(self.genesis().hash_suite) {
            return Err(invalid("certificate, which is of another block,"));
        }
        if proposal.epoch() != header.epoch {
            return Err(invalid("epoch"));
        }
        certificate.verify(self.namespace(), roster).map_err(|source| invalid("certificate").because(source))
    }
}

impl<R: Rules> Embedded<R> {
    /// The handovers from the genesis to the roster of an epoch.
    ///
    /// Errors: `store.*`.
    pub fn handovers(&self, epoch: u64) -> Result<Vec<Handover>, Error> {
        let mut known = self.known_handovers();
        let mut next = u64::try_from(known.len()).unwrap_or(u64::MAX);
        while next < epoch {
            known.push(self.handover(next)?);
            next = next.saturating_add(1);
        }
        Ok(known.iter().take(usize::try_from(epoch).unwrap_or(usize::MAX)).cloned().collect())
    }

    fn handover(&self, epoch: u64) -> Result<Handover, Error> {
        let lost = || damaged(self.log_path(), "the last block of an epoch is missing");
        let epochs = self.epochs();
        let last = epochs.last_height(epoch).ok_or_else(lost)?;
        let next = epoch.checked_add(1).and_then(|next| epochs.get(next)).ok_or_else(lost)?;
        let block = self.block(last)?;
        let certificate = block.certificate.clone().ok_or_else(lost)?;
        Ok(Handover { header: block.header.clone(), certificate, roster: next.roster.clone() })
    }
}
