//! The parties of a network in tests: an operator and one bank, and what the bank does.

use std::net::SocketAddr;
use std::sync::Arc;

use allonge::{
    Clock, DevelopmentNetwork, Genesis, Ledger, LedgerOperation, OpenOptions, Operation, PartyId, Session,
    Signer, SoftwareSigner,
};
use allonge_ledger::{GenesisParty, Roster, ValidatorKey};

/// The seeds of their keys.
pub const OPERATOR: u8 = 1;
pub const BANK: u8 = 2;

pub fn signer(seed: u8) -> SoftwareSigner {
    SoftwareSigner::from_seed([seed; 32])
}

/// The key of a validator, by its seed.
pub fn validator_key(seed: u8) -> ValidatorKey {
    ValidatorKey::try_from(signer(seed).public_key()).unwrap()
}

pub fn free_address() -> SocketAddr {
    DevelopmentNetwork::free_address().unwrap()
}

/// A genesis with one operator and one bank.
pub fn genesis(name: &str, mut validators: Vec<ValidatorKey>) -> Genesis {
    let directory = tempfile::tempdir().unwrap();
    let options = OpenOptions { name: name.to_owned(), clock: Clock::System, ..OpenOptions::default() };
    let ledger = Ledger::open(directory.path(), options).unwrap();
    let mut genesis = ledger.trust().genesis().clone();
    validators.sort();
    genesis.roster = Roster::new(validators).unwrap();
    genesis.parties = [("operator", OPERATOR), ("SYNBCNBJXXX", BANK)]
        .map(|(id, seed)| GenesisParty {
            id: PartyId::parse(id).unwrap(),
            name: id.to_owned(),
            keys: vec![signer(seed).public_key()],
        })
        .into();
    genesis.parties.sort_by(|one, other| one.id.cmp(&other.id));
    genesis
}

pub fn bank(ledger: &Ledger) -> Session {
    ledger.session_with(PartyId::parse("SYNBCNBJXXX").unwrap(), Arc::new(signer(BANK)))
}

/// Opens the bank's account of a number.
pub fn open(number: u32) -> Vec<Operation> {
    let account = format!("SYNBCNBJXXX/USD/account-{number}").parse().unwrap();
    vec![Operation::Ledger(LedgerOperation::OpenAccount { account, ceiling: None })]
}
