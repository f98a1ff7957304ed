//! A record as a table for people: one line for each value, named as its JSON names it.

use std::fmt;

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::Table;

/// A record as a table of two columns. Money is written as the ledger writes it.
pub(crate) fn record_table(record: &impl Serialize) -> Table {
    let mut table = Table::new(&[]);
    add(&mut table, "", &Node::of(record));
    table
}

fn add(table: &mut Table, path: &str, node: &Node) {
    match (node, node.money()) {
        (_, Some(money)) => table.row([path.to_owned(), money]),
        (Node::Fields(fields), None) => {
            for (name, value) in fields {
                // The kind of a value is the value's own line.
                match (path, name.as_str()) {
                    ("", name) => add(table, name, value),
                    (path, "type") => add(table, path, value),
                    (path, name) => add(table, &format!("{path}.{name}"), value),
                }
            }
        }
        (Node::Items(items), None) => {
            let lines: Vec<&str> = items.iter().filter_map(Node::text).collect();
            if lines.len() < items.len() {
                for (place, item) in items.iter().enumerate() {
                    add(table, &format!("{path}[{place}]"), item);
                }
            } else if !lines.is_empty() {
                table.row([path.to_owned(), lines.join("\n")]);
            }
        }
        (Node::Text(text), None) => table.row([path.to_owned(), text.clone()]),
        (Node::Nothing, None) => {}
    }
}

/// JSON whose fields stand in the record's own order.
#[derive(Debug, Default)]
pub(super) enum Node {
    #[default]
    Nothing,
    /// A scalar, without quotation marks.
    Text(String),
    Items(Vec<Node>),
    Fields(Vec<(String, Node)>),
}

impl Node {
    /// A record that cannot be JSON does not exist.
    pub(super) fn of(record: &impl Serialize) -> Node {
        serde_json::to_string(record).and_then(|json| serde_json::from_str(&json)).unwrap_or_default()
    }

    pub(super) fn field(&self, name: &str) -> Option<&Node> {
        match self {
            Node::Fields(fields) => fields.iter().find(|(field, _)| field == name).map(|(_, value)| value),
            _ => None,
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Node::Text(text) => Some(text),
            _ => None,
        }
    }

    /// `{"amount": "1.00", "currency": "USD"}` is `USD 1.00`.
    pub(super) fn money(&self) -> Option<String> {
        match self {
            Node::Fields(fields) if fields.len() == 2 => {
                let (amount, currency) = (self.field("amount")?.text()?, self.field("currency")?.text()?);
                Some(format!("{currency} {amount}"))
            }
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Nodes)
    }
}

struct Nodes;

impl<'de> Visitor<'de> for Nodes {
    type Value = Node;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Nothing)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Node, E> {
        Ok(Node::Text(truth.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Node, E> {
        Ok(Node::Text(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Node, E> {
        Ok(Node::Text(number.to_string()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut all = Vec::new();
        while let Some(item) = items.next_element()? {
            all.push(item);
        }
        Ok(Node::Items(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Node, A::Error> {
        let mut all = Vec::new();
        while let Some(field) = fields.next_entry()? {
            all.push(field);
        }
        Ok(Node::Fields(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_keeps_its_order_and_its_kinds() {
        let json = r#"{"state":{"type":"paid","at":1},"amount":{"amount":"5.00","currency":"USD"},
                       "lines":["a","b"],"none":null,"keys":[{"key":"k"}],"empty":[]}"#;
        let node: Node = serde_json::from_str(json).unwrap();
        let mut table = Table::new(&[]);
        add(&mut table, "", &node);
        let mut output = Vec::new();
        table.write(None, &mut output).unwrap();
        let expected = "state        paid\nstate.at     1\namount       USD 5.00\n\
                        lines        a\n             b\nkeys[0].key  k\n";
        assert_eq!(String::from_utf8(output).unwrap(), expected);
    }
}
