//! `_records.py`: a class for every record and every variant.

use crate::case::{pascal, snake};
use crate::python::{NOTICE, docstring};
use crate::schema::{Definition, Field, Form, Kind, Presence, Schema, Tagging, Type, Union, Variant};

const HEAD: &str = r#""""The records: what operations, events and states are made of."""

from __future__ import annotations

import datetime

from ._money import Money
from ._record import (
    Record,
    date_from_wire,
    date_to_wire,
    each,
    instant_from_wire,
    instant_to_wire,
    listed,
    optional,
    optional_each,
    wire_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import ClassVar, Literal

    from ._record import Wire
"#;

const TAIL: &str = r#"

if not TYPE_CHECKING:

    def __getattr__(name):
        """The types of fixed words exist at run time for whoever asks: `typing` is dear to import."""
        words = _WORDS.get(name)
        if words is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from typing import Literal

        globals()[name] = literal = Literal[words]
        return literal
"#;

/// Written by hand, with arithmetic.
const BY_HAND: &[&str] = &["Money"];

/// The whole module.
pub fn module(schema: &Schema) -> String {
    let mut module = format!("{NOTICE}{HEAD}");
    module.push_str(&words(schema));
    module.push_str(&texts(schema));
    for class in classes(schema) {
        module.push_str(&class.source(schema));
    }
    module.push_str(&unions(schema));
    module.push_str(TAIL);
    module.push_str(&all(schema));
    module
}

/// Types of fixed words, for type checkers, and what they are made of at run time.
fn words(schema: &Schema) -> String {
    let mut aliases = String::from("\n");
    let mut table = String::from("\n_WORDS: dict[str, tuple[str, ...]] = {\n");
    for Definition { name, doc, kind } in &schema.definitions {
        let Kind::Words(words) = kind else { continue };
        let listed: Vec<_> = words.iter().map(|word| format!("{:?}", word.wire_name)).collect();
        let doc = words
            .iter()
            .filter(|word| !word.doc.is_empty())
            .fold(doc.clone(), |doc, word| format!("{doc}\n\n`{}`: {}", word.wire_name, word.doc));
        aliases.push_str(&format!("    {name} = Literal[{}]\n", listed.join(", ")));
        aliases.push_str(&docstring(&doc, "    "));
        table.push_str(&format!("    {name:?}: ({},),\n", listed.join(", ")));
    }
    format!("{aliases}{table}}}\n")
}

/// Identifiers, hashes, dates and instants: names for types that Python has.
fn texts(schema: &Schema) -> String {
    let mut aliases = String::from("\n");
    for Definition { name, doc, kind } in &schema.definitions {
        let Kind::Text(form) = kind else { continue };
        let of = match form {
            Form::Plain => "str",
            Form::Date => "datetime.date",
            Form::Instant => "datetime.datetime",
        };
        aliases.push_str(&format!("{name} = {of}\n{}", said(doc, "")));
    }
    aliases
}

fn said(doc: &str, indent: &str) -> String {
    if doc.is_empty() { String::new() } else { docstring(doc, indent) }
}

/// A class to write: a record, or a variant of a union.
struct Class<'a> {
    name: String,
    doc: &'a str,
    fields: &'a [Field],
    tag: Tag<'a>,
}

enum Tag<'a> {
    None,
    Field { name: &'a str, value: &'a str },
    Key(&'a str),
}

fn classes(schema: &Schema) -> Vec<Class<'_>> {
    let mut classes = Vec::new();
    for Definition { name, doc, kind } in &schema.definitions {
        match kind {
            Kind::Record(fields) if !BY_HAND.contains(&name.as_str()) => {
                classes.push(Class { name: name.clone(), doc, fields, tag: Tag::None });
            }
            Kind::Union(union) => classes.extend(union.variants.iter().map(|variant| Class {
                name: variant_class(name, union, variant),
                doc: &variant.doc,
                fields: &variant.fields,
                tag: match &union.tagging {
                    Tagging::Field(name) => Tag::Field { name, value: &variant.wire_name },
                    Tagging::Key => Tag::Key(&variant.wire_name),
                },
            })),
            _ => {}
        }
    }
    classes
}

