//! Receipts.

use napi::bindgen_prelude::{AsyncTask, BufferSlice};
use napi::{Env, Result};
use napi_derive::napi;

use crate::error::thrown;
use crate::promise::{Blocking, blocking};
use crate::text::json;
use crate::trust::Trust;

/// A receipt.
#[napi]
pub struct Receipt {
    receipt: allonge::Receipt,
}

impl Receipt {
    pub(crate) fn new(receipt: allonge::Receipt) -> Self {
        Receipt { receipt }
    }
}

#[napi]
impl Receipt {
    /// Reads a receipt.
    #[napi(catch_unwind)]
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        allonge::Receipt::from_bytes(bytes).map(Receipt::new).map_err(thrown)
    }

    /// Reads a receipt from a file.
    #[napi(catch_unwind, ts_return_type = "Promise<Receipt>")]
    pub fn load(path: String) -> AsyncTask<Blocking<Receipt>> {
        blocking(move || allonge::Receipt::load(path).map(Receipt::new).map_err(thrown))
    }

    /// The bytes of the file, copied into V8's memory: some runtimes refuse any other, and it is faster.
    #[napi(catch_unwind)]
    pub fn to_bytes<'env>(&self, env: &'env Env) -> Result<BufferSlice<'env>> {
        BufferSlice::copy_from(env, self.receipt.to_bytes())
    }

    /// Writes the receipt to a file.
    #[napi(catch_unwind, ts_return_type = "Promise<void>")]
    pub fn save(&self, path: String) -> AsyncTask<Blocking<()>> {
        let receipt = self.receipt.clone();
        blocking(move || receipt.save(path).map_err(thrown))
    }

    /// Proves it; answers what it proves, as JSON.
    #[napi(catch_unwind)]
    pub fn verify(&self, trust: &Trust) -> Result<String> {
        json(&self.receipt.verified(trust.core()).map_err(thrown)?)
    }
}
