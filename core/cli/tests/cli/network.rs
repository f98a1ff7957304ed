//! Validators as processes of their own: a development network, and four that are killed while work goes on.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use allonge::{
    ApiLimits, DevelopmentNetwork, IdempotencyKey, Ledger, LedgerOperation, NodeConfig, OpenOptions,
    Operation, Peer, Session, SubmitOptions, Trust, Validator, network_genesis,
};
use serde_json::Value;

use crate::support::{allonge, text};

/// A process of the command. Whatever happens, it does not outlive the test.
pub struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Process {
    /// Starts the command, and reads the answer that says that it runs.
    pub fn start(args: &[&str]) -> (Self, Value) {
        Process::start_with(args, Stdio::inherit())
    }

    /// Starts the command, whose errors go where they are told to.
    pub fn start_with(args: &[&str], errors: Stdio) -> (Self, Value) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_allonge"));
        command.args(args).stderr(errors);
        Process::run(&mut command)
    }

    /// Runs the command as it is prepared, and reads the answer that says that it runs.
    pub fn run(command: &mut Command) -> (Self, Value) {
        let command = command.arg("--json").stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = Process(command.spawn().unwrap());
        let lines = BufReader::new(process.0.stdout.take().unwrap()).lines();
        let mut answer = String::new();
        for line in lines {
            let line = line.unwrap();
            answer += &line;
            if line == "}" {
                return (process, serde_json::from_str(&answer).unwrap());
            }
        }
        panic!("it did not start: {answer}")
    }

    /// Its exit code, once it ended by itself.
    pub fn ended(&mut self) -> Option<i32> {
        self.0.try_wait().unwrap().map(|status| status.code().unwrap_or(-1))
    }

    /// Tells it to stop, and waits until it did.
    pub fn interrupt(mut self) -> Option<i32> {
        let id = self.0.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        self.0.wait().unwrap().code()
    }
}

fn options(key: u32) -> SubmitOptions {
    let mut bytes = [0; 16];
    bytes[12..].copy_from_slice(&key.to_be_bytes());
    SubmitOptions { key: Some(IdempotencyKey::new(bytes)), deadline_ms: 60_000, ..SubmitOptions::default() }
}

pub fn account(number: u32) -> String {
    format!("operator/USD/account-{number}")
}

pub fn open(session: &Session, number: u32) {
    let account = account(number).parse().unwrap();
    let open = Operation::Ledger(LedgerOperation::OpenAccount { account, ceiling: None });
    session.submit(vec![open], options(number)).unwrap().committed().unwrap();
}

