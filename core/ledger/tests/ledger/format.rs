//! A second reader of the bytes, written from `docs/format.md` alone: plain SHA-256, offsets, and nothing of
//! the ledger but signature verification. It fails when the document and the software part.

use allonge_crypto::{Hash, PublicKey, Signature};
use allonge_ledger::{Embedded, HistoryReceipt, Receipt, Settings, StateTree, Stored, Workers, canonical};

use crate::receipts::{chained, sample};
use crate::world::*;

type Digest = [u8; 32];

fn sha256(parts: &[&[u8]]) -> Digest {
    let mut hasher = SUITE.document_hasher();
    parts.iter().for_each(|part| hasher.update(part));
    *hasher.finish().as_bytes()
}

fn tagged(tag: &str, bytes: &[u8]) -> Digest {
    sha256(&[&[tag.len() as u8], tag.as_bytes(), bytes])
}

/// Takes fields off the front, as the tables list them.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(length);
        self.0 = rest;
        taken
    }

    fn u8(&mut self) -> u8 {
        self.take(1)[0]
    }

    fn u16(&mut self) -> u16 {
        u16::from_le_bytes(self.take(2).try_into().unwrap())
    }

    fn u32(&mut self) -> u32 {
        u32::from_le_bytes(self.take(4).try_into().unwrap())
    }

    fn u64(&mut self) -> u64 {
        u64::from_le_bytes(self.take(8).try_into().unwrap())
    }

    fn digest(&mut self) -> Digest {
        self.take(32).try_into().unwrap()
    }

    fn bytes(&mut self) -> &'a [u8] {
        let length = self.u32();
        self.take(length as usize)
    }

    fn digests(&mut self) -> Vec<Digest> {
        (0..self.u32()).map(|_| self.digest()).collect()
    }

    fn varint(&mut self) -> u64 {
        let mut value = 0;
        for shift in (0..).step_by(7) {
            let byte = self.u8();
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        value
    }

    fn end(self) {
        assert_eq!(self.0, [0; 0], "bytes follow");
    }
}

/// Of the header, what a verifier needs, by its offsets.
struct HeaderFields<'a> {
    bytes: &'a [u8],
}

impl<'a> HeaderFields<'a> {
    fn take(fields: &mut Fields<'a>) -> Self {
        let length = if fields.0[230] == 0 { 231 } else { 263 };
        HeaderFields { bytes: fields.take(length) }
    }

    fn digest_at(&self, offset: usize) -> Digest {
        self.bytes[offset..offset + 32].try_into().unwrap()
    }

    fn u64_at(&self, offset: usize) -> u64 {
        u64::from_le_bytes(self.bytes[offset..offset + 8].try_into().unwrap())
    }

    fn digest(&self) -> Digest {
        tagged("allonge/header/1", self.bytes)
    }
}

/// The Merkle root, and the count.
fn list_root(item: &[u8], index: u32, size: u32, path: &[Digest]) -> Digest {
    let root = merkle_root(item, index, size, path);
    tagged("allonge/list/1", &[&size.to_le_bytes()[..], &root].concat())
}

/// RFC 9162, section 2.1.3.2.
fn merkle_root(item: &[u8], index: u32, size: u32, path: &[Digest]) -> Digest {
    let (mut place, mut last) = (index, size - 1);
    let mut hash = sha256(&[&[0], item]);
    for sibling in path {
        assert_ne!(last, 0);
        if place & 1 == 1 || place == last {
            hash = sha256(&[&[1], sibling, &hash]);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            hash = sha256(&[&[1], &hash, sibling]);
        }
        place >>= 1;
        last >>= 1;
    }
    assert_eq!(last, 0);
    hash
}

