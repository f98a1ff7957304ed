//! What surrounds one run of the command: streams, terminals and settings, passed in rather than global.

use std::io::{self, BufWriter, IsTerminal, Read, Write};
use std::path::PathBuf;

use console::Term;

/// What surrounds one run of the command.
pub struct Environment<'a> {
    /// What the operand `-` reads.
    pub input: Box<dyn Read + 'a>,
    /// Where answers go.
    pub output: Box<dyn Write + 'a>,
    /// Where errors go.
    pub errors: Box<dyn Write + 'a>,
    /// How many columns the terminal has that shows the output; none when the output is piped.
    pub output_columns: Option<usize>,
    /// How many columns the terminal has that shows the errors, and progress; none when they are piped.
    pub error_columns: Option<usize>,
    /// The ledger's directory where `--ledger` names none: the variable `ALLONGE_LEDGER`.
    pub ledger: Option<PathBuf>,
}

impl Environment<'_> {
    /// The process's own streams and variables.
    pub fn of_process() -> Environment<'static> {
        let columns = |is_terminal: bool, terminal: Term| {
            is_terminal.then(|| terminal.size_checked().map_or(80, |(_, columns)| usize::from(columns)))
        };
        Environment {
            input: Box::new(io::stdin()),
            output: Box::new(BufWriter::new(io::stdout())),
            errors: Box::new(io::stderr()),
            output_columns: columns(io::stdout().is_terminal(), Term::stdout()),
            error_columns: columns(io::stderr().is_terminal(), Term::stderr()),
            ledger: std::env::var_os("ALLONGE_LEDGER").filter(|path| !path.is_empty()).map(PathBuf::from),
        }
    }
}
