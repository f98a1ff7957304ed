//! A small market on a ledger in memory: two banks, an applicant, a stranger, and calendars made up for the
//! tests. Every step is a signed transaction in a block of its own.

#![allow(dead_code, reason = "each test binary uses its part")]
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests stand outside test functions.

use allonge_crypto::{Hash, HashSuite, PublicKey, Signer, SoftwareSigner};
use allonge_finance::{
    Calendar, CalendarTable, Currency, Date, Money, PartyId, Timestamp, UtcOffset, Weekday,
};
use allonge_ledger::{
    AccountId, Answers, Authorities, BlockContext, Clock, Event, Execution, Genesis, GenesisParty,
    IdempotencyKey, LedgerOperation, MemoryState, Operation, Refusal, Roster, SettlementAgent, Stored,
    Transaction, ValidatorKey, Verdict, Verifier, read_record,
};
use allonge_trade::*;

pub const ISSUING: &str = "SYNBCNBJXXX";
pub const ADVISING: &str = "SYNADEFFXXX";
pub const STRANGER: &str = "SYNCGB2LXXX";
pub const APPLICANT: &str = "importer";
pub const BENEFICIARY: &str = "exporter";
pub const OFFICE: &str = "office";

pub const NUMBER: &str = "LC2026001";

pub fn party(id: &str) -> PartyId {
    PartyId::parse(id).unwrap()
}

pub fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// A time in Beijing: `2026-03-02 10:00`.
pub fn beijing(text: &str) -> Timestamp {
    let (date, time) = text.split_once(' ').unwrap();
    let seconds = if time.len() == 5 { ":00" } else { "" };
    Timestamp::parse(&format!("{date}T{time}{seconds}+08:00")).unwrap()
}

pub fn usd(amount: &str) -> Money {
    Money::parse(amount, Currency::parse("USD").unwrap()).unwrap()
}

pub fn account(owner: &str) -> AccountId {
    format!("{owner}/USD/settlement").parse().unwrap()
}

pub fn credit() -> CreditId {
    format!("{ISSUING}/{NUMBER}").parse().unwrap()
}

pub fn presentation(sequence: u32) -> PresentationId {
    PresentationId::new(credit(), sequence).unwrap()
}

pub fn claim(sequence: u32) -> ClaimId {
    ClaimId::new(presentation(sequence))
}

/// China as a test needs it: open Monday to Friday 09:00 to 17:00, closed on Monday and Tuesday 6 and 7 April
/// and from 1 to 5 May, open on the weekend days Saturday 28 March and Saturday 9 May to make up for them.
pub fn cn(version: u32, last: &str) -> Calendar {
    let days = |texts: &[&str]| {
        let last = date(last);
        texts.iter().map(|text| date(text)).filter(|day| *day <= last).collect::<Vec<_>>()
    };
    Calendar::new(CalendarTable {
        id: "CN".parse().unwrap(),
        version,
        name: "China, for tests".into(),
        first: date("2026-01-01"),
        last: date(last),
        weekend: vec![Weekday::Saturday, Weekday::Sunday],
        holidays: days(&[
            "2026-04-06",
            "2026-04-07",
            "2026-05-01",
            "2026-05-02",
            "2026-05-03",
            "2026-05-04",
            "2026-05-05",
            "2027-01-01",
        ]),
        working_weekends: days(&["2026-03-28", "2026-05-09"]),
        utc_offsets: vec![UtcOffset { from: Timestamp::MIN, minutes: 480 }],
        opens: 540,
        closes: 1_020,
    })
    .unwrap()
}

