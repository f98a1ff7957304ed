//! `errors.cts`: a class for every family of codes; `families.cts`: which class a code has.

use allonge::Entry;

use crate::families::{Family, families};
use crate::typescript::{NOTICE, comment};

/// The classes, all of them public.
pub fn classes(errors: &[&Entry]) -> String {
    let mut module = format!(
        "{NOTICE}\nimport {{ AllongeError, AllongeTypeError, ErrorWithFaults }} from './error.cjs';\n"
    );
    for family in families(errors) {
        // Braces would open inline tags of TSDoc.
        let doc = family.doc().replace('{', "<").replace('}', ">");
        let (name, base) = (&family.name, base(&family));
        module.push_str(&format!("\n{}export class {name}Error extends {base} {{}}\n", comment(&doc, "")));
    }
    module
}

/// The table of classes, which is not.
pub fn table(errors: &[&Entry]) -> String {
    let mut module = format!("{NOTICE}\nimport * as errors from './errors.cjs';\n\n");
    module.push_str("/** The class of every family of codes. */\nexport const FAMILIES = {\n");
    for Family { prefix, name, .. } in families(errors) {
        module.push_str(&format!("  {prefix}: errors.{name}Error,\n"));
    }
    module + "} as const;\n"
}

/// A few are more than an error with a code.
fn base(family: &Family<'_>) -> &'static str {
    match family.prefix {
        "input" => "AllongeTypeError",
        "message" => "ErrorWithFaults",
        _ => "AllongeError",
    }
}
