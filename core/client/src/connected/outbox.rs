//! The outbox: what was submitted and is not settled yet, on disk before it leaves the process.
//!
//! Each record is a length, a CRC-32 of the rest, a kind and the bytes. A record that is cut short at the end was never
//! acknowledged. Where a byte rotted, that record alone is lost, and the file as it was is kept beside.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use allonge_crypto::{Hash, HashSuite};
use allonge_ledger::{Error, SignedTransaction};

use crate::registry::file_failed;

/// A signed transaction that is to be submitted.
const INTENT: u8 = 0;
/// The id of one that is settled.
const SETTLED: u8 = 1;
/// Once so many records are of settled ones, the file is written anew.
const MAX_SETTLED: usize = 1_024;

/// The open outbox of a directory.
pub(crate) struct Outbox {
    path: PathBuf,
    file: Arc<File>,
    suite: HashSuite,
    intents: BTreeMap<Hash, SignedTransaction>,
    settled: usize,
    /// How many intents were written.
    written: u64,
}

/// The file of an outbox, to be brought to disk while others go on writing.
pub(crate) struct Unsynced {
    path: PathBuf,
    file: Arc<File>,
}

impl Unsynced {
    /// Waits until everything written so far is on disk.
    pub(crate) fn sync(&self) -> Result<(), Error> {
        self.file.sync_data().map_err(|error| file_failed(&self.path, "written", error))
    }
}

impl Outbox {
    /// Opens the outbox of a directory, with what is not settled in it.
    pub(crate) fn open(directory: &Path, suite: HashSuite) -> Result<Self, Error> {
        let path = directory.join("outbox");
        let mut bytes = Vec::new();
        match File::open(&path).and_then(|mut file| file.read_to_end(&mut bytes)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(file_failed(&path, "read", error));
            }
            _ => {}
        }
        let Found { intents, damaged } = read(&bytes, suite);
        if damaged {
            let kept = directory.join(format!("outbox.damaged-{}", crc32fast::hash(&bytes)));
            std::fs::write(&kept, &bytes).map_err(|error| file_failed(&kept, "written", error))?;
        }
        let file = rewrite(&path, &intents)?;
        Ok(Outbox { path, file: Arc::new(file), suite, intents, settled: 0, written: 0 })
    }

    /// What is not settled.
    pub(crate) fn intents(&self) -> impl Iterator<Item = (&Hash, &SignedTransaction)> {
        self.intents.iter()
    }

    /// A transaction that is not settled.
    pub(crate) fn get(&self, id: &Hash) -> Option<&SignedTransaction> {
        self.intents.get(id)
    }

    /// How many intents were written since it was opened.
    pub(crate) fn written(&self) -> u64 {
        self.written
    }

    /// The file, and how many intents were written to it or are on disk already.
    pub(crate) fn unsynced(&self) -> (Unsynced, u64) {
        (Unsynced { path: self.path.clone(), file: Arc::clone(&self.file) }, self.written)
    }

    /// Writes a transaction. It is kept once [`Unsynced::sync`] comes back, and is not to be submitted before.
    pub(crate) fn put(&mut self, signed: SignedTransaction) -> Result<(), Error> {
        let id = signed.id(self.suite);
        if self.intents.contains_key(&id) {
            return Ok(());
        }
        self.append(&record(INTENT, &signed.to_bytes()))?;
        self.written = self.written.saturating_add(1);
        self.intents.insert(id, signed);
        Ok(())
    }

    /// Forgets what is settled. When a crash forgets that it was, it is found settled once more.
    pub(crate) fn settle<'a>(&mut self, ids: impl IntoIterator<Item = &'a Hash>) -> Result<(), Error> {
        let mut records = Vec::new();
        for id in ids {
            if self.intents.remove(id).is_some() {
                self.settled = self.settled.saturating_add(1);
                records.extend(record(SETTLED, id.as_bytes()));
            }
        }
        if self.settled > MAX_SETTLED {
            self.file = Arc::new(rewrite(&self.path, &self.intents)?);
            self.settled = 0;
            return Ok(());
        }
        if records.is_empty() { Ok(()) } else { self.append(&records) }
    }

    /// What is written in part is cut off again: nobody could read what stood behind it.
    fn append(&mut self, record: &[u8]) -> Result<(), Error> {
        let failed = |error| file_failed(&self.path, "written", error);
        let length = self.file.metadata().map_err(failed)?.len();
        (&*self.file).write_all(record).map_err(|error| {
            // If that fails too, the next record cannot be written either.
            drop(self.file.set_len(length));
            failed(error)
        })
    }
}

fn record(kind: u8, bytes: &[u8]) -> Vec<u8> {
    let rest = [&[kind], bytes].concat();
    let length = u32::try_from(rest.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), &crc32fast::hash(&rest).to_be_bytes(), rest.as_slice()].concat()
}

/// What was read of an outbox.
struct Found {
    intents: BTreeMap<Hash, SignedTransaction>,
    /// Whether records follow on something that is none.
    damaged: bool,
}

