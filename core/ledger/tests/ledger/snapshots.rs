//! A ledger that begins at a snapshot goes on as the one that it was taken of, and one that was pruned too.

use std::fs;
use std::path::Path;

use allonge_crypto::Hash;
use allonge_ledger::{
    Account, AnswerReceipt, Embedded, Error, Paging, RealDisk, Restored, Reversal, Settings,
    SignedTransaction, TransactionFilter, Trust, replay_log,
};
use tempfile::TempDir;

use crate::determinism::{Candidates, long_history};
use crate::reversals::reverse;
use crate::rosters::{Network, three_handovers};
use crate::world::*;

const DAY: i64 = 86_400;

/// Alice pays Bob so much, valid for a day.
fn payment(key: u64, seconds: i64, amount: i128) -> SignedTransaction {
    let pay = transfer(account(ALICE, "settlement"), account(BOB, "settlement"), usd(amount));
    signed(&Draft { valid_until: at(seconds + DAY), ..draft(ALICE, key, [pay]) }, &[ALICE])
}

/// A ledger with a payment each day from the first on, one cent more every day.
fn daily(directory: &Path, days: u64) -> Embedded<Notes> {
    let mut ledger = create(directory);
    let opening = [
        transaction(AGENT, 1, [open_account(AGENT, "issue")]),
        transaction(ALICE, 1, [open_account(ALICE, "settlement")]),
        transaction(BOB, 1, [open_account(BOB, "settlement")]),
        transaction(
            AGENT,
            2,
            [transfer(account(AGENT, "issue"), account(ALICE, "settlement"), usd(1_000_000))],
        ),
    ];
    ledger.commit(at(0), &opening).unwrap().into_iter().collect::<Result<Vec<_>, _>>().unwrap();
    for day in 1..=days {
        pay_on(&mut ledger, day);
    }
    ledger
}

fn pay_on(ledger: &mut Embedded<Notes>, day: u64) -> Hash {
    let seconds = i64::try_from(day).unwrap() * DAY;
    commit(ledger, seconds, &payment(day + 10, seconds, i128::from(day))).unwrap()
}

fn restore(snapshot: &Path, directory: &Path) -> Result<Restored, Error> {
    let trust = allonge_ledger::Trust::new(genesis(1));
    Embedded::restore_snapshot(snapshot, directory, &trust, None, &Notes, Settings::default())
}

/// A snapshot of a ledger, and the ledger that was made of it.
fn twin(ledger: &Embedded<Notes>) -> (TempDir, Embedded<Notes>) {
    twin_with(ledger, Settings::default())
}

fn twin_with(ledger: &Embedded<Notes>, settings: Settings) -> (TempDir, Embedded<Notes>) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("snapshot");
    let written = ledger.write_snapshot(&file).unwrap();
    assert_eq!(written.bytes, fs::metadata(&file).unwrap().len());
    assert_eq!((written.height, written.state_root), (ledger.height(), ledger.state_root()));
    let restored =
        Embedded::restore_snapshot(&file, directory.path(), ledger.trust(), None, &Notes, settings).unwrap();
    assert_eq!((restored.height, restored.state_root), (ledger.height(), ledger.state_root()));
    assert_eq!(restored.oldest, written.oldest);
    fs::remove_file(&file).unwrap();
    let twin = open_with(directory.path(), settings).unwrap();
    (directory, twin)
}

fn names(directory: &Path) -> Vec<String> {
    let names =
        fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> =
        names.map(|name| if name.starts_with("base-") { "base".to_owned() } else { name }).collect();
    names.sort();
    names
}

/// Both take the same block to the same end.
fn commit_both(one: &mut Embedded<Notes>, other: &mut Embedded<Notes>, (seconds, candidates): &Candidates) {
    let told = [&mut *one, &mut *other].map(|ledger| {
        let answers = ledger.commit(at(*seconds), candidates).unwrap();
        answers.into_iter().map(|answer| answer.map_err(|error| error.to_string())).collect::<Vec<_>>()
    });
    assert_eq!(told[0], told[1]);
    assert_eq!(one.state_root(), other.state_root());
    if one.height() > 0 {
        assert_eq!(one.block(one.height()).unwrap(), other.block(other.height()).unwrap());
    }
}

