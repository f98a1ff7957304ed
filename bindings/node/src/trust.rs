//! The genesis to verify against.

use napi::Result;
use napi::bindgen_prelude::AsyncTask;
use napi_derive::napi;

use crate::error::thrown;
use crate::promise::{Blocking, blocking};

/// A genesis to verify receipts against.
#[napi]
pub struct Trust {
    trust: allonge::Trust,
}

impl Trust {
    pub(crate) fn new(trust: allonge::Trust) -> Self {
        Trust { trust }
    }

    pub(crate) fn core(&self) -> &allonge::Trust {
        &self.trust
    }
}

#[napi]
impl Trust {
    /// Trusts the genesis of a file.
    #[napi(catch_unwind, ts_return_type = "Promise<Trust>")]
    pub fn load(path: String) -> AsyncTask<Blocking<Trust>> {
        blocking(move || allonge::Trust::load(path).map(Trust::new).map_err(thrown))
    }

    /// Trusts a genesis.
    #[napi(catch_unwind)]
    pub fn from_json(json: String) -> Result<Self> {
        allonge::Trust::from_json(&json).map(Trust::new).map_err(thrown)
    }

    /// The genesis as a file for people.
    #[napi(catch_unwind)]
    pub fn to_json(&self) -> String {
        self.trust.to_json()
    }

    /// The network's id.
    #[napi(catch_unwind, getter)]
    pub fn network(&self) -> String {
        self.trust.network().to_string()
    }
}
