//! Writes the records and errors of every language, and the error reference, from the core's own schema.
//!
//! ```text
//! cargo run -p allonge-generate             write all generated files
//! cargo run -p allonge-generate -- --check  fail when one of them is stale
//! ```

mod case;
mod errors_markdown;
mod families;
mod kotlin;
mod python;
mod rulebook_markdown;
mod schema;
mod swift;
mod typescript;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use allonge::Entry;

use crate::schema::Schema;

/// A file to write, its path counted from the top of the repository.
struct GeneratedFile {
    path: &'static str,
    content: String,
}

/// One language: what it makes of all records and all errors.
type Emitter = fn(&Schema, &[&Entry]) -> Vec<GeneratedFile>;

const EMITTERS: &[Emitter] = &[
    errors_markdown::emit,
    rulebook_markdown::emit,
    python::emit,
    typescript::emit,
    kotlin::emit,
    swift::emit,
];

fn main() -> ExitCode {
    let check = std::env::args().skip(1).any(|argument| argument == "--check");
    match run(check) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("allonge-generate: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn run(check: bool) -> Result<(), String> {
    let schema = Schema::read(&allonge::schema())?;
    let top = top_of_repository()?;
    let mut stale = Vec::new();
    for file in EMITTERS.iter().flat_map(|emit| emit(&schema, allonge::registry())) {
        let path = top.join(file.path);
        if std::fs::read_to_string(&path).is_ok_and(|found| found == file.content) {
            continue;
        }
        if check {
            stale.push(file.path);
        } else {
            write(&path, &file.content)?;
            println!("{}", file.path);
        }
    }
    if stale.is_empty() {
        return Ok(());
    }
    Err(format!("stale: {}; run cargo run -p allonge-generate", stale.join(", ")))
}

/// Cargo says where this crate is; the repository is two directories up.
fn top_of_repository() -> Result<PathBuf, String> {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").ok_or("run it with cargo run -p allonge-generate")?;
    let top = Path::new(&here).ancestors().nth(2).ok_or("the crate is not inside the repository")?;
    Ok(top.to_owned())
}

fn write(path: &Path, content: &str) -> Result<(), String> {
    path.parent()
        .map_or(Ok(()), std::fs::create_dir_all)
        .and_then(|()| std::fs::write(path, content))
        .map_err(|error| format!("{}: {error}", path.display()))
}