#[test]
fn a_network_on_this_machine_is_one_command() {
    let directory = tempfile::tempdir().unwrap();
    let home = text(&directory.path().join("dev"));
    let began = Instant::now();
    let (dev, said) = Process::start(&["dev", &home]);
    println!("ready after {:?}", began.elapsed());
    let urls: Vec<String> = said["urls"].as_str().unwrap().split(' ').map(str::to_owned).collect();
    assert_eq!(urls.len(), 4);
    let trust = Trust::load(said["genesis"].as_str().unwrap()).unwrap();
    assert_eq!(said["network"], trust.network().to_string());
    let operator = PathBuf::from(said["operator"].as_str().unwrap());
    let ledger = Ledger::connect(&urls, trust.clone(), &operator).unwrap();
    open(&ledger.operator().unwrap(), 1);
    let metrics = get(&urls[0], "/metrics");
    let up = metrics.lines().find(|line| line.starts_with("allonge_up "));
    assert_eq!(up, Some("allonge_up 1"));
    let gauges = ["voting", "height", "block_time_ms", "pool_transactions", "pool_bytes"];
    for name in gauges.map(|name| format!("allonge_{name}")) {
        let page = include_str!("../../../../docs/network.md");
        assert!(metrics.contains(&format!("# TYPE {name} gauge")) && page.contains(&name), "{name}");
    }
    assert!(metrics.contains("engine_epochs_simplex"), "what the engine counts");
    for route in ["/v1/blocks", "/v1/blocks?after=x", "/v2/blocks?after=0"] {
        assert!(get(&urls[0], route).contains(r#"{"code":"request.invalid""#), "{route}");
    }
    ledger.close();
    assert_eq!(dev.interrupt(), Some(0));

    // It goes on where it was.
    let (dev, again) = Process::start(&["dev", &home]);
    assert_eq!(again, said);
    let ledger = Ledger::connect(&urls, trust, directory.path().join("another")).unwrap();
    let until = Instant::now() + Duration::from_secs(30);
    while ledger.account(&account(1).parse().unwrap()).unwrap().is_none() {
        assert!(Instant::now() < until);
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(dev.interrupt(), Some(0));
}

/// How many transactions took effect. What is executed a second time is refused, and stands in the log as such.
pub fn committed(ledger: &Ledger) -> usize {
    let mut log = ledger.subscribe(None).unwrap();
    let mut committed = 0;
    loop {
        let entries = log.poll_batch(1_000).unwrap();
        if entries.is_empty() {
            return committed;
        }
        committed += entries.iter().filter(|entry| entry.committed).count();
    }
}

/// What a validator answers.
pub fn get(url: &str, route: &str) -> String {
    let address = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {route} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

pub fn free_address() -> SocketAddr {
    DevelopmentNetwork::free_address().unwrap()
}

/// Four homes, as four banks make them: only the public parts of keys travel.
pub fn homes(directory: &Path) -> (Vec<PathBuf>, Trust, Vec<String>) {
    let key = |home: &Path| {
        let made = allonge(["network", "key", &text(home), "--json"]).json();
        made["key"].as_str().unwrap().to_owned()
    };
    homes_with(directory, key)
}

/// The same, with keys that are made otherwise.
pub fn homes_with(directory: &Path, key: impl Fn(&Path) -> String) -> (Vec<PathBuf>, Trust, Vec<String>) {
    let homes: Vec<PathBuf> = (0..4).map(|place| directory.join(place.to_string())).collect();
    let keys: Vec<String> = homes.iter().map(|home| key(home)).collect();
    // The operator's key is one of an application; here it is made in the place from which it is used.
    let operator = Validator::make_key(directory.join("operator-key")).unwrap();
    std::fs::create_dir_all(directory.join("client/keys")).unwrap();
    std::fs::copy(
        directory.join("operator-key/keys/_validator.key"),
        directory.join("client/keys/operator.key"),
    )
    .unwrap();
    let file = text(&directory.join("genesis.json"));
    let operator = operator.to_string();
    let [a, b, c, d] = keys.as_slice() else { panic!("there are four") };
    let agreed = allonge([
        "network",
        "genesis",
        &file,
        "--validator",
        a,
        "--validator",
        b,
        "--validator",
        c,
        "--validator",
        d,
        "--operator",
        &operator,
        "--name",
        "four banks",
        "--json",
    ]);
    let trust = Trust::load(&file).unwrap();
    assert_eq!(agreed.json()["network"], trust.network().to_string());
    let peers: Vec<Peer> =
        keys.iter().map(|key| Peer { key: key.parse().unwrap(), address: free_address() }).collect();
    let mut urls = Vec::new();
    for (home, peer) in homes.iter().zip(&peers) {
        let config = NodeConfig {
            listen: peer.address,
            api: free_address(),
            peers: peers.clone(),
            tls: None,
            limits: ApiLimits::default(),
            prune: false,
        };
        urls.push(format!("http://{}", config.api));
        std::fs::write(home.join("node.json"), serde_json::to_string(&config).unwrap()).unwrap();
        std::fs::copy(&file, home.join("genesis.json")).unwrap();
    }
    (homes, trust, urls)
}

#[test]
fn four_processes_are_killed_in_turn_and_nothing_is_lost_or_doubled() {
    let directory = tempfile::tempdir().unwrap();
    let (homes, trust, urls) = homes(directory.path());
    let start = |place: usize| Process::start(&["node", &text(&homes[place])]).0;
    let mut processes: Vec<Option<Process>> = (0..4).map(|place| Some(start(place))).collect();
    let ledger = Ledger::connect(&urls, trust, directory.path().join("client")).unwrap();
    let operator = ledger.operator().unwrap();
    let count: u32 = std::env::var("ALLONGE_SUBMITS").map_or(48, |text| text.parse().unwrap());
    let round = (count / 16).max(12);
    for number in 0..count {
        let place = (number / round) as usize % 4;
        if number % round == round / 3 {
            // `kill -9`, in the middle of the others' work.
            drop(processes[place].take());
        } else if number % round == round / 2 {
            processes[place] = Some(start(place));
        }
        open(&operator, number);
    }
    for number in 0..count {
        assert!(ledger.account(&account(number).parse().unwrap()).unwrap().is_some(), "{number} is lost");
    }
    assert_eq!(committed(&ledger), count as usize);
    println!("{count} submissions settled while four processes were killed and started again in turn");
}

#[test]
fn a_validator_refuses_to_start_on_any_doubt() {
    let directory = tempfile::tempdir().unwrap();
    let (homes, _, _) = homes(directory.path());
    let home = text(&homes[0]);
    let config = std::fs::read_to_string(homes[0].join("node.json")).unwrap();
    let mut changed: NodeConfig = serde_json::from_str(&config).unwrap();
    changed.peers.pop();
    std::fs::write(homes[0].join("node.json"), serde_json::to_string(&changed).unwrap()).unwrap();
    assert_eq!(allonge(["node", &home, "--json"]).error()["code"], "validator.invalid");
    let mut changed: NodeConfig = serde_json::from_str(&config).unwrap();
    changed.api = "192.0.2.1:80".parse().unwrap();
    std::fs::write(homes[0].join("node.json"), serde_json::to_string(&changed).unwrap()).unwrap();
    assert_eq!(allonge(["node", &home, "--json"]).error()["code"], "validator.invalid");
    std::fs::write(homes[0].join("node.json"), "{}").unwrap();
    assert_eq!(allonge(["node", &home, "--json"]).error()["code"], "input.invalid");
    std::fs::write(homes[0].join("node.json"), &config).unwrap();
    std::fs::copy(homes[0].join("node.json"), homes[1].join("node.json")).unwrap();
    // The key of another validator.
    std::fs::copy(
        directory.path().join("operator-key/keys/_validator.key"),
        homes[0].join("keys/_validator.key"),
    )
    .unwrap();
    assert_eq!(allonge(["node", &home, "--json"]).error()["code"], "validator.invalid");
    let operator = Validator::make_key(directory.path().join("spare")).unwrap();
    let other = network_genesis(OpenOptions::default(), &[], operator);
    assert!(other.is_err(), "a network has a validator");
}
