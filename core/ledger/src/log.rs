//! The block log: the one point of durability. What is not in it did not happen; what is in it did.
//!
//! An append-only file of frames in pre-zeroed space. A frame is the file's salt, the length and checksum
//! of its payload, and the payload. What a power cut leaves of an append that was never acknowledged is any
//! part of one frame, in whatever order its pages reached the disk; so bytes behind the last whole frame
//! are cut off, unless a whole frame stands among them: then an acknowledged one before it is damaged, and
//! the file is refused. The salt is random, so that nobody can plant a frame inside a payload.
//!
//! Beside the log stands its mark: up to where it was acknowledged. It is written behind each append and never
//! waited for, so it may say less than is true but never more; a log that ends before its mark, or is damaged
//! there, lost something and is refused.
//!
//! What is taken for granted of a disk: what `fdatasync` said is durable stays; bytes that a write does not change
//! outlive a power cut during that write, though they may share a sector with others; a rename happens as a
//! whole. Nothing else: until they are synchronised, writes, lengths and names may survive in any selection, and
//! a write in any of its sectors. When `fdatasync` fails nobody knows what is durable, and asking once more
//! would not tell: the system takes pages that it could not write for clean. So neither the mark nor another
//! frame is written after it. Whoever opens the log next writes what he finds there, beyond the mark, anew.
//!
//! `docs/format.md` has the layout byte by byte.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use borsh::{BorshDeserialize, BorshSerialize};

use crate::disk::{Disk, DiskFile};
use crate::error::Error;
use crate::registry::{damaged, io_failed};

/// What the file begins with: a name and the version of its format.
const MAGIC: [u8; 8] = *b"ALGLOG\x00\x01";
/// The magic and the salt.
const FILE_HEAD: u64 = 16;
/// Salt, length and checksum before every payload.
const FRAME_HEAD: u64 = 16;
/// Space is zeroed ahead in steps of this many bytes, so that an append overwrites and never extends.
const STEP: u64 = 1 << 18;
/// A frame's payload has at most this many bytes.
const MAX_PAYLOAD: u32 = 64 << 20;
/// An append, whole or not, leaves at most this many bytes behind the frame before it.
const MAX_APPEND: u64 = FRAME_HEAD + MAX_PAYLOAD as u64 + FRAME_HEAD + STEP;

/// Salt, end and checksum.
const MARK_LENGTH: usize = 20;

type Salt = [u8; 8];

/// An open block log.
#[derive(Debug)]
pub struct Log {
    file: Arc<dyn DiskFile>,
    path: PathBuf,
    salt: Salt,
    /// The newest frame.
    newest: Place,
    /// Where the next frame goes.
    end: u64,
    /// Up to where the file is zeroed.
    zeroed: u64,
    /// Whether part of an append that was never acknowledged stands at the end.
    unfinished: bool,
    mark: Box<dyn DiskFile>,
    /// Up to where the mark says that it was acknowledged.
    marked: u64,
}

/// Where a frame stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Place(u64);

impl Place {
    /// Where the first frame stands.
    pub const FIRST: Place = Place(FILE_HEAD);
    /// Where a block stands that is not kept.
    pub const NOWHERE: Place = Place(0);
}

impl Log {
    /// Creates a log whose first frame is `first`, durably and as a whole: a crash leaves either all of it
    /// or no file of this name. The caller sees to it that there is none yet.
    pub fn create(disk: &dyn Disk, path: &Path, first: &[u8]) -> Result<Self, Error> {
        let draft = path.with_extension("new");
        let failed = |error| io_failed(draft.display(), "created", error);
        let file: Arc<dyn DiskFile> = disk.open_or_create(&draft).map_err(failed)?.into();
        file.set_length(0).map_err(failed)?;
        let mut salt = Salt::default();
        getrandom::fill(&mut salt).map_err(|error| failed(io::Error::other(error)))?;
        let mut log = Log {
            file,
            path: path.to_owned(),
            salt,
            newest: Place::FIRST,
            end: FILE_HEAD,
            zeroed: FILE_HEAD,
            unfinished: false,
            mark: open_mark(disk, path)?,
            marked: 0,
        };
        log.write_at(0, &[MAGIC, salt].concat())?;
        log.append(first)?;
        disk.rename(&draft, path).map_err(|error| io_failed(path.display(), "created", error))?;
        sync_name(disk, path)?;
        Ok(log)
    }

