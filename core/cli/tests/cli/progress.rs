//! The progress bar, as the binary draws it on a pseudo-terminal: that of util-linux's `script`.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use unicode_width::UnicodeWidthStr;

use crate::support::{allonge, text};

/// What takes no longer shows nothing.
const PATIENCE: Duration = Duration::from_secs(1);
/// A run that takes so long plays for more than a second, whatever reading and printing take.
const LONG: Duration = Duration::from_secs(3);
/// Whoever waits longer for the terminal waits for nothing.
const LIMIT: Duration = Duration::from_secs(20);
const COLUMNS: usize = 100;
const ERASE_LINE: &str = "\r\u{1b}[2K";

#[test]
fn a_long_run_shows_how_far_it_is_and_then_nothing_but_its_timeline() {
    let begun = Instant::now();
    let mut steps = 300;
    let shown = loop {
        let directory = tempfile::tempdir().unwrap();
        write_scenario(directory.path(), steps, 1);
        let start = Instant::now();
        let shown = Terminal::start(directory.path(), "run scenario.toml --ledger ledger").end();
        let took = start.elapsed();
        if frames(&shown).len() > 3 {
            assert!(took > PATIENCE, "a bar within {took:?}");
            break shown;
        }
        assert!(took < LONG && begun.elapsed() < LIMIT, "no bar within {took:?}:\n{shown}");
        assert!(took > PATIENCE || !shown.contains("playing"), "a bar within {took:?}:\n{shown}");
        // How many steps are long enough, the disk says.
        steps *= usize::try_from(2 * PATIENCE.as_millis() / took.as_millis().max(1)).unwrap() + 1;
    };

    let mut done: Vec<usize> = Vec::new();
    for frame in frames(&shown) {
        let words: Vec<&str> = frame.split(' ').collect();
        let ["playing", bar, count] = words[..] else { panic!("{frame:?}") };
        assert!(bar.width() > COLUMNS / 2 && frame.width() == COLUMNS, "{frame:?}");
        let (count, all) = count.split_once('/').unwrap();
        assert_eq!(all.parse(), Ok(1 + steps), "one party and the steps");
        done.push(count.parse().unwrap());
    }
    assert!(done.is_sorted() && done.first() < done.last(), "{done:?}");
    assert!(done.first() > Some(&0) && done.last() <= Some(&(1 + steps)), "{done:?}");

    let (_, timeline) = shown.rsplit_once(ERASE_LINE).unwrap();
    assert!(timeline.starts_with("PARTY "), "{timeline}");
    let (_, rows) = timeline.split_once("AMOUNT\n").unwrap();
    for (step, row) in rows.lines().enumerate() {
        let what = format!("SYNBCNBJXXX  account opened SYNBCNBJXXX/USD/{step}-0");
        assert_eq!(row, format!("{:<6}  2026-03-02 01:00:00Z  {what}", step + 2));
    }
    assert_eq!(rows.lines().count(), steps);
}

#[test]
fn a_bar_is_for_a_terminal_and_not_for_who_asks_for_json() {
    let json = UnreadLog::write("--json", "");
    let piped = UnreadLog::write("--limit=999", "2>errors");
    // It begins last, so when it shows that it goes on, the others have gone on for as long.
    let mut watched = UnreadLog::write("--limit=999", "");
    watched.terminal.wait_until(|shown| frames(shown).len() > 3);

    let shown = watched.read();
    for frame in frames(&shown) {
        assert!(frame.trim_end().ends_with(" reading the log"), "{frame:?}");
    }
    assert!(shown.ends_with(ERASE_LINE), "{shown:?}");
    let errors = piped.directory.path().join("errors");
    assert_eq!(fs::read_to_string(errors).unwrap(), "");
    assert_eq!(piped.read(), "");
    assert_eq!(json.read(), "");
}

/// Each time the bar was drawn, but for the last unless that was erased.
fn frames(shown: &str) -> Vec<&str> {
    let mut frames: Vec<&str> = shown.split(ERASE_LINE).collect();
    frames.pop();
    frames
}

