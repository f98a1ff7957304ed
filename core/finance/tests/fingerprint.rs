//! What a human calls the same document has the same canonical bytes, and what is another has others.
//!
//! `ALLONGE_UPDATE_VECTORS=1` writes `tests/vectors/canonical_fingerprints.json` anew.

#![allow(clippy::unwrap_used)] // Helpers of tests stand outside test functions.

use std::collections::{BTreeMap, BTreeSet};

use allonge_finance::*;
use proptest::prelude::*;
use serde_json::{Value, json};

const SELLER: &str = "91350100M000100Y43";
const BUYER: &str = "5493002ERZU2K9PZDL40";

fn usd(amount: &str) -> Money {
    Money::parse(amount, Currency::parse("USD").unwrap()).unwrap()
}

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn named(country: &str, name: &str) -> Company {
    Company::Named { country: CountryCode::parse(country).unwrap(), name: name.into() }
}

fn line(description: &str, quantity: &str, unit: &str) -> LineItem {
    LineItem { description: description.into(), quantity: quantity.into(), unit: unit.into(), amount: None }
}

fn invoice() -> TradeDocument {
    TradeDocument {
        unique: Some(UniqueNumber::DigitalInvoice { number: "25112000000012345678".into() }),
        seller: Some(Company::Uscc(Uscc::parse(SELLER).unwrap())),
        buyer: Some(Company::Lei(Lei::parse(BUYER).unwrap())),
        number: Some("INV-2026/0815".into()),
        issued: Some(date("2026-03-02")),
        due: Some(date("2026-06-01")),
        amount: Some(usd("5000.00")),
        goods: Some(Goods {
            lines: vec![line("Cotton yarn 32S", "1000", "KG"), line("Cotton yarn 40S", "500", "KG")],
            bill_of_lading: Some("MAEU 123456789".into()),
        }),
        text: None,
    }
}

/// The text of an invoice on a form, as an extraction gives it.
fn text(number: u32) -> String {
    format!(
        "COMMERCIAL INVOICE No. INV-{number} Date 2026-03-02. Seller: Fuzhou Cotton Mills Co., Ltd., 12 Harbour Road, \
         Fuzhou, Fujian. Buyer: Hansa Textile GmbH, Speicherstrasse 4, 20457 Hamburg. Terms of delivery CIF Hamburg, \
         Incoterms 2020. Payment 90 days after the date of the bill of lading by transfer to account 3500 1234 5678 at \
         the bank named below. 1,000 kg cotton yarn 32S at USD 3.20, USD 3,200.00. 500 kg cotton yarn 40S at USD 3.60, \
         USD 1,800.00. Total USD 5,000.00, say five thousand United States dollars only. Country of origin China. \
         Packed in cartons of 25 kg, marks HT/{number}/1-60. We certify that this invoice is true and correct."
    )
}

fn inputs(document: &TradeDocument) -> FingerprintInputs {
    document.inputs().unwrap()
}

