//! What a bank may rely on when a message becomes terms of the ledger.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests stand outside their functions")]

use std::collections::BTreeSet;

use allonge_finance::{Bic, CalendarId, Date, PartyId};
use allonge_ledger::Error;
use allonge_messages::fin::{self, FinMessage, MessageBuilder, StandardsRelease};
use allonge_messages::mapping::{
    MappedCredit, MappedField, MappingError, MappingOptions, MappingProblemKind as Kind,
    MappingTreatment as Treatment, letter_of_credit_from_messages, letter_of_credit_from_mt700,
};
use allonge_trade::{
    ApplicableRules, AvailableBy, AvailableWith, Bank, ConfirmationInstruction, LatestShipment,
    PresentationPeriod, Tenor,
};

const USANCE: &str = include_str!("../../../tests/vectors/fin/mt700_usance.fin");
const USANCE_CREDIT: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/fin/mt700_usance.credit.json");

fn parse(text: &str) -> FinMessage {
    fin::parse(text.as_bytes(), StandardsRelease::Sr2025).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The text of the sample with pieces exchanged.
fn text(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(USANCE.to_owned(), |text, (old, new)| {
        let (old, new) = (old.replace('\n', "\r\n"), new.replace('\n', "\r\n"));
        assert_eq!(text.matches(&old).count(), 1, "{old}");
        text.replace(&old, &new)
    })
}

fn map(changes: &[(&str, &str)]) -> Result<MappedCredit, MappingError> {
    letter_of_credit_from_mt700(&parse(&text(changes)), &MappingOptions::default())
}

fn mapped(changes: &[(&str, &str)]) -> MappedCredit {
    map(changes).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(changes: &[(&str, &str)]) -> MappingError {
    map(changes).expect_err("the change stands in the way")
}

/// The problems in short: field, line, kind.
fn short(error: &MappingError) -> Vec<(&str, u32, Kind)> {
    error.problems().iter().map(|p| (p.tag.as_str(), p.line, p.kind)).collect()
}

fn items<'a>(credit: &'a MappedCredit, tag: &str) -> Vec<(Treatment, Option<&'a str>)> {
    let of_tag = credit.report.items.iter().filter(|item| item.tag == tag);
    of_tag.map(|item| (item.treatment, item.target.as_deref())).collect()
}

fn note<'a>(credit: &'a MappedCredit, target: &str) -> &'a str {
    let derived =
        |item: &&MappedField| item.treatment == Treatment::Derived && item.target.as_deref() == Some(target);
    credit.report.items.iter().find(derived).map_or("", |item| &item.note)
}

fn calendar(id: &str) -> CalendarId {
    CalendarId::parse(id).expect("a calendar")
}

fn party(id: &str) -> PartyId {
    PartyId::parse(id).expect("a party")
}

const DEFERRED: &str = ":41A:SYNBCNBJ\nBY DEF PAYMENT\n:42P:AT 90 DAYS AFTER DATE OF SHIPMENT\n";

#[test]
fn the_sample_becomes_the_frozen_terms_and_report() {
    let written = serde_json::to_string_pretty(&mapped(&[])).expect("JSON") + "\n";
    if std::env::var_os("ALLONGE_UPDATE_VECTORS").is_some_and(|value| value == "1") {
        std::fs::write(USANCE_CREDIT, &written).expect("the vectors can be written");
    }
    let frozen = std::fs::read_to_string(USANCE_CREDIT).expect("the vector is there");
    assert!(written == frozen, "rewrite with ALLONGE_UPDATE_VECTORS=1, if the change is meant:\n{written}");
    let read: MappedCredit = serde_json::from_str(&frozen).expect("a mapped credit");
    assert_eq!(read, mapped(&[]));
}