/// RFC 9162, section 2.1.4.2: the roots of the first `old` items and of all `new`.
fn grown_roots(old: u64, old_root: Digest, new: u64, path: &[Digest]) -> (Digest, Digest) {
    let mut path = path.to_vec();
    if old.is_power_of_two() {
        path.insert(0, old_root);
    }
    let (mut place, mut last) = (old - 1, new - 1);
    while place & 1 == 1 {
        (place, last) = (place >> 1, last >> 1);
    }
    let (mut older, mut newer) = (path[0], path[0]);
    for sibling in &path[1..] {
        assert_ne!(last, 0);
        if place & 1 == 1 || place == last {
            older = sha256(&[&[1], sibling, &older]);
            newer = sha256(&[&[1], sibling, &newer]);
            while place & 1 == 0 && place != 0 {
                (place, last) = (place >> 1, last >> 1);
            }
        } else {
            newer = sha256(&[&[1], &newer, sibling]);
        }
        (place, last) = (place >> 1, last >> 1);
    }
    assert_eq!(last, 0);
    (older, newer)
}

fn assert_signed(key: Digest, message: &[u8], signature: &[u8]) {
    let signature = Signature::Ed25519(signature.try_into().unwrap());
    PublicKey::Ed25519(key).verify(message, &signature).unwrap();
}

/// The network id, and the roster, which stands behind the name.
fn read_genesis(bytes: &[u8]) -> (Digest, Vec<Digest>) {
    let mut fields = Fields(bytes);
    assert_eq!(fields.u16(), 1);
    assert_eq!(fields.bytes(), b"an example");
    assert_eq!(fields.u64(), start().millis() as u64);
    assert_eq!((fields.u8(), fields.u8()), (1, 1), "manual clock, SHA-256");
    assert_eq!(fields.u32(), 1);
    let roster = fields.digests();
    let party = |fields: &mut Fields| (fields.u8(), String::from_utf8(fields.bytes().into()).unwrap());
    assert_eq!(party(&mut fields), (4, "registrar".into()));
    assert_eq!(party(&mut fields), (4, "publisher".into()));
    assert_eq!(party(&mut fields), (4, "supervisor".into()));
    assert_eq!(fields.u32(), 1);
    assert_eq!((fields.take(3), party(&mut fields)), (b"USD".as_slice(), (0, "AGNTUS33XXX".into())));
    assert_eq!(fields.u32(), 6);
    for _ in 0..6 {
        let (_, name) = party(&mut fields);
        assert!(!name.is_empty());
        assert!(fields.bytes().starts_with(b"Party "));
        assert_eq!((fields.u32(), fields.u8()), (1, 1));
        fields.digest();
    }
    assert_eq!(fields.u32(), 1);
    assert_eq!((fields.bytes(), fields.u32(), fields.bytes()), (&b"CN"[..], 1, &b"China, an example"[..]));
    fields.take(4 + 4);
    assert_eq!((fields.u32(), fields.take(2)), (2, &[6, 7][..]));
    assert_eq!((fields.u32(), fields.take(8).len()), (2, 8));
    assert_eq!((fields.u32(), fields.take(4).len()), (1, 4));
    assert_eq!((fields.u32(), fields.u64(), fields.u16()), (1, 0, 480));
    assert_eq!((fields.u16(), fields.u16()), (540, 1_020));
    fields.end();
    (tagged("allonge/genesis/1", bytes), roster)
}

/// The certificate is one of the header, by this roster of the header's epoch.
fn verify_certificate(bytes: &[u8], network: &Digest, roster: &[Digest], header: &HeaderFields) {
    let mut fields = Fields(bytes);
    let (epoch, view, parent_view) = (fields.varint(), fields.varint(), fields.varint());
    assert_eq!(epoch, header.u64_at(38));
    assert!(parent_view < view);
    assert_eq!(fields.digest(), header.digest());
    let proposal = &bytes[..bytes.len() - fields.0.len()];
    let validators = u64::from_be_bytes(fields.take(8).try_into().unwrap()) as usize;
    assert_eq!(validators, roster.len());
    let bits = fields.take(validators.div_ceil(8));
    let signers: Vec<usize> = (0..validators).filter(|i| bits[i / 8] >> (i % 8) & 1 == 1).collect();
    assert!(signers.len() >= validators - (validators - 1) / 3);
    assert_eq!(fields.varint() as usize, signers.len());
    let message = [&[49], &b"allonge/"[..], network, b"_FINALIZE", proposal].concat();
    for signer in signers {
        assert_signed(roster[signer], &message, fields.take(64));
    }
    fields.end();
}

