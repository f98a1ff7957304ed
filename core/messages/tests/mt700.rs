//! What a bank may rely on when an MT 700 goes through the engine.

#![allow(clippy::expect_used, reason = "helpers of tests stand outside their functions")]

use allonge_finance::{Bic, Date};
use allonge_messages::fin::mt700::{
    ApplicableRules, AvailableBy, AvailableWith, Confirmation, FormOfCredit, InstitutionIdentity, Mt700,
    Permission,
};
use allonge_messages::fin::{self, FaultCode, FinError, FinMessage, MessageBuilder, StandardsRelease, Value};

const USANCE: &str = include_str!("../../../tests/vectors/fin/mt700_usance.fin");
const USANCE_JSON: &str = include_str!("../../../tests/vectors/fin/mt700_usance.json");
const FAULTS_JSON: &str = include_str!("../../../tests/vectors/fin/mt700_faults.json");
const FAULTS: &str = include_str!("../../../tests/vectors/fin/mt700_faults.fin");

fn parse(text: &str) -> Result<FinMessage, FinError> {
    fin::parse(text.as_bytes(), StandardsRelease::Sr2025)
}

fn usance() -> FinMessage {
    parse(USANCE).expect("the sample is valid")
}

/// The sample with one piece of text exchanged.
fn with(old: &str, new: &str) -> Result<FinMessage, FinError> {
    let (old, new) = (old.replace('\n', "\r\n"), new.replace('\n', "\r\n"));
    assert_eq!(USANCE.matches(&old).count(), 1, "{old}");
    parse(&USANCE.replace(&old, &new))
}

/// The faults in short: field, line, column, code.
fn short(error: &FinError) -> Vec<(&str, u32, u32, &str)> {
    let faults = error.faults().iter();
    faults.map(|f| (f.tag.as_deref().unwrap_or(""), f.line, f.column, f.code.as_str())).collect()
}

fn codes(result: Result<FinMessage, FinError>) -> Vec<&'static str> {
    result
        .map_or_else(|error| error.faults().iter().map(|fault| fault.code.as_str()).collect(), |_| Vec::new())
}

#[test]
fn a_parsed_message_keeps_its_bytes_whatever_its_line_breaks() {
    assert!(USANCE.contains("\r\n") && USANCE.is_ascii());
    assert_eq!(usance().format(), USANCE.as_bytes());
    let unix = USANCE.replace("\r\n", "\n");
    assert_eq!(parse(&unix).expect("\\n is read too").format(), unix.as_bytes());
    let framed = format!("\u{1}{USANCE}\u{3}\r\n   ");
    assert_eq!(parse(&framed).expect("file framing is let through").format(), framed.as_bytes());
}

#[test]
fn the_terms_of_the_credit_are_typed() {
    let credit = Mt700::from_message(&usance()).expect("an MT 700");
    let date = |y, m, d| Date::new(y, m, d).expect("a date");
    assert_eq!((credit.sequence.number, credit.sequence.total), (1, 1));
    assert_eq!(credit.form, FormOfCredit::Irrevocable);
    assert_eq!(credit.credit_number, "BJ26LC000127");
    assert_eq!(credit.applicable_rules, ApplicableRules::Ucp);
    assert_eq!(credit.date_of_issue, date(2026, 3, 2));
    assert_eq!(credit.expiry_date, date(2026, 6, 30));
    assert_eq!(credit.latest_shipment, Some(date(2026, 5, 15)));
    assert_eq!(credit.amount.to_string(), "USD 1250000.00");
    assert_eq!(credit.tolerance.map(|t| (t.plus_percent, t.minus_percent)), Some((5, 5)));
    assert_eq!(credit.available_with, AvailableWith::Bank(Bic::parse("SYNBCNBJ").expect("a BIC")));
    assert_eq!(credit.available_by, AvailableBy::DeferredPayment);
    assert_eq!(credit.deferred_payment, ["AT 90 DAYS AFTER DATE OF SHIPMENT"]);
    assert_eq!(credit.partial_shipments, Some(Permission::NotAllowed));
    assert_eq!(credit.beneficiary.account.as_deref(), Some("DE00000000000000000001"));
    assert_eq!(credit.beneficiary.name_and_address.len(), 3);
    assert_eq!(credit.goods.len(), 7);
    assert_eq!(credit.presentation_period.map(|p| p.days), Some(21));
    assert_eq!(credit.confirmation, Confirmation::Without);
    assert_eq!((credit.drafts_at.len(), credit.drawee, credit.confirming_bank), (0, None, None));
    let advise_through = credit.advise_through.expect("57A").identity;
    assert_eq!(advise_through, InstitutionIdentity::Bic(Bic::parse("SYNHDEHH").expect("a BIC")));
}

