//! How a validator votes: with its key, and only in rounds in which it is certain that it never voted before.
//!
//! Two votes of one validator in one round may let two blocks be final. A validator whose disk was lost does not know
//! any more how it voted. So it says nothing until it has seen a block that was proposed after it began, and then votes
//! only in rounds after that: before it began it can have been in none of them.

#[cfg(feature = "validator")]
use std::fs;
#[cfg(feature = "validator")]
use std::path::Path;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{fmt, io};

use allonge_finance::Timestamp;
use allonge_ledger::RealDisk;
use commonware_codec::Read;
use commonware_consensus::simplex::scheme::Namespace;
use commonware_consensus::simplex::types::Subject;
use commonware_consensus::types::Round;
#[cfg(feature = "validator")]
use commonware_consensus::types::{Epoch, View};

use commonware_cryptography::certificate::ed25519::{Certificate, Generic};
use commonware_cryptography::certificate::{
    self, AssemblyError, Attestation, Membership, Subject as _, Verification, Verifier, verify_then_assemble,
};
use commonware_cryptography::{Digest, ed25519};
use commonware_parallel::Strategy;
use commonware_utils::iter::NonEmpty;
use commonware_utils::ordered::{Quorum as _, Set};
use commonware_utils::{N3f1, Participant};
use rand_core::CryptoRng;

use crate::keys::NodeKey;

/// A block that is later than the validator began by this many milliseconds was proposed after it began, as far as its
/// clock is near those of the others, who take no block that is two seconds from theirs.
const CERTAIN_MS: i64 = 10_000;
/// Where a final block is further than this ahead of the validator's clock, that clock is behind.
const AHEAD_MS: i64 = 4_000;

/// In which rounds a validator votes.
#[derive(Debug)]
pub(crate) struct Voting {
    state: Mutex<State>,
    /// Where that is kept; nowhere in a simulation.
    file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// In those after this one. Nobody votes in the round 0.
    After(Round),
    /// In none.
    Silent {
        /// When it began, where that is known.
        began: Option<Timestamp>,
        /// The latest round in which its engine would have voted. That believes that it did, and does not write it down.
        refused: Round,
    },
}

/// Not known yet when it began.
const SILENT: State = State::Silent { began: None, refused: Round::zero() };

impl Voting {
    /// It remembers each of its votes.
    pub(crate) fn remembering() -> Self {
        Voting { state: Mutex::new(State::After(Round::zero())), file: None }
    }

    /// It may have voted in any round until it began.
    pub(crate) fn forgetful() -> Self {
        Voting { state: Mutex::new(SILENT), file: None }
    }

    /// As the directory of the engine says. One that says nothing is that of a validator that lost it, unless the file
    /// `unused` is there and names the validator's key, or none: it says that this key never voted, or that all agreed to
    /// take it for one that did not. That file is removed.
    #[cfg(feature = "validator")]
    pub(crate) fn open(directory: &Path, unused: &Path, key: &str) -> io::Result<Self> {
        let file = directory.join("voting");
        fs::create_dir_all(directory)?;
        let never_voted = match fs::read_to_string(unused) {
            Ok(text) => text.trim().is_empty() || text.trim() == key,
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(error),
        };
        let state = match fs::read_to_string(&file) {
            Ok(text) => State::read(&text).ok_or(io::ErrorKind::InvalidData)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => SILENT,
            Err(error) => return Err(error),
        };
        let state = match state {
            State::Silent { .. } if never_voted => State::After(Round::zero()),
            state => state,
        };
        let voting = Voting { state: Mutex::new(state), file: Some(file) };
        voting.keep(state)?;
        // Only now: whoever stops in between votes in no round before it is here again.
        if never_voted {
            fs::remove_file(unused)?;
            if let Some(home) = unused.parent() {
                fs::File::open(home)?.sync_all()?;
            }
        }
        Ok(voting)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it votes in some rounds.
    #[cfg(feature = "validator")]
    pub(crate) fn votes(&self) -> bool {
        matches!(*self.lock(), State::After(_))
    }

    /// It begins to listen.
    pub(crate) fn begins(&self, now: Timestamp) {
        if let State::Silent { began: began @ None, .. } = &mut *self.lock() {
            *began = Some(now);
        }
    }

    /// Sees a final block of this time, which was proposed in this round: perhaps it is certain now.
    pub(crate) fn sees(&self, time: Timestamp, round: Round, now: Timestamp) -> io::Result<()> {
        let mut state = self.lock();
        let State::Silent { began: Some(began), refused } = &mut *state else { return Ok(()) };
        if time.millis().saturating_sub(now.millis()) > AHEAD_MS {
            // It began later than it believes.
            *began = time.max(*began);
            return Ok(());
        }
        if time.millis().saturating_sub(began.millis()) < CERTAIN_MS {
            return Ok(());
        }
        let first = round.max(*refused);
        // After another start the engine believes of no round that it voted.
        self.keep(State::After(round))?;
        *state = State::After(first);
        Ok(())
    }

    fn in_round(&self, round: Round) -> bool {
        match &mut *self.lock() {
            State::After(last) => round > *last,
            State::Silent { refused, .. } => {
                *refused = round.max(*refused);
                false
            }
        }
    }

    /// Its key did not sign in this round. The engine believes that it did, and does not write it down: so it votes in it no
    /// more. After another start the engine believes of no such vote.
    fn did_not_sign(&self, round: Round) {
        let (State::After(last) | State::Silent { refused: last, .. }) = &mut *self.lock();
        *last = round.max(*last);
    }

    /// Keeps it durably, before the first vote that it allows.
    fn keep(&self, state: State) -> io::Result<()> {
        let Some(path) = &self.file else { return Ok(()) };
        RealDisk.write_whole(path, state.to_string().as_bytes())
    }
}

impl State {
    /// As it is kept: `silent`, or `after` with the numbers of an epoch and a view.
    #[cfg(feature = "validator")]
    fn read(text: &str) -> Option<Self> {
        let mut words = text.split_ascii_whitespace();
        let state = match words.next()? {
            "silent" => SILENT,
            "after" => {
                let mut number = || words.next()?.parse().ok();
                State::After(Round::new(Epoch::new(number()?), View::new(number()?)))
            }
            _ => return None,
        };
        words.next().is_none().then_some(state)
    }
}

impl fmt::Display for State {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            State::Silent { .. } => writeln!(out, "silent"),
            State::After(round) => writeln!(out, "after {} {}", round.epoch(), round.view()),
        }
    }
}