fn hex(input: &FingerprintInput) -> String {
    input.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Every tier and every kind of unique number, in spellings that want work.
fn published() -> Vec<(&'static str, TradeDocument)> {
    let unique = |unique| TradeDocument { unique: Some(unique), ..TradeDocument::default() };
    let sold = |country: &str, seller: &str, buyer: &str| TradeDocument {
        unique: None,
        seller: Some(named(country, seller)),
        buyer: Some(named(country, buyer)),
        goods: None,
        ..invoice()
    };
    vec![
        ("an invoice with everything", TradeDocument { text: Some(text(8_150_001)), ..invoice() }),
        (
            "a digital invoice",
            unique(UniqueNumber::DigitalInvoice { number: "２５１１ 2000 0000 1234 5678".into() }),
        ),
        (
            "an invoice of before",
            unique(UniqueNumber::Invoice {
                code: "3500-184-320".into(),
                number: "1234 5678".into(),
                issued: date("2021-07-31"),
            }),
        ),
        (
            "a customs declaration",
            unique(UniqueNumber::CustomsDeclaration { number: "310120260000123456".into() }),
        ),
        (
            "a bill of lading",
            unique(UniqueNumber::BillOfLading {
                number: "maeu-0123 4567".into(),
                carrier: "Maersk A/S".into(),
            }),
        ),
        (
            "a warehouse receipt",
            unique(UniqueNumber::WarehouseReceipt {
                number: "仓单〔2026〕第0815号".into(),
                issuer: "上海（远东）仓储有限公司".into(),
            }),
        ),
        ("a bill", unique(UniqueNumber::Bill { package: "5".repeat(30), first: 1, last: 1_000_000 })),
        (
            "a letter of credit",
            unique(UniqueNumber::LetterOfCredit {
                number: "LC/2026/0001".into(),
                issuing_bank: Bic::parse("DEUTDEFF500").unwrap(),
            }),
        ),
        ("named companies", sold("DE", "Müller & Söhne G.m.b.H. & Co. KG", "Großhandel Weiß AG")),
        ("named in Chinese", sold("CN", "福州棉纺股份有限公司", "北京ＡＢＣ科技（集团）有限责任公司")),
        ("named in Japanese", sold("JP", "㈱ﾆｯﾎﾟﾝ商会", "株式会社東芝")),
        ("named in Cyrillic", sold("RU", "ООО «Ромашка»", "ЗАО Восток")),
        ("zeros before a number", TradeDocument { number: Some("000815".into()), ..invoice() }),
        ("a number of zeros", TradeDocument { number: Some("000".into()), ..invoice() }),
        (
            "an amount in yen",
            TradeDocument {
                amount: Some(Money::parse("123456", Currency::parse("JPY").unwrap()).unwrap()),
                ..invoice()
            },
        ),
    ]
}

#[test]
fn canonical_bytes_are_as_published() {
    let rows = published().into_iter().map(|(name, document)| {
        let inputs = inputs(&document);
        let list = |inputs: &mut dyn Iterator<Item = &FingerprintInput>| inputs.map(hex).collect::<Vec<_>>();
        let tiers = [
            ("e1", list(&mut inputs.e1.iter())),
            ("e2", list(&mut inputs.e2.iter())),
            ("e3", list(&mut inputs.e3.iter())),
            ("p1", list(&mut inputs.p1.iter())),
            ("p2", list(&mut inputs.p2.iter())),
            ("p3", list(&mut inputs.p3.iter())),
            ("p4", list(&mut inputs.p4.iter())),
        ];
        let tiers = tiers.into_iter().filter(|(_, all)| !all.is_empty()).collect::<BTreeMap<_, _>>();
        // The document is read back from its JSON, too.
        let json = serde_json::to_value(&document).unwrap();
        assert_eq!(serde_json::from_value::<TradeDocument>(json.clone()).unwrap(), document);
        json!({ "name": name, "document": json, "inputs": tiers })
    });
    let made = json!({ "domain": FINGERPRINT_DOMAIN, "documents": rows.collect::<Vec<_>>() });
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/canonical_fingerprints.json");
    if std::env::var_os("ALLONGE_UPDATE_VECTORS").is_some() {
        std::fs::write(path, serde_json::to_string_pretty(&made).unwrap() + "\n").unwrap();
    }
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(made, kept);
}

#[test]
fn a_document_that_says_everything_has_twenty_six_inputs_each_of_its_own() {
    let all = inputs(&TradeDocument { text: Some(text(8_150_001)), ..invoice() });
    assert_eq!(all.len(), 26);
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 26);
    assert_eq!((all.p1.len(), all.p3.len(), all.p4.len()), (4, 2, TEXT_BANDS));
    assert!(inputs(&TradeDocument::default()).is_empty());
}

#[test]
fn a_number_is_the_same_however_it_is_written() {
    let number = |text: &str| inputs(&TradeDocument { number: Some(text.into()), ..invoice() }).e2;
    let same = [
        "inv-2026/0815",
        "INV 2026 0815",
        "ＩＮＶ－２０２６／０８１５",
        " Inv. 2026_0815\u{200b}",
        "ΙΝV-2026/0815",
    ];
    for text in same {
        assert_eq!(number(text), number("INV-2026/0815"), "{text}");
    }
    assert_eq!(number("000815"), number("815"));
    for text in ["INV-2026/0816", "INV-2026/815", "INV-2026/08150", "2026/0815", "INV-2026/O815"] {
        assert_ne!(number(text), number("INV-2026/0815"), "{text}");
    }
}

