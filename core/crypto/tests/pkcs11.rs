//! Keys in a token of SoftHSM (`apt-get install softhsm2`).
//!
//! SoftHSM finds its tokens by a variable of the environment when it is loaded, once in a process: so each story runs in a
//! process of its own, with tokens of its own.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests stand outside test functions.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use allonge_crypto::{Pkcs11Key, Pkcs11Signer, Signer, SignerError};

const MODULES: [&str; 2] =
    ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"];
const PIN: &str = "271828";
/// In a process of a story: the directory of its tokens.
const TOKENS: &str = "ALLONGE_TEST_TOKENS";

fn place(token: &str, key: &str) -> Pkcs11Key {
    let module = MODULES.iter().map(PathBuf::from).find(|path| path.exists());
    let module = module.unwrap_or_else(|| panic!("SoftHSM is not installed: apt-get install softhsm2"));
    Pkcs11Key { module, token: token.to_owned(), key: key.to_owned() }
}

fn make_token(label: &str) {
    let made = Command::new("softhsm2-util")
        .args(["--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "31415926"])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

/// Runs the test of this name again in a process that has a token with the label `bank`; in that one, says where the tokens
/// are.
fn with_a_token(test: &str) -> Option<PathBuf> {
    if let Some(tokens) = std::env::var_os(TOKENS) {
        make_token("bank");
        return Some(PathBuf::from(tokens));
    }
    let directory = tempfile::tempdir().unwrap();
    let (tokens, configuration) = (directory.path().join("tokens"), directory.path().join("softhsm2.conf"));
    fs::create_dir(&tokens).unwrap();
    fs::write(&configuration, format!("directories.tokendir = {}\n", tokens.display())).unwrap();
    let done = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env("SOFTHSM2_CONF", configuration)
        .env(TOKENS, tokens)
        .output()
        .unwrap();
    let said = [done.stdout, done.stderr].concat();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&said));
    None
}

fn refused(opened: Result<Pkcs11Signer, SignerError>) -> SignerError {
    opened.map(|_| ()).unwrap_err()
}

#[test]
fn a_key_made_in_a_token_signs_a_thousand_messages_from_eight_threads() {
    if with_a_token("a_key_made_in_a_token_signs_a_thousand_messages_from_eight_threads").is_none() {
        return;
    }
    let signer = Arc::new(Pkcs11Signer::generate(place("bank", "validator"), PIN).unwrap());
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let signer = Arc::clone(&signer);
            scope.spawn(move || {
                for number in 0..125 {
                    let message = format!("transaction {number} of thread {thread}");
                    let signature = signer.sign(message.as_bytes()).unwrap();
                    signer.public_key().verify(message.as_bytes(), &signature).unwrap();
                }
            });
        }
    });
    // The same bytes have the same signature, as the engine needs it.
    assert_eq!(signer.sign(b"a vote").unwrap(), signer.sign(b"a vote").unwrap());
    let again = Pkcs11Signer::open(place("bank", "validator"), PIN).unwrap();
    assert_eq!(again.public_key(), signer.public_key());
    assert_eq!(again.sign(b"a vote").unwrap(), signer.sign(b"a vote").unwrap());
    assert_eq!(
        refused(Pkcs11Signer::generate(place("bank", "validator"), PIN)),
        SignerError::KeyExists("validator".to_owned())
    );
    let shown = format!("{again:?}");
    assert!(shown.contains("validator") && !shown.contains(PIN), "{shown}");
}

#[test]
fn a_wrong_pin_is_told_also_when_somebody_of_the_process_is_logged_in() {
    if with_a_token("a_wrong_pin_is_told_also_when_somebody_of_the_process_is_logged_in").is_none() {
        return;
    }
    assert_eq!(refused(Pkcs11Signer::generate(place("bank", "validator"), "161803")), SignerError::PinWrong);
    let signer = Pkcs11Signer::generate(place("bank", "validator"), PIN).unwrap();
    assert_eq!(refused(Pkcs11Signer::open(place("bank", "validator"), "161803")), SignerError::PinWrong);
    assert!(matches!(refused(Pkcs11Signer::open(place("bank", "validator"), "1")), SignerError::PinWrong));
    signer.sign(b"the right one goes on").unwrap();
}

#[test]
fn what_is_not_there_is_named() {
    if with_a_token("what_is_not_there_is_named").is_none() {
        return;
    }
    make_token("twin");
    make_token("twin");
    let missing = refused(Pkcs11Signer::open(place("bank", "nobody"), PIN));
    assert_eq!(missing, SignerError::KeyMissing("nobody".to_owned()));
    let SignerError::Unavailable(reason) = refused(Pkcs11Signer::open(place("another", "validator"), PIN))
    else {
        panic!("there is no such token");
    };
    assert!(reason.contains("another"), "{reason}");
    let none = Pkcs11Key { module: PathBuf::from("/none.so"), ..place("bank", "validator") };
    assert!(matches!(refused(Pkcs11Signer::open(none, PIN)), SignerError::Unavailable(_)));
    let SignerError::Unavailable(reason) = refused(Pkcs11Signer::generate(place("twin", "validator"), PIN))
    else {
        panic!("nobody guesses which");
    };
    assert!(reason.contains("several tokens"), "{reason}");
}

#[test]
fn a_token_that_is_away_is_told() {
    let Some(tokens) = with_a_token("a_token_that_is_away_is_told") else { return };
    let signer = Pkcs11Signer::generate(place("bank", "validator"), PIN).unwrap();
    signer.sign(b"a vote").unwrap();
    fs::rename(&tokens, tokens.with_extension("away")).unwrap();
    // SoftHSM itself lists no token again in the same process.
    for _ in 0..2 {
        assert!(matches!(signer.sign(b"a vote").unwrap_err(), SignerError::Unavailable(_)));
    }
}
