//! Small rules, known parties, and a ledger in a directory of its own.

use std::collections::BTreeSet;
use std::path::Path;

use allonge_crypto::{Hash, HashSuite, PublicKey, Signature, Signer, SoftwareSigner, merkle};
use allonge_finance::{
    Calendar, CalendarTable, Currency, Date, Money, PartyId, Timestamp, UtcOffset, Weekday,
};
use allonge_ledger::{
    AccountId, Amount, Authorities, Certificate, Clock, Context, Embedded, Entry, Error, Executed,
    GENESIS_VERSION, Genesis, GenesisParty, Governed, HEADER_VERSION, Header, IdempotencyKey,
    LedgerOperation, Operation, Proposal, Proven, RECEIPT_MAGIC, RECEIPT_VERSION_1, Receipt, Roster, Rules,
    Settings, SettlementAgent, SignedTransaction, Stored, Transaction, Trust, ValidatorKey, Vote,
    certificate_namespace, roster_approval_message,
};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

pub const SUITE: HashSuite = HashSuite::Sha256;

allonge_ledger::registry! {
    /// What the small rules refuse.
    pub static ERRORS;
    NOTE_REFUSED = "note.refused" {
        phase: Execution, retryable: false, actor: Author,
        message: "the note {text} is refused", remedy: "write another",
    }
}

/// Rules of notes: who writes one is remembered by it, and a note can ask to be refused.
pub struct Notes;

#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case")]
#[repr(u8)]
pub enum NoteOperation {
    WriteNote {
        text: String,
    } = 0,
    /// Writes the note first, so that its refusal has something to undo.
    WriteNoteAndRefuse {
        text: String,
    } = 1,
}

#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case")]
#[repr(u8)]
pub enum NoteEvent {
    NoteWritten { text: String } = 0,
}

/// A party's newest note.
#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct Note {
    pub text: String,
}

impl Stored for Note {
    type Id = PartyId;
    const KIND: u8 = 0x40;
}

impl Governed for NoteOperation {
    const KINDS: &'static [&'static str] = &["write_note", "write_note_and_refuse"];

    fn kind(&self) -> &'static str {
        match self {
            NoteOperation::WriteNote { .. } => "write_note",
            NoteOperation::WriteNoteAndRefuse { .. } => "write_note_and_refuse",
        }
    }

    fn amount(&self) -> Amount {
        Amount::None
    }
}

impl Rules for Notes {
    type Operation = NoteOperation;
    type Event = NoteEvent;
    const VERSION: u32 = 1;

    fn errors() -> &'static [&'static Entry] {
        ERRORS
    }

    fn apply(&self, context: &mut Context<'_, NoteEvent>, operation: &NoteOperation) -> Result<(), Error> {
        let author = context.author().clone();
        let (NoteOperation::WriteNote { text } | NoteOperation::WriteNoteAndRefuse { text }) = operation;
        context.put(&author, &Note { text: text.clone() });
        context.emit(NoteEvent::NoteWritten { text: text.clone() });
        let wanted = matches!(operation, NoteOperation::WriteNote { .. });
        context.judge(&NOTE_REFUSED, NOTE_REFUSED.unless(wanted, |refusal| refusal.with("text", text)))
    }
}

/// The seeds of the keys, each repeated 32 times.
pub const REGISTRAR: u8 = 1;
pub const AGENT: u8 = 2;
pub const PUBLISHER: u8 = 3;
pub const SUPERVISOR: u8 = 4;
pub const ALICE: u8 = 10;
pub const BOB: u8 = 11;
pub const STRANGER: u8 = 99;
/// Validators have the seeds from here on.
pub const VALIDATOR: u8 = 200;

pub fn signer(seed: u8) -> SoftwareSigner {
    SoftwareSigner::from_seed([seed; 32])
}

pub fn public_key(seed: u8) -> PublicKey {
    signer(seed).public_key()
}

