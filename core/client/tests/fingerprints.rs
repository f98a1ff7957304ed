//! Two banks, one registrar: the same document is financed once, however each of them writes it down.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests stand outside test functions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use allonge::fingerprints::*;
use allonge::trade::{FinancedDocument, Fingerprint, Match, Tier};
use allonge::{
    Clock, Currency, Date, Error, Hash, Ledger, Money, OpenOptions, Operation, Outcome, PartyId, Session,
    Timestamp, TradeEvent, TradeOperation,
};
use allonge_crypto::fingerprint::{BlindedElement, FingerprintKey, FingerprintKeyId};
use allonge_finance::{Company, Goods, LineItem, TradeDocument, UniqueNumber};

const FIRST: &str = "SYNBCNBJXXX";
const SECOND: &str = "SYNADEFFXXX";

fn party(name: &str) -> PartyId {
    PartyId::parse(name).unwrap()
}

fn key(seed: u8) -> FingerprintKey {
    FingerprintKey::from_seed([seed; 32], b"fingerprints of a test").unwrap()
}

fn hash(key_id: &FingerprintKeyId) -> Hash {
    Hash::new(*key_id.as_bytes())
}

fn usd(amount: &str) -> Money {
    Money::parse(amount, Currency::parse("USD").unwrap()).unwrap()
}

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// The invoice as the first bank reads it.
fn invoice() -> TradeDocument {
    let line = |description: &str, quantity: &str| LineItem {
        description: description.into(),
        quantity: quantity.into(),
        unit: "KG".into(),
        amount: None,
    };
    TradeDocument {
        unique: Some(UniqueNumber::BillOfLading {
            number: "MAEU 1234-5678".into(),
            carrier: "Maersk A/S".into(),
        }),
        seller: Some(Company::Uscc("91350100M000100Y43".parse().unwrap())),
        buyer: Some(Company::Named {
            country: "DE".parse().unwrap(),
            name: "Hansa Textile GmbH & Co. KG".into(),
        }),
        number: Some("INV-2026/0815".into()),
        issued: Some(date("2026-03-02")),
        due: Some(date("2026-06-01")),
        amount: Some(usd("5000.00")),
        goods: Some(Goods {
            lines: vec![line("Cotton yarn, 32S", "1000"), line("Cotton yarn, 40S", "500")],
            bill_of_lading: None,
        }),
        text: None,
    }
}

/// The same invoice as the second bank writes it down.
fn the_same_written_otherwise() -> TradeDocument {
    let mut same = invoice();
    same.unique =
        Some(UniqueNumber::BillOfLading { number: "maeu12345678".into(), carrier: "MAERSK".into() });
    same.buyer = Some(Company::Named {
        country: "DE".parse().unwrap(),
        name: "ＨＡＮＳＡ  Textile G.m.b.H.".into(),
    });
    same.number = Some("inv 2026-0815".into());
    same.amount = Some(usd("5000"));
    same.goods.as_mut().unwrap().lines.reverse();
    same
}

/// Another invoice of the same seller and buyer over as much, two days later.
fn another() -> TradeDocument {
    TradeDocument {
        unique: None,
        number: Some("INV-2026/0900".into()),
        issued: Some(date("2026-03-04")),
        due: Some(date("2026-06-03")),
        goods: None,
        ..invoice()
    }
}

struct Market {
    ledger: Ledger,
    _directory: tempfile::TempDir,
}

