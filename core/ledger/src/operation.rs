//! The ledger's own operations and events, beside those of the rules.

use allonge_crypto::PublicKey;
use allonge_finance::{Calendar, CalendarId, Money, PartyId};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::account::{Account, AccountId};
use crate::error::Error;
use crate::genesis::Authorities;
use crate::party::Party;
use crate::registry::{
    ACCOUNT_EXISTS, ACCOUNT_NOT_YOURS, AUTHORITY_REQUIRED, CALENDAR_VERSION, PARTY_ALREADY_ADMITTED,
    REFERENCE_INVALID,
};
use crate::rules::{Context, Record, Rules};

/// A reference on a transfer has at most this many characters.
pub const MAX_REFERENCE: usize = 140;

/// One thing that a transaction does: to the ledger, or by the rules of the business it carries.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize)]
#[borsh(use_discriminant = true)]
#[serde(untagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Operation"))]
#[expect(clippy::large_enum_variant, reason = "the rules' own are as large; boxing would cost each one")]
#[repr(u8)]
pub enum Operation<O> {
    /// An operation of the ledger.
    Ledger(LedgerOperation) = 0,
    /// An operation of the rules.
    Rules(O) = 1,
}

/// One thing that happened: in the ledger, or by the rules of the business it carries.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize)]
#[borsh(use_discriminant = true)]
#[serde(untagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Event"))]
#[expect(clippy::large_enum_variant, reason = "the rules' own are as large; boxing would cost each one")]
#[repr(u8)]
pub enum Event<E> {
    /// An event of the ledger.
    Ledger(LedgerEvent) = 0,
    /// An event of the rules.
    Rules(E) = 1,
}

/// What parties can do with the ledger itself.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum LedgerOperation {
    /// The registrar admits a party with its first keys.
    AdmitParty {
        /// Its identifier.
        party: PartyId,
        /// Its name, at most 140 characters.
        name: String,
        /// Its keys, from 1 to 16; they count from the next height on.
        keys: Vec<PublicKey>,
    } = 0,
    /// A party, or the registrar for it, registers one more key.
    AddKey {
        /// Whose key.
        party: PartyId,
        /// The key; it counts from the next height on.
        key: PublicKey,
    } = 1,
    /// A party, or the registrar for it, revokes a key.
    RevokeKey {
        /// Whose key.
        party: PartyId,
        /// The key; it no longer counts from the next height on.
        key: PublicKey,
    } = 2,
    /// A party opens an account of its own.
    OpenAccount {
        /// Which account.
        account: AccountId,
    } = 3,
    /// A party moves money from its account to another.
    Transfer {
        /// The account that pays; the author owns it.
        from: AccountId,
        /// The account that is paid.
        to: AccountId,
        /// How much, above zero.
        amount: Money,
        /// What for, at most 140 characters.
        reference: String,
    } = 4,
    /// The calendar publisher publishes the next version of a calendar.
    PublishCalendar {
        /// The calendar.
        calendar: Calendar,
    } = 5,
}

/// What can happen in the ledger itself.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum LedgerEvent {
    /// A party was admitted.
    PartyAdmitted {
        /// Which party.
        party: PartyId,
        /// Its name.
        name: String,
    } = 0,
    /// A key was registered.
    KeyAdded {
        /// Whose key.
        party: PartyId,
        /// The key.
        key: PublicKey,
    } = 1,
    /// A key was revoked.
    KeyRevoked {
        /// Whose key.
        party: PartyId,
        /// The key.
        key: PublicKey,
    } = 2,
    /// An account was opened.
    AccountOpened {
        /// Which account.
        account: AccountId,
    } = 3,
    /// Money moved.
    Transferred {
        /// The account that paid.
        from: AccountId,
        /// The account that was paid.
        to: AccountId,
        /// How much.
        amount: Money,
        /// What for.
        reference: String,
    } = 4,
    /// A calendar was published.
    CalendarPublished {
        /// Which calendar.
        calendar: CalendarId,
        /// Its version.
        version: u32,
    } = 5,
}

impl<O: Record> Operation<O> {
    /// Carries out one operation, or refuses it.
    pub(crate) fn apply<R: Rules<Operation = O>>(
        &self,
        rules: &R,
        context: &mut Context<'_, R::Event>,
    ) -> Result<(), Error> {
        match self {
            Operation::Ledger(operation) => operation.apply(context),
            Operation::Rules(operation) => rules.apply(context, operation),
        }
    }
}

