//! Submissions that are part of a trace: the log says what becomes of each, with the trace, and of no others.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use allonge_crypto::Hash;
use allonge_ledger::{Error, Position, Rules};
use allonge_protocol::TraceParent;
use tracing::{info, warn};

use super::api::{Served, beside};

/// So many are followed until they are in a block; of more the oldest are forgotten.
const MAX_FOLLOWED: usize = 4_096;

/// Those that are in no block yet.
#[derive(Default)]
pub(super) struct Traces {
    followed: Mutex<VecDeque<(Hash, TraceParent)>>,
}

impl Traces {
    fn lock(&self) -> MutexGuard<'_, VecDeque<(Hash, TraceParent)>> {
        self.followed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A submission was taken to be ordered, or refused.
    pub(super) fn admitted(&self, trace: TraceParent, admitted: Result<Hash, &Error>) {
        match admitted {
            Ok(transaction) => {
                info!(target: "allonge::submission", %transaction, traceparent = %trace, "accepted");
                let mut followed = self.lock();
                if followed.len() >= MAX_FOLLOWED {
                    followed.pop_front();
                }
                // A repeat is followed once.
                if !followed.contains(&(transaction, trace)) {
                    followed.push_back((transaction, trace));
                }
            }
            Err(error) => {
                warn!(target: "allonge::submission", code = error.code(), reason = %error, traceparent = %trace, "refused");
            }
        }
    }
}

/// Tells of those that come into a block, for as long as the validator runs.
pub(super) async fn follow<R: Rules>(served: Arc<Served<R>>) {
    let mut seen = 0;
    loop {
        served.node.executed_above(seen).await;
        seen = served.node.executed_height();
        if served.traces.lock().is_empty() {
            continue;
        }
        let reads = Arc::clone(&served);
        let told = beside(move || {
            // Not while the copy is read: whoever submits does not wait for it.
            let followed: Vec<(Hash, TraceParent)> = reads.traces.lock().iter().copied().collect();
            for (transaction, trace) in followed {
                let Some(position) = reads.copy.read(|ledger| ledger.position(&transaction))? else {
                    continue;
                };
                let Position { height, index } = position;
                info!(target: "allonge::submission", %transaction, height, index, traceparent = %trace, "executed");
                reads.traces.lock().retain(|(id, followed)| (*id, *followed) != (transaction, trace));
            }
            Ok(())
        });
        // A store that cannot be read ends the validator elsewhere.
        drop(told.await);
    }
}
