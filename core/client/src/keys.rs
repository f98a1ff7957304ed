//! The keys that an embedded ledger keeps beside itself: one file each, readable by the owner alone.
//!
//! They suit one bank trying things out and tests. A bank's production keys live in its own signer.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use allonge_crypto::SoftwareSigner;
use allonge_ledger::Error;
use zeroize::Zeroizing;

use crate::registry::{KEY_FILE_INVALID, KEY_FILE_MISSING, SIGNER_FAILED, file_failed};

/// The file of the key that certifies blocks. No party can have this name.
pub(crate) const VALIDATOR: &str = "_validator";

/// The directory `keys` of a ledger, or keys that follow from the seed of a simulation.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    directory: PathBuf,
    #[cfg(feature = "network")]
    simulated: Option<crate::simulated::SeededKeys>,
}

impl Keys {
    pub(crate) fn of(ledger: &Path) -> Self {
        Keys {
            directory: ledger.join("keys"),
            #[cfg(feature = "network")]
            simulated: None,
        }
    }

    #[cfg(feature = "network")]
    pub(crate) fn simulated(keys: crate::simulated::SeededKeys) -> Self {
        Keys { directory: PathBuf::new(), simulated: Some(keys) }
    }

    /// The key of a party, or of the validator.
    pub(crate) fn existing(&self, name: &str) -> Result<SoftwareSigner, Error> {
        self.load(name)?.ok_or_else(|| KEY_FILE_MISSING.error().with("party", name))
    }

    /// Makes a key, unless there is one of this name; `made` hears of it before it is kept.
    #[cfg(feature = "validator")]
    pub(crate) fn make(
        &self,
        name: &str,
        made: impl FnOnce(&SoftwareSigner) -> Result<(), Error>,
    ) -> Result<SoftwareSigner, Error> {
        if let Some(key) = self.load(name)? {
            return Ok(key);
        }
        let key = self.load_or_generate(name)?;
        made(&key)?;
        let [key] = self.keep([(name, key)])?;
        Ok(key)
    }

    /// The key in a file, or a new one that is not stored yet.
    pub(crate) fn load_or_generate(&self, name: &str) -> Result<SoftwareSigner, Error> {
        if let Some(key) = self.load(name)? {
            return Ok(key);
        }
        #[cfg(feature = "network")]
        if let Some(keys) = &self.simulated {
            return Ok(keys.derive(name));
        }
        SoftwareSigner::generate()
            .map_err(|error| SIGNER_FAILED.error().with("reason", &error).because(error))
    }

    /// Stores keys durably, unless there are some of these names, and answers with those that are there.
    pub(crate) fn keep<const N: usize>(
        &self,
        keys: [(&str, SoftwareSigner); N],
    ) -> Result<[SoftwareSigner; N], Error> {
        #[cfg(feature = "network")]
        if let Some(simulated) = &self.simulated {
            keys.iter().for_each(|(name, _)| simulated.keep(name));
            return Ok(keys.map(|(_, signer)| signer));
        }
        for (name, signer) in &keys {
            self.store(name, signer)?;
        }
        sync_directory(&self.directory)
            .map_err(|error| file_failed(&self.directory, "synchronised", error))?;
        let mut kept = keys;
        for (name, signer) in &mut kept {
            *signer = self.existing(name)?;
        }
        Ok(kept.map(|(_, signer)| signer))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.join(format!("{name}.key"))
    }

    fn load(&self, name: &str) -> Result<Option<SoftwareSigner>, Error> {
        #[cfg(feature = "network")]
        if let Some(keys) = &self.simulated {
            return Ok(keys.kept(name));
        }
        let path = self.path(name);
        let mut text = Zeroizing::new(String::new());
        match File::open(&path).and_then(|file| file.take(128).read_to_string(&mut text)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(file_failed(&path, "read", error)),
            Ok(_) => {}
        }
        let mut seed = Zeroizing::new([0; 32]);
        hex::decode_to_slice(text.trim_end(), seed.as_mut())
            .map_err(|error| KEY_FILE_INVALID.error().with("path", path.display()).because(error))?;
        Ok(Some(SoftwareSigner::from_seed(*seed)))
    }

    /// Under another name first: a key file is whole or absent, and is never replaced. Its name is durable when
    /// its directory is.
    fn store(&self, name: &str, signer: &SoftwareSigner) -> Result<(), Error> {
        let path = self.path(name);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut unique = [0; 8];
        getrandom::fill(&mut unique).map_err(|error| SIGNER_FAILED.error().with("reason", error))?;
        let draft = self.directory.join(format!("{name}.{}.new", hex::encode(unique)));
        let text = Zeroizing::new(format!("{}\n", hex::encode(signer.seed().as_ref())));
        private_directory(&self.directory)
            .and_then(|()| options.open(&draft))
            .and_then(|mut file| {
                file.write_all(text.as_bytes())?;
                file.sync_all()
            })
            .and_then(|()| place(&draft, &path))
            .map_err(|error| file_failed(&path, "written", error))
    }
}

/// Creates a directory that is its owner's alone.
fn private_directory(path: &Path) -> std::io::Result<()> {
    let mut directory = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut directory, 0o700);
    directory.recursive(true).create(path)
}

/// Gives a whole file its name, unless another has it: two processes may be creating one ledger.
fn place(draft: &Path, path: &Path) -> std::io::Result<()> {
    match std::fs::hard_link(draft, path) {
        Ok(()) => {}
        // Some file systems have no links, Android's applications may make none.
        Err(_) if !path.exists() => return std::fs::rename(draft, path),
        Err(_) => {}
    }
    std::fs::remove_file(draft)
}

/// A new name is durable when its directory is. Windows has no such call, and needs none.
pub(crate) fn sync_directory(directory: &Path) -> std::io::Result<()> {
    if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
}
