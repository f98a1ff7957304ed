//! `Records.kt`: a data class for every record and every variant.

use crate::case::{camel, pascal};
use crate::kotlin::{NOTICE, kdoc, kinds};
use crate::schema::{
    Definition, Field, Form, Integer, Kind, Presence, Schema, Tagging, Type, Union, Variant, Word,
};

const HEAD: &str = "\
@file:OptIn(ExperimentalSerializationApi::class)

package allonge

import java.math.BigDecimal
import java.time.Instant
import java.time.LocalDate
import kotlinx.serialization.DeserializationStrategy
import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.KSerializer
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.JsonClassDiscriminator
import kotlinx.serialization.json.JsonContentPolymorphicSerializer
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.jsonObject
";

/// Written by hand, with arithmetic.
const BY_HAND: &[&str] = &["Money"];

/// The whole file.
pub fn file(schema: &Schema) -> String {
    let mut file = format!("{NOTICE}{HEAD}");
    for definition in &schema.definitions {
        if !BY_HAND.contains(&definition.name.as_str()) {
            file.push('\n');
            file.push_str(&source(schema, definition));
        }
    }
    file.push_str(&kinds::class());
    file
}

fn source(schema: &Schema, definition: &Definition) -> String {
    let Definition { name, doc, kind } = definition;
    match kind {
        Kind::Text(form) => {
            let of = match form {
                Form::Plain => "String",
                Form::Date => "@Serializable(with = LocalDateSerializer::class) LocalDate",
                Form::Instant => "@Serializable(with = InstantSerializer::class) Instant",
            };
            format!("{}public typealias {name} = {of}\n", kdoc(doc, ""))
        }
        Kind::List(item) => {
            format!("{}public typealias {name} = List<{}>\n", kdoc(doc, ""), type_name(item, &[]))
        }
        Kind::Words(words) => words_class(name, doc, words),
        Kind::Record(fields) => Class {
            name,
            doc,
            fields,
            serial_name: None,
            supertypes: Vec::new(),
            indent: "",
            siblings: &[],
            key: None,
        }
        .source(),
        Kind::Either(_) => format!(
            "{}@Serializable\npublic sealed interface {name}{}\n",
            kdoc(doc, ""),
            extends(&parents(schema, name))
        ),
        Kind::Union(union) => match &union.tagging {
            Tagging::Field(tag) => tagged_union(schema, definition, union, tag),
            Tagging::Key => keyed_union(definition, union),
        },
    }
}

fn words_class(name: &str, doc: &str, words: &[Word]) -> String {
    let mut source = format!("{}@Serializable\npublic enum class {name} {{\n", kdoc(doc, ""));
    for word in words {
        source.push_str(&kdoc(&word.doc, "    "));
        source.push_str(&format!(
            "    @SerialName({:?}) {},\n",
            word.wire_name,
            word.wire_name.to_uppercase().replace(['-', '.'], "_")
        ));
    }
    source + "}\n"
}

/// Variants of operations and events go by their own names; others stand inside their union.
fn tagged_union(schema: &Schema, definition: &Definition, union: &Union, tag: &str) -> String {
    let Definition { name, doc, .. } = definition;
    let discriminator =
        if tag == "type" { String::new() } else { format!("@JsonClassDiscriminator({tag:?})\n") };
    let head = format!(
        "{}@Serializable\n{discriminator}public sealed interface {name}{}",
        kdoc(doc, ""),
        extends(&parents(schema, name))
    );
    let siblings = sibling_names(union);
    let (indent, siblings) = if union.variants_stand_alone { ("", &[][..]) } else { ("    ", &siblings[..]) };
    let variants: Vec<_> = union
        .variants
        .iter()
        .map(|variant| {
            Class {
                name: &pascal(&variant.wire_name),
                doc: &variant.doc,
                fields: &variant.fields,
                serial_name: Some(&variant.wire_name),
                supertypes: vec![name.clone()],
                indent,
                siblings,
                key: None,
            }
            .source()
        })
        .collect();
    let variants = variants.join("\n");
    if union.variants_stand_alone {
        format!("{head}\n\n{variants}")
    } else {
        format!("{head} {{\n{variants}}}\n")
    }
}

