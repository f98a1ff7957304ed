//! Lists by party, status and date, as of every height; transactions by author and time; cursors; past versions.

use std::path::Path;

use allonge_finance::{PartyId, Timestamp};
use allonge_ledger::{
    AccountId, Context, Embedded, Entry, Error, Filter, Hold, HoldState, IndexTerms, Indexed,
    LedgerOperation, Operation, Page, Paging, Party, PartyProposal, Policy, ProposalStatus, Rules, Settings,
    SignedTransaction, Stored, TransactionEntry, TransactionFilter, TransactionResult, Verdict, index_terms,
};
use tempfile::TempDir;

use crate::determinism::{Candidates, OWNERS, Random, SEEDS, history};
use crate::memory::hold_id;
use crate::policies::{requires, rule, set_policy};
use crate::proposals::{propose, withdraw};
use crate::world::*;

const STATES: [HoldState; 4] = [HoldState::Open, HoldState::Posted, HoldState::Voided, HoldState::Expired];

/// All holds and parties after each block, the genesis first.
type Snapshots = Vec<(Vec<Hold>, Vec<Party>)>;

fn snapshot(ledger: &Embedded<Notes>) -> (Vec<Hold>, Vec<Party>) {
    (ledger.list(None, usize::MAX).unwrap(), ledger.list(None, usize::MAX).unwrap())
}

fn run(history: &[Candidates], settings: Settings) -> (TempDir, Embedded<Notes>, Snapshots) {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create_with(directory.path(), genesis(1), settings).unwrap();
    let mut snapshots = vec![snapshot(&ledger)];
    for (seconds, candidates) in history {
        let before = ledger.height();
        ledger.commit(at(*seconds), candidates).unwrap();
        if ledger.height() > before {
            snapshots.push(snapshot(&ledger));
        }
    }
    (directory, ledger, snapshots)
}

fn every_hold() -> Filter {
    Filter {
        parties: Vec::new(),
        belongs_to: None,
        statuses: STATES.map(|state| state as u8).to_vec(),
        order: (Hold::BY_EXPIRY, i64::MIN, i64::MAX),
        ranges: Vec::new(),
    }
}

fn paging(height: Option<u64>, cursor: Option<&str>, limit: usize) -> Paging<'_> {
    Paging { height, cursor, limit }
}

