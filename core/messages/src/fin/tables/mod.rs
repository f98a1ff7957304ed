//! Message types as data: what a row can say, and the releases that have rows.

mod sr2025;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use allonge_finance::Currency;
use serde::{Deserialize, Serialize};

use super::fault::{Certainty, FaultCode};
use super::format::Format;

/// A yearly release of the SWIFT standards: which tables a message is read by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum StandardsRelease {
    /// Standards Release 2025, live since 22 November 2025 (recalled).
    #[serde(rename = "SR2025")]
    Sr2025,
}

impl StandardsRelease {
    /// The table of a message type such as `700`, if this toolkit has it.
    pub(crate) fn message(self, message_type: &str) -> Option<&'static MessageTable> {
        self.messages().iter().copied().find(|table| table.message_type == message_type)
    }

    pub(crate) fn messages(self) -> &'static [&'static MessageTable] {
        match self {
            StandardsRelease::Sr2025 => sr2025::MESSAGES,
        }
    }

    /// Whether a currency was current when the release came into force.
    pub(crate) fn allows(self, currency: Currency) -> bool {
        let in_force = match self {
            StandardsRelease::Sr2025 => (2025, 11, 22),
        };
        currency.withdrawn_on().is_none_or(|date| (date.year(), date.month(), date.day()) > in_force)
    }
}

/// A message type.
#[derive(Debug)]
pub(crate) struct MessageTable {
    pub message_type: &'static str,
    pub title: &'static str,
    pub sequences: &'static [Sequence],
    pub rules: &'static [Rule],
}

/// A run of fields. Message types with several begin each with its own field (15A, 15B, …).
#[derive(Debug)]
pub(crate) struct Sequence {
    /// `A`, `B`, …; empty in a message type that has no sequences.
    pub name: &'static str,
    pub presence: Presence,
    pub fields: &'static [FieldRow],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Mandatory,
    Optional,
}

/// A field in its place.
#[derive(Debug)]
pub(crate) struct FieldRow {
    /// How the standard calls the field whatever its option: `41a`, `32B`.
    pub tag: &'static str,
    pub name: &'static str,
    pub presence: Presence,
    pub repeats: bool,
    pub options: &'static [&'static FieldOption],
}

/// A field's option: its tag, what it is made of and what it may say.
#[derive(Debug)]
pub(crate) struct FieldOption {
    pub tag: &'static str,
    /// In SWIFT's notation; see `format.rs`.
    pub format: &'static str,
    /// The names of the format's components, in order.
    pub components: &'static [&'static str],
    pub checks: &'static [Check],
    /// A well-formed value, shown in remedies.
    pub example: &'static str,
}

