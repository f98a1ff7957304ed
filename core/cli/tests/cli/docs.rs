//! The examples of `docs/cli.md`, run with the binary, each with the output that the page shows.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Commands and their outputs, as the page's `console` blocks show them. In an output `…` stands for any text, and
/// a line of nothing else for any lines; a last line `exit 1` stands for that exit code.
fn examples(page: &str) -> Vec<(String, Vec<String>)> {
    let mut examples: Vec<(String, Vec<String>)> = Vec::new();
    for block in page.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap_or_default();
        for line in block.lines() {
            match (line.strip_prefix("$ "), examples.last_mut()) {
                (Some(command), _) => examples.push((command.to_owned(), Vec::new())),
                (None, Some((_, output))) => output.push(line.to_owned()),
                (None, None) => panic!("output before the first command: {line}"),
            }
        }
    }
    examples
}

#[cfg(unix)]
#[test]
fn every_example_of_the_page_says_what_the_page_shows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
    let directory = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(root.join("tests"), directory.path().join("tests")).unwrap();
    let binary = Path::new(env!("CARGO_BIN_EXE_allonge"));
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", binary.parent().unwrap().display());

    let examples = examples(&fs::read_to_string(root.join("docs/cli.md")).unwrap());
    assert!(examples.len() > 12, "only {} examples", examples.len());
    for (command, shown) in examples {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("exec 2>&1; {command}")]);
        shell.current_dir(directory.path()).env("PATH", &path).env("ALLONGE_LEDGER", "ledger");
        let run = shell.output().unwrap();
        let mut output: Vec<String> =
            String::from_utf8(run.stdout).unwrap().lines().map(str::to_owned).collect();
        match run.status.code() {
            Some(0) => {}
            code => output.push(format!("exit {}", code.unwrap())),
        }
        assert!(
            matches(&shown, &output),
            "$ {command}\nshown:\n{}\nsaid:\n{}",
            shown.join("\n"),
            output.join("\n")
        );
    }
}

fn matches(shown: &[String], said: &[String]) -> bool {
    match shown.split_first() {
        None => said.is_empty(),
        Some((line, rest)) if line.trim() == "…" => {
            (0..=said.len()).any(|skipped| matches(rest, &said[skipped..]))
        }
        Some((line, rest)) => said
            .split_first()
            .is_some_and(|(first, others)| line_matches(line, first) && matches(rest, others)),
    }
}

/// How wide the gaps between columns are does not count.
fn line_matches(shown: &str, said: &str) -> bool {
    let narrow = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let (shown, said) = (narrow(shown), narrow(said));
    let mut parts = shown.split('…');
    let Some(mut rest) = parts.next().and_then(|first| said.strip_prefix(first)) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.split_once(part) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.ends_with(last)
}