    /// Opens a log. Nothing is known of its frames yet but where the first stands: [`scan`](Log::scan) it, and
    /// call [`persist_newest`](Log::persist_newest) before answering for what was read, and
    /// [`cut_unfinished`](Log::cut_unfinished) before the first append.
    pub fn open(disk: &dyn Disk, path: &Path) -> Result<Self, Error> {
        let unreadable = |error| io_failed(path.display(), "read", error);
        let file: Arc<dyn DiskFile> =
            disk.open(path).map_err(|error| io_failed(path.display(), "opened", error))?.into();
        let length = file.length().map_err(unreadable)?;
        let mut reader = reader(file.as_ref(), 0, 1 << 6);
        let (mut magic, mut salt) = ([0; MAGIC.len()], Salt::default());
        match reader.read_exact(&mut magic).and_then(|()| reader.read_exact(&mut salt)) {
            Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => return Err(unreadable(error)),
            Ok(()) if magic == MAGIC => {}
            _ => return Err(damaged(path, "it does not begin as a block log does")),
        }
        let mark = open_mark(disk, path)?;
        // Whoever created it may have died before its name was durable.
        sync_name(disk, path)?;
        Ok(Log {
            file,
            path: path.to_owned(),
            salt,
            newest: Place::FIRST,
            end: length,
            zeroed: length,
            unfinished: false,
            mark,
            marked: 0,
        })
    }

