//! A disk in memory that loses power, fails and tears, as it is told to.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use allonge_ledger::{Disk, DiskFile};

use crate::workload::Witness;

const SECTOR: usize = 512;

/// SplitMix64 (Steele, Lea, Flood 2014): small, and the same on every platform.
#[derive(Clone, Debug)]
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }

    fn coin(&mut self) -> bool {
        self.below(2) == 0
    }
}

/// What is left, when the power goes, of that which was not synchronised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Survival {
    Nothing,
    All,
    /// Each write, length and name, or not.
    Some,
    /// Each sector of each write, or not; lengths apart from them.
    Sectors,
    /// Whatever came before some moment, and a part of what was being written then.
    Prefix,
    /// The same, and the sector that was being written has anything where it was to change.
    Garbage,
}

impl Survival {
    pub const EACH: [Survival; 6] = [
        Survival::Nothing,
        Survival::All,
        Survival::Some,
        Survival::Sectors,
        Survival::Prefix,
        Survival::Garbage,
    ];
}

/// What goes wrong in one operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// EIO. A synchronisation makes some of what it should durable, and the system forgets the rest.
    Failed,
    /// ENOSPC. A synchronisation makes nothing durable, and the system forgets all.
    NoSpace,
    /// A write ends somewhere with ENOSPC; a read gives one byte, which is no error. A synchronisation does what
    /// it should, and says that it failed.
    Short,
}

impl Fault {
    pub const EACH: [Fault; 3] = [Fault::Failed, Fault::NoSpace, Fault::Short];
}

/// The files, as the system shows them and as they are on disk.
#[derive(Clone, Debug, Default)]
pub struct Image {
    files: Vec<File>,
    names: BTreeMap<String, usize>,
    durable_names: BTreeMap<String, usize>,
    /// Since the directory was synchronised.
    renamed: Vec<(u64, Naming)>,
    /// Counts what was changed.
    moment: u64,
}

#[derive(Clone, Debug, Default)]
struct File {
    visible: Arc<Vec<u8>>,
    durable: Arc<Vec<u8>>,
    /// Since it was synchronised.
    pending: Vec<(u64, Change)>,
}

#[derive(Clone, Debug)]
enum Change {
    Write { position: usize, bytes: Arc<Vec<u8>> },
    Length(usize),
}

#[derive(Clone, Debug)]
enum Naming {
    Created(String, usize),
    Renamed(String, String),
}

impl Change {
    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Change::Write { position, bytes } => {
                self.apply_part(content, *position..*position + bytes.len());
            }
            Change::Length(length) => {
                content.truncate(*length);
                extend(content, *length);
            }
        }
    }

    /// Where it writes.
    fn range(&self) -> Range<usize> {
        match self {
            Change::Write { position, bytes } => *position..*position + bytes.len(),
            Change::Length(_) => 0..0,
        }
    }

    /// Writes what it has for these places.
    fn apply_part(&self, content: &mut Vec<u8>, places: Range<usize>) {
        let Change::Write { position, bytes } = self else { return };
        extend(content, places.end);
        content[places.clone()].copy_from_slice(&bytes[places.start - position..places.end - position]);
    }

    /// The parts of its range in one sector each.
    fn sectors(&self) -> Vec<Range<usize>> {
        let Range { start, end } = self.range();
        (start / SECTOR..end.div_ceil(SECTOR))
            .map(|sector| (sector * SECTOR).max(start)..((sector + 1) * SECTOR).min(end))
            .collect()
    }

    /// Writes each sector or not.
    fn apply_sectors(&self, content: &mut Vec<u8>, random: &mut Random) {
        match self {
            Change::Write { .. } => {
                for sector in self.sectors() {
                    if random.coin() {
                        self.apply_part(content, sector);
                    }
                }
                self.extend(content, random);
            }
            Change::Length(_) if random.coin() => self.apply(content),
            Change::Length(_) => {}
        }
    }

    /// Makes the file as long as it would be after it, or not.
    fn extend(&self, content: &mut Vec<u8>, random: &mut Random) {
        if random.coin() {
            extend(content, self.range().end);
        }
    }

    /// Writes a part, up to some byte.
    fn apply_prefix(&self, content: &mut Vec<u8>, random: &mut Random) {
        let Range { start, end } = self.range();
        if start < end {
            self.apply_part(content, start..start + random.below(end - start + 1));
            self.extend(content, random);
        }
    }

    /// Writes a part, up to some sector, and anything to what it was to change in that.
    fn apply_garbage(&self, content: &mut Vec<u8>, random: &mut Random) {
        let sectors = self.sectors();
        if sectors.is_empty() {
            return;
        }
        let last = random.below(sectors.len());
        for sector in &sectors[..last] {
            self.apply_part(content, sector.clone());
        }
        let before = content.clone();
        let sector = sectors[last].clone();
        self.apply_part(content, sector.clone());
        let kind = random.below(3);
        for place in sector {
            if before.get(place) != Some(&content[place]) {
                content[place] = [0, 0xff, random.below(256) as u8][kind];
            }
        }
        self.extend(content, random);
    }
}

