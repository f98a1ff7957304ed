//! Clients and a validator that know each other by certificates.
#![cfg(feature = "validator")]
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests stand outside test functions.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use allonge::trade::TradeRules;
use allonge::{
    ClientIdentity, ConnectOptions, Error, Genesis, Ledger, Outcome, SubmitOptions, TlsFiles, Trust,
};
use allonge_network::{ApiLimits, Validator, ValidatorConfig};
use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig, TlsProvider};

mod banks;

use banks::{bank, free_address, genesis, open, signer, validator_key};

const VALIDATOR: u8 = 100;

/// A file of `tests/tls`, which says how they were made.
fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/tls").join(name)
}

/// A validator whose files can be changed.
struct Network {
    directory: tempfile::TempDir,
    genesis: Genesis,
    api: SocketAddr,
}

impl Network {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("unused"), "").unwrap();
        let network = Network {
            directory,
            genesis: genesis("one bank", vec![validator_key(VALIDATOR)]),
            api: free_address(),
        };
        network.answers_with("validator");
        network
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Its certificate and key are these from now on.
    fn answers_with(&self, name: &str) {
        for kind in ["pem", "key"] {
            std::fs::copy(file(&format!("{name}.{kind}")), self.path(&format!("api.{kind}"))).unwrap();
        }
    }

    fn start_with(
        &self,
        api: SocketAddr,
        clients: Option<PathBuf>,
        limits: ApiLimits,
    ) -> Result<Validator<TradeRules>, Error> {
        let listen = free_address();
        let config = ValidatorConfig {
            home: self.path("home"),
            genesis: self.genesis.clone(),
            signer: Arc::new(signer(VALIDATOR)),
            unused: self.path("unused"),
            listen,
            peers: vec![(validator_key(VALIDATOR), listen)],
            api,
            tls: Some(TlsFiles { certificate: self.path("api.pem"), key: self.path("api.key"), clients }),
            limits,
            prune: false,
        };
        Validator::start(config, TradeRules)
    }

    fn start(&self) -> Validator<TradeRules> {
        self.start_with(self.api, Some(file("banks-root.pem")), ApiLimits::default()).unwrap()
    }

    fn refuses_to_start(&self) -> String {
        let refused = self.start_with(self.api, Some(file("banks-root.pem")), ApiLimits::default());
        let error = refused.map(|_| ()).unwrap_err();
        assert_eq!(error.code(), "validator.invalid");
        error.to_string()
    }

    fn connect(&self, name: &str, options: &ConnectOptions) -> Result<Ledger, Error> {
        let url = format!("https://{}", self.api);
        Ledger::connect_with(&[url], Trust::new(self.genesis.clone()), self.path(name), options)
    }
}

fn identity(name: &str) -> Option<ClientIdentity> {
    Some(ClientIdentity { certificate: file(&format!("{name}.pem")), key: file(&format!("{name}.key")) })
}

fn of_bank() -> ConnectOptions {
    ConnectOptions { roots: Some(file("banks-root.pem")), identity: identity("bank"), checkpoint: None }
}

/// What a validator counts.
fn metrics(api: SocketAddr) -> String {
    let read = |name: &str| std::fs::read(file(name)).unwrap();
    let certificate = |name| Certificate::from_pem(&read(name)).unwrap();
    let identity = ClientCert::new_with_certs(
        &[certificate("bank.pem")],
        PrivateKey::from_pem(&read("bank.key")).unwrap(),
    );
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .root_certs(RootCerts::new_with_certs(&[certificate("banks-root.pem")]))
        .client_cert(Some(identity));
    let agent: ureq::Agent = ureq::Agent::config_builder().tls_config(tls.build()).build().into();
    agent.get(format!("https://{api}/metrics")).call().unwrap().body_mut().read_to_string().unwrap()
}

