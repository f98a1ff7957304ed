//! The JSON Schema that the language packages are generated from.
#![cfg(feature = "schema")]

use allonge_finance::{Bic, Calendar, CalendarTable, Date, Money, PartyId, Timestamp};

#[derive(schemars::JsonSchema)]
#[allow(dead_code)]
struct Everything {
    money: Money,
    date: Date,
    timestamp: Timestamp,
    bic: Bic,
    party: PartyId,
    calendar: Calendar,
    table: CalendarTable,
}

#[test]
fn every_value_is_a_named_schema() {
    let schema = schemars::schema_for!(Everything).to_value();
    let definitions = &schema["$defs"];
    for (name, kind, format) in [
        ("Date", "string", "date"),
        ("Timestamp", "string", "date-time"),
        ("Currency", "string", "currency"),
        ("Bic", "string", "bic"),
        ("PartyId", "string", "party"),
    ] {
        assert_eq!(definitions[name]["type"], kind, "{name}");
        assert_eq!(definitions[name]["format"], format, "{name}");
    }
    assert_eq!(definitions["Money"]["properties"]["amount"]["format"], "decimal");
    assert_eq!(definitions["Money"]["properties"]["currency"]["$ref"], "#/$defs/Currency");
    assert_eq!(schema["properties"]["calendar"]["$ref"], schema["properties"]["table"]["$ref"]);
    assert_eq!(definitions["Calendar"]["properties"]["first"]["$ref"], "#/$defs/Date");
    assert!(definitions.get("CalendarTable").is_none() && definitions.get("Calendar2").is_none());
}