/// All pages of a list.
fn pages<T>(
    limit: usize,
    mut page: impl FnMut(Paging<'_>) -> Result<Page<T>, Error>,
    height: Option<u64>,
) -> Vec<T> {
    let (mut items, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let next = page(paging(height, cursor.as_deref(), limit)).unwrap();
        assert!(next.items.len() <= limit);
        items.extend(next.items);
        cursor = next.cursor;
        if cursor.is_none() {
            return items;
        }
    }
}

fn holds(ledger: &Embedded<Notes>, filter: &Filter, height: Option<u64>, limit: usize) -> Vec<Hold> {
    pages(limit, |paging| ledger.find::<Hold>(filter, paging), height)
}

/// What a hold names, worked out apart from the index.
fn names(hold: &Hold, party: &PartyId) -> bool {
    let in_return = hold.against.as_ref().map(|against| against.account.owner());
    let named = [Some(hold.id.payer()), Some(hold.to.owner()), hold.poster.as_ref(), in_return];
    named.contains(&Some(party))
}

fn filtered(holds: &[Hold], filter: &Filter) -> Vec<Hold> {
    let (_, first, last) = filter.order;
    let mut found: Vec<_> = holds
        .iter()
        .filter(|hold| {
            filter.parties.iter().all(|(party, _)| names(hold, party))
                && filter.statuses.contains(&(hold.state as u8))
                && (first..=last).contains(&hold.expires_at.millis())
        })
        .cloned()
        .collect();
    // Records come by key from the ledger, and this keeps the order of equals.
    found.sort_by_key(|hold| hold.expires_at);
    found
}

fn any_filter(random: &mut Random) -> Filter {
    let parties = (0..random.below(3)).map(|_| (party(random.one_of(&OWNERS)), 1)).collect();
    let statuses: Vec<_> =
        STATES.into_iter().filter(|_| random.below(3) > 0).map(|state| state as u8).collect();
    let mut bound = |open: i64| match random.below(2) {
        0 => open,
        _ => at(random.below(120_000) as i64).millis(),
    };
    let order = (Hold::BY_EXPIRY, bound(i64::MIN), bound(i64::MAX));
    Filter { parties, statuses, order, ..every_hold() }
}

#[test]
fn a_list_as_of_any_height_is_what_a_filter_over_all_records_says() {
    for (seed, settings) in SEEDS.flat_map(|seed| [(seed, Settings::default()), (seed, little_memory())]) {
        let (_directory, ledger, snapshots) = run(&history(seed), settings);
        let last = snapshots.last().unwrap().0.len();
        assert!(last > 40, "{last}");
        let mut random = Random(seed + 100);
        let mut found = 0;
        for (height, (known, parties)) in (0_u64..).zip(&snapshots) {
            let filter = any_filter(&mut random);
            let limit = random.one_of(&[1, 2, 7, 300, 1_000]);
            let listed = holds(&ledger, &filter, Some(height), limit);
            assert_eq!(listed, filtered(known, &filter), "seed {seed}, height {height}, {filter:?}");
            found += listed.len();
            for hold in known {
                assert_eq!(ledger.get_at::<Hold>(&hold.id, height).unwrap().as_ref(), Some(hold));
            }
            for party in parties {
                assert_eq!(ledger.get_at::<Party>(&party.id, height).unwrap().as_ref(), Some(party));
            }
            let by_id = Filter { statuses: vec![0], order: (Party::BY_ID, 0, 0), ..every_hold() };
            assert_eq!(pages(2, |paging| ledger.find::<Party>(&by_id, paging), Some(height)), *parties);
        }
        assert!(found > 100, "{found}");
        let newest = holds(&ledger, &every_hold(), None, 1_000);
        assert_eq!(newest, filtered(&snapshots.last().unwrap().0, &every_hold()));
    }
}

#[test]
fn a_list_neither_skips_nor_repeats_while_blocks_come_in() {
    let history = history(SEEDS.start);
    let (began, rest) = history.split_at(24);
    let (_directory, mut ledger, snapshots) = run(began, little_memory());
    let known = &snapshots.last().unwrap().0;
    let height = ledger.height();
    let filters = [
        every_hold(),
        Filter { statuses: vec![HoldState::Open as u8], ..every_hold() },
        Filter { parties: vec![(party(ALICE), 1)], ..every_hold() },
    ];
    let mut lists = filters.map(|filter| (filter, Vec::new(), None::<String>, false));
    for (seconds, candidates) in rest {
        for (filter, items, cursor, ended) in lists.iter_mut().filter(|(.., ended)| !ended) {
            let page = ledger.find::<Hold>(filter, paging(None, cursor.as_deref(), 3)).unwrap();
            assert_eq!(page.height, height);
            items.extend(page.items);
            *cursor = page.cursor;
            *ended = cursor.is_none();
        }
        ledger.commit(at(*seconds), candidates).unwrap();
    }
    for (filter, mut items, cursor, ended) in lists {
        if !ended {
            let rest = |paging: Paging<'_>| {
                let cursor = paging.cursor.or(cursor.as_deref());
                ledger.find::<Hold>(&filter, Paging { cursor, ..paging })
            };
            items.extend(pages(1_000, rest, None));
        }
        let expected = filtered(known, &filter);
        assert!(expected.len() > 3, "{} of {filter:?}", expected.len());
        assert_eq!(items, expected, "{filter:?}");
        assert_ne!(holds(&ledger, &filter, None, 1_000), expected, "and things have changed");
    }
}

/// Some answers of a ledger, at some of its heights.
fn answers(ledger: &Embedded<Notes>) -> Vec<(Vec<Hold>, Vec<TransactionEntry>, Option<Party>)> {
    let mut random = Random(7);
    let mut answers = Vec::new();
    for height in (0..=ledger.height()).step_by(5) {
        let listed = holds(ledger, &any_filter(&mut random), Some(height), 1_000);
        let author = TransactionFilter { author: Some(party(ALICE)), ..TransactionFilter::default() };
        let by_author = pages(1_000, |paging| ledger.transactions(&author, paging), Some(height));
        answers.push((listed, by_author, ledger.get_at(&party(ALICE), height).unwrap()));
    }
    answers
}

#[test]
fn opened_again_or_with_its_store_deleted_a_ledger_answers_the_same() {
    for settings in [Settings::default(), little_memory()] {
        let (directory, ledger, _) = run(&history(SEEDS.start), settings);
        let expected = answers(&ledger);
        drop(ledger);
        for forgotten in [false, true] {
            if forgotten {
                forget_state(directory.path());
            }
            let ledger = open_with(directory.path(), settings).unwrap();
            assert!(answers(&ledger) == expected, "the store was deleted: {forgotten}");
        }
    }
}

