//! The files of the log: those of the operating system, or those of a disk that loses power in a test.

use std::fmt::Debug;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Where the log and its mark stand. Whatever the log does to files it does through this.
pub trait Disk: Debug + Send + Sync {
    /// Whether there is a file of this name.
    fn exists(&self, path: &Path) -> io::Result<bool>;

    /// Opens a file, to read and to write it.
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;

    /// Opens a file, to read and to write it; one that is not there yet is created empty.
    fn open_or_create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;

    /// Gives a file another name, all at once; a file that had this name before is gone.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Makes the names in a directory durable.
    fn sync_directory(&self, directory: &Path) -> io::Result<()>;
}

/// An open file. Threads may read it while one writes.
pub trait DiskFile: Debug + Send + Sync {
    /// How many bytes it has.
    fn length(&self) -> io::Result<u64>;

    /// Makes it shorter, or longer by zeros.
    fn set_length(&self, length: u64) -> io::Result<()>;

    /// Reads from a place on into `buffer` and answers how many bytes, fewer than fit when it pleases; none only
    /// at the end.
    fn read_at(&self, buffer: &mut [u8], position: u64) -> io::Result<usize>;

    /// Writes all bytes from a place on; the file grows as it must. After an error any part may be written.
    fn write_at(&self, bytes: &[u8], position: u64) -> io::Result<()>;

    /// Makes what was written durable, with what is needed to read it again.
    fn sync_data(&self) -> io::Result<()>;

    /// Makes all of the file durable, its length too.
    fn sync_all(&self) -> io::Result<()>;
}

/// The files of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

impl RealDisk {
    /// Writes a file durably: it is whole, or as it was before. Its draft stands beside it, and nobody else writes it
    /// meanwhile.
    pub fn write_whole(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let draft = draft_of(path);
        let mut file = File::create(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        self.place(&draft, path)
    }

    /// Gives a draft, which is durable, its name for good; a file that had this name before is gone.
    pub(crate) fn place(&self, draft: &Path, path: &Path) -> io::Result<()> {
        self.rename(draft, path)?;
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        self.sync_directory(directory.unwrap_or(Path::new(".")))
    }
}

/// Where a file is written before it has its name.
pub(crate) fn draft_of(path: &Path) -> PathBuf {
    let mut draft = path.as_os_str().to_owned();
    draft.push(".new");
    PathBuf::from(draft)
}

impl Disk for RealDisk {
    fn exists(&self, path: &Path) -> io::Result<bool> {
        path.try_exists()
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        Ok(Box::new(file))
    }

    fn open_or_create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        Ok(Box::new(file))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    /// Windows has no such call, and keeps names by itself.
    fn sync_directory(&self, directory: &Path) -> io::Result<()> {
        #[cfg(unix)]
        File::open(directory)?.sync_all()?;
        #[cfg(not(unix))]
        let _ = directory;
        Ok(())
    }
}

impl DiskFile for File {
    fn length(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn set_length(&self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }

    #[cfg(unix)]
    fn read_at(&self, buffer: &mut [u8], position: u64) -> io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(self, buffer, position)
    }

    #[cfg(windows)]
    fn read_at(&self, buffer: &mut [u8], position: u64) -> io::Result<usize> {
        std::os::windows::fs::FileExt::seek_read(self, buffer, position)
    }

    #[cfg(unix)]
    fn write_at(&self, bytes: &[u8], position: u64) -> io::Result<()> {
        std::os::unix::fs::FileExt::write_all_at(self, bytes, position)
    }

    #[cfg(windows)]
    fn write_at(&self, mut bytes: &[u8], mut position: u64) -> io::Result<()> {
        while !bytes.is_empty() {
            let count = match std::os::windows::fs::FileExt::seek_write(self, bytes, position) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            bytes = bytes.get(count..).unwrap_or_default();
            position = position.saturating_add(u64::try_from(count).unwrap_or_default());
        }
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        File::sync_data(self)
    }

    fn sync_all(&self) -> io::Result<()> {
        File::sync_all(self)
    }
}
