//! The JSON that people and languages see, and the bytes that are hashed.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests stand outside test functions.

mod common;

use allonge_crypto::Hash;
use allonge_ledger::{Amount, Governed, Rules, from_canonical};
use allonge_trade::*;
use common::*;
use serde_json::{Value, json};

/// One of each operation, with its JSON.
fn operations() -> Vec<(TradeOperation, Value)> {
    vec![
        (
            issue(terms()),
            json!({
                "type": "issue_credit",
                "number": "LC2026001",
                "terms": {
                    "form": "irrevocable",
                    "applicable_rules": { "type": "ucp_latest_version" },
                    "issuing_bank": "SYNBCNBJXXX",
                    "advising_bank": "SYNADEFFXXX",
                    "applicant": {
                        "name_and_address": ["SAMPLE IMPORTS CO LTD", "1 EXAMPLE STREET"],
                        "party": "importer",
                    },
                    "beneficiary": {
                        "name_and_address": ["SAMPLE EXPORTS GMBH", "1 EXAMPLE STREET"],
                        "party": "exporter",
                    },
                    "amount": { "amount": "100000.00", "currency": "USD" },
                    "date_of_issue": "2026-03-02",
                    "expiry": { "date": "2026-06-30", "place": "BEIJING, CHINA", "calendar": "CN" },
                    "availability": {
                        "with": { "type": "bank", "party": "SYNADEFFXXX" },
                        "by": {
                            "type": "deferred_payment",
                            "tenor": { "type": "after_shipment", "days": 90 },
                        },
                    },
                    "payment_details": ["AT 90 DAYS AFTER DATE OF SHIPMENT"],
                    "partial_shipments": "allowed",
                    "transhipment": "allowed",
                    "shipment_places": {
                        "port_of_loading": "HAMBURG, GERMANY",
                        "port_of_discharge": "XINGANG, CHINA",
                    },
                    "latest_shipment": { "type": "latest_date", "date": "2026-06-14" },
                    "goods": ["2 SETS OF MACHINING CENTRES"],
                    "documents_required": ["+ SIGNED COMMERCIAL INVOICE"],
                    "confirmation": "without",
                    "examination_calendar": "CN",
                    "payment_calendar": "CN",
                },
            }),
        ),
        (
            advise(),
            json!({
                "type": "advise_credit",
                "credit": "SYNBCNBJXXX/LC2026001",
                "authenticity": "verified",
            }),
        ),
        (
            present("100000.00", "2026-03-10"),
            json!({
                "type": "present_documents",
                "credit": "SYNBCNBJXXX/LC2026001",
                "amount": { "amount": "100000.00", "currency": "USD" },
                "account": "SYNADEFFXXX/USD/settlement",
                "covering_reference": "COVER-1",
                "shipment": { "date": "2026-03-10", "evidence": "on_board_notation" },
                "documents": [{
                    "title": "COMMERCIAL INVOICE",
                    "sha256": "07".repeat(32),
                    "length": 48_213,
                    "media_type": "application/pdf",
                    "originals": 3,
                    "copies": 3,
                }],
            }),
        ),
        (accept(1), json!({ "type": "accept_presentation", "presentation": "SYNBCNBJXXX/LC2026001/1" })),
        (
            honour(1),
            json!({
                "type": "honour_presentation",
                "presentation": "SYNBCNBJXXX/LC2026001/1",
                "from": "SYNBCNBJXXX/USD/settlement",
            }),
        ),
        (
            refuse(1, &["INVOICE NOT SIGNED"]),
            json!({
                "type": "refuse_presentation",
                "presentation": "SYNBCNBJXXX/LC2026001/1",
                "discrepancies": ["INVOICE NOT SIGNED"],
                "disposal": "hold",
            }),
        ),
        (preclude(1), json!({ "type": "invoke_preclusion", "presentation": "SYNBCNBJXXX/LC2026001/1" })),
        (
            pay(1, ADVISING, "100000.00"),
            json!({
                "type": "pay_claim",
                "claim": "SYNBCNBJXXX/LC2026001/1",
                "from": "SYNBCNBJXXX/USD/settlement",
                "to": "SYNADEFFXXX/USD/settlement",
                "amount": { "amount": "100000.00", "currency": "USD" },
            }),
        ),
        (close(), json!({ "type": "close_credit", "credit": "SYNBCNBJXXX/LC2026001" })),
        // The financing registry.
        (
            TradeOperation::AdoptFingerprintKey {
                key_id: Hash::new([1; 32]),
                previous_until: beijing("2026-04-02 10:00"),
            },
            json!({
                "type": "adopt_fingerprint_key",
                "key_id": "01".repeat(32),
                "previous_until": "2026-04-02T02:00:00.000Z",
            }),
        ),
        (
            TradeOperation::ReserveFinancing {
                number: "FIN-1".into(),
                document: FinancedDocument::Invoice,
                face: usd("100.00"),
                amount: usd("60.00"),
                expires_at: beijing("2026-03-09 10:00"),
                fingerprints: vec![fingerprint()],
            },
            json!({
                "type": "reserve_financing",
                "number": "FIN-1",
                "document": "invoice",
                "face": { "amount": "100.00", "currency": "USD" },
                "amount": { "amount": "60.00", "currency": "USD" },
                "expires_at": "2026-03-09T02:00:00.000Z",
                "fingerprints": [{
                    "tier": "e1",
                    "token": { "key_id": "01".repeat(32), "token": "02".repeat(32) },
                }],
            }),
        ),
        (
            TradeOperation::ConfirmFinancing { financing: financing(), amount: usd("60.00") },
            json!({
                "type": "confirm_financing",
                "financing": "SYNBCNBJXXX/FIN-1",
                "amount": { "amount": "60.00", "currency": "USD" },
            }),
        ),
        (
            TradeOperation::ReleaseFinancing {
                financing: financing(),
                amount: usd("60.00"),
                reason: ReleaseReason::Repaid,
            },
            json!({
                "type": "release_financing",
                "financing": "SYNBCNBJXXX/FIN-1",
                "amount": { "amount": "60.00", "currency": "USD" },
                "reason": "repaid",
            }),
        ),
        (
            TradeOperation::VoidFinancing { financing: financing(), reason: "BOOKED TWICE".into() },
            json!({
                "type": "void_financing",
                "financing": "SYNBCNBJXXX/FIN-1",
                "reason": "BOOKED TWICE",
            }),
        ),
        (
            TradeOperation::RefingerprintFinancing {
                financing: financing(),
                fingerprints: vec![fingerprint()],
            },
            json!({
                "type": "refingerprint_financing",
                "financing": "SYNBCNBJXXX/FIN-1",
                "fingerprints": [{
                    "tier": "e1",
                    "token": { "key_id": "01".repeat(32), "token": "02".repeat(32) },
                }],
            }),
        ),
        // Exposures, documents and units.
        (
            TradeOperation::ConsentToExposure {
                number: "C-1".into(),
                lender: party(ISSUING),
                expires_at: beijing("2026-03-09 10:00"),
            },
            json!({"type": "consent_to_exposure", "number": "C-1", "lender": "SYNBCNBJXXX", "expires_at": "2026-03-09T02:00:00.000Z"}),
        ),
        (
            TradeOperation::StateExposure {
                exposure: "importer/C-1".parse().unwrap(),
                amount: usd("5.00"),
                as_of: date("2026-03-02"),
            },
            json!({"type": "state_exposure", "exposure": "importer/C-1", "amount": {"amount": "5.00", "currency": "USD"}, "as_of": "2026-03-02"}),
        ),
        (
            TradeOperation::EndExposure { exposure: "importer/C-1".parse().unwrap() },
            json!({"type": "end_exposure", "exposure": "importer/C-1"}),
        ),
        (
            TradeOperation::NotariseDocument {
                number: "D-2".into(),
                content: content(),
                supersedes: Some("exporter/D-1".parse().unwrap()),
            },
            json!({"type": "notarise_document", "number": "D-2", "content": {"title": "BILL OF LADING", "sha256": "0707070707070707070707070707070707070707070707070707070707070707", "length": 48213, "media_type": "application/pdf"}, "supersedes": "exporter/D-1"}),
        ),
        (
            TradeOperation::RevokeDocument {
                document: "exporter/D-1".parse().unwrap(),
                reason: "WRONG WEIGHT".into(),
            },
            json!({"type": "revoke_document", "document": "exporter/D-1", "reason": "WRONG WEIGHT"}),
        ),
        (
            TradeOperation::IssueTransferable {
                number: "BL-1".into(),
                kind: TransferableKind::BillOfLading,
                content: content(),
                replaces_paper: Some("REPLACES PAPER BL-1, VOIDED".into()),
            },
            json!({"type": "issue_transferable", "number": "BL-1", "kind": "bill_of_lading", "content": {"title": "BILL OF LADING", "sha256": "0707070707070707070707070707070707070707070707070707070707070707", "length": 48213, "media_type": "application/pdf"}, "replaces_paper": "REPLACES PAPER BL-1, VOIDED"}),
        ),
        (
            TradeOperation::OfferTransferable {
                record: "exporter/BL-1".parse().unwrap(),
                offer: RecordOffer::Control { to: party(ADVISING) },
                expires_at: beijing("2026-03-09 10:00"),
            },
            json!({"type": "offer_transferable", "record": "exporter/BL-1", "offer": {"type": "control", "to": "SYNADEFFXXX"}, "expires_at": "2026-03-09T02:00:00.000Z"}),
        ),
        (
            TradeOperation::WithdrawTransferableOffer { record: "exporter/BL-1".parse().unwrap() },
            json!({"type": "withdraw_transferable_offer", "record": "exporter/BL-1"}),
        ),
        (
            TradeOperation::AcceptTransferable {
                record: "exporter/BL-1".parse().unwrap(),
                offer: RecordOffer::Control { to: party(ADVISING) },
            },
            json!({"type": "accept_transferable", "record": "exporter/BL-1", "offer": {"type": "control", "to": "SYNADEFFXXX"}}),
        ),
        (
            TradeOperation::SwitchToPaper {
                record: "exporter/BL-1".parse().unwrap(),
                statement: "PAPER BL-1 ISSUED".into(),
            },
            json!({"type": "switch_to_paper", "record": "exporter/BL-1", "statement": "PAPER BL-1 ISSUED"}),
        ),
        (
            TradeOperation::IssueUnits {
                number: "G-1".into(),
                unit: "kWh".into(),
                description: "WIND POWER".into(),
                sha256: Hash::new([7; 32]),
                quantity: 1000,
            },
            json!({"type": "issue_units", "number": "G-1", "unit": "kWh", "description": "WIND POWER", "sha256": "0707070707070707070707070707070707070707070707070707070707070707", "quantity": 1000}),
        ),
        (
            TradeOperation::TransferUnits {
                certificate: "exporter/G-1".parse().unwrap(),
                to: party(APPLICANT),
                quantity: 10,
            },
            json!({"type": "transfer_units", "certificate": "exporter/G-1", "to": "importer", "quantity": 10}),
        ),
        (
            TradeOperation::RetireUnits {
                certificate: "exporter/G-1".parse().unwrap(),
                quantity: 10,
                beneficiary: "SAMPLE IMPORTS".into(),
                reason: "2026 FOOTPRINT".into(),
            },
            json!({"type": "retire_units", "certificate": "exporter/G-1", "quantity": 10, "beneficiary": "SAMPLE IMPORTS", "reason": "2026 FOOTPRINT"}),
        ),
    ]
}