    /// Hands every frame from a place on to `visit`, oldest first, and finds where the log ends.
    ///
    /// Errors: `store.corrupt`, when there is no whole frame at `from`, when something acknowledged is missing or
    /// damaged; those of `visit`.
    pub fn scan(
        &mut self,
        from: Place,
        mut visit: impl FnMut(Place, &[u8]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let unreadable = |error| io_failed(self.path.display(), "read", error);
        let length = self.zeroed;
        let (mut newest, Place(mut end)) = (None, from);
        let mut payload = Vec::new();
        let mut frames = reader(self.file.as_ref(), end, 1 << 18);
        while read_frame(&mut frames, length.saturating_sub(end), &self.salt, &mut payload)
            .map_err(unreadable)?
        {
            visit(Place(end), &payload)?;
            newest = Some(Place(end));
            end = end.saturating_add(frame_length(&payload));
        }
        // A log never exists without its first frame, nor does anyone know of a place that was not acknowledged.
        let newest = newest.ok_or_else(|| damaged(&self.path, "a block that it had is damaged or gone"))?;
        let marked = read_mark(self.mark.as_ref(), &self.salt)
            .map_err(|error| io_failed(mark_path(&self.path).display(), "read", error))?;
        if marked > end {
            return Err(damaged(&self.path, "it ends before what it acknowledged"));
        }
        if length.saturating_sub(end) > MAX_APPEND {
            return Err(damaged(&self.path, "a block is damaged and others follow it"));
        }
        let mut tail = Vec::new();
        reader(self.file.as_ref(), end, 1 << 16).read_to_end(&mut tail).map_err(unreadable)?;
        let unfinished = !is_zero(&tail);
        if unfinished && holds_a_frame(&tail, &self.salt) {
            return Err(damaged(&self.path, "a block is damaged and others follow it"));
        }
        (self.newest, self.end, self.marked, self.unfinished) = (newest, end, marked, unfinished);
        Ok(())
    }

    /// Makes everything that was read durable.
    ///
    /// Whoever wrote the newest frame may have died, or been told of an error, before it was on disk. It is
    /// answered for from now on, so it is written once more: after a failed `fsync` the system takes its
    /// pages for clean. What the mark acknowledges is durable, and is not touched.
    pub fn persist_newest(&mut self) -> Result<(), Error> {
        if self.marked == self.end {
            return Ok(());
        }
        let Place(position) = self.newest;
        let newest = self.read(self.newest)?;
        let frame = self.frame(newest.len(), |frame| frame.extend_from_slice(&newest))?;
        self.write_at(position, &frame)?;
        self.file.sync_all().map_err(|error| io_failed(self.path.display(), "synchronised", error))?;
        self.write_mark()
    }

    /// Cuts off what an unfinished append left.
    pub fn cut_unfinished(&mut self) -> Result<(), Error> {
        if !self.unfinished {
            return Ok(());
        }
        // Zeroing it could be cut short in its turn.
        self.file
            .set_length(self.end)
            .and_then(|()| self.file.sync_all())
            .map_err(|error| io_failed(self.path.display(), "cut", error))?;
        self.zeroed = self.end;
        self.unfinished = false;
        Ok(())
    }

    /// Appends a frame durably: when this returns, a power cut does not undo it.
    pub fn append(&mut self, payload: &[u8]) -> Result<Place, Error> {
        self.append_with(payload.len(), |frame| frame.extend_from_slice(payload))
    }

    /// As [`append`](Log::append), with the payload appended by a function, of about so many bytes.
    pub fn append_with(&mut self, bytes: usize, payload: impl FnOnce(&mut Vec<u8>)) -> Result<Place, Error> {
        let mut frame = self.frame(bytes, payload)?;
        // The zeros behind the frame say where the log ends, so there is always room for one more head.
        let end = self.end.saturating_add(u64::try_from(frame.len()).unwrap_or(u64::MAX));
        let needed = end.saturating_add(FRAME_HEAD);
        let place = Place(self.end);
        if needed > self.zeroed {
            let zeroed = needed.next_multiple_of(STEP);
            let padding = usize::try_from(zeroed.saturating_sub(end)).unwrap_or_default();
            frame.append(&mut vec![0; padding]);
            self.write_at(self.end, &frame)?;
            self.file.sync_all().map_err(|error| io_failed(self.path.display(), "synchronised", error))?;
            self.zeroed = zeroed;
        } else {
            self.write_at(self.end, &frame)?;
            self.file.sync_data().map_err(|error| io_failed(self.path.display(), "synchronised", error))?;
        }
        self.newest = place;
        self.end = end;
        self.write_mark()?;
        Ok(place)
    }

    fn write_mark(&mut self) -> Result<(), Error> {
        self.mark
            .write_at(&mark(&self.salt, self.end), 0)
            .map_err(|error| io_failed(mark_path(&self.path).display(), "written", error))?;
        self.marked = self.end;
        Ok(())
    }

    /// How many bytes everything appended so far has, from the beginning of the file.
    pub fn length(&self) -> u64 {
        self.end
    }

    /// Reads one frame again.
    pub fn read(&self, place: Place) -> Result<Vec<u8>, Error> {
        let mut payload = Vec::new();
        let room = self.end.saturating_sub(place.0);
        let mut reader = reader(self.file.as_ref(), place.0, 1 << 12);
        let whole = read_frame(&mut reader, room, &self.salt, &mut payload)
            .map_err(|error| io_failed(self.path.display(), "read", error))?;
        if whole { Ok(payload) } else { Err(damaged(&self.path, "a block no longer matches its checksum")) }
    }

    /// What reads single frames, also while the log is scanned or appended to.
    pub fn reader(&self) -> LogReader {
        LogReader { file: Arc::clone(&self.file), path: self.path.clone(), salt: self.salt }
    }

    fn frame(&self, bytes: usize, payload: impl FnOnce(&mut Vec<u8>)) -> Result<Vec<u8>, Error> {
        const HEAD: usize = FRAME_HEAD as usize;
        let mut frame = Vec::with_capacity(bytes.saturating_add(HEAD).saturating_add(bytes / 16));
        frame.resize(HEAD, 0);
        payload(&mut frame);
        let impossible = || {
            let source = io::Error::other("a frame of an impossible length");
            io_failed(self.path.display(), "written", source)
        };
        let (head, payload) = frame.split_at_mut_checked(HEAD).ok_or_else(impossible)?;
        let length = u32::try_from(payload.len()).ok().filter(|length| (1..=MAX_PAYLOAD).contains(length));
        let length = length.ok_or_else(impossible)?;
        let checksum = checksum(length, payload).to_le_bytes();
        head.copy_from_slice(&[self.salt.as_slice(), &length.to_le_bytes(), &checksum].concat());
        Ok(frame)
    }

    fn write_at(&self, position: u64, bytes: &[u8]) -> Result<(), Error> {
        self.file.write_at(bytes, position).map_err(|error| io_failed(self.path.display(), "written", error))
    }
}

/// Writes a log of many frames at once, where nobody looks for one yet.
#[derive(Debug)]
pub struct LogWriter {
    file: BufWriter<File>,
    path: PathBuf,
    salt: Salt,
}

impl LogWriter {
    /// Begins a log in a file that is new.
    pub fn create(path: &Path) -> Result<Self, Error> {
        let failed = |error| io_failed(path.display(), "created", error);
        let mut salt = Salt::default();
        getrandom::fill(&mut salt).map_err(|error| failed(io::Error::other(error)))?;
        let mut file = BufWriter::with_capacity(1 << 20, File::create(path).map_err(failed)?);
        file.write_all(&MAGIC).and_then(|()| file.write_all(&salt)).map_err(failed)?;
        Ok(LogWriter { file, path: path.to_owned(), salt })
    }