/// Follows the handovers from the genesis on, with which every file ends; answers the roster of the epoch that they
/// lead to, which must be that of the header.
fn take_handovers(
    fields: &mut Fields,
    network: &Digest,
    mut roster: Vec<Digest>,
    header: &HeaderFields,
) -> Vec<Digest> {
    let handovers = u64::from(fields.u32());
    assert_eq!(handovers, header.u64_at(38));
    let mut below = 0;
    for epoch in 0..handovers {
        let last = HeaderFields::take(fields);
        assert_eq!((&last.bytes[..2], last.digest_at(2)), (&[1, 0][..], *network));
        assert_eq!(last.u64_at(38), epoch);
        assert!(last.u64_at(46) > below);
        below = last.u64_at(46);
        verify_certificate(fields.bytes(), network, &roster, &last);
        let next = fields.digests();
        let bytes = [&(next.len() as u32).to_le_bytes()[..], next.as_flattened()].concat();
        assert_eq!((last.bytes[230], last.digest_at(231)), (1, tagged("allonge/roster/1", &bytes)));
        roster = next;
    }
    assert!(header.u64_at(46) > below);
    roster
}

/// Reads and verifies a receipt of the ledger's own operations; answers the transaction's id, the verdict's
/// variant, and how many bytes are neither transaction nor result.
pub fn verify_receipt(genesis: &[u8], receipt: &[u8]) -> (Digest, u8, usize) {
    let (network, roster) = read_genesis(genesis);
    let mut fields = Fields(receipt);
    assert_eq!((fields.take(8), fields.u16()), (&b"ALLONGE\0"[..], 1));
    assert_eq!(fields.digest(), network);
    let (transaction, result) = (fields.bytes(), fields.bytes());
    assert_eq!(receipt[46..].strip_prefix(transaction).map(<[u8]>::is_empty), Some(false));
    let (index, size) = (fields.u32(), fields.u32());
    let (body_path, result_path) = (fields.digests(), fields.digests());
    let together = fields.digests();
    let headers: Vec<_> = (0..fields.u32()).map(|_| HeaderFields::take(&mut fields)).collect();
    let certificate = fields.bytes();
    let last = headers.last().unwrap();
    let roster = take_handovers(&mut fields, &network, roster, last);
    fields.end();
    verify_certificate(certificate, &network, &roster, last);

    for header in &headers {
        assert_eq!((&header.bytes[..2], header.digest_at(2)), (&[1, 0][..], network));
        assert_eq!(header.bytes[34..38], 1_u32.to_le_bytes());
    }
    for pair in headers.windows(2) {
        assert_eq!(pair[1].digest_at(54), pair[0].digest());
        assert_eq!(pair[1].u64_at(46), pair[0].u64_at(46) + 1);
        assert!(pair[1].u64_at(86) >= pair[0].u64_at(86));
    }
    assert_eq!(list_root(transaction, index, size, &body_path), headers[0].digest_at(94));
    let own = list_root(result, index, size, &result_path);
    if together.is_empty() {
        let executed = headers.iter().find(|header| header.u64_at(126) == headers[0].u64_at(46)).unwrap();
        assert_eq!(own, executed.digest_at(166));
    } else {
        let all = [&(together.len() as u32).to_le_bytes()[..], together.as_flattened()].concat();
        let root = tagged("allonge/results/1", &all);
        let executed = headers.iter().find(|header| header.digest_at(166) == root).unwrap();
        let behind = executed.u64_at(126) - headers[0].u64_at(46);
        assert_eq!(together[together.len() - 1 - behind as usize], own);
    }

    let mut fields = Fields(transaction);
    let body = fields.bytes();
    let id = tagged("allonge/transaction/1", body);
    let message = [&[18], &b"allonge/approval/1"[..], &network, &id].concat();
    assert_eq!(message.len(), 83);
    let approvals = fields.u32();
    assert!(approvals >= 1);
    assert_eq!(fields.0.len(), 98 * approvals as usize);
    for _ in 0..approvals {
        assert_eq!(fields.u8(), 1);
        let key = fields.digest();
        assert_eq!(fields.u8(), 1);
        assert_signed(key, &message, fields.take(64));
    }
    fields.end();

    // network, author, key, valid until, and the list of one operation: open an account of the author.
    let mut fields = Fields(body);
    assert_eq!(fields.digest(), network);
    let (standard, author) = (fields.u8(), fields.bytes());
    assert_eq!((standard, author.len()), (0, 11));
    fields.take(16);
    assert_eq!(fields.u64(), at(3_600).millis() as u64);
    assert_eq!((fields.u32(), fields.u8(), fields.u8()), (1, 0, 3));
    assert_eq!((fields.u8(), fields.bytes()), (0, author));
    assert_eq!(fields.take(3), b"USD");
    assert!(!fields.bytes().is_empty());
    assert_eq!(fields.u8(), 0);
    fields.end();

    let mut fields = Fields(result);
    assert_eq!(fields.digest(), id);
    let verdict = fields.u8();
    match verdict {
        0 => assert_eq!((fields.u32(), fields.u8(), fields.u8()), (1, 0, 3)),
        _ => {
            assert!(fields.bytes().starts_with(b"account."));
            assert_eq!((fields.u8(), fields.u16()), (1, 0));
        }
    }
    (id, verdict, receipt.len() - transaction.len() - result.len())
}

