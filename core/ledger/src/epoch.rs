//! Epochs: whose keys certify which blocks, and how the validators change that.
//!
//! A roster is in office for an epoch. Its validators approve the next one by their signatures, in transactions of
//! whichever party; when a quorum has approved the same, it takes office some blocks later, and the last header of
//! the old epoch names it.

use std::sync::Arc;

use allonge_crypto::{Hash, HashSuite, PublicKey, Signature};
use allonge_finance::Timestamp;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::certificate::{Roster, ValidatorKey};
use crate::chain::MAX_LAG;
use crate::error::Error;
use crate::genesis::Genesis;
use crate::operation::LedgerEvent;
use crate::registry::{ROSTER_REFUSED, STORE_CORRUPT};
use crate::rules::{Context, Record};
use crate::state::{StateReader, Stored, canonical, read_record};

/// A roster takes office so many blocks above the one in which a quorum approved it: by then every validator that
/// votes has executed that block.
pub const HANDOVER_BLOCKS: u64 = 2 * MAX_LAG + 1;
/// A network has at most so many epochs.
pub const MAX_EPOCHS: u64 = 1_024;
/// Approvals count for at most so many days.
pub const MAX_APPROVAL_DAYS: i64 = 30;

const ROSTER_DOMAIN: &str = "allonge/roster/1";
const APPROVAL_DOMAIN: &[u8] = b"allonge/roster-approval/1";

/// Who is in office from when on.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Epoch {
    /// The height of its first block.
    pub from_height: u64,
    /// Who certifies its blocks.
    pub roster: Roster,
}

impl Stored for Epoch {
    type Id = u64;
    const KIND: u8 = 0x0c;
}

/// The rosters that validators of an epoch have approved while no quorum has approved one.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RosterProposals {
    /// At most one for each validator, in the order in which they came.
    pub proposals: Vec<RosterProposal>,
}

/// A roster that is to follow.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RosterProposal {
    /// The roster.
    pub roster: Roster,
    /// Until when approvals count.
    pub valid_until: Timestamp,
    /// Who has approved it, in the order of their keys.
    pub approved_by: Vec<ValidatorKey>,
}

impl Stored for RosterProposals {
    type Id = u64;
    const KIND: u8 = 0x0d;
}

impl Roster {
    /// What the last header of an epoch says of the next: a hash of the canonical bytes.
    pub fn hash(&self, suite: HashSuite) -> Hash {
        suite.hash(ROSTER_DOMAIN, &canonical(self))
    }
}

/// What a validator signs to approve the roster that is to follow on that of an epoch: a domain tag with its length,
/// the network, and the canonical bytes of epoch, roster and time.
pub fn roster_approval_message(
    network: &Hash,
    epoch: u64,
    roster: &Roster,
    valid_until: Timestamp,
) -> Vec<u8> {
    let mut message = vec![u8::try_from(APPROVAL_DOMAIN.len()).unwrap_or(u8::MAX)];
    message.extend_from_slice(APPROVAL_DOMAIN);
    message.extend_from_slice(network.as_bytes());
    message.extend_from_slice(&canonical(&(epoch, roster, valid_until)));
    message
}

