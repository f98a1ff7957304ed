//! Doing what was planned, and comparing how it ends with what was expected.

use std::collections::BTreeMap;

use allonge::{
    Error, ErrorRecord, Hash, Ledger, OutcomeRecord, Party, PartyId, Phase, Status, SubmitOptions, Timestamp,
};
use serde::Serialize;

use super::plan::{Act, Expect, Plan, Planned};
use crate::output::Progress;
use crate::registry::SCENARIO_DIFFERS;

/// What a scenario came to.
#[derive(Debug, Serialize)]
pub(crate) struct Played {
    pub scenario: String,
    /// The ledger when it ended.
    pub ledger: Status,
    /// Who takes part.
    pub parties: Vec<Admitted>,
    /// The steps that were done, the one that differed included.
    pub steps: Vec<Done>,
}

/// A party on the ledger.
#[derive(Debug, Serialize)]
pub(crate) struct Admitted {
    pub party: PartyId,
    pub name: String,
    /// The height at which it was admitted.
    pub height: u64,
}

/// What a step came to.
#[derive(Debug, Serialize)]
pub(crate) struct Done {
    pub step: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<PartyId>,
    #[serde(flatten)]
    pub end: End,
}

/// How a step ended.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum End {
    /// The outcome stands in the ledger, for ever.
    Outcome(OutcomeRecord),
    /// It entered no block.
    NotAdmitted(ErrorRecord),
    /// The clock reached this time, or was past it.
    Clock(Timestamp),
}

/// Does a plan's steps until one differs from what is expected; what was done is answered either way.
///
/// Errors: those of storage and of admitting parties, which leave nothing to answer.
pub(crate) fn play(
    plan: &Plan,
    ledger: &Ledger,
    progress: &Progress,
) -> Result<(Played, Result<(), Error>), Error> {
    let mut parties = Vec::new();
    for (id, name) in &plan.parties {
        ledger.admit(id.clone(), name)?;
        parties.extend(ledger.party(id)?.map(Admitted::from));
        progress.step();
    }
    let mut stage = Stage { ledger, transactions: BTreeMap::new() };
    let mut steps = Vec::new();
    let mut fate = Ok(());
    for planned in &plan.steps {
        let done = stage.take(planned)?;
        fate = stage.compare(planned, &done);
        steps.push(done);
        progress.step();
        if fate.is_err() {
            break;
        }
    }
    let played = Played { scenario: plan.name.clone(), ledger: ledger.status()?, parties, steps };
    Ok((played, fate))
}

impl From<Party> for Admitted {
    /// The first key of a party counts from its admission on.
    fn from(party: Party) -> Self {
        let height = party.keys.first().map(|key| key.valid_from).unwrap_or_default();
        Admitted { party: party.id, name: party.name, height }
    }
}

struct Stage<'a> {
    ledger: &'a Ledger,
    /// Which transaction answered each step.
    transactions: BTreeMap<&'a str, Hash>,
}

impl<'a> Stage<'a> {
    /// Does one step. A refusal is an end; a failure of storage or of the process is none.
    fn take(&mut self, planned: &'a Planned) -> Result<Done, Error> {
        let end = match self.act(&planned.act) {
            Err(error) if matches!(error.entry().phase, Phase::Storage | Phase::Process) => {
                return Err(error);
            }
            Err(error) => End::NotAdmitted(ErrorRecord::from(&error)),
            Ok(end) => end,
        };
        if let End::Outcome(outcome) = &end {
            self.transactions.insert(&planned.id, outcome.transaction);
        }
        let author = match &planned.act {
            Act::Submit { author, .. } => Some(author.clone()),
            Act::Advance(_) => None,
        };
        Ok(Done { step: planned.id.clone(), author, end })
    }

    fn act(&self, act: &Act) -> Result<End, Error> {
        match act {
            Act::Advance(time) => {
                // A second run finds the clock past where the first one moved it.
                if self.ledger.status()?.time < *time {
                    self.ledger.advance_to(*time)?;
                }
                Ok(End::Clock(*time))
            }
            Act::Submit { author, operations, key, signer } => {
                let session = match signer {
                    Some(signer) => self.ledger.session_with(author.clone(), signer.clone()),
                    None => self.ledger.session(author.clone())?,
                };
                let options = SubmitOptions { key: Some(*key), ..SubmitOptions::default() };
                let outcome = session.submit(operations.clone(), options)?;
                Ok(End::Outcome(OutcomeRecord::of(&outcome)?))
            }
        }
    }

    fn compare(&self, planned: &Planned, done: &Done) -> Result<(), Error> {
        let refusal = match &done.end {
            End::Outcome(outcome) => outcome.error.as_ref(),
            End::NotAdmitted(error) => Some(error),
            End::Clock(_) => None,
        };
        let code = refusal.map(|error| error.code.as_str());
        let expected = match (&planned.expect, code) {
            (Expect::Effect, None) => return Ok(()),
            (Expect::EffectUnless(allowed), code) if code.is_none_or(|code| code == *allowed) => {
                return Ok(());
            }
            (Expect::Refusal(expected), Some(code)) if expected == code => return Ok(()),
            (Expect::AnswerOf(first), _) => {
                let answer = self.transactions.get(planned.id.as_str());
                if answer.is_some() && answer == self.transactions.get(first.as_str()) {
                    return Ok(());
                }
                format!("the answer of step {first}")
            }
            (Expect::Effect | Expect::EffectUnless(_), _) => "success".to_owned(),
            (Expect::Refusal(expected), _) => expected.clone(),
        };
        let actual = match refusal {
            Some(error) => format!("{}: {}", error.code, error.message),
            None => "success".to_owned(),
        };
        let error = SCENARIO_DIFFERS.error().with("step", &planned.id);
        Err(error.with("expected", expected).with("actual", actual))
    }
}
