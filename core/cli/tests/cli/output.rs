//! What people see: widths, warnings, and pipes that close.

use std::io::{self, Write};

use allonge_cli::{Environment, exit};
use unicode_width::UnicodeWidthStr;

use crate::support::{Story, allonge, allonge_on_terminal};

#[test]
fn no_line_is_wider_than_the_terminal() {
    let story = Story::play();
    for columns in [60, 80, 132] {
        for said in [
            allonge_on_terminal(["log", "--ledger", &story.ledger], columns),
            allonge_on_terminal(["show", "SYNBCNBJXXX/BJ26LC000127", "--ledger", &story.ledger], columns),
            allonge_on_terminal(["errors"], columns),
        ] {
            assert_eq!(said.exit, 0, "{}", said.errors);
            for line in said.text().lines() {
                assert!(line.width() <= columns, "{columns}: {line}");
            }
        }
    }
}

#[test]
fn an_error_on_a_terminal_gives_remedy_and_code_within_the_terminal() {
    let said = allonge_on_terminal(["show", "DEUTDEFF"], 50);
    assert_eq!(said.exit, 2);
    assert!(said.errors.contains("remedy") && said.errors.contains("command.invalid"), "{}", said.errors);
}

#[test]
fn what_a_file_says_cannot_drive_the_terminal() {
    let said = allonge(["\u{1b}[2J"]);
    assert_eq!(said.exit, 2);
    assert!(!said.errors.contains('\u{1b}'), "{:?}", said.errors);
}

/// An output that takes nothing.
struct Full(io::ErrorKind);

impl Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(self.0.into())
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error_and_a_full_disk_is() {
    for (kind, expected) in
        [(io::ErrorKind::BrokenPipe, exit::OK), (io::ErrorKind::StorageFull, exit::OPERATIONS)]
    {
        for arguments in [["allonge", "errors", "--json"], ["allonge", "errors", "file.io"]] {
            let mut errors = Vec::new();
            let mut environment = Environment {
                input: Box::new(io::empty()),
                output: Box::new(Full(kind)),
                errors: Box::new(&mut errors),
                output_columns: None,
                error_columns: None,
                ledger: None,
            };
            assert_eq!(allonge_cli::run_in(arguments, &mut environment), expected);
        }
    }
}