#[test]
fn a_name_is_the_same_with_and_without_its_legal_form() {
    let buyer = |country: &str, name: &str| {
        inputs(&TradeDocument { buyer: Some(named(country, name)), ..invoice() }).e3.unwrap()
    };
    let table: &[(&str, &[&str])] = &[
        (
            "CN",
            &[
                "福州棉纺有限公司",
                "福州棉纺有限责任公司",
                "福州棉纺 有限公司",
                "福州棉纺",
                "福州棉纺股份有限公司",
            ],
        ),
        ("CN", &["上海（远东）贸易有限公司", "上海(远东)贸易有限公司", "上海远东贸易"]),
        ("JP", &["株式会社東芝", "東芝株式会社", "㈱東芝", "東芝㍿"]),
        (
            "DE",
            &[
                "Hansa Textile GmbH",
                "HANSA TEXTILE G.m.b.H.",
                "Hansa  Textile GmbH & Co. KG",
                "hansa-textile",
            ],
        ),
        (
            "US",
            &[
                "Smith & Sons, Inc.",
                "SMITH AND SONS INCORPORATED",
                "Smith & Sons Co., Ltd",
                "Smith & Sons CO.LTD.",
            ],
        ),
        ("ES", &["Vinos del Rio S.A.", "VINOS DEL RIO SA", "Vinos del Rio, S/A"]),
        ("IN", &["Tara Exports Pvt. Ltd.", "TARA EXPORTS PRIVATE LIMITED"]),
        ("ID", &["PT. Astra Jaya Tbk", "PT Astra Jaya", "Astra Jaya"]),
        ("IE", &["O'Neil Ltd", "ONeil Limited", "O\u{2019}NEIL LTD."]),
    ];
    for (country, names) in table {
        for name in *names {
            assert_eq!(buyer(country, name), buyer(country, names[0]), "{name}");
        }
    }
    for (one, other) in [
        ("福州棉纺有限公司", "福州棉纺集团有限公司"),
        ("福州棉纺有限公司", "福州棉纺有限公司北京分公司"),
        ("Hansa Textile GmbH", "Hansa Textiles GmbH"),
        ("Hansa GmbH", "Hansa Holding GmbH"),
        ("Texaco Ltd", "Texa Co Ltd"),
    ] {
        assert_ne!(buyer("CN", one), buyer("CN", other), "{one}");
    }
    assert_ne!(buyer("CN", "Hansa"), buyer("DE", "Hansa"));
    // A name that is nothing but a form keeps it.
    assert_ne!(buyer("US", "Limited"), buyer("US", "Company"));
}

#[test]
fn dates_at_most_three_days_apart_share_a_window_and_others_none() {
    let windows = |days: i32| {
        let issued = date("2026-02-27").plus_days(days);
        inputs(&TradeDocument { issued, ..invoice() }).p1.into_iter().collect::<BTreeSet<_>>()
    };
    for apart in -8..=8_i32 {
        for from in 0..4 {
            let share = !windows(from).is_disjoint(&windows(from + apart));
            assert_eq!(share, apart.abs() <= WINDOW_DAYS, "{apart} days apart");
        }
    }
}

#[test]
fn each_part_of_a_tier_tells_documents_apart() {
    let other = |change: &dyn Fn(&mut TradeDocument)| {
        let mut document = invoice();
        change(&mut document);
        inputs(&document)
    };
    let of = inputs(&invoice());
    let seller = other(&|d| d.seller = Some(Company::Lei(Lei::parse(BUYER).unwrap())));
    let issued = other(&|d| d.issued = Some(date("2026-03-10")));
    let due = other(&|d| d.due = Some(date("2026-06-02")));
    let amount = other(&|d| d.amount = Some(usd("5000.01")));
    let currency =
        other(&|d| d.amount = Some(Money::parse("5000.00", Currency::parse("EUR").unwrap()).unwrap()));
    let buyer = other(&|d| d.buyer = Some(named("DE", "Hansa")));
    assert!([&seller, &issued].iter().all(|other| other.e2 != of.e2 && other.e1 == of.e1));
    assert!([&seller, &issued, &amount, &currency, &buyer].iter().all(|other| other.e3 != of.e3));
    assert!([&amount, &currency, &buyer, &due].iter().all(|other| other.e2 == of.e2));
    for other in [&seller, &issued, &amount, &currency, &buyer] {
        assert!(other.p1.iter().all(|window| !of.p1.contains(window)));
    }
    assert!([&seller, &amount, &currency, &due].iter().all(|other| other.p2 != of.p2));
    assert!([&issued, &buyer].iter().all(|other| other.p2 == of.p2));
}

#[test]
fn a_seller_without_a_code_is_in_no_exact_tier_of_its_own_number() {
    let document = TradeDocument { seller: Some(named("VN", "Hanoi Cotton JSC")), ..invoice() };
    let all = inputs(&document);
    assert!(all.e1.is_some() && all.e2.is_none() && all.e3.is_none());
    assert_eq!((all.p1.len(), all.p2.is_some()), (4, true));
}