/// Operations and events go by their own names; other variants carry that of their union.
fn variant_class(union_name: &str, union: &Union, variant: &Variant) -> String {
    let own = pascal(&variant.wire_name);
    if union.variants_stand_alone { own } else { format!("{union_name}{own}") }
}

impl Class<'_> {
    fn source(&self, schema: &Schema) -> String {
        let names: Vec<_> = self.fields.iter().map(|field| attribute(&field.name)).collect();
        let tuple = match names.as_slice() {
            [] => "()".to_owned(),
            [one] => format!("({one:?},)"),
            all => format!("({})", all.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ")),
        };
        let mut source = format!("\n\nclass {}(Record):\n{}\n", self.name, docstring(self.doc, "    "));
        source.push_str(&format!("    __slots__ = {tuple}\n    __match_args__ = {tuple}\n\n"));
        if let Tag::Field { name, value } = self.tag {
            source.push_str(&format!("    {name}: ClassVar[Literal[{value:?}]] = {value:?}\n"));
        }
        for field in self.fields {
            let of = stored(field);
            source.push_str(&format!("    {}: {of}\n{}", attribute(&field.name), said(&field.doc, "    ")));
        }
        source.push('\n');
        if !self.fields.is_empty() {
            source.push_str(&self.constructor(schema));
        }
        source.push_str(&self.writer(schema));
        source.push_str(&self.reader(schema));
        source
    }

    fn constructor(&self, schema: &Schema) -> String {
        let mut source = String::from("    def __init__(\n        self,\n        *,\n");
        for field in self.fields {
            let default = match field.presence {
                Presence::Required => "",
                Presence::EmptyByDefault if matches!(field.of, Type::List(_)) => " = ()",
                Presence::Optional | Presence::EmptyByDefault => " = None",
            };
            source.push_str(&format!(
                "        {}: {}{default},\n",
                attribute(&field.name),
                given(schema, field)
            ));
        }
        source.push_str("    ) -> None:\n        self._fill(\n");
        for field in self.fields {
            let name = attribute(&field.name);
            let value = match (&field.of, field.presence) {
                (Type::List(_), Presence::Optional) => format!("optional(listed, {name})"),
                (Type::List(_), _) => format!("listed({name})"),
                (Type::Named(of), Presence::EmptyByDefault) => {
                    format!("{of}() if {name} is None else {name}")
                }
                _ => name,
            };
            source.push_str(&format!("            {value},\n"));
        }
        source + "        )\n\n"
    }

    fn writer(&self, schema: &Schema) -> String {
        let head = "    def to_wire(self) -> dict[str, object]:\n";
        if let (Tag::Key(key), [field]) = (&self.tag, self.fields) {
            return format!(
                "{head}        return {{{key:?}: {}}}\n\n",
                to_wire(schema, &field.of, "self.value")
            );
        }
        let mut sure = String::new();
        let mut perhaps = String::new();
        if let Tag::Field { name, value } = self.tag {
            sure.push_str(&format!("            {name:?}: {value:?},\n"));
        }
        for field in self.fields {
            let name = attribute(&field.name);
            let value = to_wire(schema, &field.of, &format!("self.{name}"));
            if field.presence == Presence::Optional {
                perhaps.push_str(&format!(
                    "        if self.{name} is not None:\n            wire[{:?}] = {value}\n",
                    field.name
                ));
            } else {
                sure.push_str(&format!("            {:?}: {value},\n", field.name));
            }
        }
        format!(
            "{head}        wire: dict[str, object] = {{\n{sure}        }}\n{perhaps}        return wire\n\n"
        )
    }

    fn reader(&self, schema: &Schema) -> String {
        let mut source = format!(
            "    @classmethod\n    def from_wire(cls, wire: Wire) -> {}:\n        return cls(\n",
            self.name
        );
        for field in self.fields {
            let key = match self.tag {
                Tag::Key(key) => key,
                _ => &field.name,
            };
            source.push_str(&format!(
                "            {}={},\n",
                attribute(&field.name),
                read(schema, field, key)
            ));
        }
        source + "        )\n"
    }
}

