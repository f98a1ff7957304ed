//! FIN messages to JSON and back.

use std::fs;

use serde_json::Value;

use crate::support::{allonge, allonge_on_terminal, allonge_reading, shared};

#[test]
fn format_gives_back_the_bytes_that_parse_read() {
    let file = shared("vectors/fin/mt700_usance.fin");
    let original = fs::read(&file).unwrap();
    let around = [original.as_slice(), b"\r\n"].concat();
    for text in [original, around] {
        let parsed = allonge_reading(["fin", "parse", "-"], &text, None);
        assert_eq!(parsed.json()["content"]["release"], "SR2025");
        let formatted = allonge_reading(["fin", "format", "-"], &parsed.output, None);
        assert_eq!((formatted.exit, formatted.output), (0, text));
    }
}

#[test]
fn parse_answers_the_same_with_and_without_json() {
    let file = shared("vectors/fin/mt700_usance.fin");
    let parsed = allonge(["fin", "parse", &file]);
    assert_eq!(parsed.output, allonge(["fin", "parse", &file, "--json"]).output);
    assert_eq!(parsed.output, allonge_on_terminal(["fin", "parse", &file], 80).output);
}

#[test]
fn edited_json_gives_a_canonical_message_that_says_what_was_edited() {
    let parsed = allonge(["fin", "parse", &shared("vectors/fin/mt700_usance.fin")]);
    let edited = parsed.text().replace("BJ26LC000127", "BJ26LC000128");
    // The original is what it was: only the content was edited.
    let mut edited: Value = serde_json::from_str(&edited).unwrap();
    edited["original"] = parsed.json()["original"].clone();

    let formatted = allonge_reading(["fin", "format", "-"], edited.to_string().as_bytes(), None);
    assert_eq!(formatted.exit, 0, "{}", formatted.errors);
    assert!(formatted.text().contains("\r\n:20:BJ26LC000128\r\n"));
    let again = allonge_reading(["fin", "parse", "-"], &formatted.output, None).json();
    assert_eq!(again["content"]["fields"], edited["content"]["fields"]);

    let wrapped = allonge_reading(["fin", "format", "-", "--json"], edited.to_string().as_bytes(), None);
    assert_eq!(wrapped.json()["message"], formatted.text());
}

#[test]
fn a_bad_message_is_refused_with_all_its_faults() {
    let file = shared("vectors/fin/mt700_faults.fin");
    let refused = allonge(["fin", "parse", &file]);
    assert_eq!(refused.exit, 2);
    assert!(refused.output.is_empty());
    let error = refused.error();
    assert_eq!(error["code"], "message.fin_invalid");
    let faults = error["faults"].as_array().unwrap();
    assert!(faults.len() > 3);
    for fault in faults {
        assert!(fault["line"].is_u64() && fault["code"].is_string(), "{fault}");
        assert!(fault["reason"].is_string() && fault["remedy"].is_string(), "{fault}");
    }
    assert_eq!(error, allonge(["fin", "parse", &file, "--json"]).error());

    let told = allonge_on_terminal(["fin", "parse", &file], 80);
    assert_eq!(told.exit, 2);
    assert!(told.errors.starts_with("error: the FIN message has"), "{}", told.errors);
    for fault in faults {
        assert!(told.errors.contains(fault["code"].as_str().unwrap()), "{}", told.errors);
    }
}

#[test]
fn what_is_no_message_is_bad_input() {
    for (input, code) in [("", "message.fin_invalid"), ("hello", "message.fin_invalid")] {
        let refused = allonge_reading(["fin", "parse", "-"], input.as_bytes(), None);
        assert_eq!((refused.exit, refused.error()["code"].as_str()), (2, Some(code)));
    }
    let long = vec![b'A'; 1 << 20];
    assert_eq!(allonge_reading(["fin", "parse", "-"], &long, None).exit, 2);
    assert_eq!(allonge_reading(["fin", "format", "-"], b"{}", None).exit, 2);
    assert_eq!(allonge_reading(["fin", "format", "-"], b"\xff", None).exit, 2);
    let missing = allonge(["fin", "parse", "/no/such/file", "--json"]);
    assert_eq!((missing.exit, missing.error()["code"].as_str()), (2, Some("file.io")));
}