#[test]
fn the_terms_say_what_the_message_says() {
    let MappedCredit { number, terms, .. } = mapped(&[]);
    let date = |text| Date::parse(text).expect("a date");
    assert_eq!(number, "BJ26LC000127");
    assert_eq!((terms.issuing_bank, terms.advising_bank), (party("SYNBCNBJ"), party("SYNADEFF")));
    assert_eq!((terms.date_of_issue, terms.expiry.date), (date("2026-03-02"), date("2026-06-30")));
    assert_eq!(terms.expiry.place, "BEIJING/CHINA");
    assert_eq!(terms.latest_shipment, Some(LatestShipment::LatestDate { date: date("2026-05-15") }));
    assert_eq!(terms.amount.minor_units(), 125_000_000);
    assert_eq!(terms.availability.with, AvailableWith::Bank { party: party("SYNBCNBJ") });
    let tenor = Tenor::AfterShipment { days: 90 };
    assert_eq!(terms.availability.by, AvailableBy::DeferredPayment { tenor });
    assert_eq!(terms.payment_details, ["AT 90 DAYS AFTER DATE OF SHIPMENT"]);
    assert_eq!(terms.presentation_period, Some(PresentationPeriod { days: 21, event: None }));
    assert_eq!(terms.confirmation, ConfirmationInstruction::Without);
    assert_eq!(terms.beneficiary.account.as_deref(), Some("DE00000000000000000001"));
    assert!(matches!(terms.applicant_bank, Some(Bank::Named { .. })));
    assert!(matches!(terms.advise_through_bank, Some(Bank::Identified { .. })));
    let china = calendar("CN");
    assert_eq!(
        [terms.expiry.calendar, terms.examination_calendar, terms.payment_calendar],
        [china.clone(), china.clone(), china]
    );
}

/// Every field is in the report, and nothing in the terms came from nowhere.
fn check_report(messages: &[FinMessage], credit: &MappedCredit) {
    let reported: BTreeSet<(u32, &str)> =
        credit.report.items.iter().map(|item| (item.message, item.tag.as_str())).collect();
    for (number, message) in (1..).zip(messages) {
        let tags = message.fields().iter().map(|field| field.tag.as_str()).chain(["1", "2"]);
        tags.for_each(|tag| assert!(reported.contains(&(number, tag)), "field {tag} of message {number}"));
    }
    let value = serde_json::to_value(credit).expect("JSON");
    let mut targets = BTreeSet::new();
    for item in &credit.report.items {
        let lost = item.treatment == Treatment::NotCarried;
        assert_eq!(item.target.is_none(), lost, "{item:?}");
        assert!(!item.name.is_empty(), "{item:?}");
        assert!(item.treatment == Treatment::Exact || !item.note.is_empty(), "{item:?}");
        if let Some(target) = &item.target {
            let path = target.replace('.', "/");
            let place = if target == "number" { format!("/{path}") } else { format!("/terms/{path}") };
            assert!(value.pointer(&place).is_some(), "{item:?}");
            targets.insert(target.split('.').next().unwrap_or_default().to_owned());
        }
    }
    let terms = value.pointer("/terms").and_then(|terms| terms.as_object()).expect("an object");
    terms.keys().for_each(|key| assert!(targets.contains(key), "{key} came from nowhere"));
}

#[test]
fn every_field_is_accounted_for() {
    check_report(&[parse(USANCE)], &mapped(&[]));
    let credit = mapped(&[]);
    assert_eq!(items(&credit, "23"), [(Treatment::NotCarried, None)]);
    assert_eq!(items(&credit, "27"), [(Treatment::NotCarried, None)]);
    assert_eq!(items(&credit, "3:121"), [(Treatment::NotCarried, None)]);
    assert_eq!(items(&credit, "2"), [(Treatment::Derived, Some("advising_bank"))]);
    assert_eq!(
        items(&credit, "31D"),
        [
            (Treatment::Exact, Some("expiry.date")),
            (Treatment::Exact, Some("expiry.place")),
            (Treatment::Derived, Some("expiry.calendar")),
        ]
    );
    assert_eq!(
        items(&credit, "42P"),
        [(Treatment::Exact, Some("payment_details")), (Treatment::Derived, Some("availability.by.tenor")),]
    );
    let once: Vec<_> = credit.report.items.iter().filter(|item| item.tag == "45A").collect();
    assert_eq!(once.len(), 1);
}

#[test]
fn a_received_message_has_its_sender_in_block_2() {
    let received = text(&[
        ("{1:F01SYNBCNBJAXXX0000000000}", "{1:F01SYNADEFFAXXX0042001234}"),
        ("{2:I700SYNADEFFXXXXN}", "{2:O7001015260302SYNBCNBJAXXX00110022332603020315N}"),
    ]);
    let message = parse(&format!("{received}{{5:{{CHK:123456789ABC}}{{PDM:}}}}"));
    let credit = letter_of_credit_from_mt700(&message, &MappingOptions::default()).expect("a credit");
    assert_eq!(credit.terms, mapped(&[]).terms);
    assert_eq!(items(&credit, "1"), [(Treatment::Derived, Some("advising_bank"))]);
    assert!(items(&credit, "2").contains(&(Treatment::Derived, Some("issuing_bank"))));
    assert_eq!(items(&credit, "5:PDM"), [(Treatment::NotCarried, None)]);
    check_report(&[message], &credit);
}

