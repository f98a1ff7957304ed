//! Who is liable to whom by a participation, and how a step moves it.

use allonge_finance::{Date, Money, PartyId};
use allonge_ledger::{Context, Error};

use crate::deadline::Deadline;
use crate::event::TradeEvent;
use crate::participation::{Outlay, Participation, ParticipationState};
use crate::position::Nature;
use crate::rules::position::{self, Posting};

/// One liability that a participation is, now.
pub(super) struct Liability {
    debtor: PartyId,
    creditor: PartyId,
    nature: Nature,
    amount: Money,
    day: Option<Date>,
}

/// Who is liable to whom by a participation: the participant until it paid, the seller from then on.
pub(super) fn liabilities(participation: &Participation) -> Result<Vec<Liability>, Error> {
    let (seller, participant) = (participation.seller(), &participation.participant);
    let of = |debtor: &PartyId, creditor: &PartyId, nature, amount, day| Liability {
        debtor: debtor.clone(),
        creditor: creditor.clone(),
        nature,
        amount,
        day,
    };
    let amount = participation.amount;
    let all = match &participation.state {
        ParticipationState::Accepted { settlement } => {
            vec![of(participant, seller, Nature::Definite, amount, Some(settlement.date()))]
        }
        ParticipationState::Effective { .. } => {
            vec![of(participant, seller, Nature::Contingent, amount, Some(participation.expiry.date()))]
        }
        ParticipationState::Demanded { deadline, .. } => {
            vec![of(participant, seller, Nature::Definite, amount, Some(deadline.date()))]
        }
        ParticipationState::Funded { outlay }
        | ParticipationState::Paid { outlay }
        | ParticipationState::RecoveryShared { outlay } => {
            let due = outlay.deadline.as_ref().map(Deadline::date);
            vec![
                of(seller, participant, Nature::Contingent, Outlay::uncovered(outlay)?, None),
                of(seller, participant, Nature::Definite, outlay.owed()?, due),
            ]
        }
        ParticipationState::Offered { .. }
        | ParticipationState::Elevated { .. }
        | ParticipationState::Terminated { .. } => Vec::new(),
    };
    Ok(all.into_iter().filter(|liability| liability.amount.is_positive()).collect())
}

/// Lowers what was, and raises what is.
pub(super) fn repost(
    context: &mut Context<'_, TradeEvent>,
    before: &[Liability],
    after: &[Liability],
) -> Result<(), Error> {
    fn posting(liability: &Liability) -> Posting<'_> {
        Posting {
            debtor: &liability.debtor,
            creditor: &liability.creditor,
            nature: liability.nature,
            amount: liability.amount,
            day: liability.day,
        }
    }
    let total = |all: &[Liability], of: &Liability| {
        let same = all.iter().filter(|one| one.debtor == of.debtor && one.creditor == of.creditor);
        same.map(|one| one.amount.minor_units()).fold(0_i128, i128::saturating_add)
    };
    before.iter().try_for_each(|liability| position::lower(context, &posting(liability)))?;
    after.iter().try_for_each(|liability| match total(after, liability) > total(before, liability) {
        true => position::raise(context, &posting(liability)),
        false => position::reshape(context, &posting(liability)),
    })
}
