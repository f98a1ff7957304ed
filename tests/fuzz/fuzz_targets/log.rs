//! Logs, executed again: as they come; and once more with what a fuzzer cannot guess put right, the checksums, the
//! links between headers and the certificates, so that it gets to what they protect.

#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use allonge_crypto::{Hash, Signature, Signer, merkle};
use allonge_fuzz::{SUITE, Sample, VALIDATOR, Vectors, expect_code, seed, signer, strict};
use allonge_ledger::{
    Block, Certificate, Genesis, Proposal, Replayed, Settings, Vote, canonical, certificate_namespace,
    replay_log,
};
use allonge_trade::TradeRules;
use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;

/// Magic and salt; and salt, length and checksum before each payload.
const HEAD: usize = 16;

static DIRECTORY: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());
static LOG: LazyLock<Vec<u8>> = LazyLock::new(|| Sample::new(&Vectors::read()).log);

fn replay(log: &[u8]) -> Option<Replayed> {
    let path: PathBuf = DIRECTORY.path().join("log");
    std::fs::write(&path, log).unwrap();
    let settings = Settings { threads: 1, ..Settings::default() };
    let mut height = 0;
    let replayed = replay_log(&path, &TradeRules, settings, |header| {
        height += 1;
        assert_eq!(header.height, height);
    });
    match replayed {
        Ok(replayed) => {
            assert_eq!(replayed.height, height);
            Some(replayed)
        }
        Err(error) => {
            expect_code(&error, &["replay.bad_block", "replay.not_a_log", "genesis.invalid"]);
            None
        }
    }
}

/// The payloads of a log whose frames may be of any salt and checksum.
fn payloads(log: &[u8]) -> Vec<Vec<u8>> {
    let mut rest = log.get(HEAD..).unwrap_or_default();
    let mut payloads = Vec::new();
    while let Some((head, behind)) = rest.split_first_chunk::<HEAD>() {
        let length = u32::from_le_bytes([head[8], head[9], head[10], head[11]]) as usize;
        let (payload, behind) = behind.split_at(length.min(behind.len()));
        payloads.push(payload.to_vec());
        rest = behind;
    }
    payloads
}

/// The log of payloads, with the head of the sample's.
fn framed(payloads: &[Vec<u8>]) -> Vec<u8> {
    let mut log = LOG[..HEAD].to_vec();
    for payload in payloads.iter().filter(|payload| !payload.is_empty()) {
        let length = u32::try_from(payload.len()).unwrap().to_le_bytes();
        let checksum = crc32fast::hash(&[length.as_slice(), payload].concat()).to_le_bytes();
        log.extend([&LOG[8..HEAD], &length, &checksum, payload].concat());
    }
    log
}

/// The blocks as an honest validator would have certified them, whatever is in them.
fn certified(payloads: &[Vec<u8>]) -> Option<Vec<Vec<u8>>> {
    let (first, blocks) = payloads.split_first()?;
    let genesis: Genesis = strict(first.strip_prefix(&[0])?)?;
    let network = genesis.network();
    let (mut parent, mut history) = (network, merkle::Frontier::new());
    let mut certified = vec![first.clone()];
    for block in blocks {
        let mut block: Block = strict(block.strip_prefix(&[1])?)?;
        let header = &mut block.header;
        (header.network, header.parent, header.history_root) = (network, parent, history.root(SUITE));
        header.body_root = list_root(&block.transactions);
        header.executed.results_root = list_root(&block.results);
        parent = header.digest(SUITE);
        history.push(SUITE, merkle::leaf(SUITE, parent.as_bytes()));
        let proposal =
            Proposal::new(header.epoch, header.height, header.height.checked_sub(1)?, parent).ok()?;
        let message = proposal.signed_message(&certificate_namespace(&network));
        let Signature::Ed25519(signature) = signer(VALIDATOR).sign(&message).unwrap();
        let votes = [Vote { signer: 0, signature }];
        block.certificate = Some(Certificate::assemble(proposal, &genesis.roster, votes).ok()?);
        certified.push([vec![1], canonical(&block)].concat());
    }
    Some(certified)
}

/// The root of a list as `docs/format.md` has it.
fn list_root(items: &[Vec<u8>]) -> Hash {
    let leaves: Vec<_> = items.iter().map(|item| merkle::leaf(SUITE, item)).collect();
    let count = u32::try_from(items.len()).unwrap().to_le_bytes();
    SUITE.hash("allonge/list/1", &[count.as_slice(), merkle::root(SUITE, &leaves).as_bytes()].concat())
}

/// The sample, whole and cut at each of its blocks.
fn seeds() -> Vec<Vec<u8>> {
    let all = payloads(&LOG);
    (1..=all.len())
        .map(|count| framed(&all[..count]))
        .chain([b"ALGLOG\x00\x01".to_vec(), Vec::new()])
        .collect()
}

fuzz_target!(init: {
    assert_eq!(replay(&LOG).unwrap().height, 3);
    assert_eq!(certified(&payloads(&LOG)), Some(payloads(&LOG)), "an honest log is put right as it is");
    seed(seeds());
}, |bytes: &[u8]| {
    let as_it_came = replay(bytes);
    let payloads = payloads(bytes);
    let again = replay(&framed(&payloads));
    if let Some(replayed) = as_it_came {
        assert_eq!(again.unwrap().state_root, replayed.state_root);
        return;
    }
    if let Some(certified) = certified(&payloads) {
        replay(&framed(&certified));
    }
});
