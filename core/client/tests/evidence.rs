//! An auditor with nothing but the public functions replays the frozen bytes, hashes, signatures and proofs.
//!
//! The tests of `core/finance`, `core/ledger` and `core/trade` make the same files; every language replays them
//! as it is done here.
#![allow(clippy::unwrap_used)]

use allonge::evidence::{
    canonical_bytes, from_canonical_bytes, merkle_root, state_key, state_root, tagged_hash,
    verify_certificate, verify_inclusion, verify_signature, verify_state_proof, vet_key,
};
use allonge::{Error, Hash, Roster};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

macro_rules! vectors {
    ($name:literal) => {
        serde_json::from_str::<Value>(include_str!(concat!("../../../tests/vectors/", $name))).unwrap()
    };
}

/// The cases of a section, of which there is at least one.
fn cases(section: &Value) -> &[Value] {
    let cases = section.as_array().unwrap();
    assert!(!cases.is_empty());
    cases
}

fn bytes(hexadecimal: &Value) -> Vec<u8> {
    hex::decode(hexadecimal.as_str().unwrap()).unwrap()
}

fn read<T: DeserializeOwned>(json: &Value) -> T {
    serde_json::from_value(json.clone()).unwrap()
}

fn code<T: std::fmt::Debug>(answer: Result<T, Error>) -> &'static str {
    answer.unwrap_err().code()
}

/// The bytes say this record, and no other bytes do.
fn check_bytes(kind: &str, bytes: &[u8], record: &Value) {
    assert_eq!(&from_canonical_bytes(kind, bytes).unwrap(), record, "{kind}");
    check_strict(kind, bytes);
}

fn check_strict(kind: &str, bytes: &[u8]) {
    for altered in [&bytes[..bytes.len() - 1], &[bytes, &[0]].concat()] {
        let code = code(from_canonical_bytes(kind, altered));
        assert!(code == "evidence.malformed" || code == "transaction.malformed", "{kind}: {code}");
    }
}

#[test]
fn values_of_finance_have_their_bytes() {
    let vectors = vectors!("finance.json");
    let kinds = [
        ("date", "date"),
        ("timestamp", "timestamp"),
        ("bic", "bic"),
        ("lei", "lei"),
        ("iban", "iban"),
        ("cnaps", "cnaps"),
        ("uscc", "uscc"),
        ("country", "country"),
        ("party", "party_id"),
    ];
    for (section, kind) in kinds {
        for case in cases(&vectors[section]["valid"]) {
            assert_eq!(canonical_bytes(kind, case["text"].clone()).unwrap(), bytes(&case["borsh"]), "{case}");
            check_bytes(kind, &bytes(&case["borsh"]), &case["canonical"]);
        }
        for text in cases(&vectors[section]["invalid"]) {
            assert_eq!(code(canonical_bytes(kind, text.clone())), "input.invalid", "{kind} {text}");
        }
    }
    for case in cases(&vectors["money"]["valid"]) {
        let currency = &case["currency"];
        for written in ["amount", "minor_units"] {
            let money = json!({ written: case[written], "currency": currency });
            assert_eq!(canonical_bytes("money", money).unwrap(), bytes(&case["borsh"]), "{case}");
        }
        let money = json!({ "amount": case["canonical"], "currency": currency });
        check_bytes("money", &bytes(&case["borsh"]), &money);
    }
    for case in cases(&vectors["money"]["invalid"]) {
        let money = json!({ "amount": case["amount"], "currency": case["currency"] });
        assert_eq!(code(canonical_bytes("money", money)), "input.invalid", "{case}");
    }
}

