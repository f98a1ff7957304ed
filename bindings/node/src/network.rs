//! The handle of a simulated network. Faults take effect in order on the thread of the simulation, so that waiting for
//! them is work for Node's pool.

use allonge::records::from_json;
use allonge::{Lie, LinkOptions};
use napi::Result;
use napi::bindgen_prelude::AsyncTask;
use napi_derive::napi;
use serde::Deserialize;

use crate::error::thrown;
use crate::ledger::Ledger;
use crate::promise::{Blocking, blocking};
use crate::text::read_number;

/// The validators of a simulated network and the links between them.
#[napi]
pub struct SimulatedNetwork {
    network: allonge::SimulatedNetwork,
}

/// What may be said of links; the core knows what holds otherwise.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Links {
    latency_ms: Option<u64>,
    jitter_ms: Option<u64>,
    lost_per_mille: Option<u16>,
}

impl SimulatedNetwork {
    pub(crate) fn new(network: allonge::SimulatedNetwork) -> Self {
        SimulatedNetwork { network }
    }
}

#[napi]
impl SimulatedNetwork {
    /// How many validators there are.
    #[napi(catch_unwind, getter)]
    pub fn validators(&self) -> u32 {
        u32::try_from(self.network.validators()).unwrap_or(u32::MAX)
    }

    /// The ledger as another validator has it.
    #[napi(catch_unwind)]
    pub fn at(&self, validator: f64) -> Result<Ledger> {
        self.network.at(read_number("validator", validator)?).map(Ledger::new).map_err(thrown)
    }

    /// A validator loses power.
    #[napi(catch_unwind, ts_return_type = "Promise<void>")]
    pub fn crash(&self, validator: f64) -> AsyncTask<Blocking<()>> {
        let network = self.network.clone();
        blocking(move || network.crash(read_number("validator", validator)?).map_err(thrown))
    }

    /// Starts a validator that crashed.
    #[napi(catch_unwind, ts_return_type = "Promise<void>")]
    pub fn restart(&self, validator: f64) -> AsyncTask<Blocking<()>> {
        let network = self.network.clone();
        blocking(move || network.restart(read_number("validator", validator)?).map_err(thrown))
    }

    /// Only validators of one group hear of each other; the groups are JSON.
    #[napi(catch_unwind, ts_return_type = "Promise<void>")]
    pub fn partition(&self, groups: String) -> AsyncTask<Blocking<()>> {
        let network = self.network.clone();
        blocking(move || network.partition(from_json(&groups, "groups").map_err(thrown)?).map_err(thrown))
    }

    /// Links all validators; the options are JSON.
    #[napi(catch_unwind, ts_return_type = "Promise<void>")]
    pub fn link(&self, options: String) -> AsyncTask<Blocking<()>> {
        let network = self.network.clone();
        blocking(move || network.link(link_options(&options)?).map_err(thrown))
    }

    /// Sets the clock of a validator so many milliseconds before those of the others, or behind them.
    #[napi(catch_unwind, ts_return_type = "Promise<void>")]
    pub fn skew(&self, validator: f64, millis: f64) -> AsyncTask<Blocking<()>> {
        let network = self.network.clone();
        blocking(move || {
            let (validator, millis) = (read_number("validator", validator)?, read_number("millis", millis)?);
            network.skew(validator, millis).map_err(thrown)
        })
    }

    /// Has a validator lie from now on, or tell the truth again.
    #[napi(catch_unwind, ts_return_type = "Promise<void>")]
    pub fn lie(&self, validator: f64, how: String) -> AsyncTask<Blocking<()>> {
        let network = self.network.clone();
        blocking(move || {
            let how = Lie::parse(&how).map_err(thrown)?;
            network.lie(read_number("validator", validator)?, how).map_err(thrown)
        })
    }

    /// Lets virtual time go by, in milliseconds.
    #[napi(catch_unwind, ts_return_type = "Promise<void>")]
    pub fn run_for(&self, millis: f64) -> AsyncTask<Blocking<()>> {
        let network = self.network.clone();
        blocking(move || network.run_for(read_number("millis", millis)?).map_err(thrown))
    }

    /// A fingerprint of everything that has happened.
    #[napi(catch_unwind, ts_return_type = "Promise<string>")]
    pub fn fingerprint(&self) -> AsyncTask<Blocking<String>> {
        let network = self.network.clone();
        blocking(move || network.fingerprint().map_err(thrown))
    }
}

fn link_options(json: &str) -> Result<LinkOptions> {
    let given: Links = from_json(json, "options").map_err(thrown)?;
    let standard = LinkOptions::default();
    Ok(LinkOptions {
        latency_ms: given.latency_ms.unwrap_or(standard.latency_ms),
        jitter_ms: given.jitter_ms.unwrap_or(standard.jitter_ms),
        lost_per_mille: given.lost_per_mille.unwrap_or(standard.lost_per_mille),
    })
}
