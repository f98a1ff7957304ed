//! Command lines, help, and the registry of errors.

use crate::support::{allonge, allonge_on_terminal};

const COMMANDS: [&[&str]; 9] = [
    &["init"],
    &["fin", "parse"],
    &["fin", "format"],
    &["run"],
    &["show"],
    &["log"],
    &["receipt"],
    &["verify"],
    &["errors"],
];

#[test]
fn help_of_every_command_names_its_options_and_the_exit_codes() {
    let overview = allonge(["--help"]);
    assert_eq!(overview.exit, 0);
    for words in COMMANDS {
        let help = match words {
            [one] => allonge([one, "--help"]),
            [one, two] => allonge([one, two, "-h"]),
            _ => unreachable!(),
        };
        assert_eq!(help.exit, 0);
        let name = words.join(" ");
        for part in [&format!("usage: allonge {name}"), "--json", "Exit codes:", "0  ", "1  ", "2  ", "3  "] {
            assert!(help.text().contains(part), "{name} lacks {part}:\n{}", help.text());
        }
        assert!(overview.text().contains(&name), "{name}");
    }
    assert!(overview.text().contains("Exit codes:"));
}

#[test]
fn a_call_that_cannot_be_understood_is_usage() {
    let calls: [&[&str]; 14] = [
        &[],
        &["--json"],
        &["issue"],
        &["fin"],
        &["fin", "print"],
        &["log", "--limit"],
        &["log", "--limit", "many"],
        &["log", "--before", "1/1"],
        &["log", "extra"],
        &["log", "--after", "1/1", "--after", "1/1"],
        &["show"],
        &["init"],
        &["init", "x", "--clock", "sundial"],
        &["verify", "x"],
    ];
    for call in calls {
        let mut padded = call.to_vec();
        padded.resize(6, "--json");
        let said = allonge::<6>(padded.try_into().unwrap());
        assert_eq!(said.exit, 2, "{call:?}");
        assert_eq!(said.error()["code"], "command.invalid", "{call:?}");
        assert!(said.output.is_empty());
    }
}

#[test]
fn a_person_is_told_what_to_do() {
    let told = allonge_on_terminal(["log", "--before", "1/1"], 100);
    assert_eq!(told.exit, 2);
    assert!(told.errors.contains("--after, --limit, --json"), "{}", told.errors);
    assert!(told.errors.contains("remedy  allonge --help"), "{}", told.errors);
    assert!(told.errors.contains("code    command.invalid"), "{}", told.errors);
}

#[test]
fn version_is_that_of_the_package() {
    assert_eq!(allonge(["--version"]).text(), format!("allonge {}\n", env!("CARGO_PKG_VERSION")));
    assert_eq!(allonge(["--version", "--json"]).json()["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(allonge(["--json", "--version"]).json()["name"], "allonge");
}

#[test]
fn the_registry_lists_every_error_once() {
    let all = allonge(["errors", "--json"]).json();
    let codes: Vec<&str> = all.as_array().unwrap().iter().map(|row| row["code"].as_str().unwrap()).collect();
    assert!(codes.is_sorted_by(|one, next| one < next));
    for entry in allonge::registry() {
        assert!(codes.contains(&entry.code));
    }
    assert!(codes.contains(&"scenario.differs"));
    let text = allonge(["errors"]).text();
    assert!(codes.iter().all(|code| text.contains(code)));

    let one = allonge(["errors", "letter_of_credit.expired", "--json"]).json();
    assert_eq!((one["phase"].as_str(), one["rule"].as_str()), (Some("execution"), Some("UCP 600")));
    assert_eq!(allonge(["errors", "no.such"]).exit, 2);
}
