//! The genesis: everything that must be agreed before the first block, and the trust that receipts are
//! verified against.

use allonge_crypto::{Hash, HashSuite, PublicKey};
use allonge_finance::{Calendar, Currency, PartyId, Timestamp};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::account::AccountId;
use crate::certificate::Roster;
use crate::epoch::Epoch;
use crate::error::Error;
use crate::party::Party;
use crate::registry::{GENESIS_INVALID, STORE_CORRUPT};
use crate::rules::{Context, Record};
use crate::state::{Changes, Stored, canonical};

/// The format of the genesis.
pub const GENESIS_VERSION: u16 = 1;
/// A genesis admits at most this many parties; the registrar admits more later.
pub const MAX_GENESIS_PARTIES: usize = 1_024;

const DOMAIN: &str = "allonge/genesis/1";

/// Everything that must be agreed before the first block. Its hash is the network's id.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Genesis {
    /// The format, now 1.
    pub version: u16,
    /// What people call the network.
    pub name: String,
    /// The time before the first block.
    pub created: Timestamp,
    /// Where block time comes from.
    pub clock: Clock,
    /// The hashes of this network.
    pub hash_suite: HashSuite,
    /// The rules in force at the first block.
    pub rules_version: u32,
    /// The keys that certify the blocks of epoch 0.
    pub roster: Roster,
    /// Who holds which office.
    pub authorities: Authorities,
    /// The parties admitted from the start, the holders of offices among them, ordered by id.
    pub parties: Vec<GenesisParty>,
    /// The calendars published from the start, ordered by id.
    pub calendars: Vec<Calendar>,
}

/// Where block time comes from. Receipts show it, so that a demonstration never passes for business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum Clock {
    /// The clocks of the validators.
    System = 0,
    /// The caller moves the clock, for tests and demonstrations.
    Manual = 1,
}

/// Who holds which office. Each may do exactly its own operations.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Authorities {
    /// Admits parties.
    pub registrar: PartyId,
    /// Publishes calendars.
    pub calendar_publisher: PartyId,
    /// Supervises.
    pub supervisor: PartyId,
    /// Issue the money of one currency each, ordered by currency.
    pub settlement_agents: Vec<SettlementAgent>,
}

/// Who issues the money of a currency.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SettlementAgent {
    /// The currency.
    pub currency: Currency,
    /// Who issues it: the one party whose `issue` account in it may go negative.
    pub party: PartyId,
}

/// A party admitted from the start.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GenesisParty {
    /// Its identifier.
    pub id: PartyId,
    /// Its name.
    pub name: String,
    /// Its keys.
    pub keys: Vec<PublicKey>,
}

impl Stored for Authorities {
    type Id = ();
    const KIND: u8 = 0x04;
}

impl Authorities {
    pub(crate) fn read<E: Record>(context: &Context<'_, E>) -> Result<Self, Error> {
        context.get::<Authorities>(&())?.ok_or_else(|| {
            STORE_CORRUPT.error().with("path", "the state").with("reason", "it names no authorities")
        })
    }

    /// Whether this is the account from which a currency's settlement agent issues money.
    pub(crate) fn issues(&self, account: &AccountId) -> bool {
        account.purpose() == "issue"
            && self
                .settlement_agents
                .iter()
                .any(|agent| agent.currency == account.currency() && &agent.party == account.owner())
    }
}

impl Genesis {
    /// The network's id: a hash of the canonical bytes.
    pub fn network(&self) -> Hash {
        self.hash_suite.hash(DOMAIN, &canonical(self))
    }

    /// The state before the first block, or what is wrong with this genesis.
    pub fn initial_state(&self) -> Result<Changes, Error> {
        let invalid = |reason: &str| GENESIS_INVALID.error().with("reason", reason);
        if self.version != GENESIS_VERSION {
            return Err(invalid("its version is not 1"));
        }
        if self.name.is_empty() || self.name.chars().count() > 140 {
            return Err(invalid("its name has not 1 to 140 characters"));
        }
        if self.parties.len() > MAX_GENESIS_PARTIES || self.calendars.len() > MAX_GENESIS_PARTIES {
            return Err(invalid("it has more than 1,024 parties or calendars"));
        }
        if !self.parties.is_sorted_by(|one, next| one.id < next.id) {
            return Err(invalid("its parties are not strictly ordered by id"));
        }
        if !self.calendars.is_sorted_by(|one, next| one.id() < next.id()) {
            return Err(invalid("its calendars are not strictly ordered by id"));
        }
        let agents = &self.authorities.settlement_agents;
        if !agents.is_sorted_by(|one, next| one.currency < next.currency) {
            return Err(invalid("its settlement agents are not strictly ordered by currency"));
        }
        let offices =
            [&self.authorities.registrar, &self.authorities.calendar_publisher, &self.authorities.supervisor];
        for holder in offices.into_iter().chain(agents.iter().map(|agent| &agent.party)) {
            if self.parties.binary_search_by(|party| party.id.cmp(holder)).is_err() {
                return Err(invalid("the holder of an office is not among its parties"));
            }
        }

        let mut state = Changes::default();
        state.insert(Authorities::key(&()), canonical(&self.authorities));
        state.insert(Epoch::key(&0), canonical(&Epoch::first(self)));
        for party in &self.parties {
            let admitted = Party::admit(party.id.clone(), party.name.clone(), party.keys.clone(), 1)
                .map_err(|error| GENESIS_INVALID.error().with("reason", &error).because(error))?;
            state.insert(Party::key(&party.id), canonical(&admitted));
        }
        for calendar in &self.calendars {
            state.insert(Calendar::key(calendar.id()), canonical(calendar));
        }
        Ok(state)
    }
}
