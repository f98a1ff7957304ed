//! One error for the whole ledger, made from a registry of entries with stable codes.
//!
//! An [`Entry`] says once and for all languages what went wrong, who must act and how, and which rule
//! says so. An [`Error`] is an entry with the particulars of one case.

use std::fmt;

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

/// When an error can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// While a value, a message or a file is read, before anything is signed.
    Input,
    /// When a transaction arrives: it enters no block and changes nothing.
    Admission,
    /// When the rules judge a transaction: the refusal stands in the block and has a receipt.
    Execution,
    /// When a receipt or another proof is checked.
    Proof,
    /// When files are read or written.
    Storage,
    /// In the process that calls.
    Process,
}

/// Who must act before a repeat can succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// Whoever called with these arguments.
    Caller,
    /// The author party of the transaction.
    Author,
    /// The other party to the deal.
    Counterparty,
    /// The registrar named by the genesis.
    Registrar,
    /// The publisher of calendars named by the genesis.
    CalendarPublisher,
    /// Whoever runs the machine.
    Operations,
    /// Nobody can: the rule is final.
    Nobody,
}

/// One kind of error: its row in the registry.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Stable and dotted: `letter_of_credit.presentation_late`.
    pub code: &'static str,
    /// When it happens.
    pub phase: Phase,
    /// Whether the same call can succeed later without a change by the caller.
    pub retryable: bool,
    /// Who must act.
    pub actor: Actor,
    /// What went wrong, with `{name}` where a detail of that name goes.
    pub message: &'static str,
    /// What to do.
    pub remedy: &'static str,
    /// The rule that says so: `UCP 600`, where there is one.
    pub rule: Option<&'static str>,
    /// The article of that rule: `14(b)`.
    pub article: Option<&'static str>,
    /// What that rule asks, in our own words; nothing where the entry is no rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub says: Option<Says>,
}

/// What a rule asks, in one sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Says {
    /// In English.
    pub en: &'static str,
    /// In Chinese.
    pub zh: &'static str,
}

impl Entry {
    /// An error of this kind, without particulars yet.
    pub fn error(&'static self) -> Error {
        Error { entry: self, details: Vec::new(), operation: None, source: None }
    }

    /// What the rule of this entry says of a case: the refusal, with the facts that it saw, unless it is satisfied.
    ///
    /// Errors: this entry.
    pub fn unless(&'static self, satisfied: bool, facts: impl FnOnce(Error) -> Error) -> Result<(), Error> {
        if satisfied { Ok(()) } else { Err(facts(self.error())) }
    }
}

/// Declares registry entries, and the list of them all.
///
/// ```
/// allonge_ledger::registry! {
///     /// Kinds of error of this example.
///     pub static REGISTRY;
///     EMPTY = "example.empty" {
///         phase: Input, retryable: false, actor: Caller,
///         message: "the {thing} is empty", remedy: "fill it",
///     }
///     EXPIRED = "example.expired" {
///         phase: Execution, retryable: false, actor: Nobody,
///         message: "expired on {date}", remedy: "issue a new one",
///         rule: "UCP 600" art "6(d)",
///         says: "Documents are presented on or before the date of expiry.", "单据须在到期日当日或之前提交。",
///     }
/// }
/// assert_eq!(EMPTY.error().with("thing", "box").to_string(), "the box is empty");
/// assert_eq!(REGISTRY.len(), 2);
/// ```
#[macro_export]
macro_rules! registry {
    (
        $(#[$list_doc:meta])* pub static $list:ident;
        $( $name:ident = $code:literal {
            phase: $phase:ident, retryable: $retryable:literal, actor: $actor:ident,
            message: $message:literal, remedy: $remedy:literal
            $(, rule: $rule:literal art $article:literal)?
            $(, says: $en:literal, $zh:literal)? $(,)?
        } )*
    ) => {
        $(
            #[doc = concat!("`", $code, "`: ", $message)]
            pub static $name: $crate::Entry = $crate::Entry {
                code: $code,
                phase: $crate::Phase::$phase,
                retryable: $retryable,
                actor: $crate::Actor::$actor,
                message: $message,
                remedy: $remedy,
                rule: $crate::registry!(@option $($rule)?),
                article: $crate::registry!(@option $($article)?),
                says: $crate::registry!(@says $($en, $zh)?),
            };
        )*
        $(#[$list_doc])*
        pub static $list: &[&$crate::Entry] = &[$(&$name),*];
    };
    (@option) => { None };
    (@option $value:literal) => { Some($value) };
    (@says) => { None };
    (@says $en:literal, $zh:literal) => { Some($crate::Says { en: $en, zh: $zh }) };
}

/// One particular of an error: what `{name}` stands for in this case.
///
/// Those of a refusal are hashed with the block: they are words that stay (`too_many_lines`), numbers, dates,
/// amounts and ids, never prose.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Detail {
    /// The name, as in the entry's message.
    pub name: String,
    /// The value, as text.
    pub value: String,
}

/// An error: its entry in the registry and the particulars of this case.
#[derive(Debug)]
pub struct Error {
    entry: &'static Entry,
    details: Vec<Detail>,
    operation: Option<u16>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// Adds a particular.
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.details.push(Detail { name: name.to_owned(), value: value.to_string() });
        self
    }

    /// Adds the cause.
    pub fn because(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }

    /// Says which operation of the transaction it was, from 0. The first word counts.
    pub fn at_operation(mut self, index: u16) -> Self {
        self.operation.get_or_insert(index);
        self
    }

    /// An error as it stands in a result, with its entry found again.
    pub fn from_parts(entry: &'static Entry, details: Vec<Detail>, operation: Option<u16>) -> Self {
        Error { entry, details, operation, source: None }
    }

    /// The row of the registry.
    pub fn entry(&self) -> &'static Entry {
        self.entry
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.entry.code
    }

    /// The particulars.
    pub fn details(&self) -> &[Detail] {
        &self.details
    }

    /// The value of one particular.
    pub fn detail(&self, name: &str) -> Option<&str> {
        self.details.iter().find(|detail| detail.name == name).map(|detail| detail.value.as_str())
    }

    /// Which operation of the transaction it was, from 0.
    pub fn operation(&self) -> Option<u16> {
        self.operation
    }
}

impl fmt::Display for Error {
    /// The entry's message with its particulars filled in.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.entry.message;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, tail)) = after.split_once('}') else { break };
            f.write_str(before)?;
            match self.detail(name) {
                // A word that stays, since it may stand in a block; people read it without the underscores.
                Some(word)
                    if word
                        .bytes()
                        .all(|byte| byte.is_ascii_lowercase() || b"0123456789_".contains(&byte)) =>
                {
                    f.write_str(&word.replace('_', " "))?;
                }
                value => f.write_str(value.unwrap_or("?"))?,
            }
            rest = tail;
        }
        f.write_str(rest)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// Two errors are equal when they say the same; causes are not compared.
impl PartialEq for Error {
    fn eq(&self, other: &Self) -> bool {
        self.entry.code == other.entry.code
            && self.details == other.details
            && self.operation == other.operation
    }
}