/// Frankfurt as a test needs it: Monday to Friday, and closed on 25 May.
pub fn target() -> Calendar {
    Calendar::new(CalendarTable {
        id: "TARGET".parse().unwrap(),
        version: 1,
        name: "TARGET, for tests".into(),
        first: date("2026-01-01"),
        last: date("2026-12-31"),
        weekend: vec![Weekday::Saturday, Weekday::Sunday],
        holidays: vec![date("2026-05-25")],
        working_weekends: vec![],
        utc_offsets: vec![UtcOffset { from: Timestamp::MIN, minutes: 60 }],
        opens: 480,
        closes: 1_020,
    })
    .unwrap()
}

/// A credit by deferred payment, 90 days after shipment, expiring in Beijing on Tuesday 30 June 2026.
pub fn terms() -> LetterOfCreditTerms {
    let named = |name: &str, party: &str| NamedParty {
        name_and_address: vec![name.into(), "1 EXAMPLE STREET".into()],
        account: None,
        party: Some(self::party(party)),
    };
    LetterOfCreditTerms {
        form: CreditForm::Irrevocable,
        applicable_rules: ApplicableRules::UcpLatestVersion,
        issuing_bank: party(ISSUING),
        advising_bank: party(ADVISING),
        applicant_bank: None,
        applicant: named("SAMPLE IMPORTS CO LTD", APPLICANT),
        beneficiary: named("SAMPLE EXPORTS GMBH", BENEFICIARY),
        amount: usd("100000.00"),
        tolerance: None,
        additional_amounts: vec![],
        date_of_issue: date("2026-03-02"),
        expiry: Expiry {
            date: date("2026-06-30"),
            place: "BEIJING, CHINA".into(),
            calendar: "CN".parse().unwrap(),
        },
        availability: Availability {
            with: AvailableWith::Bank { party: party(ADVISING) },
            by: AvailableBy::DeferredPayment { tenor: Tenor::AfterShipment { days: 90 } },
        },
        payment_details: vec!["AT 90 DAYS AFTER DATE OF SHIPMENT".into()],
        drawee: None,
        partial_shipments: Some(Permission::Allowed),
        transhipment: Some(Permission::Allowed),
        shipment_places: ShipmentPlaces {
            port_of_loading: Some("HAMBURG, GERMANY".into()),
            port_of_discharge: Some("XINGANG, CHINA".into()),
            ..ShipmentPlaces::default()
        },
        latest_shipment: Some(LatestShipment::LatestDate { date: date("2026-06-14") }),
        instalments: vec![],
        goods: vec!["2 SETS OF MACHINING CENTRES".into()],
        documents_required: vec!["+ SIGNED COMMERCIAL INVOICE".into()],
        additional_conditions: vec![],
        payment_conditions_for_beneficiary: vec![],
        payment_conditions_for_bank: vec![],
        charges: vec![],
        presentation_period: None,
        confirmation: ConfirmationInstruction::Without,
        requested_confirmation_party: None,
        reimbursing_bank: None,
        instructions_to_nominated_bank: vec![],
        advise_through_bank: None,
        sender_to_receiver: vec![],
        examination_calendar: "CN".parse().unwrap(),
        payment_calendar: "CN".parse().unwrap(),
    }
}

pub fn sight_terms() -> LetterOfCreditTerms {
    let mut terms = terms();
    terms.availability.by = AvailableBy::SightPayment;
    terms
}

pub fn document() -> Document {
    Document {
        title: "COMMERCIAL INVOICE".into(),
        sha256: Hash::new([7; 32]),
        length: 48_213,
        media_type: "application/pdf".into(),
        originals: 3,
        copies: 3,
    }
}

pub fn shipped(on: &str) -> Option<Shipment> {
    Some(Shipment { date: date(on), evidence: ShipmentEvidence::OnBoardNotation })
}

pub fn issue(terms: LetterOfCreditTerms) -> TradeOperation {
    TradeOperation::IssueCredit { number: NUMBER.into(), terms: Box::new(terms) }
}

pub fn advise() -> TradeOperation {
    TradeOperation::AdviseCredit { credit: credit(), authenticity: Authenticity::Verified }
}

