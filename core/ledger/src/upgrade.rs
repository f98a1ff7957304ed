//! Upgrades: which version of the rules is in force at which height.
//!
//! The supervisor schedules a later version from a later height on. Every host that comes to that height uses it, or
//! stops where it does not know it; whoever executes an old block again uses the version that was in force.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::Serialize;

use crate::chain::MAX_LAG;
use crate::error::Error;
use crate::genesis::Genesis;
use crate::operation::LedgerEvent;
use crate::registry::{AUTHORITY_REQUIRED, RULES_SCHEDULE_INVALID, RULES_UNKNOWN};
use crate::rules::{Context, Record, Rules};
use crate::state::{StateReader, Stored, read_record};

/// A network changes its rules at most so often.
pub const MAX_UPGRADES: usize = 1_024;

/// The versions that were scheduled.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize)]
pub struct RulesSchedule {
    /// From which height on which version, both ascending. Before the first, that of the genesis.
    pub upgrades: Vec<Upgrade>,
}

/// A version and the height from which on it is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize)]
pub struct Upgrade {
    /// The first height.
    pub from_height: u64,
    /// The version.
    pub version: u32,
}

impl Stored for RulesSchedule {
    type Id = ();
    const KIND: u8 = 0x0a;
}

impl RulesSchedule {
    /// The version in force at a height.
    pub fn version_at(&self, height: u64, genesis: u32) -> u32 {
        let newest = self.upgrades.iter().rfind(|upgrade| upgrade.from_height <= height);
        newest.map_or(genesis, |upgrade| upgrade.version)
    }
}

/// The version of the rules for the block of a height.
///
/// Errors: `rules.unknown` when this software does not have it; `store.*`.
pub(crate) fn version_in_force<R: Rules>(
    state: &(impl StateReader + ?Sized),
    genesis: &Genesis,
    height: u64,
) -> Result<u32, Error> {
    let schedule = read_record::<RulesSchedule>(state, &())?.unwrap_or_default();
    let version = schedule.version_at(height, genesis.rules_version);
    if version == 0 || version > R::VERSION {
        let error = RULES_UNKNOWN.error().with("version", version).with("height", height);
        return Err(error.with("known", R::VERSION));
    }
    Ok(version)
}

/// The supervisor schedules a version.
pub(crate) fn schedule_rules<E: Record>(
    context: &mut Context<'_, E>,
    version: u32,
    from_height: u64,
) -> Result<(), Error> {
    let authorities = context.authorities()?;
    if context.author() != &authorities.supervisor {
        let error = AUTHORITY_REQUIRED.error().with("authority", "supervisor");
        return Err(error.with("party", context.author()));
    }
    let mut schedule = context.get::<RulesSchedule>(&())?.unwrap_or_default();
    let invalid = |reason: &str| {
        let error = RULES_SCHEDULE_INVALID.error().with("version", version).with("from_height", from_height);
        Err(error.with("reason", reason))
    };
    let newest = schedule.upgrades.last().map_or(context.rules_version(), |upgrade| upgrade.version);
    if version <= newest {
        return invalid("not_above_the_newest");
    }
    let earliest = schedule.upgrades.last().map_or(context.height(), |upgrade| upgrade.from_height);
    // Blocks are ordered ahead of what is executed: each must be so by rules that whoever ordered it knows of.
    if from_height <= earliest.max(context.height().saturating_add(MAX_LAG)) {
        return invalid("height_not_later");
    }
    if schedule.upgrades.len() >= MAX_UPGRADES {
        return invalid("too_many");
    }
    schedule.upgrades.push(Upgrade { from_height, version });
    context.put(&(), &schedule);
    context.emit_ledger(LedgerEvent::RulesScheduled { version, from_height });
    Ok(())
}