pub fn party(seed: u8) -> PartyId {
    let text = match seed {
        REGISTRAR => "registrar",
        AGENT => "AGNTUS33XXX",
        PUBLISHER => "publisher",
        SUPERVISOR => "supervisor",
        ALICE => "ALICCNBJXXX",
        BOB => "BOBBDEFFXXX",
        _ => "stranger",
    };
    PartyId::parse(text).unwrap()
}

pub fn account(owner: u8, purpose: &str) -> AccountId {
    AccountId::new(party(owner), currency("USD"), purpose).unwrap()
}

pub fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

pub fn usd(minor_units: i128) -> Money {
    Money::from_minor_units(minor_units, currency("USD"))
}

pub fn at(seconds: i64) -> Timestamp {
    start().plus_millis(seconds * 1_000).unwrap()
}

pub fn start() -> Timestamp {
    Timestamp::parse("2026-03-02T00:00:00Z").unwrap()
}

pub fn calendar(version: u32) -> Calendar {
    Calendar::new(CalendarTable {
        id: "CN".parse().unwrap(),
        version,
        name: "China, an example".into(),
        first: Date::new(2026, 1, 1).unwrap(),
        last: Date::new(2026, 12, 31).unwrap(),
        weekend: vec![Weekday::Saturday, Weekday::Sunday],
        holidays: vec![Date::new(2026, 10, 1).unwrap(), Date::new(2026, 10, 2).unwrap()],
        working_weekends: vec![Date::new(2026, 10, 10).unwrap()],
        utc_offsets: vec![UtcOffset { from: Timestamp::from_millis(0).unwrap(), minutes: 480 }],
        opens: 540,
        closes: 1_020,
    })
    .unwrap()
}

/// A genesis with so many validators.
pub fn genesis(validators: u8) -> Genesis {
    let mut keys: Vec<_> = (0..validators)
        .map(|validator| ValidatorKey::try_from(public_key(VALIDATOR + validator)).unwrap())
        .collect();
    keys.sort();
    let mut parties: Vec<_> = [REGISTRAR, AGENT, PUBLISHER, SUPERVISOR, ALICE, BOB]
        .map(|seed| GenesisParty {
            id: party(seed),
            name: format!("Party {seed}"),
            keys: vec![public_key(seed)],
        })
        .into();
    parties.sort_by(|one, next| one.id.cmp(&next.id));
    Genesis {
        version: GENESIS_VERSION,
        name: "an example".into(),
        created: start(),
        clock: Clock::Manual,
        hash_suite: SUITE,
        rules_version: Notes::VERSION,
        roster: Roster::new(keys).unwrap(),
        authorities: Authorities {
            registrar: party(REGISTRAR),
            calendar_publisher: party(PUBLISHER),
            supervisor: party(SUPERVISOR),
            settlement_agents: vec![SettlementAgent { currency: currency("USD"), party: party(AGENT) }],
        },
        parties,
        calendars: vec![calendar(1)],
    }
}

pub fn create(directory: &Path) -> Embedded<Notes> {
    create_with(directory, genesis(1), Settings::default()).unwrap()
}

pub fn create_with(directory: &Path, genesis: Genesis, settings: Settings) -> Result<Embedded<Notes>, Error> {
    Embedded::create(directory, genesis, Notes, Box::new(signer(VALIDATOR)), settings)
}

/// Takes away what a closed ledger knows beside its log, if it was written at all.
pub fn forget_state(directory: &Path) {
    let _ = std::fs::remove_dir_all(directory.join("state"));
}

pub fn open(directory: &Path) -> Result<Embedded<Notes>, Error> {
    open_with(directory, Settings::default())
}

pub fn open_with(directory: &Path, settings: Settings) -> Result<Embedded<Notes>, Error> {
    Embedded::open(directory, Notes, Box::new(signer(VALIDATOR)), settings)
}

/// Settings under which a store goes to disk after a few blocks, and little is kept in memory.
pub fn little_memory() -> Settings {
    Settings { pending_bytes: 1_500, cached_bytes: 1_000, threads: 2 }
}

