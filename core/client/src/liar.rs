//! What a simulated validator that lies answers, and what its reader finds when it checks that.

use allonge_ledger::{Embedded, Error, Header, Receipt, Trust, canonical, from_canonical};
use allonge_protocol::FinalBlock;
use allonge_trade::{TradeEvent, TradeOperation, TradeRules};

use crate::connected::holds;
use crate::registry::VALIDATOR_LIED;
use crate::simulate::Lie;

/// So far below the newest block one is looked for that is certified by itself.
const NEWEST: u64 = 64;

/// What a lying validator answers whoever asks it alone.
#[derive(Clone, Copy)]
pub(crate) struct Liar {
    pub(crate) validator: usize,
    pub(crate) lie: Lie,
}

impl Liar {
    /// Asks it for its newest certified block, and checks that as every client does.
    ///
    /// Errors: `validator.lied`; `store.*`.
    pub(crate) fn check(&self, ledger: &Embedded<TradeRules>) -> Result<(), Error> {
        let newest = ledger.height();
        for height in (newest.saturating_sub(NEWEST)..=newest).rev().filter(|height| *height > 0) {
            let block = ledger.block(height)?;
            if block.certificate.is_none() {
                continue;
            }
            let served = FinalBlock {
                header: block.header.clone(),
                certificate: block.certificate.clone(),
                transactions: block.transactions.clone(),
            };
            return self.check_block(ledger, served);
        }
        Ok(())
    }

    fn check_block(&self, ledger: &Embedded<TradeRules>, mut block: FinalBlock) -> Result<(), Error> {
        let mut bytes = canonical(&block);
        match self.lie {
            Lie::WrongBytes => change(&mut bytes),
            Lie::WrongProof => {
                falsify(&mut block.header);
                bytes = canonical(&block);
            }
            Lie::Equivocation => {}
        }
        let block: FinalBlock = from_canonical(&bytes).map_err(|_| self.caught("it cannot be read"))?;
        let epoch = ledger.epochs().get(block.header.epoch);
        let epoch = epoch.ok_or_else(|| self.caught("a header is of another epoch"))?;
        let held = holds(ledger.trust(), &epoch.roster, &block);
        held.map(|_| ()).map_err(|reason| self.caught(reason))
    }

    /// Has it hand out a receipt, and checks that as every client does.
    ///
    /// Errors: `validator.lied`.
    pub(crate) fn check_receipt(&self, trust: &Trust, mut receipt: Receipt) -> Result<Receipt, Error> {
        let mut bytes = receipt.to_bytes();
        match self.lie {
            Lie::WrongBytes => change(&mut bytes),
            Lie::WrongProof => {
                receipt.headers.iter_mut().for_each(falsify);
                bytes = receipt.to_bytes();
            }
            Lie::Equivocation => {}
        }
        let receipt = Receipt::from_bytes(&bytes).map_err(|_| self.caught("it cannot be read"))?;
        match receipt.verify::<TradeOperation, TradeEvent>(trust) {
            Ok(_) => Ok(receipt),
            Err(_) => Err(self.caught("a receipt does not hold")),
        }
    }

    fn caught(&self, reason: &str) -> Error {
        let url = format_args!("validator {}", self.validator);
        VALIDATOR_LIED.error().with("url", url).with("reason", reason)
    }
}

/// A byte in the middle is another.
fn change(bytes: &mut [u8]) {
    let middle = bytes.len() / 2;
    if let Some(byte) = bytes.get_mut(middle) {
        *byte ^= 1;
    }
}

/// A header says that blocks came to another state.
fn falsify(header: &mut Header) {
    let mut root = *header.executed.state_root.as_bytes();
    change(&mut root);
    header.executed.state_root = allonge_crypto::Hash::new(root);
}