/// Adds zeros up to a length.
fn extend(content: &mut Vec<u8>, length: usize) {
    content.extend_from_slice(&vec![0; length.saturating_sub(content.len())]);
}

impl Naming {
    fn apply(&self, names: &mut BTreeMap<String, usize>) {
        match self {
            Naming::Created(name, file) => {
                names.insert(name.clone(), *file);
            }
            Naming::Renamed(from, to) => {
                if let Some(file) = names.remove(from) {
                    names.insert(to.clone(), file);
                }
            }
        }
    }
}

/// A change to a file, or to the names.
enum Unsynchronised {
    Change(usize, Change),
    Naming(Naming),
}

impl Image {
    /// What is there after a power cut.
    pub fn after(&self, survival: Survival, random: &mut Random) -> CrashDisk {
        let mut names = self.durable_names.clone();
        let mut contents: Vec<_> = self.files.iter().map(|file| Arc::clone(&file.durable)).collect();
        let changes = self.files.iter().enumerate().flat_map(|(file, state)| {
            state.pending.iter().map(move |(at, change)| (*at, Unsynchronised::Change(file, change.clone())))
        });
        let namings = self.renamed.iter().map(|(at, naming)| (*at, Unsynchronised::Naming(naming.clone())));
        let mut unsynchronised: Vec<_> = changes.chain(namings).collect();
        unsynchronised.sort_by_key(|(at, _)| *at);
        let moment = random.below(unsynchronised.len() + 1);
        for (index, (_, change)) in unsynchronised.iter().enumerate() {
            let before = index < moment;
            match change {
                Unsynchronised::Naming(naming) => {
                    let survives = match survival {
                        Survival::Nothing => false,
                        Survival::All => true,
                        Survival::Some | Survival::Sectors => random.coin(),
                        Survival::Prefix | Survival::Garbage => before,
                    };
                    if survives {
                        naming.apply(&mut names);
                    }
                }
                Unsynchronised::Change(file, change) => {
                    let content = Arc::make_mut(&mut contents[*file]);
                    match survival {
                        Survival::Nothing => {}
                        Survival::All => change.apply(content),
                        Survival::Some if random.coin() => change.apply(content),
                        Survival::Some => change.extend(content, random),
                        Survival::Sectors => change.apply_sectors(content, random),
                        Survival::Prefix | Survival::Garbage if before => change.apply(content),
                        Survival::Prefix if index == moment => change.apply_prefix(content, random),
                        Survival::Garbage if index == moment => change.apply_garbage(content, random),
                        Survival::Prefix | Survival::Garbage => {}
                    }
                }
            }
        }
        let files = contents
            .into_iter()
            .map(|content| File { visible: Arc::clone(&content), durable: content, pending: Vec::new() })
            .collect();
        CrashDisk::of(Image { files, durable_names: names.clone(), names, renamed: Vec::new(), moment: 0 })
    }

    /// What is there after the process was killed: all that it did.
    pub fn after_kill(&self) -> CrashDisk {
        CrashDisk::of(self.clone())
    }

    /// What a file has, as the system shows it.
    pub fn content(&self, name: &str) -> &[u8] {
        &self.files[self.names[name]].visible
    }

