//! Why a command did not work, and how that is told.

use std::io::{self, Write};

use allonge::messages::fin::Fault;
use allonge::messages::mapping::MappingProblem;
use allonge::{Error, ErrorRecord};

use crate::environment::Environment;
use crate::exit;
use crate::output::{Table, article};
use crate::registry::OUTPUT_FAILED;

/// Why a command did not work.
#[derive(Debug)]
pub(crate) enum Failure {
    /// An error of the registry.
    Error(Error),
    /// The output takes no more.
    Output(io::Error),
}

impl Failure {
    /// Tells what went wrong, and answers the exit code.
    pub(crate) fn report(self, json: bool, environment: &mut Environment<'_>) -> u8 {
        let error = match self {
            Failure::Error(error) => error,
            // Whoever read the output has seen enough: `allonge log | head`.
            Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => return exit::OK,
            Failure::Output(error) => OUTPUT_FAILED.error().with("reason", &error).because(error),
        };
        let columns = environment.error_columns;
        let errors = environment.errors.as_mut();
        let record = ErrorRecord::from(&error);
        // A list of faults is work for a program, unless a person sits in front of it.
        let told = if json || (columns.is_none() && !record.faults.is_empty()) {
            tell_machines(&record, errors)
        } else {
            tell_people(&record, columns, errors)
        };
        // There is nowhere left to tell that errors cannot be told.
        drop(told.and_then(|()| errors.flush()));
        drop(environment.output.flush());
        exit::code_of(error.entry())
    }
}

fn tell_machines(record: &ErrorRecord, errors: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *errors, record)?;
    writeln!(errors)
}

fn tell_people(record: &ErrorRecord, columns: Option<usize>, errors: &mut dyn Write) -> io::Result<()> {
    let ErrorRecord { code, message, remedy, operation, .. } = record;
    let mut told = Table::new(&[]);
    told.line(&format!("error: {message}"));
    told.write(columns, errors)?;

    let mut list = Table::new(&["line", "field", "code", "what is wrong", "remedy"]);
    for Fault { line, column, tag, code, reason, remedy, .. } in &record.faults {
        let field = tag.clone().unwrap_or_default();
        list.row([format!("{line}:{column}"), field, code.to_string(), reason.clone(), remedy.clone()]);
    }
    for MappingProblem { line, tag, code, reason, remedy, .. } in &record.problems {
        let code = code.clone().unwrap_or_default();
        list.row([line.to_string(), tag.clone(), code, reason.clone(), remedy.clone()]);
    }
    if !list.is_empty() {
        list.write(columns, errors)?;
    }

    let mut table = Table::new(&[]).indented();
    table.row(["remedy".to_owned(), remedy.clone()]);
    if record.article.is_some() {
        table.row(["rule".to_owned(), article(record.rule.as_deref(), record.article.as_deref())]);
    }
    if let Some(operation) = operation {
        table.row(["operation".to_owned(), operation.to_string()]);
    }
    table.row(["code".to_owned(), code.clone()]);
    table.write(columns, errors)
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Error(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Output(error)
    }
}