#[test]
fn a_reader_made_from_the_document_verifies_the_receipts_of_this_ledger() {
    let committee = Committee::new(4);
    let genesis_bytes = canonical(&committee.genesis);
    let by_ledger = |receipt: &Receipt| {
        *receipt.verify::<NoteOperation, NoteEvent>(&committee.trust).unwrap().id.as_bytes()
    };
    for (receipt, verdict, beyond) in [
        (sample(&committee, 1, 0, 3), 0, 550),
        (sample(&committee, 1, 0, 4), 0, 614),
        (sample(&committee, 3, 1, 3), 1, 550 + 4 * 32),
        (sample(&committee, 200, 0, 4), 0, 1_126),
        (chained(&committee), 0, 550 + 3 * 231 + 2 * 32),
    ] {
        let read = verify_receipt(&genesis_bytes, &receipt.to_bytes());
        assert_eq!(read, (by_ledger(&receipt), verdict, beyond));
    }

    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    for (key, verdict) in [(1, 0), (2, 1)] {
        let id =
            commit(&mut ledger, 1, &transaction(ALICE, key, [open_account(ALICE, "settlement")])).unwrap();
        let read = verify_receipt(&canonical(&genesis(1)), &receipt(&ledger, &id).to_bytes());
        assert_eq!(read, (*id.as_bytes(), verdict, 422));
    }
}