#[test]
fn a_restored_ledger_goes_on_to_the_same_roots_for_a_hundred_random_blocks() {
    // Some blocks are kept because of reversals, others are not.
    for (seed, apart, settings) in [(7, 0, Settings::default()), (8, 2 * DAY, little_memory())] {
        let directory = tempfile::tempdir().unwrap();
        let mut ledger = create(directory.path());
        let blocks = long_history(seed, 160, apart);
        let (before, after) = blocks.split_at(61);
        for (seconds, candidates) in before {
            ledger.commit(at(*seconds), candidates).unwrap();
        }
        let (_kept, mut twin) = twin_with(&ledger, settings);
        assert_eq!(twin.oldest_height() > 5, apart > 0, "{}", twin.oldest_height());
        assert_eq!(after.len(), 100);
        for block in after {
            commit_both(&mut ledger, &mut twin, block);
        }
        assert_eq!(ledger.tip(), twin.tip());
    }
}

#[test]
fn a_restored_ledger_begins_where_reversals_reach_and_goes_on_as_the_original() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = daily(directory.path(), 120);
    let (_kept, mut twin) = twin(&ledger);
    assert_eq!((ledger.oldest_height(), ledger.oldest_state()), (1, 0));
    // Block 31 is 90 days old and can be reversed tomorrow no more; block 30 shows that all such are there.
    assert_eq!((twin.oldest_height(), twin.oldest_state()), (30, 121));
    let id = |day: u64| payment(day + 10, i64::try_from(day).unwrap() * DAY, i128::from(day)).id(SUITE);
    let back = |key, day: u64| {
        let reversal = allonge_ledger::Operation::Ledger(reverse(id(day), &[usd(i128::from(day))]));
        signed(&Draft { valid_until: at(121 * DAY), ..draft(BOB, key, [reversal]) }, &[BOB])
    };
    let candidates = vec![back(901, 29), back(902, 30), back(903, 31), back(904, 120), back(905, 5)];
    commit_both(&mut ledger, &mut twin, &(120 * DAY + 1, candidates));
    for (day, reversed) in [(5, false), (29, false), (30, false), (31, true), (120, true)] {
        assert_eq!(twin.get::<Reversal>(&id(day)).unwrap().is_some(), reversed, "day {day}");
    }
}

#[test]
fn an_idempotency_key_used_below_the_snapshot_is_known_for_ever() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = daily(directory.path(), 120);
    let (kept, mut twin) = twin(&ledger);
    for day in [1, 60, 120] {
        let seconds = i64::try_from(day).unwrap() * DAY;
        let first = payment(day + 10, seconds, i128::from(day)).id(SUITE);
        assert_eq!(twin.used_by(&party(ALICE), idempotency_key(day + 10)).unwrap(), Some(first));
        let again = payment(day + 10, 120 * DAY, i128::from(day));
        commit_both(&mut ledger, &mut twin, &(120 * DAY, vec![again.clone()]));
        let error = commit(&mut twin, 120 * DAY, &again).unwrap_err();
        assert_eq!(
            (error.code(), error.detail("first")),
            ("transaction.repeated", Some(first.to_string().as_str()))
        );
        let asked = (&party(ALICE), idempotency_key(day + 10));
        let receipt = twin.answer_receipt(asked.0, asked.1, at(seconds + DAY)).unwrap();
        let read = AnswerReceipt::from_bytes(&receipt.to_bytes()).unwrap();
        let proven = read.verify(ledger.trust(), asked, at(seconds + DAY)).unwrap();
        assert_eq!(proven.answer.map(|answer| answer.transaction), Some(first));
    }
    drop(twin);
    forget_state(kept.path());
    let twin = open(kept.path()).unwrap();
    assert!(twin.used_by(&party(ALICE), idempotency_key(11)).unwrap().is_some());
}

