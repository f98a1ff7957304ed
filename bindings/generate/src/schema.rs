//! The records as the emitters see them: a few kinds of definition, read from the JSON schema of the core.
//!
//! What a schema says in another way than the core writes it today is an error here, never guessed at.

use serde_json::{Map, Value};

/// All definitions, by name.
#[derive(Debug)]
pub struct Schema {
    /// In the order of their names.
    pub definitions: Vec<Definition>,
}

/// One named thing.
#[derive(Debug)]
pub struct Definition {
    /// `LetterOfCreditTerms`.
    pub name: String,
    /// What it is, in Markdown; may be empty.
    pub doc: String,
    /// What it is made of.
    pub kind: Kind,
}

#[derive(Debug)]
pub enum Kind {
    /// A JSON object.
    Record(Vec<Field>),
    /// One of some fixed strings.
    Words(Vec<Word>),
    /// One of several objects.
    Union(Union),
    /// One of several unions, all told apart by the same tag: `Operation`, `Event`. Names of definitions.
    Either(Vec<String>),
    /// A string of a certain form.
    Text(Form),
    /// A list with a name of its own.
    List(Type),
}

/// A field of a record or of a variant.
#[derive(Debug)]
pub struct Field {
    /// The name in JSON, in snake case.
    pub name: String,
    pub doc: String,
    pub of: Type,
    pub presence: Presence,
}

/// Whether a field has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It has to be.
    Required,
    /// It may be absent or null, which are the same.
    Optional,
    /// It may be absent, which is the same as an empty list, or a record without any field.
    EmptyByDefault,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    Text,
    /// An exact decimal number, written as a string.
    Decimal,
    Boolean,
    Integer(Integer),
    List(Box<Type>),
    /// A definition.
    Named(String),
}

/// The range of an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integer {
    U8,
    U16,
    U32,
    U64,
    I16,
    I32,
    I64,
}

/// The form of a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// An identifier or a hash, known by its name alone.
    Plain,
    /// `2026-06-30`.
    Date,
    /// `2026-06-30T09:00:00.000Z`.
    Instant,
}

/// One of the strings of [`Kind::Words`].
#[derive(Debug)]
pub struct Word {
    /// The string in JSON.
    pub wire_name: String,
    pub doc: String,
}

#[derive(Debug)]
pub struct Union {
    pub tagging: Tagging,
    pub variants: Vec<Variant>,
    /// Whether its variants go by their own names, because it is a part of `Operation` or `Event`.
    pub variants_stand_alone: bool,
}

/// How JSON tells which variant it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tagging {
    /// By a field of this name beside the others: `{"type": "after_sight", "days": 30}`.
    Field(String),
    /// By the name of the only field, which holds the only field of the variant: `{"date": "2026-06-30"}`.
    Key,
}

#[derive(Debug)]
pub struct Variant {
    /// The tag in JSON.
    pub wire_name: String,
    pub doc: String,
    /// Without the tag. With [`Tagging::Key`] exactly one, called `value`.
    pub fields: Vec<Field>,
}

impl Schema {
    /// Reads all definitions.
    pub fn read(schema: &schemars::Schema) -> Result<Self, String> {
        let definitions = schema.get("$defs").and_then(Value::as_object).ok_or("the schema has no $defs")?;
        let mut definitions = definitions
            .iter()
            .map(|(name, body)| definition(name, body).map_err(|reason| format!("{name}: {reason}")))
            .collect::<Result<Vec<_>, _>>()?;
        definitions.sort_by(|one, other| one.name.cmp(&other.name));
        let mut schema = Schema { definitions };
        schema.mark_variants_that_stand_alone();
        schema.check_names()?;
        Ok(schema)
    }

    /// The definition of a name; every [`Type::Named`] and every member of [`Kind::Either`] has one.
    pub fn get(&self, name: &str) -> Option<&Definition> {
        self.definitions.iter().find(|definition| definition.name == name)
    }

    fn mark_variants_that_stand_alone(&mut self) {
        let members: Vec<_> = self
            .definitions
            .iter()
            .filter_map(|definition| match &definition.kind {
                Kind::Either(members) => Some(members.clone()),
                _ => None,
            })
            .flatten()
            .collect();
        for definition in &mut self.definitions {
            if let Kind::Union(union) = &mut definition.kind {
                union.variants_stand_alone = members.contains(&definition.name);
            }
        }
    }

    fn check_names(&self) -> Result<(), String> {
        for definition in &self.definitions {
            let fields: Vec<&Field> = match &definition.kind {
                Kind::Record(fields) => fields.iter().collect(),
                Kind::Union(union) => union.variants.iter().flat_map(|variant| &variant.fields).collect(),
                _ => Vec::new(),
            };
            for field in fields {
                let mut of = &field.of;
                while let Type::List(item) = of {
                    of = item;
                }
                if let Type::Named(name) = of
                    && self.get(name).is_none()
                {
                    return Err(format!("{}.{}: {name} is not defined", definition.name, field.name));
                }
            }
        }
        Ok(())
    }
}