/// How the votes of one epoch are verified, and made by a validator that is of its roster.
#[derive(Clone, Debug)]
pub(crate) struct Scheme {
    generic: Generic<Namespace>,
    /// Its place in the committee, and the key with which it votes.
    signer: Option<(Participant, NodeKey)>,
    voting: Arc<Voting>,
}

impl Scheme {
    pub(crate) fn new(
        namespace: &[u8],
        participants: Set<ed25519::PublicKey>,
        key: NodeKey,
        voting: Arc<Voting>,
    ) -> Self {
        let place = participants.index(key.public());
        let signer = place.map(|place| (place, key));
        Scheme { generic: Generic::verifier(namespace, participants), signer, voting }
    }
}

impl Verifier for Scheme {
    type Subject<'a, D: Digest> = Subject<'a, D>;
    type Faults = N3f1;
    type PublicKey = ed25519::PublicKey;
    type Certificate = Certificate;

    fn verify_certificate<R: CryptoRng, D: Digest>(
        &self,
        rng: &mut R,
        subject: Subject<'_, D>,
        certificate: &Certificate,
        strategy: &impl Strategy,
    ) -> bool {
        self.generic.verify_certificate::<Self, _>(rng, subject, certificate, strategy)
    }

    fn verify_certificates<'a, R, D, I>(
        &self,
        rng: &mut R,
        certificates: NonEmpty<I>,
        strategy: &impl Strategy,
    ) -> bool
    where
        R: CryptoRng,
        D: Digest,
        I: Iterator<Item = (Subject<'a, D>, &'a Certificate)>,
    {
        self.generic.verify_certificates::<Self, _, _, _>(rng, certificates, strategy)
    }

    fn is_batchable() -> bool {
        Generic::<Namespace>::is_batchable()
    }

    fn max_certificate_size(participants: u32) -> usize {
        Generic::<Namespace>::max_certificate_size(participants)
    }

    fn certificate_codec_config(&self) -> <Certificate as Read>::Cfg {
        self.generic.certificate_codec_config()
    }

    fn certificate_codec_config_unbounded() -> <Certificate as Read>::Cfg {
        Generic::<Namespace>::certificate_codec_config_unbounded()
    }
}

impl certificate::Scheme for Scheme {
    type Signature = ed25519::Signature;

    fn me(&self) -> Option<Membership> {
        self.signer.as_ref().map(|(place, _)| Membership::Signer(*place))
    }

    fn participants(&self) -> &Set<ed25519::PublicKey> {
        &self.generic.participants
    }

    fn sign<D: Digest>(&self, subject: Subject<'_, D>) -> Option<Attestation<Self>> {
        let round = match subject {
            Subject::Notarize { proposal } | Subject::Finalize { proposal } => proposal.round,
            Subject::Nullify { round } => round,
        };
        let (signer, key) = self.signer.as_ref()?;
        if !self.voting.in_round(round) {
            return None;
        }
        let signature = key.try_sign(subject.namespace(&self.generic.namespace), &subject.message());
        let Some(signature) = signature else {
            self.voting.did_not_sign(round);
            return None;
        };
        Some(Attestation { signer: *signer, signature: signature.into() })
    }

