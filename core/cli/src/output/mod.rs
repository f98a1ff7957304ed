//! How answers look: tables for people, JSON for machines.

mod describe;
mod progress;
mod record;
mod table;

use std::io;

use serde::Serialize;

use crate::environment::Environment;

pub(crate) use describe::{article, describe_event, describe_refusal, describe_time};
pub(crate) use progress::Progress;
pub(crate) use record::record_table;
pub(crate) use table::{Table, printable};

/// Writes an answer as one indented JSON document.
pub(crate) fn write_json(answer: &impl Serialize, environment: &mut Environment<'_>) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut environment.output, answer)?;
    writeln!(environment.output)
}

/// Writes a table as wide as the terminal, or as wide as it needs to be when piped.
pub(crate) fn write_table(table: &Table, environment: &mut Environment<'_>) -> io::Result<()> {
    table.write(environment.output_columns, environment.output.as_mut())
}