/// JSON tells its variants apart by the name of the only field.
fn keyed_union(definition: &Definition, union: &Union) -> String {
    let Definition { name, doc, .. } = definition;
    let siblings = sibling_names(union);
    let mut source = format!(
        "{}@Serializable(with = {name}Serializer::class)\npublic sealed interface {name} {{\n",
        kdoc(doc, "")
    );
    let variants: Vec<_> = union
        .variants
        .iter()
        .map(|variant| {
            Class {
                name: &pascal(&variant.wire_name),
                doc: &variant.doc,
                fields: &variant.fields,
                serial_name: None,
                supertypes: vec![name.clone()],
                indent: "    ",
                siblings: &siblings,
                key: Some(&variant.wire_name),
            }
            .source()
        })
        .collect();
    source.push_str(&variants.join("\n"));
    source.push_str(&format!(
        "}}\n\ninternal object {name}Serializer :\n    JsonContentPolymorphicSerializer<{name}>({name}::class) {{\n    \
         override fun selectDeserializer(element: JsonElement): DeserializationStrategy<{name}> =\n        \
         when (val key = element.jsonObject.keys.singleOrNull()) {{\n"
    ));
    for variant in &union.variants {
        source.push_str(&format!(
            "            {:?} -> {name}.{}.serializer()\n",
            variant.wire_name,
            pascal(&variant.wire_name)
        ));
    }
    source + &format!("            else -> throw UnknownVariant({name:?}, key)\n        }}\n}}\n")
}

fn sibling_names(union: &Union) -> Vec<String> {
    union.variants.iter().map(|Variant { wire_name, .. }| pascal(wire_name)).collect()
}

/// A class to write: a record, or a variant of a union.
struct Class<'a> {
    name: &'a str,
    doc: &'a str,
    fields: &'a [Field],
    serial_name: Option<&'a str>,
    supertypes: Vec<String>,
    indent: &'a str,
    /// The variants beside it, whose names hide those of records.
    siblings: &'a [String],
    /// The name of its only field in JSON.
    key: Option<&'a str>,
}

impl Class<'_> {
    fn source(&self) -> String {
        let Class { name, indent, .. } = *self;
        let mut source = kdoc(self.doc, indent);
        source.push_str(&format!("{indent}@Serializable\n"));
        if let Some(serial_name) = self.serial_name {
            source.push_str(&format!("{indent}@SerialName({serial_name:?})\n"));
        }
        let extends = extends(&self.supertypes);
        if self.fields.is_empty() {
            return source + &format!("{indent}public data object {name}{extends}\n");
        }
        source.push_str(&format!("{indent}public data class {name}(\n"));
        for field in self.fields {
            source.push_str(&self.field(field));
        }
        source + &format!("{indent}){extends}\n")
    }

    fn field(&self, field: &Field) -> String {
        let indent = format!("{}    ", self.indent);
        let of = type_name(&field.of, self.siblings);
        let (of, default) = match (field.presence, &field.of) {
            (Presence::Required, _) => (of, String::new()),
            (Presence::Optional, _) => (format!("{of}?"), " = null".to_owned()),
            (Presence::EmptyByDefault, Type::List(_)) => (of, " = emptyList()".to_owned()),
            (Presence::EmptyByDefault, _) => (of.clone(), format!(" = {of}()")),
        };
        let wire_name = self.key.unwrap_or(&field.name);
        let name = camel(&field.name);
        let serial_name =
            if name == wire_name { String::new() } else { format!("{indent}@SerialName({wire_name:?})\n") };
        format!("{}{serial_name}{indent}val {}: {of}{default},\n", kdoc(&field.doc, &indent), escaped(&name))
    }
}

/// The unions of unions that a union belongs to.
fn parents(schema: &Schema, name: &str) -> Vec<String> {
    let has = |definition: &&Definition| matches!(&definition.kind, Kind::Either(members) if members.iter().any(|one| one == name));
    schema.definitions.iter().filter(has).map(|definition| definition.name.clone()).collect()
}

fn extends(supertypes: &[String]) -> String {
    if supertypes.is_empty() { String::new() } else { format!(" : {}", supertypes.join(", ")) }
}

fn type_name(of: &Type, siblings: &[String]) -> String {
    match of {
        Type::Text => "String".to_owned(),
        Type::Decimal => "@Serializable(with = BigDecimalSerializer::class) BigDecimal".to_owned(),
        Type::Boolean => "Boolean".to_owned(),
        Type::Integer(Integer::U8 | Integer::U16 | Integer::I16 | Integer::I32) => "Int".to_owned(),
        Type::Integer(Integer::U32 | Integer::U64 | Integer::I64) => "Long".to_owned(),
        Type::List(item) => format!("List<{}>", type_name(item, siblings)),
        Type::Named(name) if siblings.contains(name) => format!("allonge.{name}"),
        Type::Named(name) => name.clone(),
    }
}

/// A name that is a word of Kotlin's own stands in backticks.
fn escaped(name: &str) -> String {
    const KEYWORDS: &[&str] = &[
        "as",
        "break",
        "class",
        "continue",
        "do",
        "else",
        "false",
        "for",
        "fun",
        "if",
        "in",
        "interface",
        "is",
        "null",
        "object",
        "package",
        "return",
        "super",
        "this",
        "throw",
        "true",
        "try",
        "typealias",
        "typeof",
        "val",
        "var",
        "when",
        "while",
    ];
    if KEYWORDS.contains(&name) { format!("`{name}`") } else { name.to_owned() }
}
