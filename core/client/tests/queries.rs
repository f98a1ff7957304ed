//! Lists by party, status, date and time, as of every height, against a filter over all records; and the proof of each.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;

use allonge::trade::{
    Authenticity, AvailableWith, Bank, Disposal, Document, LetterOfCreditTerms, PresentationState, Shipment,
    ShipmentEvidence,
};
use allonge::{
    AccountQuery, AnyRecord, Claim, ClaimId, ClaimQuery, ClaimStatus, Clock, CreditId, CreditQuery,
    CreditStatus, Date, Error, HoldQuery, Ledger, LedgerOperation, LetterOfCredit, Money, OpenOptions,
    Operation, Page, PartyId, PartyQuery, Presentation, PresentationId, PresentationQuery,
    PresentationStatus, ProposalQuery, RecordId, Session, SubmitOptions, Timestamp, TradeOperation,
    TransactionQuery, verify_record,
};

/// xorshift64*, so that a seed replays.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16) % bound
    }

    fn one_of<T: Clone>(&mut self, things: &[T]) -> T {
        things[self.below(things.len() as u64) as usize].clone()
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(3) == 0).then(|| make(self))
    }
}

const BANKS: [&str; 3] = ["SYNBCNBJXXX", "SYNADEFFXXX", "SYNCUS33XXX"];