    /// Adds a frame.
    pub fn push(&mut self, payload: &[u8]) -> Result<(), Error> {
        let failed = |error| io_failed(self.path.display(), "written", error);
        let length = u32::try_from(payload.len()).ok().filter(|length| (1..=MAX_PAYLOAD).contains(length));
        let length = length.ok_or_else(|| failed(io::Error::other("a frame of an impossible length")))?;
        let head =
            [self.salt.as_slice(), &length.to_le_bytes(), &checksum(length, payload).to_le_bytes()].concat();
        self.file.write_all(&head).and_then(|()| self.file.write_all(payload)).map_err(failed)
    }

    /// Makes all of it durable.
    pub fn finish(self) -> Result<(), Error> {
        let failed = |error| io_failed(self.path.display(), "written", error);
        let file = self.file.into_inner().map_err(|error| failed(error.into_error()))?;
        file.sync_all().map_err(failed)
    }
}

/// Reads single frames of a log, or of a copy of one.
#[derive(Clone, Debug)]
pub struct LogReader {
    file: Arc<dyn DiskFile>,
    path: PathBuf,
    salt: Salt,
}

impl LogReader {
    /// Which file it reads.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads a frame that is known to be there.
    pub fn read(&self, place: Place) -> Result<Vec<u8>, Error> {
        let Place(position) = place;
        let failed = |error| io_failed(self.path.display(), "read", error);
        let room = self.file.length().map_err(failed)?.saturating_sub(position);
        if room < FRAME_HEAD {
            return Err(damaged(&self.path, "it ends before a block that it had"));
        }
        let mut payload = Vec::new();
        let mut reader = reader(self.file.as_ref(), position, 1 << 12);
        let whole = read_frame(&mut reader, room, &self.salt, &mut payload).map_err(failed)?;
        if whole { Ok(payload) } else { Err(damaged(&self.path, "a block no longer matches its checksum")) }
    }
}

/// Reads from a place of its own, so that readers on other threads do not move it.
struct PositionedReader<'a> {
    file: &'a dyn DiskFile,
    next: u64,
}