#[test]
fn what_is_below_answers_that_it_is_pruned_and_what_is_above_as_the_original_does() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = daily(directory.path(), 120);
    let (_kept, twin) = twin(&ledger);
    let pruned = |error: Error, oldest: &str| {
        assert_eq!((error.code(), error.detail("oldest")), ("block.pruned", Some(oldest)), "{error}");
    };
    let (alice, bob) = (account(ALICE, "settlement"), account(BOB, "settlement"));
    let date = |day: i64| at(day * DAY).utc_date();
    pruned(refused(twin.block(29)), "30");
    pruned(refused(twin.receipts(1)), "30");
    pruned(refused(twin.light_header(7)), "30");
    pruned(refused(twin.get_at::<allonge_ledger::Party>(&party(ALICE), 120)), "121");
    pruned(refused(twin.entries(&bob, 0, 5)), "30");
    pruned(refused(twin.balance_at(&bob, 28)), "30");
    pruned(refused(twin.statement(&bob, date(29), date(40))), "30");
    let all = Paging { height: None, cursor: None, limit: 100 };
    pruned(refused(twin.transactions(&TransactionFilter::default(), all)), "30");
    let since = |day: i64, author: Option<u8>| TransactionFilter {
        author: author.map(party),
        from: Some(at(day * DAY)),
        until: None,
    };
    pruned(refused(twin.transactions(&since(29, Some(ALICE)), all)), "30");

    assert_eq!(twin.block(30).unwrap(), ledger.block(30).unwrap());
    for height in [29, 30, 75, 121] {
        for id in [&alice, &bob] {
            assert_eq!(twin.balance_at(id, height).unwrap(), ledger.balance_at(id, height).unwrap());
        }
    }
    for (first, last) in [(30, 40), (30, 500), (119, 119), (300, 400)] {
        let statement = |ledger: &Embedded<Notes>| ledger.statement(&bob, date(first), date(last)).unwrap();
        assert_eq!(statement(&twin), statement(&ledger));
    }
    assert_eq!(twin.entries(&bob, 100, 50).unwrap(), ledger.entries(&bob, 100, 50).unwrap());
    for filter in [since(30, None), since(30, Some(ALICE)), since(110, Some(BOB))] {
        let found = twin.transactions(&filter, all).unwrap();
        assert_eq!(found, ledger.transactions(&filter, all).unwrap());
    }
    assert_eq!(twin.list::<Account>(None, 100).unwrap(), ledger.list::<Account>(None, 100).unwrap());
}

#[test]
fn a_transaction_of_a_block_that_is_not_kept_is_not_found_and_its_receipt_holds_all_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = daily(directory.path(), 120);
    let id = payment(11, DAY, 1).id(SUITE);
    let old = receipt(&ledger, &id);
    let (_kept, twin) = twin(&ledger);
    old.verify::<NoteOperation, NoteEvent>(twin.trust()).unwrap();
    assert_eq!(twin.receipt(&id).unwrap(), None);
    let kept = payment(130, 120 * DAY, 120).id(SUITE);
    assert_eq!(receipt(&twin, &kept), receipt(&ledger, &kept));
    // The list of all headers stays, so that the oldest can still be shown to be in the history of the newest.
    let proof = twin.prove_history(3, 121).unwrap();
    assert_eq!(proof, ledger.prove_history(3, 121).unwrap());
    let state = twin.state_receipt::<Account>(&account(BOB, "settlement")).unwrap();
    state.verify::<Account>(ledger.trust(), &account(BOB, "settlement")).unwrap();
}