#[test]
fn the_headers_say_who_writes_to_whom() {
    let message = usance();
    assert_eq!(message.sender().map(|bic| bic.bic8().to_owned()).as_deref(), Some("SYNBCNBJ"));
    assert_eq!(message.receiver().map(|bic| bic.bic8().to_owned()).as_deref(), Some("SYNADEFF"));
    assert_eq!(message.uetr(), Some("7f3e2a10-5b64-4c8d-9e21-0a6b3c5d7e98"));
    assert_eq!(message.title(), "Issue of a Documentary Credit");

    let received = USANCE
        .replace("{1:F01SYNBCNBJAXXX0000000000}", "{1:F01SYNADEFFAXXX0042001234}")
        .replace("{2:I700SYNADEFFXXXXN}", "{2:O7001015260302SYNBCNBJAXXX00110022332603020315N}");
    let received =
        parse(&format!("{received}{{5:{{CHK:123456789ABC}}{{TNG:}}}}{{S:{{COP:P}}}}")).expect("an output");
    assert_eq!(received.sender().map(|bic| bic.bic8().to_owned()).as_deref(), Some("SYNBCNBJ"));
    assert_eq!(received.receiver().map(|bic| bic.bic8().to_owned()).as_deref(), Some("SYNADEFF"));
    let trailer = received.content().trailer.as_deref().expect("block 5");
    assert_eq!(trailer.iter().map(|entry| entry.tag.as_str()).collect::<Vec<_>>(), ["CHK", "TNG"]);
}

#[test]
fn all_faults_of_a_message_are_reported_at_once() {
    let error = parse(FAULTS).expect_err("the sample is full of faults");
    assert_eq!(
        short(&error),
        [
            ("", 1, 37, "H50"),      // country DV
            ("27", 2, 5, "T75"),     // more than eight messages
            ("40A", 3, 6, "T60"),    // no credit is revocable
            ("20", 4, 5, "T26"),     // two slashes together
            ("31C", 5, 6, "T50"),    // 30 February
            ("40E", 6, 1, "T13"),    // missing, expected before 31D
            ("50", 8, 14, "T34"),    // semicolon outside set x
            ("59", 9, 40, "T33"),    // more than 35 characters
            ("32B", 11, 17, "C03"),  // the yen has no decimals
            ("41B", 12, 1, "T13"),   // 41a has options A and D
            ("42a", 14, 1, "C90"),   // drafts without drawee
            ("41a", 14, 1, "T13"),   // 41B is not it, so it is missing
            ("42P", 15, 1, "C90"),   // deferred payment beside drafts
            ("43T", 16, 6, "T65"),   // no code word
            ("43P", 17, 1, "T13"),   // belongs before 43T
            ("44D", 19, 1, "D06"),   // beside 44C
            ("45A", 21, 1, "T13"),   // a hyphen begins the line
            ("48", 22, 5, "T34"),    // words for a number
            ("58a", 24, 1, "USAGE"), // CONFIRM, and no one to confirm
            ("57A", 24, 6, "T27"),   // seven characters
        ]
    );
    assert!(error.faults().iter().all(|fault| fault.message_type.as_deref() == Some("700")));
    assert!(error.faults().iter().all(|fault| !fault.reason.is_empty() && !fault.remedy.is_empty()));
}

