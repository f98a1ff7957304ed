//! Records by their ids, of every kind: as they are, as they were, and proven.
//!
//! [`Ledger::prove`] makes one file that proves from nothing but the genesis what a record is after the newest block, or
//! that there is none with its id; [`verify_record`] checks it, with no node and no network. It proves nothing of other
//! heights: that a record was written is proven by the receipt of the transaction that wrote it, whose events say
//! what happened. Nothing proves that a list is complete.

use allonge_crypto::Hash;
use allonge_finance::{Calendar, CalendarId, PartyId, Timestamp};
use allonge_ledger::{
    Account, AccountId, Error, Hold, HoldId, Indexed, Party, Policy, ProposalId, Reversal, StateReceipt,
    Stored,
};
use allonge_trade::{Claim, ClaimId, CreditId, LetterOfCredit, Presentation, PresentationId};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::ledger::Ledger;
use crate::receipt::Trust;
use crate::records::{Proposal, from_value, invalid};

/// A record of the ledger: of which kind, under which id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RecordId {
    /// A letter of credit.
    Credit(CreditId),
    /// A presentation.
    Presentation(PresentationId),
    /// A claim.
    Claim(ClaimId),
    /// An account.
    Account(AccountId),
    /// A hold.
    Hold(HoldId),
    /// The policy of a party.
    Policy(PartyId),
    /// A proposal.
    Proposal(ProposalId),
    /// The reversal of a transaction.
    Reversal(Hash),
    /// A party.
    Party(PartyId),
    /// A calendar.
    Calendar(CalendarId),
}

/// A record of any kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum AnyRecord {
    /// A letter of credit.
    Credit(Box<LetterOfCredit>),
    /// A presentation.
    Presentation(Box<Presentation>),
    /// A claim.
    Claim(Box<Claim>),
    /// An account.
    Account(Box<Account>),
    /// A hold.
    Hold(Box<Hold>),
    /// The policy of a party.
    Policy(Box<Policy>),
    /// A proposal.
    Proposal(Box<Proposal>),
    /// The reversal of a transaction.
    Reversal(Box<Reversal>),
    /// A party.
    Party(Box<Party>),
    /// A calendar.
    Calendar(Box<Calendar>),
}

/// What a state receipt proves of a record.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProvenRecord {
    /// The record as it was; `None` when there was none with this id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<AnyRecord>,
    /// After the block of this height.
    pub height: u64,
    /// The time of that block.
    pub time: Timestamp,
}

impl RecordId {
    /// The record of a kind (`credit`, `presentation`, `claim`, `account`, `hold`, `policy`, `proposal`, `reversal`, `party`,
    /// `calendar`) with an id in its text form.
    ///
    /// Errors: `input.invalid`.
    pub fn parse(kind: &str, id: &str) -> Result<Self, Error> {
        Ok(match kind {
            "credit" => RecordId::Credit(from_text(id)?),
            "presentation" => RecordId::Presentation(from_text(id)?),
            "claim" => RecordId::Claim(from_text(id)?),
            "account" => RecordId::Account(from_text(id)?),
            "hold" => RecordId::Hold(from_text(id)?),
            "policy" => RecordId::Policy(from_text(id)?),
            "proposal" => RecordId::Proposal(from_text(id)?),
            "reversal" => RecordId::Reversal(from_text(id)?),
            "party" => RecordId::Party(from_text(id)?),
            "calendar" => RecordId::Calendar(from_text(id)?),
            _ => return Err(invalid("kind", "", format_args!("the ledger keeps no records of kind {kind}"))),
        })
    }
}

fn from_text<T: DeserializeOwned>(id: &str) -> Result<T, Error> {
    from_value(id.into(), "id")
}

