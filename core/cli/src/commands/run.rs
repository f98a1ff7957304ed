//! `allonge run`: a trade scenario, step by step.

use std::path::Path;

use allonge::Ledger;
use allonge::records::MAX_JSON_BYTES;

use super::{ledger_directory, open, open_ledger, read_text};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::output::{
    Progress, Table, describe_event, describe_refusal, describe_time, write_json, write_table,
};
use crate::scenario::{Admitted, Done, End, Plan, Played, Scenario, play};
use crate::syntax::{Given, LEDGER, Operand, Syntax};

pub(super) const SYNTAX: Syntax = Syntax {
    words: &["run"],
    purpose: "Play a trade scenario on a ledger, and print its timeline.",
    operands: &[Operand {
        name: "SCENARIO",
        meaning: "a TOML file; docs/cli.md describes it",
        required: true,
    }],
    options: &[LEDGER],
    notes: "A step that ends otherwise than the scenario expects stops the run with exit code 1. A second run\n\
            is answered with the outcomes of the first. Where the directory holds no ledger, the scenario's\n\
            [ledger] says what to make.",
};

pub(super) fn execute(given: &Given, environment: &mut Environment<'_>) -> Result<(), Failure> {
    let path = given.path(0);
    let scenario = Scenario::from_toml(&read_text(&path, MAX_JSON_BYTES, environment)?)?;
    let directory = ledger_directory(given, environment)?;
    let ledger = match &scenario.ledger {
        Some(new) if !Ledger::exists(&directory) => open(&directory, new.options(), given, environment)?,
        _ => open_ledger(given, environment)?,
    };
    let beside = path.parent().unwrap_or(Path::new(""));
    let plan = Plan::of(scenario, beside, ledger.trust().genesis())?;
    let parts = u64::try_from(plan.parties.len().saturating_add(plan.steps.len())).ok();
    let progress = Progress::begin("playing", parts, given, environment);
    let (played, fate) = play(&plan, &ledger, &progress)?;
    drop(progress);
    ledger.close();
    let written = match given.json {
        true => write_json(&played, environment).map_err(Failure::from),
        false => write_timeline(&played, environment),
    };
    // Whether the timeline could be written or not: a step that differed is told first.
    fate?;
    written
}

fn write_timeline(played: &Played, environment: &mut Environment<'_>) -> Result<(), Failure> {
    let mut parties = Table::new(&["party", "name", "signs from height"]);
    for Admitted { party, name, height } in &played.parties {
        parties.row([party.to_string(), name.clone(), height.to_string()]);
    }
    if !parties.is_empty() {
        write_table(&parties, environment)?;
        writeln!(environment.output)?;
    }
    // A terminal has no room for the steps' ids; what happened stands there anyway.
    let piped = environment.output_columns.is_none();
    let columns = ["height", "time", "who", "what", "article", "amount", "step"];
    let mut timeline = Table::new(if piped { &columns[..] } else { &columns[..6] });
    for done in &played.steps {
        add_step(&mut timeline, done, piped);
    }
    Ok(write_table(&timeline, environment)?)
}

fn add_step(timeline: &mut Table, done: &Done, with_id: bool) {
    let who = done.author.as_ref().map(ToString::to_string).unwrap_or_default();
    let (height, time, lines) = match &done.end {
        End::Clock(time) => {
            let moves = ["the clock moves".to_owned(), String::new(), String::new()];
            (String::new(), describe_time(*time), vec![moves])
        }
        End::NotAdmitted(error) => (String::new(), String::new(), vec![describe_refusal(error)]),
        End::Outcome(outcome) => {
            let events = outcome.events.iter().map(describe_event);
            let lines = events.chain(outcome.error.as_ref().map(describe_refusal)).collect();
            (outcome.height.to_string(), describe_time(outcome.time), lines)
        }
    };
    for (place, [what, article, amount]) in lines.into_iter().enumerate() {
        let once = |text: &str| if place == 0 { text.to_owned() } else { String::new() };
        let mut row = vec![once(&height), once(&time), once(&who), what, article, amount];
        row.extend(with_id.then(|| once(&done.step)));
        timeline.row(row);
    }
}
