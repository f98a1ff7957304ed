//! An operation fails: it is reported, nothing more is taken, and opening the ledger again finds all of it.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::disk::{CrashDisk, Fault, Image, Random, Survival};
use crate::workload::{CLOSED_AT, KNOWN, Witness};
use crate::{Where, on_all_cores, seed};

/// The ledger between two openings.
struct Session {
    image: Image,
    witness: Witness,
    until: usize,
    operations: usize,
}

fn sessions() -> Vec<Session> {
    let place = tempfile::tempdir().unwrap();
    let (mut disk, mut witness) = (CrashDisk::new(), Witness::default());
    CLOSED_AT
        .iter()
        .map(|until| {
            let (image, before) = (disk.image(), witness);
            disk = image.after_kill();
            drop(KNOWN.go_on(&disk, place.path(), &mut witness, *until).unwrap());
            Session { image, witness: before, until: *until, operations: disk.operations() }
        })
        .collect()
}

/// Lets one operation fail; answers whether that was an error.
fn fail(session: &Session, operation: usize, fault: Fault, mut random: Random) -> bool {
    let place = tempfile::tempdir().unwrap();
    let mut witness = session.witness;
    let mut disk = session.image.after_kill();
    disk.fail_at(operation, fault, random.clone());
    let outcome = KNOWN.go_on(&disk, place.path(), &mut witness, session.until).map(drop);
    assert!(disk.has_failed());
    match &outcome {
        Err(error) => assert_eq!(error.code(), "store.io", "{error}"),
        // Only a read may be short.
        Ok(()) => assert_eq!(fault, Fault::Short),
    }
    let survival = Survival::EACH[random.below(Survival::EACH.len())];
    match random.below(3) {
        0 => {}
        // The system reads anew what it takes for written.
        1 => {
            let mut image = disk.image();
            image.evict();
            disk = image.after_kill();
        }
        _ => disk = disk.image().after(survival, &mut random),
    }
    let until = witness.submitted + 1;
    drop(KNOWN.go_on(&disk, place.path(), &mut witness, until).unwrap());
    let disk = disk.image().after(survival, &mut random);
    drop(KNOWN.go_on(&disk, place.path(), &mut witness, until).unwrap());
    outcome.is_err()
}

#[test]
fn whatever_operation_fails_it_is_reported_and_nothing_acknowledged_is_lost() {
    let seed = seed();
    let begun = std::time::Instant::now();
    let sessions = sessions();
    let failures = sessions.iter().flat_map(|session| {
        (0..session.operations)
            .flat_map(move |operation| Fault::EACH.map(|fault| (session, operation, fault)))
    });
    let failures: Vec<_> = failures.collect();
    let (count, reported) = (failures.len(), AtomicUsize::new(0));
    on_all_cores(failures.into_iter().zip(1..).collect(), |((session, operation, fault), number)| {
        let _where = Where(format!("seed {seed}, up to {}, operation {operation}, {fault:?}", session.until));
        let random = Random(seed.wrapping_mul(1 << 32).wrapping_add(number));
        reported.fetch_add(usize::from(fail(session, operation, fault, random)), Ordering::Relaxed);
    });
    println!("{count} operations failed, {} reported, {:?}", reported.into_inner(), begun.elapsed());
}
