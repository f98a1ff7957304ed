//! Epochs: the validators approve who follows them, and receipts of every epoch verify from the genesis alone.

use std::path::Path;

use allonge_crypto::Hash;
use allonge_finance::Timestamp;
use allonge_ledger::{
    Embedded, Epoch, Event, Genesis, HANDOVER_BLOCKS, Handover, Header, Judgement, LedgerEvent,
    LedgerOperation, LightClient, LightHeader, Operation, RealDisk, Receipt, Roster, RosterProposals,
    Settings, SignedTransaction, Verdict, canonical, replay_log,
};

use crate::world::*;

/// Something done to a list.
type Change<'a, T> = dyn Fn(&mut Vec<T>) + 'a;

/// A validator's copy, and whoever certifies its blocks.
pub struct Network {
    pub copy: Embedded<Notes>,
    /// Of each epoch, those who hold the keys.
    pub committees: Vec<Committee>,
    pub number: u64,
}

impl Network {
    fn create(directory: &Path) -> Self {
        let copy =
            Embedded::create_replica(&RealDisk, directory, genesis(4), Notes, Settings::default()).unwrap();
        Network { copy, committees: vec![Committee::new(4)], number: 0 }
    }

    pub fn open(directory: &Path, committees: Vec<Committee>, number: u64) -> Self {
        let copy = Embedded::open_replica(&RealDisk, directory, Notes, Settings::default()).unwrap();
        Network { copy, committees, number }
    }

    fn transaction(&mut self, operation: Operation<NoteOperation>) -> SignedTransaction {
        self.number += 1;
        signed(&draft_for(&genesis(4), ALICE, self.number, [operation]), &[ALICE])
    }

    /// The header of a block on the newest one.
    fn propose(&self, transactions: &[SignedTransaction]) -> Header {
        let bytes: Vec<_> = transactions.iter().map(SignedTransaction::to_bytes).collect();
        self.copy.propose(self.copy.tip(), at(1), &bytes).unwrap().unwrap()
    }

    fn order(&mut self, transactions: &[SignedTransaction]) -> Header {
        let header = self.propose(transactions);
        let certificate = self.committees[header.epoch as usize].certify(&header, 4);
        let bytes = transactions.iter().map(SignedTransaction::to_bytes).collect();
        self.copy.execute(header.clone(), Some(certificate), bytes).unwrap();
        header
    }

    /// What became of an operation of the ledger: its events, or the reason of the refusal.
    fn does(&mut self, operation: LedgerOperation) -> Result<Vec<Event<NoteEvent>>, String> {
        let transaction = self.transaction(Operation::Ledger(operation));
        self.order(std::slice::from_ref(&transaction));
        self.order(&[]);
        match prove(&self.copy, &transaction.id(SUITE)).result.verdict {
            Verdict::Committed { events } => Ok(events),
            Verdict::Rejected { refusal } => Err(refusal.detail("reason").unwrap().to_owned()),
        }
    }

    fn approve(
        &mut self,
        place: usize,
        epoch: u64,
        roster: &Roster,
        valid_until: Timestamp,
    ) -> Result<Vec<Event<NoteEvent>>, String> {
        let operation = self.committees.last().unwrap().approval(place, epoch, roster, valid_until);
        self.does(operation)
    }

    /// Three validators approve those of these keys; answers the height from which on they are in office.
    pub fn decide(&mut self, seeds: &[u8]) -> u64 {
        let epoch = self.committees.len() as u64 - 1;
        let next = self.committees[0].of(seeds);
        for place in 0..3 {
            self.approve(place, epoch, &next.roster(), at(3_600)).unwrap();
        }
        self.committees.push(next);
        self.copy.get::<Epoch>(&(epoch + 1)).unwrap().unwrap().from_height
    }

    pub fn run_to(&mut self, height: u64) {
        while self.copy.height() < height {
            self.order(&[]);
        }
    }

    /// A note, with the block that says what it came to.
    pub fn note(&mut self) -> Hash {
        let number = self.number;
        let transaction = self.transaction(note(&format!("note {number}")));
        self.order(std::slice::from_ref(&transaction));
        self.order(&[]);
        transaction.id(SUITE)
    }
}

/// The seeds of the validators after so many of the first four keys were replaced.
pub fn seeds(rotated: u8) -> [u8; 4] {
    [0, 1, 2, 3].map(|place| VALIDATOR + rotated + place)
}