#[test]
fn a_tenor_is_read_or_refused_never_guessed() {
    let date = |text| Date::parse(text).expect("a date");
    let table = [
        ("90 DAYS AFTER SHIPMENT", Ok(Tenor::AfterShipment { days: 90 })),
        ("AT 180 DAYS FROM BILL OF LADING\nDATE", Ok(Tenor::AfterShipment { days: 180 })),
        ("60 DAYS AFTER TRANSPORT DOCUMENT\nDATE", Ok(Tenor::AfterShipment { days: 60 })),
        ("AT 90 DAYS SIGHT", Ok(Tenor::AfterSight { days: 90 })),
        ("AT 90 DAYS AFTER SIGHT", Ok(Tenor::AfterSight { days: 90 })),
        ("ON 15 SEP 2026", Ok(Tenor::Fixed { date: date("2026-09-15") })),
        ("20260915", Ok(Tenor::Fixed { date: date("2026-09-15") })),
        ("2026-09-15", Ok(Tenor::Fixed { date: date("2026-09-15") })),
        ("AS AGREED", Err((0, Kind::NotUnderstood))),
        ("AT 90 DAYS AFTER\nTHE DATE OF INVOICE", Err((1, Kind::NotUnderstood))),
        ("90 DAYS", Err((0, Kind::NotUnderstood))),
        ("AT SIGHT", Err((0, Kind::Contradiction))),
        // The rules of the ledger bound it: 1 to 3,650 days, after the date of issue.
        ("0 DAYS AFTER SIGHT", Err((0, Kind::Refused))),
        ("9999 DAYS AFTER SIGHT", Err((0, Kind::Refused))),
        ("ON 1 MAR 2026", Err((0, Kind::Refused))),
    ];
    let deferred = "AT 90 DAYS AFTER DATE OF SHIPMENT\n:43P";
    let line = USANCE.lines().position(|line| line.starts_with(":42P:")).expect("42P") + 1;
    for (words, expected) in table {
        let result = map(&[(deferred, &format!("{words}\n:43P"))]);
        match expected {
            Ok(tenor) => {
                let credit = result.unwrap_or_else(|error| panic!("{words}: {error}"));
                assert_eq!(credit.terms.availability.by, AvailableBy::DeferredPayment { tenor }, "{words}");
                assert!(!note(&credit, "availability.by.tenor").is_empty());
            }
            Err((offset, kind)) => {
                let error = result.expect_err(words);
                let line = u32::try_from(line).expect("small") + offset;
                assert_eq!(short(&error), [("42P", line, kind)], "{words}");
                let problem = &error.problems()[0];
                assert!(!problem.reason.is_empty() && !problem.remedy.is_empty());
                let code = (kind == Kind::Refused).then_some("letter_of_credit.tenor_out_of_bounds");
                assert_eq!(problem.code.as_deref(), code);
            }
        }
    }
}

#[test]
fn a_credit_is_available_at_sight_by_acceptance_or_by_deferred_payment() {
    let sight = mapped(&[(DEFERRED, ":41A:SYNBCNBJ\nBY PAYMENT\n")]);
    assert_eq!(sight.terms.availability.by, AvailableBy::SightPayment);
    assert!(sight.terms.payment_details.is_empty());
    check_report(&[parse(&text(&[(DEFERRED, ":41A:SYNBCNBJ\nBY PAYMENT\n")]))], &sight);

    let drafts = ":41A:SYNBCNBJ\nBY PAYMENT\n:42C:AT SIGHT FOR 100 PCT OF\nINVOICE VALUE\n:42A:SYNBCNBJ\n";
    let drafts = mapped(&[(DEFERRED, drafts)]);
    assert_eq!(drafts.terms.availability.by, AvailableBy::SightPayment);
    assert_eq!(drafts.terms.payment_details.len(), 2);
    assert_eq!(items(&drafts, "42C")[1], (Treatment::Derived, Some("availability.by")));
    assert!(matches!(drafts.terms.drawee, Some(Bank::Identified { .. })));

    let accepted = ":41A:SYNBCNBJ\nBY ACCEPTANCE\n:42C:AT 60 DAYS SIGHT\n:42D:SAMPLE BANK\nBEIJING\n";
    let accepted = mapped(&[(DEFERRED, accepted)]);
    let tenor = Tenor::AfterSight { days: 60 };
    assert_eq!(accepted.terms.availability.by, AvailableBy::Acceptance { tenor });
    assert!(matches!(accepted.terms.drawee, Some(Bank::Named { .. })));
}

