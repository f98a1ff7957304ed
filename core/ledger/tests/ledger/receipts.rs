//! What receipts prove, and everything that they do not.

use allonge_crypto::Hash;
use allonge_ledger::{
    Certificate, Event, Executed, Header, LedgerEvent, LedgerOperation, MAX_RECEIPT_BYTES, Operation,
    Receipt, Refusal, SignedTransaction, TransactionResult, Trust, Verdict, canonical,
};

use crate::world::*;

/// Three transactions of a network and their results, only of the ledger's own operations, so that every
/// verifier can read them whatever its rules.
pub struct Block {
    pub transactions: Vec<Vec<u8>>,
    pub results: Vec<Vec<u8>>,
}

impl Block {
    pub fn new(committee: &Committee, count: u8) -> Self {
        let owners = [ALICE, BOB, AGENT];
        let signed: Vec<SignedTransaction> = (0..count)
            .map(|n| {
                let owner = owners[usize::from(n) % 3];
                let account = account(owner, &format!("account-{n}"));
                let open = Operation::Ledger(LedgerOperation::OpenAccount { account, ceiling: None });
                signed(&draft_for(&committee.genesis, owner, u64::from(n), [open]), &[owner])
            })
            .collect();
        let results = signed.iter().zip(0_u8..).map(|(signed, n)| {
            let verdict = match n {
                1 => Verdict::Rejected {
                    refusal: Refusal { code: "account.exists".into(), operation: Some(0), details: vec![] },
                },
                _ => {
                    let account = account(owners[usize::from(n) % 3], &format!("account-{n}"));
                    Verdict::Committed { events: vec![Event::Ledger(LedgerEvent::AccountOpened { account })] }
                }
            };
            canonical(&TransactionResult::<NoteEvent> { transaction: signed.id(SUITE), verdict })
        });
        Block { results: results.collect(), transactions: signed.iter().map(|s| s.to_bytes()).collect() }
    }

    fn executed(&self, height: u64) -> Executed {
        Executed {
            height,
            state_root: SUITE.hash("an example", b"state"),
            results_root: list_root(&self.results),
        }
    }

    /// The header of a block that is executed at once, as in a network of one.
    pub fn header(&self, committee: &Committee, height: u64) -> Header {
        let parent = SUITE.hash("an example", b"parent");
        committee.header(height, parent, list_root(&self.transactions), self.executed(height))
    }

    /// A chain of headers: this block at height 5, executed by the header of height 7, and one more.
    pub fn chain(&self, committee: &Committee) -> Vec<Header> {
        let other = |height| Executed {
            height,
            state_root: SUITE.hash("an example", &[1]),
            results_root: SUITE.hash("an example", &[2]),
        };
        let mut chain = vec![committee.header(
            5,
            SUITE.hash("an example", b"parent"),
            list_root(&self.transactions),
            other(3),
        )];
        for (height, executed) in [(6, other(4)), (7, self.executed(5)), (8, other(6))] {
            let parent = chain.last().unwrap().digest(SUITE);
            chain.push(committee.header(height, parent, SUITE.hash("an example", &[3]), executed));
        }
        chain
    }
}

/// A receipt of one of the transactions of a block of so many, certified by so many.
pub fn sample(committee: &Committee, count: u8, index: u32, signers: usize) -> Receipt {
    let block = Block::new(committee, count);
    let header = block.header(committee, 1);
    let certificate = committee.certify(&header, signers);
    committee.receipt(&block.transactions, &block.results, index, vec![header], certificate)
}

pub fn chained(committee: &Committee) -> Receipt {
    let block = Block::new(committee, 3);
    let headers = block.chain(committee);
    let certificate = committee.certify(&headers[3], 3);
    committee.receipt(&block.transactions, &block.results, 2, headers, certificate)
}

/// As every reader does.
pub fn check(bytes: &[u8], trust: &Trust) -> Result<Hash, allonge_ledger::Error> {
    Receipt::from_bytes(bytes)?.verify::<NoteOperation, NoteEvent>(trust).map(|proven| proven.id)
}

pub struct Bad {
    pub name: &'static str,
    pub code: &'static str,
    pub bytes: Vec<u8>,
}

