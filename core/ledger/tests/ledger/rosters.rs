//! A network whose validators change.

use std::path::Path;
use std::slice;

use allonge_crypto::Hash;
use allonge_finance::Timestamp;
use allonge_ledger::{
    Embedded, Epoch, Event, Header, LedgerOperation, Operation, RealDisk, Roster, Settings,
    SignedTransaction, Verdict,
};

use crate::world::*;

/// A validator's copy, and whoever certifies its blocks.
pub struct Network {
    pub copy: Embedded<Notes>,
    /// Of each epoch, those who hold the keys.
    pub committees: Vec<Committee>,
    pub number: u64,
}

impl Network {
    pub fn create(directory: &Path) -> Self {
        let copy =
            Embedded::create_replica(&RealDisk, directory, genesis(4), Notes, Settings::default()).unwrap();
        Network { copy, committees: vec![Committee::new(4)], number: 0 }
    }

    pub fn open(directory: &Path, committees: Vec<Committee>, number: u64) -> Self {
        let copy = Embedded::open_replica(&RealDisk, directory, Notes, Settings::default()).unwrap();
        Network { copy, committees, number }
    }

    pub fn transaction(&mut self, operation: Operation<NoteOperation>) -> SignedTransaction {
        self.number += 1;
        signed(&draft_for(&genesis(4), ALICE, self.number, [operation]), &[ALICE])
    }

    /// The header of a block on the newest one.
    pub fn propose(&self, transactions: &[SignedTransaction]) -> Header {
        let bytes: Vec<_> = transactions.iter().map(SignedTransaction::to_bytes).collect();
        self.copy.propose(self.copy.tip(), at(1), &bytes).unwrap().unwrap()
    }

    pub fn order(&mut self, transactions: &[SignedTransaction]) -> Header {
        let header = self.propose(transactions);
        let certificate = self.committees[header.epoch as usize].certify(&header, 4);
        let bytes = transactions.iter().map(SignedTransaction::to_bytes).collect();
        self.copy.execute(header.clone(), Some(certificate), bytes).unwrap();
        header
    }

    /// What became of an operation of the ledger: its events, or the reason of the refusal.
    pub fn does(&mut self, operation: LedgerOperation) -> Result<Vec<Event<NoteEvent>>, String> {
        let transaction = self.transaction(Operation::Ledger(operation));
        self.order(slice::from_ref(&transaction));
        self.order(&[]);
        match prove(&self.copy, &transaction.id(SUITE)).result.verdict {
            Verdict::Committed { events } => Ok(events),
            Verdict::Rejected { refusal } => Err(refusal.detail("reason").unwrap().to_owned()),
        }
    }

    pub fn approve(
        &mut self,
        place: usize,
        epoch: u64,
        roster: &Roster,
        valid_until: Timestamp,
    ) -> Result<Vec<Event<NoteEvent>>, String> {
        let operation = self.committees.last().unwrap().approval(place, epoch, roster, valid_until);
        self.does(operation)
    }

    /// Three validators approve those of these keys; answers the height from which on they are in office.
    pub fn decide(&mut self, seeds: &[u8]) -> u64 {
        let epoch = self.committees.len() as u64 - 1;
        let next = self.committees[0].of(seeds);
        for place in 0..3 {
            self.approve(place, epoch, &next.roster(), at(3_600)).unwrap();
        }
        self.committees.push(next);
        self.copy.get::<Epoch>(&(epoch + 1)).unwrap().unwrap().from_height
    }

    pub fn run_to(&mut self, height: u64) {
        while self.copy.height() < height {
            self.order(&[]);
        }
    }

    /// A note, with the block that says what it came to.
    pub fn note(&mut self) -> Hash {
        let number = self.number;
        let transaction = self.transaction(note(&format!("note {number}")));
        self.order(slice::from_ref(&transaction));
        self.order(&[]);
        transaction.id(SUITE)
    }
}

/// The seeds of the validators after so many of the first four keys were replaced.
pub fn seeds(rotated: u8) -> [u8; 4] {
    [0, 1, 2, 3].map(|place| VALIDATOR + rotated + place)
}

/// A network in its fourth epoch.
pub fn three_handovers(directory: &Path) -> Network {
    let mut network = Network::create(directory);
    for rotated in 1..=3 {
        let from = network.decide(&seeds(rotated));
        network.run_to(from);
    }
    network
}
