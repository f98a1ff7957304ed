//! The snapshot with which a validator itself begins, for those that are behind all blocks that it keeps.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use allonge_ledger::registry::SNAPSHOT_NONE;
use allonge_ledger::{Rules, SnapshotPieces};
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use futures::stream::unfold;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use super::api::{Failure, Served, Shared, beside};

/// Whoever takes no piece for so long gets no more.
const PATIENCE: Duration = Duration::from_secs(10);

type Piece = Option<Vec<u8>>;

pub(super) async fn snapshot<R: Rules>(State(served): Shared<R>) -> Result<Response, Failure> {
    served.node.check_running()?;
    let held = served.gate.snapshot()?;
    let reads = Arc::clone(&served);
    let pieces = beside(move || reads.copy.read(|ledger| ledger.own_snapshot())).await?;
    let pieces = pieces.ok_or_else(|| SNAPSHOT_NONE.error())?;
    let (hand, handed) = mpsc::channel::<Piece>(1);
    tokio::spawn(hand_out(served, pieces, hand, held));
    // An end that comes too early is an error, so that nobody takes a part for the whole.
    let body = unfold(Some(handed), |handed| async {
        let mut handed = handed?;
        match handed.recv().await {
            Some(Some(piece)) => Some((Ok(piece), Some(handed))),
            Some(None) => None,
            None => Some((Err(io::Error::from(io::ErrorKind::BrokenPipe)), None)),
        }
    });
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], Body::from_stream(body)).into_response())
}

/// Reads one piece after the other, each once the one before is taken.
async fn hand_out<R: Rules>(
    served: Arc<Served<R>>,
    mut pieces: SnapshotPieces,
    hand: mpsc::Sender<Piece>,
    _held: OwnedSemaphorePermit,
) {
    loop {
        let reads = Arc::clone(&served);
        let next = beside(move || {
            let piece = pieces.piece(|height| reads.copy.read(|ledger| ledger.block(height)))?;
            Ok((pieces, piece))
        });
        let Ok((rest, piece)) = next.await else { return };
        pieces = rest;
        let ended = piece.is_none();
        if hand.send_timeout(piece, PATIENCE).await.is_err() || ended {
            return;
        }
    }
}