impl LedgerOperation {
    fn apply<E: Record>(&self, context: &mut Context<'_, E>) -> Result<(), Error> {
        match self {
            LedgerOperation::AdmitParty { party, name, keys } => admit_party(context, party, name, keys),
            LedgerOperation::AddKey { party, key } => {
                let changed = own_party(context, party)?.add_key(*key, context.next_height())?;
                context.put(party, &changed);
                context.emit_ledger(LedgerEvent::KeyAdded { party: party.clone(), key: *key });
                Ok(())
            }
            LedgerOperation::RevokeKey { party, key } => {
                let changed = own_party(context, party)?.revoke_key(*key, context.next_height())?;
                context.put(party, &changed);
                context.emit_ledger(LedgerEvent::KeyRevoked { party: party.clone(), key: *key });
                Ok(())
            }
            LedgerOperation::OpenAccount { account } => open_account(context, account),
            LedgerOperation::Transfer { from, to, amount, reference } => {
                check_reference(reference)?;
                context.transfer(from, to, *amount, reference)
            }
            LedgerOperation::PublishCalendar { calendar } => publish_calendar(context, calendar),
        }
    }
}

fn admit_party<E: Record>(
    context: &mut Context<'_, E>,
    party: &PartyId,
    name: &str,
    keys: &[PublicKey],
) -> Result<(), Error> {
    let authorities = context.authorities()?;
    require(context, "registrar", &authorities.registrar)?;
    if context.get::<Party>(party)?.is_some() {
        return Err(PARTY_ALREADY_ADMITTED.error().with("party", party));
    }
    let admitted = Party::admit(party.clone(), name.to_owned(), keys.to_vec(), context.next_height())?;
    context.put(party, &admitted);
    context.emit_ledger(LedgerEvent::PartyAdmitted { party: party.clone(), name: name.to_owned() });
    Ok(())
}

fn open_account<E: Record>(context: &mut Context<'_, E>, id: &AccountId) -> Result<(), Error> {
    if id.owner() != context.author() {
        return Err(ACCOUNT_NOT_YOURS.error().with("account", id).with("party", context.author()));
    }
    if context.get::<Account>(id)?.is_some() {
        return Err(ACCOUNT_EXISTS.error().with("account", id));
    }
    let issues_money = context.authorities()?.issues(id);
    context.put(id, &Account::open(id.clone(), issues_money));
    context.emit_ledger(LedgerEvent::AccountOpened { account: id.clone() });
    Ok(())
}

fn publish_calendar<E: Record>(context: &mut Context<'_, E>, calendar: &Calendar) -> Result<(), Error> {
    let authorities = context.authorities()?;
    require(context, "calendar_publisher", &authorities.calendar_publisher)?;
    let current = context.get::<Calendar>(calendar.id())?.map_or(0, |known| known.version());
    if current.checked_add(1) != Some(calendar.version()) {
        return Err(CALENDAR_VERSION
            .error()
            .with("calendar", calendar.id())
            .with("current", current)
            .with("given", calendar.version()));
    }
    context.put(calendar.id(), calendar);
    context.emit_ledger(LedgerEvent::CalendarPublished {
        calendar: calendar.id().clone(),
        version: calendar.version(),
    });
    Ok(())
}

/// A party record that the author may change: its own, or any for the registrar.
fn own_party<E: Record>(context: &Context<'_, E>, party: &PartyId) -> Result<Party, Error> {
    if context.author() != party {
        require(context, "party_or_registrar", &context.authorities()?.registrar)?;
    }
    context.party(party)
}

fn require<E: Record>(
    context: &Context<'_, E>,
    authority: &'static str,
    holder: &PartyId,
) -> Result<(), Error> {
    if context.author() == holder {
        Ok(())
    } else {
        Err(AUTHORITY_REQUIRED.error().with("authority", authority).with("party", context.author()))
    }
}

fn check_reference(reference: &str) -> Result<(), Error> {
    let length = reference.chars().count();
    if length > MAX_REFERENCE || reference.chars().any(char::is_control) {
        return Err(REFERENCE_INVALID.error().with("length", length).with("limit", MAX_REFERENCE));
    }
    Ok(())
}

impl<E: Record> Context<'_, E> {
    fn emit_ledger(&mut self, event: LedgerEvent) {
        self.events.push(Event::Ledger(event));
    }

    /// Keys change between blocks, so that all signatures of one block are judged alike.
    fn next_height(&self) -> u64 {
        self.height().saturating_add(1)
    }

    fn authorities(&self) -> Result<Authorities, Error> {
        Authorities::read(self)
    }
}