#[test]
fn goods_are_recognised_under_another_number_and_in_another_order() {
    let of = inputs(&invoice()).p3;
    let goods = |lines: Vec<LineItem>, bill: &str| {
        let goods = Goods { lines, bill_of_lading: Some(bill.into()) };
        inputs(&TradeDocument { number: Some("X-1".into()), goods: Some(goods), ..invoice() }).p3
    };
    let (yarn, finer) =
        (line("COTTON YARN, 32S", "1000.000", "kg"), line("cotton yarn 40s", "0500.0", "Kg."));
    assert_eq!(goods(vec![finer.clone(), yarn.clone()], "MAEU123456789"), of);
    // Another bill of lading, the same lines.
    assert_eq!(goods(vec![yarn.clone(), finer.clone()], "MAEU123456780")[0], of[0]);
    assert_ne!(goods(vec![yarn.clone(), finer.clone()], "MAEU123456780")[1], of[1]);
    // The amounts of lines are in one of the two.
    let dearer = LineItem { amount: Some(usd("3200.00")), ..yarn.clone() };
    assert_ne!(goods(vec![dearer.clone(), finer.clone()], "MAEU123456789")[0], of[0]);
    assert_eq!(goods(vec![dearer, finer.clone()], "MAEU123456789")[1], of[1]);
    for lines in [
        vec![yarn.clone()],
        vec![yarn.clone(), yarn.clone(), finer.clone()],
        vec![line("Cotton yarn 32S", "1000.1", "KG"), finer],
    ] {
        assert_ne!(goods(lines, "MAEU123456789")[0], of[0]);
    }
}

#[test]
fn a_text_with_another_number_shares_bands_and_another_text_does_not() {
    let bands = |text: String| inputs(&TradeDocument { text: Some(text), ..TradeDocument::default() }).p4;
    let shared = |one: &[FingerprintInput], other: &[FingerprintInput]| {
        one.iter().zip(other).filter(|(one, other)| one == other).count()
    };
    let of = bands(text(8_150_001));
    assert_eq!(bands(text(8_150_001).to_lowercase().replace(' ', "\n")), of);
    // A copy under another number, of which nothing else was changed.
    assert!(shared(&of, &bands(text(8_150_777))) > 0);
    let other =
        text(8_150_777).replace("cotton", "woollen").replace("Hamburg", "Antwerp").replace("500", "730");
    let other = other.replace("Hansa Textile GmbH", "Scheldt Weaving NV").replace("Speicherstrasse", "Kaai");
    assert_eq!(shared(&of, &bands(other)), 0);
}

#[test]
fn what_cannot_be_canonical_is_refused_with_what_to_do() {
    use FingerprintInputError::*;
    let unique =
        |unique| TradeDocument { unique: Some(unique), ..TradeDocument::default() }.inputs().unwrap_err();
    let digital = |number: &str| unique(UniqueNumber::DigitalInvoice { number: number.into() });
    for number in
        ["2511200000001234567", "251120000000123456789", "2511200000001234567A", "", "٢٥١١٢٠٠٠٠٠٠٠١٢٣٤٥٦٧٨"]
    {
        assert!(matches!(digital(number), Digits { digits: "20", .. }), "{number}");
    }
    let bill = |first, last| unique(UniqueNumber::Bill { package: "1".repeat(30), first, last });
    assert_eq!((bill(0, 1), bill(2, 1)), (Range, Range));
    let refused = |document: TradeDocument| document.inputs().unwrap_err();
    let number = |text: &str| refused(TradeDocument { number: Some(text.into()), ..invoice() });
    assert_eq!(number(" -- "), Empty("number"));
    assert_eq!(number(&"9".repeat(513)), TooLong { field: "number", limit: 512 });
    assert_eq!(refused(TradeDocument { amount: Some(usd("0.00")), ..invoice() }), Amount);
    assert_eq!(refused(TradeDocument { text: Some("PAID ".repeat(30)), ..invoice() }), TextTooShort);
    let long = "A".repeat(MAX_TEXT_BYTES + 1);
    assert!(matches!(
        refused(TradeDocument { text: Some(long), ..invoice() }),
        TooLong { field: "text", .. }
    ));
    let goods =
        |lines| refused(TradeDocument { goods: Some(Goods { lines, bill_of_lading: None }), ..invoice() });
    assert_eq!(goods(vec![]), Lines(0));
    assert_eq!(goods(vec![line("A", "1", "B"); MAX_LINE_ITEMS + 1]), Lines(1_001));
    for quantity in ["", "0", "0.00", "-1", "1,000", "1.", ".5", "1e3", "1.2.3"] {
        assert_eq!(goods(vec![line("A", quantity, "B")]), Quantity("quantity of a line"), "{quantity}");
    }
}