pub fn present(amount: &str, shipped_on: &str) -> TradeOperation {
    present_into(ADVISING, amount, shipped(shipped_on))
}

pub fn present_into(owner: &str, amount: &str, shipment: Option<Shipment>) -> TradeOperation {
    TradeOperation::PresentDocuments {
        credit: credit(),
        amount: usd(amount),
        account: account(owner),
        covering_reference: "COVER-1".into(),
        shipment,
        documents: vec![document()],
        amendments: vec![],
    }
}

pub fn accept(sequence: u32) -> TradeOperation {
    TradeOperation::AcceptPresentation { presentation: presentation(sequence) }
}

pub fn honour(sequence: u32) -> TradeOperation {
    TradeOperation::HonourPresentation { presentation: presentation(sequence), from: account(ISSUING) }
}

pub fn refuse(sequence: u32, discrepancies: &[&str]) -> TradeOperation {
    TradeOperation::RefusePresentation {
        presentation: presentation(sequence),
        discrepancies: discrepancies.iter().map(|text| (*text).to_owned()).collect(),
        disposal: Disposal::Hold,
    }
}

pub fn preclude(sequence: u32) -> TradeOperation {
    TradeOperation::InvokePreclusion { presentation: presentation(sequence) }
}

pub fn pay(sequence: u32, to: &str, amount: &str) -> TradeOperation {
    TradeOperation::PayClaim {
        claim: claim(sequence),
        from: account(ISSUING),
        to: account(to),
        amount: usd(amount),
    }
}

pub fn close() -> TradeOperation {
    TradeOperation::CloseCredit { credit: credit() }
}

/// The ledger, its parties' keys and the time.
pub struct Market {
    state: MemoryState,
    network: Hash,
    height: u64,
    now: Timestamp,
}

fn signer(id: &str) -> SoftwareSigner {
    SoftwareSigner::from_seed(*HashSuite::Sha256.hash("test", id.as_bytes()).as_bytes())
}

impl Market {
    /// Opens on Monday 2 March 2026 at 10:00 in Beijing, with calendars to the end of 2026.
    pub fn open() -> Market {
        Market::with_calendars(vec![cn(1, "2026-12-31"), target()])
    }

    pub fn with_calendars(calendars: Vec<Calendar>) -> Market {
        let parties = [ISSUING, ADVISING, STRANGER, APPLICANT, BENEFICIARY].map(|id| (id, id));
        let usd = Currency::parse("USD").unwrap();
        let mut market = Market::of(beijing("2026-03-02 10:00"), &parties, &[usd], calendars);
        for owner in [ISSUING, ADVISING, STRANGER, BENEFICIARY] {
            market.ledger(owner, LedgerOperation::OpenAccount { account: account(owner), ceiling: None });
        }
        let (from, to) = (format!("{OFFICE}/USD/issue").parse().unwrap(), account(ISSUING));
        let (amount, value_date, reference) = (self::usd("1000000.00"), None, String::new());
        market.ledger(OFFICE, LedgerOperation::Transfer { from, to, amount, value_date, reference });
        market
    }

    /// A market of these parties, with their names, and of an office that holds all offices and issues these currencies.
    pub fn of(
        now: Timestamp,
        parties: &[(&str, &str)],
        currencies: &[Currency],
        calendars: Vec<Calendar>,
    ) -> Market {
        let mut parties: Vec<_> = parties
            .iter()
            .chain(&[(OFFICE, OFFICE)])
            .map(|(id, name)| GenesisParty {
                name: (*name).to_owned(),
                keys: vec![signer(id).public_key()],
                id: party(id),
            })
            .collect();
        parties.sort_by(|one, other| one.id.cmp(&other.id));
        let PublicKey::Ed25519(validator) = signer("validator").public_key();
        let agents =
            currencies.iter().map(|currency| SettlementAgent { currency: *currency, party: party(OFFICE) });
        let genesis = Genesis {
            version: 1,
            name: "market".into(),
            created: now,
            clock: Clock::Manual,
            hash_suite: HashSuite::Sha256,
            rules_version: 1,
            roster: Roster::new(vec![ValidatorKey::new(validator).unwrap()]).unwrap(),
            authorities: Authorities {
                registrar: party(OFFICE),
                calendar_publisher: party(OFFICE),
                supervisor: party(OFFICE),
                settlement_agents: agents.collect(),
            },
            parties,
            calendars,
        };
        let mut state = MemoryState::default();
        state.merge(&genesis.initial_state().unwrap(), &Answers::default());
        let mut market = Market { state, network: genesis.network(), height: 0, now };
        for currency in currencies {
            let account = format!("{OFFICE}/{currency}/issue").parse().unwrap();
            market.ledger(OFFICE, LedgerOperation::OpenAccount { account, ceiling: None });
        }
        market
    }