#[test]
fn keys_signatures_hashes_and_lists_are_judged_as_the_ledger_does() {
    let vectors = vectors!("crypto.json");
    for case in cases(&vectors["keys"]) {
        vet_key(&read(&case["public_key"])).unwrap();
    }
    for case in cases(&vectors["refused_keys"]) {
        assert_eq!(code(vet_key(&read(&case["public_key"]))), "key.refused", "{case}");
    }
    for case in cases(&vectors["signatures"]) {
        let (key, signature) = (read(&case["public_key"]), read(&case["signature"]));
        match verify_signature(&key, &bytes(&case["message"]), &signature) {
            Ok(()) => assert_eq!(case["valid"], true, "{case}"),
            Err(error) => assert_eq!((&case["valid"], error.code()), (&json!(false), "evidence.invalid")),
        }
    }
    for case in cases(&vectors["hashes"]) {
        let hash = tagged_hash(case["domain"].as_str().unwrap(), &bytes(&case["bytes"])).unwrap();
        assert_eq!(hash, read(&case["hash"]));
    }
    for case in cases(&vectors["lists"]) {
        let items: Vec<Vec<u8>> = case["items"].as_array().unwrap().iter().map(bytes).collect();
        let size = u32::try_from(items.len()).unwrap();
        let root = merkle_root(&items);
        assert_eq!(root, read(&case["merkle_root"]));
        let counted = [size.to_le_bytes().as_slice(), root.as_ref()].concat();
        assert_eq!(tagged_hash("allonge/list/1", &counted).unwrap(), read(&case["list_root"]));
        for ((index, item), path) in (0..).zip(&items).zip(case["paths"].as_array().unwrap()) {
            let path: Vec<Hash> = read(path);
            verify_inclusion(&root, item, index, size, &path).unwrap();
            for refused in [
                verify_inclusion(&root, b"another", index, size, &path),
                verify_inclusion(&root, item, index + 1, size, &path),
                verify_inclusion(&root, item, index, size, &[path.as_slice(), &[root]].concat()),
            ] {
                assert_eq!(code(refused), "evidence.invalid");
            }
        }
    }
    assert_eq!(code(tagged_hash(&"x".repeat(256), b"")), "input.invalid");
}

#[test]
fn transactions_have_their_bytes_ids_and_signatures() {
    let vectors = vectors!("ledger.json");
    let network = &vectors["genesis"][0]["network"];
    for case in cases(&vectors["transactions"]) {
        let transaction = json!({
            "network": network, "author": case["author"], "key": case["key"],
            "valid_until": case["valid_until"], "operations": case["operations"],
        });
        let body = canonical_bytes("transaction", transaction.clone()).unwrap();
        assert_eq!(body, bytes(&case["body"]));
        check_bytes("transaction", &body, &transaction);
        let id = tagged_hash("allonge/transaction/1", &body).unwrap();
        assert_eq!(id, read(&case["id"]));

        let message = [b"\x12allonge/approval/1", bytes(network).as_slice(), id.as_ref()].concat();
        assert_eq!(message, bytes(&case["approval_message"]));
        for approval in cases(&case["approvals"]) {
            let (key, signature) = (read(&approval["key"]), read(&approval["signature"]));
            verify_signature(&key, &message, &signature).unwrap();
            assert_eq!(code(verify_signature(&key, &body, &signature)), "evidence.invalid");
        }
        let signed = json!({ "transaction": transaction, "approvals": case["approvals"] });
        assert_eq!(canonical_bytes("signed_transaction", signed.clone()).unwrap(), bytes(&case["signed"]));
        check_bytes("signed_transaction", &bytes(&case["signed"]), &signed);
    }
    for case in cases(&vectors["bad_transactions"]) {
        let read = from_canonical_bytes("signed_transaction", &bytes(&case["signed"]));
        assert_eq!(code(read), case["code"], "{case}");
    }
}