#[test]
fn a_bill_of_lading_hangs_on_the_carrier_and_a_credit_on_the_bank_and_not_its_branch() {
    let of = |unique| inputs(&TradeDocument { unique: Some(unique), ..TradeDocument::default() }).e1.unwrap();
    let bill = |number: &str, carrier: &str| {
        of(UniqueNumber::BillOfLading { number: number.into(), carrier: carrier.into() })
    };
    assert_eq!(bill("MAEU-1234", "Maersk A/S"), bill("maeu 1234", "MAERSK"));
    assert_ne!(bill("MAEU1234", "Maersk"), bill("MAEU1234", "Cosco"));
    let credit = |bank: &str| {
        of(UniqueNumber::LetterOfCredit { number: "LC/1".into(), issuing_bank: Bic::parse(bank).unwrap() })
    };
    assert_eq!(credit("DEUTDEFF"), credit("DEUTDEFF500"));
    assert_ne!(credit("DEUTDEFF"), credit("DEUTDEBB"));
    let receipt = UniqueNumber::WarehouseReceipt { number: "MAEU1234".into(), issuer: "Maersk".into() };
    assert_ne!(of(receipt), bill("MAEU1234", "Maersk"));
}

/// What a human does not see as a difference: case, width, spaces and punctuation.
fn respelt(text: &str, choices: &[u8]) -> String {
    let mut written = String::new();
    for (c, choice) in text.chars().zip(choices.iter().cycle()) {
        if choice & 1 == 1 {
            written.push([' ', '-', '.', '/', '\u{3000}', '\u{a0}'][usize::from(choice >> 1) % 6]);
        }
        let wide = c.is_ascii_graphic().then(|| char::from_u32(u32::from(c) + 0xfee0)).flatten();
        match (choice >> 4) % 3 {
            0 => written.extend(c.to_lowercase()),
            1 => written.extend(wide.or(Some(c))),
            _ => written.push(c),
        }
    }
    written
}

proptest! {
    #[test]
    fn any_spelling_of_a_number_gives_the_same_bytes(
        number in "[A-Z0-9]{1,24}",
        choices in proptest::collection::vec(any::<u8>(), 1..24),
    ) {
        let of = |text: String| TradeDocument { number: Some(text), ..invoice() }.inputs().unwrap().e2;
        prop_assert_eq!(of(respelt(&number, &choices)), of(number));
    }

    #[test]
    fn other_numbers_give_other_bytes(one in "[A-Z1-9][A-Z0-9]{0,12}", other in "[A-Z1-9][A-Z0-9]{0,12}") {
        prop_assume!(one != other);
        let of = |text: String| TradeDocument { number: Some(text), ..invoice() }.inputs().unwrap();
        let (one, other) = (of(one), of(other));
        prop_assert!(one.e2 != other.e2 && one.e3 != other.e3);
    }

    #[test]
    fn any_text_is_read_or_refused_and_what_is_canonical_stays(text in "\\PC{0,60}") {
        let of = |name: &str| TradeDocument {
            unique: Some(UniqueNumber::BillOfLading { number: "1".into(), carrier: name.into() }),
            number: Some(name.into()),
            ..invoice()
        }.inputs();
        if let Ok(inputs) = of(&text) {
            prop_assert!(inputs.e1.is_some() && inputs.e2.is_some());
            prop_assert_eq!(of(&text.to_uppercase()).map(|again| again.e2), Ok(inputs.e2));
        }
    }

    #[test]
    fn parts_do_not_run_into_each_other(one in "[1-9]{1,8}", other in "[1-9]{1,8}") {
        // The ends of a number and a name can be moved from one to the other; the bytes still differ.
        let of = |number: &str, carrier: &str| TradeDocument {
            unique: Some(UniqueNumber::BillOfLading { number: number.into(), carrier: carrier.into() }),
            ..TradeDocument::default()
        }.inputs().unwrap().e1;
        let moved = format!("{one}{}", &other[..1]);
        prop_assert_ne!(of(&one, &format!("{other}X")), of(&moved, &format!("{}X", &other[1..])));
    }
}