/// The error of something that must not succeed, also when its success cannot be shown.
pub fn refused<T>(result: Result<T, Error>) -> Error {
    match result {
        Ok(_) => panic!("this should have been refused"),
        Err(error) => error,
    }
}

pub type Draft = Transaction<NoteOperation>;

/// A transaction of the network of one, valid for an hour; `key` is its idempotency key.
pub fn draft(author: u8, key: u64, operations: impl IntoIterator<Item = Operation<NoteOperation>>) -> Draft {
    draft_for(&genesis(1), author, key, operations)
}

pub fn draft_for(
    genesis: &Genesis,
    author: u8,
    key: u64,
    operations: impl IntoIterator<Item = Operation<NoteOperation>>,
) -> Draft {
    Transaction {
        network: genesis.network(),
        author: party(author),
        key: idempotency_key(key),
        valid_until: at(3_600),
        operations: operations.into_iter().collect(),
    }
}

pub fn idempotency_key(number: u64) -> IdempotencyKey {
    let mut bytes = [0; 16];
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    IdempotencyKey::new(bytes)
}

pub fn signed(draft: &Draft, seeds: &[u8]) -> SignedTransaction {
    let signers: Vec<_> = seeds.iter().map(|seed| signer(*seed)).collect();
    let signers: Vec<&dyn Signer> = signers.iter().map(|signer| signer as &dyn Signer).collect();
    draft.sign(SUITE, &signers).unwrap()
}

/// Drafted and signed by the author.
pub fn transaction(
    author: u8,
    key: u64,
    operations: impl IntoIterator<Item = Operation<NoteOperation>>,
) -> SignedTransaction {
    signed(&draft(author, key, operations), &[author])
}

pub fn note(text: &str) -> Operation<NoteOperation> {
    Operation::Rules(NoteOperation::WriteNote { text: text.into() })
}

pub fn refused_note(text: &str) -> Operation<NoteOperation> {
    Operation::Rules(NoteOperation::WriteNoteAndRefuse { text: text.into() })
}

pub fn open_account(owner: u8, purpose: &str) -> Operation<NoteOperation> {
    Operation::Ledger(LedgerOperation::OpenAccount { account: account(owner, purpose), ceiling: None })
}

/// A key without a role that counts from the next height on.
pub fn add_key(party: PartyId, key: PublicKey) -> LedgerOperation {
    LedgerOperation::AddKey { party, key, roles: BTreeSet::new(), valid_from: None, valid_until: None }
}

pub fn transfer(from: AccountId, to: AccountId, amount: Money) -> Operation<NoteOperation> {
    let (value_date, reference) = (None, "invoice 7".into());
    Operation::Ledger(LedgerOperation::Transfer { from, to, amount, value_date, reference })
}

/// Commits one transaction alone in a block.
pub fn commit(
    ledger: &mut Embedded<Notes>,
    seconds: i64,
    transaction: &SignedTransaction,
) -> Result<Hash, Error> {
    ledger.commit(at(seconds), std::slice::from_ref(transaction)).unwrap().pop().unwrap()
}

pub fn receipt(ledger: &Embedded<Notes>, id: &Hash) -> Receipt {
    ledger.receipt(id).unwrap().unwrap()
}

pub fn prove(ledger: &Embedded<Notes>, id: &Hash) -> Proven<NoteOperation, NoteEvent> {
    receipt(ledger, id).verify(ledger.trust()).unwrap()
}

/// The root of a list as `docs/format.md` has it, made without the ledger's own code for it.
pub fn list_root(items: &[Vec<u8>]) -> Hash {
    let leaves: Vec<_> = items.iter().map(|item| merkle::leaf(SUITE, item)).collect();
    let mut bytes = u32::try_from(items.len()).unwrap().to_le_bytes().to_vec();
    bytes.extend_from_slice(merkle::root(SUITE, &leaves).as_bytes());
    SUITE.hash("allonge/list/1", &bytes)
}

