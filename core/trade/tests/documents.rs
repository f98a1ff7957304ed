//! Who vouches for a document, who controls a record of title, and whose units are left.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests stand outside test functions.

mod common;

use allonge_crypto::{Hash, HashSuite};
use allonge_finance::Timestamp;
use allonge_trade::*;
use common::*;
use proptest::prelude::*;

fn content(of: u8) -> DocumentContent {
    let (title, media_type) = ("BILL OF LADING".into(), "application/pdf".into());
    DocumentContent { title, sha256: Hash::new([of; 32]), length: 48_213, media_type }
}

fn record() -> TransferableRecordId {
    format!("{BENEFICIARY}/BL-1").parse().unwrap()
}

fn issue_record() -> TradeOperation {
    TradeOperation::IssueTransferable {
        number: "BL-1".into(),
        kind: TransferableKind::BillOfLading,
        content: content(7),
        replaces_paper: None,
    }
}

fn control(to: &str) -> RecordOffer {
    RecordOffer::Control { to: party(to) }
}

fn offer(offer: RecordOffer, until: Timestamp) -> TradeOperation {
    TradeOperation::OfferTransferable { record: record(), offer, expires_at: until }
}

fn take(offer: RecordOffer) -> TradeOperation {
    TradeOperation::AcceptTransferable { record: record(), offer }
}

fn a_week() -> Timestamp {
    beijing("2026-03-09 10:00")
}

#[test]
fn of_two_transfers_of_one_title_in_one_block_one_takes_effect() {
    let mut market = Market::open();
    market.does(BENEFICIARY, issue_record());
    let results = market.try_in_one_block(vec![
        (BENEFICIARY, offer(control(ISSUING), a_week())),
        (BENEFICIARY, offer(control(ADVISING), a_week())),
        (ADVISING, take(control(ADVISING))),
        (ISSUING, take(control(ISSUING))),
        (ISSUING, take(control(ISSUING))),
    ]);
    let codes: Vec<_> = results.iter().map(|result| result.as_ref().err().map(|r| r.code.as_str())).collect();
    let refused = [
        None,
        Some("transferable.offer_stands"),
        Some("transferable.not_offered_to"),
        None,
        Some("transferable.offer_none"),
    ];
    assert_eq!(codes, refused);
    let record = market.record::<TransferableRecord>(&record());
    assert_eq!((record.controller, record.transfers), (party(ISSUING), 1));
}

#[test]
fn control_never_rests_on_a_party_that_did_not_take_it() {
    let mut market = Market::open();
    market.does(BENEFICIARY, issue_record());
    market.does(BENEFICIARY, offer(control(ISSUING), a_week()));
    assert_eq!(market.record::<TransferableRecord>(&record()).controller, party(BENEFICIARY));
    market.refuses(ADVISING, take(control(ISSUING)), "transferable.not_offered_to");
    market.at("2026-03-09 10:00:01").refuses(ISSUING, take(control(ISSUING)), "transferable.offer_expired");
    // What expired binds nobody.
    market.does(BENEFICIARY, offer(control(ADVISING), beijing("2026-03-10 10:00")));
    market.does(ADVISING, take(control(ADVISING)));
    market.refuses(
        BENEFICIARY,
        offer(control(ISSUING), beijing("2026-03-11 10:00")),
        "transferable.not_controller",
    );
}

#[test]
fn an_amendment_is_what_both_have_signed_and_stays_visible() {
    let mut market = Market::open();
    market.does(BENEFICIARY, issue_record());
    market.does(BENEFICIARY, offer(control(ISSUING), a_week()));
    market.does(ISSUING, take(control(ISSUING)));
    let amendment = |of| RecordOffer::Amendment { content: content(of) };
    market.does(ISSUING, offer(amendment(8), a_week()));
    market.refuses(ISSUING, take(amendment(8)), "transferable.not_offered_to");
    market.refuses(BENEFICIARY, take(amendment(9)), "transferable.offer_other");
    market.does(BENEFICIARY, take(amendment(8)));
    let record = market.record::<TransferableRecord>(&record());
    assert_eq!(record.content, content(8));
    assert_eq!(
        (record.amendments[0].before, &record.amendments[0].controller),
        (Hash::new([7; 32]), &party(ISSUING))
    );
    assert_eq!(record.controller, party(ISSUING), "an amendment transfers nothing");
}

