//! One letter of credit, from a SWIFT MT700 to its payment, with every wrong step on the way refused.
//!
//! Keys and times are fixed, so the receipts are the same in every run. They are frozen in
//! `tests/vectors/trade.json`, which every language replays; `ALLONGE_UPDATE_VECTORS=1` writes it anew.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::PathBuf;
#[cfg(feature = "network")]
use std::sync::Arc;

use allonge::records::operations_from_value;
use allonge::trade::{Authenticity, Document, Shipment, ShipmentEvidence};
use allonge::{
    Clock, Committed, Error, IdempotencyKey, Ledger, LedgerOperation, Money, OpenOptions, Operation, Outcome,
    PartyId, Receipt, RuleFinding, Session, SubmitOptions, Timestamp, TradeOperation, Trust,
};
#[cfg(feature = "network")]
use allonge::{SimulateOptions, SoftwareSigner};
use serde_json::{Value, json};

const CREDIT: &str = "SYNBCNBJXXX/BJ26LC000127";
const PRESENTATION: &str = "SYNBCNBJXXX/BJ26LC000127/1";
const ISSUING_ACCOUNT: &str = "SYNBCNBJXXX/USD/settlement";
const PRESENTING_ACCOUNT: &str = "SYNADEFFXXX/USD/settlement";

/// A ledger with fixed keys, and the receipts of what was done.
struct Story {
    _directory: Option<tempfile::TempDir>,
    ledger: Ledger,
    operator: Session,
    issuing: Session,
    advising: Session,
    submissions: u8,
    receipts: Vec<(String, Receipt)>,
}

impl Story {
    /// On a file.
    fn begin() -> Story {
        let directory = tempfile::tempdir().unwrap();
        let keys = directory.path().join("keys");
        std::fs::create_dir(&keys).unwrap();
        for (seed, name) in [(1, "_validator"), (2, "operator"), (3, "SYNBCNBJXXX"), (4, "SYNADEFFXXX")] {
            std::fs::write(keys.join(format!("{name}.key")), format!("{seed:02x}").repeat(32)).unwrap();
        }
        let ledger = Ledger::open(directory.path(), options()).unwrap();
        let session = |party: &str| ledger.session(PartyId::parse(party).unwrap()).unwrap();
        let (issuing, advising) = (session("SYNBCNBJXXX"), session("SYNADEFFXXX"));
        Story { _directory: Some(directory), ..Story::on(ledger, issuing, advising) }
    }

    /// On a simulated network, with the same keys.
    #[cfg(feature = "network")]
    fn simulated() -> Story {
        let ledger = SimulateOptions { ledger: options(), ..SimulateOptions::default() };
        let ledger = Ledger::simulate(ledger).unwrap();
        let session = |party: &str, seed| {
            let signer = Arc::new(SoftwareSigner::from_seed([seed; 32]));
            ledger.session_with(PartyId::parse(party).unwrap(), signer)
        };
        let (issuing, advising) = (session("SYNBCNBJXXX", 3), session("SYNADEFFXXX", 4));
        Story::on(ledger, issuing, advising)
    }

    fn on(ledger: Ledger, issuing: Session, advising: Session) -> Story {
        let operator = ledger.operator().unwrap();
        Story { _directory: None, ledger, operator, issuing, advising, submissions: 0, receipts: Vec::new() }
    }

    fn submit(&mut self, session: &Session, operation: Operation) -> Outcome {
        self.submissions += 1;
        let key = Some(IdempotencyKey::new([self.submissions; 16]));
        session.submit(vec![operation], SubmitOptions { key, ..SubmitOptions::default() }).unwrap()
    }

