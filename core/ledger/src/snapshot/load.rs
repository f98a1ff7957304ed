//! Reading the state of a snapshot into a new store. Nothing of it counts before the certified header has proven all of it.

use std::io::Read;
use std::path::Path;

use allonge_crypto::{Hash, merkle};

use super::{Chunk, Head, SnapshotReader, invalid};
use crate::answers::{Answer, Bucket, BucketRoot, OpenBuckets};
use crate::error::Error;
use crate::index;
use crate::log::Place;
use crate::machine::full;
use crate::receipt::{MAX_RECEIPT_HEADERS, Trust};
use crate::registry::RECEIPT_WRONG_NETWORK;
use crate::rules::Rules;
use crate::state::{Stored, read_record};
use crate::store::Store;
use crate::tree::{StateTree, StateTreeLoader};
use crate::workers::Workers;

/// Idempotency keys stand in lists of at least so many in the store: each is read whole.
const LIST: u64 = 256;

/// A state that was read, and holds.
pub(crate) struct Loaded {
    pub(crate) head: Head,
    pub(crate) store: Store,
    pub(crate) tree: StateTree,
    pub(crate) buckets: OpenBuckets,
    /// The list of the digests of the headers up to its height.
    pub(crate) history: merkle::Frontier,
}

/// Reads the state of the file of a ledger, whose last chunk has this hash.
///
/// Errors: `snapshot.invalid`, `receipt.*`, `store.*`.
pub(crate) fn load<R: Rules>(
    trust: &Trust,
    path: &Path,
    state: &Hash,
    store: Store,
    workers: &Workers,
) -> Result<Loaded, Error> {
    let mut reader = SnapshotReader::open(path)?;
    let loaded = load_state::<R, _>(trust, &mut reader, store, workers)?;
    if reader.previous != *state {
        return Err(invalid("it is another than the log names"));
    }
    reader.end()?;
    Ok(loaded)
}

fn load_state<R: Rules, F: Read>(
    trust: &Trust,
    reader: &mut SnapshotReader<F>,
    mut store: Store,
    workers: &Workers,
) -> Result<Loaded, Error> {
    let head = reader.head()?;
    let root = check_head(trust, &head)?;
    let suite = trust.genesis().hash_suite;
    store.begin_load(head.height());
    store.load_index(index::base_writes::<R>())?;

    let (history, first) = load_digests(trust, &head, reader, &mut store)?;
    let mut records = RecordLoader { last: None, buckets: 0, tree: StateTreeLoader::new(suite, workers) };
    let mut next = first;
    while let Chunk::Records(some) = next {
        records.take::<R>(&mut store, head.height(), &some)?;
        next = reader.next()?;
    }
    let RecordLoader { buckets: expected, tree, .. } = records;
    let tree = tree.finish().map_err(full)?;
    if tree.root() != root {
        return Err(invalid("its records are not those of the certified state"));
    }
    let mut keys =
        KeyLoader { trust, workers, head: &head, count: 0, current: None, open: OpenBuckets::default() };
    while let Chunk::Answers { bucket, answers } = next {
        keys.take(&mut store, bucket, answers)?;
        next = reader.next()?;
    }
    let KeyLoader { count, open: buckets, .. } = keys.finish(&mut store)?;
    if count != expected {
        return Err(invalid("idempotency keys are missing"));
    }
    match next {
        Chunk::StateEnd => Ok(Loaded { head, store, tree, buckets, history }),
        _ => Err(invalid("its parts are in another order")),
    }
}

/// Proves the certified header of a snapshot from the genesis, and answers the root of its state.
pub(super) fn check_head(trust: &Trust, head: &Head) -> Result<Hash, Error> {
    let given = head.genesis.network();
    if given != trust.network() {
        return Err(RECEIPT_WRONG_NETWORK.error().with("given", given).with("expected", trust.network()));
    }
    if head.headers.len() > MAX_RECEIPT_HEADERS {
        return Err(invalid("it has too many headers"));
    }
    let (own, certified) = trust.verify_chain(&given, &head.headers, &head.certificate, &head.handovers)?;
    if certified.executed.height != own.height || own.height == 0 {
        return Err(invalid("its certified header says another state"));
    }
    if head.oldest == 0 || head.oldest > own.height {
        return Err(invalid("it keeps no block"));
    }
    Ok(certified.executed.state_root)
}

/// Reads the digests of all headers, and answers their list with the chunk behind them.
fn load_digests<F: Read>(
    trust: &Trust,
    head: &Head,
    reader: &mut SnapshotReader<F>,
    store: &mut Store,
) -> Result<(merkle::Frontier, Chunk), Error> {
    let suite = trust.genesis().hash_suite;
    let own = head.headers.first().ok_or_else(|| invalid("it has no header"))?;
    let wrong = || invalid("its history is not that of the certified header");
    let mut history = merkle::Frontier::new();
    loop {
        let digests = match reader.next()? {
            Chunk::Digests(digests) => digests,
            next if history.size() == own.height => return Ok((history, next)),
            _ => return Err(wrong()),
        };
        for digest in digests {
            let height = history.size().saturating_add(1);
            let last = height == own.height;
            if height > own.height
                || (last && (history.root(suite) != own.history_root || digest != own.digest(suite)))
            {
                return Err(wrong());
            }
            history.push(suite, merkle::leaf(suite, digest.as_bytes()));
            store.load_block(height, Place::NOWHERE, digest)?;
        }
    }
}