#[test]
fn a_snapshot_with_any_bit_flipped_or_anything_cut_off_or_added_is_refused_and_leaves_no_ledger() {
    let (directory, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let ledger = daily(directory.path(), 2);
    let file = elsewhere.path().join("snapshot");
    ledger.write_snapshot(&file).unwrap();
    let whole = fs::read(&file).unwrap();
    let target = tempfile::tempdir().unwrap();
    let refused_as = |bytes: &[u8], what: &str| {
        fs::write(&file, bytes).unwrap();
        let error = restore(&file, target.path()).unwrap_err();
        assert_eq!(error.code(), "snapshot.invalid", "{what}: {error}");
        assert_eq!(names(target.path()), ["lock"], "{what}");
    };
    for place in 0..whole.len() {
        // Each bit of the beginning and of the hashes, one of every other byte.
        let bits = if place < 60 { 0..8 } else { place % 8..place % 8 + 1 };
        for bit in bits {
            let mut damaged = whole.clone();
            damaged[place] ^= 1 << bit;
            refused_as(&damaged, &format!("bit {bit} of byte {place}"));
        }
    }
    for cut in (0..whole.len()).step_by(7) {
        refused_as(&whole[..cut], &format!("cut at {cut}"));
    }
    refused_as(&[whole.as_slice(), &[0]].concat(), "one byte more");
    fs::write(&file, &whole).unwrap();
    restore(&file, target.path()).unwrap();
    assert_eq!(open(target.path()).unwrap().state_root(), ledger.state_root());
}

/// The chunks of a snapshot, without their heads.
fn chunks(bytes: &[u8]) -> Vec<Vec<u8>> {
    let (mut chunks, mut place) = (Vec::new(), 8);
    while place < bytes.len() {
        let length = u32::from_le_bytes(bytes[place..place + 4].try_into().unwrap()) as usize;
        chunks.push(bytes[place + 36..place + 36 + length].to_vec());
        place += 36 + length;
    }
    chunks
}

/// A snapshot of these chunks, with the hashes that it should have.
fn snapshot_of(chunks: &[Vec<u8>]) -> Vec<u8> {
    let (mut bytes, mut previous) = (b"ALGSNAP\x01".to_vec(), Hash::ZERO);
    for chunk in chunks {
        let hashed = [previous.as_bytes().as_slice(), chunk].concat();
        previous = SUITE.hash("allonge/snapshot/1", &hashed);
        bytes.extend_from_slice(&(chunk.len() as u32).to_le_bytes());
        bytes.extend_from_slice(previous.as_bytes());
        bytes.extend_from_slice(chunk);
    }
    bytes
}

#[test]
fn a_snapshot_that_was_altered_with_care_is_refused_by_what_the_certified_header_says() {
    let (directory, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let ledger = daily(directory.path(), 3);
    let file = elsewhere.path().join("snapshot");
    ledger.write_snapshot(&file).unwrap();
    let whole = fs::read(&file).unwrap();
    let good = chunks(&whole);
    assert_eq!(snapshot_of(&good), whole);
    let kinds: Vec<u8> = good.iter().map(|chunk| chunk[0]).collect();
    assert_eq!(kinds, [0, 1, 2, 3, 3, 3, 3, 4, 5, 5, 5, 5, 6]);
    let target = tempfile::tempdir().unwrap();
    let refused_as = |chunks: &[Vec<u8>], what: &str| {
        fs::write(&file, snapshot_of(chunks)).unwrap();
        let error = restore(&file, target.path()).unwrap_err();
        assert_eq!(error.code(), "snapshot.invalid", "{what}: {error}");
        assert_eq!(names(target.path()), ["lock"], "{what}");
    };
    for (number, chunk) in good.iter().enumerate() {
        let mut less = good.clone();
        less.remove(number);
        refused_as(&less, &format!("without chunk {number}"));
        let mut more = good.clone();
        more.insert(number, chunk.clone());
        refused_as(&more, &format!("chunk {number} twice"));
        for place in (0..chunk.len()).step_by(5) {
            let mut altered = good.clone();
            altered[number][place] ^= 0x04;
            fs::write(&file, snapshot_of(&altered)).unwrap();
            let restored = restore(&file, target.path()).map(|restored| restored.height);
            let Err(error) = restored else { panic!("byte {place} of chunk {number} is not proven") };
            let expected = ["snapshot.invalid", "receipt.wrong_network"];
            assert!(expected.contains(&error.code()), "byte {place} of chunk {number}: {error}");
            assert_eq!(names(target.path()), ["lock"]);
        }
    }
}

#[test]
fn a_snapshot_is_of_the_trusted_network_and_of_the_history_that_somebody_pinned() {
    let (directory, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let ledger = daily(directory.path(), 3);
    let file = elsewhere.path().join("snapshot");
    ledger.write_snapshot(&file).unwrap();
    let restore = |trust: &Trust, checkpoint| {
        let target = tempfile::tempdir().unwrap();
        Embedded::restore_snapshot(&file, target.path(), trust, checkpoint, &Notes, Settings::default())
    };
    let other = Trust::new(genesis(4));
    assert_eq!(restore(&other, None).unwrap_err().code(), "receipt.wrong_network");
    let digest = |height| ledger.block(height).unwrap().header.digest(SUITE);
    for height in 1..=4 {
        restore(ledger.trust(), Some((height, digest(height)))).unwrap();
    }
    for checkpoint in [(2, digest(3)), (5, digest(4)), (0, digest(1))] {
        assert_eq!(restore(ledger.trust(), Some(checkpoint)).unwrap_err().code(), "snapshot.invalid");
    }
    let error = ledger.write_snapshot(&file).unwrap_err();
    assert_eq!(error.code(), "store.exists");
    let error = Embedded::restore_snapshot(
        &file,
        directory.path(),
        ledger.trust(),
        None,
        &Notes,
        Settings::default(),
    );
    assert_eq!(error.unwrap_err().code(), "store.locked");
    drop(ledger);
    let trust = Trust::new(genesis(1));
    let error =
        Embedded::restore_snapshot(&file, directory.path(), &trust, None, &Notes, Settings::default());
    assert_eq!(error.unwrap_err().code(), "store.exists");
    let error = refused(create(elsewhere.path()).write_snapshot(&elsewhere.path().join("empty")));
    assert_eq!(error.code(), "block.unknown", "before the first block there is nothing to write");
}

#[test]
fn a_pruned_ledger_keeps_its_roots_its_receipts_and_a_tenth_of_its_blocks() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = daily(directory.path(), 1_000);
    let (root, tip) = (ledger.state_root(), ledger.tip().clone());
    let ids: Vec<Hash> = (1..=1_000_u64)
        .map(|day| payment(day + 10, i64::try_from(day).unwrap() * DAY, day.into()).id(SUITE))
        .collect();
    let receipts: Vec<_> = ids.iter().map(|id| receipt(&ledger, id)).collect();
    let before = fs::metadata(directory.path().join("blocks.log")).unwrap().len();

    let mut ledger = ledger.prune(100).unwrap();
    assert_eq!((ledger.state_root(), ledger.tip()), (root, &tip));
    assert!((890..=902).contains(&ledger.oldest_height()), "{}", ledger.oldest_height());
    let after = fs::metadata(directory.path().join("blocks.log")).unwrap().len();
    assert!(after < before / 3, "{after} of {before}");
    for old in &receipts {
        old.verify::<NoteOperation, NoteEvent>(ledger.trust()).unwrap();
    }
    for (id, old) in ids.iter().zip(&receipts).skip(901) {
        assert_eq!(receipt(&ledger, id), *old);
    }
    let new = pay_on(&mut ledger, 1_001);
    prove(&ledger, &new);
    assert_eq!(names(directory.path()), ["base", "blocks.log", "blocks.mark", "lock"]);

    // It is opened again, with and without what it knows beside its log; and pruned again.
    let (root, height) = (ledger.state_root(), ledger.height());
    drop(ledger);
    for _ in 0..2 {
        forget_state(directory.path());
        let ledger = open_with(directory.path(), little_memory()).unwrap();
        assert_eq!((ledger.state_root(), ledger.height()), (root, height));
    }
    let mut ledger = open(directory.path()).unwrap();
    let oldest = ledger.oldest_height();
    for day in 1_002..1_050 {
        pay_on(&mut ledger, day);
    }
    let root = ledger.state_root();
    let ledger = ledger.prune(0).unwrap();
    assert_eq!(ledger.state_root(), root);
    assert!(ledger.oldest_height() > oldest + 40);
    assert_eq!(names(directory.path()), ["base", "blocks.log", "blocks.mark", "lock"]);
    let (oldest, ledger) = (ledger.oldest_height(), ledger.prune(0).unwrap());
    assert_eq!(ledger.oldest_height(), oldest, "nothing more can be dropped");
    let (_kept, twin) = twin(&ledger);
    assert_eq!((twin.state_root(), twin.oldest_height()), (root, oldest));
}

#[test]
fn what_a_crash_leaves_of_pruning_is_the_ledger_as_it_was_or_pruned() {
    let (directory, pruned) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let ledger = daily(directory.path(), 200);
    let root = ledger.state_root();
    drop(ledger);
    for name in ["blocks.log", "blocks.mark"] {
        fs::copy(directory.path().join(name), pruned.path().join(name)).unwrap();
    }
    open(pruned.path()).unwrap().prune(0).unwrap();
    let base = fs::read_dir(pruned.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let base = base.map(|name| name.into_string().unwrap()).find(|name| name.starts_with("base-")).unwrap();

    // In the order in which the names change hands, with whatever was being written beside.
    fs::create_dir(directory.path().join("restoring")).unwrap();
    fs::write(directory.path().join("restoring/blocks.log"), b"half of it").unwrap();
    fs::write(directory.path().join("pruning.snapshot"), b"half of it").unwrap();
    let opened = |oldest: u64| {
        let ledger = open(directory.path()).unwrap();
        assert_eq!((ledger.state_root(), ledger.oldest_height()), (root, oldest));
        ledger
    };
    opened(1);
    fs::copy(pruned.path().join(&base), directory.path().join(&base)).unwrap();
    opened(1);
    fs::copy(pruned.path().join("blocks.log"), directory.path().join("blocks.log")).unwrap();
    let oldest = opened(110).oldest_height();
    fs::write(directory.path().join("base-0123456789abcdef.snapshot"), b"of an earlier time").unwrap();
    let ledger = opened(oldest);
    drop(ledger);

    // Without its base, or with a damaged one, it is refused as it is.
    let path = directory.path().join(&base);
    let whole = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    assert_eq!(refused(open(directory.path())).code(), "store.io");
    for place in (0..whole.len()).step_by(whole.len() / 50) {
        let mut damaged = whole.clone();
        damaged[place] ^= 1;
        fs::write(&path, &damaged).unwrap();
        forget_state(directory.path());
        assert_eq!(refused(open(directory.path())).code(), "store.corrupt", "byte {place}");
    }
    fs::write(&path, &whole).unwrap();
    opened(oldest);
}

/// Alice's note, valid for an hour.
fn note_at(number: u64, seconds: i64) -> SignedTransaction {
    let draft = draft_for(&genesis(4), ALICE, number, [note(&format!("note {number}"))]);
    signed(&Draft { valid_until: at(seconds + 3_600), ..draft }, &[ALICE])
}

/// Orders blocks ahead of what is executed, in all of these copies; those of the numbers are certified.
fn order_ahead(
    copies: &mut [&mut Embedded<Notes>],
    committee: &Committee,
    seconds: i64,
    numbers: &[(u64, bool)],
) {
    let mut tip = copies[0].tip().clone();
    let mut blocks = Vec::new();
    for (number, certified) in numbers {
        let transactions = vec![note_at(*number, seconds).to_bytes()];
        let header = copies[0].propose(&tip, at(seconds), &transactions).unwrap().unwrap();
        tip = tip.next(&committee.trust, &header);
        let certificate = certified.then(|| committee.certify(&header, 3));
        blocks.push((header, certificate, transactions));
    }
    for copy in copies {
        for (header, certificate, transactions) in blocks.clone() {
            copy.execute(header, certificate, transactions).unwrap();
        }
    }
}

#[test]
fn a_copy_of_a_network_begins_at_what_is_certified_with_its_rosters_and_follows_the_others() {
    let (directory, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let Network { mut copy, mut committees, number } = three_handovers(directory.path());
    let early = copy.height();
    let late = 100 * DAY;
    // Three blocks are ordered before the first is executed, and two more before the header that says so is followed.
    let ahead = |copies: &mut [&mut Embedded<Notes>], committee: &Committee, from: u64| {
        order_ahead(copies, committee, late, &[(from, true), (from + 1, false), (from + 2, false)]);
        order_ahead(copies, committee, late, &[(from + 3, false)]);
        order_ahead(copies, committee, late, &[(from + 4, true), (from + 5, true), (from + 6, false)]);
    };
    ahead(&mut [&mut copy], &committees[3], number + 1);
    let file = elsewhere.path().join("snapshot");
    let written = copy.write_snapshot(&file).unwrap();
    assert_eq!((copy.height(), written.height, written.newest), (early + 7, early + 4, early + 6));
    let trust = committees[0].trust.clone();
    let restored =
        Embedded::restore_snapshot(&file, elsewhere.path(), &trust, None, &Notes, Settings::default())
            .unwrap();
    assert_eq!((restored.height, restored.oldest), (early + 6, written.oldest));
    // Blocks that are kept begin where a header begins to say what they came to.
    assert!((2..=early).contains(&restored.oldest), "{}", restored.oldest);

    let number = number + 8;
    let mut twin = Embedded::open_replica(&RealDisk, elsewhere.path(), Notes, Settings::default()).unwrap();
    let last = copy.block(early + 7).unwrap();
    twin.execute(last.header.clone(), None, last.transactions.clone()).unwrap();
    assert_eq!((twin.tip(), twin.state_root()), (copy.tip(), copy.state_root()));
    ahead(&mut [&mut copy, &mut twin], &committees[3], number);
    order_ahead(&mut [&mut copy, &mut twin], &committees[3], late, &[(number + 7, true)]);
    assert_eq!(twin.block(twin.height()).unwrap(), copy.block(copy.height()).unwrap());
    for number in [number, number + 3] {
        let id = note_at(number, late).id(SUITE);
        let receipt = receipt(&twin, &id);
        assert_eq!(receipt.handovers.len(), 3, "they are of blocks that are not kept");
        receipt.verify::<NoteOperation, NoteEvent>(&trust).unwrap();
        assert_eq!(receipt, crate::world::receipt(&copy, &id));
    }
    assert_eq!(twin.epochs().newest().0, 3);
    assert_eq!(twin.epochs().newest().1.unwrap().roster, committees.pop().unwrap().roster());
    let error = refused(twin.light_header(1));
    assert_eq!(error.code(), "block.pruned");

    // Opened anew, it passes on what it was given.
    drop(twin);
    let twin = Embedded::open_replica(&RealDisk, elsewhere.path(), Notes, Settings::default()).unwrap();
    let [ours, theirs] = [("ours", &copy), ("theirs", &twin)].map(|(name, ledger)| {
        let written = ledger.write_snapshot(&elsewhere.path().join(name)).unwrap();
        (written.height, written.state_root, written.newest)
    });
    assert_eq!(ours, theirs);
}

#[test]
fn a_copy_of_a_network_is_pruned_and_follows_the_others() {
    let (directory, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let Network { copy, committees, number } = three_handovers(directory.path());
    drop(copy);
    for name in ["blocks.log", "blocks.mark"] {
        fs::copy(directory.path().join(name), other.path().join(name)).unwrap();
    }
    let open = |directory: &TempDir| {
        Embedded::open_replica(&RealDisk, directory.path(), Notes, Settings::default()).unwrap()
    };
    let (mut one, mut pruned) = (open(&directory), open(&other));
    let mut number = number;
    for seconds in [50 * DAY, 100 * DAY, 150 * DAY] {
        let numbers = [(number + 1, true), (number + 2, false), (number + 3, false)];
        order_ahead(&mut [&mut one, &mut pruned], &committees[3], seconds, &numbers);
        order_ahead(
            &mut [&mut one, &mut pruned],
            &committees[3],
            seconds,
            &[(number + 4, true), (number + 5, false)],
        );
        number += 5;
        let oldest = pruned.oldest_height();
        pruned = pruned.prune(3).unwrap();
        assert_eq!(pruned.oldest_height() > oldest, seconds > 90 * DAY, "{seconds}");
        assert_eq!((one.tip(), one.state_root()), (pruned.tip(), pruned.state_root()));
    }
    let oldest = pruned.oldest_height();
    assert!(oldest > one.height() - 20);
    for height in oldest..=one.height() {
        assert_eq!(one.block(height).unwrap(), pruned.block(height).unwrap());
    }
}

#[test]
fn a_pruned_ledger_has_no_backup_and_cannot_be_executed_from_its_genesis() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = daily(directory.path(), 120).prune(0).unwrap();
    let error = ledger.backup().write(&directory.path().join("backup")).unwrap_err();
    assert_eq!((error.code(), error.detail("oldest")), ("block.pruned", Some("30")));
    drop(ledger);
    let error =
        replay_log(&directory.path().join("blocks.log"), &Notes, Settings::default(), |_| ()).unwrap_err();
    assert_eq!(error.code(), "replay.not_a_log");
}

#[test]
fn a_key_whose_block_is_not_kept_is_not_unknown() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = daily(directory.path(), 120).prune(0).unwrap();
    let used = |day: u64| ledger.used_by(&party(ALICE), idempotency_key(day + 10)).unwrap().unwrap();
    assert_eq!(refused(ledger.check_kept(&used(1))).code(), "block.pruned");
    ledger.check_kept(&used(120)).unwrap();
}

#[test]
fn a_ledger_hands_out_the_snapshot_with_which_it_begins_while_it_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = daily(directory.path(), 120);
    assert!(ledger.own_snapshot().unwrap().is_none(), "it begins at its genesis");
    ledger = ledger.prune(0).unwrap();
    let (height, root) = (ledger.height(), ledger.state_root());
    let mut pieces = ledger.own_snapshot().unwrap().unwrap();
    let mut file = pieces.piece(|_| panic!("the state comes first")).unwrap().unwrap();
    ledger.commit(at(120 * DAY + 1), &[payment(900, 120 * DAY + 1, 5)]).unwrap();
    while let Some(piece) = pieces.piece(|height| ledger.block(height)).unwrap() {
        file.extend(piece);
    }
    let elsewhere = tempfile::tempdir().unwrap();
    let path = elsewhere.path().join("snapshot");
    fs::write(&path, file).unwrap();
    let restored = Embedded::restore_snapshot(
        &path,
        elsewhere.path(),
        ledger.trust(),
        None,
        &Notes,
        Settings::default(),
    );
    let restored = restored.unwrap();
    assert_eq!(
        (restored.height, restored.state_root, restored.oldest),
        (height, root, ledger.oldest_height())
    );
}

#[test]
fn a_ledger_begins_at_an_older_snapshot_of_its_own_and_at_no_other() {
    let directory = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let (own, foreign) = (elsewhere.path().join("own"), elsewhere.path().join("foreign"));
    let mut ledger = daily(directory.path(), 120);
    let mut other = daily(elsewhere.path(), 110);
    commit(&mut other, 110 * DAY + 5, &payment(999, 110 * DAY + 5, 7)).unwrap();
    other.write_snapshot(&foreign).unwrap();
    ledger.write_snapshot(&own).unwrap();
    for number in 0..3 {
        let time = 120 * DAY + 1 + number;
        ledger.commit(at(time), &[payment(900 + u64::try_from(number).unwrap(), time, 5)]).unwrap();
    }
    let (height, root) = (ledger.height(), ledger.state_root());
    let error = ledger.begin_at(&foreign).map(|_| ()).unwrap_err();
    assert_eq!(error.code(), "snapshot.invalid", "{error}");
    let ledger = open_with(directory.path(), Settings::default()).unwrap();
    assert_eq!((ledger.height(), ledger.oldest_height()), (height, 1), "it is as it was");
    let ledger = ledger.begin_at(&own).unwrap();
    assert_eq!((ledger.height(), ledger.state_root(), ledger.oldest_height()), (height, root, 30));
    assert!(!own.exists());
    drop(ledger);
    let ledger = open_with(directory.path(), Settings::default()).unwrap();
    assert_eq!((ledger.height(), ledger.state_root(), ledger.oldest_height()), (height, root, 30));
}