    pub fn has(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    /// Alters a file behind the system's back.
    pub fn set_content(&mut self, name: &str, content: Vec<u8>) {
        let content = Arc::new(content);
        self.files[self.names[name]] =
            File { visible: Arc::clone(&content), durable: content, pending: Vec::new() };
    }

    /// Removes a file.
    pub fn remove(&mut self, name: &str) {
        self.names.remove(name);
        self.durable_names.remove(name);
    }

    /// Reads anew what the system believes to have written.
    pub fn evict(&mut self) {
        for file in &mut self.files {
            let mut content = file.durable.as_ref().clone();
            file.pending.iter().for_each(|(_, change)| change.apply(&mut content));
            file.visible = Arc::new(content);
        }
    }
}

/// A disk in memory, in one directory.
#[derive(Clone, Debug)]
pub struct CrashDisk(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    image: Image,
    plan: Plan,
    /// Operations so far: those that change something, and all.
    changes: usize,
    operations: usize,
    /// Whether the power is off.
    off: bool,
    faulted: bool,
    random: Random,
    witness: Witness,
    recorded: Vec<(Image, Witness)>,
}

#[derive(Debug)]
enum Plan {
    Work,
    /// Remembers how it was in each operation that changes something.
    Record,
    CutAt(usize),
    FailAt(usize, Fault),
}

impl CrashDisk {
    pub fn new() -> Self {
        CrashDisk::of(Image::default())
    }

