//! A roster that follows another, with validators as processes of their own.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use allonge::{Ledger, LedgerOperation, NodeConfig, Operation, Outcome, Peer, SubmitOptions};

use crate::network::{Process, account, free_address, homes, open};
use crate::support::{allonge, text};

#[test]
fn a_fifth_validator_takes_the_place_of_the_fourth_while_work_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let (mut homes, trust, mut urls) = homes(directory.path());
    let start = |home: &PathBuf| Some(Process::start(&["node", &text(home)]).0);
    let mut processes: Vec<_> = homes.iter().map(start).collect();
    let ledger = Ledger::connect(&urls, trust.clone(), directory.path().join("client")).unwrap();
    let operator = ledger.operator().unwrap();
    open(&operator, 0);

    // The fifth bank makes its key, and its address goes into the files of the others.
    let fifth = directory.path().join("fifth");
    let made = allonge(["network", "key", &text(&fifth), "--json"]).json();
    let key = made["key"].as_str().unwrap().parse().unwrap();
    let read = |home: &PathBuf| std::fs::read_to_string(home.join("node.json")).unwrap();
    let config: NodeConfig = serde_json::from_str(&read(&homes[0])).unwrap();
    let (listen, api) = (free_address(), free_address());
    let mut peers = config.peers.clone();
    let replaced = peers[3].key;
    peers.push(Peer { key, address: listen });
    std::fs::copy(homes[0].join("genesis.json"), fifth.join("genesis.json")).unwrap();
    for home in &homes {
        let config: NodeConfig = serde_json::from_str(&read(home)).unwrap();
        let config = NodeConfig { peers: peers.clone(), ..config };
        // Whole or not at all: the validator reads it while it runs.
        std::fs::write(home.join("node.new"), serde_json::to_string(&config).unwrap()).unwrap();
        std::fs::rename(home.join("node.new"), home.join("node.json")).unwrap();
    }
    let config =
        NodeConfig { listen, api, peers: peers.clone(), tls: None, limits: config.limits, prune: false };
    std::fs::write(fifth.join("node.json"), serde_json::to_string(&config).unwrap()).unwrap();
    urls.push(format!("http://{api}"));
    processes.push(start(&fifth));
    homes.push(fifth);

    // Three of the four approve.
    let next: Vec<String> =
        peers.iter().filter(|peer| peer.key != replaced).map(|peer| peer.key.to_string()).collect();
    let until = ledger.status().unwrap().time.plus_millis(86_400_000).unwrap().to_string();
    let [a, b, c, d] = next.as_slice() else { panic!("there are four") };
    for home in &homes[..3] {
        let home = text(home);
        let keys = ["--validator", a, "--validator", b, "--validator", c, "--validator", d];
        let [k1, v1, k2, v2, k3, v3, k4, v4] = keys;
        let said = allonge([
            "network", "approve", &home, k1, v1, k2, v2, k3, v3, k4, v4, "--epoch", "0", "--until", &until,
        ]);
        let said = said.json();
        let operation: LedgerOperation = serde_json::from_value(said).unwrap();
        let options = SubmitOptions { deadline_ms: 60_000, ..SubmitOptions::default() };
        operator.submit(vec![Operation::Ledger(operation)], options).unwrap().committed().unwrap();
    }

    // Work goes on meanwhile, and afterwards without the one that was replaced and another.
    let began = Instant::now();
    let mut number = 1;
    while ledger.validators().unwrap().epoch == 0 {
        assert!(began.elapsed() < Duration::from_secs(120), "the next epoch did not begin");
        open(&operator, number);
        number += 1;
    }
    println!("the next roster took office after {number} submissions");
    drop(processes[3].take());
    open(&operator, number);
    number += 1;
    println!("without the replaced one");
    drop(processes[0].take());
    for _ in 0..5 {
        open(&operator, number);
        number += 1;
    }
    for one in 0..number {
        assert!(ledger.account(&account(one).parse().unwrap()).unwrap().is_some(), "{one} is lost");
    }
    // Somebody who knows nothing but the genesis follows over both epochs.
    let other = Ledger::connect(&urls, trust.clone(), directory.path().join("other")).unwrap();
    let until = Instant::now() + Duration::from_secs(30);
    while other.account(&account(number - 1).parse().unwrap()).unwrap().is_none() {
        assert!(Instant::now() < until);
        std::thread::sleep(Duration::from_millis(20));
    }
    let Outcome::Committed(committed) = operator
        .submit(
            vec![Operation::Ledger(LedgerOperation::OpenAccount {
                account: account(number).parse().unwrap(),
                ceiling: None,
            })],
            SubmitOptions { deadline_ms: 60_000, ..SubmitOptions::default() },
        )
        .unwrap()
    else {
        panic!("it did not take effect");
    };
    committed.receipt.verify(&trust).unwrap();
}
