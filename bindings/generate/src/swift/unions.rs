//! Enums with associated values, and how JSON tells their cases apart.

use std::collections::BTreeSet;

use crate::case::camel;
use crate::schema::{Definition, Field, Kind, Presence, Schema, Tagging, Type, Union, Variant};
use crate::swift::records::{coding_key, decoded, property, stored, type_name};
use crate::swift::{comment, escaped};

/// A union whose tag stands beside the fields of the variant.
pub fn tagged(definition: &Definition, union: &Union, tag: &str) -> String {
    let mut source = head(definition, union);
    source.push_str("\n    enum CodingKeys: String, CodingKey {\n");
    source.push_str(&coding_key(tag));
    let names: BTreeSet<_> =
        union.variants.iter().flat_map(|variant| &variant.fields).map(|field| field.name.as_str()).collect();
    for name in names {
        source.push_str(&coding_key(name));
    }
    let tag = escaped(&camel(tag));
    source.push_str(&format!(
        "    }}\n\n    public init(from decoder: any Decoder) throws {{\n        \
         let box = try decoder.container(keyedBy: CodingKeys.self)\n        \
         switch try box.decode(String.self, forKey: .{tag}) {{\n"
    ));
    for variant in &union.variants {
        source.push_str(&format!(
            "        case {:?}:\n            self = .{}",
            variant.wire_name,
            case(variant)
        ));
        let values: Vec<_> = variant
            .fields
            .iter()
            .map(|field| format!("                {}: {}", property(field), decoded(field, &field.name)))
            .collect();
        source.push_str(&arguments(&values));
    }
    source.push_str(&format!(
        "        case let other: throw unknownVariant(other, of: {:?}, at: box.codingPath)\n        }}\n    }}\n\n    \
         public func encode(to encoder: any Encoder) throws {{\n        \
         var box = encoder.container(keyedBy: CodingKeys.self)\n        switch self {{\n",
        definition.name
    ));
    for variant in &union.variants {
        source.push_str(&format!(
            "        {}:\n            try box.encode({:?}, forKey: .{tag})\n",
            pattern(variant),
            variant.wire_name
        ));
        for field in &variant.fields {
            source.push_str(&format!("            {}\n", encoded(field)));
        }
    }
    source + "        }\n    }\n}\n"
}

/// A union whose variant is the name of the only field.
pub fn keyed(definition: &Definition, union: &Union) -> String {
    let mut source = head(definition, union);
    source.push_str("\n    enum CodingKeys: String, CodingKey {\n");
    for variant in &union.variants {
        source.push_str(&coding_key(&variant.wire_name));
    }
    source.push_str(
        "    }\n\n    public init(from decoder: any Decoder) throws {\n        \
         let box = try decoder.container(keyedBy: CodingKeys.self)\n        switch box.allKeys.first {\n",
    );
    for variant in &union.variants {
        for field in &variant.fields {
            source.push_str(&format!(
                "        case .{0}: self = .{0}({1})\n",
                case(variant),
                decoded(field, &variant.wire_name)
            ));
        }
    }
    source.push_str(&format!(
        "        case nil: throw unknownVariant(\"\", of: {:?}, at: box.codingPath)\n        }}\n    }}\n\n    \
         public func encode(to encoder: any Encoder) throws {{\n        \
         var box = encoder.container(keyedBy: CodingKeys.self)\n        switch self {{\n",
        definition.name
    ));
    for variant in &union.variants {
        source.push_str(&format!(
            "        case let .{0}(value): try box.encode(value, forKey: .{0})\n",
            case(variant)
        ));
    }
    source + "        }\n    }\n}\n"
}

