//! Where transitions post what they do to liabilities, and where banks set their limits.

use allonge_finance::{Date, Money, PartyId};
use allonge_ledger::registry::AMOUNT_OVERFLOW;
use allonge_ledger::{Context, Error};

use crate::event::TradeEvent;
use crate::position::{Line, LineId, Nature, Position, PositionId};
use crate::registry::LIMIT_INVALID;

/// What a transition does to one liability.
pub(super) struct Posting<'a> {
    /// Who is liable.
    pub debtor: &'a PartyId,
    /// To whom.
    pub creditor: &'a PartyId,
    /// What kind of liability.
    pub nature: Nature,
    /// How much, above zero; nothing is posted for zero.
    pub amount: Money,
    /// The day on which it falls due or expires, where there is one.
    pub day: Option<Date>,
}

impl Posting<'_> {
    fn position(&self) -> PositionId {
        PositionId {
            creditor: self.creditor.clone(),
            debtor: self.debtor.clone(),
            nature: self.nature,
            currency: self.amount.currency(),
            month: self.day.and_then(|day| Date::new(day.year(), day.month(), 1).ok()),
        }
    }

    fn line(&self) -> LineId {
        LineId {
            creditor: self.creditor.clone(),
            debtor: self.debtor.clone(),
            currency: self.amount.currency(),
        }
    }
}

/// A liability comes into being, or grows. Where the creditor itself brings it about, as the author, its own limit binds it.
pub(super) fn raise(context: &mut Context<'_, TradeEvent>, posting: &Posting<'_>) -> Result<(), Error> {
    let line = book(context, posting)?;
    if context.author() == posting.creditor {
        line.is_within_limit(context.findings())?;
    }
    Ok(())
}

/// Liabilities take the place of others. The limit of a creditor that is the author binds it where it is exposed by more
/// than before: what it is bound to do already, no limit keeps it from.
pub(super) fn replace(
    context: &mut Context<'_, TradeEvent>,
    before: &[Posting<'_>],
    after: &[Posting<'_>],
) -> Result<(), Error> {
    before.iter().try_for_each(|posting| lower(context, posting))?;
    let mut grown = Vec::new();
    for posting in after {
        let line = book(context, posting)?;
        let of_line = |posting: &&Posting<'_>| posting.line() == line.id;
        let sum = |postings: &[Posting<'_>]| {
            let amounts = postings.iter().filter(of_line).map(|posting| posting.amount);
            amounts.into_iter().try_fold(Money::zero(line.id.currency), |sum, amount| {
                sum.checked_add(amount).map_err(|_| AMOUNT_OVERFLOW.error())
            })
        };
        let more = sum(after)?.checked_cmp(sum(before)?).map_err(|_| AMOUNT_OVERFLOW.error())?.is_gt();
        if more && context.author() == posting.creditor {
            grown.push(line.id);
        }
    }
    for id in grown {
        let line = context.get::<Line>(&id)?.unwrap_or_else(|| Line::none(id));
        line.is_within_limit(context.findings())?;
    }
    Ok(())
}

/// Writes that a liability grows. Its line as it is then.
fn book(context: &mut Context<'_, TradeEvent>, posting: &Posting<'_>) -> Result<Line, Error> {
    let id = posting.position();
    let position = context.get::<Position>(&id)?.unwrap_or_else(|| Position::none(id));
    let position = position.raised(posting.amount)?;
    let id = posting.line();
    let line = context.get::<Line>(&id)?.unwrap_or_else(|| Line::none(id)).used(posting.amount)?;
    context.put(&position.id, &position);
    context.put(&line.id, &line);
    Ok(line)
}

/// A liability takes another shape or day, of no more than was lowered by the same transition: no limit is asked.
pub(super) fn reshape(context: &mut Context<'_, TradeEvent>, posting: &Posting<'_>) -> Result<(), Error> {
    book(context, posting).map(|_| ())
}

/// A liability ends, or shrinks. Errors: `position.negative` where it is not that large.
pub(super) fn lower(context: &mut Context<'_, TradeEvent>, posting: &Posting<'_>) -> Result<(), Error> {
    let id = posting.position();
    let position = context.get::<Position>(&id)?.unwrap_or_else(|| Position::none(id));
    let position = position.lowered(posting.amount)?;
    let id = posting.line();
    let line = context.get::<Line>(&id)?.unwrap_or_else(|| Line::none(id)).freed(posting.amount)?;
    context.put(&position.id, &position);
    context.put(&line.id, &line);
    Ok(())
}

/// A creditor sets the limit of its own acts towards a debtor, or takes it away.
pub(super) fn set_limit(
    context: &mut Context<'_, TradeEvent>,
    debtor: PartyId,
    currency: allonge_finance::Currency,
    limit: Option<Money>,
) -> Result<(), Error> {
    context.party(&debtor)?;
    let fits = limit.is_none_or(|limit| limit.currency() == currency && !limit.is_negative());
    LIMIT_INVALID.unless(fits, |refusal| {
        refusal
            .with("limit", limit.map(|limit| limit.to_string()).unwrap_or_default())
            .with("currency", currency)
    })?;
    let id = LineId { creditor: context.author().clone(), debtor: debtor.clone(), currency };
    let mut line = context.get::<Line>(&id)?.unwrap_or_else(|| Line::none(id));
    line.limit = limit;
    context.put(&line.id, &line);
    context.emit(TradeEvent::LimitSet { creditor: line.id.creditor, debtor, currency, limit });
    Ok(())
}
