//! Passing transactions on, so that whoever proposes next has them.

use std::sync::Arc;
use std::time::Duration;

use allonge_ledger::MAX_TRANSACTION_BYTES;
use commonware_cryptography::ed25519;
use commonware_macros::select;
use commonware_p2p::{Receiver, Recipients, Sender};
use commonware_runtime::Clock;
use tokio::sync::mpsc;

use crate::node::Node;

/// A message has at most this many bytes, or one transaction.
const MAX_MESSAGE_BYTES: usize = 1 << 20;
/// A message has at most this many transactions.
const MAX_TRANSACTIONS: usize = 4_096;
/// What still waits is passed on again after this time: a message may have been lost.
const AGAIN: Duration = Duration::from_secs(1);

/// Passes on what is submitted here, and takes what others pass on.
pub(crate) async fn run(
    node: Arc<Node>,
    context: impl Clock,
    mut submitted: mpsc::UnboundedReceiver<Vec<u8>>,
    (mut sender, mut receiver): (
        impl Sender<PublicKey = ed25519::PublicKey>,
        impl Receiver<PublicKey = ed25519::PublicKey>,
    ),
) {
    let mut again = context.current().checked_add(AGAIN);
    loop {
        let Some(next) = again else { return };
        select! {
            first = submitted.recv() => {
                let Some(first) = first else { return };
                let mut transactions = vec![first];
                while transactions.len() < MAX_TRANSACTIONS && let Ok(more) = submitted.try_recv() {
                    transactions.push(more);
                }
                send(&mut sender, &transactions);
            },
            message = receiver.recv() => {
                let Ok((_, message)) = message else { return };
                if let Some(transactions) = read(message.as_ref()) {
                    node.admit_all(transactions);
                }
            },
            () = context.sleep_until(next) => {
                send(&mut sender, &node.pool.oldest(MAX_MESSAGE_BYTES));
                again = context.current().checked_add(AGAIN);
            },
        }
    }
}

fn send(sender: &mut impl Sender<PublicKey = ed25519::PublicKey>, transactions: &[Vec<u8>]) {
    let mut message = Vec::new();
    for transaction in transactions {
        if !message.is_empty() && message.len().saturating_add(transaction.len()) > MAX_MESSAGE_BYTES {
            sender.send(Recipients::All, std::mem::take(&mut message), false);
        }
        message.extend_from_slice(&u32::try_from(transaction.len()).unwrap_or(u32::MAX).to_be_bytes());
        message.extend_from_slice(transaction);
    }
    if !message.is_empty() {
        sender.send(Recipients::All, message, false);
    }
}

/// The transactions of a message, each behind its length.
fn read(mut message: &[u8]) -> Option<Vec<Vec<u8>>> {
    if message.len() > MAX_MESSAGE_BYTES.saturating_add(MAX_TRANSACTION_BYTES) {
        return None;
    }
    let mut transactions = Vec::new();
    while !message.is_empty() {
        let (length, rest) = message.split_first_chunk::<4>()?;
        let (transaction, rest) =
            rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        transactions.push(transaction.to_vec());
        message = rest;
        if transactions.len() > MAX_TRANSACTIONS {
            return None;
        }
    }
    Some(transactions)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_a_peer_sends_is_read_without_harm(message in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Some(transactions) = read(&message) {
                let bytes = transactions.iter().map(|transaction| transaction.len() + 4);
                prop_assert_eq!(bytes.sum::<usize>(), message.len());
            }
        }
    }
}
