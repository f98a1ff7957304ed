//! The disk of a simulated validator: in memory. It may fail, and a power cut leaves any part of what was not
//! synchronised.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use allonge_ledger::{Disk, DiskFile};

/// A power cut leaves or takes what was not synchronised in pieces of so many bytes.
const SECTOR: usize = 512;

/// How a disk fails, until it is mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskFault {
    /// Nothing more fits on it: half of what is written is.
    Full,
    /// Nothing can be synchronised: nobody knows what a power cut would leave.
    Unsynchronised,
    /// After so many more writes it takes no other, and synchronises nothing: in the middle of a block, as it happens.
    BreaksAfter(u32),
}

/// Files in memory. Clones are the same disk.
#[derive(Clone, Debug, Default)]
pub(crate) struct MemoryDisk {
    files: Arc<Mutex<BTreeMap<PathBuf, MemoryFile>>>,
    fault: Arc<Mutex<Option<DiskFault>>>,
}

/// A file. Clones are the same file.
#[derive(Clone, Debug)]
struct MemoryFile {
    content: Arc<Mutex<Content>>,
    fault: Arc<Mutex<Option<DiskFault>>>,
}

#[derive(Debug, Default)]
struct Content {
    bytes: Vec<u8>,
    /// What takes back what was not synchronised: how long the file was, and what stood where it was written.
    undo: Vec<(usize, usize, Vec<u8>)>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Numbers that follow from a seed (SplitMix64).
struct Chance(u64);

impl Chance {
    fn coin(&mut self) -> bool {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) & 1 == 0
    }
}

impl MemoryDisk {
    /// Of what was written and not synchronised some sectors are gone; the seed says which.
    pub(crate) fn cut_power(&self, seed: u64) {
        let mut chance = Chance(seed);
        for file in lock(&self.files).values() {
            lock(&file.content).tear(&mut chance);
        }
    }

    /// Has the disk fail from now on, or no longer.
    pub(crate) fn set_fault(&self, fault: Option<DiskFault>) {
        *lock(&self.fault) = fault;
    }
}

impl MemoryFile {
    /// How many bytes of a write are taken, and whether that fails.
    fn room(&self, length: usize) -> (usize, io::Result<()>) {
        let full = || Err(io::ErrorKind::StorageFull.into());
        match &mut *lock(&self.fault) {
            None | Some(DiskFault::Unsynchronised) => (length, Ok(())),
            Some(DiskFault::Full) => (length / 2, full()),
            Some(DiskFault::BreaksAfter(writes)) => match writes.checked_sub(1) {
                Some(left) => {
                    *writes = left;
                    (length, Ok(()))
                }
                None => (0, Err(io::Error::other("the disk is broken"))),
            },
        }
    }
}

impl Content {
    /// Changes the file to a length, and bytes in a place of it.
    fn change(&mut self, length: usize, place: usize, bytes: &[u8]) {
        let from = place.min(length);
        let end = if length < self.bytes.len() { self.bytes.len() } else { from.saturating_add(bytes.len()) };
        let old = self.bytes.get(from..end.min(self.bytes.len())).unwrap_or_default().to_vec();
        self.undo.push((self.bytes.len(), from, old));
        self.bytes.resize(length, 0);
        self.put(place, bytes);
    }

    fn put(&mut self, place: usize, bytes: &[u8]) {
        let end = place.saturating_add(bytes.len());
        if let Some(to) = self.bytes.get_mut(place..end) {
            to.copy_from_slice(bytes);
        }
    }

    fn revert(&mut self) {
        while let Some((length, place, old)) = self.undo.pop() {
            self.bytes.resize(length, 0);
            self.put(place, &old);
        }
    }

    /// Each sector is as it was when it was synchronised, or as it was last; and so is the length.
    fn tear(&mut self, chance: &mut Chance) {
        if self.undo.is_empty() {
            return;
        }
        let newest = self.bytes.clone();
        self.revert();
        if chance.coin() {
            self.bytes.resize(newest.len(), 0);
        }
        let length = self.bytes.len();
        for (place, sector) in (0..).step_by(SECTOR).zip(newest.chunks(SECTOR)) {
            if chance.coin() {
                let room = length.saturating_sub(place).min(sector.len());
                self.put(place, sector.get(..room).unwrap_or_default());
            }
        }
    }
}

fn position(position: u64) -> io::Result<usize> {
    usize::try_from(position).map_err(io::Error::other)
}

