//! The threads that a ledger computes on.

use rayon_core::{ThreadPool, ThreadPoolBuilder};

/// The threads that a ledger computes on. A host makes them once, beside its ledger.
///
/// They are never the threads that a process shares: after `fork` a child has none of those, and would wait
/// for them for ever. In such a child, with one thread, or where threads cannot be started, all work is
/// done by the thread that asks for it. What is computed is the same in each case.
#[derive(Debug)]
pub struct Workers {
    pool: Option<ThreadPool>,
    process: u32,
}

impl Default for Workers {
    fn default() -> Self {
        Workers::new()
    }
}

impl Workers {
    /// One thread for each core.
    pub fn new() -> Self {
        Workers::with_threads(std::thread::available_parallelism().map_or(1, usize::from))
    }

    /// So many threads.
    pub fn with_threads(threads: usize) -> Self {
        let build = |threads| {
            let named = |index| format!("allonge-worker-{index}");
            ThreadPoolBuilder::new().num_threads(threads).thread_name(named).build().ok()
        };
        let pool = Some(threads).filter(|threads| *threads > 1).and_then(build);
        Workers { pool, process: std::process::id() }
    }

    /// No threads but the caller's.
    pub const fn none() -> Self {
        Workers { pool: None, process: 0 }
    }

    /// How many threads compute.
    pub fn threads(&self) -> usize {
        self.pool.as_ref().map_or(1, ThreadPool::current_num_threads)
    }

    /// Computes two things, at once if a thread is free.
    pub fn join<A: Send, B: Send>(
        &self,
        left: impl FnOnce() -> A + Send,
        right: impl FnOnce() -> B + Send,
    ) -> (A, B) {
        match &self.pool {
            Some(pool) if pool.current_thread_index().is_some() || !self.forked() => pool.join(left, right),
            _ => (left(), right()),
        }
    }

    /// Does `work` on each item, on all threads.
    pub fn for_each<T: Send>(&self, items: &mut [T], work: &(impl Fn(&mut T) + Sync)) {
        match items {
            [] => {}
            [item] => work(item),
            _ => {
                let (left, right) = items.split_at_mut(items.len() / 2);
                self.join(|| self.for_each(left, work), || self.for_each(right, work));
            }
        }
    }

    fn forked(&self) -> bool {
        self.process != std::process::id()
    }
}

impl Drop for Workers {
    /// The threads of a pool that was inherited by `fork` are not there to be told to end.
    fn drop(&mut self) {
        if self.forked() {
            std::mem::forget(self.pool.take());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_worked_on_once_whatever_the_threads() {
        for workers in [Workers::none(), Workers::with_threads(1), Workers::with_threads(3), Workers::new()] {
            let mut items: Vec<u32> = (0..1000).collect();
            workers.for_each(&mut items, &|item| *item += 1);
            assert!(items.into_iter().eq(1..1001), "with {} threads", workers.threads());
        }
    }

    #[test]
    fn a_forked_process_computes_on_its_own_thread() {
        let here = std::thread::current().id();
        let mut workers = Workers::with_threads(2);
        let place = || std::thread::current().id();
        assert_ne!(workers.join(place, place).0, here);
        workers.process = workers.process.wrapping_add(1);
        assert_eq!(workers.join(place, place), (here, here));
    }
}
