//! The disk of a simulated validator: in memory, and a power cut takes what was not synchronised.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use allonge_ledger::{Disk, DiskFile};

/// Files in memory. Clones are the same disk.
#[derive(Clone, Debug, Default)]
pub(crate) struct MemoryDisk(Arc<Mutex<BTreeMap<PathBuf, MemoryFile>>>);

/// A file. Clones are the same file.
#[derive(Clone, Debug, Default)]
struct MemoryFile(Arc<Mutex<Content>>);

#[derive(Debug, Default)]
struct Content {
    bytes: Vec<u8>,
    /// What takes back what was not synchronised: how long the file was, and what stood where it was written.
    undo: Vec<(usize, usize, Vec<u8>)>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl MemoryDisk {
    /// What was written and not synchronised is gone.
    pub(crate) fn cut_power(&self) {
        for file in lock(&self.0).values() {
            lock(&file.0).revert();
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
}

fn position(position: u64) -> io::Result<usize> {
    usize::try_from(position).map_err(io::Error::other)
}

impl Disk for MemoryDisk {
    fn exists(&self, path: &Path) -> io::Result<bool> {
        Ok(lock(&self.0).contains_key(path))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let files = lock(&self.0);
        let file = files.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(file.clone()))
    }

    fn open_or_create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(lock(&self.0).entry(path.to_owned()).or_default().clone()))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut files = lock(&self.0);
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
        Ok(u64::try_from(lock(&self.0).bytes.len()).unwrap_or(u64::MAX))
    }

    fn set_length(&self, length: u64) -> io::Result<()> {
        let length = position(length)?;
        let mut content = lock(&self.0);
        let end = content.bytes.len().min(length);
        content.change(length, end, &[]);
        Ok(())
    }

    fn read_at(&self, buffer: &mut [u8], place: u64) -> io::Result<usize> {
        let content = lock(&self.0);
        let rest = content.bytes.get(position(place)?..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer.iter_mut().zip(rest).for_each(|(to, byte)| *to = *byte);
        Ok(count)
    }

    fn write_at(&self, bytes: &[u8], place: u64) -> io::Result<()> {
        let place = position(place)?;
        let mut content = lock(&self.0);
        let length = content.bytes.len().max(place.saturating_add(bytes.len()));
        content.change(length, place, bytes);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        lock(&self.0).undo.clear();
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
    fn a_power_cut_takes_what_was_not_synchronised_and_nothing_else() {
        let disk = MemoryDisk::default();
        let file = disk.open_or_create(Path::new("log")).unwrap();
        file.write_at(b"committed", 0).unwrap();
        file.sync_data().unwrap();
        file.write_at(b"xyz", 3).unwrap();
        file.write_at(b"longer", 7).unwrap();
        file.set_length(5).unwrap();
        file.set_length(8).unwrap();
        assert_eq!(content(file.as_ref()), b"comxy\0\0\0");
        disk.cut_power();
        assert_eq!(content(file.as_ref()), b"committed");
        file.set_length(3).unwrap();
        file.sync_all().unwrap();
        disk.cut_power();
        assert_eq!(content(file.as_ref()), b"com");
    }
}