/// The operations of all files of vectors, each with its JSON.
fn frozen() -> Vec<(TradeOperation, Value)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors");
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let records = paths.filter(|path| path.to_string_lossy().ends_with("_records.json"));
    records
        .flat_map(|path| {
            let file: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            let operations = file["operations"].as_array().cloned().unwrap_or_default();
            operations.into_iter().filter_map(|entry| {
                let json = entry["json"].clone();
                Some((serde_json::from_value(json.clone()).ok()?, json))
            })
        })
        .collect()
}

fn content() -> DocumentContent {
    DocumentContent {
        title: "BILL OF LADING".into(),
        sha256: Hash::new([7; 32]),
        length: 48_213,
        media_type: "application/pdf".into(),
    }
}

fn financing() -> FinancingId {
    "SYNBCNBJXXX/FIN-1".parse().unwrap()
}

fn fingerprint() -> Fingerprint {
    let token = FingerprintToken { key_id: Hash::new([1; 32]), token: Hash::new([2; 32]) };
    Fingerprint { tier: Tier::E1, token }
}

#[test]
fn operations_have_the_json_that_is_documented() {
    for (operation, written) in operations().into_iter().chain(frozen()) {
        assert_eq!(serde_json::to_value(&operation).unwrap(), written);
        assert_eq!(serde_json::from_value::<TradeOperation>(written.clone()).unwrap(), operation);
        assert_eq!(written["type"], operation.step());

        let mut misspelt = written;
        misspelt["ammount"] = json!("1");
        assert!(serde_json::from_value::<TradeOperation>(misspelt).is_err(), "{}", operation.step());
    }
}