impl Read for PositionedReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read_at(buffer, self.next)?;
        self.next = self.next.saturating_add(u64::try_from(count).unwrap_or_default());
        Ok(count)
    }
}

fn reader(file: &dyn DiskFile, next: u64, capacity: usize) -> io::BufReader<PositionedReader<'_>> {
    io::BufReader::with_capacity(capacity, PositionedReader { file, next })
}

fn frame_length(payload: &[u8]) -> u64 {
    u64::try_from(payload.len()).unwrap_or(u64::MAX).saturating_add(FRAME_HEAD)
}

/// The length is covered too: a damaged length must not make other bytes a frame.
fn checksum(length: u32, payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&length.to_le_bytes());
    hasher.update(payload);
    hasher.finalize()
}

fn mark_path(log: &Path) -> PathBuf {
    log.with_extension("mark")
}

fn open_mark(disk: &dyn Disk, log: &Path) -> Result<Box<dyn DiskFile>, Error> {
    let path = mark_path(log);
    disk.open_or_create(&path).map_err(|error| io_failed(path.display(), "opened", error))
}

/// Makes the name of a file durable.
fn sync_name(disk: &dyn Disk, path: &Path) -> Result<(), Error> {
    let directory = path.parent().filter(|directory| !directory.as_os_str().is_empty());
    let directory = directory.unwrap_or(Path::new("."));
    disk.sync_directory(directory).map_err(|error| io_failed(directory.display(), "synchronised", error))
}

/// The mark of a log: its salt, where its acknowledged frames end, and a checksum.
fn mark(salt: &Salt, end: u64) -> [u8; MARK_LENGTH] {
    let mut mark = [0; MARK_LENGTH];
    let (body, check) = mark.split_at_mut(16);
    body[..8].copy_from_slice(salt);
    body[8..].copy_from_slice(&end.to_le_bytes());
    check.copy_from_slice(&crc32fast::hash(body).to_le_bytes());
    mark
}

/// What a mark says; 0 when it is of another log, damaged, or not there.
fn read_mark(file: &dyn DiskFile, salt: &Salt) -> io::Result<u64> {
    let mut found = Vec::new();
    reader(file, 0, 1 << 6).take(MARK_LENGTH as u64).read_to_end(&mut found)?;
    let end = found.get(8..16).and_then(|end| end.try_into().ok()).map_or(0, u64::from_le_bytes);
    Ok(if found == mark(salt, end) { end } else { 0 })
}

/// The frames of a file, one after the other, read and not written: a copy of a log needs no mark.
#[derive(Debug)]
pub struct Frames<R> {
    reader: R,
    salt: Salt,
    /// Where the next frame stands.
    next: Place,
    room: u64,
}

impl<R: Read> Frames<R> {
    /// Reads the head of a file of so many bytes; nothing when it does not begin as a log does.
    pub fn new(mut reader: R, length: u64) -> io::Result<Option<Self>> {
        let (mut magic, mut salt) = ([0; MAGIC.len()], Salt::default());
        let Some(room) = length.checked_sub(FILE_HEAD) else { return Ok(None) };
        reader.read_exact(&mut magic)?;
        reader.read_exact(&mut salt)?;
        Ok((magic == MAGIC).then_some(Frames { reader, salt, next: Place::FIRST, room }))
    }

    /// What reads single frames of the same file, opened once more.
    pub fn reader(&self, file: File, path: &Path) -> LogReader {
        LogReader { file: Arc::new(file), path: path.to_owned(), salt: self.salt }
    }

    /// Where the next frame stands.
    pub fn place(&self) -> Place {
        self.next
    }