#[test]
fn fields_that_contradict_the_availability_are_refused() {
    let table: &[(&str, &[(&str, Kind)])] = &[
        ("BY DEF PAYMENT\n", &[("41A", Kind::Missing)]),
        ("BY ACCEPTANCE\n", &[("41A", Kind::Missing)]),
        ("BY ACCEPTANCE\n:42C:AT SIGHT\n:42A:SYNBCNBJ\n", &[("42C", Kind::Contradiction)]),
        ("BY PAYMENT\n:42C:90 DAYS SIGHT\n:42A:SYNBCNBJ\n", &[("42C", Kind::Contradiction)]),
        ("BY PAYMENT\n:42P:90 DAYS SIGHT\n", &[("42P", Kind::Contradiction)]),
        (
            "BY DEF PAYMENT\n:42C:90 DAYS SIGHT\n:42A:SYNBCNBJ\n",
            &[("41A", Kind::Missing), ("42C", Kind::Contradiction)],
        ),
        ("BY ACCEPTANCE\n:42P:90 DAYS SIGHT\n", &[("41A", Kind::Missing), ("42P", Kind::Contradiction)]),
    ];
    for (words, expected) in table {
        let error = refused(&[(DEFERRED, &format!(":41A:SYNBCNBJ\n{words}"))]);
        let found: Vec<_> = short(&error).into_iter().map(|(tag, _, kind)| (tag, kind)).collect();
        assert_eq!(found, *expected, "{words}");
    }
}

#[test]
fn negotiation_and_mixed_payment_are_refused_as_not_built() {
    let table = [
        ":41D:ANY BANK\nBY NEGOTIATION\n:42C:AT SIGHT\n:42A:SYNBCNBJ\n",
        ":41A:SYNBCNBJ\nBY MIXED PYMT\n:42M:50 PCT AT SIGHT\n50 PCT AT 90 DAYS SIGHT\n",
    ];
    for words in table {
        let error = refused(&[(DEFERRED, words)]);
        assert_eq!(error.problems().len(), 1, "{error}");
        let problem = &error.problems()[0];
        assert_eq!(problem.kind, Kind::NotBuilt);
        let line = text(&[(DEFERRED, words)]).lines().position(|line| line.starts_with("BY "));
        assert_eq!(usize::try_from(problem.line).ok(), line.map(|line| line + 1));
    }
}

#[test]
fn all_problems_are_listed_at_once() {
    let error = refused(&[
        ("{1:F01SYNBCNBJAXXX0000000000}", "{1:F01SYNBKRSEAXXX0000000000}"),
        (":27:1/1", ":27:1/2"),
        ("UCP LATEST VERSION", "OTHR"),
        ("BEIJING/CHINA", "SEOUL/KOREA"),
        (DEFERRED, ":41D:ANY BANK\nBY NEGOTIATION\n"),
    ]);
    assert_eq!(
        short(&error),
        [
            ("1", 1, Kind::CalendarMissing),
            ("1", 1, Kind::CalendarMissing),
            ("27", 2, Kind::Series),
            ("40E", 7, Kind::Missing),
            ("31D", 8, Kind::CalendarMissing),
            ("41D", 25, Kind::NotBuilt),
        ]
    );
    let told = error.to_string();
    assert!(told.contains("`examination_calendar`") && told.contains("KR"), "{told}");

    let as_ledger_error = Error::from(error.clone());
    assert_eq!(as_ledger_error.code(), "message.not_representable");
    assert_eq!(as_ledger_error.detail("count"), Some("6"));
    let source = std::error::Error::source(&as_ledger_error).and_then(|source| source.downcast_ref());
    assert_eq!(source, Some(&error));
}