fn all_transactions(ledger: &Embedded<Notes>) -> Vec<TransactionEntry> {
    let mut all = Vec::new();
    for height in 1..=ledger.height() {
        let block = ledger.block(height).unwrap();
        for index in 0..block.transactions.len() as u32 {
            let signed = SignedTransaction::from_bytes(&block.transactions[index as usize]).unwrap();
            let result: TransactionResult<NoteEvent> =
                borsh::from_slice(&block.results[index as usize]).unwrap();
            all.push(TransactionEntry {
                transaction: result.transaction,
                height,
                index,
                time: block.header.time,
                author: signed.transaction::<NoteOperation>().unwrap().author,
                committed: matches!(result.verdict, Verdict::Committed { .. }),
            });
        }
    }
    all
}

#[test]
fn transactions_are_found_by_author_and_by_the_time_of_their_block() {
    let (_directory, ledger, _) = run(&history(SEEDS.start), little_memory());
    let all = all_transactions(&ledger);
    let mut times: Vec<Timestamp> = all.iter().map(|entry| entry.time).collect();
    times.dedup();
    let mut random = Random(3);
    for _ in 0..60 {
        let any_time = |random: &mut Random| match random.below(3) {
            0 => None,
            1 => Some(random.one_of(&times)),
            _ => random.one_of(&times).plus_millis(random.one_of(&[-1, 1])),
        };
        let author = (random.below(2) > 0).then(|| party(random.one_of(&[ALICE, BOB, AGENT, PUBLISHER])));
        let filter = TransactionFilter { author, from: any_time(&mut random), until: any_time(&mut random) };
        let height = (random.below(2) > 0).then(|| random.below(ledger.height() + 1));
        let expected: Vec<_> = all
            .iter()
            .filter(|entry| {
                filter.author.as_ref().is_none_or(|author| *author == entry.author)
                    && filter.from.is_none_or(|from| from <= entry.time)
                    && filter.until.is_none_or(|until| entry.time <= until)
                    && height.is_none_or(|height| entry.height <= height)
            })
            .cloned()
            .collect();
        let limit = random.one_of(&[1, 10, 1_000]);
        let found = pages(limit, |paging| ledger.transactions(&filter, paging), height);
        assert_eq!(found, expected, "{filter:?}, {height:?}");
    }
}

#[test]
fn a_cursor_is_good_for_its_own_list_alone() {
    let (directory, mut ledger, _) = run(&history(SEEDS.start), Settings::default());
    let filter = every_hold();
    let cursor = ledger.find::<Hold>(&filter, paging(None, None, 2)).unwrap().cursor.unwrap();
    let refused = |filter: &Filter, height, cursor: &str| {
        let error = refused(ledger.find::<Hold>(filter, paging(height, Some(cursor), 2)));
        assert!(error.detail("reason").is_some());
        error.code()
    };

    let other = Filter { statuses: vec![HoldState::Open as u8], ..every_hold() };
    assert_eq!(refused(&other, None, &cursor), "query.cursor_invalid");
    assert_eq!(refused(&filter, Some(3), &cursor), "query.cursor_invalid");
    for damaged in ["", "7", "zz", "00", &cursor[2..], &cursor[..cursor.len() - 2], &"0".repeat(2_000)] {
        assert_eq!(refused(&filter, None, damaged), "query.cursor_invalid", "{damaged}");
    }
    for place in 0..cursor.len() {
        let mut altered = cursor.clone().into_bytes();
        altered[place] = if altered[place] == b'0' { b'1' } else { b'0' };
        let altered = String::from_utf8(altered).unwrap();
        assert_eq!(refused(&filter, None, &altered), "query.cursor_invalid", "{altered}");
    }
    let transactions = TransactionFilter::default();
    let of_other = ledger.transactions(&transactions, paging(None, Some(&cursor), 2));
    assert_eq!(of_other.unwrap_err().code(), "query.cursor_invalid");

    // A ledger with the same genesis and another history.
    let (_directory, shorter, _) = run(&history(SEEDS.start)[..5], Settings::default());
    let error = refused_by(&shorter, &filter, &cursor);
    assert!(error.to_string().contains("has not come to its height"), "{error}");
    let (_directory, mut other, _) = run(&history(SEEDS.start + 1), Settings::default());
    while other.height() < ledger.height() {
        other.commit(at(1_000_000), &[]).unwrap();
    }
    assert!(refused_by(&other, &filter, &cursor).to_string().contains("another ledger"));

    // It outlives blocks and the process.
    ledger.commit(at(1_000_000), &[]).unwrap();
    drop(ledger);
    let ledger = open(directory.path()).unwrap();
    assert_eq!(ledger.find::<Hold>(&filter, paging(None, Some(&cursor), 2)).unwrap().items.len(), 2);
}