fn definition(name: &str, body: &Value) -> Result<Definition, String> {
    let body = body.as_object().ok_or("it is no object")?;
    let kind = if let Some(choices) = body.get("oneOf").and_then(Value::as_array) {
        one_of(choices)?
    } else if let Some(choices) = body.get("anyOf").and_then(Value::as_array) {
        Kind::Either(choices.iter().map(reference).collect::<Option<_>>().ok_or("anyOf of other than names")?)
    } else if body.contains_key("enum") {
        Kind::Words(words(body)?)
    } else {
        match body.get("type").and_then(Value::as_str) {
            Some("object") => Kind::Record(fields(body, None)?),
            Some("string") => Kind::Text(form(body)),
            Some("array") => Kind::List(item(body)?),
            _ => return Err(format!("no kind of definition that is known: {body:?}")),
        }
    };
    Ok(Definition { name: name.to_owned(), doc: doc(body), kind })
}

fn one_of(choices: &[Value]) -> Result<Kind, String> {
    let choices: Vec<_> = choices.iter().filter_map(Value::as_object).collect();
    if choices.iter().all(|choice| choice.get("type").and_then(Value::as_str) == Some("string")) {
        let words: Result<Vec<_>, _> = choices.into_iter().map(words).collect();
        return Ok(Kind::Words(words?.into_iter().flatten().collect()));
    }
    let tag = choices.first().copied().and_then(tag_of).map(|(tag, _)| tag);
    let variants = choices
        .into_iter()
        .map(|choice| match &tag {
            Some(tag) => variant_with_tag(choice, tag),
            None => variant_under_key(choice),
        })
        .collect::<Result<_, _>>()?;
    let tagging = tag.map_or(Tagging::Key, Tagging::Field);
    Ok(Kind::Union(Union { tagging, variants, variants_stand_alone: false }))
}

/// The strings that `const` or `enum` allows.
fn words(body: &Map<String, Value>) -> Result<Vec<Word>, String> {
    let one = body.get("const").map(std::slice::from_ref);
    let all = one.or_else(|| body.get("enum").and_then(Value::as_array).map(Vec::as_slice));
    let words = all.ok_or("a string that is neither const nor enum")?.iter().map(|word| {
        let wire_name = word.as_str().ok_or("a word that is no string")?.to_owned();
        Ok(Word { wire_name, doc: doc(body) })
    });
    words.collect()
}

/// The field that has one fixed value, and that value.
fn tag_of(choice: &Map<String, Value>) -> Option<(String, String)> {
    let properties = choice.get("properties")?.as_object()?;
    properties.iter().find_map(|(name, body)| Some((name.clone(), body.get("const")?.as_str()?.to_owned())))
}

fn variant_with_tag(choice: &Map<String, Value>, tag: &str) -> Result<Variant, String> {
    match tag_of(choice) {
        Some((name, wire_name)) if name == tag => {
            Ok(Variant { wire_name, doc: doc(choice), fields: fields(choice, Some(tag))? })
        }
        _ => Err(format!("a variant without the tag {tag}")),
    }
}

fn variant_under_key(choice: &Map<String, Value>) -> Result<Variant, String> {
    let mut fields = fields(choice, None)?;
    match (fields.pop(), fields.is_empty()) {
        (Some(field), true) if field.presence == Presence::Required => Ok(Variant {
            wire_name: field.name,
            doc: doc(choice),
            fields: vec![Field { name: "value".to_owned(), ..field }],
        }),
        _ => Err("a variant without a tag has one field".to_owned()),
    }
}

fn fields(body: &Map<String, Value>, tag: Option<&str>) -> Result<Vec<Field>, String> {
    let none = Map::new();
    let properties = body.get("properties").and_then(Value::as_object).unwrap_or(&none);
    let required = body.get("required").and_then(Value::as_array);
    let is_required = |name: &str| required.is_some_and(|all| all.iter().any(|one| one == name));
    properties
        .iter()
        .filter(|(name, _)| Some(name.as_str()) != tag)
        .map(|(name, body)| {
            field(name, body, is_required(name)).map_err(|reason| format!("{name}: {reason}"))
        })
        .collect()
}

fn field(name: &str, body: &Value, required: bool) -> Result<Field, String> {
    let body = body.as_object().ok_or("it is no object")?;
    let (of, nullable) = type_of(body)?;
    let presence = match (nullable, required) {
        (true, _) => Presence::Optional,
        (false, true) => Presence::Required,
        (false, false) if matches!(of, Type::Named(_) | Type::List(_)) => Presence::EmptyByDefault,
        // A text that is absent is an empty one, and so on: nobody has to know the default.
        (false, false) => Presence::Optional,
    };
    Ok(Field { name: name.to_owned(), doc: doc(body), of, presence })
}