#[test]
fn a_credit_with_any_bank_is_open_to_any_and_with_some_banks_is_kept_in_words() {
    for words in ["ANY BANK", "Any  bank", "ANY\nBANK"] {
        let credit = mapped(&[("41A:SYNBCNBJ", &format!("41D:{words}"))]);
        assert_eq!(credit.terms.availability.with, AvailableWith::AnyBank);
        // No bank says where it is; the place itself names China.
        assert_eq!(credit.terms.expiry.calendar, calendar("CN"));
    }
    let credit = mapped(&[("41A:SYNBCNBJ", "41D:ANY BANK IN CHINA")]);
    let name_and_address = vec!["ANY BANK IN CHINA".to_owned()];
    assert_eq!(credit.terms.availability.with, AvailableWith::Named { name_and_address });
    let item = credit.report.items.iter().find(|item| item.tag == "41D").expect("41D");
    assert!(item.note.contains("a name only"), "{item:?}");
}

#[test]
fn calendars_come_from_countries_or_from_the_caller() {
    // Germany issues: TARGET examines and pays; the place of expiry is where the bank of 41A is.
    let german = [
        ("{1:F01SYNBCNBJAXXX0000000000}", "{1:F01SYNADEFFAXXX0000000000}"),
        ("{2:I700SYNADEFFXXXXN}", "{2:I700SYNBCNBJXXXXN}"),
        ("BEIJING/CHINA", "AT OUR COUNTERS"),
        ("41A:SYNBCNBJ", "41A:SYNADEFF"),
    ];
    let credit = mapped(&german);
    let target = calendar("TARGET");
    assert_eq!(credit.terms.examination_calendar, target);
    assert_eq!(credit.terms.payment_calendar, target);
    assert_eq!(credit.terms.expiry.calendar, target);
    assert!(note(&credit, "expiry.calendar").contains("SYNADEFFXXX in DE"));
    assert!(note(&credit, "payment_calendar").contains("TARGET stands for"));

    // London issues: the note says what CHAPS stands for.
    let british = german.map(|(old, new)| (old, new.replace("SYNADEFF", "SYNBGB2L")));
    let credit = mapped(&british.each_ref().map(|(old, new)| (*old, new.as_str())));
    assert_eq!(credit.terms.examination_calendar, calendar("CHAPS"));
    assert!(note(&credit, "examination_calendar").contains("England and Wales"));

    // Text of 31D, field of 41a, and what comes of the two.
    let table = [
        ("BEIJING/CHINA", "41A:SYNBCNBJ", Ok("CN")),
        ("BEIJING", "41A:SYNBCNBJ", Ok("CN")),
        ("HAMBURG, GERMANY", "41A:SYNADEFF", Ok("TARGET")),
        ("PARIS, FRANCE", "41A:SYNADEFF", Ok("TARGET")), // one calendar for both
        ("PARIS, FRANCE", "41D:ANY BANK", Ok("TARGET")),
        ("HAMBURG, GERMANY", "41A:SYNBCNBJ", Err(Kind::Contradiction)),
        ("HONG KONG, CHINA", "41A:SYNBCNBJ", Err(Kind::Contradiction)),
        ("HONG KONG, CHINA", "41D:ANY BANK", Ok("HK")),
        ("HONG KONG", "41A:SYNBHKHH", Ok("HK")),
        ("TOKYO/JAPAN", "41D:ANY BANK", Ok("JP")),
        ("LONDON", "41A:SYNBGB2L", Ok("CHAPS")),
        ("LONDON, ENGLAND", "41D:ANY BANK", Ok("CHAPS")),
        ("NEW YORK, USA", "41A:SYNBUS33", Ok("FEDWIRE")),
        ("NEW YORK, USA", "41A:SYNBGB2L", Err(Kind::Contradiction)),
        ("MACAO, CHINA", "41D:ANY BANK", Err(Kind::CalendarMissing)),
        ("SEOUL", "41A:SYNBKRSE", Err(Kind::CalendarMissing)),
        ("BENEFICIARY'S COUNTRY", "41A:SYNBCNBJ", Err(Kind::CalendarMissing)),
        ("OUR COUNTERS", "41D:ANY BANK", Err(Kind::CalendarMissing)),
    ];
    for (place, available, expected) in table {
        let changes = [("BEIJING/CHINA", place), ("41A:SYNBCNBJ", available)];
        let message = parse(&text(&changes));
        match (map(&changes), expected) {
            (Ok(credit), Ok(id)) => assert_eq!(credit.terms.expiry.calendar, calendar(id), "{place}"),
            (Err(error), Err(kind)) => assert_eq!(short(&error), [("31D", 8, kind)], "{place}"),
            (result, _) => panic!("{place}, {available}: {result:?}"),
        }
        let chosen = MappingOptions { expiry_calendar: Some(calendar("HK")), ..MappingOptions::default() };
        let credit = letter_of_credit_from_mt700(&message, &chosen).expect("the caller chose");
        assert_eq!(credit.terms.expiry.calendar, calendar("HK"));
        assert_eq!(credit.terms.examination_calendar, calendar("CN"));
        assert!(note(&credit, "expiry.calendar").contains("chosen by the caller"));
    }
}