/// One of several unions, told apart by the tags that each of them has.
pub fn either(schema: &Schema, definition: &Definition, members: &[String]) -> String {
    let Definition { name, doc, .. } = definition;
    let mut source = format!("{}public enum {name}: Codable, Hashable, Sendable {{\n", comment(doc, ""));
    for member in members {
        source.push_str(&format!("    case {}({member})\n", short(member, name)));
    }
    source.push_str("\n    private enum Tag: String, CodingKey {\n        case type\n    }\n");
    source.push_str(
        "\n    public init(from decoder: any Decoder) throws {\n        \
         let box = try decoder.container(keyedBy: Tag.self)\n        \
         switch try box.decode(String.self, forKey: .type) {\n",
    );
    for member in members {
        let tags: Vec<_> =
            variants_of(schema, member).map(|variant| format!("{:?}", variant.wire_name)).collect();
        if tags.is_empty() {
            continue;
        }
        source.push_str(&format!(
            "        case {}:\n            self = .{}(try {member}(from: decoder))\n",
            tags.join(", "),
            short(member, name)
        ));
    }
    source.push_str(&format!(
        "        case let other: throw unknownVariant(other, of: {name:?}, at: box.codingPath)\n        }}\n    }}\n\n    \
         public func encode(to encoder: any Encoder) throws {{\n        switch self {{\n"
    ));
    for member in members {
        source.push_str(&format!(
            "        case let .{}(value): try value.encode(to: encoder)\n",
            short(member, name)
        ));
    }
    source + "        }\n    }\n}\n"
}

/// `TradeOperation`, of `Operation`, as `trade`.
fn short(member: &str, of: &str) -> String {
    let word = member.strip_suffix(of).unwrap_or(member);
    escaped(&camel(&crate::case::snake(word)))
}

fn variants_of<'a>(schema: &'a Schema, name: &str) -> impl Iterator<Item = &'a Variant> {
    let kind = schema.get(name).map(|definition| &definition.kind);
    let variants = match kind {
        Some(Kind::Union(Union { tagging: Tagging::Field(_), variants, .. })) => variants.as_slice(),
        _ => &[],
    };
    variants.iter()
}

/// The cases.
fn head(definition: &Definition, union: &Union) -> String {
    let Definition { name, doc, .. } = definition;
    let mut source = format!("{}public enum {name}: Codable, Hashable, Sendable {{\n", comment(doc, ""));
    let by_key = union.tagging == Tagging::Key;
    for variant in &union.variants {
        source.push_str(&comment(&variant.doc, "    "));
        for field in variant.fields.iter().filter(|field| !field.doc.is_empty() && !by_key) {
            let said = format!("- Parameter {}: {}", camel(&field.name), field.doc.replace('\n', " "));
            source.push_str(&comment(&said, "    "));
        }
        source.push_str(&format!("    case {}", case(variant)));
        let values: Vec<_> = variant.fields.iter().map(|field| parameter(field, by_key)).collect();
        source.push_str(&if values.is_empty() {
            "\n".to_owned()
        } else {
            format!("({})\n", values.join(", "))
        });
    }
    source
}

fn parameter(field: &Field, by_key: bool) -> String {
    if by_key {
        return type_name(&field.of);
    }
    let default = match (field.presence, &field.of) {
        (Presence::Required, _) => "",
        (Presence::EmptyByDefault, Type::List(_)) => " = []",
        (Presence::Optional | Presence::EmptyByDefault, _) => " = nil",
    };
    format!("{}: {}{default}", property(field), stored(field))
}

fn case(variant: &Variant) -> String {
    escaped(&camel(&variant.wire_name))
}

fn pattern(variant: &Variant) -> String {
    if variant.fields.is_empty() {
        return format!("case .{}", case(variant));
    }
    let names: Vec<_> = variant.fields.iter().map(property).collect();
    format!("case let .{}({})", case(variant), names.join(", "))
}

fn arguments(values: &[String]) -> String {
    if values.is_empty() { "\n".to_owned() } else { format!("(\n{}\n            )\n", values.join(",\n")) }
}

fn encoded(field: &Field) -> String {
    let name = property(field);
    match field.presence {
        Presence::Optional => format!("try box.encodeIfPresent({name}, forKey: .{name})"),
        _ => format!("try box.encode({name}, forKey: .{name})"),
    }
}
