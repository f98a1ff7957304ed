//! Four validators as processes, and the trouble that machines have: restarts under load, a partition, a home that is
//! wiped, a disk that is full. Whatever happens, nothing is lost and nothing is done twice.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use allonge::{Ledger, NodeConfig, Trust};

use crate::links::Link;
use crate::network::{Process, account, committed, get, homes, open};
use crate::support::text;

/// What a network may take to come to where it should be.
const PATIENCE: Duration = Duration::from_secs(120);

/// Four validators and a client.
struct Committee {
    /// They end before their files are removed.
    running: Vec<Option<Process>>,
    directory: tempfile::TempDir,
    homes: Vec<PathBuf>,
    urls: Vec<String>,
    trust: Trust,
    /// How many accounts were opened.
    opened: u32,
}

impl Committee {
    /// Their homes; `prepare` is called before they start.
    fn start(prepare: impl FnOnce(&[PathBuf])) -> (Self, Ledger) {
        let directory = tempfile::tempdir().unwrap();
        let (homes, trust, urls) = homes(directory.path());
        prepare(&homes);
        let mut committee =
            Committee { running: (0..4).map(|_| None).collect(), directory, homes, urls, trust, opened: 0 };
        (0..4).for_each(|place| committee.restart(place));
        let client = committee.directory.path().join("client");
        let ledger = Ledger::connect(&committee.urls, committee.trust.clone(), client).unwrap();
        (committee, ledger)
    }

    fn restart(&mut self, place: usize) {
        self.running[place] = Some(Process::start(&["node", &text(&self.homes[place])]).0);
    }

    /// Tells a validator to stop, and waits until it did.
    fn stop(&mut self, place: usize) {
        assert_eq!(self.running[place].take().unwrap().interrupt(), Some(0));
    }

    /// Opens so many accounts, several at once, and does something meanwhile; answers when both are done.
    fn open_while(&mut self, ledger: &Ledger, count: u32, meanwhile: impl FnOnce(&mut Self)) {
        let (next, end) = (AtomicU32::new(self.opened), self.opened + count);
        thread::scope(|scope| {
            let workers: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(|| {
                        let session = ledger.operator().unwrap();
                        loop {
                            let number = next.fetch_add(1, Ordering::SeqCst);
                            if number >= end {
                                break;
                            }
                            open(&session, number);
                        }
                    })
                })
                .collect();
            meanwhile(self);
            workers.into_iter().for_each(|worker| worker.join().unwrap());
        });
        self.opened = end;
    }

    /// That all submissions took effect, each once.
    fn nothing_is_lost_or_doubled(&self, ledger: &Ledger) {
        for number in 0..self.opened {
            assert!(exists(ledger, number), "{number} is lost");
        }
        assert_eq!(committed(ledger), self.opened as usize);
    }

    /// That one validator alone leads a new client to the state of all: same accounts, same state root.
    fn has_caught_up(&self, place: usize, ledger: &Ledger) {
        let directory = self.directory.path().join(format!("reader-{place}-{}", self.opened));
        let reader = Ledger::connect(&self.urls[place..=place], self.trust.clone(), directory).unwrap();
        until("it caught up", || (0..self.opened).all(|number| exists(&reader, number)));
        self.nothing_is_lost_or_doubled(&reader);
        let states = || [&reader, ledger].map(|ledger| ledger.status().unwrap());
        until("both are at one height", || {
            let [one, other] = states();
            let together = one.height == other.height;
            assert!(!together || one.state_root == other.state_root, "another state at validator {place}");
            together
        });
    }
}

fn exists(ledger: &Ledger, number: u32) -> bool {
    ledger.account(&account(number).parse().unwrap()).unwrap().is_some()
}