/// A scenario of steps that open so many accounts each.
fn write_scenario(directory: &Path, steps: usize, accounts: usize) {
    let mut scenario = "name = \"long\"\n[ledger]\nclock = \"manual\"\nstart = 2026-03-02T01:00:00Z\n\
                        [[parties]]\nid = \"SYNBCNBJXXX\"\nname = \"Synthetic Bank\"\n"
        .to_owned();
    for step in 0..steps {
        let open = |account| {
            format!("{{ type = \"open_account\", account = \"SYNBCNBJXXX/USD/{step}-{account}\" }}")
        };
        let operations: Vec<String> = (0..accounts).map(open).collect();
        let operations = operations.join(", ");
        scenario +=
            &format!("[[steps]]\nid = \"{step}\"\nauthor = \"SYNBCNBJXXX\"\noperations = [{operations}]\n");
    }
    fs::write(directory.join("scenario.toml"), scenario).unwrap();
}

/// A log of a ledger of its own that is longer than a pipe holds, and waits half written until it is read.
struct UnreadLog {
    directory: TempDir,
    terminal: Terminal,
    pipe: File,
    begun: Vec<u8>,
    expected: Vec<u8>,
}

impl UnreadLog {
    fn write(option: &str, redirection: &str) -> UnreadLog {
        let directory = tempfile::tempdir().unwrap();
        write_scenario(directory.path(), 20, 100);
        let ledger = text(&directory.path().join("ledger"));
        let played = allonge(["run", &text(&directory.path().join("scenario.toml")), "--ledger", &ledger]);
        assert_eq!(played.exit, 0, "{}", played.errors);
        let expected = allonge(["log", "--ledger", &ledger, option]).output;

        let pipe = directory.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let command = format!("log --ledger ledger {option} >pipe {redirection}");
        let terminal = Terminal::start(directory.path(), &command);
        let mut pipe = File::open(pipe).unwrap();
        let mut begun = vec![0; 1];
        pipe.read_exact(&mut begun).unwrap();
        UnreadLog { directory, terminal, pipe, begun, expected }
    }

    /// Reads the log, which is whole, and answers what the terminal showed.
    fn read(mut self) -> String {
        self.pipe.read_to_end(&mut self.begun).unwrap();
        assert!(self.begun == self.expected, "{}", String::from_utf8_lossy(&self.begun));
        self.terminal.end()
    }
}

/// A pseudo-terminal on which `allonge` runs.
struct Terminal {
    script: Child,
    output: Receiver<Vec<u8>>,
    shown: Vec<u8>,
}

impl Terminal {
    /// Runs `allonge` with arguments as a shell reads them.
    fn start(directory: &Path, arguments: &str) -> Terminal {
        let command = format!("stty rows 24 columns {COLUMNS}; exec \"$ALLONGE\" {arguments}");
        let mut script = Command::new("script")
            .args(["--quiet", "--return", "--flush", "--log-out", "/dev/null", "--command", &command])
            .current_dir(directory)
            .env("ALLONGE", env!("CARGO_BIN_EXE_allonge"))
            .env("SHELL", "/bin/sh")
            .env("TERM", "xterm")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("script, of util-linux: {error}"));
        let mut screen = script.stdout.take().unwrap();
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(length @ 1..) = screen.read(&mut chunk)
                && sender.send(chunk[..length].to_vec()).is_ok()
            {}
        });
        Terminal { script, output, shown: Vec::new() }
    }

    fn shown(&self) -> String {
        String::from_utf8_lossy(&self.shown).replace("\r\n", "\n")
    }

    fn wait_until(&mut self, seen: impl Fn(&str) -> bool) {
        let begun = Instant::now();
        while !seen(&self.shown()) {
            match self.output.recv_timeout(LIMIT.saturating_sub(begun.elapsed())) {
                Ok(chunk) => self.shown.extend(chunk),
                Err(error) => panic!("{error}, after the terminal showed:\n{}", self.shown()),
            }
        }
    }

    /// What it shows until `allonge` ends well.
    fn end(mut self) -> String {
        let begun = Instant::now();
        loop {
            match self.output.recv_timeout(LIMIT.saturating_sub(begun.elapsed())) {
                Ok(chunk) => self.shown.extend(chunk),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it goes on after showing:\n{}", self.shown()),
            }
        }
        assert!(self.script.wait().unwrap().success(), "{}", self.shown());
        self.shown()
    }
}

impl Drop for Terminal {
    /// `allonge` goes with its terminal.
    fn drop(&mut self) {
        drop(self.script.kill());
        drop(self.script.wait());
    }
}
