//! The key of a validator in the token of a hardware security module: a file beside where the key would be says where it
//! is, and another has the PIN.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use allonge_crypto::{Pkcs11Key, Pkcs11Signer, Signer};
use allonge_ledger::registry::VALIDATOR_INVALID;
use allonge_ledger::{Error, RealDisk};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::keys::{Keys, VALIDATOR};
use crate::registry::file_failed;
use crate::session::signer_failed;

/// Where the key of a validator is, in its home.
const FILE: &str = "keys/_validator.pkcs11.json";

/// Where in which token a validator has its key: the file `keys/_validator.pkcs11.json` of its home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenKey {
    /// The PKCS #11 library of the module.
    pub module: PathBuf,
    /// The label of the token.
    pub token: String,
    /// The label of the key pair.
    pub key: String,
    /// The file that has the PIN, in the home where it is not elsewhere: readable by its owner alone.
    pub pin_file: PathBuf,
}

impl TokenKey {
    fn place(&self) -> Pkcs11Key {
        Pkcs11Key { module: self.module.clone(), token: self.token.clone(), key: self.key.clone() }
    }

    /// Errors: `file.io`; `validator.invalid` where others may read it.
    fn pin(&self, home: &Path) -> Result<Zeroizing<String>, Error> {
        let path = home.join(&self.pin_file);
        let failed = |error| file_failed(&path, "read", error);
        #[cfg(unix)]
        {
            let metadata = std::fs::metadata(&path).map_err(failed)?;
            if std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o077 != 0 {
                let reason = format_args!("others may read the PIN in {}", path.display());
                return Err(VALIDATOR_INVALID.error().with("reason", reason));
            }
        }
        let text = Zeroizing::new(std::fs::read_to_string(&path).map_err(failed)?);
        Ok(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()))
    }
}

/// What a validator signs with: the key in its home, or in the token that its home names.
///
/// Errors: `key.*`, `file.io`, `signer.*`, `input.invalid`; `validator.invalid` where there are both.
pub(crate) fn validator_signer(home: &Path) -> Result<Arc<dyn Signer>, Error> {
    let keys = Keys::of(home);
    let Some(token) = named(home)? else { return Ok(Arc::new(keys.existing(VALIDATOR)?)) };
    if keys.existing(VALIDATOR).is_ok() {
        let reason = format!("it has a key in a file, and {FILE} names another");
        return Err(VALIDATOR_INVALID.error().with("reason", reason));
    }
    let pin = token.pin(home)?;
    Ok(Arc::new(Pkcs11Signer::open(token.place(), &pin).map_err(signer_failed)?))
}

/// The token that a home names, if it does.
pub(crate) fn named(home: &Path) -> Result<Option<TokenKey>, Error> {
    let path = home.join(FILE);
    match std::fs::read_to_string(&path) {
        Ok(json) => crate::records::from_json(&json, FILE).map(Some),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(file_failed(&path, "read", error)),
    }
}

/// Makes a key in a token; `made` hears of it before the home names it.
///
/// Errors: `signer.*`, `file.io`, `validator.invalid`.
pub(crate) fn make(
    home: &Path,
    token: &TokenKey,
    made: impl FnOnce(&dyn Signer) -> Result<(), Error>,
) -> Result<Arc<dyn Signer>, Error> {
    let pin = token.pin(home)?;
    let signer = Pkcs11Signer::generate(token.place(), &pin).map_err(signer_failed)?;
    made(&signer)?;
    let path = home.join(FILE);
    let json = serde_json::to_string_pretty(token).unwrap_or_default();
    RealDisk.write_whole(&path, json.as_bytes()).map_err(|error| file_failed(&path, "written", error))?;
    Ok(Arc::new(signer))
}