#[test]
fn a_bank_and_a_validator_that_know_each_other_by_certificates_settle() {
    let network = Network::new();
    let validator = network.start();
    let ledger = network.connect("client", &of_bank()).unwrap();
    let outcome = bank(&ledger).submit(open(1), SubmitOptions::default()).unwrap();
    outcome.committed().unwrap().receipt.verify(ledger.trust()).unwrap();
    let expires = validator.certificate_expires().unwrap();
    assert_eq!(expires.to_string(), "2126-01-01T00:00:00.000Z");
    let expires = format!("\nallonge_tls_certificate_expires_seconds {}\n", expires.millis() / 1_000);
    assert!(metrics(network.api).contains(&expires));
    let page = include_str!("../../../docs/network.md");
    assert!(
        page.contains("`allonge_tls_certificate_expires_seconds`") && page.contains("`allonge_tls_renewed`")
    );
}

#[test]
fn nobody_is_answered_without_a_certificate_of_a_bank() {
    let network = Network::new();
    let _validator = network.start();
    for identity in [None, identity("stranger"), identity("expired")] {
        let options = ConnectOptions { identity, ..of_bank() };
        let error = network.connect("client", &options).map(|_| ()).unwrap_err();
        assert_eq!(error.code(), "network.unreachable", "{error}");
    }
    network.connect("client", &of_bank()).unwrap();
}

#[test]
fn a_validator_that_cannot_say_who_it_is_is_not_believed() {
    let network = Network::new();
    let _validator = network.start();
    let options = ConnectOptions { roots: Some(file("stranger.pem")), ..of_bank() };
    let error = network.connect("client", &options).map(|_| ()).unwrap_err();
    assert_eq!(error.code(), "network.unreachable");
    assert!(error.to_string().contains("certificate"), "{error}");
}

#[test]
fn without_tls_only_validators_of_this_machine_are_asked() {
    let network = Network::new();
    let trust = || Trust::new(network.genesis.clone());
    let refused = |url: &str, options: &ConnectOptions| {
        let connected = Ledger::connect_with(&[url.to_owned()], trust(), network.path("client"), options);
        let error = connected.map(|_| ()).unwrap_err();
        assert_eq!(error.code(), "network.insecure", "{url}");
        assert!(!network.path("client").exists(), "nothing was made");
        error.to_string()
    };
    let nothing = ConnectOptions::default();
    for url in [
        "http://192.0.2.1:80",
        "http://example.com",
        "http://127.0.0.1.example.com",
        "ftp://localhost",
        "localhost:80",
        "",
    ] {
        refused(url, &of_bank());
    }
    assert!(refused("https://192.0.2.1", &nothing).contains("roots"));
    let swapped = ConnectOptions { roots: Some(file("bank.key")), ..ConnectOptions::default() };
    assert!(refused("https://192.0.2.1", &swapped).contains("no certificate"));
    let no_key = ClientIdentity { certificate: file("bank.pem"), key: file("bank.pem") };
    let no_key = ConnectOptions { identity: Some(no_key), ..of_bank() };
    assert!(refused("https://192.0.2.1", &no_key).contains("no private key"));
    let another = ClientIdentity { certificate: file("bank.pem"), key: file("stranger.key") };
    let another = ConnectOptions { identity: Some(another), ..of_bank() };
    assert!(refused("https://192.0.2.1", &another).contains("bank.pem"), "the key of another certificate");
    for url in ["http://127.0.0.1:9", "http://[::1]:9", "http://localhost:9"] {
        let connected = Ledger::connect(&[url.to_owned()], trust(), network.path("other"));
        assert_eq!(connected.map(|_| ()).unwrap_err().code(), "network.unreachable", "{url}");
    }
}

