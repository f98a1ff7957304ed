//! `docs/openapi.json` says what a validator answers, no more and no less.

use std::collections::BTreeSet;
use std::path::Path;

use allonge::trade::TradeRules;
use allonge::{IdempotencyKey, SubmitOptions};
use allonge_network::{ApiLimits, api_routes};
use serde_json::Value;

use crate::{Network, bank, batch, open};

fn document() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// What a reference leads to, or the value itself.
fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(path) => document.pointer(path.strip_prefix('#').unwrap()).unwrap(),
        None => value,
    }
}

/// Whether a value is as a schema says, with no field that it does not name.
fn is_of(document: &Value, schema: &Value, value: &Value) -> bool {
    let schema = resolved(document, schema);
    if let Some(choices) = schema.get("oneOf") {
        return choices.as_array().unwrap().iter().filter(|one| is_of(document, one, value)).count() == 1;
    }
    match schema["type"].as_str().unwrap() {
        "object" => {
            let Some(fields) = value.as_object() else { return false };
            let required = schema.get("required").map_or(&[][..], |names| names.as_array().unwrap());
            required.iter().all(|name| fields.contains_key(name.as_str().unwrap()))
                && schema.get("properties").is_none_or(|properties| {
                    fields.iter().all(|(name, field)| {
                        properties.get(name).is_some_and(|schema| is_of(document, schema, field))
                    })
                })
        }
        "array" => {
            value.as_array().is_some_and(|all| all.iter().all(|one| is_of(document, &schema["items"], one)))
        }
        "string" => value.as_str().is_some_and(|text| {
            schema
                .get("pattern")
                .is_none_or(|_| text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()))
        }),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        other => panic!("{other}"),
    }
}

/// One request, and the status that it is answered with.
struct Asked {
    method: &'static str,
    /// As the document has it.
    path: &'static str,
    url: String,
    body: Vec<u8>,
    status: u16,
}

fn get(path: &'static str, url: impl Into<String>, status: u16) -> Asked {
    Asked { method: "get", path, url: url.into(), body: Vec::new(), status }
}

fn post(path: &'static str, body: Vec<u8>, status: u16) -> Asked {
    Asked { method: "post", path, url: path.to_owned(), body, status }
}

#[test]
fn every_route_of_a_validator_is_in_the_document_and_no_other() {
    let document = document();
    let documented = document["paths"].as_object().unwrap().iter().flat_map(|(path, methods)| {
        methods.as_object().unwrap().keys().map(|method| (method.clone(), path.clone()))
    });
    let routes = api_routes::<TradeRules>();
    let routes = routes.into_iter().map(|(method, path)| (method.to_owned(), path.to_owned()));
    assert_eq!(documented.collect::<BTreeSet<_>>(), routes.collect::<BTreeSet<_>>());
}

#[test]
fn every_route_answers_as_the_document_says() {
    let network = Network::start(ApiLimits::default());
    let ledger = network.connect();
    let options = SubmitOptions { key: Some(IdempotencyKey::new([5; 16])), ..SubmitOptions::default() };
    let committed = bank(&ledger).submit(open(1), options).unwrap().committed().unwrap();
    let signed = |number| bank(&ledger).prepare(open(number), SubmitOptions::default()).unwrap();
    let nobody = "0".repeat(64);
    let key = "05".repeat(16);
    let asked = [
        get("/v1/status", "/v1/status", 200),
        get("/v1/genesis", "/v1/genesis", 200),
        get("/v1/ready", "/v1/ready", 200),
        get("/metrics", "/metrics", 200),
        post("/v1/transactions", signed(2), 202),
        post("/v1/transactions", vec![1, 2, 3], 422),
        post("/v1/batches", batch(&[signed(3), vec![1, 2, 3]]), 200),
        post("/v1/batches", vec![1], 400),
        get("/v1/transactions/{id}", format!("/v1/transactions/{}", committed.transaction), 200),
        get("/v1/transactions/{id}", format!("/v1/transactions/{nobody}"), 404),
        get("/v1/outcomes/{author}/{key}", format!("/v1/outcomes/SYNBCNBJXXX/{key}"), 200),
        get("/v1/outcomes/{author}/{key}", "/v1/outcomes/SYNBCNBJXXX/none", 400),
        get("/v1/state/{key}", "/v1/state/01", 200),
        get("/v1/state/{key}", "/v1/state/no", 400),
        get("/v1/blocks", "/v1/blocks?after=0&wait_ms=1", 200),
        get("/v1/blocks", "/v1/blocks", 400),
        get("/v1/headers", "/v1/headers?after=0", 200),
        get("/v1/headers", "/v1/headers?before=0", 400),
        get("/v1/snapshot", "/v1/snapshot", 404),
        get("/v1/events", "/v1/events?after=0", 200),
        get("/v1/events", "/v1/events?after=no", 400),
    ];
    let document = document();
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut well = BTreeSet::new();
    for Asked { method, path, url, body, status } in asked {
        let mut answer = match method {
            "get" => agent.get(network.url(&url)).call().unwrap(),
            _ => agent.post(network.url(&url)).send(&body[..]).unwrap(),
        };
        assert_eq!(answer.status().as_u16(), status, "{method} {url}");
        if status < 300 {
            well.insert((method, path));
        }
        let responses = &document["paths"][path][method]["responses"];
        let response = resolved(&document, &responses[status.to_string()]);
        let kind = answer.headers()["content-type"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let content = response["content"].get(&kind);
        let schema = &content.unwrap_or_else(|| panic!("{method} {url}: {kind} is not documented"))["schema"];
        if kind == "application/json" {
            let value: Value = serde_json::from_slice(&answer.body_mut().read_to_vec().unwrap()).unwrap();
            assert!(is_of(&document, schema, &value), "{method} {url}: {value}");
        }
    }
    // A validator that begins at a snapshot hands it out in `pruned.rs`.
    well.insert(("get", "/v1/snapshot"));
    assert_eq!(well, api_routes::<TradeRules>().into_iter().collect(), "each route was answered well");
    let other = agent.post(network.url("/v1/status")).send(&[][..]).unwrap();
    assert_eq!(other.status().as_u16(), 400, "another method is no route");
}