#[test]
fn a_reader_made_from_the_document_reads_the_log() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let signed = [1, 2].map(|key| transaction(ALICE, key, [note(&format!("note {key}"))]));
    for signed in &signed {
        commit(&mut ledger, 1, signed).unwrap();
    }
    let head = ledger.block(2).unwrap().header.clone();
    drop(ledger);

    let bytes = std::fs::read(directory.path().join("blocks.log")).unwrap();
    assert_eq!(bytes.len() % 262_144, 0);
    assert_eq!(&bytes[..8], b"ALGLOG\0\x01");
    let salt = &bytes[8..16];
    let mut rest = &bytes[16..];
    let mut payloads = Vec::new();
    while rest.starts_with(salt) {
        let length = u32::from_le_bytes(rest[8..12].try_into().unwrap()) as usize;
        let checksum = u32::from_le_bytes(rest[12..16].try_into().unwrap());
        let payload = &rest[16..16 + length];
        assert_eq!(crc32fast::hash(&[&rest[8..12], payload].concat()), checksum);
        payloads.push(payload);
        rest = &rest[16 + length..];
    }
    assert!(rest.len() >= 16 && rest.iter().all(|byte| *byte == 0));

    let [first, blocks @ ..] = payloads.as_slice() else { panic!("no frame") };
    assert_eq!(first[0], 0);
    let (mut parent, _) = read_genesis(&first[1..]);
    let mut history = Vec::new();
    assert_eq!(blocks.len(), 2);
    for (block, signed) in blocks.iter().zip(&signed) {
        let mut fields = Fields(block);
        assert_eq!(fields.u8(), 1);
        let header = HeaderFields::take(&mut fields);
        assert_eq!(header.digest_at(54), parent);
        assert_eq!(header.digest_at(198), *allonge_crypto::merkle::root(SUITE, &history).as_bytes());
        parent = header.digest();
        history.push(Hash::new(sha256(&[&[0], &parent])));
        assert_eq!((fields.u8(), fields.bytes().len()), (1, 109));
        assert_eq!((fields.u32(), fields.bytes()), (1, signed.to_bytes().as_slice()));
        assert_eq!(fields.u32(), 1);
        assert!(!fields.bytes().is_empty());
        assert_eq!(fields.digest(), header.digest_at(134));
        fields.end();
    }
    assert_eq!(parent, *head.digest(SUITE).as_bytes());
}

/// Walks up from where a proof's path ends, by the document.
fn root_of_proof(key: &[u8], value: Option<&[u8]>, proof: &[u8]) -> Digest {
    let mut fields = Fields(proof);
    let root = take_proof(key, value, &mut fields);
    fields.end();
    root
}

/// As [`root_of_proof`], of a proof in front of other fields.
fn take_proof(key: &[u8], value: Option<&[u8]>, fields: &mut Fields) -> Digest {
    let key = tagged("allonge/state/key/1", key);
    let bit = |key: &Digest, depth: usize| key[depth / 8] >> (7 - depth % 8) & 1;
    let depth = usize::from(fields.u16());
    let which = fields.take(depth.div_ceil(8));
    let siblings: Vec<Digest> = (0..depth)
        .map(|i| if which[i / 8] >> (7 - i % 8) & 1 == 1 { fields.digest() } else { [0; 32] })
        .collect();
    let mut hash = match (fields.u8(), value) {
        (0, Some(value)) => sha256(&[&[0], &key, &tagged("allonge/state/value/1", value)]),
        (1, None) => [0; 32],
        (2, None) => {
            let (other, value) = (fields.digest(), fields.digest());
            assert!(other != key && (0..depth).all(|depth| bit(&other, depth) == bit(&key, depth)));
            sha256(&[&[0], &other, &value])
        }
        end => panic!("{end:?}"),
    };
    for (depth, sibling) in siblings.iter().enumerate().rev() {
        hash = match bit(&key, depth) {
            0 => sha256(&[&[1], &hash, sibling]),
            _ => sha256(&[&[1], sibling, &hash]),
        };
    }
    hash
}

#[test]
fn a_reader_made_from_the_document_verifies_proofs_of_the_state() {
    let mut tree = StateTree::new(SUITE);
    let item = |n: u32| (n.to_be_bytes().to_vec(), vec![7; n as usize]);
    tree.update(&Workers::none(), (0..50).map(item)).unwrap();
    for n in 0..100 {
        let (key, value) = item(n);
        let proof = canonical(&tree.prove(&key));
        let value = (n < 50).then_some(value.as_slice());
        assert_eq!(root_of_proof(&key, value, &proof), *tree.root().as_bytes(), "{n}");
    }
    let empty = StateTree::new(SUITE);
    assert_eq!(root_of_proof(b"x", None, &canonical(&empty.prove(b"x"))), [0; 32]);
    assert_eq!(canonical(&empty.prove(b"x")), [0, 0, 1]);
}

