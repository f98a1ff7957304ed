//! SWIFT Standards Release 2025: MT 700 and its continuation, MT 701.
//!
//! Order, presence, options, names and formats: facts of SRU 2025 as tabulated from Prowide Core's classes
//! (Apache-2.0). Code words and their fault codes (T59, T60, T64, T65, T67, T68): a published field list of
//! SR 2025, which also calls 51a "Applicant Bank" and gives 23 as 16x (the tabulation has a class of its own for
//! it). Code words of 40E, D81 and T75: recalled. The words are ours.

use super::Presence::{Mandatory, Optional};
use super::{Check, Condition, FieldOption, FieldRow, MessageTable, Presence, Relation, Rule, Sequence};
use crate::fin::fault::{Certainty, FaultCode};

pub(super) static MESSAGES: &[&MessageTable] = &[&MT700, &MT701];

static MT700: MessageTable = MessageTable {
    message_type: "700",
    title: "Issue of a Documentary Credit",
    sequences: &[Sequence {
        name: "",
        presence: Mandatory,
        fields: &[
            row("27", "Sequence of Total", Mandatory, &[&F27_FIRST]),
            row("40A", "Form of Documentary Credit", Mandatory, &[&F40A]),
            row("20", "Documentary Credit Number", Mandatory, &[&F20]),
            row("23", "Reference to Pre-Advice", Optional, &[&F23]),
            row("31C", "Date of Issue", Mandatory, &[&F31C]),
            row("40E", "Applicable Rules", Mandatory, &[&F40E]),
            row("31D", "Date and Place of Expiry", Mandatory, &[&F31D]),
            row("51a", "Applicant Bank", Optional, &[&F51A, &F51D]),
            row("50", "Applicant", Mandatory, &[&F50]),
            row("59", "Beneficiary", Mandatory, &[&F59]),
            row("32B", "Currency Code, Amount", Mandatory, &[&F32B]),
            row("39A", "Percentage Credit Amount Tolerance", Optional, &[&F39A]),
            row("39C", "Additional Amounts Covered", Optional, &[&F39C]),
            row("41a", "Available With ... By ...", Mandatory, &[&F41A, &F41D]),
            row("42C", "Drafts at ...", Optional, &[&F42C]),
            row("42a", "Drawee", Optional, &[&F42A, &F42D]),
            row("42M", "Mixed Payment Details", Optional, &[&F42M]),
            row("42P", "Negotiation/Deferred Payment Details", Optional, &[&F42P]),
            row("43P", "Partial Shipments", Optional, &[&F43P]),
            row("43T", "Transhipment", Optional, &[&F43T]),
            row("44A", "Place of Taking in Charge/Dispatch from .../Place of Receipt", Optional, &[&F44A]),
            row("44E", "Port of Loading/Airport of Departure", Optional, &[&F44E]),
            row("44F", "Port of Discharge/Airport of Destination", Optional, &[&F44F]),
            row(
                "44B",
                "Place of Final Destination/For Transportation to .../Place of Delivery",
                Optional,
                &[&F44B],
            ),
            row("44C", "Latest Date of Shipment", Optional, &[&F44C]),
            row("44D", "Shipment Period", Optional, &[&F44D]),
            row("45A", "Description of Goods and/or Services", Optional, &[&F45A]),
            row("46A", "Documents Required", Optional, &[&F46A]),
            row("47A", "Additional Conditions", Optional, &[&F47A]),
            row("49G", "Special Payment Conditions for Beneficiary", Optional, &[&F49G]),
            row("49H", "Special Payment Conditions for Bank Only", Optional, &[&F49H]),
            row("71D", "Charges", Optional, &[&F71D]),
            row("48", "Period for Presentation in Days", Optional, &[&F48]),
            row("49", "Confirmation Instructions", Mandatory, &[&F49]),
            row("58a", "Requested Confirmation Party", Optional, &[&F58A, &F58D]),
            row("53a", "Reimbursing Bank", Optional, &[&F53A, &F53D]),
            row("78", "Instructions to the Paying/Accepting/Negotiating Bank", Optional, &[&F78]),
            row("57a", "'Advise Through' Bank", Optional, &[&F57A, &F57B, &F57D]),
            row("72Z", "Sender to Receiver Information", Optional, &[&F72Z]),
        ],
    }],
    rules: &[
        Rule {
            name: "C1",
            code: FaultCode::C90,
            certainty: Certainty::Checked,
            relation: Relation::BothOrNeither("42C", "42a"),
        },
        Rule {
            name: "C2",
            code: FaultCode::C90,
            certainty: Certainty::Checked,
            relation: Relation::OneGroupOnly(&[&["42C", "42a"], &["42M"], &["42P"]]),
        },
        Rule {
            name: "C3",
            code: FaultCode::D06,
            certainty: Certainty::Checked,
            relation: Relation::OneGroupOnly(&[&["44C"], &["44D"]]),
        },
        // The standard says this as a usage rule of 58a (published for MT 710 and 707, same field): no NAK.
        Rule {
            name: "58a usage",
            code: FaultCode::Usage,
            certainty: Certainty::Checked,
            relation: Relation::RequiredWhen(
                Condition { tag: "49", component: "instruction", codes: &["CONFIRM", "MAY ADD"] },
                "58a",
            ),
        },
        // The converse is by analogy with MT 760 C9 (C20) [M].
        Rule {
            name: "58a usage",
            code: FaultCode::Usage,
            certainty: Certainty::Recalled,
            relation: Relation::ForbiddenWhen(
                Condition { tag: "49", component: "instruction", codes: &["WITHOUT"] },
                "58a",
            ),
        },
    ],
};

