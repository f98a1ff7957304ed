//! A bit flips, or a cache is of another day: it is noticed, or it does no harm.

use std::path::Path;

use allonge_ledger::{Embedded, Error, Settings};

use crate::disk::{Image, Random, Survival};
use crate::workload::{KNOWN, LOG, MARK, Witness};
use crate::world::*;
use crate::{POINTS, Where, on_all_cores, points, seed};

fn flip(image: &Image, name: &str, (byte, bit): (usize, usize)) -> Image {
    let mut image = image.clone();
    let mut content = image.content(name).to_vec();
    content[byte] ^= 1 << bit;
    image.set_content(name, content);
    image
}

/// Where the log ends, as its mark has it. What follows is zero.
fn end(image: &Image) -> usize {
    u64::from_le_bytes(image.content(MARK)[8..16].try_into().unwrap()) as usize
}

/// Each byte of a range with one of its bits, or with all when many points are asked for.
fn bits(bytes: impl Iterator<Item = usize>, random: &mut Random) -> Vec<(usize, usize)> {
    let each = points() > POINTS;
    bytes
        .flat_map(|byte| {
            let bits = if each { (0..8).collect() } else { vec![random.below(8)] };
            bits.into_iter().map(move |bit| (byte, bit))
        })
        .collect()
}

/// Opens a ledger and goes on with it, power cuts included: either it is refused and the file is left as it was, or
/// everything is there.
fn is_harmless(image: &Image, name: &str, mut witness: Witness) -> bool {
    let place = tempfile::tempdir().unwrap();
    let (disk, until) = (image.after_kill(), witness.submitted + 1);
    match KNOWN.go_on(&disk, place.path(), &mut witness, until) {
        Ok(ledger) => drop(ledger),
        Err(error) => {
            assert_eq!(error.code(), "store.corrupt", "{error}");
            assert_eq!(error.detail("path"), Some(place.path().join(LOG).display().to_string().as_str()));
            assert!(disk.image().content(name) == image.content(name), "it is left as it was");
            return false;
        }
    }
    let disk = disk.image().after(Survival::Nothing, &mut Random(0));
    drop(KNOWN.go_on(&disk, place.path(), &mut witness, until).unwrap());
    true
}

#[test]
fn a_flipped_bit_of_the_log_is_noticed_and_one_of_the_mark_or_behind_the_log_does_no_harm() {
    let seed = seed();
    let begun = std::time::Instant::now();
    let place = tempfile::tempdir().unwrap();
    let (image, witness) = KNOWN.closed(place.path(), 4);
    let mut random = Random(seed);
    let (end, length) = (end(&image), image.content(LOG).len());
    let log = bits(0..end, &mut random).into_iter().map(|bit| (LOG, bit));
    let behind: Vec<_> = (end..end + 20).chain((end..length).step_by(4_093)).collect();
    let behind = bits(behind.into_iter(), &mut random).into_iter().map(|bit| (LOG, bit));
    let mark = bits(0..image.content(MARK).len(), &mut random).into_iter().map(|bit| (MARK, bit));
    let flips: Vec<_> = log.chain(behind).chain(mark).collect();
    let count = flips.len();
    on_all_cores(flips, |(name, bit)| {
        let _where = Where(format!("seed {seed}, {name}, byte and bit {bit:?}"));
        let harmless = is_harmless(&flip(&image, name, bit), name, witness);
        assert_eq!(harmless, name == MARK || bit.0 >= end);
    });
    println!("{count} bits flipped, {:?}", begun.elapsed());
}

/// The newest block then looks like one that nobody was told of.
#[test]
fn a_flipped_bit_below_the_newest_block_is_noticed_without_the_mark_too() {
    let seed = seed();
    let place = tempfile::tempdir().unwrap();
    let newest = end(&KNOWN.closed(place.path(), 3).0);
    let (mut image, mut witness) = KNOWN.closed(place.path(), 4);
    assert!(newest < end(&image));
    image.remove(MARK);
    let mut random = Random(seed);
    on_all_cores(bits((random.below(3)..newest).step_by(3), &mut random), |bit| {
        let _where = Where(format!("seed {seed}, byte and bit {bit:?}"));
        assert!(!is_harmless(&flip(&image, LOG, bit), LOG, witness));
    });
    witness.acknowledged = Some(3);
    assert!(is_harmless(&flip(&image, LOG, (newest, 0)), LOG, witness));
}

