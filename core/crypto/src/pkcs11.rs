//! Keys in a hardware security module, over PKCS #11 v3.1: pure Ed25519, private keys that never leave the module.
//!
//! A module may answer anything: every signature is verified here before it counts. Domains are told apart inside the
//! message, never by the module's parameters.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::eddsa::{EddsaParams, EddsaSignatureScheme};
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use zeroize::Zeroizing;

use crate::{Hash, HashSuite, PublicKey, Signature, Signer, SignerError, vet_ed25519};

/// So many sessions are kept for those who sign at once; more are opened and closed again.
const SESSIONS: usize = 16;
/// `PrintableString "edwards25519"`, as PKCS #11 v3.1, 6.3.6 names the curve.
const EDWARDS25519: &[u8] = b"\x13\x0cedwards25519";
/// The other name of it, the object identifier of RFC 8410, which some modules ask for.
const ID_ED25519: &[u8] = &[0x06, 0x03, 0x2b, 0x65, 0x70];
/// A point of 32 bytes as a DER `OCTET STRING`.
const OCTET_STRING: [u8; 2] = [0x04, 0x20];

/// Where a key is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pkcs11Key {
    /// The library of the module.
    pub module: PathBuf,
    /// The label of the token.
    pub token: String,
    /// The label of the key pair.
    pub key: String,
}

/// A key of a token. It is used by many threads at once; where the token was away, it goes on when that is back.
pub struct Pkcs11Signer {
    place: Pkcs11Key,
    pin: Zeroizing<String>,
    public: [u8; 32],
    pkcs11: Pkcs11,
    sessions: Mutex<Vec<Open>>,
    /// The token refused the PIN: it is asked no more, or it would lock itself.
    refused: AtomicBool,
}

/// A session that is logged in, and the private key in it.
struct Open {
    session: Session,
    private: ObjectHandle,
}

/// Modules are loaded and initialised once in a process.
static MODULES: LazyLock<Mutex<HashMap<PathBuf, Pkcs11>>> = LazyLock::new(Mutex::default);
/// A login is that of a process to a token, whoever asks: so that of another with a wrong PIN would not be noticed. What the
/// PIN of each token was, as a hash.
static LOGINS: LazyLock<Mutex<HashMap<(PathBuf, String), Hash>>> = LazyLock::new(Mutex::default);

impl Pkcs11Signer {
    /// Opens a key that is there.
    pub fn open(place: Pkcs11Key, pin: &str) -> Result<Self, SignerError> {
        let pkcs11 = module(&place.module)?;
        let mut signer = Pkcs11Signer {
            pin: Zeroizing::new(pin.to_owned()),
            place,
            public: [0; 32],
            pkcs11,
            sessions: Mutex::default(),
            refused: AtomicBool::new(false),
        };
        let open = signer.session()?;
        signer.public = signer.public_half(&open.session)?;
        // A token without the private half says so now.
        signer.sign_in(&open, b"allonge/pkcs11/1")?;
        lock(&signer.sessions).push(open);
        Ok(signer)
    }

    /// Makes a key pair that never leaves the token, and opens it.
    pub fn generate(place: Pkcs11Key, pin: &str) -> Result<Self, SignerError> {
        let pkcs11 = module(&place.module)?;
        let session = pkcs11.open_rw_session(slot(&pkcs11, &place)?).map_err(|error| failed(&error))?;
        log_in(&session, &place, pin)?;
        if find(&session, ObjectClass::PRIVATE_KEY, &place.key)?.is_some() {
            return Err(SignerError::KeyExists(place.key));
        }
        let label = Attribute::Label(place.key.clone().into_bytes());
        let id = Attribute::Id(place.key.clone().into_bytes());
        let public = |curve: &[u8]| {
            [
                Attribute::Token(true),
                Attribute::Private(false),
                Attribute::Verify(true),
                Attribute::EcParams(curve.to_vec()),
                label.clone(),
                id.clone(),
            ]
        };
        let private = [
            Attribute::Token(true),
            Attribute::Private(true),
            Attribute::Sensitive(true),
            Attribute::Extractable(false),
            Attribute::Sign(true),
            label.clone(),
            id.clone(),
        ];
        let made =
            |curve| session.generate_key_pair(&Mechanism::EccEdwardsKeyPairGen, &public(curve), &private);
        made(EDWARDS25519).or_else(|_| made(ID_ED25519)).map_err(|error| failed(&error))?;
        drop(session);
        Self::open(place, pin)
    }

    /// Where the key is.
    pub fn place(&self) -> &Pkcs11Key {
        &self.place
    }

    fn session(&self) -> Result<Open, SignerError> {
        let slot = slot(&self.pkcs11, &self.place)?;
        let session = self.pkcs11.open_ro_session(slot).map_err(|error| failed(&error))?;
        log_in(&session, &self.place, &self.pin)?;
        let private = find(&session, ObjectClass::PRIVATE_KEY, &self.place.key)?;
        let private = private.ok_or_else(|| SignerError::KeyMissing(self.place.key.clone()))?;
        Ok(Open { session, private })
    }