#[test]
fn a_bank_in_a_country_without_a_calendar_issues_by_the_callers_choice() {
    let message = parse(&text(&[("{1:F01SYNBCNBJAXXX0000000000}", "{1:F01SYNBKRSEAXXX0000000000}")]));
    let options = MappingOptions {
        examination_calendar: Some(calendar("JP")),
        payment_calendar: Some(calendar("JP")),
        ..MappingOptions::default()
    };
    let credit = letter_of_credit_from_mt700(&message, &options).expect("the caller chose");
    assert_eq!(credit.terms.examination_calendar, calendar("JP"));
    assert_eq!(credit.terms.expiry.calendar, calendar("CN"));
    check_report(&[message], &credit);

    let options: MappingOptions = serde_json::from_str(r#"{"payment_calendar": "JP"}"#).expect("options");
    assert_eq!((options.payment_calendar, options.expiry_calendar), (Some(calendar("JP")), None));
}

#[test]
fn a_tolerance_counts_both_ways_and_in_any_currency() {
    let table = [
        ("USD1250000,00", "5/5", "USD 1312500.00"),
        ("USD1250000,00", "10/0", "USD 1375000.00"),
        ("USD0,99", "10/10", "USD 1.08"),
        ("JPY99,", "10/0", "JPY 108"),
        ("CNY1250000,5", "0/10", "CNY 1250000.50"),
    ];
    for (amount, tolerance, ceiling) in table {
        let credit = mapped(&[("USD1250000,00", amount), ("39A:5/5", &format!("39A:{tolerance}"))]);
        let given = credit.terms.tolerance.expect("39A");
        assert_eq!(format!("{}/{}", given.plus_percent, given.minus_percent), tolerance);
        assert_eq!(credit.terms.ceiling().expect("a ceiling").to_string(), ceiling);
    }
    assert_eq!(mapped(&[(":39A:5/5\n", "")]).terms.tolerance, None);
}

#[test]
fn applicable_rules_other_than_ucp_are_not_taken_for_ucp() {
    let rules = |words: &str| mapped(&[("UCP LATEST VERSION", words)]).terms.applicable_rules;
    assert_eq!(rules("EUCP LATEST VERSION"), ApplicableRules::EucpLatestVersion);
    assert_eq!(rules("UCPURR LATEST VERSION"), ApplicableRules::UcpurrLatestVersion);
    assert_eq!(rules("EUCPURR LATEST VERSION"), ApplicableRules::EucpurrLatestVersion);
    let error = refused(&[("UCP LATEST VERSION", "OTHR/PBOC AND CBIRC MEASURES OF 2016")]);
    assert_eq!(short(&error), [("40E", 7, Kind::NotBuilt)]);
    let error = refused(&[("UCP LATEST VERSION", "OTHR")]);
    assert_eq!(short(&error), [("40E", 7, Kind::Missing)]);
}

#[test]
fn a_message_sent_in_training_or_to_a_test_address_binds_nobody() {
    let training = refused(&[("\n-}", "\n-}{5:{CHK:123456789ABC}{TNG:}}")]);
    assert_eq!(training.problems()[0].kind, Kind::Refused);
    let test_address = refused(&[("SYNADEFFXXXX", "SYNADEF0XXXX")]);
    assert_eq!(test_address.problems()[0].kind, Kind::Refused);
}

#[test]
fn a_presentation_period_counts_from_shipment_or_from_an_event_in_words() {
    let field = ":48:021/AFTER DATE OF SHIPMENT\n";
    let period = |words: &str| mapped(&[(field, words)]).terms.presentation_period;
    assert_eq!(period(""), None, "UCP 600 art. 14(c) then says 21 days");
    assert_eq!(period(":48:15\n"), Some(PresentationPeriod { days: 15, event: None }));
    for words in ["AFTER SHIPMENT", "DAYS AFTER THE DATE OF SHIPMENT", "FROM SHIPMENT DATE"] {
        let expected = Some(PresentationPeriod { days: 7, event: None });
        assert_eq!(period(&format!(":48:7/{words}\n")), expected, "{words}");
    }
    let event = Some("AFTER ISSUANCE OF AIR WAYBILL".to_owned());
    let words = ":48:10/AFTER ISSUANCE OF AIR WAYBILL\n";
    assert_eq!(period(words), Some(PresentationPeriod { days: 10, event }));
    assert_eq!(
        items(&mapped(&[(field, words)]), "48")[1],
        (Treatment::Exact, Some("presentation_period.event"))
    );
}

#[test]
fn banks_are_carried_by_identifier_or_name_and_what_is_lost_is_told() {
    let through = |field: &str| mapped(&[("57A:SYNHDEHH", field)]);
    let account = Some("123".to_owned());
    let identified = through("57A:/C/123\nSYNHDEHH");
    assert_eq!(
        identified.terms.advise_through_bank,
        Some(Bank::Identified { party: party("SYNHDEHH"), account: account.clone() })
    );
    assert_eq!(
        items(&identified, "57A"),
        [(Treatment::Exact, Some("advise_through_bank")), (Treatment::NotCarried, None),]
    );
    let located = through("57B:/123\nHAMBURG");
    let name_and_address = vec!["HAMBURG".to_owned()];
    assert_eq!(located.terms.advise_through_bank, Some(Bank::Named { name_and_address, account }));
    assert_eq!(items(&located, "57B"), [(Treatment::Derived, Some("advise_through_bank"))]);
    let nameless = through("57B:/123");
    assert_eq!(nameless.terms.advise_through_bank, None);
    assert_eq!(items(&nameless, "57B"), [(Treatment::NotCarried, None)]);
}

#[test]
fn what_the_rules_of_the_ledger_refuse_is_refused_with_their_code() {
    let table = [
        ("USD1250000,00", "USD0,", "32B", "letter_of_credit.amount_invalid"),
        (":31D:260630", ":31D:260301", "31D", "letter_of_credit.expiry_before_issue"),
        (":44C:260515", ":44C:260701", "44C", "letter_of_credit.shipment_after_expiry"),
    ];
    for (old, new, tag, code) in table {
        let error = refused(&[(old, new)]);
        let problem = &error.problems()[0];
        assert_eq!((problem.tag.as_str(), problem.code.as_deref()), (tag, Some(code)));
        let line = text(&[(old, new)]).lines().position(|line| line.starts_with(&format!(":{tag}:")));
        assert_eq!(usize::try_from(problem.line).ok(), line.map(|line| line + 1));
    }
}

/// The message and the field of each problem.
type Places = &'static [(u32, &'static str)];

