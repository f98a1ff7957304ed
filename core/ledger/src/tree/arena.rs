//! Where the nodes of a subtree stand.

/// How many items are allocated at once.
const CHUNK: usize = 64;

/// Items that are added, read and overwritten, and never removed. It grows by a piece at a time: nothing that
/// is in it moves, so growing never needs its size twice.
#[derive(Clone, Debug)]
pub struct Arena<T> {
    chunks: Vec<Vec<T>>,
}

impl<T: Copy + Default> Arena<T> {
    pub fn new() -> Self {
        Arena { chunks: Vec::new() }
    }

    pub fn len(&self) -> usize {
        let Some((last, full)) = self.chunks.split_last() else { return 0 };
        full.len().saturating_mul(CHUNK).saturating_add(last.len())
    }

    /// Adds an item; its index is how many there were. The caller sees to it that indices suffice.
    pub fn push(&mut self, item: T) -> u32 {
        let index = u32::try_from(self.len()).unwrap_or(u32::MAX);
        match self.chunks.last_mut() {
            Some(chunk) if chunk.len() < CHUNK => chunk.push(item),
            // The first grows with what is in it: many subtrees are small.
            None => self.chunks.push(vec![item]),
            Some(_) => {
                let mut chunk = Vec::with_capacity(CHUNK);
                chunk.push(item);
                self.chunks.push(chunk);
            }
        }
        index
    }

    /// The item at an index that [`Arena::push`] gave.
    #[inline]
    pub fn get(&self, index: u32) -> T {
        let (chunk, place) = split(index);
        self.chunks.get(chunk).and_then(|chunk| chunk.get(place)).copied().unwrap_or_default()
    }

    /// Overwrites the item at an index that [`Arena::push`] gave.
    #[inline]
    pub fn set(&mut self, index: u32, item: T) {
        let (chunk, place) = split(index);
        if let Some(old) = self.chunks.get_mut(chunk).and_then(|chunk| chunk.get_mut(place)) {
            *old = item;
        }
    }

    /// The bytes that are allocated.
    pub fn memory(&self) -> usize {
        let items: usize = self.chunks.iter().map(Vec::capacity).sum();
        let chunks = self.chunks.capacity().saturating_mul(size_of::<Vec<T>>());
        items.saturating_mul(size_of::<T>()).saturating_add(chunks)
    }
}

#[inline]
fn split(index: u32) -> (usize, usize) {
    let index = usize::try_from(index).unwrap_or(usize::MAX);
    (index / CHUNK, index % CHUNK)
}
