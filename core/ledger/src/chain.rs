//! The headers so far: the newest, and the list of all their digests.

use allonge_crypto::{Hash, HashSuite, merkle};

use crate::block::{Executed, HEADER_VERSION, Header, list_root, list_tree};
use crate::embedded::Block;
use crate::log::Place;
use crate::receipt::Trust;
use crate::rules::BlockContext;
use crate::store::Applied;

/// The headers up to a height.
pub(crate) struct Chain {
    history: merkle::Frontier,
    head: Option<Header>,
    /// Where the newest block stands in the log, or the genesis.
    place: Place,
}

impl Chain {
    pub(crate) fn new() -> Self {
        Chain { history: merkle::Frontier::new(), head: None, place: Place::FIRST }
    }

    /// Goes on from a height whose header is known.
    pub(crate) fn resume(applied: &Applied, head: Option<Header>) -> Self {
        Chain { history: applied.history.clone(), head, place: applied.place }
    }

    /// What the store remembers to go on from here.
    pub(crate) fn applied(&self, trust: &Trust) -> Applied {
        Applied {
            network: trust.network(),
            height: self.height(),
            place: self.place,
            digest: self.parent(trust),
            history: self.history.clone(),
        }
    }

    pub(crate) fn head(&self) -> Option<&Header> {
        self.head.as_ref()
    }

    /// The newest height; 0 before the first block.
    pub(crate) fn height(&self) -> u64 {
        self.head.as_ref().map_or(0, |head| head.height)
    }

    /// The digest of the newest header, from which the next follows.
    fn parent(&self, trust: &Trust) -> Hash {
        self.head.as_ref().map_or(trust.network(), |head| head.digest(trust.genesis().hash_suite))
    }

    /// The header of the next block.
    pub(crate) fn next_header(
        &self,
        trust: &Trust,
        context: BlockContext,
        state_root: Hash,
        (body_root, results_root): (Hash, Hash),
    ) -> Header {
        Header {
            version: HEADER_VERSION,
            network: context.network,
            rules_version: context.rules_version,
            epoch: 0,
            height: context.height,
            parent: self.parent(trust),
            time: context.time,
            body_root,
            executed: Executed { height: context.height, state_root, results_root },
            history_root: self.history.root(context.suite),
            next_roster: None,
        }
    }

    /// Whether a block is the next one, and its header is of it.
    pub(crate) fn check_next(&self, block: &Block, trust: &Trust) -> Result<(), &'static str> {
        let Block { header, transactions, results, .. } = block;
        let genesis = trust.genesis();
        let suite = genesis.hash_suite;
        let root = |items: &[Vec<u8>]| list_root(suite, &list_tree(suite, items));
        let checks = [
            (header.version == HEADER_VERSION, "a header has an unknown format"),
            (header.network == trust.network(), "a header is of another network"),
            (Some(header.height) == self.height().checked_add(1), "a header has not the next height"),
            (header.executed.height == header.height, "a header is of a block that was not executed"),
            (header.parent == self.parent(trust), "a header does not follow from the one below"),
            (header.history_root == self.history.root(suite), "a header has another history"),
            (
                header.time >= self.head.as_ref().map_or(genesis.created, |head| head.time),
                "a header goes back in time",
            ),
            (header.body_root == root(transactions), "a block has other transactions"),
            (header.executed.results_root == root(results), "a block has other results"),
        ];
        checks.into_iter().try_for_each(|(holds, reason)| if holds { Ok(()) } else { Err(reason) })
    }

    pub(crate) fn push(&mut self, suite: HashSuite, header: Header, place: Place) {
        self.history.push(suite, merkle::leaf(suite, header.digest(suite).as_bytes()));
        self.head = Some(header);
        self.place = place;
    }
}