    fn of(image: Image) -> Self {
        CrashDisk(Arc::new(Mutex::new(State {
            image,
            plan: Plan::Work,
            changes: 0,
            operations: 0,
            off: false,
            faulted: false,
            random: Random(0),
            witness: Witness::default(),
            recorded: Vec::new(),
        })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Remembers how it is in each operation that changes something, and what was acknowledged by then.
    pub fn record(&self) {
        self.state().plan = Plan::Record;
    }

    pub fn recorded(&self) -> Vec<(Image, Witness)> {
        std::mem::take(&mut self.state().recorded)
    }

    /// Tells what is acknowledged from now on.
    pub fn note(&self, witness: Witness) {
        self.state().witness = witness;
    }

    /// Cuts the power in an operation that changes something.
    pub fn cut_at(&self, change: usize) {
        self.state().plan = Plan::CutAt(change);
    }

    /// Lets one operation fail.
    pub fn fail_at(&self, operation: usize, fault: Fault, random: Random) {
        let mut state = self.state();
        (state.plan, state.random) = (Plan::FailAt(operation, fault), random);
    }

    /// Whether the operation that was to fail has failed.
    pub fn has_failed(&self) -> bool {
        self.state().faulted
    }

    /// How many operations there were.
    pub fn operations(&self) -> usize {
        self.state().operations
    }

    pub fn image(&self) -> Image {
        self.state().image.clone()
    }
}

fn error(text: &str) -> io::Error {
    io::Error::other(text)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

impl State {
    /// Begins an operation, and answers what goes wrong in it.
    fn begin(&mut self) -> io::Result<Option<Fault>> {
        if self.off {
            return Err(error("the power is off"));
        }
        let operation = self.operations;
        self.operations += 1;
        match self.plan {
            Plan::FailAt(at, fault) if at == operation => {
                self.faulted = true;
                Ok(Some(fault))
            }
            _ => Ok(None),
        }
    }

    /// Begins an operation that fails whatever goes wrong.
    fn begin_whole(&mut self) -> io::Result<()> {
        match self.begin()? {
            None => Ok(()),
            Some(Fault::Failed) => Err(error("EIO")),
            Some(_) => Err(io::ErrorKind::StorageFull.into()),
        }
    }

    /// The moment in which the power may go: something was written, and nobody was told yet.
    fn reach(&mut self) -> io::Result<()> {
        let change = self.changes;
        self.changes += 1;
        self.image.moment += 1;
        match self.plan {
            Plan::Record => self.recorded.push((self.image.clone(), self.witness)),
            Plan::CutAt(at) if at == change => {
                self.off = true;
                return Err(error("the power goes"));
            }
            _ => {}
        }
        Ok(())
    }

    fn change(&mut self, file: usize, change: Change) {
        let moment = self.image.moment;
        let file = &mut self.image.files[file];
        change.apply(Arc::make_mut(&mut file.visible));
        file.pending.push((moment, change));
    }

    fn rename(&mut self, naming: Naming) -> io::Result<()> {
        naming.apply(&mut self.image.names);
        self.image.renamed.push((self.image.moment, naming));
        self.reach()
    }

    fn open(&self, path: &Path) -> Option<usize> {
        self.image.names.get(&name(path)).copied()
    }

    /// Makes the first of what is pending durable.
    fn synchronise(&mut self, file: usize, count: impl Fn(&[(u64, Change)]) -> usize) -> io::Result<()> {
        let fault = self.begin()?;
        self.reach()?;
        let file = &mut self.image.files[file];
        let count = count(&file.pending);
        let content = Arc::make_mut(&mut file.durable);
        // What is in the page cache and was not written counts as clean from now on.
        for (_, change) in file.pending.drain(..count) {
            match fault {
                None | Some(Fault::Short) => change.apply(content),
                Some(Fault::Failed) => change.apply_sectors(content, &mut self.random),
                Some(Fault::NoSpace) => {}
            }
        }
        if fault.is_some() { Err(error("EIO")) } else { Ok(()) }
    }
}

impl Disk for CrashDisk {
    fn exists(&self, path: &Path) -> io::Result<bool> {
        let mut state = self.state();
        state.begin_whole()?;
        Ok(state.open(path).is_some())
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let mut state = self.state();
        state.begin_whole()?;
        let file = state.open(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(Handle { disk: self.clone(), file }))
    }

    fn open_or_create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let mut state = self.state();
        state.begin_whole()?;
        let file = match state.open(path) {
            Some(file) => file,
            None => {
                let file = state.image.files.len();
                state.image.files.push(File::default());
                state.rename(Naming::Created(name(path), file))?;
                file
            }
        };
        Ok(Box::new(Handle { disk: self.clone(), file }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.begin_whole()?;
        state.rename(Naming::Renamed(name(from), name(to)))
    }

    fn sync_directory(&self, _: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.begin_whole()?;
        state.reach()?;
        state.image.durable_names = state.image.names.clone();
        state.image.renamed.clear();
        Ok(())
    }
}

#[derive(Debug)]
struct Handle {
    disk: CrashDisk,
    file: usize,
}

impl DiskFile for Handle {
    fn length(&self) -> io::Result<u64> {
        let mut state = self.disk.state();
        state.begin_whole()?;
        Ok(state.image.files[self.file].visible.len() as u64)
    }

    fn set_length(&self, length: u64) -> io::Result<()> {
        let mut state = self.disk.state();
        state.begin_whole()?;
        state.change(self.file, Change::Length(length as usize));
        state.reach()
    }

    fn read_at(&self, buffer: &mut [u8], position: u64) -> io::Result<usize> {
        let mut state = self.disk.state();
        let most = match state.begin()? {
            None => buffer.len(),
            Some(Fault::Short) => buffer.len().min(1),
            Some(_) => return Err(error("EIO")),
        };
        let content = &state.image.files[self.file].visible;
        let rest = content.get(position as usize..).unwrap_or_default();
        let count = rest.len().min(most);
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }

    fn write_at(&self, bytes: &[u8], position: u64) -> io::Result<()> {
        let mut state = self.disk.state();
        let count = match state.begin()? {
            None => bytes.len(),
            Some(Fault::Short) => state.random.below(bytes.len()),
            Some(Fault::Failed) => return Err(error("EIO")),
            Some(Fault::NoSpace) => return Err(io::ErrorKind::StorageFull.into()),
        };
        let written = Arc::new(bytes[..count].to_vec());
        state.change(self.file, Change::Write { position: position as usize, bytes: written });
        state.reach()?;
        if count < bytes.len() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    /// A length that nothing was written after need not be durable.
    fn sync_data(&self) -> io::Result<()> {
        self.disk.state().synchronise(self.file, |pending| {
            let written = |(_, change): &(u64, Change)| matches!(change, Change::Write { .. });
            pending.iter().rposition(written).map_or(0, |last| last + 1)
        })
    }

    fn sync_all(&self) -> io::Result<()> {
        self.disk.state().synchronise(self.file, <[_]>::len)
    }
}