/// The type, and whether it may be null.
fn type_of(body: &Map<String, Value>) -> Result<(Type, bool), String> {
    if let Some(choices) = body.get("anyOf").and_then(Value::as_array) {
        return match choices.as_slice() {
            [one, other] if other.get("type").and_then(Value::as_str) == Some("null") => {
                let one = one.as_object().ok_or("it is no object")?;
                Ok((type_of(one)?.0, true))
            }
            _ => Err("anyOf is only for what may be null".to_owned()),
        };
    }
    if let Some(name) = body.get("$ref").and_then(Value::as_str) {
        return Ok((Type::Named(last_part(name).to_owned()), false));
    }
    let (word, nullable) = match body.get("type") {
        Some(Value::String(word)) => (word.as_str(), false),
        Some(Value::Array(words)) => match words.as_slice() {
            [Value::String(word), Value::String(null)] if null == "null" => (word.as_str(), true),
            _ => return Err(format!("type {words:?}")),
        },
        other => return Err(format!("type {other:?}")),
    };
    let of = match word {
        "string" if format(body) == Some("decimal") => Type::Decimal,
        "string" => Type::Text,
        "boolean" => Type::Boolean,
        "integer" => Type::Integer(integer(body)?),
        "array" => Type::List(Box::new(item(body)?)),
        other => return Err(format!("type {other}")),
    };
    Ok((of, nullable))
}

fn item(body: &Map<String, Value>) -> Result<Type, String> {
    let item = body.get("items").and_then(Value::as_object).ok_or("a list of anything")?;
    match type_of(item)? {
        (of, false) => Ok(of),
        (_, true) => Err("a list with null in it".to_owned()),
    }
}

fn integer(body: &Map<String, Value>) -> Result<Integer, String> {
    match format(body) {
        Some("uint8") => Ok(Integer::U8),
        Some("uint16") => Ok(Integer::U16),
        Some("uint32") => Ok(Integer::U32),
        Some("uint64") => Ok(Integer::U64),
        Some("int16") => Ok(Integer::I16),
        Some("int32") => Ok(Integer::I32),
        Some("int64") => Ok(Integer::I64),
        other => Err(format!("integer of format {other:?}")),
    }
}

fn form(body: &Map<String, Value>) -> Form {
    match format(body) {
        Some("date") => Form::Date,
        Some("date-time") => Form::Instant,
        _ => Form::Plain,
    }
}

fn format(body: &Map<String, Value>) -> Option<&str> {
    body.get("format").and_then(Value::as_str)
}

/// The description; links of rustdoc, which only Rust follows, become plain names.
fn doc(body: &Map<String, Value>) -> String {
    let text = body.get("description").and_then(Value::as_str).unwrap_or_default();
    text.replace("[`", "`").replace("`]", "`")
}

fn reference(choice: &Value) -> Option<String> {
    choice.get("$ref").and_then(Value::as_str).map(|name| last_part(name).to_owned())
}

fn last_part(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(definitions: Value) -> Result<Schema, String> {
        Schema::read(&serde_json::from_value(serde_json::json!({ "$defs": definitions })).unwrap())
    }

    #[test]
    fn the_schema_of_the_core_is_understood_in_full() {
        let schema = Schema::read(&allonge::schema()).unwrap();
        let Kind::Either(members) = &schema.get("Operation").unwrap().kind else { panic!("no either") };
        assert_eq!(members, &["LedgerOperation", "TradeOperation", "ProposalOperation"]);
        let Kind::Union(union) = &schema.get("TradeOperation").unwrap().kind else { panic!("no union") };
        assert!(union.variants_stand_alone);
        assert_eq!(union.tagging, Tagging::Field("type".to_owned()));
        let Kind::Record(fields) = &schema.get("LetterOfCredit").unwrap().kind else { panic!("no record") };
        assert_eq!(fields[0].name, "id", "fields keep the order in which they are declared");
    }

    #[test]
    fn every_kind_of_record_has_its_record_and_its_id_in_the_schema() {
        let schema = Schema::read(&allonge::schema()).unwrap();
        for of in allonge::RECORD_TYPES {
            assert!(matches!(schema.get(of.record).unwrap().kind, Kind::Record(_)), "{}", of.record);
            assert!(matches!(schema.get(of.id).unwrap().kind, Kind::Text(Form::Plain)), "{}", of.id);
        }
    }

    #[test]
    fn a_variant_under_a_key_has_one_value() {
        let value = serde_json::json!({ "oneOf": [
            { "type": "object", "properties": { "text": { "type": "string" } }, "required": ["text"] },
            { "type": "object", "properties": { "number": { "type": "integer", "format": "uint32" } },
              "required": ["number"] },
        ]});
        let schema = read(serde_json::json!({ "FinValue": value })).unwrap();
        let Kind::Union(union) = &schema.definitions[0].kind else { panic!("no union") };
        assert_eq!(union.tagging, Tagging::Key);
        assert_eq!(union.variants[1].wire_name, "number");
        assert_eq!(union.variants[1].fields[0].of, Type::Integer(Integer::U32));
    }

    #[test]
    fn what_is_not_understood_is_an_error_that_says_where() {
        let number = serde_json::json!({ "type": "object", "properties": { "rate": { "type": "number" } } });
        assert_eq!(read(serde_json::json!({ "Rate": number })).unwrap_err(), "Rate: rate: type number");
        let dangling =
            serde_json::json!({ "type": "object", "properties": { "a": { "$ref": "#/$defs/B" } } });
        assert_eq!(read(serde_json::json!({ "A": dangling })).unwrap_err(), "A.a: B is not defined");
    }
}