fn party(text: &str) -> PartyId {
    PartyId::parse(text).unwrap()
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn usd(amount: &str) -> Money {
    Money::parse(amount, allonge::Currency::parse("USD").unwrap()).unwrap()
}

fn open(directory: &std::path::Path) -> Ledger {
    let options = OpenOptions {
        clock: Clock::Manual,
        start: Some(time("2026-03-02T01:00:00Z")),
        ..OpenOptions::default()
    };
    Ledger::open(directory, options).unwrap()
}

fn terms() -> LetterOfCreditTerms {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/fin/mt700_usance.fin");
    let message = allonge::parse_fin(&std::fs::read(path).unwrap()).unwrap();
    allonge::letter_of_credit_from_fin(message.to_record(), &Default::default()).unwrap().terms
}

fn settlement(bank: &PartyId) -> allonge::AccountId {
    format!("{bank}/USD/settlement").parse().unwrap()
}

/// Everything that was made, and what it was after each block, read by id.
struct World {
    directory: tempfile::TempDir,
    ledger: Ledger,
    banks: Vec<Session>,
    credits: Vec<CreditId>,
    snapshots: Vec<Snapshot>,
}

#[derive(Clone, Default)]
struct Snapshot {
    credits: Vec<LetterOfCredit>,
    presentations: Vec<Presentation>,
    claims: Vec<Claim>,
}

impl World {
    fn new() -> World {
        let directory = tempfile::tempdir().unwrap();
        let ledger = open(directory.path());
        let banks: Vec<_> = BANKS.iter().map(|bank| ledger.admit(party(bank), bank).unwrap()).collect();
        let mut world = World { directory, ledger, banks, credits: Vec::new(), snapshots: Vec::new() };
        for bank in world.banks.clone() {
            let account = settlement(bank.party());
            world.submit(&bank, LedgerOperation::OpenAccount { account, ceiling: None });
        }
        let operator = world.ledger.operator().unwrap();
        let issue: allonge::AccountId = "operator/USD/issue".parse().unwrap();
        world.submit(&operator, LedgerOperation::OpenAccount { account: issue.clone(), ceiling: None });
        for bank in world.banks.clone() {
            let (from, to, amount) = (issue.clone(), settlement(bank.party()), usd("9000000.00"));
            let (value_date, reference) = (None, String::new());
            world.submit(&operator, LedgerOperation::Transfer { from, to, amount, value_date, reference });
        }
        world
    }

    fn submit(&mut self, session: &Session, operation: impl Into<Step>) -> bool {
        let Step(operation) = operation.into();
        let outcome = session.submit(vec![operation], SubmitOptions::default()).unwrap();
        self.look();
        outcome.committed().is_ok()
    }

    /// Keeps what all records are after the newest block, unless it is kept already.
    fn look(&mut self) {
        let height = self.ledger.status().unwrap().height as usize;
        self.snapshots.resize(height, self.snapshots.last().cloned().unwrap_or_default());
        let mut now = Snapshot::default();
        for id in &self.credits {
            let Some(credit) = self.ledger.credit(id).unwrap() else { continue };
            for sequence in 1..=credit.presentations {
                let id = PresentationId::new(id.clone(), sequence).unwrap();
                now.presentations.push(self.ledger.presentation(&id).unwrap().unwrap());
                now.claims.extend(self.ledger.claim(&ClaimId::new(id)).unwrap());
            }
            now.credits.push(credit);
        }
        self.snapshots.push(now);
    }

    fn now(&self) -> &Snapshot {
        self.snapshots.last().unwrap()
    }

    fn advance(&mut self, days: i64) {
        let now = self.ledger.status().unwrap().time;
        self.ledger.advance_to(now.plus_millis(days * 86_400_000).unwrap()).unwrap();
        self.look();
    }

    fn issue(&mut self, random: &mut Random) {
        let issuing = random.one_of(&self.banks);
        let others: Vec<_> =
            self.banks.iter().filter(|bank| bank.party() != issuing.party()).cloned().collect();
        let advising = random.one_of(&others).party().clone();
        let mut terms = terms();
        terms.issuing_bank = issuing.party().clone();
        terms.advising_bank = advising.clone();
        terms.availability.with = AvailableWith::AnyBank;
        terms.beneficiary.party = random.maybe(|_| party("beneficiary"));
        terms.advise_through_bank = random.maybe(|random| Bank::Identified {
            party: random.one_of(&others).party().clone(),
            account: None,
        });
        terms.expiry.date = date(random.one_of(&["2026-05-29", "2026-06-30", "2026-06-29", "2026-07-31"]));
        let number = format!("LC{}", self.credits.len());
        self.credits.push(CreditId::new(issuing.party().clone(), number.clone()).unwrap());
        self.submit(&issuing, TradeOperation::IssueCredit { number, terms: Box::new(terms) });
    }

    fn session(&self, party: &PartyId) -> Session {
        self.banks.iter().find(|bank| bank.party() == party).unwrap().clone()
    }

    fn step(&mut self, random: &mut Random) {
        if self.credits.len() < 4 || random.below(5) == 0 {
            return self.issue(random);
        }
        let Snapshot { credits, presentations, claims } = self.now().clone();
        if credits.is_empty() {
            return;
        }
        let credit = random.one_of(&credits);
        let terms = credit.terms.open().unwrap();
        let issuing = self.session(&terms.issuing_bank);
        let presentation = (!presentations.is_empty()).then(|| random.one_of(&presentations));
        match (random.below(6), presentation) {
            (0, _) => {
                let advise =
                    TradeOperation::AdviseCredit { credit: credit.id, authenticity: Authenticity::Verified };
                self.submit(&self.session(&terms.advising_bank), advise);
            }
            (1 | 2, _) => {
                let advising = self.session(&terms.advising_bank);
                let present = present(&credit.id, settlement(advising.party()));
                self.submit(&advising, present);
            }
            (3, Some(presentation)) => {
                let examining = self.session(presentation.id.credit().issuing_bank());
                let operation = match random.below(3) {
                    0 => TradeOperation::RefusePresentation {
                        presentation: presentation.id,
                        discrepancies: vec!["LATE SHIPMENT".to_owned()],
                        disposal: Disposal::Hold,
                    },
                    _ => TradeOperation::AcceptPresentation { presentation: presentation.id },
                };
                self.submit(&examining, operation);
            }
            (4, Some(presentation)) => {
                let invoke = TradeOperation::InvokePreclusion { presentation: presentation.id };
                self.submit(&self.session(&presentation.presenter), invoke);
            }
            _ if !claims.is_empty() => {
                let claim = random.one_of(&claims);
                let obligor = self.session(&claim.obligor);
                let pay = TradeOperation::PayClaim {
                    claim: claim.id,
                    from: settlement(&claim.obligor),
                    to: settlement(&claim.holder_of_record),
                    amount: claim.amount,
                };
                self.submit(&obligor, pay);
            }
            _ => {
                self.submit(&issuing, TradeOperation::CloseCredit { credit: credit.id });
            }
        }
    }
}

/// Some months of three banks.
fn played(seed: u64) -> World {
    let mut world = World::new();
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    world.advance(49);
    for _ in 0..60 {
        world.step(&mut random);
        if random.below(8) == 0 {
            world.advance(random.one_of(&[1, 2, 7]));
        }
    }
    world.advance(60);
    for _ in 0..40 {
        world.step(&mut random);
    }
    world
}

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

fn present(credit: &CreditId, account: allonge::AccountId) -> TradeOperation {
    TradeOperation::PresentDocuments {
        credit: credit.clone(),
        amount: usd("250000.00"),
        account,
        covering_reference: "COVER-0042".to_owned(),
        shipment: Some(Shipment { date: date("2026-04-20"), evidence: ShipmentEvidence::OnBoardNotation }),
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

/// All pages of a list.
fn pages<T>(mut page: impl FnMut(Option<String>) -> Result<Page<T>, Error>) -> Vec<T> {
    let (mut items, mut cursor) = (Vec::new(), None);
    loop {
        let next = page(cursor).unwrap();
        items.extend(next.items);
        cursor = next.cursor;
        if cursor.is_none() {
            return items;
        }
    }
}

/// Whether a value is within what is asked for.
fn within<T: PartialOrd>(value: T, from: Option<T>, until: Option<T>) -> bool {
    from.is_none_or(|from| value >= from) && until.is_none_or(|until| value <= until)
}

fn names(credit: &LetterOfCredit, party: &PartyId) -> bool {
    let terms = credit.terms.open().unwrap();
    let through =
        matches!(&terms.advise_through_bank, Some(Bank::Identified { party: bank, .. }) if bank == party);
    let named = [&terms.issuing_bank, &terms.advising_bank].contains(&party);
    named || through || terms.beneficiary.party.as_ref() == Some(party)
}

fn any_party(random: &mut Random) -> Option<PartyId> {
    random.maybe(|random| party(random.one_of(&[BANKS[0], BANKS[1], BANKS[2], "beneficiary", "operator"])))
}

fn any_date(random: &mut Random) -> Option<Date> {
    random.maybe(|random| date("2026-04-20").plus_days(random.below(110) as i32).unwrap())
}

fn any_time(random: &mut Random) -> Option<Timestamp> {
    random.maybe(|random| {
        time("2026-03-02T01:00:00Z").plus_millis(random.below(120) as i64 * 86_400_000).unwrap()
    })
}

#[test]
fn lists_of_credits_presentations_and_claims_are_what_a_filter_over_all_records_says_at_every_height() {
    let mut found = BTreeMap::<&str, usize>::new();
    for seed in [1, 2] {
        let world = played(seed);
        let ledger = &world.ledger;
        let mut random = Random(seed + 77);
        for (height, known) in (0_u64..).zip(&world.snapshots) {
            let limit = Some(random.one_of(&[1, 3, 1_000]));

            let query = CreditQuery {
                party: any_party(&mut random),
                status: random.maybe(|random| {
                    random.one_of(&[CreditStatus::Issued, CreditStatus::Advised, CreditStatus::Closed])
                }),
                expires_from: any_date(&mut random),
                expires_until: any_date(&mut random),
                issued_from: any_time(&mut random),
                issued_until: any_time(&mut random),
                height: Some(height),
                limit,
                cursor: None,
            };
            let listed = pages(|cursor| ledger.credits(&CreditQuery { cursor, ..query.clone() }));
            let mut expected: Vec<_> = known
                .credits
                .iter()
                .filter(|credit| {
                    query.party.as_ref().is_none_or(|party| names(credit, party))
                        && query.status.is_none_or(|status| status == credit.status())
                        && within(credit.expiry.date(), query.expires_from, query.expires_until)
                        && within(credit.issued_at, query.issued_from, query.issued_until)
                })
                .cloned()
                .collect();
            if query.expires_from.or(query.expires_until).is_none()
                && query.issued_from.or(query.issued_until).is_some()
            {
                expected.sort_by_key(|credit| (credit.issued_at, borsh::to_vec(&credit.id).unwrap()));
            } else {
                expected.sort_by_key(|credit| (credit.expiry.date(), borsh::to_vec(&credit.id).unwrap()));
            }
            assert_eq!(listed, expected, "seed {seed}, height {height}, {query:?}");
            *found.entry("credits").or_default() += listed.len();

            let deadline = |presentation: &Presentation| match &presentation.state {
                PresentationState::Examining { deadline }
                | PresentationState::DeemedComplying { deadline, .. } => Some(deadline.date()),
                _ => None,
            };
            let query = PresentationQuery {
                credit: random.maybe(|random| random.one_of(&world.credits)),
                party: any_party(&mut random),
                status: random.maybe(|random| {
                    random.one_of(&[
                        PresentationStatus::Examining,
                        PresentationStatus::Refused,
                        PresentationStatus::Accepted,
                        PresentationStatus::DeemedComplying,
                    ])
                }),
                presented_from: any_time(&mut random),
                presented_until: None,
                deadline_from: any_date(&mut random),
                deadline_until: any_date(&mut random),
                height: Some(height),
                limit,
                cursor: None,
            };
            let by_deadline = query.deadline_from.or(query.deadline_until).is_some();
            let listed = pages(|cursor| ledger.presentations(&PresentationQuery { cursor, ..query.clone() }));
            let mut expected: Vec<_> = known
                .presentations
                .iter()
                .filter(|presentation| {
                    let issuing = presentation.id.credit().issuing_bank();
                    query.credit.as_ref().is_none_or(|credit| credit == presentation.id.credit())
                        && query
                            .party
                            .as_ref()
                            .is_none_or(|party| [&presentation.presenter, issuing].contains(&party))
                        && query.status.is_none_or(|status| status == presentation.status())
                        && within(presentation.presented_at, query.presented_from, None)
                        && (!by_deadline
                            || deadline(presentation)
                                .is_some_and(|date| within(date, query.deadline_from, query.deadline_until)))
                })
                .cloned()
                .collect();
            let key = |presentation: &Presentation| borsh::to_vec(&presentation.id).unwrap();
            if by_deadline && query.presented_from.is_none() {
                expected.sort_by_key(|presentation| (deadline(presentation), key(presentation)));
            } else {
                expected.sort_by_key(|presentation| (presentation.presented_at, key(presentation)));
            }
            assert_eq!(listed, expected, "seed {seed}, height {height}, {query:?}");
            *found.entry("presentations").or_default() += listed.len();

            let query = ClaimQuery {
                party: any_party(&mut random),
                obligor: any_party(&mut random),
                holder: any_party(&mut random),
                status: random.maybe(|random| random.one_of(&[ClaimStatus::Outstanding, ClaimStatus::Paid])),
                due_from: any_date(&mut random),
                due_until: any_date(&mut random),
                created_from: any_time(&mut random),
                created_until: any_time(&mut random),
                height: Some(height),
                limit,
                cursor: None,
            };
            let listed = pages(|cursor| ledger.claims(&ClaimQuery { cursor, ..query.clone() }));
            let mut expected: Vec<_> = known
                .claims
                .iter()
                .filter(|claim| {
                    let both = [&claim.obligor, &claim.holder_of_record];
                    query.party.as_ref().is_none_or(|party| both.contains(&party))
                        && query.obligor.as_ref().is_none_or(|party| *party == claim.obligor)
                        && query.holder.as_ref().is_none_or(|party| *party == claim.holder_of_record)
                        && query.status.is_none_or(|status| status == claim.status())
                        && within(claim.due.date(), query.due_from, query.due_until)
                        && within(claim.created_at, query.created_from, query.created_until)
                })
                .cloned()
                .collect();
            let key = |claim: &Claim| borsh::to_vec(&claim.id).unwrap();
            if query.due_from.or(query.due_until).is_none()
                && query.created_from.or(query.created_until).is_some()
            {
                expected.sort_by_key(|claim| (claim.created_at, key(claim)));
            } else {
                expected.sort_by_key(|claim| (claim.due.date(), key(claim)));
            }
            assert_eq!(listed, expected, "seed {seed}, height {height}, {query:?}");
            *found.entry("claims").or_default() += listed.len();

            for credit in &known.credits {
                assert_eq!(ledger.credit_at(&credit.id, height).unwrap().as_ref(), Some(credit));
            }
            for presentation in &known.presentations {
                let then = ledger.presentation_at(&presentation.id, height).unwrap();
                assert_eq!(then.as_ref(), Some(presentation));
            }
            for claim in &known.claims {
                assert_eq!(ledger.claim_at(&claim.id, height).unwrap().as_ref(), Some(claim));
            }
        }
        for status in world.now().presentations.iter().map(Presentation::status) {
            *found
                .entry(match status {
                    PresentationStatus::Examining => "examining",
                    PresentationStatus::Refused => "refused",
                    PresentationStatus::Accepted => "accepted",
                    PresentationStatus::DeemedComplying => "deemed complying",
                    PresentationStatus::Honoured => "honoured",
                })
                .or_default() += 1;
        }
        let paid = world.now().claims.iter().filter(|claim| claim.status() == ClaimStatus::Paid);
        *found.entry("paid").or_default() += paid.count();
    }
    for expected in ["credits", "presentations", "claims", "refused", "accepted", "deemed complying", "paid"]
    {
        assert!(found.get(expected).is_some_and(|count| *count > 0), "no {expected} in {found:?}");
    }
}

#[test]
fn a_list_begun_goes_on_as_it_was_while_others_act_and_after_the_ledger_is_opened_again() {
    let mut world = played(3);
    let expected = pages(|cursor| world.ledger.credits(&CreditQuery { cursor, ..CreditQuery::default() }));
    assert!(expected.len() > 6);
    let query = CreditQuery { limit: Some(2), ..CreditQuery::default() };
    let first = world.ledger.credits(&query).unwrap();
    let mut random = Random(5);
    for _ in 0..20 {
        world.issue(&mut random);
        world.step(&mut random);
    }
    world.ledger.close();
    let ledger = open(world.directory.path());
    let mut cursor = first.cursor.clone();
    let rest = pages(|given| {
        let cursor = given.or(cursor.take());
        ledger.credits(&CreditQuery { cursor, limit: Some(3), ..CreditQuery::default() })
    });
    assert_eq!([first.items, rest].concat(), expected);
    assert!(ledger.credits(&CreditQuery::default()).unwrap().items.len() > expected.len());

    let other = ledger.claims(&ClaimQuery { cursor: first.cursor, ..ClaimQuery::default() });
    assert_eq!(other.unwrap_err().code(), "query.cursor_invalid");
    let none = ledger.credits(&CreditQuery { limit: Some(0), ..CreditQuery::default() });
    assert_eq!(none.unwrap_err().code(), "query.limit_invalid");
}

#[test]
fn every_kind_of_record_is_listed_and_proven_and_so_is_its_absence() {
    let world = played(4);
    let ledger = &world.ledger;
    let proven = |kind: &str, id: &str| {
        let id = RecordId::parse(kind, id).unwrap();
        let proven = verify_record(&ledger.prove(&id).unwrap(), ledger.trust(), &id).unwrap();
        let status = ledger.status().unwrap();
        assert_eq!((proven.height, proven.time), (status.height, status.time));
        assert_eq!(proven.record, ledger.record(&id, None).unwrap());
        proven.record
    };
    let credits = ledger.credits(&CreditQuery::default()).unwrap().items;
    let claims = ledger.claims(&ClaimQuery::default()).unwrap().items;
    let presentations = ledger.presentations(&PresentationQuery::default()).unwrap().items;
    let parties = ledger.parties(&PartyQuery::default()).unwrap().items;
    let accounts = ledger.accounts(&AccountQuery::default()).unwrap().items;
    assert_eq!((parties.len(), accounts.len()), (4, 4));
    assert!(!claims.is_empty() && !presentations.is_empty());
    for credit in credits {
        assert_eq!(proven("credit", &credit.id.to_string()), Some(AnyRecord::Credit(Box::new(credit))));
    }
    for claim in claims {
        assert_eq!(proven("claim", &claim.id.to_string()), Some(AnyRecord::Claim(Box::new(claim))));
    }
    for presentation in presentations {
        let found = proven("presentation", &presentation.id.to_string());
        assert_eq!(found, Some(AnyRecord::Presentation(Box::new(presentation))));
    }
    for party in parties {
        assert_eq!(proven("party", &party.id.to_string()), Some(AnyRecord::Party(Box::new(party))));
    }
    for account in accounts {
        assert_eq!(proven("account", &account.id.to_string()), Some(AnyRecord::Account(Box::new(account))));
    }
    assert!(matches!(proven("calendar", "CN"), Some(AnyRecord::Calendar(_))));
    for (kind, id) in [
        ("credit", "SYNBCNBJXXX/NEVER-ISSUED"),
        ("presentation", "SYNBCNBJXXX/NEVER-ISSUED/1"),
        ("claim", "SYNBCNBJXXX/NEVER-ISSUED/1"),
        ("account", "SYNBCNBJXXX/USD/never"),
        ("hold", "SYNBCNBJXXX/NEVER"),
        ("proposal", "SYNBCNBJXXX/NEVER"),
        ("policy", "SYNBCNBJXXX"),
        ("reversal", &"00".repeat(32)),
        ("party", "nobody"),
        ("calendar", "NOWHERE"),
    ] {
        assert_eq!(proven(kind, id), None, "{kind} {id}");
    }

    let [one, other] =
        ["SYNBCNBJXXX/NEVER-ISSUED", "SYNBCNBJXXX/NEVER"].map(|id| RecordId::parse("credit", id).unwrap());
    let file = ledger.prove(&one).unwrap();
    let error = verify_record(&file, ledger.trust(), &other).unwrap_err();
    assert_eq!(error.code(), "receipt.invalid", "the absence of one says nothing of another");
    assert_eq!(RecordId::parse("cheque", "1").unwrap_err().code(), "input.invalid");
    assert_eq!(RecordId::parse("credit", "1").unwrap_err().code(), "input.invalid");
}

#[test]
fn transactions_are_listed_by_party_and_time_and_each_has_its_receipt() {
    let world = played(5);
    let ledger = &world.ledger;
    let all =
        pages(|cursor| ledger.transactions(&TransactionQuery { cursor, ..TransactionQuery::default() }));
    assert!(all.iter().any(|entry| !entry.committed) && all.iter().any(|entry| entry.committed));
    for bank in &world.banks {
        let query = TransactionQuery {
            party: Some(bank.party().clone()),
            time_from: Some(time("2026-04-01T00:00:00Z")),
            time_until: Some(time("2026-05-15T00:00:00Z")),
            limit: Some(2),
            ..TransactionQuery::default()
        };
        let listed = pages(|cursor| ledger.transactions(&TransactionQuery { cursor, ..query.clone() }));
        let expected: Vec<_> = all
            .iter()
            .filter(|entry| {
                entry.author == *bank.party() && within(entry.time, query.time_from, query.time_until)
            })
            .cloned()
            .collect();
        assert!(listed.len() > 3 && listed == expected);
        for entry in listed {
            let proven = ledger.receipt(&entry.transaction).unwrap().verified(ledger.trust()).unwrap();
            assert_eq!(
                (proven.height, proven.time, proven.author, proven.committed),
                (entry.height, entry.time, entry.author, entry.committed)
            );
        }
    }
}

#[test]
fn what_is_not_kept_by_height_and_heights_that_are_not_there_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    let code = |error: Error| error.code();
    let account = RecordId::parse("account", "operator/USD/issue").unwrap();
    assert_eq!(ledger.record(&account, Some(0)).map_err(code), Err("input.invalid"));
    assert_eq!(ledger.prove(&account).map_err(code), Err("block.unknown"), "nothing is certified yet");
    let party = RecordId::parse("party", "operator").unwrap();
    assert!(ledger.record(&party, Some(0)).unwrap().is_some());
    assert_eq!(ledger.record(&party, Some(1)).map_err(code), Err("block.unknown"));
    let later = HoldQuery { height: Some(1), ..HoldQuery::default() };
    assert_eq!(ledger.holds(&later).map_err(code), Err("block.unknown"));
    let genesis = ProposalQuery { height: Some(0), ..ProposalQuery::default() };
    assert_eq!(ledger.proposals(&genesis).unwrap().items, []);
}
