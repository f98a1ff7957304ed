//! The ledger's own operations and events, beside those of the rules.

use std::collections::BTreeSet;

use allonge_crypto::{Hash, PublicKey, Signature};
use allonge_finance::{Calendar, CalendarId, Date, Money, PartyId, Timestamp};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::account::{Account, AccountId, Side};
use crate::certificate::{Roster, ValidatorKey};
use crate::epoch::approve_roster;
use crate::error::Error;
use crate::genesis::Authorities;
use crate::hold::{Against, HoldId, HoldTerms};
use crate::party::{Party, PartyKey, Role};
use crate::policy::{Amount, Governed, Policy, PolicyRule, set_policy};
use crate::proposal::{ProposalId, ProposalOperation};
use crate::registry::{
    ACCOUNT_EXISTS, AUTHORITY_REQUIRED, CALENDAR_VERSION, PARTY_ALREADY_ADMITTED, REFERENCE_INVALID,
};
use crate::reversal::reverse_transaction;
use crate::rules::{Context, Record, Rules};
use crate::upgrade::schedule_rules;

/// A reference on a transfer has at most this many characters.
pub const MAX_REFERENCE: usize = 140;

/// One thing that a transaction does: to the ledger, by the rules of the business it carries, or to what waits for
/// more signatures.
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
    /// An operation on a proposal.
    Proposal(ProposalOperation<O>) = 2,
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
        /// The key; without `valid_from`, it counts from the next height on.
        key: PublicKey,
        /// What its holder is in the party. Without a role it signs what the party's policy leaves open.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        roles: BTreeSet<Role>,
        /// The first height at which it counts, the next or later.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        valid_from: Option<u64>,
        /// The first height at which it no longer does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        valid_until: Option<u64>,
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
        /// What it may hold at most; for the account that issues money, how much of it there may be.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ceiling: Option<Money>,
    } = 3,
    /// A party moves money from its account to another.
    Transfer {
        /// The account that pays; the author owns it.
        from: AccountId,
        /// The account that is paid.
        to: AccountId,
        /// How much, above zero.
        amount: Money,
        /// From when on it counts, at most 366 days before or after the date of the block by UTC; without
        /// one, from that date on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value_date: Option<Date>,
        /// What for, at most 140 characters.
        reference: String,
    } = 4,
    /// The calendar publisher publishes the next version of a calendar.
    PublishCalendar {
        /// The calendar.
        calendar: Calendar,
    } = 5,
    /// A party limits an account of its own, or lifts the limit.
    SetCeiling {
        /// Which account.
        account: AccountId,
        /// What it may hold at most; for the account that issues money, how much of it there may be.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ceiling: Option<Money>,
    } = 6,
    /// A party reserves money of its own for another.
    HoldFunds {
        /// Which hold; its payer is the author.
        hold: HoldId,
        /// The account that pays; the author owns it.
        from: AccountId,
        /// The account that is paid.
        to: AccountId,
        /// How much is reserved, above zero.
        amount: Money,
        /// The party that may post it; without one, the owner of the account that is paid.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        poster: Option<PartyId>,
        /// What must be paid in return, in the same moment.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        against: Option<Against>,
        /// The last time at which it can be posted: after block time, by at most 366 days.
        expires_at: Timestamp,
        /// What for, at most 140 characters.
        reference: String,
    } = 7,
    /// The poster of a hold pays what it reserves, in whole or in part.
    PostHold {
        /// Which hold.
        hold: HoldId,
        /// How much of it; without it, all that it still reserves. The rest stays reserved.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<Money>,
        /// The author's account that pays in return, for a hold that is against a payment.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pay_from: Option<AccountId>,
    } = 8,
    /// The poster of a hold lets it go, or its payer does after it has expired.
    VoidHold {
        /// Which hold.
        hold: HoldId,
    } = 9,
    /// A party says which of its keys must sign what, from the next transaction on. It is governed by the policy
    /// before, and no policy is taken that the party's keys could not satisfy.
    SetPolicy {
        /// The rules, at most 64. Without any, one key signs anything.
        rules: Vec<PolicyRule>,
    } = 10,
    /// The supervisor puts a later version of the rules in force, from a later height on.
    ScheduleRules {
        /// The version, above every one before.
        version: u32,
        /// The first height, above that of this block and of every upgrade before.
        from_height: u64,
    } = 11,
    /// A party that was paid gives back all that an earlier transaction transferred, fees and charges with it. That
    /// transaction did nothing but transfer, and every account that it paid is the author's. A transaction is reversed
    /// at most once, and reverses at most one other.
    ReverseTransaction {
        /// The transaction that is reversed.
        transaction: Hash,
        /// What is given back in all, which is what was transferred: each currency once, in the order of their codes.
        amounts: Vec<Money>,
        /// From when on it counts, at most 366 days before or after the date of the block by UTC; without one, each
        /// booking counts from when the one that it reverses did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value_date: Option<Date>,
        /// Why, in 1 to 140 characters; the bookings have it as their reference.
        reason: String,
    } = 12,
    /// A validator approves the roster that is to follow on that in office; anybody may hand its signature in. Once a
    /// quorum has approved the same, that roster takes office 65 blocks later. A validator that approves another takes
    /// back what it approved before.
    ApproveRoster {
        /// The epoch in office, which is to end.
        epoch: u64,
        /// The next roster, ordered by key.
        roster: Roster,
        /// Until when approvals count, at most 30 days ahead.
        valid_until: Timestamp,
        /// Who approves.
        validator: ValidatorKey,
        /// Its signature of the network, the epoch, the roster and the time.
        signature: Signature,
    } = 13,
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
        /// What its holder is in the party.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        roles: BTreeSet<Role>,
        /// The first height at which it counts.
        valid_from: u64,
        /// The first height at which it no longer does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        valid_until: Option<u64>,
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
        /// From when on it counts.
        value_date: Date,
        /// What for.
        reference: String,
        /// The how manyth booking this is of the account that paid, from 1.
        from_entry: u64,
        /// What that account holds after it.
        from_balance: Money,
        /// The how manyth booking this is of the account that was paid, from 1.
        to_entry: u64,
        /// What that account holds after it.
        to_balance: Money,
    } = 4,
    /// A calendar was published.
    CalendarPublished {
        /// Which calendar.
        calendar: CalendarId,
        /// Its version.
        version: u32,
    } = 5,
    /// An account was limited, or its limit was lifted.
    CeilingSet {
        /// Which account.
        account: AccountId,
        /// What it may hold at most; for the account that issues money, how much of it there may be.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ceiling: Option<Money>,
    } = 6,
    /// Money was reserved.
    HoldPlaced {
        /// Which hold.
        hold: HoldId,
        /// The account that pays.
        from: AccountId,
        /// The account that is paid.
        to: AccountId,
        /// How much is reserved.
        amount: Money,
        /// The party that may post it; without one, only the rules that placed it do.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        poster: Option<PartyId>,
        /// What must be paid in return.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        against: Option<Against>,
        /// The last time at which it can be posted.
        expires_at: Timestamp,
        /// What for.
        reference: String,
    } = 7,
    /// What a hold reserved was paid. What moved, the transfers before this event say.
    HoldPosted {
        /// Which hold.
        hold: HoldId,
        /// How much of it.
        amount: Money,
        /// How much it still reserves.
        remaining: Money,
    } = 8,
    /// What a hold still reserved was let go.
    HoldVoided {
        /// Which hold.
        hold: HoldId,
        /// How much is available again.
        amount: Money,
        /// Whether it had expired.
        expired: bool,
    } = 9,
    /// A party's policy was set.
    PolicySet {
        /// Whose.
        party: PartyId,
    } = 10,
    /// Operations were proposed.
    OperationsProposed {
        /// Which proposal.
        proposal: ProposalId,
        /// How many operations.
        operations: u16,
        /// What those who approve it sign.
        operations_hash: Hash,
        /// The last time at which it can be approved.
        expires_at: Timestamp,
        /// How many keys proposed it.
        keys: u16,
    } = 11,
    /// Further keys approved a proposal.
    ProposalApproved {
        /// Which proposal.
        proposal: ProposalId,
        /// How many keys have approved it so far, those that proposed it among them.
        keys: u16,
    } = 12,
    /// The operations of a proposal took effect. What they did, the events before this one say.
    ProposalExecuted {
        /// Which proposal.
        proposal: ProposalId,
    } = 13,
    /// A proposal was taken back.
    ProposalWithdrawn {
        /// Which proposal.
        proposal: ProposalId,
    } = 14,
    /// A later version of the rules will be in force.
    RulesScheduled {
        /// The version.
        version: u32,
        /// The first height.
        from_height: u64,
    } = 15,
    /// What a transaction transferred was given back. How, the transfers before this event say.
    TransactionReversed {
        /// The transaction that was reversed.
        transaction: Hash,
        /// How many transfers before this event gave it back, the last of it first.
        transfers: u32,
        /// Why.
        reason: String,
    } = 16,
    /// A validator approved the roster that is to follow.
    RosterApproved {
        /// The epoch that is to end.
        epoch: u64,
        /// The next roster.
        roster: Roster,
        /// Who approved it.
        validator: ValidatorKey,
        /// How many validators have approved it so far.
        approvals: u16,
    } = 17,
    /// A quorum approved a roster: it will be in office.
    RosterScheduled {
        /// The epoch that it begins.
        epoch: u64,
        /// The first height that it certifies.
        from_height: u64,
        /// The roster.
        roster: Roster,
    } = 18,
}

