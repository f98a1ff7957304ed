//! The engine's own Byzantine validators: they hear votes and certificates, and have neither a ledger nor a disk.

use std::sync::Arc;

use commonware_consensus::simplex::elector::RoundRobin;
use commonware_consensus::simplex::mocks::relay::Relay;
use commonware_consensus::simplex::mocks::{
    conflicter, equivocator, impersonator, nuller, nullify_only, outdated, reconfigurer,
};
use commonware_consensus::types::{Epoch, ViewDelta};
use commonware_cryptography::Sha256;
use commonware_runtime::{Handle, Spawner as _, Supervisor as _, deterministic};

use super::wire::{Wire, Wires};
use crate::orchestrator::{Channels, EpochChannels};
use crate::voting::Scheme;

/// What one of the engine's mocks does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mock {
    /// Votes for what it hears of and for something else, in the same view.
    Conflicter,
    /// Leads with one block for one of the others, and another for the rest. It takes whatever it hears for well formed:
    /// where another sends wrong bytes the simulation ends with a panic.
    Equivocator,
    /// Votes in the name of another.
    Impersonator,
    /// Votes to skip a view and to end it, at once.
    Nuller,
    /// Votes to skip every view.
    NullifyOnly,
    /// Votes for what is long over.
    Outdated,
    /// Votes in an epoch that is not there.
    Reconfigurer,
}

impl Mock {
    /// All of them.
    pub const ALL: [Mock; 7] = [
        Mock::Conflicter,
        Mock::Equivocator,
        Mock::Impersonator,
        Mock::Nuller,
        Mock::NullifyOnly,
        Mock::Outdated,
        Mock::Reconfigurer,
    ];

    /// Has it play a validator in the first epoch, as long as the handle is not aborted.
    pub(super) fn start(self, context: deterministic::Context, scheme: Scheme, wires: Wires) -> Handle<()> {
        let [votes, certificates, requests, ..] = wires;
        context.spawn(move |context| async move {
            let mut divided = Channels::divide(&context, [votes, certificates, requests]);
            let Some(ends) = divided.of(0).await else { return };
            // It ends with the validator only.
            drop(self.play(context.child("mock"), scheme, ends).await);
        })
    }

    fn play(self, context: deterministic::Context, scheme: Scheme, ends: EpochChannels<Wire>) -> Handle<()> {
        let EpochChannels { votes, certificates, .. } = ends;
        match self {
            Mock::Conflicter => {
                let config = conflicter::Config { scheme };
                conflicter::Conflicter::<_, _, Sha256>::new(context, config).start(votes)
            }
            Mock::Equivocator => {
                let elector = RoundRobin::<Sha256>::default();
                let relay = Arc::new(Relay::new());
                let config = equivocator::Config { scheme, elector, epoch: Epoch::zero(), relay };
                equivocator::Equivocator::<_, _, _, Sha256>::new(context, config).start(votes, certificates)
            }
            Mock::Impersonator => {
                let config = impersonator::Config { scheme };
                impersonator::Impersonator::<_, _, Sha256>::new(context, config).start(votes)
            }
            Mock::Nuller => {
                nuller::Nuller::<_, _, Sha256>::new(context, nuller::Config { scheme }).start(votes)
            }
            Mock::NullifyOnly => {
                let config = nullify_only::Config { scheme };
                nullify_only::NullifyOnly::<_, _, Sha256>::new(context, config).start(votes)
            }
            Mock::Outdated => {
                let config = outdated::Config { scheme, view_delta: ViewDelta::new(5) };
                outdated::Outdated::<_, _, Sha256>::new(context, config).start(votes)
            }
            Mock::Reconfigurer => {
                let config = reconfigurer::Config { scheme };
                reconfigurer::Reconfigurer::<_, _, Sha256>::new(context, config).start(votes)
            }
        }
    }
}