    /// The next frame's payload; nothing at the end. An error of the kind `InvalidData` says that the next frame is
    /// not whole.
    pub fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        // The zeros behind the last frame may be missing.
        if self.room < FRAME_HEAD {
            return Ok(None);
        }
        let mut head = [0; FRAME_HEAD as usize];
        self.reader.read_exact(&mut head)?;
        if head == [0; FRAME_HEAD as usize] {
            return Ok(None);
        }
        let mut payload = Vec::new();
        let mut frame = head.as_slice().chain(&mut self.reader);
        if !read_frame(&mut frame, self.room, &self.salt, &mut payload)? {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a frame is damaged"));
        }
        let length = frame_length(&payload);
        self.room = self.room.saturating_sub(length);
        self.next = Place(self.next.0.saturating_add(length));
        Ok(Some(payload))
    }
}

/// Reads a frame that has `room` bytes at most, and answers whether it is whole.
fn read_frame(reader: &mut impl Read, room: u64, salt: &Salt, payload: &mut Vec<u8>) -> io::Result<bool> {
    let Some(room) = room.checked_sub(FRAME_HEAD) else { return Ok(false) };
    let (mut found, mut length, mut expected) = (Salt::default(), [0; 4], [0; 4]);
    reader.read_exact(&mut found)?;
    reader.read_exact(&mut length)?;
    reader.read_exact(&mut expected)?;
    let length = u32::from_le_bytes(length);
    if found != *salt || length == 0 || length > MAX_PAYLOAD || u64::from(length) > room {
        return Ok(false);
    }
    payload.resize(usize::try_from(length).unwrap_or_default(), 0);
    reader.read_exact(payload)?;
    Ok(checksum(length, payload) == u32::from_le_bytes(expected))
}

/// Block by block, which is several times faster than byte by byte.
fn is_zero(bytes: &[u8]) -> bool {
    const ZEROS: [u8; 4096] = [0; 4096];
    bytes.chunks(ZEROS.len()).all(|block| ZEROS.starts_with(block))
}