/// Receipts that prove nothing, made of a good one of four validators.
pub fn bad(committee: &Committee) -> Vec<Bad> {
    let good = sample(committee, 3, 0, 3);
    let chain = chained(committee);
    let other = Block::new(committee, 3).header(committee, 2);
    let mut list = Vec::new();
    let mut add = |name, code, bytes| list.push(Bad { name, code, bytes });
    let with = |receipt: &Receipt, change: &dyn Fn(&mut Receipt)| {
        let mut changed = receipt.clone();
        change(&mut changed);
        changed.to_bytes()
    };
    let invalid = "receipt.invalid";
    let malformed = "receipt.malformed";

    add("empty", malformed, vec![]);
    add("magic_alone", malformed, good.to_bytes()[..8].to_vec());
    add("other_magic", malformed, with(&good, &|r| r.magic[7] = 1));
    add("later_version", "receipt.version", with(&good, &|r| r.version = 2));
    add("truncated", malformed, good.to_bytes()[..good.to_bytes().len() - 1].to_vec());
    add("trailing_byte", malformed, [good.to_bytes(), vec![0]].concat());
    add("no_header", malformed, with(&good, &|r| r.headers.clear()));
    add("too_many_headers", malformed, with(&good, &|r| r.headers = vec![r.headers[0].clone(); 65]));
    add("other_network", "receipt.wrong_network", with(&good, &|r| r.network = Hash::ZERO));
    add("header_of_another_network", invalid, with(&good, &|r| r.headers[0].network = Hash::ZERO));

    // What stands alone in a header is certified.
    add("later_time", invalid, with(&good, &|r| r.headers[0].time = at(2)));
    add("another_height", invalid, with(&good, &|r| r.headers[0].height = 2));
    add("another_state_root", invalid, with(&good, &|r| r.headers[0].executed.state_root = Hash::ZERO));
    add(
        "certificate_of_another_block",
        invalid,
        with(&good, &|r| r.certificate = committee.certify(&other, 3)),
    );
    add("another_block_under_the_certificate", invalid, with(&good, &|r| r.headers[0] = other.clone()));
    // The committee signed each of these, and still they prove nothing.
    let certified = |change: &dyn Fn(&mut Header)| {
        with(&good, &|r| {
            change(&mut r.headers[0]);
            r.certificate = committee.certify(&r.headers[0], 3);
        })
    };
    add("unknown_header_format", invalid, certified(&|h| h.version = 2));
    add("another_epoch", invalid, certified(&|h| h.epoch = 1));
    add("not_executed_yet", invalid, certified(&|h| h.executed.height = 0));
    add(
        "epoch_of_the_certificate_alone",
        invalid,
        with(&good, &|r| r.certificate = committee.certify_as(1, &r.headers[0], 3)),
    );
    add("empty_roots", invalid, certified(&|h| h.body_root = Hash::ZERO));
    // A list without its length would let one path prove several places and lengths.
    add("place_moved", invalid, with(&good, &|r| r.index = 1));
    add("list_longer", invalid, with(&good, &|r| r.size = 4));
    add("list_shorter", invalid, with(&good, &|r| r.size = 2));
    let last = sample(committee, 3, 2, 3);
    add("last_of_three_as_second_of_two", invalid, with(&last, &|r| (r.index, r.size) = (1, 2)));
    add("path_shorter", invalid, with(&good, &|r| r.body_path.clear()));
    add("path_longer", invalid, with(&good, &|r| r.result_path.push(Hash::ZERO)));

    let second = sample(committee, 3, 1, 3);
    add(
        "transaction_of_another_place",
        invalid,
        with(&good, &|r| r.transaction = second.transaction.clone()),
    );
    add("result_of_another_place", invalid, with(&good, &|r| r.result = second.result.clone()));
    // Blocks that validators would never make: a verifier still says no.
    let remade = |transactions: Vec<Vec<u8>>, results: Vec<Vec<u8>>| {
        let block = Block { transactions, results };
        let header = block.header(committee, 1);
        let certificate = committee.certify(&header, 3);
        committee.receipt(&block.transactions, &block.results, 0, vec![header], certificate).to_bytes()
    };
    let block = Block::new(committee, 1);
    let (transactions, results) = (&block.transactions, &block.results);
    add("result_of_another_transaction", invalid, remade(transactions.clone(), vec![second.result.clone()]));
    add(
        "result_with_a_trailing_byte",
        invalid,
        remade(transactions.clone(), vec![[&results[0][..], &[0]].concat()]),
    );
    add(
        "transaction_with_a_trailing_byte",
        invalid,
        remade(vec![[&transactions[0][..], &[0]].concat()], results.clone()),
    );
    let open = || open_account(ALICE, "account-0");
    let draft = draft_for(&committee.genesis, ALICE, 0, [open()]);
    let id = signed(&draft, &[ALICE]).id(SUITE);
    let opened = |transaction: Hash| {
        let event = LedgerEvent::AccountOpened { account: account(ALICE, "account-0") };
        let verdict = Verdict::<NoteEvent>::Committed { events: vec![Event::Ledger(event)] };
        canonical(&TransactionResult { transaction, verdict })
    };
    add("unsigned_transaction", invalid, remade(vec![signed(&draft, &[]).to_bytes()], vec![opened(id)]));
    let mut forged = signed(&draft, &[ALICE]);
    forged.approvals[0].signature = signed(&draft, &[BOB]).approvals[0].signature;
    add("forged_signature", invalid, remade(vec![forged.to_bytes()], vec![opened(id)]));
    let abroad = Draft { network: Hash::new([1; 32]), ..draft };
    let abroad = signed(&abroad, &[ALICE]);
    add(
        "transaction_for_another_network",
        invalid,
        remade(vec![abroad.to_bytes()], vec![opened(abroad.id(SUITE))]),
    );

    // Chains of headers.
    add("chain_without_its_first", invalid, with(&chain, &|r| r.headers = r.headers[1..].to_vec()));
    add(
        "chain_with_a_gap",
        invalid,
        with(&chain, &|r| r.headers = vec![r.headers[0].clone(), r.headers[2].clone(), r.headers[3].clone()]),
    );
    add("chain_without_its_last", invalid, with(&chain, &|r| r.headers.truncate(3)));
    add("chain_in_another_order", invalid, with(&chain, &|r| r.headers.swap(1, 2)));
    add("chain_with_an_altered_link", invalid, with(&chain, &|r| r.headers[1].time = at(7)));
    add("chain_with_a_header_twice", invalid, with(&chain, &|r| r.headers.insert(1, r.headers[0].clone())));
    let recertified = |change: &dyn Fn(&mut Vec<Header>)| {
        with(&chain, &|r| {
            change(&mut r.headers);
            for at in 1..r.headers.len() {
                r.headers[at].parent = r.headers[at - 1].digest(SUITE);
            }
            r.certificate = committee.certify(r.headers.last().unwrap(), 3);
        })
    };
    add("chain_that_skips_a_height", invalid, recertified(&|headers| headers[3].height = 9));
    add("chain_that_ends_before_execution", invalid, recertified(&|headers| headers.truncate(2)));
    add(
        "chain_executed_otherwise",
        invalid,
        recertified(&|headers| headers[2].executed.results_root = Hash::ZERO),
    );
    list
}