impl Market {
    fn open() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let start = Some(Timestamp::parse("2026-03-10T02:00:00Z").unwrap());
        let options = OpenOptions { clock: Clock::Manual, start, ..OpenOptions::default() };
        let ledger = Ledger::open(directory.path(), options).unwrap();
        for bank in [FIRST, SECOND] {
            ledger.admit(party(bank), bank).unwrap();
        }
        Market { ledger, _directory: directory }
    }

    fn adopt(&self, key: &FingerprintKey, until: &str) {
        let adopt = TradeOperation::AdoptFingerprintKey {
            key_id: hash(&key.key_id()),
            previous_until: Timestamp::parse(until).unwrap(),
        };
        submit(&self.ledger.operator().unwrap(), adopt).committed().unwrap();
    }

    fn with_key(key: &FingerprintKey) -> Self {
        let market = Market::open();
        market.adopt(key, "2026-03-10T02:00:00Z");
        market
    }

    fn bank(&self, name: &str) -> Session {
        self.ledger.session(party(name)).unwrap()
    }

    /// What a bank is answered, or the code of the refusal.
    fn reserve(
        &self,
        bank: &str,
        number: &str,
        amount: &str,
        fingerprints: Vec<Fingerprint>,
    ) -> Result<(Match, bool), String> {
        let reserve = TradeOperation::ReserveFinancing {
            number: number.into(),
            document: FinancedDocument::Invoice,
            face: usd("5000.00"),
            amount: usd(amount),
            expires_at: Timestamp::parse("2026-03-20T02:00:00Z").unwrap(),
            fingerprints,
        };
        match submit(&self.bank(bank), reserve) {
            Outcome::Committed(committed) => match committed.events.as_slice() {
                [allonge::Event::Rules(TradeEvent::FinancingReserved { found, own, .. })] => {
                    Ok((*found, *own))
                }
                others => panic!("{others:?}"),
            },
            Outcome::Rejected(rejected) => Err(rejected.error.code().to_owned()),
            other => panic!("{other:?}"),
        }
    }
}

fn submit(session: &Session, operation: TradeOperation) -> Outcome {
    session.submit(vec![Operation::Rules(operation)], Default::default()).unwrap()
}

fn limits(burst: u32, interval_ms: u32) -> EvaluationLimits {
    EvaluationLimits { each: EvaluationRate { burst, interval_ms }, ..EvaluationLimits::default() }
}

fn service(holders: Vec<Box<dyn FingerprintKeyHolder>>) -> Arc<FingerprintService> {
    Arc::new(FingerprintService::new(holders, EvaluationLimits::default()).unwrap())
}

fn asking(bank: &str, services: &[Arc<FingerprintService>]) -> Fingerprinter {
    let name = |place: usize| format!("server {place}");
    let servers = services.iter().enumerate().map(|(place, service)| {
        Arc::new(service.server_for(party(bank), &name(place))) as Arc<dyn FingerprintServer>
    });
    Fingerprinter::new(servers.collect()).unwrap()
}

fn fingerprints(
    bank: &str,
    services: &[Arc<FingerprintService>],
    document: &TradeDocument,
    ledger: &Ledger,
) -> Vec<Fingerprint> {
    let keys = ledger.fingerprint_keys().unwrap();
    let made = asking(bank, services).fingerprint(document, &keys).unwrap();
    assert!(made.faults.is_empty(), "{:?}", made.faults);
    made.fingerprints
}

fn tiers(fingerprints: &[Fingerprint]) -> Vec<Tier> {
    fingerprints.iter().map(|one| one.tier).collect()
}