/// With so little memory much of the state is on disk.
fn open_on(image: &Image, place: &Path) -> Result<Embedded<Notes>, Error> {
    let disk = image.after_kill();
    Embedded::open_on(&disk, place, Notes, Box::new(signer(VALIDATOR)), little_memory())
}

/// A ledger with a store on disk, its log as it was at each height, and a copy of each store.
fn aged(place: &Path, ages: &Path, heights: u64) -> Vec<Image> {
    let disk = crate::disk::CrashDisk::new();
    let signer = || Box::new(signer(VALIDATOR));
    drop(Embedded::create_on(&disk, place, genesis(1), Notes, signer(), little_memory()).unwrap());
    let mut images = vec![disk.image()];
    for height in 1..=heights {
        let mut ledger = Embedded::open_on(&disk, place, Notes, signer(), little_memory()).unwrap();
        commit(&mut ledger, 1, &transaction(ALICE, height, [note(&format!("note {height}"))])).unwrap();
        drop(ledger);
        copy(&place.join("state"), &ages.join(height.to_string()));
        images.push(disk.image());
    }
    images
}

fn copy(from: &Path, to: &Path) {
    let _ = std::fs::remove_dir_all(to);
    let Ok(entries) = std::fs::read_dir(from) else { return };
    std::fs::create_dir_all(to).unwrap();
    for entry in entries {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &target) } else { assert!(std::fs::copy(&path, &target).is_ok()) }
    }
}

#[test]
fn a_store_of_another_day_is_brought_up_to_the_log_or_shows_what_the_log_lost() {
    const HEIGHTS: u64 = 9;
    let (place, ages) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let images = aged(place.path(), ages.path(), HEIGHTS);
    let roots: Vec<_> = (0..=HEIGHTS).map(|height| height_and_root(&images[height as usize])).collect();
    let mut lost = 0;
    for age in 1..=HEIGHTS {
        for (image, (height, root)) in images.iter().zip(&roots).rev().step_by(3) {
            copy(&ages.path().join(age.to_string()), &place.path().join("state"));
            match open_on(image, place.path()) {
                Ok(ledger) => {
                    assert_eq!((ledger.height(), ledger.state_root()), (*height, *root), "a store of {age}");
                    let text = ledger.get::<Note>(&party(ALICE)).unwrap().map(|note| note.text);
                    assert_eq!(text, (*height > 0).then(|| format!("note {height}")));
                }
                Err(error) => {
                    assert!(age > *height, "{error}");
                    assert_eq!(error.code(), "store.corrupt", "{error}");
                    assert!(error.to_string().contains("lacks acknowledged blocks"), "{error}");
                    lost += 1;
                }
            }
        }
    }
    assert!(lost > 0);
}

/// What a log comes to by itself.
fn height_and_root(image: &Image) -> (u64, allonge_crypto::Hash) {
    let place = tempfile::tempdir().unwrap();
    let disk = image.after_kill();
    let ledger =
        Embedded::open_on(&disk, place.path(), Notes, Box::new(signer(VALIDATOR)), Settings::default())
            .unwrap();
    (ledger.height(), ledger.state_root())
}

#[test]
fn a_flipped_bit_of_a_block_that_the_store_has_applied_is_noticed_when_the_block_is_read() {
    const HEIGHTS: u64 = 12;
    let seed = seed();
    let (place, ages) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let image = aged(place.path(), ages.path(), HEIGHTS).pop().unwrap();
    let (_, root) = height_and_root(&image);
    let mut random = Random(seed);
    let end = end(&image);
    let (mut at_once, mut when_read) = (0, 0);
    for number in 0..points() / 40 {
        let bit = (random.below(end), random.below(8));
        let _where = Where(format!("seed {seed}, number {number}, byte and bit {bit:?}"));
        copy(&ages.path().join(HEIGHTS.to_string()), &place.path().join("state"));
        let ledger = match open_on(&flip(&image, LOG, bit), place.path()) {
            Ok(ledger) => ledger,
            Err(error) => {
                assert_eq!(error.code(), "store.corrupt", "{error}");
                at_once += 1;
                continue;
            }
        };
        assert_eq!((ledger.height(), ledger.state_root()), (HEIGHTS, root));
        let damaged: Vec<_> = (1..=HEIGHTS).filter_map(|height| ledger.block(height).err()).collect();
        assert_eq!(damaged.len(), 1);
        assert_eq!(damaged[0].code(), "store.corrupt");
        when_read += 1;
    }
    println!("noticed: {at_once} when opening, {when_read} when reading");
}
