//! `records.cts`: an interface for every record and every variant.

use crate::case::{camel, pascal};
use crate::schema::{Definition, Field, Form, Kind, Presence, Schema, Tagging, Type, Union, Variant};
use crate::typescript::{NOTICE, comment, kinds, quoted};

/// Written by hand, because its amount has two forms.
const BY_HAND: &[&str] = &["Money"];

/// The whole module.
pub fn module(schema: &Schema) -> String {
    let mut module = format!("{NOTICE}\nimport type {{ Money }} from './money.cjs';\n");
    for definition in &schema.definitions {
        if !BY_HAND.contains(&definition.name.as_str()) {
            module.push('\n');
            module.push_str(&source(definition));
        }
    }
    module.push_str(&kinds::types());
    module
}

fn source(Definition { name, doc, kind }: &Definition) -> String {
    match kind {
        Kind::Record(fields) => interface(name, doc, None, fields),
        Kind::Union(union) => of_union(name, doc, union),
        Kind::Either(members) => choice(name, doc, members),
        Kind::Words(words) => {
            let doc = words
                .iter()
                .filter(|word| !word.doc.is_empty())
                .fold(doc.clone(), |doc, word| format!("{doc}\n- `{}`: {}", word.wire_name, word.doc));
            let words: Vec<String> = words.iter().map(|word| quoted(&word.wire_name)).collect();
            choice(name, &doc, &words)
        }
        Kind::Text(Form::Plain | Form::Date | Form::Instant) => alias(name, doc, "string"),
        Kind::List(item) => alias(name, doc, &list_of(item)),
    }
}

fn of_union(name: &str, doc: &str, union: &Union) -> String {
    let names: Vec<_> = union.variants.iter().map(|variant| variant_name(name, union, variant)).collect();
    let mut source = choice(name, doc, &names);
    for (own, variant) in names.iter().zip(&union.variants) {
        source.push('\n');
        source.push_str(&match &union.tagging {
            Tagging::Field(tag) => {
                interface(own, &variant.doc, Some((tag, &variant.wire_name)), &variant.fields)
            }
            Tagging::Key => {
                let fields = variant.fields.iter().map(|field| property(&variant.wire_name, field));
                let fields: String = fields.collect();
                format!("{}export interface {own} {{\n{fields}}}\n", comment(&variant.doc, ""))
            }
        });
    }
    source
}

/// Operations and events go by their own names; other variants carry that of their union.
fn variant_name(union_name: &str, union: &Union, variant: &Variant) -> String {
    let own = pascal(&variant.wire_name);
    if union.variants_stand_alone { own } else { format!("{union_name}{own}") }
}

fn alias(name: &str, doc: &str, of: &str) -> String {
    format!("{}export type {name} = {of};\n", comment(doc, ""))
}

/// One of several, each on a line of its own where there are many.
fn choice(name: &str, doc: &str, of: &[String]) -> String {
    if of.len() < 4 {
        return alias(name, doc, &of.join(" | "));
    }
    let lines: String = of.iter().map(|one| format!("\n  | {one}")).collect();
    format!("{}export type {name} ={lines};\n", comment(doc, ""))
}

fn interface(name: &str, doc: &str, tag: Option<(&str, &str)>, fields: &[Field]) -> String {
    let tag = tag.map(|(tag, value)| format!("  readonly {}: {};\n", camel(tag), quoted(value)));
    let fields: String = fields.iter().map(|field| property(&field.name, field)).collect();
    format!("{}export interface {name} {{\n{}{fields}}}\n", comment(doc, ""), tag.unwrap_or_default())
}

fn property(name: &str, field: &Field) -> String {
    let of = type_of(&field.of);
    let (mark, of) = match field.presence {
        Presence::Required => ("", of),
        Presence::Optional => ("?", format!("{of} | null | undefined")),
        Presence::EmptyByDefault => ("?", format!("{of} | undefined")),
    };
    format!("{}  readonly {}{mark}: {of};\n", comment(&field.doc, "  "), camel(name))
}

fn type_of(of: &Type) -> String {
    match of {
        Type::Text | Type::Decimal => "string".to_owned(),
        Type::Boolean => "boolean".to_owned(),
        Type::Integer(_) => "number".to_owned(),
        Type::List(item) => list_of(item),
        Type::Named(name) => name.clone(),
    }
}

fn list_of(item: &Type) -> String {
    format!("readonly {}[]", type_of(item))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `node/src/wire.cts` turns keys back the same way.
    fn wire_key(key: &str) -> String {
        let mut wire = String::new();
        for letter in key.chars() {
            if letter.is_ascii_uppercase() {
                wire.push('_');
            }
            wire.push(letter.to_ascii_lowercase());
        }
        wire
    }

    #[test]
    fn every_key_comes_back_from_camel_case() {
        let schema = Schema::read(&allonge::schema()).unwrap();
        for Definition { name, kind, .. } in &schema.definitions {
            let keys: Vec<&str> = match kind {
                Kind::Record(fields) => fields.iter().map(|field| field.name.as_str()).collect(),
                Kind::Union(Union { tagging: Tagging::Key, variants, .. }) => {
                    variants.iter().map(|variant| variant.wire_name.as_str()).collect()
                }
                Kind::Union(Union { variants, .. }) => {
                    variants.iter().flat_map(|one| &one.fields).map(|field| field.name.as_str()).collect()
                }
                _ => Vec::new(),
            };
            for key in keys {
                assert_eq!(wire_key(&camel(key)), key, "{name}");
            }
        }
    }
}