/// Takes the records of the state.
struct RecordLoader<'a> {
    last: Option<Vec<u8>>,
    /// How many buckets of idempotency keys they name.
    buckets: u64,
    tree: StateTreeLoader<'a>,
}

impl RecordLoader<'_> {
    fn take<R: Rules>(
        &mut self,
        store: &mut Store,
        height: u64,
        records: &[(Vec<u8>, Vec<u8>)],
    ) -> Result<(), Error> {
        for (key, value) in records {
            if self.last.as_ref().is_some_and(|last| key <= last) {
                return Err(invalid("its records are in another order"));
            }
            self.buckets = self.buckets.saturating_add(u64::from(key.first() == Some(&BucketRoot::KIND)));
            self.tree.push(key, value).map_err(full)?;
            store.load_record(key, value, index::base_record::<R>(height, key, value)?)?;
            self.last = Some(key.clone());
        }
        Ok(())
    }
}

/// Takes the idempotency keys, bucket by bucket.
struct KeyLoader<'a> {
    trust: &'a Trust,
    workers: &'a Workers,
    head: &'a Head,
    /// How many buckets were read.
    count: u64,
    current: Option<CurrentBucket<'a>>,
    open: OpenBuckets,
}

/// The bucket whose keys are being read.
struct CurrentBucket<'a> {
    bucket: Bucket,
    expected: BucketRoot,
    tree: StateTreeLoader<'a>,
    /// Those that are not in the store yet.
    waiting: Vec<(Vec<u8>, Answer)>,
    /// How many stand together in the store.
    list: u64,
    /// Under which height the next list stands.
    height: u64,
    keys: u64,
}

impl KeyLoader<'_> {
    fn take(
        &mut self,
        store: &mut Store,
        bucket: Bucket,
        answers: Vec<(Vec<u8>, Answer)>,
    ) -> Result<(), Error> {
        if self.current.as_ref().is_none_or(|current| current.bucket != bucket) {
            self.close(store)?;
            self.begin(store, bucket)?;
        }
        let Some(current) = &mut self.current else { return Ok(()) };
        for (key, answer) in answers {
            current.keys = current.keys.saturating_add(1);
            if current.keys > current.expected.keys {
                return Err(wrong_keys());
            }
            current.tree.push(&key, &answer.to_bytes()).map_err(full)?;
            current.waiting.push((key, answer));
            if u64::try_from(current.waiting.len()).is_ok_and(|waiting| waiting >= current.list) {
                current.put(store)?;
            }
        }
        Ok(())
    }

    fn begin(&mut self, store: &Store, bucket: Bucket) -> Result<(), Error> {
        let expected = read_record::<BucketRoot>(store, &bucket)?.ok_or_else(wrong_keys)?;
        let height = self.head.height();
        // Each list needs a height of its own, down to 1.
        let list = LIST.max(expected.keys.div_ceil(height.max(1)));
        let tree = StateTreeLoader::new(self.trust.genesis().hash_suite, self.workers);
        self.current =
            Some(CurrentBucket { bucket, expected, tree, waiting: Vec::new(), list, height, keys: 0 });
        self.count = self.count.saturating_add(1);
        Ok(())
    }

    /// Checks the bucket that was read, and keeps its tree if it can still grow.
    fn close(&mut self, store: &mut Store) -> Result<(), Error> {
        let Some(mut current) = self.current.take() else { return Ok(()) };
        current.put(store)?;
        let CurrentBucket { bucket, expected, tree, keys, .. } = current;
        let tree = tree.finish().map_err(full)?;
        if (BucketRoot { root: tree.root(), keys: tree.len() }) != expected || keys != expected.keys {
            return Err(wrong_keys());
        }
        let time = self.head.headers.first().map(|header| header.time);
        if time.is_some_and(|time| !bucket.is_sealed(time)) {
            self.open.insert(bucket, tree);
        }
        Ok(())
    }

    fn finish(mut self, store: &mut Store) -> Result<Self, Error> {
        self.close(store)?;
        Ok(self)
    }
}

impl CurrentBucket<'_> {
    fn put(&mut self, store: &mut Store) -> Result<(), Error> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let entries: Vec<_> =
            self.waiting.iter().map(|(key, answer)| (key.as_slice(), answer.to_bytes())).collect();
        store.load_answers(self.bucket, self.height, &entries)?;
        self.height = self.height.saturating_sub(1);
        self.waiting.clear();
        Ok(())
    }
}

fn wrong_keys() -> Error {
    invalid("its idempotency keys are not those of the certified state")
}