#[test]
fn what_a_ledger_writes_has_its_bytes() {
    let vectors = vectors!("ledger.json");
    for case in cases(&vectors["genesis"]) {
        let (genesis, written) = (&case["json"], bytes(&case["bytes"]));
        assert_eq!(canonical_bytes("genesis", genesis.clone()).unwrap(), written);
        check_bytes("genesis", &written, genesis);
        assert_eq!(tagged_hash("allonge/genesis/1", &written).unwrap(), read(&case["network"]));
        assert_eq!(state_root(first_state(genesis)).unwrap(), read(&case["state_root"]));
    }
    for case in cases(&vectors["headers"]) {
        check_bytes("header", &bytes(&case["bytes"]), &case["json"]);
        let digest = tagged_hash("allonge/header/1", &bytes(&case["bytes"])).unwrap();
        assert_eq!(digest, read(&case["digest"]));
    }
    for case in cases(&vectors["results"]) {
        check_bytes("result", &bytes(&case["bytes"]), &case["json"]);
    }
    for case in cases(&vectors["events"]) {
        check_bytes("event", &[&[0], bytes(&case["bytes"]).as_slice()].concat(), &case["json"]);
    }
    for case in cases(&vectors["records"]) {
        // The first byte of the key says which kind it is.
        let kind = match bytes(&case["key"])[0] {
            1 => "party",
            2 => "account",
            3 => "calendar",
            4 => "authorities",
            5 => "answer",
            6 => "hold",
            7 => "bucket",
            8 => "policy",
            9 => "proposal",
            10 => "rules_schedule",
            11 => "reversal",
            12 => "epoch",
            13 => "roster_proposals",
            other => panic!("which kind is {other}?"),
        };
        let record = from_canonical_bytes(kind, &bytes(&case["bytes"])).unwrap();
        check_strict(kind, &bytes(&case["bytes"]));
        let id = match kind {
            "authorities" | "rules_schedule" => Value::Null,
            // An hour after the start of the small ledger, 2 March 2026.
            "bucket" => json!(492_337),
            "answer" => json!(["ALICCNBJXXX", "00000000000000000000000000000001"]),
            "epoch" => json!(1),
            "roster_proposals" => json!(0),
            "policy" => record["party"].clone(),
            "reversal" => record["transaction"].clone(),
            _ => record["id"].clone(),
        };
        assert_eq!(state_key(kind, id).unwrap(), bytes(&case["key"]), "{kind}");
        if ["answer", "bucket", "proposal", "rules_schedule"].contains(&kind) {
            assert_eq!(code(canonical_bytes(kind, record)), "input.invalid");
        } else {
            assert_eq!(canonical_bytes(kind, record).unwrap(), bytes(&case["bytes"]), "{kind}");
        }
    }
}

/// The records that a genesis puts into the state.
fn first_state(genesis: &Value) -> Vec<(Vec<u8>, Vec<u8>)> {
    let record = |kind: &str, id: &Value, record: Value| {
        (state_key(kind, id.clone()).unwrap(), canonical_bytes(kind, record).unwrap())
    };
    let first = json!({ "from_height": 1, "roster": genesis["roster"] });
    let mut state = vec![
        record("authorities", &Value::Null, genesis["authorities"].clone()),
        record("epoch", &json!(0), first),
    ];
    for party in cases(&genesis["parties"]) {
        let key = |key: &Value| json!({ "key": key, "valid_from": 1, "revoked_at": null });
        let keys: Vec<Value> = cases(&party["keys"]).iter().map(key).collect();
        let admitted = json!({ "id": party["id"], "name": party["name"], "keys": keys });
        state.push(record("party", &party["id"], admitted));
    }
    let calendars = cases(&genesis["calendars"]).iter();
    state.extend(calendars.map(|calendar| record("calendar", &calendar["id"], calendar.clone())));
    state
}