impl Disk for MemoryDisk {
    fn exists(&self, path: &Path) -> io::Result<bool> {
        Ok(lock(&self.files).contains_key(path))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let files = lock(&self.files);
        let file = files.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(file.clone()))
    }

    fn open_or_create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let new = || MemoryFile { content: Arc::default(), fault: Arc::clone(&self.fault) };
        Ok(Box::new(lock(&self.files).entry(path.to_owned()).or_insert_with(new).clone()))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut files = lock(&self.files);
        let file = files.remove(from).ok_or(io::ErrorKind::NotFound)?;
        files.insert(to.to_owned(), file);
        Ok(())
    }

    fn sync_directory(&self, _directory: &Path) -> io::Result<()> {
        Ok(())
    }
}

impl DiskFile for MemoryFile {
    fn length(&self) -> io::Result<u64> {
        Ok(u64::try_from(lock(&self.content).bytes.len()).unwrap_or(u64::MAX))
    }

    fn set_length(&self, length: u64) -> io::Result<()> {
        let length = position(length)?;
        self.room(0).1?;
        let mut content = lock(&self.content);
        let end = content.bytes.len().min(length);
        content.change(length, end, &[]);
        Ok(())
    }

    fn read_at(&self, buffer: &mut [u8], place: u64) -> io::Result<usize> {
        let content = lock(&self.content);
        let rest = content.bytes.get(position(place)?..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer.iter_mut().zip(rest).for_each(|(to, byte)| *to = *byte);
        Ok(count)
    }

    fn write_at(&self, bytes: &[u8], place: u64) -> io::Result<()> {
        let place = position(place)?;
        let mut content = lock(&self.content);
        let (room, written) = self.room(bytes.len());
        let bytes = bytes.get(..room).unwrap_or_default();
        let length = content.bytes.len().max(place.saturating_add(bytes.len()));
        content.change(length, place, bytes);
        written
    }

    fn sync_data(&self) -> io::Result<()> {
        if matches!(*lock(&self.fault), Some(DiskFault::Unsynchronised | DiskFault::BreaksAfter(0))) {
            return Err(io::Error::other("the disk does not answer"));
        }
        lock(&self.content).undo.clear();
        Ok(())
    }

    fn sync_all(&self) -> io::Result<()> {
        self.sync_data()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(file: &dyn DiskFile) -> Vec<u8> {
        let mut bytes = vec![0; 64];
        let count = file.read_at(&mut bytes, 0).unwrap();
        bytes.truncate(count);
        bytes
    }

    #[test]
    fn a_power_cut_leaves_any_sectors_of_what_was_not_synchronised_and_takes_nothing_else() {
        let sector = |byte: u8| vec![byte; SECTOR];
        let mut lengths = std::collections::BTreeSet::new();
        for seed in 0..64 {
            let disk = MemoryDisk::default();
            let file = disk.open_or_create(Path::new("log")).unwrap();
            file.write_at(&[sector(1), sector(2), sector(3)].concat(), 0).unwrap();
            file.sync_data().unwrap();
            file.write_at(&[sector(8), sector(9)].concat(), SECTOR as u64).unwrap();
            file.set_length(4 * SECTOR as u64).unwrap();
            disk.cut_power(seed);
            let mut found = vec![7; 5 * SECTOR];
            let length = file.read_at(&mut found, 0).unwrap();
            let found: Vec<&[u8]> = found[..length].chunks(SECTOR).collect();
            assert_eq!(found[0], sector(1));
            assert!(found[1] == sector(2) || found[1] == sector(8));
            assert!(found[2] == sector(3) || found[2] == sector(9));
            lengths.insert((length, found[1][0], found[2][0]));
            // What is there now stays.
            disk.cut_power(seed + 1);
            assert_eq!(file.length().unwrap(), length as u64);
        }
        assert_eq!(lengths.len(), 8, "each in each way");
    }

    #[test]
    fn a_disk_that_fails_says_so_until_it_is_mended() {
        let disk = MemoryDisk::default();
        let file = disk.open_or_create(Path::new("log")).unwrap();
        disk.set_fault(Some(DiskFault::Full));
        assert_eq!(file.write_at(b"abcd", 0).unwrap_err().kind(), io::ErrorKind::StorageFull);
        assert_eq!(content(file.as_ref()), b"ab");
        disk.set_fault(Some(DiskFault::Unsynchronised));
        file.write_at(b"abcd", 0).unwrap();
        assert!(file.sync_data().is_err());
        disk.set_fault(Some(DiskFault::BreaksAfter(1)));
        file.write_at(b"efgh", 0).unwrap();
        assert!(file.write_at(b"ijkl", 0).is_err() && file.sync_data().is_err());
        disk.set_fault(None);
        file.write_at(b"mn", 4).unwrap();
        file.sync_all().unwrap();
        disk.cut_power(1);
        assert_eq!(content(file.as_ref()), b"efghmn");
    }
}