/// A name that is a word of Python's own gets an underscore.
fn attribute(name: &str) -> String {
    const KEYWORDS: &[&str] =
        &["from", "with", "as", "is", "in", "for", "class", "import", "return", "or", "and"];
    if KEYWORDS.contains(&name) { format!("{name}_") } else { name.to_owned() }
}

/// The type of an attribute.
fn stored(field: &Field) -> String {
    let of = annotation(&field.of);
    if field.presence == Presence::Optional { format!("{of} | None") } else { of }
}

/// The type of a parameter: any sequence does for a list, except that a string is no list of its letters.
fn given(schema: &Schema, field: &Field) -> String {
    let of = match &field.of {
        Type::List(item) if is_text(schema, item) => {
            let item = annotation(item);
            format!("list[{item}] | tuple[{item}, ...]")
        }
        Type::List(item) => format!("Sequence[{}]", annotation(item)),
        other => annotation(other),
    };
    match (field.presence, &field.of) {
        (Presence::Required, _) | (Presence::EmptyByDefault, Type::List(_)) => of,
        _ => format!("{of} | None"),
    }
}

fn annotation(of: &Type) -> String {
    match of {
        Type::Text | Type::Decimal => "str".to_owned(),
        Type::Boolean => "bool".to_owned(),
        Type::Integer(_) => "int".to_owned(),
        Type::List(item) => format!("tuple[{}, ...]", annotation(item)),
        Type::Named(name) => name.clone(),
    }
}

fn is_text(schema: &Schema, of: &Type) -> bool {
    match of {
        Type::Text | Type::Decimal => true,
        Type::Named(name) => schema
            .get(name)
            .is_some_and(|found| matches!(found.kind, Kind::Text(Form::Plain) | Kind::Words(_))),
        _ => false,
    }
}

/// How a value of a type crosses.
enum Crossing {
    AsItIs,
    Date,
    Instant,
    Record,
    /// By the function that tells the variants apart.
    Union,
    List(Type),
}

fn crossing(schema: &Schema, of: &Type) -> Crossing {
    match of {
        Type::List(item) => Crossing::List((**item).clone()),
        Type::Named(name) => match schema.get(name).map(|found| &found.kind) {
            Some(Kind::Record(_)) => Crossing::Record,
            Some(Kind::Union(_) | Kind::Either(_)) => Crossing::Union,
            Some(Kind::Text(Form::Date)) => Crossing::Date,
            Some(Kind::Text(Form::Instant)) => Crossing::Instant,
            Some(Kind::List(item)) => Crossing::List(item.clone()),
            _ => Crossing::AsItIs,
        },
        _ => Crossing::AsItIs,
    }
}

fn to_wire(schema: &Schema, of: &Type, value: &str) -> String {
    match crossing(schema, of) {
        Crossing::AsItIs => value.to_owned(),
        Crossing::Date => format!("date_to_wire({value})"),
        Crossing::Instant => format!("instant_to_wire({value})"),
        Crossing::Record | Crossing::Union => format!("wire_of({value})"),
        Crossing::List(item) => match crossing(schema, &item) {
            Crossing::AsItIs => format!("list({value})"),
            _ => format!("[{} for item in {value}]", to_wire(schema, &item, "item")),
        },
    }
}

/// The expression that reads a field.
fn read(schema: &Schema, field: &Field, key: &str) -> String {
    let value = match field.presence {
        Presence::Required => format!("wire[{key:?}]"),
        Presence::EmptyByDefault if matches!(field.of, Type::List(_)) => format!("wire.get({key:?}, ())"),
        _ => format!("wire.get({key:?})"),
    };
    let may_be_none = value == format!("wire.get({key:?})");
    let (function, each) = match &field.of {
        Type::List(item) => (reader(schema, item), "each"),
        other => (reader(schema, other), ""),
    };
    match (function, each, may_be_none) {
        (None, _, _) => value,
        (Some(function), "each", true) => format!("optional_each({function}, {value})"),
        (Some(function), "each", false) => format!("each({function}, {value})"),
        (Some(function), _, true) => format!("optional({function}, {value})"),
        (Some(function), _, false) => format!("{function}({value})"),
    }
}