#[test]
fn proofs_of_the_state_hold_for_what_they_prove_alone() {
    let vectors = vectors!("ledger.json");
    let mut proofs = 0;
    for tree in cases(&vectors["state"]) {
        let root: Hash = read(&tree["root"]);
        let records = tree["records"].as_array().unwrap();
        let records = records.iter().map(|case| (bytes(&case["key"]), bytes(&case["value"])));
        assert_eq!(state_root(records).unwrap(), root);
        for case in cases(&tree["proofs"]) {
            let value = (!case["value"].is_null()).then(|| bytes(&case["value"]));
            let (key, proof) = (bytes(&case["key"]), bytes(&case["proof"]));
            match verify_state_proof(&root, &key, value.as_deref(), &proof) {
                Ok(()) => assert_eq!(case["holds"], true, "{case}"),
                Err(error) => assert_eq!((&case["holds"], error.code()), (&json!(false), "evidence.invalid")),
            }
            proofs += 1;
        }
    }
    assert!(proofs > 100);
    for case in cases(&vectors["bad_proofs"]) {
        let answer = verify_state_proof(&Hash::ZERO, b"", None, &bytes(&case["proof"]));
        assert_eq!(code(answer), "evidence.malformed", "{case}");
    }
}

#[test]
fn operations_events_and_records_of_trade_have_their_bytes() {
    let vectors = vectors!("trade_records.json");
    for (section, kind, prefix) in [
        ("operations", "operation", [1].as_slice()),
        ("events", "event", &[1]),
        ("credits", "letter_of_credit", &[]),
        ("presentations", "presentation", &[]),
        ("claims", "claim", &[]),
    ] {
        for case in cases(&vectors[section]) {
            let written = [prefix, bytes(&case["bytes"]).as_slice()].concat();
            check_bytes(kind, &written, &case["json"]);
            if kind != "event" {
                assert_eq!(canonical_bytes(kind, case["json"].clone()).unwrap(), written, "{section}");
            }
        }
    }
}

#[test]
fn certificates_of_the_engine_hold_here_and_bad_ones_do_not() {
    let vectors = vectors!("certificates.json");
    let keys = |case: &Value| -> Value {
        let keys = cases(&case["validators"]).iter();
        keys.map(|key| format!("ed25519:{}", key.as_str().unwrap())).collect()
    };
    for case in cases(&vectors["good"]) {
        let roster: Roster = read(&keys(case));
        let (network, payload) = (read(&case["network_id"]), read(&case["payload"]));
        let certificate = bytes(&case["finalization"]);
        verify_certificate(&network, &roster, &payload, &certificate).unwrap();
        for (network, payload) in [(Hash::ZERO, payload), (network, Hash::ZERO)] {
            let refused = verify_certificate(&network, &roster, &payload, &certificate);
            assert_eq!(code(refused), "evidence.invalid", "{}", case["name"]);
        }
    }
    for case in cases(&vectors["bad"]) {
        let name = case["name"].as_str().unwrap();
        let Ok(roster) = serde_json::from_value::<Roster>(keys(case)) else {
            assert_eq!(name, "identity_key_signs_anything");
            continue;
        };
        let network = Hash::new(bytes(&case["namespace"])[8..].try_into().unwrap());
        let of = cases(&vectors["good"]).iter().find(|good| good["name"] == case["of"]).unwrap();
        let refused =
            verify_certificate(&network, &roster, &read(&of["payload"]), &bytes(&case["finalization"]));
        let code = code(refused);
        assert!(code == "evidence.invalid" || code == "evidence.malformed", "{name}: {code}");
    }
    for case in cases(&vectors["rosters"]) {
        let made = canonical_bytes("roster", keys(case));
        assert_eq!(made.is_ok(), case["name"] == "four", "{}", case["name"]);
    }
}

#[test]
fn an_unknown_kind_is_named() {
    for error in [
        canonical_bytes("cheque", Value::Null).unwrap_err(),
        from_canonical_bytes("cheque", b"").unwrap_err(),
        state_key("cheque", Value::Null).unwrap_err(),
    ] {
        assert_eq!(error.code(), "input.invalid");
        assert!(error.to_string().contains("cheque"), "{error}");
    }
    assert_eq!(code(state_key("money", Value::Null)), "input.invalid");
    assert_eq!(code(canonical_bytes("header", json!({}))), "input.invalid");
}