    /// A market in which a credit on these terms is issued and advised.
    pub fn with_credit(terms: LetterOfCreditTerms) -> Market {
        let mut market = Market::open();
        market.does(ISSUING, issue(terms));
        market.does(ADVISING, advise());
        market
    }

    pub fn at(&mut self, time: &str) -> &mut Market {
        self.moves_to(beijing(time))
    }

    pub fn moves_to(&mut self, time: Timestamp) -> &mut Market {
        assert!(time >= self.now, "block time never decreases");
        self.now = time;
        self
    }

    pub fn publishes(&mut self, calendar: Calendar) -> &mut Market {
        self.ledger(OFFICE, LedgerOperation::PublishCalendar { calendar });
        self
    }

    /// The issuing bank gives a party money.
    pub fn gives(&mut self, party: &str, amount: &str) -> &mut Market {
        let (from, to) = (account(ISSUING), account(party));
        let (amount, value_date, reference) = (usd(amount), None, String::new());
        self.ledger(ISSUING, LedgerOperation::Transfer { from, to, amount, value_date, reference });
        self
    }

    /// The party does it, and what came of it by the trade rules.
    pub fn does(&mut self, author: &str, operation: TradeOperation) -> Vec<TradeEvent> {
        let step = operation.step();
        match self.tries(author, operation) {
            Ok(events) => events,
            Err(refusal) => panic!("{step} by {author} was refused: {refusal:?}"),
        }
    }

    /// The party tries it and is refused, with this code. Nothing but the answer to the key is written.
    pub fn refuses(&mut self, author: &str, operation: TradeOperation, code: &str) -> Refusal {
        let step = operation.step();
        let before = self.trade_records();
        match self.tries(author, operation) {
            Ok(events) => panic!("{step} by {author} came through: {events:?}"),
            Err(refusal) => {
                assert_eq!(refusal.code, code, "{step} by {author}: {refusal:?}");
                assert_eq!(before, self.trade_records(), "a refusal changes nothing");
                refusal
            }
        }
    }

    pub fn tries(&mut self, author: &str, operation: TradeOperation) -> Result<Vec<TradeEvent>, Refusal> {
        let events = self.submit(author, vec![Operation::Rules(operation)])?;
        Ok(events
            .into_iter()
            .filter_map(|event| match event {
                Event::Rules(event) => Some(event),
                Event::Ledger(_) => None,
            })
            .collect())
    }

    /// All of them try, in this order, in one block.
    pub fn try_in_one_block(
        &mut self,
        steps: Vec<(&str, TradeOperation)>,
    ) -> Vec<Result<Vec<Event<TradeEvent>>, Refusal>> {
        let steps = steps
            .into_iter()
            .map(|(author, operation)| (author, vec![Operation::Rules(operation)]))
            .collect();
        self.block(steps)
    }

    pub fn credit(&self) -> LetterOfCredit {
        self.record(&credit())
    }

    pub fn presentation(&self, sequence: u32) -> Presentation {
        self.record(&presentation(sequence))
    }