fn continuation(sequence: &str, number: &str, fields: &[(&str, &str)]) -> FinMessage {
    let (from, to) = (Bic::parse("SYNBCNBJ").expect("a BIC"), Bic::parse("SYNADEFF").expect("a BIC"));
    let builder = MessageBuilder::new(StandardsRelease::Sr2025, "701", &from, &to);
    let builder = builder.field("27", sequence).field("20", number);
    fields.iter().fold(builder, |b, (tag, text)| b.field(tag, text)).build().expect("an MT 701")
}

#[test]
fn a_credit_in_several_messages_is_put_together() {
    let first = parse(&text(&[(":27:1/1", ":27:1/3")]));
    let second = continuation("2/3", "BJ26LC000127", &[("45A", "+ MANUALS"), ("47A", "+ MORE")]);
    let third = continuation("3/3", "BJ26LC000127", &[("45A", "+ TOOLS")]);
    let in_order = [first.clone(), second.clone(), third.clone()];
    let credit =
        letter_of_credit_from_messages(&in_order, &MappingOptions::default()).expect("a whole credit");
    let alone = mapped(&[]).terms;
    assert_eq!(credit.terms.goods.split_at(alone.goods.len()).1, ["+ MANUALS", "+ TOOLS"]);
    assert_eq!(credit.terms.additional_conditions.len(), alone.additional_conditions.len() + 1);
    assert_eq!(credit.terms.documents_required, alone.documents_required);
    check_report(&in_order, &credit);

    let shuffled = [third.clone(), first.clone(), second.clone()];
    assert_eq!(letter_of_credit_from_messages(&shuffled, &MappingOptions::default()).as_ref(), Ok(&credit));

    let other = continuation("3/3", "BJ26LC000128", &[]);
    let early = continuation("2/2", "BJ26LC000127", &[]);
    let table: &[(&[&FinMessage], Places)] = &[
        (&[], &[(1, "27")]),
        (&[&second], &[(1, "27")]),
        (&[&first], &[(1, "27")]),
        (&[&first, &second], &[(1, "27")]),
        (&[&first, &third], &[(1, "27"), (2, "27")]),
        (&[&first, &second, &second], &[(3, "27")]),
        (&[&first, &second, &other], &[(3, "20")]),
        (&[&first, &early, &third], &[(2, "27")]),
        (&[&first, &first, &second], &[(2, "27"), (3, "27")]),
    ];
    for (messages, expected) in table {
        let messages: Vec<FinMessage> = messages.iter().map(|message| (*message).clone()).collect();
        let error =
            letter_of_credit_from_messages(&messages, &MappingOptions::default()).expect_err("not whole");
        let found: Vec<_> = error.problems().iter().map(|p| (p.message, p.tag.as_str())).collect();
        assert_eq!(found, *expected, "{error}");
        assert!(error.problems().iter().all(|p| p.kind == Kind::Series));
    }
}

