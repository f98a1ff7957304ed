import AllongeRaw
import Foundation

/// Evidence, piece by piece: what an auditor checks who has bytes, hashes and proofs rather than a receipt.
///
/// Pure functions, with no ledger, no file and no network. `docs/format.md` says what the bytes are, and lists the
/// kinds. Records and ids are JSON.
public enum Evidence {
    /// The canonical bytes of a record: what is hashed and signed. What only a ledger writes is read and never made
    /// here: `event`, `result`, `header`, `answer`, `bucket`, `rules_schedule`, `proposal`.
    ///
    /// Throws `AllongeError.input`, which says where and why; `AllongeError.transaction` for transactions.
    public static func canonicalBytes(_ kind: String, record: String) throws -> Data {
        try calling { try AllongeRaw.canonicalBytes(kind: kind, recordJson: record) }
    }

    /// The record that canonical bytes say. Bytes that say it in another way are refused.
    ///
    /// Throws `AllongeError.evidence`; `AllongeError.transaction` for transactions; `AllongeError.input` for the
    /// kind.
    public static func fromCanonicalBytes(_ kind: String, bytes: Data) throws -> String {
        try calling { try AllongeRaw.fromCanonicalBytes(kind: kind, bytes: bytes) }
    }

    /// The key under which the state has the record of this kind and id: `null` for the authorities and the schedule of
    /// the rules, a list of party and idempotency key for an answer, the hours since 1970 for a bucket. Throws
    /// `AllongeError.input`.
    public static func stateKey(_ kind: String, id: String) throws -> Data {
        try calling { try AllongeRaw.stateKey(kind: kind, idJson: id) }
    }

    /// The hash of bytes for one purpose, which the tag says: the id of a transaction is that of its body for
    /// `allonge/transaction/1`. Throws `AllongeError.input` for a tag of more than 255 bytes.
    public static func taggedHash(_ tag: String, bytes: Data) throws -> Hash {
        try calling { try AllongeRaw.taggedHash(tag: tag, bytes: bytes) }
    }

    /// The Merkle root of a list (RFC 6962, section 2.1).
    ///
    /// What stands in a header is mostly a list root: the hash tagged `allonge/list/1` of the number of items, four
    /// bytes, the lowest first, and this root.
    public static func merkleRoot(_ items: [Data]) -> Hash { AllongeRaw.merkleRoot(items: items) }

    /// Checks that an item stands at `index`, from 0, of the list of `size` items with this Merkle root. The path has
    /// the neighbouring subtrees, from the item up. Throws `AllongeError.evidence`.
    public static func verifyInclusion(
        root: Hash, item: Data, index: UInt32, size: UInt32, path: [Hash]
    ) throws {
        try calling {
            try AllongeRaw.verifyInclusion(root: root, item: item, index: index, size: size, path: path)
        }
    }

    /// The root of the state that has these records, each a key with its value. Of equal keys the last counts.
    ///
    /// Throws `AllongeError.input` for more records than a tree holds.
    public static func stateRoot(_ records: [(key: Data, value: Data)]) throws -> Hash {
        try calling {
            try AllongeRaw.stateRoot(records: records.map { AllongeRaw.StateRecord(key: $0.key, value: $0.value) })
        }
    }

    /// Checks that the state with this root has the value under the key; with nil, that it has nothing there.
    ///
    /// Throws `AllongeError.evidence`.
    public static func verifyStateProof(root: Hash, key: Data, value: Data?, proof: Data) throws {
        try calling { try AllongeRaw.verifyStateProof(root: root, key: key, value: value, proof: proof) }
    }

    /// Checks that a key may be registered: that it is canonical and of the prime-order subgroup.
    ///
    /// Throws `AllongeError.signingKey`.
    public static func vetKey(_ key: PublicKey) throws {
        try calling { try AllongeRaw.vetKey(key: key) }
    }

    /// Checks a signature of a message, as the ledger does: by ZIP-215. It says nothing of a key that `vetKey`
    /// refuses. Throws `AllongeError.evidence`.
    public static func verifySignature(key: PublicKey, message: Data, signature: String) throws {
        try calling { try AllongeRaw.verifySignature(key: key, message: message, signature: signature) }
    }

    /// Checks that a quorum of the validators of a network made the header with this digest final. The roster stands
    /// in the genesis.
    ///
    /// Throws `AllongeError.evidence`, and `AllongeError.input` for the roster.
    public static func verifyCertificate(
        network: Hash, roster: Roster, header: Hash, certificate: Data
    ) throws {
        let keys = try toJson(roster)
        try calling {
            try AllongeRaw.verifyCertificate(
                network: network, rosterJson: keys, header: header, certificate: certificate)
        }
    }
}
