//! The `allonge` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(allonge_cli::run(std::env::args_os()))
}
