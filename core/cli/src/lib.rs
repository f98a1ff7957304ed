//! The `allonge` command: it reads arguments, calls [`allonge`], and prints what that answers.
//!
//! | to | use |
//! |---|---|
//! | run it as a program does | [`run`] |
//! | run it with other streams, as tests do | [`run_in`] with an [`Environment`] |
//!
//! It keeps no state of its own and never ends the process, so that other programs can carry it.
//! `docs/cli.md` describes every command.
//!
//! ```
//! assert_eq!(allonge_cli::run(["allonge", "--version"]), allonge_cli::exit::OK);
//! ```

mod commands;
mod environment;
pub mod exit;
mod failure;
mod log;
mod output;
mod registry;
mod scenario;
mod syntax;

use std::ffi::OsString;

pub use environment::Environment;

/// Runs the command with the process's own streams. `args` begins with the name of the program.
///
/// The answer is the [exit code](exit).
pub fn run<I>(args: I) -> u8
where
    I: IntoIterator,
    I::Item: Into<OsString>,
{
    run_in(args, &mut Environment::of_process())
}

/// Runs the command in an environment. `args` begins with the name of the program.
///
/// The answer is the [exit code](exit).
pub fn run_in<I>(args: I, environment: &mut Environment<'_>) -> u8
where
    I: IntoIterator,
    I::Item: Into<OsString>,
{
    let args: Vec<OsString> = args.into_iter().skip(1).map(Into::into).collect();
    // Whoever asks for JSON gets JSON, even where the rest of the line cannot be read.
    let json = args.iter().any(|arg| arg == "--json");
    let done = commands::execute(args, environment).and_then(|()| Ok(environment.output.flush()?));
    match done {
        Ok(()) => exit::OK,
        Err(failure) => failure.report(json, environment),
    }
}