#[test]
fn good_receipts_hold_for_every_size_of_block_and_of_committee() {
    for validators in [1, 2, 4, 7] {
        let committee = Committee::new(validators);
        for count in [1, 2, 3, 4, 5, 8, 9] {
            for index in 0..count {
                let receipt = sample(&committee, count, u32::from(index), committee.genesis.roster.quorum());
                let expected = SignedTransaction::from_bytes(&receipt.transaction).unwrap().id(SUITE);
                assert_eq!(check(&receipt.to_bytes(), &committee.trust), Ok(expected));
            }
        }
    }
}

#[test]
fn a_receipt_whose_block_was_executed_later_holds_through_the_chain_of_headers() {
    let committee = Committee::new(4);
    let receipt = chained(&committee);
    let proven = receipt.verify::<NoteOperation, NoteEvent>(&committee.trust).unwrap();
    assert_eq!((proven.height, proven.time), (5, at(5)));
    // The state is that of the block itself, although a later header names it.
    assert_eq!(proven.state_root, receipt.headers[2].executed.state_root);
}

#[test]
fn what_proves_nothing_is_refused_with_its_code() {
    let committee = Committee::new(4);
    for bad in bad(&committee) {
        assert_eq!(refused(check(&bad.bytes, &committee.trust)).code(), bad.code, "{}", bad.name);
    }
}

