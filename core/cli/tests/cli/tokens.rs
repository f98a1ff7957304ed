//! Validators whose keys are in tokens of SoftHSM (`apt-get install softhsm2`), as processes of their own.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use allonge::Ledger;
use serde_json::Value;

use crate::network::{Process, account, get, homes_with, open};
use crate::support::text;

const MODULES: [&str; 2] =
    ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"];
const PIN: &str = "271828";

/// The tokens of a bank are in its home.
fn command(program: &str, home: &Path) -> Command {
    let mut command = Command::new(program);
    command.env("SOFTHSM2_CONF", home.join("softhsm2.conf"));
    command
}

fn make_token(home: &Path) {
    let tokens = home.join("tokens");
    fs::create_dir_all(&tokens).unwrap();
    fs::write(home.join("softhsm2.conf"), format!("directories.tokendir = {}\n", tokens.display())).unwrap();
    let made = command("softhsm2-util", home)
        .args(["--init-token", "--free", "--label", "bank", "--pin", PIN, "--so-pin", "31415926"])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    write_pin(home, PIN, 0o600);
}

fn write_pin(home: &Path, pin: &str, mode: u32) {
    let path = home.join("pin");
    fs::write(&path, format!("{pin}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn make_key(home: &Path) -> Output {
    let module = MODULES.into_iter().find(|path| Path::new(path).exists());
    let module = module.unwrap_or_else(|| panic!("SoftHSM is not installed: apt-get install softhsm2"));
    let token = ["--module", module, "--token", "bank", "--label", "validator", "--pin-file", "pin"];
    let args = ["network", "key", &text(home), "--json"];
    command(env!("CARGO_BIN_EXE_allonge"), home).args(args).args(token).output().unwrap()
}

fn node(home: &Path) -> Command {
    let mut node = command(env!("CARGO_BIN_EXE_allonge"), home);
    node.args(["node", &text(home)]);
    node
}

/// Why a validator does not start.
fn refusal(home: &Path) -> Value {
    let refused = node(home).arg("--json").output().unwrap();
    serde_json::from_slice(&refused.stderr).unwrap()
}

#[test]
fn validators_vote_with_keys_that_never_leave_their_tokens() {
    let directory = tempfile::tempdir().unwrap();
    let key = |home: &Path| {
        make_token(home);
        let made = make_key(home);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let made: Value = serde_json::from_slice(&made.stdout).unwrap();
        made["key"].as_str().unwrap().to_owned()
    };
    let (homes, trust, urls) = homes_with(directory.path(), key);
    let made = make_key(&homes[0]);
    assert!(!made.status.success(), "it has one: {}", String::from_utf8_lossy(&made.stderr));
    let processes: Vec<Process> = homes.iter().map(|home| Process::run(&mut node(home)).0).collect();
    let ledger = Ledger::connect(&urls, trust, directory.path().join("client")).unwrap();
    let operator = ledger.operator().unwrap();
    (0..10).for_each(|number| open(&operator, number));
    assert!(ledger.account(&account(9).parse().unwrap()).unwrap().is_some());
    for (home, url) in homes.iter().zip(&urls) {
        assert!(get(url, "/metrics").contains("\nallonge_voting 1\n"));
        let names = fs::read_dir(home.join("keys")).unwrap().map(|entry| entry.unwrap().file_name());
        assert_eq!(names.collect::<Vec<_>>(), ["_validator.pkcs11.json"], "no key is in a file");
    }

    // What a validator says of the next roster is signed in its token, too.
    let keys = get(&urls[0], "/v1/genesis");
    let keys: Value = serde_json::from_str(keys.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    let mut approve = command(env!("CARGO_BIN_EXE_allonge"), &homes[0]);
    approve.args(["network", "approve", &text(&homes[0]), "--epoch", "0", "--json"]);
    approve.args(["--until", "2030-01-01T00:00:00Z"]);
    for key in keys["roster"].as_array().unwrap() {
        approve.args(["--validator", key.as_str().unwrap()]);
    }
    let approved = approve.output().unwrap();
    assert!(approved.status.success(), "{}", String::from_utf8_lossy(&approved.stderr));
    let approved: Value = serde_json::from_slice(&approved.stdout).unwrap();
    assert!(approved.to_string().contains("signature"), "{approved}");
    drop(processes);

    // It is not started with a PIN that others may read, or with a wrong one, or with two keys.
    write_pin(&homes[0], PIN, 0o644);
    assert_eq!(refusal(&homes[0])["code"], "validator.invalid");
    write_pin(&homes[0], "161803", 0o600);
    assert_eq!(refusal(&homes[0])["code"], "signer.pin_wrong");
    write_pin(&homes[0], PIN, 0o600);
    fs::copy(directory.path().join("operator-key/keys/_validator.key"), homes[0].join("keys/_validator.key"))
        .unwrap();
    let refused = refusal(&homes[0]);
    assert!(refused["code"] == "validator.invalid" && refused.to_string().contains("key"), "{refused}");
    fs::remove_file(homes[0].join("keys/_validator.key")).unwrap();
    fs::rename(homes[0].join("tokens"), homes[0].join("away")).unwrap();
    assert_eq!(refusal(&homes[0])["code"], "signer.failed");
    fs::rename(homes[0].join("away"), homes[0].join("tokens")).unwrap();
    assert_eq!(Process::run(&mut node(&homes[0])).0.interrupt(), Some(0));
}