/// A sample of 2003 that is public and was valid then; it is not part of the repository.
#[test]
fn the_old_public_beer_sample_is_refused_with_all_its_faults() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/fin/700_beer.fin");
    let Ok(bytes) = std::fs::read(path) else { return };
    let error = fin::parse(&bytes, StandardsRelease::Sr2025).expect_err("it is not valid by SR 2025");
    assert_eq!(short(&error), [("", 1, 37, "H50"), ("48", 28, 5, "T34"), ("58a", 30, 1, "USAGE")]);
}

#[test]
fn rules_between_fields_are_checked() {
    let deferred = ":42P:AT 90 DAYS AFTER DATE OF SHIPMENT\n";
    let table: &[(&str, &str, &[&str])] = &[
        // C1: drafts and drawee together.
        (deferred, ":42C:AT SIGHT\n:42A:SYNBCNBJ\n", &[]),
        (deferred, ":42C:AT SIGHT\n", &["C90"]),
        (deferred, ":42D:SYNTHETIC BANK\nBEIJING\n", &["C90"]),
        // C2: only one way of payment.
        (deferred, ":42M:HALF AT SIGHT\n", &[]),
        (deferred, ":42M:HALF AT SIGHT\n:42P:HALF LATER\n", &["C90"]),
        (deferred, ":42C:AT SIGHT\n:42A:SYNBCNBJ\n:42P:LATER\n", &["C90"]),
        (deferred, "", &[]),
        // C3: a latest date or a period of shipment.
        (":44C:260515\n", ":44D:IN MAY 2026\n", &[]),
        (":44C:260515\n", ":44C:260515\n:44D:IN MAY 2026\n", &["D06"]),
        // Whoever is asked to confirm is named.
        (":49:WITHOUT\n", ":49:CONFIRM\n", &["USAGE"]),
        (":49:WITHOUT\n", ":49:MAY ADD\n:58A:SYNADEFF\n", &[]),
        (":49:WITHOUT\n", ":49:WITHOUT\n:58A:SYNADEFF\n", &["USAGE"]),
    ];
    for (old, new, expected) in table {
        assert_eq!(codes(with(old, new)), *expected, "{new}");
    }
}

