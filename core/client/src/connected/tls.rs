//! How a client knows the validators that it asks, and they it: certificates, or that both are on one machine.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use allonge_ledger::Error;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use ureq::http::Uri;
use ureq::http::uri::Scheme;
use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, TlsProvider, parse_pem};
use zeroize::Zeroizing;

use crate::history_proof::Checkpoint;
use crate::registry::{NETWORK_INSECURE, file_failed};

/// How the validators of a network are known, and this client to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectOptions {
    /// A file with the roots, in PEM, that the validators' certificates chain to. Every address with `https` needs it; no
    /// root of the operating system is trusted.
    pub roots: Option<PathBuf>,
    /// With what this client says who it is, where validators want to know.
    pub identity: Option<ClientIdentity>,
    /// A block that was kept, of this application or of somebody whom it believes: a history without it is none, whoever
    /// certified that. Keys of validators that went out of office long ago may be anybody's.
    pub checkpoint: Option<Checkpoint>,
}

/// A certificate and its private key, in PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientIdentity {
    /// The certificate, and those between it and its root.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

impl ConnectOptions {
    /// Of files: the roots, and a certificate with its key.
    ///
    /// Errors: `network.insecure` for a certificate without a key, or a key without a certificate.
    pub fn from_files(
        roots: Option<PathBuf>,
        certificate: Option<PathBuf>,
        key: Option<PathBuf>,
    ) -> Result<Self, Error> {
        let identity = match (certificate, key) {
            (Some(certificate), Some(key)) => Some(ClientIdentity { certificate, key }),
            (None, None) => None,
            (Some(certificate), None) => return Err(unusable(&certificate, "its key is not given")),
            (None, Some(key)) => return Err(unusable(&key, "its certificate is not given")),
        };
        Ok(ConnectOptions { roots, identity, checkpoint: None })
    }

    /// When its files were written.
    pub(super) fn written(&self) -> Vec<Option<SystemTime>> {
        let identity = self.identity.iter().flat_map(|identity| [&identity.certificate, &identity.key]);
        let files = self.roots.iter().chain(identity);
        files.map(|path| std::fs::metadata(path).and_then(|file| file.modified()).ok()).collect()
    }

    /// What connections are secured with.
    ///
    /// Errors: `network.insecure` for a file without what it should have, `file.io`.
    pub(super) fn secure(&self) -> Result<TlsConfig, Error> {
        let roots = match &self.roots {
            Some(path) => certificates(path)?,
            None => Vec::new(),
        };
        let identity = match &self.identity {
            Some(ClientIdentity { certificate, key }) => {
                let (chain, own) = (certificates(certificate)?, private_key(key)?);
                check_pair(&chain, key).map_err(|error| unusable(certificate, &error.to_string()))?;
                Some(ClientCert::new_with_certs(&chain, own))
            }
            None => None,
        };
        let settings = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .unversioned_rustls_crypto_provider(Arc::new(default_provider()))
            .root_certs(RootCerts::new_with_certs(&roots))
            .client_cert(identity);
        Ok(settings.build())
    }

    /// Whether an address may be asked: over TLS with known roots, or without on this machine.
    ///
    /// Errors: `network.insecure`.
    pub(super) fn check(&self, url: &str) -> Result<(), Error> {
        let refuse = |reason: &str| Err(NETWORK_INSECURE.error().with("url", url).with("reason", reason));
        let Ok(parsed) = url.parse::<Uri>() else { return refuse("it is no address") };
        match (parsed.scheme(), parsed.host()) {
            (Some(scheme), Some(_)) if *scheme == Scheme::HTTPS => match self.roots {
                Some(_) => Ok(()),
                None => refuse("the roots of the validators' certificates are not given"),
            },
            (Some(scheme), Some(host)) if *scheme == Scheme::HTTP => {
                if is_this_machine(host) {
                    Ok(())
                } else {
                    refuse("http is for validators on this machine")
                }
            }
            _ => refuse("it begins with neither https:// nor http://"),
        }
    }
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// What stands in a file, in PEM.
fn items(path: &Path) -> Result<Vec<PemItem<'static>>, Error> {
    let pem = std::fs::read(path).map_err(|error| file_failed(path, "read", error))?;
    let pem = Zeroizing::new(pem);
    let items: Result<Vec<_>, _> = parse_pem(&pem).collect();
    items.map_err(|error| unusable(path, &error.to_string()))
}

fn certificates(path: &Path) -> Result<Vec<Certificate<'static>>, Error> {
    let certificate = |item| match item {
        PemItem::Certificate(certificate) => Some(certificate),
        _ => None,
    };
    let found: Vec<_> = items(path)?.into_iter().filter_map(certificate).collect();
    if found.is_empty() { Err(unusable(path, "it has no certificate in PEM")) } else { Ok(found) }
}

fn private_key(path: &Path) -> Result<PrivateKey<'static>, Error> {
    let key = |item| match item {
        PemItem::PrivateKey(key) => Some(key),
        _ => None,
    };
    items(path)?.into_iter().find_map(key).ok_or_else(|| unusable(path, "it has no private key in PEM"))
}

/// Whether the key in a file is that of a certificate: what is half renewed is not used.
fn check_pair(chain: &[Certificate<'static>], key: &Path) -> Result<(), rustls::Error> {
    let chain = chain.iter().map(|certificate| CertificateDer::from(certificate.der().to_vec()));
    let general = |error: pem::Error| rustls::Error::General(error.to_string());
    let key = PrivateKeyDer::from_pem_file(key).map_err(general)?;
    CertifiedKey::from_der(chain.collect(), key, &default_provider()).map(|_| ())
}

fn unusable(path: &Path, reason: &str) -> Error {
    NETWORK_INSECURE.error().with("url", path.display()).with("reason", reason)
}