static MT701: MessageTable = MessageTable {
    message_type: "701",
    title: "Issue of a Documentary Credit (continuation)",
    sequences: &[Sequence {
        name: "",
        presence: Mandatory,
        fields: &[
            row("27", "Sequence of Total", Mandatory, &[&F27_NEXT]),
            row("20", "Documentary Credit Number", Mandatory, &[&F20]),
            row("45A", "Description of Goods and/or Services", Optional, &[&F45A]),
            row("46A", "Documents Required", Optional, &[&F46A]),
            row("47A", "Additional Conditions", Optional, &[&F47A]),
            row("49G", "Special Payment Conditions for Beneficiary", Optional, &[&F49G]),
            row("49H", "Special Payment Conditions for Bank Only", Optional, &[&F49H]),
        ],
    }],
    rules: &[],
};

const fn row(
    tag: &'static str,
    name: &'static str,
    presence: Presence,
    options: &'static [&'static FieldOption],
) -> FieldRow {
    FieldRow { tag, name, presence, repeats: false, options }
}

const fn option(
    tag: &'static str,
    format: &'static str,
    components: &'static [&'static str],
    example: &'static str,
) -> FieldOption {
    FieldOption { tag, format, components, checks: &[], example }
}

const fn checked(option: FieldOption, checks: &'static [Check]) -> FieldOption {
    FieldOption { checks, ..option }
}