#[test]
fn a_quorum_of_validators_approves_the_next_roster_and_it_takes_office_65_blocks_later() {
    let directory = tempfile::tempdir().unwrap();
    let mut network = Network::create(directory.path());
    let next = network.committees[0].of(&seeds(1));
    for place in 0..2 {
        let events = network.approve(place, 0, &next.roster(), at(3_600)).unwrap();
        let [Event::Ledger(LedgerEvent::RosterApproved { approvals, .. })] = &events[..] else {
            panic!("{events:?}");
        };
        assert_eq!(usize::from(*approvals), place + 1);
        assert_eq!(network.copy.get::<Epoch>(&1).unwrap(), None);
    }
    let height = network.copy.height() + 1;
    let events = network.approve(3, 0, &next.roster(), at(3_600)).unwrap();
    let scheduled = LedgerEvent::RosterScheduled {
        epoch: 1,
        from_height: height + HANDOVER_BLOCKS,
        roster: next.roster(),
    };
    assert_eq!(events.last(), Some(&Event::Ledger(scheduled)));
    assert_eq!(network.copy.get::<RosterProposals>(&0).unwrap().unwrap().proposals, []);

    network.committees.push(next.of(&seeds(1)));
    network.run_to(height + HANDOVER_BLOCKS - 2);
    let last = network.order(&[]);
    assert_eq!((last.epoch, last.next_roster), (0, Some(next.roster().hash(SUITE))));
    let first = network.order(&[]);
    assert_eq!((first.epoch, first.next_roster), (1, None));
}

#[test]
fn receipts_of_six_epochs_verify_from_the_genesis_alone_also_after_opening_again() {
    let directory = tempfile::tempdir().unwrap();
    let mut network = Network::create(directory.path());
    let mut notes = vec![network.note()];
    for rotated in 1..=5 {
        let from = network.decide(&seeds(rotated));
        network.run_to(from);
        notes.push(network.note());
    }
    let check = |network: &Network| {
        for (epoch, id) in notes.iter().enumerate() {
            let receipt = receipt(&network.copy, id);
            assert_eq!(receipt.handovers.len(), epoch);
            // The reader that knows nothing but the bytes.
            let read = Receipt::from_bytes(&receipt.to_bytes()).unwrap();
            read.verify::<NoteOperation, NoteEvent>(&network.committees[0].trust).unwrap();
        }
        let state = network.copy.state_receipt::<Note>(&party(ALICE)).unwrap();
        assert_eq!(state.handovers.len(), 5);
        assert!(state.verify::<Note>(&network.committees[0].trust, &party(ALICE)).unwrap().record.is_some());
    };
    check(&network);
    // Another reader, made from the document, follows the handovers too.
    let opened = network.transaction(open_account(ALICE, "settlement"));
    network.order(std::slice::from_ref(&opened));
    network.order(&[]);
    let file = receipt(&network.copy, &opened.id(SUITE)).to_bytes();
    let (id, verdict, _) = crate::format::verify_receipt(&canonical(&genesis(4)), &file);
    assert_eq!((id, verdict), (*opened.id(SUITE).as_bytes(), 0));

    let Network { copy, committees, number } = network;
    let height = copy.height();
    drop(copy);
    let mut network = Network::open(directory.path(), committees, number);
    check(&network);
    network.order(&[]);

    let log = directory.path().join("blocks.log");
    let replayed = replay_log(&log, &Notes, Settings::default(), |_| {}).unwrap();
    assert_eq!(replayed.height, height + 1);
    assert_eq!(replayed.state_root, network.copy.state_root());
}

#[test]
fn a_handover_that_was_tampered_with_proves_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let mut network = Network::create(directory.path());
    for rotated in 1..=2 {
        let from = network.decide(&seeds(rotated));
        network.run_to(from);
    }
    let id = network.note();
    let good = receipt(&network.copy, &id);
    let trust = &network.committees[0].trust;
    let code = |receipt: &Receipt| match receipt.verify::<NoteOperation, NoteEvent>(trust) {
        Ok(_) => "it holds",
        Err(error) => error.code(),
    };
    assert_eq!(code(&good), "it holds");
    let outsiders = network.committees[0].of(&seeds(50));
    let changes: [&Change<'_, Handover>; 8] = [
        &|handovers| handovers.clear(),
        &|handovers| handovers.truncate(1),
        &|handovers| handovers.swap(0, 1),
        &|handovers| handovers.push(handovers[1].clone()),
        &|handovers| handovers[1].roster = outsiders.roster(),
        &|handovers| handovers[0].header.next_roster = Some(outsiders.roster().hash(SUITE)),
        &|handovers| handovers[0].certificate = handovers[1].certificate.clone(),
        &|handovers| {
            // Somebody who is in no roster names one.
            let mut header = handovers[1].header.clone();
            header.next_roster = Some(outsiders.roster().hash(SUITE));
            let certificate = outsiders.certify(&header, 4);
            handovers[1] = Handover { header, certificate, roster: outsiders.roster() };
        },
    ];
    for (place, change) in changes.iter().enumerate() {
        let mut bad = good.clone();
        change(&mut bad.handovers);
        assert_eq!(code(&bad), "receipt.invalid", "{place}");
    }
    // A roster out of office certifies nothing any more.
    let mut bad = good.clone();
    bad.certificate = network.committees[1].certify(bad.headers.last().unwrap(), 4);
    assert_eq!(code(&bad), "receipt.invalid");
}

