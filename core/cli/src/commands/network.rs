//! `allonge dev`, `node` and `network`: validators.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use allonge::{
    Currency, DevelopmentNetwork, Error, Hash, OpenOptions, PublicKey, Timestamp, TokenKey, Trust, Validator,
};
use serde::Serialize;
use signal_hook::consts::{SIGINT, SIGTERM};
use tracing::warn;

use crate::environment::Environment;
use crate::failure::Failure;
use crate::log;
use crate::output::{record_table, write_json, write_table};
use crate::registry::{known, usage};
use crate::syntax::{Given, Operand, Setting, Syntax};

const DAY_MS: i64 = 86_400_000;

const NAME: Setting = Setting {
    long: "name",
    short: None,
    value: "NAME",
    meaning: "what people call the network",
    repeats: false,
};

const CURRENCY: Setting = Setting {
    long: "currency",
    short: None,
    value: "CODE",
    meaning: "a currency in which the operator issues money; may be repeated",
    repeats: true,
};

pub(super) const DEV: Syntax = Syntax {
    words: &["dev"],
    purpose: "Run a network of four validators on this machine, to try things out on.",
    operands: &[Operand {
        name: "DIR",
        meaning: "where its files are; a new network is made if there is none",
        required: true,
    }],
    options: &[NAME, CURRENCY],
    notes: "Prints where clients find the validators, and runs until it is interrupted. The key of the party `operator`,\n\
            which holds every office, is in DIR/operator: connect with that directory to act as it.",
};

pub(super) const NODE: Syntax = Syntax {
    words: &["node"],
    purpose: "Run a validator.",
    operands: &[Operand {
        name: "HOME",
        meaning: "its directory, with keys, genesis.json and node.json",
        required: true,
    }],
    options: &[],
    notes: "Runs until it is interrupted. It refuses to start on any doubt about its files, and deletes none. What it has\n\
            to say meanwhile, and what becomes of submissions that carry a traceparent, it writes to standard error, a line\n\
            each; with --json as JSON.",
};

pub(super) const KEY: Syntax = Syntax {
    words: &["network", "key"],
    purpose: "Make the key of a validator, and print its public part.",
    operands: &[Operand { name: "HOME", meaning: "the validator's directory", required: true }],
    options: &[
        Setting {
            long: "module",
            short: None,
            value: "LIBRARY",
            meaning: "makes it in a hardware security module, of which this is the PKCS #11 library",
            repeats: false,
        },
        Setting {
            long: "token",
            short: None,
            value: "LABEL",
            meaning: "the token of the module",
            repeats: false,
        },
        Setting {
            long: "label",
            short: None,
            value: "LABEL",
            meaning: "the label of the new key in the token",
            repeats: false,
        },
        Setting {
            long: "pin-file",
            short: None,
            value: "FILE",
            meaning: "the file with the token's PIN, in HOME where the path is not whole",
            repeats: false,
        },
    ],
    notes: "The private part stays in HOME/keys, or in the token: then HOME/keys/_validator.pkcs11.json says where. A key\n\
            that is in HOME/keys already stays as it is.",
};

pub(super) const GENESIS: Syntax = Syntax {
    words: &["network", "genesis"],
    purpose: "Write the genesis of a network from the public keys of its validators.",
    operands: &[Operand { name: "FILE", meaning: "the file, which is not there yet", required: true }],
    options: &[
        Setting {
            long: "validator",
            short: None,
            value: "KEY",
            meaning: "the public key of a validator; once for each",
            repeats: true,
        },
        Setting {
            long: "operator",
            short: None,
            value: "KEY",
            meaning: "the public key of the party operator, which holds every office",
            repeats: false,
        },
        NAME,
        CURRENCY,
    ],
    notes: "Every bank puts the same file into the home of its validator, and compares the network's id with the others.",
};

