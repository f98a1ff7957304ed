//! A small ledger: its log, and receipts of what its state has.

use std::path::Path;

use allonge_crypto::{Signer, SoftwareSigner};
use allonge_finance::{Currency, Money, PartyId, Timestamp};
use allonge_ledger::{
    Account, AccountId, Embedded, Genesis, IdempotencyKey, LedgerOperation, Operation, Party, Settings,
    StateReceipt, Transaction,
};
use allonge_trade::{TradeOperation, TradeRules};

use crate::{SUITE, Vectors};

/// The seeds of the keys of `receipts.json`, each repeated 32 times.
pub const VALIDATOR: u8 = 200;
const AGENT: u8 = 2;
const ALICE: u8 = 10;

pub fn signer(seed: u8) -> SoftwareSigner {
    SoftwareSigner::from_seed([seed; 32])
}

/// A ledger of a few blocks, with the genesis `one` of `receipts.json`.
pub struct Sample {
    pub genesis: Genesis,
    /// The bytes of its log, without the zeros behind the last frame.
    pub log: Vec<u8>,
    /// Of a party, of an account, and of accounts that are not there.
    pub receipts: Vec<StateReceipt>,
    pub party: (PartyId, Party),
    pub account: (AccountId, Account),
    pub no_account: AccountId,
}

impl Sample {
    pub fn new(vectors: &Vectors) -> Self {
        let genesis = Self::genesis(vectors);
        let directory = tempfile::tempdir().unwrap();
        let ledger = Self::ledger(&genesis, directory.path());
        let copy = directory.path().join("copy");
        ledger.backup().write(&copy).unwrap();
        let [issue, alice] = accounts();
        let (party, no_account) = (alice.owner().clone(), account("ALICCNBJXXX", "none"));
        Sample {
            log: std::fs::read(copy).unwrap(),
            receipts: vec![
                ledger.state_receipt::<Party>(&party).unwrap(),
                ledger.state_receipt::<Account>(&alice).unwrap(),
                ledger.state_receipt::<Account>(&issue).unwrap(),
                ledger.state_receipt::<Account>(&no_account).unwrap(),
            ],
            party: (party.clone(), ledger.get(&party).unwrap().unwrap()),
            account: (alice.clone(), ledger.get(&alice).unwrap().unwrap()),
            no_account,
            genesis,
        }
    }

    pub fn genesis(vectors: &Vectors) -> Genesis {
        let named_one = |genesis: &&serde_json::Value| genesis["name"] == "one";
        let genesis = Vectors::cases(&vectors.receipts["genesis"]).iter().find(named_one).unwrap();
        serde_json::from_value(genesis["json"].clone()).unwrap()
    }

    /// The ledger itself, in a directory.
    pub fn ledger(genesis: &Genesis, directory: &Path) -> Embedded<TradeRules> {
        let settings = Settings { threads: 1, ..Settings::default() };
        let validator = Box::new(signer(VALIDATOR));
        let mut ledger =
            Embedded::create(directory, genesis.clone(), TradeRules, validator, settings).unwrap();

        let [issue, alice] = accounts();
        let open =
            |account: &AccountId| LedgerOperation::OpenAccount { account: account.clone(), ceiling: None };
        let pay = |minor_units| LedgerOperation::Transfer {
            from: issue.clone(),
            to: alice.clone(),
            amount: Money::from_minor_units(minor_units, usd()),
            value_date: None,
            reference: "a sample".to_owned(),
        };
        let blocks = [
            vec![(AGENT, open(&issue)), (ALICE, open(&alice))],
            vec![(AGENT, pay(700)), (AGENT, pay(-1))],
            vec![],
        ];
        let mut key = 0;
        for (candidates, seconds) in blocks.iter().zip(1..) {
            let time = genesis.created.plus_millis(1_000 * seconds).unwrap();
            let signed = candidates.iter().map(|(author, operation)| {
                key += 1;
                sign(genesis, *author, key, time, operation.clone())
            });
            let answers = ledger.commit(time, &signed.collect::<Vec<_>>()).unwrap();
            assert!(answers.iter().all(Result::is_ok), "{answers:?}");
        }
        ledger
    }
}

fn usd() -> Currency {
    Currency::parse("USD").unwrap()
}

fn account(owner: &str, purpose: &str) -> AccountId {
    AccountId::new(PartyId::parse(owner).unwrap(), usd(), purpose).unwrap()
}

/// The agent's, and Alice's.
fn accounts() -> [AccountId; 2] {
    [account("AGNTUS33XXX", "issue"), account("ALICCNBJXXX", "settlement")]
}

fn sign(
    genesis: &Genesis,
    author: u8,
    key: u8,
    valid_until: Timestamp,
    operation: LedgerOperation,
) -> allonge_ledger::SignedTransaction {
    let author_id = if author == AGENT { "AGNTUS33XXX" } else { "ALICCNBJXXX" };
    let transaction: Transaction<TradeOperation> = Transaction {
        network: genesis.network(),
        author: PartyId::parse(author_id).unwrap(),
        key: IdempotencyKey::new([key; 16]),
        valid_until,
        operations: vec![Operation::Ledger(operation)],
    };
    transaction.sign(SUITE, &[&signer(author) as &dyn Signer]).unwrap()
}