#[test]
fn a_receipt_is_of_one_genesis() {
    let (four, seven) = (Committee::new(4), Committee::new(7));
    let bytes = sample(&four, 1, 0, 3).to_bytes();
    let error = refused(check(&bytes, &seven.trust));
    assert_eq!(error.code(), "receipt.wrong_network");
    assert_eq!(error.detail("expected"), Some(seven.trust.network().to_string().as_str()));
}

#[test]
fn no_bit_and_no_byte_of_a_receipt_can_change() {
    let committee = Committee::new(4);
    for receipt in [sample(&committee, 3, 0, 3), chained(&committee)] {
        let bytes = receipt.to_bytes();
        check(&bytes, &committee.trust).unwrap();
        let mut altered = bytes.clone();
        for place in 0..bytes.len() {
            for mask in (0..8).map(|bit| 1 << bit).chain([0xff]) {
                altered[place] ^= mask;
                assert!(check(&altered, &committee.trust).is_err(), "byte {place} ^ {mask:#x}");
                altered[place] = bytes[place];
            }
            assert!(check(&bytes[..place], &committee.trust).is_err(), "cut to {place}");
        }
        for trailing in [0, 1, 0xff] {
            let longer = [&bytes[..], &[trailing]].concat();
            assert_eq!(refused(check(&longer, &committee.trust)).code(), "receipt.malformed");
        }
    }
}

#[test]
fn index_and_size_take_no_other_value() {
    let committee = Committee::new(4);
    for count in 1..=9 {
        for index in 0..u32::from(count) {
            let good = sample(&committee, count, index, 3);
            for (other_index, other_size) in (0..12).flat_map(|i| (0..14).map(move |s| (i, s))) {
                if (other_index, other_size) != (good.index, good.size) {
                    let moved = Receipt { index: other_index, size: other_size, ..good.clone() };
                    let refused = moved.verify::<NoteOperation, NoteEvent>(&committee.trust);
                    assert!(refused.is_err(), "{index} of {count} as {other_index} of {other_size}");
                }
            }
        }
    }
}

#[test]
fn a_receipt_of_four_validators_has_at_most_2048_bytes_beyond_transaction_and_result() {
    let committee = Committee::new(4);
    let beyond = |receipt: &Receipt| {
        check(&receipt.to_bytes(), &committee.trust).unwrap();
        receipt.to_bytes().len() - receipt.transaction.len() - receipt.result.len()
    };
    let figures = [
        ("alone in its block, three of four signed", beyond(&sample(&committee, 1, 0, 3)), 550),
        ("alone in its block, all four signed", beyond(&sample(&committee, 1, 0, 4)), 614),
        ("one of 200 in its block, all four signed", beyond(&sample(&committee, 200, 0, 4)), 1_126),
        ("one of three, executed two blocks later, four headers", beyond(&chained(&committee)), 1_307),
    ];
    for (name, bytes, expected) in figures {
        println!("{bytes} bytes beyond transaction and result: {name}");
        assert!(bytes <= 2_048, "{bytes} bytes beyond transaction and result: {name}");
        assert_eq!(bytes, expected, "{name}");
    }
}

#[test]
fn announced_lengths_cost_nothing() {
    let committee = Committee::new(4);
    let bytes = sample(&committee, 1, 0, 3).to_bytes();
    // The lengths of transaction and result, and of every list.
    for place in 42..bytes.len() - 4 {
        let mut altered = bytes.clone();
        altered[place..place + 4].fill(0xff);
        assert!(check(&altered, &committee.trust).is_err(), "at {place}");
    }
    assert_eq!(refused(check(&vec![0; MAX_RECEIPT_BYTES + 1], &committee.trust)).code(), "receipt.malformed");
}

#[test]
fn signatures_of_another_committee_prove_nothing() {
    let (four, seven) = (Committee::new(4), Committee::new(7));
    let receipt = sample(&four, 1, 0, 3);
    let foreign: Certificate = seven.certify(&receipt.headers[0], 5);
    let moved = Receipt { certificate: foreign, ..receipt };
    assert_eq!(refused(check(&moved.to_bytes(), &four.trust)).code(), "receipt.invalid");
}
