//! A light client, for phones and for whoever wants no copy of the ledger.

use std::sync::{Mutex, MutexGuard, PoisonError};

use allonge_ledger::{Error, MAX_HEADERS, canonical};

use crate::history_proof::Checkpoint;
use crate::ledger::Ledger;
use crate::receipt::Trust;

/// Who follows the headers of a network by their certificates alone, over every change of its validators.
///
/// ```
/// use allonge::{Clock, Ledger, LightClient, OpenOptions};
///
/// let directory = tempfile::tempdir()?;
/// let ledger = Ledger::open(directory.path(), OpenOptions { clock: Clock::Manual, ..OpenOptions::default() })?;
/// ledger.advance_to(ledger.status()?.time)?;
///
/// let light = LightClient::new(ledger.trust())?;
/// let newest = light.follow(&ledger.headers(light.checkpoint().height, None)?)?;
/// assert_eq!(newest, ledger.checkpoint()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct LightClient(Mutex<allonge_ledger::LightClient>);

impl LightClient {
    /// Begins at the genesis.
    ///
    /// Errors: `genesis.invalid`.
    pub fn new(trust: &Trust) -> Result<Self, Error> {
        Ok(LightClient(Mutex::new(allonge_ledger::LightClient::new(trust.ledger().clone())?)))
    }

    /// Goes on from where one stood, as [`to_bytes`](LightClient::to_bytes) says it. Whoever gives these bytes is trusted:
    /// keep them where nobody else writes.
    ///
    /// Errors: `headers.invalid`, `receipt.wrong_network`.
    pub fn from_bytes(bytes: &[u8], trust: &Trust) -> Result<Self, Error> {
        let kept = allonge_ledger::LightClient::from_bytes(trust.ledger().clone(), bytes)?;
        Ok(LightClient(Mutex::new(kept)))
    }

    /// Where it stands, to be kept: about 200 bytes, and 32 for every validator in office.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.lock().to_bytes()
    }

    /// Follows headers from the next height on, as [`Ledger::headers`] gives them, up to the last that is certified; answers
    /// the newest block that is final. When one does not hold it stays where it was.
    ///
    /// Errors: `headers.invalid`.
    pub fn follow(&self, headers: &[u8]) -> Result<Checkpoint, Error> {
        let mut light = self.lock();
        light.follow(headers)?;
        Ok(newest(&light))
    }

    /// The newest block that it knows to be final; at height 0 the genesis.
    pub fn checkpoint(&self) -> Checkpoint {
        newest(&self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, allonge_ledger::LightClient> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn newest(light: &allonge_ledger::LightClient) -> Checkpoint {
    let tip = light.tip();
    Checkpoint { network: light.trust().network(), height: tip.height, time: tip.time, header: tip.digest }
}

impl Ledger {
    /// The headers above a height with their certificates, for [`LightClient::follow`]: at most `limit`, and 4,096.
    ///
    /// Errors: `store.*`.
    pub fn headers(&self, after: u64, limit: Option<usize>) -> Result<Vec<u8>, Error> {
        let limit = limit.unwrap_or(MAX_HEADERS);
        let headers = self.shared.read(|ledger| ledger.light_headers(after, limit))?;
        Ok(canonical(&headers))
    }
}