pub(super) const APPROVE: Syntax = Syntax {
    words: &["network", "approve"],
    purpose: "Have a validator approve the roster that is to follow on the one in office.",
    operands: &[Operand { name: "HOME", meaning: "the validator's directory", required: true }],
    options: &[
        Setting {
            long: "validator",
            short: None,
            value: "KEY",
            meaning: "the public key of a validator of the next roster; once for each",
            repeats: true,
        },
        Setting {
            long: "epoch",
            short: None,
            value: "NUMBER",
            meaning: "the epoch in office, which is to end",
            repeats: false,
        },
        Setting {
            long: "until",
            short: None,
            value: "TIME",
            meaning: "until when the approval counts, at most 30 days ahead, as 2026-03-02T00:00:00Z",
            repeats: false,
        },
    ],
    notes: "Prints an operation as JSON, which any party submits. Once a quorum of those in office has approved the same\n\
            keys, epoch and time, the roster takes office 65 blocks later. Put the addresses of new validators into every\n\
            node.json first: validators read it again while they run.",
};

/// A network that runs.
#[derive(Serialize)]
struct Running {
    network: Hash,
    genesis: PathBuf,
    operator: PathBuf,
    urls: String,
}

/// A validator that runs.
#[derive(Serialize)]
struct Listening {
    home: PathBuf,
    url: String,
}

/// A new key.
#[derive(Serialize)]
struct Made {
    home: PathBuf,
    key: PublicKey,
}

/// A new genesis.
#[derive(Serialize)]
struct Agreed {
    file: PathBuf,
    network: Hash,
}

pub(super) fn dev(given: &Given, environment: &mut Environment<'_>) -> Result<(), Failure> {
    let interrupted = interrupts()?;
    log::begin(given.json);
    let network = DevelopmentNetwork::start(given.path(0), options(given)?)?;
    let genesis = network.genesis();
    let running = Running {
        network: Trust::load(&genesis)?.network(),
        genesis,
        operator: network.operator(),
        urls: network.urls().join(" "),
    };
    say(&running, given, environment)?;
    wait(&interrupted, || network.check_running(), || Ok(()))
}

pub(super) fn node(given: &Given, environment: &mut Environment<'_>) -> Result<(), Failure> {
    let interrupted = interrupts()?;
    log::begin(given.json);
    let home = given.path(0);
    let validator = Validator::start(&home)?;
    say(&Listening { home, url: validator.url() }, given, environment)?;
    let (mut refused, mut warned) = (None, None);
    let look = || {
        let soon =
            validator.certificate_expires().and_then(|expires| expires_soon(expires, validator.time()));
        if soon != warned
            && let Some(days) = soon
        {
            warn!(target: "allonge::tls", days, "the certificate expires within so many days; renew its files");
        }
        warned = soon;
        match validator.read_peers() {
            Ok(_) => refused = None,
            // It goes on with the addresses from before; the reason is said once.
            Err(error) => {
                let reason = error.to_string();
                if refused.as_ref() != Some(&reason) {
                    warn!(target: "allonge::addresses", reason, "node.json cannot be read; the addresses stay as they were");
                    refused = Some(reason);
                }
            }
        }
        Ok(())
    };
    wait(&interrupted, || validator.check_running(), look)
}

pub(super) fn approve(given: &Given, environment: &mut Environment<'_>) -> Result<(), Failure> {
    let validators =
        given.texts("validator").map(|key| parse_key(key?)).collect::<Result<Vec<_>, Error>>()?;
    let epoch = given.text("epoch")?.ok_or_else(|| usage("--epoch is missing"))?;
    let epoch = epoch.parse().map_err(|_| usage(format_args!("--epoch {epoch} is no number")))?;
    let until = given.text("until")?.ok_or_else(|| usage("--until is missing"))?;
    let until = Timestamp::parse(until).map_err(|error| usage(format_args!("--until {until}: {error}")))?;
    let operation = Validator::approve_roster(given.path(0), epoch, &validators, until)?;
    Ok(write_json(&operation, environment)?)
}

fn parse_key(key: &str) -> Result<PublicKey, Error> {
    key.parse().map_err(|error| usage(format_args!("{key} is no public key: {error}")))
}

pub(super) fn key(given: &Given, environment: &mut Environment<'_>) -> Result<(), Failure> {
    let home = given.path(0);
    let key = match token(given)? {
        Some(token) => Validator::make_key_in_token(&home, &token)?,
        None => Validator::make_key(&home)?,
    };
    say(&Made { home, key }, given, environment)
}