#[test]
fn what_validators_may_not_approve() {
    let directory = tempfile::tempdir().unwrap();
    let mut network = Network::create(directory.path());
    let next = network.committees[0].of(&seeds(1)).roster();
    let own = network.committees[0].roster();
    let refused = |network: &mut Network, operation| network.does(operation).unwrap_err();

    assert_eq!(network.approve(0, 1, &next, at(3_600)).unwrap_err(), "epoch_not_in_office");
    assert_eq!(network.approve(0, 0, &own, at(3_600)).unwrap_err(), "unchanged");
    assert_eq!(network.approve(0, 0, &next, at(0)).unwrap_err(), "time");
    assert_eq!(network.approve(0, 0, &next, at(31 * 86_400)).unwrap_err(), "time");
    let stranger = network.committees[0].of(&[99]).approval(0, 0, &next, at(3_600));
    assert_eq!(refused(&mut network, stranger), "not_a_validator");
    // Signed for another time.
    let LedgerOperation::ApproveRoster { signature, .. } =
        network.committees[0].approval(0, 0, &next, at(3_601))
    else {
        panic!("it is an approval");
    };
    let mut forged = network.committees[0].approval(0, 0, &next, at(3_600));
    if let LedgerOperation::ApproveRoster { signature: of_it, .. } = &mut forged {
        *of_it = signature;
    }
    assert_eq!(refused(&mut network, forged), "signature");
    network.approve(0, 0, &next, at(3_600)).unwrap();
    assert_eq!(network.approve(0, 0, &next, at(3_600)).unwrap_err(), "approved_already");
    network.decide(&seeds(2));
    network.committees.pop();
    assert_eq!(network.approve(0, 0, &next, at(3_600)).unwrap_err(), "decided");
}

#[test]
fn who_approves_another_roster_takes_back_what_it_approved_before() {
    let directory = tempfile::tempdir().unwrap();
    let mut network = Network::create(directory.path());
    let [one, other] = [1, 2].map(|rotated| network.committees[0].of(&seeds(rotated)).roster());
    network.approve(0, 0, &one, at(3_600)).unwrap();
    network.approve(1, 0, &one, at(3_600)).unwrap();
    network.approve(0, 0, &other, at(3_600)).unwrap();
    network.approve(2, 0, &one, at(3_600)).unwrap();
    assert_eq!(network.copy.get::<Epoch>(&1).unwrap(), None, "two of them stand by the first");
    let proposals = network.copy.get::<RosterProposals>(&0).unwrap().unwrap().proposals;
    let mut counts: Vec<_> = proposals.iter().map(|proposal| proposal.approved_by.len()).collect();
    counts.sort_unstable();
    assert_eq!(counts, [1, 2]);
    network.approve(3, 0, &one, at(3_600)).unwrap();
    assert_eq!(network.copy.get::<Epoch>(&1).unwrap().unwrap().roster, one);
}

#[test]
fn no_header_hides_the_end_of_an_epoch_or_claims_one() {
    let directory = tempfile::tempdir().unwrap();
    let mut network = Network::create(directory.path());
    let from = network.decide(&seeds(1));
    let tip = network.copy.tip().clone();
    let judge =
        |network: &Network, header: &Header| network.copy.judge(network.copy.tip(), header, &[]).unwrap();
    let early =
        Header { next_roster: Some(network.committees[1].roster().hash(SUITE)), ..network.propose(&[]) };
    assert!(matches!(judge(&network, &early), Judgement::False(_)));
    assert_eq!(tip.next_epoch, 0);

    network.run_to(from - 2);
    let right = network.propose(&[]);
    assert_eq!(judge(&network, &right), Judgement::True);
    let other = network.committees[0].of(&seeds(7)).roster().hash(SUITE);
    for next_roster in [None, Some(other)] {
        let wrong = Header { next_roster, ..right.clone() };
        assert!(matches!(judge(&network, &wrong), Judgement::False(_)));
        let certificate = network.committees[0].certify(&wrong, 4);
        let refused = network.copy.execute(wrong, Some(certificate), vec![]).unwrap_err();
        assert_eq!(refused.code(), "block.not_next");
    }
    network.order(&[]);
    let of_before = Header { epoch: 0, ..network.propose(&[]) };
    assert!(matches!(judge(&network, &of_before), Judgement::False(_)));
    let first = network.propose(&[]);
    assert_eq!(first.epoch, 1);
    let [old, new] = [0, 1].map(|epoch| network.committees[epoch].certify(&first, 4));
    assert_eq!(network.copy.verify_header(&first, &old).unwrap_err().code(), "receipt.invalid");
    network.copy.verify_header(&first, &new).unwrap();
}

