//! What the tests of the package provoke.

use std::time::{Duration, Instant};

use napi::bindgen_prelude::{AsyncTask, Object};
use napi::{Env, Result};
use napi_derive::napi;

use crate::error::thrown;
use crate::promise::{Blocking, blocking, promise};

/// Panics in the call.
#[napi(catch_unwind, skip_typescript)]
pub fn panic_in_call() {
    defect();
}

/// Panics behind a promise, on the thread of the futures.
#[napi(catch_unwind, skip_typescript)]
pub fn panic_in_future(env: &Env) -> Result<Object<'_>> {
    promise(env, async {
        defect();
        Ok(())
    })
}

/// Panics behind a promise, on Node's pool.
#[napi(catch_unwind, skip_typescript)]
pub fn panic_in_work() -> AsyncTask<Blocking<()>> {
    blocking(|| {
        defect();
        Ok(())
    })
}

/// A promise that is kept late.
#[napi(catch_unwind, skip_typescript)]
pub fn late(milliseconds: u32) -> AsyncTask<Blocking<()>> {
    blocking(move || {
        std::thread::sleep(Duration::from_millis(milliseconds.into()));
        Ok(())
    })
}

#[allow(clippy::panic)]
fn defect() {
    panic!("a panic on request");
}

/// How long one of so many turns takes to read and verify a receipt in the core alone.
#[napi(catch_unwind, skip_typescript)]
pub fn verify_nanoseconds(receipt: &[u8], trust: String, turns: u32) -> Result<u32> {
    let trust = allonge::Trust::from_json(&trust).map_err(thrown)?;
    let started = Instant::now();
    for _ in 0..turns {
        let receipt = allonge::Receipt::from_bytes(receipt).map_err(thrown)?;
        std::hint::black_box(receipt.verified(&trust).map_err(thrown)?);
    }
    let each = started.elapsed().checked_div(turns).unwrap_or_default();
    Ok(u32::try_from(each.as_nanos()).unwrap_or(u32::MAX))
}
