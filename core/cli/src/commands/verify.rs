//! `allonge verify`: what a receipt proves, with nothing but the genesis.

use std::path::Path;

use allonge::records::MAX_JSON_BYTES;
use allonge::{Clock, Receipt, Trust, VerifiedReceipt};
use serde::Serialize;

use super::read_text;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::output::{record_table, write_json, write_table};
use crate::registry::usage;
use crate::syntax::{Given, Operand, Setting, Syntax};

pub(super) const SYNTAX: Syntax = Syntax {
    words: &["verify"],
    purpose: "Verify a receipt offline, and say what it proves.",
    operands: &[Operand { name: "FILE", meaning: "the receipt", required: true }],
    options: &[Setting {
        long: "trust",
        short: None,
        value: "GENESIS",
        meaning: "the genesis file of the network, from a source that you trust",
        repeats: false,
    }],
    notes: "No ledger and no network is asked. A receipt can prove that a transaction was refused, too: see\n\
            `committed`. On a manual clock the caller chose the times, so they prove no time of day.",
};

const MANUAL_CLOCK: &str = "the clock of this network is MANUAL: whoever runs it chose the times, so they prove \
                            no time of day, and this is a test or a demonstration";

/// What a receipt has proved.
#[derive(Serialize)]
struct Verified {
    valid: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<&'static str>,
    #[serde(flatten)]
    proved: VerifiedReceipt,
}

pub(super) fn execute(given: &Given, environment: &mut Environment<'_>) -> Result<(), Failure> {
    let genesis = given.raw("trust").ok_or_else(|| usage("no genesis is named; give --trust GENESIS"))?;
    let trust = Trust::from_json(&read_text(Path::new(genesis), MAX_JSON_BYTES, environment)?)?;
    let proved = Receipt::load(given.path(0))?.verified(&trust)?;
    let warning = (proved.clock == Clock::Manual).then_some(MANUAL_CLOCK);
    let answer = Verified { valid: true, warning, proved };
    if given.json {
        return Ok(write_json(&answer, environment)?);
    }
    if let Some(warning) = warning {
        writeln!(environment.output, "WARNING: {warning}\n")?;
    }
    let VerifiedReceipt { committed, author, height, network_name, .. } = &answer.proved;
    let fate = if *committed { "took effect" } else { "was refused" };
    writeln!(
        environment.output,
        "VALID: this transaction of {author} {fate} at height {height} of the network \"{}\"\n",
        crate::output::printable(network_name)
    )?;
    Ok(write_table(&record_table(&answer.proved), environment)?)
}