#[test]
fn a_client_goes_by_the_newest_files_that_it_can_use_without_connecting_anew() {
    let network = Network::new();
    let _validator = network.start();
    let own = |kind: &str| network.path(&format!("own.{kind}"));
    let become_known_as = |name: &str| {
        for kind in ["pem", "key"] {
            std::fs::copy(file(&format!("{name}.{kind}")), own(kind)).unwrap();
        }
    };
    become_known_as("bank");
    let identity = Some(ClientIdentity { certificate: own("pem"), key: own("key") });
    let ledger = network.connect("client", &ConnectOptions { identity, ..of_bank() }).unwrap();
    let submit = |number: u32, deadline_ms| {
        let options = SubmitOptions { deadline_ms, ..SubmitOptions::default() };
        bank(&ledger).submit(open(number), options).unwrap()
    };
    // What is half written changes nothing.
    std::fs::write(own("pem"), "spoiled").unwrap();
    std::thread::sleep(Duration::from_millis(1_500));
    submit(1, 30_000).committed().unwrap();
    // A stranger is not answered.
    become_known_as("stranger");
    let until = Instant::now() + Duration::from_secs(30);
    let unanswered = (2..).map_while(|number| (Instant::now() < until).then(|| submit(number, 1_500)));
    let unknown = unanswered.into_iter().find_map(|outcome| match outcome {
        Outcome::Unknown(unknown) => Some(unknown),
        _ => None,
    });
    let waits = unknown.expect("it is answered with the old certificate");
    become_known_as("bank");
    waits.resolve(60_000).unwrap().committed().unwrap();
}

#[test]
fn a_validator_refuses_to_start_on_any_doubt_about_its_certificate() {
    let network = Network::new();
    network.answers_with("expired");
    assert!(network.refuses_to_start().contains("it expired at 2026-01-01T00:00:00.000Z"));
    network.answers_with("validator");
    std::fs::copy(file("bank.key"), network.path("api.key")).unwrap();
    network.refuses_to_start();
    std::fs::write(network.path("api.key"), "no key").unwrap();
    assert!(network.refuses_to_start().contains("api.key"));
    std::fs::remove_file(network.path("api.pem")).unwrap();
    assert!(network.refuses_to_start().contains("api.pem"));
    network.answers_with("validator");
    let everywhere = "0.0.0.0:0".parse().unwrap();
    let open_to_all = network.start_with(everywhere, None, ApiLimits::default());
    assert!(open_to_all.map(|_| ()).unwrap_err().to_string().contains("roots of its clients"));
    drop(network.start_with(everywhere, Some(file("banks-root.pem")), ApiLimits::default()).unwrap());
}

#[test]
fn a_renewed_certificate_is_used_without_a_restart_and_a_spoiled_one_is_not() {
    let network = Network::new();
    let validator = network.start();
    let ledger = network.connect("client", &of_bank()).unwrap();
    let until = |what: &str, reached: &dyn Fn() -> bool| {
        let started = Instant::now();
        while !reached() {
            assert!(started.elapsed() < Duration::from_secs(30), "never: {what}");
            std::thread::sleep(Duration::from_millis(100));
        }
    };
    std::fs::write(network.path("api.pem"), "spoiled").unwrap();
    until("it says so", &|| metrics(network.api).contains("\nallonge_tls_renewed 0\n"));
    network.answers_with("renewed");
    let year = || validator.certificate_expires().unwrap().to_string()[..4].to_owned();
    until("the new one is used", &|| year() == "2127");
    assert!(metrics(network.api).contains("\nallonge_tls_renewed 1\n"));
    bank(&ledger).submit(open(1), SubmitOptions::default()).unwrap().committed().unwrap();
}

#[test]
fn a_handshake_that_never_ends_and_a_request_in_the_clear_end_alone() {
    let network = Network::new();
    let limits = ApiLimits { head_ms: 1_000, ..ApiLimits::default() };
    let _validator = network.start_with(network.api, Some(file("banks-root.pem")), limits).unwrap();
    let mut silent = TcpStream::connect(network.api).unwrap();
    let mut clear = TcpStream::connect(network.api).unwrap();
    clear.write_all(b"GET /v1/status HTTP/1.1\r\nhost: here\r\n\r\n").unwrap();
    let ledger = network.connect("client", &of_bank()).unwrap();
    bank(&ledger).submit(open(1), SubmitOptions::default()).unwrap().committed().unwrap();
    for stream in [&mut silent, &mut clear] {
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut said = Vec::new();
        // Reset or closed: both are an end.
        let ended = stream.read_to_end(&mut said);
        assert!(ended.is_ok() || ended.unwrap_err().kind() != std::io::ErrorKind::WouldBlock);
        assert!(!String::from_utf8_lossy(&said).contains("HTTP"), "{said:?}");
    }
}