    pub fn claim(&self, sequence: u32) -> Claim {
        self.record(&claim(sequence))
    }

    pub fn find_claim(&self, sequence: u32) -> Option<Claim> {
        self.find(&claim(sequence))
    }

    pub fn find<T: Stored>(&self, id: &T::Id) -> Option<T> {
        read_record(&self.state, id).unwrap()
    }

    pub fn balance(&self, owner: &str) -> Money {
        self.record::<allonge_ledger::Account>(&account(owner)).balance
    }

    /// The office pays money into a party's account.
    pub fn fund(&mut self, owner: &str, amount: Money) {
        let (from, to) = (format!("{OFFICE}/USD/issue").parse().unwrap(), account(owner));
        let (value_date, reference) = (None, String::new());
        self.ledger(OFFICE, LedgerOperation::Transfer { from, to, amount, value_date, reference });
    }

    /// What a debtor is liable for to a creditor in all, in minor units of whatever currency.
    pub fn positions(&self, debtor: &PartyId, creditor: &PartyId, nature: Nature) -> i128 {
        self.all::<Position>()
            .into_iter()
            .filter(|position| {
                let id = &position.id;
                id.debtor == *debtor && id.creditor == *creditor && id.nature == nature
            })
            .map(|position| position.amount.minor_units())
            .sum()
    }

    /// All records of a kind.
    pub fn all<T: Stored>(&self) -> Vec<T> {
        self.state
            .iter()
            .filter(|(key, _)| key.first() == Some(&T::KIND))
            .map(|(_, value)| allonge_ledger::from_canonical(value).unwrap())
            .collect()
    }

    pub fn record<T: Stored>(&self, id: &T::Id) -> T {
        self.find(id).unwrap()
    }

    fn trade_records(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        let of_trade = |key: &[u8]| key.first().is_some_and(|kind| *kind >= 0x40);
        self.state
            .iter()
            .filter(|(key, _)| of_trade(key))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    }

    fn ledger(&mut self, author: &str, operation: LedgerOperation) {
        if let Err(refusal) = self.submit(author, vec![Operation::Ledger(operation)]) {
            panic!("{author}: {refusal:?}");
        }
    }

    /// The party submits operations that take effect together.
    pub fn submit(
        &mut self,
        author: &str,
        operations: Vec<Operation<TradeOperation>>,
    ) -> Result<Vec<Event<TradeEvent>>, Refusal> {
        self.block(vec![(author, operations)]).remove(0)
    }

    /// A block of transactions, in this order.
    fn block(
        &mut self,
        steps: Vec<(&str, Vec<Operation<TradeOperation>>)>,
    ) -> Vec<Result<Vec<Event<TradeEvent>>, Refusal>> {
        self.height += 1;
        let block = BlockContext {
            network: self.network,
            suite: HashSuite::Sha256,
            height: self.height,
            time: self.now,
            rules_version: 1,
            epoch: 0,
        };
        let mut execution = Execution::new(&TradeRules, &self.state, block);
        let mut results = Vec::new();
        for (place, (author, operations)) in (0_u64..).zip(steps) {
            let mut key = [0; 16];
            key[..8].copy_from_slice(&self.height.to_be_bytes());
            key[8..].copy_from_slice(&place.to_be_bytes());
            let transaction = Transaction {
                network: self.network,
                author: party(author),
                key: IdempotencyKey::new(key),
                valid_until: self.now,
                operations,
            };
            let signed = transaction.sign(HashSuite::Sha256, &[&signer(author)]).unwrap();
            let verified = Verifier::new(block.suite, block.network).verify_one(&signed).unwrap();
            results.push(match execution.push(&verified).unwrap().verdict {
                Verdict::Committed { events } => Ok(events),
                Verdict::Rejected { refusal } => Err(refusal),
            });
        }
        let effects = execution.finish();
        self.state.merge(&effects.changes, &effects.answers);
        results
    }
}