/// How every file of evidence begins; answers the network and its roster.
fn take_beginning(fields: &mut Fields, magic: &[u8; 8]) -> (Digest, Vec<Digest>) {
    let (network, roster) = read_genesis(&canonical(&genesis(1)));
    assert_eq!((fields.take(8), fields.u16()), (&magic[..], 1));
    assert_eq!(fields.digest(), network);
    (network, roster)
}

/// How files end, from their certified header on.
fn take_certified<'a>(fields: &mut Fields<'a>, network: &Digest, roster: &[Digest]) -> HeaderFields<'a> {
    let header = HeaderFields::take(fields);
    assert_eq!((&header.bytes[..2], header.digest_at(2)), (&[1, 0][..], *network));
    let certificate = fields.bytes();
    let roster = take_handovers(fields, network, roster.to_vec(), &header);
    verify_certificate(certificate, network, &roster, &header);
    header
}

#[test]
fn a_reader_made_from_the_document_verifies_state_receipts() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    for (number, text) in [(1, "first"), (2, "second")] {
        commit(&mut ledger, 1, &transaction(ALICE, number, [note(text)])).unwrap();
    }
    for (seed, height, expected) in [(ALICE, 1, Some("first")), (ALICE, 2, Some("second")), (BOB, 2, None)] {
        let file = ledger.state_receipt_at::<Note>(height, &party(seed)).unwrap().to_bytes();
        let mut fields = Fields(&file);
        let (network, roster) = take_beginning(&mut fields, b"ALLONGES");
        let key = fields.bytes();
        assert_eq!(key[0], 0x40);
        let value = (fields.u8() == 1).then(|| fields.bytes());
        let root = take_proof(key, value, &mut fields);
        let header = take_certified(&mut fields, &network, &roster);
        fields.end();
        assert_eq!((root, header.u64_at(126)), (header.digest_at(134), height));
        assert_eq!(value.map(|value| &value[4..]), expected.map(str::as_bytes));
    }
}

#[test]
fn a_reader_made_from_the_document_verifies_answer_receipts() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let id = commit(&mut ledger, 1, &transaction(ALICE, 7, [note("hello")])).unwrap();
    for (number, until, used) in [(7, 3_600, true), (8, 3_600, false), (7, 90_000, false)] {
        let file = ledger.answer_receipt(&party(ALICE), idempotency_key(number), at(until)).unwrap();
        let file = file.to_bytes();
        let mut fields = Fields(&file);
        let (network, roster) = take_beginning(&mut fields, b"ALLONGEA");
        let (standard, author, key) = (fields.u8(), fields.bytes(), fields.take(16));
        assert_eq!((standard, author), (0, &b"ALICCNBJXXX"[..]));
        let hour = fields.u64() / 3_600_000;
        assert_eq!(hour, at(until).millis() as u64 / 3_600_000);
        let answer = (fields.u8() == 1).then(|| fields.take(64));
        assert_eq!(answer.map(|answer| &answer[..32]), used.then_some(&id.as_bytes()[..]));

        let bucket = (fields.u8() == 1).then(|| fields.take(40));
        let bucket_key = [&[7][..], &hour.to_le_bytes()].concat();
        let root = take_proof(&bucket_key, bucket, &mut fields);
        assert_eq!(u8::from(bucket.is_some()), fields.u8());
        if let Some(bucket) = bucket {
            let length = (author.len() as u32).to_le_bytes();
            let answer_key = [&[5, standard][..], &length, author, key].concat();
            assert_eq!(take_proof(&answer_key, answer, &mut fields), bucket[..32]);
        }
        assert_eq!(fields.u32(), 1);
        let header = take_certified(&mut fields, &network, &roster);
        fields.end();
        assert_eq!(root, header.digest_at(134));
    }
}

