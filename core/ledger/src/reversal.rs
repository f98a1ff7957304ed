//! Reversals: a booking is never edited. What a transaction transferred is given back by another that names it, whose
//! legs are bookings like any other: the same accounts, the other way round, the last first.
//!
//! Whoever was paid gives back, so the author owns every account that the first transaction paid. What is given back
//! in all stands in the operation, where signers see it and policies judge it, and must be what was transferred. All
//! of a transaction is reversed or nothing, its fees and charges with it, and once only, within 90 days. What is older
//! is as unknown here as it is to a copy of the ledger that has pruned it, so that all copies answer the same.

use std::collections::BTreeMap;

use allonge_crypto::Hash;
use allonge_finance::{Currency, Date, Money, Timestamp};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::account::{AccountId, add};
use crate::block::Verdict;
use crate::error::Error;
use crate::operation::{Event, LedgerEvent, MAX_REFERENCE};
use crate::registry::{
    REVERSAL_AMOUNTS, REVERSAL_NOT_TRANSFERS, REVERSAL_NOT_YOURS, REVERSAL_REASON, REVERSAL_REPEATED,
    REVERSAL_SECOND, REVERSAL_UNKNOWN,
};
use crate::rules::{Context, Leg, Record};
use crate::state::Stored;

/// A transaction can be reversed for so many days. Every copy of the ledger keeps the blocks of that time.
pub const MAX_REVERSAL_DAYS: i64 = 90;

/// That a transaction was reversed, and by which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reversal {
    /// The transaction that was reversed.
    pub transaction: Hash,
    /// The one that reversed it.
    pub by: Hash,
}

impl Stored for Reversal {
    type Id = Hash;
    const KIND: u8 = 0x0b;
}

/// A transfer that was booked.
struct Transferred {
    from: AccountId,
    to: AccountId,
    amount: Money,
    value_date: Date,
}

/// Gives back what an earlier transaction transferred.
pub(crate) fn reverse_transaction<E: Record>(
    context: &mut Context<'_, E>,
    transaction: Hash,
    amounts: &[Money],
    value_date: Option<Date>,
    reason: &str,
) -> Result<(), Error> {
    check_reason(reason)?;
    if std::mem::replace(&mut context.reverses, true) {
        return Err(REVERSAL_SECOND.error().with("transaction", transaction));
    }
    if let Some(first) = context.get::<Reversal>(&transaction)? {
        return Err(REVERSAL_REPEATED.error().with("transaction", transaction).with("first", first.by));
    }
    let verdict = context.verdict_of(&transaction, earliest_reversible(context.now()))?;
    let verdict = verdict.ok_or_else(|| REVERSAL_UNKNOWN.error().with("transaction", transaction))?;
    let transfers = transfers(verdict).map_err(|reason| {
        REVERSAL_NOT_TRANSFERS.error().with("transaction", transaction).with("reason", reason)
    })?;
    check_payees(context, transaction, &transfers)?;
    check_amounts(transaction, &transfers, amounts)?;
    for Transferred { from, to, amount, value_date: first } in transfers.iter().rev() {
        let value_date = context.value_date(value_date.or(Some(*first)))?;
        context.book(&[Leg { from: to, to: from, amount: *amount, held: false }], value_date, reason)?;
    }
    context.put(&transaction, &Reversal { transaction, by: context.transaction() });
    context.emit_ledger(LedgerEvent::TransactionReversed {
        transaction,
        transfers: u32::try_from(transfers.len()).unwrap_or(u32::MAX),
        reason: reason.to_owned(),
    });
    Ok(())
}

/// The time of the oldest block whose transactions can be reversed in a block of this time.
pub(crate) fn earliest_reversible(time: Timestamp) -> Timestamp {
    let days = MAX_REVERSAL_DAYS.saturating_mul(86_400_000);
    time.plus_millis(days.saturating_neg()).unwrap_or(Timestamp::MIN)
}

fn check_reason(reason: &str) -> Result<(), Error> {
    let length = reason.chars().count();
    if length == 0 || length > MAX_REFERENCE || reason.chars().any(char::is_control) {
        return Err(REVERSAL_REASON.error().with("length", length).with("limit", MAX_REFERENCE));
    }
    Ok(())
}

/// What a transaction transferred, if it did nothing else, or why it cannot be reversed. How its signatures were
/// gathered does not matter.
fn transfers<E>(verdict: Verdict<E>) -> Result<Vec<Transferred>, &'static str> {
    let Verdict::Committed { events } = verdict else { return Err("it_was_refused") };
    let mut transfers = Vec::with_capacity(events.len());
    for event in events {
        match event {
            Event::Ledger(LedgerEvent::Transferred { from, to, amount, value_date, .. }) => {
                transfers.push(Transferred { from, to, amount, value_date });
            }
            Event::Ledger(
                LedgerEvent::OperationsProposed { .. }
                | LedgerEvent::ProposalApproved { .. }
                | LedgerEvent::ProposalExecuted { .. }
                | LedgerEvent::ProposalWithdrawn { .. },
            ) => {}
            Event::Ledger(LedgerEvent::TransactionReversed { .. }) => return Err("it_is_a_reversal"),
            Event::Ledger(_) | Event::Rules(_) => return Err("it_did_more_than_transfer"),
        }
    }
    if transfers.is_empty() { Err("it_transferred_nothing") } else { Ok(transfers) }
}

/// Only whoever was paid gives back.
fn check_payees<E: Record>(
    context: &Context<'_, E>,
    transaction: Hash,
    transfers: &[Transferred],
) -> Result<(), Error> {
    match transfers.iter().find(|transfer| transfer.to.owner() != context.author()) {
        None => Ok(()),
        Some(transfer) => Err(REVERSAL_NOT_YOURS
            .error()
            .with("transaction", transaction)
            .with("account", &transfer.to)
            .with("party", context.author())),
    }
}

/// What is given back in all is what was transferred, each currency once and in the order of their codes.
fn check_amounts(transaction: Hash, transfers: &[Transferred], amounts: &[Money]) -> Result<(), Error> {
    let mut sums = BTreeMap::<Currency, Money>::new();
    for Transferred { amount, .. } in transfers {
        let sum = sums.entry(amount.currency()).or_insert_with(|| Money::zero(amount.currency()));
        *sum = add(*sum, *amount)?;
    }
    let sums: Vec<Money> = sums.into_values().collect();
    let differs = (0..sums.len().max(amounts.len())).find(|place| sums.get(*place) != amounts.get(*place));
    let Some(place) = differs else { return Ok(()) };
    let word = |amount: Option<&Money>| amount.map_or_else(|| "nothing".to_owned(), Money::to_string);
    Err(REVERSAL_AMOUNTS
        .error()
        .with("transaction", transaction)
        .with("place", place)
        .with("given", word(amounts.get(place)))
        .with("transferred", word(sums.get(place))))
}