    fn verify_attestation<R: CryptoRng, D: Digest>(
        &self,
        _: &mut R,
        subject: Subject<'_, D>,
        attestation: &Attestation<Self>,
        _: &impl Strategy,
    ) -> bool {
        self.generic.verify_attestation(subject, attestation)
    }

    fn verify_attestations<R, D, I>(
        &self,
        rng: &mut R,
        subject: Subject<'_, D>,
        attestations: I,
        strategy: &impl Strategy,
    ) -> Verification<Self>
    where
        R: CryptoRng,
        D: Digest,
        I: IntoIterator<Item = Attestation<Self>>,
        I::IntoIter: Send,
    {
        self.generic.verify_attestations(rng, subject, attestations, strategy)
    }

    fn optimistic_assemble<'a, R, D, I, J>(
        &self,
        rng: &mut R,
        subject: Subject<'_, D>,
        pending: I,
        verified: J,
        strategy: &impl Strategy,
    ) -> Result<Certificate, Verification<Self>>
    where
        R: CryptoRng,
        D: Digest,
        I: IntoIterator<Item = Attestation<Self>>,
        I::IntoIter: ExactSizeIterator + Send,
        J: IntoIterator<Item = &'a Attestation<Self>>,
        J::IntoIter: Send,
    {
        verify_then_assemble::<Self, _, D, _, _>(self, rng, subject, pending, verified, strategy)
    }

    fn assemble<I>(&self, attestations: NonEmpty<I>, _: &impl Strategy) -> Result<Certificate, AssemblyError>
    where
        I: Iterator<Item = Attestation<Self>> + Send,
    {
        self.generic.assemble::<Self, _>(attestations)
    }

    fn is_attributable() -> bool {
        Generic::<Namespace>::is_attributable()
    }
}