/// A validator approves a roster; when a quorum has, it is certain to take office.
pub(crate) fn approve_roster<E: Record>(
    context: &mut Context<'_, E>,
    epoch: u64,
    roster: &Roster,
    valid_until: Timestamp,
    validator: &ValidatorKey,
    signature: &Signature,
) -> Result<(), Error> {
    let refuse = |reason: &str| Err(ROSTER_REFUSED.error().with("epoch", epoch).with("reason", reason));
    let next = epoch.saturating_add(1);
    if epoch != context.epoch() {
        return refuse("epoch_not_in_office");
    }
    if context.get::<Epoch>(&next)?.is_some() {
        return refuse("decided");
    }
    if next >= MAX_EPOCHS {
        return refuse("too_many_epochs");
    }
    let current = context.get::<Epoch>(&epoch)?.ok_or_else(|| {
        STORE_CORRUPT.error().with("path", "the state").with("reason", "it names no roster in office")
    })?;
    // A ledger in one process has no one to hand over to.
    if current.roster.len() == 1 {
        return refuse("network_of_one");
    }
    if current.roster == *roster {
        return refuse("unchanged");
    }
    let latest = context.now().millis().saturating_add(MAX_APPROVAL_DAYS.saturating_mul(86_400_000));
    if valid_until <= context.now() || valid_until.millis() > latest {
        return refuse("time");
    }
    if current.roster.position(validator).is_none() {
        return refuse("not_a_validator");
    }
    let message = roster_approval_message(&context.network(), epoch, roster, valid_until);
    if PublicKey::from(*validator).verify(&message, signature).is_err() {
        return refuse("signature");
    }

    let mut proposals = context.get::<RosterProposals>(&epoch)?.unwrap_or_default().proposals;
    let same = |proposal: &RosterProposal| proposal.roster == *roster && proposal.valid_until == valid_until;
    if proposals.iter().any(|proposal| same(proposal) && proposal.approved_by.contains(validator)) {
        return refuse("approved_already");
    }
    // Who approves another roster takes back what it approved before.
    for proposal in &mut proposals {
        proposal.approved_by.retain(|other| other != validator);
    }
    let now = context.now();
    proposals.retain(|proposal| !proposal.approved_by.is_empty() && proposal.valid_until > now);
    let mut proposal = match proposals.iter().position(same) {
        Some(place) => proposals.remove(place),
        None => RosterProposal { roster: roster.clone(), valid_until, approved_by: Vec::new() },
    };
    proposal.approved_by.push(*validator);
    proposal.approved_by.sort();
    let approvals = proposal.approved_by.len();
    context.emit_ledger(LedgerEvent::RosterApproved {
        epoch,
        roster: roster.clone(),
        validator: *validator,
        approvals: u16::try_from(approvals).unwrap_or(u16::MAX),
    });
    if approvals < current.roster.quorum() {
        proposals.push(proposal);
        context.put(&epoch, &RosterProposals { proposals });
        return Ok(());
    }
    let from_height = context.height().saturating_add(HANDOVER_BLOCKS);
    context.put(&epoch, &RosterProposals::default());
    context.put(&next, &Epoch { from_height, roster: roster.clone() });
    context.emit_ledger(LedgerEvent::RosterScheduled { epoch: next, from_height, roster: roster.clone() });
    Ok(())
}

/// The epochs that are known, from that of the genesis on. The last may be to come.
#[derive(Clone, Debug)]
pub struct Epochs {
    suite: HashSuite,
    known: Vec<Arc<Epoch>>,
}

impl Epochs {
    /// What the genesis says.
    pub(crate) fn of(genesis: &Genesis) -> Self {
        Epochs { suite: genesis.hash_suite, known: vec![Arc::new(Epoch::first(genesis))] }
    }

    /// Learns what the state has beyond what is known.
    ///
    /// Errors: `store.*`.
    pub(crate) fn catch_up(&mut self, state: &(impl StateReader + ?Sized)) -> Result<(), Error> {
        while let Some(epoch) = read_record::<Epoch>(state, &self.next())? {
            self.known.push(Arc::new(epoch));
        }
        Ok(())
    }

    /// The number of the epoch that is not known yet.
    pub(crate) fn next(&self) -> u64 {
        u64::try_from(self.known.len()).unwrap_or(u64::MAX)
    }

    /// An epoch, if it is known.
    pub fn get(&self, epoch: u64) -> Option<&Arc<Epoch>> {
        self.known.get(usize::try_from(epoch).ok()?)
    }

    /// The newest epoch that is known, with its number.
    pub fn newest(&self) -> (u64, Option<&Arc<Epoch>>) {
        (self.next().saturating_sub(1), self.known.last())
    }

    /// The number of the epoch of a height, as far as is known.
    pub fn at(&self, height: u64) -> u64 {
        let begun = self.known.iter().skip(1).take_while(|epoch| epoch.from_height <= height).count();
        u64::try_from(begun).unwrap_or(u64::MAX)
    }

    /// The last height of an epoch, if that is known.
    pub fn last_height(&self, epoch: u64) -> Option<u64> {
        self.get(epoch.checked_add(1)?)?.from_height.checked_sub(1)
    }

    /// What the header of a height says of the next roster: something only if it is the last of its epoch.
    pub(crate) fn next_roster(&self, height: u64) -> Option<Hash> {
        let next = height.checked_add(1)?;
        let begins = self.known.iter().skip(1).find(|epoch| epoch.from_height == next);
        begins.map(|epoch| epoch.roster.hash(self.suite))
    }
}

impl Epoch {
    /// That of the genesis.
    pub(crate) fn first(genesis: &Genesis) -> Self {
        Epoch { from_height: 1, roster: genesis.roster.clone() }
    }
}