#[test]
fn a_reader_made_from_the_document_verifies_history_receipts() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    for number in 1..=12 {
        commit(&mut ledger, 1, &transaction(ALICE, number, [note(&format!("note {number}"))])).unwrap();
    }
    for (old, new) in (2..=12_u64).flat_map(|new| (1..new).map(move |old| (old, new))) {
        let (one, other) = (ledger.block(old).unwrap(), ledger.block(new).unwrap());
        let proof = ledger.prove_history(old, new).unwrap();
        let (older, newer) = (one.header.clone(), other.header.clone());
        let certificate = other.certificate.clone().unwrap();
        let file = HistoryReceipt::new(older, proof, newer, certificate, Vec::new()).to_bytes();

        let mut fields = Fields(&file);
        let (network, roster) = take_beginning(&mut fields, b"ALLONGEH");
        let older = HeaderFields::take(&mut fields);
        assert_eq!((&older.bytes[..2], older.digest_at(2)), (&[1, 0][..], network));
        let inclusion = fields.digests();
        let growth = (fields.u8() == 1).then(|| fields.digests());
        let newer = take_certified(&mut fields, &network, &roster);
        fields.end();
        assert_eq!((older.u64_at(46), newer.u64_at(46)), (old, new));
        let root = merkle_root(&older.digest(), old as u32 - 1, new as u32 - 1, &inclusion);
        assert_eq!(root, newer.digest_at(198));
        match growth {
            None => assert_eq!(old, 1),
            Some(path) => {
                let roots = grown_roots(old - 1, older.digest_at(198), new - 1, &path);
                assert_eq!(roots, (older.digest_at(198), newer.digest_at(198)));
            }
        }
    }
}

#[test]
fn records_of_the_state_have_the_kinds_of_the_document() {
    use allonge_finance::Calendar;
    use allonge_ledger::{Account, Answer, Authorities, BucketRoot, Hold, Party, RulesSchedule, Side};
    let kinds = [Party::KIND, Account::KIND, Calendar::KIND, Authorities::KIND, Answer::KIND, Hold::KIND];
    assert_eq!(kinds, [1, 2, 3, 4, 5, 6]);
    assert_eq!((BucketRoot::KIND, RulesSchedule::KIND), (7, 10));
    assert_eq!(Authorities::key(&()), [4]);
    let open = Account::open(account(ALICE, "settlement"), Side::Asset);
    // Kind, BIC, its length and 11 characters, the currency, the purpose; side, twice no money, no ceiling.
    let key = [&[2, 0, 11, 0, 0, 0], &b"ALICCNBJXXXUSD"[..], &[10, 0, 0, 0], b"settlement"].concat();
    assert_eq!(Account::key(&open.id), key);
    let nothing = [&[0; 16], &b"USD"[..]].concat();
    assert_eq!(canonical(&open), [&key[1..], &[0], &nothing, &nothing, &[0], &[0; 8]].concat());
}

/// The root of a tree of hashed keys and values, by the rules of the document.
fn tree_root(leaves: &[(Digest, Digest)], depth: usize) -> Digest {
    match leaves {
        [] => [0; 32],
        [(key, value)] => sha256(&[&[0], key, value]),
        _ => {
            let right = |(key, _): &&(Digest, Digest)| key[depth / 8] >> (7 - depth % 8) & 1 == 1;
            let (rights, lefts): (Vec<_>, Vec<_>) = leaves.iter().partition(right);
            sha256(&[&[1], &tree_root(&lefts, depth + 1), &tree_root(&rights, depth + 1)])
        }
    }
}

fn leaf_of(key: &[u8], value: &[u8]) -> (Digest, Digest) {
    (tagged("allonge/state/key/1", key), tagged("allonge/state/value/1", value))
}

