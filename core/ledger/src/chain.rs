//! The headers so far: the newest, the list of all their digests, and what none of them says yet of the state.

use std::collections::VecDeque;

use allonge_crypto::{Hash, HashSuite, merkle};
use allonge_finance::Timestamp;
use borsh::{BorshDeserialize, BorshSerialize};

use crate::block::{Executed, HEADER_VERSION, Header, together};
use crate::embedded::Block;
use crate::log::Place;
use crate::receipt::Trust;
use crate::store::Applied;

/// A header carries the state of at most so many heights below it: no more blocks are ordered until some are executed.
pub const MAX_LAG: u64 = 32;

/// What the next header follows from: a header with all below it, or the genesis. Light clients keep its canonical bytes.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Tip {
    /// The height; 0 of the genesis.
    pub height: u64,
    /// The digest of the header; of the genesis, the network's id.
    pub digest: Hash,
    /// Its time.
    pub time: Timestamp,
    /// The rules in force at it.
    pub rules_version: u32,
    /// The epoch of the header that follows.
    pub next_epoch: u64,
    /// The newest executed block that it knows of.
    pub executed: Executed,
    history: merkle::Frontier,
}

impl Tip {
    /// The genesis, whose state has this root.
    pub(crate) fn genesis(trust: &Trust, state_root: Hash) -> Self {
        let genesis = trust.genesis();
        Tip {
            height: 0,
            digest: trust.network(),
            time: genesis.created,
            rules_version: genesis.rules_version,
            next_epoch: 0,
            executed: Executed { height: 0, state_root, results_root: Hash::ZERO },
            history: merkle::Frontier::new(),
        }
    }

    /// A header, with the list of the digests of the headers up to it.
    fn of(header: &Header, digest: Hash, history: merkle::Frontier) -> Self {
        let Header { height, time, rules_version, executed, .. } = *header;
        let next_epoch = header.epoch.saturating_add(u64::from(header.next_roster.is_some()));
        Tip { height, digest, time, rules_version, next_epoch, executed, history }
    }

    /// The header of a next block.
    pub fn next_header(
        &self,
        trust: &Trust,
        time: Timestamp,
        rules_version: u32,
        body_root: Hash,
        executed: Executed,
        next_roster: Option<Hash>,
    ) -> Header {
        Header {
            version: HEADER_VERSION,
            network: trust.network(),
            rules_version,
            epoch: self.next_epoch,
            height: self.height.saturating_add(1),
            parent: self.digest,
            time,
            body_root,
            executed,
            history_root: self.history.root(trust.genesis().hash_suite),
            next_roster,
        }
    }

    /// Whether a header follows from this one, whatever it says of transactions and state.
    pub fn check_next(&self, trust: &Trust, header: &Header) -> Result<(), &'static str> {
        let suite = trust.genesis().hash_suite;
        let next = Some(header.height) == self.height.checked_add(1);
        let lag = header.height.saturating_sub(header.executed.height);
        let checks = [
            (header.version == HEADER_VERSION, "a header has an unknown format"),
            (header.network == trust.network(), "a header is of another network"),
            (header.epoch == self.next_epoch, "a header is of another epoch"),
            (next, "a header has not the next height"),
            (header.parent == self.digest, "a header does not follow from the one below"),
            (header.history_root == self.history.root(suite), "a header has another history"),
            (header.time >= self.time, "a header goes back in time"),
            (header.executed.height <= header.height, "a header says what is executed above it"),
            (header.executed.height >= self.executed.height, "a header forgets what was executed"),
            (lag <= MAX_LAG, "a header is too far ahead of what is executed"),
        ];
        checks.into_iter().try_for_each(|(holds, reason)| if holds { Ok(()) } else { Err(reason) })
    }

    /// This header's successor as the tip.
    pub fn next(&self, trust: &Trust, header: &Header) -> Tip {
        let suite = trust.genesis().hash_suite;
        let digest = header.digest(suite);
        let mut history = self.history.clone();
        history.push(suite, merkle::leaf(suite, digest.as_bytes()));
        Tip::of(header, digest, history)
    }
}

