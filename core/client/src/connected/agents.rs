//! Over what validators are asked: secured with the newest files, or on this machine.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use allonge_ledger::Error;
use ureq::Agent;
use ureq::tls::TlsConfig;

use super::tls::ConnectOptions;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(2);
/// How often it is looked whether the files are others.
const LOOK: Duration = Duration::from_secs(1);

pub(super) struct Agents {
    options: ConnectOptions,
    secured: Mutex<Secured>,
    /// For validators on this machine: what is not secured goes through no proxy.
    own: Agent,
}

struct Secured {
    agent: Agent,
    /// When its files were written.
    written: Vec<Option<SystemTime>>,
    looked: Instant,
}

impl Agents {
    /// Errors: `network.insecure`, `file.io`.
    pub(super) fn new(options: &ConnectOptions) -> Result<Self, Error> {
        // Before they are read: what is written meanwhile is read again.
        let (written, secure) = (options.written(), options.secure()?);
        let own = settings(TlsConfig::default()).proxy(None).build().into();
        let secured = Secured { agent: settings(secure).build().into(), written, looked: Instant::now() };
        Ok(Agents { options: options.clone(), secured: Mutex::new(secured), own })
    }

    /// What the validator of an address is asked over.
    pub(super) fn of(&self, url: &str) -> Agent {
        if url.starts_with("https") { self.newest() } else { self.own.clone() }
    }

    /// With the files as they are, or, where these cannot be used, as they were.
    fn newest(&self) -> Agent {
        let mut secured = self.secured.lock().unwrap_or_else(PoisonError::into_inner);
        if secured.looked.elapsed() >= LOOK {
            secured.looked = Instant::now();
            let written = self.options.written();
            if written != secured.written
                && let Ok(secure) = self.options.secure()
            {
                secured.agent = settings(secure).build().into();
                secured.written = written;
            }
        }
        secured.agent.clone()
    }
}

fn settings(secure: TlsConfig) -> ureq::config::ConfigBuilder<ureq::typestate::AgentScope> {
    Agent::config_builder()
        .timeout_connect(Some(CONNECT))
        .http_status_as_error(false)
        .max_redirects(0)
        .tls_config(secure)
        .user_agent(concat!("allonge/", env!("CARGO_PKG_VERSION")))
}