/// The function that reads a type; none where the value is what it is.
fn reader(schema: &Schema, of: &Type) -> Option<String> {
    match (crossing(schema, of), of) {
        (Crossing::Date, _) => Some("date_from_wire".to_owned()),
        (Crossing::Instant, _) => Some("instant_from_wire".to_owned()),
        (Crossing::Record, Type::Named(name)) => Some(format!("{name}.from_wire")),
        (Crossing::Union, Type::Named(name)) => Some(format!("{}_from_wire", snake(name))),
        (Crossing::List(_), _) => Some("listed".to_owned()),
        _ => None,
    }
}

/// Unions as types that `isinstance` takes too, and the functions that tell their variants apart.
fn unions(schema: &Schema) -> String {
    let mut source = String::from("\n");
    for Definition { name, doc, kind } in &schema.definitions {
        let Kind::Union(union) = kind else { continue };
        let classes: Vec<_> =
            union.variants.iter().map(|variant| variant_class(name, union, variant)).collect();
        source.push_str(&format!("\n{name} = {}\n{}", alternatives(&classes), said(doc, "")));
        source.push_str(&format!("_{}: dict[str, type[{name}]] = {{\n", snake(name).to_uppercase()));
        for (variant, class) in union.variants.iter().zip(&classes) {
            source.push_str(&format!("    {:?}: {class},\n", variant.wire_name));
        }
        source.push_str("}\n");
        let tag = match &union.tagging {
            Tagging::Field(tag) => format!("wire[{tag:?}]"),
            Tagging::Key => "next(iter(wire))".to_owned(),
        };
        source.push_str(&from_wire(name, &tag));
    }
    for Definition { name, doc, kind } in &schema.definitions {
        let Kind::Either(members) = kind else { continue };
        let tables: Vec<_> =
            members.iter().map(|name| format!("**_{}", snake(name).to_uppercase())).collect();
        source.push_str(&format!("\n{name} = {}\n{}", alternatives(members), said(doc, "")));
        let table = snake(name).to_uppercase();
        source.push_str(&format!("_{table}: dict[str, type[{name}]] = {{{}}}\n", tables.join(", ")));
        source.push_str(&from_wire(name, "wire[\"type\"]"));
    }
    for Definition { name, doc, kind } in &schema.definitions {
        let Kind::List(item) = kind else { continue };
        source.push_str(&format!("\n{name} = tuple[{}, ...]\n{}", annotation(item), said(doc, "")));
    }
    source
}

fn alternatives(classes: &[String]) -> String {
    match classes {
        [one] => one.clone(),
        all => format!("(\n    {}\n)", all.join("\n    | ")),
    }
}

fn from_wire(name: &str, tag: &str) -> String {
    let function = snake(name);
    format!(
        "\n\ndef {function}_from_wire(wire: Wire) -> {name}:\n    return _{}[{tag}].from_wire(wire)\n\n",
        function.to_uppercase()
    )
}

/// What the package shows of it.
fn all(schema: &Schema) -> String {
    let mut names: Vec<String> = classes(schema).into_iter().map(|class| class.name).collect();
    names.extend(schema.definitions.iter().map(|definition| definition.name.clone()));
    names.sort();
    names.dedup();
    let names: String = names.iter().map(|name| format!("    {name:?},\n")).collect();
    format!("\n\n__all__ = [\n{names}]\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_classes_have_one_name() {
        let schema = Schema::read(&allonge::schema()).unwrap();
        let mut names: Vec<_> = classes(&schema).into_iter().map(|class| class.name).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