/// The headers up to a height.
pub(crate) struct Chain {
    suite: HashSuite,
    tip: Tip,
    head: Option<Header>,
    /// Where the newest block stands in the log, or the genesis.
    place: Place,
    /// What each block came to of which no header says so yet.
    unproven: VecDeque<Executed>,
}

impl Chain {
    /// The genesis, whose state has this root.
    pub(crate) fn new(trust: &Trust, state_root: Hash) -> Self {
        let tip = Tip::genesis(trust, state_root);
        let suite = trust.genesis().hash_suite;
        Chain { suite, tip, head: None, place: Place::FIRST, unproven: VecDeque::new() }
    }

    /// Goes on from a height above 0 whose header is known, with what the blocks came to that it does not know of.
    pub(crate) fn resume(
        suite: HashSuite,
        applied: &Applied,
        head: Header,
        unproven: VecDeque<Executed>,
    ) -> Self {
        let tip = Tip::of(&head, applied.digest, applied.history.clone());
        Chain { suite, tip, head: Some(head), place: applied.place, unproven }
    }

    /// What the store remembers to go on from here.
    pub(crate) fn applied(&self, trust: &Trust) -> Applied {
        Applied {
            network: trust.network(),
            height: self.height(),
            place: self.place,
            digest: self.tip.digest,
            history: self.tip.history.clone(),
        }
    }

    pub(crate) fn tip(&self) -> &Tip {
        &self.tip
    }

    pub(crate) fn head(&self) -> Option<&Header> {
        self.head.as_ref()
    }

    /// The newest height; 0 before the first block.
    pub(crate) fn height(&self) -> u64 {
        self.tip.height
    }

    /// What the newest blocks came to, as a header says it that follows from one that knows of the blocks up to
    /// `known`; nothing when those were executed above it.
    pub(crate) fn executed_since(&self, known: Executed) -> Option<Executed> {
        self.executed_between(known, None, self.height())
    }

    /// As [`executed_since`](Chain::executed_since), up to a height, and with a block that was just executed.
    fn executed_between(&self, known: Executed, own: Option<Executed>, until: u64) -> Option<Executed> {
        if known.height == until {
            return Some(known);
        }
        if known.height < self.tip.executed.height {
            return None;
        }
        let all = self.unproven.iter().chain(&own);
        let new: Vec<&Executed> =
            all.filter(|one| known.height < one.height && one.height <= until).collect();
        let newest = new.last().filter(|newest| newest.height == until)?;
        let roots: Vec<Hash> = new.iter().map(|one| one.results_root).collect();
        Some(Executed { results_root: together(self.suite, &roots), ..**newest })
    }

    /// Whether a header that follows from one that knows `known` says the truth of what was executed, as far as
    /// this ledger came; nothing when it has not come so far.
    pub(crate) fn judge(&self, known: Executed, claimed: Executed) -> Option<bool> {
        if claimed.height > self.height() {
            return None;
        }
        Some(self.executed_between(known, None, claimed.height) == Some(claimed))
    }

    /// Whether a block is the next one, and its header is of its transactions.
    pub(crate) fn check_next(&self, block: &Block, trust: &Trust) -> Result<(), &'static str> {
        self.tip.check_next(trust, &block.header)?;
        if !block.header.is_of(self.suite, &block.transactions) {
            return Err("a block has other transactions");
        }
        Ok(())
    }

    /// Whether the header of the next block says the truth of what was executed; `own` is what its block came to.
    pub(crate) fn check_executed(&self, header: &Header, own: Executed) -> Result<(), &'static str> {
        let executed = self.executed_between(self.tip.executed, Some(own), header.executed.height);
        let executed = executed.ok_or("a header is of a block that was not executed")?;
        if executed.results_root != header.executed.results_root {
            return Err("a block has other results");
        }
        if executed != header.executed {
            return Err("executing a block again gives another state");
        }
        Ok(())
    }

    /// Moves on to a block that came to `own`.
    pub(crate) fn push(&mut self, trust: &Trust, header: Header, own: Executed, place: Place) {
        self.tip = self.tip.next(trust, &header);
        self.unproven.push_back(own);
        while self.unproven.front().is_some_and(|one| one.height <= header.executed.height) {
            self.unproven.pop_front();
        }
        self.head = Some(header);
        self.place = place;
    }
}
