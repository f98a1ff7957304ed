//! Simulated validators that lie: what they propose, vote for and take.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use allonge_crypto::Hash;
use allonge_finance::Timestamp;
use allonge_ledger::{
    Block, Certificate, Epochs, Error, Executed, Header, Judgement, SignedTransaction, Tip, Trust,
};

use crate::replica::Replica;

/// How a validator lies. Its key is used as its owner pleases; whatever it says, the others have to find out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// Bytes of what it sends to others are changed, cut off or added, votes excepted.
    WrongBytes,
    /// It proposes blocks whose headers say what is not so, takes transactions that are badly signed or were executed
    /// before, proposes these too, and votes for whatever others propose.
    WrongProof,
    /// It runs twice with one key, and shows one half of the others another history than the rest: two blocks where it
    /// leads, and votes for both.
    Equivocation,
    /// It is one of the engine's own mocks, and has no ledger.
    #[cfg(feature = "mocks")]
    Mock(super::mocks::Mock),
}

/// A ledger that says of itself what is not so.
pub(crate) struct Liar {
    truth: Arc<dyn Replica>,
    deceit: Deceit,
}

/// What it deceives others about.
pub(crate) enum Deceit {
    /// Whatever a header says, one thing after the other: how many it proposed.
    Claims(AtomicU64),
    /// The time alone, so that the block is another than the one its twin makes.
    Time,
}

impl Liar {
    pub(crate) fn new(truth: Arc<dyn Replica>, deceit: Deceit) -> Self {
        Liar { truth, deceit }
    }
}

fn changed(hash: Hash) -> Hash {
    let mut bytes = *hash.as_bytes();
    if let Some(byte) = bytes.first_mut() {
        *byte ^= 1;
    }
    Hash::new(bytes)
}

/// A header with one thing in it that is not so. Some are left as they are: their transactions are not.
fn false_claim(header: Header, number: u64) -> Header {
    const HOUR_MS: i64 = 3_600_000;
    let moved = |millis: i64| header.time.plus_millis(millis).unwrap_or(header.time);
    let executed = header.executed;
    match number % 16 {
        0 | 1 => {
            Header { executed: Executed { state_root: changed(executed.state_root), ..executed }, ..header }
        }
        2 | 3 => Header {
            executed: Executed { results_root: changed(executed.results_root), ..executed },
            ..header
        },
        4 => {
            Header { executed: Executed { height: executed.height.saturating_add(1), ..executed }, ..header }
        }
        5 => Header { rules_version: header.rules_version.saturating_add(1), ..header },
        6 => Header { body_root: changed(header.body_root), ..header },
        7 => Header { time: moved(HOUR_MS), ..header },
        8 => Header { time: moved(-HOUR_MS), ..header },
        9 => Header { history_root: changed(header.history_root), ..header },
        10 => Header { height: header.height.saturating_add(1), ..header },
        11 => Header { epoch: header.epoch.saturating_add(1), ..header },
        12 => Header { network: changed(header.network), ..header },
        13 => Header { next_roster: Some(changed(header.parent)), ..header },
        _ => header,
    }
}

impl Replica for Liar {
    fn trust(&self) -> &Trust {
        self.truth.trust()
    }

    fn tip(&self) -> Tip {
        self.truth.tip()
    }

    fn epochs(&self) -> Epochs {
        self.truth.epochs()
    }

    fn oldest(&self) -> u64 {
        self.truth.oldest()
    }

    fn block(&self, height: u64) -> Result<Arc<Block>, Error> {
        self.truth.block(height)
    }

    fn digest(&self, height: u64) -> Result<Option<Hash>, Error> {
        self.truth.digest(height)
    }

    fn propose(
        &self,
        parent: &Tip,
        time: Timestamp,
        transactions: &[Vec<u8>],
    ) -> Result<Option<Header>, Error> {
        match &self.deceit {
            Deceit::Time => self.truth.propose(parent, time.plus_millis(1).unwrap_or(time), transactions),
            Deceit::Claims(count) => {
                let number = count.fetch_add(1, Ordering::Relaxed);
                let header = self.truth.propose(parent, time, transactions)?;
                Ok(header.map(|header| false_claim(header, number)))
            }
        }
    }

    fn judge(&self, parent: &Tip, header: &Header, transactions: &[Vec<u8>]) -> Result<Judgement, Error> {
        match self.deceit {
            Deceit::Time => self.truth.judge(parent, header, transactions),
            Deceit::Claims(_) => Ok(Judgement::True),
        }
    }

    fn execute(
        &self,
        header: Header,
        certificate: Option<Certificate>,
        transactions: Vec<Vec<u8>>,
    ) -> Result<(), Error> {
        self.truth.execute(header, certificate, transactions)
    }

    fn verify(&self, transactions: &[Vec<u8>]) -> Vec<Result<Hash, Error>> {
        match self.deceit {
            Deceit::Time => self.truth.verify(transactions),
            Deceit::Claims(_) => transactions.iter().map(|bytes| self.truth.id(bytes)).collect(),
        }
    }

    fn id(&self, transaction: &[u8]) -> Result<Hash, Error> {
        self.truth.id(transaction)
    }

    fn admits(&self, transaction: &[u8]) -> Result<Hash, Error> {
        match self.deceit {
            Deceit::Time => self.truth.admits(transaction),
            Deceit::Claims(_) => {
                let signed = SignedTransaction::from_bytes(transaction)?;
                Ok(signed.id(self.trust().genesis().hash_suite))
            }
        }
    }

    fn contains(&self, transaction: &Hash) -> Result<bool, Error> {
        match self.deceit {
            Deceit::Time => self.truth.contains(transaction),
            Deceit::Claims(_) => Ok(false),
        }
    }
}