/// The payloads of the chunks of a snapshot.
fn chunks_of(file: &[u8]) -> Vec<&[u8]> {
    let mut fields = Fields(file);
    assert_eq!(fields.take(8), b"ALGSNAP\x01");
    let (mut previous, mut chunks) = ([0; 32], Vec::new());
    while !fields.0.is_empty() {
        let length = fields.u32();
        let hash = fields.digest();
        let payload = fields.take(length as usize);
        previous = tagged("allonge/snapshot/1", &[&previous[..], payload].concat());
        assert_eq!(previous, hash);
        chunks.push(payload);
    }
    chunks
}

#[test]
fn a_reader_made_from_the_document_verifies_a_snapshot() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    for number in 1..=3 {
        commit(&mut ledger, 1, &transaction(ALICE, number, [note(&format!("note {number}"))])).unwrap();
    }
    let path = directory.path().join("snapshot");
    ledger.write_snapshot(&path).unwrap();
    let file = std::fs::read(&path).unwrap();
    let chunks = chunks_of(&file);
    assert_eq!(chunks.iter().map(|chunk| chunk[0]).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5, 5, 5, 6]);
    let chunk = |number: usize| Fields(&chunks[number][1..]);

    let mut head = chunk(0);
    let (network, roster) = read_genesis(head.take(canonical(&genesis(1)).len()));
    assert_eq!(head.u32(), 1, "in a network of one a header says its own state");
    let header = take_certified(&mut head, &network, &roster);
    assert_eq!((header.u64_at(46), header.u64_at(126), head.u64()), (3, 3, 1));
    head.end();

    let digests = chunk(1).digests();
    assert_eq!((digests.len(), digests[2]), (3, header.digest()));
    let leaf = |digest: &Digest| sha256(&[&[0], digest]);
    assert_eq!(sha256(&[&[1], &leaf(&digests[0]), &leaf(&digests[1])]), header.digest_at(198));

    let mut records = chunk(2);
    let records: Vec<_> = (0..records.u32()).map(|_| (records.bytes(), records.bytes())).collect();
    assert!(records.is_sorted_by(|one, next| one.0 < next.0));
    let leaves: Vec<_> = records.iter().map(|(key, value)| leaf_of(key, value)).collect();
    assert_eq!(tree_root(&leaves, 0), header.digest_at(134));

    let mut keys = chunk(3);
    let bucket = [&[7][..], keys.take(8)].concat();
    let answers: Vec<_> = (0..keys.u32()).map(|_| leaf_of(keys.bytes(), keys.take(64))).collect();
    keys.end();
    let named: Vec<_> = records.iter().filter(|(key, _)| key[0] == 7).collect();
    assert_eq!((named.len(), named[0].0), (1, bucket.as_slice()));
    assert_eq!(named[0].1, [&tree_root(&answers, 0)[..], &3_u64.to_le_bytes()].concat());

    for (height, digest) in (1..=3).zip(&digests) {
        let mut block = chunk(4 + height);
        assert_eq!(HeaderFields::take(&mut block).digest(), *digest);
    }
    assert_eq!((chunks[4], chunks[8]), (&[4][..], &[6][..]));

    // A ledger that begins there names the end of its state in the first frame of its log.
    let other = tempfile::tempdir().unwrap();
    let trust = ledger.trust();
    Embedded::restore_snapshot(&path, other.path(), trust, None, &Notes, Settings::default()).unwrap();
    let state = chunks[..5]
        .iter()
        .fold([0; 32], |previous, payload| tagged("allonge/snapshot/1", &[&previous[..], payload].concat()));
    let log = std::fs::read(other.path().join("blocks.log")).unwrap();
    let mut frame = Fields(&log[24..]);
    let length = frame.u32();
    frame.u32();
    let first = frame.take(length as usize);
    assert_eq!(first, [&[2][..], &canonical(&genesis(1)), &state].concat());
    let name = format!("base-{}.snapshot", &Hash::new(state).to_string()[..16]);
    assert_eq!(chunks_of(&std::fs::read(other.path().join(name)).unwrap()), chunks[..5]);
}