impl<O: Governed> Operation<O> {
    /// Which kind it is: the value of `type` in its JSON.
    pub fn kind(&self) -> &'static str {
        match self {
            Operation::Ledger(operation) => operation.kind(),
            Operation::Rules(operation) => operation.kind(),
            Operation::Proposal(operation) => operation.kind(),
        }
    }
}

impl<O: Record + Governed> Operation<O> {
    /// Carries out one operation, or refuses it.
    pub(crate) fn apply<R: Rules<Operation = O>>(
        &self,
        rules: &R,
        context: &mut Context<'_, R::Event>,
    ) -> Result<(), Error> {
        match self {
            Operation::Ledger(operation) => {
                ask_the_rules(operation, rules, context)?;
                operation.apply(context, O::KINDS)
            }
            Operation::Rules(operation) => rules.apply(context, operation),
            Operation::Proposal(operation) => operation.apply(rules, context),
        }
    }
}

/// Whether the rules let money move as an operation of the ledger would.
fn ask_the_rules<R: Rules>(
    operation: &LedgerOperation,
    rules: &R,
    context: &mut Context<'_, R::Event>,
) -> Result<(), Error> {
    match operation {
        LedgerOperation::Transfer { from, to, .. } => rules.may_move(context, from, to),
        LedgerOperation::PostHold { hold, pay_from, .. } => {
            let hold = context.hold(hold)?;
            rules.may_move(context, &hold.from, &hold.to)?;
            match (&hold.against, pay_from) {
                (Some(Against { account, .. }), Some(from)) => rules.may_move(context, from, account),
                _ => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

impl Governed for LedgerOperation {
    const KINDS: &'static [&'static str] = &[
        "admit_party",
        "add_key",
        "revoke_key",
        "open_account",
        "transfer",
        "publish_calendar",
        "set_ceiling",
        "hold_funds",
        "post_hold",
        "void_hold",
        "set_policy",
        "schedule_rules",
        "reverse_transaction",
        "approve_roster",
    ];

    fn kind(&self) -> &'static str {
        match self {
            LedgerOperation::AdmitParty { .. } => "admit_party",
            LedgerOperation::AddKey { .. } => "add_key",
            LedgerOperation::RevokeKey { .. } => "revoke_key",
            LedgerOperation::OpenAccount { .. } => "open_account",
            LedgerOperation::Transfer { .. } => "transfer",
            LedgerOperation::PublishCalendar { .. } => "publish_calendar",
            LedgerOperation::SetCeiling { .. } => "set_ceiling",
            LedgerOperation::HoldFunds { .. } => "hold_funds",
            LedgerOperation::PostHold { .. } => "post_hold",
            LedgerOperation::VoidHold { .. } => "void_hold",
            LedgerOperation::SetPolicy { .. } => "set_policy",
            LedgerOperation::ScheduleRules { .. } => "schedule_rules",
            LedgerOperation::ReverseTransaction { .. } => "reverse_transaction",
            LedgerOperation::ApproveRoster { .. } => "approve_roster",
        }
    }

    fn amount(&self) -> Amount {
        match self {
            LedgerOperation::Transfer { amount, .. }
            | LedgerOperation::HoldFunds { amount, .. }
            | LedgerOperation::PostHold { amount: Some(amount), pay_from: None, .. } => Amount::Of(*amount),
            // All that the hold reserves, or what the hold is against.
            LedgerOperation::PostHold { .. } => Amount::Unstated,
            LedgerOperation::ReverseTransaction { amounts, .. } => Amount::OfEach(amounts.clone()),
            _ => Amount::None,
        }
    }
}

impl LedgerOperation {
    /// `kinds` are those of the rules' operations.
    fn apply<E: Record>(
        &self,
        context: &mut Context<'_, E>,
        kinds: &'static [&'static str],
    ) -> Result<(), Error> {
        match self {
            LedgerOperation::AdmitParty { party, name, keys } => admit_party(context, party, name, keys),
            LedgerOperation::AddKey { party, key, roles, valid_from, valid_until } => {
                let (roles, valid_until) = (roles.clone(), *valid_until);
                let valid_from = valid_from.unwrap_or(context.next_height());
                let added = PartyKey { roles, valid_until, ..PartyKey::new(*key, valid_from) };
                add_key(context, party, added)
            }
            LedgerOperation::RevokeKey { party, key } => revoke_key(context, party, *key),
            LedgerOperation::OpenAccount { account, ceiling } => open_account(context, account, *ceiling),
            LedgerOperation::Transfer { from, to, amount, value_date, reference } => {
                check_reference(reference)?;
                context.transfer(from, to, *amount, *value_date, reference)
            }
            LedgerOperation::PublishCalendar { calendar } => publish_calendar(context, calendar),
            LedgerOperation::SetCeiling { account, ceiling } => {
                context.check_owner(account)?;
                let limited = context.account(account)?.with_ceiling(*ceiling)?;
                put_limited(context, &limited);
                Ok(())
            }
            LedgerOperation::HoldFunds { hold, from, to, amount, poster, against, expires_at, reference } => {
                check_reference(reference)?;
                context.hold_funds(HoldTerms {
                    id: hold.clone(),
                    from: from.clone(),
                    to: to.clone(),
                    amount: *amount,
                    poster: Some(poster.as_ref().unwrap_or(to.owner()).clone()),
                    against: against.clone(),
                    expires_at: *expires_at,
                    reference: reference.clone(),
                })
            }
            LedgerOperation::PostHold { hold, amount, pay_from } => {
                let hold = context.hold(hold)?;
                hold.check_poster(context.author())?;
                context.post(hold, *amount, pay_from.as_ref())
            }
            LedgerOperation::VoidHold { hold } => {
                let hold = context.hold(hold)?;
                hold.check_voider(context.author(), context.now())?;
                context.void(hold)
            }
            LedgerOperation::SetPolicy { rules } => set_policy(context, &[Self::KINDS, kinds], rules),
            LedgerOperation::ScheduleRules { version, from_height } => {
                schedule_rules(context, *version, *from_height)
            }
            LedgerOperation::ReverseTransaction { transaction, amounts, value_date, reason } => {
                reverse_transaction(context, *transaction, amounts, *value_date, reason)
            }
            LedgerOperation::ApproveRoster { epoch, roster, valid_until, validator, signature } => {
                approve_roster(context, *epoch, roster, *valid_until, validator, signature)
            }
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

fn add_key<E: Record>(context: &mut Context<'_, E>, party: &PartyId, added: PartyKey) -> Result<(), Error> {
    let changed = own_party(context, party)?.add_key(added.clone(), context.next_height())?;
    context.put(party, &changed);
    let PartyKey { key, roles, valid_from, valid_until, .. } = added;
    let party = party.clone();
    context.emit_ledger(LedgerEvent::KeyAdded { party, key, roles, valid_from, valid_until });
    Ok(())
}

fn revoke_key<E: Record>(context: &mut Context<'_, E>, party: &PartyId, key: PublicKey) -> Result<(), Error> {
    let height = context.next_height();
    let changed = own_party(context, party)?.revoke_key(key, height)?;
    // Nobody locks himself out. The registrar may have to revoke a key first, to make room for the next.
    if context.author() == party
        && let Some(policy) = context.get::<Policy>(party)?
    {
        policy.check_satisfiable(&changed, height)?;
    }
    context.put(party, &changed);
    context.emit_ledger(LedgerEvent::KeyRevoked { party: party.clone(), key });
    Ok(())
}

fn open_account<E: Record>(
    context: &mut Context<'_, E>,
    id: &AccountId,
    ceiling: Option<Money>,
) -> Result<(), Error> {
    context.check_owner(id)?;
    if context.get::<Account>(id)?.is_some() {
        return Err(ACCOUNT_EXISTS.error().with("account", id));
    }
    let side = if context.authorities()?.issues(id) { Side::Liability } else { Side::Asset };
    let account = Account::open(id.clone(), side).with_ceiling(ceiling)?;
    context.emit_ledger(LedgerEvent::AccountOpened { account: id.clone() });
    if ceiling.is_some() {
        put_limited(context, &account);
    } else {
        context.put(id, &account);
    }
    Ok(())
}

/// Writes an account whose ceiling was set.
fn put_limited<E: Record>(context: &mut Context<'_, E>, account: &Account) {
    context.put(&account.id, account);
    context.emit_ledger(LedgerEvent::CeilingSet { account: account.id.clone(), ceiling: account.ceiling });
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
    pub(crate) fn emit_ledger(&mut self, event: LedgerEvent) {
        self.events.push(Event::Ledger(event));
    }

    /// Keys change between blocks, so that all signatures of one block are judged alike.
    pub(crate) fn next_height(&self) -> u64 {
        self.height().saturating_add(1)
    }

    pub(crate) fn authorities(&self) -> Result<Authorities, Error> {
        Authorities::read(self)
    }
}
