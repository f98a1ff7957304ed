//! What a command line may say: one table for each command, from which it is read and its help is written.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::path::PathBuf;

use allonge::Error;
use lexopt::Arg;

use crate::exit;
use crate::registry::usage;

/// What one command takes.
pub(crate) struct Syntax {
    /// Its words: `fin parse`.
    pub words: &'static [&'static str],
    /// What it does, in a sentence.
    pub purpose: &'static str,
    /// What it takes without a name, in this order.
    pub operands: &'static [Operand],
    /// What it takes by name, beside `--json` and `--help`.
    pub options: &'static [Setting],
    /// What else help says.
    pub notes: &'static str,
}

/// A value without a name.
pub(crate) struct Operand {
    pub name: &'static str,
    pub meaning: &'static str,
    pub required: bool,
}

/// A value with a name.
pub(crate) struct Setting {
    pub long: &'static str,
    pub short: Option<char>,
    pub value: &'static str,
    pub meaning: &'static str,
    /// Whether it may be given more than once.
    pub repeats: bool,
}

/// `--ledger`, which most commands take.
pub(crate) const LEDGER: Setting = Setting {
    long: "ledger",
    short: None,
    value: "DIR",
    meaning: "the ledger's directory; without it, the variable ALLONGE_LEDGER",
    repeats: false,
};

/// What a command line said.
#[derive(Debug, Default)]
pub(crate) struct Given {
    /// Whether machines read the answer.
    pub json: bool,
    /// Whether only help is wanted.
    pub help: bool,
    operands: Vec<OsString>,
    options: Vec<(&'static str, OsString)>,
}

impl Given {
    /// An operand; one that is required is there.
    pub(crate) fn operand(&self, place: usize) -> Option<&OsStr> {
        self.operands.get(place).map(OsString::as_os_str)
    }

    /// An operand as a path.
    pub(crate) fn path(&self, place: usize) -> PathBuf {
        self.operand(place).map(PathBuf::from).unwrap_or_default()
    }

    /// An option as it was given.
    pub(crate) fn raw(&self, long: &str) -> Option<&OsStr> {
        self.options.iter().find(|(name, _)| *name == long).map(|(_, value)| value.as_os_str())
    }

    /// An option as text.
    pub(crate) fn text(&self, long: &str) -> Result<Option<&str>, Error> {
        self.texts(long).next().transpose()
    }

    /// An option that may be given more than once, as text.
    pub(crate) fn texts(&self, long: &str) -> impl Iterator<Item = Result<&str, Error>> {
        self.options
            .iter()
            .filter(move |(name, _)| *name == long)
            .map(|(name, value)| value.to_str().ok_or_else(|| usage(format_args!("--{name} is no text"))))
    }

    /// An option read by a constructor.
    pub(crate) fn parsed<T, E: std::fmt::Display>(
        &self,
        long: &str,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Result<Option<T>, Error> {
        self.text(long)?
            .map(|text| parse(text).map_err(|error| usage(format_args!("--{long} {text}: {error}"))))
            .transpose()
    }
}

impl Syntax {
    /// The words as one text.
    pub(crate) fn name(&self) -> String {
        self.words.join(" ")
    }

    /// Reads what stands behind the command's words.
    pub(crate) fn read(&self, args: &[OsString]) -> Result<Given, Error> {
        let mut given = Given::default();
        let mut parser = lexopt::Parser::from_args(args);
        while let Some(arg) = parser.next().map_err(usage)? {
            let name = match arg {
                Arg::Value(operand) => {
                    given.operands.push(operand);
                    continue;
                }
                Arg::Long("json") => {
                    given.json = true;
                    continue;
                }
                Arg::Long("help") | Arg::Short('h') => {
                    given.help = true;
                    continue;
                }
                Arg::Long(long) => format!("--{long}"),
                Arg::Short(short) => format!("-{short}"),
            };
            let option = self.option(&name)?;
            let value = parser.value().map_err(usage)?;
            if !option.repeats && given.raw(option.long).is_some() {
                return Err(usage(format_args!("{name} is given twice")));
            }
            given.options.push((option.long, value));
        }
        if !given.help {
            self.check_operands(&given)?;
        }
        Ok(given)
    }

    fn option(&self, name: &str) -> Result<&'static Setting, Error> {
        let options: &'static [Setting] = self.options;
        let spelled = |option: &&Setting| {
            name.strip_prefix("--") == Some(option.long)
                || option.short.is_some_and(|short| name == format!("-{short}"))
        };
        options.iter().find(spelled).ok_or_else(|| {
            let known: Vec<String> = options.iter().map(|option| format!("--{}", option.long)).collect();
            let known = [known, vec!["--json".to_owned(), "--help".to_owned()]].concat().join(", ");
            usage(format_args!("allonge {} has no option {name}; it takes {known}", self.name()))
        })
    }

    fn check_operands(&self, given: &Given) -> Result<(), Error> {
        if let Some(extra) = given.operand(self.operands.len()) {
            let extra = extra.to_string_lossy();
            return Err(usage(format_args!("{extra} is one operand too many; {}", self.usage())));
        }
        let missing = self.operands.get(given.operands.len()).filter(|operand| operand.required);
        match missing {
            Some(operand) => Err(usage(format_args!("{} is missing; {}", operand.name, self.usage()))),
            None => Ok(()),
        }
    }

    fn usage(&self) -> String {
        let mut usage = format!("usage: allonge {}", self.name());
        for operand in self.operands {
            let Operand { name, required, .. } = operand;
            // Writing to a text cannot fail.
            let _ = if *required { write!(usage, " {name}") } else { write!(usage, " [{name}]") };
        }
        for option in self.options {
            let _ = write!(usage, " [--{} {}]", option.long, option.value);
        }
        usage + " [--json]"
    }

    /// What `--help` says.
    pub(crate) fn help(&self) -> String {
        let mut lines: Vec<(String, &str)> =
            self.operands.iter().map(|operand| (operand.name.to_owned(), operand.meaning)).collect();
        for option in self.options {
            let short = option.short.map(|short| format!("-{short}, ")).unwrap_or_default();
            lines.push((format!("{short}--{} {}", option.long, option.value), option.meaning));
        }
        lines.push(("--json".to_owned(), "one JSON document instead of a table; errors as JSON too"));
        lines.push(("-h, --help".to_owned(), "this help"));
        let width = lines.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
        let mut help = format!("{}\n\n{}\n\n", self.purpose, self.usage());
        for (name, meaning) in lines {
            let _ = writeln!(help, "  {name:width$}  {meaning}");
        }
        if !self.notes.is_empty() {
            let _ = write!(help, "\n{}\n", self.notes);
        }
        help + "\n" + exit::MEANING
    }
}
