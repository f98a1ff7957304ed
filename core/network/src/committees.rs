//! Whose votes count in which epoch, as the engine asks for it: what the executed state says, as far as it is certain.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

#[cfg(feature = "mocks")]
use allonge_ledger::Trust;
use allonge_ledger::{HANDOVER_BLOCKS, Roster, certificate_namespace};
use commonware_consensus::types::{Epoch, EpochInfo, Epocher, Height};
use commonware_cryptography::certificate::{Provider, Scoped};
use commonware_cryptography::ed25519;
use commonware_utils::TryFromIterator as _;
use commonware_utils::ordered::Set;

use crate::keys::{NodeKey, engine_key};
use crate::node::Node;
use crate::voting::Scheme;
#[cfg(feature = "mocks")]
use crate::voting::Voting;

/// The committees of all epochs that this validator knows of.
#[derive(Clone)]
pub(crate) struct Committees(Arc<Shared>);

struct Shared {
    node: Arc<Node>,
    namespace: Vec<u8>,
    key: NodeKey,
    schemes: Mutex<BTreeMap<u64, Arc<Scheme>>>,
}

impl Committees {
    pub(crate) fn new(node: Arc<Node>, key: NodeKey) -> Self {
        let namespace = certificate_namespace(&node.replica.trust().network());
        Committees(Arc::new(Shared { node, namespace, key, schemes: Mutex::default() }))
    }

    /// How the votes of an epoch are verified, and made by a validator that is of its roster.
    pub(crate) fn scheme_of(&self, epoch: u64) -> Option<Arc<Scheme>> {
        let Shared { node, namespace, key, schemes } = &*self.0;
        let mut schemes = schemes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(scheme) = schemes.get(&epoch) {
            return Some(Arc::clone(scheme));
        }
        let participants = participants(&node.epochs().get(epoch)?.roster)?;
        let voting = Arc::clone(&node.voting);
        let scheme = Arc::new(Scheme::new(namespace, participants, key.clone(), voting));
        schemes.insert(epoch, Arc::clone(&scheme));
        Some(scheme)
    }
}

/// What a validator of the first roster votes with; nothing for another.
#[cfg(feature = "mocks")]
pub(crate) fn first_signer(trust: &Trust, key: NodeKey) -> Option<Scheme> {
    let participants = participants(&trust.genesis().roster)?;
    participants.position(key.public())?;
    let namespace = certificate_namespace(&trust.network());
    Some(Scheme::new(&namespace, participants, key, Arc::new(Voting::remembering())))
}

/// The committee in the engine's order, which is that of the roster.
fn participants(roster: &Roster) -> Option<Set<ed25519::PublicKey>> {
    let keys = roster.validators().iter().map(|key| engine_key(key.as_bytes()));
    Set::try_from_iter(keys.collect::<Option<Vec<_>>>()?).ok()
}

impl Provider for Committees {
    type Scope = Epoch;
    type Scheme = Scheme;

    fn scoped(&self, epoch: Epoch) -> Option<Scoped<Scheme>> {
        self.scheme_of(epoch.get()).map(Scoped::scheme)
    }
}

impl Epocher for Committees {
    /// Nothing above the heights whose epoch the executed blocks have decided.
    fn containing(&self, height: Height) -> Option<EpochInfo> {
        let epochs = self.0.node.epochs();
        let epoch = Epoch::new(epochs.at(height.get()));
        let last = match epochs.last_height(epoch.get()) {
            Some(last) => Height::new(last),
            None => {
                let decided = self.0.node.executed_height().saturating_add(HANDOVER_BLOCKS);
                if height.get() > decided {
                    return None;
                }
                Height::new(u64::MAX)
            }
        };
        Some(EpochInfo::new(epoch, height, self.first(epoch)?, last))
    }

    fn first(&self, epoch: Epoch) -> Option<Height> {
        let first = self.0.node.epochs().get(epoch.get())?.from_height;
        // The genesis counts to the first epoch.
        Some(Height::new(if epoch.is_zero() { 0 } else { first }))
    }

    fn last(&self, epoch: Epoch) -> Option<Height> {
        let epochs = self.0.node.epochs();
        epochs.get(epoch.get())?;
        Some(Height::new(epochs.last_height(epoch.get()).unwrap_or(u64::MAX)))
    }
}