pub fn path(items: &[Vec<u8>], index: u32) -> Vec<Hash> {
    let leaves: Vec<_> = items.iter().map(|item| merkle::leaf(SUITE, item)).collect();
    merkle::InclusionProof::new(SUITE, &leaves, index).unwrap().path
}

/// A network of several validators made by hand: what its blocks come to, without the engine.
pub struct Committee {
    pub genesis: Genesis,
    pub trust: Trust,
    signers: Vec<SoftwareSigner>,
}

impl Committee {
    pub fn new(validators: u8) -> Self {
        let genesis = genesis(validators);
        let mut signers: Vec<_> = (0..validators).map(|validator| signer(VALIDATOR + validator)).collect();
        signers.sort_by_key(SoftwareSigner::public_key);
        Committee { trust: Trust::new(genesis.clone()), genesis, signers }
    }

    /// Those who hold these keys, in the same network.
    pub fn of(&self, seeds: &[u8]) -> Self {
        let mut signers: Vec<_> = seeds.iter().map(|seed| signer(*seed)).collect();
        signers.sort_by_key(SoftwareSigner::public_key);
        Committee { genesis: self.genesis.clone(), trust: self.trust.clone(), signers }
    }

    pub fn roster(&self) -> Roster {
        let key = |signer: &SoftwareSigner| ValidatorKey::try_from(signer.public_key()).unwrap();
        Roster::new(self.signers.iter().map(key).collect()).unwrap()
    }

    /// The operation by which the validator at a place approves a roster for the epoch after the one of these.
    pub fn approval(
        &self,
        place: usize,
        epoch: u64,
        roster: &Roster,
        valid_until: Timestamp,
    ) -> LedgerOperation {
        let signer = &self.signers[place];
        let message = roster_approval_message(&self.trust.network(), epoch, roster, valid_until);
        LedgerOperation::ApproveRoster {
            epoch,
            roster: roster.clone(),
            valid_until,
            validator: ValidatorKey::try_from(signer.public_key()).unwrap(),
            signature: signer.sign(&message).unwrap(),
        }
    }

    pub fn header(&self, height: u64, parent: Hash, body_root: Hash, executed: Executed) -> Header {
        Header {
            version: HEADER_VERSION,
            network: self.trust.network(),
            rules_version: Notes::VERSION,
            epoch: 0,
            height,
            parent,
            time: at(i64::try_from(height).unwrap()),
            body_root,
            executed,
            history_root: SUITE.hash("an example", &height.to_le_bytes()),
            next_roster: None,
        }
    }

    /// The certificate by the first `count` validators.
    pub fn certify(&self, header: &Header, count: usize) -> Certificate {
        self.certify_as(header.epoch, header, count)
    }

    pub fn certify_as(&self, epoch: u64, header: &Header, count: usize) -> Certificate {
        let proposal = Proposal::new(epoch, header.height, header.height - 1, header.digest(SUITE)).unwrap();
        let message = proposal.signed_message(&certificate_namespace(&self.trust.network()));
        let votes = self.signers.iter().zip(0..).take(count).map(|(signer, place)| {
            let Signature::Ed25519(signature) = signer.sign(&message).unwrap();
            Vote { signer: place, signature }
        });
        Certificate::assemble(proposal, &self.roster(), votes).unwrap()
    }

    /// The receipt of one transaction of a block, under a chain of headers.
    pub fn receipt(
        &self,
        transactions: &[Vec<u8>],
        results: &[Vec<u8>],
        index: u32,
        headers: Vec<Header>,
        certificate: Certificate,
    ) -> Receipt {
        let place = index as usize;
        Receipt {
            magic: RECEIPT_MAGIC,
            version: RECEIPT_VERSION_1,
            network: self.trust.network(),
            transaction: transactions[place].clone(),
            result: results[place].clone(),
            index,
            size: transactions.len() as u32,
            body_path: path(transactions, index),
            result_path: path(results, index),
            together: Vec::new(),
            headers,
            certificate,
            handovers: Vec::new(),
        }
    }
}