    fn public_half(&self, session: &Session) -> Result<[u8; 32], SignerError> {
        let missing = || SignerError::KeyMissing(self.place.key.clone());
        let public = find(session, ObjectClass::PUBLIC_KEY, &self.place.key)?.ok_or_else(missing)?;
        let found = session.get_attributes(public, &[AttributeType::EcPoint]);
        let point =
            found.map_err(|error| failed(&error))?.into_iter().find_map(|attribute| match attribute {
                Attribute::EcPoint(point) => Some(point),
                _ => None,
            });
        let point = point.ok_or_else(missing)?;
        // Some modules wrap it, as the standard says, and others do not.
        let bare = point.strip_prefix(&OCTET_STRING).filter(|bare| bare.len() == 32).unwrap_or(&point);
        let key: [u8; 32] = bare.try_into().map_err(|_| SignerError::WrongAnswer)?;
        vet_ed25519(&key).map_err(|_| SignerError::WrongAnswer)?;
        Ok(key)
    }

    fn sign_in(&self, open: &Open, message: &[u8]) -> Result<Signature, SignerError> {
        let pure = Mechanism::Eddsa(EddsaParams::new(EddsaSignatureScheme::Pure));
        let signed = open.session.sign(&pure, open.private, message).map_err(|error| failed(&error))?;
        let signature = Signature::Ed25519(signed.try_into().map_err(|_| SignerError::WrongAnswer)?);
        self.public_key().verify(message, &signature).map_err(|_| SignerError::WrongAnswer)?;
        Ok(signature)
    }

    fn sign_once(&self, message: &[u8]) -> Result<Signature, SignerError> {
        if self.refused.load(Ordering::Relaxed) {
            return Err(SignerError::PinWrong);
        }
        let open = lock(&self.sessions).pop();
        let open = open.map_or_else(|| self.session(), Ok).inspect_err(|error| {
            if matches!(error, SignerError::PinWrong | SignerError::PinLocked) {
                self.refused.store(true, Ordering::Relaxed);
            }
        })?;
        let signature = self.sign_in(&open, message)?;
        let mut sessions = lock(&self.sessions);
        if sessions.len() < SESSIONS {
            sessions.push(open);
        }
        Ok(signature)
    }
}

impl Signer for Pkcs11Signer {
    fn public_key(&self) -> PublicKey {
        PublicKey::Ed25519(self.public)
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, SignerError> {
        match self.sign_once(message) {
            // The token may have been away: what was open is worth nothing then.
            Err(SignerError::Unavailable(_)) => {
                drop(std::mem::take(&mut *lock(&self.sessions)));
                self.sign_once(message)
            }
            signed => signed,
        }
    }
}

impl std::fmt::Debug for Pkcs11Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Pkcs11Signer");
        shown.field("place", &self.place).field("public_key", &self.public_key()).finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn failed(error: &Error) -> SignerError {
    match error {
        Error::Pkcs11(RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange, _) => {
            SignerError::PinWrong
        }
        Error::Pkcs11(RvError::PinLocked, _) => SignerError::PinLocked,
        error => SignerError::Unavailable(error.to_string()),
    }
}

fn module(path: &Path) -> Result<Pkcs11, SignerError> {
    let mut modules = lock(&MODULES);
    if let Some(module) = modules.get(path) {
        return Ok(module.clone());
    }
    let module = Pkcs11::new(path).map_err(|error| failed(&error))?;
    match module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        // By another part of this process.
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
        Err(error) => return Err(failed(&error)),
    }
    modules.insert(path.to_owned(), module.clone());
    Ok(module)
}

fn slot(pkcs11: &Pkcs11, place: &Pkcs11Key) -> Result<Slot, SignerError> {
    let slots = pkcs11.get_slots_with_token().map_err(|error| failed(&error))?;
    let of_label = |slot: &Slot| pkcs11.get_token_info(*slot).is_ok_and(|info| info.label() == place.token);
    let mut found = slots.into_iter().filter(of_label);
    let slot = found.next().ok_or_else(|| {
        SignerError::Unavailable(format!("no token with the label {} is there", place.token))
    })?;
    if found.next().is_some() {
        return Err(SignerError::Unavailable(format!("several tokens have the label {}", place.token)));
    }
    Ok(slot)
}

fn log_in(session: &Session, place: &Pkcs11Key, pin: &str) -> Result<(), SignerError> {
    let own = HashSuite::Sha256.hash("allonge/pkcs11/pin", pin.as_bytes());
    let token = (place.module.clone(), place.token.clone());
    let mut logins = lock(&LOGINS);
    match session.login(UserType::User, Some(&AuthPin::new(pin.into()))) {
        Ok(()) => {
            logins.insert(token, own);
            Ok(())
        }
        Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => match logins.get(&token) {
            Some(first) if *first != own => Err(SignerError::PinWrong),
            _ => Ok(()),
        },
        Err(error) => Err(failed(&error)),
    }
}

fn find(session: &Session, class: ObjectClass, label: &str) -> Result<Option<ObjectHandle>, SignerError> {
    let template = [
        Attribute::Class(class),
        Attribute::KeyType(KeyType::EC_EDWARDS),
        Attribute::Label(label.as_bytes().to_vec()),
    ];
    let mut found = session.find_objects(&template).map_err(|error| failed(&error))?.into_iter();
    match (found.next(), found.next()) {
        (Some(_), Some(_)) => Err(SignerError::Unavailable(format!("several keys have the label {label}"))),
        (first, _) => Ok(first),
    }
}