fn until(what: &str, mut reached: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !reached() {
        assert!(Instant::now() < deadline, "never: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// How many submissions a test makes: few, unless it is asked for more.
fn count(few: u32) -> u32 {
    std::env::var("ALLONGE_SUBMITS").map_or(few, |text| text.parse().unwrap())
}

#[test]
fn all_four_are_restarted_in_turn_under_load() {
    let (mut committee, ledger) = Committee::start(|_| {});
    let each = count(64) / 4;
    for place in 0..4 {
        committee.open_while(&ledger, each, |committee| {
            committee.stop(place);
            committee.restart(place);
        });
    }
    committee.nothing_is_lost_or_doubled(&ledger);
    (0..4).for_each(|place| committee.has_caught_up(place, &ledger));
}

#[test]
fn a_partition_settles_nothing_on_either_side_and_heals() {
    let mut links = Vec::new();
    // Each has a link of its own to each other.
    let (mut committee, ledger) = Committee::start(|homes| {
        let read = |home: &PathBuf| fs::read_to_string(home.join("node.json")).unwrap();
        let configs = homes.iter().map(|home| serde_json::from_str(&read(home)).unwrap());
        let configs: Vec<NodeConfig> = configs.collect();
        for (from, mut config) in configs.into_iter().enumerate() {
            for (to, peer) in config.peers.iter_mut().enumerate().filter(|(to, _)| *to != from) {
                let link = Link::to(peer.address);
                peer.address = link.address;
                links.push((from, to, link));
            }
            fs::write(homes[from].join("node.json"), serde_json::to_string(&config).unwrap()).unwrap();
        }
    });
    committee.open_while(&ledger, 4, |_| {});
    let between = |one: &usize, other: &usize| (*one < 2) != (*other < 2);
    let across = || links.iter().filter(|(from, to, _)| between(from, to)).map(|(_, _, link)| link);
    across().for_each(Link::cut);
    // What is on its way may still come to its end.
    thread::sleep(Duration::from_secs(3));
    let before = ledger.status().unwrap().height;
    committee.open_while(&ledger, count(32) / 8, |_| {
        thread::sleep(Duration::from_secs(3));
        assert_eq!(ledger.status().unwrap().height, before, "two of four are no quorum");
        across().for_each(Link::mend);
    });
    // One alone is not missed.
    let alone = || links.iter().filter(|(from, to, _)| *from == 3 || *to == 3).map(|(_, _, link)| link);
    alone().for_each(Link::cut);
    committee.open_while(&ledger, count(32) / 8, |_| {});
    alone().for_each(Link::mend);
    committee.nothing_is_lost_or_doubled(&ledger);
    (0..4).for_each(|place| committee.has_caught_up(place, &ledger));
}

#[test]
fn a_home_that_is_wiped_is_filled_again_by_the_others() {
    let (mut committee, ledger) = Committee::start(|_| {});
    committee.open_while(&ledger, count(32) / 4, |_| {});
    committee.running[2] = None;
    for lost in ["ledger", "engine"] {
        fs::remove_dir_all(committee.homes[2].join(lost)).unwrap();
    }
    committee.open_while(&ledger, count(32) / 4, |committee| committee.restart(2));
    committee.nothing_is_lost_or_doubled(&ledger);
    committee.has_caught_up(2, &ledger);
    until("it votes again", || get(&committee.urls[2], "/metrics").contains("\nallonge_voting 1\n"));
    // Now it is needed.
    committee.running[0] = None;
    committee.open_while(&ledger, 4, |_| {});
    committee.has_caught_up(2, &ledger);
}

/// A disk in memory on a directory. It is taken away again, whatever happens.
struct Mounted(PathBuf);

impl Mounted {
    /// A disk with what is in the directory; nothing for whoever may not mount.
    fn over(directory: &Path) -> Option<Self> {
        let files = directory.join("../files");
        let copy = |from: &Path, to: &Path| {
            let (from, to) = (format!("{}/.", text(from)), text(to));
            assert!(Command::new("cp").args(["-a", &from, &to]).status().unwrap().success());
        };
        fs::create_dir(&files).unwrap();
        copy(directory, &files);
        let path = text(directory);
        let mount = ["-t", "tmpfs", "-o", "size=64m,mode=700", "tmpfs", &path];
        let mounted = Command::new("mount").args(mount).output().is_ok_and(|output| output.status.success());
        let mounted = mounted.then(|| Mounted(directory.to_owned()))?;
        copy(&files, directory);
        Some(mounted)
    }

    fn ballast(&self) -> PathBuf {
        self.0.join("ballast")
    }

    /// Fills it to the last byte.
    fn fill(&self) {
        let mut file = fs::File::create(self.ballast()).unwrap();
        while std::io::Write::write_all(&mut file, &[1; 1 << 12]).is_ok() {}
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").args(["-l", &text(&self.0)]).status();
    }
}

#[test]
fn a_full_disk_stops_one_validator_with_a_clear_message_and_space_brings_it_back() {
    // It outlives the processes.
    let mut disk = None;
    let (mut committee, ledger) = Committee::start(|homes| disk = Mounted::over(&homes[3]));
    let Some(disk) = disk else {
        println!("not tested: a file system can be mounted by root alone");
        return;
    };
    let errors = committee.directory.path().join("errors");
    committee.stop(3);
    let home = text(&committee.homes[3]);
    let written = fs::File::create(&errors).unwrap();
    committee.running[3] = Some(Process::start_with(&["node", &home], written.into()).0);
    committee.open_while(&ledger, count(32) / 4, |_| {});
    disk.fill();
    let mut code = None;
    committee.open_while(&ledger, count(32) / 4, |committee| {
        until("it stops", || {
            code = committee.running[3].as_mut().unwrap().ended();
            code.is_some()
        });
    });
    let said = fs::read_to_string(&errors).unwrap();
    assert!(said.contains("validator.down") && said.contains("No space left on device"), "{code:?}: {said}");
    fs::remove_file(disk.ballast()).unwrap();
    committee.restart(3);
    committee.open_while(&ledger, 4, |_| {});
    committee.nothing_is_lost_or_doubled(&ledger);
    committee.has_caught_up(3, &ledger);
}