#[test]
fn formats_and_code_words_are_checked() {
    let table: &[(&str, &str, &[&str])] = &[
        // Amounts: a decimal comma always, a digit before it, decimals as the currency has them.
        ("USD1250000,00", "EUR100000,", &[]),
        ("USD1250000,00", "EUR0,5", &[]),
        ("USD1250000,00", "BHD1,234", &[]),
        ("USD1250000,00", "JPY1000,", &[]),
        ("USD1250000,00", "JPY1000,0", &["C03"]),
        ("USD1250000,00", "USD1,234", &["C03"]),
        ("USD1250000,00", "USD1250000", &["T43"]),
        ("USD1250000,00", "USD1250000.00", &["T43"]),
        ("USD1250000,00", "USD1,250,00", &["T43"]),
        ("USD1250000,00", "USD,50", &["T40"]),
        ("USD1250000,00", "USD12345678901234,", &[]),
        ("USD1250000,00", "USD123456789012345,", &["T43"]),
        ("USD1250000,00", "QQQ100,00", &["T52"]),
        ("USD1250000,00", "DEM100,00", &["T52"]), // withdrawn in 2002
        ("USD1250000,00", "QQQ,", &["T52", "T40"]),
        ("USD1250000,00", "USD-5,", &["T43"]),
        // References.
        (":20:BJ26LC000127", ":20:BJ/26/127", &[]),
        (":20:BJ26LC000127", ":20:/BJ26", &["T26"]),
        (":20:BJ26LC000127", ":20:BJ26/", &["T26"]),
        (":20:BJ26LC000127", ":20:BJ26LC00012700000", &["T33"]),
        (":20:BJ26LC000127", ":20:", &["T34"]),
        // Dates.
        ("260630BEIJING", "260631BEIJING", &["T50"]),
        ("260630BEIJING", "2606BEIJING", &["T50"]),
        ("260630BEIJING/CHINA", "260630", &["T34"]),
        // Rules and code words.
        ("UCP LATEST VERSION", "OTHR/ISP98", &[]),
        ("UCP LATEST VERSION", "OTHR", &[]),
        ("UCP LATEST VERSION", "EUCP LATEST VERSION/2.1", &["D81"]),
        ("UCP LATEST VERSION", "UCP 600", &["T59"]),
        ("40A:IRREVOCABLE", "40A:IRREVOCABLE TRANSFERABLE", &[]),
        ("40A:IRREVOCABLE", "40A:REVOCABLE", &["T60"]),
        ("43P:NOT ALLOWED", "43P:PROHIBITED", &["T64"]),
        ("43T:ALLOWED", "43T:allowed", &["T65"]),
        ("49:WITHOUT", "49:UNKNOWN", &["T67"]),
        ("49:WITHOUT", "49:NO", &["T34"]),
        // Availability: with a bank by its BIC, or with anyone by name.
        ("41A:SYNBCNBJ\nBY DEF PAYMENT", "41D:ANY BANK\nBY NEGOTIATION", &[]),
        ("41A:SYNBCNBJ\nBY DEF PAYMENT", "41D:A\nB\nC\nD\nBY PAYMENT", &[]),
        ("41A:SYNBCNBJ\nBY DEF PAYMENT", "41D:ANY BANK", &["T12"]),
        ("41A:SYNBCNBJ\nBY DEF PAYMENT", "41D:ANY BANK\nBY NEGOTIATIONS", &["T33"]),
        ("41A:SYNBCNBJ\nBY DEF PAYMENT", "41A:SYNBCNBJ\nBY CASH", &["T68"]),
        ("41A:SYNBCNBJ\nBY DEF PAYMENT", "41A:SYNBCNB\nBY PAYMENT", &["T27"]),
        ("41A:SYNBCNBJ\nBY DEF PAYMENT", "41A:SYNBQQBJ\nBY PAYMENT", &["T27"]),
        ("41A:SYNBCNBJ\nBY DEF PAYMENT", "41A:SYN1CNBJ\nBY PAYMENT", &["T27"]),
        // Banks, with and without an account line.
        ("57A:SYNHDEHH", "57A:/C/123\nSYNHDEHHXXX", &[]),
        ("57A:SYNHDEHH", "57A:/123\nSYNHDEHH", &[]),
        ("57A:SYNHDEHH", "57A:/CH123\nSYNHDEHH", &[]),
        ("57A:SYNHDEHH", "57A://CH123456\nSYNHDEHH", &[]),
        ("57A:SYNHDEHH", "57A:/123", &["T12"]),
        ("57A:SYNHDEHH", "57B:/123\nHAMBURG", &[]),
        ("57A:SYNHDEHH", "57B:/123", &[]),
        ("57A:SYNHDEHH", "57B:HAMBURG", &[]),
        ("57A:SYNHDEHH", "57D:SAMPLE BANK\nHAMBURG", &[]),
        ("57A:SYNHDEHH", "57C:SAMPLE BANK", &["T13"]),
        // Tolerance, presentation period, sequence of total.
        ("39A:5/5", "39A:10/0", &[]),
        ("39A:5/5", "39A:105/5", &["T33"]),
        ("39A:5/5", "39A:5", &["T12"]),
        (":48:021/AFTER DATE OF SHIPMENT", ":48:21", &[]),
        (":48:021/AFTER DATE OF SHIPMENT", ":48:21 DAYS", &["T34"]),
        (":27:1/1", ":27:1/8", &[]),
        (":27:1/1", ":27:2/2", &["T75"]),
        (":27:1/1", ":27:1/9", &["T75"]),
        // Lines: an empty one, one too many, one that would begin a field.
        (":72Z:PLEASE ADVISE THE BENEFICIARY\n", ":72Z:PLEASE\n\nADVISE\n", &["T34"]),
        (":72Z:PLEASE ADVISE THE BENEFICIARY\n", ":72Z:1\n2\n3\n4\n5\n", &["T30"]),
        (":72Z:PLEASE ADVISE THE BENEFICIARY\n", ":72Z:PLEASE\n:ADVISE\n", &["T13"]),
        (":72Z:PLEASE ADVISE THE BENEFICIARY\n", ":72Z:PLEASE\n:7Z:ADVISE\n", &["T13"]),
        (":72Z:PLEASE ADVISE THE BENEFICIARY\n", ":72Z:PLEASE\n-ADVISE\n", &["T13"]),
        (":72Z:PLEASE ADVISE THE BENEFICIARY\n", ":72Z:CAFÉ\n", &["M60"]),
        // Order, presence, repetition.
        (":31C:260302\n", "", &["T13"]),
        (":31C:260302\n", ":31C:260302\n:31C:260302\n", &["T13"]),
        (":27:1/1\n:40A:IRREVOCABLE\n", ":40A:IRREVOCABLE\n:27:1/1\n", &["T13"]),
        (":31C:260302\n", ":31C:260302\n:99Z:WHAT\n", &["T13"]),
        // Headers.
        ("{1:F01SYNBCNBJAXXX0000000000}", "", &["H01"]),
        ("{1:F01SYNBCNBJAXXX0000000000}", "{1:A21SYNBCNBJAXXX0000000000}", &["H02", "H03"]),
        ("{1:F01SYNBCNBJAXXX0000000000}", "{1:F01SYNBCNBJAXXX000000000}", &["H20"]),
        ("{2:I700SYNADEFFXXXXN}", "", &["H25"]),
        ("{2:I700SYNADEFFXXXXN}", "{2:X700SYNADEFFXXXXN}", &["H26"]),
        ("{2:I700SYNADEFFXXXXN}", "{2:I103SYNADEFFXXXXN}", &["H30"]),
        ("{2:I700SYNADEFFXXXXN}", "{2:I700SYNADEFFXXXXQ}", &["H40"]),
        ("{2:I700SYNADEFFXXXXN}", "{2:I700SYNADEFFXXXXU3003}", &[]),
        ("{108:LC2603020001}", "{108-LC2603020001}", &["U00"]),
        ("4c8d-9e21", "1c8d-9e21", &["U00"]),
        ("\n-}", "\n-}{1:F01SYNBCNBJAXXX0000000000}", &["H98"]),
        ("\n-}", "\n-} AND MORE", &["H98"]),
        ("\n-}", "\n-}{5:{CHK}}", &["Z00"]),
        ("\n-}", "", &["T13"]),
    ];
    let mut wrong = Vec::new();
    for (old, new, expected) in table {
        let result = with(old, new);
        let told = result.as_ref().err().map(ToString::to_string).unwrap_or_default();
        let found = codes(result);
        if found != *expected {
            wrong.push(format!("{old} -> {new}: {found:?} instead of {expected:?}; {told}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_message_beyond_its_bounds_is_refused_before_it_is_read() {
    let huge = USANCE.replace("+ PACKING:", &format!("+ {}PACKING:", "X".repeat(fin::MAX_INPUT_BYTES)));
    assert_eq!(codes(parse(&huge)), ["M50"]);
    let lines = USANCE.replace("+ PACKING:", &format!("{}+ PACKING:", "X\r\n".repeat(fin::MAX_FIELD_LINES)));
    assert_eq!(codes(parse(&lines)), ["T30", "M50"]);
    let fields = USANCE.replace("\n-}", &format!("\n{}-}}", ":72Z:X\r\n".repeat(fin::MAX_FIELDS)));
    assert!(codes(parse(&fields)).contains(&"M50"));
}

#[test]
fn a_message_is_as_long_as_it_was_sent_and_not_as_what_was_added_on_the_way() {
    let line = format!("{}\r\n", "X".repeat(63));
    let room = fin::MAX_MESSAGE_CHARACTERS - USANCE.trim_end().len();
    // As many whole lines as fit, and a last one that fills it up; an empty one would be a fault.
    let filler = |characters: usize| {
        let rest = characters % line.len();
        let (lines, last) = if rest < 3 {
            (characters / line.len() - 1, rest + line.len())
        } else {
            (characters / line.len(), rest)
        };
        let halves = if last > line.len() { vec![last / 2, last - last / 2] } else { vec![last] };
        let ends: String = halves.iter().map(|half| format!("{}\r\n", "X".repeat(half - 2))).collect();
        line.repeat(lines) + &ends
    };
    // In two fields, since each has 100 lines at most.
    let filled = |characters: usize| {
        let (goods, documents) = (characters / 2, characters - characters / 2);
        let text = USANCE.trim_end().replace("+ PACKING:", &format!("{}+ PACKING:", filler(goods)));
        text.replace("+ PACKING LIST", &format!("{}+ PACKING LIST", filler(documents)))
    };
    let longest = filled(room);
    assert_eq!(longest.len(), fin::MAX_MESSAGE_CHARACTERS);
    parse(&longest).expect("it fits");
    parse(&format!("{longest}{{5:{{CHK:123456789ABC}}}}")).expect("a trailer adds nothing to it");
    let over = filled(room + 1);
    assert_eq!(codes(parse(&over)), ["M50"]);
    // Line ends are counted as they are sent, whichever way they are stored.
    assert_eq!(codes(parse(&over.replace("\r\n", "\n"))), ["M50"]);
}

#[test]
fn nothing_is_a_message_that_has_no_blocks() {
    for input in
        [&b""[..], b"\r\n", b"hello", b"{", b"{4", b"{4:", b"{4:-}", b"\xff\xfe", b"{}{}", b"{1:}{2:}{4:\n-}"]
    {
        let error = fin::parse(input, StandardsRelease::Sr2025).expect_err("no message");
        assert!(!error.faults().is_empty());
    }
}

#[test]
fn the_json_of_a_message_and_of_faults_is_frozen() {
    assert_eq!(usance().to_json(), USANCE_JSON.trim_end());
    let error = parse(FAULTS).expect_err("the sample is full of faults");
    assert_eq!(serde_json::to_string_pretty(&error).expect("JSON"), FAULTS_JSON.trim_end());
}

#[test]
fn unedited_json_gives_back_the_original_bytes() {
    let message = usance();
    assert_eq!(FinMessage::from_json(&message.to_json()).expect("unedited"), message);
    let unix = parse(&USANCE.replace("\r\n", "\n")).expect("\\n is read too");
    assert_eq!(FinMessage::from_json(&unix.to_json()).expect("unedited").format(), unix.format());
}

#[test]
fn edited_json_gives_a_canonical_message() {
    let unix = parse(&USANCE.replace("\r\n", "\n")).expect("\\n is read too");
    let edited = unix.to_json().replace("\"amount\": \"1250000.00\"", "\"amount\": \"1300000.50\"");
    let message = FinMessage::from_json(&edited).expect("a valid edit");
    let expected = USANCE.replace("USD1250000,00", "USD1300000,5").replace(":48:021/", ":48:21/");
    assert_eq!(message.as_str(), expected);
}

#[test]
fn faulty_json_is_refused_with_typed_faults() {
    let json = usance().to_json();
    let table = [
        ("\"number\": 21", "\"number\": 1021", "T33"),
        ("\"BY DEF PAYMENT\"", "\"BY CASH\"", "T68"),
        ("\"BJ26LC000127\"", "\"BJ26\\r\\n:23:SMUGGLED\"", "T13"),
        ("\"SYNBCNBJAXXX\"", "\"SYNBCNBJAXXX}{9\"", "H98"),
        ("\"TIANJIN, CHINA\"", "\"TIANJIN\\nCHINA\"", "JSON"),
        ("\"tag\": \"32B\"", "\"tag\": \"32C\"", "JSON"),
        ("\"name\": \"place\"", "\"name\": \"plaice\"", "JSON"),
        ("\"components\"", "\"component\"", "JSON"),
        ("\"1250000.00\"", "1250000.00", "JSON"),
        ("{", "", "JSON"),
    ];
    for (old, new, code) in table {
        let edited = json.replacen(old, new, usize::from(old == "{").max(1));
        assert_ne!(edited, json, "{old}");
        let error = FinMessage::from_json(&edited).expect_err(new);
        assert!(error.faults().iter().any(|fault| fault.code.as_str() == code), "{new}: {error}");
    }
}

#[test]
fn content_alone_builds_the_same_message() {
    let message = usance();
    let built = message.content().build().expect("valid content");
    assert_eq!(built.content(), message.content());
    assert_eq!(parse(built.as_str()).expect("canonical text"), built);
}

#[test]
fn a_text_cannot_break_out_of_its_field() {
    let bank = Bic::parse("SYNBCNBJ").expect("a BIC");
    let continuation =
        || MessageBuilder::new(StandardsRelease::Sr2025, "701", &bank, &bank).field("27", "2/2");
    assert!(continuation().field("20", "A").field("45A", "TEA\nCHINA").build().is_ok());
    for text in ["TEA\n:46A:+ NO DOCUMENTS", "TEA\r\n-}{5:{CHK:123456789ABC}}", "TEA\n-}{4:\n:27:2/2"] {
        assert!(continuation().field("20", "A").field("45A", text).build().is_err(), "{text}");
    }
}

#[test]
fn a_continuation_is_never_the_first_message_nor_beyond_the_total() {
    let bank = Bic::parse("SYNBCNBJ").expect("a BIC");
    for (sequence, expected) in [("2/2", 0), ("8/8", 0), ("1/2", 1), ("3/2", 1), ("2/9", 1)] {
        let builder = MessageBuilder::new(StandardsRelease::Sr2025, "701", &bank, &bank);
        let built = builder.field("27", sequence).field("20", "LC1").build();
        assert_eq!(codes(built).len(), expected, "{sequence}");
    }
}

#[test]
fn only_an_mt_700_is_read_as_one() {
    let bank = Bic::parse("SYNBCNBJ").expect("a BIC");
    let builder = MessageBuilder::new(StandardsRelease::Sr2025, "701", &bank, &bank);
    let continuation = builder.field("27", "2/2").field("20", "LC1").build().expect("an MT 701");
    let error = Mt700::from_message(&continuation).expect_err("not an MT 700");
    assert_eq!(error.faults().first().map(|fault| fault.code), Some(FaultCode::H30));
}

#[test]
fn fields_are_found_by_tag_and_by_name_of_the_standard() {
    let message = usance();
    assert_eq!(message.field("41a").map(|field| field.tag.as_str()), Some("41A"));
    assert!(message.field("42a").is_none(), "42P is no option of the drawee");
    let place = message.field("31D").and_then(|field| field.component("place"));
    assert_eq!(place, Some(&Value::Text("BEIJING/CHINA".to_owned())));
    assert_eq!(message.field("32B").map(|field| field.name.as_str()), Some("Currency Code, Amount"));
}

#[test]
fn every_code_has_a_meaning_and_its_own_spelling() {
    let mut spellings: Vec<&str> = FaultCode::ALL.iter().map(|code| code.as_str()).collect();
    assert!(FaultCode::ALL.iter().all(|code| !code.meaning().is_empty()));
    spellings.sort_unstable();
    spellings.dedup();
    assert_eq!(spellings.len(), FaultCode::ALL.len());
}