/// xorshift64*, so that a seed replays.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16;
        usize::try_from(drawn % u64::try_from(bound).expect("small")).expect("small")
    }
}

#[test]
fn two_thousand_mutated_messages_become_terms_or_a_list_of_problems() {
    let seed = 0x00c4_ed17_0700;
    let mut random = Random(seed);
    let lines = [
        "BY PAYMENT",
        "BY ACCEPTANCE",
        "BY MIXED PYMT",
        ":42P:AT SIGHT",
        ":42C:90 DAYS SIGHT",
        ":42P:ON 15 SEP 2026",
        ":42P:99999 DAYS AFTER SIGHT",
        ":42M:HALF",
        ":41D:ANY BANK",
        ":41A:SYNBUS33",
        ":57B:/1",
        ":57D:/D/1\nX",
        ":48:0",
        ":48:999/FROM NOW",
        ":44D:SOON",
        ":44C:990101",
        ":32B:JPY0,",
        ":32B:KWD999999999999,99",
        ":39A:99/99",
        ":40E:OTHR",
        ":40E:OTHR/ISP",
        ":31D:260301NOWHERE",
        ":31D:790101HONG KONG",
        ":27:1/8",
        ":20: ",
        ":58A:SYNADEFF",
        ":49:MAY ADD",
        ":42A:SYNBCNBJ",
        ":71D:X",
        ":59:X",
        ":50: ",
    ];
    let letters = b"AZ09 /-?:().,'+\n";
    let (mut valid, mut terms, mut attempts) = (0, 0, 0);
    while valid < 2_000 {
        attempts += 1;
        assert!(attempts < 200_000, "seed {seed:#x}: too few valid mutations: {valid}");
        let mut text: Vec<String> = USANCE.lines().map(str::to_owned).collect();
        for _ in 0..=random.below(4) {
            let at = random.below(text.len());
            match random.below(4) {
                0 => drop(text.remove(at)),
                1 => lines[random.below(lines.len())].clone_into(&mut text[at]),
                2 => {
                    let given = lines[random.below(lines.len())];
                    let same_field = |line: &String| line.get(..3) == given.get(..3);
                    if let Some(line) = text.iter_mut().find(|line| same_field(line)) {
                        given.clone_into(line);
                    }
                }
                _ => {
                    let letter = char::from(letters[random.below(letters.len())]);
                    let place = random.below(text[at].len() + 1);
                    text[at].insert(place, letter);
                }
            }
        }
        let text = text.join("\n");
        let Ok(message) = fin::parse(text.as_bytes(), StandardsRelease::Sr2025) else { continue };
        valid += 1;
        match letter_of_credit_from_mt700(&message, &MappingOptions::default()) {
            Ok(credit) => {
                terms += 1;
                assert_eq!(credit.terms.validate(), Ok(()), "seed {seed:#x}, {text}");
                check_report(&[message], &credit);
            }
            Err(error) => {
                let count = text.lines().count();
                assert!(!error.problems().is_empty(), "seed {seed:#x}, {text}");
                for problem in error.problems() {
                    let line = usize::try_from(problem.line).expect("small");
                    assert!((1..=count).contains(&line), "seed {seed:#x}, {problem}: {text}");
                }
            }
        }
    }
    assert!(terms > 300 && valid - terms > 100, "both kinds occur: {terms} of {valid}");
}
