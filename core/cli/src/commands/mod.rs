//! The commands, one file each.

mod audit;
mod errors;
mod fin;
mod init;
mod log;
mod network;
mod receipt;
mod run;
mod show;
mod statement;
mod verify;

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};

use allonge::{Ledger, OpenOptions};

use crate::environment::Environment;
use crate::exit;
use crate::failure::Failure;
use crate::output::Progress;
use crate::registry::{LEDGER_MISSING, known, usage};
use crate::syntax::{Given, Syntax};

/// A command: what it takes, and what it does.
struct Command {
    syntax: &'static Syntax,
    execute: fn(&Given, &mut Environment<'_>) -> Result<(), Failure>,
}

const COMMANDS: [Command; 20] = [
    Command { syntax: &init::SYNTAX, execute: init::execute },
    Command { syntax: &fin::PARSE, execute: fin::parse },
    Command { syntax: &fin::FORMAT, execute: fin::format },
    Command { syntax: &run::SYNTAX, execute: run::execute },
    Command { syntax: &show::SYNTAX, execute: show::execute },
    Command { syntax: &log::SYNTAX, execute: log::execute },
    Command { syntax: &receipt::SYNTAX, execute: receipt::execute },
    Command { syntax: &verify::SYNTAX, execute: verify::execute },
    Command { syntax: &statement::SYNTAX, execute: statement::execute },
    Command { syntax: &audit::BACKUP, execute: audit::backup },
    Command { syntax: &audit::SNAPSHOT, execute: audit::snapshot },
    Command { syntax: &audit::RESTORE, execute: audit::restore },
    Command { syntax: &audit::REPLAY, execute: audit::replay },
    Command { syntax: &audit::PRUNE, execute: audit::prune },
    Command { syntax: &network::DEV, execute: network::dev },
    Command { syntax: &network::NODE, execute: network::node },
    Command { syntax: &network::KEY, execute: network::key },
    Command { syntax: &network::GENESIS, execute: network::genesis },
    Command { syntax: &network::APPROVE, execute: network::approve },
    Command { syntax: &errors::SYNTAX, execute: errors::execute },
];

/// Does what a command line says; `args` is all but the name of the program.
pub(crate) fn execute(mut args: Vec<OsString>, environment: &mut Environment<'_>) -> Result<(), Failure> {
    // `allonge --json log` is `allonge log --json`.
    if args.len() > 1 && args.first().is_some_and(|arg| arg == "--json") {
        args.rotate_left(1);
    }
    let words: Vec<&str> = args.iter().map_while(|arg| arg.to_str()).collect();
    let named = COMMANDS.iter().find(|command| words.starts_with(command.syntax.words));
    if let Some(command) = named {
        let given = command.syntax.read(args.get(command.syntax.words.len()..).unwrap_or_default())?;
        if given.help {
            return Ok(environment.output.write_all(command.syntax.help().as_bytes())?);
        }
        return (command.execute)(&given, environment);
    }
    match words.iter().copied().find(|word| *word != "--json") {
        Some("--version" | "-V") => Ok(version(words.contains(&"--json"), environment)?),
        Some("--help" | "-h" | "help") => Ok(environment.output.write_all(overview().as_bytes())?),
        Some("network") => Err(usage("allonge network takes key or genesis").into()),
        Some("fin") => Err(usage("allonge fin takes parse or format").into()),
        Some(word) => Err(usage(format_args!("{word} is no command of allonge")).into()),
        None => Err(usage("no command is given").into()),
    }
}

fn version(json: bool, environment: &mut Environment<'_>) -> std::io::Result<()> {
    let version = env!("CARGO_PKG_VERSION");
    match json {
        true => writeln!(environment.output, "{{\"name\": \"allonge\", \"version\": \"{version}\"}}"),
        false => writeln!(environment.output, "allonge {version}"),
    }
}

fn overview() -> String {
    let mut help =
        "Issue, prove and settle trade-finance instruments.\n\nusage: allonge COMMAND\n\n".to_owned();
    for Command { syntax, .. } in &COMMANDS {
        // Writing to a text cannot fail.
        let _ = writeln!(help, "  {:10}  {}", syntax.name(), syntax.purpose);
    }
    let _ = writeln!(help, "\n  {:10}  the version", "--version");
    let _ = writeln!(help, "\nallonge COMMAND --help says what a command takes. Every command has --json.");
    help + "\n" + exit::MEANING
}

/// Opens the ledger that the command line or the environment names; it is there already.
fn open_ledger(given: &Given, environment: &Environment<'_>) -> Result<Ledger, Failure> {
    let directory = existing_directory(given, environment)?;
    open(&directory, OpenOptions::default(), given, environment)
}

/// The directory of the ledger that the command line or the environment names; it is there already.
fn existing_directory(given: &Given, environment: &Environment<'_>) -> Result<PathBuf, Failure> {
    let directory = ledger_directory(given, environment)?;
    if !Ledger::exists(&directory) {
        return Err(LEDGER_MISSING.error().with("path", directory.display()).into());
    }
    Ok(directory)
}

/// Opens or creates a ledger, and tells whoever waits long for it.
fn open(
    directory: &Path,
    options: OpenOptions,
    given: &Given,
    environment: &Environment<'_>,
) -> Result<Ledger, Failure> {
    let _progress = Progress::begin("opening the ledger", None, given, environment);
    Ok(Ledger::open(directory, options)?)
}

fn ledger_directory(given: &Given, environment: &Environment<'_>) -> Result<PathBuf, Failure> {
    let named = given.raw("ledger").map(PathBuf::from).or_else(|| environment.ledger.clone());
    named.ok_or_else(|| usage("no ledger is named; give --ledger DIR or set ALLONGE_LEDGER").into())
}

/// Reads a file of at most so many bytes and one more, so that a longer one is seen to be; `-` is the input.
fn read_file(path: &Path, most: usize, environment: &mut Environment<'_>) -> Result<Vec<u8>, Failure> {
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let mut content = Vec::new();
    let read = if path == Path::new("-") {
        environment.input.as_mut().take(limit).read_to_end(&mut content)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut content))
    };
    match read {
        Ok(_) => Ok(content),
        Err(error) => Err(known("file.io")
            .with("path", path.display())
            .with("action", "read")
            .with("reason", &error)
            .because(error)
            .into()),
    }
}

/// As [`read_file`], for files that are text.
fn read_text(path: &Path, most: usize, environment: &mut Environment<'_>) -> Result<String, Failure> {
    let content = read_file(path, most, environment)?;
    let invalid = |reason: &str| known("input.invalid").with("where", path.display()).with("reason", reason);
    if content.len() > most {
        return Err(invalid("it is longer than such a file can be").into());
    }
    String::from_utf8(content).map_err(|error| invalid("it is not text in UTF-8").because(error).into())
}
