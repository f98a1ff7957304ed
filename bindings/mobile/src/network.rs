//! A simulated network.

use std::sync::Arc;

use crate::error::Failure;
use crate::ledger::{Ledger, size};

/// How messages travel between validators; what is absent is as the client chooses.
#[derive(Clone, Debug, Default, uniffi::Record)]
pub struct LinkOptions {
    /// How long a message takes, in milliseconds.
    #[uniffi(default)]
    pub latency_ms: Option<u64>,
    /// By how much that varies, in milliseconds.
    #[uniffi(default)]
    pub jitter_ms: Option<u64>,
    /// Of a thousand messages so many are lost.
    #[uniffi(default)]
    pub lost_per_mille: Option<u32>,
}

impl From<LinkOptions> for allonge::LinkOptions {
    fn from(given: LinkOptions) -> Self {
        let standard = allonge::LinkOptions::default();
        allonge::LinkOptions {
            latency_ms: given.latency_ms.unwrap_or(standard.latency_ms),
            jitter_ms: given.jitter_ms.unwrap_or(standard.jitter_ms),
            // The client refuses what is more than all.
            lost_per_mille: given
                .lost_per_mille
                .map_or(standard.lost_per_mille, |lost| u16::try_from(lost).unwrap_or(u16::MAX)),
        }
    }
}

/// The validators of a simulated network and the links between them. They are numbered from 0.
#[derive(uniffi::Object)]
pub struct SimulatedNetwork(pub(crate) allonge::SimulatedNetwork);

#[uniffi::export]
impl SimulatedNetwork {
    /// How many validators there are.
    pub fn validators(&self) -> u32 {
        u32::try_from(self.0.validators()).unwrap_or(u32::MAX)
    }

    /// The ledger as another validator has it.
    pub fn at(&self, validator: u32) -> Result<Arc<Ledger>, Failure> {
        Ok(Arc::new(Ledger(self.0.at(size(validator))?)))
    }

    /// A validator loses power.
    pub fn crash(&self, validator: u32) -> Result<(), Failure> {
        Ok(self.0.crash(size(validator))?)
    }

    /// Starts a validator that crashed.
    pub fn restart(&self, validator: u32) -> Result<(), Failure> {
        Ok(self.0.restart(size(validator))?)
    }

    /// Only validators of one group hear of each other.
    pub fn partition(&self, groups: Vec<Vec<u32>>) -> Result<(), Failure> {
        let groups = groups.into_iter().map(|group| group.into_iter().map(size).collect()).collect();
        Ok(self.0.partition(groups)?)
    }

    /// Links all validators, in this way.
    pub fn link(&self, options: LinkOptions) -> Result<(), Failure> {
        Ok(self.0.link(options.into())?)
    }

    /// Sets the clock of a validator so many milliseconds before those of the others, or behind them.
    pub fn skew(&self, validator: u32, millis: i64) -> Result<(), Failure> {
        Ok(self.0.skew(size(validator), millis)?)
    }

    /// Has a validator lie from now on, or tell the truth again: `wrong_bytes`, `wrong_proof`, `equivocation`, `none`.
    pub fn lie(&self, validator: u32, how: String) -> Result<(), Failure> {
        Ok(self.0.lie(size(validator), allonge::Lie::parse(&how)?)?)
    }

    /// Lets virtual time go by, in milliseconds.
    pub fn run_for(&self, millis: u64) -> Result<(), Failure> {
        Ok(self.0.run_for(millis)?)
    }

    /// A fingerprint of everything that has happened.
    pub fn fingerprint(&self) -> Result<String, Failure> {
        Ok(self.0.fingerprint()?)
    }
}