#[test]
fn a_record_that_ended_is_nobody_s_to_transfer_and_its_number_is_never_used_again() {
    let paper = TradeOperation::SwitchToPaper { record: record(), statement: "PAPER BL-1 ISSUED".into() };
    let ends: [&[(&str, TradeOperation)]; 2] = [
        &[(BENEFICIARY, paper)],
        &[
            (BENEFICIARY, offer(RecordOffer::Surrender, a_week())),
            (BENEFICIARY, take(RecordOffer::Surrender)),
        ],
    ];
    for end in ends {
        let mut market = Market::open();
        market.does(BENEFICIARY, issue_record());
        for (author, operation) in end {
            market.does(author, operation.clone());
        }
        assert!(!market.record::<TransferableRecord>(&record()).is_in_effect());
        market.refuses(BENEFICIARY, offer(control(ISSUING), a_week()), "transferable.ended");
        market.refuses(BENEFICIARY, issue_record(), "transferable.exists");
    }
}

#[test]
fn a_file_is_verified_against_its_record_alone() {
    let file = b"PACKING LIST: 2 SETS OF MACHINING CENTRES";
    let mut hasher = HashSuite::Sha256.document_hasher();
    hasher.update(file);
    let mut market = Market::open();
    let content = DocumentContent { sha256: hasher.finish(), length: 41, ..content(0) };
    let notarise = |number: &str, supersedes| TradeOperation::NotariseDocument {
        number: number.into(),
        content: content.clone(),
        supersedes,
    };
    let id = |number: &str| format!("{BENEFICIARY}/{number}").parse::<DocumentId>().unwrap();
    market.does(BENEFICIARY, notarise("D-1", None));
    let document = market.record::<NotarisedDocument>(&id("D-1"));
    assert!(document.content.is(file) && !document.content.is(b"PACKING LIST"));

    market.refuses(ISSUING, notarise("D-2", Some(id("D-1"))), "document.not_issuer");
    market.does(BENEFICIARY, notarise("D-2", Some(id("D-1"))));
    let status = market.record::<NotarisedDocument>(&id("D-1")).status;
    assert!(matches!(status, DocumentStatus::Superseded { by, .. } if by == id("D-2")));
    market.refuses(BENEFICIARY, notarise("D-3", Some(id("D-1"))), "document.not_valid");
    market.refuses(BENEFICIARY, notarise("D-3", Some(id("D-9"))), "document.unknown");
    let revoke = |number| TradeOperation::RevokeDocument { document: id(number), reason: "WRONG".into() };
    market.refuses(BENEFICIARY, revoke("D-1"), "document.not_valid");
    market.does(BENEFICIARY, revoke("D-2"));
}

#[test]
fn an_exposure_is_stated_while_the_debtor_consents_and_not_after() {
    let mut market = Market::open();
    let consent = |number: &str, until: &str| TradeOperation::ConsentToExposure {
        number: number.into(),
        lender: party(ISSUING),
        expires_at: beijing(until),
    };
    let id = |number: &str| format!("{APPLICANT}/{number}").parse::<ExposureId>().unwrap();
    let state = |number: &str, amount: &str| TradeOperation::StateExposure {
        exposure: id(number),
        amount: usd(amount),
        as_of: date("2026-03-02"),
    };
    let end = |number: &str| TradeOperation::EndExposure { exposure: id(number) };
    market.refuses(ISSUING, state("C", "1.00"), "exposure.unknown");
    market.refuses(APPLICANT, consent("C", "2027-03-04 10:00"), "exposure.expiry");
    market.does(APPLICANT, consent("C", "2026-03-09 10:00"));
    market.refuses(ADVISING, state("C", "1.00"), "exposure.not_lender");
    market.does(ISSUING, state("C", "1.00"));
    market.does(ISSUING, state("C", "0.00"));
    market.refuses(ADVISING, end("C"), "exposure.not_party");
    market.does(APPLICANT, end("C"));
    market.refuses(ISSUING, state("C", "1.00"), "exposure.ended");
    market.does(APPLICANT, consent("D", "2026-03-09 10:00"));
    market.at("2026-03-09 10:00:01").refuses(ISSUING, state("D", "1.00"), "exposure.expired");
}

const HOLDERS: [&str; 4] = [BENEFICIARY, ISSUING, ADVISING, APPLICANT];