fn refused_by(ledger: &Embedded<Notes>, filter: &Filter, cursor: &str) -> Error {
    let error = refused(ledger.find::<Hold>(filter, paging(None, Some(cursor), 2)));
    assert_eq!(error.code(), "query.cursor_invalid");
    error
}

#[test]
fn pages_have_limits_and_heights_are_there() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = create(directory.path());
    for limit in [0, 1_001] {
        let error = refused(ledger.find::<Hold>(&every_hold(), paging(None, None, limit)));
        assert_eq!(error.code(), "query.limit_invalid");
        assert_eq!(refused(ledger.find_accounts(None, None, limit)).code(), "query.limit_invalid");
        let error = refused(ledger.transactions(&TransactionFilter::default(), paging(None, None, limit)));
        assert_eq!(error.code(), "query.limit_invalid");
    }
    let error = refused(ledger.find::<Hold>(&every_hold(), paging(Some(1), None, 1)));
    assert_eq!(error.code(), "block.unknown");
    assert_eq!(refused(ledger.get_at::<Party>(&party(ALICE), 1)).code(), "block.unknown");
    assert!(ledger.get_at::<Party>(&party(ALICE), 0).unwrap().is_some());
    assert_eq!(holds(&ledger, &every_hold(), Some(0), 1_000), []);
    assert_eq!(pages(3, |paging| ledger.transactions(&TransactionFilter::default(), paging), None), []);
}

#[test]
fn accounts_are_found_by_their_owner() {
    let (_directory, ledger, _) = run(&history(SEEDS.start)[..1], Settings::default());
    let owned = |owner: Option<u8>, limit| {
        let owner = owner.map(party);
        let page = |paging: Paging<'_>| ledger.find_accounts(owner.as_ref(), paging.cursor, paging.limit);
        pages(limit, page, None).into_iter().map(|account| account.id).collect::<Vec<_>>()
    };
    assert_eq!(owned(Some(ALICE), 1), [account(ALICE, "one"), account(ALICE, "two")]);
    assert_eq!(owned(Some(PUBLISHER), 1), []);
    let all = owned(None, 1_000);
    assert_eq!(all.len(), 7);
    assert_eq!(owned(None, 3), all);
}

#[test]
fn proposals_are_found_by_status_and_by_when_they_expire() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    // Two keys must sign, so what one proposes waits.
    let set = set_policy(&[rule(&[], &[requires(None, 2)])]);
    let second = Operation::Ledger(add_key(party(ALICE), public_key(50)));
    let steps = [
        second,
        set,
        propose("EARLY", vec![note("early")], 100),
        propose("LATE", vec![note("late")], 200),
        withdraw("EARLY"),
    ];
    for (number, step) in (1..).zip(steps) {
        let id = commit(&mut ledger, 0, &transaction(ALICE, number, [step])).unwrap();
        assert!(matches!(prove(&ledger, &id).result.verdict, Verdict::Committed { .. }));
    }

    let found = |status: ProposalStatus, height, from: i64, until: i64| {
        let order = (PartyProposal::<NoteOperation>::BY_EXPIRY, at(from).millis(), at(until).millis());
        let parties = vec![(party(ALICE), 1)];
        let filter = Filter { parties, statuses: vec![status as u8], order, ..every_hold() };
        pages(1, |paging| ledger.find::<PartyProposal<NoteOperation>>(&filter, paging), height)
            .into_iter()
            .map(|proposal| proposal.id.number().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(found(ProposalStatus::Open, None, 0, 1_000), ["LATE"]);
    assert_eq!(found(ProposalStatus::Withdrawn, None, 0, 1_000), ["EARLY"]);
    assert_eq!(found(ProposalStatus::Open, Some(4), 0, 1_000), ["EARLY", "LATE"]);
    assert_eq!(found(ProposalStatus::Open, Some(4), 0, 199), ["EARLY"]);
    assert_eq!(found(ProposalStatus::Open, Some(4), 200, 200), ["LATE"]);
    assert_eq!(found(ProposalStatus::Open, Some(3), 0, 1_000), ["EARLY"]);
    assert!(ledger.get_at::<Policy>(&party(ALICE), 1).unwrap().is_none());
    assert!(ledger.get_at::<Policy>(&party(ALICE), 2).unwrap().is_some());
}

/// Rules of notes in a later version of the software, which lists notes by their length.
struct Listed;

impl Indexed for Note {
    fn terms(&self) -> IndexTerms {
        IndexTerms { orders: vec![Some(self.text.len() as i64)], ..IndexTerms::default() }
    }
}

impl Rules for Listed {
    type Operation = NoteOperation;
    type Event = NoteEvent;
    const VERSION: u32 = 1;
    const INDEX_VERSION: u32 = 2;

    fn errors() -> &'static [&'static Entry] {
        ERRORS
    }

    fn index(kind: u8, value: &[u8]) -> Result<Option<IndexTerms>, Error> {
        if kind == Note::KIND { index_terms::<Note>(value) } else { Ok(None) }
    }

    fn apply(&self, context: &mut Context<'_, NoteEvent>, operation: &NoteOperation) -> Result<(), Error> {
        Notes.apply(context, operation)
    }
}