#[test]
fn operations_have_one_encoding_and_discriminants_that_stay() {
    for (place, (operation, _)) in (0..=8).chain(80..=88).chain(90..=99).zip(operations()) {
        let bytes = borsh::to_vec(&operation).unwrap();
        assert_eq!(bytes.first(), Some(&place), "{}", operation.step());
        assert_eq!(from_canonical::<TradeOperation>(&bytes).unwrap(), operation);
        let longer = [bytes.as_slice(), &[0]].concat();
        assert!(from_canonical::<TradeOperation>(&longer).is_err());
    }
    assert!(from_canonical::<TradeOperation>(&[255]).is_err());
}

#[test]
fn records_and_events_are_read_back_from_json_and_from_bytes() {
    let mut market = Market::with_credit(terms());
    let mut events = market.at("2026-03-16 11:00").does(ADVISING, present("100000.00", "2026-03-10"));
    let examined = market.presentation(1);
    events.extend(market.does(ISSUING, accept(1)));
    for event in events {
        let written = serde_json::to_value(&event).unwrap();
        assert_eq!(written["type"], event.step());
        assert_eq!(serde_json::from_value::<TradeEvent>(written).unwrap(), event);
        assert_eq!(from_canonical::<TradeEvent>(&borsh::to_vec(&event).unwrap()).unwrap(), event);
    }
    both_ways(&examined);
    both_ways(&market.presentation(1));
    both_ways(&market.credit());
    both_ways(&market.claim(1));
    assert_eq!(
        serde_json::to_value(market.claim(1)).unwrap(),
        json!({
            "id": "SYNBCNBJXXX/LC2026001/1",
            "state": { "type": "outstanding" },
            "origin": "deferred_payment",
            "obligor": "SYNBCNBJXXX",
            "holder_of_record": "SYNADEFFXXX",
            "amount": { "amount": "100000.00", "currency": "USD" },
            "due": {
                "type": "fixed",
                "date": "2026-06-08",
                "from": "2026-06-07T16:00:00.000Z",
                "calendar": "CN",
                "calendar_version": 1,
            },
            "created_at": "2026-03-16T03:00:00.000Z",
        })
    );
}