/// Whether a whole frame stands anywhere behind the first byte. An append that was cut short is the last
/// thing in the file, so such a frame was acknowledged, and so was what is damaged before it.
fn holds_a_frame(tail: &[u8], salt: &Salt) -> bool {
    let mut payload = Vec::new();
    tail.windows(salt.len()).zip(0..).skip(1).filter(|(window, _)| window == salt).any(|(_, start)| {
        let candidate = tail.get(start..).unwrap_or_default();
        let room = u64::try_from(candidate.len()).unwrap_or_default();
        matches!(read_frame(&mut &*candidate, room, salt, &mut payload), Ok(true))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::RealDisk;

    const HEAD: usize = FRAME_HEAD as usize;

    fn frames(path: &Path) -> Result<Vec<Vec<u8>>, Error> {
        let mut found = Vec::new();
        Log::open(&RealDisk, path)?.scan(Place::FIRST, |_, payload| {
            found.push(payload.to_vec());
            Ok(())
        })?;
        Ok(found)
    }

    fn log_of(path: &Path, payloads: &[&[u8]]) -> Vec<Place> {
        let mut log = Log::create(&RealDisk, path, payloads[0]).unwrap();
        payloads[1..].iter().map(|payload| log.append(payload).unwrap()).collect()
    }

    fn open_and_append(path: &Path, payload: &[u8]) {
        let mut log = Log::open(&RealDisk, path).unwrap();
        log.scan(Place::FIRST, |_, _| Ok(())).unwrap();
        log.cut_unfinished().unwrap();
        log.append(payload).unwrap();
    }

    /// The bytes of a log whose last frame was not acknowledged yet, and where that begins and ends.
    fn log_with_last(path: &Path, payloads: &[&[u8]]) -> (Vec<u8>, usize, usize) {
        let start = log_of(path, payloads).last().unwrap().0 as usize;
        std::fs::remove_file(mark_path(path)).unwrap();
        (std::fs::read(path).unwrap(), start, start + HEAD + payloads.last().unwrap().len())
    }

    #[test]
    fn a_reader_reads_what_is_appended_behind_its_back_and_nothing_that_is_damaged_or_gone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("log");
        let mut log = Log::create(&RealDisk, &path, b"one").unwrap();
        let reader = log.reader();
        let place = log.append(b"two").unwrap();
        assert_eq!(reader.read(Place::FIRST).unwrap(), b"one");
        assert_eq!(reader.read(place).unwrap(), b"two");
        let code = |place| reader.read(place).unwrap_err().code();
        assert_eq!(code(Place(place.0 + 1)), "store.corrupt", "no frame begins there");
        assert_eq!(code(Place(u64::MAX)), "store.corrupt", "the file ends before it");
        log.write_at(place.0 + FRAME_HEAD, b"T").unwrap();
        assert_eq!(code(place), "store.corrupt");
    }

    #[test]
    fn what_was_appended_is_there_after_reopening() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("log");
        let large = vec![7; 700_000];
        log_of(&path, &[b"genesis", b"one", &large, b"three"]);
        assert_eq!(frames(&path).unwrap(), [b"genesis".to_vec(), b"one".to_vec(), large, b"three".to_vec()]);
        let mut log = Log::open(&RealDisk, &path).unwrap();
        log.scan(Place::FIRST, |_, _| Ok(())).unwrap();
        log.persist_newest().unwrap();
        let place = log.append(b"four").unwrap();
        assert_eq!(log.read(place).unwrap(), b"four");
    }

    #[test]
    fn an_append_cut_short_at_any_byte_never_happened() {
        let directory = tempfile::tempdir().unwrap();
        let (bytes, start, end) =
            log_with_last(&directory.path().join("whole"), &[b"genesis", b"one", b"the last one"]);
        let path = directory.path().join("torn");
        for cut in start..end {
            let mut torn = bytes.clone();
            torn[cut..end].fill(0);
            // Cut short in zeroed space, and where the file had to grow.
            for torn in [torn.as_slice(), &torn[..cut]] {
                std::fs::write(&path, torn).unwrap();
                let _ = std::fs::remove_file(mark_path(&path));
                let expected: &[&[u8]] = &[b"genesis", b"one"];
                assert_eq!(frames(&path).unwrap(), expected, "cut at {cut}");
                open_and_append(&path, b"next");
                assert_eq!(frames(&path).unwrap().last().unwrap(), b"next");
            }
        }
    }

    #[test]
    fn an_append_whose_pages_came_in_any_order_never_happened() {
        let directory = tempfile::tempdir().unwrap();
        let last = vec![9; 2_500];
        let (bytes, start, end) =
            log_with_last(&directory.path().join("whole"), &[b"genesis", b"one", &last]);
        let path = directory.path().join("torn");
        let sectors: Vec<_> = (start / 512..end.div_ceil(512)).collect();
        for kept in 0..1_u32 << sectors.len() {
            let mut torn = bytes.clone();
            for sector in sectors.iter().filter(|sector| kept >> (**sector - sectors[0]) & 1 == 0) {
                torn[(sector * 512).max(start)..((sector + 1) * 512).min(end)].fill(0);
            }
            if torn == bytes {
                continue;
            }
            std::fs::write(&path, &torn).unwrap();
            let expected: &[&[u8]] = &[b"genesis", b"one"];
            assert_eq!(frames(&path).unwrap(), expected, "kept {kept:b}");
        }
        open_and_append(&path, b"next");
        assert_eq!(frames(&path).unwrap().last().unwrap(), b"next");
    }

    #[test]
    fn a_torn_payload_that_holds_frames_of_another_log_is_still_torn() {
        let directory = tempfile::tempdir().unwrap();
        log_of(&directory.path().join("other"), &[b"genesis", b"planted"]);
        let planted = std::fs::read(directory.path().join("other")).unwrap();
        let path = directory.path().join("log");
        let (mut bytes, start, _) = log_with_last(&path, &[b"genesis", b"one", &planted[..200]]);
        bytes[start + HEAD] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        let expected: &[&[u8]] = &[b"genesis", b"one"];
        assert_eq!(frames(&path).unwrap(), expected);
    }

    #[test]
    fn a_damaged_block_with_others_behind_it_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("log");
        let places = log_of(&path, &[b"genesis", b"one", b"two", b"three"]);
        let bytes = std::fs::read(&path).unwrap();
        for position in 0..places[2].0 as usize {
            for bit in 0..8 {
                let mut damaged = bytes.clone();
                damaged[position] ^= 1 << bit;
                std::fs::write(&path, &damaged).unwrap();
                let error = frames(&path).unwrap_err();
                assert_eq!(error.code(), "store.corrupt", "bit {bit} of byte {position}");
            }
        }
        // So is one that is gone altogether.
        let mut damaged = bytes.clone();
        damaged[places[0].0 as usize..places[1].0 as usize].fill(0);
        std::fs::write(&path, &damaged).unwrap();
        assert_eq!(frames(&path).unwrap_err().code(), "store.corrupt");
    }

    #[test]
    fn an_acknowledged_block_that_is_damaged_or_gone_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("log");
        let start = log_of(&path, &[b"genesis", b"one", b"the last one"]).last().unwrap().0 as usize;
        let whole = std::fs::read(&path).unwrap();
        let end = start + HEAD + b"the last one".len();
        for position in start..end {
            for damaged in [
                whole.iter().zip(0..).map(|(byte, at)| byte ^ u8::from(at == position)).collect(),
                whole[..position].to_vec(),
            ] {
                std::fs::write(&path, &damaged).unwrap();
                assert_eq!(frames(&path).unwrap_err().code(), "store.corrupt", "byte {position}");
                assert_eq!(std::fs::read(&path).unwrap(), damaged, "it is left as it was");
            }
        }
        std::fs::write(&path, &whole[..end]).unwrap();
        assert_eq!(frames(&path).unwrap().len(), 3);
    }

    #[test]
    fn a_mark_that_is_damaged_old_or_of_another_log_changes_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let (path, other) = (directory.path().join("log"), directory.path().join("other"));
        log_of(&path, &[b"genesis", b"one"]);
        log_of(&other, &[b"genesis", b"one", b"two"]);
        let (mark, salt) = (std::fs::read(mark_path(&path)).unwrap(), std::fs::read(&path).unwrap());
        let old = super::mark(&salt[8..16].try_into().unwrap(), FILE_HEAD);
        let mut marks = vec![Vec::new(), mark[..19].to_vec(), old.to_vec()];
        marks.push(std::fs::read(mark_path(&other)).unwrap());
        marks.push([mark.as_slice(), &[0]].concat());
        marks.extend((0..mark.len() * 8).map(|bit| {
            let mut flipped = mark.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            flipped
        }));
        for mark in marks {
            std::fs::write(mark_path(&path), &mark).unwrap();
            assert_eq!(frames(&path).unwrap().len(), 2, "{mark:?}");
        }
    }

    #[test]
    fn opening_alone_changes_no_byte() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("log");
        let (mut bytes, _, end) = log_with_last(&path, &[b"genesis", b"one"]);
        bytes[end - 1] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        frames(&path).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), bytes);
    }

    #[test]
    fn a_draft_that_a_crash_left_is_no_log_and_is_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("blocks.log");
        log_of(&path, &[b"genesis"]);
        let whole = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        for length in [0, 3, 8, 20, whole.len()] {
            std::fs::write(directory.path().join("blocks.new"), &whole[..length]).unwrap();
            log_of(&path, &[b"another", b"one"]);
            assert_eq!(frames(&path).unwrap(), [b"another".as_slice(), b"one"]);
            std::fs::remove_file(&path).unwrap();
        }
    }
}