/// What a server does with what it is asked, for servers that fail and lie.
struct Server<F>(&'static str, F);

impl<F> FingerprintServer for Server<F>
where
    F: Fn(&FingerprintKeyId, &[BlindedElement]) -> Result<EvaluationAnswer, Error> + Send + Sync,
{
    fn name(&self) -> &str {
        self.0
    }

    fn evaluate(
        &self,
        key_id: &FingerprintKeyId,
        blinded: &[BlindedElement],
    ) -> Result<EvaluationAnswer, Error> {
        self.1(key_id, blinded)
    }
}

fn server(
    name: &'static str,
    answer: impl Fn(&FingerprintKeyId, &[BlindedElement]) -> Result<EvaluationAnswer, Error>
    + Send
    + Sync
    + 'static,
) -> Arc<dyn FingerprintServer> {
    Arc::new(Server(name, answer))
}

fn down(name: &'static str) -> Arc<dyn FingerprintServer> {
    server(name, |_, _| {
        Err(allonge::entry("network.unreachable").unwrap().error().with("reason", "no answer"))
    })
}

fn holder(name: &'static str, holder: impl FingerprintKeyHolder + 'static) -> Arc<dyn FingerprintServer> {
    server(name, move |_, blinded| Ok(holder.evaluate(blinded).unwrap()))
}

#[test]
fn the_same_invoice_written_otherwise_is_not_financed_twice() {
    let market = Market::with_key(&key(1));
    let services = [service(vec![Box::new(key(1))])];
    let of = |bank, document: &TradeDocument| fingerprints(bank, &services, document, &market.ledger);
    let first = of(FIRST, &invoice());
    use Tier::*;
    assert_eq!(tiers(&first), [E1, E2, E3, P1, P1, P1, P1, P2, P3]);
    assert_eq!(market.reserve(FIRST, "A", "4000.00", first.clone()), Ok((Match::None, false)));

    let second = of(SECOND, &the_same_written_otherwise());
    assert_eq!(second, first);
    assert_eq!(market.reserve(SECOND, "B", "4000.00", second.clone()), Err("financing.exhausted".into()));
    // What is left is free, and the bank hears that it is not the first.
    assert_eq!(market.reserve(SECOND, "C", "1000.00", second), Ok((Match::Exact, false)));

    // Who leaves the bill of lading out is found by seller, number and date.
    let without = TradeDocument { unique: None, ..the_same_written_otherwise() };
    let without = of(SECOND, &without);
    assert_eq!(market.reserve(SECOND, "D", "1000.01", without), Err("financing.exhausted".into()));
}

#[test]
fn an_invoice_like_another_is_a_partial_match_and_no_obstacle() {
    let market = Market::with_key(&key(1));
    let services = [service(vec![Box::new(key(1))])];
    let of = |bank, document: &TradeDocument| fingerprints(bank, &services, document, &market.ledger);
    market.reserve(FIRST, "A", "5000.00", of(FIRST, &invoice())).unwrap();
    assert_eq!(market.reserve(SECOND, "B", "5000.00", of(SECOND, &another())), Ok((Match::Partial, false)));
    // Four days after the first bank's, and two after its own: it is told of its own alone.
    let far = TradeDocument {
        issued: Some(date("2026-03-06")),
        due: Some(date("2026-06-09")),
        number: Some("INV-2026/0901".into()),
        ..another()
    };
    assert_eq!(market.reserve(SECOND, "C", "5000.00", of(SECOND, &far)), Ok((Match::None, true)));
    let farther =
        TradeDocument { issued: Some(date("2026-03-20")), due: Some(date("2026-06-20")), ..far.clone() };
    assert_eq!(market.reserve(SECOND, "D", "5000.00", of(SECOND, &farther)), Ok((Match::None, false)));
}

#[test]
fn while_one_key_follows_another_fingerprints_are_made_under_both() {
    let market = Market::with_key(&key(1));
    let services = [service(vec![Box::new(key(1)), Box::new(key(2))])];
    assert_eq!(services[0].key_ids().count(), 2);
    let old = fingerprints(FIRST, &services, &invoice(), &market.ledger);
    market.reserve(FIRST, "A", "5000.00", old.clone()).unwrap();
    market.adopt(&key(2), "2026-03-12T02:00:00Z");
    let both = fingerprints(SECOND, &services, &the_same_written_otherwise(), &market.ledger);
    assert_eq!(both.len(), 2 * old.len());
    assert!(old.iter().all(|one| both.contains(one)));
    assert_eq!(market.reserve(SECOND, "B", "1.00", both.clone()), Err("financing.exhausted".into()));
    assert_eq!(market.reserve(SECOND, "B", "1.00", old), Err("financing.keys_missing".into()));
}

#[test]
fn who_floods_the_service_is_limited_and_others_are_not() {
    let now = Arc::new(AtomicI64::new(0));
    let clock = Arc::clone(&now);
    let start = Timestamp::parse("2026-03-10T02:00:00Z").unwrap();
    let service = FingerprintService::with_clock(vec![Box::new(key(1))], limits(18, 60_000), move || {
        start.plus_millis(clock.load(Ordering::SeqCst))
    });
    let services = [Arc::new(service.unwrap())];
    let keys = BTreeSet::from([hash(&key(1).key_id())]);
    let ask =
        |bank| asking(bank, &services).fingerprint(&invoice(), &keys).map(|made| made.fingerprints.len());
    assert_eq!((ask(FIRST).unwrap(), ask(FIRST).unwrap()), (9, 9));
    for _ in 0..100 {
        let error = ask(FIRST).unwrap_err();
        assert_eq!(
            (error.code(), error.detail("milliseconds")),
            ("fingerprint.rate_limited", Some("540000"))
        );
    }
    assert_eq!(ask(SECOND).unwrap(), 9);
    now.store(540_000, Ordering::SeqCst);
    assert_eq!(ask(FIRST).unwrap(), 9);
    assert!(ask(FIRST).is_err());

    // The registrar sees who asked, when, how much and with which key; and nothing else.
    let log = services[0].take_log();
    let evaluated: Vec<_> = log
        .evaluations
        .iter()
        .map(|one| (one.party.to_string(), one.at.millis() - start.millis(), one.count))
        .collect();
    let of = |bank: &str, at| (bank.to_owned(), at, 9);
    assert_eq!(evaluated, [of(FIRST, 0), of(FIRST, 0), of(SECOND, 0), of(FIRST, 540_000)]);
    assert!(log.evaluations.iter().all(|one| one.key_id == key(1).key_id()));
    let refused: Vec<_> =
        log.refusals.iter().map(|row| (row.party.clone(), row.code, row.requests)).collect();
    assert_eq!(refused, [(Some(party(FIRST)), "fingerprint.rate_limited", 101)]);
    assert_eq!(services[0].take_log(), EvaluationLog::default());
}

#[test]
fn a_service_refuses_what_is_beyond_its_limits_and_says_what_to_do() {
    let closed = EvaluationRate { burst: 0, interval_ms: 1 };
    let open = EvaluationRate { burst: 1_000, interval_ms: 1 };
    let limits =
        EvaluationLimits { each: closed, parties: BTreeMap::from([(party(FIRST), open)]), batch: 9, log: 2 };
    let services = [Arc::new(FingerprintService::new(vec![Box::new(key(1))], limits).unwrap())];
    let ask = |bank, document: &TradeDocument, key: &FingerprintKey| {
        let keys = BTreeSet::from([hash(&key.key_id())]);
        asking(bank, &services).fingerprint(document, &keys).map_err(|error| error.code())
    };
    assert_eq!(ask(SECOND, &invoice(), &key(1)).unwrap_err(), "fingerprint.not_permitted");
    assert_eq!(ask(FIRST, &invoice(), &key(2)).unwrap_err(), "fingerprint.unknown_key");
    let mut more = invoice();
    more.goods.as_mut().unwrap().bill_of_lading = Some("1".into());
    assert_eq!(ask(FIRST, &more, &key(1)).unwrap_err(), "fingerprint.batch");
    assert!(ask(FIRST, &invoice(), &key(1)).is_ok() && ask(FIRST, &invoice(), &key(1)).is_ok());
    // Nothing is evaluated of which no record is kept.
    assert_eq!(ask(FIRST, &invoice(), &key(1)).unwrap_err(), "fingerprint.log_full");
    assert_eq!(services[0].take_log().evaluations.len(), 2);
    assert!(ask(FIRST, &invoice(), &key(1)).is_ok());

    for wrong in [
        EvaluationLimits { batch: 0, ..EvaluationLimits::default() },
        EvaluationLimits { batch: 1_025, ..EvaluationLimits::default() },
        EvaluationLimits { log: 0, ..EvaluationLimits::default() },
        EvaluationLimits { each: EvaluationRate { burst: 1, interval_ms: 0 }, ..EvaluationLimits::default() },
    ] {
        let refused = FingerprintService::new(vec![Box::new(key(1))], wrong).err().unwrap();
        assert_eq!(refused.code(), "input.invalid");
    }
    assert!(FingerprintService::new(vec![], EvaluationLimits::default()).is_err());
    assert!(
        FingerprintService::new(vec![Box::new(key(1)), Box::new(key(1))], EvaluationLimits::default())
            .is_err()
    );
}

#[test]
fn a_server_that_lies_is_found_out_and_left_out() {
    let keys = BTreeSet::from([hash(&key(1).key_id())]);
    let lies: [fn(&FingerprintKey, &[BlindedElement]) -> EvaluationAnswer; 4] = [
        // Another key, openly.
        |_, blinded| FingerprintKeyHolder::evaluate(&key(9), blinded).unwrap(),
        // Another key under the right name: its tokens would match nothing, or could be guessed.
        |key_asked, blinded| EvaluationAnswer::Whole {
            public_key: *key_asked.public_key(),
            evaluation: key(9).evaluate(blinded).unwrap(),
        },
        // One element for all.
        |key_asked, blinded| {
            let same = vec![blinded[0]; blinded.len()];
            FingerprintKeyHolder::evaluate(key_asked, &same).unwrap()
        },
        // Too few.
        |key_asked, blinded| FingerprintKeyHolder::evaluate(key_asked, &blinded[1..]).unwrap(),
    ];
    for lie in lies {
        let liar = server("liar", move |_, blinded| Ok(lie(&key(1), blinded)));
        let alone = Fingerprinter::new(vec![Arc::clone(&liar), down("down")]).unwrap();
        let error = alone.fingerprint(&invoice(), &keys).unwrap_err();
        assert_eq!((error.code(), error.detail("server")), ("fingerprint.proof_refused", Some("liar")));

        let among = Fingerprinter::new(vec![liar, holder("honest", key(1))]).unwrap();
        let made = among.fingerprint(&invoice(), &keys).unwrap();
        assert_eq!(made.fingerprints.len(), 9);
        let faults: Vec<_> = made.faults.iter().map(|one| (one.server.as_str(), one.error.code())).collect();
        assert_eq!(faults, [("liar", "fingerprint.proof_refused")]);
    }
}

#[test]
fn of_a_key_in_shares_enough_servers_give_the_tokens_of_the_whole_key() {
    let whole = key(1);
    let keys = BTreeSet::from([hash(&whole.key_id())]);
    let expected = Fingerprinter::new(vec![holder("whole", key(1))])
        .unwrap()
        .fingerprint(&invoice(), &keys)
        .unwrap()
        .fingerprints;
    let (commitments, shares) = whole.split(3, 5).unwrap();
    let mut shares = shares.into_iter().map(|share| HeldShare::new(share, commitments.clone()).unwrap());
    let mut share = |name| holder(name, shares.next().unwrap());
    let [one, two, three, four, five] =
        [share("one"), share("two"), share("three"), share("four"), share("five")];

    // One is down and one answers with a share of another key: three are left.
    let (other_commitments, other_shares) = key(9).split(3, 5).unwrap();
    let other = HeldShare::new(other_shares.into_iter().next().unwrap(), other_commitments).unwrap();
    let asked =
        vec![down("down"), Arc::clone(&one), holder("other", other), Arc::clone(&four), Arc::clone(&five)];
    let made = Fingerprinter::new(asked).unwrap().fingerprint(&invoice(), &keys).unwrap();
    assert_eq!(made.fingerprints, expected);
    let faults: Vec<_> = made.faults.iter().map(|one| (one.server.as_str(), one.error.code())).collect();
    assert_eq!(faults, [("down", "network.unreachable"), ("other", "fingerprint.proof_refused")]);

    // A share that is asked twice counts once; no more are asked than it takes.
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = |server: &Arc<dyn FingerprintServer>| {
        let (server, asked) = (Arc::clone(server), Arc::clone(&asked));
        self::server("counted", move |key_id, blinded| {
            asked.fetch_add(1, Ordering::SeqCst);
            server.evaluate(key_id, blinded)
        })
    };
    let twice = [&two, &two, &three, &four, &five].map(counted);
    let made = Fingerprinter::new(twice.to_vec()).unwrap().fingerprint(&invoice(), &keys).unwrap();
    assert_eq!((made.fingerprints, made.faults.len()), (expected, 1));
    assert_eq!(asked.load(Ordering::SeqCst), 4);

    let few = Fingerprinter::new(vec![one, two, down("three")]).unwrap();
    let error = few.fingerprint(&invoice(), &keys).unwrap_err();
    assert_eq!(error.code(), "fingerprint.unavailable");
    assert!(error.to_string().contains("2 shares have evaluated and it takes 3"), "{error}");
}

#[test]
fn shares_with_false_commitments_give_right_tokens_or_none() {
    let keys = BTreeSet::from([hash(&key(1).key_id())]);
    // The commitments of another split of the same key: each holds for its own shares alone.
    let (first, mut shares) = key(1).split(2, 2).unwrap();
    let (second, other_shares) = key(1).split(2, 2).unwrap();
    let held = HeldShare::new(shares.remove(0), first).unwrap();
    let others: Vec<_> =
        other_shares.into_iter().map(|share| HeldShare::new(share, second.clone()).unwrap()).collect();
    let [one, two]: [HeldShare; 2] = others.try_into().unwrap();
    let servers = vec![holder("first", held), holder("one", one)];
    assert!(Fingerprinter::new(servers.clone()).unwrap().fingerprint(&invoice(), &keys).is_err());
    let servers = [servers, vec![holder("two", two)]].concat();
    let made = Fingerprinter::new(servers).unwrap().fingerprint(&invoice(), &keys).unwrap().fingerprints;
    let whole = Fingerprinter::new(vec![holder("whole", key(1))]).unwrap();
    assert_eq!(made, whole.fingerprint(&invoice(), &keys).unwrap().fingerprints);
}

#[test]
fn what_a_server_sees_of_a_document_is_never_the_same_twice() {
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let kept = Arc::clone(&seen);
    let listening = server("listening", move |_, blinded| {
        kept.lock().unwrap().extend(blinded.iter().map(ToString::to_string));
        Ok(FingerprintKeyHolder::evaluate(&key(1), blinded).unwrap())
    });
    let keys = BTreeSet::from([hash(&key(1).key_id())]);
    let bank = Fingerprinter::new(vec![listening]).unwrap();
    let once = bank.fingerprint(&invoice(), &keys).unwrap().fingerprints;
    assert_eq!(bank.fingerprint(&invoice(), &keys).unwrap().fingerprints, once);
    let seen = seen.lock().unwrap();
    assert_eq!((seen.len(), seen.iter().collect::<BTreeSet<_>>().len()), (18, 18));
}

#[test]
fn a_document_that_nothing_can_be_registered_with_is_refused_before_anybody_is_asked() {
    let keys = BTreeSet::from([hash(&key(1).key_id())]);
    let bank = Fingerprinter::new(vec![server("never", |_, _| panic!("asked"))]).unwrap();
    let refused = |document: TradeDocument| bank.fingerprint(&document, &keys).unwrap_err();
    let named = Company::Named { country: "VN".parse().unwrap(), name: "Hanoi Cotton JSC".into() };
    let error = refused(TradeDocument { unique: None, seller: Some(named), ..invoice() });
    assert_eq!(error.code(), "fingerprint.no_exact_tier");
    let error = refused(TradeDocument { number: Some("--".into()), ..invoice() });
    assert_eq!(error.code(), "fingerprint.document");
    assert!(error.to_string().contains("no letter and no digit"), "{error}");
    assert_eq!(Market::open().ledger.fingerprint_keys().unwrap_err().code(), "financing.no_key");
}

#[test]
fn an_answer_is_carried_in_bytes_and_in_json() {
    let (commitments, shares) = key(1).split(2, 3).unwrap();
    let share = HeldShare::new(shares.into_iter().next().unwrap(), commitments).unwrap();
    let blinding = allonge_crypto::fingerprint::Blinding::new(["1"]).unwrap();
    for answer in [
        FingerprintKeyHolder::evaluate(&key(1), blinding.elements()).unwrap(),
        share.evaluate(blinding.elements()).unwrap(),
    ] {
        assert_eq!(answer.key_id(), key(1).key_id());
        assert_eq!(borsh::from_slice::<EvaluationAnswer>(&borsh::to_vec(&answer).unwrap()).unwrap(), answer);
        let json = serde_json::to_string(&answer).unwrap();
        assert_eq!(serde_json::from_str::<EvaluationAnswer>(&json).unwrap(), answer);
    }
}