fn open_listed(directory: &Path) -> Embedded<Listed> {
    Embedded::open(directory, Listed, Box::new(signer(VALIDATOR)), little_memory()).unwrap()
}

#[test]
fn what_later_rules_list_is_listed_from_the_genesis_on() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create_with(directory.path(), genesis(1), little_memory()).unwrap();
    for (number, text) in (1..).zip(["one", "longer", "1", "the longest", "two"]) {
        let author = if number % 2 == 0 { ALICE } else { BOB };
        commit(&mut ledger, 0, &transaction(author, number, [note(text)])).unwrap();
    }
    drop(ledger);
    assert!(directory.path().join("state").exists(), "it is on disk, without the list");
    let ledger = open_listed(directory.path());
    let filter = Filter { statuses: vec![0], order: (0, 0, 10), ..every_hold() };
    let notes = |height| {
        let found = pages(1, |paging| ledger.find::<Note>(&filter, paging), Some(height));
        found.into_iter().map(|note| note.text).collect::<Vec<_>>()
    };
    assert_eq!(notes(0), [""; 0]);
    assert_eq!(notes(2), ["one", "longer"]);
    assert_eq!(notes(3), ["1", "longer"]);
    assert_eq!(notes(5), ["two"], "the longest has eleven letters");
}

#[test]
fn a_page_that_passes_over_much_ends_early_and_the_list_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create_with(directory.path(), genesis(1), little_memory()).unwrap();
    let [from, to] = [account(AGENT, "issue"), account(ALICE, "one")];
    commit(&mut ledger, 0, &transaction(AGENT, 1, [open_account(AGENT, "issue")])).unwrap();
    commit(&mut ledger, 0, &transaction(ALICE, 2, [open_account(ALICE, "one")])).unwrap();
    let place = |number: u32, to: &AccountId, poster: Option<PartyId>| {
        Operation::Ledger(LedgerOperation::HoldFunds {
            hold: hold_id(AGENT, &number.to_string()),
            from: from.clone(),
            to: to.clone(),
            amount: usd(1),
            poster,
            against: None,
            expires_at: at(100 + i64::from(number)),
            reference: String::new(),
        })
    };
    for (key, numbers) in [(3, 0..6_000), (4, 6_000..12_000)] {
        let operations = numbers.map(|number| place(number, &to, None));
        commit(&mut ledger, 0, &transaction(AGENT, key, operations)).unwrap();
    }
    let last = place(12_000, &to, Some(party(BOB)));
    commit(&mut ledger, 0, &transaction(AGENT, 5, [last])).unwrap();

    // The list of Alice is looked through for what names Bob too, and he is in the last.
    let both = Filter { parties: vec![(party(ALICE), 1), (party(BOB), 1)], ..every_hold() };
    let first = ledger.find::<Hold>(&both, paging(None, None, 10)).unwrap();
    assert_eq!(first.items, []);
    assert!(first.cursor.is_some(), "what was passed over is not all");
    let found = holds(&ledger, &both, None, 10);
    assert_eq!(found.iter().map(|hold| hold.id.number()).collect::<Vec<_>>(), ["12000"]);
    assert_eq!(holds(&ledger, &every_hold(), None, 1_000).len(), 12_001);
}