/// What the content of one field must satisfy beyond its format.
#[derive(Debug)]
pub(crate) enum Check {
    /// The component is one of these code words.
    OneOf { component: &'static str, codes: &'static [&'static str], code: FaultCode },
    /// The component stands only beside this code word.
    OnlyBeside { component: &'static str, beside: &'static str, code_word: &'static str, code: FaultCode },
    /// No slash at either end, no two slashes together (T26).
    Reference { component: &'static str },
    /// The number lies within bounds.
    Within { component: &'static str, min: u32, max: u32, code: FaultCode },
    /// One number is not above another.
    NotAbove { component: &'static str, limit: &'static str, code: FaultCode },
}

/// A rule between fields. `42a` means 42A or 42D, as the row of that name has them, and never 42C.
#[derive(Debug)]
pub(crate) struct Rule {
    /// The standard's number, such as `C1`, or where the rule is said.
    pub name: &'static str,
    pub code: FaultCode,
    /// Whether the rule, its direction and its code were checked; DOMAIN 4.1 marks the rest [M].
    pub certainty: Certainty,
    pub relation: Relation,
}

#[derive(Debug)]
pub(crate) enum Relation {
    /// Both fields or neither.
    BothOrNeither(&'static str, &'static str),
    /// Fields of one of these groups at most.
    OneGroupOnly(&'static [&'static [&'static str]]),
    /// The field must be there when a code word says so.
    RequiredWhen(Condition, &'static str),
    /// The field must not be there when a code word says so.
    ForbiddenWhen(Condition, &'static str),
}

/// A component of a field is one of these code words.
#[derive(Debug)]
pub(crate) struct Condition {
    pub tag: &'static str,
    pub component: &'static str,
    pub codes: &'static [&'static str],
}

impl MessageTable {
    /// Whether a tag is what a pattern means: itself, or an option of the field that the pattern names.
    pub fn means(&self, pattern: &str, tag: &str) -> bool {
        let mut rows = self.sequences.iter().flat_map(|sequence| sequence.fields);
        pattern == tag || rows.any(|row| row.tag == pattern && row.option(tag).is_some())
    }

    /// What a tag stands for in a sequence.
    pub fn option(
        &self,
        sequence: Option<&str>,
        tag: &str,
    ) -> Option<(&'static FieldRow, &'static FieldOption)> {
        let sequence_name = sequence.unwrap_or("");
        let sequence = self.sequences.iter().find(|sequence| sequence.name == sequence_name)?;
        sequence.fields.iter().find_map(|row| Some((row, row.option(tag)?)))
    }
}

impl FieldRow {
    pub fn option(&self, tag: &str) -> Option<&'static FieldOption> {
        self.options.iter().copied().find(|option| option.tag == tag)
    }
}

impl FieldOption {
    /// The compiled format; compiled once for all messages.
    pub fn compiled(&self) -> &'static Format {
        static EMPTY: Format = Format { items: Vec::new(), slots: 0 };
        COMPILED.get(self.format).unwrap_or(&EMPTY)
    }
}

static COMPILED: LazyLock<BTreeMap<&'static str, Format>> = LazyLock::new(|| {
    let rows = [StandardsRelease::Sr2025].into_iter().flat_map(StandardsRelease::messages);
    let options = rows
        .flat_map(|table| table.sequences)
        .flat_map(|sequence| sequence.fields)
        .flat_map(|row| row.options);
    options.map(|option| (option.format, Format::compile(option.format))).collect()
});

#[cfg(test)]
mod tests {
    use super::super::format::tests::notation;
    use super::super::matching;
    use super::*;

    fn every_row() -> impl Iterator<Item = (&'static MessageTable, &'static FieldRow, &'static FieldOption)> {
        StandardsRelease::Sr2025.messages().iter().flat_map(|table| {
            let rows = table.sequences.iter().flat_map(|sequence| sequence.fields);
            rows.flat_map(move |row| row.options.iter().map(move |option| (*table, row, *option)))
        })
    }

    #[test]
    fn every_format_compiles_to_what_it_says_and_names_all_its_components() {
        for (table, _, option) in every_row() {
            let at = format!("MT {} field {}", table.message_type, option.tag);
            let format = option.compiled();
            assert_eq!(notation(&format.items), option.format, "{at}");
            assert_eq!(format.slots, option.components.len(), "{at}");
        }
    }

    #[test]
    fn every_example_has_the_form_it_illustrates() {
        for (table, _, option) in every_row() {
            let matched = matching::read(option.compiled(), option.example, StandardsRelease::Sr2025);
            assert!(
                matched.flaws.is_empty(),
                "MT {} {}: {:?}",
                table.message_type,
                option.tag,
                matched.flaws
            );
        }
    }

    #[test]
    fn checks_and_rules_speak_only_of_what_the_tables_have() {
        for (_, row, option) in every_row() {
            for check in option.checks {
                let components = match check {
                    Check::OneOf { component, .. }
                    | Check::Reference { component }
                    | Check::Within { component, .. } => {
                        vec![component]
                    }
                    Check::OnlyBeside { component, beside, .. } => vec![component, beside],
                    Check::NotAbove { component, limit, .. } => vec![component, limit],
                };
                assert!(components.iter().all(|name| option.components.contains(name)), "{}", option.tag);
            }
            assert!(row.options.iter().all(|option| row.tag.get(..2) == option.tag.get(..2)), "{}", row.tag);
        }
        for table in StandardsRelease::Sr2025.messages() {
            let has = |pattern: &str| {
                table
                    .sequences
                    .iter()
                    .flat_map(|s| s.fields)
                    .flat_map(|f| f.options)
                    .any(|o| table.means(pattern, o.tag))
            };
            for rule in table.rules {
                let tags = match &rule.relation {
                    Relation::BothOrNeither(a, b) => vec![*a, *b],
                    Relation::OneGroupOnly(groups) => {
                        groups.iter().flat_map(|group| group.iter().copied()).collect()
                    }
                    Relation::RequiredWhen(when, tag) | Relation::ForbiddenWhen(when, tag) => {
                        vec![when.tag, *tag]
                    }
                };
                assert!(tags.iter().all(|tag| has(tag)), "MT {} {}", table.message_type, rule.name);
            }
        }
    }

    #[test]
    fn a_field_in_lower_case_means_its_own_options_only() {
        let table = StandardsRelease::Sr2025.message("700").expect("MT 700");
        assert!(table.means("42a", "42A") && table.means("42a", "42D") && table.means("42C", "42C"));
        assert!(!table.means("42a", "42C") && !table.means("42a", "42P") && !table.means("42A", "42D"));
    }
}
