//! What the root would be after changes that are not made.

use allonge_crypto::Hash;

use super::{StateTree, StateTreeFull, Summary, by_subtree, hash_changes, place, subtree, workers_for};
use crate::workers::Workers;

impl StateTree {
    /// The root that [`update`](StateTree::update) would lead to. Takes as long, and copies nothing.
    pub fn root_with<K, V>(
        &self,
        workers: &Workers,
        changes: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Hash, StateTreeFull>
    where
        K: AsRef<[u8]> + Sync,
        V: AsRef<[u8]> + Sync,
    {
        let changes: Vec<(K, V)> = changes.into_iter().collect();
        let workers = workers_for(changes.len(), workers);
        let mut leaves = by_subtree(&hash_changes(self.suite, workers, &changes));
        let mut jobs = Vec::new();
        for group in leaves.chunk_by_mut(|one, next| place(&one.key) == place(&next.key)) {
            let place = group.first().map_or(0, |leaf| place(&leaf.key));
            let Some(subtree) = self.subtrees.get(place) else { continue };
            if subtree.len().saturating_add(group.len()) > subtree::MAX_RECORDS {
                return Err(StateTreeFull);
            }
            jobs.push((place, subtree, group, Summary::Nothing));
        }
        workers.for_each(&mut jobs, &|(_, subtree, leaves, summary)| {
            leaves.sort_by_key(|leaf| leaf.key);
            *summary = subtree.summary_with(self.suite, leaves);
        });
        let mut top = self.top.clone();
        jobs.iter().for_each(|(place, _, _, summary)| top.set(*place, *summary));
        let touched: Vec<usize> = jobs.iter().map(|(place, ..)| *place).collect();
        top.hash(self.suite, &touched);
        Ok(top.root().hash(self.suite))
    }
}