/// The token in which a key is to be made, if one is named: then wholly.
fn token(given: &Given) -> Result<Option<TokenKey>, Failure> {
    let names = ["module", "token", "label", "pin-file"];
    if names.iter().all(|name| given.raw(name).is_none()) {
        return Ok(None);
    }
    let named = |name: &str| {
        let text = given.text(name)?;
        text.map(str::to_owned).ok_or_else(|| usage(format!("--{name} is missing")))
    };
    let [module, token, key, pin_file] = names.map(named);
    Ok(Some(TokenKey { module: module?.into(), token: token?, key: key?, pin_file: pin_file?.into() }))
}

pub(super) fn genesis(given: &Given, environment: &mut Environment<'_>) -> Result<(), Failure> {
    let file = given.path(0);
    if file.exists() {
        return Err(known("store.exists").with("path", file.display()).into());
    }
    let validators =
        given.texts("validator").map(|key| parse_key(key?)).collect::<Result<Vec<_>, Error>>()?;
    let operator = given.text("operator")?.ok_or_else(|| usage("--operator is missing"))?;
    let genesis = allonge::network_genesis(options(given)?, &validators, parse_key(operator)?)?;
    let trust = Trust::new(genesis);
    write(&file, &trust.to_json())?;
    say(&Agreed { file, network: trust.network() }, given, environment)
}

fn options(given: &Given) -> Result<OpenOptions, Failure> {
    let mut options = OpenOptions { name: "development".to_owned(), ..OpenOptions::default() };
    if let Some(name) = given.text("name")? {
        options.name = name.to_owned();
    }
    let currency = |code: Result<&str, Error>| {
        let code = code?;
        Currency::parse(code).map_err(|error| usage(format_args!("--currency {code}: {error}")))
    };
    let currencies = given.texts("currency").map(currency).collect::<Result<Vec<_>, Error>>()?;
    if !currencies.is_empty() {
        options.currencies = currencies;
    }
    Ok(options)
}

fn say(answer: &impl Serialize, given: &Given, environment: &mut Environment<'_>) -> Result<(), Failure> {
    match given.json {
        true => write_json(answer, environment)?,
        false => write_table(&record_table(answer), environment)?,
    }
    Ok(environment.output.flush()?)
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(|error| {
        let failed = known("file.io").with("path", path.display()).with("action", "written");
        failed.with("reason", &error).because(error).into()
    })
}

/// Set once this process is told to stop.
fn interrupts() -> Result<Arc<AtomicBool>, Failure> {
    let interrupted = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&interrupted))
            .map_err(|error| known("internal.error").with("reason", &error).because(error))?;
    }
    Ok(interrupted)
}

/// Waits until the process is told to stop, or what runs does not run any more; looks after it meanwhile.
/// Within how many days a certificate expires, if that is soon enough to say so once a day.
fn expires_soon(expires: Timestamp, now: Timestamp) -> Option<i64> {
    let days =
        expires.millis().saturating_sub(now.millis()).max(0).saturating_add(DAY_MS - 1).div_euclid(DAY_MS);
    (days <= 30).then_some(days)
}

fn wait(
    interrupted: &AtomicBool,
    check: impl Fn() -> Result<(), Error>,
    mut look: impl FnMut() -> Result<(), Failure>,
) -> Result<(), Failure> {
    for round in 0_u64.. {
        if interrupted.load(Ordering::Acquire) {
            break;
        }
        check()?;
        // Once a second.
        if round.is_multiple_of(10) {
            look()?;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_that_expires_within_thirty_days_is_told_of_once_a_day() {
        let expires = Timestamp::parse("2026-05-01T00:00:00Z").unwrap();
        let said = |now: &str| expires_soon(expires, Timestamp::parse(now).unwrap());
        assert_eq!(said("2026-03-31T23:59:59Z"), None);
        assert_eq!(said("2026-04-01T00:00:00Z"), Some(30));
        assert_eq!(said("2026-04-01T00:00:01Z"), Some(30));
        assert_eq!(said("2026-04-29T12:00:00Z"), Some(2));
        assert_eq!(said("2026-04-30T12:00:00Z"), Some(1));
        assert_eq!(said("2026-05-01T00:00:00Z"), Some(0));
        assert_eq!(said("2026-06-01T00:00:00Z"), Some(0));
    }
}
