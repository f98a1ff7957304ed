//! Families of errors, as the languages with types for errors name them.

use allonge::Entry;

use crate::case::pascal;

/// All codes with the same first word.
pub struct Family<'a> {
    /// The first word of the codes.
    pub prefix: &'a str,
    /// The name of the family, in Pascal case.
    pub name: String,
    /// Its rows.
    pub entries: Vec<&'a Entry>,
}

/// Families in the order of their codes, which is that of the registry.
pub fn families<'a>(errors: &[&'a Entry]) -> Vec<Family<'a>> {
    let mut families: Vec<Family<'_>> = Vec::new();
    for &entry in errors {
        let prefix = entry.code.split('.').next().unwrap_or_default();
        match families.last_mut() {
            Some(family) if family.prefix == prefix => family.entries.push(entry),
            _ => families.push(Family { prefix, name: name(prefix), entries: vec![entry] }),
        }
    }
    families
}

fn name(prefix: &str) -> String {
    match prefix {
        "message" => "Fin".to_owned(),
        "error" => "Unknown".to_owned(),
        // KeyError is Python's own.
        "key" => "SigningKey".to_owned(),
        other => pascal(other),
    }
}

impl Family<'_> {
    /// What can go wrong, and what to do.
    pub fn doc(&self) -> String {
        let mut doc = format!("Errors with a code of `{}`.\n", self.prefix);
        for entry in &self.entries {
            doc.push_str(&format!("\n- `{}`: {}. To do: {}.", entry.code, entry.message, entry.remedy));
            if let (Some(rule), Some(article)) = (entry.rule, entry.article) {
                doc.push_str(&format!(" {rule} art. {article}."));
            }
        }
        doc
    }
}
