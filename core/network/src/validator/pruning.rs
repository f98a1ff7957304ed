//! Keeping less: once a day a snapshot is written beside the ledger, which begins at it when the validator is started next.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use allonge_ledger::registry::SNAPSHOT_INVALID;
use allonge_ledger::{Embedded, Error, Rules};

use super::spawn;
use crate::node::Node;
use crate::replica::Copy;

/// The snapshot, in the home.
const FILE: &str = "pruned.snapshot";
/// Between two snapshots.
const BETWEEN: Duration = Duration::from_secs(86_400);
/// So often it is seen to whether one can be written.
const LOOK: Duration = Duration::from_secs(1);
/// So often it is seen to whether the validator stops.
const LOOK_UP: Duration = Duration::from_millis(50);

pub(super) fn file(home: &Path) -> PathBuf {
    home.join(FILE)
}

/// The ledger of a home without the blocks that its snapshot, if there is one, does not have.
///
/// Errors: `store.*`.
pub(super) fn prune<R: Rules>(
    home: &Path,
    open: impl Fn() -> Result<Embedded<R>, Error>,
) -> Result<Embedded<R>, Error> {
    let (ledger, snapshot) = (open()?, file(home));
    if !snapshot.exists() {
        return Ok(ledger);
    }
    match ledger.begin_at(&snapshot) {
        // Of an older ledger, or damaged: another will be written.
        Err(error) if error.code() == SNAPSHOT_INVALID.code => {
            tracing::warn!(target: "allonge::pruning", file = %snapshot.display(), %error, "not pruned");
            open()
        }
        pruned => pruned,
    }
}

/// Writes a snapshot whenever there is something to drop, until the validator stops.
pub(super) fn run<R: Rules>(
    home: &Path,
    copy: Arc<Copy<R>>,
    node: Arc<Node>,
) -> Result<JoinHandle<()>, Error> {
    let snapshot = file(home);
    spawn("allonge-pruning", move || {
        let (mut written, mut looked): (Option<Instant>, _) = (None, Instant::now());
        while !node.is_stopped() && node.check_running().is_ok() {
            std::thread::sleep(LOOK_UP);
            if looked.elapsed() < LOOK {
                continue;
            }
            looked = Instant::now();
            let due = written.is_none_or(|written| written.elapsed() > BETWEEN);
            let drops = |ledger: &Embedded<R>| {
                ledger.snapshot_from().is_some_and(|oldest| oldest > ledger.oldest_height())
            };
            if !due || !copy.read(drops) {
                continue;
            }
            written = Some(Instant::now());
            // That of the day before.
            drop(std::fs::remove_file(&snapshot));
            match copy.read(|ledger| ledger.write_snapshot(&snapshot)) {
                Ok(made) => tracing::info!(
                    target: "allonge::pruning",
                    height = made.height,
                    oldest = made.oldest,
                    bytes = made.bytes,
                    "the ledger begins here when the validator is started next"
                ),
                Err(error) => tracing::warn!(target: "allonge::pruning", %error, "no snapshot was written"),
            }
        }
    })
}