#[derive(Clone, Copy, Debug)]
enum Attempt {
    Move { from: usize, to: usize, quantity: u64 },
    Retire { holder: usize, quantity: u64 },
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let holder = || 0..HOLDERS.len();
    prop_oneof![
        3 => (holder(), holder(), 0_u64..600)
            .prop_map(|(from, to, quantity)| Attempt::Move { from, to, quantity }),
        1 => (holder(), 0_u64..300).prop_map(|(holder, quantity)| Attempt::Retire { holder, quantity }),
    ]
}

/// Who tries what with a record: offers to another, accepts what is said to be offered, takes back, or lets time pass.
fn walk() -> impl Strategy<Value = Vec<(usize, usize, u8)>> {
    prop::collection::vec((0..HOLDERS.len(), 0..HOLDERS.len(), 0_u8..7), 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_held_and_what_is_retired_are_what_was_issued(
        attempts in prop::collection::vec(attempt(), 1..40),
    ) {
        let mut market = Market::open();
        let id: CertificateId = format!("{BENEFICIARY}/G-1").parse().unwrap();
        market.does(BENEFICIARY, TradeOperation::IssueUnits {
            number: "G-1".into(),
            unit: "kWh".into(),
            description: "WIND POWER".into(),
            sha256: Hash::new([7; 32]),
            quantity: 1_000,
        });
        let holding = |market: &Market, holder: &str| {
            let id = UnitHoldingId { certificate: id.clone(), holder: party(holder) };
            market.find::<UnitHolding>(&id).map_or((0, 0), |holding| (holding.held, holding.retired))
        };
        for attempt in attempts {
            let (author, quantity, operation) = match attempt {
                Attempt::Move { from, to, quantity } => {
                    let (certificate, to) = (id.clone(), party(HOLDERS[to]));
                    (HOLDERS[from], quantity, TradeOperation::TransferUnits { certificate, to, quantity })
                }
                Attempt::Retire { holder, quantity } => {
                    let (certificate, beneficiary, reason) = (id.clone(), "B".into(), "R".into());
                    let retire = TradeOperation::RetireUnits { certificate, quantity, beneficiary, reason };
                    (HOLDERS[holder], quantity, retire)
                }
            };
            let before = holding(&market, author).0;
            let went = market.tries(author, operation).is_ok();
            let own = matches!(attempt, Attempt::Move { from, to, .. } if from == to);
            prop_assert_eq!(went, quantity > 0 && quantity <= before && !own);
            let held: u64 = HOLDERS.iter().map(|holder| holding(&market, holder).0).sum();
            let retired: u64 = HOLDERS.iter().map(|holder| holding(&market, holder).1).sum();
            let certificate = market.record::<UnitCertificate>(&id);
            prop_assert_eq!((held + retired, retired), (certificate.issued, certificate.retired));
        }
    }

    #[test]
    fn control_passes_by_the_acts_of_both_parties_and_in_no_other_way(walk in walk()) {
        let mut market = Market::open();
        market.does(BENEFICIARY, issue_record());
        let (mut hour, mut chain) = (0, 0);
        for (author, other, act) in walk {
            let before = market.record::<TransferableRecord>(&record());
            let (author, other) = (HOLDERS[author], HOLDERS[other]);
            let clock = |hour: u32| beijing(&format!("2026-03-{:02} {:02}:00", 3 + hour / 24, hour % 24));
            let operation = match act {
                0 | 1 => offer(control(other), clock(hour + 2)),
                2 | 3 => take(control(author)),
                4 => TradeOperation::WithdrawTransferableOffer { record: record() },
                5 => take(control(other)),
                _ => {
                    hour += 1;
                    market.at(&format!("2026-03-{:02} {:02}:00", 3 + hour / 24, hour % 24));
                    continue;
                }
            };
            let went = market.tries(author, operation).is_ok();
            let after = market.record::<TransferableRecord>(&record());
            if before.controller == after.controller {
                prop_assert_eq!(before.transfers, after.transfers);
            } else {
                chain += 1;
                prop_assert!(went && after.controller == party(author), "whoever takes it signs");
                let offered = matches!(&before.state, TransferableState::Offered { offer, expires_at }
                    if *offer == control(author) && (hour == 0 || clock(hour) <= *expires_at));
                prop_assert!(offered, "whoever had it offered: {before:?}");
            }
            prop_assert_eq!(after.transfers, chain);
        }
    }
}
