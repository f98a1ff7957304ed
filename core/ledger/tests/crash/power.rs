//! The power goes, at every operation of the workload, and again while the ledger recovers.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::disk::{CrashDisk, Image, Random, Survival};
use crate::workload::{KNOWN, Witness, go_through};
use crate::{Where, on_all_cores, points, seed};

/// How it ends for the first time.
#[derive(Clone, Copy, Debug)]
enum End {
    Cut(Survival),
    /// The process dies, the system does not.
    Killed,
}

/// Where it ends.
#[derive(Clone, Copy, Debug)]
struct Point {
    number: usize,
    operation: usize,
    end: End,
    /// In which operation after that the power goes again, and what is left.
    again: Option<(usize, Survival)>,
}

/// After the first end, opening takes up to eight operations; the next are those of the blocks after it.
const AGAIN: usize = 12;
/// As many points as asked for: first each operation with each survival, then each with another cut after it.
fn plan(operations: usize, wanted: usize) -> Vec<Point> {
    let mut points = Vec::new();
    let cuts = Survival::EACH.map(End::Cut);
    let ends: Vec<_> = cuts.into_iter().chain([End::Killed]).collect();
    for round in 0.. {
        for operation in 0..operations {
            for (index, end) in ends.iter().enumerate() {
                let again = (round > 0).then(|| {
                    let turn = operation + index + round;
                    (turn % AGAIN, Survival::EACH[(turn / 2) % Survival::EACH.len()])
                });
                if again.is_none() && matches!(end, End::Killed) {
                    continue;
                }
                if points.len() == wanted {
                    return points;
                }
                points.push(Point { number: points.len(), operation, end: *end, again });
            }
        }
    }
    points
}

fn restart(image: &Image, end: End, random: &mut Random) -> CrashDisk {
    match end {
        End::Cut(survival) => image.after(survival, random),
        End::Killed => image.after_kill(),
    }
}

/// Lets it end, and checks what is there; answers how often the power went.
fn survive(place: &Path, image: &Image, mut witness: Witness, point: Point, random: &mut Random) -> usize {
    let mut disk = restart(image, point.end, random);
    let mut cuts = usize::from(matches!(point.end, End::Cut(_)));
    if let Some((operation, survival)) = point.again {
        disk.cut_at(operation);
        let until = witness.submitted + 4;
        match KNOWN.go_on(&disk, place, &mut witness, until) {
            Ok(_) => panic!("the power did not go again"),
            Err(error) => assert_eq!(error.code(), "store.io", "{error}"),
        }
        disk = disk.image().after(survival, random);
        cuts += 1;
    }
    // It goes on, and what it then acknowledges is there whatever happens.
    let until = witness.submitted + 1;
    drop(KNOWN.go_on(&disk, place, &mut witness, until).unwrap());
    let disk = disk.image().after(Survival::Nothing, random);
    let ledger = KNOWN.go_on(&disk, place, &mut witness, until).unwrap();
    assert_eq!(ledger.height() as usize, until);
    cuts
}

#[test]
fn whenever_the_power_goes_what_was_acknowledged_is_there_and_nothing_by_half() {
    let seed = seed();
    let begun = std::time::Instant::now();
    let place = tempfile::tempdir().unwrap();
    let disk = CrashDisk::new();
    disk.record();
    let witness = go_through(&disk, place.path());
    let mut recorded = disk.recorded();
    // And after the last of them.
    recorded.push((disk.image(), witness));
    let points = plan(recorded.len(), points());
    let (count, cuts) = (points.len(), AtomicUsize::new(0));
    on_all_cores(points, |point| {
        let _where = Where(format!("seed {seed}, {point:?}"));
        let place = tempfile::tempdir().unwrap();
        let (image, witness) = &recorded[point.operation];
        let mut random = Random(seed.wrapping_mul(1 << 32).wrapping_add(point.number as u64));
        cuts.fetch_add(survive(place.path(), image, *witness, point, &mut random), Ordering::Relaxed);
    });
    println!(
        "{count} points in {} operations, {} power cuts, {:?}",
        recorded.len(),
        cuts.into_inner(),
        begun.elapsed()
    );
}
