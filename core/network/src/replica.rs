//! The ledger's side of a validator: what the engine asks of it, whatever the rules are.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use allonge_crypto::Hash;
use allonge_finance::Timestamp;
use allonge_ledger::{
    Block, Certificate, Embedded, Epochs, Error, Header, Judgement, Rules, SignedTransaction, Tip, Trust,
    Verifier, Workers,
};

/// What the engine asks of a validator's copy of the ledger. It is an object, so that the engine is compiled once.
pub(crate) trait Replica: Send + Sync + 'static {
    /// The genesis.
    fn trust(&self) -> &Trust;

    /// The newest executed block.
    fn tip(&self) -> Tip;

    /// The epochs that the executed blocks have decided.
    fn epochs(&self) -> Epochs;

    /// The height of the oldest block that is kept.
    fn oldest(&self) -> u64;

    /// A block that is kept.
    fn block(&self, height: u64) -> Result<Arc<Block>, Error>;

    /// The digest of the header of a height; of 0, the network's id.
    fn digest(&self, height: u64) -> Result<Option<Hash>, Error>;

    /// The header of a block that would follow from another; see [`Embedded::propose`].
    fn propose(
        &self,
        parent: &Tip,
        time: Timestamp,
        transactions: &[Vec<u8>],
    ) -> Result<Option<Header>, Error>;

    /// Whether a header says the truth; see [`Embedded::judge`].
    fn judge(&self, parent: &Tip, header: &Header, transactions: &[Vec<u8>]) -> Result<Judgement, Error>;

    /// Executes the next block and makes it durable; see [`Embedded::execute`].
    fn execute(
        &self,
        header: Header,
        certificate: Option<Certificate>,
        transactions: Vec<Vec<u8>>,
    ) -> Result<(), Error>;

    /// The id of each transaction, or why it is none of this network; their signatures are verified.
    fn verify(&self, transactions: &[Vec<u8>]) -> Vec<Result<Hash, Error>>;

    /// The id of a transaction, whatever its signatures.
    fn id(&self, transaction: &[u8]) -> Result<Hash, Error>;

    /// The id of a transaction, if it may enter a block after the newest here: its signatures hold, and its author's
    /// keys made them.
    fn admits(&self, transaction: &[u8]) -> Result<Hash, Error>;

    /// Whether a transaction was admitted to an executed block.
    fn contains(&self, transaction: &Hash) -> Result<bool, Error>;
}

/// A validator's copy of the ledger, between those who read it and the one who executes.
pub struct Copy<R: Rules> {
    trust: Trust,
    verifier: Verifier,
    workers: Arc<Workers>,
    ledger: RwLock<Embedded<R>>,
    /// The height and the time of the newest executed block, for those who must not wait for the ledger.
    newest: Mutex<(u64, Timestamp)>,
}

impl<R: Rules> Copy<R> {
    /// Shares a validator's copy.
    pub fn new(ledger: Embedded<R>) -> Self {
        let (verifier, workers) = ledger.verifier();
        let newest = Mutex::new((ledger.height(), ledger.time()));
        Copy { trust: ledger.trust().clone(), verifier, workers, ledger: RwLock::new(ledger), newest }
    }

    /// The genesis.
    pub fn trust(&self) -> &Trust {
        &self.trust
    }

    /// The height and the time of the newest executed block. It waits for no block that is being executed.
    pub fn newest(&self) -> (u64, Timestamp) {
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the copy between two blocks.
    pub fn read<T>(&self, read: impl FnOnce(&Embedded<R>) -> T) -> T {
        read(&self.ledger.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<R: Rules> Replica for Copy<R> {
    fn trust(&self) -> &Trust {
        &self.trust
    }

    fn tip(&self) -> Tip {
        self.read(|ledger| ledger.tip().clone())
    }

    fn epochs(&self) -> Epochs {
        self.read(|ledger| ledger.epochs().clone())
    }

    fn oldest(&self) -> u64 {
        self.read(Embedded::oldest_height)
    }

    fn block(&self, height: u64) -> Result<Arc<Block>, Error> {
        self.read(|ledger| ledger.block(height))
    }

    fn digest(&self, height: u64) -> Result<Option<Hash>, Error> {
        if height == 0 {
            return Ok(Some(self.trust.network()));
        }
        self.read(|ledger| ledger.header_digests(height, height.saturating_add(1)))
            .map(|digests| digests.first().copied())
    }

    fn propose(
        &self,
        parent: &Tip,
        time: Timestamp,
        transactions: &[Vec<u8>],
    ) -> Result<Option<Header>, Error> {
        self.read(|ledger| ledger.propose(parent, time, transactions))
    }

    fn judge(&self, parent: &Tip, header: &Header, transactions: &[Vec<u8>]) -> Result<Judgement, Error> {
        self.read(|ledger| ledger.judge(parent, header, transactions))
    }

    fn execute(
        &self,
        header: Header,
        certificate: Option<Certificate>,
        transactions: Vec<Vec<u8>>,
    ) -> Result<(), Error> {
        let mut ledger = self.ledger.write().unwrap_or_else(PoisonError::into_inner);
        ledger.execute(header, certificate, transactions)?;
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = (ledger.height(), ledger.time());
        Ok(())
    }

    fn verify(&self, transactions: &[Vec<u8>]) -> Vec<Result<Hash, Error>> {
        let verified = self.verifier.verify_bytes::<R::Operation>(&self.workers, transactions);
        verified.into_iter().map(|one| one.map(|verified| verified.id())).collect()
    }

    fn id(&self, transaction: &[u8]) -> Result<Hash, Error> {
        Ok(SignedTransaction::from_bytes(transaction)?.id(self.trust.genesis().hash_suite))
    }

    fn admits(&self, transaction: &[u8]) -> Result<Hash, Error> {
        let signed = SignedTransaction::from_bytes(transaction)?;
        self.read(|ledger| ledger.admits(&signed))?;
        Ok(signed.id(self.trust.genesis().hash_suite))
    }

    fn contains(&self, transaction: &Hash) -> Result<bool, Error> {
        self.read(|ledger| ledger.contains(transaction))
    }
}
