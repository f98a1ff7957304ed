//! TLS on the connections of clients: certificates in files, which are read again when they change.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use allonge_finance::Timestamp;
use allonge_ledger::Error;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::version::TLS13;
use rustls::{RootCertStore, ServerConfig};
use serde::{Deserialize, Serialize};
use tokio_rustls::TlsAcceptor;
use x509_cert::Certificate;
use x509_cert::der::Decode as _;

use super::invalid;
use crate::node::Node;

/// Files are looked at no more often.
const LOOK: Duration = Duration::from_secs(1);

/// The files, in PEM, with which a validator answers clients over TLS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsFiles {
    /// Its certificate, and those between it and its root.
    pub certificate: PathBuf,
    /// The certificate's private key.
    pub key: PathBuf,
    /// The roots that the certificates of clients chain to: nobody without one is answered. Whoever is, where this is not
    /// given, which only a validator may that answers its own machine alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clients: Option<PathBuf>,
}

/// What a validator answers over TLS with, as its files are.
pub(super) struct Tls {
    files: TlsFiles,
    /// Whose clock says what is valid.
    node: Arc<Node>,
    loaded: Mutex<Loaded>,
}

struct Loaded {
    config: Arc<ServerConfig>,
    expires: Timestamp,
    /// When the files were last written.
    written: Vec<Option<SystemTime>>,
    looked: Instant,
    /// Whether the newest files could be used.
    renewed: bool,
}

impl TlsFiles {
    fn all(&self) -> impl Iterator<Item = &Path> {
        [Some(&self.certificate), Some(&self.key), self.clients.as_ref()]
            .into_iter()
            .flatten()
            .map(PathBuf::as_path)
    }

    fn written(&self) -> Vec<Option<SystemTime>> {
        self.all().map(|path| fs::metadata(path).and_then(|file| file.modified()).ok()).collect()
    }

    /// What to answer with, and until when.
    fn load(&self, now: Timestamp) -> Result<(Arc<ServerConfig>, Timestamp), Error> {
        let chain = certificates(&self.certificate)?;
        let expires = valid_until(&self.certificate, &chain, now)?;
        let key = PrivateKeyDer::from_pem_file(&self.key).map_err(|error| unusable(&self.key, &error))?;
        let provider = Arc::new(default_provider());
        let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&[&TLS13])
            .map_err(|error| invalid(&error).because(error))?;
        let config = match &self.clients {
            None => config.with_no_client_auth(),
            Some(path) => {
                let mut roots = RootCertStore::empty();
                for root in certificates(path)? {
                    roots.add(root).map_err(|error| unusable(path, &error))?;
                }
                let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
                config.with_client_cert_verifier(verifier.map_err(|error| unusable(path, &error))?)
            }
        };
        let mut config =
            config.with_single_cert(chain, key).map_err(|error| unusable(&self.certificate, &error))?;
        // A session that is taken up again does not ask whether its certificate is still valid.
        config.send_tls13_tickets = 0;
        config.session_storage = Arc::new(NoServerSessionStorage {});
        Ok((Arc::new(config), expires))
    }
}

impl Tls {
    /// Reads the files.
    ///
    /// Errors: `validator.invalid`, also for a certificate that is not valid now.
    pub(super) fn open(files: TlsFiles, node: Arc<Node>) -> Result<Self, Error> {
        let written = files.written();
        let (config, expires) = files.load(node.now())?;
        let loaded = Loaded { config, expires, written, looked: Instant::now(), renewed: true };
        Ok(Tls { files, node, loaded: Mutex::new(loaded) })
    }

    /// What the next connection is answered with: the newest files that can be used.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.newest().config))
    }

    /// As the files are: they are read again if others are there.
    fn newest(&self) -> MutexGuard<'_, Loaded> {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if loaded.looked.elapsed() < LOOK {
            return loaded;
        }
        loaded.looked = Instant::now();
        let written = self.files.written();
        if written == loaded.written && loaded.renewed {
            return loaded;
        }
        let read = self.files.load(self.node.now());
        loaded.renewed = read.is_ok();
        if let Ok((config, expires)) = read {
            loaded.config = config;
            loaded.expires = expires;
            loaded.written = written;
        }
        loaded
    }

    /// When the first certificate of the chain that it answers with expires.
    pub(super) fn expires(&self) -> Timestamp {
        self.newest().expires
    }

    /// Whether the newest files could be used.
    pub(super) fn renewed(&self) -> bool {
        self.newest().renewed
    }
}

fn unusable(path: &Path, error: &dyn std::fmt::Display) -> Error {
    invalid(format_args!("{} cannot be used for TLS: {error}", path.display()))
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let read = read.map_err(|error| unusable(path, &error))?;
    if read.is_empty() { Err(unusable(path, &"it has no certificate")) } else { Ok(read) }
}

/// When the first certificate of a chain expires. All of them are valid now.
fn valid_until(path: &Path, chain: &[CertificateDer<'_>], now: Timestamp) -> Result<Timestamp, Error> {
    let mut first = Timestamp::MAX;
    for certificate in chain {
        let certificate = Certificate::from_der(certificate).map_err(|error| unusable(path, &error))?;
        let validity = certificate.tbs_certificate().validity();
        let [from, until] = [validity.not_before, validity.not_after].map(|time| {
            let millis = i64::try_from(time.to_unix_duration().as_millis()).unwrap_or(i64::MAX);
            // One for ever is valid as long as there is time.
            Timestamp::from_millis(millis).unwrap_or(Timestamp::MAX)
        });
        if now < from {
            return Err(unusable(path, &format_args!("it is not valid before {from}")));
        }
        if now > until {
            return Err(unusable(path, &format_args!("it expired at {until}")));
        }
        first = first.min(until);
    }
    Ok(first)
}
