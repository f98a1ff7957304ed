//! Who may do what next with a participation.

use allonge_finance::{PartyId, Timestamp};

use super::{Participation, ParticipationState};
use crate::deadline::Deadline;
use crate::next_step::{NextStep, NextSteps};

impl NextSteps for Participation {
    fn next_steps(&self, party: &PartyId, now: Timestamp) -> Vec<NextStep> {
        let (seller, participant) = (party == self.seller(), *party == self.participant);
        if !seller && !participant {
            return Vec::new();
        }
        let mut steps = Vec::new();
        match &self.state {
            ParticipationState::Offered { expires_at } if participant && now <= *expires_at => {
                steps.push(NextStep::until("accept_participation", *expires_at));
            }
            ParticipationState::Offered { .. } if seller => {
                steps.push(NextStep::any_time("withdraw_participation"));
            }
            ParticipationState::Accepted { settlement } if participant => {
                steps.push(NextStep::from_due("fund_participation", settlement));
            }
            ParticipationState::Effective { .. } if matches!(&self.expiry, Deadline::Fixed { at, .. } if now > *at) =>
            {
                steps.push(NextStep::any_time("expire_participation"));
            }
            ParticipationState::Effective { .. } if seller => {
                steps.push(NextStep::by("demand_participation", &self.expiry));
            }
            ParticipationState::Demanded { deadline, .. } if participant => {
                steps.push(NextStep::by("pay_participation", deadline));
            }
            ParticipationState::Funded { outlay }
            | ParticipationState::Paid { outlay }
            | ParticipationState::RecoveryShared { outlay }
                if seller =>
            {
                if let Some(deadline) = &outlay.deadline {
                    steps.push(NextStep::by("turn_over_recovery", deadline));
                }
            }
            _ => {}
        }
        if seller && (self.fee.until.is_some() || self.fee.accrued.is_positive()) {
            steps.push(NextStep::any_time("pay_participation_fee"));
        }
        if self.is_bound() && !matches!(self.state, ParticipationState::Offered { .. }) {
            match &self.request {
                Some(request) if request.by != *party && now <= request.expires_at => {
                    steps.push(NextStep::until("answer_participation_change", request.expires_at));
                }
                _ => steps.push(NextStep::any_time("request_participation_change")),
            }
        }
        steps
    }
}
