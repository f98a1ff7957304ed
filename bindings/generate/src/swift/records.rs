//! `Records.swift`: a struct for every record, an enum for every union.

use crate::case::camel;
use crate::schema::{Definition, Field, Form, Integer, Kind, Presence, Schema, Tagging, Type, Word};
use crate::swift::{NOTICE, comment, escaped, kinds, unions};

/// Written by hand, with arithmetic.
const BY_HAND: &[&str] = &["Money", "Date", "Timestamp"];

/// The whole file.
pub fn file(schema: &Schema) -> String {
    let mut file = format!("{NOTICE}import Foundation\n");
    for definition in &schema.definitions {
        if !BY_HAND.contains(&definition.name.as_str()) {
            file.push('\n');
            file.push_str(&source(schema, definition));
        }
    }
    file.push_str(&kinds::extensions());
    file
}

fn source(schema: &Schema, definition: &Definition) -> String {
    let Definition { name, doc, kind } = definition;
    match kind {
        Kind::Text(form) => {
            let of = match form {
                Form::Plain => "String",
                Form::Date => "CivilDate",
                Form::Instant => "Timestamp",
            };
            format!("{}public typealias {name} = {of}\n", comment(doc, ""))
        }
        Kind::List(item) => format!("{}public typealias {name} = [{}]\n", comment(doc, ""), type_name(item)),
        Kind::Words(words) => words_enum(name, doc, words),
        Kind::Record(fields) => record(name, doc, fields),
        Kind::Either(members) => unions::either(schema, definition, members),
        Kind::Union(union) => match &union.tagging {
            Tagging::Field(tag) => unions::tagged(definition, union, tag),
            Tagging::Key => unions::keyed(definition, union),
        },
    }
}

fn words_enum(name: &str, doc: &str, words: &[Word]) -> String {
    let mut source = format!(
        "{}public enum {name}: String, Codable, CaseIterable, Hashable, Sendable {{\n",
        comment(doc, "")
    );
    for word in words {
        source.push_str(&comment(&word.doc, "    "));
        source.push_str(&format!(
            "    case {} = {:?}\n",
            escaped(&word_case(&word.wire_name)),
            word.wire_name
        ));
    }
    source + "}\n"
}

/// `not_allowed` as `notAllowed`; a code in capitals, such as `T50`, as `t50`.
fn word_case(word: &str) -> String {
    if word.chars().any(|letter| letter.is_ascii_lowercase()) {
        return camel(word);
    }
    camel(&word.to_lowercase())
}

fn record(name: &str, doc: &str, fields: &[Field]) -> String {
    let mut source = format!("{}public struct {name}: Codable, Hashable, Sendable {{\n", comment(doc, ""));
    for field in fields {
        source.push_str(&comment(&field.doc, "    "));
        source.push_str(&format!("    public var {}: {}\n", property(field), stored(field)));
    }
    source.push_str("\n    public init(\n");
    let parameters: Vec<_> = fields
        .iter()
        .map(|field| {
            let default = match (field.presence, &field.of) {
                (Presence::Required, _) => String::new(),
                (Presence::Optional, _) => " = nil".to_owned(),
                (Presence::EmptyByDefault, Type::List(_)) => " = []".to_owned(),
                (Presence::EmptyByDefault, of) => format!(" = {}()", type_name(of)),
            };
            format!("        {}: {}{default}", property(field), stored(field))
        })
        .collect();
    source.push_str(&parameters.join(",\n"));
    source.push_str("\n    ) {\n");
    for field in fields {
        let name = camel(&field.name);
        source.push_str(&format!("        self.{name} = {}\n", property(field)));
    }
    source.push_str("    }\n\n    enum CodingKeys: String, CodingKey {\n");
    for field in fields {
        source.push_str(&coding_key(&field.name));
    }
    source.push_str("    }\n");
    if fields.iter().any(|field| field.presence == Presence::EmptyByDefault) {
        source.push_str(&reader(fields));
    }
    source + "}\n"
}

/// What Swift writes by itself, except that an absent list is an empty one.
fn reader(fields: &[Field]) -> String {
    let mut source = String::from(
        "\n    public init(from decoder: any Decoder) throws {\n        \
         let box = try decoder.container(keyedBy: CodingKeys.self)\n",
    );
    for field in fields {
        source.push_str(&format!("        {} = {}\n", camel_self(&field.name), decoded(field, &field.name)));
    }
    source + "    }\n"
}

/// The expression that reads a field from `box`.
pub fn decoded(field: &Field, key: &str) -> String {
    let of = type_name(&field.of);
    let key = escaped(&camel(key));
    match (field.presence, &field.of) {
        (Presence::Required, _) => format!("try box.decode({of}.self, forKey: .{key})"),
        (Presence::Optional, _) => format!("try box.decodeIfPresent({of}.self, forKey: .{key})"),
        (Presence::EmptyByDefault, Type::List(_)) => {
            format!("try box.decodeIfPresent({of}.self, forKey: .{key}) ?? []")
        }
        (Presence::EmptyByDefault, _) => {
            format!("try box.decodeIfPresent({of}.self, forKey: .{key}) ?? {of}()")
        }
    }
}

/// One case of `CodingKeys`.
pub fn coding_key(name: &str) -> String {
    let key = camel(name);
    if key == name {
        format!("        case {}\n", escaped(&key))
    } else {
        format!("        case {} = {name:?}\n", escaped(&key))
    }
}

fn camel_self(name: &str) -> String {
    format!("self.{}", camel(name))
}

/// The name of a field in Swift.
pub fn property(field: &Field) -> String {
    escaped(&camel(&field.name))
}

/// The type of a field, optional where it may be absent.
pub fn stored(field: &Field) -> String {
    let of = type_name(&field.of);
    if field.presence == Presence::Optional { format!("{of}?") } else { of }
}

/// The type.
pub fn type_name(of: &Type) -> String {
    match of {
        Type::Text => "String".to_owned(),
        Type::Decimal => "ExactDecimal".to_owned(),
        Type::Boolean => "Bool".to_owned(),
        Type::Integer(Integer::U8 | Integer::U16 | Integer::I16 | Integer::I32) => "Int".to_owned(),
        Type::Integer(Integer::U32 | Integer::I64) => "Int64".to_owned(),
        Type::Integer(Integer::U64) => "UInt64".to_owned(),
        Type::List(item) => format!("[{}]", type_name(item)),
        Type::Named(name) if name == "Date" => "CivilDate".to_owned(),
        Type::Named(name) => name.clone(),
    }
}