/// What is not settled, as far as there are whole records.
fn read(mut bytes: &[u8], suite: HashSuite) -> Found {
    let mut found = Found { intents: BTreeMap::new(), damaged: false };
    let mut skipped = false;
    while !bytes.is_empty() {
        let Some((kind, content, rest)) = next(bytes) else {
            skipped = true;
            bytes = bytes.get(1..).unwrap_or_default();
            continue;
        };
        found.damaged |= skipped;
        match kind {
            INTENT => {
                if let Ok(signed) = SignedTransaction::from_bytes(content) {
                    found.intents.insert(signed.id(suite), signed);
                }
            }
            _ => {
                if let Ok(id) = content.try_into() {
                    found.intents.remove(&Hash::new(id));
                }
            }
        }
        bytes = rest;
    }
    found
}

fn next(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (length, bytes) = bytes.split_first_chunk::<4>()?;
    let (checksum, bytes) = bytes.split_first_chunk::<4>()?;
    let (record, rest) = bytes.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
    let (kind, content) = record.split_first()?;
    (crc32fast::hash(record) == u32::from_be_bytes(*checksum)).then_some((*kind, content, rest))
}

/// Writes the file with nothing but these, as a whole.
fn rewrite(path: &Path, intents: &BTreeMap<Hash, SignedTransaction>) -> Result<File, Error> {
    let draft = path.with_extension("new");
    let all = intents.values().flat_map(|signed| record(INTENT, &signed.to_bytes()));
    let all: Vec<u8> = all.collect();
    let written = File::create(&draft).and_then(|mut file| {
        file.write_all(&all)?;
        file.sync_all()?;
        std::fs::rename(&draft, path)?;
        crate::keys::sync_directory(path.parent().unwrap_or(Path::new(".")))?;
        OpenOptions::new().append(true).open(path)
    });
    written.map_err(|error| file_failed(path, "written", error))
}

#[cfg(test)]
mod tests {
    use allonge_crypto::{Signer, SoftwareSigner};
    use allonge_finance::{PartyId, Timestamp};
    use allonge_ledger::{IdempotencyKey, Transaction};
    use allonge_trade::TradeOperation;

    use super::*;

    const SUITE: HashSuite = HashSuite::Sha256;

    fn signed(key: u8) -> SignedTransaction {
        let transaction = Transaction::<TradeOperation> {
            network: Hash::new([1; 32]),
            author: PartyId::parse("SYNBCNBJXXX").unwrap(),
            key: IdempotencyKey::new([key; 16]),
            valid_until: Timestamp::from_millis(1_000).unwrap(),
            operations: vec![],
        };
        let signer = SoftwareSigner::from_seed([7; 32]);
        transaction.sign(SUITE, &[&signer as &dyn Signer]).unwrap()
    }

    fn ids(outbox: &Outbox) -> Vec<Hash> {
        outbox.intents().map(|(id, _)| *id).collect()
    }

    #[test]
    fn what_is_not_settled_is_there_again_after_a_crash_at_any_byte() {
        let directory = tempfile::tempdir().unwrap();
        let mut outbox = Outbox::open(directory.path(), SUITE).unwrap();
        for key in 1..=3 {
            outbox.put(signed(key)).unwrap();
        }
        outbox.put(signed(3)).unwrap();
        outbox.settle([&signed(2).id(SUITE)]).unwrap();
        let left = ids(&outbox);
        assert_eq!(left.len(), 2);
        drop(outbox);
        let path = directory.path().join("outbox");
        let whole = std::fs::read(&path).unwrap();
        for length in 0..=whole.len() {
            let found = read(&whole[..length], SUITE);
            assert!(!found.damaged);
            assert!(found.intents.keys().all(|id| (1..=3).any(|key| signed(key).id(SUITE) == *id)));
        }
        assert_eq!(ids(&Outbox::open(directory.path(), SUITE).unwrap()), left);
        // A byte that rotted takes its record, and no other; what is damaged is kept.
        let mut rotten = whole.clone();
        rotten[20] ^= 1;
        std::fs::write(&path, &rotten).unwrap();
        assert_eq!(ids(&Outbox::open(directory.path(), SUITE).unwrap()), [signed(3).id(SUITE)]);
        let kept = std::fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().path());
        let kept: Vec<PathBuf> = kept.filter(|path| path.to_string_lossy().contains("damaged")).collect();
        assert_eq!(std::fs::read(&kept[0]).unwrap(), rotten);
        // Zeros, as a file system may leave, are no records.
        assert!(read(&[0; 64], SUITE).intents.is_empty());
    }

    #[test]
    fn the_file_does_not_grow_with_what_is_settled() {
        let directory = tempfile::tempdir().unwrap();
        let mut outbox = Outbox::open(directory.path(), SUITE).unwrap();
        let one = signed(1);
        let size = one.to_bytes().len() as u64;
        for _ in 0..=MAX_SETTLED {
            outbox.put(one.clone()).unwrap();
            outbox.settle([&one.id(SUITE)]).unwrap();
        }
        assert!(std::fs::metadata(directory.path().join("outbox")).unwrap().len() < size);
    }
}