const fn one_of(component: &'static str, codes: &'static [&'static str], code: FaultCode) -> Check {
    Check::OneOf { component, codes, code }
}

// The parts that many fields share.
const BANK_A: &str = "[[/<DC>][/34x]$]<BIC>";
const BANK_B: &str = "[[/<DC>][/34x]$][35x]";
const BANK_D: &str = "[[/<DC>][/34x]$]35x[$35x]0-3";
const FOUR_LINES: &str = "35x[$35x]0-3";
const SIX_LINES: &str = "35z[$35z]0-5";
const NARRATIVE: &str = "65z[$65z]0-99";

const BY_BIC: &[&str] = &["debit_credit_mark", "account", "bic"];
const BY_LOCATION: &[&str] = &["debit_credit_mark", "account", "location"];
const BY_NAME: &[&str] = &["debit_credit_mark", "account", "name_and_address"];
const LINES: &[&str] = &["lines"];

const A_BANK: &str = "SYNADEFF";
const A_NAME: &str = "SAMPLE BANK AG\nFRANKFURT";

const fn bank_a(tag: &'static str) -> FieldOption {
    option(tag, BANK_A, BY_BIC, A_BANK)
}

const fn bank_d(tag: &'static str) -> FieldOption {
    option(tag, BANK_D, BY_NAME, A_NAME)
}

const REFERENCE: &[Check] = &[Check::Reference { component: "reference" }];
const SEQUENCE: &[&str] = &["number", "total"];
const SHIPMENT_CODES: &[&str] = &["ALLOWED", "CONDITIONAL", "NOT ALLOWED"];
const AVAILABLE_BY: &[Check] = &[one_of(
    "code",
    &["BY ACCEPTANCE", "BY DEF PAYMENT", "BY MIXED PYMT", "BY NEGOTIATION", "BY PAYMENT"],
    FaultCode::T68,
)];

/// MT 700 is always the first of one to eight messages.
static F27_FIRST: FieldOption = checked(
    option("27", "1n/1n", SEQUENCE, "1/1"),
    &[
        Check::Within { component: "number", min: 1, max: 1, code: FaultCode::T75 },
        Check::Within { component: "total", min: 1, max: 8, code: FaultCode::T75 },
    ],
);
/// MT 701 is never the first, and never beyond the total.
static F27_NEXT: FieldOption = checked(
    option("27", "1n/1n", SEQUENCE, "2/2"),
    &[
        Check::Within { component: "number", min: 2, max: 8, code: FaultCode::T75 },
        Check::Within { component: "total", min: 2, max: 8, code: FaultCode::T75 },
        Check::NotAbove { component: "number", limit: "total", code: FaultCode::T75 },
    ],
);
static F20: FieldOption = checked(option("20", "16x", &["reference"], "LC26030001"), REFERENCE);
static F23: FieldOption = checked(option("23", "16x", &["reference"], "PREADV/260301"), REFERENCE);
static F31C: FieldOption = option("31C", "<DATE2>", &["date"], "260302");
static F31D: FieldOption = option("31D", "<DATE2>29x", &["expiry_date", "place"], "260630BEIJING");
static F32B: FieldOption = option("32B", "<CUR><AMOUNT>15", &["amount"], "USD100000,");
static F39A: FieldOption = option("39A", "2n/2n", &["plus_percent", "minus_percent"], "5/5");
static F39C: FieldOption = option("39C", FOUR_LINES, LINES, "FREIGHT AND INSURANCE");
static F40A: FieldOption = checked(
    option("40A", "24x", &["form"], "IRREVOCABLE"),
    &[one_of("form", &["IRREVOCABLE", "IRREVOCABLE TRANSFERABLE"], FaultCode::T60)],
);
static F40E: FieldOption = checked(
    option("40E", "30x[/35x]", &["rules", "narrative"], "UCP LATEST VERSION"),
    &[
        one_of(
            "rules",
            &[
                "UCP LATEST VERSION",
                "EUCP LATEST VERSION",
                "UCPURR LATEST VERSION",
                "EUCPURR LATEST VERSION",
                "OTHR",
            ],
            FaultCode::T59,
        ),
        Check::OnlyBeside {
            component: "narrative",
            beside: "rules",
            code_word: "OTHR",
            code: FaultCode::D81,
        },
    ],
);
static F41A: FieldOption =
    checked(option("41A", "<BIC>$14x", &["bic", "code"], "SYNADEFF\nBY PAYMENT"), AVAILABLE_BY);
static F41D: FieldOption = checked(
    option("41D", "35x[$35x]0-3$14x", &["name_and_address", "code"], "ANY BANK\nBY NEGOTIATION"),
    AVAILABLE_BY,
);
static F42A: FieldOption = bank_a("42A");
static F42C: FieldOption = option("42C", "35x[$35x]0-2", LINES, "AT SIGHT");
static F42D: FieldOption = bank_d("42D");
static F42M: FieldOption = option("42M", FOUR_LINES, LINES, "50 PCT AT SIGHT");
static F42P: FieldOption = option("42P", FOUR_LINES, LINES, "AT 90 DAYS AFTER DATE OF SHIPMENT");
static F43P: FieldOption =
    checked(option("43P", "11x", &["code"], "ALLOWED"), &[one_of("code", SHIPMENT_CODES, FaultCode::T64)]);
static F43T: FieldOption =
    checked(option("43T", "11x", &["code"], "ALLOWED"), &[one_of("code", SHIPMENT_CODES, FaultCode::T65)]);
static F44A: FieldOption = option("44A", "140z", &["place"], "XIAN, CHINA");
static F44B: FieldOption = option("44B", "140z", &["place"], "MUNICH, GERMANY");
static F44C: FieldOption = option("44C", "<DATE2>", &["date"], "260515");
static F44D: FieldOption = option("44D", "65x[$65x]0-5", LINES, "IN THREE MONTHLY LOTS FROM APRIL 2026");
static F44E: FieldOption = option("44E", "140z", &["place"], "SHANGHAI, CHINA");
static F44F: FieldOption = option("44F", "140z", &["place"], "HAMBURG, GERMANY");
static F45A: FieldOption = option("45A", NARRATIVE, LINES, "+ 1,000 CARTONS OF GREEN TEA");
static F46A: FieldOption = option("46A", NARRATIVE, LINES, "+ SIGNED COMMERCIAL INVOICE IN 3 COPIES");
static F47A: FieldOption = option("47A", NARRATIVE, LINES, "+ DOCUMENTS MUST BE IN ENGLISH");
static F48: FieldOption = option("48", "3n[/35x]", &["days", "narrative"], "21/AFTER DATE OF SHIPMENT");
static F49: FieldOption = checked(
    option("49", "7!x", &["instruction"], "WITHOUT"),
    &[one_of("instruction", &["CONFIRM", "MAY ADD", "WITHOUT"], FaultCode::T67)],
);
static F49G: FieldOption = option("49G", NARRATIVE, LINES, "+ DISCOUNT CHARGES FOR THE BENEFICIARY");
static F49H: FieldOption = option("49H", NARRATIVE, LINES, "+ REFINANCING ON REQUEST");
static F50: FieldOption = option("50", FOUR_LINES, &["name_and_address"], "SAMPLE TRADING CO LTD\nBEIJING");
static F51A: FieldOption = bank_a("51A");
static F51D: FieldOption = bank_d("51D");
static F53A: FieldOption = bank_a("53A");
static F53D: FieldOption = bank_d("53D");
static F57A: FieldOption = bank_a("57A");
static F57B: FieldOption = option("57B", BANK_B, BY_LOCATION, "FRANKFURT");
static F57D: FieldOption = bank_d("57D");
static F58A: FieldOption = bank_a("58A");
static F58D: FieldOption = bank_d("58D");
static F59: FieldOption =
    option("59", "[/34x$]35x[$35x]0-3", &["account", "name_and_address"], "SAMPLE MASCHINEN GMBH\nHAMBURG");
static F71D: FieldOption = option("71D", SIX_LINES, LINES, "ALL CHARGES OUTSIDE CHINA");
static F72Z: FieldOption = option("72Z", SIX_LINES, LINES, "PLEASE ADVISE WITHOUT DELAY");
static F78: FieldOption = option("78", "65x[$65x]0-11", LINES, "WE WILL PAY AT MATURITY AS INSTRUCTED");