impl Ledger {
    /// A record as it is, or as it stood after the block of a height, 0 for the genesis.
    ///
    /// Errors: `block.unknown`; `input.invalid` for an account at a height, whose balance says more; `store.*`.
    pub fn record(&self, id: &RecordId, height: Option<u64>) -> Result<Option<AnyRecord>, Error> {
        match id {
            RecordId::Credit(id) => self.kept(id, height, AnyRecord::Credit),
            RecordId::Presentation(id) => self.kept(id, height, AnyRecord::Presentation),
            RecordId::Claim(id) => self.kept(id, height, AnyRecord::Claim),
            RecordId::Account(_) if height.is_some() => {
                Err(invalid("height", "", "an account is not kept by height; its balance at one is"))
            }
            RecordId::Account(id) => Ok(self.account(id)?.map(Box::new).map(AnyRecord::Account)),
            RecordId::Hold(id) => self.kept(id, height, AnyRecord::Hold),
            RecordId::Policy(id) => self.kept(id, height, AnyRecord::Policy),
            RecordId::Proposal(id) => self.kept(id, height, AnyRecord::Proposal),
            RecordId::Reversal(id) => self.kept(id, height, AnyRecord::Reversal),
            RecordId::Party(id) => self.kept(id, height, AnyRecord::Party),
            RecordId::Calendar(id) => self.kept(id, height, AnyRecord::Calendar),
        }
    }

    /// One self-contained file that proves what a record is after the newest block, or that there is none with this
    /// id, from nothing but the genesis: [`verify_record`] checks it.
    ///
    /// Errors: `block.unknown` before the first block, `store.*`.
    pub fn prove(&self, id: &RecordId) -> Result<Vec<u8>, Error> {
        match id {
            RecordId::Credit(id) => self.proof::<LetterOfCredit>(id),
            RecordId::Presentation(id) => self.proof::<Presentation>(id),
            RecordId::Claim(id) => self.proof::<Claim>(id),
            RecordId::Account(id) => self.proof::<Account>(id),
            RecordId::Hold(id) => self.proof::<Hold>(id),
            RecordId::Policy(id) => self.proof::<Policy>(id),
            RecordId::Proposal(id) => self.proof::<Proposal>(id),
            RecordId::Reversal(id) => self.proof::<Reversal>(id),
            RecordId::Party(id) => self.proof::<Party>(id),
            RecordId::Calendar(id) => self.proof::<Calendar>(id),
        }
    }

    fn proof<T: Stored>(&self, id: &T::Id) -> Result<Vec<u8>, Error> {
        self.shared.read(|ledger| Ok(ledger.state_receipt::<T>(id)?.to_bytes()))
    }

    fn kept<T: Indexed>(
        &self,
        id: &T::Id,
        height: Option<u64>,
        as_any: impl Fn(Box<T>) -> AnyRecord,
    ) -> Result<Option<AnyRecord>, Error> {
        let record: Option<T> = self.shared.read(|ledger| match height {
            Some(height) => ledger.get_at(id, height),
            None => ledger.get(id),
        })?;
        Ok(record.map(Box::new).map(as_any))
    }
}

/// Proves from the genesis alone what a record was after the block of a height, or that there was none with this id.
///
/// `file` are the bytes of a state receipt, as [`Ledger::prove`] makes it.
///
/// Errors: `receipt.malformed`, `receipt.version`, `receipt.wrong_network`, `receipt.invalid`.
pub fn verify_record(file: &[u8], trust: &Trust, id: &RecordId) -> Result<ProvenRecord, Error> {
    match id {
        RecordId::Credit(id) => verified(file, trust, id, AnyRecord::Credit),
        RecordId::Presentation(id) => verified(file, trust, id, AnyRecord::Presentation),
        RecordId::Claim(id) => verified(file, trust, id, AnyRecord::Claim),
        RecordId::Account(id) => verified(file, trust, id, AnyRecord::Account),
        RecordId::Hold(id) => verified(file, trust, id, AnyRecord::Hold),
        RecordId::Policy(id) => verified(file, trust, id, AnyRecord::Policy),
        RecordId::Proposal(id) => verified(file, trust, id, AnyRecord::Proposal),
        RecordId::Reversal(id) => verified(file, trust, id, AnyRecord::Reversal),
        RecordId::Party(id) => verified(file, trust, id, AnyRecord::Party),
        RecordId::Calendar(id) => verified(file, trust, id, AnyRecord::Calendar),
    }
}

fn verified<T: Stored>(
    file: &[u8],
    trust: &Trust,
    id: &T::Id,
    as_any: impl Fn(Box<T>) -> AnyRecord,
) -> Result<ProvenRecord, Error> {
    let proven = StateReceipt::from_bytes(file)?.verify::<T>(trust.ledger(), id)?;
    let record = proven.record.map(Box::new).map(as_any);
    Ok(ProvenRecord { record, height: proven.height, time: proven.time })
}
