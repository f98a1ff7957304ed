//! Runs the command in this process and keeps what it says.

use std::path::{Path, PathBuf};

use allonge_cli::Environment;
use serde_json::Value;

/// What one run said.
pub struct Said {
    pub exit: u8,
    pub output: Vec<u8>,
    pub errors: String,
}

impl Said {
    /// The answer as JSON, of a run that worked.
    #[track_caller]
    pub fn json(&self) -> Value {
        assert_eq!(self.exit, 0, "{}", self.errors);
        serde_json::from_slice(&self.output).unwrap()
    }

    /// The error as JSON, of a run that did not work.
    #[track_caller]
    pub fn error(&self) -> Value {
        assert_ne!(self.exit, 0, "{}", self.text());
        serde_json::from_str(&self.errors).unwrap_or_else(|_| panic!("no JSON: {}", self.errors))
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.output.clone()).unwrap()
    }
}

/// Runs `allonge` with these arguments, piped.
pub fn allonge<const N: usize>(args: [&str; N]) -> Said {
    allonge_reading(args, b"", None)
}

/// Runs `allonge` in front of a terminal of so many columns.
pub fn allonge_on_terminal<const N: usize>(args: [&str; N], columns: usize) -> Said {
    allonge_reading(args, b"", Some(columns))
}

/// Runs `allonge` with an input.
pub fn allonge_reading<const N: usize>(args: [&str; N], input: &[u8], columns: Option<usize>) -> Said {
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let mut environment = Environment {
        input: Box::new(input),
        output: Box::new(&mut output),
        errors: Box::new(&mut errors),
        output_columns: columns,
        error_columns: columns,
        ledger: None,
    };
    let exit = allonge_cli::run_in(["allonge"].into_iter().chain(args), &mut environment);
    drop(environment);
    Said { exit, output, errors: String::from_utf8(errors).unwrap() }
}

/// A file of the repository's `tests`.
pub fn shared(path: &str) -> String {
    text(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests").join(path))
}

pub fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

/// A directory with a ledger on which the letter of credit's story was played.
pub struct Story {
    pub directory: tempfile::TempDir,
    pub ledger: String,
    pub played: Value,
}

impl Story {
    pub fn play() -> Story {
        let directory = tempfile::tempdir().unwrap();
        let ledger = text(&directory.path().join("ledger"));
        let scenario = shared("conformance/letter_of_credit.toml");
        let played = allonge(["run", &scenario, "--ledger", &ledger, "--json"]).json();
        Story { directory, ledger, played }
    }

    /// The transaction that answered a step.
    pub fn transaction(&self, step: &str) -> String {
        let steps = self.played["steps"].as_array().unwrap();
        let done = steps.iter().find(|done| done["step"] == step).unwrap();
        done["outcome"]["transaction"].as_str().unwrap().to_owned()
    }

    /// A path in the directory.
    pub fn path(&self, name: &str) -> String {
        text(&self.directory.path().join(name))
    }

    /// The genesis file of the ledger.
    pub fn genesis(&self) -> String {
        text(&PathBuf::from(&self.ledger).join("genesis.json"))
    }
}