/// A network that came to its fourth epoch.
pub fn three_handovers(directory: &Path) -> Network {
    let mut network = Network::create(directory);
    for rotated in 1..=3 {
        let from = network.decide(&seeds(rotated));
        network.run_to(from);
    }
    network
}

/// Headers of four epochs, certified where a light client needs it; and where one stands that followed them.
pub fn light_headers() -> (Genesis, Vec<LightHeader>, LightClient) {
    let directory = tempfile::tempdir().unwrap();
    let network = three_handovers(directory.path());
    let mut headers = network.copy.light_headers(0, 10_000).unwrap();
    let last = headers.len() - 1;
    for (place, one) in headers.iter_mut().enumerate() {
        if place < last && one.next_roster.is_none() {
            one.certificate = None;
        }
    }
    let mut light = LightClient::new(network.committees[0].trust.clone()).unwrap();
    light.follow_headers(&headers).unwrap();
    (genesis(4), headers, light)
}

#[test]
fn a_light_client_follows_headers_over_three_rosters_and_goes_on_where_it_was() {
    let directory = tempfile::tempdir().unwrap();
    let network = three_handovers(directory.path());
    let (copy, trust) = (&network.copy, &network.committees[0].trust);
    let mut light = LightClient::new(trust.clone()).unwrap();
    while light.tip().height < copy.height() {
        let headers = copy.light_headers(light.tip().height, 50).unwrap();
        light.follow(&canonical(&headers)).unwrap();
        light = LightClient::from_bytes(trust.clone(), &light.to_bytes()).unwrap();
    }
    assert_eq!(light.tip(), copy.tip());
    assert_eq!(light.roster(), &network.committees[3].roster());
    light.follow(&canonical(&Vec::<LightHeader>::new())).unwrap();
    let abroad = LightClient::from_bytes(Committee::new(3).trust, &light.to_bytes()).unwrap_err();
    assert_eq!(abroad.code(), "receipt.wrong_network");
}

#[test]
fn a_light_client_believes_nothing_that_is_not_certified_by_the_roster_in_office() {
    let directory = tempfile::tempdir().unwrap();
    let network = three_handovers(directory.path());
    let trust = &network.committees[0].trust;
    let headers = network.copy.light_headers(0, 10_000).unwrap();
    let last = headers.len() - 1;
    let handover = headers.iter().position(|one| one.next_roster.is_some()).unwrap();
    let outsiders = network.committees[0].of(&seeds(50));
    let changes: [&Change<'_, LightHeader>; 9] = [
        &|headers| headers.iter_mut().for_each(|one| one.certificate = None),
        &|headers| drop(headers.remove(5)),
        &|headers| headers.swap(7, 8),
        &|headers| headers[9].header.body_root = Hash::ZERO,
        &|headers| headers[handover].certificate = None,
        &|headers| headers[handover].next_roster = None,
        &|headers| headers[handover].next_roster = Some(outsiders.roster()),
        &|headers| headers[last].certificate = Some(network.committees[2].certify(&headers[last].header, 4)),
        &|headers| {
            headers[last].header.history_root = Hash::ZERO;
            headers[last].certificate = Some(network.committees[3].certify(&headers[last].header, 4));
        },
    ];
    for (place, change) in changes.iter().enumerate() {
        let mut bad = headers.clone();
        change(&mut bad);
        let mut light = LightClient::new(trust.clone()).unwrap();
        let before = light.tip().clone();
        assert_eq!(light.follow_headers(&bad).unwrap_err().code(), "headers.invalid", "{place}");
        assert_eq!(light.tip(), &before, "{place}");
    }
    let mut light = LightClient::new(trust.clone()).unwrap();
    assert_eq!(light.follow(b"nonsense").unwrap_err().code(), "headers.invalid");
    light.follow_headers(&headers).unwrap();
}

#[test]
fn a_ledger_in_one_process_hands_over_to_nobody() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let committee = Committee::new(1);
    let approval = committee.approval(0, 0, &committee.of(&seeds(1)).roster(), at(3_600));
    let transaction = transaction(ALICE, 1, [Operation::Ledger(approval)]);
    commit(&mut ledger, 1, &transaction).unwrap();
    let Verdict::Rejected { refusal } = prove(&ledger, &transaction.id(SUITE)).result.verdict else {
        panic!("it took effect");
    };
    assert_eq!((refusal.code.as_str(), refusal.detail("reason")), ("roster.refused", Some("network_of_one")));
}