fn both_ways<T>(record: &T)
where
    T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
    T: borsh::BorshSerialize + borsh::BorshDeserialize,
{
    let written = serde_json::to_string(record).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&written).unwrap(), record);
    assert_eq!(&from_canonical::<T>(&borsh::to_vec(record).unwrap()).unwrap(), record);
}

#[test]
fn every_step_that_an_article_governs_has_it_in_the_rulebook() {
    for (operation, _) in operations() {
        // No article governs the end of a credit, and none the registers of documents, units and exposures.
        let ungoverned = ["close_credit", "consent_to_exposure", "state_exposure", "end_exposure"];
        let registers =
            ["notarise_document", "revoke_document", "issue_units", "transfer_units", "retire_units"];
        let governed = !ungoverned.iter().chain(&registers).any(|step| *step == operation.step());
        assert_eq!(operation.article().is_some(), governed, "{}", operation.step());
    }
    let mut steps: Vec<_> = STEPS.iter().map(|row| row.step).collect();
    steps.sort_unstable();
    steps.dedup();
    assert_eq!(steps.len(), STEPS.len(), "a step has one row");
}

#[test]
fn every_refusal_that_names_an_article_says_what_that_asks_in_both_languages() {
    for entry in registry::ERRORS {
        assert_eq!(entry.says.is_some(), entry.article.is_some(), "{}", entry.code);
    }
    let rules: Vec<_> = rulebook().collect();
    assert!(rules.len() > 30);
    for rule in rules {
        let says = rule.says.unwrap();
        assert!(says.en.ends_with('.') && says.zh.ends_with('。'), "{} says a sentence", rule.code);
        assert!(
            says.zh.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count() > 4,
            "{}",
            rule.code
        );
    }
}

#[test]
fn policies_know_operations_by_their_type() {
    let documented = operations().into_iter();
    let kinds: Vec<_> = documented
        .chain(frozen())
        .map(|(operation, json)| {
            assert_eq!(json["type"], operation.kind());
            operation.kind()
        })
        .collect();
    assert!(TradeOperation::KINDS.iter().all(|kind| kinds.contains(kind)));
    assert!(kinds.iter().all(|kind| TradeOperation::KINDS.contains(kind)));
}

#[test]
fn policies_know_the_amounts_that_operations_state() {
    let tolerant =
        LetterOfCreditTerms { tolerance: Some(Tolerance { plus_percent: 10, minus_percent: 0 }), ..terms() };
    assert_eq!(issue(terms()).amount(), Amount::Of(usd("100000.00")));
    assert_eq!(issue(tolerant).amount(), Amount::Of(usd("110000.00")), "the bank may have to pay as much");
    for (operation, json) in operations() {
        let expected = match operation.kind() {
            "issue_credit" => Amount::Of(usd("100000.00")),
            "present_documents" | "pay_claim" | "reserve_financing" | "confirm_financing"
            | "release_financing" | "state_exposure" => {
                Amount::Of(serde_json::from_value(json["amount"].clone()).unwrap())
            }
            "accept_presentation"
            | "honour_presentation"
            | "invoke_preclusion"
            | "void_financing"
            | "refingerprint_financing"
            | "issue_transferable"
            | "offer_transferable"
            | "accept_transferable"
            | "switch_to_paper" => Amount::Unstated,
            _ => Amount::None,
        };
        assert_eq!(operation.amount(), expected, "{}", operation.kind());
    }
}

#[test]
fn error_codes_are_unique_and_say_what_to_do() {
    let mut codes: Vec<_> = TradeRules::errors().iter().map(|entry| entry.code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), TradeRules::errors().len());
    for entry in TradeRules::errors() {
        assert!(!entry.remedy.is_empty(), "{}", entry.code);
        assert_eq!(entry.rule.is_some(), entry.article.is_some(), "{}", entry.code);
    }
}