    fn done(&mut self, name: &str, session: &Session, operation: impl Into<Step>) -> Committed {
        let Step(operation) = operation.into();
        let outcome = self.submit(session, operation);
        self.receipts.push((name.to_owned(), outcome.receipt().unwrap().clone()));
        outcome.committed().unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The refusal's code, and the article behind it.
    fn refused(&mut self, name: &str, session: &Session, operation: impl Into<Step>) -> String {
        let Step(operation) = operation.into();
        let outcome = self.submit(session, operation);
        self.receipts.push((name.to_owned(), outcome.receipt().unwrap().clone()));
        let error = outcome.committed().unwrap_err();
        let article = error.entry().article.map(|article| format!(" {article}")).unwrap_or_default();
        format!("{}{article}", error.code())
    }

    fn admit(&mut self) {
        for (session, name) in [
            (self.issuing.clone(), "Synthetic Bank of China"),
            (self.advising.clone(), "Synthetische Bank AG"),
        ] {
            let admit = LedgerOperation::AdmitParty {
                party: session.party().clone(),
                name: name.to_owned(),
                keys: vec![session.public_key()],
            };
            self.done(&format!("admit {name}"), &self.operator.clone(), admit);
        }
    }

    fn fund(&mut self) {
        let (operator, issuing, advising) = self.sessions();
        self.done("open the issue account", &operator, open("operator/USD/issue"));
        self.done("open the issuing bank's account", &issuing, open(ISSUING_ACCOUNT));
        self.done("open the presenting bank's account", &advising, open(PRESENTING_ACCOUNT));
        let funding = LedgerOperation::Transfer {
            from: "operator/USD/issue".parse().unwrap(),
            to: ISSUING_ACCOUNT.parse().unwrap(),
            amount: usd("2000000.00"),
            value_date: None,
            reference: "funding".to_owned(),
        };
        self.done("fund the issuing bank", &operator, funding);
    }

    fn issue_and_advise(&mut self) {
        let (_, issuing, advising) = self.sessions();
        let bytes = std::fs::read(vectors("fin/mt700_usance.fin")).unwrap();
        let message = allonge::parse_fin(&bytes).unwrap();
        let mapped = allonge::letter_of_credit_from_fin(message.to_record(), &Default::default()).unwrap();
        let issue = TradeOperation::IssueCredit { number: mapped.number, terms: Box::new(mapped.terms) };
        self.done("issue", &issuing, issue);
        let credit = CREDIT.parse().unwrap();
        let advise = TradeOperation::AdviseCredit { credit, authenticity: Authenticity::Verified };
        self.done("advise", &advising, advise);
    }

    fn sessions(&self) -> (Session, Session, Session) {
        (self.operator.clone(), self.issuing.clone(), self.advising.clone())
    }

    fn at(&self, text: &str) {
        self.ledger.advance_to(time(text)).unwrap();
    }
}

/// One operation of either kind.
struct Step(Operation);

impl From<LedgerOperation> for Step {
    fn from(operation: LedgerOperation) -> Self {
        Step(Operation::Ledger(operation))
    }
}

impl From<TradeOperation> for Step {
    fn from(operation: TradeOperation) -> Self {
        Step(Operation::Rules(operation))
    }
}

fn open(account: &str) -> LedgerOperation {
    LedgerOperation::OpenAccount { account: account.parse().unwrap(), ceiling: None }
}

fn present(amount: &str) -> TradeOperation {
    TradeOperation::PresentDocuments {
        credit: CREDIT.parse().unwrap(),
        amount: usd(amount),
        account: PRESENTING_ACCOUNT.parse().unwrap(),
        covering_reference: "COVER-0042".to_owned(),
        shipment: Some(Shipment {
            date: allonge::Date::parse("2026-04-20").unwrap(),
            evidence: ShipmentEvidence::OnBoardNotation,
        }),
        amendments: vec![],
        documents: vec![Document {
            title: "COMMERCIAL INVOICE".to_owned(),
            sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".parse().unwrap(),
            length: 3,
            media_type: "application/pdf".to_owned(),
            originals: 3,
            copies: 3,
        }],
    }
}

fn accept() -> TradeOperation {
    TradeOperation::AcceptPresentation { presentation: PRESENTATION.parse().unwrap() }
}

fn pay(to: &str) -> TradeOperation {
    TradeOperation::PayClaim {
        claim: PRESENTATION.parse().unwrap(),
        from: ISSUING_ACCOUNT.parse().unwrap(),
        to: to.parse().unwrap(),
        amount: usd("1250000.00"),
    }
}

fn close() -> TradeOperation {
    TradeOperation::CloseCredit { credit: CREDIT.parse().unwrap() }
}

fn options() -> OpenOptions {
    OpenOptions {
        name: "the story".to_owned(),
        clock: Clock::Manual,
        start: Some(time("2026-03-02T01:00:00Z")),
        ..OpenOptions::default()
    }
}

fn usd(amount: &str) -> Money {
    Money::parse(amount, allonge::Currency::parse("USD").unwrap()).unwrap()
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn vectors(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors").join(file)
}

#[test]
fn a_credit_from_an_mt700_is_presented_accepted_paid_and_closed_and_every_step_has_its_receipt() {
    let mut story = Story::begin();
    from_mt700_to_payment(&mut story);
    compare_with_vectors(&story);
}

#[cfg(feature = "network")]
#[test]
fn a_network_of_four_banks_comes_to_the_same_by_the_same_steps() {
    let mut story = Story::simulated();
    from_mt700_to_payment(&mut story);
    let network = story.ledger.network().unwrap();
    network.run_for(2_000).unwrap();
    let state = |ledger: &Ledger| {
        (ledger.credit(&CREDIT.parse().unwrap()), ledger.account(&PRESENTING_ACCOUNT.parse().unwrap()))
    };
    for validator in 1..network.validators() {
        assert_eq!(state(&network.at(validator).unwrap()), state(&story.ledger));
    }
}

#[cfg(feature = "network")]
#[test]
fn on_a_network_a_replayed_key_is_answered_with_the_first_result_at_any_validator() {
    let mut story = Story::simulated();
    story.admit();
    story.fund();
    story.issue_and_advise();
    story.at("2026-04-24T06:00:00Z");
    let first = story.submit(&story.advising.clone(), Step::from(present("1250000.00")).0);
    for validator in 0..4 {
        let ledger = story.ledger.network().unwrap().at(validator).unwrap();
        let signer = Arc::new(SoftwareSigner::from_seed([4; 32]));
        let elsewhere = ledger.session_with(story.advising.party().clone(), signer);
        story.submissions -= 1;
        let again = story.submit(&elsewhere, Step::from(present("1250000.00")).0);
        assert_eq!(
            again.receipt().unwrap().verify(story.ledger.trust()).unwrap().id,
            first.receipt().unwrap().verify(story.ledger.trust()).unwrap().id
        );
    }
    let credit = story.ledger.credit(&CREDIT.parse().unwrap()).unwrap().unwrap();
    assert_eq!((credit.presentations, credit.drawn), (1, usd("1250000.00")));
}

fn from_mt700_to_payment(story: &mut Story) {
    story.admit();
    let (operator, issuing, advising) = story.sessions();
    story.fund();
    story.issue_and_advise();

    story.at("2026-04-24T06:00:00Z");
    let over = story.refused("overdraw", &advising, present("1312500.01"));
    assert_eq!(over, "letter_of_credit.overdrawn 18(b), 30");
    story.done("present", &advising, present("1250000.00"));
    assert_eq!(
        story.refused("examine as the wrong party", &advising, accept()),
        "presentation.not_examining_bank 14(a)"
    );
    // Friday 24 April; 25 and 26 are a weekend, and 1 May is a holiday in China.
    story.at("2026-04-30T08:00:00Z");
    let accepted = story.done("accept", &issuing, accept());
    assert_eq!(accepted.events.len(), 2, "the presentation is accepted, and a claim comes into being");

    // 90 days after shipment on 20 April is Sunday 19 July; the next banking day is Monday.
    story.at("2026-07-19T08:00:00Z");
    assert_eq!(story.refused("pay too early", &issuing, pay(PRESENTING_ACCOUNT)), "claim.not_due 7(a)");
    story.at("2026-07-20T01:30:00Z");
    assert_eq!(
        story.refused("pay somebody else", &issuing, pay("operator/USD/issue")),
        "claim.not_holder 7(a)"
    );
    assert_eq!(
        story.refused("close too early", &issuing, close()),
        "letter_of_credit.closing_too_early 10(a)"
    );
    story.done("pay", &issuing, pay(PRESENTING_ACCOUNT));
    assert_eq!(story.refused("pay twice", &issuing, pay(PRESENTING_ACCOUNT)), "claim.paid 7(a)");
    story.done("close", &issuing, close());
    assert_eq!(operator.party().to_string(), "operator");

    let balance =
        |account: &str| story.ledger.account(&account.parse().unwrap()).unwrap().unwrap().balance.amount();
    assert_eq!(balance(ISSUING_ACCOUNT), "750000.00");
    assert_eq!(balance(PRESENTING_ACCOUNT), "1250000.00");
    assert_eq!(balance("operator/USD/issue"), "-2000000.00");
}

#[test]
fn a_refusal_is_explained_and_foreseen_rule_by_rule() {
    let mut story = Story::begin();
    story.admit();
    let (_, issuing, advising) = story.sessions();
    story.fund();
    story.issue_and_advise();
    story.at("2026-04-24T06:00:00Z");
    story.done("present", &advising, present("1250000.00"));
    let refuse = || {
        Operation::Rules(TradeOperation::RefusePresentation {
            presentation: PRESENTATION.parse().unwrap(),
            discrepancies: vec!["LATE SHIPMENT".to_owned()],
            disposal: allonge::trade::Disposal::Hold,
        })
    };
    fn verdicts(findings: &[RuleFinding]) -> Vec<(&str, bool)> {
        findings.iter().map(|found| (found.code.as_str(), found.satisfied)).collect()
    }

    // In time it would be kept by all rules, after the fifth banking day not; and nothing is done by asking.
    let in_time = issuing.what_if(vec![refuse()], time("2026-05-06T09:00:00Z")).unwrap();
    assert!(in_time.committed && in_time.findings.iter().all(|found| found.satisfied));
    let late = issuing.what_if(vec![refuse()], time("2026-05-06T09:00:00.001Z")).unwrap();
    let expected = [
        ("presentation.not_examining_bank", true),
        ("presentation.notice_already_given", true),
        ("presentation.refusal_precluded", false),
    ];
    assert_eq!((late.committed, verdicts(&late.findings)), (false, expected.to_vec()));
    let violated = late.findings.last().unwrap();
    assert_eq!(violated.article.as_deref(), Some("16(d), 16(f)"));
    assert!(violated.says.as_ref().unwrap().contains("fifth banking day"));
    assert!(violated.says_zh.as_ref().unwrap().contains("第五个银行工作日"));

    // Afterwards the ledger explains what it did.
    story.at("2026-05-07T02:00:00Z");
    let outcome = story.submit(&issuing, refuse());
    let refused = outcome.transaction();
    let explained = story.ledger.explain(&refused).unwrap();
    assert_eq!((explained.committed, verdicts(&explained.findings)), (false, expected.to_vec()));
    assert_eq!(explained.error.unwrap().code, "presentation.refusal_precluded");
    let unknown = story.ledger.explain(&"00".repeat(32).parse().unwrap()).unwrap_err();
    assert_eq!(unknown.code(), "transaction.unknown");
}

#[test]
fn after_the_fifth_banking_day_refusal_is_precluded_and_so_is_a_decision() {
    let mut story = Story::begin();
    story.admit();
    let (_, issuing, advising) = story.sessions();
    story.fund();
    story.issue_and_advise();
    story.at("2026-04-24T06:00:00Z");
    story.done("present", &advising, present("1250000.00"));

    let preclude = || TradeOperation::InvokePreclusion { presentation: PRESENTATION.parse().unwrap() };
    let refuse = || TradeOperation::RefusePresentation {
        presentation: PRESENTATION.parse().unwrap(),
        discrepancies: vec!["LATE SHIPMENT".to_owned()],
        disposal: allonge::trade::Disposal::Hold,
    };
    // Monday 27 to Thursday 30 April are four; 1 to 5 May are holidays; the fifth is Wednesday 6 May.
    story.at("2026-05-06T09:00:00Z");
    assert!(
        story
            .refused("preclude too early", &advising, preclude())
            .starts_with("presentation.examination_open")
    );
    story.at("2026-05-06T09:00:00.001Z");
    assert_eq!(
        story.refused("refuse late", &issuing, refuse()),
        "presentation.refusal_precluded 16(d), 16(f)"
    );
    assert!(
        story.refused("accept late", &issuing, accept()).starts_with("letter_of_credit.examination_over")
    );
    story.done("invoke preclusion", &advising, preclude());
    let claim = story.ledger.claim(&PRESENTATION.parse().unwrap()).unwrap().unwrap();
    assert_eq!(claim.holder_of_record, *advising.party());
}

#[test]
fn nothing_is_presented_after_expiry() {
    let mut story = Story::begin();
    story.admit();
    let (_, _, advising) = story.sessions();
    story.fund();
    story.issue_and_advise();
    // 30 June 2026, 17:00 in Beijing.
    story.at("2026-06-30T09:00:00.001Z");
    assert_eq!(
        story.refused("present late", &advising, present("1250000.00")),
        "letter_of_credit.expired 6(d)(i), 29(a), 33"
    );
}

#[test]
fn a_replayed_key_is_answered_with_the_first_result() {
    let mut story = Story::begin();
    story.admit();
    story.fund();
    story.issue_and_advise();
    story.at("2026-04-24T06:00:00Z");
    let advising = story.advising.clone();
    let first = story.submit(&advising, Step::from(present("1250000.00")).0);
    story.submissions -= 1;
    let again = story.submit(&advising, Step::from(present("1250000.00")).0);
    assert_eq!(again.receipt().unwrap(), first.receipt().unwrap());
    let credit = story.ledger.credit(&CREDIT.parse().unwrap()).unwrap().unwrap();
    assert_eq!((credit.presentations, credit.drawn), (1, usd("1250000.00")));
}

#[test]
fn operations_from_json_are_those_built_in_rust() {
    let value = json!({
        "type": "pay_claim", "claim": PRESENTATION, "from": ISSUING_ACCOUNT, "to": PRESENTING_ACCOUNT,
        "amount": { "amount": "1250000.00", "currency": "USD" },
    });
    let Step(expected) = pay(PRESENTING_ACCOUNT).into();
    assert_eq!(operations_from_value(value).unwrap(), [expected]);
}

/// The frozen receipts: each good one with what it proves, and bad ones with their codes.
fn compare_with_vectors(story: &Story) {
    let trust = story.ledger.trust();
    let good: Vec<Value> = story
        .receipts
        .iter()
        .map(|(name, receipt)| {
            json!({
                "name": name,
                "receipt": hex(&receipt.to_bytes()),
                "proves": receipt.verified(trust).unwrap(),
            })
        })
        .collect();
    let (_, paid) = story.receipts.iter().find(|(name, _)| name == "pay").unwrap();
    let bytes = paid.to_bytes();
    let mut bad = Vec::new();
    for position in (0..bytes.len()).step_by(bytes.len() / 40) {
        let mut flipped = bytes.clone();
        flipped[position] ^= 1;
        bad.push(json!({
            "name": format!("pay, byte {position} flipped"),
            "receipt": hex(&flipped),
            "code": code(&flipped, trust),
        }));
    }
    let vector = json!({
        "about": "Receipts of one letter of credit, by fixed keys. `proves` is the record VerifiedReceipt; \
                  `code` the error of reading or verifying a bad one against the same genesis.",
        "genesis": serde_json::to_value(trust.genesis()).unwrap(),
        "network": trust.network(),
        "good": good,
        "bad": bad,
    });
    let path = vectors("trade.json");
    if std::env::var_os("ALLONGE_UPDATE_VECTORS").is_some() {
        std::fs::write(&path, serde_json::to_string_pretty(&vector).unwrap() + "\n").unwrap();
    }
    let frozen: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert!(frozen == vector, "the receipts differ from tests/vectors/trade.json");
}

#[test]
fn no_byte_of_a_receipt_can_change() {
    let mut story = Story::begin();
    story.admit();
    let trust = story.ledger.trust();
    let (_, receipt) = &story.receipts[0];
    let bytes = receipt.to_bytes();
    for position in 0..bytes.len() {
        for change in [1_u8, 0x80, 0xff] {
            let mut flipped = bytes.clone();
            flipped[position] ^= change;
            code(&flipped, trust);
        }
    }
    for length in 0..bytes.len() {
        code(&bytes[..length], trust);
    }
    code(&[bytes.as_slice(), &[0]].concat(), trust);
}

/// Why these bytes are no valid receipt; it is a failure if they are.
fn code(bytes: &[u8], trust: &Trust) -> &'static str {
    let verified: Result<_, Error> = Receipt::from_bytes(bytes).and_then(|receipt| receipt.verified(trust));
    verified.err().unwrap_or_else(|| panic!("a changed receipt verifies")).code()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