#[cfg(all(test, feature = "validator"))]
#[allow(clippy::unwrap_used)] // Helpers of tests stand outside test functions.
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use allonge_crypto::{PublicKey, Signature, Signer, SignerError, SoftwareSigner};
    use commonware_cryptography::sha256;
    use commonware_utils::TryFromIterator as _;

    use super::*;

    const KEY: &str = "of the validator";

    fn time(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000).unwrap()
    }

    fn round(epoch: u64, view: u64) -> Round {
        Round::new(Epoch::new(epoch), View::new(view))
    }

    /// A validator's files, after `prepare` the directories of its engine and of its keys.
    fn files(prepare: impl FnOnce(&Path, &Path)) -> (tempfile::TempDir, PathBuf, PathBuf) {
        let home = tempfile::tempdir().unwrap();
        let (engine, unused) = (home.path().join("engine"), home.path().join("unused"));
        prepare(&engine, &unused);
        (home, engine, unused)
    }

    #[test]
    fn a_key_that_never_voted_votes_at_once_and_says_so_once() {
        let (_home, engine, unused) = files(|_, unused| fs::write(unused, "").unwrap());
        assert!(Voting::open(&engine, &unused, KEY).unwrap().in_round(round(0, 1)));
        assert!(!unused.exists());
        assert!(Voting::open(&engine, &unused, KEY).unwrap().in_round(round(0, 1)), "its files are there");
        fs::remove_dir_all(&engine).unwrap();
        assert!(!Voting::open(&engine, &unused, KEY).unwrap().votes());
    }

    #[test]
    fn what_another_key_says_of_itself_does_not_count() {
        let (_home, engine, unused) = files(|_, unused| fs::write(unused, "another").unwrap());
        assert!(!Voting::open(&engine, &unused, KEY).unwrap().votes());
        assert!(unused.exists());
        fs::write(&unused, format!("{KEY}\n")).unwrap();
        assert!(Voting::open(&engine, &unused, KEY).unwrap().votes());
    }

    #[test]
    fn one_that_is_silent_votes_when_all_agree_that_it_may() {
        let (_home, engine, unused) =
            files(|engine, _| fs::create_dir_all(engine.join("lost+found")).unwrap());
        for _ in 0..2 {
            assert!(!Voting::open(&engine, &unused, KEY).unwrap().votes());
        }
        fs::write(&unused, "").unwrap();
        assert!(Voting::open(&engine, &unused, KEY).unwrap().in_round(round(0, 1)));
        assert!(!unused.exists());
    }

    #[test]
    fn in_a_round_in_which_its_engine_believes_that_it_voted_it_does_not() {
        let (_home, engine, unused) = files(|_, _| {});
        let voting = Voting::open(&engine, &unused, KEY).unwrap();
        voting.begins(time(100));
        assert!(!voting.in_round(round(1, 9)) && !voting.in_round(round(1, 7)));
        voting.sees(time(110), round(1, 5), time(110)).unwrap();
        assert!(voting.votes() && !voting.in_round(round(1, 9)) && voting.in_round(round(1, 10)));
        // An engine that starts anew believes nothing.
        assert!(Voting::open(&engine, &unused, KEY).unwrap().in_round(round(1, 6)));
    }

    #[test]
    fn one_whose_clock_is_behind_learns_that_from_the_blocks() {
        let (_home, engine, unused) = files(|_, _| {});
        let voting = Voting::open(&engine, &unused, KEY).unwrap();
        // It is 1,000, and its clock says 100.
        voting.begins(time(100));
        voting.sees(time(990), round(1, 5), time(103)).unwrap();
        voting.sees(time(1_001), round(1, 6), time(104)).unwrap();
        assert!(!voting.votes());
        // The clock is set.
        voting.sees(time(1_010), round(1, 7), time(1_010)).unwrap();
        assert!(!voting.votes());
        voting.sees(time(1_011), round(1, 8), time(1_011)).unwrap();
        assert!(voting.in_round(round(1, 9)));
    }

    #[test]
    fn one_without_its_files_votes_after_a_block_from_after_it_began_and_remembers_that() {
        let (_home, engine, unused) = files(|_, _| {});
        let voting = Voting::open(&engine, &unused, KEY).unwrap();
        voting.begins(time(100));
        voting.sees(time(50), round(1, 7), time(50)).unwrap();
        voting.sees(time(109), round(1, 8), time(109)).unwrap();
        assert!(!voting.votes());
        // It forgot its beginning, and listens anew.
        let voting = Voting::open(&engine, &unused, KEY).unwrap();
        voting.begins(time(200));
        voting.sees(time(150), round(1, 9), time(150)).unwrap();
        assert!(!voting.votes());
        voting.sees(time(210), round(1, 12), time(210)).unwrap();
        voting.sees(time(300), round(2, 1), time(300)).unwrap();
        for voting in [voting, Voting::open(&engine, &unused, KEY).unwrap()] {
            assert!(!voting.in_round(round(0, 99)) && !voting.in_round(round(1, 12)));
            assert!(voting.in_round(round(1, 13)) && voting.in_round(round(2, 1)));
        }
    }

    #[test]
    fn one_that_stopped_while_it_wrote_that_it_is_silent_is_silent() {
        let (_home, engine, unused) = files(|engine, _| {
            fs::create_dir_all(engine).unwrap();
            fs::write(engine.join("voting.new"), "sil").unwrap();
        });
        assert!(!Voting::open(&engine, &unused, KEY).unwrap().votes());
    }

    #[test]
    fn what_cannot_be_read_is_no_reason_to_vote() {
        for text in ["", "after", "after 1", "after 1 2 3", "after -1 2", "loud"] {
            let (_home, engine, unused) = files(|engine, _| {
                fs::create_dir_all(engine).unwrap();
                fs::write(engine.join("voting"), text).unwrap();
            });
            assert_eq!(
                Voting::open(&engine, &unused, KEY).unwrap_err().kind(),
                io::ErrorKind::InvalidData,
                "{text}"
            );
        }
    }

    /// A key that signs, or does not.
    struct Token(SoftwareSigner, Arc<AtomicBool>);

    impl Signer for Token {
        fn public_key(&self) -> PublicKey {
            self.0.public_key()
        }

        fn sign(&self, message: &[u8]) -> Result<Signature, SignerError> {
            match self.1.load(Ordering::Relaxed) {
                true => Err(SignerError::Unavailable("it is away".to_owned())),
                false => self.0.sign(message),
            }
        }
    }

    #[test]
    fn in_a_round_in_which_its_key_did_not_sign_it_votes_no_more() {
        let away = Arc::new(AtomicBool::new(false));
        let token = Token(SoftwareSigner::from_seed([7; 32]), Arc::clone(&away));
        let key = NodeKey::new(Arc::new(token)).unwrap();
        let committee = Set::try_from_iter([key.public().clone()]).unwrap();
        let scheme = Scheme::new(b"namespace", committee, key, Arc::new(Voting::remembering()));
        let votes = |view: u64| {
            let subject: Subject<'_, sha256::Digest> = Subject::Nullify { round: round(0, view) };
            certificate::Scheme::sign(&scheme, subject).is_some()
        };
        assert!(votes(1) && votes(1));
        away.store(true, Ordering::Relaxed);
        assert!(!votes(2));
        away.store(false, Ordering::Relaxed);
        assert!(!votes(2) && votes(3));
    }
}
